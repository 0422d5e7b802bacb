-- Tests of series through SQL: reference vectors, numbers of other programs
-- (test/oracles/series_tests.py), verdicts of fresh generators, public series,
-- what is too short or must be refused.
BEGIN;
SET LOCAL jit = off;
SET LOCAL client_min_messages = warning;
\ir lib/close.psql
SELECT plan(108);

-- TENT and LCG of the reference, in integers
CREATE FUNCTION pg_temp.tent(n integer) RETURNS float8[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE p bigint := 1000003; x bigint := 123457; a float8[] := '{}';
BEGIN
	FOR i IN 1..n LOOP
		x := CASE WHEN 2 * x < p THEN 2 * x ELSE 2 * (p - x) END;
		a[i] := x / p::float8;
	END LOOP;
	RETURN a;
END $$;
CREATE FUNCTION pg_temp.lcg(n integer, coefficient float8 DEFAULT 0) RETURNS float8[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE x numeric := 42; z float8 := 0; a float8[] := '{}';
BEGIN
	FOR i IN 1..n LOOP
		x := (1103515245 * x + 12345) % 2147483648;
		z := coefficient * z + (x::float8 / 2147483648.0 - 0.5);
		a[i] := z;
	END LOOP;
	RETURN a;
END $$;

-- Fresh generators from the hash
CREATE FUNCTION pg_temp.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN 0.5 + journey.hash64(i, seed) / 18446744073709551616.0::float8;
CREATE FUNCTION pg_temp.z(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN sqrt(-2 * ln(pg_temp.u(i, seed) + 1e-18)) * cos(2 * pi() * pg_temp.u(i, seed + 1000));
CREATE FUNCTION pg_temp.series(kind text, n integer, seed bigint) RETURNS float8[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE a float8[] := '{}'; x float8 := 0; v float8 := 1; y float8 := 0; e float8; m float8; k integer; p float8;
BEGIN
	IF kind = 'logistic' THEN x := 0.1 + 0.8 * pg_temp.u(1, seed); END IF;
	FOR i IN -99..n LOOP
		CASE kind
		WHEN 'white' THEN x := pg_temp.z(i, seed);
		WHEN 'ar' THEN x := 0.9 * x + pg_temp.z(i, seed);
		WHEN 'walk' THEN x := x + pg_temp.z(i, seed);
		WHEN 'garch' THEN
			v := 0.05 + 0.25 * x * x + 0.7 * v;
			x := sqrt(v) * pg_temp.z(i, seed);
		WHEN 'logistic' THEN x := 4 * x * (1 - x);
		WHEN 'henon' THEN
			e := 1 - 1.4 * x * x + y;
			y := 0.3 * x;
			x := e;
		WHEN 'counts' THEN
			m := exp(3 + 0.4 * sin(2 * pi() * i / 7) + 0.3 * cos(4 * pi() * i / 7));
			k := 0;
			p := pg_temp.u(1000 * i::bigint, seed);
			WHILE p > exp(-m) LOOP
				k := k + 1;
				p := p * pg_temp.u(1000 * i::bigint + k, seed);
			END LOOP;
			x := k;
		END CASE;
		IF i > 0 THEN a[i] := x; END IF;
	END LOOP;
	RETURN a;
END $$;

-- permutation entropy
SELECT pg_temp.numbers_are('SELECT array_agg(journey.permutation_entropy(pg_temp.tent(1000), m) ORDER BY m) FROM generate_series(2, 4) m',
	'{.6248307656672331,1.4592466111921913,2.3168893483225546}', 'permutation entropy of TENT(1000)', 1e-12);
SELECT pg_temp.numbers_are('SELECT ARRAY[journey.permutation_entropy(x, 2) / ln(2), journey.permutation_entropy(x) / ln(2)] FROM (SELECT ''{4,7,9,10,6,11,3}''::float8[] AS x) s',
	'{.9182958340544896,1.5219280948873621}', 'of seven numbers, in bits', 1e-12);
SELECT is(journey.permutation_entropy('{1,2,3}'), NULL, 'R-PE-3 one window has no entropy');
SELECT is(journey.permutation_entropy('{1,2,3,4}'), 0::float8, 'R-PE-3 two have');
SELECT is(journey.permutation_entropy('{}'), NULL, 'nothing');
SELECT is(journey.permutation_entropy('{5,5,5,5,5}'), 0::float8, 'R-PE-1 a constant series has one pattern');
SELECT is(journey.permutation_entropy('{1,2,3,4,5,6,7}', 3, 4), NULL, 'a delay beyond the length');
SELECT is(journey.permutation_entropy(NULL), NULL, 'NULL gives NULL');
SELECT is(journey.permutation_entropy('{1,2,3}', NULL), NULL, 'so does a NULL dimension');
SELECT ok(abs(journey.permutation_entropy(pg_temp.series('logistic', 20000, 1)) - 1.48975) < 0.005, 'of the logistic map: near the analytic value');

-- 0-1 test
SELECT pg_temp.numbers_are('SELECT ARRAY[k_median, k_low, k_high] FROM journey.zero_one_test(pg_temp.tent(1000), 16)',
	'{0.998445813535,0.996697322318,0.998910630777}', '0-1 test of TENT(1000)', 1e-9);
SELECT pg_temp.holds('SELECT abs(k_median) < 0.05 FROM journey.zero_one_test(ARRAY(SELECT sin(0.05 * i) FROM generate_series(1, 2000) i))', 'a sine is regular');
SELECT pg_temp.holds('SELECT k_median > 0.99 FROM journey.zero_one_test(pg_temp.series(''white'', 1000, 1))', 'R-ZO-4 noise is not');
SELECT results_eq('SELECT * FROM journey.zero_one_test(array_fill(1::float8, ARRAY[199]))',
	$$VALUES (NULL::float8, NULL::float8, NULL::float8, 'too_short')$$, 'R-ZO-5 too short');
SELECT results_eq('SELECT * FROM journey.zero_one_test(array_fill(1::float8, ARRAY[200]))',
	$$VALUES (NULL::float8, NULL::float8, NULL::float8, 'constant')$$, 'R-ZO-5 constant');
SELECT is(journey.zero_one_test(NULL)::text, NULL, 'NULL gives NULL');

-- surrogates
SELECT results_eq($$SELECT p_value, status FROM journey.surrogate_test(pg_temp.series('logistic', 365, 1))$$,
	$$VALUES (0.01::float8, 'ok')$$, 'R-SUR-5 the logistic map: the smallest p');
SELECT results_eq($$SELECT p_value FROM journey.surrogate_test(pg_temp.series('logistic', 365, 1), 'prediction_error', 39)$$,
	$$VALUES (0.025::float8)$$, 'R-SUR-5 by prediction error, 39 surrogates');
CREATE TEMP TABLE ar AS SELECT s AS seed, pg_temp.series('ar', 200, s) AS x FROM generate_series(1, 5) s;
SELECT cmp_ok(max(p_value), '>', 0.2::float8, 'AR(1): p are not all small') FROM ar, journey.surrogate_test(x, surrogates => 39);
SELECT results_eq('SELECT t FROM ar, journey.surrogate_test(x, surrogates => 39) t ORDER BY seed',
	'SELECT journey.surrogate_test(x, surrogates => 39) FROM ar ORDER BY seed', 'the same again');
SELECT isnt((SELECT null_median FROM ar, journey.surrogate_test(x, surrogates => 39, seed => 1) WHERE ar.seed = 1),
	(SELECT null_median FROM ar, journey.surrogate_test(x, surrogates => 39) WHERE ar.seed = 1), 'another seed, other surrogates');
SELECT is((SELECT observed FROM ar, journey.surrogate_test(x, surrogates => 39, seed => 1) WHERE ar.seed = 1),
	(SELECT observed FROM ar, journey.surrogate_test(x, surrogates => 39) WHERE ar.seed = 1), 'but the same series');
SELECT ok(bool_and(n_used BETWEEN 180 AND 200 AND end_mismatch >= 0 AND end_mismatch < 0.05), 'R-SUR-4 the part whose ends match') FROM ar, journey.surrogate_test(x, surrogates => 1);
SELECT pg_temp.holds('SELECT observed = journey.permutation_entropy(x[1:100], 4) FROM (SELECT pg_temp.tent(100) AS x) s, journey.surrogate_test(x)', 'R-SUR-6 the statistic is permutation entropy of dimension 4');
SELECT pg_temp.holds('SELECT abs(observed - journey.prediction_error(x)) < 1e-12 FROM (SELECT pg_temp.tent(100) AS x) s, journey.surrogate_test(x, ''prediction_error'')', 'R-SUR-6 or the prediction error');
SELECT results_eq('SELECT * FROM journey.surrogate_test(array_fill(1::float8, ARRAY[99]))',
	$$VALUES (NULL::float8, NULL::float8, NULL::float8, NULL::float8, 'too_short', NULL::bigint)$$, 'R-SUR-7 too short');
SELECT is((SELECT status FROM journey.surrogate_test(array_fill(1::float8, ARRAY[100]))), 'constant', 'R-SUR-7 constant');
SELECT is(journey.surrogate_test(NULL)::text, NULL, 'NULL gives NULL');

-- early warning
SELECT pg_temp.numbers_are('SELECT array_agg(tau ORDER BY indicator DESC) FROM journey.early_warning(pg_temp.lcg(300, 0.6), replicates => 0)',
	'{0.39885209713,0.358587196468}', 'R-EW-1 less the smooth', 1e-11);
SELECT pg_temp.numbers_are('SELECT array_agg(tau ORDER BY indicator DESC) FROM journey.early_warning(pg_temp.lcg(300, 0.6), 100, replicates => 0, bandwidth => 0)',
	'{-0.0198009950249,-0.118706467662}', 'R-EW-2 as it is', 1e-11);
SELECT pg_temp.numbers_are('SELECT array_agg(tau ORDER BY indicator DESC) FROM journey.early_warning(ARRAY(SELECT v * (1 + (i - 1) / 199.0) FROM unnest(pg_temp.lcg(200)) WITH ORDINALITY u(v, i) ORDER BY i), 100, 0, bandwidth => 0.05)',
	'{0.89504950495,0.484752475248}', 'a growing spread', 1e-11);
CREATE TEMP TABLE growing AS SELECT ARRAY(SELECT v * (1 + (i - 1) / 199.0) FROM unnest(pg_temp.lcg(200)) WITH ORDINALITY u(v, i) ORDER BY i) AS x;
SELECT results_eq('SELECT indicator, p_value < 0.05, status FROM growing, journey.early_warning(x)',
	$$VALUES ('variance', true, 'ok'), ('autocorrelation', false, 'ok')$$, 'R-EW-4 is seen, and nothing else');
SELECT results_eq('SELECT * FROM growing, journey.early_warning(x) e', 'SELECT * FROM growing, journey.early_warning(x) e', 'the same again');
SELECT ok(bool_and(p_value IS NULL AND tau IS NOT NULL), 'no replicates, no p') FROM growing, journey.early_warning(x, replicates => 0);
SELECT results_eq('SELECT * FROM journey.early_warning(array_fill(1::float8, ARRAY[59]))',
	$$VALUES ('variance', NULL::float8, NULL::float8, 'too_short'), ('autocorrelation', NULL, NULL, 'too_short')$$, 'R-EW-6 too short');
SELECT results_eq('SELECT status FROM journey.early_warning(array_fill(1::float8, ARRAY[60]))', $$VALUES ('constant'), ('constant')$$, 'R-EW-6 constant');
SELECT results_eq('SELECT status FROM growing, journey.early_warning(x, 199)', $$VALUES ('too_short'), ('too_short')$$, 'R-EW-6 a window beyond the length');
SELECT is_empty('SELECT * FROM journey.early_warning(NULL)', 'NULL gives no row');

-- recurrence
SELECT pg_temp.numbers_are('SELECT ARRAY[recurrence_rate, determinism, mean_line, longest_line, line_entropy, divergence, laminarity, trapping_time, mean_recurrence_time, recurrence_time_entropy, most_frequent] FROM journey.recurrence(pg_temp.tent(200))',
	'{0.11235,0.755472752678,3.07779886148,9,1.42190286669,0.111111111111,0.179552864462,2.41692789969,9.22899505766,3.08019093909,354}', 'recurrence of TENT(200)', 1e-10);
SELECT pg_temp.numbers_are('SELECT ARRAY[recurrence_rate, determinism, mean_line, longest_line, line_entropy, divergence, laminarity, trapping_time, mean_recurrence_time, recurrence_time_entropy, most_frequent, n, radius_used] FROM journey.recurrence(pg_temp.tent(200), 2, 2, 0.15, 3)',
	'{0.0988164473013,0.706336088154,3.205,9,1.49381413401,0.111111111111,0.100826446281,2.23170731707,9.97925696594,3.17041972488,407,198,0.15}', 'embedded, with a Theiler window', 1e-10);
CREATE TEMP TABLE letters AS SELECT ARRAY(SELECT chr(97 + floor((v + 0.5) * 4)::integer) FROM unnest(pg_temp.lcg(60)) WITH ORDINALITY u(v, i) ORDER BY i) AS x;
SELECT pg_temp.numbers_are('SELECT ARRAY[recurrence_rate, determinism, mean_line, longest_line, line_entropy, divergence, laminarity, trapping_time, mean_recurrence_time, recurrence_time_entropy, most_frequent] FROM letters, journey.recurrence(x)',
	'{0.252777777778,0.388235294118,2.42647058824,5,0.857809556737,0.2,0.345882352941,2,4.09175738725,2.16822626127,151}', 'recurrence of symbols', 1e-10);
SELECT is(round(recurrence_rate::numeric, 12), (SELECT round(sum(c * c) / 3600, 12) FROM (SELECT count(*) AS c FROM letters, unnest(x) l GROUP BY l) s),
	'R-RQ-1 the rate is the sum of squared shares') FROM letters, journey.recurrence(x);
SELECT ok(p_determinism > 0.02 AND p_laminarity > 0.02, 'R-RQ-5 noise is like its shuffles') FROM letters, journey.recurrence(x);
SELECT is(p_determinism, 0.01::float8, 'R-RQ-5 a refrain is not') FROM journey.recurrence(ARRAY(SELECT chr(97 + (i * i) % 7) FROM generate_series(1, 100) i));
SELECT ok(p_determinism IS NULL AND determinism IS NOT NULL, 'R-RQ-5 no shuffles, no p') FROM letters, journey.recurrence(x, shuffles => 0);
SELECT results_eq('SELECT * FROM letters, journey.recurrence(x)', 'SELECT * FROM letters, journey.recurrence(x)', 'the same again');
SELECT is(status || ' ' || n, 'too_short 29', 'R-RQ-6 too short') FROM journey.recurrence(array_fill('a'::text, ARRAY[29]));
SELECT ok(recurrence_rate = 1 AND laminarity = 1 AND longest_line = 30 AND p_determinism = 1, 'one symbol only') FROM journey.recurrence(array_fill('a'::text, ARRAY[30]), 0);
SELECT results_eq('SELECT n, recurrence_rate, status FROM journey.recurrence(array_fill(1::float8, ARRAY[30]))', $$VALUES (30::bigint, NULL::float8, 'constant')$$, 'R-RQ-6 constant');
SELECT is(status, 'too_short', 'R-RQ-6 few vectors') FROM journey.recurrence(pg_temp.tent(40), 3, 6);
SELECT is(journey.recurrence(NULL::float8[])::text, NULL, 'NULL gives NULL');
SELECT is(journey.recurrence(NULL::text[])::text, NULL, 'NULL gives NULL, symbols');

-- verdicts of fresh generators
CREATE TEMP TABLE made AS
SELECT kind, seed, pg_temp.series(kind, 364, seed) AS x FROM unnest('{white,ar,walk,garch,counts,logistic,henon}'::text[]) kind, generate_series(1, 2) seed;
CREATE TEMP TABLE found AS
SELECT kind, m.seed, d.* FROM made m, journey.series_diagnosis(x, CASE kind WHEN 'counts' THEN 7 END, kind = 'counts', 39) d;
SELECT ok(bool_and(verdict IN ('consistent with linear noise', 'nonlinear stochastic')) AND count(*) = 2, 'R-SD-7 never a rule: ' || kind)
FROM found WHERE kind NOT IN ('logistic', 'henon') GROUP BY kind ORDER BY kind;
SELECT ok(bool_and(verdict = 'low-dimensional deterministic divergence' AND stable AND exponent_low > 0 AND k_median > 0.8 AND p_value = 0.025) AND count(*) = 2, 'R-SD-7 a rule: ' || kind)
FROM found WHERE kind IN ('logistic', 'henon') GROUP BY kind ORDER BY kind;
SELECT ok(bool_and(abs(exponent - 0.693) < 0.04 AND abs(noise_excess) < 0.1 AND abs(jump - exponent - noise_excess) < 1e-12), 'R-SD-5 exponent of the logistic map') FROM found WHERE kind = 'logistic';
SELECT ok(bool_and(abs(exponent - 0.41) < 0.06), 'R-SD-5 exponent of the Henon map') FROM found WHERE kind = 'henon';
SELECT ok(bool_and(p_value = greatest(p_permutation_entropy, p_prediction_error)), 'R-SD-4 the larger p') FROM found;
SELECT ok(bool_and(exponent IS NULL AND exponent_low IS NULL AND stable IS NULL AND k_median IS NOT NULL), 'R-SD-8 no exponent of linear noise') FROM found WHERE p_value > 0.05;
SELECT ok(bool_and(treatment = 'difference' AND n_used = 363 AND unit_root_test = 'augmented Dickey-Fuller, 5 %'), 'R-SD-3 walks are differenced') FROM found WHERE kind = 'walk';
SELECT ok(bool_and(treatment = 'none'), 'R-SD-3 stationary series are not') FROM found WHERE kind IN ('white', 'ar', 'logistic', 'henon');
SELECT ok(bool_and(advice LIKE '%augmented Dickey-Fuller%' AND length(advice) > 80), 'advice names the test') FROM found;
SELECT pg_temp.holds($$SELECT abs(unit_root_statistic + 1.24401041563) < 1e-8 AND treatment = 'difference' FROM journey.series_diagnosis(pg_temp.lcg(500, 1), surrogates => 1)$$, 'R-UR-1 the statistic of another program');
SELECT pg_temp.holds($$SELECT treatment = 'detrend' AND verdict = 'consistent with linear noise' FROM journey.series_diagnosis(ARRAY(SELECT v + 0.01 * i FROM unnest(pg_temp.lcg(500, 0.5)) WITH ORDINALITY u(v, i) ORDER BY i), surrogates => 19)$$, 'R-SD-3 a trend is taken out');
SELECT pg_temp.holds($$SELECT verdict = 'nonstationary' AND p_value IS NULL AND exponent IS NULL FROM journey.series_diagnosis(ARRAY(SELECT sum(v) OVER (ORDER BY i) FROM unnest(pg_temp.lcg(500, 1)) WITH ORDINALITY u(v, i) ORDER BY i))$$, 'R-SD-7 twice summed noise');
SELECT pg_temp.text_is($$WITH RECURSIVE r(i, v) AS (SELECT 1, 0.3::float8 UNION ALL SELECT i + 1, 3.55 * v * (1 - v) FROM r WHERE i < 600)
	SELECT verdict FROM (SELECT array_agg(v ORDER BY i) AS x FROM r WHERE i > 100) s, journey.series_diagnosis(x, surrogates => 39)$$, 'regular (periodic or quasi-periodic)', 'R-SD-5 a map of period 8');
SELECT pg_temp.text_is($$WITH RECURSIVE r(i, x, y) AS (SELECT 0, 1::float8, 0::float8 UNION ALL SELECT i + 1, x + 0.02 * y, y + 0.02 * (3 * (1 - x * x) * y - x) FROM r WHERE i < 14999)
	SELECT verdict FROM (SELECT array_agg(x ORDER BY i) AS x FROM r WHERE i >= 5000 AND i % 20 = 0) s, journey.series_diagnosis(x, surrogates => 39)$$, 'regular (periodic or quasi-periodic)', 'R-SD-7 an oscillator');
SELECT pg_temp.holds($$SELECT verdict = 'consistent with linear noise' AND advice LIKE '%look for a period%' FROM journey.series_diagnosis(ARRAY(SELECT sin(0.37 * i) + 0.5 * sin(1.1 * i) FROM generate_series(1, 500) i), surrogates => 39)$$, 'advice on a sum of sines, which is linear');
SELECT pg_temp.holds($$SELECT advice LIKE '%pass counts => true%' FROM made, journey.series_diagnosis(x, surrogates => 1) WHERE kind = 'counts' AND made.seed = 1$$, 'advice asks for counts');
SELECT results_eq('SELECT d FROM made, journey.series_diagnosis(x, surrogates => 19) d WHERE kind = ''ar''', 'SELECT d FROM made, journey.series_diagnosis(x, surrogates => 19) d WHERE kind = ''ar''', 'the same again');
SELECT results_eq('SELECT verdict, exponent, jump, k_median, p_value, status FROM journey.series_diagnosis(pg_temp.tent(99))',
	$$VALUES ('insufficient', NULL::float8, NULL::float8, NULL::float8, NULL::float8, 'too_short')$$, 'R-SD-7 too short');
SELECT is(verdict || ' ' || status, 'insufficient constant', 'R-SD-7 constant') FROM journey.series_diagnosis(array_fill(1::float8, ARRAY[150]));
SELECT is(verdict || ' ' || status, 'insufficient too_short', 'R-SD-2 two seasons') FROM journey.series_diagnosis(pg_temp.tent(150), 60);
SELECT is(verdict || ' ' || status, 'insufficient constant', 'R-SD-2 nothing but season') FROM journey.series_diagnosis(ARRAY(SELECT (i % 7)::float8 FROM generate_series(1, 150) i), 7);
SELECT is(verdict, 'insufficient', 'nothing') FROM journey.series_diagnosis('{}');
SELECT is(journey.series_diagnosis(NULL)::text, NULL, 'NULL gives NULL');
SELECT is(journey.series_diagnosis(pg_temp.tent(150), counts => NULL)::text, NULL, 'so does NULL for counts');

-- refusals
SELECT pg_temp.refused(format(call, '''{1,2,NULL,4}''::float8[]'), '{22004}', '^element 3 of array "x" is null', 'R-SNB-1 a gap: ' || name)
FROM (VALUES ('permutation_entropy', 'SELECT journey.permutation_entropy(%s)'), ('surrogate_test', 'SELECT journey.surrogate_test(%s)'),
	('zero_one_test', 'SELECT journey.zero_one_test(%s)'), ('early_warning', 'SELECT journey.early_warning(%s)'),
	('recurrence', 'SELECT journey.recurrence(%s)'), ('series_diagnosis', 'SELECT journey.series_diagnosis(%s)')) c(name, call);
SELECT pg_temp.refused('SELECT journey.recurrence(''{a,NULL}''::text[])', '{22004}', '^element 2 of array "x" is null', 'R-SNB-1 a gap between symbols');
SELECT pg_temp.refused('SELECT journey.surrogate_test(''{1,NaN}'')', '{22004}', '^element 2 of array "x" is not finite', 'R-SNB-1 NaN');
SELECT pg_temp.refused('SELECT journey.series_diagnosis(''{-Infinity,1}'')', '{22004}', '^element 1 of array "x" is not finite', 'R-SNB-1 infinity');
SELECT pg_temp.refused('SELECT journey.early_warning(''{{1,2},{3,4}}'')', '{2202E}', 'one dimension', 'two dimensions');
SELECT pg_temp.refused('SELECT journey.' || call, '{22023}', pattern, call)
FROM (VALUES ('permutation_entropy(''{1}'', 8)', '"dimension" is 8'), ('permutation_entropy(''{1}'', 3, 0)', '"delay" is 0'),
	('surrogate_test(''{1}'', ''entropy'')', '"statistic" is "entropy"'), ('surrogate_test(''{1}'', surrogates => 0)', '"surrogates" is 0'),
	('zero_one_test(''{1}'', 0)', '"frequencies" is 0'), ('series_diagnosis(''{1}'', 1)', '"season" is 1'),
	('series_diagnosis(''{1,-2}'', counts => true)', 'element 2 of array "x" is -2'), ('early_warning(''{1}'', 2)', '"window" is 2'),
	('early_warning(''{1}'', bandwidth => 1.5)', '"bandwidth" is 1.5'), ('early_warning(''{1}'', replicates => -1)', '"replicates" is -1'),
	('recurrence(''{1}''::float8[], radius => -1)', '"radius" is -1'), ('recurrence(''{a}''::text[], line => 0)', '"line" is 0')) c(call, pattern);
SELECT pg_temp.refused('SELECT journey.recurrence(array_fill(1::float8, ARRAY[5001]))', '{54000}', 'recurrence of 5001 states, the limit is 5000', 'R-RQ-6 too long');
SELECT pg_temp.refused('SELECT journey.recurrence(array_fill(''a''::text, ARRAY[5001]))', '{54000}', 'the limit is 5000', 'R-RQ-6 too many symbols');

-- public series
\if :shared_here
CREATE TEMP TABLE public_series (name text, i serial, at float8, v float8);
\copy public_series (at, v) FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/chaos/lynx.csv' CSV HEADER
UPDATE public_series SET name = 'lynx' WHERE name IS NULL;
\copy public_series (at, v) FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/chaos/nile.csv' CSV HEADER
UPDATE public_series SET name = 'nile' WHERE name IS NULL;
\copy public_series (at, v) FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/chaos/sunspot_year.csv' CSV HEADER
UPDATE public_series SET name = 'sunspots' WHERE name IS NULL;
\copy public_series (at, v) FROM PROGRAM 'head -2001 "$JOURNEY_TAP_SHARED"/data/chaos/santafe_laser.csv' CSV HEADER
UPDATE public_series SET name = 'laser' WHERE name IS NULL;
CREATE TEMP TABLE whole AS SELECT name, array_agg(v ORDER BY i) AS x FROM public_series GROUP BY name;
SELECT is((SELECT string_agg(format('%s: %s', name, verdict), ', ' ORDER BY name) FROM whole, journey.series_diagnosis(x, surrogates => 99)),
	'laser: inconclusive, lynx: nonlinear stochastic, nile: consistent with linear noise, sunspots: consistent with linear noise', 'verdicts on public series');
SELECT ok(p_permutation_entropy = 0.01 AND p_prediction_error = 0.01 AND NOT stable, 'the laser is more than noise, but its exponent depends on the dimension') FROM whole, journey.series_diagnosis(x) WHERE name = 'laser';
SELECT ok(p_value < 0.01, 'the first half of the Nile varies more than the second, not less') FROM whole, journey.early_warning(ARRAY(SELECT x[i] FROM generate_series(100, 1, -1) i)) WHERE name = 'nile' AND indicator = 'variance';
\else
SELECT skip('the shared data are not here', 3);
\endif
SELECT * FROM finish();
ROLLBACK;
