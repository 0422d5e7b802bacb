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
	Datum		datum;

	memset(&request, 0, sizeof(request));
	memset(&fit_request, 0, sizeof(fit_request));
	request.source = journey_arg_cstring_required(fcinfo, 0, "source");
	request.target = journey_arg_cstring_required(fcinfo, 1, "target");
	request.key = journey_arg_cstring(fcinfo, 2);
	if (!PG_ARGISNULL(3))
		request.features = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(3), "features",
												  &request.feature_count);
	fit_request.family = journey_family_arg(fcinfo, 4);
	fit_request.penalty = journey_penalty_arg(fcinfo, 5);
	fit_request.lambda = journey_lambda_arg(fcinfo, 6, fit_request.penalty);
	request.weight = journey_arg_cstring(fcinfo, 8);
	request.offset = journey_arg_cstring(fcinfo, 9);
	fit_request.errors = journey_errors_arg(fcinfo, 10, request.key != NULL);
	missing = journey_missing_arg(fcinfo, 11);
	request.drop_missing = missing == JOURNEY_MISSING_DROP;
	request.fill_missing = missing == JOURNEY_MISSING_MEAN;
	request.formula = journey_arg_cstring(fcinfo, 12);
	request.binary_target = fit_request.family == JRN_BINOMIAL;

	design = journey_design_read(&request, CurrentMemoryContext);
	env = journey_host_env(design->context);
	journey_progress_watch(design->context, "fitting a model");
	journey_check(jrn_fit_design(&env, &design->core, &fit_request, &model), "fitting a model");
	MemoryContextSwitchTo(result);
	datum = journey_model_datum(&model, &design->encoding);
	journey_design_close(design);
	PG_RETURN_DATUM(datum);
}
