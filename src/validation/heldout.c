/*
 * heldout.c
 *		Errors of held-out rows: the pass (see heldout.h).
 */
#include <math.h>
#include <string.h>

#include "boosted.h"
#include "heldout.h"

static bool
wants_rank(const jrn_heldout *heldout)
{
	return heldout->want_auc || heldout->want_precision;
}

/* ---- sets ---- */

jrn_status
jrn_heldout_set_begin(const jrn_heldout *heldout, int lambda, int repeat, jrn_heldout_set **out)
{
	const jrn_env *env = heldout->engine->env;
	const jrn_plan *plan = heldout->plan;
	size_t		k = (size_t) plan->k;
	jrn_heldout_set *set;
	size_t		f;

	JRN_TRY(jrn_alloc_zeroed(env, 1, sizeof(jrn_heldout_set), &set));
	set->lambda = lambda;
	set->repeat = repeat;
	JRN_TRY(jrn_alloc_array(env, (size_t) plan->cells, sizeof(int32_t), &set->fold_of_cell));
	memcpy(set->fold_of_cell, plan->fold_of_cell, (size_t) plan->cells * sizeof(int32_t));
	JRN_TRY(jrn_alloc_array(env, k, sizeof(int64_t), &set->rows_of_fold));
	memcpy(set->rows_of_fold, plan->rows_of_fold, k * sizeof(int64_t));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(jrn_fold_fit), &set->fit));
	JRN_TRY(jrn_alloc_zeroed(env, k, heldout->engine->m * sizeof(double), &set->theta));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(jrn_heldout_fold), &set->folds));
	for (f = 0; f < k; f++)
		set->fit[f].theta = set->theta + f * heldout->engine->m;
	*out = set;
	return JRN_OK;
}

static void
release_ranks(const jrn_env *env, jrn_heldout_fold *fold)
{
	jrn_release(env, fold->predicted);
	jrn_release(env, fold->observed);
	jrn_release(env, fold->cluster_ids);
	jrn_release(env, fold->cluster_numbers);
}

void
jrn_heldout_set_end(const jrn_heldout *heldout, jrn_heldout_set *set)
{
	const jrn_env *env = heldout->engine->env;
	int			f;

	for (f = 0; wants_rank(heldout) && f < heldout->plan->k; f++)
		release_ranks(env, &set->folds[f]);
	jrn_release(env, set->fold_of_cell);
	jrn_release(env, set->rows_of_fold);
	jrn_release(env, set->fit);
	jrn_release(env, set->theta);
	jrn_release(env, set->folds);
	if (set->link != NULL)
		jrn_release(env, set->link);
	jrn_release(env, set);
}

static jrn_status
begin_ranks(const jrn_heldout *heldout, jrn_heldout_set *set)
{
	const jrn_env *env = heldout->engine->env;
	int			f;

	for (f = 0; wants_rank(heldout) && f < heldout->plan->k; f++)
	{
		jrn_heldout_fold *fold = &set->folds[f];
		size_t		n = (size_t) set->rows_of_fold[f];

		JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &fold->predicted));
		JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &fold->observed));
		JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &fold->cluster_ids));
		JRN_TRY(jrn_alloc_array(env, n, sizeof(int64_t), &fold->cluster_numbers));
	}
	return JRN_OK;
}

/* ---- rows ---- */

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

/* 2 (y ln(y/mu) - y + mu), 0 ln 0 = 0. */
static double
poisson_deviance(double y, double mu)
{
	return 2.0 * ((y > 0.0 ? y * log(y / mu) : 0.0) - (y - mu));
}

/* The losses of a row behind the metrics of its family (R-HELD-6). */
static inline void
row_losses(const jrn_engine *engine, const jrn_tile *tile, size_t r, double train_mean_y,
		   double losses[JRN_LOSSES])
{
	double		y = tile->y[r];
	double		error = engine->residual[r];

	if (engine->family == JRN_GAUSSIAN)
	{
		double		from_mean = ((y - (tile->offset != NULL ? tile->offset[r] : 0.0)) -
								 engine->origin[engine->p]) - train_mean_y;

		losses[0] = error * error;
		losses[1] = fabs(error);
		losses[2] = from_mean * from_mean;
	}
	else if (engine->family == JRN_BINOMIAL)
	{
		losses[0] = engine->loss[r];
		losses[1] = error * error;
		losses[2] = (engine->mu[r] >= 0.5) == (y == 1.0) ? 1.0 : 0.0;
	}
	else
	{
		error = y - engine->mu[r];
		losses[0] = engine->family == JRN_NEGATIVE_BINOMIAL ? poisson_deviance(y, engine->mu[r]) :
			engine->loss[r];
		losses[1] = fabs(error);
		losses[2] = error * error;
	}
}

static void
add_row(const jrn_heldout *heldout, jrn_heldout_fold *fold, const jrn_tile *tile, size_t r,
		const double losses[JRN_LOSSES])
{
	double		y = tile->y[r];

	if (fold->n == 0 || fold->cluster != tile->cluster[r])
	{
		end_cluster(fold);
		fold->cluster = tile->cluster[r];
		if (fold->cluster_numbers != NULL)
			fold->cluster_numbers[fold->clusters] = fold->cluster;
		fold->clusters++;
	}
	fold->cluster_sum[0] += losses[0];
	fold->cluster_sum[1] += losses[1];
	fold->cluster_sum[2] += losses[2];
	fold->cluster_n += 1.0;
	if (fold->n == 0)
		fold->first_observed = y;
	fold->two_classes = fold->two_classes || y != fold->first_observed;
	if (fold->predicted != NULL)
	{
		fold->predicted[fold->n] = heldout->engine->mu[r];
		fold->observed[fold->n] = y;
		fold->cluster_ids[fold->n] = (uint32_t) (fold->clusters - 1);
	}
	fold->n++;
}

/* Losses of a row for the group of its cluster. */
static void
add_scores(const jrn_heldout *heldout, int lambda, int64_t cluster, const double losses[JRN_LOSSES])
{
	const jrn_cv_request *request = heldout->request;
	size_t		at = (size_t) lambda * (size_t) request->score_groups +
		(size_t) jrn_cv_group(request, cluster, heldout->clusters);
	int			m;

	for (m = 0; m < JRN_METRICS; m++)
		if (request->scores[m] != NULL && !jrn_metric_is_rank((jrn_metric) m))
			request->scores[m][at] += losses[jrn_metric_loss(request->family, (jrn_metric) m)] / request->repeats;
}

/* One block under one set. */
static jrn_status
add_block(const jrn_heldout *heldout, jrn_heldout_set *set, const jrn_tile *tile)
{
	jrn_engine *engine = heldout->engine;
	int			f = set->fold_of_cell[tile->cell];
	const jrn_fold_fit *fit = &set->fit[f];
	size_t		r;

	if (set->link != NULL)
		jrn_boosted_predict(engine, tile, set->link + set->rows_seen);
	else
		jrn_engine_predict(engine, tile, fit->theta, true);
	set->rows_seen += tile->rows;
	for (r = 0; r < tile->rows; r++)
	{
		double		losses[JRN_LOSSES];

		row_losses(engine, tile, r, fit->train_mean_y, losses);
		add_row(heldout, &set->folds[f], tile, r, losses);
		if (heldout->has_scores)
			add_scores(heldout, set->lambda, tile->cluster[r], losses);
		if (heldout->emit != NULL)
			JRN_TRY(heldout->emit(heldout->emit_arg, set->lambda, set->repeat, f, tile->number[r],
								  tile->cluster[r], tile->y[r],
								  jrn_fold_has_model(fit) ? engine->mu[r] : NAN));
	}
	return JRN_OK;
}

jrn_status
jrn_heldout_run(const jrn_heldout *heldout, jrn_heldout_set **sets, int count)
{
	jrn_engine *engine = heldout->engine;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	int			s,
				f;

	for (s = 0; s < count; s++)
		JRN_TRY(begin_ranks(heldout, sets[s]));
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		jrn_engine_z(engine, &tile);
		for (s = 0; s < count; s++)
		{
			if (s % 16 == 15)
				JRN_TICK(engine->env);
			JRN_TRY(add_block(heldout, sets[s], &tile));
		}
	}
	jrn_tiles_close(&cursor);
	for (s = 0; s < count; s++)
	{
		for (f = 0; f < heldout->plan->k; f++)
			end_cluster(&sets[s]->folds[f]);
		JRN_TRY(jrn_heldout_metrics(heldout, sets[s]));
		jrn_heldout_set_end(heldout, sets[s]);
	}
	return JRN_OK;
}
