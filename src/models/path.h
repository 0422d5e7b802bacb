/*
 * path.h
 *		Squared loss under a list of penalty strengths, from moments alone, and
 *		the held-out error from moments of the held-out rows (pure core).
 *
 * The objective is that of model.h: 1/(2w) RSS + lambda (alpha |b|_1 + (1 -
 * alpha)/2 |b|_2^2), b on columns scaled with 1/w variances, intercept free,
 * target not scaled.
 *
 * R-PATH-1	lambda 0, and every lambda without a penalty, is least squares by
 *			jrn_linear_solve: of dependent columns the later is left out.  With
 *			a penalty dependent columns share, and only constant ones are out.
 * R-PATH-2	ridge (and alpha 0): one eigendecomposition of the correlations, then
 *			O(p^2) a strength.  Strengths below 1e-8 go to jrn_linear_solve, as
 *			the small eigenvalues have no digits left beside them.
 * R-PATH-3	lasso and elastic net: coordinate descent (descent.h) on the
 *			correlations down from the strength at which all is 0, each start
 *			being the solution before; strengths further apart than a factor of
 *			2 get steps in between, so a solution hardly depends on its list.
 * R-PATH-4	Degrees of freedom of the slopes: rank; sum d/(d + lambda) over the
 *			eigenvalues; the number of slopes that are not 0 (Zou, Hastie and
 *			Tibshirani 2007; for the elastic net an upper bound).
 * R-PATH-5	Held-out error of slopes b from a training set R on rows T: with d =
 *			(my_T - my_R) - (mx_T - mx_R)'b it is M_yy - 2 b'M_xy + b'M_xx b +
 *			w_T d^2.  Where that is below 1e-8 of what it is the difference of,
 *			its digits are gone: take it from the rows.
 * R-PATH-6	The default list: 100 strengths falling evenly in the logarithm from
 *			max |r_j| / max(alpha, 0.001), the smallest at which all slopes are
 *			0, to 1e-4 of it (1e-2 with fewer rows than columns).
 */
#ifndef JRN_PATH_H
#define JRN_PATH_H

#include "descent.h"
#include "model.h"
#include "moments.h"

#define JRN_GRID_STRENGTHS 100

typedef struct jrn_path
{
	size_t		p;
	int			most;			/* strengths there is room for */
	int			count;
	bool	   *kept;			/* [p] columns in the fits (R-PATH-1) */
	double	   *scale;			/* [p] 1/w standard deviations */
	double	   *beta;			/* [count p], on the scale of the columns; 0 where out */
	double	   *df;				/* [count] R-PATH-4, without the intercept */
	bool	   *converged;		/* [count] */

	/* scratch */
	jrn_linear_fit linear;
	jrn_descent_scratch descent;
	double	   *c;				/* correlations of the kept columns, packed */
	double	   *r;				/* their correlations with y, times its sd */
	double	   *b;				/* a solution on the scale of c */
	double	   *values;			/* eigenvalues */
	double	   *vectors;		/* [p p] */
	double	   *along;			/* r in the directions of the vectors */
	size_t	   *column;			/* kept columns */
	int		   *order;			/* strengths from large to small */
} jrn_path;

/* Room for up to most strengths on p columns; may serve many training sets. */
extern jrn_status jrn_path_alloc(const jrn_env *env, size_t p, int most, jrn_path *path);

/*
 * Solve for lambdas[count], finite and not negative, in any order; row l of
 * beta belongs to lambdas[l].  A training set without rows gives slopes 0.
 * alpha is the share of the absolute part and matters for the elastic net
 * only.  Firth's penalty is JRN_DOMAIN.
 */
extern jrn_status jrn_gaussian_path(const jrn_env *env, const jrn_moments *train,
									jrn_penalty penalty, double alpha,
									const double *lambdas, int count, jrn_path *path);

/*
 * One strength as a single fit wants it: fit has the slopes and the Cholesky
 * factor of the columns in fit->kept, which are those that are not 0 after a
 * lasso or elastic net.  present[p] are the columns in the sense of R-PATH-1.
 */
extern jrn_status jrn_gaussian_solve(const jrn_env *env, const jrn_moments *moments,
									 jrn_penalty penalty, double alpha, double lambda,
									 jrn_linear_fit *fit, bool *present, bool *converged);

/*
 * R-PATH-5, never negative.  Means of both sets are relative to the same
 * origin.  *lost (may be NULL) tells that the digits are gone.  O(p^2).
 */
extern double jrn_moments_sse(const jrn_moments *test, const double *beta,
							  const jrn_moments *train, bool *lost);

/* Sum of squared deviations of the rows of test from the mean of train. */
extern double jrn_moments_null_sse(const jrn_moments *test, const jrn_moments *train);

/* R-PATH-6: fill lambdas[count]. */
extern void jrn_lambda_grid(const jrn_moments *total, double alpha, int count, double *lambdas);

#endif							/* JRN_PATH_H */
