/*
 * moments.c
 *		Centred moments and the squared-loss fit (see moments.h).
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "../core/kernels.h"
#include "model.h"
#include "moments.h"

static size_t
triangle(size_t q)
{
	return q * (q + 1) / 2;
}

jrn_status
jrn_moments_alloc(const jrn_env *env, size_t count, size_t q, jrn_moments **out)
{
	jrn_moments *set;
	double	   *numbers;
	size_t		each = q + triangle(q);
	size_t		i;

	JRN_TRY(jrn_alloc_zeroed(env, count, sizeof(jrn_moments), &set));
	JRN_TRY(jrn_alloc_zeroed(env, count, each * sizeof(double), &numbers));
	for (i = 0; i < count; i++)
	{
		set[i].q = q;
		set[i].mean = numbers + i * each;
		set[i].m = set[i].mean + q;
	}
	*out = set;
	return JRN_OK;
}

void
jrn_moments_clear(jrn_moments *moments)
{
	moments->n = 0;
	moments->w = 0.0;
	memset(moments->mean, 0, moments->q * sizeof(double));
	memset(moments->m, 0, triangle(moments->q) * sizeof(double));
}

jrn_status
jrn_moments_scratch(const jrn_env *env, size_t q, jrn_moment_scratch *scratch)
{
	jrn_moments *block;

	scratch->q = q;
	scratch->origin = NULL;
	JRN_TRY(jrn_alloc_zeroed(env, q * JRN_BLOCK_ROWS, sizeof(double), &scratch->centred));
	JRN_TRY(jrn_alloc_zeroed(env, q * JRN_BLOCK_ROWS, sizeof(double), &scratch->weighted));
	JRN_TRY(jrn_moments_alloc(env, 1, q, &block));
	scratch->block = *block;
	return JRN_OK;
}

/* R-MOM-2 */
void
jrn_moments_merge(jrn_moments *into, const jrn_moments *from)
{
	double		w = into->w + from->w;
	double		factor;
	size_t		i,
				j;

	if (from->n == 0)
		return;
	if (into->n == 0)
	{
		into->n = from->n;
		into->w = from->w;
		memcpy(into->mean, from->mean, into->q * sizeof(double));
		memcpy(into->m, from->m, triangle(into->q) * sizeof(double));
		return;
	}
	factor = into->w * (from->w / w);
	for (i = 0; i < into->q; i++)
	{
		double		di = (from->mean[i] - into->mean[i]) * factor;
		double	   *row = into->m + triangle(i);
		const double *other = from->m + triangle(i);

		for (j = 0; j <= i; j++)
			row[j] += other[j] + di * (from->mean[j] - into->mean[j]);
	}
	for (i = 0; i < into->q; i++)
		into->mean[i] += (from->mean[i] - into->mean[i]) * (from->w / w);
	into->n += from->n;
	into->w = w;
}

/*
 * Mean of a column relative to its origin; the first value is taken off
 * before the sum, so that constants are exact.
 */
static double
shifted_mean(const double *column, double origin, const double *weight, double w, size_t rows,
			 double *centred)
{
	double		first = column[0] - origin;
	double		sum;
	size_t		r;

	for (r = 0; r < rows; r++)
		centred[r] = (column[r] - origin) - first;
	for (; r < jrn_lanes(rows); r++)
		centred[r] = 0.0;
	sum = weight != NULL ? jrn_column_dot(centred, weight, rows) : jrn_column_sum(centred, rows);
	sum /= w;
	for (r = 0; r < rows; r++)
		centred[r] -= sum;
	return first + sum;
}

void
jrn_moments_add_tile(jrn_moments *into, const jrn_tile *tile, jrn_moment_scratch *scratch)
{
	jrn_moments *block = &scratch->block;
	size_t		q = into->q;
	size_t		stride = JRN_BLOCK_ROWS;
	size_t		i,
				r;

	memset(block->m, 0, triangle(q) * sizeof(double));
	block->n = (int64_t) tile->rows;
	block->w = tile->weight != NULL ? jrn_column_sum(tile->weight, tile->rows) : (double) tile->rows;
	for (i = 0; i < q; i++)
	{
		double	   *centred = scratch->centred + i * stride;
		const double *column = i + 1 < q ? tile->x + i * tile->stride : tile->y;
		double		effective[JRN_BLOCK_ROWS] = {0};

		if (i + 1 == q && tile->offset != NULL)
		{
			for (r = 0; r < tile->rows; r++)
				effective[r] = tile->y[r] - tile->offset[r];
			column = effective;
		}
		block->mean[i] = shifted_mean(column, scratch->origin != NULL ? scratch->origin[i] : 0.0,
									  tile->weight, block->w, tile->rows, centred);
		if (tile->weight != NULL)
			for (r = 0; r < jrn_lanes(tile->rows); r++)
				scratch->weighted[i * stride + r] = centred[r] * tile->weight[r];
	}
	jrn_cross_products(tile->weight != NULL ? scratch->weighted : scratch->centred,
					   scratch->centred, q, tile->rows, stride, block->m);
	jrn_moments_merge(into, block);
}

jrn_status
jrn_linear_alloc(const jrn_env *env, size_t p, jrn_linear_fit *fit)
{
	fit->p = p;
	fit->rank = 0;
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(bool), &fit->kept));
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(double), &fit->scale));
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(double), &fit->beta));
	return jrn_alloc_zeroed(env, triangle(p), sizeof(double), &fit->factor);
}

jrn_status
jrn_linear_solve(const jrn_env *env, const jrn_moments *moments, double lambda,
				 jrn_linear_fit *fit)
{
	size_t		p = fit->p;
	const double *with_y = moments->m + triangle(p);	/* row of y */
	size_t		i,
				j;

	for (i = 0; i < p; i++)
	{
		double		variance = moments->m[triangle(i) + i] / moments->w;
		double		mean = moments->mean[i];

		fit->scale[i] = sqrt(variance > 0.0 ? variance : 0.0);
		/* a spread that rounding alone explains is no spread */
		fit->kept[i] = fit->scale[i] > 1e-14 * fabs(mean) && fit->scale[i] > 0.0;
	}
	for (i = 0; i < p; i++)
	{
		double	   *row = fit->factor + triangle(i);

		for (j = 0; j < i; j++)
			row[j] = fit->kept[i] && fit->kept[j] ?
				moments->m[triangle(i) + j] / moments->w / fit->scale[i] / fit->scale[j] : 0.0;
		row[i] = fit->kept[i] ? 1.0 + lambda : 0.0;
		fit->beta[i] = fit->kept[i] ? with_y[i] / moments->w / fit->scale[i] : 0.0;
	}
	JRN_TRY(jrn_cholesky(env, fit->factor, p, JRN_ALIAS_TOLERANCE, fit->kept, &fit->rank));
	jrn_cholesky_solve(fit->factor, p, fit->kept, fit->beta);
	for (i = 0; i < p; i++)
		fit->beta[i] = fit->kept[i] ? fit->beta[i] / fit->scale[i] : 0.0;
	return JRN_OK;
}
