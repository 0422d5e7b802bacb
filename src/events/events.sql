-- events: what an event table is made of, and what is wrong with it.

CREATE FUNCTION journey.lint_events(source text)
RETURNS TABLE (check_name text, status text, count bigint, detail text)
AS 'MODULE_PATHNAME', 'journey_lint_events'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 20;
COMMENT ON FUNCTION journey.lint_events(text) IS
'What is wrong with an event source (relation name or one query with customer_id, ts, touchpoint, optionally event_id and recorded_at): one row per check, always the same checks in the same order. Status is ok, warning, error (other functions refuse such rows) or not_checkable (a column is missing). Faults of rows, which take no part in the other checks: null_customer_id, null_ts, null_touchpoint, null_event_id, infinite_ts, empty_touchpoint, overlong_value (above 1 MB). Then future_ts (after the statement), duplicate_event_id (ids that occur twice), identical_events (surplus), tied_ts (events that share an instant with another of their customer), ts_without_zone, heavy_customers (at or above the 99.9 % quantile, above 100 events and 10 medians), one_event_customers, rare_touchpoints (one customer only), near_duplicate_touchpoints (equal but for case and blanks), late_events (recorded more than a day after ts, or before it), the volumes events, customers, touchpoints, time_span (whole days), and customer_index. Missing columns and wrong types are errors. Details name the smallest customer_id concerned and do not depend on the order of rows.';
