-- chaos: how sensitively outcomes depend on single moments of a journey.

CREATE FUNCTION journey.chaos_share(
	source text,
	outcome text,
	method text DEFAULT 'markov',
	credit text DEFAULT 'fork',
	k integer DEFAULT 10,
	replicates integer DEFAULT 200,
	seed bigint DEFAULT 0,
	OUT touchpoint text,
	OUT customers bigint,
	OUT visits bigint,
	OUT chaos_share float8,
	OUT conf_low float8,
	OUT conf_high float8,
	OUT leverage_index float8,
	OUT mean_effect float8,
	OUT best_next text,
	OUT worst_next text,
	OUT gain_per_point float8,
	OUT p_value float8,
	OUT q_value float8,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_chaos_share'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 20;
COMMENT ON FUNCTION journey.chaos_share(text, text, text, text, integer, integer, bigint) IS
'Share of the variance of an outcome that is decided at each touchpoint, with a 95 % customer-bootstrap interval; one row "(first touch)", then touchpoints in byte order, by model a last row "(unresolved)"; shares add up to 1. source: event source (customer_id, ts, touchpoint); outcome: its boolean or numeric column, the same in all rows of a customer, NULL: censored (gives transitions and a first touch only). method: "markov" (first-order journey map) or "model": forecasts of the outcome after every event, out of fold by customer, from the events so far (logistic or linear regression with a light ridge on the last event, the numbers of events by touchpoint and the position; k folds), each event credited with what it takes off the squared error; "(unresolved)" is what only the outcome tells, negative shares mean over-fitting and are shown; censored journeys do not count. credit: "fork" (to the touchpoint left) or "arrival" (to the touchpoint reached). leverage_index: swing per visit, 1 = average moment; mean_effect: mean change of the expected outcome on arrival, in its unit; best_next, worst_next: next touchpoints seen at least 20 times with the highest and lowest expected outcome; gain_per_point: what moving 1 of 100 visits from worst to best would bring per customer, an upper bound under selection; p_value: next event against outcome, q_value: Benjamini-Hochberg over touchpoints. status: ok, memory_gap, censored (above 20 %), low_n (below 50 customers), no_end, one_class, too_few (also fewer customers with an outcome than folds), no_outcome, rare_ends. Limits: 500 touchpoints, 214 million events. Errors: 22023 for arguments, 22000 for a customer with two outcomes, 54000 above a limit. Definition: martingale decomposition of the outcome''s variance, on an absorbing Markov chain or with out-of-fold forecasts.';

CREATE FUNCTION journey.first_touch_effect(
	source text,
	outcome text,
	permutations integer DEFAULT 999,
	seed bigint DEFAULT 0,
	OUT n bigint,
	OUT categories integer,
	OUT omega_squared float8,
	OUT markov_share float8,
	OUT memory_gap float8,
	OUT p_value float8,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_first_touch_effect'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION journey.first_touch_effect(text, text, integer, bigint) IS
'How much of an outcome the first event of a journey tells, in one row: n customers with an outcome in so many categories of first touchpoints; omega_squared, the share of the outcome''s variance between them, corrected for chance (about 0 without an effect, it can be negative); markov_share, what a first-order journey map says of the first touch (as chaos_share); memory_gap, the difference: large and positive where the past matters beyond the present touchpoint, and shares by the map understate early events; p_value by permutations of the outcomes over customers. source: event source (customer_id, ts, touchpoint); outcome: its boolean or numeric column, the same in all rows of a customer, NULL: censored. status: ok, memory_gap (above .05 with p_value below .05), censored (above 20 % of the customers), low_n (below 50 customers), rare_ends, one_category, one_class, too_few, no_outcome; figures that cannot be given are NULL. Errors: 22023 for arguments, 22000 for a customer with two outcomes, 54000 above 500 touchpoints or 214 million events. Not a cause: customers choose how they begin.';
