-- define_validation(), CALL validate() and their kin over what makes no sense:
-- a clear error, recorded where a run exists, and nothing lost.  Runs outside
-- a transaction, since the procedure commits, and cleans up after itself.
--
-- R-RUN-5	A failed step leaves the run failed, with its error, and raises it.
SET client_min_messages = warning;
SET jit = off;
SET search_path = public, pg_temp;
\set VERBOSITY terse
SELECT plan(72);
CREATE SCHEMA errors_world;
CREATE FUNCTION errors_world.u(i bigint, stream bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN (journey.hash64(i, stream) >> 11 & 4503599627370495)::float8 / 4503599627370496;
CREATE TABLE errors_world.decided AS
SELECT i AS customer_id, CASE WHEN errors_world.u(i, 1) < 0.5 THEN 'a' ELSE 'b' END AS way, errors_world.u(i, 2) < 0.5 AS outcome, errors_world.u(i, 3) AS age, 'x' || i % 3 AS label,
	'2024-01-01 UTC'::timestamptz + i * interval '1 hour' AS decided_at, '2024-01-02 UTC'::timestamptz + i * interval '1 hour' AS matured_at
FROM generate_series(1, 400) i;
CREATE FUNCTION errors_world.define(name text, more jsonb DEFAULT '{}', source text DEFAULT 'errors_world.decided') RETURNS integer LANGUAGE sql AS $$
SELECT journey.define_validation(name, source, 'outcome', 'way', 'customer_id', '{age}',
	'{"decided_at": "decided_at", "matured_at": "matured_at", "planned": {"a": 1, "b": 1}, "repeats": 1, "folds": 2}' || more) $$;
-- the message a statement must give, as SQLSTATE and pattern
CREATE FUNCTION errors_world.refused(statement text, code text, pattern text, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE message text; state text;
BEGIN
	EXECUTE statement;
	RETURN ok(false, name || ': no error');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
	RETURN ok(state = code AND message ~ pattern, name) || CASE WHEN state = code AND message ~ pattern THEN '' ELSE E'\n' || diag(state || ': ' || message) END;
END $$;

-- define_validation: refused at once
SELECT errors_world.refused(format('SELECT journey.define_validation(%s)', a), c, p, p) FROM (VALUES
	($$NULL, 'errors_world.decided', 'outcome', 'way', NULL$$, '22004', 'name must not be NULL'),
	($$'x', NULL, 'outcome', 'way', NULL$$, '22004', 'source must not be NULL'),
	($$'x', 'errors_world.decided', NULL, 'way', NULL$$, '22004', 'outcome must not be NULL'),
	($$'x', 'errors_world.decided', 'outcome', NULL, NULL$$, '22004', 'strategy must not be NULL'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, NULL$$, '22004', 'features must not be NULL'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', NULL$$, '22004', 'options must not be NULL'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{NULL}'$$, '22004', 'features must not hold a NULL'),
	($$'', 'errors_world.decided', 'outcome', 'way', NULL$$, '22023', 'cannot have 0 characters'),
	($$repeat('x', 201), 'errors_world.decided', 'outcome', 'way', NULL$$, '22023', 'cannot have 201 characters'),
	($$'x', 'errors_world.nowhere', 'outcome', 'way', NULL$$, '42P01', 'errors_world.nowhere'),
	($$'x', 'SELECT 1; SELECT 2', 'outcome', 'way', NULL$$, '42601', '.'),
	($$'x', 'DELETE FROM errors_world.decided RETURNING *', 'outcome', 'way', NULL$$, '0A000', 'only reads'),
	($$'x', 'errors_world.decided', 'outcomes', 'way', NULL$$, '42703', 'outcomes'),
	($$'x', 'errors_world.decided', 'label', 'way', NULL$$, '42804', 'label'),
	($$'x', 'errors_world.decided', 'outcome', 'ways', NULL$$, '42703', 'ways'),
	($$'x', 'errors_world.decided', 'outcome', 'decided_at', NULL$$, '42804', 'decided_at'),
	($$'x', 'errors_world.decided', 'outcome', 'way', 'id'$$, '42703', '"id"'),
	($$'x', 'errors_world.decided', 'outcome', 'way', 'outcome'$$, '22023', 'both outcome and key'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{way}'$$, '22023', 'both strategy and a feature'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{age,age}'$$, '22023', '"age" is named twice'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{ages}'$$, '42703', 'ages'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{decided_at}'$$, '42804', 'decided_at'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '[]'$$, '22023', 'JSON object'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"matured": "matured_at"}'$$, '22023', 'unknown option "matured"'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"matured_at": "known"}'$$, '42703', 'known'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"matured_at": "age"}'$$, '42804', 'age'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"window": "10 days"}'$$, '22023', 'needs "matured_at"'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"matured_at": "matured_at", "window": "-10 days"}'$$, '22023', '"window" cannot be'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"max_age": "soon"}'$$, '22023', '"max_age" cannot be'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"alpha": 0.9}'$$, '22023', '"alpha" cannot be 0.9'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"planned": {"a": 1}}'$$, '22023', '"planned" cannot be'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"planned": {"a": 1, "b": -1}}'$$, '22023', '"planned" cannot be'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"sequence": "betting"}'$$, '22023', 'needs "planned"'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"events": "SELECT 1 AS customer_id"}'$$, '42703', 'ts'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"seed": 1.5}'$$, '22023', '"seed" cannot be 1.5'),
	($$'x', 'errors_world.decided', 'outcome', 'way', NULL, '{}', '{"baseline": ""}'$$, '22023', '"baseline" cannot be')) v(a, c, p);
SELECT is((SELECT count(*) FROM journey.validation WHERE source LIKE '%errors_world%'), 0::bigint, 'what is refused leaves no definition');

-- names of every kind
SELECT is(errors_world.define(n), 1, 'a name: ' || left(to_json(n)::text, 40)) FROM unnest(ARRAY['plain', 'it''s "quoted" \ $$ %s', E'two\nlines', repeat('ü', 200), ' ']) n;

-- calls that do not begin
SELECT throws_ok('CALL journey.validate(NULL)', '22004', 'name must not be NULL', 'no name');
SELECT throws_ok($$CALL journey.validate('unknown')$$, '42704', 'validation "unknown" does not exist', 'an unknown name');
SELECT throws_ok($$SELECT journey.drop_validation('unknown')$$, '42704', 'validation "unknown" does not exist', 'an unknown name is not dropped');
\set ON_ERROR_STOP off
CALL journey.validate('plain', clock_timestamp() + interval '1 day');
SELECT matches(:'SQLSTATE' || :'LAST_ERROR_MESSAGE', '^22023as_of .* lies in the future', 'a moment in the future');
CALL journey.validate('plain', 'infinity');
SELECT matches(:'SQLSTATE' || :'LAST_ERROR_MESSAGE', '^22023as_of infinity', 'the end of time');
CALL journey.validate('plain', '-infinity');
SELECT matches(:'SQLSTATE' || :'LAST_ERROR_MESSAGE', '^22023as_of -infinity', 'the beginning of time');
\set ON_ERROR_STOP on
SELECT throws_ok('SELECT journey.purge_validation(NULL)', '22004', 'older_than must not be NULL', 'purge: NULL');
SELECT errors_world.refused($$SELECT journey.purge_validation('-1 day')$$, '22023', 'older_than cannot be', 'purge: below zero');
SELECT is((SELECT count(*) FROM journey.validation_run r JOIN journey.validation v USING (name) WHERE v.source LIKE '%errors_world%'), 0::bigint, 'what does not begin leaves no run');

-- every name runs
CALL journey.validate('it''s "quoted" \ $$ %s', '2024-01-10 UTC');
CALL journey.validate(E'two\nlines', '2024-01-10 UTC');
CALL journey.validate(repeat('ü', 200), '2024-01-10 UTC');
SELECT results_eq($$SELECT DISTINCT status FROM journey.validation_run JOIN journey.validation USING (name, version) WHERE source = 'errors_world.decided'$$, $$VALUES ('done')$$, 'names with quotes, a newline and 200 letters run');

-- runs that fail: raised as they are recorded
CREATE FUNCTION errors_world.recorded(name text, code text, message text, want_code text, pattern text, title text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	last journey.validation_run := (SELECT r FROM journey.validation_run r WHERE r.name = recorded.name ORDER BY run DESC LIMIT 1);
	good boolean := code = want_code AND message ~ pattern AND last.status = 'failed' AND last.error_code = code AND last.error = message AND last.finished_at IS NOT NULL
		AND last.estimated_end IS NULL AND NOT EXISTS (SELECT FROM journey.validation_row r WHERE r.run = last.run) AND NOT EXISTS (SELECT FROM journey.validation_decision d WHERE d.run = last.run)
		AND NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid());
BEGIN
	RETURN ok(good, title) || CASE WHEN good THEN '' ELSE E'\n' || diag(format('raised %s "%s", recorded %s %s "%s"', code, message, last.status, last.error_code, last.error)) END;
END $$;
\set ON_ERROR_STOP off
CREATE TABLE errors_world.moving AS TABLE errors_world.decided;
SELECT errors_world.define('moving', source => 'SELECT * FROM errors_world.moving') IS NULL AS defined \gset
CALL journey.validate('moving', '2023-01-01 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', 'P0002', 'validation "moving" has no matured row before 2023-01-01', 'no row had matured');
CALL journey.validate('moving', '2024-01-10 UTC');
CALL journey.validate('moving', '2024-01-09 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '22023', 'as_of 2024-01-09.* lies before that of run [0-9]+, 2024-01-10', 'the clock goes back');
CALL journey.validate('moving', '2024-01-09 UTC', true);
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '22023', 'lies before', 'nor is it forced');
ALTER TABLE errors_world.moving RENAME TO moved;
CALL journey.validate('moving', '2024-01-11 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '42P01', 'errors_world.moving', 'the source is gone');
ALTER TABLE errors_world.moved RENAME TO moving;
ALTER TABLE errors_world.moving RENAME age TO years;
CALL journey.validate('moving', '2024-01-11 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '42703', '"age"', 'a feature is gone');
ALTER TABLE errors_world.moving RENAME years TO age;
ALTER TABLE errors_world.moving RENAME outcome TO bought;
CALL journey.validate('moving', '2024-01-11 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '42703', '"outcome"', 'the outcome is gone');
ALTER TABLE errors_world.moving RENAME bought TO outcome;
ALTER TABLE errors_world.moving ALTER age TYPE date USING '2024-01-01';
CALL journey.validate('moving', '2024-01-11 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '42804', '"age"', 'a feature has a type that cannot be used');
DROP TABLE errors_world.moving;
CREATE TABLE errors_world.moving AS TABLE errors_world.decided;
ALTER TABLE errors_world.moving ALTER age TYPE real;
CALL journey.validate('moving', '2024-01-11 UTC');
SELECT is(:'SQLSTATE' || (SELECT state || reason FROM journey.validation_decision WHERE name = 'moving' ORDER BY run DESC LIMIT 1),
	'00000BLOCKEDThe data cannot be trusted: schema ("age" was double precision and is real; if that is meant, define the validation again).', 'a type that changed blocks');
SELECT errors_world.define('moving', source => 'SELECT * FROM errors_world.moving') IS NULL AS defined \gset
CALL journey.validate('moving', '2024-01-11 UTC');
SELECT is((SELECT format('%s %s %s', r.version, r.status, d.state) FROM journey.validation_run r JOIN journey.validation_decision d USING (run) WHERE r.name = 'moving' ORDER BY run DESC LIMIT 1),
	'2 done INCONCLUSIVE', 'defined again, it goes on in a second version');
SELECT errors_world.define('moving', '{"margin": 0.1}', 'SELECT * FROM errors_world.moving') IS NULL AS defined \gset
CALL journey.validate('moving', '2024-01-12 UTC');
SELECT results_eq($$SELECT DISTINCT version, status FROM journey.validation_run WHERE name = 'moving' AND status = 'done' ORDER BY 1$$, $$VALUES (1, 'done'), (2, 'done'), (3, 'done')$$, 'a definition changed between runs: each run has its version');
SELECT is((SELECT d.previous_state FROM journey.validation_decision d WHERE d.name = 'moving' ORDER BY run DESC LIMIT 1), 'INCONCLUSIVE', 'and the states follow one another over versions');

-- rows that make no sense
CREATE FUNCTION errors_world.spoil(change text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	DROP TABLE errors_world.moving;
	CREATE TABLE errors_world.moving AS TABLE errors_world.decided;
	EXECUTE change;
END $$;
SELECT errors_world.spoil('SELECT');
SELECT errors_world.define('moving', '{"margin": 0.2}', 'SELECT * FROM errors_world.moving') IS NULL AS defined \gset
SELECT errors_world.spoil('DELETE FROM errors_world.moving');
CALL journey.validate('moving', '2024-01-13 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', 'P0002', 'no matured row before 2024-01-13', 'a source that is empty');
SELECT errors_world.spoil('UPDATE errors_world.moving SET way = NULL WHERE customer_id = 9');
CALL journey.validate('moving', '2024-01-13 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '22004', 'way', 'a strategy that is NULL');
SELECT errors_world.spoil('UPDATE errors_world.moving SET customer_id = NULL WHERE customer_id = 9');
CALL journey.validate('moving', '2024-01-13 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '22004', 'customer_id', 'a key that is NULL');
SELECT errors_world.spoil($$UPDATE errors_world.moving SET way = 'a'$$);
CALL journey.validate('moving', '2024-01-13 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '22023', 'one strategy|strateg', 'a single strategy');
SELECT errors_world.spoil($$UPDATE errors_world.moving SET way = 'c' WHERE customer_id = 9$$);
CALL journey.validate('moving', '2024-01-13 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '22023', '"c"', 'a strategy that was not planned');
SELECT errors_world.spoil($$UPDATE errors_world.moving SET age = 'NaN' WHERE customer_id = 9$$);
CALL journey.validate('moving', '2024-01-13 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '22003', 'age', 'a feature that is NaN');
-- an error of the source itself, while its rows are read
SELECT errors_world.define('moving', source => 'SELECT *, 1 / (customer_id - 9) AS broken FROM errors_world.decided') IS NULL AS defined \gset
CALL journey.validate('moving', '2024-01-13 UTC');
SELECT errors_world.recorded('moving', :'SQLSTATE', :'LAST_ERROR_MESSAGE', '22012', 'division by zero', 'an error of the source');
-- nothing is lost: with good rows it goes on
SELECT errors_world.spoil('SELECT');
SELECT errors_world.define('moving', '{"margin": 0.3}', 'SELECT * FROM errors_world.moving') IS NULL AS defined \gset
CALL journey.validate('moving', '2024-01-13 UTC');
SELECT is((SELECT status || n_new FROM journey.validation_run WHERE name = 'moving' ORDER BY run DESC LIMIT 1), 'done210', 'with good rows it goes on');
SELECT ok(NOT EXISTS (SELECT FROM journey.validation_run WHERE error_code = 'XX000'), 'no internal error was met');
\set ON_ERROR_STOP on

DELETE FROM journey.validation_run r USING journey.validation v WHERE r.name = v.name AND v.source LIKE '%errors_world%';
DELETE FROM journey.validation_reference r USING journey.validation v WHERE r.name = v.name AND v.source LIKE '%errors_world%';
DELETE FROM journey.validation WHERE source LIKE '%errors_world%';
DROP SCHEMA errors_world CASCADE;
SELECT * FROM finish();
