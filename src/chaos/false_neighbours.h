/*
 * false_neighbours.h
 *		How many neighbours of a series are neighbours only because too few
 *		coordinates are looked at.
 *
 * Source: Kennel, Brown and Abarbanel 1992; reference/chaos.md 2.4.
 *
 * R-FNN-1	In dimension m, vectors 0 .. n - m delay - 1, each with its nearest
 *			other vector outside the window at a distance d above 0; e is the
 *			difference in the coordinate a dimension more would add.  The
 *			neighbour is false when e/d > 15 or sqrt(d^2 + e^2) > 2 population
 *			standard deviations of the series.
 * R-FNN-2	A dimension is enough when less than 1 % are false (5 % below 2,000
 *			values).  When no dimension up to 6 comes below 10 %, the status of
 *			every row is no_finite_embedding: treat the series as noise.
 * R-FNN-3	Below 100 values, and where fewer than 2 window + 2 vectors exist,
 *			nothing is said (too_short).
 */
#ifndef JRN_FALSE_NEIGHBOURS_H
#define JRN_FALSE_NEIGHBOURS_H

#include "divergence.h"

typedef struct jrn_false_neighbours_row
{
	double		fraction;		/* NaN where nothing is said */
	int64_t		used;
	jrn_series_status status;
} jrn_false_neighbours_row;

/*
 * Rows of dimensions 1 .. max_dimension (at most 20).  The window may be
 * JRN_SERIES_DEFAULT: R-EMB-1 in every dimension.
 */
extern jrn_status jrn_false_neighbours(const jrn_env *env, const double *x, size_t n, int max_dimension,
									   int64_t delay, int64_t window, jrn_false_neighbours_row *rows);

#endif							/* JRN_FALSE_NEIGHBOURS_H */
