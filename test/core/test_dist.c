/*
 * test_dist.c
 *		Distributions and the functions below them against 60-digit golden
 *		numbers, and identities.
 */
#include <math.h>

#include "../../src/core/beta.h"
#include "../../src/core/dist.h"
#include "../../src/core/gamma.h"
#include "golden_dist.h"
#include "tap.h"

#define ROWS(table) ((int) (sizeof(table) / sizeof((table)[0])))

/*
 * The worst relative error of a table, as one test point.  absolute: errors
 * are measured against max(1, |value|).
 */
typedef struct worst
{
	double		error;
	double		args[3];
	double		got;
	double		want;
} worst;

static void
note(worst *w, const double *row, int args, double got, bool absolute)
{
	double		want = row[args];
	double		scale = absolute && fabs(want) < 1.0 ? 1.0 : fabs(want);
	double		error = want == 0.0 && !absolute ? fabs(got) : fabs(got - want) / scale;
	int			i;

	if (!(error <= w->error))
	{
		for (i = 0; i < args; i++)
			w->args[i] = row[i];
		w->error = isnan(error) ? INFINITY : error;
		w->got = got;
		w->want = want;
	}
}

static void
report(const worst *w, double bound, const char *name)
{
	ok(w->error <= bound, "R-DIST-1 %s within %g (worst %.2g)", name, bound, w->error);
	if (w->error > bound)
		printf("# at %g %g %g: got %.17g, wanted %.17g\n", w->args[0], w->args[1],
			   w->args[2], w->got, w->want);
}

#define GOLDEN1(table, function, bound, absolute) \
	do { \
		worst		w = {0.0, {0.0, 0.0, 0.0}, 0.0, 0.0}; \
		int			i; \
		for (i = 0; i < ROWS(table); i++) \
			note(&w, table[i], 1, function(table[i][0]), absolute); \
		report(&w, bound, #table); \
	} while (0)
#define GOLDEN2(table, function, bound) \
	do { \
		worst		w = {0.0, {0.0, 0.0, 0.0}, 0.0, 0.0}; \
		int			i; \
		for (i = 0; i < ROWS(table); i++) \
			note(&w, table[i], 2, function(table[i][0], table[i][1]), false); \
		report(&w, bound, #table); \
	} while (0)
#define GOLDEN3(table, function, bound) \
	do { \
		worst		w = {0.0, {0.0, 0.0, 0.0}, 0.0, 0.0}; \
		int			i; \
		for (i = 0; i < ROWS(table); i++) \
			note(&w, table[i], 3, function(table[i][0], table[i][1], table[i][2]), false); \
		report(&w, bound, #table); \
	} while (0)

static double
normal_quantile_upper(double q)
{
	return -jrn_normal_quantile(q);
}

static double
t_quantile_upper(double q, double df)
{
	return -jrn_t_quantile(q, df);
}

static void
test_golden(void)
{
	GOLDEN1(golden_normal_upper, jrn_normal_upper, 1e-12, false);
	GOLDEN1(golden_normal_quantile_upper, normal_quantile_upper, 1e-15, false);
	GOLDEN2(golden_t_two_sided, jrn_t_two_sided, 1e-12);
	GOLDEN2(golden_t_large_df, jrn_t_two_sided, 1e-12);
	GOLDEN2(golden_t_upper, jrn_t_upper, 1e-14);
	GOLDEN2(golden_t_quantile_upper, t_quantile_upper, 1e-12);
	GOLDEN2(golden_chisq_upper, jrn_chisq_upper, 1e-12);
	GOLDEN2(golden_chisq_cdf, jrn_chisq_cdf, 1e-12);
	GOLDEN3(golden_f_upper, jrn_f_upper, 1e-12);
	GOLDEN3(golden_f_cdf, jrn_f_cdf, 1e-12);
	GOLDEN1(golden_log_gamma, jrn_log_gamma, 4e-15, false);
	GOLDEN1(golden_digamma, jrn_digamma, 4e-15, true);
	GOLDEN1(golden_stirling_error, jrn_stirling_error, 1e-14, true);
	GOLDEN2(golden_log_beta, jrn_log_beta, 1e-14);
}

/* R-DIST-4: cdf(quantile(p)) = p, symmetry, complements, limits. */
static void
test_identities(void)
{
	static const double dfs[] = {0.3, 1.0, 2.5, 10.0, 400.0, 1e6, 1e9};
	double		worst_t = 0.0,
				worst_normal = 0.0,
				worst_pair = 0.0;
	int			d,
				i;

	for (i = 1; i < 1000; i++)
	{
		double		p = pow(i / 1000.0, 3.0);

		worst_normal = fmax(worst_normal, fabs(jrn_normal_cdf(jrn_normal_quantile(p)) / p - 1.0));
		for (d = 0; d < 7; d++)
		{
			double		t = jrn_t_quantile(p, dfs[d]);
			double		lower,
						upper;

			worst_t = fmax(worst_t, fabs(jrn_t_cdf(t, dfs[d]) / p - 1.0));
			jrn_beta_tails(dfs[d], 2.0, p, 1.0 - p, &lower, &upper);
			worst_pair = fmax(worst_pair, fabs(lower + upper - 1.0));
		}
	}
	ok(worst_normal < 1e-13, "R-DIST-4 normal cdf of quantile (%.2g)", worst_normal);
	ok(worst_t < 1e-12, "R-DIST-4 t cdf of quantile (%.2g)", worst_t);
	ok(worst_pair < 1e-15, "R-BETA-2 tails add up to 1 (%.2g)", worst_pair);
	ok_close(jrn_t_cdf(-3.1, 7.3), jrn_t_upper(3.1, 7.3), 0.0, "t is symmetric");
	ok_close(jrn_t_quantile(0.2, 1.0), tan(-0.3 * 3.14159265358979323846), 1e-14, "t with 1 df is Cauchy");
	ok_close(jrn_t_two_sided(1e200, 1.0), 2.0 / (3.14159265358979323846 * 1e200), 1e-12,
			 "t far beyond the square of a double");
	ok_close(jrn_t_quantile(1e-250, 1.0), -1.0 / (3.14159265358979323846 * 1e-250), 1e-12,
			 "its quantile");
	ok_close(jrn_chisq_upper(31.4, 2.0), exp(-15.7), 1e-14, "chi-square with 2 df is exponential");
	ok_close(jrn_f_upper(6.25, 1.0, 11.0), jrn_t_two_sided(2.5, 11.0), 1e-13, "F(1, n) is t squared");
	ok_close(jrn_t_two_sided(2.0, INFINITY), jrn_normal_two_sided(2.0), 0.0, "R-DIST-2 infinite df");
	ok_close(jrn_t_critical(0.95, 9.0), 2.262157162798204, 1e-14, "level 0.95 of t with 9 df");
	ok_close(jrn_normal_critical(0.95), 1.959963984540054, 1e-15, "level 0.95 of the normal");
	ok_close(jrn_digamma(8.25), jrn_digamma(7.25) + 1.0 / 7.25, 1e-15, "recurrence of digamma");
}

static void
test_edges(void)
{
	double		lower,
				upper;

	ok(isnan(jrn_normal_quantile(-0.1)) && isnan(jrn_normal_quantile(NAN)) &&
	   isnan(jrn_normal_quantile(1.0000001)), "R-DIST-3 quantile outside [0, 1]");
	ok(jrn_normal_quantile(0.0) == -INFINITY && jrn_normal_quantile(1.0) == INFINITY,
	   "R-DIST-4 normal quantiles of 0 and 1");
	ok(jrn_t_quantile(0.0, 3.0) == -INFINITY && jrn_t_quantile(1.0, 3.0) == INFINITY &&
	   jrn_t_quantile(0.5, 3.0) == 0.0, "R-DIST-4 t quantiles of 0, 1 and 1/2");
	ok(isnan(jrn_t_cdf(NAN, 3.0)) && isnan(jrn_t_cdf(1.0, 0.0)) && isnan(jrn_t_cdf(1.0, NAN)) &&
	   isnan(jrn_t_quantile(0.1, -1.0)), "R-DIST-3 t");
	ok(jrn_t_upper(INFINITY, 3.0) == 0.0 && jrn_t_upper(-INFINITY, 3.0) == 1.0 &&
	   jrn_t_two_sided(0.0, 3.0) == 1.0 && jrn_t_cdf(0.0, 3.0) == 0.5, "t at 0 and infinity");
	ok(isnan(jrn_chisq_upper(1.0, 0.0)) && isnan(jrn_chisq_upper(NAN, 1.0)) &&
	   jrn_chisq_upper(-1.0, 2.0) == 1.0 && jrn_chisq_upper(INFINITY, 2.0) == 0.0,
	   "R-DIST-3 chi-square");
	ok(isnan(jrn_f_upper(1.0, 0.0, 1.0)) && isnan(jrn_f_upper(NAN, 1.0, 1.0)) &&
	   jrn_f_upper(0.0, 2.0, 3.0) == 1.0 && jrn_f_upper(INFINITY, 2.0, 3.0) == 0.0, "R-DIST-3 F");
	ok(isnan(jrn_log_gamma(0.0)) && isnan(jrn_log_gamma(-1.5)) && isnan(jrn_digamma(0.0)) &&
	   isnan(jrn_log_gamma(NAN)), "R-GAM-1");
	jrn_gamma_tails(1e-9, 0.5, &lower, &upper);
	ok_close(upper, 5.597735950695406e-10, 1e-12, "R-GAM-2 upper tail of a tiny shape");
	jrn_gamma_tails(1e6, 1.001e6, &lower, &upper);
	ok_close(upper, 0.15865521363165971, 1e-12, "a large shape");
	ok(jrn_logistic(-800.0) == 0.0 && jrn_logistic(800.0) == 1.0 && jrn_logistic(0.0) == 0.5,
	   "logistic at its ends");
	ok_close(jrn_logistic(-40.0), 4.248354255291589e-18, 1e-14, "logistic in its tail");
	ok_close(jrn_log1pexp(-40.0), 4.248354255291589e-18, 1e-14, "log1pexp of a large negative");
	ok_close(jrn_log1pexp(1000.0), 1000.0, 0.0, "log1pexp does not overflow");
	ok_close(jrn_log1pexp(0.0), 0.6931471805599453, 1e-15, "log1pexp of 0");
}

/* reference: journeys.md, section 8 */
static void
test_wilson(void)
{
	double		low,
				high,
				low2,
				high2;

	jrn_wilson(8, 10, 0.95, &low, &high);
	ok_close(low, 0.490162472, 1e-9, "Wilson 8 of 10, low");
	ok_close(high, 0.943317849, 1e-9, "Wilson 8 of 10, high");
	jrn_wilson(0, 10, 0.95, &low, &high);
	ok(low == 0.0, "Wilson 0 of 10, low is exactly 0");
	ok_close(high, 0.277532800, 1e-9, "Wilson 0 of 10, high");
	jrn_wilson(10, 10, 0.95, &low2, &high2);
	ok(high2 == 1.0 && low2 == 1.0 - high, "Wilson n of n mirrors 0 of n");
	jrn_wilson(37, 100, 0.95, &low, &high);
	ok_close(low, 0.281823605, 2e-9, "Wilson 37 of 100, low");
	ok_close(high, 0.467794704, 1e-9, "Wilson 37 of 100, high");
	jrn_wilson(3, 0, 0.95, &low, &high);
	ok(isnan(low) && isnan(high), "Wilson of nothing is NaN");
	jrn_wilson(3, 2, 0.95, &low, &high);
	ok(isnan(low) && isnan(high), "Wilson of more than all is NaN");
}

void		test_dist(void);

void
test_dist(void)
{
	test_golden();
	test_identities();
	test_edges();
	test_wilson();
}
