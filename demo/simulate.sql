-- Simulated customers with a known truth.
CREATE TABLE demo.events AS
SELECT customer_id, NULL::bigint AS event_id, ts, touchpoint, value, strategy, outcome, segment
FROM journey.simulate_events(:customers, seed => 1);
ANALYZE demo.events;
CREATE TABLE demo.truth AS SELECT * FROM journey.simulate_truth();
