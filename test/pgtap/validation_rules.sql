-- Rules of every cross-validation: which rows fall into which fold, that no
-- key is torn, that order, plan and integer width change nothing, what a seed
-- and a repeat change (reference/validation.md 1 and 2.2).
BEGIN;
\ir lib/close.psql
SELECT plan(39);
-- 60 customers with 1 to 9 tickets; 1,500 customers with 1 to 3 orders.
CREATE TEMP TABLE tickets AS SELECT row_number() OVER () AS id, c AS customer, (c * 7 + t * 3) % 11 AS agents, (c * 5 + t * 13) % 17 AS touches,
	((c * 31 + t * 17) % 23 + (c * 7 + t * 3) % 11)::float8 AS hours FROM generate_series(1, 60) c, generate_series(0, c % 9) t;
CREATE TEMP TABLE orders AS SELECT row_number() OVER () AS id, c AS customer, (c * 7 + t * 3) % 101 / 10.0 AS price, (c * 5 + t * 13) % 17 AS items,
	(c * 31 + t * 17) % 103 + (c * 7 + t * 3) % 101 > 90 AS returned FROM generate_series(1, 1500) c, generate_series(0, c % 3) t;

-- Every row once in each repeat, no key in two folds.
SELECT pg_temp.holds($$SELECT count(*) = 5 * (SELECT count(*) FROM tickets) AND count(DISTINCT (repeat, row_number)) = count(*) AND count(DISTINCT repeat) = 5
	FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}')$$, 'every row once in each of five repeats');
SELECT pg_temp.holds($$SELECT count(*) = 5 * (SELECT count(*) FROM orders) AND count(DISTINCT (repeat, row_number)) = count(*) FROM journey.out_of_fold('orders', 'returned', 'customer', '{price,items}', 'binomial')$$,
	'every row once in each repeat, buckets');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT 1 FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}') GROUP BY key, repeat HAVING count(DISTINCT fold) > 1) t$$, 'no key in two folds');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT 1 FROM journey.out_of_fold('orders', 'returned', 'customer', '{price,items}', 'binomial') GROUP BY key, repeat HAVING count(DISTINCT fold) > 1) t$$, 'no key in two folds, buckets');
SELECT pg_temp.holds($$SELECT bool_and(o.key = t.customer::text AND o.observed = t.hours) FROM journey.out_of_fold('SELECT * FROM tickets ORDER BY id', 'hours', 'customer', '{agents,touches}') o
	JOIN tickets t ON t.id = o.row_number$$, 'row_number is the place in the source, key its text');
SELECT pg_temp.holds($$SELECT min(fold) = 1 AND max(fold) = 10 AND count(DISTINCT fold) = 10 FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}')$$, 'ten folds by default');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT repeat, fold, n_train, n_test, lambda FROM journey.cross_validate('tickets', 'hours', 'customer', '{agents,touches}') WHERE fold IS NOT NULL
	EXCEPT SELECT repeat, fold, (SELECT count(*) FROM tickets) - count(*), count(*), lambda FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}'),
		(SELECT lambda FROM journey.cross_validate('tickets', 'hours', 'customer', '{agents,touches}') LIMIT 1) l GROUP BY repeat, fold, lambda) d$$, 'cross_validate counts the same folds');

-- Which folds.
SELECT pg_temp.holds($$SELECT bool_and(o.fold = a.fold) FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}', folds => 'ntile', seed => 3) o
	JOIN journey.assign_folds('tickets', 'customer', 10, 'ntile', repeats => 5, seed => 3) a USING (key, repeat)$$, 'ntile = assign_folds');
SELECT pg_temp.holds($$SELECT bool_and(fold = journey.fold(key::bigint, 4, 3, repeat)) FROM journey.out_of_fold('orders', 'returned', 'customer', '{price,items}', 'binomial', folds => 'hash', k => 4, seed => 3) o$$, 'hash = fold()');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT * FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}') EXCEPT SELECT * FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}', folds => 'ntile')) d$$, 'auto: few keys take ntile');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT * FROM journey.out_of_fold('orders', 'returned', 'customer', '{price,items}', 'binomial') EXCEPT SELECT * FROM journey.out_of_fold('orders', 'returned', 'customer', '{price,items}', 'binomial', folds => 'buckets')) d$$, 'auto: 1,280 keys and more take buckets');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT 1 FROM journey.out_of_fold('orders', 'returned', 'customer', '{price,items}', 'binomial', folds => 'buckets') GROUP BY repeat,
	((journey.hash64(key::bigint) >> 57) & 127) HAVING count(DISTINCT fold) > 1) t$$, 'buckets: the top seven bits of the hash are never torn');
SELECT pg_temp.holds($$SELECT min(n) > 0.5 * avg(n) AND max(n) < 1.5 * avg(n) FROM (SELECT count(*) AS n FROM journey.out_of_fold('orders', 'returned', 'customer', '{price,items}', 'binomial', folds => 'buckets') GROUP BY repeat, fold) f$$, 'buckets: balanced by rows');
SELECT pg_temp.holds($$SELECT count(*) > 0 FROM (SELECT key, fold FROM journey.out_of_fold('orders', 'returned', 'customer', '{price,items}', 'binomial', repeats => 2) WHERE repeat = 1
	EXCEPT SELECT key, fold FROM journey.out_of_fold('orders', 'returned', 'customer', '{price,items}', 'binomial', repeats => 2) WHERE repeat = 2) d$$, 'buckets: another repeat is another map');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT * FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}', repeats => 2) EXCEPT SELECT * FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}')) d$$, 'the first repeats do not depend on how many follow');
SELECT pg_temp.holds($$SELECT count(*) > 0 FROM (SELECT key, fold FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}', repeats => 1) EXCEPT SELECT key, fold FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}', repeats => 1, seed => 1)) d$$, 'another seed is another map');
SELECT pg_temp.holds($$SELECT count(*) = 445 AND count(DISTINCT row_number) = 445 FROM journey.out_of_fold('SELECT i % 13 AS x, i % 7 AS y FROM generate_series(1, 445) i', 'y', NULL, '{x}', repeats => 1)$$,
	'without a key every row is its own');

-- The same answer from every order, plan and width.
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT key, repeat, fold, observed, predicted FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}') EXCEPT ALL
	SELECT key, repeat, fold, observed, predicted FROM journey.out_of_fold('SELECT * FROM tickets ORDER BY md5(id::text)', 'hours', 'customer', '{agents,touches}')) d$$, 'shuffled rows: the same bits');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT key, repeat, fold, observed, predicted FROM journey.out_of_fold('orders', 'returned', 'customer', '{price,items}', 'binomial', repeats => 2) EXCEPT ALL
	SELECT key, repeat, fold, observed, predicted FROM journey.out_of_fold('SELECT * FROM orders ORDER BY md5(id::text)', 'returned', 'customer', '{price,items}', 'binomial', repeats => 2)) d$$, 'shuffled rows: the same bits, logistic');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT * FROM journey.cross_validate('tickets', 'hours', 'customer', '{agents,touches}', penalty => 'ridge', lambdas => '{0.1,1}') EXCEPT ALL
	SELECT * FROM journey.cross_validate('SELECT * FROM tickets ORDER BY md5(id::text)', 'hours', 'customer', '{agents,touches}', penalty => 'ridge', lambdas => '{0.1,1}')) d$$, 'shuffled rows: every figure the same');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT * FROM journey.cross_validate('orders', 'returned', 'customer', '{price,items}', 'binomial', repeats => 2) EXCEPT ALL
	SELECT * FROM journey.cross_validate('SELECT * FROM orders ORDER BY md5(id::text)', 'returned', 'customer', '{price,items}', 'binomial', repeats => 2)) d$$, 'shuffled rows: every figure the same, logistic');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT * FROM journey.cross_validate('orders', 'returned', 'customer', '{price,items}', 'binomial', repeats => 2) EXCEPT ALL
	SELECT * FROM journey.cross_validate('SELECT customer::bigint AS customer, price, items::bigint AS items, returned FROM orders', 'returned', 'customer', '{price,items}', 'binomial', repeats => 2)) d$$, 'integer widths do not matter');

-- Leak-free: a row's own target and its fold's targets change nothing.
SELECT pg_temp.holds($$SELECT bool_and(a.predicted = b.predicted) AND count(*) > 20 FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}', repeats => 1) a JOIN journey.out_of_fold(
	'SELECT id, customer, agents, touches, CASE WHEN customer::text IN (SELECT key FROM journey.assign_folds(''tickets'', ''customer'', 10) WHERE fold = 4) THEN 1e6 ELSE hours END AS hours FROM tickets ORDER BY id',
	'hours', 'customer', '{agents,touches}', repeats => 1) b ON a.row_number = b.row_number AND a.fold = 4$$, 'targets of a fold do not reach its own predictions');
SELECT pg_temp.holds($$SELECT bool_and(pg_temp.near(a.predicted, b.predicted, 1e-9)) AND count(*) > 20 FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}', repeats => 1, penalty => 'ridge', lambda => 0.5) a JOIN journey.out_of_fold(
	'SELECT t.id, customer, agents + CASE WHEN x.id = t.id THEN 1e6 ELSE 0 END AS agents, touches, hours FROM tickets t, (SELECT min(id) AS id FROM tickets WHERE customer::text IN (SELECT key FROM journey.assign_folds(''tickets'', ''customer'', 10) WHERE fold = 4)) x ORDER BY t.id',
	'hours', 'customer', '{agents,touches}', repeats => 1, penalty => 'ridge', lambda => 0.5) b ON a.row_number = b.row_number AND a.fold = 4
	AND a.row_number > (SELECT min(id) FROM tickets WHERE customer::text IN (SELECT key FROM journey.assign_folds('tickets', 'customer', 10) WHERE fold = 4))$$, 'scaling is learned in the training part only');

-- Overall rows.
SELECT pg_temp.holds($$SELECT count(*) = 3 AND bool_and(value IS NOT NULL AND conf_low <= value AND value <= conf_high AND method <> '') FROM journey.cross_validate('orders', 'returned', 'customer', '{price,items}', 'binomial') WHERE fold IS NULL$$, 'one overall row a metric');
SELECT pg_temp.numbers_are($$SELECT ARRAY[value] FROM journey.cross_validate('tickets', 'hours', 'customer', '{agents,touches}') WHERE fold IS NULL AND metric = 'mae'$$,
	(SELECT ARRAY[avg(abs(observed - predicted))] FROM journey.out_of_fold('tickets', 'hours', 'customer', '{agents,touches}')), 'overall mae: pooled over rows and repeats', 1e-11);
SELECT pg_temp.numbers_are($$SELECT ARRAY[value] FROM journey.cross_validate('orders', 'returned', 'customer', '{price,items}', 'binomial') WHERE fold IS NULL AND metric = 'brier'$$,
	(SELECT ARRAY[avg((observed::int - predicted) ^ 2)] FROM journey.out_of_fold('orders', 'returned', 'customer', '{price,items}', 'binomial')), 'overall Brier score: pooled over rows and repeats', 1e-11);
SELECT pg_temp.numbers_are($$SELECT ARRAY[value] FROM journey.cross_validate('orders', 'returned', 'customer', '{price,items}', 'binomial') WHERE fold IS NULL AND metric = 'auc'$$,
	(SELECT ARRAY[avg(value)] FROM journey.cross_validate('orders', 'returned', 'customer', '{price,items}', 'binomial') WHERE fold IS NOT NULL AND metric = 'auc'), 'overall AUC: mean of the folds', 1e-11);
SELECT pg_temp.holds($$SELECT a.std_error > 0.5 * b.std_error FROM journey.cross_validate('orders', 'returned', 'customer', '{price,items}', 'binomial', repeats => 20, metrics => '{brier}') a, journey.cross_validate('orders', 'returned', 'customer', '{price,items}', 'binomial', repeats => 1, metrics => '{brier}') b
	WHERE a.fold IS NULL AND b.fold IS NULL$$, 'repeats do not shrink the error');
SELECT pg_temp.holds($$SELECT a.std_error > 1.5 * b.std_error FROM journey.cross_validate('SELECT c AS customer, x, y FROM (SELECT c, c % 7 AS x, (c * 37) % 41 AS y FROM generate_series(1, 60) c) d, generate_series(1, 10)', 'y', 'customer', '{x}', repeats => 1, metrics => '{mae}') a,
	journey.cross_validate('SELECT c, x, y FROM (SELECT c, c % 7 AS x, (c * 37) % 41 AS y FROM generate_series(1, 60) c) d, generate_series(1, 10)', 'y', NULL, '{x}', repeats => 1, metrics => '{mae}') b WHERE a.fold IS NULL AND b.fold IS NULL$$,
	'ten equal rows a customer: the clustered error is wider');
SELECT pg_temp.text_is($$SELECT string_agg(DISTINCT metric, ',' ORDER BY metric) FROM journey.cross_validate('orders', 'returned', 'customer', '{price,items}', 'binomial', metrics => '{auc,log_loss}')$$, 'auc,log_loss', 'metrics on request');
SELECT pg_temp.holds($$SELECT count(*) FILTER (WHERE fold IS NOT NULL) = 3 * 4 * 2 * 2 AND count(*) FILTER (WHERE fold IS NULL) = 3 * 2
	FROM journey.cross_validate('tickets', 'hours', 'customer', '{agents,touches}', penalty => 'ridge', lambdas => '{0.1,1}', k => 4, repeats => 2)$$, 'a row for each metric, fold, repeat and penalty, and the overall rows');
SELECT pg_temp.holds($$WITH c AS MATERIALIZED (SELECT * FROM journey.cross_validate('tickets', 'hours', 'customer', '{agents,touches}', penalty => 'ridge', lambdas => '{0.001,0.01,0.03,0.1,0.3,1,3}', k => 5, repeats => 3, metrics => '{rmse}')), b AS (SELECT lambda FROM c WHERE fold IS NULL AND is_best), d AS (SELECT c.lambda, avg(c.value - x.value) AS m, var_samp(c.value - x.value) * (1.0 / count(*) + avg(c.n_test) / avg(c.n_train)) AS v FROM c JOIN c x USING (repeat, fold) JOIN b ON x.lambda = b.lambda WHERE fold IS NOT NULL GROUP BY c.lambda) SELECT (SELECT lambda FROM c WHERE fold IS NULL AND is_1se) = (SELECT max(d.lambda) FROM d, b WHERE m * m < v OR d.lambda = b.lambda)$$, 'the 1-SE penalty: the largest whose paired difference to the best has a corrected |t| below 1');

-- Above journey.memory_limit the rows spill; no figure changes.
CREATE TEMP TABLE long AS SELECT i, i % 1999 AS k, (i * 7919::bigint % 10007) / 64.0::float8 AS a, (i * 104729::bigint % 9973) / 64.0::float8 AS b,
	(i * 15485863::bigint % 1009) / 8.0::float8 + i % 13 AS y, (i * 32452843::bigint % 1013) > 500 + i % 13 AS z FROM generate_series(1, 60000) i;
SET LOCAL journey.memory_limit = '1GB';
CREATE TEMP TABLE whole AS SELECT f, c.* FROM (VALUES ('gaussian', 'y'), ('binomial', 'z')) v(f, t), LATERAL journey.cross_validate('long', t, 'k', '{a,b}', f, repeats => 2) c;
SET LOCAL journey.memory_limit = '1MB';
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT 'gaussian', * FROM journey.cross_validate('long', 'y', 'k', '{a,b}', repeats => 2)
	EXCEPT ALL SELECT * FROM whole WHERE f = 'gaussian') d$$, 'spilled rows: every figure the same');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT 'binomial', * FROM journey.cross_validate('long', 'z', 'k', '{a,b}', 'binomial', repeats => 2)
	EXCEPT ALL SELECT * FROM whole WHERE f = 'binomial') d$$, 'spilled rows: every figure the same, logistic');
-- Standard errors of the folds against plain SQL over the predictions, where
-- every row is its own cluster, where three share one, and both mixed.
CREATE TEMP TABLE clustered AS SELECT i AS apart, i / 3 AS threes, CASE WHEN i % 100 < 40 THEN i / 4 ELSE i + 10000 END AS mixed, (i * 7919) % 101 / 25.0 AS x,
	((i * 7919) % 101) / 50.0 + ((i * 104729) % 1009) / 300.0 + CASE i % 50 WHEN 0 THEN 9 ELSE 0 END AS y, ((i * 104729) % 1009) % 7 AS n FROM generate_series(1, 3000) i;
CREATE FUNCTION pg_temp.plain_errors(cluster text, family text DEFAULT 'gaussian') RETURNS TABLE (metric text, fold integer, std_error float8) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
	WITH p AS MATERIALIZED (SELECT o.key, o.fold::integer AS fold, o.observed - o.predicted AS e, o.observed FROM journey.out_of_fold('clustered', %L, %L, '{x}', %L, k => 5, repeats => 1) o),
		trained AS (SELECT f.fold, avg(p.observed) AS mean FROM (SELECT DISTINCT fold FROM p) f JOIN p ON p.fold <> f.fold GROUP BY 1),
		c AS (SELECT fold, key, count(*)::float8 AS n, sum(e ^ 2) AS s, sum(abs(e)) AS a, sum((observed - mean) ^ 2) AS d FROM p JOIN trained USING (fold) GROUP BY 1, 2),
		m AS (SELECT fold, count(*)::float8 AS g, sum(n) AS n, sum(s) AS s, sum(a) AS a, sum(d) AS d FROM c GROUP BY 1),
		v AS (SELECT fold, m.g, m.n, m.s, m.d, sum((c.s - m.s / m.n * c.n) ^ 2) AS vs, sum((c.a - m.a / m.n * c.n) ^ 2) AS va, sum((c.s - m.s / m.d * c.d) ^ 2) AS vd
			FROM c JOIN m USING (fold) GROUP BY 1, 2, 3, 4, 5)
	SELECT 'rmse', fold, sqrt(g / (g - 1) * vs) / n / (2 * sqrt(s / n)) FROM v UNION ALL SELECT 'mae', fold, sqrt(g / (g - 1) * va) / n FROM v
	UNION ALL SELECT 'r_squared', fold, sqrt(g / (g - 1) * vd) / d FROM v$q$, CASE family WHEN 'gaussian' THEN 'y' ELSE 'n' END, cluster, family);
END $$;
SELECT pg_temp.holds(format($$SELECT count(*) = 15 AND bool_and(pg_temp.near(c.std_error, p.std_error, 1e-9)) FROM journey.cross_validate('clustered', 'y', %1$L, '{x}', k => 5, repeats => 1) c
	JOIN pg_temp.plain_errors(%1$L) p ON p.metric = c.metric AND p.fold = c.fold$$, cluster), 'R-HELD-1 errors of the folds, clusters ' || cluster) FROM unnest('{apart,threes,mixed}'::text[]) AS cluster;
SELECT pg_temp.holds($$SELECT count(*) = 10 AND bool_and(pg_temp.near(c.std_error, p.std_error, 1e-9)) FROM journey.cross_validate('clustered', 'n', 'apart', '{x}', 'poisson', k => 5, repeats => 1) c
	JOIN pg_temp.plain_errors('apart', 'poisson') p ON p.metric = c.metric AND p.fold = c.fold$$, 'R-HELD-1 errors of the folds, counts');
SELECT * FROM finish();
ROLLBACK;
