/*
 * policy_learn.c
 *		Learning a policy and judging it honestly (see policy_learn.h).
 */
#include "policy_learn.h"

#include <math.h>
#include <string.h>

#include "policy_linear.h"

typedef struct learning
{
	const jrn_env *env;
	const jrn_policy_task *task;
	jrn_policy_learned *out;
	size_t		n;
	size_t		arms;
	double	   *net;			/* [n arms] scores less costs, of strategies offered */
	bool		has_capacity;
} learning;

static jrn_status
net_scores(learning *run)
{
	const jrn_policy_task *task = run->task;
	const jrn_score_table *table = task->table;
	size_t		i,
				a;

	JRN_TRY(jrn_alloc_array(run->env, run->n, run->arms * sizeof(double), &run->net));
	for (i = 0; i < run->n; i++)
	{
		for (a = 0; a < run->arms; a++)
			run->net[i * run->arms + a] = table->score[i * (size_t) table->arms + (size_t) task->arm_of[a]] - task->costs[a];
		if (i % 16384 == 0)
			JRN_TICK(run->env);
	}
	for (a = 0; a < run->arms; a++)
		run->has_capacity = run->has_capacity || task->capacity[a] < 1.0;
	return JRN_OK;
}

/* R-PLE-2 */
static jrn_status
best_fixed(learning *run)
{
	jrn_acc		sum;
	double		most = 0.0;
	size_t		i,
				a;

	run->out->best = -1;
	for (a = 0; a < run->arms; a++)
	{
		if (run->task->capacity[a] < 1.0)
			continue;
		sum.sum = sum.compensation = 0.0;
		for (i = 0; i < run->n; i++)
			jrn_acc_add(&sum, run->net[i * run->arms + a]);
		JRN_TICK(run->env);
		if (run->out->best < 0 || jrn_acc_value(&sum) > most)
		{
			run->out->best = (int) a;
			most = jrn_acc_value(&sum);
		}
	}
	return run->out->best < 0 ? JRN_DOMAIN : JRN_OK;
}

/* ---- trees ---- */

/* Sums of a column and a difference of scores over one fold, or all. */
typedef struct contrast
{
	double		n;
	double		x;
	double		d;
	double		xx;
	double		xd;
	double		dd;
} contrast;

/* t^2 but for a factor of all columns: explained over unexplained squares. */
static double
strength_of(const contrast *all, const contrast *less)
{
	double		n = all->n - less->n;
	double		x = all->x - less->x;
	double		d = all->d - less->d;
	double		xx = all->xx - less->xx - x * x / n;
	double		xd = all->xd - less->xd - x * d / n;
	double		dd = all->dd - less->dd - d * d / n;
	double		explained = xd * xd / xx;

	return n > 0.0 && xx > 0.0 && dd - explained > 0.0 ? explained / (dd - explained) : 0.0;
}

/* The largest strength of a column in every training set: strength[set p + column]. */
static jrn_status
add_strength(const learning *run, size_t column, contrast *fold, double *strength)
{
	const jrn_score_table *table = run->task->table;
	double		origin = table->x[column];
	size_t		a,
				i;
	int			f;

	for (a = 1; a < run->arms; a++)
	{
		contrast	all = {0};
		const contrast none = {0};

		memset(fold, 0, (size_t) table->folds * sizeof(contrast));
		for (i = 0; i < run->n; i++)
		{
			contrast   *of = &fold[table->fold[i]];
			double		x = table->x[i * table->p + column] - origin;
			double		d = run->net[i * run->arms + a] - run->net[i * run->arms];

			of->n += 1.0;
			of->x += x;
			of->d += d;
			of->xx += x * x;
			of->xd += x * d;
			of->dd += d * d;
		}
		for (f = 0; f < table->folds; f++)
		{
			all.n += fold[f].n;
			all.x += fold[f].x;
			all.d += fold[f].d;
			all.xx += fold[f].xx;
			all.xd += fold[f].xd;
			all.dd += fold[f].dd;
		}
		for (f = 0; f <= table->folds; f++)
		{
			double		s = strength_of(&all, f < table->folds ? &fold[f] : &none);
			double	   *most = &strength[(size_t) f * table->p + column];

			*most = s > *most ? s : *most;
		}
		JRN_TICK(run->env);
	}
	return JRN_OK;
}

/* A column is chosen when fewer than the limit are stronger, or as strong and before it. */
static void
strongest(const double *strength, size_t p, size_t *column_of)
{
	int			taken = 0;
	size_t		c,
				d;

	for (c = 0; c < p && taken < JRN_POLICY_FEATURES; c++)
	{
		int			before = 0;

		for (d = 0; d < p && before < JRN_POLICY_FEATURES; d++)
			before += strength[d] > strength[c] || (strength[d] == strength[c] && d < c);
		if (before < JRN_POLICY_FEATURES)
			column_of[taken++] = c;
	}
}

/* Learn with the columns of out->column_of; only: one training set, or -1. */
static jrn_status
learn_on(learning *run, jrn_policy_column *binned, const int64_t *reward, int only, int64_t *prices,
		 jrn_policy_tree *trees)
{
	const jrn_score_table *table = run->task->table;
	jrn_policy_learned *out = run->out;
	jrn_policy_data data;
	int			c;

	for (c = 0; c < out->columns; c++)
	{
		jrn_policy_column *column = &binned[out->column_of[c]];

		if (column->bin == NULL)
			JRN_TRY(jrn_policy_bin(run->env, table->x + out->column_of[c], run->n, table->p, column));
		out->column[c] = *column;
	}
	data.n = run->n;
	data.features = out->columns;
	data.columns = out->column;
	data.arms = (int) run->arms;
	data.reward = reward;
	data.folds = table->folds;
	data.fold = table->fold;
	data.only = only;
	if (run->has_capacity)
		return jrn_policy_learn_within(run->env, &data, run->task->depth, run->task->capacity, prices, trees);
	return jrn_policy_learn(run->env, &data, run->task->depth, NULL, trees);
}

/* The rows of a fold by the tree without it, all rows by the last one. */
static void
walk_trees(learning *run, const jrn_policy_tree *trees, int only)
{
	const jrn_score_table *table = run->task->table;
	jrn_policy_learned *out = run->out;
	size_t		i;

	for (i = 0; i < run->n; i++)
	{
		if (only < 0 || only == table->fold[i])
			out->honest[i] = jrn_policy_arm(&trees[table->fold[i]], out->column, i);
		if (only < 0 || only == table->folds)
			out->final[i] = jrn_policy_arm(&trees[table->folds], out->column, i);
	}
}

/* R-PLE-4: the columns of every training set, and its tree. */
static jrn_status
learn_chosen(learning *run, jrn_policy_column *binned, const int64_t *reward, int64_t *prices,
			 jrn_policy_tree *trees)
{
	const jrn_score_table *table = run->task->table;
	contrast   *fold;
	double	   *strength;
	size_t		c;
	int			t;

	JRN_TRY(jrn_alloc_zeroed(run->env, (size_t) table->folds + 1, table->p * sizeof(double), &strength));
	JRN_TRY(jrn_alloc_array(run->env, (size_t) table->folds, sizeof(contrast), &fold));
	for (c = 0; c < table->p; c++)
		JRN_TRY(add_strength(run, c, fold, strength));
	for (t = 0; t <= table->folds; t++)
	{
		strongest(strength + (size_t) t * table->p, table->p, run->out->column_of);
		JRN_TRY(learn_on(run, binned, reward, t, prices, trees));
		walk_trees(run, trees, t);
	}
	jrn_release(run->env, strength);
	jrn_release(run->env, fold);
	return JRN_OK;
}

static jrn_status
learn_trees(learning *run)
{
	const jrn_score_table *table = run->task->table;
	jrn_policy_learned *out = run->out;
	jrn_policy_column *binned;
	jrn_policy_tree *trees;
	int64_t    *reward;
	int64_t    *prices;
	double		unit;
	int			c;

	out->columns = table->p > JRN_POLICY_FEATURES ? JRN_POLICY_FEATURES : (int) table->p;
	JRN_TRY(jrn_alloc_array(run->env, (size_t) out->columns, sizeof(size_t), &out->column_of));
	JRN_TRY(jrn_alloc_zeroed(run->env, (size_t) out->columns, sizeof(jrn_policy_column), &out->column));
	JRN_TRY(jrn_alloc_zeroed(run->env, table->p, sizeof(jrn_policy_column), &binned));
	JRN_TRY(jrn_alloc_zeroed(run->env, (size_t) table->folds + 1, sizeof(jrn_policy_tree), &trees));
	JRN_TRY(jrn_alloc_zeroed(run->env, (size_t) table->folds + 1, run->arms * sizeof(int64_t), &prices));
	JRN_TRY(jrn_policy_rewards(run->env, run->net, run->n, (int) run->arms, NULL, &reward, &unit));
	if (table->p > JRN_POLICY_FEATURES)
		JRN_TRY(learn_chosen(run, binned, reward, prices, trees));
	else
	{
		for (c = 0; c < out->columns; c++)
			out->column_of[c] = (size_t) c;
		JRN_TRY(learn_on(run, binned, reward, -1, prices, trees));
		walk_trees(run, trees, -1);
	}
	out->tree = trees[table->folds];
	jrn_release(run->env, reward);
	return JRN_OK;
}

/* ---- promises ---- */

static double
promise_of(const double *coefficients, const double *x, size_t p)
{
	double		sum = coefficients[0];
	size_t		j;

	for (j = 0; j < p; j++)
		sum += coefficients[j + 1] * x[j];
	return sum;
}

/* Promises of the rows of a training set by one set of coefficients; returns how many. */
static jrn_status
promises(const learning *run, const double *coefficients, int without, double *promise, size_t *rows)
{
	const jrn_score_table *table = run->task->table;
	size_t		at = 0;
	size_t		i,
				a;

	for (i = 0; i < run->n; i++)
	{
		if (i % 1024 == 0)
			JRN_TICK(run->env);
		if (table->fold[i] == without)
			continue;
		for (a = 0; a < run->arms; a++)
			promise[at * run->arms + a] = promise_of(coefficients + a * (table->p + 1), table->x + i * table->p, table->p) -
				run->task->costs[a];
		at++;
	}
	*rows = at;
	return JRN_OK;
}

/* The largest promise less price for the rows of one fold, or of all (-1). */
static jrn_status
decide(const learning *run, const double *coefficients, const double *price, int fold, int32_t *arm,
	   double *promise)
{
	const jrn_score_table *table = run->task->table;
	size_t		i,
				a;

	for (i = 0; i < run->n; i++)
	{
		if (i % 1024 == 0)
			JRN_TICK(run->env);
		if (fold >= 0 && table->fold[i] != fold)
			continue;
		for (a = 0; a < run->arms; a++)
			promise[a] = promise_of(coefficients + a * (table->p + 1), table->x + i * table->p, table->p) - run->task->costs[a];
		arm[i] = (int32_t) jrn_policy_best(promise, price, (int) run->arms);
	}
	return JRN_OK;
}

static jrn_status
learn_linear(learning *run)
{
	const jrn_score_table *table = run->task->table;
	size_t		set_size = run->arms * (table->p + 1);
	jrn_policy_rows rows = {run->n, table->p, table->x, table->folds, table->fold, (int) run->arms, run->net};
	double	   *sets;
	double	   *promise = NULL;
	double	   *one;
	double	   *price;
	size_t		count,
				a;
	int			f;

	/* the net score is regressed, so costs would count twice: they are put back */
	JRN_TRY(jrn_policy_regress(run->env, &rows, run->task->lambda, 0, &sets));
	JRN_TRY(jrn_alloc_array(run->env, run->arms, sizeof(double), &one));
	JRN_TRY(jrn_alloc_zeroed(run->env, run->arms, sizeof(double), &price));
	if (run->has_capacity)
		JRN_TRY(jrn_alloc_array(run->env, run->n, run->arms * sizeof(double), &promise));
	for (f = 0; f <= table->folds; f++)
	{
		double	   *set = sets + (size_t) f * set_size;
		bool		all = f == table->folds;

		for (a = 0; a < run->arms; a++)
			set[a * (table->p + 1)] += run->task->costs[a];
		if (run->has_capacity)
		{
			JRN_TRY(promises(run, set, f, promise, &count));
			JRN_TRY(jrn_policy_prices(run->env, promise, count, (int) run->arms, run->task->capacity, price));
		}
		JRN_TRY(decide(run, set, price, all ? -1 : f, all ? run->out->final : run->out->honest, one));
	}
	run->out->coefficients = sets + (size_t) table->folds * set_size;
	memcpy(run->out->price, price, run->arms * sizeof(double));
	jrn_release(run->env, promise);
	return JRN_OK;
}

/* Predicted outcomes of the table less costs, without a fold (-1: of all rows). */
static void
table_promises(const learning *run, int without, double *promise, size_t *rows)
{
	const jrn_score_table *table = run->task->table;
	size_t		at = 0;
	size_t		i,
				a;

	for (i = 0; i < run->n; i++)
	{
		if (table->fold[i] == without)
			continue;
		for (a = 0; a < run->arms; a++)
			promise[at * run->arms + a] = table->mu[i * (size_t) table->arms + (size_t) run->task->arm_of[a]] - run->task->costs[a];
		at++;
	}
	*rows = at;
}

/* Outcome models of all rows, one strategy at a time. */
static jrn_status
outcome_models(learning *run)
{
	const jrn_score_table *table = run->task->table;
	size_t		p = table->p;
	jrn_policy_rows rows;
	double	   *x;
	double	   *y;
	int32_t    *fold;
	double	   *one;
	size_t		i,
				a;

	JRN_TRY(jrn_alloc_array(run->env, run->n, p * sizeof(double), &x));
	JRN_TRY(jrn_alloc_array(run->env, run->n, sizeof(double), &y));
	JRN_TRY(jrn_alloc_zeroed(run->env, run->n, sizeof(int32_t), &fold));
	JRN_TRY(jrn_alloc_array(run->env, run->arms, (p + 1) * sizeof(double), &run->out->coefficients));
	for (a = 0; a < run->arms; a++)
	{
		size_t		at = 0;

		for (i = 0; i < run->n; i++)
			if (table->arm[i] == run->task->arm_of[a])
			{
				memcpy(x + at * p, table->x + i * p, p * sizeof(double));
				y[at++] = table->y[i];
			}
		rows.n = at;
		rows.p = p;
		rows.x = x;
		rows.folds = 1;
		rows.fold = fold;
		rows.targets = 1;
		rows.target = y;
		JRN_TRY(jrn_policy_regress(run->env, &rows, run->task->lambda, 1, &one));
		memcpy(run->out->coefficients + a * (p + 1), one, (p + 1) * sizeof(double));
		jrn_release(run->env, one);
	}
	jrn_release(run->env, x);
	jrn_release(run->env, y);
	jrn_release(run->env, fold);
	return JRN_OK;
}

static jrn_status
learn_plug_in(learning *run)
{
	const jrn_score_table *table = run->task->table;
	double	   *all;
	double	   *promise;
	double	   *price;
	size_t		count,
				i;
	int			f;

	JRN_TRY(jrn_alloc_array(run->env, run->n, run->arms * sizeof(double), &all));
	JRN_TRY(jrn_alloc_array(run->env, run->n, run->arms * sizeof(double), &promise));
	JRN_TRY(jrn_alloc_zeroed(run->env, (size_t) table->folds, run->arms * sizeof(double), &price));
	for (f = 0; f < table->folds && run->has_capacity; f++)
	{
		table_promises(run, f, promise, &count);
		JRN_TRY(jrn_policy_prices(run->env, promise, count, (int) run->arms, run->task->capacity,
								  price + (size_t) f * run->arms));
	}
	table_promises(run, -1, all, &count);
	for (i = 0; i < run->n; i++)
		run->out->honest[i] = (int32_t) jrn_policy_best(all + i * run->arms, price + (size_t) table->fold[i] * run->arms,
														(int) run->arms);
	JRN_TRY(outcome_models(run));
	JRN_TRY(promises(run, run->out->coefficients, -1, promise, &count));
	if (run->has_capacity)
		JRN_TRY(jrn_policy_prices(run->env, promise, count, (int) run->arms, run->task->capacity, run->out->price));
	JRN_TRY(decide(run, run->out->coefficients, run->out->price, -1, run->out->final, price));
	jrn_release(run->env, all);
	jrn_release(run->env, promise);
	return JRN_OK;
}

/* ---- honest figures ---- */

/* Number of the cluster of every row in order of appearance; rows of a key are adjacent. */
static size_t
count_clusters(const jrn_score_table *table)
{
	size_t		clusters = 0;
	size_t		i;

	for (i = 0; i < table->n; i++)
		clusters += i == 0 || table->cluster[i] != table->cluster[i - 1];
	return clusters;
}

static jrn_status
judge(learning *run)
{
	const jrn_score_table *table = run->task->table;
	jrn_policy_report *report = &run->out->report;
	size_t		clusters = count_clusters(table);
	jrn_policy_weights followed;
	jrn_policy_figure mean;
	double	   *sums;
	size_t		at = 0;
	size_t		i;

	memset(report, 0, sizeof(*report));
	memset(&followed, 0, sizeof(followed));
	JRN_TRY(jrn_alloc_zeroed(run->env, clusters, 4 * sizeof(double), &sums));
	for (i = 0; i < run->n; i++)
	{
		size_t		chosen = (size_t) run->out->honest[i];
		double		e = table->propensity[i * (size_t) table->arms + (size_t) table->arm[i]];
		double		w = run->task->arm_of[chosen] == table->arm[i] ? 1.0 / e : 0.0;

		at += i > 0 && table->cluster[i] != table->cluster[i - 1];
		sums[at] += 1.0;
		sums[clusters + at] += run->net[i * run->arms + chosen];
		sums[2 * clusters + at] += run->net[i * run->arms + chosen] - run->net[i * run->arms + (size_t) run->out->best];
		sums[3 * clusters + at] += w;
		jrn_policy_weight_add(&followed, w, e);
		if (i % 16384 == 0)
			JRN_TICK(run->env);
	}
	report->decisions = (int64_t) run->n;
	report->clusters = (int64_t) clusters;
	report->best = run->out->best;
	jrn_policy_mean(sums + clusters, sums, (int64_t) clusters, &report->value);
	jrn_policy_mean(sums + 2 * clusters, sums, (int64_t) clusters, &report->difference);
	jrn_policy_test(&report->difference, (int64_t) clusters, &report->p_value, &report->minimum_detectable);
	jrn_policy_mean(sums + 3 * clusters, sums, (int64_t) clusters, &mean);
	report->ess = jrn_policy_ess(&followed);
	report->max_weight = followed.largest;
	report->weight_mean = mean.estimate;
	report->weight_mean_se = mean.std_error;
	report->extreme = followed.n > 0.0 ? followed.rare / followed.n : 0.0;
	report->overlap = jrn_policy_overlap_of(&followed, &mean);
	jrn_release(run->env, sums);
	return JRN_OK;
}

jrn_status
jrn_policy_learn_table(const jrn_env *env, const jrn_policy_task *task, jrn_policy_learned *learned)
{
	learning	run;

	memset(&run, 0, sizeof(run));
	memset(learned, 0, sizeof(*learned));
	run.env = env;
	run.task = task;
	run.out = learned;
	run.n = task->table->n;
	run.arms = (size_t) task->arms;
	JRN_TRY(net_scores(&run));
	JRN_TRY(best_fixed(&run));
	JRN_TRY(jrn_alloc_zeroed(env, run.n, sizeof(int32_t), &learned->honest));
	JRN_TRY(jrn_alloc_zeroed(env, run.n, sizeof(int32_t), &learned->final));
	JRN_TRY(jrn_alloc_zeroed(env, run.arms, sizeof(double), &learned->price));
	switch (task->class)
	{
		case JRN_POLICY_TREE:
			JRN_TRY(learn_trees(&run));
			break;
		case JRN_POLICY_LINEAR:
			JRN_TRY(learn_linear(&run));
			break;
		case JRN_POLICY_PLUG_IN:
			JRN_TRY(learn_plug_in(&run));
			break;
	}
	return judge(&run);
}
