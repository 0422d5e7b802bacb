/*
 * heldout.h
 *		Errors of held-out rows: sums per fold, by cluster, and the metrics
 *		made of them.
 *
 * R-HELD-1	A fold's standard error counts clusters, not rows: for a mean of
 *			losses L with n rows in G clusters, sqrt(G/(G-1) sum_c (S_c - n_c
 *			mean)^2)/n, S_c and n_c a cluster's sum and rows.
 * R-HELD-2	R^2 is taken against the mean of the training rows: 1 - sum e^2 /
 *			sum d^2, with d = y - that mean; its error is that of a ratio.
 * R-HELD-3	AUC is DeLong's within the fold, clustered where keys repeat
 *			(metrics/metric_auc.h).
 */
#ifndef JRN_HELDOUT_H
#define JRN_HELDOUT_H

#include "crossval.h"
#include "foldfits.h"

/* Per-row losses that metrics are made of: e^2, |e|, d^2 or log loss, Brier. */
#define JRN_LOSSES 3

typedef struct jrn_heldout_fold
{
	int64_t		n;
	int64_t		clusters;
	double		sum[JRN_LOSSES];
	double		square[JRN_LOSSES];	/* sum over clusters of S^2 */
	double		with_n[JRN_LOSSES];	/* of S n */
	double		first_third;	/* of S_0 S_2 */
	double		n_square;		/* of n^2 */

	/* the cluster that is being read */
	int64_t		cluster;
	double		cluster_n;
	double		cluster_sum[JRN_LOSSES];

	/* binomial: for AUC */
	double	   *predicted;
	double	   *observed;
	uint32_t   *cluster_ids;
	double		first_observed;
	bool		two_classes;
} jrn_heldout_fold;

typedef struct jrn_heldout
{
	jrn_engine *engine;
	const jrn_plan *plan;
	bool		want_auc;
	jrn_heldout_fold *folds;	/* [k] */
} jrn_heldout;

extern jrn_status jrn_heldout_begin(jrn_heldout *heldout, jrn_engine *engine, const jrn_plan *plan,
									bool want_auc);

/* One pass over the plan's blocks under the fits of its folds. */
extern jrn_status jrn_heldout_run(jrn_heldout *heldout, const jrn_fold_fit *fits,
								  int lambda, int repeat, jrn_cv_emit emit, void *emit_arg);

/* Metrics of every fold, and the pooled ones. */
extern jrn_status jrn_heldout_metrics(jrn_heldout *heldout, const jrn_fold_fit *fits,
									  jrn_cv_fold *folds, double *pooled);

#endif							/* JRN_HELDOUT_H */
