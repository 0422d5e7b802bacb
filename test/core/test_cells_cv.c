/*
 * test_cells_cv.c
 *		Cross-validation from moments by cell: every fold refitted and tested on
 *		its rows, weights included; how cells are dealt.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/models/jackknife.h"
#include "../../src/models/path.h"
#include "../../src/validation/cells_cv.h"
#include "../../src/validation/plan.h"

#define ROWS 400
#define P 2
#define Q (P + 1)
#define CELLS 12
#define K 4
#define LAMBDAS 3

static double z[ROWS][Q];
static double weight[ROWS];
static int	cell_of_row[ROWS];
static const double lambdas[LAMBDAS] = {0.2, 0.0, 0.01};

static void
make_rows(void)
{
	int			i;

	for (i = 0; i < ROWS; i++)
	{
		cell_of_row[i] = (int) (jrn_random_uniform(5, (uint64_t) i) * jrn_random_uniform(6, (uint64_t) i) * CELLS);
		if (i < CELLS)
			cell_of_row[i] = i;
		z[i][0] = jrn_random_normal(1, (uint64_t) i) + 0.2 * cell_of_row[i];
		z[i][1] = jrn_random_normal(2, (uint64_t) i) * 3.0 + z[i][0];
		z[i][2] = 4.0 + z[i][0] - 0.5 * z[i][1] + jrn_random_normal(3, (uint64_t) i);
		weight[i] = 0.5 + i % 3;
	}
}

/* Moments, by definition, of the rows whose cells have flag[cell] == wanted. */
static void
take_rows(const int32_t *flag, int32_t wanted, jrn_moments *out)
{
	int			i,
				a,
				b;

	jrn_moments_clear(out);
	for (i = 0; i < ROWS; i++)
		if (flag[cell_of_row[i]] == wanted)
		{
			out->n++;
			out->w += weight[i];
		}
	for (a = 0; a < Q; a++)
		for (i = 0; i < ROWS; i++)
			if (flag[cell_of_row[i]] == wanted)
				out->mean[a] += weight[i] * z[i][a] / out->w;
	for (a = 0; a < Q; a++)
		for (b = 0; b <= a; b++)
			for (i = 0; i < ROWS; i++)
				if (flag[cell_of_row[i]] == wanted)
					out->m[jrn_packed((size_t) a, (size_t) b)] += weight[i] * (z[i][a] - out->mean[a]) * (z[i][b] - out->mean[b]);
}

static jrn_status
make_cells(const jrn_env *env, jrn_cell_list *cells)
{
	static int64_t ids[CELLS];
	static int32_t own[CELLS];
	jrn_moments *sets;
	int			c;

	JRN_TRY(jrn_moments_alloc(env, CELLS, Q, &sets));
	for (c = 0; c < CELLS; c++)
	{
		ids[c] = 100 + 7 * c;
		own[c] = c;
	}
	for (c = 0; c < CELLS; c++)
		take_rows(own, c, &sets[c]);
	cells->count = CELLS;
	cells->ids = ids;
	cells->sets = sets;
	return JRN_OK;
}

static void
make_request(jrn_cv_request *request)
{
	memset(request, 0, sizeof(*request));
	request->family = JRN_GAUSSIAN;
	request->penalty = JRN_PENALTY_RIDGE;
	request->lambda_count = LAMBDAS;
	request->lambdas = lambdas;
	request->repeats = 2;
}

/* Squared errors of the rows of a fold under the fit to all others. */
static void
by_rows(const jrn_env *env, const int32_t *fold_of_cell, int fold, double lambda, double *sse, double *null_sse)
{
	int32_t		held[CELLS];
	jrn_moments *train;
	jrn_linear_fit fit;
	int			i,
				j;

	for (i = 0; i < CELLS; i++)
		held[i] = fold_of_cell[i] == fold;
	(void) jrn_moments_alloc(env, 1, Q, &train);
	take_rows(held, 0, train);
	(void) jrn_linear_alloc(env, P, &fit);
	(void) jrn_linear_solve(env, train, lambda, &fit);
	*sse = *null_sse = 0.0;
	for (i = 0; i < ROWS; i++)
	{
		double		e = z[i][P] - train->mean[P];

		if (!held[cell_of_row[i]])
			continue;
		*null_sse += weight[i] * e * e;
		for (j = 0; j < P; j++)
			e -= fit.beta[j] * (z[i][j] - train->mean[j]);
		*sse += weight[i] * e * e;
	}
}

static void
test_figures(const jrn_env *env)
{
	jrn_cell_list cells;
	jrn_cv_request request;
	jrn_cv_result result;
	double		worst = 0.0;
	int			l,
				r,
				f,
				i;

	(void) make_cells(env, &cells);
	make_request(&request);
	ok_int(jrn_cross_validate_cells(env, &cells, K, 9, &request, &result), JRN_OK, "cross-validation of cells");
	for (r = 0; r < request.repeats; r++)
	{
		int64_t		rows[CELLS];
		int32_t		fold_of_cell[CELLS];
		int64_t		rows_of_fold[K];

		for (i = 0; i < CELLS; i++)
			rows[i] = cells.sets[i].n;
		(void) jrn_deal_cells(env, CELLS, cells.ids, rows, K, jrn_seed_of_repeat(9, r + 1), fold_of_cell, rows_of_fold);
		for (l = 0; l < LAMBDAS; l++)
		{
			double		all = 0.0;
			double		w = 0.0;

			for (f = 0; f < K; f++)
			{
				const jrn_cv_fold *fold = &result.folds[jrn_cv_index(&request, &result, l, r, f)];
				double		sse,
							null_sse;
				double		fold_w = 0.0;

				for (i = 0; i < CELLS; i++)
					fold_w += fold_of_cell[i] == f ? cells.sets[i].w : 0.0;
				by_rows(env, fold_of_cell, f, lambdas[l], &sse, &null_sse);
				worst = fmax(worst, fabs(fold->value[JRN_METRIC_RMSE] / sqrt(sse / fold_w) - 1.0));
				worst = fmax(worst, fabs(fold->value[JRN_METRIC_R_SQUARED] - 1.0 + sse / null_sse));
				worst = fmax(worst, fabs((double) (fold->n_test + fold->n_train - ROWS)));
				worst = fmax(worst, fold->status == JRN_FIT_OK ? 0.0 : 1.0);
				worst = fmax(worst, fold->n_test == rows_of_fold[f] ? 0.0 : 1.0);
				all += sse;
				w += fold_w;
			}
			worst = fmax(worst, fabs(result.pooled[jrn_cv_set_index(&request, l, r) * JRN_METRICS + JRN_METRIC_RMSE] /
									 sqrt(all / w) - 1.0));
		}
	}
	ok(worst < 1e-11, "folds refitted and tested on their rows give the same (%g)", worst);
	ok_int(jrn_cross_validate_cells(env, &cells, CELLS, 9, &request, &result), JRN_OK, "one cell a fold");
	ok(isnan(result.folds[0].std_error[JRN_METRIC_RMSE]) && result.folds[0].value[JRN_METRIC_RMSE] > 0.0,
	   "one cell has a value and no standard error");
	ok_int(jrn_cross_validate_cells(env, &cells, CELLS + 1, 9, &request, &result), JRN_DOMAIN, "more folds than cells");
	request.lambdas = NULL;
	request.lambda_count = JRN_GRID_STRENGTHS;
	request.penalty = JRN_PENALTY_LASSO;
	request.alpha = 1.0;
	ok_int(jrn_cross_validate_cells(env, &cells, K, 9, &request, &result), JRN_OK, "a grid of its own");
	ok(request.lambdas != NULL && request.lambdas[0] > 100.0 * request.lambdas[50], "the grid is handed back");
}

/* All of one size: folds differ by one cell at most; unlike sizes: about even. */
static void
test_dealing(const jrn_env *env)
{
	enum {DAYS = 3000};
	static int64_t rows[DAYS];
	static int32_t fold_of_cell[DAYS];
	static int32_t again[DAYS];
	int64_t		rows_of_fold[7];
	int64_t		least,
				most;
	int			i,
				f;

	for (i = 0; i < DAYS; i++)
		rows[i] = 3;
	(void) jrn_deal_cells(env, DAYS, NULL, rows, 7, 1, fold_of_cell, rows_of_fold);
	least = most = rows_of_fold[0];
	for (f = 1; f < 7; f++)
	{
		least = rows_of_fold[f] < least ? rows_of_fold[f] : least;
		most = rows_of_fold[f] > most ? rows_of_fold[f] : most;
	}
	ok(most - least <= 3, "equal cells: folds differ by a cell at most");
	(void) jrn_deal_cells(env, DAYS, NULL, rows, 7, 2, again, rows_of_fold);
	ok(memcmp(fold_of_cell, again, sizeof(again)) != 0, "another seed, another map");
	for (i = 0; i < DAYS; i++)
		rows[i] = 1 + (int64_t) (jrn_random_uniform(8, (uint64_t) i) * 1000.0);
	(void) jrn_deal_cells(env, DAYS, NULL, rows, 7, 1, fold_of_cell, rows_of_fold);
	least = most = rows_of_fold[0];
	for (f = 1; f < 7; f++)
	{
		least = rows_of_fold[f] < least ? rows_of_fold[f] : least;
		most = rows_of_fold[f] > most ? rows_of_fold[f] : most;
	}
	ok(most - least <= 100, "cells of 1 to 1000 rows: folds even to %lld rows", (long long) (most - least));
	(void) jrn_deal_cells(env, 7, NULL, rows, 7, 1, fold_of_cell, rows_of_fold);
	for (f = 0, least = 1; f < 7; f++)
		least = rows_of_fold[f] == 0 ? 0 : least;
	ok(least == 1, "as many cells as folds: none is empty");
}

/* Every cell left out of the rows themselves. */
static void
test_jackknife(const jrn_env *env)
{
	jrn_cell_list cells;
	jrn_linear_fit fit;
	jrn_moments *others;
	double		theta[CELLS][Q];
	double		estimate[Q];
	double		error[Q];
	double		worst = 0.0;
	int			c,
				i,
				j;

	(void) make_cells(env, &cells);
	(void) jrn_moments_alloc(env, 1, Q, &others);
	(void) jrn_linear_alloc(env, P, &fit);
	for (c = 0; c < CELLS; c++)
	{
		int32_t		held[CELLS] = {0};

		held[c] = 1;
		take_rows(held, 0, others);
		(void) jrn_linear_solve(env, others, 0.0, &fit);
		theta[c][0] = others->mean[P];
		for (j = 0; j < P; j++)
		{
			theta[c][0] -= fit.beta[j] * others->mean[j];
			theta[c][j + 1] = fit.beta[j];
		}
	}
	ok_int(jrn_jackknife(env, cells.sets, CELLS, estimate, error), JRN_OK, "jackknife");
	for (j = 0; j < Q; j++)
	{
		double		mean = 0.0;
		double		square = 0.0;

		for (i = 0; i < CELLS; i++)
			mean += theta[i][j] / CELLS;
		for (i = 0; i < CELLS; i++)
			square += (theta[i][j] - mean) * (theta[i][j] - mean);
		worst = fmax(worst, fabs(error[j] / sqrt(square * (CELLS - 1) / CELLS) - 1.0));
	}
	ok(worst < 1e-10, "jackknife = cells left out of the rows (%g)", worst);
	ok_int(jrn_jackknife(env, cells.sets, 1, estimate, error), JRN_OK, "jackknife of one cell");
	ok(isnan(error[1]) && isfinite(estimate[1]), "one cell has coefficients and no errors");
}

static jrn_status
survive_jackknife(const jrn_env *env, void *arg)
{
	jrn_cell_list cells;
	double		estimate[Q];
	double		error[Q];

	(void) arg;
	JRN_TRY(make_cells(env, &cells));
	return jrn_jackknife(env, cells.sets, CELLS, estimate, error);
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	jrn_cell_list cells;
	jrn_cv_request request;
	jrn_cv_result result;

	(void) arg;
	JRN_TRY(make_cells(env, &cells));
	make_request(&request);
	request.repeats = 1;
	return jrn_cross_validate_cells(env, &cells, K, 9, &request, &result);
}

void
test_cells_cv(void)
{
	jrn_env		env = host_env();

	make_rows();
	test_figures(&env);
	test_dealing(&env);
	test_jackknife(&env);
	ok_survives(survive, NULL, "cells_cv");
	ok_survives(survive_jackknife, NULL, "jackknife");
}
