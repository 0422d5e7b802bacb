/*
 * effect_groups.c
 *		Calibration and groups of predicted effects (requirements in
 *		effect_groups.h).
 */
#include "effect_groups.h"

#include <math.h>
#include <string.h>

#include "../core/dist.h"
#include "../core/sums.h"
#include "../metrics/metric_sort.h"
#include "maxt.h"

#define ROWS_PER_TICK 4096

/* Keys from which intervals are normal (R-EGR-4). */
#define MANY_KEYS 100

/* Spreads below this part of the values are rounding. */
#define NO_SPREAD 1e-12

double
jrn_effect_df(int64_t keys, int64_t baseline_keys)
{
	int64_t		least = keys < baseline_keys ? keys : baseline_keys;

	return least < 2 ? NAN : least < MANY_KEYS ? (double) (least - 1) : INFINITY;
}

static void
no_figure(jrn_effect_figure *figure, jrn_effect_status status)
{
	figure->estimate = figure->std_error = figure->low = figure->high = figure->p_value = NAN;
	figure->status = status;
}

/* size: of the values that the error comes from (R-EGR-7). */
static void
make_figure(double estimate, double std_error, double df, double size, jrn_effect_figure *figure)
{
	double		half;

	no_figure(figure, JRN_EFFECT_OK);
	if (isnan(df))
		figure->status = JRN_EFFECT_TOO_FEW;
	figure->estimate = estimate;
	figure->std_error = std_error;
	if (isnan(df) || !(std_error > NO_SPREAD * size))
		return;
	half = jrn_t_critical(JRN_EFFECT_LEVEL, df) * std_error;
	figure->low = estimate - half;
	figure->high = estimate + half;
	figure->p_value = jrn_t_two_sided(estimate / std_error, df);
}

/* Keys of all rows and of the two strategies; rows of a key are adjacent. */
typedef struct key_counts
{
	int64_t		all;
	int64_t		arm;
	int64_t		baseline;
	int64_t		last;			/* keys seen last, -1 before */
	int64_t		last_arm;
	int64_t		last_baseline;
} key_counts;

static void
no_keys(key_counts *keys)
{
	memset(keys, 0, sizeof(*keys));
	keys->last = keys->last_arm = keys->last_baseline = -1;
}

static void
count_key(key_counts *keys, int64_t cluster, bool is_arm, bool is_baseline)
{
	keys->all += cluster != keys->last;
	keys->last = cluster;
	if (is_arm)
	{
		keys->arm += cluster != keys->last_arm;
		keys->last_arm = cluster;
	}
	if (is_baseline)
	{
		keys->baseline += cluster != keys->last_baseline;
		keys->last_baseline = cluster;
	}
}

/* ---- calibration ---- */

/* What the rows add up to before the second look. */
typedef struct line_sums
{
	double	   *fold_mean;		/* [folds] of the predicted effect */
	double		mean;			/* of the score */
	double		spread;			/* sum of v^2 */
	double		product;		/* sum of v and score */
	double		largest;		/* predicted effect */
	double		largest_score;
	key_counts	keys;
} line_sums;

static jrn_status
sum_line(const jrn_env *env, const jrn_score_table *table, const jrn_effect_model *model, int arm,
		 int baseline, line_sums *s)
{
	double	   *rows;
	jrn_acc		mean = {0.0, 0.0};
	jrn_acc		spread = {0.0, 0.0};
	jrn_acc		product = {0.0, 0.0};
	size_t		i;

	memset(s, 0, sizeof(*s));
	no_keys(&s->keys);
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) table->folds, sizeof(double), &s->fold_mean));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) table->folds, sizeof(double), &rows));
	for (i = 0; i < table->n; i++)
	{
		int32_t		fold = table->fold[i];

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		rows[fold] += 1.0;
		s->fold_mean[fold] += (model->effect[i] - s->fold_mean[fold]) / rows[fold];
		s->largest = fmax(s->largest, fabs(model->effect[i]));
		s->largest_score = fmax(s->largest_score, fabs(model->score[i]));
		jrn_acc_add(&mean, model->score[i]);
		count_key(&s->keys, table->cluster[i], table->arm[i] == arm, table->arm[i] == baseline);
	}
	s->mean = jrn_acc_value(&mean) / (double) table->n;
	for (i = 0; i < table->n; i++)
	{
		double		v = model->effect[i] - s->fold_mean[table->fold[i]];

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&spread, v * v);
		jrn_acc_add(&product, v * (model->score[i] - s->mean));
	}
	s->spread = jrn_acc_value(&spread);
	s->product = jrn_acc_value(&product);
	jrn_release(env, rows);
	return JRN_OK;
}

jrn_status
jrn_effect_calibrate(const jrn_env *env, const jrn_score_table *table, const jrn_effect_model *model,
					 int arm, int baseline, jrn_effect_calibration *out)
{
	line_sums	s;
	double		slope;
	double		df;
	double		factor;
	jrn_acc		mean_squares = {0.0, 0.0};
	jrn_acc		slope_squares = {0.0, 0.0};
	double		of_mean = 0.0;	/* influences of the open cluster */
	double		of_slope = 0.0;
	bool		constant;
	size_t		i;

	no_figure(&out->mean_effect, JRN_EFFECT_TOO_FEW);
	no_figure(&out->heterogeneity, JRN_EFFECT_TOO_FEW);
	if (table->n == 0 || !model->known)
		return JRN_OK;
	JRN_TRY(sum_line(env, table, model, arm, baseline, &s));
	constant = !(sqrt(s.spread / (double) table->n) > NO_SPREAD * s.largest);
	slope = constant ? NAN : s.product / s.spread;
	for (i = 0; i < table->n; i++)
	{
		double		v = model->effect[i] - s.fold_mean[table->fold[i]];
		double		left = model->score[i] - s.mean;

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		of_mean += left;
		of_slope += v * (left - slope * v);
		if (i + 1 == table->n || table->cluster[i + 1] != table->cluster[i])
		{
			jrn_acc_add(&mean_squares, of_mean * of_mean);
			jrn_acc_add(&slope_squares, of_slope * of_slope);
			of_mean = of_slope = 0.0;
		}
	}
	factor = s.keys.all > 1 ? (double) s.keys.all / ((double) s.keys.all - 1.0) : NAN;
	df = jrn_effect_df(s.keys.arm, s.keys.baseline);
	make_figure(s.mean, sqrt(factor * jrn_acc_value(&mean_squares)) / (double) table->n, df,
				s.largest_score / sqrt((double) table->n), &out->mean_effect);
	if (constant)
		no_figure(&out->heterogeneity, JRN_EFFECT_CONSTANT);
	else
	{
		jrn_effect_figure *h = &out->heterogeneity;

		make_figure(slope, sqrt((1.0 + model->noise) * factor * jrn_acc_value(&slope_squares)) / s.spread,
					df, s.largest_score / sqrt(s.spread), h);
		if (isnan(model->noise))
			h->status = JRN_EFFECT_NO_ERROR;
		if (!isnan(h->p_value))
			h->p_value = jrn_t_upper(slope / h->std_error, df);	/* R-EGR-2 */
	}
	jrn_release(env, s.fold_mean);
	return JRN_OK;
}

/* ---- groups ---- */

/* R-EGR-5 for the rows of one fold; group_of[n] from 0. */
static jrn_status
deal_fold(const jrn_env *env, const jrn_effect_model *model, jrn_score *rows, size_t n,
		  int groups, int32_t *group_of)
{
	size_t		first,
				end,
				i;

	for (i = 0; i < n; i++)
		rows[i].key = jrn_score_key(model->effect[rows[i].payload]);
	JRN_TRY(jrn_score_sort(env, rows, n));
	for (first = 0; first < n; first = end)
	{
		uint64_t	twice;
		int32_t		group;

		for (end = first; end < n && rows[end].key == rows[first].key; end++)
			if (end % ROWS_PER_TICK == 0)
				JRN_TICK(env);
		twice = (uint64_t) first + (uint64_t) end;	/* 2 b + w */
		group = (int32_t) (((unsigned __int128) groups * twice) / (2 * (uint64_t) n));
		for (i = first; i < end; i++)
			group_of[rows[i].payload] = group;
	}
	return JRN_OK;
}

static jrn_status
deal_groups(const jrn_env *env, const jrn_score_table *table, const jrn_effect_model *model,
			int groups, int32_t *group_of)
{
	size_t		folds = (size_t) table->folds;
	size_t	   *next;			/* where rows of a fold go */
	jrn_score  *rows;
	size_t		fold,
				i;
	size_t		first = 0;

	JRN_TRY(jrn_alloc_zeroed(env, folds + 1, sizeof(size_t), &next));
	JRN_TRY(jrn_alloc_array(env, table->n, sizeof(jrn_score), &rows));
	for (i = 0; i < table->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		next[table->fold[i] + 1]++;
	}
	for (fold = 1; fold <= folds; fold++)
		next[fold] += next[fold - 1];
	for (i = 0; i < table->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		rows[next[table->fold[i]]++].payload = i;
	}
	/* next[fold] is the end of the fold by now */
	for (fold = 0; fold < folds; fold++)
	{
		JRN_TRY(deal_fold(env, model, rows + first, next[fold] - first, groups, group_of));
		first = next[fold];
	}
	jrn_release(env, rows);
	jrn_release(env, next);
	return JRN_OK;
}

typedef struct group_sums
{
	double		predicted;		/* running means */
	double		effect;
	double		largest;		/* score */
	int64_t		n;
	key_counts	keys;
} group_sums;

static jrn_status
sum_groups(const jrn_env *env, const jrn_score_table *table, const jrn_effect_model *model, int arm,
		   int baseline, const int32_t *group_of, group_sums *sums)
{
	size_t		i;

	for (i = 0; i < table->n; i++)
	{
		group_sums *s = &sums[group_of[i]];

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		s->n++;
		s->predicted += (model->effect[i] - s->predicted) / (double) s->n;
		s->effect += (model->score[i] - s->effect) / (double) s->n;
		s->largest = fmax(s->largest, fabs(model->score[i]));
		count_key(&s->keys, table->cluster[i], table->arm[i] == arm, table->arm[i] == baseline);
	}
	return JRN_OK;
}

/* Covariance of the means; room for groups + 1, the last one a constant 0. */
static jrn_status
covariance_of_means(const jrn_env *env, const jrn_score_table *table, const jrn_effect_model *model,
					const int32_t *group_of, const group_sums *sums, int groups, double *covariance)
{
	size_t		size = (size_t) groups + 1;
	double	   *open;			/* [groups] of the open cluster */
	int		   *touched;		/* groups it has rows in */
	int			count = 0;
	double		wider = isnan(model->noise) ? 2.0 : 1.0 + fmin(1.0, model->noise);	/* R-EGR-3 */
	size_t		i;
	int			g,
				h;

	JRN_TRY(jrn_alloc_zeroed(env, (size_t) groups, sizeof(double), &open));
	JRN_TRY(jrn_alloc_array(env, (size_t) groups, sizeof(int), &touched));
	for (i = 0; i < table->n; i++)
	{
		int32_t		group = group_of[i];

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		for (g = 0; g < count && touched[g] != group; g++)
			;
		if (g == count)
			touched[count++] = group;
		open[group] += model->score[i] - sums[group].effect;
		if (i + 1 < table->n && table->cluster[i + 1] == table->cluster[i])
			continue;
		for (g = 0; g < count; g++)
			for (h = 0; h < count; h++)
				covariance[(size_t) touched[g] * size + (size_t) touched[h]] += open[touched[g]] * open[touched[h]];
		for (g = 0; g < count; g++)
			open[touched[g]] = 0.0;
		count = 0;
	}
	for (g = 0; g < groups; g++)
		for (h = 0; h < groups; h++)
		{
			double		keys_g = (double) sums[g].keys.all;
			double		keys_h = (double) sums[h].keys.all;

			if (keys_g > 1.0 && keys_h > 1.0)
				covariance[(size_t) g * size + (size_t) h] *=
					wider * sqrt(keys_g / (keys_g - 1.0) * keys_h / (keys_h - 1.0)) /
					((double) sums[g].n * (double) sums[h].n);
		}
	jrn_release(env, touched);
	jrn_release(env, open);
	return JRN_OK;
}

/* R-EGR-6 */
static jrn_status
add_simultaneous(const jrn_env *env, const group_sums *sums, int groups, const double *covariance,
				 uint64_t seed, jrn_effect_group *of_group)
{
	bool	   *usable;
	double		least_df = INFINITY;
	jrn_maxt	critical;
	int			g;

	JRN_TRY(jrn_alloc_zeroed(env, (size_t) groups + 1, sizeof(bool), &usable));
	for (g = 0; g < groups; g++)
	{
		double		df = jrn_effect_df(sums[g].keys.arm, sums[g].keys.baseline);

		usable[g] = !isnan(of_group[g].effect.low);
		if (usable[g])
			least_df = fmin(least_df, df);
	}
	usable[groups] = true;
	JRN_TRY(jrn_maxt_critical(env, covariance, groups + 1, usable, groups, least_df, seed,
							  JRN_EFFECT_LEVEL, &critical));
	for (g = 0; g < groups; g++)
	{
		double		half = usable[g] ? critical.against_baseline * of_group[g].effect.std_error : NAN;

		of_group[g].simultaneous_low = of_group[g].effect.estimate - half;
		of_group[g].simultaneous_high = of_group[g].effect.estimate + half;
	}
	jrn_release(env, usable);
	return JRN_OK;
}

static void
describe(const group_sums *sums, double variance, int group, jrn_effect_group *out)
{
	double		df = jrn_effect_df(sums->keys.arm, sums->keys.baseline);

	out->group = group + 1;
	out->n = sums->n;
	out->keys = sums->keys.all;
	out->predicted = sums->predicted;
	if (isnan(df))
		no_figure(&out->effect, JRN_EFFECT_TOO_FEW);	/* R-EGR-7 */
	else
		make_figure(sums->effect, sqrt(variance), df, sums->largest / sqrt((double) sums->n), &out->effect);
}

jrn_status
jrn_effect_groups_make(const jrn_env *env, const jrn_score_table *table, const jrn_effect_model *model,
					   int arm, int baseline, int groups, uint64_t seed, jrn_effect_group *out,
					   int *count)
{
	size_t		size = (size_t) groups + 1;
	int32_t    *group_of;
	group_sums *sums;
	double	   *covariance;
	jrn_effect_group *all;
	int			g;

	*count = 0;
	if (!model->known)
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(env, table->n, sizeof(int32_t), &group_of));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) groups, sizeof(group_sums), &sums));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) groups, sizeof(jrn_effect_group), &all));
	JRN_TRY(jrn_alloc_zeroed(env, size, size * sizeof(double), &covariance));
	for (g = 0; g < groups; g++)
		no_keys(&sums[g].keys);
	JRN_TRY(deal_groups(env, table, model, groups, group_of));
	JRN_TRY(sum_groups(env, table, model, arm, baseline, group_of, sums));
	JRN_TRY(covariance_of_means(env, table, model, group_of, sums, groups, covariance));
	for (g = 0; g < groups; g++)
		describe(&sums[g], covariance[(size_t) g * size + (size_t) g], g, &all[g]);
	JRN_TRY(add_simultaneous(env, sums, groups, covariance, seed, all));
	for (g = 0; g < groups; g++)
		if (sums[g].n > 0)
			out[(*count)++] = all[g];
	jrn_release(env, covariance);
	jrn_release(env, all);
	jrn_release(env, sums);
	jrn_release(env, group_of);
	return JRN_OK;
}
