/*
 * multinomial.h
 *		Propensities: a multinomial logit of the strategy taken on the features,
 *		with a ridge, for all folds of all repeats together (pure core).
 *
 * R-MUL-1	The model is P(a | z) = softmax of eta_a = c_a + b_a'z.  It minimises
 *			-1/n log-likelihood + lambda/2 sum over a of |s b_a|^2, s the 1/n
 *			standard deviations of the rows fitted, intercepts free.  No strategy
 *			is a reference: the minimum has sum over a of b_a = 0.  With two
 *			strategies it is the binary logit b_1 with lambda/2 |s b_1|^2, what
 *			family binomial of fit() gives.
 * R-MUL-2	eta = C g with g of J - 1 parts: C has orthonormal columns that sum
 *			to 0 (Helmert), for two strategies the column (0, 1)'.
 * R-MUL-3	All rows first: from equal slopes 0, where gradient and Hessian come
 *			from moments alone, by Newton's method with step halving until the
 *			decrement is below 1/2; then each fold starts at theta + H_-f^-1
 *			g_-f with the Hessians and gradients of that pass by cell, and goes
 *			on with gradient-only passes, all folds and repeats in one, until
 *			what is left is foretold to change no probability by more than
 *			about 1e-9.
 *			Steps converge quadratically at first: the first repeat tells
 *			decrement over squared decrement, and folds of later repeats whose
 *			first step is foretold to leave a few millionths of a probability are
 *			left there, which moves a value by as little of its standard error.
 * R-MUL-4	A fold whose decrement does not fall to 0.3 of the last is fitted by
 *			Newton's method on its own rows.
 * R-MUL-5	Strategies without rows take no part; their probability is NaN.
 */
#ifndef JRN_MULTINOMIAL_H
#define JRN_MULTINOMIAL_H

#include "../models/engine.h"
#include "../validation/plan.h"

/* The most strategies. */
#define JRN_LOGIT_ARMS 64

/* Parameters of the folds of one repeat. */
typedef struct jrn_propensity_set
{
	int32_t    *fold_of_cell;	/* [cells] */
	double	   *theta;			/* [k][m] */
	double	   *move;			/* [k][m] theta less that of all rows */
	bool	   *settled;		/* [k] */
	bool	   *alone;			/* [k] left to Newton's method (R-MUL-4) */

	/* scratch of the passes */
	double	   *gradient;		/* [k][m] */
	double	   *factor;			/* [k] Cholesky factors, packed [m] each */
	bool	   *kept;			/* [k][m] columns in them */
	double	   *penalty;		/* [k][m] on Hessian's diagonal */
	double	   *last;			/* [k] decrement before */
} jrn_propensity_set;

typedef struct jrn_multinomial
{
	jrn_engine *engine;
	const jrn_plan *plan;
	int			arms;
	int			parts;			/* strategies with rows, less 1 */
	size_t		q;				/* of the engine */
	size_t		m;				/* parts * q parameters */
	double		lambda;
	int			present;		/* strategies with rows, parts + 1 */
	int		   *arm_of;			/* [present] rising */
	int		   *place_of;		/* [arms] place in arm_of, or -1 */
	double	   *contrast;		/* [present][parts] C */
	const jrn_moments *by_arm;	/* [arms][cells] */
	const jrn_moments *total;	/* of all rows */

	/* all rows */
	double	   *theta;			/* [m] */
	double	   *gradient;		/* of the log-likelihood, by cell [cells][m] */
	double	   *hessian;		/* by cell [cells][pairs of parts][packed q]; NULL: kept in total only */
	double	   *total_hessian;	/* [pairs][packed q] */
	double	   *total_gradient; /* [m] */
	double		total_loss;

	/* scratch of a block */
	double	   *p;				/* a column for each present strategy */
	double	   *own;			/* predictor of the strategy taken */
	double	   *residual;		/* parts columns */
	double	   *weight;
	double	   *log_sum;
	double	   *block_gradient; /* [m] */
	double	   *block_hessian;	/* [pairs][packed q] */
	double	   *work;			/* packed [m] */
	int			batch;			/* folds whose columns are made together */
	double	   *columns;		/* [batch][parts] */
	double	   *sums;			/* [batch][m] */
	double	   *base;			/* probabilities under theta, a column for each present strategy */
	double	   *taken;			/* C of the strategy taken, a column for each part */
	double	   *step;			/* [m] */
	double		quadratic;		/* decrement after the first step over its square before; 0: not known */
	int64_t		passes;			/* over the rows, so far */
	bool		not_converged;
} jrn_multinomial;

/*
 * For the engine's current blocks, standardised; by_arm as jrn_arm_moments
 * gives them, total of all of them.  At least two strategies have rows.
 */
extern jrn_status jrn_multinomial_begin(jrn_multinomial *logit, jrn_engine *engine, const jrn_plan *plan,
										int arms, double lambda, const jrn_moments *by_arm,
										const jrn_moments *total);

/* Fit all rows (R-MUL-3). */
extern jrn_status jrn_multinomial_full(jrn_multinomial *logit);

/* A set for the plan's current repeat, then the fit of all sets. */
extern jrn_status jrn_propensity_set_begin(const jrn_multinomial *logit, jrn_propensity_set *set);
extern jrn_status jrn_multinomial_folds(jrn_multinomial *logit, jrn_propensity_set *sets, int count);
extern void jrn_propensity_set_end(const jrn_multinomial *logit, jrn_propensity_set *set);

/*
 * Probabilities of the rows in engine->z under theta: arms columns of
 * JRN_BLOCK_ROWS.
 */
extern void jrn_multinomial_predict(jrn_multinomial *logit, const jrn_tile *tile,
									const double *theta, double *probability);

/* ---- shared with multinomial_folds.c ---- */

/* Sums of one pass at theta over the cells outside a fold (fold_of_cell NULL: all). */
typedef struct jrn_logit_part
{
	const int32_t *fold_of_cell;
	int32_t		excluded;
} jrn_logit_part;

static inline bool
jrn_logit_has(const jrn_logit_part *part, int cell)
{
	return part->fold_of_cell == NULL || part->fold_of_cell[cell] != part->excluded;
}

/* Of one block: probabilities of the present strategies under theta into p. */
extern void jrn_logit_probabilities(jrn_multinomial *logit, const jrn_tile *tile, const double *theta,
									double *p);

/* C of the strategy taken, into a column for each part. */
extern void jrn_logit_taken(const jrn_multinomial *logit, const jrn_tile *tile, double *out);

/* What the ridge adds to the diagonal of the Hessian of a part: [m]. */
extern void jrn_logit_penalty(const jrn_multinomial *logit, const jrn_logit_part *part, double *penalty);

/* Hessian by pairs of parts, times a factor, plus the penalty, as one packed matrix [m]. */
extern void jrn_logit_matrix(const jrn_multinomial *logit, const double *pairs, double factor,
							 const double *penalty, double *packed);

/*
 * Newton's method on a part until the decrement is below enough.  theta is
 * where it goes on; start is the point before with its penalised loss, to
 * which a step that is too long goes back by halves (infinite: theta is taken
 * as it is).  With by_cell the gradients and Hessians of the last pass are
 * kept.
 */
extern jrn_status jrn_logit_newton(jrn_multinomial *logit, const jrn_logit_part *part, double enough,
								   bool by_cell, const double *start, double start_loss,
								   double *theta);

#endif							/* JRN_MULTINOMIAL_H */
