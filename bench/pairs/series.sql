-- Series by their neighbours: seconds of computation, and how they grow.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, bar_seconds, settings, one_process) VALUES
(190, 'lyapunov of 10,000 values less reading them', 'lyapunov',
 $$SELECT l.exponent FROM bench.series, journey.lyapunov(x) l WHERE n = 10000$$,
 $$SELECT cardinality(x) FROM bench.series WHERE n = 10000$$, NULL, 0.010, NULL, true),
(191, 'lyapunov of 1,000,000 values less reading them', 'lyapunov',
 $$SELECT l.exponent FROM bench.series, journey.lyapunov(x) l WHERE n = 1000000$$,
 $$SELECT cardinality(x) FROM bench.series WHERE n = 1000000$$, NULL, 5, NULL, true),
(192, 'lyapunov of 1,000,000 values / of 100,000', 'lyapunov',
 $$SELECT l.exponent FROM bench.series, journey.lyapunov(x) l WHERE n = 1000000$$,
 $$SELECT l.exponent FROM bench.series, journey.lyapunov(x) l WHERE n = 100000$$, 14, NULL, NULL, true),
(193, 'sample_entropy of 100,000 values / lyapunov of them', 'sample_entropy',
 $$SELECT journey.sample_entropy(x) FROM bench.series WHERE n = 100000$$,
 $$SELECT l.exponent FROM bench.series, journey.lyapunov(x) l WHERE n = 100000$$, NULL, NULL, NULL, true),
(194, 'prediction_error of 100,000 values / lyapunov of them', 'prediction_error',
 $$SELECT journey.prediction_error(x) FROM bench.series WHERE n = 100000$$,
 $$SELECT l.exponent FROM bench.series, journey.lyapunov(x) l WHERE n = 100000$$, NULL, NULL, NULL, true),
(195, 'lyapunov of 100,000 counts / of 100,000 values', 'lyapunov',
 $$SELECT l.status FROM bench.series, journey.lyapunov(counts) l WHERE n = 100000$$,
 $$SELECT l.exponent FROM bench.series, journey.lyapunov(x) l WHERE n = 100000$$, NULL, NULL, NULL, true),
(196, 'lyapunov of a random walk of 100,000 steps / of 100,000 values', 'lyapunov',
 $$SELECT l.exponent FROM bench.series, journey.lyapunov(walk) l WHERE n = 100000$$,
 $$SELECT l.exponent FROM bench.series, journey.lyapunov(x) l WHERE n = 100000$$, NULL, NULL, NULL, true),
(197, 'series_agg of 1,000,000 rows / array_agg in the same order', 'series_agg',
 $$SELECT cardinality(journey.series_agg(value, ts)) FROM bench.moments_of$$,
 $$SELECT cardinality(array_agg(value ORDER BY ts, value)) FROM bench.moments_of$$, 1.0, NULL, 'roomy', false);

-- the logistic map, a little below its most disordered parameter, and noise from a hash
SELECT bool_or(bench.wants(i)) OR 'nolds' = ANY (string_to_array(current_setting('bench.chosen', true), ' ')) AS wants FROM generate_series(190, 197) i \gset
\if :wants
CREATE UNLOGGED TABLE bench.moments_of AS
WITH RECURSIVE map(i, x) AS (SELECT 1, 0.345::float8 UNION ALL SELECT i + 1, 3.99999 * x * (1 - x) FROM map WHERE i < 1000000)
SELECT '2024-01-01'::timestamptz + i * interval '1 second' AS ts, x AS value, i,
	floor(6 * (0.5 + journey.hash64(i) / 18446744073709551616.0::float8)) AS count,
	sum(journey.hash64(i) / 18446744073709551616.0::float8) OVER (ORDER BY i) AS walk FROM map;
CREATE UNLOGGED TABLE bench.series AS
SELECT n, array_agg(value ORDER BY i) AS x, array_agg(count ORDER BY i) AS counts, array_agg(walk ORDER BY i) AS walk
FROM bench.moments_of JOIN (VALUES (4000), (10000), (100000), (1000000)) s(n) ON i <= n GROUP BY n;
VACUUM (ANALYZE, FREEZE) bench.moments_of, bench.series;
\endif
