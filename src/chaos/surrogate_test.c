/*
 * surrogate_test.c
 *		The rank test of a series against its surrogates (see surrogate.h).
 */
#include <math.h>
#include <string.h>

#include "surrogate.h"

#include "../core/multiple.h"
#include "../core/sums.h"
#include "permutation_entropy.h"

/* Statistics this close, relatively, count as equal (R-SUR-5). */
#define SAME 1e-12

typedef struct test_call
{
	const jrn_env *env;
	const jrn_surrogate_options *options;
	size_t		n;
	jrn_embedding embedding;	/* of the prediction, its window that of the series */
	double	   *draws[JRN_STATISTICS];
} test_call;

/*
 * Root mean squared error of predicting the next value by the mean of what
 * followed the 4 nearest neighbours, in standard deviations.
 */
static jrn_status
prediction_error(const jrn_env *env, const double *x, size_t n, const jrn_embedding *embedding, double *error)
{
	const size_t count = jrn_embedding_count(embedding, n, 1);
	const double *target = x + (n - count);
	const jrn_kd_rule rule = {embedding->window, false};
	jrn_series	series;
	jrn_kd_points points;
	jrn_kdtree	tree;
	int32_t    *nb;
	jrn_acc		squares = {0.0, 0.0};
	double		variance;
	size_t		used = 0;
	size_t		i;
	int			j;

	*error = NAN;
	series.x = x;
	series.n = n;
	points = jrn_embedding_points(embedding, &series, count);
	JRN_TRY(jrn_series_variance(env, target, count, 0, &variance));
	if (!(variance > 0.0))
		return JRN_OK;
	JRN_TRY(jrn_kdtree_build(env, &points, &tree));
	JRN_TRY(jrn_alloc_array(env, count * 4, sizeof(int32_t), &nb));
	JRN_TRY(jrn_kdtree_nearest(env, &tree, &rule, 4, nb, NULL));
	for (i = 0; i < count; i++)
	{
		double		sum = 0.0;

		for (j = 0; j < 4 && nb[4 * i + j] >= 0; j++)
			sum += target[nb[4 * i + j]];
		if (j == 0)
			continue;
		jrn_acc_add(&squares, (target[i] - sum / j) * (target[i] - sum / j));
		used++;
	}
	if (used > 0)
		*error = sqrt(jrn_acc_value(&squares) / (double) used / variance);
	jrn_release(env, nb);
	jrn_release(env, tree.points);
	jrn_release(env, tree.numbers);
	jrn_release(env, tree.nodes);
	jrn_release(env, tree.boxes);
	return JRN_OK;
}

static jrn_status
statistic_of(test_call *call, jrn_surrogate_statistic which, const double *x, double *value)
{
	if (which == JRN_STATISTIC_ENTROPY)
		return jrn_permutation_entropy(call->env, x, call->n, JRN_SURROGATE_PE_DIMENSION, 1, value);
	return prediction_error(call->env, x, call->n, &call->embedding, value);
}

static jrn_status
draw_all(test_call *call, const double *x, double *room)
{
	const int32_t count = call->options->surrogates;
	jrn_surrogates surrogates;
	int32_t		b;
	int			which;

	JRN_TRY(jrn_surrogates_init(call->env, x, call->n, &surrogates));
	for (b = 0; b < count; b++)
	{
		JRN_TRY(jrn_surrogates_draw(call->env, &surrogates, call->options->seed, (uint64_t) b + 1, room, NULL));
		for (which = 0; which < JRN_STATISTICS; which++)
			if (call->options->wanted[which])
				JRN_TRY(statistic_of(call, which, room, &call->draws[which][b]));
		if (call->options->progress != NULL)
			call->options->progress(call->options->progress_arg, b + 1, count);
	}
	return JRN_OK;
}

/* R-SUR-5 */
static jrn_status
rank(test_call *call, int which, jrn_surrogate_result *result)
{
	const int32_t count = call->options->surrogates;
	const double observed = result->observed[which];
	double	   *draws = call->draws[which];
	int32_t		below = 0;
	int32_t		b;

	for (b = 0; b < count; b++)
		below += draws[b] <= observed + SAME * fabs(observed);
	result->p[which] = (1.0 + below) / (1.0 + count);
	JRN_TRY(jrn_sort_doubles(call->env, draws, (size_t) count));
	result->null_median[which] = jrn_sorted_quantile(draws, (size_t) count, 0.5);
	return JRN_OK;
}

static jrn_status
observe(test_call *call, const double *x, jrn_surrogate_result *result)
{
	jrn_series	series;
	int			which;

	call->embedding.dimension = 3;
	call->embedding.delay = 1;
	call->embedding.window = JRN_SERIES_DEFAULT;
	JRN_TRY(jrn_series_init(call->env, x, call->n, &series));
	if (jrn_series_is_constant(&series))
	{
		result->status = JRN_SERIES_CONSTANT;	/* a part whose ends match too well */
		return JRN_OK;
	}
	JRN_TRY(jrn_embedding_resolve(call->env, &series, &call->embedding));
	for (which = 0; which < JRN_STATISTICS; which++)
	{
		if (!call->options->wanted[which])
			continue;
		JRN_TRY(statistic_of(call, which, x, &result->observed[which]));
		if (isnan(result->observed[which]))
			result->status = JRN_SERIES_NO_MATCH;
		JRN_TRY(jrn_alloc_array(call->env, (size_t) call->options->surrogates, sizeof(double), &call->draws[which]));
	}
	return JRN_OK;
}

static void
begin_result(jrn_surrogate_result *result)
{
	int			which;

	memset(result, 0, sizeof(*result));
	result->part.mismatch = NAN;
	for (which = 0; which < JRN_STATISTICS; which++)
		result->observed[which] = result->null_median[which] = result->p[which] = NAN;
}

jrn_status
jrn_surrogate_test(const jrn_env *env, const double *x, size_t n,
				   const jrn_surrogate_options *options, jrn_surrogate_result *result)
{
	test_call	call;
	jrn_series	series;
	double	   *room;
	int			which;

	begin_result(result);
	if (options->surrogates < 1 || options->surrogates > JRN_SURROGATE_MAX)
		return JRN_DOMAIN;
	JRN_TRY(jrn_series_init(env, x, n, &series));
	result->status = n < JRN_SURROGATE_MIN ? JRN_SERIES_TOO_SHORT :
		jrn_series_is_constant(&series) ? JRN_SERIES_CONSTANT : JRN_SERIES_OK;
	if (result->status != JRN_SERIES_OK)
		return JRN_OK;			/* R-SUR-7 */
	JRN_TRY(jrn_match_ends(env, series.x, n, &result->part));
	memset(&call, 0, sizeof(call));
	call.env = env;
	call.options = options;
	call.n = result->part.length;
	JRN_TRY(observe(&call, series.x + result->part.start, result));
	if (result->status != JRN_SERIES_OK)
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(env, call.n, sizeof(double), &room));
	JRN_TRY(draw_all(&call, series.x + result->part.start, room));
	for (which = 0; which < JRN_STATISTICS; which++)
		if (options->wanted[which])
			JRN_TRY(rank(&call, which, result));
	return JRN_OK;
}
