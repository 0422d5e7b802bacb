/*
 * median.c
 *		The median with its interval (see median.h).
 */
#include "median.h"

#include <math.h>

#include "../core/beta.h"
#include "../core/dist.h"
#include "../core/sort.h"

static inline bool
value_before(int unused, double x, double y)
{
	(void) unused;
	return x < y;
}

JRN_SORT_DEFINE(sort_values, double, int, value_before)

/* P(Binomial(n, 1/2) < k), 1 <= k <= n. */
static double
chance_below(size_t n, size_t k)
{
	double		lower;
	double		upper;

	jrn_beta_tails((double) (n - k) + 1.0, (double) k, 0.5, 0.5, &lower, &upper);
	return lower;
}

/* The normal approximation is within a rank or two; the exact tail decides. */
size_t
jrn_median_rank(size_t n)
{
	const double side = (1.0 - JRN_INDICATOR_LEVEL) / 2.0;
	double		guess = 0.5 * (double) n -
		0.5 * jrn_normal_critical(JRN_INDICATOR_LEVEL) * sqrt((double) n);
	size_t		k = guess < 1.0 ? 1 : (size_t) guess;

	while (k > 0 && chance_below(n, k) > side)
		k--;
	while (k < n / 2 && chance_below(n, k + 1) <= side)
		k++;
	return k;
}

jrn_status
jrn_median(const jrn_env *env, double *values, size_t n, jrn_figure *figure)
{
	size_t		k = jrn_median_rank(n);
	double		below,
				above;

	JRN_TRY(sort_values(env, values, n, 0));
	below = values[(n - 1) / 2];
	above = values[n / 2];
	/* halves first: the sum of two values could overflow */
	figure->estimate = below == above ? below : 0.5 * below + 0.5 * above;
	figure->std_error = figure->low = figure->high = (double) NAN;
	if (k > 0)
	{
		figure->low = values[k - 1];
		figure->high = values[n - k];
	}
	return JRN_OK;
}
