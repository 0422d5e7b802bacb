-- trees: gradient-boosted trees, the non-linear yardstick beside the models.

CREATE TYPE journey.trees AS (
	family text,
	features text[],
	base float8,
	roots integer[],
	split_features integer[],
	thresholds float8[],
	left_children integer[],
	default_left boolean[],
	node_values float8[],
	gains float8[],
	covers bigint[],
	n bigint,
	n_holdout bigint,
	loss float8,
	holdout_loss float8,
	iterations integer,
	status text,
	encoding jsonb
);
COMMENT ON TYPE journey.trees IS
'Boosted trees as plain data, places counted from 1. The link of a row is base plus, for each tree, the node_values element of the leaf it reaches. roots[t]: the root of tree t among the nodes. Of node i: split_features[i] (0: a leaf), thresholds[i] (x <= threshold goes left; Infinity: every value that is there), left_children[i] (the right child is the next node), default_left[i] (where a missing value goes), gains[i], covers[i] (training rows). base is NULL where nothing can be predicted. loss and holdout_loss: mean over rows of the squared error (gaussian), of minus the log likelihood (binomial), of the unit deviance (poisson). iterations: trees kept. status: ok, early_stopped, no_split (nothing was left to split), no_holdout (early stopping had nothing to hold out, so all rows were used), one_class, too_few (no rows). Every reader checks all fields.';

CREATE FUNCTION journey.fit_trees(source text, target text, key text,
	features text[] DEFAULT NULL, family text DEFAULT 'gaussian',
	trees integer DEFAULT 100, depth integer DEFAULT 6,
	learning_rate float8 DEFAULT 0.1, early_stopping integer DEFAULT NULL,
	monotone jsonb DEFAULT NULL, seed bigint DEFAULT 0)
RETURNS journey.trees
AS 'MODULE_PATHNAME', 'journey_fit_trees'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 1000000;
COMMENT ON FUNCTION journey.fit_trees(text, text, text, text[], text, integer, integer, float8, integer, jsonb, bigint) IS
'Fit gradient-boosted trees on a relation or query, read once: second-order boosting with histograms of up to 255 bins a column, grown level by level. family: gaussian, binomial (target boolean, 0 or 1) or poisson (target not negative). features: columns to use, NULL for every column but target and key; a NULL in one is a missing value with a learned direction; labels count in byte order. trees 1 to 10000, depth 1 to 16. A leaf has at least 20 rows and a second derivative of 1e-3; no penalty on leaf values; binomial and poisson steps are bounded before the learning rate. early_stopping: hold out the keys with fold(key, 5, seed) = 1 (without a key: by row content) and stop after that many rounds without a smaller held-out loss; the trees up to the smallest are kept. monotone: {"column": 1 or -1}. Same rows, same bits, whatever their order, plan or memory. Holds 2 bytes a cell and about 60 a row in memory. Errors: 42703 missing column, 42804 wrong type, 22004 null target or key, 22003 not finite, 22023 argument. Sources: Friedman 2001; Chen and Guestrin 2016; Ke et al. 2017.';

CREATE FUNCTION journey.predict(trees journey.trees, "row" record, new_level text DEFAULT 'error')
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_trees_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.predict(journey.trees, record, text) IS
'Prediction of boosted trees for a row such as a table alias, on the response scale: the mean, or for family binomial the probability. Features are found by column name, other columns are ignored; a NULL is a missing value. A level that training has not met is an error (22023) unless new_level is missing (as NULL) or reference (as the first level). Errors: missing column (42703), wrong type (42804), NaN or infinity (22003), trees without a base or with damaged fields (22023, 22004). STABLE because column names and enum labels can be altered.';

CREATE FUNCTION journey.importance(trees journey.trees)
RETURNS TABLE (feature text, gain float8, splits bigint)
AS 'MODULE_PATHNAME', 'journey_trees_importance'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 20;
COMMENT ON FUNCTION journey.importance(journey.trees) IS
'One row per feature, by falling gain: its share of the gain of all splits (0 to 1; 0 for all where there is no split) and the number of its splits. Gain is measured on the training rows, and features with many values have more chances to gain. Errors: damaged fields (22023, 22004).';
