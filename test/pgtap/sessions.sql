-- sessions (R-SES-1): gaps, timeouts of every kind, the clickstream in plain SQL.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'Europe/Rome';
SELECT plan(23);

CREATE TEMP TABLE log AS SELECT * FROM (VALUES
	(1::bigint, timestamptz '2024-03-01 10:00', 'home', 3), (1, '2024-03-01 10:00', 'search', 2), (1, '2024-03-01 10:30', 'item', 4),
	(1, '2024-03-01 11:00:00.000001', 'home', 5), (2, '2024-03-01 10:00', 'home', 6)) v(customer_id, ts, touchpoint, event_id);
CREATE FUNCTION pg_temp.cut(source text, timeout interval DEFAULT '30 minutes') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s/%s %s-%s %s %s', customer_id, session, to_char(started_at, 'DD HH24:MI'), to_char(ended_at, 'DD HH24:MI'), n_events, path), '; ' ORDER BY customer_id, session)
	FROM journey.sessions(source, timeout) $$;
SELECT is(pg_temp.cut('log'), '1/1 01 10:00-01 10:30 3 {search,home,item}; 1/2 01 11:00-01 11:00 1 {home}; 2/1 01 10:00-01 10:00 1 {home}',
	'a gap as long as the timeout stays inside, a microsecond more does not; event_id orders one instant');
SELECT is(pg_temp.cut('SELECT customer_id, ts, touchpoint FROM log WHERE customer_id = 1'), '1/1 01 10:00-01 10:30 3 {home,search,item}; 1/2 01 11:00-01 11:00 1 {home}', 'without event_id the touchpoint does');
SELECT is(pg_temp.cut('log', '1 hour'), '1/1 01 10:00-01 11:00 4 {search,home,item,home}; 2/1 01 10:00-01 10:00 1 {home}', 'a longer timeout');
SELECT is(pg_temp.cut('log', '1 microsecond'), '1/1 01 10:00-01 10:00 2 {search,home}; 1/2 01 10:30-01 10:30 1 {item}; 1/3 01 11:00-01 11:00 1 {home}; 2/1 01 10:00-01 10:00 1 {home}', 'the shortest');
SELECT is(pg_temp.cut('log', '100000 years'), pg_temp.cut('log', '1 hour'), 'a timeout without end');
SELECT is((SELECT count(*) FROM journey.sessions('SELECT * FROM log WHERE false')), 0::bigint, 'no events, no sessions');
CREATE FUNCTION pg_temp.two(a timestamptz, b timestamptz, timeout interval) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM journey.sessions(format('SELECT 1 AS customer_id, ts, ''a'' AS touchpoint FROM (VALUES (timestamptz %L), (%L)) v(ts)', a, b), timeout) $$;
SELECT is(pg_temp.two('2024-01-31 12:00', '2024-02-29 12:00', '1 month'), 1::bigint, 'a month after 31 January is 29 February');
SELECT is(pg_temp.two('2024-01-31 12:00', '2024-02-29 12:00:00.000001', '1 month'), 2::bigint, 'and not later');
SELECT is(pg_temp.two('2024-03-30 12:00', '2024-03-31 12:00:01', '1 day'), 2::bigint, 'a day over the change of clocks has 23 hours');
SELECT is(pg_temp.two('2024-03-30 12:00', '2024-03-31 12:00:01', '24 hours'), 1::bigint, '24 hours have 24');
SET LOCAL timezone = 'UTC';
SELECT is(pg_temp.two('2024-03-30 12:00 Europe/Rome', '2024-03-31 12:00:01 Europe/Rome', '1 day'), 1::bigint, 'which depends on the TimeZone');
SELECT is((SELECT array_agg(customer_id || ' ' || n_events) FROM journey.sessions('SELECT ''c'' || customer_id AS customer_id, ts, touchpoint FROM log', customer_type => NULL::text) WHERE session = 2), '{c1 1}', 'text keys');
SELECT throws_ok($$SELECT * FROM journey.sessions('log', '0 seconds')$$, '22023', 'argument "timeout" is 00:00:00, it must be greater than zero', 'no timeout');
SELECT throws_ok($$SELECT * FROM journey.sessions('log', '-5 minutes')$$, '22023', 'argument "timeout" is -00:05:00, it must be greater than zero', 'a negative one');
SELECT throws_ok($$SELECT * FROM journey.sessions('log', '1 month -1 day')$$, '22023', 'argument "timeout" is 1 mon -1 days, it must be greater than zero', 'one of two directions');
SELECT throws_ok($$SELECT * FROM journey.sessions('log', NULL)$$, '22004', 'argument "timeout" must not be null', 'NULL timeout');
SELECT throws_ok($$SELECT * FROM journey.sessions(NULL)$$, '22004', 'argument "source" must not be null', 'NULL source');
SELECT throws_ok($$SELECT * FROM journey.sessions('SELECT ''x'' AS customer_id, ts, touchpoint FROM log')$$, NULL, NULL, 'a key of another type');
SELECT throws_ok($$SELECT * FROM journey.sessions('SELECT 1 AS customer_id, ''infinity''::timestamptz AS ts, ''a'' AS touchpoint')$$, '22008', NULL, 'an infinite ts');
SELECT throws_ok($$SELECT * FROM journey.sessions('SELECT i AS customer_id, ts, repeat(''x'', 1000000) AS touchpoint FROM log, generate_series(1, 1) i, generate_series(1, 200) j')$$, '54000', NULL, 'a path above what an array holds');

\set csv :shared '/data/ecom_clickstream/ecom.csv.xz'
\setenv ECOM :csv
\set there `[ -r "$ECOM" ] && command -v xz >/dev/null && echo true || echo false`
CREATE TEMP TABLE ecom (event_id integer GENERATED ALWAYS AS IDENTITY, customer_id text, session_id text, touchpoint text, ts timestamptz, platform text, channel text, cohort text, life text);
\if :there
\copy ecom (customer_id, session_id, touchpoint, ts, platform, channel, cohort, life) FROM PROGRAM 'xz -dc "$ECOM"' (FORMAT csv, HEADER)
\endif
CREATE TEMP TABLE by_hand AS
SELECT customer_id, session, min(ts) AS started_at, max(ts) AS ended_at, count(*) AS n_events, array_agg(touchpoint ORDER BY ts, event_id) AS path
FROM (SELECT *, 1 + count(*) FILTER (WHERE gap > interval '30 minutes') OVER (PARTITION BY customer_id ORDER BY ts, event_id) AS session
	FROM (SELECT *, ts - lag(ts) OVER (PARTITION BY customer_id ORDER BY ts, event_id) AS gap FROM ecom) g) s GROUP BY 1, 2;
CREATE TEMP TABLE ours AS SELECT * FROM journey.sessions('SELECT * FROM ecom ORDER BY md5(event_id::text)', customer_type => NULL::text);
SELECT CASE WHEN :'there' THEN is_empty('(TABLE ours EXCEPT TABLE by_hand) UNION ALL (TABLE by_hand EXCEPT TABLE ours)', 'clickstream: sessions in plain SQL') ELSE skip('no clickstream', 1) END;
SELECT CASE WHEN :'there' THEN is((SELECT count(*) FROM ours), (SELECT count(*) FROM by_hand), 'as many') ELSE skip('no clickstream', 1) END;
SELECT CASE WHEN :'there' THEN ok((SELECT max(session) FROM ours) > 5, 'customers come back') ELSE skip('no clickstream', 1) END;

SELECT * FROM finish();
ROLLBACK;
