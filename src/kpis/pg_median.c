/*
 * pg_median.c
 *		Aggregate median_ci.
 *
 * The state keeps every value (8 bytes) in the aggregate's context; the final
 * function sorts a copy, so the result does not depend on the order in which
 * rows or partial states arrive.
 *
 * Serialized form, big-endian: uint16 magic | uint16 version | uint64 values |
 * per value: float8
 */
#include "pg_kpis.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "../pg/aggregate.h"
#include "../pg/host.h"
#include "median.h"

#define MEDIAN_MAGIC 0x4A4D
#define MEDIAN_VERSION 1
#define MEDIAN_HEADER_BYTES 12
#define MEDIAN_MAX_VALUES ((size_t) 1 << 40)
/* values between two looks at interrupts while a state travels */
#define VALUES_PER_CHECK 65536

typedef struct median_state
{
	size_t		n;
	size_t		capacity;
	double	   *values;
} median_state;

/* Make room for more values, at least doubling. */
static void
reserve_values(MemoryContext context, median_state *state, size_t more)
{
	jrn_env		env = journey_host_env(context);
	double	   *grown;
	size_t		wanted;

	if (state->capacity - state->n >= more)
		return;
	if (more > MEDIAN_MAX_VALUES - state->n)
		journey_check(JRN_LIMIT, "median_ci");
	wanted = Max(Max(state->n + more, 2 * state->capacity), 8);
	journey_check(jrn_alloc_array(&env, wanted, sizeof(double), &grown), "median_ci");
	if (state->n > 0)
		memcpy(grown, state->values, state->n * sizeof(double));
	jrn_release(&env, state->values);
	state->values = grown;
	state->capacity = wanted;
}

/* Transition; rows without a value are left out. */
PG_FUNCTION_INFO_V1(journey_median_ci_accum);
Datum
journey_median_ci_accum(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	median_state *state = PG_ARGISNULL(0) ? NULL : (median_state *) PG_GETARG_POINTER(0);
	double		value;

	JOURNEY_AGG_SKIP_NULL();
	value = journey_kpi_finite(PG_GETARG_FLOAT8(1), "value") + 0.0;
	if (state == NULL)
		state = MemoryContextAllocZero(context, sizeof(median_state));
	reserve_values(context, state, 1);
	state->values[state->n++] = value;
	PG_RETURN_POINTER(state);
}

/* State 2 is neither changed nor referred to. */
PG_FUNCTION_INFO_V1(journey_median_ci_combine);
Datum
journey_median_ci_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	median_state *state = PG_ARGISNULL(0) ? NULL : (median_state *) PG_GETARG_POINTER(0);
	const median_state *other = PG_ARGISNULL(1) ? NULL : (median_state *) PG_GETARG_POINTER(1);

	JOURNEY_AGG_SKIP_NULL();
	if (state == NULL)
		state = MemoryContextAllocZero(context, sizeof(median_state));
	if (other->n > 0)
	{
		reserve_values(context, state, other->n);
		memcpy(state->values + state->n, other->values, other->n * sizeof(double));
		state->n += other->n;
	}
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_median_ci_serialize);
Datum
journey_median_ci_serialize(PG_FUNCTION_ARGS)
{
	const median_state *state;
	StringInfoData buffer;
	size_t		i;

	(void) journey_agg_context(fcinfo);
	state = (const median_state *) PG_GETARG_POINTER(0);
	if (state->n > (MaxAllocSize - 1024) / sizeof(double))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("partial state of median_ci with %zu rows is too large to pass between processes",
						state->n),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	pq_begintypsend(&buffer);
	enlargeStringInfo(&buffer, (int) (MEDIAN_HEADER_BYTES + state->n * sizeof(double)));
	pq_sendint16(&buffer, MEDIAN_MAGIC);
	pq_sendint16(&buffer, MEDIAN_VERSION);
	pq_sendint64(&buffer, state->n);
	for (i = 0; i < state->n; i++)
	{
		if (i % VALUES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		pq_sendfloat8(&buffer, state->values[i]);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

PG_FUNCTION_INFO_V1(journey_median_ci_deserialize);
Datum
journey_median_ci_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes;
	StringInfoData buffer;
	median_state *state;
	uint64		count;

	(void) journey_agg_context(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(0);
	buffer.data = VARDATA_ANY(bytes);
	buffer.len = buffer.maxlen = VARSIZE_ANY_EXHDR(bytes);
	buffer.cursor = 0;
	if (buffer.len < MEDIAN_HEADER_BYTES || pq_getmsgint(&buffer, 2) != MEDIAN_MAGIC ||
		pq_getmsgint(&buffer, 2) != MEDIAN_VERSION)
		journey_check(JRN_CORRUPT, "median_ci");
	count = (uint64) pq_getmsgint64(&buffer);
	if ((buffer.len - MEDIAN_HEADER_BYTES) % sizeof(double) != 0 || count == 0 ||
		count != (uint64) (buffer.len - MEDIAN_HEADER_BYTES) / sizeof(double))
		journey_check(JRN_CORRUPT, "median_ci");
	state = palloc0(sizeof(median_state));
	reserve_values(CurrentMemoryContext, state, (size_t) count);
	for (; state->n < count; state->n++)
	{
		if (state->n % VALUES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		state->values[state->n] = pq_getmsgfloat8(&buffer);
		if (!isfinite(state->values[state->n]))
			journey_check(JRN_CORRUPT, "median_ci");
	}
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

/* Final: NULL without rows.  Sorts a copy. */
PG_FUNCTION_INFO_V1(journey_median_ci_final);
Datum
journey_median_ci_final(PG_FUNCTION_ARGS)
{
	const median_state *state;
	MemoryContext scratch;
	jrn_env		env;
	jrn_figure	figure;
	double	   *values;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const median_state *) PG_GETARG_POINTER(0);
	if (state->n == 0)
		PG_RETURN_NULL();
	scratch = AllocSetContextCreate(CurrentMemoryContext, "journey median",
									ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(scratch);
	journey_check(jrn_alloc_array(&env, state->n, sizeof(double), &values), "median_ci");
	memcpy(values, state->values, state->n * sizeof(double));
	journey_check(jrn_median(&env, values, state->n, &figure), "median_ci");
	MemoryContextDelete(scratch);
	PG_RETURN_DATUM(journey_kpi_estimate(fcinfo, &figure, (int64) state->n,
										 isnan(figure.low) ? "order_statistics_too_few" :
										 "order_statistics"));
}
