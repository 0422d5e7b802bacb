/*
 * test_random.c
 *		Counter-based random numbers: frozen bits, moments, no bias.
 */
#include <math.h>

#include "../../src/core/dist.h"
#include "../../src/core/random.h"
#include "tap.h"

#define DRAWS 200000

/*
 * Frozen values (R-RAND-1): u64 of (0, c) is XXH64 of c with seed 0, whose
 * vectors stand in reference/validation.md 1.3.
 */
static void
test_frozen(void)
{
	uint64_t	stream = jrn_seed_derive(42, "test", 7);

	ok(jrn_random_u64(0, 1) == UINT64_C(0x9F29CB17A2A49995), "R-RAND-2 u64 of counter 1");
	ok(jrn_random_u64(42, 0) == UINT64_C(0xB71B47EBDA15746C), "R-RAND-2 u64 of stream 42");
	ok(jrn_random_uniform(0, 1) == ((double) (UINT64_C(0x9F29CB17A2A49995) >> 12) + 0.5) / 4503599627370496.0,
	   "R-RAND-3 uniform of counter 1");
	ok_int((long long) jrn_random_below(0, 1, 10), 6, "R-RAND-4 below 10 is fold - 1");
	ok_close(jrn_random_normal(stream, 0), jrn_normal_quantile(jrn_random_uniform(stream, 0)), 0.0,
			 "normal is the quantile of the uniform");
	ok_int((long long) jrn_random_below(0, 5, 1), 0, "below 1 is 0");
}

/* Mean and variance of draws, in standard errors of their expectation. */
static void
moments(double (*draw) (uint64_t, uint64_t, double), double parameter, double mean,
		double variance, double kurtosis, const char *name)
{
	double		sum = 0.0,
				squares = 0.0;
	double		z_mean,
				z_variance;
	uint64_t	i;

	for (i = 0; i < DRAWS; i++)
	{
		double		x = draw(11, i, parameter) - mean;

		sum += x;
		squares += x * x;
	}
	z_mean = sum / DRAWS / sqrt(variance / DRAWS);
	z_variance = (squares / DRAWS - variance) / (variance * sqrt((kurtosis - 1.0) / DRAWS));
	ok(fabs(z_mean) < 4.0 && fabs(z_variance) < 4.0, "%s(%g): mean and variance at %.1f and %.1f SE",
	   name, parameter, z_mean, z_variance);
}

static double
draw_uniform(uint64_t stream, uint64_t i, double unused)
{
	(void) unused;
	return jrn_random_uniform(stream, i);
}

static double
draw_normal(uint64_t stream, uint64_t i, double unused)
{
	(void) unused;
	return jrn_random_normal(stream, i);
}

static double
draw_exponential(uint64_t stream, uint64_t i, double unused)
{
	(void) unused;
	return jrn_random_exponential(stream, i);
}

static double
draw_poisson(uint64_t stream, uint64_t i, double mean)
{
	return (double) jrn_random_poisson(stream, i, mean);
}

static void
test_moments(void)
{
	static const double shapes[] = {0.05, 0.7, 1.0, 4.5, 300.0};
	static const double means[] = {0.01, 0.9, 3.0, 30.0, 1234.5};
	int			k;

	moments(draw_uniform, 0, 0.5, 1.0 / 12.0, 1.8, "uniform");
	moments(draw_normal, 0, 0.0, 1.0, 3.0, "normal");
	moments(draw_exponential, 0, 1.0, 1.0, 9.0, "exponential");
	for (k = 0; k < 5; k++)
		moments(jrn_random_gamma, shapes[k], shapes[k], shapes[k], 3.0 + 6.0 / shapes[k], "gamma");
	for (k = 0; k < 5; k++)
		moments(draw_poisson, means[k], means[k], means[k], 3.0 + 1.0 / means[k], "poisson");
}

/* Frequencies against probabilities by chi-square. */
static void
test_frequencies(void)
{
	double		counts[12] = {0};
	double		statistic = 0.0;
	double		probability = exp(-2.5);
	double		rest = 1.0;
	uint64_t	i;
	int			k;

	for (i = 0; i < DRAWS; i++)
	{
		int64_t		x = jrn_random_poisson(5, i, 2.5);

		counts[x > 11 ? 11 : x] += 1.0;
	}
	for (k = 0; k < 12; k++)
	{
		double		expected = DRAWS * (k < 11 ? probability : rest);

		statistic += (counts[k] - expected) * (counts[k] - expected) / expected;
		rest -= probability;
		probability *= 2.5 / (k + 1);
	}
	ok(jrn_chisq_upper(statistic, 11.0) > 1e-4, "Poisson frequencies (chi-square %.1f of 11)", statistic);

	/* n = 3 * 2^62: plain multiply-shift would give every third value twice as often */
	memset(counts, 0, sizeof(counts));
	for (i = 0; i < DRAWS; i++)
		counts[jrn_random_below(6, i, UINT64_C(3) << 62) % 3] += 1.0;
	statistic = 0.0;
	for (k = 0; k < 3; k++)
		statistic += pow(counts[k] - DRAWS / 3.0, 2.0) / (DRAWS / 3.0);
	ok(jrn_chisq_upper(statistic, 2.0) > 1e-4, "R-RAND-4 no bias (chi-square %.1f of 2)", statistic);
}

static void
test_domain(void)
{
	ok_int(jrn_random_poisson(1, 1, 0.0), 0, "Poisson with mean 0");
	ok_int(jrn_random_poisson(1, 1, -1.0), -1, "Poisson with a negative mean");
	ok_int(jrn_random_poisson(1, 1, NAN), -1, "Poisson with mean NaN");
	ok(isnan(jrn_random_gamma(1, 1, 0.0)) && isnan(jrn_random_gamma(1, 1, NAN)), "gamma without a shape");
}

void		test_random(void);

void
test_random(void)
{
	test_frozen();
	test_moments();
	test_frequencies();
	test_domain();
}
