-- A validation under a search path full of look-alikes: that of the definer is
-- kept for the source, that of the caller counts for nothing, and no part of a
-- run takes an operator, function or type from either.  And one under settings
-- that say how values are written: "IST" is read back as another zone than the
-- one that wrote it.
SET client_min_messages = warning;
SET search_path = public, pg_temp;
SELECT plan(7);
CREATE TABLE public.hostile_decisions AS
SELECT customer_id, strategy, outcome, segment, min(ts) AS decided_at, min(ts) + interval '14 days' AS matured_at
FROM journey.simulate_events(1500, 9) GROUP BY 1, 2, 3, 4;
CREATE TABLE public.hostile_journeys AS SELECT customer_id, ts, touchpoint, outcome FROM journey.simulate_events(1500, 9);
CREATE FUNCTION public.hostile_options() RETURNS jsonb LANGUAGE sql RETURN
'{"decided_at": "decided_at", "matured_at": "matured_at", "planned": {"callback": 1, "none": 1, "tutorial": 1}, "events": "public.hostile_journeys", "repeats": 1, "keys": "clear"}'::jsonb;
SELECT is(journey.define_validation('h calm', 'public.hostile_decisions', 'outcome', 'strategy', 'customer_id', '{segment}', public.hostile_options()), 1, 'a validation is defined');
CALL journey.validate('h calm', '2024-04-01 UTC');
CALL journey.validate('h calm', '2024-05-01 UTC');
\ir lib/look_alikes.psql
CREATE TEMP TABLE pg_class (oid oid);
CREATE TEMP TABLE pg_type (oid oid);
SET search_path = hostile, pg_temp, pg_catalog, public;
SELECT journey.define_validation('h hostile', 'public.hostile_decisions', 'outcome', 'strategy', 'customer_id', '{segment}', public.hostile_options()) AS hostile_version \gset
CALL journey.validate('h hostile', '2024-04-01 UTC');
CALL journey.validate('h hostile', '2024-05-01 UTC');
SET search_path = public;
SELECT is(:hostile_version, 1, 'another is defined under a hostile path');
DROP TABLE pg_temp.pg_class, pg_temp.pg_type;
SELECT is((SELECT search_path FROM journey.validation WHERE name = 'h hostile'), 'hostile, pg_temp, pg_catalog, public', 'its path is kept');
CREATE FUNCTION public.hostile_answers(which text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws('|', 'run', row_number() OVER (ORDER BY run), status, error, n_rows, n_new, dropped) FROM journey.validation_run WHERE name = which
	UNION ALL SELECT concat_ws('|', r.as_of, x.metric, x.strategy, x.value, x.conf_low, x.conf_high, x.n, x.status) FROM journey.validation_result x JOIN journey.validation_run r USING (run) WHERE r.name = which
	UNION ALL SELECT concat_ws('|', r.as_of, x.check_name, x.subject, x.status, x.statistic, x.detail) FROM journey.validation_check x JOIN journey.validation_run r USING (run) WHERE r.name = which
	UNION ALL SELECT concat_ws('|', r.as_of, x.chart, x.place, x.label, x.y) FROM journey.validation_chart x JOIN journey.validation_run r USING (run) WHERE r.name = which
	UNION ALL SELECT concat_ws('|', r.as_of, x.state, x.reason) FROM journey.validation_decision x JOIN journey.validation_run r USING (run) WHERE r.name = which
	ORDER BY 1 $$;
SELECT cmp_ok((SELECT count(*) FROM public.hostile_answers('h calm')), '>', 100::bigint, 'there is something to compare');
SELECT results_eq($$SELECT public.hostile_answers('h hostile')$$, $$SELECT public.hostile_answers('h calm')$$, 'and every figure, check, picture and decision is the same');
SET datestyle = 'SQL, DMY';
SET timezone = 'Asia/Kolkata';
SET intervalstyle = 'sql_standard';
SET extra_float_digits = -15;
SET bytea_output = 'escape';
SET quote_all_identifiers = on;
SET standard_conforming_strings = off;
SET transform_null_equals = on;
SET array_nulls = off;
SET default_transaction_isolation = 'serializable';
SELECT journey.define_validation('h settings', 'public.hostile_decisions', 'outcome', 'strategy', 'customer_id', '{segment}', public.hostile_options()) AS settings_version \gset
RESET quote_all_identifiers;
CALL journey.validate('h settings', '2024-04-01 UTC');
SET quote_all_identifiers = on;
CALL journey.validate('h settings', '2024-05-01 UTC');
RESET ALL;
SET client_min_messages = warning;
SET search_path = public, pg_temp;
SELECT is(:settings_version, 1, 'a third is defined under hostile settings');
SELECT results_eq($$SELECT public.hostile_answers('h settings')$$, $$SELECT public.hostile_answers('h calm')$$, 'and its answers are the same to the letter');
SELECT * FROM finish();
DELETE FROM journey.validation_run WHERE name LIKE 'h %';
DELETE FROM journey.validation_reference WHERE name LIKE 'h %';
DELETE FROM journey.validation WHERE name LIKE 'h %';
DROP FUNCTION public.hostile_answers(text), public.hostile_options();
DROP TABLE public.hostile_decisions, public.hostile_journeys;
DROP SCHEMA hostile CASCADE;
