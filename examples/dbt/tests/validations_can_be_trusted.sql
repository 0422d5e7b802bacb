{{ config(tags=['validation']) }}
-- BLOCKED: the data cannot be trusted.  INVALID: the comparison is not fair.
select name, run, state, reason, last_status, last_error
from {{ ref('validations') }}
where state in ('BLOCKED', 'INVALID') or last_status in ('failed', 'abandoned')
