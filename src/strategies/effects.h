/*
 * effects.h
 *		Values of strategies and their differences to a baseline, with errors
 *		clustered by key, from cross-fitted scores; and what is inferred from
 *		them (pure core).
 *
 * Definitions: reference/validation.md 3.3 and 3.5.  The scores of a repeat
 * are seen once and never stored.
 *
 * R-EFF-1	aipw, ipw: value of a strategy = mean of its scores (scores.h); a
 *			difference is the mean of paired differences.
 * R-EFF-2	snips: sum w y / sum w over the rows of the strategy, w = 1/e.
 * R-EFF-3	Standard errors are clustered by key, C/(C - 1) on C keys; snips of
 *			independent rows has the factor 1.
 * R-EFF-4	Against the baseline b, with the pairwise share e' = e_a/(e_a + e_b):
 *			treated: sum over a of (y - mu_b)/n_a less sum over b of w (y -
 *			mu_b)/sum w, w = e'/(1 - e');
 *			overlap: slope of y - m on 1{a} - e' through the origin, m = e' mu_a
 *			+ (1 - e') mu_b;
 *			trimmed: mean over rows of both with e' in [0.05, 0.95] of mu_a -
 *			mu_b + 1{a}/e' (y - mu_a) - 1{b}/(1 - e') (y - mu_b).
 *			Without outcome models mu is a constant.
 * R-EFF-5	A clip is an upper bound of weights.  Rows cut are counted; what the
 *			cut may cost is |mean of (w - w_cut)(y - mu)|, with the mean of the
 *			strategy's rows as mu where there are no outcome models.
 * R-EFF-6	Over repeats: theta is the median, sigma^2 the median of sigma_r^2 +
 *			(theta_r - theta)^2 (Chernozhukov and others 2018).  Repeats add no
 *			information.
 * R-EFF-7	Below 100 keys on a side, t with one less than the keys of the
 *			smaller side; else the normal.  Where a few keys have most of the
 *			rows, their effective number counts when it is below half of them,
 *			n^2 / sum by key of (its rows)^2.
 * R-EFF-8	q: Benjamini and Hochberg over the differences that there are.
 *			Simultaneous intervals: theta +- max-t critical value (maxt.h) times
 *			sigma.  A strategy is in the best set unless another is better by
 *			more than chance among all pairs.
 * R-EFF-9	A strategy whose outcomes are all the same tells nothing about
 *			chance: its value and its differences have no errors, no p.  Nor
 *			have estimates whose standard error is rounding next to the values.
 */
#ifndef JRN_EFFECTS_H
#define JRN_EFFECTS_H

#include "overlap.h"

#define JRN_EFFECTS_LEVEL 0.95

/* Keys below which intervals are those of t. */
#define JRN_EFFECTS_FEW_KEYS 100

typedef struct jrn_effects_request
{
	int			arms;
	int			baseline;
	int			repeats;
	size_t		p;				/* columns of x */
	jrn_propensity propensity;
	bool		outcome_models;
	bool		self_normalised;	/* snips */
	bool		independent;	/* every row is a cluster */
	jrn_estimand estimand;
	double		clip;			/* upper bound of weights; infinite: none */
	const double *costs;		/* [arms] taken off values; NULL: none */
} jrn_effects_request;

/* An estimate and its standard error over repeats. */
typedef struct jrn_effect_point
{
	double		estimate;
	double		std_error;
} jrn_effect_point;

/* Sums of one repeat. */
typedef struct jrn_effects_sums
{
	bool		begun;
	double		origin;			/* outcomes are taken relative to it */
	double		n;
	jrn_cluster_cells cells;
	jrn_cluster_sums main;
	jrn_cluster_sums *pairs;	/* [arms] zr, zz, trimmed score, kept */
	bool	   *unknown;		/* [arms] without scores */
	bool	   *pair_unknown;	/* [arms] without models on one side */
	bool		pairs_unknown;	/* propensities of others are not known */
	double	   *rows;			/* [arms] */
	double	   *y;				/* [arms] sums of outcomes less origin */
	double	   *cut_rows;		/* [arms] */
	double	   *cut;			/* [arms] sums of w - w_cut */
	double	   *cut_y;			/* [arms] the same times y - mu */
} jrn_effects_sums;

typedef struct jrn_effects
{
	const jrn_env *env;
	jrn_effects_request request;
	jrn_effects_sums *repeats;	/* [repeats] */
	jrn_overlap overlap;		/* of the first repeat */
	double	   *e;				/* scratch: propensities, */
	double	   *q;				/* columns of the block, */
	double	   *pair_q;
	double	   *places;			/* and their sums by cluster */
} jrn_effects;

/*
 * What every method gives; the rest is inferred.  Arrays by strategy [arms],
 * pairs [arms arms]: a less b at a * arms + b.
 */
typedef struct jrn_effect_table
{
	int			arms;
	int			baseline;
	int			repeats;		/* 0: the method has none */
	jrn_effect_point *value;
	double	   *value_df;
	jrn_effect_point *difference;
	double	   *difference_df;
	int		   *wins;
	jrn_effect_point *pair;		/* NULL: values cannot be compared with each other */
	bool	   *flat;			/* its outcomes are all the same (R-EFF-9) */
	double	   *covariance;		/* [arms arms] of values, or of differences to the baseline */
	jrn_effect_point *overlap;
	jrn_effect_point *trimmed;
	double	   *n_trimmed;		/* NaN: unknown */
	double	   *clipped;		/* rows; NaN: not asked for */
	double	   *clip_bias;
} jrn_effect_table;

/* One row of the answer; NaN: cannot be had. */
typedef struct jrn_effect
{
	jrn_effect_point value;
	double		value_low;
	double		value_high;
	jrn_effect_point difference;
	double		conf_low;
	double		conf_high;
	double		p_value;
	double		q_value;
	int			wins;			/* -1: unknown */
	double		minimum_detectable;
	double		simultaneous_low;
	double		simultaneous_high;
	int			in_best_set;	/* -1: unknown */
	jrn_effect_point overlap;
	double		overlap_low;
	double		overlap_high;
	jrn_effect_point trimmed;
	double		trimmed_low;
	double		trimmed_high;
	double		n_trimmed;
	double		clipped;
	double		clip_bias;
} jrn_effect;

extern jrn_status jrn_effects_begin(jrn_effects *effects, const jrn_env *env,
									const jrn_effects_request *request);

/* A jrn_score_visitor; arg is the jrn_effects. */
extern jrn_status jrn_effects_visit(void *arg, const jrn_score_block *block);

/*
 * After the last block.  JRN_DOMAIN: treated or overlap with propensities
 * that are not known.  keys_of_arm settles degrees of freedom.
 */
extern jrn_status jrn_effects_end(jrn_effects *effects, const int64_t *keys_of_arm,
								  jrn_effect_table *table, jrn_overlap_report *report);

/* An empty table: every figure NaN. */
extern jrn_status jrn_effect_table_begin(const jrn_env *env, int arms, int baseline, bool pairs,
										 jrn_effect_table *table);

/* Degrees of freedom of R-EFF-7. */
extern double jrn_effects_df(double keys);

/*
 * Intervals, tests and sets.  Strategies that are not usable get no figures,
 * and none has a difference without a usable baseline.
 */
extern jrn_status jrn_effects_infer(const jrn_env *env, const jrn_effect_table *table,
									const bool *usable, uint64_t seed, jrn_effect *out);

#endif							/* JRN_EFFECTS_H */
