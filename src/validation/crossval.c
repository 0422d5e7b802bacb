/*
 * crossval.c
 *		The run of a cross-validation (see crossval.h).
 */
#include <math.h>
#include <string.h>

#include "boosted.h"
#include "crossval.h"
#include "foldfits.h"
#include "heldout.h"

int
jrn_metrics_of(jrn_family family, const jrn_metric **metrics, int *usual)
{
	static const jrn_metric gaussian[] = {JRN_METRIC_RMSE, JRN_METRIC_MAE, JRN_METRIC_R_SQUARED};
	static const jrn_metric binomial[] = {
		JRN_METRIC_LOG_LOSS, JRN_METRIC_BRIER, JRN_METRIC_AUC,
		JRN_METRIC_AVERAGE_PRECISION, JRN_METRIC_ACCURACY
	};
	static const jrn_metric counts[] = {JRN_METRIC_POISSON_DEVIANCE, JRN_METRIC_RMSE, JRN_METRIC_MAE};
	static const jrn_metric ordinal[] = {JRN_METRIC_LOG_LOSS, JRN_METRIC_MAE, JRN_METRIC_RMSE};

	*usual = 3;
	switch (family)
	{
		case JRN_BINOMIAL:
			*metrics = binomial;
			return 5;
		case JRN_POISSON:
		case JRN_NEGATIVE_BINOMIAL:
			*metrics = counts;
			return 3;
		case JRN_ORDINAL:
			*metrics = ordinal;
			return 3;
		default:
			*metrics = gaussian;
			return 3;
	}
}

int
jrn_metric_loss(jrn_family family, jrn_metric metric)
{
	switch (metric)
	{
		case JRN_METRIC_MAE:
		case JRN_METRIC_BRIER:
			return 1;
		case JRN_METRIC_ACCURACY:
			return 2;
		case JRN_METRIC_RMSE:
			return family == JRN_GAUSSIAN ? 0 : 2;
		default:
			return 0;
	}
}

const char *
jrn_metric_name(jrn_metric metric)
{
	static const char *const names[] = {
		"rmse", "mae", "r_squared", "log_loss", "brier", "auc", "average_precision", "accuracy",
		"poisson_deviance"
	};

	return metric < JRN_METRICS ? names[metric] : "?";
}

bool
jrn_metric_grows(jrn_metric metric)
{
	return metric == JRN_METRIC_R_SQUARED || metric == JRN_METRIC_ACCURACY || jrn_metric_is_rank(metric);
}

bool
jrn_metric_is_rank(jrn_metric metric)
{
	return metric == JRN_METRIC_AUC || metric == JRN_METRIC_AVERAGE_PRECISION;
}

bool
jrn_metric_is_better(jrn_metric metric, double a, double b)
{
	return jrn_metric_grows(metric) ? a > b : a < b;
}

/* ---- the run ---- */

/* The most memory that Hessians or moments of all cells may take. */
#define MOST_CELL_BYTES ((size_t) 1 << 30)

/* Sets of one pass over the rows, and what they may take together. */
#define MOST_SETS 256
#define MOST_SET_BYTES ((size_t) 32 << 20)

/* Row predictions above which squared errors come from moments where they can. */
#define MANY_PREDICTIONS 4e7

typedef struct cv_run
{
	const jrn_env *env;
	jrn_plan   *plan;
	const jrn_file *file;
	jrn_cv_request *request;
	jrn_cv_result *result;
	jrn_engine	engine;
	jrn_moments *by_cell;
	jrn_fold_fits fits;
	jrn_boosted boosted;
	jrn_heldout heldout;
	jrn_heldout_set *sets[MOST_SETS];	/* waiting for a pass over the rows */
	int			set_count;
	int			most_sets;
} cv_run;

static bool
wants(const jrn_cv_request *request, jrn_metric metric)
{
	const jrn_metric *metrics;
	int			usual;
	int			count = jrn_metrics_of(request->family, &metrics, &usual);
	int			i;

	for (i = 0; i < count; i++)
		if (metrics[i] == metric)
			return request->wanted == NULL || request->wanted[metric];
	return false;
}

/* R-CV-6: squared errors alone, of whole buckets. */
static bool
moments_serve(const cv_run *run)
{
	const jrn_cv_request *request = run->request;
	double		predictions = (double) run->plan->design->n * request->lambda_count * request->repeats;

	if (request->family != JRN_GAUSSIAN || request->boosted || run->plan->method != JRN_FOLDS_BUCKETS ||
		wants(request, JRN_METRIC_MAE) || run->heldout.has_scores || run->heldout.emit != NULL)
		return false;
	return request->route == JRN_CV_MOMENTS ||
		(request->route == JRN_CV_AUTO && predictions > MANY_PREDICTIONS);
}

static jrn_status
results_alloc(cv_run *run)
{
	const jrn_cv_request *request = run->request;
	size_t		sets = (size_t) request->lambda_count * (size_t) request->repeats;
	size_t		set_bytes = (size_t) run->plan->k *
		(sizeof(jrn_heldout_fold) + sizeof(jrn_fold_fit) + run->engine.m * sizeof(double));

	run->result->k = run->plan->k;
	run->most_sets = set_bytes >= MOST_SET_BYTES ? 1 : (int) (MOST_SET_BYTES / set_bytes);
	if (run->most_sets > MOST_SETS)
		run->most_sets = MOST_SETS;
	/* metrics of ranks keep the rows of a set, and so do trees */
	if (run->heldout.want_auc || run->heldout.want_precision || request->boosted)
		run->most_sets = 1;
	JRN_TRY(jrn_alloc_zeroed(run->env, sets * (size_t) run->plan->k, sizeof(jrn_cv_fold),
							 &run->result->folds));
	return jrn_alloc_zeroed(run->env, sets, JRN_METRICS * sizeof(double), &run->result->pooled);
}

/* Moments by cell of the plan's current blocks. */
static jrn_status
cell_moments(cv_run *run)
{
	size_t		q = run->engine.q;
	jrn_moments *total;
	int			c;

	if ((size_t) run->plan->cells * (q * (q + 1) / 2) * sizeof(double) > MOST_CELL_BYTES)
		return JRN_LIMIT;
	run->engine.tiles = run->plan->tiles;
	JRN_TRY(jrn_moments_alloc(run->env, (size_t) run->plan->cells, q, &run->by_cell));
	JRN_TRY(jrn_engine_moments(&run->engine, run->plan->cells, run->by_cell));
	JRN_TRY(jrn_moments_alloc(run->env, 1, q, &total));
	for (c = 0; c < run->plan->cells; c++)
		jrn_moments_merge(total, &run->by_cell[c]);
	JRN_TRY(jrn_engine_standardise(&run->engine, total));
	if (run->request->lambdas == NULL)
	{
		double	   *grid;
		size_t		count = (size_t) run->request->lambda_count;

		/* one list for all folds, or they could not be compared */
		JRN_TRY(jrn_alloc_array(run->env, count, sizeof(double), &grid));
		jrn_lambda_grid(total, run->request->alpha, (int) count, grid);
		run->request->lambdas = grid;
	}
	return jrn_fold_fits_begin(&run->fits, &run->engine, run->plan, run->by_cell);
}

/* Let the waiting sets see the rows. */
static jrn_status
flush_sets(cv_run *run)
{
	int			count = run->set_count;

	run->set_count = 0;
	return count > 0 ? jrn_heldout_run(&run->heldout, run->sets, count) : JRN_OK;
}

static jrn_status
add_set(cv_run *run, jrn_heldout_set *set)
{
	run->sets[run->set_count++] = set;
	return run->set_count >= run->most_sets ? flush_sets(run) : JRN_OK;
}

/* ---- squared loss: paths from moments ---- */

/* Held-out squared errors of a set from the moments of its cells (R-CV-6). */
static jrn_status
errors_from_moments(cv_run *run, jrn_heldout_set *set, const double *beta, int f, bool *lost)
{
	const jrn_plan *plan = run->plan;
	jrn_heldout_fold *fold = &set->folds[f];
	int			c;

	for (c = 0; c < plan->cells; c++)
	{
		const jrn_moments *test = &run->by_cell[c];
		double		n = (double) test->n;
		double		sse,
					null_sse;
		bool		gone = false;

		if (set->fold_of_cell[c] != f || test->n == 0)
			continue;
		JRN_TICK(run->env);
		sse = jrn_moments_sse(test, beta, run->fits.train, &gone);
		null_sse = jrn_moments_null_sse(test, run->fits.train);
		*lost = *lost || gone;
		fold->sum[0] += sse;
		fold->square[0] += sse * sse;
		fold->with_n[0] += sse * n;
		fold->sum[2] += null_sse;
		fold->square[2] += null_sse * null_sse;
		fold->with_n[2] += null_sse * n;
		fold->first_third += sse * null_sse;
		fold->n_square += n * n;
		fold->n += test->n;
		fold->clusters++;
	}
	return JRN_OK;
}

/* Some lambdas of one repeat: one path a fold. */
static jrn_status
path_chunk(cv_run *run, int repeat, int first, int count, bool *lost)
{
	jrn_heldout_set **sets;
	int			f,
				l;

	JRN_TRY(jrn_alloc_array(run->env, (size_t) count, sizeof(jrn_heldout_set *), &sets));
	for (l = 0; l < count; l++)
		JRN_TRY(jrn_heldout_set_begin(&run->heldout, first + l, repeat, &sets[l]));
	for (f = 0; f < run->plan->k; f++)
	{
		JRN_TRY(jrn_fold_fits_path(&run->fits, f, run->request, first, count));
		for (l = 0; l < count; l++)
		{
			const double *beta = run->fits.path.beta + (size_t) l * run->engine.p;

			jrn_fold_fits_take(&run->fits, run->request, first + l, l, &sets[l]->fit[f]);
			if (run->result->from_moments)
				JRN_TRY(errors_from_moments(run, sets[l], beta, f, lost));
		}
	}
	for (l = 0; l < count; l++)
	{
		if (!run->result->from_moments)
		{
			JRN_TRY(add_set(run, sets[l]));
			continue;
		}
		JRN_TRY(jrn_heldout_metrics(&run->heldout, sets[l]));
		jrn_heldout_set_end(&run->heldout, sets[l]);
	}
	jrn_release(run->env, sets);
	return JRN_OK;
}

static jrn_status
gaussian_repeat(cv_run *run, int repeat, bool *lost)
{
	int			chunk = run->most_sets;
	int			l;

	jrn_fold_fits_moments(&run->fits);
	for (l = 0; l < run->request->lambda_count; l += chunk)
	{
		int			left = run->request->lambda_count - l;

		JRN_TRY(path_chunk(run, repeat, l, left < chunk ? left : chunk, lost));
	}
	return JRN_OK;
}

/* ---- likelihoods: all folds of a lambda together ---- */

static jrn_fit_request
fit_request(const cv_run *run, int lambda)
{
	jrn_fit_request request;

	memset(&request, 0, sizeof(request));
	request.family = run->request->family;
	request.penalty = run->request->penalty;
	request.lambda = run->request->lambdas[lambda];
	request.alpha = run->request->alpha;
	return request;
}

static jrn_status
full_fit(cv_run *run, int lambda)
{
	jrn_fit_request request = fit_request(run, lambda);

	return jrn_fold_fits_chord(&request) ? jrn_fold_fits_full(&run->fits, &request) : JRN_OK;
}

static jrn_status
likelihood_set(cv_run *run, int lambda, int repeat)
{
	jrn_fit_request request = fit_request(run, lambda);
	jrn_heldout_set *set;

	jrn_fold_fits_moments(&run->fits);
	JRN_TRY(jrn_heldout_set_begin(&run->heldout, lambda, repeat, &set));
	JRN_TRY(jrn_fold_fits_run(&run->fits, &request, set->fit));
	return add_set(run, set);
}

/* ---- trees ---- */

static jrn_status
boosted_repeat(cv_run *run, int repeat)
{
	jrn_heldout_set *set;
	int			f;

	/* blocks that all repeats share are binned once */
	if (repeat == 0 || run->plan->method != JRN_FOLDS_BUCKETS)
		JRN_TRY(jrn_boosted_begin(&run->boosted, run->env, run->plan, &run->engine));
	jrn_fold_fits_moments(&run->fits);
	JRN_TRY(jrn_heldout_set_begin(&run->heldout, 0, repeat, &set));
	for (f = 0; f < run->plan->k; f++)
	{
		jrn_fold_fits_train(&run->fits, f);
		set->fit[f].n_train = run->fits.train->n;
		set->fit[f].train_mean_y = run->fits.train->n > 0 ? run->fits.train->mean[run->engine.p] : NAN;
	}
	JRN_TRY(jrn_alloc_array(run->env, (size_t) run->plan->design->n, sizeof(double), &set->link));
	JRN_TRY(jrn_boosted_folds(&run->boosted, set->fit, set->link));
	return add_set(run, set);
}

/* ---- repeats ---- */

/* All repeats on the same blocks: what does not depend on the fold is done once. */
static jrn_status
shared_blocks(cv_run *run, bool *lost)
{
	const jrn_cv_request *request = run->request;
	int			l,
				r;

	JRN_TRY(jrn_plan_repeat(run->plan, 1, run->file));
	if (run->by_cell == NULL)
		JRN_TRY(cell_moments(run));
	for (r = 0; (request->boosted || request->family == JRN_GAUSSIAN) && r < request->repeats; r++)
	{
		JRN_TRY(jrn_plan_repeat(run->plan, r + 1, run->file));
		if (request->boosted)
			JRN_TRY(boosted_repeat(run, r));
		else
			JRN_TRY(gaussian_repeat(run, r, lost));
	}
	for (l = 0; !request->boosted && request->family != JRN_GAUSSIAN && l < request->lambda_count; l++)
	{
		JRN_TRY(full_fit(run, l));
		for (r = 0; r < request->repeats; r++)
		{
			JRN_TRY(jrn_plan_repeat(run->plan, r + 1, run->file));
			JRN_TRY(likelihood_set(run, l, r));
		}
	}
	return flush_sets(run);
}

/* Blocks written anew for every repeat, one cell a fold. */
static jrn_status
routed_blocks(cv_run *run)
{
	const jrn_cv_request *request = run->request;
	bool		lost = false;
	int			l,
				r;

	for (r = 0; r < request->repeats; r++)
	{
		JRN_TRY(jrn_plan_repeat(run->plan, r + 1, run->file));
		JRN_TRY(cell_moments(run));
		if (request->boosted)
			JRN_TRY(boosted_repeat(run, r));
		else if (request->family == JRN_GAUSSIAN)
			JRN_TRY(gaussian_repeat(run, r, &lost));
		for (l = 0; !request->boosted && request->family != JRN_GAUSSIAN && l < request->lambda_count; l++)
		{
			JRN_TRY(full_fit(run, l));
			JRN_TRY(likelihood_set(run, l, r));
		}
		JRN_TRY(flush_sets(run));
	}
	return JRN_OK;
}

jrn_status
jrn_cross_validate(const jrn_env *env, jrn_plan *plan, const jrn_file *file,
				   jrn_cv_request *request, jrn_cv_result *result,
				   jrn_cv_emit emit, void *emit_arg)
{
	cv_run		run;
	bool		lost = false;
	int			m;

	memset(&run, 0, sizeof(run));
	run.env = env;
	run.plan = plan;
	run.file = file;
	run.request = request;
	run.result = result;
	JRN_TRY(jrn_engine_begin(&run.engine, env, plan->design, NULL, request->family));
	run.heldout.engine = &run.engine;
	run.heldout.request = request;
	run.heldout.result = result;
	run.heldout.plan = plan;
	run.heldout.clusters = plan->design->clusters;
	run.heldout.want_auc = wants(request, JRN_METRIC_AUC);
	run.heldout.want_precision = wants(request, JRN_METRIC_AVERAGE_PRECISION);
	for (m = 0; m < JRN_METRICS; m++)
		run.heldout.has_scores = run.heldout.has_scores || request->scores[m] != NULL;
	run.heldout.emit = emit;
	run.heldout.emit_arg = emit_arg;
	result->from_moments = false;
	JRN_TRY(results_alloc(&run));
	if (plan->method != JRN_FOLDS_BUCKETS)
		return routed_blocks(&run);
	result->from_moments = moments_serve(&run);
	JRN_TRY(shared_blocks(&run, &lost));
	if (!lost || !result->from_moments)
		return JRN_OK;
	/* the errors are too small for moments: look at the rows after all */
	result->from_moments = false;
	return shared_blocks(&run, &lost);
}
