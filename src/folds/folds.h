/*
 * folds.h
 *		Deterministic fold assignment over hashed groups (pure core).
 *
 * A group (customer, household) goes into one fold as a whole.  Definitions
 * and guarantees: reference/validation.md 1.3 and 1.4.
 *
 * R-FOLD-1	hash: fold = 1 + floor(H * k / 2^64) of the group's own hash; stable
 *			for ever, balanced in expectation only.
 * R-FOLD-2	ntile: groups in order of (H, canonical bytes); a group with w rows
 *			behind B rows of N gets 1 + floor(k (2B + w) / (2N)), in integers.
 * R-FOLD-3	neither depends on the order in which groups arrive.
 */
#ifndef JRN_FOLDS_H
#define JRN_FOLDS_H

#include "../core/env.h"

/* Fold of a group by R-FOLD-2; rows_before + rows_own <= rows_all < 2^53. */
static inline int32_t
jrn_fold_ntile(int64_t rows_before, int64_t rows_own, int64_t rows_all, int32_t k)
{
	unsigned __int128 numerator;

	numerator = (unsigned __int128) (2 * rows_before + rows_own) * (unsigned __int128) k;
	return 1 + (int32_t) (numerator / (unsigned __int128) (2 * rows_all));
}

#endif							/* JRN_FOLDS_H */
