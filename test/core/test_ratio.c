/*
 * test_ratio.c
 *		Sample ratio test: published numbers, numbers of
 *		test/oracles/strategies_randomised.py, and limits.
 */
#include "tap.h"

#include "../../src/strategies/ratio.h"

static void
golden(void)
{
	static const int64_t hillstrom[] = {21307, 21387, 21306};
	static const int64_t broken[] = {5300, 4700};
	static const int64_t unequal[] = {905, 102, 45};
	static const double shares[] = {90, 5, 5};
	static const double scaled[] = {0.9e300, 0.05e300, 0.05e300};
	jrn_env		env = host_env();
	jrn_ratio	test,
				other;

	ok(jrn_ratio_test(&env, hillstrom, NULL, 3, &test) == JRN_OK && test.df == 2, "R-RAT-1 degrees of freedom");
	ok_close(test.statistic, 0.20253125, 1e-12, "R-RAT-1 statistic of Hillstrom");
	ok_close(test.p_value, 0.903692958, 1e-9, "R-RAT-1 p of Hillstrom");
	ok_close(test.e_value, 4.18111247971e-05, 1e-8, "R-RAT-2 e of Hillstrom");
	jrn_ratio_test(&env, broken, NULL, 2, &test);
	ok_close(test.p_value, 1.97317529008e-09, 1e-10, "R-RAT-1 p of 53 to 47");
	ok_close(test.e_value, 830313.505854, 1e-8, "R-RAT-2 e of 53 to 47");
	jrn_ratio_test(&env, unequal, shares, 3, &test);
	ok_close(test.statistic, 49.338191804, 1e-10, "R-RAT-1 shares that were planned");
	ok_close(test.e_value, 339600.056559, 1e-8, "R-RAT-2 shares that were planned");
	jrn_ratio_test(&env, unequal, scaled, 3, &other);
	ok_close(other.statistic, test.statistic, 1e-13, "R-RAT-1 shares are divided by their sum, which may not overflow");
}

/* One row: the factor is J G(J pi + 1) / ..., that is 1 for every strategy. */
static void
by_hand(void)
{
	static const int64_t one[] = {1, 0};
	static const int64_t two[] = {2, 0};
	static const int64_t apart[] = {1, 1};
	jrn_env		env = host_env();
	jrn_ratio	test;

	jrn_ratio_test(&env, one, NULL, 2, &test);
	ok_close(test.e_value, 1.0, 1e-13, "R-RAT-2 one row tells nothing");
	/* uniform prior: P(2, 0) = 1/3 against 1/4, P(1, 1) in one order = 1/6 against 1/4 */
	jrn_ratio_test(&env, two, NULL, 2, &test);
	ok_close(test.e_value, 4.0 / 3.0, 1e-13, "R-RAT-2 two rows of one strategy");
	jrn_ratio_test(&env, apart, NULL, 2, &test);
	ok_close(test.e_value, 2.0 / 3.0, 1e-13, "R-RAT-2 a row of each");
}

static void
limits(void)
{
	static const int64_t none[] = {0, 0, 0};
	static const int64_t huge[] = {INT64_MAX, 0};
	static const int64_t even[] = {INT64_C(1) << 60, INT64_C(1) << 60};
	static const int64_t negative[] = {1, -1};
	static const double bad[][2] = {{1, 0}, {1, -1}, {1, NAN}, {1, INFINITY}, {1, 1e-310}};
	jrn_env		env = host_env();
	jrn_ratio	test;
	int			i;

	ok(jrn_ratio_test(&env, none, NULL, 3, &test) == JRN_OK && isnan(test.statistic) && isnan(test.p_value) && isnan(test.e_value),
	   "R-RAT-3 no rows, no figure");
	ok(jrn_ratio_test(&env, huge, NULL, 2, &test) == JRN_OK && test.p_value == 0.0 && isinf(test.e_value) && isfinite(test.log_e_value),
	   "R-RAT-2 infinite above the largest double");
	jrn_ratio_test(&env, even, NULL, 2, &test);
	/* 2^N / ((N + 1) C(N, N/2)), Stirling */
	ok_close(test.e_value, sqrt(M_PI * 0x1p61 / 2.0) / 0x1p61, 1e-12, "R-RAT-2 digits for a billion billion rows");
	ok(test.statistic == 0.0 && test.p_value == 1.0, "R-RAT-1 even counts");
	ok(jrn_ratio_test(&env, negative, NULL, 2, &test) == JRN_DOMAIN, "negative counts are refused");
	ok(jrn_ratio_test(&env, huge, NULL, 1, &test) == JRN_DOMAIN, "one strategy is refused");
	for (i = 0; i < 5; i++)
		ok(jrn_ratio_test(&env, even, bad[i], 2, &test) == JRN_DOMAIN, "shares without sense are refused (%d)", i);
}

/* Every tick stops the test of many strategies, so they come often enough. */
static void
many(void)
{
	enum { COUNT = 20000 };
	static int64_t observed[COUNT];
	static double expected[COUNT];
	jrn_env		env = host_env();
	jrn_ratio	test;
	long		ticks = 0;
	int			a;

	for (a = 0; a < COUNT; a++)
	{
		observed[a] = 1 + a % 3;
		expected[a] = 1 + a % 2;
	}
	do
		host_cancel_at(++ticks);
	while (jrn_ratio_test(&env, observed, expected, COUNT, &test) == JRN_CANCELLED);
	host_cancel_at(0);
	ok(ticks > 4 * (COUNT / 5000), "four passes over many strategies can be cancelled (%ld ticks)", ticks);
}

void
test_ratio(void)
{
	golden();
	by_hand();
	limits();
	many();
}
