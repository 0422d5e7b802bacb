/*
 * metric_loss.h
 *		Metrics that are means over rows: log loss, Brier score, absolute and
 *		squared error, R squared, Poisson deviance (reference/validation.md 2.1).
 *
 * R-LOSS-1	A state is a handful of sums; states of any partition of the rows
 *			merge to the same value up to about 1e-15 (compensated sums, and
 *			moments in double-double, so a large offset costs nothing).
 * R-LOSS-2	log loss is -mean(y ln p + (1 - y) ln(1 - p)), 0 ln 0 = 0; a
 *			prediction of 0 or 1 that is wrong makes it infinite.  Nothing is
 *			clipped.
 * R-LOSS-3	Probabilities lie in [0, 1], outcomes of log loss and Brier are 0 or
 *			1, a Poisson rate is above 0 and its count not below (JRN_DOMAIN);
 *			everything is finite (JRN_NONFINITE).
 * R-LOSS-4	R squared is 1 - SSE/sum (y - mean y)^2 with the mean of the same
 *			rows; NaN with fewer than two rows or a constant outcome.
 * R-LOSS-5	No rows: NaN.
 * R-LOSS-6	A row of weight w counts like w rows.  Weights are above 0; a row of
 *			weight 0 is left out by the caller.
 * R-LOSS-7	Poisson deviance is 2 mean(y ln(y/mu) - (y - mu)), y ln y = 0 at 0.
 */
#ifndef JRN_METRIC_LOSS_H
#define JRN_METRIC_LOSS_H

#include "../core/dd.h"
#include "../core/env.h"
#include "../core/sums.h"

typedef enum jrn_loss_kind
{
	JRN_LOSS_LOG = 1,
	JRN_LOSS_BRIER,
	JRN_LOSS_SQUARE,
	JRN_LOSS_VARIANCE,			/* the squared error and the moments of the outcome */
	JRN_LOSS_ABSOLUTE,
	JRN_LOSS_POISSON
} jrn_loss_kind;

typedef struct jrn_loss
{
	double		n;				/* rows, a whole number */
	jrn_dd		weight;			/* their sum of weights */
	jrn_acc		sum;			/* of the finite losses */
	double		infinite;		/* rows with infinite loss */
	jrn_dd		mean;			/* of the outcome; VARIANCE only */
	jrn_dd		squares;		/* sum of (y - mean)^2; VARIANCE only */
} jrn_loss;

/* The loss of one row, R-LOSS-3; infinite where R-LOSS-2 says so. */
extern jrn_status jrn_loss_of(jrn_loss_kind kind, double predicted, double observed, double *loss);

/* Add a row of a weight above 0.  The state is unchanged when the status is not JRN_OK. */
extern jrn_status jrn_loss_add(jrn_loss *loss, jrn_loss_kind kind, double predicted,
							   double observed, double weight);

extern void jrn_loss_merge(jrn_loss *loss, const jrn_loss *other);

/* The metrics of a state. */
extern double jrn_loss_mean(const jrn_loss *loss);
extern double jrn_loss_root(const jrn_loss *loss);
extern double jrn_loss_r_squared(const jrn_loss *loss);

/* The state of arrays, O(n). */
extern jrn_status jrn_loss_rows(const jrn_env *env, jrn_loss_kind kind, const double *predicted,
								const double *observed, size_t n, jrn_loss *loss);

#endif							/* JRN_METRIC_LOSS_H */
