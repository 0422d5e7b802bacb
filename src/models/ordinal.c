/*
 * ordinal.c
 *		Proportional odds: levels l_0 < l_1 < ..., P(y >= l_k) = logistic(a_k +
 *		z'b) (see families.h; McCullagh 1980).
 *
 * A row of level c lies between A = a_c + eta and B = a_(c+1) + eta (none at
 * the ends), so P = u - v with u = logistic(A), v = logistic(B).  With D = a_c
 * - a_(c+1) > 0 this is (1 - e^-D) u (1 - v), which does not cancel, and with
 * r = 1 / (e^D - 1)
 *
 *		d log P/dA = 1 - u + r		d log P/dB = -v - r
 *		-d2/dA2 = u (1 - u) + r (1 + r)		-d2/dB2 = v (1 - v) + r (1 + r)
 *		-d2/dA dB = -r (1 + r)
 *
 * so that the slopes see the score 1 - u - v and the curvature u (1 - u) + v
 * (1 - v).  The Hessian is that of the likelihood itself.
 *
 * R-ORD-1	Thresholds out of order have probability 0: infinite loss.
 */
#include <math.h>
#include <string.h>

#include "families.h"

static const double zeros[JRN_BLOCK_ROWS] = {0};

/* Per level: what depends on the thresholds only. */
typedef struct level_figures
{
	double		above;			/* a_c - a_1; unused for level 0 */
	double		ratio;			/* r of the level; 0 at the ends */
	double		gap_loss;		/* -log(1 - e^-D); 0 at the ends */
} level_figures;

static size_t
level_count(const jrn_engine *engine)
{
	return engine->m - engine->p + 1;
}

/* Place of a_k, k >= 1, in theta. */
static size_t
place(const jrn_engine *engine, size_t k)
{
	return k == 1 ? 0 : engine->q + k - 2;
}

/* ---- levels ---- */

/* Insert a value into count sorted ones; false when it is there. */
static bool
insert_level(double *levels, size_t count, double value)
{
	size_t		i = count;

	while (i > 0 && levels[i - 1] > value)
		i--;
	if (i > 0 && levels[i - 1] == value)
		return false;
	memmove(levels + i + 1, levels + i, (count - i) * sizeof(double));
	levels[i] = value;
	return true;
}

jrn_status
jrn_ordinal_begin(jrn_engine *engine)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		count = 0;
	size_t		r;

	JRN_TRY(jrn_alloc_zeroed(engine->env, JRN_MAX_LEVELS + 2, sizeof(double), &engine->levels));
	JRN_TRY(jrn_alloc_zeroed(engine->env, engine->p * (engine->p + 1) / 2 + engine->q, sizeof(double),
							 &engine->products));
	jrn_tiles_open(engine->design, (jrn_store *) &engine->design->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		for (r = 0; r < tile.rows; r++)
			if (insert_level(engine->levels, count, tile.y[r]) && ++count > JRN_MAX_LEVELS)
				return JRN_LIMIT;
	}
	jrn_tiles_close(&cursor);
	engine->level_count = count;
	engine->m = engine->p + (count < 2 ? 2 : count) - 1;
	return JRN_OK;
}

/* Number of the level of each row of a block. */
static void
classify(const jrn_engine *engine, const jrn_tile *tile, size_t *level)
{
	size_t		count = level_count(engine);
	size_t		r;

	for (r = 0; r < tile->rows; r++)
	{
		size_t		low = 0;
		size_t		high = count;

		while (high - low > 1)
		{
			size_t		middle = low + (high - low) / 2;

			if (engine->levels[middle] <= tile->y[r])
				low = middle;
			else
				high = middle;
		}
		level[r] = low;
	}
}

/* False by R-ORD-1. */
static bool
figures_of(const jrn_engine *engine, const double *theta, level_figures *figures)
{
	size_t		count = level_count(engine);
	size_t		c;

	memset(figures, 0, count * sizeof(level_figures));
	for (c = 1; c < count; c++)
		figures[c].above = theta[place(engine, c)] - theta[0];
	for (c = 1; c + 1 < count; c++)
	{
		double		gap = figures[c].above - figures[c + 1].above;

		if (!(gap > 0.0))
			return false;
		figures[c].ratio = 1.0 / expm1(gap);
		figures[c].gap_loss = -log(-expm1(-gap));
	}
	return true;
}

/* ---- rows ---- */

/* u and v of the rows, in extra columns 2 and 3, and their losses. */
static void
sides(jrn_engine *engine, const jrn_tile *tile, const level_figures *figures, const size_t *level,
	  bool want_loss)
{
	size_t		count = level_count(engine);
	size_t		lanes = jrn_lanes(tile->rows);
	double	   *a = engine->extra;
	double	   *b = engine->extra + JRN_BLOCK_ROWS;
	double	   *u = engine->extra + 2 * JRN_BLOCK_ROWS;
	double	   *v = engine->extra + 3 * JRN_BLOCK_ROWS;
	double	   *other = engine->curvature;
	size_t		r;

	for (r = 0; r < tile->rows; r++)
	{
		a[r] = level[r] == 0 ? 708.0 : engine->eta[r] + figures[level[r]].above;
		b[r] = level[r] + 1 == count ? -708.0 : engine->eta[r] + figures[level[r] + 1].above;
	}
	for (; r < lanes; r++)
		a[r] = b[r] = 0.0;
	jrn_logistic_rows(a, engine->z, tile->rows, u, want_loss ? engine->loss : NULL);
	jrn_logistic_rows(b, zeros, tile->rows, v, want_loss ? other : NULL);
	for (r = 0; r < tile->rows; r++)
	{
		/* at the ends there is nothing on the other side */
		if (level[r] == 0)
			u[r] = 1.0;
		if (level[r] + 1 == count)
			v[r] = 0.0;
		if (want_loss)
			engine->loss[r] = (level[r] == 0 ? 0.0 : engine->loss[r]) +
				(level[r] + 1 == count ? 0.0 : other[r]) + figures[level[r]].gap_loss;
	}
	for (r = tile->rows; want_loss && r < lanes; r++)
		engine->loss[r] = 0.0;
}

/* Mean of the levels: l_0 + sum of steps times P(y >= l_k). */
static void
mean_level(jrn_engine *engine, const jrn_tile *tile, const double *theta)
{
	size_t		count = level_count(engine);
	double	   *shifted = engine->extra;
	double	   *upper = engine->extra + JRN_BLOCK_ROWS;
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		c,
				r;

	for (r = 0; r < lanes; r++)
		engine->mu[r] = engine->levels[0];
	for (c = 1; c < count; c++)
	{
		double		above = theta[place(engine, c)] - theta[0];
		double		step = engine->levels[c] - engine->levels[c - 1];

		for (r = 0; r < lanes; r++)
			shifted[r] = engine->eta[r] + above;
		jrn_logistic_rows(shifted, zeros, tile->rows, upper, NULL);
		for (r = 0; r < tile->rows; r++)
			engine->mu[r] += step * upper[r];
	}
	for (r = 0; r < tile->rows; r++)
		engine->residual[r] = tile->y[r] - engine->mu[r];
	for (; r < lanes; r++)
		engine->residual[r] = engine->mu[r] = 0.0;
}

void
jrn_ordinal_predict(jrn_engine *engine, const jrn_tile *tile, const double *theta, bool want_loss)
{
	level_figures figures[JRN_MAX_LEVELS + 1];
	size_t		level[JRN_BLOCK_ROWS];
	size_t		r;

	jrn_family_eta(engine, tile, theta);
	mean_level(engine, tile, theta);
	if (!want_loss)
		return;
	classify(engine, tile, level);
	if (figures_of(engine, theta, figures))
		sides(engine, tile, figures, level, true);
	else
		for (r = 0; r < tile->rows; r++)
			engine->loss[r] = HUGE_VAL;
}

/* ---- sums ---- */

/* Gradient and Hessian among the thresholds. */
static void
add_thresholds(const jrn_engine *engine, const jrn_tile *tile, const level_figures *figures,
			   const size_t *level, jrn_pass *pass)
{
	const double *u = engine->extra + 2 * JRN_BLOCK_ROWS;
	const double *v = engine->extra + 3 * JRN_BLOCK_ROWS;
	double		gradient[JRN_MAX_LEVELS + 2] = {0};
	double		diagonal[JRN_MAX_LEVELS + 2] = {0};
	double		between[JRN_MAX_LEVELS + 2] = {0};
	size_t		count = level_count(engine);
	size_t		c,
				r;

	for (r = 0; r < tile->rows; r++)
	{
		double		w = tile->weight != NULL ? tile->weight[r] : 1.0;
		double		ratio = figures[level[r]].ratio;
		double		spread = ratio * (1.0 + ratio);

		c = level[r];
		gradient[c] += w * (1.0 - u[r] + ratio);
		gradient[c + 1] -= w * (v[r] + ratio);
		diagonal[c] += w * (u[r] * (1.0 - u[r]) + spread);
		diagonal[c + 1] += w * (v[r] * (1.0 - v[r]) + spread);
		between[c] += w * spread;
	}
	for (c = 1; c < count; c++)
	{
		size_t		i = place(engine, c);

		pass->gradient[i] += gradient[c];
		if (pass->hessian == NULL)
			continue;
		pass->hessian[jrn_packed(i, i)] += diagonal[c];
		if (c + 1 < count)
			pass->hessian[jrn_packed(place(engine, c + 1), i)] -= between[c];
	}
}

/* Hessian of the slopes, and of slopes and thresholds. */
static void
add_slopes(jrn_engine *engine, const jrn_tile *tile, const size_t *level, jrn_pass *pass)
{
	const double *u = engine->extra + 2 * JRN_BLOCK_ROWS;
	const double *v = engine->extra + 3 * JRN_BLOCK_ROWS;
	const double *slopes = engine->z + JRN_BLOCK_ROWS;
	double	   *one = engine->extra;
	double	   *dots = engine->products + engine->p * (engine->p + 1) / 2;
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		count = level_count(engine);
	size_t		c,
				j,
				r;

	for (j = 1; j < engine->q; j++)
		for (r = 0; r < lanes; r++)
			engine->wz[j * JRN_BLOCK_ROWS + r] = engine->z[j * JRN_BLOCK_ROWS + r] * engine->curvature[r];
	memset(engine->products, 0, engine->p * (engine->p + 1) / 2 * sizeof(double));
	jrn_cross_products(engine->wz + JRN_BLOCK_ROWS, slopes, engine->p, tile->rows, JRN_BLOCK_ROWS,
					   engine->products);
	for (j = 0; j < engine->p; j++)
		for (r = 0; r <= j; r++)
			pass->hessian[jrn_packed(j + 1, r + 1)] += engine->products[jrn_packed(j, r)];
	for (c = 1; c < count; c++)
	{
		size_t		i = place(engine, c);

		memset(one, 0, lanes * sizeof(double));
		for (r = 0; r < tile->rows; r++)
		{
			double		w = tile->weight != NULL ? tile->weight[r] : 1.0;

			if (level[r] == c)
				one[r] = w * u[r] * (1.0 - u[r]);
			else if (level[r] + 1 == c)
				one[r] = w * v[r] * (1.0 - v[r]);
		}
		jrn_column_dots(slopes, engine->p, tile->rows, JRN_BLOCK_ROWS, one, dots);
		for (j = 1; j < engine->q; j++)
			pass->hessian[i >= j ? jrn_packed(i, j) : jrn_packed(j, i)] += dots[j - 1];
	}
}

void
jrn_ordinal_pass(jrn_engine *engine, const jrn_tile *tile, const double *theta, jrn_pass *pass)
{
	const double *u = engine->extra + 2 * JRN_BLOCK_ROWS;
	const double *v = engine->extra + 3 * JRN_BLOCK_ROWS;
	level_figures figures[JRN_MAX_LEVELS + 1];
	size_t		level[JRN_BLOCK_ROWS];
	double	   *dots = engine->products + engine->p * (engine->p + 1) / 2;
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		j,
				r;

	if (!figures_of(engine, theta, figures))
	{
		pass->deviance = HUGE_VAL;	/* R-ORD-1 */
		return;
	}
	jrn_family_eta(engine, tile, theta);
	classify(engine, tile, level);
	sides(engine, tile, figures, level, true);
	for (r = 0; r < tile->rows; r++)
	{
		double		w = tile->weight != NULL ? tile->weight[r] : 1.0;

		engine->residual[r] = w * (1.0 - u[r] - v[r]);
		engine->curvature[r] = w * (u[r] * (1.0 - u[r]) + v[r] * (1.0 - v[r]));
	}
	for (; r < lanes; r++)
		engine->residual[r] = engine->curvature[r] = 0.0;
	pass->deviance += 2.0 * (tile->weight != NULL ?
							 jrn_column_dot(engine->loss, tile->weight, tile->rows) :
							 jrn_column_sum(engine->loss, tile->rows));
	add_thresholds(engine, tile, figures, level, pass);
	jrn_column_dots(engine->z + JRN_BLOCK_ROWS, engine->p, tile->rows, JRN_BLOCK_ROWS,
					engine->residual, dots);
	for (j = 1; j < engine->q; j++)
		pass->gradient[j] += dots[j - 1];
	if (pass->hessian != NULL)
		add_slopes(engine, tile, level, pass);
}

void
jrn_ordinal_scores(jrn_engine *engine, const jrn_tile *tile, const double *theta, double *columns)
{
	const double *u = engine->extra + 2 * JRN_BLOCK_ROWS;
	const double *v = engine->extra + 3 * JRN_BLOCK_ROWS;
	level_figures figures[JRN_MAX_LEVELS + 1];
	size_t		level[JRN_BLOCK_ROWS];
	size_t		count = level_count(engine);
	size_t		j,
				r;

	memset(columns, 0, engine->m * JRN_BLOCK_ROWS * sizeof(double));
	if (!figures_of(engine, theta, figures))
		return;
	jrn_family_eta(engine, tile, theta);
	classify(engine, tile, level);
	sides(engine, tile, figures, level, false);
	for (r = 0; r < tile->rows; r++)
	{
		double		w = tile->weight != NULL ? tile->weight[r] : 1.0;
		double		ratio = figures[level[r]].ratio;

		for (j = 1; j < engine->q; j++)
			columns[j * JRN_BLOCK_ROWS + r] = w * (1.0 - u[r] - v[r]) * engine->z[j * JRN_BLOCK_ROWS + r];
		if (level[r] > 0)
			columns[place(engine, level[r]) * JRN_BLOCK_ROWS + r] += w * (1.0 - u[r] + ratio);
		if (level[r] + 1 < count)
			columns[place(engine, level[r] + 1) * JRN_BLOCK_ROWS + r] -= w * (v[r] + ratio);
	}
}
