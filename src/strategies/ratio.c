/*
 * ratio.c
 *		Sample ratio test (see ratio.h).
 *
 * With x_a = n_a + J pi_a and X = N + J the log of the Bayes factor
 *		ln G(J) - ln G(X) + sum (ln G(x_a) - ln G(J pi_a)) - sum n_a ln pi_a
 * is joined through Stirling's formula, whose large terms are the deviances
 * x_a ln(x_a / (X pi_a)) + X pi_a - x_a; so it has digits for any counts.
 */
#include <math.h>

#include "../core/dist.h"
#include "../core/gamma.h"
#include "../core/sums.h"
#include "ratio.h"

#define HALF_LN_2_PI 0.91893853320467274178
#define ARMS_A_TICK 4096

/* The largest share, by which others are scaled before they are added up. */
static jrn_status
largest(const jrn_env *env, const double *expected, int count, double *most)
{
	int			a;

	*most = 0.0;
	for (a = 0; a < count; a++)
	{
		if (a % ARMS_A_TICK == 0)
			JRN_TICK(env);
		if (!(expected[a] > 0.0) || !isfinite(expected[a]))
			return JRN_DOMAIN;
		if (expected[a] > *most)
			*most = expected[a];
	}
	return JRN_OK;
}

/* Share of strategy a. */
static double
share_of(const double *expected, double most, double total, int count, int a)
{
	return expected == NULL ? 1.0 / (double) count : expected[a] / most / total;
}

jrn_status
jrn_ratio_test(const jrn_env *env, const int64_t *observed, const double *expected, int count,
			   jrn_ratio *test)
{
	double		j = (double) count;
	double		most = 1.0;
	double		total = 1.0;
	double		n;
	jrn_acc		rows = {0.0, 0.0};
	jrn_acc		shares = {0.0, 0.0};
	jrn_acc		square = {0.0, 0.0};
	jrn_acc		factor = {0.0, 0.0};
	int			a;

	if (count < 2)
		return JRN_DOMAIN;
	if (expected != NULL)
	{
		JRN_TRY(largest(env, expected, count, &most));
		for (a = 0; a < count; a++)
		{
			if (a % ARMS_A_TICK == 0)
				JRN_TICK(env);
			jrn_acc_add(&shares, expected[a] / most);
		}
		total = jrn_acc_value(&shares);
	}
	for (a = 0; a < count; a++)
	{
		if (a % ARMS_A_TICK == 0)
			JRN_TICK(env);
		/* a share so small that it vanishes beside the others is none */
		if (observed[a] < 0 || !(share_of(expected, most, total, count, a) * j >= 1e-300))
			return JRN_DOMAIN;
		jrn_acc_add(&rows, (double) observed[a]);
	}
	n = jrn_acc_value(&rows);
	test->df = count - 1;
	test->statistic = test->p_value = test->e_value = test->log_e_value = NAN;
	if (n == 0.0)
		return JRN_OK;			/* R-RAT-3 */

	for (a = 0; a < count; a++)
	{
		double		pi = share_of(expected, most, total, count, a);
		double		x = (double) observed[a] + j * pi;
		double		d = (double) observed[a] - n * pi;

		if (a % ARMS_A_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&square, d * (d / (n * pi)));	/* R-RAT-1 */
		/* R-RAT-2 */
		jrn_acc_add(&factor, jrn_deviance_part(x, (n + j) * pi));
		jrn_acc_add(&factor, jrn_stirling_error(x) - 0.5 * log(x) + HALF_LN_2_PI);
		jrn_acc_add(&factor, j * pi * log(pi) - jrn_log_gamma(j * pi));
	}
	jrn_acc_add(&factor, 0.5 * log(n + j) - jrn_stirling_error(n + j) - HALF_LN_2_PI);
	jrn_acc_add(&factor, jrn_log_gamma(j));
	test->statistic = jrn_acc_value(&square);
	test->p_value = isinf(test->statistic) ? 0.0 : jrn_chisq_upper(test->statistic, (double) test->df);
	test->log_e_value = jrn_acc_value(&factor);
	test->e_value = exp(test->log_e_value);
	return JRN_OK;
}
