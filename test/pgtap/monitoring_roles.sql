-- Whose validation it is: rights on the source, row security, other roles,
-- superusers, readers of all data.  Outside a transaction, since the procedure
-- commits; roles are named after the database, and dropped at the end.
--
-- R-STORE-1	Rows belong to the role that made the definition.
-- R-RUN-6	What a definition reads is not run with the rights of a superuser.
SET client_min_messages = warning;
SET jit = off;
SET search_path = public, pg_temp;
\set VERBOSITY terse
SELECT current_database() || '_ann' AS ann, current_database() || '_bob' AS bob, current_database() || '_eve' AS eve, current_database() || '_team' AS team \gset
SELECT plan(47);
CREATE ROLE :"ann";
CREATE ROLE :"bob";
CREATE ROLE :"eve";
CREATE ROLE :"team";
CREATE SCHEMA roles_world;
GRANT USAGE ON SCHEMA roles_world TO PUBLIC;
CREATE TABLE roles_world.decided AS
SELECT i AS customer_id, CASE WHEN journey.hash64(i, 1) > 0 THEN 'a' ELSE 'b' END AS way, journey.hash64(i, 2) > 0 AS outcome, i % 2 = 0 AS even,
	'2024-01-01 UTC'::timestamptz + i * interval '1 hour' AS decided_at, '2024-01-02 UTC'::timestamptz + i * interval '1 hour' AS matured_at
FROM generate_series(1, 400) i;
GRANT SELECT ON roles_world.decided TO :"ann", :"bob", :"team";
CREATE FUNCTION roles_world.define(name text, more jsonb DEFAULT '{}') RETURNS integer LANGUAGE sql AS $$
SELECT journey.define_validation(name, 'roles_world.decided', 'outcome', 'way', 'customer_id', '{}',
	'{"decided_at": "decided_at", "matured_at": "matured_at", "planned": {"a": 1, "b": 1}, "repeats": 1, "folds": 2}' || more) $$;
CREATE FUNCTION roles_world.said(code text, message text, want text, pattern text, title text) RETURNS text LANGUAGE sql AS $$
SELECT ok(code = want AND message ~ pattern, title) || CASE WHEN code = want AND message ~ pattern THEN '' ELSE E'\n' || diag(code || ' ' || message) END $$;
-- what a role sees of each table and view
CREATE FUNCTION roles_world.sees(name text) RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', (SELECT count(*) > 0 FROM journey.validation v WHERE v.name = $1), (SELECT count(*) > 0 FROM journey.validation_run v WHERE v.name = $1),
	(SELECT count(*) > 0 FROM journey.validation_result), (SELECT count(*) > 0 FROM journey.validation_check), (SELECT count(*) > 0 FROM journey.validation_decision v WHERE v.name = $1),
	(SELECT count(*) > 0 FROM journey.validation_sequence), (SELECT count(*) > 0 FROM journey.validation_chart),
	(SELECT count(*) > 0 FROM journey.validation_latest v WHERE v.name = $1), (SELECT count(*) > 0 FROM journey.validation_history v WHERE v.name = $1), (SELECT count(*) > 0 FROM journey.validation_row)) $$;
\set ON_ERROR_STOP off

-- the owner
SET ROLE :"ann";
SELECT is(roles_world.define('hers'), 1, 'a role without privileges of its own defines a validation');
CALL journey.validate('hers', '2024-01-10 UTC');
SELECT is((SELECT status || ' ' || n_rows FROM journey.validation_run WHERE name = 'hers'), 'done 191', 'and runs it');
SELECT is(roles_world.sees('hers'), 't t t t t t t t t t', 'and sees all of it');

-- another role
SET ROLE :"bob";
SELECT is(roles_world.sees('hers'), 'f f f f f f f f f f', 'another role sees nothing of it');
CALL journey.validate('hers', '2024-01-11 UTC');
SELECT roles_world.said(:'SQLSTATE', :'LAST_ERROR_MESSAGE', '42704', 'validation "hers" does not exist', 'and cannot run it');
SELECT throws_ok($$SELECT journey.drop_validation('hers')$$, '42704', 'validation "hers" does not exist', 'nor drop it');
SELECT throws_ok($$SELECT roles_world.define('hers')$$, '42710', 'validation "hers" belongs to another role', 'nor take its name');
SELECT is(journey.purge_validation('0'), 0::bigint, 'nor purge it');
UPDATE journey.validation_decision SET acknowledged_by = 'bob';
UPDATE journey.validation SET active = false;
DELETE FROM journey.validation_run;
SELECT throws_ok(format($$INSERT INTO journey.validation_result (run, metric, strategy, method) VALUES (%s, 'value', 'z', 'x')$$, 1), '42501', NULL, 'nor write into a run that is not its own');
SELECT throws_ok($$INSERT INTO journey.validation (name, version, source, outcome, strategy, features, options, owner, search_path, source_schema, fingerprint)
	SELECT 'forged', 1, 'SELECT 1', 'a', 'b', '{}', '{}', r.oid, '', '[]', 'x' FROM pg_roles r WHERE rolname = current_database() || '_ann'$$, '42501', NULL, 'nor forge a definition of hers');
SELECT is(roles_world.define('his'), 1, 'it has its own');
CALL journey.validate('his', '2024-01-10 UTC');
SELECT is((SELECT string_agg(name, ' ') FROM journey.validation_latest), 'his', 'and sees its own only');
SELECT throws_ok($$UPDATE journey.validation SET owner = (SELECT r.oid FROM pg_roles r WHERE rolname = current_database() || '_ann') WHERE name = 'his'$$, '42501', NULL, 'it cannot pass its definition off as hers');
-- a version, a run or a decision under another's name would be taken for its owner's by who sees all
SELECT throws_ok($$INSERT INTO journey.validation SELECT 'hers', 2, v.source, v.outcome, v.strategy, v.key, v.features, v.options, false, v.owner, v.search_path, v.source_schema, v.fingerprint FROM journey.validation v WHERE v.name = 'his'$$, '42501', NULL, 'nor add a version to hers');
SELECT throws_ok($$UPDATE journey.validation SET name = 'hers', version = 2 WHERE name = 'his'$$, '42501', NULL, 'nor make its own one of hers');
SELECT throws_ok($$UPDATE journey.validation_decision SET name = 'hers' WHERE name = 'his'$$, '42501', NULL, 'nor put a decision of its run under her name');
SELECT throws_ok($$INSERT INTO journey.validation_run (run, name, version, status, steps, as_of, seed, extension_version, server_version)
	SELECT (SELECT max(run) FROM journey.validation_run) + i, 'his', 1, 'failed', 1, now(), 0, '', '' FROM generate_series(1, 10) i$$, '42501', NULL, 'nor take the numbers of runs to come');
SELECT throws_ok($$UPDATE journey.validation_run SET run = 9223372036854775807 WHERE name = 'his'$$, '42501', NULL, 'not for a run of its own either');
SELECT lives_ok($$SELECT roles_world.define('his', '{"margin": 0.5}'), roles_world.define('his', '{"margin": 0.5}'), roles_world.define('his')$$, 'its own name it has for any number of versions');
SET ROLE :"ann";
SELECT is((SELECT string_agg(concat_ws(' ', v.name, active, acknowledged_by), ',') FROM journey.validation v JOIN journey.validation_decision d USING (name)), 'hers t', 'nothing of hers changed');

-- rights on the source
RESET ROLE;
REVOKE SELECT ON roles_world.decided FROM :"ann";
SET ROLE :"ann";
CALL journey.validate('hers', '2024-01-11 UTC');
SELECT roles_world.said(:'SQLSTATE', :'LAST_ERROR_MESSAGE', '42501', 'permission denied for table decided', 'without rights on the source a run fails');
SELECT is((SELECT concat_ws(' ', status, error_code, error) FROM journey.validation_run WHERE name = 'hers' ORDER BY run DESC LIMIT 1), 'failed 42501 permission denied for table decided', 'and is recorded');
SELECT is((SELECT concat_ws(' ', run IS NOT NULL, last_status, last_error) FROM journey.validation_latest WHERE name = 'hers'), 't failed permission denied for table decided', 'where it shows beside the last good one');

-- row security of the source
RESET ROLE;
GRANT SELECT ON roles_world.decided TO :"ann";
ALTER TABLE roles_world.decided ENABLE ROW LEVEL SECURITY;
CREATE POLICY half ON roles_world.decided USING (even OR current_user = current_database() || '_bob');
SET ROLE :"ann";
SELECT roles_world.define('half') IS NULL AS defined \gset
CALL journey.validate('half', '2024-01-10 UTC');
SELECT is((SELECT status || ' ' || n_rows || ' ' || n_keys FROM journey.validation_run WHERE name = 'half'), 'done 95 95', 'a role that may see half of the rows validates on half');
SET ROLE :"bob";
CALL journey.validate('his', '2024-01-11 UTC');
SELECT is((SELECT status || ' ' || n_rows FROM journey.validation_run WHERE name = 'his' ORDER BY run DESC LIMIT 1), 'done 215', 'one that may see all, on all');

-- superusers
RESET ROLE;
CALL journey.validate('hers', '2024-01-12 UTC');
SELECT roles_world.said(:'SQLSTATE', :'LAST_ERROR_MESSAGE', '42501', format('validation "hers" belongs to role .*%s.* and would run with the rights of a superuser', :'ann'), 'a superuser does not run it');
SELECT is((SELECT max(run) FROM journey.validation_run WHERE name = 'hers' AND as_of = '2024-01-12 UTC'), NULL, 'nothing was run');
SELECT max(run) AS her_run FROM journey.validation_run WHERE name = 'hers' \gset
SELECT throws_ok(format('SELECT journey.validation_step(%s, false)', :her_run), '42501', format('validation "hers" belongs to role %I and would run with the rights of a superuser', :'ann'), 'R-RUN-6 nor a single step of it');
SET ROLE :"ann";
CALL journey.validate('hers', '2024-01-12 UTC');
SELECT is(:'SQLSTATE'::text, '00000', 'after SET ROLE it does');
RESET ROLE;
SELECT roles_world.define('ours') IS NULL AS defined \gset
CALL journey.validate('ours', '2024-01-10 UTC');
SELECT is((SELECT status FROM journey.validation_run WHERE name = 'ours'), 'done', 'its own it runs');
SELECT is((SELECT count(*) FROM journey.validation_latest WHERE name IN ('hers', 'his', 'ours', 'half')), 4::bigint, 'and sees all');

-- members of the owner
SET ROLE :"team";
SELECT roles_world.define('theirs') IS NULL AS defined \gset
RESET ROLE;
GRANT :"team" TO :"bob";
SET ROLE :"bob";
CALL journey.validate('theirs', '2024-01-10 UTC');
SELECT is((SELECT status || ' ' || n_rows FROM journey.validation_run WHERE name = 'theirs'), 'done 191', 'a member of the owning role runs what it owns');
SELECT roles_world.define('theirs') IS NULL AS defined \gset
SELECT is((SELECT string_agg(v.version || ' ' || v.owner, ' ') FROM journey.validation v WHERE v.name = 'theirs'), '1 ' || quote_ident(:'team'), 'defining it again takes nothing away from the role');
SELECT lives_ok($$SELECT journey.drop_validation('theirs')$$, 'and drops it');
SET ROLE :"ann";
SELECT is((SELECT count(*) FROM journey.validation_run WHERE name = 'theirs'), 0::bigint, 'who is none does not see it');

-- readers of all data
RESET ROLE;
GRANT pg_read_all_data TO :"eve";
SET ROLE :"eve";
SELECT is((SELECT string_agg(name, ' ' ORDER BY name) FROM journey.validation_latest WHERE name IN ('hers', 'his', 'ours', 'half')), 'half hers his ours', 'a reader of all data sees the latest of everybody');
SELECT is((SELECT count(DISTINCT name) FROM journey.validation_history WHERE name IN ('hers', 'his')), 2::bigint, 'and their history');
CALL journey.validate('hers', '2024-01-13 UTC');
SELECT roles_world.said(:'SQLSTATE', :'LAST_ERROR_MESSAGE', '42501', 'validation "hers" belongs to role', 'but does not run them');
SELECT throws_ok(format('SELECT journey.validation_step(%s, false)', :her_run), '42501', format('validation "hers" belongs to role %I', :'ann'), 'not even a step');
SELECT ok(NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()), 'no lock is left');
UPDATE journey.validation_decision SET acknowledged_by = 'eve';
SELECT is((SELECT count(*) FROM journey.validation_decision WHERE acknowledged_by = 'eve'), 0::bigint, 'nor changes anything');
SELECT throws_ok($$SELECT journey.drop_validation('hers')$$, '42501', format('validation "hers" belongs to role %I', :'ann'), 'nor drops them');
SELECT throws_ok($$SELECT roles_world.define('hers')$$, '42710', 'validation "hers" belongs to another role', 'nor defines them');
SELECT throws_ok($$SELECT roles_world.define('theirs')$$, '42710', 'validation "theirs" belongs to another role', 'not even a dropped one');
RESET ROLE;
SELECT is((SELECT active FROM journey.validation WHERE name = 'hers'), true, 'it is still live');

SET ROLE :"ann";
SELECT is((SELECT v.owner::text FROM journey.validation v WHERE v.name = 'hers'), quote_ident(:'ann'), 'the owner is the role');
RESET ROLE;
SELECT throws_ok(format('DROP ROLE %I', :'ann'), '2BP01', NULL, 'a role with rights is not dropped by accident');
\set ON_ERROR_STOP on

DELETE FROM journey.validation_run WHERE name IN ('hers', 'his', 'half', 'ours', 'theirs');
DELETE FROM journey.validation WHERE name IN ('hers', 'his', 'half', 'ours', 'theirs');
DROP SCHEMA roles_world CASCADE;
DROP OWNED BY :"ann", :"bob", :"eve", :"team";
DROP ROLE :"ann", :"bob", :"eve", :"team";
SELECT * FROM finish();
