/*
 * first_touch.h
 *		How much of the outcome the first event tells, asked directly, and what
 *		a first-order map makes of it.
 *
 * Source: reference/chaos.md 4.5.  Requirements:
 *
 * R-FT-1	n customers with an outcome, in so many categories of first events;
 *			omega squared of the outcome by category (jrn_omega_squared), which
 *			unlike eta squared is 0 on average when there is no effect; it can
 *			be negative.
 * R-FT-2	The p-value comes from permutations of the outcomes (R-FORK-6).
 * R-FT-3	markov_share is the first-touch share of the first-order map of all
 *			customers (R-SHARE-1); memory_gap = omega squared less that.
 * R-FT-4	status, the first that holds: no_outcome, too_few (fewer than two
 *			customers with an outcome, or no more than categories), one_class,
 *			one_category: no effect exists; then rare_ends (the map cannot be
 *			solved: no share, no gap), low_n, censored, memory_gap as in
 *			R-SHARE-6 and R-SHARE-7, ok.
 */
#ifndef JRN_FIRST_TOUCH_H
#define JRN_FIRST_TOUCH_H

#include "share.h"

typedef struct jrn_first_touch
{
	int64_t		n;
	int32_t		categories;
	double		omega_squared;	/* figures that do not exist are NaN */
	double		markov_share;
	double		memory_gap;
	double		p;
	const char *status;
} jrn_first_touch;

/*
 * Of a finished map.  O(events + k^3), and permutations of O(categories) for
 * yes/no outcomes, O(n) for numeric ones.
 */
extern jrn_status jrn_first_touch_effect(const jrn_env *env, const jrn_map *map, int32_t permutations,
										 uint64_t seed, jrn_first_touch *effect);

#endif							/* JRN_FIRST_TOUCH_H */
