/*
 * pg_series_tests.c
 *		Arrays of a series in, one row out (see pg_series_tests.h).
 */
#include "pg_series_tests.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/progress.h"

void
journey_series_refuse_null(int place)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("element %d of array \"x\" is null", place),
			 errhint("A gap must not be closed up: fill it, or pass the longest stretch without one.")));
}

static void
check_shape(ArrayType *array)
{
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"x\" must have one dimension, it has %d", ARR_NDIM(array))));
	if (ARR_NDIM(array) == 1 && ARR_DIMS(array)[0] > JOURNEY_MAX_ARRAY_ELEMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("array \"x\" has %d elements, the limit is %d",
						ARR_DIMS(array)[0], JOURNEY_MAX_ARRAY_ELEMENTS)));
}

/* R-SER-1 */
static void
check_elements(ArrayType *array, int count)
{
	bits8	   *bitmap = ARR_NULLBITMAP(array);
	const double *values = (const double *) ARR_DATA_PTR(array);
	int			i;

	for (i = 0; i < count; i++)
	{
		if (bitmap != NULL && (bitmap[i / 8] & (1 << (i % 8))) == 0)
			journey_series_refuse_null(i + 1);
		if (!isfinite(*values++))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("element %d of array \"x\" is not finite", i + 1)));
	}
}

void
journey_series_open(journey_series_call *call, const char *what)
{
	call->context = AllocSetContextCreate(CurrentMemoryContext, "journey series", ALLOCSET_DEFAULT_SIZES);
	call->env = journey_host_env(call->context);
	journey_progress_watch(call->context, what);
}

void
journey_series_begin(journey_series_call *call, FunctionCallInfo fcinfo, const char *what)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);

	check_shape(array);
	call->n = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	check_elements(array, call->n);
	call->x = (double *) ARR_DATA_PTR(array);
	journey_series_open(call, what);
}

void
journey_series_end(journey_series_call *call)
{
	journey_progress_unwatch();
	MemoryContextDelete(call->context);
}

bool
journey_any_null(FunctionCallInfo fcinfo, const int *arguments, int count)
{
	int			i;

	for (i = 0; i < count; i++)
		if (PG_ARGISNULL(arguments[i]))
			return true;
	return false;
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
