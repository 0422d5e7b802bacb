/*
 * firth.c
 *		Logistic regression with Firth's penalty (see glm_part.h): the maximum
 *		of log-likelihood + 1/2 log det Z'WZ, which is finite whatever the data
 *		(Firth 1993; Heinze and Schemper 2002).
 *
 * R-FIRTH-1	Its gradient is sum (w (y - mu) + h (1/2 - mu)) z with the leverages h
 *				= w mu (1 - mu) z' (Z'WZ)^-1 z of the point itself: a second
 *				pass after that for the information, never an update.
 * R-FIRTH-2	A step that lowers the penalised likelihood is halved.
 * R-FIRTH-3	Standard errors come from the information at the estimate.
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "glm_part.h"

#define MAX_STEPS 1000
#define MAX_HALVINGS 30
#define DECREMENT_DONE 1e-20
#define DECREMENT_ENOUGH 1e-12
#define PIVOT_TOLERANCE 1e-13

typedef struct firth
{
	jrn_engine *engine;
	const jrn_part *part;
	jrn_newton *newton;
	jrn_pass	pass;
	double	   *inverse;		/* packed [q] */
	double	   *dense;			/* [q x q] */
	double	   *gradient;		/* [q] of the penalised likelihood */
	double	   *step;
	double	   *start;
	double	   *leverage;		/* of a block */
	double	   *row;
} firth;

static jrn_status
begin(firth *f)
{
	const jrn_env *env = f->engine->env;
	size_t		q = f->engine->q;

	JRN_TRY(jrn_pass_alloc(f->engine, true, &f->pass));
	JRN_TRY(jrn_alloc_zeroed(env, q * (q + 1) / 2, sizeof(double), &f->inverse));
	JRN_TRY(jrn_alloc_zeroed(env, q * q, sizeof(double), &f->dense));
	JRN_TRY(jrn_alloc_zeroed(env, 3 * q + 2 * JRN_BLOCK_ROWS, sizeof(double), &f->gradient));
	f->step = f->gradient + q;
	f->start = f->gradient + 2 * q;
	f->leverage = f->gradient + 3 * q;
	f->row = f->leverage + JRN_BLOCK_ROWS;
	return JRN_OK;
}

/* Deviance, information and its factor at theta; *objective is -2 times the penalised likelihood. */
static jrn_status
evaluate(firth *f, double *objective, bool *regular)
{
	jrn_newton *newton = f->newton;
	size_t		q = f->engine->q;
	double		log_det = 0.0;
	bool	   *kept;
	size_t		rank;
	size_t		j;

	JRN_TRY(jrn_engine_pass(f->engine, f->part, newton->theta, &f->pass, NULL));
	JRN_TRY(jrn_alloc_array(f->engine->env, q, sizeof(bool), &kept));
	memcpy(kept, newton->kept, q * sizeof(bool));
	memcpy(newton->factor, f->pass.hessian, q * (q + 1) / 2 * sizeof(double));
	JRN_TRY(jrn_cholesky(f->engine->env, newton->factor, q, PIVOT_TOLERANCE, kept, &rank));
	*regular = memcmp(kept, newton->kept, q * sizeof(bool)) == 0;
	jrn_release(f->engine->env, kept);
	for (j = 0; j < q; j++)
		if (newton->kept[j] && *regular)
			log_det += 2.0 * log(newton->factor[jrn_packed(j, j)]);
	*objective = *regular ? f->pass.deviance - log_det : HUGE_VAL;
	return JRN_OK;
}

/* h (1/2 - mu) of a block, added to the weighted residuals. */
static void
adjust_block(firth *f, const jrn_tile *tile)
{
	jrn_engine *engine = f->engine;
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		j,
				r;

	memset(f->leverage, 0, lanes * sizeof(double));
	for (j = 0; j < engine->q; j++)
	{
		memset(f->row, 0, lanes * sizeof(double));
		jrn_linear_predictor(engine->z, engine->q, tile->rows, JRN_BLOCK_ROWS,
							 f->dense + j * engine->q, f->row);
		for (r = 0; r < tile->rows; r++)
			f->leverage[r] += engine->z[j * JRN_BLOCK_ROWS + r] * f->row[r];
	}
	for (r = 0; r < tile->rows; r++)
	{
		double		w = tile->weight != NULL ? tile->weight[r] : 1.0;
		double		mu = engine->mu[r];

		engine->residual[r] = w * engine->residual[r] +
			w * mu * (1.0 - mu) * f->leverage[r] * (0.5 - mu);
	}
}

/* R-FIRTH-1: the second pass. */
static jrn_status
penalised_gradient(firth *f)
{
	jrn_engine *engine = f->engine;
	size_t		q = engine->q;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	double	   *dots;
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_array(engine->env, q, sizeof(double), &dots));
	JRN_TRY(jrn_cholesky_inverse(engine->env, f->newton->factor, q, f->newton->kept, f->inverse));
	for (i = 0; i < q; i++)
		for (j = 0; j <= i; j++)
			f->dense[i * q + j] = f->dense[j * q + i] = f->inverse[jrn_packed(i, j)];
	memset(f->gradient, 0, q * sizeof(double));
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		if (f->part != NULL && f->part->fold_of_cell[tile.cell] == f->part->excluded)
			continue;
		jrn_engine_z(engine, &tile);
		jrn_engine_predict(engine, &tile, f->newton->theta, false);
		adjust_block(f, &tile);
		jrn_column_dots(engine->z, q, tile.rows, JRN_BLOCK_ROWS, engine->residual, dots);
		for (j = 0; j < q; j++)
			f->gradient[j] += f->newton->kept[j] ? dots[j] : 0.0;
	}
	jrn_tiles_close(&cursor);
	jrn_release(engine->env, dots);
	return JRN_OK;
}

/* R-FIRTH-2 */
static jrn_status
descend(firth *f, double before, double *objective, bool *descended)
{
	size_t		q = f->engine->q;
	double		bound = before + 1e-12 * (fabs(before) + 0.1);
	bool		regular;
	int			halvings;
	size_t		j;

	*descended = true;
	for (halvings = 0; halvings <= MAX_HALVINGS; halvings++)
	{
		JRN_TRY(evaluate(f, objective, &regular));
		if (regular && *objective <= bound)
			return JRN_OK;
		for (j = 0; j < q; j++)
			f->newton->theta[j] = 0.5 * (f->newton->theta[j] + f->start[j]);
	}
	*descended = false;
	memcpy(f->newton->theta, f->start, q * sizeof(double));
	return evaluate(f, objective, &regular);
}

static jrn_status
run(firth *f)
{
	jrn_newton *newton = f->newton;
	size_t		q = f->engine->q;
	double		last = HUGE_VAL;
	double		objective;
	bool		regular;
	bool		descended = true;
	size_t		j;

	JRN_TRY(evaluate(f, &objective, &regular));
	for (newton->iterations = 1; regular && newton->iterations <= MAX_STEPS; newton->iterations++)
	{
		double		decrement = 0.0;

		JRN_TRY(penalised_gradient(f));
		memcpy(f->step, f->gradient, q * sizeof(double));
		jrn_cholesky_solve(newton->factor, q, newton->kept, f->step);
		for (j = 0; j < q; j++)
			decrement += f->step[j] * f->gradient[j];
		newton->deviance = f->pass.deviance;
		if (decrement < DECREMENT_DONE ||
			(decrement < DECREMENT_ENOUGH && (!descended || decrement > 0.5 * last)))
		{
			newton->converged = true;
			break;
		}
		if (!descended)
			break;
		last = decrement;
		memcpy(f->start, newton->theta, q * sizeof(double));
		for (j = 0; j < q; j++)
			newton->theta[j] += f->step[j];
		JRN_TRY(descend(f, objective, &objective, &descended));
	}
	memcpy(newton->hessian, f->pass.hessian, q * (q + 1) / 2 * sizeof(double));
	return JRN_OK;
}

jrn_status
jrn_engine_firth(jrn_engine *engine, const jrn_part *part, jrn_newton *newton)
{
	firth		f;

	if (engine->family != JRN_BINOMIAL)
		return JRN_DOMAIN;
	memset(&f, 0, sizeof(f));
	f.engine = engine;
	f.part = part;
	f.newton = newton;
	newton->converged = newton->separated = false;
	JRN_TRY(begin(&f));
	JRN_TRY(run(&f));
	jrn_release(engine->env, f.pass.gradient);
	jrn_release(engine->env, f.pass.hessian);
	jrn_release(engine->env, f.inverse);
	jrn_release(engine->env, f.dense);
	jrn_release(engine->env, f.gradient);
	return JRN_OK;
}
