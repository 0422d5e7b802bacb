/*
 * fit.c
 *		From a design to a model (see fit.h).
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "covariance.h"
#include "fit.h"
#include "fit_parts.h"
#include "glm_part.h"
#include "path.h"

#define TWO_PI 6.283185307179586476925

static size_t
triangle(size_t q)
{
	return q * (q + 1) / 2;
}

jrn_status
jrn_model_blank(const jrn_env *env, size_t terms, jrn_model *model)
{
	size_t		i;

	memset(model, 0, sizeof(*model));
	model->terms = (int) terms;
	model->n_groups = -1;
	model->dispersion = model->deviance = model->null_deviance = model->log_likelihood = NAN;
	JRN_TRY(jrn_alloc_array(env, terms, sizeof(double), &model->coefficients));
	for (i = 0; i < terms; i++)
		model->coefficients[i] = NAN;
	return JRN_OK;
}

/* Outside coefficients; NaN where a column is not in the fit (R-MOD-2). */
void
jrn_give_coefficients(const jrn_engine *engine, const double *theta, const bool *kept, jrn_model *model)
{
	size_t		thresholds = (size_t) model->thresholds;
	double		shift = 0.0;
	size_t		i,
				j;

	for (j = 0; j < engine->p; j++)
		shift += engine->center[j] * (theta[j + 1] / engine->scale[j]);
	for (i = 0; i < (size_t) model->terms; i++)
	{
		double		sign;

		j = jrn_parameter_of(engine, model, i, &sign);
		if (!kept[j])
			model->coefficients[i] = NAN;
		else if (j >= 1 && j <= engine->p)
			model->coefficients[i] = theta[j] / engine->scale[j - 1];
		else if (thresholds > 0)
			model->coefficients[i] = shift - theta[j];
		else
			model->coefficients[i] = (theta[j] + engine->origin[engine->p]) - shift;
	}
}

/* Rows and columns of terms without a variance become NaN. */
void
jrn_hide_terms(const jrn_model *model)
{
	size_t		i,
				j;

	for (i = 0; i < (size_t) model->terms; i++)
		for (j = 0; j <= i; j++)
			if (!isfinite(model->coefficients[i]) || !isfinite(model->coefficients[j]))
				model->covariance[jrn_packed(i, j)] = NAN;
}

size_t
jrn_rank_of(const bool *kept, size_t q)
{
	size_t		rank = 0;
	size_t		j;

	for (j = 0; j < q; j++)
		rank += kept[j];
	return rank;
}

/* From the order of the parameters to that of the terms. */
static jrn_status
arrange_covariance(const jrn_engine *engine, const double *outside, jrn_model *model)
{
	size_t		terms = (size_t) model->terms;
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_array(engine->env, triangle(terms), sizeof(double), &model->covariance));
	for (i = 0; i < terms; i++)
		for (j = 0; j <= i; j++)
		{
			double		sign_i,
						sign_j;
			size_t		a = jrn_parameter_of(engine, model, i, &sign_i);
			size_t		b = jrn_parameter_of(engine, model, j, &sign_j);

			model->covariance[jrn_packed(i, j)] = sign_i * sign_j *
				outside[a >= b ? jrn_packed(a, b) : jrn_packed(b, a)];
		}
	jrn_hide_terms(model);
	return JRN_OK;
}

/* Covariance of the outside coefficients by the wanted method. */
static jrn_status
give_covariance(jrn_engine *engine, const jrn_fit_request *request, const double *theta,
				const bool *kept, const double *inverse_hessian, jrn_model *model)
{
	double	   *inside;
	size_t		i;

	if (request->errors == JRN_ERRORS_CLUSTER && model->n_groups < 2)
		return JRN_OK;			/* one cluster has no spread between clusters */
	JRN_TRY(jrn_alloc_array(engine->env, triangle(engine->m), sizeof(double), &inside));
	if (request->errors == JRN_ERRORS_MODEL)
		for (i = 0; i < triangle(engine->m); i++)
			inside[i] = inverse_hessian[i] * (engine->family == JRN_GAUSSIAN ? model->dispersion : 1.0);
	else
		JRN_TRY(jrn_robust_covariance(engine, request->errors, theta, inverse_hessian,
									  (int64_t) jrn_rank_of(kept, engine->m), inside));
	JRN_TRY(jrn_engine_outside_covariance(engine, inside, inside));
	return arrange_covariance(engine, inside, model);
}

/* Sum of log weights: the weighted gaussian likelihood needs it. */
static jrn_status
sum_log_weights(const jrn_engine *engine, double *sum)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		r;

	*sum = 0.0;
	if (!engine->design->has_weight)
		return JRN_OK;
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		for (r = 0; r < tile.rows; r++)
			*sum += log(tile.weight[r]);
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

/* H^-1 of squared loss, inside: 1/w for the level, C^-1/w for the slopes. */
jrn_status
jrn_gaussian_inverse(const jrn_engine *engine, const jrn_linear_fit *fit, double w, double *inverse)
{
	double	   *slopes;
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_array(engine->env, triangle(engine->p), sizeof(double), &slopes));
	JRN_TRY(jrn_cholesky_inverse(engine->env, fit->factor, engine->p, fit->kept, slopes));
	memset(inverse, 0, triangle(engine->q) * sizeof(double));
	inverse[0] = 1.0 / w;
	for (i = 0; i < engine->p; i++)
		for (j = 0; j <= i; j++)
			inverse[jrn_packed(i + 1, j + 1)] = slopes[jrn_packed(i, j)] / w;
	jrn_release(engine->env, slopes);
	return JRN_OK;
}

/*
 * R-FIT-1: theta from moments, a pass for gradient and residual sum, one
 * correction of the columns in the factor.  With H the Hessian of half the
 * residual sum, a step lowers the sum by step'(2 gradient - H step).
 */
static jrn_status
gaussian_theta(jrn_engine *engine, const jrn_moments *total, const jrn_linear_fit *fit,
			   const jrn_fit_request *request, double *theta, double *rss)
{
	double		absolute = request->lambda * request->alpha;
	double		square = request->lambda * (1.0 - request->alpha);
	jrn_pass	pass;
	double		correction;
	double	   *step;
	double	   *slope;
	size_t		j;

	theta[0] = total->mean[engine->p];
	for (j = 0; j < engine->p; j++)
		theta[j + 1] = fit->beta[j] * fit->scale[j];
	JRN_TRY(jrn_pass_alloc(engine, false, &pass));
	JRN_TRY(jrn_engine_pass(engine, NULL, theta, &pass, NULL));
	JRN_TRY(jrn_alloc_array(engine->env, 2 * engine->p, sizeof(double), &step));
	slope = step + engine->p;
	for (j = 0; j < engine->p; j++)
		step[j] = slope[j] = fit->kept[j] ? pass.gradient[j + 1] / total->w - square * theta[j + 1] -
			(theta[j + 1] > 0.0 ? absolute : -absolute) : 0.0;
	jrn_cholesky_solve(fit->factor, engine->p, fit->kept, step);
	correction = pass.gradient[0] * (pass.gradient[0] / total->w);
	theta[0] += pass.gradient[0] / total->w;
	for (j = 0; j < engine->p; j++)
	{
		theta[j + 1] += step[j];
		correction += step[j] * (2.0 * pass.gradient[j + 1] - total->w * (slope[j] - square * step[j]));
	}
	*rss = pass.deviance - correction;
	if (*rss < 0.0)
		*rss = 0.0;
	return JRN_OK;
}

void
jrn_gaussian_likelihood(jrn_model *model, double log_weights)
{
	double		n = (double) model->n;

	model->log_likelihood = 0.5 * (log_weights - n * (log(TWO_PI * model->deviance / n) + 1.0));
	if (!(model->deviance > 0.0))
		model->log_likelihood = NAN;
}

static jrn_status
fit_gaussian(jrn_engine *engine, const jrn_fit_request *request, const jrn_moments *total,
			 jrn_model *model)
{
	jrn_linear_fit fit;
	double	   *theta;
	double	   *inverse;
	double		log_weights;
	bool		full;

	JRN_TRY(jrn_linear_alloc(engine->env, engine->p, &fit));
	JRN_TRY(jrn_gaussian_solve(engine->env, total, request->penalty, request->alpha, request->lambda,
							   &fit, engine->kept + 1, &model->converged));
	JRN_TRY(jrn_alloc_zeroed(engine->env, engine->q, sizeof(double), &theta));
	JRN_TRY(gaussian_theta(engine, total, &fit, request, theta, &model->deviance));
	JRN_TRY(sum_log_weights(engine, &log_weights));
	full = jrn_rank_of(engine->kept, engine->q) == engine->q;
	model->null_deviance = total->m[triangle(engine->p) + engine->p];
	model->df_residual = model->n - (int64_t) fit.rank - 1;
	model->iterations = 1;
	jrn_give_coefficients(engine, theta, engine->kept, model);
	if (model->df_residual <= 0)
	{
		model->status = JRN_FIT_TOO_FEW;
		model->df_residual = model->df_residual < 0 ? 0 : model->df_residual;
		return JRN_OK;
	}
	model->status = !model->converged ? JRN_FIT_NOT_CONVERGED :
		full ? JRN_FIT_OK : JRN_FIT_RANK_DEFICIENT;
	model->dispersion = model->deviance / (double) model->df_residual;
	jrn_gaussian_likelihood(model, log_weights);
	if (jrn_is_shrunk(request->penalty))
		return JRN_OK;			/* R-MOD-3 */
	JRN_TRY(jrn_alloc_array(engine->env, triangle(engine->q), sizeof(double), &inverse));
	JRN_TRY(jrn_gaussian_inverse(engine, &fit, total->w, inverse));
	return give_covariance(engine, request, theta, engine->kept, inverse, model);
}

/* Deviance of the model that knows the offset and a level only. */
static jrn_status
null_deviance(jrn_engine *engine, const jrn_moments *total, double shape, double *deviance)
{
	double		level = total->mean[engine->p];

	if (engine->family != JRN_BINOMIAL || engine->design->has_offset)
		return jrn_glm_null_deviance(engine, total, shape, deviance);
	*deviance = -2.0 * total->w * (level * log(level) + (1.0 - level) * log1p(-level));
	return JRN_OK;
}

/* Runaway terms: infinite in the direction they go, without variance. */
static void
mark_separated(const jrn_engine *engine, const jrn_newton *newton, jrn_model *model)
{
	size_t		i;

	for (i = 0; i < (size_t) model->terms; i++)
	{
		double		sign;
		size_t		j = jrn_parameter_of(engine, model, i, &sign);

		if (newton->kept[j] && !(newton->variance[j] <= 1.5 * newton->previous_variance[j]))
			model->coefficients[i] = sign * newton->direction[j] < 0.0 ? -HUGE_VAL : HUGE_VAL;
	}
}

/* Parameters of a fit: what is kept, after an absolute penalty what is not 0. */
static int64_t
parameters_of(const jrn_engine *engine, const jrn_fit_request *request, const jrn_newton *newton)
{
	bool		absolute = jrn_is_shrunk(request->penalty) && request->alpha > 0.0;
	int64_t		count = 0;
	size_t		j;

	for (j = 0; j < engine->m; j++)
		if (newton->kept[j] && !(absolute && newton->theta[j] == 0.0))
			count++;
	return count;
}

/*
 * Where steps take the observed information, errors take the expected one:
 * its factor replaces that of the last step.
 */
static jrn_status
expected_information(jrn_engine *engine, jrn_newton *newton)
{
	jrn_pass	pass;
	size_t		rank;

	engine->which_curvature = JRN_CURVATURE_EXPECTED;
	JRN_TRY(jrn_pass_alloc(engine, true, &pass));
	JRN_TRY(jrn_engine_pass(engine, NULL, newton->theta, &pass, NULL));
	memcpy(newton->factor, pass.hessian, triangle(engine->q) * sizeof(double));
	return jrn_cholesky(engine->env, newton->factor, engine->q, 1e-13, newton->kept, &rank);
}

static jrn_status
fit_glm(jrn_engine *engine, const jrn_fit_request *request, const jrn_moments *total,
		jrn_model *model)
{
	const jrn_newton *newton;
	jrn_glm_fit fit;
	double	   *inverse;
	double		shape = HUGE_VAL;

	JRN_TRY(jrn_glm_fit_alloc(engine, &fit));
	newton = &fit.newton;
	JRN_TRY(jrn_glm_fit_part(engine, NULL, total, request, &fit));
	model->status = fit.status;
	model->iterations = newton->iterations;
	model->converged = newton->converged;
	model->df_residual = model->n - parameters_of(engine, request, newton);
	if (model->df_residual < 0)
		model->df_residual = 0;
	if (newton->iterations == 0)
		return JRN_OK;			/* R-GLM-4 */
	if (engine->family == JRN_NEGATIVE_BINOMIAL)
		shape = newton->theta[engine->q];
	JRN_TRY(null_deviance(engine, total, shape, &model->null_deviance));
	model->deviance = newton->deviance;
	JRN_TRY(jrn_glm_likelihood(engine, newton->theta, newton->deviance, &model->log_likelihood));
	model->dispersion = engine->family != JRN_NEGATIVE_BINOMIAL ? 1.0 : isinf(shape) ? NAN : shape;
	jrn_give_coefficients(engine, newton->theta, newton->kept, model);
	if (model->df_residual == 0 && !newton->separated)
	{
		model->status = JRN_FIT_TOO_FEW;
		return JRN_OK;
	}
	if (newton->separated)
		mark_separated(engine, newton, model);
	if (jrn_is_shrunk(request->penalty) || !(newton->converged || newton->separated))
		return JRN_OK;			/* R-MOD-3 */
	JRN_TRY(jrn_alloc_zeroed(engine->env, triangle(engine->m), sizeof(double), &inverse));
	if (!isinf(shape))
		JRN_TRY(expected_information(engine, &fit.newton));
	JRN_TRY(jrn_cholesky_inverse(engine->env, newton->factor,
								 engine->family == JRN_ORDINAL ? engine->m : engine->q,
								 newton->kept, inverse));
	return give_covariance(engine, request, newton->theta, newton->kept, inverse, model);
}

static jrn_status
begin_model(const jrn_env *env, const jrn_design *design, const jrn_fit_request *request,
			const jrn_engine *engine, jrn_model *model)
{
	size_t		levels = request->family == JRN_ORDINAL && engine != NULL ? engine->level_count : 0;
	size_t		level_terms = request->family != JRN_ORDINAL ? 1 : levels > 0 ? levels - 1 : 0;

	JRN_TRY(jrn_model_blank(env, (size_t) design->p + level_terms, model));
	model->thresholds = request->family == JRN_ORDINAL ? (int) level_terms : 0;
	model->levels = levels > 0 ? engine->levels : NULL;
	model->family = request->family;
	model->penalty = request->penalty;
	model->lambda = request->lambda;
	model->alpha = request->alpha;
	model->errors = request->errors;
	model->n = design->n;
	model->n_groups = design->has_key ? design->clusters : -1;
	model->status = JRN_FIT_TOO_FEW;
	return JRN_OK;
}

/* From stored blocks, with as many passes as it takes. */
static jrn_status
fit_blocks(const jrn_env *env, jrn_design *design, const jrn_fit_request *request, jrn_model *model)
{
	jrn_engine	engine;
	jrn_moments *total;

	JRN_TRY(jrn_engine_begin(&engine, env, design, &design->tiles, request->family));
	JRN_TRY(begin_model(env, design, request, &engine, model));
	JRN_TRY(jrn_moments_alloc(env, 1, engine.q, &total));
	JRN_TRY(jrn_engine_moments(&engine, 1, total));
	JRN_TRY(jrn_engine_standardise(&engine, total));
	if (request->family == JRN_GAUSSIAN)
		return fit_gaussian(&engine, request, total, model);
	return fit_glm(&engine, request, total, model);
}

jrn_status
jrn_fit_design(const jrn_env *env, jrn_design *design, const jrn_fit_request *request,
			   jrn_model *model)
{
	if (design->first_column == NULL)
		JRN_TRY(jrn_design_plan(design));
	if (design->n > 0 && request->family == JRN_GAUSSIAN && request->errors == JRN_ERRORS_MODEL)
	{
		double		trust;

		JRN_TRY(jrn_fit_stream(env, design, request, model, &trust));
		if (trust > JRN_MOMENT_TRUST)
			return JRN_OK;
	}
	if (design->n > 0)
		JRN_TRY(jrn_design_finish(design));
	return design->n > 0 ? fit_blocks(env, design, request, model) :
		begin_model(env, design, request, NULL, model);
}
