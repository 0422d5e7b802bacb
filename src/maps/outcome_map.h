/*
 * outcome_map.h
 *		What outcome to expect from each touchpoint on: absorption probabilities
 *		of the journey map, or expected values for a numeric outcome.
 *
 * Source: reference/chaos.md 4.1, 4.2; chain.h.
 *
 * R-OMAP-1	The estimate is the chain of the counted shares, not smoothed: where
 *			every journey has its outcome, the expectation over first
 *			touchpoints is the observed mean.
 * R-OMAP-2	Intervals: 2.5 % and 97.5 % of Poisson bootstrap replicates over
 *			customers (of the smoothed chain, R-MAP-2).  A yes/no outcome with
 *			fewer than 50 known customers at the touchpoint, or whose
 *			replicates do not vary, gets Wilson's interval with those customers
 *			instead: replicates of the same few customers look too sure.
 * R-OMAP-3	status: ok; low_n below 50 known customers; no_end where no observed
 *			way leads to an outcome; for the whole source one_class (all
 *			outcomes equal: no interval), no_outcome, rare_ends (the equations
 *			cannot be solved).
 */
#ifndef JRN_OUTCOME_MAP_H
#define JRN_OUTCOME_MAP_H

#include "map.h"

typedef struct jrn_outcome_row
{
	double		expected;		/* probability, or mean outcome; NaN: none */
	double		low;
	double		high;
	double		gain;			/* per point, see steering.h */
	int32_t		best;			/* labels, -1: none */
	int32_t		worst;
	const char *status;
} jrn_outcome_row;

/*
 * Rows of all k touchpoints of a finished map (its smoothing is changed on the
 * way).  O(events replicates / 8 + k^3 replicates).
 */
extern jrn_status jrn_outcome_map(const jrn_env *env, jrn_map *map, int32_t replicates, uint64_t seed,
								  jrn_outcome_row **rows);

#endif							/* JRN_OUTCOME_MAP_H */
