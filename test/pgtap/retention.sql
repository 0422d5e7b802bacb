-- cohort_retention and lifecycle against their definitions in plain SQL, in
-- time zones with changes of clocks, and every wrong argument by name.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'Europe/Rome';
SELECT plan(134);

CREATE TEMP TABLE events (customer_id bigint, ts timestamptz, touchpoint text);
INSERT INTO events
SELECT c, timestamptz '2023-08-28 Europe/Rome' + (journey.hash64(c * 100 + i) & 1048575) % (200 * 96) * interval '15 minutes',
	(ARRAY['buy', 'visit', 'call'])[1 + (journey.hash64(c * 100 + i, 1) & 1048575) % 3]
FROM generate_series(1, 50) c, generate_series(1, 9) i;
INSERT INTO events VALUES (1001, '2024-01-30 23:00', 'buy'), (1001, '2024-02-29 22:59', 'visit'), (1001, '2024-02-29 23:00', 'visit'),
	(1002, '2024-01-31 01:00', 'buy'), (1002, '2024-02-29 01:00', 'call'), (1002, '2024-03-31 00:59', 'visit'), (1002, '2024-03-31 01:00', 'visit');

-- The definition: every member, every cell (not compiled: that takes longer than running it).
CREATE FUNCTION pg_temp.oracle(start_touchpoint text, return_touchpoint text, unit text, period interval, periods integer, basis text, kind text,
	moment timestamptz, recurring boolean, brackets integer[], min_events integer)
RETURNS TABLE (cohort timestamptz, period integer, cohort_size bigint, retained bigint, mature boolean) LANGUAGE sql SET jit = off AS $$
	WITH event AS MATERIALIZED (SELECT * FROM events WHERE ts < moment OR moment IS NULL),
	clock AS (SELECT coalesce(moment, max(ts)) AS now FROM event),
	cell AS (
		SELECT 0 AS first, 0 AS last UNION ALL
		SELECT i, i FROM generate_series(1, periods) i WHERE kind <> 'bracket' UNION ALL
		SELECT b, coalesce(lead(b) OVER (ORDER BY b) - 1, periods) FROM unnest(brackets) b WHERE kind = 'bracket'),
	member AS (
		SELECT customer_id, date_trunc(unit, ts) AS cohort, min(ts) AS start FROM event e WHERE touchpoint = start_touchpoint
			AND (recurring OR ts = (SELECT min(ts) FROM event f WHERE f.customer_id = e.customer_id AND f.touchpoint = start_touchpoint))
		GROUP BY 1, 2),
	bounds AS (
		SELECT m.*, c.*, CASE basis WHEN 'rolling' THEN start ELSE cohort END + c.first * period AS opens,
			CASE basis WHEN 'rolling' THEN start ELSE cohort END + (c.last + 1) * period AS closes FROM member m, cell c)
	SELECT cohort, first, count(*), count(*) FILTER (WHERE first = 0 OR (SELECT count(*) FROM event r WHERE r.customer_id = b.customer_id
			AND r.touchpoint = return_touchpoint AND r.ts >= b.opens AND (kind = 'on_or_after' OR r.ts < b.closes)) >= min_events),
		bool_and(closes <= now)
	FROM bounds b, clock GROUP BY 1, 2 $$;

CREATE TEMP TABLE question AS
SELECT row_number() OVER () AS number, *
FROM (VALUES ('day', interval '1 day', 5), ('week', '1 week', 6), ('month', '1 month', 4), ('quarter', '3 months', 2), ('year', '1 year', 1), ('hour', '1 hour', 12)) p(unit, period, periods),
	(VALUES ('calendar'), ('rolling')) b(basis),
	(VALUES ('on', NULL::integer[]), ('on_or_after', NULL), ('bracket', '{1,2}')) k(kind, brackets),
	(VALUES ('buy', 'visit', NULL::timestamptz, false, 1), ('buy', 'buy', '2024-02-15 10:30', true, 1)) o(start_touchpoint, return_touchpoint, moment, recurring, min_events)
WHERE (kind <> 'bracket' OR periods > 1) AND (unit <> 'hour' OR (NOT recurring AND kind = 'on'));
INSERT INTO question VALUES
	(200, 'month', '1 month', 3, 'rolling', 'on', NULL, 'call', 'visit', '2023-12-24 12:00', false, 2),
	(201, 'week', '1 week', 8, 'calendar', 'bracket', '{2,3,7}', 'call', 'visit', NULL, true, 2),
	(202, 'week', '1 week', 8, 'rolling', 'on_or_after', NULL, 'visit', 'call', '2024-01-08', true, 2);
CREATE FUNCTION pg_temp.answer(q question) RETURNS TABLE (cohort timestamptz, period integer, cohort_size bigint, retained bigint, mature boolean) LANGUAGE sql SET jit = off AS $$
	SELECT cohort, period, cohort_size, retained, mature FROM journey.cohort_retention('events', q.start_touchpoint, q.return_touchpoint, q.period, q.periods, q.basis, q.kind, q.moment, q.recurring, q.brackets, q.min_events) $$;
CREATE FUNCTION pg_temp.definition(q question) RETURNS TABLE (cohort timestamptz, period integer, cohort_size bigint, retained bigint, mature boolean) LANGUAGE sql SET jit = off AS $$
	SELECT * FROM pg_temp.oracle(q.start_touchpoint, q.return_touchpoint, q.unit, q.period, q.periods, q.basis, q.kind, q.moment, q.recurring, q.brackets, q.min_events) $$;
SELECT is((SELECT string_agg(a::text, ' ' ORDER BY cohort, period) FROM pg_temp.answer(question) a), (SELECT string_agg(d::text, ' ' ORDER BY cohort, period) FROM pg_temp.definition(question) d),
	format('%s %s %s %s%s', unit, basis, kind, coalesce('as of ' || moment, 'all'), CASE WHEN recurring THEN ', recurring' ELSE '' END)) FROM question ORDER BY number;
SET LOCAL timezone = 'America/New_York';
SELECT is((SELECT string_agg(a::text, ' ' ORDER BY cohort, period) FROM pg_temp.answer(question) a), (SELECT string_agg(d::text, ' ' ORDER BY cohort, period) FROM pg_temp.definition(question) d),
	format('in New York: %s %s %s', unit, basis, kind)) FROM question WHERE unit IN ('day', 'month') AND NOT recurring AND number < 200 ORDER BY number;
SET LOCAL timezone = 'Asia/Kathmandu';
SELECT is((SELECT string_agg(a::text, ' ' ORDER BY cohort, period) FROM pg_temp.answer(question) a), (SELECT string_agg(d::text, ' ' ORDER BY cohort, period) FROM pg_temp.definition(question) d),
	format('in Kathmandu: %s %s %s', unit, basis, kind)) FROM question WHERE unit IN ('hour', 'week') AND NOT recurring AND kind = 'on' ORDER BY number;
SET LOCAL timezone = 'Europe/Rome';

-- R-RET-2, R-RET-3: rates.
CREATE TEMP TABLE result AS SELECT * FROM journey.cohort_retention('events', 'buy', 'visit', '1 month', 4, as_of => '2024-02-15');
SELECT is((SELECT count(*) FROM result WHERE rate IS DISTINCT FROM CASE WHEN mature OR period = 0 THEN retained::float8 / cohort_size END), 0::bigint, 'the rate of a mature cell is retained / cohort_size, of another NULL');
SELECT is((SELECT count(*) FROM result WHERE NOT mature AND period > 0 AND retained > 0), 3::bigint, 'those count the ones so far');
SELECT is((SELECT count(*) FROM result WHERE period = 0 AND rate = 1 AND retained = cohort_size), (SELECT count(DISTINCT cohort) FROM result), 'everybody is there in period 0');
SELECT ok((SELECT bool_and(abs(conf_low - (p + z*z/(2*n) - z * sqrt(p*(1-p)/n + z*z/(4*n*n))) / (1 + z*z/n)) < 1e-12
	AND abs(conf_high - (p + z*z/(2*n) + z * sqrt(p*(1-p)/n + z*z/(4*n*n))) / (1 + z*z/n)) < 1e-12)
	FROM (SELECT rate AS p, cohort_size::float8 AS n, 1.959963984540054::float8 AS z, * FROM result WHERE mature) r), 'Wilson intervals');
SELECT is((SELECT array_agg(r::text) FROM journey.cohort_retention('SELECT * FROM events ORDER BY md5(ts::text)', 'buy', 'visit', '1 month', 4, as_of => '2024-02-15') r), (SELECT array_agg(r::text) FROM result r), 'the order of rows does not matter, cohorts and periods ascend');

-- R-COH-1 to R-COH-4, R-RET-1, R-PERA-1 to R-PERA-3 by hand.
CREATE FUNCTION pg_temp.hand(v text, basis text DEFAULT 'calendar', kind text DEFAULT 'on', as_of timestamptz DEFAULT NULL, span interval DEFAULT '1 month') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s:%s/%s%s', period, retained, cohort_size, CASE WHEN mature THEN '' ELSE '?' END), ' ' ORDER BY cohort, period)
	FROM journey.cohort_retention(format('SELECT 1 AS customer_id, ts::timestamptz, touchpoint FROM (VALUES %s) v(ts, touchpoint)', v), 'buy', 'visit', span, 3, basis, kind, as_of) $$;
SELECT is(pg_temp.hand($$('2024-01-10', 'visit'), ('2024-01-20', 'buy'), ('2024-01-25', 'visit'), ('2024-06-01', 'x')$$), '0:1/1 1:0/1 2:0/1 3:0/1', 'a visit before the start, or in period 0, is no return');
SELECT is(pg_temp.hand($$('2024-01-31 23:00', 'buy'), ('2024-02-01 01:00', 'visit'), ('2024-06-01', 'x')$$), '0:1/1 1:1/1 2:0/1 3:0/1', 'two hours later is the next month of the calendar');
SELECT is(pg_temp.hand($$('2024-01-31 23:00', 'buy'), ('2024-02-01 01:00', 'visit'), ('2024-06-01', 'x')$$, 'rolling'), '0:1/1 1:0/1 2:0/1 3:0/1', 'but still period 0 of a rolling one');
SELECT is(pg_temp.hand($$('2024-01-31 12:00', 'buy'), ('2024-02-29 12:00', 'visit'), ('2024-06-01', 'x')$$, 'rolling'), '0:1/1 1:1/1 2:0/1 3:0/1', 'a month from 31 January ends on 29 February, not after 30 days');
SELECT is(pg_temp.hand($$('2024-01-31 12:00', 'buy'), ('2024-02-29 11:59', 'visit'), ('2024-06-01', 'x')$$, 'rolling'), '0:1/1 1:0/1 2:0/1 3:0/1', 'not a minute before');
SELECT is(pg_temp.hand($$('2024-03-30 12:00', 'buy'), ('2024-03-31 12:00', 'visit'), ('2024-06-01', 'x')$$, 'rolling', span => '1 day'), '0:1/1 1:1/1 2:0/1 3:0/1', 'a day over the change of clocks has 23 hours');
SELECT is(pg_temp.hand($$('2024-03-30 12:00', 'buy'), ('2024-03-31 12:00', 'visit'), ('2024-06-01', 'x')$$, 'rolling', span => '24 hours'), '0:1/1 1:0/1 2:0/1 3:0/1', '24 hours have 24');
SELECT is(pg_temp.hand($$('2024-01-10', 'buy'), ('2024-09-10', 'visit')$$, kind => 'on_or_after'), '0:1/1 1:1/1 2:1/1 3:1/1', 'on_or_after looks beyond the last period');
SELECT is(pg_temp.hand($$('2024-01-10', 'buy'), ('2024-04-10', 'visit'), ('2024-09-10', 'x')$$, kind => 'bracket'), '0:1/1 1:1/1', 'one bracket of all periods by default');
SELECT is(pg_temp.hand($$('2024-01-10', 'buy'), ('2024-02-10', 'visit')$$), '0:1/1 1:1/1? 2:0/1? 3:0/1?', 'without as_of the last event is now');
SELECT is(pg_temp.hand($$('2024-01-10', 'buy'), ('2024-02-10', 'visit')$$, as_of => '2024-04-01'), '0:1/1 1:1/1 2:0/1 3:0/1?', 'March has ended on 1 April');
SELECT is(pg_temp.hand($$('2024-01-10', 'buy'), ('2024-02-10', 'visit')$$, as_of => '2024-03-31 23:59'), '0:1/1 1:1/1 2:0/1? 3:0/1?', 'not a minute before');
SELECT is(pg_temp.hand($$('2024-01-10', 'buy'), ('2024-02-10', 'visit')$$, as_of => '2024-02-10'), '0:1/1 1:0/1? 2:0/1? 3:0/1?', 'an event at as_of does not exist');
SELECT is(pg_temp.hand($$('2024-01-10', 'visit')$$), NULL, 'a start that never occurs gives no row');
SELECT is((SELECT count(*) FROM journey.cohort_retention('events', 'buy', 'no such', '1 month', 2) WHERE period > 0 AND retained > 0), 0::bigint, 'a return that never occurs: nobody returns');
SELECT is((SELECT count(*) FROM journey.cohort_retention('SELECT * FROM events WHERE false', 'buy', 'visit', '1 month', 2)), 0::bigint, 'no events, no rows');
SELECT is((SELECT array_agg(DISTINCT cohort ORDER BY cohort) FROM journey.cohort_retention('SELECT * FROM events WHERE customer_id > 1000', 'buy', 'visit', '2 weeks', 2)), '{2024-01-29 00:00 Europe/Rome}'::timestamptz[], 'weeks begin on Mondays');

-- Wrong arguments.
CREATE FUNCTION pg_temp.refused(arguments text, message text, name text, code text DEFAULT '22023') RETURNS text LANGUAGE sql AS $$
	SELECT throws_ok('SELECT * FROM journey.cohort_retention(' || arguments || ')', code::char(5), message, name) $$;
SELECT pg_temp.refused($$NULL, 'a', 'b', '1 day', 1$$, 'argument "source" must not be null', 'NULL source', '22004');
SELECT pg_temp.refused($$'events', NULL, 'b', '1 day', 1$$, 'argument "start_touchpoint" must not be null', 'NULL start', '22004');
SELECT pg_temp.refused($$'events', 'a', 'b', NULL, 1$$, 'argument "period" must not be null', 'NULL period', '22004');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', NULL$$, 'argument "periods" must not be null', 'NULL periods', '22004');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', 1, recurring => NULL$$, 'argument "recurring" must not be null', 'NULL recurring', '22004');
SELECT pg_temp.refused($$'events', 'a', 'b', '0 days', 1$$, 'argument "period" is 00:00:00, it must be greater than zero', 'no length');
SELECT pg_temp.refused($$'events', 'a', 'b', '-1 month', 1$$, 'argument "period" is -1 mons, it must be greater than zero', 'a negative length');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 month 3 days', 1$$, 'argument "period" is 1 mon 3 days, it must consist of months, of days or of hours and less', 'a mixture');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', 0$$, 'argument "periods" is 0, it must be between 1 and 10000', 'no periods');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', 3, 'fiscal'$$, 'argument "basis" is "fiscal", it must be "calendar" or "rolling"', 'a wrong basis');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', 3, 'rolling', 'off'$$, 'argument "kind" is "off", it must be "on", "on_or_after" or "bracket"', 'a wrong kind');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', 3, brackets => '{1,2}'$$, 'argument "brackets" needs kind "bracket"', 'brackets of another kind');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', 3, kind => 'bracket', brackets => '{1,4}'$$, 'argument "brackets" is 4 at position 2, it must ascend from 1 to at most 3, which is "periods"', 'a bracket behind the last period');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', 3, kind => 'bracket', brackets => '{0}'$$, 'argument "brackets" is 0 at position 1, it must ascend from 1 to at most 3, which is "periods"', 'period 0 in a bracket');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', 3, kind => 'bracket', brackets => '{2,2}'$$, 'argument "brackets" is 2 at position 2, it must ascend from 1 to at most 3, which is "periods"', 'a bracket twice');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', 3, kind => 'bracket', brackets => '{1,NULL}'$$, 'argument "brackets" contains a null at position 2', 'a NULL bracket', '22004');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', 3, kind => 'bracket', brackets => '{}'$$, 'argument "brackets" must be a one-dimensional array of at least one element', 'no brackets', '2202E');
SELECT pg_temp.refused($$'events', 'a', 'b', '1 day', 3, min_events => 0$$, 'argument "min_events" is 0, it must be between 1 and 2147483647', 'no events');
SELECT pg_temp.refused($$'SELECT i AS customer_id, timestamptz ''2024-01-01'' + i * interval ''1 second'' AS ts, ''a'' AS touchpoint FROM generate_series(1, 2000) i', 'a', 'b', '1 second', 9000$$,
	'cohorts of 00:00:01 with 9001 cells each make more than 10000000 cells', 'too many cells', '54000');
SELECT throws_ok(format('SELECT * FROM journey.cohort_retention(%L, ''a'', ''a'', %L, 1)', 'SELECT 1 AS customer_id, timestamptz ''1999-01-01'' AS ts, ''a'' AS touchpoint', span),
	'22008', 'argument "period" makes a period begin outside the range of timestamps', 'a period before all time: ' || span)
FROM unnest('{100000 years,178956970 years,2147483647 days,2562047788 hours}'::text[]) span;

-- R-LIF-1, R-LIFE-1, R-LIFE-2: the definition.
CREATE FUNCTION pg_temp.lives(unit text, step interval, moment timestamptz) RETURNS TABLE (period timestamptz, status text, customers bigint, mature boolean) LANGUAGE sql SET jit = off AS $$
	WITH event AS MATERIALIZED (SELECT * FROM events WHERE ts < moment OR moment IS NULL),
	active AS MATERIALIZED (SELECT DISTINCT customer_id, date_trunc(unit, ts) AS p FROM event),
	period AS (SELECT p FROM generate_series((SELECT min(p) FROM active), (SELECT max(p) FROM active), step) p)
	SELECT p, s, count(a.customer_id), p + step <= (SELECT coalesce(moment, max(ts)) FROM event)
	FROM period CROSS JOIN unnest('{new,returning,resurrecting,dormant}'::text[]) s
	LEFT JOIN LATERAL (SELECT c.customer_id FROM (SELECT DISTINCT customer_id FROM active) c
		CROSS JOIN LATERAL (SELECT coalesce(bool_or(a.p = period.p), false) AS here, coalesce(bool_or(a.p = period.p - step), false) AS back, coalesce(bool_or(a.p < period.p), false) AS ever FROM active a WHERE a.customer_id = c.customer_id) x
		WHERE s = CASE WHEN here AND NOT ever THEN 'new' WHEN here AND back THEN 'returning' WHEN here THEN 'resurrecting' WHEN back THEN 'dormant' END) a ON true
	GROUP BY p, s $$;
SELECT is((SELECT string_agg(l::text, ' ' ORDER BY period, status) FROM journey.lifecycle('events', step, moment) l),
	(SELECT string_agg(l::text, ' ' ORDER BY period, status) FROM pg_temp.lives(unit, step, moment) l), format('lifecycle by %s %s', unit, coalesce('as of ' || moment, '')))
FROM (VALUES ('month', interval '1 month', NULL::timestamptz), ('week', '1 week', NULL), ('month', '1 month', '2024-01-01')) v(unit, step, moment);
SELECT is((SELECT array_agg(status) FROM (SELECT status FROM journey.lifecycle('events', '1 month') LIMIT 4) l), '{new,returning,resurrecting,dormant}', 'the order of statuses');
SELECT is((SELECT count(*) FROM journey.lifecycle('SELECT 1 AS customer_id, ts::timestamptz, ''a'' AS touchpoint FROM (VALUES (''2024-03-01''), (''2024-03-31''), (''2024-04-05'')) v(ts)', '1 day') WHERE customers = 0), 36 * 4 - 5::bigint, 'periods without anybody have rows of 0');
SELECT is((SELECT count(*) FROM journey.lifecycle('SELECT * FROM events WHERE false', '1 month')), 0::bigint, 'no events, no periods');
SELECT throws_ok($$SELECT * FROM journey.lifecycle('events', '1 month 1 day')$$, '22023', 'argument "period" is 1 mon 1 day, it must consist of months, of days or of hours and less', 'lifecycle: a mixture');
SELECT throws_ok($$SELECT * FROM journey.lifecycle('events', NULL)$$, '22004', 'argument "period" must not be null', 'lifecycle: NULL period');
SELECT throws_ok($$SELECT * FROM journey.lifecycle('events', '1 microsecond')$$, '54000', NULL, 'lifecycle: too many periods');

-- The clickstream of a shop: first visits by week of the calendar.
\set csv :shared '/data/ecom_clickstream/ecom.csv.xz'
\setenv ECOM :csv
\set there `[ -r "$ECOM" ] && command -v xz >/dev/null && echo true || echo false`
CREATE TEMP TABLE ecom (customer_id text, session_id text, touchpoint text, ts timestamptz, platform text, channel text, cohort text, life text);
\if :there
\copy ecom FROM PROGRAM 'xz -dc "$ECOM"' (FORMAT csv, HEADER)
\endif
CREATE TEMP TABLE by_hand AS
WITH first AS (SELECT customer_id, date_trunc('week', min(ts)) AS cohort FROM ecom WHERE touchpoint = 'home' GROUP BY 1),
back AS (SELECT DISTINCT e.customer_id, date_trunc('week', ts) AS p FROM ecom e WHERE touchpoint = 'product_view')
SELECT cohort, i AS period, count(*) AS cohort_size, count(*) FILTER (WHERE i = 0 OR EXISTS (SELECT FROM back b WHERE b.customer_id = f.customer_id AND b.p = cohort + i * interval '7 days')) AS retained
FROM first f, generate_series(0, 5) i GROUP BY 1, 2;
SELECT CASE WHEN :'there' THEN is((SELECT string_agg(r::text, ' ' ORDER BY cohort, period) FROM (SELECT cohort, period, cohort_size, retained FROM journey.cohort_retention('ecom', 'home', 'product_view', '1 week', 5)) r),
	(SELECT string_agg(r::text, ' ' ORDER BY cohort, period) FROM by_hand r), 'clickstream: weeks in plain SQL') ELSE skip('no clickstream', 1) END;
SELECT CASE WHEN :'there' THEN ok((SELECT count(*) FROM by_hand WHERE retained > 0 AND period > 0) > 5, 'with returns') ELSE skip('no clickstream', 1) END;

-- the ends of timestamptz lie further apart than a bigint can count microseconds
SET LOCAL statement_timeout = '20s';
SELECT throws_ok($$SELECT * FROM journey.lifecycle('SELECT 1::bigint AS customer_id, t AS ts, p AS touchpoint FROM (VALUES (timestamptz ''4713-01-01 UTC BC'', ''a''), (''294276-12-31 UTC'', ''b''), (''294276-12-31 UTC'', ''c'')) v(t, p)', '1 microsecond')$$, '54000', 'the events of the source span more than 2500000 periods of 00:00:00.000001', 'lifecycle over all of timestamptz');
RESET statement_timeout;
SELECT * FROM finish();
ROLLBACK;
