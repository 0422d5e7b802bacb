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
#include "../models/pg_design.h"
#include "../models/pg_options.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "crossval.h"

PG_FUNCTION_INFO_V1(journey_cross_validate);
PG_FUNCTION_INFO_V1(journey_out_of_fold);

#define LEVEL 0.95
#define MAX_LAMBDAS 1000

/* Half decades: the grid when ridge is asked for without lambdas. */
static const double default_lambdas[] = {
	0.001, 0.0031622776601683794, 0.01, 0.031622776601683791, 0.1, 0.31622776601683794,
	1, 3.1622776601683795, 10, 31.622776601683793, 100
};

typedef struct cv_call
{
	journey_design_request design_request;
	jrn_cv_request request;
	jrn_fold_method method;
	int			k;
	uint64		seed;
	bool		wanted[JRN_METRICS];

	journey_design *design;
	jrn_env		env;
	jrn_plan	plan;
	journey_tempfile file;
	jrn_cv_result result;
} cv_call;

/* ---- arguments ---- */

static void
read_lambdas(FunctionCallInfo fcinfo, cv_call *call)
{
	static const double zero = 0.0;
	double	   *lambdas;
	int			i;

	call->request.lambdas = jrn_is_shrunk(call->request.penalty) ? default_lambdas : &zero;
	call->request.lambda_count = jrn_is_shrunk(call->request.penalty) ? lengthof(default_lambdas) : 1;
	if (PG_ARGISNULL(6))
		return;
	lambdas = journey_array_doubles(PG_GETARG_ARRAYTYPE_P(6), "lambdas", &call->request.lambda_count);
	if (call->request.lambda_count == 0 || call->request.lambda_count > MAX_LAMBDAS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lambdas has %d elements, it must have 1 to %d",
						call->request.lambda_count, MAX_LAMBDAS)));
	for (i = 0; i < call->request.lambda_count; i++)
		if (lambdas[i] < 0.0 || (!jrn_is_shrunk(call->request.penalty) && lambdas[i] != 0.0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of lambdas is %g%s", i + 1, lambdas[i],
							lambdas[i] < 0.0 ? ", it must not be negative" : ", but there is no penalty"),
					 errhint("Pass penalty => 'ridge' with lambdas of 0 and above.")));
	call->request.lambdas = lambdas;
}

static void
read_metrics(FunctionCallInfo fcinfo, int number, cv_call *call)
{
	const jrn_metric *metrics;
	int			count = jrn_metrics_of(call->request.family, &metrics);
	const char *words[JRN_METRICS];
	char	  **names;
	int			name_count;
	int			i;

	for (i = 0; i < count; i++)
	{
		words[i] = jrn_metric_name(metrics[i]);
		call->wanted[metrics[i]] = PG_ARGISNULL(number);
	}
	if (PG_ARGISNULL(number))
		return;
	names = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(number), "metrics", &name_count);
	for (i = 0; i < name_count; i++)
		call->wanted[metrics[journey_word_arg(names[i], "metric", words, count)]] = true;
}

static void
read_folds(FunctionCallInfo fcinfo, int folds, int strata, cv_call *call)
{
	static const char *const words[] = {"auto", "buckets", "ntile", "hash"};
	char	   *method = journey_arg_cstring_required(fcinfo, folds, "folds");

	call->method = (jrn_fold_method) journey_word_arg(method, "folds", words, 4);
	if (!PG_ARGISNULL(strata))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("folds => '%s' takes no strata", method),
				 errhint("Leave strata out, or name a column with your own folds as fold.")));
	if (call->design_request.fold != NULL)
	{
		call->method = JRN_FOLDS_COLUMN;
		call->request.repeats = 1;	/* there is one map only */
	}
	if (call->method == JRN_FOLDS_BUCKETS && call->k > JRN_CELLS / 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, folds of whole buckets allow at most %d", call->k, JRN_CELLS / 2),
				 errhint("Pass folds => 'ntile'.")));
}

/* Arguments 0 to 5 and those that both functions have at other places. */
static void
read_common(FunctionCallInfo fcinfo, int k, int fold, int folds, cv_call *call)
{
	memset(call, 0, sizeof(*call));
	call->design_request.source = journey_arg_cstring_required(fcinfo, 0, "source");
	call->design_request.target = journey_arg_cstring_required(fcinfo, 1, "target");
	call->design_request.key = journey_arg_cstring(fcinfo, 2);
	if (!PG_ARGISNULL(3))
		call->design_request.features = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(3), "features",
															   &call->design_request.feature_count);
	call->request.family = journey_family_arg(fcinfo, 4);
	call->request.penalty = journey_penalty_arg(fcinfo, 5);
	if (call->request.penalty > JRN_PENALTY_RIDGE)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("penalty => '%s' is not available here", jrn_penalty_name(call->request.penalty))));
	call->design_request.binary_target = call->request.family == JRN_BINOMIAL;
	call->k = journey_arg_int(fcinfo, k, "k", 2, JOURNEY_MAX_FOLDS);
	call->request.repeats = journey_arg_int(fcinfo, k + 1, "repeats", 1, JOURNEY_MAX_REPEATS);
	call->design_request.fold = journey_arg_cstring(fcinfo, fold);
	read_folds(fcinfo, folds, folds + 1, call);
	journey_arg_not_null(fcinfo, folds + 2, "seed");
	call->seed = (uint64) PG_GETARG_INT64(folds + 2);
}

/* ---- the run ---- */

static void
fold_fault(const cv_call *call, const jrn_plan_fault *fault)
{
	const jrn_design *design = &call->design->core;

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("fold column \"%s\" puts key %s into folds %d and %d",
					call->design_request.fold,
					journey_key_text(call->design->key_kind, design->cluster_key[fault->cluster],
									 design->cluster_key_size[fault->cluster]),
					fault->fold_a, fault->fold_b),
			 errdetail("A model would be tested on customers it was trained on."),
			 errhint("Assign folds by key, or pass key => NULL when rows are independent.")));
}

/* False: the source has no rows. */
static bool
run_call(cv_call *call, bool keep_keys, jrn_cv_emit emit, void *emit_arg)
{
	jrn_plan_fault fault;
	jrn_status	status;

	if (keep_keys || call->method == JRN_FOLDS_NTILE || call->method == JRN_FOLDS_HASH ||
		call->method == JRN_FOLDS_COLUMN)
		call->design_request.keep_keys = PG_INT64_MAX;
	else if (call->method == JRN_FOLDS_AUTO)
		call->design_request.keep_keys = call->k > JRN_CELLS / 4 ? PG_INT64_MAX : JRN_BUCKET_KEYS;
	call->design_request.finish = true;
	call->design_request.row_numbers = emit != NULL;
	call->design = journey_design_read(&call->design_request, CurrentMemoryContext);
	call->env = journey_host_env(call->design->context);
	journey_tempfile_init(&call->file);
	if (call->design->core.n == 0)
		return false;
	if (call->method != JRN_FOLDS_COLUMN && call->k > call->design->core.clusters)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but the source has only " INT64_FORMAT " %s", call->k,
						call->design->core.clusters,
						call->design_request.key != NULL ? "keys" : "rows"),
				 errhint("Pass a smaller k.")));
	status = jrn_plan_begin(&call->plan, &call->env, &call->design->core, call->method, call->k,
							call->seed, &fault);
	if (status == JRN_DOMAIN && fault.cluster >= 0)
		fold_fault(call, &fault);
	journey_check(status, "assigning folds");
	if (call->plan.k < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fold column \"%s\" holds one fold only", call->design_request.fold)));
	journey_progress_watch(call->design->context, "cross-validation");
	journey_check(jrn_cross_validate(&call->env, &call->plan, &call->file.file, &call->request,
									 &call->result, emit, emit_arg), "cross-validation");
	return true;
}

static void
end_call(cv_call *call)
{
	journey_tempfile_close(&call->file);
	journey_design_close(call->design);
}

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

static const char *
status_word(jrn_fit_status status, bool test_one_class, jrn_metric metric)
{
	if (status == JRN_FIT_OK && test_one_class && metric == JRN_METRIC_AUC)
		return "one_class";
	return jrn_fit_status_name(status);
}

static void
put_fold(ReturnSetInfo *rsinfo, const cv_call *call, int l, jrn_metric metric, int repeat, int f)
{
	const jrn_cv_fold *fold = &call->result.folds[jrn_cv_index(&call->request, &call->result, l, repeat, f)];
	Datum		values[CV_COLUMNS] = {0};
	bool		nulls[CV_COLUMNS] = {0};
	double		value = fold->value[metric];
	double		error = fold->std_error[metric];
	double		low = value - jrn_normal_critical(LEVEL) * error;
	double		high = value + jrn_normal_critical(LEVEL) * error;

	if (metric == JRN_METRIC_AUC)
		jrn_auc_interval(value, error * error, LEVEL, &low, &high);
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
	values[CV_METHOD] = CStringGetTextDatum(metric == JRN_METRIC_AUC ?
											(call->design_request.key != NULL ? "delong_clustered" : "delong") :
											(call->design_request.key != NULL ? "clustered" : "rows"));
	nulls[CV_IS_BEST] = nulls[CV_IS_1SE] = true;
	values[CV_STATUS] = CStringGetTextDatum(status_word(fold->status, fold->test_one_class, metric));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

static void
put_overall(ReturnSetInfo *rsinfo, const cv_call *call, int l, jrn_metric metric, int best, int one_se)
{
	jrn_cv_overall overall;
	Datum		values[CV_COLUMNS] = {0};
	bool		nulls[CV_COLUMNS] = {0};
	double		margin;

	jrn_cv_summarise(&call->request, &call->result, l, metric, &overall);
	margin = jrn_t_quantile(0.5 + LEVEL / 2, overall.df) * overall.std_error;
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
	values[CV_STATUS] = CStringGetTextDatum(status_word(overall.status, overall.test_one_class, metric));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* An empty source: one row a metric, without a figure. */
static void
put_empty(ReturnSetInfo *rsinfo, jrn_metric metric)
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

static void
put_metric(ReturnSetInfo *rsinfo, const cv_call *call, jrn_metric metric)
{
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
			for (f = 0; f < call->result.k; f++)
				put_fold(rsinfo, call, l, metric, r, f);
	}
}

/*
 * cross_validate(source, target, key, features, family, penalty, lambdas,
 *	   alpha, k, repeats, fold, metrics, folds, strata, seed)
 */
Datum
journey_cross_validate(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	cv_call		call;
	bool		any;
	int			m;

	journey_init_materialized(fcinfo);
	read_common(fcinfo, 8, 10, 12, &call);
	read_lambdas(fcinfo, &call);
	read_metrics(fcinfo, 11, &call);
	any = run_call(&call, false, NULL, NULL);
	for (m = 0; m < JRN_METRICS; m++)
		if (call.wanted[m] && any)
			put_metric(rsinfo, &call, (jrn_metric) m);
		else if (call.wanted[m])
			put_empty(rsinfo, (jrn_metric) m);
	end_call(&call);
	return (Datum) 0;
}

/* ---- out_of_fold ---- */

typedef struct emitter
{
	ReturnSetInfo *rsinfo;
	cv_call    *call;
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
	cv_call		call;
	emitter		e;

	journey_init_materialized(fcinfo);
	read_common(fcinfo, 8, 10, 11, &call);
	lambda = journey_lambda_arg(fcinfo, 6, call.request.penalty);
	call.request.lambdas = &lambda;
	call.request.lambda_count = 1;
	memset(&e, 0, sizeof(e));
	e.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	e.call = &call;
	e.last_cluster = -1;
	e.row_context = AllocSetContextCreate(CurrentMemoryContext, "journey key", ALLOCSET_SMALL_SIZES);
	(void) run_call(&call, true, emit_row, &e);
	end_call(&call);
	return (Datum) 0;
}
