/*
 * pg_sequences.c
 *		The aggregates sequence_match, sequence_count and
 *		sequence_match_events.
 *
 * All three collect the rows where a condition holds; the final functions ask
 * the matcher.  A pattern is compiled once per query, in the transition to
 * refuse it at the first row, in the final to use it.
 *
 * R-SEQ-1	No rows, or none where a condition holds: no match.
 * R-SEQ-2	A pattern that names a condition that was not given is refused.
 */
#include "pg_conditions.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../pg/aggregate.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "matcher.h"

/* A pattern compiled for a call site. */
typedef struct compiled
{
	bool		constant;		/* the pattern is written in the query */
	MemoryContext context;		/* of all below; a child, reset with the pattern */
	const text *pattern;		/* NULL: none yet */
	jrn_pattern graph;
	jrn_matcher matcher;
	jrn_moments_work work;
} compiled;

static compiled *
get_compiled(FunctionCallInfo fcinfo)
{
	compiled   *call = fcinfo->flinfo->fn_extra;

	if (call == NULL)
	{
		call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(compiled));
		call->context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "sequence pattern",
											  ALLOCSET_SMALL_SIZES);
		call->constant = journey_constant_arguments(fcinfo, 1);
		fcinfo->flinfo->fn_extra = call;
	}
	return call;
}

/* The line under the pattern that points at a byte. */
static char *
caret(const char *pattern, size_t at)
{
	int			column = pg_mbstrlen_with_len(pattern, (int) at);

	return psprintf("The pattern:\n%s\n%*s^", pattern, column, "");
}

static void
refuse_pattern(const text *pattern, jrn_status status, const jrn_pattern_error *error)
{
	char	   *written = text_to_cstring(pattern);

	ereport(ERROR,
			(errcode(status == JRN_LIMIT ? ERRCODE_PROGRAM_LIMIT_EXCEEDED : ERRCODE_SYNTAX_ERROR),
			 errmsg("invalid pattern at position %d: %s",
					pg_mbstrlen_with_len(written, (int) error->at) + 1, error->message),
			 errdetail_internal("%s", strlen(written) > 1000 ? "" : caret(written, error->at)),
			 errhint("A pattern is made of (?1), ., .*, (?t<=10), (?1){2,3}, ((?1)|(?2)), and (?w<=60) at its front.")));
}

/* R-SEQ-2 */
static void
check_conditions(const jrn_pattern *graph, const text *pattern, int n)
{
	if (graph->highest_condition <= n)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("pattern names condition %d at position %d, but %d %s given",
					graph->highest_condition,
					pg_mbstrlen_with_len(VARDATA(pattern), (int) graph->highest_at) + 1,
					n, n == 1 ? "condition is" : "conditions are"),
			 errdetail_internal("%s", VARSIZE(pattern) > 1000 ? "" :
								caret(text_to_cstring(pattern), graph->highest_at))));
}

/* Compile a pattern, unless it is the one at hand. */
static void
compile(compiled *call, const text *pattern)
{
	jrn_env		env = journey_host_env(call->context);
	jrn_pattern_error error;
	jrn_status	status;
	text	   *copy;

	if (call->pattern != NULL && journey_same_text(pattern, call->pattern))
		return;
	call->pattern = NULL;
	MemoryContextReset(call->context);
	memset(&call->work, 0, sizeof(call->work));
	status = jrn_pattern_compile(&env, VARDATA(pattern), VARSIZE(pattern) - VARHDRSZ,
								 &call->graph, &error);
	if (error.message != NULL && status != JRN_OK)
		refuse_pattern(pattern, status, &error);
	journey_check(status, "a pattern");
	journey_check(jrn_matcher_init(&env, &call->graph, &call->matcher), "a pattern");
	copy = MemoryContextAlloc(call->context, VARSIZE(pattern));
	memcpy(copy, pattern, VARSIZE(pattern));
	call->pattern = copy;
}

/* ---- transition ---- */

static journey_condition_state *
new_state(FunctionCallInfo fcinfo, MemoryContext context, const text *argument, int n)
{
	compiled   *call = get_compiled(fcinfo);
	journey_condition_state *state = MemoryContextAllocZero(context, sizeof(journey_condition_state));
	text	   *pattern = MemoryContextAlloc(context, VARSIZE_ANY_EXHDR(argument) + VARHDRSZ);

	SET_VARSIZE(pattern, VARSIZE_ANY_EXHDR(argument) + VARHDRSZ);
	memcpy(VARDATA(pattern), VARDATA_ANY(argument), VARSIZE_ANY_EXHDR(argument));
	compile(call, pattern);
	check_conditions(&call->graph, pattern, n);
	state->kind = JOURNEY_KIND_SEQUENCE;
	state->n_conditions = (uint8) n;
	state->u.pattern = pattern;
	jrn_condition_list_init(&state->list);
	return state;
}

/* R-ROWS-2 */
static void
check_row(FunctionCallInfo fcinfo, const journey_condition_state *state, int n)
{
	const text *pattern;

	journey_arg_not_null(fcinfo, 1, "pattern");
	pattern = PG_GETARG_TEXT_PP(1);
	if (VARSIZE_ANY_EXHDR(pattern) != VARSIZE(state->u.pattern) - VARHDRSZ ||
		memcmp(VARDATA_ANY(pattern), VARDATA(state->u.pattern), VARSIZE_ANY_EXHDR(pattern)) != 0)
		journey_refuse_change("pattern", text_to_cstring(state->u.pattern),
							  text_to_cstring(pattern));
	if (n != state->n_conditions)
		journey_refuse_count("conditions", state->n_conditions, n);
}

static Datum
add_row(FunctionCallInfo fcinfo, MemoryContext context, journey_row_conditions row)
{
	journey_condition_state *state;
	TimestampTz ts;

	if (PG_ARGISNULL(0))
	{
		journey_arg_not_null(fcinfo, 1, "pattern");
		ts = journey_arg_moment(fcinfo, 2);
		state = new_state(fcinfo, context, PG_GETARG_TEXT_PP(1), row.n);
	}
	else
	{
		state = (journey_condition_state *) PG_GETARG_POINTER(0);
		ts = journey_arg_moment(fcinfo, 2);
		if (!get_compiled(fcinfo)->constant || row.n != state->n_conditions)
			check_row(fcinfo, state, row.n);
	}
	journey_condition_add(context, state, ts, row.mask);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_sequence_add);
Datum
journey_sequence_add(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);

	return add_row(fcinfo, context, journey_arg_conditions(fcinfo, 3));
}

PG_FUNCTION_INFO_V1(journey_sequence_add_array);
Datum
journey_sequence_add_array(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);

	return add_row(fcinfo, context, journey_array_conditions(fcinfo, 3, "conditions"));
}

/* ---- final ---- */

/* The rows of a state in order, and its pattern ready to be used. */
static compiled *
prepare(FunctionCallInfo fcinfo, const journey_condition_state *state, const jrn_moment **rows)
{
	compiled   *call = get_compiled(fcinfo);
	jrn_env		env;

	if (state->kind != JOURNEY_KIND_SEQUENCE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the state belongs to another aggregate")));
	compile(call, state->u.pattern);
	check_conditions(&call->graph, state->u.pattern, state->n_conditions);
	env = journey_host_env(call->context);
	journey_check(jrn_condition_list_order(&env, &state->list, &call->work, rows),
				  "the rows of a group");
	return call;
}

PG_FUNCTION_INFO_V1(journey_sequence_match_final);
Datum
journey_sequence_match_final(PG_FUNCTION_ARGS)
{
	const journey_condition_state *state;
	const jrn_moment *rows;
	compiled   *call;
	jrn_env		env;
	uint32		begin,
				end;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_BOOL(false);
	state = (const journey_condition_state *) PG_GETARG_POINTER(0);
	call = prepare(fcinfo, state, &rows);
	env = journey_host_env(call->context);
	journey_check(jrn_matcher_find(&env, &call->matcher, rows, 0, state->list.count, &begin, &end),
				  "the match of a pattern");
	PG_RETURN_BOOL(end != JRN_NO_ROW);
}

PG_FUNCTION_INFO_V1(journey_sequence_count_final);
Datum
journey_sequence_count_final(PG_FUNCTION_ARGS)
{
	const journey_condition_state *state;
	const jrn_moment *rows;
	compiled   *call;
	jrn_env		env;
	int64_t		count;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_INT64(0);
	state = (const journey_condition_state *) PG_GETARG_POINTER(0);
	call = prepare(fcinfo, state, &rows);
	env = journey_host_env(call->context);
	journey_check(jrn_matcher_count(&env, &call->matcher, rows, state->list.count, &count),
				  "the matches of a pattern");
	PG_RETURN_INT64(count);
}

/* The most rows a match from begin to end can show. */
static uint32
most_shown(const jrn_pattern *graph, uint32 begin, uint32 end)
{
	uint32		e;

	/* positions are numbered as written, so only repetition leads back */
	for (e = 0; e < graph->n_edges; e++)
		if (graph->edges[e].to <= graph->edges[e].from)
			return end - begin + 1;
	return Min(end - begin + 1, graph->n_positions);
}

/* A timestamptz[] with room for n elements. */
static ArrayType *
new_times(uint32 n)
{
	Size		size;
	ArrayType  *array;

	if (n > (MaxAllocSize - ARR_OVERHEAD_NONULLS(1)) / sizeof(TimestampTz))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a match of %u events is more than an array can hold", n)));
	size = ARR_OVERHEAD_NONULLS(1) + n * sizeof(TimestampTz);
	array = palloc0(size);
	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = TIMESTAMPTZOID;
	ARR_LBOUND(array)[0] = 1;
	return array;
}

PG_FUNCTION_INFO_V1(journey_sequence_match_events_final);
Datum
journey_sequence_match_events_final(PG_FUNCTION_ARGS)
{
	const journey_condition_state *state;
	const jrn_moment *rows;
	compiled   *call;
	jrn_env		env;
	uint32		begin,
				end,
				n;
	ArrayType  *array;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const journey_condition_state *) PG_GETARG_POINTER(0);
	call = prepare(fcinfo, state, &rows);
	env = journey_host_env(call->context);
	journey_check(jrn_matcher_find(&env, &call->matcher, rows, 0, state->list.count, &begin, &end),
				  "the match of a pattern");
	if (end == JRN_NO_ROW)
		PG_RETURN_NULL();
	array = new_times(most_shown(&call->graph, begin, end));
	journey_check(jrn_matcher_show(&env, &call->matcher, rows, begin, end,
								   (int64_t *) ARR_DATA_PTR(array), &n), "the match of a pattern");
	ARR_DIMS(array)[0] = (int) n;
	SET_VARSIZE(array, ARR_OVERHEAD_NONULLS(1) + n * sizeof(TimestampTz));
	if (n == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(TIMESTAMPTZOID));
	PG_RETURN_ARRAYTYPE_P(array);
}
