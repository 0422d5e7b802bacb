-- folds => 'balanced': the folds of assign_folds(), whatever the model sees,
-- and strata that are the target, a label, a number, or no feature at all.
BEGIN;
\ir lib/close.psql
SELECT plan(19);
SET LOCAL jit = off;
CREATE TEMP TABLE orders AS SELECT i AS id, c AS customer, c % 5 = 0 AS loyal, (ARRAY['web', 'shop', 'phone'])[1 + c * c % 7 % 3] AS channel, c % 4 AS size, (i * 37) % 101 / 50.0 AS a,
	c % 9 = 0 OR i % 17 = 0 AS back, 1 + c % 3 AS f FROM (SELECT row_number() OVER (ORDER BY c, t)::int AS i, c FROM generate_series(1, 150) c, generate_series(0, c % 7) t) s;
SELECT pg_temp.holds(format($$SELECT count(*) = 0 AND (SELECT count(DISTINCT (key, repeat)) = 300 FROM journey.out_of_fold('orders', 'back', 'customer', '{a}', 'binomial', k => 5, repeats => 2, folds => 'balanced', strata => %L, seed => 7)) FROM (
	SELECT DISTINCT key, repeat, fold FROM journey.out_of_fold('orders', 'back', 'customer', '{a}', 'binomial', k => 5, repeats => 2, folds => 'balanced', strata => %L, seed => 7)
	EXCEPT SELECT key, repeat, fold FROM journey.assign_folds('orders', 'customer', 5, 'balanced', strata => %L, repeats => 2, seed => 7)) d$$, s, s, s), 'the folds of assign_folds: strata ' || s)
	FROM (VALUES ('{}'), ('{back}'), ('{loyal}'), ('{channel}'), ('{size}'), ('{channel,back}'), ('{size,channel,loyal,back}')) v(s);
SELECT pg_temp.holds($$SELECT max(n) - min(n) <= 1 FROM (SELECT fold, sum(observed) AS n FROM journey.out_of_fold('orders', 'back', 'id', '{a}', 'binomial', k => 10, repeats => 1, folds => 'balanced', strata => '{back}') GROUP BY fold) f$$, 'classes even to one row where keys are rows');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY repeat, fold) FROM journey.cross_validate('orders', 'back', 'customer', '{a}', 'binomial', k => 3, repeats => 1, folds => 'balanced', strata => '{channel,size}', metrics => '{log_loss}') WHERE fold IS NOT NULL$$,
	(SELECT array_agg(value ORDER BY c.fold) FROM journey.cross_validate('SELECT o.*, d.fold AS g FROM orders o JOIN journey.assign_folds(''orders'', ''customer'', 3, ''balanced'', strata => ''{channel,size}'') d ON d.key = o.customer::text', 'back', 'customer', '{a}', 'binomial', fold => 'g', metrics => '{log_loss}') c WHERE c.fold IS NOT NULL), 'strata are no features', 1e-9);
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY repeat, fold) FROM journey.cross_validate('orders', 'back', 'customer', '{channel,a}', 'binomial', k => 3, repeats => 1, folds => 'balanced', strata => '{channel,size}', metrics => '{log_loss}') WHERE fold IS NOT NULL$$,
	(SELECT array_agg(value ORDER BY c.fold) FROM journey.cross_validate('SELECT o.*, d.fold AS g FROM orders o JOIN journey.assign_folds(''orders'', ''customer'', 3, ''balanced'', strata => ''{channel,size}'') d ON d.key = o.customer::text', 'back', 'customer', '{channel,a}', 'binomial', fold => 'g', metrics => '{log_loss}') c WHERE c.fold IS NOT NULL), 'a stratum may be a feature too', 1e-9);
SELECT pg_temp.numbers_are($$SELECT ARRAY[difference] FROM journey.compare_models('orders', 'back', 'customer', '{"a": {"features": ["a"]}, "b": {"features": ["channel", "a"]}}', 'binomial', k => 3, repeats => 1, folds => 'balanced', strata => '{size}')$$,
	(SELECT ARRAY[a.value - b.value] FROM (SELECT avg(value) AS value FROM journey.cross_validate('orders', 'back', 'customer', '{a}', 'binomial', k => 3, repeats => 1, folds => 'balanced', strata => '{size}', metrics => '{log_loss}') WHERE fold IS NOT NULL) a,
	(SELECT avg(value) AS value FROM journey.cross_validate('orders', 'back', 'customer', '{channel,a}', 'binomial', k => 3, repeats => 1, folds => 'balanced', strata => '{size}', metrics => '{log_loss}') WHERE fold IS NOT NULL) b), 'compare_models deals the same folds', 1e-9);
-- More folds than positives: those without a class have no AUC, and say so.
SELECT pg_temp.holds($$SELECT count(*) FILTER (WHERE fold IS NOT NULL AND value IS NULL AND status = 'one_class') BETWEEN 1 AND 9 AND bool_and(value IS NOT NULL) FILTER (WHERE fold IS NULL) AND bool_and(status = 'one_class') FILTER (WHERE fold IS NULL)
	FROM journey.cross_validate('SELECT *, customer IN (3, 50, 90) AS rare FROM orders', 'rare', 'customer', '{a}', 'binomial', k => 10, repeats => 1, folds => 'balanced', strata => '{rare}', metrics => '{auc}')$$, 'folds without a class: NULL with a status');
SELECT pg_temp.refused(format($$SELECT * FROM journey.cross_validate('SELECT *, id / 2.0 AS half, now() AS t FROM orders', 'back', 'customer', '{a}', 'binomial', %s)$$, a), c, p, n) FROM (VALUES
	($$strata => '{size}'$$, '{22023}'::text[], 'takes no strata', 'strata without balanced folds'),
	($$strata => '{size}', folds => 'balanced', fold => 'f'$$, '{22023}', 'column "f"', 'strata beside a fold column'),
	($$strata => '{size,size}', folds => 'balanced'$$, '{42701}', 'size', 'a stratum twice'),
	($$strata => '{half}', folds => 'balanced'$$, '{22023}', 'half', 'a number with a fraction'),
	($$strata => '{missing}', folds => 'balanced'$$, '{42703}', 'missing', 'a column that is not there'),
	($$folds => 'balanced', k => 151$$, '{22023}', '151.*150', 'more folds than keys'),
	($$strata => '{t}', folds => 'balanced'$$, '{42804}', '"t"', 'a time as stratum')) v(a, c, p, n);
SELECT * FROM finish();
ROLLBACK;
