/*
 * test_confidence_sequence.c
 *		Confidence sequence: numbers of another program, the e-value that goes
 *		with it, and 52 weekly looks at customers with and without an effect.
 *
 * Provenance: reference/validation.md 5.3 (half-widths, any-look error, week of
 * stopping), test/oracles/sequences.py.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/monitoring/sequence.h"

#define WEEKS 52
#define A_WEEK 100
#define PLANNED (12 * A_WEEK)

static jrn_sequence_plan
plan_of(double planned, double alpha)
{
	jrn_sequence_plan plan = {NAN, NAN};

	ok(jrn_sequence_open(planned, alpha, &plan) == JRN_OK, "a plan of %g at %g", planned, alpha);
	return plan;
}

static jrn_sequence_seen
seen_of(double n, double mean, double sd)
{
	jrn_sequence_seen seen = {n, mean, sd * sd * (n - 1.0)};

	return seen;
}

static void
test_golden(void)
{
	static const double at[2][3] = {{100, 1000, 10000}, {500, 5000, 50000}};
	static const double half[2][3] = {{0.3763256346, 0.0959892433, 0.0325536012}, {0.1901443321, 0.0505129296, 0.0168250170}};
	jrn_sequence_plan plans[2];
	jrn_sequence_seen cubes = {1000, 0.260283211492, 85.6538481484};
	int			i,
				j;

	plans[0] = plan_of(1000, 0.05);
	plans[1] = plan_of(5000, 0.01);
	ok_close(sqrt(plans[0].rho2), 0.0937112609, 1e-9, "rho of the reference");
	for (i = 0; i < 2; i++)
		for (j = 0; j < 3; j++)
		{
			jrn_sequence_seen seen = seen_of(at[i][j], 7.0, 1.0);

			ok_close(jrn_sequence_half_width(&plans[i], &seen), half[i][j], 3e-9, "half-width at %g", at[i][j]);
		}
	plans[0] = plan_of(PLANNED, 0.05);
	ok_close(jrn_sequence_half_width(&plans[0], &cubes), 0.260283211492 - 0.232169947042, 1e-10, "cubes");
	ok_close(jrn_sequence_log_e(&plans[0], &cubes, 0.24), 1.05152872025, 1e-9, "ln e of cubes");
}

/* R-SEQ-1 from very few to very many observations, and far levels. */
static void
test_identity(void)
{
	static const double ns[] = {2, 3, 10, 1000, 1e6, 1e12};
	static const double alphas[] = {0.5, 0.05, 1e-6, 1e-250};
	size_t		i,
				j;

	for (i = 0; i < 6; i++)
		for (j = 0; j < 4; j++)
		{
			jrn_sequence_plan plan = plan_of(700, alphas[j]);
			jrn_sequence_seen seen = seen_of(ns[i], 3.0, 2.5);
			double		half = jrn_sequence_half_width(&plan, &seen);
			double		bar = -log(alphas[j]);

			ok(jrn_sequence_log_e(&plan, &seen, 3.0 + half * (1 + 1e-9)) > bar &&
			   jrn_sequence_log_e(&plan, &seen, 3.0 - half * (1 + 1e-9)) > bar &&
			   jrn_sequence_log_e(&plan, &seen, 3.0 + half * (1 - 1e-9)) < bar &&
			   jrn_sequence_log_e(&plan, &seen, 3.0 - half * (1 - 1e-9)) < bar,
			   "R-SEQ-1 at %g, alpha %g: e reaches 1/alpha at the edge", ns[i], alphas[j]);
		}
}

static void
test_limits(void)
{
	jrn_sequence_plan plan = plan_of(1, 0.5);
	jrn_sequence_seen one = {1, 4.0, 0.0};
	jrn_sequence_seen flat = {500, 4.0, 0.0};
	jrn_sequence_seen far = {1e9, 1e6, 1e9};

	ok(isnan(jrn_sequence_half_width(&plan, &one)) && isnan(jrn_sequence_half_width(&plan, &flat)) &&
	   isnan(jrn_sequence_log_e(&plan, &one, 0)) && isnan(jrn_e_value(jrn_sequence_log_e(&plan, &flat, 0))),
	   "R-SEQ-4 nothing is said of one observation or of a constant");
	ok(jrn_e_value(jrn_sequence_log_e(&plan, &far, 0)) == JRN_E_VALUE_MAX, "R-SEQ-5 beyond all doubt is finite");
	ok_close(jrn_e_value(log(20.0)), 20.0, 1e-14, "an e-value");
	ok(jrn_sequence_open(0.5, 0.05, &plan) == JRN_DOMAIN && jrn_sequence_open(NAN, 0.05, &plan) == JRN_DOMAIN &&
	   jrn_sequence_open(INFINITY, 0.05, &plan) == JRN_DOMAIN && jrn_sequence_open(10, 0.0, &plan) == JRN_DOMAIN &&
	   jrn_sequence_open(10, 0.51, &plan) == JRN_DOMAIN && jrn_sequence_open(10, NAN, &plan) == JRN_DOMAIN, "R-SEQ-3 plans without sense");
}

/* What is added to `all` by the week's n, mean and m2. */
static void
add_week(jrn_sequence_seen *all, double n, double mean, double m2)
{
	double		d = mean - all->mean;
	double		total = all->n + n;

	all->m2 += m2 + d * d * all->n * n / total;
	all->mean += d * n / total;
	all->n = total;
}

/* Mean and spread of a week of normal outcomes, which are independent. */
static void
normal_week(uint64_t stream, uint64_t week, double effect, double *mean, double *m2)
{
	*mean = effect + jrn_random_normal(stream, 2 * week) / sqrt(A_WEEK);
	*m2 = 2.0 * jrn_random_gamma(stream, 2 * week + 1, 0.5 * (A_WEEK - 1));
}

/* A week of skewed outcomes, customer by customer. */
static void
skewed_week(uint64_t stream, uint64_t week, double effect, double *mean, double *m2)
{
	jrn_sequence_seen seen = {0, 0, 0};
	uint64_t	i;

	for (i = 0; i < A_WEEK; i++)
		add_week(&seen, 1, jrn_random_exponential(stream, week * A_WEEK + i) - 1.0 + effect, 0.0);
	*mean = seen.mean;
	*m2 = seen.m2;
}

typedef struct looks
{
	double		sequence;		/* share of runs in which it ever left 0 out */
	double		naive;			/* in which p < 0.05 was ever seen */
	int			week[WEEKS + 1];	/* runs by the week it first did; 0: never */
} looks;

static looks
look_weekly(void (*draw) (uint64_t, uint64_t, double, double *, double *), double effect, int runs, const char *name)
{
	jrn_sequence_plan plan = {0, 0};
	looks		found;
	int			run;

	memset(&found, 0, sizeof(found));
	jrn_sequence_open(PLANNED, 0.05, &plan);
	for (run = 0; run < runs; run++)
	{
		uint64_t	stream = jrn_seed_derive(6, name, (uint64_t) run);
		jrn_sequence_seen seen = {0, 0, 0};
		bool		naive = false;
		int			stopped = 0;
		int			week;

		for (week = 1; week <= WEEKS; week++)
		{
			double		mean,
						m2;

			draw(stream, (uint64_t) week, effect, &mean, &m2);
			add_week(&seen, A_WEEK, mean, m2);
			if (stopped == 0 && fabs(seen.mean) >= jrn_sequence_half_width(&plan, &seen))
				stopped = week;
			naive = naive || fabs(seen.mean) > 1.959964 * jrn_sequence_sd(&seen) / sqrt(seen.n);
		}
		found.week[stopped]++;
		found.sequence += (stopped > 0) / (double) runs;
		found.naive += naive / (double) runs;
	}
	return found;
}

static void
test_weekly_looks(void)
{
	const int	runs = 4000;
	const double slack = 2.0 * sqrt(0.05 * 0.95 / runs);
	looks		none = look_weekly(normal_week, 0.0, runs, "no effect");
	looks		skewed = look_weekly(skewed_week, 0.0, 400, "skewed");
	looks		effect = look_weekly(normal_week, 0.1, runs, "effect");
	int			median = 0;
	int			sum = 0;

	ok(none.sequence <= 0.05 + slack, "no effect, 52 looks: false alarms in %.4f, at most 0.05", none.sequence);
	ok(none.sequence > 0.01 && none.sequence < 0.03, "the reference measured 0.0215: %.4f", none.sequence);
	ok(none.naive > 0.29 && none.naive < 0.37, "p < 0.05 every week: %.4f, the reference has 0.33", none.naive);
	ok(skewed.sequence <= 0.05 + 2.0 * sqrt(0.05 * 0.95 / 400), "exponential outcomes: %.4f", skewed.sequence);
	ok(effect.sequence >= 0.8, "0.1 standard deviations: found in %.4f", effect.sequence);
	while (median < WEEKS && 2 * sum < runs)
		sum += effect.week[++median];
	ok_int(median, 9, "median week of stopping, as the reference");
}

void
test_confidence_sequence(void)
{
	test_golden();
	test_identity();
	test_limits();
	test_weekly_looks();
}
