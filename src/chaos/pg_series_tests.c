/*
 * pg_series_tests.c
 *		One row of figures (see pg_series_tests.h).
 */
#include "pg_series_tests.h"

#include <math.h>

#include "access/htup_details.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../pg/host.h"
#include "../pg/progress.h"

void
journey_series_open(journey_neighbour_call *call, const char *what)
{
	call->context = AllocSetContextCreate(CurrentMemoryContext, "journey series", ALLOCSET_DEFAULT_SIZES);
	call->env = journey_host_env(call->context);
	journey_progress_watch(call->context, what);
}

void
journey_series_row_begin(journey_series_row *row, FunctionCallInfo fcinfo)
{
	row->next = 0;
	if (get_call_result_type(fcinfo, NULL, &row->desc) != TYPEFUNC_COMPOSITE ||
		row->desc->natts > JOURNEY_SERIES_MAX_COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the result must be a row")));
	row->desc = BlessTupleDesc(row->desc);
}

static void
put(journey_series_row *row, Datum value, bool is_null)
{
	row->values[row->next] = value;
	row->nulls[row->next] = is_null;
	row->next++;
}

void
journey_series_row_number(journey_series_row *row, double value)
{
	put(row, Float8GetDatum(value), isnan(value));
}

void
journey_series_row_bigint(journey_series_row *row, int64 value)
{
	put(row, Int64GetDatum(value), value < 0);
}

void
journey_series_row_cstring(journey_series_row *row, const char *value)
{
	put(row, value == NULL ? (Datum) 0 : CStringGetTextDatum(value), value == NULL);
}

void
journey_series_row_boolean(journey_series_row *row, bool value, bool exists)
{
	put(row, BoolGetDatum(value), !exists);
}

Datum
journey_series_row_end(journey_series_row *row)
{
	if (row->next != row->desc->natts)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("a row of %d columns was asked for, it has %d", row->desc->natts, row->next)));
	return HeapTupleGetDatum(heap_form_tuple(row->desc, row->values, row->nulls));
}
