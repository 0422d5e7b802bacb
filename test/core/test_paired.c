/*
 * test_paired.c
 *		Tests on paired differences: the published vector of
 *		reference/validation.md 9.3 and limits.
 */
#include "tap.h"

#include "../../src/validation/paired.h"

static void
published(void)
{
	static const double d[] = {.012, .020, -.004, .015, .009, .022, .001, .011, .018, -.002};
	double		minus[10];
	jrn_paired	test,
				mirror;
	int			i;

	jrn_paired_folds(d, 10, 1.0 / 9.0, 0.01, 0.95, &test);
	ok_close(test.difference, 0.0102, 1e-12, "R-PAIR-1 mean");
	ok_close(test.t, 2.416425459, 1e-9, "R-PAIR-1 corrected t");
	ok_close(test.p_value, 0.0388376336, 1e-9, "R-PAIR-1 p");
	ok_close(test.conf_low, 0.000651183596, 1e-9, "R-PAIR-1 lower end");
	ok_close(test.conf_high, 0.019748816404, 1e-9, "R-PAIR-1 upper end");
	ok_close(test.left, 0.000496828335075, 1e-9, "R-PAIR-2 left");
	ok_close(test.within, 0.48112537178, 1e-9, "R-PAIR-2 within");
	ok_close(test.right, 0.518377799885, 1e-9, "R-PAIR-2 right");
	for (i = 0; i < 10; i++)
		minus[i] = -d[i];
	jrn_paired_folds(minus, 10, 1.0 / 9.0, 0.01, 0.95, &mirror);
	ok(mirror.left == test.right && mirror.right == test.left && mirror.p_value == test.p_value &&
	   mirror.conf_low == -test.conf_high, "swapped models give the mirror image");
	jrn_paired_folds(d, 10, 1.0 / 9.0, 0.0, 0.95, &test);
	ok_close(test.left + test.right, 1.0, 1e-12, "without a region nothing is equivalent");
	ok_close(2.0 * test.left, test.p_value, 1e-9, "without a region the smaller tail is half the p");
}

static void
limits(void)
{
	static const double zero[4] = {0};
	static const double same[4] = {0.3, 0.3, 0.3, 0.3};
	jrn_paired	test;

	jrn_paired_folds(zero, 4, 1.0 / 3.0, 0.01, 0.95, &test);
	ok(test.p_value == 1.0 && test.t == 0.0 && test.within == 1.0 && test.conf_low == 0.0 && test.conf_high == 0.0,
	   "R-PAIR-4 no difference anywhere: p = 1");
	jrn_paired_folds(same, 4, 1.0 / 3.0, 0.01, 0.95, &test);
	ok(test.difference == 0.3 && test.std_error == 0.0 && isnan(test.p_value) && isnan(test.within) && isnan(test.conf_low),
	   "R-PAIR-4 the same difference everywhere: no p");
	jrn_paired_folds(same, 1, 1.0 / 3.0, 0.01, 0.95, &test);
	ok(test.difference == 0.3 && isnan(test.std_error) && isnan(test.p_value), "one fold: no error");
	jrn_paired_folds(same, 0, 1.0 / 3.0, 0.01, 0.95, &test);
	ok(test.count == 0 && isnan(test.difference) && isnan(test.p_value), "no fold: nothing");
}

static void
clusters(void)
{
	static const double sums[] = {1.0, -0.5, 2.0, 0.5};
	static const int64_t rows[] = {2, 1, 3, 2};
	static const double none[3] = {0};
	double		mean = 3.0 / 8.0;
	double		spread = 0.0;
	double		p;
	int			i;

	for (i = 0; i < 4; i++)
		spread += (sums[i] - (double) rows[i] * mean) * (sums[i] - (double) rows[i] * mean);
	p = erfc(mean / (sqrt(4.0 / 3.0 * spread) / 8.0) / sqrt(2.0));
	ok_close(jrn_paired_clusters(sums, rows, 4, NAN), p, 1e-12, "R-PAIR-3 by hand");
	ok(jrn_paired_clusters(none, rows, 3, NAN) == 1.0, "R-PAIR-4 no difference: p = 1");
	ok(isnan(jrn_paired_clusters(sums, rows, 1, NAN)), "one key: no p");
	ok_close(jrn_paired_clusters(sums, NULL, 4, 0.7), erfc(0.7 / sqrt(4.0 / 3.0 * 5.5) / sqrt(2.0)), 1e-12,
			 "influences have mean 0");
}

void
test_paired(void)
{
	published();
	limits();
	clusters();
}
