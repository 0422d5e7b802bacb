/*
 * heldout_metrics.c
 *		The metrics of held-out rows from their sums (see heldout.h).
 */
#include <math.h>
#include <string.h>

#include "../metrics/metric_auc.h"
#include "../metrics/metric_sort.h"
#include "heldout.h"

/* Standard error of a mean of losses (R-HELD-1). */
static double
mean_error(const jrn_heldout_fold *fold, int loss)
{
	double		n = (double) fold->n;
	double		g = (double) fold->clusters;
	double		mean = fold->sum[loss] / n;
	double		spread = fold->square[loss] - 2.0 * mean * fold->with_n[loss] +
		mean * mean * fold->n_square;

	if (fold->clusters < 2)
		return NAN;
	return sqrt(g / (g - 1.0) * (spread > 0.0 ? spread : 0.0)) / n;
}

/* Standard error of 1 - sum e^2 / sum d^2 (R-HELD-2). */
static double
r_squared_error(const jrn_heldout_fold *fold)
{
	double		g = (double) fold->clusters;
	double		ratio = fold->sum[0] / fold->sum[2];
	double		spread = fold->square[0] - 2.0 * ratio * fold->first_third +
		ratio * ratio * fold->square[2];

	if (fold->clusters < 2)
		return NAN;
	return sqrt(g / (g - 1.0) * (spread > 0.0 ? spread : 0.0)) / fold->sum[2];
}

static void
gaussian_metrics(const jrn_heldout_fold *fold, jrn_cv_fold *out)
{
	double		n = (double) fold->n;
	double		rmse = sqrt(fold->sum[0] / n);

	out->value[JRN_METRIC_RMSE] = rmse;
	out->std_error[JRN_METRIC_RMSE] = rmse > 0.0 ? mean_error(fold, 0) / (2.0 * rmse) : NAN;
	out->value[JRN_METRIC_MAE] = fold->sum[1] / n;
	out->std_error[JRN_METRIC_MAE] = mean_error(fold, 1);
	if (fold->sum[2] > 0.0 && fold->n > 1)
	{
		out->value[JRN_METRIC_R_SQUARED] = 1.0 - fold->sum[0] / fold->sum[2];
		out->std_error[JRN_METRIC_R_SQUARED] = r_squared_error(fold);
	}
}

/* Counts and ordinal targets: a mean loss, and errors. */
static void
other_metrics(jrn_family family, const jrn_heldout_fold *fold, jrn_cv_fold *out)
{
	jrn_metric	first = family == JRN_ORDINAL ? JRN_METRIC_LOG_LOSS : JRN_METRIC_POISSON_DEVIANCE;
	double		n = (double) fold->n;
	double		rmse = sqrt(fold->sum[2] / n);

	out->value[first] = fold->sum[0] / n;
	out->std_error[first] = mean_error(fold, 0);
	out->value[JRN_METRIC_MAE] = fold->sum[1] / n;
	out->std_error[JRN_METRIC_MAE] = mean_error(fold, 1);
	out->value[JRN_METRIC_RMSE] = rmse;
	out->std_error[JRN_METRIC_RMSE] = rmse > 0.0 ? mean_error(fold, 2) / (2.0 * rmse) : NAN;
}

/* R-HELD-4 */
static jrn_status
average_precision(const jrn_env *env, const jrn_heldout_fold *fold, double *value)
{
	jrn_score  *rows;
	size_t		n = (size_t) fold->n;
	double		positives = 0.0;
	double		found = 0.0;
	double		sum = 0.0;
	size_t		i,
				end;

	*value = NAN;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(jrn_score), &rows));
	for (i = 0; i < n; i++)
	{
		rows[i].key = ~jrn_score_key(fold->predicted[i]);
		rows[i].payload = fold->observed[i] == 1.0;
		positives += fold->observed[i];
	}
	JRN_TRY(jrn_score_sort(env, rows, n));
	for (i = 0; i < n; i = end)
	{
		double		more = 0.0;

		for (end = i; end < n && rows[end].key == rows[i].key; end++)
			more += (double) rows[end].payload;
		found += more;
		sum += more * (found / (double) end);
	}
	jrn_release(env, rows);
	if (positives > 0.0)
		*value = sum / positives;
	return JRN_OK;
}

/* Influences of the rows of a fold on its AUC, by cluster (R-HELD-3). */
static jrn_status
add_influences(const jrn_heldout *heldout, const jrn_heldout_set *set, const jrn_heldout_fold *fold,
			   double auc)
{
	const jrn_env *env = heldout->engine->env;
	const jrn_cv_request *request = heldout->request;
	double	   *scores = request->scores[JRN_METRIC_AUC] +
		(size_t) set->lambda * (size_t) request->score_groups;
	double		folds = (double) heldout->plan->k * request->repeats;
	uint64_t   *placements;
	uint64_t	positives,
				negatives;
	int64_t		i;

	JRN_TRY(jrn_alloc_array(env, (size_t) fold->n, sizeof(uint64_t), &placements));
	JRN_TRY(jrn_auc_placements(env, fold->predicted, fold->observed, (size_t) fold->n, placements,
							   &positives, &negatives));
	for (i = 0; i < fold->n; i++)
	{
		double		own = (double) (fold->observed[i] == 1.0 ? positives : negatives);
		double		others = (double) (fold->observed[i] == 1.0 ? negatives : positives);

		scores[jrn_cv_group(request, fold->cluster_numbers[fold->cluster_ids[i]], heldout->clusters)] +=
			((double) placements[i] / (2.0 * others) - auc) / own / folds;
	}
	jrn_release(env, placements);
	return JRN_OK;
}

static jrn_status
binomial_metrics(const jrn_heldout *heldout, const jrn_heldout_set *set,
				 const jrn_heldout_fold *fold, jrn_cv_fold *out)
{
	const jrn_env *env = heldout->engine->env;
	double		n = (double) fold->n;
	jrn_auc_result auc;

	out->value[JRN_METRIC_LOG_LOSS] = fold->sum[0] / n;
	out->std_error[JRN_METRIC_LOG_LOSS] = mean_error(fold, 0);
	out->value[JRN_METRIC_BRIER] = fold->sum[1] / n;
	out->std_error[JRN_METRIC_BRIER] = mean_error(fold, 1);
	out->value[JRN_METRIC_ACCURACY] = fold->sum[2] / n;
	out->std_error[JRN_METRIC_ACCURACY] = mean_error(fold, 2);
	out->test_one_class = !fold->two_classes;
	if (!fold->two_classes)
		return JRN_OK;
	if (heldout->want_precision)
		JRN_TRY(average_precision(env, fold, &out->value[JRN_METRIC_AVERAGE_PRECISION]));
	if (!heldout->want_auc)
		return JRN_OK;
	JRN_TRY(jrn_auc_delong(env, fold->predicted, fold->observed, fold->cluster_ids,
						   (uint32_t) fold->clusters, (size_t) fold->n, &auc));
	out->value[JRN_METRIC_AUC] = auc.auc;
	out->std_error[JRN_METRIC_AUC] = sqrt(auc.variance);
	if (heldout->request->scores[JRN_METRIC_AUC] != NULL)
		JRN_TRY(add_influences(heldout, set, fold, auc.auc));
	return JRN_OK;
}

/* Mean over the folds that have a value of a rank metric: R-CV-4. */
static double
mean_over_folds(const jrn_heldout *heldout, const jrn_cv_fold *folds, jrn_metric metric)
{
	double		sum = 0.0;
	double		count = 0.0;
	int			f;

	/* a fold with one class has no AUC: it is left out, never 0 or 1/2 */
	for (f = 0; f < heldout->plan->k; f++)
		if (!isnan(folds[f].value[metric]))
		{
			sum += folds[f].value[metric];
			count += 1.0;
		}
	return count > 0.0 ? sum / count : NAN;
}

/* Losses pooled over rows; NaN unless every fold has a model. */
static void
pool(const jrn_heldout *heldout, const jrn_heldout_set *set, const jrn_cv_fold *folds, double *pooled)
{
	double		sum[JRN_LOSSES] = {0};
	double		n = 0.0;
	bool		complete = true;
	int			f,
				i;

	for (f = 0; f < heldout->plan->k; f++)
	{
		for (i = 0; i < JRN_LOSSES; i++)
			sum[i] += set->folds[f].sum[i];
		n += (double) set->folds[f].n;
		complete = complete && jrn_fit_is_usable(folds[f].status);
	}
	for (i = 0; i < JRN_METRICS; i++)
		pooled[i] = NAN;
	if (!complete || n == 0.0)
		return;
	if (heldout->engine->family == JRN_BINOMIAL)
	{
		pooled[JRN_METRIC_LOG_LOSS] = sum[0] / n;
		pooled[JRN_METRIC_BRIER] = sum[1] / n;
		pooled[JRN_METRIC_ACCURACY] = sum[2] / n;
		pooled[JRN_METRIC_AUC] = mean_over_folds(heldout, folds, JRN_METRIC_AUC);
		pooled[JRN_METRIC_AVERAGE_PRECISION] = mean_over_folds(heldout, folds, JRN_METRIC_AVERAGE_PRECISION);
		return;
	}
	if (heldout->engine->family != JRN_GAUSSIAN)
	{
		pooled[heldout->engine->family == JRN_ORDINAL ? JRN_METRIC_LOG_LOSS : JRN_METRIC_POISSON_DEVIANCE] = sum[0] / n;
		pooled[JRN_METRIC_MAE] = sum[1] / n;
		pooled[JRN_METRIC_RMSE] = sqrt(sum[2] / n);
		return;
	}
	pooled[JRN_METRIC_RMSE] = sqrt(sum[0] / n);
	pooled[JRN_METRIC_MAE] = sum[1] / n;
	if (sum[2] > 0.0)
		pooled[JRN_METRIC_R_SQUARED] = 1.0 - sum[0] / sum[2];
}

jrn_status
jrn_heldout_metrics(const jrn_heldout *heldout, jrn_heldout_set *set)
{
	size_t		index = jrn_cv_set_index(heldout->request, set->lambda, set->repeat);
	jrn_cv_fold *folds = heldout->result->folds + index * (size_t) heldout->plan->k;
	int			f,
				m;

	for (f = 0; f < heldout->plan->k; f++)
	{
		const jrn_heldout_fold *fold = &set->folds[f];
		jrn_cv_fold *out = &folds[f];

		out->n_train = set->fit[f].n_train;
		out->n_test = fold->n;
		out->status = fold->n == 0 ? JRN_FIT_TOO_FEW : set->fit[f].status;
		out->test_one_class = false;
		out->df = heldout->result->from_moments ? (double) fold->clusters - 1.0 : 0.0;
		for (m = 0; m < JRN_METRICS; m++)
			out->value[m] = out->std_error[m] = NAN;
		if (fold->n == 0 || !jrn_fold_has_model(&set->fit[f]))
			continue;
		if (heldout->engine->family == JRN_GAUSSIAN)
			gaussian_metrics(fold, out);
		else if (heldout->engine->family != JRN_BINOMIAL)
			other_metrics(heldout->engine->family, fold, out);
		else
			JRN_TRY(binomial_metrics(heldout, set, fold, out));
	}
	pool(heldout, set, folds, heldout->result->pooled + index * JRN_METRICS);
	return JRN_OK;
}
