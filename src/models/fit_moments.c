/*
 * fit_moments.c
 *		The squared-loss fit that needs moments only, and the moments of a
 *		design whose blocks are not stored (see fit.h and fit_parts.h).
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "fit_parts.h"
#include "path.h"

static size_t
triangle(size_t q)
{
	return q * (q + 1) / 2;
}

/* Coordinates without blocks: enough to go from inside to outside. */
static jrn_status
bare_engine(const jrn_env *env, const jrn_moment_source *source, jrn_engine *engine)
{
	size_t		q = source->moments->q;
	double	   *numbers;

	memset(engine, 0, sizeof(*engine));
	engine->env = env;
	engine->p = q - 1;
	engine->q = engine->m = q;
	JRN_TRY(jrn_alloc_zeroed(env, 4 * q, sizeof(double), &numbers));
	engine->origin = numbers;
	engine->relative = numbers + q;
	engine->center = numbers + 2 * q;
	engine->scale = numbers + 3 * q;
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(bool), &engine->kept));
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(bool), &engine->spread));
	if (source->origin != NULL)
		memcpy(engine->origin, source->origin, q * sizeof(double));
	return jrn_engine_standardise(engine, source->moments);
}

/* Residual sum of squares as a quadratic form: m_yy - 2 b'm_xy + b'm_xx b. */
static double
residual_sum(const jrn_moments *moments, const double *beta)
{
	size_t		p = moments->q - 1;
	double		sum = moments->m[triangle(p) + p];
	size_t		i,
				j;

	for (i = 0; i < p; i++)
	{
		double		along = 0.0;

		for (j = 0; j < p; j++)
			along += beta[j] * moments->m[i >= j ? jrn_packed(i, j) : jrn_packed(j, i)];
		sum += beta[i] * (along - 2.0 * moments->m[triangle(p) + i]);
	}
	return sum;
}

/* The smallest of the relative pivots and of RSS over total. */
static double
trust_of(const jrn_linear_fit *fit, const jrn_model *model)
{
	double		trust = model->null_deviance > 0.0 ? model->deviance / model->null_deviance : 0.0;
	size_t		j;

	for (j = 0; j < fit->p; j++)
	{
		double		pivot = fit->factor[jrn_packed(j, j)];

		if (fit->kept[j] && pivot * pivot < trust)
			trust = pivot * pivot;
	}
	return trust;
}

jrn_status
jrn_fit_moments(const jrn_env *env, const jrn_moment_source *source, jrn_model *model, double *trust)
{
	const jrn_moments *moments = source->moments;
	size_t		p = moments->q - 1;
	jrn_engine	engine;
	jrn_linear_fit fit;
	double	   *inverse;
	double	   *theta;
	size_t		i;

	JRN_TRY(jrn_model_blank(env, p + 1, model));
	model->penalty = source->penalty;
	model->lambda = source->lambda;
	model->alpha = source->alpha;
	model->n = moments->n;
	model->status = JRN_FIT_TOO_FEW;
	*trust = 0.0;
	if (moments->n == 0)
		return JRN_OK;
	JRN_TRY(bare_engine(env, source, &engine));
	JRN_TRY(jrn_alloc_zeroed(env, p + 1, sizeof(double), &theta));
	JRN_TRY(jrn_linear_alloc(env, p, &fit));
	JRN_TRY(jrn_gaussian_solve(env, moments, model->penalty, model->alpha, model->lambda, &fit,
							   engine.kept + 1, &model->converged));
	theta[0] = moments->mean[p];
	for (i = 0; i < p; i++)
		theta[i + 1] = fit.beta[i] * engine.scale[i];
	model->null_deviance = moments->m[triangle(p) + p];
	model->deviance = residual_sum(moments, fit.beta);
	if (model->deviance < (double) (p + 1) * DBL_EPSILON * model->null_deviance)
		model->deviance = 0.0;
	*trust = trust_of(&fit, model);
	model->df_residual = model->n - (int64_t) fit.rank - 1;
	model->iterations = 1;
	jrn_give_coefficients(&engine, theta, engine.kept, model);
	if (model->df_residual <= 0)
	{
		model->df_residual = 0;
		return JRN_OK;
	}
	model->status = !model->converged ? JRN_FIT_NOT_CONVERGED :
		jrn_rank_of(engine.kept + 1, p) == p ? JRN_FIT_OK : JRN_FIT_RANK_DEFICIENT;
	model->dispersion = model->deviance / (double) model->df_residual;
	jrn_gaussian_likelihood(model, source->log_weights);
	if (jrn_is_shrunk(source->penalty))
		return JRN_OK;			/* R-MOD-3 */
	JRN_TRY(jrn_alloc_array(env, triangle(p + 1), sizeof(double), &inverse));
	JRN_TRY(jrn_gaussian_inverse(&engine, &fit, moments->w, inverse));
	for (i = 0; i < triangle(p + 1); i++)
		inverse[i] *= model->dispersion;
	JRN_TRY(jrn_engine_outside_covariance(&engine, inverse, inverse));
	model->covariance = inverse;
	jrn_hide_terms(model);
	return JRN_OK;
}

/* ---- moments of blocks that are not stored ---- */

typedef struct moment_stream
{
	jrn_moments *total;
	jrn_moment_scratch scratch;
	double	   *origin;			/* [q], of the first row */
	double		log_weights;
} moment_stream;

static jrn_status
stream_tile(void *arg, const jrn_tile *tile)
{
	moment_stream *stream = arg;
	size_t		p = stream->total->q - 1;
	size_t		j,
				r;

	if (stream->total->n == 0)
	{
		for (j = 0; j < p; j++)
			stream->origin[j] = tile->x[j * tile->stride];
		stream->origin[p] = tile->y[0] - (tile->offset != NULL ? tile->offset[0] : 0.0);
	}
	for (r = 0; tile->weight != NULL && r < tile->rows; r++)
		stream->log_weights += log(tile->weight[r]);
	jrn_moments_add_tile(stream->total, tile, &stream->scratch);
	return JRN_OK;
}

jrn_status
jrn_fit_stream(const jrn_env *env, jrn_design *design, const jrn_fit_request *request,
			   jrn_model *model, double *trust)
{
	size_t		q;
	moment_stream stream;
	jrn_moment_source source;

	if (design->first_column == NULL)
		JRN_TRY(jrn_design_plan(design));
	q = (size_t) design->p + 1;
	memset(&stream, 0, sizeof(stream));
	JRN_TRY(jrn_moments_alloc(env, 1, q, &stream.total));
	JRN_TRY(jrn_moments_scratch(env, q, &stream.scratch));
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(double), &stream.origin));
	stream.scratch.origin = stream.origin;
	JRN_TRY(jrn_design_stream(design, stream_tile, &stream));
	memset(&source, 0, sizeof(source));
	source.moments = stream.total;
	source.origin = stream.origin;
	source.log_weights = stream.log_weights;
	source.penalty = request->penalty;
	source.alpha = request->alpha;
	source.lambda = request->lambda;
	JRN_TRY(jrn_fit_moments(env, &source, model, trust));
	model->errors = request->errors;
	model->n_groups = design->has_key ? design->clusters : -1;
	return JRN_OK;
}
