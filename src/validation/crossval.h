/*
 * crossval.h
 *		k-fold cross-validation of linear models, all folds at once (pure core).
 *
 * R-CV-1	Nothing of a held-out row enters its model: means, scales, aliasing
 *			and penalties come from the training rows of the fold.
 * R-CV-2	gaussian: training moments are merges of the other folds' moments,
 *			never differences.  Whole paths of penalties come from them.
 *			Held-out errors come from the rows, all repeats and lambdas in one
 *			pass, or (R-CV-6) from the moments of the held-out rows.
 * R-CV-3	binomial: Newton on all rows; with the Hessians H and gradients g of
 *			its last pass per cell, fold f starts at theta + H_-f^-1 g_-f and
 *			goes on with gradient-only passes for all folds together, until
 *			each fold's decrement is below 1e-18.  A fold whose decrement does
 *			not fall to 0.3 of the last is fitted by Newton on its own rows.
 *			Other families and penalties are fitted fold by fold (glm_part.h).
 * R-CV-4	Rank metrics (auc, average_precision) are means over the folds that
 *			have both classes; losses are pooled over rows.  Over repeats both
 *			are averaged.
 * R-CV-5	The interval of an overall figure is the corrected resampled t of
 *			Nadeau and Bengio (2003): variance (1/(r k) + n_test/n_train) s^2 of
 *			the fold values, r k - 1 degrees of freedom.  Repeats add no
 *			information, so it does not shrink with r as 1/r.
 * R-CV-6	With coefficients beta from training rows R and moments of held-out
 *			rows T, SSE = M_yy - 2 beta'M_xy + beta'M_xx beta + n_T d^2, d =
 *			(mean y_T - mean y_R) - (mean x_T - mean x_R)'beta.  Where that
 *			leaves less than 1e-8 of the total the digits are gone and the rows
 *			are asked.  Errors of a fold then count whole hash buckets of keys.
 */
#ifndef JRN_CROSSVAL_H
#define JRN_CROSSVAL_H

#include "../models/engine.h"
#include "plan.h"

typedef enum jrn_metric
{
	JRN_METRIC_RMSE,
	JRN_METRIC_MAE,
	JRN_METRIC_R_SQUARED,
	JRN_METRIC_LOG_LOSS,
	JRN_METRIC_BRIER,
	JRN_METRIC_AUC,
	JRN_METRIC_AVERAGE_PRECISION,
	JRN_METRIC_ACCURACY,
	JRN_METRIC_POISSON_DEVIANCE,
	JRN_METRICS
} jrn_metric;

/*
 * Metrics that fit a family, in order, those given without being asked for
 * first; returns their number, *usual how many of them are given unasked.
 */
extern int	jrn_metrics_of(jrn_family family, const jrn_metric **metrics, int *usual);
extern const char *jrn_metric_name(jrn_metric metric);

/* The loss of a row that a metric is a mean of, or a function of the mean (heldout.h). */
extern int	jrn_metric_loss(jrn_family family, jrn_metric metric);

/* auc, average_precision, accuracy and r_squared grow, losses fall. */
extern bool jrn_metric_grows(jrn_metric metric);
extern bool jrn_metric_is_better(jrn_metric metric, double a, double b);

/* Made of ranks within a fold: never pooled (R-CV-4). */
extern bool jrn_metric_is_rank(jrn_metric metric);

/* Where held-out errors of squared loss come from. */
typedef enum jrn_cv_route
{
	JRN_CV_AUTO,				/* moments where they serve and the rows are many */
	JRN_CV_ROWS,
	JRN_CV_MOMENTS				/* wherever they serve */
} jrn_cv_route;

typedef struct jrn_cv_request
{
	jrn_family	family;
	jrn_penalty penalty;
	bool		boosted;		/* trees (boosted.h) instead of a linear model: one lambda, 0 */
	double		alpha;
	int			lambda_count;	/* at least 1 */
	const double *lambdas;		/* NULL: filled in with a grid of path.h */
	int			repeats;
	const bool *wanted;			/* [JRN_METRICS]; NULL: all of the family */
	jrn_cv_route route;

	/*
	 * Of metrics whose pointer is not NULL, [lambda][group], zeroed: gets each
	 * group's sum of the losses behind the metric, averaged over repeats; of auc
	 * the sum of influences, of rmse and r_squared squared errors, of accuracy
	 * hits.  Groups are ranges of clusters, hence of hashes: as many as clusters,
	 * or fewer.
	 */
	double	   *scores[JRN_METRICS];
	int64_t		score_groups;
} jrn_cv_request;

/* One fold of one repeat under one lambda. */
typedef struct jrn_cv_fold
{
	int64_t		n_train;
	int64_t		n_test;
	jrn_fit_status status;		/* of the model; TOO_FEW also for no test rows */
	bool		test_one_class;
	double		df;				/* of std_error by buckets; 0: normal */
	double		value[JRN_METRICS];	/* NaN: cannot be given */
	double		std_error[JRN_METRICS];
} jrn_cv_fold;

typedef struct jrn_cv_result
{
	int			k;
	jrn_cv_fold *folds;			/* [lambda][repeat][fold] */
	double	   *pooled;			/* [lambda][repeat][metric], NaN where a fold has none */
	bool		from_moments;	/* R-CV-6 */
} jrn_cv_result;

static inline size_t
jrn_cv_set_index(const jrn_cv_request *request, int lambda, int repeat)
{
	return (size_t) lambda * (size_t) request->repeats + (size_t) repeat;
}

static inline size_t
jrn_cv_index(const jrn_cv_request *request, const jrn_cv_result *result,
			 int lambda, int repeat, int fold)
{
	return jrn_cv_set_index(request, lambda, repeat) * (size_t) result->k + (size_t) fold;
}

/* Group of a cluster (see scores). */
static inline int64_t
jrn_cv_group(const jrn_cv_request *request, int64_t cluster, int64_t clusters)
{
	return request->score_groups == clusters ? cluster : cluster * request->score_groups / clusters;
}

/* Called for every held-out row, or not at all (NULL). */
typedef jrn_status (*jrn_cv_emit) (void *arg, int lambda, int repeat, int fold, int64_t row_number,
								   int64_t cluster, double observed, double predicted);

/*
 * Run.  The plan is begun, on a finished design with at least as many keys as
 * folds.  file takes blocks that are written anew for a repeat.
 */
extern jrn_status jrn_cross_validate(const jrn_env *env, jrn_plan *plan, const jrn_file *file,
									 jrn_cv_request *request, jrn_cv_result *result,
									 jrn_cv_emit emit, void *emit_arg);

/* Overall figure of a metric under one lambda (R-CV-4, R-CV-5). */
typedef struct jrn_cv_overall
{
	double		estimate;
	double		std_error;
	double		df;
	int64_t		n_train;		/* rounded means over folds */
	int64_t		n_test;
	jrn_fit_status status;		/* the first that is not ok */
	bool		test_one_class;
} jrn_cv_overall;

extern void jrn_cv_summarise(const jrn_cv_request *request, const jrn_cv_result *result,
							 int lambda, jrn_metric metric, jrn_cv_overall *overall);

/* Mean rows tested over mean rows trained on, of all folds of a lambda. */
extern double jrn_cv_test_over_train(const jrn_cv_request *request, const jrn_cv_result *result,
									 int lambda);

/*
 * Best lambda of a metric, and the largest one whose paired difference to the
 * best is below one corrected standard error; -1 where no lambda has a figure.
 */
extern void jrn_cv_choose(const jrn_cv_request *request, const jrn_cv_result *result,
						  jrn_metric metric, int *best, int *one_se);

#endif							/* JRN_CROSSVAL_H */
