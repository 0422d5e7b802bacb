-- Numbers that lose their digits in a careless program. Longley: NIST StRD,
-- certified values; the rest in exact arithmetic (test/oracles/numerics.py).
BEGIN;
\ir lib/close.psql
SELECT plan(16);
CREATE TEMP TABLE longley (y float8, x1 float8, x2 float8, x3 float8, x4 float8, x5 float8, x6 float8);
INSERT INTO longley VALUES
	(60323, 83.0, 234289, 2356, 1590, 107608, 1947), (61122, 88.5, 259426, 2325, 1456, 108632, 1948),
	(60171, 88.2, 258054, 3682, 1616, 109773, 1949), (61187, 89.5, 284599, 3351, 1650, 110929, 1950),
	(63221, 96.2, 328975, 2099, 3099, 112075, 1951), (63639, 98.1, 346999, 1932, 3594, 113270, 1952),
	(64989, 99.0, 365385, 1870, 3547, 115094, 1953), (63761, 100.0, 363112, 3578, 3350, 116219, 1954),
	(66019, 101.2, 397469, 2904, 3048, 117388, 1955), (67857, 104.6, 419180, 2822, 2857, 118734, 1956),
	(68169, 108.4, 442769, 2936, 2798, 120445, 1957), (66513, 110.8, 444546, 4681, 2637, 121950, 1958),
	(68655, 112.6, 482704, 3813, 2552, 123366, 1959), (69564, 114.2, 502601, 3931, 2514, 125368, 1960),
	(69331, 115.7, 518173, 4806, 2572, 127852, 1961), (70551, 116.9, 554894, 4007, 2827, 130081, 1962);

SELECT pg_temp.terms_are($$journey.fit('longley', 'y', NULL)$$,
	'{-3482258.63459582,15.0618722713733,-0.035819179292591,-2.02022980381683,-1.03322686717359,-0.0511041056535807,1829.15146461355}',
	'{890420.383607373,84.914925774767,0.0334910077722432,0.488399681651699,0.214274163161675,0.22607320006937,455.478499142212}',
	'Longley: eleven digits of the certified values', 1e-11);
SELECT pg_temp.numbers_are($$SELECT ARRAY[r_squared, sqrt(dispersion)] FROM journey.summary(journey.fit('longley', 'y', NULL))$$,
	'{0.995479004577296,304.854073561965}', 'Longley: r_squared and residual deviation', 1e-11);
SELECT pg_temp.terms_are($$(SELECT journey.fit_linear(y, ARRAY[x1, x2, x3, x4, x5, x6]) FROM longley)$$,
	'{-3482258.63459582,15.0618722713733,-0.035819179292591,-2.02022980381683,-1.03322686717359,-0.0511041056535807,1829.15146461355}',
	'{890420.383607373,84.914925774767,0.0334910077722432,0.488399681651699,0.214274163161675,0.22607320006937,455.478499142212}',
	'Longley through the aggregate', 1e-11);
SELECT pg_temp.terms_are($$journey.fit('SELECT ((i * 7919) % 101) / 64.0 + i / 8.0 AS y, 1700000000 + 37 * i AS t FROM generate_series(1, 200) i', 'y', NULL)$$,
	'{-5747842.92178022,0.00338108452711318}', '{25692.8930061395,1.51134334157748e-05}', 'epoch seconds as a feature', 1e-11);
SELECT pg_temp.numbers_are($$SELECT ARRAY[r_squared] FROM journey.summary(journey.fit('SELECT ((i * 7919) % 101) / 64.0 + i / 8.0 AS y, 1700000000 + 37 * i AS t FROM generate_series(1, 200) i', 'y', NULL))$$,
	'{0.996059379275289}', 'epoch seconds: r_squared', 1e-11);
SELECT pg_temp.terms_are($$(SELECT journey.fit_linear(((i * 7919) % 101) / 64.0 + i / 8.0, ARRAY[1700000000 + 37 * i]::float8[])
	FROM generate_series(1, 200) i)$$,
	'{-5747842.92178022,0.00338108452711318}', '{25692.8930061395,1.51134334157748e-05}', 'epoch seconds through the aggregate', 1e-11);
SELECT pg_temp.terms_are($$journey.fit('SELECT 1e9 + ((i * 7919) % 1009) / 64.0 + ((i * 104729) % 997) / 64.0 AS y, ((i * 7919) % 1009) / 64.0 AS x FROM generate_series(1, 1000) i', 'y', NULL)$$,
	'{1000000007.78142,0.997543193076546}', '{0.285610278527182,0.0313609916747702}', 'target with offset 1e9', 1e-8);
SELECT pg_temp.numbers_are($$SELECT ARRAY[r_squared, sqrt(dispersion)] FROM journey.summary(journey.fit('SELECT 1e9 + ((i * 7919) % 1009) / 64.0 + ((i * 104729) % 997) / 64.0 AS y, ((i * 7919) % 1009) / 64.0 AS x FROM generate_series(1, 1000) i', 'y', NULL))$$,
	'{0.503426943205519,4.50851414768204}', 'target with offset 1e9: r_squared', 1e-8);
SELECT pg_temp.holds($$SELECT p_value < 1e-100 FROM journey.coefficients(journey.fit('SELECT 1e9 + ((i * 7919) % 1009) / 64.0 + ((i * 104729) % 997) / 64.0 AS y, ((i * 7919) % 1009) / 64.0 AS x FROM generate_series(1, 1000) i', 'y', NULL)) WHERE term = 'x'$$,
	'target with offset 1e9: the slope is seen');
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.summary(journey.fit_linear(y, ARRAY[x]))).r_squared]
	FROM (SELECT 1e9 + ((i * 7919) % 1009) / 64.0 + ((i * 104729) % 997) / 64.0 AS y, ((i * 7919) % 1009) / 64.0 AS x
		FROM generate_series(1, 1000) i) d$$, '{0.503426943205519}', 'target with offset 1e9 through the aggregate', 1e-8);

-- An aliased column leaves NULL in the user's order, wherever it stands.
\if :shared_here
\ir lib/data.psql
SELECT pg_temp.terms_are($$journey.fit('SELECT *, age + 2 * educ AS x3 FROM lalonde', 're78', NULL, '{age,educ,x3,re75}')$$,
	'{-384.666732615,47.084300446,418.010242349,NULL,0.166316124804}',
	'{2099.6004156,44.0389083093,174.296333189,NULL,0.0992429675363}', 'x3 = age + 2 educ is NULL after them');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, age + 2 * educ AS x3 FROM lalonde', 're78', NULL, '{x3,age,educ,re75}')$$,
	'{-384.666732614,209.005121175,-161.920820729,NULL,0.166316124804}',
	'{2099.6004156,87.1481665944,98.4903037411,NULL,0.0992429675363}', 'educ is NULL after x3 and age');
SELECT pg_temp.inference_is($$journey.fit('SELECT *, age + 2 * educ AS x3 FROM lalonde', 're78', NULL, '{age,educ,x3,re75}')$$,
	'{0.854717844307,0.285585897393,0.0168871798214,NULL,0.0944767577819}',
	'{-4511.13284342,-39.4679127011,75.4555796641,NULL,-0.0287318182387}',
	'{3741.79937819,133.636513593,760.564905035,NULL,0.361364067846}', 'the rest as without it');
SELECT pg_temp.text_is($$SELECT status || ' ' || terms::text || ' ' || df_residual FROM journey.fit(
	'SELECT *, age + 2 * educ AS x3 FROM lalonde', 're78', NULL, '{x3,age,educ,re75}')$$,
	'rank_deficient {(intercept),x3,age,educ,re75} 441', 'rank_deficient, terms in the order given');
SELECT pg_temp.terms_are($$(SELECT journey.fit_linear(re78::float8, ARRAY[age, educ, age + 2 * educ, re75]) FROM lalonde)$$,
	'{-384.666732615,47.084300446,418.010242349,NULL,0.166316124804}',
	'{2099.6004156,44.0389083093,174.296333189,NULL,0.0992429675363}', 'aliased in the aggregate');
SELECT pg_temp.numbers_are($$SELECT ARRAY[sum((re78::float8 - journey.predict(m, l)) ^ 2) / max(m.deviance)]
	FROM lalonde l, journey.fit('SELECT re78, age, educ, re75, age + 2 * educ AS x3 FROM lalonde', 're78', NULL, '{age,educ,re75}') m$$,
	'{1}', 'predictions give the deviance', 1e-9);
\else
SELECT skip('shared data absent', 6);
\endif
SELECT * FROM finish();
ROLLBACK;
