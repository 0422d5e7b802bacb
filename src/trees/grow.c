/*
 * grow.c
 *		Derivatives of a round, and a tree from its root to its leaves (see
 *		grow.h).
 */
#include "grow.h"

#include <math.h>
#include <string.h>

#include "loss.h"

/* Fewer rows than this cannot be split: no histogram is needed. */
#define LEAST_SPLITTABLE (2 * JRN_TREES_MIN_ROWS)

/* Residuals that are only the rounding of the target: there is nothing left to fit. */
#define ROUNDING 2e-15

/* Rows whose cache lines are asked for in advance. */
#define AHEAD 24

/* Bounds of r (R-TREE-6), and the step that belongs to it. */
#define LARGEST_STEP 4.0

jrn_status
jrn_tree_round_begin(jrn_tree_round *round, const jrn_env *env, const jrn_tree_matrix *matrix,
					 const jrn_trees_options *options, const uint32_t *rows, size_t count)
{
	size_t		width;
	int			j;

	memset(round, 0, sizeof(*round));
	round->env = env;
	round->matrix = matrix;
	round->options = options;
	round->count = count;
	round->unit_hessian = options->family == JRN_TREES_GAUSSIAN;
	width = round->unit_hessian ? 1 : 2;
	JRN_TRY(jrn_alloc_array(env, (size_t) matrix->features + 1, sizeof(size_t), &round->offset));
	for (j = 0; j < matrix->features; j++)
	{
		round->offset[j] = round->bins;
		round->bins += (size_t) matrix->columns[j].bins + (matrix->columns[j].has_missing ? 1 : 0);
	}
	round->offset[j] = round->bins;
	JRN_TRY(jrn_alloc_zeroed(env, round->bins * width, sizeof(int64_t), &round->block));
	JRN_TRY(jrn_alloc_array(env, 2048 * width, sizeof(int64_t), &round->gathered));
	JRN_TRY(jrn_alloc_array(env, matrix->rows * width, sizeof(int64_t), &round->derivatives));
	JRN_TRY(jrn_alloc_array(env, matrix->rows, sizeof(double), &round->link));
	JRN_TRY(jrn_alloc_array(env, count, sizeof(uint32_t), &round->rows));
	JRN_TRY(jrn_alloc_array(env, count, sizeof(uint32_t), &round->spare));
	round->training = rows;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) options->depth, sizeof(jrn_tree_sums *), &round->levels));
	for (j = 0; j < options->depth; j++)
		JRN_TRY(jrn_alloc_array(env, round->bins, sizeof(jrn_tree_sums), &round->levels[j]));
	return JRN_OK;
}

/* ---- derivatives ---- */

/* The power of two that holds most; 1 for 0. */
static double
unit_of(double most)
{
	int			exponent;

	if (!(most > 0.0))
		return 1.0;
	(void) frexp(most, &exponent);
	return ldexp(1.0, exponent < -900 ? -900 : exponent);
}

jrn_status
jrn_tree_round_derive(jrn_tree_round *round, bool *any)
{
	const double *y = round->matrix->y;
	size_t		width = round->unit_hessian ? 1 : 2;
	const double bits = (double) ((int64_t) 1 << JRN_TREES_DERIVATIVE_BITS);
	double		most_g = 0.0;
	double		most_h = 0.0;
	double		most_y = 0.0;
	double		g_scale;
	double		h_scale;
	double		g;
	double		h;
	size_t		i;

	for (i = 0; i < round->count; i++)
	{
		size_t		row = round->training[i];
		int64_t    *out = &round->derivatives[row * width];

		jrn_trees_derivatives(round->options->family, y[row], round->link[row], &g, &h);
		most_g = fabs(g) > most_g ? fabs(g) : most_g;
		most_h = h > most_h ? h : most_h;
		most_y = fabs(y[row]) > most_y ? fabs(y[row]) : most_y;
		memcpy(out, &g, sizeof(g));
		if (!round->unit_hessian)
			memcpy(out + 1, &h, sizeof(h));
		if (i % 16384 == 16383)
			JRN_TICK(round->env);
	}
	*any = most_g > ROUNDING * most_y;
	round->g_unit = unit_of(most_g);
	round->h_unit = round->unit_hessian ? 1.0 : unit_of(most_h) / bits;
	g_scale = bits / round->g_unit;
	h_scale = 1.0 / round->h_unit;
	for (i = 0; i < round->count; i++)
	{
		int64_t    *out = &round->derivatives[round->training[i] * width];

		memcpy(&g, out, sizeof(g));
		if (round->unit_hessian)
			out[0] = llrint(g * g_scale) * 131072 + 1;
		else
		{
			memcpy(&h, out + 1, sizeof(h));
			out[0] = llrint(g * g_scale);
			out[1] = llrint(h * h_scale) * 131072 + 1;
		}
		if (i % 65536 == 65535)
			JRN_TICK(round->env);
	}
	return JRN_OK;
}

/* ---- nodes ---- */

/* The link's step for a node's r; R-TREE-6. */
static double
value_of(const jrn_tree_round *round, const jrn_tree_stats *stats)
{
	double		r = jrn_tree_r(round, stats) * round->g_unit;

	if (round->options->family == JRN_TREES_POISSON && r > 0.0)
		r = jrn_trees_log(1.0 + r);
	return r * round->options->learning_rate;
}

static jrn_status
append_node(jrn_tree_round *round, const jrn_tree_stats *stats)
{
	jrn_tree_node *node;

	if (round->node_count >= JRN_TREES_MAX_NODES)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(round->env, round->node_count, &round->node_capacity,
						   sizeof(jrn_tree_node), &round->nodes));
	node = &round->nodes[round->node_count++];
	memset(node, 0, sizeof(*node));
	node->feature = -1;
	node->rows = stats->sums.n;
	node->value = value_of(round, stats);
	return JRN_OK;
}

static jrn_status
add_to_links(jrn_tree_round *round, size_t begin, size_t count, double value)
{
	size_t		i;

	for (i = begin; i < begin + count; i++)
		round->link[round->rows[i]] += value;
	JRN_TICK(round->env);
	return JRN_OK;
}

static void
fill_sides(const jrn_tree_round *round, const jrn_tree_split *split, bool goes_left[256])
{
	const jrn_tree_column *column = &round->matrix->columns[split->feature];
	int			b;

	for (b = 0; b < 256; b++)
		goes_left[b] = b < column->bins ? b <= split->bin : split->missing_left;
}

/* Deal a node's rows to its children, in order: R-GROW-3. */
static jrn_status
partition(jrn_tree_round *round, const jrn_tree_split *split, size_t begin, size_t count)
{
	const uint8_t *bin = round->matrix->columns[split->feature].bin;
	uint32_t   *rows = round->rows + begin;
	bool		goes_left[256];
	size_t		left = 0;
	size_t		right = 0;
	size_t		i;

	fill_sides(round, split, goes_left);
	for (i = 0; i < count; i++)
	{
		uint32_t	row = rows[i];
		bool		is_left = goes_left[bin[row]];

		__builtin_prefetch(&bin[rows[i + AHEAD < count ? i + AHEAD : i]]);

		rows[left] = row;
		round->spare[right] = row;
		left += is_left;
		right += !is_left;
		if (i % 65536 == 65535)
			JRN_TICK(round->env);
	}
	memcpy(rows + left, round->spare, right * sizeof(uint32_t));
	return JRN_OK;
}

/* The last level needs no dealing: both children are leaves. */
static jrn_status
add_both_leaves(jrn_tree_round *round, const jrn_tree_split *split, size_t begin, size_t count,
				double left, double right)
{
	const uint8_t *bin = round->matrix->columns[split->feature].bin;
	bool		goes_left[256];
	size_t		i;

	fill_sides(round, split, goes_left);
	for (i = begin; i < begin + count; i++)
	{
		uint32_t	row = round->rows[i];
		uint32_t	ahead = round->rows[i + AHEAD < begin + count ? i + AHEAD : i];

		__builtin_prefetch(&bin[ahead]);
		__builtin_prefetch(&round->link[ahead], 1);
		round->link[row] += goes_left[bin[row]] ? left : right;
		if (i % 65536 == 65535)
			JRN_TICK(round->env);
	}
	return JRN_OK;
}

static bool
can_split(const jrn_tree_round *round, const jrn_tree_stats *stats, int depth)
{
	return depth < round->options->depth && stats->sums.n >= LEAST_SPLITTABLE;
}

/*
 * Histograms of both children: the smaller from its rows into `level`, the
 * larger in place of the parent's (R-GROW-1).  Nothing when neither can be
 * split.
 */
static jrn_status
split_histogram(jrn_tree_round *round, const jrn_tree_split *split, size_t begin, int depth,
				jrn_tree_sums *parent, jrn_tree_sums **left, jrn_tree_sums **right)
{
	size_t		left_count = (size_t) split->left.sums.n;
	size_t		right_count = (size_t) split->right.sums.n;
	bool		left_is_small = left_count <= right_count;
	jrn_tree_sums *small;
	size_t		i;

	*left = *right = NULL;
	if (!can_split(round, &split->left, depth + 1) && !can_split(round, &split->right, depth + 1))
		return JRN_OK;
	small = round->levels[depth + 1];
	JRN_TRY(jrn_tree_histogram(round, left_is_small ? begin : begin + left_count,
							   left_is_small ? left_count : right_count, small));
	for (i = 0; i < round->bins; i++)
	{
		parent[i].g -= small[i].g;
		parent[i].h -= small[i].h;
		parent[i].n -= small[i].n;
	}
	*left = left_is_small ? small : parent;
	*right = left_is_small ? parent : small;
	return JRN_OK;
}

/*
 * Split a node and what comes of it.  rows[begin ..] are the node's, at most
 * depth levels of recursion.
 */
static jrn_status
grow_node(jrn_tree_round *round, size_t at, const jrn_tree_stats *stats, size_t begin, int depth,
		  jrn_tree_sums *histogram)
{
	size_t		count = (size_t) stats->sums.n;
	jrn_tree_split split;
	jrn_tree_sums *left_histogram;
	jrn_tree_sums *right_histogram;
	size_t		left;

	split.feature = -1;
	if (can_split(round, stats, depth))
		JRN_TRY(jrn_tree_best_split(round, histogram, stats, &split));
	if (split.feature < 0)
		return add_to_links(round, begin, count, round->nodes[at].value);
	left = round->node_count;
	JRN_TRY(append_node(round, &split.left));
	JRN_TRY(append_node(round, &split.right));
	round->nodes[at].feature = split.feature;
	round->nodes[at].bin = split.bin;
	round->nodes[at].threshold = round->matrix->columns[split.feature].thresholds[split.bin];
	round->nodes[at].gain = split.gain * round->g_unit * round->g_unit;
	round->nodes[at].missing_left = split.missing_left;
	round->nodes[at].left = (int32_t) left;
	if (!can_split(round, &split.left, depth + 1) && !can_split(round, &split.right, depth + 1))
		return add_both_leaves(round, &split, begin, count, round->nodes[left].value,
							   round->nodes[left + 1].value);
	JRN_TRY(partition(round, &split, begin, count));
	JRN_TRY(split_histogram(round, &split, begin, depth, histogram, &left_histogram, &right_histogram));
	JRN_TRY(grow_node(round, left, &split.left, begin, depth + 1, left_histogram));
	return grow_node(round, left + 1, &split.right, begin + (size_t) split.left.sums.n, depth + 1,
					 right_histogram);
}

/* The sums of any feature's bins are those of the root. */
static void
root_stats(const jrn_tree_round *round, const jrn_tree_sums *histogram, jrn_tree_stats *stats)
{
	size_t		i;

	memset(&stats->sums, 0, sizeof(stats->sums));
	for (i = 0; i < round->offset[1]; i++)
	{
		stats->sums.g += histogram[i].g;
		stats->sums.h += histogram[i].h;
		stats->sums.n += histogram[i].n;
	}
	stats->high = round->options->family == JRN_TREES_GAUSSIAN ? INFINITY : LARGEST_STEP / round->g_unit;
	stats->low = -stats->high;
}

jrn_status
jrn_tree_grow(jrn_tree_round *round, bool *grown)
{
	size_t		root = round->node_count;
	jrn_tree_stats stats;

	*grown = false;
	if (round->matrix->features == 0 || round->count < LEAST_SPLITTABLE)
		return JRN_OK;
	memcpy(round->rows, round->training, round->count * sizeof(uint32_t));
	JRN_TRY(jrn_tree_histogram(round, 0, round->count, round->levels[0]));
	root_stats(round, round->levels[0], &stats);
	if (stats.sums.h <= 0)
		return JRN_OK;
	JRN_TRY(append_node(round, &stats));
	JRN_TRY(grow_node(round, root, &stats, 0, 0, round->levels[0]));
	*grown = round->nodes[root].feature >= 0;
	return JRN_OK;
}
