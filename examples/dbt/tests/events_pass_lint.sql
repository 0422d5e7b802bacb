-- What would make journeys wrong: unordered ties, missing keys, bots, gaps.
select check_name, status, count, detail
from journey.lint_events('select event_id, customer_id, ts, touchpoint from {{ ref("stg_events") }}')
where status = 'error'
