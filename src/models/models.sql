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

-- The array forms depend on their arguments only. The row forms match columns
-- and enum labels by name, and names can be altered: they are STABLE.

CREATE FUNCTION journey.predict(model journey.model, x float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_model_predict_array'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION journey.predict(journey.model, float8[]) IS
'Prediction on the response scale: the mean, or for family binomial the probability. x has one finite element per term after the intercept, in term order. Aliased terms are left out. Errors: wrong length (2202E), NULL (22004), NaN or infinity (22003), a model without finite coefficients or with damaged fields (22023).';

CREATE FUNCTION journey.predict(model journey.model, "row" record, new_level text DEFAULT 'error')
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_model_predict_row'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.predict(journey.model, record, text) IS
'Prediction on the response scale for a row such as a table alias: the model''s features are found by column name, other columns are ignored. A level that the model has not seen is an error (22023) unless new_level is reference, which treats it as the first level. Errors: missing column (42703), wrong type (42804), NULL feature (22004), NaN or infinity (22003). STABLE because column names and enum labels can be altered.';

CREATE FUNCTION journey.predict_link(model journey.model, x float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_model_link_array'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION journey.predict_link(journey.model, float8[]) IS
'Linear predictor: as predict(), before the inverse link (family binomial: log odds).';

CREATE FUNCTION journey.predict_link(model journey.model, "row" record, new_level text DEFAULT 'error')
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_model_link_row'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.predict_link(journey.model, record, text) IS
'Linear predictor of a row: as predict(), before the inverse link (family binomial: log odds).';

CREATE FUNCTION journey.coefficients(model journey.model, level float8 DEFAULT 0.95)
RETURNS TABLE (term text, estimate float8, std_error float8, statistic float8, p_value float8, conf_low float8, conf_high float8)
AS 'MODULE_PATHNAME', 'journey_model_coefficients'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 10;
COMMENT ON FUNCTION journey.coefficients(journey.model, float8) IS
'One row per term in the model''s order, with two-sided test and interval of the given level. Reference distribution: t with residual degrees of freedom (gaussian) or normal (binomial); with clustered errors t with groups - 1 degrees of freedom. Figures that the fit cannot carry are NULL: after a penalty, for aliased and separated terms, without degrees of freedom.';

CREATE FUNCTION journey.summary(model journey.model,
	OUT n bigint, OUT n_groups bigint, OUT df_residual bigint, OUT deviance float8,
	OUT null_deviance float8, OUT log_likelihood float8, OUT aic float8, OUT bic float8,
	OUT r_squared float8, OUT dispersion float8, OUT iterations integer,
	OUT converged boolean, OUT status text)
AS 'MODULE_PATHNAME', 'journey_model_summary'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.summary(journey.model) IS
'Fit statistics of a model, one row. aic and bic count the finite coefficients and the variance of a gaussian model; they are NULL after a penalty and when the likelihood has no maximum or it was not reached. r_squared is 1 - deviance / null_deviance of gaussian models without a penalty.';

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
