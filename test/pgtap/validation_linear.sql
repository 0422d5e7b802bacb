-- Cross-validation of least squares and ridge: LaLonde of
-- reference/validation.md 9.2, every fold refitted by brute force
-- (test/oracles/cross_validation.py, numerics.py).
BEGIN;
\ir lib/close.psql
SELECT plan(30);
-- One row of leverage 1e8 in fold 1: its training part must not see it.
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT (i - 1) % 5 + 1 AS f, CASE i WHEN 1 THEN 1e8 ELSE ((i * 37) % 41) / 8.0 END AS x, CASE i WHEN 1 THEN 1e8 ELSE ((i * 37) % 41) / 16.0 + ((i * 23) % 29) / 32.0 END AS y FROM generate_series(1, 50) i', 'y', NULL, '{x}', fold => 'f') WHERE metric = 'rmse' AND fold IS NOT NULL$$,
	'{16715358.9100421,0.796796153399881,0.751901718010643,0.693395669977264,1.09483237728533}', 'leverage 1e8 in one fold', 1e-7);

\if :shared_here
\ir lib/data.psql
-- Fold rows.
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f') WHERE metric = 'rmse' AND fold IS NOT NULL$$,
	'{6376.92481648,9070.05494397,5835.44162025,6091.30425562,5007.16177951}', 'rmse of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ^ 2 ORDER BY fold) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f') WHERE metric = 'rmse'$$,
	'{40665170.115,82265896.687,34052378.903,37103987.534,25071669.086,43831820.465}', 'the published fold and pooled errors', 1e-9);
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f') WHERE metric = 'mae' AND fold IS NOT NULL$$,
	'{4626.8523714,5686.51695522,4626.84382729,4891.59309383,3954.97916519}', 'mae of each fold');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f') WHERE metric = 'r_squared' AND fold IS NOT NULL$$,
	'{0.0406758505923,0.0236883350945,0.0349397822415,-0.129397462817,0.00667605317594}', 'r_squared of each fold against the training mean');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY array_position('{rmse,mae,r_squared}', metric)) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f') WHERE fold IS NULL$$,
	'{6620.56043437,4757.35708259,0.00395642173981}', 'overall: losses pooled over rows');
SELECT pg_temp.text_is($$SELECT string_agg(DISTINCT metric, ',' ORDER BY metric) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f')$$, 'mae,r_squared,rmse', 'default metrics');
SELECT pg_temp.holds($$SELECT bool_and(n_train + n_test = 445) AND sum(n_test) = 445 AND count(*) = 5 FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', metrics => '{mae}') WHERE fold IS NOT NULL$$,
	'n_train and n_test');
SELECT pg_temp.holds($$SELECT bool_and(std_error > 0 AND conf_low < value AND value < conf_high AND method <> '' AND status = 'ok') AND count(*) = 2
	FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f') WHERE fold IS NULL AND metric <> 'r_squared'$$, 'overall rows carry error, interval and the method of the interval');
SELECT pg_temp.holds($$SELECT count(DISTINCT repeat) = 1 FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f') WHERE fold IS NOT NULL$$, 'given folds are one repeat');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT re78, age, educ, black, hisp, married, nodegr, re74, re75, (i - 1) % 5 + 1 AS f FROM lalonde',
	're78', NULL, fold => 'f') WHERE metric = 'rmse' AND fold IS NOT NULL$$, '{6376.92481648,9070.05494397,5835.44162025,6091.30425562,5007.16177951}', 'features NULL: the fold column is no feature');

-- Ridge, scaled inside each training part.
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'ridge', lambdas => '{0.01,0.1,1}') WHERE metric = 'rmse' AND fold IS NOT NULL AND lambda = 0.01$$,
	'{6377.71797185,9068.70946811,5833.71478735,6086.68645969,5005.19216358}', 'ridge 0.01');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'ridge', lambdas => '{0.01,0.1,1}') WHERE metric = 'rmse' AND fold IS NOT NULL AND lambda = 0.1$$,
	'{6383.57616892,9061.28359739,5824.05931985,6050.4000151,4992.36179193}', 'ridge 0.1');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'ridge', lambdas => '{0.01,0.1,1}') WHERE metric = 'rmse' AND fold IS NOT NULL AND lambda = 1$$,
	'{6414.52603758,9074.1822497,5831.60198015,5882.62101326,4966.02252357}', 'ridge 1');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'ridge', lambdas => '{0.01,0.1,1}') WHERE metric = 'mae' AND fold IS NOT NULL AND lambda = 1$$,
	'{4673.52935112,5684.8879542,4667.4028299,4767.37371643,3970.72226635}', 'ridge 1: mae');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY array_position('{rmse,mae,r_squared}', metric)) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'ridge', lambdas => '{0.01,0.1,1}') WHERE fold IS NULL AND lambda = 0.1$$,
	'{6607.68626226,4752.37420691,0.00782641695151}', 'ridge 0.1: overall');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ^ 2 ORDER BY lambda) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'ridge', lambdas => '{0.01,0.1,1}') WHERE fold IS NULL AND metric = 'rmse'$$,
	'{43809741.364,43661517.740,43352223.827}', 'ridge: the published pooled errors', 1e-9);
SELECT pg_temp.holds($$SELECT count(*) = 9 AND count(*) FILTER (WHERE is_best) = 3 AND count(*) FILTER (WHERE is_1se) = 3 FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'ridge', lambdas => '{0.01,0.1,1}') WHERE fold IS NULL$$,
	'one best and one 1-SE penalty for each metric');
SELECT pg_temp.numbers_are($$SELECT array_agg(lambda ORDER BY array_position('{rmse,mae,r_squared}', metric)) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'ridge', lambdas => '{0.01,0.1,1}') WHERE is_best AND fold IS NULL$$,
	'{1,0.1,1}', 'the best has the smallest error or the largest r_squared', 0);
SELECT pg_temp.holds($$SELECT bool_and(lambda = 1) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'ridge', lambdas => '{0.01,0.1,1}') WHERE fold IS NULL AND is_1se AND metric IN ('rmse', 'r_squared')$$,
	'the 1-SE penalty is not smaller than the best');
SELECT pg_temp.holds($$WITH c AS MATERIALIZED (SELECT * FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', metrics => '{mae}'))
	SELECT o.method !~* 'nadeau|corrected' OR pg_temp.near(o.std_error, (SELECT sqrt((1.0 / 5 + 89.0 / 356) * var_samp(value)) FROM c WHERE fold IS NOT NULL), 1e-9)
	FROM c o WHERE fold IS NULL$$, 'an error called corrected is that of Nadeau and Bengio');
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY lambda) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'ridge', lambdas => '{1,0.01,0.1}', metrics => '{rmse}') WHERE fold IS NULL$$,
	'{6618.89275965,6607.68626226,6584.24056566}', 'the order of the penalties does not matter');

-- Lasso and elastic net, scaled inside each training part (scikit-learn).
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY lambda) || (SELECT value FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'elastic_net', alpha => 0.3, lambdas => '{0.5}', metrics => '{rmse}') WHERE fold IS NULL)
	FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'lasso', lambdas => '{100,400}', metrics => '{rmse}') WHERE fold IS NULL$$,
	'{6601.807932,6618.72949705,6592.87970433}', 'lasso 100 and 400, elastic net 0.5 at 0.3');

-- A level that one training part has never seen.
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY fold) FROM journey.cross_validate('SELECT *, (i - 1) % 5 + 1 AS f, CASE WHEN i % 5 = 2 AND (i < 50 OR i > 400) THEN ''z'' WHEN i % 2 = 0 THEN ''b'' ELSE ''a'' END AS l FROM lalonde', 're78', NULL, '{age,l}', fold => 'f') WHERE metric = 'rmse' AND fold IS NOT NULL$$,
	'{6498.88595321,9197.03089386,5963.65171675,5741.59313578,5083.86337035}', 'a level unseen in training counts as the reference');
SELECT pg_temp.numbers_are($$SELECT ARRAY[predicted] FROM journey.out_of_fold('SELECT *, (i - 1) % 5 + 1 AS f, CASE WHEN i % 5 = 2 AND (i < 50 OR i > 400) THEN ''z'' WHEN i % 2 = 0 THEN ''b'' ELSE ''a'' END AS l FROM lalonde', 're78', NULL, '{age,l}', fold => 'f') WHERE row_number = 7$$, '{4879.15514962}', 'its prediction');

-- out_of_fold is what cross_validate measured.
SELECT pg_temp.numbers_are($$SELECT array_agg(r ORDER BY fold) FROM (SELECT fold, sqrt(avg((observed - predicted) ^ 2)) AS r FROM journey.out_of_fold('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f') GROUP BY fold) f$$,
	'{6376.92481648,9070.05494397,5835.44162025,6091.30425562,5007.16177951}', 'out_of_fold: errors of each fold');
SELECT pg_temp.holds($$SELECT count(*) = 445 AND count(DISTINCT row_number) = 445 AND bool_and(o.observed = l.re78::float8 AND o.fold = (l.i - 1) % 5 + 1)
	FROM journey.out_of_fold('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f') o JOIN lalonde l ON l.i = o.row_number$$, 'out_of_fold: every row once, in its fold');
SELECT pg_temp.numbers_are($$SELECT ARRAY[sqrt(avg((observed - predicted) ^ 2))] FROM journey.out_of_fold('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f', penalty => 'ridge', lambda => 0.1)$$,
	'{6607.68626226}', 'out_of_fold under ridge');
SELECT pg_temp.numbers_are($$SELECT array_agg(journey.predict(m, l) ORDER BY i) FROM lalonde l, journey.fit('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde WHERE (i - 1) % 5 + 1 <> 3',
	're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}') m WHERE (i - 1) % 5 + 1 = 3$$,
	(SELECT array_agg(predicted ORDER BY row_number) FROM journey.out_of_fold('SELECT *, (i - 1) % 5 + 1 AS f FROM lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'f') WHERE fold = 3), 'a fold = fit() on the other rows, predict() on these', 1e-10);
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY repeat, fold) FROM journey.cross_validate('lalonde', 're78', 'i', '{age,educ,re75}', k => 5, repeats => 2, metrics => '{rmse}') WHERE fold IS NOT NULL$$,
	(SELECT array_agg(c.value ORDER BY r, c.fold) FROM generate_series(1, 2) r, LATERAL journey.cross_validate(format('SELECT l.*, o.fold AS f FROM lalonde l JOIN journey.out_of_fold(%L, %L, %L, %L, k => 5, repeats => 2) o ON o.key = l.i::text WHERE o.repeat = %s',
		'lalonde', 're78', 'i', '{age,educ,re75}', r), 're78', 'i', '{age,educ,re75}', fold => 'f', metrics => '{rmse}') c WHERE c.fold IS NOT NULL),
	'made folds = the same folds given as a column', 1e-10);
\else
SELECT skip('shared data absent', 29);
\endif
SELECT * FROM finish();
ROLLBACK;
