-- Drift: two windows of as many rows as the others; the rivals are the same
-- figures written out in SQL.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, bar_seconds, settings, same, one_process) VALUES
(105, 'fingerprint of rows of six columns, against a sum of hashes of their text', 'data_fingerprint',
 $$SELECT journey.data_fingerprint(w) FROM bench.window_before w$$,
 $$SELECT sum(hashtextextended(w::text, 0)) FROM bench.window_before w$$, 1.0, NULL, NULL, false, false),
(106, 'drift of a number in two windows, against the largest gap by a window function', 'drift',
 $$SELECT round(statistic::numeric, 9) FROM journey.drift('bench.window_before', 'bench.window_after', '{x}')$$,
 $$SELECT round(max(abs(f1 / n1 - f2 / n2))::numeric, 9) FROM (SELECT sum(a) OVER w AS f1, sum(1 - a) OVER w AS f2
	FROM (SELECT x, 1.0::float8 AS a FROM bench.window_before UNION ALL SELECT x, 0 FROM bench.window_after) s WINDOW w AS (ORDER BY x)) g,
	(SELECT count(*)::float8 AS n1 FROM bench.window_before) a, (SELECT count(*)::float8 AS n2 FROM bench.window_after) b$$, 1.0, NULL, 'roomy', true, true),
(107, 'a window of six features against stored bins, on top of counting it', 'drift_against',
 $$SELECT count(psi) FROM journey.drift_against('bench.window_bins', 'bench.window_after')$$,
 $$SELECT count(id) + count(x) + count(y) + count(name) + count(k) + count(flag) FROM bench.window_after$$, NULL, 1.0, NULL, false, true);

SELECT bench.wants(105) OR bench.wants(106) OR bench.wants(107) AS wants \gset
\if :wants
CREATE UNLOGGED TABLE bench.window_before AS
SELECT i AS id, 'level ' || i % 50 AS name, bench.u(i, 111) AS x, 100 * bench.u(i, 112) AS y, i % 7 AS k, bench.u(i, 113) < 0 AS flag FROM generate_series(1::bigint, :rows) i;
CREATE UNLOGGED TABLE bench.window_after AS
SELECT i AS id, 'level ' || i % 51 AS name, bench.u(i, 114) AS x, 100 * bench.u(i, 115) AS y, i % 7 AS k, bench.u(i, 116) < 0 AS flag FROM generate_series(1::bigint, :rows) i;
CREATE UNLOGGED TABLE bench.window_bins AS SELECT * FROM journey.reference_bins('bench.window_before');
VACUUM (ANALYZE, FREEZE) bench.window_before;
VACUUM (ANALYZE, FREEZE) bench.window_after;
\endif
