/*
 * steering.h
 *		Where a journey should go next: the touchpoints after which the expected
 *		outcome is highest and lowest, and what moving customers would change.
 *
 * R-STEER-1	Candidates followed at least 20 times; the highest and lowest
 *				expected outcome b_j, shrunken towards the overall mean as
 *				(m b_j + 20 mean)/(m + 20) with m customers at j; ties to the
 *				first label.  None below two candidates.
 * R-STEER-2	gain per point = visits (b_best - b_worst)/100, unshrunken, in units
 *				of the outcome: what moving one percent of those who leave from
 *				the worst to the best would change, if those moved fared as the
 *				others do.
 *
 * Source: reference/chaos.md 4.2 and its table of indices.
 */
#ifndef JRN_STEERING_H
#define JRN_STEERING_H

#include "map.h"

/*
 * The gain, and the labels of best and worst; NaN and -1 without two
 * candidates.  followers: k counts of next touchpoints.  O(k).
 */
extern double jrn_steering(const jrn_map *map, const jrn_solution *solution, const uint32_t *followers,
						   double visits, int32_t *best, int32_t *worst);

#endif							/* JRN_STEERING_H */
