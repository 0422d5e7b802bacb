/*
 * scores.c
 *		Fitting the models behind the scores and visiting the rows (see
 *		scores.h).
 */
#include <math.h>
#include <string.h>

#include "../core/kernels.h"
#include "arm_moments.h"
#include "multinomial.h"
#include "scores.h"

/* What the propensity models of the repeats of one pass may take together. */
#define MOST_SET_BYTES ((size_t) 64 << 20)

/* Models of all folds of one repeat, and its map. */
typedef struct score_set
{
	int			repeat;
	int32_t    *fold_of_cell;	/* [cells] */
	double	   *outcome;		/* [k][arms][q] in the engine's coordinates; first NaN: no model */
	double	   *share;			/* [k][arms] of the training rows */
	jrn_propensity_set propensity;
} score_set;

typedef struct score_run
{
	const jrn_env *env;
	jrn_plan   *plan;
	const jrn_file *file;
	const jrn_score_request *request;
	jrn_score_visitor visitor;
	void	   *visitor_arg;
	jrn_score_models *models;
	jrn_engine	engine;
	jrn_moments *by_arm;		/* [arms][cells] */
	jrn_moments *total;
	jrn_moments *by_fold;		/* [k] of one strategy */
	jrn_moments *train;
	jrn_linear_fit linear;
	jrn_multinomial logit;
	score_set  *sets;			/* [most_sets] */
	int			most_sets;
	bool		alone;			/* one strategy only has rows: no logit */

	/* columns of a block */
	double	   *mu;
	double	   *probability;
	double	   *score;
} score_run;

static bool
is_estimated(const score_run *run)
{
	return run->request->propensity == JRN_PROPENSITY_ESTIMATED && run->engine.p > 0 && !run->alone;
}

/* ---- models ---- */

/* R-SCO-2: the ridge of one strategy in one fold, in the engine's coordinates. */
static jrn_status
fit_outcome(score_run *run, double *theta)
{
	const jrn_engine *engine = &run->engine;
	const jrn_moments *train = run->train;
	size_t		p = engine->p;
	size_t		j;

	if (train->n == 0)
	{
		theta[0] = NAN;			/* R-SCO-4 */
		return JRN_OK;
	}
	JRN_TRY(jrn_linear_solve(run->env, train, run->request->lambda, &run->linear));
	theta[0] = engine->origin[p] + train->mean[p];
	for (j = 0; j < p; j++)
	{
		double		beta = engine->spread[j] ? run->linear.beta[j] : 0.0;

		theta[j + 1] = beta * engine->scale[j];
		theta[0] += beta * (engine->relative[j] - train->mean[j]);
	}
	return JRN_OK;
}

/* All strategies of all folds of the plan's current map. */
static jrn_status
fit_outcomes(score_run *run, score_set *set)
{
	const jrn_plan *plan = run->plan;
	size_t		arms = (size_t) run->request->arms;
	size_t		q = run->engine.q;
	size_t		a;
	int			c,
				f,
				g;

	for (a = 0; a < arms; a++)
	{
		for (f = 0; f < plan->k; f++)
			jrn_moments_clear(&run->by_fold[f]);
		for (c = 0; c < plan->cells; c++)
			jrn_moments_merge(&run->by_fold[plan->fold_of_cell[c]],
							  &run->by_arm[a * (size_t) plan->cells + (size_t) c]);
		for (f = 0; f < plan->k; f++)
		{
			JRN_TICK(run->env);
			jrn_moments_clear(run->train);
			for (g = 0; g < plan->k; g++)
				if (g != f)
					jrn_moments_merge(run->train, &run->by_fold[g]);
			set->share[(size_t) f * arms + a] = (double) run->train->n;
			if (run->request->outcome_models)
				JRN_TRY(fit_outcome(run, set->outcome + ((size_t) f * arms + a) * q));
		}
	}
	for (f = 0; f < plan->k; f++)
	{
		double		n = 0.0;

		for (a = 0; a < arms; a++)
			n += set->share[(size_t) f * arms + a];
		for (a = 0; a < arms; a++)
			set->share[(size_t) f * arms + a] /= n;
	}
	return JRN_OK;
}

/* ---- rows ---- */

static void
outcomes_of_block(score_run *run, const score_set *set, const jrn_tile *tile, int fold)
{
	size_t		arms = (size_t) run->request->arms;
	size_t		q = run->engine.q;
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		a,
				r;

	for (a = 0; a < arms; a++)
	{
		double	   *mu = run->mu + a * JRN_BLOCK_ROWS;
		const double *theta = set->outcome + ((size_t) fold * arms + a) * q;

		memset(mu, 0, lanes * sizeof(double));
		if (!run->request->outcome_models)
			continue;
		if (isnan(theta[0]))
			for (r = 0; r < lanes; r++)
				mu[r] = NAN;
		else
			jrn_linear_predictor(run->engine.z, q, tile->rows, JRN_BLOCK_ROWS, theta, mu);
	}
}

/* R-SCO-3; of two strategies the other one has what the logged one leaves. */
static void
logged_of_block(score_run *run, const jrn_tile *tile)
{
	int			arms = run->request->arms;
	size_t		r;
	int			a;

	for (a = 0; a < arms; a++)
		for (r = 0; r < tile->rows; r++)
			run->probability[(size_t) a * JRN_BLOCK_ROWS + r] = (int) tile->arm[r] == a ? tile->carried[r] :
				arms == 2 ? 1.0 - tile->carried[r] : NAN;
}

static void
propensities_of_block(score_run *run, score_set *set, const jrn_tile *tile, int fold)
{
	size_t		arms = (size_t) run->request->arms;
	size_t		a,
				r;

	if (run->request->propensity == JRN_PROPENSITY_LOGGED)
		logged_of_block(run, tile);
	else if (is_estimated(run))
		jrn_multinomial_predict(&run->logit, tile, set->propensity.theta + (size_t) fold * run->logit.m,
								run->probability);
	else
		for (a = 0; a < arms; a++)
			for (r = 0; r < tile->rows; r++)
				run->probability[a * JRN_BLOCK_ROWS + r] = set->share[(size_t) fold * arms + a];
}

/* R-SCO-1 */
static void
scores_of_block(score_run *run, const jrn_tile *tile)
{
	size_t		a,
				r;

	memcpy(run->score, run->mu, (size_t) run->request->arms * JRN_BLOCK_ROWS * sizeof(double));
	for (r = 0; r < tile->rows; r++)
	{
		a = (size_t) tile->arm[r] * JRN_BLOCK_ROWS + r;
		run->score[a] += (tile->y[r] - run->mu[a]) / run->probability[a];
	}
}

static jrn_status
visit_block(score_run *run, score_set *set, const jrn_tile *tile)
{
	jrn_score_block block;
	int			fold = set->fold_of_cell[tile->cell];

	outcomes_of_block(run, set, tile, fold);
	propensities_of_block(run, set, tile, fold);
	scores_of_block(run, tile);
	block.tile = tile;
	block.repeat = set->repeat;
	block.fold = fold;
	block.arms = run->request->arms;
	block.stride = JRN_BLOCK_ROWS;
	block.mu = run->mu;
	block.propensity = run->probability;
	block.score = run->score;
	return run->visitor(run->visitor_arg, &block);
}

/* ---- sets of repeats ---- */

static jrn_status
set_begin(score_run *run, score_set *set, int repeat)
{
	size_t		models = (size_t) run->plan->k * (size_t) run->request->arms;

	memset(set, 0, sizeof(*set));
	set->repeat = repeat;
	JRN_TRY(jrn_alloc_array(run->env, (size_t) run->plan->cells, sizeof(int32_t), &set->fold_of_cell));
	memcpy(set->fold_of_cell, run->plan->fold_of_cell, (size_t) run->plan->cells * sizeof(int32_t));
	JRN_TRY(jrn_alloc_zeroed(run->env, models, run->engine.q * sizeof(double), &set->outcome));
	JRN_TRY(jrn_alloc_zeroed(run->env, models, sizeof(double), &set->share));
	JRN_TRY(fit_outcomes(run, set));
	return is_estimated(run) ? jrn_propensity_set_begin(&run->logit, &set->propensity) : JRN_OK;
}

static void
set_end(score_run *run, score_set *set)
{
	jrn_release(run->env, set->fold_of_cell);
	jrn_release(run->env, set->outcome);
	jrn_release(run->env, set->share);
	if (is_estimated(run))
		jrn_propensity_set_end(&run->logit, &set->propensity);
}

/* Fit the propensities of some repeats, and let the visitor see the rows. */
static jrn_status
run_sets(score_run *run, int count)
{
	jrn_propensity_set *propensities;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	int			s;

	if (is_estimated(run))
	{
		JRN_TRY(jrn_alloc_array(run->env, (size_t) count, sizeof(jrn_propensity_set), &propensities));
		for (s = 0; s < count; s++)
			propensities[s] = run->sets[s].propensity;
		JRN_TRY(jrn_multinomial_folds(&run->logit, propensities, count));
		jrn_release(run->env, propensities);
		run->models->most_passes = run->logit.passes;
		run->models->not_converged = run->models->not_converged || run->logit.not_converged;
	}
	jrn_tiles_open(run->engine.design, run->engine.tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		if (is_estimated(run) || run->request->outcome_models)
			jrn_engine_z(&run->engine, &tile);
		for (s = 0; s < count; s++)
			JRN_TRY(visit_block(run, &run->sets[s], &tile));
	}
	jrn_tiles_close(&cursor);
	for (s = 0; s < count; s++)
		set_end(run, &run->sets[s]);
	return JRN_OK;
}

/* ---- the run ---- */

static int
count_present(const score_run *run)
{
	int			present = 0;
	int			a,
				c;

	for (a = 0; a < run->request->arms; a++)
	{
		for (c = 0; c < run->plan->cells; c++)
			if (run->by_arm[a * run->plan->cells + c].n > 0)
				break;
		present += c < run->plan->cells;
	}
	return present;
}

/* Moments and, where wanted, the logit of all rows of the plan's current blocks. */
static jrn_status
begin_blocks(score_run *run)
{
	const jrn_plan *plan = run->plan;
	int			sets = run->request->arms * plan->cells;
	int			i;

	run->engine.tiles = plan->tiles;
	JRN_TRY(jrn_arm_moments(&run->engine, run->request->arms, plan->cells, &run->by_arm));
	JRN_TRY(jrn_moments_alloc(run->env, 1, run->engine.q, &run->total));
	for (i = 0; i < sets; i++)
		jrn_moments_merge(run->total, &run->by_arm[i]);
	JRN_TRY(jrn_engine_standardise(&run->engine, run->total));
	run->alone = count_present(run) < 2;
	if (!is_estimated(run))
		return JRN_OK;
	JRN_TRY(jrn_multinomial_begin(&run->logit, &run->engine, plan, run->request->arms,
								  run->request->lambda, run->by_arm, run->total));
	return jrn_multinomial_full(&run->logit);
}

static jrn_status
shared_blocks(score_run *run)
{
	int			waiting = 0;
	int			r;

	for (r = 0; r < run->request->repeats; r++)
	{
		JRN_TRY(jrn_plan_repeat(run->plan, r + 1, run->file));
		if (r == 0)
			JRN_TRY(begin_blocks(run));
		JRN_TRY(set_begin(run, &run->sets[waiting++], r));
		if (waiting < run->most_sets && r + 1 < run->request->repeats)
			continue;
		JRN_TRY(run_sets(run, waiting));
		waiting = 0;
	}
	return JRN_OK;
}

static jrn_status
routed_blocks(score_run *run)
{
	int			r;

	for (r = 0; r < run->request->repeats; r++)
	{
		JRN_TRY(jrn_plan_repeat(run->plan, r + 1, run->file));
		JRN_TRY(begin_blocks(run));
		JRN_TRY(set_begin(run, &run->sets[0], r));
		JRN_TRY(run_sets(run, 1));
	}
	return JRN_OK;
}

static jrn_status
run_begin(score_run *run)
{
	const jrn_env *env = run->env;
	size_t		arms = (size_t) run->request->arms;
	size_t		m = arms * ((size_t) run->plan->design->p + 1);
	size_t		set_bytes = (size_t) run->plan->k * (m * (m + 1) / 2 + 4 * m) * sizeof(double);

	run->most_sets = set_bytes >= MOST_SET_BYTES ? 1 : (int) (MOST_SET_BYTES / set_bytes);
	if (run->most_sets > run->request->repeats)
		run->most_sets = run->request->repeats;
	JRN_TRY(jrn_engine_begin(&run->engine, env, run->plan->design, NULL, JRN_GAUSSIAN));
	JRN_TRY(jrn_moments_alloc(env, (size_t) run->plan->k, run->engine.q, &run->by_fold));
	JRN_TRY(jrn_moments_alloc(env, 1, run->engine.q, &run->train));
	JRN_TRY(jrn_linear_alloc(env, run->engine.p, &run->linear));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) run->most_sets, sizeof(score_set), &run->sets));
	JRN_TRY(jrn_alloc_zeroed(env, 3 * arms * JRN_BLOCK_ROWS, sizeof(double), &run->mu));
	run->probability = run->mu + arms * JRN_BLOCK_ROWS;
	run->score = run->mu + 2 * arms * JRN_BLOCK_ROWS;
	return JRN_OK;
}

jrn_status
jrn_scores_run(const jrn_env *env, jrn_plan *plan, const jrn_file *file,
			   const jrn_score_request *request, jrn_score_visitor visitor,
			   void *arg, jrn_score_models *models)
{
	score_run	run;

	memset(&run, 0, sizeof(run));
	memset(models, 0, sizeof(*models));
	run.env = env;
	run.plan = plan;
	run.file = file;
	run.request = request;
	run.visitor = visitor;
	run.visitor_arg = arg;
	run.models = models;
	JRN_TRY(run_begin(&run));
	return plan->method == JRN_FOLDS_BUCKETS ? shared_blocks(&run) : routed_blocks(&run);
}
