/*
 * proximal.c
 *		Lasso and elastic net of a generalised linear model (see glm_part.h):
 *		minimise deviance/2 + strength (alpha |c|_1 + (1 - alpha)/2 |c|_2^2)
 *		over c_j = ratio_j theta_j, free coordinates unpenalised.
 *
 * Every pass gives a quadratic model of the deviance; its penalised minimum
 * (descent.c) is the aim of the step (proximal Newton; Lee, Sun and Saunders
 * 2014).
 *
 * R-PROX-1	A step that raises the objective is halved: it never rises.
 * R-PROX-2	The end is decided at the point itself, with its own gradient: no
 *			coordinate may miss its condition of the optimum by more than
 *			1e-9 standard errors of an unpenalised fit.
 */
#include <math.h>
#include <string.h>

#include "descent.h"
#include "glm_part.h"

#define MAX_STEPS 100
#define MAX_HALVINGS 30
#define MISS_DONE 1e-9
#define MISS_ENOUGH 1e-6
#define NEAR 0.1

typedef struct proximal
{
	jrn_engine *engine;
	const jrn_part *part;
	jrn_newton *newton;
	double		strength;
	double		alpha;
	double	   *unit;			/* [m] ratio, 1 where free */
	double	   *factor;			/* [m] 1 penalised, 0 free */
	double	   *c;				/* [m] scaled parameters; 0 where not kept */
	double	   *start;			/* [m] of the step */
	double	   *slope;			/* [m] scaled gradient */
	double	   *pull;			/* [m] of the quadratic */
	double	   *h;				/* packed [m], scaled */
	jrn_pass	pass;
	jrn_descent_scratch scratch;
} proximal;

static jrn_status
begin(proximal *x, const double *ratio)
{
	const jrn_env *env = x->engine->env;
	size_t		m = x->engine->m;
	double	   *rows;
	size_t		j;

	JRN_TRY(jrn_alloc_zeroed(env, 6 * m, sizeof(double), &rows));
	x->unit = rows;
	x->factor = rows + m;
	x->c = rows + 2 * m;
	x->start = rows + 3 * m;
	x->slope = rows + 4 * m;
	x->pull = rows + 5 * m;
	for (j = 0; j < m; j++)
	{
		x->factor[j] = ratio[j] > 0.0 ? 1.0 : 0.0;
		x->unit[j] = ratio[j] > 0.0 ? ratio[j] : 1.0;
		x->c[j] = x->newton->kept[j] ? x->newton->theta[j] * x->unit[j] : 0.0;
	}
	JRN_TRY(jrn_alloc_array(env, m * (m + 1) / 2, sizeof(double), &x->h));
	JRN_TRY(jrn_pass_alloc(x->engine, true, &x->pass));
	return jrn_descent_alloc(env, m, &x->scratch);
}

static void
end(proximal *x)
{
	const jrn_env *env = x->engine->env;

	jrn_release(env, x->unit);
	jrn_release(env, x->h);
	jrn_release(env, x->pass.gradient);
	jrn_release(env, x->pass.hessian);
	jrn_release(env, x->scratch.r);
	jrn_release(env, x->scratch.target);
	jrn_release(env, x->scratch.active);
}

/* A pass at c; *objective is half the deviance plus the penalty. */
static jrn_status
evaluate(proximal *x, double *objective)
{
	size_t		m = x->engine->m;
	double		absolute = 0.0;
	double		square = 0.0;
	size_t		j;

	for (j = 0; j < m; j++)
	{
		if (x->newton->kept[j])
			x->newton->theta[j] = x->c[j] / x->unit[j];
		absolute += x->factor[j] * fabs(x->c[j]);
		square += x->factor[j] * x->c[j] * x->c[j];
	}
	JRN_TRY(jrn_engine_pass(x->engine, x->part, x->newton->theta, &x->pass, NULL));
	*objective = 0.5 * x->pass.deviance +
		x->strength * (x->alpha * absolute + 0.5 * (1.0 - x->alpha) * square);
	return JRN_OK;
}

/* Gradient, Hessian and pull of the quadratic in the scale of c. */
static void
quadratic(proximal *x)
{
	size_t		m = x->engine->m;
	size_t		i,
				j;

	for (i = 0; i < m; i++)
	{
		x->slope[i] = x->pass.gradient[i] / x->unit[i];
		x->pull[i] = x->slope[i];
		for (j = 0; j <= i; j++)
			x->h[jrn_packed(i, j)] = x->pass.hessian[jrn_packed(i, j)] / (x->unit[i] * x->unit[j]);
	}
	for (i = 0; i < m; i++)
		for (j = 0; j < m; j++)
			x->pull[i] += x->h[i >= j ? jrn_packed(i, j) : jrn_packed(j, i)] * x->c[j];
}

/* R-PROX-2: the largest miss in standard errors. */
static double
worst_miss(const proximal *x)
{
	double		worst = 0.0;
	size_t		j;

	for (j = 0; j < x->engine->m; j++)
	{
		double		curvature = x->h[jrn_packed(j, j)];
		double		absolute = x->strength * x->alpha * x->factor[j];
		double		slope = x->slope[j] - x->strength * (1.0 - x->alpha) * x->factor[j] * x->c[j];
		double		miss;

		if (!x->newton->kept[j] || !(curvature > 0.0))
			continue;
		if (x->c[j] != 0.0)
			miss = fabs(slope - (x->c[j] > 0.0 ? absolute : -absolute));
		else
			miss = fabs(slope) > absolute ? fabs(slope) - absolute : 0.0;
		miss /= sqrt(curvature);
		if (!(miss <= worst))
			worst = miss;
	}
	return worst;
}

/* R-PROX-1: from start towards c, as far as the objective falls. */
static jrn_status
descend(proximal *x, double before, double *objective, bool *descended)
{
	double		bound = before + 1e-13 * (fabs(before) + 0.1);
	int			halvings;
	size_t		j;

	*descended = true;
	for (halvings = 0; halvings <= MAX_HALVINGS; halvings++)
	{
		JRN_TRY(evaluate(x, objective));
		if (*objective <= bound)
			return JRN_OK;
		for (j = 0; j < x->engine->m; j++)
			x->c[j] = 0.5 * (x->c[j] + x->start[j]);
	}
	*descended = false;
	memcpy(x->c, x->start, x->engine->m * sizeof(double));
	return evaluate(x, objective);
}

static jrn_status
run(proximal *x)
{
	jrn_newton *newton = x->newton;
	size_t		m = x->engine->m;
	double		last_miss = HUGE_VAL;
	bool		descended = true;
	jrn_descent problem;
	double		objective;

	memset(&problem, 0, sizeof(problem));
	problem.n = m;
	problem.h = x->h;
	problem.g = x->pull;
	problem.kept = newton->kept;
	problem.factor = x->factor;
	problem.strength = x->strength;
	problem.alpha = x->alpha;
	problem.tolerance = 1e-13;
	problem.max_sweeps = 10000;
	x->engine->which_curvature = JRN_CURVATURE_LARGER;
	JRN_TRY(evaluate(x, &objective));
	for (newton->iterations = 1; newton->iterations <= MAX_STEPS; newton->iterations++)
	{
		double		miss;
		bool		solved;
		int			sweeps;

		quadratic(x);
		miss = worst_miss(x);
		newton->deviance = x->pass.deviance;
		if (miss < MISS_DONE || (miss < MISS_ENOUGH && (!descended || miss > 0.3 * last_miss)))
		{
			newton->converged = true;
			break;
		}
		if (!descended)
			break;
		last_miss = miss;
		x->engine->which_curvature = miss > NEAR ? JRN_CURVATURE_LARGER : JRN_CURVATURE_OBSERVED;
		memcpy(x->start, x->c, m * sizeof(double));
		JRN_TRY(jrn_descent_run(x->engine->env, &problem, &x->scratch, x->c, &sweeps, &solved));
		JRN_TRY(descend(x, objective, &objective, &descended));
	}
	memcpy(newton->hessian, x->pass.hessian, m * (m + 1) / 2 * sizeof(double));
	return JRN_OK;
}

jrn_status
jrn_engine_proximal(jrn_engine *engine, const jrn_part *part, double strength, double alpha,
					const double *ratio, jrn_newton *newton)
{
	proximal	x;

	memset(&x, 0, sizeof(x));
	x.engine = engine;
	x.part = part;
	x.newton = newton;
	x.strength = strength;
	x.alpha = alpha;
	newton->converged = newton->separated = false;
	JRN_TRY(begin(&x, ratio));
	JRN_TRY(run(&x));
	end(&x);
	return JRN_OK;
}
