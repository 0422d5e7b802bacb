-- moments: counts, means and co-moments by cell; united, fitted and refitted
-- without another look at the rows.

CREATE TYPE journey.moments AS (
	terms text[],
	cells bigint[],
	counts bigint[],
	weights float8[],
	means float8[],
	comoments float8[]
);
COMMENT ON TYPE journey.moments IS
'All that squared loss needs to know about rows, by cell, as plain arrays. With m cells and q terms (the features in order, then the target): terms has q names, cells, counts (rows) and weights (sums) have m elements in the order of cells; means has m q elements, q for each cell in turn; comoments has m q (q + 1) / 2, for each cell the lower triangle, packed by rows, of sum w (z_i - mean_i)(z_j - mean_j). A weight equals its count only where all weights are 1. The terms may be renamed. Every reader checks all fields.';

CREATE FUNCTION journey.moments_accum(float8[], bigint, float8, float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_moments_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 3;
COMMENT ON FUNCTION journey.moments_accum(float8[], bigint, float8, float8[]) IS
'Support function of the aggregate moments_agg; an error (42809) when called directly. Adds one row to the moments of its cell, in place.';

CREATE FUNCTION journey.moments_accum(float8[], bigint, float8, float8[], float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_moments_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 3;
COMMENT ON FUNCTION journey.moments_accum(float8[], bigint, float8, float8[], float8) IS
'Support function of the aggregate moments_agg; an error (42809) when called directly. Adds one row with a weight to the moments of its cell, in place.';

CREATE FUNCTION journey.moments_combine(float8[], float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_moments_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.moments_combine(float8[], float8[]) IS
'Support function of the aggregate moments_agg; an error (42809) when called directly. Merges two states cell by cell; 22023 when one is damaged or was rounded, 2202E when they have different numbers of features.';

CREATE FUNCTION journey.moments_final(float8[])
RETURNS journey.moments
AS 'MODULE_PATHNAME', 'journey_moments_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.moments_final(float8[]) IS
'Support function of the aggregate moments_agg; an error (42809) when called directly. Lays the cells out as journey.moments; the state stays as it is.';

CREATE AGGREGATE journey.moments_agg(cell bigint, y float8, x float8[]) (
	SFUNC = journey.moments_accum,
	STYPE = float8[],
	SSPACE = 4096,
	FINALFUNC = journey.moments_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.moments_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.moments_agg(bigint, float8, float8[]) IS
'Moments of y and the elements of x by cell: journey.moments with terms x1, x2, ... and y. A cell is what may be left out together: a fold, a day, a hash bucket; any bigint. x may be empty. Errors: a NULL cell, y, x or element of x 22004 (FILTER leaves rows out), NaN or infinity 22003, x of another length or with two dimensions 2202E, more than 5000 elements or a state above 1 GB 54000. No rows: NULL. Keeps about 4 (p + 5)^2 bytes a cell, whatever its rows, in a float8[] (combinable, pushed down by Citus): grouped by the cell a state has one cell only. Row order and plan change the last digits only (a relative 1e-12). Sources: Welford 1962; Chan, Golub and LeVeque 1983.';

CREATE AGGREGATE journey.moments_agg(cell bigint, y float8, x float8[], weight float8) (
	SFUNC = journey.moments_accum,
	STYPE = float8[],
	SSPACE = 4096,
	FINALFUNC = journey.moments_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.moments_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.moments_agg(bigint, float8, float8[], float8) IS
'Moments of y and the elements of x by cell, weighted: as moments_agg(cell, y, x), with precision weights; counts has rows, weights their sums. Rows of weight 0 do not count and nothing else of them is read; a negative weight is an error (22023), a NULL one too (22004).';

CREATE FUNCTION journey.merge_moments_accum(internal, journey.moments)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_merge_moments_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.merge_moments_accum(internal, journey.moments) IS
'Support function of the aggregate merge_moments; an error (42809) when called directly. Adds the cells of one value.';

CREATE FUNCTION journey.merge_moments_final(internal)
RETURNS journey.moments
AS 'MODULE_PATHNAME', 'journey_merge_moments_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.merge_moments_final(internal) IS
'Support function of the aggregate merge_moments; an error (42809) when called directly. Lays the cells out as journey.moments; the state stays as it is.';

CREATE AGGREGATE journey.merge_moments(m journey.moments) (
	SFUNC = journey.merge_moments_accum,
	STYPE = internal,
	SSPACE = 65536,
	FINALFUNC = journey.merge_moments_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.merge_moments(journey.moments) IS
'Unites moments: cells with the same id are merged, others stand side by side. NULL values are left out; none left: NULL. Use it over stored moments of days or partitions, with a WHERE on the window that is wanted. Errors: different terms or another order of them 22023, naming the first difference; a value whose fields do not fit together 22023 or 22004. Source: Chan, Golub and LeVeque 1983.';

CREATE FUNCTION journey.fit_moments(m journey.moments, penalty text DEFAULT 'none',
	lambda float8 DEFAULT 0, alpha float8 DEFAULT 0.5)
RETURNS journey.model
AS 'MODULE_PATHNAME', 'journey_fit_moments'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.fit_moments(journey.moments, text, float8, float8) IS
'The gaussian model of all rows behind the moments, cells together: that of fit() and fit_linear() on the rows, to a relative 1e-10, with model-based errors. Terms are (intercept) and the features of the moments. penalty: none, ridge, lasso or elastic_net with the objective of fit(); alpha is the absolute share of elastic_net. m NULL: NULL; without cells: status too_few. log_likelihood is NULL for weighted moments, which do not hold the sum of log weights. Errors: 22023 an argument or moments whose fields do not fit together, 22004 a NULL argument or field, 0A000 penalty firth. Source: Friedman, Hastie and Tibshirani 2010 (coordinate descent).';

CREATE FUNCTION journey.jackknife_moments(m journey.moments, level float8 DEFAULT 0.95)
RETURNS TABLE (term text, estimate float8, std_error float8, statistic float8, p_value float8, conf_low float8, conf_high float8)
AS 'MODULE_PATHNAME', 'journey_jackknife_moments'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10000 ROWS 10;
COMMENT ON FUNCTION journey.jackknife_moments(journey.moments, float8) IS
'Least squares coefficients with standard errors from leaving out one cell at a time, in the columns of coefficients(): variance (J - 1)/J sum (theta_j - mean)^2 over J cells, t with J - 1 degrees of freedom. Where the rows of a customer never lie in two cells, as in cells by hash bucket of the key, these are clustered errors from moments alone. NULL: aliased terms, one cell only, or a term that some of the fits cannot carry. m NULL or without cells: no rows. Errors: level outside 0 to 1 22023, moments whose fields do not fit together 22023 or 22004. Source: Wolter, Introduction to Variance Estimation, 2007.';
