/*
 * fit.h
 *		One model from a design: coefficients, standard errors, deviances.
 *
 * R-FIT-1	gaussian: least squares from centred moments, then one correction
 *			from the residuals of the rows themselves, so that the residual
 *			sum of squares is not a difference of large numbers.
 * R-FIT-2	binomial: maximum likelihood by Newton (newton.c).
 * R-FIT-3	Weights are precision weights, as R's lm and glm take them: n
 *			counts rows, the sum of weights appears in the likelihood only.
 * R-FIT-4	Covariances: model (dispersion H^-1); hc0 to hc3 with scores u_i =
 *			w_i (y_i - mu_i) z_i and leverages h_i = w_i v_i z_i' H^-1 z_i;
 *			cluster: CR1 = G/(G-1) (n-1)/(n-k) H^-1 sum_g u_g u_g' H^-1.
 */
#ifndef JRN_FIT_H
#define JRN_FIT_H

#include "engine.h"

typedef struct jrn_fit_request
{
	jrn_family	family;
	bool		ridge;
	double		lambda;
	jrn_errors	errors;
} jrn_fit_request;

/*
 * Fit all rows of a finished design.  The model's arrays lie in env.  A
 * design without rows gives status too_few and nothing else.
 */
extern jrn_status jrn_fit_design(const jrn_env *env, jrn_design *design,
								 const jrn_fit_request *request, jrn_model *model);

/*
 * The same from moments alone (model-based errors, gaussian).  log_weights is
 * the sum of the logarithms of the weights, 0 without weights.  A residual sum
 * of squares that the rounding of the moments alone explains is 0: such a fit
 * is perfect as far as moments can tell.
 */
extern jrn_status jrn_fit_moments(const jrn_env *env, const jrn_moments *moments,
								  double log_weights, jrn_model *model);

/* A model without figures: everything NaN, with n and a status. */
extern jrn_status jrn_model_blank(const jrn_env *env, size_t terms, jrn_model *model);

#endif							/* JRN_FIT_H */
