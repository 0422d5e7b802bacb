/*
 * test_surrogate.c
 *		Surrogates: exact permutations, spectra, ends that match, the size and
 *		the power of the test, failures.
 *
 * Provenance: definitions written out; bounds of the chaos reference 2.7, 2.12.
 */
#include <stdlib.h>

#include "tap.h"

#include "../../src/chaos/surrogate.h"
#include "../../src/core/random.h"

#define LENGTH 1100

static double series[LENGTH];
static double out[LENGTH];
static double other[LENGTH];

static void
autoregressive(size_t n, double coefficient, uint64_t seed)
{
	double		x = 0;
	size_t		i;

	for (i = 0; i < n; i++)
		series[i] = x = coefficient * x + jrn_random_normal(seed, i);
}

static void
logistic(size_t n)
{
	size_t		i;

	series[0] = .3;
	for (i = 1; i < n; i++)
		series[i] = 4 * series[i - 1] * (1 - series[i - 1]);
}

static int
ascending(const void *a, const void *b)
{
	const double x = *(const double *) a,
				y = *(const double *) b;

	return (x > y) - (x < y);
}

static bool
is_permutation(const double *a, const double *b, size_t n)
{
	static double x[LENGTH],
				y[LENGTH];

	memcpy(x, a, n * sizeof(double));
	memcpy(y, b, n * sizeof(double));
	qsort(x, n, sizeof(double), ascending);
	qsort(y, n, sizeof(double), ascending);
	return memcmp(x, y, n * sizeof(double)) == 0;
}

/* Root mean square difference of amplitudes over that of the series, without the mean. */
static double
spectral_distance(const jrn_env *env, const double *a, const double *b, size_t n)
{
	static double re[LENGTH],
				im[LENGTH];
	double		amplitude[LENGTH / 2 + 1];
	double		d = 0,
				s = 0;
	jrn_fft		fft;
	size_t		k;

	jrn_fft_init(env, n, &fft);
	jrn_fft_forward(env, &fft, a, re, im);
	for (k = 0; k <= n / 2; k++)
		amplitude[k] = hypot(re[k], im[k]);
	jrn_fft_forward(env, &fft, b, re, im);
	for (k = 1; k <= n / 2; k++)
	{
		d += pow(amplitude[k] - hypot(re[k], im[k]), 2);
		s += pow(amplitude[k], 2);
	}
	return sqrt(d / s);
}

static void
test_draws(void)
{
	static const size_t lengths[] = {100, 125, 135, 384, 1000, 1080};
	jrn_env		env = host_env();
	jrn_surrogates s;
	size_t		i;
	int			steps;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
	{
		const size_t n = lengths[i];

		autoregressive(n, .9, 4);
		ok(jrn_surrogates_init(&env, series, n, &s) == JRN_OK, "length %zu", n);
		ok(jrn_surrogates_draw(&env, &s, 7, 1, out, &steps) == JRN_OK, "drawn");
		ok(steps > 3 && steps <= JRN_SURROGATE_STEPS, "R-SUR-1 %d turns", steps);
		ok(is_permutation(series, out, n), "R-SUR-2 the same values");
		ok(memcmp(series, out, n * sizeof(double)) != 0, "in another order");
		ok(spectral_distance(&env, series, out, n) < .06, "and nearly the same spectrum: %g", spectral_distance(&env, series, out, n));
		jrn_surrogates_draw(&env, &s, 7, 2, other, NULL);
		ok(memcmp(out, other, n * sizeof(double)) != 0, "R-SUR-3 another number, another surrogate");
		jrn_surrogates_draw(&env, &s, 7, 1, other, NULL);
		ok(memcmp(out, other, n * sizeof(double)) == 0, "R-SUR-3 whatever was drawn before");
	}
	/* ties, an offset, an outlier: still the same values */
	for (i = 0; i < 1000; i++)
		series[i] = 1e9 + (double) jrn_random_poisson(3, i, 2);
	series[17] = 1e12;
	ok(jrn_surrogates_init(&env, series, 1000, &s) == JRN_OK &&
	   jrn_surrogates_draw(&env, &s, 0, 1, out, NULL) == JRN_OK && is_permutation(series, out, 1000),
	   "R-SUR-2 with ties, an offset and an outlier");
	ok(jrn_surrogates_init(&env, series, 101, &s) == JRN_DOMAIN, "a length with a large factor");
	host_reset();
}

/* R-SUR-4 by trying every part. */
static void
test_ends(void)
{
	jrn_env		env = host_env();
	size_t		n;

	for (n = 100; n <= 200; n += 7)
	{
		jrn_matched_part part;
		double		best = INFINITY;
		double		mean = 0,
					v = 0;
		size_t		i,
					start,
					length,
					best_start = 0,
					best_length = 0;

		autoregressive(n, .95, n);
		for (i = 0; i < n; i++)
			mean += series[i] / (double) n;
		for (i = 0; i < n; i++)
			v += pow(series[i] - mean, 2) / (double) n;
		for (length = n; length >= n - n / 10 && length >= 100; length--)
			for (start = 0; jrn_fft_is_smooth(length) && start + length <= n; start++)
			{
				const double *y = series + start;
				double		jump = pow(y[0] - y[length - 1], 2) / ((double) length * v);
				double		slip = pow((y[1] - y[0]) - (y[length - 1] - y[length - 2]), 2) / ((double) length * v);

				if (.5 * jump + .5 * slip < best)
				{
					best = .5 * jump + .5 * slip;
					best_start = start;
					best_length = length;
				}
			}
		ok(jrn_match_ends(&env, series, n, &part) == JRN_OK && part.start == best_start && part.length == best_length,
		   "R-SUR-4 best part of %zu: %zu from %zu", n, best_length, best_start);
		ok_close(part.mismatch, best, 1e-9, "and its mismatch");
	}
	host_reset();
}

static jrn_surrogate_result
test_of(const jrn_env *env, size_t n, int32_t surrogates, uint64_t seed)
{
	jrn_surrogate_options options = {{true, true}, 0, 0, NULL, NULL};
	jrn_surrogate_result r;

	options.surrogates = surrogates;
	options.seed = seed;
	ok(jrn_surrogate_test(env, series, n, &options, &r) == JRN_OK, "test of %zu", n);
	return r;
}

static void
test_power_and_size(void)
{
	jrn_env		env = host_env();
	jrn_surrogate_result r;
	int			low[2] = {0, 0};
	double		sum[2] = {0, 0};
	uint64_t	seed;

	logistic(365);
	r = test_of(&env, 365, 99, 0);
	ok(r.p[0] == .01 && r.p[1] == .01, "R-SUR-5 the smallest p for the logistic map");
	ok(r.observed[0] < r.null_median[0] && r.observed[1] < .2 * r.null_median[1], "which is far more predictable");
	ok(r.part.length >= 329 && r.part.mismatch < .01, "ends match");
	/* white noise: p is uniform on 1/20 .. 1 */
	for (seed = 1; seed <= 100; seed++)
	{
		int			i;

		autoregressive(128, 0, seed);
		r = test_of(&env, 128, 19, seed);
		for (i = 0; i < 2; i++)
		{
			low[i] += r.p[i] <= .25;
			sum[i] += r.p[i] / 100;
		}
		host_reset();
	}
	ok(low[0] >= 14 && low[0] <= 37 && low[1] >= 14 && low[1] <= 37, "p <= .25 in %d and %d of 100", low[0], low[1]);
	ok(fabs(sum[0] - .525) < .09 && fabs(sum[1] - .525) < .09, "mean p %g, %g", sum[0], sum[1]);
}

static void
test_edges(void)
{
	jrn_env		env = host_env();
	jrn_surrogate_options options = {{true, true}, 0, 0, NULL, NULL};
	jrn_surrogate_result r;
	size_t		i;

	autoregressive(300, 0, 1);
	r = test_of(&env, 99, 19, 0);
	ok(r.status == JRN_SERIES_TOO_SHORT && isnan(r.p[0]) && isnan(r.part.mismatch), "R-SUR-7 too short");
	ok(jrn_surrogate_test(&env, series, 300, &options, &r) == JRN_DOMAIN, "no surrogates");
	for (i = 0; i < 300; i++)
		series[i] = 5;
	r = test_of(&env, 300, 19, 0);
	ok(r.status == JRN_SERIES_CONSTANT && isnan(r.p[1]), "R-SUR-7 constant");
	series[0] = 6;
	r = test_of(&env, 300, 19, 0);
	ok(r.status == JRN_SERIES_CONSTANT, "constant where the ends match");
	for (i = 0; i < 300; i++)
		series[i] = (double) (i % 2);
	r = test_of(&env, 300, 19, 0);
	ok(r.status == JRN_SERIES_OK && r.p[0] > .9, "R-SUR-5 equal statistics count: p = %g", r.p[0]);
	series[9] = INFINITY;
	options.surrogates = 19;
	ok(jrn_surrogate_test(&env, series, 300, &options, &r) == JRN_NONFINITE, "infinity");
	host_reset();
}

/* Values near the largest and the smallest number give the p-values of the same shape. */
static void
test_scale(void)
{
	jrn_env		env = host_env();
	jrn_surrogate_result r,
				large,
				tiny;
	size_t		i;

	autoregressive(200, .5, 2);
	r = test_of(&env, 200, 39, 0);
	for (i = 0; i < 200; i++)
		series[i] *= 0x1p1020;
	large = test_of(&env, 200, 39, 0);
	for (i = 0; i < 200; i++)
		series[i] = series[i] * 0x1p-1020 * 0x1p-900;
	tiny = test_of(&env, 200, 39, 0);
	ok(large.p[0] == r.p[0] && large.p[1] == r.p[1] && tiny.p[0] == r.p[0] && tiny.p[1] == r.p[1], "powers of two change no p");
	ok_close(large.observed[1], r.observed[1], 1e-12, "nor the error of prediction");
	host_reset();
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	jrn_surrogate_options options = {{true, true}, 2, 0, NULL, NULL};
	jrn_surrogate_result r;

	(void) arg;
	return jrn_surrogate_test(env, series, 125, &options, &r);
}

void		test_surrogate(void);
void
test_surrogate(void)
{
	test_draws();
	test_ends();
	test_power_and_size();
	test_edges();
	test_scale();
	autoregressive(125, .5, 1);
	ok_survives(survive, NULL, "surrogate test");
}
