-- assign_folds with method balanced: golden folds, balance of a Zipf case, strata, refusals.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
SELECT plan(38);

-- 5,000 customers of Zipf sizes, 14 % positive, the largest of 400 orders.
CREATE TABLE orders AS
SELECT c AS customer_id, i AS item, journey.hash64(i, c) & 1023 < (journey.hash64(c, 7) & 255) * 1.18 AS late,
	(ARRAY['north', 'south', 'west'])[1 + (c * 7 + i * c % 11) % 3] AS region
FROM generate_series(1, 5000) c, generate_series(1, floor(400 / c ^ 0.56)::integer + 1) i;
CREATE TEMP TABLE even AS
SELECT f.repeat, f.fold, count(*) AS n, count(DISTINCT customer_id) AS customers, avg(late::integer) AS rate
FROM journey.assign_folds('orders', 'customer_id', 10, 'balanced', '{late}', repeats => 5) f JOIN orders ON customer_id = key::integer
GROUP BY 1, 2;
SELECT cmp_ok((SELECT max(abs(10.0 * n / a - 1)) FROM even, (SELECT count(*) AS a FROM orders) t), '<', 0.01, 'Zipf: rows within 1 %');
SELECT cmp_ok((SELECT max(abs(rate - r)) FROM even, (SELECT avg(late::integer) AS r FROM orders) t), '<', 0.001, 'Zipf: positives within 0.1 points');
SELECT ok((SELECT min(customers) > 470 AND max(customers) < 530 FROM even), 'Zipf: customers are even too');
SELECT cmp_ok((SELECT max(abs(sum - a / 10.0)) FROM (SELECT sum(n_rows) FROM journey.assign_folds('orders', 'customer_id', 10, 'balanced') GROUP BY fold) f,
	(SELECT count(*) AS a FROM orders) t), '<', 8::numeric, 'without strata: rows');
CREATE TEMP TABLE many AS
SELECT f.fold, late, region, count(*) AS n
FROM journey.assign_folds('orders', 'customer_id', 10, 'balanced', '{late,region}', seed => 3) f JOIN orders ON customer_id = key::integer GROUP BY 1, 2, 3;
SELECT cmp_ok((SELECT max(abs(10 * n / a - 1)) FROM (SELECT fold, region, sum(n) AS n FROM many GROUP BY 1, 2) m
	JOIN (SELECT region, count(*) AS a FROM orders GROUP BY 1) t USING (region)), '<', 0.01::numeric, 'two columns: every region within 1 %');
SELECT cmp_ok((SELECT max(abs(10 * n / a - 1)) FROM (SELECT fold, late, sum(n) AS n FROM many GROUP BY 1, 2) m
	JOIN (SELECT late, count(*) AS a FROM orders GROUP BY 1) t USING (late)), '<', 0.01::numeric, 'and late or not');

-- The order of rows, kinds of columns that say the same.
CREATE FUNCTION pg_temp.folds_of(source text, strata text) RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(f::text, ';')) FROM journey.assign_folds(source, 'customer_id', 10, 'balanced', strata::text[], 2, 11) f $$;
SELECT is(pg_temp.folds_of('SELECT * FROM orders ORDER BY md5(orders::text)', '{late,region}'), pg_temp.folds_of('orders', '{late,region}'), 'the order of rows does not matter');
SELECT is(pg_temp.folds_of('SELECT customer_id, late::integer AS late FROM orders', '{late}'), pg_temp.folds_of('orders', '{late}'), 'two values as integer or boolean');
SELECT is(pg_temp.folds_of('SELECT customer_id, CASE WHEN late THEN ''a'' ELSE ''b'' END AS late FROM orders', '{late}'), pg_temp.folds_of('orders', '{late}'), 'the names of two values do not matter');
SELECT is(pg_temp.folds_of('SELECT customer_id, CASE WHEN late THEN 1 END AS late FROM orders', '{late}'), pg_temp.folds_of('orders', '{late}'), 'NULL is a value');
-- Keys of one row: rows and every class within one (validation.md 1.2), whatever the remainders.
CREATE TABLE single AS SELECT i, journey.hash64(i, 5) & 31 < 5 AS y, (journey.hash64(i, 6) & 255)::integer % 5 AS z, 'all' AS everyone FROM generate_series(1, 2000) i;
CREATE FUNCTION pg_temp.worst(n integer, k integer, stratum text, repeats integer DEFAULT 1) RETURNS numeric LANGUAGE sql AS $$
	WITH row AS (SELECT f.repeat, f.fold, v.value FROM journey.assign_folds(format('SELECT * FROM single WHERE i <= %s', n), 'i', k, 'balanced', ARRAY[stratum], repeats, k) f
		JOIN single ON i = key::integer, LATERAL (VALUES (CASE stratum WHEN 'y' THEN y::text ELSE z::text END), (everyone)) v(value))
	SELECT max(abs(coalesce(m, 0) - c / k::numeric)) FROM (SELECT repeat, value, count(*) AS c FROM row GROUP BY 1, 2) a
	CROSS JOIN generate_series(1, k) fold LEFT JOIN (SELECT repeat, value, fold, count(*) AS m FROM row GROUP BY 1, 2, 3) b USING (repeat, value, fold) $$;
SELECT is_empty($$SELECT n, k, s, pg_temp.worst(n, k, s) FROM (VALUES (1003, 10), (997, 7), (101, 9), (58, 4), (2000, 3), (1999, 20)) c(n, k), unnest(ARRAY['y', 'z']) s WHERE pg_temp.worst(n, k, s, 3) > 1$$,
	'one row a key: rows and classes within one of their share');
SELECT is(pg_temp.folds_of('SELECT *, 1 AS one FROM orders', '{one}'), pg_temp.folds_of('orders', NULL), 'a column of one value says nothing');
SELECT is(pg_temp.folds_of('orders', '{}'), pg_temp.folds_of('orders', NULL), 'no strata');
SELECT is((SELECT array_agg(f::text) FROM journey.assign_folds('orders', 'customer_id', 10, 'balanced', '{late}') f),
	(SELECT array_agg(f::text) FROM journey.assign_folds('orders', 'customer_id', 10, 'balanced', '{late}', 3) f WHERE repeat = 1), 'repeat 1 is the map without repeats');
SELECT cmp_ok((SELECT count(*) FROM journey.assign_folds('orders', 'customer_id', 10, 'balanced') a
	JOIN journey.assign_folds('orders', 'customer_id', 10, 'balanced', repeats => 2) b ON b.key = a.key AND b.repeat = 2 AND a.fold = b.fold), '<', 650::bigint, 'repeats are independent');
SELECT isnt(pg_temp.folds_of('orders', '{late}'), (SELECT md5(string_agg(f::text, ';')) FROM journey.assign_folds('orders', 'customer_id', 10, 'balanced', '{late}', 2, 12) f), 'another seed');
SELECT is((SELECT array_agg(n_rows ORDER BY fold) FROM journey.assign_folds('orders', 'customer_id', 5000, 'balanced') WHERE fold IN (1, 5000)) IS NOT NULL
	AND (SELECT count(DISTINCT fold) FROM journey.assign_folds('orders', 'customer_id', 5000, 'balanced')) = 5000, true, 'as many folds as keys, none empty');
SELECT is((SELECT array_agg(DISTINCT fold) FROM journey.assign_folds('orders', 'customer_id', 1, 'balanced', '{late}')), ARRAY[1], 'k = 1');
SELECT is_empty($$SELECT * FROM journey.assign_folds('SELECT * FROM orders WHERE false', 'customer_id', 10, 'balanced', '{late}')$$, 'no rows, no folds');

-- Golden numbers (test/oracles/folds.py, exact fractions).
CREATE TABLE small AS SELECT key, i <= key * 3 % 5 / 2 AS yes, (key + i) % 3 AS third
FROM generate_series(0, 23) key, LATERAL generate_series(1, 1 + key * 7 % 5) i;
CREATE FUNCTION pg_temp.golden(strata text, seed bigint, repeat integer) RETURNS integer[] LANGUAGE sql AS $$
	SELECT array_agg(f.fold ORDER BY f.key::integer) FROM journey.assign_folds('small', 'key', 4, 'balanced', $1::text[], $3, $2) f WHERE f.repeat = $3 $$;
SELECT is(pg_temp.golden(NULL, 0, 1), '{1,1,4,4,3,1,4,1,3,2,1,2,3,3,1,2,2,2,4,3,3,1,4,2}', 'balanced.rows.0.1');
SELECT is(pg_temp.golden('{yes}', 0, 1), '{3,4,4,4,3,2,2,1,2,2,2,1,3,2,1,3,1,2,3,3,1,4,4,1}', 'balanced.yes.0.1');
SELECT is(pg_temp.golden('{yes,third}', 0, 1), '{4,2,4,4,3,1,4,1,3,1,2,2,2,4,2,1,3,3,1,1,1,3,4,2}', 'balanced.yes,third.0.1');
SELECT is(pg_temp.golden(NULL, 0, 2), '{4,3,3,4,1,2,1,4,4,1,4,4,2,3,4,2,2,2,1,3,2,3,1,2}', 'balanced.rows.0.2');
SELECT is(pg_temp.golden('{yes}', 0, 2), '{3,2,3,3,1,1,4,4,2,1,4,3,2,2,4,2,4,2,4,3,1,3,1,1}', 'balanced.yes.0.2');
SELECT is(pg_temp.golden('{yes,third}', 0, 2), '{4,3,3,4,1,1,4,4,2,1,1,4,2,2,4,1,2,2,3,3,3,3,1,1}', 'balanced.yes,third.0.2');
SELECT is(pg_temp.golden('{yes}', 7, 3), '{2,4,3,2,1,3,1,2,2,4,3,1,2,2,3,4,4,1,3,3,2,1,4,4}', 'balanced.yes.7.3');
SELECT is(pg_temp.golden('{yes,third}', 7, 3), '{1,2,3,2,1,1,4,2,2,4,1,1,2,3,3,3,3,1,1,3,1,4,4,4}', 'balanced.yes,third.7.3');
SELECT is(pg_temp.golden(NULL, -1, 1), '{2,4,4,3,4,3,1,2,2,3,4,1,2,3,3,4,2,1,2,1,4,4,3,1}', 'balanced.rows.-1.1');
SELECT is(pg_temp.golden('{yes}', -1, 1), '{1,2,4,1,4,3,4,2,1,3,4,4,2,3,3,3,1,1,4,1,1,2,3,2}', 'balanced.yes.-1.1');
SELECT is(pg_temp.golden('{yes,third}', -1, 1), '{3,4,2,2,1,3,1,2,1,3,4,1,4,2,4,2,2,1,3,3,3,4,3,4}', 'balanced.yes,third.-1.1');

-- Refusals.
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 2, 'balanced', '{nothing}')$$, '42703', NULL, 'no such column');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('SELECT *, 0.5 AS half FROM orders', 'customer_id', 2, 'balanced', '{half}')$$, '42804',
	'column "half" of the source is of type numeric, strata must be text, enum, boolean, integer or uuid', 'a fraction');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('SELECT *, now() AS at FROM orders', 'customer_id', 2, 'balanced', '{at}')$$, '42804', NULL, 'a time');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 2, 'balanced', '{late,late}')$$, '22023', 'argument "strata" names column "late" twice', 'twice');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 2, 'balanced', '{late,NULL}')$$, '22004', NULL, 'a NULL name');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 2, 'balanced', '{customer_id}')$$, '54000',
	'column "customer_id" has more than 1000 distinct values, too many for strata', 'a stratum for every customer');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 5001, 'balanced')$$, '22023', 'k is 5001, but column "customer_id" has only 5000 distinct keys', 'k above the keys');
SELECT throws_ok($$SELECT * FROM journey.assign_folds('orders', 'customer_id', 0, 'balanced')$$, '22023', NULL, 'k = 0');

SELECT * FROM finish();
ROLLBACK;
