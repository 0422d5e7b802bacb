-- Means and metrics of a cut: vectors of test/oracles/metrics.py, weights,
-- thresholds, intervals, order of rows and plans, refusals.
BEGIN;
SET LOCAL jit = off;
SET LOCAL client_min_messages = warning;
SELECT plan(32);

-- reference/validation.md 9.1
CREATE TABLE ten AS
SELECT i, p, y FROM unnest('{.9,.9,.8,.5,.5,.5,.5,.3,.2,.1}'::float8[], '{1,0,1,1,0,0,1,0,1,0}'::float8[])
	WITH ORDINALITY u(p, y, i);
SELECT is(ARRAY[journey.accuracy(p, y), journey.precision(p, y), journey.recall(p, y), journey.f1(p, y), journey.balanced_accuracy(p, y)],
	ARRAY[0.6, 4 / 7.0::float8, 0.8, 2 / 3.0::float8, 0.6], 'R-CUT-1 the cut at 0.5 calls 0.5 positive') FROM ten;
SELECT is(round(journey.mcc(p, y)::numeric, 15), 0.218217890235992, 'MCC') FROM ten;
SELECT is(ARRAY[journey.f1(p, y = 1), journey.mcc(p, y = 1)], ARRAY[journey.f1(p, y), journey.mcc(p, y)], 'boolean outcome') FROM ten;
SELECT is(round(journey.poisson_deviance(m, y)::numeric, 11), 0.47759688288, 'R-LOSS-7 Poisson deviance') FROM (VALUES (1, 1), (.5, 0), (2, 3)) v(m, y);
SELECT ok(abs(journey.poisson_deviance(m, 1e6) / 1e-6 - 1) < 1e-6, 'Poisson deviance near y = mu keeps its digits') FROM (VALUES (1e6 + 1)) v(m);

CREATE TABLE formula AS
SELECT i, p, (((i * 104729) % 97) / 97.0::float8 + p > 0.9) AS y, ((i * 31) % 57)::text AS c, (1 + i % 3)::float8 AS w, (i % 4)::float8 AS k
FROM (SELECT i, ((i * 7919) % 101) / 128.0::float8 + 1 / 256.0::float8 AS p FROM generate_series(1, 400) i) s;

CREATE FUNCTION pg_temp.worst(a float8[], b float8[]) RETURNS float8 LANGUAGE sql AS
$$SELECT CASE WHEN count(*) = count(x) AND count(*) = count(y) THEN max(abs(x / y - 1)) END FROM unnest(a, b) u(x, y)$$;
SELECT ok(pg_temp.worst(ARRAY[journey.accuracy(p, y, 0.4), journey.precision(p, y, 0.4), journey.recall(p, y, 0.4), journey.f1(p, y, 0.4),
	journey.balanced_accuracy(p, y, 0.4), journey.mcc(p, y, 0.4), journey.mae(p, y::int), journey.rmse(p, y::int), journey.poisson_deviance(p, k)],
	ARRAY[0.695, 0.681818181818182, 0.695876288659794, 0.688775510204082, 0.695025522970674, 0.389894978696551, 0.39328125, 0.453826907867622, 3.83678211298995]) < 1e-13,
	'scikit-learn, threshold 0.4') FROM formula;
SELECT ok(pg_temp.worst(ARRAY[journey.accuracy(p, y, 0.4, w), journey.precision(p, y, 0.4, w), journey.recall(p, y, 0.4, w), journey.f1(p, y, 0.4, w),
	journey.balanced_accuracy(p, y, 0.4, w), journey.mcc(p, y, 0.4, w), journey.mae(p, y::int, w), journey.rmse(p, y::int, w), journey.poisson_deviance(p, k, w),
	journey.log_loss(p, y, w), journey.brier(p, y, w), journey.r_squared(p, y::int, w)],
	ARRAY[0.70125, 0.691919191919192, 0.70076726342711, 0.696315120711563, 0.701239377434826, 0.402396984889965, 0.39455078125, 0.455236359292912, 3.80467843070026,
	0.609443774417029, 0.207240142822266, 0.170619554860586]) < 1e-13, 'R-LOSS-6 scikit-learn with weights') FROM formula;

-- errors: influence of each row by a numerical derivative (test/oracles/metrics.py)
CREATE FUNCTION pg_temp.errors(VARIADIC e journey.estimate[]) RETURNS float8[] LANGUAGE sql AS $$SELECT array_agg(std_error ORDER BY o) FROM unnest(e) WITH ORDINALITY u(estimate, std_error, l, h, n, m, o)$$;
SELECT ok(pg_temp.worst(pg_temp.errors(journey.accuracy_ci(p, y, 0.4), journey.precision_ci(p, y, 0.4), journey.recall_ci(p, y, 0.4), journey.f1_ci(p, y, 0.4),
	journey.balanced_accuracy_ci(p, y, 0.4), journey.mcc_ci(p, y, 0.4), journey.log_loss_ci(p, y), journey.brier_ci(p, y), journey.rmse_ci(p, y::int),
	journey.mae_ci(p, y::int), journey.r_squared_ci(p, y::int), journey.poisson_deviance_ci(p, k)),
	ARRAY[0.0230492009, 0.0331423212, 0.0330699732, 0.0268111085, 0.0230584578, 0.046101913, 0.0278665632, 0.0102914299, 0.0113384968, 0.0113376876, 0.0402990261, 0.232788463])
	< 2e-7, 'errors of rows') FROM formula;
SELECT ok(pg_temp.worst(pg_temp.errors(journey.accuracy_ci(p, y, 0.4, c), journey.precision_ci(p, y, 0.4, c), journey.recall_ci(p, y, 0.4, c), journey.f1_ci(p, y, 0.4, c),
	journey.balanced_accuracy_ci(p, y, 0.4, c), journey.mcc_ci(p, y, 0.4, c), journey.log_loss_ci(p, y, c), journey.brier_ci(p, y, c), journey.rmse_ci(p, y::int, c),
	journey.mae_ci(p, y::int, c), journey.r_squared_ci(p, y::int, c), journey.poisson_deviance_ci(p, k, c)),
	ARRAY[0.0239058547, 0.0343797105, 0.0247398781, 0.0262576926, 0.0238577962, 0.0477689134, 0.026351812, 0.00955956859, 0.0105321747, 0.00964401496, 0.037752834, 0.133781141])
	< 2e-7, 'errors of clusters') FROM formula;
SELECT ok(pg_temp.worst(pg_temp.errors(journey.accuracy_ci(p, y, 0.4, w, c), journey.precision_ci(p, y, 0.4, w, c), journey.recall_ci(p, y, 0.4, w, c), journey.f1_ci(p, y, 0.4, w, c),
	journey.balanced_accuracy_ci(p, y, 0.4, w, c), journey.mcc_ci(p, y, 0.4, w, c), journey.log_loss_ci(p, y, w, c), journey.brier_ci(p, y, w, c), journey.rmse_ci(p, y::int, w, c),
	journey.mae_ci(p, y::int, w, c), journey.r_squared_ci(p, y::int, w, c), journey.poisson_deviance_ci(p, k, w, c)),
	ARRAY[0.0256456364, 0.0365948829, 0.0276601337, 0.0281898766, 0.0256329204, 0.051306403, 0.0278109329, 0.0104199287, 0.011444526, 0.0106322257, 0.0412297738, 0.136891367])
	< 2e-7, 'errors of weighted clusters') FROM formula;
SELECT ok(pg_temp.worst(pg_temp.errors(journey.accuracy_ci(p, y), journey.f1_ci(p, y), journey.accuracy_ci(p, y, c)),
	pg_temp.errors(journey.accuracy_ci(p, y, 0.5), journey.f1_ci(p, y, 0.5), journey.accuracy_ci(p, y, 0.5, c))) = 0, 'intervals cut at 0.5 by default') FROM formula;
SELECT ok((b).estimate = journey.brier(p, y) AND abs((b).std_error / (stddev_samp((p - y::int) ^ 2) / 20) - 1) < 1e-12
	AND abs(((b).conf_high - (b).estimate) / (b).std_error - 1.96592729592) < 1e-10 AND (b).n = 400 AND (b).method = 'mean', 'R-INF-1 R-INF-3 a mean, by t')
FROM formula, (SELECT journey.brier_ci(p, y) AS b FROM formula) s GROUP BY b;
SELECT ok((a).conf_low > 0 AND (a).conf_high < 1 AND abs(ln((a).conf_high / (1 - (a).conf_high)) - ln((a).estimate / (1 - (a).estimate)) - 2.00324071885 * (a).std_error / ((a).estimate * (1 - (a).estimate))) < 1e-10
	AND (a).method = 'delta_clustered', 'R-INF-3 a cut, on the logit scale') FROM (SELECT journey.accuracy_ci(p, y, 0.4, c) AS a FROM formula) s;
SELECT ok((a).estimate = journey.r_squared(p, y::int) AND (a).method = 'delta', 'r_squared_ci agrees with r_squared') FROM formula, (SELECT journey.r_squared_ci(p, y::int) AS a FROM formula) s GROUP BY a;

-- order of rows and plans
CREATE TABLE many AS
SELECT i, ((i * 7919) % 10007) / 16384.0::float8 + 1 / 32768.0::float8 AS p, (i * 104729) % 97 < 40 AS y, 'c' || (i % 1713) AS c, (i % 5)::float8 / 4 AS w
FROM generate_series(1::bigint, 20000) i;
CREATE TABLE shuffled AS SELECT * FROM many ORDER BY journey.hash64(i);
ANALYZE many;
CREATE FUNCTION pg_temp.all_kinds(tab regclass) RETURNS text LANGUAGE plpgsql AS
$$DECLARE t text; BEGIN EXECUTE format('SELECT concat_ws(''|'', journey.mcc(p, y, 0.3), journey.f1(p, y, 0.3, w), journey.brier_ci(p, y), journey.log_loss_ci(p, y, c), journey.mcc_ci(p, y, 0.3, w, c)) FROM %s', tab) INTO t; RETURN t; END$$;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE serial AS SELECT pg_temp.all_kinds('many') AS r;
SELECT is(pg_temp.all_kinds('shuffled'), r, 'R-ROWS-1 shuffled rows, same bits') FROM serial;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT is(pg_temp.all_kinds('many'), r, 'R-ROWS-1 parallel plan, same bits') FROM serial;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is((SELECT journey.brier_ci(p, y, w, c) FROM many), (SELECT journey.brier_ci(p, y, w, c) FROM many WHERE w > 0), 'a weight of 0 leaves the row out');

-- edges
SELECT is(ROW(journey.accuracy(p, y), journey.precision(p, y), journey.recall(p, y), journey.f1(p, y), journey.balanced_accuracy(p, y), journey.mcc(p, y), journey.mae(p, y), journey.poisson_deviance(p, y)),
	ROW(NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8), 'no rows: NULL') FROM ten WHERE false;
SELECT ok(journey.f1_ci(p, y) IS NULL AND journey.mae_ci(p, y, 'a') IS NULL, 'no rows: NULL estimate') FROM ten WHERE false;
SELECT is(ROW(journey.precision(p, y), journey.recall(p, y), journey.f1(p, y), journey.balanced_accuracy(p, y), journey.mcc(p, y)),
	ROW(NULL::float8, NULL::float8, NULL::float8, NULL::float8, 0::float8), 'R-CUT-2 R-CUT-3 only true negatives') FROM (VALUES (0.1, 0), (0.2, 0)) v(p, y);
SELECT is(journey.f1(p, y), 0::float8, 'F1 without a hit is 0') FROM (VALUES (0.9, 0), (0.2, 1)) v(p, y);
SELECT is(journey.mcc((i % 2)::float8, i % 4 < 2), 0::float8, 'R-CUT-3 MCC of 240,000 independent rows, 60,000 in every cell, does not overflow') FROM generate_series(1, 240000) i;
SELECT is(journey.log_loss_ci(p, y), ROW('Infinity', NULL, NULL, NULL, 2, 'mean')::journey.estimate, 'R-INF-4 an infinite loss has no error') FROM (VALUES (1.0, 0), (0.7, 1)) v(p, y);
SELECT is(journey.accuracy_ci(p, y), ROW(1, 0, NULL, NULL, 2, 'delta')::journey.estimate, 'R-INF-4 all right: no interval') FROM (VALUES (0.1, 0), (0.7, 1)) v(p, y);
SELECT is(ARRAY[journey.brier_ci(0.5, 1), journey.precision_ci(0.1, 0)], ARRAY[ROW(0.25, NULL, NULL, NULL, 1, 'mean'), ROW(NULL, NULL, NULL, NULL, 1, 'delta')]::journey.estimate[], 'R-INF-4 one row');
SELECT is(journey.mae_ci(p, y, 'one'), ROW(0.25, NULL, NULL, NULL, 2, 'mean_clustered')::journey.estimate, 'R-INF-4 one cluster') FROM (VALUES (1.0, 1.25), (2, 1.75)) v(p, y);

-- refusals
CREATE FUNCTION pg_temp.refusal(call text) RETURNS text LANGUAGE plpgsql AS
$$BEGIN EXECUTE 'SELECT ' || call || ' FROM (VALUES (0.5::float8, 1::float8, 0.25::float8), (0.25, 0, 0.75)) v(p, y, z)'; RETURN 'accepted'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END$$;
SELECT is(pg_temp.refusal(call), want, call) FROM (VALUES
	('journey.f1(p, y, z)', '22023 threshold is 0.25 and 0.75 in different rows, it must be the same in all'),
	('journey.mcc_ci(p, y, z)', '22023 threshold is 0.25 and 0.75 in different rows, it must be the same in all'),
	('journey.poisson_deviance(0, y)', '22023 predicted value is 0, a Poisson rate must be above 0'),
	('journey.poisson_deviance_ci(p, -y)', '22023 observed value is -1, a count must not be negative'),
	('journey.brier(p, y, -z)', '22023 weight is -0.25, it must not be negative')) v(call, want);
SELECT is((SELECT array_agg(left(pg_temp.refusal(call), 5) ORDER BY o) FROM unnest(ARRAY['journey.f1(p, y, NULL)', 'journey.brier(p, y, NULL)', 'journey.rmse_ci(p, y, z, NULL)',
	'journey.mcc(p, y, ''NaN'')', 'journey.mae(p, y, ''Infinity'')', 'journey.brier_ci(2, y)', 'journey.recall(p, 0.5)', 'journey.f1_ci(p, y, NULL::text)',
	'journey.mae(1e308, -1e308)', 'journey.accuracy(p, y, z, 1)']) WITH ORDINALITY u(call, o)),
	'{22004,22004,22004,22003,22003,22023,22023,22004,22003,22023}'::text[], 'NULL, NaN, outside the domain');
SELECT * FROM finish();
ROLLBACK;
