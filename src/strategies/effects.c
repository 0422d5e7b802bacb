/*
 * effects.c
 *		Sums of scores, block by block (see effects.h).
 *
 * Columns of main: average: a score a strategy, then rows; self-normalised:
 * w y a strategy, then w a strategy; treated: four a challenger, {a} (y -
 * mu_b), {a}, {b} w (y - mu_b), {b} w; overlap: two a challenger, zr, zz.
 */
#include "effects.h"

#include <math.h>
#include <string.h>

#include "../core/sums.h"

#define TRIM_LOW 0.05
#define TRIM_HIGH 0.95

static size_t
main_columns(const jrn_effects_request *request)
{
	size_t		arms = (size_t) request->arms;

	if (request->estimand == JRN_ESTIMAND_TREATED)
		return 4 * (arms - 1);
	if (request->estimand == JRN_ESTIMAND_OVERLAP)
		return 2 * (arms - 1);
	return request->self_normalised ? 2 * arms : arms + 1;
}

static jrn_status
begin_repeat(jrn_effects *effects, jrn_effects_sums *sums)
{
	const jrn_env *env = effects->env;
	size_t		arms = (size_t) effects->request.arms;
	size_t		a;

	JRN_TRY(jrn_cluster_sums_begin(env, main_columns(&effects->request), &sums->main));
	JRN_TRY(jrn_alloc_zeroed(env, arms, sizeof(jrn_cluster_sums), &sums->pairs));
	for (a = 0; a < arms; a++)
		JRN_TRY(jrn_cluster_sums_begin(env, 4, &sums->pairs[a]));
	JRN_TRY(jrn_alloc_zeroed(env, arms, sizeof(bool), &sums->unknown));
	JRN_TRY(jrn_alloc_zeroed(env, arms, sizeof(bool), &sums->pair_unknown));
	JRN_TRY(jrn_alloc_zeroed(env, arms, sizeof(double), &sums->rows));
	JRN_TRY(jrn_alloc_zeroed(env, arms, sizeof(double), &sums->y));
	JRN_TRY(jrn_alloc_zeroed(env, arms, sizeof(double), &sums->cut_rows));
	JRN_TRY(jrn_alloc_zeroed(env, arms, sizeof(double), &sums->cut));
	return jrn_alloc_zeroed(env, arms, sizeof(double), &sums->cut_y);
}

jrn_status
jrn_effects_begin(jrn_effects *effects, const jrn_env *env, const jrn_effects_request *request)
{
	size_t		arms = (size_t) request->arms;
	size_t		columns = main_columns(request);
	size_t		block = JRN_BLOCK_ROWS * sizeof(double);
	int			r;

	memset(effects, 0, sizeof(*effects));
	if (request->arms < 2 || request->arms > JRN_MAX_STRATEGIES || request->repeats < 1)
		return JRN_DOMAIN;
	effects->env = env;
	effects->request = *request;
	columns = columns < 4 ? 4 : columns;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) request->repeats, sizeof(jrn_effects_sums), &effects->repeats));
	for (r = 0; r < request->repeats; r++)
		JRN_TRY(begin_repeat(effects, &effects->repeats[r]));
	JRN_TRY(jrn_overlap_begin(&effects->overlap, env, request->arms, request->baseline, request->p,
							  request->estimand, request->propensity,
							  !request->outcome_models && !request->self_normalised));
	JRN_TRY(jrn_alloc_array(env, arms, block, &effects->e));
	JRN_TRY(jrn_alloc_array(env, columns, block, &effects->q));
	JRN_TRY(jrn_alloc_array(env, arms, 4 * block, &effects->pair_q));
	return jrn_alloc_array(env, columns, JRN_CLUSTER_PLACES * sizeof(double), &effects->places);
}

/* ---- scores ---- */

static double
mu_of(const jrn_effects *effects, const jrn_score_block *block, int a, size_t r)
{
	return effects->request.outcome_models ? block->mu[(size_t) a * block->stride + r] : 0.0;
}

/* R-EFF-5: rows whose weight is above the clip; their scores are made anew. */
static void
clip_scores(jrn_effects *effects, jrn_effects_sums *sums, const jrn_score_block *block)
{
	const jrn_tile *tile = block->tile;
	double		clip = effects->request.clip;
	bool		models = effects->request.outcome_models;
	size_t		r;

	for (r = 0; r < tile->rows; r++)
	{
		int			a = (int) tile->arm[r];
		double		w = 1.0 / effects->e[(size_t) a * JRN_BLOCK_ROWS + r];
		double		mu = mu_of(effects, block, a, r);

		if (!(w > clip))
			continue;
		sums->cut_rows[a] += 1.0;
		sums->cut[a] += w - clip;
		sums->cut_y[a] += (w - clip) * (tile->y[r] - (models ? mu : sums->origin));
		if (effects->request.estimand == JRN_ESTIMAND_AVERAGE && !effects->request.self_normalised)
			effects->q[(size_t) a * JRN_BLOCK_ROWS + r] = mu + clip * (tile->y[r] - mu) - sums->origin;
	}
}

/* Scores less origin, then ones. */
static void
fill_scores(jrn_effects *effects, jrn_effects_sums *sums, const jrn_score_block *block)
{
	size_t		rows = block->tile->rows;
	double		origin = sums->origin;
	size_t		r;
	int			a;

	for (a = 0; a < block->arms; a++)
	{
		const double *score = block->score + (size_t) a * block->stride;
		double	   *q = effects->q + (size_t) a * JRN_BLOCK_ROWS;

		for (r = 0; r < rows; r++)
			q[r] = score[r] - origin;
	}
	for (r = 0; r < rows; r++)
		effects->q[(size_t) block->arms * JRN_BLOCK_ROWS + r] = 1.0;
}

/* R-EFF-2 */
static void
fill_weighted(jrn_effects *effects, jrn_effects_sums *sums, const jrn_score_block *block)
{
	const jrn_tile *tile = block->tile;
	size_t		half = (size_t) block->arms * JRN_BLOCK_ROWS;
	size_t		r;

	memset(effects->q, 0, 2 * half * sizeof(double));
	for (r = 0; r < tile->rows; r++)
	{
		size_t		at = (size_t) tile->arm[r] * JRN_BLOCK_ROWS + r;
		double		w = fmin(1.0 / effects->e[at], effects->request.clip);

		effects->q[at] = w * (tile->y[r] - sums->origin);
		effects->q[half + at] = w;
	}
}

/* NaN in a strategy's column: it has no scores in this fold. */
static void
mark_unknown(jrn_effects *effects, jrn_effects_sums *sums, size_t rows)
{
	size_t		r;
	int			a;

	for (a = 0; a < effects->request.arms; a++)
	{
		double	   *q = effects->q + (size_t) a * JRN_BLOCK_ROWS;

		for (r = 0; r < rows && !isnan(q[r]); r++)
			;
		if (r == rows)
			continue;
		sums->unknown[a] = true;
		memset(q, 0, rows * sizeof(double));
	}
}

/* ---- pairs with the baseline ---- */

/* One row of strategy a or of the baseline, as a pair of the two (R-EFF-4). */
static void
fill_pair(jrn_effects *effects, const jrn_effects_sums *sums, const jrn_score_block *block,
		  int a, bool taken, size_t r)
{
	int			b = effects->request.baseline;
	double		e_a = effects->e[(size_t) a * JRN_BLOCK_ROWS + r];
	double		e_b = effects->e[(size_t) b * JRN_BLOCK_ROWS + r];
	double		share = e_a / (e_a + e_b);
	double		rest = e_b / (e_a + e_b);
	double		y = block->tile->y[r];
	bool		models = effects->request.outcome_models;
	double		mu_a = models ? block->mu[(size_t) a * block->stride + r] : sums->origin;
	double		mu_b = models ? block->mu[(size_t) b * block->stride + r] : sums->origin;
	double		z = taken ? rest : -share;
	double	   *q = effects->pair_q + (size_t) a * 4 * JRN_BLOCK_ROWS + r;

	q[0] = z * ((share * (y - mu_a)) + rest * (y - mu_b));
	q[JRN_BLOCK_ROWS] = z * z;
	if (share >= TRIM_LOW && share <= TRIM_HIGH)
	{
		q[2 * JRN_BLOCK_ROWS] = mu_a - mu_b + (taken ? (y - mu_a) / share : -(y - mu_b) / rest);
		q[3 * JRN_BLOCK_ROWS] = 1.0;
	}
	if (effects->request.estimand == JRN_ESTIMAND_TREATED)
	{
		double	   *t = effects->q + (size_t) (a < b ? a : a - 1) * 4 * JRN_BLOCK_ROWS + r;
		double		w = taken ? 1.0 : e_a / e_b;

		t[taken ? 0 : 2 * JRN_BLOCK_ROWS] = w * (y - mu_b);
		t[taken ? JRN_BLOCK_ROWS : 3 * JRN_BLOCK_ROWS] = w;
	}
}

static void
fill_pairs(jrn_effects *effects, const jrn_effects_sums *sums, const jrn_score_block *block)
{
	const jrn_tile *tile = block->tile;
	size_t		r;
	int			a;

	memset(effects->pair_q, 0, (size_t) block->arms * 4 * JRN_BLOCK_ROWS * sizeof(double));
	if (effects->request.estimand == JRN_ESTIMAND_TREATED)
		memset(effects->q, 0, ((size_t) block->arms - 1) * 4 * JRN_BLOCK_ROWS * sizeof(double));
	for (r = 0; r < tile->rows; r++)
	{
		int			t = (int) tile->arm[r];

		if (t != effects->request.baseline)
			fill_pair(effects, sums, block, t, true, r);
		else
			for (a = 0; a < block->arms; a++)
				if (a != t)
					fill_pair(effects, sums, block, a, false, r);
	}
}

/* A strategy without models in this fold makes its pairs unknown. */
static void
drop_pairs(jrn_effects *effects, jrn_effects_sums *sums, size_t rows)
{
	int			b = effects->request.baseline;
	int			a;
	size_t		r;
	size_t		k;

	for (a = 0; a < effects->request.arms; a++)
	{
		double	   *q = effects->pair_q + (size_t) a * 4 * JRN_BLOCK_ROWS;

		if (a == b)
			continue;
		for (r = 0; r < rows && !isnan(q[r]); r++)
			;
		if (r == rows)
			continue;
		sums->pair_unknown[a] = true;
		memset(q, 0, 4 * JRN_BLOCK_ROWS * sizeof(double));
		for (k = 0; k < 4 && effects->request.estimand == JRN_ESTIMAND_TREATED; k++)
			memset(effects->q + ((size_t) (a < b ? a : a - 1) * 4 + k) * JRN_BLOCK_ROWS, 0,
				   JRN_BLOCK_ROWS * sizeof(double));
	}
}

static jrn_status
add_pairs(jrn_effects *effects, jrn_effects_sums *sums, const jrn_cluster_map *map)
{
	int			b = effects->request.baseline;
	int			a;

	for (a = 0; a < effects->request.arms; a++)
		if (a != b)
		{
			const double *q = effects->pair_q + (size_t) a * 4 * JRN_BLOCK_ROWS;

			JRN_TRY(jrn_cluster_sums_add(effects->env, &sums->pairs[a], map, q, effects->places));
			if (effects->request.estimand == JRN_ESTIMAND_OVERLAP)
				memcpy(effects->q + (size_t) (a < b ? a : a - 1) * 2 * JRN_BLOCK_ROWS, q,
					   2 * JRN_BLOCK_ROWS * sizeof(double));
		}
	return JRN_OK;
}

/* ---- blocks ---- */

static void
count_rows(jrn_effects_sums *sums, const jrn_tile *tile)
{
	size_t		r;

	if (!sums->begun)
		sums->origin = jrn_sum(tile->y, tile->rows) / (double) tile->rows;
	sums->begun = true;
	sums->n += (double) tile->rows;
	for (r = 0; r < tile->rows; r++)
	{
		size_t		a = (size_t) tile->arm[r];

		sums->rows[a] += 1.0;
		sums->y[a] += tile->y[r] - sums->origin;
	}
}

jrn_status
jrn_effects_visit(void *arg, const jrn_score_block *block)
{
	jrn_effects *effects = arg;
	jrn_effects_sums *sums = &effects->repeats[block->repeat];
	jrn_cluster_map map;
	bool		known;

	JRN_TICK(effects->env);
	count_rows(sums, block->tile);
	JRN_TRY(jrn_cluster_map_make(effects->env, &sums->cells, block->tile->cell, block->tile->cluster,
								 block->tile->rows, &map));
	known = jrn_propensities(block, effects->e);
	sums->pairs_unknown = sums->pairs_unknown || !known;
	if (!sums->pairs_unknown)
	{
		fill_pairs(effects, sums, block);
		drop_pairs(effects, sums, block->tile->rows);
		JRN_TRY(add_pairs(effects, sums, &map));
	}
	if (effects->request.estimand == JRN_ESTIMAND_AVERAGE)
	{
		if (effects->request.self_normalised)
			fill_weighted(effects, sums, block);
		else
			fill_scores(effects, sums, block);
	}
	if (isfinite(effects->request.clip))
		clip_scores(effects, sums, block);
	if (effects->request.estimand == JRN_ESTIMAND_AVERAGE)
		mark_unknown(effects, sums, block->tile->rows);
	if (effects->request.estimand == JRN_ESTIMAND_AVERAGE || !sums->pairs_unknown)
		JRN_TRY(jrn_cluster_sums_add(effects->env, &sums->main, &map, effects->q, effects->places));
	if (block->repeat == 0)
		JRN_TRY(jrn_overlap_add(&effects->overlap, block, effects->e, &map));
	return JRN_OK;
}
