/*
 * eigen.h
 *		All eigenvalues and eigenvectors of a symmetric matrix.
 *
 * Householder reflections to tridiagonal form, then implicit QL steps with
 * Wilkinson's shift (Golub and Van Loan, Matrix Computations, sections 8.3.1
 * and 8.3.3).
 *
 * R-EIG-1	Eigenvalues fall from first to last; their error, and that of the
 *			orthogonality of the vectors, is a small multiple of 2^-53 times
 *			the largest one, also where some are equal or 0.
 * R-EIG-2	The matrix is scaled by its largest entry first: no overflow for
 *			finite entries.  An entry that is not finite gives JRN_NONFINITE.
 * R-EIG-3	Plain loops in a fixed order: the bits are a function of the matrix.
 */
#ifndef JRN_EIGEN_H
#define JRN_EIGEN_H

#include "env.h"

/*
 * packed: lower triangle by rows [n (n + 1) / 2], unchanged.  values[n] and
 * vectors[n * n], one eigenvector a row, are the caller's.  O(n^3).
 */
extern jrn_status jrn_eigen(const jrn_env *env, const double *packed, size_t n,
							double *values, double *vectors);

#endif							/* JRN_EIGEN_H */
