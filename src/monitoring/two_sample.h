/*
 * two_sample.h
 *		Do numbers of a reference and a current window have one distribution?
 *		Kolmogorov and Smirnov's test and a standardised difference (pure core).
 *
 * R-TWO-1	ks: the largest gap between the two empirical distribution
 *			functions, taken behind ties only (Smirnov 1939).
 * R-TWO-2	p_value, while n m is at most JRN_KS_EXACT: the exact probability of
 *			a gap as large, given the pooled values, ties included: over all
 *			ways to deal them to two samples (Schroeer and Trenkler 1995), a
 *			recursion over lattice paths whose terms are all positive, with the
 *			gap compared in whole numbers.  O(n m).
 * R-TWO-3	Beyond: the limit 2 sum (-1)^(k-1) exp(-2 k^2 x^2), x = ks
 *			sqrt(n m / (n + m)) (Kolmogorov 1933).  With ties it is too large,
 *			never too small.
 * R-TWO-4	difference: (mean of current - mean of reference) / sqrt of the mean
 *			of the two variances (divided by n - 1).  NaN when neither window
 *			has spread.  Values are scaled by a power of two first, so that no
 *			square overflows.
 */
#ifndef JRN_TWO_SAMPLE_H
#define JRN_TWO_SAMPLE_H

#include <stdbool.h>

#include "../core/env.h"

/* Largest n m with the exact distribution. */
#define JRN_KS_EXACT 4000000

typedef struct jrn_two_sample
{
	double		ks;
	double		p_value;
	bool		exact;
	double		difference;
	double		mean[2];		/* reference, current */
	double		sd[2];			/* NaN below two values */
} jrn_two_sample;

/* P(K > x) of Kolmogorov's limit; 1 for x <= 0. */
extern double jrn_kolmogorov_upper(double x);

/* Both arrays ascending and finite; JRN_TOO_FEW when one is empty. */
extern jrn_status jrn_two_sample_test(const jrn_env *env, const double *reference, size_t n,
									  const double *current, size_t m, jrn_two_sample *out);

#endif							/* JRN_TWO_SAMPLE_H */
