-- validation: cross-validation with whole customers held out, and the
-- predictions behind it.

CREATE FUNCTION journey.cross_validate(source text, target text, key text,
	features text[] DEFAULT NULL, family text DEFAULT 'gaussian',
	penalty text DEFAULT 'none', lambdas float8[] DEFAULT NULL, alpha float8 DEFAULT 0.5,
	k integer DEFAULT 10, repeats integer DEFAULT 5, fold text DEFAULT NULL,
	metrics text[] DEFAULT NULL, folds text DEFAULT 'auto', strata text[] DEFAULT NULL,
	seed bigint DEFAULT 0,
	missing text DEFAULT 'error', formula text DEFAULT NULL)
RETURNS TABLE (lambda float8, metric text, repeat integer, fold integer,
	n_train bigint, n_test bigint, value float8, std_error float8,
	conf_low float8, conf_high float8, method text,
	is_best boolean, is_1se boolean, status text)
AS 'MODULE_PATHNAME', 'journey_cross_validate'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 200;
COMMENT ON FUNCTION journey.cross_validate(text, text, text, text[], text, text, float8[], float8, integer, integer, text, text[], text, text[], bigint, text, text) IS
'k-fold cross-validation of a model on a relation or query, read once; rows of a key are held out together. One row per lambda, metric, repeat and fold, and one overall row (repeat and fold NULL) per lambda and metric. Families and penalties as fit(), and penalty boosting: the trees of fit_trees() as the non-linear yardstick (gaussian, binomial, poisson; bins are cut from the features of all rows). Overall values: losses pooled over rows, auc and average_precision the mean over folds; averaged over repeats. Their interval is the corrected resampled t (Nadeau and Bengio 2003): the estimand is a model trained on (k-1)/k of the keys. Fold rows carry errors clustered by key; method buckets: clustered by hash buckets of keys, where very many squared errors come from moments. Means, scales, aliasing and penalties come from the training rows only. metrics: gaussian rmse, mae, r_squared (against the training mean); binomial log_loss, brier, auc, average_precision, accuracy (at 0.5); poisson and negative_binomial poisson_deviance, rmse, mae; ordinal log_loss, mae, rmse (of the mean level); NULL for the first three of the family, without mae beyond 20 lambdas. lambdas: NULL for half decades from 0.001 to 100 (ridge), or 100 values from all rows, which only align the folds (lasso, elastic_net); is_best and is_1se mark the best penalty and the largest whose paired difference to it is within one corrected standard error. alpha is the share of the absolute part of the elastic net. folds: buckets (whole hash buckets of the key), ntile, hash, balanced (with strata: columns, or the target, whose values each fold gets its share of), or auto: buckets from 1280 keys on, else ntile. fold: a column with the fold 1, 2, ... of every row (one repeat); a key in two folds is an error. A fold whose model cannot be had has value NULL and the reason as status, and so have the overall rows; a fold without both classes has no auc and is left out of its mean. missing: error, or drop rows with a NULL (mean is refused: it would leak). formula: as fit(), instead of features. Errors: as fit(), and 22023 for k above the number of keys, negative lambdas, strata without balanced folds.';

CREATE FUNCTION journey.out_of_fold(source text, target text, key text,
	features text[] DEFAULT NULL, family text DEFAULT 'gaussian',
	penalty text DEFAULT 'none', lambda float8 DEFAULT 0, alpha float8 DEFAULT 0.5,
	k integer DEFAULT 10, repeats integer DEFAULT 5, fold text DEFAULT NULL,
	folds text DEFAULT 'auto', strata text[] DEFAULT NULL, seed bigint DEFAULT 0,
	missing text DEFAULT 'error', formula text DEFAULT NULL)
RETURNS TABLE (key text, row_number bigint, repeat integer, fold integer,
	observed float8, predicted float8)
AS 'MODULE_PATHNAME', 'journey_out_of_fold'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10000;
COMMENT ON FUNCTION journey.out_of_fold(text, text, text, text[], text, text, float8, float8, integer, integer, text, text, text[], bigint, text, text) IS
'Predictions for every row by the model that was trained without the fold of its key: the rows behind cross_validate() with the same arguments and one lambda. row_number counts the rows in the order in which the source delivers them, so give the source an ORDER BY when you join on it. predicted is on the response scale, NULL where the fold has no model. Each row appears once per repeat; the order of the result has no meaning. Keys are held in memory, 16 bytes each and their own length, as part of journey.memory_limit and beyond it if need be.';

CREATE FUNCTION journey.compare_models(source text, target text, key text, models jsonb,
	family text DEFAULT 'gaussian', k integer DEFAULT 10, repeats integer DEFAULT 5,
	metric text DEFAULT NULL, seed bigint DEFAULT 0, fold text DEFAULT NULL,
	folds text DEFAULT 'auto', strata text[] DEFAULT NULL, equivalence float8 DEFAULT NULL)
RETURNS TABLE (a text, b text, metric text, difference float8, std_error float8,
	conf_low float8, conf_high float8, p_value float8, p_clustered float8, q_value float8,
	wins integer, comparisons integer, p_a_better float8, p_equivalent float8, p_b_better float8,
	status text, verdict text, equivalence float8)
AS 'MODULE_PATHNAME', 'journey_compare_models'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION journey.compare_models(text, text, text, jsonb, text, integer, integer, text, bigint, text, text, text[], float8) IS
'Compares two to 100 models on the same folds of the same rows; the source is read once. models: {"name": {"features": [...], "penalty": ..., "lambda": ..., "alpha": ...}, ...}, where a model without features takes every column, and penalty may be boosting. One row for each pair, in byte order of the names: difference is the mean over folds and repeats of a minus b in the unit of the metric (losses: negative is in favour of a); std_error, interval and p_value are the corrected resampled t of Nadeau and Bengio (2003), which does not shrink with repeats; p_clustered is a z test of per-row loss differences averaged over repeats and summed by key (squared errors for rmse and r_squared, influences for auc; NULL for average_precision); q_value corrects p_value for all comparisons of the call (Benjamini and Hochberg); wins counts the repeats in which a is better. p_a_better, p_equivalent, p_b_better: posterior of the Bayesian correlated t (Corani and Benavoli 2015) with a region of equivalence of plus and minus equivalence, in the unit of the metric; NULL takes 0.01, and 1 % of the smaller figure for rmse and mae. verdict is the answer in one sentence. Figures are NULL with a status where a model is missing from a fold, keys are fewer than ten, or the difference has no spread. Other arguments and errors: as cross_validate(); 22023 for models that are no object, fewer than two, or have unknown arguments.';

CREATE FUNCTION journey.nested_cv(source text, target text, key text,
	features text[] DEFAULT NULL, family text DEFAULT 'gaussian',
	penalty text DEFAULT 'none', lambdas float8[] DEFAULT NULL, alpha float8 DEFAULT 0.5,
	k integer DEFAULT 10, repeats integer DEFAULT 5, fold text DEFAULT NULL,
	metrics text[] DEFAULT NULL, folds text DEFAULT 'auto', strata text[] DEFAULT NULL,
	seed bigint DEFAULT 0,
	missing text DEFAULT 'error', formula text DEFAULT NULL)
RETURNS TABLE (metric text, lambda float8, naive float8, corrected float8, optimism float8,
	std_error float8, conf_low float8, conf_high float8, method text, n_keys bigint, status text)
AS 'MODULE_PATHNAME', 'journey_nested_cv'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 3;
COMMENT ON FUNCTION journey.nested_cv(text, text, text, text[], text, text, float8[], float8, integer, integer, text, text[], text, text[], bigint, text, text) IS
'What the penalty that looks best is worth on rows that did not help to choose it; arguments as cross_validate(). One row per metric: lambda is the best one on all rows, naive its cross-validated figure, corrected the figure without the luck of the choice, optimism how much rosier naive is, in the unit of the metric. method nested (gaussian rmse and r_squared, 3 to 20 folds): inside every outer fold the penalty is chosen again by inner folds, all from moments; bootstrap (other metrics and families): keys are drawn 200 times, the best penalty on a draw is scored on the keys left out (Tsamardinos and others 2018), auc by its influences. The interval is the corrected resampled t around corrected. A fold whose model cannot be had gives NULL and its status. Errors: as cross_validate(), and 0A000 for average_precision.';

CREATE FUNCTION journey.cross_validate_moments(m journey.moments, lambdas float8[] DEFAULT NULL,
	alpha float8 DEFAULT NULL, k integer DEFAULT 10, repeats integer DEFAULT 5, seed bigint DEFAULT 0)
RETURNS TABLE (lambda float8, metric text, repeat integer, fold integer,
	n_train bigint, n_test bigint, value float8, std_error float8,
	conf_low float8, conf_high float8, method text,
	is_best boolean, is_1se boolean, status text)
AS 'MODULE_PATHNAME', 'journey_cross_validate_moments'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10000 ROWS 200;
COMMENT ON FUNCTION journey.cross_validate_moments(journey.moments, float8[], float8, integer, integer, bigint) IS
'k-fold cross-validation of a gaussian model from moments alone, whole cells held out together: rmse and r_squared (against the training mean), weighted where the moments are. The columns are those of cross_validate(): one row per lambda, metric, repeat and fold, and one overall row (repeat and fold NULL) with the corrected resampled t interval (Nadeau and Bengio 2003). Cells are dealt to folds by rows, anew for each repeat; training moments are merges of the other cells. A fold''s std_error counts cells (NULL with one cell); method says cells. lambdas and alpha (0 ridge, 1 lasso, between them elastic net) give the penalty; alpha NULL: ridge with lambdas, least squares without; lambdas NULL: half decades from 0.001 to 100 for ridge, 100 values down from the one at which all slopes are 0 for the others. m NULL or without cells: one row a metric with status too_few. An error of less than 1e-8 of the target''s spread has few digits; take it from the rows by cross_validate(). Errors: 22023 an argument, k above the number of cells, or moments whose fields do not fit together; 22004 a NULL argument or field.';
