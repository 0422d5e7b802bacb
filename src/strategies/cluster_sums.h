/*
 * cluster_sums.h
 *		Sums over rows and products of sums over clusters, of several columns
 *		at once: all that standard errors of means, ratios and slopes need
 *		(pure core).
 *
 * R-CLU-1	For columns q_k of rows: total_k = sum of q_k, and cross_kl = sum over
 *			clusters of (sum of q_k in the cluster)(sum of q_l in the cluster).
 * R-CLU-2	An estimator that is smooth in the totals has the influence sum over
 *			k of c_k q_k with coefficients known at the end, so its clustered
 *			variance is C/(C - 1) c' cross c, and covariances likewise.
 * R-CLU-3	Rows of a cluster lie in one cell and are adjacent there; blocks of
 *			several cells may come in turn, so every cell has its open cluster.
 * R-CLU-4	Columns with a large mean lose digits in cross: the caller takes
 *			them relative to a value near it.
 */
#ifndef JRN_CLUSTER_SUMS_H
#define JRN_CLUSTER_SUMS_H

#include "../core/env.h"
#include "../core/kernels.h"

/* Places for the clusters of a block and one that began before it. */
#define JRN_CLUSTER_PLACES (JRN_BLOCK_ROWS + 8)

/* The open cluster of every cell, -1: none. */
typedef struct jrn_cluster_cells
{
	int64_t    *current;
	size_t		count;
	int64_t		begun;			/* clusters begun */
} jrn_cluster_cells;

/* Where the rows of a block go; place 0 is the cluster that was open before. */
typedef struct jrn_cluster_map
{
	size_t		cell;
	size_t		rows;
	size_t		last;			/* place of the cluster that stays open */
	uint16_t	place[JRN_BLOCK_ROWS];
} jrn_cluster_map;

typedef struct jrn_cluster_sums
{
	size_t		columns;
	double	   *open;			/* [cells columns] sums of the clusters that are open */
	size_t		cells;
	double	   *total;			/* [columns] */
	double	   *cross;			/* packed lower triangle */
} jrn_cluster_sums;

/* An estimate and its influence: coefficient[i] times column[i]. */
typedef struct jrn_influence
{
	double		estimate;		/* NaN: there is none */
	int			count;
	size_t		column[4];
	double		coefficient[4];
} jrn_influence;

/* The map of a block; the cells are zeroed before the first one. */
extern jrn_status jrn_cluster_map_make(const jrn_env *env, jrn_cluster_cells *cells, int cell,
									   const int64_t *cluster, size_t rows, jrn_cluster_map *map);

extern jrn_status jrn_cluster_sums_begin(const jrn_env *env, size_t columns, jrn_cluster_sums *sums);

/*
 * Add a block: q has columns of JRN_BLOCK_ROWS doubles; scratch has room for
 * columns times JRN_CLUSTER_PLACES doubles.
 */
extern jrn_status jrn_cluster_sums_add(const jrn_env *env, jrn_cluster_sums *sums,
									   const jrn_cluster_map *map, const double *q, double *scratch);

/* After the last block: open clusters go into cross. */
extern void jrn_cluster_sums_end(jrn_cluster_sums *sums);

/*
 * c_a' cross c_b, without any factor; 0 where terms cancel to their rounding,
 * NaN where an estimate is.
 */
extern double jrn_influence_product(const jrn_cluster_sums *sums, const jrn_influence *a,
									const jrn_influence *b);

#endif							/* JRN_CLUSTER_SUMS_H */
