-- patterns: sequences that go with an outcome.

CREATE FUNCTION journey.patterns(
	source text,
	outcome text,
	max_length integer DEFAULT 3,
	max_gap integer DEFAULT NULL,
	min_support integer DEFAULT NULL,
	holdout float8 DEFAULT 0.3,
	key text DEFAULT NULL,
	seed bigint DEFAULT 0,
	OUT pattern text[],
	OUT customers bigint,
	OUT lift float8,
	OUT odds_ratio float8,
	OUT conf_low float8,
	OUT conf_high float8,
	OUT p_value float8,
	OUT q_value float8,
	OUT heldout_odds_ratio float8,
	OUT heldout_p_value float8,
	OUT q_value_by float8,
	OUT stratified_odds_ratio float8,
	OUT status text
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_patterns'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 500;
COMMENT ON FUNCTION journey.patterns(text, text, integer, integer, integer, float8, text, bigint) IS
'Which sequences of touchpoints go with a boolean outcome (a column of the event source, constant per customer; customers where it is NULL take no part). A pattern is up to max_length (1 to 10) touchpoints that a journey contains in this order, neighbours at most max_gap events apart (1: directly after; NULL: any distance); a customer has it or not. All patterns of at least min_support customers (NULL: 20 or one percent, whichever is more) are found and tested on those that are not held out. lift: P(outcome | pattern)/P(outcome). odds_ratio with 1/2 added to each cell, interval on the log scale; stratified_odds_ratio: Mantel-Haenszel over deciles of path length. p_value: exact test within those strata, because long journeys contain everything; q_value over all patterns by Benjamini and Hochberg, q_value_by by Benjamini and Yekutieli. holdout: share of customers kept apart by hash (customers of one key together), for which heldout_odds_ratio and heldout_p_value are computed afresh. status: ok, one_class (all outcomes equal), no_contrast (within strata nothing varies). Rows by p_value, then customers, then byte order. More than 100,000 patterns are an error. Journeys are held in memory, 1, 2 or 4 bytes an event (as few as the touchpoints allow) and 24 a customer; what grows out of a pattern is looked at in parts that fit into journey.memory_limit. Leave events after the outcome out of the source.';
