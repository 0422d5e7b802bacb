/*
 * effects_table.c
 *		From the sums of all repeats to a table of estimates (see effects.h).
 */
#include "effects.h"

#include <math.h>
#include <string.h>

#include "../core/multiple.h"

/* Estimates and variances of one quantity over the repeats. */
typedef struct series
{
	double	   *theta;			/* [repeats] */
	double	   *variance;
} series;

typedef struct context
{
	const jrn_env *env;
	const jrn_effects *effects;
	int			repeats;
	double	   *sorted;			/* scratch [repeats] */
} context;

static void
term(jrn_influence *f, size_t column, double coefficient)
{
	f->column[f->count] = column;
	f->coefficient[f->count] = coefficient;
	f->count++;
}

static double
cost_of(const context *c, int a)
{
	return c->effects->request.costs == NULL ? 0.0 : c->effects->request.costs[a];
}

/* Value of strategy a, less b where b is not negative (R-EFF-1, R-EFF-2). */
static void
value_influence(const context *c, const jrn_effects_sums *sums, int a, int b, jrn_influence *f)
{
	const jrn_effects_request *request = &c->effects->request;
	size_t		arms = (size_t) request->arms;
	const double *total = sums->main.total;
	int			side;
	double		mean[2] = {0.0, 0.0};

	memset(f, 0, sizeof(*f));
	if (sums->unknown[a] || (b >= 0 && sums->unknown[b]))
		f->estimate = NAN;
	for (side = 0; side < (b < 0 ? 1 : 2); side++)
	{
		size_t		k = (size_t) (side == 0 ? a : b);
		double		sign = side == 0 ? 1.0 : -1.0;
		double		below = request->self_normalised ? total[arms + k] : sums->n;

		mean[side] = total[k] / below;
		term(f, k, sign / below);
		if (request->self_normalised)
			term(f, arms + k, -sign * mean[side] / below);
	}
	f->estimate += mean[0] - mean[1] - cost_of(c, a) + (b < 0 ? sums->origin : cost_of(c, b));
	if (!request->self_normalised)
		term(f, arms, -(mean[0] - mean[1]) / sums->n);
}

/* Slope, or mean of columns first / second of a pair. */
static void
ratio_influence(const jrn_cluster_sums *sums, size_t first, double cost, jrn_influence *f)
{
	double		below = sums->total[first + 1];
	double		ratio = sums->total[first] / below;

	memset(f, 0, sizeof(*f));
	f->estimate = below > 0.0 ? ratio - cost : NAN;
	term(f, first, 1.0 / below);
	term(f, first + 1, -ratio / below);
}

/* R-EFF-4: the difference under the estimand, from the columns of main. */
static void
difference_influence(const context *c, const jrn_effects_sums *sums, int a, jrn_influence *f)
{
	const jrn_effects_request *request = &c->effects->request;
	int			b = request->baseline;
	size_t		place = (size_t) (a < b ? a : a - 1);
	double		cost = cost_of(c, a) - cost_of(c, b);

	if (request->estimand == JRN_ESTIMAND_AVERAGE)
	{
		value_influence(c, sums, a, b, f);
		return;
	}
	if (request->estimand == JRN_ESTIMAND_OVERLAP)
		ratio_influence(&sums->main, 2 * place, cost, f);
	else
	{
		jrn_influence base;

		ratio_influence(&sums->main, 4 * place, cost, f);
		ratio_influence(&sums->main, 4 * place + 2, 0.0, &base);
		f->estimate -= base.estimate;
		term(f, base.column[0], -base.coefficient[0]);
		term(f, base.column[1], -base.coefficient[1]);
	}
	if (sums->pair_unknown[a])
		f->estimate = NAN;
}

/* R-EFF-3 */
static double
cluster_factor(const context *c, const jrn_effects_sums *sums)
{
	const jrn_effects_request *request = &c->effects->request;

	if (sums->cells.begun < 2)
		return NAN;
	if (request->self_normalised && request->independent && request->estimand == JRN_ESTIMAND_AVERAGE)
		return 1.0;
	return (double) sums->cells.begun / (double) (sums->cells.begun - 1);
}

static void
keep(const context *c, const jrn_effects_sums *sums, const jrn_cluster_sums *of,
	 const jrn_influence *f, int repeat, series *s)
{
	double		product = jrn_influence_product(of, f, f);

	/* sums that overflowed give no figure; fmax would hide a NaN */
	s->theta[repeat] = isfinite(f->estimate) ? f->estimate : NAN;
	s->variance[repeat] = isfinite(product) ? fmax(0.0, product) * cluster_factor(c, sums) : NAN;
}

static jrn_status
median(const context *c, const double *x, double *out)
{
	int			r;

	for (r = 0; r < c->repeats; r++)
	{
		c->sorted[r] = x[r];
		if (isnan(x[r]))
		{
			*out = NAN;
			return JRN_OK;
		}
	}
	JRN_TRY(jrn_sort_doubles(c->env, c->sorted, (size_t) c->repeats));
	*out = jrn_sorted_quantile(c->sorted, (size_t) c->repeats, 0.5);
	return JRN_OK;
}

/* R-EFF-6 */
static jrn_status
point(const context *c, series *s, jrn_effect_point *out)
{
	double		variance;
	int			r;

	JRN_TRY(median(c, s->theta, &out->estimate));
	for (r = 0; r < c->repeats; r++)
		s->variance[r] += (s->theta[r] - out->estimate) * (s->theta[r] - out->estimate);
	JRN_TRY(median(c, s->variance, &variance));
	out->std_error = sqrt(variance);
	return JRN_OK;
}

/* ---- quantities ---- */

static jrn_status
fill_values(const context *c, series *s, jrn_effect_table *table)
{
	int			arms = table->arms;
	int			a,
				b,
				r;

	for (a = 0; a < arms; a++)
		for (b = -1; b < arms; b++)
		{
			JRN_TICK(c->env);
			if (b == a)
				continue;
			for (r = 0; r < c->repeats; r++)
			{
				jrn_influence f;

				value_influence(c, &c->effects->repeats[r], a, b, &f);
				keep(c, &c->effects->repeats[r], &c->effects->repeats[r].main, &f, r, s);
			}
			JRN_TRY(point(c, s, b < 0 ? &table->value[a] : &table->pair[a * arms + b]));
		}
	return JRN_OK;
}

static jrn_status
fill_differences(const context *c, series *s, jrn_effect_table *table)
{
	int			a,
				r;

	for (a = 0; a < table->arms; a++)
	{
		if (a == table->baseline)
			continue;
		table->wins[a] = 0;
		for (r = 0; r < c->repeats; r++)
		{
			jrn_influence f;

			difference_influence(c, &c->effects->repeats[r], a, &f);
			keep(c, &c->effects->repeats[r], &c->effects->repeats[r].main, &f, r, s);
			table->wins[a] += f.estimate > 0.0;
		}
		JRN_TRY(point(c, s, &table->difference[a]));
	}
	return JRN_OK;
}

/* Covariances averaged over the repeats. */
static jrn_status
fill_covariance(const context *c, jrn_effect_table *table)
{
	bool		average = c->effects->request.estimand == JRN_ESTIMAND_AVERAGE;
	int			arms = table->arms;
	int			a,
				b,
				r;

	for (a = 0; a < arms; a++)
		for (b = 0; b <= a; b++)
		{
			double		sum = 0.0;

			JRN_TICK(c->env);
			for (r = 0; r < c->repeats && (average || (a != table->baseline && b != table->baseline)); r++)
			{
				const jrn_effects_sums *sums = &c->effects->repeats[r];
				jrn_influence f,
							g;

				if (average)
				{
					value_influence(c, sums, a, -1, &f);
					value_influence(c, sums, b, -1, &g);
				}
				else
				{
					difference_influence(c, sums, a, &f);
					difference_influence(c, sums, b, &g);
				}
				sum += jrn_influence_product(&sums->main, &f, &g) * cluster_factor(c, sums);
			}
			table->covariance[a * arms + b] = table->covariance[b * arms + a] = sum / c->repeats;
		}
	return JRN_OK;
}

/* Overlap and trimmed differences (R-EFF-4). */
static jrn_status
fill_pairs(const context *c, series *s, jrn_effect_table *table)
{
	const jrn_effects_sums *first = &c->effects->repeats[0];
	int			a,
				r,
				which;

	for (a = 0; a < table->arms; a++)
	{
		double		cost = cost_of(c, a) - cost_of(c, table->baseline);

		if (a == table->baseline || first->pairs_unknown)
			continue;
		for (which = 0; which < 2; which++)
		{
			for (r = 0; r < c->repeats; r++)
			{
				const jrn_effects_sums *sums = &c->effects->repeats[r];
				jrn_influence f;

				ratio_influence(&sums->pairs[a], which == 0 ? 0 : 2, cost, &f);
				if (sums->pair_unknown[a])
					f.estimate = NAN;
				keep(c, sums, &sums->pairs[a], &f, r, s);
			}
			JRN_TRY(point(c, s, which == 0 ? &table->overlap[a] : &table->trimmed[a]));
		}
		table->n_trimmed[a] = first->pair_unknown[a] ? NAN : first->pairs[a].total[3];
	}
	return JRN_OK;
}

/* R-EFF-5 */
static void
fill_clipped(const context *c, jrn_effect_table *table)
{
	const jrn_effects_sums *sums = &c->effects->repeats[0];
	int			a;

	if (!isfinite(c->effects->request.clip))
		return;
	for (a = 0; a < table->arms; a++)
	{
		double		lost = sums->cut_y[a];

		if (!c->effects->request.outcome_models && sums->rows[a] > 0.0)
			lost -= sums->cut[a] * sums->y[a] / sums->rows[a];
		table->clipped[a] = sums->cut_rows[a];
		table->clip_bias[a] = fabs(lost) / sums->n;
	}
}

static void
end_sums(jrn_effects *effects)
{
	int			r,
				a;

	for (r = 0; r < effects->request.repeats; r++)
	{
		jrn_cluster_sums_end(&effects->repeats[r].main);
		for (a = 0; a < effects->request.arms; a++)
			jrn_cluster_sums_end(&effects->repeats[r].pairs[a]);
	}
}

double
jrn_effects_df(double keys)
{
	return keys >= JRN_EFFECTS_FEW_KEYS ? INFINITY : fmax(keys - 1.0, 0.0);
}

static jrn_status
points_nan(const jrn_env *env, size_t count, jrn_effect_point **out)
{
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, count, sizeof(jrn_effect_point), out));
	for (i = 0; i < count; i++)
		(*out)[i].estimate = (*out)[i].std_error = NAN;
	return JRN_OK;
}

static jrn_status
numbers_nan(const jrn_env *env, size_t count, double **out)
{
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, count, sizeof(double), out));
	for (i = 0; i < count; i++)
		(*out)[i] = NAN;
	return JRN_OK;
}

jrn_status
jrn_effect_table_begin(const jrn_env *env, int arms, int baseline, bool pairs, jrn_effect_table *table)
{
	size_t		j = (size_t) arms;
	int			a;

	memset(table, 0, sizeof(*table));
	table->arms = arms;
	table->baseline = baseline;
	JRN_TRY(points_nan(env, j, &table->value));
	JRN_TRY(points_nan(env, j, &table->difference));
	JRN_TRY(points_nan(env, j, &table->overlap));
	JRN_TRY(points_nan(env, j, &table->trimmed));
	if (pairs)
		JRN_TRY(points_nan(env, j * j, &table->pair));
	JRN_TRY(numbers_nan(env, j, &table->value_df));
	JRN_TRY(numbers_nan(env, j, &table->difference_df));
	JRN_TRY(numbers_nan(env, j, &table->n_trimmed));
	JRN_TRY(numbers_nan(env, j, &table->clipped));
	JRN_TRY(numbers_nan(env, j, &table->clip_bias));
	JRN_TRY(numbers_nan(env, j * j, &table->covariance));
	JRN_TRY(jrn_alloc_array(env, j, sizeof(int), &table->wins));
	JRN_TRY(jrn_alloc_zeroed(env, j, sizeof(bool), &table->flat));
	for (a = 0; a < arms; a++)
		table->wins[a] = -1;
	return JRN_OK;
}

/* R-EFF-7 */
static double
arm_keys(const int64_t *keys_of_arm, const jrn_overlap_report *report, int a)
{
	double		keys = (double) keys_of_arm[a];

	return report[a].keys < 0.5 * keys ? report[a].keys : keys;
}

jrn_status
jrn_effects_end(jrn_effects *effects, const int64_t *keys_of_arm, jrn_effect_table *table,
				jrn_overlap_report *report)
{
	const jrn_effects_request *request = &effects->request;
	bool		average = request->estimand == JRN_ESTIMAND_AVERAGE;
	context		c = {effects->env, effects, request->repeats, NULL};
	series		s;
	int			a;

	JRN_TRY(jrn_effect_table_begin(effects->env, request->arms, request->baseline, average, table));
	if (!average && effects->repeats[0].pairs_unknown)
		return JRN_DOMAIN;
	JRN_TRY(jrn_alloc_array(effects->env, (size_t) c.repeats, sizeof(double), &c.sorted));
	JRN_TRY(jrn_alloc_array(effects->env, (size_t) c.repeats, sizeof(double), &s.theta));
	JRN_TRY(jrn_alloc_array(effects->env, (size_t) c.repeats, sizeof(double), &s.variance));
	end_sums(effects);
	jrn_overlap_end(&effects->overlap, effects->repeats[0].cells.begun, report);
	table->repeats = request->repeats;
	for (a = 0; a < request->arms; a++)
	{
		double		keys = arm_keys(keys_of_arm, report, a);
		double		base = arm_keys(keys_of_arm, report, request->baseline);

		table->flat[a] = effects->overlap.y_low[a] == effects->overlap.y_high[a];
		table->value_df[a] = jrn_effects_df(keys);
		table->difference_df[a] = jrn_effects_df(fmin(keys, base));
	}
	if (average)
		JRN_TRY(fill_values(&c, &s, table));
	JRN_TRY(fill_differences(&c, &s, table));
	JRN_TRY(fill_covariance(&c, table));
	JRN_TRY(fill_pairs(&c, &s, table));
	fill_clipped(&c, table);
	return JRN_OK;
}
