-- tables: ROC, calibration and gains of a source, two AUCs compared, and
-- p-values of many tests.

CREATE FUNCTION journey.roc(source text)
RETURNS TABLE (threshold float8, tpr float8, fpr float8)
AS 'MODULE_PATHNAME', 'journey_roc'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 500;
COMMENT ON FUNCTION journey.roc(text) IS
'Points of the ROC curve of a source with the columns predicted (a number, any scale) and observed (boolean, or 0 and 1): (Infinity, 0, 0), then one row for every distinct score, highest first, with the shares of positives (tpr) and of negatives (fpr) at or above it. The trapezoid under the points is auc. A share of a class that is missing is NULL; no rows: no points. The source is read once and its rows are held in memory, 16 bytes each, whatever journey.memory_limit says. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 observed neither 0 nor 1.';

CREATE FUNCTION journey.calibration(source text, bins integer DEFAULT 10, method text DEFAULT 'equal_width')
RETURNS TABLE (bin integer, n bigint, predicted float8, observed float8, conf_low float8, conf_high float8)
AS 'MODULE_PATHNAME', 'journey_calibration'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION journey.calibration(text, integer, text) IS
'Calibration table of a source with the columns predicted (a probability), observed (boolean, or 0 and 1) and, where rows of a customer belong together, cluster (bigint, integer, uuid, text): per bin its rows n, the means of predicted and observed, and the 95 % Wilson interval of observed. With a cluster column the interval counts as many rows as have the clustered standard error, at most n; NULL in a bin of one cluster. method equal_width: bin 1 + floor(predicted bins), 1 in the last; quantile (or equal_mass): bins of about equal numbers of rows, equal predictions never parted. Bins without rows are left out. sum(n * abs(observed - predicted)) / sum(n) over the rows is the expected calibration error; it is above 0 even for perfect predictions. The source is read once and its rows are held in memory, 16 bytes each (32 with a cluster), whatever journey.memory_limit says. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 a probability outside [0, 1], observed neither 0 nor 1, argument.';

CREATE FUNCTION journey.calibration_line(source text)
RETURNS TABLE (term text, estimate float8, std_error float8, conf_low float8, conf_high float8,
	n bigint, certain bigint, method text, status text)
AS 'MODULE_PATHNAME', 'journey_calibration_line'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 3;
COMMENT ON FUNCTION journey.calibration_line(text) IS
'Calibration of a source as a line on the logit scale (Cox 1958): columns predicted (a probability), observed (boolean, or 0 and 1) and, where rows of a customer belong together, cluster (bigint, integer, uuid, text). Three rows: in_the_large, the constant of a logistic regression of observed with offset logit(predicted), 0 when predictions are right on average; intercept and slope of the one on logit(predicted), 0 and 1 for perfect predictions; a slope below 1 means too extreme. Standard errors are sandwich errors of rows or clusters with the correction G/(G - 1), 95 % intervals by t with G - 1 degrees of freedom. n: rows; certain: predictions of 0 or 1, which have no logit; method sandwich or sandwich_clustered. status: ok; too_few (no rows; or one row or cluster, then without errors); certain; one_class; constant (one value of predicted has no slope); separated (predictions part the outcomes, the slope has no bound). The source is read once and its rows are held in memory, 16 bytes each (32 with a cluster), whatever journey.memory_limit says. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 a probability outside [0, 1], observed neither 0 nor 1.';

CREATE FUNCTION journey.gains(source text, bins integer DEFAULT 10)
RETURNS TABLE (fraction float8, n bigint, events float8, captured float8, lift float8)
AS 'MODULE_PATHNAME', 'journey_gains'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION journey.gains(text, integer) IS
'Gains table of a source with the columns predicted (a number, any scale) and observed (boolean, or 0 and 1): at each fraction i/bins the number n of rows predicted highest, ceil(fraction n), the events among them, the share of all events that they capture, and the lift, which is captured over the share of rows. Of rows of equal score at the cut the expectation over their orders counts, so events may lie between two counts. captured and lift are NULL without an event; no rows: an empty table. The source is read once and its rows are held in memory, 16 bytes each, whatever journey.memory_limit says. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 observed neither 0 nor 1, argument.';

CREATE FUNCTION journey.auc_difference(source text)
RETURNS TABLE (difference float8, std_error float8, conf_low float8, conf_high float8, p_value float8,
	auc_a float8, auc_b float8, n bigint, method text, status text)
AS 'MODULE_PATHNAME', 'journey_auc_difference'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 1;
COMMENT ON FUNCTION journey.auc_difference(text) IS
'AUC of score a less that of score b over the same rows: a source with the columns a and b (numbers, any scale), observed (boolean, or 0 and 1) and, where rows of a customer belong together, cluster (bigint, integer, uuid, text). One row: difference, standard error from the DeLong covariance (1988; with clusters from the sums of placements, Obuchowski 1997), 95 % interval and two-sided p by the normal distribution, both AUCs, the rows n, method delong or delong_clustered. status: ok; one_class; too_few (no rows, or fewer than two rows, or clusters with one, of a class); no_variance (a difference without variance has no test). Scores that order all pairs alike have difference and error 0 and p 1. Counted in integers: the same bits for every order of rows. The source is read once and its rows are held in memory, 24 bytes each (40 with a cluster), whatever journey.memory_limit says. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 observed neither 0 nor 1.';

CREATE FUNCTION journey.fdr(p float8[], method text DEFAULT 'bh')
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_fdr'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.fdr(float8[], text) IS
'p-values of many tests, adjusted so that each may be compared with one level, in the order of the input. method bh (Benjamini and Hochberg 1995) and by (Benjamini and Yekutieli 2001, under any dependence) control the share of false among the reported findings; holm (1979, always), hochberg (1988, independent or positively dependent tests) and bonferroni the chance of a single false one. A NULL element is no test: it stays NULL and does not count. NULL array: NULL; empty array: empty. Errors: 22023 an element outside [0, 1] or NaN, unknown method; 22004 method NULL; 2202E more than one dimension.';
