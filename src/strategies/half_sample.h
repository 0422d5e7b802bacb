/*
 * half_sample.h
 *		Standard errors by half-sample bootstrap of clusters (pure core).
 *
 * Each draw takes half of the clusters without replacement and computes the
 * statistic on them alone; the spread over draws estimates that of the
 * statistic on all clusters (Yadlowsky, Fleming, Shah, Brunskill and Wager
 * 2025, whose theory of RATE it belongs to; reference/validation.md 2.1).
 *
 * R-HALF-1	A draw takes m = floor(G/2) of G clusters, all sets of that size
 *			alike, by selection sampling (Knuth, The Art of Computer
 *			Programming, volume 2, algorithm S): cluster c of draw b is taken
 *			by number c of the stream (seed, "half", b).
 * R-HALF-2	A mean over m of G clusters without replacement has (G - m)/m times
 *			the variance of the mean over G; for an even G that is 1.  The
 *			standard deviation over draws is multiplied by sqrt(m/(G - m)), so
 *			an odd G does not widen it.
 * R-HALF-3	A draw whose statistic is NaN does not count.  No error (NaN) with
 *			fewer than two clusters or two draws that count.
 */
#ifndef JRN_HALF_SAMPLE_H
#define JRN_HALF_SAMPLE_H

#include "../core/env.h"

/*
 * count statistics of the rows whose cluster is chosen (chosen[cluster] is 1,
 * else 0); chosen NULL: of all rows.
 */
typedef jrn_status (*jrn_half_statistic) (const jrn_env *env, void *arg,
										  const unsigned char *chosen, double *values);

/* Errors of count statistics.  O(draws (clusters + statistic)). */
extern jrn_status jrn_half_sample(const jrn_env *env, uint32_t clusters, int draws, uint64_t seed,
								  jrn_half_statistic statistic, void *arg, size_t count,
								  double *std_error);

#endif							/* JRN_HALF_SAMPLE_H */
