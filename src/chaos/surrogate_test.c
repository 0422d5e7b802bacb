/*
 * surrogate_test.c
 *		The rank test of a series against its surrogates (see surrogate.h).
 */
#include <math.h>
#include <string.h>

#include "surrogate.h"

#include "../core/multiple.h"
#include "permutation_entropy.h"
#include "prediction_error.h"

/* Statistics this close, relatively, count as equal (R-SUR-5). */
#define SAME 1e-12

#define PREDICTION_DIMENSION 3
#define PREDICTION_NEIGHBOURS 4

typedef struct test_call
{
	const jrn_env *env;
	const jrn_surrogate_options *options;
	size_t		n;
	jrn_embedding embedding;	/* of the prediction, its window that of the series */
	double	   *draws[JRN_STATISTICS];
} test_call;

static jrn_status
statistic_of(test_call *call, jrn_surrogate_statistic which, const double *x, double *value)
{
	if (which == JRN_STATISTIC_ENTROPY)
		return jrn_permutation_entropy(call->env, x, call->n, JRN_SURROGATE_PE_DIMENSION, 1, value);
	return jrn_prediction_error(call->env, x, call->n, &call->embedding, PREDICTION_NEIGHBOURS, 1, value);
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

	call->embedding.dimension = PREDICTION_DIMENSION;
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
