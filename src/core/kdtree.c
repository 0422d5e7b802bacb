/*
 * kdtree.c
 *		Building the tree, and equal points (see kdtree.h).
 */
#include <math.h>
#include <string.h>

#include "kdtree.h"
#include "sizes.h"
#include "sort.h"

/* Points between two looks at the clock. */
#define TICK_POINTS 16384

typedef struct builder
{
	const jrn_env *env;
	jrn_kdtree *tree;
	int32_t		capacity;		/* nodes */
	int64_t		work;			/* points seen since the last tick */
} builder;

#define NUMBER_LESS(ctx, a, b) ((a) < (b))
JRN_SORT_DEFINE(sort_numbers, int32_t, int, NUMBER_LESS)

static jrn_status
note_work(builder *b, int64_t points)
{
	b->work += points;
	if (b->work >= TICK_POINTS)
	{
		b->work = 0;
		JRN_TICK(b->env);
	}
	return JRN_OK;
}

static inline double *
point_at(const jrn_kdtree *tree, int32_t place)
{
	return tree->points + (size_t) place * (size_t) tree->dimension;
}

static inline void
swap_points(jrn_kdtree *tree, int32_t a, int32_t b)
{
	double	   *x = point_at(tree, a);
	double	   *y = point_at(tree, b);
	int32_t		number = tree->numbers[a];
	int			c;

	tree->numbers[a] = tree->numbers[b];
	tree->numbers[b] = number;
	for (c = 0; c < tree->dimension; c++)
	{
		double		held = x[c];

		x[c] = y[c];
		y[c] = held;
	}
}

/* The box and the range of numbers of a node. */
static void
measure(jrn_kdtree *tree, int32_t node)
{
	const int	m = tree->dimension;
	jrn_kd_node *n = &tree->nodes[node];
	double	   *low = tree->boxes + (size_t) node * 2 * (size_t) m;
	double	   *high = low + m;
	int32_t		i;
	int			c;

	memcpy(low, point_at(tree, n->first), sizeof(double) * (size_t) m);
	memcpy(high, low, sizeof(double) * (size_t) m);
	n->earliest = n->latest = tree->numbers[n->first];
	for (i = n->first + 1; i < n->last; i++)
	{
		const double *x = point_at(tree, i);
		const int32_t number = tree->numbers[i];

		for (c = 0; c < m; c++)
		{
			low[c] = x[c] < low[c] ? x[c] : low[c];
			high[c] = x[c] > high[c] ? x[c] : high[c];
		}
		n->earliest = number < n->earliest ? number : n->earliest;
		n->latest = number > n->latest ? number : n->latest;
	}
}

/* The widest coordinate of a node, the first of several; its width. */
static int
widest(const jrn_kdtree *tree, int32_t node, double *width)
{
	const double *box = tree->boxes + (size_t) node * 2 * (size_t) tree->dimension;
	int			best = 0;
	int			c;

	*width = box[tree->dimension] - box[0];
	for (c = 1; c < tree->dimension; c++)
		if (box[tree->dimension + c] - box[c] > *width)
		{
			best = c;
			*width = box[tree->dimension + c] - box[c];
		}
	return best;
}

static double
median_of_three(double a, double b, double c)
{
	if (a < b)
		return b < c ? b : (a < c ? c : a);
	return a < c ? a : (b < c ? c : b);
}

/*
 * Put the point that belongs at place middle there, smaller ones before it and
 * larger ones behind, by Hoare's selection.  Pivots come from the middle and
 * the quarters, after many rounds from a fixed scramble of places.
 */
static jrn_status
select_middle(builder *b, int32_t first, int32_t last, int32_t middle, int c)
{
	jrn_kdtree *tree = b->tree;
	uint32_t	scramble = 0x9E3779B9u;
	int			round;

	for (round = 0; last - first > 1; round++)
	{
		const int32_t n = last - first;
		int32_t		i = first - 1;
		int32_t		j = last;
		double		pivot;

		if (round < 16)
			pivot = median_of_three(point_at(tree, first + n / 4)[c], point_at(tree, first + n / 2)[c],
									point_at(tree, first + (int32_t) ((int64_t) n * 3 / 4))[c]);
		else
		{
			scramble = scramble * 1664525u + 1013904223u;
			pivot = point_at(tree, first + (int32_t) (((uint64_t) scramble * (uint64_t) n) >> 32))[c];
		}
		JRN_TRY(note_work(b, n));
		for (;;)
		{
			do
				i++;
			while (point_at(tree, i)[c] < pivot);
			do
				j--;
			while (point_at(tree, j)[c] > pivot);
			if (i >= j)
				break;
			swap_points(tree, i, j);
		}
		/* before i at most the pivot, behind j at least; i is j or j + 1 */
		if (middle < i)
			last = i;
		else if (middle > j)
			first = j + 1;
		else
			return JRN_OK;
	}
	return JRN_OK;
}

/*
 * Arrange [first, last) about its median in coordinate c; the points equal to
 * it are then [*from, *to).
 */
static jrn_status
select_median(builder *b, int32_t first, int32_t last, int c, int32_t *from, int32_t *to)
{
	jrn_kdtree *tree = b->tree;
	const int32_t middle = first + (last - first) / 2;
	double		median;
	int32_t		i;

	JRN_TRY(select_middle(b, first, last, middle, c));
	JRN_TRY(note_work(b, last - first));
	median = point_at(tree, middle)[c];
	*from = *to = middle;
	for (i = middle - 1; i >= first; i--)
		if (point_at(tree, i)[c] == median)
			swap_points(tree, i, --*from);
	for (i = middle; i < last; i++)
		if (point_at(tree, i)[c] == median)
			swap_points(tree, i, (*to)++);
	return JRN_OK;
}

/* R-KD-2: where the second child begins. */
static jrn_status
split(builder *b, const jrn_kd_node *node, int c, int32_t *at)
{
	const int32_t middle = node->first + (node->last - node->first) / 2;
	int32_t		from,
				to;

	JRN_TRY(select_median(b, node->first, node->last, c, &from, &to));
	if (from == node->first)
		*at = to;
	else if (to == node->last)
		*at = from;
	else
		*at = middle - from <= to - middle ? from : to;
	return JRN_OK;
}

static jrn_status
new_node(builder *b, int32_t first, int32_t last, int32_t *node)
{
	jrn_kdtree *tree = b->tree;
	jrn_kd_node *n;

	if (tree->n_nodes == b->capacity)
	{
		const int32_t capacity = b->capacity * 2;
		const size_t box = 2 * (size_t) tree->dimension;
		jrn_kd_node *nodes;
		double	   *boxes;

		JRN_TRY(jrn_alloc_array(b->env, (size_t) capacity, sizeof(jrn_kd_node), &nodes));
		JRN_TRY(jrn_alloc_array(b->env, (size_t) capacity * box, sizeof(double), &boxes));
		memcpy(nodes, tree->nodes, (size_t) tree->n_nodes * sizeof(jrn_kd_node));
		memcpy(boxes, tree->boxes, (size_t) tree->n_nodes * box * sizeof(double));
		jrn_release(b->env, tree->nodes);
		jrn_release(b->env, tree->boxes);
		tree->nodes = nodes;
		tree->boxes = boxes;
		b->capacity = capacity;
	}
	*node = tree->n_nodes++;
	n = &tree->nodes[*node];
	n->first = first;
	n->last = last;
	n->other = 0;
	JRN_TRY(note_work(b, last - first));
	measure(tree, *node);
	return JRN_OK;
}

/*
 * Grow the tree below a node without recursion: the first child of a split
 * follows at once, the second waits on a stack for its number.
 */
static jrn_status
grow(builder *b)
{
	struct
	{
		int32_t		parent;
		int32_t		first;
		int32_t		last;
	}			waiting[JRN_KD_MAX_DEPTH];
	jrn_kdtree *tree = b->tree;
	int			depth = 0;
	int32_t		node;

	JRN_TRY(new_node(b, 0, tree->count, &node));
	for (;;)
	{
		const jrn_kd_node n = tree->nodes[node];
		double		width;
		int			c = widest(tree, node, &width);

		if (width > 0.0 && n.last - n.first > JRN_KD_LEAF && depth < JRN_KD_MAX_DEPTH)
		{
			int32_t		at;

			JRN_TRY(split(b, &n, c, &at));
			waiting[depth].parent = node;
			waiting[depth].first = at;
			waiting[depth++].last = n.last;
			JRN_TRY(new_node(b, n.first, at, &node));
			continue;
		}
		/* equal points, and few points, lie in order of number */
		if (width == 0.0)
			JRN_TRY(sort_numbers(b->env, tree->numbers + n.first, (size_t) (n.last - n.first), 0));
		if (depth == 0)
			return JRN_OK;
		depth--;
		JRN_TRY(new_node(b, waiting[depth].first, waiting[depth].last, &node));
		tree->nodes[waiting[depth].parent].other = node;
	}
}

static jrn_status
copy_points(builder *b, const jrn_kd_points *points)
{
	jrn_kdtree *tree = b->tree;
	int32_t		i;
	int			c;

	for (i = 0; i < tree->count; i++)
	{
		const double *from = points->base + (size_t) i * points->row;
		double	   *to = point_at(tree, i);

		JRN_TRY(note_work(b, 1));
		for (c = 0; c < tree->dimension; c++)
			to[c] = from[(size_t) c * points->column] + 0.0;	/* no -0 */
		tree->numbers[i] = i;
	}
	return JRN_OK;
}

jrn_status
jrn_kdtree_build(const jrn_env *env, const jrn_kd_points *points, jrn_kdtree *tree)
{
	builder		b;
	size_t		numbers;

	memset(tree, 0, sizeof(*tree));
	if (points->dimension < 1 || points->dimension > JRN_KD_MAX_DIMENSION)
		return JRN_DOMAIN;
	if (points->count > JRN_KD_MAX_POINTS || !jrn_size_mul(points->count, (size_t) points->dimension, &numbers))
		return JRN_LIMIT;
	tree->dimension = points->dimension;
	tree->count = (int32_t) points->count;
	b.env = env;
	b.tree = tree;
	b.work = 0;
	b.capacity = (int32_t) (points->count / 4) + 8;
	JRN_TRY(jrn_alloc_array(env, numbers, sizeof(double), &tree->points));
	JRN_TRY(jrn_alloc_array(env, points->count, sizeof(int32_t), &tree->numbers));
	JRN_TRY(jrn_alloc_array(env, (size_t) b.capacity, sizeof(jrn_kd_node), &tree->nodes));
	JRN_TRY(jrn_alloc_array(env, (size_t) b.capacity * 2 * (size_t) tree->dimension, sizeof(double), &tree->boxes));
	JRN_TRY(copy_points(&b, points));
	return tree->count == 0 ? JRN_OK : grow(&b);
}

/* Whether the point at a place of a small leaf has an equal one outside the window. */
static bool
is_tied(const jrn_kdtree *tree, const jrn_kd_node *leaf, int32_t place, int64_t window)
{
	const double *x = point_at(tree, place);
	int32_t		i;

	for (i = leaf->first; i < leaf->last; i++)
	{
		const double *y = point_at(tree, i);
		const int64_t apart = (int64_t) tree->numbers[i] - tree->numbers[place];
		int			c = 0;

		if (y[0] != x[0] || (apart <= window && -apart <= window))
			continue;
		while (c < tree->dimension && y[c] == x[c])
			c++;
		if (c == tree->dimension)
			return true;
	}
	return false;
}

jrn_status
jrn_kdtree_count_tied(const jrn_env *env, const jrn_kdtree *tree, int64_t window, int64_t *tied)
{
	int32_t		node;

	*tied = 0;
	for (node = 0; node < tree->n_nodes; node++)
	{
		const jrn_kd_node *n = &tree->nodes[node];
		bool		bundle;
		int32_t		i;

		if (node % 1024 == 0)
			JRN_TICK(env);
		if (!jrn_kd_is_leaf(n))
			continue;
		bundle = jrn_kd_is_bundle(tree, node);
		for (i = n->first; i < n->last; i++)
		{
			const int64_t number = tree->numbers[i];

			if (bundle ? number - n->earliest > window || n->latest - number > window :
				is_tied(tree, n, i, window))
				(*tied)++;
		}
	}
	return JRN_OK;
}
