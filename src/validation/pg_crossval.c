/*
 * pg_crossval.c
 *		SQL bindings of cross_validate() and out_of_fold().
 *
 * Both read the source once into a design, settle a plan of folds, and run
 * the core; they differ in what they hand out.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../core/dist.h"
#include "../metrics/metric_auc.h"
#include "../models/pg_options.h"
#include "../pg/args.h"
#include "pg_cv.h"

PG_FUNCTION_INFO_V1(journey_cross_validate);
PG_FUNCTION_INFO_V1(journey_out_of_fold);

/* ---- cross_validate ---- */

enum
{
	CV_LAMBDA, CV_METRIC, CV_REPEAT, CV_FOLD, CV_N_TRAIN, CV_N_TEST, CV_VALUE, CV_STD_ERROR,
	CV_CONF_LOW, CV_CONF_HIGH, CV_METHOD, CV_IS_BEST, CV_IS_1SE, CV_STATUS, CV_COLUMNS
};

static void
set_number(Datum *values, bool *nulls, int column, double number)
{
	nulls[column] = !isfinite(number);
	values[column] = Float8GetDatum(number);
}

/* How a fold's standard error was made. */
static const char *
fold_method(const journey_cv_call *call, jrn_metric metric)
{
	bool		keyed = call->design_request.key != NULL;

	if (call->fold_method != NULL)
		return call->fold_method;
	if (metric == JRN_METRIC_AUC)
		return keyed ? "delong_clustered" : "delong";
	if (call->result.from_moments)
		return "buckets";
	return keyed ? "clustered" : "rows";
}

/* The critical value of the degrees of freedom last asked for: folds share them. */
typedef struct critical_value
{
	double		df;				/* 0: normal */
	double		value;
} critical_value;

static double
critical_of(critical_value *last, double df)
{
	if (last->df != df)
	{
		last->value = df > 0.0 ? jrn_t_critical(JOURNEY_CV_LEVEL, df) : jrn_normal_critical(JOURNEY_CV_LEVEL);
		last->df = df;
	}
	return last->value;
}

static void
put_fold(ReturnSetInfo *rsinfo, const journey_cv_call *call, int l, jrn_metric metric, int repeat, int f,
		 critical_value *last)
{
	const jrn_cv_fold *fold = &call->result.folds[jrn_cv_index(&call->request, &call->result, l, repeat, f)];
	Datum		values[CV_COLUMNS] = {0};
	bool		nulls[CV_COLUMNS] = {0};
	double		value = fold->value[metric];
	double		error = fold->std_error[metric];
	double		critical = critical_of(last, fold->df);
	double		low = value - critical * error;
	double		high = value + critical * error;

	if (metric == JRN_METRIC_AUC)
		jrn_auc_interval(value, error * error, JOURNEY_CV_LEVEL, &low, &high);
	values[CV_LAMBDA] = Float8GetDatum(call->request.lambdas[l]);
	values[CV_METRIC] = CStringGetTextDatum(jrn_metric_name(metric));
	values[CV_REPEAT] = Int32GetDatum(repeat + 1);
	values[CV_FOLD] = Int32GetDatum(f + 1);
	values[CV_N_TRAIN] = Int64GetDatum(fold->n_train);
	values[CV_N_TEST] = Int64GetDatum(fold->n_test);
	set_number(values, nulls, CV_VALUE, value);
	set_number(values, nulls, CV_STD_ERROR, error);
	set_number(values, nulls, CV_CONF_LOW, low);
	set_number(values, nulls, CV_CONF_HIGH, high);
	values[CV_METHOD] = CStringGetTextDatum(fold_method(call, metric));
	nulls[CV_METHOD] = metric == JRN_METRIC_AVERAGE_PRECISION;
	nulls[CV_IS_BEST] = nulls[CV_IS_1SE] = true;
	values[CV_STATUS] = CStringGetTextDatum(journey_cv_status(fold->status, fold->test_one_class, metric));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

static void
put_overall(ReturnSetInfo *rsinfo, const journey_cv_call *call, int l, jrn_metric metric, int best, int one_se)
{
	jrn_cv_overall overall;
	Datum		values[CV_COLUMNS] = {0};
	bool		nulls[CV_COLUMNS] = {0};
	double		margin;

	jrn_cv_summarise(&call->request, &call->result, l, metric, &overall);
	margin = jrn_t_quantile(0.5 + JOURNEY_CV_LEVEL / 2, overall.df) * overall.std_error;
	values[CV_LAMBDA] = Float8GetDatum(call->request.lambdas[l]);
	values[CV_METRIC] = CStringGetTextDatum(jrn_metric_name(metric));
	nulls[CV_REPEAT] = nulls[CV_FOLD] = true;
	values[CV_N_TRAIN] = Int64GetDatum(overall.n_train);
	values[CV_N_TEST] = Int64GetDatum(overall.n_test);
	set_number(values, nulls, CV_VALUE, overall.estimate);
	set_number(values, nulls, CV_STD_ERROR, overall.estimate - overall.estimate + overall.std_error);
	set_number(values, nulls, CV_CONF_LOW, overall.estimate - margin);
	set_number(values, nulls, CV_CONF_HIGH, overall.estimate + margin);
	values[CV_METHOD] = CStringGetTextDatum("corrected_resampled_t");
	values[CV_IS_BEST] = BoolGetDatum(l == best);
	values[CV_IS_1SE] = BoolGetDatum(l == one_se);
	values[CV_STATUS] = CStringGetTextDatum(journey_cv_status(overall.status, overall.test_one_class, metric));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* An empty source: one row a metric, without a figure. */
void
journey_cv_put_empty(ReturnSetInfo *rsinfo, jrn_metric metric)
{
	Datum		values[CV_COLUMNS] = {0};
	bool		nulls[CV_COLUMNS];

	memset(nulls, true, sizeof(nulls));
	nulls[CV_METRIC] = nulls[CV_STATUS] = nulls[CV_N_TRAIN] = nulls[CV_N_TEST] = false;
	values[CV_METRIC] = CStringGetTextDatum(jrn_metric_name(metric));
	values[CV_N_TRAIN] = values[CV_N_TEST] = Int64GetDatum(0);
	values[CV_STATUS] = CStringGetTextDatum("too_few");
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

void
journey_cv_put_metric(ReturnSetInfo *rsinfo, const journey_cv_call *call, jrn_metric metric)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext, "journey fold rows",
													  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(row_context);
	critical_value last = {-1.0, 0.0};
	int			best,
				one_se;
	int			l,
				r,
				f;

	jrn_cv_choose(&call->request, &call->result, metric, &best, &one_se);
	for (l = 0; l < call->request.lambda_count; l++)
	{
		put_overall(rsinfo, call, l, metric, best, one_se);
		for (r = 0; r < call->request.repeats; r++)
		{
			CHECK_FOR_INTERRUPTS();
			for (f = 0; f < call->result.k; f++)
				put_fold(rsinfo, call, l, metric, r, f, &last);
			MemoryContextReset(row_context);
		}
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}

/*
 * cross_validate(source, target, key, features, family, penalty, lambdas,
 *	   alpha, k, repeats, fold, metrics, folds, strata, seed, missing, formula)
 */
Datum
journey_cross_validate(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	journey_cv_call		call;
	bool		any;
	int			m;

	journey_init_materialized(fcinfo);
	journey_cv_common(fcinfo, 7, 8, 10, 12, &call);
	journey_cv_lambdas(fcinfo, 6, &call);
	journey_cv_metrics(fcinfo, 11, &call);
	any = journey_cv_run(&call, false, NULL, NULL);
	for (m = 0; m < JRN_METRICS; m++)
		if (call.wanted[m] && any)
			journey_cv_put_metric(rsinfo, &call, (jrn_metric) m);
		else if (call.wanted[m])
			journey_cv_put_empty(rsinfo, (jrn_metric) m);
	journey_cv_end(&call);
	return (Datum) 0;
}

/* ---- out_of_fold ---- */

typedef struct emitter
{
	ReturnSetInfo *rsinfo;
	journey_cv_call    *call;
	MemoryContext row_context;
	int64		last_cluster;
	text	   *key;			/* of last_cluster */
} emitter;

static jrn_status
emit_row(void *arg, int lambda, int repeat, int fold, int64_t row_number, int64_t cluster,
		 double observed, double predicted)
{
	emitter    *e = arg;
	const jrn_design *design = &e->call->design->core;
	Datum		values[6] = {0};
	bool		nulls[6] = {0};

	nulls[0] = !design->has_key;
	if (design->has_key && cluster != e->last_cluster)
	{
		MemoryContext old;

		MemoryContextReset(e->row_context);
		old = MemoryContextSwitchTo(e->row_context);
		e->key = cstring_to_text(journey_key_text(e->call->design->key_kind, design->cluster_key[cluster],
												  design->cluster_key_size[cluster]));
		e->last_cluster = cluster;
		MemoryContextSwitchTo(old);
	}
	values[0] = PointerGetDatum(e->key);
	values[1] = Int64GetDatum(row_number);
	values[2] = Int32GetDatum(repeat + 1);
	values[3] = Int32GetDatum(fold + 1);
	values[4] = Float8GetDatum(observed);
	set_number(values, nulls, 5, predicted);
	tuplestore_putvalues(e->rsinfo->setResult, e->rsinfo->setDesc, values, nulls);
	return JRN_OK;
}

/*
 * out_of_fold(source, target, key, features, family, penalty, lambda, alpha,
 *	   k, repeats, fold, folds, strata, seed)
 */
Datum
journey_out_of_fold(PG_FUNCTION_ARGS)
{
	double		lambda;
	journey_cv_call		call;
	emitter		e;

	journey_init_materialized(fcinfo);
	journey_cv_common(fcinfo, 7, 8, 10, 11, &call);
	lambda = journey_lambda_arg(fcinfo, 6, call.request.penalty);
	call.request.lambdas = &lambda;
	call.request.lambda_count = 1;
	memset(&e, 0, sizeof(e));
	e.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	e.call = &call;
	e.last_cluster = -1;
	e.row_context = AllocSetContextCreate(CurrentMemoryContext, "journey key", ALLOCSET_SMALL_SIZES);
	(void) journey_cv_run(&call, true, emit_row, &e);
	journey_cv_end(&call);
	return (Datum) 0;
}
