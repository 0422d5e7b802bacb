/*
 * value_models.h
 *		Log-likelihoods of the customer value models with their first and second
 *		derivatives.
 *
 * A customer is (x, t, T): x repeat purchases, the last one t after the first,
 * seen for T.  Equal customers are one row with a weight.
 *
 * R-VAL-1	BG/NBD (Fader, Hardie and Lee 2005), parameters r, alpha, a, b: buys at
 *			rate lambda ~ Gamma(r, alpha), may leave after each repeat purchase
 *			with probability p ~ Beta(a, b).
 * R-VAL-2	MBG/NBD (Batislam, Denizel and Filiztekin 2007): may leave after the
 *			first purchase too.
 * R-VAL-3	Pareto/NBD (Schmittlein, Morrison and Colombo 1987), parameters r,
 *			alpha, s, beta: leaves at rate mu ~ Gamma(s, beta).  Its integral over
 *			the moment of leaving is done by Gauss-Legendre on panels short
 *			against the decay, so there is no difference of hypergeometric
 *			functions to cancel.
 * R-VAL-4	Gamma-gamma (Fader and Hardie 2013), parameters p, q, v, over x and
 *			the mean spend z of the x repeat purchases.
 * R-VAL-5	Every logarithm of a quotient is written as one (log1p), every
 *			difference of log-gammas as a rising factorial or a beta function:
 *			a log-likelihood of a probability mass cannot come out above 0 by
 *			rounding.
 */
#ifndef JRN_VALUE_MODELS_H
#define JRN_VALUE_MODELS_H

#include "../core/env.h"

#define JRN_VALUE_MAX_PARAMETERS 4

typedef enum jrn_value_model
{
	JRN_BG_NBD,
	JRN_MBG_NBD,
	JRN_PARETO_NBD,
	JRN_GAMMA_GAMMA
} jrn_value_model;

typedef struct jrn_value_row
{
	double		x;
	double		t;				/* gamma-gamma: mean spend z */
	double		age;			/* not used by gamma-gamma */
	double		weight;			/* customers that are like this */
} jrn_value_row;

/* Log-likelihood and its derivatives with respect to the parameters. */
typedef struct jrn_value_score
{
	double		value;
	double		gradient[JRN_VALUE_MAX_PARAMETERS];
	double		hessian[JRN_VALUE_MAX_PARAMETERS * (JRN_VALUE_MAX_PARAMETERS + 1) / 2];	/* packed by rows */
} jrn_value_score;

static inline int
jrn_value_parameters(jrn_value_model model)
{
	return model == JRN_GAMMA_GAMMA ? 3 : 4;
}

/*
 * Score of all rows at parameters above 0; rows sorted by x (neighbours share
 * what depends on x alone).  O(rows).
 */
extern jrn_status jrn_value_score_all(const jrn_env *env, jrn_value_model model,
									  const jrn_value_row *rows, size_t n,
									  const double *parameters, jrn_value_score *score);

/* Pareto/NBD: score of one customer without weight, and its P(alive). */
extern void jrn_pareto_score(const jrn_value_row *row, const double *parameters,
							 jrn_value_score *score, double *alive);

#endif							/* JRN_VALUE_MODELS_H */
