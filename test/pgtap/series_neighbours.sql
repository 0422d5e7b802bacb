-- Series by their neighbours through SQL: the reference's vectors, an
-- independent computation, bad input, short and constant series, series_agg.
BEGIN;
SELECT plan(137);

-- TENT and LCG of the chaos reference (2.12), in whole numbers
CREATE TEMP TABLE series (name text PRIMARY KEY, x float8[]);
INSERT INTO series
WITH RECURSIVE t(i, x) AS (
	SELECT 1, 246914 UNION ALL SELECT i + 1, CASE WHEN 2 * x < 1000003 THEN 2 * x ELSE 2 * (1000003 - x) END FROM t WHERE i < 2000)
SELECT 'tent', array_agg(x / 1000003::float8 ORDER BY i) FROM t;
INSERT INTO series
WITH RECURSIVE t(i, x) AS (
	SELECT 1, 1250496027::bigint UNION ALL SELECT i + 1, (1103515245 * x + 12345) & 2147483647 FROM t WHERE i < 1000)
SELECT name, array_agg(CASE name WHEN 'lcg' THEN x / 2147483648::float8
	WHEN 'slow' THEN x / 2147483648::float8 + ((i - 1) * 7 % 300)::float8 / 100
	ELSE floor(x / 2147483648::float8 * 12) END ORDER BY i)
FROM t JOIN (VALUES ('lcg', 500), ('slow', 600), ('counts', 400)) n(name, size) ON i <= size GROUP BY name;
CREATE FUNCTION pg_temp.s(name text, upto integer DEFAULT NULL) RETURNS float8[] STABLE LANGUAGE sql AS
'SELECT x[1:coalesce(upto, cardinality(x))] FROM series s WHERE s.name = $1';
CREATE FUNCTION pg_temp.near(got float8[], want float8[], tol float8) RETURNS boolean LANGUAGE sql AS
'SELECT cardinality(got) = cardinality(want) AND bool_and(coalesce(abs(g - w) <= tol, g IS NULL AND w IS NULL)) FROM unnest(got, want) u(g, w)';

-- the reference's vectors
SELECT ok(pg_temp.near(array_agg(mean_log_distance ORDER BY step) FILTER (WHERE step < 5),
	'{-7.345231819,-6.652084639,-5.958937458,-5.269141963,-4.587009810}', 1e-8), 'TENT(1000): the curve of vectors')
	FROM journey.divergence_curve(pg_temp.s('tent', 1000), 2, theiler => 10, horizon => 8, distance => 'vector');
SELECT is((SELECT array_agg(n_pairs) FROM journey.divergence_curve(pg_temp.s('tent', 1000), 2, theiler => 10, horizon => 4)),
	array_fill(995::bigint, '{5}'), 'TENT(1000): all vectors have a neighbour');
SELECT ok(abs(exponent - .689938669) < 1e-8, 'TENT(1000): slope 0..4')
	FROM journey.lyapunov(pg_temp.s('tent', 1000), 2, 1, 10, 8, 0, 4, 'vector');
SELECT ok(abs(exponent - .6899515679985638) < 1e-12, 'TENT(1000): as nolds, m = 2')
	FROM journey.lyapunov(pg_temp.s('tent', 1000), 2, 1, 10, 4, 0, 4, 'vector');
SELECT ok(abs(exponent - .6868467198996452) < 1e-12, 'TENT(1000): as nolds, m = 3')
	FROM journey.lyapunov(pg_temp.s('tent', 1000), 3, 1, 10, 4, 0, 4, 'vector');
SELECT ok(abs(exponent - .686505957) < 1e-8 AND abs(jump - .693147181) < 1e-8 AND noise_excess = jump - exponent,
	'TENT(1000): newest coordinate, slope 1..4, jump')
	FROM journey.lyapunov(pg_temp.s('tent', 1000), 2, 1, 10, 6, 1, 4);
SELECT ok(exponent BETWEEN .66 AND .70 AND conf_low < exponent AND exponent < conf_high AND fit_from = 1 AND fit_to >= 4
	AND theiler BETWEEN 2 AND 200 AND horizon = 20 AND n_pairs = 1978 AND status = 'ok' AND noise_excess < .05,
	'TENT(2000): all defaults') FROM journey.lyapunov(pg_temp.s('tent'));
SELECT ok(abs(journey.prediction_error(pg_temp.s('tent', 500), 3, 1, 1, 5) - .037150567) < 1e-8, 'TENT(500): prediction error');
SELECT ok(abs(journey.sample_entropy(pg_temp.s('tent', 1000)) - .6172061390497213) < 1e-10, 'TENT(1000): sample entropy');
SELECT ok(abs(journey.sample_entropy('{0,1,5,4,1,0,1,5,3}', 2, .5) - ln(2)) < 1e-12, 'nine numbers: ln 2');
SELECT ok(pg_temp.near(array_agg(information ORDER BY lag), '{1.985661750,1.324908433,.720336430}', 1e-8), 'TENT(1000): information')
	FROM journey.delay_information(pg_temp.s('tent', 1000), 3);
SELECT ok(bool_and(abs(information - corrected - 225.0 / (2 * (1000 - lag))) < 1e-12), 'R-AMI-2 less its bias')
	FROM journey.delay_information(pg_temp.s('tent', 1000), 3);
SELECT is((SELECT array_agg(fraction ORDER BY dimension) FROM journey.false_neighbours(pg_temp.s('tent'), 5, theiler => 1)),
	'{0,0,0,0,0}', 'TENT(2000): no false neighbours');

-- an independent computation (test/oracles/series_neighbours.py)
CREATE TEMP TABLE oracle (label text PRIMARY KEY, want float8[]);
INSERT INTO oracle VALUES
	('lcg_window', '{2}'),
	('lcg_curve', '{-3.65945932142,-1.50010331119,-1.55385090871,-1.42315792622,-1.43605648162,-1.50307205302,-1.52901707539,-1.45957611533,-1.3800038848,-1.48891192344,-1.42242247279,-1.55584010111,-1.40494999285,-1.47324718959,-1.55226222608,-1.36838701285,-1.30837160701,-1.43212645629,-1.40515656142,-1.54037262743,-1.42384215325}'),
	('lcg_used', '{478,478,478,478,478,478,478,478,478,478,478,478,478,478,478,478,478,478,478,478,478}'),
	('lcg_false', '{0.987975951904,0.421686746988,0.201207243461,0.235887096774}'),
	('lcg_false_used', '{499,498,497,496}'),
	('lcg_error', '{1.11343759676,1.17974030036,1.51011449352}'),
	('lcg_entropy', '{2.1494091153,0.0793341978249,0}'),
	('lcg_information', '{0.0368747672183,0.0672643176698,0.0557217464225}'),
	('slow_window', '{10}'),
	('slow_curve', '{-3.03772699125,-1.29146745164,-1.27393458424,-1.19039456744,-1.16635178695,-1.23486830311,-1.1506838415,-1.30919345644,-1.26322546141,-1.28158312445,-1.27018533865,-1.29155075199,-1.26564267535,-1.19650482763,-1.25451718562,-1.10072846962,-1.07622264166,-1.14160084955,-1.16263051109,-1.29949598605,-1.26335880959}'),
	('slow_used', '{578,578,578,578,578,578,578,578,578,578,578,578,578,578,578,578,578,578,578,578,578}'),
	('slow_false', '{0.921535893155,0.247491638796,0.0418760469012,0.0285234899329}'),
	('slow_false_used', '{599,598,597,596}'),
	('slow_error', '{0.551486039942,0.834712391643,0.715231210591}'),
	('slow_entropy', '{1.35117222609,0.224145413349,0.245668960244}'),
	('slow_information', '{0.698332866232,0.64446956428,0.630642436716}'),
	('counts_window', '{2}'),
	('counts_curve', '{0.0043321698785,1.2383066418,1.29074806795,1.20623797691,1.23137256006,1.26165532358,1.33872026286,1.25274565714,1.24625639188,1.31095475099,1.23817007782,1.30042276922,1.29199356921,1.26816910891,1.33734864443,1.28002287371,1.28383246376,1.21886216221,1.26312041501,1.31900594797,1.27168832104}'),
	('counts_used', '{160,353,357,358,348,334,347,352,355,347,349,345,345,344,343,347,357,347,356,357,354}'),
	('counts_false', '{0.0526315789474,0.168341708543,0.173803526448,0.239898989899}'),
	('counts_false_used', '{399,398,397,396}'),
	('counts_error', '{1.10148263102,1.13590524967,1.4902791038}'),
	('counts_entropy', '{2.43024823725,2.24070968928,2.52736908909}'),
	('counts_information', '{0.0466464297444,0.0817925695461,0.0598180177718}'),
	('slow_vector', '{-3.10376620407,-0.568813360062,-0.573011832618,-1.06390768847,-0.476049851719,-0.536122591096,-0.517319794964}'),
	('slow_four', '{-3.24172017326,-1.21980897654,-1.16169842288,-1.20684477325,-1.16910366905,-1.17610272278,-1.18414650305}'),
	('slow_radius', '{-2.49950229928,-0.844765585111,-0.818840283279,-0.80156257856,-0.752157592014,-0.77670547675,-0.806872784379}'),
	('slow_fit', '{0.0220125303608}');
CREATE TEMP TABLE got AS
SELECT name || '_window' AS label, ARRAY[(journey.lyapunov(x)).theiler]::float8[] AS got FROM series WHERE name <> 'tent'
UNION ALL SELECT name || '_curve', array_agg(mean_log_distance ORDER BY step) FROM series, journey.divergence_curve(x) GROUP BY name
UNION ALL SELECT name || '_used', array_agg(n_pairs ORDER BY step) FROM series, journey.divergence_curve(x) GROUP BY name
UNION ALL SELECT name || '_false', array_agg(fraction ORDER BY dimension) FROM series, journey.false_neighbours(x, 4) GROUP BY name
UNION ALL SELECT name || '_false_used', array_agg(n_used ORDER BY dimension) FROM series, journey.false_neighbours(x, 4) GROUP BY name
UNION ALL SELECT name || '_error', ARRAY[journey.prediction_error(x), journey.prediction_error(x, 2, 3, 5), journey.prediction_error(x, 4, 1, 1, 0)] FROM series
UNION ALL SELECT name || '_entropy', ARRAY[journey.sample_entropy(x), journey.sample_entropy(x, 3, .75), journey.sample_entropy(x, 1, 1)] FROM series
UNION ALL SELECT name || '_information', array_agg(information ORDER BY lag) FROM series, journey.delay_information(x, 5, 8)
	WHERE lag IN (1, 2, 5) GROUP BY name
UNION ALL SELECT 'slow_vector', array_agg(mean_log_distance ORDER BY step) FROM journey.divergence_curve(pg_temp.s('slow'), 2, 3, 20, 6, 'vector')
UNION ALL SELECT 'slow_four', array_agg(mean_log_distance ORDER BY step) FROM journey.divergence_curve(pg_temp.s('slow'), 2, 3, 20, 6, neighbours => 4)
UNION ALL SELECT 'slow_radius', array_agg(mean_log_distance ORDER BY step) FROM journey.divergence_curve(pg_temp.s('slow'), 2, 3, 20, 6, radius => .2)
UNION ALL SELECT 'slow_fit', ARRAY[(journey.lyapunov(pg_temp.s('slow'), horizon => 8, fit_to => 5)).exponent];
SELECT ok(pg_temp.near(g.got, want, 1e-10), 'R-KD-1 by looking at all pairs: ' || label)
	FROM oracle LEFT JOIN got g USING (label) ORDER BY label;

-- statuses
SELECT results_eq($$SELECT exponent, conf_low, jump, n_pairs, status FROM journey.lyapunov('{}')$$,
	$$VALUES (NULL::float8, NULL::float8, NULL::float8, 0::bigint, 'too_short')$$, 'no value');
SELECT results_eq($$SELECT * FROM journey.divergence_curve('{1,2,3}')$$,
	$$VALUES (0, NULL::float8, 0::bigint, 'too_short')$$, 'three values');
SELECT is((journey.lyapunov(pg_temp.s('lcg', 108), theiler => 50, horizon => 5)).status, 'too_short', 'R-DIV-6 101 vectors, a window of 50');
SELECT isnt((journey.lyapunov(pg_temp.s('lcg', 109), theiler => 50, horizon => 5)).status, 'too_short', 'R-DIV-6 102 vectors');
SELECT is((journey.lyapunov(pg_temp.s('lcg'), 20, 400)).status, 'too_short', 'dimension times delay beyond the length');
SELECT results_eq($$SELECT exponent, status FROM journey.lyapunov(array_fill(7::float8, '{300}'))$$,
	$$VALUES (NULL::float8, 'constant')$$, 'constant');
SELECT results_eq($$SELECT exponent, status FROM journey.lyapunov(pg_temp.s('counts'), 2)$$,
	$$VALUES (NULL::float8, 'discrete_data')$$, 'R-DIV-6 counts');
SELECT is((journey.lyapunov(pg_temp.s('lcg'), radius => 1e-9)).status, 'no_neighbours', 'nobody within a tiny radius');
SELECT results_eq($$SELECT exponent, fit_to, status FROM journey.lyapunov(pg_temp.s('lcg'), fit_from => 0)$$,
	$$VALUES (NULL::float8, NULL::integer, 'no_scaling_region')$$, 'R-DIV-3 noise has nothing to fit but the jump');
SELECT ok(noise_excess IS NULL AND jump > 2, 'but has the jump') FROM journey.lyapunov(pg_temp.s('lcg'), fit_from => 0);
SELECT ok(conf_low IS NULL AND exponent IS NOT NULL, 'no interval without replicates') FROM journey.lyapunov(pg_temp.s('tent'), replicates => 0);
SELECT is((SELECT array_agg(DISTINCT status) FROM journey.false_neighbours(pg_temp.s('lcg'))), '{no_finite_embedding}', 'R-FNN-2 noise');
SELECT is((SELECT array_agg(DISTINCT status) FROM journey.false_neighbours(pg_temp.s('lcg', 99))), '{too_short}', 'R-FNN-3 99 values');
SELECT is((SELECT array_agg(DISTINCT status) FROM journey.false_neighbours(array_fill(7::float8, '{300}'))), '{constant}', 'constant');
SELECT is((SELECT array_agg(status ORDER BY lag) FROM journey.delay_information(pg_temp.s('lcg', 51), 2)), '{ok,too_short}', 'R-AMI-3');
SELECT is((SELECT array_agg(DISTINCT status) FROM journey.delay_information(array_fill(7::float8, '{300}'))), '{constant}', 'constant');
SELECT is(ARRAY[journey.prediction_error(pg_temp.s('lcg', 99)), journey.prediction_error(array_fill(7::float8, '{300}')),
	journey.prediction_error(pg_temp.s('lcg'), theiler => 248)], '{NULL,NULL,NULL}', 'R-NPE-3 short, constant, a wide window');
SELECT is(ARRAY[journey.sample_entropy('{1,2,3}'), journey.sample_entropy(array_fill(7::float8, '{300}')),
	journey.sample_entropy(pg_temp.s('lcg'), tolerance => 0), journey.sample_entropy('{}')], '{NULL,NULL,NULL,NULL}', 'R-SEN-3 short, constant, no match');
SELECT is(ARRAY[(journey.lyapunov(ARRAY(SELECT v * 1e-200 FROM unnest(pg_temp.s('tent', 500)) WITH ORDINALITY u(v, o) ORDER BY o), fit_to => 5)).exponent::numeric(12, 9),
	(journey.lyapunov(ARRAY(SELECT v * 1e250 FROM unnest(pg_temp.s('tent', 500)) WITH ORDINALITY u(v, o) ORDER BY o), fit_to => 5)).exponent::numeric(12, 9)],
	array_fill((journey.lyapunov(pg_temp.s('tent', 500), fit_to => 5)).exponent::numeric(12, 9), '{2}'), 'R-EMB-4 the unit does not matter');

-- NULL
SELECT ok(journey.lyapunov(NULL) IS NULL AND journey.lyapunov('{1}', NULL) IS NULL AND journey.lyapunov('{1}', seed => NULL) IS NULL
	AND journey.lyapunov('{1}', distance => NULL) IS NULL AND journey.sample_entropy(NULL) IS NULL AND journey.sample_entropy('{1}', NULL) IS NULL
	AND journey.prediction_error(NULL) IS NULL AND journey.prediction_error('{1}', neighbours => NULL) IS NULL, 'R-SNB-2 NULL gives NULL');
SELECT is_empty($$SELECT FROM journey.divergence_curve(NULL) UNION ALL SELECT FROM journey.divergence_curve('{1}', delay => NULL)
	UNION ALL SELECT FROM journey.false_neighbours(NULL) UNION ALL SELECT FROM journey.delay_information(NULL)
	UNION ALL SELECT FROM journey.delay_information('{1}', bins => NULL)$$, 'R-SNB-2 NULL gives no row');

-- bad elements
CREATE TEMP TABLE call (call text);
INSERT INTO call VALUES ('journey.lyapunov(%s)'), ('journey.divergence_curve(%s)'), ('journey.false_neighbours(%s)'),
	('journey.prediction_error(%s)'), ('journey.sample_entropy(%s)'), ('journey.delay_information(%s)');
SELECT throws_ok('SELECT ' || format(call, '''{1,2,NULL,4}'''), '22004', 'element 3 of array "x" is null', 'R-SNB-1 a gap: ' || call) FROM call;
SELECT throws_ok('SELECT ' || format(call, '''{1,NULL,3,NaN}'''), '22004', 'element 2 of array "x" is null', 'R-SNB-1 the first: ' || call) FROM call;
SELECT throws_ok('SELECT ' || format(call, '''{1,2,3,NaN}'''), '22004', 'element 4 of array "x" is not finite', 'R-SNB-1 NaN: ' || call) FROM call;
SELECT throws_ok('SELECT ' || format(call, '''{-Infinity}'''), '22004', 'element 1 of array "x" is not finite', 'R-SNB-1 infinity: ' || call) FROM call;
SELECT throws_ok('SELECT ' || format(call, '''{{1,2},{3,4}}'''), '2202E', NULL, 'a matrix: ' || call) FROM call;

-- impossible arguments
SELECT throws_ok('SELECT ' || wrong, '22023', NULL, wrong) FROM (VALUES
	('journey.lyapunov(''{1}'', 0)'), ('journey.lyapunov(''{1}'', 21)'), ('journey.lyapunov(''{1}'', delay => 0)'),
	('journey.lyapunov(''{1}'', theiler => -1)'), ('journey.lyapunov(''{1}'', horizon => 0)'), ('journey.lyapunov(''{1}'', fit_from => -1)'),
	('journey.lyapunov(''{1}'', fit_from => 3, fit_to => 3)'), ('journey.lyapunov(''{1}'', fit_to => 21)'),
	('journey.lyapunov(''{1}'', horizon => 5, fit_to => 6)'), ('journey.lyapunov(''{1}'', horizon => 5, fit_from => 5)'),
	('journey.lyapunov(''{1}'', distance => ''first'')'), ('journey.lyapunov(''{1}'', neighbours => 0)'),
	('journey.lyapunov(''{1}'', radius => 0)'), ('journey.lyapunov(''{1}'', radius => ''NaN'')'),
	('journey.lyapunov(''{1}'', radius => 1, neighbours => 2)'), ('journey.lyapunov(''{1}'', replicates => -1)'),
	('journey.divergence_curve(''{1}'', 0)'), ('journey.divergence_curve(''{1}'', distance => ''LAST'')'),
	('journey.false_neighbours(''{1}'', 0)'), ('journey.false_neighbours(''{1}'', delay => 0)'), ('journey.false_neighbours(''{1}'', theiler => -2)'),
	('journey.prediction_error(''{1}'', neighbours => 0)'), ('journey.prediction_error(''{1}'', horizon => 0)'),
	('journey.sample_entropy(''{1}'', 0)'), ('journey.sample_entropy(''{1}'', tolerance => -1)'), ('journey.sample_entropy(''{1}'', tolerance => ''NaN'')'),
	('journey.delay_information(''{1}'', 0)'), ('journey.delay_information(''{1}'', bins => 1)'), ('journey.delay_information(''{1}'', bins => 257)')) w(wrong);

-- determinism
SELECT is((SELECT l FROM journey.lyapunov(pg_temp.s('tent')) l), (SELECT l FROM journey.lyapunov(pg_temp.s('tent')) l), 'same bits');
SELECT ok(a.conf_low <> b.conf_low AND a.jump = b.jump, 'another seed, another interval')
	FROM journey.lyapunov(pg_temp.s('tent')) a, journey.lyapunov(pg_temp.s('tent'), seed => 1) b;

-- series_agg
CREATE TEMP TABLE daily AS SELECT '2024-01-01'::timestamptz + i * interval '1 day' AS ts, (i * 37 % 100)::float8 AS value, i % 7 AS g
FROM generate_series(1, 20000) i;
SELECT is((SELECT journey.series_agg(value, ts) FROM daily), (SELECT array_agg(value ORDER BY ts) FROM daily), 'R-SAG-1 the order of time');
SELECT is((SELECT journey.series_agg(value, ts) FROM (SELECT * FROM daily ORDER BY value DESC, ts) d),
	(SELECT array_agg(value ORDER BY ts) FROM daily), 'R-SAG-1 shuffled');
SELECT results_eq($$SELECT g, journey.series_agg(value, ts) FROM daily WHERE ts < '2024-02-05' GROUP BY g ORDER BY g$$,
	$$SELECT g, array_agg(value ORDER BY ts) FROM daily WHERE ts < '2024-02-05' GROUP BY g ORDER BY g$$, 'groups');
SELECT is((SELECT journey.series_agg(v, '2024-01-01') FROM unnest('{3,1,-0,2,0,1}'::float8[]) v)::text, '{0,0,1,1,2,3}', 'R-SAG-1 ties by value, no -0');
SELECT is((SELECT journey.series_agg(value, ts) FROM daily WHERE false), NULL, 'R-SAG-3 no rows');
SELECT is((SELECT journey.series_agg(value, ts) FILTER (WHERE value > 98) FROM daily WHERE g = 0 AND ts < '2026-01-01'),
	(SELECT array_agg(value ORDER BY ts) FROM daily WHERE value > 98 AND g = 0 AND ts < '2026-01-01'), 'a filter');
SELECT is((SELECT array_agg(s ORDER BY ts) FROM (SELECT ts, cardinality(journey.series_agg(value, ts) OVER (ORDER BY ts)) AS s
	FROM daily WHERE ts < '2024-01-12') w), '{1,2,3,4,5,6,7,8,9,10}', 'a window: the state is not touched by its result');
-- parallel workers and their wire form; a temporary table would not go parallel
CREATE TABLE public.series_big AS SELECT ts, value FROM daily;
ANALYZE public.series_big;
SET LOCAL max_parallel_workers_per_gather = 4;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP plan := plan || line || E'\n'; END LOOP;
	RETURN plan;
END $$;
SELECT matches(pg_temp.plan_of('SELECT journey.series_agg(value, ts) FROM public.series_big'), 'Partial Aggregate', 'series_agg is combined from parallel workers');
SELECT is((SELECT journey.series_agg(value, ts) FROM public.series_big), (SELECT array_agg(value ORDER BY ts) FROM daily), 'R-SAG-1 workers');
RESET max_parallel_workers_per_gather;
SET LOCAL timezone = 'UTC';
SELECT throws_ok($$SELECT journey.series_agg(nullif(value, 1), ts) FROM daily WHERE value = 1 AND ts < '2024-06-01'$$, '22004',
	'value at ts 2024-03-14 00:00:00+00 is null', 'R-SAG-2 NULL');
SELECT throws_ok($$SELECT journey.series_agg('NaN', ts) FROM daily$$, '22004', 'value at ts 2024-01-02 00:00:00+00 is not finite', 'R-SAG-2 NaN');
SELECT throws_ok($$SELECT journey.series_agg(1, NULL) FROM daily$$, '22004', 'ts must not be null', 'R-SAG-2 no time');
SELECT throws_ok($$SELECT journey.series_agg(1, 'infinity') FROM daily$$, '22008', 'ts must not be infinite', 'R-SAG-2 an infinite time');
SELECT ok((SELECT abs((journey.lyapunov(journey.series_agg(v, '2024-01-01'::timestamptz + o * interval '1 hour'))).exponent
	- (journey.lyapunov(pg_temp.s('tent'))).exponent) = 0 FROM unnest(pg_temp.s('tent')) WITH ORDINALITY u(v, o)), 'from rows to an exponent');

SELECT * FROM finish();
ROLLBACK;
