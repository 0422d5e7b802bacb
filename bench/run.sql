-- The bars, each a pair of statements run alternately in this session; what
-- counts is the ratio of the medians.  :passes passes, after one to warm up.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE TABLE bench.pair (id integer PRIMARY KEY, work text, ours text, theirs text, bar float8, settings text DEFAULT '');
CREATE TABLE bench.seconds (id integer, mode text, pass integer, ours float8, theirs float8);

-- What the pairs need to have: a call that is not built yet is left out.
CREATE FUNCTION bench.has(name text) RETURNS boolean LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'journey'::regnamespace AND proname = name);

-- Ten columns by window functions: one sort by customer and time serves the
-- windows and the groups, and ts alone orders, because no two events tie.
\set window_theirs '$$SELECT count(*), sum(n_events + n_transitions + n_self_loops), max(duration_seconds + mean_gap_seconds + max_gap_seconds),  min(first_at), max(last_at), max(first_touchpoint), max(last_touchpoint)  FROM (SELECT customer_id, count(*) AS n_events, min(ts) AS first_at, max(ts) AS last_at,  max(touchpoint) FILTER (WHERE prev_ts IS NULL) AS first_touchpoint,  max(touchpoint) FILTER (WHERE next_ts IS NULL) AS last_touchpoint,  extract(epoch FROM max(ts) - min(ts))::float8 AS duration_seconds,  count(prev_ts) AS n_transitions,  count(*) FILTER (WHERE touchpoint = prev) AS n_self_loops,  extract(epoch FROM avg(ts - prev_ts))::float8 AS mean_gap_seconds,  extract(epoch FROM max(ts - prev_ts))::float8 AS max_gap_seconds  FROM (SELECT customer_id, ts, touchpoint, lag(touchpoint) OVER w AS prev, lag(ts) OVER w AS prev_ts, lead(ts) OVER w AS next_ts   FROM bench.events WINDOW w AS (PARTITION BY customer_id ORDER BY ts)) e  GROUP BY customer_id) f$$'
INSERT INTO bench.pair
SELECT id, work, ours, theirs, bar, COALESCE(settings, '') FROM (VALUES
(1, 'customer_features, all columns / count(*) of a GROUP BY', 'customer_features',
 $$SELECT count(*) FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM bench.events')$$,
 $$SELECT count(*) FROM (SELECT customer_id, count(*) FROM bench.events GROUP BY 1) g$$, 1.0, NULL),
(2, 'the same, with 1 GB for journey.memory_limit and work_mem', 'customer_features',
 $$SELECT count(*) FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM bench.events')$$,
 $$SELECT count(*) FROM (SELECT customer_id, count(*) FROM bench.events GROUP BY 1) g$$, 1.0, 'roomy'),
(3, 'customer_features, all columns / its ten simplest columns by window functions', 'customer_features',
 $$SELECT count(*) FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM bench.events')$$,
 :window_theirs, 0.2, NULL),
(4, 'the same, with 1 GB for journey.memory_limit and work_mem', 'customer_features',
 $$SELECT count(*) FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM bench.events')$$, :window_theirs, 0.2, 'roomy'),
(5, 'fit gaussian, 20 features / SELECT sum(x1), ..., sum(x20)', 'fit',
 $$SELECT (journey.fit('SELECT y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', NULL)).status$$,
 $$SELECT sum(x1), sum(x2), sum(x3), sum(x4), sum(x5), sum(x6), sum(x7), sum(x8), sum(x9), sum(x10), sum(x11), sum(x12), sum(x13), sum(x14), sum(x15), sum(x16), sum(x17), sum(x18), sum(x19), sum(x20) FROM bench.wide$$, 2.0, NULL),
(6, 'fit gaussian with errors clustered by key / SELECT sum(x1), ..., sum(x20)', 'fit',
 $$SELECT (journey.fit('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id')).status$$,
 $$SELECT sum(x1), sum(x2), sum(x3), sum(x4), sum(x5), sum(x6), sum(x7), sum(x8), sum(x9), sum(x10), sum(x11), sum(x12), sum(x13), sum(x14), sum(x15), sum(x16), sum(x17), sum(x18), sum(x19), sum(x20) FROM bench.wide$$, NULL, NULL),
(7, 'cross_validate gaussian, 10 folds / fit', 'cross_validate',
 $$SELECT count(*) FROM journey.cross_validate('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id', k => 10, repeats => 1)$$,
 $$SELECT (journey.fit('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id')).status$$, 1.3, NULL),
(8, 'cross_validate binomial, 10 folds / fit', 'cross_validate',
 $$SELECT count(*) FROM journey.cross_validate('SELECT id, target, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'target', 'id', family => 'binomial', k => 10, repeats => 1)$$,
 $$SELECT (journey.fit('SELECT id, target, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'target', 'id', family => 'binomial')).status$$, 2.5, NULL),
(9, 'fold(id, 10) / hashint8extended(id, 0)', 'fold',
 $$SELECT count(journey.fold(customer_id, 10)) FROM bench.events$$,
 $$SELECT count(hashint8extended(customer_id, 0)) FROM bench.events$$, 1.5, NULL)
) v(id, work, needs, ours, theirs, bar, settings)
WHERE bench.has(needs) AND (:'only' = '' OR id::text = ANY (string_to_array(:'only', ' ')));

CREATE FUNCTION bench.clock(statement text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE started timestamptz := clock_timestamp(); ignored record;
BEGIN
	EXECUTE statement INTO ignored;
	RETURN extract(epoch FROM clock_timestamp() - started);
EXCEPTION WHEN OTHERS THEN
	RAISE INFO 'failed: % (%)', SQLERRM, statement;
	RETURN NULL;
END $$;

CREATE PROCEDURE bench.measure(mode text, workers integer, passes integer) LANGUAGE plpgsql AS $$
DECLARE p bench.pair; ours float8; theirs float8;
BEGIN
	FOR p IN SELECT * FROM bench.pair ORDER BY id LOOP
		IF workers IS NOT NULL THEN EXECUTE format('SET max_parallel_workers_per_gather = %s', workers);
		ELSE RESET max_parallel_workers_per_gather; END IF;
		IF p.settings = 'roomy' THEN SET work_mem = '1GB'; SET journey.memory_limit = '1GB';
		ELSE RESET work_mem; RESET journey.memory_limit; END IF;
		FOR pass IN 0..passes LOOP
			ours := bench.clock(p.ours);
			theirs := bench.clock(p.theirs);
			INSERT INTO bench.seconds VALUES (p.id, mode, pass, ours, theirs);
		END LOOP;
		RAISE INFO '% [%]: % s / % s', p.work, mode, round(ours::numeric, 3), round(theirs::numeric, 3);
		COMMIT;
	END LOOP;
END $$;
CALL bench.measure('one process', 0, :passes);
CALL bench.measure('default', NULL, :passes);
