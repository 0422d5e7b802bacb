/*
 * test_series_diagnosis.c
 *		Unit roots against another program, the pipeline step by step, verdicts
 *		of known generators, failures.
 *
 * Provenance: test/oracles/series_tests.py (statsmodels); the chaos reference
 * 2.10, 9.
 */
#include "tap.h"

#include "../../src/chaos/series_diagnosis.h"
#include "../../src/core/random.h"

#define LENGTH 500

static double series[LENGTH + 500];

/* Uniform numbers of the reference's LCG, less 1/2, through an AR(1). */
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

static void
logistic(size_t n)
{
	size_t		i;

	series[0] = .3;
	for (i = 1; i < n; i++)
		series[i] = 4 * series[i - 1] * (1 - series[i - 1]);
}

static void
counts(size_t n, uint64_t seed)
{
	const double pi = 3.14159265358979323846;
	size_t		i;

	for (i = 0; i < n; i++)
		series[i] = (double) jrn_random_poisson(seed, i, exp(3 + .4 * sin(2 * pi * (double) i / 7) + .3 * cos(4 * pi * (double) i / 7)));
}

static void
test_unit_root(void)
{
	/* constant with 0 and 3 lags, trend with 0 and 3, lags by BIC and their statistic */
	static const struct
	{
		double		coefficient;
		double		slope;
		double		want[4];
		int			lags;
		double		statistic;
	}			cases[] = {
		{0, 0, {-21.4697256482, -11.8227164094, -21.4502116796, -11.8115198203}, 0, -21.4697256482},
		{.9, 0, {-4.71679744766, -4.34216998415, -4.70374630439, -4.31789369956}, 0, -4.71679744766},
		{1, 0, {-1.24401041563, -1.22993161125, -1.84395133105, -1.93137082459}, 0, -1.24401041563},
		{.5, .01, {-2.46245560152, -1.26406115392, -12.5789720162, -9.51116717755}, 7, -0.423220499251}};
	jrn_env		env = host_env();
	jrn_unit_root_result r;
	size_t		c,
				i;
	int			k;

	for (c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		autoregressive(500, cases[c].coefficient);
		for (i = 0; i < 500; i++)
			series[i] += cases[c].slope * (double) i + 100;
		for (k = 0; k < 4; k++)
		{
			ok(jrn_unit_root_at(&env, series, 500, k >= 2, k % 2 ? 3 : 0, &r) == JRN_OK, "unit root");
			ok_close(r.statistic, cases[c].want[k], 1e-8, "case %zu, regression %d", c, k);
		}
		ok(jrn_unit_root(&env, series, 500, false, &r) == JRN_OK && r.lags == cases[c].lags, "R-UR-1 case %zu: %d lags", c, r.lags);
		ok_close(r.statistic, cases[c].statistic, 1e-8, "R-UR-1 their statistic");
		ok(fabs(r.critical - (-2.8674)) < 1e-4, "R-UR-2 critical value");
		ok(r.rejected == (c < 2), "R-UR-2 case %zu", c);
	}
	ok(jrn_unit_root(&env, series, 500, true, &r) == JRN_OK && r.rejected && r.trend > 5, "a trend and its ratio: %g", r.trend);
	for (i = 0; i < 200; i++)
		series[i] = sin(.3 * (double) i);
	ok(jrn_unit_root(&env, series, 200, false, &r) == JRN_OK && r.rejected, "R-UR-3 a sine fits without error");
	for (i = 0; i < 200; i++)
		series[i] = (double) i;
	ok(jrn_unit_root(&env, series, 200, true, &r) == JRN_OK && r.rejected, "R-UR-3 a line beside a trend");
	ok(jrn_unit_root(&env, series, 39, false, &r) == JRN_OK && isnan(r.statistic) && !r.rejected, "R-UR-4 too short");
	ok(jrn_unit_root_at(&env, series, 200, false, 21, &r) == JRN_DOMAIN, "too many lags");
	host_reset();
}

static jrn_diagnosis
diagnose(const jrn_env *env, size_t n, int64_t season, bool are_counts, uint64_t seed)
{
	jrn_diagnosis_options options = {0, false, 39, 0, NULL, NULL};
	jrn_diagnosis d;

	options.season = season;
	options.counts = are_counts;
	options.seed = seed;
	ok(jrn_series_diagnosis(env, series, n, &options, &d) == JRN_OK, "diagnosis of %zu", n);
	return d;
}

static void
test_verdicts(void)
{
	jrn_env		env = host_env();
	jrn_diagnosis d;
	size_t		i;

	logistic(500);
	d = diagnose(&env, 500, 0, false, 0);
	ok(d.verdict == JRN_VERDICT_DETERMINISTIC, "R-SD-7 the logistic map: %s", jrn_verdict_words(d.verdict));
	ok(fabs(d.exponent - .693) < .03 && d.low > 0 && d.low < d.exponent && d.exponent < d.high, "its exponent %g", d.exponent);
	ok(d.p == 1.0 / 40 && d.k_median > .9 && d.stable && fabs(d.noise_excess) < .1, "and all the rest");
	ok(d.treatment == JRN_TREATMENT_NONE && d.n_used == 500, "nothing was done to it");
	autoregressive(500, .9);
	d = diagnose(&env, 500, 0, false, 0);
	ok(d.verdict == JRN_VERDICT_LINEAR && isnan(d.exponent) && isnan(d.low), "R-SD-8 AR(.9): %s", jrn_verdict_words(d.verdict));
	ok(d.p > .05 && d.p == fmax(d.surrogate.p[0], d.surrogate.p[1]), "R-SD-4 the larger p");
	ok(!isnan(d.jump) && d.k_median > .9, "noise has K near 1, too");
	autoregressive(500, 1);
	d = diagnose(&env, 500, 0, false, 0);
	ok(d.treatment == JRN_TREATMENT_DIFFERENCE && d.n_used == 499 && d.verdict == JRN_VERDICT_LINEAR, "R-SD-3 a walk is differenced");
	ok_close(d.unit_root.statistic, -1.24401041563, 1e-8, "R-SD-3 and its statistic told");
	autoregressive(500, .5);
	for (i = 0; i < 500; i++)
		series[i] += .01 * (double) i;
	d = diagnose(&env, 500, 0, false, 0);
	ok(d.treatment == JRN_TREATMENT_DETREND && d.verdict == JRN_VERDICT_LINEAR, "R-SD-3 a trend is taken out");
	logistic(500);
	for (i = 0; i < 500; i++)
		series[i] += .05 * jrn_random_normal(1, i);
	d = diagnose(&env, 500, 0, false, 0);
	ok(d.verdict == JRN_VERDICT_STOCHASTIC && d.noise_excess > .5, "R-SD-7 a noisy map: %s", jrn_verdict_words(d.verdict));
	counts(364, 1);
	d = diagnose(&env, 364, 7, true, 0);
	ok(d.verdict == JRN_VERDICT_LINEAR && d.whole_numbers, "R-SD-1, R-SD-2 weekly counts: %s", jrn_verdict_words(d.verdict));
	series[0] = .3;
	for (i = 1; i < 600; i++)
		series[i] = 3.55 * series[i - 1] * (1 - series[i - 1]);
	for (i = 0; i < 500; i++)
		series[i] = series[i + 100];
	d = diagnose(&env, 500, 0, false, 0);
	ok(d.verdict == JRN_VERDICT_REGULAR && d.noise_excess == 0 && d.status == JRN_SERIES_DISCRETE, "R-SD-5 period 8: %s", jrn_verdict_words(d.verdict));
	/* van der Pol's oscillator by Euler's steps */
	{
		double		x = 1,
					y = 0;

		for (i = 0; i < 15000; i++)
		{
			const double dx = .02 * y,
						dy = .02 * (3 * (1 - x * x) * y - x);

			x += dx;
			y += dy;
			if (i >= 5000 && i % 20 == 0)
				series[(i - 5000) / 20] = x;
		}
	}
	d = diagnose(&env, 500, 0, false, 0);
	ok(d.verdict == JRN_VERDICT_REGULAR && d.k_median < .2 && fabs(d.exponent) < .01, "R-SD-7 an oscillator: %s", jrn_verdict_words(d.verdict));
	/* twice integrated noise wanders even after differencing */
	autoregressive(500, 1);
	for (i = 1; i < 500; i++)
		series[i] += series[i - 1];
	d = diagnose(&env, 500, 0, false, 0);
	ok(d.verdict == JRN_VERDICT_NONSTATIONARY && isnan(d.p) && isnan(d.k_median), "R-SD-7 twice summed: %s", jrn_verdict_words(d.verdict));
	host_reset();
}

static void
test_edges(void)
{
	jrn_env		env = host_env();
	jrn_diagnosis_options bad = {1, false, 39, 0, NULL, NULL};
	jrn_diagnosis d;
	size_t		i;

	autoregressive(300, 0);
	d = diagnose(&env, 99, 0, false, 0);
	ok(d.verdict == JRN_VERDICT_INSUFFICIENT && d.status == JRN_SERIES_TOO_SHORT && isnan(d.p), "R-SD-7 too short");
	d = diagnose(&env, 0, 0, false, 0);
	ok(d.verdict == JRN_VERDICT_INSUFFICIENT, "nothing");
	d = diagnose(&env, 300, 101, false, 0);
	ok(d.verdict == JRN_VERDICT_INSUFFICIENT && d.short_season, "R-SD-2 two seasons and a bit");
	ok(jrn_series_diagnosis(&env, series, 300, &bad, &d) == JRN_DOMAIN, "a season of 1");
	bad.season = 0;
	bad.counts = true;
	ok(jrn_series_diagnosis(&env, series, 300, &bad, &d) == JRN_DOMAIN, "R-SD-1 negative counts");
	bad.counts = false;
	bad.surrogates = 0;
	ok(jrn_series_diagnosis(&env, series, 300, &bad, &d) == JRN_DOMAIN, "no surrogates");
	for (i = 0; i < 300; i++)
		series[i] = 4;
	d = diagnose(&env, 300, 0, false, 0);
	ok(d.verdict == JRN_VERDICT_INSUFFICIENT && d.status == JRN_SERIES_CONSTANT, "constant");
	for (i = 0; i < 300; i++)
		series[i] = 1e9 + 3.3 * (double) (i % 7);
	d = diagnose(&env, 300, 7, false, 0);
	ok(d.verdict == JRN_VERDICT_INSUFFICIENT && d.status == JRN_SERIES_CONSTANT, "nothing but season");
	for (i = 0; i < 300; i++)
		series[i] = .1 * (double) i;
	d = diagnose(&env, 300, 0, false, 0);
	ok(d.verdict == JRN_VERDICT_INSUFFICIENT && d.status == JRN_SERIES_CONSTANT, "nothing but trend");
	for (i = 0; i < 300; i++)
		series[i] = (double) (i % 2);
	d = diagnose(&env, 300, 0, false, 0);
	ok(d.verdict == JRN_VERDICT_LINEAR, "two values in turn: %s", jrn_verdict_words(d.verdict));
	series[7] = NAN;
	bad.surrogates = 19;
	ok(jrn_series_diagnosis(&env, series, 300, &bad, &d) == JRN_NONFINITE, "NaN");
	host_reset();
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	jrn_diagnosis_options options = {7, true, 2, 0, NULL, NULL};
	jrn_diagnosis d;

	(void) arg;
	return jrn_series_diagnosis(env, series, 210, &options, &d);
}

void		test_series_diagnosis(void);
void
test_series_diagnosis(void)
{
	test_unit_root();
	test_verdicts();
	test_edges();
	counts(210, 3);
	ok_survives(survive, NULL, "series diagnosis");
}
