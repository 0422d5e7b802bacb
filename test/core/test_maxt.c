/*
 * test_maxt.c
 *		Critical values of many differences: independent and equal ones, where
 *		they are known, and tables of Dunnett and Tukey.
 */
#include "tap.h"

#include "../../src/core/dist.h"
#include "../../src/strategies/maxt.h"

#define MOST 10

static double covariance[MOST * MOST];
static bool usable[MOST];

/* Equal variances 1, or a baseline without variance. */
static void
fill(int arms, double baseline_variance, double common)
{
	int			a,
				b;

	for (a = 0; a < arms; a++)
		for (b = 0; b < arms; b++)
			covariance[a * arms + b] = common + (a != b ? 0.0 : a == 0 ? baseline_variance : 1.0);
	for (a = 0; a < arms; a++)
		usable[a] = true;
}

static jrn_maxt
critical(int arms, double df)
{
	jrn_env		env = host_env();
	jrn_maxt	out;

	ok_int(jrn_maxt_critical(&env, covariance, arms, usable, 0, df, 1, 0.95, &out), JRN_OK, "runs");
	return out;
}

static jrn_status
work(const jrn_env *env, void *arg)
{
	return jrn_maxt_critical(env, covariance, 4, usable, 0, 20.0, 1, 0.95, arg);
}

void
test_maxt(void)
{
	jrn_maxt	t,
				same;

	fill(2, 1.0, 3.0);
	t = critical(2, INFINITY);
	ok(t.against_baseline == jrn_normal_critical(0.95) && t.all_pairs == t.against_baseline, "R-MAX-3 one difference");
	t = critical(2, 8.0);
	ok(t.against_baseline == jrn_t_critical(0.95, 8.0), "R-MAX-3 one difference, t");

	/* a baseline that is a constant: independent differences, 0.95^(1/5) each */
	fill(6, 0.0, 0.0);
	t = critical(6, INFINITY);
	ok_close(t.against_baseline, jrn_normal_quantile(0.5 + 0.5 * pow(0.95, 0.2)), 0.015, "R-MAX-1 independent differences");

	/* Dunnett's and Tukey's tables, infinite and 20 degrees of freedom (qtukey / sqrt 2) */
	fill(4, 1.0, 0.7);
	t = critical(4, INFINITY);
	ok_close(t.against_baseline, 2.35, 0.015, "Dunnett, three challengers");
	ok_close(t.all_pairs, 3.63 / sqrt(2.0), 0.015, "Tukey, four strategies");
	same = critical(4, INFINITY);
	ok(same.against_baseline == t.against_baseline && same.all_pairs == t.all_pairs, "R-MAX-1 the same bits again");
	t = critical(4, 20.0);
	ok_close(t.against_baseline, 2.54, 0.015, "R-MAX-2 Dunnett with 20 degrees of freedom");
	ok_close(t.all_pairs, 3.96 / sqrt(2.0), 0.015, "R-MAX-2 Tukey with 20 degrees of freedom");
	fill(10, 1.0, 0.0);
	t = critical(10, INFINITY);
	ok_close(t.all_pairs, 4.47 / sqrt(2.0), 0.015, "Tukey, ten strategies");
	usable[0] = false;
	t = critical(10, INFINITY);
	ok(isnan(t.against_baseline) && fabs(t.all_pairs - 4.39 / sqrt(2.0)) < 0.05, "without a baseline pairs are left");

	fill(3, 1.0, 0.0);
	usable[0] = usable[1] = false;
	t = critical(3, INFINITY);
	ok(isnan(t.against_baseline) && isnan(t.all_pairs), "nothing to compare");
	fill(3, 0.0, 1.0);
	covariance[8] = 1.0;		/* strategy 2 is the baseline */
	t = critical(3, INFINITY);
	ok(t.against_baseline == jrn_normal_critical(0.95), "R-MAX-4 a difference without variance takes no part");
	fill(4, 1.0, 0.3);
	ok_survives(work, &t, "max-t");
}
