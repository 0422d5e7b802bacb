/*
 * moments.h
 *		Counts, means and centred co-moments of (x, y): all that squared loss
 *		needs to know about a set of rows.
 *
 * R-MOM-1	m = sum of w (z - mean)(z - mean)', never raw sums: nothing cancels
 *			for columns with a large mean.
 * R-MOM-2	Merging a and b (Chan, Golub, LeVeque 1983): with d = mean_b -
 *			mean_a, mean = mean_a + d w_b/w, m = m_a + m_b + d d' w_a w_b/w.
 *			A training set is the merge of the other cells, never a
 *			difference.
 * R-MOM-3	A constant column has co-moments of exactly 0.
 */
#ifndef JRN_MOMENTS_H
#define JRN_MOMENTS_H

#include "design.h"

typedef struct jrn_moments
{
	size_t		q;				/* variables: p columns, then y */
	int64_t		n;				/* rows */
	double		w;				/* sum of weights; n without weights */
	double	   *mean;			/* [q], relative to the origin if there is one */
	double	   *m;				/* packed lower triangle [q (q + 1) / 2] */
} jrn_moments;

/*
 * Columns of one block made ready for cross-products.  Means are kept
 * relative to an origin per variable, so that they have digits left where a
 * column is far from zero and narrow.
 */
typedef struct jrn_moment_scratch
{
	size_t		q;
	const double *origin;		/* [q], or NULL for zero */
	double	   *centred;		/* q columns of JRN_BLOCK_ROWS */
	double	   *weighted;		/* the same times the weight */
	jrn_moments block;
} jrn_moment_scratch;

/* Sets of count moments of q variables, all empty. */
extern jrn_status jrn_moments_alloc(const jrn_env *env, size_t count, size_t q, jrn_moments **out);
extern void jrn_moments_clear(jrn_moments *moments);
extern jrn_status jrn_moments_scratch(const jrn_env *env, size_t q, jrn_moment_scratch *scratch);

/* into += from; either may be empty.  O(q^2). */
extern void jrn_moments_merge(jrn_moments *into, const jrn_moments *from);

/* into += the rows of a block; y enters less its offset.  O(rows q^2). */
extern void jrn_moments_add_tile(jrn_moments *into, const jrn_tile *tile,
								 jrn_moment_scratch *scratch);

/*
 * The squared-loss fit of y on the columns from moments.
 *
 * Columns are scaled by 1/w standard deviations: scale[j] = sqrt(m_jj / w).
 * With correlations C and r_j = m_jy / (w scale_j), b solves (C + lambda I) b
 * = r, which minimises 1/(2w) RSS + lambda/2 |b|^2 (the intercept is free).
 * beta_j = b_j / scale_j predicts y as mean_y + sum beta_j (x_j - mean_j).
 */
typedef struct jrn_linear_fit
{
	size_t		p;
	size_t		rank;			/* kept columns, without the intercept */
	bool	   *kept;			/* [p] */
	double	   *scale;			/* [p] */
	double	   *beta;			/* [p], 0 where not kept */
	double	   *factor;			/* Cholesky factor of C + lambda I, packed [p] */
} jrn_linear_fit;

/* Relative pivot below which a column counts as dependent. */
#define JRN_ALIAS_TOLERANCE 1e-10

extern jrn_status jrn_linear_alloc(const jrn_env *env, size_t p, jrn_linear_fit *fit);
extern jrn_status jrn_linear_solve(const jrn_env *env, const jrn_moments *moments,
								   double lambda, jrn_linear_fit *fit);

#endif							/* JRN_MOMENTS_H */
