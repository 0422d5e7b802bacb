/*
 * crossval.c
 *		The run of a cross-validation and its overall figures (see
 *		crossval.h).
 */
#include <math.h>
#include <string.h>

#include "crossval.h"
#include "foldfits.h"
#include "heldout.h"

int
jrn_metrics_of(jrn_family family, const jrn_metric **metrics)
{
	static const jrn_metric gaussian[] = {JRN_METRIC_RMSE, JRN_METRIC_MAE, JRN_METRIC_R_SQUARED};
	static const jrn_metric binomial[] = {JRN_METRIC_LOG_LOSS, JRN_METRIC_BRIER, JRN_METRIC_AUC};

	*metrics = family == JRN_GAUSSIAN ? gaussian : binomial;
	return 3;
}

const char *
jrn_metric_name(jrn_metric metric)
{
	static const char *const names[] = {"rmse", "mae", "r_squared", "log_loss", "brier", "auc"};

	return metric < JRN_METRICS ? names[metric] : "?";
}

bool
jrn_metric_is_better(jrn_metric metric, double a, double b)
{
	return metric == JRN_METRIC_R_SQUARED || metric == JRN_METRIC_AUC ? a > b : a < b;
}

/* ---- the run ---- */

typedef struct cv_run
{
	const jrn_env *env;
	jrn_plan   *plan;
	const jrn_cv_request *request;
	jrn_cv_result *result;
	jrn_engine	engine;
	jrn_moments *by_cell;
	jrn_fold_fits fits;
	jrn_fold_fit *fit;			/* [k] */
	jrn_cv_emit emit;
	void	   *emit_arg;
} cv_run;

static jrn_status
results_alloc(cv_run *run)
{
	const jrn_cv_request *request = run->request;
	size_t		sets = (size_t) request->lambda_count * (size_t) request->repeats;
	int			f;

	run->result->k = run->plan->k;
	JRN_TRY(jrn_alloc_zeroed(run->env, sets * (size_t) run->plan->k, sizeof(jrn_cv_fold),
							 &run->result->folds));
	JRN_TRY(jrn_alloc_zeroed(run->env, sets, JRN_METRICS * sizeof(double), &run->result->pooled));
	JRN_TRY(jrn_alloc_zeroed(run->env, (size_t) run->plan->k, sizeof(jrn_fold_fit), &run->fit));
	for (f = 0; f < run->plan->k; f++)
		JRN_TRY(jrn_alloc_zeroed(run->env, run->engine.q, sizeof(double), &run->fit[f].theta));
	return JRN_OK;
}

/* The most memory that Hessians or moments of all cells may take. */
#define MOST_CELL_BYTES ((size_t) 1 << 30)

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
	return jrn_fold_fits_begin(&run->fits, &run->engine, run->plan, run->by_cell);
}

static jrn_status
run_one(cv_run *run, int lambda, int repeat)
{
	const jrn_cv_request *request = run->request;
	size_t		set = (size_t) lambda * (size_t) request->repeats + (size_t) repeat;
	jrn_heldout heldout;
	int			f;

	JRN_TRY(jrn_fold_fits_run(&run->fits, request->family, request->penalty,
							  request->lambdas[lambda], run->fit));
	JRN_TRY(jrn_heldout_begin(&heldout, &run->engine, run->plan, request->family == JRN_BINOMIAL));
	JRN_TRY(jrn_heldout_run(&heldout, run->fit, lambda, repeat, run->emit, run->emit_arg));
	JRN_TRY(jrn_heldout_metrics(&heldout, run->fit,
								run->result->folds + set * (size_t) run->plan->k,
								run->result->pooled + set * JRN_METRICS));
	for (f = 0; f < run->plan->k; f++)
	{
		jrn_release(run->env, heldout.folds[f].predicted);
		jrn_release(run->env, heldout.folds[f].observed);
		jrn_release(run->env, heldout.folds[f].cluster_ids);
	}
	jrn_release(run->env, heldout.folds);
	return JRN_OK;
}

jrn_status
jrn_cross_validate(const jrn_env *env, jrn_plan *plan, const jrn_file *file,
				   const jrn_cv_request *request, jrn_cv_result *result,
				   jrn_cv_emit emit, void *emit_arg)
{
	bool		shared = plan->method == JRN_FOLDS_BUCKETS;
	cv_run		run;
	int			l,
				r;

	memset(&run, 0, sizeof(run));
	run.env = env;
	run.plan = plan;
	run.request = request;
	run.result = result;
	run.emit = emit;
	run.emit_arg = emit_arg;
	JRN_TRY(jrn_engine_begin(&run.engine, env, plan->design, NULL, request->family));
	JRN_TRY(results_alloc(&run));
	if (shared)
	{
		JRN_TRY(jrn_plan_repeat(plan, 1, file));
		JRN_TRY(cell_moments(&run));
	}
	/* with shared blocks the full fit of a lambda serves all repeats */
	for (l = 0; shared && l < request->lambda_count; l++)
	{
		if (request->family == JRN_BINOMIAL)
			JRN_TRY(jrn_fold_fits_full(&run.fits, request->penalty, request->lambdas[l]));
		for (r = 0; r < request->repeats; r++)
		{
			JRN_TRY(jrn_plan_repeat(plan, r + 1, file));
			JRN_TRY(run_one(&run, l, r));
		}
	}
	for (r = 0; !shared && r < request->repeats; r++)
	{
		JRN_TRY(jrn_plan_repeat(plan, r + 1, file));
		JRN_TRY(cell_moments(&run));
		for (l = 0; l < request->lambda_count; l++)
		{
			if (request->family == JRN_BINOMIAL)
				JRN_TRY(jrn_fold_fits_full(&run.fits, request->penalty, request->lambdas[l]));
			JRN_TRY(run_one(&run, l, r));
		}
	}
	return JRN_OK;
}

/* ---- overall figures ---- */

/* Sums that the correction needs: rows tested over rows trained on. */
static double
test_over_train(const jrn_cv_request *request, const jrn_cv_result *result, int lambda,
				jrn_cv_overall *overall)
{
	double		train = 0.0;
	double		test = 0.0;
	int			count = request->repeats * result->k;
	int			r,
				f;

	for (r = 0; r < request->repeats; r++)
		for (f = 0; f < result->k; f++)
		{
			const jrn_cv_fold *fold = &result->folds[jrn_cv_index(request, result, lambda, r, f)];

			train += (double) fold->n_train;
			test += (double) fold->n_test;
			if (overall != NULL && overall->status == JRN_FIT_OK)
				overall->status = fold->status;
			if (overall != NULL)
				overall->test_one_class = overall->test_one_class || fold->test_one_class;
		}
	if (overall != NULL)
	{
		overall->n_train = (int64_t) floor(train / count + 0.5);
		overall->n_test = (int64_t) floor(test / count + 0.5);
	}
	return train > 0.0 ? test / train : NAN;
}

/* Mean and sum of squared deviations of the fold values that there are. */
static int
fold_spread(const jrn_cv_request *request, const jrn_cv_result *result,
			int lambda, jrn_metric metric, double *square)
{
	int			folds = request->repeats * result->k;
	const jrn_cv_fold *first = &result->folds[jrn_cv_index(request, result, lambda, 0, 0)];
	double		mean = 0.0;
	int			count = 0;
	int			i;

	for (i = 0; i < folds; i++)
		if (!isnan(first[i].value[metric]))
		{
			mean += first[i].value[metric];
			count++;
		}
	mean /= count;
	*square = 0.0;
	for (i = 0; i < folds; i++)
		if (!isnan(first[i].value[metric]))
			*square += (first[i].value[metric] - mean) * (first[i].value[metric] - mean);
	return count;
}

void
jrn_cv_summarise(const jrn_cv_request *request, const jrn_cv_result *result,
				 int lambda, jrn_metric metric, jrn_cv_overall *overall)
{
	double		ratio;
	double		square;
	int			count;
	int			r;

	memset(overall, 0, sizeof(*overall));
	overall->status = JRN_FIT_OK;
	ratio = test_over_train(request, result, lambda, overall);
	for (r = 0; r < request->repeats; r++)
		overall->estimate += result->pooled[((size_t) lambda * (size_t) request->repeats + (size_t) r) *
											JRN_METRICS + metric] / request->repeats;
	count = fold_spread(request, result, lambda, metric, &square);
	overall->df = count - 1.0;
	overall->std_error = count > 1 ? sqrt((1.0 / count + ratio) * square / (count - 1.0)) : NAN;
}

/* Fold value of a minus fold value of b. */
static double
fold_difference(const jrn_cv_request *request, const jrn_cv_result *result, jrn_metric metric,
				int a, int b, int repeat, int fold)
{
	return result->folds[jrn_cv_index(request, result, a, repeat, fold)].value[metric] -
		result->folds[jrn_cv_index(request, result, b, repeat, fold)].value[metric];
}

/* Corrected |t| of the paired fold differences of two lambdas is below 1. */
static bool
within_one_error(const jrn_cv_request *request, const jrn_cv_result *result, jrn_metric metric,
				 int a, int b)
{
	int			count = request->repeats * result->k;
	double		ratio = test_over_train(request, result, a, NULL);
	double		mean = 0.0;
	double		square = 0.0;
	int			r,
				f;

	if (count < 2)
		return false;
	/* NaN in any fold makes the comparison false */
	for (r = 0; r < request->repeats; r++)
		for (f = 0; f < result->k; f++)
			mean += fold_difference(request, result, metric, a, b, r, f) / count;
	for (r = 0; r < request->repeats; r++)
		for (f = 0; f < result->k; f++)
		{
			double		d = fold_difference(request, result, metric, a, b, r, f) - mean;

			square += d * d;
		}
	return fabs(mean) < sqrt((1.0 / count + ratio) * square / (count - 1.0));
}

void
jrn_cv_choose(const jrn_cv_request *request, const jrn_cv_result *result,
			  jrn_metric metric, int *best, int *one_se)
{
	double		best_value = NAN;
	int			l;

	*best = *one_se = -1;
	for (l = 0; l < request->lambda_count; l++)
	{
		jrn_cv_overall overall;

		jrn_cv_summarise(request, result, l, metric, &overall);
		if (isnan(overall.estimate))
			continue;
		/* of equal figures the stronger penalty, the simpler model, wins */
		if (*best < 0 || jrn_metric_is_better(metric, overall.estimate, best_value) ||
			(overall.estimate == best_value && request->lambdas[l] > request->lambdas[*best]))
		{
			*best = l;
			best_value = overall.estimate;
		}
	}
	*one_se = *best;
	for (l = 0; *best >= 0 && l < request->lambda_count; l++)
		if (request->lambdas[l] > request->lambdas[*one_se] &&
			within_one_error(request, result, metric, l, *best))
			*one_se = l;
}
