-- Run by the parts about journey.validate(): 480 customers over twelve
-- weeks, dealt by lot to two strategies, with events, all by counters; and the
-- means to hold a run at a step and to tell two histories apart.
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS nightly CASCADE;
CREATE SCHEMA nightly;
SET search_path = nightly, public;
CREATE FUNCTION nightly.u(i bigint, stream bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN (journey.hash64(i, stream) >> 11 & 4503599627370495)::float8 / 4503599627370496;
CREATE TABLE nightly.decided AS
SELECT i AS customer_id, CASE WHEN nightly.u(i, 1) < 0.5 THEN 'call' ELSE 'none' END AS strategy,
	nightly.u(i, 2) < CASE WHEN nightly.u(i, 1) < 0.5 THEN 0.6 ELSE 0.4 END AS outcome, nightly.u(i, 3) AS age,
	(ARRAY['new', 'old', 'vip'])[1 + floor(3 * nightly.u(i, 4))::integer] AS segment,
	'2024-01-01 00:00+00'::timestamptz + (i / 40) * interval '7 days' + (i % 40) * interval '4 hours' AS decided_at,
	'2024-01-02 00:00+00'::timestamptz + (i / 40) * interval '7 days' + (i % 40) * interval '4 hours' AS matured_at
FROM generate_series(0::bigint, 479) i;
CREATE TABLE nightly.event AS
SELECT d.customer_id, d.decided_at + n * interval '1 hour' AS ts,
	(ARRAY['order', 'chat', 'wait', 'mail'])[1 + floor(4 * nightly.u(d.customer_id * 8 + n, 5))::integer] AS touchpoint, d.outcome
FROM nightly.decided d, generate_series(0, 3) n;

CREATE FUNCTION nightly.define(name text, more jsonb DEFAULT '{}', source text DEFAULT 'nightly.decided') RETURNS integer LANGUAGE sql AS $$
SELECT journey.define_validation(name, source, 'outcome', 'strategy', 'customer_id', '{age,segment}',
	'{"decided_at": "decided_at", "matured_at": "matured_at", "baseline": "none", "planned": {"none": 1, "call": 1}, "repeats": 1, "folds": 3}' || more) $$;

-- A run is held before it commits that it reached this step with this status.
CREATE TABLE nightly.hold (name text, step integer, status text);
CREATE TABLE nightly.seen (place bigserial, name text, run bigint, status text, step integer);
CREATE FUNCTION nightly.hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO nightly.seen (name, run, status, step) VALUES (NEW.name, NEW.run, NEW.status, NEW.step);
	IF EXISTS (SELECT FROM nightly.hold h WHERE h.name = NEW.name AND h.step = NEW.step AND h.status = NEW.status) THEN
		PERFORM pg_sleep(600);
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER hold BEFORE INSERT OR UPDATE ON journey.validation_run FOR EACH ROW EXECUTE FUNCTION nightly.hold();

-- All that a validation has written, without clocks, backend, the version of the
-- server and the absolute number of its runs, one line a row.
CREATE FUNCTION nightly.written(name text) RETURNS SETOF text LANGUAGE sql AS $$
WITH r AS (SELECT run, row_number() OVER (ORDER BY run) AS turn FROM journey.validation_run WHERE name = $1),
	line AS (
	SELECT 'run' AS kind, turn, to_jsonb(t) - '{run,name,started_at,finished_at,confirmed_at,estimated_end,backend,server_version}'::text[] AS content FROM journey.validation_run t JOIN r USING (run)
	UNION ALL SELECT 'result', turn, to_jsonb(t) - 'run' FROM journey.validation_result t JOIN r USING (run)
	UNION ALL SELECT 'check', turn, to_jsonb(t) - 'run' FROM journey.validation_check t JOIN r USING (run)
	UNION ALL SELECT 'decision', turn, to_jsonb(t) - '{run,name,decided_at}'::text[] FROM journey.validation_decision t JOIN r USING (run)
	UNION ALL SELECT 'row', turn, to_jsonb(t) - 'run' FROM journey.validation_row t JOIN r USING (run)
	UNION ALL SELECT 'sequence', turn, to_jsonb(t) - 'run' FROM journey.validation_sequence t JOIN r USING (run)
	UNION ALL SELECT 'chart', turn, to_jsonb(t) - 'run' FROM journey.validation_chart t JOIN r USING (run)
	UNION ALL SELECT 'reference', 0, to_jsonb(t) - '{name,version}'::text[] FROM journey.validation_reference t WHERE t.name = $1)
SELECT format('%s %s %s', kind, turn, content) FROM line ORDER BY kind COLLATE "C", turn, content::text COLLATE "C" $$;
CREATE FUNCTION nightly.digest(name text) RETURNS text LANGUAGE sql AS $$
SELECT md5(string_agg(w, E'\n' ORDER BY n)) FROM nightly.written($1) WITH ORDINALITY u(w, n) $$;
