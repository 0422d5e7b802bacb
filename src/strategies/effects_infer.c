/*
 * effects_infer.c
 *		Intervals, tests, simultaneous intervals and the best set, from a table
 *		of estimates (see effects.h).
 */
#include "effects.h"

#include <math.h>
#include <string.h>

#include "../core/dist.h"
#include "../core/hash.h"
#include "../core/multiple.h"
#include "maxt.h"

#define POWER 0.8

/* A standard error below this part of the values is rounding (R-EFF-9). */
#define NO_SPREAD 1e-12

static void
interval(const jrn_effect_point *p, double critical, double *low, double *high)
{
	*low = p->estimate - critical * p->std_error;
	*high = p->estimate + critical * p->std_error;
}

static void
no_figures(jrn_effect *e)
{
	jrn_effect_point none = {NAN, NAN};

	e->value = e->difference = e->overlap = e->trimmed = none;
	e->value_low = e->value_high = e->conf_low = e->conf_high = NAN;
	e->p_value = e->q_value = e->minimum_detectable = NAN;
	e->simultaneous_low = e->simultaneous_high = NAN;
	e->overlap_low = e->overlap_high = e->trimmed_low = e->trimmed_high = NAN;
	e->n_trimmed = e->clipped = e->clip_bias = NAN;
	e->wins = e->in_best_set = -1;
}

/* R-EFF-9: no error where there is nothing to take it from. */
static void
drop_error(jrn_effect_point *p, bool flat, double size)
{
	if (flat || p->std_error <= NO_SPREAD * size)
		p->std_error = NAN;
}

static void
test_difference(const jrn_effect_table *t, int a, jrn_effect *e)
{
	double		df = t->difference_df[a];

	if (isnan(e->difference.std_error) || !(df > 0.0))
		return;
	interval(&e->difference, jrn_t_critical(JRN_EFFECTS_LEVEL, df), &e->conf_low, &e->conf_high);
	e->p_value = jrn_t_two_sided(e->difference.estimate / e->difference.std_error, df);
	e->minimum_detectable = (jrn_t_critical(JRN_EFFECTS_LEVEL, df) + jrn_t_quantile(POWER, df)) *
		e->difference.std_error;
}

/* Figures of one strategy against the baseline. */
static void
infer_difference(const jrn_effect_table *t, int a, jrn_effect *e)
{
	double		critical = jrn_t_critical(JRN_EFFECTS_LEVEL, t->difference_df[a]);
	double		size = fabs(t->value[a].estimate) + fabs(t->value[t->baseline].estimate);
	bool		flat = t->flat[a] || t->flat[t->baseline];

	e->difference = t->difference[a];
	drop_error(&e->difference, flat, isnan(size) ? fabs(e->difference.estimate) : size);
	e->wins = isnan(e->difference.estimate) ? -1 : t->wins[a];
	test_difference(t, a, e);
	e->overlap = t->overlap[a];
	drop_error(&e->overlap, flat, 0.0);
	interval(&e->overlap, critical, &e->overlap_low, &e->overlap_high);
	e->trimmed = t->trimmed[a];
	drop_error(&e->trimmed, flat, 0.0);
	interval(&e->trimmed, critical, &e->trimmed_low, &e->trimmed_high);
	e->n_trimmed = t->n_trimmed[a];
}

/* The smallest degrees of freedom of the comparisons that there are. */
static double
least_df(const jrn_effect_table *t, const bool *counts)
{
	double		df = INFINITY;
	int			a;

	for (a = 0; a < t->arms; a++)
	{
		double		of_a = counts[t->baseline] ? t->difference_df[a] : t->value_df[a];

		if (counts[a] && !(counts[t->baseline] && a == t->baseline))
			df = fmin(df, of_a);
	}
	return df;
}

/* R-EFF-8 */
static void
best_set(const jrn_effect_table *t, const bool *counts, double critical, jrn_effect *out)
{
	int			a,
				b;

	for (a = 0; a < t->arms; a++)
	{
		if (!counts[a])
			continue;
		out[a].in_best_set = 1;
		for (b = 0; b < t->arms; b++)
			if (b != a && counts[b] &&
				t->pair[b * t->arms + a].estimate > critical * t->pair[b * t->arms + a].std_error)
				out[a].in_best_set = 0;
	}
}

static jrn_status
simultaneous(const jrn_env *env, const jrn_effect_table *t, const bool *usable, uint64_t seed,
			 jrn_effect *out)
{
	jrn_maxt	critical;
	bool	   *counts;
	int			used = 0;
	int			a;

	JRN_TRY(jrn_alloc_array(env, (size_t) t->arms, sizeof(bool), &counts));
	for (a = 0; a < t->arms; a++)
	{
		/* differences alone: the baseline is the constant 0 */
		bool		known = t->pair != NULL ? isfinite(out[a].value.std_error) :
			a == t->baseline || isfinite(out[a].difference.std_error);

		/* one with hardly any degrees of freedom would widen all intervals without end */
		counts[a] = usable[a] && known && isfinite(t->covariance[a * t->arms + a]) &&
			(a == t->baseline || t->difference_df[a] >= 1.0) && !(t->value_df[a] < 1.0);
		used += counts[a];
	}
	if (used < 2)
		return JRN_OK;
	JRN_TRY(jrn_maxt_critical(env, t->covariance, t->arms, counts, t->baseline, least_df(t, counts),
							  jrn_seed_derive(seed, "strategies", 0), JRN_EFFECTS_LEVEL, &critical));
	for (a = 0; a < t->arms; a++)
		if (counts[a] && a != t->baseline && counts[t->baseline])
			interval(&out[a].difference, critical.against_baseline,
					 &out[a].simultaneous_low, &out[a].simultaneous_high);
	if (t->pair != NULL && !isnan(critical.all_pairs))
		best_set(t, counts, critical.all_pairs, out);
	return JRN_OK;
}

jrn_status
jrn_effects_infer(const jrn_env *env, const jrn_effect_table *t, const bool *usable, uint64_t seed,
				  jrn_effect *out)
{
	double	   *p;
	double	   *q;
	int			a;

	JRN_TRY(jrn_alloc_array(env, (size_t) t->arms, sizeof(double), &p));
	JRN_TRY(jrn_alloc_array(env, (size_t) t->arms, sizeof(double), &q));
	for (a = 0; a < t->arms; a++)
	{
		jrn_effect *e = &out[a];

		memset(e, 0, sizeof(*e));
		no_figures(e);
		e->clipped = t->clipped[a];
		e->clip_bias = t->clip_bias[a];
		if (usable[a])
		{
			e->value = t->value[a];
			drop_error(&e->value, t->flat[a], fabs(e->value.estimate));
			interval(&e->value, jrn_t_critical(JRN_EFFECTS_LEVEL, t->value_df[a]),
					 &e->value_low, &e->value_high);
			if (a != t->baseline && usable[t->baseline])
				infer_difference(t, a, e);
		}
		p[a] = e->p_value;
	}
	JRN_TRY(jrn_false_discovery(env, p, (size_t) t->arms, q));
	for (a = 0; a < t->arms; a++)
		out[a].q_value = q[a];
	return simultaneous(env, t, usable, seed, out);
}
