/*
 * sequence.c
 *		Confidence sequence of a mean (see sequence.h).
 */
#include <math.h>

#include "sequence.h"

jrn_status
jrn_sequence_open(double planned, double alpha, jrn_sequence_plan *plan)
{
	double		twice;

	if (!(alpha > 0.0 && alpha <= 0.5) || !(planned >= 1.0) || !isfinite(planned))
		return JRN_DOMAIN;		/* R-SEQ-3 */
	twice = -2.0 * log(alpha);
	plan->alpha = alpha;
	plan->rho2 = (twice + log(twice) + 1.0) / planned;
	return JRN_OK;
}

/* R-SEQ-4 */
double
jrn_sequence_sd(const jrn_sequence_seen *seen)
{
	if (!(seen->n >= 2.0) || !(seen->m2 > 0.0))
		return NAN;
	return sqrt(seen->m2 / (seen->n - 1.0));
}

double
jrn_sequence_half_width(const jrn_sequence_plan *plan, const jrn_sequence_seen *seen)
{
	double		t = seen->n;
	double		tr = t * plan->rho2;
	double		edge = 0.5 * log1p(tr) - log(plan->alpha);

	return jrn_sequence_sd(seen) * sqrt(2.0 * (tr + 1.0) / (t * tr) * edge);
}

double
jrn_sequence_log_e(const jrn_sequence_plan *plan, const jrn_sequence_seen *seen, double theta)
{
	double		t = seen->n;
	double		tr = t * plan->rho2;
	double		z = (seen->mean - theta) / jrn_sequence_sd(seen);

	/* rho^2 S^2 = t (t rho^2) z^2 */
	return 0.5 * t * (tr / (tr + 1.0)) * z * z - 0.5 * log1p(tr);
}

double
jrn_e_value(double log_e)
{
	return log_e > log(JRN_E_VALUE_MAX) ? JRN_E_VALUE_MAX : exp(log_e);
}
