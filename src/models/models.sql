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

