/*
 * pg_conditions.h
 *		The state that window_funnel, sequence_match, sequence_count and
 *		sequence_match_events share, and the readers of their arguments.
 *
 * R-ROWS-1	A condition that is NULL does not hold.  A NULL or infinite ts is an
 *			error.
 * R-ROWS-2	within, mode, pattern and the number of conditions are the same in
 *			all rows of a group; another value is an error naming it.
 * R-ROWS-3	Rows where no condition holds are not kept, unless the question
 *			needs them.
 * R-ROWS-4	A state takes one allocation of 128 bytes until a group has more
 *			than a few rows: aggregates may have millions of groups.
 */
#ifndef JOURNEY_CONDITIONS_H
#define JOURNEY_CONDITIONS_H

#include "../pg/compat.h"

#include "datatype/timestamp.h"
#include "utils/array.h"
#include "utils/timestamp.h"

#include "condition_list.h"

#define JOURNEY_KIND_FUNNEL 1
#define JOURNEY_KIND_SEQUENCE 2

typedef struct journey_condition_state
{
	union
	{
		Interval	within;		/* of a funnel */
		const text *pattern;	/* of a sequence; not toasted, not packed */
	}			u;
	uint8		kind;
	uint8		n_conditions;
	uint8		mode;			/* of a funnel */
	bool		keep_all;		/* R-ROWS-3 */
	jrn_condition_list list;
} journey_condition_state;

/* Which conditions of a row hold, and how many there are. */
typedef struct journey_row_conditions
{
	uint64		mask;
	int			n;
} journey_row_conditions;

/* boolean[] that must have 1 to 64 elements. */
extern journey_row_conditions journey_array_conditions(FunctionCallInfo fcinfo, int number,
													   const char *name);

/* Booleans from argument number to the last one (64 at most). */
static inline journey_row_conditions
journey_arg_conditions(FunctionCallInfo fcinfo, int number)
{
	journey_row_conditions row = {0, PG_NARGS() - number};
	int			i;

	for (i = 0; i < row.n; i++)
	{
		const NullableDatum *condition = &fcinfo->args[number + i];

		/* R-ROWS-1; the value of a NULL means nothing, so it is masked */
		row.mask |= (uint64) (DatumGetBool(condition->value) & !condition->isnull) << i;
	}
	return row;
}

/*
 * Are the first n arguments of the aggregate being computed written in the
 * query, so that they cannot change from row to row?  False when in doubt.
 */
extern bool journey_constant_arguments(FunctionCallInfo fcinfo, int n);

/* Raises the error that fits a ts that is not a moment. */
extern void journey_refuse_ts(bool isnull, TimestampTz ts) __attribute__((noreturn));

static inline TimestampTz
journey_arg_moment(FunctionCallInfo fcinfo, int number)
{
	TimestampTz ts = DatumGetTimestampTz(fcinfo->args[number].value);

	if (unlikely(fcinfo->args[number].isnull || TIMESTAMP_NOT_FINITE(ts)))
		journey_refuse_ts(fcinfo->args[number].isnull, ts);
	return ts;
}

/* Raises "argument must be the same in all rows of a group". */
extern void journey_refuse_change(const char *name, const char *before, const char *now)
			__attribute__((noreturn));
extern void journey_refuse_count(const char *name, int before, int now) __attribute__((noreturn));

/* Add a row to a state whose arguments have been checked. */
extern void journey_condition_grow(MemoryContext context, journey_condition_state *state,
								   TimestampTz ts, uint64 mask);

static inline void
journey_condition_add(MemoryContext context, journey_condition_state *state, TimestampTz ts,
					  uint64 mask)
{
	if (mask == 0 && !state->keep_all)
		return;
	if (unlikely(state->list.count == state->list.capacity))
		journey_condition_grow(context, state, ts, mask);
	else
		(void) jrn_condition_list_add(NULL, &state->list, ts, mask);
}

/* Is the text argument, as it lies there, the text that was seen before? */
static inline bool
journey_same_text(const void *argument, const void *before)
{
	return VARSIZE_ANY(argument) == VARSIZE_ANY(before) &&
		memcmp(argument, before, VARSIZE_ANY(before)) == 0;
}

#endif							/* JOURNEY_CONDITIONS_H */
