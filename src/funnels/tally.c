/*
 * tally.c
 *		Levels and times of many customers (see tally.h).
 */
#include "tally.h"

#include <math.h>

#include "../core/multiple.h"
#include "../core/sizes.h"

jrn_status
jrn_funnel_tally_add(const jrn_env *env, jrn_funnel_tally *tally, int level, const int64_t *at,
					 uint64_t optional)
{
	int			k;

	tally->level[level]++;
	for (k = 0; k < level; k++)
	{
		jrn_funnel_times *times = &tally->times[k];

		JRN_TRY(jrn_grow_array(env, times->n, &times->capacity, sizeof(double), &times->seconds));
		times->seconds[times->n++] = jrn_apart(at[0], at[k]) / 1e6;
	}
	for (; optional != 0; optional &= optional - 1)
		tally->optional[__builtin_ctzll(optional)]++;
	return JRN_OK;
}

int64_t
jrn_funnel_tally_reached(const jrn_funnel_tally *tally, int level)
{
	int64_t		reached = 0;
	int			k;

	for (k = level; k <= JRN_FUNNEL_MAX_STEPS; k++)
		reached += tally->level[k];
	return reached;
}

jrn_status
jrn_funnel_tally_sort(const jrn_env *env, jrn_funnel_tally *tally, int level)
{
	return jrn_sort_doubles(env, tally->times[level - 1].seconds, tally->times[level - 1].n);
}

double
jrn_funnel_tally_quantile(const jrn_funnel_tally *tally, int level, double fraction)
{
	const jrn_funnel_times *times = &tally->times[level - 1];

	return times->n == 0 ? NAN : jrn_sorted_quantile(times->seconds, times->n, fraction);
}
