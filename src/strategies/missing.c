/*
 * missing.c
 *		Outcomes that are not known (see missing.h).
 */
#include "missing.h"

#include <math.h>

#include "../core/dist.h"

double
jrn_missing_test(const int64_t *missing, const int64_t *due, int arms, double design_effect)
{
	double		all_missing = 0.0;
	double		all = 0.0;
	double		statistic = 0.0;
	double		share;
	int			with_rows = 0;
	int			a;

	for (a = 0; a < arms; a++)
	{
		all_missing += (double) missing[a];
		all += (double) due[a];
		with_rows += due[a] > 0;
	}
	if (with_rows < 2)
		return NAN;
	share = all_missing / all;
	if (share <= 0.0 || share >= 1.0)
		return 1.0;
	for (a = 0; a < arms; a++)
	{
		double		n = (double) due[a];
		double		off = (double) missing[a] - n * share;

		if (due[a] > 0)
			statistic += off * off / (n * share * (1.0 - share));
	}
	return jrn_chisq_upper(statistic / design_effect, with_rows - 1);
}

void
jrn_missing_bounds(double difference, double value_a, double missing_a, double value_b,
				   double missing_b, double low, double high, double *worst_low, double *worst_high)
{
	double		known = difference - missing_a * value_a + missing_b * value_b;

	*worst_low = known + missing_a * low - missing_b * high;
	*worst_high = known + missing_a * high - missing_b * low;
}
