-- An outcome that is known before it is due has been cut short, or looked up.
select decision_id, decided_at, matured_at, outcome
from {{ ref('stg_decisions') }}
where matured_at <= decided_at or (outcome is not null and matured_at > now())
