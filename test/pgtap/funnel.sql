-- funnel and funnel_customers: worked tables, ties, windows, exclusions,
-- optional steps, segments, maturity, times, errors, and a real support log.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT plan(109);
\ir lib/close.psql

-- Paths of single letters, one event a second; a customer per path.
CREATE FUNCTION pg_temp.events(paths text[]) RETURNS TABLE (customer_id bigint, ts timestamptz, touchpoint text)
LANGUAGE sql IMMUTABLE AS $$
	SELECT p, timestamptz '2024-01-01 00:00:00+00' + i * interval '1 second', substr(path, i, 1)
	FROM unnest(paths) WITH ORDINALITY u(path, p), generate_series(1, length(path)) i
	WHERE substr(path, i, 1) <> '-' $$;
CREATE TABLE worked AS SELECT * FROM pg_temp.events('{ABC,ABDC,AABBDCC,ABAC,ABBC,AABC,ACBC,CABC,ABDCABC,BAC}');
CREATE FUNCTION pg_temp.levels(source text, steps text[], within interval, mode text, exclude text[] DEFAULT NULL, optional integer[] DEFAULT NULL) RETURNS integer[]
LANGUAGE sql AS $$ SELECT array_agg(level ORDER BY customer_id) FROM journey.funnel_customers(source, steps, within, mode, exclude, optional) $$;

SELECT is(pg_temp.levels('worked', '{A,B,C}', '1 hour', 'ordered'), '{3,3,3,3,3,3,3,3,3,1}', 'worked table: ordered');
SELECT is(pg_temp.levels('worked', '{A,B,C}', '1 hour', 'adjacent'), '{3,2,2,2,2,3,1,3,3,1}', 'worked table: adjacent');
SELECT is(pg_temp.levels('worked', '{A,B,C}', '1 hour', 'strict_order'), '{3,2,2,3,3,3,1,3,3,1}', 'worked table: strict_order');
SELECT is(pg_temp.levels('worked', '{A,B,C}', '1 hour', ' strict_order , allow_reentry'), '{3,2,2,3,3,3,3,3,3,1}', 'worked table: allow_reentry');
SELECT is(pg_temp.levels('worked', '{A,B,C}', '1 hour', 'no_skip'), '{3,3,2,2,2,3,1,3,3,1}', 'worked table: no_skip');
SELECT is(pg_temp.levels('worked', '{A,B,C}', '1 hour', 'any_order'), '{3,3,3,3,3,3,3,3,3,3}', 'worked table: any_order');
SELECT is(pg_temp.levels('worked', '{A,B,C}', '1 hour', 'strict_increase'), '{3,3,3,3,3,3,3,3,3,1}', 'strict_increase without ties');
SELECT is(pg_temp.levels('worked', '{A,B,C}', '1 hour', 'ordered,strict_increase'), '{3,3,3,3,3,3,3,3,3,1}', 'ordered is the base of the others');
SELECT is((SELECT array_agg(name || ' ' || reached ORDER BY step) FROM journey.funnel('worked', '{A,B,C}', '1 hour')),
	'{A 10,B 9,C 9}', 'reached counts customers from a level on');
SELECT is((SELECT array_agg(name || ' ' || reached ORDER BY step) FROM journey.funnel('worked', '{A,B,C}', '1 hour', 'adjacent')),
	'{A 10,B 8,C 4}', 'reached, adjacent');
SELECT is((SELECT array_agg(name || ' ' || reached ORDER BY step) FROM journey.funnel('worked', '{A,D,C}', '1 hour', 'any_order')),
	'{any 1 of 3 10,any 2 of 3 10,any 3 of 3 3}', 'rows of any_order count any steps, and are named so');

-- Ties.
CREATE TABLE tied (customer_id bigint, ts timestamptz, touchpoint text, event_id bigint);
INSERT INTO tied SELECT c, timestamptz '2024-01-01 00:00:00+00' + s * interval '1 second', t, i FROM (VALUES
	(1, 5, 'A', 2), (1, 5, 'B', 1),
	(2, 1, 'A', 1), (2, 2, 'A', 2), (2, 2, 'B', 3),
	(3, 0, 'A', 1), (3, 1, 'B', 2), (3, 2, 'B', 3), (3, 2, 'C', 4),
	(4, 1, 'A', 1), (4, 5, 'B', 2), (4, 5, 'C', 3)) v(c, s, t, i);
SELECT is(pg_temp.levels('tied', '{A,B,C}', '1 hour', 'ordered'), '{2,2,3,3}', 'ties: the order inside one instant is free');
SELECT is(pg_temp.levels('tied', '{A,B,C}', '1 hour', 'strict_increase'), '{1,2,3,2}', 'ties: strictly increasing, where others say 1 and 2 for customers 2 and 3');
SELECT is(pg_temp.levels('tied', '{A,B,C}', '1 hour', 'adjacent'), '{1,2,2,3}', 'ties: event_id decides what is adjacent');
SELECT is(pg_temp.levels('SELECT customer_id, ts, touchpoint FROM tied', '{A,B,C}', '1 hour', 'adjacent'), '{2,2,2,3}', 'ties: without event_id the touchpoint decides');
SELECT is(pg_temp.levels('tied', '{A,B,C}', '1 hour', 'adjacent,strict_increase'), '{1,1,2,2}', 'ties: adjacent and increasing');
-- Customer 2: A@1, A@2, B@2: A@1 is ended by A@2, which B does not come after.

-- The same touchpoint for several steps: each event once.
SELECT is(pg_temp.levels($$SELECT * FROM pg_temp.events('{VB,VVB,VV,VBV,BVVB}')$$, '{V,V,B}', '1 hour', 'ordered'), '{1,3,2,2,3}', 'view, view, buy needs two views');
SELECT is(pg_temp.levels($$SELECT * FROM pg_temp.events('{VB,VVB,VV,VBV,BVVB}')$$, '{V,V,B}', '1 hour', 'any_order'), '{2,3,2,3,3}', 'two views and a buy in any order');
SELECT is(pg_temp.levels($$SELECT 1 AS customer_id, timestamptz '2024-01-01' AS ts, t AS touchpoint FROM unnest('{V,B,V}'::text[]) t$$, '{V,V,B}', '1 hour', 'ordered'), '{3}', 'all at one instant');
SELECT is(pg_temp.levels($$SELECT 1 AS customer_id, timestamptz '2024-01-01' AS ts, t AS touchpoint FROM unnest('{V,B}'::text[]) t$$, '{V,V,B}', '1 hour', 'ordered'), '{1}', 'one view is not two');

-- Windows.
SELECT is(pg_temp.levels($$SELECT * FROM pg_temp.events('{A---------B,A----------B,A--A-----B--C,A--------BA-C,A-----B-A--C-----BC}')$$, '{A,B,C}', '10 seconds', 'ordered'),
	'{2,1,3,2,3}', 'window: inclusive, from step 1, from every start');
CREATE TABLE month (customer_id bigint, ts timestamptz, touchpoint text);
INSERT INTO month VALUES (1, '2023-01-30 23:00+00', 'A'), (1, '2023-01-31 01:00+00', 'A'), (1, '2023-02-28 12:00+00', 'B');
SELECT is((SELECT format('%s %s', level, entered_at AT TIME ZONE 'UTC') FROM journey.funnel_customers('month', '{A,B}', '1 month')),
	'2 2023-01-30 23:00:00', 'a month from a later start may end earlier');
SELECT is(pg_temp.levels('month', '{A,B}', '28 days', 'ordered'), '{1}', 'a month is not 28 days');
SET LOCAL timezone = 'Europe/Berlin';
SELECT is(pg_temp.levels($$SELECT 1 AS customer_id, timestamptz '2024-03-30 12:00+01' + h * interval '1 hour' AS ts, t AS touchpoint FROM (VALUES (0, 'A'), (23.5, 'B')) v(h, t)$$, '{A,B}', '1 day', 'ordered'),
	'{1}', 'a day across a change of the clock has 23 hours');
SELECT is(pg_temp.levels($$SELECT 1 AS customer_id, timestamptz '2024-03-30 12:00+01' + h * interval '1 hour' AS ts, t AS touchpoint FROM (VALUES (0, 'A'), (23.5, 'B')) v(h, t)$$, '{A,B}', '24 hours', 'ordered'),
	'{2}', 'and 24 hours are 24 hours');
SET LOCAL timezone = 'UTC';
SELECT is(pg_temp.levels('worked', '{A,B,C}', '1000000 years', 'ordered'), '{3,3,3,3,3,3,3,3,3,1}', 'a window without end');
SELECT is(pg_temp.levels('worked', '{A,B,C}', '1 microsecond', 'ordered'), '{1,1,1,1,1,1,1,1,1,1}', 'the shortest window');

-- Exclusions: X spoils an open chain inside its window.
CREATE TABLE spoiled AS SELECT * FROM pg_temp.events('{AXB,AXAB,ABX,XAB,AX,A-----------XB,AXBA,ABXC,B,AB}');
SELECT is((SELECT array_agg(level || CASE WHEN excluded THEN ' excluded' ELSE '' END ORDER BY customer_id) FROM journey.funnel_customers('spoiled', '{A,B}', '10 seconds', exclude => '{X}')),
	'{1 excluded,2,2,2,1 excluded,1,1,2,0,2}', 'exclusions: spoiled, clean after, complete before, outside, standing');
SELECT is((SELECT array_agg(format('%s %s %s %s %s', entered, reached, dropped, excluded, total_rate) ORDER BY step) FROM journey.funnel('spoiled', '{A,B}', '10 seconds', exclude => '{X}')),
	'{"7 7 0 2 1","7 5 2 2 0.7142857142857143"}', 'R-FNL-1 excluded customers count nowhere else');
SELECT is((SELECT array_agg(level || CASE WHEN excluded THEN ' excluded' ELSE '' END ORDER BY customer_id) FROM journey.funnel_customers('spoiled', '{A,B,C}', '10 seconds', exclude => '{X}')
	WHERE customer_id = 8), '{"2 excluded"}', 'spoiled behind step 2');
SELECT is(pg_temp.levels('spoiled', '{A,B}', '10 seconds', 'ordered', '{Y}'), pg_temp.levels('spoiled', '{A,B}', '10 seconds', 'ordered'), 'an excluding touchpoint that never occurs');
SELECT is(pg_temp.levels('spoiled', '{A,B}', '10 seconds', 'ordered', '{}'), pg_temp.levels('spoiled', '{A,B}', '10 seconds', 'ordered'), 'no excluding touchpoint');
SELECT is((SELECT array_agg(excluded ORDER BY customer_id) FROM journey.funnel_customers($$SELECT c AS customer_id, timestamptz '2024-01-01' + s * interval '1 second' AS ts, t AS touchpoint
	FROM (VALUES (1, 0, 'A'), (1, 0, 'X'), (1, 5, 'B'), (2, 0, 'A'), (2, 5, 'X'), (2, 5, 'B'), (3, 0, 'A'), (3, 5, 'X'), (3, 6, 'B')) v(c, s, t)$$, '{A,B}', '1 hour', exclude => '{X}')),
	'{f,f,t}', 'R-EXC-1 an excluding event at the instant of the first or last step does not spoil');
SELECT is((SELECT array_agg(completions ORDER BY customer_id) FROM journey.funnel_customers($$SELECT * FROM pg_temp.events('{ABAB,AABB,ABXAB,AXB,ABABA}')$$, '{A,B}', '1 hour', exclude => '{X}')),
	'{2,1,2,0,2}', 'R-FNC-3 completions that do not overlap');

SELECT is((SELECT array_agg(level || CASE WHEN excluded THEN ' excluded' ELSE '' END ORDER BY customer_id) FROM journey.funnel_customers($$SELECT * FROM pg_temp.events('{AXB,AXBX,AB-X,ABXBA,BXAC}')$$, '{A,B,C}', '10 seconds', 'any_order', '{X}')),
	'{1,"1 excluded","2 excluded",2,2}', 'exclusions in any order');
SELECT is((SELECT array_agg(level || CASE WHEN excluded THEN ' excluded' ELSE '' END ORDER BY customer_id) FROM journey.funnel_customers($$SELECT * FROM pg_temp.events('{AXB,AXAB,ABXC,ABC}')$$, '{A,B,C}', '10 seconds', 'strict_order', '{X}')),
	'{"1 excluded",2,"2 excluded",3}', 'exclusions in strict order');

-- Optional steps.
CREATE TABLE opt AS SELECT * FROM pg_temp.events('{AOB,AB,AO,OAB,ABO,A,AOXB}');
SELECT is(pg_temp.levels('opt', '{A,O,B}', '1 hour', 'ordered', NULL, '{2}'), '{2,2,1,2,2,1,2}', 'levels count required steps only');
SELECT is((SELECT array_agg(format('%s %s %s %s %s %s', step, name, entered, reached, coalesce(dropped::text, '-'), coalesce(median_seconds::text, '-')) ORDER BY step) FROM journey.funnel('opt', '{A,O,B}', '1 hour', optional => '{2}')),
	'{"1 A 7 7 0 0","2 O 7 3 - -","3 B 7 5 2 1"}', 'rows of optional steps');
SELECT is(pg_temp.levels('opt', '{A,O,B}', '1 hour', 'adjacent', NULL, '{2}'), '{2,2,1,2,2,1,1}', 'an optional step does not break adjacency');
SELECT is(pg_temp.levels('opt', '{A,B}', '1 hour', 'adjacent'), '{1,2,1,2,2,1,1}', 'any other event does');
SELECT is((SELECT array_agg(reached ORDER BY step) FROM journey.funnel('opt', '{A,B,O}', '1 hour', optional => '{3}')), '{7,5,1}', 'an optional step at the end');
SELECT is((SELECT array_agg(cardinality(step_at) ORDER BY customer_id) FROM journey.funnel_customers('opt', '{A,O,B}', '1 hour', optional => '{2,2}')), '{2,2,1,2,2,1,2}', 'times are those of required steps');

-- Numbers of one row.
CREATE TABLE counted AS SELECT c AS customer_id, timestamptz '2024-01-01 00:00+00' + s * interval '1 second' AS ts, t AS touchpoint, g AS segment FROM
	(SELECT c, 0 AS s, 'A' AS t, CASE WHEN c % 2 = 0 THEN 'even' WHEN c % 5 <> 0 THEN 'odd' END AS g FROM generate_series(1, 40) c
	UNION ALL SELECT c, c, 'B', 'other' FROM generate_series(1, 30) c UNION ALL SELECT c, c + c * c, 'C', 'other' FROM generate_series(1, 12) c) x;
SELECT is((SELECT array_agg(format('%s %s %s %s', entered, reached, dropped, immature) ORDER BY step) FROM journey.funnel('counted', '{A,B,C}', '1 hour')),
	'{"40 40 0 0","40 30 10 0","30 12 18 0"}', 'entered, reached, dropped');
SELECT pg_temp.numbers_are($$SELECT array_agg(x ORDER BY step, i) FROM journey.funnel('counted', '{A,B,C}', '1 hour'),
	unnest(ARRAY[step_rate, total_rate, conf_low, conf_high, step_conf_low, step_conf_high]) WITH ORDINALITY u(x, i) WHERE step > 1$$,
	'{0.75,0.75,0.5980603857923197,0.858128813609037,0.5980603857923197,0.858128813609037,0.4,0.3,0.1807484522974653,0.45430018818144946,0.24590628116801855,0.5767963974667754}', 'rates with Wilson intervals of total_rate and step_rate (oracles/funnel.py)', 1e-12);
SELECT pg_temp.numbers_are($$SELECT ARRAY[median_seconds, p25_seconds, p75_seconds, p90_seconds] FROM journey.funnel('counted', '{A,B,C}', '1 hour') WHERE step = 3$$,
	(SELECT percentile_cont('{0.5,0.25,0.75,0.9}'::float8[]) WITHIN GROUP (ORDER BY c + c * c) FROM generate_series(1, 12) c), 'quantiles are percentile_cont of the converters', 1e-15);
SELECT is((SELECT array_agg(format('%s %s %s', coalesce(segment, 'all'), step, reached)) FROM journey.funnel('counted', '{A,B,C}', '1 hour', breakdown => true)),
	'{"even 1 20","even 2 15","even 3 6","odd 1 16","odd 2 12","odd 3 5","(none) 1 4","(none) 2 3","(none) 3 1","all 1 40","all 2 30","all 3 12"}', 'R-FNL-3, R-FNL-4 segments of step 1, in byte order, then without, then all');
SELECT is((SELECT array_agg(format('%s %s', step, reached)) FROM journey.funnel('counted', '{A,B,C}', '1 hour', breakdown => false) WHERE segment IS NULL), '{1 40,2 30,3 12}', 'without breakdown segment is NULL');
SELECT is((SELECT array_agg(f::text) FROM journey.funnel('SELECT customer_id, ts, touchpoint, ''one''::text AS segment FROM counted', '{A,B,C}', '1 hour', breakdown => true) f WHERE segment IS NULL),
	(SELECT array_agg(f::text) FROM journey.funnel('counted', '{A,B,C}', '1 hour') f), 'the block of all is the funnel without breakdown');
SELECT is((SELECT array_agg(format('%s %s', name, reached) ORDER BY step) FROM journey.funnel('counted', '{A,never,C}', '1 hour')), '{A 40,"never 0","C 0"}', 'a step that never occurs is reached by nobody');
SELECT is((SELECT array_agg(coalesce(step_rate, -1) ORDER BY step) FROM journey.funnel('counted', '{A,never,C}', '1 hour')), '{1,0,-1}'::float8[], 'its rate is 0, behind it there is none');
SELECT is((SELECT array_agg(format('%s %s %s', entered, reached, coalesce(total_rate, -1)) ORDER BY step) FROM journey.funnel('SELECT * FROM counted WHERE false', '{A,B}', '1 hour')), '{"0 0 -1","0 0 -1"}', 'an empty source');
SELECT is((SELECT count(*) FROM journey.funnel_customers('SELECT * FROM counted WHERE false', '{A,B}', '1 hour')), 0::bigint, 'an empty source has no customers');

-- Maturity: window 10 s, as_of 100 s.
CREATE TABLE ripe (customer_id bigint, s integer, touchpoint text, segment text);
INSERT INTO ripe VALUES (1, 10, 'A', 'x'), (1, 15, 'B', 'x'), (2, 10, 'A', 'x'), (3, 95, 'A', 'x'), (4, 95, 'A', 'y'), (4, 97, 'B', 'y'),
	(5, 90, 'A', 'y'), (6, 91, 'A', 'y'), (7, 10, 'A', 'y'), (7, 95, 'A', 'y'), (7, 96, 'B', 'y'), (8, 100, 'A', 'y'), (9, 10, 'B', 'y'), (1, 100, 'A', 'x');
\set ripe '''SELECT customer_id, timestamptz ''''2024-01-01 00:00+00'''' + s * interval ''''1 second'''' AS ts, touchpoint, segment FROM ripe'''
SELECT is((SELECT array_agg(format('%s %s %s', entered, reached, immature) ORDER BY step) FROM journey.funnel(:ripe, '{A,B}', '10 seconds', as_of => '2024-01-01 00:01:40+00')),
	'{"4 4 3","4 1 3"}', 'R-FNL-2 as_of: starts whose window has ended, others are immature, completed or not');
SELECT is((SELECT array_agg(format('%s %s %s', entered, reached, immature) ORDER BY step) FROM journey.funnel(:ripe, '{A,B}', '10 seconds')),
	'{"8 8 0","8 3 0"}', 'without as_of all starts count');
SELECT is((SELECT array_agg(format('%s %s %s %s', coalesce(segment, 'all'), step, reached, immature)) FROM journey.funnel(:ripe, '{A,B}', '10 seconds', breakdown => true, as_of => '2024-01-01 00:01:40+00')),
	'{"x 1 2 1","x 2 1 1","y 1 2 2","y 2 0 2","all 1 4 3","all 2 1 3"}', 'immature entrants by segment');
SELECT is((SELECT array_agg(level ORDER BY customer_id) FROM journey.funnel_customers(:ripe, '{A,B}', '10 seconds', as_of => '2024-01-01 00:01:40+00')),
	'{2,1,1,2,1,1,2,0}', 'funnel_customers: how far each got so far; customer 8 does not exist yet');
SELECT is((SELECT array_agg(f::text) FROM journey.funnel(:ripe, '{A,B}', '10 seconds', as_of => 'infinity') f), (SELECT array_agg(f::text) FROM journey.funnel(:ripe, '{A,B}', '10 seconds') f), 'as_of infinity is all events');
SELECT is((SELECT array_agg(reached ORDER BY step) FROM journey.funnel(:ripe, '{A,B}', '10 seconds', as_of => '-infinity')), '{0,0}', 'as_of -infinity is none');

-- Chains of customers.
SELECT is((SELECT format('%s %s %s %s', level, entered_at AT TIME ZONE 'UTC', seconds, completions) FROM journey.funnel_customers($$SELECT * FROM pg_temp.events('{A-AB-C---ABC}')$$, '{A,B,C}', '1 hour')),
	'3 2024-01-01 00:00:03 {0,1,3} 2', 'the first chain to complete, from its latest start');
SELECT is((SELECT step_at FROM journey.funnel_customers($$SELECT * FROM pg_temp.events('{A-AB-C---ABC}')$$, '{A,B,C}', '1 hour')),
	ARRAY['2024-01-01 00:00:03+00', '2024-01-01 00:00:04+00', '2024-01-01 00:00:06+00']::timestamptz[], 'step_at');
SELECT is((SELECT format('%s %s %s %s %s %s', level, coalesce(entered_at::text, '-'), step_at, seconds, completions, excluded) FROM journey.funnel_customers($$SELECT * FROM pg_temp.events('{BC}')$$, '{A,B,C}', '1 hour')),
	'0 - {} {} 0 f', 'R-FNC-1 a customer who never enters');
SELECT is((SELECT array_agg(customer_id ORDER BY customer_id) FROM journey.funnel_customers('SELECT ''k'' || customer_id AS customer_id, ts, touchpoint FROM tied', '{A,B}', '1 hour', customer_type => NULL::text)), '{k1,k2,k3,k4}', 'text customers');
SELECT is((SELECT pg_typeof(customer_id)::text FROM journey.funnel_customers('SELECT customer_id::integer, ts, touchpoint FROM tied', '{A,B}', '1 hour', customer_type => NULL::integer) LIMIT 1), 'integer', 'integer customers');
SELECT is((SELECT pg_typeof(customer_id)::text FROM journey.funnel_customers('SELECT md5(customer_id::text)::uuid AS customer_id, ts, touchpoint FROM tied', '{A,B}', '1 hour', customer_type => NULL::uuid) LIMIT 1), 'uuid', 'uuid customers');

-- Many random journeys: order of rows, agreement of both calls, invariances.
CREATE TABLE random AS SELECT abs(journey.hash64(i, 1)) % 300 AS customer_id, timestamptz '2024-01-01 00:00+00' + (abs(journey.hash64(i, 2)) % 400) * interval '1 hour' AS ts,
	chr(65 + (abs(journey.hash64(i, 3)) % 6)::integer) AS touchpoint, 's' || abs(journey.hash64(i, 4)) % 3 AS segment FROM generate_series(1, 3000::bigint) i;
SELECT is((SELECT array_agg(f::text) FROM journey.funnel('SELECT * FROM random ORDER BY journey.hash64(customer_id, 9), touchpoint DESC, ts', '{A,B,C}', '3 days', 'ordered', '{F}', '{2}', true, '2024-01-15') f),
	(SELECT array_agg(f::text) FROM journey.funnel('SELECT * FROM random ORDER BY ts', '{A,B,C}', '3 days', 'ordered', '{F}', '{2}', true, '2024-01-15') f), 'the order of rows does not matter');
SELECT is((SELECT array_agg(f::text) FROM journey.funnel_customers('SELECT * FROM random ORDER BY journey.hash64(customer_id, 9), touchpoint DESC, ts', '{A,B,C}', '3 days', 'strict_order') f),
	(SELECT array_agg(f::text) FROM journey.funnel_customers('SELECT * FROM random ORDER BY ts', '{A,B,C}', '3 days', 'strict_order') f), 'nor for customers');
SELECT is((SELECT array_agg(reached ORDER BY step) FROM journey.funnel('random', '{A,B,C,D}', '3 days', m, '{F}')),
	(SELECT array_agg(n ORDER BY k) FROM (SELECT k, count(*) FILTER (WHERE level >= k AND NOT excluded) AS n FROM journey.funnel_customers('random', '{A,B,C,D}', '3 days', m, '{F}'), generate_series(1, 4) k GROUP BY k) x),
	'both calls agree: ' || m) FROM unnest('{ordered,strict_increase,strict_order,"strict_order,allow_reentry",adjacent,no_skip,any_order,"no_skip,strict_increase"}'::text[]) m;
SELECT is_empty($$SELECT customer_id FROM journey.funnel_customers('random', '{A,B,C}', '3 days') a JOIN journey.funnel_customers('random', '{A,B,C}', '3 days', 'strict_order') s USING (customer_id)
	JOIN journey.funnel_customers('random', '{A,B,C}', '3 days', 'adjacent') d USING (customer_id) JOIN journey.funnel_customers('random', '{A,B,C}', '4 days') w USING (customer_id)
	WHERE NOT (d.level <= s.level AND s.level <= a.level AND a.level <= w.level)$$, 'adjacent <= strict_order <= ordered <= a longer window');
CREATE TABLE joined AS SELECT u.customer_id, max(CASE WHEN c.ts IS NOT NULL THEN 3 WHEN b.ts IS NOT NULL THEN 2 WHEN a.ts IS NOT NULL THEN 1 ELSE 0 END) AS level
	FROM (SELECT DISTINCT customer_id FROM random) u LEFT JOIN random a ON a.customer_id = u.customer_id AND a.touchpoint = 'A'
	LEFT JOIN random b ON b.customer_id = a.customer_id AND b.touchpoint = 'B' AND b.ts BETWEEN a.ts AND a.ts + interval '3 days'
	LEFT JOIN random c ON c.customer_id = b.customer_id AND c.touchpoint = 'C' AND c.ts BETWEEN b.ts AND a.ts + interval '3 days' GROUP BY u.customer_id;
SELECT is(pg_temp.levels('random', '{A,B,C}', '3 days', 'ordered'), (SELECT array_agg(level ORDER BY customer_id) FROM joined), 'ordered is what self-joins give');
SELECT is_empty($$SELECT * FROM journey.funnel_customers('random', '{A,B,C}', '3 days', 'any_order') WHERE level <> cardinality(step_at) OR level <> cardinality(seconds) OR seconds[1] <> 0
	OR EXISTS (SELECT FROM generate_series(2, level) k WHERE seconds[k] < seconds[k - 1]) OR seconds[level] > 3 * 86400$$, 'R-FNC-2 times never fall and stay inside the window');

-- Sizes.
SELECT is((SELECT level FROM journey.funnel_customers('SELECT 1 AS customer_id, timestamptz ''2024-01-01'' + i * interval ''1 s'' AS ts, ''t'' || i AS touchpoint FROM generate_series(1, 64) i', (SELECT array_agg('t' || i ORDER BY i) FROM generate_series(1, 64) i), '1 hour')), 64, '64 steps');
SELECT is((SELECT format('%s %s', level, completions) FROM journey.funnel_customers('SELECT 1 AS customer_id, timestamptz ''2024-01-01'' AS ts, ''t'' AS touchpoint FROM generate_series(1, 100000) i', (SELECT array_agg('t'::text) FROM generate_series(1, 64) i), '1 hour')), '64 1', '100,000 events at one instant, each for 64 steps');

-- The help desk log (oracles/funnel.py).
\set csv :shared '/data/helpdesk/helpdesk.csv.xz'
\setenv HELPDESK :csv
\set there `[ -r "$HELPDESK" ] && command -v xz >/dev/null && echo true || echo false`
CREATE TABLE helpdesk (customer_id text, touchpoint text, ts timestamptz, r text, s text, c text, p text, rs text, s2 text, sl text, st text, ss text, w text);
\if :there
\copy helpdesk FROM PROGRAM 'xz -dc "$HELPDESK"' (FORMAT csv, HEADER)
\endif
SELECT CASE WHEN :'there' THEN is((SELECT array_agg(reached ORDER BY step) FROM journey.funnel('helpdesk', '{Assign seriousness,Wait,Resolve ticket}', w)),
	want::bigint[], 'help desk log: ' || w) ELSE skip('no help desk log', 1) END
	FROM (VALUES (interval '1 day', '{4495,291,45}'), ('7 days', '{4495,679,216}'), ('30 days', '{4495,1178,969}')) v(w, want);
SELECT CASE WHEN :'there' THEN is((SELECT array_agg(reached ORDER BY step) || min(excluded) FROM journey.funnel('helpdesk', '{Assign seriousness,Wait,Resolve ticket}', w, exclude => '{Require upgrade}')),
	want::bigint[], 'help desk log without upgrades: ' || w) ELSE skip('no help desk log', 1) END
	FROM (VALUES (interval '1 day', '{4486,290,45,9}'), ('7 days', '{4470,675,216,25}'), ('30 days', '{4400,1162,959,95}')) v(w, want);

-- Errors.
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', 'orderly')$$, '{22023}', '"mode" has the unknown mode "orderly"', 'unknown mode');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', 'ordered,,adjacent')$$, '{22023}', 'empty mode at position 9', 'empty mode');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', 'allow_reentry')$$, '{22023}', 'allow_reentry needs strict_order', 'allow_reentry alone');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', 'any_order,adjacent')$$, '{22023}', 'any_order cannot be combined', 'any_order with another');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '0 seconds')$$, '{22023}', '"within" is 00:00:00', 'no window');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '-1 day')$$, '{22023}', '"within" is -1 days', 'a negative window');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', NULL)$$, '{22004}', '"within" must not be null', 'a NULL window');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{}', '1 hour')$$, '{22023}', '"steps" must not be empty', 'no steps');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', NULL, '1 hour')$$, '{22004}', '"steps" must not be null', 'NULL steps');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,NULL}', '1 hour')$$, '{22004}', '"steps" must not contain nulls', 'a NULL step');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,""}', '1 hour')$$, '{22023}', 'element 2 of array "steps" is empty', 'an empty step');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', (SELECT array_agg('t' || i) FROM generate_series(1, 65) i), '1 hour')$$, '{54000}', 'has 65 elements, the limit is 64', '65 steps');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', exclude => '{C,B}')$$, '{22023}', '"B" is both step 2 and in array "exclude"', 'a step that excludes');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', optional => '{1}')$$, '{22023}', 'has step 1, which a funnel begins with', 'optional first step');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', optional => '{3}')$$, '{22023}', 'has step 3, the steps are 1 to 2', 'optional out of range');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', optional => '{NULL}')$$, '{22004}', '"optional" must not contain nulls', 'optional NULL');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', 'any_order', optional => '{2}')$$, '{22023}', 'cannot be given with mode any_order', 'optional in any order');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', breakdown => true)$$, '{42703}', 'segment', 'breakdown without a segment');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', NULL)$$, '{22004}', '"mode" must not be null', 'NULL mode');
SELECT pg_temp.refused($$SELECT journey.funnel('worked', '{A,B}', '1 hour', breakdown => NULL)$$, '{22004}', '"breakdown" must not be null', 'NULL breakdown');
SELECT pg_temp.refused($$SELECT journey.funnel(NULL, '{A,B}', '1 hour')$$, '{22004}', '"source" must not be null', 'NULL source');
SELECT pg_temp.refused($$SELECT journey.funnel_customers('SELECT ''k''::text AS customer_id, ts, touchpoint FROM worked', '{A,B}', '1 hour')$$, '{42804}', 'customer_type', 'text customers without customer_type');

-- the ends of timestamptz lie further apart than a bigint can count microseconds
SELECT is((SELECT array_agg(median_seconds::numeric) FROM journey.funnel('SELECT 1::bigint AS customer_id, t AS ts, p AS touchpoint FROM (VALUES (timestamptz ''4713-01-01 UTC BC'', ''a''), (''294276-12-31 UTC'', ''b''), (''294276-12-31 UTC'', ''c'')) v(t, p)', '{a,b}', '1000000 years')), '{0,9435181449600}', 'times to convert over all of timestamptz');
SELECT is((SELECT seconds FROM journey.funnel_customers('SELECT 1::bigint AS customer_id, t AS ts, p AS touchpoint FROM (VALUES (timestamptz ''4713-01-01 UTC BC'', ''a''), (''294276-12-31 UTC'', ''b''), (''294276-12-31 UTC'', ''c'')) v(t, p)', '{a,b}', '1000000 years')), '{0,9435181449600}', 'and of a customer');
SELECT finish();
ROLLBACK;
