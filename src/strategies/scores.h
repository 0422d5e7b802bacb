/*
 * scores.h
 *		Cross-fitted scores of strategies: for every row and strategy the
 *		doubly robust score, with the propensity and the predicted outcome it
 *		was made of (pure core).
 *
 * Row i has outcome y_i, took strategy a_i of 0..J-1, and has covariates x_i
 * known before.  With everything fitted without the fold of the row:
 *
 * R-SCO-1	score_i(a) = mu(x_i, a) + 1{a_i = a} / e(a | x_i) (y_i - mu(x_i, a)),
 *			the augmented inverse propensity score (Robins, Rotnitzky and Zhao
 *			1994; cross-fitting: Chernozhukov and others 2018).
 * R-SCO-2	mu(., a): ridge regression of y on x over the training rows that took
 *			a, penalty lambda on features scaled by those rows' own 1/n standard
 *			deviations, intercept free; from centred moments by strategy and
 *			cell, so repeats need no further look at the rows.
 * R-SCO-3	e(. | x): constant shares of the training rows; or the logged
 *			probability of the strategy taken; or a multinomial logit with a
 *			ridge of the same lambda (multinomial.h).
 * R-SCO-4	A strategy without training rows has no mu and no score (NaN).
 *			Nothing is clipped here.
 * R-SCO-5	All figures are sums in canonical order of rows (design.h).
 */
#ifndef JRN_SCORES_H
#define JRN_SCORES_H

#include "../models/engine.h"
#include "../validation/plan.h"

/* The most strategies one call compares. */
#define JRN_MAX_STRATEGIES 64

/* The ridge of outcome models and propensities. */
#define JRN_SCORE_LAMBDA 0.01

typedef enum jrn_propensity
{
	JRN_PROPENSITY_CONSTANT,	/* shares of the training rows */
	JRN_PROPENSITY_LOGGED,		/* carried by the rows, of the strategy taken */
	JRN_PROPENSITY_ESTIMATED	/* multinomial logit, out of fold */
} jrn_propensity;

typedef struct jrn_score_request
{
	int			arms;			/* J; tiles carry arm 0..J-1 */
	jrn_propensity propensity;
	bool		outcome_models; /* false: mu is 0, scores are inverse propensity weighted */
	double		lambda;
	int			repeats;
} jrn_score_request;

/* What is known of the models, over all folds and repeats. */
typedef struct jrn_score_models
{
	int64_t		most_passes;	/* of the multinomial logit over the rows */
	bool		not_converged;	/* of any fold */
} jrn_score_models;

/*
 * Scores of one block under one repeat; column a of mu, propensity and score
 * begins at a * stride.  Propensities that are not known are NaN: with logged
 * ones, those of strategies not taken.
 */
typedef struct jrn_score_block
{
	const jrn_tile *tile;		/* x, y, cluster, number, arm; propensities logged are in carried[0] */
	int			repeat;			/* from 0 */
	int			fold;			/* of all rows of the block, from 0 */
	int			arms;
	size_t		stride;
	const double *mu;
	const double *propensity;
	const double *score;
} jrn_score_block;

/* Blocks come in any interleaving of repeats, those of one repeat in canonical order. */
typedef jrn_status (*jrn_score_visitor) (void *arg, const jrn_score_block *block);

/*
 * Fit and visit.  The plan is begun on a finished design whose rows carry an
 * arm; file takes blocks that are written anew for a repeat.
 */
extern jrn_status jrn_scores_run(const jrn_env *env, jrn_plan *plan, const jrn_file *file,
								 const jrn_score_request *request, jrn_score_visitor visitor,
								 void *arg, jrn_score_models *models);

/*
 * The same as a table, scores, propensities and mu averaged over the repeats,
 * fold that of the first one; rows by cluster, in canonical order.
 */
typedef struct jrn_score_table
{
	size_t		n;
	int			arms;
	size_t		p;				/* columns of x */
	int64_t    *number;			/* [n] position in the source, from 1; NULL if not carried */
	int64_t    *cluster;		/* [n] */
	int32_t    *fold;			/* [n] from 0 */
	int32_t    *arm;			/* [n] strategy taken */
	double	   *y;				/* [n] */
	double	   *mu;				/* [n arms], row by row */
	double	   *propensity;		/* [n arms]; NaN: not known */
	double	   *score;			/* [n arms] */
	double	   *x;				/* [n p] row by row, with_x only */
	int			folds;			/* k */
	jrn_score_models models;
} jrn_score_table;

extern jrn_status jrn_score_table_make(const jrn_env *env, jrn_plan *plan, const jrn_file *file,
									   const jrn_score_request *request, bool with_x,
									   jrn_score_table *table);

#endif							/* JRN_SCORES_H */
