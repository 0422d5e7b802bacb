/*
 * metric_concordance.h
 *		Concordance of a risk with survival times (Harrell's C), after
 *		reference/validation.md 2.1.
 *
 * A pair of rows is comparable when the row of the shorter time has the event;
 * of two rows of equal time, when exactly one has the event, which then counts
 * as the earlier.  It is concordant when the earlier row has the higher risk.
 *
 *		C = (concordant + tied in risk/2)/comparable
 *
 * R-CON-1	Pairs are counted by two walks over time with a Fenwick tree over
 *			risks: O(n log n).
 * R-CON-2	The variance is that of the infinitesimal jackknife: with s_i the
 *			concordance and n_i the number of the pairs of row i, and N pairs,
 *			sum (w_i (s_i - C n_i)/N)^2; with clusters the sums of a cluster are
 *			squared.  That is what R's survival reports.
 * R-CON-3	No comparable pair: NaN.  Fewer than two rows (clusters): no error.
 * R-CON-4	Unweighted counts are whole doubles, exact below 2^53; rows are
 *			sorted by time, event, risk, weight and cluster first, so the bits do
 *			not depend on the order they came in.  At most 2^26 rows (JRN_LIMIT).
 */
#ifndef JRN_METRIC_CONCORDANCE_H
#define JRN_METRIC_CONCORDANCE_H

#include "metric_rows.h"

/* predicted: the risk; observed: 1 event, 0 censored; time is needed. */
extern jrn_status jrn_concordance(const jrn_env *env, const jrn_metric_rows *rows, jrn_figure *figure);

#endif							/* JRN_METRIC_CONCORDANCE_H */
