-- From raw events to an answer: demo.events in, printed tables and the tables
-- that demo/page.sql draws out.
SELECT count(outcome) > 0 AS has_outcome, count(strategy) > 0 AS has_strategy,
	count(segment) > 0 AS has_segment, count(event_id) > 0 AS has_event_id FROM demo.events \gset
CREATE TABLE demo.run AS SELECT :'title' AS title, :'has_outcome'::boolean AS has_outcome,
	:'has_strategy'::boolean AS has_strategy, :'simulated'::boolean AS simulated;
\if :has_event_id
\set event_columns 'customer_id, ts, touchpoint, event_id'
\else
\set event_columns 'customer_id, ts, touchpoint'
\endif
SELECT format_type(atttypid, NULL) AS customer_type FROM pg_attribute
WHERE attrelid = 'demo.events'::regclass AND attname = 'customer_id' \gset

\echo
\echo '1. What there is'
-- Events of one instant stand in the order of event_id: a microsecond each.
CREATE TABLE demo.paths AS
SELECT customer_id, journey.path_agg(touchpoint, ts + nth * interval '1 microsecond') AS path
FROM (SELECT *, row_number() OVER (PARTITION BY customer_id, ts ORDER BY event_id, touchpoint) - 1 AS nth FROM demo.events) e
GROUP BY customer_id;
CREATE TABLE demo.features AS
SELECT * FROM journey.customer_features('SELECT ' || :'event_columns' || ' FROM demo.events', customer_type => NULL:::customer_type);
CREATE TABLE demo.figures AS
SELECT (SELECT count(*) FROM demo.features) AS customers,
	(SELECT sum(n_events) FROM demo.features)::bigint AS events,
	(SELECT count(DISTINCT t) FROM demo.features, unnest(touchpoints) t) AS touchpoints,
	(SELECT count(DISTINCT path) FROM demo.paths) AS variants;
SELECT customers AS "customers (cases)", events, touchpoints AS "touchpoints (activities)", variants AS "path variants" FROM demo.figures;

\echo '2. Can the events be trusted?'
CREATE TABLE demo.lint AS
SELECT * FROM journey.lint_events('SELECT ' || :'event_columns' || ' FROM demo.events');
SELECT format('%s checks passed, %s found something, %s had nothing to look at.', count(*) FILTER (WHERE status = 'ok'),
	count(*) FILTER (WHERE status NOT IN ('ok', 'not_checkable')), count(*) FILTER (WHERE status = 'not_checkable'))
FROM demo.lint \g (format=unaligned tuples_only=on)
SELECT check_name AS check, status, count, detail FROM demo.lint
WHERE status NOT IN ('ok', 'not_checkable') OR check_name IN ('identical_events', 'tied_ts', 'time_span');

\echo '3. What a journey looks like'
\echo 'Half of the journeys lie between the two outer columns.'
SELECT name AS feature, round(q[1]::numeric, 2) AS "lower quarter", round(q[2]::numeric, 2) AS "middle", round(q[3]::numeric, 2) AS "upper quarter"
FROM (SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY n_events) AS a,
	percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY duration_seconds / 86400) AS b,
	percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY n_repeats) AS c,
	percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY entropy) AS d FROM demo.features) f,
LATERAL (VALUES ('events', a), ('days from first to last', b), ('returns to an earlier touchpoint', c), ('entropy (nats; 0: always the same)', d)) v(name, q);

-- What belongs to the customer and not to an event.
CREATE TABLE demo.customers AS
SELECT customer_id, bool_or(outcome) AS outcome, min(strategy) AS strategy, min(segment) AS segment
FROM demo.events GROUP BY customer_id;

-- The start of a journey, known at its second event: nothing later is in it.
CREATE TABLE demo.start AS
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY ts, event_id, touchpoint) AS place FROM demo.events) e
WHERE place <= 2;
CREATE TABLE demo.middle AS SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY n_events) AS middle FROM demo.features;
-- The most frequent touchpoint is what the others are compared with (the empty
-- name is the first level); those seen fewer than 50 times count as it.
CREATE TABLE demo.rows AS
WITH s AS (
	SELECT *, count(*) OVER (PARTITION BY first_touchpoint) AS n_first, count(*) OVER (PARTITION BY last_touchpoint) AS n_second
	FROM journey.customer_features('SELECT ' || :'event_columns' || ' FROM demo.start', customer_type => NULL:::customer_type)
	WHERE n_events = 2)
SELECT s.customer_id,
	CASE WHEN :'has_outcome'::boolean THEN whole.outcome
		ELSE f.n_events > (SELECT middle FROM demo.middle) END AS target,
	CASE WHEN n_first >= 50 AND n_first < max(n_first) OVER () THEN s.first_touchpoint ELSE '' END AS first_touchpoint,
	CASE WHEN n_second >= 50 AND n_second < max(n_second) OVER () THEN s.last_touchpoint ELSE '' END AS second_touchpoint,
	ln(1 + s.duration_seconds) AS log_gap
FROM s JOIN demo.features f USING (customer_id) JOIN demo.customers whole USING (customer_id);

\echo '4. Folds: every customer is in one part only, so nobody is predicted by a model that has seen them'
SELECT fold, count(*) AS customers, sum(n_rows) AS rows
FROM journey.assign_folds('SELECT customer_id FROM demo.rows', 'customer_id', 10) GROUP BY fold ORDER BY fold;

\echo '5. What does the start of a journey tell about its end?'
\if :has_outcome
\echo 'Predicted: the outcome.  Known: the first two touchpoints and the time between them.'
\else
SELECT format('There is no outcome column, so a question that the events answer: does the case need more than %s events (the median)?', middle) FROM demo.middle \g (format=unaligned tuples_only=on)
\echo 'Known: the first two touchpoints and the time between them; nothing later.'
\endif
CREATE TABLE demo.model AS
SELECT journey.fit('SELECT customer_id, target, first_touchpoint, second_touchpoint, log_gap FROM demo.rows WHERE target IS NOT NULL',
	'target', 'customer_id', family => 'binomial') AS model;
SELECT s.n AS journeys, s.status, s.iterations, round(s.log_likelihood::numeric, 1) AS log_likelihood FROM demo.model, journey.summary(model) s;
CREATE TABLE demo.coefficients AS SELECT c.* FROM demo.model, journey.coefficients(model) c;
SELECT term, round(exp(estimate)::numeric, 2) AS odds_ratio, round(exp(conf_low)::numeric, 2) AS low, round(exp(conf_high)::numeric, 2) AS high,
	CASE WHEN p_value < 0.0001 THEN '< 0.0001' ELSE round(p_value::numeric, 4)::text END AS p_value
FROM demo.coefficients WHERE term <> '(intercept)' ORDER BY abs(statistic) DESC NULLS LAST LIMIT 8;

CREATE TABLE demo.quality AS
SELECT metric, value, conf_low, conf_high, n_test AS n, status
FROM journey.cross_validate('SELECT customer_id, target, first_touchpoint, second_touchpoint, log_gap FROM demo.rows WHERE target IS NOT NULL',
	'target', 'customer_id', family => 'binomial', k => 10, repeats => 1)
WHERE fold IS NULL;
\echo 'Odds ratio: above 1 more likely than after the most frequent touchpoint.'
\echo
\echo 'Measured on journeys that the model had not seen (10 folds):'
SELECT metric, round(value::numeric, 3) AS value, round(conf_low::numeric, 3) AS low, round(conf_high::numeric, 3) AS high, status FROM demo.quality;
SELECT format('Of two journeys, one of each kind, the model puts the right one first in %s of 100 cases; a coin does so in 50.',
	round(100 * value)) FROM demo.quality WHERE metric = 'auc' \g (format=unaligned tuples_only=on)
\echo

CREATE TABLE demo.chaos (touchpoint text, customers bigint, visits bigint, chaos_share float8, conf_low float8, conf_high float8,
	gain_per_point float8, best_next text, worst_next text, status text);
\echo '6. Where is the outcome decided?'
\if :has_outcome
INSERT INTO demo.chaos
SELECT touchpoint, customers, visits, chaos_share, conf_low, conf_high, gain_per_point, best_next, worst_next, status
FROM journey.chaos_share('SELECT ' || :'event_columns' || ', outcome FROM demo.events', 'outcome', seed => 1);
SELECT touchpoint, customers, round((100 * chaos_share)::numeric, 1) AS "share %", round((100 * conf_low)::numeric, 1) AS low,
	round((100 * conf_high)::numeric, 1) AS high,
\if :simulated
	round((100 * t.value)::numeric, 1) AS "true %",
\endif
	best_next, worst_next, status
FROM demo.chaos LEFT JOIN demo.truth t ON (t.quantity = 'chaos_share' AND t.name = touchpoint)
	OR (t.quantity = 'first_touch_share' AND touchpoint = '(first touch)')
ORDER BY chaos_share DESC NULLS LAST, touchpoint LIMIT 8;
SELECT format('The moment that decides most is "%s": %s %% of what separates good outcomes from bad ones is decided there.', touchpoint, round((100 * chaos_share)::numeric, 1))
FROM demo.chaos WHERE touchpoint NOT LIKE '(%' ORDER BY chaos_share DESC NULLS LAST LIMIT 1 \g (format=unaligned tuples_only=on)
\else
\echo 'Skipped: this needs an outcome of each customer (MAP=...,outcome=COLUMN).'
\endif
\echo

CREATE TABLE demo.effect (strategy text, baseline text, kind text, estimate float8, conf_low float8, conf_high float8, p_value float8, truth float8);
\echo '7. Which strategy works?'
SELECT :'has_strategy'::boolean AND :'has_outcome'::boolean AS comparable \gset
\if :comparable
-- Compared with the strategy "none", else "control", else the first by name.
-- fit() takes the first level as reference, and the empty name is the first.
CREATE TABLE demo.baseline AS
SELECT strategy FROM demo.customers WHERE strategy IS NOT NULL
GROUP BY strategy ORDER BY strategy <> 'none', strategy <> 'control', strategy COLLATE "C" LIMIT 1;
CREATE TABLE demo.treated AS
SELECT customer_id, c.outcome::integer::float8 AS outcome, COALESCE(c.segment, '-') AS segment,
	CASE WHEN count(*) OVER (PARTITION BY f.first_touchpoint) >= 50 THEN f.first_touchpoint ELSE '' END AS first_touchpoint,
	CASE c.strategy WHEN b.strategy THEN '' ELSE c.strategy END AS strategy
FROM demo.customers c JOIN demo.features f USING (customer_id), demo.baseline b
WHERE c.outcome IS NOT NULL AND c.strategy IS NOT NULL;
INSERT INTO demo.effect
SELECT substr(c.term, length('strategy=') + 1), b.strategy, kind, c.estimate, c.conf_low, c.conf_high, c.p_value, t.value
FROM demo.baseline b,
	(VALUES ('as observed', 'SELECT customer_id, outcome, strategy FROM demo.treated'),
		('adjusted', 'SELECT customer_id, outcome, strategy, first_touchpoint, segment FROM demo.treated')) q(kind, query),
	LATERAL journey.coefficients(journey.fit(query, 'outcome', 'customer_id')) c
	LEFT JOIN demo.truth t ON t.quantity = 'strategy_difference' AND 'strategy=' || t.name = c.term
WHERE c.term LIKE 'strategy=%';
SELECT strategy, baseline AS "compared with", kind, round((100 * estimate)::numeric, 1) AS "difference, points",
	round((100 * conf_low)::numeric, 1) AS low, round((100 * conf_high)::numeric, 1) AS high,
	round((100 * truth)::numeric, 1) AS "true (simulated)"
FROM demo.effect ORDER BY strategy, kind DESC;
SELECT format('%s against %s: %s points, between %s and %s.', strategy, baseline, round((100 * estimate)::numeric, 1), round((100 * conf_low)::numeric, 1), round((100 * conf_high)::numeric, 1))
FROM demo.effect WHERE kind = 'adjusted' ORDER BY estimate DESC LIMIT 1 \g (format=unaligned tuples_only=on)
\echo 'Adjusted: at equal segment and equal first touchpoint.  Customers choose or are given strategies for reasons,'
\echo 'so the difference as observed mixes the strategy with the customers who got it.'
\else
\echo 'Skipped: this needs a strategy and an outcome of each customer (MAP=...,strategy=COLUMN,outcome=COLUMN).'
\endif
