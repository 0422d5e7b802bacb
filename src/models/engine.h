/*
 * engine.h
 *		Passes over the blocks of a design in standardised coordinates: what
 *		fits, robust errors and cross-validation have in common.
 *
 * R-ENG-1	Inside, a row is z = (1, (x_1 - c_1)/s_1, ...), with c and s the
 *			weighted means and 1/w standard deviations of the whole design,
 *			whatever part of it is fitted: thus theta of different folds are
 *			comparable, and columns with large means lose no digits.
 * R-ENG-2	Outside, beta_j = theta_j / s_j and the intercept is theta_0 - sum
 *			c_j beta_j.
 * R-ENG-3	The penalised objective is 1/(2w) deviance + lambda/2 sum (s_j'
 *			beta_j)^2, s' the standard deviations of the rows fitted.
 * R-ENG-4	Columns far from zero are first taken relative to the first row in
 *			canonical order; so is y of squared loss, whose residuals are (y -
 *			offset - origin) - (eta - origin), never a difference of large
 *			numbers.
 * R-ENG-5	A parameter vector theta has m entries: the intercept, the slopes,
 *			then what a family has besides.  negative_binomial: theta[q] is its
 *			shape, which steps of the coefficients leave alone.  ordinal, with
 *			levels l_0 < ... < l_(m-p): P(y >= l_k) = logistic(a_k + z'b) with
 *			a_1 = theta[0] and a_2, a_3, ... from theta[q] on; a falls.  The
 *			thresholds that users see are -a.
 */
#ifndef JRN_ENGINE_H
#define JRN_ENGINE_H

#include "model.h"
#include "moments.h"

/* No cell is left out of a pass. */
#define JRN_NO_FOLD (-1)

/*
 * Which curvature of a row a pass takes.  They differ for negative_binomial
 * only: near the maximum steps converge fastest with the observed one, errors
 * come from the expected one, and far away the larger of both is safe.
 */
typedef enum jrn_curvature
{
	JRN_CURVATURE_OBSERVED,
	JRN_CURVATURE_EXPECTED,
	JRN_CURVATURE_LARGER
} jrn_curvature;

typedef struct jrn_engine
{
	const jrn_env *env;
	const jrn_design *design;
	jrn_store  *tiles;			/* the design's own or routed ones */
	jrn_family	family;
	size_t		p;
	size_t		q;				/* p + 1: with the intercept, which comes first */
	size_t		m;				/* parameters: q and those of R-ENG-5 */
	double	   *levels;			/* ordinal: the values of y in order */
	size_t		level_count;	/* how many there are; m - p + 1 unless it is below 2 */
	double	   *origin;			/* [q] x and, last, y - offset of the first row (R-ENG-4) */
	double	   *relative;		/* [p] centre less origin */
	double	   *center;			/* [p] */
	double	   *scale;			/* [p] */
	jrn_curvature which_curvature;
	bool	   *kept;			/* [m] columns that the whole design carries */
	bool	   *spread;			/* [p] columns that are not constant: others are 0 in z */

	/* scratch of one block */
	double	   *z;				/* q columns of JRN_BLOCK_ROWS */
	double	   *wz;
	double	   *eta;
	double	   *mu;				/* prediction on the response scale */
	double	   *loss;			/* what a row adds to the deviance; half of it for binomial and ordinal */
	double	   *residual;		/* y - mu, without cancellation */
	double	   *curvature;		/* -d score / d eta, positive */
	double	   *extra;			/* 4 more columns for ordinal */
	double	   *products;		/* ordinal: packed [p], and [q] for sums of columns */
} jrn_engine;

/* Sums of one pass at a given theta. */
typedef struct jrn_pass
{
	double		deviance;		/* of the rows, without penalty */
	double	   *gradient;		/* [m] of the log-likelihood */
	double	   *hessian;		/* packed [m], of minus the same; NULL: not wanted */
} jrn_pass;

/*
 * Rows of a pass: fold_of_cell maps cells to folds, and rows of the excluded
 * fold are left out.  NULL: all rows.
 */
typedef struct jrn_part
{
	const int32_t *fold_of_cell;
	int32_t		excluded;
} jrn_part;

extern jrn_status jrn_engine_begin(jrn_engine *engine, const jrn_env *env, const jrn_design *design,
								   jrn_store *tiles, jrn_family family);

/* Moments per cell of all rows (one set per cell, cells of them). */
extern jrn_status jrn_engine_moments(jrn_engine *engine, int cells, jrn_moments *by_cell);

/* Take centre, scale and kept columns from the moments of all rows. */
extern jrn_status jrn_engine_standardise(jrn_engine *engine, const jrn_moments *total);

/*
 * More than JRN_MAX_LEVELS different values of an ordinal target are a
 * JRN_LIMIT of jrn_engine_begin.
 */
#define JRN_MAX_LEVELS 100

/* Fill z for the rows of a block. */
extern void jrn_engine_z(jrn_engine *engine, const jrn_tile *tile);

/*
 * mu, residual and, where wanted, loss of the rows in z under theta.  mu of
 * family ordinal is the mean of the levels under their probabilities.
 */
extern void jrn_engine_predict(jrn_engine *engine, const jrn_tile *tile, const double *theta,
							   bool want_loss);

/*
 * The same for family gaussian in two steps, without the loss: linear
 * predictors under count thetas, a column of JRN_BLOCK_ROWS each, for which z
 * is read once for four; then mu and residual from one of them.
 */
extern void jrn_engine_predictors(const jrn_engine *engine, const jrn_tile *tile,
								  const double *const *theta, size_t count, double *eta);
extern void jrn_engine_settle_gaussian(jrn_engine *engine, const jrn_tile *tile, const double *eta);

/*
 * After predict: residual becomes the score of eta (per unit of weight),
 * curvature its slope, of the kind of engine->which_curvature.  Not for family
 * ordinal.
 */
extern void jrn_engine_scores(jrn_engine *engine, const jrn_tile *tile, const double *theta);

/* What deviances are, in units of loss. */
extern double jrn_engine_loss_factor(const jrn_engine *engine);

extern jrn_status jrn_pass_alloc(const jrn_engine *engine, bool hessian, jrn_pass *pass);

/*
 * One pass over the rows of a part.  With by_cell the sums go to
 * by_cell[cell] as well, whose arrays must be allocated and zero.
 */
extern jrn_status jrn_engine_pass(jrn_engine *engine, const jrn_part *part, const double *theta,
								  jrn_pass *pass, jrn_pass *by_cell);

/* A Newton fit; theta is the start on entry. */
typedef struct jrn_newton
{
	double	   *theta;			/* [m] */
	bool	   *kept;			/* [m] columns in this fit; the others keep their theta */
	const double *penalty;		/* [m] added to the Hessian's diagonal, or NULL */
	double		deviance;
	double	   *factor;			/* Cholesky factor of the last Hessian + penalty */
	double	   *hessian;		/* the last Hessian, without penalty */
	double	   *variance;		/* [m] of outside coefficients, last pass */
	double	   *previous_variance;	/* [m] the pass before */
	double	   *direction;		/* [m] last change of the outside coefficients */
	int			iterations;
	bool		converged;
	bool		separated;
} jrn_newton;

extern jrn_status jrn_newton_alloc(const jrn_engine *engine, jrn_newton *newton);

/*
 * Newton's method with step halving on a part, until the decrement g'H^-1 g
 * is below 1e-18, or stands below 1e-12 without falling.  With by_cell, the
 * sums of the last pass per cell are kept there.  Without penalty a term
 * whose variance still grows by half from one pass to the next is running
 * away: separated (Lesaffre and Albert 1989).
 */
extern jrn_status jrn_engine_newton(jrn_engine *engine, const jrn_part *part, jrn_newton *newton,
									jrn_pass *by_cell, int cells);

/* Outside coefficients [m] of theta (R-ENG-2). */
extern void jrn_engine_outside(const jrn_engine *engine, const double *theta, double *beta);

/*
 * Outside covariance of an inside one, packed; both may be the same array.
 */
extern jrn_status jrn_engine_outside_covariance(const jrn_engine *engine, const double *inside,
												double *outside);

#endif							/* JRN_ENGINE_H */
