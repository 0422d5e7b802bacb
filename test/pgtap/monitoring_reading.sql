-- source_columns, source_rows, data_fingerprint: what a nightly run reads, and
-- by what it knows the data again.
BEGIN;
SET LOCAL client_min_messages = warning;
\ir lib/close.psql
SELECT plan(72);
SET LOCAL jit = off;

CREATE TYPE public.reading_mood AS ENUM ('good', 'bad');
CREATE DOMAIN public.reading_amount AS numeric(10,2);
CREATE COLLATION public.reading_sort FROM "C";
CREATE TABLE public.reading_rows (
	id bigint PRIMARY KEY,
	name varchar(20) NOT NULL,
	gone integer,
	note text COLLATE public.reading_sort,
	mood public.reading_mood,
	amount public.reading_amount,
	tags text[] NOT NULL,
	at timestamptz,
	ratio float8,
	body jsonb);
ALTER TABLE public.reading_rows DROP COLUMN gone;
INSERT INTO public.reading_rows
SELECT i, 'n' || i, repeat(chr(228) || i, i * 40), (ARRAY['good', 'bad'])[1 + i % 2]::public.reading_mood, i * 1.25, ARRAY['a', NULL, i::text],
	timestamptz '2024-03-01 12:00+00' + i * interval '1 hour', i / 3.0, jsonb_build_object('i', i, 'w', chr(252))
FROM generate_series(1, 200) i;
UPDATE public.reading_rows SET note = NULL, amount = NULL, ratio = NULL WHERE id % 7 = 0;

-- source_columns
CREATE FUNCTION pg_temp.columns(source text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s %s %s %s%s', place, column_name, type, coalesce(collation_name, '-'), CASE WHEN not_null THEN ' not null' ELSE '' END), '; ' ORDER BY place)
	FROM journey.source_columns(source) $$;
SELECT pg_temp.text_is($$SELECT pg_temp.columns('public.reading_rows')$$,
	'1 id bigint - not null; 2 name character varying(20) default not null; 3 note text public.reading_sort; 4 mood public.reading_mood -; 5 amount public.reading_amount -; 6 tags text[] default not null; 7 at timestamp with time zone -; 8 ratio double precision -; 9 body jsonb -',
	'columns of a table');
SELECT pg_temp.text_is(format('SELECT pg_temp.columns(%L)', source), want, name) FROM (VALUES
	('SELECT id + 1 AS id, name, id::numeric(12,3) AS n, ''x''::char(3) AS c, now() AS id2 FROM public.reading_rows',
		'1 id bigint -; 2 name character varying(20) default not null; 3 n numeric(12,3) -; 4 c character(3) default; 5 id2 timestamp with time zone -', 'expressions'),
	('WITH w AS (SELECT id AS key, tags FROM public.reading_rows) SELECT tags, key FROM (SELECT * FROM w) s ORDER BY key + 1',
		'1 tags text[] default not null; 2 key bigint - not null', 'through a common table and a subquery'),
	('SELECT a.id, b.name FROM public.reading_rows a LEFT JOIN public.reading_rows b ON b.id = a.id + 1', '1 id bigint -; 2 name character varying(20) default', 'an outer join makes NULLs'),
	('SELECT x.id FROM (SELECT b.id FROM public.reading_rows a LEFT JOIN public.reading_rows b ON b.id = a.id + 1) x', '1 id bigint -', 'and so it does below'),
	('SELECT a.id FROM public.reading_rows a JOIN public.reading_rows b ON b.id = a.id', '1 id bigint - not null', 'an inner join does not'),
	('SELECT id FROM public.reading_rows UNION ALL SELECT NULL', '1 id bigint -', 'a set operation'),
	('SELECT id, count(*) AS n FROM public.reading_rows GROUP BY ROLLUP (id)', '1 id bigint -; 2 n bigint -', 'grouping sets'),
	('VALUES (1, ''a'')', '1 column1 integer -; 2 column2 text default', 'values'),
	(E'/* a /* comment */ in\n/**/ another */ -- and /* one\nVALUES (1, ''a'')', '1 column1 integer -; 2 column2 text default', 'comments in comments')) v(source, want, name);
CREATE VIEW public.reading_view AS SELECT id, name FROM public.reading_rows;
SELECT pg_temp.text_is($$SELECT pg_temp.columns('public.reading_view')$$, '1 id bigint -; 2 name character varying(20) default', 'a view declares nothing');
SET LOCAL search_path = pg_catalog, pg_temp;
SELECT string_agg(type, ',' ORDER BY place) AS named FROM journey.source_columns('SELECT mood, name, tags FROM public.reading_rows') \gset
RESET search_path;
SELECT is(:'named'::text, 'public.reading_mood,character varying(20),text[]', 'R-RDG-1 names do not follow the search path');
SET LOCAL quote_all_identifiers = on;
SELECT string_agg(type || coalesce(' ' || collation_name, ''), ',' ORDER BY place) AS named FROM journey.source_columns('SELECT mood, name, tags, note FROM public.reading_rows') \gset
SELECT is(current_setting('quote_all_identifiers'), 'on', 'R-RDG-1 the setting is left as it was');
SET LOCAL quote_all_identifiers = off;
SELECT is(:'named'::text, 'public.reading_mood,character varying(20) default,text[] default,text public.reading_sort', 'R-RDG-1 nor quote_all_identifiers');
SELECT pg_temp.refused(format('SELECT * FROM journey.source_columns(%s)', source), codes, pattern, pattern) FROM (VALUES
	('NULL', '{22004}'::text[], 'source'),
	('''''', '{22023}', 'source is empty'),
	('''public.nowhere''', '{42P01}', 'nowhere'),
	('''SELECT 1; SELECT 2''', '{42601}', '2 statements'),
	('''DELETE FROM public.reading_rows''', '{0A000}', 'DELETE'),
	('''WITH d AS (DELETE FROM public.reading_rows RETURNING id) SELECT * FROM d''', '{0A000}', 'modifies data'),
	('''SELECT nix FROM public.reading_rows''', '{42703}', 'nix')) v(source, codes, pattern);
SELECT is((SELECT count(*) FROM public.reading_rows), 200::bigint, 'and nothing was deleted');

-- source_rows
SELECT is_empty($$(SELECT t::text FROM journey.source_rows('public.reading_rows') AS t(id bigint, name varchar(20), note text, mood public.reading_mood, amount public.reading_amount, tags text[], at timestamptz, ratio float8, body jsonb))
	EXCEPT SELECT r::text FROM public.reading_rows r$$, 'R-RDG-3 values of every type are unchanged');
SELECT is((SELECT count(*) FROM journey.source_rows('public.reading_rows') AS t(id bigint)), 200::bigint, 'R-RDG-3 all rows, further columns left out');
SELECT is((SELECT string_agg(t::text, ' ' ORDER BY b) FROM journey.source_rows('SELECT 1 AS a, ''x''::text AS c, 2 AS b UNION ALL SELECT 3, NULL, 4') AS t(b integer, a integer, c text)),
	'(2,1,x) (4,3,)', 'R-RDG-3 columns by name');
SELECT is((SELECT sum(length(note)) || ' ' || sum(amount) FROM journey.source_rows('public.reading_rows') AS t(note text, name text, amount numeric)),
	(SELECT sum(length(note)) || ' ' || sum(amount) FROM public.reading_rows), 'R-RDG-3 a domain as its base type, varchar as text');
CREATE TEMP TABLE copied (id bigint, note text);
INSERT INTO copied SELECT * FROM journey.source_rows('SELECT note, id FROM public.reading_rows') AS t(id bigint, note text);
SELECT is((SELECT count(*) FROM copied JOIN public.reading_rows r USING (id) WHERE copied.note IS NOT DISTINCT FROM r.note), 200::bigint, 'into a table');
SELECT is((SELECT count(*) FROM journey.source_rows('SELECT * FROM pg_temp.copied WHERE false') AS t(id bigint)), 0::bigint, 'no rows');
SELECT is((SELECT sum(a + b) FROM journey.source_rows('SELECT g AS a, 0 AS z FROM generate_series(1, 3) g') AS t(a integer),
	LATERAL (SELECT sum(b) AS b FROM journey.source_rows('SELECT g AS b FROM generate_series(1, 2) g WHERE g <= ' || a) AS u(b integer)) s),
	13::numeric, 'inside one another');
SELECT pg_temp.refused('SELECT count(*) FROM ' || call, codes, pattern, name) FROM (VALUES
	('journey.source_rows(''public.reading_rows'') AS t(nix bigint)', '{42703}'::text[], '"nix".*id, name, note', 'a column that is not there'),
	('journey.source_rows(''public.reading_rows'') AS t(gone integer)', '{42703}', '"gone"', 'a dropped column'),
	('journey.source_rows(''public.reading_rows'') AS t(id integer)', '{42804}', '"id".*bigint.*integer', 'another type'),
	('journey.source_rows(''public.reading_rows'') AS t(id text)', '{42804}', '"id".*bigint.*text', 'text of a number'),
	('journey.source_rows(''public.reading_rows'') AS t(name varchar(5))', '{42804}', '"name".*\(20\).*\(5\)', 'another modifier'),
	('journey.source_rows(''public.reading_rows'') AS t(note varchar(9))', '{42804}', '"note".*text.*\(9\)', 'a modifier where there is none'),
	('journey.source_rows(''SELECT 1 AS a, 2 AS a'') AS t(a integer)', '{42702}', 'more than one column "a"', 'a name twice'),
	('journey.source_rows(''SELECT 1 AS a'')', '{42601}', 'column definition list', 'no definition list'),
	('(SELECT journey.source_rows(''SELECT 1 AS a'')) s', '{42601}', 'column definition list', 'in a select list'),
	('journey.source_rows(NULL) AS t(a integer)', '{22004}', 'source', 'no source'),
	('journey.source_rows(''SELECT 1 AS a; SELECT 2 AS a'') AS t(a integer)', '{42601}', '2 statements', 'two statements'),
	('journey.source_rows(''TRUNCATE public.reading_rows'') AS t(a integer)', '{0A000}', 'TRUNCATE', 'not a query'),
	('journey.source_rows(''SELECT 1 / (3 - g) AS a FROM generate_series(1, 5) g'') AS t(a integer)', '{22012}', 'division', 'an error of the source')) v(call, codes, pattern, name);

-- caller's rights
CREATE ROLE reading_nobody;
SET LOCAL ROLE reading_nobody;
SELECT throws_ok($$SELECT * FROM journey.source_rows('public.reading_rows') AS t(id bigint)$$, '42501', NULL, 'the caller''s rights');
RESET ROLE;

-- data_fingerprint
CREATE TEMP TABLE print AS SELECT journey.data_fingerprint(r) AS f FROM public.reading_rows r;
SELECT pg_temp.holds($$SELECT f ~ '^[0-9a-f]{32}:200$' FROM print$$, 'R-FPR-4 digits and the number of rows');
SELECT is((SELECT journey.data_fingerprint(r) FROM public.reading_rows r WHERE false), repeat('0', 32) || ':0', 'no rows');
-- XXH64 of 00000001 01 00000008 000000000000002a 00000002 00 00000003 01 00000003 616263 under both seeds (test/oracles/drift.py)
SELECT is((SELECT journey.data_fingerprint(t) FROM (SELECT 42::bigint AS a, NULL::text AS b, 'abc'::text AS c) t), '359c0e01b433a4da5a4fec4118244806:1', 'R-FPR-3 a row by hand');
SELECT is((SELECT journey.data_fingerprint(r) FROM (SELECT * FROM public.reading_rows ORDER BY md5(id::text)) r), (SELECT f FROM print), 'R-FPR-1 another order');
SELECT is((SELECT journey.data_fingerprint(r) FROM (SELECT * FROM public.reading_rows ORDER BY id DESC) r), (SELECT f FROM print), 'R-FPR-1 the other way round');
SET LOCAL DateStyle = 'German'; SET LOCAL TimeZone = 'Asia/Kolkata'; SET LOCAL extra_float_digits = 0; SET LOCAL bytea_output = escape; SET LOCAL IntervalStyle = sql_standard;
SELECT is((SELECT journey.data_fingerprint(r) FROM public.reading_rows r), (SELECT f FROM print), 'R-PFP-1 settings of the session');
SET LOCAL client_encoding = 'LATIN1';
SELECT is((SELECT journey.data_fingerprint(r) FROM public.reading_rows r), (SELECT f FROM print), 'R-PFP-1 the encoding of the client');
SELECT is(current_setting('client_encoding'), 'LATIN1', 'which stays as it was');
SELECT is((SELECT length(b) FROM (SELECT textsend(chr(228)) AS b) s), 1, 'in fact, too');
RESET client_encoding; RESET DateStyle; RESET TimeZone; RESET extra_float_digits; RESET bytea_output; RESET IntervalStyle;
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL max_parallel_workers_per_gather = 2;
ALTER TABLE public.reading_rows SET (parallel_workers = 2);
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END$$;
SELECT pg_temp.holds($$SELECT string_agg(l, ' ') ~ 'Finalize.*Gather.*Partial' FROM pg_temp.plan_of('SELECT journey.data_fingerprint(r) FROM public.reading_rows r') l$$, 'workers share the rows');
SELECT is((SELECT journey.data_fingerprint(r) FROM public.reading_rows r), (SELECT f FROM print), 'R-FPR-1 dealt to workers');
SELECT is((SELECT journey.data_fingerprint(r) FROM (SELECT id, name, note, mood, amount, tags, at, ratio, body FROM public.reading_rows) r), (SELECT f FROM print), 'rows of a subquery');
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather;
SELECT is((SELECT journey.data_fingerprint(t) FROM journey.source_rows('public.reading_rows') AS t(id bigint, name varchar(20), note text, mood public.reading_mood, amount public.reading_amount, tags text[], at timestamptz, ratio float8, body jsonb)),
	(SELECT f FROM print), 'through source_rows; a dropped column does not count');
SELECT pg_temp.holds(format('SELECT journey.data_fingerprint(r) <> (SELECT f FROM print) FROM (%s) r', query), name) FROM (VALUES
	('SELECT id, name, note, mood, amount, tags, at, CASE WHEN id = 5 THEN ratio + 1e-15 ELSE ratio END, body FROM public.reading_rows', 'one changed cell'),
	('SELECT id, name, note, mood, amount, tags, at, CASE WHEN id = 5 THEN NULL ELSE ratio END, body FROM public.reading_rows', 'one NULL more'),
	('SELECT * FROM public.reading_rows UNION ALL SELECT * FROM public.reading_rows WHERE id = 9', 'a row twice'),
	('SELECT * FROM public.reading_rows UNION ALL SELECT * FROM public.reading_rows', 'all rows twice'),
	('SELECT * FROM public.reading_rows WHERE id <> 9', 'a row less'),
	('SELECT id, note, name, mood, amount, tags, at, ratio, body FROM public.reading_rows', 'columns swapped'),
	('SELECT *, NULL FROM public.reading_rows', 'a column more')) v(query, name);
SELECT pg_temp.holds($$SELECT left(journey.data_fingerprint(t), 32) <> repeat('0', 32) FROM (VALUES (1, 'a'), (1, 'a')) t$$, 'R-FPR-2 equal rows do not cancel');
SELECT pg_temp.holds($$SELECT (SELECT journey.data_fingerprint(t) FROM (VALUES ('ab', 'c')) t) <> (SELECT journey.data_fingerprint(t) FROM (VALUES ('a', 'bc')) t)$$, 'bytes belong to their column');
SELECT pg_temp.holds($$SELECT (SELECT journey.data_fingerprint(t) FROM (VALUES ('', NULL)) t) <> (SELECT journey.data_fingerprint(t) FROM (VALUES (NULL, '')) t)$$, 'empty is not NULL');
SELECT is((SELECT journey.data_fingerprint(t) FROM (VALUES ('-0'::float8, '-0'::float4), (1, 'NaN')) t), (SELECT journey.data_fingerprint(t) FROM (VALUES (1, 'NaN'), ('0'::float8, '0'::float4)) t), 'R-PFP-2 -0 is 0');
SELECT is((SELECT journey.data_fingerprint(t) FROM (VALUES (NULL::public.reading_rows), (NULL)) v(t)), (SELECT left(journey.data_fingerprint(t), 32) || ':2' FROM (VALUES (NULL::public.reading_rows), (NULL)) v(t)), 'R-PFP-4 NULL is a row');
SELECT is((SELECT string_agg(f, ' ') FROM (SELECT journey.data_fingerprint(r) AS f FROM (SELECT id % 3 AS g, name FROM public.reading_rows) r GROUP BY g) s) IS NOT NULL, true, 'by group');
-- a binary form of every type the server has by its own
SELECT pg_temp.holds($$SELECT journey.data_fingerprint(t) ~ ':1$' FROM (SELECT 1::int2, 1::int4, 1::float4, true, 'x'::char(3), 'x'::name, 'x'::"char", '\x00ff'::bytea, date '2024-01-01', time '12:00', timetz '12:00+01', interval '1 day', timestamp '2024-01-01', 'infinity'::timestamptz,
	gen_random_uuid(), '1.5'::money, '10.0.0.1'::inet, '{"a":1}'::json, '<a/>'::xml, int4range(1, 5), point(1, 2), B'101', 'a b'::tsvector, ROW(1, 'a'), ARRAY[[1, 2], [3, NULL]], 'pg_class'::regclass, int4multirange(int4range(1, 2))) t$$, 'types of the server');
SELECT pg_temp.refused($$SELECT journey.data_fingerprint(t) FROM (SELECT 1 AS a, '=r/postgres'::aclitem AS rights) t$$, '{0A000}', '"rights".*aclitem', 'R-PFP-3 a type without a binary form');
SELECT pg_temp.refused($$SELECT journey.data_fingerprint(t) FROM (SELECT 1 AS a, ARRAY['=r/postgres'::aclitem] AS rights) t$$, '{0A000}', '"rights".*aclitem', 'R-PFP-3 nor an array of it');
SELECT * FROM finish();
ROLLBACK;
