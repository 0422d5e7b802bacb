/*
 * boost.c
 *		Rounds of boosting, and when to stop them (see trees.h).
 */
#include "trees.h"

#include <math.h>
#include <string.h>

#include "../core/hash.h"
#include "grow.h"
#include "loss.h"

typedef struct boosting
{
	jrn_tree_round round;
	uint32_t   *training;
	size_t		training_count;
	uint32_t   *holdout;
	size_t		holdout_count;
	int32_t    *roots;
	size_t		roots_capacity;
	int			trees;
	int			best_trees;		/* with the smallest held-out loss */
	double		best_loss;
	double		base;
} boosting;

/* R-TREE-7: fold 1 of 5 of a row's unit is held out. */
static jrn_status
part_rows(const jrn_env *env, const jrn_tree_matrix *matrix, const uint32_t *rows, size_t count,
		  bool hold_out, boosting *b)
{
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, count, sizeof(uint32_t), &b->training));
	if (hold_out)
		JRN_TRY(jrn_alloc_array(env, count, sizeof(uint32_t), &b->holdout));
	for (i = 0; i < count; i++)
	{
		uint32_t	row = rows == NULL ? (uint32_t) i : rows[i];

		if (hold_out && jrn_hash_fold(matrix->unit[row], JRN_TREES_HOLDOUT) == 1)
			b->holdout[b->holdout_count++] = row;
		else
			b->training[b->training_count++] = row;
		if (i % 65536 == 65535)
			JRN_TICK(env);
	}
	return JRN_OK;
}

/* Add a tree's values to the links of the held-out rows. */
static jrn_status
add_to_holdout(const jrn_env *env, boosting *b, int32_t root)
{
	const jrn_tree_round *round = &b->round;
	size_t		i;

	for (i = 0; i < b->holdout_count; i++)
	{
		size_t		row = b->holdout[i];
		const jrn_tree_node *node = &round->nodes[root];

		while (node->feature >= 0)
		{
			int			bin = jrn_tree_bin(round->matrix, row, node->feature);
			bool		left = bin < round->matrix->columns[node->feature].bins ?
				bin <= node->bin : node->missing_left;

			node = &round->nodes[node->left + (left ? 0 : 1)];
		}
		round->link[row] += node->value;
		if (i % 16384 == 16383)
			JRN_TICK(env);
	}
	return JRN_OK;
}

/* Tell whether the rounds are to stop; keeps the best so far. */
static jrn_status
judge(const jrn_env *env, boosting *b, const jrn_trees_options *options, bool *stop)
{
	double		loss;

	JRN_TRY(jrn_trees_mean_loss(env, options->family, b->round.matrix->y, b->round.link,
								b->holdout, b->holdout_count, &loss));
	if (b->trees == 0 || loss < b->best_loss)
	{
		b->best_loss = loss;
		b->best_trees = b->trees;
	}
	*stop = b->trees - b->best_trees >= options->early_stopping;
	return JRN_OK;
}

static jrn_status
run_rounds(const jrn_env *env, boosting *b, const jrn_trees_options *options, jrn_trees *out)
{
	bool		hold_out = b->holdout_count > 0;
	bool		stop = false;

	if (hold_out)
		JRN_TRY(judge(env, b, options, &stop));
	while (b->trees < options->rounds && !stop)
	{
		size_t		root = b->round.node_count;
		bool		any;
		bool		grown = false;

		JRN_TRY(jrn_grow_array(env, (size_t) b->trees, &b->roots_capacity, sizeof(int32_t), &b->roots));
		b->roots[b->trees] = (int32_t) root;
		JRN_TRY(jrn_tree_round_derive(&b->round, &any));
		if (any)
			JRN_TRY(jrn_tree_grow(&b->round, &grown));
		if (!grown)
		{
			b->round.node_count = root;
			if (out->status == JRN_TREES_OK)
				out->status = JRN_TREES_NO_SPLIT;
			break;
		}
		b->trees++;
		if (!hold_out)
			continue;
		JRN_TRY(add_to_holdout(env, b, (int32_t) root));
		JRN_TRY(judge(env, b, options, &stop));
		if (stop)
			out->status = JRN_TREES_EARLY_STOPPED;
	}
	return JRN_OK;
}

/* Hand over the kept trees, and what they make of the training rows. */
static jrn_status
finish(const jrn_env *env, boosting *b, const jrn_trees_options *options, jrn_trees *out)
{
	int			kept = b->holdout_count > 0 ? b->best_trees : b->trees;
	size_t		nodes = kept < b->trees ? (size_t) b->roots[kept] : b->round.node_count;
	double	   *link;
	size_t		i;

	JRN_TRY(jrn_grow_array(env, (size_t) b->trees, &b->roots_capacity, sizeof(int32_t), &b->roots));
	b->roots[kept] = (int32_t) nodes;
	out->roots = b->roots;
	out->nodes = b->round.nodes;
	out->trees = kept;
	out->base = b->base;
	if (b->holdout_count > 0)
		out->holdout_loss = b->best_loss;
	if (kept < b->trees)
	{
		JRN_TRY(jrn_alloc_array(env, b->training_count, sizeof(double), &link));
		JRN_TRY(jrn_trees_link_rows(env, out, b->round.matrix, b->training, b->training_count, link));
		for (i = 0; i < b->training_count; i++)
			b->round.link[b->training[i]] = link[i];
	}
	return jrn_trees_mean_loss(env, options->family, b->round.matrix->y, b->round.link,
							   b->training, b->training_count, &out->loss);
}

jrn_status
jrn_trees_fit(const jrn_env *env, const jrn_tree_matrix *matrix, const uint32_t *rows,
			  size_t count, const jrn_trees_options *options, jrn_trees *out)
{
	boosting	b;
	double		mean;
	double		least;
	double		most;
	size_t		i;

	memset(&b, 0, sizeof(b));
	memset(out, 0, sizeof(*out));
	out->family = options->family;
	out->base = out->loss = out->holdout_loss = NAN;
	JRN_TRY(jrn_alloc_zeroed(env, 1, sizeof(int32_t), &out->roots));
	out->status = JRN_TREES_TOO_FEW;
	if (count == 0)
		return JRN_OK;
	out->status = JRN_TREES_OK;
	JRN_TRY(part_rows(env, matrix, rows, count, options->early_stopping > 0, &b));
	if (options->early_stopping > 0 && (b.training_count == 0 || b.holdout_count == 0))
	{
		memset(&b, 0, sizeof(b));
		JRN_TRY(part_rows(env, matrix, rows, count, false, &b));
		out->status = JRN_TREES_NO_HOLDOUT;
	}
	out->n = (int64_t) b.training_count;
	out->n_holdout = (int64_t) b.holdout_count;
	JRN_TRY(jrn_trees_mean(env, matrix->y, b.training, b.training_count, &mean, &least, &most));
	if (!jrn_trees_link_of_mean(options->family, mean, &b.base))
	{
		out->status = JRN_TREES_ONE_CLASS;
		return JRN_OK;
	}
	JRN_TRY(jrn_tree_round_begin(&b.round, env, matrix, options, b.training, b.training_count));
	for (i = 0; i < matrix->rows; i++)
		b.round.link[i] = b.base;
	JRN_TRY(run_rounds(env, &b, options, out));
	return finish(env, &b, options, out);
}
