-- kpis: indicators with their uncertainty, as aggregates that return
-- journey.estimate.
--
-- Over independent rows the state is a float8[], so that Citus can compute it
-- on its shards; with clusters and for the median it keeps clusters or values.

CREATE FUNCTION journey.nps_accum(float8[], float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_nps_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.nps_accum(float8[], float8) IS
'Support function of the aggregate nps; an error (42809) when called directly. Adds one row to the state, in place.';

CREATE FUNCTION journey.nps_final(float8[])
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_nps_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.nps_final(float8[]) IS
'Support function of the aggregate nps; an error (42809) when called directly. Figure of a state.';

CREATE FUNCTION journey.csat_accum(float8[], float8, float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_csat_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.csat_accum(float8[], float8, float8) IS
'Support function of the aggregate csat; an error (42809) when called directly. Adds one row to the state, in place.';

CREATE FUNCTION journey.csat_final(float8[])
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_csat_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.csat_final(float8[]) IS
'Support function of the aggregate csat; an error (42809) when called directly. Figure of a state.';

CREATE FUNCTION journey.rate_accum(float8[], boolean)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_rate_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.rate_accum(float8[], boolean) IS
'Support function of the aggregate rate; an error (42809) when called directly. Adds one row to the state, in place.';

CREATE FUNCTION journey.rate_final(float8[])
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_rate_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.rate_final(float8[]) IS
'Support function of the aggregate rate; an error (42809) when called directly. Figure of a state.';

CREATE FUNCTION journey.mean_ci_accum(float8[], float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_mean_ci_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.mean_ci_accum(float8[], float8) IS
'Support function of the aggregate mean_ci; an error (42809) when called directly. Adds one row to the state, in place.';

CREATE FUNCTION journey.mean_ci_final(float8[])
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_mean_ci_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.mean_ci_final(float8[]) IS
'Support function of the aggregate mean_ci; an error (42809) when called directly. Figure of a state.';

CREATE FUNCTION journey.kpi_combine(float8[], float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_kpi_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.kpi_combine(float8[], float8[]) IS
'Support function of the aggregates nps, csat, rate and mean_ci; an error (42809) when called directly. Merges two states; 22023 when one is damaged, was rounded, or belongs to another indicator.';

CREATE FUNCTION journey.nps_accum(internal, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_nps_accum_cluster'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.nps_accum(internal, float8, text) IS
'Support function of the aggregate nps with clusters; an error (42809) when called directly. Adds one row to its cluster.';

CREATE FUNCTION journey.csat_accum(internal, float8, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_csat_accum_cluster'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.csat_accum(internal, float8, float8, text) IS
'Support function of the aggregate csat with clusters; an error (42809) when called directly. Adds one row to its cluster.';

CREATE FUNCTION journey.rate_accum(internal, boolean, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_rate_accum_cluster'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.rate_accum(internal, boolean, text) IS
'Support function of the aggregate rate with clusters; an error (42809) when called directly. Adds one row to its cluster.';

CREATE FUNCTION journey.mean_ci_accum(internal, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_mean_ci_accum_cluster'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.mean_ci_accum(internal, float8, text) IS
'Support function of the aggregate mean_ci with clusters; an error (42809) when called directly. Adds one row to its cluster.';

CREATE FUNCTION journey.kpi_combine(internal, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_kpi_cluster_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.kpi_combine(internal, internal) IS
'Support function of the aggregates nps, csat, rate and mean_ci with clusters; an error (42809) when called directly. Adds the clusters of another state.';

CREATE FUNCTION journey.kpi_serialize(internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_kpi_cluster_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.kpi_serialize(internal) IS
'Support function of the aggregates nps, csat, rate and mean_ci with clusters; an error (42809) when called directly. Passes a state between processes of one server.';

CREATE FUNCTION journey.kpi_deserialize(bytea, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_kpi_cluster_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.kpi_deserialize(bytea, internal) IS
'Support function of the aggregates nps, csat, rate and mean_ci with clusters; an error (42809) when called directly. Reads and checks what kpi_serialize wrote.';

CREATE FUNCTION journey.kpi_final(internal)
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_kpi_cluster_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.kpi_final(internal) IS
'Support function of the aggregates nps, csat, rate and mean_ci with clusters; an error (42809) when called directly. Sorts a copy of the clusters and computes the figure.';

CREATE FUNCTION journey.median_ci_accum(internal, float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_median_ci_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.median_ci_accum(internal, float8) IS
'Support function of the aggregate median_ci; an error (42809) when called directly. Keeps one value.';

CREATE FUNCTION journey.median_ci_combine(internal, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_median_ci_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.median_ci_combine(internal, internal) IS
'Support function of the aggregate median_ci; an error (42809) when called directly. Appends the values of another state.';

CREATE FUNCTION journey.median_ci_serialize(internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_median_ci_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.median_ci_serialize(internal) IS
'Support function of the aggregate median_ci; an error (42809) when called directly. Passes a state between processes of one server.';

CREATE FUNCTION journey.median_ci_deserialize(bytea, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_median_ci_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.median_ci_deserialize(bytea, internal) IS
'Support function of the aggregate median_ci; an error (42809) when called directly. Reads and checks what median_ci_serialize wrote.';

CREATE FUNCTION journey.median_ci_final(internal)
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_median_ci_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.median_ci_final(internal) IS
'Support function of the aggregate median_ci; an error (42809) when called directly. Sorts a copy of the values.';

CREATE AGGREGATE journey.nps(score float8) (
	SFUNC = journey.nps_accum,
	STYPE = float8[],
	SSPACE = 128,
	FINALFUNC = journey.nps_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.kpi_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.nps(float8) IS
'Net promoter score, 100 (share of 9 and 10 less share of 0 to 6), as journey.estimate, from -100 to 100. score is a whole number from 0 to 10, anything else is an error (22023). std_error 100 sqrt((p + d - (p - d)^2)/n), normal 95 % interval that ends at -100 and 100, method normal. Interval NULL when all rows fall into one of the three groups. NaN or an infinity is an error (22003). Rows with a NULL score are left out, n counts the others; no rows: NULL. Rows are taken as independent: pass a cluster where customers answer more than once. The state is a float8[] (combinable, pushed down by Citus) of whole counts: the same bits on every plan.';

CREATE AGGREGATE journey.csat(score float8, satisfied_from float8) (
	SFUNC = journey.csat_accum,
	STYPE = float8[],
	SSPACE = 128,
	FINALFUNC = journey.csat_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.kpi_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.csat(float8, float8) IS
'Share of satisfied answers, score >= satisfied_from, as journey.estimate, from 0 to 1 (for the mean rating use mean_ci). satisfied_from must not be NULL (22004) and is the same in all rows of a group (else 22023). std_error sqrt(p (1 - p)/n), 95 % interval of Wilson (1927), method wilson. NaN or an infinity is an error (22003). Rows with a NULL score are left out, n counts the others; no rows: NULL. Rows are taken as independent: pass a cluster where customers answer more than once. The state is a float8[] (combinable, pushed down by Citus) of whole counts: the same bits on every plan.';

CREATE AGGREGATE journey.rate(value boolean) (
	SFUNC = journey.rate_accum,
	STYPE = float8[],
	SSPACE = 128,
	FINALFUNC = journey.rate_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.kpi_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.rate(boolean) IS
'Share of true as journey.estimate, from 0 to 1. std_error sqrt(p (1 - p)/n), 95 % interval of Wilson (1927), method wilson. Rows with a NULL value are left out, n counts the others; no rows: NULL. Rows are taken as independent: pass a cluster where customers answer more than once. The state is a float8[] (combinable, pushed down by Citus) of whole counts: the same bits on every plan.';

CREATE AGGREGATE journey.mean_ci(value float8) (
	SFUNC = journey.mean_ci_accum,
	STYPE = float8[],
	SSPACE = 128,
	FINALFUNC = journey.mean_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.kpi_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.mean_ci(float8) IS
'Mean as journey.estimate, in the unit of value. std_error s/sqrt(n), 95 % interval of t with n - 1 degrees of freedom, method t. std_error and interval are NULL with one row, the interval also when all values are equal. NaN or an infinity is an error (22003). Rows with a NULL value are left out, n counts the others; no rows: NULL. Rows are taken as independent: pass a cluster where customers answer more than once. The state is a float8[] (combinable, pushed down by Citus); sums are double-doubles, so plans agree to a relative 1e-12.';

CREATE AGGREGATE journey.nps(score float8, cluster text) (
	SFUNC = journey.nps_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = journey.kpi_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.kpi_combine,
	SERIALFUNC = journey.kpi_serialize,
	DESERIALFUNC = journey.kpi_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.nps(float8, text) IS
'Net promoter score, 100 (share of 9 and 10 less share of 0 to 6), as journey.estimate, from -100 to 100. score is a whole number from 0 to 10, anything else is an error (22023). Rows of a cluster, such as a customer, belong together: std_error is 100 times sqrt(G/(G-1) sum of squared residual sums of the G clusters)/n. 95 % interval of t with G - 1 degrees of freedom, method t_clustered. With one cluster std_error and interval are NULL, the interval also without variation. NaN or an infinity is an error (22003). A NULL cluster is an error (22004); clusters are recognised by a 128-bit hash of their name. Rows with a NULL score are left out, n counts the others; no rows: NULL. Keeps 48 bytes a cluster; plans agree to a relative 1e-12. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.csat(score float8, satisfied_from float8, cluster text) (
	SFUNC = journey.csat_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = journey.kpi_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.kpi_combine,
	SERIALFUNC = journey.kpi_serialize,
	DESERIALFUNC = journey.kpi_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.csat(float8, float8, text) IS
'Share of satisfied answers, score >= satisfied_from, as journey.estimate, from 0 to 1 (for the mean rating use mean_ci). satisfied_from must not be NULL (22004) and is the same in all rows of a group (else 22023). Rows of a cluster, such as a customer, belong together: std_error is sqrt(G/(G-1) sum of squared residual sums of the G clusters)/n. Wilson interval at the effective number of rows p (1 - p)/std_error^2, at most n, with t of G - 1 degrees of freedom in place of the normal; with all or no hits every cluster counts as one row; method wilson_clustered. With one cluster std_error and interval are NULL. NaN or an infinity is an error (22003). A NULL cluster is an error (22004); clusters are recognised by a 128-bit hash of their name. Rows with a NULL score are left out, n counts the others; no rows: NULL. Keeps 48 bytes a cluster; plans agree to a relative 1e-12. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.rate(value boolean, cluster text) (
	SFUNC = journey.rate_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = journey.kpi_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.kpi_combine,
	SERIALFUNC = journey.kpi_serialize,
	DESERIALFUNC = journey.kpi_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.rate(boolean, text) IS
'Share of true as journey.estimate, from 0 to 1. Rows of a cluster, such as a customer, belong together: std_error is sqrt(G/(G-1) sum of squared residual sums of the G clusters)/n. Wilson interval at the effective number of rows p (1 - p)/std_error^2, at most n, with t of G - 1 degrees of freedom in place of the normal; with all or no hits every cluster counts as one row; method wilson_clustered. With one cluster std_error and interval are NULL. A NULL cluster is an error (22004); clusters are recognised by a 128-bit hash of their name. Rows with a NULL value are left out, n counts the others; no rows: NULL. Keeps 48 bytes a cluster; plans agree to a relative 1e-12. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.mean_ci(value float8, cluster text) (
	SFUNC = journey.mean_ci_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = journey.kpi_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.kpi_combine,
	SERIALFUNC = journey.kpi_serialize,
	DESERIALFUNC = journey.kpi_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.mean_ci(float8, text) IS
'Mean as journey.estimate, in the unit of value. Rows of a cluster, such as a customer, belong together: std_error is sqrt(G/(G-1) sum of squared residual sums of the G clusters)/n. 95 % interval of t with G - 1 degrees of freedom, method t_clustered. With one cluster std_error and interval are NULL, the interval also without variation. NaN or an infinity is an error (22003). A NULL cluster is an error (22004); clusters are recognised by a 128-bit hash of their name. Rows with a NULL value are left out, n counts the others; no rows: NULL. Keeps 48 bytes a cluster; plans agree to a relative 1e-12. On Citus it runs on the shards when grouped by the distribution column.';

CREATE AGGREGATE journey.median_ci(value float8) (
	SFUNC = journey.median_ci_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = journey.median_ci_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.median_ci_combine,
	SERIALFUNC = journey.median_ci_serialize,
	DESERIALFUNC = journey.median_ci_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.median_ci(float8) IS
'Median as journey.estimate, in the unit of value; of an even number of rows the middle of the two middle values. The 95 % interval lies between two order statistics whose ranks come from the binomial distribution, so it holds whatever the distribution of the values; method order_statistics. std_error is NULL: it would need a guess at the density. With fewer than 6 rows no such interval reaches 95 %: it is NULL and method is order_statistics_too_few. NaN or an infinity is an error (22003). Rows with a NULL value are left out, n counts the others; no rows: NULL. Keeps 8 bytes a row; the result has the same bits for every order of rows and every plan. On Citus it runs on the shards when grouped by the distribution column.';
