/*
 * fuzz.h
 *		A host for fuzz targets, and what they share.
 *
 * Each target is one file fuzz_<name>.c with LLVMFuzzerTestOneInput.  Built
 * with libFuzzer it is fed by mutation (make fuzz); built with replay.c it is
 * fed the files of test/fuzz/corpus/<name> (make check), each of them also
 * with every early allocation failing once and every early tick cancelling
 * once.
 *
 * R-FUZZ-1	A target says more than "it did not crash": what is accepted goes
 *			back to the bytes it came from, an answer lies in its range, the
 *			same question gets the same answer.
 * R-FUZZ-2	No input costs more than FUZZ_MEMORY bytes and FUZZ_TICKS ticks:
 *			beyond, the host refuses and cancels, as a server would.
 * R-FUZZ-3	A status that only the host can cause is never an error of the
 *			input: after it a target returns without judging.
 */
#ifndef JRN_FUZZ_H
#define JRN_FUZZ_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../../src/core/env.h"

#define FUZZ_MEMORY ((size_t) 256 << 20)
#define FUZZ_TICKS 20000

/* The target. */
extern int	LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The host of one input; fuzz_end() frees all it gave. */
extern jrn_env fuzz_begin(void);
extern jrn_env fuzz_host(void);	/* the same, within an input */
extern size_t fuzz_size(const void *pointer);	/* of what it gave */
extern int	fuzz_end(void);		/* gives 0, for the target to return */

/* For replay: refuse the k-th allocation, cancel at the k-th tick; 0: never. */
extern void fuzz_refuse(long allocation, long tick);
extern long fuzz_allocations(void);	/* of the last input */
extern long fuzz_ticks(void);

/* Whether the host was the reason (R-FUZZ-3). */
static inline bool
fuzz_by_host(jrn_status status)
{
	return status == JRN_NO_MEMORY || status == JRN_CANCELLED;
}

/* Stop with the condition that does not hold. */
#define MUST(condition) \
	do { \
		if (!(condition)) \
			fuzz_fail(#condition, __FILE__, __LINE__); \
	} while (0)
extern void fuzz_fail(const char *condition, const char *file, int line) __attribute__((noreturn));

/* Reading an input bit by bit; behind its end there are zeros. */
typedef struct fuzz_input
{
	const uint8_t *bytes;
	size_t		left;
} fuzz_input;

static inline unsigned
fuzz_byte(fuzz_input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->bytes++;
}

static inline uint64_t
fuzz_word(fuzz_input *in, int bytes)
{
	uint64_t	word = 0;
	int			i;

	for (i = 0; i < bytes; i++)
		word = word << 8 | fuzz_byte(in);
	return word;
}

/* The first zero byte of a text, or its end: what follows is for other uses. */
static inline size_t
fuzz_text_size(const uint8_t *bytes, size_t size)
{
	const uint8_t *end = size == 0 ? NULL : memchr(bytes, 0, size);

	return end == NULL ? size : (size_t) (end - bytes);
}

#endif							/* JRN_FUZZ_H */
