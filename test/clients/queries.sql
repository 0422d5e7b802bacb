-- What every client runs.  A query begins with "-- name: ..." and ends at the
-- next one; order, columns and values must be the same for all clients.

-- name: validation_latest
SELECT * FROM journey.validation_latest ORDER BY name
-- name: validation_history
SELECT * FROM journey.validation_history ORDER BY name, run, metric, strategy
-- name: validation_alerts
SELECT * FROM journey.validation_alerts ORDER BY run
-- name: validation
SELECT * FROM journey.validation ORDER BY name, version
-- name: validation_run
SELECT * FROM journey.validation_run ORDER BY run
-- name: validation_result
SELECT * FROM journey.validation_result ORDER BY run, metric, strategy
-- name: validation_check
SELECT * FROM journey.validation_check ORDER BY run, check_name, subject
-- name: validation_decision
SELECT * FROM journey.validation_decision ORDER BY run
-- name: validation_chart
SELECT * FROM journey.validation_chart ORDER BY run, chart, place
-- name: customer_features
SELECT * FROM journey.customer_features('shop.events') WHERE customer_id <= 50 ORDER BY customer_id
-- name: customer_features of text keys
SELECT * FROM journey.customer_features('SELECT customer_id::text AS customer_id, ts, touchpoint FROM shop.events WHERE customer_id < 50',
	customer_type => NULL::text) ORDER BY customer_id
-- name: funnel
SELECT * FROM journey.funnel('shop.events', ARRAY['order', 'delivery', 'review'], '30 days') ORDER BY step
-- name: funnel_customers
SELECT * FROM journey.funnel_customers('shop.events', ARRAY['order', 'delivery', 'review'], '30 days') WHERE customer_id <= 50 ORDER BY customer_id
-- name: sessions
SELECT * FROM journey.sessions('shop.events', '1 day') WHERE customer_id <= 50 ORDER BY customer_id, session
-- name: cohort_retention
SELECT * FROM journey.cohort_retention('shop.events', 'order', 'survey', '1 month', 3) ORDER BY cohort, period
-- name: lifecycle
SELECT * FROM journey.lifecycle('shop.events', '1 month') ORDER BY period, status
-- name: support_metrics
SELECT * FROM journey.support_metrics('SELECT customer_id, ts, touchpoint, channel AS actor FROM shop.events WHERE customer_id <= 50',
	'{"created": "order", "agent_reply": ["call", "chat"], "customer_reply": "email", "solved": "delivery"}') ORDER BY customer_id
-- name: lint_events
SELECT * FROM journey.lint_events('shop.events') ORDER BY check_name
-- name: transitions
SELECT * FROM journey.transitions('shop.events') ORDER BY source, target
-- name: sankey
SELECT * FROM journey.sankey('shop.events', 4, 5) ORDER BY step, source, target
-- name: paths
SELECT * FROM journey.paths('shop.events', top => 10) ORDER BY rank
-- name: bottlenecks
SELECT * FROM journey.bottlenecks('shop.events') ORDER BY rank
-- name: attribution
SELECT * FROM journey.attribution('shop.events', 'review') ORDER BY touchpoint, method
-- name: fold_report
SELECT * FROM journey.fold_report('SELECT customer_id, segment, journey.fold(customer_id, 5) AS fold FROM shop.decisions', 'customer_id', 'fold', ARRAY['segment']) ORDER BY fold
-- name: kaplan_meier
SELECT * FROM journey.kaplan_meier('SELECT extract(epoch FROM max(ts) - min(ts))::float8 / 86400 AS days, bool_or(touchpoint = ''review'') AS event FROM shop.events GROUP BY customer_id', 'days', 'event') ORDER BY time LIMIT 50
-- name: indicators
SELECT segment, (r).estimate, (r).std_error, (r).conf_low, (r).conf_high, (r).n, (r).method
FROM (SELECT segment, journey.rate(outcome) AS r FROM shop.decisions GROUP BY segment) s ORDER BY segment
-- name: coefficients
SELECT * FROM journey.coefficients((SELECT journey.fit('SELECT customer_id, outcome, segment, strategy FROM shop.decisions WHERE outcome IS NOT NULL', 'outcome', 'customer_id', family => 'binomial')))
-- name: cross_validate
SELECT * FROM journey.cross_validate('SELECT customer_id, outcome, segment, first_touchpoint FROM shop.decisions WHERE outcome IS NOT NULL', 'outcome', 'customer_id',
	family => 'binomial', repeats => 2) ORDER BY lambda, metric, repeat NULLS FIRST, fold NULLS FIRST
-- name: calibration
SELECT * FROM journey.calibration('SELECT predicted, observed FROM journey.out_of_fold(''SELECT customer_id, outcome, segment FROM shop.decisions WHERE outcome IS NOT NULL'', ''outcome'', ''customer_id'', family => ''binomial'', repeats => 1)') ORDER BY bin
-- name: compare_strategies
SELECT * FROM journey.compare_strategies('SELECT customer_id, outcome, strategy, segment FROM shop.decisions WHERE outcome IS NOT NULL', 'outcome', 'strategy', 'customer_id', '{segment}', baseline => 'none', repeats => 2) ORDER BY strategy
-- name: strategy_checks
SELECT * FROM journey.strategy_checks('SELECT customer_id, outcome, strategy, segment FROM shop.decisions WHERE outcome IS NOT NULL', 'outcome', 'strategy', 'customer_id', '{segment}', repeats => 1)
-- name: srm_test
SELECT * FROM journey.srm_test(ARRAY[5010, 4990]::bigint[], ARRAY[0.5, 0.5]::float8[])
-- name: chaos_share
SELECT * FROM journey.chaos_share('SELECT e.customer_id, e.ts, e.touchpoint, d.outcome FROM shop.events e JOIN shop.decisions d USING (customer_id) WHERE d.outcome IS NOT NULL', 'outcome', replicates => 50) ORDER BY touchpoint
-- name: map_drift
SELECT * FROM journey.map_drift('SELECT * FROM shop.events WHERE customer_id % 2 = 0', 'SELECT * FROM shop.events WHERE customer_id % 2 = 1', permutations => 99) ORDER BY touchpoint
-- name: patterns
SELECT * FROM journey.patterns('SELECT e.customer_id, e.ts, e.touchpoint, d.outcome FROM shop.events e JOIN shop.decisions d USING (customer_id) WHERE d.outcome IS NOT NULL', 'outcome', 2) ORDER BY pattern LIMIT 20
-- name: simulate_events
SELECT * FROM journey.simulate_events(3) ORDER BY customer_id, ts
-- name: simulate_truth
SELECT * FROM journey.simulate_truth() ORDER BY quantity, name
-- name: drift
SELECT * FROM journey.drift('SELECT segment, first_touchpoint, customer_id FROM shop.decisions WHERE customer_id % 2 = 0',
	'SELECT segment, first_touchpoint, customer_id FROM shop.decisions WHERE customer_id % 2 = 1', '{segment,first_touchpoint}') ORDER BY feature
-- name: confidence_sequence
SELECT (c).estimate, (c).conf_low, (c).conf_high, (c).n, (c).method
FROM (SELECT journey.confidence_sequence(outcome::integer, 4000, 0.05) AS c FROM shop.decisions WHERE outcome IS NOT NULL) s
