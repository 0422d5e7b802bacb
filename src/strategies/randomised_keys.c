/*
 * randomised_keys.c
 *		Keys of several rows: their adjusted scores (R-RND-4, R-RND-5; see
 *		randomised_parts.h).
 */
#include <string.h>

#include "randomised_parts.h"

static double
dot(const double *a, const double *b, size_t n)
{
	double		sum = 0.0;
	size_t		i;

	for (i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/* packed += v v' */
static void
add_square(double *packed, const double *v, size_t n)
{
	size_t		i,
				j;

	for (i = 0; i < n; i++)
		for (j = 0; j <= i; j++)
			*packed++ += v[i] * v[j];
}

/* Into cross-products: what is kept does not grow with the key. */
static void
fold_row(jrn_rnd_arm *arm, const double *u, double residual)
{
	size_t		j;

	add_square(arm->c, u, arm->r);
	for (j = 0; j < arm->r; j++)
		arm->e[j] += u[j] * residual;
}

static jrn_status
make_dense(const jrn_env *env, jrn_rnd_arm *arm)
{
	size_t		size = arm->r * (arm->r + 1) / 2;
	size_t		i;

	if (arm->c == NULL)
		JRN_TRY(jrn_alloc_array(env, size + arm->r, sizeof(double), &arm->c));
	arm->e = arm->c + size;
	memset(arm->c, 0, (size + arm->r) * sizeof(double));
	for (i = 0; i < arm->rows; i++)
		fold_row(arm, arm->u + i * arm->r, arm->residual[i]);
	arm->dense = true;
	return JRN_OK;
}

jrn_status
jrn_rnd_push(jrn_rnd *w, jrn_rnd_arm *arm, const double *u, double residual)
{
	if (!arm->touched)
	{
		arm->touched = true;
		arm->dense = false;
		arm->rows = 0;
		arm->keys++;
	}
	if (!arm->dense && arm->rows == (arm->r < JRN_RND_ROWS ? arm->r : JRN_RND_ROWS))
		JRN_TRY(make_dense(w->env, arm));
	if (arm->dense)
		fold_row(arm, u, residual);
	else
	{
		memcpy(arm->u + arm->rows * arm->r, u, arm->r * sizeof(double));
		arm->residual[arm->rows] = residual;
	}
	arm->rows++;
	return JRN_OK;
}

/* Through the hat matrix of the rows. */
static jrn_status
adjust_rows(jrn_rnd *w, jrn_rnd_arm *arm)
{
	size_t		m = arm->rows;
	size_t		r = arm->r;
	double	   *hat = w->hat;
	size_t		i,
				j;
	int			k;

	for (i = 0; i < m; i++)
		for (j = 0; j <= i; j++)
			*hat++ = dot(arm->u + i * r, arm->u + j * r, r);
	for (k = 0; k < arm->contrasts; k++)
		for (i = 0; i < m; i++)
			w->v[(size_t) k * m + i] = dot(arm->u + i * r, arm->contrast[k].omega, r);
	JRN_TRY(jrn_cr2_apply(&w->cr2, w->hat, m, w->v, arm->contrasts, w->out, w->kept));
	for (k = 0; k < arm->contrasts; k++)
	{
		const double *out = w->out + (size_t) k * m;
		double	   *zeta = arm->zeta + (size_t) k * r;

		arm->score[k] = dot(out, arm->residual, m);
		arm->own_part[k] = dot(w->v + (size_t) k * m, w->kept + (size_t) k * m, m);
		memset(zeta, 0, r * sizeof(double));
		for (i = 0; i < m; i++)
			for (j = 0; j < r; j++)
				zeta[j] += arm->u[i * r + j] * out[i];
	}
	return JRN_OK;
}

/* out = c v for a packed symmetric matrix */
static void
multiply(const double *packed, size_t n, const double *v, double *out)
{
	size_t		i,
				j;

	for (i = 0; i < n; i++)
	{
		out[i] = packed[i] * v[i];
		for (j = 0; j < i; j++)
		{
			out[i] += packed[j] * v[j];
			out[j] += packed[j] * v[i];
		}
		packed += i + 1;
	}
}

/*
 * Through the cross-products: U'f(U U') = f(U'U) U' for any function of a
 * symmetric matrix.
 */
static jrn_status
adjust_dense(jrn_rnd *w, jrn_rnd_arm *arm)
{
	size_t		r = arm->r;
	int			k;

	for (k = 0; k < arm->contrasts; k++)
		memcpy(w->v + (size_t) k * r, arm->contrast[k].omega, r * sizeof(double));
	JRN_TRY(jrn_cr2_apply(&w->cr2, arm->c, r, w->v, arm->contrasts, w->out, w->kept));
	for (k = 0; k < arm->contrasts; k++)
	{
		double	   *zeta = arm->zeta + (size_t) k * r;

		arm->score[k] = dot(w->out + (size_t) k * r, arm->e, r);
		multiply(arm->c, r, w->kept + (size_t) k * r, zeta);
		arm->own_part[k] = dot(zeta, w->v + (size_t) k * r, r);
		multiply(arm->c, r, w->out + (size_t) k * r, zeta);
	}
	return JRN_OK;
}

static void
add_sums(jrn_rnd_sums *sums, double score, double own, double inner)
{
	sums->variance += score * score;
	sums->own += own;
	sums->own_squared += own * own;
	sums->inner += inner;
	sums->inner_squared += inner * inner;
}

/* The difference of arm a to the baseline; contrast base_k of the baseline. */
static void
add_pair(jrn_rnd *w, jrn_rnd_arm *arm, int base_k)
{
	jrn_rnd_arm *base = &w->arm[w->baseline];
	const double *zeta = arm->zeta + arm->r;
	const double *base_zeta = base->zeta + (size_t) base_k * base->r;
	double		score = 0.0;
	double		own = 0.0;
	double		inner = 0.0;
	size_t		i,
				j;

	if (arm->touched)
	{
		score += arm->score[1];
		own += arm->own_part[1];
		inner += dot(zeta, zeta, arm->r);
	}
	if (base->touched)
	{
		score -= base->score[base_k];
		own += base->own_part[base_k];
		inner += dot(base_zeta, base_zeta, base->r);
	}
	add_sums(&arm->pair, score, own, inner);
	if (arm->touched && base->touched && arm->cross != NULL)
		for (i = 0; i < arm->r; i++)
			for (j = 0; j < base->r; j++)
				arm->cross[i * base->r + j] += zeta[i] * base_zeta[j];
}

jrn_status
jrn_rnd_close(jrn_rnd *w)
{
	bool		base_touched = w->arm[w->baseline].touched;
	int			base_k = 0;
	int			a,
				k;

	if (!w->open)
		return JRN_OK;
	w->open = false;
	JRN_TICK(w->env);
	for (a = 0; a < w->arms; a++)
	{
		jrn_rnd_arm *arm = &w->arm[a];

		if (!arm->touched)
			continue;
		JRN_TRY(arm->dense ? adjust_dense(w, arm) : adjust_rows(w, arm));
		add_sums(&arm->own, arm->score[0], arm->own_part[0], dot(arm->zeta, arm->zeta, arm->r));
		w->total[a] += arm->score[0];
		for (k = 0; k < arm->contrasts; k++)
			if (arm->contrast[k].z != NULL)
				add_square(arm->contrast[k].z, arm->zeta + (size_t) k * arm->r, arm->r);
	}
	for (a = 0; a < w->arms; a++)
	{
		jrn_rnd_arm *arm = &w->arm[a];

		if (a == w->baseline || arm->contrasts < 2)
			continue;
		base_k++;
		if (arm->touched || base_touched)
			add_pair(w, arm, base_k);
	}
	add_square(w->packed, w->total, (size_t) w->arms);
	for (a = 0; a < w->arms; a++)
		w->arm[a].touched = false;
	memset(w->total, 0, (size_t) w->arms * sizeof(double));
	return JRN_OK;
}
