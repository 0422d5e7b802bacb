/*
 * bbc.c
 *		Bootstrap bias-corrected cross-validation (see bbc.h).
 */
#include <math.h>
#include <string.h>

#include "../core/random.h"
#include "bbc.h"

/* R-BBC-2 */
static double
figure(const jrn_bbc_request *request, int configuration, const double *weights, double size)
{
	const double *sums = request->sums + (size_t) configuration * (size_t) request->groups;
	double		sum = 0.0;
	int64_t		g;

	for (g = 0; g < request->groups; g++)
		sum += weights[g] * sums[g];
	return request->base[configuration] + sum / size;
}

static double
size_of(const jrn_bbc_request *request, const double *weights)
{
	double		size = 0.0;
	int64_t		g;

	for (g = 0; g < request->groups; g++)
		size += weights[g] * request->sizes[g];
	return size;
}

static int
best_of(const jrn_bbc_request *request, const double *weights, double size, double *value)
{
	int			best = 0;
	int			c;

	*value = figure(request, 0, weights, size);
	for (c = 1; c < request->configurations; c++)
	{
		double		other = figure(request, c, weights, size);

		if (request->grows ? other >= *value : other <= *value)
		{
			best = c;
			*value = other;
		}
	}
	return best;
}

/* Weights of one draw, and of the groups it left; false: it left none. */
static bool
draw(const jrn_bbc_request *request, uint64_t stream, double *weights, double *left)
{
	bool		any = false;
	int64_t		g;

	memset(weights, 0, (size_t) request->groups * sizeof(double));
	for (g = 0; g < request->groups; g++)
		weights[jrn_random_below(stream, (uint64_t) g, (uint64_t) request->groups)] += 1.0;
	for (g = 0; g < request->groups; g++)
	{
		left[g] = weights[g] == 0.0 ? 1.0 : 0.0;
		any = any || weights[g] == 0.0;
	}
	return any;
}

jrn_status
jrn_bbc(const jrn_env *env, const jrn_bbc_request *request,
		int *best, double *naive, double *corrected)
{
	double	   *weights;
	double	   *left;
	double		sum = 0.0;
	int			counted = 0;
	int64_t		g;
	int			d;

	JRN_TRY(jrn_alloc_array(env, 2 * (size_t) request->groups, sizeof(double), &weights));
	left = weights + request->groups;
	for (g = 0; g < request->groups; g++)
		weights[g] = 1.0;
	*best = best_of(request, weights, size_of(request, weights), naive);
	*corrected = *naive;
	/* R-BBC-4 */
	for (d = 0; request->configurations > 1 && d < JRN_BBC_DRAWS; d++)
	{
		double		value;
		int			chosen;

		JRN_TICK(env);
		if (!draw(request, jrn_seed_derive(request->seed, "bbc", (uint64_t) d), weights, left))
			continue;
		chosen = best_of(request, weights, size_of(request, weights), &value);
		sum += figure(request, chosen, left, size_of(request, left)) -
			figure(request, *best, left, size_of(request, left));
		counted++;
	}
	if (counted > 0)
		*corrected = *naive + sum / counted;
	jrn_release(env, weights);
	return JRN_OK;
}
