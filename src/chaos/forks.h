/*
 * forks.h
 *		Does what happens next go with the final outcome?  One test per
 *		touchpoint, over customers.
 *
 * A customer counts once per touchpoint, with the event after the first visit
 * ("the end" is one such event) and the final outcome; counting every visit
 * would take one customer for several and reject too often (.11 instead of
 * .05).  Censored customers do not count.
 *
 * Source: reference/chaos.md 4.6.  Requirements:
 *
 * R-FORK-1	Yes/no outcomes: G = 2 sum O ln(O / E) over next event x outcome;
 *			chi-square with (next events - 1) degrees of freedom when every
 *			expected count is at least 5, otherwise outcomes are permuted over
 *			the customers: p = (1 + at least as large) / (1 + permutations).
 * R-FORK-2	Numeric outcomes: between-group sum of squares of the outcome by
 *			next event; F test when every next event has at least 30 customers,
 *			otherwise the same permutation.
 * R-FORK-3	Less than two next events, or the same outcome for everybody: no
 *			p-value (NaN).
 * R-FORK-4	Permutations are drawn from counters under derive(seed, 'fork',
 *			touchpoint): as hypergeometric tables for yes/no outcomes, by
 *			drawing without replacement for numeric ones.
 * R-FORK-5	q-values after Benjamini and Hochberg over the tests that exist.
 * R-FORK-6	The effect of the first touch (omega squared) is tested by
 *			permutations of the outcomes whatever the sizes of the groups.
 */
#ifndef JRN_FORKS_H
#define JRN_FORKS_H

#include "contingency.h"
#include "../maps/map.h"

/* A touchpoint number for the test of the first event itself. */
#define JRN_FORK_FIRST_TOUCH (-1)

#define JRN_FORK_PERMUTATIONS 999

typedef struct jrn_forks
{
	const jrn_map *map;
	double		mean;			/* of the known outcomes, scaled; 0 for yes/no */
	jrn_fork_cell *cells;		/* k rows of k + 1 next events, the last is the
								 * end; outcomes are scaled, less the mean */
	jrn_fork_cell *first;		/* k: by first event */
} jrn_forks;

/* One pass over the journeys of a finished map. */
extern jrn_status jrn_forks_count(const jrn_env *env, const jrn_map *map, jrn_forks *forks);

/*
 * p-value of one touchpoint, or of the first touch.  O(k), and with
 * permutations O(permutations * k) for yes/no outcomes, O(permutations *
 * customers) for numeric ones.
 */
extern jrn_status jrn_forks_test(const jrn_env *env, const jrn_forks *forks, int32_t touchpoint,
								 int32_t permutations, uint64_t seed, double *p_value);

/*
 * p-value of the first touch by permutations alone, of omega squared (which
 * grows with the sum of squares between groups, R-FORK-6).
 */
extern jrn_status jrn_forks_permute(const jrn_env *env, const jrn_forks *forks,
									int32_t permutations, uint64_t seed, double *p_value);

/*
 * Share of the outcome's variance that groups explain, corrected for chance:
 * (SSB - (g - 1) MSW) / (SST + MSW) (reference 4.5).  NaN when it is not
 * defined: fewer than two groups, no degree of freedom left, no variance.
 */
extern double jrn_omega_squared(const jrn_fork_cell *cells, size_t count);

#endif							/* JRN_FORKS_H */
