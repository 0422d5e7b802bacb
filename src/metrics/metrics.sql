-- metrics: how good predictions are, as aggregates over (predicted, observed).
--
-- Mean-type metrics keep a float8[] state, so that Citus can compute them on
-- its shards; metrics of ranks keep their rows.

CREATE FUNCTION journey.log_loss_accum(float8[], float8, boolean)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_log_loss_accum_bool'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.log_loss_accum(float8[], float8, boolean) IS
'Support function of the aggregate log_loss; an error (42809) when called directly. Adds one row to the state.';

CREATE FUNCTION journey.log_loss_accum(float8[], float8, float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_log_loss_accum_float8'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.log_loss_accum(float8[], float8, float8) IS
'Support function of the aggregate log_loss; an error (42809) when called directly. Adds one row to the state.';

CREATE FUNCTION journey.log_loss_final(float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_log_loss_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.log_loss_final(float8[]) IS
'Support function of the aggregate log_loss; an error (42809) when called directly. Value of a state.';

CREATE FUNCTION journey.brier_accum(float8[], float8, boolean)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_brier_accum_bool'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.brier_accum(float8[], float8, boolean) IS
'Support function of the aggregate brier; an error (42809) when called directly. Adds one row to the state.';

CREATE FUNCTION journey.brier_accum(float8[], float8, float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_brier_accum_float8'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.brier_accum(float8[], float8, float8) IS
'Support function of the aggregate brier; an error (42809) when called directly. Adds one row to the state.';

CREATE FUNCTION journey.brier_final(float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_brier_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.brier_final(float8[]) IS
'Support function of the aggregate brier; an error (42809) when called directly. Value of a state.';

CREATE FUNCTION journey.rmse_accum(float8[], float8, float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_rmse_accum'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.rmse_accum(float8[], float8, float8) IS
'Support function of the aggregate rmse; an error (42809) when called directly. Adds one row to the state.';

CREATE FUNCTION journey.rmse_final(float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_rmse_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.rmse_final(float8[]) IS
'Support function of the aggregate rmse; an error (42809) when called directly. Value of a state.';

CREATE FUNCTION journey.r_squared_accum(float8[], float8, float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_r_squared_accum'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.r_squared_accum(float8[], float8, float8) IS
'Support function of the aggregate r_squared; an error (42809) when called directly. Adds one row to the state.';

CREATE FUNCTION journey.r_squared_final(float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_r_squared_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.r_squared_final(float8[]) IS
'Support function of the aggregate r_squared; an error (42809) when called directly. Value of a state.';

CREATE FUNCTION journey.loss_combine(float8[], float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_loss_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.loss_combine(float8[], float8[]) IS
'Support function of the aggregates log_loss, brier, rmse and r_squared; an error (42809) when called directly. Merges two states; 22023 when one is damaged, was rounded, or belongs to another metric.';

CREATE AGGREGATE journey.log_loss(predicted float8, observed boolean) (
	SFUNC = journey.log_loss_accum,
	STYPE = float8[],
	SSPACE = 128,
	FINALFUNC = journey.log_loss_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.loss_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.log_loss(float8, boolean) IS
'Mean log loss in nats, -mean(y ln p + (1 - y) ln(1 - p)), of a predicted probability and an observed outcome. Nothing is clipped: a prediction of 0 or 1 that is wrong makes it Infinity. A prediction outside [0, 1] is an error (22023). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

CREATE AGGREGATE journey.log_loss(predicted float8, observed float8) (
	SFUNC = journey.log_loss_accum,
	STYPE = float8[],
	SSPACE = 128,
	FINALFUNC = journey.log_loss_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.loss_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.log_loss(float8, float8) IS
'Mean log loss in nats, -mean(y ln p + (1 - y) ln(1 - p)), of a predicted probability and an observed outcome (0 or 1, anything else is an error 22023). Nothing is clipped: a prediction of 0 or 1 that is wrong makes it Infinity. A prediction outside [0, 1] is an error (22023). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

CREATE AGGREGATE journey.brier(predicted float8, observed boolean) (
	SFUNC = journey.brier_accum,
	STYPE = float8[],
	SSPACE = 128,
	FINALFUNC = journey.brier_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.loss_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.brier(float8, boolean) IS
'Brier score, mean (p - y)^2, of a predicted probability and an observed outcome. A prediction outside [0, 1] is an error (22023). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

CREATE AGGREGATE journey.brier(predicted float8, observed float8) (
	SFUNC = journey.brier_accum,
	STYPE = float8[],
	SSPACE = 128,
	FINALFUNC = journey.brier_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.loss_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.brier(float8, float8) IS
'Brier score, mean (p - y)^2, of a predicted probability and an observed outcome (0 or 1, anything else is an error 22023). A prediction outside [0, 1] is an error (22023). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

CREATE AGGREGATE journey.rmse(predicted float8, observed float8) (
	SFUNC = journey.rmse_accum,
	STYPE = float8[],
	SSPACE = 128,
	FINALFUNC = journey.rmse_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.loss_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.rmse(float8, float8) IS
'Root mean squared error, in the unit of observed. NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

CREATE AGGREGATE journey.r_squared(predicted float8, observed float8) (
	SFUNC = journey.r_squared_accum,
	STYPE = float8[],
	SSPACE = 128,
	FINALFUNC = journey.r_squared_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.loss_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.r_squared(float8, float8) IS
'1 - sum (observed - predicted)^2 / sum (observed - mean)^2 with the mean of the same rows; negative when predictions are worse than that mean; NULL with fewer than two rows or a constant observed. Within cross-validation the mean of the training rows is used instead, which gives another figure. NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

CREATE FUNCTION journey.auc_accum(internal, float8, boolean)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_auc_accum_bool'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.auc_accum(internal, float8, boolean) IS
'Support function of the aggregates auc and auc_ci; an error (42809) when called directly. Keeps one row.';

CREATE FUNCTION journey.auc_accum(internal, float8, float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_auc_accum_float8'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.auc_accum(internal, float8, float8) IS
'Support function of the aggregates auc and auc_ci; an error (42809) when called directly. Keeps one row.';

CREATE FUNCTION journey.auc_accum(internal, float8, boolean, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_auc_accum_bool_cluster'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.auc_accum(internal, float8, boolean, text) IS
'Support function of the aggregates auc and auc_ci; an error (42809) when called directly. Keeps one row.';

CREATE FUNCTION journey.auc_accum(internal, float8, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_auc_accum_float8_cluster'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.auc_accum(internal, float8, float8, text) IS
'Support function of the aggregates auc and auc_ci; an error (42809) when called directly. Keeps one row.';

CREATE FUNCTION journey.auc_combine(internal, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_auc_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.auc_combine(internal, internal) IS
'Support function of the aggregates auc and auc_ci; an error (42809) when called directly. Appends the rows of another state.';

CREATE FUNCTION journey.auc_serialize(internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_auc_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.auc_serialize(internal) IS
'Support function of the aggregates auc and auc_ci; an error (42809) when called directly. Passes a state between processes of one server.';

CREATE FUNCTION journey.auc_deserialize(bytea, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_auc_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.auc_deserialize(bytea, internal) IS
'Support function of the aggregates auc and auc_ci; an error (42809) when called directly. Reads and checks what auc_serialize wrote.';

CREATE FUNCTION journey.auc_final(internal)
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_auc_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.auc_final(internal) IS
'Support function of the aggregate auc; an error (42809) when called directly. Sorts a copy of the rows and counts pairs.';

CREATE FUNCTION journey.auc_ci_final(internal)
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_auc_ci_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.auc_ci_final(internal) IS
'Support function of the aggregate auc_ci; an error (42809) when called directly. Sorts a copy of the rows and computes placements.';

CREATE AGGREGATE journey.auc(predicted float8, observed boolean) (
	SFUNC = journey.auc_accum,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.auc_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.auc_combine,
	SERIALFUNC = journey.auc_serialize,
	DESERIALFUNC = journey.auc_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.auc(float8, boolean) IS
'Area under the ROC curve: the share of pairs of a positive and a negative row in which the positive one is predicted higher, ties counting one half; exact. Any finite score will do for predicted; observed is the outcome. One class only: NULL. NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.auc(predicted float8, observed float8) (
	SFUNC = journey.auc_accum,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.auc_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.auc_combine,
	SERIALFUNC = journey.auc_serialize,
	DESERIALFUNC = journey.auc_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.auc(float8, float8) IS
'Area under the ROC curve: the share of pairs of a positive and a negative row in which the positive one is predicted higher, ties counting one half; exact. Any finite score will do for predicted; observed is the outcome (0 or 1, anything else is an error 22023). One class only: NULL. NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.auc_ci(predicted float8, observed boolean) (
	SFUNC = journey.auc_accum,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.auc_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.auc_combine,
	SERIALFUNC = journey.auc_serialize,
	DESERIALFUNC = journey.auc_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.auc_ci(float8, boolean) IS
'Area under the ROC curve (see auc) as journey.estimate: estimate, standard error by placements (DeLong 1988), 95 % interval on the logit scale, rows n, method delong. observed is the outcome. Fields that the data cannot carry are NULL: all but n and method with one class only, standard error and interval with fewer than two rows of a class, the interval when the variance is 0 (perfect separation, constant score). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.auc_ci(predicted float8, observed float8) (
	SFUNC = journey.auc_accum,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.auc_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.auc_combine,
	SERIALFUNC = journey.auc_serialize,
	DESERIALFUNC = journey.auc_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.auc_ci(float8, float8) IS
'Area under the ROC curve (see auc) as journey.estimate: estimate, standard error by placements (DeLong 1988), 95 % interval on the logit scale, rows n, method delong. observed is the outcome (0 or 1, anything else is an error 22023). Fields that the data cannot carry are NULL: all but n and method with one class only, standard error and interval with fewer than two rows of a class, the interval when the variance is 0 (perfect separation, constant score). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.auc_ci(predicted float8, observed boolean, cluster text) (
	SFUNC = journey.auc_accum,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.auc_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.auc_combine,
	SERIALFUNC = journey.auc_serialize,
	DESERIALFUNC = journey.auc_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.auc_ci(float8, boolean, text) IS
'Area under the ROC curve (see auc) as journey.estimate: estimate, standard error clustered: placements are summed per cluster (Obuchowski 1997), for rows of the same customer; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name, 95 % interval on the logit scale, rows n, method delong_clustered. observed is the outcome. Fields that the data cannot carry are NULL: all but n and method with one class only, standard error and interval with fewer than two clusters with a row of each class, the interval when the variance is 0 (perfect separation, constant score). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.auc_ci(predicted float8, observed float8, cluster text) (
	SFUNC = journey.auc_accum,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.auc_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.auc_combine,
	SERIALFUNC = journey.auc_serialize,
	DESERIALFUNC = journey.auc_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.auc_ci(float8, float8, text) IS
'Area under the ROC curve (see auc) as journey.estimate: estimate, standard error clustered: placements are summed per cluster (Obuchowski 1997), for rows of the same customer; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name, 95 % interval on the logit scale, rows n, method delong_clustered. observed is the outcome (0 or 1, anything else is an error 22023). Fields that the data cannot carry are NULL: all but n and method with one class only, standard error and interval with fewer than two clusters with a row of each class, the interval when the variance is 0 (perfect separation, constant score). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';
