-- A shop to try the examples on: 4,000 simulated customers of the last half year,
-- some of whose journeys are under way.  Put your own tables in its place: one
-- row per event in shop.events, one row per decision in shop.decisions.
--
--	psql -d shop -c 'CREATE EXTENSION journey' -f examples/shop.sql
CREATE SCHEMA shop;

CREATE TABLE shop.simulated AS
SELECT customer_id, ts + moved AS ts, touchpoint, channel, value, segment, strategy, outcome
FROM (SELECT date_trunc('day', now()) - timestamptz '2024-06-09 00:00+00' AS moved) m,
	journey.simulate_events(4000, seed => 5,
		options => '{"confounding": 0.5, "strategies": {"none": 0, "tutorial": 0.03, "callback": 0.12}}')
WHERE ts + moved <= now();

-- What happened, one row per event.  event_id breaks ties within an instant.
CREATE TABLE shop.events (
	event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	customer_id bigint NOT NULL,
	ts timestamptz NOT NULL,
	touchpoint text NOT NULL,
	channel text,
	value float8
);
INSERT INTO shop.events (customer_id, ts, touchpoint, channel, value)
SELECT customer_id, ts, touchpoint, channel, value FROM shop.simulated ORDER BY ts, customer_id;
CREATE INDEX ON shop.events (customer_id, ts);

-- What was decided, one row per decision: who got which strategy, what was known
-- at that moment, and when the outcome may be counted.
--	decided_at: features are what was known before it, never after
--	matured_at: from then on the outcome is final; until then it is NULL
CREATE TABLE shop.decisions (
	decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	customer_id bigint NOT NULL,
	segment text NOT NULL,
	first_touchpoint text NOT NULL,
	strategy text NOT NULL,
	decided_at timestamptz NOT NULL,
	matured_at timestamptz NOT NULL CHECK (matured_at > decided_at),
	outcome boolean
);
INSERT INTO shop.decisions (customer_id, segment, first_touchpoint, strategy, decided_at, matured_at, outcome)
SELECT customer_id, min(segment), (array_agg(touchpoint ORDER BY ts))[1], min(strategy),
	min(ts), min(ts) + interval '30 days',
	CASE WHEN min(ts) + interval '30 days' <= now() THEN bool_or(outcome) END
FROM shop.simulated GROUP BY customer_id ORDER BY min(ts), customer_id;

DROP TABLE shop.simulated;
ANALYZE shop.events;
ANALYZE shop.decisions;
