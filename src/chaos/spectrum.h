/*
 * spectrum.h
 *		Moduli of the eigenvalues of a real matrix that need not be symmetric.
 *
 * The graph of the entries that are not zero is split into strongly connected
 * parts; the eigenvalues of the matrix are those of its parts, so that a map
 * without ways back has exact zeros.  A part goes to Hessenberg form by
 * reflections and through double-shift QR steps (Francis 1961; Golub and Van
 * Loan, Matrix Computations, 7.4 and 7.5).
 *
 * R-SPE-1	Moduli fall from first to last.
 * R-SPE-2	An entry that is not finite gives JRN_NONFINITE; a part whose
 *			iteration does not settle JRN_NO_CONVERGENCE.
 * R-SPE-3	Plain loops in a fixed order: the bits are a function of the matrix.
 */
#ifndef JRN_SPECTRUM_H
#define JRN_SPECTRUM_H

#include "../core/env.h"

/* matrix[n * n] row by row, unchanged; moduli[n] are the caller's.  O(n^3). */
extern jrn_status jrn_spectrum_moduli(const jrn_env *env, const double *matrix, size_t n,
									  double *moduli);

#endif							/* JRN_SPECTRUM_H */
