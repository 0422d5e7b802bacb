/*
 * missing.h
 *		Outcomes that are not known: do strategies lack them equally often, and
 *		what could they change (pure core)?
 *
 * R-MIS-1	chi-square of the 2 x J table of missing and known outcomes, df one
 *			less than the strategies with rows.  Where whole keys were dealt to
 *			strategies the statistic is divided by the design effect (Rao and
 *			Scott 1981).
 * R-MIS-2	Outcomes lie between low and high, and a share m_a of those of
 *			strategy a is missing: its mean lies between (1 - m_a) V_a + m_a low
 *			and (1 - m_a) V_a + m_a high, whatever the missing ones are, and
 *			differences between the differences of these (Manski 1990).
 */
#ifndef JRN_MISSING_H
#define JRN_MISSING_H

#include "../core/env.h"

/* A p below this stops a comparison. */
#define JRN_MISSING_THRESHOLD 0.0005

/* p of R-MIS-1; NaN where nothing can be compared, 1 where nothing is missing. */
extern double jrn_missing_test(const int64_t *missing, const int64_t *due, int arms,
							   double design_effect);

/* R-MIS-2 for a less b; difference is the estimate of it, as a rule V_a - V_b. */
extern void jrn_missing_bounds(double difference, double value_a, double missing_a, double value_b,
							   double missing_b, double low, double high,
							   double *worst_low, double *worst_high);

#endif							/* JRN_MISSING_H */
