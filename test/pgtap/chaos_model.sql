-- chaos_share by model and first_touch_effect through SQL: numbers of another
-- program, refusals, statuses, the same bits whatever the order of rows and the
-- memory limit, a known truth.
BEGIN;
SELECT plan(40);

-- 200 customers of three events, leave-one-out (test/oracles/chaos_model.py)
CREATE TEMP TABLE loo AS
SELECT c::bigint AS customer_id, '2024-01-01'::timestamptz + s * interval '1 hour' AS ts,
	(ARRAY['a', 'b', 'c', 'd'])[1 + touch] AS touchpoint,
	10.0 * (2 * first_value(touch) OVER w + 3 * last_value(touch) OVER w + 2 * (nth_value(touch, 2) OVER w = 2)::int + (c * c + c / 7) % 11) AS score
FROM generate_series(1, 200) c, generate_series(0, 2) s,
	LATERAL (SELECT (c * (s + 3) + s * s * (c % 7) + c / 5) % 4 AS touch) t
WINDOW w AS (PARTITION BY c ORDER BY s ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);
CREATE TEMP TABLE oracle (outcome text, credit text, touchpoint text, share float8);
INSERT INTO oracle
SELECT outcome, credit, (ARRAY['(first touch)', 'a', 'b', 'c', 'd', '(unresolved)'])[i], share FROM (VALUES
	('yes', 'fork', ARRAY[0.176044944174, 0.028336407933, 0.031877328734, 0.031391345055, 0.019682481066, 0.712667493038]),
	('yes', 'arrival', ARRAY[0.176044944174, 0.043198834755, 0.013464408159, 0.028266069997, 0.026358249878, 0.712667493038]),
	('score', 'fork', ARRAY[0.323472473415, 0.028437353449, 0.036844506649, 0.020237710925, 0.046517074394, 0.544490881168]),
	('score', 'arrival', ARRAY[0.323472473415, 0.073697389456, 0.008578987478, 0.042805374962, 0.006954893522, 0.544490881168])) v(outcome, credit, shares),
	LATERAL unnest(shares) WITH ORDINALITY u(share, i);
CREATE TEMP TABLE figures (outcome text, touchpoint text, leverage float8, effect float8, best text, worst text, gain float8);
INSERT INTO figures VALUES
	('yes', '(first touch)', NULL, NULL, 'd', 'a', 0.004518373348363),
	('yes', 'a', 0.916185169384, -0.184097005671, 'd', 'a', 0.002909777197719),
	('yes', 'b', 1.029326665719, -0.022287186838, 'd', 'a', 0.002825129559057),
	('yes', 'c', 0.937087628590, 0.099726780664, 'c', 'a', 0.002312548948711),
	('yes', 'd', 1.166496708535, 0.177118504031, 'd', 'a', 0.002364914083714),
	('yes', '(unresolved)', NULL, NULL, NULL, NULL, NULL),
	('score', '(first touch)', NULL, NULL, 'd', 'a', 0.823906668062727),
	('score', 'a', 0.850389460516, -29.142685513149, 'd', 'a', 0.449299197252863),
	('score', 'b', 1.061608301618, -4.149098531652, 'd', 'a', 0.464870261001862),
	('score', 'c', 0.979552327220, 14.049400622677, 'c', 'a', 0.349765185016281),
	('score', 'd', 1.179566978090, 29.957735773072, 'd', 'a', 0.368796287739633),
	('score', '(unresolved)', NULL, NULL, NULL, NULL, NULL);
CREATE TEMP TABLE got AS
SELECT o.outcome, c.credit, s.*
FROM (VALUES ('yes'), ('score')) o(outcome), (VALUES ('fork'), ('arrival')) c(credit),
	LATERAL journey.chaos_share('SELECT *, score > 120 AS yes FROM loo', o.outcome, 'model', c.credit, k => 200, replicates => 40) s;
SELECT results_eq($$SELECT touchpoint FROM got WHERE outcome = 'yes' AND credit = 'fork'$$,
	ARRAY['(first touch)', 'a', 'b', 'c', 'd', '(unresolved)'], 'R-CS-1 first touch, touchpoints, what only the outcome tells');
SELECT ok(max(abs(chaos_share - share)) < 1e-9 AND count(*) = 24, 'R-FORE-2, R-FORE-4, R-SHARE-8 shares of another program, logistic and linear')
	FROM got JOIN oracle USING (outcome, credit, touchpoint);
SELECT ok(bool_and((leverage_index IS NULL) = (leverage IS NULL) AND coalesce(abs(leverage_index - leverage) < 1e-9 AND abs(mean_effect - effect) < 1e-8, true)) AND count(*) = 24,
	'R-SHARE-9 leverage and mean effects of another program') FROM got JOIN figures USING (outcome, touchpoint);
SELECT ok(bool_and(best_next IS NOT DISTINCT FROM best AND worst_next IS NOT DISTINCT FROM worst AND coalesce(abs(gain_per_point - gain) < 1e-9, gain_per_point IS NULL AND gain IS NULL)),
	'R-SHARE-9 best and worst next and gain per point of another program') FROM got JOIN figures USING (outcome, touchpoint);
SELECT ok(bool_and(abs(total - 1) < 1e-12), 'R-SHARE-1 shares add up to 1') FROM (SELECT sum(chaos_share) AS total FROM got GROUP BY outcome, credit) s;
SELECT ok(bool_and(chaos_share BETWEEN conf_low AND conf_high), 'R-SHARE-2 every share lies in its interval') FROM got;
SELECT ok(min(chaos_share) < 0 AND min(conf_low) < 0 AND max(chaos_share) > 1, 'R-SHARE-8 a coin: negative shares are shown, more than all is unresolved')
	FROM journey.chaos_share('SELECT *, journey.fold(customer_id, 2, 9) = 1 AS y FROM loo', 'y', 'model');
SELECT results_eq($$SELECT customers, visits, p_value, q_value, leverage_index FROM got WHERE touchpoint = '(unresolved)' AND outcome = 'yes' AND credit = 'fork'$$,
	$$VALUES (200::bigint, 200::bigint, NULL::float8, NULL::float8, NULL::float8)$$, 'the unresolved row has a share and no test');
SELECT is((SELECT array_agg(p_value) FROM journey.chaos_share('SELECT *, score > 120 AS yes FROM loo', 'yes', replicates => 0)),
	(SELECT array_agg(p_value) FROM got WHERE touchpoint <> '(unresolved)' AND outcome = 'yes' AND credit = 'fork'),
	'both methods give the same tests');

-- in other units, with other keys
SELECT ok(max(abs(x.chaos_share - g.chaos_share)) < 1e-9 AND bool_and(coalesce(abs(x.mean_effect - 1000 * g.mean_effect) < 1e-6, x.mean_effect IS NULL)), 'an outcome in other units: same shares, other effects')
	FROM journey.chaos_share('SELECT customer_id, ts, touchpoint, score * 1000 - 1e7 AS y FROM loo', 'y', 'model', k => 200, replicates => 0) x
	JOIN got g ON g.touchpoint = x.touchpoint AND g.outcome = 'score' AND g.credit = 'fork';
SELECT is((SELECT count(*) FROM journey.chaos_share($$SELECT 'k' || customer_id AS customer_id, ts, touchpoint, score FROM loo$$, 'score', 'model', replicates => 0) WHERE chaos_share IS NOT NULL), 6::bigint, 'text keys');

-- censored customers count nowhere but in customers and visits
CREATE TEMP TABLE censored AS SELECT customer_id, ts, touchpoint, score > 120 AS yes FROM loo
	UNION ALL SELECT 1000 + c, '2024-01-01'::timestamptz + s * interval '1 hour', CASE WHEN s = 1 THEN 'z' ELSE 'a' END, NULL FROM generate_series(1, 60) c, generate_series(0, 1) s;
CREATE TEMP TABLE got_censored AS SELECT * FROM journey.chaos_share('censored', 'yes', 'model', k => 200, replicates => 0);
SELECT ok(max(abs(c.chaos_share - g.chaos_share)) < 1e-12 AND count(*) = 6, 'R-FORE-1 censored journeys change no share') FROM got_censored c
	JOIN got g ON g.touchpoint = c.touchpoint AND g.outcome = 'yes' AND g.credit = 'fork';
SELECT results_eq($$SELECT customers, visits, chaos_share, status FROM got_censored WHERE touchpoint = 'z'$$,
	$$VALUES (60::bigint, 60::bigint, NULL::float8, 'no_end')$$, 'R-SHARE-9 a touchpoint nobody with an outcome came by');
SELECT results_eq($$SELECT status FROM got_censored WHERE touchpoint IN ('(first touch)', 'a', '(unresolved)')$$,
	ARRAY['censored', 'censored', 'censored'], 'R-SHARE-6 more than a fifth is censored');

-- too little
SELECT ok(bool_and(status = 'too_few' AND chaos_share IS NULL) AND count(*) = 6, 'more folds than customers') FROM journey.chaos_share('loo', 'score', 'model', k => 201);
SELECT ok(bool_and(status = 'no_outcome' AND chaos_share IS NULL) AND count(*) = 6, 'nobody has an outcome')
	FROM journey.chaos_share('SELECT customer_id, ts, touchpoint, NULL::float8 AS y FROM loo', 'y', 'model');
SELECT ok(bool_and(status = 'one_class' AND chaos_share IS NULL), 'one class')
	FROM journey.chaos_share('SELECT customer_id, ts, touchpoint, false AS y FROM loo', 'y', 'model');
SELECT results_eq($$SELECT touchpoint, customers, status FROM journey.chaos_share('SELECT * FROM loo WHERE false', 'score', 'model')$$,
	$$VALUES ('(first touch)', 0::bigint, 'too_few'), ('(unresolved)', 0, 'too_few')$$, 'no customer');
SELECT throws_ok($$SELECT journey.chaos_share('loo', 'score', 'model', k => 1)$$, '22023', NULL, 'one fold');
SELECT throws_ok($$SELECT journey.chaos_share('loo', 'score', 'model', k => NULL)$$, '22004', NULL, 'no number of folds');

-- the same bits
CREATE TEMP TABLE many AS SELECT customer_id, ts, touchpoint, outcome FROM journey.simulate_events(2000, 4);
CREATE TEMP TABLE base AS SELECT * FROM journey.chaos_share('many', 'outcome', 'model', replicates => 20);
SELECT results_eq($$SELECT * FROM journey.chaos_share('SELECT * FROM many ORDER BY journey.hash64(customer_id, 3), ts DESC', 'outcome', 'model', replicates => 20)$$,
	'SELECT * FROM base', 'shuffled rows: the same bits');
SET LOCAL journey.memory_limit = '1MB';
SELECT results_eq($$SELECT * FROM journey.chaos_share('many', 'outcome', 'model', replicates => 20)$$, 'SELECT * FROM base', 'spilled: the same bits');
RESET journey.memory_limit;
SELECT isnt((SELECT array_agg(chaos_share) FROM journey.chaos_share('many', 'outcome', 'model', replicates => 20, seed => 1)),
	(SELECT array_agg(chaos_share) FROM base), 'another seed, other folds');
SELECT ok(max(abs(b.chaos_share - s.chaos_share)) < 0.02, 'but nearly the same shares') FROM base b JOIN journey.chaos_share('many', 'outcome', 'model', replicates => 0, seed => 1) s USING (touchpoint);
SELECT ok(abs(chaos_share - value) < 0.015, 'simulated journeys: first touch near the truth') FROM base, journey.simulate_truth() t
	WHERE touchpoint = '(first touch)' AND t.quantity = 'first_touch_share';

-- the effect of the first touch
SELECT results_eq($$SELECT n, categories, round(omega_squared::numeric, 12), p_value, status FROM journey.first_touch_effect('SELECT *, score > 120 AS yes FROM loo', 'yes')$$,
	$$VALUES (200::bigint, 4, 0.194602153331, 0.001::float8, 'memory_gap')$$, 'R-FT-1, R-FT-2 omega squared of another program');
SELECT ok(markov_share = s.chaos_share AND memory_gap = omega_squared - markov_share, 'R-FT-3 the share of the map, and the gap')
	FROM journey.first_touch_effect('loo', 'score'), journey.chaos_share('loo', 'score', replicates => 0) s WHERE touchpoint = '(first touch)';
SELECT ok(omega_squared < 0.02 AND p_value > 0.05 AND status = 'ok', 'no effect, no finding')
	FROM journey.first_touch_effect('SELECT *, journey.fold(customer_id, 2, 9) = 1 AS y FROM loo', 'y');
SELECT isnt((SELECT p_value FROM journey.first_touch_effect('SELECT *, journey.fold(customer_id, 2, 9) = 1 AS y FROM loo', 'y')),
	(SELECT p_value FROM journey.first_touch_effect('SELECT *, journey.fold(customer_id, 2, 9) = 1 AS y FROM loo', 'y', seed => 5)), 'another seed, other permutations');
SELECT results_eq($$SELECT * FROM journey.first_touch_effect('SELECT *, score > 120 AS yes FROM loo ORDER BY journey.hash64(customer_id, 3)', 'yes', 99)$$,
	$$SELECT * FROM journey.first_touch_effect('SELECT *, score > 120 AS yes FROM loo', 'yes', 99)$$, 'shuffled rows: the same bits');
SELECT results_eq($$SELECT n, categories, omega_squared, p_value, status FROM journey.first_touch_effect('SELECT customer_id, ts, ''a''::text AS touchpoint, score FROM loo', 'score')$$,
	$$VALUES (200::bigint, 1, NULL::float8, NULL::float8, 'one_category')$$, 'R-FT-4 one category');
SELECT results_eq($$SELECT n, categories, omega_squared, markov_share, status FROM journey.first_touch_effect('SELECT customer_id, ts, touchpoint, NULL::boolean AS y FROM loo', 'y')$$,
	$$VALUES (0::bigint, 0, NULL::float8, NULL::float8, 'no_outcome')$$, 'R-FT-4 no outcome');
SELECT results_eq($$SELECT n, status FROM journey.first_touch_effect('SELECT * FROM loo WHERE customer_id = 1', 'score')$$,
	$$VALUES (1::bigint, 'too_few')$$, 'R-FT-4 one customer');
SELECT results_eq($$SELECT n, categories, status FROM journey.first_touch_effect('SELECT customer_id, ts, touchpoint, true AS y FROM loo', 'y')$$,
	$$VALUES (200::bigint, 4, 'one_class')$$, 'R-FT-4 one class');
SELECT results_eq($$SELECT n, status FROM journey.first_touch_effect('SELECT * FROM loo WHERE customer_id < 41', 'score')$$,
	$$VALUES (40::bigint, 'low_n')$$, 'R-FT-4 low_n');
SELECT is((SELECT status FROM journey.first_touch_effect('censored', 'yes')), 'censored', 'R-FT-4 censored');
SELECT throws_ok($$SELECT journey.first_touch_effect('loo', 'score', 0)$$, '22023', NULL, 'no permutations');
SELECT throws_ok($$SELECT journey.first_touch_effect(NULL, 'score')$$, '22004', NULL, 'no source');
SELECT throws_ok($$SELECT journey.first_touch_effect('loo', 'score', seed => NULL)$$, '22004', NULL, 'no seed');
SELECT throws_ok($$SELECT journey.first_touch_effect('loo', 'nps')$$, '42703', NULL, 'a missing column');

SELECT * FROM finish();
ROLLBACK;
