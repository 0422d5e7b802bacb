/*
 * engine.c
 *		Passes in standardised coordinates (see engine.h).
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "engine.h"

static size_t
triangle(size_t q)
{
	return q * (q + 1) / 2;
}

/* R-ENG-4: the first row of the design's own blocks. */
static jrn_status
take_origin(jrn_engine *engine)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		j;

	jrn_tiles_open(engine->design, (jrn_store *) &engine->design->tiles, &cursor);
	JRN_TRY(jrn_tiles_next(&cursor, &tile));
	if (tile.rows > 0)
	{
		for (j = 0; j < engine->p; j++)
			engine->origin[j] = tile.x[j * tile.stride];
		if (engine->family == JRN_GAUSSIAN)
			engine->origin[engine->p] = tile.y[0] - (tile.offset != NULL ? tile.offset[0] : 0.0);
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

jrn_status
jrn_engine_begin(jrn_engine *engine, const jrn_env *env, const jrn_design *design,
				 jrn_store *tiles, jrn_family family)
{
	size_t		q = (size_t) design->p + 1;
	double	   *rows;

	memset(engine, 0, sizeof(*engine));
	engine->env = env;
	engine->design = design;
	engine->tiles = tiles;
	engine->family = family;
	engine->p = (size_t) design->p;
	engine->q = q;
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(double), &engine->origin));
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(double), &engine->relative));
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(double), &engine->center));
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(double), &engine->scale));
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(bool), &engine->kept));
	JRN_TRY(jrn_alloc_zeroed(env, q * JRN_BLOCK_ROWS, sizeof(double), &engine->z));
	JRN_TRY(jrn_alloc_zeroed(env, q * JRN_BLOCK_ROWS, sizeof(double), &engine->wz));
	JRN_TRY(jrn_alloc_zeroed(env, 5 * JRN_BLOCK_ROWS, sizeof(double), &rows));
	engine->eta = rows;
	engine->mu = rows + JRN_BLOCK_ROWS;
	engine->loss = rows + 2 * JRN_BLOCK_ROWS;
	engine->residual = rows + 3 * JRN_BLOCK_ROWS;
	engine->curvature = rows + 4 * JRN_BLOCK_ROWS;
	return design->n > 0 ? take_origin(engine) : JRN_OK;
}

jrn_status
jrn_engine_moments(jrn_engine *engine, int cells, jrn_moments *by_cell)
{
	jrn_moment_scratch scratch;
	jrn_tile_cursor cursor;
	jrn_tile	tile;

	JRN_TRY(jrn_moments_scratch(engine->env, engine->q, &scratch));
	scratch.origin = engine->origin;
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		if (engine->family != JRN_GAUSSIAN)
			tile.offset = NULL;	/* y is a class there, not a level */
		jrn_moments_add_tile(&by_cell[cells == 1 ? 0 : tile.cell], &tile, &scratch);
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

jrn_status
jrn_engine_standardise(jrn_engine *engine, const jrn_moments *total)
{
	jrn_linear_fit fit;
	size_t		j;

	JRN_TRY(jrn_linear_alloc(engine->env, engine->p, &fit));
	JRN_TRY(jrn_linear_solve(engine->env, total, 0.0, &fit));
	engine->kept[0] = true;
	for (j = 0; j < engine->p; j++)
	{
		engine->relative[j] = total->mean[j];
		engine->center[j] = engine->origin[j] + total->mean[j];
		engine->scale[j] = fit.scale[j] > 0.0 ? fit.scale[j] : 1.0;
		engine->kept[j + 1] = fit.kept[j];
	}
	return JRN_OK;
}

void
jrn_engine_z(jrn_engine *engine, const jrn_tile *tile)
{
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		j,
				r;

	for (r = 0; r < lanes; r++)
		engine->z[r] = r < tile->rows ? 1.0 : 0.0;
	for (j = 0; j < engine->p; j++)
	{
		double	   *z = engine->z + (j + 1) * JRN_BLOCK_ROWS;
		const double *x = tile->x + j * tile->stride;
		double		origin = engine->origin[j];
		double		relative = engine->relative[j];
		double		inverse = 1.0 / engine->scale[j];

		if (!engine->kept[j + 1])
		{
			memset(z, 0, lanes * sizeof(double));
			continue;
		}
		for (r = 0; r < tile->rows; r++)
			z[r] = ((x[r] - origin) - relative) * inverse;
		for (; r < lanes; r++)
			z[r] = 0.0;
	}
}

static void
predict_gaussian(jrn_engine *engine, const jrn_tile *tile, const double *theta, bool want_loss)
{
	double		origin = engine->origin[engine->p];
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		r;

	memset(engine->eta, 0, lanes * sizeof(double));
	jrn_linear_predictor(engine->z, engine->q, tile->rows, JRN_BLOCK_ROWS, theta, engine->eta);
	for (r = 0; r < tile->rows; r++)
	{
		double		offset = tile->offset != NULL ? tile->offset[r] : 0.0;

		engine->residual[r] = ((tile->y[r] - offset) - origin) - engine->eta[r];
		engine->mu[r] = (engine->eta[r] + origin) + offset;
	}
	for (; r < lanes; r++)
		engine->residual[r] = engine->mu[r] = 0.0;
	if (want_loss)
		for (r = 0; r < lanes; r++)
			engine->loss[r] = engine->residual[r] * engine->residual[r];
}

static void
predict_binomial(jrn_engine *engine, const jrn_tile *tile, const double *theta, bool want_loss)
{
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		r;

	if (tile->offset != NULL)
		memcpy(engine->eta, tile->offset, lanes * sizeof(double));
	else
		memset(engine->eta, 0, lanes * sizeof(double));
	jrn_linear_predictor(engine->z, engine->q, tile->rows, JRN_BLOCK_ROWS, theta, engine->eta);
	jrn_logistic_rows(engine->eta, tile->y, tile->rows, engine->mu, want_loss ? engine->loss : NULL);
	for (r = 0; r < tile->rows; r++)
		engine->residual[r] = tile->y[r] - engine->mu[r];
	for (; r < lanes; r++)
		engine->residual[r] = engine->loss[r] = 0.0;
}

void
jrn_engine_predict(jrn_engine *engine, const jrn_tile *tile, const double *theta, bool want_loss)
{
	if (engine->family == JRN_BINOMIAL)
		predict_binomial(engine, tile, theta, want_loss);
	else
		predict_gaussian(engine, tile, theta, want_loss);
}

jrn_status
jrn_pass_alloc(const jrn_engine *engine, bool hessian, jrn_pass *pass)
{
	pass->deviance = 0.0;
	pass->hessian = NULL;
	JRN_TRY(jrn_alloc_zeroed(engine->env, engine->q, sizeof(double), &pass->gradient));
	if (hessian)
		JRN_TRY(jrn_alloc_zeroed(engine->env, triangle(engine->q), sizeof(double), &pass->hessian));
	return JRN_OK;
}

static void
pass_clear(const jrn_engine *engine, jrn_pass *pass)
{
	pass->deviance = 0.0;
	memset(pass->gradient, 0, engine->q * sizeof(double));
	if (pass->hessian != NULL)
		memset(pass->hessian, 0, triangle(engine->q) * sizeof(double));
}

/* One block's share of a pass; residuals and curvatures carry the weight. */
static void
pass_tile(jrn_engine *engine, const jrn_tile *tile, const double *theta, jrn_pass *pass)
{
	size_t		rows = tile->rows;
	size_t		lanes = jrn_lanes(rows);
	double		gradient[256];
	double		loss;
	size_t		r,
				j;

	jrn_engine_predict(engine, tile, theta, true);
	for (r = 0; r < rows; r++)
		engine->curvature[r] = engine->family == JRN_BINOMIAL ?
			engine->mu[r] * (1.0 - engine->mu[r]) : 1.0;
	for (; r < lanes; r++)
		engine->curvature[r] = 0.0;
	if (tile->weight != NULL)
	{
		loss = jrn_column_dot(engine->loss, tile->weight, rows);
		for (r = 0; r < rows; r++)
		{
			engine->residual[r] *= tile->weight[r];
			engine->curvature[r] *= tile->weight[r];
		}
	}
	else
		loss = jrn_column_sum(engine->loss, rows);
	pass->deviance += engine->family == JRN_BINOMIAL ? 2.0 * loss : loss;
	for (j = 0; j < engine->q; j += 256)
	{
		size_t		count = engine->q - j < 256 ? engine->q - j : 256;
		size_t		i;

		jrn_column_dots(engine->z + j * JRN_BLOCK_ROWS, count, rows, JRN_BLOCK_ROWS,
						engine->residual, gradient);
		for (i = 0; i < count; i++)
			pass->gradient[j + i] += gradient[i];
	}
	if (pass->hessian == NULL)
		return;
	for (j = 0; j < engine->q; j++)
		for (r = 0; r < lanes; r++)
			engine->wz[j * JRN_BLOCK_ROWS + r] = engine->z[j * JRN_BLOCK_ROWS + r] * engine->curvature[r];
	jrn_cross_products(engine->wz, engine->z, engine->q, rows, JRN_BLOCK_ROWS, pass->hessian);
}

static void
pass_add(const jrn_engine *engine, jrn_pass *into, const jrn_pass *from)
{
	size_t		i;

	into->deviance += from->deviance;
	for (i = 0; i < engine->q; i++)
		into->gradient[i] += from->gradient[i];
	if (into->hessian != NULL)
		for (i = 0; i < triangle(engine->q); i++)
			into->hessian[i] += from->hessian[i];
}

jrn_status
jrn_engine_pass(jrn_engine *engine, const jrn_part *part, const double *theta,
				jrn_pass *pass, jrn_pass *by_cell)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	jrn_pass	block;

	pass_clear(engine, pass);
	if (by_cell != NULL)
		JRN_TRY(jrn_pass_alloc(engine, pass->hessian != NULL, &block));
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		if (part != NULL && part->fold_of_cell[tile.cell] == part->excluded)
			continue;
		jrn_engine_z(engine, &tile);
		if (by_cell == NULL)
			pass_tile(engine, &tile, theta, pass);
		else
		{
			pass_clear(engine, &block);
			pass_tile(engine, &tile, theta, &block);
			pass_add(engine, &by_cell[tile.cell], &block);
			pass_add(engine, pass, &block);
		}
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

void
jrn_engine_outside(const jrn_engine *engine, const double *theta, double *beta)
{
	double		shift = 0.0;
	size_t		j;

	for (j = 0; j < engine->p; j++)
	{
		beta[j + 1] = theta[j + 1] / engine->scale[j];
		shift += engine->center[j] * beta[j + 1];
	}
	/* origin of y: zero unless the loss is squared */
	beta[0] = (theta[0] + engine->origin[engine->p]) - shift;
}

/*
 * With beta = T theta, T has 1/s_j on the diagonal, and -c_j/s_j in the
 * intercept's row: outside = T inside T'.
 */
jrn_status
jrn_engine_outside_covariance(const jrn_engine *engine, const double *inside, double *outside)
{
	size_t		p = engine->p;
	double	   *shift;			/* row 0 of T inside, over all columns */
	double		corner = inside[0];
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_array(engine->env, p + 1, sizeof(double), &shift));
	for (i = 0; i <= p; i++)
	{
		double		sum = inside[jrn_packed(i, 0)];

		for (j = 1; j <= p; j++)
			sum -= engine->center[j - 1] / engine->scale[j - 1] *
				(i >= j ? inside[jrn_packed(i, j)] : inside[jrn_packed(j, i)]);
		shift[i] = sum;
	}
	corner = shift[0];
	for (j = 1; j <= p; j++)
		corner -= engine->center[j - 1] / engine->scale[j - 1] * shift[j];
	for (i = 1; i <= p; i++)
	{
		for (j = 1; j <= i; j++)
			outside[jrn_packed(i, j)] = inside[jrn_packed(i, j)] /
				engine->scale[i - 1] / engine->scale[j - 1];
		outside[jrn_packed(i, 0)] = shift[i] / engine->scale[i - 1];
	}
	outside[0] = corner;
	jrn_release(engine->env, shift);
	return JRN_OK;
}
