/*
 * metric_confusion.c
 *		Metrics of a confusion table (requirements in metric_confusion.h).
 */
#include <math.h>

#include "metric_confusion.h"

double
jrn_cut_value(jrn_cut_metric metric, const double cells[4])
{
	double		tn = cells[JRN_TRUE_NEGATIVE];
	double		fn = cells[JRN_FALSE_NEGATIVE];
	double		fp = cells[JRN_FALSE_POSITIVE];
	double		tp = cells[JRN_TRUE_POSITIVE];
	double		all = tn + fn + fp + tp;

	if (!(all > 0.0))
		return NAN;				/* R-CUT-4 */
	switch (metric)				/* 0/0 is NaN: R-CUT-2 */
	{
		case JRN_CUT_ACCURACY:
			return (tp + tn) / all;
		case JRN_CUT_PRECISION:
			return tp / (tp + fp);
		case JRN_CUT_RECALL:
			return tp / (tp + fn);
		case JRN_CUT_F1:
			return 2.0 * tp / (2.0 * tp + fp + fn);
		case JRN_CUT_BALANCED:
			/* one division: recall 4/5 and 2/5 give 0.6, not 0.6000000000000001 */
			return (tp * (tn + fp) + tn * (tp + fn)) / (2.0 * (tp + fn) * (tn + fp));
		case JRN_CUT_MCC:
			if (tp + fp == 0.0 || tp + fn == 0.0 || tn + fp == 0.0 || tn + fn == 0.0)
				return 0.0;		/* R-CUT-3 */
			return (tp / sqrt(tp + fp) / sqrt(tp + fn)) * (tn / sqrt(tn + fp) / sqrt(tn + fn)) -
				(fp / sqrt(tp + fp) / sqrt(tn + fp)) * (fn / sqrt(tp + fn) / sqrt(tn + fn));
	}
	return NAN;
}

/*
 * With M = D/sqrt(abcd), D = tp tn - fp fn, a = tp + fp, b = tp + fn,
 * c = tn + fp, d = tn + fn: dM = dD/sqrt(abcd) - M/2 (da/a + db/b + dc/c + dd/d).
 */
static bool
mcc_gradient(const double s[4], double g[4])
{
	double		a = s[JRN_TRUE_POSITIVE] + s[JRN_FALSE_POSITIVE];
	double		b = s[JRN_TRUE_POSITIVE] + s[JRN_FALSE_NEGATIVE];
	double		c = s[JRN_TRUE_NEGATIVE] + s[JRN_FALSE_POSITIVE];
	double		d = s[JRN_TRUE_NEGATIVE] + s[JRN_FALSE_NEGATIVE];
	double		m = jrn_cut_value(JRN_CUT_MCC, s);
	double		root = sqrt(a) * sqrt(b) * sqrt(c) * sqrt(d);

	if (!(a > 0.0 && b > 0.0 && c > 0.0 && d > 0.0))
		return false;
	g[JRN_TRUE_POSITIVE] = s[JRN_TRUE_NEGATIVE] / root - 0.5 * m * (1.0 / a + 1.0 / b);
	g[JRN_TRUE_NEGATIVE] = s[JRN_TRUE_POSITIVE] / root - 0.5 * m * (1.0 / c + 1.0 / d);
	g[JRN_FALSE_POSITIVE] = -s[JRN_FALSE_NEGATIVE] / root - 0.5 * m * (1.0 / a + 1.0 / c);
	g[JRN_FALSE_NEGATIVE] = -s[JRN_FALSE_POSITIVE] / root - 0.5 * m * (1.0 / b + 1.0 / d);
	return true;
}

/* Derivatives of hits/(hits + misses), times scale. */
static void
ratio_gradient(double hits, double misses, double scale, double *by_hits, double *by_misses)
{
	double		square = (hits + misses) * (hits + misses);

	*by_hits += scale * misses / square;
	*by_misses -= scale * hits / square;
}

bool
jrn_cut_gradient(jrn_cut_metric metric, const double s[4], double g[4])
{
	double		tn = s[JRN_TRUE_NEGATIVE];
	double		fn = s[JRN_FALSE_NEGATIVE];
	double		fp = s[JRN_FALSE_POSITIVE];
	double		tp = s[JRN_TRUE_POSITIVE];
	double		by_misses = 0.0;

	g[0] = g[1] = g[2] = g[3] = 0.0;
	if (isnan(jrn_cut_value(metric, s)))
		return false;
	switch (metric)
	{
		case JRN_CUT_ACCURACY:
			g[JRN_TRUE_NEGATIVE] = g[JRN_TRUE_POSITIVE] = 1.0;
			return true;
		case JRN_CUT_PRECISION:
			ratio_gradient(tp, fp, 1.0, &g[JRN_TRUE_POSITIVE], &g[JRN_FALSE_POSITIVE]);
			return true;
		case JRN_CUT_RECALL:
			ratio_gradient(tp, fn, 1.0, &g[JRN_TRUE_POSITIVE], &g[JRN_FALSE_NEGATIVE]);
			return true;
		case JRN_CUT_F1:
			ratio_gradient(2.0 * tp, fp + fn, 1.0, &g[JRN_TRUE_POSITIVE], &by_misses);
			g[JRN_TRUE_POSITIVE] *= 2.0;
			g[JRN_FALSE_POSITIVE] = g[JRN_FALSE_NEGATIVE] = by_misses;
			return true;
		case JRN_CUT_BALANCED:
			ratio_gradient(tp, fn, 0.5, &g[JRN_TRUE_POSITIVE], &g[JRN_FALSE_NEGATIVE]);
			ratio_gradient(tn, fp, 0.5, &g[JRN_TRUE_NEGATIVE], &g[JRN_FALSE_POSITIVE]);
			return true;
		case JRN_CUT_MCC:
			return mcc_gradient(s, g);
	}
	return false;
}
