/*
 * kdtree_nearest.c
 *		Neighbours of the points of a tree: the nearest, and all within a
 *		radius (see kdtree.h).
 *
 * The loop over the tree is written once and compiled for 1 to 4 dimensions
 * and for any number.
 */
#include <math.h>
#include <string.h>

#include "kdtree.h"

/* Nodes waiting on a path: one a level, and the one to go to. */
#define MAX_WAITING (JRN_KD_MAX_DEPTH + 2)

/* Leaves between two looks at the clock, and the least a query counts. */
#define TICK_LEAVES 2048

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* The best candidates of one query, ascending by distance, then number. */
typedef struct nearest_search
{
	const jrn_kdtree *tree;
	jrn_kd_rule rule;
	const double *point;
	int64_t		number;
	int			k;
	double	   *squares;		/* k; infinity where none is known */
	int32_t    *found;			/* k */
	double		worst;			/* squares[k - 1] */
	int64_t		work;			/* leaves since the last tick */
} nearest_search;

/* All neighbours within a radius. */
typedef struct within_search
{
	const jrn_env *env;
	const jrn_kdtree *tree;
	jrn_kd_rule rule;
	double		square;
	size_t		limit;
	size_t		used;
	size_t		capacity;
	int32_t    *found;
	int64_t		work;			/* leaves since the last tick */
} within_search;

typedef struct waiting_node
{
	int32_t		node;
	double		bound;
} waiting_node;

ALWAYS_INLINE double
square_distance(const double *a, const double *b, const int m)
{
	double		sum = 0.0;
	int			c;

	for (c = 0; c < m; c++)
		sum += (a[c] - b[c]) * (a[c] - b[c]);
	return sum;
}

/* A lower bound of square_distance to every point in a box (R-KD-1). */
ALWAYS_INLINE double
square_to_box(const jrn_kdtree *tree, int32_t node, const double *point, const int m)
{
	const double *box = tree->boxes + (size_t) node * 2 * (size_t) m;
	double		sum = 0.0;
	int			c;

	for (c = 0; c < m; c++)
	{
		const double below = box[c] - point[c];
		const double above = point[c] - box[m + c];
		double		gap = below > above ? below : above;

		gap = gap > 0.0 ? gap : 0.0;
		sum += gap * gap;
	}
	return sum;
}

/* R-KD-3 */
ALWAYS_INLINE bool
in_window(const jrn_kd_node *node, int64_t number, int64_t window)
{
	return number - node->earliest <= window && node->latest - number <= window;
}

ALWAYS_INLINE void
offer(nearest_search *s, double square, int32_t number)
{
	int			i;

	if (square > s->worst || (square == s->worst && s->found[s->k - 1] >= 0 && number > s->found[s->k - 1]))
		return;
	if (s->rule.skip_zero && square == 0.0)
		return;
	for (i = s->k - 1; i > 0; i--)
	{
		if (s->squares[i - 1] < square || (s->squares[i - 1] == square && s->found[i - 1] < number))
			break;
		s->squares[i] = s->squares[i - 1];
		s->found[i] = s->found[i - 1];
	}
	s->squares[i] = square;
	s->found[i] = number;
	s->worst = s->squares[s->k - 1];
}

/* The first place of [first, last), ascending numbers, whose number exceeds one. */
static int32_t
place_after(const jrn_kdtree *tree, int32_t first, int32_t last, int64_t number)
{
	while (first < last)
	{
		int32_t		middle = first + (last - first) / 2;

		if (tree->numbers[middle] > number)
			last = middle;
		else
			first = middle + 1;
	}
	return first;
}

/* R-KD-2: equal points, of which k at most can be wanted. */
ALWAYS_INLINE void
scan_bundle(nearest_search *s, const jrn_kd_node *leaf, const int m)
{
	const jrn_kdtree *tree = s->tree;
	const double square = square_distance(s->point, tree->points + (size_t) leaf->first * (size_t) m, m);
	int32_t		i = leaf->first;
	int			offered = 0;

	if (s->rule.skip_zero && square == 0.0)
		return;
	while (i < leaf->last && offered < s->k)
	{
		int64_t		apart = tree->numbers[i] - s->number;

		if (apart <= s->rule.window && -apart <= s->rule.window)
			i = place_after(tree, i, leaf->last, s->number + s->rule.window);
		else
		{
			offer(s, square, tree->numbers[i++]);
			offered++;
		}
	}
}

ALWAYS_INLINE void
scan_leaf(nearest_search *s, const jrn_kd_node *leaf, const int m)
{
	const jrn_kdtree *tree = s->tree;
	const double *x = tree->points + (size_t) leaf->first * (size_t) m;
	int32_t		i;

	for (i = leaf->first; i < leaf->last; i++, x += m)
	{
		const double square = square_distance(s->point, x, m);
		const int64_t apart = tree->numbers[i] - s->number;

		if (square <= s->worst && (apart > s->rule.window || -apart > s->rule.window))
			offer(s, square, tree->numbers[i]);
	}
}

ALWAYS_INLINE void
search_tree(nearest_search *s, const int m)
{
	const jrn_kdtree *tree = s->tree;
	waiting_node waiting[MAX_WAITING];
	int			depth = 0;
	int32_t		node = 0;

	for (;;)
	{
		const jrn_kd_node *n = &tree->nodes[node];

		if (!in_window(n, s->number, s->rule.window))
		{
			if (!jrn_kd_is_leaf(n))
			{
				const int32_t other = n->other;
				const double here = square_to_box(tree, node + 1, s->point, m);
				const double there = square_to_box(tree, other, s->point, m);
				const bool swap = there < here;
				const double near = swap ? there : here;
				const double far = swap ? here : there;

				if (far <= s->worst)
				{
					waiting[depth].node = swap ? node + 1 : other;
					waiting[depth++].bound = far;
				}
				if (near <= s->worst)
				{
					node = swap ? other : node + 1;
					continue;
				}
			}
			else
			{
				s->work++;
				if (n->last - n->first <= JRN_KD_LEAF || !jrn_kd_is_bundle(tree, node))
					scan_leaf(s, n, m);
				else
					scan_bundle(s, n, m);
			}
		}
		do
		{
			if (depth == 0)
				return;
			depth--;
		} while (waiting[depth].bound > s->worst);
		node = waiting[depth].node;
	}
}

static void
search_any(nearest_search *s)
{
	switch (s->tree->dimension)
	{
		case 1:
			search_tree(s, 1);
			break;
		case 2:
			search_tree(s, 2);
			break;
		case 3:
			search_tree(s, 3);
			break;
		case 4:
			search_tree(s, 4);
			break;
		default:
			search_tree(s, s->tree->dimension);
	}
}

static void
query(nearest_search *s, int32_t place, int32_t *neighbours, double *distances)
{
	const size_t at = (size_t) s->tree->numbers[place] * (size_t) s->k;
	int			i;

	s->point = s->tree->points + (size_t) place * (size_t) s->tree->dimension;
	s->number = s->tree->numbers[place];
	for (i = 0; i < s->k; i++)
	{
		s->squares[i] = INFINITY;
		s->found[i] = -1;
	}
	s->worst = INFINITY;
	search_any(s);
	for (i = 0; i < s->k; i++)
		neighbours[at + (size_t) i] = s->found[i];
	if (distances != NULL)
		for (i = 0; i < s->k; i++)
			distances[at + (size_t) i] = sqrt(s->squares[i]);
}

static jrn_status
note_leaves(const jrn_env *env, int64_t *work)
{
	(*work)++;
	if (*work >= TICK_LEAVES)
	{
		*work = 0;
		JRN_TICK(env);
	}
	return JRN_OK;
}

jrn_status
jrn_kdtree_nearest(const jrn_env *env, const jrn_kdtree *tree, const jrn_kd_rule *rule, int k,
				   int32_t *neighbours, double *distances)
{
	nearest_search s;
	int32_t		place;

	if (k < 1 || k > JRN_KD_MAX_NEIGHBOURS || rule->window < 0)
		return JRN_DOMAIN;
	s.tree = tree;
	s.rule = *rule;
	s.k = k;
	s.work = TICK_LEAVES;
	JRN_TRY(jrn_alloc_array(env, (size_t) k, sizeof(double), &s.squares));
	JRN_TRY(jrn_alloc_array(env, (size_t) k, sizeof(int32_t), &s.found));
	/* places lie leaf after leaf (R-KD-4) */
	for (place = 0; place < tree->count; place++)
	{
		JRN_TRY(note_leaves(env, &s.work));
		query(&s, place, neighbours, distances);
	}
	return JRN_OK;
}

static jrn_status
gather(within_search *s, const double *point, int64_t number)
{
	const jrn_kdtree *tree = s->tree;
	const int	m = tree->dimension;
	int32_t		waiting[MAX_WAITING];
	int			depth = 1;

	waiting[0] = 0;
	while (depth > 0)
	{
		const int32_t node = waiting[--depth];
		const jrn_kd_node *n = &tree->nodes[node];
		int32_t		i;

		if (in_window(n, number, s->rule.window) || square_to_box(tree, node, point, m) > s->square)
			continue;
		if (!jrn_kd_is_leaf(n))
		{
			waiting[depth++] = n->other;
			waiting[depth++] = node + 1;
			continue;
		}
		s->work += 1 + (n->last - n->first) / JRN_KD_LEAF;
		JRN_TRY(note_leaves(s->env, &s->work));
		for (i = n->first; i < n->last; i++)
		{
			const int64_t apart = tree->numbers[i] - number;
			const double square = square_distance(point, tree->points + (size_t) i * (size_t) m, m);

			if (square > s->square || (apart <= s->rule.window && -apart <= s->rule.window) ||
				(s->rule.skip_zero && square == 0.0))
				continue;
			if (s->used == s->limit)
				return JRN_LIMIT;
			JRN_TRY(jrn_grow_array(s->env, s->used, &s->capacity, sizeof(int32_t), &s->found));
			s->found[s->used++] = tree->numbers[i];
		}
	}
	return JRN_OK;
}

jrn_status
jrn_kdtree_within(const jrn_env *env, const jrn_kdtree *tree, const jrn_kd_rule *rule, double radius,
				  size_t limit, size_t *start, int32_t **neighbours)
{
	within_search s;
	int32_t    *places;
	int32_t		i;

	if (!(radius >= 0.0) || rule->window < 0)
		return JRN_DOMAIN;
	memset(&s, 0, sizeof(s));
	s.env = env;
	s.tree = tree;
	s.rule = *rule;
	s.square = radius * radius;
	s.limit = limit;
	JRN_TRY(jrn_alloc_array(env, (size_t) tree->count, sizeof(int32_t), &places));
	for (i = 0; i < tree->count; i++)
		places[tree->numbers[i]] = i;
	for (i = 0; i < tree->count; i++)
	{
		start[i] = s.used;
		JRN_TRY(gather(&s, tree->points + (size_t) places[i] * (size_t) tree->dimension, i));
	}
	start[tree->count] = s.used;
	*neighbours = s.found;
	return JRN_OK;
}
