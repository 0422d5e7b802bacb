/*
 * frozen_bins.h
 *		Bins of a reference window that later windows are counted into: cuts of
 *		numbers, most frequent levels of labels (pure core).
 *
 * R-FBN-1	Cut k of B bins is the ceil(k n / B)-th of n values in order; equal
 *			cuts are one, so that a bin never has the same bounds twice.
 *			Bin i holds what is above cut i - 1 and at most cut i.
 * R-FBN-2	A cut at the largest value would leave nothing above: the largest
 *			value below it is taken instead, so that what piles up at the upper
 *			end is a bin of its own.
 * R-FBN-3	One value only: three bins, below it, it, above it, so that a later
 *			window may leave it to either side.
 * R-FBN-4	Levels: the most frequent ones, of equally frequent ones those first
 *			in byte order.
 */
#ifndef JRN_FROZEN_BINS_H
#define JRN_FROZEN_BINS_H

#include "../core/env.h"

#define JRN_FROZEN_MAX_BINS 1000
#define JRN_FROZEN_LABELS 20

/*
 * Cuts of n ascending values (n may be 0) into at most bins bins, ascending;
 * cuts has room for bins + 1.  Gives how many.  O(bins log n).
 */
extern int	jrn_frozen_cuts(const double *sorted, size_t n, int bins, double *cuts);

/* The bin of a value, from 0: the first whose cut is not below it.  O(log cuts). */
static inline int
jrn_frozen_bin(const double *cuts, int count, double value)
{
	int			low = 0;
	int			high = count;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (value <= cuts[middle])
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/*
 * The most frequent of count levels, at most limit, as codes; rank[code] is
 * the place of a level in byte order.  Levels that occur nowhere are left out.
 * O(count log count).
 */
extern jrn_status jrn_frozen_levels(const jrn_env *env, const int64_t *counts, const uint32_t *rank,
									size_t count, int limit, uint32_t *codes, int *chosen);

#endif							/* JRN_FROZEN_BINS_H */
