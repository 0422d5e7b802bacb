/*
 * test_early_warning.c
 *		Rolling indicators and their trends: numbers of another program,
 *		Kendall's tau by counting pairs, size of the bootstrap, failures.
 *
 * Provenance: test/oracles/series_tests.py; definitions written out.
 */
#include "tap.h"

#include "../../src/chaos/early_warning.h"
#include "../../src/core/random.h"

#define LENGTH 1000

static double series[LENGTH];

/* LCG of the reference through an AR(1). */
static void
autoregressive(size_t n, double coefficient)
{
	uint64_t	x = 42;
	double		z = 0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		x = (1103515245 * x + 12345) % ((uint64_t) 1 << 31);
		series[i] = z = coefficient * z + ((double) x / 2147483648.0 - .5);
	}
}

static jrn_warning_result
warn(const jrn_env *env, size_t n, int64_t window, double bandwidth, int32_t replicates)
{
	jrn_warning_options options = {0, 0, 0, 0, NULL, NULL};
	jrn_warning_result r;

	options.window = window;
	options.bandwidth = bandwidth;
	options.replicates = replicates;
	ok(jrn_early_warning(env, series, n, &options, &r) == JRN_OK, "early warning of %zu", n);
	return r;
}

static void
same(const jrn_warning_result *r, const double *want, const char *what)
{
	const size_t last = r->windows - 1;

	ok_close(r->tau[0], want[0], 1e-11, "%s: tau of the variance", what);
	ok_close(r->tau[1], want[1], 1e-11, "%s: tau of the autocorrelation", what);
	ok_close(r->values[0][0], want[2], 1e-11, "%s: first variance", what);
	ok_close(r->values[0][last], want[3], 1e-11, "%s: last variance", what);
	ok_close(r->values[1][0], want[4], 1e-11, "%s: first autocorrelation", what);
	ok_close(r->values[1][last], want[5], 1e-11, "%s: last autocorrelation", what);
}

static void
test_oracle(void)
{
	static const double smooth[] = {0.39885209713, 0.358587196468, 0.123796155214, 0.150813813338, 0.576703179343, 0.612982965536};
	static const double plain[] = {-0.0198009950249, -0.118706467662, 0.0969961848859, 0.145948676683, 0.389764389129, 0.593716052871};
	static const double ramp[] = {0.89504950495, 0.484752475248, 0.138748710706, 0.241998629953, -0.124596197944, 0.0700805869069};
	jrn_env		env = host_env();
	jrn_warning_result r;
	size_t		i;

	autoregressive(300, .6);
	r = warn(&env, 300, JRN_SERIES_DEFAULT, .1, 0);
	ok_int((long long) r.windows, 151, "R-EW-6 the default window is half the length");
	same(&r, smooth, "R-EW-1 less the smooth");
	ok(isnan(r.p[0]) && r.status[0] == JRN_SERIES_OK, "no replicates, no p");
	r = warn(&env, 300, 100, 0, 0);
	same(&r, plain, "R-EW-2 as it is");
	autoregressive(200, 0);
	for (i = 0; i < 200; i++)
		series[i] *= 1.0 + (double) i / 199;
	r = warn(&env, 200, 100, .05, 199);
	same(&r, ramp, "a growing spread");
	ok(r.p[0] < .05 && r.p[0] >= 1.0 / 200, "R-EW-4 which is seen: p = %g", r.p[0]);
	ok(r.p[1] > .05, "while persistence does not grow: p = %g", r.p[1]);
	for (i = 0; i < 200; i++)
		series[i] = 1e6 + series[i] * 1024;
	same(&r, ramp, "kept");
	r = warn(&env, 200, 100, .05, 0);
	ok_close(r.tau[0], ramp[0], 1e-6, "an offset and a unit change no trend");
	host_reset();
}

static void
test_kendall(void)
{
	jrn_env		env = host_env();
	double		v[60];
	double		room[60];
	double		tau;
	uint64_t	seed;
	size_t		n,
				i,
				j;

	for (seed = 1; seed <= 30; seed++)
	{
		double		balance = 0,
					untied = 0,
					pairs;

		n = 2 + (size_t) jrn_random_below(seed, 0, 58);
		for (i = 0; i < n; i++)
			v[i] = (double) jrn_random_below(seed, 1 + i, 2 + seed);
		for (i = 0; i < n; i++)
			for (j = 0; j < i; j++)
			{
				balance += (v[i] > v[j]) - (v[i] < v[j]);
				untied += v[i] != v[j];
			}
		pairs = (double) n * (double) (n - 1) / 2;
		ok(jrn_kendall_trend(&env, v, n, room, &tau) == JRN_OK, "tau of %zu", n);
		if (untied > 0)
			ok(fabs(tau - balance / sqrt(pairs * untied)) < 1e-13, "R-EW-3 by counting pairs");
		else
			ok(isnan(tau), "R-EW-3 all tied");
	}
	ok(jrn_kendall_trend(&env, v, 1, room, &tau) == JRN_OK && isnan(tau), "one value has no trend");
	ok(jrn_kendall_trend(&env, v, 0, room, &tau) == JRN_OK && isnan(tau), "none neither");
	host_reset();
}

/* R-EW-4: p at most .25 in about a quarter of series without a trend. */
static void
test_size(void)
{
	jrn_env		env = host_env();
	int			low[2] = {0, 0};
	uint64_t	seed;
	size_t		i;
	int			k;

	for (seed = 1; seed <= 100; seed++)
	{
		jrn_warning_options options = {JRN_SERIES_DEFAULT, .1, 39, 0, NULL, NULL};
		jrn_warning_result r;
		double		z = 0;

		options.seed = seed;
		for (i = 0; i < 120; i++)
			series[i] = z = .5 * z + jrn_random_normal(seed, i);
		jrn_early_warning(&env, series, 120, &options, &r);
		for (k = 0; k < 2; k++)
			low[k] += r.p[k] <= .25;
		host_reset();
	}
	ok(low[0] >= 13 && low[0] <= 40 && low[1] >= 13 && low[1] <= 40, "p <= .25 in %d and %d of 100", low[0], low[1]);
}

static void
test_edges(void)
{
	jrn_env		env = host_env();
	jrn_warning_options bad = {2, .1, 10, 0, NULL, NULL};
	jrn_warning_result r;
	size_t		i;

	autoregressive(100, .5);
	r = warn(&env, 59, JRN_SERIES_DEFAULT, .1, 10);
	ok(r.status[0] == JRN_SERIES_TOO_SHORT && isnan(r.tau[0]) && isnan(r.p[1]), "R-EW-6 too short");
	r = warn(&env, 100, 99, .1, 10);
	ok(r.status[1] == JRN_SERIES_TOO_SHORT, "R-EW-6 a window longer than n - 2");
	r = warn(&env, 100, 98, .1, 10);
	ok(r.status[1] == JRN_SERIES_OK && r.windows == 3, "the longest window");
	ok(jrn_early_warning(&env, series, 100, &bad, &r) == JRN_DOMAIN, "a window of two");
	bad.window = 10;
	bad.bandwidth = NAN;
	ok(jrn_early_warning(&env, series, 100, &bad, &r) == JRN_DOMAIN, "no bandwidth");
	bad.bandwidth = 1.5;
	ok(jrn_early_warning(&env, series, 100, &bad, &r) == JRN_DOMAIN, "a bandwidth above the length");
	bad.bandwidth = .1;
	bad.replicates = -1;
	ok(jrn_early_warning(&env, series, 100, &bad, &r) == JRN_DOMAIN, "negative replicates");
	for (i = 0; i < 100; i++)
		series[i] = 3;
	r = warn(&env, 100, 20, .1, 10);
	ok(r.status[0] == JRN_SERIES_CONSTANT && isnan(r.tau[0]), "R-EW-6 constant");
	for (i = 0; i < 100; i++)
		series[i] = (double) (i % 2);
	r = warn(&env, 100, 20, 0, 10);
	ok(r.status[0] == JRN_SERIES_CONSTANT && isnan(r.p[0]), "R-EW-6 every window alike");
	for (i = 0; i < 100; i++)
		series[i] = i < 50 ? 1 : (double) (i % 3);
	r = warn(&env, 100, 20, 0, 10);
	ok(r.status[0] == JRN_SERIES_OK && r.tau[0] > .5 && r.values[0][0] == 0 && isnan(r.values[1][0]),
	   "R-EW-2 windows without variance");
	host_reset();
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	jrn_warning_options options = {JRN_SERIES_DEFAULT, .1, 2, 0, NULL, NULL};
	jrn_warning_result r;

	(void) arg;
	return jrn_early_warning(env, series, 100, &options, &r);
}

void		test_early_warning(void);
void
test_early_warning(void)
{
	test_oracle();
	test_kendall();
	test_size();
	test_edges();
	autoregressive(100, .5);
	ok_survives(survive, NULL, "early warning");
}
