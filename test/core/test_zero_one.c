/*
 * test_zero_one.c
 *		The 0-1 test by both ways, and permutation entropy: reference vectors,
 *		a count of patterns by sorting, failures.
 *
 * Provenance: the chaos reference 2.8, 2.12 (TENT and LCG are exact integer
 * series); definitions written out.
 */
#include <stdlib.h>

#include "tap.h"

#include "../../src/chaos/permutation_entropy.h"
#include "../../src/chaos/zero_one.h"
#include "../../src/core/random.h"

#define LENGTH 2000

static double series[LENGTH];

static void
tent(size_t n)
{
	const int64_t p = 1000003;
	int64_t		x = 123457;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		x = 2 * x < p ? 2 * x : 2 * (p - x);
		series[i] = (double) x / (double) p;
	}
}

static void
noise(size_t n)
{
	size_t		i;

	for (i = 0; i < n; i++)
		series[i] = jrn_random_normal(1, i);
}

/* D(lag) and K as the definition says, with the C library's sines. */
static double
k_by_definition(size_t n, double c)
{
	const size_t n0 = n / 10;
	static double p[LENGTH + 1],
				q[LENGTH + 1],
				d[LENGTH + 1];
	double		mean = 0,
				sd = 0,
				cov = 0,
				vt = 0,
				md = 0;
	size_t		j,
				lag;

	p[0] = q[0] = 0;
	for (j = 1; j <= n; j++)
	{
		p[j] = p[j - 1] + series[j - 1] * cos((double) j * c);
		q[j] = q[j - 1] + series[j - 1] * sin((double) j * c);
		mean += series[j - 1] / (double) n;
	}
	for (lag = 1; lag <= n0; lag++)
	{
		d[lag] = 0;
		for (j = 1; j <= n - n0; j++)
			d[lag] += pow(p[j + lag] - p[j], 2) + pow(q[j + lag] - q[j], 2);
		d[lag] = d[lag] / (double) (n - n0) -
			mean * mean * (1 - cos((double) lag * c)) / (1 - cos(c));
		md += d[lag] / (double) n0;
	}
	for (lag = 1; lag <= n0; lag++)
	{
		const double t = (double) lag - ((double) n0 + 1) / 2;

		cov += t * (d[lag] - md);
		sd += (d[lag] - md) * (d[lag] - md);
		vt += t * t;
	}
	return cov / sqrt(vt * sd);
}

static void
test_definition(void)
{
	const double pi = 3.14159265358979323846;
	jrn_env		env = host_env();
	jrn_zero_one_result r;
	size_t		n;

	for (n = 200; n <= 1001; n += 267)
	{
		double		k[3];
		int			i;

		noise(n);
		for (i = 0; i < (int) n; i++)
			series[i] = 0.9 * (i > 0 ? series[i - 1] : 0) + series[i];
		for (i = 0; i < 3; i++)
			k[i] = k_by_definition(n, pi / 5 + (i + .5) / 3 * 3 * pi / 5);
		ok(jrn_zero_one(&env, series, n, 3, JRN_ZERO_ONE_DIRECT, &r) == JRN_OK && r.status == JRN_SERIES_OK, "n = %zu", n);
		ok_close(r.median, fmax(fmin(k[0], k[1]), fmin(fmax(k[0], k[1]), k[2])), 1e-9, "R-ZO-1 median of the definition");
		ok_close(r.low + r.high, r.median + (k[0] + k[1] + k[2] - r.median) / 2, 1e-9, "R-ZO-2 quartiles");
		ok(jrn_zero_one(&env, series, n, 1, JRN_ZERO_ONE_TRANSFORM, &r) == JRN_OK, "one frequency");
		ok_close(r.median, k_by_definition(n, pi / 2), 1e-9, "R-ZO-3 by transform");
	}
	host_reset();
}

static void
test_vectors(void)
{
	jrn_env		env = host_env();
	jrn_zero_one_result r;
	jrn_zero_one_result direct;
	size_t		i;

	tent(1000);
	ok(jrn_zero_one(&env, series, 1000, 16, JRN_ZERO_ONE_AUTO, &r) == JRN_OK, "tent");
	ok_close(r.median, .998445814, 1e-7, "TENT(1000), C = 16");
	jrn_zero_one(&env, series, 1000, 16, JRN_ZERO_ONE_DIRECT, &direct);
	ok_close(r.median, direct.median, 1e-9, "R-ZO-3 both ways");
	ok_close(r.low, direct.low, 1e-9, "R-ZO-3 both ways, lower quartile");
	series[0] = 0.4;
	for (i = 1; i < 1000; i++)
		series[i] = 3.55 * series[i - 1] * (1 - series[i - 1]);
	jrn_zero_one(&env, series, 1000, 100, JRN_ZERO_ONE_AUTO, &r);
	ok(r.median < .02 && r.median > -.02, "logistic map of period 8: %g", r.median);
	for (i = 1; i < 1000; i++)
		series[i] = 3.97 * series[i - 1] * (1 - series[i - 1]);
	jrn_zero_one(&env, series, 1000, 100, JRN_ZERO_ONE_AUTO, &r);
	ok(r.median > .99, "logistic map at 3.97: %g", r.median);
	for (i = 0; i < 1000; i++)
		series[i] += 1e6;
	jrn_zero_one(&env, series, 1000, 100, JRN_ZERO_ONE_AUTO, &r);
	ok(r.median > .99, "R-ZO-6 and with an offset: %g", r.median);
	noise(1000);
	jrn_zero_one(&env, series, 1000, 100, JRN_ZERO_ONE_AUTO, &r);
	ok(r.median > .99, "R-ZO-4 white noise: %g", r.median);
	for (i = 0; i < 1000; i++)
		series[i] = sin(.05 * (double) i);
	jrn_zero_one(&env, series, 1000, 100, JRN_ZERO_ONE_AUTO, &r);
	ok(fabs(r.median) < .1, "a sine: %g", r.median);
	host_reset();
}

static void
test_edges(void)
{
	jrn_env		env = host_env();
	jrn_zero_one_result r;
	size_t		i;

	noise(300);
	ok(jrn_zero_one(&env, series, 199, 10, JRN_ZERO_ONE_AUTO, &r) == JRN_OK &&
	   r.status == JRN_SERIES_TOO_SHORT && isnan(r.median), "R-ZO-5 too short");
	ok(jrn_zero_one(&env, series, 300, 0, JRN_ZERO_ONE_AUTO, &r) == JRN_DOMAIN, "no frequency");
	ok(jrn_zero_one(&env, series, 300, 10001, JRN_ZERO_ONE_AUTO, &r) == JRN_DOMAIN, "too many");
	for (i = 0; i < 300; i++)
		series[i] = 7;
	ok(jrn_zero_one(&env, series, 300, 10, JRN_ZERO_ONE_AUTO, &r) == JRN_OK &&
	   r.status == JRN_SERIES_CONSTANT && isnan(r.median), "R-ZO-5 constant");
	series[5] = NAN;
	ok(jrn_zero_one(&env, series, 300, 10, JRN_ZERO_ONE_AUTO, &r) == JRN_NONFINITE, "NaN");
	host_reset();
}

/* ---- permutation entropy ---- */

static const double *sorting;

static int
by_value_then_time(const void *a, const void *b)
{
	const int	i = *(const int *) a,
				j = *(const int *) b;

	if (sorting[i] != sorting[j])
		return sorting[i] < sorting[j] ? -1 : 1;
	return i - j;
}

/* Entropy from patterns named by their sorted order. */
static double
entropy_by_sorting(const double *x, size_t n, int m, size_t delay)
{
	static int64_t counts[5040 * 8];
	double		h = 0;
	double		total = 0;
	size_t		i;
	int			j;

	memset(counts, 0, sizeof(counts));
	for (i = 0; i + (size_t) (m - 1) * delay < n; i++)
	{
		double		window[7];
		int			order[7];
		int			name = 0;
		int			a,
					b;

		for (j = 0; j < m; j++)
		{
			window[j] = x[i + (size_t) j * delay];
			order[j] = j;
		}
		sorting = window;
		qsort(order, (size_t) m, sizeof(int), by_value_then_time);
		for (a = 0; a < m; a++)
		{
			int			before = 0;

			for (b = a + 1; b < m; b++)
				before += order[b] < order[a];
			name = name * (m - a) + before;
		}
		counts[name]++;
		total++;
	}
	for (j = 0; j < 5040 * 8; j++)
		if (counts[j] > 0)
			h -= (double) counts[j] / total * log((double) counts[j] / total);
	return h;
}

static int
ascending(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *) a,
				y = *(const int64_t *) b;

	return (x > y) - (x < y);
}

static void
test_patterns(void)
{
	static const double want[] = {.6248307656672331, 1.4592466111921913, 2.3168893483225546};
	static const double small[] = {4, 7, 9, 10, 6, 11, 3};
	jrn_env		env = host_env();
	int64_t		counts[6];
	double		h;
	int			m;
	size_t		delay,
				i;

	tent(1000);
	for (m = 2; m <= 4; m++)
	{
		ok(jrn_permutation_entropy(&env, series, 1000, m, 1, &h) == JRN_OK, "tent");
		ok_close(h, want[m - 2], 1e-12, "TENT(1000), dimension %d", m);
	}
	jrn_order_patterns(&env, series, 1000, 3, 1, counts);
	qsort(counts, 6, sizeof(int64_t), ascending);
	ok(counts[0] == 0 && counts[1] == 58 && counts[2] == 122 && counts[3] == 195 &&
	   counts[4] == 259 && counts[5] == 364, "TENT(1000), counts of dimension 3");
	jrn_permutation_entropy(&env, small, 7, 2, 1, &h);
	ok_close(h / log(2), .9182958340544896, 1e-12, "seven numbers, dimension 2, bits");
	jrn_permutation_entropy(&env, small, 7, 3, 1, &h);
	ok_close(h / log(2), 1.5219280948873621, 1e-12, "seven numbers, dimension 3, bits");
	for (i = 0; i < 300; i++)
		series[i] = (double) jrn_random_below(3, i, 5);
	for (m = 2; m <= 7; m++)
		for (delay = 1; delay <= 3; delay++)
		{
			jrn_permutation_entropy(&env, series, 300, m, delay, &h);
			ok_close(h, entropy_by_sorting(series, 300, m, delay), 1e-12,
					 "R-PE-1 ties, dimension %d, delay %zu", m, delay);
		}
	for (i = 0; i < 300; i++)
		series[i] = 1;
	ok(jrn_permutation_entropy(&env, series, 300, 3, 1, &h) == JRN_OK && h == 0 && !signbit(h), "a constant has one pattern");
	ok(jrn_permutation_entropy(&env, series, 3, 3, 1, &h) == JRN_OK && isnan(h), "R-PE-3 one window");
	ok(jrn_permutation_entropy(&env, series, 4, 3, 1, &h) == JRN_OK && h == 0, "R-PE-3 two windows");
	ok(jrn_permutation_entropy(&env, series, 0, 3, 1, &h) == JRN_OK && isnan(h), "nothing");
	ok(jrn_permutation_entropy(&env, series, 10, 3, 1000000, &h) == JRN_OK && isnan(h), "a delay beyond the length");
	ok(jrn_permutation_entropy(&env, series, 10, 8, 1, &h) == JRN_DOMAIN, "dimension 8");
	ok(jrn_permutation_entropy(&env, series, 10, 1, 1, &h) == JRN_DOMAIN, "dimension 1");
	ok(jrn_permutation_entropy(&env, series, 10, 3, 0, &h) == JRN_DOMAIN, "delay 0");
	host_reset();
}

static jrn_status
survive_transform(const jrn_env *env, void *arg)
{
	jrn_zero_one_result r;

	(void) arg;
	return jrn_zero_one(env, series, 300, 3, JRN_ZERO_ONE_TRANSFORM, &r);
}

static jrn_status
survive_direct(const jrn_env *env, void *arg)
{
	jrn_zero_one_result r;

	(void) arg;
	return jrn_zero_one(env, series, 800, 3, JRN_ZERO_ONE_DIRECT, &r);
}

static jrn_status
survive_entropy(const jrn_env *env, void *arg)
{
	double		h;

	(void) arg;
	return jrn_permutation_entropy(env, series, 800, 4, 1, &h);
}

void		test_zero_one(void);
void
test_zero_one(void)
{
	test_definition();
	test_vectors();
	test_edges();
	test_patterns();
	noise(800);
	ok_survives(survive_transform, NULL, "0-1 test by transform");
	ok_survives(survive_direct, NULL, "0-1 test by sums");
	ok_survives(survive_entropy, NULL, "permutation entropy");
}
