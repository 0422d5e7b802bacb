/*
 * permutation_entropy.h
 *		Entropy of the order patterns of a series (Bandt and Pompe 2002).
 *
 * The pattern of window i is the order of x_i, x_{i+delay}, ..,
 * x_{i+(dimension-1) delay}; the entropy is that of the observed shares of the
 * dimension! patterns, in nats.  Source: reference/chaos.md 2.9.
 *
 * R-PE-1	Equal values keep their order in time.
 * R-PE-2	The plug-in entropy - sum c/N ln(c/N) of the counts c, added in
 *			ascending order of counts: the figure depends on the counts alone,
 *			not on which pattern has them.
 * R-PE-3	Fewer than two windows: NaN.  A dimension outside 2..7 or a delay
 *			below 1: JRN_DOMAIN.
 */
#ifndef JRN_PERMUTATION_ENTROPY_H
#define JRN_PERMUTATION_ENTROPY_H

#include "../core/env.h"

#define JRN_PE_MIN_DIMENSION 2
#define JRN_PE_MAX_DIMENSION 7
#define JRN_PE_PATTERNS 5040	/* of the largest dimension */

/* Counts by Lehmer code into counts[dimension!].  O(n dimension^2). */
extern jrn_status jrn_order_patterns(const jrn_env *env, const double *x, size_t n, int dimension,
									 size_t delay, int64_t *counts);

extern jrn_status jrn_permutation_entropy(const jrn_env *env, const double *x, size_t n,
										  int dimension, size_t delay, double *entropy);

#endif							/* JRN_PERMUTATION_ENTROPY_H */
