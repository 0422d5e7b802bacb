/*
 * glm_part.c
 *		Starts, penalties and methods of generalised linear fits (see
 *		glm_part.h).
 */
#include <math.h>
#include <string.h>

#include "glm_part.h"

/* Turns of shape and coefficients. */
#define MAX_TURNS 50
#define SHAPE_DONE 1e-10
/* A shape this many times the mean is no longer told from an infinite one. */
#define SHAPE_LIMIT 1e9

jrn_status
jrn_glm_fit_alloc(const jrn_engine *engine, jrn_glm_fit *fit)
{
	memset(fit, 0, sizeof(*fit));
	JRN_TRY(jrn_newton_alloc(engine, &fit->newton));
	JRN_TRY(jrn_alloc_zeroed(engine->env, engine->m, sizeof(double), &fit->penalty));
	return jrn_alloc_zeroed(engine->env, engine->m, sizeof(double), &fit->ratio);
}

/* ---- before the first step ---- */

/* Sums over the rows of a part that a start needs. */
typedef struct start_sums
{
	double		most;			/* the largest offset */
	double		exposure;		/* sum of w exp(offset - most) */
	double		weight[JRN_MAX_LEVELS + 1];	/* by level of an ordinal target */
} start_sums;

static void
start_tile(const jrn_engine *engine, const jrn_tile *tile, start_sums *sums)
{
	size_t		levels = engine->m - engine->p + 1;
	size_t		r,
				c;

	for (r = 0; r < tile->rows; r++)
	{
		double		w = tile->weight != NULL ? tile->weight[r] : 1.0;

		if (engine->family == JRN_ORDINAL)
		{
			for (c = 0; c + 1 < levels && engine->levels[c] < tile->y[r]; c++)
				;
			sums->weight[c] += w;
			continue;
		}
		if (tile->offset[r] > sums->most)
		{
			sums->exposure *= exp(sums->most - tile->offset[r]);
			sums->most = tile->offset[r];
		}
		sums->exposure += w * exp(tile->offset[r] - sums->most);
	}
}

static jrn_status
start_pass(jrn_engine *engine, const jrn_part *part, start_sums *sums)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;

	memset(sums, 0, sizeof(*sums));
	sums->most = -HUGE_VAL;
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		if (part == NULL || part->fold_of_cell[tile.cell] != part->excluded)
			start_tile(engine, &tile, sums);
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

/* a_k = logit of the share of rows at level k or above (R-ENG-5). */
static void
start_levels(const jrn_engine *engine, const start_sums *sums, double *theta, jrn_fit_status *status)
{
	size_t		levels = engine->m - engine->p + 1;
	double		total = 0.0;
	double		above = 0.0;
	size_t		present = 0;
	size_t		c;

	for (c = 0; c < levels; c++)
	{
		present += sums->weight[c] > 0.0;
		total += sums->weight[c];
	}
	if (present < levels)
	{
		*status = present < 2 ? JRN_FIT_ONE_CLASS : JRN_FIT_SEPARATED;
		return;
	}
	for (c = levels - 1; c > 0; c--)
	{
		above += sums->weight[c];
		theta[c == 1 ? 0 : engine->q + c - 2] = log(above / (total - above));
	}
}

/*
 * R-GLM-4 and the model of the level only, as the start.  The status is ok
 * where a fit can begin.
 */
static jrn_status
start_level(jrn_engine *engine, const jrn_part *part, const jrn_moments *train, double *theta,
			jrn_fit_status *status)
{
	double		level = train->n > 0 ? train->mean[engine->p] : 0.0;
	start_sums	sums;

	*status = train->n < 2 ? JRN_FIT_TOO_FEW : JRN_FIT_OK;
	if (*status != JRN_FIT_OK)
		return JRN_OK;
	switch (engine->family)
	{
		case JRN_BINOMIAL:
			if (!(level > 0.0 && level < 1.0))
				*status = JRN_FIT_ONE_CLASS;
			else
				theta[0] = log(level / (1.0 - level));
			break;
		case JRN_POISSON:
		case JRN_NEGATIVE_BINOMIAL:
			if (!(level > 0.0))
			{
				*status = JRN_FIT_ONE_CLASS;
				break;
			}
			theta[0] = log(level);
			if (!engine->design->has_offset)
				break;
			JRN_TRY(start_pass(engine, part, &sums));
			theta[0] += log(train->w / sums.exposure) - sums.most;
			break;
		case JRN_ORDINAL:
			JRN_TRY(start_pass(engine, part, &sums));
			start_levels(engine, &sums, theta, status);
			break;
		default:
			return JRN_DOMAIN;
	}
	return JRN_OK;
}

/* R-GLM-2 and R-GLM-3; the rank counts slopes. */
static jrn_status
choose_columns(jrn_engine *engine, const jrn_moments *train, const jrn_fit_request *request,
			   jrn_glm_fit *fit, size_t *aliased)
{
	bool		shrunk = jrn_is_shrunk(request->penalty) && request->lambda > 0.0;
	jrn_linear_fit linear;
	size_t		j;

	JRN_TRY(jrn_linear_alloc(engine->env, engine->p, &linear));
	JRN_TRY(jrn_linear_solve(engine->env, train, 0.0, &linear));
	*aliased = 0;
	memset(fit->penalty, 0, engine->m * sizeof(double));
	memset(fit->ratio, 0, engine->m * sizeof(double));
	memcpy(fit->newton.kept, engine->kept, engine->m * sizeof(bool));
	fit->newton.kept[0] = true;
	for (j = 0; j < engine->p; j++)
	{
		double		ratio = linear.scale[j] / engine->scale[j];
		bool		spread = engine->spread[j] && linear.scale[j] > 0.0 &&
			linear.scale[j] > 1e-14 * fabs(train->mean[j]);

		fit->newton.kept[j + 1] = shrunk ? spread : engine->kept[j + 1] && linear.kept[j];
		*aliased += !fit->newton.kept[j + 1];
		if (!shrunk || !spread)
			continue;
		fit->ratio[j + 1] = ratio;
		fit->penalty[j + 1] = request->lambda * train->w * ratio * ratio;
	}
	jrn_release(engine->env, linear.kept);
	jrn_release(engine->env, linear.scale);
	jrn_release(engine->env, linear.beta);
	jrn_release(engine->env, linear.factor);
	return JRN_OK;
}

/* ---- the fit ---- */

/* Coefficients by the method of the penalty (R-GLM-1). */
static jrn_status
fit_coefficients(jrn_engine *engine, const jrn_part *part, const jrn_moments *train,
				 const jrn_fit_request *request, jrn_glm_fit *fit)
{
	bool		shrunk = jrn_is_shrunk(request->penalty) && request->lambda > 0.0;

	if (request->penalty == JRN_PENALTY_FIRTH)
		return jrn_engine_firth(engine, part, &fit->newton);
	if (shrunk && request->alpha > 0.0)
		return jrn_engine_proximal(engine, part, request->lambda * train->w, request->alpha,
								   fit->ratio, &fit->newton);
	fit->newton.penalty = shrunk ? fit->penalty : NULL;
	return jrn_engine_newton(engine, part, &fit->newton, NULL, 0);
}

/* R-GLM-5: from the Poisson fit in newton to shape and coefficients. */
static jrn_status
fit_shape(jrn_engine *engine, const jrn_part *part, const jrn_moments *train,
		  const jrn_fit_request *request, jrn_glm_fit *fit)
{
	double	   *shape = &fit->newton.theta[engine->q];
	int			iterations = fit->newton.iterations;
	double		excess;
	double		squares;
	double		next;
	int			turn;

	JRN_TRY(jrn_negbin_spread(engine, part, fit->newton.theta, &excess, &squares));
	if (!(excess > 0.0))
		return JRN_OK;
	next = squares / excess;
	for (turn = 0; turn < MAX_TURNS; turn++)
	{
		bool		settled;

		JRN_TRY(jrn_negbin_shape(engine, part, fit->newton.theta, &next));
		if (next > SHAPE_LIMIT * (1.0 + train->mean[engine->p]))
			next = HUGE_VAL;
		settled = next == *shape || fabs(log(next / *shape)) < SHAPE_DONE;
		*shape = next;
		JRN_TRY(fit_coefficients(engine, part, train, request, fit));
		iterations += fit->newton.iterations;
		if (settled || isinf(next) || fit->newton.separated || !fit->newton.converged)
			break;
	}
	fit->newton.converged = fit->newton.converged && turn < MAX_TURNS;
	fit->newton.iterations = iterations;
	return JRN_OK;
}

jrn_status
jrn_glm_fit_part(jrn_engine *engine, const jrn_part *part, const jrn_moments *train,
				 const jrn_fit_request *request, jrn_glm_fit *fit)
{
	double	   *theta = fit->newton.theta;
	bool		warm = fit->warm;
	size_t		aliased;
	double	   *level;
	size_t		j;

	fit->warm = false;
	fit->newton.iterations = 0;
	fit->newton.converged = fit->newton.separated = false;
	JRN_TRY(jrn_alloc_zeroed(engine->env, engine->m, sizeof(double), &level));
	JRN_TRY(start_level(engine, part, train, level, &fit->status));
	if (fit->status != JRN_FIT_OK)
		return JRN_OK;
	JRN_TRY(choose_columns(engine, train, request, fit, &aliased));
	if (!warm)
		memcpy(theta, level, engine->m * sizeof(double));
	jrn_release(engine->env, level);
	for (j = 1; j < engine->q; j++)
		if (!fit->newton.kept[j])
			theta[j] = 0.0;
	if (engine->family == JRN_NEGATIVE_BINOMIAL)
		theta[engine->q] = HUGE_VAL;
	JRN_TRY(fit_coefficients(engine, part, train, request, fit));
	if (engine->family == JRN_NEGATIVE_BINOMIAL && fit->newton.converged)
		JRN_TRY(fit_shape(engine, part, train, request, fit));
	fit->warm = fit->newton.converged;
	if (fit->newton.separated)
		fit->status = JRN_FIT_SEPARATED;
	else if (!fit->newton.converged)
		fit->status = JRN_FIT_NOT_CONVERGED;
	else if (engine->family == JRN_NEGATIVE_BINOMIAL && isinf(theta[engine->q]))
		fit->status = JRN_FIT_NO_OVERDISPERSION;
	else
		fit->status = aliased > 0 ? JRN_FIT_RANK_DEFICIENT : JRN_FIT_OK;
	return JRN_OK;
}

/* ---- around it ---- */

jrn_status
jrn_glm_null_deviance(jrn_engine *engine, const jrn_moments *train, double shape, double *deviance)
{
	jrn_fit_status status;
	jrn_newton	newton;

	*deviance = NAN;
	JRN_TRY(jrn_newton_alloc(engine, &newton));
	JRN_TRY(start_level(engine, NULL, train, newton.theta, &status));
	if (status != JRN_FIT_OK)
		return JRN_OK;
	memset(newton.kept + 1, 0, engine->p * sizeof(bool));
	if (engine->family == JRN_NEGATIVE_BINOMIAL)
		newton.theta[engine->q] = shape;
	if (engine->family == JRN_POISSON || !engine->design->has_offset)
	{
		jrn_pass	pass;

		/* the start is the fit */
		JRN_TRY(jrn_pass_alloc(engine, false, &pass));
		JRN_TRY(jrn_engine_pass(engine, NULL, newton.theta, &pass, NULL));
		*deviance = pass.deviance;
		return JRN_OK;
	}
	JRN_TRY(jrn_engine_newton(engine, NULL, &newton, NULL, 0));
	*deviance = newton.deviance;
	return JRN_OK;
}

jrn_status
jrn_glm_likelihood(jrn_engine *engine, const double *theta, double deviance, double *log_likelihood)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	double		shape = engine->family == JRN_NEGATIVE_BINOMIAL ? theta[engine->q] : HUGE_VAL;
	double		saturated = 0.0;
	size_t		r;

	*log_likelihood = -0.5 * deviance;
	if (engine->family != JRN_POISSON && engine->family != JRN_NEGATIVE_BINOMIAL)
		return JRN_OK;
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		for (r = 0; r < tile.rows; r++)
			saturated += (tile.weight != NULL ? tile.weight[r] : 1.0) *
				jrn_count_saturated(tile.y[r], shape);
	}
	jrn_tiles_close(&cursor);
	*log_likelihood += saturated;
	return JRN_OK;
}
