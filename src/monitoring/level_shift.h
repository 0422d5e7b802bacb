/*
 * level_shift.h
 *		Did the shares of levels change between a reference and a current
 *		window?  Chi-square over levels, rare ones pooled (pure core).
 *
 * R-LSH-1	Levels whose expected count in the smaller window is below 5 are
 *			pooled into one cell; when that cell is still below 5, the rarest
 *			of the other levels joins it, and so on.  What is pooled is decided
 *			by the rows of both windows together, which the test takes as given.
 * R-LSH-2	statistic: Pearson's chi-square of the table of two windows by
 *			cells, df = cells - 1, p_value its upper tail.
 * R-LSH-3	total_variation: half the sum of |b - a| over cells, the share of
 *			rows that would have to change their cell.
 * R-LSH-4	guarded_p: the larger of p_value and of psi's p over the same cells
 *			(psi.h).  Where bins were cut at quantiles of the reference, each
 *			alone is too eager in one corner: Pearson's when the reference is
 *			the smaller window (100 against 1000 rows, ten bins: 8.8 % below
 *			0.05), psi's when the current one is (10000 against 100: 7.5 %).
 * R-LSH-5	Fewer than two cells: NaN throughout, df 0.
 */
#ifndef JRN_LEVEL_SHIFT_H
#define JRN_LEVEL_SHIFT_H

#include "../core/env.h"

/* The least count that a cell must have expected in the smaller window. */
#define JRN_LEVEL_EXPECTED 5.0

typedef struct jrn_level_shift
{
	double		statistic;
	double		df;
	double		p_value;
	double		guarded_p;
	double		total_variation;
} jrn_level_shift;

/* JRN_DOMAIN for a count that is negative or above 2^53.  O(count log count). */
extern jrn_status jrn_level_shift_test(const jrn_env *env, const int64_t *reference,
									   const int64_t *current, size_t count, jrn_level_shift *out);

#endif							/* JRN_LEVEL_SHIFT_H */
