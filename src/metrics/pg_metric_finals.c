/*
 * pg_metric_finals.c
 *		Final functions over kept rows: metrics of ranks, and every metric with
 *		its interval.
 *
 * A final function works on a sorted copy in a scratch context; the state stays
 * usable.  The results have the same bits for every order of rows and every
 * plan (metric_rows.h, metric_auc.h).
 */
#include "pg_metrics.h"

#include <math.h>

#include "utils/float.h"
#include "utils/memutils.h"

#include "../pg/estimate.h"
#include "../pg/host.h"
#include "../pg/progress.h"
#include "metric_concordance.h"
#include "metric_influence.h"
#include "metric_ranks.h"

#define DEFAULT_THRESHOLD 0.5

typedef enum row_metric
{
	ROWS_AUC,
	ROWS_AVERAGE_PRECISION,
	ROWS_LIFT,
	ROWS_CONCORDANCE,
	ROWS_LOSS,					/* a jrn_loss_kind */
	ROWS_CUT					/* a jrn_cut_metric */
} row_metric;

typedef struct row_call
{
	jrn_env		env;
	const journey_metric_rows *rows;
	row_metric	metric;
	int			kind;
	bool		interval;		/* else the estimate alone will do */
} row_call;

/* Exact without weights; by weighted placements with them. */
static jrn_status
auc_figure(const row_call *call, jrn_figure *figure)
{
	const journey_metric_rows *rows = call->rows;
	jrn_auc_result result;
	uint32	   *ids = NULL;
	uint32		clusters = 0;

	if (rows->holds & JOURNEY_ROWS_WEIGHT)
	{
		jrn_metric_rows view = journey_metric_view(rows);
		jrn_ranks	ranks;

		JRN_TRY(jrn_ranks_sort(&call->env, &view, &ranks));
		JRN_TRY(jrn_weighted_auc(&call->env, &ranks, &result.auc, &result.variance));
	}
	else
	{
		if (rows->holds & JOURNEY_ROWS_CLUSTER)
		{
			JRN_TRY(jrn_alloc_array(&call->env, rows->n, sizeof(uint32), &ids));
			JRN_TRY(jrn_cluster_ids(&call->env, rows->prints, rows->n, ids, &clusters));
		}
		JRN_TRY(jrn_auc_delong(&call->env, rows->predicted, rows->observed, ids, clusters,
							   rows->n, &result));
	}
	figure->estimate = result.auc;
	figure->std_error = sqrt(result.variance);
	jrn_auc_interval(result.auc, result.variance, JRN_METRIC_LEVEL, &figure->low, &figure->high);
	return JRN_OK;
}

static double
cut_of(const journey_metric_rows *rows)
{
	return (rows->holds & JOURNEY_ROWS_CONSTANT) ? rows->constant : DEFAULT_THRESHOLD;
}

static jrn_status
compute(const row_call *call, jrn_figure *figure)
{
	jrn_metric_rows view = journey_metric_view(call->rows);
	jrn_ranks	ranks;

	if (call->metric == ROWS_AUC)
		return auc_figure(call, figure);
	if (call->metric == ROWS_CONCORDANCE)
		return jrn_concordance(&call->env, &view, figure);
	JRN_TRY(jrn_ranks_sort(&call->env, &view, &ranks));
	if (call->metric == ROWS_LOSS)
		return jrn_loss_figure(&call->env, &ranks, (jrn_loss_kind) call->kind, figure);
	if (call->metric == ROWS_CUT)
		return jrn_cut_figure(&call->env, &ranks, (jrn_cut_metric) call->kind, cut_of(call->rows), figure);
	if (call->interval && call->metric == ROWS_LIFT)
		return jrn_lift_figure(&call->env, &ranks, call->rows->constant, figure);
	if (call->interval)
		return jrn_average_precision_figure(&call->env, &ranks, figure);
	if (call->metric == ROWS_LIFT)
		return jrn_lift(&call->env, &ranks, call->rows->constant, NULL, &figure->estimate);
	return jrn_average_precision(&call->env, &ranks, NULL, &figure->estimate);
}

static void
check_fraction(const journey_metric_rows *rows)
{
	if (!(rows->constant > 0.0 && rows->constant <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fraction is %s, it must be above 0 and at most 1",
						float8out_internal(rows->constant))));
}

static jrn_figure
figure_of(const journey_metric_rows *rows, row_metric metric, int kind, bool interval)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "journey metric",
												  ALLOCSET_DEFAULT_SIZES);
	jrn_figure	figure = {NAN, NAN, NAN, NAN};
	row_call	call;
	jrn_status	status;

	call.env = journey_host_env(scratch);
	call.rows = rows;
	call.metric = metric;
	call.kind = kind;
	call.interval = interval;
	if (metric == ROWS_LIFT)
		check_fraction(rows);
	if (interval && (metric == ROWS_AVERAGE_PRECISION || metric == ROWS_LIFT))
		journey_progress_watch(scratch, "a bootstrap");
	status = compute(&call, &figure);
	if (status == JRN_NONFINITE)	/* every row was checked: a sum overflowed */
		float_overflow_error();
	journey_check(status, "a metric");
	MemoryContextDelete(scratch);
	return figure;
}

static Datum
finish(FunctionCallInfo fcinfo, row_metric metric)
{
	const journey_metric_rows *rows = journey_metric_state(fcinfo);
	jrn_figure	figure;

	if (rows == NULL)
		PG_RETURN_NULL();
	figure = figure_of(rows, metric, 0, false);
	if (isnan(figure.estimate))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(figure.estimate);
}

static Datum
finish_interval(FunctionCallInfo fcinfo, row_metric metric, int kind,
				const char *method, const char *clustered)
{
	const journey_metric_rows *rows = journey_metric_state(fcinfo);
	jrn_figure	figure;
	journey_estimate estimate;

	if (rows == NULL)
		PG_RETURN_NULL();
	figure = figure_of(rows, metric, kind, true);
	estimate.estimate = figure.estimate;
	estimate.std_error = figure.std_error;
	estimate.conf_low = figure.low;
	estimate.conf_high = figure.high;
	estimate.n = (int64) rows->n;
	estimate.method = (rows->holds & JOURNEY_ROWS_CLUSTER) ? clustered : method;
	PG_RETURN_DATUM(journey_estimate_datum(fcinfo, &estimate));
}

#define ROWS_FINAL(name, metric) \
PG_FUNCTION_INFO_V1(journey_##name); \
Datum journey_##name(PG_FUNCTION_ARGS) \
{ return finish(fcinfo, metric); }

#define ROWS_FINAL_CI(name, metric, kind, method) \
PG_FUNCTION_INFO_V1(journey_##name); \
Datum journey_##name(PG_FUNCTION_ARGS) \
{ return finish_interval(fcinfo, metric, kind, method, method "_clustered"); }

ROWS_FINAL(auc_final, ROWS_AUC)
ROWS_FINAL(average_precision_final, ROWS_AVERAGE_PRECISION)
ROWS_FINAL(lift_final, ROWS_LIFT)
ROWS_FINAL(concordance_final, ROWS_CONCORDANCE)
ROWS_FINAL_CI(auc_ci_final, ROWS_AUC, 0, "delong")
ROWS_FINAL_CI(average_precision_ci_final, ROWS_AVERAGE_PRECISION, 0, "bootstrap")
ROWS_FINAL_CI(lift_ci_final, ROWS_LIFT, 0, "bootstrap")
ROWS_FINAL_CI(concordance_ci_final, ROWS_CONCORDANCE, 0, "jackknife")
ROWS_FINAL_CI(log_loss_ci_final, ROWS_LOSS, JRN_LOSS_LOG, "mean")
ROWS_FINAL_CI(brier_ci_final, ROWS_LOSS, JRN_LOSS_BRIER, "mean")
ROWS_FINAL_CI(mae_ci_final, ROWS_LOSS, JRN_LOSS_ABSOLUTE, "mean")
ROWS_FINAL_CI(poisson_deviance_ci_final, ROWS_LOSS, JRN_LOSS_POISSON, "mean")
ROWS_FINAL_CI(rmse_ci_final, ROWS_LOSS, JRN_LOSS_SQUARE, "delta")
ROWS_FINAL_CI(r_squared_ci_final, ROWS_LOSS, JRN_LOSS_VARIANCE, "delta")
ROWS_FINAL_CI(accuracy_ci_final, ROWS_CUT, JRN_CUT_ACCURACY, "delta")
ROWS_FINAL_CI(precision_ci_final, ROWS_CUT, JRN_CUT_PRECISION, "delta")
ROWS_FINAL_CI(recall_ci_final, ROWS_CUT, JRN_CUT_RECALL, "delta")
ROWS_FINAL_CI(f1_ci_final, ROWS_CUT, JRN_CUT_F1, "delta")
ROWS_FINAL_CI(balanced_accuracy_ci_final, ROWS_CUT, JRN_CUT_BALANCED, "delta")
ROWS_FINAL_CI(mcc_ci_final, ROWS_CUT, JRN_CUT_MCC, "delta")
