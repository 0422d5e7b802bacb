-- Funnels and maps.  The steps are rare enough that levels spread: with 20
-- events in 347 days a customer gets from one to the next within the window
-- about every second time.
\set funnel '$$SELECT string_agg(reached::text, '' '' ORDER BY step) FROM journey.funnel(''SELECT customer_id, ts, touchpoint FROM bench.events'',   ''{order placed,payment,shipped,delivered,review}'', interval ''60 days'')$$'
\set group_by '$$SELECT count(*) FROM (SELECT customer_id, count(*) FROM bench.events GROUP BY 1) g$$'
\set transitions '$$SELECT sum(transitions) FROM journey.transitions(''SELECT customer_id, ts, touchpoint FROM bench.events'')$$'

-- The same numbers in plain SQL.  Of two chains at one step the one that began
-- later can do all the other can, so a running maximum of beginnings per step
-- is enough: one sort of the five steps' events serves all windows.
\set plain '$$SELECT concat_ws('' '', count(*) FILTER (WHERE level >= 1), count(*) FILTER (WHERE level >= 2), count(*) FILTER (WHERE level >= 3), count(*) FILTER (WHERE level >= 4), count(*) FILTER (WHERE level >= 5)) FROM (SELECT customer_id, max(CASE WHEN b5 >= ts - interval ''60 days'' THEN 5 WHEN b4 >= ts - interval ''60 days'' THEN 4 WHEN b3 >= ts - interval ''60 days'' THEN 3 WHEN b2 >= ts - interval ''60 days'' THEN 2 WHEN s = 1 THEN 1 END) AS level FROM (SELECT *, CASE WHEN s = 5 THEN max(b4) FILTER (WHERE b4 >= ts - interval ''60 days'') OVER w END AS b5 FROM (SELECT *, CASE WHEN s = 4 THEN max(b3) FILTER (WHERE b3 >= ts - interval ''60 days'') OVER w END AS b4 FROM (SELECT *, CASE WHEN s = 3 THEN max(b2) FILTER (WHERE b2 >= ts - interval ''60 days'') OVER w END AS b3 FROM (SELECT *, CASE WHEN s = 2 THEN max(b1) OVER w END AS b2 FROM (SELECT customer_id, ts, s, CASE WHEN s = 1 THEN ts END AS b1 FROM (SELECT customer_id, ts, CASE touchpoint WHEN ''order placed'' THEN 1 WHEN ''payment'' THEN 2 WHEN ''shipped'' THEN 3 WHEN ''delivered'' THEN 4 WHEN ''review'' THEN 5 END AS s FROM bench.events WHERE touchpoint IN (''order placed'', ''payment'', ''shipped'', ''delivered'', ''review'')) a) c1 WINDOW w AS (PARTITION BY customer_id ORDER BY ts)) c2 WINDOW w AS (PARTITION BY customer_id ORDER BY ts)) c3 WINDOW w AS (PARTITION BY customer_id ORDER BY ts)) c4 WINDOW w AS (PARTITION BY customer_id ORDER BY ts)) c5 GROUP BY customer_id) l$$'

-- Five comparisons of text a row cost the server more than the funnel does, so
-- they are measured beside ones of small integers and beside counts of each.
\set window_funnel '$$SELECT sum(level) FROM (SELECT journey.window_funnel(interval ''60 days'', ts, touchpoint = ''order placed'', touchpoint = ''payment'', touchpoint = ''shipped'', touchpoint = ''delivered'', touchpoint = ''review'') AS level FROM bench.indexed GROUP BY customer_id) g$$'
\set index_count '$$SELECT sum(n) FROM (SELECT count(*) AS n FROM bench.indexed GROUP BY customer_id) g$$'

INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, settings, same, one_process) VALUES
(10, 'funnel of 5 steps / count(*) of a GROUP BY', 'funnel', :funnel, :group_by, 0.8, NULL, false, true),
(11, 'the same, with 1 GB for journey.memory_limit and work_mem', 'funnel', :funnel, :group_by, 0.8, 'roomy', false, true),
(12, 'transitions / count(*) of a GROUP BY', 'transitions', :transitions, :group_by, 0.8, NULL, false, true),
(13, 'the same, with 1 GB for journey.memory_limit and work_mem', 'transitions', :transitions, :group_by, 0.8, 'roomy', false, true),
(14, 'funnel of 5 steps / the same numbers in plain SQL by window functions', 'funnel', :funnel, :plain, 0.167, NULL, true, true),
(15, 'the same, with 1 GB for journey.memory_limit and work_mem', 'funnel', :funnel, :plain, 0.167, 'roomy', true, true),
(16, 'window_funnel of 5 conditions on text over an index / count(*) over the same', 'window_funnel',
 :window_funnel, :index_count, 1.5, 'index', false, true),
(17, 'window_funnel of 5 conditions on a smallint over an index / count(*) over the same', 'window_funnel',
 $$SELECT sum(level) FROM (SELECT journey.window_funnel(interval '60 days', ts, code = 1, code = 2, code = 3, code = 4, code = 5) AS level FROM bench.indexed GROUP BY customer_id) g$$,
 :index_count, 1.5, 'index', false, true),
(18, 'window_funnel of 5 conditions on text over an index / count(*) FILTER of each of them', 'window_funnel',
 :window_funnel,
 $$SELECT sum(a + b + c + d + e) FROM (SELECT count(*) FILTER (WHERE touchpoint = 'order placed') AS a, count(*) FILTER (WHERE touchpoint = 'payment') AS b, count(*) FILTER (WHERE touchpoint = 'shipped') AS c, count(*) FILTER (WHERE touchpoint = 'delivered') AS d, count(*) FILTER (WHERE touchpoint = 'review') AS e FROM bench.indexed GROUP BY customer_id) g$$, NULL, 'index', false, true);

SELECT bench.wants(16) OR bench.wants(17) OR bench.wants(18) AS wants \gset
\if :wants
CREATE UNLOGGED TABLE bench.indexed AS
SELECT *, CASE touchpoint WHEN 'order placed' THEN 1 WHEN 'payment' THEN 2 WHEN 'shipped' THEN 3 WHEN 'delivered' THEN 4 WHEN 'review' THEN 5 ELSE 0 END::smallint AS code
FROM bench.events;
CREATE INDEX ON bench.indexed (customer_id, ts) INCLUDE (touchpoint, code);
VACUUM (ANALYZE, FREEZE) bench.indexed;
\endif
