/*
 * gamma.h
 *		The gamma function and its relatives, without a global.
 *
 * Own implementation of textbook formulas (Abramowitz and Stegun 6.1, 6.3,
 * 6.5; NIST Digital Library of Mathematical Functions 5.7, 5.11, 8.7, 8.9).
 * The C library's lgamma writes a global sign and differs between libraries.
 *
 * R-GAM-1	Arguments outside the stated domain, and NaN, give NaN.
 * R-GAM-2	Both tails of the incomplete gamma function are computed from the
 *			smaller one, so neither loses digits to 1 - p.
 * R-GAM-3	Powers and factorials never meet as large logarithms that cancel:
 *			they are joined in jrn_gamma_kernel through the error of
 *			Stirling's formula and a deviance (idea of Loader, "Fast and
 *			accurate computation of binomial probabilities", 2000).
 */
#ifndef JRN_GAMMA_H
#define JRN_GAMMA_H

/* ln Gamma(x), x > 0; relative error about 1e-15, also near its zeros 1 and 2. */
extern double jrn_log_gamma(double x);

/* Derivative of ln Gamma, x > 0; absolute error about 1e-15 where it is small. */
extern double jrn_digamma(double x);

/* ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi)/2), x > 0. */
extern double jrn_stirling_error(double x);

/* a ln(a/m) + m - a for a, m > 0 without cancellation near a = m. */
extern double jrn_deviance_part(double a, double m);

/* x^a e^-x / Gamma(a): a, x > 0. */
extern double jrn_gamma_kernel(double a, double x);

/*
 * Regularised incomplete gamma: *lower = P(a, x), *upper = Q(a, x), a > 0,
 * x >= 0.  O(sqrt(a)) steps near x = a; NaN where they exceed 1e7 (a beyond
 * 1e12).
 */
extern void jrn_gamma_tails(double a, double x, double *lower, double *upper);

#endif							/* JRN_GAMMA_H */
