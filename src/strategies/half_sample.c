/*
 * half_sample.c
 *		Half-sample bootstrap of clusters (requirements in half_sample.h).
 */
#include <math.h>

#include "../core/random.h"
#include "half_sample.h"

#define CLUSTERS_PER_TICK 65536

/* Running mean and sum of squared deviations of one statistic (Welford 1962). */
typedef struct spread
{
	double		count;
	double		mean;
	double		square;
} spread;

static void
spread_add(spread *of, double value)
{
	double		step = value - of->mean;

	if (isnan(value))
		return;					/* R-HALF-3 */
	of->count += 1.0;
	of->mean += step / of->count;
	of->square += step * (value - of->mean);
}

/* R-HALF-1 */
static jrn_status
choose_half(const jrn_env *env, uint32_t clusters, uint64_t stream, unsigned char *chosen)
{
	uint64_t	wanted = clusters / 2;
	uint32_t	c;

	for (c = 0; c < clusters; c++)
	{
		uint64_t	left = clusters - c;
		uint64_t	place;

		if (c % CLUSTERS_PER_TICK == 0)
			JRN_TICK(env);
		place = (uint64_t) (((unsigned __int128) jrn_random_u64(stream, c) * left) >> 64);
		chosen[c] = place < wanted;
		wanted -= chosen[c];
	}
	return JRN_OK;
}

jrn_status
jrn_half_sample(const jrn_env *env, uint32_t clusters, int draws, uint64_t seed,
				jrn_half_statistic statistic, void *arg, size_t count, double *std_error)
{
	double		half = (double) (clusters / 2);
	unsigned char *chosen;
	spread	   *spreads;
	double	   *values;
	size_t		v;
	int			b;

	for (v = 0; v < count; v++)
		std_error[v] = NAN;
	if (clusters < 2)
		return JRN_OK;			/* R-HALF-3 */
	JRN_TRY(jrn_alloc_array(env, clusters, 1, &chosen));
	JRN_TRY(jrn_alloc_zeroed(env, count, sizeof(spread), &spreads));
	JRN_TRY(jrn_alloc_array(env, count, sizeof(double), &values));
	for (b = 1; b <= draws; b++)
	{
		JRN_TRY(choose_half(env, clusters, jrn_seed_derive(seed, "half", (uint64_t) b), chosen));
		JRN_TRY(statistic(env, arg, chosen, values));
		for (v = 0; v < count; v++)
			spread_add(&spreads[v], values[v]);
	}
	for (v = 0; v < count; v++)
		if (spreads[v].count >= 2.0)
			std_error[v] = sqrt(half / ((double) clusters - half) *	/* R-HALF-2 */
								spreads[v].square / (spreads[v].count - 1.0));
	jrn_release(env, values);
	jrn_release(env, spreads);
	jrn_release(env, chosen);
	return JRN_OK;
}
