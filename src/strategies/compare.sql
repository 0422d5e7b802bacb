-- strategies: which one is best, by how much, and whether the data can tell.

CREATE FUNCTION journey.compare_strategies(source text, outcome text, strategy text, key text,
	features text[] DEFAULT '{}', baseline text DEFAULT NULL, propensity text DEFAULT NULL,
	method text DEFAULT 'aipw', k integer DEFAULT 10, repeats integer DEFAULT 5,
	fold text DEFAULT NULL, seed bigint DEFAULT 0, estimand text DEFAULT 'average',
	clip float8 DEFAULT NULL, costs jsonb DEFAULT NULL, planned jsonb DEFAULT NULL,
	decided_at text DEFAULT NULL, matured_at text DEFAULT NULL, eligible_at text DEFAULT NULL,
	as_of timestamptz DEFAULT NULL, bounds float8[] DEFAULT NULL)
RETURNS TABLE (strategy text, baseline text, n bigint, n_keys bigint,
	value float8, value_se float8, value_low float8, value_high float8,
	difference float8, std_error float8, conf_low float8, conf_high float8,
	p_value float8, q_value float8, wins integer, repeats integer,
	ess float8, max_weight float8, overlap text, minimum_detectable float8,
	status text, verdict text,
	simultaneous_low float8, simultaneous_high float8, in_best_set boolean,
	overlap_difference float8, overlap_low float8, overlap_high float8,
	trimmed_difference float8, trimmed_low float8, trimmed_high float8, n_trimmed bigint,
	weight_mean float8, max_smd_before float8, max_smd_after float8, share_extreme float8,
	clipped bigint, clip_bias float8, cost float8, n_missing bigint, n_immature bigint,
	srm_p_value float8, estimand text, method text, worst_low float8, worst_high float8)
AS 'MODULE_PATHNAME', 'journey_compare_strategies'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION journey.compare_strategies(text, text, text, text, text[], text, text, text, integer, integer, text, bigint, text, float8, jsonb, jsonb, text, text, text, timestamptz, float8[]) IS
'Values of strategies, their differences to a baseline (NULL: the first in byte order), and one sentence on each: one row per strategy, all figures in units of the outcome. The source holds one row per decision with the outcome (boolean or number), the strategy taken and features known before. method: aipw (cross-fitted doubly robust scores, see strategy_scores), ipw, snips (weights from propensity, else constant shares), difference (Neyman), cuped, lin (randomised comparisons). propensity: a column with the logged probability of the strategy taken, or jsonb with those of all; NULL: estimated out of fold by aipw, constant otherwise. value and difference are medians over the repeats of the fold map with errors clustered by key; intervals are 95 %, those of t below 100 keys on a side; q_value is Benjamini and Hochberg over the differences; wins counts repeats with a positive difference; minimum_detectable is the effect seen with 80 % power. simultaneous_low and simultaneous_high hold for all differences at once (max-t); in_best_set: no other strategy is better by more than chance among all pairs. The gate of overlap looks at ess = (sum w)^2 / sum w^2, max_weight, weight_mean = mean of 1{taken}/e (1 where every row could get the strategy), share_extreme (propensity below 0.01) and standardised mean differences of features to the baseline before and after weighting (for the baseline: to all rows): no_overlap gives NULL figures, weak_overlap figures but no decision; overlap_difference (weights e (1 - e)) and trimmed_difference (n_trimmed rows with pairwise e from 0.05 to 0.95) stand beside. estimand: average, or treated or overlap against the baseline, where values are NULL. clip: upper bound of weights; clipped rows are counted, clip_bias bounds what it costs; the gate looks at weights before. costs: strategy to cost per decision in units of the outcome, taken off values and differences. planned: strategy to share; srm_p_value is the smallest p of chi-square tests on assigned rows, analysed rows and (with decided_at) weeks, times the weeks; below 0.0005 the status is sample_ratio. matured_at: when the outcome is known; rows that are NULL there or not before as_of are immature (n_immature); rows decided at or after as_of do not exist. Rows without an outcome are counted (n_missing) and left out; unequal shares (p below 0.0005) have status unequal_missing. eligible_at: more than 1 % of rows eligible only after decided_at give late_eligibility. bounds: lowest and highest outcome possible; worst_low and worst_high bound the difference whatever the missing outcomes are. status ok, weak_overlap, no_overlap, too_few (fewer keys than folds), sample_ratio, unequal_missing, late_eligibility, not_converged, rank_deficient, no_spread; the verdict decides with ok only. Errors: 22023 for a single strategy, a baseline, cost or planned share of an unknown strategy, propensities outside (0, 1], outcomes outside bounds, k above the number of keys; 22004 for NULL in features, strategy, key, propensity or decided_at; 0A000 for treated or overlap where propensities of strategies not taken are unknown.';
