-- compare_models: pairs of models on the same folds and rows, against brute
-- force (test/oracles/comparison.py) and against cross_validate and out_of_fold.
BEGIN;
\ir lib/close.psql
SELECT plan(56);
SET LOCAL jit = off;
CREATE TEMP TABLE visits AS SELECT i AS id, i % 60 AS customer, (i * 37) % 101 / 50.0 - 1 AS a, (i * 53) % 97 / 48.0 - 1 AS b, (i * 71) % 89 / 44.0 - 1 AS noise,
	(i * 37) % 101 / 50.0 + (i * 29) % 83 / 41.0 AS y, (i * 37) % 101 + (i * 29) % 83 > 90 AS back, 1 + i % 60 % 4 AS f,
	chr(97 + i % 3) AS l FROM generate_series(1, 400) i;

-- What a pair is, from the two validations behind it.
CREATE TEMP TABLE pairs AS SELECT * FROM journey.compare_models('visits', 'y', 'customer',
	'{"plain": {"features": ["b"]}, "full": {"features": ["a", "b", "l"]}, "ridge": {"features": ["b", "a"], "penalty": "ridge", "lambda": 0.5}}', k => 5, repeats => 3);
SELECT results_eq('SELECT a, b, metric, comparisons, status FROM pairs',
	$$VALUES ('full', 'plain', 'rmse', 3, 'ok'), ('full', 'ridge', 'rmse', 3, 'ok'), ('plain', 'ridge', 'rmse', 3, 'ok')$$, 'every pair once, names in byte order');
CREATE TEMP TABLE runs AS
	SELECT 'full' AS model, c.* FROM journey.cross_validate('visits', 'y', 'customer', '{a,b,l}', k => 5, repeats => 3) c UNION ALL
	SELECT 'plain', c.* FROM journey.cross_validate('visits', 'y', 'customer', '{b}', k => 5, repeats => 3) c UNION ALL
	SELECT 'ridge', c.* FROM journey.cross_validate('visits', 'y', 'customer', '{b,a}', penalty => 'ridge', lambdas => '{0.5}', k => 5, repeats => 3) c;
SELECT pg_temp.numbers_are('SELECT array_agg(difference ORDER BY a, b) || array_agg(std_error ORDER BY a, b) FROM pairs',
	(SELECT array_agg(d ORDER BY a, b) || array_agg(s ORDER BY a, b) FROM (SELECT p.a, p.b, avg(x.value - y.value) AS d,
		sqrt((1.0 / 15 + avg(x.n_test) / avg(x.n_train)) * var_samp(x.value - y.value)) AS s
		FROM pairs p JOIN runs x ON x.model = p.a JOIN runs y ON y.model = p.b AND (y.repeat, y.fold, y.metric) = (x.repeat, x.fold, x.metric)
		WHERE x.metric = 'rmse' AND x.fold IS NOT NULL GROUP BY p.a, p.b) q), 'difference and error are those of cross_validate on the same folds', 1e-9);
SELECT pg_temp.numbers_are('SELECT array_agg(wins ORDER BY a, b) FROM pairs',
	(SELECT array_agg(w ORDER BY a, b) FROM (SELECT a, b, count(*) FILTER (WHERE x < y) AS w FROM (SELECT p.a, p.b, o.repeat, sqrt(sum(o.n_test * o.value ^ 2) FILTER (WHERE o.model = p.a)) AS x,
		sqrt(sum(o.n_test * o.value ^ 2) FILTER (WHERE o.model = p.b)) AS y FROM pairs p JOIN runs o ON o.model IN (p.a, p.b) WHERE o.metric = 'rmse' AND o.fold IS NOT NULL GROUP BY p.a, p.b, o.repeat) q GROUP BY a, b) w), 'wins are repeats in which a is better', 0);
-- The clustered z by hand: losses averaged over repeats, differences summed by key.
CREATE TEMP TABLE loss AS
	SELECT row_number, x.key, x.l - y.l AS d FROM
	(SELECT key, row_number, avg((observed - predicted) ^ 2) AS l FROM journey.out_of_fold('SELECT * FROM visits ORDER BY id', 'y', 'customer', '{a,b,l}', k => 5, repeats => 3) GROUP BY key, row_number) x JOIN
	(SELECT key, row_number, avg((observed - predicted) ^ 2) AS l FROM journey.out_of_fold('SELECT * FROM visits ORDER BY id', 'y', 'customer', '{b,a}', penalty => 'ridge', lambda => 0.5, k => 5, repeats => 3) GROUP BY key, row_number) y USING (row_number);
SELECT pg_temp.holds($$SELECT abs(n.tail - p.p_clustered) < 1e-9 FROM pairs p,
	(SELECT abs(m) / (sqrt(60.0 / 59 * sum(s ^ 2)) / 400) AS z FROM (SELECT avg(d) AS m FROM loss) a, LATERAL (SELECT sum(d - m) AS s FROM loss GROUP BY key) c GROUP BY m) z,
	LATERAL (SELECT 1 - 2 * sum((-1) ^ i * z ^ (2 * i + 1) / (2 ^ i * (2 * i + 1)) / factorial(i)::float8) / sqrt(2 * pi()) AS tail FROM generate_series(0, 60) i) n
	WHERE p.a = 'full' AND p.b = 'ridge'$$, 'p_clustered from the predictions of out_of_fold');
SELECT pg_temp.holds($$SELECT bool_and(abs(p_a_better + p_equivalent + p_b_better - 1) < 1e-12 AND conf_low < difference AND difference < conf_high AND q_value >= p_value AND equivalence > 0) FROM pairs$$, 'probabilities add up, q is not below p');
SELECT pg_temp.holds($$SELECT bool_and(abs(q_value - least(1, (SELECT min(o.p_value * 3 / (SELECT count(*) FROM pairs i WHERE i.p_value <= o.p_value)) FROM pairs o WHERE o.p_value >= p.p_value))) < 1e-14) FROM pairs p$$, 'q by Benjamini and Hochberg over the three pairs');

-- Shuffled rows, other model order, other spelling: the same bits.
SELECT results_eq($$SELECT * FROM journey.compare_models('SELECT * FROM visits ORDER BY noise, id DESC', 'y', 'customer',
	'{"ridge": {"lambdas": [0.5], "features": ["b", "a"], "penalty": "ridge"}, "full": {"features": ["a", "b", "l"], "alpha": 0.2}, "plain": {"features": ["b"], "lambda": 0}}', k => 5, repeats => 3)$$, 'SELECT * FROM pairs', 'order of rows and models changes nothing');
-- The same columns with features NULL; a model against itself.
SELECT results_eq($$SELECT difference, std_error, conf_low, conf_high, p_value, p_clustered, q_value, wins, p_a_better, p_equivalent, p_b_better, status, verdict FROM
	journey.compare_models('SELECT customer, y, a, l FROM visits', 'y', 'customer', '{"one": {}, "two": {"features": ["a", "l"]}}')$$,
	$$VALUES (0::float8, 0::float8, 0::float8, 0::float8, 1::float8, 1::float8, 1::float8, 0, 0::float8, 1::float8, 0::float8, 'ok',
	'"one" and "two" predict equally well: their error (rmse) is the same in every fold (60 values of customer). Keep the simpler model.')$$, 'no difference anywhere: p is 1, not NaN');
SELECT results_eq($$SELECT count(*), bool_and(difference IS NULL AND p_value IS NULL AND q_value IS NULL AND wins IS NULL AND status = 'too_few' AND verdict LIKE 'No answer: 0 values of customer%') FROM journey.compare_models('SELECT * FROM visits WHERE false', 'y', 'customer', '{"a": {"features": ["a"]}, "b": {"features": ["b"]}, "c": {}}')$$,
	'VALUES (3::bigint, true)', 'no rows: pairs without figures');
SELECT pg_temp.holds($$SELECT status = 'too_few' AND difference IS NOT NULL AND p_value IS NULL AND p_clustered IS NULL AND p_equivalent IS NULL AND q_value IS NULL AND verdict LIKE 'No answer: 9 values of customer are too few%' FROM
	journey.compare_models('SELECT * FROM visits WHERE customer < 9', 'y', 'customer', '{"a": {"features": ["a"]}, "b": {"features": ["b"]}}', k => 3)$$, 'nine keys are too few for a test');
SELECT pg_temp.holds($$SELECT status = 'separated' AND difference IS NULL AND p_value IS NULL AND wins IS NULL AND verdict LIKE 'No answer: a model of "a" or "b" could not be fitted%separated%' FROM
	journey.compare_models('SELECT *, back::int * 2.0 + a / 10 AS leak FROM visits', 'back', 'customer', '{"a": {"features": ["a"]}, "b": {"features": ["leak"]}}', 'binomial')$$, 'a model that cannot be had: status and no figures');
SELECT pg_temp.holds($$SELECT status = 'one_class' AND difference IS NOT NULL AND metric = 'auc' FROM
	journey.compare_models('SELECT *, CASE WHEN f = 1 THEN true ELSE back END AS late FROM visits', 'late', 'customer', '{"a": {"features": ["a"]}, "b": {"features": ["b"]}}', 'binomial', metric => 'auc', fold => 'f')$$, 'a fold without a class: said, and left out');
SELECT pg_temp.holds($$SELECT bool_and(p_clustered IS NULL AND p_value IS NOT NULL) FROM journey.compare_models('visits', 'back', 'customer', '{"a": {"features": ["a"]}, "b": {"features": ["b"]}}', 'binomial', metric => 'average_precision')$$, 'average precision has no clustered test');
SELECT pg_temp.holds($$SELECT p_equivalent < 0.5 AND o > 0.999 FROM (SELECT p_equivalent, (SELECT p_equivalent FROM journey.compare_models('visits', 'y', 'customer', m, equivalence => 10)) AS o
	FROM (VALUES ('{"a": {"features": ["a"]}, "b": {"features": ["b"]}}'::jsonb)) v(m), journey.compare_models('visits', 'y', 'customer', m, equivalence => 0) c) q$$, 'equivalence moves the region');
SELECT pg_temp.holds($$SELECT count(*) = 3 AND bool_and(p_value >= 0) FROM journey.compare_models('SELECT *, id::float8 AS row_id FROM visits', 'y', NULL, '{"a": {"features": ["a"]}, "b": {"features": ["b"]}, "l": {"features": ["l", "a"], "penalty": "lasso", "lambda": 0.01}}', folds => 'hash', k => 4)$$, 'without a key, hash folds, lasso');

-- Refusals.
SELECT pg_temp.refused(format('SELECT * FROM journey.compare_models(''visits'', ''y'', ''customer'', %s)', m), c, p, n) FROM (VALUES
	('NULL', '{22004}'::text[], 'models', 'models NULL'),
	($$'[]'$$, '{22023}', 'models must be an object', 'models an array'),
	($$'3'$$, '{22023}', 'models must be an object', 'models a number'),
	($$'{}'$$, '{22023}', 'models has 0 models', 'no models'),
	($$'{"a": {}}'$$, '{22023}', 'models has 1 model,', 'one model'),
	($$'{"a": {}, "b": 3}'$$, '{22023}', '"b" is none', 'a model that is a number'),
	($$'{"a": {}, "b": ["x"]}'$$, '{22023}', '"b" is none', 'a model that is an array'),
	($$'{"a": {}, "b": {"lamda": 1}}'$$, '{22023}', 'model "b" has an unknown argument "lamda"', 'unknown argument'),
	($$'{"a": {}, "b": {"features": "a"}}'$$, '{22023}', 'features of model "b"', 'features that are no array'),
	($$'{"a": {}, "b": {"features": [1]}}'$$, '{22023}', 'features of model "b"', 'features that are no names'),
	($$'{"a": {}, "b": {"features": ["a", "a"]}}'$$, '{42701}', '"a" of model "b" is listed twice', 'a feature twice'),
	($$'{"a": {"features": ["a"]}, "b": {"features": ["zz"]}}'$$, '{42703}', 'zz', 'a feature that is not there'),
	($$'{"a": {"features": ["a"]}, "b": {"features": ["y"]}}'$$, '{22023}', 'target', 'the target as feature'),
	($$'{"a": {}, "b": {"features": ["customer"]}}'$$, '{42703}', 'customer', 'the key as feature beside all'),
	($$'{"a": {}, "b": {"penalty": "rigde", "lambda": 1}}'$$, '{22023}', 'rigde', 'unknown penalty'),
	($$'{"a": {}, "b": {"penalty": 1}}'$$, '{22023}', 'penalty of model "b"', 'a penalty that is a number'),
	($$'{"a": {}, "b": {"penalty": "ridge"}}'$$, '{22023}', 'model "b" has penalty "ridge" but no lambda', 'ridge without strength'),
	($$'{"a": {}, "b": {"penalty": "ridge", "lambda": -1}}'$$, '{22023}', 'lambda of model "b" is -1', 'negative lambda'),
	($$'{"a": {}, "b": {"penalty": "ridge", "lambda": "1"}}'$$, '{22023}', 'lambda of model "b" must be a number', 'lambda as a string'),
	($$'{"a": {}, "b": {"lambda": 1}}'$$, '{22023}', 'no penalty', 'lambda without penalty'),
	($$'{"a": {}, "b": {"penalty": "ridge", "lambdas": [1, 2]}}'$$, '{22023}', 'lambdas of model "b"', 'two lambdas'),
	($$'{"a": {}, "b": {"penalty": "elastic_net", "lambda": 1, "alpha": 2}}'$$, '{22023}', 'alpha of model "b" is 2', 'alpha above 1'),
	($$'{"a": {"features": ["b"]}, "b": {"features": ["a"]}}', 'binomial'$$, '{22023}', 'target "y"', 'a number as a class'),
	($$'{"a": {}, "b": {}}', 'cauchy'$$, '{22023}', 'cauchy', 'unknown family'),
	($$'{"a": {}, "b": {}}', metric => 'auc'$$, '{22023}', 'auc', 'a metric of another family'),
	($$'{"a": {}, "b": {}}', equivalence => '-1'$$, '{22023}', 'equivalence', 'negative equivalence'),
	($$'{"a": {}, "b": {}}', equivalence => 'NaN'$$, '{22023}', 'equivalence', 'equivalence NaN'),
	($$'{"a": {}, "b": {}}', seed => NULL$$, '{22004}', 'seed', 'seed NULL'),
	($$'{"a": {}, "b": {}}', k => 61$$, '{22023}', '61.*60', 'more folds than keys'),
	($$'{"a": {}, "b": {}}', fold => 'id'$$, '{22023}', 'fold column "id" puts key', 'folds that split keys')) v(m, c, p, n);

\if :shared_here
\ir lib/data.psql
CREATE TEMP TABLE found AS SELECT c.* FROM (VALUES ('rmse'), ('mae')) m(which), journey.compare_models('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', 'i',
	'{"small": {"features": ["age", "educ", "re75"]}, "all": {"features": ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75"]},
	  "ridge": {"features": ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75"], "penalty": "ridge", "lambda": 0.1}}', fold => 'f', metric => which) c;
SELECT pg_temp.numbers_are(format('SELECT ARRAY[difference, std_error, conf_low, conf_high, p_value, p_a_better, p_equivalent, p_b_better, p_clustered] FROM found WHERE a = %L AND b = %L AND metric = %L', a, b, m), w, n, 1e-7) FROM (VALUES
	('all', 'ridge', 'rmse', '{13.8413045275,11.5462091601,-18.2161113786,45.8987204335,0.296777693881,0.00114328984212,0.993543967261,0.00531274289683,0.0205802487312}'::float8[], 'LaLonde: plain against ridge, rmse'),
	('all', 'ridge', 'mae', '{4.98287567622,8.4328574334,-18.4304900676,28.39624142,0.586367745988,0.00169411542414,0.994676746465,0.00362913811102,0.449353789167}', 'plain against ridge, mae'),
	('all', 'small', 'rmse', '{-0.241108593566,92.1264717689,-256.025200195,255.542983008,0.998037141946,0.25684785593,0.48775351318,0.255398630889,0.951289516618}', 'eight features against three, rmse'),
	('ridge', 'small', 'mae', '{-67.0666974237,52.1908327124,-211.971679444,77.8382845968,0.268144209899,0.636463128369,0.316982909546,0.0465539620851,0.0824191611794}', 'ridge against three features, mae')) v(a, b, m, w, n);
SELECT pg_temp.numbers_are($$SELECT array_agg(p_clustered ORDER BY a, b) FROM journey.compare_models('SELECT *, (i - 1) % 5 + 1 AS f, (i - 1) / 10 * 5 + (i - 1) % 5 AS pair FROM lalonde', 're78', 'pair',
	'{"small": {"features": ["age", "educ", "re75"]}, "all": {"features": ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75"]},
	  "ridge": {"features": ["age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75"], "penalty": "ridge", "lambda": 0.1}}', fold => 'f')$$,
	'{0.0252776055169,0.953721254119,0.773031664196}', 'two rows a key: clustered', 1e-7);
SELECT pg_temp.numbers_are(format('SELECT ARRAY[difference, std_error, conf_low, conf_high, p_value, p_b_better, p_equivalent, p_a_better, p_clustered] FROM journey.compare_models(''SELECT *, churn = $y$Yes$y$ AS gone, (i - 1) %% 10 + 1 AS f FROM churn'', ''gone'', ''i'',
	''{"full": {"features": ["tenure", "monthly_charges", "contract"]}, "plain": {"features": ["tenure", "monthly_charges"]}}'', ''binomial'', fold => ''f'', metric => %L)', m), w, n, 1e-6) FROM (VALUES
	('auc', '{0.0194118857152,0.00303520575204,0.0125457732826,0.0262779981477,0.000125926140238,2.32333370191e-06,0.00634961853565,0.993648058131,1.68304153976e-19}'::float8[], 'churn: AUC'),
	('average_precision', '{0.012770058079,0.004455947402,0.00269000474654,0.0228501114115,0.0186022455183,0.000318235494243,0.274476749026,0.72520501548,NULL}', 'churn: average precision'),
	('accuracy', '{0.00340727756286,0.0029379818293,-0.00323889907647,0.0100534542022,0.27599810785,0.000679793931065,0.973565824937,0.0257543811322,0.1366071514}', 'churn: accuracy')) v(m, w, n);
SELECT pg_temp.text_is($$SELECT verdict FROM journey.compare_models('SELECT *, churn = $y$Yes$y$ AS gone, (i - 1) % 10 + 1 AS f FROM churn', 'gone', 'i',
	'{"full": {"features": ["tenure", "monthly_charges", "contract"]}, "plain": {"features": ["tenure", "monthly_charges"]}}', 'binomial', fold => 'f', metric => 'auc')$$,
	'"full" predicts better than "plain": its AUC is higher by 1.94 points (95 % interval 1.25 to 2.63; q < 0.001; 7043 values of i). It was better in 1 of 1 repeat.', 'a clear verdict');
SELECT pg_temp.text_is($$SELECT verdict FROM found WHERE a = 'all' AND b = 'small' AND metric = 'rmse'$$,
	'"all" and "small" cannot be told apart: the error (rmse) of "all" is lower by 0.241 (95 % interval -256 to 256; q = 0.998; 445 values of i). Differences under 333 would be missed. Keep the simpler model.', 'a verdict that is not clear');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY metric) FROM journey.cross_validate('SELECT *, churn = $y$Yes$y$ AS gone, (i - 1) % 10 + 1 AS f FROM churn', 'gone', 'i', '{tenure,monthly_charges,contract}', 'binomial', fold => 'f', metrics => '{average_precision,accuracy,auc}') WHERE fold IS NULL$$,
	'{0.787590515405,0.826469812332,0.61513260283}', 'accuracy pooled over rows, AUC and average precision over folds', 1e-8);
\else
SELECT skip('shared data absent', 11);
\endif
SELECT * FROM finish();
ROLLBACK;
