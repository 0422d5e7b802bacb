/*
 * false_neighbours.c
 *		False nearest neighbours (see false_neighbours.h).
 */
#include <math.h>

#include "false_neighbours.h"

#define LEAST_VALUES 100
#define RATIO_TOLERANCE 15.0
#define SPREAD_TOLERANCE 2.0
#define NOISE_ABOVE 0.1
#define NOISE_DIMENSION 6

/* R-FNN-1 of one dimension. */
static jrn_status
one_dimension(const jrn_env *env, const jrn_series *series, const jrn_embedding *embedding, size_t vectors,
			  double deviation, jrn_false_neighbours_row *row)
{
	const jrn_kd_points points = jrn_embedding_points(embedding, series, vectors);
	const jrn_kd_rule rule = {embedding->window, true};
	const double *next = series->x + (size_t) embedding->dimension * (size_t) embedding->delay;
	jrn_kdtree	tree;
	int32_t    *neighbours;
	double	   *distances;
	int64_t		found = 0;
	size_t		i;

	JRN_TRY(jrn_kdtree_build(env, &points, &tree));
	JRN_TRY(jrn_alloc_array(env, vectors, sizeof(int32_t), &neighbours));
	JRN_TRY(jrn_alloc_array(env, vectors, sizeof(double), &distances));
	JRN_TRY(jrn_kdtree_nearest(env, &tree, &rule, 1, neighbours, distances));
	for (i = 0; i < vectors; i++)
	{
		const double d = distances[i];
		double		e;

		if (neighbours[i] < 0)
			continue;
		e = fabs(next[i] - next[neighbours[i]]);
		row->used++;
		found += e > RATIO_TOLERANCE * d || sqrt(d * d + e * e) > SPREAD_TOLERANCE * deviation;
	}
	if (row->used > 0)
		row->fraction = (double) found / (double) row->used;
	else
		row->status = JRN_SERIES_NO_NEIGHBOURS;
	jrn_release(env, neighbours);
	jrn_release(env, distances);
	jrn_release(env, tree.points);
	jrn_release(env, tree.numbers);
	jrn_release(env, tree.nodes);
	jrn_release(env, tree.boxes);
	return JRN_OK;
}

/* R-FNN-2 */
static void
judge(jrn_false_neighbours_row *rows, int max_dimension)
{
	int			said = 0;
	int			m;

	for (m = 0; m < max_dimension && m < NOISE_DIMENSION; m++)
	{
		if (rows[m].status == JRN_SERIES_OK)
			said++;
		if (rows[m].status == JRN_SERIES_OK && rows[m].fraction < NOISE_ABOVE)
			return;
	}
	if (said < NOISE_DIMENSION)
		return;					/* not looked at far enough to say so */
	for (m = 0; m < max_dimension; m++)
		if (rows[m].status == JRN_SERIES_OK)
			rows[m].status = JRN_SERIES_NO_EMBEDDING;
}

jrn_status
jrn_false_neighbours(const jrn_env *env, const double *x, size_t n, int max_dimension, int64_t delay,
					 int64_t window, jrn_false_neighbours_row *rows)
{
	jrn_series	series;
	jrn_embedding embedding = {1, delay, window};
	double		variance;
	int			m;

	if (max_dimension < 1 || max_dimension > JRN_SERIES_MAX_DIMENSION)
		return JRN_DOMAIN;
	JRN_TRY(jrn_series_init(env, x, n, &series));
	JRN_TRY(jrn_series_variance(env, series.x, n, 0, &variance));
	for (m = 1; m <= max_dimension; m++)
	{
		jrn_false_neighbours_row *row = &rows[m - 1];
		size_t		vectors;

		row->fraction = NAN;
		row->used = 0;
		row->status = JRN_SERIES_OK;
		embedding.dimension = m;
		embedding.window = window;
		JRN_TRY(jrn_embedding_resolve(env, &series, &embedding));
		vectors = jrn_embedding_count(&embedding, n, (size_t) delay);
		if (n < LEAST_VALUES || vectors < 2 * (size_t) embedding.window + 2)
			row->status = JRN_SERIES_TOO_SHORT;
		else if (jrn_series_is_constant(&series))
			row->status = JRN_SERIES_CONSTANT;
		else
			JRN_TRY(one_dimension(env, &series, &embedding, vectors, sqrt(variance), row));
	}
	judge(rows, max_dimension);
	return JRN_OK;
}
