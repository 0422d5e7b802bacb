/*
 * rows.h
 *		Rows of a set-returning function, written column by column.
 *
 * Usage:
 *		journey_rows rows;
 *		journey_rows_begin(&rows, fcinfo, 3, "transitions");
 *		journey_rows_cstring(&rows, 0, name);
 *		journey_rows_bigint(&rows, 1, n);
 *		journey_rows_number(&rows, 2, share);
 *		journey_rows_put(&rows);
 *
 * A column that is not set in a row is NULL there.
 */
#ifndef JOURNEY_ROWS_H
#define JOURNEY_ROWS_H

#include "compat.h"

#include <math.h>

#include "utils/timestamp.h"

#include "keys.h"

/* The most columns such a result may have. */
#define JOURNEY_ROWS_MAX_COLUMNS 64

typedef struct journey_rows
{
	ReturnSetInfo *result;
	int			columns;
	MemoryContext context;		/* of one row's values; reset by put */
	Datum		values[JOURNEY_ROWS_MAX_COLUMNS];
	bool		nulls[JOURNEY_ROWS_MAX_COLUMNS];
} journey_rows;

/*
 * Prepare the result; the declared row type must have this many columns.
 * what names the function, for the error when it has not.
 */
extern void journey_rows_begin(journey_rows *rows, FunctionCallInfo fcinfo, int columns,
							   const char *what);

/* Type of a result column, such as the customer_id a caller asked for. */
extern Oid	journey_rows_type(const journey_rows *rows, int column);

static inline void
journey_rows_datum(journey_rows *rows, int column, Datum value)
{
	rows->values[column] = value;
	rows->nulls[column] = false;
}

/* NaN is NULL. */
static inline void
journey_rows_number(journey_rows *rows, int column, double value)
{
	rows->values[column] = Float8GetDatum(value);
	rows->nulls[column] = isnan(value);
}

static inline void
journey_rows_bigint(journey_rows *rows, int column, int64 value)
{
	journey_rows_datum(rows, column, Int64GetDatum(value));
}

static inline void
journey_rows_integer(journey_rows *rows, int column, int32 value)
{
	journey_rows_datum(rows, column, Int32GetDatum(value));
}

static inline void
journey_rows_boolean(journey_rows *rows, int column, bool value)
{
	journey_rows_datum(rows, column, BoolGetDatum(value));
}

static inline void
journey_rows_time(journey_rows *rows, int column, TimestampTz value)
{
	journey_rows_datum(rows, column, TimestampTzGetDatum(value));
}

/* The bytes are copied; NULL is NULL. */
extern void journey_rows_bytes(journey_rows *rows, int column, const char *bytes, Size size);
extern void journey_rows_cstring(journey_rows *rows, int column, const char *string);

/* Canonical bytes of a key as the type of the column (see keys.h). */
extern void journey_rows_key(journey_rows *rows, int column, journey_key_kind kind,
							 const char *bytes, Size size);

/*
 * Arrays without NULLs.  count 0 gives an empty array; the numbers must not
 * be NaN.
 */
extern void journey_rows_number_array(journey_rows *rows, int column, const double *values, int count);
extern void journey_rows_time_array(journey_rows *rows, int column, const int64 *values, int count);

/* Write the row and begin the next one with every column NULL. */
extern void journey_rows_put(journey_rows *rows);

#endif							/* JOURNEY_ROWS_H */
