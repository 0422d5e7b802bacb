/*
 * pg_features.c
 *		Aggregates over the events of a group: path_agg and features_agg.
 *
 * All of them collect a jrn_event_list; only the final functions differ.
 *
 * R-AGG-1	The answer depends on the set of rows only: the final function
 *			orders a copy by ts, then touchpoint by bytes, then value.
 * R-AGG-2	Nothing is dropped: a NULL touchpoint or ts, an infinite ts, an
 *			empty or overlong touchpoint, a value that is not finite are
 *			errors that name the argument.  A NULL value is a missing value.
 * R-AGG-3	No rows give NULL.
 */
#include "../pg/compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "../pg/aggregate.h"
#include "../pg/host.h"
#include "event_list.h"
#include "pg_calendar.h"
#include "pg_features_row.h"
#include "reserve.h"

/* ---- transition ---- */

static void
not_null_column(FunctionCallInfo fcinfo, int number, const char *name)
{
	if (PG_ARGISNULL(number))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name),
				 errhint("Leave such rows out with FILTER (WHERE %s IS NOT NULL).", name)));
}

static text *
arg_touchpoint(FunctionCallInfo fcinfo)
{
	text	   *touchpoint;

	not_null_column(fcinfo, 1, "touchpoint");
	touchpoint = PG_GETARG_TEXT_PP(1);
	if (VARSIZE_ANY_EXHDR(touchpoint) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("touchpoint must not be an empty string")));
	if (VARSIZE_ANY_EXHDR(touchpoint) > JRN_MAX_WORD_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("touchpoint of %zu bytes is too long",
						(size_t) VARSIZE_ANY_EXHDR(touchpoint)),
				 errdetail("A touchpoint has at most %zu bytes.", JRN_MAX_WORD_BYTES)));
	return touchpoint;
}

static int64
arg_ts(FunctionCallInfo fcinfo)
{
	TimestampTz ts;

	not_null_column(fcinfo, 2, "ts");
	ts = PG_GETARG_TIMESTAMPTZ(2);
	if (TIMESTAMP_NOT_FINITE(ts))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("ts must be finite, it is \"%s\"",
						TIMESTAMP_IS_NOBEGIN(ts) ? "-infinity" : "infinity")));
	return ts;
}

/* NaN for SQL NULL. */
static double
arg_value(FunctionCallInfo fcinfo)
{
	double		value;

	if (PG_ARGISNULL(3))
		return NAN;
	value = PG_GETARG_FLOAT8(3);
	if (!isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value must be finite, it is %s",
						isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity")));
	return value;
}

static jrn_event_list *
new_list(MemoryContext context, bool has_values)
{
	jrn_event_list *list = MemoryContextAllocZero(context, sizeof(jrn_event_list));

	list->has_values = has_values;
	return list;
}

static Datum
add_event(FunctionCallInfo fcinfo, bool has_values)
{
	MemoryContext context = journey_agg_context(fcinfo);
	jrn_env		env = journey_host_env(context);
	text	   *touchpoint = arg_touchpoint(fcinfo);
	int64		ts = arg_ts(fcinfo);
	double		value = has_values ? arg_value(fcinfo) : NAN;
	jrn_event_list *list;

	list = PG_ARGISNULL(0) ? new_list(context, has_values) :
		(jrn_event_list *) PG_GETARG_POINTER(0);
	journey_check(jrn_event_list_add(&env, list, VARDATA_ANY(touchpoint),
									 VARSIZE_ANY_EXHDR(touchpoint), ts, value),
				  "the events of a group");
	PG_RETURN_POINTER(list);
}

PG_FUNCTION_INFO_V1(journey_events_add);
Datum
journey_events_add(PG_FUNCTION_ARGS)
{
	return add_event(fcinfo, false);
}

PG_FUNCTION_INFO_V1(journey_events_add_value);
Datum
journey_events_add_value(PG_FUNCTION_ARGS)
{
	return add_event(fcinfo, true);
}

/* ---- combine and travel ---- */

PG_FUNCTION_INFO_V1(journey_events_combine);
Datum
journey_events_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	jrn_env		env = journey_host_env(context);
	jrn_event_list *list = PG_ARGISNULL(0) ? NULL : (jrn_event_list *) PG_GETARG_POINTER(0);
	const jrn_event_list *other;

	JOURNEY_AGG_SKIP_NULL();
	other = (const jrn_event_list *) PG_GETARG_POINTER(1);
	if (list == NULL)
		list = new_list(context, other->has_values);
	journey_check(jrn_event_list_merge(&env, list, other), "the events of a group");
	PG_RETURN_POINTER(list);
}

PG_FUNCTION_INFO_V1(journey_events_serialize);
Datum
journey_events_serialize(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	const jrn_event_list *list;
	Size		size;
	bytea	   *wire;

	(void) journey_agg_context(fcinfo);
	list = (const jrn_event_list *) PG_GETARG_POINTER(0);
	size = jrn_event_list_wire_size(list) + VARHDRSZ;
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a group of %zu events is too large to be sent between parallel workers",
						list->count),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	wire = palloc(size);
	SET_VARSIZE(wire, size);
	journey_check(jrn_event_list_encode(&env, list, (unsigned char *) VARDATA(wire)),
				  "the events of a group");
	PG_RETURN_BYTEA_P(wire);
}

/* The list lives in the current context: combine copies what it keeps. */
PG_FUNCTION_INFO_V1(journey_events_deserialize);
Datum
journey_events_deserialize(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_event_list *list;
	bytea	   *wire;
	jrn_status	status;

	(void) journey_agg_context(fcinfo);
	wire = PG_GETARG_BYTEA_PP(0);
	list = new_list(CurrentMemoryContext, false);
	status = jrn_event_list_decode(&env, (const unsigned char *) VARDATA_ANY(wire),
								   VARSIZE_ANY_EXHDR(wire), list);
	if (status == JRN_CORRUPT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid state of an aggregate over events")));
	journey_check(status, "the events of a group");
	PG_RETURN_POINTER(list);
}

/* ---- final ---- */

/* Kept with the call site, so that a million groups allocate nothing. */
typedef struct final_call
{
	MemoryContext context;
	jrn_env		env;
	jrn_order_work order;
	jrn_features_work work;
	journey_features_writer writer;
	journey_calendar calendar;
	TupleDesc	desc;
	const text **texts;			/* by rank */
	size_t		texts_capacity;
	char	   *bytes;			/* what texts point into */
	size_t		bytes_capacity;
} final_call;

static final_call *
get_final_call(FunctionCallInfo fcinfo)
{
	final_call *call = fcinfo->flinfo->fn_extra;

	if (call == NULL)
	{
		call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(final_call));
		call->context = fcinfo->flinfo->fn_mcxt;
		call->env = journey_host_env(call->context);
		jrn_features_work_init(&call->work);
		journey_features_writer_init(&call->writer, call->context);
		journey_calendar_init(&call->calendar, call->context);
		fcinfo->flinfo->fn_extra = call;
	}
	return call;
}

/* call->texts[rank] for all labels of a list. */
static void
make_texts(final_call *call, const jrn_vocabulary *labels, const uint32_t *codes)
{
	Size		size = 0;
	char	   *place;
	uint32_t	rank;

	for (rank = 0; rank < labels->count; rank++)
		size += INTALIGN(VARHDRSZ + labels->words[rank].size);
	journey_check(jrn_reserve(&call->env, size, &call->bytes_capacity, 1, &call->bytes),
				  "touchpoints");
	journey_check(jrn_reserve(&call->env, labels->count, &call->texts_capacity,
							  sizeof(text *), &call->texts), "touchpoints");
	place = call->bytes;
	for (rank = 0; rank < labels->count; rank++)
	{
		size_t		length;
		const char *bytes = jrn_vocabulary_bytes(labels, codes[rank], &length);

		SET_VARSIZE(place, VARHDRSZ + length);
		memcpy(VARDATA(place), bytes, length);
		call->texts[rank] = (const text *) place;
		place += INTALIGN(VARHDRSZ + length);
	}
}

PG_FUNCTION_INFO_V1(journey_path_agg_final);
Datum
journey_path_agg_final(PG_FUNCTION_ARGS)
{
	final_call *call;
	const jrn_event_list *list;
	jrn_ordered ordered;
	Size		size = ARR_OVERHEAD_NONULLS(1);
	void	   *array;
	char	   *place;
	size_t		i;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	list = (const jrn_event_list *) PG_GETARG_POINTER(0);
	call = get_final_call(fcinfo);
	journey_check(jrn_event_list_order(&call->env, list, &call->order, &ordered), "a path");
	make_texts(call, &list->labels, ordered.codes);
	for (i = 0; i < ordered.n; i++)
		size += journey_element_size(call->texts[ordered.events[i].label]);
	if (!AllocSizeIsValid(size) || ordered.n > MaxArraySize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a path of %zu events and %zu bytes is more than an array can hold",
						ordered.n, size)));
	array = palloc(size);
	place = journey_array_header(array, size, TEXTOID, (int) ordered.n);
	for (i = 0; i < ordered.n; i++)
	{
		place = journey_element_put(place, call->texts[ordered.events[i].label]);
		if ((i & 0x3fff) == 0x3fff)
			CHECK_FOR_INTERRUPTS();
	}
	PG_RETURN_POINTER(array);
}

static TupleDesc
result_desc(FunctionCallInfo fcinfo, final_call *call)
{
	MemoryContext old;

	if (call->desc != NULL)
		return call->desc;
	old = MemoryContextSwitchTo(call->context);
	if (get_call_result_type(fcinfo, NULL, &call->desc) != TYPEFUNC_COMPOSITE ||
		call->desc->natts < JOURNEY_FEATURES_COLUMNS)
	{
		call->desc = NULL;
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("type journey.journey_features does not have its columns")));
	}
	call->desc = BlessTupleDesc(call->desc);
	MemoryContextSwitchTo(old);
	return call->desc;
}

PG_FUNCTION_INFO_V1(journey_features_agg_final);
Datum
journey_features_agg_final(PG_FUNCTION_ARGS)
{
	final_call *call;
	const jrn_event_list *list;
	jrn_ordered ordered;
	jrn_features_options options = {0};
	jrn_features features;
	jrn_status	status;
	TupleDesc	desc;
	Datum		values[JOURNEY_FEATURES_COLUMNS];
	bool		isnull[JOURNEY_FEATURES_COLUMNS];

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	list = (const jrn_event_list *) PG_GETARG_POINTER(0);
	call = get_final_call(fcinfo);
	desc = result_desc(fcinfo, call);
	journey_check(jrn_event_list_order(&call->env, list, &call->order, &ordered),
				  "features of a journey");
	options.n_labels = (uint32_t) list->labels.count;
	options.calendar = journey_calendar_cover(&call->calendar, ordered.events[0].ts,
											  ordered.events[ordered.n - 1].ts);
	status = jrn_features_compute(&call->env, &call->work, ordered.events, ordered.n,
								  ordered.values, &options, &features);
	if (status == JRN_NONFINITE)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the sum of value is out of range")));
	journey_check(status, "features of a journey");
	make_texts(call, &list->labels, ordered.codes);
	journey_features_row(&call->writer, &features, call->texts, values, isnull);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, isnull)));
}
