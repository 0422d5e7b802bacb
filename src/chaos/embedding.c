/*
 * embedding.c
 *		Delay vectors and their defaults (see embedding.h).
 */
#include <math.h>
#include <string.h>

#include "embedding.h"

#include "../core/sums.h"

/* Lags that are tried by direct sums before a transform is made. */
#define DIRECT_LAGS 64

/* Exponents of the largest value that need no scaling (R-EMB-4). */
#define PLAIN_EXPONENT 400

/* Numbers between two looks at the clock. */
#define TICK_VALUES 65536

jrn_status
jrn_series_init(const jrn_env *env, const double *x, size_t n, jrn_series *series)
{
	double		largest = 0.0;
	double	   *scaled;
	int			exponent;
	size_t		i;

	series->x = x;
	series->n = n;
	series->log_scale = 0.0;
	for (i = 0; i < n; i++)
	{
		if (i % TICK_VALUES == 0)
			JRN_TICK(env);
		if (!isfinite(x[i]))
			return JRN_NONFINITE;
		largest = fabs(x[i]) > largest ? fabs(x[i]) : largest;
	}
	(void) frexp(largest, &exponent);
	if (largest == 0.0 || (exponent <= PLAIN_EXPONENT && exponent >= -PLAIN_EXPONENT))
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &scaled));
	for (i = 0; i < n; i++)
		scaled[i] = ldexp(x[i], -exponent);
	series->x = scaled;
	series->log_scale = exponent * 0.69314718055994530942;
	return JRN_OK;
}

bool
jrn_series_is_constant(const jrn_series *series)
{
	size_t		i;

	for (i = 1; i < series->n; i++)
		if (series->x[i] != series->x[0])
			return false;
	return true;
}

/* Corrected once by the mean of the residuals, so an offset costs no digits. */
double
jrn_series_mean(const double *x, size_t n)
{
	double		mean = jrn_sum(x, n) / (double) n;
	jrn_acc		rest = {0.0, 0.0};
	size_t		i;

	for (i = 0; i < n; i++)
		jrn_acc_add(&rest, x[i] - mean);
	return mean + jrn_acc_value(&rest) / (double) n;
}

static jrn_status
demeaned(const jrn_env *env, const double *x, size_t n, double **y)
{
	const double mean = jrn_series_mean(x, n);
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), y));
	for (i = 0; i < n; i++)
		(*y)[i] = x[i] - mean;
	return JRN_OK;
}

jrn_status
jrn_series_variance(const jrn_env *env, const double *x, size_t n, int ddof, double *variance)
{
	double	   *y;

	*variance = NAN;
	if (n <= (size_t) ddof)
		return JRN_OK;
	JRN_TRY(demeaned(env, x, n, &y));
	*variance = jrn_dot(y, y, n) / (double) (n - (size_t) ddof);
	jrn_release(env, y);
	return JRN_OK;
}

/* ---- the first zero of the autocorrelation ---- */

/*
 * Radix-2 transform of size complex numbers (re, im next to each other) in
 * place, by decimation in time.  It proposes lags only (R-EMB-3).
 */
static jrn_status
transform(const jrn_env *env, double *z, size_t size)
{
	size_t		i,
				j = 0,
				half;

	for (i = 1; i < size; i++)
	{
		size_t		bit = size >> 1;

		for (; j & bit; bit >>= 1)
			j ^= bit;
		j |= bit;
		if (i < j)
		{
			double		re = z[2 * i],
						im = z[2 * i + 1];

			z[2 * i] = z[2 * j];
			z[2 * i + 1] = z[2 * j + 1];
			z[2 * j] = re;
			z[2 * j + 1] = im;
		}
	}
	for (half = 1; half < size; half <<= 1)
	{
		const double angle = -3.14159265358979323846 / (double) half;

		for (j = 0; j < half; j++)
		{
			const double c = cos(angle * (double) j),
						s = sin(angle * (double) j);

			if (j % 64 == 0)
				JRN_TICK(env);
			for (i = j; i < size; i += 2 * half)
			{
				double	   *a = z + 2 * i;
				double	   *b = z + 2 * (i + half);
				const double re = b[0] * c - b[1] * s,
							im = b[0] * s + b[1] * c;

				b[0] = a[0] - re;
				b[1] = a[1] - im;
				a[0] += re;
				a[1] += im;
			}
		}
	}
	return JRN_OK;
}

/* Sums of products of y with itself at lags 0..most, by the transform; *r is
 * twice as wide as it looks: the sum at a lag is (*r)[2 * lag]. */
static jrn_status
proposed_sums(const jrn_env *env, const double *y, size_t n, size_t most, double **r)
{
	size_t		size = 1;
	size_t		i;
	double	   *z;

	while (size < n + most + 1)
		size <<= 1;
	JRN_TRY(jrn_alloc_zeroed(env, 2 * size, sizeof(double), &z));
	for (i = 0; i < n; i++)
		z[2 * i] = y[i];
	JRN_TRY(transform(env, z, size));
	for (i = 0; i < size; i++)
	{
		z[2 * i] = (z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1]) / (double) size;
		z[2 * i + 1] = 0.0;
	}
	/* the spectrum is even, so forward and backward are the same */
	JRN_TRY(transform(env, z, size));
	*r = z;
	return JRN_OK;
}

static bool
is_zero_at(const double *y, size_t n, size_t lag)
{
	return jrn_dot(y, y + lag, n - lag) <= 0.0;
}

jrn_status
jrn_first_zero(const jrn_env *env, const jrn_series *series, size_t most, size_t *lag)
{
	const size_t n = series->n;
	double	   *y;
	double	   *r;
	double		slack;
	size_t		l;

	*lag = most;
	if (most == 0 || n == 0 || most >= n)
		return most >= n && n > 0 ? JRN_DOMAIN : JRN_OK;
	JRN_TRY(demeaned(env, series->x, n, &y));
	for (l = 1; l <= most && l <= DIRECT_LAGS; l++)
	{
		JRN_TICK(env);
		if (is_zero_at(y, n, l))
			break;
	}
	if (l > DIRECT_LAGS && l <= most)
	{
		JRN_TRY(proposed_sums(env, y, n, most, &r));
		slack = 1e-9 * r[0];
		for (; l <= most; l++)
			if (r[2 * l] <= slack)
			{
				JRN_TICK(env);
				if (is_zero_at(y, n, l))
					break;
			}
		jrn_release(env, r);
	}
	if (l <= most)
		*lag = l;
	jrn_release(env, y);
	return JRN_OK;
}

/* ---- vectors ---- */

size_t
jrn_embedding_count(const jrn_embedding *embedding, size_t n, size_t ahead)
{
	const size_t span = (size_t) (embedding->dimension - 1) * (size_t) embedding->delay + ahead;

	return n > span ? n - span : 0;
}

jrn_status
jrn_embedding_resolve(const jrn_env *env, const jrn_series *series, jrn_embedding *embedding)
{
	const size_t most = series->n / 10;
	const int64_t span = embedding->delay * (embedding->dimension - 1);
	size_t		zero;

	if (embedding->dimension < 1 || embedding->dimension > JRN_SERIES_MAX_DIMENSION ||
		embedding->delay < 1 || embedding->delay > JRN_SERIES_MAX_DELAY ||
		embedding->window < JRN_SERIES_DEFAULT)
		return JRN_DOMAIN;
	if (embedding->window != JRN_SERIES_DEFAULT)
		return JRN_OK;
	embedding->window = (int64_t) most;
	if (span >= (int64_t) most || most == 0)
		return JRN_OK;			/* capped whatever the autocorrelation is */
	JRN_TRY(jrn_first_zero(env, series, most, &zero));
	embedding->window = (int64_t) zero > span ? (int64_t) zero : span;
	return JRN_OK;
}

jrn_kd_points
jrn_embedding_points(const jrn_embedding *embedding, const jrn_series *series, size_t count)
{
	jrn_kd_points points;

	points.base = series->x;
	points.count = count;
	points.dimension = embedding->dimension;
	points.row = 1;
	points.column = (size_t) embedding->delay;
	return points;
}
