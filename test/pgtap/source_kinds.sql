-- A source may be any relation and any query: partitioned, inherited, foreign
-- (over postgres_fdw, to this server itself) and temporary tables, views, views
-- with a security barrier, materialized views, functions.  Every reader gives of
-- each the bits that it gives of a plain table.
--
-- R-KIND-1	The same bits from every kind of relation, whatever order its rows
--			come in.
-- R-KIND-2	No reader is left out: the list is held against the catalogue.
SET client_min_messages = warning;
SELECT plan(CASE WHEN :'mode' = 'plain' THEN 10 ELSE 5 END);
\ir lib/readers.psql
DROP SCHEMA IF EXISTS kinds, kinds_far CASCADE;
\ir lib/readers_data.psql

CREATE TABLE kinds.partitioned (LIKE kinds.plain) PARTITION BY RANGE (ts);
CREATE TABLE kinds.january PARTITION OF kinds.partitioned FOR VALUES FROM (MINVALUE) TO ('2024-01-15 UTC') PARTITION BY HASH (customer_id);
CREATE TABLE kinds.january_0 PARTITION OF kinds.january FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE kinds.january_1 PARTITION OF kinds.january FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE kinds.later PARTITION OF kinds.partitioned FOR VALUES FROM ('2024-01-15 UTC') TO (MAXVALUE);
CREATE TABLE kinds.empty PARTITION OF kinds.partitioned DEFAULT;
INSERT INTO kinds.partitioned SELECT * FROM kinds.plain ORDER BY -i;
CREATE TABLE kinds.parent (LIKE kinds.plain);
CREATE TABLE kinds.child (note text) INHERITS (kinds.parent);
INSERT INTO kinds.parent SELECT * FROM kinds.plain WHERE i % 2 = 1;
INSERT INTO kinds.child SELECT * FROM kinds.plain WHERE i % 2 = 0;
CREATE VIEW kinds.seen AS SELECT * FROM kinds.plain;
CREATE VIEW kinds.barrier WITH (security_barrier) AS SELECT * FROM kinds.partitioned;
CREATE MATERIALIZED VIEW kinds.stored AS SELECT * FROM kinds.plain ORDER BY i % 13;
CREATE TEMP TABLE kinds_temporary AS SELECT * FROM kinds.plain ORDER BY i % 17;
CREATE FUNCTION kinds.called() RETURNS SETOF kinds.plain LANGUAGE sql STABLE AS 'SELECT * FROM kinds.plain ORDER BY i % 11';
-- a foreign table that is kinds.plain again, read through another connection
CREATE FUNCTION pg_temp.foreign_table() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	CREATE EXTENSION IF NOT EXISTS postgres_fdw;
	EXECUTE format('CREATE SERVER kinds_here FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L)',
		coalesce(nullif(split_part(current_setting('unix_socket_directories'), ',', 1), ''), 'localhost'), current_setting('port'), current_database());
	EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER kinds_here OPTIONS (user %L)', current_user);
	IMPORT FOREIGN SCHEMA kinds LIMIT TO (plain) FROM SERVER kinds_here INTO kinds_far;
	RETURN '';
EXCEPTION WHEN OTHERS THEN RETURN SQLERRM;
END $$;
CREATE SCHEMA kinds_far;
SELECT pg_temp.foreign_table() AS no_foreign \gset
CREATE TEMP TABLE kind (name text, relation text);
INSERT INTO kind VALUES ('a partitioned table', 'kinds.partitioned'), ('an inherited table', 'kinds.parent'), ('a view', 'kinds.seen'),
('a view with a security barrier, over partitions', 'kinds.barrier'), ('a materialized view', 'kinds.stored'), ('a temporary table', 'pg_temp.kinds_temporary'),
('a function', 'kinds.called()'), ('a foreign table', 'kinds_far.plain');
-- parallel plans and little memory are the affair of each room's own tests:
-- here a part of the calls over a part of the kinds
DELETE FROM kind WHERE :'mode' <> 'plain' AND relation NOT IN ('kinds.partitioned', 'kinds.barrier', 'kinds_far.plain');
ANALYZE kinds.plain, kinds.partitioned, kinds.parent, kinds.stored;

CREATE TEMP TABLE wanted AS SELECT name, call, pg_temp.reads(call, 'kinds.plain') AS answer FROM reader_call
WHERE :'mode' = 'plain' OR journey.fold(name, 7) = 1;
-- R-KIND-2
SELECT is_empty('SELECT * FROM reader_missing', 'R-KIND-2 every function that reads a source is called');
SELECT is_empty($$SELECT name, answer FROM wanted WHERE answer IS NULL OR answer LIKE 'error %'$$, 'R-KIND-2 every call has an answer');
-- R-KIND-1
SELECT CASE WHEN k.relation = 'kinds_far.plain' AND :'no_foreign' <> '' THEN skip('a foreign table: ' || :'no_foreign', 1)
	ELSE is((SELECT string_agg(w.name, ' ') FROM wanted w WHERE pg_temp.reads(w.call, k.relation) IS DISTINCT FROM w.answer), NULL, 'R-KIND-1 the same bits from ' || k.name) END
FROM kind k;
DROP SCHEMA kinds, kinds_far CASCADE;
DROP EXTENSION IF EXISTS postgres_fdw CASCADE;
SELECT * FROM finish();
