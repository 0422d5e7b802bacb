-- Only decisions whose outcome is final.
select strategy, baseline, n, n_keys, value, value_low, value_high, difference, std_error,
    conf_low, conf_high, p_value, q_value, overlap, status, verdict
from journey.compare_strategies(
    'select customer_id, segment, strategy, outcome from {{ ref("stg_decisions") }} where matured_at <= now()',
    'outcome', 'strategy', 'customer_id', '{segment}', baseline => 'none')
