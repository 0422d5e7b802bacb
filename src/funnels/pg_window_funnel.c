/*
 * pg_window_funnel.c
 *		The aggregate window_funnel: the level each group reached.
 *
 * Definition: reference/journeys.md, 2.1 to 2.4 and 2.7.
 *
 * R-WF-1	Without a mode as ClickHouse: a row may serve several steps, and
 *			steps may share an instant.
 * R-WF-2	The window counts from step 1, its end included; months and days
 *			follow the calendar of the session TimeZone.
 * R-WF-3	No rows, or none that matches step 1: level 0.
 * R-WF-4	The transition allocates nothing but the state and its rows, builds
 *			no array with 2 to 8 steps, and looks once at arguments that are
 *			written in the query.
 */
#include "pg_conditions.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../pg/aggregate.h"
#include "../pg/args.h"
#include "../pg/deadline.h"
#include "../pg/host.h"
#include "../pg/span.h"
#include "funnel.h"
#include "pg_window_funnel.h"

/* ---- modes ---- */

uint8
journey_funnel_mode(const char *written)
{
	unsigned	mode;
	const char *word;
	size_t		size;
	char		valid[128];

	switch (jrn_funnel_mode_parse(written, JRN_FUNNEL_AGGREGATE_MODES, &mode, &word, &size))
	{
		case JRN_FUNNEL_MODE_OK:
			break;
		case JRN_FUNNEL_MODE_NEEDS_ORDER:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("mode \"allow_reentry\" needs mode \"strict_order\""),
					 errhint("Write 'strict_order, allow_reentry'.")));
			break;
		case JRN_FUNNEL_MODE_UNKNOWN:
		case JRN_FUNNEL_MODE_EMPTY:
		case JRN_FUNNEL_MODE_ALONE:
			jrn_funnel_mode_words(JRN_FUNNEL_AGGREGATE_MODES, valid, sizeof(valid));
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"mode\" has unknown mode \"%s\"", pnstrdup(word, size)),
					 errhint("Valid modes are %s, separated by commas.", valid)));
			break;
	}
	return (uint8) mode;
}

char *
journey_funnel_mode_text(uint8 mode)
{
	char	   *written = palloc(128);

	jrn_funnel_mode_words(mode, written, 128);
	return written;
}

bool
journey_funnel_mode_sound(uint8 mode)
{
	return (mode & ~JRN_FUNNEL_AGGREGATE_MODES) == 0 &&
		((mode & JRN_FUNNEL_REENTRY) == 0 || (mode & JRN_FUNNEL_ORDER) != 0);
}

bool
journey_funnel_keeps_all(uint8 mode)
{
	return (mode & JRN_FUNNEL_ORDER) != 0;
}

/* ---- transition ---- */

/* What is known of the arguments of a call site. */
typedef struct call_site
{
	bool		constant;		/* within and mode are written in the query */
	uint8		mode;			/* last read */
	Size		size;			/* bytes of raw; 0: none */
	char		raw[128];		/* the mode argument as it came */
} call_site;

static call_site *
new_call_site(FunctionCallInfo fcinfo, int constants)
{
	call_site  *call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(call_site));

	call->constant = journey_constant_arguments(fcinfo, constants);
	fcinfo->flinfo->fn_extra = call;
	return call;
}

static inline call_site *
get_call_site(FunctionCallInfo fcinfo, int constants)
{
	if (unlikely(fcinfo->flinfo->fn_extra == NULL))
		return new_call_site(fcinfo, constants);
	return fcinfo->flinfo->fn_extra;
}

/* The mode of a row; 0 for the forms without one. */
static uint8
read_mode(FunctionCallInfo fcinfo, call_site *call, bool has_mode)
{
	const void *argument;

	if (!has_mode)
		return 0;
	journey_arg_not_null(fcinfo, 2, "mode");
	argument = DatumGetPointer(fcinfo->args[2].value);
	if (VARSIZE_ANY(argument) == call->size && memcmp(argument, call->raw, call->size) == 0)
		return call->mode;
	call->mode = journey_funnel_mode(text_to_cstring(DatumGetTextPP(fcinfo->args[2].value)));
	call->size = 0;
	if (VARSIZE_ANY(argument) <= sizeof(call->raw))
	{
		call->size = VARSIZE_ANY(argument);
		memcpy(call->raw, argument, call->size);
	}
	return call->mode;
}

static journey_condition_state *
new_state(FunctionCallInfo fcinfo, MemoryContext context, uint8 mode, int n)
{
	journey_condition_state *state;

	(void) journey_arg_span(fcinfo, 1, "within");
	state = MemoryContextAlloc(context, sizeof(journey_condition_state));
	state->u.within = *PG_GETARG_INTERVAL_P(1);
	state->kind = JOURNEY_KIND_FUNNEL;
	state->n_conditions = (uint8) n;
	state->mode = mode;
	state->keep_all = journey_funnel_keeps_all(mode);
	jrn_condition_list_init(&state->list);
	return state;
}

/* R-ROWS-2 failed: say which. */
static void
refuse_row(FunctionCallInfo fcinfo, const journey_condition_state *state, uint8 mode, int n)
{
	journey_span before = journey_span_of(&state->u.within, "within");
	journey_span now = journey_arg_span(fcinfo, 1, "within");

	if (memcmp(&before.interval, &now.interval, sizeof(Interval)) != 0)
		journey_refuse_change("within", journey_span_text(&before), journey_span_text(&now));
	if (state->mode != mode)
		journey_refuse_change("mode", journey_funnel_mode_text(state->mode),
							  journey_funnel_mode_text(mode));
	journey_refuse_count("steps", state->n_conditions, n);
}

static inline Datum
add_row(FunctionCallInfo fcinfo, MemoryContext context, bool has_mode, journey_row_conditions row)
{
	call_site  *call = get_call_site(fcinfo, has_mode ? 2 : 1);
	TimestampTz ts = journey_arg_moment(fcinfo, has_mode ? 3 : 2);
	journey_condition_state *state;

	if (PG_ARGISNULL(0))
		state = new_state(fcinfo, context, read_mode(fcinfo, call, has_mode), row.n);
	else
	{
		state = (journey_condition_state *) PG_GETARG_POINTER(0);
		if (unlikely(state->n_conditions != row.n ||
					 (!call->constant &&
					  (PG_ARGISNULL(1) || state->mode != read_mode(fcinfo, call, has_mode) ||
					   memcmp(&state->u.within, PG_GETARG_INTERVAL_P(1), sizeof(Interval)) != 0))))
			refuse_row(fcinfo, state, read_mode(fcinfo, call, has_mode), row.n);
	}
	journey_condition_add(context, state, ts, row.mask);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_window_funnel_add);
Datum
journey_window_funnel_add(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);

	return add_row(fcinfo, context, false, journey_arg_conditions(fcinfo, 3));
}

PG_FUNCTION_INFO_V1(journey_window_funnel_add_array);
Datum
journey_window_funnel_add_array(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);

	return add_row(fcinfo, context, false, journey_array_conditions(fcinfo, 3, "steps"));
}

PG_FUNCTION_INFO_V1(journey_window_funnel_add_mode);
Datum
journey_window_funnel_add_mode(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);

	return add_row(fcinfo, context, true, journey_arg_conditions(fcinfo, 4));
}

PG_FUNCTION_INFO_V1(journey_window_funnel_add_mode_array);
Datum
journey_window_funnel_add_mode_array(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);

	return add_row(fcinfo, context, true, journey_array_conditions(fcinfo, 4, "steps"));
}

/* ---- final ---- */

/* Kept with the call site, so that a million groups allocate nothing. */
typedef struct final_call
{
	jrn_env		env;
	jrn_moments_work work;
	jrn_funnel_work funnel_work;
	journey_deadlines deadlines;
} final_call;

static final_call *
get_final_call(FunctionCallInfo fcinfo)
{
	final_call *call = fcinfo->flinfo->fn_extra;

	if (call == NULL)
	{
		call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(final_call));
		call->env = journey_host_env(fcinfo->flinfo->fn_mcxt);
		jrn_funnel_work_init(&call->funnel_work, &call->env);
		fcinfo->flinfo->fn_extra = call;
	}
	return call;
}

PG_FUNCTION_INFO_V1(journey_window_funnel_final);
Datum
journey_window_funnel_final(PG_FUNCTION_ARGS)
{
	const journey_condition_state *state;
	const jrn_moment *rows;
	final_call *call;
	jrn_funnel	funnel;
	int			level;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_INT32(0);		/* R-WF-3 */
	state = (const journey_condition_state *) PG_GETARG_POINTER(0);
	if (state->kind != JOURNEY_KIND_FUNNEL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the state belongs to another aggregate")));
	if (state->list.count == 0)
		PG_RETURN_INT32(0);
	call = get_final_call(fcinfo);
	journey_check(jrn_condition_list_order(&call->env, &state->list, &call->work, &rows),
				  "the rows of a group");
	journey_deadlines_set(&call->deadlines, &state->u.within, "within");
	memset(&funnel, 0, sizeof(funnel));
	funnel.steps = state->n_conditions;
	funnel.mode = state->mode;
	funnel.deadline = journey_deadlines_end;
	funnel.deadline_arg = &call->deadlines;
	journey_check(jrn_funnel_level(&funnel, &call->funnel_work, rows, state->list.count, &level),
				  "a funnel");
	PG_RETURN_INT32(level);
}
