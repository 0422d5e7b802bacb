/*
 * pg_moments.h
 *		journey.moments as a C struct, both ways.
 *
 * Shapes, with m cells and q terms, the features in order and then the target:
 *
 *		terms text[q]	cells bigint[m]		counts bigint[m]	weights float8[m]
 *		means float8[m q]					cell by cell, in the order of terms
 *		comoments float8[m q (q + 1) / 2]	cell by cell, lower triangles packed by
 *											rows: sum of w (z_i - mean_i)(z_j - mean_j)
 *
 * R-PMO-1	Anyone can build the composite with ROW(...), so a reader checks every
 *			field: present, of one dimension, without NULLs, of the length that
 *			terms and cells ask for; terms distinct and not empty, cells
 *			distinct, counts from 1 and below 2^53, weights positive, all numbers
 *			finite, no variance negative and no correlation above 1.
 * R-PMO-2	Cells are read and written in the order of their ids, so sums over
 *			them do not depend on the order they came in.
 * R-PMO-3	A cell whose weights are not all 1 never has a weight equal to its
 *			count: where it would, it is the next double.  So it is seen that the
 *			sum of log weights, which a likelihood needs, is not known.
 */
#ifndef JOURNEY_PG_MOMENTS_H
#define JOURNEY_PG_MOMENTS_H

#include "../pg/compat.h"

#include "moments.h"

typedef struct journey_moments
{
	int			q;
	char	  **terms;			/* [q], the target last */
	int			count;			/* cells */
	int64	   *cells;			/* [count] */
	jrn_moments *sets;			/* [count] */
} journey_moments;

/* Read and check a journey.moments argument (R-PMO-1); arrays may be shared with it. */
extern void journey_moments_read(HeapTupleHeader tuple, journey_moments *moments);

/* Datum of journey.moments; puts its cells in order. */
extern Datum journey_moments_datum(journey_moments *moments);

/* Are some weights not 1? */
extern bool journey_moments_weighted(const jrn_moments *set);

/* R-PMO-3 */
extern double journey_moments_weight(bool weighted, double n, double w);

/* into += from, R-PMO-3 kept. */
extern void journey_moments_merge_sets(jrn_moments *into, const jrn_moments *from);

#endif							/* JOURNEY_PG_MOMENTS_H */
