/*
 * sizes.h
 *		Arithmetic of sizes and moments that cannot wrap.
 *
 * Every size that depends on data goes through the first two functions before it
 * reaches an allocator; a wrapped size means a short buffer and a write past
 * its end.
 */
#ifndef JRN_SIZES_H
#define JRN_SIZES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* *out = a * b; false when the product does not fit. */
static inline bool
jrn_size_mul(size_t a, size_t b, size_t *out)
{
	return !__builtin_mul_overflow(a, b, out);
}

/* *out = a + b; false when the sum does not fit. */
static inline bool
jrn_size_add(size_t a, size_t b, size_t *out)
{
	return !__builtin_add_overflow(a, b, out);
}

/*
 * until - from of two moments or periods, which may lie further apart than an
 * int64_t can count: all of timestamptz is 9.4e18 microseconds.
 */
static inline double
jrn_apart(int64_t from, int64_t until)
{
	return until >= from ? (double) ((uint64_t) until - (uint64_t) from) :
		-(double) ((uint64_t) from - (uint64_t) until);
}

#endif							/* JRN_SIZES_H */
