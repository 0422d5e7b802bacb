-- Every call that may be long is tried: test/slow/ cancels it at several moments
-- and looks at what it leaves behind.  This holds the lines of test/slow/ against
-- the catalogue.
--
-- R-LONG-1	Every function of COST 10000 or more, and every function that reads a
--			source, has a line "late NAME" there, or a reason here.
-- R-LONG-2	What reads a source has COST 10000 or more.
BEGIN;
SELECT plan(4);
\set lines `cat test/slow/*.sh 2>/dev/null | grep -ohE "(^|&& )late [a-z_]+" | sed 's/.*late //' | sort -u | tr '\n' ' '`
CREATE TEMP TABLE tried AS SELECT DISTINCT regexp_split_to_table(btrim(:'lines'), ' +') AS name;
CREATE TEMP TABLE reason (name text, why text);
INSERT INTO reason VALUES
('report', 'reads what runs have stored: some hundreds of rows of one validation'),
('svg_history', 'reads what runs have stored: a row a run');
CREATE TEMP VIEW long AS
SELECT p.proname::text AS name, p.procost, p.proargnames[1] IN ('source', 'reference_source', 'bins_source') AND p.proargtypes[0] = 'text'::regtype AND p.provolatile <> 'v' AS reader
FROM pg_proc p WHERE p.pronamespace = 'journey'::regnamespace AND p.prokind = 'f'
	-- parts of a validation, which runs them one by one (validate_*.sh), and
	-- final functions, tried through their aggregates
	AND p.proname !~ '^validation_|_final$' AND (p.procost >= 10000 OR p.proargnames[1] IN ('source', 'reference_source', 'bins_source'));
SELECT cmp_ok((SELECT count(*) FROM tried), '>', 90::bigint, 'the lines of test/slow are found (from the top of the tree)');
SELECT is_empty($$SELECT name FROM long WHERE name NOT IN (SELECT name FROM tried) AND name NOT IN (SELECT name FROM reason) AND (procost >= 10000 OR reader)$$,
	'R-LONG-1 every long call is cancelled in test/slow');
SELECT is_empty($$SELECT name FROM reason WHERE name IN (SELECT name FROM tried) OR name NOT IN (SELECT name FROM long)$$, 'R-LONG-1 no reason is out of date');
SELECT is_empty($$SELECT DISTINCT name, procost FROM long WHERE reader AND procost < 10000$$, 'R-LONG-2 what reads a source is dear to the planner');
SELECT * FROM finish();
ROLLBACK;
