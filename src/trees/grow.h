/*
 * grow.h
 *		One tree: histograms, splits, and the rows of its nodes.
 *
 * R-GROW-1	A histogram holds sums of integers, so the larger child's is the
 *			parent's less the smaller child's, exactly.
 * R-GROW-2	A tree grows depth first: a node is split into its children before
 *			its right neighbour is looked at, so at most depth + 1 histograms
 *			are alive.  Without a limit on leaves the tree is the same.
 * R-GROW-3	Rows of a node stay in ascending order, which keeps their reads
 *			near each other.
 */
#ifndef JRN_TREES_GROW_H
#define JRN_TREES_GROW_H

#include "trees.h"

/* Bits of a rounded derivative. */
#define JRN_TREES_DERIVATIVE_BITS 28

/* Sums over the rows of one bin, or of a node. */
typedef struct jrn_tree_sums
{
	int64_t		g;
	int64_t		h;				/* equals n where h is always 1 */
	int64_t		n;
} jrn_tree_sums;

/* Derivatives of a row: g, and h * 2^17 + 1. */
typedef int64_t jrn_tree_pair __attribute__((vector_size(16), aligned(8), may_alias));

/* What one round works on. */
typedef struct jrn_tree_round
{
	const jrn_env *env;
	const jrn_tree_matrix *matrix;
	const jrn_trees_options *options;
	bool		unit_hessian;	/* h is 1: derivatives are single, g * 2^17 + 1 */
	int64_t    *derivatives;	/* by row: one or two each */
	double		g_unit;			/* real g = rounded g * 2^-28 * g_unit */
	double		h_unit;			/* the same for h; h = rounded h without unit_hessian */

	size_t	   *offset;			/* [features + 1]: first bin of a feature */
	size_t		bins;			/* of all features */
	int64_t    *block;			/* sums of a block of rows, packed */
	int64_t    *gathered;		/* derivatives of a run of rows */
	jrn_tree_sums **levels;		/* [depth]: histograms by depth */
	const uint32_t *training;	/* rows, ascending; the caller's */
	uint32_t   *rows;			/* the same, dealt to nodes */
	uint32_t   *spare;
	size_t		count;
	double	   *link;			/* by row of the matrix; the tree is added */

	/* the tree's nodes are appended here */
	jrn_tree_node *nodes;
	size_t		node_count;
	size_t		node_capacity;
} jrn_tree_round;

/* A node on its way: its sums, the bounds of its r, in units of g_unit. */
typedef struct jrn_tree_stats
{
	jrn_tree_sums sums;
	double		low;
	double		high;
} jrn_tree_stats;

typedef struct jrn_tree_split
{
	double		gain;			/* in units of g_unit^2; 0: none */
	int			feature;
	int			bin;			/* last bin that goes left */
	bool		missing_left;
	jrn_tree_stats left;
	jrn_tree_stats right;
} jrn_tree_split;

/* Memory for rounds on count rows of a matrix; the rows must stay. */
extern jrn_status jrn_tree_round_begin(jrn_tree_round *round, const jrn_env *env,
									   const jrn_tree_matrix *matrix,
									   const jrn_trees_options *options,
									   const uint32_t *rows, size_t count);

/* Round the derivatives at the present links; false: g is nothing but rounding. */
extern jrn_status jrn_tree_round_derive(jrn_tree_round *round, bool *any);

/* Histogram of rows[begin .. begin + count). */
extern jrn_status jrn_tree_histogram(jrn_tree_round *round, size_t begin, size_t count,
									 jrn_tree_sums *histogram);

/* r = -G / H within bounds, and S; see trees.h. */
extern double jrn_tree_r(const jrn_tree_round *round, const jrn_tree_stats *stats);
extern double jrn_tree_score(const jrn_tree_round *round, const jrn_tree_stats *stats);

/* The best split of a node by its histogram. */
extern jrn_status jrn_tree_best_split(const jrn_tree_round *round, const jrn_tree_sums *histogram,
									  const jrn_tree_stats *node, jrn_tree_split *best);

/* Grow a tree, append its nodes and add its values to the links of its rows. */
extern jrn_status jrn_tree_grow(jrn_tree_round *round, bool *grown);

/* Bin of a feature in a row of the matrix. */
static inline int
jrn_tree_bin(const jrn_tree_matrix *matrix, size_t row, int feature)
{
	return matrix->columns[feature].bin[row];
}

#endif							/* JRN_TREES_GROW_H */
