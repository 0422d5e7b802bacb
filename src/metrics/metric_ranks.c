/*
 * metric_ranks.c
 *		Average precision, lift and weighted AUC over sorted rows (requirements
 *		in metric_ranks.h).
 */
#include <math.h>
#include <stdbool.h>

#include "../core/sums.h"
#include "metric_ranks.h"

#define ROWS_PER_TICK 16384

/* How much row i counts. */
static inline double
row_weight(const jrn_ranks *ranks, const int32_t *times, size_t i)
{
	double		weight = jrn_ranks_weight(ranks, i);

	return times == NULL ? weight : weight * times[jrn_ranks_cluster(ranks, i)];
}

/* Weights of the tie that begins at row first; gives the row behind it. */
static size_t
next_tie(const jrn_ranks *ranks, const int32_t *times, size_t first, double *all, double *positive)
{
	size_t		i;

	*all = *positive = 0.0;
	for (i = first; i < ranks->n && ranks->score[i] == ranks->score[first]; i++)
	{
		double		weight = row_weight(ranks, times, i);

		*all += weight;
		*positive += weight * ranks->observed[i];	/* 0 or 1: cheaper than a guess */
	}
	return i;
}

/* A tick when row i is far enough from the last one. */
static inline jrn_status
tick_at(const jrn_env *env, size_t i, size_t *ticked)
{
	if (i == 0 || i - *ticked >= ROWS_PER_TICK)
	{
		*ticked = i;
		JRN_TICK(env);
	}
	return JRN_OK;
}

/* R-RANK-1 */
jrn_status
jrn_average_precision(const jrn_env *env, const jrn_ranks *ranks, const int32_t *times, double *value)
{
	double		all = 0.0;
	double		positive = 0.0;
	jrn_acc		sum = {0.0, 0.0};
	size_t		ticked = 0;
	size_t		i;

	for (i = 0; i < ranks->n;)
	{
		double		tied;
		double		tied_positive;

		JRN_TRY(tick_at(env, i, &ticked));
		i = next_tie(ranks, times, i, &tied, &tied_positive);
		all += tied;
		positive += tied_positive;
		jrn_acc_add(&sum, tied_positive * (positive / (all > 0.0 ? all : 1.0)));
	}
	*value = positive > 0.0 ? jrn_acc_value(&sum) / positive : (double) NAN;
	return JRN_OK;
}

/* Weight of the positives among the first cut of weight, ties in part. */
static jrn_status
captured(const jrn_env *env, const jrn_ranks *ranks, const int32_t *times, double cut, double *events)
{
	double		before = 0.0;
	size_t		ticked = 0;
	size_t		i;

	*events = 0.0;
	for (i = 0; i < ranks->n;)
	{
		double		tied;
		double		tied_positive;

		JRN_TRY(tick_at(env, i, &ticked));
		i = next_tie(ranks, times, i, &tied, &tied_positive);
		if (tied > 0.0 && before + tied >= cut)
		{
			*events += tied_positive * ((cut - before) / tied);
			return JRN_OK;
		}
		before += tied;
		*events += tied_positive;
	}
	return JRN_OK;
}

/* R-RANK-2 */
jrn_status
jrn_lift(const jrn_env *env, const jrn_ranks *ranks, double fraction, const int32_t *times, double *value)
{
	double		all = 0.0;
	double		positive = 0.0;
	double		cut;
	double		events;
	size_t		i;

	*value = NAN;
	for (i = 0; i < ranks->n; i++)
	{
		double		weight = row_weight(ranks, times, i);

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		all += weight;
		positive += weight * ranks->observed[i];
	}
	if (!(positive > 0.0))
		return JRN_OK;
	cut = fraction * all;
	if (ranks->weight == NULL)
		cut = fabs(cut - nearbyint(cut)) <= 1e-9 * fmax(cut, 1.0) && nearbyint(cut) >= 1.0 ?
			nearbyint(cut) : ceil(cut);
	JRN_TRY(captured(env, ranks, times, cut, &events));
	*value = events / cut / (positive / all);
	return JRN_OK;
}

/* ---- weighted AUC, R-RANK-3 ---- */

/* By cluster and class: weights, weights times placements, and whether a row is there. */
typedef struct class_part
{
	double		weight[2];
	double		placed[2];
	bool		has[2];
} class_part;

/* Placements of the rows of a tie are summed into their clusters. */
static jrn_status
place_ties(const jrn_env *env, const jrn_ranks *ranks, const double total[2], class_part *parts)
{
	double		above[2] = {0.0, 0.0};	/* weights of higher score */
	size_t		ticked = 0;
	size_t		first,
				end,
				i;

	for (first = 0; first < ranks->n; first = end)
	{
		double		all;
		double		tied[2];

		JRN_TRY(tick_at(env, first, &ticked));
		end = next_tie(ranks, NULL, first, &all, &tied[1]);
		tied[0] = all - tied[1];
		for (i = first; i < end; i++)
		{
			int			class = ranks->observed[i] == 1.0;
			class_part *part = &parts[jrn_ranks_cluster(ranks, i)];
			double		placement = class ?
				(total[0] - above[0] - 0.5 * tied[0]) / total[0] :
				(above[1] + 0.5 * tied[1]) / total[1];

			part->has[class] = true;
			part->weight[class] += jrn_ranks_weight(ranks, i);
			part->placed[class] += jrn_ranks_weight(ranks, i) * placement;
		}
		above[0] += tied[0];
		above[1] += tied[1];
	}
	return JRN_OK;
}

static double
few(double count)
{
	return count / (count - 1.0);
}

static void
variance_of_parts(const class_part *parts, size_t count, const double total[2], double auc, double *variance)
{
	double		used[3] = {0.0, 0.0, 0.0};
	jrn_acc		s[3] = {{0.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}};
	size_t		i;

	for (i = 0; i < count; i++)
	{
		double		x = (parts[i].placed[1] - auc * parts[i].weight[1]) / total[1];
		double		y = (parts[i].placed[0] - auc * parts[i].weight[0]) / total[0];

		used[0] += parts[i].has[0];
		used[1] += parts[i].has[1];
		used[2] += parts[i].has[0] || parts[i].has[1];
		jrn_acc_add(&s[1], x * x);
		jrn_acc_add(&s[0], y * y);
		jrn_acc_add(&s[2], x * y);
	}
	if (used[0] < 2.0 || used[1] < 2.0)
		return;
	*variance = fmax(0.0, few(used[1]) * jrn_acc_value(&s[1]) + few(used[0]) * jrn_acc_value(&s[0]) +
					 2.0 * few(used[2]) * jrn_acc_value(&s[2]));
}

jrn_status
jrn_weighted_auc(const jrn_env *env, const jrn_ranks *ranks, double *auc, double *variance)
{
	class_part *parts;
	jrn_acc		sums[2] = {{0.0, 0.0}, {0.0, 0.0}};
	jrn_acc		placed = {0.0, 0.0};
	double		total[2];
	size_t		i;

	*auc = *variance = NAN;
	for (i = 0; i < ranks->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&sums[ranks->observed[i] == 1.0], jrn_ranks_weight(ranks, i));
	}
	total[0] = jrn_acc_value(&sums[0]);
	total[1] = jrn_acc_value(&sums[1]);
	if (!(total[0] > 0.0) || !(total[1] > 0.0))
		return JRN_OK;
	JRN_TRY(jrn_alloc_zeroed(env, ranks->clusters, sizeof(class_part), &parts));
	JRN_TRY(place_ties(env, ranks, total, parts));
	for (i = 0; i < ranks->clusters; i++)
		jrn_acc_add(&placed, parts[i].placed[1]);
	*auc = fmin(1.0, fmax(0.0, jrn_acc_value(&placed) / total[1]));
	variance_of_parts(parts, ranks->clusters, total, *auc, variance);
	jrn_release(env, parts);
	return JRN_OK;
}
