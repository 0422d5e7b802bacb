-- simulation: journeys with a known truth.

CREATE FUNCTION journey.simulate_events(
	customers integer,
	seed bigint DEFAULT 0,
	options jsonb DEFAULT '{}',
	OUT customer_id bigint,
	OUT ts timestamptz,
	OUT touchpoint text,
	OUT channel text,
	OUT value float8,
	OUT score float8,
	OUT strategy text,
	OUT outcome boolean,
	OUT segment text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_simulate_events'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10000 ROWS 10000;
COMMENT ON FUNCTION journey.simulate_events(integer, bigint, jsonb) IS
'Events of customers 1..customers (0 to 10,000,000) from a world whose truth simulate_truth() tells; about six events a customer, ordered by customer and time. Customer i of a seed has the same journey however many customers are asked for. value: money, orders positive, refunds negative, else 0; score: 1 to 5 of a survey, else NULL; strategy, outcome and segment (new, returning, vip) are constant per customer; instants of a customer are distinct. Options (jsonb object): days (1 to 36500, default 180: all events lie in so many days from 2024-01-01 UTC, journeys start in all but the last 30 of them, in the first half of a window under 60 days); strategies (object of 1 to 16 names with the absolute change of the outcome rate, for all or as an object of segments; default {"none": 0, "tutorial": 0.02, "callback": 0.05}); confounding (0 to 1, default 0 = randomised: the later strategies in byte order go to the better segments, at 1 without overlap); sensitivity (0 to 1000000, default 1: how strongly touchpoints move the outcome, 0 = not at all); drift_at (day number or date YYYY-MM-DD: journeys that start on that day or later have effects of the opposite sign; default null = never); noise (0 to 1, default 0: probability that an event is followed by a "newsletter" that changes nothing); touchpoints (2 to 64, default 12, or an array of names). Strategies and segments move the outcome, not the path. Anything else is an error 22023 naming option and value. Source: absorbing Markov chain, reference/chaos.md 4.3.';

CREATE FUNCTION journey.simulate_truth(
	options jsonb DEFAULT '{}',
	OUT quantity text,
	OUT name text,
	OUT value float8)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_simulate_truth'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000 ROWS 80;
COMMENT ON FUNCTION journey.simulate_truth(jsonb) IS
'What is true of simulate_events(..., options) with infinitely many customers, computed from the parameters. Quantities: outcome_rate, mean_events, mean_score (NULL without surveys); per strategy strategy_value (outcome rate if everybody got it), strategy_difference (against "none", else the first in byte order), strategy_share, naive_strategy_value and naive_strategy_difference (means of those who got it: biased under confounding), with drift_at also strategy_value_before, strategy_value_after, strategy_difference_before, strategy_difference_after; policy_value (the best strategy for each segment); per segment segment_share, segment_outcome_rate, per segment/strategy segment_strategy_value and propensity; first_touch_share and per touchpoint chaos_share (variance shares of the order-1 map, adding up to 1), visits per customer, outcome_rate_from (outcome rate from a visit on); first_touch_effect (variance share of the first touch itself) and memory_gap (the same minus first_touch_share; above 0 with noise only). Rates and shares are fractions. Errors: as simulate_events. Source: reference/chaos.md 4.3.';
