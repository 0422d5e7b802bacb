-- strategies: scores of what was done and of what could have been done.

CREATE FUNCTION journey.strategy_scores(source text, outcome text, strategy text, key text,
	features text[] DEFAULT '{}', baseline text DEFAULT NULL, propensity text DEFAULT NULL,
	method text DEFAULT 'aipw', k integer DEFAULT 10, repeats integer DEFAULT 5,
	fold text DEFAULT NULL, seed bigint DEFAULT 0)
RETURNS TABLE (key text, row_number bigint, fold integer, strategy text, assigned boolean,
	propensity float8, score float8)
AS 'MODULE_PATHNAME', 'journey_strategy_scores'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10000;
COMMENT ON FUNCTION journey.strategy_scores(text, text, text, text, text[], text, text, text, integer, integer, text, bigint) IS
'The doubly robust score of every row under every strategy, in units of the outcome: mu(x, a) + 1{a taken} / e(a | x) (y - mu(x, a)), with mu and e fitted without the fold of the row (Robins, Rotnitzky and Zhao 1994; cross-fitting: Chernozhukov and others 2018). One row per row of the source and strategy: fold from 1, assigned tells the strategy taken, propensity is e (NULL where a logged one is not known). The mean of score by strategy is its value; differences within a row are contrasts; cluster errors by key. mu: ridge regression per strategy, lambda 0.01 on scaled features. e: the logged propensity (a column with the probability of the strategy taken, or jsonb with those of all strategies), else a multinomial logit with the same ridge (method aipw), else constant shares (other methods); methods ipw, snips and difference take no outcome models. Scores and propensities are averaged over the repeats, fold is that of the first. row_number counts rows as the source delivers them. Rows without an outcome are left out with a warning. The order of the result has no meaning; nothing is clipped, so look at journey.overlap_report() first. The scores of all rows are held in memory whatever journey.memory_limit says: 32 bytes a row and 24 for each strategy, and 16 a key and its length. Errors: 22023 for a single strategy, a baseline that does not occur, propensities outside (0, 1] or not adding up to 1, k above the number of keys; 22004 for NULL in features, strategy, key or propensity.';
