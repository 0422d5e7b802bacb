-- Logistic regression without a finite maximum, without rows, with one class
-- (models.md 3 and 7; numbers of test/oracles/models.R on the finite part).
BEGIN;
\ir lib/close.psql
SELECT plan(34);

-- Complete separation.
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT x, x > 5 AS y FROM generate_series(1, 10) x', 'y', NULL, family => 'binomial')$$, 'separated', 'complete: status');
SELECT pg_temp.holds($$SELECT NOT converged FROM journey.fit('SELECT x, x > 5 AS y FROM generate_series(1, 10) x', 'y', NULL, family => 'binomial')$$, 'complete: not converged');
SELECT pg_temp.holds($$SELECT count(*) = 2 AND bool_and(num_nulls(std_error, statistic, p_value, conf_low, conf_high) = 5)
	FROM journey.coefficients(journey.fit('SELECT x, x > 5 AS y FROM generate_series(1, 10) x', 'y', NULL, family => 'binomial'))$$, 'complete: no standard errors, no p values');
SELECT pg_temp.holds($$SELECT estimate > 0 FROM journey.coefficients(journey.fit('SELECT x, x > 5 AS y FROM generate_series(1, 10) x', 'y', NULL, family => 'binomial')) WHERE term = 'x'$$,
	'complete: the direction is told');
SELECT pg_temp.holds($$SELECT aic IS NULL AND bic IS NULL FROM journey.summary(journey.fit('SELECT x, x > 5 AS y FROM generate_series(1, 10) x', 'y', NULL, family => 'binomial'))$$,
	'complete: no information criterion');
SELECT pg_temp.text_is($$SELECT (journey.fit_logistic(x > 5, ARRAY[x::float8])).status FROM generate_series(1, 10) x$$,
	'separated', 'complete: the aggregate says so too');
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT -x AS x, x > 500 AS y FROM generate_series(1, 1000) x', 'y', NULL, family => 'binomial')$$,
	'separated', 'complete, 1,000 rows, falling');
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT 1e6 + x * 1e-3 AS x, x > 50 AS y FROM generate_series(1, 100) x', 'y', NULL, family => 'binomial')$$,
	'separated', 'complete, far from the origin');

-- Quasi-separation: x1 decides where it is 1, the rest overlaps.
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT x1, x2, x1 = 1 OR x2 + (i * 17) % 29 > 25 AS y FROM (SELECT i, (i % 3 = 0)::int AS x1, (i * 37) % 23 AS x2 FROM generate_series(1, 60) i) d', 'y', NULL, '{x1,x2}', 'binomial')$$, 'separated', 'quasi: status');
SELECT pg_temp.holds($$SELECT estimate > 0 AND num_nulls(std_error, p_value, conf_low, conf_high) = 4
	FROM journey.coefficients(journey.fit('SELECT x1, x2, x1 = 1 OR x2 + (i * 17) % 29 > 25 AS y FROM (SELECT i, (i % 3 = 0)::int AS x1, (i * 37) % 23 AS x2 FROM generate_series(1, 60) i) d', 'y', NULL, '{x1,x2}', 'binomial')) WHERE term = 'x1'$$, 'quasi: the term that runs away has no error');
SELECT pg_temp.numbers_are($$SELECT array_agg(estimate) FROM journey.coefficients(journey.fit('SELECT x1, x2, x1 = 1 OR x2 + (i * 17) % 29 > 25 AS y FROM (SELECT i, (i % 3 = 0)::int AS x1, (i * 37) % 23 AS x2 FROM generate_series(1, 60) i) d', 'y', NULL, '{x1,x2}', 'binomial')) WHERE term <> 'x1'$$,
	'{-1.12130982496,0.105939620192}', 'quasi: finite terms are those of the rows that overlap', 1e-5);
SELECT pg_temp.numbers_are($$SELECT ARRAY[deviance] FROM journey.fit('SELECT x1, x2, x1 = 1 OR x2 + (i * 17) % 29 > 25 AS y FROM (SELECT i, (i % 3 = 0)::int AS x1, (i * 37) % 23 AS x2 FROM generate_series(1, 60) i) d', 'y', NULL, '{x1,x2}', 'binomial')$$,
	'{51.0538388921}', 'quasi: deviance at the limit', 1e-5);
SELECT pg_temp.numbers_are($$SELECT array_agg(coalesce(std_error, w)) FROM journey.coefficients(journey.fit('SELECT x1, x2, x1 = 1 OR x2 + (i * 17) % 29 > 25 AS y FROM (SELECT i, (i % 3 = 0)::int AS x1, (i * 37) % 23 AS x2 FROM generate_series(1, 60) i) d', 'y', NULL, '{x1,x2}', 'binomial')),
	unnest('{0.653671236255,0.0532044720764}'::float8[], '{(intercept),x2}'::text[]) u(w, t) WHERE term = t$$,
	'{0.653671236255,0.0532044720764}', 'quasi: an error of a finite term is the right one or none', 1e-4);
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT l, l = ''b'' OR i % 3 = 0 AS y FROM (SELECT i, CASE i % 4 WHEN 0 THEN ''a'' WHEN 1 THEN ''b'' ELSE ''c'' END AS l FROM generate_series(1, 80) i) d', 'y', NULL, family => 'binomial')$$,
	'separated', 'quasi: a level with one outcome only');

-- Steep but finite is not separated.
SELECT pg_temp.terms_are($$journey.fit('SELECT x, y FROM unnest(ARRAY[1,2,3,4,5,6,7,8,9,10], ARRAY[false,false,false,false,true,false,true,true,true,true]) u(x, y)', 'y', NULL, '{x}', 'binomial')$$,
	'{-7.15901068042,1.30163830553}',
	'{4.75937877202,0.840039371037}', 'one overlapping pair: finite estimates');
SELECT pg_temp.text_is($$SELECT status || ' ' || converged FROM journey.fit('SELECT x, y FROM unnest(ARRAY[1,2,3,4,5,6,7,8,9,10], ARRAY[false,false,false,false,true,false,true,true,true,true]) u(x, y)', 'y', NULL, '{x}', 'binomial')$$, 'ok true', 'one overlapping pair: ok');
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT x * 1e-9 AS x, y FROM unnest(ARRAY[1,2,3,4,5,6,7,8,9,10], ARRAY[false,false,false,false,true,false,true,true,true,true]) u(x, y)', 'y', NULL, family => 'binomial')$$,
	'ok', 'a large coefficient by scale alone is not separation');
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT i % 10 AS x, i % 1000 = 0 OR i % 777 = 3 AS y FROM generate_series(1, 20000) i', 'y', NULL, family => 'binomial')$$,
	'ok', 'a rare outcome is not separation');
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT x, x > 5 AS y FROM generate_series(1, 10) x', 'y', NULL, family => 'binomial', penalty => 'ridge', lambda => 0.1)$$,
	'ok', 'ridge is a remedy');
SELECT pg_temp.holds($$SELECT bool_and(abs(estimate) < 10) FROM journey.coefficients(journey.fit('SELECT x, x > 5 AS y FROM generate_series(1, 10) x', 'y', NULL, family => 'binomial', penalty => 'ridge', lambda => 0.1))$$,
	'ridge keeps the estimates finite');

-- One class, too few rows, nothing.
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT x, true AS y FROM generate_series(1, 10) x', 'y', NULL, family => 'binomial')$$,
	'one_class', 'one class');
SELECT pg_temp.holds($$SELECT bool_and(num_nulls(std_error, p_value, conf_low, conf_high) = 4)
	FROM journey.coefficients(journey.fit('SELECT x, true AS y FROM generate_series(1, 10) x', 'y', NULL, family => 'binomial'))$$,
	'one class: no errors');
SELECT pg_temp.text_is($$SELECT (journey.fit_logistic(false, ARRAY[x::float8])).status FROM generate_series(1, 10) x$$,
	'one_class', 'one class in the aggregate');
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT 1 AS x, 2.0 AS y', 'y', NULL)$$, 'too_few', 'one row');
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT x, x * x AS y FROM generate_series(1, 2) x', 'y', NULL)$$,
	'too_few', 'as many rows as terms');
SELECT pg_temp.holds($$SELECT bool_and(num_nulls(std_error, p_value, conf_low, conf_high) = 4)
	FROM journey.coefficients(journey.fit('SELECT x, x * x AS y FROM generate_series(1, 2) x', 'y', NULL))$$,
	'as many rows as terms: no errors');
SELECT pg_temp.holds($$SELECT m IS NULL OR (m).status = 'too_few' FROM (SELECT journey.fit('SELECT 1 AS x, 2.0 AS y WHERE false', 'y', NULL) AS m) f$$,
	'an empty source: NULL or too_few');
SELECT pg_temp.holds($$SELECT m IS NULL OR (m).status = 'too_few' FROM (SELECT journey.fit('SELECT 1 AS x, true AS y WHERE false', 'y', NULL, family => 'binomial') AS m) f$$,
	'an empty source, binomial: NULL or too_few');
SELECT pg_temp.holds($$SELECT m IS NULL OR (m).status = 'too_few' FROM (SELECT journey.fit('SELECT 1 AS x, 2.0 AS y, ''a'' AS l WHERE false', 'y', NULL) AS m) f$$,
	'an empty source with a label column: NULL or too_few');
SELECT pg_temp.holds($$SELECT m.r_squared IS NULL AND m.n = 10 FROM journey.summary(journey.fit('SELECT x, 3.0 AS y FROM generate_series(1, 10) x', 'y', NULL)) m$$,
	'a constant target: r_squared NULL');
SELECT pg_temp.text_is($$SELECT status || ' ' || array_position(coefficients, NULL) || ' ' || round(coefficients[3]::numeric, 9)
	FROM journey.fit('SELECT x, 7 AS c, 2 * x + 1 AS y FROM generate_series(1, 10) x', 'y', NULL, '{c,x}')$$,
	'rank_deficient 2 2.000000000', 'a constant feature: NULL, the fit goes on');
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT x, ''only'' AS l, x % 3 AS y FROM generate_series(1, 10) x', 'y', NULL, '{l,x}')$$,
	'ok', 'a label with one level gives no term');
SELECT pg_temp.holds($$SELECT m.n_groups = 1 AND (SELECT bool_and(std_error IS NULL) FROM journey.coefficients(m))
	FROM journey.fit('SELECT 1 AS k, x, x % 3 AS y FROM generate_series(1, 10) x', 'y', 'k', '{x}') m$$,
	'one cluster: no clustered error');
SELECT pg_temp.text_is($$SELECT (journey.coefficients(journey.fit('SELECT x, 2 * x + 1 AS y FROM generate_series(1, 4) x', 'y', NULL))).term
	ORDER BY 1 LIMIT 1$$, '(intercept)', 'an exact fit has coefficients');
SELECT * FROM finish();
ROLLBACK;
