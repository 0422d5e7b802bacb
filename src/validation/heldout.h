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
 *			(metrics/metric_auc.h).  The influence of a row on it is (placement
 *			- AUC) / rows of its class.
 * R-HELD-4	Average precision sums (R_i - R_i-1) P_i over distinct scores, from
 *			the highest down; it has no standard error here.
 * R-HELD-5	Accuracy counts rows with predicted >= 0.5 and observed 1, or
 *			predicted < 0.5 and observed 0.
 * R-HELD-6	Losses of a row: gaussian e^2, |e|, d^2; binomial -log P, e^2, hit;
 *			counts Poisson deviance, |e|, e^2; ordinal -log P, |e|, e^2 with e
 *			from the mean of the levels.
 */
#ifndef JRN_HELDOUT_H
#define JRN_HELDOUT_H

#include "crossval.h"
#include "foldfits.h"

/* Per-row losses that metrics are made of (R-HELD-6). */
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

	/* for metrics of ranks */
	double	   *predicted;
	double	   *observed;
	uint32_t   *cluster_ids;	/* numbers within the fold */
	int64_t    *cluster_numbers;	/* of the design */
	double		first_observed;
	bool		two_classes;
} jrn_heldout_fold;

/* All folds of one repeat under one lambda. */
typedef struct jrn_heldout_set
{
	int			lambda;
	int			repeat;
	int32_t    *fold_of_cell;	/* [cells] */
	int64_t    *rows_of_fold;	/* [k] */
	jrn_fold_fit *fit;			/* [k] */
	double	   *theta;			/* [k][m], those of fit */
	jrn_heldout_fold *folds;	/* [k] */
	double	   *link;			/* boosted: of every row in the order of the blocks; else NULL */
	size_t		rows_seen;		/* of link */
} jrn_heldout_set;

typedef struct jrn_heldout
{
	jrn_engine *engine;
	const jrn_cv_request *request;
	jrn_cv_result *result;
	const jrn_plan *plan;
	int64_t		clusters;		/* of the design */
	bool		want_auc;
	bool		want_precision;
	bool		has_scores;
	jrn_cv_emit emit;
	void	   *emit_arg;
} jrn_heldout;

/* A set for the plan's current repeat; its models are for the caller to fill in. */
extern jrn_status jrn_heldout_set_begin(const jrn_heldout *heldout, int lambda, int repeat,
										jrn_heldout_set **out);
extern void jrn_heldout_set_end(const jrn_heldout *heldout, jrn_heldout_set *set);

/*
 * One pass over the engine's blocks for all sets, then their metrics into the
 * result.  The sets are ended.
 */
extern jrn_status jrn_heldout_run(const jrn_heldout *heldout, jrn_heldout_set **sets, int count);

/* The metrics of one set from sums in its folds (used by moments.c's route too). */
extern jrn_status jrn_heldout_metrics(const jrn_heldout *heldout, jrn_heldout_set *set);

static inline bool
jrn_fold_has_model(const jrn_fold_fit *fit)
{
	return jrn_fit_is_usable(fit->status);
}

#endif							/* JRN_HELDOUT_H */
