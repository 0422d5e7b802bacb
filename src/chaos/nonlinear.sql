-- nonlinear: one negative against many positives, and forms beyond the sum.

CREATE FUNCTION journey.asymmetry(
	source text,
	outcome text,
	positive text,
	negative text,
	controls text[] DEFAULT '{}',
	family text DEFAULT 'gaussian',
	key text DEFAULT NULL,
	OUT beta_positive float8,
	OUT beta_negative float8,
	OUT ratio float8,
	OUT conf_low float8,
	OUT conf_high float8,
	OUT contrast_p_value float8,
	OUT share_at_bound float8,
	OUT status text,
	OUT positive_after_negative float8,
	OUT after_conf_low float8,
	OUT after_conf_high float8,
	OUT n bigint)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_asymmetry'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION journey.asymmetry(text, text, text, text, text[], text, text) IS
'How many positives offset one negative, on this outcome and in these data? One row per customer or case; positive, negative: columns that count them; controls: further columns; family: gaussian, binomial, poisson, negative_binomial, ordinal; key: column of the customer where rows repeat (clustered errors), NULL: rows are independent. ratio: -beta_negative / beta_positive with Fieller''s 95 % interval; where beta_positive may be 0 the interval is unbounded: one infinite end, or both NULL, status unbounded. contrast_p_value: one-sided test that a negative weighs more; conclude from it, not from the ratio. share_at_bound: larger share of rows at the lowest or highest outcome, NULL for binomial; above .2 a cut-off scale alone gives ratios above 1 (status ceiling; use family ordinal). positive_after_negative: effect of a positive where there is a negative, with a 95 % interval. status: ok, low_n (below 50 customers), unbounded, ceiling, wrong_sign (an effect points the other way), too_few, one_class, separated, rank_deficient, not_converged. Errors: 22023 for one column in both roles, 42804 for a text column, 22004 for NULL. Source: Fieller 1954; reference/chaos.md 6.';

CREATE FUNCTION journey.nonlinearity(
	source text,
	outcome text,
	positive text,
	negative text,
	controls text[] DEFAULT '{}',
	family text DEFAULT 'gaussian',
	key text DEFAULT NULL,
	k integer DEFAULT 10,
	seed bigint DEFAULT 0,
	order_columns text[] DEFAULT '{}',
	OUT form text,
	OUT deviance float8,
	OUT difference float8,
	OUT std_error float8,
	OUT chosen boolean,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_nonlinearity'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 7;
COMMENT ON FUNCTION journey.nonlinearity(text, text, text, text, text[], text, text, integer, bigint, text[]) IS
'Is the sum of positives and negatives enough, or does the outcome need another form? Arguments as in asymmetry; order_columns: columns that know the order of the events, such as whether the last one was negative; family: gaussian, binomial, poisson. Rows, from simple to rich: additive; interaction (positive x negative); threshold_1 to threshold_3 (negative >= c); order_aware (with order_columns); boosting (trees over all columns). deviance: out of fold per customer, all forms on the same k folds of customers; difference to additive with its standard error, paired over customers; chosen: the simplest form within one standard error of the best. status: ok, no_columns (order_aware without order_columns), too_few (below 10 customers), one_class, or that of a fit. Boosting holds its rows in memory as fit_trees does, and each form 8 bytes a customer, whatever journey.memory_limit says. Errors: as asymmetry, 0A000 for another family. Source: reference/chaos.md 6; Breiman et al. 1984.';

CREATE FUNCTION journey.reset_test(
	source text,
	outcome text,
	features text[] DEFAULT NULL,
	family text DEFAULT 'gaussian',
	OUT statistic float8,
	OUT df1 float8,
	OUT df2 float8,
	OUT p_value float8,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_reset_test'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION journey.reset_test(text, text, text[], text) IS
'Ramsey''s RESET: do square and cube of the fitted values still explain something? A small p_value says that the functional form (or link) is wrong, and nothing else. source: one row per case; features: columns, NULL: all but the outcome; family: gaussian (F test), binomial and poisson (likelihood ratio of squares and cubes of the linear predictor; df2 is NULL). status: ok, too_few, constant (nothing is predicted), rank_deficient (no power can be added), perfect_fit, one_class, separated, not_converged. Errors: 22004 for NULL in a row, 0A000 for another family. Source: Ramsey 1969.';
