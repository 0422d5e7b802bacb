-- One row per customer.  The arrays of touchpoints are in customer_touchpoints.
select customer_id, n_events, n_touchpoints, first_touchpoint, last_touchpoint, first_at, last_at,
    duration_seconds, active_days, n_repeats, n_ping_pongs, entropy, complexity, mean_gap_seconds,
    seconds_since_last, value_sum
from journey.customer_features('select customer_id, ts, touchpoint, value from {{ ref("stg_events") }}',
    as_of => {{ as_of() }})
