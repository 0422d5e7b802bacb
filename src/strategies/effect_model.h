/*
 * effect_model.h
 *		What a strategy does for a row rather than on average: linear models of
 *		the effect of one strategy against a baseline, made from cross-fitted
 *		scores (pure core).
 *
 * Row i has covariates x_i, outcome y_i, strategy taken a_i and, out of fold,
 * predicted outcomes mu, propensities e and scores G (scores.h).  For strategy
 * a and baseline b the effect is tau(x) = t0 + t'x, fitted by weighted ridge
 * regression of a pseudo-outcome d_i:
 *
 * R-EFM-1	dr (Kennedy 2023): d = G(a) - G(b), all rows, weight 1.
 * R-EFM-2	r (Nie and Wager 2021): minimise the sum of ((y - m) - (A - e') tau)^2
 *			over the rows of both strategies, A = 1{a_i = a}, e' = e_a/(e_a +
 *			e_b), m = e' mu_a + (1 - e') mu_b; that is d = (y - m)/(A - e'),
 *			weight (A - e')^2.
 * R-EFM-3	x (Kunzel and others 2019): tau_1 from d = y - mu_b of the rows of a,
 *			tau_0 from d = mu_a - y of the rows of b; tau = e' tau_0 + (1 - e')
 *			tau_1.
 * R-EFM-4	Ridge: 1/(2W) sum w (d - tau)^2 + lambda/2 sum (s_j t_j)^2, W the sum
 *			of weights and s_j the 1/W weighted standard deviation of column j in
 *			the rows fitted; t0 is free.  A column that is constant there has no
 *			slope.
 * R-EFM-5	The effect of a row comes from the model of the rows outside its
 *			fold; so do the residuals below.  The model of all rows gives the
 *			coefficients.
 * R-EFM-6	Covariance of a model: clustered sandwich B M B with B the inverse of
 *			the penalised moments over W, M the sum over clusters fitted of g g', g
 *			the sum over the cluster's rows of w z (d - tau out of fold), times
 *			C/(C - 1).  Residuals out of fold are larger than those of the fit,
 *			so small samples err on the wide side.
 * R-EFM-7	The error of a row is sqrt(x' Cov x): of the linear projection of the
 *			effect at x, not of what will happen to this row.
 * R-EFM-8	x has no errors: its pseudo-outcomes are as uncertain as mu, which no
 *			sandwich over rows sees; errors of dr and r see it to first order,
 *			because their pseudo-outcomes are orthogonal to mu and e.
 * R-EFM-9	noise = sum of the variances of v over the sum of v^2, v the effect of a
 *			row less the mean effect in its fold: about 1 where predictions
 *			are nothing but noise, near 0 where they are all signal.
 * R-EFM-10	The pull of the penalty is estimated, b = (moments + penalty)^-1
 *			penalty t, and b b' is added to the covariance: with very many rows
 *			the interval does not shrink around a slope that is one percent off.
 */
#ifndef JRN_EFFECT_MODEL_H
#define JRN_EFFECT_MODEL_H

#include "scores.h"

/* The most columns an effect model takes. */
#define JRN_EFFECT_COLUMNS 1000

typedef enum jrn_learner
{
	JRN_LEARNER_DR,
	JRN_LEARNER_R,
	JRN_LEARNER_X,
	JRN_LEARNERS
} jrn_learner;

/* Where columns lie: z = (x - center)/scale; scale 0: constant. */
typedef struct jrn_effect_space
{
	size_t		p;
	double	   *center;			/* [p] mean of all rows */
	double	   *scale;			/* [p] 1/n standard deviation */
} jrn_effect_space;

typedef struct jrn_effect_request
{
	jrn_learner learner;
	int			arm;
	int			baseline;
	double		lambda;
} jrn_effect_request;

typedef struct jrn_effect_model
{
	bool		known;			/* false: scores or propensities are missing, and all is NaN */
	double	   *effect;			/* [n] out of fold */
	double	   *std_error;		/* [n]; NaN for x */
	double	   *score;			/* [n] G(a) - G(b) */
	double		noise;			/* R-EFM-9; NaN for x */

	/* of the model of all rows, in units of x: intercept, then slopes; not for x */
	double	   *coefficient;	/* [p + 1] or NULL; NaN: constant column */
	double	   *coefficient_se; /* [p + 1] */
} jrn_effect_model;

/*
 * Bring the rows into the order by fold, then cluster, that all below expects:
 * rows of a cluster are adjacent.  The arrays of the table are replaced.  O(n p).
 */
extern jrn_status jrn_effect_order(const jrn_env *env, jrn_score_table *table);

/* JRN_LIMIT with more than JRN_EFFECT_COLUMNS columns.  O(n p). */
extern jrn_status jrn_effect_space_make(const jrn_env *env, const jrn_score_table *table,
										jrn_effect_space *space);

/* The table has x.  O(n p^2 + folds p^3). */
extern jrn_status jrn_effect_fit(const jrn_env *env, const jrn_score_table *table,
								 const jrn_effect_space *space, const jrn_effect_request *request,
								 jrn_effect_model *model);

/*
 * Propensity of arm among the rows of arm and baseline; NaN where it is not
 * known (logged ones of strategies not taken, unless there are two).
 */
extern double jrn_effect_share(const jrn_score_table *table, size_t i, int arm, int baseline);

#endif							/* JRN_EFFECT_MODEL_H */
