/*
 * sizes.h
 *		Size arithmetic that cannot wrap.
 *
 * Every size that depends on data goes through these two functions before it
 * reaches an allocator; a wrapped size means a short buffer and a write past
 * its end.
 */
#ifndef JRN_SIZES_H
#define JRN_SIZES_H

#include <stdbool.h>
#include <stddef.h>

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

#endif							/* JRN_SIZES_H */
