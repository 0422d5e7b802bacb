-- window_funnel: the worked cases of the definition, its arguments, overloads,
-- calendars, refusals, and that neither arrival nor workers change an answer.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
SELECT plan(165);

-- Rows "t{steps}", in seconds: 0{1} 3{1,2}; rows may repeat.
CREATE FUNCTION pg_temp.rows_of(rows text) RETURNS TABLE (ts timestamptz, steps integer[]) LANGUAGE sql AS $$
	SELECT timestamptz '2024-01-01' + split_part(r, '{', 1)::integer * interval '1 second', ('{' || split_part(r, '{', 2))::integer[]
	FROM regexp_split_to_table(rows, ' ') r $$;
-- The level under a mode (NULL: none), from rows in this and in the reverse order
-- (jit off: hundreds of small statements would be compiled one by one).
CREATE FUNCTION pg_temp.level(rows text, mode text DEFAULT NULL, within interval DEFAULT '1 hour', k integer DEFAULT 4) RETURNS text LANGUAGE plpgsql SET jit = off AS $$
DECLARE got text := ''; a integer; b integer; descending boolean;
BEGIN
	FOREACH descending IN ARRAY '{f,t}'::boolean[] LOOP
		SELECT CASE WHEN mode IS NULL THEN journey.window_funnel(within, ts, VARIADIC ARRAY(SELECT i = ANY (steps) FROM generate_series(1, k) i ORDER BY i))
			ELSE journey.window_funnel(within, coalesce(mode, 'strict_once'), ts, VARIADIC ARRAY(SELECT i = ANY (steps) FROM generate_series(1, k) i ORDER BY i)) END
		INTO a FROM (SELECT * FROM pg_temp.rows_of(rows) ORDER BY CASE WHEN descending THEN -extract(epoch FROM ts) ELSE extract(epoch FROM ts) END) r;
		SELECT CASE WHEN mode IS NULL THEN journey.window_funnel(within, ts, 1 = ANY (steps), 2 = ANY (steps), 3 = ANY (steps), 4 = ANY (steps))
			ELSE journey.window_funnel(within, coalesce(mode, 'strict_once'), ts, 1 = ANY (steps), 2 = ANY (steps), 3 = ANY (steps), 4 = ANY (steps)) END
		INTO b FROM (SELECT * FROM pg_temp.rows_of(rows) ORDER BY CASE WHEN descending THEN -extract(epoch FROM ts) ELSE extract(epoch FROM ts) END) r;
		got := got || CASE WHEN k = 4 AND a <> b THEN ' array and arguments differ' ELSE '' END
			|| CASE WHEN got = '' THEN a::text WHEN got <> a::text THEN ' order of arrival matters' ELSE '' END;
	END LOOP;
	RETURN got;
END $$;
-- Letters A, B, C are steps 1 to 3, D matches none; one a second.
CREATE FUNCTION pg_temp.letters(letters text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg((i - 1) || '{' || CASE l WHEN 'D' THEN '' ELSE (ascii(l) - 64)::text END || '}', ' ' ORDER BY i)
	FROM regexp_split_to_table(letters, ' ') WITH ORDINALITY u(l, i) $$;

-- Journeys and their levels: ordered, strict_order, with allow_reentry, strict_deduplication.
CREATE TEMP TABLE worked (rows text, ordered text, strict text, reentry text, deduplication text);
INSERT INTO worked VALUES
('A B C', 3, 3, 3, 3), ('A B D C', 3, 2, 2, 3), ('A A B B D C C', 3, 2, 2, 2), ('A B A C', 3, 3, 3, 3),
('A B B C', 3, 3, 3, 2), ('A A B C', 3, 3, 3, 3), ('A C B C', 3, 1, 3, 3), ('C A B C', 3, 3, 3, 3),
('A B D C A B C', 3, 3, 3, 3), ('B A C', 1, 1, 1, 1);
SELECT is(pg_temp.level(pg_temp.letters(rows)), ordered, rows || ': ordered') FROM worked;
SELECT is(pg_temp.level(pg_temp.letters(rows), 'strict_once'), ordered, rows || ': strict_once') FROM worked;
SELECT is(pg_temp.level(pg_temp.letters(rows), 'strict_increase'), ordered, rows || ': strict_increase') FROM worked;
SELECT is(pg_temp.level(pg_temp.letters(rows), 'strict_order'), strict, rows || ': strict_order') FROM worked;
SELECT is(pg_temp.level(pg_temp.letters(rows), 'strict_order, allow_reentry'), reentry, rows || ': strict_order, allow_reentry') FROM worked;
SELECT is(pg_temp.level(pg_temp.letters(rows), 'strict_deduplication'), deduplication, rows || ': strict_deduplication') FROM worked;

-- Ties and rows of several steps: reusable, once, increasing.
CREATE TEMP TABLE tied (rows text, reuse text, once text, deny text);
INSERT INTO tied VALUES
('1{1} 2{1} 2{2}', 2, 2, 2), ('0{1} 1{2} 2{2} 2{3}', 3, 3, 3),
('1{1} 2{2} 2{3} 2{4} 3{2} 3{3} 3{4} 4{2} 4{3} 4{4}', 4, 4, 4),
('5{2} 5{1}', 2, 2, 1), ('5{1,2}', 2, 1, 1), ('5{1,2} 5{1,2}', 2, 2, 1), ('1{1} 5{2,3}', 3, 2, 2),
('1{1} 5{2,3} 5{2}', 3, 3, 2);
SELECT is(pg_temp.level(rows), reuse, rows || ': rows may be used again') FROM tied;
SELECT is(pg_temp.level(rows, 'strict_once'), once, rows || ': strict_once') FROM tied;
SELECT is(pg_temp.level(rows, 'strict_increase'), deny, rows || ': strict_increase') FROM tied;
SELECT is(pg_temp.level(rows, 'strict_once,strict_increase'), deny, rows || ': both') FROM tied;
SELECT is(pg_temp.level('1{1} 2{2} 2{3}', 'strict_order, strict_increase'), '2', 'modes combine');

-- The window: from step 1, its end included, from any start.
SELECT is(pg_temp.level(v.rows, NULL, '10 seconds'), v.want, v.rows || ' within 10 seconds')
FROM (VALUES ('0{1} 10{2}', '2'), ('0{1} 11{2}', '1'), ('0{1} 3{1} 9{2} 12{3}', '3'), ('0{1} 9{2} 10{1} 12{3}', '2'),
	('0{1} 6{2} 8{1} 11{3} 17{2} 18{3}', '3')) v(rows, want);

-- Overloads: literals, one step, eight and nine, NULL conditions, no rows.
CREATE TEMP TABLE abc AS SELECT ts, chr(64 + steps[1]) AS touchpoint FROM pg_temp.rows_of('0{1} 1{2} 2{3}');
SELECT is(journey.window_funnel('7 days', ts, touchpoint = 'A', touchpoint = 'B', touchpoint = 'C'), 3, 'an untyped window') FROM abc;
SELECT is(journey.window_funnel('7 days', 'strict_order', ts, touchpoint = 'A', touchpoint = 'B'), 2, 'and an untyped mode') FROM abc;
SELECT is(journey.window_funnel('7 days', ts, touchpoint = 'A'), 1, 'one step') FROM abc;
SELECT is(journey.window_funnel('7 days', 'strict_once', ts, touchpoint = 'A'), 1, 'one step and a mode') FROM abc;
SELECT is(journey.window_funnel(interval '7 days', ts::timestamp, touchpoint = 'A', touchpoint = 'B'), 2, 'a timestamp') FROM abc;
SELECT is(journey.window_funnel('7 days', ts::date, touchpoint = 'A', touchpoint = 'B'), 2, 'a date') FROM abc;
SELECT is(journey.window_funnel('1 day', ts, true, NULL, true), 1, 'an untyped NULL condition does not hold') FROM abc;
SELECT is(journey.window_funnel('1 day', ts, true, true, true, true, true, true, true, true), 8, 'eight steps') FROM abc;
SELECT is(journey.window_funnel('1 day', 'strict_once', ts, true, true, true, true, true, true, true, true), 3, 'with a mode') FROM abc;
SELECT is(journey.window_funnel('1 day', ts, true, true, true, true, true, true, true, true, true), 9, 'nine steps') FROM abc;
SELECT is(journey.window_funnel('1 day', 'strict_increase', ts, true, true, true, true, true, true, true, true, true), 3, 'with a mode') FROM abc;
SELECT is(journey.window_funnel('1 day', ts, VARIADIC array_fill(true, ARRAY[64])), 64, '64 steps') FROM abc;
SELECT throws_ok($$SELECT journey.window_funnel('1 day', ts, VARIADIC array_fill(true, ARRAY[65])) FROM abc$$, '22023',
	'argument "steps" has 65 conditions, it must have between 1 and 64', 'not 65');
SELECT throws_ok($$SELECT journey.window_funnel('1 day', ts, VARIADIC '{}'::boolean[]) FROM abc$$, '22023',
	'argument "steps" has 0 conditions, it must have between 1 and 64', 'nor none');
SELECT is(journey.window_funnel('1 day', ts, true, true), 0, 'no rows') FROM abc WHERE false;
SELECT is(journey.window_funnel('1 day', ts, true, true) FILTER (WHERE false), 0, 'none that passes a filter') FROM abc;
SELECT is(journey.window_funnel('1 day', ts, false, true), 0, 'none that matches step 1') FROM abc;

-- Refusals.
CREATE FUNCTION pg_temp.refuses(within interval, mode text, ts timestamptz DEFAULT '2024-01-01') RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
	PERFORM journey.window_funnel(within, mode, ts, true, true);
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ' ' || SQLERRM || CASE WHEN SQLERRM LIKE '%mode%' THEN '; ' || hint ELSE '' END;
END $$;
SELECT is(pg_temp.refuses('1 day', 'strict'), '22023 argument "mode" has unknown mode "strict"; Valid modes are strict_order, strict_increase, strict_once, strict_deduplication, allow_reentry, separated by commas.', 'an unknown mode');
SELECT is(pg_temp.refuses('1 day', 'strict_order, , strict_once'), '22023 argument "mode" has unknown mode ""; Valid modes are strict_order, strict_increase, strict_once, strict_deduplication, allow_reentry, separated by commas.', 'nothing between two commas');
SELECT is(pg_temp.refuses('1 day', ''), '22023 argument "mode" has unknown mode ""; Valid modes are strict_order, strict_increase, strict_once, strict_deduplication, allow_reentry, separated by commas.', 'an empty mode');
SELECT is(pg_temp.refuses('1 day', 'allow_reentry'), '22023 mode "allow_reentry" needs mode "strict_order"; Write ''strict_order, allow_reentry''.', 'allow_reentry alone');
SELECT is(pg_temp.refuses('1 day', NULL), '22004 argument "mode" must not be null; ', 'a NULL mode');
SELECT is(pg_temp.refuses('0', 'strict_once'), '22023 argument "within" is 00:00:00, it must be greater than zero', 'no window');
SELECT is(pg_temp.refuses('-1 day', 'strict_once'), '22023 argument "within" is -1 days, it must be greater than zero', 'a negative window');
SELECT is(pg_temp.refuses('1 mon -1 day', 'strict_once'), '22023 argument "within" is 1 mon -1 days, it must be greater than zero', 'a window of mixed signs');
SELECT is(pg_temp.refuses(NULL, 'strict_once'), '22004 argument "within" must not be null', 'a NULL window');
SELECT is(pg_temp.refuses('1 day', 'strict_once', NULL), '22004 ts must not be null', 'a NULL ts');
SELECT is(pg_temp.refuses('1 day', 'strict_once', 'infinity'), '22008 ts must be finite, it is "infinity"', 'an infinite ts');
SELECT throws_ok($$SELECT journey.window_funnel(i * interval '1 day', now(), true, true) FROM generate_series(1, 2) i$$, '22023',
	'argument "within" must be the same in all rows of a group', 'a window that changes');
SELECT throws_ok($$SELECT journey.window_funnel('1 day', (ARRAY['strict_once', 'strict_increase'])[i], now(), true, true) FROM generate_series(1, 2) i$$, '22023',
	'argument "mode" must be the same in all rows of a group', 'a mode that changes');
SELECT throws_ok($$SELECT journey.window_funnel('1 day', now(), VARIADIC array_fill(true, ARRAY[i])) FROM generate_series(1, 2) i$$, '22023',
	'argument "steps" must have as many conditions in all rows of a group', 'a number of steps that changes');
SELECT is((SELECT array_agg(l ORDER BY i) FROM (SELECT i, journey.window_funnel(i * interval '1 day', ts, true, ts > '2024-01-01 00:00:01Z') AS l FROM abc, generate_series(1, 2) i GROUP BY i) s),
	'{2,2}', 'each group may have its own window');

-- Months and days follow the calendar; a later start may end earlier.
SELECT is(journey.window_funnel('1 month', ts, s = 1, s = 2), v.want, v.name)
FROM (VALUES ('2023-01-30 23:00Z', '2023-02-28 23:00Z', 2, 'a month ends on the last of February'),
	('2023-01-31 01:00Z', '2023-02-28 01:00Z', 2, 'from every day at its end'), ('2023-01-31 01:00Z', '2023-02-28 01:00:01Z', 1, 'and not later')) v(a, b, want, name),
	LATERAL (VALUES (a::timestamptz, 1), (b::timestamptz, 2)) r(ts, s) GROUP BY v.name, v.want ORDER BY v.name;
SELECT is(journey.window_funnel('1 month', ts, s = 1, s = 2), 2, 'the start with the later end counts, though it is older')
FROM (VALUES ('2023-01-30 23:00Z'::timestamptz, 1), ('2023-01-31 01:00Z', 1), ('2023-02-28 20:00Z', 2)) r(ts, s);
SELECT is(journey.window_funnel('1000000 years', ts, touchpoint = 'A', touchpoint = 'C'), 2, 'a window beyond the calendar is open') FROM abc;
-- Against the server's own sum, around every change of the clock and elsewhere.
CREATE FUNCTION pg_temp.calendar_faults(zone text, within interval) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE faults bigint;
BEGIN
	PERFORM set_config('timezone', zone, true);
	SELECT count(*) INTO faults FROM (
		SELECT a, b, journey.window_funnel(within, ts, s = 1, s = 2) AS got, CASE WHEN b <= a + within THEN 2 ELSE 1 END AS want
		FROM (SELECT '1949-06-01Z'::timestamptz + (g.i::bigint * 7919 * 3607 % 7000000000) * interval '1 second' AS a FROM generate_series(1, 1500) g(i)
			UNION ALL SELECT d + h * interval '30 minutes' - within FROM generate_series(-100, 100, 7) h, unnest(ARRAY['2024-03-31 01:00Z', '2024-10-27 01:00Z', '2024-04-06 15:00Z', '2011-12-30 10:00Z', '2160-03-30Z']::timestamptz[]) d) s,
		LATERAL (VALUES (a + within - interval '1 second'), (a + within), (a + within + interval '1 microsecond'), (a + extract(epoch FROM within) * interval '1 second')) e(b),
		LATERAL (VALUES (a, 1), (greatest(a, b), 2)) r(ts, s)
		WHERE b >= a GROUP BY a, b) x WHERE got <> want;
	PERFORM set_config('timezone', 'UTC', true);
	RETURN faults;
END $$;
SELECT is(pg_temp.calendar_faults(zone, within), 0::bigint, format('%s in %s by the calendar of the server', within, zone))
FROM unnest(ARRAY['UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Apia', '<+0330>-3:30']) zone, unnest(ARRAY['1 day', '7 days 12:00', '1 mon 1 day']::interval[]) within;

-- ClickHouse gave these numbers (test/oracles/clickhouse_sequences.py): groups with
-- a level above 0, and the sum of group number times level.
CREATE TEMP TABLE clicks AS
SELECT g, timestamptz 'epoch' + (1704067200 + i * 5 + (g * i * 7) % 5) * interval '1 second' AS ts, (g * 31 + i * 17 + (g * g * i) % 13 + g * i / 3) % 4 AS k
FROM generate_series(1, 4000) g, generate_series(1, 8) i;
SELECT is(ARRAY[n, s], ARRAY[a, b]::bigint[], format('ClickHouse: %s, mode %s', v.within, v.mode))
FROM (VALUES ('6 seconds', 'none', 3310, 8335115), ('6 seconds', 'strict_increase', 3310, 8335115), ('6 seconds', 'strict_once', 3310, 8335115), ('12 seconds', 'none', 3310, 10794065), ('12 seconds', 'strict_increase', 3310, 10794065), ('12 seconds', 'strict_once', 3310, 10794065), ('30 seconds', 'none', 3310, 13787612), ('30 seconds', 'strict_increase', 3310, 13787612), ('30 seconds', 'strict_once', 3310, 13787612)) v(within, mode, a, b),
	LATERAL (SELECT count(*) FILTER (WHERE x > 0) AS n, sum(g * x)::bigint AS s FROM (SELECT g, CASE mode WHEN 'none' THEN journey.window_funnel(within::interval, ts, k = 0, k = 1, k = 2)
		ELSE journey.window_funnel(within::interval, replace(mode, 'none', 'strict_once'), ts, k = 0, k = 1, k = 2) END AS x FROM clicks GROUP BY g) j) w;

-- Any order of arrival, any plan (a temporary table would not go parallel)
CREATE TABLE public.funnel_rows AS
SELECT c % 100 AS g, c AS customer_id, timestamptz '2024-01-01' + (hashint4(c * 100 + i) & 127) * interval '1 hour' AS ts, chr(65 + (hashint4(c * 1000 + i) & 1023) % 5) AS touchpoint
FROM generate_series(1, 2000) c, generate_series(1, 12) i;
CREATE VIEW pg_temp.levels AS
SELECT g, journey.window_funnel('40 hours', ts, touchpoint = 'A', touchpoint = 'B', touchpoint = 'C', touchpoint = 'D', touchpoint = 'E', touchpoint = 'A') AS a,
	journey.window_funnel('1 day', 'strict_increase', ts, touchpoint = 'A', touchpoint = 'B', touchpoint = 'C', touchpoint = 'D') AS b,
	journey.window_funnel('9 hours', 'strict_order', ts, touchpoint = 'A', touchpoint = 'B', touchpoint = 'C') AS c,
	journey.window_funnel('20 hours', 'strict_once', ts, touchpoint < 'C', touchpoint > 'A', touchpoint = 'C') AS d,
	journey.window_funnel('30 hours', 'strict_deduplication', ts, touchpoint = 'A', touchpoint = 'B', touchpoint = 'C') AS e
FROM public.funnel_rows GROUP BY 1;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE serial AS SELECT * FROM pg_temp.levels;
CREATE TEMP TABLE shuffled AS SELECT * FROM public.funnel_rows ORDER BY hashint8(customer_id * 7 + hashtext(ts::text || touchpoint));
TRUNCATE public.funnel_rows;
INSERT INTO public.funnel_rows SELECT * FROM shuffled;
SELECT is_empty('SELECT * FROM serial EXCEPT SELECT * FROM pg_temp.levels', 'the order of arrival does not matter');
SET LOCAL max_parallel_workers_per_gather = 3;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0.01;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL enable_sort = off;
SET LOCAL enable_hashagg = on;
ANALYZE public.funnel_rows;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := ''; BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP plan := plan || line || E'\n'; END LOOP; RETURN plan; END $$;
SELECT matches(pg_temp.plan_of('SELECT * FROM pg_temp.levels'), 'Partial', 'window_funnel is combined from parallel workers');
SELECT is_empty('SELECT * FROM serial EXCEPT SELECT * FROM pg_temp.levels', 'parallel workers change nothing');

-- A million events of one customer; all at one instant; all matching every step
SELECT is((SELECT journey.window_funnel('10 seconds', timestamptz '2024-01-01' - i * interval '1 second', i % 4 = 3, i % 4 = 2, i % 4 = 1, i % 11 = 0, i % 13 = 1) FROM generate_series(1, 1000000) i), 5, 'a million events, backwards');
SELECT is((SELECT journey.window_funnel('10 seconds', 'strict_once', timestamptz '2024-01-01', i = 1, i = 7, true, true, true) FROM generate_series(1, 200000) i), 5, 'many at one instant');
SELECT is((SELECT journey.window_funnel('10 seconds', 'strict_increase', timestamptz '2024-01-01' + i * interval '1 second', true, true, true, true, true, true, true, i < 0) FROM generate_series(1, 200000) i), 7, 'all matching every step');
SELECT * FROM finish();
ROLLBACK;
