-- connected_components: against a recursive query, kinds of ids, NULLs, order, refusals.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
SELECT plan(17);

CREATE TABLE links AS SELECT journey.hash64(i, 1) & 255 AS a, journey.hash64(i, 2) & 255 AS b FROM generate_series(1, 110) i;
CREATE FUNCTION pg_temp.by_sql() RETURNS TABLE (id text, component text) LANGUAGE sql AS $$
	WITH RECURSIVE pair AS (SELECT a::text AS x, b::text AS y FROM links UNION SELECT b::text, a::text FROM links UNION SELECT a::text, a::text FROM links UNION SELECT b::text, b::text FROM links),
	reach AS (SELECT x, y FROM pair UNION SELECT r.x, p.y FROM reach r JOIN pair p ON p.x = r.y)
	SELECT x, min(y COLLATE "C") FROM reach GROUP BY x $$;
SELECT results_eq($$SELECT * FROM journey.connected_components('links')$$, 'SELECT * FROM pg_temp.by_sql() ORDER BY id COLLATE "C"', 'components by a recursive query, ids in byte order');
SELECT cmp_ok((SELECT count(DISTINCT component) FROM journey.connected_components('links')), '>', 5::bigint, 'several of them');
SELECT is((SELECT array_agg(c::text) FROM journey.connected_components('SELECT b AS a, a AS b FROM links ORDER BY md5(a || ''x'' || b)') c),
	(SELECT array_agg(c::text) FROM journey.connected_components('links') c), 'neither the order of rows nor of columns matters');
SELECT is((SELECT array_agg(c::text) FROM journey.connected_components('SELECT a::smallint, b::text FROM links') c),
	(SELECT array_agg(c::text) FROM journey.connected_components('links') c), 'the kind of ids does not matter');
SELECT results_eq($$SELECT * FROM journey.connected_components('SELECT * FROM (VALUES (10, 9), (2, 3), (3, 4)) v(a, b)')$$, $$VALUES ('10', '10'), ('2', '2'), ('3', '2'), ('4', '2'), ('9', '10')$$, 'integers are named in byte order too');
SELECT results_eq($$SELECT * FROM journey.connected_components('SELECT * FROM (VALUES (''anna'', ''m@x''), (''bert'', NULL), (NULL, ''z@x''), (NULL, NULL), (''carl'', ''m@x'')) v(a, b)')$$,
	$$VALUES ('anna', 'anna'), ('bert', 'bert'), ('carl', 'anna'), ('m@x', 'anna'), ('z@x', 'z@x')$$, 'NULL links nothing');
SELECT results_eq($$SELECT * FROM journey.connected_components('SELECT * FROM (VALUES (''a'', NULL), (''a'', ''b'')) v(a, b)')$$, $$VALUES ('a', 'a'), ('b', 'a')$$, 'alone in one row, linked in another');
SELECT results_eq($$SELECT * FROM journey.connected_components('SELECT '''' AS a, ''é'' AS b')$$, $$VALUES ('', ''), ('é', '')$$, 'the empty text is an id');
SELECT results_eq($$SELECT * FROM journey.connected_components('SELECT 7 AS a, 7 AS b')$$, $$VALUES ('7', '7')$$, 'linked to itself');
SELECT results_eq($$SELECT * FROM journey.connected_components('SELECT ''00010203-0405-0607-0809-0a0b0c0d0e0f''::uuid AS a, 5::bigint AS b')$$,
	$$VALUES ('00010203-0405-0607-0809-0a0b0c0d0e0f', '00010203-0405-0607-0809-0a0b0c0d0e0f'), ('5', '00010203-0405-0607-0809-0a0b0c0d0e0f')$$, 'uuid and bigint');
SELECT is((SELECT count(DISTINCT component) || ' of ' || count(*) FROM journey.connected_components('SELECT i AS a, i + 1 AS b FROM generate_series(1, 50000) i')), '1 of 50001', 'a long chain');
SELECT is_empty($$SELECT * FROM journey.connected_components('SELECT a, b FROM links WHERE false')$$, 'no links');
SELECT is_empty($$SELECT * FROM journey.connected_components('SELECT NULL::text AS a, NULL::bigint AS b')$$, 'two NULLs');
SELECT throws_ok($$SELECT * FROM journey.connected_components('SELECT 1 AS a')$$, '42703', NULL, 'no column b');
SELECT throws_ok($$SELECT * FROM journey.connected_components('SELECT 1 AS a, 0.5 AS b')$$, '42804', NULL, 'a fraction');
SELECT throws_ok($$SELECT * FROM journey.connected_components(NULL)$$, '22004', 'argument "source" must not be null', 'source NULL');
SELECT throws_ok($$SELECT * FROM journey.connected_components('nothing')$$, '42P01', NULL, 'no such relation');

SELECT * FROM finish();
ROLLBACK;
