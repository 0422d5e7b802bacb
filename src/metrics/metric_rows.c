/*
 * metric_rows.c
 *		Sorted rows and intervals (requirements in metric_rows.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "../core/sort.h"
#include "metric_rows.h"
#include "metric_sort.h"

#define ROWS_PER_TICK 65536

/* Order within a tie of scores (R-ROWS-1). */
static inline int
tie_less(const jrn_metric_rows *rows, uint64_t i, uint64_t j)
{
	if (rows->observed[i] != rows->observed[j])
		return rows->observed[i] > rows->observed[j];
	if (rows->weight != NULL && rows->weight[i] != rows->weight[j])
		return rows->weight[i] < rows->weight[j];
	if (rows->prints == NULL)
		return 0;
	if (rows->prints[i].a != rows->prints[j].a)
		return rows->prints[i].a < rows->prints[j].a;
	return rows->prints[i].b < rows->prints[j].b;
}

#define TIE_LESS(ctx, x, y) tie_less(ctx, (x).payload, (y).payload)
JRN_SORT_DEFINE(sort_tie, jrn_score, const jrn_metric_rows *, TIE_LESS)

static jrn_status
sort_rows(const jrn_env *env, const jrn_metric_rows *rows, jrn_score *order)
{
	size_t		first,
				end,
				i;

	for (i = 0; i < rows->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		order[i].key = ~jrn_score_key(rows->predicted[i]);
		order[i].payload = i;
	}
	JRN_TRY(jrn_score_sort(env, order, rows->n));
	for (first = 0; first < rows->n; first = end)
	{
		for (end = first; end < rows->n && order[end].key == order[first].key; end++)
			if (end % ROWS_PER_TICK == 0)
				JRN_TICK(env);
		JRN_TRY(sort_tie(env, order + first, end - first, rows));
	}
	return JRN_OK;
}

/* R-ROWS-2 */
static jrn_status
number_clusters(const jrn_env *env, const jrn_metric_rows *rows, const jrn_score *order, jrn_ranks *ranks)
{
	jrn_cluster_print *prints;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, rows->n, sizeof(jrn_cluster_print), &prints));
	JRN_TRY(jrn_alloc_array(env, rows->n, sizeof(uint32_t), &ranks->cluster));
	for (i = 0; i < rows->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		prints[i] = rows->prints[order[i].payload];
	}
	JRN_TRY(jrn_cluster_ids(env, prints, rows->n, ranks->cluster, &ranks->clusters));
	JRN_TRY(jrn_alloc_array(env, ranks->clusters, sizeof(uint64_t), &ranks->cluster_hash));
	for (i = 0; i < rows->n; i++)
		ranks->cluster_hash[ranks->cluster[i]] = prints[i].a;
	jrn_release(env, prints);
	return JRN_OK;
}

jrn_status
jrn_ranks_sort(const jrn_env *env, const jrn_metric_rows *rows, jrn_ranks *ranks)
{
	jrn_score  *order;
	size_t		i;

	memset(ranks, 0, sizeof(*ranks));
	if (rows->n >= UINT32_MAX - 1)
		return JRN_LIMIT;		/* R-ROWS-3 */
	ranks->n = rows->n;
	ranks->clusters = (uint32_t) rows->n;
	JRN_TRY(jrn_alloc_array(env, rows->n, sizeof(jrn_score), &order));
	JRN_TRY(sort_rows(env, rows, order));
	JRN_TRY(jrn_alloc_array(env, rows->n, sizeof(double), &ranks->score));
	JRN_TRY(jrn_alloc_array(env, rows->n, sizeof(double), &ranks->observed));
	if (rows->weight != NULL)
		JRN_TRY(jrn_alloc_array(env, rows->n, sizeof(double), &ranks->weight));
	for (i = 0; i < rows->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		ranks->score[i] = rows->predicted[order[i].payload] + 0.0;
		ranks->observed[i] = rows->observed[order[i].payload];
		if (rows->weight != NULL)
			ranks->weight[i] = rows->weight[order[i].payload];
	}
	if (rows->prints != NULL)
		JRN_TRY(number_clusters(env, rows, order, ranks));
	jrn_release(env, order);
	return JRN_OK;
}

void
jrn_figure_interval(jrn_figure *figure, jrn_scale scale, double critical)
{
	double		x = figure->estimate;
	double		half = critical * figure->std_error;

	figure->low = figure->high = NAN;
	if (!(half > 0.0) || !isfinite(half) || !isfinite(x))
		return;
	switch (scale)
	{
		case JRN_SCALE_PLAIN:
			figure->low = x - half;
			figure->high = x + half;
			return;
		case JRN_SCALE_LOGIT:
			if (!(x > 0.0 && x < 1.0))
				return;
			half /= x * (1.0 - x);
			figure->low = jrn_logistic(log(x) - log1p(-x) - half);
			figure->high = jrn_logistic(log(x) - log1p(-x) + half);
			return;
		case JRN_SCALE_ATANH:
			if (!(x > -1.0 && x < 1.0))
				return;
			half /= (1.0 - x) * (1.0 + x);
			figure->low = tanh(atanh(x) - half);
			figure->high = tanh(atanh(x) + half);
			return;
	}
}
