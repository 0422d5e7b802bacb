-- confidence_sequence, betting_sequence, betting_e_value, page_hinkley: numbers
-- of test/oracles/sequences.py, plans and orders, and every argument that makes
-- no sense.
BEGIN;
SET LOCAL client_min_messages = warning;
\ir lib/close.psql
SELECT plan(120);
SET LOCAL jit = off;

-- the generator of the references, and its cubes
CREATE TABLE u AS WITH RECURSIVE g(i, z) AS (
	SELECT 1, (1103515245::bigint * 42 + 12345) % 2147483648
	UNION ALL SELECT i + 1, (1103515245::bigint * z + 12345) % 2147483648 FROM g WHERE i < 5000)
SELECT i, z / 2147483648.0::float8 AS u, (z / 2147483648.0::float8) ^ 3 AS x FROM g;
ANALYZE u;
CREATE FUNCTION pg_temp.numbers(e journey.estimate) RETURNS float8[] LANGUAGE sql
RETURN ARRAY[e.estimate, e.std_error, e.conf_low, e.conf_high, e.n];

-- confidence_sequence
SELECT pg_temp.numbers_are(format('SELECT pg_temp.numbers(journey.confidence_sequence(x, 1200)) FROM u WHERE i <= %s', n), w, 'cubes, ' || n) FROM (VALUES
	(2, '{0.168955558963,0.0284945383048,-0.4124687017,0.750379819626,2}'::float8[]),
	(50, '{0.244341014135,0.0388734327455,0.0557760697879,0.432905958482,50}'),
	(1000, '{0.260283211492,0.00925956736225,0.232169947042,0.288396475942,1000}'),
	(5000, '{0.251614415109,0.00402480172812,0.238962776462,0.264266053755,5000}')) v(n, w);
SELECT pg_temp.numbers_are(format('SELECT ARRAY[half_width, conf_high - 7, 7 - conf_low] FROM journey.confidence_sequence_bounds(%s, 7, %s, %s, %s)', n, n - 1, planned, alpha),
	ARRAY[w, w, w], format('half-width of the reference at %s, planned %s, alpha %s', n, planned, alpha), 3e-9) FROM (VALUES
	(100, 1000, .05, 0.3763256346::float8), (1000, 1000, .05, 0.0959892433), (10000, 1000, .05, 0.0325536012),
	(500, 5000, .01, 0.1901443321), (5000, 5000, .01, 0.0505129296), (50000, 5000, .01, 0.0168250170)) v(n, planned, alpha, w);
SELECT pg_temp.holds($$SELECT ROW((s.s).conf_low, (s.s).conf_high)::text = ROW(b.conf_low, b.conf_high)::text OR (abs((s.s).conf_low / b.conf_low - 1) < 1e-12 AND abs((s.s).conf_high / b.conf_high - 1) < 1e-12)
	FROM (SELECT journey.confidence_sequence(x, 900, 0.01) AS s, avg(x) AS m, var_pop(x) * count(*) AS m2, count(*) AS n FROM u) s,
	journey.confidence_sequence_bounds(n, m, m2, 900, 0.01) b$$, 'moments that were kept give the same interval');
SELECT pg_temp.holds($$SELECT journey.confidence_sequence(x, 700) = journey.confidence_sequence(x, 700, 0.05) AND (journey.confidence_sequence(x, 700)).method = 'confidence_sequence' FROM u$$, 'alpha is 0.05 unless said');
SELECT pg_temp.numbers_are($$SELECT ARRAY[ln(journey.confidence_sequence_e_value(1000, 0.260283211492, 85.6538481484, 1200, 0.24))]$$, '{1.05152872025}', 'an e-value', 1e-9);
SELECT pg_temp.holds($$SELECT bool_and((e >= 1 / alpha) = (v <= conf_low OR v >= conf_high)) AND count(*) = 1200 FROM
	generate_series(1, 300) g, (VALUES (0.05), (0.001)) a(alpha), (VALUES (20), (4000)) k(n),
	LATERAL (SELECT 3 + (g - 150.5) / 60 / sqrt(n) * 5 AS v) q,
	journey.confidence_sequence_bounds(n, 3, 4 * (n - 1), 500, alpha) b,
	journey.confidence_sequence_e_value(n, 3, 4 * (n - 1), 500, v, alpha) e$$, 'R-SEQ-1 e is below 1/alpha inside, and only there');
SELECT pg_temp.holds($$SELECT conf_low = 1.797e308 AND half_width BETWEEN 1e153 AND 1e165 FROM journey.confidence_sequence_bounds(5, 1.797e308, 1.7e308, 9000000000000000000, 1e-300)$$, 'the largest numbers do not overflow');
SELECT pg_temp.holds($$SELECT journey.confidence_sequence_e_value(1000000, 1000, 1, 500) = 1e300$$, 'R-SEQ-5 beyond all doubt');
SELECT pg_temp.text_is($$SELECT journey.confidence_sequence(x, 10)::text FROM (VALUES (4), (NULL)) v(x)$$, '(4,,,,1,too_few)', 'R-SEQ-4 one row');
SELECT pg_temp.text_is($$SELECT journey.confidence_sequence(4, 10)::text FROM u$$, '(4,,,,5000,no_spread)', 'R-SEQ-4 no spread');
SELECT pg_temp.holds($$SELECT journey.confidence_sequence(NULL, 10) IS NULL AND journey.confidence_sequence(NULL, -1, 7) IS NULL FROM u$$, 'R-PGS-2 nothing but NULL');
SELECT pg_temp.holds($$SELECT journey.confidence_sequence(x, 10) IS NULL FROM u WHERE false$$, 'no rows');
SELECT pg_temp.text_is($$SELECT string_agg(b::text, ' ') FROM (VALUES (0, 5), (1, 0), (9, 0)) v(n, m2), journey.confidence_sequence_bounds(n, 1, m2, 10) b$$, '(,,) (,,) (,,)', 'moments without a spread');
SELECT pg_temp.holds($$SELECT journey.confidence_sequence_e_value(1, 1, 5, 10) IS NULL AND journey.confidence_sequence_e_value(9, 1, 0, 10) IS NULL AND journey.confidence_sequence_e_value(9, NULL, 5, 10) IS NULL$$, 'nor an e-value');
SELECT pg_temp.holds($$SELECT abs((s).std_error * sqrt(5000) / 0.288675 - 1) < 0.02 AND abs((s).estimate - 1e9 - 0.5) < 0.02 FROM (SELECT journey.confidence_sequence(1e9 + u, 1000) AS s FROM u) s$$, 'an offset of 1e9 costs nothing');

-- plans and orders
CREATE TABLE many AS SELECT i, 1e9 + sin(i) AS x FROM generate_series(1::bigint, 30000) i;
ANALYZE many;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS
$$DECLARE line text; t text := ''; BEGIN FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP t := t || line; END LOOP; RETURN t; END$$;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE serial AS SELECT pg_temp.numbers(journey.confidence_sequence(x, 1000)) AS numbers FROM many;
SELECT pg_temp.numbers_are('SELECT pg_temp.numbers(journey.confidence_sequence(x, 1000)) FROM (SELECT x FROM many ORDER BY journey.hash64(i)) s', numbers, 'the order of rows does not matter', 1e-12) FROM serial;
SET LOCAL max_parallel_workers_per_gather = 4;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT ok(pg_temp.plan_of('SELECT journey.confidence_sequence(x, 1000) FROM many') LIKE '%Partial Aggregate%', 'confidence_sequence runs in parallel');
SELECT pg_temp.numbers_are('SELECT pg_temp.numbers(journey.confidence_sequence(x, 1000)) FROM many', numbers, 'a parallel plan', 1e-12) FROM serial;
SELECT pg_temp.refused('SELECT journey.confidence_sequence(x, 1000 + i / 20000) FROM many', '{22023}', 'planned is 1000 and 1001 in different rows', 'plans that differ between workers');
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT pg_temp.holds($$SELECT bool_and(w = a) AND count(*) = 5000 FROM (SELECT i, journey.confidence_sequence(x, 1000) OVER (ORDER BY i) AS w FROM u) s,
	LATERAL (SELECT CASE WHEN i % 1000 <> 3 THEN w ELSE (SELECT journey.confidence_sequence(x, 1000) FROM (SELECT x FROM u v WHERE v.i <= s.i ORDER BY v.i) o) END AS a) a$$, 'as a window function: the sequence over time');
SELECT pg_temp.holds($$SELECT count(*) = 7 AND bool_and((s).n > 700) FROM (SELECT journey.confidence_sequence(x, 1000) AS s FROM u GROUP BY i % 7) g$$, 'grouped');

-- refusals
SELECT pg_temp.refused('SELECT ' || call || ' FROM u WHERE i < 10', codes, pattern, call) FROM (VALUES
	('journey.confidence_sequence(''NaN'', 10)', '{22003}'::text[], 'x is NaN'),
	('journey.confidence_sequence(''-Infinity'', 10)', '{22003}', 'x is -Infinity'),
	('journey.confidence_sequence((-1) ^ i * 1e308, 10)', '{22003}', 'out of range'),
	('journey.confidence_sequence((-1) ^ i * 1e154 * 2, 10)', '{22003}', 'out of range'),
	('journey.confidence_sequence(x, NULL)', '{22004}', 'planned must not be null'),
	('journey.confidence_sequence(x, 10, NULL)', '{22004}', 'alpha must not be null'),
	('journey.confidence_sequence(x, 0)', '{22023}', 'planned is 0'),
	('journey.confidence_sequence(x, 10, 0)', '{22023}', 'alpha is 0, it must be above 0 and at most 0.5'),
	('journey.confidence_sequence(x, 10, 0.6)', '{22023}', 'alpha is 0.6'),
	('journey.confidence_sequence(x, 10, ''NaN'')', '{22003}', 'alpha is NaN'),
	('journey.confidence_sequence(x, i)', '{22023}', 'planned is 1 and 2 in different rows'),
	('journey.confidence_sequence(x, 10, 0.01 * i)', '{22023}', 'alpha is 0.01 and 0.02 in different rows'),
	('journey.confidence_sequence_bounds(-1, 0, 1, 10)', '{22023}', 'n is -1'),
	('journey.confidence_sequence_bounds(5, 0, -1, 10)', '{22023}', 'm2 is -1'),
	('journey.confidence_sequence_bounds(5, ''NaN'', 1, 10)', '{22003}', 'mean is NaN'),
	('journey.confidence_sequence_bounds(5, 0, ''Infinity'', 10)', '{22003}', 'm2 is Infinity'),
	('journey.confidence_sequence_bounds(5, 0, 1, -10)', '{22023}', 'planned is -10'),
	('journey.confidence_sequence_bounds(5, 0, 1, 10, 1)', '{22023}', 'alpha is 1'),
	('journey.confidence_sequence_e_value(5, 0, 1, 10, ''Infinity'')', '{22003}', 'null_value is Infinity'),
	('journey.confidence_sequence_e_value(5, 0, 1, 10, 0, ''-1'')', '{22023}', 'alpha is -1'),
	('journey.confidence_sequence_accum(''{}'', 1, 10)', '{42809}', 'directly'),
	('journey.confidence_sequence_combine(''{}'', ''{}'')', '{42809}', 'directly'),
	('journey.confidence_sequence_final(''{}'')', '{42809}', 'directly')) v(call, codes, pattern);

-- forged states: anyone may build an aggregate over the support functions
CREATE AGGREGATE forged(float8[]) (SFUNC = journey.confidence_sequence_combine, STYPE = float8[], FINALFUNC = journey.confidence_sequence_final, INITCOND = '{}');
CREATE FUNCTION pg_temp.outcome(states text) RETURNS text LANGUAGE plpgsql AS
$$DECLARE r text; BEGIN SELECT forged(s)::text INTO r FROM unnest(string_to_array(states, ';')::text[]) u(t), LATERAL (SELECT t::float8[]) v(s);
RETURN r; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END$$;
SELECT pg_temp.text_is($$SELECT (w).n || ' ' || (w).estimate FROM (SELECT pg_temp.outcome('{21322,1,0.30000000000000004,10,0.05,2,2,0,3,0,2};{};{21322,1,0.30000000000000004,10,0.05,2,2,0,5,0,2}')::journey.estimate AS w) s$$, '4 4', 'two states merge');
CREATE AGGREGATE state_of(float8, bigint) (SFUNC = journey.confidence_sequence_accum, STYPE = float8[], INITCOND = '{}');
SELECT pg_temp.numbers_are('SELECT pg_temp.numbers(forged(s)) FROM (SELECT state_of(x, 1000) AS s FROM many GROUP BY i * i % 17, i % 3) g', numbers, 'states of parts merge to that of the whole', 1e-12) FROM serial;
SELECT is(pg_temp.outcome(s), '22023 aggregate state of a confidence sequence ' || w, 'R-STATE ' || w) FROM (VALUES
	('{21322,1,0.3,10,0.05,2,2,0,3,0,2}', 'was rounded on its way'),
	('{1}', 'is not valid: its shape is wrong'),
	('{21323,1,0.30000000000000004,10,0.05,2,2,0,3,0,2}', 'is not valid: its header is unknown'),
	('{21322,1,0.30000000000000004,0,0.05,2,2,0,3,0,2}', 'is not valid: its plan is wrong'),
	('{21322,1,0.30000000000000004,10,NaN,2,2,0,3,0,2}', 'is not valid: its plan is wrong'),
	('{21322,1,0.30000000000000004,10,0.05,2.5,2,0,3,0,2}', 'is not valid: its moments are wrong'),
	('{21322,1,0.30000000000000004,10,0.05,2,2,0,NaN,0,2}', 'is not valid: its moments are wrong'),
	('{21322,1,0.30000000000000004,10,0.05,2,2,0,3,0,-2}', 'is not valid: its moments are wrong')) v(s, w);
SELECT is(pg_temp.outcome('{21322,1,0.30000000000000004,10,0.05,2,2,0,3,0,2};{21322,1,0.30000000000000004,11,0.05,2,2,0,3,0,2}'),
	'22023 planned is 10 and 11 in different rows, it must be the same in all', 'R-PGS-1 states of two plans');

-- betting_sequence
SELECT pg_temp.numbers_are(format('SELECT ARRAY[(e).conf_low, (e).conf_high] FROM (SELECT journey.betting_sequence(%s, 0, 1, %s ORDER BY i) AS e FROM u WHERE i <= %s) s', x, alpha, n),
	w, format('%s, %s, alpha %s', x, n, alpha), 1e-9) FROM (VALUES
	('x', 1, .05, '{0.000823278793172,0.996653725045}'::float8[]),
	('x', 10, .05, '{0.0679848754844,0.588415084321}'),
	('x', 1000, .01, '{0.225629914192,0.298357851629}'),
	('x', 5000, .05, '{0.237802557755,0.26569794131}'),
	('(u < 0.03)::int', 1000, .05, '{0.0137416942433,0.0499648108826}'),
	('(u < 0.03)::int', 5000, .01, '{0.023484784295,0.0431717316346}'),
	('1', 200, .05, '{0.969400719882,1}')) v(x, n, alpha, w);
SELECT pg_temp.numbers_are('SELECT pg_temp.numbers(journey.betting_sequence(1 + 4 * x, 1, 5 ORDER BY i)) FROM u WHERE i <= 1000',
	ARRAY[1 + 4 * 0.260283211492, 4 * 0.00925956736225, 1 + 4 * 0.229467741868, 1 + 4 * 0.293334032751, 1000], 'a satisfaction from 1 to 5', 1e-10);
SELECT pg_temp.text_is($$SELECT format('(%s,%s,%s,%s,%s,%s)', (e).estimate, (e).std_error, round((e).conf_low::numeric, 5), (e).conf_high, (e).n, (e).method) FROM (SELECT journey.betting_sequence(5, 1, 5) AS e FROM u WHERE i = 1) s$$, '(5,,1.01668,5,1,betting_sequence)', 'one row: almost any mean');
SELECT pg_temp.holds($$SELECT journey.betting_sequence(x, 0, 1, 0.05 ORDER BY i) = journey.betting_sequence(x, 0, 1 ORDER BY i) AND journey.betting_sequence(x, 0, 1 ORDER BY i) = journey.betting_sequence(x, 0, 1 ORDER BY i DESC) AND journey.betting_sequence(x, 0, 1) = journey.betting_sequence(x, 0, 1 ORDER BY u.u) FROM u$$, 'R-BET-1 the order of rows does not matter, to the last bit');
SELECT pg_temp.holds($$SELECT journey.betting_sequence(x, 0, 1 ORDER BY i) = (SELECT journey.betting_sequence(x, 0, 1 ORDER BY i) FROM (SELECT i, x FROM u UNION ALL SELECT i, NULL FROM u) s) FROM u$$, 'R-PGB-1 NULL is left out');
SELECT pg_temp.holds($$SELECT journey.betting_sequence(x, 0, 1) IS NULL AND journey.betting_sequence(NULL, 1, 0, 7) IS NULL AND journey.betting_e_value(x, 0, 1, 0.5, 'less') IS NULL FROM u WHERE i = 0$$, 'no rows');
SELECT pg_temp.holds($$SELECT bool_and(w = a) FROM (SELECT i, journey.betting_sequence(x, 0, 1) OVER (ORDER BY i) AS w FROM u WHERE i <= 200) s,
	LATERAL (SELECT journey.betting_sequence(x, 0, 1 ORDER BY v.i) AS a FROM u v WHERE v.i <= s.i) a$$, 'as a window function: the sequence over time');
SELECT pg_temp.numbers_are($$SELECT ARRAY[ln(journey.betting_e_value(x, 0, 1, 0.2, 'greater' ORDER BY i)), ln(journey.betting_e_value(x, 0, 1, 0.3, 'less' ORDER BY i)), ln(journey.betting_e_value(x, 0, 1, 0.21, 'two.sided' ORDER BY i))] FROM u WHERE i <= 1000$$,
	'{20.6914857561,5.85244206217,13.1413414046}', 'e-values', 1e-10);
SELECT pg_temp.numbers_are($$SELECT ARRAY[ln(journey.betting_e_value(10 + 5 * x, 10, 15, 11, 'greater' ORDER BY i))] FROM u WHERE i <= 1000$$, '{20.6914857561}', 'between other limits', 1e-10);
SELECT pg_temp.holds($$SELECT bool_and((e >= 100) = (m < (s).conf_low OR m > (s).conf_high)) AND count(*) = 99 FROM generate_series(0.01, 0.99, 0.01) m,
	LATERAL (SELECT journey.betting_e_value(x, 0, 1, m, 'two.sided' ORDER BY i) AS e, journey.betting_sequence(x, 0, 1, 0.01 ORDER BY i) AS s FROM u WHERE i <= 300) l$$, 'R-BET-7 e is below 1/alpha inside, and only there');
SELECT pg_temp.holds($$SELECT journey.betting_e_value(1, 0, 1, 0, 'greater' ORDER BY i) = 1e300 FROM u$$, 'beyond all doubt');
SELECT pg_temp.refused('SELECT ' || call || ' FROM u WHERE i < 10', codes, pattern, call) FROM (VALUES
	('journey.betting_sequence(''NaN'', 0, 1)', '{22003}'::text[], 'x is NaN'),
	('journey.betting_sequence(1.5, 0, 1)', '{22023}', 'x is 1.5, it must lie between low = 0 and high = 1'),
	('journey.betting_sequence(-1e-300, 0, 1)', '{22023}', 'x is -1e-300'),
	('journey.betting_sequence(1, 1, 1)', '{22023}', 'low is 1 and high is 1'),
	('journey.betting_sequence(0, -1e308, 1e308)', '{22023}', 'finite'),
	('journey.betting_sequence(0, ''-Infinity'', 1)', '{22003}', 'low is -Infinity'),
	('journey.betting_sequence(0, 0, NULL)', '{22004}', 'high must not be null'),
	('journey.betting_sequence(0, 0, 1, NULL)', '{22004}', 'alpha must not be null'),
	('journey.betting_sequence(0, 0, 1, 1)', '{22023}', 'alpha is 1, it must be between 0 and 1'),
	('journey.betting_sequence(0, 0, i)', '{22023}', 'high is 1 and 2 in different rows'),
	('journey.betting_sequence(0, 0, 1, i / 10.0)', '{22023}', 'alpha is 0.1 and 0.2 in different rows'),
	('journey.betting_e_value(2, 0, 1, 0.5, ''less'')', '{22023}', 'x is 2'),
	('journey.betting_e_value(x, 0, 1, 1.5, ''less'')', '{22023}', 'null_value is 1.5, it must lie between'),
	('journey.betting_e_value(x, 0, 1, NULL, ''less'')', '{22004}', 'null_value must not be null'),
	('journey.betting_e_value(x, 0, 1, 0.1 * i, ''less'')', '{22023}', 'null_value is 0.1 and 0.2'),
	('journey.betting_e_value(x, 0, 1, 0.5, ''both'')', '{22023}', 'alternative is "both", it must be "greater"'),
	('journey.betting_e_value(x, 0, 1, 0.5, NULL)', '{22004}', 'alternative'),
	('journey.betting_e_value(x, 0, 1, 0.5, CASE WHEN i > 4 THEN ''less'' ELSE ''greater'' END)', '{22023}', 'alternative must be the same'),
	('journey.page_hinkley(''Infinity'', 0.1, 8)', '{22003}', 'x is Infinity'),
	('journey.page_hinkley((-1) ^ i * 1.5e308, 0.1, 8)', '{22003}', 'out of range'),
	('journey.page_hinkley(x, -0.1, 8)', '{22023}', 'delta is -0.1, it must be 0 or more'),
	('journey.page_hinkley(x, 0.1, 0)', '{22023}', 'threshold is 0, it must be above 0'),
	('journey.page_hinkley(x, NULL, 8)', '{22004}', 'delta must not be null'),
	('journey.page_hinkley(x, 0.1, i)', '{22023}', 'threshold is 1 and 2 in different rows'),
	('journey.page_hinkley(x, 0.1, 8, ''sideways'')', '{22023}', 'direction is "sideways"'),
	('journey.page_hinkley(x, 0.1, 8, NULL)', '{22004}', 'direction'),
	('journey.page_hinkley(x, 0.1, 8, CASE WHEN i > 4 THEN ''up'' ELSE ''down'' END)', '{22023}', 'direction must be the same'),
	('journey.page_hinkley(x, 0.1, 8, ''up'', 0)', '{22023}', 'min_n is 0, it must be at least 1'),
	('journey.page_hinkley(x, 0.1, 8, ''up'', i)', '{22023}', 'min_n must be the same'),
	('journey.page_hinkley(x, 0.1, 8, ''up'', NULL)', '{22004}', 'min_n')) v(call, codes, pattern);

-- page_hinkley
CREATE FUNCTION pg_temp.alarm_of(p journey.page_hinkley_alarm) RETURNS text LANGUAGE sql
RETURN concat_ws(' ', (p).alarm, (p).alarm_at, (p).direction, (p).n);
SELECT pg_temp.text_is(format('SELECT pg_temp.alarm_of(journey.page_hinkley(u + %s * (i > %s)::int, 0.1, 8%s ORDER BY i)) FROM u WHERE i <= 1000', step, from_row, more), w, format('river: %s from %s%s', step, from_row, more)) FROM (VALUES
	(0.4, 600, '', 't 633 up 1000'), (0.4, 600, ', ''up''', 't 633 up 1000'), (0.4, 600, ', ''down'', 30', 'f 1000'),
	(-0.3, 300, '', 't 341 down 1000'), (-0.3, 300, ', ''both''', 't 341 down 1000'), (0, 0, '', 'f 1000')) v(step, from_row, more, w);
SELECT pg_temp.holds($$SELECT abs((p).statistic - 0.300523933518) < 1e-9 AND abs((p).mean - (SELECT avg(u) FROM u WHERE i <= 1000)) < 1e-12 FROM (SELECT journey.page_hinkley(u, 0.1, 8 ORDER BY i) AS p FROM u WHERE i <= 1000) s$$, 'statistic and mean');
SELECT pg_temp.text_is($$SELECT pg_temp.alarm_of(journey.page_hinkley(9 * (i > 5)::int, 0.1, 8, 'both', 1 ORDER BY i)) || ', ' || pg_temp.alarm_of(journey.page_hinkley(9 * (i > 5)::int, 0.1, 8 ORDER BY i)) FROM u WHERE i <= 105$$, 't 7 up 105, t 30 up 105', 'R-PH-2 min_n');
SELECT pg_temp.text_is($$SELECT pg_temp.alarm_of(journey.page_hinkley(x, 0.1, 8, 'both', 1 ORDER BY i)) FROM (SELECT i, 9.0 * (i > 5)::int AS x FROM u WHERE i <= 105 UNION ALL SELECT i, NULL FROM u) s$$, 't 7 up 105', 'R-PGP-1 NULL is not counted');
SELECT pg_temp.holds($$SELECT journey.page_hinkley(x, 0.1, 8) IS NULL AND journey.page_hinkley(NULL, -1, 8) IS NULL FROM u WHERE i = 0$$, 'no rows');
SELECT * FROM finish();
ROLLBACK;
