/*
 * pg_planning.c
 *		SQL bindings of required_customers() and required_customers_mean()
 *		(planning.h).  Both are STRICT.
 *
 * R-PGP-1	Every argument out of its range is refused by name and value.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/float.h"

#include "../pg/host.h"
#include "planning.h"

static void
out_of_range(const char *name, double value, const char *must)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s is %s, it must be %s", name, float8out_internal(value), must)));
}

static void
check_effect(double effect)
{
	if (!isfinite(effect) || effect == 0.0)
		out_of_range("effect", effect, "a number other than 0");
}

/* Arguments 2 to 5 of both. */
static void
read_size(FunctionCallInfo fcinfo, jrn_plan_size *size)
{
	size->power = PG_GETARG_FLOAT8(2);
	size->alpha = PG_GETARG_FLOAT8(3);
	size->cluster_size = PG_GETARG_FLOAT8(4);
	size->icc = PG_GETARG_FLOAT8(5);
	if (!(size->power > 0.0 && size->power < 1.0))
		out_of_range("power", size->power, "between 0 and 1");
	if (!(size->alpha > 0.0 && size->alpha < 1.0))
		out_of_range("alpha", size->alpha, "between 0 and 1");
	if (!(size->cluster_size >= 1.0) || !isfinite(size->cluster_size))
		out_of_range("cluster_size", size->cluster_size, "at least 1");
	if (!(size->icc >= 0.0 && size->icc <= 1.0))
		out_of_range("icc", size->icc, "between 0 and 1");
}

static Datum
customers(double variance, double effect, double shown, const jrn_plan_size *size)
{
	int64_t		needed;
	jrn_status	status = jrn_customers_needed(variance, effect, size, &needed);

	if (status == JRN_LIMIT || status == JRN_DOMAIN)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("more customers would be needed than a bigint can count"),
				 errhint("An effect of %s is too small beside the spread of the outcome.", float8out_internal(shown))));
	journey_check(status, "customers needed");
	return Int64GetDatum((int64) needed);
}

/* required_customers(baseline, effect, power, alpha, cluster_size, icc) */
PG_FUNCTION_INFO_V1(journey_required_customers);
Datum
journey_required_customers(PG_FUNCTION_ARGS)
{
	double		baseline = PG_GETARG_FLOAT8(0);
	double		effect = PG_GETARG_FLOAT8(1);
	double		other = baseline + effect;
	jrn_plan_size size;

	if (!(baseline > 0.0 && baseline < 1.0))
		out_of_range("baseline", baseline, "a rate between 0 and 1");
	check_effect(effect);
	if (!(other > 0.0 && other < 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("baseline + effect is %s, it must be a rate between 0 and 1", float8out_internal(other)),
				 errhint("effect is absolute: 0.02 stands for two points.")));
	read_size(fcinfo, &size);
	return customers(baseline * (1.0 - baseline) + other * (1.0 - other), effect, effect, &size);
}

/* required_customers_mean(sd, effect, power, alpha, cluster_size, icc) */
PG_FUNCTION_INFO_V1(journey_required_customers_mean);
Datum
journey_required_customers_mean(PG_FUNCTION_ARGS)
{
	double		sd = PG_GETARG_FLOAT8(0);
	double		effect = PG_GETARG_FLOAT8(1);
	double		ratio = sd / effect;
	jrn_plan_size size;

	if (!(sd > 0.0) || !isfinite(sd))
		out_of_range("sd", sd, "a positive number");
	check_effect(effect);
	read_size(fcinfo, &size);
	/* in units of the effect, so that large outcomes do not overflow */
	return customers(2.0 * ratio * ratio, 1.0, effect, &size);
}
