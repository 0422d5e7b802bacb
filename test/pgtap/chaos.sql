-- chaos_share through SQL: reference vector B, censoring, refusals, the same
-- bits whatever the order of rows and the memory limit.
BEGIN;
SELECT plan(48);

CREATE TEMP TABLE b (customer_id bigint, ts timestamptz, touchpoint text, converted boolean);
INSERT INTO b VALUES
	(1, '2024-01-01', 'C1', true), (1, '2024-01-02', 'C2', true), (1, '2024-01-03', 'C3', true),
	(2, '2024-01-01', 'C1', false),
	(3, '2024-01-01', 'C2', false), (3, '2024-01-02', 'C3', false);
CREATE TEMP TABLE got AS SELECT * FROM journey.chaos_share('b', 'converted', replicates => 0);
SELECT results_eq('SELECT touchpoint FROM got',
	ARRAY['(first touch)', 'C1', 'C2', 'C3'], 'R-CS-1 first touch, then touchpoints in byte order');
SELECT ok(bool_and(abs(chaos_share - want) < 1e-14), 'vector B: shares')
	FROM got JOIN (VALUES ('(first touch)', 1/16.0), ('C1', 3/16.0), ('C2', 0), ('C3', 3/4.0)) w(touchpoint, want) USING (touchpoint);
SELECT ok(abs(sum(chaos_share) - 1) < 1e-12, 'shares add up to 1') FROM got;
SELECT results_eq('SELECT customers, visits FROM got',
	$$VALUES (3::bigint, 3::bigint), (2, 2), (2, 2), (2, 2)$$, 'customers and visits');
SELECT ok(bool_and(status = 'low_n'), 'three customers are few') FROM got;
SELECT ok(bool_and(conf_low IS NULL AND best_next IS NULL AND gain_per_point IS NULL),
	'no interval without replicates, no advice from few') FROM got;
SELECT ok(abs(sum(chaos_share) - 1) < 1e-12, 'arrival credit adds up to 1')
	FROM journey.chaos_share('b', 'converted', credit => 'arrival');
SELECT ok(bool_and(abs(chaos_share - want) < 1e-14), 'arrival: the loss at C1 and the way on to C2 get half of what forks at C1 each')
	FROM journey.chaos_share('b', 'converted', credit => 'arrival')
	JOIN (VALUES ('(first touch)', 1/16.0), ('C1', 3/32.0), ('C2', 3/32.0), ('C3', 3/4.0)) w(touchpoint, want) USING (touchpoint);

-- the same through numbers, and other key types
SELECT results_eq(
	$$SELECT * FROM journey.chaos_share('SELECT customer_id, ts, touchpoint, converted::int AS y FROM b', 'y')$$,
	$$SELECT * FROM journey.chaos_share('b', 'converted')$$, 'boolean = 0 and 1');
SELECT ok(bool_and(abs(x.chaos_share - g.chaos_share) < 1e-12), 'an outcome in other units: same shares')
	FROM journey.chaos_share('SELECT customer_id, ts, touchpoint, converted::int * 250 + 1e9 AS y FROM b', 'y') x
	JOIN got g USING (touchpoint);
SELECT ok(abs(x.mean_effect - 250 * g.mean_effect) < 1e-9, 'mean effect in the unit of the outcome')
	FROM journey.chaos_share('SELECT customer_id, ts, touchpoint, converted::int * 250 AS y FROM b', 'y') x
	JOIN got g USING (touchpoint) WHERE touchpoint = 'C1';
SELECT is((SELECT array_agg(chaos_share) FROM journey.chaos_share(
		'SELECT ''k'' || customer_id AS customer_id, ts, touchpoint, converted FROM b', 'converted')),
	(SELECT array_agg(chaos_share) FROM got), 'text keys');

-- censored
CREATE TEMP TABLE c AS SELECT * FROM b UNION ALL VALUES
	(4, '2024-01-01'::timestamptz, 'C1', NULL::boolean), (4, '2024-01-02', 'C2', NULL), (4, '2024-01-03', 'C9', NULL);
SELECT results_eq($$SELECT touchpoint, customers, status FROM journey.chaos_share('c', 'converted') WHERE touchpoint IN ('C1', 'C9')$$,
	$$VALUES ('C1', 3::bigint, 'low_n'), ('C9', 1, 'no_end')$$, 'R-MAP-3 after C9 nothing is known');
SELECT ok((SELECT chaos_share IS NULL AND visits = 1 FROM journey.chaos_share('c', 'converted') WHERE touchpoint = 'C9'),
	'no figures for C9 but its visits');
SELECT ok(abs(sum(chaos_share) - 1) < 1e-12, 'the others add up to 1') FROM journey.chaos_share('c', 'converted');
SELECT isnt((SELECT chaos_share FROM journey.chaos_share('c', 'converted') WHERE touchpoint = 'C1'), 3/16.0::float8,
	'R-MAP-1 the censored journey gives its transition');
SELECT ok(bool_and(status = 'no_outcome' AND chaos_share IS NULL), 'nobody has an outcome')
	FROM journey.chaos_share('SELECT customer_id, ts, touchpoint, NULL::boolean AS y FROM b', 'y');

-- too little
SELECT ok(bool_and(status = 'one_class' AND chaos_share IS NULL), 'one class')
	FROM journey.chaos_share('SELECT customer_id, ts, touchpoint, true AS y FROM b', 'y');
SELECT ok(bool_and(status = 'too_few' AND chaos_share IS NULL) AND count(*) = 4, 'one customer')
	FROM journey.chaos_share('SELECT * FROM b WHERE customer_id = 1', 'converted');
SELECT results_eq($$SELECT touchpoint, customers, status FROM journey.chaos_share('SELECT * FROM b WHERE false', 'converted')$$,
	$$VALUES ('(first touch)', 0::bigint, 'too_few')$$, 'no customer');

-- refusals
SELECT throws_like($$SELECT journey.chaos_share('SELECT customer_id, ts, touchpoint, touchpoint = ''C1'' AS y FROM b', 'y')$$,
	'column "y" contradicts itself for customer %: % and %', 'R-OUT-1 two outcomes of one customer');
SELECT throws_ok($$SELECT journey.chaos_share('SELECT 77::bigint AS customer_id, ts, touchpoint, CASE touchpoint WHEN ''C1'' THEN true END AS y FROM b WHERE customer_id = 1', 'y')$$,
	'22000', 'column "y" contradicts itself for customer 77: true and null', 'R-OUT-1 an outcome in some rows only');
SELECT throws_ok($$SELECT journey.chaos_share('SELECT ''anna''::text AS customer_id, ts, touchpoint, extract(day FROM ts)::float8 AS y FROM b WHERE customer_id = 1', 'y')$$,
	'22000', 'column "y" contradicts itself for customer anna: 1 and 2', 'R-OUT-1 two numbers');
SELECT ok(bool_and(status = 'too_few' AND chaos_share IS NULL) AND count(*) = 5, 'three customers are too few for ten folds of a model')
	FROM journey.chaos_share('b', 'converted', 'model');
SELECT throws_ok($$SELECT journey.chaos_share('b', 'converted', 'shapley')$$, '22023', NULL, 'another method');
SELECT throws_ok($$SELECT journey.chaos_share('b', 'converted', credit => 'both')$$, '22023', NULL, 'another credit');
SELECT throws_ok($$SELECT journey.chaos_share('b', 'converted', replicates => -1)$$, '22023', NULL, 'negative replicates');
SELECT throws_ok($$SELECT journey.chaos_share('b', 'converted', k => 1)$$, '22023', NULL, 'one fold');
SELECT throws_ok($$SELECT journey.chaos_share('b', NULL)$$, '22004', NULL, 'no outcome named');
SELECT throws_ok($$SELECT journey.chaos_share(NULL, 'converted')$$, '22004', NULL, 'no source');
SELECT throws_ok($$SELECT journey.chaos_share('b', 'converted', seed => NULL)$$, '22004', NULL, 'no seed');
SELECT throws_ok($$SELECT journey.chaos_share('b', 'bought')$$, '42703', NULL, 'a missing column');
SELECT throws_ok($$SELECT journey.chaos_share('b', 'touchpoint')$$, '42804', NULL, 'an outcome of a wrong type');
SELECT throws_ok($$SELECT journey.chaos_share('SELECT customer_id, ts, touchpoint, ''NaN''::float8 AS y FROM b', 'y')$$,
	'22003', NULL, 'an outcome that is no number');
SELECT throws_ok($$SELECT journey.chaos_share('SELECT g AS customer_id, now() AS ts, g::text AS touchpoint, true AS y FROM generate_series(1, 501) g', 'y')$$,
	'54000', 'source has 501 touchpoints, the limit of a journey map is 500', 'too many touchpoints');

-- the whole table against an independent computation (test/oracles/chaos.py)
CREATE TEMP TABLE formula AS
SELECT c::bigint AS customer_id, '2024-01-01'::timestamptz + s * interval '1 hour' AS ts,
	(ARRAY['a', 'b', 'c', 'd'])[1 + touch] AS touchpoint,
	CASE WHEN c % 11 > 0 THEN 1 + (c * c + 3 * last_value(touch) OVER w + 2 * first_value(touch) OVER w) % 5 END AS score
FROM generate_series(1, 300) c, LATERAL generate_series(0, c * 7 % 5) s,
	LATERAL (SELECT (c * (s + 3) + s * s * (c % 7)) % 4 AS touch) t
WINDOW w AS (PARTITION BY c ORDER BY s ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);
CREATE TEMP TABLE oracle (outcome text, touchpoint text, share float8, leverage float8, effect float8, gain float8);
INSERT INTO oracle VALUES
	('yes', '(first touch)', 0.003367980189160, NULL, NULL, NULL),
	('yes', 'a', 0.269232308283999, 1.007856518925046, -0.025912518247525, 0.0006460832368956605),
	('yes', 'b', 0.247391798619994, 0.987560706092483, -0.000619607200766, 0.0006183244386367635),
	('yes', 'c', 0.259231973597758, 0.991081836768744, -0.015011569954150, 0.0006433217712966849),
	('yes', 'd', 0.220775939309089, 1.016022429212232, 0.048088525659662, 0.0005213193767674418),
	('score', '(first touch)', 0.000343095536197, NULL, NULL, NULL),
	('score', 'a', 0.253449404631732, 0.977239669739219, -0.034970415520060, 0.0007059067369518503),
	('score', 'b', 0.293052405806482, 1.074160962726649, -0.008165855776473, 0.000675561340211311),
	('score', 'c', 0.246670683803955, 0.966150602806962, 0.002822521989309, 0.0007028879648726435),
	('score', 'd', 0.206484410221634, 0.982017623105354, 0.046359626588902, 0.0005695173146165415);
CREATE TEMP TABLE formula_got AS
	SELECT 'score' AS outcome, * FROM journey.chaos_share('formula', 'score', replicates => 0)
	UNION ALL
	SELECT 'yes', * FROM journey.chaos_share('SELECT *, score > 2 AS yes FROM formula', 'yes', replicates => 0);
SELECT ok(bool_and(abs(chaos_share - share) < 1e-12 AND (leverage_index IS NULL) = (leverage IS NULL)
		AND coalesce(abs(leverage_index - leverage) < 1e-12 AND abs(mean_effect - effect) < 1e-12, leverage IS NULL)) AND count(*) = 10,
	'shares, leverage and mean effects of yes/no and numeric outcomes') FROM formula_got JOIN oracle USING (outcome, touchpoint);
SELECT ok(bool_and(best_next = 'd' AND worst_next = 'a' AND abs(gain_per_point - gain) < 1e-14) AND count(*) = 8,
	'R-SHARE-3, R-SHARE-4 best and worst next, gain per point') FROM formula_got JOIN oracle USING (outcome, touchpoint) WHERE gain IS NOT NULL;
SELECT ok(bool_and(abs(p_value / want - 1) < 1e-9) AND count(*) = 3, 'R-FORK-1 p-values of the G test')
	FROM formula_got JOIN (VALUES ('a', 4.788239002642914e-05), ('c', 3.4699315800350274e-05), ('d', 0.1608316795299936)) w(touchpoint, want)
	USING (touchpoint) WHERE outcome = 'yes';
SELECT ok(abs(q_value / (2 * 4.788239002642914e-05) - 1) < 1e-9, 'R-FORK-5 q-value of the second of four')
	FROM formula_got WHERE outcome = 'yes' AND touchpoint = 'a';
SELECT is((SELECT p_value FROM formula_got WHERE outcome = 'yes' AND touchpoint = 'b'), 0.001::float8,
	'R-FORK-1 smallest p-value of 999 permutations');

-- 4,000 customers of a chain by hash, shuffled, spilled, in another table order
CREATE TEMP TABLE many AS
WITH RECURSIVE walk AS (
	SELECT c AS customer_id, 0 AS step,
		(ARRAY['ad', 'ad', 'ad', 'store', 'call'])[1 + (c * 7919) % 5] AS touchpoint
	FROM generate_series(1, 4000) c
	UNION ALL
	SELECT customer_id, step + 1, next
	FROM walk, LATERAL (SELECT (journey.fold(customer_id * 100 + step, 10) - 1) AS u) r,
		LATERAL (SELECT CASE touchpoint
			WHEN 'ad' THEN CASE WHEN u < 5 THEN 'store' WHEN u < 7 THEN 'call' END
			WHEN 'store' THEN CASE WHEN u < 1 THEN 'ad' WHEN u < 4 THEN 'call' WHEN u < 5 THEN 'refund' END
			WHEN 'call' THEN CASE WHEN u < 2 THEN 'store' WHEN u < 4 THEN 'call' WHEN u < 7 THEN 'refund' END
			ELSE CASE WHEN u < 2 THEN 'call' END END AS next) n
	WHERE next IS NOT NULL AND step < 50)
SELECT customer_id::bigint, '2024-01-01'::timestamptz + step * interval '1 hour' AS ts, touchpoint,
	journey.fold(customer_id, 10, 5) <= CASE last_value(touchpoint) OVER w
		WHEN 'ad' THEN 7 WHEN 'store' THEN 8 WHEN 'call' THEN 5 ELSE 3 END AS loyal
FROM walk WINDOW w AS (PARTITION BY customer_id ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);
CREATE TEMP TABLE base AS SELECT * FROM journey.chaos_share('many', 'loyal', replicates => 50);
SELECT ok(bool_and(status IN ('ok') AND conf_low < chaos_share AND chaos_share < conf_high) AND count(*) = 5,
	'4,000 customers: every share has an interval') FROM base;
SELECT results_eq($$SELECT * FROM journey.chaos_share('SELECT * FROM many ORDER BY journey.hash64(customer_id, 3), ts DESC', 'loyal', replicates => 50)$$,
	'SELECT * FROM base', 'shuffled rows: the same bits');
SET LOCAL journey.memory_limit = '1MB';
SELECT results_eq($$SELECT * FROM journey.chaos_share('many', 'loyal', replicates => 50)$$,
	'SELECT * FROM base', 'spilled: the same bits');
RESET journey.memory_limit;
SELECT isnt((SELECT array_agg(conf_low) FROM journey.chaos_share('many', 'loyal', replicates => 50, seed => 1)),
	(SELECT array_agg(conf_low) FROM base), 'another seed, other replicates');
SELECT is((SELECT array_agg(chaos_share) FROM journey.chaos_share('many', 'loyal', replicates => 50, seed => 1)),
	(SELECT array_agg(chaos_share) FROM base), 'but the same shares');

-- journeys whose truth is known
CREATE TEMP TABLE known AS
SELECT s.*, t.value AS truth
FROM journey.chaos_share('SELECT * FROM journey.simulate_events(20000)', 'outcome') s
JOIN journey.simulate_truth() t ON t.name = s.touchpoint AND t.quantity IN ('chaos_share', 'first_touch_share');
SELECT is(count(*), 13::bigint, 'simulated journeys: the first touch and 12 touchpoints') FROM known;
SELECT ok(max(abs(chaos_share - truth)) < 0.01, 'simulated journeys: every share within .01 of the truth') FROM known;
SELECT cmp_ok(count(*) FILTER (WHERE truth BETWEEN conf_low AND conf_high), '>=', 10::bigint,
	'simulated journeys: intervals cover the truth') FROM known;

SELECT * FROM finish();
ROLLBACK;
