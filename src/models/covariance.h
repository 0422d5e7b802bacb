/*
 * covariance.h
 *		Standard errors that survive unequal variances and repeated customers
 *		(R-FIT-4 in fit.h).
 *
 * After White 1980, MacKinnon and White 1985 (hc1 to hc3), and Liang and
 * Zeger 1986 for clusters with the small-sample factor usually called CR1.
 */
#ifndef JRN_COVARIANCE_H
#define JRN_COVARIANCE_H

#include "engine.h"

/*
 * Inside covariance of theta, packed.  inverse_hessian is that of the fit,
 * rank its number of kept terms with the intercept.  One pass over the rows;
 * O(rows q^2).  Cluster errors need rows of a cluster to be adjacent, as they
 * are in the design's own blocks.
 */
extern jrn_status jrn_robust_covariance(jrn_engine *engine, jrn_errors errors, const double *theta,
										const double *inverse_hessian, int64_t rank,
										double *covariance);

#endif							/* JRN_COVARIANCE_H */
