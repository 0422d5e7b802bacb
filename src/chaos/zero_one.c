/*
 * zero_one.c
 *		The 0-1 test (see zero_one.h).
 */
#include <math.h>
#include <string.h>

#include "zero_one.h"

#include "../core/fft.h"
#include "../core/multiple.h"
#include "../core/sums.h"

/* Standard deviations beyond which a mean is taken away first (R-ZO-6). */
#define FAR_MEAN 8.0

typedef struct zero_one_call
{
	const jrn_env *env;
	const double *x;
	size_t		n;
	size_t		lags;			/* n0 */
	size_t		base;			/* N - n0: terms of every mean */
	double		mean;
	uint64_t	turn;			/* denominator of the frequencies */
	double	   *cosine;			/* of i / turn of a turn */
	double	   *sine;
	double	   *p;				/* n: p(1) .. p(N) */
	double	   *q;
	double	   *squares;		/* n + 1: running sums of p^2 + q^2 */
	double	   *products;		/* lags + 1: sums of p(j) p(j+n) + q(j) q(j+n) */
	double	   *displacement;	/* lags + 1 */
	bool		transform;
	jrn_fft		fft;
	double	   *series;			/* of the transform's length */
	double	   *spectrum[6];	/* re, im of a window, of all, and of the product */
} zero_one_call;

static jrn_status
begin_tables(zero_one_call *call)
{
	uint64_t	i;

	JRN_TRY(jrn_alloc_array(call->env, call->turn, sizeof(double), &call->cosine));
	JRN_TRY(jrn_alloc_array(call->env, call->turn, sizeof(double), &call->sine));
	for (i = 0; i < call->turn; i++)
		jrn_turn(i, call->turn, &call->cosine[i], &call->sine[i]);
	JRN_TRY(jrn_alloc_array(call->env, call->n, sizeof(double), &call->p));
	JRN_TRY(jrn_alloc_array(call->env, call->n, sizeof(double), &call->q));
	JRN_TRY(jrn_alloc_array(call->env, call->n + 1, sizeof(double), &call->squares));
	JRN_TRY(jrn_alloc_array(call->env, call->lags + 1, sizeof(double), &call->products));
	return jrn_alloc_array(call->env, call->lags + 1, sizeof(double), &call->displacement);
}

/* A circle of at least N: sums over j <= N - n0 of lags up to n0 never wrap. */
static jrn_status
begin_transform(zero_one_call *call)
{
	const size_t length = jrn_fft_length_above(call->n);
	int			i;

	JRN_TRY(jrn_fft_init(call->env, length, &call->fft));
	JRN_TRY(jrn_alloc_array(call->env, length, sizeof(double), &call->series));
	for (i = 0; i < 6; i++)
		JRN_TRY(jrn_alloc_array(call->env, jrn_fft_coefficients(length), sizeof(double), &call->spectrum[i]));
	return JRN_OK;
}

/* p, q and the running sums of squares at numerator / turn of a turn. */
static void
translate(zero_one_call *call, uint64_t numerator)
{
	double		p = 0.0,
				q = 0.0;
	jrn_acc		squares = {0.0, 0.0};
	uint64_t	angle = 0;
	size_t		j;

	call->squares[0] = 0.0;
	for (j = 0; j < call->n; j++)
	{
		angle += numerator;
		if (angle >= call->turn)
			angle -= call->turn;
		p += call->x[j] * call->cosine[angle];
		q += call->x[j] * call->sine[angle];
		call->p[j] = p;
		call->q[j] = q;
		jrn_acc_add(&squares, p * p + q * q);
		call->squares[j + 1] = jrn_acc_value(&squares);
	}
}

static jrn_status
products_direct(zero_one_call *call)
{
	size_t		lag;

	for (lag = 1; lag <= call->lags; lag++)
	{
		if (lag % 64 == 0)
			JRN_TICK(call->env);
		call->products[lag] = jrn_dot(call->p, call->p + lag, call->base) +
			jrn_dot(call->q, call->q + lag, call->base);
	}
	return JRN_OK;
}

/* Add the cross spectrum of the first base values with all values. */
static jrn_status
add_spectrum(zero_one_call *call, const double *values, bool first)
{
	const size_t length = call->fft.n;
	double	  **s = call->spectrum;
	size_t		k;

	memcpy(call->series, values, call->n * sizeof(double));
	memset(call->series + call->n, 0, (length - call->n) * sizeof(double));
	JRN_TRY(jrn_fft_forward(call->env, &call->fft, call->series, s[2], s[3]));
	memset(call->series + call->base, 0, (length - call->base) * sizeof(double));
	JRN_TRY(jrn_fft_forward(call->env, &call->fft, call->series, s[0], s[1]));
	for (k = 0; k < jrn_fft_coefficients(length); k++)
	{
		const double re = s[0][k] * s[2][k] + s[1][k] * s[3][k];
		const double im = s[0][k] * s[3][k] - s[1][k] * s[2][k];

		s[4][k] = first ? re : s[4][k] + re;
		s[5][k] = first ? im : s[5][k] + im;
	}
	return JRN_OK;
}

static jrn_status
products_transform(zero_one_call *call)
{
	JRN_TRY(add_spectrum(call, call->p, true));
	JRN_TRY(add_spectrum(call, call->q, false));
	JRN_TRY(jrn_fft_inverse(call->env, &call->fft, call->spectrum[4], call->spectrum[5], call->series));
	memcpy(call->products, call->series, (call->lags + 1) * sizeof(double));
	return JRN_OK;
}

/* Correlation of 1 .. count with y[1 .. count]; NaN when y does not vary. */
static double
growth(const double *y, size_t count)
{
	const double middle = 0.5 * ((double) count + 1.0);
	const double mean = jrn_sum(y + 1, count) / (double) count;
	double		ty = 0.0,
				yy = 0.0,
				tt = 0.0;
	size_t		i;

	for (i = 1; i <= count; i++)
	{
		const double t = (double) i - middle,
					d = y[i] - mean;

		ty += t * d;
		yy += d * d;
		tt += t * t;
	}
	return yy > 0.0 ? fmax(-1.0, fmin(1.0, ty / sqrt(tt * yy))) : NAN;
}

/* K of one frequency. */
static jrn_status
one_frequency(zero_one_call *call, uint64_t numerator, double *k)
{
	const double size = (double) call->base;
	const double swing = call->mean * call->mean / (1.0 - call->cosine[numerator]);
	uint64_t	angle = 0;
	size_t		lag;

	translate(call, numerator);
	JRN_TRY(call->transform ? products_transform(call) : products_direct(call));
	for (lag = 1; lag <= call->lags; lag++)
	{
		const double here = call->squares[call->base];
		const double there = call->squares[call->base + lag] - call->squares[lag];

		angle += numerator;
		if (angle >= call->turn)
			angle -= call->turn;
		call->displacement[lag] = (here + there - 2.0 * call->products[lag]) / size -
			swing * (1.0 - call->cosine[angle]);
	}
	*k = growth(call->displacement, call->lags);
	return JRN_OK;
}

static jrn_status
all_frequencies(zero_one_call *call, int32_t frequencies, jrn_zero_one_result *result)
{
	const uint64_t count = (uint64_t) frequencies;
	double	   *k;
	size_t		used = 0;
	uint64_t	i;

	JRN_TRY(jrn_alloc_array(call->env, count, sizeof(double), &k));
	for (i = 0; i < count; i++)
	{
		JRN_TICK(call->env);
		JRN_TRY(one_frequency(call, 2 * count + 6 * i + 3, &k[used]));	/* R-ZO-1 */
		used += !isnan(k[used]);
	}
	if (used == 0)
		return JRN_OK;
	JRN_TRY(jrn_sort_doubles(call->env, k, used));
	result->median = jrn_sorted_quantile(k, used, 0.5);
	result->low = jrn_sorted_quantile(k, used, 0.25);
	result->high = jrn_sorted_quantile(k, used, 0.75);
	return JRN_OK;
}

/* R-ZO-6 */
static jrn_status
take_far_mean(zero_one_call *call)
{
	double		variance;
	double	   *centred;
	size_t		i;

	JRN_TRY(jrn_series_variance(call->env, call->x, call->n, 0, &variance));
	call->mean = jrn_series_mean(call->x, call->n);
	if (!(fabs(call->mean) > FAR_MEAN * sqrt(variance)))
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(call->env, call->n, sizeof(double), &centred));
	for (i = 0; i < call->n; i++)
		centred[i] = call->x[i] - call->mean;
	call->x = centred;
	call->mean = 0.0;
	return JRN_OK;
}

jrn_status
jrn_zero_one(const jrn_env *env, const double *x, size_t n, int32_t frequencies,
			 jrn_zero_one_way way, jrn_zero_one_result *result)
{
	zero_one_call call;
	jrn_series	series;

	result->median = result->low = result->high = NAN;
	if (frequencies < 1 || frequencies > JRN_ZERO_ONE_MAX_FREQUENCIES)
		return JRN_DOMAIN;
	JRN_TRY(jrn_series_init(env, x, n, &series));
	result->status = n < JRN_ZERO_ONE_MIN ? JRN_SERIES_TOO_SHORT :
		jrn_series_is_constant(&series) ? JRN_SERIES_CONSTANT : JRN_SERIES_OK;
	if (result->status != JRN_SERIES_OK)
		return JRN_OK;			/* R-ZO-5 */
	memset(&call, 0, sizeof(call));
	call.env = env;
	call.x = series.x;
	call.n = n;
	call.lags = n / 10;
	call.base = n - call.lags;
	call.turn = 20 * (uint64_t) frequencies;
	call.transform = way == JRN_ZERO_ONE_TRANSFORM || (way == JRN_ZERO_ONE_AUTO && n >= JRN_ZERO_ONE_LONG);
	JRN_TRY(take_far_mean(&call));
	JRN_TRY(begin_tables(&call));
	if (call.transform)
		JRN_TRY(begin_transform(&call));
	return all_frequencies(&call, frequencies, result);
}
