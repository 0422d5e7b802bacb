/*
 * entropy.h
 *		How uncertain the next symbol is: entropy from counts by four
 *		estimators, and how often it can be foretold at best.
 *
 * Counts n_s with sum N, S of them not zero; psi is the digamma function.
 *
 * R-ENT-1	plug_in: ln N - (1/N) sum n ln n.  Too small by about (S - 1)/(2N).
 * R-ENT-2	miller_madow: plug_in + (S - 1)/(2N).
 * R-ENT-3	chao_shen: with f singletons (N - 1 where every symbol is one), C =
 *			1 - f/N and q = C n/N: - sum q ln q / (1 - (1 - q)^N).
 * R-ENT-4	grassberger: ln N - (1/N) sum n G(n), G(n) = psi(n) + (-1)^n/2
 *			[psi((n + 1)/2) - psi(n/2)], which is psi(floor(n/2) + 1/2) + ln 2.
 *			The form with ln N, not with psi(N).
 * R-ENT-5	No observation, no entropy: NaN.
 * R-ENT-6	A predictor of a source with entropy S bits over N symbols is right
 *			with probability P at most, S = H(P) + (1 - P) log2(N - 1), H the
 *			binary entropy; S <= 0 gives 1, S >= log2 N gives 1/N.
 *
 * Source: reference/chaos.md 3.1, 3.3 (Miller 1955; Chao and Shen 2003;
 * Grassberger 2003; Fano's inequality).
 */
#ifndef JRN_ENTROPY_H
#define JRN_ENTROPY_H

#include <stdbool.h>

#include "../core/env.h"

typedef enum jrn_entropy_estimator
{
	JRN_ENTROPY_PLUG_IN,
	JRN_ENTROPY_MILLER_MADOW,
	JRN_ENTROPY_CHAO_SHEN,
	JRN_ENTROPY_GRASSBERGER,
	JRN_ENTROPY_ESTIMATORS
} jrn_entropy_estimator;

#define JRN_LN_2 0.69314718055994530942

extern const char *jrn_entropy_estimator_name(jrn_entropy_estimator estimator);

/* Entropy in nats of count counts, none negative; zeros do not matter.  O(count). */
extern double jrn_entropy_counts(const int64_t *counts, size_t count, jrn_entropy_estimator estimator);

/* R-ENT-6; bits, symbols at least 1. */
extern double jrn_predictability_bound(double bits, double symbols);

#endif							/* JRN_ENTROPY_H */
