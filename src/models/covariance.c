/*
 * covariance.c
 *		Sandwich covariances in one pass (see covariance.h).
 *
 * The middle of the sandwich is a sum of outer products of scores; for
 * clusters the rows' scores are first added up per cluster, into a block of
 * cluster columns that goes through the same kernel when it is full.
 */
#include <math.h>
#include <string.h>

#include "covariance.h"
#include "families.h"

typedef struct meat
{
	jrn_engine *engine;
	double	   *sum;			/* packed [m] */
	double	   *scores;			/* m columns of JRN_BLOCK_ROWS: scores of the rows of a block */
	double	   *clusters;		/* the same of clusters */
	size_t		used;			/* clusters in the block; the last may go on */
	int64_t		last_cluster;
	int64_t		count;			/* clusters in all */
	double	   *inverse;		/* dense symmetric H^-1, m x m */
	double	   *row;			/* one block column of scratch */
	double	   *leverage;
} meat;

static void
flush_clusters(meat *m)
{
	size_t		q = m->engine->m;
	size_t		j;

	for (j = 0; j < q; j++)
		memset(m->clusters + j * JRN_BLOCK_ROWS + m->used, 0,
			   (jrn_lanes(m->used) - m->used) * sizeof(double));
	jrn_cross_products(m->clusters, m->clusters, q, m->used, JRN_BLOCK_ROWS, m->sum);
	memset(m->clusters, 0, q * JRN_BLOCK_ROWS * sizeof(double));
	m->used = 0;
}

/* Add the scores of a block's rows to their clusters. */
static void
add_clusters(meat *m, const jrn_tile *tile)
{
	size_t		r;
	size_t		j;

	for (r = 0; r < tile->rows; r++)
	{
		if (m->count == 0 || tile->cluster[r] != m->last_cluster)
		{
			if (m->used == JRN_BLOCK_ROWS)
				flush_clusters(m);
			m->used++;
			m->count++;
			m->last_cluster = tile->cluster[r];
		}
		for (j = 0; j < m->engine->m; j++)
			m->clusters[j * JRN_BLOCK_ROWS + m->used - 1] += m->scores[j * JRN_BLOCK_ROWS + r];
	}
}

/* h = w v z' H^-1 z for every row of the block in engine->z. */
static void
leverages(meat *m, size_t rows)
{
	const jrn_engine *engine = m->engine;
	size_t		lanes = jrn_lanes(rows);
	size_t		j,
				r;

	memset(m->leverage, 0, lanes * sizeof(double));
	for (j = 0; j < engine->q; j++)
	{
		memset(m->row, 0, lanes * sizeof(double));
		jrn_linear_predictor(engine->z, engine->q, rows, JRN_BLOCK_ROWS,
							 m->inverse + j * engine->m, m->row);
		for (r = 0; r < rows; r++)
			m->leverage[r] += engine->z[j * JRN_BLOCK_ROWS + r] * m->row[r];
	}
	for (r = 0; r < rows; r++)
		m->leverage[r] *= engine->curvature[r];
}

static void
scale_by_leverage(const meat *m, jrn_errors errors, double *score, size_t rows)
{
	size_t		r;

	for (r = 0; r < rows; r++)
	{
		double		rest = 1.0 - m->leverage[r];

		score[r] /= errors == JRN_ERRORS_HC2 ? sqrt(rest) : rest;
	}
}

/*
 * Scores of one block: w times the family's score times z, over the leverage
 * where the method asks for it.
 */
static void
block_scores(meat *m, const jrn_tile *tile, jrn_errors errors, const double *theta)
{
	jrn_engine *engine = m->engine;
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		j,
				r;

	jrn_engine_z(engine, tile);
	if (engine->family == JRN_ORDINAL)
	{
		jrn_ordinal_scores(engine, tile, theta, m->scores);
		return;
	}
	jrn_engine_predict(engine, tile, theta, false);
	jrn_engine_scores(engine, tile, theta);
	for (r = 0; tile->weight != NULL && r < tile->rows; r++)
	{
		engine->residual[r] *= tile->weight[r];
		engine->curvature[r] *= tile->weight[r];
	}
	if (errors == JRN_ERRORS_HC2 || errors == JRN_ERRORS_HC3)
	{
		leverages(m, tile->rows);
		scale_by_leverage(m, errors, engine->residual, tile->rows);
	}
	for (j = 0; j < engine->q; j++)
		for (r = 0; r < lanes; r++)
			m->scores[j * JRN_BLOCK_ROWS + r] = engine->z[j * JRN_BLOCK_ROWS + r] * engine->residual[r];
}

static jrn_status
meat_pass(meat *m, jrn_errors errors, const double *theta)
{
	jrn_engine *engine = m->engine;
	jrn_tile_cursor cursor;
	jrn_tile	tile;

	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		block_scores(m, &tile, errors, theta);
		if (errors == JRN_ERRORS_CLUSTER)
			add_clusters(m, &tile);
		else
			jrn_cross_products(m->scores, m->scores, engine->m, tile.rows, JRN_BLOCK_ROWS, m->sum);
	}
	jrn_tiles_close(&cursor);
	if (m->used > 0)
		flush_clusters(m);
	return JRN_OK;
}

/* out = factor B M B with dense symmetric B and packed M. */
static jrn_status
sandwich(const meat *m, double factor, double *out)
{
	size_t		q = m->engine->m;
	double	   *left;
	size_t		i,
				j,
				k;

	JRN_TRY(jrn_alloc_array(m->engine->env, q * q, sizeof(double), &left));
	for (i = 0; i < q; i++)
	{
		JRN_TICK(m->engine->env);
		for (j = 0; j < q; j++)
		{
			double		sum = 0.0;

			for (k = 0; k < q; k++)
				sum += m->inverse[i * q + k] * m->sum[k >= j ? jrn_packed(k, j) : jrn_packed(j, k)];
			left[i * q + j] = sum;
		}
	}
	for (i = 0; i < q; i++)
	{
		JRN_TICK(m->engine->env);
		for (j = 0; j <= i; j++)
		{
			double		sum = 0.0;

			for (k = 0; k < q; k++)
				sum += left[i * q + k] * m->inverse[j * q + k];
			out[jrn_packed(i, j)] = factor * sum;
		}
	}
	jrn_release(m->engine->env, left);
	return JRN_OK;
}

jrn_status
jrn_robust_covariance(jrn_engine *engine, jrn_errors errors, const double *theta,
					  const double *inverse_hessian, int64_t rank, double *covariance)
{
	const jrn_env *env = engine->env;
	double		n = (double) engine->design->n;
	double		factor = 1.0;
	size_t		q = engine->m;
	meat		m;
	size_t		i,
				j;

	memset(&m, 0, sizeof(m));
	m.engine = engine;
	JRN_TRY(jrn_alloc_zeroed(env, q * (q + 1) / 2, sizeof(double), &m.sum));
	JRN_TRY(jrn_alloc_zeroed(env, q * JRN_BLOCK_ROWS, sizeof(double), &m.scores));
	JRN_TRY(jrn_alloc_zeroed(env, q * JRN_BLOCK_ROWS, sizeof(double), &m.clusters));
	JRN_TRY(jrn_alloc_zeroed(env, q * q, sizeof(double), &m.inverse));
	JRN_TRY(jrn_alloc_zeroed(env, 2 * JRN_BLOCK_ROWS, sizeof(double), &m.row));
	m.leverage = m.row + JRN_BLOCK_ROWS;
	for (i = 0; i < q; i++)
		for (j = 0; j <= i; j++)
			m.inverse[i * q + j] = m.inverse[j * q + i] = inverse_hessian[jrn_packed(i, j)];
	JRN_TRY(meat_pass(&m, errors, theta));
	if (errors == JRN_ERRORS_HC1)
		factor = n / (n - (double) rank);
	else if (errors == JRN_ERRORS_CLUSTER)	/* the caller has at least two */
		factor = (double) m.count / ((double) m.count - 1.0) * (n - 1.0) / (n - (double) rank);
	return sandwich(&m, factor, covariance);
}
