/*
 * cells_cv.c
 *		Cross-validation from moments by cell (see cells_cv.h).
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "../core/hash.h"
#include "../models/path.h"
#include "cells_cv.h"
#include "plan.h"

/* The most memory that moments of folds may take. */
#define MOST_FOLD_BYTES ((size_t) 1 << 30)

/* Sums over the cells of one fold. */
typedef struct fold_sums
{
	int64_t		n;
	double		w;
	double		cells;
	double		sse;
	double		null_sse;
	double		w_square;
	double		sse_square;
	double		null_square;
	double		sse_w;
	double		sse_null;
} fold_sums;

typedef struct cells_run
{
	const jrn_env *env;
	const jrn_cell_list *cells;
	const jrn_cv_request *request;
	jrn_cv_result *result;
	int			k;
	size_t		q;
	int64_t    *rows_of_cell;	/* [cells] */
	int32_t    *fold_of_cell;	/* [cells] */
	int64_t    *rows_of_fold;	/* [k] */
	jrn_moments *by_fold;		/* [k] */
	jrn_moments *before;		/* merge of the folds before the current one */
	jrn_moments *after;			/* [k + 1] merge of the folds from f on */
	jrn_moments *train;
	jrn_path	path;
	fold_sums  *sums;			/* [lambda][k] of one repeat */
} cells_run;

static size_t
triangle(size_t q)
{
	return q * (q + 1) / 2;
}

static jrn_status
begin(cells_run *run)
{
	const jrn_env *env = run->env;
	size_t		k = (size_t) run->k;
	size_t		lambdas = (size_t) run->request->lambda_count;
	size_t		sets = lambdas * (size_t) run->request->repeats;
	size_t		i;

	if (2 * k * (triangle(run->q) + run->q) * sizeof(double) > MOST_FOLD_BYTES)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_array(env, run->cells->count, sizeof(int64_t), &run->rows_of_cell));
	JRN_TRY(jrn_alloc_array(env, run->cells->count, sizeof(int32_t), &run->fold_of_cell));
	JRN_TRY(jrn_alloc_array(env, k, sizeof(int64_t), &run->rows_of_fold));
	for (i = 0; i < run->cells->count; i++)
		run->rows_of_cell[i] = run->cells->sets[i].n;
	JRN_TRY(jrn_moments_alloc(env, k, run->q, &run->by_fold));
	JRN_TRY(jrn_moments_alloc(env, k + 1, run->q, &run->after));
	JRN_TRY(jrn_moments_alloc(env, 1, run->q, &run->before));
	JRN_TRY(jrn_moments_alloc(env, 1, run->q, &run->train));
	JRN_TRY(jrn_path_alloc(env, run->q - 1, run->request->lambda_count, &run->path));
	JRN_TRY(jrn_alloc_array(env, lambdas * k, sizeof(fold_sums), &run->sums));
	run->result->k = run->k;
	run->result->from_moments = true;
	JRN_TRY(jrn_alloc_zeroed(env, sets * k, sizeof(jrn_cv_fold), &run->result->folds));
	return jrn_alloc_zeroed(env, sets, JRN_METRICS * sizeof(double), &run->result->pooled);
}

/* One grid for all folds, from all rows. */
static jrn_status
give_lambdas(const jrn_env *env, const jrn_cell_list *cells, jrn_cv_request *request)
{
	size_t		q = cells->sets[0].q;
	jrn_moments *total;
	double	   *grid;
	size_t		i;

	if (request->lambdas != NULL)
		return JRN_OK;
	JRN_TRY(jrn_moments_alloc(env, 1, q, &total));
	for (i = 0; i < cells->count; i++)
	{
		JRN_TICK(env);
		jrn_moments_merge(total, &cells->sets[i]);
	}
	JRN_TRY(jrn_alloc_array(env, (size_t) request->lambda_count, sizeof(double), &grid));
	jrn_lambda_grid(total, request->alpha, request->lambda_count, grid);
	request->lambdas = grid;
	return JRN_OK;
}

/* Moments of every fold, and of all folds from each on. */
static jrn_status
merge_folds(cells_run *run)
{
	size_t		i;
	int			f;

	for (f = 0; f < run->k; f++)
		jrn_moments_clear(&run->by_fold[f]);
	for (i = 0; i < run->cells->count; i++)
	{
		JRN_TICK(run->env);
		jrn_moments_merge(&run->by_fold[run->fold_of_cell[i]], &run->cells->sets[i]);
	}
	jrn_moments_clear(&run->after[run->k]);
	for (f = run->k; f-- > 0;)
	{
		JRN_TICK(run->env);
		jrn_moments_clear(&run->after[f]);
		jrn_moments_merge(&run->after[f], &run->by_fold[f]);
		jrn_moments_merge(&run->after[f], &run->after[f + 1]);
	}
	jrn_moments_clear(run->before);
	return JRN_OK;
}

/* R-CCV-2: the rows of all folds but f; folds are taken in their order. */
static void
take_training_set(cells_run *run, int f)
{
	if (f > 0)
		jrn_moments_merge(run->before, &run->by_fold[f - 1]);
	jrn_moments_clear(run->train);
	jrn_moments_merge(run->train, run->before);
	jrn_moments_merge(run->train, &run->after[f + 1]);
}

/* R-CCV-3 */
static jrn_status
test_fold(cells_run *run, int f)
{
	size_t		p = run->q - 1;
	size_t		i;
	int			l;

	for (i = 0; i < run->cells->count; i++)
	{
		const jrn_moments *test = &run->cells->sets[i];
		double		null_sse;

		if (run->fold_of_cell[i] != f)
			continue;
		null_sse = jrn_moments_null_sse(test, run->train);
		for (l = 0; l < run->request->lambda_count; l++)
		{
			fold_sums  *sums = &run->sums[(size_t) l * (size_t) run->k + (size_t) f];
			double		sse = jrn_moments_sse(test, run->path.beta + (size_t) l * p, run->train, NULL);

			JRN_TICK(run->env);
			if (sse < (double) run->q * DBL_EPSILON * null_sse)
				sse = 0.0;
			sums->n += test->n;
			sums->w += test->w;
			sums->cells += 1.0;
			sums->sse += sse;
			sums->null_sse += null_sse;
			sums->w_square += test->w * test->w;
			sums->sse_square += sse * sse;
			sums->null_square += null_sse * null_sse;
			sums->sse_w += sse * test->w;
			sums->sse_null += sse * null_sse;
		}
	}
	return JRN_OK;
}

/* Can the training set carry the l-th model? */
static jrn_fit_status
model_status(const cells_run *run, int l)
{
	const jrn_cv_request *request = run->request;
	bool		shrunk = jrn_is_shrunk(request->penalty) && request->lambdas[l] > 0.0;
	double		rank = run->path.df[l];
	bool		whole = true;
	size_t		j;

	if (run->train->n < 2 || (!shrunk && (double) run->train->n <= rank))
		return JRN_FIT_TOO_FEW;
	if (!run->path.converged[l])
		return JRN_FIT_NOT_CONVERGED;
	for (j = 0; j + 1 < run->q; j++)
		whole = whole && run->path.kept[j];
	return whole && (shrunk || rank == (double) (run->q - 1)) ? JRN_FIT_OK : JRN_FIT_RANK_DEFICIENT;
}

static bool
is_usable(jrn_fit_status status)
{
	return status == JRN_FIT_OK || status == JRN_FIT_RANK_DEFICIENT;
}

/* rmse and r_squared of sums, with the errors of R-CCV-4. */
static void
give_metrics(const fold_sums *sums, jrn_cv_fold *out)
{
	double		mean = sums->sse / sums->w;
	double		ratio = sums->sse / sums->null_sse;
	double		correction = sums->cells > 1.0 ? sums->cells / (sums->cells - 1.0) : NAN;
	double		variance = correction * (sums->sse_square - 2.0 * mean * sums->sse_w + mean * mean * sums->w_square);
	double		of_ratio = correction *
		(sums->sse_square - 2.0 * ratio * sums->sse_null + ratio * ratio * sums->null_square);

	out->df = sums->cells - 1.0;
	out->value[JRN_METRIC_RMSE] = sqrt(mean);
	if (mean > 0.0)
		out->std_error[JRN_METRIC_RMSE] = sqrt(variance > 0.0 ? variance : variance * 0.0) / sums->w /
			(2.0 * sqrt(mean));
	if (!(sums->null_sse > 0.0))
		return;
	out->value[JRN_METRIC_R_SQUARED] = 1.0 - ratio;
	out->std_error[JRN_METRIC_R_SQUARED] = sqrt(of_ratio > 0.0 ? of_ratio : of_ratio * 0.0) / sums->null_sse;
}

/* Figures of the folds of one lambda, and the pooled ones. */
static void
give_set(cells_run *run, int l, int repeat)
{
	size_t		index = jrn_cv_set_index(run->request, l, repeat);
	jrn_cv_fold *folds = run->result->folds + index * (size_t) run->k;
	double	   *pooled = run->result->pooled + index * JRN_METRICS;
	fold_sums	all;
	bool		complete = true;
	int			f,
				m;

	memset(&all, 0, sizeof(all));
	for (f = 0; f < run->k; f++)
	{
		const fold_sums *sums = &run->sums[(size_t) l * (size_t) run->k + (size_t) f];

		for (m = 0; m < JRN_METRICS; m++)
			folds[f].value[m] = folds[f].std_error[m] = NAN;
		folds[f].n_test = sums->n;
		complete = complete && is_usable(folds[f].status);
		if (is_usable(folds[f].status))
			give_metrics(sums, &folds[f]);
		all.w += sums->w;
		all.sse += sums->sse;
		all.null_sse += sums->null_sse;
	}
	for (m = 0; m < JRN_METRICS; m++)
		pooled[m] = NAN;
	if (!complete)
		return;
	pooled[JRN_METRIC_RMSE] = sqrt(all.sse / all.w);
	if (all.null_sse > 0.0)
		pooled[JRN_METRIC_R_SQUARED] = 1.0 - all.sse / all.null_sse;
}

static jrn_status
run_repeat(cells_run *run, uint64_t seed, int repeat)
{
	const jrn_cv_request *request = run->request;
	size_t		sums = (size_t) request->lambda_count * (size_t) run->k;
	int			f,
				l;

	JRN_TRY(jrn_deal_cells(run->env, run->cells->count, run->cells->ids, run->rows_of_cell, run->k,
						   jrn_seed_of_repeat(seed, repeat + 1), run->fold_of_cell, run->rows_of_fold));
	JRN_TRY(merge_folds(run));
	memset(run->sums, 0, sums * sizeof(fold_sums));
	for (f = 0; f < run->k; f++)
	{
		take_training_set(run, f);
		JRN_TRY(jrn_gaussian_path(run->env, run->train, request->penalty, request->alpha,
								  request->lambdas, request->lambda_count, &run->path));
		JRN_TRY(test_fold(run, f));
		for (l = 0; l < request->lambda_count; l++)
		{
			jrn_cv_fold *fold = &run->result->folds[jrn_cv_index(request, run->result, l, repeat, f)];

			fold->n_train = run->train->n;
			fold->status = model_status(run, l);
		}
	}
	for (l = 0; l < request->lambda_count; l++)
		give_set(run, l, repeat);
	return JRN_OK;
}

jrn_status
jrn_cross_validate_cells(const jrn_env *env, const jrn_cell_list *cells, int k, uint64_t seed,
						 jrn_cv_request *request, jrn_cv_result *result)
{
	cells_run	run;
	int			r;

	if (k < 2 || (size_t) k > cells->count)
		return JRN_DOMAIN;
	JRN_TRY(give_lambdas(env, cells, request));
	memset(&run, 0, sizeof(run));
	run.env = env;
	run.cells = cells;
	run.request = request;
	run.result = result;
	run.k = k;
	run.q = cells->sets[0].q;
	JRN_TRY(begin(&run));
	for (r = 0; r < request->repeats; r++)
		JRN_TRY(run_repeat(&run, seed, r));
	return JRN_OK;
}
