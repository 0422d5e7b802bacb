-- Entropy, memory, predictability, healing, redirects and drift through SQL:
-- reference vectors, journeys by formula and public logs against
-- test/oracles/chaos_symbols.py, refusals, the same bits whatever the rows' order.
BEGIN;
SET LOCAL client_min_messages = warning;
\ir lib/close.psql
SELECT plan(82);

-- entropy_of
SELECT pg_temp.numbers_are($$SELECT array_agg(journey.entropy_of('{4,2,3,0,2,4,0,0,2,1,1}', e) * ln(2::float8) ORDER BY o) FROM unnest('{plug_in,miller_madow,chao_shen,grassberger}'::text[]) WITH ORDINALITY u(e, o)$$,
	'{1.9683824087,2.1525929350,2.2011371013,2.1446263860}', 'reference vector in nats', 1e-10);
SELECT pg_temp.numbers_are($$SELECT array_agg(journey.entropy_of('{4,2,1,1}', e) ORDER BY o) FROM unnest('{plug_in,miller_madow,chao_shen,grassberger}'::text[]) WITH ORDINALITY u(e, o)$$,
	'{1.75,2.0205053202,2.2771113427,2.1878052690}', 'reference vector in bits', 1e-10);
SELECT is(journey.entropy_of('{4,2,1,1}'), journey.entropy_of('{4,2,1,1}', 'grassberger'), 'Grassberger by default');
SELECT is(journey.entropy_of('{7,7}', 'plug_in'), 1::float8, 'a fair coin');
SELECT is(journey.entropy_of('{}'), NULL, 'no counts');
SELECT is(journey.entropy_of('{0,0}'), NULL, 'no observation');
SELECT is(journey.entropy_of(NULL), NULL, 'NULL');
SELECT ok(journey.entropy_of(ARRAY[9223372036854775807, 9223372036854775807], 'plug_in') = 1, 'the largest counts');
SELECT throws_ok($$SELECT journey.entropy_of('{1,NULL,3}')$$, '22004', 'element 2 of array "counts" is null', 'an element that is NULL');
SELECT throws_ok($$SELECT journey.entropy_of('{1,2,-3}')$$, '22023', 'element 3 of array "counts" is -3, it must not be negative', 'a negative count');
SELECT throws_ok($$SELECT journey.entropy_of('{1,2}', 'shannon')$$, '22023', 'argument "estimator" is "shannon"', 'another estimator');
SELECT throws_ok($$SELECT journey.entropy_of('{{1,2},{3,4}}')$$, '2202E', NULL, 'two dimensions');

-- journeys by formula
CREATE TEMP TABLE j AS
SELECT c::bigint AS customer_id, '2024-01-01'::timestamptz + s * interval '1 hour' AS ts,
	chr(97 + (c * (s + 3) + s * s * (c % 7)) % 4) AS touchpoint
FROM generate_series(1, 300) c, LATERAL generate_series(0, 1 + c * 7 % 9) s;
SELECT pg_temp.numbers_are(format($$SELECT ARRAY[entropy_rate, plug_in, excess_entropy, n] FROM journey.entropy_rate('j', %L)$$, e),
	ARRAY[r, 1.990526501075, x, 1503], 'entropy rate and excess entropy: ' || e, 1e-10)
FROM (VALUES ('plug_in', 1.990526501075, 3.066342641832), ('miller_madow', 1.996285762715, 3.060357174778),
	('chao_shen', 1.990526501075, 3.066342640775), ('grassberger', 1.995323443240, 3.059025391851)) v(e, r, x);
SELECT pg_temp.text_is($$SELECT status FROM journey.entropy_rate('j')$$, 'ok', 'entropy rate: ok');
SELECT pg_temp.numbers_are($$SELECT ARRAY[entropy_rate, achieved * 1503, majority * 1503] FROM journey.predictability('j', 300)$$,
	'{1.995323443240,188,336}', 'predictability, every customer by the others', 1e-10);
SELECT pg_temp.holds($$SELECT abs(-bound * log(2, bound::numeric)::float8 - (1 - bound) * log(2, (1 - bound)::numeric)::float8 + (1 - bound) * log(2, 3::numeric)::float8 - entropy_rate) < 1e-9 FROM journey.predictability('j')$$,
	'the bound solves Fano''s equation');
SELECT pg_temp.numbers_are($$SELECT ARRAY[dobrushin, second_eigenvalue, half_life_steps, expected_steps, quasi_stationary_rate, active_eigenvalue] FROM journey.damage('j')$$,
	ARRAY[.051177316058, .039844529798, .215078068759, 6.01, .833533920220, .039844529798 / .833533920220], 'healing', 1e-9);

-- memory
CREATE TEMP TABLE three AS
WITH RECURSIVE plain AS (
	SELECT c, array_agg((c * (s + 3) + s * s * (c % 7)) % 3 ORDER BY s) AS path
	FROM generate_series(1, 120) c, LATERAL generate_series(0, 4 + c % 7) s GROUP BY c),
twisted AS (
	SELECT c, 2 AS s, path FROM plain
	UNION ALL
	SELECT c, s + 1, CASE WHEN (c + s) % 4 <> 0 THEN path[:s] || (path[s] + path[s - 1]) % 3 || path[s + 2:] ELSE path END
	FROM twisted WHERE s < cardinality(path))
SELECT c::bigint AS customer_id, '2024-01-01'::timestamptz + o * interval '1 hour' AS ts, chr((97 + e)::integer) AS touchpoint
FROM twisted, unnest(path) WITH ORDINALITY u(e, o) WHERE s = cardinality(path);
SELECT pg_temp.numbers_are($$SELECT array_agg(x ORDER BY memory, o) FROM journey.markov_order('three', k => 120),
		LATERAL unnest(ARRAY[parameters, log_loss, std_error, aic, bic]) WITH ORDINALITY u(x, o)$$,
	'{2,1.048178525084,0.020523079404,1250.955484051,1259.742665559,6,1.001532650713,0.033740820442,1197.705015163,1224.066559687,18,0.501170519485,0.031476410323,597.366216142,676.450849713,54,0.466168237183,0.029517491146,614.472395938,851.726296652}',
	'memory, every customer by the others', 1e-9);
SELECT is((SELECT array_agg(memory) FROM journey.markov_order('three', k => 120) WHERE chosen), '{3}', 'one is chosen');
SELECT pg_temp.holds($$SELECT m.memory = min(o.memory) FROM journey.markov_order('j', k => 7) m,
	(SELECT * FROM journey.markov_order('j', k => 7)) o, (SELECT log_loss + std_error AS bar FROM journey.markov_order('j', k => 7) ORDER BY log_loss LIMIT 1) b
	WHERE m.chosen AND o.log_loss <= bar GROUP BY m.memory$$, 'R-MEM-4 the lowest within one error of the best');
SELECT results_eq($$SELECT memory, parameters, status, log_loss IS NULL FROM journey.markov_order('SELECT * FROM j WHERE customer_id <= 80', 4)$$,
	$$VALUES (0, 3::float8, 'ok', false), (1, 12, 'ok', false), (2, 48, 'ok', false), (3, 192, 'refused', true), (4, 768, 'refused', true)$$, 'R-MEM-1 refused');
SELECT isnt((SELECT array_agg(log_loss) FROM journey.markov_order('j', seed => 1)), (SELECT array_agg(log_loss) FROM journey.markov_order('j')), 'another seed, other folds');

-- redirect
CREATE TEMP TABLE jy AS
SELECT j.*, (customer_id * customer_id + ascii(last_value(touchpoint) OVER w) - 97) % 3 = 0 AS y FROM j
WINDOW w AS (PARTITION BY customer_id ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);
SELECT pg_temp.numbers_are($$SELECT ARRAY[change, derivative] FROM journey.redirect('jy', 'y', 'b', 'a', 'c', .05)$$,
	'{0.004329753072,0.086620068291}', 'redirect between touchpoints', 1e-9);
SELECT pg_temp.numbers_are($$SELECT ARRAY[change, derivative] FROM journey.redirect('jy', 'y', 'b', '(end)', 'c', .05)$$,
	'{0.032539221795,0.610328427094}', 'redirect of those who leave', 1e-9);
SELECT pg_temp.holds($$SELECT abs(a.change - 250 * b.change) < 1e-12 FROM journey.redirect('SELECT customer_id, ts, touchpoint, 250 * y::int + 1000 AS v FROM jy', 'v', 'b', 'a', 'c', .05) a, journey.redirect('jy', 'y', 'b', 'a', 'c', .05) b$$,
	'in the unit of the outcome');
SELECT is((SELECT change FROM journey.redirect('jy', 'y', 'b', 'a', 'c', 0)), 0::float8, 'nothing moved, nothing changed');
SELECT throws_like($$SELECT journey.redirect('jy', 'y', 'b', 'a', 'c', .9)$$, 'argument "amount" is 0.9, but only 0.% of the visits to "b" go on to "a"', 'more than there is');
SELECT throws_ok($$SELECT journey.redirect('jy', 'y', 'b', 'a', 'c', -.1)$$, '22023', NULL, 'less than nothing');
SELECT throws_ok($$SELECT journey.redirect('jy', 'y', 'b', 'a', 'c', 'NaN')$$, '22023', NULL, 'no number');
SELECT throws_ok($$SELECT journey.redirect('jy', 'y', 'x', 'a', 'c', .1)$$, '22023', 'argument "touchpoint" is "x", which is no touchpoint of the source', 'an unknown touchpoint');
SELECT throws_ok($$SELECT journey.redirect('jy', 'y', '(end)', 'a', 'c', .1)$$, '22023', NULL, 'nothing leaves the end');
SELECT throws_ok($$SELECT journey.redirect('jy', 'y', 'b', 'a', NULL, .1)$$, '22004', NULL, 'NULL');
SELECT is((SELECT status FROM journey.redirect('SELECT * FROM jy WHERE false', 'y', 'b', 'a', 'c', .05)), 'too_few', 'no journey');
SELECT is((SELECT status FROM journey.redirect('SELECT customer_id, ts, touchpoint, true AS y FROM jy', 'y', 'b', 'a', 'c', .05)), 'one_class', 'one outcome');
SELECT is((SELECT status FROM journey.redirect('SELECT customer_id, ts, touchpoint, NULL::boolean AS y FROM jy', 'y', 'b', 'a', 'c', .05)), 'no_outcome', 'no outcome');
SELECT is((SELECT status FROM journey.redirect('SELECT * FROM jy WHERE customer_id <= 30', 'y', 'b', 'a', 'c', .05)), 'low_n', 'few customers');

-- store vector A from journeys: n * expected counts, walked exactly
CREATE TEMP TABLE store (i integer, j integer, p float8);
INSERT INTO store VALUES (1,1,.1),(1,2,.5),(1,3,.2),(2,1,.1),(2,2,.2),(2,3,.3),(2,4,.1),(3,2,.2),(3,3,.2),(3,4,.3),(4,2,.1),(4,3,.2),(4,4,.1);
CREATE TEMP TABLE walk AS
WITH RECURSIVE first AS (
	SELECT c, CASE WHEN u < .6 THEN 1 WHEN u < .8 THEN 2 WHEN u < .95 THEN 3 ELSE 4 END AS i
	FROM (SELECT c, ((journey.hash64(c, 0) >> 11) & 4503599627370495) / 4503599627370496.0::float8 AS u FROM generate_series(1::bigint, 20000) c) s),
w AS (
	SELECT c, 0 AS s, i FROM first
	UNION ALL
	SELECT w.c, w.s + 1, (SELECT t.j FROM (SELECT j, sum(p) OVER (ORDER BY j) AS upto FROM store WHERE store.i = w.i) t
		WHERE ((journey.hash64(w.c, w.s + 1) >> 11) & 4503599627370495) / 4503599627370496.0::float8 < t.upto ORDER BY j LIMIT 1)
	FROM w WHERE w.i IS NOT NULL AND w.s < 60)
SELECT c AS customer_id, '2024-01-01'::timestamptz + s * interval '1 hour' AS ts, (ARRAY['ad', 'store', 'call', 'refund'])[i] AS touchpoint FROM w WHERE i IS NOT NULL;
SELECT pg_temp.holds($$SELECT abs(expected_steps - 3.1323) < .05 AND abs(quasi_stationary_rate - .6252) < .01 AND abs(second_eigenvalue - .2024) < .02 AND status = 'ok' FROM journey.damage('walk')$$,
	'20,000 customers of store vector A');
SELECT pg_temp.holds($$SELECT abs(expected_steps - (SELECT count(*)::float8 / count(DISTINCT customer_id) FROM walk)) < 1e-12 FROM journey.damage('walk')$$,
	'R-DAM-3 the mean number of events');
SELECT is((SELECT memory FROM journey.markov_order('walk', 2) WHERE chosen), 1, 'a chain of order 1 is chosen as one');

-- drift
SELECT pg_temp.numbers_are($$SELECT array_agg(statistic ORDER BY touchpoint) FROM journey.map_drift('SELECT * FROM j WHERE customer_id <= 150', 'SELECT * FROM j WHERE customer_id > 150')$$,
	'{1.663259948251,0.314001689278,3.686716948615,1.007241479652}', 'G of every row', 1e-9);
SELECT results_eq($$SELECT touchpoint, reference, "current", status FROM journey.map_drift('SELECT * FROM j WHERE customer_id <= 150', 'SELECT * FROM j WHERE customer_id > 150', 9)$$,
	$$VALUES ('a', 192::bigint, 206::bigint, 'ok'), ('b', 190, 185, 'ok'), ('c', 204, 197, 'ok'), ('d', 170, 159, 'ok')$$, 'what was counted');
SELECT pg_temp.holds($$SELECT bool_and(p_value > .05 AND q_value >= p_value) FROM journey.map_drift('SELECT * FROM walk WHERE customer_id <= 1000', 'SELECT * FROM walk WHERE customer_id BETWEEN 5000 AND 6000')$$,
	'two samples of one map: no drift');
SELECT pg_temp.holds($$SELECT bool_and((touchpoint = 'call') = (q_value < .05)) AND count(*) = 4 FROM journey.map_drift('SELECT * FROM walk WHERE customer_id <= 1000',
	'SELECT customer_id, ts, CASE WHEN lag(touchpoint) OVER w = ''call'' AND touchpoint = ''refund'' AND customer_id % 2 = 0 THEN ''store'' ELSE touchpoint END AS touchpoint FROM walk WHERE customer_id BETWEEN 5000 AND 6000 WINDOW w AS (PARTITION BY customer_id ORDER BY ts)')$$,
	'half of the refunds after a call gone elsewhere: drift at call alone');
SELECT results_eq($$SELECT touchpoint, status, p_value IS NULL FROM journey.map_drift('SELECT * FROM j WHERE touchpoint <= ''b''', 'SELECT customer_id, ts, CASE touchpoint WHEN ''b'' THEN ''x'' ELSE touchpoint END AS touchpoint FROM j WHERE touchpoint < ''d''', 9)$$,
	$$VALUES ('a', 'ok', false), ('b', 'one_window', true), ('c', 'one_window', true), ('x', 'one_window', true)$$, 'touchpoints of one window only');
SELECT is_empty($$SELECT * FROM journey.map_drift('SELECT * FROM j WHERE false', 'SELECT * FROM j WHERE false')$$, 'no events');
SELECT pg_temp.holds($$SELECT bool_and(p_value IS NULL AND status = 'one_window') FROM journey.map_drift('j', 'SELECT * FROM j WHERE false')$$, 'an empty window');
SELECT pg_temp.holds($$SELECT bool_and(statistic < 1e-9 AND p_value = 1) FROM journey.map_drift('j', 'j', 19)$$, 'the same window twice');
SELECT throws_ok($$SELECT journey.map_drift('j', 'j', 0)$$, '22023', NULL, 'no permutations');
SELECT throws_ok($$SELECT journey.map_drift('j', NULL)$$, '22004', NULL, 'one window');

-- too little
SELECT is((SELECT (entropy_rate, plug_in, excess_entropy, n, status)::text FROM journey.entropy_rate('SELECT * FROM j WHERE false')), '(,,,0,too_few)', 'no event');
SELECT is((SELECT (entropy_rate, n, status)::text FROM journey.entropy_rate('SELECT DISTINCT ON (customer_id) * FROM j ORDER BY customer_id, ts')), '(,0,too_few)', 'single events');
SELECT is((SELECT status FROM journey.entropy_rate('SELECT * FROM j WHERE customer_id <= 40')), 'low_n', '40 customers');
SELECT is((SELECT status || coalesce(excess_entropy::text, ' none') FROM journey.entropy_rate('SELECT customer_id, ts, touchpoint || customer_id % 40 AS touchpoint FROM j')), 'sparse none', 'more touchpoints than pairs of events could fill');
SELECT is((SELECT (entropy_rate, excess_entropy, status)::text FROM journey.entropy_rate('SELECT customer_id, ts, ''a'' AS touchpoint FROM j', 'plug_in')), '(0,0,ok)', 'one touchpoint: no entropy');
SELECT pg_temp.holds($$SELECT entropy_rate = 0 AND abs(excess_entropy - 1) < .01 FROM journey.entropy_rate('SELECT c AS customer_id, ''2024-01-01''::timestamptz + s * interval ''1 day'' AS ts, CASE (c + s) % 2 WHEN 0 THEN ''a'' ELSE ''b'' END AS touchpoint FROM generate_series(1, 60) c, generate_series(1, 30) s', 'plug_in')$$,
	'period 2: the past tells one bit');
SELECT is((SELECT status FROM journey.predictability('SELECT * FROM j WHERE customer_id = 8')), 'too_few', 'one customer');
SELECT is((SELECT (bound, achieved, majority, status)::text FROM journey.predictability('SELECT * FROM j WHERE false')), '(,,,too_few)', 'nothing to foretell');
SELECT is((SELECT (dobrushin, second_eigenvalue, half_life_steps, expected_steps, status)::text FROM journey.damage('SELECT * FROM j WHERE false')), '(,,,,too_few)', 'no map');
SELECT pg_temp.holds($$SELECT dobrushin = 0 AND second_eigenvalue IS NULL AND half_life_steps IS NULL AND abs(expected_steps - 6) < 1e-12 AND abs(quasi_stationary_rate - 5 / 6.0) < 1e-15 AND status = 'low_n' FROM journey.damage('SELECT customer_id, ts, ''a'' AS touchpoint FROM j WHERE customer_id <= 9')$$,
	'one touchpoint, few customers');
SELECT pg_temp.holds($$SELECT quasi_stationary_rate = 0 AND second_eigenvalue = 0 AND half_life_steps = 0 AND active_eigenvalue IS NULL FROM journey.damage('SELECT DISTINCT ON (customer_id, touchpoint) * FROM (SELECT customer_id, ''2024-01-01''::timestamptz + ascii(touchpoint) * interval ''1 day'' AS ts, touchpoint FROM j) s')$$,
	'journeys that never come back: exact zeros');
SELECT is((SELECT status FROM journey.damage('SELECT * FROM j UNION ALL SELECT 8, ''2025-01-01'', ''once''')), 'sparse', 'a touchpoint seen once');
SELECT results_eq($$SELECT memory, status, chosen FROM journey.markov_order('SELECT * FROM j WHERE customer_id = 8', 1)$$, $$VALUES (0, 'refused', false), (1, 'refused', false)$$, 'one short journey');
SELECT results_eq($$SELECT memory, status, chosen FROM journey.markov_order('SELECT 1 AS customer_id, ts + customer_id * interval ''1 year'' AS ts, touchpoint FROM j', 1)$$, $$VALUES (0, 'too_few', false), (1, 'too_few', false)$$, 'one customer has no others');

-- refusals
SELECT throws_ok($$SELECT journey.entropy_rate('j', 'shannon')$$, '22023', NULL, 'another estimator');
SELECT throws_ok($$SELECT journey.entropy_rate(NULL)$$, '22004', NULL, 'no source');
SELECT throws_ok($$SELECT journey.predictability('j', 1)$$, '22023', NULL, 'one fold');
SELECT throws_ok($$SELECT journey.markov_order('j', -1)$$, '22023', NULL, 'a negative order');
SELECT throws_ok($$SELECT journey.markov_order('j', 3, 10, NULL)$$, '22004', NULL, 'no seed');
SELECT throws_ok($$SELECT journey.damage('SELECT customer_id, ts FROM j')$$, '42703', NULL, 'a missing column');
SELECT throws_ok($$SELECT journey.damage('SELECT g AS customer_id, now() AS ts, g::text AS touchpoint FROM generate_series(1, 501) g')$$, '54000', 'source has 501 touchpoints, the limit of a journey map is 500', 'too many touchpoints');

-- the same bits whatever the order of rows, the key's integer type and memory
CREATE TEMP VIEW answers AS
SELECT 1 AS q, e::text AS a FROM journey.entropy_rate('three') e UNION ALL SELECT 2, e::text FROM journey.predictability('three') e
UNION ALL SELECT 3, e::text FROM journey.markov_order('three') e UNION ALL SELECT 4, e::text FROM journey.damage('three') e
UNION ALL SELECT 5, e::text FROM journey.map_drift('three', 'SELECT * FROM three WHERE customer_id < 70', 99) e;
CREATE TEMP TABLE before AS SELECT * FROM answers;
CREATE TEMP TABLE shuffled AS SELECT customer_id::integer, ts, touchpoint FROM three ORDER BY journey.hash64(customer_id, 5), ts DESC;
ALTER TABLE three RENAME TO kept;
ALTER TABLE shuffled RENAME TO three;
SELECT bag_eq('SELECT * FROM answers', 'SELECT * FROM before', 'shuffled rows, another integer type: the same bits');
SET LOCAL journey.memory_limit = '1MB';
SELECT bag_eq('SELECT * FROM answers', 'SELECT * FROM before', 'little memory: the same bits');
RESET journey.memory_limit;

-- public logs
\set helpdesk :shared '/data/helpdesk/helpdesk.csv.xz'
\setenv HELPDESK :helpdesk
\set ecom :shared '/data/ecom_clickstream/ecom.csv.xz'
\setenv ECOM :ecom
\set there `[ -r "$HELPDESK" ] && [ -r "$ECOM" ] && command -v xz >/dev/null && echo true || echo false`
CREATE TEMP TABLE helpdesk (event_id bigint GENERATED ALWAYS AS IDENTITY, customer_id text, touchpoint text, ts timestamptz,
	r text, s text, c text, p text, rs text, s2 text, sl text, st text, ss text, w text);
CREATE TEMP TABLE ecom (event_id integer GENERATED ALWAYS AS IDENTITY, customer_id text, session_id text, touchpoint text, ts timestamptz, platform text, channel text, cohort text, life text);
\if :there
\copy helpdesk (customer_id, touchpoint, ts, r, s, c, p, rs, s2, sl, st, ss, w) FROM PROGRAM 'xz -dc "$HELPDESK"' (FORMAT csv, HEADER)
\copy ecom (customer_id, session_id, touchpoint, ts, platform, channel, cohort, life) FROM PROGRAM 'xz -dc "$ECOM"' (FORMAT csv, HEADER)
SELECT pg_temp.numbers_are($$SELECT ARRAY[plug_in, entropy_rate, n] FROM journey.entropy_rate('helpdesk')$$, '{0.883925478053,0.886785670311,16768}', 'help desk: entropy rate', 1e-10);
SELECT pg_temp.numbers_are($$SELECT ARRAY[dobrushin, second_eigenvalue, expected_steps, quasi_stationary_rate] FROM journey.damage('helpdesk')$$, '{1,0.380037913368,4.661135371179,0.431359448114}', 'help desk: healing', 1e-9);
SELECT pg_temp.numbers_are($$SELECT array_agg(x ORDER BY memory, o) FROM journey.markov_order('helpdesk'), LATERAL unnest(ARRAY[aic, bic]) WITH ORDINALITY u(x, o) WHERE status = 'ok'$$,
	'{32508.484531,32604.791223,15572.064291,16920.357991,19801.195006,38677.306799}', 'help desk: AIC and BIC', 1e-9);
SELECT pg_temp.numbers_are($$SELECT ARRAY[plug_in, entropy_rate, n] FROM journey.entropy_rate('ecom')$$, '{3.238559590790,3.246655662701,30506}', 'clicks: entropy rate', 1e-10);
SELECT pg_temp.numbers_are($$SELECT ARRAY[dobrushin, second_eigenvalue, expected_steps, quasi_stationary_rate] FROM journey.damage('ecom')$$, '{0.642913567244,0.402429230875,51.843333333333,0.980584320431}', 'clicks: healing', 1e-9);
SELECT pg_temp.holds($$SELECT majority < achieved AND achieved < bound AND status = 'ok' FROM journey.predictability('helpdesk')$$, 'help desk: between baseline and ceiling');
SELECT pg_temp.holds($$SELECT majority < achieved AND achieved < bound AND status = 'ok' FROM journey.predictability('ecom')$$, 'clicks: between baseline and ceiling');
\else
SELECT skip('shared data absent', 7);
\endif
SELECT * FROM finish();
ROLLBACK;
