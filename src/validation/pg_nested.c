/*
 * pg_nested.c
 *		SQL binding of nested_cv(): what the best of many penalties is worth.
 *
 * R-PGN-1	Squared loss: nested folds from moments (nested.h), for 3 to
 *			JRN_NESTED_FOLDS folds.
 * R-PGN-2	Everything else: the out-of-fold losses of cross_validate() with the
 *			same arguments, corrected by bootstrap over keys (bbc.h); the naive
 *			figure is cross_validate()'s own.
 */
#include "../pg/compat.h"

#include <math.h>

#include "../core/dist.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "../pg/rows.h"
#include "bbc.h"
#include "nested.h"
#include "pg_cv.h"

PG_FUNCTION_INFO_V1(journey_nested_cv);

/* Groups of keys that the bootstrap draws; ranges of hashes when keys are more. */
#define MOST_GROUPS 4096

/* Bytes that losses by lambda and group may take. */
#define MOST_SCORE_BYTES ((size_t) 512 << 20)

typedef struct nested_figure
{
	int			best;			/* -1: none */
	double		naive;
	double		corrected;
	double		std_error;
	double		df;
	const char *method;
	const char *status;
} nested_figure;

static void
put_figure(journey_rows *rows, const journey_cv_call *call, jrn_metric metric, const nested_figure *figure)
{
	double		margin = jrn_t_critical(JOURNEY_CV_LEVEL, figure->df) * figure->std_error;

	journey_rows_cstring(rows, 0, jrn_metric_name(metric));
	if (figure->best >= 0)
		journey_rows_number(rows, 1, call->request.lambdas[figure->best]);
	journey_rows_number(rows, 2, figure->naive);
	journey_rows_number(rows, 3, figure->corrected);
	journey_rows_number(rows, 4, jrn_metric_grows(metric) ? figure->naive - figure->corrected :
						figure->corrected - figure->naive);
	journey_rows_number(rows, 5, figure->std_error);
	journey_rows_number(rows, 6, figure->corrected - margin);
	journey_rows_number(rows, 7, figure->corrected + margin);
	journey_rows_cstring(rows, 8, figure->method);
	journey_rows_bigint(rows, 9, call->design->core.clusters);
	journey_rows_cstring(rows, 10, figure->status);
	journey_rows_put(rows);
}

static void
no_figure(const char *method, const char *status, nested_figure *figure)
{
	figure->best = -1;
	figure->naive = figure->corrected = figure->std_error = figure->df = NAN;
	figure->method = method;
	figure->status = status;
}

/* ---- nested folds ---- */

static void
take_nested(const jrn_nested_result *result, const jrn_nested_figure *from, nested_figure *figure)
{
	if (!jrn_fit_is_usable(result->status))
	{
		no_figure("nested", jrn_fit_status_name(result->status), figure);
		return;
	}
	figure->best = result->best;
	figure->naive = from->naive;
	figure->corrected = from->corrected;
	figure->std_error = from->std_error;
	figure->df = from->df;
	figure->method = "nested";
	figure->status = "ok";
}

/* ---- bootstrap ---- */

/* Rows of every group. */
static double *
group_rows(const journey_cv_call *call)
{
	const jrn_design *design = &call->chosen;
	double	   *rows = MemoryContextAllocHuge(CurrentMemoryContext, (Size) call->request.score_groups * sizeof(double));
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		r;

	memset(rows, 0, (Size) call->request.score_groups * sizeof(double));
	jrn_tiles_open(design, (jrn_store *) &design->tiles, &cursor);
	for (;;)
	{
		journey_check(jrn_tiles_next(&cursor, &tile), "nested cross-validation");
		if (tile.rows == 0)
			break;
		for (r = 0; r < tile.rows; r++)
			rows[jrn_cv_group(&call->request, tile.cluster[r], design->clusters)] += 1.0;
	}
	jrn_tiles_close(&cursor);
	return rows;
}

/* Room for the losses of the wanted metrics. */
static void
want_scores(journey_cv_call *call)
{
	jrn_cv_request *request = &call->request;
	int64		most = Min(call->chosen.clusters, MOST_GROUPS);
	int			m;

	while (most > 2 && (size_t) most * (size_t) request->lambda_count * sizeof(double) > MOST_SCORE_BYTES)
		most /= 2;
	request->score_groups = most;
	for (m = 0; m < JRN_METRICS; m++)
		if (call->wanted[m])
			journey_check(jrn_alloc_zeroed(&call->env, (size_t) request->lambda_count,
										   (size_t) most * sizeof(double), &request->scores[m]),
						  "nested cross-validation");
}

static double
overall_of(const journey_cv_call *call, int lambda, jrn_metric metric)
{
	jrn_cv_overall overall;

	jrn_cv_summarise(&call->request, &call->result, lambda, metric, &overall);
	return overall.estimate;
}

/* The corrected figure of a metric whose losses are means, or of auc. */
static double
bootstrap(const journey_cv_call *call, jrn_metric metric, double naive, const double *rows)
{
	const jrn_cv_request *request = &call->request;
	double	   *base = palloc0((Size) request->lambda_count * sizeof(double));
	double	   *sizes = palloc((Size) request->score_groups * sizeof(double));
	jrn_bbc_request bbc;
	double		best_value,
				corrected;
	int			best;
	int64		g;
	int			l;

	for (l = 0; jrn_metric_is_rank(metric) && l < request->lambda_count; l++)
		base[l] = overall_of(call, l, metric);
	for (g = 0; g < request->score_groups; g++)
		sizes[g] = jrn_metric_is_rank(metric) ? 1.0 / (double) request->score_groups : rows[g];
	bbc.configurations = request->lambda_count;
	bbc.groups = request->score_groups;
	bbc.sums = request->scores[metric];
	bbc.sizes = sizes;
	bbc.base = base;
	/* r_squared is chosen by its squared errors */
	bbc.grows = jrn_metric_grows(metric) && metric != JRN_METRIC_R_SQUARED;
	bbc.seed = call->seed;
	journey_check(jrn_bbc(&call->env, &bbc, &best, &best_value, &corrected), "nested cross-validation");
	/* roots are taken of the corrected mean */
	if (metric == JRN_METRIC_RMSE)
		return sqrt(Max(naive * naive + (corrected - best_value), 0.0));
	if (metric == JRN_METRIC_R_SQUARED)
		return best_value > 0.0 ? 1.0 - (1.0 - naive) * (corrected / best_value) : naive;
	return naive + (corrected - best_value);
}

static void
take_bootstrap(const journey_cv_call *call, jrn_metric metric, const double *rows, nested_figure *figure)
{
	jrn_cv_overall overall;
	int			best,
				one_se;
	int			l;

	jrn_cv_choose(&call->request, &call->result, metric, &best, &one_se);
	for (l = 0; l < call->request.lambda_count; l++)
	{
		jrn_cv_summarise(&call->request, &call->result, l, metric, &overall);
		/* a penalty without a figure could have been the best one */
		if (!jrn_fit_is_usable(overall.status))
		{
			no_figure("bootstrap", jrn_fit_status_name(overall.status), figure);
			return;
		}
	}
	if (best < 0)
	{
		no_figure("bootstrap", journey_cv_status(overall.status, overall.test_one_class, metric), figure);
		return;
	}
	jrn_cv_summarise(&call->request, &call->result, best, metric, &overall);
	figure->best = best;
	figure->naive = overall.estimate;
	figure->corrected = call->request.lambda_count == 1 ? overall.estimate :
		bootstrap(call, metric, overall.estimate, rows);
	figure->std_error = overall.std_error;
	figure->df = overall.df;
	figure->method = "bootstrap";
	figure->status = journey_cv_status(overall.status, overall.test_one_class, metric);
}

/* ---- the call ---- */

static bool
moments_are_enough(const journey_cv_call *call)
{
	return call->request.family == JRN_GAUSSIAN && !call->request.boosted && call->plan.k >= 3 && call->plan.k <= JRN_NESTED_FOLDS;
}

static void
put_all(journey_rows *rows, journey_cv_call *call)
{
	bool		nested = moments_are_enough(call);
	bool		others = !nested;
	jrn_nested_result result;
	nested_figure figure;
	double	   *group = NULL;
	int			m;

	memset(&result, 0, sizeof(result));
	if (nested)
	{
		journey_check(jrn_nested_gaussian(&call->env, &call->plan, &call->file.file, &call->request, &result),
					  "nested cross-validation");
		others = result.lost || call->wanted[JRN_METRIC_MAE];
	}
	if (others)
	{
		want_scores(call);
		journey_check(jrn_cross_validate(&call->env, &call->plan, &call->file.file, &call->request,
										 &call->result, NULL, NULL), "nested cross-validation");
		group = group_rows(call);
	}
	for (m = 0; m < JRN_METRICS; m++)
	{
		if (!call->wanted[m])
			continue;
		if (nested && !result.lost && m == JRN_METRIC_RMSE)
			take_nested(&result, &result.rmse, &figure);
		else if (nested && !result.lost && m == JRN_METRIC_R_SQUARED)
			take_nested(&result, &result.r_squared, &figure);
		else
			take_bootstrap(call, (jrn_metric) m, group, &figure);
		put_figure(rows, call, (jrn_metric) m, &figure);
	}
}

/*
 * nested_cv(source, target, key, features, family, penalty, lambdas, alpha, k,
 *	   repeats, fold, metrics, folds, strata, seed)
 */
Datum
journey_nested_cv(PG_FUNCTION_ARGS)
{
	journey_rows rows;
	journey_cv_call call;
	nested_figure figure;
	int			m;

	journey_rows_begin(&rows, fcinfo, 11, "nested_cv");
	journey_cv_common(fcinfo, 7, 8, 10, 12, &call);
	journey_cv_lambdas(fcinfo, 6, &call);
	journey_cv_metrics(fcinfo, 11, &call);
	if (call.wanted[JRN_METRIC_AVERAGE_PRECISION])
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("nested_cv has no correction for metric \"average_precision\""),
				 errhint("Choose the penalty by another metric, such as auc.")));
	if (journey_cv_settle(&call, false, false))
	{
		journey_progress_watch(call.design->context, "nested cross-validation");
		put_all(&rows, &call);
	}
	else
		for (m = 0; m < JRN_METRICS; m++)
			if (call.wanted[m])
			{
				no_figure("none", "too_few", &figure);
				put_figure(&rows, &call, (jrn_metric) m, &figure);
			}
	journey_cv_end(&call);
	return (Datum) 0;
}
