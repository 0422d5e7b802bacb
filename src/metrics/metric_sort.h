/*
 * metric_sort.h
 *		Sorting scores: the one sort under every metric of ranks.
 *
 * R-SORT-1	The order is that of the numbers; -0.0 equals 0.0.  Scores are not
 *			NaN (checked by the caller), so the order is total.
 * R-SORT-2	Rows of equal score are one group: what is computed from a group
 *			must not depend on the order within it.
 */
#ifndef JRN_METRIC_SORT_H
#define JRN_METRIC_SORT_H

#include <string.h>

#include "../core/env.h"

typedef struct jrn_score
{
	uint64_t	key;			/* the score as an integer of the same order */
	uint64_t	payload;
} jrn_score;

/* R-SORT-1: flip all bits of negative numbers, the sign bit of the others. */
static inline uint64_t
jrn_score_key(double score)
{
	uint64_t	bits;

	score += 0.0;				/* -0.0 becomes 0.0 */
	memcpy(&bits, &score, sizeof(bits));
	return (bits >> 63) != 0 ? ~bits : bits | (UINT64_C(1) << 63);
}

/*
 * Sort rows by key, ascending, stable.  O(n): one counting pass and at most
 * eight moving passes; as much scratch memory as the rows.
 */
extern jrn_status jrn_score_sort(const jrn_env *env, jrn_score *rows, size_t n);

#endif							/* JRN_METRIC_SORT_H */
