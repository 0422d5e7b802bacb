/*
 * policy_value.c
 *		What a policy is worth (see policy_value.h).
 */
#include "policy_value.h"

#include <math.h>
#include <string.h>

#include "../core/dist.h"
#include "../core/sort.h"

#define SLACK 1e-6
#define POWER 0.8
#define FEW_CLUSTERS 100
#define LEAST_ESS 50.0
#define RARE 0.01

/* ---- figures ---- */

static double
critical(int64_t clusters)
{
	return clusters < FEW_CLUSTERS ? jrn_t_critical(JRN_POLICY_LEVEL, (double) (clusters - 1)) :
		jrn_normal_critical(JRN_POLICY_LEVEL);
}

/* A power of two that brings the largest sum near 1, so that squares stay in range. */
static double
scale_of(const double *sum, int64_t clusters)
{
	double		most = 0.0;
	int			exponent;
	int64_t		c;

	for (c = 0; c < clusters; c++)
		if (fabs(sum[c]) > most)
			most = fabs(sum[c]);
	if (most == 0.0 || !isfinite(most))
		return 1.0;
	(void) frexp(most, &exponent);
	return ldexp(1.0, exponent < -1000 ? 1000 : -exponent);
}

void
jrn_policy_mean(const double *sum, const double *m, int64_t clusters, jrn_policy_figure *figure)
{
	jrn_acc		total = {0.0, 0.0};
	jrn_acc		count = {0.0, 0.0};
	jrn_acc		squares = {0.0, 0.0};
	jrn_acc		sizes = {0.0, 0.0};
	double		scale = scale_of(sum, clusters);
	double		mean,
				n;
	int64_t		c;

	figure->estimate = figure->std_error = figure->low = figure->high = NAN;
	for (c = 0; c < clusters; c++)
	{
		jrn_acc_add(&total, scale * sum[c]);
		jrn_acc_add(&count, m[c]);
	}
	n = jrn_acc_value(&count);
	if (clusters == 0)
		return;
	mean = jrn_acc_value(&total) / n;
	figure->estimate = mean / scale;
	if (clusters < 2)
		return;
	for (c = 0; c < clusters; c++)
	{
		double		off = scale * sum[c] - m[c] * mean;

		jrn_acc_add(&squares, off * off);
		jrn_acc_add(&sizes, scale * sum[c] * (scale * sum[c]));
	}
	/* equal terms: what is left is rounding */
	if (jrn_acc_value(&squares) <= 1e-28 * jrn_acc_value(&sizes))
		figure->std_error = 0.0;
	else
		figure->std_error = sqrt((double) clusters / (double) (clusters - 1) * jrn_acc_value(&squares)) / n / scale;
	figure->low = figure->estimate - critical(clusters) * figure->std_error;
	figure->high = figure->estimate + critical(clusters) * figure->std_error;
}

void
jrn_policy_test(const jrn_policy_figure *figure, int64_t clusters, double *p_value,
				double *minimum_detectable)
{
	double		df = (double) (clusters - 1);
	double		z = figure->estimate / figure->std_error;

	*p_value = *minimum_detectable = NAN;
	if (isnan(figure->std_error))
		return;
	if (figure->std_error == 0.0)
	{
		/* nothing to judge chance by, unless there is nothing to judge */
		*p_value = figure->estimate == 0.0 ? 1.0 : NAN;
		return;
	}
	*p_value = clusters < FEW_CLUSTERS ? jrn_t_two_sided(z, df) : jrn_normal_two_sided(z);
	*minimum_detectable = figure->std_error *
		(critical(clusters) + (clusters < FEW_CLUSTERS ? jrn_t_quantile(POWER, df) : jrn_normal_quantile(POWER)));
}

/* ---- weights, R-PVA-4 ---- */

void
jrn_policy_weight_add(jrn_policy_weights *weights, double w, double propensity)
{
	weights->n += 1.0;
	jrn_acc_add(&weights->sum, w);
	jrn_acc_add(&weights->squares, w * w);
	weights->largest = w > weights->largest ? w : weights->largest;
	weights->rare += propensity < RARE;
}

double
jrn_policy_ess(const jrn_policy_weights *weights)
{
	double		sum = jrn_acc_value(&weights->sum);
	double		squares = jrn_acc_value(&weights->squares);

	return squares > 0.0 ? sum * sum / squares : 0.0;
}

jrn_policy_overlap
jrn_policy_overlap_of(const jrn_policy_weights *weights, const jrn_policy_figure *mean)
{
	double		ess = jrn_policy_ess(weights);
	double		reach = 1.0;

	if (mean != NULL)
		reach = mean->estimate + 3.0 * (isnan(mean->std_error) ? 0.0 : mean->std_error);
	if (ess < LEAST_ESS || reach < 0.5)
		return JRN_POLICY_OVERLAP_NONE;
	return ess < 0.1 * weights->n || weights->largest > 0.05 * jrn_acc_value(&weights->sum) ||
		weights->rare > 0.01 * weights->n || reach < 0.9 ? JRN_POLICY_OVERLAP_WEAK : JRN_POLICY_OVERLAP_OK;
}

/* ---- rows ---- */

/* R-PVA-6; all fields, so that rows that agree in them are the same. */
static int
compare_rows(const jrn_choice *a, const jrn_choice *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	if (a->arm != b->arm)
		return a->arm < b->arm ? -1 : 1;
	if (a->assigned != b->assigned)
		return a->assigned ? -1 : 1;
	if (a->chosen != b->chosen)
		return a->chosen < b->chosen ? -1 : 1;
	if (a->base != b->base)
		return a->base < b->base ? -1 : 1;
	if (isnan(a->score) != isnan(b->score))
		return isnan(b->score) ? -1 : 1;
	if (a->score != b->score && !isnan(a->score))
		return a->score < b->score ? -1 : 1;
	if (isnan(a->propensity) != isnan(b->propensity))
		return isnan(b->propensity) ? -1 : 1;
	if (a->propensity != b->propensity && !isnan(a->propensity))
		return a->propensity < b->propensity ? -1 : 1;
	return 0;
}

#define ROW_LESS(ctx, x, y) (compare_rows(&(x), &(y)) < 0)
JRN_SORT_DEFINE(sort_rows, jrn_choice, void *, ROW_LESS)

typedef struct value_run
{
	const jrn_env *env;
	const jrn_policy_request *request;
	const jrn_choice *rows;
	size_t		n;
	jrn_policy_report *report;
	jrn_policy_fault_at *fault;

	/* by cluster */
	double	   *decisions;
	double	   *value;
	double	   *base;			/* of the second policy or the best strategy */
	double	   *weight;

	/* by strategy */
	jrn_acc    *score;
	double	   *scored;			/* decisions with a score */
	bool	   *torn;			/* not once in every decision of some key */
	jrn_policy_weights *own;			/* 1/e of the decisions that took it */

	jrn_policy_weights followed;		/* of the policy */
} value_run;

/* Is the row the first of a cluster?  Rows without a key are told apart by their decision. */
static bool
begins_cluster(const value_run *run, size_t i)
{
	return i == 0 || run->rows[i].key != run->rows[i - 1].key ||
		(run->rows[i].key == JRN_POLICY_NO_KEY && run->rows[i].number != run->rows[i - 1].number);
}

static bool
begins_decision(const value_run *run, size_t i)
{
	return begins_cluster(run, i) || run->rows[i].number != run->rows[i - 1].number;
}

static jrn_status
refuse(const value_run *run, size_t i, jrn_policy_fault fault, double amount)
{
	run->fault->fault = fault;
	run->fault->key = run->rows[i].key;
	run->fault->number = run->rows[i].number;
	run->fault->arm = run->rows[i].arm;
	run->fault->amount = amount;
	return JRN_DOMAIN;
}

/* Sums of one decision, or of the decisions of a key. */
static jrn_status
add_group(value_run *run, size_t begin, size_t end, size_t cluster)
{
	const jrn_policy_request *request = run->request;
	double		chosen = 0.0,
				base = 0.0,
				in_group = 0.0,
				decisions;
	int64_t		taken = 0;
	size_t		i;

	for (i = begin; i < end; i++)
	{
		const jrn_choice *row = &run->rows[i];

		if (request->has_number && i > begin && row->arm == run->rows[i - 1].arm)
			return refuse(run, i, JRN_POLICY_TWICE, 0.0);
		if (isnan(row->score) && (row->chosen > 0.0 || (request->has_base && row->base > 0.0)))
			return refuse(run, i, JRN_POLICY_NO_SCORE, 0.0);
		chosen += row->chosen;
		base += row->base;
		taken += row->assigned;
	}
	decisions = request->has_number ? 1.0 : floor(chosen + 0.5);
	/* R-PVA-3 */
	if (decisions < 1.0 || fabs(chosen - decisions) > SLACK * decisions)
		return refuse(run, begin, JRN_POLICY_SUM, chosen);
	if (request->has_base && fabs(base - decisions) > SLACK * decisions)
		return refuse(run, begin, JRN_POLICY_BASE_SUM, base);
	if (request->has_overlap && (double) taken != decisions)
		return refuse(run, begin, JRN_POLICY_TAKEN, (double) taken);
	run->decisions[cluster] += decisions;
	for (i = begin; i < end; i++)
	{
		const jrn_choice *row = &run->rows[i];

		/* rows of a strategy are adjacent */
		in_group = i > begin && row->arm == run->rows[i - 1].arm ? in_group + 1.0 : 1.0;
		if ((i + 1 == end || run->rows[i + 1].arm != row->arm) && in_group != decisions)
			run->torn[row->arm] = true;
		if (!isnan(row->score))
		{
			run->value[cluster] += row->chosen > 0.0 ? row->chosen * row->score : 0.0;
			run->base[cluster] += request->has_base && row->base > 0.0 ? row->base * row->score : 0.0;
			jrn_acc_add(&run->score[row->arm], row->score);
			run->scored[row->arm] += 1.0;
		}
		if (request->has_overlap && row->assigned)
		{
			double		w = row->chosen / row->propensity;

			jrn_policy_weight_add(&run->followed, w, row->propensity);
			jrn_policy_weight_add(&run->own[row->arm], 1.0 / row->propensity, row->propensity);
			run->weight[cluster] += w;
		}
	}
	return JRN_OK;
}

static jrn_status
add_rows(value_run *run)
{
	size_t		begin = 0;
	size_t		cluster = 0;
	size_t		i;

	for (i = 1; i <= run->n; i++)
	{
		if (i % 4096 == 0)
			JRN_TICK(run->env);
		if (i < run->n && !begins_decision(run, i))
			continue;
		JRN_TRY(add_group(run, begin, i, cluster));
		if (i < run->n && begins_cluster(run, i))
			cluster++;
		begin = i;
	}
	return JRN_OK;
}

/* ---- the yardstick ---- */

/* R-PVA-2; every key needs a score of the strategy for each of its decisions. */
static jrn_status
best_strategy(value_run *run)
{
	double		n = (double) run->report->decisions;
	size_t		cluster = 0;
	size_t		i;
	bool		scored = false;
	int			best = -1;
	int			a;

	for (a = 0; a < run->request->arms; a++)
	{
		if (run->scored[a] != n || run->torn[a])
			continue;
		scored = true;
		if (run->request->has_overlap && jrn_policy_ess(&run->own[a]) < LEAST_ESS)
			continue;
		if (best < 0 || jrn_acc_value(&run->score[a]) > jrn_acc_value(&run->score[best]))
			best = a;
	}
	if (!scored)
		return refuse(run, 0, JRN_POLICY_NO_FIXED, 0.0);
	run->report->best = best;
	run->report->best_weak = best >= 0 && run->request->has_overlap &&
		jrn_policy_overlap_of(&run->own[best], NULL) == JRN_POLICY_OVERLAP_WEAK;
	for (i = 0; i < run->n; i++)
	{
		cluster += i > 0 && begins_cluster(run, i);
		if ((int) run->rows[i].arm == best)
			run->base[cluster] += run->rows[i].score;
		if (i % 65536 == 0)
			JRN_TICK(run->env);
	}
	return JRN_OK;
}

/* ---- overlap, R-PVA-4 ---- */

static void
settle_overlap(value_run *run)
{
	jrn_policy_report *report = run->report;
	jrn_policy_figure mean;

	jrn_policy_mean(run->weight, run->decisions, report->clusters, &mean);
	report->ess = jrn_policy_ess(&run->followed);
	report->max_weight = run->followed.largest;
	report->weight_mean = mean.estimate;
	report->weight_mean_se = mean.std_error;
	report->extreme = run->followed.rare / run->followed.n;
	report->overlap = jrn_policy_overlap_of(&run->followed, &mean);
}

/* ---- the report ---- */

static jrn_status
run_begin(value_run *run)
{
	size_t		clusters = 0;
	size_t		i;

	for (i = 0; i < run->n; i++)
		clusters += begins_cluster(run, i);
	run->report->clusters = (int64_t) clusters;
	JRN_TRY(jrn_alloc_zeroed(run->env, clusters, sizeof(double), &run->decisions));
	JRN_TRY(jrn_alloc_zeroed(run->env, clusters, sizeof(double), &run->value));
	JRN_TRY(jrn_alloc_zeroed(run->env, clusters, sizeof(double), &run->base));
	JRN_TRY(jrn_alloc_zeroed(run->env, clusters, sizeof(double), &run->weight));
	JRN_TRY(jrn_alloc_zeroed(run->env, (size_t) run->request->arms, sizeof(jrn_acc), &run->score));
	JRN_TRY(jrn_alloc_zeroed(run->env, (size_t) run->request->arms, sizeof(bool), &run->torn));
	JRN_TRY(jrn_alloc_zeroed(run->env, (size_t) run->request->arms, sizeof(jrn_policy_weights), &run->own));
	return jrn_alloc_zeroed(run->env, (size_t) run->request->arms, sizeof(double), &run->scored);
}

jrn_status
jrn_policy_report_make(const jrn_env *env, const jrn_policy_request *request, jrn_choice *rows,
					   size_t n, jrn_policy_report *report, jrn_policy_fault_at *fault)
{
	value_run	run;
	int64_t		c;

	memset(&run, 0, sizeof(run));
	memset(fault, 0, sizeof(*fault));
	memset(report, 0, sizeof(*report));
	report->best = -1;
	run.env = env;
	run.request = request;
	run.rows = rows;
	run.n = n;
	run.report = report;
	run.fault = fault;
	JRN_TRY(sort_rows(env, rows, n, NULL));
	JRN_TRY(run_begin(&run));
	if (n > 0)
		JRN_TRY(add_rows(&run));
	for (c = 0; c < report->clusters; c++)
		report->decisions += (int64_t) run.decisions[c];
	if (n > 0 && !request->has_base)
		JRN_TRY(best_strategy(&run));
	jrn_policy_mean(run.value, run.decisions, report->clusters, &report->value);
	for (c = 0; c < report->clusters; c++)
		run.base[c] = run.value[c] - run.base[c];
	jrn_policy_mean(run.base, run.decisions, request->has_base || report->best >= 0 ? report->clusters : 0,
					&report->difference);
	jrn_policy_test(&report->difference, report->clusters, &report->p_value, &report->minimum_detectable);
	if (request->has_overlap && n > 0)
		settle_overlap(&run);
	return JRN_OK;
}
