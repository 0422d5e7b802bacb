/*
 * fit_parts.h
 *		What fits from blocks and fits from moments have in common (private to
 *		the models' fits).
 */
#ifndef JRN_FIT_PARTS_H
#define JRN_FIT_PARTS_H

#include "engine.h"
#include "fit.h"

/* Below this a fit from moments alone is not trusted (see jrn_fit_moments). */
#define JRN_MOMENT_TRUST 1e-5

/*
 * Where a term of the model stands in the engine's parameters: thresholds come
 * first in the model, with the opposite sign (R-ENG-5).
 */
static inline size_t
jrn_parameter_of(const jrn_engine *engine, const jrn_model *model, size_t term, double *sign)
{
	size_t		thresholds = (size_t) model->thresholds;

	*sign = engine->family == JRN_ORDINAL && term < thresholds ? -1.0 : 1.0;
	if (engine->family != JRN_ORDINAL)
		return term;
	if (term >= thresholds)
		return term - thresholds + 1;
	return term == 0 ? 0 : engine->q + term - 1;
}

/* Outside coefficients; NaN where a column is not in the fit (R-MOD-2). */
extern void jrn_give_coefficients(const jrn_engine *engine, const double *theta,
								  const bool *kept, jrn_model *model);

/* Rows and columns of terms without a variance become NaN. */
extern void jrn_hide_terms(const jrn_model *model);
extern size_t jrn_rank_of(const bool *kept, size_t q);

/* H^-1 of squared loss, inside: 1/w for the level, C^-1/w for the slopes. */
extern jrn_status jrn_gaussian_inverse(const jrn_engine *engine, const jrn_linear_fit *fit,
									   double w, double *inverse);

/* log_likelihood from n and deviance. */
extern void jrn_gaussian_likelihood(jrn_model *model, double log_weights);

/*
 * Squared loss with model-based errors in one pass over the raw rows, which
 * stay where they are: the blocks are looked at and forgotten.
 */
extern jrn_status jrn_fit_stream(const jrn_env *env, jrn_design *design,
								 const jrn_fit_request *request, jrn_model *model, double *trust);

#endif							/* JRN_FIT_PARTS_H */
