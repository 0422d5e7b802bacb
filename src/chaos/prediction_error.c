/*
 * prediction_error.c
 *		Nonlinear prediction error (see prediction_error.h).
 */
#include <math.h>

#include "prediction_error.h"

#include "../core/sums.h"

#define LEAST_VALUES 100

/* Squared errors of all predictions; targets[i] belongs to vector i. */
static jrn_status
squared_errors(const jrn_env *env, const jrn_kdtree *tree, const jrn_kd_rule *rule, int k,
			   const double *targets, double *sum)
{
	const size_t count = (size_t) tree->count;
	jrn_acc		total = {0.0, 0.0};
	int32_t    *found;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, count, sizeof(int32_t) * (size_t) k, &found));
	JRN_TRY(jrn_kdtree_nearest(env, tree, rule, k, found, NULL));
	for (i = 0; i < count; i++)
	{
		double		mean = 0.0;
		int			j;

		for (j = 0; j < k; j++)
			mean += targets[found[i * (size_t) k + (size_t) j]];
		mean = mean / (double) k - targets[i];
		jrn_acc_add(&total, mean * mean);
	}
	*sum = jrn_acc_value(&total);
	jrn_release(env, found);
	return JRN_OK;
}

jrn_status
jrn_prediction_error(const jrn_env *env, const double *x, size_t n, const jrn_embedding *embedding,
					 int neighbours, int64_t ahead, double *error)
{
	jrn_embedding resolved = *embedding;
	jrn_series	series;
	jrn_kd_points points;
	jrn_kd_rule rule;
	jrn_kdtree	tree;
	const double *targets;
	size_t		count;
	double		variance,
				sum;

	*error = NAN;
	if (neighbours < 1 || neighbours > JRN_KD_MAX_NEIGHBOURS || ahead < 1 || ahead > JRN_SERIES_MAX_HORIZON)
		return JRN_DOMAIN;
	JRN_TRY(jrn_series_init(env, x, n, &series));
	JRN_TRY(jrn_embedding_resolve(env, &series, &resolved));
	count = jrn_embedding_count(&resolved, n, (size_t) ahead);
	if (n < LEAST_VALUES || count < 2 * (size_t) resolved.window + 1 + (size_t) neighbours)
		return JRN_OK;			/* R-NPE-3 */
	targets = series.x + (n - count);
	JRN_TRY(jrn_series_variance(env, targets, count, 0, &variance));
	if (!(variance > 0.0))
		return JRN_OK;
	points = jrn_embedding_points(&resolved, &series, count);
	rule.window = resolved.window;
	rule.skip_zero = false;
	JRN_TRY(jrn_kdtree_build(env, &points, &tree));
	JRN_TRY(squared_errors(env, &tree, &rule, neighbours, targets, &sum));
	*error = sqrt(sum / (double) count) / sqrt(variance);
	jrn_release(env, tree.points);
	jrn_release(env, tree.numbers);
	jrn_release(env, tree.nodes);
	jrn_release(env, tree.boxes);
	return JRN_OK;
}
