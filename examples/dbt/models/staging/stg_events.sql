select event_id, customer_id, ts, touchpoint, channel, value
from {{ source('shop', 'events') }}
