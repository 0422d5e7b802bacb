/*
 * multinomial_folds.c
 *		The multinomial logit of all folds together (R-MUL-3 and R-MUL-4 of
 *		multinomial.h).
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "../core/kernels.h"
#include "multinomial.h"

/*
 * Squared standard errors that a fold may be off by, over the rows: the error
 * of a probability is about its root, 1e-9, whatever the number of rows is.
 */
#define FOLD_ERROR 1e-18

/* The same of folds that are left after their first step. */
#define FIRST_STEP_ERROR 1e-11

/* Gradient-only passes before folds are fitted alone. */
#define MOST_FOLD_PASSES 30

#define LOGIT_TOLERANCE 1e-12

static size_t
triangle(size_t q)
{
	return q * (q + 1) / 2;
}

jrn_status
jrn_propensity_set_begin(const jrn_multinomial *logit, jrn_propensity_set *set)
{
	const jrn_env *env = logit->engine->env;
	size_t		k = (size_t) logit->plan->k;
	size_t		m = logit->m;

	JRN_TRY(jrn_alloc_array(env, (size_t) logit->plan->cells, sizeof(int32_t), &set->fold_of_cell));
	memcpy(set->fold_of_cell, logit->plan->fold_of_cell, (size_t) logit->plan->cells * sizeof(int32_t));
	JRN_TRY(jrn_alloc_zeroed(env, k, m * sizeof(double), &set->theta));
	JRN_TRY(jrn_alloc_zeroed(env, k, m * sizeof(double), &set->move));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(bool), &set->settled));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(bool), &set->alone));
	JRN_TRY(jrn_alloc_zeroed(env, k, m * sizeof(double), &set->gradient));
	JRN_TRY(jrn_alloc_array(env, k, triangle(m) * sizeof(double), &set->factor));
	JRN_TRY(jrn_alloc_zeroed(env, k, m * sizeof(bool), &set->kept));
	JRN_TRY(jrn_alloc_zeroed(env, k, m * sizeof(double), &set->penalty));
	return jrn_alloc_zeroed(env, k, sizeof(double), &set->last);
}

void
jrn_propensity_set_end(const jrn_multinomial *logit, jrn_propensity_set *set)
{
	const jrn_env *env = logit->engine->env;

	jrn_release(env, set->fold_of_cell);
	jrn_release(env, set->theta);
	jrn_release(env, set->move);
	jrn_release(env, set->settled);
	jrn_release(env, set->alone);
	jrn_release(env, set->gradient);
	jrn_release(env, set->factor);
	jrn_release(env, set->kept);
	jrn_release(env, set->penalty);
	jrn_release(env, set->last);
}

/* A Newton step of a fold with its own factor, from its gradient; returns the decrement. */
static double
fold_step(jrn_multinomial *logit, jrn_propensity_set *set, int f)
{
	size_t		m = logit->m;
	double	   *theta = set->theta + (size_t) f * m;
	double	   *gradient = set->gradient + (size_t) f * m;
	const double *penalty = set->penalty + (size_t) f * m;
	double		decrement = 0.0;
	size_t		i;

	for (i = 0; i < m; i++)
	{
		gradient[i] -= penalty[i] * theta[i];
		logit->step[i] = gradient[i];
	}
	jrn_cholesky_solve(set->factor + (size_t) f * triangle(m), m, set->kept + (size_t) f * m, logit->step);
	for (i = 0; i < m; i++)
	{
		decrement += logit->step[i] * gradient[i];
		theta[i] += logit->step[i];
	}
	return decrement;
}

/* Rows of a fold's training part over all rows. */
static double
training_share(const jrn_multinomial *logit, const jrn_logit_part *part)
{
	int64_t		n = 0;
	int			a,
				c;

	for (a = 0; a < logit->arms; a++)
		for (c = 0; c < logit->plan->cells; c++)
			if (jrn_logit_has(part, c))
				n += logit->by_arm[a * logit->plan->cells + c].n;
	return (double) n / (double) logit->total->n;
}

/* Does a strategy lack rows to learn from?  Then its intercept has no maximum. */
static bool
lacks_strategy(const jrn_multinomial *logit, const jrn_logit_part *part)
{
	int			i,
				c;

	for (i = 0; i < logit->present; i++)
	{
		int64_t		n = 0;

		for (c = 0; c < logit->plan->cells; c++)
			if (jrn_logit_has(part, c))
				n += logit->by_arm[logit->arm_of[i] * logit->plan->cells + c].n;
		if (n == 0)
			return true;
	}
	return false;
}

/* The start of a fold: one step from the fit of all rows with its own sums. */
static jrn_status
start_fold(jrn_multinomial *logit, jrn_propensity_set *set, int f)
{
	const jrn_env *env = logit->engine->env;
	jrn_logit_part part = {set->fold_of_cell, f};
	size_t		m = logit->m;
	size_t		size = triangle((size_t) logit->parts) * triangle(logit->q);
	double	   *factor = set->factor + (size_t) f * triangle(m);
	bool	   *kept = set->kept + (size_t) f * m;
	double	   *gradient = set->gradient + (size_t) f * m;
	size_t		rank;
	size_t		i;
	int			c;

	JRN_TICK(env);
	jrn_logit_penalty(logit, &part, set->penalty + (size_t) f * m);
	memcpy(set->theta + (size_t) f * m, logit->theta, m * sizeof(double));
	memset(gradient, 0, m * sizeof(double));
	memset(logit->block_hessian, 0, size * sizeof(double));
	for (c = 0; c < logit->plan->cells; c++)
	{
		if (!jrn_logit_has(&part, c))
			continue;
		for (i = 0; i < m; i++)
			gradient[i] += logit->gradient[(size_t) c * m + i];
		for (i = 0; logit->hessian != NULL && i < size; i++)
			logit->block_hessian[i] += logit->hessian[(size_t) c * size + i];
	}
	if (logit->hessian != NULL)
		jrn_logit_matrix(logit, logit->block_hessian, 1.0, set->penalty + (size_t) f * m, factor);
	else
		jrn_logit_matrix(logit, logit->total_hessian, training_share(logit, &part),
						 set->penalty + (size_t) f * m, factor);
	for (i = 0; i < m; i++)
		kept[i] = true;
	JRN_TRY(jrn_cholesky(env, factor, m, LOGIT_TOLERANCE, kept, &rank));
	set->last[f] = fold_step(logit, set, f);
	set->settled[f] = lacks_strategy(logit, &part);
	return JRN_OK;
}

/*
 * A batch of folds: how far their predictors are from those of all rows, then
 * all their gradients.
 */
static void
add_batch(jrn_multinomial *logit, jrn_propensity_set *set, const jrn_tile *tile, const int *folds, int count)
{
	const double *beta[JRN_LOGIT_ARMS] = {NULL};
	size_t		parts = (size_t) logit->parts;
	size_t		i;
	int			b,
				d;

	for (b = 0; b < count; b++)
		for (d = 0; d < logit->parts; d++)
			beta[b * logit->parts + d] = set->move + (size_t) folds[b] * logit->m + (size_t) d * logit->q;
	jrn_linear_predictors(logit->engine->z, logit->q, tile->rows, JRN_BLOCK_ROWS, beta,
						  (size_t) count * parts, logit->columns);
	for (b = 0; b < count; b++)
		jrn_softmax_residuals(logit->base, logit->contrast, (size_t) logit->present, parts, logit->taken,
							  tile->rows, JRN_BLOCK_ROWS,
							  logit->columns + (size_t) b * parts * JRN_BLOCK_ROWS, logit->p);
	jrn_column_pairs(logit->engine->z, logit->q, logit->columns, (size_t) count * parts, tile->rows,
					 JRN_BLOCK_ROWS, logit->sums);
	for (b = 0; b < count; b++)
		for (i = 0; i < logit->m; i++)
			set->gradient[(size_t) folds[b] * logit->m + i] += logit->sums[(size_t) b * logit->m + i];
}

/* Add a block to the gradients of the folds that are trained on it. */
static jrn_status
add_block(jrn_multinomial *logit, jrn_propensity_set *set, const jrn_tile *tile)
{
	int			folds[JRN_LOGIT_ARMS];
	int			count = 0;
	int			f;

	for (f = 0; f < logit->plan->k; f++)
	{
		if (set->settled[f] || set->alone[f] || set->fold_of_cell[tile->cell] == f)
			continue;
		folds[count++] = f;
		if (count < logit->batch)
			continue;
		add_batch(logit, set, tile, folds, count);
		count = 0;
		JRN_TICK(logit->engine->env);
	}
	if (count > 0)
		add_batch(logit, set, tile, folds, count);
	return JRN_OK;
}

static jrn_status
gradient_pass(jrn_multinomial *logit, jrn_propensity_set *sets, int count)
{
	jrn_engine *engine = logit->engine;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		i;
	int			s;

	logit->passes++;
	for (s = 0; s < count; s++)
	{
		memset(sets[s].gradient, 0, (size_t) logit->plan->k * logit->m * sizeof(double));
		for (i = 0; i < (size_t) logit->plan->k * logit->m; i++)
			sets[s].move[i] = sets[s].theta[i] - logit->theta[i % logit->m];
	}
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		jrn_engine_z(engine, &tile);
		jrn_logit_probabilities(logit, &tile, logit->theta, logit->base);
		jrn_logit_taken(logit, &tile, logit->taken);
		for (s = 0; s < count; s++)
			JRN_TRY(add_block(logit, &sets[s], &tile));
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

/* After a pass: step, and see how far there is to go.  True: some fold is open. */
static bool
take_steps(jrn_multinomial *logit, jrn_propensity_set *set)
{
	double		enough = FOLD_ERROR * (double) logit->total->n;
	bool		open = false;
	int			f;

	for (f = 0; f < logit->plan->k; f++)
	{
		double		decrement;

		if (set->settled[f] || set->alone[f])
			continue;
		decrement = fold_step(logit, set, f);
		if (!(decrement <= 0.3 * set->last[f]) && !(decrement < enough))
			set->alone[f] = true;
		/* steps shrink by a constant factor: the next one is foretold */
		else if (decrement < enough || decrement * (decrement / set->last[f]) < enough)
			set->settled[f] = true;
		else
			open = true;
		set->last[f] = decrement;
	}
	return open;
}

/* R-MUL-4 */
static jrn_status
fit_alone(jrn_multinomial *logit, jrn_propensity_set *set, int f)
{
	jrn_logit_part part = {set->fold_of_cell, f};
	double	   *theta = set->theta + (size_t) f * logit->m;

	memcpy(theta, logit->theta, logit->m * sizeof(double));
	return jrn_logit_newton(logit, &part, FOLD_ERROR * (double) logit->total->n, false, logit->theta, INFINITY, theta);
}

/* After the first pass: how far the first steps were off. */
static void
learn_convergence(jrn_multinomial *logit, const jrn_propensity_set *set, const double *before)
{
	int			f;

	for (f = 0; f < logit->plan->k; f++)
		if (before[f] > 0.0 && set->last[f] > logit->quadratic * before[f] * before[f])
			logit->quadratic = set->last[f] / (before[f] * before[f]);
}

/* Folds of a later repeat whose first step is enough; a factor of 4 for safety. */
static void
settle_foretold(const jrn_multinomial *logit, jrn_propensity_set *set)
{
	int			f;

	for (f = 0; f < logit->plan->k; f++)
		if (4.0 * logit->quadratic * set->last[f] * set->last[f] < FIRST_STEP_ERROR * (double) logit->total->n)
			set->settled[f] = true;
}

/* Passes over the rows until all folds of the sets are settled or left alone. */
static jrn_status
iterate(jrn_multinomial *logit, jrn_propensity_set *sets, int count, bool first)
{
	double	   *before;
	bool		open = false;
	int			pass,
				s,
				f;

	JRN_TRY(jrn_alloc_array(logit->engine->env, (size_t) logit->plan->k, sizeof(double), &before));
	memcpy(before, sets[0].last, (size_t) logit->plan->k * sizeof(double));
	for (s = 0; s < count; s++)
		for (f = 0; f < logit->plan->k; f++)
			open = open || !sets[s].settled[f];
	for (pass = 0; open && pass < MOST_FOLD_PASSES; pass++)
	{
		JRN_TRY(gradient_pass(logit, sets, count));
		open = false;
		for (s = 0; s < count; s++)
			open = take_steps(logit, &sets[s]) || open;
		if (first && pass == 0)
			learn_convergence(logit, &sets[0], before);
	}
	jrn_release(logit->engine->env, before);
	return JRN_OK;
}

jrn_status
jrn_multinomial_folds(jrn_multinomial *logit, jrn_propensity_set *sets, int count)
{
	int			s,
				f;

	for (s = 0; s < count; s++)
		for (f = 0; f < logit->plan->k; f++)
			JRN_TRY(start_fold(logit, &sets[s], f));
	s = 0;
	if (logit->quadratic == 0.0)
		JRN_TRY(iterate(logit, &sets[s++], 1, true));
	for (f = s; f < count; f++)
		settle_foretold(logit, &sets[f]);
	if (s < count)
		JRN_TRY(iterate(logit, sets + s, count - s, false));
	for (s = 0; s < count; s++)
		for (f = 0; f < logit->plan->k; f++)
			if (!sets[s].settled[f])
				JRN_TRY(fit_alone(logit, &sets[s], f));
	return JRN_OK;
}
