/*
 * overlap_details.h
 *		What a report of overlap shows beside the gate of overlap.h: quantiles
 *		of propensities, the weight of the heaviest rows, the feature that is
 *		out of balance most (pure core).
 *
 * R-OVD-1	Quantiles and shares of propensities are over all rows whose
 *			propensity of the strategy is known: those of the first repeat.
 *			Quantiles interpolate between order statistics as percentile_cont
 *			does.
 * R-OVD-2	top1_share: sum of the largest hundredth of the weights of a
 *			strategy's rows (rounded up to whole rows) over the sum of all.
 * R-OVD-3	The worst column is the one whose standardised difference after
 *			weighting is largest (R-OVL-3); the first of equal ones.
 */
#ifndef JRN_OVERLAP_DETAILS_H
#define JRN_OVERLAP_DETAILS_H

#include "overlap.h"

/* NaN: not known. */
typedef struct jrn_overlap_details
{
	double		p05;
	double		median;
	double		share_below_005;
	double		top1_share;
	int			worst_column;	/* -1: none */
} jrn_overlap_details;

typedef struct jrn_overlap_look
{
	jrn_overlap overlap;
	double	   *e;				/* [arms] columns */
	bool		quantiles;
	double	  **known;			/* [arms] propensities of all rows */
	size_t	   *known_count;
	double	  **own;			/* [arms] those of its own rows */
	size_t	   *own_count;
	const int64_t *rows_of_arm; /* [arms] */
	int64_t		n;
	jrn_cluster_cells cells;
} jrn_overlap_look;

/*
 * bare as in jrn_overlap_begin; rows_of_arm must live as long as the look.
 * Without quantiles R-OVD-1 and R-OVD-2 stay NaN and no propensity is kept;
 * with them the memory grows by one number per row and strategy.
 */
extern jrn_status jrn_overlap_look_begin(jrn_overlap_look *look, const jrn_env *env, int arms,
										 int baseline, size_t p, jrn_propensity propensity,
										 bool bare, const int64_t *rows_of_arm, bool quantiles);

/* A jrn_score_visitor; arg is the look.  Repeats after the first are passed over. */
extern jrn_status jrn_overlap_look_visit(void *arg, const jrn_score_block *block);

/* All rows of a finished design, under logged propensities or constant shares. */
extern jrn_status jrn_overlap_look_rows(jrn_overlap_look *look, const jrn_design *design);

/* report[arms], details[arms] */
extern jrn_status jrn_overlap_look_end(jrn_overlap_look *look, jrn_overlap_report *report,
									   jrn_overlap_details *details);

#endif							/* JRN_OVERLAP_DETAILS_H */
