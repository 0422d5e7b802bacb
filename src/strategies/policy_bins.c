/*
 * policy_bins.c
 *		Columns cut into bins, and scores made whole numbers (see
 *		policy_tree.h).
 */
#include "policy_tree.h"

#include <math.h>

#include "../core/multiple.h"

/* ---- bins ---- */

/* The number with the fewest decimals in (a, b], a < b (R-POL-4). */
static double
short_between(double a, double b)
{
	double		middle = a / 2.0 + b / 2.0;
	double		scale;
	double		t;

	/* from hundreds of millions down to a billionth */
	for (scale = 1e8; scale > 1.0; scale /= 10.0)
	{
		t = floor(middle / scale + 0.5) * scale;
		if (t > a && t <= b)
			return t + 0.0;		/* no negative zero */
	}
	for (; scale <= 1e9; scale *= 10.0)
	{
		t = floor(middle * scale + 0.5) / scale;
		if (t > a && t <= b)
			return t + 0.0;
	}
	return middle > a ? middle : b;
}

/* Cuts of sorted numbers: a bin is closed once it holds its part of the rows not yet dealt. */
static void
cut_sorted(const double *sorted, size_t n, jrn_policy_column *column)
{
	size_t		distinct = n > 0;
	size_t		begin = 0;
	size_t		i;
	int			bins = 0;

	for (i = 1; i < n; i++)
		distinct += sorted[i] != sorted[i - 1];
	for (i = 1; i < n; i++)
	{
		if (sorted[i] == sorted[i - 1])
			continue;
		if (distinct <= JRN_POLICY_BINS ||
			(bins < JRN_POLICY_BINS - 1 && (i - begin) * (size_t) (JRN_POLICY_BINS - bins) >= n - begin))
		{
			column->cuts[bins++] = short_between(sorted[i - 1], sorted[i]);
			begin = i;
		}
	}
	column->bins = bins + 1;
}

/* The number of cuts that are not above x. */
static uint8_t
bin_of(const jrn_policy_column *column, double x)
{
	int			low = 0;
	int			high = column->bins - 1;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (x < column->cuts[middle])
			high = middle;
		else
			low = middle + 1;
	}
	return (uint8_t) low;
}

jrn_status
jrn_policy_bin(const jrn_env *env, const double *x, size_t n, size_t stride, jrn_policy_column *column)
{
	double	   *sorted;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &sorted));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint8_t), &column->bin));
	for (i = 0; i < n; i++)
	{
		if (!isfinite(x[i * stride]))
			return JRN_NONFINITE;
		sorted[i] = x[i * stride];
	}
	JRN_TRY(jrn_sort_doubles(env, sorted, n));
	cut_sorted(sorted, n, column);
	jrn_release(env, sorted);
	for (i = 0; i < n; i++)
	{
		if (i % 16384 == 0)
			JRN_TICK(env);
		column->bin[i] = bin_of(column, x[i * stride]);
	}
	return JRN_OK;
}

/* ---- rewards ---- */

jrn_status
jrn_policy_rewards(const jrn_env *env, const double *score, size_t n, int arms, const double *costs,
				   int64_t **reward, double *unit)
{
	size_t		count = n * (size_t) arms;
	double		most = 0.0;
	int			exponent;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, n, (size_t) arms * sizeof(int64_t), reward));
	for (i = 0; i < count; i++)
	{
		double		net = score[i] - (costs != NULL ? costs[i % (size_t) arms] : 0.0);

		if (!isfinite(net))
			return JRN_NONFINITE;
		if (fabs(net) > most)
			most = fabs(net);
		if (i % 65536 == 0)
			JRN_TICK(env);
	}
	/* R-POL-1: n rewards with prices of up to twice the largest one stay below 2^62 */
	(void) frexp(4.0 * most * (double) (n > 0 ? n : 1), &exponent);
	if (!isfinite(4.0 * most * (double) (n > 0 ? n : 1)))
		return JRN_LIMIT;
	exponent = most > 0.0 ? 61 - exponent : 0;
	if (exponent > 1000)
		exponent = 1000;
	for (i = 0; i < count; i++)
	{
		double		net = score[i] - (costs != NULL ? costs[i % (size_t) arms] : 0.0);

		(*reward)[i] = (int64_t) rint(ldexp(net, exponent));
		if (i % 65536 == 0)
			JRN_TICK(env);
	}
	*unit = ldexp(1.0, -exponent);
	return JRN_OK;
}
