/*
 * pg_conditions.c
 *		Arguments and travelling states of the aggregates over conditions (see
 *		pg_conditions.h).
 */
#include "pg_conditions.h"

#include "catalog/pg_type.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../pg/aggregate.h"
#include "../pg/host.h"
#include "../pg/span.h"
#include "pg_window_funnel.h"

/* ---- arguments ---- */

journey_row_conditions
journey_array_conditions(FunctionCallInfo fcinfo, int number, const char *name)
{
	journey_row_conditions row = {0, 0};
	ArrayType  *array;
	const uint8 *present;
	const bool *values;
	int			i;

	if (PG_ARGISNULL(number))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", name)));
	array = PG_GETARG_ARRAYTYPE_P(number);
	if (ARR_ELEMTYPE(array) != BOOLOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("argument \"%s\" must be of type boolean[]", name)));
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"%s\" must have one dimension, it has %d", name, ARR_NDIM(array))));
	row.n = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	if (row.n < 1 || row.n > JRN_MAX_CONDITIONS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" has %d conditions, it must have between 1 and %d",
						name, row.n, JRN_MAX_CONDITIONS)));
	present = ARR_NULLBITMAP(array);
	values = (const bool *) ARR_DATA_PTR(array);
	for (i = 0; i < row.n; i++)
		if (present == NULL || (present[i / 8] >> (i % 8) & 1) != 0)
			row.mask |= (uint64) (*values++ != 0) << i;
	return row;
}

bool
journey_constant_arguments(FunctionCallInfo fcinfo, int n)
{
	const Aggref *aggregate = AggGetAggref(fcinfo);
	ListCell   *cell;

	if (aggregate == NULL)
		return false;
	foreach(cell, aggregate->args)
	{
		if (n-- == 0)
			return true;
		if (!IsA(lfirst_node(TargetEntry, cell)->expr, Const))
			return false;
	}
	return n == 0;
}

void
journey_refuse_ts(bool isnull, TimestampTz ts)
{
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("ts must not be null"),
				 errhint("Leave such rows out with FILTER (WHERE ts IS NOT NULL).")));
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("ts must be finite, it is \"%s\"",
					TIMESTAMP_IS_NOBEGIN(ts) ? "-infinity" : "infinity")));
}

void
journey_refuse_change(const char *name, const char *before, const char *now)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"%s\" must be the same in all rows of a group", name),
			 errdetail("It is \"%s\" in one row and \"%s\" in another.", before, now)));
}

void
journey_refuse_count(const char *name, int before, int now)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"%s\" must have as many conditions in all rows of a group", name),
			 errdetail("It has %d in one row and %d in another.", before, now)));
}

void
journey_condition_grow(MemoryContext context, journey_condition_state *state, TimestampTz ts,
					   uint64 mask)
{
	jrn_env		env = journey_host_env(context);

	journey_check(jrn_condition_list_add(&env, &state->list, ts, mask), "the rows of a group");
}

/* ---- combine and travel ---- */

static char *
interval_text(const Interval *interval)
{
	return DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(interval)));
}

/* R-ROWS-2, across partial states. */
static void
check_alike(const journey_condition_state *a, const journey_condition_state *b)
{
	if (a->kind != b->kind)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("states of different aggregates cannot be combined")));
	if (a->n_conditions != b->n_conditions)
		journey_refuse_count(a->kind == JOURNEY_KIND_FUNNEL ? "steps" : "conditions",
							 a->n_conditions, b->n_conditions);
	if (a->kind == JOURNEY_KIND_SEQUENCE)
	{
		if (!journey_same_text(a->u.pattern, b->u.pattern))
			journey_refuse_change("pattern", text_to_cstring(a->u.pattern),
								  text_to_cstring(b->u.pattern));
		return;
	}
	if (memcmp(&a->u.within, &b->u.within, sizeof(Interval)) != 0)
		journey_refuse_change("within", interval_text(&a->u.within), interval_text(&b->u.within));
	if (a->mode != b->mode)
		journey_refuse_change("mode", journey_funnel_mode_text(a->mode),
							  journey_funnel_mode_text(b->mode));
}

static text *
copy_text(MemoryContext context, const text *from)
{
	text	   *copy = MemoryContextAlloc(context, VARSIZE(from));

	memcpy(copy, from, VARSIZE(from));
	return copy;
}

PG_FUNCTION_INFO_V1(journey_conditions_combine);
Datum
journey_conditions_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	jrn_env		env = journey_host_env(context);
	journey_condition_state *state = PG_ARGISNULL(0) ? NULL :
		(journey_condition_state *) PG_GETARG_POINTER(0);
	const journey_condition_state *other;

	JOURNEY_AGG_SKIP_NULL();
	other = (const journey_condition_state *) PG_GETARG_POINTER(1);
	if (state == NULL)
	{
		state = MemoryContextAlloc(context, sizeof(journey_condition_state));
		*state = *other;
		if (state->kind == JOURNEY_KIND_SEQUENCE)
			state->u.pattern = copy_text(context, other->u.pattern);
		jrn_condition_list_init(&state->list);
	}
	else
		check_alike(state, other);
	journey_check(jrn_condition_list_merge(&env, &state->list, &other->list),
				  "the rows of a group");
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_conditions_serialize);
Datum
journey_conditions_serialize(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	const journey_condition_state *state;
	jrn_condition_parameters parameters;
	Size		size;
	bytea	   *wire;

	(void) journey_agg_context(fcinfo);
	state = (const journey_condition_state *) PG_GETARG_POINTER(0);
	memset(&parameters, 0, sizeof(parameters));
	parameters.kind = state->kind;
	parameters.n_conditions = state->n_conditions;
	parameters.mode = state->mode;
	if (state->kind == JOURNEY_KIND_SEQUENCE)
	{
		parameters.text = VARDATA(state->u.pattern);
		parameters.text_size = VARSIZE(state->u.pattern) - VARHDRSZ;
	}
	else
	{
		parameters.months = state->u.within.month;
		parameters.days = state->u.within.day;
		parameters.microseconds = state->u.within.time;
	}
	size = jrn_condition_wire_size(&parameters, &state->list) + VARHDRSZ;
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a group of %u events is too large to be sent between parallel workers",
						state->list.count),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	wire = palloc(size);
	SET_VARSIZE(wire, size);
	journey_check(jrn_condition_encode(&env, &parameters, &state->list,
									   (unsigned char *) VARDATA(wire)), "the rows of a group");
	PG_RETURN_BYTEA_P(wire);
}

/* What only this side can judge: the interval and the mode. */
static bool
parameters_are_sound(const jrn_condition_parameters *parameters)
{
	if (parameters->kind == JOURNEY_KIND_SEQUENCE)
		return parameters->mode == 0 && parameters->months == 0 && parameters->days == 0 &&
			parameters->microseconds == 0;
	return parameters->kind == JOURNEY_KIND_FUNNEL && parameters->text_size == 0 &&
		journey_funnel_mode_sound(parameters->mode) &&
		parameters->months >= 0 && parameters->days >= 0 && parameters->microseconds >= 0 &&
		(parameters->months > 0 || parameters->days > 0 || parameters->microseconds > 0);
}

/* The state lives in the current context: combine copies what it keeps. */
PG_FUNCTION_INFO_V1(journey_conditions_deserialize);
Datum
journey_conditions_deserialize(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	journey_condition_state *state;
	jrn_condition_parameters parameters;
	bytea	   *wire;
	jrn_status	status;

	(void) journey_agg_context(fcinfo);
	wire = PG_GETARG_BYTEA_PP(0);
	state = palloc0(sizeof(journey_condition_state));
	status = jrn_condition_decode(&env, (const unsigned char *) VARDATA_ANY(wire),
								  VARSIZE_ANY_EXHDR(wire), &parameters, &state->list);
	if (status == JRN_CORRUPT || (status == JRN_OK && !parameters_are_sound(&parameters)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid state of an aggregate over conditions")));
	journey_check(status, "the rows of a group");
	state->kind = parameters.kind;
	state->n_conditions = parameters.n_conditions;
	state->mode = parameters.mode;
	if (state->kind == JOURNEY_KIND_SEQUENCE)
		state->u.pattern = cstring_to_text_with_len(parameters.text, (int) parameters.text_size);
	else
	{
		state->u.within.month = parameters.months;
		state->u.within.day = parameters.days;
		state->u.within.time = parameters.microseconds;
		state->keep_all = journey_funnel_keeps_all(state->mode);
	}
	PG_RETURN_POINTER(state);
}
