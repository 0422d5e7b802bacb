-- metrics: how good predictions are, as aggregates over (predicted, observed).
--
-- Mean-type metrics and metrics of a cut keep a float8[] state, so that Citus
-- can compute them on its shards; metrics of ranks keep their rows.  Intervals
-- are in metric_intervals.sql, tables over a source in metric_tables.sql.
--
-- Blocks between "-- each" and "-- end" are expanded (src/customer_types.awk).

-- text boolean = observed is the outcome
-- text float8 = observed is the outcome (0 or 1, anything else is an error 22023)
-- text log_loss = Mean log loss in nats, -mean(y ln p + (1 - y) ln(1 - p)), of a predicted probability. Nothing is clipped: a prediction of 0 or 1 that is wrong makes it Infinity. A prediction outside [0, 1] is an error (22023)
-- text brier = Brier score, mean (p - y)^2, of a predicted probability. A prediction outside [0, 1] is an error (22023)
-- text rmse = Root mean squared error, in the unit of observed
-- text mae = Mean absolute error, in the unit of observed
-- text r_squared = 1 - sum (observed - predicted)^2 / sum (observed - mean)^2 with the mean of the same rows; negative when predictions are worse than that mean; NULL with fewer than two rows or a constant observed. Within cross-validation the mean of the training rows is used instead, which gives another figure
-- text poisson_deviance = Mean Poisson deviance, 2 mean(y ln(y/m) - (y - m)) of a predicted rate m and an observed count y, y ln y being 0 at 0. A rate of 0 or less and a negative count are errors (22023)
-- text accuracy = Share of rows called right
-- text precision = Share of positives among the rows called positive; NULL when none is called
-- text recall = Share of the positives that are called positive; NULL without a positive
-- text f1 = Harmonic mean of precision and recall, 2 TP/(2 TP + FP + FN); NULL when no row is positive or called positive
-- text balanced_accuracy = Mean of the shares of positives and of negatives called right; NULL when a class is missing
-- text mcc = Matthews correlation of call and outcome, from -1 to 1; 0 when a margin of the table of calls and outcomes is empty
-- text auc = Area under the ROC curve: the share of pairs of a positive and a negative row in which the positive one is predicted higher, ties counting one half; exact. Any finite score will do for predicted. One class only: NULL
-- text average_precision = Average precision: the sum over distinct thresholds, highest first, of the gain in recall times the precision; rows of equal score enter together, nothing is interpolated (the trapezoid under the curve is another figure). A score without information gives the share of positives. Any finite score will do for predicted. No positive: NULL

-- each @metric@ = log_loss brier; @observed@ = boolean float8
CREATE FUNCTION journey.@metric@_accum(float8[], float8, @observed@)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_@metric@_accum_@observed@'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.@metric@_accum(float8[], float8, @observed@) IS
'Support function of the aggregate @metric@; an error (42809) when called directly. Adds one row to the state.';

CREATE FUNCTION journey.@metric@_accum(float8[], float8, @observed@, float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_@metric@_accum_@observed@_weight'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.@metric@_accum(float8[], float8, @observed@, float8) IS
'Support function of the aggregate @metric@; an error (42809) when called directly. Adds one row with its weight to the state.';

-- end

-- each @metric@ = rmse mae r_squared poisson_deviance
CREATE FUNCTION journey.@metric@_accum(float8[], float8, float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_@metric@_accum_float8'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.@metric@_accum(float8[], float8, float8) IS
'Support function of the aggregate @metric@; an error (42809) when called directly. Adds one row to the state.';

CREATE FUNCTION journey.@metric@_accum(float8[], float8, float8, float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_@metric@_accum_float8_weight'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.@metric@_accum(float8[], float8, float8, float8) IS
'Support function of the aggregate @metric@; an error (42809) when called directly. Adds one row with its weight to the state.';

-- end

-- each @metric@ = log_loss brier rmse mae r_squared poisson_deviance
CREATE FUNCTION journey.@metric@_final(float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_@metric@_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.@metric@_final(float8[]) IS
'Support function of the aggregate @metric@; an error (42809) when called directly. Value of a state.';

-- end

CREATE FUNCTION journey.loss_combine(float8[], float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_loss_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.loss_combine(float8[], float8[]) IS
'Support function of the mean-type metrics; an error (42809) when called directly. Merges two states; 22023 when one is damaged, was rounded, or belongs to another metric.';

-- each @metric@ = log_loss brier; @observed@ = boolean float8
CREATE AGGREGATE journey.@metric@(predicted float8, observed @observed@) (
	SFUNC = journey.@metric@_accum,
	STYPE = float8[],
	SSPACE = 144,
	FINALFUNC = journey.@metric@_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.loss_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@(float8, @observed@) IS
'@text @metric@@. @text @observed@@. NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

CREATE AGGREGATE journey.@metric@(predicted float8, observed @observed@, weight float8) (
	SFUNC = journey.@metric@_accum,
	STYPE = float8[],
	SSPACE = 144,
	FINALFUNC = journey.@metric@_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.loss_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@(float8, @observed@, float8) IS
'@text @metric@@. @text @observed@@. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

-- end

-- each @metric@ = rmse mae r_squared poisson_deviance
CREATE AGGREGATE journey.@metric@(predicted float8, observed float8) (
	SFUNC = journey.@metric@_accum,
	STYPE = float8[],
	SSPACE = 144,
	FINALFUNC = journey.@metric@_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.loss_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@(float8, float8) IS
'@text @metric@@. NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

CREATE AGGREGATE journey.@metric@(predicted float8, observed float8, weight float8) (
	SFUNC = journey.@metric@_accum,
	STYPE = float8[],
	SSPACE = 144,
	FINALFUNC = journey.@metric@_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.loss_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@(float8, float8, float8) IS
'@text @metric@@. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

-- end

-- each @observed@ = boolean float8
CREATE FUNCTION journey.cut_accum(float8[], float8, @observed@)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_cut_accum_@observed@'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.cut_accum(float8[], float8, @observed@) IS
'Support function of the metrics of a cut; an error (42809) when called directly. Adds one row, cut at 0.5, to the state.';

CREATE FUNCTION journey.cut_accum(float8[], float8, @observed@, float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_cut_accum_@observed@_at'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.cut_accum(float8[], float8, @observed@, float8) IS
'Support function of the metrics of a cut; an error (42809) when called directly. Adds one row, cut at a threshold, to the state.';

CREATE FUNCTION journey.cut_accum(float8[], float8, @observed@, float8, float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_cut_accum_@observed@_at_weight'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.cut_accum(float8[], float8, @observed@, float8, float8) IS
'Support function of the metrics of a cut; an error (42809) when called directly. Adds one row, cut at a threshold, with its weight to the state.';

-- end

CREATE FUNCTION journey.cut_combine(float8[], float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_cut_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.cut_combine(float8[], float8[]) IS
'Support function of the metrics of a cut; an error (42809) when called directly. Merges two states; 22023 when one is damaged or was rounded, or the thresholds differ.';

-- each @metric@ = accuracy precision recall f1 balanced_accuracy mcc
CREATE FUNCTION journey.@metric@_final(float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_@metric@_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.@metric@_final(float8[]) IS
'Support function of the aggregate @metric@; an error (42809) when called directly. Value of a state.';

-- end

-- each @metric@ = accuracy precision recall f1 balanced_accuracy mcc; @observed@ = boolean float8
CREATE AGGREGATE journey.@metric@(predicted float8, observed @observed@) (
	SFUNC = journey.cut_accum,
	STYPE = float8[],
	SSPACE = 136,
	FINALFUNC = journey.@metric@_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.cut_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@(float8, @observed@) IS
'@text @metric@@. A row is called positive when predicted is at or above 0.5. @text @observed@@. NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

CREATE AGGREGATE journey.@metric@(predicted float8, observed @observed@, threshold float8) (
	SFUNC = journey.cut_accum,
	STYPE = float8[],
	SSPACE = 136,
	FINALFUNC = journey.@metric@_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.cut_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@(float8, @observed@, float8) IS
'@text @metric@@. A row is called positive when predicted is at or above threshold; any finite score will do. The threshold must be the same in every row (22023) and not NULL (22004). @text @observed@@. NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

CREATE AGGREGATE journey.@metric@(predicted float8, observed @observed@, threshold float8, weight float8) (
	SFUNC = journey.cut_accum,
	STYPE = float8[],
	SSPACE = 136,
	FINALFUNC = journey.@metric@_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.cut_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@(float8, @observed@, float8, float8) IS
'@text @metric@@. A row is called positive when predicted is at or above threshold; any finite score will do. The threshold must be the same in every row (22023) and not NULL (22004). @text @observed@@. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. The state is a float8[] (combinable, pushed down by Citus); sums are compensated, so plans agree to a relative 1e-12.';

-- end

-- each @observed@ = boolean float8
CREATE FUNCTION journey.score_rows(internal, float8, @observed@)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_score_rows_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.score_rows(internal, float8, @observed@) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row.';

CREATE FUNCTION journey.score_rows(internal, float8, @observed@, float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_score_rows_weight_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.score_rows(internal, float8, @observed@, float8) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its weight.';

CREATE FUNCTION journey.lift_rows(internal, float8, @observed@, float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_lift_rows_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.lift_rows(internal, float8, @observed@, float8) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row and the fraction.';

CREATE FUNCTION journey.lift_rows(internal, float8, @observed@, float8, float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_lift_rows_weight_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.lift_rows(internal, float8, @observed@, float8, float8) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row and the fraction, with its weight.';

CREATE FUNCTION journey.survival_rows(internal, float8, float8, @observed@)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_survival_rows_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.survival_rows(internal, float8, float8, @observed@) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its time.';

CREATE FUNCTION journey.survival_rows(internal, float8, float8, @observed@, float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_survival_rows_weight_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.survival_rows(internal, float8, float8, @observed@, float8) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its time and weight.';

-- end

CREATE FUNCTION journey.metric_rows_combine(internal, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_metric_rows_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.metric_rows_combine(internal, internal) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Appends the rows of another state.';

CREATE FUNCTION journey.metric_rows_serialize(internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_metric_rows_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.metric_rows_serialize(internal) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Passes a state between processes of one server.';

CREATE FUNCTION journey.metric_rows_deserialize(bytea, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_metric_rows_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.metric_rows_deserialize(bytea, internal) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Reads and checks what metric_rows_serialize wrote.';

-- each @metric@ = auc average_precision lift concordance
CREATE FUNCTION journey.@metric@_final(internal)
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_@metric@_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.@metric@_final(internal) IS
'Support function of the aggregate @metric@; an error (42809) when called directly. Sorts a copy of the rows and walks through it.';

-- end

-- each @metric@ = auc average_precision; @observed@ = boolean float8
CREATE AGGREGATE journey.@metric@(predicted float8, observed @observed@) (
	SFUNC = journey.score_rows,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.@metric@_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@(float8, @observed@) IS
'@text @metric@@. @text @observed@@. NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@(predicted float8, observed @observed@, weight float8) (
	SFUNC = journey.score_rows,
	STYPE = internal,
	SSPACE = 320,
	FINALFUNC = journey.@metric@_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@(float8, @observed@, float8) IS
'@text @metric@@. @text @observed@@. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 24 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

-- end

-- each @observed@ = boolean float8
CREATE AGGREGATE journey.lift(predicted float8, observed @observed@, fraction float8) (
	SFUNC = journey.lift_rows,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.lift_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.lift(float8, @observed@, float8) IS
'Lift at a fraction: the share of positives among the ceil(fraction n) rows predicted highest over the share among all rows; of rows of equal score at the cut the expectation over their orders counts, so the answer may lie between two counts. fraction is above 0 and at most 1 and the same in every row (22023), not NULL (22004); fraction n within 1e-9 of a whole number is that number. No positive: NULL. @text @observed@@. NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.lift(predicted float8, observed @observed@, fraction float8, weight float8) (
	SFUNC = journey.lift_rows,
	STYPE = internal,
	SSPACE = 320,
	FINALFUNC = journey.lift_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.lift(float8, @observed@, float8, float8) IS
'Lift at a fraction: the share of positives among the ceil(fraction n) rows predicted highest over the share among all rows; of rows of equal score at the cut the expectation over their orders counts, so the answer may lie between two counts. fraction is above 0 and at most 1 and the same in every row (22023), not NULL (22004); fraction n within 1e-9 of a whole number is that number. No positive: NULL. @text @observed@@. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). The cut then lies at fraction times the sum of weights exactly, a row at the cut counting in part. NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 24 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.concordance(risk float8, "time" float8, event @observed@) (
	SFUNC = journey.survival_rows,
	STYPE = internal,
	SSPACE = 320,
	FINALFUNC = journey.concordance_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.concordance(float8, float8, @observed@) IS
'Concordance (Harrell''s C) of a risk with survival times: of the comparable pairs the share in which the row of higher risk has its event earlier, pairs of equal risk counting one half. A pair is comparable when the row of the shorter time has the event; at equal times when exactly one has it, which counts as the earlier. event: true or 1 when the event was seen, false or 0 when censored. No comparable pair: NULL. NaN or an infinity is an error (22003). Rows with a NULL risk, time or event are left out; no rows: NULL. Keeps 24 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.concordance(risk float8, "time" float8, event @observed@, weight float8) (
	SFUNC = journey.survival_rows,
	STYPE = internal,
	SSPACE = 384,
	FINALFUNC = journey.concordance_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.concordance(float8, float8, @observed@, float8) IS
'Concordance (Harrell''s C) of a risk with survival times: of the comparable pairs the share in which the row of higher risk has its event earlier, pairs of equal risk counting one half. A pair is comparable when the row of the shorter time has the event; at equal times when exactly one has it, which counts as the earlier. event: true or 1 when the event was seen, false or 0 when censored. No comparable pair: NULL. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). NaN or an infinity is an error (22003). Rows with a NULL risk, time or event are left out; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

-- end
