/*
 * randomised_rows.c
 *		The pass over all rows for residuals and scores (see
 *		randomised_parts.h): rows that are a key of their own in whole blocks,
 *		the others one by one.
 */
#include <math.h>
#include <string.h>

#include "randomised_parts.h"

#define B JRN_BLOCK_ROWS

/* Covariates less the mean of all rows, outcomes less their origin. */
static void
center_block(jrn_rnd *w, const jrn_tile *tile)
{
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		j,
				r;

	for (j = 0; j < w->p; j++)
		jrn_standard_column(tile->x + j * tile->stride, tile->rows, w->origin[j], w->center[j], 1.0, w->x + j * B);
	memset(w->y, 0, lanes * sizeof(double));
	if (w->theta != NULL)
	{
		jrn_linear_predictor(w->x, w->p, tile->rows, B, w->theta, w->y);
		for (r = 0; r < tile->rows; r++)
			w->y[r] = -w->y[r];
	}
	for (r = 0; r < tile->rows; r++)
		w->y[r] += tile->y[r] - w->origin[w->p];
}

/* What the mean of the covariates adds to the error of every value (R-RND-6). */
static void
lift_block(jrn_rnd *w, size_t rows)
{
	size_t		r;
	int			a;

	memset(w->lift, 0, (size_t) w->arms * B * sizeof(double));
	for (a = 0; a < w->arms && w->p > 0; a++)
	{
		double	   *lift = w->lift + (size_t) a * B;

		if (w->arm[a].slope == NULL)
			continue;
		if (a > 0 && w->theta != NULL && w->arm[0].slope != NULL)
		{
			memcpy(lift, w->lift, rows * sizeof(double));
			continue;
		}
		jrn_linear_predictor(w->x, w->p, rows, B, w->arm[a].slope, lift);
		for (r = 0; r < rows; r++)
			lift[r] /= w->n;
	}
}

/*
 * A row whose neighbours belong to other keys.  What follows the last row of
 * a block is not known yet, so it goes the long way.
 */
static void
find_single(jrn_rnd *w, const jrn_tile *tile)
{
	size_t		r;

	for (r = 0; r < tile->rows; r++)
	{
		bool		first = r > 0 ? tile->cluster[r - 1] != tile->cluster[r] :
			!w->open || w->cluster != tile->cluster[r];

		w->single[r] = !w->design->has_key ||
			(first && r + 1 < tile->rows && tile->cluster[r + 1] != tile->cluster[r]);
	}
}

/* Rows of an arm in the block; their number. */
static size_t
gather_places(jrn_rnd *w, const jrn_tile *tile, int arm)
{
	size_t		count = 0;
	size_t		r;

	for (r = 0; r < tile->rows; r++)
		if ((int) tile->arm[r] == arm)
			w->place[count++] = (uint16_t) r;
	return count;
}

/* Whitened coordinates, leverages and residuals of those rows. */
static void
whiten(jrn_rnd *w, const jrn_rnd_arm *arm, size_t count)
{
	size_t		lanes = jrn_lanes(count);
	double		first = 1.0 / sqrt((double) arm->n);
	size_t		i,
				j;

	for (i = 0; i < lanes; i++)
	{
		w->u[i] = i < count ? first : 0.0;
		w->leverage[i] = w->u[i] * w->u[i];
		w->residual[i] = i < count ? w->y[w->place[i]] - arm->mean_y : 0.0;
	}
	for (j = 1; j < arm->r; j++)
	{
		const double *from = w->x + arm->column[j - 1] * B;
		const double *lower = arm->lower + (j - 1) * j / 2;
		double	   *u = w->u + j * B;

		for (i = 0; i < count; i++)
			u[i] = (from[w->place[i]] - arm->shift[j - 1]) * arm->scale[j - 1];
		for (; i < lanes; i++)
			u[i] = 0.0;
		jrn_linear_predictor(w->u + B, j - 1, count, B, lower, u);
		for (i = 0; i < lanes; i++)
		{
			u[i] *= lower[j - 1];
			w->leverage[i] += u[i] * u[i];
		}
	}
	jrn_linear_predictor(w->u, arm->r, count, B, arm->gamma, w->residual);
}

/* R-RND-4, R-RND-5 for the single rows among them. */
static void
add_single(jrn_rnd *w, int a, const jrn_rnd_contrast *contrast, size_t count)
{
	jrn_rnd_arm *arm = &w->arm[a];
	jrn_rnd_sums *sums = contrast->pair < 0 ? &arm->own : &w->arm[contrast->pair].pair;
	jrn_rnd_sums add = {0.0, 0.0, 0.0, 0.0, 0.0};
	size_t		lanes = jrn_lanes(count);
	size_t		i;

	memset(w->t, 0, lanes * sizeof(double));
	jrn_linear_predictor(w->u, arm->r, count, B, contrast->omega, w->t);
	for (i = 0; i < count; i++)
	{
		size_t		row = w->place[i];
		double		factor = w->single[row] ? jrn_cr2_factor(w->leverage[i]) : 0.0;
		double		own = factor > 0.0 ? w->t[i] * w->t[i] : 0.0;
		double		score = w->t[i] * factor * w->residual[i];
		double		weight = own * factor * factor;
		double		inner = weight * w->leverage[i];

		add.variance += score * score;
		add.own += own;
		add.own_squared += own * own;
		add.inner += inner;
		add.inner_squared += inner * inner;
		if (contrast->pair < 0 && w->single[row])
			w->influence[(size_t) a * B + row] += score;
		w->t[i] = weight;
	}
	sums->variance += add.variance;
	sums->own += add.own;
	sums->own_squared += add.own_squared;
	sums->inner += add.inner;
	sums->inner_squared += add.inner_squared;
	if (contrast->z == NULL)
		return;
	for (; i < lanes; i++)
		w->t[i] = 0.0;
	jrn_column_products(w->u, arm->r, count, B, w->t, w->weighted);
	jrn_cross_products(w->weighted, w->u, arm->r, count, B, contrast->z);
}

static void
arm_block(jrn_rnd *w, const jrn_tile *tile, int a)
{
	jrn_rnd_arm *arm = &w->arm[a];
	size_t		count = gather_places(w, tile, a);
	size_t		singles = 0;
	size_t		i,
				j;
	int			k;

	if (count == 0)
		return;
	whiten(w, arm, count);
	for (i = 0; i < count; i++)
	{
		size_t		row = w->place[i];

		if (w->single[row])
		{
			singles++;
			continue;
		}
		for (j = 0; j < arm->r; j++)
			w->row_u[row * w->most_r + j] = w->u[j * B + i];
		w->row_residual[row] = w->residual[i];
	}
	arm->keys += (int64_t) singles;
	for (k = 0; k < arm->contrasts && singles > 0; k++)
		add_single(w, a, &arm->contrast[k], count);
}

/* Rows of keys with several rows, in order. */
static jrn_status
push_rows(jrn_rnd *w, const jrn_tile *tile)
{
	size_t		r;
	int			a;

	for (r = 0; r < tile->rows; r++)
	{
		if (w->open && w->cluster != tile->cluster[r])
			JRN_TRY(jrn_rnd_close(w));
		if (w->single[r])
			continue;
		w->open = true;
		w->cluster = tile->cluster[r];
		JRN_TRY(jrn_rnd_push(w, &w->arm[(int) tile->arm[r]], w->row_u + r * w->most_r, w->row_residual[r]));
		for (a = 0; a < w->arms; a++)
			w->total[a] += w->lift[(size_t) a * B + r];
	}
	return JRN_OK;
}

static jrn_status
block(jrn_rnd *w, const jrn_tile *tile)
{
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		r;
	int			a;

	center_block(w, tile);
	lift_block(w, tile->rows);
	find_single(w, tile);
	for (a = 0; a < w->arms; a++)
		for (r = 0; r < lanes; r++)
			w->influence[(size_t) a * B + r] = r < tile->rows && w->single[r] ? w->lift[(size_t) a * B + r] : 0.0;
	for (a = 0; a < w->arms; a++)
	{
		JRN_TICK(w->env);
		arm_block(w, tile, a);
	}
	jrn_cross_products(w->influence, w->influence, (size_t) w->arms, tile->rows, B, w->packed);
	return w->design->has_key ? push_rows(w, tile) : JRN_OK;
}

jrn_status
jrn_rnd_rows(jrn_rnd *w)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;

	jrn_tiles_open(w->design, (jrn_store *) &w->design->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		JRN_TRY(block(w, &tile));
	}
	jrn_tiles_close(&cursor);
	return jrn_rnd_close(w);
}
