{{ config(post_hook="{{ define_validation('callback', this) }}") }}
-- Features here are what was known when the decision was made.
select decision_id, customer_id, segment, first_touchpoint, strategy, decided_at, matured_at, outcome
from {{ source('shop', 'decisions') }}
