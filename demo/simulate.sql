-- Simulated customers with a known truth.  The better segments tend to get the
-- stronger strategies, so the difference as observed flatters them.
\set options '{"confounding": 0.6}'
CREATE TABLE demo.events AS
SELECT customer_id, NULL::bigint AS event_id, ts, touchpoint, value, strategy, outcome, segment
FROM journey.simulate_events(:customers, seed => 1, options => :'options');
ANALYZE demo.events;
CREATE TABLE demo.truth AS SELECT * FROM journey.simulate_truth(:'options');
