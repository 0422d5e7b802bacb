-- Customer value: ten times as many customers as rows of features, in whole
-- days; rates, lifetimes and ages drawn by hash.  The bar is in seconds, on top
-- of reading the rows once.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar_seconds, settings, same, one_process) VALUES
(30, 'clv_fit bg_nbd on ' || :rows || ' customers in whole days, on top of reading the rows', 'clv_fit',
 $$SELECT string_agg(parameter || '=' || estimate || ' ' || status, ' ') FROM journey.clv_fit('SELECT frequency, recency, age FROM bench.buyers')$$,
 $$SELECT sum(frequency), sum(recency), sum(age) FROM bench.buyers$$, 2.0, NULL, false, true);

SELECT bench.wants(30) AS wants \gset
\if :wants
CREATE UNLOGGED TABLE bench.buyers AS
SELECT frequency::integer, (CASE WHEN frequency = 0 THEN 0 ELSE greatest(frequency, floor(life * power(u4, 1 / frequency))) END)::integer AS recency, age::integer
FROM (SELECT *, floor(least(life, -ln(u3) * life * rate)) AS frequency
	FROM (SELECT age, u3, u4, floor(least(age, 1 - 150 * ln(u1))) AS life, -0.05 * ln(u2) AS rate
		FROM generate_series(1::bigint, :rows) i, LATERAL (SELECT 180 + floor(185 * (1 + bench.u(i, 51)) / 2) AS age,
			(1.000001 + bench.u(i, 52)) / 2.000002 AS u1, (1.000001 + bench.u(i, 53)) / 2.000002 AS u2,
			(1.000001 + bench.u(i, 54)) / 2.000002 AS u3, (1.000001 + bench.u(i, 55)) / 2.000002 AS u4 OFFSET 0) d) l) f;
VACUUM (ANALYZE, FREEZE) bench.buyers;
\endif
