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

void
jrn_cluster_map_make(jrn_cluster_map *map, const int64_t *cluster, size_t rows,
					 int64_t *current, int64_t *begun)
{
	size_t		place = 0;
	size_t		r;

	map->rows = rows;
	for (r = 0; r < rows; r++)
	{
		if (cluster[r] != *current)
		{
			*current = cluster[r];
			place++;
		}
		map->place[r] = (uint16_t) place;
	}
	map->last = place;
	*begun += (int64_t) place;
}

jrn_status
jrn_cluster_sums_begin(const jrn_env *env, size_t columns, jrn_cluster_sums *sums)
{
	sums->columns = columns;
	JRN_TRY(jrn_alloc_zeroed(env, columns, sizeof(double), &sums->open));
	JRN_TRY(jrn_alloc_zeroed(env, columns, sizeof(double), &sums->total));
	return jrn_alloc_zeroed(env, columns * (columns + 1) / 2, sizeof(double), &sums->cross);
}

void
jrn_cluster_sums_add(jrn_cluster_sums *sums, const jrn_cluster_map *map, const double *q,
					 double *scratch)
{
	size_t		k;
	size_t		r;

	for (k = 0; k < sums->columns; k++)
	{
		const double *from = q + k * JRN_BLOCK_ROWS;
		double	   *to = scratch + k * JRN_CLUSTER_PLACES;

		memset(to, 0, (map->last + 1) * sizeof(double));
		to[0] = sums->open[k];
		for (r = 0; r < map->rows; r++)
			to[map->place[r]] += from[r];
		/* the open cluster waits for more; the kernel wants zeros behind its rows */
		sums->open[k] = to[map->last];
		for (r = map->last; r < jrn_lanes(map->last); r++)
			to[r] = 0.0;
		sums->total[k] += jrn_column_sum(to, map->last);
	}
	if (map->last > 0)
		jrn_cross_products(scratch, scratch, sums->columns, map->last, JRN_CLUSTER_PLACES, sums->cross);
}

void
jrn_cluster_sums_end(jrn_cluster_sums *sums)
{
	size_t		i;
	size_t		j;

	for (i = 0; i < sums->columns; i++)
	{
		sums->total[i] += sums->open[i];
		for (j = 0; j <= i; j++)
			sums->cross[i * (i + 1) / 2 + j] += sums->open[i] * sums->open[j];
	}
	memset(sums->open, 0, sums->columns * sizeof(double));
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
