/*
 * pairs.h
 *		A dictionary of pairs of touchpoints: small numbers in order of first
 *		appearance.
 *
 * R-PAIR-1	Up to JRN_PAIRS_DENSE labels a pair is found by its place in a square
 *			table, above by open addressing.
 * R-PAIR-2	At most JRN_PAIRS_MAX pairs: JRN_LIMIT.  With what callers keep of a
 *			pair that is about 400 MB.
 */
#ifndef JRN_PAIRS_H
#define JRN_PAIRS_H

#include "../core/env.h"

#define JRN_PAIRS_DENSE 1024
#define JRN_PAIRS_MAX (4 * 1024 * 1024)

typedef struct jrn_pair
{
	uint32_t	source;
	uint32_t	target;
} jrn_pair;

typedef struct jrn_pairs
{
	const jrn_env *env;
	size_t		most;			/* JRN_PAIRS_MAX; tests lower it */
	uint32_t	labels;			/* sources and targets are below it; 0: any */
	uint32_t   *slots;			/* number + 1; 0: free */
	size_t		slot_count;
	jrn_pair   *list;			/* by number */
	size_t		count;
	size_t		capacity;
} jrn_pairs;

/* labels 0: sources and targets may be any numbers. */
extern jrn_status jrn_pairs_begin(jrn_pairs *pairs, const jrn_env *env, uint32_t labels);

extern jrn_status jrn_pairs_add(jrn_pairs *pairs, uint32_t source, uint32_t target, uint32_t *number);

/* Number of a pair, new or known. */
static inline jrn_status
jrn_pairs_number(jrn_pairs *pairs, uint32_t source, uint32_t target, uint32_t *number)
{
	if (pairs->labels != 0)
	{
		uint32_t	known = pairs->slots[(size_t) source * pairs->labels + target];

		if (known != 0)
		{
			*number = known - 1;
			return JRN_OK;
		}
	}
	return jrn_pairs_add(pairs, source, target, number);
}

#endif							/* JRN_PAIRS_H */
