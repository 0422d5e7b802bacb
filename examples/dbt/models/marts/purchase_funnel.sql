select step, name, entered, reached, step_rate, total_rate, conf_low, conf_high, dropped, median_seconds
from journey.funnel('select customer_id, ts, touchpoint from {{ ref("stg_events") }}',
    array['order', 'delivery', 'review'], '30 days', as_of => {{ as_of() }})
