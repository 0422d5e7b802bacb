/*
 * two_sample.c
 *		Two samples of numbers (requirements in two_sample.h).
 */
#include <math.h>
#include <string.h>

#include "../core/sizes.h"
#include "../core/sums.h"
#include "two_sample.h"

#define VALUES_A_TICK 16384

double
jrn_kolmogorov_upper(double x)
{
	const double pi = 3.14159265358979323846;
	double		sum = 0.0;
	int			k;

	if (!(x > 0.0))
		return isnan(x) ? NAN : 1.0;
	if (x < 1.0)
	{
		/* the other form of the same theta function, where the first one is slow */
		for (k = 1; k < 20; k += 2)
			sum += exp(-(double) k * k * pi * pi / (8.0 * x * x));
		return 1.0 - sqrt(2.0 * pi) / x * sum;
	}
	for (k = 1; k < 20; k++)
		sum += (k % 2 == 1 ? 2.0 : -2.0) * exp(-2.0 * k * k * x * x);
	return sum;
}

/* ---- the gap ---- */

/*
 * Walk over the pooled values.  *gap is max |i m - j n| behind ties as a
 * double, exact below 2^53; ends, unless NULL, gets for every i + j whether
 * the pooled values change behind it.
 */
static jrn_status
largest_gap(const jrn_env *env, const double *a, size_t n, const double *b, size_t m, double *gap, char *ends)
{
	size_t		i = 0;
	size_t		j = 0;
	size_t		next = 0;

	*gap = 0.0;
	while (i < n || j < m)
	{
		double		value = i == n ? b[j] : j == m ? a[i] : fmin(a[i], b[j]);
		double		here;

		if (i + j >= next)
		{
			JRN_TICK(env);
			next += VALUES_A_TICK;
		}
		while (i < n && a[i] == value)
			i++;
		while (j < m && b[j] == value)
			j++;
		here = fabs((double) i * (double) m - (double) j * (double) n);
		if (here > *gap)
			*gap = here;
		if (ends != NULL)
			ends[i + j] = 1;
	}
	return JRN_OK;
}

/*
 * R-TWO-2.  u[j] is the probability that a path from (0, 0) to (i, j), all
 * equally likely, came to a gap of at least gap at an end of ties.  The last
 * step of such a path comes from (i - 1, j) with probability i / (i + j).
 */
static jrn_status
exact_tail(const jrn_env *env, int64_t n, int64_t m, int64_t gap, const char *ends, double *p)
{
	double	   *u;
	int64_t		i;
	int64_t		j;

	JRN_TRY(jrn_alloc_array(env, (size_t) m + 1, sizeof(double), &u));
	u[0] = 0.0;
	for (j = 1; j <= m; j++)
		u[j] = ends[j] && j * n >= gap ? 1.0 : u[j - 1];
	for (i = 1; i <= n; i++)
	{
		JRN_TICK(env);
		if (ends[i] && i * m >= gap)
			u[0] = 1.0;
		for (j = 1; j <= m; j++)
		{
			int64_t		here = i * m - j * n;

			if (ends[i + j] && (here >= gap || -here >= gap))
				u[j] = 1.0;
			else
				u[j] = ((double) i * u[j] + (double) j * u[j - 1]) / (double) (i + j);
		}
	}
	*p = u[m];
	jrn_release(env, u);
	return JRN_OK;
}

static jrn_status
ks_test(const jrn_env *env, const double *a, size_t n, const double *b, size_t m, jrn_two_sample *out)
{
	size_t		cells;
	char	   *ends = NULL;
	double		gap;

	out->exact = jrn_size_mul(n, m, &cells) && cells <= JRN_KS_EXACT;
	if (out->exact)
		JRN_TRY(jrn_alloc_zeroed(env, n + m + 1, 1, &ends));
	JRN_TRY(largest_gap(env, a, n, b, m, &gap, ends));
	out->ks = gap / ((double) n * (double) m);
	if (gap == 0.0)
		out->p_value = 1.0;
	else if (!out->exact)
		out->p_value = jrn_kolmogorov_upper(out->ks * sqrt((double) n / (double) (n + m) * (double) m));
	else if (n < m)
		JRN_TRY(exact_tail(env, (int64_t) m, (int64_t) n, (int64_t) gap, ends, &out->p_value));
	else
		JRN_TRY(exact_tail(env, (int64_t) n, (int64_t) m, (int64_t) gap, ends, &out->p_value));
	if (ends != NULL)
		jrn_release(env, ends);
	return JRN_OK;
}

/* ---- the difference of means ---- */

/* Mean and standard deviation of x 2^-shift; two passes. */
static jrn_status
moments(const jrn_env *env, const double *x, size_t n, int shift, double *mean, double *sd)
{
	jrn_acc		sum = {0.0, 0.0};
	jrn_acc		squares = {0.0, 0.0};
	size_t		i;

	for (i = 0; i < n; i++)
	{
		if (i % VALUES_A_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&sum, ldexp(x[i], -shift));
	}
	/* equal values have their own mean to the last bit, and no spread */
	*mean = x[0] == x[n - 1] ? ldexp(x[0], -shift) : jrn_acc_value(&sum) / (double) n;
	for (i = 0; i < n; i++)
	{
		double		gap = ldexp(x[i], -shift) - *mean;

		if (i % VALUES_A_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&squares, gap * gap);
	}
	*sd = n > 1 ? sqrt(jrn_acc_value(&squares) / (double) (n - 1)) : NAN;
	return JRN_OK;
}

/* A power of two not below any magnitude. */
static int
common_shift(const double *a, size_t n, const double *b, size_t m)
{
	double		top = fmax(fmax(fabs(a[0]), fabs(a[n - 1])), fmax(fabs(b[0]), fabs(b[m - 1])));
	int			shift;

	(void) frexp(top, &shift);
	return shift;
}

static jrn_status
standardised_difference(const jrn_env *env, const double *a, size_t n, const double *b, size_t m,
						jrn_two_sample *out)
{
	int			shift = common_shift(a, n, b, m);
	double		spread = 0.0;
	int			side;

	JRN_TRY(moments(env, a, n, shift, &out->mean[0], &out->sd[0]));
	JRN_TRY(moments(env, b, m, shift, &out->mean[1], &out->sd[1]));
	if (n > 1 && m > 1)
		spread = sqrt(0.5 * (out->sd[0] * out->sd[0] + out->sd[1] * out->sd[1]));
	out->difference = spread > 0.0 ? (out->mean[1] - out->mean[0]) / spread : NAN;
	for (side = 0; side < 2; side++)
	{
		out->mean[side] = ldexp(out->mean[side], shift);
		out->sd[side] = ldexp(out->sd[side], shift);
	}
	return JRN_OK;
}

jrn_status
jrn_two_sample_test(const jrn_env *env, const double *reference, size_t n, const double *current, size_t m,
					jrn_two_sample *out)
{
	if (n == 0 || m == 0)
		return JRN_TOO_FEW;
	JRN_TRY(ks_test(env, reference, n, current, m, out));
	return standardised_difference(env, reference, n, current, m, out);
}
