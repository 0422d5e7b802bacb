/*
 * sample_entropy.c
 *		Sample entropy (see sample_entropy.h).
 */
#include <math.h>

#include "sample_entropy.h"

/* Matches of the first count vectors of a length. */
static jrn_status
matches(const jrn_env *env, const jrn_series *series, int dimension, size_t count, double tolerance, int64_t *pairs)
{
	const jrn_embedding embedding = {dimension, 1, 0};
	const jrn_kd_points points = jrn_embedding_points(&embedding, series, count);
	jrn_kdtree	tree;

	JRN_TRY(jrn_kdtree_build(env, &points, &tree));
	JRN_TRY(jrn_kdtree_count_close(env, &tree, tolerance, pairs));
	jrn_release(env, tree.points);
	jrn_release(env, tree.numbers);
	jrn_release(env, tree.nodes);
	jrn_release(env, tree.boxes);
	return JRN_OK;
}

jrn_status
jrn_sample_entropy(const jrn_env *env, const double *x, size_t n, int dimension, double tolerance,
				   double *entropy, jrn_series_status *status)
{
	jrn_series	series;
	size_t		count;
	double		variance;
	int64_t		a,
				b;

	*entropy = NAN;
	*status = JRN_SERIES_TOO_SHORT;
	if (dimension < 1 || dimension >= JRN_SERIES_MAX_DIMENSION || tolerance < 0.0)
		return JRN_DOMAIN;
	JRN_TRY(jrn_series_init(env, x, n, &series));
	if (n < (size_t) dimension + 2)
		return JRN_OK;
	*status = JRN_SERIES_CONSTANT;
	if (jrn_series_is_constant(&series))
		return JRN_OK;
	if (isnan(tolerance))
	{
		JRN_TRY(jrn_series_variance(env, series.x, n, 1, &variance));
		tolerance = JRN_SAMPLE_ENTROPY_SHARE * sqrt(variance);
	}
	else
		tolerance *= exp(-series.log_scale);
	count = n - (size_t) dimension;
	JRN_TRY(matches(env, &series, dimension, count, tolerance, &b));
	JRN_TRY(matches(env, &series, dimension + 1, count, tolerance, &a));
	*status = a == 0 ? JRN_SERIES_NO_MATCH : JRN_SERIES_OK;
	if (a > 0)
		*entropy = log((double) b / (double) a);
	return JRN_OK;
}
