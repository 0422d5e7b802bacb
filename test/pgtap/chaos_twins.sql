-- twin_divergence and twin_divergence_rate through SQL: figures of an
-- independent program, a chain whose divergence is known, refusals, the same
-- bits whatever the order of rows and the memory limit.
BEGIN;
SELECT plan(39);

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

SELECT * FROM finish();
ROLLBACK;
