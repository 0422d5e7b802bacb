select name, run, as_of, metric, strategy, baseline, value, conf_low, conf_high, n, e_value, state
from {{ source('journey', 'validation_history') }}
