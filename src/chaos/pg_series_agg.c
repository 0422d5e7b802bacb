/*
 * pg_series_agg.c
 *		series_agg: the values of a group in the order of time.
 *
 * Serialized form, big-endian:
 *
 *		uint16 magic | uint8 version | uint8 0 | uint64 count
 *		per value: int64 ts, float8 value
 *
 * R-SAG-1	The answer depends on the set of rows only: ordered by ts, then by
 *			value; -0 is 0.
 * R-SAG-2	A NULL value, or one that is not finite, is an error (22004) that
 *			names its ts; a NULL ts (22004) and an infinite one (22008) are
 *			errors.  Nothing is left out: a gap that is closed up makes
 *			neighbours of what are none.
 * R-SAG-3	No rows give NULL.
 */
#include "../pg/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "../core/sizes.h"
#include "../core/sort.h"
#include "../pg/aggregate.h"
#include "../pg/args.h"
#include "../pg/host.h"

#define WHAT "a series"
#define WIRE_MAGIC 0x4A53
#define WIRE_VERSION 1
#define WIRE_HEADER 12
#define WIRE_VALUE 16

/* Values between two looks at interrupts while a state travels. */
#define VALUES_PER_CHECK 16384

typedef struct moment
{
	int64		ts;
	double		value;
} moment;

typedef struct series_state
{
	size_t		n;
	size_t		capacity;
	moment	   *moments;
} series_state;

#define MOMENT_LESS(ctx, a, b) ((a).ts < (b).ts || ((a).ts == (b).ts && (a).value < (b).value))
JRN_SORT_DEFINE(sort_moments, moment, int, MOMENT_LESS)

static series_state *
new_state(MemoryContext context)
{
	return MemoryContextAllocZero(context, sizeof(series_state));
}

/* Make room for more values, at least doubling. */
static void
reserve(MemoryContext context, series_state *state, size_t more)
{
	jrn_env		env;
	moment	   *grown;
	size_t		wanted;

	if (likely(state->capacity - state->n >= more))
		return;
	if (more > (size_t) JOURNEY_MAX_ARRAY_ELEMENTS - state->n)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a series can have %d values at most", JOURNEY_MAX_ARRAY_ELEMENTS)));
	env = journey_host_env(context);
	wanted = Max(Max(state->n + more, 2 * state->capacity), 8);
	journey_check(jrn_alloc_array(&env, wanted, sizeof(moment), &grown), WHAT);
	if (state->n > 0)
		memcpy(grown, state->moments, state->n * sizeof(moment));
	if (state->moments != NULL)
		jrn_release(&env, state->moments);
	state->moments = grown;
	state->capacity = wanted;
}

PG_FUNCTION_INFO_V1(journey_series_add);
Datum
journey_series_add(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	series_state *state = PG_ARGISNULL(0) ? NULL : (series_state *) PG_GETARG_POINTER(0);
	TimestampTz ts;
	double		value;

	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("ts must not be null"),
				 errhint("Leave such rows out with FILTER (WHERE ts IS NOT NULL).")));
	ts = PG_GETARG_TIMESTAMPTZ(2);
	if (TIMESTAMP_NOT_FINITE(ts))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("ts must not be infinite")));
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("value at ts %s is null", timestamptz_to_str(ts)),
				 errhint("A gap must not be closed up: fill it, or take the longest stretch without one.")));
	value = PG_GETARG_FLOAT8(1);
	if (!isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("value at ts %s is not finite", timestamptz_to_str(ts))));
	if (state == NULL)
		state = new_state(context);
	reserve(context, state, 1);
	state->moments[state->n].ts = ts;
	state->moments[state->n++].value = value + 0.0;	/* R-SAG-1: no -0 */
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_series_combine);
Datum
journey_series_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	series_state *state = PG_ARGISNULL(0) ? NULL : (series_state *) PG_GETARG_POINTER(0);
	const series_state *other = PG_ARGISNULL(1) ? NULL : (const series_state *) PG_GETARG_POINTER(1);

	JOURNEY_AGG_SKIP_NULL();
	if (state == NULL)
		state = new_state(context);
	reserve(context, state, other->n);
	if (other->n > 0)
		memcpy(state->moments + state->n, other->moments, other->n * sizeof(moment));
	state->n += other->n;
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_series_serialize);
Datum
journey_series_serialize(PG_FUNCTION_ARGS)
{
	const series_state *state;
	StringInfoData buffer;
	size_t		i;

	(void) journey_agg_context(fcinfo);
	state = (const series_state *) PG_GETARG_POINTER(0);
	if (state->n > (MaxAllocSize - 1024) / WIRE_VALUE)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("partial state of a series with %zu values is too large to pass between processes", state->n),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	pq_begintypsend(&buffer);
	enlargeStringInfo(&buffer, (int) (WIRE_HEADER + state->n * WIRE_VALUE));
	pq_sendint16(&buffer, WIRE_MAGIC);
	pq_sendbyte(&buffer, WIRE_VERSION);
	pq_sendbyte(&buffer, 0);
	pq_sendint64(&buffer, state->n);
	for (i = 0; i < state->n; i++)
	{
		if (i % VALUES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		pq_sendint64(&buffer, (uint64) state->moments[i].ts);
		pq_sendfloat8(&buffer, state->moments[i].value);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

PG_FUNCTION_INFO_V1(journey_series_deserialize);
Datum
journey_series_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes;
	StringInfoData buffer;
	series_state *state;
	uint64		count;
	size_t		size;

	(void) journey_agg_context(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(0);
	buffer.data = VARDATA_ANY(bytes);
	buffer.len = buffer.maxlen = VARSIZE_ANY_EXHDR(bytes);
	buffer.cursor = 0;
	if (buffer.len < WIRE_HEADER || pq_getmsgint(&buffer, 2) != WIRE_MAGIC ||
		pq_getmsgbyte(&buffer) != WIRE_VERSION || pq_getmsgbyte(&buffer) != 0)
		journey_check(JRN_CORRUPT, WHAT);
	count = (uint64) pq_getmsgint64(&buffer);
	if (count > JOURNEY_MAX_ARRAY_ELEMENTS || !jrn_size_mul((size_t) count, WIRE_VALUE, &size) ||
		size != (size_t) (buffer.len - buffer.cursor))
		journey_check(JRN_CORRUPT, WHAT);
	state = new_state(CurrentMemoryContext);
	reserve(CurrentMemoryContext, state, (size_t) count);
	for (; state->n < count; state->n++)
	{
		moment	   *m = &state->moments[state->n];

		if (state->n % VALUES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		m->ts = pq_getmsgint64(&buffer);
		m->value = pq_getmsgfloat8(&buffer);
		if (!isfinite(m->value) || TIMESTAMP_NOT_FINITE(m->ts))
			journey_check(JRN_CORRUPT, WHAT);
	}
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

/* The values of ordered moments as an array. */
static ArrayType *
make_array(const moment *moments, size_t n)
{
	const Size	size = ARR_OVERHEAD_NONULLS(1) + n * sizeof(float8);
	ArrayType  *array;
	float8	   *values;
	size_t		i;

	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a series of %zu values is more than an array can hold", n)));
	array = palloc(size);
	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = FLOAT8OID;
	ARR_DIMS(array)[0] = (int) n;
	ARR_LBOUND(array)[0] = 1;
	values = (float8 *) ARR_DATA_PTR(array);
	for (i = 0; i < n; i++)
		values[i] = moments[i].value;
	return array;
}

PG_FUNCTION_INFO_V1(journey_series_agg_final);
Datum
journey_series_agg_final(PG_FUNCTION_ARGS)
{
	const series_state *state;
	MemoryContext context;
	jrn_env		env;
	moment	   *ordered;
	ArrayType  *array;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const series_state *) PG_GETARG_POINTER(0);
	context = AllocSetContextCreate(CurrentMemoryContext, "journey series order", ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(context);
	journey_check(jrn_alloc_array(&env, state->n, sizeof(moment), &ordered), WHAT);
	memcpy(ordered, state->moments, state->n * sizeof(moment));
	journey_check(sort_moments(&env, ordered, state->n, 0), WHAT);
	array = make_array(ordered, state->n);
	MemoryContextDelete(context);
	PG_RETURN_ARRAYTYPE_P(array);
}
