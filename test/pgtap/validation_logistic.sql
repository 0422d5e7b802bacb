-- Cross-validation of logistic regression: telco churn of
-- reference/validation.md 9.2 and hard small cases, every fold refitted by
-- brute force (test/oracles/cross_validation.py).
BEGIN;
\ir lib/close.psql
SELECT plan(28);

-- Few rows and a strong signal: fold fits must run to their own end.
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT i, (i - 1) % 5 + 1 AS f, (i * 7) % 101 / 50.0 - 1 AS a, (i * 11) % 101 / 50.0 - 1 AS b, (i * 13) % 101 / 50.0 - 1 AS c, (i * 17) % 101 / 50.0 - 1 AS d, (i * 19) % 101 / 50.0 - 1 AS e, (i * 23) % 101 / 50.0 - 1 AS g, 4 * ((i * 7) % 101 / 50.0 - 1) - 3 * ((i * 11) % 101 / 50.0 - 1) + 2 * ((i * 13) % 101 / 50.0 - 1) + ((i * 7919) % 199) / 40.0 - 2.5 > 0 AS y FROM generate_series(1, 120) i', 'y', NULL, '{a,b,c,d,e,g}', 'binomial', fold => 'f') WHERE metric = 'log_loss' AND fold IS NOT NULL$$,
	'{0.330937790808,0.462615154072,0.123918163375,0.263414670658,0.598586795059}', 'strong signal: log loss of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT i, (i - 1) % 5 + 1 AS f, (i * 7) % 101 / 50.0 - 1 AS a, (i * 11) % 101 / 50.0 - 1 AS b, (i * 13) % 101 / 50.0 - 1 AS c, (i * 17) % 101 / 50.0 - 1 AS d, (i * 19) % 101 / 50.0 - 1 AS e, (i * 23) % 101 / 50.0 - 1 AS g, 4 * ((i * 7) % 101 / 50.0 - 1) - 3 * ((i * 11) % 101 / 50.0 - 1) + 2 * ((i * 13) % 101 / 50.0 - 1) + ((i * 7919) % 199) / 40.0 - 2.5 > 0 AS y FROM generate_series(1, 120) i', 'y', NULL, '{a,b,c,d,e,g}', 'binomial', fold => 'f') WHERE metric = 'brier' AND fold IS NOT NULL$$,
	'{0.11160700549,0.161508548547,0.0373926921091,0.0860013172697,0.207119423772}', 'strong signal: Brier score of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT i, (i - 1) % 5 + 1 AS f, (i * 7) % 101 / 50.0 - 1 AS a, (i * 11) % 101 / 50.0 - 1 AS b, (i * 13) % 101 / 50.0 - 1 AS c, (i * 17) % 101 / 50.0 - 1 AS d, (i * 19) % 101 / 50.0 - 1 AS e, (i * 23) % 101 / 50.0 - 1 AS g, 4 * ((i * 7) % 101 / 50.0 - 1) - 3 * ((i * 11) % 101 / 50.0 - 1) + 2 * ((i * 13) % 101 / 50.0 - 1) + ((i * 7919) % 199) / 40.0 - 2.5 > 0 AS y FROM generate_series(1, 120) i', 'y', NULL, '{a,b,c,d,e,g}', 'binomial', fold => 'f') WHERE metric = 'auc' AND fold IS NOT NULL$$,
	'{0.9375,0.935714285714,0.993006993007,0.964285714286,0.907142857143}', 'strong signal: AUC of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY array_position('{log_loss,brier,auc}', metric)) FROM journey.cross_validate('SELECT i, (i - 1) % 5 + 1 AS f, (i * 7) % 101 / 50.0 - 1 AS a, (i * 11) % 101 / 50.0 - 1 AS b, (i * 13) % 101 / 50.0 - 1 AS c, (i * 17) % 101 / 50.0 - 1 AS d, (i * 19) % 101 / 50.0 - 1 AS e, (i * 23) % 101 / 50.0 - 1 AS g, 4 * ((i * 7) % 101 / 50.0 - 1) - 3 * ((i * 11) % 101 / 50.0 - 1) + 2 * ((i * 13) % 101 / 50.0 - 1) + ((i * 7919) % 199) / 40.0 - 2.5 > 0 AS y FROM generate_series(1, 120) i', 'y', NULL, '{a,b,c,d,e,g}', 'binomial', fold => 'f') WHERE fold IS NULL$$,
	'{0.355894514794,0.120725797438,0.94752997003}', 'strong signal: overall');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT i, (i - 1) % 5 + 1 AS f, (i * 7) % 101 / 50.0 - 1 AS a, (i * 11) % 101 / 50.0 - 1 AS b, (i * 13) % 101 / 50.0 - 1 AS c, (i * 17) % 101 / 50.0 - 1 AS d, (i * 19) % 101 / 50.0 - 1 AS e, (i * 23) % 101 / 50.0 - 1 AS g, 4 * ((i * 7) % 101 / 50.0 - 1) - 3 * ((i * 11) % 101 / 50.0 - 1) + 2 * ((i * 13) % 101 / 50.0 - 1) + ((i * 7919) % 199) / 40.0 - 2.5 > 0 AS y FROM generate_series(1, 120) i', 'y', NULL, '{a,b,c,d,e,g}', 'binomial', fold => 'f', penalty => 'ridge', lambdas => '{0.05}') WHERE metric = 'log_loss' AND fold IS NOT NULL$$,
	'{0.401872275988,0.408019827662,0.233959095066,0.325341036925,0.494189212899}', 'strong signal, ridge: log loss of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY array_position('{log_loss,brier,auc}', metric)) FROM journey.cross_validate('SELECT i, (i - 1) % 5 + 1 AS f, (i * 7) % 101 / 50.0 - 1 AS a, (i * 11) % 101 / 50.0 - 1 AS b, (i * 13) % 101 / 50.0 - 1 AS c, (i * 17) % 101 / 50.0 - 1 AS d, (i * 19) % 101 / 50.0 - 1 AS e, (i * 23) % 101 / 50.0 - 1 AS g, 4 * ((i * 7) % 101 / 50.0 - 1) - 3 * ((i * 11) % 101 / 50.0 - 1) + 2 * ((i * 13) % 101 / 50.0 - 1) + ((i * 7919) % 199) / 40.0 - 2.5 > 0 AS y FROM generate_series(1, 120) i', 'y', NULL, '{a,b,c,d,e,g}', 'binomial', fold => 'f', penalty => 'ridge', lambdas => '{0.05}') WHERE fold IS NULL$$,
	'{0.372676289708,0.116709385631,0.948918858919}', 'strong signal, ridge: overall');

-- A fold with one class has no AUC; it is not counted as 0 or 0.5.
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT (i - 1) % 4 + 1 AS f, (i * 37) % 41 AS x, i % 4 = 1 OR (i * 17) % 29 > 14 AS y FROM generate_series(1, 40) i', 'y', NULL, '{x}', 'binomial', fold => 'f') WHERE metric = 'auc' AND fold IS NOT NULL$$,
	'{NULL,0.666666666667,0.64,0.619047619048}', 'one class in a fold: its AUC is NULL');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT (i - 1) % 4 + 1 AS f, (i * 37) % 41 AS x, i % 4 = 1 OR (i * 17) % 29 > 14 AS y FROM generate_series(1, 40) i', 'y', NULL, '{x}', 'binomial', fold => 'f') WHERE metric = 'log_loss' AND fold IS NOT NULL$$,
	'{0.848662527621,0.654177136048,0.709948927945,0.982901213462}', 'one class in a fold: its losses exist');
SELECT pg_temp.holds($$SELECT value BETWEEN 0.6190 AND 0.6667 FROM journey.cross_validate('SELECT (i - 1) % 4 + 1 AS f, (i * 37) % 41 AS x, i % 4 = 1 OR (i * 17) % 29 > 14 AS y FROM generate_series(1, 40) i', 'y', NULL, '{x}', 'binomial', fold => 'f') WHERE metric = 'auc' AND fold IS NULL$$,
	'one class in a fold: the overall AUC is that of the others');

-- A training part that separates: a status, not an end.
SELECT pg_temp.holds($$SELECT count(*) > 0 AND bool_and(status <> 'ok') FROM journey.cross_validate(
	'SELECT 1 + i % 2 AS f, i AS x, CASE i % 2 WHEN 0 THEN i > 20 ELSE i % 3 = 0 END AS y FROM generate_series(1, 40) i', 'y', NULL, '{x}', 'binomial', fold => 'f') WHERE fold = 2$$,
	'a fold that separates carries the status');

\if :shared_here
\ir lib/data.psql
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f') WHERE metric = 'log_loss' AND fold IS NOT NULL$$,
	'{0.44802196388,0.420847307603,0.440033463297,0.420674916129,0.466191285037,0.439262659,0.415187314748,0.429868270268,0.451379189858,0.439951105278}', 'churn: log loss of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f') WHERE metric = 'brier' AND fold IS NOT NULL$$,
	'{0.148846107161,0.136067442978,0.144245817973,0.138375516274,0.154588098649,0.145513525469,0.137027357891,0.141553300099,0.14806186097,0.142934938619}', 'churn: Brier score of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f') WHERE metric = 'auc' AND fold IS NOT NULL$$,
	'{0.808518099784,0.853073252877,0.813273328751,0.839946299151,0.81025297619,0.824004725946,0.84628587333,0.814383675275,0.835359986003,0.819599906011}', 'churn: AUC of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY array_position('{log_loss,brier,auc}', metric)) FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f') WHERE fold IS NULL$$,
	'{0.43714138935,0.14372111195,0.82646981233}', 'churn: the published losses and mean fold AUC', 1e-10);
SELECT pg_temp.holds($$SELECT bool_and(std_error > 0 AND conf_low < value AND value < conf_high AND method <> '' AND status = 'ok') AND count(*) = 3
	FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f') WHERE fold IS NULL$$, 'churn: error, interval and method of each overall row');
SELECT pg_temp.holds($$SELECT std_error BETWEEN 0.004 AND 0.008 FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f') WHERE fold IS NULL AND metric = 'auc'$$,
	'churn: the error of the AUC is near the pooled DeLong 0.0052');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f', penalty => 'ridge', lambdas => '{0.001,0.1}') WHERE metric = 'log_loss' AND fold IS NOT NULL AND lambda = 0.1$$,
	'{0.466362139955,0.461417314268,0.458451383881,0.451703783927,0.486459117491,0.466704258448,0.449641194651,0.451275246077,0.481768276774,0.454875743635}', 'churn, ridge 0.1: log loss of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f', penalty => 'ridge', lambdas => '{0.001,0.1}') WHERE metric = 'auc' AND fold IS NOT NULL AND lambda = 0.1$$,
	'{0.809669618743,0.852902850728,0.811608523801,0.839652622636,0.81033234127,0.820039040427,0.848687737094,0.810280373832,0.835777952741,0.82107382407}', 'churn, ridge 0.1: AUC of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f', penalty => 'ridge', lambdas => '{0.001,0.1}') WHERE metric = 'brier' AND fold IS NOT NULL AND lambda = 0.001$$,
	'{0.148760406366,0.136228025176,0.144194378459,0.138404208013,0.154549197417,0.145536167061,0.137065985478,0.141508809525,0.148144957902,0.14285444155}', 'churn, ridge 0.001: Brier score of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY array_position('{log_loss,brier,auc}', metric)) FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f', penalty => 'ridge', lambdas => '{0.001,0.1}') WHERE fold IS NULL AND lambda = 0.001$$,
	'{0.43713431547,0.143724374979,0.826503798351}', 'churn, ridge 0.001: overall');
SELECT pg_temp.numbers_are($$SELECT array_agg(lambda ORDER BY array_position('{log_loss,brier,auc}', metric)) FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f', penalty => 'ridge', lambdas => '{0.001,0.1}') WHERE is_best AND fold IS NULL$$,
	'{0.001,0.001,0.001}', 'churn: the best penalty by loss and by AUC', 0);
SELECT pg_temp.numbers_are($$SELECT ARRAY[avg((observed::int - predicted) ^ 2)] FROM journey.out_of_fold('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f')$$,
	'{0.143721111954}', 'churn: out_of_fold gives the Brier score');
SELECT pg_temp.numbers_are($$SELECT ARRAY[journey.auc(predicted, observed::int = 1)] FROM journey.out_of_fold('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f')$$,
	'{0.826279915857}', 'churn: pooled AUC of out_of_fold');

-- A level unseen in one training part.
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f, CASE WHEN i % 5 = 2 AND (i < 50 OR i > 400) THEN ''z'' WHEN i % 2 = 0 THEN ''b'' ELSE ''a'' END AS l FROM lalonde', 'treat', NULL, '{age,l}', 'binomial', fold => 'f') WHERE metric = 'log_loss' AND fold IS NOT NULL$$,
	'{0.677156811816,0.682189631641,0.680752343912,0.677645625469,0.682272409011}', 'a level unseen in training counts as the reference');
SELECT pg_temp.numbers_are($$SELECT ARRAY[predicted] FROM journey.out_of_fold('SELECT *, (i - 1) % 5 + 1 AS f, CASE WHEN i % 5 = 2 AND (i < 50 OR i > 400) THEN ''z'' WHEN i % 2 = 0 THEN ''b'' ELSE ''a'' END AS l FROM lalonde', 'treat', NULL, '{age,l}', 'binomial', fold => 'f') WHERE row_number = 7$$, '{0.405288177247}', 'its prediction');

-- Ten folds = ten separate refits, through the extension's own fit().
SELECT pg_temp.numbers_are($$SELECT array_agg(journey.predict(m, c) ORDER BY i) FROM churn c, journey.fit('SELECT *, churn = ''Yes'' AS churned FROM churn WHERE (i - 1) % 10 + 1 <> 4',
	'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial') m WHERE (i - 1) % 10 + 1 = 4$$,
	(SELECT array_agg(predicted ORDER BY row_number) FROM journey.out_of_fold('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f') WHERE fold = 4), 'a fold = fit() on the other rows');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY repeat, fold) FROM journey.cross_validate('SELECT *, churn = ''Yes'' AS churned FROM churn', 'churned', 'i',
	'{tenure,monthly_charges,contract}', 'binomial', repeats => 2, metrics => '{log_loss}') WHERE fold IS NOT NULL$$,
	(SELECT array_agg(c.value ORDER BY r, c.fold) FROM generate_series(1, 2) r, LATERAL journey.cross_validate(format('SELECT l.*, l.churn = ''Yes'' AS churned, o.fold AS f FROM churn l JOIN journey.out_of_fold(%L, %L, %L, %L, %L, repeats => 2) o ON o.key = l.i::text WHERE o.repeat = %s',
		'SELECT *, churn = ''Yes'' AS churned FROM churn', 'churned', 'i', '{tenure,monthly_charges,contract}', 'binomial', r), 'churned', 'i', '{tenure,monthly_charges,contract}', 'binomial', fold => 'f', metrics => '{log_loss}') c WHERE c.fold IS NOT NULL),
	'bucket folds = the same folds given as a column');
-- The published figures over all rows, from the predictions: average precision, pooled AUC, log loss, Brier, slope and intercept of calibration, calibration in the large.
CREATE TEMP TABLE churn_out AS SELECT observed = 1 AS y, predicted AS p, ln(predicted / (1 - predicted)) AS l FROM journey.out_of_fold('SELECT *, churn = $y$Yes$y$ AS gone, (i - 1) % 10 + 1 AS f FROM churn', 'gone', 'i', '{tenure,monthly_charges,contract}', 'binomial', fold => 'f');
SELECT pg_temp.numbers_are($$SELECT ARRAY[journey.average_precision(p, y), journey.auc(p, y), journey.log_loss(p, y), journey.brier(p, y)] || (SELECT array_agg(estimate ORDER BY term DESC) FROM journey.coefficients(journey.fit('churn_out', 'y', NULL, '{l}', 'binomial')))
	|| (SELECT estimate FROM journey.coefficients(journey.fit('churn_out', 'y', NULL, '{}', 'binomial', offset_column => 'l'))) FROM churn_out$$,
	'{0.61062362908,0.82627991586,0.43714138935,0.14372111195,0.99458616353,-0.0028103176376,0.00041297327817}', 'published figures of the churn predictions', 3e-6);
\else
SELECT skip('shared data absent', 18);
\endif
SELECT * FROM finish();
ROLLBACK;
