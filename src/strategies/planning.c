/*
 * planning.c
 *		Customers that a comparison needs (see planning.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "planning.h"

/* z_(1 - alpha/2) + z_power; the upper tail keeps digits for a small alpha. */
static double
quantiles(double power, double alpha)
{
	return jrn_normal_quantile(power) - jrn_normal_quantile(alpha / 2.0);
}

jrn_status
jrn_customers_needed(double variance, double effect, const jrn_plan_size *size, int64_t *customers)
{
	double		z;
	double		rows;
	double		needed;

	if (!(variance >= 0.0) || !isfinite(variance) || !(fabs(effect) > 0.0) || !isfinite(effect) ||
		!(size->power > 0.0 && size->power < 1.0) || !(size->alpha > 0.0 && size->alpha < 1.0) ||
		!(size->cluster_size >= 1.0) || !isfinite(size->cluster_size) ||
		!(size->icc >= 0.0 && size->icc <= 1.0))
		return JRN_DOMAIN;
	z = quantiles(size->power, size->alpha);
	if (!(z > 0.0))
	{
		/* a test that rejects more often than the power asked for needs no rows */
		*customers = 2;
		return JRN_OK;
	}
	rows = (z / effect) * (z / effect) * variance;	/* R-PLAN-1 */
	needed = ceil(rows * (1.0 + (size->cluster_size - 1.0) * size->icc) / size->cluster_size);	/* R-PLAN-2 */
	if (!(needed <= 4611686018427387904.0))
		return JRN_LIMIT;
	*customers = needed < 2.0 ? 2 : (int64_t) needed;	/* R-PLAN-3 */
	return JRN_OK;
}

double
jrn_detectable_effect(double std_error, double power, double alpha)
{
	return quantiles(power, alpha) * std_error;
}
