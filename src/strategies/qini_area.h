/*
 * qini_area.h
 *		The Qini area of a randomised comparison from outcomes alone, without
 *		scores (pure core; Radcliffe 2007; reference/validation.md 2.1).
 *
 * Rows are sorted by priority, highest first.  Up to a rank k, N_T and N_C
 * count treated and other rows, Y_T and Y_C add up their outcomes.
 *
 * R-QINI-1	Q(k/N) = (Y_T - Y_C N_T/N_C)/N at the last row of every tie, with
 *			N_T/N_C = 0 where N_C = 0; between those points, and from (0, 0), a
 *			straight line.
 * R-QINI-2	The area is the integral of Q less half of Q(1), the area under a
 *			priority that ranks by chance; in units of the outcome per
 *			customer, not normalised.
 * R-QINI-3	Errors by half-sample bootstrap of clusters (half_sample.h); draws in
 *			which all or none are treated do not count.
 * R-QINI-4	No rows, one priority, or all or none treated: no figure, and a
 *			reason.
 */
#ifndef JRN_QINI_AREA_H
#define JRN_QINI_AREA_H

#include "rate.h"

/* Rows come in with these weights, so that ties have one order (metric_rows.h). */
#define JRN_QINI_CONTROL 1.0
#define JRN_QINI_TREATED 2.0

/* ranks: priority as score, the outcome as observed.  O(draws n). */
extern jrn_status jrn_qini_area(const jrn_env *env, const jrn_ranks *ranks, int draws,
								uint64_t seed, jrn_figure *figure, jrn_rate_status *status);

#endif							/* JRN_QINI_AREA_H */
