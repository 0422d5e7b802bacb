-- how even and how clean folds are

CREATE FUNCTION journey.fold_report(source text, key text, fold text, strata text[] DEFAULT NULL)
RETURNS TABLE (fold integer, n_rows bigint, n_keys bigint, strata jsonb, share float8, status text,
	first_decided_at timestamptz, last_decided_at timestamptz, min_max_ratio float8, p_values jsonb)
AS 'MODULE_PATHNAME', 'journey_fold_report'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION journey.fold_report(text, text, text, text[]) IS
'Rows, keys and strata of folds that lie in a column, one row per fold. key and fold name columns (fold an integer, 1 to 10000 without gaps); key NULL: every row is its own. strata names columns (text, enum, boolean, integer, uuid) and is answered with their rows as {"column": {"value": n}}, NULL as "(null)". share is the fold''s part of all rows. status: ok; class_missing, no row of some value of a stratum column, so that a metric of this fold may be undefined; one_class, rows of one value only. first_decided_at and last_decided_at: from a column decided_at, where the source has one. min_max_ratio: smallest fold per largest, by rows. p_values, in the shape of strata: chi-square test that a value is spread evenly over folds (k - 1 degrees of freedom; rows counted as independent, so customers with many rows make it small). The last two are the same in every row. Errors name the culprit: a key in two folds, an empty fold, a key with more than 1/k of the rows, a value that occurs in one fold only, so that the training part of that fold lacks it (22000); more folds than keys, one fold only (22023); NULL in key or fold (22004). No rows give none.';

CREATE FUNCTION journey.connected_components(source text)
RETURNS TABLE (id text, component text)
AS 'MODULE_PATHNAME', 'journey_connected_components'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10000;
COMMENT ON FUNCTION journey.connected_components(text) IS
'Households: which ids belong together because rows link them. The source has columns a and b (bigint, integer, uuid, text, enum or bytea, not necessarily of one type); every row links its two ids, and chains of links make a component. One row per distinct id, in byte order, with the component it lies in, named by its smallest id in byte order. Ids are compared as text, so 42 and ''42'' are one: give ids of different kinds a prefix. A NULL in one column leaves the other id as it is, alone unless another row links it; a row of two NULLs says nothing. Use component as the key of folds. Definition: connected components by union and find.';
