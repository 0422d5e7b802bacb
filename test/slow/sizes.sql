-- Share of true nulls that compare_models rejects at 5 %, by simulation: two
-- least-squares models on exchangeable halves of ten features (reference/
-- validation.md 4).  One row each: what was simulated, share for p_value, share
-- for p_clustered.  :trials samples each.
CREATE SCHEMA IF NOT EXISTS sizes;
CREATE OR REPLACE FUNCTION sizes.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN journey.hash64(i, seed) / 9223372036854775808.0::float8;
-- rows tickets; a customer has `each` of them and shares an effect and half of every feature with them.
CREATE OR REPLACE FUNCTION sizes.source(rows integer, each integer, trial integer) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT c, %1$s, %2$s + 2.5 * sizes.u(c, %4$s + 90) * (%5$s > 1)::int + 2.5 * sizes.u(i, %4$s + 91) AS y FROM (SELECT i, i %% (%3$s / %5$s) AS c, %6$s FROM generate_series(1::bigint, %3$s) i) s',
		string_agg('x' || j, ', '), string_agg('x' || j, ' + '), rows, trial * 1000::bigint, each,
		string_agg(format('sizes.u(i, %s) + (%s > 1)::int * sizes.u(i %% (%s / %s), %s) AS x%s', trial * 1000::bigint + j, each, rows, each, trial * 1000::bigint + j + 40, j), ', '))
	FROM generate_series(1, 10) j $$;
SET jit = off;
SELECT v.name, round(avg((p_value < 0.05)::int), 4), round(avg((p_clustered < 0.05)::int), 4)
FROM (VALUES (1, '100 rows', 100, 1, 10, 10), (2, '300 rows', 300, 1, 10, 10), (3, '1000 rows of 200 customers', 1000, 5, 10, 10), (4, '300 rows, one repeat', 300, 1, 10, 1)) v(o, name, n, each, k, r),
	generate_series(1, :trials) t,
	LATERAL journey.compare_models(sizes.source(n, each, t + 100000 * o), 'y', 'c', '{"a": {"features": ["x1", "x2", "x3", "x4", "x5"]}, "b": {"features": ["x6", "x7", "x8", "x9", "x10"]}}', k => k, repeats => r) c
GROUP BY v.o, v.name ORDER BY v.o;
DROP SCHEMA sizes CASCADE;
