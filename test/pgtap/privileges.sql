-- What a role without privileges can do to the extension, and what it can see
-- through it.  All in one transaction, roles included.
--
-- R-PRIV-1	A schema prepared before the installation stops it; nothing in it is
--			adopted.  So does a schema, function or type that bears our name.
-- R-PRIV-2	A role that may create in the database installs the extension
--			(trusted); every object belongs to the bootstrap superuser, and the
--			role can neither change nor add one.  Others may not install it.
-- R-PRIV-3	Who may not read a relation reads nothing of it through us: every
--			reader is refused (42501), and the message holds no value.
-- R-PRIV-4	Row security and views with a security barrier hold: every reader
--			gives what the visible rows alone give, to the bit; hidden rows raise
--			no error of ours and appear in none, and our functions in a WHERE
--			clause are not run on them.
-- R-PRIV-5	Columns that may be read are enough.
-- R-PRIV-6	Definitions and results of validations belong to who made them.
SET client_min_messages = warning;
SET jit = off;
\ir lib/readers.psql
BEGIN;
SELECT plan(CASE WHEN :'mode' = 'plain' THEN 45 ELSE 38 END);
SELECT 'journey_plain_' || current_database() AS plain, 'journey_other_' || current_database() AS other, current_database() AS here, current_user AS me \gset
CREATE ROLE :"plain";
CREATE ROLE :"other";
CREATE FUNCTION pg_temp.said(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
GRANT USAGE ON SCHEMA public TO PUBLIC;
DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %s TO PUBLIC', pg_my_temp_schema()::regnamespace); END $$;
GRANT SELECT ON reader_call TO PUBLIC;

-- R-PRIV-2: what a role can do to what is installed
SET ROLE :"plain";
SELECT matches(pg_temp.said(s), '^42501', 'R-PRIV-2 a plain role cannot ' || s) FROM (VALUES
('CREATE TABLE journey.mine ()'), ('CREATE FUNCTION journey.fold(bigint, bigint) RETURNS integer LANGUAGE sql AS ''SELECT 1'''), ('CREATE TYPE journey.mine AS (a integer)'),
('CREATE VIEW journey.mine AS SELECT 1'), ('CREATE OPERATOR journey.+ (FUNCTION = float8pl, LEFTARG = float8, RIGHTARG = float8)'),
('CREATE OR REPLACE FUNCTION journey.hash64(bigint, bigint) RETURNS integer LANGUAGE sql AS ''SELECT 1'''), ('ALTER FUNCTION journey.fold(bigint, integer, bigint, integer) OWNER TO CURRENT_USER'),
('ALTER FUNCTION journey.fold(bigint, integer, bigint, integer) SET search_path = x'), ('DROP FUNCTION journey.fold(bigint, integer, bigint, integer)'), ('ALTER TYPE journey.estimate ADD ATTRIBUTE mine integer'),
('ALTER TABLE journey.validation DISABLE ROW LEVEL SECURITY'), ('ALTER TABLE journey.validation ADD COLUMN mine integer'), ('CREATE POLICY mine ON journey.validation USING (true)'),
('DROP POLICY own ON journey.validation'), ('TRUNCATE journey.validation CASCADE'), ('CREATE TRIGGER mine BEFORE INSERT ON journey.validation EXECUTE FUNCTION suppress_redundant_updates_trigger()'),
('ALTER SCHEMA journey RENAME TO mine'), ('DROP SCHEMA journey CASCADE'), ('ALTER EXTENSION journey ADD FUNCTION pg_temp.said(text)'), ('DROP EXTENSION journey CASCADE')) v(s)
WHERE :'mode' = 'plain' OR s ~ '^(CREATE TABLE|CREATE FUNCTION|CREATE OR|ALTER FUNCTION|ALTER TABLE|CREATE POL|TRUNCATE|CREATE TRIG|ALTER SCHEMA|DROP EXT|ALTER EXT)';
RESET ROLE;

-- R-PRIV-3 to R-PRIV-5
\ir lib/readers_data.psql
GRANT USAGE ON SCHEMA kinds TO PUBLIC;
CREATE TABLE kinds.visible AS SELECT * FROM kinds.plain;
GRANT SELECT ON kinds.visible TO PUBLIC;
-- hidden rows that would end every reader with an error that names them
INSERT INTO kinds.plain SELECT i + 1000, customer_id + 1000000, 'infinity', repeat('secret', 300000), NULL, 'NaN', 'Infinity', 'NaN', 'NaN', 7, 'secret', NULL, NULL, -7, 'infinity', '-infinity' FROM kinds.visible WHERE i <= 5;
-- (dear, so that whatever may run before it does)
CREATE FUNCTION kinds.allowed(customer_id bigint) RETURNS boolean LANGUAGE plpgsql COST 100000 AS 'BEGIN RETURN customer_id < 1000000; END';
CREATE VIEW kinds.barrier WITH (security_barrier) AS SELECT * FROM kinds.plain WHERE kinds.allowed(customer_id);
GRANT SELECT ON kinds.barrier TO PUBLIC;
CREATE TABLE kinds.ruled AS SELECT * FROM kinds.plain;
ALTER TABLE kinds.ruled ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON kinds.ruled USING (kinds.allowed(customer_id));
GRANT SELECT ON kinds.ruled TO PUBLIC;
GRANT SELECT (customer_id, ts, touchpoint) ON kinds.plain TO :"other";
CREATE TEMP TABLE wanted AS SELECT name, call, pg_temp.reads(call, 'kinds.visible') AS answer FROM reader_call
WHERE :'mode' = 'plain' OR journey.fold(name, 12) = 2;
GRANT SELECT ON wanted TO PUBLIC;
SELECT is_empty($$SELECT name, answer FROM wanted WHERE answer IS NULL OR answer LIKE 'error %'$$, 'R-PRIV-4 every call has an answer');
SET ROLE :"plain";
SELECT is((SELECT string_agg(w.name || ': ' || left(pg_temp.reads(w.call, 'kinds.plain'), 100), E'\n') FROM wanted w
		-- (names and types of columns are open to all in the catalogue)
		WHERE w.name <> 'source_columns' AND pg_temp.reads(w.call, 'kinds.plain') <> 'error 42501 permission denied for table plain'),
	NULL, 'R-PRIV-3 every reader is refused where the caller may not read');
SELECT is((SELECT string_agg(w.name, ' ') FROM wanted w WHERE pg_temp.reads(w.call, 'kinds.ruled') IS DISTINCT FROM w.answer), NULL, 'R-PRIV-4 under row security every reader sees the visible rows only');
SELECT is((SELECT string_agg(w.name, ' ') FROM wanted w WHERE pg_temp.reads(w.call, 'kinds.barrier') IS DISTINCT FROM w.answer), NULL, 'R-PRIV-4 so does every reader of a view with a security barrier');
SELECT is((SELECT count(*) FROM journey.customer_features('kinds.ruled')), 60::bigint, 'R-PRIV-4 also by the name of the relation');
-- the same in a WHERE clause: errors of ours would name the hidden value
CREATE TEMP TABLE probe (name text, condition text);
INSERT INTO probe VALUES ('fold', 'journey.fold(customer_id, fold) > 0'), ('entropy', 'journey.entropy(ARRAY[touchpoint, ''a'']) >= 0'),
('psi', 'journey.psi(ARRAY[50, fold], ARRAY[50, 50]) IS NOT NULL'), ('permutation_entropy', 'journey.permutation_entropy(ARRAY[y, x1, x2, p]) IS NOT NULL');
SELECT is((SELECT string_agg(p.name || ' ' || r.r || ': ' || left(a.a, 80), E'\n') FROM probe p, (VALUES ('kinds.ruled'), ('kinds.barrier')) r(r),
		LATERAL (SELECT pg_temp.reads('SELECT count(*)::text FROM @ WHERE ' || p.condition, r.r) AS a) a WHERE a.a LIKE '%1000000%' OR a.a ILIKE '%secret%' OR a.a LIKE 'error %'), NULL,
	'R-PRIV-4 our functions in a WHERE clause do not run on hidden rows');
RESET ROLE;
SELECT is((SELECT string_agg(p.name, ' ' ORDER BY p.name COLLATE "C") FROM probe p WHERE pg_temp.reads('SELECT count(*)::text FROM @ WHERE ' || p.condition, 'kinds.plain') LIKE 'error %'), 'entropy fold permutation_entropy psi',
	'R-PRIV-4 (where nothing is hidden they do run, and fail)');
SET ROLE :"other";
SELECT matches(pg_temp.reads('SELECT count(*)::text FROM journey.lint_events(''SELECT customer_id, ts, touchpoint FROM @'')', 'kinds.plain'), '^[0-9]+$', 'R-PRIV-5 a query of the columns that may be read is read');
SELECT is(pg_temp.reads('SELECT count(*)::text FROM journey.lint_events(''@'')', 'kinds.plain'), 'error 42501 permission denied for table plain', 'R-PRIV-5 the name alone means all columns');
RESET ROLE;

-- R-PRIV-6
CREATE FUNCTION pg_temp.define(name text) RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.said(format('SELECT journey.define_validation(%L, ''SELECT customer_id, y, way, decided_at, matured_at FROM kinds.visible'', ''y'', ''way'', ''customer_id'', ''{}'', ''{"decided_at": "decided_at", "matured_at": "matured_at"}'')', name)) $$;
SET ROLE :"plain";
SELECT is(pg_temp.define('of plain'), 'done', 'R-PRIV-6 a plain role defines a validation');
SET ROLE :"other";
SELECT is((SELECT count(*) FROM journey.validation WHERE name = 'of plain'), 0::bigint, 'R-PRIV-6 another does not see it');
SELECT matches(pg_temp.define('of plain'), '^(42501|42710|23505) ', 'R-PRIV-6 nor can it take its name');
SELECT matches(pg_temp.said('INSERT INTO journey.validation (name, version, source, outcome, strategy, key, features, options, owner, search_path, source_schema, fingerprint) SELECT ''forged'', 1, ''SELECT 1'', ''y'', ''way'', ''c'', ''{}'', ''{}'', ''' || :'me' || '''::regrole, ''public'', ''[]'', ''5d41402abc4b2a76b9719d911017c592'''), '^42501',
	'R-PRIV-6 nor write a definition that belongs to a superuser');
RESET ROLE;
DELETE FROM journey.validation WHERE name = 'of plain';

-- R-PRIV-1, R-PRIV-2: installing
DROP EXTENSION journey CASCADE;
SET ROLE :"plain";
SELECT matches(pg_temp.said('CREATE EXTENSION journey'), '^42501', 'R-PRIV-2 who may not create in the database may not install');
RESET ROLE;
GRANT CREATE ON DATABASE :"here" TO :"plain";
SET ROLE :"plain";
SAVEPOINT clean;
CREATE SCHEMA journey;
CREATE FUNCTION journey.fold(bigint, bigint) RETURNS integer LANGUAGE sql AS 'SELECT 0';
SELECT matches(pg_temp.said('CREATE EXTENSION journey'), '^42P06 schema "journey" already exists', 'R-PRIV-1 a prepared schema stops the role that prepared it');
RESET ROLE;
SELECT matches(pg_temp.said('CREATE EXTENSION journey'), '^42P06 schema "journey" already exists', 'R-PRIV-1 and a superuser');
SELECT matches(pg_temp.said('CREATE EXTENSION IF NOT EXISTS journey CASCADE'), '^42P06 ', 'R-PRIV-1 also with IF NOT EXISTS');
SELECT matches(pg_temp.said('CREATE EXTENSION journey SCHEMA journey'), '^(42P06|0A000|55000) ', 'R-PRIV-1 also with SCHEMA');
ROLLBACK TO clean;
SELECT is(pg_temp.said('CREATE EXTENSION journey'), 'done', 'R-PRIV-2 who may create in the database installs');
RESET ROLE;
CREATE TEMP VIEW member AS SELECT classid, objid, pg_describe_object(classid, objid, 0) AS what,
	CASE classid WHEN 'pg_proc'::regclass THEN (SELECT proowner FROM pg_proc WHERE oid = objid) WHEN 'pg_type'::regclass THEN (SELECT typowner FROM pg_type WHERE oid = objid)
		WHEN 'pg_class'::regclass THEN (SELECT relowner FROM pg_class WHERE oid = objid) WHEN 'pg_namespace'::regclass THEN (SELECT nspowner FROM pg_namespace WHERE oid = objid) END AS owner
FROM pg_depend WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'journey');
SELECT is_empty('SELECT what FROM member WHERE owner IS DISTINCT FROM 10', 'R-PRIV-2 every object belongs to the bootstrap superuser');
SELECT is((SELECT extowner::regrole FROM pg_extension WHERE extname = 'journey'), (:'plain')::regrole, 'R-PRIV-2 the extension to who installed it');
SET ROLE :"plain";
SELECT is((SELECT string_agg(s, E'\n') FROM (VALUES ('CREATE TABLE journey.mine ()'), ('CREATE FUNCTION journey.fold(bigint, bigint) RETURNS integer LANGUAGE sql AS ''SELECT 1'''),
	('DROP FUNCTION journey.fold(bigint, integer, bigint, integer)'), ('ALTER TABLE journey.validation DISABLE ROW LEVEL SECURITY'), ('CREATE POLICY mine ON journey.validation USING (true)'),
	('ALTER EXTENSION journey DROP FUNCTION journey.fold(bigint, integer, bigint, integer)'), ('ALTER EXTENSION journey ADD FUNCTION pg_temp.said(text)'), ('ALTER EXTENSION journey SET SCHEMA public'),
	('ALTER SCHEMA journey OWNER TO CURRENT_USER'), ('UPDATE pg_extension SET extconfig = NULL'), ('TRUNCATE journey.validation CASCADE')) v(s)
	WHERE pg_temp.said(s) !~ '^(42501|0A000)'), NULL, 'R-PRIV-2 and yet it can change none of them');
SELECT is((SELECT count(*) FROM journey.customer_features('kinds.visible')), 60::bigint, 'R-PRIV-2 what it installed works');
SELECT is(pg_temp.define('installed'), 'done', 'R-PRIV-2 validations too');
SELECT is(pg_temp.said('DROP EXTENSION journey'), 'done', 'R-PRIV-2 and it can remove the extension');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
