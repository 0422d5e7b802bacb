/*
 * engine.c
 *		Passes in standardised coordinates (see engine.h).
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "engine.h"
#include "families.h"

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
	engine->q = engine->m = q;
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(double), &engine->origin));
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(double), &engine->relative));
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(double), &engine->center));
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(double), &engine->scale));
	JRN_TRY(jrn_alloc_zeroed(env, q, sizeof(bool), &engine->spread));
	JRN_TRY(jrn_alloc_zeroed(env, q * JRN_BLOCK_ROWS, sizeof(double), &engine->z));
	JRN_TRY(jrn_alloc_zeroed(env, q * JRN_BLOCK_ROWS, sizeof(double), &engine->wz));
	JRN_TRY(jrn_alloc_zeroed(env, 9 * JRN_BLOCK_ROWS, sizeof(double), &rows));
	engine->eta = rows;
	engine->mu = rows + JRN_BLOCK_ROWS;
	engine->loss = rows + 2 * JRN_BLOCK_ROWS;
	engine->residual = rows + 3 * JRN_BLOCK_ROWS;
	engine->curvature = rows + 4 * JRN_BLOCK_ROWS;
	engine->extra = rows + 5 * JRN_BLOCK_ROWS;
	if (family == JRN_NEGATIVE_BINOMIAL)
		engine->m = q + 1;
	else if (family == JRN_ORDINAL)
		JRN_TRY(jrn_ordinal_begin(engine));
	JRN_TRY(jrn_alloc_zeroed(env, engine->m, sizeof(bool), &engine->kept));
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
		engine->spread[j] = fit.scale[j] > 0.0 && fit.scale[j] > 1e-14 * fabs(total->mean[j]);
	}
	if (engine->family == JRN_ORDINAL)
		for (j = engine->q; j < engine->m; j++)
			engine->kept[j] = true;
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

		if (!engine->spread[j])
		{
			memset(z, 0, lanes * sizeof(double));
			continue;
		}
		jrn_standard_column(x, tile->rows, origin, relative, inverse, z);
	}
}

jrn_status
jrn_pass_alloc(const jrn_engine *engine, bool hessian, jrn_pass *pass)
{
	pass->deviance = 0.0;
	pass->hessian = NULL;
	JRN_TRY(jrn_alloc_zeroed(engine->env, engine->m, sizeof(double), &pass->gradient));
	if (hessian)
		JRN_TRY(jrn_alloc_zeroed(engine->env, triangle(engine->m), sizeof(double), &pass->hessian));
	return JRN_OK;
}

static void
pass_clear(const jrn_engine *engine, jrn_pass *pass)
{
	pass->deviance = 0.0;
	memset(pass->gradient, 0, engine->m * sizeof(double));
	if (pass->hessian != NULL)
		memset(pass->hessian, 0, triangle(engine->m) * sizeof(double));
}

/* One block's share of a pass; residuals and curvatures carry the weight. */
static void
pass_tile(jrn_engine *engine, const jrn_tile *tile, const double *theta, jrn_pass *pass)
{
	size_t		rows = tile->rows;
	double		gradient[256];
	double		loss;
	size_t		r,
				j;

	jrn_engine_predict(engine, tile, theta, true);
	jrn_engine_scores(engine, tile, theta);
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
	pass->deviance += jrn_engine_loss_factor(engine) * loss;
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
	jrn_column_products(engine->z, engine->q, rows, JRN_BLOCK_ROWS, engine->curvature, engine->wz);
	jrn_cross_products(engine->wz, engine->z, engine->q, rows, JRN_BLOCK_ROWS, pass->hessian);
}

static void
pass_add(const jrn_engine *engine, jrn_pass *into, const jrn_pass *from)
{
	size_t		i;

	into->deviance += from->deviance;
	for (i = 0; i < engine->m; i++)
		into->gradient[i] += from->gradient[i];
	if (into->hessian != NULL)
		for (i = 0; i < triangle(engine->m); i++)
			into->hessian[i] += from->hessian[i];
}

static void
add_tile(jrn_engine *engine, const jrn_tile *tile, const double *theta, jrn_pass *pass)
{
	if (engine->family == JRN_ORDINAL)
		jrn_ordinal_pass(engine, tile, theta, pass);
	else
		pass_tile(engine, tile, theta, pass);
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
			add_tile(engine, &tile, theta, pass);
		else
		{
			pass_clear(engine, &block);
			add_tile(engine, &tile, theta, &block);
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
	for (j = engine->q; j < engine->m; j++)
		beta[j] = engine->family == JRN_ORDINAL ? theta[j] - shift : theta[j];
}

/* Is theta_j a level, which moves with the centres of the columns? */
static bool
is_level(const jrn_engine *engine, size_t j)
{
	return j == 0 || (j >= engine->q && engine->family == JRN_ORDINAL);
}

/*
 * With beta = T theta, T has 1/s_j on the diagonal, and -c_j/s_j in the rows
 * of levels: outside = T inside T'.  Row i of T inside is shared by all levels
 * but for their own entry, so it is kept once.
 */
jrn_status
jrn_engine_outside_covariance(const jrn_engine *engine, const double *inside, double *outside)
{
	size_t		p = engine->p;
	size_t		m = engine->m;
	double	   *shift;			/* sum over slopes k of -c_k/s_k inside[i][k] */
	double		corner = 0.0;	/* the same sum of shift */
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_array(engine->env, m, sizeof(double), &shift));
	for (i = 0; i < m; i++)
	{
		double		sum = 0.0;

		for (j = 1; j <= p; j++)
			sum -= engine->center[j - 1] / engine->scale[j - 1] *
				(i >= j ? inside[jrn_packed(i, j)] : inside[jrn_packed(j, i)]);
		shift[i] = sum;
	}
	for (j = 1; j <= p; j++)
		corner -= engine->center[j - 1] / engine->scale[j - 1] * shift[j];
	for (i = 0; i < m; i++)
		for (j = 0; j <= i; j++)
		{
			double		sum = inside[jrn_packed(i, j)];

			if (is_level(engine, i) && is_level(engine, j))
				sum += shift[i] + shift[j] + corner;
			else if (is_level(engine, i))
				sum += shift[j];
			else if (is_level(engine, j))
				sum += shift[i];
			if (i > 0 && i <= p)
				sum /= engine->scale[i - 1];
			if (j > 0 && j <= p)
				sum /= engine->scale[j - 1];
			outside[jrn_packed(i, j)] = sum;
		}
	jrn_release(engine->env, shift);
	return JRN_OK;
}
