/*
 * beta.c
 *		Incomplete beta function (requirements in beta.h).
 *
 * The continued fraction is the even part of DLMF 8.17.22 in the arrangement
 * of DiDonato and Morris (ACM Trans. Math. Software 18, 1992), whose leading
 * term is (a + b) times the distance of x from the mean: nothing cancels when
 * the shapes are large.
 */
#include <float.h>
#include <math.h>

#include "beta.h"
#include "gamma.h"

#define TWO_PI 6.28318530717958647693
#define HALF_LOG_TWO_PI 0.91893853320467274178
/* More steps than any shapes below 1e12 need; beyond them the answer is NaN. */
#define MAX_STEPS 10000000

double
jrn_log_beta(double a, double b)
{
	double		small = a < b ? a : b;
	double		large = a < b ? b : a;

	if (!(small > 0.0) || !isfinite(large))
		return NAN;
	if (large < 10.0)
		return jrn_log_gamma(a) + jrn_log_gamma(b) - jrn_log_gamma(a + b);
	/* Gamma(large)/Gamma(large + small) by Stirling, its big parts joined. */
	return jrn_log_gamma(small) + jrn_stirling_error(large) -
		jrn_stirling_error(large + small) + small -
		(large - 0.5) * log1p(small / large) - small * log(large + small);
}

/* The powers and the beta function joined as in R-GAM-3. */
double
jrn_beta_kernel(double a, double b, double x, double y)
{
	double		n = a + b;

	return sqrt(a * (b / n) / TWO_PI) *
		exp(jrn_stirling_error(n) - jrn_stirling_error(a) - jrn_stirling_error(b) -
			jrn_deviance_part(a, n * x) - jrn_deviance_part(b, n * y));
}

/* I_x(a, b) for x up to the mean a/(a + b), by modified Lentz. */
static double
lower_fraction(double a, double b, double x, double y)
{
	double		lambda = a * y - b * x;
	double		value = a * (lambda + 1.0) / (a + 1.0);
	double		c = value;
	double		d = 0.0;
	long		i;

	for (i = 1; i < MAX_STEPS; i++)
	{
		double		n = (double) i;
		double		s = a + 2.0 * n - 1.0;
		double		alpha = (a + n - 1.0) / s * ((a + b + n - 1.0) / s) *
			(n * (b - n) * x * x);
		double		beta = n + n * (b - n) * x / s +
			(a + n) / (s + 2.0) * (lambda + 1.0 + n * (1.0 + y));
		double		delta;

		d = beta + alpha * d;
		c = beta + alpha / c;
		if (fabs(d) < 1e-300)
			d = 1e-300;
		if (fabs(c) < 1e-300)
			c = 1e-300;
		d = 1.0 / d;
		delta = c * d;
		value *= delta;
		if (fabs(delta - 1.0) <= DBL_EPSILON)
			return jrn_beta_kernel(a, b, x, y) / value;
	}
	return NAN;
}

void
jrn_beta_tails(double a, double b, double x, double y, double *lower, double *upper)
{
	*lower = *upper = NAN;
	if (!(a > 0.0) || !(b > 0.0) || !isfinite(a) || !isfinite(b) ||
		!(x >= 0.0) || !(y >= 0.0) || !(x <= 1.0) || !(y <= 1.0))
		return;					/* R-BETA-3 */
	if (x == 0.0 || y == 0.0)
	{
		*lower = x == 0.0 ? 0.0 : 1.0;
		*upper = 1.0 - *lower;
	}
	else if (a * y >= b * x)	/* R-BETA-2 */
	{
		*lower = lower_fraction(a, b, x, y);
		*upper = 1.0 - *lower;
	}
	else
	{
		*upper = lower_fraction(b, a, y, x);
		*lower = 1.0 - *upper;
	}
}
