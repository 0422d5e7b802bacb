/*
 * dist.h
 *		Distributions: normal, Student t, chi-square, F, a binomial interval,
 *		and the stable logistic function.
 *
 * R-DIST-1	A tail is computed as a tail, never as 1 - cdf; relative error at
 *			most 1e-12 in the bulk and 1e-10 down to 1e-300 (golden numbers
 *			from 50-digit arithmetic, test/oracles/dist.py).
 * R-DIST-2	Degrees of freedom are real and positive; infinite ones mean the
 *			normal limit for t.
 * R-DIST-3	An argument outside its domain, or NaN, gives NaN: the caller has
 *			checked its data at the door and tests the answer with isfinite.
 * R-DIST-4	quantile(cdf(x)) is x up to the condition of the problem; quantiles
 *			of 0 and 1 are infinite.
 */
#ifndef JRN_DIST_H
#define JRN_DIST_H

#include <math.h>

extern double jrn_normal_cdf(double x);
extern double jrn_normal_upper(double x);	/* P(X > x) */
extern double jrn_normal_quantile(double p);
extern double jrn_normal_two_sided(double z);	/* P(|X| > |z|) */

extern double jrn_t_cdf(double t, double df);
extern double jrn_t_upper(double t, double df);
extern double jrn_t_two_sided(double t, double df);	/* P(|T| > |t|) */
extern double jrn_t_quantile(double p, double df);

/* The half width, in standard errors, of a two-sided interval at a level. */
extern double jrn_normal_critical(double level);
extern double jrn_t_critical(double level, double df);

extern double jrn_chisq_cdf(double x, double df);
extern double jrn_chisq_upper(double x, double df);
extern double jrn_f_cdf(double f, double df1, double df2);
extern double jrn_f_upper(double f, double df1, double df2);

/*
 * Wilson's score interval of a proportion: count of n at a level such as
 * 0.95; 0 <= count <= n, n > 0, real numbers are fine (effective counts).
 * The ends 0 and 1 are exact when count is 0 or n.
 */
extern void jrn_wilson(double count, double n, double level, double *low, double *high);

/* 1 / (1 + e^-x), exact in both tails as far as a double can hold them. */
static inline double
jrn_logistic(double x)
{
	double		e = exp(-fabs(x));

	return x >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

/* ln(1 + e^x). */
static inline double
jrn_log1pexp(double x)
{
	return (x > 0.0 ? x : 0.0) + log1p(exp(-fabs(x)));
}

#endif							/* JRN_DIST_H */
