/*
 * pg_series_neighbours.h
 *		What the SQL calls on neighbours of a series share: reading the array
 *		and the arguments.
 *
 * R-SNB-1	A NULL, NaN or infinite element is an error (22004) that names its
 *			place: a gap that is closed up makes neighbours of what are none.
 * R-SNB-2	A NULL argument gives NULL or no row, unless NULL means "choose".
 */
#ifndef JOURNEY_SERIES_NEIGHBOURS_H
#define JOURNEY_SERIES_NEIGHBOURS_H

#include "../pg/compat.h"

#include "../core/env.h"

/* One array as a call computes on it; the memory of the call goes with end. */
typedef struct journey_neighbour_call
{
	MemoryContext context;
	jrn_env		env;
	const double *x;
	size_t		n;
} journey_neighbour_call;

/* Read argument 0; what names the call, for progress. */
extern void journey_neighbours_begin(journey_neighbour_call *call, FunctionCallInfo fcinfo, const char *what);
extern void journey_neighbours_end(journey_neighbour_call *call);

/* Whether an argument is NULL whose NULL does not mean "choose". */
extern bool journey_neighbours_any_null(FunctionCallInfo fcinfo, const int *arguments, int count);

/* An integer in [low, high]; JRN_SERIES_DEFAULT for NULL. */
extern int32 journey_neighbours_choice(FunctionCallInfo fcinfo, int number, const char *name, int32 low, int32 high);

#endif							/* JOURNEY_SERIES_NEIGHBOURS_H */
