/*
 * rows.c
 *		Rows of a set-returning function (see rows.h).
 */
#include "rows.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

void
journey_rows_begin(journey_rows *rows, FunctionCallInfo fcinfo, int columns, const char *what)
{
	journey_init_materialized(fcinfo);
	rows->result = (ReturnSetInfo *) fcinfo->resultinfo;
	rows->columns = columns;
	if (columns > JOURNEY_ROWS_MAX_COLUMNS || rows->result->setDesc->natts != columns)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the result of %s must have %d columns", what, columns)));
	rows->context = AllocSetContextCreate(CurrentMemoryContext, "journey result row",
										  ALLOCSET_SMALL_SIZES);
	memset(rows->nulls, true, sizeof(rows->nulls));
}

Oid
journey_rows_type(const journey_rows *rows, int column)
{
	return TupleDescAttr(rows->result->setDesc, column)->atttypid;
}

void
journey_rows_bytes(journey_rows *rows, int column, const char *bytes, Size size)
{
	text	   *made;

	if (bytes == NULL)
		return;
	made = MemoryContextAlloc(rows->context, VARHDRSZ + size);
	SET_VARSIZE(made, VARHDRSZ + size);
	memcpy(VARDATA(made), bytes, size);
	journey_rows_datum(rows, column, PointerGetDatum(made));
}

void
journey_rows_cstring(journey_rows *rows, int column, const char *string)
{
	if (string != NULL)
		journey_rows_bytes(rows, column, string, strlen(string));
}

void
journey_rows_key(journey_rows *rows, int column, journey_key_kind kind, const char *bytes, Size size)
{
	MemoryContext old = MemoryContextSwitchTo(rows->context);

	journey_rows_datum(rows, column,
					   journey_key_datum(kind, bytes, size, journey_rows_type(rows, column)));
	MemoryContextSwitchTo(old);
}

/* An array of fixed-width values passed like float8. */
static void
put_array(journey_rows *rows, int column, const void *values, int count, Oid type, bool byval)
{
	MemoryContext old = MemoryContextSwitchTo(rows->context);
	Datum	   *datums = palloc(sizeof(Datum) * Max(count, 1));
	int			i;

	for (i = 0; i < count; i++)
		datums[i] = type == FLOAT8OID ? Float8GetDatum(((const double *) values)[i]) :
			TimestampTzGetDatum(((const int64 *) values)[i]);
	journey_rows_datum(rows, column,
					   PointerGetDatum(construct_array(datums, count, type, 8, byval, 'd')));
	MemoryContextSwitchTo(old);
}

void
journey_rows_number_array(journey_rows *rows, int column, const double *values, int count)
{
	put_array(rows, column, values, count, FLOAT8OID, FLOAT8PASSBYVAL);
}

void
journey_rows_time_array(journey_rows *rows, int column, const int64 *values, int count)
{
	put_array(rows, column, values, count, TIMESTAMPTZOID, FLOAT8PASSBYVAL);
}

void
journey_rows_put(journey_rows *rows)
{
	tuplestore_putvalues(rows->result->setResult, rows->result->setDesc, rows->values, rows->nulls);
	memset(rows->nulls, true, sizeof(bool) * (Size) rows->columns);
	MemoryContextReset(rows->context);
}
