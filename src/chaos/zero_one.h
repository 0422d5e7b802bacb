/*
 * zero_one.h
 *		The 0-1 test: near 0 for regular motion, near 1 for irregular motion
 *		and for noise.
 *
 * For a frequency c, p(n) = sum over j <= n of x_j cos jc, q likewise with
 * sines.  With n0 = N/10, D(n) = mean over j = 1 .. N - n0 of (p(j+n) - p(j))^2 +
 * (q(j+n) - q(j))^2, less (mean x)^2 (1 - cos nc)/(1 - cos c); K is the
 * correlation of n and D(n), n = 1 .. n0.  Source: reference/chaos.md 2.8;
 * Gottwald and Melbourne 2009.
 *
 * R-ZO-1	Frequencies are pi/5 + (k + 1/2)/C 3pi/5, k < C: a grid, not drawn.  A
 *			frequency is (2C + 6k + 3)/(20C) of a turn, so the angle jc is known
 *			in integers and its cosine comes from a table of 20C entries.
 * R-ZO-2	The median of K over the frequencies, and its quartiles.
 * R-ZO-3	From JRN_ZERO_ONE_LONG values on, sums of products at all lags come
 *			from a Fourier transform; direct sums and transform agree to 1e-9.
 * R-ZO-4	White noise, too, has K near 1: K says something only of a series
 *			that a surrogate test found not to be linear noise.
 * R-ZO-5	Fewer than 200 values: too_short; all equal: constant.
 * R-ZO-6	A mean beyond 8 standard deviations is taken away first: the term for
 *			it in D leaves cross terms that grow with the mean and would drown
 *			K (an offset of 1,000 makes irregular series look regular).
 */
#ifndef JRN_ZERO_ONE_H
#define JRN_ZERO_ONE_H

#include "divergence.h"

#define JRN_ZERO_ONE_MIN 200
#define JRN_ZERO_ONE_LONG 1000
#define JRN_ZERO_ONE_FREQUENCIES 100
#define JRN_ZERO_ONE_MAX_FREQUENCIES 10000

typedef enum jrn_zero_one_way
{
	JRN_ZERO_ONE_AUTO,
	JRN_ZERO_ONE_DIRECT,
	JRN_ZERO_ONE_TRANSFORM
} jrn_zero_one_way;

/* Figures that do not exist are NaN. */
typedef struct jrn_zero_one_result
{
	jrn_series_status status;
	double		median;
	double		low;			/* quartiles */
	double		high;
} jrn_zero_one_result;

/* O(frequencies n log n).  JRN_DOMAIN for frequencies outside 1..10,000. */
extern jrn_status jrn_zero_one(const jrn_env *env, const double *x, size_t n, int32_t frequencies,
							   jrn_zero_one_way way, jrn_zero_one_result *result);

#endif							/* JRN_ZERO_ONE_H */
