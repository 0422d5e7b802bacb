/*
 * feature_drift.h
 *		When a difference between two windows is an alarm (pure core).
 *
 * Definition: reference/validation.md 5.5.
 *
 * R-FDR-1	drift: q below 0.05, q by Benjamini and Hochberg over all features
 *			that have a p, and an effect that matters.  A million rows make a
 *			p of 3.7e-5 from a shift by 0.01 standard deviations.
 * R-FDR-2	What matters: numbers, a gap of 0.05 between the distribution
 *			functions or a standardised difference of 0.1; levels, a total
 *			variation of 0.05; frozen bins, psi 0.01 above its mean by chance,
 *			which is what a shift of a normal feature by 0.1 standard deviations
 *			makes (psi is the square of the shift).
 * R-FDR-3	nulls: the share of NULLs rose or fell by 0.05 or more, with p below
 *			0.0005 (chi-square of two proportions with Yates' correction).
 * R-FDR-4	new_levels: a level that the reference does not know has 0.01 or
 *			more of the rows, and so many that the chance to find all of them in
 *			the current window is below 0.0005.
 * R-FDR-5	too_few: below ten values on a side, or no cell for a test; constant:
 *			one and the same value everywhere.  Neither has p or q.
 * R-FDR-6	One status: nulls, too_few, constant, drift, new_levels, ok: the
 *			first that holds.
 */
#ifndef JRN_FEATURE_DRIFT_H
#define JRN_FEATURE_DRIFT_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_DRIFT_Q 0.05
#define JRN_DRIFT_KS 0.05
#define JRN_DRIFT_DIFFERENCE 0.1
#define JRN_DRIFT_VARIATION 0.05
#define JRN_DRIFT_PSI 0.01
#define JRN_DRIFT_NULLS 0.05
#define JRN_DRIFT_NEW 0.01
#define JRN_DRIFT_SURE 0.0005
#define JRN_DRIFT_LEAST 10

typedef struct jrn_feature_drift
{
	/* given: */
	int64_t		rows[2];		/* of reference and current, NULLs included */
	int64_t		nulls[2];
	bool		constant;		/* all values of both windows are equal */
	bool		matters;		/* R-FDR-2 */
	bool		new_level;		/* R-FDR-4 */
	double		p;				/* NaN: no test */
	/* made: */
	double		q;
	bool		nulls_moved;
	const char *status;
} jrn_feature_drift;

/* Two-sided p of two proportions of n rows; 1 when a side has no rows. */
extern double jrn_proportions_p(int64_t hits1, int64_t n1, int64_t hits2, int64_t n2);

/* R-FDR-4 for a level that the reference does not know. */
extern bool jrn_level_is_new(int64_t level_rows, int64_t reference_values, int64_t current_values);

/* Can this feature be tested?  Without it the caller need not compute p. */
extern bool jrn_feature_has_values(const jrn_feature_drift *feature);

/* Fill what is made, and take p from features that cannot have one. */
extern jrn_status jrn_feature_verdicts(const jrn_env *env, jrn_feature_drift *features, size_t count);

#endif							/* JRN_FEATURE_DRIFT_H */
