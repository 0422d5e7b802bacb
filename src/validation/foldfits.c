/*
 * foldfits.c
 *		Fitting all folds together (see foldfits.h).
 */
#include <math.h>
#include <string.h>

#include "foldfits.h"

jrn_status
jrn_fold_fits_begin(jrn_fold_fits *fits, jrn_engine *engine, jrn_plan *plan, jrn_moments *by_cell)
{
	memset(fits, 0, sizeof(*fits));
	fits->engine = engine;
	fits->plan = plan;
	fits->by_cell = by_cell;
	JRN_TRY(jrn_moments_alloc(engine->env, (size_t) plan->k, engine->q, &fits->by_fold));
	JRN_TRY(jrn_moments_alloc(engine->env, 1, engine->q, &fits->train));
	if (engine->family != JRN_GAUSSIAN)
		JRN_TRY(jrn_glm_fit_alloc(engine, &fits->glm));
	return jrn_linear_alloc(engine->env, engine->p, &fits->linear);
}

/* A merge, never a difference. */
void
jrn_fold_fits_train(jrn_fold_fits *fits, int fold)
{
	int			f;

	jrn_moments_clear(fits->train);
	for (f = 0; f < fits->plan->k; f++)
		if (f != fold)
			jrn_moments_merge(fits->train, &fits->by_fold[f]);
}

void
jrn_fold_fits_moments(jrn_fold_fits *fits)
{
	const jrn_plan *plan = fits->plan;
	int			f,
				c;

	for (f = 0; f < plan->k; f++)
		jrn_moments_clear(&fits->by_fold[f]);
	for (c = 0; c < plan->cells; c++)
		jrn_moments_merge(&fits->by_fold[plan->fold_of_cell[c]], &fits->by_cell[c]);
}

/* ---- gaussian ---- */

jrn_status
jrn_fold_fits_path(jrn_fold_fits *fits, int fold, const jrn_cv_request *request,
				   int first, int count)
{
	if (fits->path_room < count)
	{
		JRN_TRY(jrn_path_alloc(fits->engine->env, fits->engine->p, count, &fits->path));
		fits->path_room = count;
	}
	jrn_fold_fits_train(fits, fold);
	return jrn_gaussian_path(fits->engine->env, fits->train, request->penalty, request->alpha,
							 request->lambdas + first, count, &fits->path);
}

/*
 * a = mean_y + sum beta (c - mean_x), b_j = beta_j s_j in the engine's
 * coordinates.
 */
void
jrn_fold_fits_take(const jrn_fold_fits *fits, const jrn_cv_request *request, int lambda, int l,
				   jrn_fold_fit *out)
{
	const jrn_engine *engine = fits->engine;
	const jrn_moments *train = fits->train;
	const jrn_path *path = &fits->path;
	const double *beta = path->beta + (size_t) l * engine->p;
	bool		shrunk = jrn_is_shrunk(request->penalty) && request->lambdas[lambda] > 0.0;
	double		rank = path->df[l];	/* of least squares */
	bool		whole = true;
	size_t		j;

	out->n_train = train->n;
	out->train_mean_y = train->n > 0 ? train->mean[engine->p] : NAN;
	out->status = JRN_FIT_TOO_FEW;
	if (train->n < 2 || (!shrunk && (double) train->n <= rank))
		return;
	out->theta[0] = train->mean[engine->p];
	for (j = 0; j < engine->p; j++)
	{
		out->theta[0] += beta[j] * (engine->relative[j] - train->mean[j]);
		out->theta[j + 1] = beta[j] * engine->scale[j];
		whole = whole && path->kept[j];
	}
	out->status = whole && (shrunk || rank == (double) engine->p) ? JRN_FIT_OK : JRN_FIT_RANK_DEFICIENT;
	if (!path->converged[l])
		out->status = JRN_FIT_NOT_CONVERGED;
}

/* ---- likelihoods ---- */

/* The training rows of one fold by themselves, from where the last fit ended. */
jrn_status
jrn_fold_fits_alone(jrn_fold_fits *fits, int fold, const jrn_fit_request *request, jrn_fold_fit *out)
{
	jrn_engine *engine = fits->engine;
	jrn_part	part;

	part.fold_of_cell = fits->plan->fold_of_cell;
	part.excluded = fold;
	jrn_fold_fits_train(fits, fold);
	JRN_TRY(jrn_glm_fit_part(engine, &part, fits->train, request, &fits->glm));
	out->status = fits->glm.status;
	if (jrn_fit_is_usable(out->status))
		memcpy(out->theta, fits->glm.newton.theta, engine->m * sizeof(double));
	return JRN_OK;
}

jrn_status
jrn_fold_fits_run(jrn_fold_fits *fits, const jrn_fit_request *request, jrn_fold_fit *out)
{
	int			f;

	for (f = 0; f < fits->plan->k; f++)
	{
		jrn_fold_fits_train(fits, f);
		out[f].n_train = fits->train->n;
		out[f].train_mean_y = fits->train->n > 0 ? fits->train->mean[fits->engine->p] : NAN;
		memset(out[f].theta, 0, fits->engine->m * sizeof(double));
	}
	if (jrn_fold_fits_chord(request))
		return jrn_chord_folds(fits, request, out);
	for (f = 0; f < fits->plan->k; f++)
		JRN_TRY(jrn_fold_fits_alone(fits, f, request, &out[f]));
	return JRN_OK;
}
