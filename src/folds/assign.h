/*
 * assign.h
 *		Folds of whole groups, given all groups at once (pure core of
 *		assign_folds and of cross-validation).
 *
 * Definitions: folds.h and reference/validation.md 1.3, 1.4.  A group is a key
 * (customer, household) with its number of rows; the caller hashes keys under
 * the seed of the repeat, so that every repeat is another map.
 *
 * R-ASSIGN-1	The canonical order of groups is (hash, key bytes); folds and
 *				order do not depend on the order in which groups are given.
 * R-ASSIGN-2	hash deals by R-FOLD-1, ntile by R-FOLD-2.
 * R-ASSIGN-3	ntile: a fold's rows are within the rows of the largest group of
 *				N / k, and within one row where every group has one.
 */
#ifndef JRN_ASSIGN_H
#define JRN_ASSIGN_H

#include <stdbool.h>

#include "../core/env.h"

typedef enum jrn_deal_method
{
	JRN_DEAL_HASH,
	JRN_DEAL_NTILE
} jrn_deal_method;

/* Parallel arrays; keys are distinct. */
typedef struct jrn_fold_groups
{
	size_t		n;
	const uint64_t *hashes;		/* of the keys, under the repeat's seed */
	const char *const *keys;	/* canonical bytes */
	const size_t *key_sizes;
	const int64_t *rows;		/* at least 0; read by ntile only */
} jrn_fold_groups;

/* Byte order of the keys of two groups, a prefix first. */
extern bool jrn_group_bytes_before(const jrn_fold_groups *groups, size_t a, size_t b);

/*
 * The fold 1..k of every group, in the order the groups are given in; order,
 * unless NULL, gets the numbers of the groups in canonical order.
 *
 * JRN_DOMAIN when k is not in 1..n, when rows are negative or all of them 0
 * (ntile); JRN_LIMIT from 2^53 rows on.  No groups give JRN_OK.  O(n log n),
 * 16 bytes of memory a group; hash without order is O(n) and takes none.
 */
extern jrn_status jrn_folds_assign(const jrn_env *env, jrn_deal_method method, int32_t k,
								   const jrn_fold_groups *groups, size_t *order, int32_t *folds);

/* Hashes of n keys for a repeat (1, 2, ...) of a seed, as fold() takes them. */
extern jrn_status jrn_folds_hash(const jrn_env *env, size_t n, const char *const *keys,
								 const size_t *key_sizes, uint64_t seed, int32_t repeat,
								 uint64_t *hashes);

#endif							/* JRN_ASSIGN_H */
