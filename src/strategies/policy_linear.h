/*
 * policy_linear.h
 *		Ridge regressions for policies, without every fold and on all rows, and
 *		choices among promises within capacities (pure core).
 *
 * R-PLI-1	A regression is that of scores.h: ridge with penalty lambda on
 *			features scaled by the 1/n standard deviations of its own rows,
 *			intercept free; from centred moments by fold.  A training set is
 *			the merge of the other folds, never a difference.
 * R-PLI-2	Class linear regresses the scores of every strategy on x over all
 *			rows; class plug_in the outcome over the rows that took it.
 * R-PLI-3	A row gets the strategy with the largest promise less price, the
 *			first of equal ones.
 * R-PLI-4	Capacity: the price of a strategy is the quantile of its advantage
 *			over the best of the others at which its share of the training rows
 *			is its capacity, 0 where that is enough; strategy after strategy,
 *			and all that have a price together, until nothing moves.  What is
 *			over its capacity then is only raised, and what is still over is
 *			given to nobody, the smallest capacity first.
 */
#ifndef JRN_POLICY_LINEAR_H
#define JRN_POLICY_LINEAR_H

#include "../core/env.h"

typedef struct jrn_policy_rows
{
	size_t		n;
	size_t		p;
	const double *x;			/* [n p] row by row */
	int			folds;
	const int32_t *fold;		/* [n] from 0 */
	int			targets;
	const double *target;		/* [n targets] row by row */
} jrn_policy_rows;

/*
 * Coefficients [sets][targets][p + 1], the intercept first: set f < folds
 * without fold f, the last on all rows; only_all: that set alone.
 */
extern jrn_status jrn_policy_regress(const jrn_env *env, const jrn_policy_rows *rows, double lambda,
									 int only_all, double **coefficients);

/* R-PLI-3 */
extern int	jrn_policy_best(const double *promise, const double *price, int arms);

/*
 * Prices [arms] that keep shares of the rows within capacity[arms] (R-PLI-4);
 * promises [n arms] row by row; at least one capacity is 1.
 */
extern jrn_status jrn_policy_prices(const jrn_env *env, const double *promise, size_t n, int arms,
									const double *capacity, double *price);

#endif							/* JRN_POLICY_LINEAR_H */
