/*
 * families.c
 *		What a family says about the rows of a block: mean, loss, score and
 *		curvature (see families.h).  Family ordinal is in ordinal.c.
 */
#include <math.h>
#include <string.h>

#include "families.h"

/* residual = ((y - offset) - origin) - eta, mu = (eta + origin) + offset; offset NULL: none. */
static void
gaussian_rows(const double *restrict y, const double *restrict offset, const double *restrict eta,
			  double origin, size_t rows, double *restrict residual, double *restrict mu)
{
	size_t		r;

	if (offset == NULL)
		for (r = 0; r < rows; r++)
		{
			residual[r] = (y[r] - origin) - eta[r];
			mu[r] = eta[r] + origin;
		}
	else
		for (r = 0; r < rows; r++)
		{
			residual[r] = ((y[r] - offset[r]) - origin) - eta[r];
			mu[r] = (eta[r] + origin) + offset[r];
		}
}

void
jrn_engine_predictors(const jrn_engine *engine, const jrn_tile *tile, const double *const *theta,
					  size_t count, double *eta)
{
	jrn_linear_predictors(engine->z, engine->q, tile->rows, JRN_BLOCK_ROWS, theta, count, eta);
}

void
jrn_engine_settle_gaussian(jrn_engine *engine, const jrn_tile *tile, const double *eta)
{
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		r;

	gaussian_rows(tile->y, tile->offset, eta, engine->origin[engine->p], tile->rows,
				  engine->residual, engine->mu);
	for (r = tile->rows; r < lanes; r++)
		engine->residual[r] = engine->mu[r] = 0.0;
}

static void
predict_gaussian(jrn_engine *engine, const jrn_tile *tile, const double *theta, bool want_loss)
{
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		r;

	memset(engine->eta, 0, lanes * sizeof(double));
	jrn_linear_predictor(engine->z, engine->q, tile->rows, JRN_BLOCK_ROWS, theta, engine->eta);
	jrn_engine_settle_gaussian(engine, tile, engine->eta);
	for (r = 0; want_loss && r < lanes; r++)
		engine->loss[r] = engine->residual[r] * engine->residual[r];
}

void
jrn_family_eta(jrn_engine *engine, const jrn_tile *tile, const double *theta)
{
	size_t		lanes = jrn_lanes(tile->rows);

	if (tile->offset != NULL)
		memcpy(engine->eta, tile->offset, lanes * sizeof(double));
	else
		memset(engine->eta, 0, lanes * sizeof(double));
	jrn_linear_predictor(engine->z, engine->q, tile->rows, JRN_BLOCK_ROWS, theta, engine->eta);
}

static void
predict_binomial(jrn_engine *engine, const jrn_tile *tile, const double *theta, bool want_loss)
{
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		r;

	jrn_family_eta(engine, tile, theta);
	jrn_logistic_rows(engine->eta, tile->y, tile->rows, engine->mu, want_loss ? engine->loss : NULL);
	for (r = 0; r < tile->rows; r++)
		engine->residual[r] = tile->y[r] - engine->mu[r];
	for (; r < lanes; r++)
		engine->residual[r] = engine->loss[r] = 0.0;
}

static void
predict_counts(jrn_engine *engine, const jrn_tile *tile, const double *theta, bool want_loss)
{
	double	   *loss = want_loss ? engine->loss : NULL;
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		r;

	jrn_family_eta(engine, tile, theta);
	if (engine->family == JRN_POISSON || isinf(theta[engine->q]))
		jrn_poisson_rows(engine->eta, tile->y, tile->rows, engine->mu, loss);
	else
		jrn_negbin_rows(engine->eta, tile->y, tile->rows, theta[engine->q], engine->mu, loss);
	for (r = 0; r < tile->rows; r++)
		engine->residual[r] = tile->y[r] - engine->mu[r];
	for (; r < lanes; r++)
		engine->residual[r] = engine->loss[r] = 0.0;
}

void
jrn_engine_predict(jrn_engine *engine, const jrn_tile *tile, const double *theta, bool want_loss)
{
	switch (engine->family)
	{
		case JRN_BINOMIAL:
			predict_binomial(engine, tile, theta, want_loss);
			break;
		case JRN_POISSON:
		case JRN_NEGATIVE_BINOMIAL:
			predict_counts(engine, tile, theta, want_loss);
			break;
		case JRN_ORDINAL:
			jrn_ordinal_predict(engine, tile, theta, want_loss);
			break;
		default:
			predict_gaussian(engine, tile, theta, want_loss);
			break;
	}
}

void
jrn_engine_scores(jrn_engine *engine, const jrn_tile *tile, const double *theta)
{
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		r;

	switch (engine->family)
	{
		case JRN_BINOMIAL:
			for (r = 0; r < tile->rows; r++)
				engine->curvature[r] = engine->mu[r] * (1.0 - engine->mu[r]);
			break;
		case JRN_POISSON:
			for (r = 0; r < tile->rows; r++)
				engine->curvature[r] = engine->mu[r];
			break;
		case JRN_NEGATIVE_BINOMIAL:
			for (r = 0; r < tile->rows; r++)
			{
				double		shape = theta[engine->q];
				double		share = isinf(shape) ? 1.0 : shape / (engine->mu[r] + shape);
				double		ratio = isinf(shape) ? 1.0 : (tile->y[r] + shape) / (engine->mu[r] + shape);

				engine->residual[r] *= share;
				engine->curvature[r] = engine->mu[r] * share;
				if (engine->which_curvature == JRN_CURVATURE_OBSERVED ||
					(engine->which_curvature == JRN_CURVATURE_LARGER && ratio > 1.0))
					engine->curvature[r] *= ratio;
			}
			break;
		default:
			for (r = 0; r < tile->rows; r++)
				engine->curvature[r] = 1.0;
			break;
	}
	for (r = tile->rows; r < lanes; r++)
		engine->curvature[r] = 0.0;
}

double
jrn_engine_loss_factor(const jrn_engine *engine)
{
	return engine->family == JRN_BINOMIAL || engine->family == JRN_ORDINAL ? 2.0 : 1.0;
}
