-- Twins: 100,000 customers of ten events, half of them with either first event.
-- The bar is in seconds, on top of the figures without permutations.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar_seconds) VALUES
(95, 'twin_divergence of ' || :rows / 10 || ' customers with 999 permutations, on top of none', 'twin_divergence',
 $$SELECT count(p_value) FROM journey.twin_divergence('bench.twins')$$,
 $$SELECT count(divergence) FROM journey.twin_divergence('bench.twins', permutations => 0)$$, 5.0);

SELECT bench.wants(95) AS wants \gset
\if :wants
CREATE UNLOGGED TABLE bench.twins AS
SELECT i / 10 AS customer_id, timestamptz '2024-01-01' + i * interval '1 second' AS ts,
	(ARRAY['ad', 'store', 'call', 'chat', 'refund', 'review'])[CASE i % 10 WHEN 0 THEN 1 + i / 10 % 2 ELSE 1 + floor(abs(bench.u(i, 61)) * (CASE i / 10 % 2 WHEN 0 THEN 6 ELSE 4 + i % 10 / 5 END)) END] AS touchpoint
FROM generate_series(10::bigint, :rows + 9) i;
VACUUM (ANALYZE, FREEZE) bench.twins;
\endif
