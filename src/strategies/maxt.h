/*
 * maxt.h
 *		Critical values that hold for many differences at once, from draws of
 *		correlated normals (pure core).
 *
 * Values of J strategies have a covariance; differences of them divided by
 * their standard errors have a distribution whose largest absolute value is
 * drawn (max-t; Hothorn, Bretz and Westfall 2008).
 *
 * R-MAX-1	10,000 draws, each a function of (seed, number of the draw) alone;
 *			the critical value is their quantile at the level.
 * R-MAX-2	With finite df every draw is divided by sqrt(chi-square_df / df):
 *			the multivariate t.
 * R-MAX-3	One single difference has the critical value of its own t, without
 *			draws.
 * R-MAX-4	Differences without variance take no part.
 */
#ifndef JRN_MAXT_H
#define JRN_MAXT_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_MAXT_DRAWS 10000

typedef struct jrn_maxt
{
	double		against_baseline;	/* NaN: no difference */
	double		all_pairs;
} jrn_maxt;

/*
 * covariance[arms arms] of the values; usable[arms]; the baseline counts when
 * it is usable.  df may be infinite.  O(arms^3 + draws arms^2).
 */
extern jrn_status jrn_maxt_critical(const jrn_env *env, const double *covariance, int arms,
									const bool *usable, int baseline, double df, uint64_t seed,
									double level, jrn_maxt *out);

#endif							/* JRN_MAXT_H */
