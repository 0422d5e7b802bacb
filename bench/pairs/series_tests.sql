-- Tests of series: bars in seconds, on top of reading the series.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar_seconds, settings, same, one_process) VALUES
(80, 'surrogate_test, permutation entropy, 99 surrogates of 4,096 values', 'surrogate_test',
 $$SELECT (journey.surrogate_test(x)).p_value FROM bench.series_values$$, $$SELECT cardinality(x) FROM bench.series_values$$, 2.0, NULL, false, true),
(81, 'surrogate_test, prediction error, 99 surrogates of 4,096 values', 'surrogate_test',
 $$SELECT (journey.surrogate_test(x, 'prediction_error')).p_value FROM bench.series_values$$, $$SELECT cardinality(x) FROM bench.series_values$$, 2.0, NULL, false, true),
(82, 'series_diagnosis, 99 surrogates of 4,096 values', 'series_diagnosis',
 $$SELECT (journey.series_diagnosis(x)).verdict FROM bench.series_values$$, $$SELECT cardinality(x) FROM bench.series_values$$, NULL, NULL, false, true),
(83, 'early_warning, 200 replicates of 4,096 values', 'early_warning',
 $$SELECT count(*) FROM bench.series_values, journey.early_warning(x)$$, $$SELECT cardinality(x) FROM bench.series_values$$, NULL, NULL, false, true),
(84, 'zero_one_test of 4,096 values', 'zero_one_test',
 $$SELECT (journey.zero_one_test(x)).k_median FROM bench.series_values$$, $$SELECT cardinality(x) FROM bench.series_values$$, NULL, NULL, false, true);

SELECT bench.wants(80) OR bench.wants(81) OR bench.wants(82) OR bench.wants(83) OR bench.wants(84) AS wants \gset
\if :wants
CREATE UNLOGGED TABLE bench.series_values AS SELECT array_agg(bench.u(i, 71) + bench.u(i - 1, 71) ORDER BY i) AS x FROM generate_series(1::bigint, 4096) i;
\endif
