/*
 * newton.c
 *		Newton's method over the blocks of a design (see engine.h).
 *
 * A pass at theta gives deviance, gradient and Hessian at once; a step that
 * raises the penalised deviance is halved and the pass repeated.
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "engine.h"

#define MAX_ITERATIONS 30
#define MAX_HALVINGS 30
#define DECREMENT_DONE 1e-18
#define DECREMENT_ENOUGH 1e-12
/* Below this decrement the observed curvature is safe (see engine.h). */
#define NEAR 1e-2
/* a scaled pivot below this means a direction without information */
#define PIVOT_TOLERANCE 1e-13

static size_t
triangle(size_t m)
{
	return m * (m + 1) / 2;
}

jrn_status
jrn_newton_alloc(const jrn_engine *engine, jrn_newton *newton)
{
	const jrn_env *env = engine->env;
	size_t		m = engine->m;

	memset(newton, 0, sizeof(*newton));
	JRN_TRY(jrn_alloc_zeroed(env, m, sizeof(double), &newton->theta));
	JRN_TRY(jrn_alloc_zeroed(env, m, sizeof(bool), &newton->kept));
	JRN_TRY(jrn_alloc_zeroed(env, triangle(m), sizeof(double), &newton->factor));
	JRN_TRY(jrn_alloc_zeroed(env, triangle(m), sizeof(double), &newton->hessian));
	JRN_TRY(jrn_alloc_zeroed(env, m, sizeof(double), &newton->variance));
	JRN_TRY(jrn_alloc_zeroed(env, m, sizeof(double), &newton->previous_variance));
	JRN_TRY(jrn_alloc_zeroed(env, m, sizeof(double), &newton->direction));
	memcpy(newton->kept, engine->kept, m * sizeof(bool));
	return JRN_OK;
}

/* Penalised deviance: deviance + sum of penalty theta^2. */
static double
objective(const jrn_engine *engine, const jrn_newton *newton, double deviance, const double *theta)
{
	size_t		j;

	for (j = 0; newton->penalty != NULL && j < engine->m; j++)
		if (newton->penalty[j] > 0.0)	/* an infinite shape has none */
			deviance += newton->penalty[j] * theta[j] * theta[j];
	return deviance;
}

/* Factor Hessian + penalty; false when a kept direction has no information. */
static jrn_status
factorise(const jrn_engine *engine, jrn_newton *newton, bool *regular)
{
	size_t		m = engine->m;
	bool	   *kept;
	size_t		rank;
	size_t		j;

	JRN_TRY(jrn_alloc_array(engine->env, m, sizeof(bool), &kept));
	memcpy(kept, newton->kept, m * sizeof(bool));
	memcpy(newton->factor, newton->hessian, triangle(m) * sizeof(double));
	if (newton->penalty != NULL)
		for (j = 0; j < m; j++)
			newton->factor[jrn_packed(j, j)] += newton->penalty[j];
	JRN_TRY(jrn_cholesky(engine->env, newton->factor, m, PIVOT_TOLERANCE, kept, &rank));
	*regular = memcmp(kept, newton->kept, m * sizeof(bool)) == 0;
	jrn_release(engine->env, kept);
	return JRN_OK;
}

/* Variances of the outside coefficients at the current factor. */
static jrn_status
outside_variances(const jrn_engine *engine, jrn_newton *newton)
{
	double	   *inverse;
	size_t		j;

	JRN_TRY(jrn_alloc_array(engine->env, triangle(engine->m), sizeof(double), &inverse));
	JRN_TRY(jrn_cholesky_inverse(engine->env, newton->factor, engine->m, newton->kept, inverse));
	JRN_TRY(jrn_engine_outside_covariance(engine, inverse, inverse));
	memcpy(newton->previous_variance, newton->variance, engine->m * sizeof(double));
	for (j = 0; j < engine->m; j++)
		newton->variance[j] = inverse[jrn_packed(j, j)];
	jrn_release(engine->env, inverse);
	return JRN_OK;
}

static bool
runs_away(const jrn_engine *engine, const jrn_newton *newton)
{
	size_t		j;

	for (j = 0; j < engine->m; j++)
		if (newton->kept[j] && newton->variance[j] > 1.5 * newton->previous_variance[j])
			return true;
	return false;
}

/* Per-cell sums of a pass, cleared. */
static void
clear_cells(const jrn_engine *engine, jrn_pass *by_cell, int cells)
{
	int			c;

	for (c = 0; by_cell != NULL && c < cells; c++)
	{
		by_cell[c].deviance = 0.0;
		memset(by_cell[c].gradient, 0, engine->m * sizeof(double));
		if (by_cell[c].hessian != NULL)
			memset(by_cell[c].hessian, 0, triangle(engine->m) * sizeof(double));
	}
}

/* State of one run. */
typedef struct newton_run
{
	jrn_pass	pass;
	double	   *step;
	double	   *start;			/* theta before the step */
	double	   *before;			/* outside coefficients before the step */
	double		decrement;
	double		last_decrement;
} newton_run;

/*
 * Pass at theta; while the objective is above that of the start, go back half
 * way.  A step that cannot be made good leaves theta at the start.
 */
static jrn_status
descend(jrn_engine *engine, const jrn_part *part, jrn_newton *newton, newton_run *run,
		jrn_pass *by_cell, int cells, bool first, bool *descended)
{
	double		bound = objective(engine, newton, newton->deviance, run->start);
	int			halvings;
	size_t		j;

	bound += 1e-10 * (fabs(bound) + 0.1);
	*descended = true;
	for (halvings = 0;; halvings++)
	{
		clear_cells(engine, by_cell, cells);
		JRN_TRY(jrn_engine_pass(engine, part, newton->theta, &run->pass, by_cell));
		if (first || objective(engine, newton, run->pass.deviance, newton->theta) <= bound)
			return JRN_OK;
		if (halvings == MAX_HALVINGS)
			break;
		for (j = 0; j < engine->m; j++)
			newton->theta[j] = 0.5 * (newton->theta[j] + run->start[j]);
	}
	*descended = false;
	memcpy(newton->theta, run->start, engine->m * sizeof(double));
	clear_cells(engine, by_cell, cells);
	return jrn_engine_pass(engine, part, newton->theta, &run->pass, by_cell);
}

/* Is the decrement small enough, or as small as rounding lets it be? */
static bool
settled(const newton_run *run, double deviance, double last_deviance)
{
	if (run->decrement < DECREMENT_DONE)
		return true;
	return run->decrement < DECREMENT_ENOUGH && run->decrement > 0.1 * run->last_decrement &&
		fabs(deviance - last_deviance) < 1e-8 * (fabs(deviance) + 0.1);
}

static void
take_step(jrn_engine *engine, jrn_newton *newton, newton_run *run)
{
	size_t		j;

	memcpy(run->start, newton->theta, engine->m * sizeof(double));
	jrn_engine_outside(engine, newton->theta, run->before);
	for (j = 0; j < engine->m; j++)
		newton->theta[j] += run->step[j];
	jrn_engine_outside(engine, newton->theta, newton->direction);
	for (j = 0; j < engine->m; j++)
		newton->direction[j] -= run->before[j];
}

jrn_status
jrn_engine_newton(jrn_engine *engine, const jrn_part *part, jrn_newton *newton,
				  jrn_pass *by_cell, int cells)
{
	newton_run	run;
	size_t		m = engine->m;
	double		last_deviance = 0.0;
	bool		regular = true;
	bool		descended = true;
	/* safe steps may need many to come near */
	int			most = engine->family == JRN_NEGATIVE_BINOMIAL ? 10 * MAX_ITERATIONS : MAX_ITERATIONS;
	size_t		j;

	memset(&run, 0, sizeof(run));
	JRN_TRY(jrn_pass_alloc(engine, true, &run.pass));
	JRN_TRY(jrn_alloc_zeroed(engine->env, 3 * m, sizeof(double), &run.step));
	run.start = run.step + m;
	run.before = run.step + 2 * m;
	run.last_decrement = HUGE_VAL;
	newton->converged = newton->separated = false;
	for (newton->iterations = 0; newton->iterations < most; newton->iterations++)
	{
		engine->which_curvature = run.last_decrement > NEAR ? JRN_CURVATURE_LARGER :
			JRN_CURVATURE_OBSERVED;
		JRN_TRY(descend(engine, part, newton, &run, by_cell, cells,
						newton->iterations == 0, &descended));
		last_deviance = newton->deviance;
		newton->deviance = run.pass.deviance;
		memcpy(newton->hessian, run.pass.hessian, triangle(m) * sizeof(double));
		JRN_TRY(factorise(engine, newton, &regular));
		if (!regular)
			break;
		JRN_TRY(outside_variances(engine, newton));
		run.decrement = 0.0;
		for (j = 0; j < m; j++)
		{
			run.step[j] = newton->kept[j] ? run.pass.gradient[j] -
				(newton->penalty != NULL ? newton->penalty[j] * newton->theta[j] : 0.0) : 0.0;
			run.before[j] = run.step[j];
		}
		jrn_cholesky_solve(newton->factor, m, newton->kept, run.step);
		for (j = 0; j < m; j++)
			run.decrement += run.before[j] * run.step[j];
		if (newton->iterations > 0 && settled(&run, newton->deviance, last_deviance))
		{
			/* the last step is free, and doubles the digits once more */
			for (j = 0; j < m; j++)
				newton->theta[j] += run.step[j];
			newton->converged = true;
			break;
		}
		if (!descended)
			break;
		run.last_decrement = run.decrement;
		take_step(engine, newton, &run);
	}
	newton->separated = newton->penalty == NULL &&
		(!regular || (newton->iterations > 1 && runs_away(engine, newton)));
	if (newton->separated)
		newton->converged = false;
	jrn_release(engine->env, run.pass.gradient);
	jrn_release(engine->env, run.pass.hessian);
	jrn_release(engine->env, run.step);
	return JRN_OK;
}
