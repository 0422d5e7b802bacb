/*
 * random.h
 *		Counter-based random numbers: draw number c of a stream is a function of
 *		(stream, c) and of nothing else.
 *
 * A stream is a seed from jrn_seed_derive(seed, purpose, index).  There is no
 * generator state: draws may be taken in any order, by any worker, again.
 *
 * R-RAND-1	Frozen: the bits of u64, uniform and below never change; normal,
 *			exponential, gamma and poisson are fixed formulas of them and move
 *			only with the last digit of the C library's exp and log.  Another
 *			algorithm would get another name.
 * R-RAND-2	u64(stream, c) = XXH64 of the 8 little-endian bytes of c with seed
 *			stream.
 * R-RAND-3	uniform is (m + 1/2) 2^-52 with the upper 52 bits m: never 0 or 1,
 *			symmetric about 1/2, and 1 - uniform is exact.
 * R-RAND-4	below(n) is floor(u64 * n / 2^64), and the draws that would favour
 *			small numbers (fraction below n / 2^64) are replaced by hashing
 *			the draw again under the same stream: no bias.
 * R-RAND-5	Functions that need several draws take them from their own stream
 *			derived from (stream, c), so neighbouring counters never share one.
 */
#ifndef JRN_RANDOM_H
#define JRN_RANDOM_H

#include <stdint.h>

#include "hash.h"

static inline uint64_t
jrn_random_u64(uint64_t stream, uint64_t counter)
{
	return jrn_hash_u64(counter, stream);
}

/* R-RAND-3 */
static inline double
jrn_random_uniform(uint64_t stream, uint64_t counter)
{
	return ((double) (jrn_random_u64(stream, counter) >> 12) + 0.5) * 0x1p-52;
}

/* An integer in [0, n); n is at least 1. */
extern uint64_t jrn_random_below(uint64_t stream, uint64_t counter, uint64_t n);

/* Standard normal, by inversion: one draw, monotone in the uniform. */
extern double jrn_random_normal(uint64_t stream, uint64_t counter);

/* Exponential with mean 1. */
extern double jrn_random_exponential(uint64_t stream, uint64_t counter);

/* Gamma with a shape > 0 and scale 1; NaN for another shape. */
extern double jrn_random_gamma(uint64_t stream, uint64_t counter, double shape);

/*
 * Poisson with a mean in [0, 1e9]; -1 for another mean.  By inversion from the
 * mode outwards: O(sqrt(mean)) steps, one draw.
 */
extern int64_t jrn_random_poisson(uint64_t stream, uint64_t counter, double mean);

#endif							/* JRN_RANDOM_H */
