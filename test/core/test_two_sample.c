/*
 * test_two_sample.c
 *		Two samples of numbers: numbers of test/oracles/drift.py (scipy, R with
 *		ties), every way to deal small samples, and limits.
 */
#include "tap.h"

#include <stdlib.h>

#include "../../src/monitoring/two_sample.h"

static int
ascending(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* The samples of the oracle; whole 1 rounds down. */
static void
sample(double *x, int n, int step, int modulus, double divisor, double shift, bool whole)
{
	int			i;

	for (i = 0; i < n; i++)
	{
		x[i] = ((i + 1) * step % modulus) / divisor + shift;
		if (whole)
			x[i] = floor(x[i]);
	}
	qsort(x, (size_t) n, sizeof(double), ascending);
}

static jrn_two_sample
test_of(const double *x, int n, const double *y, int m)
{
	jrn_env		env = host_env();
	jrn_two_sample test;

	ok(jrn_two_sample_test(&env, x, (size_t) n, y, (size_t) m, &test) == JRN_OK, "samples of %d and %d", n, m);
	return test;
}

static void
golden(void)
{
	static const struct
	{
		int			n;
		int			m;
		double		divisor;
		double		shift;
		bool		whole;
		double		want[3];
		const char *name;
	}			cases[] = {
		{30, 25, 7, .3, false, {0.126666666667, 0.960500883325, -0.161467745051}, "close together"},
		{60, 80, 7, 3.1, false, {0.220833333333, 0.0617247722713, 0.634748511952}, "shifted"},
		{40, 50, 20, 1, true, {0.175, 0.198091606021, 0.497119136372}, "ties"},
	};
	static const double few_x[] = {1, 2, 2, 3};
	static const double few_y[] = {2, 3, 3, 3, 4};
	double		x[100];
	double		y[100];
	jrn_two_sample test;
	size_t		i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		sample(x, cases[i].n, 37, 101, cases[i].divisor, 0, cases[i].whole);
		sample(y, cases[i].m, 53, 97, cases[i].divisor, cases[i].shift, cases[i].whole);
		test = test_of(x, cases[i].n, y, cases[i].m);
		ok(test.exact, "R-TWO-2 exact: %s", cases[i].name);
		ok_close(test.ks, cases[i].want[0], 1e-11, "R-TWO-1 %s", cases[i].name);
		ok_close(test.p_value, cases[i].want[1], 1e-10, "R-TWO-2 %s", cases[i].name);
		ok_close(test.difference, cases[i].want[2], 1e-10, "R-TWO-4 %s", cases[i].name);
	}
	test = test_of(few_x, 4, few_y, 5);
	ok_close(test.p_value, 0.206349206349, 1e-10, "R-TWO-2 nine values with ties");
	ok_close(test.difference, 1.30930734142, 1e-10, "R-TWO-4 nine values");
}

static void
golden_limit(void)
{
	static const double at[] = {.2, .5, .9, .99999, 1, 1.5, 3, 6};
	static const double want[] = {0.999999999999, 0.963945243665, 0.392730707941, 0.270010391317, 0.269999671677,
	0.0222179626165, 3.04599594894e-08, 1.076037232e-31};
	static double x[4001];
	static double y[3001];
	jrn_two_sample test;
	size_t		i;

	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		ok_close(jrn_kolmogorov_upper(at[i]), want[i], 1e-11, "R-TWO-3 the limit at %g", at[i]);
	ok(jrn_kolmogorov_upper(0.0) == 1.0 && isnan(jrn_kolmogorov_upper(NAN)) && jrn_kolmogorov_upper(1e-9) == 1.0, "R-TWO-3 ends of the limit");
	sample(x, 4001, 37, 10007, 7, 0, false);
	sample(y, 3001, 53, 9973, 7, 20, false);
	test = test_of(x, 4001, y, 3001);
	ok(!test.exact, "R-TWO-3 not exact");
	ok_close(test.ks, 0.0208926442165, 1e-11, "R-TWO-1 many values");
	ok_close(test.p_value, 0.442575591456, 1e-10, "R-TWO-3 many values");
	ok_close(test.difference, 0.0585508398757, 1e-10, "R-TWO-4 many values");
}

/* All ways to deal pooled values to samples of n and the rest, by bits. */
static void
every_deal(const double *pooled, int count, int n, const char *name)
{
	double		seen[1 << 10];
	int			ways = 0;
	int			bits;
	int			i;

	for (bits = 0; bits < 1 << count; bits++)
	{
		double		x[10];
		double		y[10];
		double		gap = 0.0;
		int			a = 0;
		int			b = 0;

		for (i = 0; i < count; i++)
			if (bits >> i & 1)
				x[a++] = pooled[i];
			else
				y[b++] = pooled[i];
		if (a != n)
			continue;
		/* the gap by counting, at every value */
		for (i = 0; i < count; i++)
		{
			int			j;
			int			below[2] = {0, 0};

			for (j = 0; j < a; j++)
				below[0] += x[j] <= pooled[i];
			for (j = 0; j < b; j++)
				below[1] += y[j] <= pooled[i];
			gap = fmax(gap, fabs((double) below[0] * b - (double) below[1] * a));
		}
		seen[ways++] = gap;
	}
	for (bits = 0, i = 0; bits < 1 << count; bits++)
	{
		double		x[10];
		double		y[10];
		int			a = 0;
		int			b = 0;
		int			j;
		int			large = 0;
		jrn_env		env = host_env();
		jrn_two_sample test;

		for (j = 0; j < count; j++)
			if (bits >> j & 1)
				x[a++] = pooled[j];
			else
				y[b++] = pooled[j];
		if (a != n)
			continue;
		for (j = 0; j < ways; j++)
			large += seen[j] >= seen[i];
		(void) jrn_two_sample_test(&env, x, (size_t) a, y, (size_t) b, &test);
		if (fabs(test.p_value * ways - large) > 1e-9 || fabs(test.ks * a * b - seen[i]) > 1e-9)
		{
			ok(false, "R-TWO-2 every deal of %s: p %g for %d of %d", name, test.p_value, large, ways);
			return;
		}
		i++;
	}
	ok(true, "R-TWO-2 every deal of %s", name);
}

static void
limits(void)
{
	static const double one[] = {3};
	static const double five[] = {3, 3, 3, 3, 3};
	static const double four[] = {4, 4, 4, 4};
	static const double huge[] = {-1.7e308, 0, 1.7e308};
	static const double other[] = {-1.7e308, 1e308, 1.7e308};
	static const double tiny[] = {1e-310, 2e-310, 3e-310};
	static const double tenth[] = {.1, .1, .1, .1, .1, .1, .1};
	jrn_env		env = host_env();
	jrn_two_sample test = test_of(five, 5, four, 4);

	ok(test.ks == 1.0 && isnan(test.difference), "R-TWO-4 two values without spread");
	ok_close(test.p_value, 1.0 / 126.0, 1e-12, "R-TWO-2 one of 126 ways to deal them");
	test = test_of(five, 5, one, 1);
	ok(test.ks == 0.0 && test.p_value == 1.0 && isnan(test.difference) && isnan(test.sd[1]), "all equal");
	test = test_of(tenth, 7, tenth, 3);
	ok(test.sd[0] == 0.0 && isnan(test.difference), "R-TWO-4 equal values have no spread by rounding");
	test = test_of(huge, 3, other, 3);
	ok(isfinite(test.difference) && test.difference > 0.0, "R-TWO-4 huge values do not overflow");
	test = test_of(tiny, 3, tiny, 3);
	ok(test.difference == 0.0, "R-TWO-4 tiny values do not vanish");
	ok(jrn_two_sample_test(&env, one, 1, one, 0, &test) == JRN_TOO_FEW, "an empty sample");
}

typedef struct two_samples
{
	double		x[60];
	double		y[80];
} two_samples;

static jrn_status
failing(const jrn_env *env, void *arg)
{
	const two_samples *samples = arg;
	jrn_two_sample test;

	return jrn_two_sample_test(env, samples->x, 60, samples->y, 80, &test);
}

void
test_two_sample(void)
{
	static const double apart[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	static const double ties[] = {1, 1, 2, 2, 2, 3, 4, 4, 4};
	static const double heavy[] = {0, 0, 0, 0, 0, 0, 0, 1, 2};
	two_samples samples;

	golden();
	golden_limit();
	every_deal(apart, 9, 4, "nine values");
	every_deal(apart, 9, 2, "nine values, two against seven");
	every_deal(ties, 9, 4, "nine values with ties");
	every_deal(heavy, 9, 3, "nine values, most of them zero");
	limits();
	sample(samples.x, 60, 37, 101, 7, 0, false);
	sample(samples.y, 80, 53, 97, 7, 3.1, false);
	ok_survives(failing, &samples, "R-ENV two samples");
}
