/*
 * fft.h
 *		Discrete Fourier transform of real series whose length has no prime
 *		factor above 5, and cosines and sines of rational turns.
 *
 * X_k = sum over t of x_t exp(-2 pi i k t / n).  Stockham's self-sorting form
 * (Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992,
 * chapter 1.7) with radices 4, 2, 3 and 5; a series of even length is packed
 * into a complex one of half the length.
 *
 * R-FFT-1	The bits depend on the series alone: no library sine or cosine, one
 *			order of operations, and no contraction (see the Makefile).
 * R-FFT-2	Errors are a small multiple of 2^-53 log2(n) times the root of the
 *			sum of squares.
 * R-FFT-3	inverse(forward(x)) is x up to that error.
 * R-FFT-4	A length of 0 or with another prime factor is JRN_DOMAIN, one above
 *			JRN_FFT_MAX JRN_LIMIT.
 */
#ifndef JRN_FFT_H
#define JRN_FFT_H

#include "env.h"

#define JRN_FFT_MAX ((size_t) 1 << 28)
#define JRN_FFT_MAX_FACTORS 32

typedef struct jrn_fft
{
	size_t		n;				/* length of the real series */
	size_t		m;				/* of the complex transform behind it */
	int			factors;
	int			factor[JRN_FFT_MAX_FACTORS];
	double	   *cosine;			/* of 2 pi k / n, k < n */
	double	   *sine;
	double	   *re[2];			/* m each: a pass reads one pair and writes the other */
	double	   *im[2];
} jrn_fft;

/* Coefficients of a real series that are not mirrored: 0 .. n / 2. */
static inline size_t
jrn_fft_coefficients(size_t n)
{
	return n / 2 + 1;
}

/* No prime factor above 5; n at least 1. */
extern int	jrn_fft_is_smooth(size_t n);

/* The nearest such length that is not larger (n >= 1), or not smaller. */
extern size_t jrn_fft_length_below(size_t n);
extern size_t jrn_fft_length_above(size_t n);

/* Cosine and sine of k/n of a full turn, to a unit in the last place; n <= 2^50. */
extern void jrn_turn(uint64_t k, uint64_t n, double *cosine, double *sine);

/* Tables and room for a length.  O(n). */
extern jrn_status jrn_fft_init(const jrn_env *env, size_t n, jrn_fft *fft);
extern void jrn_fft_release(const jrn_env *env, jrn_fft *fft);

/* x[n] to re, im[n / 2 + 1].  O(n log n). */
extern jrn_status jrn_fft_forward(const jrn_env *env, jrn_fft *fft, const double *x,
								  double *re, double *im);

/*
 * The real series of the coefficients 0 .. n / 2, the others being their
 * mirror; imaginary parts of 0 and (n even) n / 2 are ignored.
 */
extern jrn_status jrn_fft_inverse(const jrn_env *env, jrn_fft *fft, const double *re,
								  const double *im, double *x);

#endif							/* JRN_FFT_H */
