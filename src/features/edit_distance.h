/*
 * edit_distance.h
 *		Levenshtein distance of two paths: the least number of insertions,
 *		deletions and replacements of touchpoints that turns one into the
 *		other (reference/journeys.md 5.4, distances).
 *
 * R-EDIT-1	The product of the lengths left after removing the common
 *			beginning and end is capped by JRN_EDIT_CELLS (JRN_LIMIT).
 */
#ifndef JRN_EDIT_DISTANCE_H
#define JRN_EDIT_DISTANCE_H

#include "../core/env.h"

/* About ten seconds of work; every millisecond of it can be cancelled. */
#define JRN_EDIT_CELLS UINT64_C(10000000000)

/* O(n m) time, O(min(n, m)) memory; lengths up to INT32_MAX. */
extern jrn_status jrn_edit_distance(const jrn_env *env, const uint32_t *a, size_t n,
									const uint32_t *b, size_t m, int64_t *out);

#endif							/* JRN_EDIT_DISTANCE_H */
