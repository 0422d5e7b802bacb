/*
 * metric_bootstrap.c
 *		Errors of average precision and lift by a Poisson bootstrap of clusters
 *		(R-RANK-4 and R-RANK-5 of metric_ranks.h).
 */
#include <math.h>
#include <stdbool.h>

#include "../core/dist.h"
#include "../core/hash.h"
#include "../core/multiple.h"
#include "metric_influence.h"
#include "metric_ranks.h"

#define FEW_ROWS 100000
#define DRAWS_OF_FEW 1000
#define DRAWS_OF_MANY 200
#define CLUSTERS_PER_TICK 16384

/* lift at a fraction, or average precision where the fraction is NaN */
static jrn_status
statistic(const jrn_env *env, const jrn_ranks *ranks, double fraction, const int32_t *times, double *value)
{
	return isnan(fraction) ? jrn_average_precision(env, ranks, times, value) :
		jrn_lift(env, ranks, fraction, times, value);
}

/* R-RANK-5 */
static jrn_status
has_two_positives(const jrn_env *env, const jrn_ranks *ranks, bool *has)
{
	size_t		first = SIZE_MAX;
	size_t		i;

	*has = false;
	for (i = 0; i < ranks->n && !*has; i++)
	{
		if (i % CLUSTERS_PER_TICK == 0)
			JRN_TICK(env);
		if (ranks->observed[i] != 1.0)
			continue;
		if (first == SIZE_MAX)
			first = jrn_ranks_cluster(ranks, i);
		*has = jrn_ranks_cluster(ranks, i) != first;
	}
	return JRN_OK;
}

/* The statistics of the draws that have one; *count of them. */
static jrn_status
draw(const jrn_env *env, const jrn_ranks *ranks, double fraction, double *values, size_t *count)
{
	size_t		draws = ranks->n <= FEW_ROWS ? DRAWS_OF_FEW : DRAWS_OF_MANY;
	int32_t    *times;
	size_t		b,
				i;

	*count = 0;
	JRN_TRY(jrn_alloc_array(env, ranks->clusters, sizeof(int32_t), &times));
	for (b = 1; b <= draws; b++)
	{
		uint64_t	stream = jrn_seed_derive(0, "boot", b);

		JRN_TICK(env);
		for (i = 0; i < ranks->clusters; i++)
		{
			if (i % CLUSTERS_PER_TICK == 0)
				JRN_TICK(env);
			times[i] = jrn_hash_poisson(jrn_hash_u64(ranks->cluster == NULL ? i : ranks->cluster_hash[i], stream));
		}
		JRN_TRY(statistic(env, ranks, fraction, times, &values[*count]));
		if (!isnan(values[*count]))
			(*count)++;
	}
	jrn_release(env, times);
	return JRN_OK;
}

static double
deviation(const double *values, size_t count)
{
	double		mean = jrn_sum(values, count) / (double) count;
	jrn_acc		square = {0.0, 0.0};
	size_t		i;

	for (i = 0; i < count; i++)
		jrn_acc_add(&square, (values[i] - mean) * (values[i] - mean));
	return sqrt(jrn_acc_value(&square) / ((double) count - 1.0));
}

static jrn_status
bootstrap(const jrn_env *env, const jrn_ranks *ranks, double fraction, jrn_figure *figure)
{
	double	   *values;
	size_t		count;
	bool		enough;

	figure->std_error = figure->low = figure->high = NAN;
	JRN_TRY(statistic(env, ranks, fraction, NULL, &figure->estimate));
	JRN_TRY(has_two_positives(env, ranks, &enough));
	if (!enough || isnan(figure->estimate))
		return JRN_OK;			/* R-RANK-5 */
	JRN_TRY(jrn_alloc_array(env, DRAWS_OF_FEW, sizeof(double), &values));
	JRN_TRY(draw(env, ranks, fraction, values, &count));
	if (count < 2)
		return JRN_OK;
	figure->std_error = deviation(values, count);
	if (isnan(fraction))
		jrn_figure_interval(figure, JRN_SCALE_LOGIT, jrn_normal_critical(JRN_METRIC_LEVEL));
	else if (figure->std_error > 0.0)
	{
		JRN_TRY(jrn_sort_doubles(env, values, count));
		figure->low = jrn_sorted_quantile(values, count, 0.5 * (1.0 - JRN_METRIC_LEVEL));
		figure->high = jrn_sorted_quantile(values, count, 0.5 * (1.0 + JRN_METRIC_LEVEL));
	}
	jrn_release(env, values);
	return JRN_OK;
}

jrn_status
jrn_average_precision_figure(const jrn_env *env, const jrn_ranks *ranks, jrn_figure *figure)
{
	return bootstrap(env, ranks, (double) NAN, figure);
}

jrn_status
jrn_lift_figure(const jrn_env *env, const jrn_ranks *ranks, double fraction, jrn_figure *figure)
{
	return bootstrap(env, ranks, fraction, figure);
}
