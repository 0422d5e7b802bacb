/*
 * predict.c
 *		Walking fitted trees, and the check that they can be walked.
 */
#include "trees.h"

#include <math.h>
#include <string.h>

#include "grow.h"

double
jrn_trees_link(const jrn_trees *trees, const double *x)
{
	double		link = trees->base;
	int			t;

	for (t = 0; t < trees->trees; t++)
	{
		const jrn_tree_node *node = &trees->nodes[trees->roots[t]];

		while (node->feature >= 0)
		{
			double		value = x[node->feature];
			bool		left = isnan(value) ? node->missing_left : value <= node->threshold;

			node = &trees->nodes[node->left + (left ? 0 : 1)];
		}
		link += node->value;
	}
	return link;
}

static const jrn_tree_node *
leaf_of(const jrn_trees *trees, const jrn_tree_matrix *matrix, int tree, size_t row)
{
	const jrn_tree_node *node = &trees->nodes[trees->roots[tree]];

	while (node->feature >= 0)
	{
		int			bin = jrn_tree_bin(matrix, row, node->feature);
		bool		left = bin < matrix->columns[node->feature].bins ?
			bin <= node->bin : node->missing_left;

		node = &trees->nodes[node->left + (left ? 0 : 1)];
	}
	return node;
}

jrn_status
jrn_trees_link_rows(const jrn_env *env, const jrn_trees *trees, const jrn_tree_matrix *matrix,
					const uint32_t *rows, size_t count, double *link)
{
	size_t		i;
	int			t;

	for (i = 0; i < count; i++)
	{
		link[i] = trees->base;
		for (t = 0; t < trees->trees; t++)
		{
			link[i] += leaf_of(trees, matrix, t, rows == NULL ? i : rows[i])->value;
			if (t % 4096 == 4095)
				JRN_TICK(env);
		}
		if (i % 64 == 63)
			JRN_TICK(env);
	}
	return JRN_OK;
}

/* ---- structure ---- */

/* One node of the tree [begin, end). */
static bool
node_is_sound(const jrn_tree_node *node, int64_t at, int64_t end, int features)
{
	if (!isfinite(node->value) || !isfinite(node->gain) || node->gain < 0.0 ||
		isnan(node->threshold) || node->rows < 0)
		return false;
	if (node->feature < 0)
		return true;
	return node->feature < features && node->left > at && (int64_t) node->left + 1 < end;
}

bool
jrn_trees_is_sound(const jrn_trees *trees, size_t node_count, int features)
{
	int			t;
	int64_t		at;

	if (trees->trees < 0 || trees->roots[0] != 0 ||
		(size_t) trees->roots[trees->trees] != node_count || isinf(trees->base))
		return false;
	for (t = 0; t < trees->trees; t++)
	{
		int64_t		end = trees->roots[t + 1];

		if (trees->roots[t] < 0 || end <= trees->roots[t] || (size_t) end > node_count)
			return false;
		for (at = trees->roots[t]; at < end; at++)
			if (!node_is_sound(&trees->nodes[at], at, end, features))
				return false;
	}
	return true;
}

void
jrn_trees_importance(const jrn_trees *trees, int features, double *gain, int64_t *splits)
{
	double		total = 0.0;
	double		most = 0.0;
	int			j;
	int32_t		i;

	memset(gain, 0, (size_t) features * sizeof(double));
	memset(splits, 0, (size_t) features * sizeof(int64_t));
	for (i = 0; i < trees->roots[trees->trees]; i++)
		if (trees->nodes[i].feature >= 0 && trees->nodes[i].gain > most)
			most = trees->nodes[i].gain;
	for (i = 0; i < trees->roots[trees->trees]; i++)
	{
		const jrn_tree_node *node = &trees->nodes[i];

		if (node->feature < 0)
			continue;
		splits[node->feature]++;
		/* against the largest, so that no sum overflows */
		gain[node->feature] += most > 0.0 ? node->gain / most : 0.0;
	}
	for (j = 0; j < features; j++)
		total += gain[j];
	for (j = 0; j < features; j++)
		gain[j] = total > 0.0 ? gain[j] / total : 0.0;
}

/* ---- names ---- */

const char *
jrn_trees_status_name(jrn_trees_status status)
{
	static const char *const names[JRN_TREES_STATUSES] = {
		"ok", "early_stopped", "no_split", "no_holdout", "one_class", "too_few"
	};

	return names[status];
}

const char *
jrn_trees_family_name(jrn_trees_family family)
{
	return family == JRN_TREES_GAUSSIAN ? "gaussian" :
		family == JRN_TREES_BINOMIAL ? "binomial" : "poisson";
}
