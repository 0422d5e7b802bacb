-- fit_linear and fit_logistic as aggregates: the same models as fit(), the
-- server's own least squares and R (test/oracles/fit_aggregates.R); plans,
-- windows and groups; states that were forged.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT plan(57);

-- Relative distance of two lists of numbers is at most tol; NULL equals NULL.
CREATE FUNCTION pg_temp.near(got float8[], want float8[], tol float8) RETURNS boolean LANGUAGE sql AS $$
	SELECT cardinality(got) = cardinality(want) AND bool_and(CASE WHEN g IS NULL OR w IS NULL
		THEN g IS NULL AND w IS NULL ELSE abs(g - w) <= tol * abs(w) END)
	FROM unnest(got, want) u(g, w) $$;
CREATE FUNCTION pg_temp.is_near(got float8[], want float8[], tol float8, name text) RETURNS text LANGUAGE sql AS $$
	SELECT ok(pg_temp.near(got, want, tol), name)
		|| CASE WHEN pg_temp.near(got, want, tol) THEN '' ELSE E'\n' || diag(format('got %s, want %s', got, want)) END $$;
CREATE FUNCTION pg_temp.std_errors(m journey.model) RETURNS float8[] LANGUAGE sql AS $$
	SELECT array_agg(std_error ORDER BY o) FROM journey.coefficients(m) WITH ORDINALITY
		c(term, estimate, std_error, statistic, p_value, conf_low, conf_high, o) $$;
-- The numbers of a model; covariances near 0 are judged by the standard errors.
CREATE FUNCTION pg_temp.numbers(m journey.model) RETURNS float8[] LANGUAGE sql AS $$
	SELECT m.coefficients || pg_temp.std_errors(m) || ARRAY[m.dispersion, m.n, m.df_residual, m.deviance, m.null_deviance,
		m.log_likelihood]::float8[] $$;

CREATE TABLE fit_rows AS
SELECT i, x1, x2, w, ((i * 53) % 41) / 8.0::float8 + x1 / 2 - x2 AS y, x1 + 2 * x2 + (i * 11) % 31 > 36 AS z
FROM (SELECT i, ((i * 37) % 23)::float8 AS x1, ((i * 17) % 29) / 4.0::float8 AS x2, (0.5 + i % 3)::float8 AS w
	FROM generate_series(1, 60) i) r;

-- R
CREATE TEMP TABLE by_r AS SELECT journey.fit_linear(y, ARRAY[x1, x2], w) AS l, journey.fit_logistic(z, ARRAY[x1, x2], w) AS g FROM fit_rows;
SELECT pg_temp.is_near((l).coefficients, '{1.809399964482686,0.482864089713523,-0.755252091724911}', 1e-13, 'weighted: coefficients of lm') FROM by_r;
SELECT pg_temp.is_near(pg_temp.std_errors(l), '{0.4799160716116750,0.0269334931849400,0.0849712430298799}', 1e-13, 'weighted: standard errors of lm') FROM by_r;
SELECT pg_temp.is_near((SELECT ARRAY[deviance, null_deviance, log_likelihood, dispersion, aic, bic, r_squared] FROM journey.summary(l)),
	'{161.56361657236869,1463.390625,-108.56685780434643,2.83444941355033,225.13371560869285,233.51109385758124,0.88959638403289}',
	1e-13, 'weighted: figures of lm, log-likelihood included') FROM by_r;
SELECT pg_temp.is_near((g).coefficients, '{-3.063416108469347,0.152688750221461,0.285203702383167}', 1e-10, 'weighted: coefficients of glm') FROM by_r;
SELECT pg_temp.is_near(pg_temp.std_errors(g), '{0.7662069046766499,0.0398813707094596,0.1209116816047488}', 1e-10, 'weighted: standard errors of glm') FROM by_r;
SELECT pg_temp.is_near(ARRAY[(g).deviance, (g).null_deviance], '{101.539381914713,122.254787878475}', 1e-11, 'weighted: deviances of glm') FROM by_r;

-- fit()
CREATE TABLE fit_many AS
SELECT i, x1, x2, 3 + x1 - 0.5 * x2 + e AS y, 1e9 + x1 + e AS far, x1 + e > 8 AS z, (0.5 + i % 4)::float8 AS w, i % 2000 AS g
FROM (SELECT i, ((i * 7919::bigint) % 100003) / 6250.0::float8 AS x1, ((i * 6151::bigint) % 99991) / 12500.0::float8 AS x2,
	((i * 104729::bigint) % 100019) / 6250.0::float8 - 8 AS e FROM generate_series(1, 100000) i) r;
ANALYZE fit_many;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE models AS SELECT
	journey.fit_linear(y, ARRAY[x1, x2]) AS linear,
	journey.fit_linear(y, ARRAY[x1, x2], w) AS linear_w,
	journey.fit_linear(far, ARRAY[x1]) AS far,
	journey.fit_logistic(z, ARRAY[x1, x2]) AS logistic,
	journey.fit_logistic(z, ARRAY[x1, x2], w) AS logistic_w FROM fit_many;
SELECT pg_temp.is_near(pg_temp.numbers(linear), pg_temp.numbers(journey.fit('fit_many', 'y', NULL, '{x1,x2}')), 1e-10, 'fit_linear = fit') FROM models;
SELECT pg_temp.is_near(pg_temp.numbers(linear_w), pg_temp.numbers(journey.fit('fit_many', 'y', NULL, '{x1,x2}', weight => 'w')), 1e-10, 'fit_linear = fit, weighted') FROM models;
SELECT is((SELECT terms::text || (linear).encoding FROM (SELECT (linear).*) t), (SELECT terms::text || encoding FROM journey.fit('fit_many', 'y', NULL, '{x1,x2}')),
	'terms and encoding are those of features x1 and x2 and target y') FROM models;
SELECT is(logistic::text, journey.fit('SELECT z AS y, x1, x2 FROM fit_many', 'y', NULL, family => 'binomial')::text, 'fit_logistic = fit, every bit') FROM models;
SELECT is(logistic_w::text, journey.fit('SELECT z AS y, x1, x2, w FROM fit_many ORDER BY w, i DESC', 'y', NULL, family => 'binomial', weight => 'w')::text,
	'fit_logistic = fit, weighted, every bit') FROM models;
SELECT is(journey.predict(logistic, ARRAY[1, 2]::float8[]), journey.predict(logistic, r), 'predictions by array and by columns x1 and x2')
	FROM models, (SELECT 2::float8 AS x2, 1::float8 AS x1) r;

-- The server's least squares, also far from the origin.
SELECT pg_temp.is_near((SELECT (journey.fit_linear(y, ARRAY[x1])).coefficients FROM fit_many),
	(SELECT ARRAY[regr_intercept(y, x1), regr_slope(y, x1)] FROM fit_many), 1e-10, 'regr_intercept, regr_slope');
SELECT pg_temp.is_near(ARRAY[(journey.summary(far)).r_squared, (far).coefficients[2]],
	(SELECT ARRAY[regr_r2(far - 1e9, x1), regr_slope(far - 1e9, x1)] FROM fit_many), 1e-12, 'y = 1e9 + x + e: r_squared and slope as without 1e9') FROM models;
SELECT pg_temp.is_near(pg_temp.std_errors(far), (SELECT pg_temp.std_errors(journey.fit_linear(far - 1e9, ARRAY[x1])) FROM fit_many), 1e-11,
	'y = 1e9 + x + e: standard errors as without 1e9') FROM models;
SELECT ok((journey.summary(far)).r_squared BETWEEN 0.49 AND 0.51, 'y = 1e9 + x + e: r_squared is about a half') FROM models;
SELECT pg_temp.is_near((SELECT (journey.fit_linear(y, '{}')).coefficients FROM fit_many), (SELECT ARRAY[avg(y)] FROM fit_many), 1e-12, 'no feature: the mean');

-- Groups and windows.
SELECT is((SELECT count(*) FROM (SELECT g, journey.fit_linear(y, ARRAY[x1]) AS m, ARRAY[regr_intercept(y, x1), regr_slope(y, x1)] AS r
	FROM fit_many GROUP BY g) s WHERE abs((m).coefficients[1] - r[1]) <= 1e-10 * abs(r[1]) AND abs((m).coefficients[2] - r[2]) <= 1e-10 * abs(r[2])
	AND (m).n = 50), 2000::bigint, '2,000 groups, each as regr_slope');
SELECT is((SELECT count(*) FROM (SELECT g, journey.fit_logistic(z, ARRAY[x1]) AS m FROM fit_many WHERE g < 100 GROUP BY g) s
	WHERE (m).n = 50 AND (m).status = 'ok'), 100::bigint, '100 logistic groups');
SELECT is((SELECT journey.fit_logistic(z, ARRAY[x1]) FROM fit_many WHERE g = 7)::text,
	journey.fit('SELECT z AS y, x1 FROM fit_many WHERE g = 7 ORDER BY random()', 'y', NULL, family => 'binomial')::text, 'a group is the fit of its rows');
SELECT is((SELECT string_agg(m::text, '' ORDER BY i) FROM (SELECT i, journey.fit_linear(y, ARRAY[x1]) OVER (ORDER BY i) AS m FROM fit_rows) s),
	(SELECT string_agg(m::text, '' ORDER BY b.i) FROM fit_rows b, LATERAL (SELECT journey.fit_linear(a.y, ARRAY[a.x1] ORDER BY a.i) AS m FROM fit_rows a WHERE a.i <= b.i) s),
	'fit_linear over a growing window: every state is left intact');
SELECT is((SELECT string_agg(m::text, '' ORDER BY i) FROM (SELECT i, journey.fit_logistic(z, ARRAY[x1]) OVER (ORDER BY i) AS m FROM fit_rows) s),
	(SELECT string_agg(m::text, '' ORDER BY b.i) FROM fit_rows b, LATERAL (SELECT journey.fit_logistic(a.z, ARRAY[a.x1]) AS m FROM fit_rows a WHERE a.i <= b.i) s),
	'fit_logistic over a growing window');
SELECT is((SELECT m::text FROM (SELECT i, journey.fit_linear(y, ARRAY[x1]) OVER (ORDER BY i ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) AS m FROM fit_rows) s WHERE i = 30),
	(SELECT journey.fit_linear(y, ARRAY[x1] ORDER BY i) FROM fit_rows WHERE i BETWEEN 21 AND 30)::text, 'a moving window');

-- Plans.
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 4; SET LOCAL parallel_leader_participation = off;
ALTER TABLE fit_many SET (parallel_workers = 4);
CREATE FUNCTION pg_temp.explain(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; lines text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP lines := lines || line || ' '; END LOOP;
	RETURN lines;
END $$;
SELECT matches(pg_temp.explain('SELECT journey.fit_linear(y, ARRAY[x1]) FROM fit_many'), 'Finalize Aggregate.*Gather.*Partial Aggregate', 'fit_linear is split over workers');
SELECT matches(pg_temp.explain('SELECT journey.fit_logistic(z, ARRAY[x1]) FROM fit_many'), 'Finalize Aggregate.*Gather.*Partial Aggregate', 'fit_logistic is split over workers');
CREATE TEMP TABLE by_workers AS SELECT
	(SELECT journey.fit_linear(y, ARRAY[x1, x2]) FROM fit_many) AS linear,
	(SELECT journey.fit_linear(y, ARRAY[x1, x2], w) FROM fit_many) AS linear_w,
	(SELECT journey.fit_linear(far, ARRAY[x1]) FROM fit_many) AS far,
	(SELECT journey.fit_logistic(z, ARRAY[x1, x2]) FROM fit_many) AS logistic,
	(SELECT journey.fit_logistic(z, ARRAY[x1, x2], w) FROM fit_many) AS logistic_w;
SELECT pg_temp.is_near(pg_temp.numbers(p.linear), pg_temp.numbers(s.linear), 1e-12, '4 workers = none: fit_linear') FROM by_workers p, models s;
SELECT pg_temp.is_near(pg_temp.numbers(p.linear_w), pg_temp.numbers(s.linear_w), 1e-12, '4 workers = none: fit_linear, weighted') FROM by_workers p, models s;
SELECT pg_temp.is_near(pg_temp.numbers(p.far), pg_temp.numbers(s.far), 1e-12, '4 workers = none: y = 1e9 + x + e') FROM by_workers p, models s;
SELECT is(p.logistic::text, s.logistic::text, '4 workers = none: fit_logistic, every bit') FROM by_workers p, models s;
SELECT is(p.logistic_w::text, s.logistic_w::text, '4 workers = none: fit_logistic, weighted, every bit') FROM by_workers p, models s;
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL journey.memory_limit = '64kB';
SELECT is((SELECT journey.fit_logistic(z, ARRAY[x1, x2]) FROM fit_many)::text, logistic::text, 'a small memory limit changes no bit') FROM models;
RESET journey.memory_limit;

-- What data cannot carry.
SELECT results_eq($$SELECT (m).status, (m).coefficients[4], pg_temp.near((m).coefficients[1:3], (n).coefficients, 1e-11) FROM (SELECT journey.fit_linear(y, ARRAY[x1, x2, x1 + 2 * x2]) AS m,
	journey.fit_linear(y, ARRAY[x1, x2]) AS n FROM fit_rows) s$$, $$VALUES ('rank_deficient', NULL::float8, true)$$, 'an aliased column is NULL, the rest as without it');
SELECT results_eq($$SELECT (m).status, (m).coefficients[2], (m).coefficients[1] FROM (SELECT journey.fit_linear(i, ARRAY[0.1]) AS m FROM fit_rows) s$$,
	$$VALUES ('rank_deficient', NULL::float8, 30.5::float8)$$, 'a constant column is NULL');
SELECT results_eq($$SELECT (m).status, (m).coefficients[2] FROM (SELECT journey.fit_logistic(x1 > 10, ARRAY[x1]) AS m FROM fit_rows) s$$,
	$$VALUES ('separated', 'Infinity'::float8)$$, 'separation has a status and a direction');
SELECT is((SELECT (journey.fit_logistic(true, ARRAY[x1])).status FROM fit_rows), 'one_class', 'one class has a status');
SELECT is((SELECT (journey.fit_linear(y, ARRAY[x1, x2])).status FROM fit_rows WHERE i <= 3), 'too_few', 'no residual degrees of freedom: a status');
SELECT results_eq($$SELECT (m).deviance, (m).status, pg_temp.near((m).coefficients, '{1,2}', 1e-13) FROM (SELECT journey.fit_linear(1 + 2 * x1, ARRAY[x1]) AS m FROM fit_rows) s$$,
	$$VALUES (0::float8, 'ok', true)$$, 'a perfect fit has a residual sum of exactly 0');
SELECT results_eq($$SELECT journey.fit_linear(y, ARRAY[x1]) IS NULL, journey.fit_linear(y, ARRAY[x1], w) IS NULL, journey.fit_logistic(z, ARRAY[x1]) IS NULL,
	journey.fit_logistic(z, ARRAY[x1], w) IS NULL FROM fit_rows WHERE false$$, $$VALUES (true, true, true, true)$$, 'no rows: NULL');
SELECT ok((SELECT journey.fit_linear(y, ARRAY[x1], 0) IS NULL AND journey.fit_logistic(z, ARRAY[x1], 0) IS NULL FROM fit_rows), 'only weights of 0: NULL');
SELECT is((SELECT journey.fit_linear(y, CASE WHEN i <= 50 THEN ARRAY[x1] END, CASE WHEN i <= 50 THEN w ELSE 0 END)::text || journey.fit_logistic(z, CASE WHEN i <= 50 THEN ARRAY[x1] END, CASE WHEN i <= 50 THEN w ELSE 0 END) FROM fit_rows),
	(SELECT journey.fit_linear(y, ARRAY[x1], w)::text || journey.fit_logistic(z, ARRAY[x1], w) FROM fit_rows WHERE i <= 50), 'rows of weight 0 do not count');

-- Refusals, in words.
CREATE FUNCTION pg_temp.refusal(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN EXECUTE query; RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT; RETURN SQLSTATE || ' ' || SQLERRM || CASE WHEN hint ~ 'FILTER' THEN ' (FILTER)' ELSE '' END; END $$;
CREATE FUNCTION pg_temp.refusals(arguments text) RETURNS text[] LANGUAGE sql AS $$
	SELECT ARRAY[pg_temp.refusal('SELECT journey.fit_linear(' || replace(arguments, '#', 'y') || ') FROM public.fit_rows'),
		pg_temp.refusal('SELECT journey.fit_logistic(' || replace(arguments, '#', 'z') || ') FROM public.fit_rows')] $$;
CREATE FUNCTION pg_temp.both_say(arguments text, words text) RETURNS text LANGUAGE sql AS $$
	SELECT is(pg_temp.refusals(arguments), ARRAY[words, words], words) $$;
SELECT pg_temp.both_say('NULL, ARRAY[x1]', '22004 argument "y" must not be null (FILTER)');
SELECT pg_temp.both_say('#, CASE WHEN i < 9 THEN ARRAY[x1] END', '22004 argument "x" must not be null (FILTER)');
SELECT pg_temp.both_say('#, ARRAY[x1], NULL', '22004 argument "weight" must not be null (FILTER)');
SELECT pg_temp.both_say('#, ARRAY[x1, CASE WHEN i < 9 THEN x2 END]', '22004 element 2 of array "x" is null (FILTER)');
SELECT pg_temp.both_say('#, ARRAY[x1, x2, ''-Infinity'']', '22003 element 3 of array "x" is -Infinity, it must be a finite number');
SELECT pg_temp.both_say('#, ARRAY[x1], ''NaN''', '22003 argument "weight" is NaN, it must be a finite number');
SELECT pg_temp.both_say('#, ARRAY[x1], -0.5', '22023 argument "weight" is -0.5, it must be greater than or equal to zero');
SELECT pg_temp.both_say('#, ARRAY[[x1, x2]]', '2202E array "x" must have one dimension, it has 2');
SELECT pg_temp.both_say('#, CASE WHEN i < 9 THEN ARRAY[x1] ELSE ARRAY[x1, x2] END', '2202E array "x" has 2 elements in one row and 1 in another');
SELECT pg_temp.both_say('#, array_fill(x1, ARRAY[5001])', '54000 array "x" has 5001 elements, the limit is 5000');
SELECT is(pg_temp.refusal('SELECT journey.fit_linear(y * 1e200, ARRAY[x1]) FROM public.fit_rows'), '22003 moments of fit_linear are out of range', 'overflow is an error');

-- Forged states: anyone may build an aggregate over the support functions.
CREATE AGGREGATE pg_temp.merged(float8[]) (SFUNC = journey.fit_linear_combine, STYPE = float8[], FINALFUNC = journey.fit_linear_final, INITCOND = '{}');
CREATE FUNCTION pg_temp.forge(state text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE outcome text[];
BEGIN
	EXECUTE format('CREATE AGGREGATE pg_temp.forged(float8, float8[]) (SFUNC = journey.fit_linear_accum, STYPE = float8[], FINALFUNC = journey.fit_linear_final, INITCOND = %L)', state);
	outcome := ARRAY[pg_temp.refusal('SELECT pg_temp.forged(y, ARRAY[x1]) FROM public.fit_rows'),
		pg_temp.refusal('SELECT pg_temp.forged(y, ARRAY[x1]) FROM public.fit_rows WHERE false'),
		pg_temp.refusal(format('SELECT pg_temp.merged(s::float8[]) FROM (VALUES (%L), (%1$L)) v(s)', state))];
	DROP AGGREGATE pg_temp.forged(float8, float8[]);
	RETURN outcome;
END $$;
-- A sound state of two rows (0, 0) and (1, 2), to be damaged.
CREATE FUNCTION pg_temp.state(guard text DEFAULT '0.30000000000000004', p text DEFAULT '1', n text DEFAULT '2', w text DEFAULT '2', means text DEFAULT '0.5,1,0,0', m text DEFAULT '0.5,1,2')
RETURNS text LANGUAGE sql AS $$ SELECT format('{19533,1,%s,%s,%s,%s,0,%s,%s}', guard, p, n, w, means, m) $$;
SELECT is(pg_temp.forge(pg_temp.state()), '{accepted,accepted,accepted}', 'a sound state is a state');
SELECT results_eq($$SELECT (m).coefficients, (m).n FROM (SELECT pg_temp.merged(s::float8[]) AS m FROM (VALUES ('{}'), (pg_temp.state()), ('{}'), (pg_temp.state())) v(s)) x$$,
	$$VALUES ('{0,2}'::float8[], 4::bigint)$$, 'states merge, empty ones are no rows');
SELECT is_empty($$SELECT s, o FROM unnest(ARRAY['{1}', '{{1,2},{3,4}}', replace(pg_temp.state(), '2}', 'NULL}'), replace(pg_temp.state(), '19533', '19530'), replace(pg_temp.state(), '{19533,1,', '{19533,2,'),
	pg_temp.state('0.3'), pg_temp.state(p => '0'), pg_temp.state(p => '2'), pg_temp.state(p => '0.5'), pg_temp.state(p => '-1'), pg_temp.state(p => '1e9'), pg_temp.state(p => 'NaN'), pg_temp.state(p => '5000'),
	pg_temp.state(n => '0'), pg_temp.state(n => '-2'), pg_temp.state(n => '2.5'), pg_temp.state(n => '1e300'), pg_temp.state(n => 'NaN'),
	pg_temp.state(w => '0'), pg_temp.state(w => '-1'), pg_temp.state(w => 'NaN'), pg_temp.state(w => 'Infinity'),
	pg_temp.state(means => 'NaN,0,0,0'), pg_temp.state(means => '0,0,Infinity,0'), pg_temp.state(m => '-1e9,0,1'), pg_temp.state(m => '1,NaN,1'), pg_temp.state(m => '1,0,-Infinity')]) s,
	LATERAL pg_temp.forge(s) o WHERE NOT (o[2] ~ '^(22023 aggregate state of fit_linear|22003 moments)' AND o[3] ~ '^(22023 aggregate state of fit_linear|22003 moments)' AND o[1] ~ '^(22023|22003|2202E)')$$,
	'damaged states are refused wherever they arrive');
SELECT is_empty($$SELECT s, o FROM unnest(ARRAY[pg_temp.state(m => '1,1e300,1'), pg_temp.state(w => '5e-324'), pg_temp.state(w => '1e308'), pg_temp.state(n => '9007199254740991'), pg_temp.state(means => '1e308,-1e308,0,0'),
	pg_temp.state(m => '5e-324,1e308,5e-324'), pg_temp.state(m => '0,1,0'), '[0:13]=' || pg_temp.state()]) s,
	LATERAL pg_temp.forge(s) o WHERE EXISTS (SELECT FROM unnest(o) x WHERE x !~ '^(accepted|22023|22003)')$$, 'impossible moments give figures or errors, no crash');
SELECT is(pg_temp.refusal(format('SELECT pg_temp.merged(s::float8[]) FROM (VALUES (%L), (''{19533,1,0.30000000000000004,0,2,2,0,1,0,2}'')) v(s)', pg_temp.state())),
	'2202E array "x" has 0 elements in one row and 1 in another', 'states of different width do not merge');
SELECT is((SELECT array_agg(pg_temp.refusal('SELECT journey.' || f) ~ '^42809 ') FROM unnest(ARRAY['fit_linear_accum(NULL, 1, ''{1}'')',
	'fit_linear_accum(''{}'', 1, ''{1}'', 1)', 'fit_linear_combine(''{}'', ''{}'')', 'fit_linear_final(''{}'')', 'fit_linear_final(NULL)']) f), '{t,t,t,t,t}', 'support functions refuse direct calls');
SELECT * FROM finish();
ROLLBACK;
