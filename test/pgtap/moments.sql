-- Moments by cell: moments_agg, merge_moments, fit_moments and
-- cross_validate_moments against fits and folds of the rows; plans; forged
-- states and composites.
BEGIN;
\ir lib/close.psql
SET LOCAL client_min_messages = warning;
SELECT plan(61);

-- All numbers of moments in one list, cells and counts among them.
CREATE FUNCTION pg_temp.numbers(m journey.moments) RETURNS float8[] LANGUAGE sql AS $$
	SELECT (m).cells::float8[] || (m).counts::float8[] || (m).weights || (m).means || (m).comoments $$;
CREATE FUNCTION pg_temp.figures(m journey.model) RETURNS float8[] LANGUAGE sql AS $$
	SELECT (m).coefficients || (SELECT array_agg(std_error ORDER BY o) FROM journey.coefficients(m) WITH ORDINALITY
		c(term, estimate, std_error, statistic, p_value, conf_low, conf_high, o))
		|| ARRAY[(m).dispersion, (m).n, (m).df_residual, (m).deviance, (m).null_deviance, (m).log_likelihood]::float8[] $$;
CREATE FUNCTION pg_temp.are_near(got float8[], want float8[], tol float8, name text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.verdict(CASE WHEN got IS NULL OR want IS NULL THEN 'nothing to compare' ELSE pg_temp.apart(got, want, tol, 'value') END, name) $$;
CREATE FUNCTION pg_temp.refusal(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN EXECUTE query; RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;

CREATE TABLE moment_rows AS
SELECT i, x1, x2, 3 + x1 - 0.5 * x2 + e AS y, (0.5 + i % 4)::float8 AS w, i % 1500 AS k, i % 60 AS day
FROM (SELECT i, ((i * 7919::bigint) % 100003) / 6250.0::float8 AS x1, ((i * 6151::bigint) % 99991) / 12500.0::float8 AS x2,
	((i * 104729::bigint) % 100019) / 6250.0::float8 - 8 AS e FROM generate_series(1, 30000) i) r;
ANALYZE moment_rows;
SET LOCAL max_parallel_workers_per_gather = 0;

CREATE TABLE clustered AS SELECT k, sin(k * 12.9898) * 2 + cos(i * 78.233) AS x, 1 + sin(k * 12.9898) + 2 * sin(k * 4.1414) + cos(i * 3.7) AS y
FROM (SELECT i, i / 5 AS k FROM generate_series(0, 9999) i) s;

-- By hand: rows (x, y) = (1, 2), (3, 6) in cell 7 and (5, 1) in cell -2.
CREATE TEMP TABLE hand AS SELECT journey.moments_agg(c, y, ARRAY[x]) AS m, journey.moments_agg(c, y, ARRAY[x], 2) AS twice
FROM (VALUES (7::bigint, 1::float8, 2::float8), (-2, 5, 1), (7, 3, 6)) v(c, x, y);
SELECT is(m::text, '("{x1,y}","{-2,7}","{1,2}","{1,2}","{5,1,2,4}","{0,0,0,2,4,8}")', 'by hand: shapes and order of all fields') FROM hand;
SELECT is(twice::text, '("{x1,y}","{-2,7}","{1,2}","{2,4}","{5,1,2,4}","{0,0,0,4,8,16}")', 'by hand: with weights of 2') FROM hand;
SELECT is((SELECT (journey.moments_agg(c, 1, '{}')).cells FROM unnest('{9223372036854775807,0,-1,-9223372036854775808,4294967296,-4294967297}'::bigint[]) c),
	'{-9223372036854775808,-4294967297,-1,0,4294967296,9223372036854775807}', 'any bigint is a cell; no features will do');
SELECT is((SELECT array_agg((m).weights[1] = (m).counts[1]) FROM (SELECT journey.moments_agg(1, w, '{}', w) AS m FROM unnest('{0.5,1.5}'::float8[]) w UNION ALL
	SELECT journey.moments_agg(1, w, '{}', 1) FROM unnest('{0.5,1.5}'::float8[]) w) s), '{f,t}', 'weights of 1 alone give a weight equal to the count');
SELECT pg_temp.holds($$SELECT abs((m).weights[1] - 2) < 1e-15 FROM (SELECT journey.moments_agg(1, w, '{}', w) AS m FROM unnest('{0.5,1.5}'::float8[]) w) s$$, 'by no more than a bit');

-- Fits.
CREATE TEMP TABLE m AS SELECT journey.moments_agg(day, y, ARRAY[x1, x2]) AS m, journey.moments_agg(day, y, ARRAY[x1, x2], w) AS weighted,
	journey.moments_agg(day, y + 1e9, ARRAY[x1, x2]) AS far, journey.moments_agg(0, y, ARRAY[x1, x2]) AS one FROM moment_rows;
SELECT pg_temp.are_near(pg_temp.figures(journey.fit_moments(m)), pg_temp.figures((SELECT journey.fit('moment_rows', 'y', NULL, '{x1,x2}'))), 1e-10, 'fit_moments = fit') FROM m;
SELECT pg_temp.are_near(pg_temp.figures(journey.fit_moments(one)), pg_temp.figures((SELECT journey.fit_linear(y, ARRAY[x1, x2]) FROM moment_rows)), 1e-12, 'fit_moments = fit_linear') FROM m;
SELECT is((SELECT (journey.fit_moments(m)).terms::text || (journey.fit_moments(m)).encoding FROM m), (SELECT terms::text || encoding FROM journey.fit('SELECT y, x1, x2 FROM moment_rows', 'y', NULL)), 'terms and encoding are those of fit');
SELECT pg_temp.are_near((pg_temp.figures(journey.fit_moments(weighted)))[1:11], (pg_temp.figures((SELECT journey.fit('moment_rows', 'y', NULL, '{x1,x2}', weight => 'w'))))[1:11], 1e-10, 'weighted: fit_moments = fit') FROM m;
SELECT ok((journey.fit_moments(weighted)).log_likelihood IS NULL AND (journey.fit_moments(m)).log_likelihood IS NOT NULL, 'weighted moments have no log likelihood') FROM m;
SELECT is((SELECT count(*) FROM (VALUES ('ridge', 0.3, 0.5), ('lasso', 0.3, 0.5), ('elastic_net', 0.3, 0.25), ('lasso', 0, 0.5), ('elastic_net', 0.3, 0)) v(penalty, lambda, alpha), m,
	LATERAL (SELECT journey.fit_moments(m, penalty, lambda, alpha) AS a, journey.fit('moment_rows', 'y', NULL, '{x1,x2}', penalty => penalty, lambda => lambda, alpha => alpha) AS b) f
	WHERE pg_temp.apart((a).coefficients || (a).deviance || (a).lambda || (a).alpha, (b).coefficients || (b).deviance || (b).lambda || (b).alpha, 1e-10, '') IS NULL AND (a).penalty = (b).penalty), 5::bigint,
	'ridge, lasso, elastic net: fit_moments = fit');
SELECT pg_temp.are_near((journey.fit_moments(far)).coefficients[2:3], (journey.fit_moments(m)).coefficients[2:3], 1e-7, 'y + 1e9: slopes keep seven digits over cells') FROM m;
SELECT results_eq($$SELECT (f).terms, (f).encoding->>'target', journey.predict(f, r) BETWEEN 10.9 AND 11.1 FROM (SELECT journey.fit_moments(
	ROW('{spend,visits,score}'::text[], (m).cells, (m).counts, (m).weights, (m).means, (m).comoments)::journey.moments) AS f FROM m) s, (SELECT 10 AS spend, 4 AS visits) r$$,
	$$VALUES ('{(intercept),spend,visits}'::text[], 'score', true)$$, 'terms may be renamed: the model knows them');
SELECT results_eq($$SELECT (f).status, array_agg(round(c::numeric, 12)) FROM (SELECT f, unnest((f).coefficients) AS c FROM (SELECT journey.fit_moments(journey.moments_agg(1, i, ARRAY[i, 5, 2 * i])) AS f FROM generate_series(1, 9) i) s) t GROUP BY 1$$,
	$$VALUES ('rank_deficient', '{0,1,NULL,NULL}'::numeric[])$$, 'constant and dependent features are NULL');
SELECT is((SELECT array_agg((journey.fit_moments(x)).status) FROM unnest(ARRAY[ROW('{x1,y}', '{}', '{}', '{}', '{}', '{}'), (SELECT m FROM hand)]::journey.moments[]) x), '{too_few,ok}', 'no cells: too_few');

-- Whether what follows is compiled does not matter.
SET LOCAL jit = off;

-- Merging.
SELECT pg_temp.are_near(pg_temp.numbers((SELECT journey.merge_moments(p) FROM (SELECT journey.moments_agg(day, y, ARRAY[x1, x2], w) AS p FROM moment_rows GROUP BY day) s)), pg_temp.numbers(weighted), 1e-12, 'grouped by cell and merged = in one') FROM m;
SELECT pg_temp.are_near(pg_temp.numbers((SELECT journey.merge_moments(p) FROM (SELECT journey.moments_agg(day, y, ARRAY[x1, x2], w) AS p FROM moment_rows GROUP BY i % 7) s)), pg_temp.numbers(weighted), 1e-12, 'parts that share their cells') FROM m;
SELECT is((SELECT journey.merge_moments(p ORDER BY (p).cells[1] % 7)::text FROM (SELECT journey.moments_agg(day, y, ARRAY[x1, x2]) AS p FROM moment_rows GROUP BY day) s),
	(SELECT journey.merge_moments(p ORDER BY (p).cells[1] DESC)::text FROM (SELECT journey.moments_agg(day, y, ARRAY[x1, x2]) AS p FROM moment_rows GROUP BY day) s), 'cells side by side: any order, every bit');
SELECT is((SELECT journey.merge_moments(x)::text FROM (VALUES (NULL::journey.moments), ((SELECT m FROM hand)), (NULL)) v(x)), (SELECT m::text FROM hand), 'NULL moments are left out');
SELECT ok(journey.merge_moments(NULL) IS NULL AND journey.fit_moments(NULL) IS NULL, 'nothing to merge, nothing to fit: NULL');
SELECT is((SELECT string_agg((w).counts::text, ' ' ORDER BY d) FROM (SELECT d, journey.merge_moments(p) OVER (ORDER BY d ROWS 1 PRECEDING) AS w FROM
	(SELECT day AS d, journey.moments_agg(day, y, ARRAY[x1]) AS p FROM moment_rows WHERE day < 4 GROUP BY day) s) t), '{500} {500,500} {500,500} {500,500}', 'as a window function');
-- a rolling refit: the last 28 days of stored moments are a fit of their rows
SELECT pg_temp.are_near(pg_temp.figures((SELECT journey.fit_moments(journey.merge_moments(p)) FROM (SELECT day, journey.moments_agg(day, y, ARRAY[x1, x2]) AS p FROM moment_rows GROUP BY day) daily WHERE day BETWEEN 30 AND 57)),
	pg_temp.figures(journey.fit('SELECT y, x1, x2 FROM moment_rows WHERE day BETWEEN 30 AND 57', 'y', NULL)), 1e-10, 'rolling refit from stored days = refit of their rows');
SELECT ok((SELECT bool_and((m).counts[1] = 500) FROM (SELECT journey.moments_agg(day, y, ARRAY[x1]) OVER (PARTITION BY day) AS m FROM moment_rows WHERE day < 3) s), 'moments_agg as a window function');

-- Plans and order.
SELECT pg_temp.are_near(pg_temp.numbers((SELECT journey.moments_agg(day, y, ARRAY[x1, x2], w ORDER BY i % 977, i DESC) FROM moment_rows)), pg_temp.numbers(weighted), 1e-12, 'rows in another order') FROM m;
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 4; SET LOCAL parallel_leader_participation = off;
ALTER TABLE moment_rows SET (parallel_workers = 4);
CREATE FUNCTION pg_temp.explain(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; lines text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP lines := lines || line || ' '; END LOOP;
	RETURN lines;
END $$;
SELECT matches(pg_temp.explain('SELECT journey.moments_agg(day, y, ARRAY[x1]) FROM moment_rows'), 'Finalize Aggregate.*Gather.*Partial Aggregate', 'moments_agg is split over workers');
SELECT pg_temp.are_near(pg_temp.numbers((SELECT journey.moments_agg(day, y, ARRAY[x1, x2], w) FROM moment_rows)), pg_temp.numbers(weighted), 1e-12, '4 workers = none') FROM m;
SELECT pg_temp.are_near(pg_temp.numbers((SELECT journey.moments_agg(day, y + 1e9, ARRAY[x1, x2]) FROM moment_rows)), pg_temp.numbers(far), 1e-12, '4 workers = none: y + 1e9') FROM m;
SET LOCAL max_parallel_workers_per_gather = 0;

-- Rows that cannot be.
SELECT is(pg_temp.refusal('SELECT journey.moments_agg(' || args || ') FROM public.moment_rows WHERE i < 20'), want, want) FROM (VALUES
	('NULL, y, ARRAY[x1]', '22004 argument "cell" must not be null'),
	('day, NULL, ARRAY[x1]', '22004 argument "y" must not be null'),
	('day, y, NULL', '22004 argument "x" must not be null'),
	('day, y, ARRAY[x1, NULL]', '22004 element 2 of array "x" is null'),
	('day, y, ARRAY[x1], ''NaN''', '22003 argument "weight" is NaN, it must be a finite number'),
	('day, y, ARRAY[x1], -1', '22023 argument "weight" is -1, it must be greater than or equal to zero'),
	('day, y, CASE WHEN i < 9 THEN ARRAY[x1] ELSE ARRAY[x1, x2] END', '2202E array "x" has 2 elements in one row and 1 in another'),
	('day, y * 1e200, ARRAY[x1]', 'accepted'),
	('0, y * 1e200, ARRAY[x1]', '22003 moments of moments_agg are out of range')) v(args, want);
SELECT ok((SELECT journey.moments_agg(day, y, ARRAY[x1]) IS NULL FROM moment_rows WHERE false) AND (SELECT journey.moments_agg(NULL, NULL, NULL, 0) IS NULL FROM moment_rows), 'no rows that count: NULL');
SELECT is((SELECT array_agg(pg_temp.refusal('SELECT journey.' || f) ~ '^42809 ') FROM unnest(ARRAY['moments_accum(NULL, 1, 1, ''{1}'')', 'moments_accum(''{}'', 1, 1, ''{1}'', 1)',
	'moments_combine(''{}'', ''{}'')', 'moments_final(''{}'')']) f), '{t,t,t,t}', 'support functions refuse direct calls');

-- Forged states.
CREATE AGGREGATE pg_temp.united(float8[]) (SFUNC = journey.moments_combine, STYPE = float8[], FINALFUNC = journey.moments_final, INITCOND = '{}');
CREATE FUNCTION pg_temp.forge(state text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE outcome text[];
BEGIN
	EXECUTE format('CREATE AGGREGATE pg_temp.forged(bigint, float8, float8[]) (SFUNC = journey.moments_accum, STYPE = float8[], FINALFUNC = journey.moments_final, INITCOND = %L)', state);
	outcome := ARRAY[pg_temp.refusal('SELECT pg_temp.forged(day, y, ARRAY[x1]) FROM public.moment_rows WHERE i < 200'),
		pg_temp.refusal('SELECT pg_temp.forged(day, y, ARRAY[x1]) FROM public.moment_rows WHERE false'),
		pg_temp.refusal(format('SELECT pg_temp.united(s::float8[]) FROM (VALUES (%L), (%1$L)) v(s)', state))];
	DROP AGGREGATE pg_temp.forged(bigint, float8, float8[]);
	RETURN outcome;
END $$;
-- A sound state: cell 0 with rows (0, 0) and (1, 2); q = 2, one cell of one; the slot of cell 0 is found by trying both.
CREATE TEMP TABLE right_slots (s text);
CREATE FUNCTION pg_temp.state(guard text DEFAULT '0.30000000000000004', q text DEFAULT '2', used text DEFAULT '1', reserved text DEFAULT '1', slots text DEFAULT NULL,
	id text DEFAULT '0,0', n text DEFAULT '2', w text DEFAULT '2', means text DEFAULT '0.5,1,0,0', m text DEFAULT '0.5,1,2') RETURNS text LANGUAGE sql AS $$
	SELECT format('{19779,1,%s,%s,%s,%s,%s,%s,%s,%s,0,%s,%s}', guard, q, used, reserved, coalesce(slots, (SELECT s FROM right_slots)), id, n, w, means, m) $$;
INSERT INTO right_slots VALUES ('1,0');
UPDATE right_slots SET s = '0,1' WHERE pg_temp.refusal(format('SELECT pg_temp.united(%L)', pg_temp.state())) <> 'accepted';
SELECT is(pg_temp.forge(pg_temp.state()), '{accepted,accepted,accepted}', 'a sound state is a state');
SELECT is((SELECT pg_temp.united(s::float8[])::text FROM (VALUES ('{}'), (pg_temp.state()), ('{}'), (pg_temp.state())) v(s)), '("{x1,y}",{0},{4},{4},"{0.5,1}","{1,2,4}")', 'states merge cell by cell, empty ones are no rows');
SELECT is_empty($$SELECT s, o FROM unnest(ARRAY['{1}', '{{1,2},{3,4}}', replace(pg_temp.state(), '2}', 'NULL}'), replace(pg_temp.state(), '19779', '19778'), replace(pg_temp.state(), '{19779,1,', '{19779,2,'),
	pg_temp.state('0.3'), pg_temp.state(q => '0'), pg_temp.state(q => '3'), pg_temp.state(q => '2.5'), pg_temp.state(q => 'NaN'), pg_temp.state(q => '1e9'), pg_temp.state(used => '2'), pg_temp.state(used => '-1'), pg_temp.state(used => 'NaN'),
	pg_temp.state(reserved => '0'), pg_temp.state(reserved => '2'), pg_temp.state(reserved => '1e308'), pg_temp.state(slots => '1,1'), pg_temp.state(slots => '0,0'), pg_temp.state(slots => '2,2'), pg_temp.state(slots => '-1,-1'), pg_temp.state(slots => 'NaN,NaN'),
	pg_temp.state(id => '0.5,0'), pg_temp.state(id => '1e300,0'), pg_temp.state(id => '0,-1'), pg_temp.state(id => 'NaN,0'),
	pg_temp.state(n => '0'), pg_temp.state(n => '-2'), pg_temp.state(n => '2.5'), pg_temp.state(n => '1e300'), pg_temp.state(w => '0'), pg_temp.state(w => '-1'), pg_temp.state(w => 'Infinity'),
	pg_temp.state(means => 'NaN,0,0,0'), pg_temp.state(m => '-1e9,0,1'), pg_temp.state(m => '1,NaN,1')]) s,
	LATERAL pg_temp.forge(s) o WHERE NOT (o[2] ~ '^(22023 aggregate state of moments_agg|22003 moments)' AND o[3] ~ '^(22023 aggregate state of moments_agg|22003 moments)' AND o[1] ~ '^(22023|22003|2202E)')$$,
	'damaged states are refused wherever they arrive');

-- Forged composites.
CREATE FUNCTION pg_temp.made(terms text DEFAULT '{x1,y}', cells text DEFAULT '{1,2}', counts text DEFAULT '{2,2}', weights text DEFAULT '{2,2}', means text DEFAULT '{0,0,1,1}', comoments text DEFAULT '{2,1,2,2,1,3}')
RETURNS text[] LANGUAGE sql AS $$
	SELECT array_agg(pg_temp.refusal(format('SELECT %s(ROW(%L, %L, %L, %L, %L, %L)::journey.moments%s)', f, terms, cells, counts, weights, means, comoments, a)))
	FROM (VALUES ('journey.merge_moments', ''), ('journey.fit_moments', ''), ('count(*) FROM journey.cross_validate_moments', ', k => 2')) v(f, a) $$;
SELECT is(pg_temp.made(), '{accepted,accepted,accepted}', 'sound moments are accepted');
SELECT is_empty($$SELECT o, want FROM (VALUES
	(pg_temp.made(terms => NULL), '22004 field "terms" of the moments must not be null'),
	(pg_temp.made(means => NULL), '22004 field "means" of the moments must not be null'),
	(pg_temp.made(terms => '{}'), '22023 field "terms" of the moments must be the names of the features and, last, of the target'),
	(pg_temp.made(terms => '{y,y}'), '22023 field "terms" of the moments names "y" twice'),
	(pg_temp.made(terms => '{"",y}'), '22023 field "terms" of the moments must be names that are not empty, and none of them (intercept)'),
	(pg_temp.made(terms => '{(intercept),y}'), '22023 field "terms" of the moments must be names that are not empty, and none of them (intercept)'),
	(pg_temp.made(terms => '{x1,NULL}'), '22004 field "terms" of the moments must not contain nulls'),
	(pg_temp.made(terms => '{{x1,y}}'), '22023 field "terms" of the moments must be an array of one dimension'),
	(pg_temp.made(terms => '{x1,x2,y}'), '22023 field "means" of the moments has 4 elements, terms and cells ask for 6'),
	(pg_temp.made(cells => '{1}'), '22023 field "counts" of the moments has 2 elements, terms and cells ask for 1'),
	(pg_temp.made(cells => '{1,1}'), '22023 field "cells" of the moments has cell 1 twice'),
	(pg_temp.made(counts => '{2,0}'), '22023 field "counts" of the moments has a count that is not from 1 to 2^53 in cell 2'),
	(pg_temp.made(counts => '{-5,2}'), '22023 field "counts" of the moments has a count that is not from 1 to 2^53 in cell 1'),
	(pg_temp.made(counts => '{9007199254740992,2}'), '22023 field "counts" of the moments has a count that is not from 1 to 2^53 in cell 1'),
	(pg_temp.made(weights => '{2,0}'), '22023 field "weights" of the moments has a weight that is not positive and finite in cell 2'),
	(pg_temp.made(weights => '{Infinity,2}'), '22023 field "weights" of the moments has a weight that is not positive and finite in cell 1'),
	(pg_temp.made(means => '{0,NaN,1,1}'), '22023 field "means" of the moments has a number that is not finite in cell 1'),
	(pg_temp.made(comoments => '{2,1,2,-2,1,3}'), '22023 field "comoments" of the moments has a sum of squares that is negative or not finite in cell 2'),
	(pg_temp.made(comoments => '{2,1,NaN,2,1,3}'), '22023 field "comoments" of the moments has a sum of squares that is negative or not finite in cell 1'),
	(pg_temp.made(comoments => '{2,5,2,2,1,3}'), '22023 field "comoments" of the moments has a correlation above 1 in cell 1'),
	(pg_temp.made(comoments => '{2,NaN,2,2,1,3}'), '22023 field "comoments" of the moments has a correlation above 1 in cell 1'),
	(pg_temp.made(comoments => '{2,1,2}'), '22023 field "comoments" of the moments has 3 elements, terms and cells ask for 6')) v(o, want)
	WHERE o IS DISTINCT FROM ARRAY[want, want, want]$$, 'damaged moments are refused in words, whoever reads them');
SELECT is_empty($$SELECT o FROM unnest(ARRAY[pg_temp.made(means => '{1e308,1e308,-1e308,-1e308}')::text, pg_temp.made(comoments => '{1e308,0,1e308,1e308,0,1e308}')::text,
	pg_temp.made(weights => '{1e308,1e308}')::text, pg_temp.made(comoments => '{5e-324,0,5e-324,0,0,0}')::text, pg_temp.made(counts => '{9007199254740991,9007199254740991}')::text]) o WHERE o ~ 'XX000'$$,
	'impossible moments give figures or errors');
SELECT is((SELECT array_agg(pg_temp.refusal(format('SELECT journey.merge_moments(x) FROM unnest(ARRAY[ROW(''{a,y}'', ''{1}'', ''{1}'', ''{1}'', ''{0,0}'', ''{0,0,0}''), ROW(%L, ''{2}'', ''{1}'', ''{1}'', %L, %L)]::journey.moments[]) x', t, a, b)))
	FROM (VALUES ('{b,y}', '{0,0}', '{0,0,0}'), ('{y,a}', '{0,0}', '{0,0,0}'), ('{a,b,y}', '{0,0,0}', '{0,0,0,0,0,0}')) v(t, a, b)),
	ARRAY['22023 term 1 is "a" in some moments and "b" in others', '22023 term 1 is "a" in some moments and "y" in others', '22023 moments of 2 terms and of 3 terms cannot be merged'], 'different terms do not merge, the first difference is named');

-- Cross-validation: over the buckets of a key it is cross_validate.
CREATE TEMP TABLE by_bucket AS SELECT journey.moments_agg(journey.fold(k, 128) - 1, y, ARRAY[x1, x2]) AS m FROM moment_rows;
SELECT results_eq($$SELECT count(*), max(abs(a.value - b.value)) < 1e-12, max(abs(a.std_error - b.std_error) * (a.fold IS NULL)::int) < 1e-12, bool_and(a.n_test = b.n_test), bool_and((a.is_best, a.is_1se) IS NOT DISTINCT FROM (b.is_best, b.is_1se))
	FROM journey.cross_validate('moment_rows', 'y', 'k', '{x1,x2}', penalty => 'lasso', lambdas => '{0.5,0.01,0}', metrics => '{rmse,r_squared}', repeats => 2, folds => 'buckets', seed => 5) a
	JOIN by_bucket ON true JOIN journey.cross_validate_moments(m, '{0.5,0.01,0}', 1, repeats => 2, seed => 5) b ON (a.lambda, a.metric) = (b.lambda, b.metric) AND (a.repeat, a.fold) IS NOT DISTINCT FROM (b.repeat, b.fold)$$,
	$$VALUES (126::bigint, true, true, true, true)$$, 'over hash buckets: the folds and figures of cross_validate');
SELECT results_eq($$SELECT count(DISTINCT lambda), count(*), min(status), max(status) FROM by_bucket, journey.cross_validate_moments(m, alpha => 0.5, k => 4, repeats => 1)$$, $$VALUES (100::bigint, 1000::bigint, 'ok', 'ok')$$, 'alpha alone: a grid of 100');
SELECT results_eq($$SELECT count(DISTINCT lambda), max(lambda) FROM by_bucket, journey.cross_validate_moments(m, alpha => 0)$$, $$VALUES (11::bigint, 100::float8)$$, 'alpha 0 alone: half decades');
SELECT results_eq($$SELECT lambda, metric, n_train, n_test, method, is_best, is_1se, status FROM by_bucket, journey.cross_validate_moments(m, k => 3) WHERE fold IS NULL$$,
	$$VALUES (0::float8, 'rmse', 20000::bigint, 10000::bigint, 'corrected_resampled_t', true, true, 'ok'), (0, 'r_squared', 20000, 10000, 'corrected_resampled_t', true, true, 'ok')$$, 'neither: least squares');
SELECT results_eq($$SELECT metric, value, status FROM journey.cross_validate_moments(NULL)$$, $$VALUES ('rmse', NULL::float8, 'too_few'), ('r_squared', NULL, 'too_few')$$, 'no moments: a status');
SELECT set_eq($$SELECT metric, value, status FROM journey.cross_validate_moments(ROW('{x1,y}', '{1,2}', '{1,1}', '{1,1}', '{0,1,2,3}', '{0,0,0,0,0,0}')::journey.moments, k => 2, repeats => 1) WHERE fold IS NOT NULL$$,
	$$VALUES ('rmse', NULL::float8, 'too_few'), ('r_squared', NULL, 'too_few')$$, 'one training row: too_few');
SELECT is_empty($$SELECT a, got, want FROM (VALUES ('k => 129', '22023 k is 129, but the moments have only 128 cells'), ('k => 1', '22023 argument "k" is 1, it must be between 2 and 10000'), ('alpha => 2', '22023 alpha is 2, it must be from 0 to 1'),
	('''{-1}''', '22023 element 1 of lambdas is -1, it must not be negative'), ('''{NaN}''', NULL), ('''{}''', NULL), ('seed => NULL', '22004 argument "seed" must not be null'), ('k => NULL', '22004 argument "k" must not be null'), ('repeats => 0', NULL)) v(a, want),
	LATERAL (SELECT pg_temp.refusal('SELECT * FROM pg_temp.by_bucket, journey.cross_validate_moments(m, ' || a || ')') AS got) g WHERE got IS DISTINCT FROM want AND NOT (want IS NULL AND got ~ '^22')$$, 'arguments are refused in words');

-- Jackknife: six cells left out one after the other by fit_linear; clustered rows against CR1.
SELECT pg_temp.are_near((SELECT array_agg(estimate ORDER BY term) || array_agg(std_error ORDER BY term) FROM (SELECT journey.moments_agg(day % 6, y, ARRAY[x1, x2], w) AS m FROM moment_rows WHERE i <= 300) s, journey.jackknife_moments(m)),
	(SELECT array_agg((SELECT (journey.fit_linear(y, ARRAY[x1, x2], w)).coefficients[j] FROM moment_rows WHERE i <= 300) ORDER BY j) || array_agg(sqrt(5 / 6.0 * v * 6) ORDER BY j) FROM
		(SELECT j, var_pop(t.c[j]) AS v FROM generate_series(1, 3) j, (SELECT (journey.fit_linear(y, ARRAY[x1, x2], w)).coefficients AS c FROM moment_rows, generate_series(0, 5) d WHERE i <= 300 AND day % 6 <> d GROUP BY d) t GROUP BY j) u), 1e-9,
	'jackknife = cells left out by hand');
SELECT pg_temp.holds($$SELECT bool_and(abs(j.std_error / c.std_error - 1) < 0.25 AND abs(j.estimate - c.estimate) < 1e-10 AND j.std_error > 1.25 * n.std_error) FROM
	(SELECT journey.moments_agg(journey.fold(k, 128), y, ARRAY[x]) AS m FROM clustered) s, journey.jackknife_moments(m) j
	JOIN journey.coefficients(journey.fit('clustered', 'y', 'k', '{x}')) c ON replace(c.term, 'x', 'x1') = j.term
	JOIN journey.coefficients(journey.fit('clustered', 'y', NULL, '{x}')) n ON n.term = c.term$$, '2,000 customers x 5 rows: errors of hash buckets are near CR1, above those of independent rows');
SELECT results_eq($$SELECT term, estimate IS NULL, std_error IS NULL, p_value IS NULL, conf_low IS NULL FROM journey.jackknife_moments((SELECT journey.moments_agg(1, y, ARRAY[x1, x1]) FROM moment_rows))$$,
	$$VALUES ('(intercept)', false, true, true, true), ('x1', false, true, true, true), ('x2', true, true, true, true)$$, 'one cell: no standard errors');
SELECT is((SELECT count(*) FROM journey.jackknife_moments(NULL)), 0::bigint, 'no moments: no rows');
SELECT is(pg_temp.refusal('SELECT journey.jackknife_moments(NULL, 1)'), '22023 argument "level" is 1, it must be greater than 0 and less than 1', 'a level of 1');

\if :shared_here
\ir lib/data.psql
CREATE TEMP TABLE by_fold AS SELECT journey.moments_agg((i - 1) % 5 + 1, re78::float8, ARRAY[age, educ, black, hisp, married, nodegr, re74, re75]) AS m FROM lalonde;
SELECT pg_temp.numbers_are($$SELECT array_agg(value ^ 2 ORDER BY value) || (SELECT value ^ 2 FROM by_fold, journey.cross_validate_moments(m, k => 5, repeats => 1) WHERE fold IS NULL AND metric = 'rmse')
	|| (SELECT value FROM by_fold, journey.cross_validate_moments(m, k => 5, repeats => 1) WHERE fold IS NULL AND metric = 'r_squared') FROM by_fold, journey.cross_validate_moments(m, k => 5, repeats => 1) WHERE fold IS NOT NULL AND metric = 'rmse'$$,
	'{25071669.086,34052378.903,37103987.534,40665170.115,82265896.687,43831820.465,0.0039564217398}', 'LaLonde, least squares: folds, pooled, r_squared', 1e-9);
SELECT pg_temp.numbers_are($$SELECT array_agg(value ^ 2 ORDER BY lambda) FROM by_fold, journey.cross_validate_moments(m, '{1,0.01,0.1}', k => 5, repeats => 1) WHERE fold IS NULL AND metric = 'rmse'$$,
	'{43809741.364,43661517.740,43352223.827}', 'LaLonde, ridge', 1e-9);
SELECT pg_temp.numbers_are($$SELECT array_agg(value ^ 2 ORDER BY value) FROM by_fold, journey.cross_validate_moments(m, '{300}', 1, k => 5, repeats => 1) WHERE fold IS NOT NULL AND metric = 'rmse'$$,
	'{24424280.1404,34320058.0367,34958346.5639,41217123.3592,83656783.5419}', 'LaLonde, lasso', 1e-9);
SELECT pg_temp.numbers_are($$SELECT array_agg(value ^ 2 ORDER BY value) FROM by_fold, journey.cross_validate_moments(m, '{300}', 0.5, k => 5, repeats => 1) WHERE fold IS NOT NULL AND metric = 'rmse'$$,
	'{25223609.4792,32862426.612,35262741.6878,42367819.2816,84238026.3397}', 'LaLonde, elastic net', 1e-9);
\else
SELECT skip('shared data absent', 4);
\endif
SELECT * FROM finish();
ROLLBACK;
