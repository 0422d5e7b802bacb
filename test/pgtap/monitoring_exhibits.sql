-- The parts of a run beside its decision: drift against frozen bins, and the
-- rows behind the pictures of a report.  Not in a transaction: see
-- monitoring_validate.sql.
--
-- R-EXHIBIT-1	A picture that cannot be made is a warning, and the run goes on.
-- R-EXHIBIT-2	Events at or after as_of do not exist.
-- R-CHECK-1	Drift decides nothing.
SET client_min_messages = warning;
SET search_path = public, pg_temp;
SELECT plan(16);
CREATE SCHEMA exhibit_world;
CREATE TYPE exhibit_world.area AS ENUM ('north', 'south');
CREATE TABLE exhibit_world.event AS SELECT customer_id, ts, touchpoint, outcome, strategy, segment FROM journey.simulate_events(3000, 5);
CREATE TABLE exhibit_world.decision AS
SELECT customer_id, strategy, outcome, segment, CASE WHEN customer_id % 2 = 0 THEN 'north' ELSE 'south' END::exhibit_world.area AS area,
	customer_id % 7 + CASE WHEN min(ts) > '2024-04-01 UTC' THEN 3 ELSE 0 END AS tickets, min(ts) AS decided_at, min(ts) + interval '14 days' AS matured_at
FROM exhibit_world.event GROUP BY 1, 2, 3, 4, 5;
CREATE FUNCTION exhibit_world.of_begun() RETURNS TABLE (touchpoint text, statistic float8, q_value float8) LANGUAGE sql AS $$
	WITH t AS (SELECT least(('2024-03-20 UTC' - min(ts)) / 3, '30 days') AS follow, min(ts) AS oldest FROM exhibit_world.event WHERE ts < '2024-06-10 UTC')
	SELECT d.touchpoint, d.statistic, d.q_value FROM t, LATERAL journey.map_drift(
		format('SELECT e.* FROM exhibit_world.event e JOIN (SELECT customer_id, min(ts) AS s FROM exhibit_world.event GROUP BY 1) b USING (customer_id) WHERE b.s < %L AND e.ts < b.s + %L::interval', '2024-03-20 UTC'::timestamptz - follow, follow),
		format('SELECT e.* FROM exhibit_world.event e JOIN (SELECT customer_id, min(ts) AS s FROM exhibit_world.event GROUP BY 1) b USING (customer_id) WHERE b.s >= %L AND b.s < %L AND e.ts < b.s + %L::interval', '2024-04-03 UTC'::timestamptz - follow, '2024-06-10 UTC'::timestamptz - follow, follow), 199) d $$;
-- types and the event source are found by the search path of the definer
SET search_path = exhibit_world, public;
SELECT is(journey.define_validation('x full', 'decision', 'outcome', 'strategy', 'customer_id', '{segment,area,tickets}',
	'{"decided_at": "decided_at", "matured_at": "matured_at", "baseline": "none", "events": "event", "repeats": 2, "window": "1 year"}'), 1, 'a definition with features and events');
SELECT is(journey.define_validation('x named', 'decision', 'outcome', 'strategy', 'customer_id', '{segment}',
	'{"matured_at": "matured_at", "events": "SELECT customer_id, ts, touchpoint FROM event WHERE segment <> ''vip''; ", "funnel": ["order", "delivered"]}'), 1, 'another with a query and named steps');
SET search_path = public, pg_temp;
CALL journey.validate('x full', '2024-03-20 UTC');
CALL journey.validate('x full', '2024-04-03 UTC');
CALL journey.validate('x full', '2024-06-10 UTC');
CALL journey.validate('x named', '2024-03-20 UTC');
SELECT is_empty($$SELECT * FROM journey.validation_check c JOIN journey.validation_run r USING (run) WHERE r.name LIKE 'x %' AND c.check_name = 'picture'$$, 'every picture was made');
SELECT is_empty($$SELECT name, error FROM journey.validation_run WHERE name LIKE 'x %' AND status <> 'done'$$, 'every run was done');

-- drift
SELECT results_eq($$SELECT subject, c.status FROM journey.validation_check c JOIN journey.validation_run r USING (run) WHERE name = 'x full' AND check_name = 'drift' ORDER BY run, subject$$,
	$$VALUES ('area', 'not_tested'), ('segment', 'not_tested'), ('tickets', 'not_tested'), ('area', 'ok'), ('segment', 'ok'), ('tickets', 'ok'), ('area', 'ok'), ('segment', 'ok'), ('tickets', 'drift')$$,
	'the first run freezes bins; a shift of a feature is seen');
SELECT results_eq($$SELECT subject, c.statistic, c.p_value FROM journey.validation_check c JOIN journey.validation_run r USING (run) WHERE name = 'x full' AND check_name = 'map_drift' AND as_of = '2024-06-10 UTC' ORDER BY subject COLLATE "C"$$,
	$$SELECT touchpoint, statistic, q_value FROM exhibit_world.of_begun() ORDER BY touchpoint COLLATE "C"$$, 'map drift is that of map_drift() over who began, followed for the same time');
SELECT is_empty($$SELECT subject, c.detail FROM journey.validation_check c WHERE check_name = 'map_drift' AND c.status = 'drift'$$, 'and sees none where there is none');
SELECT isnt((SELECT state FROM journey.validation_latest WHERE name = 'x full'), 'BLOCKED', 'R-CHECK-1 and blocks nothing');
SELECT results_eq($$SELECT DISTINCT r.run FROM journey.validation_reference f, journey.validation_run r WHERE f.name = 'x full' AND r.name = f.name AND r.run = (SELECT min(run) FROM journey.validation_run WHERE name = 'x full')
		AND r.n_rows = (SELECT sum(n) FROM journey.validation_reference WHERE name = 'x full' AND feature = 'tickets')$$,
	$$SELECT min(run) FROM journey.validation_run WHERE name = 'x full'$$, 'the bins hold the rows of the first run');

-- pictures
SELECT results_eq($$SELECT label, target, x::integer, n FROM journey.validation_chart c WHERE chart = 'sankey' AND run = (SELECT run FROM journey.validation_latest WHERE name = 'x full') ORDER BY place$$,
	$$SELECT source, target, step, value FROM journey.sankey('SELECT * FROM exhibit_world.event WHERE ts < ''2024-06-10 UTC''') ORDER BY step, source COLLATE "C", target COLLATE "C"$$,
	'R-EXHIBIT-2 the Sankey rows are those of sankey() before as_of');
SELECT results_eq($$SELECT label, y, low, high FROM journey.validation_chart c WHERE chart = 'chaos' AND run = (SELECT run FROM journey.validation_latest WHERE name = 'x full') ORDER BY label COLLATE "C"$$,
	$$SELECT touchpoint, chaos_share, conf_low, conf_high FROM journey.chaos_share('SELECT customer_id, ts, touchpoint, outcome FROM exhibit_world.event WHERE ts < ''2024-06-10 UTC''', 'outcome') ORDER BY touchpoint COLLATE "C"$$,
	'the chaos shares are those of chaos_share()');
SELECT results_eq($$SELECT label, n FROM journey.validation_chart c WHERE chart = 'funnel' AND run = (SELECT run FROM journey.validation_latest WHERE name = 'x named') ORDER BY place$$,
	$$SELECT name, reached FROM journey.funnel('SELECT * FROM exhibit_world.event WHERE ts < ''2024-03-20 UTC'' AND segment <> ''vip''', '{order,delivered}', '36500 days') ORDER BY step$$, 'the funnel has the steps asked for');
SELECT ok((SELECT count(*) BETWEEN 3 AND 5 AND min(y) > 0 AND max(y) = 1 AND bool_and(n > 0) FROM journey.validation_chart c WHERE chart = 'funnel' AND run = (SELECT run FROM journey.validation_latest WHERE name = 'x full')),
	'and else those that most customers reach');
SELECT ok((SELECT sum(c.n) = r.n_rows AND bool_and(c.low <= c.y AND c.y <= c.high) FROM journey.validation_chart c JOIN journey.validation_run r USING (run) WHERE chart = 'calibration' AND r.name = 'x named' GROUP BY r.n_rows),
	'calibration covers every row once');

-- R-EXHIBIT-1
ALTER TABLE exhibit_world.event RENAME touchpoint TO what;
CALL journey.validate('x full', '2024-06-12 UTC');
SELECT matches((SELECT c.detail FROM journey.validation_check c WHERE c.check_name = 'picture' AND c.run = (SELECT run FROM journey.validation_latest WHERE name = 'x full')),
	'^source has no column "touchpoint" \(42703\)$', 'R-EXHIBIT-1 events that are gone are a warning');
SELECT results_eq($$SELECT status, (SELECT count(*) > 0 FROM journey.validation_chart c WHERE c.run = r.run AND chart = 'calibration') FROM journey.validation_run r WHERE name = 'x full' ORDER BY run DESC LIMIT 1$$,
	$$VALUES ('done', true)$$, 'and the run goes on');
SELECT * FROM finish();
DELETE FROM journey.validation_run WHERE name LIKE 'x %';
DELETE FROM journey.validation_reference WHERE name LIKE 'x %';
DELETE FROM journey.validation WHERE name LIKE 'x %';
DROP SCHEMA exhibit_world CASCADE;
