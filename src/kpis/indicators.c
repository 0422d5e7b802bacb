/*
 * indicators.c
 *		Net promoter score, shares and means (see indicators.h).
 */
#include "indicators.h"

#include <math.h>
#include <string.h>

#include "../core/dist.h"
#include "../core/sort.h"
#include "../core/sums.h"

#define MAX_CLUSTERS ((size_t) 1 << 31)
#define CLUSTERS_PER_TICK 16384

/* ---- rows ---- */

/* One value into mean and squares (Welford 1962). */
static void
add_value(jrn_indicator *sums, double value)
{
	jrn_dd		x = jrn_dd_from(value);
	jrn_dd		before = jrn_dd_add(x, jrn_dd_negate(sums->mean));

	sums->mean = jrn_dd_add(sums->mean, jrn_dd_div(before, sums->n));
	sums->squares = jrn_dd_add(sums->squares,
							   jrn_dd_mul(before, jrn_dd_add(x, jrn_dd_negate(sums->mean))));
}

void
jrn_indicator_add(jrn_indicator *sums, jrn_indicator_kind kind, double value)
{
	sums->n += 1.0;
	if (kind == JRN_INDICATOR_MEAN)
		add_value(sums, value);
	else if (value > 0.0)
		sums->hits += 1.0;
	else if (value < 0.0)
		sums->misses += 1.0;
}

void
jrn_indicator_merge(jrn_indicator *sums, const jrn_indicator *more)
{
	jrn_dd		apart = jrn_dd_add(more->mean, jrn_dd_negate(sums->mean));
	double		n = sums->n + more->n;
	jrn_dd		shift;

	if (more->n == 0.0)
		return;
	/* means: Chan, Golub and LeVeque 1979 */
	shift = jrn_dd_div(jrn_dd_mul(apart, jrn_dd_from(more->n)), n);
	sums->squares = jrn_dd_add(jrn_dd_add(sums->squares, more->squares),
							   jrn_dd_mul(jrn_dd_mul(apart, shift), jrn_dd_from(sums->n)));
	sums->mean = jrn_dd_add(sums->mean, shift);
	sums->hits += more->hits;
	sums->misses += more->misses;
	sums->n = n;
}

/* ---- figures ---- */

static jrn_figure
figure_of(double estimate, double std_error, double critical)
{
	jrn_figure	figure = {estimate, std_error, (double) NAN, (double) NAN};

	if (std_error > 0.0)		/* R-KPI-3 */
	{
		figure.low = estimate - critical * std_error;
		figure.high = estimate + critical * std_error;
	}
	return figure;
}

/* R-KPI-4, after the figures of codes -1, 0, 1. */
static jrn_figure
score_of(jrn_figure figure)
{
	figure.estimate *= 100.0;
	figure.std_error *= 100.0;
	/* NaN fails both tests and stays */
	figure.low = figure.low < -1.0 ? -100.0 : 100.0 * figure.low;
	figure.high = figure.high > 1.0 ? 100.0 : 100.0 * figure.high;
	return figure;
}

jrn_figure
jrn_indicator_figure(const jrn_indicator *sums, jrn_indicator_kind kind)
{
	double		n = sums->n;
	double		p = sums->hits / n;
	double		d = sums->misses / n;
	jrn_figure	figure;

	if (kind == JRN_INDICATOR_MEAN)
		return figure_of(sums->mean.hi,
						 n > 1.0 ? sqrt(fmax(sums->squares.hi, 0.0) / (n - 1.0) / n) : (double) NAN,
						 n > 1.0 ? jrn_t_critical(JRN_INDICATOR_LEVEL, n - 1.0) : (double) NAN);
	if (kind == JRN_INDICATOR_NPS)
	{
		double		score = (sums->hits - sums->misses) / n;

		/* p + d - (p - d)^2, where nothing cancels */
		return score_of(figure_of(score,
								  sqrt((p * (1.0 - p) + d * (1.0 - d) + 2.0 * p * d) / n),
								  jrn_normal_critical(JRN_INDICATOR_LEVEL)));
	}
	figure.estimate = p;
	figure.std_error = sqrt(p * ((n - sums->hits) / n) / n);
	jrn_wilson(sums->hits, n, JRN_INDICATOR_LEVEL, &figure.low, &figure.high);
	return figure;
}

/* ---- clusters ---- */

/* Where a cluster is, or the free slot for it. */
static size_t
find_slot(const jrn_clusters *clusters, const jrn_cluster_sum *wanted)
{
	size_t		mask = clusters->slot_count - 1;
	size_t		slot = (size_t) wanted->a & mask;

	while (clusters->slots[slot] != 0)
	{
		const jrn_cluster_sum *there = &clusters->list[clusters->slots[slot] - 1];

		if (there->a == wanted->a && there->b == wanted->b)
			break;
		slot = (slot + 1) & mask;
	}
	return slot;
}

/* Twice the slots, at most half of them taken. */
static jrn_status
grow_slots(jrn_clusters *clusters)
{
	size_t		i;

	jrn_release(clusters->env, clusters->slots);
	clusters->slots = NULL;
	clusters->slot_count = clusters->slot_count == 0 ? 16 : 2 * clusters->slot_count;
	JRN_TRY(jrn_alloc_zeroed(clusters->env, clusters->slot_count, sizeof(uint32_t),
							 &clusters->slots));
	for (i = 0; i < clusters->count; i++)
	{
		if (i % CLUSTERS_PER_TICK == CLUSTERS_PER_TICK - 1)
			JRN_TICK(clusters->env);
		clusters->slots[find_slot(clusters, &clusters->list[i])] = (uint32_t) i + 1;
	}
	return JRN_OK;
}

jrn_status
jrn_clusters_add(jrn_clusters *clusters, const jrn_cluster_sum *rows)
{
	size_t		slot;
	jrn_cluster_sum *cluster;

	if (2 * clusters->count >= clusters->slot_count)
		JRN_TRY(grow_slots(clusters));
	slot = find_slot(clusters, rows);
	if (clusters->slots[slot] == 0)
	{
		if (clusters->count >= MAX_CLUSTERS)
			return JRN_LIMIT;
		JRN_TRY(jrn_grow_array(clusters->env, clusters->count, &clusters->capacity,
							   sizeof(jrn_cluster_sum), &clusters->list));
		clusters->list[clusters->count] = *rows;
		clusters->slots[slot] = (uint32_t) ++clusters->count;
		return JRN_OK;
	}
	cluster = &clusters->list[clusters->slots[slot] - 1];
	cluster->n += rows->n;
	cluster->sum = jrn_dd_add(cluster->sum, rows->sum);
	if (cluster->n > JRN_CLUSTER_ROWS)
		return JRN_LIMIT;
	return isfinite(cluster->sum.hi) && isfinite(cluster->sum.lo) ? JRN_OK : JRN_NONFINITE;
}

static inline bool
cluster_before(int unused, jrn_cluster_sum x, jrn_cluster_sum y)
{
	(void) unused;
	return x.a != y.a ? x.a < y.a : x.b < y.b;
}

JRN_SORT_DEFINE(sort_clusters, jrn_cluster_sum, int, cluster_before)

/* Sum of squared residual sums. */
static jrn_status
sum_squares(const jrn_env *env, const jrn_cluster_sum *list, size_t count, jrn_dd mean,
			double *squares)
{
	jrn_acc		sum = {0.0, 0.0};
	size_t		i;

	for (i = 0; i < count; i++)
	{
		jrn_dd		expected = jrn_dd_mul(mean, jrn_dd_from((double) list[i].n));
		double		residual = jrn_dd_add(list[i].sum, jrn_dd_negate(expected)).hi;

		if (i % CLUSTERS_PER_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&sum, residual * residual);
	}
	*squares = jrn_acc_value(&sum);
	return JRN_OK;
}

/* R-KPI-2. */
static jrn_figure
clustered_share(double p, double hits, double n, double clusters, double std_error)
{
	jrn_figure	figure = {p, std_error, (double) NAN, (double) NAN};
	bool		mixed = hits > 0.0 && hits < n;
	double		effective = mixed ? n : clusters;
	double		ratio;

	if (isnan(std_error))
		return figure;
	if (mixed && p * (1.0 - p) < n * std_error * std_error)
		effective = p * (1.0 - p) / (std_error * std_error);
	/* Wilson's interval is a function of p and z^2/n: move t from z to n */
	ratio = jrn_normal_critical(JRN_INDICATOR_LEVEL) /
		jrn_t_critical(JRN_INDICATOR_LEVEL, clusters - 1.0);
	effective *= ratio * ratio;
	jrn_wilson(mixed ? p * effective : hits > 0.0 ? effective : 0.0, effective,
			   JRN_INDICATOR_LEVEL, &figure.low, &figure.high);
	return figure;
}

jrn_status
jrn_clusters_figure(const jrn_env *env, const jrn_clusters *clusters, jrn_indicator_kind kind,
					jrn_figure *figure, int64_t *n)
{
	size_t		count = clusters->count;
	double		g = (double) count;
	jrn_cluster_sum *list;
	jrn_dd		sum = {0.0, 0.0};
	jrn_dd		mean;
	double		std_error = (double) NAN;
	double		critical = (double) NAN;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, count, sizeof(jrn_cluster_sum), &list));
	memcpy(list, clusters->list, count * sizeof(jrn_cluster_sum));
	JRN_TRY(sort_clusters(env, list, count, 0));
	*n = 0;
	for (i = 0; i < count; i++)
	{
		*n += list[i].n;
		sum = jrn_dd_add(sum, list[i].sum);
	}
	mean = jrn_dd_div(sum, (double) *n);
	if (count > 1)
	{
		double		squares;

		JRN_TRY(sum_squares(env, list, count, mean, &squares));
		std_error = sqrt(g / (g - 1.0) * squares) / (double) *n;
		critical = jrn_t_critical(JRN_INDICATOR_LEVEL, g - 1.0);
	}
	if (kind == JRN_INDICATOR_CSAT || kind == JRN_INDICATOR_RATE)
		*figure = clustered_share(mean.hi, sum.hi, (double) *n, g, std_error);
	else
		*figure = figure_of(mean.hi, std_error, critical);
	if (kind == JRN_INDICATOR_NPS)
		*figure = score_of(*figure);
	jrn_release(env, list);
	return JRN_OK;
}
