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
	size_t		j;

	jrn_engine_outside(engine, theta, model->coefficients);
	for (j = 0; j < engine->q; j++)
		if (!kept[j])
			model->coefficients[j] = NAN;
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

/* Covariance of the outside coefficients by the wanted method. */
static jrn_status
give_covariance(jrn_engine *engine, const jrn_fit_request *request, const double *theta,
				const bool *kept, const double *inverse_hessian, jrn_model *model)
{
	double	   *inside;
	size_t		i;

	if (request->errors == JRN_ERRORS_CLUSTER && model->n_groups < 2)
		return JRN_OK;			/* one cluster has no spread between clusters */
	JRN_TRY(jrn_alloc_array(engine->env, triangle(engine->q), sizeof(double), &inside));
	if (request->errors == JRN_ERRORS_MODEL)
		for (i = 0; i < triangle(engine->q); i++)
			inside[i] = inverse_hessian[i] * model->dispersion;
	else
		JRN_TRY(jrn_robust_covariance(engine, request->errors, theta, inverse_hessian,
									  (int64_t) jrn_rank_of(kept, engine->q), inside));
	JRN_TRY(jrn_engine_outside_covariance(engine, inside, inside));
	model->covariance = inside;
	jrn_hide_terms(model);
	return JRN_OK;
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
binomial_null(jrn_engine *engine, const jrn_moments *total, double *deviance)
{
	double		level = total->mean[engine->p];
	jrn_newton	newton;

	if (!engine->design->has_offset)
	{
		*deviance = -2.0 * total->w * (level * log(level) + (1.0 - level) * log1p(-level));
		return JRN_OK;
	}
	JRN_TRY(jrn_newton_alloc(engine, &newton));
	memset(newton.kept + 1, 0, engine->p * sizeof(bool));
	newton.theta[0] = log(level / (1.0 - level));
	JRN_TRY(jrn_engine_newton(engine, NULL, &newton, NULL, 0));
	*deviance = newton.deviance;
	return JRN_OK;
}

/* Runaway terms: infinite in the direction they go, without variance. */
static void
mark_separated(const jrn_engine *engine, const jrn_newton *newton, jrn_model *model)
{
	size_t		j;

	for (j = 0; j < engine->q; j++)
		if (newton->kept[j] && !(newton->variance[j] <= 1.5 * newton->previous_variance[j]))
			model->coefficients[j] = newton->direction[j] < 0.0 ? -HUGE_VAL : HUGE_VAL;
}

static jrn_status
fit_binomial(jrn_engine *engine, const jrn_fit_request *request, const jrn_moments *total,
			 jrn_model *model)
{
	double		level = total->mean[engine->p];
	jrn_newton	newton;
	double	   *inverse;
	double	   *penalty = NULL;
	size_t		j;

	model->df_residual = model->n - (int64_t) jrn_rank_of(engine->kept, engine->q);
	if (model->df_residual < 0)
		model->df_residual = 0;
	if (!(level > 0.0 && level < 1.0))
	{
		model->status = JRN_FIT_ONE_CLASS;
		return JRN_OK;
	}
	JRN_TRY(binomial_null(engine, total, &model->null_deviance));
	JRN_TRY(jrn_newton_alloc(engine, &newton));
	newton.theta[0] = log(level / (1.0 - level));
	if (request->penalty == JRN_PENALTY_RIDGE)
	{
		JRN_TRY(jrn_alloc_zeroed(engine->env, engine->q, sizeof(double), &penalty));
		for (j = 1; j < engine->q; j++)
			penalty[j] = request->lambda * total->w;
		newton.penalty = penalty;
	}
	JRN_TRY(jrn_engine_newton(engine, NULL, &newton, NULL, 0));
	model->deviance = newton.deviance;
	model->log_likelihood = -0.5 * newton.deviance;
	model->dispersion = 1.0;
	model->iterations = newton.iterations;
	model->converged = newton.converged;
	jrn_give_coefficients(engine, newton.theta, newton.kept, model);
	if (model->df_residual == 0 && !newton.separated)
	{
		model->status = JRN_FIT_TOO_FEW;
		return JRN_OK;
	}
	model->status = newton.separated ? JRN_FIT_SEPARATED : !newton.converged ? JRN_FIT_NOT_CONVERGED :
		jrn_rank_of(engine->kept, engine->q) == engine->q ? JRN_FIT_OK : JRN_FIT_RANK_DEFICIENT;
	if (newton.separated)
		mark_separated(engine, &newton, model);
	if (jrn_is_shrunk(request->penalty) || !(newton.converged || newton.separated))
		return JRN_OK;			/* R-MOD-3 */
	JRN_TRY(jrn_alloc_array(engine->env, triangle(engine->q), sizeof(double), &inverse));
	JRN_TRY(jrn_cholesky_inverse(engine->env, newton.factor, engine->q, newton.kept, inverse));
	return give_covariance(engine, request, newton.theta, newton.kept, inverse, model);
}

/* From stored blocks, with as many passes as it takes. */
static jrn_status
fit_blocks(const jrn_env *env, jrn_design *design, const jrn_fit_request *request, jrn_model *model)
{
	jrn_engine	engine;
	jrn_moments *total;

	JRN_TRY(jrn_engine_begin(&engine, env, design, &design->tiles, request->family));
	JRN_TRY(jrn_moments_alloc(env, 1, engine.q, &total));
	JRN_TRY(jrn_engine_moments(&engine, 1, total));
	JRN_TRY(jrn_engine_standardise(&engine, total));
	if (request->family == JRN_GAUSSIAN)
		return fit_gaussian(&engine, request, total, model);
	return fit_binomial(&engine, request, total, model);
}

static jrn_status
begin_model(const jrn_env *env, const jrn_design *design, const jrn_fit_request *request,
			jrn_model *model)
{
	JRN_TRY(jrn_model_blank(env, (size_t) design->p + 1, model));
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
	JRN_TRY(begin_model(env, design, request, model));
	return design->n > 0 ? fit_blocks(env, design, request, model) : JRN_OK;
}
