/*
 * inference.c
 *		Standard errors, tests, intervals and criteria (see inference.h).
 */
#include "inference.h"

#include <math.h>

#include "../core/dist.h"

double
jrn_model_test_df(const jrn_model *model)
{
	int64_t		df;

	if (model->errors == JRN_ERRORS_CLUSTER)
		df = model->n_groups - 1;
	else if (model->family == JRN_GAUSSIAN)
		df = model->df_residual;
	else
		return HUGE_VAL;
	return df > 0 ? (double) df : (double) NAN;
}

jrn_term_figures
jrn_model_term(const jrn_model *model, int term, double df, double critical)
{
	const double nan = (double) NAN;
	jrn_term_figures figures = {nan, nan, nan, nan, nan, nan};
	size_t		i = (size_t) term;

	figures.estimate = model->coefficients[term];
	if (!isfinite(figures.estimate) || model->covariance == NULL)
		return figures;
	figures.std_error = sqrt(model->covariance[jrn_packed(i, i)]);
	if (!isfinite(figures.std_error))
	{
		figures.std_error = nan;
		return figures;
	}
	figures.conf_low = figures.estimate - critical * figures.std_error;
	figures.conf_high = figures.estimate + critical * figures.std_error;
	if (figures.std_error > 0.0)
	{
		figures.statistic = figures.estimate / figures.std_error;
		figures.p_value = isinf(df) ? jrn_normal_two_sided(figures.statistic) :
			jrn_t_two_sided(figures.statistic, df);
	}
	return figures;
}

/* R-INF-3: is the log-likelihood that of a maximum? */
static bool
has_criteria(const jrn_model *model)
{
	return model->penalty == JRN_PENALTY_NONE && model->converged && model->n > 0 &&
		jrn_fit_is_usable(model->status);
}

jrn_model_figures
jrn_model_summary(const jrn_model *model)
{
	const double nan = (double) NAN;
	jrn_model_figures figures = {nan, nan, nan};
	int			parameters = model->family == JRN_GAUSSIAN ||
		model->family == JRN_NEGATIVE_BINOMIAL ? 1 : 0;
	int			i;

	for (i = 0; i < model->terms; i++)
		if (isfinite(model->coefficients[i]))
			parameters++;
	if (has_criteria(model))
	{
		figures.aic = -2.0 * model->log_likelihood + 2.0 * parameters;
		/* of a partial likelihood the events are the observations */
		figures.bic = -2.0 * model->log_likelihood + parameters *
			log(model->family == JRN_COX ? (double) (model->df_residual + parameters) : (double) model->n);
	}
	if (model->family == JRN_GAUSSIAN && !jrn_is_shrunk(model->penalty) && model->null_deviance > 0.0)
		figures.r_squared = 1.0 - model->deviance / model->null_deviance;
	return figures;
}
