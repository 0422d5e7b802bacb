/*
 * test_policy_learn.c
 *		Learned policies: regressions against their normal equations, shares
 *		within capacities, honesty, and figures by hand.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/strategies/policy_learn.h"
#include "../../src/strategies/policy_linear.h"

#define ROWS 1200
#define COLUMNS 30
#define ARMS 3
#define FOLDS 4

static double x[ROWS * COLUMNS];
static double score[ROWS * ARMS];
static double mu[ROWS * ARMS];
static double propensity[ROWS * ARMS];
static double y[ROWS];
static int32_t fold[ROWS];
static int32_t taken[ROWS];
static int64_t cluster[ROWS];
static jrn_score_table table;

static const int all_arms[] = {0, 1, 2};
static const double free_of_charge[] = {0, 0, 0};
static const double unlimited[] = {1, 1, 1};

static double
uniform(uint64_t a, uint64_t b)
{
	return (double) (jrn_hash_u64(a, b) >> 11) * 0x1p-53;
}

/* Strategy 2 is better where column 0 is large, strategy 1 elsewhere. */
static void
fill(size_t n, size_t p)
{
	size_t		i,
				j;

	for (i = 0; i < n; i++)
	{
		double		means[ARMS];

		cluster[i] = (int64_t) (i / 2);
		fold[i] = (int32_t) (uniform(i / 2, 99) * FOLDS);
		for (j = 0; j < p; j++)
			x[i * p + j] = 1000.0 + uniform(i, 100 + j);
		means[0] = 0.0;
		means[1] = 1.0;
		means[2] = 4.0 * (x[i * p] - 1000.0) - 1.0;
		taken[i] = (int32_t) (uniform(i, 3) * ARMS);
		y[i] = means[taken[i]] + uniform(i, 4);
		for (j = 0; j < ARMS; j++)
		{
			mu[i * ARMS + j] = means[j] + 0.5 + 0.1 * uniform(i, 5 + j);
			propensity[i * ARMS + j] = 1.0 / 3.0;
			score[i * ARMS + j] = mu[i * ARMS + j] + (taken[i] == (int32_t) j ? 3.0 * (y[i] - mu[i * ARMS + j]) : 0.0);
		}
	}
	memset(&table, 0, sizeof(table));
	table.n = n;
	table.arms = ARMS;
	table.p = p;
	table.cluster = cluster;
	table.fold = fold;
	table.arm = taken;
	table.y = y;
	table.mu = mu;
	table.propensity = propensity;
	table.score = score;
	table.x = x;
	table.folds = FOLDS;
}

static jrn_policy_task
task_of(jrn_policy_class class)
{
	jrn_policy_task task = {&table, class, 2, 0.01, ARMS, all_arms, free_of_charge, unlimited};

	return task;
}

/* Gradient of 1/(2n) RSS + lambda/2 |s b|^2 at the coefficients of set f, relative to its size. */
static double
gradient(const double *coefficients, int without, size_t p, int arm)
{
	double		n = 0.0,
				worst = 0.0,
				intercept = 0.0;
	size_t		i,
				j,
				k;

	for (j = 0; j < p; j++)
	{
		double		mean = 0.0,
					square = 0.0,
					sum = 0.0,
					size = 0.0;

		n = intercept = 0.0;
		for (i = 0; i < table.n; i++)
			if (fold[i] != without)
			{
				n += 1.0;
				mean += x[i * p + j] - 1000.0;
				square += (x[i * p + j] - 1000.0) * (x[i * p + j] - 1000.0);
			}
		mean /= n;
		for (i = 0; i < table.n; i++)
		{
			double		r = score[i * ARMS + arm] - coefficients[0];

			if (fold[i] == without)
				continue;
			for (k = 0; k < p; k++)
				r -= coefficients[k + 1] * x[i * p + k];
			intercept += r / n;
			sum += r * (x[i * p + j] - 1000.0 - mean) / n;
			size += fabs(score[i * ARMS + arm]) / n;
		}
		sum -= 0.01 * (square / n - mean * mean) * coefficients[j + 1];
		worst = fmax(worst, fabs(sum) / size);
	}
	return fmax(worst, fabs(intercept));
}

static void
regressions(void)
{
	jrn_env		env = host_env();
	jrn_policy_rows rows;
	double	   *coefficients;
	double		worst = 0.0;
	int			f,
				a;

	fill(500, 3);
	rows.n = 500;
	rows.p = 3;
	rows.x = x;
	rows.folds = FOLDS;
	rows.fold = fold;
	rows.targets = ARMS;
	rows.target = score;
	ok(jrn_policy_regress(&env, &rows, 0.01, 0, &coefficients) == JRN_OK, "regressed");
	for (f = 0; f <= FOLDS; f++)
		for (a = 0; a < ARMS; a++)
			worst = fmax(worst, gradient(coefficients + (f * ARMS + a) * 4, f, 3, a));
	ok(worst < 1e-10, "R-PLI-1 normal equations of every training set: %g", worst);
	rows.n = 0;
	ok(jrn_policy_regress(&env, &rows, 0.01, 1, &coefficients) == JRN_OK && coefficients[0] == 0.0, "no rows");
	host_reset();
}

static void
prices(void)
{
	static const double some[] = {1.0, 0.3, 0.15};
	static const double every[] = {0.9, 0.9, 0.9};
	static const double flat[] = {1.0, 0.5, 1.0};
	jrn_env		env = host_env();
	double		price[ARMS];
	size_t		given[ARMS] = {0};
	size_t		i;

	fill(1000, 2);
	ok(jrn_policy_prices(&env, mu, 1000, ARMS, some, price) == JRN_OK, "priced");
	for (i = 0; i < 1000; i++)
		given[jrn_policy_best(mu + i * ARMS, price, ARMS)]++;
	ok(given[1] <= 300 && given[1] >= 250 && given[2] <= 150 && given[2] >= 130,
	   "R-PLI-4 within both capacities, and near them: %zu %zu", given[1], given[2]);
	ok(jrn_policy_prices(&env, mu, 1000, ARMS, every, price) == JRN_DOMAIN, "one strategy has to be free");
	for (i = 0; i < 1000 * ARMS; i++)
		mu[i] = i % ARMS == 1;
	ok(jrn_policy_prices(&env, mu, 1000, ARMS, flat, price) == JRN_OK && jrn_policy_best(mu, price, ARMS) == 0,
	   "R-PLI-4 rows that are alike do not fit in part");
	for (i = 0; i < 1000 * ARMS; i++)
		mu[i] = 0.0;
	ok(jrn_policy_prices(&env, mu, 1000, ARMS, some, price) == JRN_OK && jrn_policy_best(mu, price, ARMS) == 0, "nothing but zeros");
	host_reset();
}

/* A fold's own scores have no say in what its rows get. */
static void
honesty(jrn_policy_class class, size_t p, const double *capacity, const char *name)
{
	static int32_t before[ROWS];
	jrn_env		env = host_env();
	jrn_policy_task task = task_of(class);
	jrn_policy_learned learned;
	bool		same = true,
				other = false;
	size_t		i;

	fill(ROWS, p);
	task.capacity = capacity;
	ok(jrn_policy_learn_table(&env, &task, &learned) == JRN_OK, "%s learned", name);
	memcpy(before, learned.honest, sizeof(before));
	for (i = 0; i < ROWS; i++)
		if (fold[i] == 1)
		{
			score[i * ARMS] += 100.0;	/* tempting */
			y[i] += 50.0 * (taken[i] == 0);
		}
	ok(jrn_policy_learn_table(&env, &task, &learned) == JRN_OK, "%s learned again", name);
	for (i = 0; i < ROWS; i++)
		if (fold[i] == 1)
			same = same && learned.honest[i] == before[i];
		else
			other = other || learned.honest[i] != before[i];
	ok(same, "R-PLE-1 %s: a fold's own scores have no say in its decisions", name);
	ok(other || class == JRN_POLICY_PLUG_IN, "but in those of others");
	host_reset();
}

static void
by_hand(void)
{
	static const double costs[] = {0.0, 0.25, 0.5};
	jrn_env		env = host_env();
	jrn_policy_task task = task_of(JRN_POLICY_TREE);
	jrn_policy_learned learned;
	double		value = 0.0,
				difference = 0.0,
				w = 0.0,
				mean[ARMS] = {0};
	int			agree = 0;
	size_t		i;

	fill(ROWS, 2);
	task.costs = costs;
	task.depth = 1;
	ok(jrn_policy_learn_table(&env, &task, &learned) == JRN_OK, "learned");
	for (i = 0; i < ROWS; i++)
	{
		int			a = learned.honest[i];

		mean[0] += score[i * ARMS];
		mean[1] += score[i * ARMS + 1] - 0.25;
		mean[2] += score[i * ARMS + 2] - 0.5;
		value += (score[i * ARMS + a] - costs[a]) / ROWS;
		difference += (score[i * ARMS + a] - costs[a] - score[i * ARMS + learned.best] + costs[learned.best]) / ROWS;
		w += taken[i] == a ? 3.0 : 0.0;
		agree += taken[i] == a;
	}
	ok(mean[learned.best] >= mean[0] && mean[learned.best] >= mean[1] && mean[learned.best] >= mean[2], "R-PLE-2 the yardstick");
	ok_close(learned.report.value.estimate, value, 1e-12, "R-PLE-1 value");
	ok_close(learned.report.difference.estimate, difference, 1e-10, "R-PLE-2 difference");
	ok_close(learned.report.ess, agree, 1e-12, "effective sample");
	ok_close(learned.report.weight_mean, w / ROWS, 1e-12, "mean weight");
	ok_int(learned.report.clusters, ROWS / 2, "clusters");
	ok(learned.tree.node[0].feature == 0 && learned.tree.node[1].arm == 1 && learned.tree.node[2].arm == 2, "the tree");
	ok(fabs(learned.column[0].cuts[learned.tree.node[0].cut] - 1000.5625) < 0.1, "the cut");
	host_reset();
}

/* Only one of thirty columns tells something, and strategies may be left out. */
static void
many_columns(void)
{
	static const int two[] = {1, 2};
	jrn_env		env = host_env();
	jrn_policy_task task = task_of(JRN_POLICY_TREE);
	jrn_policy_learned learned;
	size_t		i;
	bool		rising = true;
	int			c;

	fill(ROWS, 30);
	for (i = 0; i < ROWS; i++)
	{
		double		first = x[i * 30];

		x[i * 30] = x[i * 30 + 25];
		x[i * 30 + 25] = first;
	}
	task.depth = 1;
	task.arms = 2;
	task.arm_of = two;
	ok(jrn_policy_learn_table(&env, &task, &learned) == JRN_OK && learned.columns == JRN_POLICY_FEATURES, "R-PLE-4 twenty columns");
	for (c = 1; c < learned.columns; c++)
		rising = rising && learned.column_of[c] > learned.column_of[c - 1];
	ok(rising && learned.column_of[learned.tree.node[0].feature] == 25, "R-PLE-4 the one that matters is among them");
	ok(learned.tree.node[1].arm == 0 && learned.tree.node[2].arm == 1, "R-PLE-5 strategies are counted among those offered");
	host_reset();
}

static jrn_status
whole_call(const jrn_env *env, void *arg)
{
	static const double capacity[] = {1.0, 0.4, 1.0};
	jrn_policy_task task = task_of(*(jrn_policy_class *) arg);
	jrn_policy_learned learned;

	task.depth = 1;
	task.capacity = capacity;
	return jrn_policy_learn_table(env, &task, &learned);
}

void
test_policy_learn(void)
{
	static const double capacity[] = {1.0, 1.0, 0.2};
	jrn_policy_class class;

	regressions();
	prices();
	by_hand();
	many_columns();
	honesty(JRN_POLICY_TREE, 3, unlimited, "tree");
	honesty(JRN_POLICY_TREE, 24, unlimited, "tree of many columns");
	honesty(JRN_POLICY_TREE, 2, capacity, "tree within a capacity");
	honesty(JRN_POLICY_LINEAR, 3, unlimited, "linear");
	honesty(JRN_POLICY_LINEAR, 3, capacity, "linear within a capacity");
	honesty(JRN_POLICY_PLUG_IN, 3, capacity, "plug_in within a capacity");
	fill(60, 2);
	for (class = JRN_POLICY_TREE; class <= JRN_POLICY_PLUG_IN; class++)
		ok_survives(whole_call, &class, "learning a policy");
	fill(60, COLUMNS);
	class = JRN_POLICY_TREE;
	ok_survives(whole_call, &class, "learning a policy from many columns");
}
