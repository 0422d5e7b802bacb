/*
 * gamma.c
 *		Log gamma, digamma, incomplete gamma (requirements in gamma.h).
 */
#include <float.h>
#include <math.h>

#include "gamma.h"

#define HALF_LOG_TWO_PI 0.91893853320467274178
#define TWO_PI 6.28318530717958647693
#define ONE_MINUS_EULER 0.42278433509846713939

/* Where asymptotic series reach 1e-17 with the terms below. */
#define SERIES_FROM 12.0

/* More steps than any shape below 1e12 needs; beyond them the answer is NaN. */
#define MAX_STEPS 10000000

/* (-1)^k (zeta(k) - 1) / k, k = 2, 3, ...: Taylor series at 2, DLMF 5.7.3. */
static const double taylor[] = {
	0.32246703342411321824,
	-0.067352301053198095133,
	0.020580808427784547879,
	-0.0073855510286739852663,
	0.0028905103307415232858,
	-0.0011927539117032609771,
	0.00050966952474304242234,
	-0.00022315475845357937976,
	0.000099457512781808533715,
	-0.0000449262367381331417,
	0.000020507212775670691553,
	-9.439488275268395904e-6,
	4.3748667899074878042e-6,
	-2.0392157538013662368e-6,
	9.5514121304074198329e-7,
	-4.4924691987645660433e-7,
	2.1207184805554665869e-7,
	-1.0043224823968099609e-7,
	4.7698101693639805658e-8,
	-2.271109460894316491e-8,
	1.0838659214896954091e-8,
	-5.1834750419700466551e-9,
	2.4836745438024783172e-9,
	-1.1921401405860912074e-9,
	5.7313672416788620133e-10,
	-2.7595228851242331452e-10,
	1.3304764374244489481e-10,
	-6.4229645638381000221e-11,
	3.1044247747322272762e-11,
	-1.5021384080754142171e-11,
};

/* ln Gamma(2 + t), |t| <= 1/2; no constant term, so exact at the zero. */
static double
log_gamma_near_two(double t)
{
	double		sum = 0.0;
	int			k = (int) (sizeof(taylor) / sizeof(taylor[0]));

	while (k-- > 0)
		sum = (sum + taylor[k]) * t;
	return (sum + ONE_MINUS_EULER) * t;
}

/* The tail of Stirling's series, x >= SERIES_FROM (DLMF 5.11.1). */
static double
stirling_series(double x)
{
	static const double c[] = {
		1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0,
		-691.0 / 360360.0, 1.0 / 156.0, -3617.0 / 122400.0
	};
	double		w = 1.0 / (x * x);
	double		sum = 0.0;
	int			k = (int) (sizeof(c) / sizeof(c[0]));

	while (k-- > 0)
		sum = sum * w + c[k];
	return sum / x;
}

double
jrn_log_gamma(double x)
{
	double		product = 1.0;

	if (!(x > 0.0))
		return NAN;				/* R-GAM-1 */
	if (x >= SERIES_FROM)
		return x < 1e305 ? (x - 0.5) * (log(x) - 1.0) + (HALF_LOG_TWO_PI - 0.5) +
			stirling_series(x) : INFINITY;
	if (x < 0.5)
		return log_gamma_near_two(x) - log1p(x) - log(x);
	if (x < 1.5)
		return log_gamma_near_two(x - 1.0) - log1p(x - 1.0);	/* Gamma(x) = Gamma(x + 1)/x */
	while (x > 2.5)
	{
		x -= 1.0;
		product *= x;
	}
	return log_gamma_near_two(x - 2.0) + log(product);
}

double
jrn_stirling_error(double x)
{
	double		error = 0.0;

	if (!(x > 0.0))
		return NAN;
	for (; x < SERIES_FROM; x += 1.0)
		error += (x + 0.5) * log1p(1.0 / x) - 1.0;
	return error + stirling_series(x);
}

/* Recurrence up to SERIES_FROM, then DLMF 5.11.2. */
double
jrn_digamma(double x)
{
	static const double c[] = {
		1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0,
		-691.0 / 32760.0, 1.0 / 12.0, -3617.0 / 8160.0
	};
	double		shift = 0.0;
	double		sum = 0.0;
	double		w;
	int			k = (int) (sizeof(c) / sizeof(c[0]));

	if (!(x > 0.0))
		return NAN;
	for (; x < SERIES_FROM; x += 1.0)
		shift += 1.0 / x;
	w = 1.0 / (x * x);
	while (k-- > 0)
		sum = (sum + c[k]) * w;
	return log(x) - 0.5 / x - sum - shift;
}

/*
 * With u = (m - a)/a this is a (u - ln(1 + u)).  For small u, r = u/(2 + u)
 * gives u - ln(1 + u) = u r - 2 (r^3/3 + r^5/5 + ...), because 2 artanh(r) is
 * the logarithm and u - 2 r = u r.
 */
double
jrn_deviance_part(double a, double m)
{
	double		u = (m - a) / a;
	double		r,
				power,
				sum = 0.0;
	int			k;

	if (!(fabs(u) < 0.5))
		return a * log(a / m) + (m - a);
	r = u / (2.0 + u);
	power = r;
	for (k = 3; k < 40; k += 2)
	{
		double		before = sum;

		power *= r * r;
		sum += power / k;
		if (sum == before)
			break;
	}
	return a * (u * r - 2.0 * sum);
}

double
jrn_gamma_kernel(double a, double x)
{
	return sqrt(a / TWO_PI) * exp(-jrn_deviance_part(a, x) - jrn_stirling_error(a));
}

/*
 * a < 1 and x < a + 1: DLMF 8.7.1 as 1 + a S, and the complement through
 * expm1, because Q is small there when a is.
 */
static void
tails_small_shape(double a, double x, double *lower, double *upper)
{
	double		log_power = a * log(x) - (a < 0.5 ? log_gamma_near_two(a) - log1p(a) :
										  log_gamma_near_two(a - 1.0));
	double		term = 1.0;
	double		sum = 0.0;
	int			n;

	for (n = 1; n < 100; n++)
	{
		double		part;

		term *= -x / n;
		part = term / (a + n);
		sum += part;
		if (fabs(part) <= DBL_EPSILON / 4 * fabs(sum))
			break;
	}
	*lower = exp(log_power) * (1.0 + a * sum);
	*upper = -expm1(log_power) - exp(log_power) * a * sum;
}

/* Series of positive terms, x < a + 1 (DLMF 8.7.1 after Kummer). */
static double
lower_series(double a, double x)
{
	double		term = 1.0;
	double		sum = 1.0;
	long		n;

	for (n = 1; n < MAX_STEPS; n++)
	{
		term *= x / (a + (double) n);
		sum += term;
		if (term <= DBL_EPSILON / 4 * sum)
			return jrn_gamma_kernel(a, x) / a * sum;
	}
	return NAN;
}

/* Legendre's continued fraction, x >= a + 1 (DLMF 8.9.2), by modified Lentz. */
static double
upper_fraction(double a, double x)
{
	double		b = x + 1.0 - a;
	double		c = 1e300;
	double		d = 1.0 / b;
	double		h = d;
	long		n;

	for (n = 1; n < MAX_STEPS; n++)
	{
		double		an = -(double) n * ((double) n - a);
		double		delta;

		b += 2.0;
		d = an * d + b;
		c = b + an / c;
		if (fabs(d) < 1e-300)
			d = 1e-300;
		if (fabs(c) < 1e-300)
			c = 1e-300;
		d = 1.0 / d;
		delta = c * d;
		h *= delta;
		if (fabs(delta - 1.0) <= DBL_EPSILON)
			return jrn_gamma_kernel(a, x) * h;
	}
	return NAN;
}

void
jrn_gamma_tails(double a, double x, double *lower, double *upper)
{
	*lower = *upper = NAN;
	if (!(a > 0.0) || !isfinite(a) || !(x >= 0.0))
		return;					/* R-GAM-1 */
	if (x == 0.0 || isinf(x))
	{
		*lower = x == 0.0 ? 0.0 : 1.0;
		*upper = 1.0 - *lower;
	}
	else if (x < a + 1.0 && a < 1.0)
		tails_small_shape(a, x, lower, upper);
	else if (x < a + 1.0)
	{
		*lower = lower_series(a, x);
		*upper = 1.0 - *lower;
	}
	else
	{
		*upper = upper_fraction(a, x);
		*lower = 1.0 - *upper;
	}
}
