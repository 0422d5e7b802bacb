/*
 * median.h
 *		The median with a distribution-free interval.
 *
 * The median of an even number of values is the middle of the two middle
 * ones.  The interval lies between order statistics, x_(k) and x_(n+1-k) with
 * the largest k for which P(Binomial(n, 1/2) < k) <= 2.5 % (Conover, Practical
 * Nonparametric Statistics; W. R. Thompson 1936): it covers the median of any
 * continuous distribution with at least 95 %, and of any other as well.
 *
 * R-MED-1	Fewer than 6 values cannot reach 95 % (five values lie on one side of
 *			the median with chance 1/16): no interval.
 * R-MED-2	There is no standard error without a guess at the density: NaN.
 */
#ifndef JRN_MEDIAN_H
#define JRN_MEDIAN_H

#include "indicators.h"

/* k of the interval at 95 %, 0 for none. */
extern size_t jrn_median_rank(size_t n);

/* Sorts the values; n > 0. */
extern jrn_status jrn_median(const jrn_env *env, double *values, size_t n, jrn_figure *figure);

#endif							/* JRN_MEDIAN_H */
