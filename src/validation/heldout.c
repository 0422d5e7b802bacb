/*
 * heldout.c
 *		Errors of held-out rows (see heldout.h).
 */
#include <math.h>
#include <string.h>

#include "../metrics/metric_auc.h"
#include "heldout.h"

jrn_status
jrn_heldout_begin(jrn_heldout *heldout, jrn_engine *engine, const jrn_plan *plan, bool want_auc)
{
	const jrn_env *env = engine->env;
	int			f;

	heldout->engine = engine;
	heldout->plan = plan;
	heldout->want_auc = want_auc;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) plan->k, sizeof(jrn_heldout_fold), &heldout->folds));
	for (f = 0; want_auc && f < plan->k; f++)
	{
		size_t		n = (size_t) plan->rows_of_fold[f];

		JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &heldout->folds[f].predicted));
		JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &heldout->folds[f].observed));
		JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &heldout->folds[f].cluster_ids));
	}
	return JRN_OK;
}

/* Close the books of the cluster that was being read. */
static void
end_cluster(jrn_heldout_fold *fold)
{
	int			i;

	for (i = 0; i < JRN_LOSSES; i++)
	{
		double		s = fold->cluster_sum[i];

		fold->sum[i] += s;
		fold->square[i] += s * s;
		fold->with_n[i] += s * fold->cluster_n;
	}
	fold->first_third += fold->cluster_sum[0] * fold->cluster_sum[2];
	fold->n_square += fold->cluster_n * fold->cluster_n;
	memset(fold->cluster_sum, 0, sizeof(fold->cluster_sum));
	fold->cluster_n = 0.0;
}

static void
add_row(jrn_heldout *heldout, jrn_heldout_fold *fold, const jrn_tile *tile, size_t r,
		double train_mean_y)
{
	jrn_engine *engine = heldout->engine;
	double		y = tile->y[r];
	double		error = engine->residual[r];

	if (fold->n == 0 || fold->cluster != tile->cluster[r])
	{
		end_cluster(fold);
		fold->cluster = tile->cluster[r];
		fold->clusters++;
	}
	if (engine->family == JRN_BINOMIAL)
	{
		fold->cluster_sum[0] += engine->loss[r];
		fold->cluster_sum[1] += error * error;
	}
	else
	{
		double		from_mean = ((y - (tile->offset != NULL ? tile->offset[r] : 0.0)) -
								 engine->origin[engine->p]) - train_mean_y;

		fold->cluster_sum[0] += error * error;
		fold->cluster_sum[1] += fabs(error);
		fold->cluster_sum[2] += from_mean * from_mean;
	}
	fold->cluster_n += 1.0;
	if (fold->n == 0)
		fold->first_observed = y;
	fold->two_classes = fold->two_classes || y != fold->first_observed;
	if (heldout->want_auc)
	{
		fold->predicted[fold->n] = engine->mu[r];
		fold->observed[fold->n] = y;
		fold->cluster_ids[fold->n] = (uint32_t) (fold->clusters - 1);
	}
	fold->n++;
}

static bool
has_model(const jrn_fold_fit *fit)
{
	return fit->status == JRN_FIT_OK || fit->status == JRN_FIT_RANK_DEFICIENT;
}

jrn_status
jrn_heldout_run(jrn_heldout *heldout, const jrn_fold_fit *fits, int lambda, int repeat,
				jrn_cv_emit emit, void *emit_arg)
{
	jrn_engine *engine = heldout->engine;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		r;
	int			f;

	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		f = heldout->plan->fold_of_cell[tile.cell];
		jrn_engine_z(engine, &tile);
		jrn_engine_predict(engine, &tile, fits[f].theta, true);
		for (r = 0; r < tile.rows; r++)
		{
			add_row(heldout, &heldout->folds[f], &tile, r, fits[f].train_mean_y);
			if (emit != NULL)
				JRN_TRY(emit(emit_arg, lambda, repeat, f, tile.number[r], tile.cluster[r], tile.y[r],
							 has_model(&fits[f]) ? engine->mu[r] : NAN));
		}
	}
	jrn_tiles_close(&cursor);
	for (f = 0; f < heldout->plan->k; f++)
		end_cluster(&heldout->folds[f]);
	return JRN_OK;
}

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

static jrn_status
binomial_metrics(const jrn_heldout *heldout, const jrn_heldout_fold *fold, jrn_cv_fold *out)
{
	double		n = (double) fold->n;
	jrn_auc_result auc;

	out->value[JRN_METRIC_LOG_LOSS] = fold->sum[0] / n;
	out->std_error[JRN_METRIC_LOG_LOSS] = mean_error(fold, 0);
	out->value[JRN_METRIC_BRIER] = fold->sum[1] / n;
	out->std_error[JRN_METRIC_BRIER] = mean_error(fold, 1);
	out->test_one_class = !fold->two_classes;
	if (!heldout->want_auc || !fold->two_classes)
		return JRN_OK;
	JRN_TRY(jrn_auc_delong(heldout->engine->env, fold->predicted, fold->observed, fold->cluster_ids,
						   (uint32_t) fold->clusters, (size_t) fold->n, &auc));
	out->value[JRN_METRIC_AUC] = auc.auc;
	out->std_error[JRN_METRIC_AUC] = sqrt(auc.variance);
	return JRN_OK;
}

/* Losses pooled over rows; NaN unless every fold has a model. */
static void
pool(const jrn_heldout *heldout, const jrn_cv_fold *folds, double *pooled)
{
	double		sum[JRN_LOSSES] = {0};
	double		n = 0.0;
	double		auc = 0.0;
	double		auc_folds = 0.0;
	bool		complete = true;
	int			f,
				i;

	for (f = 0; f < heldout->plan->k; f++)
	{
		const jrn_heldout_fold *fold = &heldout->folds[f];

		for (i = 0; i < JRN_LOSSES; i++)
			sum[i] += fold->sum[i];
		n += (double) fold->n;
		/* a fold with one class has no AUC: it is left out, never 0 or 1/2 */
		if (!isnan(folds[f].value[JRN_METRIC_AUC]))
		{
			auc += folds[f].value[JRN_METRIC_AUC];
			auc_folds += 1.0;
		}
		complete = complete && (folds[f].status == JRN_FIT_OK || folds[f].status == JRN_FIT_RANK_DEFICIENT);
	}
	for (i = 0; i < JRN_METRICS; i++)
		pooled[i] = NAN;
	if (!complete || n == 0.0)
		return;
	if (heldout->engine->family == JRN_BINOMIAL)
	{
		pooled[JRN_METRIC_LOG_LOSS] = sum[0] / n;
		pooled[JRN_METRIC_BRIER] = sum[1] / n;
		if (auc_folds > 0.0)
			pooled[JRN_METRIC_AUC] = auc / auc_folds;
		return;
	}
	pooled[JRN_METRIC_RMSE] = sqrt(sum[0] / n);
	pooled[JRN_METRIC_MAE] = sum[1] / n;
	if (sum[2] > 0.0)
		pooled[JRN_METRIC_R_SQUARED] = 1.0 - sum[0] / sum[2];
}

jrn_status
jrn_heldout_metrics(jrn_heldout *heldout, const jrn_fold_fit *fits, jrn_cv_fold *folds, double *pooled)
{
	int			f,
				m;

	for (f = 0; f < heldout->plan->k; f++)
	{
		const jrn_heldout_fold *fold = &heldout->folds[f];
		jrn_cv_fold *out = &folds[f];

		out->n_train = fits[f].n_train;
		out->n_test = fold->n;
		out->status = fold->n == 0 ? JRN_FIT_TOO_FEW : fits[f].status;
		out->test_one_class = false;
		for (m = 0; m < JRN_METRICS; m++)
			out->value[m] = out->std_error[m] = NAN;
		if (fold->n == 0 || !has_model(&fits[f]))
			continue;
		if (heldout->engine->family == JRN_GAUSSIAN)
			gaussian_metrics(fold, out);
		else
			JRN_TRY(binomial_metrics(heldout, fold, out));
	}
	pool(heldout, folds, pooled);
	return JRN_OK;
}
