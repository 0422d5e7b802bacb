/*
 * chain.h
 *		The journey map as an absorbing Markov chain, and the variance of the
 *		outcome split over the moments at which it is decided.
 *
 * States are touchpoints.  From touchpoint i a journey goes on to touchpoint
 * j with probability q[i][j] or ends with probability exit[i]; the outcome of
 * those that end there has mean reward[i] and variance spread[i].  A yes/no
 * outcome is 1 or 0 and has spread reward * (1 - reward).
 *
 *		value b = (I - Q)^-1 (exit * reward)	expected outcome from here on
 *		visits n = start (I - Q)^-1				expected visits per customer
 *		mean = start . b
 *		swing v_i = variance of the value one step after touchpoint i
 *
 * The expected outcome along a journey is a martingale; its increments are
 * uncorrelated, so the variance of the outcome is a plain sum of what is
 * decided at the first touch and at every visit afterwards.
 *
 * Source: reference/chaos.md 4.1 - 4.3, 4.7 (martingale decomposition; win
 * probability added and leverage index in sports).  Requirements:
 *
 * R-CHAIN-1	variance = first + sum n_i v_i, to 1e-12; p (1 - p) for yes/no.
 * R-CHAIN-2	fork credit: n_i v_i goes to the touchpoint that is left.
 * R-CHAIN-3	arrival credit: the squared change goes to the touchpoint that
 *				is reached; what the end itself reveals goes to the last
 *				touchpoint, what the first event reveals to the first touch.
 *				Same total as fork credit.
 * R-CHAIN-4	a state that never reaches an end is JRN_SINGULAR, found by
 *				walking the graph; no matrix is inverted to find out.
 * R-CHAIN-5	leverage_i = sqrt(v_i) / visit-weighted mean of sqrt(v).
 */
#ifndef JRN_CHAIN_H
#define JRN_CHAIN_H

#include <stdbool.h>

#include "../core/env.h"

/* Touchpoints a map may have: 500^3 steps of elimination take about 0.1 s. */
#define JRN_CHAIN_MAX_STATES 500

typedef struct jrn_chain
{
	int32_t		k;				/* touchpoints */
	double	   *q;				/* k * k, row by row */
	double	   *exit;			/* k; a row of q plus exit adds up to 1 */
	double	   *reward;			/* k */
	double	   *spread;			/* k */
	double	   *start;			/* k; adds up to 1 */
} jrn_chain;

typedef enum jrn_credit
{
	JRN_CREDIT_FORK,
	JRN_CREDIT_ARRIVAL
} jrn_credit;

typedef struct jrn_solution
{
	double	   *value;			/* b, k */
	double	   *visits;			/* n, k */
	double	   *swing;			/* v, k */
	double		mean;			/* expected outcome of a customer */
	double		first;			/* variance decided by the first touch */
	double		variance;		/* variance of the outcome */
	/* working space of jrn_chain_solve */
	double	   *matrix;			/* k * k */
	bool	   *reaches;		/* k */
	int32_t    *stack;			/* k */
} jrn_solution;

extern jrn_status jrn_chain_init(const jrn_env *env, int32_t k, jrn_chain *chain);
extern void jrn_chain_release(const jrn_env *env, jrn_chain *chain);
extern jrn_status jrn_solution_init(const jrn_env *env, int32_t k, jrn_solution *solution);

/*
 * reaches[i]: some way leads from i to an end.  O(k^2).  stack has room for k.
 */
extern void jrn_chain_reaches(const jrn_chain *chain, bool *reaches, int32_t *stack);

/* Fill a solution.  O(k^3).  JRN_SINGULAR: see R-CHAIN-4. */
extern jrn_status jrn_chain_solve(const jrn_env *env, const jrn_chain *chain,
								  jrn_solution *solution);

/*
 * Shares of the variance: shares[0] is the first touch, shares[1 + i] belongs
 * to touchpoint i; together they are 1.  Needs solution->variance > 0.
 */
extern void jrn_chain_shares(const jrn_chain *chain, const jrn_solution *solution,
							 jrn_credit credit, double *shares);

/* Leverage index per touchpoint; NaN when nothing is decided anywhere. */
extern void jrn_chain_leverage(const jrn_chain *chain, const jrn_solution *solution,
							   double *leverage);

/*
 * Mean change of the expected outcome at the arrival of each touchpoint,
 * first touches included; NaN for a touchpoint without visits.
 */
extern void jrn_chain_effects(const jrn_chain *chain, const jrn_solution *solution,
							  double *effects);

#endif							/* JRN_CHAIN_H */
