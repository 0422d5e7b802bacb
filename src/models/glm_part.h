/*
 * glm_part.h
 *		A generalised linear model of any family and penalty on a part of the
 *		rows of a design: what fit() and every fold of cross-validation call.
 *
 * R-GLM-1	none, ridge: Newton (newton.c).  lasso, elastic net: proximal Newton
 *			(proximal.c).  firth: firth.c, family binomial only.
 * R-GLM-2	The penalty acts on features scaled with the 1/w standard deviations
 *			of the part's own rows, whatever scale the engine works in.
 * R-GLM-3	With a penalty of positive strength columns may depend on each other
 *			and only constant ones are left out; without one the later column
 *			of a dependent set is aliased in this part.
 * R-GLM-4	What has no maximum is known before the first step: counts that are
 *			all 0, a target with one value (one_class), an ordinal target of
 *			which the part lacks a level (separated).  Then there are no
 *			estimates.
 * R-GLM-5	negative_binomial: shape and coefficients in turns, each to its own
 *			maximum, until the shape stands still (negbin.c).  Where the Poisson
 *			fit has no more spread than its means say, the likelihood rises
 *			towards an infinite shape: theta[q] is infinite, the fit is
 *			Poisson's, and the status no_overdispersion.
 */
#ifndef JRN_GLM_PART_H
#define JRN_GLM_PART_H

#include "engine.h"
#include "fit.h"

typedef struct jrn_glm_fit
{
	jrn_newton	newton;			/* theta [engine->m], kept, deviance, iterations, factor, ... */
	double	   *penalty;		/* [m] of ridge, for Newton's diagonal */
	double	   *ratio;			/* [m] own over engine's scale; 0: not penalised */
	bool		warm;			/* start from newton.theta instead of the level alone */
	jrn_fit_status status;
} jrn_glm_fit;

/* Room for fits of one engine; standardise before.  Can be used again and again. */
extern jrn_status jrn_glm_fit_alloc(const jrn_engine *engine, jrn_glm_fit *fit);

/*
 * Fit the rows of a part (NULL: all), whose moments are train.  Not for family
 * gaussian.  The status is never an error for data that cannot be fitted: too_few,
 * one_class and separated leave theta without meaning, separated has its
 * coefficients run away.  request->errors is not looked at.  Sets warm, so
 * that the next call, say with a smaller lambda, starts from this theta; it
 * is cleared where there is no finite theta to start from.
 */
extern jrn_status jrn_glm_fit_part(jrn_engine *engine, const jrn_part *part,
								   const jrn_moments *train, const jrn_fit_request *request,
								   jrn_glm_fit *fit);

/*
 * The same with a level only (and offsets): the deviance of the null model.  Of
 * negative_binomial under the shape given.
 */
extern jrn_status jrn_glm_null_deviance(jrn_engine *engine, const jrn_moments *train, double shape,
										double *deviance);

/* Log-likelihood of the rows under a fit of all rows, constants as R has them. */
extern jrn_status jrn_glm_likelihood(jrn_engine *engine, const double *theta, double deviance,
									 double *log_likelihood);

/* ---- the methods behind it ---- */

/*
 * Proximal Newton: coordinate descent on the quadratic of each pass.  strength is lambda times
 * the sum of weights, ratio as in jrn_glm_fit.
 */
extern jrn_status jrn_engine_proximal(jrn_engine *engine, const jrn_part *part, double strength,
									  double alpha, const double *ratio, jrn_newton *newton);

/* Firth 1993: the maximum of log-likelihood + 1/2 log det information. */
extern jrn_status jrn_engine_firth(jrn_engine *engine, const jrn_part *part, jrn_newton *newton);

/* sum of w ((y - mu)^2 - y) and of w mu^2: is there overdispersion, and about how much? */
extern jrn_status jrn_negbin_spread(jrn_engine *engine, const jrn_part *part, const double *theta,
									double *excess, double *squares);

/* The shape with the highest likelihood for the means of theta; *shape is the start. */
extern jrn_status jrn_negbin_shape(jrn_engine *engine, const jrn_part *part, const double *theta,
								   double *shape);

/* Log-likelihood of the saturated model: every mean is its own observation. */
extern double jrn_count_saturated(double y, double shape);

#endif							/* JRN_GLM_PART_H */
