/*
 * early_warning.c
 *		Trends of rolling variance and autocorrelation (see early_warning.h).
 */
#include <math.h>
#include <string.h>

#include "early_warning.h"

#include "../core/fft.h"
#include "../core/random.h"
#include "../core/sums.h"

/* Windows after which running sums are begun anew, so that errors do not add up. */
#define FRESH_EVERY 64

/* A window whose squares cancel to this share of them has no variance. */
#define NO_VARIANCE 1e-13

typedef struct warning_call
{
	const jrn_env *env;
	size_t		n;
	size_t		window;
	size_t		windows;
	bool		smooth;
	jrn_fft		fft;
	double	   *kernel_re;		/* spectrum of the kernel */
	double	   *kernel_im;
	double	   *re;
	double	   *im;
	double	   *padded;			/* of the transform's length */
	double	   *weight;			/* n: sums of the kernel at each place */
	double	   *y;				/* n: what is left */
	double	   *values[JRN_WARNING_INDICATORS];
	double	   *trend;			/* windows, for the sort */
	double	   *room;
} warning_call;

/* ---- Kendall ---- */

static double
pairs_of(double n)
{
	return 0.5 * n * (n - 1.0);
}

/* Merge two sorted runs, counting pairs in the wrong order. */
static double
merge(const double *a, size_t na, const double *b, size_t nb, double *out)
{
	double		inversions = 0.0;
	size_t		i = 0,
				j = 0;

	while (i < na || j < nb)
		if (j >= nb || (i < na && a[i] <= b[j]))
			*out++ = a[i++];
		else
		{
			inversions += (double) (na - i);
			*out++ = b[j++];
		}
	return inversions;
}

jrn_status
jrn_kendall_trend(const jrn_env *env, double *values, size_t n, double *room, double *tau)
{
	const double pairs = pairs_of((double) n);
	double	   *from = values;
	double	   *to = room;
	double		discordant = 0.0;
	double		ties = 0.0;
	size_t		width;
	size_t		i;
	size_t		run;

	for (width = 1; width < n; width *= 2)
	{
		double	   *held = from;

		JRN_TICK(env);
		for (i = 0; i < n; i += 2 * width)
		{
			const size_t middle = i + width < n ? i + width : n;
			const size_t end = i + 2 * width < n ? i + 2 * width : n;

			discordant += merge(from + i, middle - i, from + middle, end - middle, to + i);
		}
		from = to;
		to = held;
	}
	if (from != values)
		memcpy(values, from, n * sizeof(double));
	for (i = 0; i < n; i += run)
	{
		for (run = 1; i + run < n && values[i + run] == values[i]; run++)
			;
		ties += pairs_of((double) run);
	}
	*tau = pairs - ties > 0.0 ? (pairs - ties - 2.0 * discordant) / (sqrt(pairs) * sqrt(pairs - ties)) : NAN;
	return JRN_OK;
}

/* ---- the smooth ---- */

/* Spectrum and running sums of the kernel (R-EW-1). */
static jrn_status
begin_smooth(warning_call *call, double h)
{
	const jrn_env *env = call->env;
	const double reach = ceil(4.0 * h);
	const size_t most = reach < (double) (call->n - 1) ? (size_t) reach : call->n - 1;
	const size_t length = jrn_fft_length_above(call->n + most);
	const size_t half = jrn_fft_coefficients(length);
	jrn_acc		sum = {0.0, 0.0};
	size_t		d;

	call->smooth = true;
	JRN_TRY(jrn_fft_init(env, length, &call->fft));
	JRN_TRY(jrn_alloc_array(env, half, sizeof(double), &call->kernel_re));
	JRN_TRY(jrn_alloc_array(env, half, sizeof(double), &call->kernel_im));
	JRN_TRY(jrn_alloc_array(env, half, sizeof(double), &call->re));
	JRN_TRY(jrn_alloc_array(env, half, sizeof(double), &call->im));
	JRN_TRY(jrn_alloc_zeroed(env, length, sizeof(double), &call->padded));
	JRN_TRY(jrn_alloc_array(env, call->n, sizeof(double), &call->weight));
	/* weight[i] = sum over d of the kernel at -i .. n - 1 - i */
	for (d = 0; d < call->n; d++)
	{
		const double w = d <= most ? exp(-0.5 * ((double) d / h) * ((double) d / h)) : 0.0;

		if (d <= most)
			call->padded[d] = call->padded[d > 0 ? length - d : 0] = w;
		jrn_acc_add(&sum, w);
		call->weight[d] = jrn_acc_value(&sum);
	}
	for (d = 0; d < (call->n + 1) / 2; d++)
	{
		const double both = call->weight[d] + call->weight[call->n - 1 - d] - 1.0;

		call->weight[d] = call->weight[call->n - 1 - d] = both;
	}
	return jrn_fft_forward(env, &call->fft, call->padded, call->kernel_re, call->kernel_im);
}

/* call->y less its smooth. */
static jrn_status
detrend(warning_call *call)
{
	const size_t length = call->fft.n;
	size_t		i;

	if (!call->smooth)
		return JRN_OK;
	memcpy(call->padded, call->y, call->n * sizeof(double));
	memset(call->padded + call->n, 0, (length - call->n) * sizeof(double));
	JRN_TRY(jrn_fft_forward(call->env, &call->fft, call->padded, call->re, call->im));
	for (i = 0; i < jrn_fft_coefficients(length); i++)
	{
		const double re = call->re[i] * call->kernel_re[i] - call->im[i] * call->kernel_im[i];

		call->im[i] = call->re[i] * call->kernel_im[i] + call->im[i] * call->kernel_re[i];
		call->re[i] = re;
	}
	JRN_TRY(jrn_fft_inverse(call->env, &call->fft, call->re, call->im, call->padded));
	for (i = 0; i < call->n; i++)
		call->y[i] -= call->padded[i] / call->weight[i];
	return JRN_OK;
}

/* ---- the indicators ---- */

typedef struct window_sums
{
	double		sum;
	double		squares;
	double		products;		/* of neighbours */
} window_sums;

static window_sums
fresh_sums(const double *y, size_t w)
{
	window_sums s;

	s.sum = jrn_sum(y, w);
	s.squares = jrn_dot(y, y, w);
	s.products = jrn_dot(y, y + 1, w - 1);
	return s;
}

/* From the window at y to the one at y + 1. */
static void
slide(window_sums *s, const double *y, size_t w)
{
	s->sum += y[w] - y[0];
	s->squares += y[w] * y[w] - y[0] * y[0];
	s->products += y[w - 1] * y[w] - y[0] * y[1];
}

/* R-EW-2 */
static jrn_status
roll(warning_call *call)
{
	const size_t w = call->window;
	const double size = (double) w;
	window_sums s = {0.0, 0.0, 0.0};
	size_t		i;

	for (i = 0; i < call->windows; i++)
	{
		const double *y = call->y + i;
		double		mean;
		double		squares;

		if (i % FRESH_EVERY == 0)
		{
			JRN_TICK(call->env);
			s = fresh_sums(y, w);
		}
		else
			slide(&s, y - 1, w);
		mean = s.sum / size;
		squares = s.squares - mean * s.sum;
		if (!(squares > NO_VARIANCE * s.squares))
			squares = 0.0;
		call->values[JRN_WARNING_VARIANCE][i] = squares / (size - 1.0);
		call->values[JRN_WARNING_AUTOCORRELATION][i] = squares > 0.0 ?
			(s.products - mean * (2.0 * s.sum - y[0] - y[w - 1]) + (size - 1.0) * mean * mean) / squares : NAN;
	}
	return JRN_OK;
}

/* Trends of both indicators of the series in call->y. */
static jrn_status
trends(warning_call *call, double *tau)
{
	int			which;
	size_t		i;

	JRN_TRY(roll(call));
	for (which = 0; which < JRN_WARNING_INDICATORS; which++)
	{
		size_t		used = 0;

		for (i = 0; i < call->windows; i++)
			if (!isnan(call->values[which][i]))
				call->trend[used++] = call->values[which][i];
		JRN_TRY(jrn_kendall_trend(call->env, call->trend, used, call->room, &tau[which]));
	}
	return JRN_OK;
}

/* ---- the replicates ---- */

/* Lag-1 autocorrelation of what is left, kept inside the stationary range. */
static double
coefficient_of(const double *y, size_t n)
{
	const double mean = jrn_series_mean(y, n);
	jrn_acc		products = {0.0, 0.0};
	jrn_acc		squares = {0.0, 0.0};
	size_t		i;

	for (i = 0; i < n; i++)
	{
		jrn_acc_add(&squares, (y[i] - mean) * (y[i] - mean));
		if (i + 1 < n)
			jrn_acc_add(&products, (y[i] - mean) * (y[i + 1] - mean));
	}
	return fmax(-0.999, fmin(0.999, jrn_acc_value(&products) / jrn_acc_value(&squares)));
}

static jrn_status
replicate(warning_call *call, double coefficient, uint64_t stream)
{
	double		last = jrn_random_normal(stream, 0) / sqrt(1.0 - coefficient * coefficient);
	size_t		i;

	for (i = 0; i < call->n; i++)
	{
		if (i % 4096 == 0)
			JRN_TICK(call->env);
		if (i > 0)
			last = coefficient * last + jrn_random_normal(stream, i);
		call->y[i] = last;
	}
	return detrend(call);
}

static jrn_status
bootstrap(warning_call *call, const jrn_warning_options *options, jrn_warning_result *result)
{
	int32_t		above[JRN_WARNING_INDICATORS] = {0, 0};
	double		tau[JRN_WARNING_INDICATORS];
	int32_t		b;
	int			which;

	for (b = 1; b <= options->replicates; b++)
	{
		JRN_TRY(replicate(call, result->coefficient, jrn_seed_derive(options->seed, "early warning", (uint64_t) b)));
		JRN_TRY(trends(call, tau));
		for (which = 0; which < JRN_WARNING_INDICATORS; which++)
			above[which] += tau[which] >= result->tau[which];
		if (options->progress != NULL)
			options->progress(options->progress_arg, b, options->replicates);
	}
	for (which = 0; which < JRN_WARNING_INDICATORS; which++)
		if (options->replicates > 0 && result->status[which] == JRN_SERIES_OK)
			result->p[which] = (1.0 + above[which]) / (1.0 + options->replicates);
	return JRN_OK;
}

/* ---- the call ---- */

static jrn_status
begin_call(warning_call *call, const jrn_series *series, const jrn_warning_options *options)
{
	const jrn_env *env = call->env;
	size_t		i;
	int			which;

	call->windows = call->n - call->window + 1;
	JRN_TRY(jrn_alloc_array(env, call->n, sizeof(double), &call->y));
	for (which = 0; which < JRN_WARNING_INDICATORS; which++)
		JRN_TRY(jrn_alloc_array(env, call->windows, sizeof(double), &call->values[which]));
	JRN_TRY(jrn_alloc_array(env, call->windows, sizeof(double), &call->trend));
	JRN_TRY(jrn_alloc_array(env, call->windows, sizeof(double), &call->room));
	/* less the first value, which is exact for whole numbers, so that equal windows stay equal */
	for (i = 0; i < call->n; i++)
		call->y[i] = series->x[i] - series->x[0];
	if (options->bandwidth > 0.0)
		JRN_TRY(begin_smooth(call, options->bandwidth * (double) call->n));
	return detrend(call);
}

/* Keep the indicators of the series itself; replicates get arrays of their own. */
static jrn_status
keep_values(warning_call *call, jrn_warning_result *result)
{
	int			which;

	result->windows = call->windows;
	for (which = 0; which < JRN_WARNING_INDICATORS; which++)
	{
		result->values[which] = call->values[which];
		JRN_TRY(jrn_alloc_array(call->env, call->windows, sizeof(double), &call->values[which]));
	}
	return JRN_OK;
}

static void
begin_result(jrn_warning_result *result, jrn_series_status status)
{
	int			which;

	memset(result, 0, sizeof(*result));
	result->coefficient = NAN;
	for (which = 0; which < JRN_WARNING_INDICATORS; which++)
	{
		result->status[which] = status;
		result->tau[which] = result->p[which] = NAN;
	}
}

jrn_status
jrn_early_warning(const jrn_env *env, const double *x, size_t n,
				  const jrn_warning_options *options, jrn_warning_result *result)
{
	warning_call call;
	jrn_series	series;
	int			which;

	if ((options->window != JRN_SERIES_DEFAULT && options->window < JRN_WARNING_MIN_WINDOW) ||
		!(options->bandwidth >= 0.0 && options->bandwidth <= 1.0) ||
		options->replicates < 0 || options->replicates > JRN_WARNING_MAX_REPLICATES)
		return JRN_DOMAIN;
	JRN_TRY(jrn_series_init(env, x, n, &series));
	memset(&call, 0, sizeof(call));
	call.env = env;
	call.n = n;
	call.window = options->window == JRN_SERIES_DEFAULT ? n / 2 : (size_t) options->window;
	begin_result(result, JRN_SERIES_OK);
	if (n < JRN_WARNING_MIN || call.window > n - 2)
		begin_result(result, JRN_SERIES_TOO_SHORT);
	else if (jrn_series_is_constant(&series))
		begin_result(result, JRN_SERIES_CONSTANT);
	if (result->status[0] != JRN_SERIES_OK)
		return JRN_OK;			/* R-EW-6 */
	JRN_TRY(begin_call(&call, &series, options));
	result->coefficient = coefficient_of(call.y, n);
	JRN_TRY(trends(&call, result->tau));
	for (which = 0; which < JRN_WARNING_INDICATORS; which++)
		if (isnan(result->tau[which]))
			result->status[which] = JRN_SERIES_CONSTANT;
	JRN_TRY(keep_values(&call, result));
	return bootstrap(&call, options, result);
}
