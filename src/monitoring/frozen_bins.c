/*
 * frozen_bins.c
 *		Cuts and levels of a reference (requirements in frozen_bins.h).
 */
#include <math.h>

#include "../core/sort.h"
#include "frozen_bins.h"

/* The largest of n ascending values below the last one; they are not all equal. */
static double
below_last(const double *sorted, size_t n)
{
	size_t		low = 0;		/* below the last value */
	size_t		high = n - 1;	/* not */

	while (high - low > 1)
	{
		size_t		middle = low + (high - low) / 2;

		if (sorted[middle] < sorted[n - 1])
			low = middle;
		else
			high = middle;
	}
	return sorted[low];
}

int
jrn_frozen_cuts(const double *sorted, size_t n, int bins, double *cuts)
{
	int			count = 0;
	int			k;

	if (n == 0 || bins < 2)
		return 0;
	if (sorted[0] == sorted[n - 1])
	{
		/* R-FBN-3 */
		double		below = nextafter(sorted[0], -INFINITY);

		if (isfinite(below))
			cuts[count++] = below;
		cuts[count++] = sorted[0];
		return count;
	}
	for (k = 1; k < bins; k++)
	{
		/* ceil(k n / bins) without the product of large numbers */
		size_t		whole = n / (size_t) bins;
		size_t		rest = n % (size_t) bins;
		size_t		place = (size_t) k * whole + ((size_t) k * rest + (size_t) bins - 1) / (size_t) bins;
		double		cut = sorted[place - 1];

		if (cut == sorted[n - 1])
			cut = below_last(sorted, n);	/* R-FBN-2 */
		if (count == 0 || cut > cuts[count - 1])
			cuts[count++] = cut;
	}
	return count;
}

typedef struct frozen_level
{
	int64_t		count;
	uint32_t	rank;
	uint32_t	code;
} frozen_level;

#define MORE_FREQUENT(ctx, x, y) ((x).count > (y).count || ((x).count == (y).count && (x).rank < (y).rank))
JRN_SORT_DEFINE(sort_levels, frozen_level, int, MORE_FREQUENT)

jrn_status
jrn_frozen_levels(const jrn_env *env, const int64_t *counts, const uint32_t *rank, size_t count, int limit,
				  uint32_t *codes, int *chosen)
{
	frozen_level *levels;
	size_t		used = 0;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, count, sizeof(frozen_level), &levels));
	for (i = 0; i < count; i++)
	{
		if (i % 16384 == 0)
			JRN_TICK(env);
		if (counts[i] == 0)
			continue;
		levels[used].count = counts[i];
		levels[used].rank = rank[i];
		levels[used++].code = (uint32_t) i;
	}
	JRN_TRY(sort_levels(env, levels, used, 0));
	for (i = 0; i < used && i < (size_t) limit; i++)
		codes[i] = levels[i].code;
	*chosen = (int) i;
	jrn_release(env, levels);
	return JRN_OK;
}
