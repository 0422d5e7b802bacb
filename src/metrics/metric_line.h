/*
 * metric_line.h
 *		Calibration as a line on the logit scale: intercept and slope of the
 *		outcome on logit(p), and calibration in the large (Cox 1958;
 *		reference/validation.md 2.1).
 *
 * R-LINE-1	Joint: logistic regression of the outcome on a constant and x =
 *			ln(p/(1 - p)) by Newton's method; perfect probabilities have
 *			intercept 0 and slope 1.
 * R-LINE-2	In the large: the constant alone, with offset x; perfect ones have 0.
 * R-LINE-3	Errors are sandwich errors of rows or clusters with the correction
 *			G/(G - 1); intervals take Student's t with G - 1 degrees of freedom.
 * R-LINE-4	What cannot be had is NaN with a reason: certain predictions (0 or 1)
 *			have no logit; one class; a constant x has no slope; outcomes that
 *			x parts have none that is finite.
 */
#ifndef JRN_METRIC_LINE_H
#define JRN_METRIC_LINE_H

#include "metric_rows.h"

typedef enum jrn_line_status
{
	JRN_LINE_OK,
	JRN_LINE_TOO_FEW,			/* no rows, or no second row or cluster: no error */
	JRN_LINE_CERTAIN,
	JRN_LINE_ONE_CLASS,
	JRN_LINE_CONSTANT,
	JRN_LINE_SEPARATED
} jrn_line_status;

typedef struct jrn_line
{
	jrn_figure	large;
	jrn_figure	intercept;
	jrn_figure	slope;
	jrn_line_status large_status;
	jrn_line_status joint_status;
	uint64_t	certain;		/* rows with a prediction of 0 or 1 */
} jrn_line;

/* Scores in [0, 1].  O(n) for each of a few iterations. */
extern jrn_status jrn_calibration_line(const jrn_env *env, const jrn_ranks *ranks, jrn_line *line);

#endif							/* JRN_METRIC_LINE_H */
