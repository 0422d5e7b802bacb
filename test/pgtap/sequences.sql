-- sequence_match, sequence_count, sequence_match_events, sequence_next_node and
-- retention: what they answer, what they refuse, and that neither the order of
-- rows nor parallel workers change an answer.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
SELECT plan(119);

-- Letters, one an hour; '.' an hour without an event.
CREATE FUNCTION pg_temp.rows_of(letters text) RETURNS TABLE (ts timestamptz, touchpoint text) LANGUAGE sql AS $$
	SELECT timestamptz '2024-01-01' + (i - 1) * interval '1 hour', l
	FROM regexp_split_to_table(letters, '') WITH ORDINALITY u(l, i) WHERE l <> '.' $$;
-- (jit off: a hundred small statements would be compiled one by one)
CREATE FUNCTION pg_temp.matches(pattern text, letters text) RETURNS text LANGUAGE sql SET jit = off AS $$
	SELECT journey.sequence_match(pattern, ts, touchpoint = 'A', touchpoint = 'B', touchpoint = 'C')
		|| ' ' || journey.sequence_count(pattern, ts, touchpoint = 'A', touchpoint = 'B', touchpoint = 'C')
		|| ' ' || coalesce((SELECT string_agg(to_char(t, 'HH24'), ',' ORDER BY o) FROM unnest(
			journey.sequence_match_events(pattern, ts, touchpoint = 'A', touchpoint = 'B', touchpoint = 'C')) WITH ORDINALITY e(t, o)), 'null')
	FROM pg_temp.rows_of(letters) $$;

-- R-PAT-1: the language
SELECT is(pg_temp.matches('(?1)(?2)', 'AB'), 'true 1 00,01', 'neighbours');
SELECT is(pg_temp.matches('(?1)(?2)', 'ADB'), 'true 1 00,02', 'a row where no condition holds does not stand between');
SELECT is(pg_temp.matches('(?1)(?2)', 'ACB'), 'false 0 null', 'a row where one holds does');
SELECT is(pg_temp.matches('(?1).(?2)', 'ACB'), 'true 1 00,02', 'any one row');
SELECT is(pg_temp.matches('(?1).*(?2)', 'ACCB'), 'true 1 00,03', 'any rows');
SELECT is(pg_temp.matches('(?1)(?2).*(?3)', 'ACBC'), 'false 0 null', 'adjacency holds beside .*');
SELECT is(pg_temp.matches('(?1)(?t<=7200)(?2)', 'A.B'), 'true 1 00,02', 'a time in seconds, inclusive');
SELECT is(pg_temp.matches('(?1)(?t<7200)(?2)', 'A.B'), 'false 0 null', 'and below');
SELECT is(pg_temp.matches('(?1)(?t<=2 hours)(?2)', 'ACB'), 'true 1 00,02', 'a time written out, rows between allowed');
SELECT is(pg_temp.matches('(?1)(?t<=1 hour 59 minutes)(?2)', 'A.B'), 'false 0 null', 'in several units');
SELECT is(pg_temp.matches('(?1)(?t>=2 hours)(?2)', 'ABB'), 'true 1 00,02', 'at least');
SELECT is(pg_temp.matches('(?1)(?t>2 hours)(?2)', 'ABBB'), 'true 1 00,03', 'more than');
SELECT is(pg_temp.matches('(?1)(?t==2 hours)(?2)', 'AABBB'), 'true 1 00,02', 'exactly');
SELECT is(pg_temp.matches('(?w<=2 hours)(?1).*(?2).*(?3)', 'AB.C'), 'false 0 null', 'a limit of the whole chain');
SELECT is(pg_temp.matches('(?w<=3 hours)(?1).*(?2).*(?3)', 'AB.C'), 'true 1 00,01,03', 'met');
SELECT is(pg_temp.matches('(?1)((?2)|(?3))(?1)', 'ABACA'), 'true 1 00,01,02', 'alternatives');
SELECT is(pg_temp.matches('(?1)(?2){2,3}(?3)', 'ABBC'), 'true 1 00,01,02,03', 'repetition');
SELECT is(pg_temp.matches('(?1)(?2){2,3}(?3)', 'ABBBBC'), 'false 0 null', 'too many');
SELECT is(pg_temp.matches('(?1)(?2){2,}(?3)', 'ABBBBC'), 'true 1 00,01,02,03,04,05', 'without a limit');
SELECT is(pg_temp.matches('(?1)(?2){3}', 'ABBBBC'), 'true 1 00,01,02,03', 'exactly so many');

-- R-MATCH-3, R-MATCH-4: which match
SELECT is(pg_temp.matches('(?1).*(?2)', 'AABBAB'), 'true 2 01,02', 'the latest beginning of the first end; matches do not overlap');
SELECT is(pg_temp.matches('(?1).*(?2).*(?3)', 'ABBC'), 'true 1 00,01,03', 'the earliest rows in between');
SELECT is(pg_temp.matches('(?1)(?1)', 'AAAAA'), 'true 2 00,01', 'counted without sharing rows');
SELECT is(pg_temp.matches('(?1)', 'BBB'), 'false 0 null', 'events are NULL where nothing matches');
SELECT is(pg_temp.matches('..', 'AB'), 'true 1 null', 'a match of unnamed rows shows no event');
SELECT is(journey.sequence_match_events('..', ts, true, true), '{}'::timestamptz[], 'it is an empty array') FROM pg_temp.rows_of('AB');

-- Ties: by the lowest condition, not by arrival
SELECT is(journey.sequence_match('(?1)(?2)', timestamptz '2024-01-01', c = 1, c = 2), true, 'tied rows stand in the order of their conditions')
FROM (VALUES (2), (1)) v(c);
SELECT is(journey.sequence_match('(?2)(?1)', timestamptz '2024-01-01', c = 1, c = 2), false, 'only in that order')
FROM (VALUES (2), (1)) v(c);
SELECT is(journey.sequence_match('(?2)(?1)', timestamptz '2024-01-01', c IN (1, 3), c IN (2, 3)), false, 'a row of two conditions serves one position')
FROM (VALUES (3)) v(c);
SELECT is(journey.sequence_match('(?1)(?t<=0)(?2)', timestamptz '2024-01-01', c = 1, c = 2), true, 'no time between tied rows')
FROM (VALUES (2), (1)) v(c);

-- R-SEQ-1 and NULL
SELECT is(journey.sequence_match('(?1)', ts, true), false, 'no rows: no match') FROM pg_temp.rows_of('A') WHERE false;
SELECT is(journey.sequence_count('(?1)', ts, true), 0::bigint, 'no rows: 0') FROM pg_temp.rows_of('A') WHERE false;
SELECT is(journey.sequence_match_events('(?1)', ts, true), NULL, 'no rows: NULL') FROM pg_temp.rows_of('A') WHERE false;
SELECT is(journey.sequence_match('(?1)', ts, NULL::boolean), false, 'a NULL condition does not hold') FROM pg_temp.rows_of('A');
SELECT is(journey.sequence_match('(?1)(?2)', ts, NULL, touchpoint = 'A'), false, 'an untyped NULL too') FROM pg_temp.rows_of('AA');
SELECT is(journey.sequence_count('(?2)', ts, VARIADIC ARRAY[NULL, touchpoint = 'A', NULL]), 2::bigint, 'also in an array') FROM pg_temp.rows_of('ABA');
SELECT is(journey.sequence_count('(?1)', ts, touchpoint = 'A'), 1::bigint, 'one event') FROM pg_temp.rows_of('A');

-- One to 64 conditions, with and without VARIADIC, say the same
SELECT is(journey.sequence_count('(?1)(?3)', ts, touchpoint = 'A', false, touchpoint = 'C'),
	journey.sequence_count('(?1)(?3)', ts, VARIADIC ARRAY[touchpoint = 'A', false, touchpoint = 'C']), 'three conditions or an array of three') FROM pg_temp.rows_of('ACBAC');
SELECT is(journey.sequence_count('(?1)(?9)', ts, touchpoint = 'A', false, false, false, false, false, false, false, touchpoint = 'C'), 2::bigint, 'nine conditions') FROM pg_temp.rows_of('ACBAC');
SELECT is(journey.sequence_match('(?64)', ts, VARIADIC array_fill(false, ARRAY[63]) || true), true, '64 conditions') FROM pg_temp.rows_of('A');
SELECT throws_ok($$SELECT journey.sequence_match('(?64)', now(), VARIADIC array_fill(false, ARRAY[65]))$$, '22023',
	'argument "conditions" has 65 conditions, it must have between 1 and 64', 'not 65');
SELECT throws_ok($$SELECT journey.sequence_match('(?1)', now(), VARIADIC '{}'::boolean[])$$, '22023',
	'argument "conditions" has 0 conditions, it must have between 1 and 64', 'nor none');
SELECT throws_ok($$SELECT journey.sequence_match('(?1)', now(), VARIADIC NULL::boolean[])$$, '22004',
	'argument "conditions" must not be null', 'nor a NULL array');
SELECT throws_ok($$SELECT journey.sequence_match('(?1)', now(), VARIADIC '{{t},{f}}'::boolean[])$$, '2202E',
	'array "conditions" must have one dimension, it has 2', 'nor a matrix');

-- Refusals
CREATE FUNCTION pg_temp.refuses(pattern text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM journey.sequence_match(pattern, now(), true, true);
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT is(pg_temp.refuses('(?1)(?2'), '42601 invalid pattern at position 8: a closing parenthesis is expected', 'an open parenthesis');
SELECT is(pg_temp.refuses(''), '42601 invalid pattern at position 1: the pattern is empty', 'an empty pattern');
SELECT is(pg_temp.refuses('(?1)ä(?2)'), '42601 invalid pattern at position 5: a condition such as (?1) is expected', 'a letter');
SELECT is(pg_temp.refuses('(?1)  {2}(?é)'), '42601 invalid pattern at position 12: a condition number, t or w is expected after (?', 'positions count characters');
SELECT is(pg_temp.refuses('(?1)(?t<=-5)(?2)'), '42601 invalid pattern at position 10: a time must be a number without sign', 'a negative time');
SELECT is(pg_temp.refuses('(?w<=-5)(?2)'), '42601 invalid pattern at position 6: a time must be a number without sign', 'a negative window');
SELECT is(pg_temp.refuses('(?1)(?t<=2 months)(?2)'), '42601 invalid pattern at position 12: months and years have no fixed length: write days', 'months');
SELECT is(pg_temp.refuses('(?1)(?t<=5)'), '42601 invalid pattern at position 5: a time condition needs a row after it: write . for any row', 'a time at the end');
SELECT is(pg_temp.refuses('(?1){0,5}'), '42601 invalid pattern at position 1: the pattern matches a chain of no rows', 'a pattern of nothing');
SELECT is(pg_temp.refuses('((?1){1000}){1000}'), '54000 invalid pattern at position 2: the pattern is too large when its repetitions are written out', 'a huge pattern');
SELECT is(pg_temp.refuses('(?1)(?3)'), '22023 pattern names condition 3 at position 5, but 2 conditions are given', 'a condition that is not given');
SELECT is(pg_temp.refuses(NULL), '22004 argument "pattern" must not be null', 'a NULL pattern');
DO $$ BEGIN
	PERFORM journey.sequence_match('(?1)(?2', now(), true, true);
EXCEPTION WHEN OTHERS THEN
	DECLARE detail text; BEGIN
		GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
		PERFORM set_config('sequences.detail', detail, true);
	END;
END $$;
SELECT is(current_setting('sequences.detail'), E'The pattern:\n(?1)(?2\n       ^', 'the detail points at the place');
SELECT throws_ok($$SELECT journey.sequence_match('(?1)', NULL::timestamptz, true)$$, '22004', 'ts must not be null', 'a NULL ts');
SELECT throws_ok($$SELECT journey.sequence_match('(?1)', timestamptz 'infinity', false)$$, '22008', 'ts must be finite, it is "infinity"', 'an infinite ts, even where no condition holds');
SELECT throws_ok($$SELECT journey.sequence_match('(?1)', timestamptz '-infinity', true, false)$$, '22008', 'ts must be finite, it is "-infinity"', 'and the other one');
SELECT throws_ok($$SELECT journey.sequence_match(CASE WHEN i = 1 THEN '(?1)' ELSE '(?2)' END, now(), true, true) FROM generate_series(1, 2) i$$,
	'22023', 'argument "pattern" must be the same in all rows of a group', 'a pattern that changes');
SELECT throws_ok($$SELECT journey.sequence_match('(?1)', now(), VARIADIC array_fill(true, ARRAY[i])) FROM generate_series(1, 2) i$$,
	'22023', 'argument "conditions" must have as many conditions in all rows of a group', 'a number of conditions that changes');
SELECT lives_ok($$SELECT journey.sequence_match(CASE WHEN i % 2 = 1 THEN '(?1)' ELSE '(?2)' END, now(), true, false) FROM generate_series(1, 4) i GROUP BY i % 2$$,
	'each group may have its own pattern');
SELECT is((SELECT array_agg(m ORDER BY g) FROM (SELECT i % 2 AS g, journey.sequence_match(CASE WHEN i % 2 = 1 THEN '(?1)' ELSE '(?2)' END, now(), true, false) AS m
	FROM generate_series(1, 4) i GROUP BY 1) s), '{f,t}', 'and its own answer');
SELECT is(journey.sequence_count('(?1)(?2)', ts, touchpoint = 'A', touchpoint = 'B') OVER (ORDER BY ts), v.want, 'as a window function')
FROM pg_temp.rows_of('ABAB') JOIN (VALUES ('2024-01-01 00:00Z'::timestamptz, 0::bigint), ('2024-01-01 01:00Z', 1), ('2024-01-01 02:00Z', 1), ('2024-01-01 03:00Z', 2)) v(ts, want) USING (ts);

-- sequence_next_node (R-NODE-1 to 3)
CREATE FUNCTION pg_temp.next_of(direction text, base text, letters text, chain text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(journey.sequence_next_node(direction, base, ts, touchpoint, touchpoint <> 'X',
		VARIADIC ARRAY(SELECT touchpoint = l FROM regexp_split_to_table(chain, '') WITH ORDINALITY u(l, i) ORDER BY i)), 'null')
	FROM pg_temp.rows_of(letters) $$;
SELECT is(pg_temp.next_of('forward', 'head', 'ABCD', 'AB'), 'C', 'forward from the head');
SELECT is(pg_temp.next_of('forward', 'head', 'ABCD', 'BC'), 'null', 'which must match');
SELECT is(pg_temp.next_of('forward', 'head', 'XABC', 'X'), 'null', 'and satisfy the base condition');
SELECT is(pg_temp.next_of('forward', 'head', 'AB', 'AB'), 'null', 'nothing follows');
SELECT is(pg_temp.next_of('forward', 'first_match', 'DABCABD', 'AB'), 'C', 'from the first match');
SELECT is(pg_temp.next_of('forward', 'last_match', 'DABCABD', 'AB'), 'D', 'from the last match');
SELECT is(pg_temp.next_of('forward', 'first_match', 'DACABD', 'AB'), 'null', 'the first A is the base, whatever follows it');
SELECT is(pg_temp.next_of('backward', 'tail', 'ABCD', 'DC'), 'B', 'backward from the tail');
SELECT is(pg_temp.next_of('backward', 'first_match', 'DABCAB', 'BA'), 'D', 'backward from the first match');
SELECT is(pg_temp.next_of('backward', 'last_match', 'DABCAB', 'BA'), 'C', 'backward from the last match');
SELECT throws_ok($$SELECT pg_temp.next_of('forward', 'tail', 'AB', 'B')$$, '22023', 'base "tail" has no row after it', 'forward from the tail');
SELECT throws_ok($$SELECT pg_temp.next_of('backward', 'head', 'AB', 'B')$$, '22023', 'base "head" has no row before it', 'backward from the head');
SELECT throws_ok($$SELECT pg_temp.next_of('sideways', 'head', 'AB', 'B')$$, '22023', 'argument "direction" is "sideways", it must be forward or backward', 'an unknown direction');
SELECT throws_ok($$SELECT pg_temp.next_of('forward', 'middle', 'AB', 'B')$$, '22023', 'argument "base" is "middle", it must be head, tail, first_match or last_match', 'an unknown base');
SELECT is(journey.sequence_next_node('forward', 'head', ts, touchpoint, true, touchpoint = 'A'), NULL, 'no rows') FROM pg_temp.rows_of('A') WHERE false;
SELECT is(journey.sequence_next_node('forward', 'head', ts, NULLIF(touchpoint, 'B'), true, touchpoint = 'A'), NULL, 'a NULL value') FROM pg_temp.rows_of('AB');
SELECT is(journey.sequence_next_node('forward', 'head', ts, CASE touchpoint WHEN 'B' THEN '' ELSE touchpoint END, true, touchpoint = 'A'), '', 'an empty value') FROM pg_temp.rows_of('AB');
SELECT is((SELECT journey.sequence_next_node('forward', 'first_match', timestamptz '2024-01-01', v, true, v = 'a') FROM (SELECT v FROM unnest('{c,b,a}'::text[]) v ORDER BY random()) s), NULL,
	'tied rows: those without a condition come first');
SELECT is((SELECT journey.sequence_next_node('backward', 'first_match', timestamptz '2024-01-01', v, true, v = 'a') FROM (SELECT v FROM unnest('{c,b,a}'::text[]) v ORDER BY random()) s), 'c',
	'then by value');

-- retention (R-RET-1, R-RET-2)
SELECT is(journey.retention(touchpoint = 'A', touchpoint = 'B', touchpoint = 'C'), '{t,t,f}', 'retention') FROM pg_temp.rows_of('AB');
SELECT is(journey.retention(touchpoint = 'A', touchpoint = 'B'), '{t,t}', 'knows no time') FROM pg_temp.rows_of('BA');
SELECT is(journey.retention(touchpoint = 'A', touchpoint = 'B', NULL), '{f,f,f}', 'without the first condition nothing is retained') FROM pg_temp.rows_of('BC');
SELECT is(journey.retention(VARIADIC ARRAY[true]), '{t}', 'one condition') FROM pg_temp.rows_of('B');
SELECT is(journey.retention(true, true), NULL, 'no rows') FROM pg_temp.rows_of('B') WHERE false;

-- ClickHouse gave these numbers (test/oracles/clickhouse_sequences.py): groups with
-- an answer above 0, and the sum of group number times answer.
CREATE TEMP TABLE clicks AS
SELECT g, timestamptz 'epoch' + (1704067200 + i * 5 + (g * i * 7) % 5) * interval '1 second' AS ts, (g * 31 + i * 17 + (g * g * i) % 13 + g * i / 3) % 4 AS k
FROM generate_series(1, 4000) g, generate_series(1, 8) i;
SELECT is(ARRAY[n, s], ARRAY[a, b]::bigint[], 'ClickHouse: ' || v.pattern)
FROM (VALUES ('(?1)(?2)', 1593, 4371164), ('(?1).*(?2)', 2413, 6316107), ('(?1)(?t<=5)(?2)', 603, 1565458), ('(?1)(?t>7)(?2)', 2264, 5163480), ('(?1)(?t<=9)(?2).*(?3)', 943, 2198898), ('(?1).(?2)', 1309, 2825499), ('(?1)(?2).*(?3)', 1049, 2410182), ('(?1)(?t>=4)(?2)(?t<=14)(?3)', 1003, 2216076), ('(?1).*(?2).*(?1)', 1641, 3287043), ('(?1)(?t==7)(?2)', 291, 652398), ('(?1)(?1)', 1001, 2620029), ('.(?2)', 3134, 9561377)) v(pattern, a, b),
	LATERAL (SELECT count(*) FILTER (WHERE x > 0) AS n, sum(g * x)::bigint AS s FROM (SELECT g, journey.sequence_count(pattern, ts, k = 0, k = 1, k = 2) AS x FROM clicks GROUP BY g) j) w;
SELECT is(ARRAY[n, s], ARRAY[a, b]::bigint[], 'ClickHouse: ' || v.name)
FROM (VALUES ('retention', 3310, 17971971)) v(name, a, b),
	LATERAL (SELECT count(*) FILTER (WHERE x > 0) AS n, sum(g * x)::bigint AS s FROM (SELECT g, (SELECT count(*) FROM unnest(journey.retention(k = 0, k = 1, k = 2)) r WHERE r) AS x FROM clicks GROUP BY g) j) w;
SELECT is(ARRAY[n, s], ARRAY[a, b]::bigint[], 'ClickHouse: ' || v.name)
FROM (VALUES ('forward head', 230, 1635642), ('forward first_match', 691, 3737020), ('forward last_match', 615, 3275907), ('backward tail', 230, 1636984), ('backward first_match', 620, 3721751), ('backward last_match', 746, 4688939)) v(name, a, b),
	LATERAL (SELECT count(*) FILTER (WHERE x > 0) AS n, sum(g * x)::bigint AS s FROM (SELECT g, coalesce(journey.sequence_next_node(split_part(v.name, ' ', 1), split_part(v.name, ' ', 2), ts, (k + 1)::text, k <> 3, k = 0, k = 1), '0')::integer AS x FROM clicks GROUP BY g) j) w;

-- Any order of arrival, any plan (a temporary table would not go parallel)
CREATE TABLE public.sequence_rows AS
SELECT c % 100 AS g, c AS customer_id, timestamptz '2024-01-01' + (hashint4(c * 100 + i) & 63) * interval '1 hour' AS ts, chr(65 + (hashint4(c * 1000 + i) & 1023) % 5) AS touchpoint
FROM generate_series(1, 2000) c, generate_series(1, 12) i;
CREATE VIEW pg_temp.answers AS
SELECT g, journey.sequence_match('(?1)(?t<=5 hours)(?2).*(?3)', ts, touchpoint = 'A', touchpoint = 'B', touchpoint = 'C') AS m,
	journey.sequence_count('(?1)((?2)|(?3){1,2})', ts, touchpoint = 'A', touchpoint = 'B', touchpoint = 'C') AS n,
	journey.sequence_match_events('(?w<=30 hours)(?1).*(?2)(?t>1 hour)(?3)', ts, touchpoint = 'A', touchpoint = 'B', touchpoint = 'C') AS e,
	journey.sequence_next_node('forward', 'first_match', ts, touchpoint, true, touchpoint = 'A', touchpoint = 'B') AS x,
	journey.retention(touchpoint = 'A', touchpoint = 'E' AND ts > '2024-01-03') AS r
FROM public.sequence_rows GROUP BY 1;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE serial AS SELECT * FROM pg_temp.answers;
CREATE TEMP TABLE shuffled AS SELECT * FROM public.sequence_rows ORDER BY hashint8(customer_id * 7 + hashtext(ts::text || touchpoint));
TRUNCATE public.sequence_rows;
INSERT INTO public.sequence_rows SELECT * FROM shuffled;
SELECT is_empty('SELECT * FROM serial EXCEPT SELECT * FROM pg_temp.answers', 'the order of arrival does not matter');
SET LOCAL max_parallel_workers_per_gather = 3;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0.01;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL enable_sort = off;
SET LOCAL enable_hashagg = on;
ANALYZE public.sequence_rows;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := ''; BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP plan := plan || line || E'\n'; END LOOP; RETURN plan; END $$;
SELECT matches(pg_temp.plan_of('SELECT * FROM pg_temp.answers'), 'Partial', 'the aggregates are combined from parallel workers');
SELECT is_empty('SELECT * FROM serial EXCEPT SELECT * FROM pg_temp.answers', 'parallel workers change nothing');
SELECT throws_ok($$SELECT journey.sequence_match('(?1' || customer_id % 2 || ')', ts, VARIADIC array_fill(true, ARRAY[12])) FROM public.sequence_rows$$,
	'22023', 'argument "pattern" must be the same in all rows of a group', 'partial states of different patterns do not mix');

-- A state handed to another aggregate's final function
CREATE AGGREGATE pg_temp.mixed(text, timestamptz, boolean[]) (SFUNC = journey.sequence_add, STYPE = internal, FINALFUNC = journey.window_funnel_final);
CREATE AGGREGATE pg_temp.mixed(interval, timestamptz, boolean[]) (SFUNC = journey.window_funnel_add, STYPE = internal, FINALFUNC = journey.sequence_count_final);
SELECT throws_ok($$SELECT pg_temp.mixed('(?1)'::text, now(), '{t}')$$, '22023', 'the state belongs to another aggregate', 'a pattern is no funnel');
SELECT throws_ok($$SELECT pg_temp.mixed('1 day'::interval, now(), '{t}')$$, '22023', 'the state belongs to another aggregate', 'a funnel is no pattern');

-- A call that is stopped
SELECT set_config('sequences.slow', repeat('(?1)(?t>=1)(?t<=100000)', 300) || '(?2)', true) IS NOT NULL AS prepared \gset
CREATE FUNCTION pg_temp.was_cancelled(query text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN EXECUTE query; RETURN false; EXCEPTION WHEN query_canceled THEN RETURN true; END $$;
SET LOCAL statement_timeout = '1s';
SELECT ok(pg_temp.was_cancelled($$SELECT journey.sequence_count(current_setting('sequences.slow'), timestamptz '2024-01-01' + i * interval '1 second', true, false) FROM generate_series(1, 300000) i$$),
	'a matcher at work can be cancelled');
SET LOCAL statement_timeout = 0;

-- A million events of one customer
SELECT is((SELECT journey.sequence_count('(?1)(?t<=1)(?2)(?t>=1)(?3)', timestamptz '2024-01-01' + i * interval '1 second', i % 4 = 0, i % 4 = 1, i % 4 = 3)
	FROM generate_series(1, 1000000) i), 249999::bigint, 'a million events');
SELECT * FROM finish();
ROLLBACK;
