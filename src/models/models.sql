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
'A fitted model as plain data: terms ("(intercept)" first; of family ordinal its thresholds such as 1|2), their coefficients (NULL: aliased with earlier terms; infinite: runs away under separation) and covariance (lower triangle packed by rows; NULL after a penalty or without residual degrees of freedom), fit statistics (dispersion is theta of a negative binomial model), status (ok, rank_deficient, separated, not_converged, one_class, too_few, no_overdispersion) and the encoding that turns columns into terms. n_groups is NULL when rows are independent. Every reader checks all fields.';

-- The array forms depend on their arguments only. The row forms match columns
-- and enum labels by name, and names can be altered: they are STABLE.

CREATE FUNCTION journey.predict(model journey.model, x float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_model_predict_array'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION journey.predict(journey.model, float8[]) IS
'Prediction on the response scale: the mean; for family binomial the probability, for ordinal the mean of the level numbers (of an enum: places in the type) under their probabilities. x has one finite element per term after the intercept, in term order. Aliased terms are left out. Errors: wrong length (2202E), NULL (22004), NaN or infinity (22003), a model without finite coefficients, with an offset, or with damaged fields (22023).';

CREATE FUNCTION journey.predict(model journey.model, "row" record, new_level text DEFAULT 'error')
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_model_predict_row'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.predict(journey.model, record, text) IS
'Prediction on the response scale for a row such as a table alias: the model''s features are found by column name, other columns are ignored. The offset of a model fitted with one is added, so its column must be there. Products and powers of a formula are computed; a NULL number counts as the mean where the model was fitted with missing mean. A level that the model has not seen is an error (22023) unless new_level is reference, which treats it as the first level. Errors: missing column (42703), wrong type (42804), NULL feature (22004), NaN or infinity (22003). STABLE because column names and enum labels can be altered.';

CREATE FUNCTION journey.predict_link(model journey.model, x float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_model_link_array'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION journey.predict_link(journey.model, float8[]) IS
'Linear predictor: as predict(), before the inverse link (family binomial: log odds; poisson and negative_binomial: log mean; ordinal: x''b without a threshold).';

CREATE FUNCTION journey.predict_link(model journey.model, "row" record, new_level text DEFAULT 'error')
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_model_link_row'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.predict_link(journey.model, record, text) IS
'Linear predictor of a row: as predict(), before the inverse link (family binomial: log odds; poisson and negative_binomial: log mean; ordinal: x''b without a threshold).';

CREATE FUNCTION journey.explain(model journey.model, "row" record, new_level text DEFAULT 'error')
RETURNS TABLE (term text, contribution float8)
AS 'MODULE_PATHNAME', 'journey_model_explain'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 ROWS 10;
COMMENT ON FUNCTION journey.explain(journey.model, record, text) IS
'One prediction taken apart, on the scale of the link: per term coefficient times value, in the model''s order, "(offset)" last where the model has one. Their sum is predict_link() of the row, to the bit when added in that order. Values are not centred: a term contributes 0 where its column is 0, a level where the row has another one; so do aliased terms. Family ordinal shows no thresholds. Arguments and errors as predict() of a row.';

CREATE FUNCTION journey.predict_sql(model journey.model)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_model_predict_sql'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.predict_sql(journey.model) IS
'The prediction on the response scale as a SQL expression over columns with the names of the model''s features: text to paste into a query, on any PostgreSQL server and without this extension. It gives the number of predict(), to the bit for family gaussian and within 1e-12 for the others. Where predict() raises an error the expression gives NULL: a NULL feature (unless the model has a mean for it), a level that the model has not seen; NaN in gives NaN. Probabilities are 0 or 1 where the log odds exceed 709. Families but gaussian compute the link in a subquery, so their expressions cannot stand in an index or a generated column. Errors: a model without finite coefficients or with damaged fields 22023, more than 256 MB 54000.';

CREATE FUNCTION journey.coefficients(model journey.model, level float8 DEFAULT 0.95)
RETURNS TABLE (term text, estimate float8, std_error float8, statistic float8, p_value float8, conf_low float8, conf_high float8)
AS 'MODULE_PATHNAME', 'journey_model_coefficients'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 10;
COMMENT ON FUNCTION journey.coefficients(journey.model, float8) IS
'One row per term in the model''s order, with two-sided test and interval of the given level. Reference distribution: t with residual degrees of freedom (gaussian) or normal (the other families); with clustered errors t with groups - 1 degrees of freedom. Figures that the fit cannot carry are NULL: after a penalty, for aliased and separated terms, without degrees of freedom.';

CREATE FUNCTION journey.summary(model journey.model,
	OUT n bigint, OUT n_groups bigint, OUT df_residual bigint, OUT deviance float8,
	OUT null_deviance float8, OUT log_likelihood float8, OUT aic float8, OUT bic float8,
	OUT r_squared float8, OUT dispersion float8, OUT iterations integer,
	OUT converged boolean, OUT status text)
AS 'MODULE_PATHNAME', 'journey_model_summary'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.summary(journey.model) IS
'Fit statistics of a model, one row. aic and bic count the finite coefficients and the variance of a gaussian or the theta of a negative binomial model; they are NULL after a penalty, Firth''s included, and when the likelihood has no maximum or it was not reached. r_squared is 1 - deviance / null_deviance of gaussian models without a penalty.';

CREATE FUNCTION journey.fit(source text, target text, key text,
	features text[] DEFAULT NULL, family text DEFAULT 'gaussian',
	penalty text DEFAULT 'none', lambda float8 DEFAULT 0, alpha float8 DEFAULT 0.5,
	weight text DEFAULT NULL, offset_column text DEFAULT NULL,
	errors text DEFAULT NULL, missing text DEFAULT 'error', formula text DEFAULT NULL)
RETURNS journey.model
AS 'MODULE_PATHNAME', 'journey_fit'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION journey.fit(text, text, text, text[], text, text, float8, float8, text, text, text, text, text) IS
'Fit one model on a relation or query, read once. key: the column by which rows belong together (clustered CR1 errors), or NULL when rows are independent. features: columns to use, NULL for every column but target, key, weight and offset; text, enum and boolean columns are expanded against their first level in byte order. family: gaussian; binomial (target boolean, 0 or 1); poisson (log link, target not negative); negative_binomial (log link, variance mu + mu^2/theta, theta by maximum likelihood in dispersion; NULL and status no_overdispersion where the Poisson fit is its limit); ordinal (proportional odds, logit P(y <= k) = threshold k - x''b; target a number or an enum in the order of its type, up to 100 levels). penalty: none, ridge, lasso, elastic_net with objective 1/(2n) deviance + lambda (alpha sum |b| + (1 - alpha)/2 sum b^2) on features scaled with 1/n variances, the target not scaled (alpha is the argument for elastic_net, 0 for ridge, 1 for lasso; df_residual of the latter two counts the terms that are not 0); firth (binomial: finite also under separation). errors: NULL (cluster with a key, else model), model, hc0, hc1, hc2, hc3, cluster; hc2 and hc3 not for ordinal. weight: precision weights as in R; rows of weight 0 do not count. missing: error; drop (rows counted in encoding); or mean: a NULL number counts as the weighted mean of its column, kept in encoding and used by predict() too. formula: instead of features, columns joined by + and -, interactions a : b and a * b, powers a^2, crossings (a + b)^2, and . for all other columns; terms come by number of columns, levels as in R. The last bits do not depend on row order, plan or memory. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 argument, 42601 formula with the position, 54000 too many levels, 0A000 a penalty or errors that the family does not have. Sources: Nelder and Wedderburn 1972; Lawless 1987; McCullagh 1980; Firth 1993; Friedman, Hastie and Tibshirani 2010; White 1980; MacKinnon and White 1985; Liang and Zeger 1986; Lesaffre and Albert 1989 (separation).';

-- Aggregates over rows (y, x): one model per group.  fit_linear keeps moments
-- as a float8[], so that Citus can compute them on its shards; fit_logistic
-- and fit_poisson keep their rows.

CREATE FUNCTION journey.fit_linear_accum(float8[], float8, float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_fit_linear_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 3;
COMMENT ON FUNCTION journey.fit_linear_accum(float8[], float8, float8[]) IS
'Support function of the aggregate fit_linear; an error (42809) when called directly. Adds one row to the moments, in place.';

CREATE FUNCTION journey.fit_linear_accum(float8[], float8, float8[], float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_fit_linear_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 3;
COMMENT ON FUNCTION journey.fit_linear_accum(float8[], float8, float8[], float8) IS
'Support function of the aggregate fit_linear; an error (42809) when called directly. Adds one row with a weight to the moments, in place.';

CREATE FUNCTION journey.fit_linear_combine(float8[], float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_fit_linear_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.fit_linear_combine(float8[], float8[]) IS
'Support function of the aggregate fit_linear; an error (42809) when called directly. Merges two states; 22023 when one is damaged or was rounded, 2202E when they have different numbers of features.';

CREATE FUNCTION journey.fit_linear_final(float8[])
RETURNS journey.model
AS 'MODULE_PATHNAME', 'journey_fit_linear_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.fit_linear_final(float8[]) IS
'Support function of the aggregate fit_linear; an error (42809) when called directly. Solves for the model; the state stays as it is.';

CREATE FUNCTION journey.fit_logistic_accum(internal, boolean, float8[])
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_fit_logistic_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION journey.fit_logistic_accum(internal, boolean, float8[]) IS
'Support function of the aggregate fit_logistic; an error (42809) when called directly. Keeps one row.';

CREATE FUNCTION journey.fit_logistic_accum(internal, boolean, float8[], float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_fit_logistic_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION journey.fit_logistic_accum(internal, boolean, float8[], float8) IS
'Support function of the aggregate fit_logistic; an error (42809) when called directly. Keeps one row with a weight.';

CREATE FUNCTION journey.fit_logistic_combine(internal, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_fit_rows_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.fit_logistic_combine(internal, internal) IS
'Support function of the aggregate fit_logistic; an error (42809) when called directly. Appends the rows of another state; 2202E when they have different numbers of features.';

CREATE FUNCTION journey.fit_logistic_serialize(internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_fit_rows_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.fit_logistic_serialize(internal) IS
'Support function of the aggregate fit_logistic; an error (42809) when called directly. Passes a state between processes of one server.';

CREATE FUNCTION journey.fit_logistic_deserialize(bytea, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_fit_rows_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.fit_logistic_deserialize(bytea, internal) IS
'Support function of the aggregate fit_logistic; an error (42809) when called directly. Reads and checks what fit_logistic_serialize wrote.';

CREATE FUNCTION journey.fit_logistic_final(internal)
RETURNS journey.model
AS 'MODULE_PATHNAME', 'journey_fit_rows_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION journey.fit_logistic_final(internal) IS
'Support function of the aggregate fit_logistic; an error (42809) when called directly. Fits a copy of the rows.';

CREATE AGGREGATE journey.fit_linear(y float8, x float8[]) (
	SFUNC = journey.fit_linear_accum,
	STYPE = float8[],
	SSPACE = 1024,
	FINALFUNC = journey.fit_linear_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.fit_linear_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.fit_linear(float8, float8[]) IS
'Least squares of y on an intercept and the elements of x: a journey.model with terms (intercept), x1, x2, ... and model-based errors, one per group. x may be empty. Errors: a NULL y, x, element of x 22004 (FILTER leaves rows out), NaN or infinity 22003, x of another length or with two dimensions 2202E, more than 5000 elements 54000. No rows: NULL. Keeps centred moments, 8 (p^2/2 + 4p) bytes a group whatever its rows, in a float8[] (combinable, pushed down by Citus); plans agree to a relative 1e-12 and fit() to 1e-10, coefficients and covariances close to 0 by their standard errors. Sources: Welford 1962; Chan, Golub and LeVeque 1983.';

CREATE AGGREGATE journey.fit_linear(y float8, x float8[], weight float8) (
	SFUNC = journey.fit_linear_accum,
	STYPE = float8[],
	SSPACE = 1024,
	FINALFUNC = journey.fit_linear_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.fit_linear_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.fit_linear(float8, float8[], float8) IS
'Least squares of y on an intercept and the elements of x: a journey.model with terms (intercept), x1, x2, ... and model-based errors, one per group. x may be empty. weight: precision weights as in R, n counts rows; rows of weight 0 do not count. Errors: a NULL y, x, element of x, or weight 22004 (FILTER leaves rows out), NaN or infinity 22003, x of another length or with two dimensions 2202E, more than 5000 elements 54000, negative weight 22023. No rows of positive weight: NULL. Keeps centred moments, 8 (p^2/2 + 4p) bytes a group whatever its rows, in a float8[] (combinable, pushed down by Citus); plans agree to a relative 1e-12 and fit() to 1e-10, coefficients and covariances close to 0 by their standard errors. Sources: Welford 1962; Chan, Golub and LeVeque 1983.';

CREATE AGGREGATE journey.fit_logistic(y boolean, x float8[]) (
	SFUNC = journey.fit_logistic_accum,
	STYPE = internal,
	SSPACE = 4096,
	FINALFUNC = journey.fit_logistic_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.fit_logistic_combine,
	SERIALFUNC = journey.fit_logistic_serialize,
	DESERIALFUNC = journey.fit_logistic_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.fit_logistic(boolean, float8[]) IS
'Logistic regression of y on an intercept and the elements of x: a journey.model with terms (intercept), x1, x2, ... and model-based errors, one per group; a group that cannot be fitted has a status (one_class, separated, too_few). x may be empty. Errors: a NULL y, x, element of x 22004 (FILTER leaves rows out), NaN or infinity 22003, x of another length or with two dimensions 2202E, more than 5000 elements 54000. No rows: NULL. Keeps 8 (p + 1) bytes a row, up to 1 GB a group (54000; fit() spills to files instead). The bits are those of fit(..., family => ''binomial'') on the same rows, whatever their order and plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.fit_logistic(y boolean, x float8[], weight float8) (
	SFUNC = journey.fit_logistic_accum,
	STYPE = internal,
	SSPACE = 4096,
	FINALFUNC = journey.fit_logistic_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.fit_logistic_combine,
	SERIALFUNC = journey.fit_logistic_serialize,
	DESERIALFUNC = journey.fit_logistic_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.fit_logistic(boolean, float8[], float8) IS
'Logistic regression of y on an intercept and the elements of x: a journey.model with terms (intercept), x1, x2, ... and model-based errors, one per group; a group that cannot be fitted has a status (one_class, separated, too_few). x may be empty. weight: precision weights as in R, n counts rows; rows of weight 0 do not count. Errors: a NULL y, x, element of x, or weight 22004 (FILTER leaves rows out), NaN or infinity 22003, x of another length or with two dimensions 2202E, more than 5000 elements 54000, negative weight 22023. No rows of positive weight: NULL. Keeps 8 (p + 2) bytes a row, up to 1 GB a group (54000; fit() spills to files instead). The bits are those of fit(..., family => ''binomial'') on the same rows, whatever their order and plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE FUNCTION journey.fit_poisson_accum(internal, float8, float8[])
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_fit_poisson_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION journey.fit_poisson_accum(internal, float8, float8[]) IS
'Support function of the aggregate fit_poisson; an error (42809) when called directly. Keeps one row.';

CREATE FUNCTION journey.fit_poisson_accum(internal, float8, float8[], float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_fit_poisson_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION journey.fit_poisson_accum(internal, float8, float8[], float8) IS
'Support function of the aggregate fit_poisson; an error (42809) when called directly. Keeps one row with a weight.';

CREATE FUNCTION journey.fit_poisson_combine(internal, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_fit_rows_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.fit_poisson_combine(internal, internal) IS
'Support function of the aggregate fit_poisson; an error (42809) when called directly. Appends the rows of another state; 2202E when they have different numbers of features.';

CREATE FUNCTION journey.fit_poisson_serialize(internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_fit_rows_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.fit_poisson_serialize(internal) IS
'Support function of the aggregate fit_poisson; an error (42809) when called directly. Passes a state between processes of one server.';

CREATE FUNCTION journey.fit_poisson_deserialize(bytea, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_fit_rows_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.fit_poisson_deserialize(bytea, internal) IS
'Support function of the aggregate fit_poisson; an error (42809) when called directly. Reads and checks what fit_poisson_serialize wrote.';

CREATE FUNCTION journey.fit_poisson_final(internal)
RETURNS journey.model
AS 'MODULE_PATHNAME', 'journey_fit_rows_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION journey.fit_poisson_final(internal) IS
'Support function of the aggregate fit_poisson; an error (42809) when called directly. Fits a copy of the rows.';

CREATE AGGREGATE journey.fit_poisson(y float8, x float8[]) (
	SFUNC = journey.fit_poisson_accum,
	STYPE = internal,
	SSPACE = 4096,
	FINALFUNC = journey.fit_poisson_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.fit_poisson_combine,
	SERIALFUNC = journey.fit_poisson_serialize,
	DESERIALFUNC = journey.fit_poisson_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.fit_poisson(float8, float8[]) IS
'Poisson regression (log link) of counts y on an intercept and the elements of x: a journey.model with terms (intercept), x1, x2, ... and model-based errors, one per group; a group that cannot be fitted has a status (one_class: all y are 0; separated, too_few). x may be empty. Errors: a NULL y, x, element of x 22004 (FILTER leaves rows out), NaN or infinity 22003, a negative y 22023, x of another length or with two dimensions 2202E, more than 5000 elements 54000. No rows: NULL. Keeps 8 (p + 1) bytes a row, up to 1 GB a group (54000; fit() spills to files instead). The bits are those of fit(..., family => ''poisson'') on the same rows, whatever their order and plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.fit_poisson(y float8, x float8[], weight float8) (
	SFUNC = journey.fit_poisson_accum,
	STYPE = internal,
	SSPACE = 4096,
	FINALFUNC = journey.fit_poisson_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.fit_poisson_combine,
	SERIALFUNC = journey.fit_poisson_serialize,
	DESERIALFUNC = journey.fit_poisson_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.fit_poisson(float8, float8[], float8) IS
'Poisson regression (log link) of counts y on an intercept and the elements of x: a journey.model with terms (intercept), x1, x2, ... and model-based errors, one per group; a group that cannot be fitted has a status (one_class: all y are 0; separated, too_few). x may be empty. weight: precision weights as in R, n counts rows; rows of weight 0 do not count. Errors: a NULL y, x, element of x, or weight 22004 (FILTER leaves rows out), NaN or infinity 22003, a negative y 22023, x of another length or with two dimensions 2202E, more than 5000 elements 54000, negative weight 22023. No rows of positive weight: NULL. Keeps 8 (p + 2) bytes a row, up to 1 GB a group (54000; fit() spills to files instead). The bits are those of fit(..., family => ''poisson'') on the same rows, whatever their order and plan. On Citus it runs on the shards when grouped by the distribution column.';
