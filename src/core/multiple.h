/*
 * multiple.h
 *		Many tests at once, and order statistics of sorted numbers.
 *
 * R-MUL-1	Benjamini and Hochberg 1995: q_(i) = min over j >= i of p_(j) m / j,
 *			at most 1; Benjamini and Yekutieli 2001 multiplies by 1 + 1/2 + ..
 *			+ 1/m, which holds under any dependence.
 * R-MUL-3	Family-wise: Bonferroni m p; Holm 1979 steps down, q_(i) = max over
 *			j <= i of (m - j + 1) p_(j); Hochberg 1988 steps up, q_(i) = min over
 *			j >= i of (m - j + 1) p_(j), for independent or positively dependent
 *			tests; each at most 1.
 * R-MUL-2	A p that is NaN is no test: it does not count in m and has no q.
 */
#ifndef JRN_MULTIPLE_H
#define JRN_MULTIPLE_H

#include "env.h"

/* q-values by Benjamini and Hochberg; p and q may not be the same array.  O(n log n). */
extern jrn_status jrn_false_discovery(const jrn_env *env, const double *p, size_t n, double *q);

/* The same by Benjamini and Yekutieli. */
extern jrn_status jrn_false_discovery_dependent(const jrn_env *env, const double *p, size_t n, double *q);

/* Family-wise error rates (R-MUL-3).  O(n log n). */
typedef enum jrn_family_wise
{
	JRN_BONFERRONI,
	JRN_HOLM,
	JRN_HOCHBERG
} jrn_family_wise;

extern jrn_status jrn_family_wise_error(const jrn_env *env, const double *p, size_t n,
										jrn_family_wise method, double *q);

/* Ascending; no NaN.  O(n log n). */
extern jrn_status jrn_sort_doubles(const jrn_env *env, double *a, size_t n);

/* Quantile of n sorted numbers, linear between order statistics; n >= 1. */
extern double jrn_sorted_quantile(const double *sorted, size_t n, double p);

#endif							/* JRN_MULTIPLE_H */
