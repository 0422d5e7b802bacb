/*
 * cr2.c
 *		Inverse square root of I - M (see cr2.h).
 */
#include <math.h>
#include <string.h>

#include "../core/eigen.h"
#include "cr2.h"

/* Trace up to which the series is summed, and the part of it that is nothing. */
#define SERIES_TRACE 0.1
#define SERIES_REST 1e-18

jrn_status
jrn_cr2_begin(jrn_cr2 *cr2, const jrn_env *env, size_t most)
{
	cr2->env = env;
	cr2->room = most;
	cr2->vectors = NULL;
	JRN_TRY(jrn_alloc_array(env, most, sizeof(double), &cr2->values));
	JRN_TRY(jrn_alloc_array(env, most, sizeof(double), &cr2->power));
	return jrn_alloc_array(env, most, sizeof(double), &cr2->next);
}

double
jrn_cr2_factor(double leverage)
{
	double		rest = 1.0 - leverage;

	return rest > JRN_CR2_NONE ? 1.0 / sqrt(rest) : 0.0;
}

/* out = M v for a packed symmetric matrix. */
static void
multiply(const double *packed, size_t n, const double *v, double *out)
{
	const double *row = packed;
	size_t		i,
				j;

	for (i = 0; i < n; i++)
	{
		double		sum = 0.0;

		for (j = 0; j < i; j++)
		{
			sum += row[j] * v[j];
			out[j] += row[j] * v[i];
		}
		out[i] = sum + row[i] * v[i];
		row += i + 1;
	}
}

/* sum of C(2 j, j) / 4^j M^j v; trace bounds the largest eigenvalue. */
static void
series(jrn_cr2 *cr2, const double *packed, size_t n, double trace, const double *v, double *out)
{
	double		coefficient = 1.0;
	double		bound = 1.0;
	size_t		i;
	int			j;

	memcpy(out, v, n * sizeof(double));
	memcpy(cr2->power, v, n * sizeof(double));
	for (j = 1; bound > SERIES_REST; j++)
	{
		double	   *swap = cr2->power;

		multiply(packed, n, cr2->power, cr2->next);
		cr2->power = cr2->next;
		cr2->next = swap;
		coefficient *= (2.0 * j - 1.0) / (2.0 * j);
		bound *= trace;
		for (i = 0; i < n; i++)
			out[i] += coefficient * cr2->power[i];
	}
}

static void
by_eigenvectors(const jrn_cr2 *cr2, size_t n, const double *v, double *out, double *kept)
{
	size_t		i,
				j;

	memset(out, 0, n * sizeof(double));
	memset(kept, 0, n * sizeof(double));
	for (i = 0; i < n; i++)
	{
		const double *e = cr2->vectors + i * n;
		double		factor = jrn_cr2_factor(cr2->values[i] > 0.0 ? cr2->values[i] : 0.0);
		double		part = 0.0;

		if (factor == 0.0)
			continue;			/* R-CR2-2 */
		for (j = 0; j < n; j++)
			part += e[j] * v[j];
		for (j = 0; j < n; j++)
		{
			kept[j] += part * e[j];
			out[j] += factor * part * e[j];
		}
	}
}

jrn_status
jrn_cr2_apply(jrn_cr2 *cr2, const double *packed, size_t n, const double *v, int count,
			  double *out, double *kept)
{
	double		trace = 0.0;
	size_t		i;
	int			k;

	if (n > cr2->room)
		return JRN_DOMAIN;
	for (i = 0; i < n; i++)
		trace += packed[i * (i + 1) / 2 + i];
	if (n == 1 && trace > SERIES_TRACE)
	{
		double		factor = jrn_cr2_factor(trace);

		for (k = 0; k < count; k++)
		{
			out[k] = factor * v[k];
			kept[k] = factor > 0.0 ? v[k] : 0.0;
		}
		return JRN_OK;
	}
	if (trace <= SERIES_TRACE)
	{
		for (k = 0; k < count; k++)
			series(cr2, packed, n, trace, v + (size_t) k * n, out + (size_t) k * n);
		memcpy(kept, v, (size_t) count * n * sizeof(double));
		return JRN_OK;
	}
	if (cr2->vectors == NULL)
		JRN_TRY(jrn_alloc_array(cr2->env, cr2->room, cr2->room * sizeof(double), &cr2->vectors));
	JRN_TRY(jrn_eigen(cr2->env, packed, n, cr2->values, cr2->vectors));
	for (k = 0; k < count; k++)
		by_eigenvectors(cr2, n, v + (size_t) k * n, out + (size_t) k * n, kept + (size_t) k * n);
	return JRN_OK;
}
