/*
 * cluster_sums.c
 *		Sums over rows and products of sums over clusters (see
 *		cluster_sums.h).
 */
#include "cluster_sums.h"

#include <math.h>
#include <string.h>

/* What is left below this part of the terms is their rounding. */
#define CANCELLED 1e-13

/* Room for cells up to this one. */
static size_t
cells_for(size_t cell)
{
	size_t		cells = 8;

	while (cells <= cell)
		cells *= 2;
	return cells;
}

jrn_status
jrn_cluster_map_make(const jrn_env *env, jrn_cluster_cells *cells, int cell, const int64_t *cluster,
					 size_t rows, jrn_cluster_map *map)
{
	size_t		place = 0;
	size_t		r;
	int64_t		current;

	map->cell = (size_t) cell;
	if (map->cell >= cells->count)
	{
		size_t		count = cells_for(map->cell);
		int64_t    *grown;

		JRN_TRY(jrn_alloc_array(env, count, sizeof(int64_t), &grown));
		for (r = 0; r < count; r++)
			grown[r] = r < cells->count ? cells->current[r] : -1;
		if (cells->count > 0)
			jrn_release(env, cells->current);
		cells->current = grown;
		cells->count = count;
	}
	current = cells->current[map->cell];
	map->rows = rows;
	for (r = 0; r < rows; r++)
	{
		if (cluster[r] != current)
		{
			current = cluster[r];
			place++;
		}
		map->place[r] = (uint16_t) place;
	}
	map->last = place;
	cells->current[map->cell] = current;
	cells->begun += (int64_t) place;
	return JRN_OK;
}

jrn_status
jrn_cluster_sums_begin(const jrn_env *env, size_t columns, jrn_cluster_sums *sums)
{
	sums->columns = columns;
	sums->cells = 0;
	sums->open = NULL;
	JRN_TRY(jrn_alloc_zeroed(env, columns, sizeof(double), &sums->total));
	return jrn_alloc_zeroed(env, columns * (columns + 1) / 2, sizeof(double), &sums->cross);
}

static jrn_status
open_of(const jrn_env *env, jrn_cluster_sums *sums, size_t cell, double **open)
{
	if (cell >= sums->cells)
	{
		size_t		cells = cells_for(cell);
		double	   *grown;

		JRN_TRY(jrn_alloc_zeroed(env, cells * sums->columns, sizeof(double), &grown));
		if (sums->cells > 0)
		{
			memcpy(grown, sums->open, sums->cells * sums->columns * sizeof(double));
			jrn_release(env, sums->open);
		}
		sums->open = grown;
		sums->cells = cells;
	}
	*open = sums->open + cell * sums->columns;
	return JRN_OK;
}

jrn_status
jrn_cluster_sums_add(const jrn_env *env, jrn_cluster_sums *sums, const jrn_cluster_map *map,
					 const double *q, double *scratch)
{
	double	   *open;
	size_t		k;
	size_t		r;

	JRN_TRY(open_of(env, sums, map->cell, &open));
	for (k = 0; k < sums->columns; k++)
	{
		const double *from = q + k * JRN_BLOCK_ROWS;
		double	   *to = scratch + k * JRN_CLUSTER_PLACES;

		memset(to, 0, (map->last + 1) * sizeof(double));
		to[0] = open[k];
		for (r = 0; r < map->rows; r++)
			to[map->place[r]] += from[r];
		/* the open cluster waits for more; the kernel wants zeros behind its rows */
		open[k] = to[map->last];
		for (r = map->last; r < jrn_lanes(map->last); r++)
			to[r] = 0.0;
		sums->total[k] += jrn_column_sum(to, map->last);
	}
	if (map->last > 0)
		jrn_cross_products(scratch, scratch, sums->columns, map->last, JRN_CLUSTER_PLACES, sums->cross);
	return JRN_OK;
}

void
jrn_cluster_sums_end(jrn_cluster_sums *sums)
{
	size_t		cell;
	size_t		i;
	size_t		j;

	for (cell = 0; cell < sums->cells; cell++)
	{
		const double *open = sums->open + cell * sums->columns;

		for (i = 0; i < sums->columns; i++)
		{
			sums->total[i] += open[i];
			for (j = 0; j <= i; j++)
				sums->cross[i * (i + 1) / 2 + j] += open[i] * open[j];
		}
	}
	sums->cells = 0;
}

double
jrn_influence_product(const jrn_cluster_sums *sums, const jrn_influence *a, const jrn_influence *b)
{
	double		product = 0.0;
	double		size = 0.0;
	int			i;
	int			j;

	if (isnan(a->estimate) || isnan(b->estimate))
		return NAN;
	for (i = 0; i < a->count; i++)
		for (j = 0; j < b->count; j++)
		{
			size_t		k = a->column[i];
			size_t		l = b->column[j];
			double		cross = k >= l ? sums->cross[k * (k + 1) / 2 + l] : sums->cross[l * (l + 1) / 2 + k];

			product += a->coefficient[i] * b->coefficient[j] * cross;
			size += fabs(a->coefficient[i] * b->coefficient[j] * cross);
		}
	return fabs(product) <= CANCELLED * size ? 0.0 : product;
}
