/*
 * metric_confusion.h
 *		Metrics of a cut: accuracy, precision, recall, F1, balanced accuracy
 *		and Matthews' correlation (reference/validation.md 2.1).
 *
 * R-CUT-1	A row is called positive when its score is at or above the
 *			threshold.
 * R-CUT-2	0/0 is NaN: precision without a positive call, recall without a
 *			positive row, F1 when there is neither, balanced accuracy when a
 *			class is missing.
 * R-CUT-3	MCC is 0 when a margin is empty, and is computed from factored
 *			square roots: the product of the four margins would overflow a
 *			64-bit integer near 55,000 rows in each.
 * R-CUT-4	No rows: NaN.
 */
#ifndef JRN_METRIC_CONFUSION_H
#define JRN_METRIC_CONFUSION_H

#include <stdbool.h>

#include "../core/env.h"
#include "../core/sums.h"

typedef enum jrn_cut_metric
{
	JRN_CUT_ACCURACY,
	JRN_CUT_PRECISION,
	JRN_CUT_RECALL,
	JRN_CUT_F1,
	JRN_CUT_BALANCED,
	JRN_CUT_MCC
} jrn_cut_metric;

/* Cells: 2 * called positive + positive. */
enum
{
	JRN_TRUE_NEGATIVE,
	JRN_FALSE_NEGATIVE,
	JRN_FALSE_POSITIVE,
	JRN_TRUE_POSITIVE
};

typedef struct jrn_confusion
{
	double		threshold;
	double		n;				/* rows, a whole number */
	jrn_acc		cells[4];		/* sums of weights */
} jrn_confusion;

/* R-CUT-1 */
static inline int
jrn_confusion_cell(double score, double threshold, double observed)
{
	return 2 * (score >= threshold) + (observed == 1.0);
}

/* Sums of weights in the four cells to a metric. */
extern double jrn_cut_value(jrn_cut_metric metric, const double cells[4]);

/* Its derivatives by the shares (cells over their sum); false where it is not defined. */
extern bool jrn_cut_gradient(jrn_cut_metric metric, const double shares[4], double gradient[4]);

#endif							/* JRN_METRIC_CONFUSION_H */
