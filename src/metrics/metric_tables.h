/*
 * metric_tables.h
 *		Tables behind curves: ROC, gains, calibration (reference/validation.md
 *		2.1), over rows sorted by metric_rows.h, without weights.
 *
 * R-TAB-1	ROC has a first point (infinity, 0, 0) and one for every distinct
 *			score, highest first: the shares of positives and of negatives at or
 *			above it.  NaN for a class that is missing.
 * R-TAB-2	Gains have k rows: at i/k the ceil(i n/k) rows of highest score, in
 *			integers, with the expected positives among them (a tie at the cut
 *			counts by the expectation over its orders), their share of all
 *			positives and the lift.
 * R-TAB-3	Calibration bins of equal width: 1 + floor(p B), p = 1 in the last.
 *			Of equal mass: from the lowest score up a tie of w rows with b rows
 *			below it goes to bin 1 + floor(B (2 b + w)/(2 n)), in integers, so a
 *			tie is never split.  Bins without rows are left out.
 * R-TAB-4	The interval of a bin is Wilson's for the share observed.  With
 *			clusters the rows count as the number of independent rows that has
 *			the clustered standard error, never more than n; where all or none
 *			are positive, as the number of clusters.
 */
#ifndef JRN_METRIC_TABLES_H
#define JRN_METRIC_TABLES_H

#include "metric_rows.h"

typedef struct jrn_roc_point
{
	double		threshold;
	double		tpr;
	double		fpr;
} jrn_roc_point;

/* Array of *count points; O(n). */
extern jrn_status jrn_roc(const jrn_env *env, const jrn_ranks *ranks,
						  jrn_roc_point **points, size_t *count);

typedef struct jrn_gain
{
	double		fraction;
	uint64_t	n;
	double		events;
	double		captured;
	double		lift;
} jrn_gain;

/* bins rows, bins >= 1; O(n + bins). */
extern jrn_status jrn_gains(const jrn_env *env, const jrn_ranks *ranks, uint32_t bins, jrn_gain *gains);

typedef struct jrn_calibration_bin
{
	uint32_t	bin;			/* from 1 */
	uint64_t	n;
	double		predicted;		/* means */
	double		observed;
	double		low;
	double		high;
} jrn_calibration_bin;

/* At most bins rows; *count of them.  Scores lie in [0, 1].  O(n + bins). */
extern jrn_status jrn_calibration(const jrn_env *env, const jrn_ranks *ranks, uint32_t bins,
								  int equal_mass, jrn_calibration_bin *table, size_t *count);

#endif							/* JRN_METRIC_TABLES_H */
