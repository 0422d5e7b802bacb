-- simulate_events against its promises and against simulate_truth.
BEGIN;
SELECT no_plan();

-- shape
SELECT is((SELECT array_agg(attname::text || ' ' || format_type(t, NULL) ORDER BY o)
	FROM pg_proc p, unnest(p.proargnames, p.proallargtypes, p.proargmodes) WITH ORDINALITY u(attname, t, m, o)
	WHERE p.oid = 'journey.simulate_events(integer,bigint,jsonb)'::regprocedure AND m = 'o'),
	ARRAY['customer_id bigint', 'ts timestamp with time zone', 'touchpoint text', 'channel text',
	'value double precision', 'score double precision', 'strategy text', 'outcome boolean', 'segment text'],
	'columns of simulate_events');
SELECT is((SELECT array_agg(attname::text || ' ' || format_type(t, NULL) ORDER BY o)
	FROM pg_proc p, unnest(p.proargnames, p.proallargtypes, p.proargmodes) WITH ORDINALITY u(attname, t, m, o)
	WHERE p.oid = 'journey.simulate_truth(jsonb)'::regprocedure AND m = 'o'),
	ARRAY['quantity text', 'name text', 'value double precision'], 'columns of simulate_truth');

CREATE TEMP TABLE e AS SELECT * FROM journey.simulate_events(50000, 11);
CREATE TEMP TABLE c AS
	SELECT customer_id, min(strategy) AS strategy, bool_or(outcome) AS outcome, min(segment) AS segment,
		count(DISTINCT (strategy, outcome, segment)) AS kinds, count(*) AS events
	FROM e GROUP BY customer_id;
CREATE TEMP TABLE truth AS SELECT * FROM journey.simulate_truth();

SELECT is((SELECT (count(*), min(customer_id), max(customer_id), max(kinds))::text FROM c),
	'(50000,1,50000,1)', 'R-SIM-2 one strategy, outcome and segment per customer');
SELECT is((SELECT count(*) FROM (SELECT 1 FROM e GROUP BY customer_id, ts HAVING count(*) > 1) d), 0::bigint,
	'R-SIM-3 no two events of a customer at one instant');
SELECT ok((SELECT min(ts) >= '2024-01-01 00:00Z' AND max(ts) < timestamptz '2024-01-01 00:00Z' + interval '180 days' FROM e),
	'R-SIM-3 events lie in the window');
SELECT is((SELECT count(*) FROM e WHERE customer_id IS NULL OR ts IS NULL OR touchpoint IS NULL OR channel IS NULL
	OR value IS NULL OR strategy IS NULL OR outcome IS NULL OR segment IS NULL
	OR (score IS NULL) = (touchpoint = 'survey') OR score NOT BETWEEN 1 AND 5
	OR (value > 0) <> (touchpoint = 'order') OR (value < 0) <> (touchpoint = 'refund')), 0::bigint,
	'only score is NULL, outside surveys; values where money moves');
SELECT is((SELECT array_agg(DISTINCT touchpoint ORDER BY touchpoint) FROM e),
	ARRAY['call','chat','delay','delivery','email','order','refund','return','review','survey','tracking','tutorial'],
	'twelve touchpoints');

-- determinism
SELECT is((SELECT count(*) FROM (SELECT * FROM e WHERE customer_id <= 1000
	EXCEPT ALL SELECT * FROM journey.simulate_events(1000, 11)) d), 0::bigint,
	'R-SIM-1 a customer does not depend on how many there are');
SELECT is((SELECT count(*) FROM (SELECT * FROM journey.simulate_events(1000, 11)
	EXCEPT ALL SELECT * FROM e) d), 0::bigint, 'R-SIM-1 and the reverse');
SELECT is((SELECT md5(string_agg(format('%s|%s|%s|%s|%s|%s|%s|%s|%s', customer_id, ts AT TIME ZONE 'UTC', touchpoint,
	channel, value, score, strategy, outcome, segment), E'\n' ORDER BY customer_id, ts)) FROM journey.simulate_events(200, 42,
	'{"noise": 0.2, "confounding": 0.5, "drift_at": "2024-03-01", "touchpoints": 16}')),
	'18840427126d15e4ae2f0d7dbd0b6bcd', 'R-SIM-1 frozen bytes');
SET LOCAL timezone = 'Asia/Kolkata';
SET LOCAL datestyle = 'SQL, DMY';
SET LOCAL extra_float_digits = 0;
SELECT is((SELECT count(*) FROM (SELECT * FROM e WHERE customer_id <= 200
	EXCEPT ALL SELECT * FROM journey.simulate_events(200, 11, '{"drift_at": null}')) d), 0::bigint,
	'settings have no say');
SELECT is((SELECT count(*) FROM (
	SELECT * FROM journey.simulate_events(200, 11, '{"drift_at": "2024-03-01"}')
	EXCEPT ALL SELECT * FROM journey.simulate_events(200, 11, '{"drift_at": 60}')) d), 0::bigint,
	'a date is a day number');
RESET timezone; RESET datestyle; RESET extra_float_digits;
SELECT isnt((SELECT count(*) FROM (SELECT * FROM e WHERE customer_id <= 200
	EXCEPT ALL SELECT * FROM journey.simulate_events(200, 12)) d), 0::bigint, 'another seed, another world');
SELECT is((SELECT count(*) FROM (SELECT customer_id, ts, touchpoint, channel, value FROM e WHERE customer_id <= 500
	EXCEPT ALL SELECT customer_id, ts, touchpoint, channel, value FROM journey.simulate_events(500, 11,
	'{"strategies": {"x": 0.1, "y": -0.1}, "confounding": 1, "sensitivity": 0, "drift_at": 20}')) d), 0::bigint,
	'R-SIM-1 what is done to the outcome does not move the path');
SELECT is((SELECT count(*) FROM journey.simulate_events(0)), 0::bigint, 'no customers, no rows');

-- truth against 50,000 customers: within 4 standard errors
CREATE FUNCTION pg_temp.truth_of(options jsonb, q text, n text) RETURNS float8
	LANGUAGE sql AS 'SELECT value FROM journey.simulate_truth($1) WHERE quantity = $2 AND name = $3';
SELECT ok(abs(m - t.value) < 4 * se, format('value of %s: %s, truth %s', strategy, round(m, 4), t.value))
	FROM (SELECT strategy, avg(outcome::int) AS m, stddev(outcome::int) / sqrt(count(*)) AS se FROM c GROUP BY 1) s
	JOIN truth t ON t.quantity = 'strategy_value' AND t.name = s.strategy ORDER BY strategy;
SELECT ok(abs(avg(outcome::int) - pg_temp.truth_of('{}', 'outcome_rate', '(all)')) < 4 * stddev(outcome::int) / sqrt(count(*)),
	'outcome rate') FROM c;
SELECT ok(abs(avg(events) - pg_temp.truth_of('{}', 'mean_events', '(all)')) < 4 * stddev(events) / sqrt(count(*)),
	'events per customer') FROM c;
SELECT ok(abs(avg(score) - pg_temp.truth_of('{}', 'mean_score', '(all)')) < 4 * 1.5 / sqrt(count(DISTINCT customer_id)),
	'mean score') FROM e WHERE score IS NOT NULL;
SELECT is((SELECT round(sum(value)::numeric, 12) FROM truth WHERE quantity IN ('first_touch_share', 'chaos_share')),
	1.000000000000, 'R-SIM-8 shares add up to 1');
SELECT is((SELECT array_agg(DISTINCT touchpoint ORDER BY touchpoint) FROM e),
	(SELECT array_agg(name ORDER BY name) FROM truth WHERE quantity = 'chaos_share'), 'a share for every touchpoint');
WITH steps AS (
	SELECT customer_id, touchpoint, b.value AS b,
		coalesce(lead(b.value) OVER (PARTITION BY customer_id ORDER BY ts), outcome::int) AS a
	FROM e JOIN truth b ON b.quantity = 'outcome_rate_from' AND b.name = touchpoint),
per_customer AS (SELECT customer_id, touchpoint, sum((a - b) ^ 2) AS gain FROM steps GROUP BY 1, 2),
moments AS (SELECT touchpoint, sum(gain) / 50000 AS m, sqrt(sum(gain ^ 2) / 50000) / sqrt(50000) AS se
	FROM per_customer GROUP BY 1)
SELECT ok(abs(m / (p * (1 - p)) - t.value) < 4 * se / (p * (1 - p)),
	format('chaos share of %s: %s, truth %s', touchpoint, round((m / (p * (1 - p)))::numeric, 4), round(t.value::numeric, 4)))
	FROM moments JOIN truth t ON t.quantity = 'chaos_share' AND t.name = touchpoint,
	LATERAL (SELECT value AS p FROM truth WHERE quantity = 'outcome_rate') r ORDER BY touchpoint;

-- confounding: the naive difference is wrong, the stratified one is right
CREATE TEMP TABLE f AS
	SELECT DISTINCT customer_id, strategy, outcome, segment
	FROM journey.simulate_events(50000, 5, '{"strategies": {"none": 0, "tutorial": 0.04}, "confounding": 0.8}');
CREATE TEMP TABLE f_truth AS
	SELECT * FROM journey.simulate_truth('{"strategies": {"none": 0, "tutorial": 0.04}, "confounding": 0.8}');
WITH d AS (
	SELECT avg(outcome::int) FILTER (WHERE strategy = 'tutorial') - avg(outcome::int) FILTER (WHERE strategy = 'none') AS naive,
		sqrt(1.0 / count(*) FILTER (WHERE strategy = 'tutorial') + 1.0 / count(*) FILTER (WHERE strategy = 'none')) / 2 AS se
	FROM f)
SELECT ok(abs(naive - 0.04) > 6 * se AND abs(naive - value) < 4 * se,
	format('R-SIM-5 naive difference %s +- %s, told %s', round(naive, 4), round(se, 4), round(value::numeric, 4)))
	FROM d, f_truth WHERE quantity = 'naive_strategy_difference';
WITH cells AS (
	SELECT segment, count(*)::float8 / 50000 AS w,
		avg(outcome::int) FILTER (WHERE strategy = 'tutorial') - avg(outcome::int) FILTER (WHERE strategy = 'none') AS d,
		0.25 / count(*) FILTER (WHERE strategy = 'tutorial') + 0.25 / count(*) FILTER (WHERE strategy = 'none') AS v
	FROM f GROUP BY 1)
SELECT ok(abs(sum(w * d) - 0.04) < 4 * sqrt(sum(w * w * v)), 'R-SIM-5 stratified difference ' || round(sum(w * d)::numeric, 4))
	FROM cells;
SELECT is((SELECT value FROM f_truth WHERE quantity = 'strategy_difference'), 0.04::float8, 'R-SIM-4 true difference');
SELECT ok(abs(count(*)::float8 / 50000 * 1.0 - t.share * t.propensity) < 4 * 0.5 / sqrt(50000),
	format('propensity of %s/%s', segment, strategy))
	FROM f JOIN (SELECT p.name, p.value AS propensity, s.value AS share FROM f_truth p
		JOIN f_truth s ON s.quantity = 'segment_share' AND s.name = split_part(p.name, '/', 1)
		WHERE p.quantity = 'propensity') t ON t.name = segment || '/' || strategy
	GROUP BY segment, strategy, t.share, t.propensity ORDER BY segment, strategy;

-- sensitivity 0: the journey says nothing
SELECT ok(pg_temp.truth_of('{"sensitivity": 0}', 'first_touch_share', '(first touch)') BETWEEN 0 AND 1e-20,
	'sensitivity 0: no first-touch share');
SELECT ok(abs(t.value - ends) < 4 * sqrt(ends / 50000), 'sensitivity 0: share of ' || touchpoint || ' is that of last touchpoints')
	FROM (SELECT touchpoint, count(*) / 50000.0 AS ends FROM
		(SELECT DISTINCT ON (customer_id) touchpoint FROM e ORDER BY customer_id, ts DESC) l GROUP BY 1) s
	JOIN journey.simulate_truth('{"sensitivity": 0}') t ON t.quantity = 'chaos_share' AND t.name = touchpoint ORDER BY touchpoint;
SELECT is(pg_temp.truth_of(format('{"sensitivity": %s}', s)::jsonb, 'strategy_value', 'callback'), 0.55::float8,
	'R-SIM-4 effects are absolute at sensitivity ' || s) FROM unnest(ARRAY[0, 0.3, 1, 4, 1000000]) s;

-- drift: effects turn round on the day
CREATE TEMP TABLE g AS
	SELECT customer_id, min(strategy) AS strategy, bool_or(outcome) AS outcome, min(ts) >= '2024-03-31 00:00Z' AS late
	FROM journey.simulate_events(50000, 6, '{"strategies": {"a": 0, "b": 0.1}, "drift_at": 90}') GROUP BY 1;
SELECT ok(abs(avg(outcome::int) - t.value) < 4 * 0.5 / sqrt(count(*)),
	format('%s of %s: %s, truth %s', t.quantity, strategy, round(avg(outcome::int), 4), t.value))
	FROM g JOIN journey.simulate_truth('{"strategies": {"a": 0, "b": 0.1}, "drift_at": 90}') t
	ON t.name = strategy AND t.quantity = CASE WHEN late THEN 'strategy_value_after' ELSE 'strategy_value_before' END
	GROUP BY t.quantity, strategy, t.value ORDER BY 1;
SELECT is(pg_temp.truth_of('{"strategies": {"a": 0, "b": 0.1}, "drift_at": 90}', 'strategy_value', 'b'),
	0.52::float8, 'value over the whole time: 90 of 150 starting days before the drift');
SELECT ok(abs(avg(late::int) - 0.4) < 0.01, 'shares before and after') FROM g;

-- effects per segment
SELECT is(pg_temp.truth_of('{"strategies": {"none": 0, "call": {"new": 0.1, "vip": -0.1}}}', 'strategy_value', 'call'),
	0.53::float8, 'an effect per segment, 0 for those not named');
SELECT is(pg_temp.truth_of('{"strategies": {"none": 0, "call": {"new": 0.1, "vip": -0.1}}}', 'policy_value', '(best per segment)'),
	0.545::float8, 'value of the best policy');

-- noise, touchpoints, windows
SELECT is((SELECT count(*) FILTER (WHERE touchpoint = 'newsletter') > 0 AND count(*) FILTER (WHERE touchpoint <> 'newsletter') =
	(SELECT count(*) FROM e WHERE customer_id <= 2000) FROM journey.simulate_events(2000, 11, '{"noise": 0.3}')), true,
	'R-SIM-6 noise adds newsletters and takes nothing');
SELECT ok(pg_temp.truth_of('{"noise": 0.3}', 'memory_gap', '(first touch)') > 0.001, 'R-SIM-6 noise hides memory');
SELECT is((SELECT array_agg(DISTINCT touchpoint) FROM journey.simulate_events(500, 0, '{"touchpoints": ["refund", "chat", "order"]}')),
	ARRAY['chat', 'order', 'refund'], 'chosen touchpoints');
SELECT is((SELECT (count(DISTINCT touchpoint), max(touchpoint))::text FROM journey.simulate_events(2000, 0, '{"touchpoints": 64}')),
	'(64,tutorial)', '64 touchpoints');
SELECT ok((SELECT min(ts) >= '2024-01-01 00:00Z' AND max(ts) < '2024-01-02 00:00Z' AND count(*) = count(DISTINCT (customer_id, ts))
	FROM journey.simulate_events(2000, 0, '{"days": 1, "noise": 1}')), 'a window of one day');
SELECT is((SELECT count(*) FROM journey.simulate_truth('{"touchpoints": ["order", "delivery"]}') WHERE value IS NULL), 1::bigint,
	'without surveys there is no mean score');

-- refusals: 22023, with option and value in the message
SELECT throws_like(format('SELECT * FROM journey.%s', f), m, f) FROM (VALUES
	('simulate_events(-1)', 'argument "customers" is -1,%'),
	('simulate_events(10000001)', 'argument "customers" is 10000001,%'),
	($$simulate_events(1, 0, '[]')$$, 'argument "options" is not a JSON object'),
	($$simulate_events(1, 0, '3')$$, 'argument "options" is not a JSON object'),
	($$simulate_truth('"days"')$$, 'argument "options" is not a JSON object'),
	($$simulate_truth('{"day": 3}')$$, 'unrecognized option "day" with value 3'),
	($$simulate_truth('{"days": 0}')$$, 'option "days" is 0,%'),
	($$simulate_truth('{"days": 1.5}')$$, 'option "days" is 1.5,%'),
	($$simulate_truth('{"days": 1e400}')$$, 'option "days" is 1000%'),
	($$simulate_truth('{"days": "180"}')$$, 'option "days" is "180",%'),
	($$simulate_truth('{"days": null}')$$, 'option "days" is null,%'),
	($$simulate_truth('{"confounding": 1.01}')$$, 'option "confounding" is 1.01,%'),
	($$simulate_truth('{"confounding": [0.5]}')$$, 'option "confounding" is [0.5],%'),
	($$simulate_truth('{"sensitivity": -1}')$$, 'option "sensitivity" is -1,%'),
	($$simulate_truth('{"sensitivity": true}')$$, 'option "sensitivity" is true,%'),
	($$simulate_truth('{"noise": -0.1}')$$, 'option "noise" is -0.1,%'),
	($$simulate_truth('{"noise": {"a": 1}}')$$, 'option "noise" is {"a": 1},%'),
	($$simulate_truth('{"drift_at": 181}')$$, 'option "drift_at" is 181,%'),
	($$simulate_truth('{"drift_at": 10, "days": 9}')$$, 'option "drift_at" is 10,%'),
	($$simulate_truth('{"drift_at": "2023-12-31"}')$$, 'option "drift_at" is "2023-12-31",%'),
	($$simulate_truth('{"drift_at": "2024-02-30"}')$$, 'option "drift_at" is "2024-02-30",%'),
	($$simulate_truth('{"drift_at": "today"}')$$, 'option "drift_at" is "today",%'),
	($$simulate_truth('{"strategies": {}}')$$, 'option "strategies" is {},%'),
	($$simulate_truth('{"strategies": ["none"]}')$$, 'option "strategies" is ["none"],%'),
	($$simulate_truth('{"strategies": {"": 0}}')$$, 'option "strategies" is {"": 0},%'),
	($$simulate_truth('{"strategies": {"a": "0"}}')$$, 'option "strategies.a" is "0",%'),
	($$simulate_truth('{"strategies": {"a": {"gold": 0}}}')$$, 'option "strategies.a" names the segment "gold",%'),
	($$simulate_truth('{"strategies": {"a": {"vip": []}}}')$$, 'option "strategies.a.vip" is [],%'),
	($$simulate_truth('{"strategies": {"a": 0.6}}')$$, 'option "strategies" gives "a" the effect 0.6,%'),
	($$simulate_truth('{"strategies": {"a": 0.45}, "drift_at": 3}')$$, 'option "strategies" gives "a" the effect 0.45,%'),
	($$simulate_truth('{"touchpoints": 1}')$$, 'option "touchpoints" is 1,%'),
	($$simulate_truth('{"touchpoints": 65}')$$, 'option "touchpoints" is 65,%'),
	($$simulate_truth('{"touchpoints": ["order"]}')$$, 'option "touchpoints" is ["order"],%'),
	($$simulate_truth('{"touchpoints": ["order", "order"]}')$$, 'option "touchpoints" is ["order", "order"],%'),
	($$simulate_truth('{"touchpoints": ["order", "fax"]}')$$, 'option "touchpoints" contains "fax",%'),
	($$simulate_truth('{"touchpoints": ["order", ["chat"]]}')$$, 'option "touchpoints" contains ["chat"],%')) v(f, m);
SELECT throws_ok($$SELECT * FROM journey.simulate_truth('{"days": -1}')$$, '22023', NULL, 'the code of a bad option');
SELECT throws_ok($$SELECT * FROM journey.simulate_truth('{"strategies": {"a": 0.6}}')$$, '22023', NULL, 'the code of a bad effect');
SELECT throws_ok($$SELECT * FROM journey.simulate_truth('{"nothing": 1}')$$, '22023', NULL, 'the code of a bad name');
SELECT throws_ok(format($$SELECT * FROM journey.simulate_truth(jsonb_build_object('strategies', %L::jsonb))$$,
	(SELECT jsonb_object_agg('s' || i, 0) FROM generate_series(1, 17) i)), '22023', NULL, '17 strategies are too many');
SELECT is((SELECT count(*) FROM journey.simulate_truth(jsonb_build_object('strategies',
	(SELECT jsonb_object_agg('s' || i, 0) FROM generate_series(1, 16) i))) WHERE quantity = 'strategy_value'), 16::bigint, '16 are not');
SELECT throws_ok(format($$SELECT * FROM journey.simulate_truth(jsonb_build_object('strategies', jsonb_build_object(%L, 0)))$$,
	repeat('x', 101)), '22023', NULL, 'a name of 101 bytes is too long');
SELECT throws_ok(format($$SELECT * FROM journey.simulate_truth(jsonb_build_object(%L, 0))$$, repeat(chr(228), 300)),
	'22023', format('unrecognized option "%s..." with value 0', repeat(chr(228), 50)), 'a long name is cut between letters');
SELECT throws_ok('SELECT * FROM journey.simulate_events(NULL)', '22004', NULL, 'NULL customers');
SELECT throws_ok('SELECT * FROM journey.simulate_events(1, NULL)', '22004', NULL, 'NULL seed');
SELECT throws_ok('SELECT * FROM journey.simulate_truth(NULL)', '22004', NULL, 'NULL options');

-- cancel
CREATE FUNCTION pg_temp.milliseconds_until_cancelled(query text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	start timestamptz := clock_timestamp();
BEGIN
	EXECUTE query;
	RETURN NULL;
EXCEPTION WHEN query_canceled THEN
	RETURN 1000 * extract(epoch FROM clock_timestamp() - start);
END $$;
SET LOCAL statement_timeout = '50ms';
SELECT isnt(pg_temp.milliseconds_until_cancelled('SELECT count(*) FROM journey.simulate_events(10000000)'),
	NULL, 'obeys statement_timeout');
SET LOCAL statement_timeout = 0;

SELECT * FROM finish();
ROLLBACK;
