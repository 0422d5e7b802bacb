/*
 * overall.c
 *		Overall figures of a cross-validation, and the choice among penalties
 *		(see crossval.h).
 */
#include <math.h>
#include <string.h>

#include "crossval.h"


/* Sums that the correction needs: rows tested over rows trained on. */
static double
fold_sizes(const jrn_cv_request *request, const jrn_cv_result *result, int lambda,
				jrn_cv_overall *overall)
{
	double		train = 0.0;
	double		test = 0.0;
	int			count = request->repeats * result->k;
	int			r,
				f;

	for (r = 0; r < request->repeats; r++)
		for (f = 0; f < result->k; f++)
		{
			const jrn_cv_fold *fold = &result->folds[jrn_cv_index(request, result, lambda, r, f)];

			train += (double) fold->n_train;
			test += (double) fold->n_test;
			if (overall != NULL && overall->status == JRN_FIT_OK)
				overall->status = fold->status;
			if (overall != NULL)
				overall->test_one_class = overall->test_one_class || fold->test_one_class;
		}
	if (overall != NULL)
	{
		overall->n_train = (int64_t) floor(train / count + 0.5);
		overall->n_test = (int64_t) floor(test / count + 0.5);
	}
	return train > 0.0 ? test / train : NAN;
}

double
jrn_cv_test_over_train(const jrn_cv_request *request, const jrn_cv_result *result, int lambda)
{
	return fold_sizes(request, result, lambda, NULL);
}

/* Mean and sum of squared deviations of the fold values that there are. */
static int
fold_spread(const jrn_cv_request *request, const jrn_cv_result *result,
			int lambda, jrn_metric metric, double *square)
{
	int			folds = request->repeats * result->k;
	const jrn_cv_fold *first = &result->folds[jrn_cv_index(request, result, lambda, 0, 0)];
	double		mean = 0.0;
	int			count = 0;
	int			i;

	for (i = 0; i < folds; i++)
		if (!isnan(first[i].value[metric]))
		{
			mean += first[i].value[metric];
			count++;
		}
	mean /= count;
	*square = 0.0;
	for (i = 0; i < folds; i++)
		if (!isnan(first[i].value[metric]))
			*square += (first[i].value[metric] - mean) * (first[i].value[metric] - mean);
	return count;
}

void
jrn_cv_summarise(const jrn_cv_request *request, const jrn_cv_result *result,
				 int lambda, jrn_metric metric, jrn_cv_overall *overall)
{
	double		ratio;
	double		square;
	int			count;
	int			r;

	memset(overall, 0, sizeof(*overall));
	overall->status = JRN_FIT_OK;
	ratio = fold_sizes(request, result, lambda, overall);
	for (r = 0; r < request->repeats; r++)
		overall->estimate += result->pooled[((size_t) lambda * (size_t) request->repeats + (size_t) r) *
											JRN_METRICS + metric] / request->repeats;
	count = fold_spread(request, result, lambda, metric, &square);
	overall->df = count - 1.0;
	overall->std_error = count > 1 ? sqrt((1.0 / count + ratio) * square / (count - 1.0)) : NAN;
}

/* Fold value of a minus fold value of b. */
static double
fold_difference(const jrn_cv_request *request, const jrn_cv_result *result, jrn_metric metric,
				int a, int b, int repeat, int fold)
{
	return result->folds[jrn_cv_index(request, result, a, repeat, fold)].value[metric] -
		result->folds[jrn_cv_index(request, result, b, repeat, fold)].value[metric];
}

/* Corrected |t| of the paired fold differences of two lambdas is below 1. */
static bool
within_one_error(const jrn_cv_request *request, const jrn_cv_result *result, jrn_metric metric,
				 int a, int b)
{
	int			count = request->repeats * result->k;
	double		ratio = fold_sizes(request, result, a, NULL);
	double		mean = 0.0;
	double		square = 0.0;
	int			r,
				f;

	if (count < 2)
		return false;
	/* NaN in any fold makes the comparison false */
	for (r = 0; r < request->repeats; r++)
		for (f = 0; f < result->k; f++)
			mean += fold_difference(request, result, metric, a, b, r, f) / count;
	for (r = 0; r < request->repeats; r++)
		for (f = 0; f < result->k; f++)
		{
			double		d = fold_difference(request, result, metric, a, b, r, f) - mean;

			square += d * d;
		}
	return fabs(mean) < sqrt((1.0 / count + ratio) * square / (count - 1.0));
}

void
jrn_cv_choose(const jrn_cv_request *request, const jrn_cv_result *result,
			  jrn_metric metric, int *best, int *one_se)
{
	double		best_value = NAN;
	int			l;

	*best = *one_se = -1;
	for (l = 0; l < request->lambda_count; l++)
	{
		jrn_cv_overall overall;

		jrn_cv_summarise(request, result, l, metric, &overall);
		if (isnan(overall.estimate))
			continue;
		/* of equal figures the stronger penalty, the simpler model, wins */
		if (*best < 0 || jrn_metric_is_better(metric, overall.estimate, best_value) ||
			(overall.estimate == best_value && request->lambdas[l] > request->lambdas[*best]))
		{
			*best = l;
			best_value = overall.estimate;
		}
	}
	*one_se = *best;
	for (l = 0; *best >= 0 && l < request->lambda_count; l++)
		if (request->lambdas[l] > request->lambdas[*one_se] &&
			within_one_error(request, result, metric, l, *best))
			*one_se = l;
}
