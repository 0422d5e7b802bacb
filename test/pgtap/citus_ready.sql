-- Every aggregate on many nodes, without Citus: by rule over the catalogue, and
-- by doing what Citus does.  Citus splits an aggregate over the shards when it
-- has a combine function, a state that is not a pseudo-type, at least one
-- argument and no polymorphic one: worker_partial_agg runs the transition
-- function on each shard and ships the state as text, coord_combine_agg reads
-- it, combines and finishes.  Grouped by the column of distribution it runs the
-- whole aggregate on the shards, whatever its state.
--
-- R-NODE-1	Each aggregate is of one kind, told by rule: split (population
--			aggregates with a flat state), by shard (states of type internal that
--			travel between workers), whole (no combine function, with a reason).
-- R-NODE-2	What is split gives on eight shards, one of them empty, what it gives
--			on one node, to a relative 1e-12, whatever order the states arrive in.
-- R-NODE-3	Text that lost digits on the way (extra_float_digits = 0 on a worker)
--			is refused, never combined.
-- R-NODE-4	What runs by shard gives, shard by shard, the bits of one node, and
--			the readers of one customer's journey do too.
-- R-NODE-5	Nothing of this is hidden from callers: EXECUTE is open on every
--			support function, and comments claim the kind that the rule tells.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;	-- hundreds of small statements
SELECT plan(20);
\set QUIET on

CREATE TEMP TABLE kind AS
SELECT a.*, p.proname, p.pronargs, p.proargnames, p.proargtypes, p.provariadic, p.prorettype, a.aggfnoid::regprocedure::text AS signature,
	obj_description(p.oid, 'pg_proc') AS comment, pg_get_function_identity_arguments(p.oid) AS identity,
	CASE
		WHEN a.aggkind = 'n' AND a.aggcombinefn <> 0 AND s.typtype <> 'p' AND p.pronargs > 0
			AND NOT EXISTS (SELECT FROM unnest(p.proargtypes) u(t) JOIN pg_type t ON t.oid = u.t WHERE t.typtype = 'p') THEN 'split'
		WHEN a.aggkind = 'n' AND a.aggcombinefn <> 0 AND a.aggserialfn <> 0 AND a.aggdeserialfn <> 0 AND a.aggtranstype = 'internal'::regtype THEN 'by shard'
		WHEN a.aggcombinefn = 0 THEN 'whole'
	END AS kind
FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_type s ON s.oid = a.aggtranstype
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'journey';

-- R-NODE-1
SELECT is_empty($$SELECT signature FROM kind WHERE kind IS NULL$$, 'R-NODE-1 every aggregate is split, runs by shard, or is whole');
SELECT cmp_ok((SELECT count(*) FROM kind WHERE kind = 'split'), '>=', 60::bigint, 'R-NODE-1 there are aggregates that are split');
SELECT is_empty($$SELECT signature, aggtranstype::regtype FROM kind WHERE kind = 'split' AND aggtranstype <> 'float8[]'::regtype$$,
	'R-NODE-1 their states are flat arrays of numbers: text and back is exact');
SELECT is_empty($$SELECT signature FROM kind WHERE kind = 'split' AND aggfinalextra$$,
	'R-NODE-1 their final functions need the state only');
SELECT is_empty($$SELECT signature FROM kind k JOIN pg_proc p ON p.oid = k.aggtransfn JOIN pg_proc c ON c.oid = k.aggcombinefn
	WHERE k.kind = 'split' AND (p.provolatile <> 'i' OR c.provolatile <> 'i')$$,
	'R-NODE-1 their transition and combine functions are immutable');
SELECT is_empty($$SELECT signature FROM kind k JOIN pg_proc c ON c.oid = k.aggcombinefn WHERE k.kind = 'split' AND NOT c.proisstrict$$,
	'R-NODE-1 their combine functions are strict: a shard without rows sends NULL');
-- Those without a combine function, each with the reason.
CREATE TEMP TABLE reason (name text, why text);
INSERT INTO reason VALUES
('page_hinkley', 'the statistic is a path: it goes up and down row by row, and two halves do not tell when the whole crossed the threshold'),
('merge_moments', 'its input is combined already: moments_agg is split over the shards and leaves one value a group, terms by name, for this to unite');
SELECT set_eq($$SELECT DISTINCT proname::text FROM kind WHERE kind = 'whole'$$, $$SELECT name FROM reason WHERE length(why) > 50$$,
	'R-NODE-1 each aggregate without a combine function has its reason');
SELECT isnt((SELECT journey.page_hinkley(x, 0.1, 3 ORDER BY i) FROM (SELECT i, (i > 40)::int::float8 AS x FROM generate_series(1, 80) i) s)::text,
	(SELECT journey.page_hinkley(x, 0.1, 3 ORDER BY -i) FROM (SELECT i, (i > 40)::int::float8 AS x FROM generate_series(1, 80) i) s)::text,
	'R-NODE-1 page_hinkley depends on the order of rows');

-- R-NODE-5
SELECT is_empty($$SELECT k.signature, f.f::regprocedure FROM kind k, LATERAL unnest(ARRAY[k.aggfnoid::oid, k.aggtransfn, k.aggcombinefn, k.aggserialfn, k.aggdeserialfn, k.aggfinalfn]) f(f)
	WHERE f.f <> 0 AND NOT has_function_privilege('public', f.f, 'EXECUTE')$$, 'R-NODE-5 a worker checks EXECUTE on every support function: it is open');
SELECT is_empty($$SELECT signature FROM kind WHERE (kind <> 'split' AND comment LIKE '%pushed down by Citus%')
	OR (kind <> 'by shard' AND comment LIKE '%On Citus it runs on the shards when grouped by%')$$, 'R-NODE-5 no comment claims another kind');
SELECT is_empty($$SELECT proname FROM kind WHERE kind = 'split' GROUP BY 1 HAVING NOT bool_or(comment LIKE '%pushed down by Citus%')$$,
	'R-NODE-5 the comments of what is split say so');

-- Rows that every aggregate accepts, in eight shards by the hash of the customer.
CREATE TEMP TABLE whole AS
SELECT i, i % 97 AS customer_id, journey.fold(i % 97, 7) AS shard, timestamptz '2024-01-01 UTC' + i * interval '1 hour' AS ts,
	chr(97 + (i * i) % 5) AS touchpoint,
	0.02 + 0.96 * journey.fold(i, 1000) / 1000 AS p, journey.fold(-i, 1000) < 100 + 0.8 * journey.fold(i, 1000) AS hit,
	3 + sin(i) * 2 + journey.fold(i, 100) / 50.0 AS y, ARRAY[sin(i), cos(3 * i), (i % 5)::float8] AS x, 0.5 + (i % 4) AS weight, i % 11 AS score
FROM generate_series(1, 700) i;
DO $$ BEGIN
	FOR k IN 1..8 LOOP EXECUTE format('CREATE TABLE pg_temp.shard_%s AS SELECT * FROM whole WHERE shard = %1$s', k); END LOOP;
END $$;
SELECT ok((SELECT count(*) = 7 AND min(n) > 20 FROM (SELECT count(*) AS n FROM whole GROUP BY shard) s) AND NOT EXISTS (SELECT FROM shard_8), 'seven shards hold rows, the eighth none');

-- What to give an argument, by its name and type; numbers that must lie in a range first.
CREATE FUNCTION pg_temp.argument(aggregate text, name text, type regtype) RETURNS text LANGUAGE sql AS $$
SELECT CASE
	WHEN name = 'predicted' THEN 'p'
	WHEN name = 'observed' AND type = 'boolean'::regtype THEN 'hit'
	WHEN name = 'observed' AND aggregate IN ('mae', 'rmse', 'r_squared') THEN 'y'
	WHEN name = 'observed' THEN 'hit::int::float8'
	WHEN name = 'threshold' THEN '0.4'
	WHEN name = 'weight' THEN 'weight'
	WHEN name IN ('score') THEN 'score'
	WHEN name = 'satisfied_from' THEN '7'
	WHEN name = 'value' AND type = 'boolean'::regtype THEN 'hit'
	WHEN name IN ('value', 'y') THEN 'y'
	WHEN name = 'x' AND type = 'float8[]'::regtype THEN 'x'
	WHEN name = 'x' THEN 'p'
	WHEN name = 'cell' THEN 'journey.fold(customer_id, 3)'
	WHEN name = 'planned' THEN '500'
	WHEN name = 'alpha' THEN '0.1'
	WHEN name = 'low' THEN '0'
	WHEN name = 'high' THEN '1'
	WHEN name = 'null_value' THEN '0.45'
	WHEN name = 'alternative' THEN '''greater'''
END || '::' || type::text $$;
CREATE TEMP TABLE call AS
SELECT row_number() OVER (ORDER BY signature) AS id, k.*, a.arguments
FROM kind k, LATERAL (SELECT string_agg(pg_temp.argument(k.proname, k.proargnames[o], t::regtype), ', ' ORDER BY o) AS arguments,
	count(*) = count(pg_temp.argument(k.proname, k.proargnames[o], t::regtype)) AS known FROM unnest(k.proargtypes) WITH ORDINALITY u(t, o)) a
WHERE k.kind = 'split' AND a.known;
SELECT is_empty($$SELECT signature FROM kind WHERE kind = 'split' EXCEPT SELECT signature FROM call$$, 'this file knows a value for each argument');

-- Two values are close where all their numbers are.
CREATE FUNCTION pg_temp.close(got jsonb, want jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	IF jsonb_typeof(got) IS DISTINCT FROM jsonb_typeof(want) THEN RETURN false; END IF;
	RETURN CASE jsonb_typeof(want)
		WHEN 'number' THEN abs(got::text::float8 - want::text::float8) <= 1e-12 * abs(want::text::float8)
		WHEN 'array' THEN jsonb_array_length(got) = jsonb_array_length(want) AND
			(SELECT coalesce(bool_and(pg_temp.close(got -> (o::int - 1), e)), true) FROM jsonb_array_elements(want) WITH ORDINALITY x(e, o))
		WHEN 'object' THEN (SELECT bool_and(got ? k AND pg_temp.close(got -> k, e)) FROM jsonb_each(want) x(k, e))
		ELSE got = want END IS NOT FALSE;
END $$;

-- worker_partial_agg and coord_combine_agg in SQL: the same functions, first
-- without the final one, then with the combine function for the rows.
CREATE FUNCTION pg_temp.initial(c call) RETURNS text LANGUAGE sql AS
$$ SELECT CASE WHEN c.agginitval IS NOT NULL THEN format(', INITCOND = %L', c.agginitval) ELSE '' END $$;
CREATE FUNCTION pg_temp.make(c call) RETURNS void LANGUAGE plpgsql AS $$
DECLARE types text := (SELECT string_agg(t::regtype::text, ', ' ORDER BY o) FROM unnest(c.proargtypes) WITH ORDINALITY u(t, o));
BEGIN
	EXECUTE format('CREATE AGGREGATE pg_temp.partial_%s(%s) (SFUNC = %s, STYPE = %s%s)', c.id, types, c.aggtransfn::regproc, c.aggtranstype::regtype, pg_temp.initial(c));
	EXECUTE format('CREATE AGGREGATE pg_temp.finish_%1$s(%2$s) (SFUNC = %3$s, STYPE = %2$s, FINALFUNC = %4$s%5$s)', c.id, c.aggtranstype::regtype,
		c.aggcombinefn::regproc, c.aggfinalfn::regproc, pg_temp.initial(c));
END $$;
DO $$ DECLARE c call; BEGIN FOR c IN SELECT * FROM call LOOP PERFORM pg_temp.make(c); END LOOP; END $$;

-- What the shards send, as text; a shard without rows sends NULL.
CREATE FUNCTION pg_temp.shipped(c call, restriction text DEFAULT 'true') RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE states text[]; state text;
BEGIN
	FOR k IN 1..8 LOOP
		EXECUTE format('SELECT CASE WHEN count(*) > 0 THEN pg_temp.partial_%s(%s)::text END FROM pg_temp.shard_%s WHERE %s', c.id, c.arguments, k, restriction) INTO state;
		states := states || state;
	END LOOP;
	RETURN states;
END $$;
CREATE FUNCTION pg_temp.finished(c call, states text[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE answer jsonb;
BEGIN
	EXECUTE format('SELECT to_jsonb(pg_temp.finish_%s(s::%s ORDER BY o)) FROM unnest($1) WITH ORDINALITY u(s, o)', c.id, c.aggtranstype::regtype) INTO answer USING states;
	RETURN answer;
END $$;
CREATE FUNCTION pg_temp.one_node(c call, restriction text DEFAULT 'true') RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE answer jsonb;
BEGIN
	EXECUTE format('SELECT to_jsonb(journey.%I(%s)) FROM pg_temp.whole WHERE %s', c.proname, c.arguments, restriction) INTO answer;
	RETURN answer;
END $$;
CREATE FUNCTION pg_temp.turned(states text[]) RETURNS text[] LANGUAGE sql AS $$ SELECT array_agg(s ORDER BY o DESC) FROM unnest(states) WITH ORDINALITY u(s, o) $$;

CREATE TEMP TABLE answer AS
SELECT c.signature, pg_temp.one_node(c) AS one, pg_temp.finished(c, s.states) AS many,
	pg_temp.finished(c, pg_temp.turned(s.states)) AS turned
FROM call c, LATERAL (SELECT pg_temp.shipped(c) AS states OFFSET 0) s;
-- R-NODE-2
SELECT is_empty($$SELECT signature, one FROM answer WHERE one IS NULL OR one = 'null' OR (jsonb_typeof(one) = 'object' AND one -> 'estimate' = 'null')$$, 'R-NODE-2 each has an answer on one node');
SELECT is_empty($$SELECT signature, one, many FROM answer WHERE NOT pg_temp.close(many, one)$$, 'R-NODE-2 eight shards give the same to 1e-12');
SELECT is_empty($$SELECT signature, one, turned FROM answer WHERE NOT pg_temp.close(turned, one)$$, 'R-NODE-2 also where the last shard answers first');
SELECT is_empty($$SELECT c.signature, a.one, a.many FROM call c, LATERAL (SELECT pg_temp.one_node(c, 'false') AS one, pg_temp.finished(c, pg_temp.shipped(c, 'false')) AS many OFFSET 0) a
	WHERE a.many IS DISTINCT FROM a.one$$, 'R-NODE-2 and without any row');

-- R-NODE-3
CREATE FUNCTION pg_temp.rounded(c call) RETURNS text LANGUAGE plpgsql AS $$
DECLARE states text[];
BEGIN
	SET LOCAL extra_float_digits = 0;
	states := pg_temp.shipped(c);
	SET LOCAL extra_float_digits = 1;
	PERFORM pg_temp.finished(c, states);
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	SET LOCAL extra_float_digits = 1;
	RETURN SQLSTATE;
END $$;
SELECT is_empty($$SELECT signature, pg_temp.rounded(c) FROM call c WHERE pg_temp.rounded(c) IN ('accepted', 'XX000')$$,
	'R-NODE-3 states whose text lost digits are refused');

-- R-NODE-4: the calls of one customer, on each shard and on one node.
CREATE FUNCTION pg_temp.everywhere(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	FOR k IN 1..7 LOOP RETURN QUERY EXECUTE replace(query, '@', 'pg_temp.shard_' || k); END LOOP;
END $$;
CREATE FUNCTION pg_temp.once(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE query;
END $$;
CREATE TEMP TABLE question (name text, query text);
INSERT INTO question SELECT 'aggregate ' || name, format('SELECT concat_ws(''|'', customer_id, %s) FROM @ GROUP BY customer_id', call) FROM (VALUES
('path_agg', 'journey.path_agg(touchpoint, ts)'), ('features_agg', 'journey.features_agg(touchpoint, ts)'), ('features_agg value', 'journey.features_agg(touchpoint, ts, y)'),
('window_funnel', 'journey.window_funnel(''7 days'', ts, touchpoint = ''a'', touchpoint = ''b'')'), ('window_funnel many', 'journey.window_funnel(''7 days'', ts, VARIADIC ARRAY[touchpoint = ''a'', touchpoint = ''b''])'),
('sequence_match', 'journey.sequence_match(''(?1).*(?2)'', ts, touchpoint = ''a'', touchpoint = ''b'')'), ('sequence_count', 'journey.sequence_count(''(?1).*(?2)'', ts, touchpoint = ''a'', touchpoint = ''b'')'),
('sequence_match_events', 'journey.sequence_match_events(''(?1).*(?2)'', ts, touchpoint = ''a'', touchpoint = ''b'')'),
('sequence_next_node', 'journey.sequence_next_node(''forward'', ''head'', ts, touchpoint, true, touchpoint = ''a'')'), ('retention', 'journey.retention(touchpoint = ''a'', touchpoint = ''b'')'),
('series_agg', 'journey.series_agg(y, ts)'), ('median_ci', 'journey.median_ci(y)'), ('mean_ci by cluster', 'journey.mean_ci(y, (i % 3)::text)'), ('auc', 'journey.auc(p, i % 2 = 0)'),
('fit_logistic', 'journey.fit_logistic(i % 3 = 0, ARRAY[p])'), ('betting_sequence', 'journey.betting_sequence(p, 0, 1)'), ('data_fingerprint', 'journey.data_fingerprint(ROW(i, ts))')) v(name, call);
INSERT INTO question VALUES
('customer_features', 'SELECT f::text FROM journey.customer_features(''SELECT customer_id, ts, touchpoint, y AS value FROM @'') f'),
('funnel_customers', 'SELECT f::text FROM journey.funnel_customers(''SELECT customer_id, ts, touchpoint FROM @'', ''{a,b,e}'', ''7 days'') f'),
('sessions', 'SELECT f::text FROM journey.sessions(''SELECT customer_id, ts, touchpoint FROM @'', ''90 hours'') f'),
('fold', 'SELECT concat_ws(''|'', customer_id, journey.fold(customer_id, 10)) FROM @');
SELECT is_empty($$SELECT q.name FROM question q WHERE NOT (SELECT count(*) >= 90 FROM pg_temp.everywhere(q.query))$$, 'R-NODE-4 each gives rows on the shards');
SELECT is_empty($$SELECT q.name FROM question q WHERE
	(SELECT array_agg(a ORDER BY a COLLATE "C") FROM pg_temp.everywhere(q.query) a)
	IS DISTINCT FROM (SELECT array_agg(a ORDER BY a COLLATE "C") FROM pg_temp.once(replace(q.query, '@', 'pg_temp.whole')) a)$$,
	'R-NODE-4 calls of one customer give on seven shards the bits of one node');
SELECT * FROM finish();
ROLLBACK;
