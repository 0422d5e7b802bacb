/*
 * fit.h
 *		One model from a design: coefficients, standard errors, deviances.
 *
 * R-FIT-1	gaussian: least squares from centred moments; where these leave few
 *			digits, or robust errors need the rows anyway, one correction from
 *			the residuals of the rows themselves, so that the residual sum of
 *			squares is not a difference of large numbers.
 * R-FIT-2	Other families: maximum (penalised) likelihood (glm_part.h).
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
	jrn_penalty penalty;
	double		lambda;
	double		alpha;			/* share of the absolute part, as in jrn_model */
	jrn_errors	errors;			/* not hc2 and hc3 for family ordinal */
} jrn_fit_request;

/*
 * Fit all rows of a design that has taken its last row.  The model's arrays
 * lie in env.  A design without rows gives status too_few and nothing else.
 * Squared loss with model-based errors needs one look at the rows and stores
 * no blocks, unless the moments alone could lose digits (see below).
 */
extern jrn_status jrn_fit_design(const jrn_env *env, jrn_design *design,
								 const jrn_fit_request *request, jrn_model *model);

/*
 * The same from moments alone (model-based errors, gaussian).  A residual sum
 * of squares that the rounding of the moments alone explains is 0: such a fit
 * is perfect as far as moments can tell.  trust is the smallest of RSS over
 * total and of the relative pivots: about 2^-53 over it is the relative error
 * of deviance and coefficients.
 */
typedef struct jrn_moment_source
{
	const jrn_moments *moments;
	const double *origin;		/* [q] of the means, or NULL for zero */
	double		log_weights;	/* sum of the logarithms of the weights */
	jrn_penalty penalty;
	double		lambda;
	double		alpha;
} jrn_moment_source;

extern jrn_status jrn_fit_moments(const jrn_env *env, const jrn_moment_source *source,
								  jrn_model *model, double *trust);

/* A model without figures: everything NaN, with n and a status. */
extern jrn_status jrn_model_blank(const jrn_env *env, size_t terms, jrn_model *model);

#endif							/* JRN_FIT_H */
