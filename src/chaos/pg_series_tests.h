/*
 * pg_series_tests.h
 *		What the SQL calls on arrays of a series share: reading the array, and
 *		writing one row.
 *
 * R-SER-1	A NULL, NaN or infinite element is an error (22004) that names its
 *			place; it is never left out, because that would make neighbours
 *			of values that are none.
 * R-SER-2	A NULL argument gives NULL, unless NULL means "choose".
 */
#ifndef JOURNEY_SERIES_TESTS_H
#define JOURNEY_SERIES_TESTS_H

#include "../pg/compat.h"

#include "utils/array.h"

#include "../core/env.h"

#define JOURNEY_SERIES_MAX_COLUMNS 24

/* One array as a call computes on it; all its memory goes with end. */
typedef struct journey_series_call
{
	MemoryContext context;
	jrn_env		env;
	double	   *x;
	int			n;
} journey_series_call;

/* Read argument 0; what names the call, for progress and errors. */
extern void journey_series_begin(journey_series_call *call, FunctionCallInfo fcinfo, const char *what);
/* Context and environment alone. */
extern void journey_series_open(journey_series_call *call, const char *what);
extern void journey_series_end(journey_series_call *call);

/* The place of an element that is NULL is an error (R-SER-1). */
extern void journey_series_refuse_null(int place);

/* Any of the arguments is NULL. */
extern bool journey_any_null(FunctionCallInfo fcinfo, const int *arguments, int count);

/* One result row, filled from left to right. */
typedef struct journey_series_row
{
	TupleDesc	desc;
	int			next;
	Datum		values[JOURNEY_SERIES_MAX_COLUMNS];
	bool		nulls[JOURNEY_SERIES_MAX_COLUMNS];
} journey_series_row;

extern void journey_series_row_begin(journey_series_row *row, FunctionCallInfo fcinfo);
extern void journey_series_row_number(journey_series_row *row, double value);	/* NaN: NULL */
extern void journey_series_row_bigint(journey_series_row *row, int64 value);	/* negative: NULL */
extern void journey_series_row_cstring(journey_series_row *row, const char *value); /* NULL: NULL */
extern void journey_series_row_boolean(journey_series_row *row, bool value, bool exists);
extern Datum journey_series_row_end(journey_series_row *row);

#endif							/* JOURNEY_SERIES_TESTS_H */
