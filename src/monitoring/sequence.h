/*
 * sequence.h
 *		Confidence sequence of a mean: an interval that holds at all looks
 *		together, so that looking every week raises no more false alarms than
 *		looking once.
 *
 * With t independent observations, their mean m, sample standard deviation s
 * and planned number t*:
 *
 *		rho^2 = (-2 ln alpha + ln(-2 ln alpha) + 1)/t*
 *		m +- s sqrt(2 (t rho^2 + 1)/(t^2 rho^2) ln(sqrt(t rho^2 + 1)/alpha))
 *		e(theta) = exp(rho^2 S^2/(2 (t rho^2 + 1)))/sqrt(t rho^2 + 1),
 *				S = t (m - theta)/s
 *
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Time-uniform central
 * limit theory and asymptotic confidence sequences (Annals of Statistics 52,
 * 2024), after Robbins (1970); reference/validation.md 5.3.
 *
 * R-SEQ-1	e(theta) < 1/alpha exactly when theta lies inside the sequence.
 * R-SEQ-2	The sequence is narrowest, beside a fixed interval, near t*; it holds
 *			at every t.  t* and alpha are fixed before the first look.
 * R-SEQ-3	alpha is above 0 and at most 1/2 (near 1 rho does not exist), t* at
 *			least 1 (JRN_DOMAIN).
 * R-SEQ-4	Fewer than two observations, or no spread: NaN.  A constant series
 *			says nothing about how far the mean may be from it.
 * R-SEQ-5	An e-value above JRN_E_VALUE_MAX is given as that: a smaller e-value
 *			is always valid, and stays finite when some are added up.
 */
#ifndef JRN_SEQUENCE_H
#define JRN_SEQUENCE_H

#include "../core/env.h"

#define JRN_E_VALUE_MAX 1e300

/* What is fixed before the first look. */
typedef struct jrn_sequence_plan
{
	double		alpha;
	double		rho2;
} jrn_sequence_plan;

/* What was seen: observations, their mean, sum of squared deviations from it. */
typedef struct jrn_sequence_seen
{
	double		n;
	double		mean;
	double		m2;
} jrn_sequence_seen;

/* R-SEQ-3 */
extern jrn_status jrn_sequence_open(double planned, double alpha, jrn_sequence_plan *plan);

/* Sample standard deviation; NaN: R-SEQ-4. */
extern double jrn_sequence_sd(const jrn_sequence_seen *seen);

/* Half of the width of the sequence; NaN: R-SEQ-4. */
extern double jrn_sequence_half_width(const jrn_sequence_plan *plan, const jrn_sequence_seen *seen);

/* ln e(theta); NaN: R-SEQ-4. */
extern double jrn_sequence_log_e(const jrn_sequence_plan *plan, const jrn_sequence_seen *seen,
								 double theta);

/* R-SEQ-5; NaN stays NaN. */
extern double jrn_e_value(double log_e);

#endif							/* JRN_SEQUENCE_H */
