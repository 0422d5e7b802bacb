/*
 * multiple.h
 *		Many tests at once, and order statistics of sorted numbers.
 *
 * R-MUL-1	Benjamini and Hochberg 1995: q_(i) = min over j >= i of p_(j) m / j,
 *			at most 1; Benjamini and Yekutieli 2001 multiplies by 1 + 1/2 + ..
 *			+ 1/m, which holds under any dependence.
 * R-MUL-2	A p that is NaN is no test: it does not count in m and has no q.
 */
#ifndef JRN_MULTIPLE_H
#define JRN_MULTIPLE_H

#include "env.h"

/* q-values by Benjamini and Hochberg; p and q may not be the same array.  O(n log n). */
extern jrn_status jrn_false_discovery(const jrn_env *env, const double *p, size_t n, double *q);

/* The same by Benjamini and Yekutieli. */
extern jrn_status jrn_false_discovery_dependent(const jrn_env *env, const double *p, size_t n, double *q);

/* Ascending; no NaN.  O(n log n). */
extern jrn_status jrn_sort_doubles(const jrn_env *env, double *a, size_t n);

/* Quantile of n sorted numbers, linear between order statistics; n >= 1. */
extern double jrn_sorted_quantile(const double *sorted, size_t n, double p);

#endif							/* JRN_MULTIPLE_H */
