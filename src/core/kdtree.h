/*
 * kdtree.h
 *		Nearest neighbours and counts of close pairs among points of few
 *		dimensions, by a tree in an array (Bentley 1975, Friedman, Bentley and
 *		Finkel 1977).
 *
 * Points carry their number as a time: neighbours whose numbers differ by no
 * more than a window are left out (Theiler 1986).  A window of 0 leaves out
 * the point itself only.
 *
 * R-KD-1	Answers are those of looking at every point: smallest distance
 *			first, ties to the smallest number, to the last bit.  Bounds are
 *			sums of the same terms in the same order as distances, and rounding
 *			keeps order, so no bound exceeds a distance it stands for.
 * R-KD-2	Equal points are never separated: a side of a split is all points
 *			below a value of the widest coordinate, or all up to it, whichever
 *			is the more even.  A part with no spread is a leaf of any size in
 *			order of number, whose first point outside the window is found by
 *			halving.  A split leaves at least a quarter on each side, or has cut off
 *			at one end a value that more than half of the points share; depth
 *			is O(log n + dimension), a query among equal points O(log n).
 * R-KD-3	A part whose numbers all lie within the window of a query is
 *			skipped as a whole: a slow series costs no more than a fast one.
 * R-KD-4	Queries run in the order of the leaves, so that a query finds in
 *			the cache what the one before it read.
 */
#ifndef JRN_KDTREE_H
#define JRN_KDTREE_H

#include <stdbool.h>
#include <stdint.h>

#include "env.h"

#define JRN_KD_LEAF 12
#define JRN_KD_MAX_DIMENSION 64
#define JRN_KD_MAX_DEPTH (160 + 2 * JRN_KD_MAX_DIMENSION)
#define JRN_KD_MAX_NEIGHBOURS 1000
#define JRN_KD_MAX_POINTS ((size_t) 200 * 1000 * 1000)

/* Coordinate c of point i is base[i * row + c * column]. */
typedef struct jrn_kd_points
{
	const double *base;
	size_t		count;
	int			dimension;
	size_t		row;
	size_t		column;
} jrn_kd_points;

typedef struct jrn_kd_node
{
	int32_t		first;			/* its points are [first, last) */
	int32_t		last;
	int32_t		other;			/* second child; the first is the next node; 0: a leaf */
	int32_t		earliest;		/* numbers of its points */
	int32_t		latest;
} jrn_kd_node;

typedef struct jrn_kdtree
{
	int			dimension;
	int32_t		count;
	double	   *points;			/* dimension numbers a point, leaf after leaf */
	int32_t    *numbers;		/* which point that is */
	jrn_kd_node *nodes;			/* in preorder */
	double	   *boxes;			/* of a node: dimension minima, then maxima */
	int32_t		n_nodes;
} jrn_kdtree;

/* What counts as a neighbour. */
typedef struct jrn_kd_rule
{
	int64_t		window;			/* |i - j| must exceed it; at least 0 */
	bool		skip_zero;		/* the distance must exceed 0 */
} jrn_kd_rule;

/*
 * A tree over the points, which are copied.  Coordinates must be finite and
 * at most 1e150 in size.  O(n log n).  JRN_DOMAIN for a dimension outside
 * 1..64, JRN_LIMIT above 200 million points.
 */
extern jrn_status jrn_kdtree_build(const jrn_env *env, const jrn_kd_points *points, jrn_kdtree *tree);

/*
 * The k nearest neighbours of every point by Euclidean distance:
 * neighbours[i * k ...] and, unless NULL, distances[i * k ...] in ascending
 * order; -1 and infinity where there are fewer.  k in 1..1000.
 */
extern jrn_status jrn_kdtree_nearest(const jrn_env *env, const jrn_kdtree *tree, const jrn_kd_rule *rule,
									 int k, int32_t *neighbours, double *distances);

/*
 * All neighbours of every point within a Euclidean distance of radius,
 * inclusive: those of point i are (*neighbours)[start[i] .. start[i + 1]), in
 * no order worth naming but always the same.  start has count + 1 elements.
 * JRN_LIMIT above limit neighbours in all.
 */
extern jrn_status jrn_kdtree_within(const jrn_env *env, const jrn_kdtree *tree, const jrn_kd_rule *rule,
									double radius, size_t limit, size_t *start, int32_t **neighbours);

/*
 * Ordered pairs of different points whose largest difference in a coordinate
 * is below radius.
 */
extern jrn_status jrn_kdtree_count_close(const jrn_env *env, const jrn_kdtree *tree, double radius,
										 int64_t *pairs);

/* Points that have an equal point outside the window. */
extern jrn_status jrn_kdtree_count_tied(const jrn_env *env, const jrn_kdtree *tree, int64_t window,
										int64_t *tied);

static inline bool
jrn_kd_is_leaf(const jrn_kd_node *node)
{
	return node->other == 0;
}

/* Whether the points of a leaf are all equal; they are in order of number then. */
static inline bool
jrn_kd_is_bundle(const jrn_kdtree *tree, int32_t node)
{
	const double *box = tree->boxes + (size_t) node * 2 * (size_t) tree->dimension;
	int			c;

	for (c = 0; c < tree->dimension; c++)
		if (box[c] != box[tree->dimension + c])
			return false;
	return true;
}

#endif							/* JRN_KDTREE_H */
