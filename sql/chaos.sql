-- Where is it decided whether a customer stays?
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS journey;
RESET client_min_messages;

-- Three journeys: one buys, two are lost.
CREATE TABLE story (customer_id bigint, ts timestamptz, touchpoint text, bought boolean);
INSERT INTO story VALUES
	(1, '2024-03-01 09:00+00', 'advert', true),
	(1, '2024-03-02 09:00+00', 'shop', true),
	(1, '2024-03-03 09:00+00', 'basket', true),
	(2, '2024-03-01 10:00+00', 'advert', false),
	(3, '2024-03-01 11:00+00', 'shop', false),
	(3, '2024-03-04 11:00+00', 'basket', false);

-- The outcome is decided at the basket; passing through the shop decides nothing.
SELECT touchpoint, customers, visits, round(chaos_share::numeric, 4) AS chaos_share, status
FROM journey.chaos_share('story', 'bought', replicates => 0);

-- The shares are parts of one whole.
SELECT round(sum(chaos_share)::numeric, 12) AS total
FROM journey.chaos_share('story', 'bought', replicates => 0);

-- Three customers carry no interval and no advice, and the status says so.
SELECT touchpoint, best_next, worst_next, gain_per_point, p_value, status
FROM journey.chaos_share('story', 'bought', replicates => 0)
WHERE touchpoint = 'basket';

-- An outcome that is not known yet counts as unknown, not as lost.
INSERT INTO story VALUES (4, '2024-03-05 09:00+00', 'advert', NULL), (4, '2024-03-06 09:00+00', 'call', NULL);
SELECT touchpoint, customers, round(chaos_share::numeric, 4) AS chaos_share, status
FROM journey.chaos_share('story', 'bought', replicates => 0);

-- A thousand customers; four in five of those whom a call sends back to the shop stay.
CREATE TABLE calls AS
SELECT c::bigint AS customer_id, '2024-01-01 00:00+00'::timestamptz + s * interval '1 day' AS ts,
	CASE WHEN s = 1 THEN 'order' WHEN s = 2 THEN 'call' WHEN c % 2 = 0 THEN 'shop' ELSE 'refund' END AS touchpoint,
	CASE WHEN c % 2 = 0 THEN c % 10 < 8 ELSE c % 10 = 1 END AS stayed
FROM generate_series(1, 1000) c, generate_series(1, 3) s;
SELECT touchpoint, round(chaos_share::numeric, 3) AS chaos_share, conf_low < chaos_share AND chaos_share < conf_high AS inside,
	best_next, worst_next, round(gain_per_point::numeric, 4) AS gain, p_value < 0.001 AS significant, status
FROM journey.chaos_share('calls', 'stayed')
WHERE touchpoint = 'call';

-- The same by forecasts of customers that the model has never seen: what no event tells has a row of its own.
SELECT touchpoint, round(chaos_share::numeric, 2) AS chaos_share, conf_low < chaos_share AND chaos_share < conf_high AS inside, best_next, worst_next, status
FROM journey.chaos_share('calls', 'stayed', method => 'model');

-- A grudge: who begins with a complaint is lost later, whatever comes between.
CREATE TABLE grudges AS
SELECT c::bigint AS customer_id, '2024-01-01 00:00+00'::timestamptz + s * interval '1 day' AS ts,
	CASE WHEN s > 1 THEN 'shop' WHEN c % 2 = 0 THEN 'advert' ELSE 'complaint' END AS touchpoint,
	c % 10 IN (1, 3, 0, 2, 4, 6) AS stayed
FROM generate_series(1, 1000) c, generate_series(1, 3) s;

-- The map forgets it after one step, and a model does not.
SELECT n, categories, round(omega_squared::numeric, 3) AS omega_squared, round(markov_share::numeric, 3) AS markov_share,
	round(memory_gap::numeric, 3) AS memory_gap, p_value, status
FROM journey.first_touch_effect('grudges', 'stayed');
SELECT touchpoint, round(chaos_share::numeric, 2) AS chaos_share, status
FROM journey.chaos_share('grudges', 'stayed', method => 'model');

-- Two outcomes of one customer are an error that names the customer.
SELECT journey.chaos_share('SELECT customer_id, ts, touchpoint, touchpoint = ''shop'' AS bought FROM story WHERE customer_id = 3', 'bought');
SELECT journey.chaos_share('story', 'bought', method => 'oracle');

DROP TABLE story, calls, grudges;
