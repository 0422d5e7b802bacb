{{ config(tags=['validation'], severity='warn') }}
-- SWITCH: another strategy is better.  DEGRADED: ours is worse than it was.
select name, run, state, champion, challenger, reason
from {{ ref('validations') }}
where state in ('SWITCH', 'DEGRADED')
