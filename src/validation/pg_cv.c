/*
 * pg_cv.c
 *		Arguments and run of a cross-validation (see pg_cv.h).
 */
#include "pg_cv.h"

#include <math.h>

#include "utils/array.h"

#include "../models/path.h"
#include "../models/pg_options.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "columns.h"
#include "strata.h"

/* Half decades: the grid when ridge is asked for without lambdas. */
static const double default_lambdas[] = {
	0.001, 0.0031622776601683794, 0.01, 0.031622776601683791, 0.1, 0.31622776601683794,
	1, 3.1622776601683795, 10, 31.622776601683793, 100
};

/* ---- arguments ---- */

void
journey_cv_lambdas(FunctionCallInfo fcinfo, int number, journey_cv_call *call)
{
	static const double zero = 0.0;
	bool		shrunk = jrn_is_shrunk(call->request.penalty);
	double	   *lambdas;
	int			i;

	call->request.lambdas = call->request.penalty == JRN_PENALTY_RIDGE ? default_lambdas :
		shrunk ? NULL : &zero;
	call->request.lambda_count = call->request.penalty == JRN_PENALTY_RIDGE ? lengthof(default_lambdas) :
		shrunk ? JRN_GRID_STRENGTHS : 1;
	if (PG_ARGISNULL(number))
		return;
	lambdas = journey_array_doubles(PG_GETARG_ARRAYTYPE_P(number), "lambdas", &call->request.lambda_count);
	if (call->request.lambda_count == 0 || call->request.lambda_count > JOURNEY_CV_MAX_LAMBDAS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lambdas has %d elements, it must have 1 to %d",
						call->request.lambda_count, JOURNEY_CV_MAX_LAMBDAS)));
	for (i = 0; i < call->request.lambda_count; i++)
		if (lambdas[i] < 0.0 || (!shrunk && lambdas[i] != 0.0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of lambdas is %g%s", i + 1, lambdas[i],
							lambdas[i] < 0.0 ? ", it must not be negative" : ", but there is no penalty"),
					 errhint("Pass penalty => 'ridge' with lambdas of 0 and above.")));
	call->request.lambdas = lambdas;
}

/* Names of a family's metrics. */
static int
metric_words(jrn_family family, const jrn_metric **metrics, const char **words, int *usual)
{
	int			count = jrn_metrics_of(family, metrics, usual);
	int			i;

	for (i = 0; i < count; i++)
		words[i] = jrn_metric_name((*metrics)[i]);
	return count;
}

void
journey_cv_metrics(FunctionCallInfo fcinfo, int number, journey_cv_call *call)
{
	const jrn_metric *metrics;
	const char *words[JRN_METRICS];
	int			usual;
	int			count = metric_words(call->request.family, &metrics, words, &usual);
	char	  **names;
	int			name_count;
	int			i;

	call->request.wanted = call->wanted;
	if (PG_ARGISNULL(number))
	{
		for (i = 0; i < usual; i++)
			call->wanted[metrics[i]] = metrics[i] != JRN_METRIC_MAE ||
				call->request.lambda_count <= JOURNEY_CV_MAE_LAMBDAS;
		return;
	}
	names = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(number), "metrics", &name_count);
	for (i = 0; i < name_count; i++)
		call->wanted[metrics[journey_word_arg(names[i], "metric", words, count)]] = true;
}

jrn_metric
journey_cv_metric(FunctionCallInfo fcinfo, int number, jrn_family family)
{
	const jrn_metric *metrics;
	const char *words[JRN_METRICS];
	int			usual;
	int			count = metric_words(family, &metrics, words, &usual);
	char	   *name = journey_arg_cstring(fcinfo, number);

	return name == NULL ? metrics[0] : metrics[journey_word_arg(name, "metric", words, count)];
}

jrn_penalty
journey_cv_penalty(const char *word)
{
	const char *words[JRN_PENALTIES];
	int			i;

	for (i = 0; i < JRN_PENALTIES; i++)
		words[i] = jrn_penalty_name((jrn_penalty) i);
	return (jrn_penalty) journey_word_arg(word, "penalty", words, JRN_PENALTIES);
}

static void
read_strata(FunctionCallInfo fcinfo, int number, const char *method, journey_cv_call *call)
{
	int			i,
				j;

	if (PG_ARGISNULL(number))
		return;
	call->strata = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(number), "strata", &call->stratum_columns);
	if (call->stratum_columns > 0 && (call->method != JRN_FOLDS_BALANCED || call->design_request.fold != NULL))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 call->design_request.fold != NULL ?
				 errmsg("strata cannot change the folds of column \"%s\"", call->design_request.fold) :
				 errmsg("folds => '%s' takes no strata", method),
				 errhint("Pass folds => 'balanced', or leave strata out.")));
	if (call->stratum_columns > JOURNEY_CV_MAX_STRATA)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("strata has %d columns, it may have at most %d", call->stratum_columns,
						JOURNEY_CV_MAX_STRATA)));
	for (i = 0; i < call->stratum_columns; i++)
		for (j = 0; j < i; j++)
			if (strcmp(call->strata[i], call->strata[j]) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_DUPLICATE_COLUMN),
						 errmsg("stratum \"%s\" is listed twice", call->strata[i])));
}

static void
read_folds(FunctionCallInfo fcinfo, int folds, int strata, journey_cv_call *call)
{
	static const char *const words[] = {"auto", "buckets", "ntile", "hash", "balanced"};
	char	   *method = journey_arg_cstring_required(fcinfo, folds, "folds");

	call->method = (jrn_fold_method) journey_word_arg(method, "folds", words, 5);
	read_strata(fcinfo, strata, method, call);
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

void
journey_cv_check_boosting(jrn_family family)
{
	if (family != JRN_GAUSSIAN && family != JRN_BINOMIAL && family != JRN_POISSON)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("penalty => 'boosting' is for family => 'gaussian', 'binomial' or 'poisson'")));
}

static bool
is_boosting(FunctionCallInfo fcinfo, int number)
{
	return strcmp(journey_arg_cstring_required(fcinfo, number, "penalty"), JOURNEY_CV_BOOSTING) == 0;
}

void
journey_cv_target(journey_cv_call *call)
{
	jrn_family	family = call->request.family;

	call->design_request.binary_target = family == JRN_BINOMIAL;
	call->design_request.count_target = family == JRN_POISSON || family == JRN_NEGATIVE_BINOMIAL;
	call->design_request.ordinal_target = family == JRN_ORDINAL;
}

void
journey_cv_rows(FunctionCallInfo fcinfo, int k, int fold, int folds, journey_cv_call *call)
{
	memset(call, 0, sizeof(*call));
	call->design_request.source = journey_arg_cstring_required(fcinfo, 0, "source");
	call->design_request.target = journey_arg_cstring_required(fcinfo, 1, "target");
	call->design_request.key = journey_arg_cstring(fcinfo, 2);
	call->k = journey_arg_int(fcinfo, k, "k", 2, JOURNEY_MAX_FOLDS);
	call->request.repeats = journey_arg_int(fcinfo, k + 1, "repeats", 1, JOURNEY_MAX_REPEATS);
	call->design_request.fold = journey_arg_cstring(fcinfo, fold);
	read_folds(fcinfo, folds, folds + 1, call);
}

/* The mean of all rows would tell the training part of the rows held out. */
static void
read_missing(FunctionCallInfo fcinfo, int number, journey_cv_call *call)
{
	journey_missing missing = journey_missing_arg(fcinfo, number);

	if (missing == JOURNEY_MISSING_MEAN)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("missing => 'mean' is not for cross-validation"),
				 errdetail("The mean would have to be taken anew in every training part."),
				 errhint("Pass missing => 'drop', or put a constant for NULL beside a column that tells where it was.")));
	call->design_request.drop_missing = missing == JOURNEY_MISSING_DROP;
}

void
journey_cv_common(FunctionCallInfo fcinfo, int alpha, int k, int fold, int folds,
				  journey_cv_call *call)
{
	journey_cv_rows(fcinfo, k, fold, folds, call);
	if (!PG_ARGISNULL(3))
		call->design_request.features = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(3), "features",
															   &call->design_request.feature_count);
	call->request.family = journey_any_family_arg(fcinfo, 4);
	call->request.boosted = is_boosting(fcinfo, 5);
	call->request.penalty = call->request.boosted ? JRN_PENALTY_NONE : journey_penalty_arg(fcinfo, 5);
	if (call->request.boosted)
		journey_cv_check_boosting(call->request.family);
	call->request.alpha = journey_alpha_arg(fcinfo, alpha, call->request.penalty);
	journey_cv_target(call);
	journey_penalty_check(call->request.family, call->request.penalty);
	journey_arg_not_null(fcinfo, folds + 2, "seed");
	call->seed = (uint64) PG_GETARG_INT64(folds + 2);
	read_missing(fcinfo, folds + 3, call);
	call->design_request.formula = journey_arg_cstring(fcinfo, folds + 4);
}

/* ---- the run ---- */

static void
fold_fault(const journey_cv_call *call, const jrn_plan_fault *fault)
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

/* Strata that are no features of their own are read beside them. */
static void
add_strata(journey_cv_call *call)
{
	journey_design_request *request = &call->design_request;
	char	  **features;
	int			i,
				j;

	call->model_features = request->features != NULL ? request->feature_count : -1;
	if (request->features == NULL || call->stratum_columns == 0)
		return;
	features = palloc(((Size) request->feature_count + (Size) call->stratum_columns) * sizeof(char *));
	memcpy(features, request->features, (Size) request->feature_count * sizeof(char *));
	request->features = features;
	for (i = 0; i < call->stratum_columns; i++)
	{
		for (j = 0; j < request->feature_count; j++)
			if (strcmp(features[j], call->strata[i]) == 0)
				break;
		if (j == request->feature_count && strcmp(call->strata[i], request->target) != 0)
			features[request->feature_count++] = call->strata[i];
	}
}

static void
count_strata(journey_cv_call *call)
{
	const journey_encoding *encoding = &call->design->encoding;
	int		   *columns = palloc((Size) (call->stratum_columns + 1) * sizeof(int));
	jrn_status	status;
	int			fault = 0;
	int			i,
				j;

	for (i = 0; i < call->stratum_columns; i++)
	{
		columns[i] = JRN_STRATUM_TARGET;
		if (strcmp(call->strata[i], call->design_request.target) == 0)
			continue;
		for (j = 0; j < encoding->feature_count; j++)
			if (strcmp(encoding->features[j].name, call->strata[i]) == 0)
				break;
		if (j == encoding->feature_count)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("stratum \"%s\" is not a column of the source that can be a feature", call->strata[i])));
		columns[i] = j;
	}
	status = jrn_design_strata(&call->env, &call->design->core, columns, call->stratum_columns,
							   &call->stratum_count, &call->stratum_rows, &fault);
	if (status == JRN_DOMAIN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("stratum \"%s\" has values that are not whole numbers", call->strata[fault]),
				 errhint("Cut it into classes in the source query.")));
	if (status == JRN_LIMIT)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("strata have more than %d values", JRN_MOST_STRATA),
				 errhint("Cut them into classes in the source query.")));
	journey_check(status, "counting strata");
}

bool
journey_cv_read(journey_cv_call *call, bool keep_keys, bool row_numbers)
{
	if (keep_keys || (call->method != JRN_FOLDS_AUTO && call->method != JRN_FOLDS_BUCKETS))
		call->design_request.keep_keys = PG_INT64_MAX;
	else if (call->method == JRN_FOLDS_AUTO)
		call->design_request.keep_keys = call->k > JRN_CELLS / 4 ? PG_INT64_MAX : JRN_BUCKET_KEYS;
	add_strata(call);
	call->design_request.finish = true;
	call->design_request.row_numbers = row_numbers;
	call->design = journey_design_read(&call->design_request, CurrentMemoryContext);
	call->env = journey_host_env(call->design->context);
	journey_tempfile_init(&call->file);
	journey_tempfile_init(&call->chosen_file);
	if (call->design->core.n == 0)
		return false;
	if (call->method != JRN_FOLDS_COLUMN && call->k > call->design->core.clusters)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but the source has only " INT64_FORMAT " %s", call->k,
						call->design->core.clusters,
						call->design_request.key != NULL ? "keys" : "rows"),
				 errhint("Pass a smaller k.")));
	if (call->stratum_columns > 0)
		count_strata(call);
	return true;
}

void
journey_cv_plan(const journey_cv_call *call, const jrn_env *env, jrn_design *design, jrn_plan *plan)
{
	jrn_plan_fault fault;
	jrn_status	status;

	status = jrn_plan_begin(plan, env, design, call->method, call->k, call->seed, &fault);
	if (status == JRN_DOMAIN && fault.cluster >= 0)
		fold_fault(call, &fault);
	journey_check(status, "assigning folds");
	if (plan->k < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fold column \"%s\" holds one fold only", call->design_request.fold)));
	plan->strata = call->stratum_count;
	plan->stratum_rows = call->stratum_rows;
}

/* The design without the columns that are strata only. */
static void
choose_features(journey_cv_call *call)
{
	int		   *numbers;
	int			i;

	call->chosen = call->design->core;
	if (call->model_features < 0 || call->model_features == call->design_request.feature_count)
		return;
	numbers = palloc((Size) (call->model_features + 1) * sizeof(int));
	for (i = 0; i < call->model_features; i++)
		numbers[i] = i;
	journey_check(jrn_design_choose(&call->design->core, &call->env, numbers, call->model_features,
									&call->chosen_file.file, &call->chosen), "choosing columns");
}

bool
journey_cv_settle(journey_cv_call *call, bool keep_keys, bool row_numbers)
{
	if (!journey_cv_read(call, keep_keys, row_numbers))
		return false;
	choose_features(call);
	journey_cv_plan(call, &call->env, &call->chosen, &call->plan);
	return true;
}

bool
journey_cv_run(journey_cv_call *call, bool keep_keys, jrn_cv_emit emit, void *emit_arg)
{
	if (!journey_cv_settle(call, keep_keys, emit != NULL))
		return false;
	journey_progress_watch(call->design->context, "cross-validation");
	journey_check(jrn_cross_validate(&call->env, &call->plan, &call->file.file, &call->request,
									 &call->result, emit, emit_arg), "cross-validation");
	return true;
}

void
journey_cv_end(journey_cv_call *call)
{
	journey_tempfile_close(&call->file);
	journey_tempfile_close(&call->chosen_file);
	journey_design_close(call->design);
}

const char *
journey_cv_status(jrn_fit_status status, bool test_one_class, jrn_metric metric)
{
	if (status == JRN_FIT_OK && test_one_class && jrn_metric_is_rank(metric))
		return "one_class";
	return jrn_fit_status_name(status);
}
