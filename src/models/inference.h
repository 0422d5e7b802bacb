/*
 * inference.h
 *		What a fitted model says about its terms and itself (pure core).
 *
 * R-INF-1	Reference distribution: Gaussian models use t with the residual
 *			degrees of freedom, the others the normal; with clustered errors
 *			both use t with groups - 1 degrees of freedom.
 * R-INF-2	What cannot be given is NaN: no covariance, no finite coefficient,
 *			no variance, no degrees of freedom.  A variance of exactly 0 (the
 *			fit is perfect) has an interval but no test.
 * R-INF-3	AIC = -2 log L + 2 k, BIC = -2 log L + k log n with k the finite
 *			coefficients, plus one for the variance of a Gaussian model or the
 *			shape of a negative binomial one (as R counts).  None after a penalty, and none for a fit that has no
 *			maximum or did not reach it.
 * R-INF-4	R-squared = 1 - deviance / null deviance for Gaussian models without
 *			a penalty.
 */
#ifndef JRN_INFERENCE_H
#define JRN_INFERENCE_H

#include "model.h"

typedef struct jrn_term_figures
{
	double		estimate;
	double		std_error;
	double		statistic;
	double		p_value;
	double		conf_low;
	double		conf_high;
} jrn_term_figures;

typedef struct jrn_model_figures
{
	double		aic;
	double		bic;
	double		r_squared;
} jrn_model_figures;

/* Degrees of freedom of the tests: infinite for the normal, NaN for none. */
extern double jrn_model_test_df(const jrn_model *model);

/*
 * Figures of a term.  df as above; critical is the half width of the interval
 * in standard errors for that df (jrn_t_critical), NaN for none.
 */
extern jrn_term_figures jrn_model_term(const jrn_model *model, int term, double df,
									   double critical);

extern jrn_model_figures jrn_model_summary(const jrn_model *model);

#endif							/* JRN_INFERENCE_H */
