-- Metrics through SQL: vectors, edges, refusals, order and plans.
BEGIN;
SELECT plan(64);

-- reference/validation.md 9.1
CREATE TABLE ten AS
SELECT i, p, y FROM unnest('{.9,.9,.8,.5,.5,.5,.5,.3,.2,.1}'::float8[], '{1,0,1,1,0,0,1,0,1,0}'::float8[])
	WITH ORDINALITY u(p, y, i);

SELECT is(journey.auc(p, y), 0.62::float8, 'R-AUC-1 auc, float8 outcome') FROM ten;
SELECT is(journey.auc(p, y = 1), 0.62::float8, 'R-AUC-1 auc, boolean outcome') FROM ten;
SELECT is(round((journey.auc_ci(p, y)).std_error::numeric ^ 2, 15), 0.0368, 'DeLong variance') FROM ten;
SELECT is(round(journey.log_loss(p, y)::numeric, 15), 0.747515125423652, 'log loss, float8') FROM ten;
SELECT is(round(journey.log_loss(p, y = 1)::numeric, 15), 0.747515125423652, 'log loss, boolean') FROM ten;
SELECT is(round(journey.brier(p, y)::numeric, 15), 0.26, 'Brier, float8') FROM ten;
SELECT is(round(journey.brier(p, y = 1)::numeric, 15), 0.26, 'Brier, boolean') FROM ten;
-- the plans above are compiled where that is forced; the others need not be
SET LOCAL jit = off;
SELECT is(round(journey.rmse(p, y)::numeric, 14), 0.50990195135928, 'RMSE') FROM ten;
SELECT is(round(journey.r_squared(p, y)::numeric, 14), -0.04, 'R squared') FROM ten;
SELECT is(journey.auc(p::numeric, y::int), 0.62::float8, 'numeric and integer arguments are cast') FROM ten;
SELECT is(journey.auc(-p, y), 0.38::float8, 'any finite score will do') FROM ten;

-- test/oracles/metrics.py: scikit-learn, and variances by their definitions
CREATE TABLE formula AS
SELECT i, p, (((i * 104729) % 97) / 97.0::float8 + p > 0.9) AS y, ((i * 31) % 57)::text AS c
FROM (SELECT i, ((i * 7919) % 101) / 128.0::float8 + 1 / 256.0::float8 AS p
	FROM generate_series(1, 400) i) s;

SELECT is(round(journey.auc(p, y)::numeric, 14), 0.76309928936042, 'auc by scikit-learn') FROM formula;
SELECT is(round(journey.log_loss(p, y)::numeric, 14), 0.60880940898263, 'log loss by scikit-learn') FROM formula;
SELECT is(round(journey.brier(p, y)::numeric, 14), 0.20595886230469, 'Brier by scikit-learn') FROM formula;
SELECT is(round(journey.r_squared(p, y::int)::numeric, 14), 0.17542243096912, 'R squared by scikit-learn') FROM formula;
SELECT is((SELECT format('%s %s %s %s %s %s', round(e.estimate::numeric, 12), round(e.std_error::numeric, 12),
		round(e.conf_low::numeric, 12), round(e.conf_high::numeric, 12), e.n, e.method)
	FROM (SELECT (journey.auc_ci(p, y)).* FROM formula) e),
	'0.763099289360 0.023665814323 0.713647880947 0.806328319426 400 delong', 'auc_ci');
SELECT is((SELECT format('%s %s %s %s %s %s', round(e.estimate::numeric, 12), round(e.std_error::numeric, 12),
		round(e.conf_low::numeric, 12), round(e.conf_high::numeric, 12), e.n, e.method)
	FROM (SELECT (journey.auc_ci(p, y, c)).* FROM formula) e),
	'0.763099289360 0.023652488512 0.713677404273 0.806305756700 400 delong_clustered', 'auc_ci, clustered');
SELECT is(journey.auc_ci(p, y::int::float8, c), journey.auc_ci(p, y, c), 'both kinds of outcome, clustered') FROM formula;
SELECT is(journey.auc_ci(p, y::int::float8), journey.auc_ci(p, y), 'both kinds of outcome') FROM formula;
SELECT ok(abs((own).std_error / (plain).std_error - 1) < 1e-13 AND (own).estimate = (plain).estimate,
	'clusters of one row give DeLong')
FROM (SELECT journey.auc_ci(p, y, i::text) AS own, journey.auc_ci(p, y) AS plain FROM formula) s;

-- order of rows, plans
CREATE TABLE many AS
SELECT i, ((i * 7919) % 10007) / 16384.0::float8 + 1 / 32768.0::float8 AS p,
	(i * 104729) % 97 < 40 AS y, 1e9 + sin(i) AS amount, 1e9 + sin(i + 0.1) AS guess,
	'c' || (i % 1713) AS c
FROM generate_series(1::bigint, 30000) i;
ANALYZE many;
CREATE TABLE shuffled AS SELECT * FROM many ORDER BY journey.hash64(i);

CREATE FUNCTION pg_temp.all_ranks(tab regclass) RETURNS text LANGUAGE plpgsql AS
$$DECLARE t text; BEGIN EXECUTE format('SELECT concat_ws(''|'', journey.auc(p, y), journey.auc_ci(p, y), journey.auc_ci(p, y, c)) FROM %s', tab) INTO t; RETURN t; END$$;
CREATE FUNCTION pg_temp.all_means(tab regclass) RETURNS float8[] LANGUAGE plpgsql AS
$$DECLARE t float8[]; BEGIN EXECUTE format('SELECT ARRAY[journey.log_loss(p, y), journey.brier(p, y), journey.rmse(guess, amount), journey.r_squared(guess, amount)] FROM %s', tab) INTO t; RETURN t; END$$;
CREATE FUNCTION pg_temp.worst(a float8[], b float8[]) RETURNS float8 LANGUAGE sql AS
$$SELECT max(abs(x / y - 1)) FROM unnest(a, b) u(x, y)$$;
CREATE TABLE serial_ranks AS SELECT NULL::text AS r, NULL::float8[] AS m WHERE false;

SET LOCAL max_parallel_workers_per_gather = 0;
INSERT INTO serial_ranks SELECT pg_temp.all_ranks('many'), pg_temp.all_means('many');
SELECT is(pg_temp.all_ranks('shuffled'), (SELECT r FROM serial_ranks), 'R-AUC-2 R-AUC-3 shuffled rows, same bits');
SELECT ok(pg_temp.worst(pg_temp.all_means('shuffled'), (SELECT m FROM serial_ranks)) < 1e-12,
	'R-LOSS-1 shuffled rows, same means');
SELECT ok((SELECT m[4] FROM serial_ranks) BETWEEN 0.98 AND 0.9901, 'R squared on an offset of 1e9 keeps its digits');
SET LOCAL max_parallel_workers_per_gather = 4;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS
$$DECLARE line text; t text := ''; BEGIN FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP t := t || line; END LOOP; RETURN t; END$$;
SELECT ok(pg_temp.plan_of('SELECT journey.auc_ci(p, y, c) FROM many') LIKE '%Partial Aggregate%', 'auc_ci runs in parallel');
SELECT ok(pg_temp.plan_of('SELECT journey.log_loss(p, y) FROM many') LIKE '%Partial Aggregate%', 'log_loss runs in parallel');
SELECT is(pg_temp.all_ranks('many'), (SELECT r FROM serial_ranks), 'R-AUC-2 R-AUC-3 parallel plan, same bits');
SELECT ok(pg_temp.worst(pg_temp.all_means('many'), (SELECT m FROM serial_ranks)) < 1e-12,
	'R-LOSS-1 parallel plan, same means');
SELECT is((SELECT count(*) FROM (SELECT i % 7 AS g, journey.auc(p, y) AS a, journey.brier(p, y) AS b FROM many GROUP BY 1) s
	WHERE a BETWEEN 0 AND 1 AND b BETWEEN 0 AND 1), 7::bigint, 'grouped');
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is((SELECT array_agg(a ORDER BY i) FROM (SELECT i, journey.auc(p, y) OVER (ORDER BY i) AS a FROM ten WHERE i <= 4) s),
	ARRAY[NULL, 0.5, 0.25, 1 / 6.0::float8], 'as a window function (the state stays usable)')
FROM (SELECT 1) one;
SELECT is((SELECT array_agg(round(a::numeric, 12) ORDER BY i) FROM (SELECT i, journey.rmse(p, y) OVER (ORDER BY i) AS a FROM ten WHERE i <= 2) s),
	ARRAY[0.1, 0.640312423743]::numeric[], 'mean metrics as window functions');
SELECT is(journey.brier(p, y) FILTER (WHERE i = 2), 0.81::float8, 'with FILTER') FROM ten;

-- NULL, no rows, one class
SELECT is(journey.auc(p, y), 0.62::float8, 'rows with NULL are left out: auc')
FROM (SELECT p, y FROM ten UNION ALL SELECT NULL, 1 UNION ALL SELECT 0.5, NULL) s;
SELECT is(round(journey.log_loss(p, y)::numeric, 15), 0.747515125423652, 'rows with NULL are left out: log loss')
FROM (SELECT NULL::float8 AS p, 1 AS y UNION ALL SELECT p, y FROM ten UNION ALL SELECT 0.5, NULL) s;
SELECT is((journey.auc_ci(p, y, c)).n, 2::bigint, 'a NULL cluster is fine where the row is left out')
FROM (VALUES (0.1, 1, 'a'), (0.2, 0, 'b'), (NULL, 1, NULL)) v(p, y, c);
SELECT is(ROW(journey.auc(p, y), journey.log_loss(p, y), journey.brier(p, y), journey.rmse(p, y), journey.r_squared(p, y)),
	ROW(NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8), 'no rows: NULL') FROM ten WHERE false;
SELECT ok(journey.auc_ci(p, y) IS NULL AND journey.auc_ci(p, y, 'a') IS NULL, 'no rows: NULL estimate') FROM ten WHERE false;
SELECT is(journey.auc(p, y), NULL, 'one class: NULL') FROM ten WHERE y = 1;
SELECT is(journey.auc_ci(p, y), ROW(NULL, NULL, NULL, NULL, 5, 'delong')::journey.estimate, 'one class: n and method only')
FROM ten WHERE y = 1;
SELECT is(journey.auc_ci(p, y), ROW(0.25, NULL, NULL, NULL, 3, 'delong')::journey.estimate, 'R-AUC-4 one negative: no variance')
FROM ten WHERE i <= 3;
SELECT is(journey.auc_ci(p, y), ROW(1, 0, NULL, NULL, 4, 'delong')::journey.estimate, 'perfect separation: no interval')
FROM (VALUES (0.1, 0), (0.2, 0), (0.3, 1), (0.4, 1)) v(p, y);
SELECT is(journey.auc_ci(p, y, 'same'), ROW(0.62, NULL, NULL, NULL, 10, 'delong_clustered')::journey.estimate, 'R-AUC-4 one cluster: no variance')
FROM ten;
SELECT is(journey.auc(p, y), 0.5::float8, '-0.0 equals 0.0') FROM (VALUES ('-0'::float8, 0), (0, 1)) v(p, y);
SELECT is(journey.log_loss(p, y), 'Infinity'::float8, 'R-LOSS-2 certain and wrong is infinite')
FROM (VALUES (0.5, 0), (1, 0), (0.7, 1)) v(p, y);
SELECT is(journey.log_loss(p, y), 0::float8, 'R-LOSS-2 certain and right') FROM (VALUES (0, 0), (1, 1)) v(p, y);
SELECT is(journey.r_squared(p, 3), NULL, 'R-LOSS-4 constant outcome') FROM ten;
SELECT is(journey.r_squared(1, 3), NULL, 'R-LOSS-4 one row');

-- refusals
SELECT throws_ok($$SELECT journey.auc('NaN', true)$$, '22003', 'predicted value is NaN, it must be a finite number', 'NaN prediction');
SELECT throws_ok($$SELECT journey.rmse(1, 'Infinity')$$, '22003', 'observed value is Infinity, it must be a finite number', 'infinite outcome');
SELECT throws_ok($$SELECT journey.rmse(1e300, 1)$$, '22003', NULL, 'a square that overflows');
SELECT throws_ok($$SELECT journey.auc_ci(0.1, 2)$$, '22023', 'observed value is 2, it must be 0 or 1', 'auc: outcome 2');
SELECT throws_ok($$SELECT journey.brier(0.1, 0.5)$$, '22023', 'observed value is 0.5, it must be 0 or 1', 'brier: outcome 0.5');
SELECT throws_ok($$SELECT journey.log_loss(1.0000000001, true)$$, '22023',
	'predicted value is 1.0000000001, it must be a probability between 0 and 1', 'log loss: prediction above 1');
SELECT throws_ok($$SELECT journey.brier(-0.1, 0)$$, '22023', NULL, 'brier: prediction below 0');
SELECT throws_ok($$SELECT journey.auc_ci(0.1, true, NULL)$$, '22004', NULL, 'NULL cluster');
SELECT throws_ok($$SELECT journey.log_loss_accum('{}', 0.5, true)$$, '42809', NULL, 'log_loss_accum called directly');
SELECT throws_ok($$SELECT journey.loss_combine('{}', '{}')$$, '42809', NULL, 'loss_combine called directly');
SELECT throws_ok($$SELECT journey.r_squared_final('{}')$$, '42809', NULL, 'r_squared_final called directly');
-- Functions of internal states cannot even be named from SQL; the guard is the second lock.
SELECT throws_ok($$SELECT journey.auc_accum(NULL, 0.5::float8, true)$$, '42883', NULL, 'auc_accum has no SQL call');
SELECT throws_ok($$SELECT journey.auc_combine(NULL, NULL)$$, '42883', NULL, 'auc_combine has no SQL call');
SELECT throws_ok($$SELECT journey.auc_ci_final(NULL)$$, '42883', NULL, 'auc_ci_final has no SQL call');
SELECT throws_ok($$SELECT journey.auc_deserialize('', NULL)$$, '42883', NULL, 'auc_deserialize has no SQL call');

-- forged states: anyone may build an aggregate over the support functions
CREATE AGGREGATE forged(float8[]) (SFUNC = journey.loss_combine, STYPE = float8[], FINALFUNC = journey.rmse_final, INITCOND = '{}');
CREATE FUNCTION pg_temp.outcome(states text) RETURNS text LANGUAGE plpgsql AS
$$DECLARE r float8; BEGIN SELECT forged(s) INTO r FROM unnest(string_to_array(states, ';')::text[]) u(t), LATERAL (SELECT t::float8[]) v(s);
RETURN r::text; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END$$;
SELECT is(pg_temp.outcome('{19530,2,0.30000000000000004,3,2,2,0,8,0,0,0,0,0,0};{};{19530,2,0.30000000000000004,3,2,2,0,10,0,0,0,0,0,0}'),
	sqrt(4.5::float8)::text, 'two states merge');
SELECT is(pg_temp.outcome('{19530,2,0.3,3,2,2,0,8,0,0,0,0,0,0}'),
	'22023 aggregate state of a metric was rounded on its way', 'R-STATE-2 a rounded state');
SELECT is((SELECT array_agg(pg_temp.outcome(s) ORDER BY o) FROM unnest(ARRAY[
	'{1}', '{{19530,2,0.30000000000000004,3,2,2,0,8,0,0,0,0,0,0}}', '{19530,2,0.30000000000000004,3,2,2,0,8,0,0,0,0,0,NULL}',
	'{19531,2,0.30000000000000004,3,2,2,0,8,0,0,0,0,0,0}', '{19530,2,0.30000000000000004,7,2,2,0,8,0,0,0,0,0,0}',
	'{19530,2,0.30000000000000004,1,2,2,0,8,0,0,0,0,0,0}', '{19530,2,0.30000000000000004,3,2.5,2,0,8,0,0,0,0,0,0}',
	'{19530,2,0.30000000000000004,3,2,2,0,-8,0,0,0,0,0,0}', '{19530,2,0.30000000000000004,3,2,2,0,8,0,1,0,0,0,0}',
	'{19530,2,0.30000000000000004,3,2,2,0,NaN,0,0,0,0,0,0}', '{19530,2,0.30000000000000004,3,2,2,0,8,0,0,1,0,0,0}',
	'{19530,2,0.30000000000000004,3,2,-2,0,8,0,0,0,0,0,0}']) WITH ORDINALITY u(s, o)),
	(SELECT array_agg('22023 aggregate state of a metric is not valid: ' || w ORDER BY o) FROM unnest(ARRAY[
	'its shape is wrong', 'its shape is wrong', 'its shape is wrong', 'its header is unknown', 'its metric is unknown',
	'it belongs to another metric', 'its row count is not a positive whole number below 2^53', 'its sum is wrong',
	'its count of infinite losses is wrong', 'a number is not finite', 'its moments are wrong', 'its sum of weights is wrong']) WITH ORDINALITY u(w, o)),
	'R-STATE-1 damaged states');

SELECT * FROM finish();
ROLLBACK;
