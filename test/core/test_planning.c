/*
 * test_planning.c
 *		Customers needed: numbers of test/oracles/strategies_randomised.py, and
 *		limits.
 */
#include "tap.h"

#include "../../src/strategies/planning.h"

static int64_t
rate(double p, double d, double power, double alpha, double m, double icc)
{
	jrn_plan_size size = {power, alpha, m, icc};
	int64_t		customers = -1;

	if (jrn_customers_needed(p * (1.0 - p) + (p + d) * (1.0 - p - d), d, &size, &customers) != JRN_OK)
		return -1;
	return customers;
}

void
test_planning(void)
{
	static const jrn_plan_size usual = {0.8, 0.05, 1.0, 0.0};
	int64_t		customers;

	ok_int(rate(0.1, 0.02, 0.8, 0.05, 1, 0), 3839, "R-PLAN-1 from 10 to 12 percent");
	ok_int(rate(0.1, -0.02, 0.8, 0.05, 1, 0), 3211, "R-PLAN-1 from 10 to 8 percent");
	ok_int(rate(0.7, 0.005, 0.9, 0.01, 1, 0), 248769, "R-PLAN-1 power and level");
	ok_int(rate(0.1, 0.02, 0.8, 0.05, 5, 0.2), 1382, "R-PLAN-2 five decisions each");
	ok_int(rate(0.1, 0.02, 0.8, 0.05, 5, 1.0), 3839, "R-PLAN-2 equal decisions count once");
	ok_int(rate(0.1, 0.02, 0.8, 0.05, 1, 0.7), 3839, "R-PLAN-2 one decision has no neighbour");
	ok(jrn_customers_needed(50.0, 1.0, &usual, &customers) == JRN_OK && customers == 393, "R-PLAN-1 a mean");
	ok(jrn_customers_needed(1e-9, 1.0, &usual, &customers) == JRN_OK && customers == 2, "R-PLAN-3 at least two");
	ok(jrn_customers_needed(1.0, 1e-12, &usual, &customers) == JRN_LIMIT, "more than can be counted");
	ok_int(rate(0.1, 0.02, 0.001, 0.05, 1, 0), 2, "less power than level");
	ok(rate(0.1, 0.0, 0.8, 0.05, 1, 0) == -1 && rate(0.1, 0.02, 1.0, 0.05, 1, 0) == -1 && rate(0.1, 0.02, 0.0, 0.05, 1, 0) == -1 &&
	   rate(0.1, 0.02, NAN, 0.05, 1, 0) == -1 && rate(0.1, 0.02, 0.8, 0.0, 1, 0) == -1 && rate(0.1, 0.02, 0.8, 1.0, 1, 0) == -1 &&
	   rate(0.1, 0.02, 0.8, 0.05, 0.9, 0) == -1 && rate(0.1, 0.02, 0.8, 0.05, INFINITY, 0) == -1 &&
	   rate(0.1, 0.02, 0.8, 0.05, 2, 1.1) == -1 && rate(0.1, 0.02, 0.8, 0.05, 2, -0.1) == -1 && rate(NAN, 0.02, 0.8, 0.05, 2, 0) == -1,
	   "arguments out of their range are refused");
	ok_close(jrn_detectable_effect(1.0, 0.8, 0.05), 2.8015852181, 1e-10, "the effect that would be seen");
}
