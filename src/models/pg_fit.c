/*
 * pg_fit.c
 *		SQL binding of fit(): one model from a source query.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../pg/args.h"
#include "../pg/progress.h"
#include "fit.h"
#include "pg_design.h"
#include "pg_encoding.h"
#include "pg_levels.h"
#include "pg_options.h"

PG_FUNCTION_INFO_V1(journey_fit);

/*
 * fit(source, target, key, features, family, penalty, lambda, alpha, weight,
 *	   offset_column, errors, missing, formula)
 */
Datum
journey_fit(PG_FUNCTION_ARGS)
{
	journey_design_request request;
	jrn_fit_request fit_request;
	journey_design *design;
	MemoryContext result = CurrentMemoryContext;
	journey_missing missing;
	jrn_env		env;
	jrn_model	model;
	jrn_status	status;
	Datum		datum;

	memset(&request, 0, sizeof(request));
	memset(&fit_request, 0, sizeof(fit_request));
	request.source = journey_arg_cstring_required(fcinfo, 0, "source");
	request.target = journey_arg_cstring_required(fcinfo, 1, "target");
	request.key = journey_arg_cstring(fcinfo, 2);
	if (!PG_ARGISNULL(3))
		request.features = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(3), "features",
												  &request.feature_count);
	fit_request.family = journey_any_family_arg(fcinfo, 4);
	fit_request.penalty = journey_penalty_arg(fcinfo, 5);
	journey_penalty_check(fit_request.family, fit_request.penalty);
	fit_request.lambda = journey_lambda_arg(fcinfo, 6, fit_request.penalty);
	fit_request.alpha = journey_alpha_arg(fcinfo, 7, fit_request.penalty);
	request.weight = journey_arg_cstring(fcinfo, 8);
	request.offset = journey_arg_cstring(fcinfo, 9);
	fit_request.errors = journey_errors_arg(fcinfo, 10, request.key != NULL);
	missing = journey_missing_arg(fcinfo, 11);
	request.drop_missing = missing == JOURNEY_MISSING_DROP;
	request.fill_missing = missing == JOURNEY_MISSING_MEAN;
	request.formula = journey_arg_cstring(fcinfo, 12);
	if (fit_request.family == JRN_ORDINAL &&
		(fit_request.errors == JRN_ERRORS_HC2 || fit_request.errors == JRN_ERRORS_HC3))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("errors => '%s' needs leverages, which family => 'ordinal' does not have",
						jrn_errors_name(fit_request.errors)),
				 errhint("Pass errors => 'model', 'hc0', 'hc1' or 'cluster'.")));
	request.binary_target = fit_request.family == JRN_BINOMIAL;
	request.count_target = fit_request.family == JRN_POISSON ||
		fit_request.family == JRN_NEGATIVE_BINOMIAL;
	request.ordinal_target = fit_request.family == JRN_ORDINAL;

	design = journey_design_read(&request, CurrentMemoryContext);
	env = journey_host_env(design->context);
	journey_progress_watch(design->context, "fitting a model");
	status = jrn_fit_design(&env, &design->core, &fit_request, &model);
	if (status == JRN_LIMIT && fit_request.family == JRN_ORDINAL)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("target \"%s\" has more than %d different values",
						request.target, JOURNEY_MAX_TARGET_LEVELS),
				 errhint("Family 'ordinal' is for a few ordered levels.")));
	journey_check(status, "fitting a model");
	MemoryContextSwitchTo(result);
	if (fit_request.family == JRN_ORDINAL)
		journey_give_levels(&model, design->target_enum, &design->encoding);
	datum = journey_model_datum(&model, &design->encoding);
	journey_design_close(design);
	PG_RETURN_DATUM(datum);
}
