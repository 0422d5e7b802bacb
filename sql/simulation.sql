-- A world whose truth is known: what a look at the data says, and what is so.
SELECT customer_id, to_char(ts AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS at, touchpoint, channel, value, score, strategy, outcome, segment
FROM journey.simulate_events(3);

-- Better customers get the tutorial: a naive comparison flatters it.
SELECT quantity, name, round(value::numeric, 4) AS value
FROM journey.simulate_truth('{"strategies": {"none": 0, "tutorial": 0.04}, "confounding": 0.8}')
WHERE quantity IN ('outcome_rate', 'strategy_value', 'strategy_difference', 'naive_strategy_difference')
ORDER BY quantity, name;

SELECT strategy, count(*) AS customers, round(avg(outcome::int), 3) AS rate
FROM (SELECT DISTINCT customer_id, strategy, outcome
	FROM journey.simulate_events(20000, 1, '{"strategies": {"none": 0, "tutorial": 0.04}, "confounding": 0.8}')) c
GROUP BY strategy ORDER BY strategy;

-- Where the outcome is decided.
SELECT name, round(100 * value::numeric, 1) AS percent
FROM journey.simulate_truth()
WHERE quantity IN ('first_touch_share', 'chaos_share')
ORDER BY value DESC, name;

-- A wrong option is named.
SELECT * FROM journey.simulate_events(1, 0, '{"sensibility": 1}');
SELECT * FROM journey.simulate_truth('{"strategies": {"magic": 0.9}}');
SELECT * FROM journey.simulate_truth('{"touchpoints": ["order", "fax"]}');
