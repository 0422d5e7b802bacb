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

CREATE FUNCTION journey.attribution(
	source text,
	conversion text,
	method text[] DEFAULT '{first,last,linear,position,decay,markov,shapley}',
	half_life interval DEFAULT '7 days',
	OUT touchpoint text,
	OUT method text,
	OUT removal_effect float8,
	OUT conversions float8,
	OUT value float8
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_attribution'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION journey.attribution(text, text, text[], interval) IS
'How many conversions are owed to each touchpoint of an event source (customer_id, ts, touchpoint, optionally value). conversion names the touchpoint that ends a path; touches after the last one are a path without conversion; a conversion without a touch goes to the row (direct), so that every method adds up to all conversions. first, last; linear: equal parts; position: 40 % first, 40 % last, 20 % between; decay: a touch half_life earlier counts half; markov: by removal_effect, the drop of the conversion rate when every path through the touchpoint is lost, exact (order-1 chain of all paths, at most 500 touchpoints); shapley: exact, v(S) = conversions of paths within S, which gives each distinct touchpoint of a path an equal part. value: column value of the conversions, shared alike; NULL without the column, and a NULL in a conversion is an error. A conversion that never occurs gives 0 everywhere and no removal_effect. These are accounts of what came before, not effects of causes.';
