-- how even and how clean folds are

CREATE FUNCTION journey.fold_report(source text, key text, fold text, strata text[] DEFAULT NULL)
RETURNS TABLE (fold integer, n_rows bigint, n_keys bigint, strata jsonb, share float8, status text,
	first_decided_at timestamptz, last_decided_at timestamptz, min_max_ratio float8, p_values jsonb)
AS 'MODULE_PATHNAME', 'journey_fold_report'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION journey.fold_report(text, text, text, text[]) IS
'Rows, keys and strata of folds that lie in a column, one row per fold. key and fold name columns (fold an integer, 1 to 10000 without gaps); key NULL: every row is its own. strata names columns (text, enum, boolean, integer, uuid) and is answered with their rows as {"column": {"value": n}}, NULL as "(null)". share is the fold''s part of all rows. status: ok; class_missing, no row of some value of a stratum column, so that a metric of this fold may be undefined; one_class, rows of one value only (NULL is counted, but is no class). first_decided_at and last_decided_at: from a column decided_at, where the source has one. min_max_ratio: smallest fold per largest, by rows. p_values, in the shape of strata: chi-square test that a value is spread evenly over folds (k - 1 degrees of freedom; rows counted as independent, so customers with many rows make it small). The last two are the same in every row. Errors name the culprit: a key in two folds, an empty fold, a key with more than 1/k of the rows, a value that occurs in one fold only, so that the training part of that fold lacks it (22000); more folds than keys, one fold only (22023); NULL in key or fold (22004). No rows give none.';

CREATE FUNCTION journey.connected_components(source text)
RETURNS TABLE (id text, component text)
AS 'MODULE_PATHNAME', 'journey_connected_components'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10000;
COMMENT ON FUNCTION journey.connected_components(text) IS
'Households: which ids belong together because rows link them. The source has columns a and b (bigint, integer, uuid, text, enum or bytea, not necessarily of one type); every row links its two ids, and chains of links make a component. One row per distinct id, in byte order, with the component it lies in, named by its smallest id in byte order. Ids are compared as text, so 42 and ''42'' are one: give ids of different kinds a prefix. A NULL in one column leaves the other id as it is, alone unless another row links it; a row of two NULLs says nothing. Use component as the key of folds. Definition: connected components by union and find.';

CREATE FUNCTION journey.leakage_check(source text, key text, fold text, target text, decided_at text,
	features text[] DEFAULT NULL)
RETURNS TABLE (check_name text, status text, detail text, trap text)
AS 'MODULE_PATHNAME', 'journey_leakage_check'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 16;
COMMENT ON FUNCTION journey.leakage_check(text, text, text, text, text, text[]) IS
'Sixteen ways in which a validation sees the future or the same customer twice, looked for in a source with one row per decision: always sixteen rows, traps L1 to L16. status: leak, the columns prove it; suspect, chance hardly explains the figures; ok, looked and found nothing; not_checkable, the detail says which column is missing. key, fold, target (boolean or number, NULL where unknown), decided_at and features name columns; NULL leaves out what needs them; features NULL takes every number, boolean, text and enum without a meaning here. Columns used by their name where the source has them: newest_event_at (newest event used by the features of a row), recorded_at, matured_at (end of the outcome window), observed_until (cut-off of outcomes; without it now), strategy, strategy_at, covariate_until, household, and <feature>_at (time of a feature). Checks: future_events, late_events, key_across_folds, duplicates_across_folds, preprocessing, target_in_features (one feature with AUC or rank correlation above 0.98, a target mean, a null pattern), overlapping_windows, immature_outcomes, immortal_time, response, covariates_after_decision, carry_over, best_of_many, cuped_window, time_trend, tuned_on_test. No check proves that there is no leak. All rows are held in memory, whatever journey.memory_limit says. Errors: NULL key, fold or decided_at in a row (22004), NaN or infinity (22003), a column of another type (42804). No rows give none.';
