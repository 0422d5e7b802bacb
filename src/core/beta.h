/*
 * beta.h
 *		The incomplete beta function.
 *
 * R-BETA-1	The argument is the pair (x, y) with x + y = 1, both given, so that
 *			a tiny y keeps its digits.
 * R-BETA-2	The smaller tail is computed, the other is its complement.
 * R-BETA-3	Shapes may be any positive finite numbers; O(sqrt(a + b)) steps at
 *			worst.  Anything else, and NaN, gives NaN.
 */
#ifndef JRN_BETA_H
#define JRN_BETA_H

/* ln B(a, b), without cancellation for large shapes. */
extern double jrn_log_beta(double a, double b);

/* x^a y^b / B(a, b): x y times the density; a, b, x, y > 0. */
extern double jrn_beta_kernel(double a, double b, double x, double y);

/* *lower = I_x(a, b), *upper = I_y(b, a). */
extern void jrn_beta_tails(double a, double b, double x, double y,
						   double *lower, double *upper);

#endif							/* JRN_BETA_H */
