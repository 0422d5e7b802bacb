/*
 * metric_ranks.h
 *		Metrics of an order of rows: average precision, lift, weighted AUC, and
 *		the tables behind ROC and gains curves (reference/validation.md 2.1).
 *
 * R-RANK-1	Average precision is the sum over distinct thresholds of
 *			(R_k - R_(k-1)) P_k: rows of equal score enter together, nothing is
 *			interpolated.  NaN without a positive.
 * R-RANK-2	Lift at a fraction is the share of positives among the ceil(f n) rows
 *			of highest score over the share among all rows; of a tie at the cut
 *			the expectation over its orders counts.  NaN without a positive.
 *			With weights the cut lies at f W exactly, a row at the cut counting
 *			in part.  A product f n within 1e-9 of a whole number is that number.
 * R-RANK-3	Weighted AUC takes weighted mid-ranks; placements are weighted means,
 *			and the variance is that of metric_auc.h with weighted sums: with
 *			whole weights it is the figure of the repeated rows in one cluster.
 * R-RANK-4	Errors of average precision and lift are the standard deviation over
 *			a Poisson bootstrap of rows or clusters: the multiplicity of a
 *			cluster in draw b is that of its hash under derive(0, 'boot', b), of
 *			a row by itself that of its place in the order of metric_rows.h.
 *			1,000 draws for at most 100,000 rows, 200 above.  The interval is
 *			symmetric in the logit for average precision, and runs from the 2.5
 *			to the 97.5 % quantile of the draws for lift.
 * R-RANK-5	No error with fewer than two positives (clusters with a positive).
 */
#ifndef JRN_METRIC_RANKS_H
#define JRN_METRIC_RANKS_H

#include "metric_rows.h"

/* times: how often each cluster counts; NULL: once. */
extern jrn_status jrn_average_precision(const jrn_env *env, const jrn_ranks *ranks,
										const int32_t *times, double *value);
extern jrn_status jrn_lift(const jrn_env *env, const jrn_ranks *ranks, double fraction,
						   const int32_t *times, double *value);

/* R-RANK-3; the variance is NaN with fewer than two rows (clusters) in a class. */
extern jrn_status jrn_weighted_auc(const jrn_env *env, const jrn_ranks *ranks,
								   double *auc, double *variance);

/* R-RANK-4, R-RANK-5. */
extern jrn_status jrn_average_precision_figure(const jrn_env *env, const jrn_ranks *ranks,
											   jrn_figure *figure);
extern jrn_status jrn_lift_figure(const jrn_env *env, const jrn_ranks *ranks, double fraction,
								  jrn_figure *figure);

#endif							/* JRN_METRIC_RANKS_H */
