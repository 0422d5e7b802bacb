/*
 * chords.c
 *		Logistic regression of all folds together (R-CV-3 of crossval.h): one
 *		Newton fit of all rows, then passes that give the gradients of every
 *		fold, each with the Hessian it began with.
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "foldfits.h"

#define MAX_CHORD_PASSES 40
#define DECREMENT_DONE 1e-18
#define CONTRACTION 0.3
#define PIVOT_TOLERANCE 1e-13

static size_t
triangle(size_t q)
{
	return q * (q + 1) / 2;
}

jrn_status
jrn_fold_fits_full(jrn_fold_fits *fits, const jrn_fit_request *request)
{
	jrn_engine *engine = fits->engine;
	size_t		cells = (size_t) fits->plan->cells;
	jrn_moments *total = fits->train;
	double		level;
	size_t		c,
				j;

	if (!fits->full_ready)
	{
		JRN_TRY(jrn_newton_alloc(engine, &fits->full));
		JRN_TRY(jrn_alloc_zeroed(engine->env, engine->q, sizeof(double), &fits->penalty));
		JRN_TRY(jrn_alloc_zeroed(engine->env, cells, sizeof(jrn_pass), &fits->pass_by_cell));
		for (c = 0; c < cells; c++)
			JRN_TRY(jrn_pass_alloc(engine, true, &fits->pass_by_cell[c]));
	}
	jrn_moments_clear(total);
	for (c = 0; c < cells; c++)
		jrn_moments_merge(total, &fits->by_cell[c]);
	level = total->mean[engine->p];
	for (j = 1; j < engine->q; j++)
	{
		fits->penalty[j] = request->lambda * total->w;
		/* penalised columns may depend on each other, as in glm_part.h */
		fits->full.kept[j] = request->lambda > 0.0 ? engine->spread[j - 1] : engine->kept[j];
	}
	fits->full.penalty = request->lambda > 0.0 ? fits->penalty : NULL;
	if (!fits->full_ready && level > 0.0 && level < 1.0)
		fits->full.theta[0] = log(level / (1.0 - level));
	fits->full_ready = true;
	fits->full.converged = false;
	if (!(level > 0.0 && level < 1.0))
		return JRN_OK;			/* every fold will say one_class */
	return jrn_engine_newton(engine, NULL, &fits->full, fits->pass_by_cell, (int) cells);
}

/* The chord iteration of one fold. */
typedef struct chord
{
	bool	   *kept;			/* [q] columns its training rows carry */
	double	   *penalty;		/* [q] */
	double	   *factor;			/* of the Hessian at the start */
	double	   *gradient;
	double		last_decrement;
	bool		active;
	bool		alone;			/* goes on by its own Newton */
} chord;

/* Penalty and kept columns from the fold's own training rows (R-CV-1). */
static jrn_status
chord_columns(jrn_fold_fits *fits, double lambda, chord *c, jrn_fold_fit *out)
{
	const jrn_engine *engine = fits->engine;
	const jrn_moments *train = fits->train;
	double		level = train->n > 0 ? train->mean[engine->p] : 0.0;
	bool		whole = true;
	size_t		j;

	c->active = false;
	out->status = train->n < 2 ? JRN_FIT_TOO_FEW : JRN_FIT_ONE_CLASS;
	if (!(level > 0.0 && level < 1.0))
		return JRN_OK;
	JRN_TRY(jrn_linear_solve(engine->env, train, 0.0, &fits->linear));
	c->kept[0] = true;
	for (j = 0; j < engine->p; j++)
	{
		double		ratio = fits->linear.scale[j] / engine->scale[j];
		bool		spread = fits->linear.scale[j] > 1e-14 * fabs(train->mean[j]);

		/* a penalised column needs some spread only, not independence */
		c->kept[j + 1] = lambda > 0.0 ? engine->spread[j] && spread :
			engine->kept[j + 1] && fits->linear.kept[j];
		whole = whole && c->kept[j + 1];
		c->penalty[j + 1] = lambda * train->w * ratio * ratio;
	}
	out->status = whole ? JRN_FIT_OK : JRN_FIT_RANK_DEFICIENT;
	c->active = true;
	return JRN_OK;
}

/* Factor H_-f and take the first step from the fit on all rows. */
static jrn_status
chord_start(jrn_fold_fits *fits, int fold, chord *c, jrn_fold_fit *out)
{
	const jrn_engine *engine = fits->engine;
	size_t		q = engine->q;
	bool	   *kept;
	size_t		rank;
	size_t		j;
	int			cell;

	memset(c->factor, 0, triangle(q) * sizeof(double));
	memset(c->gradient, 0, q * sizeof(double));
	for (cell = 0; cell < fits->plan->cells; cell++)
	{
		const jrn_pass *pass = &fits->pass_by_cell[cell];

		if (fits->plan->fold_of_cell[cell] == fold)
			continue;
		for (j = 0; j < triangle(q); j++)
			c->factor[j] += pass->hessian[j];
		for (j = 0; j < q; j++)
			c->gradient[j] += pass->gradient[j];
	}
	for (j = 0; j < q; j++)
	{
		out->theta[j] = c->kept[j] ? fits->full.theta[j] : 0.0;
		c->gradient[j] -= c->penalty[j] * out->theta[j];
		c->factor[jrn_packed(j, j)] += c->penalty[j];
		/* a column that this fold alone cannot carry changes the start too much */
		if (c->kept[j] != fits->full.kept[j])
			c->alone = true;
	}
	JRN_TRY(jrn_alloc_array(engine->env, q, sizeof(bool), &kept));
	memcpy(kept, c->kept, q * sizeof(bool));
	JRN_TRY(jrn_cholesky(engine->env, c->factor, q, PIVOT_TOLERANCE, kept, &rank));
	if (memcmp(kept, c->kept, q * sizeof(bool)) != 0)
		c->alone = true;
	jrn_release(engine->env, kept);
	if (c->alone)
		return JRN_OK;
	jrn_cholesky_solve(c->factor, q, c->kept, c->gradient);
	for (j = 0; j < q; j++)
		out->theta[j] += c->gradient[j];
	c->last_decrement = HUGE_VAL;
	return JRN_OK;
}

/* Gradients of all active folds in one pass; a row is left out of its own. */
static jrn_status
chord_gradients(jrn_fold_fits *fits, chord *chords, jrn_fold_fit *out)
{
	jrn_engine *engine = fits->engine;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	double	   *dots;
	size_t		j;
	int			f;

	JRN_TRY(jrn_alloc_array(engine->env, engine->q, sizeof(double), &dots));
	for (f = 0; f < fits->plan->k; f++)
		for (j = 0; j < engine->q; j++)
			chords[f].gradient[j] = -chords[f].penalty[j] * out[f].theta[j];
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		jrn_engine_z(engine, &tile);
		for (f = 0; f < fits->plan->k; f++)
		{
			if (!chords[f].active || chords[f].alone || fits->plan->fold_of_cell[tile.cell] == f)
				continue;
			jrn_engine_predict(engine, &tile, out[f].theta, false);
			jrn_column_dots(engine->z, engine->q, tile.rows, JRN_BLOCK_ROWS, engine->residual, dots);
			for (j = 0; j < engine->q; j++)
				chords[f].gradient[j] += dots[j];
		}
	}
	jrn_tiles_close(&cursor);
	jrn_release(engine->env, dots);
	return JRN_OK;
}

/* One step of every active fold; true while some fold goes on. */
static bool
chord_step(jrn_fold_fits *fits, chord *chords, jrn_fold_fit *out, double *scratch)
{
	size_t		q = fits->engine->q;
	bool		more = false;
	size_t		j;
	int			f;

	for (f = 0; f < fits->plan->k; f++)
	{
		chord	   *c = &chords[f];
		double		decrement = 0.0;

		if (!c->active || c->alone)
			continue;
		for (j = 0; j < q; j++)
			scratch[j] = c->kept[j] ? c->gradient[j] : 0.0;
		jrn_cholesky_solve(c->factor, q, c->kept, scratch);
		for (j = 0; j < q; j++)
			decrement += c->gradient[j] * scratch[j];
		if (!(decrement <= CONTRACTION * c->last_decrement))
		{
			c->alone = decrement >= DECREMENT_DONE || isnan(decrement);
			c->active = c->alone;
			continue;
		}
		c->last_decrement = decrement;
		for (j = 0; j < q; j++)
			out[f].theta[j] += scratch[j];
		c->active = decrement >= DECREMENT_DONE;
		more = more || c->active;
	}
	return more;
}

static jrn_status
chords_alloc(const jrn_fold_fits *fits, chord **chords)
{
	const jrn_env *env = fits->engine->env;
	size_t		q = fits->engine->q;
	int			f;

	JRN_TRY(jrn_alloc_zeroed(env, (size_t) fits->plan->k, sizeof(chord), chords));
	for (f = 0; f < fits->plan->k; f++)
	{
		JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(bool), &(*chords)[f].kept));
		JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(double), &(*chords)[f].penalty));
		JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(double), &(*chords)[f].gradient));
		JRN_TRY(jrn_alloc_zeroed(env, triangle(q), sizeof(double), &(*chords)[f].factor));
	}
	return JRN_OK;
}

jrn_status
jrn_chord_folds(jrn_fold_fits *fits, const jrn_fit_request *request, jrn_fold_fit *out)
{
	chord	   *chords;
	double	   *scratch;
	bool		usable = fits->full_ready && fits->full.converged;
	int			passes;
	int			f;

	JRN_TRY(chords_alloc(fits, &chords));
	JRN_TRY(jrn_alloc_array(fits->engine->env, fits->engine->q, sizeof(double), &scratch));
	for (f = 0; f < fits->plan->k; f++)
	{
		jrn_fold_fits_train(fits, f);
		JRN_TRY(chord_columns(fits, request->lambda, &chords[f], &out[f]));
		chords[f].alone = !usable;
		if (chords[f].active && usable)
			JRN_TRY(chord_start(fits, f, &chords[f], &out[f]));
	}
	for (passes = 0; usable && passes < MAX_CHORD_PASSES; passes++)
	{
		JRN_TRY(chord_gradients(fits, chords, out));
		if (!chord_step(fits, chords, out, scratch))
			break;
	}
	for (f = 0; f < fits->plan->k; f++)
		if (chords[f].active)
		{
			fits->glm.warm = false;
			JRN_TRY(jrn_fold_fits_alone(fits, f, request, &out[f]));
		}
	return JRN_OK;
}
