-- One row per customer and touchpoint.
select customer_id, t.touchpoint, t.events
from journey.customer_features('select customer_id, ts, touchpoint from {{ ref("stg_events") }}',
        as_of => {{ as_of() }}) f,
    unnest(f.touchpoints, f.counts) t(touchpoint, events)
