-- assign_folds: vectors, agreement with fold(), balance, stability, the order
-- of rows, kinds of keys, refusals.
BEGIN;
SET LOCAL client_min_messages = warning;
-- plans do not matter here, and each statement would be compiled
SET LOCAL jit = off;
SELECT plan(43);

SELECT is((SELECT array_agg(fold ORDER BY key) FROM journey.assign_folds('SELECT generate_series(0, 9) AS id', 'id', 5)),
	ARRAY[2,4,5,2,1,3,3,1,5,4], 'R-FOLD-2 keys 0..9, k = 5, ntile');
SELECT is((SELECT array_agg(fold ORDER BY key) FROM journey.assign_folds('SELECT generate_series(0, 9) AS id', 'id', 5, 'hash')),
	ARRAY[2,4,5,3,1,3,4,1,5,4], 'R-FOLD-1 keys 0..9, k = 5, hash');
SELECT is((SELECT array_agg(fold ORDER BY key) FROM journey.assign_folds('SELECT generate_series(0, 9) AS id', 'id', 10, method => 'hash')),
	ARRAY[3,7,10,6,2,6,7,1,10,7], 'R-FOLD-1 keys 0..9, k = 10, hash');
SELECT is((SELECT array_agg(DISTINCT fold) FROM journey.assign_folds('SELECT generate_series(0, 9) AS id', 'id', 1)), ARRAY[1], 'k = 1');
SELECT is((SELECT count(DISTINCT fold) FROM journey.assign_folds('SELECT generate_series(0, 9) AS id', 'id', 10)), 10::bigint, 'as many folds as keys');

-- 3,000 customers of Zipf sizes.
CREATE TABLE orders AS
SELECT c AS customer_id, i AS item FROM generate_series(1, 3000) c, generate_series(1, 300 / c + 1) i;
SELECT is_empty($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 7, 'hash', repeats => 3, seed => 42)
	WHERE fold <> journey.fold(key::bigint, 7, 42, repeat)$$, 'hash is fold(key, k, seed, repeat)');
SELECT set_eq($$SELECT key::integer, n_rows FROM journey.assign_folds('orders', 'customer_id', 7)$$,
	$$SELECT customer_id, count(*) FROM orders GROUP BY 1$$, 'n_rows counts the rows of every key');
SELECT is((SELECT array_agg((repeat, key)::text ORDER BY o) FROM journey.assign_folds('orders', 'customer_id', 7, repeats => 3, seed => 5)
		WITH ORDINALITY f(key, repeat, fold, n_rows, o)),
	(SELECT array_agg((repeat, key)::text ORDER BY repeat, hash) FROM
		(SELECT r AS repeat, customer_id::text AS key, journey.hash64(customer_id, s)::numeric
			+ CASE WHEN journey.hash64(customer_id, s) < 0 THEN 18446744073709551616 ELSE 0 END AS hash
		FROM generate_series(1, 3000) customer_id,
			(VALUES (1, 5::bigint), (2, journey.hash64('\x0500000000000000'::bytea || '\x0200000000000000'::bytea)),
				(3, journey.hash64('\x0500000000000000'::bytea || '\x0300000000000000'::bytea))) v(r, s)) x),
	'rows come by repeat and hash, as unsigned number');

-- R-FOLD-2 in SQL over the hash order of the rows.
CREATE FUNCTION pg_temp.ntile_by_sql(k integer) RETURNS TABLE (key integer, fold integer) LANGUAGE sql AS $$
	SELECT customer_id, 1 + floor(k * (2 * (sum(n) OVER w - n) + n) / (2 * sum(n) OVER ()))::integer
	FROM (SELECT customer_id, count(*)::numeric AS n, journey.hash64(customer_id) AS h FROM orders GROUP BY 1) x
	WINDOW w AS (ORDER BY h < 0, h) $$;
SELECT is_empty($$SELECT key::integer, fold FROM journey.assign_folds('orders', 'customer_id', 10)
	EXCEPT SELECT key, fold FROM pg_temp.ntile_by_sql(10)$$, 'R-FOLD-2 ntile by window functions');
SELECT cmp_ok((SELECT max(abs(n - t.all / 10.0)) FROM (SELECT sum(n_rows) AS n FROM journey.assign_folds('orders', 'customer_id', 10) GROUP BY fold) f,
	(SELECT count(*) AS all FROM orders) t), '<=', 301::numeric, 'R-ASSIGN-3 folds are within the largest key of N / k');
SELECT cmp_ok((SELECT max(n) - min(n) FROM (SELECT count(*) AS n FROM journey.assign_folds('SELECT generate_series(1, 4999) AS id', 'id', 10) GROUP BY fold) f),
	'<=', 1::bigint, 'single rows: folds are even');

-- Stability when keys are added.
CREATE FUNCTION pg_temp.moved(before integer, after integer, how text) RETURNS numeric LANGUAGE sql AS $$
	SELECT count(*) FILTER (WHERE a.fold <> b.fold)::numeric / count(*)
	FROM journey.assign_folds(format('SELECT generate_series(1, %s) AS id', before), 'id', 10, how) b
	JOIN journey.assign_folds(format('SELECT generate_series(1, %s) AS id', after), 'id', 10, how) a USING (key) $$;
SELECT is(pg_temp.moved(10000, 11000, 'hash'), 0::numeric, 'hash: nobody moves');
SELECT cmp_ok(pg_temp.moved(10000, 10100, 'ntile'), '<=', 0.025, 'ntile: at most 2.5 % move at +1 %');
SELECT cmp_ok(pg_temp.moved(10000, 11000, 'ntile'), '<=', 0.025, 'ntile: at most 2.5 % move at +10 %');
SELECT cmp_ok(pg_temp.moved(10000, 10001, 'ntile'), '<=', 0.002, 'ntile: at most 0.2 % move at one more key');

-- The order of rows, the kind of integer, repeats.
SELECT is((SELECT array_agg(f::text) FROM journey.assign_folds('SELECT * FROM orders ORDER BY md5(orders::text)', 'customer_id', 10, repeats => 2) f),
	(SELECT array_agg(f::text) FROM journey.assign_folds('SELECT * FROM orders ORDER BY customer_id DESC, item', 'customer_id', 10, repeats => 2) f),
	'the order of rows does not matter');
SELECT is((SELECT array_agg(f::text) FROM journey.assign_folds('SELECT customer_id::smallint FROM orders', 'customer_id', 10) f),
	(SELECT array_agg(f::text) FROM journey.assign_folds('SELECT customer_id::bigint FROM orders', 'customer_id', 10) f), 'smallint = bigint');
SELECT is((SELECT array_agg(f::text) FROM journey.assign_folds('SELECT customer_id::integer FROM orders', 'customer_id', 10) f),
	(SELECT array_agg(f::text) FROM journey.assign_folds('orders', 'customer_id', 10) f), 'integer and a relation by name');
SELECT is((SELECT count(*) FROM journey.assign_folds('orders', 'customer_id', 10, repeats => 4)), 12000::bigint, 'a row per key and repeat');
SELECT cmp_ok((SELECT count(*) FROM journey.assign_folds('orders', 'customer_id', 10) a
	JOIN journey.assign_folds('orders', 'customer_id', 10, repeats => 2) b ON b.key = a.key AND b.repeat = 2 AND a.fold = b.fold),
	'<', 450::bigint, 'repeats are independent maps: about one in ten agrees');
SELECT is((SELECT array_agg(f::text) FROM journey.assign_folds('orders', 'customer_id', 10) f),
	(SELECT array_agg(f::text) FROM journey.assign_folds('orders', 'customer_id', 10, repeats => 3) f WHERE repeat = 1), 'repeat 1 is the map without repeats');
SELECT isnt((SELECT array_agg(f::text ORDER BY key) FROM journey.assign_folds('orders', 'customer_id', 10) f),
	(SELECT array_agg(f::text ORDER BY key) FROM journey.assign_folds('orders', 'customer_id', 10, seed => 1) f), 'another seed, another map');

-- Kinds of keys.
SELECT is_empty($$SELECT * FROM journey.assign_folds('SELECT ''kunde '' || customer_id AS k FROM orders', 'k', 9, 'hash', NULL, 2, -3)
	WHERE fold <> journey.fold(key, 9, -3, repeat)$$, 'text keys as fold()');
SELECT is_empty($$SELECT * FROM journey.assign_folds('SELECT md5(customer_id::text)::uuid AS k FROM orders', 'k', 9, 'hash')
	WHERE fold <> journey.fold(key::uuid, 9)$$, 'uuid keys as fold()');
SELECT is_empty($$SELECT * FROM journey.assign_folds('SELECT decode(md5(customer_id::text), ''hex'') AS k FROM orders', 'k', 9, 'hash')
	WHERE fold <> journey.fold(key::bytea, 9)$$, 'bytea keys as fold()');
CREATE TYPE mood AS ENUM ('happy', 'sad', 'none');
SELECT set_eq($$SELECT key, fold, n_rows FROM journey.assign_folds('SELECT (ARRAY[''happy'', ''sad'', ''none''])[1 + i % 3]::mood AS m FROM generate_series(1, 7) i', 'm', 3, 'hash')$$,
	$$SELECT m, journey.fold(m, 3), n FROM (VALUES ('happy', 2::bigint), ('sad', 3), ('none', 2)) v(m, n)$$, 'enum keys as their labels');
CREATE DOMAIN customer_number AS bigint;
SELECT is((SELECT array_agg(f::text) FROM journey.assign_folds('SELECT customer_id::customer_number FROM orders', 'customer_id', 10) f),
	(SELECT array_agg(f::text) FROM journey.assign_folds('orders', 'customer_id', 10) f), 'a domain is its base type');
SELECT is((SELECT array_agg(key ORDER BY key) FROM journey.assign_folds($$VALUES (''), ('a'), ('')$$, 'column1', 2)), '{"",a}'::text[], 'an empty text is a key');
SELECT is((SELECT array_agg((key, n_rows)::text ORDER BY key) FROM journey.assign_folds('VALUES (-9223372036854775808), (9223372036854775807), (-1), (-1)', 'column1', 3)),
	'{"(-1,2)","(-9223372036854775808,1)","(9223372036854775807,1)"}'::text[], 'extreme integers');

-- Refusals.
SELECT throws_ok($$SELECT * FROM journey.assign_folds('SELECT generate_series(1, 4) AS id', 'id', 5)$$, '22023',
	'k is 5, but column "id" has only 4 distinct keys', 'k above the number of keys names both');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('SELECT generate_series(1, 4) AS id', 'id', 5, 'hash')$$, '22023', NULL, 'for hash as well');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('SELECT generate_series(1, 4) AS id', 'id', 0)$$, '22023', NULL, 'k = 0');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('VALUES (1), (NULL), (2)', 'column1', 2)$$, '22004', 'column "column1" is null in row 2 of the source', 'a NULL key');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', NULL, 2)$$, '22004', NULL, 'key NULL');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'nobody', 2)$$, '42703', NULL, 'no such column');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('SELECT 1.5 AS id', 'id', 1)$$, '42804', NULL, 'a numeric key');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 2, 'random')$$, '22023', 'unrecognized method "random"', 'another word');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 2, 'ntile', '{item}')$$, '22023',
	'strata need method "balanced", the method is "ntile"', 'strata');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 2, repeats => 0)$$, '22023', NULL, 'repeats 0');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 2, repeats => 1001)$$, '22023', NULL, 'repeats above 1000');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 2, seed => NULL)$$, '22004', NULL, 'seed NULL');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('DELETE FROM orders RETURNING *', 'customer_id', 2)$$, '0A000', NULL, 'a query that writes');
SELECT is_empty($$SELECT * FROM journey.assign_folds('SELECT * FROM orders WHERE false', 'customer_id', 10)$$, 'no rows, no folds');

SELECT * FROM finish();
ROLLBACK;
