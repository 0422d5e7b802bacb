/*
 * kdtree_close.c
 *		How many pairs of points are close: two walks down the tree at once
 *		(see kdtree.h).
 *
 * R-KD-5	Two parts that are wholly close or wholly apart are settled by their
 *			boxes; only what lies on the edge is looked at point by point, and
 *			equal points as one.
 */
#include <math.h>

#include "kdtree.h"

typedef struct close_count
{
	const jrn_env *env;
	const jrn_kdtree *tree;
	double		radius;
	int64_t		pairs;			/* ordered, each point with itself too */
	int64_t		work;
} close_count;

/* The least and the largest difference, over all coordinates, between two boxes. */
static void
between_boxes(const jrn_kdtree *tree, int32_t a, int32_t b, double *least, double *largest)
{
	const int	m = tree->dimension;
	const double *x = tree->boxes + (size_t) a * 2 * (size_t) m;
	const double *y = tree->boxes + (size_t) b * 2 * (size_t) m;
	int			c;

	*least = *largest = 0.0;
	for (c = 0; c < m; c++)
	{
		const double gap = fmax(y[c] - x[m + c], x[c] - y[m + c]);
		const double span = fmax(y[m + c] - x[c], x[m + c] - y[c]);

		*least = gap > *least ? gap : *least;
		*largest = span > *largest ? span : *largest;
	}
}

static bool
are_close(const double *x, const double *y, int m, double radius)
{
	int			c;

	for (c = 0; c < m; c++)
		if (!(fabs(x[c] - y[c]) < radius))
			return false;
	return true;
}

static inline int64_t
size_of(const jrn_kd_node *node)
{
	return (int64_t) node->last - node->first;
}

/* Ordered pairs with one point in each of two leaves. */
static int64_t
leaf_pairs(const close_count *count, int32_t a, int32_t b)
{
	const jrn_kdtree *tree = count->tree;
	const int	m = tree->dimension;
	const jrn_kd_node *x = &tree->nodes[a];
	const jrn_kd_node *y = &tree->nodes[b];
	/* equal points stand for each other */
	const bool	one_x = size_of(x) > JRN_KD_LEAF && jrn_kd_is_bundle(tree, a);
	const bool	one_y = size_of(y) > JRN_KD_LEAF && jrn_kd_is_bundle(tree, b);
	const int32_t end_x = one_x ? x->first + 1 : x->last;
	const int32_t end_y = one_y ? y->first + 1 : y->last;
	int64_t		pairs = 0;
	int32_t		i,
				j;

	for (i = x->first; i < end_x; i++)
		for (j = y->first; j < end_y; j++)
			pairs += are_close(tree->points + (size_t) i * (size_t) m,
							   tree->points + (size_t) j * (size_t) m, m, count->radius);
	return pairs * (one_x ? size_of(x) : 1) * (one_y ? size_of(y) : 1);
}

/* Count the pairs between two nodes times a factor; as deep as both trees. */
static jrn_status
count_between(close_count *count, int32_t a, int32_t b, int64_t factor)
{
	const jrn_kd_node *x = &count->tree->nodes[a];
	const jrn_kd_node *y = &count->tree->nodes[b];
	double		least,
				largest;

	if (++count->work % 4096 == 0)
		JRN_TICK(count->env);
	between_boxes(count->tree, a, b, &least, &largest);
	if (!(least < count->radius))
		return JRN_OK;
	if (largest < count->radius)
		count->pairs += factor * size_of(x) * size_of(y);
	else if (jrn_kd_is_leaf(x) && jrn_kd_is_leaf(y))
		count->pairs += factor * leaf_pairs(count, a, b);
	else if (a == b)
	{
		JRN_TRY(count_between(count, a + 1, a + 1, factor));
		JRN_TRY(count_between(count, x->other, x->other, factor));
		return count_between(count, a + 1, x->other, 2 * factor);
	}
	else if (!jrn_kd_is_leaf(x) && (jrn_kd_is_leaf(y) || size_of(x) >= size_of(y)))
	{
		JRN_TRY(count_between(count, a + 1, b, factor));
		return count_between(count, x->other, b, factor);
	}
	else
	{
		JRN_TRY(count_between(count, a, b + 1, factor));
		return count_between(count, a, y->other, factor);
	}
	return JRN_OK;
}

jrn_status
jrn_kdtree_count_close(const jrn_env *env, const jrn_kdtree *tree, double radius, int64_t *pairs)
{
	close_count count = {env, tree, radius, 0, 0};

	*pairs = 0;
	if (isnan(radius))
		return JRN_DOMAIN;
	if (tree->count == 0 || radius <= 0.0)
		return JRN_OK;
	JRN_TRY(count_between(&count, 0, 0, 1));
	*pairs = count.pairs - tree->count;
	return JRN_OK;
}
