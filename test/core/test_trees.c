/*
 * test_trees.c
 *		Boosted trees against an exhaustive search over all splits of every
 *		node, and what a fit promises: the order of rows, monotone paths,
 *		missing values, stopping, little data.
 */
#include "tap.h"

#include <float.h>
#include <stdlib.h>

#include "../../src/core/hash.h"
#include "../../src/trees/loss.h"
#include "../../src/trees/trees.h"

#define MAX_ROWS 3000
#define MAX_FEATURES 12

typedef struct data
{
	size_t		n;
	int			features;
	double		x[MAX_FEATURES][MAX_ROWS];
	double		y[MAX_ROWS];
	uint64_t	unit[MAX_ROWS];
	int			monotone[MAX_FEATURES];
	jrn_trees_options options;
	jrn_tree_matrix matrix;
	jrn_trees	trees;
} data;

static data d;
static data other;

/* Uniform in [0, 1), a function of two numbers. */
static double
uniform(uint64_t a, uint64_t b)
{
	return (double) (jrn_hash_u64(a, b) >> 11) * 0x1p-53;
}

/* n rows of few distinct values with holes, and a target that needs two of them. */
static void
fill(data *to, size_t n, int features, jrn_trees_family family, int levels)
{
	size_t		i;
	int			j;

	memset(to, 0, sizeof(*to));
	to->n = n;
	to->features = features;
	for (i = 0; i < n; i++)
	{
		double		f;

		for (j = 0; j < features; j++)
		{
			to->x[j][i] = levels > 0 ? floor(levels * uniform(i, (uint64_t) j)) - 3 : 8 * uniform(i, (uint64_t) j) - 4;
			if (j == 1 && uniform(i, 90) < 0.2)
				to->x[j][i] = NAN;
		}
		f = sin(to->x[0][i]) + (isnan(to->x[1][i]) ? 0.8 : 0.3 * to->x[1][i]);
		to->y[i] = family == JRN_TREES_GAUSSIAN ? f + uniform(i, 91) :
			family == JRN_TREES_BINOMIAL ? (uniform(i, 91) < 1 / (1 + exp(-f)) ? 1 : 0) :
			floor(3 * exp(f) * uniform(i, 91));
		to->unit[i] = jrn_hash_u64(i, 7);
	}
	to->options.family = family;
	to->options.rounds = 5;
	to->options.depth = 3;
	to->options.learning_rate = 0.3;
}

static jrn_status
bin_all(const jrn_env *env, data *of)
{
	double	   *scratch;
	int			j;

	JRN_TRY(jrn_tree_matrix_begin(&of->matrix, env, of->n, of->features, true));
	memcpy(of->matrix.y, of->y, of->n * sizeof(double));
	memcpy(of->matrix.unit, of->unit, of->n * sizeof(uint64_t));
	JRN_TRY(jrn_alloc_array(env, of->n, sizeof(double), &scratch));
	for (j = 0; j < of->features; j++)
	{
		memcpy(scratch, of->x[j], of->n * sizeof(double));
		JRN_TRY(jrn_tree_bin_column(&of->matrix, env, j, scratch));
		of->matrix.columns[j].monotone = of->monotone[j];
	}
	return JRN_OK;
}

static jrn_status
fit_all(const jrn_env *env, void *arg)
{
	data	   *of = arg;

	JRN_TRY(bin_all(env, of));
	return jrn_trees_fit(env, &of->matrix, NULL, of->n, &of->options, &of->trees);
}

static bool
fit(data *of)
{
	jrn_env		env = host_env();

	return fit_all(&env, of) == JRN_OK;
}

static void
row_of(const data *of, size_t i, double *x)
{
	int			j;

	for (j = 0; j < of->features; j++)
		x[j] = of->x[j][i];
}

static double
link_of(const data *of, size_t i)
{
	double		x[MAX_FEATURES];

	row_of(of, i, x);
	return jrn_trees_link(&of->trees, x);
}

/* ---- the oracle ---- */

typedef struct oracle
{
	const data *of;
	double		g[MAX_ROWS];
	double		h[MAX_ROWS];
	bool		in[64][MAX_ROWS];	/* rows of a node, by depth */
	int			mistakes;
	int			splits;
	int			leaves;
} oracle;

static oracle o;

static double
plain_score(double g, double h, double bound)
{
	double		r = -g / h;

	r = r > bound ? bound : r < -bound ? -bound : r;
	return -(2 * g * r + h * r * r);
}

/* Gain of cutting a node's rows at x <= cut, straight from the definition; -1: not allowed. */
static double
gain_of(const bool *in, int feature, double cut, bool missing_left)
{
	double		bound = o.of->options.family == JRN_TREES_GAUSSIAN ? INFINITY : 4;
	double		g[2] = {0, 0};
	double		h[2] = {0, 0};
	int			n[2] = {0, 0};
	size_t		i;

	for (i = 0; i < o.of->n; i++)
		if (in[i])
		{
			double		x = o.of->x[feature][i];
			int			side = (isnan(x) ? missing_left : x <= cut) ? 0 : 1;

			g[side] += o.g[i];
			h[side] += o.h[i];
			n[side]++;
		}
	if (n[0] < 20 || n[1] < 20 || h[0] < 1e-3 || h[1] < 1e-3)
		return -1;
	return plain_score(g[0], h[0], bound) + plain_score(g[1], h[1], bound) -
		plain_score(g[0] + g[1], h[0] + h[1], bound);
}

static double
best_gain(const bool *in)
{
	double		best = 0;
	int			j;
	size_t		i;

	for (j = 0; j < o.of->features; j++)
		for (i = 0; i <= o.of->n; i++)
		{
			double		cut = i == o.of->n ? INFINITY : o.of->x[j][i];
			int			side;

			if (isnan(cut) || (i < o.of->n && !in[i]))
				continue;
			for (side = 0; side < 2; side++)
			{
				double		gain = gain_of(in, j, cut, side == 0);

				best = gain > best ? gain : best;
			}
		}
	return best;
}

static void
check_leaf(const bool *in, const jrn_tree_node *node)
{
	jrn_trees_family family = o.of->options.family;
	double		g = 0;
	double		h = 0;
	double		r;
	size_t		i;
	long		rows = 0;

	for (i = 0; i < o.of->n; i++)
		if (in[i])
		{
			g += o.g[i];
			h += o.h[i];
			rows++;
		}
	r = -g / h;
	if (family != JRN_TREES_GAUSSIAN)
		r = r > 4 ? 4 : r < -4 ? -4 : r;
	if (family == JRN_TREES_POISSON && r > 0)
		r = log1p(r);
	if (fabs(node->value - o.of->options.learning_rate * r) > 1e-6 || node->rows != rows)
		o.mistakes++;
}

/* Is the split of every node the best there is, and every value right? */
static void
check_node(const jrn_tree_node *node, int depth)
{
	const bool *in = o.in[depth];
	double		best = depth < o.of->options.depth ? best_gain(in) : 0;
	int			side;
	size_t		i;

	check_leaf(in, node);
	if (node->feature < 0)
	{
		o.leaves++;
		if (best > 1e-6)
			o.mistakes++;
		return;
	}
	o.splits++;
	if (fabs(node->gain - best) > 1e-5 * best ||
		fabs(gain_of(in, node->feature, node->threshold, node->missing_left) - best) > 1e-5 * best)
		o.mistakes++;
	for (side = 0; side < 2; side++)
	{
		for (i = 0; i < o.of->n; i++)
		{
			double		x = o.of->x[node->feature][i];
			bool		left = isnan(x) ? node->missing_left : x <= node->threshold;

			o.in[depth + 1][i] = in[i] && left == (side == 0);
		}
		check_node(&o.of->trees.nodes[node->left + side], depth + 1);
	}
}

static void
test_oracle(jrn_trees_family family, const char *name, int levels)
{
	jrn_trees	kept;
	int			rounds;
	size_t		i;

	fill(&d, 400, 3, family, levels);
	ok(fit(&d) && d.trees.status == JRN_TREES_OK && d.trees.trees == 5, "%s: five trees", name);
	memset(&o, 0, sizeof(o));
	o.of = &d;
	kept = d.trees;
	for (rounds = 0; rounds < kept.trees; rounds++)
	{
		for (i = 0; i < d.n; i++)
		{
			d.trees.trees = rounds; /* the link before this round */
			jrn_trees_derivatives(family, d.y[i], link_of(&d, i), &o.g[i], &o.h[i]);
			o.in[0][i] = true;
		}
		d.trees = kept;
		check_node(&d.trees.nodes[kept.roots[rounds]], 0);
	}
	ok(o.mistakes == 0 && o.splits > 15, "R-TREE-2 %s, %d levels: %d splits and %d leaves are what an exhaustive search finds (%d mistakes)",
	   name, levels, o.splits, o.leaves, o.mistakes);
	host_reset();
}

/* ---- numbers and bins ---- */

static void
test_math(void)
{
	double		worst_exp = 0;
	double		worst_log = 0;
	int			i;

	for (i = 0; i < 20000; i++)
	{
		double		x = 1400 * uniform((uint64_t) i, 1) - 700;
		double		p = exp(x / 2) * (1 + uniform((uint64_t) i, 2));

		worst_exp = fmax(worst_exp, fabs(jrn_trees_exp(x) / exp(x) - 1));
		worst_log = fmax(worst_log, fabs(jrn_trees_log(p) - log(p)) / fmax(fabs(log(p)), 1e-3));
	}
	ok(worst_exp < 1e-15, "R-LOSS-2 exp agrees with the library to %g", worst_exp);
	ok(worst_log < 1e-15, "R-LOSS-2 log agrees with the library to %g", worst_log);
	ok_close(jrn_trees_exp(1), 2.718281828459045, 4e-16, "e");
	ok(jrn_trees_log(1) == 0 && isfinite(jrn_trees_exp(1e300)) && jrn_trees_exp(-1e300) >= 0, "log 1, and exp of what overflows");
}

/* Every value lies within its bin's ends. */
static bool
bins_hold(const data *of, int j)
{
	const jrn_tree_column *column = &of->matrix.columns[j];
	size_t		i;

	for (i = 0; i < of->n; i++)
	{
		int			bin = (int) (of->matrix.bins[i * of->matrix.words + (size_t) j / 8] >> 8 * (j % 8) & 255);
		double		x = of->x[j][i];

		if (isnan(x) ? bin != column->bins : bin >= column->bins || x > column->thresholds[bin] ||
			(bin > 0 && x <= column->thresholds[bin - 1]))
			return false;
	}
	return true;
}

static void
test_bins(void)
{
	size_t		counts[256] = {0};
	size_t		most = 0;
	size_t		i;

	fill(&d, MAX_ROWS, 9, JRN_TREES_GAUSSIAN, 0);
	for (i = 0; i < d.n; i++)
	{
		d.x[2][i] = (double) (i % 255);
		d.x[3][i] = (double) (i % 256);
		d.x[4][i] = i % 2 == 0 ? DBL_MAX : -DBL_MAX;
		d.x[5][i] = NAN;
		d.x[6][i] = i < 2000 ? 7 : (double) i;
		d.x[7][i] = i % 2 == 0 ? 0.0 : -0.0;
		d.x[8][i] = i % 2 == 0 ? 1.0 : nextafter(1.0, 2.0);
	}
	ok(fit(&d), "bins of nine columns");
	for (i = 0; i < 9; i++)
		ok(bins_hold(&d, (int) i), "R-TREE-8 column %zu: every value lies in its bin", i);
	ok_int(d.matrix.columns[0].bins, 255, "many distinct values: 255 bins");
	for (i = 0; i < d.n; i++)
		counts[d.matrix.bins[i * d.matrix.words] & 255]++;
	for (i = 0; i < 255; i++)
		most = counts[i] > most ? counts[i] : most;
	ok(most <= 12, "bins are about equal: the largest has %zu of 3000 rows", most);
	ok_int(d.matrix.columns[2].bins, 255, "255 distinct values are 255 bins");
	ok_close(d.matrix.columns[2].thresholds[0], 0.5, 0, "a threshold lies in the middle");
	ok(d.matrix.columns[3].bins <= 255, "256 distinct values are fewer bins");
	ok(d.matrix.columns[4].bins == 2 && d.matrix.columns[4].thresholds[0] == 0, "the middle of the extremes");
	ok(d.matrix.columns[5].bins == 1 && d.matrix.columns[5].has_missing, "a column of missing values");
	ok(d.matrix.columns[6].bins > 200, "one value with most rows does not eat the bins of the others");
	ok_int(d.matrix.columns[7].bins, 1, "-0 is 0");
	ok(d.matrix.columns[8].bins == 2 && d.matrix.columns[8].thresholds[0] == 1, "neighbours: the threshold is the lower one");
	host_reset();
}

/* ---- promises ---- */

/* Field by field: a struct has padding. */
static bool
same_trees(const jrn_trees *a, const jrn_trees *b)
{
	int32_t		i;

	if (a->trees != b->trees || a->roots[a->trees] != b->roots[b->trees] ||
		memcmp(&a->base, &b->base, 8) != 0 || memcmp(&a->loss, &b->loss, 8) != 0 ||
		memcmp(a->roots, b->roots, (size_t) (a->trees + 1) * sizeof(int32_t)) != 0)
		return false;
	for (i = 0; i < a->roots[a->trees]; i++)
	{
		const jrn_tree_node *p = &a->nodes[i];
		const jrn_tree_node *q = &b->nodes[i];

		if (memcmp(&p->threshold, &q->threshold, 8) != 0 || memcmp(&p->value, &q->value, 8) != 0 ||
			memcmp(&p->gain, &q->gain, 8) != 0 || p->rows != q->rows || p->feature != q->feature ||
			p->left != q->left || p->missing_left != q->missing_left)
			return false;
	}
	return true;
}

static void
shuffle_into(data *to, const data *from)
{
	size_t		i;
	int			j;

	*to = *from;
	for (i = from->n; i > 1; i--)
	{
		size_t		k = (size_t) (uniform(i, 55) * (double) i);
		double		y = to->y[k];
		uint64_t	unit = to->unit[k];

		to->y[k] = to->y[i - 1];
		to->y[i - 1] = y;
		to->unit[k] = to->unit[i - 1];
		to->unit[i - 1] = unit;
		for (j = 0; j < from->features; j++)
		{
			double		x = to->x[j][k];

			to->x[j][k] = to->x[j][i - 1];
			to->x[j][i - 1] = x;
		}
	}
}

static void
test_order(void)
{
	int			family;

	for (family = 0; family < 3; family++)
	{
		fill(&d, MAX_ROWS, 11, (jrn_trees_family) family, 0);
		d.options.depth = 4;
		d.options.rounds = 20;
		d.options.learning_rate = 0.1;
		d.options.early_stopping = 19;
		shuffle_into(&other, &d);
		ok(fit(&d) && fit(&other), "two fits");
		ok(same_trees(&d.trees, &other.trees) && d.trees.trees > 5,
		   "R-TREE-1 %s: shuffled rows, same bits (%d trees)", jrn_trees_family_name(d.options.family), d.trees.trees);
		ok(memcmp(&d.trees.holdout_loss, &other.trees.holdout_loss, 8) == 0 && isfinite(d.trees.holdout_loss),
		   "%s: and the same held-out loss", jrn_trees_family_name(d.options.family));
		host_reset();
	}
}

static void
test_links(void)
{
	jrn_env		env = host_env();
	static double links[MAX_ROWS];
	static uint32_t rows[MAX_ROWS];
	double		sum = 0;
	int			wrong = 0;
	size_t		count = 0;
	size_t		i;

	fill(&d, MAX_ROWS, 9, JRN_TREES_BINOMIAL, 0);
	d.options.depth = 5;
	ok(fit(&d), "a fit to predict from");
	ok(jrn_trees_link_rows(&env, &d.trees, &d.matrix, NULL, d.n, links) == JRN_OK, "links of binned rows");
	for (i = 0; i < d.n; i++)
	{
		double		link = link_of(&d, i);

		wrong += memcmp(&link, &links[i], 8) != 0;
		sum += jrn_trees_loss_row(JRN_TREES_BINOMIAL, d.y[i], link);
	}
	ok_int(wrong, 0, "binned rows and rows of numbers have the same links");
	ok_close(d.trees.loss, sum / (double) d.n, 1e-12, "the loss is that of the predictions");

	/* a subset: the same as a matrix of its own when the bins are the same */
	fill(&d, 2000, 3, JRN_TREES_GAUSSIAN, 6);
	for (i = 0; i < d.n; i++)
		if (i % 3 != 0)
			rows[count++] = (uint32_t) i;
	ok(bin_all(&env, &d) == JRN_OK && jrn_trees_fit(&env, &d.matrix, rows, count, &d.options, &d.trees) == JRN_OK, "a subset of rows");
	other = d;
	other.n = count;
	for (i = 0; i < count; i++)
	{
		int			j;

		for (j = 0; j < 3; j++)
			other.x[j][i] = d.x[j][rows[i]];
		other.y[i] = d.y[rows[i]];
	}
	ok(fit(&other) && same_trees(&d.trees, &other.trees), "is as good as a matrix of its own");
	host_reset();
}

static void
test_monotone(void)
{
	int			family;

	for (family = 0; family < 3; family++)
	{
		int			broken = 0;
		int			moved = 0;
		size_t		i;
		int			j;

		fill(&d, MAX_ROWS, 4, (jrn_trees_family) family, 0);
		d.monotone[0] = 1;
		d.monotone[1] = -1;
		d.options.depth = 6;
		d.options.rounds = 40;
		d.options.learning_rate = 0.5;
		ok(fit(&d), "%s with constraints", jrn_trees_family_name(d.options.family));
		for (i = 0; i < 500; i++)
			for (j = 0; j < 2; j++)
			{
				double		x[4];
				double		before = j == 0 ? -INFINITY : INFINITY;
				int			k;

				for (k = 0; k < 4; k++)
					x[k] = 10 * uniform(i, 200 + (uint64_t) k) - 5;
				for (k = 0; k <= 40; k++)
				{
					double		link;

					x[j] = 0.25 * k - 5;
					link = jrn_trees_link(&d.trees, x);
					broken += j == 0 ? link < before : link > before;
					moved += link != before && k > 0;
					before = link;
				}
			}
		ok(broken == 0 && moved > 100, "R-TREE-5 %s: 1000 paths go one way (%d against, %d steps)",
		   jrn_trees_family_name(d.options.family), broken, moved);
		host_reset();
	}
	fill(&d, MAX_ROWS, 4, JRN_TREES_GAUSSIAN, 0);
	for (family = 0; family < MAX_ROWS; family++)
		d.y[family] = -d.x[0][family];
	d.monotone[0] = 1;
	d.options.depth = 1;
	d.options.rounds = 1;
	(void) fit(&d);
	ok(d.trees.trees == 0 || d.trees.nodes[0].feature != 0, "a constraint against the data: no split on that feature");
	host_reset();
}

static void
test_missing(void)
{
	double		x[2] = {NAN, 0};
	size_t		i;

	/* missing rows are like the large values of x0 */
	fill(&d, 900, 2, JRN_TREES_GAUSSIAN, 0);
	for (i = 0; i < d.n; i++)
	{
		d.x[0][i] = i % 3 == 0 ? NAN : (double) (i % 100);
		d.x[1][i] = 0;
		d.y[i] = i % 3 == 0 || i % 100 >= 60 ? 5 : 1;
	}
	d.options.depth = 1;
	d.options.rounds = 1;
	d.options.learning_rate = 1;
	ok(fit(&d) && d.trees.trees == 1 && !d.trees.nodes[0].missing_left && d.trees.nodes[0].threshold > 59 && d.trees.nodes[0].threshold < 60,
	   "R-TREE-4 missing values go with those they are like");
	ok_close(jrn_trees_link(&d.trees, x), 5, 1e-7, "and are predicted so");
	for (i = 0; i < d.n; i++)
		d.y[i] = i % 3 == 0 ? 9 : 1;
	ok(fit(&d) && d.trees.nodes[0].threshold == INFINITY && !d.trees.nodes[0].missing_left, "missing or not can be the split");
	ok_close(jrn_trees_link(&d.trees, x), 9, 1e-7, "missing");
	x[0] = 1e300;
	ok_close(jrn_trees_link(&d.trees, x), 1, 1e-7, "there, however large");
	for (i = 0; i < d.n; i++)
	{
		d.x[0][i] = (double) (i % 100);
		d.y[i] = i % 100 >= 60 ? 5 : 1;
	}
	x[0] = NAN;
	ok(fit(&d) && d.trees.nodes[0].missing_left, "R-TREE-4 none missing in training: the side with more rows");
	ok_close(jrn_trees_link(&d.trees, x), 1, 1e-7, "which is where a missing value goes");
	host_reset();
}

static void
test_ties(void)
{
	size_t		i;

	fill(&d, 400, 3, JRN_TREES_GAUSSIAN, 6);
	for (i = 0; i < d.n; i++)
	{
		d.x[1][i] = d.x[0][i];
		d.x[2][i] = -d.x[0][i];
	}
	ok(fit(&d), "three columns that say the same");
	for (i = 0; i < (size_t) d.trees.roots[d.trees.trees]; i++)
		if (d.trees.nodes[i].feature > 0)
			break;
	ok(i == (size_t) d.trees.roots[d.trees.trees], "R-TREE-3 the first feature wins ties");
	host_reset();
}

/* ---- little data ---- */

static void
test_little(void)
{
	jrn_env		env = host_env();
	size_t		i;

	fill(&d, 0, 2, JRN_TREES_GAUSSIAN, 6);
	ok(fit(&d) && d.trees.status == JRN_TREES_TOO_FEW && isnan(d.trees.base) && d.trees.trees == 0, "no rows");
	fill(&d, 1, 2, JRN_TREES_GAUSSIAN, 6);
	ok(fit(&d) && d.trees.status == JRN_TREES_NO_SPLIT && d.trees.base == d.y[0] && d.trees.loss == 0, "one row: its value");
	fill(&d, 500, 2, JRN_TREES_GAUSSIAN, 6);
	for (i = 0; i < d.n; i++)
		d.y[i] = 0.1;
	ok(fit(&d) && d.trees.status == JRN_TREES_NO_SPLIT && d.trees.base == 0.1 && d.trees.trees == 0, "a constant target is given back exactly");
	for (i = 0; i < d.n; i++)
		d.y[i] = 1;
	d.options.family = JRN_TREES_BINOMIAL;
	ok(fit(&d) && d.trees.status == JRN_TREES_ONE_CLASS && isnan(d.trees.base), "one class: no probability is claimed");
	for (i = 0; i < d.n; i++)
		d.y[i] = 0;
	d.options.family = JRN_TREES_POISSON;
	ok(fit(&d) && d.trees.status == JRN_TREES_ONE_CLASS, "counts of zero only");
	fill(&d, 39, 2, JRN_TREES_GAUSSIAN, 6);
	ok(fit(&d) && d.trees.trees == 0 && d.trees.status == JRN_TREES_NO_SPLIT, "R-TREE-2 39 rows have no split of 20 and 20");
	fill(&d, 400, 0, JRN_TREES_GAUSSIAN, 6);
	ok(fit(&d) && d.trees.trees == 0 && d.trees.status == JRN_TREES_NO_SPLIT, "no features: the mean");
	fill(&d, 60, 2, JRN_TREES_GAUSSIAN, 2);
	for (i = 0; i < d.n; i++)
		d.y[i] = d.x[0][i];
	d.options.rounds = 10000;
	ok(fit(&d), "a fit of 10000 rounds");
	ok(d.trees.trees < 1000 && d.trees.trees > 5 && d.trees.loss < 1e-20, "more rounds than useful: %d of 10000, loss %g", d.trees.trees, d.trees.loss);
	fill(&d, 400, 2, JRN_TREES_GAUSSIAN, 6);
	for (i = 0; i < d.n; i++)
		d.y[i] = d.y[i] * 1e139;
	ok(fit(&d) && d.trees.trees == 5 && isfinite(d.trees.nodes[0].gain) && jrn_trees_is_sound(&d.trees, (size_t) d.trees.roots[5], 2), "a huge target");
	for (i = 0; i < d.n; i++)
		d.y[i] = d.y[i] * 1e-300;
	ok(fit(&d) && d.trees.trees == 5 && d.trees.nodes[0].feature == 0, "a tiny target");
	ok_int(jrn_tree_matrix_begin(&d.matrix, &env, 10, JRN_TREES_MAX_FEATURES + 1, false), JRN_LIMIT, "too many features");
	host_reset();
}

/* More rows than the packed sums of one block can count: exact counts and sums all the same. */
static void
test_many(jrn_trees_family family)
{
	jrn_env		env = host_env();
	const size_t n = 200000;
	jrn_trees_options options = {family, 1, 1, 1.0, 0};
	jrn_tree_matrix matrix;
	jrn_trees	trees;
	double	   *x = NULL;
	double		y_sum = 0;
	double		mean = 0;
	long		left = 0;
	bool		fine;
	size_t		i;

	fine = jrn_tree_matrix_begin(&matrix, &env, n, 1, false) == JRN_OK &&
		jrn_alloc_array(&env, n, sizeof(double), &x) == JRN_OK;
	for (i = 0; i < n; i++)
	{
		x[i] = i % 10 == 0 ? 1 : 0;
		matrix.y[i] = uniform(i, 5) < (i % 10 == 0 ? 0.9 : 0.2) ? 1 : 0;
		y_sum += x[i] == 0 ? matrix.y[i] : 0;
		left += x[i] == 0;
		mean += matrix.y[i] / (double) n;
	}
	fine = fine && jrn_tree_bin_column(&matrix, &env, 0, x) == JRN_OK &&
		jrn_trees_fit(&env, &matrix, NULL, n, &options, &trees) == JRN_OK;
	ok(fine && trees.trees == 1 && trees.nodes[0].rows == (long) n && trees.nodes[1].rows == left,
	   "%s: 200000 rows are counted", jrn_trees_family_name(family));
	ok_close(trees.nodes[1].value, family == JRN_TREES_GAUSSIAN ? y_sum / (double) left - mean :
			 (y_sum - (double) left * mean) / ((double) left * mean * (1 - mean)), 1e-6, "and their sums are exact");
	host_reset();
}

/* A rare outcome: no leaf may jump to certainty on a handful of events. */
static void
test_rare(void)
{
	double		most = 0;
	size_t		i;

	fill(&d, MAX_ROWS, 4, JRN_TREES_BINOMIAL, 0);
	for (i = 0; i < d.n; i++)
		d.y[i] = i % 600 == 0 ? 1 : 0;
	d.options.rounds = 1;
	d.options.depth = 6;
	d.options.learning_rate = 0.1;
	ok(fit(&d), "five events in 3000 rows");
	for (i = 0; i < d.n; i++)
		most = fmax(most, jrn_trees_response(JRN_TREES_BINOMIAL, link_of(&d, i)));
	ok(most <= 1.5 * 5 / 3000, "R-TREE-6 one round takes nobody beyond e^0.4 times the odds: %g", most);
	host_reset();
}

/* ---- early stopping ---- */

static void
test_stopping(void)
{
	double		sum = 0;
	int			held = 0;
	size_t		i;

	fill(&d, MAX_ROWS, 5, JRN_TREES_GAUSSIAN, 0);
	d.options.rounds = 2000;
	d.options.early_stopping = 10;
	ok(fit(&d), "a fit that is to stop");
	ok(d.trees.status == JRN_TREES_EARLY_STOPPED && d.trees.trees > 5 && d.trees.trees < 500,
	   "R-TREE-7 stops after %d of 2000 rounds", d.trees.trees);
	for (i = 0; i < d.n; i++)
		if (jrn_hash_fold(d.unit[i], 5) == 1)
		{
			double		e = d.y[i] - link_of(&d, i);

			sum += e * e;
			held++;
		}
	ok_int(d.trees.n_holdout, held, "fold 1 of 5 is held out");
	ok_int(d.trees.n + d.trees.n_holdout, (long long) d.n, "the others are trained on");
	ok_close(d.trees.holdout_loss, sum / held, 1e-12, "the held-out loss is that of the kept trees");
	for (sum = 0, i = 0; i < d.n; i++)
		if (jrn_hash_fold(d.unit[i], 5) != 1)
			sum += pow(d.y[i] - link_of(&d, i), 2);
	ok_close(d.trees.loss, sum / (double) d.trees.n, 1e-12, "and so is the loss of training");
	for (i = 0; i < d.n; i++)
		d.y[i] = uniform(i, 1000);
	ok(fit(&d), "a fit of noise");
	ok(d.trees.status == JRN_TREES_EARLY_STOPPED && d.trees.trees <= 5, "noise: %d trees", d.trees.trees);
	for (i = 0; i < d.n; i++)
		d.unit[i] = 1;
	d.options.rounds = 3;
	ok(fit(&d) && d.trees.status == JRN_TREES_NO_HOLDOUT && d.trees.n == (long long) d.n && d.trees.trees == 3 && isnan(d.trees.holdout_loss),
	   "one unit only: nothing to hold out, and it says so");
	host_reset();
}

/* ---- structure ---- */

static void
test_structure(void)
{
	double		gain[3];
	int64_t		splits[3];
	size_t		nodes;
	jrn_tree_node *n;
	int			i;

	fill(&d, 400, 3, JRN_TREES_GAUSSIAN, 6);
	(void) fit(&d);
	nodes = (size_t) d.trees.roots[d.trees.trees];
	n = &d.trees.nodes[0];
	ok(jrn_trees_is_sound(&d.trees, nodes, 3), "what a fit gives is sound");
	ok(!jrn_trees_is_sound(&d.trees, nodes + 1, 3) && !jrn_trees_is_sound(&d.trees, nodes, n->feature), "a node too many, a feature too few");
	for (i = 0; i < 10; i++)
	{
		jrn_tree_node kept = *n;
		int32_t		root = d.trees.roots[1];

		switch (i)
		{
			case 0: n->left = 0; break;
			case 1: n->left = -5; break;
			case 2: n->left = root - 1; break;
			case 3: n->left = INT32_MAX; break;
			case 4: n->feature = 3; break;
			case 5: n->value = NAN; break;
			case 6: n->threshold = NAN; break;
			case 7: n->gain = -1; break;
			case 8: d.trees.roots[1] = 0; break;
			case 9: d.trees.roots[1] = INT32_MIN; break;
		}
		ok(!jrn_trees_is_sound(&d.trees, nodes, 3), "damage %d is seen", i);
		*n = kept;
		d.trees.roots[1] = root;
	}
	jrn_trees_importance(&d.trees, 3, gain, splits);
	ok_close(gain[0] + gain[1] + gain[2], 1, 1e-12, "shares of gain add up to 1");
	ok(gain[0] > gain[2] && splits[0] + splits[1] + splits[2] + 5 == (long long) (nodes - 5) / 2 + 5, "splits are half of the nodes less the roots");
	host_reset();
}

void
test_trees(void)
{
	test_math();
	test_bins();
	test_oracle(JRN_TREES_GAUSSIAN, "gaussian", 7);
	test_oracle(JRN_TREES_BINOMIAL, "binomial", 7);
	test_oracle(JRN_TREES_POISSON, "poisson", 7);
	test_oracle(JRN_TREES_GAUSSIAN, "gaussian", 40);
	test_oracle(JRN_TREES_BINOMIAL, "binomial", 40);
	test_order();
	test_links();
	test_monotone();
	test_missing();
	test_ties();
	test_little();
	test_many(JRN_TREES_GAUSSIAN);
	test_many(JRN_TREES_BINOMIAL);
	test_rare();
	test_stopping();
	test_structure();
	fill(&d, 300, 3, JRN_TREES_BINOMIAL, 6);
	d.options.early_stopping = 2;
	ok_survives(fit_all, &d, "a fit");
}
