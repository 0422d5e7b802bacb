/*
 * descent.h
 *		Coordinate descent on a quadratic with an absolute penalty (pure core):
 *		the inner solver of lasso and elastic net.
 *
 * Minimises, over the kept coordinates,
 *
 *		1/2 b'Hb - g'b + strength * sum_j f_j (alpha |b_j| + (1 - alpha)/2 b_j^2)
 *
 * with H symmetric, positive semi-definite and packed by rows.  One coordinate
 * at a time has the closed form S(g_j - sum_{l != j} H_jl b_l, strength alpha
 * f_j) / (H_jj + strength (1 - alpha) f_j), S soft thresholding.
 *
 * R-CD-1	Sweeps go over the coordinates in order; between two sweeps over all
 *			of them only those that are not 0 are swept until they settle.
 * R-CD-2	The end is decided by the conditions of the optimum, not by short
 *			steps: with r = g - Hb, |r_j - strength (1 - alpha) f_j b_j - sign(b_j)
 *			strength alpha f_j| for b_j != 0, and max(0, |r_j| - strength alpha
 *			f_j) for b_j = 0, are all at most tolerance times sqrt(H_jj) times
 *			the largest |g_j| / sqrt(H_jj).
 * R-CD-3	r is kept up to date by columns of H and computed afresh before the
 *			conditions are judged, so its rounding does not pile up.
 * R-CD-4	Coordinates that depend on each other settle slowly; then the linear
 *			equations of the present signs are solved by Cholesky, as far as
 *			the signs hold.  Sweeps find the pattern, the equations the digits.
 */
#ifndef JRN_DESCENT_H
#define JRN_DESCENT_H

#include <stdbool.h>

#include "../core/env.h"

typedef struct jrn_descent
{
	size_t		n;
	const double *h;			/* packed lower triangle [n] */
	const double *g;			/* [n] */
	const bool *kept;			/* [n] coordinates in the problem, NULL: all; others stay as they are, at 0 */
	const double *factor;		/* [n] f: 0 leaves a coordinate free; NULL: all 1 */
	double		strength;		/* lambda, times the sum of weights where H is not divided by it */
	double		alpha;			/* share of the absolute part */
	double		tolerance;		/* of R-CD-2, such as 1e-12 */
	int			max_sweeps;		/* over all or active coordinates */
} jrn_descent;

/* Scratch for problems of up to n coordinates. */
typedef struct jrn_descent_scratch
{
	double	   *r;				/* [n] g - Hb */
	double	   *target;			/* [n] minimum of a face */
	size_t	   *active;			/* [n] */
} jrn_descent_scratch;

extern jrn_status jrn_descent_alloc(const jrn_env *env, size_t n, jrn_descent_scratch *scratch);

/*
 * b is the start on entry (zeros, or the neighbour on a path) and the minimum
 * on return; b of coordinates that are not kept must be 0.  *sweeps counts
 * them; *converged tells whether R-CD-2 holds.  O(n) per changed coordinate.
 * A coordinate without curvature (H_jj and its quadratic penalty are 0) is
 * left at 0.
 */
extern jrn_status jrn_descent_run(const jrn_env *env, const jrn_descent *problem,
								  jrn_descent_scratch *scratch, double *b, int *sweeps,
								  bool *converged);

/* The smallest strength at which every coordinate with f > 0 is 0, given r at that point. */
extern double jrn_descent_max_strength(const jrn_descent *problem, const double *r);

#endif							/* JRN_DESCENT_H */
