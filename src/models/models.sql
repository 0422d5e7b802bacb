-- models: fitted models as rows, predictions and what a model says of itself.

CREATE TYPE journey.model AS (
	family text,
	link text,
	penalty text,
	lambda float8,
	alpha float8,
	terms text[],
	coefficients float8[],
	covariance float8[],
	dispersion float8,
	n bigint,
	n_groups bigint,
	df_residual bigint,
	deviance float8,
	null_deviance float8,
	log_likelihood float8,
	iterations integer,
	converged boolean,
	status text,
	encoding jsonb
);
COMMENT ON TYPE journey.model IS
'A fitted model as plain data: terms ("(intercept)" first), their coefficients (NULL: aliased with earlier terms; infinite: runs away under separation) and covariance (lower triangle packed by rows; NULL after a penalty or without residual degrees of freedom), fit statistics, status (ok, rank_deficient, separated, not_converged, one_class, too_few) and the encoding that turns columns into terms. n_groups is NULL when rows are independent. Every reader checks all fields.';


CREATE FUNCTION journey.fit(source text, target text, key text,
	features text[] DEFAULT NULL, family text DEFAULT 'gaussian',
	penalty text DEFAULT 'none', lambda float8 DEFAULT 0, alpha float8 DEFAULT 0.5,
	weight text DEFAULT NULL, offset_column text DEFAULT NULL,
	errors text DEFAULT NULL, missing text DEFAULT 'error')
RETURNS journey.model
AS 'MODULE_PATHNAME', 'journey_fit'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION journey.fit(text, text, text, text[], text, text, float8, float8, text, text, text, text) IS
'Fit one model on a relation or query, read once. key: the column by which rows belong together (clustered CR1 errors), or NULL when rows are independent. features: columns to use, NULL for every column but target, key, weight and offset; text, enum and boolean columns are expanded against their first level in byte order. family: gaussian or binomial (target boolean, 0 or 1). penalty: none, or ridge with objective 1/(2n) deviance + lambda/2 sum of squared coefficients on features scaled with 1/n variances. errors: NULL (cluster with a key, else model), model, hc0, hc1, hc2, hc3, cluster. weight: precision weights as in R; rows of weight 0 do not count. missing: error, or drop (counted in encoding). The last bits do not depend on row order, plan or memory. alpha has no effect on these penalties. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 argument. Sources: White 1980; MacKinnon and White 1985; Liang and Zeger 1986; Lesaffre and Albert 1989 (separation).';
