/*
 * lu.h
 *		Dense linear systems: LU factorisation with partial pivoting.
 *
 * For unsymmetric systems such as (I - Q) x = r of an absorbing Markov chain;
 * symmetric positive definite ones have a Cholesky of their own.  Textbook
 * algorithm (Golub and Van Loan, Matrix Computations, 3.4).
 *
 * R-LU-1	Matrices are row-major n x n, element (i, j) at i n + j.
 * R-LU-2	In each column the pivot is the entry of largest magnitude, the first
 *			row of several: the answer has the same bits on every machine.
 * R-LU-3	A pivot not above n 2^-52 times the largest magnitude of its column
 *			in the given matrix is no pivot: JRN_SINGULAR, and singular_column
 *			names the column.  Scaling a column does not change the verdict.
 * R-LU-4	A NaN or infinity in the matrix gives JRN_NONFINITE.
 */
#ifndef JRN_LU_H
#define JRN_LU_H

#include "env.h"

typedef struct jrn_lu
{
	size_t		n;
	double	   *factors;		/* L below the diagonal (unit), U on and above */
	size_t	   *pivots;			/* row k was exchanged with row pivots[k] >= k */
	int			sign;			/* of the determinant: -1 or 1, 0 if singular */
	double		log_abs_det;	/* ln |determinant| */
	size_t		singular_column;	/* valid after JRN_SINGULAR */
} jrn_lu;

/*
 * Factor matrix (left as it is).  Memory n^2 doubles, time O(n^3).
 */
extern jrn_status jrn_lu_factor(const jrn_env *env, const double *matrix, size_t n,
								jrn_lu *lu);

/*
 * Solve A x = b or A' x = b in place: b becomes x.  lu comes from a call that
 * returned JRN_OK.  O(n^2).
 */
extern jrn_status jrn_lu_solve(const jrn_env *env, const jrn_lu *lu, double *b);
extern jrn_status jrn_lu_solve_transposed(const jrn_env *env, const jrn_lu *lu, double *b);

#endif							/* JRN_LU_H */
