/*
 * metric_tables.c
 *		ROC, gains and calibration (requirements in metric_tables.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "../core/sums.h"
#include "metric_influence.h"
#include "metric_tables.h"

#define ROWS_PER_TICK 16384

/* The row behind the tie that begins at first; positives of the tie. */
static size_t
next_tie(const jrn_ranks *ranks, size_t first, uint64_t *positive)
{
	size_t		i;

	*positive = 0;
	for (i = first; i < ranks->n && ranks->score[i] == ranks->score[first]; i++)
		*positive += ranks->observed[i] == 1.0;
	return i;
}

static jrn_status
count_positives(const jrn_env *env, const jrn_ranks *ranks, uint64_t *positives)
{
	size_t		i;

	*positives = 0;
	for (i = 0; i < ranks->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		*positives += ranks->observed[i] == 1.0;
	}
	return JRN_OK;
}

/* R-TAB-1 */
jrn_status
jrn_roc(const jrn_env *env, const jrn_ranks *ranks, jrn_roc_point **points, size_t *count)
{
	jrn_roc_point *list;
	uint64_t	positives;
	uint64_t	above = 0;
	size_t		ties = 0;
	size_t		i;

	*count = 0;
	JRN_TRY(count_positives(env, ranks, &positives));
	for (i = 0; i < ranks->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		ties += i == 0 || ranks->score[i] != ranks->score[i - 1];
	}
	JRN_TRY(jrn_alloc_array(env, ties + 1, sizeof(jrn_roc_point), &list));
	*points = list;
	for (i = 0; i < ranks->n || *count == 0;)
	{
		jrn_roc_point *point = &list[*count];
		uint64_t	tied;

		if (*count % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		if (ranks->n == 0)
			return JRN_OK;
		point->threshold = *count == 0 ? (double) INFINITY : ranks->score[i];
		if (*count > 0)
		{
			i = next_tie(ranks, i, &tied);
			above += tied;
		}
		point->tpr = positives > 0 ? (double) above / (double) positives : (double) NAN;
		point->fpr = ranks->n > positives ?
			(double) (i - above) / (double) (ranks->n - positives) : (double) NAN;
		(*count)++;
	}
	return JRN_OK;
}

/* R-TAB-2 */
jrn_status
jrn_gains(const jrn_env *env, const jrn_ranks *ranks, uint32_t bins, jrn_gain *gains)
{
	uint64_t	positives;
	uint64_t	above = 0;		/* positives of the ties before the current one */
	uint64_t	tied = 0;
	size_t		first = 0;
	size_t		end = 0;
	uint32_t	k;

	JRN_TRY(count_positives(env, ranks, &positives));
	for (k = 1; k <= bins; k++)
	{
		jrn_gain   *gain = &gains[k - 1];
		uint64_t	n = (uint64_t) (((unsigned __int128) k * ranks->n + bins - 1) / bins);

		if (k % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		while (end < n)
		{
			above += tied;
			first = end;
			end = next_tie(ranks, first, &tied);
		}
		gain->fraction = (double) k / (double) bins;
		gain->n = n;
		gain->events = end == n ? (double) (above + tied) :
			(double) above + (double) tied * (double) (n - first) / (double) (end - first);
		gain->captured = positives > 0 ? gain->events / (double) positives : (double) NAN;
		gain->lift = positives > 0 && n > 0 ?
			gain->events * (double) ranks->n / ((double) n * (double) positives) : (double) NAN;
	}
	return JRN_OK;
}

/* R-TAB-4; rows first to end - 1 are those of the bin. */
static jrn_status
bin_interval(const jrn_env *env, const jrn_ranks *ranks, size_t first, size_t end,
			 double *by_cluster, uint32_t *touched, jrn_calibration_bin *row)
{
	double		n = (double) row->n;
	double		p = row->observed;
	double		rows = n;
	double		square = 0.0;
	uint32_t	clusters = 0;
	size_t		i;

	for (i = first; ranks->cluster != NULL && i < end; i++)
	{
		uint32_t	c = ranks->cluster[i];

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		if (isnan(by_cluster[c]))
		{
			by_cluster[c] = 0.0;
			touched[clusters++] = c;
		}
		by_cluster[c] += ranks->observed[i] - p;
	}
	for (i = 0; i < clusters; i++)
	{
		square += by_cluster[touched[i]] * by_cluster[touched[i]];
		by_cluster[touched[i]] = NAN;
	}
	if (clusters == 1)
	{
		row->low = row->high = NAN;	/* one cluster says nothing about others */
		return JRN_OK;
	}
	if (clusters > 1 && p > 0.0 && p < 1.0)
	{
		double		g = (double) clusters;
		double		variance = g / (g - 1.0) * square / (n * n);

		/* clusters that cancel exactly have no variance: then n is the bound */
		rows = variance > 0.0 ? fmin(n, p * (1.0 - p) / variance) : n;
	}
	else if (clusters > 1)
		rows = (double) clusters;
	jrn_wilson(p * rows, rows, JRN_METRIC_LEVEL, &row->low, &row->high);
	return JRN_OK;
}

/* The bin of the tie from row first to end - 1, counted from 0; R-TAB-3. */
static uint32_t
bin_of(const jrn_ranks *ranks, uint32_t bins, int equal_mass, size_t first, size_t end)
{
	double		scaled;

	if (equal_mass)
		return (uint32_t) ((unsigned __int128) bins * (2 * (ranks->n - end) + (end - first)) /
						   (2 * (unsigned __int128) ranks->n));
	scaled = floor(ranks->score[first] * (double) bins);
	return scaled >= (double) bins ? bins - 1 : (uint32_t) scaled;
}

/* Rows first to end - 1, highest score first, as a bin. */
static jrn_status
put_bin(const jrn_env *env, const jrn_ranks *ranks, size_t first, size_t end, uint32_t bin,
		double *by_cluster, uint32_t *touched, jrn_calibration_bin *row)
{
	jrn_acc		sum = {0.0, 0.0};
	double		positive = 0.0;
	size_t		i;

	for (i = first; i < end; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&sum, ranks->score[i]);
		positive += ranks->observed[i];
	}
	row->bin = bin + 1;
	row->n = end - first;
	row->predicted = jrn_acc_value(&sum) / (double) row->n;
	row->observed = positive / (double) row->n;
	return bin_interval(env, ranks, first, end, by_cluster, touched, row);
}

jrn_status
jrn_calibration(const jrn_env *env, const jrn_ranks *ranks, uint32_t bins, int equal_mass,
				jrn_calibration_bin *table, size_t *count)
{
	double	   *by_cluster = NULL;
	uint32_t   *touched = NULL;
	uint64_t	ignored;
	size_t		ticked = SIZE_MAX;
	size_t		first,
				end,
				next;
	size_t		i;

	*count = 0;
	if (ranks->cluster != NULL)
	{
		JRN_TRY(jrn_alloc_array(env, ranks->clusters, sizeof(double), &by_cluster));
		JRN_TRY(jrn_alloc_array(env, ranks->clusters, sizeof(uint32_t), &touched));
		for (i = 0; i < ranks->clusters; i++)
			by_cluster[i] = NAN;
	}
	for (first = 0; first < ranks->n; first = end)
	{
		uint32_t	bin;

		end = next_tie(ranks, first, &ignored);
		bin = bin_of(ranks, bins, equal_mass, first, end);
		while (end < ranks->n)
		{
			if (end / ROWS_PER_TICK != ticked)
			{
				ticked = end / ROWS_PER_TICK;
				JRN_TICK(env);
			}
			next = next_tie(ranks, end, &ignored);
			if (bin_of(ranks, bins, equal_mass, end, next) != bin)
				break;
			end = next;
		}
		JRN_TRY(put_bin(env, ranks, first, end, bin, by_cluster, touched, &table[(*count)++]));
	}
	/* lowest bin first */
	for (i = 0; i < *count / 2; i++)
	{
		jrn_calibration_bin swap = table[i];

		table[i] = table[*count - 1 - i];
		table[*count - 1 - i] = swap;
	}
	jrn_release(env, touched);
	jrn_release(env, by_cluster);
	return JRN_OK;
}
