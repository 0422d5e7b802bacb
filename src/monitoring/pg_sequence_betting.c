/*
 * pg_sequence_betting.c
 *		Aggregate betting_sequence (betting.h).
 *
 * Serialized form, big-endian:
 *
 *		uint16 magic | uint8 version | uint8 0 | uint64 count |
 *		float8 low, high, alpha | per outcome: float8 on [0, 1]
 *
 * R-PGB-1	A row with a NULL x is left out before anything else is looked at.
 * R-PGB-2	low, high and alpha are the same in all rows and states.
 * R-PGB-3	It keeps its outcomes, 8 bytes a row: the ends are found by passes over
 *			all of them.
 */
#include "pg_sequence_betting.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "../core/sizes.h"
#include "../metrics/pg_metrics.h"
#include "../pg/aggregate.h"
#include "../pg/args.h"
#include "../pg/estimate.h"
#include "../pg/host.h"
#include "betting.h"

#define WHAT "a betting sequence"
#define DEFAULT_ALPHA 0.05
#define WIRE_MAGIC 0x4A42
#define WIRE_VERSION 1
#define WIRE_HEADER 36

/* Outcomes between two looks at interrupts while a state travels. */
#define OUTCOMES_PER_CHECK 16384

/* Room for the first outcomes of a group; it doubles. */
#define FIRST_OUTCOMES 64

typedef struct betting_state
{
	double		low;
	double		high;
	double		alpha;
	size_t		n;
	size_t		capacity;
	double	   *y;				/* outcomes on [0, 1] */
} betting_state;

static void
check_limits(double low, double high)
{
	if (!(low < high) || isinf(high - low))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("low is %s and high is %s, low must be below high and their difference finite",
						float8out_internal(low), float8out_internal(high)),
				 errhint("They are the least and the greatest value that an outcome can have, known beforehand.")));
}

double
journey_betting_scaled(const char *name, double x, double low, double high)
{
	if (x < low || x > high)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is %s, it must lie between low = %s and high = %s", name,
						float8out_internal(x), float8out_internal(low), float8out_internal(high)),
				 errhint("Limits must hold for every outcome and be known beforehand, not read from the data.")));
	return (x - low) / (high - low);
}

void
journey_betting_limits(FunctionCallInfo fcinfo, bool first, double *low, double *high)
{
	*low = journey_metric_constant(fcinfo, 2, "low", !first, *low);
	*high = journey_metric_constant(fcinfo, 3, "high", !first, *high);
	if (first)
		check_limits(*low, *high);
}

void
journey_betting_same(const char *name, double mine, double other)
{
	if (mine != other)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is %s and %s in different rows, it must be the same in all", name,
						float8out_internal(Min(mine, other)), float8out_internal(Max(mine, other)))));
}

/* alpha: argument 4 of the longer form. */
static void
read_alpha(FunctionCallInfo fcinfo, bool first, double *alpha)
{
	*alpha = PG_NARGS() <= 4 ? DEFAULT_ALPHA :
		journey_metric_constant(fcinfo, 4, "alpha", !first, *alpha);
	if (first && !(*alpha > 0.0 && *alpha < 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alpha is %s, it must be between 0 and 1", float8out_internal(*alpha))));
}

/* Make room for more outcomes, at least doubling. */
static void
reserve(MemoryContext context, betting_state *state, size_t more)
{
	jrn_env		env;
	double	   *grown;
	size_t		wanted;

	if (likely(state->capacity - state->n >= more))
		return;
	if (more > (size_t) JOURNEY_MAX_ARRAY_ELEMENTS - state->n)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a betting sequence can have %d outcomes at most", JOURNEY_MAX_ARRAY_ELEMENTS),
				 errhint("With so many outcomes confidence_sequence() is as safe.")));
	env = journey_host_env(context);
	wanted = Max(Max(state->n + more, 2 * state->capacity), FIRST_OUTCOMES);
	journey_check(jrn_alloc_array(&env, wanted, sizeof(double), &grown), WHAT);
	if (state->n > 0)
		memcpy(grown, state->y, state->n * sizeof(double));
	if (state->y != NULL)
		jrn_release(&env, state->y);
	state->y = grown;
	state->capacity = wanted;
}

/* (state, x, low, high [, alpha]) */
PG_FUNCTION_INFO_V1(journey_betting_sequence_accum);
Datum
journey_betting_sequence_accum(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	betting_state *state = PG_ARGISNULL(0) ? NULL : (betting_state *) PG_GETARG_POINTER(0);
	bool		first = state == NULL;
	double		x;

	if (PG_ARGISNULL(1))		/* R-PGB-1 */
	{
		if (first)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	x = journey_metric_finite(PG_GETARG_FLOAT8(1), "x");
	if (first)
		state = MemoryContextAllocZero(context, sizeof(betting_state));
	journey_betting_limits(fcinfo, first, &state->low, &state->high);
	read_alpha(fcinfo, first, &state->alpha);
	reserve(context, state, 1);
	state->y[state->n++] = journey_betting_scaled("x", x, state->low, state->high);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_betting_sequence_combine);
Datum
journey_betting_sequence_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	betting_state *state = PG_ARGISNULL(0) ? NULL : (betting_state *) PG_GETARG_POINTER(0);
	const betting_state *other = PG_ARGISNULL(1) ? NULL : (const betting_state *) PG_GETARG_POINTER(1);

	JOURNEY_AGG_SKIP_NULL();
	if (state == NULL)
	{
		state = MemoryContextAllocZero(context, sizeof(betting_state));
		state->low = other->low;
		state->high = other->high;
		state->alpha = other->alpha;
	}
	journey_betting_same("low", state->low, other->low);	/* R-PGB-2 */
	journey_betting_same("high", state->high, other->high);
	journey_betting_same("alpha", state->alpha, other->alpha);
	reserve(context, state, other->n);
	memcpy(state->y + state->n, other->y, other->n * sizeof(double));
	state->n += other->n;
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_betting_sequence_serialize);
Datum
journey_betting_sequence_serialize(PG_FUNCTION_ARGS)
{
	const betting_state *state;
	StringInfoData buffer;
	size_t		i;

	(void) journey_agg_context(fcinfo);
	state = (const betting_state *) PG_GETARG_POINTER(0);
	if (state->n > (MaxAllocSize - 1024) / sizeof(double))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("partial state of a betting sequence with %zu outcomes is too large to pass between processes", state->n),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	pq_begintypsend(&buffer);
	enlargeStringInfo(&buffer, (int) (WIRE_HEADER + state->n * sizeof(double)));
	pq_sendint16(&buffer, WIRE_MAGIC);
	pq_sendbyte(&buffer, WIRE_VERSION);
	pq_sendbyte(&buffer, 0);
	pq_sendint64(&buffer, state->n);
	pq_sendfloat8(&buffer, state->low);
	pq_sendfloat8(&buffer, state->high);
	pq_sendfloat8(&buffer, state->alpha);
	for (i = 0; i < state->n; i++)
	{
		if (i % OUTCOMES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		pq_sendfloat8(&buffer, state->y[i]);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

PG_FUNCTION_INFO_V1(journey_betting_sequence_deserialize);
Datum
journey_betting_sequence_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes;
	StringInfoData buffer;
	betting_state *state;
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
	state = MemoryContextAllocZero(CurrentMemoryContext, sizeof(betting_state));
	state->low = pq_getmsgfloat8(&buffer);
	state->high = pq_getmsgfloat8(&buffer);
	state->alpha = pq_getmsgfloat8(&buffer);
	if (count < 1 || count > JOURNEY_MAX_ARRAY_ELEMENTS ||
		!jrn_size_mul((size_t) count, sizeof(double), &size) ||
		size != (size_t) (buffer.len - buffer.cursor) ||
		!(state->low < state->high) || isinf(state->high - state->low) ||
		!(state->alpha > 0.0 && state->alpha < 1.0))
		journey_check(JRN_CORRUPT, WHAT);
	reserve(CurrentMemoryContext, state, (size_t) count);
	for (; state->n < count; state->n++)
	{
		double		y = pq_getmsgfloat8(&buffer);

		if (state->n % OUTCOMES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		if (!(y >= 0.0 && y <= 1.0))
			journey_check(JRN_CORRUPT, WHAT);
		state->y[state->n] = y;
	}
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_betting_sequence_final);
Datum
journey_betting_sequence_final(PG_FUNCTION_ARGS)
{
	const betting_state *state;
	MemoryContext scratch;
	jrn_env		env;
	jrn_betting_result result;
	journey_estimate estimate;
	double		range;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const betting_state *) PG_GETARG_POINTER(0);
	scratch = AllocSetContextCreate(CurrentMemoryContext, "journey betting", ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(scratch);
	journey_check(jrn_betting_sequence(&env, state->y, state->n, state->alpha, &result), WHAT);
	MemoryContextDelete(scratch);
	range = state->high - state->low;
	estimate.estimate = state->low + range * result.mean;
	estimate.std_error = range * result.std_error;
	/* a limit that is in stays what it was */
	estimate.conf_low = state->low + range * result.low;
	estimate.conf_high = result.high == 1.0 ? state->high :
		Min(state->low + range * result.high, state->high);
	estimate.n = (int64) state->n;
	estimate.method = "betting_sequence";
	PG_RETURN_DATUM(journey_estimate_datum(fcinfo, &estimate));
}

