/*
 * ratio.h
 *		Sample ratio test: were rows dealt to the strategies in the shares that
 *		were planned (pure core)?
 *
 * R-RAT-1	statistic = sum (N_a - N pi_a)^2 / (N pi_a), df J - 1, upper tail of
 *			chi-square; pi are the expected shares divided by their sum, equal
 *			ones where none are given (Pearson 1900).
 * R-RAT-2	e_value: Bayes factor of a Dirichlet-multinomial with parameters
 *			J pi_a, which add up to J, against the multinomial of the shares
 *			pi_a (Lindon and Malek 2022).  It may be looked at after every row:
 *			under the planned shares it ever exceeds 1/u with probability at
 *			most u.  Computed as a logarithm; above the largest double it is
 *			infinite.
 * R-RAT-3	No row at all: no figure (NaN).
 */
#ifndef JRN_RATIO_H
#define JRN_RATIO_H

#include "../core/env.h"

/* A sample ratio with a p below this stops a comparison (reference/validation.md 3.2). */
#define JRN_RATIO_THRESHOLD 0.0005

typedef struct jrn_ratio
{
	double		statistic;		/* NaN without rows, as are p_value and e_value */
	int			df;
	double		p_value;
	double		e_value;
	double		log_e_value;
} jrn_ratio;

/*
 * observed[count] are not negative; expected[count] are positive and finite,
 * or NULL for equal shares.  JRN_DOMAIN otherwise, or when count is below 2.
 */
extern jrn_status jrn_ratio_test(const jrn_env *env, const int64_t *observed, const double *expected,
								 int count, jrn_ratio *test);

#endif							/* JRN_RATIO_H */
