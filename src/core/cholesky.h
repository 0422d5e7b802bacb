/*
 * cholesky.h
 *		Cholesky factor of a packed symmetric matrix, skipping the columns
 *		that depend on earlier ones.
 *
 * R-CHO-1	Columns are taken in the given order, without pivoting: of a
 *			dependent set the later column is dropped, as a reader of the
 *			formula expects.
 * R-CHO-2	Column j is skipped when its pivot, relative to its diagonal, is
 *			not above the tolerance: 1 - R^2 of j on the kept columns before
 *			it.  A diagonal that is not positive is skipped too.
 * R-CHO-3	Skipped columns take no part in solutions (0) and inverses (0).
 *
 * Matrices are lower triangles packed by rows: (i, j), j <= i, lies at
 * i (i + 1) / 2 + j.
 */
#ifndef JRN_CHOLESKY_H
#define JRN_CHOLESKY_H

#include <stdbool.h>

#include "env.h"

/*
 * Factor a in place.  On entry kept[j] false forces column j out; on return
 * it is true for the columns in the factor.  *rank counts them.  O(n rank^2).
 */
extern jrn_status jrn_cholesky(const jrn_env *env, double *a, size_t n, double tolerance,
							   bool *kept, size_t *rank);

/* Solve L L' x = b in place; entries of skipped columns become 0. */
extern void jrn_cholesky_solve(const double *l, size_t n, const bool *kept, double *b);

/* Packed inverse of the kept part, 0 elsewhere.  O(n^3). */
extern jrn_status jrn_cholesky_inverse(const jrn_env *env, const double *l, size_t n,
									   const bool *kept, double *inverse);

#endif							/* JRN_CHOLESKY_H */
