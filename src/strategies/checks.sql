-- strategies: gates that a comparison has to pass before its numbers are read.

CREATE FUNCTION journey.strategy_checks(source text, outcome text, strategy text, key text,
	features text[] DEFAULT '{}', baseline text DEFAULT NULL, propensity text DEFAULT NULL,
	method text DEFAULT 'aipw', k integer DEFAULT 10, repeats integer DEFAULT 5,
	fold text DEFAULT NULL, seed bigint DEFAULT 0,
	planned jsonb DEFAULT NULL, decided_at text DEFAULT NULL, matured_at text DEFAULT NULL,
	eligible_at text DEFAULT NULL, as_of timestamptz DEFAULT NULL)
RETURNS TABLE (check_name text, strategy text, week timestamptz, n bigint, expected float8,
	statistic float8, p_value float8, threshold float8, status text, detail text)
AS 'MODULE_PATHNAME', 'journey_strategy_checks'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 100;
COMMENT ON FUNCTION journey.strategy_checks(text, text, text, text, text[], text, text, text, integer, integer, text, bigint, jsonb, text, text, text, timestamptz) IS
'What has to hold before effects of strategies are read: one row per check and strategy (and week). Arguments as compare_strategies(). A test over all strategies has the same statistic, p_value and status in each of its rows; n is the count of the strategy, expected what it should be about. sample_ratio (all rows), sample_ratio_analysed (rows with an outcome), sample_ratio_week (all rows by week of decided_at, from Monday 0:00 UTC; p_value adjusted over the weeks by Benjamini and Hochberg; too_few when a strategy expects below 5): chi-square against planned, an object of shares by strategy; p below 0.0005 gives status sample_ratio; without planned not_tested. missing_outcome: rows that are due but have no outcome; shares that differ (p below 0.0005) give unequal_missing. immature_outcome: rows whose matured_at is NULL or not before as_of; immature when there are any. late_eligibility: rows with eligible_at after decided_at; statistic is their share, above 0.01 gives late_eligibility. keys: statistic is the number of keys, fewer than folds give too_few. overlap: statistic is the effective number of rows; status ok, weak_overlap or no_overlap with the reason in detail. weight_mean: mean of 1{taken}/propensity over all rows, 1 when every row could have got the strategy. balance: largest standardised mean difference of a feature to the baseline after weighting (detail: which). propensity_model: not_converged or ok. Where whole keys were dealt to strategies, chi-squares are divided by the design effect of their sizes. Rows decided at or after as_of do not exist. Errors: as compare_strategies().';

CREATE FUNCTION journey.overlap_report(source text, outcome text, strategy text, key text,
	features text[] DEFAULT '{}', baseline text DEFAULT NULL, propensity text DEFAULT NULL,
	method text DEFAULT 'aipw', k integer DEFAULT 10, repeats integer DEFAULT 5,
	fold text DEFAULT NULL, seed bigint DEFAULT 0)
RETURNS TABLE (strategy text, n bigint, n_keys bigint, ess float8, ess_share float8,
	weight_mean float8, max_weight float8, max_weight_share float8, top1_share float8,
	propensity_min float8, propensity_p05 float8, propensity_median float8,
	share_below_001 float8, share_below_005 float8, max_smd_before float8, max_smd_after float8,
	worst_feature text, status text, max_shape_after float8, max_key_share float8)
AS 'MODULE_PATHNAME', 'journey_overlap_report'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION journey.overlap_report(text, text, text, text, text[], text, text, text, integer, integer, text, bigint) IS
'Could rows of one strategy have got another? One row per strategy. Propensities as compare_strategies() with the same arguments: logged, else estimated out of fold (method aipw with features), else constant; of the first repeat. w = 1/propensity over the rows of the strategy: ess = (sum w)^2 / sum w^2 and its share of the rows, max_weight and its share in the sum, top1_share the share of the heaviest hundredth of rows (rounded up); weight_mean = mean over all rows of 1{taken}/propensity, 1 when every row could have got the strategy and the propensities are right. propensity_min, _p05, _median, share_below_001 and _005: over all rows whose propensity of the strategy is known (with logged ones of more than two strategies: its own rows). max_smd_before, max_smd_after: largest standardised mean difference of a feature to the baseline (the baseline itself: to all rows), before and after weighting; below 0.1 is fine; worst_feature is the one after weighting. max_shape_after: the same of distances of features from their middle and (up to 32 columns) of products of two; max_key_share: the largest share of one key in the weights. status: ok; weak_overlap (ess below a tenth of the rows, one weight above 5 % or one key above 20 % of their sum, more than 1 % of rows below 0.01, weight_mean below 0.9 by three standard errors or off 1 with logged propensities, or a difference above 0.25): figures but no decision; no_overlap (ess below 50, weight_mean below 0.5 by three standard errors, or a difference above 1): no figures; differences have room for chance where propensities are logged or constant; too_few: fewer keys than folds. Definition: reference/validation.md 3.3. Rows without an outcome are left out with a warning. Errors: as strategy_scores().';
