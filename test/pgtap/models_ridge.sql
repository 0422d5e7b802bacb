-- Ridge on the documented objective: 1/(2n) deviance + lambda/2 |b|^2 over
-- features scaled with 1/n variances (test/oracles/ridge.R, models.py).
BEGIN;
\ir lib/close.psql
SELECT plan(19);

-- By hand: one feature of variance 1/n = 2, covariance 4 with the target.
-- b = (4 / sqrt 2) / (1 + 1) on the scaled feature, 1 on its own scale.
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT x, 2 * x + 5 AS y FROM generate_series(1, 5) x', 'y', NULL,
	penalty => 'ridge', lambda => 1) m$$, '{8,1}', 'by hand: lambda 1 halves a single slope', 1e-14);
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT x * 1000 AS x, 2 * x + 5 AS y FROM generate_series(1, 5) x', 'y', NULL,
	penalty => 'ridge', lambda => 1) m$$, '{8,0.001}', 'by hand: the scale of a feature does not matter', 1e-14);
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT x, 1000 * (2 * x + 5) AS y FROM generate_series(1, 5) x', 'y', NULL,
	penalty => 'ridge', lambda => 1) m$$, '{8000,1000}', 'by hand: the target is not scaled', 1e-14);
SELECT pg_temp.numbers_are($$SELECT (journey.fit('SELECT x, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'ridge', lambda => 0)).coefficients
	$$, (SELECT ARRAY[-55 / 3.0, 10]::float8[]), 'lambda 0 is least squares', 1e-12);
SELECT pg_temp.numbers_are($$SELECT m.coefficients[1:1] || round(m.coefficients[2]::numeric, 6)::float8
	FROM journey.fit('SELECT x, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'ridge', lambda => 1e12) m$$,
	(SELECT ARRAY[285 / 9.0, 0]::float8[]), 'a huge lambda leaves the mean', 1e-8);
SELECT pg_temp.holds($$SELECT bool_and(num_nulls(p_value, conf_low, conf_high) = 3) FROM journey.coefficients(
	journey.fit('SELECT x, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'ridge', lambda => 1))$$,
	'no p values after a penalty');
SELECT pg_temp.holds($$SELECT penalty = 'ridge' AND lambda = 0.25 FROM
	journey.fit('SELECT x, x * x AS y FROM generate_series(1, 9) x', 'y', NULL, penalty => 'ridge', lambda => 0.25)$$,
	'the model knows its penalty');
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT x, 3 AS c, 2 * x + 5 AS y FROM generate_series(1, 5) x', 'y', NULL,
	'{c,x}', penalty => 'ridge', lambda => 1) m$$, '{8,NULL,1}', 'a constant feature is NULL under ridge too', 1e-14);
SELECT pg_temp.numbers_are($$SELECT m.coefficients FROM journey.fit('SELECT x, x AS z, 2 * x + 5 AS y FROM generate_series(1, 5) x', 'y', NULL,
	'{x,z}', penalty => 'ridge', lambda => 1) m$$, (SELECT ARRAY[7, 2 / 3.0, 2 / 3.0]::float8[]),
	'two equal columns share the slope under ridge', 1e-12);

\if :shared_here
\ir lib/data.psql
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', penalty => 'ridge', lambda => 0.01)$$,
	'{2145.43686,56.4259100691,361.730117894,-2205.71808054,-121.674356044,-68.4531498526,-453.953483746,0.0692367764267,0.0771962964091}',
	NULL, 'LaLonde gaussian, lambda 0.01');
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', penalty => 'ridge', lambda => 1)$$,
	'{3838.94669648,25.9917368252,177.00652527,-932.582884696,402.630872079,93.4512808956,-562.21363442,0.0385644860528,0.060104506657}',
	NULL, 'LaLonde gaussian, lambda 1');
SELECT pg_temp.numbers_are($$SELECT ARRAY[deviance] FROM journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', penalty => 'ridge', lambda => 1)$$,
	'{18894976011.4}', 'LaLonde gaussian: deviance without the penalty');
SELECT pg_temp.numbers_are($$SELECT ARRAY[deviance] FROM journey.fit('lalonde', 're78', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', penalty => 'ridge', lambda => 0.01)$$,
	'{18747436732.6}', 'LaLonde gaussian: deviance at lambda 0.01');
SELECT pg_temp.terms_are($$journey.fit('lalonde', 'treat', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', 'binomial', 'ridge', 0.01)$$,
	'{0.918412990493,0.00523422297896,-0.0564775960786,-0.187411453479,-0.767434423329,0.15837277219,-0.826774961971,-2.67731660521e-05,5.35473999165e-05}',
	NULL, 'LaLonde binomial, lambda 0.01');
SELECT pg_temp.terms_are($$journey.fit('lalonde', 'treat', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', 'binomial', 'ridge', 1)$$,
	'{-0.425083395454,0.00256806451133,0.0110392338473,0.012103365662,-0.110241932228,0.0433862109019,-0.136717480829,-7.57691172566e-07,5.20130719521e-06}',
	NULL, 'LaLonde binomial, lambda 1');
SELECT pg_temp.numbers_are($$SELECT array_agg((journey.fit('lalonde', 'treat', NULL, '{age,educ,black,hisp,married,nodegr,re74,re75}', 'binomial', 'ridge', l)).deviance ORDER BY l)
	FROM unnest('{0.01,1}'::float8[]) l$$,
	'{587.339210865,598.47502075}', 'LaLonde binomial: deviances');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, churn = ''Yes'' AS churned FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', 'ridge', 0.001)$$,
	'{-1.58421242571,-0.0353150948818,0.0281807938949,-1.05467128131,-1.97348532542}',
	NULL, 'churn binomial, lambda 0.001, levels scaled too');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, churn = ''Yes'' AS churned FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', 'ridge', 0.1)$$,
	'{-1.03300038344,-0.019162140091,0.0128370296162,-0.665718143208,-0.93760805142}',
	NULL, 'churn binomial, lambda 0.1');
SELECT pg_temp.numbers_are($$SELECT array_agg((journey.fit('SELECT *, churn = ''Yes'' AS churned FROM churn', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', 'ridge', l)).deviance ORDER BY l) FROM unnest('{0.001,0.1}'::float8[]) l$$,
	'{6146.15100268,6514.92395762}', 'churn binomial: deviances');
\else
SELECT skip('shared data absent', 10);
\endif
SELECT * FROM finish();
ROLLBACK;
