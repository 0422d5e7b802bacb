# timeout_rest.sh: sourced by run.sh after timeout.sh, whose late() it uses: the
# long calls that timeout.sh does not try, at three moments each.  With those two
# files (and chaos_share.sh) every function of COST 10000 or more has its line:
# test/pgtap/long_calls.sql holds them against the catalogue.
AFTERS='20 300 3000'
psql -Xq -v n="$(scaled 1000000)" <<'SQL'
CREATE UNLOGGED TABLE bench.series AS SELECT array_agg(bench.u(i, 1) ORDER BY i) AS x, array_agg(chr(97 + (journey.hash64(i, 2) & 7)::int) ORDER BY i) AS labels FROM generate_series(1::bigint, :n) i;
CREATE UNLOGGED TABLE bench.rfm AS SELECT i AS customer_id, journey.fold(i, 12) - 1 AS frequency, CASE journey.fold(i, 12) WHEN 1 THEN 0 ELSE journey.fold(-i, 40) END::float8 AS recency, 60::float8 AS age,
	CASE journey.fold(i, 12) WHEN 1 THEN NULL ELSE 10 + journey.fold(i, 90) END::float8 AS monetary FROM generate_series(1::bigint, :n) i;
SQL
outcomes='bench.outcomes'
late bottlenecks "SELECT count(*) FROM journey.bottlenecks('$events')"
late step_matrix "SELECT count(*) FROM journey.step_matrix('$events')"
late to_dot "SELECT length(journey.to_dot('$events'))"
late to_mermaid "SELECT length(journey.to_mermaid('$events'))"
late source_columns "SELECT count(*) FROM journey.source_columns('$events')"
late source_rows "SELECT count(*) FROM journey.source_rows('$events') AS r(customer_id bigint, ts timestamptz, touchpoint text)"
late logrank "SELECT count(*) FROM journey.logrank('SELECT abs(x1) AS t, target AS e, x2 > 0 AS g FROM bench.long', 't', 'e', 'g')"
late clv_fit "SELECT count(*) FROM journey.clv_fit('bench.rfm')"
late clv "SELECT count(*) FROM journey.clv('bench.rfm', horizon => 52)"
late spend_fit "SELECT count(*) FROM journey.spend_fit('bench.rfm')"
late calibration "SELECT count(*) FROM journey.calibration('SELECT abs(x1) AS predicted, target AS observed FROM bench.long')" 4GB
late calibration_line "SELECT count(*) FROM journey.calibration_line('SELECT 0.01 + 0.9 * abs(x1) AS predicted, target AS observed, id AS cluster FROM bench.long')" 4GB
late reset_test "SELECT count(*) FROM journey.reset_test('SELECT y, x1, x2, x3 FROM bench.long', 'y')"
late jackknife_moments "SELECT count(*) FROM (SELECT journey.moments_agg(id % 2000, y, ARRAY[x1, x2, x3]) AS m FROM bench.long) s, journey.jackknife_moments(m)"
late uplift "SELECT count(*) FROM journey.uplift('$dealt WHERE id % 3 = 0', 'y', 'way', 'id', '{x2,x3}')" 4GB
late uplift_coefficients "SELECT count(*) FROM journey.uplift_coefficients('$dealt WHERE id % 3 = 0', 'y', 'way', 'id', '{x2,x3}')" 4GB
late uplift_calibration "SELECT count(*) FROM journey.uplift_calibration('$dealt WHERE id % 3 = 0', 'y', 'way', 'id', '{x2,x3}')" 4GB
late uplift_curve "SELECT count(*) FROM journey.uplift_curve('SELECT x1 AS priority, y AS score, id AS cluster FROM bench.long WHERE id % 3 = 0')" 4GB
late autoc "SELECT journey.autoc('SELECT x1 AS priority, y AS score, id AS cluster FROM bench.long WHERE id % 3 = 0')" 4GB
late damage "SELECT count(*) FROM journey.damage('$events')"
late entropy_rate "SELECT count(*) FROM journey.entropy_rate('$events')"
late predictability "SELECT count(*) FROM journey.predictability('$events')"
late markov_order "SELECT count(*) FROM journey.markov_order('$events')"
late map_drift "SELECT count(*) FROM journey.map_drift('$events WHERE customer_id % 2 = 0', '$events WHERE customer_id % 2 = 1')"
late redirect "SELECT count(*) FROM journey.redirect('$outcomes', 'outcome', 'chat', 'refund', 'review', 0.01)"
late twin_divergence "SELECT count(*) FROM journey.twin_divergence('$events')"
late twin_divergence_rate "SELECT count(*) FROM journey.twin_divergence_rate('$events')"
late recurring_patterns "SELECT count(*) FROM journey.recurring_patterns('$events')"
measured="SELECT customer_id, ts, extract(second FROM ts)::float8 AS value FROM bench.events"
late feature_twins "SELECT count(*) FROM journey.feature_twins('$measured')"
late feature_twin_curve "SELECT count(*) FROM journey.feature_twin_curve('$measured')"
counted="SELECT y, round(3 + 2 * x1) AS good, round(3 + 2 * x2) AS bad FROM bench.long"
late asymmetry "SELECT count(*) FROM journey.asymmetry('$counted', 'y', 'good', 'bad')"
late nonlinearity "SELECT count(*) FROM journey.nonlinearity('$counted', 'y', 'good', 'bad')"
late drift "SELECT count(*) FROM journey.drift('SELECT x1, x2, target FROM bench.long', 'SELECT x1, x2, target FROM bench.long')"
late reference_bins "SELECT count(*) FROM journey.reference_bins('SELECT x1, x2, target FROM bench.long')"
late drift_against "SELECT count(*) FROM journey.drift_against('SELECT * FROM journey.reference_bins(''SELECT x1, target FROM bench.long'')', 'SELECT x1, target FROM bench.long')"
late delay_information "SELECT count(*) FROM bench.series, journey.delay_information(x)"
late divergence_curve "SELECT count(*) FROM bench.series, journey.divergence_curve(x)"
late early_warning "SELECT count(*) FROM bench.series, journey.early_warning(x)"
late false_neighbours "SELECT count(*) FROM bench.series, journey.false_neighbours(x)"
late lyapunov "SELECT (journey.lyapunov(x)).status FROM bench.series"
late prediction_error "SELECT journey.prediction_error(x) FROM bench.series"
late recurrence "SELECT journey.recurrence(x[1:5000]) FROM bench.series" 64MB numbers
late recurrence "SELECT journey.recurrence(labels[1:5000]) FROM bench.series" 64MB labels
late sample_entropy "SELECT journey.sample_entropy(x) FROM bench.series"
late series_diagnosis "SELECT journey.series_diagnosis(x) FROM bench.series"
late surrogate_test "SELECT journey.surrogate_test(x, 'prediction_error') FROM bench.series"
late zero_one_test "SELECT journey.zero_one_test(x) FROM bench.series"
late svg_divergence "SELECT length(journey.svg_divergence(x)) FROM bench.series"
late svg_strategies "SELECT length(journey.svg_strategies('$dealt', 'y', 'way', 'id', '{x2,x3}'))"
late svg_calibration "SELECT length(journey.svg_calibration('SELECT abs(x1) AS predicted, target AS observed FROM bench.long'))" 4GB
late svg_roc "SELECT length(journey.svg_roc('SELECT x1 AS predicted, target AS observed FROM bench.long'))" 4GB
late svg_funnel "SELECT length(journey.svg_funnel('$events', '{order placed,shipped,chat}', '7 days'))"
late svg_retention "SELECT length(journey.svg_retention('$events', 'order placed', 'chat', '1 day', 30))"
late svg_sankey "SELECT length(journey.svg_sankey('$events'))"
late svg_chaos "SELECT length(journey.svg_chaos('$outcomes', 'outcome'))"
unset AFTERS
psql -Xqc 'DROP TABLE bench.series, bench.rfm'
