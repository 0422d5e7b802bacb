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
'Share of the variance of an outcome that is decided at each touchpoint, with a 95 % customer-bootstrap interval; one row "(first touch)", then touchpoints in byte order; shares add up to 1. source: event source (customer_id, ts, touchpoint); outcome: its boolean or numeric column, the same in all rows of a customer, NULL: censored (gives transitions and a first touch only). method: "markov" (first-order journey map). credit: "fork" (to the touchpoint left) or "arrival" (to the touchpoint reached). k is for model-based methods. leverage_index: swing per visit, 1 = average moment; mean_effect: mean change of the expected outcome on arrival, in its unit; best_next, worst_next: next touchpoints seen at least 20 times with the highest and lowest expected outcome; gain_per_point: what moving 1 of 100 visits from worst to best would bring per customer, an upper bound under selection; p_value: next event against outcome, q_value: Benjamini-Hochberg over touchpoints. status: ok, memory_gap, censored (above 20 %), low_n (below 50 customers), no_end, one_class, too_few, no_outcome, rare_ends. Limits: 500 touchpoints, 214 million events. Errors: 22023 for arguments, 0A000 for method "model", 22000 for a customer with two outcomes, 54000 above a limit. Definition: martingale decomposition on an absorbing Markov chain.';
