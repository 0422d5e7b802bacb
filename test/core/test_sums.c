/*
 * test_sums.c
 *		Fixed-lane sums and the compensated accumulator.
 */
#include "../../src/core/random.h"
#include "../../src/core/sums.h"
#include "tap.h"

#define N 1003

/* R-SUM-1 written out. */
static double
lanes_by_hand(const double *x, const double *y, int n)
{
	double		lane[8] = {0};
	int			i;

	for (i = 0; i < n; i++)
		lane[i % 8] += y == NULL ? x[i] : x[i] * y[i];
	return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
		((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

static void
test_lanes(void)
{
	double		x[N + 8] = {0},
				y[N + 8] = {0};
	bool		same = true;
	int			i;

	for (i = 0; i < N; i++)
	{
		x[i] = jrn_random_normal(1, (uint64_t) i) * 1e6;
		y[i] = jrn_random_normal(2, (uint64_t) i);
	}
	for (i = 0; i <= N; i++)
		same = same && jrn_sum(x, (size_t) i) == lanes_by_hand(x, NULL, i) &&
			jrn_dot(x, y, (size_t) i) == lanes_by_hand(x, y, i);
	ok(same, "R-SUM-1 the order is the documented one for every length");
	ok(jrn_sum(x, N) == jrn_sum(x, N + 8) && jrn_dot(x, y, N) == jrn_dot(x, y, N + 8),
	   "R-SUM-2 trailing zeros change nothing");
	ok(jrn_sum(x, 0) == 0.0 && jrn_dot(x, y, 0) == 0.0, "an empty sum is 0");
}

static void
test_compensated(void)
{
	jrn_acc		acc = {0, 0};
	jrn_acc		parts[7];
	jrn_acc		forward = {0, 0},
				backward = {0, 0},
				merged = {0, 0};
	int			i;

	jrn_acc_add(&acc, 1.0);
	jrn_acc_add(&acc, 1e100);
	jrn_acc_add(&acc, 1.0);
	jrn_acc_add(&acc, -1e100);
	ok_close(jrn_acc_value(&acc), 2.0, 0.0, "R-SUM-3 1 + 1e100 + 1 - 1e100 is 2");
	memset(parts, 0, sizeof(parts));
	for (i = 0; i < 100000; i++)
	{
		double		x = jrn_random_normal(3, (uint64_t) i) * pow(10.0, i % 17);

		jrn_acc_add(&forward, x);
		jrn_acc_add(&parts[i % 7], x);
	}
	for (i = 100000; i-- > 0;)
		jrn_acc_add(&backward, jrn_random_normal(3, (uint64_t) i) * pow(10.0, i % 17));
	for (i = 7; i-- > 0;)
		jrn_acc_merge(&merged, &parts[i]);
	ok_close(jrn_acc_value(&backward), jrn_acc_value(&forward), 3e-16, "R-SUM-3 backwards");
	ok_close(jrn_acc_value(&merged), jrn_acc_value(&forward), 3e-16, "R-SUM-3 merged from 7 parts");
	memset(&acc, 0, sizeof(acc));
	jrn_acc_add(&acc, INFINITY);
	jrn_acc_add(&acc, 1.0);
	ok(jrn_acc_value(&acc) == INFINITY, "R-SUM-4 infinity stays infinity");
	jrn_acc_add(&acc, -INFINITY);
	ok(isnan(jrn_acc_value(&acc)), "R-SUM-4 infinity minus infinity is NaN");
}

void		test_sums(void);

void
test_sums(void)
{
	test_lanes();
	test_compensated();
}
