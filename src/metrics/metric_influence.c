/*
 * metric_influence.c
 *		The delta method over rows or clusters (requirements in
 *		metric_influence.h).
 */
#include <math.h>
#include <string.h>

#include "../core/dist.h"
#include "metric_influence.h"

#define ROWS_PER_TICK 16384

/*
 * Standard error of rows with influence f (weights included); f is used up
 * when there are clusters: their sums replace it.
 */
static jrn_status
error_of(const jrn_env *env, const jrn_ranks *ranks, const double *f, double weight, double *error)
{
	double		g = (double) ranks->clusters;
	const double *sums = f;
	double	   *by_cluster = NULL;
	jrn_acc		square = {0.0, 0.0};
	size_t		i;

	*error = NAN;
	if (ranks->clusters < 2)
		return JRN_OK;			/* R-INF-4 */
	if (ranks->cluster != NULL)
	{
		JRN_TRY(jrn_alloc_zeroed(env, ranks->clusters, sizeof(double), &by_cluster));
		for (i = 0; i < ranks->n; i++)
		{
			if (i % ROWS_PER_TICK == 0)
				JRN_TICK(env);
			by_cluster[ranks->cluster[i]] += f[i];
		}
		sums = by_cluster;
	}
	for (i = 0; i < ranks->clusters; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&square, sums[i] * sums[i]);
	}
	*error = sqrt(g / (g - 1.0) * jrn_acc_value(&square)) / weight;
	jrn_release(env, by_cluster);
	return JRN_OK;
}

static void
add_interval(const jrn_ranks *ranks, jrn_scale scale, jrn_figure *figure)
{
	if (isnan(figure->std_error))
		return;
	jrn_figure_interval(figure, scale, jrn_t_critical(JRN_METRIC_LEVEL, (double) ranks->clusters - 1.0));
}

static jrn_status
sum_rows(const jrn_env *env, const jrn_ranks *ranks, jrn_loss_kind kind, jrn_loss *loss)
{
	size_t		i;

	memset(loss, 0, sizeof(*loss));
	for (i = 0; i < ranks->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		JRN_TRY(jrn_loss_add(loss, kind, ranks->score[i], ranks->observed[i], jrn_ranks_weight(ranks, i)));
	}
	return JRN_OK;
}

/*
 * Influence of each row: of a mean l - mean; of its root that over twice the
 * root; of R squared -(e^2 - (1 - R^2) (y - mean y)^2)/variance (R-INF-2).
 */
static jrn_status
loss_influences(const jrn_env *env, const jrn_ranks *ranks, jrn_loss_kind kind,
				const jrn_loss *loss, double estimate, double *f)
{
	double		mean = jrn_loss_mean(loss);
	double		variance = loss->squares.hi / loss->weight.hi;
	size_t		i;

	for (i = 0; i < ranks->n; i++)
	{
		double		l;

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		JRN_TRY(jrn_loss_of(kind, ranks->score[i], ranks->observed[i], &l));
		if (kind == JRN_LOSS_VARIANCE)
		{
			double		d = (ranks->observed[i] - loss->mean.hi) - loss->mean.lo;

			l = ((1.0 - estimate) * d * d - l) / variance;
		}
		else if (kind == JRN_LOSS_SQUARE)
			l = estimate > 0.0 ? (l - mean) / (2.0 * estimate) : 0.0;
		else
			l -= mean;
		f[i] = jrn_ranks_weight(ranks, i) * l;
	}
	return JRN_OK;
}

jrn_status
jrn_loss_figure(const jrn_env *env, const jrn_ranks *ranks, jrn_loss_kind kind, jrn_figure *figure)
{
	jrn_loss	loss;
	double	   *f;

	figure->std_error = figure->low = figure->high = NAN;
	JRN_TRY(sum_rows(env, ranks, kind, &loss));
	figure->estimate = kind == JRN_LOSS_VARIANCE ? jrn_loss_r_squared(&loss) :
		kind == JRN_LOSS_SQUARE ? jrn_loss_root(&loss) : jrn_loss_mean(&loss);
	if (!isfinite(figure->estimate))
		return JRN_OK;			/* R-INF-4 */
	JRN_TRY(jrn_alloc_array(env, ranks->n, sizeof(double), &f));
	JRN_TRY(loss_influences(env, ranks, kind, &loss, figure->estimate, f));
	JRN_TRY(error_of(env, ranks, f, loss.weight.hi, &figure->std_error));
	jrn_release(env, f);
	add_interval(ranks, JRN_SCALE_PLAIN, figure);
	return JRN_OK;
}

jrn_status
jrn_cut_figure(const jrn_env *env, const jrn_ranks *ranks, jrn_cut_metric metric,
			   double threshold, jrn_figure *figure)
{
	jrn_acc		sums[4] = {{0.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}};
	double		cells[4];
	double		gradient[4];
	double		weight = 0.0;
	double		mean = 0.0;
	double	   *f;
	size_t		i;
	int			c;

	figure->std_error = figure->low = figure->high = NAN;
	for (i = 0; i < ranks->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&sums[jrn_confusion_cell(ranks->score[i], threshold, ranks->observed[i])],
					jrn_ranks_weight(ranks, i));
	}
	for (c = 0; c < 4; c++)
		weight += cells[c] = jrn_acc_value(&sums[c]);
	figure->estimate = jrn_cut_value(metric, cells);
	for (c = 0; c < 4; c++)
		cells[c] /= weight;
	if (!(weight > 0.0) || !jrn_cut_gradient(metric, cells, gradient))
		return JRN_OK;			/* R-INF-4 */
	for (c = 0; c < 4; c++)
		mean += cells[c] * gradient[c];
	JRN_TRY(jrn_alloc_array(env, ranks->n, sizeof(double), &f));
	for (i = 0; i < ranks->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		f[i] = jrn_ranks_weight(ranks, i) *
			(gradient[jrn_confusion_cell(ranks->score[i], threshold, ranks->observed[i])] - mean);
	}
	JRN_TRY(error_of(env, ranks, f, weight, &figure->std_error));
	jrn_release(env, f);
	add_interval(ranks, metric == JRN_CUT_MCC ? JRN_SCALE_ATANH : JRN_SCALE_LOGIT, figure);
	return JRN_OK;
}
