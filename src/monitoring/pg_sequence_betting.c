/*
 * pg_sequence_betting.c
 *		Aggregates betting_sequence and betting_e_value (betting.h).
 *
 * R-PGB-1	A row with a NULL x is left out before anything else is looked at.
 * R-PGB-2	low, high, alpha, null_value and alternative are the same in all rows.
 * R-PGB-3	betting_sequence keeps its outcomes, 8 bytes a row: the ends are found
 *			by passes over all of them.  betting_e_value keeps its purses.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "../metrics/pg_metrics.h"
#include "../pg/aggregate.h"
#include "../pg/args.h"
#include "../pg/estimate.h"
#include "../pg/host.h"
#include "betting.h"
#include "sequence.h"

#define WHAT "a betting sequence"
#define DEFAULT_ALPHA 0.05

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

typedef struct e_value_state
{
	double		low;
	double		high;
	double		null_value;
	jrn_bet_on	on;
	jrn_bets	bets;
} e_value_state;

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

/* x of this row on [0, 1]. */
static double
scaled(const char *name, double x, double low, double high)
{
	if (x < low || x > high)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is %s, it must lie between low = %s and high = %s", name,
						float8out_internal(x), float8out_internal(low), float8out_internal(high)),
				 errhint("Limits must hold for every outcome and be known beforehand, not read from the data.")));
	return (x - low) / (high - low);
}

/* low and high: arguments 2 and 3 of both. */
static void
read_limits(FunctionCallInfo fcinfo, bool first, double *low, double *high)
{
	*low = journey_metric_constant(fcinfo, 2, "low", !first, *low);
	*high = journey_metric_constant(fcinfo, 3, "high", !first, *high);
	if (first)
		check_limits(*low, *high);
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

static void
reserve_one(MemoryContext context, betting_state *state)
{
	jrn_env		env;
	double	   *grown;
	size_t		wanted = Max(2 * state->capacity, FIRST_OUTCOMES);

	if (likely(state->n < state->capacity))
		return;
	if (state->n >= JOURNEY_MAX_ARRAY_ELEMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a betting sequence can have %d outcomes at most", JOURNEY_MAX_ARRAY_ELEMENTS),
				 errhint("At this size confidence_sequence() says the same.")));
	env = journey_host_env(context);
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
	read_limits(fcinfo, first, &state->low, &state->high);
	read_alpha(fcinfo, first, &state->alpha);
	reserve_one(context, state);
	state->y[state->n++] = scaled("x", x, state->low, state->high);
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
	estimate.conf_high = result.high == 1.0 ? state->high : state->low + range * result.high;
	estimate.n = (int64) state->n;
	estimate.method = "betting_sequence";
	PG_RETURN_DATUM(journey_estimate_datum(fcinfo, &estimate));
}

static bool
is_word(const text *word, const char *wanted)
{
	Size		size = strlen(wanted);

	return VARSIZE_ANY_EXHDR(word) == size && memcmp(VARDATA_ANY(word), wanted, size) == 0;
}

/* Called for every row: nothing is copied. */
static jrn_bet_on
read_alternative(FunctionCallInfo fcinfo)
{
	const text *word;

	journey_arg_not_null(fcinfo, 5, "alternative");
	word = PG_GETARG_TEXT_PP(5);
	if (is_word(word, "two.sided"))
		return JRN_BET_TWO_SIDED;
	if (is_word(word, "less"))
		return JRN_BET_LESS;
	if (!is_word(word, "greater"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alternative is \"%s\", it must be \"greater\", \"less\" or \"two.sided\"",
						text_to_cstring(word))));
	return JRN_BET_GREATER;
}

/* (state, x, low, high, null_value, alternative) */
PG_FUNCTION_INFO_V1(journey_betting_e_value_accum);
Datum
journey_betting_e_value_accum(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	e_value_state *state = PG_ARGISNULL(0) ? NULL : (e_value_state *) PG_GETARG_POINTER(0);
	bool		first = state == NULL;
	jrn_bet_on	on;
	double		x;

	if (PG_ARGISNULL(1))		/* R-PGB-1 */
	{
		if (first)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	x = journey_metric_finite(PG_GETARG_FLOAT8(1), "x");
	if (first)
		state = MemoryContextAllocZero(context, sizeof(e_value_state));
	read_limits(fcinfo, first, &state->low, &state->high);
	state->null_value = journey_metric_constant(fcinfo, 4, "null_value", !first, state->null_value);
	on = read_alternative(fcinfo);
	if (first)
	{
		state->on = on;
		jrn_bets_open(&state->bets, scaled("null_value", state->null_value, state->low, state->high));
	}
	if (on != state->on)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alternative must be the same in all rows")));
	jrn_bets_add(&state->bets, scaled("x", x, state->low, state->high));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_betting_e_value_final);
Datum
journey_betting_e_value_final(PG_FUNCTION_ARGS)
{
	const e_value_state *state;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const e_value_state *) PG_GETARG_POINTER(0);
	PG_RETURN_FLOAT8(jrn_e_value(jrn_bets_log_e(&state->bets, state->on)));
}
