/*
 * pg_funnel.h
 *		What funnel and funnel_customers share: arguments, the table from
 *		touchpoints to steps, and one customer's journey as rows of the core.
 */
#ifndef JOURNEY_PG_FUNNEL_H
#define JOURNEY_PG_FUNNEL_H

#include "../pg/compat.h"

#include "../events/pg_events.h"
#include "../pg/deadline.h"
#include "funnel.h"

/* What a touchpoint is to the funnel. */
typedef struct funnel_label
{
	uint64		mask;			/* required steps, by level */
	uint64		pass;			/* levels behind which it is an optional step */
	uint64		optional;		/* optional steps, by place in the list */
	bool		excludes;
	bool		matters;		/* one of the above */
} funnel_label;

typedef struct funnel_call
{
	MemoryContext context;
	jrn_env		env;
	journey_events *events;

	/* arguments */
	char	  **names;			/* of all listed steps */
	int			steps;			/* listed */
	uint64		optional;		/* listed steps that are optional */
	int			level_of[JRN_FUNNEL_MAX_STEPS]; /* required: its level; optional: the level before it */
	char	  **exclude;
	int			exclude_count;
	journey_deadlines window;
	journey_event_request request;
	jrn_funnel	funnel;
	jrn_funnel_work work;
	bool		wants_rows;		/* every row of a journey is looked at */

	funnel_label *labels;		/* by rank; made at the first journey */

	/* one customer */
	jrn_funnel_row *rows;
	uint64	   *pass;
	uint64	   *row_optional;
	bool	   *excluding;
	uint32	   *event_of;		/* row to event */
	size_t		n;
	size_t		capacity;
	bool		enters;			/* a row may begin a chain */
	bool		has_excluding;
} funnel_call;

/* Places of the arguments in a call. */
typedef enum funnel_argument
{
	FUNNEL_SOURCE,
	FUNNEL_STEPS,
	FUNNEL_WITHIN,
	FUNNEL_MODE,
	FUNNEL_EXCLUDE,
	FUNNEL_OPTIONAL
} funnel_argument;

/* Read and check them; as_of is argument number as_of. */
extern void funnel_arguments(funnel_call *call, FunctionCallInfo fcinfo, int as_of,
							 MemoryContext context);

/* Turn a journey into rows. */
extern jrn_status funnel_take_journey(funnel_call *call, const jrn_journey *journey);

/* The best chain of the rows taken. */
extern jrn_status funnel_best_chain(funnel_call *call, bool completions, bool mature_only,
									jrn_funnel_chain *chain, bool *excluded);

/* Optional steps (bits of the list) that stand inside a chain. */
extern uint64 funnel_optional_steps(const funnel_call *call, const jrn_funnel_chain *chain);

static inline bool
funnel_is_optional(const funnel_call *call, int step)
{
	return (call->optional >> step & 1) != 0;
}

#endif							/* JOURNEY_PG_FUNNEL_H */
