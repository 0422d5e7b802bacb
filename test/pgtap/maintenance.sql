-- Maintenance: from 17 on CREATE and REFRESH MATERIALIZED VIEW, CREATE INDEX,
-- REINDEX, CLUSTER, ANALYZE and VACUUM run with search_path = pg_catalog,
-- pg_temp.  What stands in a materialized view or an index must not need more.
--
-- R-MAINT-1	A source that names its tables with their schema is read there.
-- R-MAINT-2	One that does not is refused from 17 on, as PostgreSQL's own
--				expressions are, with the name of the table; below it is read.
-- R-MAINT-3	Functions of the extension in an index, in extended statistics and
--				in a generated column go through all of it.
SET client_min_messages = warning;
SELECT plan(9);
CREATE SCHEMA maintain_world;
CREATE TABLE maintain_world.e AS SELECT * FROM journey.simulate_events(50, seed => 1);
CREATE MATERIALIZED VIEW maintain_world.m AS SELECT * FROM journey.transitions('maintain_world.e');
SELECT lives_ok('REFRESH MATERIALIZED VIEW maintain_world.m', 'R-MAINT-1 a materialized view over a source with its schema is refreshed');
SELECT results_eq('SELECT count(*) FROM maintain_world.m', $$SELECT count(*) FROM journey.transitions('maintain_world.e')$$, 'R-MAINT-1 with its rows');

SET search_path = maintain_world, public, pg_temp;
CREATE MATERIALIZED VIEW maintain_world.n AS SELECT * FROM journey.transitions('e') WITH NO DATA;
SELECT CASE WHEN current_setting('server_version_num')::integer >= 170000
	THEN throws_ok('REFRESH MATERIALIZED VIEW maintain_world.n', '42P01', 'source "e" is not a relation', 'R-MAINT-2 a source without schema is refused from 17 on')
	ELSE lives_ok('REFRESH MATERIALIZED VIEW maintain_world.n', 'R-MAINT-2 a source without schema is read below 17') END;
SET search_path = public, pg_temp;

SELECT lives_ok('CREATE INDEX fold_of ON maintain_world.e (journey.fold(customer_id, 10), journey.hash64(touchpoint))', 'R-MAINT-3 an index over functions of the extension');
SELECT lives_ok('CREATE STATISTICS maintain_world.s ON (journey.fold(customer_id, 10)), touchpoint FROM maintain_world.e', 'R-MAINT-3 extended statistics');
SELECT lives_ok('ALTER TABLE maintain_world.e ADD COLUMN part integer GENERATED ALWAYS AS (journey.fold(customer_id, 5)) STORED', 'R-MAINT-3 a generated column');
SELECT lives_ok('ANALYZE maintain_world.e', 'R-MAINT-3 ANALYZE');
SELECT lives_ok('CLUSTER maintain_world.e USING fold_of', 'R-MAINT-3 CLUSTER');
SELECT lives_ok('REINDEX TABLE maintain_world.e', 'R-MAINT-3 REINDEX');
DROP SCHEMA maintain_world CASCADE;
SELECT * FROM finish();
