/*
 * dist.c
 *		Distribution functions and quantiles (requirements in dist.h).
 */
#include <math.h>
#include <stdbool.h>

#include "beta.h"
#include "dist.h"
#include "gamma.h"

#define SQRT_HALF 0.70710678118654752440

double
jrn_normal_cdf(double x)
{
	return 0.5 * erfc(-x * SQRT_HALF);
}

double
jrn_normal_upper(double x)
{
	return 0.5 * erfc(x * SQRT_HALF);
}

double
jrn_normal_two_sided(double z)
{
	return erfc(fabs(z) * SQRT_HALF);
}

/* A polynomial of degree 7, coefficients from the constant on. */
static double
polynomial7(const double *c, double x)
{
	double		value = c[7];
	int			k;

	for (k = 6; k >= 0; k--)
		value = value * x + c[k];
	return value;
}

/*
 * Rational approximations of Wichura, "Algorithm AS 241" (Applied Statistics
 * 37, 1988), relative error about 1e-16: one in p - 1/2 for the middle, two in
 * the root of -ln of the tail.  Only + - * /, sqrt and log are used.
 */
double
jrn_normal_quantile(double p)
{
	static const double middle_up[] = {
		3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
		1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
		3.3430575583588128105e4, 2.5090809287301226727e3
	};
	static const double middle_down[] = {
		1.0, 4.2313330701600911252e1, 6.8718700749205790830e2,
		5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4,
		2.8729085735721942674e4, 5.2264952788528545610e3
	};
	static const double near_up[] = {
		1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
		3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
		2.27238449892691845833e-2, 7.74545014278341407640e-4
	};
	static const double near_down[] = {
		1.0, 2.05319162663775882187e0, 1.67638483018380384940e0,
		6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
		5.47593808499534494600e-4, 1.05075007164441684324e-9
	};
	static const double far_up[] = {
		6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
		2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
		2.71155556874348757815e-5, 2.01033439929228813265e-7
	};
	static const double far_down[] = {
		1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1,
		1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
		1.42151175831644588870e-7, 2.04426310338993978564e-15
	};
	double		q = p - 0.5;
	double		r;
	double		value;

	if (!(p >= 0.0 && p <= 1.0))
		return NAN;
	if (p == 0.0 || p == 1.0)
		return p == 0.0 ? -INFINITY : INFINITY;
	if (fabs(q) <= 0.425)
	{
		r = 0.180625 - q * q;
		return q * polynomial7(middle_up, r) / polynomial7(middle_down, r);
	}
	r = sqrt(-log(q < 0.0 ? p : 1.0 - p));
	if (r <= 5.0)
		value = polynomial7(near_up, r - 1.6) / polynomial7(near_down, r - 1.6);
	else
		value = polynomial7(far_up, r - 5.0) / polynomial7(far_down, r - 5.0);
	return q < 0.0 ? -value : value;
}

double
jrn_normal_critical(double level)
{
	return -jrn_normal_quantile(0.5 * (1.0 - level));
}

/*
 * P(|T| < t), P(|T| > t) and d P(|T| < t) / d ln t for t > 0.  With
 * x = df/(df + t^2) they are incomplete beta functions of (df/2, 1/2) (DLMF
 * 8.17 and Abramowitz and Stegun 26.7), and the slope is twice the kernel.
 */
static void
t_tails(double t, double df, double *inner, double *outer, double *slope)
{
	double		r = t / sqrt(df);
	double		square;
	double		x,
				y;

	if (isinf(df))
	{
		*outer = jrn_normal_two_sided(t);
		*inner = erf(t * SQRT_HALF);
		*slope = t * 0.79788456080286535588 * exp(-0.5 * t * t);
		return;
	}
	if (r > 1e70)
	{
		/* x would underflow: the leading term x^a / (a B(a, 1/2)). */
		*outer = exp(-df * log(r) - log(0.5 * df) - jrn_log_beta(0.5 * df, 0.5));
		*inner = 1.0 - *outer;
		*slope = df * *outer;
		return;
	}
	square = r < 1.0 ? r * r : 1.0 / (r * r);
	x = (r < 1.0 ? 1.0 : square) / (1.0 + square);
	y = (r < 1.0 ? square : 1.0) / (1.0 + square);
	if (y == 0.0)
	{
		*inner = *slope = 0.0;
		*outer = 1.0;
		return;
	}
	jrn_beta_tails(0.5 * df, 0.5, x, y, outer, inner);
	*slope = 2.0 * jrn_beta_kernel(0.5 * df, 0.5, x, y);
}

double
jrn_t_two_sided(double t, double df)
{
	double		inner,
				outer,
				slope;

	if (isnan(t) || !(df > 0.0))
		return NAN;
	if (isinf(t))
		return 0.0;
	t_tails(fabs(t), df, &inner, &outer, &slope);
	return outer;
}

double
jrn_t_upper(double t, double df)
{
	double		inner,
				outer,
				slope;

	if (isnan(t) || !(df > 0.0))
		return NAN;
	if (isinf(t))
		return t > 0.0 ? 0.0 : 1.0;
	t_tails(fabs(t), df, &inner, &outer, &slope);
	return t > 0.0 ? 0.5 * outer : 0.5 + 0.5 * inner;
}

double
jrn_t_cdf(double t, double df)
{
	return jrn_t_upper(-t, df);
}

/*
 * The t > 0 with P(|T| > t) = target, or P(|T| < t) = target when inner.
 *
 * Newton's method on ln P as a function of ln t.  Both functions are concave
 * there, so after one step the iterates approach the root from one side and
 * need no bracket; 5 to 10 steps.
 */
static double
t_solve(double target, bool inner, double df)
{
	double		t = inner ? jrn_normal_quantile(0.5 + 0.5 * target) :
		-jrn_normal_quantile(0.5 * target);
	int			i;

	for (i = 0; i < 200; i++)
	{
		double		in,
					out,
					slope,
					step;

		t_tails(t, df, &in, &out, &slope);
		step = inner ? (log(target) - log(in)) * in / slope :
			(log(out) - log(target)) * out / slope;
		if (!isfinite(step))
			return slope == 0.0 && !inner ? INFINITY : t;
		step = step > 500.0 ? 500.0 : (step < -500.0 ? -500.0 : step);
		t *= exp(step);
		if (isinf(t) || t == 0.0 || fabs(step) < 4e-16)
			break;
	}
	return t;
}

double
jrn_t_quantile(double p, double df)
{
	double		centred = p - 0.5;
	double		t;

	if (!(p >= 0.0 && p <= 1.0) || !(df > 0.0))
		return NAN;
	if (p == 0.0 || p == 1.0)
		return p == 0.0 ? -INFINITY : INFINITY;
	if (centred == 0.0)
		return 0.0;
	if (isinf(df))
		return jrn_normal_quantile(p);
	if (fabs(centred) <= 0.25)
		t = t_solve(2.0 * fabs(centred), true, df);
	else
		t = t_solve(2.0 * (centred < 0.0 ? p : 1.0 - p), false, df);
	return centred < 0.0 ? -t : t;
}

double
jrn_t_critical(double level, double df)
{
	return -jrn_t_quantile(0.5 * (1.0 - level), df);
}

double
jrn_chisq_upper(double x, double df)
{
	double		lower,
				upper;

	jrn_gamma_tails(0.5 * df, 0.5 * (x < 0.0 ? 0.0 : x), &lower, &upper);
	return upper;
}

double
jrn_chisq_cdf(double x, double df)
{
	double		lower,
				upper;

	jrn_gamma_tails(0.5 * df, 0.5 * (x < 0.0 ? 0.0 : x), &lower, &upper);
	return lower;
}

/* P(F > f) in *upper: incomplete beta of (df2/2, df1/2) at df2/(df2 + df1 f). */
static void
f_tails(double f, double df1, double df2, double *lower, double *upper)
{
	double		ratio = df1 / df2 * f;
	double		x,
				y;

	*lower = *upper = NAN;
	if (isnan(f) || !(df1 > 0.0) || !(df2 > 0.0))
		return;
	if (f < 0.0)
		ratio = 0.0;
	x = 1.0 / (1.0 + ratio);
	y = isinf(ratio) ? 1.0 : ratio / (1.0 + ratio);
	jrn_beta_tails(0.5 * df2, 0.5 * df1, x, y, upper, lower);
}

double
jrn_f_upper(double f, double df1, double df2)
{
	double		lower,
				upper;

	f_tails(f, df1, df2, &lower, &upper);
	return upper;
}

double
jrn_f_cdf(double f, double df1, double df2)
{
	double		lower,
				upper;

	f_tails(f, df1, df2, &lower, &upper);
	return lower;
}

/*
 * The ends solve (n + z^2) p^2 - (2 count + z^2) p + count^2/n = 0 (Wilson
 * 1927).  The lower root is taken as product over upper root, the upper as the
 * mirror image of the lower one: neither end subtracts.
 */
static double
wilson_low(double count, double n, double z2)
{
	double		half = sqrt(z2 * (count * (n - count) / n + 0.25 * z2));

	return count * (count / n) / (count + 0.5 * z2 + half);
}

void
jrn_wilson(double count, double n, double level, double *low, double *high)
{
	double		z = jrn_normal_critical(level);

	*low = *high = NAN;
	if (!(n > 0.0) || !isfinite(n) || !(count >= 0.0) || !(count <= n) ||
		!(level > 0.0) || !(level < 1.0))
		return;
	*low = wilson_low(count, n, z * z);
	*high = 1.0 - wilson_low(n - count, n, z * z);
}
