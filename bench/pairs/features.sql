-- Features of journeys.
-- Ten columns by window functions: one sort by customer and time serves the
-- windows and the groups, and ts alone orders, because no two events tie.
\set window_theirs '$$SELECT count(*), sum(n_events + n_transitions + n_self_loops), max(duration_seconds + mean_gap_seconds + max_gap_seconds),  min(first_at), max(last_at), max(first_touchpoint), max(last_touchpoint)  FROM (SELECT customer_id, count(*) AS n_events, min(ts) AS first_at, max(ts) AS last_at,  max(touchpoint) FILTER (WHERE prev_ts IS NULL) AS first_touchpoint,  max(touchpoint) FILTER (WHERE next_ts IS NULL) AS last_touchpoint,  extract(epoch FROM max(ts) - min(ts))::float8 AS duration_seconds,  count(prev_ts) AS n_transitions,  count(*) FILTER (WHERE touchpoint = prev) AS n_self_loops,  extract(epoch FROM avg(ts - prev_ts))::float8 AS mean_gap_seconds,  extract(epoch FROM max(ts - prev_ts))::float8 AS max_gap_seconds  FROM (SELECT customer_id, ts, touchpoint, lag(touchpoint) OVER w AS prev, lag(ts) OVER w AS prev_ts, lead(ts) OVER w AS next_ts   FROM bench.events WINDOW w AS (PARTITION BY customer_id ORDER BY ts)) e  GROUP BY customer_id) f$$'
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, settings) VALUES
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
 $$SELECT count(*) FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM bench.events')$$, :window_theirs, 0.2, 'roomy');
