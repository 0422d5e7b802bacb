-- Features of journeys through SQL: golden numbers, the aggregate against the
-- scalars and against customer_features, order of rows, ties, time zones,
-- hostile input.  Numbers of journeys 1 to 4: test/oracles/features.py.
BEGIN;
SELECT plan(93);

CREATE TEMP TABLE j (customer_id bigint, second float8, touchpoint text, value float8);
INSERT INTO j VALUES
(1, 0, 'order', 120), (1, 3600, 'mail', NULL), (1, 90000, 'delivery', NULL), (1, 90000, 'mail', NULL),
(1, 180000, 'return', -120), (1, 180600, 'chat', NULL), (1, 181000, 'chat', NULL), (1, 190000, 'phone', NULL),
(1, 190060, 'chat', NULL), (1, 500000, 'refund', NULL), (1, 700000, 'survey', 3.5), (3, 42, 'phone', NULL);
INSERT INTO j SELECT 2, 86400 * i, CASE WHEN i % 3 = 0 THEN 'visit' ELSE 'letter' END, 1.25 * i FROM generate_series(0, 11) i;
INSERT INTO j SELECT 4, t, x, NULL FROM unnest('{0,1,2,2,3,100000,100001,100005,400000,400000,400000,400007}'::float8[],
	'{a,b,a,c,c,b,a,a,d,a,b,d}'::text[]) u(t, x);
CREATE TEMP TABLE e AS
SELECT customer_id, touchpoint, timestamptz '2024-03-30 21:00Z' + second * interval '1 second' AS ts, value FROM j;
CREATE TEMP TABLE f AS SELECT customer_id, (journey.features_agg(touchpoint, ts, value)).* FROM e GROUP BY 1;
CREATE TEMP TABLE p AS SELECT customer_id, journey.path_agg(touchpoint, ts) AS path FROM e GROUP BY 1;

-- Oracle
CREATE FUNCTION pg_temp.near(got float8, want float8) RETURNS boolean LANGUAGE sql
RETURN (got IS NULL AND want IS NULL) OR COALESCE(abs(got - want) <= 1e-12 * greatest(abs(want), 1), false);
SELECT results_eq('SELECT customer_id, n_events, n_touchpoints, n_transitions, n_self_loops, n_repeats, n_ping_pongs, lempel_ziv FROM f ORDER BY 1',
	$$VALUES (1::bigint, 11::bigint, 8::bigint, 9::bigint, 1::bigint, 2::bigint, 2::bigint, 8), (2, 12, 2, 7, 4, 6, 3, 4),
	(3, 1, 1, 0, 0, 0, 0, 1), (4, 12, 4, 7, 4, 4, 1, 7)$$, 'counts equal the oracle');
CREATE TEMP TABLE oracle (customer_id bigint, entropy float8, complexity float8, turbulence float8, volatility float8, log2_subsequences float8,
	mean_gap float8, median_gap float8, burstiness float8, memory float8, lv float8, value_sum float8, value_mean float8, value_min float8, value_last float8);
INSERT INTO oracle VALUES
(1, 1.972246979423441, 0.9239076149630605, 9.614709844115207, 0.95, 9.614709844115207,
	70000, 6300, 0.367300176227965, 0.261393612566576, 2.238835928421703, 3.5, 1.1666666666666667, -120, 3.5),
(2, 0.6365141682948128, 0.7644410220654654, 7.596935142387232, 0.8181818181818182, 6.459431618637297,
	86400, 86400, -1, NULL, 0, 82.5, 6.875, 0, 13.75),
(3, 0, 0, 1, 0, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(4, 1.308605387253449, 0.7750492511827857, 8.232021122534224, 0.8181818181818182, 7.357552004618084,
	36364.27272727273, 1, 0.7798981295350321, -0.1904710882801237, NULL, NULL, NULL, NULL, NULL);
SELECT ok(bool_and(pg_temp.near(f.entropy, o.entropy)), 'entropy equals the oracle') FROM f JOIN oracle o USING (customer_id);
SELECT ok(bool_and(pg_temp.near(f.complexity, o.complexity)), 'complexity equals the oracle') FROM f JOIN oracle o USING (customer_id);
SELECT ok(bool_and(pg_temp.near(f.turbulence, o.turbulence)), 'turbulence equals the oracle') FROM f JOIN oracle o USING (customer_id);
SELECT ok(bool_and(pg_temp.near(f.volatility, o.volatility)), 'volatility equals the oracle') FROM f JOIN oracle o USING (customer_id);
SELECT ok(bool_and(pg_temp.near(journey.log2_subsequences(path), o.log2_subsequences)), 'log2_subsequences equals the oracle') FROM p JOIN oracle o USING (customer_id);
SELECT ok(bool_and(pg_temp.near(mean_gap_seconds, mean_gap) AND pg_temp.near(median_gap_seconds, median_gap)), 'gaps equal the oracle') FROM f JOIN oracle o USING (customer_id);
SELECT ok(bool_and(pg_temp.near(f.burstiness, o.burstiness) AND pg_temp.near(memory_coefficient, memory) AND pg_temp.near(local_variation, lv)),
	'rhythm equals the oracle') FROM f JOIN oracle o USING (customer_id);
SELECT ok(bool_and(pg_temp.near(f.value_sum, o.value_sum) AND pg_temp.near(f.value_mean, o.value_mean) AND pg_temp.near(f.value_min, o.value_min)
	AND pg_temp.near(f.value_last, o.value_last)), 'values equal the oracle') FROM f JOIN oracle o USING (customer_id);
SELECT is(touchpoints, '{chat,delivery,mail,order,phone,refund,return,survey}', 'touchpoints in byte order') FROM f WHERE customer_id = 1;
SELECT is(counts, '{3,1,2,1,1,1,1,1}', 'their counts') FROM f WHERE customer_id = 1;
SELECT is(ARRAY[first_touchpoint, last_touchpoint], '{order,survey}', 'first and last') FROM f WHERE customer_id = 1;
SELECT is(duration_seconds, 700000::float8, 'duration in seconds') FROM f WHERE customer_id = 1;
SELECT is(ARRAY[first_at, last_at], ARRAY[timestamptz '2024-03-30 21:00Z', timestamptz '2024-04-07 23:26:40Z'], 'first_at and last_at') FROM f WHERE customer_id = 1;
SELECT is(path, '{order,mail,delivery,mail,return,chat,chat,phone,chat,refund,survey}', 'ties go by bytes in path_agg') FROM p WHERE customer_id = 1;
SELECT is(seconds_since_last, NULL, 'no as_of, no seconds_since_last') FROM f WHERE customer_id = 1;
SELECT ok(mean_gap_seconds IS NULL AND median_gap_seconds IS NULL AND max_gap_seconds IS NULL AND burstiness IS NULL AND value_sum IS NULL
	AND duration_seconds = 0 AND entropy = 0 AND turbulence = 1, 'one event') FROM f WHERE customer_id = 3;

-- Golden table (reference, TraMineR 2.2)
CREATE TEMP TABLE golden (path text[], entropy float8, complexity float8, turbulence float8, volatility float8, phi float8);
INSERT INTO golden VALUES ('{A,A,B,B,C,C}', 0.792481250, 0.563020870, 4.58496250, 0.533333333, 8), ('{A,B,A,B,A,B}', 0.5, 0.707106781, 5.04439412, 0.666666667, 33),
('{A,A,A,A,A,A}', 0, 0, 1, 0, 2), ('{A,B,C,D,A,B}', 0.959147917, 0.979360974, 5.90689060, 1, 60), ('{A}', 0, 0, 1, 0, 2);
SELECT ok(abs(journey.entropy(path, 4) - entropy) < 1e-9 AND abs(journey.complexity(path, 4) - complexity) < 1e-9
	AND abs(journey.turbulence(path) - turbulence) < 1e-8 AND abs(journey.volatility(path, 4) - volatility) < 1e-9
	AND abs(2 ^ journey.log2_subsequences(path) - phi) < 1e-9, 'golden figures of ' || path::text) FROM golden;
SELECT is(journey.lempel_ziv(regexp_split_to_array(s, '')), n, 'lempel_ziv of ' || s)
FROM (VALUES ('010101010101', 3), ('11111', 2), ('01011010001101110010', 7), ('1001111011000010', 6)) v(s, n);
SELECT ok(abs(journey.burstiness('{10,20,30,40}') + 0.398368197) < 1e-9 AND journey.memory_coefficient('{10,20,30,40}') = 1
	AND abs(journey.local_variation('{10,20,30,40}') - 0.171519274) < 1e-9, 'gaps 10 20 30 40');
SELECT ok(abs(journey.burstiness('{60,5,5,30,900,10}') - 0.834624462) < 1e-9 AND abs(journey.memory_coefficient('{60,5,5,30,900,10}') + 0.246627062) < 1e-9
	AND abs(journey.local_variation('{60,5,5,30,900,10}') - 1.834702485) < 1e-9, 'gaps 60 5 5 30 900 10');
SELECT ok(journey.burstiness('{5,5,5,5}') = -1 AND journey.memory_coefficient('{5,5,5,5}') IS NULL AND journey.local_variation('{5,5,5,5}') = 0, 'equal gaps');
SELECT ok(journey.burstiness('{5}') IS NULL AND journey.burstiness('{0,0,0}') IS NULL AND journey.local_variation('{0,0,1}') IS NULL
	AND journey.memory_coefficient('{1,2}') IS NULL AND journey.burstiness('{}') IS NULL, 'gaps that have no rhythm');
SELECT is(journey.edit_distance('{a,b,c}', '{a,c,d,d}'), 3, 'edit distance');
SELECT is(journey.edit_distance('{}', '{a,b}'), 2, 'edit distance to nothing');
SELECT is(journey.edit_distance(string_to_array('k i t t e n', ' '), string_to_array('s i t t i n g', ' ')), 3, 'kitten, sitting');

-- Aggregate and scalars are one implementation
CREATE TABLE public.big AS
SELECT (i::bigint * i * 7 + i) % 211 AS customer_id, chr(97 + (i * 31 + i % 7) % 9) || CASE WHEN i % 5 = 0 THEN 'é' ELSE '' END AS touchpoint,
	timestamptz '2024-01-01' + (i * 7919 % 100003) * interval '37 minutes' - (i % 3) * interval '1 microsecond' AS ts,
	CASE WHEN i % 4 > 0 THEN (i % 17) / 8.0 - 1 END::float8 AS value
FROM generate_series(1, 20000) i;
INSERT INTO big SELECT 1000, chr(97 + i % 3), timestamptz '2024-01-01' + (i / 4) * interval '1 day', i % 5 FROM generate_series(1, 3000) i;
CREATE TEMP TABLE bigf AS SELECT customer_id, journey.features_agg(touchpoint, ts, value) AS f, journey.path_agg(touchpoint, ts) AS path FROM big GROUP BY 1;
SELECT ok(bool_and((f).entropy = journey.entropy(path) AND (f).complexity = journey.complexity(path) AND (f).turbulence = journey.turbulence(path)
	AND (f).volatility = journey.volatility(path) AND (f).lempel_ziv = journey.lempel_ziv(path)), 'features_agg = scalars of path_agg, bit for bit') FROM bigf;
SELECT ok(bool_and((f).burstiness = journey.burstiness(gaps) AND (f).memory_coefficient = journey.memory_coefficient(gaps)
	AND (f).local_variation IS NOT DISTINCT FROM journey.local_variation(gaps)), 'features_agg = scalars of the gaps, bit for bit')
FROM bigf JOIN (SELECT customer_id, array_agg(gap ORDER BY ts, touchpoint COLLATE "C") AS gaps FROM (SELECT customer_id, ts, touchpoint,
	extract(epoch FROM ts - lag(ts) OVER (PARTITION BY customer_id ORDER BY ts, touchpoint COLLATE "C"))::float8 AS gap FROM big) x
	WHERE gap IS NOT NULL GROUP BY 1) g USING (customer_id);
CREATE TEMP TABLE windowed AS
SELECT customer_id, count(*) AS n, count(DISTINCT touchpoint) AS k, count(DISTINCT ts::date) AS days, sum(gap) AS duration, max(gap) AS max_gap,
	percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS median_gap, count(*) FILTER (WHERE touchpoint <> before) AS transitions,
	count(*) FILTER (WHERE touchpoint = before) AS loops, count(*) FILTER (WHERE touchpoint <> before AND nth > 1) AS repeats,
	count(*) FILTER (WHERE touchpoint = two AND touchpoint <> before) AS pings, sum(value) AS value_sum, min(value) AS value_min
FROM (SELECT customer_id, touchpoint, ts, value, extract(epoch FROM ts - lag(ts) OVER w)::float8 AS gap, lag(touchpoint) OVER w AS before,
	lag(touchpoint, 2) OVER w AS two, row_number() OVER (PARTITION BY customer_id, touchpoint ORDER BY ts) AS nth
	FROM big WINDOW w AS (PARTITION BY customer_id ORDER BY ts, touchpoint COLLATE "C")) x GROUP BY 1;
SELECT is_empty('SELECT customer_id, n, k, days, transitions, loops, repeats, pings, value_min FROM windowed
	EXCEPT SELECT customer_id, (f).n_events, (f).n_touchpoints, (f).active_days, (f).n_transitions, (f).n_self_loops, (f).n_repeats, (f).n_ping_pongs, (f).value_min FROM bigf',
	'counts equal window functions');
SELECT ok(bool_and(pg_temp.near((f).duration_seconds, duration) AND (f).max_gap_seconds = max_gap AND pg_temp.near((f).median_gap_seconds, median_gap)
	AND pg_temp.near((f).value_sum, value_sum)), 'durations and sums equal window functions') FROM bigf JOIN windowed USING (customer_id);
SELECT is_empty('SELECT customer_id, t, count(*)::integer FROM big, LATERAL (SELECT touchpoint AS t) l GROUP BY 1, 2
	EXCEPT SELECT customer_id, t, c FROM bigf, unnest((f).touchpoints, (f).counts) u(t, c)', 'touchpoints and counts equal GROUP BY');

-- Order of rows, doors
CREATE TEMP TABLE shuffled AS SELECT * FROM big ORDER BY journey.hash64(ts::text || touchpoint || COALESCE(value, 0)::text);
SELECT is_empty('SELECT customer_id, f::text, path FROM bigf EXCEPT SELECT customer_id, journey.features_agg(touchpoint, ts, value)::text, journey.path_agg(touchpoint, ts) FROM shuffled GROUP BY 1',
	'the order of rows does not matter, to the last bit');
SELECT is_empty('SELECT customer_id, (f).* FROM bigf EXCEPT SELECT * FROM journey.customer_features(''big'')', 'customer_features = features_agg, bit for bit');
SELECT is_empty('SELECT * FROM journey.customer_features(''shuffled'') EXCEPT SELECT * FROM journey.customer_features(''big'')', 'customer_features of shuffled rows');
SELECT is((SELECT count(*) FROM journey.customer_features('big')), (SELECT count(*) FROM bigf), 'a row per customer');
SELECT is_empty($$SELECT customer_id, n_events, entropy FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM big') WHERE value_sum IS NOT NULL$$, 'no value column, no value figures');
SELECT results_eq($$SELECT customer_id, n_events, seconds_since_last FROM journey.customer_features('e', '2024-03-31 22:00:00Z') ORDER BY 1$$,
	$$VALUES (1::bigint, 2::bigint, 86400::float8), (2, 2, 3600), (3, 1, 89958), (4, 5, 89997)$$, 'as_of: nothing at or after it exists');
SELECT is((SELECT count(*) FROM journey.customer_features('e', '2024-03-30 21:00Z')), 0::bigint, 'nobody before the first event');
SELECT results_eq($$SELECT customer_id, entropy, complexity, volatility FROM journey.customer_features('e', alphabet_size => 20) ORDER BY 1$$,
	$$SELECT customer_id, journey.entropy(path, 20), journey.complexity(path, 20), journey.volatility(path, 20) FROM p ORDER BY 1$$, 'alphabet_size reaches customer_features');
SELECT throws_ok($$SELECT * FROM journey.customer_features('e', alphabet_size => 7)$$, '22023',
	'customer 1 has more distinct touchpoints than alphabet_size, which is 7', 'an alphabet too small names the customer');
SELECT results_eq($$SELECT customer_id, n_events FROM journey.customer_features('SELECT customer_id::text, ts, touchpoint FROM e', customer_type => NULL::text) ORDER BY 1$$,
	$$VALUES ('1'::text, 11::bigint), ('2', 12), ('3', 1), ('4', 12)$$, 'text keys');
SELECT results_eq($$SELECT pg_typeof(customer_id)::text, n_events FROM journey.customer_features('e'::text, as_of => NULL, customer_type => NULL::integer) WHERE customer_id = 3$$,
	$$VALUES ('integer', 1::bigint)$$, 'customer_type integer');
SELECT throws_ok($$SELECT * FROM journey.customer_features('SELECT ''x''::text AS customer_id, now() AS ts, ''a''::text AS touchpoint')$$, '42804', NULL, 'text keys without customer_type');
SELECT is((SELECT count(*) FROM journey.customer_features('SELECT * FROM e WHERE false')), 0::bigint, 'an empty source has no rows');
SELECT results_eq($$SELECT customer_id, value_last FROM journey.customer_features('SELECT 1::bigint AS customer_id, timestamptz ''2024-01-01'' AS ts, ''a''::text AS touchpoint, v::float8 AS value, i AS event_id
	FROM unnest(ARRAY[2, -5, 3, 1], ARRAY[4, 3, 2, 1]) u(v, i)')$$, $$VALUES (1::bigint, 2::float8)$$, 'event_id decides among equal moments');

-- Parallel workers and their wire form; a temporary table would not go parallel
ANALYZE public.big;
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
SELECT matches(pg_temp.plan_of('SELECT journey.features_agg(touchpoint, ts, value) FROM public.big'), 'Partial Aggregate', 'features_agg is combined from parallel workers');
CREATE TEMP TABLE parallel AS
SELECT 'all' AS what, journey.features_agg(touchpoint, ts, value)::text AS f, journey.path_agg(touchpoint, ts) AS path FROM public.big
UNION ALL SELECT customer_id::text, journey.features_agg(touchpoint, ts, value)::text, journey.path_agg(touchpoint, ts) FROM public.big GROUP BY customer_id;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is_empty('SELECT * FROM parallel EXCEPT (SELECT ''all'', journey.features_agg(touchpoint, ts, value)::text, journey.path_agg(touchpoint, ts) FROM public.big
	UNION ALL SELECT customer_id::text, f::text, path FROM bigf)', 'four workers and none: the same bits');
SELECT is_empty('SELECT customer_id, journey.features_agg(touchpoint, ts, value)::text FROM (SELECT * FROM public.big ORDER BY customer_id, ts DESC) o GROUP BY 1
	EXCEPT SELECT customer_id, f::text FROM bigf', 'descending input');
RESET max_parallel_workers_per_gather;

-- Ties
SELECT is(journey.path_agg(t, '2024-01-01'), '{A,a,b,é}', 'all at one moment: byte order, not the collation') FROM unnest('{é,a,b,A}'::text[]) t;
SELECT is(ARRAY[(f).value_last, (f).value_sum], ARRAY[3, 6]::float8[], 'equal moment and touchpoint: values ascend, NULL last')
FROM (SELECT journey.features_agg('a', '2024-01-01', v) AS f FROM unnest('{3,1,NULL,2}'::float8[]) v) x;
SELECT is((f).burstiness, NULL, 'all gaps zero') FROM (SELECT journey.features_agg('a', '2024-01-01') AS f FROM generate_series(1, 5)) x;

-- Time zones: calendar days of the session
CREATE TEMP TABLE clock AS SELECT i % 7 AS customer_id, 'x'::text AS touchpoint, timestamptz '2023-09-20 00:30Z' + i * interval '53 minutes' AS ts FROM generate_series(0, 12000) i;
INSERT INTO clock SELECT 100, 'x', t FROM unnest(ARRAY['0100-05-05 23:40Z', '0100-05-06 00:10Z', '1883-11-18 04:59Z', '1883-11-18 05:01Z', '1900-01-01 00:00Z', '2011-12-29 10:30Z',
	'2011-12-30 09:59Z', '2011-12-30 10:01Z', '2300-07-01 22:30Z', '2300-12-01 22:30Z', '2437-06-01 22:30Z', '2999-01-01 23:30Z']::timestamptz[]) t;
CREATE FUNCTION pg_temp.days_agree(zone text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('TimeZone', zone, true);
	RETURN NOT EXISTS (SELECT customer_id, count(DISTINCT ts::date) FROM clock GROUP BY 1
		EXCEPT SELECT customer_id, (journey.features_agg(touchpoint, ts)).active_days FROM clock GROUP BY 1)
	AND NOT EXISTS (SELECT customer_id, count(DISTINCT ts::date) FROM clock GROUP BY 1
		EXCEPT SELECT customer_id, active_days FROM journey.customer_features('clock'));
END $$;
SELECT ok(pg_temp.days_agree(z), 'R-CAL-1 active_days = count(distinct ts::date) in ' || z)
FROM unnest('{UTC,Europe/Berlin,America/New_York,America/Havana,Pacific/Apia,Asia/Kathmandu,Australia/Lord_Howe,America/Sao_Paulo,Africa/Casablanca,+05:45,"EST5EDT,M3.2.0,M11.1.0"}'::text[]) z;
SET LOCAL timezone = 'Europe/Berlin';
SELECT is((SELECT active_days FROM journey.customer_features('e') WHERE customer_id = 1), 5::bigint, 'five days in Berlin');
SET LOCAL timezone = 'UTC';
SELECT is((SELECT active_days FROM journey.customer_features('e') WHERE customer_id = 1), 6::bigint, 'six days in UTC');

-- No rows, hostile input
SELECT is(journey.path_agg('a', now()), NULL, 'no rows, no path') FROM e WHERE false;
SELECT ok(journey.features_agg('a', now()) IS NULL, 'no rows, no features') FROM e WHERE false;
SELECT throws_ok($$SELECT journey.path_agg(NULL, now())$$, '22004', 'touchpoint must not be null', 'NULL touchpoint');
SELECT throws_ok($$SELECT journey.features_agg('a', NULL, 1)$$, '22004', 'ts must not be null', 'NULL ts');
SELECT throws_ok($$SELECT journey.features_agg('a', 'infinity')$$, '22008', 'ts must be finite, it is "infinity"', 'infinite ts');
SELECT throws_ok($$SELECT journey.features_agg('a', '-infinity')$$, '22008', NULL, 'ts at -infinity');
SELECT throws_ok($$SELECT journey.features_agg('a', now(), 'NaN')$$, '22003', 'value must be finite, it is NaN', 'NaN value');
SELECT throws_ok($$SELECT journey.features_agg('a', now(), v) FROM unnest('{1e308,1e308}'::float8[]) v$$, '22003', 'the sum of value is out of range', 'a sum that overflows');
SELECT throws_ok($$SELECT journey.path_agg('', now())$$, '22023', NULL, 'an empty touchpoint');
SELECT throws_ok($$SELECT journey.path_agg(repeat('x', 10000000), now())$$, '54000', NULL, 'a touchpoint of 10 MB');
SELECT is((SELECT length((journey.path_agg(t || repeat('x', 1048575), now()))[1]) FROM unnest('{a,b}'::text[]) t), 1048576, 'a touchpoint of 1 MB');
SELECT throws_ok($$SELECT journey.entropy('{a,NULL}')$$, '22004', 'element 2 of array "path" is null', 'NULL in a path');
SELECT throws_ok($$SELECT journey.turbulence('{{a,b},{c,d}}')$$, '2202E', NULL, 'two dimensions');
SELECT throws_ok($$SELECT journey.edit_distance('{a,""}', '{a}')$$, '22023', NULL, 'an empty element');
SELECT throws_ok($$SELECT journey.entropy('{a,b,c}', 2)$$, '22023', NULL, 'alphabet_size below the path');
SELECT throws_ok($$SELECT journey.volatility('{a}', 0)$$, '22023', NULL, 'alphabet_size 0');
SELECT throws_ok($$SELECT journey.burstiness('{1,-1}')$$, '22023', NULL, 'a negative gap');
SELECT throws_ok($$SELECT journey.burstiness('{1,NaN}')$$, '22003', NULL, 'a NaN gap');
SELECT throws_ok($$SELECT journey.burstiness('{1,NULL}')$$, '22004', 'element 2 of array "gaps" is null', 'a NULL gap');
SELECT ok(journey.entropy('{}') IS NULL AND journey.lempel_ziv('{}') IS NULL AND journey.entropy(NULL) IS NULL AND journey.turbulence('{}') IS NULL, 'an empty path has no shape');
SELECT throws_ok($$SELECT journey.edit_distance(array_agg(i::text), array_agg((i + 1000000)::text)) FROM generate_series(1, 110000) i$$, '54000', NULL, 'edit distance has a cap');
SELECT ok(abs(journey.log2_subsequences(array_agg((i % 2)::text)) - (100003 * log(2, 1.6180339887498948482) - log(2, 5) / 2)) < 1e-8, 'long paths do not overflow') FROM generate_series(1, 100000) i;

SELECT * FROM finish();
ROLLBACK;
