/*
 * jackknife.h
 *		Standard errors of least squares from moments by cell, by leaving out
 *		one cell at a time (pure core).
 *
 * R-JCK-1	With J cells and theta_j the coefficients without cell j, the variance
 *			is (J - 1)/J sum_j (theta_j - mean)(theta_j - mean)' (Tukey 1958; for
 *			groups Wolter, Introduction to Variance Estimation, 2007).  Where
 *			whole customers lie in cells this is a clustered standard error.
 * R-JCK-2	Rows without cell j are a merge of the other cells, never a
 *			difference.
 * R-JCK-3	A term that some of the J fits cannot carry, while all rows can, has
 *			no standard error.
 */
#ifndef JRN_JACKKNIFE_H
#define JRN_JACKKNIFE_H

#include "moments.h"

/*
 * Coefficients of all rows, intercept first, and their standard errors: both
 * [q], NaN where there is none.  sets[count] have q variables.  O(count q^3).
 */
extern jrn_status jrn_jackknife(const jrn_env *env, const jrn_moments *sets, size_t count,
								double *estimate, double *std_error);

#endif							/* JRN_JACKKNIFE_H */
