/*
 * randomised.c
 *		Randomised comparisons: moments by strategy, what follows from them,
 *		and results (see randomised.h).
 */
#include <math.h>
#include <string.h>

#include "../core/sizes.h"
#include "randomised_parts.h"

/* Part of the variance of a contrast that residuals must be able to tell; less is rounding. */
#define TOLD 0.9
#define ALL_TOLD (1.0 - 1e-9)

const char *
jrn_randomised_status_name(jrn_randomised_status status)
{
	static const char *const names[] = {"ok", "rank_deficient", "too_few"};

	return names[status];
}

/* ---- moments ---- */

/* Rows of one arm in a block, as a block of their own. */
static void
add_rows_of(jrn_rnd *w, const jrn_tile *tile, int a, jrn_moment_scratch *scratch)
{
	jrn_tile	part;
	size_t		count = 0;
	size_t		i,
				j;

	for (i = 0; i < tile->rows; i++)
		if ((int) tile->arm[i] == a)
			w->place[count++] = (uint16_t) i;
	if (count == 0)
		return;
	for (j = 0; j < w->p; j++)
		for (i = 0; i < count; i++)
			w->x[j * JRN_BLOCK_ROWS + i] = tile->x[j * tile->stride + w->place[i]];
	for (i = 0; i < count; i++)
		w->y[i] = tile->y[w->place[i]];
	memset(&part, 0, sizeof(part));
	part.rows = count;
	part.stride = JRN_BLOCK_ROWS;
	part.x = w->x;
	part.y = w->y;
	jrn_moments_add_tile(w->arm[a].moments, &part, scratch);
}

static jrn_status
take_moments(jrn_rnd *w)
{
	jrn_moment_scratch scratch;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	bool		first = true;
	size_t		j;
	int			a;

	JRN_TRY(jrn_moments_scratch(w->env, w->p + 1, &scratch));
	jrn_tiles_open(w->design, (jrn_store *) &w->design->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		if (tile.arm == NULL)
			return JRN_DOMAIN;
		for (j = 0; j < tile.rows; j++)
			if (!(tile.arm[j] >= 0.0 && tile.arm[j] < (double) w->arms))
				return JRN_DOMAIN;
		for (j = 0; j < w->p && first; j++)
			w->origin[j] = tile.x[j * tile.stride];
		if (first)
			w->origin[w->p] = tile.y[0];
		first = false;
		scratch.origin = w->origin;
		for (a = 0; a < w->arms; a++)
		{
			JRN_TICK(w->env);
			add_rows_of(w, &tile, a, &scratch);
		}
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

/* Means and spreads of all rows, and the slope within strategies of cuped. */
static jrn_status
join_moments(jrn_rnd *w)
{
	jrn_moments *total;
	jrn_moments *within;
	size_t		j;
	int			a;

	JRN_TRY(jrn_moments_alloc(w->env, 2, w->p + 1, &total));
	within = total + 1;
	for (a = 0; a < w->arms; a++)
	{
		const jrn_moments *part = w->arm[a].moments;

		w->arm[a].n = part->n;
		jrn_moments_merge(total, part);
		for (j = 0; j < (w->p + 1) * (w->p + 2) / 2; j++)
			within->m[j] += part->m[j];
	}
	w->n = total->w;
	for (j = 0; j < w->p; j++)
	{
		w->center[j] = total->mean[j];
		w->spread[j] = sqrt(total->m[(j + 1) * (j + 2) / 2 - 1] / total->w);
	}
	if (w->method != JRN_RANDOMISED_CUPED)
		return JRN_OK;
	within->n = total->n;
	within->w = total->w;
	memcpy(within->mean, total->mean, (w->p + 1) * sizeof(double));
	w->within = within;
	JRN_TRY(jrn_linear_alloc(w->env, w->p, &w->pooled));
	JRN_TRY(jrn_linear_solve(w->env, within, 0.0, &w->pooled));	/* R-RND-2 */
	w->theta = w->pooled.beta;
	return JRN_OK;
}

/* ---- results ---- */

/* Sum of squares of a symmetric matrix. */
static double
square_of(const double *packed, size_t n)
{
	double		sum = 0.0;
	size_t		i,
				j;

	for (i = 0; i < n; i++)
		for (j = 0; j <= i; j++, packed++)
			sum += (i == j ? 1.0 : 2.0) * *packed * *packed;
	return sum;
}

static double
length_of(const jrn_rnd_arm *arm, int contrast)
{
	const double *omega = arm->contrast[contrast].omega;
	double		sum = 0.0;
	size_t		j;

	for (j = 0; j < arm->r; j++)
		sum += omega[j] * omega[j];
	return sum;
}

/*
 * What a variance has to be multiplied by for directions without residual; NaN
 * where residuals tell too little (R-RND-4).
 */
static double
completion(const jrn_rnd_sums *sums, double length)
{
	if (!(sums->own >= TOLD * length))
		return NAN;
	return sums->own < ALL_TOLD * length ? length / sums->own : 1.0;
}

/* R-RND-5; squares is the sum of (zeta_c'zeta_d)^2 over all pairs of keys. */
static void
finish_sums(const jrn_rnd *w, const jrn_rnd_sums *sums, double squares, double variance,
			double *se, double *df, jrn_randomised_status *status)
{
	double		all = w->exact_df ? squares : sums->inner * sums->inner;

	if (!isfinite(variance))
	{
		*se = *df = NAN;
		*status = JRN_RANDOMISED_TOO_FEW;
		return;
	}
	*se = sqrt(variance);
	*df = sums->own * (sums->own / (sums->own_squared - sums->inner_squared + all));
}

static void
finish_value(jrn_rnd *w, int a, jrn_randomised_result *result)
{
	jrn_rnd_arm *arm = &w->arm[a];
	jrn_randomised_arm *out = &result->arm[a];

	out->n = arm->n;
	out->keys = arm->keys;
	out->value = out->value_se = out->value_df = NAN;
	out->value_status = JRN_RANDOMISED_TOO_FEW;
	if (arm->n == 0)
		return;
	out->value_status = arm->aliased ? JRN_RANDOMISED_RANK_DEFICIENT : JRN_RANDOMISED_OK;
	out->value = w->origin[w->p] + arm->value;
	finish_sums(w, &arm->own, w->exact_df ? square_of(arm->contrast[0].z, arm->r) : 0.0,
				w->covariance[(size_t) a * (size_t) w->arms + (size_t) a],
				&out->value_se, &out->value_df, &out->value_status);
}

static void
finish_difference(jrn_rnd *w, int a, int base_k, jrn_randomised_result *result)
{
	jrn_rnd_arm *arm = &w->arm[a];
	jrn_rnd_arm *base = &w->arm[w->baseline];
	jrn_randomised_arm *out = &result->arm[a];
	double		squares = 0.0;
	size_t		i;

	out->difference_status = arm->pair_aliased ? JRN_RANDOMISED_RANK_DEFICIENT : JRN_RANDOMISED_OK;
	out->difference = arm->difference;
	if (w->exact_df)
	{
		squares = square_of(arm->contrast[1].z, arm->r) + square_of(base->contrast[base_k].z, base->r);
		for (i = 0; arm->cross != NULL && i < arm->r * base->r; i++)
			squares += 2.0 * arm->cross[i] * arm->cross[i];
	}
	finish_sums(w, &arm->pair, squares,
				arm->pair.variance * completion(&arm->pair, length_of(arm, 1) + length_of(base, base_k)),
				&out->difference_se, &out->difference_df, &out->difference_status);
}

/* Covariances of values; NaN where one has no error. */
static void
finish_covariance(jrn_rnd *w)
{
	size_t		arms = (size_t) w->arms;
	size_t		i,
				j;

	for (i = 0; i < arms; i++)
	{
		const jrn_rnd_arm *arm = &w->arm[i];

		w->total[i] = arm->n == 0 ? NAN : sqrt(completion(&arm->own, length_of(arm, 0)));
	}
	for (i = 0; i < arms; i++)
		for (j = 0; j < arms; j++)
			w->covariance[i * arms + j] = w->total[i] * w->total[j] *
				w->packed[i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i];
}

static void
finish(jrn_rnd *w, jrn_randomised_result *result)
{
	int			base_k = 0;
	int			a;

	finish_covariance(w);
	for (a = 0; a < w->arms; a++)
	{
		jrn_randomised_arm *out = &result->arm[a];

		finish_value(w, a, result);
		out->difference = out->difference_se = out->difference_df = NAN;
		out->difference_status = JRN_RANDOMISED_TOO_FEW;
		if (a == w->baseline)
			out->difference_status = out->value_status;
		else if (w->arm[a].contrasts > 1)
			finish_difference(w, a, ++base_k, result);
	}
	result->arms = w->arms;
	result->baseline = w->baseline;
	result->covariance = w->covariance;
	result->theta = w->theta;
	result->bounded_df = !w->exact_df;
}

jrn_status
jrn_randomised_run_within(const jrn_env *env, const jrn_design *design, int arms, int baseline,
						  jrn_randomised_method method, double most_work,
						  jrn_randomised_result *result)
{
	jrn_rnd		w;
	size_t		size;

	memset(&w, 0, sizeof(w));
	w.env = env;
	w.design = design;
	w.method = method;
	w.arms = arms;
	w.baseline = baseline;
	w.most_work = most_work;
	w.p = method == JRN_RANDOMISED_DIFFERENCE ? 0 : (size_t) design->p;
	if (arms < 1 || baseline < 0 || baseline >= arms || (w.p == 0 && method != JRN_RANDOMISED_DIFFERENCE))
		return JRN_DOMAIN;
	if (!jrn_size_mul(w.p + 1, w.p + 1, &size) || !jrn_size_mul(size, (size_t) arms, &size) ||
		size > JRN_RANDOMISED_ROOM)
		return JRN_LIMIT;		/* R-RND-8 */
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) arms, sizeof(jrn_randomised_arm), &result->arm));
	JRN_TRY(jrn_rnd_alloc(&w));
	JRN_TRY(take_moments(&w));
	JRN_TRY(join_moments(&w));
	JRN_TRY(jrn_rnd_prepare(&w));
	JRN_TRY(jrn_rnd_rows(&w));
	finish(&w, result);
	return JRN_OK;
}

jrn_status
jrn_randomised_run(const jrn_env *env, const jrn_design *design, int arms, int baseline,
				   jrn_randomised_method method, jrn_randomised_result *result)
{
	return jrn_randomised_run_within(env, design, arms, baseline, method, JRN_RANDOMISED_WORK, result);
}
