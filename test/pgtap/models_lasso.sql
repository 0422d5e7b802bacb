-- Lasso and elastic net of family gaussian on the documented objective: 1/(2n)
-- RSS + lambda (alpha |b| + (1 - alpha)/2 b^2) over features scaled with 1/n
-- variances (test/oracles/penalties.py, glmnet.R).
BEGIN;
\ir lib/close.psql
SELECT plan(27);

-- By hand: one feature of variance 1/n = 2, covariance 4 with the target: on
-- the scaled feature r = 4 / sqrt 2, b = (r - lambda alpha) / (1 + lambda (1 - alpha)).
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT x, 2 * x + 5 AS y FROM generate_series(1, 5) x', 'y', NULL,
	penalty => 'lasso', lambda => sqrt(2)) m$$, '{8,1}', 'by hand: lasso', 1e-14);
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT x, 2 * x + 5 AS y FROM generate_series(1, 5) x', 'y', NULL,
	penalty => 'lasso', lambda => 2 * sqrt(2)) m$$, '{11,0}', 'by hand: from the largest covariance on all is 0, not NULL', 1e-14);
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT x, 2 * x + 5 AS y FROM generate_series(1, 5) x', 'y', NULL,
	penalty => 'elastic_net', lambda => sqrt(2), alpha => 0.5) m$$,
	(SELECT ARRAY[11 - 3 * b, b]::float8[] FROM (SELECT 1.5 / (1 + sqrt(0.5)) AS b) s), 'by hand: elastic net', 1e-14);
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT 1000 * x AS x, 3 AS c, 2 * x + 5 AS y FROM generate_series(1, 5) x', 'y', NULL,
	'{c,x}', penalty => 'lasso', lambda => sqrt(2)) m$$, '{8,NULL,0.001}', 'the scale of a feature does not matter, a constant one is NULL', 1e-14);
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT x, x AS z, 2 * x + 5 AS y FROM generate_series(1, 5) x', 'y', NULL,
	'{x,z}', penalty => 'elastic_net', lambda => sqrt(2)) m$$,
	(SELECT ARRAY[11 - 6 * b, b, b]::float8[] FROM (SELECT 1.5 / (2 + sqrt(0.5)) AS b) s), 'equal columns share the slope of an elastic net; alpha is 0.5', 1e-12);
SELECT pg_temp.holds($$SELECT m.coefficients[2] + m.coefficients[3] BETWEEN 1 - 1e-12 AND 1 + 1e-12 FROM journey.fit('SELECT x, x AS z, 2 * x + 5 AS y FROM generate_series(1, 5) x', 'y', NULL,
	'{x,z}', penalty => 'lasso', lambda => sqrt(2)) m$$, 'equal columns: the lasso gives their sum');
SELECT pg_temp.numbers_are($$SELECT (journey.fit('SELECT x, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'lasso', lambda => 0)).coefficients
	$$, (SELECT ARRAY[-55 / 3.0, 10]::float8[]), 'lambda 0 is least squares', 1e-12);
SELECT is((SELECT coefficients FROM journey.fit('SELECT x, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'elastic_net', lambda => 2, alpha => 0)),
	(SELECT coefficients FROM journey.fit('SELECT x, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'ridge', lambda => 2)),
	'alpha 0 is ridge');
SELECT is((SELECT coefficients FROM journey.fit('SELECT x, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'elastic_net', lambda => 2, alpha => 1)),
	(SELECT coefficients FROM journey.fit('SELECT x, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'lasso', lambda => 2, alpha => 0.3)),
	'alpha 1 is the lasso, which takes no notice of alpha');
SELECT pg_temp.holds($$SELECT penalty = 'elastic_net' AND lambda = 2 AND alpha = 0.25 AND covariance IS NULL AND converged AND status = 'ok'
	FROM journey.fit('SELECT x, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'elastic_net', lambda => 2, alpha => 0.25)$$,
	'the model knows its penalty and has no covariance');
SELECT pg_temp.holds($$SELECT a.df_residual = 6 AND b.df_residual = 8 AND a.r_squared IS NULL AND a.aic IS NULL AND b.deviance = b.null_deviance
	FROM journey.summary(journey.fit('SELECT x, x % 3 AS z, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'lasso', lambda => 0.001)) a,
	journey.summary(journey.fit('SELECT x, x % 3 AS z, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'lasso', lambda => 1000)) b$$,
	'degrees of freedom count the slopes that are not 0');
-- more columns than rows
SELECT pg_temp.holds($$SELECT status = 'ok' AND converged AND df_residual > 0 FROM journey.fit(
	'SELECT x AS y, x % 2 AS a, x % 3 AS b, x % 4 AS c, x % 5 AS d, x * x AS e, sqrt(x) AS f FROM generate_series(1, 5) x', 'y', NULL, penalty => 'lasso', lambda => 0.1)$$,
	'more columns than rows');
-- weights: a weight of 2 is a row twice
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT x, x % 3 AS z, x * x AS y, 1 + x % 2 AS w FROM generate_series(1, 9) x', 'y', NULL,
	'{x,z}', penalty => 'lasso', lambda => 0.7, weight => 'w') m$$,
	(SELECT m.coefficients FROM journey.fit('SELECT x, x % 3 AS z, x * x AS y FROM generate_series(1, 9) x, generate_series(0, x % 2)', 'y', NULL,
	'{x,z}', penalty => 'lasso', lambda => 0.7) m), 'a weight of 2 is a row twice', 1e-12);
-- errors by key take the other road through the stored rows
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT x, x % 3 AS z, x * x AS y, x % 4 AS k FROM generate_series(1, 9) x', 'y', 'k',
	'{x,z}', penalty => 'elastic_net', lambda => 0.7) m$$,
	(SELECT m.coefficients FROM journey.fit('SELECT x, x % 3 AS z, x * x AS y FROM generate_series(1, 9) x', 'y', NULL,
	'{x,z}', penalty => 'elastic_net', lambda => 0.7) m), 'a key does not change the estimates', 1e-12);
-- offset 1e9: from moments alone few digits would be left
SELECT pg_temp.numbers_are($$SELECT m.coefficients[2:3] FROM journey.fit('SELECT x + 1e9 AS x, x % 3 AS z, x * x + 1e9 AS y FROM generate_series(1, 9) x', 'y', NULL,
	'{x,z}', penalty => 'lasso', lambda => 0.7) m$$,
	(SELECT m.coefficients[2:3] FROM journey.fit('SELECT x, x % 3 AS z, x * x AS y FROM generate_series(1, 9) x', 'y', NULL,
	'{x,z}', penalty => 'lasso', lambda => 0.7) m), 'an offset of 1e9 does not matter', 1e-9);

-- The plans of what follows do not matter.
SET LOCAL jit = off;
SELECT throws_ok($$SELECT journey.fit('SELECT 1 AS x, true AS y', 'y', NULL, family => 'binomial', penalty => 'boosting')$$, '22023',
	'unrecognized penalty "boosting"', 'an unknown penalty');
SELECT throws_ok($$SELECT journey.fit('SELECT 1 AS x, 1 AS y', 'y', NULL, penalty => 'firth')$$, '0A000',
	'penalty => ''firth'' is for family => ''binomial'' only', 'Firth is not for gaussian');
SELECT throws_ok($$SELECT journey.fit('SELECT 1 AS x, 1 AS y', 'y', NULL, penalty => 'elastic_net', lambda => 1, alpha => 1.5)$$, '22023',
	'alpha is 1.5, it must be from 0 to 1', 'alpha above 1');
SELECT throws_ok($$SELECT journey.fit('SELECT 1 AS x, 1 AS y', 'y', NULL, penalty => 'elastic_net', lambda => 1, alpha => 'NaN')$$, '22023',
	'alpha is NaN, it must be from 0 to 1', 'alpha NaN');
SELECT throws_ok($$SELECT journey.fit('SELECT 1 AS x, 1 AS y', 'y', NULL, penalty => 'elastic_net', lambda => 1, alpha => NULL)$$, '22004',
	'argument "alpha" must not be null', 'alpha NULL');
SELECT throws_ok($$SELECT journey.fit('SELECT 1 AS x, 1 AS y', 'y', NULL, penalty => 'lasso', lambda => -1)$$, '22023',
	'lambda is -1, it must be finite and not negative', 'lambda below 0');

\if :shared_here
\ir lib/data.psql
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', penalty => 'lasso', lambda => 10)$$,
	'{2102.1420776,55.4319168549,363.242749293,-2167.81930588,-54.9613397075,-31.7180292902,-435.627229089,0.0691929036774,0.0737233284323}',
	NULL, 'LaLonde: lasso, lambda 10');
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', penalty => 'lasso', lambda => 300)$$,
	'{3723.44950419,13.3630468514,233.462761541,-1288.55319376,0,0,-233.275681318,0.0329436549734,0.0330113278957}',
	NULL, 'LaLonde: lasso, lambda 300');
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', penalty => 'elastic_net', lambda => 300)$$,
	'{5285.08033664,0.213297062083,2.28381952222,-10.85724198,5.53672553656,1.14277244821,-8.81592599924,0.000511022037871,0.000858639484931}',
	NULL, 'LaLonde: elastic net, lambda 300, alpha 0.5');
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', penalty => 'elastic_net', lambda => 0.5)$$,
	'{2929.25244146,43.1923478149,276.508178264,-1570.68642115,289.124265162,15.3264405266,-620.47630772,0.0558481613037,0.0769265048518}',
	NULL, 'LaLonde: elastic net, lambda 0.5, alpha 0.5');
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', penalty => 'elastic_net', lambda => 10, alpha => 0.1)$$,
	'{4977.79504577,5.24384428449,40.7800830642,-198.076378328,125.472259443,47.9265594399,-156.896407909,0.00975312433928,0.0162749129643}',
	NULL, 'LaLonde: elastic net, lambda 10, alpha 0.1');
SELECT pg_temp.numbers_are($$SELECT array_agg((journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', penalty => 'lasso', lambda => l)).deviance ORDER BY l)
	FROM unnest('{10,300,700}'::float8[]) l$$, '{18747826648.6,18920770760.7,19436170483.9}', 'LaLonde: deviances without the penalty');
\else
SELECT skip('shared data absent', 6);
\endif
SELECT * FROM finish();
ROLLBACK;
