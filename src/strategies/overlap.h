/*
 * overlap.h
 *		Could the rows of one strategy have got another?  Weights, propensities
 *		and balance by strategy, and the gate that follows from them (pure
 *		core).
 *
 * Definitions: reference/validation.md 3.3, overlap report and gate.  w_i is
 * the weight of row i among the rows of its strategy: 1/e for the estimand
 * average; against the baseline, with the pairwise share e' = e_a/(e_a + e_b),
 * 1 and e'/(1 - e') for treated, 1 - e' and e' for overlap.
 *
 * R-OVL-1	ess = (sum w)^2 / sum w^2.  For treated and overlap that of the side
 *			with fewer effective rows.
 * R-OVL-2	weight_mean = mean over all rows of 1{a_i = a}/e_i, which is 1 where
 *			every row could have got a and the propensities are right; with its
 *			clustered standard error.
 * R-OVL-3	Standardised mean difference of a column to the baseline: difference
 *			of means over sqrt((s_a^2 + s_b^2)/2), s^2 without weights; before
 *			and after weighting; the largest over all columns.  The baseline
 *			itself is held against all rows (average only).  Infinite: constant
 *			within both, at different values.
 * R-OVL-4	none: ess below 50, or weight_mean below 0.5 by three standard
 *			errors (half of the rows could not have got the strategy), or a
 *			difference after weighting above 1: the strategies were used on
 *			different customers.
 *			weak: ess below a tenth of the rows, one weight above 5 % of their
 *			sum, the weights of one key above 20 %, more than 1 % of the rows
 *			with a propensity below 0.01, weight_mean below 0.9 by three
 *			standard errors, logged propensities with weight_mean off 1 by more
 *			than 0.02 and three standard errors (0.005 and four where weights
 *			are not normalised), or a difference after weighting above 0.25.
 *			With logged or constant propensities two standard errors are added
 *			to the limits of differences, as nothing made weights balance
 *			chance away; whole keys count as one.
 * R-OVL-5	Constant propensities: no row was out of reach by design; ess is the
 *			number of rows, and only differences can close the gate: then
 *			strategies were not dealt at random.
 * R-OVL-7	The same limits hold, with four standard errors added, for distances
 *			of columns from their middle and, up to 32 columns, products of two:
 *			a strategy given in the middle of a feature, or where two features
 *			have one sign, escapes a logit and a comparison of means.  Of many
 *			rows the first ones are looked at, which hashes chose.
 * R-OVL-6	With two strategies the logged propensity of one gives that of the
 *			other.  With more, those of strategies not taken are unknown, and
 *			shares of extremes count the rows of the strategy alone.
 */
#ifndef JRN_OVERLAP_H
#define JRN_OVERLAP_H

#include <stdbool.h>

#include "cluster_sums.h"
#include "scores.h"

typedef enum jrn_estimand
{
	JRN_ESTIMAND_AVERAGE,		/* over all rows */
	JRN_ESTIMAND_TREATED,		/* over the rows of the strategy, against the baseline */
	JRN_ESTIMAND_OVERLAP		/* over rows that could have got both */
} jrn_estimand;

typedef enum jrn_overlap_level
{
	JRN_OVERLAP_OK,
	JRN_OVERLAP_WEAK,
	JRN_OVERLAP_NONE
} jrn_overlap_level;

/* Why the gate is not open; the gravest. */
typedef enum jrn_overlap_reason
{
	JRN_OVERLAP_FINE,
	JRN_OVERLAP_FEW_EFFECTIVE,	/* ess */
	JRN_OVERLAP_UNREACHABLE,	/* weight_mean */
	JRN_OVERLAP_UNBALANCED,		/* standardised differences */
	JRN_OVERLAP_SHAPE,			/* R-OVL-7 */
	JRN_OVERLAP_ONE_WEIGHT,
	JRN_OVERLAP_ONE_KEY,
	JRN_OVERLAP_WRONG_WEIGHTS,	/* weight_mean is not 1 */
	JRN_OVERLAP_EXTREME
} jrn_overlap_reason;

typedef struct jrn_overlap_report
{
	double		n;
	double		ess;
	double		ess_share;		/* ess over rows, of the worse side */
	double		max_weight;
	double		largest_share;	/* of one weight in their sum */
	double		share_extreme;	/* of rows with e < 0.01 */
	double		least;			/* smallest propensity seen */
	double		weight_mean;
	double		weight_mean_se;
	double		smd_before;		/* NaN: not defined */
	double		smd_after;
	double		shape_after;	/* the largest of R-OVL-7; NaN: not defined */
	double		key_share;		/* of the weights of one key in their sum */
	double		keys;			/* effective: rows^2 / sum by key of (its rows)^2; NaN: one row a key */
	jrn_overlap_level level;
	jrn_overlap_reason reason;
} jrn_overlap_report;

/* Sums of the weights of one side. */
typedef struct jrn_weight_sums
{
	double		n;
	double		sum;
	double		squares;
	double		largest;
} jrn_weight_sums;

/* Sums of columns by strategy, [arms columns]; weighted ones with their weights. */
typedef struct jrn_balance
{
	size_t		columns;
	double	   *x;
	double	   *xx;
	double	   *own_x;
	double	   *base_x;
	const jrn_weight_sums *own;
	const jrn_weight_sums *base;
} jrn_balance;

typedef struct jrn_overlap
{
	const jrn_env *env;
	int			arms;
	int			baseline;
	size_t		p;
	jrn_estimand estimand;
	jrn_propensity propensity;
	bool		bare;			/* weights are not normalised: ipw */
	jrn_weight_sums *own;		/* [arms] */
	jrn_weight_sums *base;		/* [arms] of baseline rows, against this strategy */
	double	   *known;			/* [arms] rows whose propensity is known */
	double	   *extreme;		/* [arms] of them below 0.01 */
	double	   *least;			/* [arms] */
	jrn_cluster_sums weights;	/* 1{a}/e by strategy, then rows */
	jrn_cluster_sums counts;	/* rows by strategy */
	double	   *y_low;			/* [arms] smallest and largest outcome */
	double	   *y_high;
	bool		y_binary;		/* all are 0 or 1 */

	double	   *key_largest;	/* [arms] weights of one cluster */

	/* columns less origin, and what is made of them (R-OVL-7) */
	bool		begun;
	double	   *origin;			/* [p] */
	jrn_balance features;
	jrn_balance shapes;
	bool		products;
	size_t		shape_rows;		/* that are still looked at */
	jrn_weight_sums *shape_own; /* [arms] of those rows */
	jrn_weight_sums *shape_base;

	/* scratch */
	double	   *q;				/* [arms + 1] columns */
	double	   *places;
	double	   *rows_of;		/* [arms] columns of indicators */
	double	   *own_w;			/* [arms] columns */
	double	   *base_w;
	bool	   *present;		/* [arms] in the block */
	double	   *z;
	double	   *squares;
	double	   *dots;
} jrn_overlap;

extern jrn_status jrn_overlap_begin(jrn_overlap *overlap, const jrn_env *env, int arms, int baseline,
									size_t p, jrn_estimand estimand, jrn_propensity propensity,
									bool bare);

/*
 * Propensities of all strategies for the rows of a block, as columns of
 * JRN_BLOCK_ROWS; NaN where unknown (R-OVL-6).  True: all are known.
 */
extern bool jrn_propensities(const jrn_score_block *block, double *e);

/* Add a block of one repeat; e from jrn_propensities. */
extern jrn_status jrn_overlap_add(jrn_overlap *overlap, const jrn_score_block *block,
								  const double *e, const jrn_cluster_map *map);

/* After the last block, with the number of clusters: report[arms]. */
extern void jrn_overlap_end(jrn_overlap *overlap, int64_t clusters, jrn_overlap_report *report);

/*
 * By how much the variance of a count of rows grows when whole clusters are
 * dealt: sum of squared sizes over rows.
 */
extern double jrn_overlap_design_effect(const jrn_overlap *overlap);

/* "ok", "weak_overlap", "no_overlap" */
extern const char *jrn_overlap_name(jrn_overlap_level level);

#endif							/* JRN_OVERLAP_H */
