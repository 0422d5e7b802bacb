/*
 * nested.c
 *		Nested cross-validation from moments (see nested.h).
 */
#include <math.h>
#include <string.h>

#include "../models/path.h"
#include "nested.h"

typedef struct nested_run
{
	const jrn_env *env;
	jrn_plan   *plan;
	jrn_cv_request *request;
	jrn_nested_result *result;
	jrn_engine	engine;
	jrn_moments *by_cell;
	jrn_moments *by_fold;
	jrn_moments *train;
	jrn_path	path;
	double	   *outer;			/* [k][lambda] SSE of fold f without it */
	double	   *outer_null;		/* [k] */
	double	   *inner;			/* [k][lambda] summed over the folds g */

	/* over repeats */
	double	   *pooled;			/* [lambda] sum over repeats of the pooled rmse */
	double	   *pooled_r2;
	double	   *fold_rmse;		/* [repeats k] of the chosen lambdas */
	double	   *fold_r2;
	int			folds;
	double		tested;
	double		trained;
} nested_run;

static size_t
lambdas(const nested_run *run)
{
	return (size_t) run->request->lambda_count;
}

/* Moments by cell of the plan's current blocks; the grid, if none was given. */
static jrn_status
cell_moments(nested_run *run)
{
	size_t		q = run->engine.q;
	int			c;

	run->engine.tiles = run->plan->tiles;
	JRN_TRY(jrn_moments_alloc(run->env, (size_t) run->plan->cells, q, &run->by_cell));
	JRN_TRY(jrn_engine_moments(&run->engine, run->plan->cells, run->by_cell));
	if (run->request->lambdas == NULL)
	{
		double	   *grid;

		jrn_moments_clear(run->train);
		for (c = 0; c < run->plan->cells; c++)
			jrn_moments_merge(run->train, &run->by_cell[c]);
		JRN_TRY(jrn_alloc_array(run->env, lambdas(run), sizeof(double), &grid));
		jrn_lambda_grid(run->train, run->request->alpha, run->request->lambda_count, grid);
		run->request->lambdas = grid;
	}
	return JRN_OK;
}

static void
fold_moments(nested_run *run)
{
	int			f,
				c;

	for (f = 0; f < run->plan->k; f++)
		jrn_moments_clear(&run->by_fold[f]);
	for (c = 0; c < run->plan->cells; c++)
		jrn_moments_merge(&run->by_fold[run->plan->fold_of_cell[c]], &run->by_cell[c]);
}

/* The path of all folds but f and g (g = f: but f alone). */
static jrn_status
train_without(nested_run *run, int f, int g)
{
	int			other;
	int			l;

	jrn_moments_clear(run->train);
	for (other = 0; other < run->plan->k; other++)
		if (other != f && other != g)
			jrn_moments_merge(run->train, &run->by_fold[other]);
	JRN_TRY(jrn_gaussian_path(run->env, run->train, run->request->penalty, run->request->alpha,
							  run->request->lambdas, run->request->lambda_count, &run->path));
	for (l = 0; l < run->request->lambda_count; l++)
	{
		bool		shrunk = jrn_is_shrunk(run->request->penalty) && run->request->lambdas[l] > 0.0;

		if (run->train->n < 2 || (!shrunk && (double) run->train->n <= run->path.df[l]))
			run->result->status = JRN_FIT_TOO_FEW;
		else if (!run->path.converged[l])
			run->result->status = JRN_FIT_NOT_CONVERGED;
	}
	return JRN_OK;
}

/* into[lambda] += SSE of a fold under the path. */
static void
add_errors(nested_run *run, int fold, double *into)
{
	int			l;

	for (l = 0; l < run->request->lambda_count; l++)
	{
		bool		gone = false;

		if (run->by_fold[fold].n > 0)
			into[l] += jrn_moments_sse(&run->by_fold[fold], run->path.beta + (size_t) l * run->engine.p,
									   run->train, &gone);
		run->result->lost = run->result->lost || gone;
	}
}

/* Smallest error; of equals the larger lambda (R-NEST-2). */
static int
choose(const nested_run *run, const double *errors)
{
	int			best = 0;
	int			l;

	for (l = 1; l < run->request->lambda_count; l++)
		if (errors[l] < errors[best] ||
			(errors[l] == errors[best] && run->request->lambdas[l] > run->request->lambdas[best]))
			best = l;
	return best;
}

static jrn_status
fit_all(nested_run *run)
{
	int			f,
				g;

	memset(run->outer, 0, (size_t) run->plan->k * lambdas(run) * sizeof(double));
	memset(run->inner, 0, (size_t) run->plan->k * lambdas(run) * sizeof(double));
	for (f = 0; f < run->plan->k; f++)
	{
		JRN_TRY(train_without(run, f, f));
		add_errors(run, f, run->outer + (size_t) f * lambdas(run));
		run->outer_null[f] = run->by_fold[f].n > 0 ? jrn_moments_null_sse(&run->by_fold[f], run->train) : 0.0;
		run->tested += (double) run->by_fold[f].n;
		run->trained += (double) run->train->n;
		for (g = f + 1; g < run->plan->k; g++)
		{
			JRN_TICK(run->env);
			JRN_TRY(train_without(run, f, g));
			add_errors(run, g, run->inner + (size_t) f * lambdas(run));
			add_errors(run, f, run->inner + (size_t) g * lambdas(run));
		}
	}
	return JRN_OK;
}

static jrn_status
nested_repeat(nested_run *run)
{
	double		n = 0.0;
	double		null_sse = 0.0;
	double		sse = 0.0;
	int			f,
				l;

	fold_moments(run);
	JRN_TRY(fit_all(run));
	for (f = 0; f < run->plan->k; f++)
	{
		double		rows = (double) run->by_fold[f].n;
		int			chosen = choose(run, run->inner + (size_t) f * lambdas(run));
		double		error = run->outer[(size_t) f * lambdas(run) + (size_t) chosen];

		if (rows == 0.0)
			continue;
		run->fold_rmse[run->folds] = sqrt(error / rows);
		run->fold_r2[run->folds] = run->outer_null[f] > 0.0 && rows > 1.0 ? 1.0 - error / run->outer_null[f] : NAN;
		run->folds++;
		n += rows;
		sse += error;
		null_sse += run->outer_null[f];
	}
	run->result->rmse.corrected += sqrt(sse / n) / run->request->repeats;
	run->result->r_squared.corrected += (1.0 - sse / null_sse) / run->request->repeats;
	for (l = 0; l < run->request->lambda_count; l++)
	{
		double		all = 0.0;

		for (f = 0; f < run->plan->k; f++)
			all += run->outer[(size_t) f * lambdas(run) + (size_t) l];
		run->pooled[l] += sqrt(all / n) / run->request->repeats;
		run->pooled_r2[l] += (1.0 - all / null_sse) / run->request->repeats;
	}
	return JRN_OK;
}

/* R-NEST-3 */
static void
give_error(const nested_run *run, const double *values, jrn_nested_figure *figure)
{
	double		mean = 0.0;
	double		square = 0.0;
	int			count = 0;
	int			i;

	for (i = 0; i < run->folds; i++)
		if (!isnan(values[i]))
		{
			mean += values[i];
			count++;
		}
	mean /= count;
	for (i = 0; i < run->folds; i++)
		if (!isnan(values[i]))
			square += (values[i] - mean) * (values[i] - mean);
	figure->df = count - 1.0;
	figure->std_error = count > 1 ? sqrt((1.0 / count + run->tested / run->trained) * square / (count - 1.0)) : NAN;
}

static jrn_status
nested_alloc(nested_run *run)
{
	const jrn_env *env = run->env;
	size_t		k = (size_t) run->plan->k;
	size_t		folds = k * (size_t) run->request->repeats;

	JRN_TRY(jrn_moments_alloc(env, k, run->engine.q, &run->by_fold));
	JRN_TRY(jrn_moments_alloc(env, 1, run->engine.q, &run->train));
	JRN_TRY(jrn_path_alloc(env, run->engine.p, run->request->lambda_count, &run->path));
	JRN_TRY(jrn_alloc_array(env, k, lambdas(run) * sizeof(double), &run->outer));
	JRN_TRY(jrn_alloc_array(env, k, lambdas(run) * sizeof(double), &run->inner));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(double), &run->outer_null));
	JRN_TRY(jrn_alloc_zeroed(env, lambdas(run), sizeof(double), &run->pooled));
	JRN_TRY(jrn_alloc_zeroed(env, lambdas(run), sizeof(double), &run->pooled_r2));
	JRN_TRY(jrn_alloc_array(env, folds, sizeof(double), &run->fold_rmse));
	return jrn_alloc_array(env, folds, sizeof(double), &run->fold_r2);
}

jrn_status
jrn_nested_gaussian(const jrn_env *env, jrn_plan *plan, const jrn_file *file,
					jrn_cv_request *request, jrn_nested_result *result)
{
	nested_run	run;
	int			r;

	memset(&run, 0, sizeof(run));
	memset(result, 0, sizeof(*result));
	run.env = env;
	run.plan = plan;
	run.request = request;
	run.result = result;
	JRN_TRY(jrn_engine_begin(&run.engine, env, plan->design, NULL, JRN_GAUSSIAN));
	JRN_TRY(nested_alloc(&run));
	for (r = 0; r < request->repeats; r++)
	{
		JRN_TRY(jrn_plan_repeat(plan, r + 1, file));
		if (r == 0 || plan->method != JRN_FOLDS_BUCKETS)
			JRN_TRY(cell_moments(&run));
		JRN_TRY(nested_repeat(&run));
	}
	result->best = choose(&run, run.pooled);
	result->rmse.naive = run.pooled[result->best];
	result->r_squared.naive = run.pooled_r2[result->best];
	give_error(&run, run.fold_rmse, &result->rmse);
	give_error(&run, run.fold_r2, &result->r_squared);
	return JRN_OK;
}
