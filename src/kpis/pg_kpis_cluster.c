/*
 * pg_kpis_cluster.c
 *		Aggregates nps, csat, rate and mean_ci with clusters, such as several
 *		answers of a customer.
 *
 * The state keeps one entry per cluster (48 bytes) in the aggregate's context;
 * names are known by two hashes, as of the metrics (two of n names agree in
 * both with a chance of about n^2/2^129).
 *
 * Serialized form, big-endian:
 *
 *		uint16 magic | uint8 version | uint8 indicator | float8 satisfied_from |
 *		uint64 clusters | per cluster: uint64 a, uint64 b, int64 n, float8 sum
 *		high, float8 sum low
 */
#include "pg_kpis.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "../core/hash.h"
#include "../pg/aggregate.h"
#include "../pg/host.h"

#define CLUSTER_MAGIC 0x4A4B
#define CLUSTER_VERSION 1
#define CLUSTER_HEADER_BYTES 20
#define CLUSTER_BYTES 40
/* clusters between two looks at interrupts while a state travels */
#define CLUSTERS_PER_CHECK 16384

typedef struct cluster_state
{
	jrn_env		env;			/* the context the state lies in */
	jrn_indicator_kind kind;
	double		from;			/* satisfied_from */
	jrn_clusters clusters;
} cluster_state;

static cluster_state *
new_state(MemoryContext context, jrn_indicator_kind kind, double from)
{
	cluster_state *state = MemoryContextAllocZero(context, sizeof(cluster_state));

	state->env = journey_host_env(context);
	state->clusters.env = &state->env;
	state->kind = kind;
	state->from = from;
	return state;
}

/* Two hashes of a cluster's name. */
static void
read_cluster(FunctionCallInfo fcinfo, int number, jrn_cluster_sum *cluster)
{
	text	   *name;

	if (PG_ARGISNULL(number))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("cluster must not be null"),
				 errhint("Filter rows without a cluster, or give them a cluster of their own.")));
	name = PG_GETARG_TEXT_PP(number);
	cluster->a = jrn_hash_bytes(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), 0);
	cluster->b = jrn_hash_bytes(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), JRN_XXH_PRIME2);
}

static Datum
accumulate(FunctionCallInfo fcinfo, jrn_indicator_kind kind)
{
	MemoryContext context = journey_agg_context(fcinfo);
	cluster_state *state = PG_ARGISNULL(0) ? NULL : (cluster_state *) PG_GETARG_POINTER(0);
	jrn_cluster_sum row;
	double		value,
				from;

	if (!journey_kpi_row(fcinfo, kind, &value, &from))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
		state = new_state(context, kind, from);
	if (state->kind != kind)
		journey_check(JRN_CORRUPT, "an indicator");
	journey_kpi_check_from(state->from, from);
	read_cluster(fcinfo, kind == JRN_INDICATOR_CSAT ? 3 : 2, &row);
	row.n = 1;
	row.sum = jrn_dd_from(value);
	journey_check(jrn_clusters_add(&state->clusters, &row), "an indicator");
	PG_RETURN_POINTER(state);
}

/* State 2 is neither changed nor referred to. */
PG_FUNCTION_INFO_V1(journey_kpi_cluster_combine);
Datum
journey_kpi_cluster_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	cluster_state *state = PG_ARGISNULL(0) ? NULL : (cluster_state *) PG_GETARG_POINTER(0);
	const cluster_state *other = PG_ARGISNULL(1) ? NULL : (cluster_state *) PG_GETARG_POINTER(1);
	size_t		i;

	JOURNEY_AGG_SKIP_NULL();
	if (state == NULL)
		state = new_state(context, other->kind, other->from);
	if (state->kind != other->kind)
		journey_check(JRN_CORRUPT, "an indicator");
	journey_kpi_check_from(state->from, other->from);
	for (i = 0; i < other->clusters.count; i++)
	{
		if (i % CLUSTERS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		journey_check(jrn_clusters_add(&state->clusters, &other->clusters.list[i]), "an indicator");
	}
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_kpi_cluster_serialize);
Datum
journey_kpi_cluster_serialize(PG_FUNCTION_ARGS)
{
	const cluster_state *state;
	StringInfoData buffer;
	size_t		i;

	(void) journey_agg_context(fcinfo);
	state = (const cluster_state *) PG_GETARG_POINTER(0);
	if (state->clusters.count > (MaxAllocSize - 1024) / CLUSTER_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("partial state of an indicator with %zu clusters is too large to pass between processes",
						state->clusters.count),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	pq_begintypsend(&buffer);
	enlargeStringInfo(&buffer, (int) (CLUSTER_HEADER_BYTES + state->clusters.count * CLUSTER_BYTES));
	pq_sendint16(&buffer, CLUSTER_MAGIC);
	pq_sendbyte(&buffer, CLUSTER_VERSION);
	pq_sendbyte(&buffer, (uint8) state->kind);
	pq_sendfloat8(&buffer, state->from);
	pq_sendint64(&buffer, state->clusters.count);
	for (i = 0; i < state->clusters.count; i++)
	{
		const jrn_cluster_sum *cluster = &state->clusters.list[i];

		if (i % CLUSTERS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		pq_sendint64(&buffer, cluster->a);
		pq_sendint64(&buffer, cluster->b);
		pq_sendint64(&buffer, (uint64) cluster->n);
		pq_sendfloat8(&buffer, cluster->sum.hi);
		pq_sendfloat8(&buffer, cluster->sum.lo);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

/*
 * A sum of rows: finite, its low part below the last place of the high one,
 * and, where a row is from -1 to 1, at most one a row.
 */
static bool
sum_is_sound(const jrn_cluster_sum *cluster, jrn_indicator_kind kind)
{
	double		hi = cluster->sum.hi;
	double		lo = cluster->sum.lo;
	double		n = (double) cluster->n;

	if (!isfinite(hi) || !isfinite(lo) || hi + lo != hi)
		return false;
	return kind == JRN_INDICATOR_MEAN || fabs(hi) < n || (fabs(hi) == n && !(hi > 0.0 ? lo > 0.0 : lo < 0.0));
}

/* Read clusters that are known to be there; every value is checked. */
static void
read_clusters(StringInfo buffer, cluster_state *state, size_t count)
{
	size_t		i;

	for (i = 0; i < count; i++)
	{
		jrn_cluster_sum cluster;
		jrn_status	status;

		if (i % CLUSTERS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		cluster.a = (uint64) pq_getmsgint64(buffer);
		cluster.b = (uint64) pq_getmsgint64(buffer);
		cluster.n = pq_getmsgint64(buffer);
		cluster.sum.hi = pq_getmsgfloat8(buffer);
		cluster.sum.lo = pq_getmsgfloat8(buffer);
		if (cluster.n < 1 || cluster.n > JRN_CLUSTER_ROWS || !sum_is_sound(&cluster, state->kind))
			journey_check(JRN_CORRUPT, "an indicator");
		/* a state names a cluster once: two that are added up are damage */
		status = jrn_clusters_add(&state->clusters, &cluster);
		journey_check(state->clusters.count == i + 1 || status == JRN_NO_MEMORY ? status : JRN_CORRUPT, "an indicator");
	}
}

PG_FUNCTION_INFO_V1(journey_kpi_cluster_deserialize);
Datum
journey_kpi_cluster_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes;
	StringInfoData buffer;
	cluster_state *state;
	int			kind;
	double		from;
	uint64		count;

	(void) journey_agg_context(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(0);
	buffer.data = VARDATA_ANY(bytes);
	buffer.len = buffer.maxlen = VARSIZE_ANY_EXHDR(bytes);
	buffer.cursor = 0;
	if (buffer.len < CLUSTER_HEADER_BYTES || pq_getmsgint(&buffer, 2) != CLUSTER_MAGIC ||
		pq_getmsgbyte(&buffer) != CLUSTER_VERSION)
		journey_check(JRN_CORRUPT, "an indicator");
	kind = pq_getmsgbyte(&buffer);
	from = pq_getmsgfloat8(&buffer);
	count = (uint64) pq_getmsgint64(&buffer);
	if (kind < JRN_INDICATOR_NPS || kind > JRN_INDICATOR_MEAN || !isfinite(from) ||
		(buffer.len - CLUSTER_HEADER_BYTES) % CLUSTER_BYTES != 0 || count == 0 ||
		count != (uint64) (buffer.len - CLUSTER_HEADER_BYTES) / CLUSTER_BYTES)
		journey_check(JRN_CORRUPT, "an indicator");
	state = new_state(CurrentMemoryContext, (jrn_indicator_kind) kind, from);
	read_clusters(&buffer, state, (size_t) count);
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

/* Final: NULL without rows. */
PG_FUNCTION_INFO_V1(journey_kpi_cluster_final);
Datum
journey_kpi_cluster_final(PG_FUNCTION_ARGS)
{
	const cluster_state *state;
	MemoryContext scratch;
	jrn_env		env;
	jrn_figure	figure;
	int64		n;
	bool		share;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const cluster_state *) PG_GETARG_POINTER(0);
	scratch = AllocSetContextCreate(CurrentMemoryContext, "journey indicator",
									ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(scratch);
	journey_check(jrn_clusters_figure(&env, &state->clusters, state->kind, &figure, &n),
				  "an indicator");
	MemoryContextDelete(scratch);
	share = state->kind == JRN_INDICATOR_CSAT || state->kind == JRN_INDICATOR_RATE;
	PG_RETURN_DATUM(journey_kpi_estimate(fcinfo, &figure, n,
										 share ? "wilson_clustered" : "t_clustered"));
}

#define KPI_CLUSTER(name, kind) \
PG_FUNCTION_INFO_V1(journey_##name##_accum_cluster); \
Datum journey_##name##_accum_cluster(PG_FUNCTION_ARGS) \
{ return accumulate(fcinfo, kind); }

KPI_CLUSTER(nps, JRN_INDICATOR_NPS)
KPI_CLUSTER(csat, JRN_INDICATOR_CSAT)
KPI_CLUSTER(rate, JRN_INDICATOR_RATE)
KPI_CLUSTER(mean_ci, JRN_INDICATOR_MEAN)
