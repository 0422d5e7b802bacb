/*
 * overlap_details.c
 *		Details of a report of overlap (see overlap_details.h).
 */
#include <math.h>
#include <string.h>

#include "../core/multiple.h"
#include "../core/sums.h"
#include "overlap_details.h"

jrn_status
jrn_overlap_look_begin(jrn_overlap_look *look, const jrn_env *env, int arms, int baseline, size_t p,
					   jrn_propensity propensity, bool bare, const int64_t *rows_of_arm, bool quantiles)
{
	size_t		j = (size_t) arms;
	size_t		a;

	memset(look, 0, sizeof(*look));
	look->rows_of_arm = rows_of_arm;
	look->quantiles = quantiles;
	JRN_TRY(jrn_overlap_begin(&look->overlap, env, arms, baseline, p, JRN_ESTIMAND_AVERAGE, propensity, bare));
	JRN_TRY(jrn_alloc_array(env, j, JRN_BLOCK_ROWS * sizeof(double), &look->e));
	JRN_TRY(jrn_alloc_zeroed(env, j, sizeof(double *), &look->known));
	JRN_TRY(jrn_alloc_zeroed(env, j, sizeof(size_t), &look->known_count));
	JRN_TRY(jrn_alloc_zeroed(env, j, sizeof(double *), &look->own));
	JRN_TRY(jrn_alloc_zeroed(env, j, sizeof(size_t), &look->own_count));
	for (a = 0; a < j; a++)
		look->n += rows_of_arm[a];
	for (a = 0; a < j && quantiles; a++)
	{
		JRN_TRY(jrn_alloc_array(env, (size_t) look->n, sizeof(double), &look->known[a]));
		JRN_TRY(jrn_alloc_array(env, (size_t) rows_of_arm[a], sizeof(double), &look->own[a]));
	}
	return JRN_OK;
}

/* Remember the propensities of a block; more rows than announced are refused. */
static jrn_status
remember(jrn_overlap_look *look, const jrn_tile *tile)
{
	size_t		r;
	int			a;

	for (a = 0; a < look->overlap.arms; a++)
	{
		const double *e = look->e + (size_t) a * JRN_BLOCK_ROWS;

		for (r = 0; r < tile->rows; r++)
		{
			if (isnan(e[r]))
				continue;
			if (look->known_count[a] >= (size_t) look->n)
				return JRN_DOMAIN;
			look->known[a][look->known_count[a]++] = e[r];
			if ((int) tile->arm[r] != a)
				continue;
			if (look->own_count[a] >= (size_t) look->rows_of_arm[a])
				return JRN_DOMAIN;
			look->own[a][look->own_count[a]++] = e[r];
		}
	}
	return JRN_OK;
}

static jrn_status
add_block(jrn_overlap_look *look, const jrn_score_block *block)
{
	jrn_cluster_map map;

	JRN_TICK(look->overlap.env);
	JRN_TRY(jrn_cluster_map_make(look->overlap.env, &look->cells, block->tile->cell, block->tile->cluster,
								 block->tile->rows, &map));
	JRN_TRY(jrn_overlap_add(&look->overlap, block, look->e, &map));
	return look->quantiles ? remember(look, block->tile) : JRN_OK;
}

jrn_status
jrn_overlap_look_visit(void *arg, const jrn_score_block *block)
{
	jrn_overlap_look *look = arg;

	if (block->repeat > 0)
		return JRN_OK;
	(void) jrn_propensities(block, look->e);
	return add_block(look, block);
}

/* R-OVL-5, R-OVL-6 */
static void
design_propensities(jrn_overlap_look *look, const jrn_tile *tile)
{
	bool		logged = look->overlap.propensity == JRN_PROPENSITY_LOGGED;
	size_t		r;
	int			a;

	for (a = 0; a < look->overlap.arms; a++)
		for (r = 0; r < tile->rows; r++)
		{
			double		share = (double) look->rows_of_arm[a] / (double) look->n;
			double		other = look->overlap.arms == 2 && logged ? 1.0 - tile->carried[r] : NAN;

			look->e[(size_t) a * JRN_BLOCK_ROWS + r] = !logged ? share :
				(int) tile->arm[r] == a ? tile->carried[r] : other;
		}
}

jrn_status
jrn_overlap_look_rows(jrn_overlap_look *look, const jrn_design *design)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	jrn_score_block block;

	memset(&block, 0, sizeof(block));
	block.tile = &tile;
	block.arms = look->overlap.arms;
	jrn_tiles_open(design, (jrn_store *) &design->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		if (tile.carried == NULL && look->overlap.propensity == JRN_PROPENSITY_LOGGED)
			return JRN_DOMAIN;
		design_propensities(look, &tile);
		JRN_TRY(add_block(look, &block));
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

/* R-OVD-1; the propensities are sorted on the way. */
static jrn_status
look_at_quantiles(const jrn_env *env, double *e, size_t n, jrn_overlap_details *out)
{
	size_t		below = 0;

	out->p05 = out->median = out->share_below_005 = NAN;
	if (n == 0)
		return JRN_OK;
	JRN_TRY(jrn_sort_doubles(env, e, n));
	while (below < n && e[below] < 0.05)
		below++;
	out->p05 = jrn_sorted_quantile(e, n, 0.05);
	out->median = jrn_sorted_quantile(e, n, 0.5);
	out->share_below_005 = (double) below / (double) n;
	return JRN_OK;
}

/* R-OVD-2 */
static jrn_status
heaviest(const jrn_env *env, double *e, size_t n, jrn_overlap_details *out)
{
	size_t		top = n / 100 + (n % 100 > 0 ? 1 : 0);
	jrn_acc		all = {0.0, 0.0};
	double		heavy = 0.0;
	size_t		i;

	out->top1_share = NAN;
	if (n == 0)
		return JRN_OK;
	JRN_TRY(jrn_sort_doubles(env, e, n));
	for (i = 0; i < n; i++)
	{
		jrn_acc_add(&all, 1.0 / e[i]);
		if (i + 1 == top)
			heavy = jrn_acc_value(&all);
	}
	out->top1_share = heavy / jrn_acc_value(&all);
	return JRN_OK;
}

/* Squared standardised difference after weighting of a column (R-OVL-3). */
static double
imbalance(const jrn_overlap *o, int a, size_t j)
{
	size_t		at = (size_t) a * o->p + j;
	size_t		base = (size_t) o->baseline * o->p + j;
	const jrn_balance *f = &o->features;
	double		n = o->own[a].n;
	double		m = o->own[o->baseline].n;
	double		other = f->own_x[base] / o->own[o->baseline].sum;
	double		spread = f->xx[at] - f->x[at] * (f->x[at] / n);
	double		d;
	int			b;

	if (a == o->baseline)
	{
		double		sum = 0.0;
		double		squares = 0.0;

		for (b = 0, m = 0.0; b < o->arms; b++)
		{
			m += o->own[b].n;
			sum += f->x[(size_t) b * o->p + j];
			squares += f->xx[(size_t) b * o->p + j];
		}
		other = sum / m;
		spread = (squares - sum * (sum / m)) / (m - 1.0);
	}
	else
		spread = 0.5 * (spread / (n - 1.0) + (f->xx[base] - f->x[base] * (f->x[base] / m)) / (m - 1.0));
	d = f->own_x[at] / o->own[a].sum - other;
	if (fabs(d) <= 1e-12 * fabs(o->origin[j]))
		return 0.0;
	return spread > 0.0 ? d * d / spread : INFINITY;
}

/* R-OVD-3 */
static int
worst_column(const jrn_overlap *o, int a)
{
	double		most = 0.0;
	int			worst = -1;
	size_t		j;

	if (o->own[a].n < 2.0 || o->own[o->baseline].n < 2.0)
		return -1;
	for (j = 0; j < o->p; j++)
	{
		double		off = imbalance(o, a, j);

		if (off > most)
		{
			most = off;
			worst = (int) j;
		}
	}
	return worst;
}

jrn_status
jrn_overlap_look_end(jrn_overlap_look *look, jrn_overlap_report *report, jrn_overlap_details *details)
{
	jrn_overlap *o = &look->overlap;
	int			a;

	jrn_overlap_end(o, look->cells.begun, report);
	for (a = 0; a < o->arms; a++)
	{
		JRN_TICK(o->env);
		JRN_TRY(look_at_quantiles(o->env, look->known[a], look->known_count[a], &details[a]));
		JRN_TRY(heaviest(o->env, look->own[a], look->own_count[a], &details[a]));
		details[a].worst_column = worst_column(o, a);
		if (look->quantiles)
		{
			jrn_release(o->env, look->known[a]);
			jrn_release(o->env, look->own[a]);
		}
	}
	return JRN_OK;
}
