/*
 * metric_loss.h
 *		Metrics that are means over rows: log loss, Brier score, root mean
 *		squared error, R squared (reference/validation.md 2.1).
 *
 * R-LOSS-1	A state is a handful of sums; states of any partition of the rows
 *			merge to the same value up to about 1e-15 (compensated sums, and
 *			moments in double-double, so a large offset costs nothing).
 * R-LOSS-2	log loss is -mean(y ln p + (1 - y) ln(1 - p)), 0 ln 0 = 0; a
 *			prediction of 0 or 1 that is wrong makes it infinite.  Nothing is
 *			clipped.
 * R-LOSS-3	Probabilities lie in [0, 1], outcomes of log loss and Brier are 0 or
 *			1 (JRN_DOMAIN); everything is finite (JRN_NONFINITE).
 * R-LOSS-4	R squared is 1 - SSE/sum (y - mean y)^2 with the mean of the same
 *			rows; NaN with fewer than two rows or a constant outcome.
 * R-LOSS-5	No rows: NaN.
 */
#ifndef JRN_METRIC_LOSS_H
#define JRN_METRIC_LOSS_H

#include "../core/dd.h"
#include "../core/env.h"
#include "../core/sums.h"

typedef struct jrn_loss
{
	double		n;				/* rows, a whole number */
	jrn_acc		sum;			/* of the finite losses */
	double		infinite;		/* rows with infinite loss */
	jrn_dd		mean;			/* of the outcome; R squared only */
	jrn_dd		squares;		/* sum of (y - mean)^2; R squared only */
} jrn_loss;

/* Add a row.  The state is unchanged when the status is not JRN_OK. */
extern jrn_status jrn_loss_add_log(jrn_loss *loss, double predicted, double observed);
extern jrn_status jrn_loss_add_brier(jrn_loss *loss, double predicted, double observed);
extern jrn_status jrn_loss_add_square(jrn_loss *loss, double predicted, double observed);

/* The squared error and the moments of the outcome. */
extern jrn_status jrn_loss_add_variance(jrn_loss *loss, double predicted, double observed);

extern void jrn_loss_merge(jrn_loss *loss, const jrn_loss *other);

/* The metrics of a state. */
extern double jrn_loss_mean(const jrn_loss *loss);
extern double jrn_loss_root(const jrn_loss *loss);
extern double jrn_loss_r_squared(const jrn_loss *loss);

/* The metrics of arrays, O(n). */
extern jrn_status jrn_log_loss(const jrn_env *env, const double *predicted,
							   const double *observed, size_t n, double *value);
extern jrn_status jrn_brier(const jrn_env *env, const double *predicted,
							const double *observed, size_t n, double *value);
extern jrn_status jrn_rmse(const jrn_env *env, const double *predicted,
						   const double *observed, size_t n, double *value);
extern jrn_status jrn_r_squared(const jrn_env *env, const double *predicted,
								const double *observed, size_t n, double *value);

#endif							/* JRN_METRIC_LOSS_H */
