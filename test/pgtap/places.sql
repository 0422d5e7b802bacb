-- The same call in every place where SQL lets one stand, under every setting
-- that must not change an answer.
--
-- R-PLACE-1	Every aggregate gives in a window frame, whatever moves or is left
--				out, and in grouping sets what it gives of the same rows alone;
--				of no rows what it gives of none that pass a FILTER.
-- R-PLACE-2	Every set-returning reader gives the same rows when it is read by
--				a cursor that stops, goes back and meets a failing subtransaction,
--				again by every outer row, beside other sets, or in a select list.
-- R-PLACE-3	No reader's answer depends on how the session writes values, on
--				the isolation of the transaction, its right to write, the memory
--				limit, or a collation under which other labels are equal.
-- R-PLACE-4	Scalar functions serve stored columns, indexes, partitions and
--				triggers; predict() knows columns by name, whatever was dropped,
--				generated or altered.
-- R-PLACE-5	Prepared calls survive the extension: gone with it, back with it.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
SELECT plan(22);
CREATE FUNCTION pg_temp.said(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
	EXECUTE statement INTO answer;
	RETURN coalesce(answer, 'null');
EXCEPTION WHEN OTHERS THEN RETURN 'error ' || SQLSTATE || ' ' || SQLERRM;
END $$;

-- R-PLACE-1: a call of every aggregate, made of the names of its arguments
CREATE TEMP TABLE d AS
SELECT i, i % 4 AS g, i % 3 AS h, (i * 7919) % 100 / 100.0::float8 AS share, i % 3 = 1 AS yes, (i % 3 = 1)::integer::float8 AS one, 1 + (i % 4)::float8 AS weight, 'c' || i % 5 AS cluster,
	chr(97 + i * i % 4) AS touchpoint, timestamptz '2024-01-01 UTC' + i * 17 % 23 * interval '1 hour' AS ts, (i % 10)::float8 AS score, 1 + (i * 13 % 17)::float8 AS spell, ARRAY[i * 3 % 7, i * i % 5]::float8[] AS x, (i % 6)::float8 AS y
FROM generate_series(1, 14) i;
CREATE TEMP TABLE aggregate_call AS
SELECT p.oid::regprocedure::text AS signature, format('journey.%I(%s', p.proname, (SELECT string_agg(CASE
	WHEN name ~ '^(condition|step)_' THEN format('i %% %s = 0', 1 + right(name, 1)::integer) WHEN name IN ('conditions', 'steps') THEN 'VARIADIC ARRAY[i % 2 = 0, i % 3 = 0, i % 5 = 0]'
	WHEN name IN ('event', 'observed', 'y', 'value') AND type = 'boolean'::regtype THEN 'yes' WHEN name IN ('event', 'observed') THEN 'one' WHEN name = 'value' AND type = 'text'::regtype THEN 'touchpoint'
	WHEN name = 'x' AND type = 'float8'::regtype THEN 'score' WHEN name = 'direction' AND p.proname = 'sequence_next_node' THEN '''forward'''
	ELSE coalesce('{"alpha": "0.05", "alternative": "''less''", "base": "''head''", "base_condition": "true", "cell": "h", "delta": "0.1", "direction": "''both''", "fraction": "0.3", "high": "10", "low": "0", "min_n": "2", "mode": "''strict_increase''",
		"null_value": "5", "pattern": "''(?1).*(?2)''", "planned": "40", "predicted": "share", "risk": "share", "value": "share", "row_value": "d", "satisfied_from": "5", "threshold": "0.5", "time": "spell", "within": "''10 hours''::interval"}'::jsonb ->> name, name)
	END, ', ' ORDER BY n) FROM unnest(p.proargnames, p.proargtypes::oid[]) WITH ORDINALITY u(name, type, n) WHERE n <= p.pronargs)) AS call
FROM pg_proc p WHERE p.prokind = 'a' AND p.pronamespace = 'journey'::regnamespace AND p.proname <> 'merge_moments';
DELETE FROM aggregate_call WHERE :'mode' <> 'plain' AND journey.fold(signature, 7) <> 1;
SELECT cmp_ok((SELECT count(*) FROM aggregate_call), '>', CASE WHEN :'mode' = 'plain' THEN 200::bigint ELSE 10 END, 'aggregates are found');
SELECT is((SELECT string_agg(signature, ', ') FROM aggregate_call WHERE pg_temp.said(format('SELECT (%s ORDER BY i))::text FROM d', call)) ~ '^error'), NULL, 'and every call of one has an answer');
-- (intervals by resampling are dear, and two in three are left out)
SELECT is((SELECT string_agg(signature, ', ') FROM aggregate_call
	WHERE (signature !~ '_ci' OR journey.fold(signature, 3) = 1) AND pg_temp.said(format('SELECT array_agg(v ORDER BY i)::text FROM (SELECT i, (%s) OVER (ORDER BY i %s))::text AS v FROM d) s', call, frame))
		IS DISTINCT FROM pg_temp.said(format('SELECT array_agg(v ORDER BY i)::text FROM (SELECT o.i, (SELECT (%s ORDER BY i))::text FROM d WHERE %s) AS v FROM d o) s', call, alone))), NULL, 'R-PLACE-1 in frames of ' || frame)
FROM (VALUES ('ROWS UNBOUNDED PRECEDING', 'i <= o.i'), ('ROWS BETWEEN 3 PRECEDING AND 6 FOLLOWING EXCLUDE CURRENT ROW', 'i BETWEEN o.i - 3 AND o.i + 6 AND i <> o.i'), ('ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING', 'i >= o.i')) v(frame, alone);
SET LOCAL work_mem = '64kB';
SELECT is((SELECT string_agg(signature, ', ') FROM aggregate_call
	WHERE pg_temp.said(format('SELECT string_agg(concat_ws('':'', g, h, v), '';'' ORDER BY g, h) FROM (SELECT g, h, (%s ORDER BY i))::text AS v FROM d GROUP BY GROUPING SETS ((g), (g, h), ())) s', call))
		IS DISTINCT FROM pg_temp.said(format('SELECT string_agg(concat_ws('':'', g, h, v), '';'' ORDER BY g, h) FROM (SELECT g, NULL::integer AS h, (%1$s ORDER BY i))::text AS v FROM d GROUP BY 1 UNION ALL SELECT g, h, (%1$s ORDER BY i))::text FROM d GROUP BY 1, 2 UNION ALL SELECT NULL, NULL, (%1$s ORDER BY i))::text FROM d) s', call))), NULL, 'R-PLACE-1 in grouping sets');
RESET work_mem;
SELECT is((SELECT string_agg(signature, ', ') FROM aggregate_call
	WHERE pg_temp.said(format('SELECT (%s) FILTER (WHERE i < 0))::text FROM d', call)) IS DISTINCT FROM pg_temp.said(format('SELECT (%s))::text FROM d WHERE i < 0', call))), NULL, 'R-PLACE-1 of no rows');

-- R-PLACE-2
\ir lib/readers.psql
DROP SCHEMA IF EXISTS kinds, kinds_far CASCADE;
\ir lib/readers_data.psql
DELETE FROM reader_call WHERE :'mode' <> 'plain' AND journey.fold(name, 7) <> 1;
CREATE TEMP TABLE set_call AS SELECT name, regexp_replace(replace(call, '@', 'kinds.plain'), '^SELECT array_agg\(f\)::text FROM (.*) f$', '\1') AS call FROM reader_call WHERE call ~ '^SELECT array_agg\(f\)' AND name <> 'source_rows';
DELETE FROM set_call WHERE journey.fold(name, 2) <> 1;	-- what makes sets is the same code for all
CREATE FUNCTION pg_temp.by_cursor(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE c refcursor; r text; first text; again text; n integer := 0;
BEGIN
	OPEN c SCROLL FOR EXECUTE 'SELECT f::text FROM ' || call || ' f';
	FETCH c INTO first;
	BEGIN
		FETCH c INTO r;
		PERFORM 1 / 0;
	EXCEPTION WHEN division_by_zero THEN NULL;
	END;
	MOVE LAST IN c;
	FETCH ABSOLUTE 1 FROM c INTO again;
	CLOSE c;
	OPEN c FOR EXECUTE 'SELECT f::text FROM ' || call || ' f';
	FETCH c INTO r;
	CLOSE c;
	RETURN CASE WHEN first IS NOT NULL AND first = again AND first = r THEN 'same' ELSE concat_ws(' | ', first, again, r) END;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT is((SELECT string_agg(name, ', ') FROM set_call WHERE pg_temp.by_cursor(call) <> 'same'), NULL, 'R-PLACE-2 by cursors');
SELECT is((SELECT string_agg(name, ', ') FROM set_call WHERE pg_temp.said(format('SELECT count(DISTINCT answer) FROM (SELECT k, array_agg(f::text) AS answer FROM (VALUES (0), (1)) v(k), LATERAL (SELECT f FROM %s f OFFSET k * 0) s GROUP BY k) s',
	regexp_replace(call, '\(''((?:[^'']|'''')*)''', '(''\1'' || repeat('' '', k)'))) <> '1'), NULL, 'R-PLACE-2 again for every outer row');
SELECT is((SELECT string_agg(name, ', ') FROM set_call WHERE pg_temp.said(format('SELECT count(*) = greatest(2, (SELECT count(*) FROM %1$s)) FROM ROWS FROM (generate_series(1, 2), %1$s) WITH ORDINALITY', call)) <> 'true'), NULL, 'R-PLACE-2 beside another set');
SELECT is((SELECT string_agg(name, ', ') FROM set_call WHERE pg_temp.said(format('SELECT array_agg(f)::text = (SELECT array_agg(f)::text FROM (SELECT %1$s AS f) s) FROM %1$s f', call)) <> 'true'), NULL, 'R-PLACE-2 in a select list');

-- R-PLACE-3 (rows are kept as values and written under the settings of before)
CREATE FUNCTION pg_temp.under(call text, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; name text; value text;
BEGIN
	FOR name, value IN SELECT * FROM jsonb_each_text(settings) LOOP PERFORM set_config(name, value, true); END LOOP;
	EXECUTE 'CREATE TEMP TABLE held AS ' || regexp_replace(regexp_replace(call, '^SELECT array_agg\(f\)::text', 'SELECT f.*'), '::text$', ' AS f');
	FOR name IN SELECT jsonb_object_keys(settings) LOOP EXECUTE 'RESET ' || quote_ident(name); END LOOP;
	EXECUTE 'SELECT array_agg(f ORDER BY ctid)::text FROM held f' INTO answer;
	DROP TABLE held;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN RETURN 'error ' || SQLSTATE || ' ' || SQLERRM;
END $$;
UPDATE reader_call SET call = replace(call, '@', 'kinds.plain');
CREATE TEMP TABLE calm AS SELECT name, pg_temp.under(call, '{}') AS answer FROM reader_call;
SELECT is((SELECT string_agg(name, ', ') FROM calm WHERE answer IS NULL OR answer LIKE 'error %'), NULL, 'every reader has an answer');
SELECT is((SELECT string_agg(name, ', ') FROM reader_call JOIN calm USING (name) WHERE pg_temp.under(call,
	'{"datestyle": "SQL, DMY", "intervalstyle": "sql_standard", "extra_float_digits": "-15", "bytea_output": "escape", "quote_all_identifiers": "on", "standard_conforming_strings": "off", "transform_null_equals": "on", "array_nulls": "off", "xmloption": "document",
	"journey.memory_limit": "0", "work_mem": "64kB", "enable_hashagg": "off", "from_collapse_limit": "1", "plan_cache_mode": "force_generic_plan"}') IS DISTINCT FROM answer), NULL, 'R-PLACE-3 however values are written, whatever memory there is');
CREATE FUNCTION pg_temp.collated(OUT no_icu text) LANGUAGE plpgsql AS $$
BEGIN
	CREATE COLLATION kinds.no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
	UPDATE kinds.plain SET touchpoint = upper(touchpoint), way = upper(way) WHERE i % 2 = 0;
	CREATE TABLE kinds.loose AS SELECT * FROM kinds.plain;
	ALTER TABLE kinds.loose ALTER touchpoint TYPE text COLLATE kinds.no_case, ALTER way TYPE text COLLATE kinds.no_case;
EXCEPTION WHEN feature_not_supported OR undefined_object OR invalid_parameter_value THEN no_icu := SQLERRM;
END $$;
SELECT no_icu IS NOT NULL AS no_icu FROM pg_temp.collated() \gset
\if :no_icu
SELECT skip('no ICU in this server', 1);
\else
SELECT is((SELECT string_agg(name, ', ') FROM reader_call WHERE name <> 'source_columns' AND journey.fold(name, 2) <> 1 AND pg_temp.said(call) IS DISTINCT FROM pg_temp.said(replace(call, 'kinds.plain', 'kinds.loose'))), NULL, 'R-PLACE-3 whatever labels a collation holds for equal');
\endif

-- R-PLACE-4
CREATE TEMP TABLE kept (id bigint, label text, fold integer GENERATED ALWAYS AS (journey.fold(id, 10)) STORED, mixed float8 GENERATED ALWAYS AS (journey.entropy(ARRAY[label, 'x'])) STORED, CHECK (journey.fold(label, 5) > 0));
CREATE INDEX ON kept (journey.fold(id, 4));
INSERT INTO kept SELECT i, 'k' || i FROM generate_series(1, 500) i;
SET LOCAL enable_seqscan = off;
SELECT is((SELECT count(*) FROM kept WHERE journey.fold(id, 4) = 3), (SELECT count(*) FROM generate_series(1::bigint, 500) i WHERE journey.fold(i, 4) = 3), 'R-PLACE-4 an index');
RESET enable_seqscan;
SELECT is((SELECT count(*) FROM kept WHERE fold IS DISTINCT FROM journey.fold(id, 10) OR mixed IS NULL), 0::bigint, 'R-PLACE-4 stored columns');
CREATE TEMP TABLE fitted (n integer, slope float8);
CREATE FUNCTION pg_temp.fit_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.slope := (journey.fit(format('SELECT y, x1 FROM kinds.plain WHERE i %% 7 <> %s', NEW.n % 7), 'y', NULL)).coefficients[2]; RETURN NEW; END $$;
CREATE TRIGGER fit_row BEFORE INSERT ON fitted FOR EACH ROW EXECUTE FUNCTION pg_temp.fit_row();
INSERT INTO fitted SELECT i FROM generate_series(1, 14) i;
SELECT is((SELECT count(DISTINCT slope) || ' ' || count(slope) FROM fitted), '7 14', 'R-PLACE-4 a trigger');
CREATE TABLE kinds.shaped (gone text, a float8, lost integer, b text, y float8);
INSERT INTO kinds.shaped SELECT 'x', sin(i), i, chr(97 + i % 3), cos(i) FROM generate_series(1, 60) i;
ALTER TABLE kinds.shaped DROP gone, DROP lost, ADD late float8 DEFAULT 2.5, ADD twice float8 GENERATED ALWAYS AS (a * 2) STORED;
CREATE TEMP TABLE made AS SELECT journey.fit('kinds.shaped', 'y', NULL, '{a,b,twice}') AS model, journey.fit_trees('kinds.shaped', 'y', NULL, '{a,b,twice}', trees => 3) AS trees;
CREATE FUNCTION pg_temp.shape(i integer) RETURNS record LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
	IF i % 2 = 0 THEN SELECT s.* INTO r FROM kinds.shaped s ORDER BY y LIMIT 1;
	ELSE SELECT 'more' AS more, s.twice, s.b::varchar AS b, s.a::numeric AS a INTO r FROM kinds.shaped s ORDER BY y LIMIT 1; END IF;
	RETURN r;
END $$;
SELECT ok((SELECT count(DISTINCT round(journey.predict(model, pg_temp.shape(i))::numeric, 9)) = 1 AND count(DISTINCT journey.predict(trees, pg_temp.shape(i))) = 1 FROM made, generate_series(1, 6) i), 'R-PLACE-4 rows of two shapes in one call');
CREATE FUNCTION pg_temp.predicted() RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE r kinds.shaped; m journey.model := (SELECT model FROM made);
BEGIN SELECT * INTO r FROM kinds.shaped ORDER BY y LIMIT 1; RETURN round(journey.predict(m, r)::numeric, 9); END $$;
CREATE TEMP TABLE prediction AS SELECT 1 AS n, pg_temp.predicted() AS p;
ALTER TABLE kinds.shaped ADD more integer, ALTER b TYPE varchar(5), ALTER twice DROP EXPRESSION;
INSERT INTO prediction VALUES (2, pg_temp.predicted());
ALTER TABLE kinds.shaped DROP late, ALTER a TYPE numeric;
INSERT INTO prediction VALUES (3, pg_temp.predicted());
SELECT is((SELECT count(DISTINCT p) || ' ' || count(p) FROM prediction), '1 3', 'R-PLACE-4 a table that is altered between calls of one function');

-- R-PLACE-3: what only reads may be asked where nothing may be written
SAVEPOINT writing;
SET TRANSACTION READ ONLY;
SELECT count(*) = 0 AS all_read FROM set_call WHERE pg_temp.said('SELECT count(*) FROM ' || call) LIKE 'error %' \gset
SELECT pg_temp.said($$SELECT journey.define_validation('x', 'kinds.plain', 'y', 'way', 'customer_id')$$) AS written \gset
ROLLBACK TO writing;
SELECT ok(:'all_read' AND :'written' LIKE 'error 25006%', 'R-PLACE-3 in a transaction that may not write');

-- R-PLACE-5
PREPARE held_set AS SELECT count(*) FROM journey.sessions('SELECT * FROM kinds.plain', '1 day');
PREPARE held_aggregate AS SELECT (journey.nps(good)).estimate FROM kinds.plain;
CREATE FUNCTION pg_temp.held(name text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN pg_temp.said('EXECUTE ' || name); END $$;
CREATE TEMP TABLE held_answer AS SELECT n, pg_temp.held(n) AS answer FROM unnest('{held_set,held_aggregate}'::text[]) n;
DROP TABLE made, prediction;
DROP FUNCTION pg_temp.predicted();
DROP TABLE kept;
DROP EXTENSION journey CASCADE;
SELECT is((SELECT string_agg(left(pg_temp.held(n), 11), ' ') FROM held_answer), 'error 3F000 error 3F000', 'R-PLACE-5 a prepared call is gone with the extension');
CREATE EXTENSION journey;
SELECT is((SELECT string_agg(n, ' ') FROM held_answer WHERE pg_temp.held(n) IS DISTINCT FROM answer OR answer LIKE 'error %'), NULL, 'R-PLACE-5 and back with it');
SELECT * FROM finish();
ROLLBACK;
