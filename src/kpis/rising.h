/*
 * rising.h
 *		Rising factorials and polygamma functions as the customer value models
 *		need them: differences of log-gammas without cancellation.
 *
 * R-RIS-1	ln Gamma(z + x) - ln Gamma(z) is a sum of logarithms for small x and
 *			a difference of Stirling's formula otherwise, never of two large
 *			log-gammas: at z = 1e15 it keeps its digits (reference/journeys.md
 *			10.3: the false maximum).
 */
#ifndef JRN_RISING_H
#define JRN_RISING_H

#include "../core/env.h"

/*
 * For z > 0 and a whole x >= 0: out[0] = ln (z (z + 1) .. (z + x - 1)),
 * out[1] = sum 1/(z + i), out[2] = sum 1/(z + i)^2, i = 0 .. x - 1.
 */
extern void jrn_rising(double z, double x, double out[3]);

/* Second derivative of ln Gamma, z > 0. */
extern double jrn_trigamma(double z);

#endif							/* JRN_RISING_H */
