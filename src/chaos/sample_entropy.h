/*
 * sample_entropy.h
 *		How rarely stretches of a series that agree go on to agree.
 *
 * Source: Richman and Moorman 2000; reference/chaos.md 2.9.
 *
 * R-SEN-1	n - m templates of m and of m + 1 successive values; two match when
 *			all their differences are below the tolerance; no template matches
 *			itself.  Sample entropy is -ln(A/B), B matches of m, A of m + 1.
 * R-SEN-2	Tolerance by default: .2 sample standard deviations (n - 1).
 * R-SEN-3	NaN and a status where nothing matches (no_match), n < m + 2
 *			(too_short), or all values are the same (constant).
 */
#ifndef JRN_SAMPLE_ENTROPY_H
#define JRN_SAMPLE_ENTROPY_H

#include "divergence.h"

#define JRN_SAMPLE_ENTROPY_SHARE 0.2

/* tolerance: at least 0, or NaN for the default.  O(n log n) and the edge of the matches. */
extern jrn_status jrn_sample_entropy(const jrn_env *env, const double *x, size_t n, int dimension,
									 double tolerance, double *entropy, jrn_series_status *status);

#endif							/* JRN_SAMPLE_ENTROPY_H */
