/*
 * pg_metrics_auc.c
 *		Aggregates over ranks: auc and auc_ci, with or without clusters.
 *
 * The state keeps every row (16 bytes, 32 with clusters) in the aggregate's
 * context; the final functions hand it to metric_auc.c, which sorts a copy.
 * The result is computed in integers, so it does not depend on the order in
 * which rows or partial states arrive.
 *
 * Serialized form, big-endian:
 *
 *		uint16 magic | uint8 version | uint8 flags (1: clustered) | uint64 rows
 *		per row: float8 predicted, uint8 observed [, uint64 a, uint64 b]
 */
#include "pg_metrics.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "utils/memutils.h"

#include "../core/hash.h"
#include "../core/sizes.h"
#include "../pg/aggregate.h"
#include "../pg/estimate.h"
#include "../pg/host.h"
#include "metric_auc.h"

#define AUC_MAGIC 0x4A41
#define AUC_VERSION 1
#define AUC_CLUSTERED 1
#define AUC_HEADER_BYTES 12
#define AUC_MAX_ROWS ((size_t) PG_UINT32_MAX - 1)
#define AUC_LEVEL 0.95

typedef struct auc_state
{
	size_t		n;
	size_t		capacity;
	bool		clustered;
	double	   *predicted;
	double	   *observed;
	jrn_cluster_print *prints;	/* NULL unless clustered */
} auc_state;

static auc_state *
new_auc_state(MemoryContext context, bool clustered)
{
	auc_state  *state = MemoryContextAllocZero(context, sizeof(auc_state));

	state->clustered = clustered;
	return state;
}

/* Move count elements of *array into a new one of capacity elements. */
static void
move_array(const jrn_env *env, void *array, size_t count, size_t capacity, size_t size)
{
	void	   *old;
	void	   *grown;

	memcpy(&old, array, sizeof(old));
	journey_check(jrn_alloc_array(env, capacity, size, &grown), "auc");
	if (count > 0)
		memcpy(grown, old, count * size);
	jrn_release(env, old);
	memcpy(array, &grown, sizeof(grown));
}

/* Make room for more rows, at least doubling. */
static void
reserve_rows(MemoryContext context, auc_state *state, size_t more)
{
	jrn_env		env;
	size_t		wanted;

	if (state->capacity - state->n >= more)
		return;
	if (more > AUC_MAX_ROWS - state->n)
		journey_check(JRN_LIMIT, "auc");
	env = journey_host_env(context);
	wanted = Max(Max(state->n + more, 2 * state->capacity), 8);
	move_array(&env, &state->predicted, state->n, wanted, sizeof(double));
	move_array(&env, &state->observed, state->n, wanted, sizeof(double));
	if (state->clustered)
		move_array(&env, &state->prints, state->n, wanted, sizeof(jrn_cluster_print));
	state->capacity = wanted;
}

/* Two hashes of a cluster's name; see metric_cluster.c. */
static jrn_cluster_print
read_cluster(FunctionCallInfo fcinfo, int number)
{
	jrn_cluster_print print;
	text	   *name;

	if (PG_ARGISNULL(number))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("cluster must not be null"),
				 errhint("Filter rows without a cluster, or give them a cluster of their own.")));
	name = PG_GETARG_TEXT_PP(number);
	print.a = jrn_hash_bytes(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), 0);
	print.b = jrn_hash_bytes(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), JRN_XXH_PRIME2);
	return print;
}

/* Transition; rows with a NULL prediction or outcome are left out. */
static Datum
accumulate(FunctionCallInfo fcinfo, journey_observed kind, bool clustered)
{
	MemoryContext context = journey_agg_context(fcinfo);
	auc_state  *state = PG_ARGISNULL(0) ? NULL : (auc_state *) PG_GETARG_POINTER(0);
	double		predicted,
				observed;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	predicted = journey_metric_predicted(fcinfo);
	observed = journey_metric_observed(fcinfo, kind);
	if (state == NULL)
		state = new_auc_state(context, clustered);
	reserve_rows(context, state, 1);
	state->predicted[state->n] = predicted;
	state->observed[state->n] = observed;
	if (clustered)
		state->prints[state->n] = read_cluster(fcinfo, 3);
	state->n++;
	PG_RETURN_POINTER(state);
}

#define AUC_ACCUM(name, kind, clustered) \
PG_FUNCTION_INFO_V1(journey_##name); \
Datum journey_##name(PG_FUNCTION_ARGS) \
{ return accumulate(fcinfo, kind, clustered); }

AUC_ACCUM(auc_accum_bool, JOURNEY_OBSERVED_BOOL, false)
AUC_ACCUM(auc_accum_float8, JOURNEY_OBSERVED_CLASS, false)
AUC_ACCUM(auc_accum_bool_cluster, JOURNEY_OBSERVED_BOOL, true)
AUC_ACCUM(auc_accum_float8_cluster, JOURNEY_OBSERVED_CLASS, true)

/* Append the rows of state 2, which is neither changed nor referred to. */
PG_FUNCTION_INFO_V1(journey_auc_combine);
Datum
journey_auc_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	auc_state  *state = PG_ARGISNULL(0) ? NULL : (auc_state *) PG_GETARG_POINTER(0);
	const auc_state *other = PG_ARGISNULL(1) ? NULL : (auc_state *) PG_GETARG_POINTER(1);

	if (other == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
		state = new_auc_state(context, other->clustered);
	if (state->clustered != other->clustered)
		journey_check(JRN_CORRUPT, "auc");
	reserve_rows(context, state, other->n);
	if (other->n > 0)
	{
		memcpy(state->predicted + state->n, other->predicted, other->n * sizeof(double));
		memcpy(state->observed + state->n, other->observed, other->n * sizeof(double));
		if (state->clustered)
			memcpy(state->prints + state->n, other->prints,
				   other->n * sizeof(jrn_cluster_print));
	}
	state->n += other->n;
	PG_RETURN_POINTER(state);
}

static size_t
row_bytes(bool clustered)
{
	return sizeof(uint64) + 1 + (clustered ? 2 * sizeof(uint64) : 0);
}

/* Rows between two looks at interrupts while a state travels. */
#define ROWS_PER_CHECK 16384

PG_FUNCTION_INFO_V1(journey_auc_serialize);
Datum
journey_auc_serialize(PG_FUNCTION_ARGS)
{
	const auc_state *state;
	StringInfoData buffer;
	size_t		i;

	(void) journey_agg_context(fcinfo);
	state = (const auc_state *) PG_GETARG_POINTER(0);
	if (state->n > (MaxAllocSize - 1024) / row_bytes(state->clustered))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("partial state of auc with %zu rows is too large to pass between processes",
						state->n),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	pq_begintypsend(&buffer);
	enlargeStringInfo(&buffer, (int) (AUC_HEADER_BYTES + state->n * row_bytes(state->clustered)));
	pq_sendint16(&buffer, AUC_MAGIC);
	pq_sendbyte(&buffer, AUC_VERSION);
	pq_sendbyte(&buffer, state->clustered ? AUC_CLUSTERED : 0);
	pq_sendint64(&buffer, state->n);
	for (i = 0; i < state->n; i++)
	{
		if (i % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		pq_sendfloat8(&buffer, state->predicted[i]);
		pq_sendbyte(&buffer, state->observed[i] == 1.0);
		if (state->clustered)
		{
			pq_sendint64(&buffer, state->prints[i].a);
			pq_sendint64(&buffer, state->prints[i].b);
		}
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

/* Read rows that are known to be there; every value is checked. */
static void
read_rows(StringInfo buffer, auc_state *state, size_t count)
{
	for (; state->n < count; state->n++)
	{
		int			observed;

		if (state->n % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		state->predicted[state->n] = pq_getmsgfloat8(buffer);
		observed = pq_getmsgbyte(buffer);
		if (!isfinite(state->predicted[state->n]) || observed > 1)
			journey_check(JRN_CORRUPT, "auc");
		state->observed[state->n] = observed;
		if (state->clustered)
		{
			state->prints[state->n].a = (uint64) pq_getmsgint64(buffer);
			state->prints[state->n].b = (uint64) pq_getmsgint64(buffer);
		}
	}
}

PG_FUNCTION_INFO_V1(journey_auc_deserialize);
Datum
journey_auc_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes;
	StringInfoData buffer;
	auc_state  *state;
	int			flags;
	uint64		count;
	size_t		size;

	(void) journey_agg_context(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(0);
	buffer.data = VARDATA_ANY(bytes);
	buffer.len = buffer.maxlen = VARSIZE_ANY_EXHDR(bytes);
	buffer.cursor = 0;
	if (buffer.len < AUC_HEADER_BYTES ||
		pq_getmsgint(&buffer, 2) != AUC_MAGIC || pq_getmsgbyte(&buffer) != AUC_VERSION)
		journey_check(JRN_CORRUPT, "auc");
	flags = pq_getmsgbyte(&buffer);
	count = (uint64) pq_getmsgint64(&buffer);
	if ((flags & ~AUC_CLUSTERED) != 0 || count > AUC_MAX_ROWS ||
		!jrn_size_mul((size_t) count, row_bytes(flags != 0), &size) ||
		size != (size_t) (buffer.len - buffer.cursor))
		journey_check(JRN_CORRUPT, "auc");
	state = new_auc_state(CurrentMemoryContext, flags != 0);
	reserve_rows(CurrentMemoryContext, state, (size_t) count);
	read_rows(&buffer, state, (size_t) count);
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

/* Number the clusters and compute; scratch memory goes with the context. */
static jrn_status
compute(const jrn_env *env, const auc_state *state, jrn_auc_result *result)
{
	uint32	   *ids;
	uint32		clusters;

	if (!state->clustered)
		return jrn_auc_delong(env, state->predicted, state->observed, NULL, 0,
							  state->n, result);
	JRN_TRY(jrn_alloc_array(env, state->n, sizeof(uint32), &ids));
	JRN_TRY(jrn_cluster_ids(env, state->prints, state->n, ids, &clusters));
	return jrn_auc_delong(env, state->predicted, state->observed, ids, clusters,
						  state->n, result);
}

static jrn_auc_result
result_of(const auc_state *state)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "journey auc",
												  ALLOCSET_DEFAULT_SIZES);
	jrn_env		env = journey_host_env(scratch);
	jrn_auc_result result;

	journey_check(compute(&env, state, &result), "auc");
	MemoryContextDelete(scratch);
	return result;
}

PG_FUNCTION_INFO_V1(journey_auc_final);
Datum
journey_auc_final(PG_FUNCTION_ARGS)
{
	jrn_auc_result result;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	result = result_of((const auc_state *) PG_GETARG_POINTER(0));
	if (isnan(result.auc))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(result.auc);
}

PG_FUNCTION_INFO_V1(journey_auc_ci_final);
Datum
journey_auc_ci_final(PG_FUNCTION_ARGS)
{
	const auc_state *state;
	jrn_auc_result result;
	journey_estimate estimate;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const auc_state *) PG_GETARG_POINTER(0);
	result = result_of(state);
	estimate.estimate = result.auc;
	estimate.std_error = sqrt(result.variance);
	jrn_auc_interval(result.auc, result.variance, AUC_LEVEL,
					 &estimate.conf_low, &estimate.conf_high);
	estimate.n = (int64) state->n;
	estimate.method = state->clustered ? "delong_clustered" : "delong";
	PG_RETURN_DATUM(journey_estimate_datum(fcinfo, &estimate));
}
