-- Maps: transitions, bottlenecks, step_matrix, sankey and paths against the
-- same tables in plain SQL with window functions; edges, diagrams, errors.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT no_plan();

CREATE TABLE sim AS
SELECT row_number() OVER ()::bigint AS event_id, e.customer_id, e.ts, e.touchpoint,
	CASE WHEN e.customer_id % 10 > 0 THEN e.outcome END AS outcome
FROM journey.simulate_events(3000, seed => 7, options => '{"noise": 0.2}') e;
-- Ties: half of the customers have times of whole days only.
UPDATE sim SET ts = date_trunc('day', ts) WHERE customer_id % 2 = 0;
ANALYZE sim;

-- The help desk log: 4,580 cases, 21,348 events; the row number is the event_id.
\set csv :shared '/data/helpdesk/helpdesk.csv.xz'
\setenv HELPDESK :csv
\set there `[ -r "$HELPDESK" ] && command -v xz >/dev/null && echo true || echo false`
CREATE TABLE helpdesk (event_id bigint GENERATED ALWAYS AS IDENTITY, customer_id text, touchpoint text, ts timestamptz,
	r text, s text, c text, p text, rs text, s2 text, sl text, st text, ss text, w text, outcome boolean);
\if :there
\copy helpdesk (customer_id, touchpoint, ts, r, s, c, p, rs, s2, sl, st, ss, w) FROM PROGRAM 'xz -dc "$HELPDESK"' (FORMAT csv, HEADER)
\endif

-- The oracles.
CREATE FUNCTION pg_temp.links(t text, OUT customer text, OUT source text, OUT target text, OUT whole numeric)
RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('
	WITH e AS (SELECT customer_id::text AS c, touchpoint AS a, lead(touchpoint) OVER w AS b,
			extract(epoch FROM lead(ts) OVER w) - extract(epoch FROM ts) AS s, row_number() OVER w AS i
		FROM %s WINDOW w AS (PARTITION BY customer_id ORDER BY ts, event_id))
	SELECT c, ''(start)'', a, NULL::numeric FROM e WHERE i = 1
	UNION ALL SELECT c, a, coalesce(b, ''(end)''), s FROM e', t);
END $$;
CREATE FUNCTION pg_temp.transitions_by_sql(t text)
RETURNS TABLE (source text, target text, transitions bigint, customers bigint, probability float8,
	median_seconds float8, p90_seconds float8, p95_seconds float8, total_seconds numeric)
LANGUAGE sql AS $$
	SELECT l.source, l.target, count(*), count(DISTINCT customer),
		count(*)::float8 / (sum(count(*)) OVER (PARTITION BY l.source))::float8,
		percentile_cont(0.5) WITHIN GROUP (ORDER BY whole::float8), percentile_cont(0.9) WITHIN GROUP (ORDER BY whole::float8),
		percentile_cont(0.95) WITHIN GROUP (ORDER BY whole::float8), round(sum(whole), 3)
	FROM pg_temp.links(t) l GROUP BY l.source, l.target $$;
-- Two queries give the same rows, and some.
CREATE FUNCTION pg_temp.same(a text, b text, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE apart bigint; wanted bigint;
BEGIN
	EXECUTE format('WITH a AS MATERIALIZED (%s), b AS MATERIALIZED (%s)
		SELECT (SELECT count(*) FROM ((TABLE a EXCEPT ALL TABLE b) UNION ALL (TABLE b EXCEPT ALL TABLE a)) x),
			(SELECT count(*) FROM b)', a, b) INTO apart, wanted;
	RETURN ok(apart = 0 AND wanted > 0, name) || CASE WHEN apart > 0 OR wanted = 0
		THEN E'\n' || diag(format('%s rows are apart, %s wanted', apart, wanted)) ELSE '' END;
END $$;
-- All of it for one table.
CREATE FUNCTION pg_temp.check_source(t text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN NEXT pg_temp.same(format('SELECT source, target, transitions, customers, probability, median_seconds, p90_seconds, round(total_seconds::numeric, 3) FROM journey.transitions(%L)', t),
		format('SELECT source, target, transitions, customers, probability, median_seconds, p90_seconds, total_seconds FROM pg_temp.transitions_by_sql(%L)', t),
		t || ': R-TRA-1, R-TRA-2, R-TRA-3 transitions as by window functions, bit by bit');
	RETURN NEXT pg_temp.same(format('SELECT o, source, target FROM journey.transitions(%L) WITH ORDINALITY t(source, target, n, c, p, l, h, m, q, s, o)', t),
		format('SELECT row_number() OVER (ORDER BY source <> ''(start)'', source COLLATE "C", target = ''(end)'', target COLLATE "C"), source, target FROM pg_temp.transitions_by_sql(%L)', t),
		t || ': R-PGT-1 order of transitions');
	RETURN NEXT pg_temp.same(format('SELECT source, target, transitions, round(total_seconds::numeric, 3), median_seconds, p90_seconds, p95_seconds, round(share::numeric, 9), rank FROM journey.bottlenecks(%L)', t),
		format('SELECT source, target, transitions, total_seconds, median_seconds, p90_seconds, p95_seconds, round(total_seconds / sum(total_seconds) OVER (), 9), row_number() OVER (ORDER BY total_seconds DESC, source COLLATE "C", target COLLATE "C")
			FROM pg_temp.transitions_by_sql(%L) WHERE total_seconds IS NOT NULL', t),
		t || ': R-PGT-2 bottlenecks as by window functions');
	RETURN NEXT pg_temp.same(format('SELECT step, touchpoint, customers, share FROM journey.step_matrix(%L, 7)', t),
		format('WITH e AS (SELECT customer_id, touchpoint, row_number() OVER (PARTITION BY customer_id ORDER BY ts, event_id) AS i FROM %s),
			c AS (SELECT customer_id FROM e GROUP BY 1)
			SELECT s, coalesce(e.touchpoint, ''(end)''), count(*), count(*) / (SELECT count(*) FROM c)::float8
			FROM c CROSS JOIN generate_series(1, 7) s LEFT JOIN e ON e.customer_id = c.customer_id AND e.i = s GROUP BY 1, 2', t),
		t || ': R-STEP-1 step matrix as by window functions');
	RETURN NEXT pg_temp.same(format('SELECT source, target, value, step FROM journey.sankey(%L, 5, 3)', t),
		format('WITH e AS (SELECT customer_id, touchpoint AS t, row_number() OVER (PARTITION BY customer_id ORDER BY ts, event_id) AS i FROM %s),
			k AS (SELECT i, t, row_number() OVER (PARTITION BY i ORDER BY count(*) DESC, t COLLATE "C") <= 3 AS top FROM e GROUP BY i, t),
			n AS (SELECT e.customer_id, e.i, e.i || ''. '' || CASE WHEN k.top THEN e.t ELSE ''(other)'' END AS node FROM e JOIN k USING (i, t))
			SELECT a.node, coalesce(b.node, ''(end)''), count(*), a.i::integer FROM n a LEFT JOIN n b ON b.customer_id = a.customer_id AND b.i = a.i + 1
			WHERE a.i < 5 OR (a.i = 5 AND b.node IS NULL) GROUP BY 1, 2, 4', t),
		t || ': R-STEP-2, R-STEP-3 sankey as by window functions');
	RETURN NEXT pg_temp.same(format('SELECT bool_and(v = 0) FROM (SELECT sum(value) AS v FROM (SELECT value, target AS node FROM journey.sankey(%1$L, 6, 4) UNION ALL SELECT -value, source FROM journey.sankey(%1$L, 6, 4)) x
			WHERE node ~ ''^[2-5][.]'' GROUP BY node) y HAVING count(*) > 4', t), 'SELECT true',
		t || ': what flows into an inner node of the sankey flows out of it');
	RETURN NEXT is_empty(format('WITH RECURSIVE l AS (SELECT source, target FROM journey.sankey(%L, 6, 4)),
			r AS (SELECT source AS origin, target FROM l UNION SELECT r.origin, l.target FROM r JOIN l ON l.source = r.target)
			SELECT * FROM r WHERE origin = target OR origin = ''(end)''', t), t || ': no node of the sankey leads back to itself');
	RETURN NEXT pg_temp.same(format('SELECT rank, path, customers, share, round(cumulative_share::numeric, 12), outcome_rate, median_seconds FROM journey.paths(%L)', t),
		format('WITH p AS (SELECT customer_id, array_agg(touchpoint ORDER BY ts, event_id) AS p, bool_or(outcome) AS y,
				(extract(epoch FROM max(ts)) - extract(epoch FROM min(ts)))::float8 AS s FROM %s GROUP BY 1),
			g AS (SELECT p, count(*) AS n, sum(y::integer)::float8 / count(y)::float8 AS y, percentile_cont(0.5) WITHIN GROUP (ORDER BY s) AS m
				FROM p GROUP BY p HAVING count(y) > 0
				UNION ALL SELECT p, count(*), NULL, percentile_cont(0.5) WITHIN GROUP (ORDER BY s) FROM p GROUP BY p HAVING count(y) = 0),
			r AS (SELECT row_number() OVER (ORDER BY n DESC, p COLLATE "C") AS r, *, sum(n) OVER () AS a FROM g)
			SELECT r, p, n, n / a::float8, round(sum(n) OVER (ORDER BY r) / a, 12), y, m FROM r', t),
		t || ': R-PATH-1, R-PATH-2, R-PGP-1, R-PGP-2 paths as by array_agg');
	RETURN NEXT pg_temp.same(format('SELECT path, customers FROM journey.paths(%L, ''exposure'')', t),
		format('SELECT p, count(*) FROM (SELECT array_agg(touchpoint ORDER BY ts, event_id) AS p FROM
			(SELECT *, lag(touchpoint) OVER (PARTITION BY customer_id ORDER BY ts, event_id) AS before FROM %s) x
			WHERE before IS DISTINCT FROM touchpoint GROUP BY customer_id) y GROUP BY p', t), t || ': R-PATH-3 exposure');
	RETURN NEXT pg_temp.same(format('SELECT path, customers FROM journey.paths(%L, ''unique'')', t),
		format('SELECT p, count(*) FROM (SELECT array_agg(touchpoint ORDER BY ts, event_id) AS p FROM
			(SELECT *, row_number() OVER (PARTITION BY customer_id, touchpoint ORDER BY ts, event_id) AS i FROM %s) x
			WHERE i = 1 GROUP BY customer_id) y GROUP BY p', t), t || ': R-PATH-3 unique');
END $$;

SELECT pg_temp.check_source('sim');
\if :there
SELECT pg_temp.check_source('helpdesk');
SELECT is((SELECT count(*) || ' ' || sum(customers) || ' ' || max(cumulative_share) FROM journey.paths('helpdesk')),
	'226 4580 1', 'help desk log: 226 variants of 4,580 cases');
SELECT is((SELECT sum(transitions) || ' ' || count(DISTINCT source) FROM journey.transitions('helpdesk')),
	'25928 15', 'help desk log: 21,348 events and 4,580 cases make the transitions');
\else
SELECT skip('no help desk log', 12);
\endif

-- Wilson's interval, by its formula.
SELECT is_empty($$SELECT * FROM (SELECT t.*, (sum(transitions) OVER (PARTITION BY source))::float8 AS n FROM journey.transitions('sim') t) x,
	LATERAL (SELECT 1.959963984540054::float8 ^ 2 AS zz) z,
	LATERAL (SELECT (probability + zz / (2 * n)) / (1 + zz / n) AS mid, sqrt(zz) * sqrt(probability * (1 - probability) / n + zz / (4 * n * n)) / (1 + zz / n) AS half) w
	WHERE abs(conf_low - greatest(mid - half, 0)) > 1e-12 OR abs(conf_high - least(mid + half, 1)) > 1e-12$$, 'intervals are Wilson''s');
SELECT ok(bool_and(abs(p - 1) < 1e-12) AND count(*) > 10, 'the probabilities of a source add up to 1')
FROM (SELECT sum(probability) AS p FROM journey.transitions('sim') GROUP BY source) x;

-- Neither the order of rows nor the memory matters.
CREATE FUNCTION pg_temp.everything(source text) RETURNS TABLE (f text, line text) LANGUAGE sql AS $$
	SELECT 't', t::text FROM journey.transitions(source) t UNION ALL SELECT 'b', b::text FROM journey.bottlenecks(source) b
	UNION ALL SELECT 'm', m::text FROM journey.step_matrix(source) m UNION ALL SELECT 's', s::text FROM journey.sankey(source) s
	UNION ALL SELECT 'p', p::text FROM journey.paths(source) p UNION ALL SELECT 'd', journey.to_dot(source) UNION ALL SELECT 'f', journey.to_mermaid(source) $$;
CREATE TABLE calm AS SELECT * FROM pg_temp.everything('sim');
SELECT pg_temp.same($$SELECT * FROM pg_temp.everything('SELECT * FROM sim ORDER BY md5(event_id::text)')$$, 'TABLE calm', 'shuffled rows, the same maps');
SELECT pg_temp.same($$SELECT * FROM pg_temp.everything('SELECT ''k'' || customer_id AS customer_id, ts, touchpoint, event_id, outcome FROM sim')$$, 'TABLE calm', 'other keys, the same maps');
CREATE TABLE large AS SELECT customer_id, ts, touchpoint, outcome FROM journey.simulate_events(20000, seed => 2);
SET LOCAL journey.memory_limit = '1GB';
CREATE TABLE roomy AS SELECT t::text AS line FROM journey.transitions('large') t UNION ALL SELECT p::text FROM journey.paths('large') p;
SET LOCAL journey.memory_limit = '1MB';
SELECT pg_temp.same($$SELECT t::text FROM journey.transitions('large') t UNION ALL SELECT p::text FROM journey.paths('large') p$$, 'TABLE roomy', 'R-SAM-1 with 1 MB the same, to the last bit');
RESET journey.memory_limit;

-- Small journeys whose tables one can check by eye.
CREATE TABLE small (customer_id integer, ts timestamptz, touchpoint text, event_id integer, outcome integer);
INSERT INTO small VALUES (1, '2024-01-01', 'order', 1, 1), (1, '2024-01-02', 'chat', 2, 1), (1, '2024-01-02', 'chat', 3, 1),
	(1, '2024-01-04', 'order', 4, 1), (2, '2024-01-01', 'order', 5, 0), (2, '2024-01-01 00:00:10', 'goodbye', 6, 0), (3, '2024-01-01', 'order', 7, NULL);
SELECT results_eq($$SELECT source, target, transitions, customers, probability, median_seconds, p90_seconds, total_seconds FROM journey.transitions('small')$$, $$VALUES
	('(start)', 'order', 3::bigint, 3::bigint, 1::float8, NULL::float8, NULL::float8, NULL::float8),
	('chat', 'chat', 1, 1, 0.5, 0, 0, 0), ('chat', 'order', 1, 1, 0.5, 172800, 172800, 172800),
	('goodbye', '(end)', 1, 1, 1, NULL, NULL, NULL),
	('order', 'chat', 1, 1, 0.25, 86400, 86400, 86400), ('order', 'goodbye', 1, 1, 0.25, 10, 10, 10), ('order', '(end)', 2, 2, 0.5, NULL, NULL, NULL)$$,
	'transitions: one-event journey, a loop, a touchpoint only at the end');
SELECT results_eq($$SELECT source, target, transitions, customers FROM journey.transitions('small', '2024-01-02')$$, $$VALUES
	('(start)', 'order', 3::bigint, 3::bigint), ('goodbye', '(end)', 1, 1), ('order', 'goodbye', 1, 1), ('order', '(end)', 2, 2)$$,
	'events at as_of do not exist yet');
SELECT is_empty($$SELECT * FROM journey.transitions('small', '2023-01-01')$$, 'before the first event there is no row');
SELECT results_eq($$SELECT rank, source, target, total_seconds, share FROM journey.bottlenecks('small')$$, $$VALUES
	(1::bigint, 'chat', 'order', 172800::float8, 172800 / 259210::float8), (2, 'order', 'chat', 86400, 86400 / 259210::float8),
	(3, 'order', 'goodbye', 10, 10 / 259210::float8), (4, 'chat', 'chat', 0, 0)$$, 'bottlenecks: loops are rows, (start) and (end) are not');
SELECT results_eq($$SELECT share FROM journey.bottlenecks('SELECT customer_id, timestamptz ''2024-01-01'' AS ts, touchpoint FROM small WHERE customer_id = 2')$$,
	ARRAY[NULL::float8], 'nobody waited: no shares');
SELECT results_eq($$SELECT step, touchpoint, customers, share FROM journey.step_matrix('small', 5) WHERE step IN (1, 2, 5)$$, $$VALUES
	(1, 'order', 3::bigint, 1::float8), (2, 'chat', 1, 1/3::float8), (2, 'goodbye', 1, 1/3::float8), (2, '(end)', 1, 1/3::float8), (5, '(end)', 3, 1)$$,
	'step matrix: (end) keeps those who are done');
SELECT results_eq($$SELECT source, target, value, step FROM journey.sankey('small', 2, 1)$$, $$VALUES
	('1. order', '2. chat', 1::bigint, 1), ('1. order', '(end)', 1, 1), ('1. order', '2. (other)', 1, 1), ('2. (other)', '(end)', 1, 2)$$,
	'sankey: ties of the top by bytes, the last step leads to (end) only');
SELECT results_eq($$SELECT source, target, value, step FROM journey.sankey('small', 1)$$, $$VALUES ('1. order', '(end)', 1::bigint, 1)$$, 'sankey of one step');
SELECT results_eq($$SELECT rank, path, customers, outcome_rate, median_seconds FROM journey.paths('small')$$, $$VALUES
	(1::bigint, '{order}'::text[], 1::bigint, NULL::float8, 0::float8), (2, '{order,chat,chat,order}', 1, 1, 259200), (3, '{order,goodbye}', 1, 0, 10)$$,
	'paths: ties by bytes, a censored outcome is no rate');
SELECT results_eq($$SELECT path, share, cumulative_share FROM journey.paths('small', 'exposure', 2)$$, $$VALUES
	('{order}'::text[], 1/3::float8, 1/3::float8), ('{order,chat,order}', 1/3::float8, 2/3::float8)$$, 'paths: top cuts rows, not shares');
SELECT results_eq($$SELECT path FROM journey.paths('small', 'unique')$$, $$VALUES ('{order}'::text[]), ('{order,chat}'), ('{order,goodbye}')$$, 'paths: first occurrences');
SELECT results_eq($$SELECT DISTINCT outcome_rate FROM journey.paths('SELECT customer_id, ts, touchpoint FROM small')$$, ARRAY[NULL::float8], 'paths: no outcome, no rate');
SELECT results_eq($$SELECT path FROM journey.paths('SELECT 1 AS customer_id, timestamptz ''2024-01-01'' AS ts, v AS touchpoint FROM (VALUES (''z''), (''a''), (''Z'')) t(v)')$$,
	$$VALUES ('{Z,a,z}'::text[])$$, 'ties without event_id: by bytes');
SELECT results_eq($$SELECT path FROM journey.paths('SELECT 1 AS customer_id, timestamptz ''2024-01-01'' AS ts, v AS touchpoint, i AS event_id FROM (VALUES (''z'', 1), (''a'', 2), (''Z'', 3)) t(v, i)')$$,
	$$VALUES ('{z,a,Z}'::text[])$$, 'ties with event_id: by event_id');
SELECT results_eq($$SELECT path FROM journey.paths('SELECT 1 AS customer_id, timestamptz ''2024-01-01'' AS ts, ''(end)''::text AS touchpoint')$$,
	$$VALUES ('{(end)}'::text[])$$, 'paths have no places: every name is allowed');

-- Nothing, and a lot.
SELECT is_empty(format('SELECT 1 FROM journey.%s(%L)', f, 'SELECT * FROM small WHERE false'), f || ': no events, no rows')
FROM unnest('{transitions,bottlenecks,step_matrix,sankey,paths}'::text[]) f;
SELECT is(journey.to_mermaid('SELECT * FROM small WHERE false'), E'flowchart LR\n', 'no events: an empty flowchart');
SELECT is(journey.to_dot('SELECT * FROM small WHERE false'), E'digraph journey {\n  rankdir=LR;\n  node [shape=box];\n}\n', 'no events: an empty digraph');
CREATE TABLE many AS SELECT i / 10 AS customer_id, i AS event_id, timestamptz '2024-01-01' + i * interval '1 minute' AS ts,
	't' || (i * 7919 % 3001) AS touchpoint FROM generate_series(0, 19999) i;
SELECT pg_temp.same($$SELECT source, target, transitions, customers, median_seconds FROM journey.transitions('many')$$,
	$$SELECT source, target, transitions, customers, median_seconds FROM pg_temp.transitions_by_sql('many')$$, '3,001 touchpoints: pairs by hash');
SELECT results_eq($$SELECT cardinality(path), customers, median_seconds FROM journey.paths('SELECT 1 AS customer_id, timestamptz ''2024-01-01'' + i * interval ''1 second'' AS ts, (i % 3)::text AS touchpoint FROM generate_series(1, 200000) i')$$,
	$$VALUES (200000, 1::bigint, 199999::float8)$$, 'a path of 200,000 events');

-- Diagrams.
SELECT is(journey.to_mermaid('small'), $$flowchart LR
  n0["(start)"]
  n1["order"]
  n0 -->|"3 (100 %)"| n1
  n2["(end)"]
  n1 -->|"2 (50 %)"| n2
  n3["chat"]
  n3 -->|"1 (50 %)"| n3
  n3 -->|"1 (50 %)"| n1
  n4["goodbye"]
  n4 -->|"1 (100 %)"| n2
  n1 -->|"1 (25 %)"| n3
  n1 -->|"1 (25 %)"| n4
$$, 'R-DIA-1 mermaid');
SELECT is(journey.to_dot('small', 2), $$digraph journey {
  rankdir=LR;
  node [shape=box];
  n0 [label="(start)"];
  n1 [label="order"];
  n0 -> n1 [label="3 (100 %)"];
  n2 [label="(end)"];
  n1 -> n2 [label="2 (50 %)"];
}
$$, 'R-DIA-1 dot, the two heaviest');
CREATE FUNCTION pg_temp.one(touchpoint text) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT 1 AS customer_id, timestamptz ''2024-01-01'' AS ts, %L::text AS touchpoint', touchpoint) $$;
CREATE FUNCTION pg_temp.label(diagram text) RETURNS text LANGUAGE sql AS $$ SELECT (regexp_match(diagram, '\n  n1 ?\[(?:label=)?([^\n]*)\];?\n'))[1] $$;
SELECT is(pg_temp.label(journey.to_mermaid(pg_temp.one(a))), b, 'R-DIA-2 mermaid label ' || b) FROM (VALUES
	('say "hi"', '"say #34;hi#34;"'), ('a[b]{c}|d', '"a#91;b#93;#123;c#125;#124;d"'), (E'two\nlines\ttab', '"two lines tab"'),
	('<b>&amp;</b>', '"#60;b#62;#38;amp#59;#60;/b#62;"'), ('1. chat', '"1#46; chat"'), ('- x', '"#45; x"'), ('order_placed-2.0', '"order_placed-2.0"'),
	('_x_ **y** `z`', '"#95;x#95; #42;#42;y#42;#42; #96;z#96;"'), ('über 日本 🙂', '"über 日本 🙂"'), ('a\b #35; %%{x}', '"a#92;b #35;35#59; #37;#37;#123;x#125;"')) v(a, b);
SELECT is(pg_temp.label(journey.to_dot(pg_temp.one(a))), b, 'R-DIA-2 dot label ' || replace(b, '\', '/')) FROM (VALUES
	('say "hi"', '"say \"hi\""'), ('a\', '"a\\"'), (E'two\nlines', '"two lines"'), ('a\nb', '"a\\nb"'), ('<b>&lt;', '"<b>&amp;lt;"'), ('über 🙂', '"über 🙂"')) v(a, b);

-- What doc/maps.md prints.
CREATE TABLE page AS SELECT customer_id, ts, touchpoint, outcome FROM journey.simulate_events(1000, seed => 1);
SELECT results_eq($$SELECT target, transitions, customers, round(probability::numeric, 3), round(conf_low::numeric, 3), round(conf_high::numeric, 3), round(median_seconds::numeric / 3600, 1)
	FROM journey.transitions('page') WHERE source = 'refund'$$, $$VALUES ('call', 16::bigint, 15::bigint, 0.053, 0.033, 0.085, 7.4), ('email', 21, 21, 0.070, 0.046, 0.105, 73.3),
	('survey', 54, 50, 0.180, 0.141, 0.227, 47.0), ('(end)', 209, 209, 0.697, 0.642, 0.746, NULL)$$, 'page: after a refund');
SELECT results_eq($$SELECT source, target, transitions, round(total_seconds::numeric / 86400), round(share::numeric, 3), round(p95_seconds::numeric / 3600, 1)
	FROM journey.bottlenecks('page') LIMIT 5$$, $$VALUES ('survey', 'order', 128::bigint, 1616::numeric, 0.085, 786.6), ('email', 'order', 135, 1588, 0.083, 922.1),
	('tracking', 'delivery', 427, 1333, 0.070, 242.0), ('review', 'order', 82, 1297, 0.068, 1097.2), ('return', 'refund', 229, 1030, 0.054, 328.1)$$, 'page: bottlenecks');
SELECT results_eq($$SELECT path::text, customers, round(cumulative_share::numeric, 3), round(outcome_rate::numeric, 2), round(median_seconds::numeric / 86400, 1)
	FROM journey.paths('page', 'exposure', 5)$$, $$VALUES ('{order,delivery}', 25::bigint, 0.025, 0.72, 1.5), ('{order,tracking,delivery}', 20, 0.045, 0.50, 4.3),
	('{order}', 15, 0.060, 0.87, 0.0), ('{order,tracking,delivery,tutorial}', 13, 0.073, 0.77, 6.4), ('{order,delivery,tutorial}', 11, 0.084, 0.82, 2.9)$$, 'page: paths');
SELECT is(md5(journey.to_mermaid('page', 12)), '9aa6e2e18aa72c21d137539c0e5efd8e', 'page: the picture');

-- Errors.
SELECT throws_ok(format('SELECT * FROM journey.%s(%L)', f, pg_temp.one(t)), '22023',
	format('column "touchpoint" has the value "%s", which maps use for a place of their own', t), f || ' refuses ' || t)
FROM (VALUES ('transitions', '(start)'), ('transitions', '(end)'), ('bottlenecks', '(start)'), ('step_matrix', '(end)'), ('sankey', '(end)'),
	('sankey', '(other)'), ('to_mermaid', '(start)'), ('to_dot', '(end)')) v(f, t);
SELECT throws_ok(format('SELECT * FROM journey.%s(NULL)', f), '22004', NULL, f || ': NULL source')
FROM unnest('{transitions,bottlenecks,step_matrix,sankey,paths,to_mermaid,to_dot}'::text[]) f;
SELECT throws_ok('SELECT * FROM journey.' || call, code, NULL, call) FROM (VALUES
	($$step_matrix('small', 0)$$, '22023'), ($$step_matrix('small', 1001)$$, '22023'), ($$step_matrix('small', NULL)$$, '22004'),
	($$sankey('small', 0)$$, '22023'), ($$sankey('small', NULL)$$, '22004'), ($$sankey('small', 5, 0)$$, '22023'), ($$sankey('small', 5, NULL)$$, '22004'),
	($$paths('small', 'all', 0)$$, '22023'), ($$paths('small', NULL)$$, '22004'), ($$to_mermaid('small', 0)$$, '22023'), ($$to_mermaid('small', 10001)$$, '22023'),
	($$to_dot('small', NULL)$$, '22004'), ($$transitions('no_such_relation')$$, '42P01')) v(call, code);
SELECT throws_ok($$SELECT * FROM journey.paths('small', 'last')$$, '22023', 'argument "transform" is "last", it must be "all", "exposure" or "unique"', 'unknown transform');
SELECT throws_ok($$SELECT * FROM journey.transitions('SELECT customer_id, ts FROM small')$$, '42703', 'source has no column "touchpoint"', 'a missing column');
SELECT throws_like(format('SELECT * FROM journey.%s(%L)', f, 'SELECT 9 AS customer_id, v::timestamptz AS ts, ''a''::text AS touchpoint FROM (VALUES (''4700-01-01 BC''), (''294000-01-01'')) t(v)'),
	'journey of customer "9" is too long: column "ts" runs from %', f || ': a journey beyond the range of time')
FROM unnest('{transitions,bottlenecks,paths,to_dot}'::text[]) f;
SELECT throws_like($$SELECT * FROM journey.paths('SELECT 1 AS customer_id, timestamptz ''2024-01-01'' + i * interval ''1 day'' AS ts, ''a''::text AS touchpoint, i % 2 = 0 AS outcome FROM generate_series(1, 2) i')$$,
	'%outcome%', 'an outcome that is not constant');

SELECT * FROM finish();
ROLLBACK;
