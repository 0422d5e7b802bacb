/*
 * pg_fit_arrays.h
 *		What fit_linear, fit_logistic and fit_poisson share: arguments (y, x [, weight]) of
 *		one row, and the model whose features are x1, x2, ...
 *
 * R-ARR-1	A NULL y, x, element or weight is an error, not a row left out: a
 *			model of the rows that happen to be complete is rarely the one that
 *			was asked for, and FILTER says so where it is.
 * R-ARR-2	NaN and infinity are errors naming argument and element.
 * R-ARR-3	All x of a group have one length, at most JRN_MAX_COLUMNS.
 * R-ARR-4	A row of weight 0 does not count, and nothing else of it is read;
 *			a negative weight is an error.
 * R-ARR-5	A negative y of fit_poisson is an error.
 */
#ifndef JOURNEY_PG_FIT_ARRAYS_H
#define JOURNEY_PG_FIT_ARRAYS_H

#include "../pg/compat.h"

#include "model.h"

typedef struct journey_array_row
{
	double		y;
	double		weight;			/* 1 without the argument */
	const double *x;
	int			p;				/* elements of x */
} journey_array_row;

/*
 * Read arguments 1 (y), 2 (x) and, if there is one, 3 (weight).  False: the
 * row does not count.  O(p).
 */
extern bool journey_array_row_read(FunctionCallInfo fcinfo, bool binary, journey_array_row *row);

/* Raise 2202E unless two lengths of x agree. */
extern void journey_array_check_length(int got, int before);

/* The same with y at another place, x and weight after it. */
extern bool journey_array_row_read_at(FunctionCallInfo fcinfo, int y, bool binary,
									  journey_array_row *row);

/* journey.model of target y and number features x1, x2, ... */
extern Datum journey_array_model(const jrn_model *model);

#endif							/* JOURNEY_PG_FIT_ARRAYS_H */
