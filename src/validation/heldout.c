/*
 * heldout.c
 *		Errors of held-out rows: the pass (see heldout.h).
 */
#include <math.h>
#include <string.h>

#include "../core/kernels.h"
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

/* Sets whose linear predictors are found together. */
#define SETS_AT_ONCE 4

/*
 * Losses of the rows of a block, column by column (R-HELD-6): losses[i] has
 * whole lanes.  apart: no two rows are of one cluster.
 */
typedef struct block_losses
{
	double	   *losses[JRN_LOSSES];
	double	   *eta[SETS_AT_ONCE];	/* family gaussian */
	bool		apart;
} block_losses;

static jrn_status
block_losses_begin(const jrn_env *env, block_losses *block)
{
	int			i;

	JRN_TRY(jrn_alloc_zeroed(env, (JRN_LOSSES + SETS_AT_ONCE) * JRN_BLOCK_ROWS, sizeof(double), &block->losses[0]));
	for (i = 1; i < JRN_LOSSES; i++)
		block->losses[i] = block->losses[0] + (size_t) i * JRN_BLOCK_ROWS;
	for (i = 0; i < SETS_AT_ONCE; i++)
		block->eta[i] = block->losses[0] + (size_t) (JRN_LOSSES + i) * JRN_BLOCK_ROWS;
	return JRN_OK;
}

/* Clusters come one after the other. */
static bool
rows_are_apart(const jrn_tile *tile)
{
	size_t		r;

	for (r = 1; r < tile->rows; r++)
		if (tile->cluster[r] == tile->cluster[r - 1])
			return false;
	return true;
}

/* offset: NULL, none. */
static void
gaussian_losses(const double *restrict residual, const double *restrict y, const double *restrict offset,
				double origin, double train_mean_y, size_t rows, const block_losses *block)
{
	double	   *restrict squared = block->losses[0];
	double	   *restrict absolute = block->losses[1];
	double	   *restrict from_mean = block->losses[2];
	size_t		r;

	for (r = 0; r < rows; r++)
	{
		squared[r] = residual[r] * residual[r];
		absolute[r] = fabs(residual[r]);
		from_mean[r] = y[r];
	}
	for (r = 0; offset != NULL && r < rows; r++)
		from_mean[r] -= offset[r];
	for (r = 0; r < rows; r++)
	{
		double		d = (from_mean[r] - origin) - train_mean_y;

		from_mean[r] = d * d;
	}
}

static void
binomial_losses(const jrn_engine *engine, const jrn_tile *tile, block_losses *block)
{
	size_t		r;

	for (r = 0; r < tile->rows; r++)
	{
		block->losses[0][r] = engine->loss[r];
		block->losses[1][r] = engine->residual[r] * engine->residual[r];
		block->losses[2][r] = (engine->mu[r] >= 0.5) == (tile->y[r] == 1.0) ? 1.0 : 0.0;
	}
}

static void
count_losses(const jrn_engine *engine, const jrn_tile *tile, block_losses *block)
{
	size_t		r;

	for (r = 0; r < tile->rows; r++)
	{
		double		error = tile->y[r] - engine->mu[r];

		block->losses[0][r] = engine->family == JRN_NEGATIVE_BINOMIAL ?
			poisson_deviance(tile->y[r], engine->mu[r]) : engine->loss[r];
		block->losses[1][r] = fabs(error);
		block->losses[2][r] = error * error;
	}
}

static void
fill_losses(const jrn_engine *engine, const jrn_tile *tile, double train_mean_y, block_losses *block)
{
	if (engine->family == JRN_GAUSSIAN)
		gaussian_losses(engine->residual, tile->y, tile->offset, engine->origin[engine->p], train_mean_y, tile->rows, block);
	else if (engine->family == JRN_BINOMIAL)
		binomial_losses(engine, tile, block);
	else
		count_losses(engine, tile, block);
}

static void
add_row(const jrn_heldout *heldout, jrn_heldout_fold *fold, const jrn_tile *tile, size_t r,
		const block_losses *block)
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
	fold->cluster_sum[0] += block->losses[0][r];
	fold->cluster_sum[1] += block->losses[1][r];
	fold->cluster_sum[2] += block->losses[2][r];
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

/*
 * The rows between the first and the last, each a cluster of its own, at once:
 * their losses leave the block.
 */
static void
add_inner_rows(jrn_heldout_fold *fold, const jrn_tile *tile, block_losses *block)
{
	const size_t last = tile->rows - 1;
	const size_t inner = tile->rows - 2;
	size_t		r;
	int			i;

	for (i = 0; i < JRN_LOSSES; i++)
	{
		double	   *losses = block->losses[i];
		double		sum;

		losses[0] = 0.0;
		for (r = last; r < jrn_lanes(tile->rows); r++)
			losses[r] = 0.0;
		sum = jrn_column_sum(losses, tile->rows);
		fold->sum[i] += sum;
		fold->with_n[i] += sum;
		fold->square[i] += jrn_column_dot(losses, losses, tile->rows);
	}
	fold->first_third += jrn_column_dot(block->losses[0], block->losses[2], tile->rows);
	fold->n_square += (double) inner;
	fold->n += (int64_t) inner;
	fold->clusters += (int64_t) inner;
	for (r = 1; r < last && !fold->two_classes; r++)
		fold->two_classes = tile->y[r] != fold->first_observed;
}

/* All rows of a block; of rows that are apart only the first and last may share their cluster with another block. */
static void
add_rows(const jrn_heldout *heldout, jrn_heldout_fold *fold, const jrn_tile *tile, block_losses *block)
{
	double		last[JRN_LOSSES];
	size_t		r;
	int			i;

	if (!block->apart || fold->predicted != NULL || tile->rows < 3)
	{
		for (r = 0; r < tile->rows; r++)
			add_row(heldout, fold, tile, r, block);
		return;
	}
	add_row(heldout, fold, tile, 0, block);
	end_cluster(fold);
	for (i = 0; i < JRN_LOSSES; i++)
		last[i] = block->losses[i][tile->rows - 1];
	add_inner_rows(fold, tile, block);
	for (i = 0; i < JRN_LOSSES; i++)
		block->losses[i][tile->rows - 1] = last[i];
	add_row(heldout, fold, tile, tile->rows - 1, block);
}

/* Losses of a row for the group of its cluster. */
static void
add_scores(const jrn_heldout *heldout, int lambda, const jrn_tile *tile, size_t r, const block_losses *block)
{
	const jrn_cv_request *request = heldout->request;
	size_t		at = (size_t) lambda * (size_t) request->score_groups +
		(size_t) jrn_cv_group(request, tile->cluster[r], heldout->clusters);
	int			m;

	for (m = 0; m < JRN_METRICS; m++)
		if (request->scores[m] != NULL && !jrn_metric_is_rank((jrn_metric) m))
			request->scores[m][at] += block->losses[jrn_metric_loss(request->family, (jrn_metric) m)][r] /
				request->repeats;
}

/* Family gaussian: linear predictors of a block under the next sets. */
static void
predict_sets(const jrn_engine *engine, jrn_heldout_set **sets, int count, const jrn_tile *tile, block_losses *block)
{
	const double *theta[SETS_AT_ONCE];
	int			s;

	for (s = 0; s < count && s < SETS_AT_ONCE; s++)
		theta[s] = sets[s]->fit[sets[s]->fold_of_cell[tile->cell]].theta;
	jrn_engine_predictors(engine, tile, theta, (size_t) s, block->eta[0]);
}

/* One block under one set; eta is that of family gaussian. */
static jrn_status
add_block(const jrn_heldout *heldout, jrn_heldout_set *set, const jrn_tile *tile, const double *eta,
		  block_losses *block)
{
	jrn_engine *engine = heldout->engine;
	int			f = set->fold_of_cell[tile->cell];
	const jrn_fold_fit *fit = &set->fit[f];
	size_t		r;

	if (set->link != NULL)
		jrn_boosted_predict(engine, tile, set->link + set->rows_seen);
	else if (engine->family == JRN_GAUSSIAN)
		jrn_engine_settle_gaussian(engine, tile, eta);
	else
		jrn_engine_predict(engine, tile, fit->theta, true);
	set->rows_seen += tile->rows;
	fill_losses(engine, tile, fit->train_mean_y, block);
	for (r = 0; heldout->has_scores && r < tile->rows; r++)
		add_scores(heldout, set->lambda, tile, r, block);
	add_rows(heldout, &set->folds[f], tile, block);
	for (r = 0; heldout->emit != NULL && r < tile->rows; r++)
		JRN_TRY(heldout->emit(heldout->emit_arg, set->lambda, set->repeat, f, tile->number[r],
							  tile->cluster[r], tile->y[r],
							  jrn_fold_has_model(fit) ? engine->mu[r] : NAN));
	return JRN_OK;
}

jrn_status
jrn_heldout_run(const jrn_heldout *heldout, jrn_heldout_set **sets, int count)
{
	jrn_engine *engine = heldout->engine;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	block_losses block;
	int			s,
				f;

	JRN_TRY(block_losses_begin(engine->env, &block));
	for (s = 0; s < count; s++)
		JRN_TRY(begin_ranks(heldout, sets[s]));
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		jrn_engine_z(engine, &tile);
		block.apart = rows_are_apart(&tile);
		for (s = 0; s < count; s++)
		{
			if (s % 16 == 15)
				JRN_TICK(engine->env);
			if (s % SETS_AT_ONCE == 0 && engine->family == JRN_GAUSSIAN && sets[s]->link == NULL)
				predict_sets(engine, sets + s, count - s, &tile, &block);
			JRN_TRY(add_block(heldout, sets[s], &tile, block.eta[s % SETS_AT_ONCE], &block));
		}
	}
	jrn_tiles_close(&cursor);
	jrn_release(engine->env, block.losses[0]);
	for (s = 0; s < count; s++)
	{
		for (f = 0; f < heldout->plan->k; f++)
			end_cluster(&sets[s]->folds[f]);
		JRN_TRY(jrn_heldout_metrics(heldout, sets[s]));
		jrn_heldout_set_end(heldout, sets[s]);
	}
	return JRN_OK;
}
