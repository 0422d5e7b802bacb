/*
 * test_policy_tree.c
 *		Policy trees against every tree there is, and what bins, ties and
 *		capacities promise.
 */
#include "tap.h"

#include <stdlib.h>

#include "../../src/core/hash.h"
#include "../../src/strategies/policy_tree.h"

#define ROWS 3000
#define FEATURES 4
#define ARMS 4
#define FOLDS 5

typedef struct world
{
	size_t		n;
	int			features;
	int			arms;
	int			folds;
	double		x[ROWS * FEATURES];
	double		score[ROWS * ARMS];
	int32_t		fold[ROWS];
	jrn_policy_column column[FEATURES];
	int64_t    *reward;
	double		unit;
	jrn_policy_data data;
	jrn_policy_tree trees[FOLDS + 1];
	int64_t		prices[(FOLDS + 1) * ARMS];
} world;

static world w;

static double
uniform(uint64_t a, uint64_t b)
{
	return (double) (jrn_hash_u64(a, b) >> 11) * 0x1p-53;
}

/* levels > 0: features with that many values; else numbers.  whole: rewards -3..3 make ties. */
static void
fill(size_t n, int features, int arms, int folds, int levels, bool whole, uint64_t seed)
{
	size_t		i;
	int			f,
				a;

	memset(&w, 0, sizeof(w));
	w.n = n;
	w.features = features;
	w.arms = arms;
	w.folds = folds;
	for (i = 0; i < n; i++)
	{
		for (f = 0; f < features; f++)
		{
			double		u = uniform(i, seed * 100 + (uint64_t) f);

			w.x[i * features + f] = levels > 0 ? floor(levels * u) : u;
		}
		for (a = 0; a < arms; a++)
		{
			double		u = uniform(i, seed * 100 + 50 + (uint64_t) a);

			w.score[i * arms + a] = whole ? floor(7 * u) - 3 :
				10 * u + 4 * a * (w.x[i * features] - 0.5) + 3 * ((int) (a * 7 + i) % 3);
		}
		w.fold[i] = (int32_t) (uniform(i, seed * 100 + 99) * folds);
	}
}

static jrn_status
bin_all(const jrn_env *env)
{
	int			f;

	for (f = 0; f < w.features; f++)
		JRN_TRY(jrn_policy_bin(env, w.x + f, w.n, (size_t) w.features, &w.column[f]));
	JRN_TRY(jrn_policy_rewards(env, w.score, w.n, w.arms, NULL, &w.reward, &w.unit));
	w.data.n = w.n;
	w.data.features = w.features;
	w.data.columns = w.column;
	w.data.arms = w.arms;
	w.data.reward = w.reward;
	w.data.folds = w.folds;
	w.data.fold = w.fold;
	w.data.only = -1;
	return JRN_OK;
}

/* ---- every tree ---- */

/* Best leaf of the rows in a mask. */
static int64_t
leaf(const bool *in)
{
	int64_t		best = INT64_MIN;
	size_t		i;
	int			a;

	for (a = 0; a < w.arms; a++)
	{
		int64_t		sum = 0;

		for (i = 0; i < w.n; i++)
			sum += in[i] ? w.reward[i * w.arms + a] : 0;
		best = sum > best ? sum : best;
	}
	return best;
}

static int64_t
every_tree(const bool *in, int depth)
{
	int64_t		best = leaf(in);
	bool	   *low = malloc(w.n);
	bool	   *high = malloc(w.n);
	size_t		i;
	int			f,
				c;

	for (f = 0; depth > 0 && f < w.features; f++)
		for (c = 0; c + 1 < w.column[f].bins; c++)
		{
			int64_t		value;

			for (i = 0; i < w.n; i++)
			{
				low[i] = in[i] && w.x[i * w.features + f] < w.column[f].cuts[c];
				high[i] = in[i] && !low[i];
			}
			value = every_tree(low, depth - 1) + every_tree(high, depth - 1);
			best = value > best ? value : best;
		}
	free(low);
	free(high);
	return best;
}

/* The sum that a tree really gives. */
static int64_t
walked(int set)
{
	int64_t		sum = 0;
	size_t		i;

	for (i = 0; i < w.n; i++)
		if (w.fold[i] != set)
			sum += w.reward[i * w.arms + jrn_policy_arm(&w.trees[set], w.column, i)];
	return sum;
}

static void
exact(size_t n, int features, int arms, int levels, bool whole, uint64_t seed)
{
	jrn_env		env = host_env();
	jrn_policy_tree single[FOLDS + 1];
	bool		in[ROWS];
	bool		best = true;
	bool		same = true;
	int			depth,
				t;
	size_t		i;

	fill(n, features, arms, 3, levels, whole, seed);
	ok_int(bin_all(&env), JRN_OK, "bins");
	for (depth = 1; depth <= 2; depth++)
	{
		ok_int(jrn_policy_learn(&env, &w.data, depth, NULL, w.trees), JRN_OK, "learned");
		best = same = true;
		for (t = 0; t <= w.folds; t++)
		{
			for (i = 0; i < n; i++)
				in[i] = w.fold[i] != t;
			best = best && w.trees[t].value == every_tree(in, depth);
			same = same && w.trees[t].value == walked(t);
		}
		ok(best, "R-POL-1 depth %d, %zu rows, %d features, %d arms: the best of all trees, in every training set", depth, n, features, arms);
		ok(same, "the value is what the tree gives");
		memset(&single, 0, sizeof(single));
		single[1].value = 77;
		w.data.only = 2;
		ok(jrn_policy_learn(&env, &w.data, depth, NULL, single) == JRN_OK && single[1].value == 77 &&
		   memcmp(&single[2], &w.trees[2], sizeof(jrn_policy_tree)) == 0, "one training set alone");
		w.data.only = -1;
	}
	host_reset();
}

/* ---- ties ---- */

static void
ties(void)
{
	jrn_env		env = host_env();
	size_t		i;

	fill(40, 3, 2, 1, 2, true, 9);
	for (i = 0; i < w.n; i++)
	{
		w.x[i * 3 + 1] = w.x[i * 3];	/* the second feature is the first one again */
		w.x[i * 3 + 2] = 1.0;
		w.score[i * 2] = 0.0;
		w.score[i * 2 + 1] = w.x[i * 3] > 0.5 ? 1.0 : 0.0;
	}
	ok(bin_all(&env) == JRN_OK && jrn_policy_learn(&env, &w.data, 2, NULL, w.trees) == JRN_OK, "ties learned");
	ok(w.trees[1].node[0].feature == -1 && w.trees[1].node[0].arm == 1, "R-POL-2 a strategy that is never worse needs no question");
	ok(w.column[2].bins == 1, "a constant column has one bin");
	for (i = 0; i < w.n; i++)
		w.score[i * 2] = w.x[i * 3] > 0.5 ? -1.0 : 2.0;
	ok(bin_all(&env) == JRN_OK && jrn_policy_learn(&env, &w.data, 2, NULL, w.trees) == JRN_OK, "ties learned");
	ok(w.trees[1].node[0].feature == 0 && w.trees[1].node[1].feature == -1 && w.trees[1].node[2].feature == -1,
	   "R-POL-2 the first feature, and no second question");
	ok(w.trees[1].node[1].arm == 0 && w.trees[1].node[2].arm == 1 && w.column[0].cuts[w.trees[1].node[0].cut] == 1.0,
	   "leaves and cut");
	for (i = 0; i < w.n * 2; i++)
		w.score[i] = 5.0;
	ok(bin_all(&env) == JRN_OK && jrn_policy_learn(&env, &w.data, 2, NULL, w.trees) == JRN_OK, "ties learned");
	ok(w.trees[0].node[0].feature == -1 && w.trees[0].node[0].arm == 0, "R-POL-2 the lower strategy");
	host_reset();
}

/* ---- bins ---- */

static void
bins(void)
{
	static const double few[] = {3, 1, 2, 2, 7, -0.0, 0.0, 3};
	static const double near[] = {0.7412, 0.7588};
	static double many[10000];
	jrn_env		env = host_env();
	jrn_policy_column column;
	size_t		i,
				least = 10000,
				most = 0;
	size_t		count[JRN_POLICY_BINS] = {0};

	ok(jrn_policy_bin(&env, few, 8, 1, &column) == JRN_OK && column.bins == 5, "R-POL-4 a bin for every value");
	ok(column.cuts[0] == 1.0 && column.cuts[3] == 5.0 && column.bin[4] == 4 && column.bin[5] == 0 && column.bin[6] == 0,
	   "R-POL-4 cuts between values, zeros are equal");
	ok(jrn_policy_bin(&env, near, 2, 1, &column) == JRN_OK && column.cuts[0] == 0.75, "R-POL-4 the fewest decimals");
	for (i = 0; i < 10000; i++)
		many[i] = uniform(i, 3) - 0.5;
	ok(jrn_policy_bin(&env, many, 10000, 1, &column) == JRN_OK && column.bins == JRN_POLICY_BINS, "R-POL-4 no more bins");
	for (i = 0; i < 10000; i++)
		count[column.bin[i]]++;
	for (i = 0; i < JRN_POLICY_BINS; i++)
	{
		least = count[i] < least ? count[i] : least;
		most = count[i] > most ? count[i] : most;
	}
	ok(least >= 150 && most <= 165, "R-POL-4 quantiles: %zu to %zu rows", least, most);
	many[7] = NAN;
	ok(jrn_policy_bin(&env, many, 10000, 1, &column) == JRN_NONFINITE, "NaN is refused");
	many[7] = INFINITY;
	ok(jrn_policy_bin(&env, many, 10000, 1, &column) == JRN_NONFINITE, "infinity is refused");
	host_reset();
}

static void
numbers(void)
{
	static const double huge[] = {1e300, -1e300, 1e-300, 0};
	static const double zero[] = {0, 0};
	static const double bad[] = {0, NAN};
	static const double plain[] = {1.5, -2.25};
	static const double costs[] = {0.5, 0.25};
	jrn_env		env = host_env();
	int64_t    *reward;
	double		unit;

	ok(jrn_policy_rewards(&env, huge, 2, 2, NULL, &reward, &unit) == JRN_OK && (double) reward[0] * unit == 1e300 && reward[3] == 0,
	   "R-POL-1 large scores");
	ok(jrn_policy_rewards(&env, zero, 1, 2, NULL, &reward, &unit) == JRN_OK && reward[0] == 0, "R-POL-1 nothing but zeros");
	ok(jrn_policy_rewards(&env, bad, 1, 2, NULL, &reward, &unit) == JRN_NONFINITE, "R-POL-1 NaN is refused");
	ok(jrn_policy_rewards(&env, plain, 1, 2, costs, &reward, &unit) == JRN_OK &&
	   (double) reward[0] * unit == 1.0 && (double) reward[1] * unit == -2.5, "costs are taken off");
	host_reset();
}

/* ---- capacities ---- */

static void
capacities(void)
{
	static const double quarter[] = {1.0, 0.25, 0.3, 1.0};
	static const double all[] = {0.5, 0.5, 0.5, 0.5};
	jrn_env		env = host_env();
	int64_t		free_value;
	bool		within = true,
				priced = false;
	size_t		i;
	int			t,
				a;

	fill(600, 3, 4, 5, 0, false, 4);
	for (i = 0; i < w.n; i++)
		w.score[i * 4 + 1] += 6.0 * w.x[i * 3];
	ok(bin_all(&env) == JRN_OK && jrn_policy_learn(&env, &w.data, 2, NULL, w.trees) == JRN_OK, "learned");
	free_value = w.trees[w.folds].value;
	ok(jrn_policy_learn_within(&env, &w.data, 2, quarter, w.prices, w.trees) == JRN_OK, "learned within capacities");
	for (t = 0; t <= w.folds; t++)
	{
		int			given[ARMS] = {0};
		int			rows = 0;

		for (i = 0; i < w.n; i++)
			if (w.fold[i] != t)
			{
				given[jrn_policy_arm(&w.trees[t], w.column, i)]++;
				rows++;
			}
		for (a = 0; a < 4; a++)
			within = within && given[a] <= quarter[a] * rows;
		priced = priced || w.prices[t * 4 + 1] > 0;
		ok(given[1] > 0.1 * rows, "R-POL-5 the capacity is used: %d of %d", given[1], rows);
	}
	ok(within && priced, "R-POL-5 shares keep within capacities");
	ok(walked(w.folds) < free_value && walked(w.folds) > free_value / 2, "R-POL-5 capacities cost something");
	ok(jrn_policy_learn_within(&env, &w.data, 2, all, w.prices, w.trees) == JRN_DOMAIN, "one strategy has to be free");
	host_reset();
}

static jrn_status
whole_call(const jrn_env *env, void *arg)
{
	static const double half[] = {1.0, 0.2, 1.0, 1.0};

	(void) arg;
	JRN_TRY(bin_all(env));
	return jrn_policy_learn_within(env, &w.data, 2, half, w.prices, w.trees);
}

void
test_policy_tree(void)
{
	jrn_env		env = host_env();

	bins();
	numbers();
	exact(30, 2, 3, 4, false, 1);
	exact(40, 3, 2, 3, true, 2);
	exact(25, 2, 4, 0, true, 3);
	exact(1, 1, 2, 0, false, 5);
	ties();
	capacities();
	fill(60, 2, 3, 2, 3, false, 7);
	ok_survives(whole_call, NULL, "learning within capacities");
	fill(60, 2, 3, 2, 3, false, 7);
	ok(bin_all(&env) == JRN_OK && jrn_policy_learn(&env, &w.data, 3, NULL, w.trees) == JRN_DOMAIN, "depth 3 is refused");
	w.fold[3] = 2;
	ok(jrn_policy_learn(&env, &w.data, 2, NULL, w.trees) == JRN_DOMAIN, "a fold out of range is refused");
}
