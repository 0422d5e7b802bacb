-- fit_linear and fit_logistic: one model per group, equal to fit().
BEGIN;
\ir lib/close.psql
SELECT plan(34);
CREATE TABLE aggregate_rows AS
	SELECT i, i % 3 AS g, ((i * 7919) % 1009) / 64.0::float8 AS a, ((i * 31) % 97)::float8 AS b, 0.5 + i % 3 AS w,
		((i * 104729) % 997) / 64.0::float8 + ((i * 7919) % 1009) / 64.0 AS y,
		((i * 7919) % 1009) + ((i * 6151) % 1021) > 1000 AS z
	FROM generate_series(1, 3000) i;
ANALYZE aggregate_rows;
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;

CREATE FUNCTION pg_temp.explain(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP plan := plan || line || E'\n'; END LOOP;
	RETURN plan;
END $$;
-- Wide designs: a status or a clear refusal, never a crash.
CREATE FUNCTION pg_temp.wide(query text, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE m journey.model;
BEGIN
	EXECUTE 'SELECT (f.m).* FROM (' || query || ') f(m)' INTO m;
	RETURN pg_temp.verdict(CASE WHEN m.status IN ('ok') OR m.status IS NULL THEN 'status ' || coalesce(m.status, 'NULL') END, name);
EXCEPTION WHEN program_limit_exceeded OR out_of_memory THEN
	RETURN pg_temp.verdict(NULL, name);
WHEN OTHERS THEN
	RETURN pg_temp.verdict(SQLSTATE || ': ' || SQLERRM, name);
END $$;

-- The two doors.
SELECT pg_temp.text_is($$SELECT terms::text FROM (SELECT (journey.fit_linear(y, ARRAY[a, b])).* FROM aggregate_rows) m$$,
	'{(intercept),x1,x2}', 'terms (intercept), x1, x2');
SELECT pg_temp.numbers_are($$SELECT (journey.fit_linear(y, ARRAY[a, b])).coefficients FROM aggregate_rows$$,
	(SELECT (journey.fit('aggregate_rows', 'y', NULL, '{a,b}')).coefficients), 'fit_linear = fit', 1e-12);
SELECT pg_temp.numbers_are($$SELECT (journey.fit_linear(y, ARRAY[a, b])).covariance FROM aggregate_rows$$,
	(SELECT (journey.fit('aggregate_rows', 'y', NULL, '{a,b}')).covariance), 'fit_linear = fit: covariance', 1e-11);
SELECT pg_temp.numbers_are($$SELECT (journey.fit_linear(y, ARRAY[a, b], w)).covariance FROM aggregate_rows$$,
	(SELECT (journey.fit('aggregate_rows', 'y', NULL, '{a,b}', weight => 'w')).covariance), 'fit_linear = fit under weights', 1e-11);
SELECT pg_temp.numbers_are($$SELECT (journey.fit_logistic(z, ARRAY[a, b])).coefficients FROM aggregate_rows$$,
	(SELECT (journey.fit('aggregate_rows', 'z', NULL, '{a,b}', 'binomial')).coefficients), 'fit_logistic = fit', 1e-11);
SELECT pg_temp.numbers_are($$SELECT (journey.fit_logistic(z, ARRAY[a, b], w)).covariance FROM aggregate_rows$$,
	(SELECT (journey.fit('aggregate_rows', 'z', NULL, '{a,b}', 'binomial', weight => 'w')).covariance), 'fit_logistic = fit under weights', 1e-10);
SELECT pg_temp.numbers_are($$SELECT ARRAY[(m).deviance, (m).null_deviance, (m).log_likelihood, (m).n, (m).df_residual]::float8[]
	FROM (SELECT journey.fit_linear(y, ARRAY[a, b]) AS m FROM aggregate_rows) f$$,
	(SELECT ARRAY[deviance, null_deviance, log_likelihood, n, df_residual]::float8[] FROM journey.fit('aggregate_rows', 'y', NULL, '{a,b}')),
	'fit_linear = fit: fit statistics', 1e-11);

-- The server's own least squares.
SELECT pg_temp.numbers_are($$SELECT (journey.fit_linear(y, ARRAY[a])).coefficients FROM aggregate_rows$$,
	(SELECT ARRAY[regr_intercept(y, a), regr_slope(y, a)] FROM aggregate_rows), 'fit_linear = regr_slope', 1e-10);
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.summary(journey.fit_linear(y, ARRAY[a]))).r_squared] FROM aggregate_rows$$,
	(SELECT ARRAY[regr_r2(y, a)] FROM aggregate_rows), 'r_squared = regr_r2', 1e-10);

-- Groups, filters, windows, order, parallel workers.
SELECT pg_temp.holds($$SELECT count(*) = 3 AND bool_and((m).status = 'ok' AND (m).n = 1000)
	FROM (SELECT g, journey.fit_linear(y, ARRAY[a, b]) AS m FROM aggregate_rows GROUP BY g) f$$, 'one model per group');
SELECT pg_temp.numbers_are($$SELECT (journey.fit_linear(y, ARRAY[a, b]) FILTER (WHERE g = 1)).coefficients FROM aggregate_rows$$,
	(SELECT (journey.fit('SELECT * FROM aggregate_rows WHERE g = 1', 'y', NULL, '{a,b}')).coefficients), 'FILTER', 1e-12);
SELECT pg_temp.holds($$SELECT bool_and((m).n = i) FROM (SELECT i, journey.fit_linear(y, ARRAY[a, b]) OVER (ORDER BY i) AS m
	FROM aggregate_rows WHERE i <= 50) f$$, 'as a window aggregate the state survives its final function');
SELECT pg_temp.holds($$SELECT pg_temp.apart((journey.fit_linear(y, ARRAY[a, b] ORDER BY i)).coefficients,
	(journey.fit_linear(y, ARRAY[a, b] ORDER BY b, a DESC)).coefficients, 1e-12, '') IS NULL FROM aggregate_rows$$,
	'order of rows: the same to 1e-12');
SELECT pg_temp.holds($$SELECT (journey.fit_logistic(z, ARRAY[a, b] ORDER BY i)) IS NOT DISTINCT FROM
	(journey.fit_logistic(z, ARRAY[a, b] ORDER BY b, a DESC, i)) FROM aggregate_rows$$, 'fit_logistic: order of rows, the same bits');
SELECT pg_temp.text_is($$SELECT string_agg((m).status, ',' ORDER BY g) FROM (SELECT g, journey.fit_linear(y, ARRAY[a, b]) AS m
	FROM aggregate_rows WHERE g < 2 OR i < 6 GROUP BY g) f$$, 'ok,ok,too_few', 'a group too small is a row with a status');
SELECT pg_temp.holds($$SELECT m IS NULL OR (m).status = 'too_few' FROM (SELECT journey.fit_linear(y, ARRAY[a]) AS m FROM aggregate_rows WHERE false) f$$,
	'no rows: NULL or too_few');
SELECT pg_temp.holds($$SELECT m IS NULL OR (m).status = 'too_few' FROM (SELECT journey.fit_logistic(z, ARRAY[a]) AS m FROM aggregate_rows WHERE false) f$$,
	'no rows, logistic: NULL or too_few');
SELECT pg_temp.holds($$SELECT bool_or(x ~ 'Partial') FROM (SELECT pg_temp.explain('SELECT journey.fit_linear(y, ARRAY[a, b]) FROM aggregate_rows') AS x) e$$,
	'fit_linear is combinable: partial aggregates under a Gather');

-- Bad input.
SELECT pg_temp.refused('SELECT journey.fit_linear(y, ARRAY[a, NULL]) FROM aggregate_rows', '{22004}', 'NULL', 'NULL feature');
SELECT pg_temp.refused($$SELECT journey.fit_linear(y, ARRAY[a, 'NaN']) FROM aggregate_rows$$, '{22003}', 'NaN|finite', 'NaN feature');
SELECT pg_temp.refused($$SELECT journey.fit_linear(y, ARRAY[a, '-infinity']) FROM aggregate_rows$$, '{22003}', 'finite', 'infinite feature');
SELECT pg_temp.refused($$SELECT journey.fit_linear('NaN', ARRAY[a]) FROM aggregate_rows$$, '{22003}', 'NaN|finite', 'NaN target');
SELECT pg_temp.refused($$SELECT journey.fit_linear(y, ARRAY[a], 'Infinity') FROM aggregate_rows$$, '{22003}', 'finite', 'infinite weight');
SELECT pg_temp.refused('SELECT journey.fit_linear(y, ARRAY[a], -1) FROM aggregate_rows', '{22003,22023}', 'weight', 'negative weight');
SELECT pg_temp.refused('SELECT journey.fit_linear(y, ARRAY[[a, b], [b, a]]) FROM aggregate_rows', '{2202E}', 'dimension', 'two-dimensional array');
SELECT pg_temp.refused('SELECT journey.fit_linear(y, CASE WHEN i < 9 THEN ARRAY[a, b] ELSE ARRAY[a] END) FROM aggregate_rows',
	'{2202E,22023}', '(1.*2|2.*1)', 'array of another length: both lengths are named');
SELECT pg_temp.refused('SELECT journey.fit_logistic(z, ARRAY[a, NULL]) FROM aggregate_rows', '{22004}', 'NULL', 'logistic: NULL feature');
SELECT pg_temp.refused($$SELECT journey.fit_logistic(z, ARRAY['NaN'::float8]) FROM aggregate_rows$$, '{22003}', 'NaN|finite', 'logistic: NaN feature');
SELECT pg_temp.refused('SELECT journey.fit_logistic(z, ARRAY[[a, b]]) FROM aggregate_rows', '{2202E}', 'dimension', 'logistic: two dimensions');
SELECT pg_temp.refused('SELECT journey.fit_logistic(z, CASE WHEN i < 9 THEN ARRAY[a, b] ELSE ARRAY[a] END) FROM aggregate_rows',
	'{2202E,22023}', '(1.*2|2.*1)', 'logistic: array of another length');
SELECT pg_temp.refused('SELECT journey.fit_logistic(z, ARRAY[a], -1) FROM aggregate_rows', '{22003,22023}', 'weight', 'logistic: negative weight');
SELECT pg_temp.wide($$SELECT journey.fit_linear(i, (SELECT array_agg((i * j) % 101) FROM generate_series(1, 2000) j)::float8[]) FROM generate_series(1, 3) i$$,
	'2,000 features of three rows');
SELECT pg_temp.wide($$SELECT journey.fit_logistic(i = 1, (SELECT array_agg((i * j) % 101) FROM generate_series(1, 2000) j)::float8[]) FROM generate_series(1, 3) i$$,
	'logistic: 2,000 features of three rows');
SELECT pg_temp.holds($$SELECT (journey.fit_linear(y, '{}')).coefficients[1] BETWEEN 0 AND 40 FROM aggregate_rows$$, 'no feature: the mean');
SELECT * FROM finish();
ROLLBACK;
