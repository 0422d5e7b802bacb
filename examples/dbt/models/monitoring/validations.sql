select name, run, state, previous_state, reason, decided_at, champion, challenger, difference, conf_low, conf_high,
    n_customers, as_of, last_run, last_status, last_error
from {{ source('journey', 'validation_latest') }}
