/*
 * path.c
 *		Squared loss along a list of strengths (see path.h).
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "../core/eigen.h"
#include "../core/sort.h"
#include "path.h"

/* R-PATH-2 */
#define LEAST_RIDGE 1e-8

/* Of R-CD-2, relative to the largest correlation with y. */
#define DESCENT_TOLERANCE 1e-13
#define DESCENT_SWEEPS 100000

/* Steps in between end at this share of the largest correlation. */
#define LEAST_STEP 1e-12

#define LEAST_ALPHA 1e-3
#define LOST_SHARE 1e-8

static size_t
triangle(size_t q)
{
	return q * (q + 1) / 2;
}

/* Large strengths first; of equal ones the earlier. */
#define STRONGER(lambdas, x, y) \
	((lambdas)[x] > (lambdas)[y] || ((lambdas)[x] == (lambdas)[y] && (x) < (y)))
JRN_SORT_DEFINE(sort_strengths, int, const double *, STRONGER)

jrn_status
jrn_path_alloc(const jrn_env *env, size_t p, int most, jrn_path *path)
{
	size_t		count = (size_t) most;

	memset(path, 0, sizeof(*path));
	path->p = p;
	path->most = most;
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(bool), &path->kept));
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(double), &path->scale));
	JRN_TRY(jrn_alloc_zeroed(env, count, p * sizeof(double), &path->beta));
	JRN_TRY(jrn_alloc_zeroed(env, count, sizeof(double), &path->df));
	JRN_TRY(jrn_alloc_zeroed(env, count, sizeof(bool), &path->converged));
	JRN_TRY(jrn_linear_alloc(env, p, &path->linear));
	JRN_TRY(jrn_descent_alloc(env, p, &path->descent));
	JRN_TRY(jrn_alloc_array(env, triangle(p), sizeof(double), &path->c));
	JRN_TRY(jrn_alloc_array(env, p, sizeof(double), &path->r));
	JRN_TRY(jrn_alloc_array(env, p, sizeof(double), &path->b));
	JRN_TRY(jrn_alloc_array(env, p, sizeof(double), &path->values));
	JRN_TRY(jrn_alloc_array(env, p, sizeof(double), &path->along));
	JRN_TRY(jrn_alloc_array(env, p, sizeof(size_t), &path->column));
	return jrn_alloc_array(env, count, sizeof(int), &path->order);
}

/* Scales and which columns vary, by the rule of jrn_linear_solve. */
static bool
column_varies(const jrn_moments *moments, size_t j, double *scale)
{
	double		variance = moments->m[triangle(j) + j] / moments->w;

	*scale = sqrt(variance > 0.0 ? variance : 0.0);
	return *scale > 1e-14 * fabs(moments->mean[j]) && *scale > 0.0;
}

/* Correlations of the columns that vary; returns their number. */
static size_t
take_correlations(const jrn_moments *train, jrn_path *path)
{
	size_t		p = path->p;
	const double *with_y = train->m + triangle(p);
	size_t		count = 0;
	size_t		i,
				j;

	for (i = 0; i < p; i++)
	{
		path->kept[i] = column_varies(train, i, &path->scale[i]);
		if (!path->kept[i])
			continue;
		for (j = 0; j < count; j++)
		{
			size_t		at = path->column[j];

			path->c[triangle(count) + j] = train->m[triangle(i) + at] / train->w /
				path->scale[i] / path->scale[at];
		}
		path->c[triangle(count) + count] = 1.0;
		path->r[count] = with_y[i] / train->w / path->scale[i];
		path->column[count++] = i;
	}
	return count;
}

/* R-PATH-1 and the small strengths of R-PATH-2 */
static jrn_status
solve_directly(const jrn_env *env, const jrn_moments *train, double lambda, jrn_path *path, int l)
{
	size_t		j;

	JRN_TRY(jrn_linear_solve(env, train, lambda, &path->linear));
	memcpy(path->beta + (size_t) l * path->p, path->linear.beta, path->p * sizeof(double));
	for (j = 0; j < path->p; j++)
		path->df[l] += path->linear.kept[j] ? 1.0 : 0.0;
	path->converged[l] = true;
	return JRN_OK;
}

static void
give_slopes(jrn_path *path, size_t count, int l)
{
	double	   *beta = path->beta + (size_t) l * path->p;
	size_t		i;

	for (i = 0; i < count; i++)
		beta[path->column[i]] = path->b[i] / path->scale[path->column[i]];
}

/* ---- ridge ---- */

static jrn_status
begin_ridge(const jrn_env *env, jrn_path *path, size_t count)
{
	size_t		i,
				j;

	if (path->vectors == NULL)
		JRN_TRY(jrn_alloc_array(env, path->p, path->p * sizeof(double), &path->vectors));
	JRN_TRY(jrn_eigen(env, path->c, count, path->values, path->vectors));
	for (i = 0; i < count; i++)
	{
		path->along[i] = 0.0;
		for (j = 0; j < count; j++)
			path->along[i] += path->vectors[i * count + j] * path->r[j];
	}
	return JRN_OK;
}

static void
ridge(jrn_path *path, size_t count, double lambda, int l)
{
	size_t		i,
				j;

	memset(path->b, 0, count * sizeof(double));
	for (i = 0; i < count; i++)
	{
		double		value = path->values[i] > 0.0 ? path->values[i] : 0.0;
		double		share = path->along[i] / (value + lambda);

		for (j = 0; j < count; j++)
			path->b[j] += share * path->vectors[i * count + j];
		path->df[l] += value / (value + lambda);
	}
	give_slopes(path, count, l);
	path->converged[l] = true;
}

static jrn_status
ridge_path(const jrn_env *env, const jrn_moments *train, const double *lambdas, jrn_path *path)
{
	size_t		count = take_correlations(train, path);
	bool		begun = false;
	int			l;

	for (l = 0; l < path->count; l++)
	{
		JRN_TICK(env);
		if (lambdas[l] < LEAST_RIDGE)
		{
			JRN_TRY(solve_directly(env, train, lambdas[l], path, l));
			continue;
		}
		if (!begun)
			JRN_TRY(begin_ridge(env, path, count));
		begun = true;
		ridge(path, count, lambdas[l], l);
	}
	return JRN_OK;
}

/* ---- lasso and elastic net ---- */

static double
largest_of(const double *r, size_t count)
{
	double		largest = 0.0;
	size_t		i;

	for (i = 0; i < count; i++)
		if (fabs(r[i]) > largest)
			largest = fabs(r[i]);
	return largest;
}

/* R-PATH-3 */
static jrn_status
descend(const jrn_env *env, jrn_path *path, jrn_descent *problem, double lambda, bool *converged)
{
	double		near = lambda > LEAST_STEP * largest_of(path->r, problem->n) ? lambda :
		LEAST_STEP * largest_of(path->r, problem->n);
	int			sweeps;

	while (problem->strength > 2.0 * near)
	{
		problem->strength *= 0.5;
		JRN_TRY(jrn_descent_run(env, problem, &path->descent, path->b, &sweeps, converged));
	}
	problem->strength = lambda;
	return jrn_descent_run(env, problem, &path->descent, path->b, &sweeps, converged);
}

static jrn_status
lasso_path(const jrn_env *env, const jrn_moments *train, double alpha, const double *lambdas,
		   jrn_path *path)
{
	size_t		count = take_correlations(train, path);
	jrn_descent problem;
	bool		converged = false;
	size_t		i;
	int			place;

	memset(&problem, 0, sizeof(problem));
	problem.n = count;
	problem.h = path->c;
	problem.g = path->r;
	problem.alpha = alpha;
	problem.strength = largest_of(path->r, count) / (alpha > LEAST_ALPHA ? alpha : LEAST_ALPHA);
	if (!isfinite(problem.strength))
		return JRN_NONFINITE;
	problem.tolerance = DESCENT_TOLERANCE;
	problem.max_sweeps = DESCENT_SWEEPS;
	memset(path->b, 0, count * sizeof(double));
	for (place = 0; place < path->count; place++)
		path->order[place] = place;
	JRN_TRY(sort_strengths(env, path->order, (size_t) path->count, lambdas));
	for (place = 0; place < path->count; place++)
	{
		int			l = path->order[place];

		JRN_TICK(env);
		if (lambdas[l] == 0.0)
		{
			JRN_TRY(solve_directly(env, train, 0.0, path, l));
			continue;
		}
		if (lambdas[l] != problem.strength || place == 0)
			JRN_TRY(descend(env, path, &problem, lambdas[l], &converged));
		path->converged[l] = converged;
		for (i = 0; i < count; i++)
			path->df[l] += path->b[i] != 0.0 ? 1.0 : 0.0;
		give_slopes(path, count, l);
	}
	return JRN_OK;
}

/* ---- both ---- */

jrn_status
jrn_gaussian_path(const jrn_env *env, const jrn_moments *train, jrn_penalty penalty, double alpha,
				  const double *lambdas, int count, jrn_path *path)
{
	int			l;

	if (penalty == JRN_PENALTY_FIRTH || count > path->most)
		return JRN_DOMAIN;
	path->count = count;
	memset(path->beta, 0, (size_t) count * path->p * sizeof(double));
	memset(path->df, 0, (size_t) count * sizeof(double));
	memset(path->converged, 0, (size_t) count * sizeof(bool));
	memset(path->kept, 0, path->p * sizeof(bool));
	if (train->n == 0)
		return JRN_OK;
	if (penalty == JRN_PENALTY_RIDGE || (penalty == JRN_PENALTY_ELASTIC_NET && alpha == 0.0))
		return ridge_path(env, train, lambdas, path);
	if (penalty != JRN_PENALTY_NONE)
		return lasso_path(env, train, penalty == JRN_PENALTY_LASSO ? 1.0 : alpha, lambdas, path);
	(void) take_correlations(train, path);
	for (l = 0; l < count; l++)
		JRN_TRY(solve_directly(env, train, 0.0, path, l));
	memcpy(path->kept, path->linear.kept, path->p * sizeof(bool));
	return JRN_OK;
}

/* The factor of the columns that are not 0, on top of the slopes of a path. */
static jrn_status
factor_active(const jrn_env *env, const jrn_moments *moments, const jrn_path *path, double square,
			  jrn_linear_fit *fit)
{
	size_t		i,
				j;

	memcpy(fit->beta, path->beta, fit->p * sizeof(double));
	memcpy(fit->scale, path->scale, fit->p * sizeof(double));
	for (i = 0; i < fit->p; i++)
	{
		double	   *row = fit->factor + triangle(i);

		fit->kept[i] = fit->beta[i] != 0.0;
		for (j = 0; j < i; j++)
			row[j] = fit->kept[i] && fit->kept[j] ?
				moments->m[triangle(i) + j] / moments->w / fit->scale[i] / fit->scale[j] : 0.0;
		row[i] = fit->kept[i] ? 1.0 + square : 0.0;
	}
	return jrn_cholesky(env, fit->factor, fit->p, JRN_ALIAS_TOLERANCE, fit->kept, &fit->rank);
}

jrn_status
jrn_gaussian_solve(const jrn_env *env, const jrn_moments *moments, jrn_penalty penalty, double alpha,
				   double lambda, jrn_linear_fit *fit, bool *present, bool *converged)
{
	jrn_path	path;

	*converged = true;
	if (alpha == 0.0 || lambda == 0.0 || penalty == JRN_PENALTY_NONE || penalty == JRN_PENALTY_RIDGE)
	{
		JRN_TRY(jrn_linear_solve(env, moments, lambda, fit));
		memcpy(present, fit->kept, fit->p * sizeof(bool));
		return JRN_OK;
	}
	JRN_TRY(jrn_path_alloc(env, fit->p, 1, &path));
	JRN_TRY(jrn_gaussian_path(env, moments, penalty, alpha, &lambda, 1, &path));
	memcpy(present, path.kept, fit->p * sizeof(bool));
	*converged = path.converged[0];
	return factor_active(env, moments, &path, lambda * (1.0 - alpha), fit);
}

/* R-PATH-5 */
double
jrn_moments_sse(const jrn_moments *test, const double *beta, const jrn_moments *train, bool *lost)
{
	size_t		p = test->q - 1;
	double		total = test->m[triangle(p) + p];
	double		d = test->mean[p] - train->mean[p];
	double		explained = 0.0;	/* a bound of the sum of all terms b_i b_j m_ij */
	double		sum = 0.0;
	size_t		i,
				j;

	for (i = 0; i < p; i++)
	{
		double		along = 0.0;

		if (beta[i] == 0.0)
			continue;
		for (j = 0; j < i; j++)
			along += beta[j] * test->m[triangle(i) + j];
		sum += beta[i] * (2.0 * (along - test->m[triangle(p) + i]) + beta[i] * test->m[triangle(i) + i]);
		explained += fabs(beta[i]) * sqrt(test->m[triangle(i) + i]);
		d -= (test->mean[i] - train->mean[i]) * beta[i];
	}
	sum = total + sum + test->w * d * d;
	if (lost != NULL)
		*lost = !(sum >= LOST_SHARE * (total + explained * explained));
	return sum > 0.0 ? sum : 0.0;
}

double
jrn_moments_null_sse(const jrn_moments *test, const jrn_moments *train)
{
	size_t		p = test->q - 1;
	double		d = test->mean[p] - train->mean[p];

	return test->m[triangle(p) + p] + test->w * d * d;
}

/* R-PATH-6 */
void
jrn_lambda_grid(const jrn_moments *total, double alpha, int count, double *lambdas)
{
	size_t		p = total->q - 1;
	double		largest = 0.0;
	double		ratio = total->n < (int64_t) p ? 1e-2 : 1e-4;
	size_t		j;
	int			l;

	for (j = 0; j < p; j++)
	{
		double		scale;
		double		r;

		if (total->n == 0 || !column_varies(total, j, &scale))
			continue;
		r = fabs(total->m[triangle(p) + j]) / total->w / scale;
		if (r > largest)
			largest = r;
	}
	largest /= alpha > LEAST_ALPHA ? alpha : LEAST_ALPHA;
	if (!(largest > 0.0))
		largest = 1.0;			/* all solutions are 0 */
	for (l = 0; l < count; l++)
		lambdas[l] = count > 1 ? largest * pow(ratio, (double) l / (count - 1)) : largest;
}
