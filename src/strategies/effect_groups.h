/*
 * effect_groups.h
 *		Do predicted effects hold?  A line of scores on predicted effects, and
 *		the mean score by groups of predicted effect (pure core;
 *		reference/validation.md 3.4).
 *
 * Rows carry the effect predicted out of fold and the score difference
 * (effect_model.h), whose mean over any group that x defines is the effect
 * there.  Rows of a cluster are adjacent.
 *
 * R-EGR-1	Calibration: regression of the score on (1, v), v the predicted
 *			effect less its mean in the row's fold.  mean_effect is the intercept,
 *			the mean score; heterogeneity is the slope: 1 where predictions are
 *			calibrated, above 0 where they tell customers apart.  Means by fold,
 *			because the level of a model fitted without a fold and the level of
 *			that fold are negatively related by construction.
 * R-EGR-2	p of heterogeneity is one-sided, P(T > t): only a positive slope is a
 *			finding.  p of mean_effect is two-sided.
 * R-EGR-3	Standard errors are those of linear influences summed by cluster, with
 *			C/(C - 1).
 *			Folds share training rows, so what they say is not independent:
 *			where predictions are noise, sums over folds are degenerate
 *			U-statistics with up to twice the variance that this formula
 *			sees (the trap that Wager 2024, "Sequential validation of treatment
 *			heterogeneity", describes).  With noise of effect_model.h the
 *			variance of the slope is multiplied by 1 + noise, which holds the
 *			level where there is nothing to find and adds nothing where there is
 *			much; those of groups by 1 + min(1, noise), by 2 where noise is
 *			unknown.  mean_effect does not depend on predictions.
 * R-EGR-4	Below 100 keys of one of the two strategies, t with one less than the
 *			keys of that side; else the normal.  In a group its own keys count.
 * R-EGR-5	Groups 1..g within each fold: from the lowest predicted effect up, a
 *			tie of w rows with b rows below it goes to 1 + floor(g (2 b + w)/(2
 *			n)), in integers, so a tie is never parted.  Group 1 is predicted to
 *			gain least.
 * R-EGR-6	The effect of a group is its mean score.  Simultaneous intervals of
 *			all groups: estimate +- the max-t critical value (maxt.h), from the
 *			clustered covariance of the means and the fewest degrees of freedom
 *			of any group.
 * R-EGR-7	A group with fewer than two keys of either strategy has no figures
 *			but the prediction.  A standard error that is rounding is none.
 */
#ifndef JRN_EFFECT_GROUPS_H
#define JRN_EFFECT_GROUPS_H

#include "effect_model.h"

#define JRN_EFFECT_LEVEL 0.95

/* The most groups. */
#define JRN_EFFECT_GROUPS 100

typedef enum jrn_effect_status
{
	JRN_EFFECT_OK,
	JRN_EFFECT_TOO_FEW,
	JRN_EFFECT_CONSTANT,		/* predictions do not differ */
	JRN_EFFECT_NO_ERROR			/* the noise of predictions is not known */
} jrn_effect_status;

typedef struct jrn_effect_figure
{
	double		estimate;
	double		std_error;
	double		low;
	double		high;
	double		p_value;
	jrn_effect_status status;
} jrn_effect_figure;

typedef struct jrn_effect_calibration
{
	jrn_effect_figure mean_effect;
	jrn_effect_figure heterogeneity;
} jrn_effect_calibration;

typedef struct jrn_effect_group
{
	int			group;			/* from 1 */
	int64_t		n;
	int64_t		keys;
	double		predicted;
	jrn_effect_figure effect;	/* pointwise; p_value is not set */
	double		simultaneous_low;
	double		simultaneous_high;
} jrn_effect_group;

/* Degrees of freedom of R-EGR-4; infinite: the normal.  NaN: fewer than two keys. */
extern double jrn_effect_df(int64_t keys, int64_t baseline_keys);

/* O(n). */
extern jrn_status jrn_effect_calibrate(const jrn_env *env, const jrn_score_table *table,
									   const jrn_effect_model *model, int arm, int baseline,
									   jrn_effect_calibration *out);

/*
 * out has room for groups; *count of them have rows.  groups at most
 * JRN_EFFECT_GROUPS.  O(n + draws groups^2).
 */
extern jrn_status jrn_effect_groups_make(const jrn_env *env, const jrn_score_table *table,
										 const jrn_effect_model *model, int arm, int baseline, int groups,
										 uint64_t seed, jrn_effect_group *out, int *count);

#endif							/* JRN_EFFECT_GROUPS_H */
