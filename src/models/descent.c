/*
 * descent.c
 *		Coordinate descent (see descent.h).
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "descent.h"

/* Sweeps over the active coordinates before the face is solved directly. */
#define ACTIVE_SWEEPS 25
#define FACE_TOLERANCE 1e-14

static double
entry(const double *h, size_t i, size_t j)
{
	return i >= j ? h[i * (i + 1) / 2 + j] : h[j * (j + 1) / 2 + i];
}

static double
factor_of(const jrn_descent *problem, size_t j)
{
	return problem->factor != NULL ? problem->factor[j] : 1.0;
}

static bool
is_kept(const jrn_descent *problem, size_t j)
{
	return problem->kept == NULL || problem->kept[j];
}

jrn_status
jrn_descent_alloc(const jrn_env *env, size_t n, jrn_descent_scratch *scratch)
{
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &scratch->r));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &scratch->target));
	return jrn_alloc_array(env, n, sizeof(size_t), &scratch->active);
}

/* r -= step * column j of H. */
static void
shift_residual(const jrn_descent *problem, double *r, size_t j, double step)
{
	const double *row = problem->h + j * (j + 1) / 2;
	size_t		i;

	for (i = 0; i <= j; i++)
		r[i] -= step * row[i];
	for (; i < problem->n; i++)
		r[i] -= step * problem->h[i * (i + 1) / 2 + j];
}

/* R-CD-3 */
static jrn_status
fresh_residual(const jrn_env *env, const jrn_descent *problem, const double *b, double *r)
{
	size_t		j;

	memcpy(r, problem->g, problem->n * sizeof(double));
	for (j = 0; j < problem->n; j++)
	{
		if (b[j] == 0.0)
			continue;
		JRN_TICK(env);
		shift_residual(problem, r, j, b[j]);
	}
	return JRN_OK;
}

/*
 * Move one coordinate to its minimum; the return value is the fall of its
 * gradient relative to sqrt(H_jj), comparable between coordinates.
 */
static double
move(const jrn_descent *problem, double *r, double *b, size_t j)
{
	double		curvature = entry(problem->h, j, j);
	double		f = factor_of(problem, j);
	double		absolute = problem->strength * problem->alpha * f;
	double		square = problem->strength * (1.0 - problem->alpha) * f;
	double		pull = r[j] + curvature * b[j];
	double		wanted = 0.0;
	double		step;

	if (!(curvature + square > 0.0) || !(curvature > 0.0))
		return 0.0;
	if (pull > absolute)
		wanted = (pull - absolute) / (curvature + square);
	else if (pull < -absolute)
		wanted = (pull + absolute) / (curvature + square);
	step = wanted - b[j];
	if (step == 0.0)
		return 0.0;
	b[j] = wanted;
	shift_residual(problem, r, j, step);
	return fabs(step) * sqrt(curvature);
}

/* The largest violation of R-CD-2, in units of |g| / sqrt(H_jj). */
static double
violation(const jrn_descent *problem, const double *r, const double *b)
{
	double		worst = 0.0;
	size_t		j;

	for (j = 0; j < problem->n; j++)
	{
		double		curvature = entry(problem->h, j, j);
		double		f = factor_of(problem, j);
		double		absolute = problem->strength * problem->alpha * f;
		double		slope = r[j] - problem->strength * (1.0 - problem->alpha) * f * b[j];
		double		miss;

		if (!is_kept(problem, j) || !(curvature > 0.0))
			continue;
		if (b[j] != 0.0)
			miss = fabs(slope - (b[j] > 0.0 ? absolute : -absolute));
		else
			miss = fabs(slope) > absolute ? fabs(slope) - absolute : 0.0;
		miss /= sqrt(curvature);
		if (!(miss <= worst))
			worst = miss;
	}
	return worst;
}

/* The largest |g_j| / sqrt(H_jj): what tolerances are relative to. */
static double
size_of_gradient(const jrn_descent *problem)
{
	double		largest = 0.0;
	size_t		j;

	for (j = 0; j < problem->n; j++)
	{
		double		curvature = entry(problem->h, j, j);

		if (is_kept(problem, j) && curvature > 0.0 && fabs(problem->g[j]) / sqrt(curvature) > largest)
			largest = fabs(problem->g[j]) / sqrt(curvature);
	}
	return largest;
}

/* Coordinates that are not 0, or free; their number. */
static size_t
list_active(const jrn_descent *problem, const double *b, size_t *active)
{
	size_t		count = 0;
	size_t		j;

	for (j = 0; j < problem->n; j++)
		if (is_kept(problem, j) && entry(problem->h, j, j) > 0.0 &&
			(b[j] != 0.0 || factor_of(problem, j) == 0.0))
			active[count++] = j;
	return count;
}

/* R-CD-1: sweep the coordinates that are not 0; true when they have settled. */
static jrn_status
sweep_active(const jrn_env *env, const jrn_descent *problem, jrn_descent_scratch *scratch,
			 double *b, double bound, int *sweeps, bool *settled)
{
	size_t		count = list_active(problem, b, scratch->active);
	size_t		i;
	int			s;

	*settled = false;
	for (s = 0; s < ACTIVE_SWEEPS && *sweeps < problem->max_sweeps && !*settled; s++)
	{
		double		largest = 0.0;

		for (i = 0; i < count; i++)
		{
			double		moved = move(problem, scratch->r, b, scratch->active[i]);

			if (i % 64 == 0)
				JRN_TICK(env);
			if (moved > largest)
				largest = moved;
		}
		++*sweeps;
		*settled = largest <= 0.1 * bound;
	}
	return JRN_OK;
}

/*
 * The minimum on the face of the active coordinates' signs, in *target;
 * false when the face has a flat direction.
 */
static jrn_status
face_minimum(const jrn_env *env, const jrn_descent *problem, const size_t *active, size_t count,
			 const double *b, double *target, bool *regular)
{
	double	   *factor;
	bool	   *kept;
	size_t		rank;
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_array(env, count * (count + 1) / 2, sizeof(double), &factor));
	JRN_TRY(jrn_alloc_array(env, count, sizeof(bool), &kept));
	for (i = 0; i < count; i++)
	{
		size_t		at = active[i];
		double		f = factor_of(problem, at);
		double		absolute = problem->strength * problem->alpha * f;

		for (j = 0; j <= i; j++)
			factor[i * (i + 1) / 2 + j] = entry(problem->h, at, active[j]);
		factor[i * (i + 1) / 2 + i] += problem->strength * (1.0 - problem->alpha) * f;
		target[i] = problem->g[at] - (b[at] > 0.0 ? absolute : b[at] < 0.0 ? -absolute : 0.0);
		kept[i] = true;
	}
	JRN_TRY(jrn_cholesky(env, factor, count, FACE_TOLERANCE, kept, &rank));
	*regular = rank == count;
	if (*regular)
		jrn_cholesky_solve(factor, count, kept, target);
	jrn_release(env, factor);
	jrn_release(env, kept);
	return JRN_OK;
}

/* How far towards the target the signs allow to go: 1, or up to a zero. */
static double
step_to_zero(const jrn_descent *problem, const size_t *active, size_t count, const double *b,
			 const double *target, size_t *hit)
{
	double		step = 1.0;
	size_t		i;

	*hit = count;
	for (i = 0; i < count; i++)
	{
		double		at = b[active[i]];

		if (factor_of(problem, active[i]) > 0.0 && at * target[i] <= 0.0 &&
			at / (at - target[i]) < step)
		{
			step = at / (at - target[i]);
			*hit = i;
		}
	}
	return step;
}

/*
 * R-CD-4: walk to the minimum of the face; a coordinate that would change its
 * sign stops at 0 and leaves the face.  The objective never rises.
 */
static jrn_status
solve_face(const jrn_env *env, const jrn_descent *problem, jrn_descent_scratch *scratch, double *b)
{
	for (;;)
	{
		size_t		count = list_active(problem, b, scratch->active);
		bool		regular;
		double		step;
		size_t		hit;
		size_t		i;

		JRN_TICK(env);
		JRN_TRY(face_minimum(env, problem, scratch->active, count, b, scratch->target, &regular));
		if (!regular)
			return JRN_OK;
		step = step_to_zero(problem, scratch->active, count, b, scratch->target, &hit);
		for (i = 0; i < count; i++)
		{
			double	   *at = &b[scratch->active[i]];

			*at = hit == count ? scratch->target[i] : *at + step * (scratch->target[i] - *at);
		}
		if (hit == count)
			return JRN_OK;
		b[scratch->active[hit]] = 0.0;
	}
}

jrn_status
jrn_descent_run(const jrn_env *env, const jrn_descent *problem, jrn_descent_scratch *scratch,
				double *b, int *sweeps, bool *converged)
{
	double		bound = problem->tolerance * size_of_gradient(problem);
	bool		settled;
	size_t		j;

	*sweeps = 0;
	*converged = false;
	JRN_TRY(fresh_residual(env, problem, b, scratch->r));
	for (;;)
	{
		for (j = 0; j < problem->n; j++)
		{
			if (j % 64 == 0)
				JRN_TICK(env);
			if (is_kept(problem, j))
				(void) move(problem, scratch->r, b, j);
		}
		++*sweeps;
		JRN_TRY(sweep_active(env, problem, scratch, b, bound, sweeps, &settled));
		if (!settled)
			JRN_TRY(solve_face(env, problem, scratch, b));
		JRN_TRY(fresh_residual(env, problem, b, scratch->r));
		if (violation(problem, scratch->r, b) <= bound)
		{
			*converged = true;
			return JRN_OK;
		}
		if (*sweeps >= problem->max_sweeps)
			return JRN_OK;
	}
}

double
jrn_descent_max_strength(const jrn_descent *problem, const double *r)
{
	double		largest = 0.0;
	size_t		j;

	for (j = 0; j < problem->n; j++)
	{
		double		f = factor_of(problem, j);

		if (is_kept(problem, j) && f > 0.0 && fabs(r[j]) / f > largest)
			largest = fabs(r[j]) / f;
	}
	return problem->alpha > 0.0 ? largest / problem->alpha : (double) HUGE_VAL;
}
