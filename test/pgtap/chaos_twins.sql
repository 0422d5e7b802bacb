-- twin_divergence, twin_divergence_rate, feature_twins and recurring_patterns
-- through SQL: figures of an independent program, a chain whose divergence is
-- known, refusals, the same bits whatever the order of rows and the memory
-- limit.
BEGIN;
SELECT plan(60);

-- 400 customers by a formula (test/oracles/chaos_twins.py)
CREATE TEMP TABLE formula AS
SELECT c::bigint AS customer_id, '2024-01-01'::timestamptz + s * interval '1 hour' AS ts, (ARRAY['a', 'b', 'c', 'd'])[1 + touch] AS touchpoint,
	CASE WHEN (c + s) % 13 > 0 THEN first_value(touch) OVER w * 2 + (c * (s + 1)) % 10 END AS value,
	CASE WHEN c % 6 > 0 THEN c % 5 = 1 END AS bought, (ARRAY['a', 'b'])[1 + c % 2] AS kind
FROM generate_series(1, 400) c, LATERAL generate_series(0, c * 7 % 9) s, LATERAL (SELECT (c * (s + 3) + s * s * (c % 7) + c / 5) % 4 AS touch) t
WINDOW w AS (PARTITION BY c ORDER BY s);
CREATE TEMP TABLE oracle (name text, step integer, n_a bigint, n_b bigint, divergence float8, std_error float8, strata_used bigint);
INSERT INTO oracle VALUES
	('plain', 1, 160, 80, -0.0136291024798982, 0.0108301478954979, 1),
	('plain', 2, 160, 80, 0.593550050752329, 0.0556593139707338, 1),
	('plain', 3, 160, 80, 0.00451899729320915, 0.0145893609110718, 1),
	('plain', 4, 160, 80, 0.7254040034631, 0.0989756506417543, 1),
	('prefix', 1, 94, 90, -0.0272553336936069, 0.0296148711025876, 4),
	('prefix', 2, 94, 90, 0.300163530648767, 0.0502617658766433, 4),
	('prefix', 3, 94, 90, -0.0153648162652026, 0.0194968636971063, 4),
	('outcome', 1, 152, 75, -0.0140806508844153, 0.0117920164720263, 1),
	('outcome', 2, 152, 75, 0.667209782106959, 0.0434289098112809, 1),
	('outcome', 3, 152, 75, -0.0124313961922884, 0.0114221737503113, 1),
	('outcome', 4, 143, 71, 0.770232584317091, 0.0869531485198972, 1),
	('value', 1, 149, 74, 15.1926231646743, 2.65532684551513, 1),
	('value', 2, 148, 75, 22.3063908806766, 3.50550270458884, 1),
	('value', 3, 148, 74, 3.52194030198208, 1.38919774879978, 1),
	('strata', 1, 99, 90, -0.234064625286316, 0.21023957201886, 8),
	('strata', 2, 99, 93, -0.734739468529551, 0.533074577401902, 8);
CREATE TEMP TABLE got AS
	SELECT 'plain' AS name, * FROM journey.twin_divergence('formula', horizon => 4, permutations => 199)
	UNION ALL SELECT 'prefix', * FROM journey.twin_divergence('formula', 1, 3)
	UNION ALL SELECT 'outcome', * FROM journey.twin_divergence('formula', horizon => 4, outcome => 'bought')
	UNION ALL SELECT 'value', * FROM journey.twin_divergence('formula', horizon => 3, target => 'value')
	UNION ALL SELECT 'strata', * FROM journey.twin_divergence('formula', 1, 2, target => 'value', outcome => 'bought', strata => 'kind');
SELECT ok(count(*) = min(want) AND bool_and(g.n_a = o.n_a AND g.n_b = o.n_b AND g.strata_used = o.strata_used), name || ': customers and strata')
FROM got g JOIN oracle o USING (name, step), LATERAL (SELECT count(*) AS want FROM oracle x WHERE x.name = o.name) n GROUP BY name ORDER BY name;
SELECT ok(bool_and(abs(g.divergence - o.divergence) < 1e-12 * greatest(1, abs(o.divergence))), name || ': divergence')
FROM got g JOIN oracle o USING (name, step) GROUP BY name ORDER BY name;
SELECT ok(bool_and(abs(g.std_error - o.std_error) < 1e-12 * greatest(1, o.std_error)), name || ': standard errors')
FROM got g JOIN oracle o USING (name, step) GROUP BY name ORDER BY name;
SELECT ok(bool_and(p_value BETWEEN 0.001 AND 1 AND status = 'ok'), 'p-values are there') FROM got;
SELECT ok(bool_and(CASE step % 2 WHEN 0 THEN p_value = 0.005 ELSE p_value > 0.3 END), 'R-TWIN-6 199 permutations: p of a step against the largest of all')
FROM got WHERE name = 'plain';

-- the chain of the reference, from its states 1 and 3: .34 .0541 .00815 .00119
CREATE TEMP TABLE chain AS
WITH RECURSIVE w AS (
	SELECT c, 0 AS step, CASE c % 2 WHEN 0 THEN 1 ELSE 3 END AS s FROM generate_series(1, 3000) c
	UNION ALL
	SELECT c, step + 1, 1 + (SELECT count(*) FROM unnest((ARRAY[[.5, .8, .9], [.2, .6, .9], [.1, .3, .8], [.25, .5, .75]])[s:s][1:3]) x WHERE u >= x)::integer
	FROM w, LATERAL (SELECT 0.5 + journey.hash64((c * 100 + step)::bigint, 7) / 18446744073709551616.0::float8 AS u) d WHERE step < 5)
SELECT c::bigint AS customer_id, '2024-01-01'::timestamptz + step * interval '1 hour' AS ts, 's' || s AS touchpoint, c % 2 AS origin FROM w;
CREATE TEMP TABLE steps AS SELECT * FROM journey.twin_divergence('chain', horizon => 5, permutations => 199);
SELECT ok(bool_and(abs(divergence - exact) < 4 * std_error + 0.0005) AND count(*) = 4, 'divergence of the chain within 4 standard errors')
FROM steps JOIN (VALUES (1, .34), (2, .0541), (3, .00814925), (4, .00119365)) e(step, exact) USING (step);
CREATE TEMP TABLE rate AS SELECT * FROM journey.twin_divergence_rate('chain', horizon => 5, permutations => 199, replicates => 100);
SELECT ok(direction = 'heals' AND status = 'ok' AND rate BETWEEN -1.3 AND -0.7 AND conf_low < rate AND rate < conf_high AND first_step = 1 AND last_step >= 3,
	'the chain heals') FROM rate;
SELECT ok(abs(half_life + ln(2) / rate) < 1e-12, 'half-life') FROM rate;
SELECT is(p_value, 0.005::float8, 'p of the largest divergence') FROM rate;
SELECT ok(abs(rate - (SELECT regr_slope(ln(divergence) / 2, s.step) FROM steps s WHERE s.step BETWEEN first_step AND last_step)) < 1e-12,
	'R-TWIN-7 the slope over the steps it names') FROM rate;
SELECT results_eq($$SELECT * FROM journey.twin_divergence('SELECT * FROM chain ORDER BY journey.hash64(customer_id, 3), ts DESC', horizon => 5, permutations => 199)$$,
	'SELECT * FROM steps', 'shuffled rows: the same bits');
SET LOCAL journey.memory_limit = '1MB';
SELECT results_eq($$SELECT * FROM journey.twin_divergence_rate('chain', horizon => 5, permutations => 199, replicates => 100)$$,
	'SELECT * FROM rate', 'spilled: the same bits');
RESET journey.memory_limit;
SELECT isnt((SELECT conf_low FROM journey.twin_divergence_rate('chain', horizon => 5, permutations => 0, replicates => 100, seed => 1)), (SELECT conf_low FROM rate),
	'another seed, other replicates');
SELECT ok(p_value IS NULL AND conf_low IS NULL AND direction IS NULL AND half_life IS NULL AND rate = (SELECT rate FROM rate), 'no permutations, no p; no replicates, no direction')
FROM journey.twin_divergence_rate('chain', horizon => 5, permutations => 0, replicates => 0);
-- the origin forgotten: the first event says nothing about the others
SELECT ok(p_value > 0.05 AND status = 'no_divergence' AND rate IS NULL, 'no divergence where the first event means nothing')
FROM journey.twin_divergence_rate($$SELECT customer_id, ts, CASE WHEN ts = '2024-01-01' THEN 'x' || customer_id / 2 % 2 ELSE touchpoint END AS touchpoint FROM chain$$, horizon => 5, permutations => 199);

-- too little
SELECT results_eq($$SELECT DISTINCT status, divergence FROM journey.twin_divergence('SELECT * FROM chain WHERE false')$$, $$VALUES ('too_few', NULL::float8)$$, 'nobody');
SELECT results_eq($$SELECT DISTINCT status, divergence FROM journey.twin_divergence('SELECT * FROM chain WHERE customer_id = 1')$$, $$VALUES ('too_few', NULL::float8)$$, 'one customer');
SELECT results_eq($$SELECT DISTINCT status, p_value FROM journey.twin_divergence('SELECT * FROM chain WHERE origin = 0')$$, $$VALUES ('no_fork', NULL::float8)$$, 'all begin alike');
SELECT is((SELECT DISTINCT status FROM journey.twin_divergence('SELECT * FROM chain WHERE customer_id <= 20', horizon => 5)), 'low_n', 'few customers');
SELECT is((SELECT status FROM journey.twin_divergence_rate('chain', horizon => 2, permutations => 99)), 'too_short', 'two steps make no rate');

-- refusals
SELECT throws_ok($$SELECT * FROM journey.twin_divergence('chain', -1)$$, '22023', NULL, 'negative prefix');
SELECT throws_ok($$SELECT * FROM journey.twin_divergence('chain', horizon => 0)$$, '22023', NULL, 'no steps');
SELECT throws_ok($$SELECT * FROM journey.twin_divergence('chain', permutations => -1)$$, '22023', NULL, 'negative permutations');
SELECT throws_ok($$SELECT * FROM journey.twin_divergence(NULL)$$, '22004', NULL, 'no source');
SELECT throws_ok($$SELECT * FROM journey.twin_divergence('chain', target => 'nowhere')$$, '42703', NULL, 'no such column');
SELECT throws_like($$SELECT * FROM journey.twin_divergence('SELECT *, customer_id % 2 = ts::date - ''2024-01-01'' AS y FROM (SELECT customer_id, touchpoint, ts + interval ''21 hours'' AS ts FROM chain) c', outcome => 'y')$$,
	'%"y" contradicts itself%', 'two outcomes');
SELECT throws_ok($$SELECT * FROM journey.twin_divergence('SELECT customer_id, ts, touchpoint, 1e200 * (origin * 2 - 1) AS y FROM chain', target => 'y')$$, '22003', NULL, 'a square beyond float8');

-- feature_twins: the integer tent map, every pair looked at by the oracle
CREATE TEMP TABLE tent AS
WITH RECURSIVE w AS (
	SELECT c, 0 AS t, (123457 + c * c * 7919) % 1000003 AS x FROM generate_series(1::bigint, 400) c
	UNION ALL SELECT c, t + 1, CASE WHEN 2 * x < 1000003 THEN 2 * x ELSE 2 * (1000003 - x) END FROM w WHERE t < 7)
SELECT c AS customer_id, '2024-01-01'::timestamptz + t * interval '1 day' AS ts, x / 1000003::float8 AS value FROM w;
CREATE TEMP TABLE parted AS SELECT * FROM journey.feature_twins('tent', surrogates => 39);
SELECT ok(abs(slope - (-4.31903826609 + 5.70268088309) / 2) < 1e-10 AND abs(jump - (-5.70268088309 + 6.39234082804)) < 1e-10 AND abs(noise_excess - jump + slope) < 1e-14,
	'tent map: slope and jump') FROM parted;
SELECT ok(abs(slope_near - 0.69314718056) < 1e-9 AND abs(slope_far - 0.689159595416) < 1e-9 AND abs(prediction_error - 0.00725868076298) < 1e-12, 'thirds and prediction error') FROM parted;
SELECT ok(p_value = 0.025 AND null_median > 20 * prediction_error AND n = 400 AND verdict = 'deterministic divergence' AND status = 'ok', 'verdict') FROM parted;
SELECT ok(max(abs(mean_log_distance - want)) < 1e-10 AND count(*) = 7 AND min(n_pairs) = 400, 'the curve')
FROM journey.feature_twin_curve('tent') JOIN (VALUES (0, -6.39234082804), (1, -5.70268088309), (2, -5.00953370253), (3, -4.31903826609), (4, -3.63721673185), (5, -2.99048316488), (6, -2.36216267695)) w(step, want) USING (step);
SELECT results_eq($$SELECT * FROM journey.feature_twins('SELECT * FROM tent ORDER BY journey.hash64(customer_id, 5), value', surrogates => 39)$$, 'SELECT * FROM parted', 'shuffled rows: the same bits');
SELECT ok(verdict = 'consistent with linear noise' AND jump > 2 AND abs(slope) < 0.2 AND p_value > 0.05, 'numbers by hash are noise')
FROM journey.feature_twins('SELECT customer_id, ts, journey.hash64(customer_id, extract(day FROM ts)::bigint)::float8 AS value FROM tent');
SELECT is((SELECT array_agg(status ORDER BY i) FROM (VALUES (1, 'false'), (2, 'ts < timestamptz ''2024-01-04'''), (3, 'customer_id <= 200'), (4, 'customer_id <= 5')) v(i, condition),
	LATERAL journey.feature_twins('SELECT * FROM tent WHERE ' || condition, surrogates => 0)), '{too_few,too_short,low_n,too_few}'::text[], 'too little');
SELECT is((SELECT array_agg(status ORDER BY i) FROM (VALUES (1, '1'), (2, 'customer_id % 3')) v(i, expression),
	LATERAL journey.feature_twins('SELECT customer_id, ts, ' || expression || ' AS value FROM tent')), '{constant,discrete_data}'::text[], 'constant and discrete');
SELECT throws_like($$SELECT * FROM journey.feature_twins('SELECT customer_id, ts, CASE WHEN customer_id <> 1 OR ts > timestamptz ''2024-01-01'' THEN value END AS value FROM tent ORDER BY customer_id, ts')$$, 'column "value" is null in row 1 of the source', 'a gap');
SELECT throws_ok($$SELECT * FROM journey.feature_twins('SELECT customer_id, ts, ''NaN''::float8 AS value FROM tent')$$, '22003', NULL, 'not a number');
SELECT throws_ok($$SELECT * FROM journey.feature_twins('tent', dimension => 1)$$, '22023', NULL, 'one dimension');
SELECT throws_ok($$SELECT * FROM journey.feature_twin_curve('tent', horizon => 2)$$, '22023', NULL, 'two steps');

-- recurring_patterns: means of shuffles against all orders of every journey (oracle)
CREATE TEMP TABLE short AS SELECT * FROM formula WHERE customer_id * 7 % 9 <= 5;
CREATE TEMP TABLE recurring AS SELECT * FROM journey.recurring_patterns('short', 2, 499, 1, 0);
SELECT ok(count(*) = 5 AND bool_and(customers = seen) AND max(abs(customers / lift - mean)) < 0.8, 'customers, and means of shuffles')
FROM recurring JOIN (VALUES ('{a,c}'::text[], NULL, 75, 62.05), ('{a,c}', 1, 39, 49.533333), ('{b,d}', NULL, 56, 47.566667), ('{b,d}', 1, 25, 35.55), ('{c,c}', 1, 25, 38.733333)) w(pattern, gap, seen, mean)
	USING (pattern) WHERE max_gap IS NOT DISTINCT FROM gap;
SELECT ok(bool_and(CASE WHEN lift < 0.9 THEN p_value > 0.5 AND odds_ratio < 1 WHEN lift > 1 THEN odds_ratio > 1 ELSE true END AND conf_low <= odds_ratio AND odds_ratio <= conf_high AND p_value <= q_value AND q_value <= q_value_by
	AND heldout_p_value IS NULL AND cardinality(pattern) = 2 AND status = 'ok' AND (max_gap = 1 OR pattern[1] <> pattern[2])), 'figures of all patterns go together') FROM recurring;
CREATE TEMP TABLE held AS SELECT * FROM journey.recurring_patterns('chain', 3, 99, seed => 3);
SELECT ok(p_value = 0.01 AND heldout_p_value < 0.05 AND conf_low > 1, 'the chain stays where it is: found and confirmed') FROM held WHERE pattern = '{s1,s1}';
SELECT ok(min(customers) >= 20 AND max(cardinality(pattern)) = 3, 'one percent of those not held out') FROM held;
SELECT results_eq($$SELECT * FROM journey.recurring_patterns('SELECT * FROM chain ORDER BY touchpoint, ts', 3, 99, seed => 3)$$, 'SELECT * FROM held', 'shuffled rows: the same bits');
SELECT is_empty($$SELECT * FROM journey.recurring_patterns('SELECT * FROM chain WHERE customer_id < 20')$$, 'fewer customers than a pattern needs');
SELECT throws_ok($$SELECT * FROM journey.recurring_patterns('chain', 1)$$, '22023', NULL, 'runs of one');
SELECT throws_ok($$SELECT * FROM journey.recurring_patterns('chain', permutations => 0)$$, '22023', NULL, 'no shuffles');
SELECT throws_ok($$SELECT * FROM journey.recurring_patterns('chain', holdout => 1)$$, '22023', NULL, 'everybody held out');

SELECT * FROM finish();
ROLLBACK;
