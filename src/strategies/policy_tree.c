/*
 * policy_tree.c
 *		Exact search for the best shallow tree (see policy_tree.h).
 *
 * Depth 2: for every cut of a first feature the rows on either side have their
 * best continuation: one strategy, or a second question.  The continuation for
 * a cut of f may ask any g, and is found from the table of the pair (f, g): its
 * rows up to the cut are added up, which leaves sums by bin of g.  So pairs
 * come one after the other, and only the best continuation by (training set,
 * f, cut, side) is kept.
 */
#include "policy_tree.h"

#include <string.h>

/* Bytes of continuations held at a time; training sets beyond wait for another round. */
#define MOST_SIDE_BYTES ((size_t) 64 << 20)

/* The feature of a continuation that no table has looked at. */
#define UNSEEN (-2)

/* What is best done on one side of a first cut. */
typedef struct side_best
{
	int64_t		value;
	int16_t		feature;		/* -1: nothing is asked, the strategy is left */
	int16_t		cut;
	int16_t		left;
	int16_t		right;
} side_best;

typedef struct tree_search
{
	const jrn_env *env;
	const jrn_policy_data *data;
	int			depth;
	const int64_t *prices;
	size_t		width;			/* of a cell: sums by arm, then the rows when there are prices */

	/* rows by fold */
	size_t	   *first;			/* [folds + 1] */
	uint8_t   **bin;			/* [features][n] */
	int64_t    *reward;			/* [n][width] */

	/* training sets from..from + count - 1 of this round */
	int			from;
	int			count;
	side_best  *best;			/* [count][features][bins][2] */

	int64_t    *table;			/* [bins][bins][width] */
	int64_t    *sums;			/* [bins][arms] of the rows on the low side */
	int64_t    *others;			/* [bins][arms] on the high side */
	int64_t    *total;			/* [arms] scratch of a scan */
	int64_t    *left;			/* [arms] */
} tree_search;

/* ---- rows by fold ---- */

static jrn_status
deal_rows(tree_search *search)
{
	const jrn_policy_data *data = search->data;
	size_t	   *next;
	size_t		i;
	int			f,
				a;

	JRN_TRY(jrn_alloc_zeroed(search->env, (size_t) data->folds + 1, sizeof(size_t), &search->first));
	JRN_TRY(jrn_alloc_array(search->env, (size_t) data->folds + 1, sizeof(size_t), &next));
	JRN_TRY(jrn_alloc_array(search->env, (size_t) data->features, sizeof(uint8_t *), &search->bin));
	JRN_TRY(jrn_alloc_array(search->env, data->n, search->width * sizeof(int64_t), &search->reward));
	for (f = 0; f < data->features; f++)
		JRN_TRY(jrn_alloc_array(search->env, data->n, sizeof(uint8_t), &search->bin[f]));
	for (i = 0; i < data->n; i++)
	{
		if (data->fold[i] < 0 || data->fold[i] >= data->folds)
			return JRN_DOMAIN;
		search->first[data->fold[i] + 1]++;
	}
	for (f = 0; f < data->folds; f++)
		search->first[f + 1] += search->first[f];
	memcpy(next, search->first, ((size_t) data->folds + 1) * sizeof(size_t));
	for (i = 0; i < data->n; i++)
	{
		size_t		at = next[data->fold[i]]++;

		for (f = 0; f < data->features; f++)
			search->bin[f][at] = data->columns[f].bin[i];
		for (a = 0; a < data->arms; a++)
			search->reward[at * search->width + (size_t) a] = data->reward[i * (size_t) data->arms + (size_t) a];
		if (search->prices != NULL)
			search->reward[at * search->width + (size_t) data->arms] = 1;
		if (i % 4096 == 0)
			JRN_TICK(search->env);
	}
	jrn_release(search->env, next);
	return JRN_OK;
}

/* ---- the table of a pair ---- */

/* Add the rows begin..end - 1 to the table of (f, g), or take them away. */
static jrn_status
add_rows(tree_search *search, int f, int g, size_t begin, size_t end, int64_t sign)
{
	const uint8_t *row = search->bin[f];
	const uint8_t *column = search->bin[g];
	size_t		bins = f == g ? 0 : (size_t) search->data->columns[g].bins;
	size_t		width = search->width;
	size_t		i,
				a;

	for (i = begin; i < end; i++)
	{
		int64_t    *cell = search->table + (row[i] * bins + column[i]) * width;
		const int64_t *reward = search->reward + i * width;

		for (a = 0; a < width; a++)
			cell[a] += sign * reward[a];
		if (i % 16384 == 0)
			JRN_TICK(search->env);
	}
	return JRN_OK;
}

/* into += one cell, less the prices of the training set (R-POL-5). */
static inline void
add_cell(const tree_search *search, int training, const int64_t *cell, int64_t *into)
{
	int			arms = search->data->arms;
	const int64_t *price = search->prices;
	int			a;

	for (a = 0; a < arms; a++)
		into[a] += cell[a];
	if (price == NULL)
		return;
	price += (size_t) training * (size_t) arms;
	for (a = 0; a < arms; a++)
		into[a] -= price[a] * cell[arms];
}

static inline int
best_arm(const int64_t *sums, int arms)
{
	int			best = 0;
	int			a;

	for (a = 1; a < arms; a++)
		if (sums[a] > sums[best])
			best = a;
	return best;
}

/* Best question on g for rows whose sums by bin of g are given; R-POL-2. */
static void
scan(tree_search *search, int g, const int64_t *sums, side_best *best)
{
	int			arms = search->data->arms;
	int			bins = search->data->columns[g].bins;
	int64_t    *total = search->total;
	int64_t    *left = search->left;
	int			b,
				a;

	memset(total, 0, (size_t) arms * sizeof(int64_t));
	memset(left, 0, (size_t) arms * sizeof(int64_t));
	for (b = 0; b < bins; b++)
		for (a = 0; a < arms; a++)
			total[a] += sums[(size_t) b * (size_t) arms + (size_t) a];
	if (best->feature == UNSEEN)
	{
		best->feature = -1;
		best->left = (int16_t) best_arm(total, arms);
		best->value = total[best->left];
	}
	for (b = 0; b + 1 < bins; b++)
	{
		const int64_t *add = sums + (size_t) b * (size_t) arms;
		int64_t		low,
					high;

		left[0] += add[0];
		low = left[0];
		high = total[0] - left[0];
		for (a = 1; a < arms; a++)
		{
			left[a] += add[a];
			low = left[a] > low ? left[a] : low;
			high = total[a] - left[a] > high ? total[a] - left[a] : high;
		}
		if (low + high > best->value)
		{
			int			r = 0;

			best->value = low + high;
			best->feature = (int16_t) g;
			best->cut = (int16_t) b;
			best->left = (int16_t) best_arm(left, arms);
			for (a = 1; a < arms; a++)
				if (total[a] - left[a] > total[r] - left[r])
					r = a;
			best->right = (int16_t) r;
		}
	}
}

static side_best *
sides_of(const tree_search *search, int training, int f, int cut)
{
	return search->best + ((((size_t) (training - search->from) * (size_t) search->data->features + (size_t) f) *
							JRN_POLICY_BINS) + (size_t) cut) * 2;
}

/*
 * All cuts of f with a question on g after them.  Cell (b, c) of the table, b
 * a bin of f, c of g, lies at b * f_step + c * g_step.  f = g: the table is a
 * diagonal given as one row of bins.
 */
static jrn_status
ask_after(tree_search *search, int training, int f, int g, size_t f_step, size_t g_step)
{
	size_t		arms = (size_t) search->data->arms;
	int			f_bins = search->data->columns[f].bins;
	int			g_bins = search->data->columns[g].bins;
	int			b,
				c;
	size_t		a;

	memset(search->sums, 0, (size_t) g_bins * arms * sizeof(int64_t));
	memset(search->others, 0, (size_t) g_bins * arms * sizeof(int64_t));
	for (b = 0; b < (f == g ? 1 : f_bins); b++)
		for (c = 0; c < g_bins; c++)
			add_cell(search, training, search->table + ((size_t) b * f_step + (size_t) c * g_step) * search->width,
					 search->others + (size_t) c * arms);
	for (b = 0; b + 1 < f_bins; b++)
	{
		side_best  *best = sides_of(search, training, f, b);

		for (c = f == g ? b : 0; c < (f == g ? b + 1 : g_bins); c++)
		{
			int64_t    *sums = search->sums + (size_t) c * arms;
			int64_t    *others = search->others + (size_t) c * arms;

			for (a = 0; a < arms; a++)
				others[a] += sums[a];
			add_cell(search, training,
					 search->table + (f == g ? (size_t) c : (size_t) b * f_step + (size_t) c * g_step) * search->width, sums);
			for (a = 0; a < arms; a++)
				others[a] -= sums[a];
		}
		scan(search, g, search->sums, &best[0]);
		scan(search, g, search->others, &best[1]);
	}
	JRN_TICK(search->env);
	return JRN_OK;
}

/* ---- the search ---- */

/* A node of the tree with its continuation; the nodes below it are leaves. */
static void
set_side(jrn_policy_tree *tree, int at, const side_best *side)
{
	bool		asks = side->feature >= 0;

	tree->node[at].feature = asks ? side->feature : -1;
	tree->node[at].cut = asks ? side->cut : 0;
	tree->node[at].arm = asks ? 0 : side->left;
	tree->node[2 * at + 1].feature = tree->node[2 * at + 2].feature = -1;
	tree->node[2 * at + 1].arm = asks ? side->left : 0;
	tree->node[2 * at + 2].arm = asks ? side->right : 0;
}

/* The best tree with one question or none, of which the first feature gives the start. */
static void
one_question(tree_search *search, int training, int f, jrn_policy_tree *tree)
{
	size_t		bins = (size_t) search->data->columns[f].bins;
	size_t		arms = (size_t) search->data->arms;
	side_best	root;
	size_t		b;

	memset(search->sums, 0, bins * arms * sizeof(int64_t));
	for (b = 0; b < bins; b++)
		add_cell(search, training, search->table + b * search->width, search->sums + b * arms);
	root.feature = f == 0 ? UNSEEN : -1;
	root.value = f == 0 ? 0 : tree->value;
	scan(search, f, search->sums, &root);
	if (f == 0)
		memset(tree, 0, sizeof(*tree));
	else if (root.feature < 0)
		return;					/* no gain */
	tree->value = root.value;
	set_side(tree, 0, &root);
}

/* What the table of (f, g), f <= g, says to a training set. */
static jrn_status
use_table(tree_search *search, int training, int f, int g, jrn_policy_tree *trees)
{
	size_t		bins = (size_t) search->data->columns[g].bins;

	if (f == g)
	{
		one_question(search, training, f, &trees[training]);
		return search->depth == 1 ? JRN_OK : ask_after(search, training, f, f, 0, 1);
	}
	JRN_TRY(ask_after(search, training, f, g, bins, 1));
	return ask_after(search, training, g, f, 1, bins);
}

/* The table of a pair for all training sets of the round (R-POL-3). */
static jrn_status
one_pair(tree_search *search, int f, int g, jrn_policy_tree *trees)
{
	const jrn_policy_data *data = search->data;
	/* f = g: the table is one row of bins */
	size_t		cells = (f == g ? 1 : (size_t) data->columns[f].bins) * (size_t) data->columns[g].bins;
	int			t;

	memset(search->table, 0, cells * search->width * sizeof(int64_t));
	JRN_TRY(add_rows(search, f, g, 0, data->n, 1));
	for (t = search->from; t < search->from + search->count; t++)
	{
		if (t < data->folds)
			JRN_TRY(add_rows(search, f, g, search->first[t], search->first[t + 1], -1));
		JRN_TRY(use_table(search, t, f, g, trees));
		if (t < data->folds)
			JRN_TRY(add_rows(search, f, g, search->first[t], search->first[t + 1], 1));
	}
	return JRN_OK;
}

/* Two levels where they are worth more than one. */
static void
choose_tree(const tree_search *search, int training, jrn_policy_tree *tree)
{
	const side_best *best = NULL;
	int			f,
				c,
				of = 0,
				at = 0;

	for (f = 0; f < search->data->features; f++)
		for (c = 0; c + 1 < search->data->columns[f].bins; c++)
		{
			const side_best *sides = sides_of(search, training, f, c);

			if (sides[0].value + sides[1].value <= tree->value)
				continue;
			tree->value = sides[0].value + sides[1].value;
			best = sides;
			of = f;
			at = c;
		}
	if (best == NULL)
		return;
	tree->node[0].feature = of;
	tree->node[0].cut = at;
	tree->node[0].arm = 0;
	set_side(tree, 1, &best[0]);
	set_side(tree, 2, &best[1]);
}

static jrn_status
one_round(tree_search *search, jrn_policy_tree *trees)
{
	size_t		sides = (size_t) search->count * (size_t) search->data->features * JRN_POLICY_BINS * 2;
	int			f,
				g,
				t;
	size_t		i;

	for (i = 0; search->depth > 1 && i < sides; i++)
		search->best[i].feature = UNSEEN;
	for (f = 0; f < search->data->features; f++)
		for (g = f; g < (search->depth > 1 ? search->data->features : f + 1); g++)
			JRN_TRY(one_pair(search, f, g, trees));
	for (t = search->from; search->depth > 1 && t < search->from + search->count; t++)
		choose_tree(search, t, &trees[t]);
	return JRN_OK;
}

jrn_status
jrn_policy_learn(const jrn_env *env, const jrn_policy_data *data, int depth, const int64_t *prices,
				 jrn_policy_tree *trees)
{
	size_t		cells = JRN_POLICY_BINS * JRN_POLICY_BINS;
	size_t		per_set = (size_t) data->features * JRN_POLICY_BINS * 2 * sizeof(side_best);
	int			most;
	int			last;
	tree_search search;
	int			f;

	if (depth < 1 || depth > JRN_POLICY_DEPTH || data->features < 1 || data->features > JRN_POLICY_FEATURES ||
		data->arms < 1 || data->folds < 0 || data->only > data->folds || data->n == 0)
		return JRN_DOMAIN;
	memset(&search, 0, sizeof(search));
	search.env = env;
	search.data = data;
	search.depth = depth;
	search.prices = prices;
	search.width = (size_t) data->arms + (prices != NULL);
	JRN_TRY(deal_rows(&search));
	most = (int) (MOST_SIDE_BYTES / per_set);
	if (most > data->folds + 1)
		most = data->folds + 1;
	JRN_TRY(jrn_alloc_array(env, (size_t) most, per_set, &search.best));
	JRN_TRY(jrn_alloc_array(env, cells, search.width * sizeof(int64_t), &search.table));
	JRN_TRY(jrn_alloc_array(env, JRN_POLICY_BINS, (size_t) data->arms * sizeof(int64_t), &search.sums));
	JRN_TRY(jrn_alloc_array(env, JRN_POLICY_BINS, (size_t) data->arms * sizeof(int64_t), &search.others));
	JRN_TRY(jrn_alloc_array(env, (size_t) data->arms, sizeof(int64_t), &search.total));
	JRN_TRY(jrn_alloc_array(env, (size_t) data->arms, sizeof(int64_t), &search.left));
	last = data->only < 0 ? data->folds : data->only;
	for (search.from = data->only < 0 ? 0 : data->only; search.from <= last; search.from += search.count)
	{
		search.count = last + 1 - search.from < most ? last + 1 - search.from : most;
		JRN_TRY(one_round(&search, trees));
	}
	for (f = 0; f < data->features; f++)
		jrn_release(env, search.bin[f]);
	jrn_release(env, search.bin);
	jrn_release(env, search.reward);
	jrn_release(env, search.best);
	jrn_release(env, search.table);
	return JRN_OK;
}
