-- patterns: counts and ratios against plain SQL, a planted pattern that is
-- found and confirmed, households that stay together, and all refusals.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT plan(47);

CREATE TABLE e AS SELECT * FROM journey.simulate_events(1200, seed => 3);
CREATE TABLE c AS SELECT customer_id, bool_and(outcome) AS outcome, array_agg(touchpoint ORDER BY ts, touchpoint COLLATE "C") AS path FROM e GROUP BY 1;
CREATE TABLE found AS SELECT * FROM journey.patterns('e', 'outcome', 2, NULL, 30, 0);

-- Presence of one and of two touchpoints in order, in SQL.
CREATE TABLE present AS
SELECT DISTINCT customer_id, outcome, ARRAY[t] AS pattern FROM c, unnest(path) t
UNION SELECT DISTINCT customer_id, outcome, ARRAY[a, b] FROM c, unnest(path) WITH ORDINALITY x(a, i), unnest(path) WITH ORDINALITY y(b, j) WHERE i < j;
CREATE TABLE expected AS
SELECT pattern, count(*) AS customers, count(*) FILTER (WHERE outcome) AS good FROM present GROUP BY 1 HAVING count(*) >= 30;
SELECT is((SELECT count(*) FROM found), (SELECT count(*) FROM expected), 'as many patterns as in SQL');
SELECT is((SELECT count(*) FROM found JOIN expected USING (pattern, customers)), (SELECT count(*) FROM expected), 'with the same customers');
SELECT is((SELECT count(*) FROM found JOIN expected x USING (pattern), (SELECT count(*) AS n, count(*) FILTER (WHERE outcome) AS g FROM c) t
	WHERE abs(lift - x.good::float8 / x.customers / (g::float8 / n)) < 1e-12
	AND abs(odds_ratio - (x.good + 0.5) * (n - g - x.customers + x.good + 0.5) / ((x.customers - x.good + 0.5) * (g - x.good + 0.5))) < 1e-9 * odds_ratio
	AND abs(ln(conf_high / conf_low) / 2 - 1.959963984540054 * sqrt(1 / (x.good + 0.5) + 1 / (n - g - x.customers + x.good + 0.5) + 1 / (x.customers - x.good + 0.5) + 1 / (g - x.good + 0.5))) < 1e-9),
	(SELECT count(*) FROM expected), 'lift, odds ratio and interval by formula');
SELECT is((SELECT count(*) FROM found f JOIN (SELECT pattern, min(least(1, p_value * m / r)) OVER (ORDER BY r ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS q
	FROM (SELECT pattern, p_value, row_number() OVER (ORDER BY p_value) AS r, count(*) OVER () AS m FROM found) y) z USING (pattern) WHERE abs(f.q_value - z.q) < 1e-12),
	(SELECT count(*) FROM found), 'q-values by Benjamini and Hochberg');
SELECT ok((SELECT bool_and(abs(q_value_by - least(1, q_value * h)) < 1e-9 OR q_value_by = 1) FROM found, (SELECT sum(1.0 / i) AS h FROM generate_series(1, (SELECT count(*) FROM found)) i) s),
	'Benjamini and Yekutieli: times the harmonic sum');
SELECT is((SELECT count(*) FROM found WHERE heldout_odds_ratio IS NOT NULL OR heldout_p_value IS NOT NULL), 0::bigint, 'nothing held out, nothing to confirm');
SELECT is((SELECT array_agg(DISTINCT status) FROM found), '{ok}'::text[], 'status');
SELECT results_eq($$SELECT * FROM journey.patterns('e', 'outcome')$$, $$SELECT * FROM journey.patterns('SELECT * FROM e ORDER BY md5(ts::text)', 'outcome')$$, 'the order of rows does not matter');
SELECT ok((SELECT bool_and(o = r) FROM (SELECT row_number() OVER () AS o, row_number() OVER (ORDER BY p_value, customers DESC, pattern COLLATE "C") AS r FROM found) x), 'rows by p, customers, name');

-- max_gap 1: directly after.
SELECT results_eq($$SELECT pattern, customers FROM journey.patterns('e', 'outcome', 2, 1, 30, 0) WHERE cardinality(pattern) = 2 ORDER BY pattern$$,
	$$SELECT ARRAY[a, b], count(DISTINCT customer_id) FROM c, unnest(path) WITH ORDINALITY x(a, i), unnest(path) WITH ORDINALITY y(b, j) WHERE j = i + 1
		GROUP BY 1 HAVING count(DISTINCT customer_id) >= 30 ORDER BY 1$$, 'max_gap 1 wants neighbours');
SELECT results_eq($$SELECT pattern, customers FROM journey.patterns('e', 'outcome', 2, 3, 30, 0) WHERE cardinality(pattern) = 2 ORDER BY pattern$$,
	$$SELECT ARRAY[a, b], count(DISTINCT customer_id) FROM c, unnest(path) WITH ORDINALITY x(a, i), unnest(path) WITH ORDINALITY y(b, j) WHERE j BETWEEN i + 1 AND i + 3
		GROUP BY 1 HAVING count(DISTINCT customer_id) >= 30 ORDER BY 1$$, 'max_gap 3');
SELECT is((SELECT max(cardinality(pattern)) FROM journey.patterns('e', 'outcome', 4, 1, 10)), 4, 'max_length');
SELECT is((SELECT max(cardinality(pattern)) FROM journey.patterns('e', 'outcome')), 3, 'three by default');
SELECT ok((SELECT min(customers) >= 20 FROM journey.patterns('e', 'outcome')), 'at least 20 customers by default');

-- A planted pattern: x directly or later before y spoils the outcome; nothing else matters.
CREATE TABLE planted AS
SELECT id AS customer_id, timestamptz '2024-01-01' + i * interval '1 hour' AS ts, t AS touchpoint, CASE WHEN bad THEN journey.fold(id, 10, 5) <= 2 ELSE journey.fold(id, 10, 5) <= 7 END AS outcome, id / 4 AS household
FROM (SELECT id, ts, bad FROM (SELECT id, array_agg(chr((117 + (journey.hash64(id * 100 + i, 9) & 7)::int % 5)) ORDER BY i) AS ts FROM generate_series(1::bigint, 3000) id, generate_series(1::bigint, 6) i GROUP BY 1) q,
	LATERAL (SELECT EXISTS (SELECT FROM unnest(ts) WITH ORDINALITY a(t, i), unnest(ts) WITH ORDINALITY b(t, j) WHERE a.t = 'x' AND b.t = 'y' AND i < j) AS bad) l) w,
	unnest(ts) WITH ORDINALITY u(t, i);
CREATE TABLE discovered AS SELECT * FROM journey.patterns('planted', 'outcome', 2, holdout => 0.3);
SELECT is((SELECT pattern FROM discovered LIMIT 1), '{x,y}'::text[], 'the planted pattern comes first');
SELECT ok((SELECT q_value_by < 1e-10 AND odds_ratio < 0.3 AND heldout_odds_ratio < 0.3 AND heldout_p_value < 1e-6 AND conf_high < 0.4 FROM discovered LIMIT 1), 'beyond chance, and on customers held out');
SELECT ok((SELECT heldout_p_value > 0.001 FROM discovered WHERE pattern = '{v}'), 'a touchpoint that does not matter is not confirmed');
SELECT ok((SELECT abs(customers / 2100.0 / (SELECT avg(p::int) FROM (SELECT bool_or(true) FILTER (WHERE touchpoint = 'x') IS NOT NULL AS p FROM planted GROUP BY customer_id) z) - 1) < 0.05 FROM discovered WHERE pattern = '{x}'), 'about seven tenths of the customers are searched');
-- Households: all on one side.  Among customers with a private touchpoint per household none may appear on both sides.
SELECT is((SELECT count(*) FROM journey.patterns('SELECT customer_id, ts, ''h'' || household % 40 AS touchpoint, outcome, household % 40 AS household FROM planted', 'outcome', 1, min_support => 1, holdout => 0.5, key => 'household')
	WHERE heldout_odds_ratio IS NOT NULL), 0::bigint, 'nobody of a household that is searched is held out');
SELECT is((SELECT count(*) FROM journey.patterns('SELECT customer_id, ts, ''h'' || household % 40 AS touchpoint, outcome, household % 40 AS household FROM planted', 'outcome', 1, min_support => 1, holdout => 0.5, key => 'household') f
	JOIN (SELECT 'h' || household % 40 AS h, count(DISTINCT customer_id) AS n FROM planted GROUP BY 1) t ON t.h = f.pattern[1] WHERE f.customers <> t.n), 0::bigint, 'a household is searched whole or not at all');
SELECT is((SELECT count(*) FROM journey.patterns('SELECT customer_id, ts, ''h'' || household % 40 AS touchpoint, outcome, ''k'' || household % 40 AS household FROM planted', 'outcome', 1, min_support => 1, holdout => 0.5, key => 'household') f
	JOIN (SELECT 'h' || household % 40 AS h, count(DISTINCT customer_id) AS n FROM planted GROUP BY 1) t ON t.h = f.pattern[1] WHERE f.customers <> t.n), 0::bigint, 'with keys of text too');
SELECT ok((SELECT sum(customers) BETWEEN 900 AND 2100 FROM journey.patterns('SELECT customer_id, ts, ''h'' || household % 40 AS touchpoint, outcome, household % 40 AS household FROM planted', 'outcome', 1, min_support => 1, holdout => 0.5, key => 'household')),
	'about half of the 3,000 customers are searched');
SELECT isnt((SELECT array_agg(customers ORDER BY pattern) FROM journey.patterns('planted', 'outcome', 1, seed => 1)),
	(SELECT array_agg(customers ORDER BY pattern) FROM journey.patterns('planted', 'outcome', 1, seed => 2)), 'the seed holds out others');

-- What data cannot carry.
SELECT is((SELECT array_agg(DISTINCT status) FROM journey.patterns('SELECT customer_id, ts, touchpoint, true AS outcome FROM e', 'outcome', 1)), '{one_class}'::text[], 'a constant outcome');
SELECT is((SELECT count(*) FROM journey.patterns('SELECT customer_id, ts, touchpoint, true AS outcome FROM e', 'outcome', 1) WHERE p_value IS NOT NULL OR odds_ratio IS NOT NULL), 0::bigint, 'has no figures');
SELECT is((SELECT count(*) FROM journey.patterns('SELECT customer_id, ts, touchpoint, true AS outcome FROM e', 'outcome', 1)
	WHERE coalesce(lift, odds_ratio, conf_low, conf_high, p_value, q_value, heldout_odds_ratio, heldout_p_value) IS NOT NULL), 0::bigint, 'nor on the customers held out');
-- 10,000 customers, 10 with the outcome, 20 with x, 3 with both: Fisher's p is 8.1e-7, a normal tail would say 5e-69.
CREATE TABLE rare AS SELECT c AS customer_id, timestamptz '2024-01-01' + i * interval '1 hour' AS ts,
	CASE WHEN i = 2 THEN 'z' WHEN c <= 20 THEN 'x' ELSE 'y' END AS touchpoint, c <= 3 OR c > 9993 AS outcome FROM generate_series(1, 10000) c, generate_series(1, 2) i;
CREATE TABLE rarely AS SELECT * FROM journey.patterns('rare', 'outcome', 1, min_support => 1, holdout => 0);
SELECT ok((SELECT abs(p_value / 8.13744360235913e-07 - 1) < 1e-8 FROM rarely WHERE pattern = '{x}'), 'R-STRAT-1 a rare outcome is not more certain than it is');
SELECT ok((SELECT abs(odds_ratio / (3.5 * 9973.5 / (17.5 * 7.5)) - 1) < 1e-12 FROM rarely WHERE pattern = '{x}'), 'and has an odds ratio');
SELECT is((SELECT ARRAY[odds_ratio::text, conf_low::text, conf_high::text, p_value::text, status] FROM rarely WHERE pattern = '{z}'), ARRAY[NULL, NULL, NULL, NULL, 'no_contrast'], 'R-ODDS-1 a pattern that everybody has has none');
SELECT is((SELECT count(*) FROM journey.patterns('SELECT customer_id, ts, touchpoint, customer_id <= 5 AS outcome FROM rare WHERE customer_id <= 60', 'outcome', 1, min_support => 1, holdout => 0.05) WHERE heldout_odds_ratio IS NOT NULL), 0::bigint,
	'R-ODDS-1 customers held out who cannot tell have none');
SELECT is_empty($$SELECT * FROM journey.patterns('SELECT customer_id, ts, touchpoint, NULL::boolean AS outcome FROM e', 'outcome')$$, 'all censored');
SELECT is_empty($$SELECT * FROM journey.patterns('SELECT * FROM e WHERE false', 'outcome')$$, 'no events');
SELECT is((SELECT status FROM journey.patterns('SELECT customer_id, ts, ''only'' AS touchpoint, outcome FROM e', 'outcome', 1, holdout => 0)), 'no_contrast', 'a pattern that everybody has');
SELECT is((SELECT customers FROM journey.patterns('SELECT customer_id, ts, touchpoint, CASE WHEN customer_id % 2 = 0 THEN outcome END AS outcome FROM e', 'outcome', 1, min_support => 1, holdout => 0) WHERE pattern = '{order}'),
	(SELECT count(DISTINCT customer_id) FROM e WHERE touchpoint = 'order' AND customer_id % 2 = 0), 'censored customers are not counted');
SELECT is((SELECT count(*) FROM journey.patterns('SELECT 1 AS customer_id, timestamptz ''2024-01-01'' + i * interval ''1 second'' AS ts, chr(97 + i % 5) AS touchpoint, true AS outcome FROM generate_series(1, 100000) i', 'outcome', 3, 2, 1, 0)), 35::bigint,
	'one customer with 100,000 events: 5 + 5 2 + 5 2 2 patterns');

SELECT throws_ok($$SELECT * FROM journey.patterns('e', 'outcome', 0)$$, '22023', NULL, 'max_length 0');
SELECT throws_ok($$SELECT * FROM journey.patterns('e', 'outcome', 11)$$, '22023', NULL, 'max_length 11');
SELECT throws_ok($$SELECT * FROM journey.patterns('e', 'outcome', max_gap => 0)$$, '22023', NULL, 'max_gap 0');
SELECT throws_ok($$SELECT * FROM journey.patterns('e', 'outcome', min_support => 0)$$, '22023', NULL, 'min_support 0');
SELECT throws_ok($$SELECT * FROM journey.patterns('e', 'outcome', holdout => 1)$$, '22023', 'argument "holdout" is 1, it must be from 0 to below 1', 'holdout 1');
SELECT throws_ok($$SELECT * FROM journey.patterns('e', 'outcome', holdout => 'NaN')$$, '22023', NULL, 'holdout NaN');
SELECT throws_ok($$SELECT * FROM journey.patterns('e', 'score')$$, NULL, NULL, 'a numeric outcome');
SELECT throws_ok($$SELECT * FROM journey.patterns('SELECT customer_id, ts, touchpoint, 1.5 AS outcome FROM e', 'outcome')$$, '42804', 'column "outcome" is a number, it must be boolean', 'a number, by name');
SELECT throws_ok($$SELECT * FROM journey.patterns('e', 'outcome', key => 'household')$$, '42703', NULL, 'a key that is not there');
SELECT throws_ok($$SELECT * FROM journey.patterns('SELECT customer_id, ts, touchpoint, touchpoint = ''order'' AS outcome FROM e', 'outcome')$$, '22000', NULL, 'contradicting outcomes');
SELECT throws_ok($$SELECT * FROM journey.patterns('SELECT c AS customer_id, timestamptz ''2024-01-01'' + i * interval ''1 second'' AS ts, ''t'' || i AS touchpoint, c = 1 AS outcome FROM generate_series(1, 2) c, generate_series(1, 100) i', 'outcome', 3, NULL, 1, 0)$$,
	'54000', 'more than 100000 patterns have 1 customers or more', 'too many patterns');
SELECT throws_ok($$SELECT * FROM journey.patterns(NULL, 'outcome')$$, '22004', NULL, 'no source');

SELECT * FROM finish();
ROLLBACK;
