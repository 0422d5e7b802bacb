/*
 * quantiles.c
 *		Selection of order statistics (see quantiles.h).
 *
 * Quickselect with the median of three as pivot (Hoare 1961); a range that
 * splits badly too often is sorted instead.  The highest quantile comes first,
 * then each lower one within what lies below it.
 */
#include <math.h>
#include <stdbool.h>

#include "quantiles.h"
#include "sort.h"

#define MOST_QUANTILES 8

static bool
number_before(int unused, int64_t x, int64_t y)
{
	(void) unused;
	return x < y;
}

JRN_SORT_DEFINE(sort_numbers, int64_t, int, number_before)

static void
swap(int64_t *a, int64_t *b)
{
	int64_t		held = *a;

	*a = *b;
	*b = held;
}

/* Median of the first, the middle and the last of a range. */
static int64_t
pivot_of(const int64_t *a, size_t low, size_t high)
{
	int64_t		x = a[low];
	int64_t		y = a[low + (high - low) / 2];
	int64_t		z = a[high];

	if ((x <= y && y <= z) || (z <= y && y <= x))
		return y;
	return (y <= x && x <= z) || (z <= x && x <= y) ? x : z;
}

/* Bring the k-th smallest of a[low .. high] to its place. */
static jrn_status
select_one(const jrn_env *env, int64_t *a, size_t low, size_t high, size_t k)
{
	int			bad = 0;

	while (high - low > 16)
	{
		int64_t		pivot = pivot_of(a, low, high);
		size_t		i = low;
		size_t		j = high;
		size_t		before = high - low;

		if (before > 4096)
			JRN_TICK(env);
		for (;;)
		{
			while (a[i] < pivot)
				i++;
			while (a[j] > pivot)
				j--;
			if (i >= j)
				break;
			swap(&a[i++], &a[j--]);
		}
		/* below i nothing is above the pivot, above j nothing is below it */
		if (k < i)
			high = i - 1;
		else if (k > j)
			low = j + 1;
		else
			return JRN_OK;
		if ((high - low) > before - before / 8 && ++bad > 8)
			break;
	}
	return sort_numbers(env, a + low, high - low + 1, 0);
}

/* Bring the smallest of a[low .. high] to a[low]. */
static void
smallest_first(int64_t *a, size_t low, size_t high)
{
	size_t		least = low;
	size_t		i;

	for (i = low; i <= high; i++)
		if (a[i] < a[least])
			least = i;
	swap(&a[low], &a[least]);
}

jrn_status
jrn_quantiles(const jrn_env *env, int64_t *a, size_t n, double unit,
			  const double *p, int count, double *out)
{
	size_t		high = n - 1;	/* what lies above is in its place, as far as it is needed */
	int			q;

	if (n == 0 || count > MOST_QUANTILES)
		return JRN_DOMAIN;
	for (q = count - 1; q >= 0; q--)
	{
		double		place = p[q] * (double) (n - 1);
		double		below;
		double		part;
		size_t		k;

		if (!(p[q] >= 0.0 && p[q] <= 1.0) || (q < count - 1 && p[q] > p[q + 1]))
			return JRN_DOMAIN;
		k = (size_t) floor(place);
		part = place - (double) k;
		JRN_TRY(select_one(env, a, 0, high, k));
		below = (double) a[k] / unit;
		out[q] = below;
		if (part > 0.0)
		{
			if (k < high)
				smallest_first(a, k + 1, high);
			/* R-QUANT-1; for k = high the quantile before found its neighbour */
			out[q] = below + part * ((double) a[k + 1] / unit - below);
		}
		high = k;
	}
	return JRN_OK;
}
