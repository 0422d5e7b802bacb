/*
 * quantiles.h
 *		Exact quantiles of whole numbers by selection.
 *
 * R-QUANT-1	The quantile at p of n values is percentile_cont of SQL: with
 *				h = p (n - 1), the h-th value in order (from 0), interpolated
 *				linearly between its two neighbours.
 * R-QUANT-2	Values are scaled to a unit before they are interpolated, so the
 *				bits are those of percentile_cont over value / unit as float8.
 */
#ifndef JRN_QUANTILES_H
#define JRN_QUANTILES_H

#include "env.h"

/*
 * Quantiles at the ascending probabilities p[0 .. count - 1], each in [0, 1],
 * of a[0 .. n - 1] / unit; the array is reordered.  n at least 1, count at
 * most 8.  Expected O(n), worst O(n log n).
 */
extern jrn_status jrn_quantiles(const jrn_env *env, int64_t *a, size_t n, double unit,
								const double *p, int count, double *out);

#endif							/* JRN_QUANTILES_H */
