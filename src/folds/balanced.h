/*
 * balanced.h
 *		Folds of whole groups that are even in rows and in strata: a greedy rule
 *		in integers (pure core of assign_folds 'balanced' and of
 *		cross-validation).
 *
 * Definition: reference/validation.md 1.4.  Groups are dealt one after the
 * other, the large ones first, each into the fold where
 *		sum over folds R_f^2 / N^2 + sum over strata and folds P_fc^2 / N_c^2
 * grows least; R_f are the rows of fold f, P_fc its rows of stratum c, N and
 * N_c the totals.
 *
 * R-BAL-1	Repeat 1 deals by rows descending, counts of the strata descending
 *			(first stratum first), hash, key bytes; later repeats by size class
 *			floor(log2 rows) descending, groups of one row by counts descending,
 *			hash under their seed, key bytes.
 * R-BAL-2	One stratum: (s^2 + 2 R_f s) N_c^2 + (q^2 + 2 P_fc q) N^2 is compared
 *			in 128 bit, exactly, up to 2^31 rows.  Several strata, or more rows:
 *			2^20 (s^2 + 2 R_f s) + sum W_c (q_c^2 + 2 P_fc q_c) with the fixed
 *			integers W_c = floor(2^20 N^2 / N_c^2), up to 2^48 rows.
 * R-BAL-3	No fold is empty when there are at least k groups: every term of a
 *			fold without rows is at most that of any other, the row term less.
 * R-BAL-4	Equal folds: the first in a scan that starts at the fold of the
 *			group's hash under the rotation seed and wraps around.
 * R-BAL-5	The order in which groups are given does not matter.
 * R-BAL-6	Groups of one row each, every class of one column a stratum (two of
 *			them for a yes or no), rarest first: rows and every class are within
 *			one of their share in every fold of every repeat.  With the positives alone as the
 *			one stratum, that holds for rows and positives only.
 */
#ifndef JRN_BALANCED_H
#define JRN_BALANCED_H

#include "assign.h"

/* The most strata; they are counted densely. */
#define JRN_MAX_STRATA 1000

typedef struct jrn_balanced_groups
{
	jrn_fold_groups groups;		/* hashes under the repeat's seed; rows at least 1 */
	const uint64_t *turns;		/* hashes under jrn_seed_of_rotation(seed, repeat) */
	size_t		strata;			/* 0: rows only */
	const int64_t *counts;		/* of group i and stratum c at i * strata + c */
} jrn_balanced_groups;

/* Seed of the hashes that R-BAL-4 starts from. */
extern uint64_t jrn_seed_of_rotation(uint64_t seed, int32_t repeat);

/*
 * The fold 1..k of every group, in the order the groups are given in.
 *
 * JRN_DOMAIN when k is not in 1..n, a group has no rows, or a count is not in
 * 0..rows; JRN_LIMIT above JRN_MAX_STRATA or from 2^48 rows on.  No groups
 * give JRN_OK.  O(n log n + n k (1 + strata)).
 */
extern jrn_status jrn_assign_balanced(const jrn_env *env, int32_t k, int32_t repeat,
									  const jrn_balanced_groups *of, int32_t *folds);

#endif							/* JRN_BALANCED_H */
