-- Expressions compiled with every optimisation give the bits that interpreted
-- ones give: each query runs with jit off, and with jit inlined and optimised.
-- In mode small the other files are compiled too, but without the optimiser.
-- Without workers, whose number may move the last digit of fit_linear.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT plan(12);

CREATE TABLE public.jit_rows AS
SELECT c % 3 AS g, c::bigint AS customer_id, timestamptz '2024-01-01' + (hashint4(c * 100 + i) & 127) * interval '1 hour' AS ts,
	chr(65 + (hashint4(c * 1000 + i) & 1023) % 4) AS touchpoint, CASE WHEN i % 3 > 0 THEN (hashint4(c * 7 + i) & 255) / 16.0 END::float8 AS value,
	((hashint4(c + i * 31) & 1023) / 1024.0)::float8 AS p, (hashint4(c * 13 + i) & 3) = 0 AS y, (1 + i % 2)::float8 AS w
FROM generate_series(1, 60) c, generate_series(1, 6) i;
ANALYZE public.jit_rows;

-- The rows of a query as one text, compiled or not.
CREATE FUNCTION pg_temp.answer(query text, compiled boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE got text;
BEGIN
	PERFORM set_config('jit', compiled::text, true), set_config('jit_above_cost', '0', true),
		set_config('jit_inline_above_cost', '0', true), set_config('jit_optimize_above_cost', '0', true);
	EXECUTE 'SELECT string_agg(q::text, E''\n'') FROM (' || query || ') q' INTO got;
	PERFORM set_config('jit', 'off', true);
	RETURN got;
END $$;
CREATE FUNCTION pg_temp.same(query text, name text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN plain IS NULL THEN fail(name || ': no rows') ELSE is(pg_temp.answer(query, true), plain, name) END
	FROM (SELECT pg_temp.answer(query, false) AS plain) s $$;
SET LOCAL jit = off;

-- Where the server has a compiler, these settings use it.
CREATE FUNCTION pg_temp.optimised() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
	SET LOCAL jit = on; SET LOCAL jit_above_cost = 0; SET LOCAL jit_inline_above_cost = 0; SET LOCAL jit_optimize_above_cost = 0;
	EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) SELECT sum(value) FROM public.jit_rows' INTO plan;
	RETURN (plan -> 0 #>> '{JIT,Options,Optimization}')::boolean AND (plan -> 0 #>> '{JIT,Options,Inlining}')::boolean;
END $$;
SET LOCAL jit = on;	-- or pg_jit_available() denies it
SELECT CASE WHEN pg_jit_available() THEN ok(pg_temp.optimised(), 'plans are inlined and optimised') ELSE skip('this server has no JIT compiler', 1) END;
SET LOCAL jit = off;

SELECT pg_temp.same('SELECT g, journey.features_agg(touchpoint, ts, value) FILTER (WHERE touchpoint <> ''D''), journey.path_agg(touchpoint, ts) FROM public.jit_rows GROUP BY g ORDER BY g', 'features');
SELECT pg_temp.same('SELECT customer_id, journey.window_funnel(''40 hours'', ts, touchpoint = ''A'', touchpoint = ''B'', value > 3) AS a,
	journey.window_funnel(''1 day'', ''strict_increase'', ts, VARIADIC ARRAY[touchpoint = ''A'', touchpoint = ''B'']) AS b FROM public.jit_rows GROUP BY 1 ORDER BY 1', 'window_funnel, where conditions may be NULL');
SELECT pg_temp.same('SELECT customer_id, journey.sequence_count(''(?1).*(?2)'', ts, touchpoint = ''A'', value > 3), journey.sequence_match_events(''(?1)(?2)'', ts, touchpoint = ''A'', touchpoint = ''B''),
	journey.retention(touchpoint = ''A'', touchpoint = ''B'', value > 12) FROM public.jit_rows GROUP BY 1 ORDER BY 1', 'sequences and retention');
SELECT pg_temp.same('SELECT customer_id, journey.sequence_next_node(''forward'', ''head'', ts, touchpoint, touchpoint <> ''D'', touchpoint = ''A'') FROM public.jit_rows GROUP BY 1 ORDER BY 1', 'sequence_next_node');
SELECT pg_temp.same('SELECT g, journey.fit_linear(value, ARRAY[p, w]) FILTER (WHERE value IS NOT NULL), journey.fit_logistic(y, ARRAY[p], w) FROM public.jit_rows GROUP BY g ORDER BY g', 'fit_linear and fit_logistic');
SELECT pg_temp.same('SELECT g, journey.predict(m, ARRAY[0.5, 1]::float8[]) FROM (SELECT g, journey.fit_linear(coalesce(value, 1), ARRAY[p, w]) AS m FROM public.jit_rows GROUP BY g) s ORDER BY g', 'predict');
SELECT pg_temp.same('SELECT g, journey.moments_agg(customer_id, coalesce(value, 0), ARRAY[p]) FROM public.jit_rows GROUP BY g ORDER BY g', 'moments_agg');
SELECT pg_temp.same('SELECT g, journey.auc_ci(p, y), journey.log_loss(p, y), journey.rmse(value, p), journey.lift(p, y, 0.5), journey.concordance(p, w, y) FROM public.jit_rows WHERE value IS NOT NULL GROUP BY g ORDER BY g', 'metrics');
SELECT pg_temp.same('SELECT g, journey.rate(y), journey.rate(y, customer_id::text), journey.mean_ci(value), journey.median_ci(value), journey.csat(value, 4) FROM public.jit_rows GROUP BY g ORDER BY g', 'kpis');
SELECT pg_temp.same('SELECT customer_id, ts, journey.path_agg(touchpoint, ts) OVER (PARTITION BY customer_id ORDER BY ts, touchpoint, p) FROM public.jit_rows WHERE g = 0 ORDER BY 1, 2, touchpoint, p', 'an aggregate over a moving frame');
SELECT pg_temp.same('SELECT f.* FROM journey.customer_features(''public.jit_rows'') f ORDER BY 1', 'customer_features');

SELECT * FROM finish();
ROLLBACK;
