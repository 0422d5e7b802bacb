/*
 * metric_influence.h
 *		Standard errors of metrics that are smooth functions of means: losses,
 *		R squared and the metrics of a cut (reference/validation.md 2.1).
 *
 * With row values v_i, weights w_i of sum W, and a metric g(mean v), the
 * influence of row i is f_i = w_i (gradient g, v_i - mean v), and
 *
 *		SE = sqrt(G/(G - 1) sum over clusters (sum f_i)^2)/W
 *
 * with G clusters, or every row by itself (the delta method).
 *
 * R-INF-1	For a mean of rows by themselves this is sd/sqrt(n).
 * R-INF-2	R squared counts the error and the variance of the outcome; the
 *			mean of the outcome has no influence of first order.
 * R-INF-3	Intervals take Student's t with G - 1 degrees of freedom: on the
 *			scale of the metric for losses and R squared, of its logit for
 *			metrics of a cut in (0, 1), of atanh for MCC.
 * R-INF-4	No standard error with fewer than two clusters, where the metric is
 *			not defined or infinite; no interval where the error is 0.
 */
#ifndef JRN_METRIC_INFLUENCE_H
#define JRN_METRIC_INFLUENCE_H

#include "metric_confusion.h"
#include "metric_loss.h"
#include "metric_rows.h"

#define JRN_METRIC_LEVEL 0.95

/* Loss kinds as in metric_loss.h; SQUARE stands for its root, VARIANCE for R squared. */
extern jrn_status jrn_loss_figure(const jrn_env *env, const jrn_ranks *ranks,
								  jrn_loss_kind kind, jrn_figure *figure);

extern jrn_status jrn_cut_figure(const jrn_env *env, const jrn_ranks *ranks,
								 jrn_cut_metric metric, double threshold, jrn_figure *figure);

#endif							/* JRN_METRIC_INFLUENCE_H */
