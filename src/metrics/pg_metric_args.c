/*
 * pg_metric_args.c
 *		Arguments of metrics, checked at the door (see pg_metrics.h).
 */
#include "pg_metrics.h"

#include <math.h>

#include "utils/float.h"

double
journey_metric_finite(double value, const char *name)
{
	if (!isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s is %s, it must be a finite number", name, float8out_internal(value))));
	return value;
}

double
journey_metric_predicted(FunctionCallInfo fcinfo, int number, const char *name)
{
	return journey_metric_finite(PG_GETARG_FLOAT8(number), name);
}

double
journey_metric_observed(FunctionCallInfo fcinfo, int number, journey_observed kind, const char *name)
{
	double		value;

	if (kind == JOURNEY_OBSERVED_BOOL)
		return PG_GETARG_BOOL(number) ? 1.0 : 0.0;
	value = journey_metric_finite(PG_GETARG_FLOAT8(number), name);
	if (kind == JOURNEY_OBSERVED_CLASS && value != 0.0 && value != 1.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is %s, it must be 0 or 1", name, float8out_internal(value))));
	return value;
}

void
journey_metric_check(journey_domain domain, double predicted, double observed)
{
	if (domain == JOURNEY_DOMAIN_PROBABILITY && (predicted < 0.0 || predicted > 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("predicted value is %s, it must be a probability between 0 and 1",
						float8out_internal(predicted))));
	if (domain != JOURNEY_DOMAIN_RATE)
		return;
	if (predicted <= 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("predicted value is %s, a Poisson rate must be above 0",
						float8out_internal(predicted))));
	if (observed < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("observed value is %s, a count must not be negative",
						float8out_internal(observed))));
}

static double
not_null(FunctionCallInfo fcinfo, int number, const char *name)
{
	if (PG_ARGISNULL(number))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
	return journey_metric_finite(PG_GETARG_FLOAT8(number), name);
}

bool
journey_metric_weight(FunctionCallInfo fcinfo, int number, double *weight)
{
	*weight = not_null(fcinfo, number, "weight");
	if (*weight < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight is %s, it must not be negative", float8out_internal(*weight))));
	return *weight > 0.0;
}

double
journey_metric_constant(FunctionCallInfo fcinfo, int number, const char *name,
						bool has_rows, double before)
{
	double		value = not_null(fcinfo, number, name);

	if (has_rows && value != before)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is %s and %s in different rows, it must be the same in all", name,
						float8out_internal(Min(before, value)), float8out_internal(Max(before, value)))));
	return value;
}
