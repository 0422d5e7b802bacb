-- Every family and penalty in cross-validation: a fold is fit() on the other
-- rows and predict() on its own, and metrics are those of these predictions.
BEGIN;
\ir lib/close.psql
SELECT plan(34);
SET LOCAL jit = off;
CREATE TEMP TABLE visits AS SELECT i AS id, i % 80 AS customer, 1 + i % 80 % 4 AS f, a, b, l, noise,
	floor(exp(0.8 + 0.8 * a - 0.7 * b) * 0.6 * noise ^ 3)::int AS calls, (a - b + 2 * noise > 0.6) AS back,
	1 + (a - b + noise > -0.5)::int + (a - b + noise > 0.4)::int + (a - b + noise > 1.4)::int AS csat, 3 + a - 2 * b + noise AS y
	FROM (SELECT i, (i * 37) % 101 / 50.0 - 1 AS a, (i * 53) % 97 / 48.0 - 1 AS b, chr(97 + i % 3) AS l, (i * 71) % 89 / 44.0 AS noise FROM generate_series(1, 480) i) s;
CREATE TEMP TABLE cases (n, target, family, penalty, lambda, alpha) AS VALUES
	(1, 'calls', 'poisson', 'none', 0.0, 0.5), (2, 'calls', 'poisson', 'ridge', 0.1, 0.5), (3, 'calls', 'poisson', 'lasso', 0.05, 0.5),
	(4, 'calls', 'negative_binomial', 'none', 0, 0.5), (5, 'calls', 'negative_binomial', 'ridge', 0.1, 0.5),
	(6, 'csat', 'ordinal', 'none', 0, 0.5), (7, 'csat', 'ordinal', 'ridge', 0.05, 0.5), (8, 'csat', 'ordinal', 'lasso', 0.02, 0.5),
	(9, 'back', 'binomial', 'none', 0, 0.5), (10, 'back', 'binomial', 'ridge', 0.05, 0.5), (11, 'back', 'binomial', 'lasso', 0.02, 0.5), (12, 'back', 'binomial', 'elastic_net', 0.05, 0.3),
	(13, 'back', 'binomial', 'firth', 0, 0.5), (14, 'y', 'gaussian', 'lasso', 0.1, 0.5), (15, 'y', 'gaussian', 'elastic_net', 0.1, 0.3);
SELECT pg_temp.numbers_are(format('SELECT array_agg(predicted ORDER BY row_number) FROM journey.out_of_fold(''SELECT * FROM visits ORDER BY id'', %L, ''customer'', ''{a,b,l}'', %L, %L, %s, %s, fold => ''f'') WHERE fold = 3', target, family, penalty, lambda, alpha),
	(SELECT array_agg(journey.predict(m, v) ORDER BY id) FROM visits v, journey.fit('SELECT * FROM visits WHERE f <> 3', target, 'customer', '{a,b,l}', family, penalty, lambda::float8, alpha::float8) m WHERE f = 3),
	format('%s, %s: a fold is fit() and predict()', family, penalty), 1e-6) FROM cases ORDER BY n;
SELECT pg_temp.numbers_are($$SELECT array_agg(predicted ORDER BY row_number) FROM journey.out_of_fold('SELECT *, 2 * a - b AS both, a AS again FROM visits ORDER BY id', 'back', 'customer', '{a,b,again,both}', 'binomial', 'ridge', 0.1, fold => 'f') WHERE fold = 3$$,
	(SELECT array_agg(journey.predict(m, v) ORDER BY id) FROM (SELECT *, 2 * a - b AS both, a AS again FROM visits) v, journey.fit('SELECT *, 2 * a - b AS both, a AS again FROM visits WHERE f <> 3', 'back', 'customer', '{a,b,again,both}', 'binomial', 'ridge', 0.1) m WHERE v.f = 3), 'ridge keeps columns that depend on each other, in a fold as in fit()', 1e-9);
-- Metrics of counts and ordinal targets from the predictions.
CREATE TEMP TABLE p AS SELECT 'poisson' AS family, o.* FROM journey.out_of_fold('visits', 'calls', 'customer', '{a,b,l}', 'poisson', k => 4, repeats => 1) o UNION ALL
	SELECT 'negative_binomial', o.* FROM journey.out_of_fold('visits', 'calls', 'customer', '{a,b,l}', 'negative_binomial', k => 4, repeats => 1) o UNION ALL
	SELECT 'ordinal', o.* FROM journey.out_of_fold('visits', 'csat', 'customer', '{a,b,l}', 'ordinal', k => 4, repeats => 1) o;
SELECT pg_temp.numbers_are(format('SELECT array_agg(value ORDER BY metric, fold) FROM journey.cross_validate(''visits'', %L, ''customer'', ''{a,b,l}'', %L, k => 4, repeats => 1) WHERE metric <> ''log_loss''', t, f),
	(SELECT array_agg(v ORDER BY m, fold) FROM (SELECT fold, avg(abs(observed - predicted)) AS mae, sqrt(avg((observed - predicted) ^ 2)) AS rmse,
		CASE WHEN f <> 'ordinal' THEN avg(2 * (CASE WHEN observed > 0 THEN observed * ln(observed / predicted) ELSE 0 END - observed + predicted)) END AS d FROM p WHERE p.family = f GROUP BY GROUPING SETS ((fold), ())) q,
		LATERAL (VALUES ('mae', mae), ('poisson_deviance', d), ('rmse', rmse)) w(m, v) WHERE v IS NOT NULL), f || ': metrics from the predictions', 1e-9) FROM (VALUES ('calls', 'poisson'), ('calls', 'negative_binomial'), ('csat', 'ordinal')) v(t, f);
SELECT results_eq($$SELECT family, string_agg(DISTINCT metric, ',' ORDER BY metric) FROM (VALUES ('poisson', 'calls'), ('negative_binomial', 'calls'), ('ordinal', 'csat')) v(family, target), journey.cross_validate('visits', target, 'customer', '{a}', family, k => 3, repeats => 1) GROUP BY 1 ORDER BY 1$$,
	$$VALUES ('negative_binomial', 'mae,poisson_deviance,rmse'), ('ordinal', 'log_loss,mae,rmse'), ('poisson', 'mae,poisson_deviance,rmse')$$, 'usual metrics');
-- A path of the lasso from all rows.
SELECT pg_temp.holds($$SELECT count(*) = 100 AND count(*) FILTER (WHERE is_best) = 1 AND max(lambda) / min(lambda) > 50 AND bool_and(status = 'ok' AND value > 0) FROM journey.cross_validate('visits', 'calls', 'customer', '{a,b}', 'poisson', 'lasso', k => 3, repeats => 1, metrics => '{poisson_deviance}') WHERE fold IS NULL$$, 'poisson lasso: a hundred strengths');
SELECT pg_temp.holds($$SELECT count(DISTINCT lambda) = 100 AND string_agg(DISTINCT metric, ',' ORDER BY metric) = 'r_squared,rmse' FROM journey.cross_validate('visits', 'y', 'customer', '{a,b}', penalty => 'lasso', k => 3, repeats => 1)$$, 'gaussian lasso: mae is not given unasked over 20 strengths');
SELECT pg_temp.holds($$SELECT bool_and(m.value = a.value) AND count(*) = 300 FROM journey.cross_validate('visits', 'y', 'customer', '{a,b}', penalty => 'lasso', k => 3, repeats => 1, metrics => '{mae,rmse}') a JOIN journey.cross_validate('visits', 'y', 'customer', '{a,b}', penalty => 'lasso', k => 3, repeats => 1) m USING (lambda, metric, fold)$$, 'asked for, it is there, and the rest is the same');
-- What a fold cannot carry.
SELECT pg_temp.holds($$SELECT count(*) FILTER (WHERE status = 'one_class' AND value IS NULL) = 1 AND count(*) FILTER (WHERE status = 'ok' AND value IS NOT NULL) = 2 AND count(*) = 3 FROM journey.cross_validate('SELECT *, CASE WHEN f = 1 THEN calls + 1 ELSE 0 END AS late, least(f, 3) AS g FROM visits', 'late', 'customer', '{a}', 'poisson', fold => 'g', metrics => '{rmse}') WHERE fold IS NOT NULL$$, 'counts that are all 0 in one training part');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT *, calls - 1 AS c FROM visits', 'c', 'customer', '{a}', 'poisson')$$, '{22023}', 'target "c"', 'negative counts');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('visits', 'calls', 'customer', '{a}', 'poisson', 'firth')$$, '{0A000}', 'firth', 'firth is for binomial');
SELECT pg_temp.holds($$SELECT metric = 'poisson_deviance' AND p_value < 0.001 AND status = 'ok' AND verdict LIKE '"ab" predicts better than "l": its Poisson deviance is lower by%' FROM journey.compare_models('visits', 'calls', 'customer', '{"ab": {"features": ["a", "b"]}, "l": {"features": ["l"]}}', 'poisson')$$, 'counts compared');
SELECT pg_temp.holds($$SELECT count(*) = 3 AND bool_and(p_value IS NOT NULL) FROM journey.compare_models('visits', 'csat', 'customer', '{"ab": {"features": ["a", "b"]}, "l": {"features": ["l"]}, "lasso": {"features": ["a", "b", "l"], "penalty": "lasso", "lambda": 0.01}}', 'ordinal', metric => 'mae')$$, 'ordinal targets compared');
-- Trees as the yardstick: a fold is fit_trees() on the other rows where both see the same values.
SELECT pg_temp.numbers_are(format($$SELECT array_agg(predicted ORDER BY row_number) FROM journey.out_of_fold('SELECT *, round(a * 4) AS ra, round(b * 4) AS rb FROM visits ORDER BY id', %L, 'customer', '{ra,rb}', %L, 'boosting', fold => 'f') WHERE fold = 3$$, t, fam),
	(SELECT array_agg(journey.predict(m, v) ORDER BY id) FROM (SELECT *, round(a * 4) AS ra, round(b * 4) AS rb FROM visits) v, journey.fit_trees('SELECT *, round(a * 4) AS ra, round(b * 4) AS rb FROM visits WHERE f <> 3', t, 'customer', '{ra,rb}', fam) m WHERE v.f = 3), fam || ', boosting: a fold is fit_trees() and predict()', 1e-9) FROM (VALUES ('y', 'gaussian'), ('back', 'binomial'), ('calls', 'poisson')) w(t, fam);
SELECT pg_temp.holds($$SELECT bool_and(abs(c.value - m.v) < 1e-9) AND count(*) = 2 FROM journey.cross_validate('visits', 'y', 'customer', '{a,b}', penalty => 'boosting', k => 4, repeats => 1) c
	JOIN (SELECT w.* FROM (SELECT sqrt(avg((observed - predicted) ^ 2)) AS rmse, avg(abs(observed - predicted)) AS mae FROM journey.out_of_fold('visits', 'y', 'customer', '{a,b}', penalty => 'boosting', k => 4, repeats => 1)) o, LATERAL (VALUES ('rmse', rmse), ('mae', mae)) w(metric, v)) m USING (metric) WHERE c.fold IS NULL$$, 'boosting: metrics from the predictions');
SELECT pg_temp.holds($$SELECT c.status = 'ok' AND c.p_value IS NOT NULL AND n.naive = n.corrected FROM journey.compare_models('visits', 'back', 'customer', '{"trees": {"features": ["a", "b"], "penalty": "boosting"}, "line": {"features": ["a", "b"]}}', 'binomial', k => 3, repeats => 1, metric => 'auc') c,
	journey.nested_cv('visits', 'y', 'customer', '{a,b}', penalty => 'boosting', k => 3, repeats => 1, metrics => '{r_squared}') n$$, 'trees against a line; nothing to choose among trees');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('visits', 'csat', 'customer', '{a}', 'ordinal', 'boosting')$$, '{0A000}', 'boosting', 'no trees for ordinal targets');
SELECT * FROM finish();
ROLLBACK;
