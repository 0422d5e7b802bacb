-- intervals: metrics with standard error and 95 % interval, as journey.estimate.
--
-- Every *_ci aggregate keeps its rows; with a cluster column last, rows of a
-- cluster belong together.  Weights come before it.

-- text delong = standard error by placements (DeLong 1988; with clusters their sums, Obuchowski 1997), 95 % interval on the logit scale, method delong or delong_clustered; no standard error with fewer than two rows (clusters) of a class
-- text bootstrap = standard error from a Poisson bootstrap of the rows, or of the clusters, by the frozen hash (1,000 draws, 200 above 100,000 rows), method bootstrap or bootstrap_clustered; no standard error with fewer than two positives (clusters with one)
-- text mean = standard error of a mean, sd/sqrt(n), or from the sums of the clusters with the correction G/(G - 1); interval by t with G - 1 degrees of freedom, method mean or mean_clustered; no standard error with fewer than two rows (clusters)
-- text delta = standard error by the delta method from the influence of the rows, or from their sums by cluster with the correction G/(G - 1); interval by t with G - 1 degrees of freedom, method delta or delta_clustered; no standard error with fewer than two rows (clusters)
-- text jackknife = standard error by the infinitesimal jackknife, of rows or of clusters, interval on the logit scale by t with G - 1 degrees of freedom, method jackknife or jackknife_clustered

-- each @observed@ = boolean float8
CREATE FUNCTION journey.score_rows(internal, float8, @observed@, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_score_rows_cluster_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.score_rows(internal, float8, @observed@, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its cluster.';

CREATE FUNCTION journey.score_rows(internal, float8, @observed@, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_score_rows_weight_cluster_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.score_rows(internal, float8, @observed@, float8, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its weight and cluster.';

CREATE FUNCTION journey.probability_rows(internal, float8, @observed@)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_probability_rows_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.probability_rows(internal, float8, @observed@) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row.';

CREATE FUNCTION journey.probability_rows(internal, float8, @observed@, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_probability_rows_cluster_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.probability_rows(internal, float8, @observed@, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its cluster.';

CREATE FUNCTION journey.probability_rows(internal, float8, @observed@, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_probability_rows_weight_cluster_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.probability_rows(internal, float8, @observed@, float8, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its weight and cluster.';

CREATE FUNCTION journey.cut_rows(internal, float8, @observed@, float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_cut_rows_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.cut_rows(internal, float8, @observed@, float8) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row and the threshold.';

CREATE FUNCTION journey.cut_rows(internal, float8, @observed@, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_cut_rows_cluster_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.cut_rows(internal, float8, @observed@, float8, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its cluster, and the threshold.';

CREATE FUNCTION journey.cut_rows(internal, float8, @observed@, float8, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_cut_rows_weight_cluster_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.cut_rows(internal, float8, @observed@, float8, float8, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its weight and cluster, and the threshold.';

CREATE FUNCTION journey.lift_rows(internal, float8, @observed@, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_lift_rows_cluster_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.lift_rows(internal, float8, @observed@, float8, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its cluster, and the fraction.';

CREATE FUNCTION journey.lift_rows(internal, float8, @observed@, float8, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_lift_rows_weight_cluster_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.lift_rows(internal, float8, @observed@, float8, float8, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its weight and cluster, and the fraction.';

CREATE FUNCTION journey.survival_rows(internal, float8, float8, @observed@, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_survival_rows_cluster_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.survival_rows(internal, float8, float8, @observed@, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its time and cluster.';

CREATE FUNCTION journey.survival_rows(internal, float8, float8, @observed@, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_survival_rows_weight_cluster_@observed@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.survival_rows(internal, float8, float8, @observed@, float8, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its time, weight and cluster.';

-- end

-- each @rows@ = number_rows rate_rows
CREATE FUNCTION journey.@rows@(internal, float8, float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_@rows@'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.@rows@(internal, float8, float8) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row.';

CREATE FUNCTION journey.@rows@(internal, float8, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_@rows@_cluster'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.@rows@(internal, float8, float8, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its cluster.';

CREATE FUNCTION journey.@rows@(internal, float8, float8, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_@rows@_weight_cluster'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.@rows@(internal, float8, float8, float8, text) IS
'Support function of metrics that keep rows; an error (42809) when called directly. Keeps one row with its weight and cluster.';

-- end

-- each @metric@ = auc average_precision lift concordance log_loss brier mae poisson_deviance rmse r_squared accuracy precision recall f1 balanced_accuracy mcc
CREATE FUNCTION journey.@metric@_ci_final(internal)
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_@metric@_ci_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.@metric@_ci_final(internal) IS
'Support function of the aggregate @metric@_ci; an error (42809) when called directly. Sorts a copy of the rows and computes figure, error and interval.';

-- end

-- each @metric@ = auc; @observed@ = boolean float8
CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@) (
	SFUNC = journey.score_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text delong@. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, cluster text) (
	SFUNC = journey.score_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, text) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text delong@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, weight float8, cluster text) (
	SFUNC = journey.score_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, float8, text) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text delong@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 40 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

-- end

-- each @metric@ = average_precision; @observed@ = boolean float8
CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@) (
	SFUNC = journey.score_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text bootstrap@; interval on the logit scale. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, cluster text) (
	SFUNC = journey.score_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, text) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text bootstrap@; interval on the logit scale. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, weight float8, cluster text) (
	SFUNC = journey.score_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, float8, text) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text bootstrap@; interval on the logit scale. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 40 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

-- end

-- each @metric@ = log_loss brier; @observed@ = boolean float8
CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@) (
	SFUNC = journey.probability_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text mean@. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, cluster text) (
	SFUNC = journey.probability_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, text) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text mean@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, weight float8, cluster text) (
	SFUNC = journey.probability_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, float8, text) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text mean@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 40 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

-- end

-- each @metric@ = mae
CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed float8) (
	SFUNC = journey.number_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8) IS
'@text @metric@@. As journey.estimate: @text mean@. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed float8, cluster text) (
	SFUNC = journey.number_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8, text) IS
'@text @metric@@. As journey.estimate: @text mean@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed float8, weight float8, cluster text) (
	SFUNC = journey.number_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8, float8, text) IS
'@text @metric@@. As journey.estimate: @text mean@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 40 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

-- end

-- each @metric@ = poisson_deviance
CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed float8) (
	SFUNC = journey.rate_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8) IS
'@text @metric@@. As journey.estimate: @text mean@. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed float8, cluster text) (
	SFUNC = journey.rate_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8, text) IS
'@text @metric@@. As journey.estimate: @text mean@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed float8, weight float8, cluster text) (
	SFUNC = journey.rate_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8, float8, text) IS
'@text @metric@@. As journey.estimate: @text mean@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 40 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

-- end

-- each @metric@ = rmse r_squared
CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed float8) (
	SFUNC = journey.number_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8) IS
'@text @metric@@. As journey.estimate: @text delta@. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed float8, cluster text) (
	SFUNC = journey.number_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8, text) IS
'@text @metric@@. As journey.estimate: @text delta@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed float8, weight float8, cluster text) (
	SFUNC = journey.number_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8, float8, text) IS
'@text @metric@@. As journey.estimate: @text delta@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 40 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

-- end

-- each @metric@ = accuracy precision recall f1 balanced_accuracy mcc; @observed@ = boolean float8
CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@) (
	SFUNC = journey.score_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text delta@, on the logit scale (mcc: on that of atanh). A row is called positive when predicted is at or above 0.5. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, threshold float8) (
	SFUNC = journey.cut_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, float8) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text delta@, on the logit scale (mcc: on that of atanh). A row is called positive when predicted is at or above threshold, which must be the same in every row (22023) and not NULL (22004). Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, cluster text) (
	SFUNC = journey.score_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, text) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text delta@, on the logit scale (mcc: on that of atanh). A row is called positive when predicted is at or above 0.5. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, threshold float8, cluster text) (
	SFUNC = journey.cut_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, float8, text) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text delta@, on the logit scale (mcc: on that of atanh). A row is called positive when predicted is at or above threshold, which must be the same in every row (22023) and not NULL (22004). Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, threshold float8, weight float8, cluster text) (
	SFUNC = journey.cut_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, float8, float8, text) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text delta@, on the logit scale (mcc: on that of atanh). A row is called positive when predicted is at or above threshold, which must be the same in every row (22023) and not NULL (22004). Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 40 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

-- end

-- text lift = Lift at a fraction, see the aggregate lift
-- text concordance = Concordance of a risk with survival times, see the aggregate concordance

-- each @metric@ = lift; @observed@ = boolean float8
CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, fraction float8) (
	SFUNC = journey.lift_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, float8) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text bootstrap@; interval from the 2.5 to the 97.5 % quantile of the draws. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 16 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, fraction float8, cluster text) (
	SFUNC = journey.lift_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, float8, text) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text bootstrap@; interval from the 2.5 to the 97.5 % quantile of the draws. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 32 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(predicted float8, observed @observed@, fraction float8, weight float8, cluster text) (
	SFUNC = journey.lift_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, @observed@, float8, float8, text) IS
'@text @metric@@. @text @observed@@. As journey.estimate: @text bootstrap@; interval from the 2.5 to the 97.5 % quantile of the draws. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL predicted or observed are left out, as built-in aggregates do; no rows: NULL. Keeps 40 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

-- end

-- each @metric@ = concordance; @observed@ = boolean float8
CREATE AGGREGATE journey.@metric@_ci(risk float8, "time" float8, event @observed@) (
	SFUNC = journey.survival_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8, @observed@) IS
'@text @metric@@. event is true or 1 when the event was seen, false or 0 when censored. As journey.estimate: @text jackknife@. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL risk, time or event are left out; no rows: NULL. Keeps 24 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(risk float8, "time" float8, event @observed@, cluster text) (
	SFUNC = journey.survival_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8, @observed@, text) IS
'@text @metric@@. event is true or 1 when the event was seen, false or 0 when censored. As journey.estimate: @text jackknife@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL risk, time or event are left out; no rows: NULL. Keeps 40 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.@metric@_ci(risk float8, "time" float8, event @observed@, weight float8, cluster text) (
	SFUNC = journey.survival_rows,
	STYPE = internal,
	SSPACE = 512,
	FINALFUNC = journey.@metric@_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.metric_rows_combine,
	SERIALFUNC = journey.metric_rows_serialize,
	DESERIALFUNC = journey.metric_rows_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.@metric@_ci(float8, float8, @observed@, float8, text) IS
'@text @metric@@. event is true or 1 when the event was seen, false or 0 when censored. As journey.estimate: @text jackknife@. Rows of a cluster (customer) belong together; a NULL cluster is an error (22004), clusters are recognised by a 128-bit hash of their name. A row of weight w counts like w rows; a weight of 0 leaves the row out, a negative one is an error (22023), NULL is one too (22004). Fields that the data cannot carry are NULL: the interval when the standard error is 0 (a sample without variation says nothing about its uncertainty). n counts rows (of positive weight). NaN or an infinity is an error (22003). Rows with a NULL risk, time or event are left out; no rows: NULL. Keeps 48 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';

-- end
