-- The bars, each a pair of statements run alternately in this session; what
-- counts is the ratio of the medians, or with bar_seconds their difference.
-- :passes passes, after one to warm up.  The pairs are in bench/pairs.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET bench.chosen = :'only';
CREATE TABLE bench.candidate (id integer PRIMARY KEY, work text, needs text, ours text, theirs text, bar float8,
	bar_seconds float8, settings text, same boolean DEFAULT false, one_process boolean DEFAULT false);
COMMENT ON COLUMN bench.candidate.needs IS 'a function of journey; a pair whose call is not built is left out';
COMMENT ON COLUMN bench.candidate.settings IS 'roomy: 1 GB of memory; index: plans that walk through an index';
COMMENT ON COLUMN bench.candidate.same IS 'both statements must give the same answer';
CREATE TABLE bench.seconds (id integer, mode text, pass integer, ours float8, theirs float8);
CREATE TABLE bench.answer (id integer, mode text, ours text, theirs text);

CREATE FUNCTION bench.has(name text) RETURNS boolean LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'journey'::regnamespace AND proname = name);
CREATE VIEW bench.pair AS SELECT * FROM bench.candidate
WHERE bench.has(needs) AND (current_setting('bench.chosen', true) IN ('') OR id::text = ANY (string_to_array(current_setting('bench.chosen', true), ' ')));
CREATE FUNCTION bench.wants(wanted integer) RETURNS boolean LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM bench.pair WHERE id = wanted);

\ir pairs/features.sql
\ir pairs/models.sql
\ir pairs/moments.sql
\ir pairs/predict.sql
\ir pairs/journeys.sql
\ir pairs/sequences.sql
\ir pairs/value.sql
\ir pairs/metrics.sql
\ir pairs/validation.sql
\ir pairs/series_tests.sql
\ir pairs/twins.sql
\ir pairs/strategies.sql
\ir pairs/series.sql
\ir pairs/chaos.sql
\ir pairs/drift.sql
\ir pairs/monitoring.sql

CREATE FUNCTION bench.clock(statement text, OUT seconds float8, OUT answer text) LANGUAGE plpgsql AS $$
DECLARE started timestamptz := clock_timestamp(); got record;
BEGIN
	EXECUTE statement INTO got;
	seconds := extract(epoch FROM clock_timestamp() - started);
	answer := got::text;
EXCEPTION WHEN OTHERS THEN
	RAISE INFO 'failed: % (%)', SQLERRM, statement;
END $$;

CREATE PROCEDURE bench.settle(settings text, workers integer) LANGUAGE plpgsql AS $$
BEGIN
	RESET max_parallel_workers_per_gather; RESET work_mem; RESET journey.memory_limit;
	RESET enable_seqscan; RESET enable_bitmapscan; RESET enable_hashagg; RESET enable_sort;
	IF workers IS NOT NULL THEN EXECUTE format('SET max_parallel_workers_per_gather = %s', workers); END IF;
	IF settings = 'roomy' THEN SET work_mem = '1GB'; SET journey.memory_limit = '1GB'; END IF;
	IF settings = 'index' THEN SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashagg = off; SET enable_sort = off; END IF;
END $$;

CREATE PROCEDURE bench.measure(mode text, workers integer, passes integer) LANGUAGE plpgsql AS $$
DECLARE p bench.pair; ours record; theirs record;
BEGIN
	FOR p IN SELECT * FROM bench.pair WHERE workers = 0 OR NOT one_process ORDER BY id LOOP
		CALL bench.settle(p.settings, workers);
		FOR pass IN 0..passes LOOP
			ours := bench.clock(p.ours);
			theirs := bench.clock(p.theirs);
			INSERT INTO bench.seconds VALUES (p.id, mode, pass, ours.seconds, theirs.seconds);
			IF p.same AND pass = 0 THEN INSERT INTO bench.answer VALUES (p.id, mode, ours.answer, theirs.answer); END IF;
		END LOOP;
		RAISE INFO '% [%]: % s / % s', p.work, mode, round(ours.seconds::numeric, 3), round(theirs.seconds::numeric, 3);
		COMMIT;
	END LOOP;
END $$;
CALL bench.measure('one process', 0, :passes);
CALL bench.measure('default', NULL, :passes);
