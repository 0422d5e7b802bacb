/*
 * randomised_setup.c
 *		From moments to regressions by strategy in whitened coordinates, and
 *		the contrasts asked of them (see randomised_parts.h).
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "randomised_parts.h"

/* A column that others make up to this part of its spread is made up. */
#define ALIAS 1e-5

/* Numbers that sums for exact degrees of freedom may take: 256 MB. */
#define MOST_SUMS 33554432.0

static size_t
triangle(size_t n)
{
	return n * (n + 1) / 2;
}

jrn_status
jrn_rnd_alloc(jrn_rnd *w)
{
	const jrn_env *env = w->env;
	size_t		arms = (size_t) w->arms;
	size_t		block = JRN_BLOCK_ROWS * sizeof(double);
	jrn_moments *moments;
	size_t		a;

	JRN_TRY(jrn_alloc_zeroed(env, arms, sizeof(jrn_rnd_arm), &w->arm));
	JRN_TRY(jrn_moments_alloc(env, arms, w->p + 1, &moments));
	for (a = 0; a < arms; a++)
		w->arm[a].moments = &moments[a];
	JRN_TRY(jrn_alloc_zeroed(env, w->p + 1, sizeof(double), &w->origin));
	JRN_TRY(jrn_alloc_zeroed(env, w->p, sizeof(double), &w->center));
	JRN_TRY(jrn_alloc_zeroed(env, w->p, sizeof(double), &w->spread));
	JRN_TRY(jrn_alloc_zeroed(env, arms * arms, sizeof(double), &w->covariance));
	JRN_TRY(jrn_alloc_zeroed(env, triangle(arms), sizeof(double), &w->packed));
	JRN_TRY(jrn_alloc_zeroed(env, arms, sizeof(double), &w->total));
	JRN_TRY(jrn_alloc_zeroed(env, w->p, block, &w->x));
	JRN_TRY(jrn_alloc_zeroed(env, 1, block, &w->y));
	JRN_TRY(jrn_alloc_zeroed(env, arms, block, &w->lift));
	JRN_TRY(jrn_alloc_zeroed(env, arms, block, &w->influence));
	JRN_TRY(jrn_alloc_zeroed(env, JRN_BLOCK_ROWS, sizeof(bool), &w->single));
	JRN_TRY(jrn_alloc_zeroed(env, JRN_BLOCK_ROWS, sizeof(uint16_t), &w->place));
	JRN_TRY(jrn_alloc_zeroed(env, 1, block, &w->leverage));
	JRN_TRY(jrn_alloc_zeroed(env, 1, block, &w->residual));
	JRN_TRY(jrn_alloc_zeroed(env, 1, block, &w->row_residual));
	return jrn_alloc_zeroed(env, 1, block, &w->t);
}

/* Columns kept and the factor of their correlations, without those dropped. */
static jrn_status
keep_columns(jrn_rnd *w, jrn_rnd_arm *arm)
{
	const jrn_linear_fit *fit = &arm->fit;
	double		root = sqrt((double) arm->n);
	size_t		rank = arm->r - 1;
	size_t		kept = 0;
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_array(w->env, rank, sizeof(size_t), &arm->column));
	JRN_TRY(jrn_alloc_array(w->env, rank, sizeof(double), &arm->shift));
	JRN_TRY(jrn_alloc_array(w->env, rank, sizeof(double), &arm->scale));
	JRN_TRY(jrn_alloc_array(w->env, triangle(rank), sizeof(double), &arm->lower));
	for (i = 0; i < w->p && rank > 0; i++)
		if (fit->kept[i])
		{
			arm->column[kept] = i;
			arm->shift[kept] = arm->moments->mean[i] - w->center[i];
			arm->scale[kept] = 1.0 / (fit->scale[i] * root);
			kept++;
		}
	for (i = 0; i < rank; i++)
	{
		const double *row = fit->factor + triangle(arm->column[i]);

		for (j = 0; j < i; j++)
		{
			double		l = row[arm->column[j]];

			arm->lower[triangle(i) + j] = -l;
			arm->gamma[j + 1] -= root * fit->beta[arm->column[i]] * fit->scale[arm->column[i]] * l;
		}
		arm->lower[triangle(i) + i] = 1.0 / row[arm->column[i]];
		arm->gamma[i + 1] -= root * fit->beta[arm->column[i]] * fit->scale[arm->column[i]] * row[arm->column[i]];
	}
	return JRN_OK;
}

/*
 * Is a point d away from the mean of the covariates out of reach of the
 * regression's columns (R-RND-7)?  It is within reach when its dropped
 * columns follow from the kept ones as they do among the rows.
 */
static jrn_status
out_of_reach(const jrn_rnd *w, const jrn_linear_fit *fit, const jrn_moments *moments, const double *d,
			 bool *out)
{
	double	   *part;
	size_t		i,
				j;

	*out = false;
	JRN_TRY(jrn_alloc_zeroed(w->env, w->p, sizeof(double), &part));
	for (i = 0; i < w->p; i++)
		part[i] = fit->kept[i] ? d[i] / fit->scale[i] : 0.0;
	jrn_cholesky_solve(fit->factor, w->p, fit->kept, part);
	for (i = 0; i < w->p; i++)
		part[i] = fit->kept[i] ? part[i] / fit->scale[i] / moments->w : 0.0;
	for (i = 0; i < w->p; i++)
	{
		double		follows = 0.0;

		if (fit->kept[i])
			continue;
		for (j = 0; j < w->p; j++)
			follows += part[j] * moments->m[i >= j ? triangle(i) + j : triangle(j) + i];
		if (fabs(d[i] - follows) > ALIAS * w->spread[i])
			*out = true;
	}
	jrn_release(w->env, part);
	return JRN_OK;
}

static jrn_status
add_contrast(jrn_rnd *w, jrn_rnd_arm *arm, int pair, const double *d)
{
	jrn_rnd_contrast *contrast = &arm->contrast[arm->contrasts++];
	size_t		i,
				j;

	contrast->pair = pair;
	JRN_TRY(jrn_alloc_array(w->env, arm->r, sizeof(double), &contrast->omega));
	contrast->omega[0] = 1.0 / sqrt((double) arm->n);
	for (i = 0; i + 1 < arm->r; i++)
	{
		const double *lower = arm->lower + triangle(i);
		double		sum = d[arm->column[i]] * arm->scale[i];

		for (j = 0; j < i; j++)
			sum += lower[j] * contrast->omega[j + 1];
		contrast->omega[i + 1] = sum * lower[i];
	}
	return JRN_OK;
}

/* Value of the regression d away from the mean of its covariates. */
static double
value_at(const jrn_rnd *w, const jrn_rnd_arm *arm, const double *d)
{
	double		sum = arm->mean_y;
	size_t		j;

	for (j = 0; w->method == JRN_RANDOMISED_LIN && j < w->p; j++)
		sum += arm->fit.beta[j] * d[j];
	return sum;
}

static jrn_status
prepare_arm(jrn_rnd *w, int a, int contrasts, double *d)
{
	jrn_rnd_arm *arm = &w->arm[a];
	size_t		j;

	arm->mean_y = arm->moments->mean[w->p];
	arm->r = 1;
	for (j = 0; j < w->p; j++)
		d[j] = w->center[j] - arm->moments->mean[j];
	if (w->method == JRN_RANDOMISED_LIN)
	{
		JRN_TRY(jrn_linear_alloc(w->env, w->p, &arm->fit));
		JRN_TRY(jrn_linear_solve(w->env, arm->moments, 0.0, &arm->fit));
		arm->r = arm->fit.rank + 1;
		arm->slope = arm->fit.beta;
		JRN_TRY(out_of_reach(w, &arm->fit, arm->moments, d, &arm->aliased));
	}
	else if (w->method == JRN_RANDOMISED_CUPED)
	{
		for (j = 0; j < w->p; j++)
			arm->mean_y += w->theta[j] * d[j];
		arm->slope = w->theta;
		JRN_TRY(out_of_reach(w, &w->pooled, w->within, d, &arm->aliased));
	}
	JRN_TRY(jrn_alloc_zeroed(w->env, arm->r, sizeof(double), &arm->gamma));
	JRN_TRY(keep_columns(w, arm));
	JRN_TRY(jrn_alloc_zeroed(w->env, (size_t) contrasts, sizeof(jrn_rnd_contrast), &arm->contrast));
	arm->value = value_at(w, arm, d);
	return add_contrast(w, arm, -1, d);
}

/* The difference of arm a to the baseline, at the mean covariates of both. */
static jrn_status
prepare_pair(jrn_rnd *w, int a, double *d)
{
	jrn_rnd_arm *arm = &w->arm[a];
	jrn_rnd_arm *base = &w->arm[w->baseline];
	double		share = (double) arm->n / ((double) arm->n + (double) base->n);
	double		value;
	size_t		j;
	bool		aliased = false;

	for (j = 0; j < w->p; j++)
		d[j] = (base->moments->mean[j] - arm->moments->mean[j]) * (1.0 - share);
	value = value_at(w, arm, d);
	JRN_TRY(add_contrast(w, arm, a, d));
	if (w->method == JRN_RANDOMISED_LIN)
		JRN_TRY(out_of_reach(w, &arm->fit, arm->moments, d, &arm->pair_aliased));
	for (j = 0; j < w->p; j++)
		d[j] = (arm->moments->mean[j] - base->moments->mean[j]) * share;
	JRN_TRY(add_contrast(w, base, a, d));
	if (w->method == JRN_RANDOMISED_LIN)
		JRN_TRY(out_of_reach(w, &base->fit, base->moments, d, &aliased));
	arm->difference = value - value_at(w, base, d);
	if (w->method == JRN_RANDOMISED_CUPED)
	{
		for (j = 0; j < w->p; j++)
			d[j] = arm->moments->mean[j] - base->moments->mean[j];
		JRN_TRY(out_of_reach(w, &w->pooled, w->within, d, &aliased));
	}
	arm->pair_aliased = arm->pair_aliased || aliased;
	return JRN_OK;
}

/* R-RND-5: are the sums of zeta zeta' within what they may cost? */
static void
weigh_work(jrn_rnd *w)
{
	double		work = 0.0;
	double		sums = 0.0;
	double		base_r = (double) w->arm[w->baseline].r;
	int			a;

	for (a = 0; a < w->arms; a++)
	{
		const jrn_rnd_arm *arm = &w->arm[a];
		double		part = (double) arm->contrasts * (double) arm->r * ((double) arm->r + 1.0) / 2.0;

		work += (double) arm->n * part;
		sums += part + (w->design->has_key ? (double) arm->r * base_r : 0.0);
	}
	w->exact_df = work <= w->most_work && sums <= MOST_SUMS;
}

/* Arrays whose size depends on ranks. */
static jrn_status
alloc_keys(jrn_rnd *w)
{
	const jrn_env *env = w->env;
	size_t		block = JRN_BLOCK_ROWS * sizeof(double);
	size_t		most = JRN_RND_ROWS;
	size_t		contrasts = 1;
	int			a,
				k;

	for (a = 0; a < w->arms; a++)
	{
		jrn_rnd_arm *arm = &w->arm[a];
		size_t		rows = arm->r < JRN_RND_ROWS ? arm->r : JRN_RND_ROWS;
		size_t		count = (size_t) arm->contrasts;

		if (arm->n == 0)
			continue;
		if (arm->r > w->most_r)
			w->most_r = arm->r;
		if (count > contrasts)
			contrasts = count;
		for (k = 0; k < arm->contrasts && w->exact_df; k++)
			JRN_TRY(jrn_alloc_zeroed(env, triangle(arm->r), sizeof(double), &arm->contrast[k].z));
		if (w->exact_df && w->design->has_key && arm->contrasts > 1 && a != w->baseline)
			JRN_TRY(jrn_alloc_zeroed(env, arm->r * w->arm[w->baseline].r, sizeof(double), &arm->cross));
		JRN_TRY(jrn_alloc_array(env, rows * arm->r, sizeof(double), &arm->u));
		JRN_TRY(jrn_alloc_array(env, rows, sizeof(double), &arm->residual));
		JRN_TRY(jrn_alloc_zeroed(env, count * arm->r, sizeof(double), &arm->zeta));
		JRN_TRY(jrn_alloc_zeroed(env, count, sizeof(double), &arm->score));
		JRN_TRY(jrn_alloc_zeroed(env, count, sizeof(double), &arm->own_part));
	}
	if (most < w->most_r)
		most = w->most_r;
	JRN_TRY(jrn_alloc_zeroed(env, w->most_r, block, &w->u));
	JRN_TRY(jrn_alloc_zeroed(env, w->most_r, block, &w->weighted));
	JRN_TRY(jrn_alloc_zeroed(env, w->most_r, block, &w->row_u));
	JRN_TRY(jrn_alloc_array(env, triangle(JRN_RND_ROWS), sizeof(double), &w->hat));
	JRN_TRY(jrn_alloc_array(env, contrasts * most, sizeof(double), &w->v));
	JRN_TRY(jrn_alloc_array(env, contrasts * most, sizeof(double), &w->out));
	JRN_TRY(jrn_alloc_array(env, contrasts * most, sizeof(double), &w->kept));
	return jrn_cr2_begin(&w->cr2, env, most);
}

jrn_status
jrn_rnd_prepare(jrn_rnd *w)
{
	bool		has_baseline = w->arm[w->baseline].n > 0;
	double	   *d;
	int			a;

	JRN_TRY(jrn_alloc_zeroed(w->env, w->p, sizeof(double), &d));
	for (a = 0; a < w->arms; a++)
	{
		JRN_TICK(w->env);
		if (w->arm[a].n > 0)
			JRN_TRY(prepare_arm(w, a, a == w->baseline ? w->arms : 2, d));
	}
	for (a = 0; a < w->arms; a++)
	{
		JRN_TICK(w->env);
		if (a != w->baseline && w->arm[a].n > 0 && has_baseline)
			JRN_TRY(prepare_pair(w, a, d));
	}
	weigh_work(w);
	return alloc_keys(w);
}
