/*
 * rate_folds.h
 *		Priorities that come from several models, each fitted without one fold,
 *		on one scale (pure core).
 *
 * R-RFO-1	The priority of a row becomes the share of the rows of its fold that
 *			lie below it, a tie counting half: (2 b + w)/(2 n) with b rows below
 *			and w equal.  The level of a model fitted without a fold and the
 *			level of that fold are negatively related by construction: pooled
 *			raw priorities that know nothing rank worse than chance.
 * R-RFO-2	The models share training rows, so folds are not independent (see
 *			effect_groups.h, R-EGR-3).  Errors are multiplied by the root of 1 +
 *			noise: noise = sum of squared errors of the priorities over the sum
 *			of their squared deviations from the mean of the fold; 1 where
 *			errors are not known.
 * R-RFO-3	Sums do not depend on the order of rows.
 */
#ifndef JRN_RATE_FOLDS_H
#define JRN_RATE_FOLDS_H

#include "../core/env.h"

/*
 * priority becomes R-RFO-1 in place.  std_error NULL: not known.  fold: any
 * numbers.  *wider is the factor of errors; infinite where priorities do not
 * differ within folds.  O(n).
 */
extern jrn_status jrn_rate_by_fold(const jrn_env *env, size_t n, double *priority, const double *fold,
								   const double *std_error, double *wider);

#endif							/* JRN_RATE_FOLDS_H */
