-- outcomes: where journeys lead, and which touchpoints a conversion is owed to.

CREATE FUNCTION journey.outcome_map(
	source text,
	outcome text,
	replicates integer DEFAULT 200,
	seed bigint DEFAULT 0,
	OUT touchpoint text,
	OUT visits bigint,
	OUT customers bigint,
	OUT probability float8,
	OUT conf_low float8,
	OUT conf_high float8,
	OUT best_next text,
	OUT worst_next text,
	OUT gain_per_point float8,
	OUT status text
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_outcome_map_rows'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 50;
COMMENT ON FUNCTION journey.outcome_map(text, text, integer, bigint) IS
'What outcome to expect from each touchpoint on, by the absorbing Markov chain of all journeys of an event source: probability of a boolean outcome, mean of a numeric one (columns customer_id, ts, touchpoint and outcome, constant per customer; NULL: censored, such a journey gives its transitions and no end). visits counts events. Interval: 95 % of Poisson bootstrap replicates over customers; for a boolean outcome with fewer than 50 customers Wilson''s. best_next and worst_next: among touchpoints that follow at least 20 times, those with the highest and lowest expectation; gain_per_point: change of the overall outcome if one percent of those leaving moved from the worst to the best and fared as the others there. status: ok, low_n (below 50 customers with an outcome), no_end (no observed way to an outcome), one_class, no_outcome, rare_ends; figures that cannot be given are NULL. At most 500 touchpoints. Rows in byte order.';
