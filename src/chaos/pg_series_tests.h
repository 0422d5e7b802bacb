/*
 * pg_series_tests.h
 *		What the SQL calls of tests of series share beside the reading of an
 *		array (pg_series_neighbours.h): writing one row.
 */
#ifndef JOURNEY_SERIES_TESTS_H
#define JOURNEY_SERIES_TESTS_H

#include "pg_series_neighbours.h"

#define JOURNEY_SERIES_MAX_COLUMNS 24

/* Context and environment of a call without a series of numbers. */
extern void journey_series_open(journey_neighbour_call *call, const char *what);

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
