/*
 * feature_twins.c
 *		Nearest neighbours across customers (see feature_twins.h).
 */
#include <math.h>
#include <string.h>

#include "../core/kdtree.h"
#include "../core/multiple.h"
#include "../core/random.h"
#include "../core/sort.h"
#include "feature_twins.h"

#define ROWS_PER_TICK 4096

jrn_status
jrn_feature_twins_begin(jrn_feature_twins *twins, const jrn_env *env, int dimension, int horizon)
{
	if (dimension < 2 || dimension > JRN_FT_MAX_DIMENSION || horizon < 3 || horizon > JRN_FT_MAX_HORIZON)
		return JRN_DOMAIN;
	memset(twins, 0, sizeof(*twins));
	twins->env = env;
	twins->dimension = dimension;
	twins->horizon = horizon;
	return JRN_OK;
}

jrn_status
jrn_feature_twins_add(jrn_feature_twins *twins, uint64_t hash, const double *values, size_t n)
{
	const size_t length = (size_t) (twins->dimension + twins->horizon);
	size_t		i;

	twins->customers++;
	if (n < length)
		return JRN_OK;			/* R-FT-1 */
	if (twins->n >= JRN_KD_MAX_POINTS)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(twins->env, twins->n, &twins->capacity, sizeof(uint64_t), &twins->hashes));
	twins->hashes[twins->n++] = hash;
	for (i = 0; i < length; i++)
	{
		if (!isfinite(values[i]))
			return JRN_NONFINITE;
		JRN_TRY(jrn_grow_array(twins->env, twins->value_count, &twins->value_capacity, sizeof(double), &twins->values));
		twins->values[twins->value_count++] = values[i];
	}
	return JRN_OK;
}

/* Into [-1, 1]; false when all values are equal. */
static bool
scale_values(jrn_feature_twins *twins)
{
	double		low = INFINITY;
	double		high = -INFINITY;
	size_t		i;

	for (i = 0; i < twins->value_count; i++)
	{
		low = fmin(low, twins->values[i]);
		high = fmax(high, twins->values[i]);
	}
	if (!(low < high))
		return false;
	twins->scale = high / 2 - low / 2;	/* halves: the sum need not be finite */
	for (i = 0; i < twins->value_count; i++)
		twins->values[i] = (twins->values[i] - (low / 2 + high / 2)) / twins->scale;
	return true;
}

/* ---- neighbours ---- */

/* The twin of every customer in a panel of rows, -1: none, and its distance. */
static jrn_status
find_twins(const jrn_feature_twins *twins, const double *panel, size_t row, int32_t *twin, double *distance,
		   int64_t *tied)
{
	const jrn_kd_rule rule = {0, true};
	jrn_kd_points points = {panel, twins->n, twins->dimension, row, 1};
	jrn_kdtree	tree;

	JRN_TRY(jrn_kdtree_build(twins->env, &points, &tree));
	if (tied != NULL)
		JRN_TRY(jrn_kdtree_count_tied(twins->env, &tree, 0, tied));
	JRN_TRY(jrn_kdtree_nearest(twins->env, &tree, &rule, 1, twin, distance));
	jrn_release(twins->env, tree.points);
	jrn_release(twins->env, tree.numbers);
	jrn_release(twins->env, tree.nodes);
	jrn_release(twins->env, tree.boxes);
	return JRN_OK;
}

/* Mean squared error of predicting the value behind the point by the twin's. */
static jrn_status
prediction_error(const jrn_feature_twins *twins, const double *panel, size_t row, const int32_t *twin, double *error)
{
	double		sum = 0.0;
	double		count = 0.0;
	size_t		i;

	for (i = 0; i < twins->n; i++)
	{
		if (i % ROWS_PER_TICK == ROWS_PER_TICK - 1)
			JRN_TICK(twins->env);
		if (twin[i] >= 0)
		{
			double		e = panel[i * row + (size_t) twins->dimension] - panel[(size_t) twin[i] * row + (size_t) twins->dimension];

			sum += e * e;
			count += 1.0;
		}
	}
	*error = count > 0.0 ? sum / count : NAN;
	return JRN_OK;
}

/* S(k) over order[begin .. end - 1], steps 0 .. steps. */
static jrn_status
make_curve(const jrn_feature_twins *twins, const int32_t *twin, const uint32_t *order, size_t begin, size_t end,
		   int steps, double *curve, int64_t *pairs)
{
	const size_t row = (size_t) (twins->dimension + twins->horizon);
	int			k;

	for (k = 0; k <= steps; k++)
	{
		const size_t at = (size_t) (twins->dimension - 1 + k);
		double		sum = 0.0;
		int64_t		count = 0;
		size_t		o;

		for (o = begin; o < end; o++)
		{
			size_t		i = order[o];
			double		d;

			if (o % ROWS_PER_TICK == ROWS_PER_TICK - 1)
				JRN_TICK(twins->env);
			d = twin[i] < 0 ? 0.0 : fabs(twins->values[i * row + at] - twins->values[(size_t) twin[i] * row + at]);

			if (d == 0.0)
				continue;
			sum += log(d);
			count++;
		}
		curve[k] = count > 0 ? sum / (double) count + log(twins->scale) : NAN;
		if (pairs != NULL)
			pairs[k] = count;
	}
	return JRN_OK;
}

/* R-FT-3 */
static double
slope_of(const double *curve)
{
	return (curve[3] - curve[1]) / 2.0;
}

static bool
nearer(const double *distance, uint32_t a, uint32_t b)
{
	if (distance[a] != distance[b])
		return distance[a] < distance[b];
	return a < b;
}

JRN_SORT_DEFINE(sort_by_distance, uint32_t, const double *, nearer)

static jrn_status
measure(const jrn_feature_twins *twins, const int32_t *twin, const double *distance,
		double *curve, int64_t *pairs, jrn_ft_result *result)
{
	uint32_t   *order;
	double		part[4];
	size_t		i;

	JRN_TRY(jrn_alloc_array(twins->env, twins->n, sizeof(uint32_t), &order));
	for (i = 0; i < twins->n; i++)
		order[i] = (uint32_t) i;
	JRN_TICK(twins->env);
	JRN_TRY(make_curve(twins, twin, order, 0, twins->n, twins->horizon, curve, pairs));
	result->slope = slope_of(curve);
	result->jump = curve[1] - curve[0];
	JRN_TRY(sort_by_distance(twins->env, order, twins->n, distance));
	JRN_TRY(make_curve(twins, twin, order, 0, twins->n / 3, 3, part, NULL));
	result->near = slope_of(part);
	JRN_TRY(make_curve(twins, twin, order, twins->n - twins->n / 3, twins->n, 3, part, NULL));
	result->far = slope_of(part);
	jrn_release(twins->env, order);
	return JRN_OK;
}

/* ---- surrogates (R-FT-4) ---- */

typedef struct panel_model
{
	double		intercept;
	double		one;			/* weight of the value before */
	double		two;			/* of the one before that */
	double	   *residuals;
	size_t		count;
} panel_model;

/* Sums of y, its past and their products, all less their means in a first pass. */
static jrn_status
fit_model(const jrn_feature_twins *twins, panel_model *model)
{
	const size_t row = (size_t) (twins->dimension + twins->horizon);
	double		mean[3] = {0.0, 0.0, 0.0};
	double		s11 = 0.0,
				s12 = 0.0,
				s22 = 0.0,
				s1y = 0.0,
				s2y = 0.0,
				determinant;
	size_t		i,
				t,
				j;

	for (i = 0; i < twins->n; i++)
	{
		if (i % (ROWS_PER_TICK / 16) == 0)
			JRN_TICK(twins->env);
		for (t = 2; t < row; t++)
			for (j = 0; j < 3; j++)
				mean[j] += twins->values[i * row + t - j];
	}
	for (j = 0; j < 3; j++)
		mean[j] /= (double) model->count;
	for (i = 0; i < twins->n; i++)
	{
		if (i % (ROWS_PER_TICK / 16) == 0)
			JRN_TICK(twins->env);
		for (t = 2; t < row; t++)
		{
			const double *v = twins->values + i * row + t;
			double		y = v[0] - mean[0];
			double		one = v[-1] - mean[1];
			double		two = v[-2] - mean[2];

			s11 += one * one;
			s12 += one * two;
			s22 += two * two;
			s1y += one * y;
			s2y += two * y;
		}
	}
	determinant = s11 * s22 - s12 * s12;
	if (determinant > 1e-10 * s11 * s22)
	{
		model->one = (s1y * s22 - s2y * s12) / determinant;
		model->two = (s2y * s11 - s1y * s12) / determinant;
	}
	else
	{
		model->one = s11 > 0.0 ? s1y / s11 : 0.0;
		model->two = 0.0;
	}
	model->intercept = mean[0] - model->one * mean[1] - model->two * mean[2];
	for (i = 0; i < twins->n; i++)
	{
		if (i % (ROWS_PER_TICK / 16) == 0)
			JRN_TICK(twins->env);
		for (t = 2; t < row; t++)
		{
			const double *v = twins->values + i * row + t;

			model->residuals[i * (row - 2) + t - 2] = v[0] - model->intercept - model->one * v[-1] - model->two * v[-2];
		}
	}
	return JRN_OK;
}

/* The first dimension + 1 values of every customer. */
static jrn_status
draw_panel(const jrn_feature_twins *twins, const panel_model *model, uint64_t stream, double *panel)
{
	const size_t row = (size_t) (twins->dimension + twins->horizon);
	const size_t length = (size_t) twins->dimension + 1;
	size_t		i,
				t;

	for (i = 0; i < twins->n; i++)
	{
		const uint64_t own = jrn_hash_u64(twins->hashes[i], stream);
		double	   *v = panel + i * length;

		v[0] = twins->values[i * row];
		v[1] = twins->values[i * row + 1];
		for (t = 2; t < length; t++)
		{
			double		next = model->intercept + model->one * v[t - 1] + model->two * v[t - 2] +
				model->residuals[jrn_random_below(own, t, model->count)];

			/* an explosive fit must not leave the tree's range */
			v[t] = fmax(fmin(next, 1e100), -1e100);
		}
		if (i % ROWS_PER_TICK == ROWS_PER_TICK - 1)
			JRN_TICK(twins->env);
	}
	return JRN_OK;
}

static jrn_status
test(const jrn_feature_twins *twins, int32_t surrogates, uint64_t seed, double observed, jrn_ft_result *result)
{
	const size_t row = (size_t) (twins->dimension + twins->horizon);
	const size_t length = (size_t) twins->dimension + 1;
	panel_model model;
	double	   *panel;
	double	   *errors;
	int32_t    *twin;
	int32_t		as_small = 0;
	int32_t		usable = 0;
	int32_t		b;

	model.count = twins->n * (row - 2);
	JRN_TRY(jrn_alloc_array(twins->env, model.count, sizeof(double), &model.residuals));
	JRN_TRY(jrn_alloc_array(twins->env, twins->n, length * sizeof(double), &panel));
	JRN_TRY(jrn_alloc_array(twins->env, twins->n, sizeof(int32_t), &twin));
	JRN_TRY(jrn_alloc_array(twins->env, (size_t) surrogates, sizeof(double), &errors));
	JRN_TICK(twins->env);
	JRN_TRY(fit_model(twins, &model));
	for (b = 0; b < surrogates; b++)
	{
		double		error;

		JRN_TRY(draw_panel(twins, &model, jrn_seed_derive(seed, "panel", (uint64_t) b), panel));
		JRN_TRY(find_twins(twins, panel, length, twin, NULL, NULL));
		JRN_TRY(prediction_error(twins, panel, length, twin, &error));
		if (isnan(error))
			continue;
		errors[usable++] = error;
		as_small += error <= observed * (1.0 + 1e-12);
	}
	if (usable > 0)
	{
		JRN_TRY(jrn_sort_doubles(twins->env, errors, (size_t) usable));
		result->null_median = sqrt(jrn_sorted_quantile(errors, (size_t) usable, 0.5)) * twins->scale;
		result->p = (1.0 + as_small) / (1.0 + usable);
	}
	jrn_release(twins->env, model.residuals);
	jrn_release(twins->env, panel);
	jrn_release(twins->env, twin);
	jrn_release(twins->env, errors);
	return JRN_OK;
}

jrn_status
jrn_feature_twins_run(jrn_feature_twins *twins, int32_t surrogates, uint64_t seed,
					  double *curve, int64_t *pairs, jrn_ft_result *result)
{
	const size_t row = (size_t) (twins->dimension + twins->horizon);
	int32_t    *twin;
	double	   *distance;
	double		observed;
	int64_t		tied;
	int			k;

	for (k = 0; k <= twins->horizon; k++)
	{
		curve[k] = NAN;
		pairs[k] = 0;
	}
	result->slope = result->jump = result->near = result->far = NAN;
	result->error = result->null_median = result->p = NAN;
	result->status = twins->n < JRN_FT_WANTED ? JRN_FT_LOW_N : JRN_FT_OK;
	if (twins->n < JRN_FT_LEAST)
		result->status = twins->n == 0 && twins->customers >= JRN_FT_LEAST ? JRN_FT_TOO_SHORT : JRN_FT_TOO_FEW;
	else if (!scale_values(twins))
		result->status = JRN_FT_CONSTANT;
	if (result->status > JRN_FT_LOW_N)
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(twins->env, twins->n, sizeof(int32_t), &twin));
	JRN_TRY(jrn_alloc_array(twins->env, twins->n, sizeof(double), &distance));
	JRN_TRY(find_twins(twins, twins->values, row, twin, distance, &tied));
	if ((double) tied > 0.1 * (double) twins->n)
		result->status = JRN_FT_DISCRETE;
	else
	{
		JRN_TRY(measure(twins, twin, distance, curve, pairs, result));
		JRN_TRY(prediction_error(twins, twins->values, row, twin, &observed));
		result->error = sqrt(observed) * twins->scale;
		if (surrogates > 0)
			JRN_TRY(test(twins, surrogates, seed, observed, result));
	}
	jrn_release(twins->env, twin);
	jrn_release(twins->env, distance);
	return JRN_OK;
}

const char *
jrn_ft_status_word(jrn_ft_status status)
{
	static const char *const words[] = {"ok", "low_n", "too_few", "too_short", "constant", "discrete_data"};

	return words[status];
}

/* Reference 5.2: all three must hold, and the difference must grow at all. */
const char *
jrn_ft_verdict(const jrn_ft_result *result)
{
	double		larger = fmax(fabs(result->near), fabs(result->far));

	if (isnan(result->slope) || isnan(result->p))
		return NULL;
	if (result->p > 0.05)
		return "consistent with linear noise";
	if (!(result->jump - result->slope < 0.5))
		return "nonlinear stochastic";
	if (result->slope > 0.0 && fabs(result->near - result->far) <= 0.3 * larger)
		return "deterministic divergence";
	return "inconclusive";
}
