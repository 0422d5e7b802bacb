/*
 * policy_tree.h
 *		Shallow trees that choose a strategy: exact search over binned columns,
 *		for all folds together (pure core).
 *
 * A tree of depth 1 or 2 asks "is x below a cut?" (a 0/1 column: "is it the
 * level?") and gives every leaf one strategy.  Of all such trees the one with
 * the largest sum of rewards is found, the empirical welfare maximisation of
 * Athey and Wager 2021; rewards are doubly robust scores less costs.
 *
 * R-POL-1	Rewards are whole numbers: scores times a power of two, rounded, so
 *			that no sum overflows.  Sums are exact, hence a training set is all
 *			rows less a fold, and no result depends on an order.
 * R-POL-2	A question is asked only where it adds to the sum.  Of equal trees
 *			one with a single question wins over two levels; then the first
 *			feature, the lowest cut, the lower strategy, at the root first.
 * R-POL-3	Depth 2: for a pair of features one table of reward sums by bin x
 *			bin x strategy answers every tree that asks for one of them first
 *			and for the other second.  A row is touched three times per pair
 *			and repetition of the search, whatever the number of folds.
 * R-POL-4	A column is cut at up to JRN_POLICY_BINS - 1 places, at quantiles of
 *			all rows; with few distinct values between any two of them.  A cut
 *			is the number with the fewest decimals between its neighbours.
 * R-POL-5	Prices per strategy are taken off each of its rewards.  A price that
 *			is high enough keeps the share of rows given to a strategy within a
 *			capacity (Lagrange); it is found by bisection for every training
 *			set.  Where several have a capacity, first for all of them together,
 *			then for one after the other as long as shares are too large; what
 *			does not settle is given to nobody, the smallest capacity first.
 */
#ifndef JRN_POLICY_TREE_H
#define JRN_POLICY_TREE_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_POLICY_BINS 64
#define JRN_POLICY_FEATURES 20
#define JRN_POLICY_DEPTH 2
#define JRN_POLICY_NODES 7

typedef struct jrn_policy_column
{
	int			bins;
	double		cuts[JRN_POLICY_BINS - 1];	/* [bins - 1] rising; bin b <= c when x < cuts[c] */
	uint8_t    *bin;			/* [n] */
} jrn_policy_column;

/* Bin one column of n finite numbers that lie stride apart (R-POL-4). */
extern jrn_status jrn_policy_bin(const jrn_env *env, const double *x, size_t n, size_t stride,
								 jrn_policy_column *column);

/* Children of node i are 2 i + 1 (below the cut) and 2 i + 2. */
typedef struct jrn_policy_node
{
	int			feature;		/* -1: a leaf */
	int			cut;
	int			arm;			/* of a leaf */
} jrn_policy_node;

typedef struct jrn_policy_tree
{
	jrn_policy_node node[JRN_POLICY_NODES];
	int64_t		value;			/* sum of rewards less prices over the training rows */
} jrn_policy_tree;

typedef struct jrn_policy_data
{
	size_t		n;
	int			features;
	const jrn_policy_column *columns;	/* [features] */
	int			arms;
	const int64_t *reward;		/* [n arms] row by row */
	int			folds;
	const int32_t *fold;		/* [n] from 0 */
	int			only;			/* the one training set wanted, or -1: all */
} jrn_policy_data;

/*
 * Scores to rewards (R-POL-1): *unit is what 1 of them is worth.  costs[arms]
 * may be NULL; scores must be finite, else JRN_NONFINITE.
 */
extern jrn_status jrn_policy_rewards(const jrn_env *env, const double *score, size_t n, int arms,
									 const double *costs, int64_t **reward, double *unit);

/*
 * trees[t], t < folds, is learned without fold t; trees[folds] on all rows.
 * prices[(folds + 1) arms] or NULL.  depth 1 or 2.  With only, other trees are
 * left alone.
 */
extern jrn_status jrn_policy_learn(const jrn_env *env, const jrn_policy_data *data, int depth,
								   const int64_t *prices, jrn_policy_tree *trees);

/* The same with shares of training rows at most capacity[arms]; at least one is 1. */
extern jrn_status jrn_policy_learn_within(const jrn_env *env, const jrn_policy_data *data, int depth,
										  const double *capacity, int64_t *prices,
										  jrn_policy_tree *trees);

/* The strategy that a tree gives to a row. */
static inline int
jrn_policy_arm(const jrn_policy_tree *tree, const jrn_policy_column *columns, size_t row)
{
	const jrn_policy_node *node = tree->node;
	int			at = 0;

	while (node[at].feature >= 0)
		at = 2 * at + (columns[node[at].feature].bin[row] <= node[at].cut ? 1 : 2);
	return node[at].arm;
}

#endif							/* JRN_POLICY_TREE_H */
