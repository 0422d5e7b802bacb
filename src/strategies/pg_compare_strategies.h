/*
 * pg_compare_strategies.h
 *		What the files of compare_strategies() share: the call, and the checks
 *		that decide on the status of a row.
 *
 * R-CST-1	Figures that cannot be had are NULL for too_few, no_overlap; all
 *			other statuses keep them.
 * R-CST-2	Of several reasons the first counts: too_few, no_overlap (of the
 *			strategy, then of the baseline), sample_ratio, unequal_missing,
 *			late_eligibility, not_converged, weak_overlap, rank_deficient,
 *			no_spread.
 * R-CST-3	Sample ratio: assigned rows, analysed rows, and every week with at
 *			least five rows expected of each strategy, its p times the weeks;
 *			the smallest counts.  Where whole keys were dealt, statistics are
 *			divided by the design effect of their sizes.
 */
#ifndef JOURNEY_PG_COMPARE_STRATEGIES_H
#define JOURNEY_PG_COMPARE_STRATEGIES_H

#include "pg_strategies.h"

#include "effects.h"

typedef struct journey_compare_call
{
	journey_strategy_call strategies;
	jrn_estimand estimand;
	double		clip;			/* infinite: none */
	bool		has_bounds;
	double		low;			/* of outcomes */
	double		high;
	double	   *costs;			/* [arms]; NULL: none */
	double	   *planned;		/* [arms]; NULL: none */

	/* after the run */
	jrn_effect_table table;
	jrn_overlap overlap;		/* sums of the first repeat */
	jrn_overlap_report *report; /* [arms] */
	jrn_effect *effect;			/* [arms] */
	bool	   *usable;			/* [arms] */
	bool	   *rank_deficient; /* [arms] */
	bool		not_converged;

	/* checks of all rows */
	double		ratio_p;		/* NaN: no planned shares */
	double		missing_p;
	double	   *missing;		/* [arms] share of due outcomes that are missing */
	int64		late;
	int64		immature;
	int64		assigned;
} journey_compare_call;

/* Sample ratio, missing outcomes, eligibility; after the run. */
extern void journey_compare_checks(journey_compare_call *call);

/* Whether a strategy gets figures at all. */
extern bool journey_compare_is_usable(const journey_compare_call *call, int arm);

extern const char *journey_compare_status(const journey_compare_call *call, int arm);

/* Worst-case bounds of a difference; NaN without. */
extern void journey_compare_worst(const journey_compare_call *call, int arm, double *low, double *high);

extern char *journey_compare_verdict(const journey_compare_call *call, int arm, const char *status);

#endif							/* JOURNEY_PG_COMPARE_STRATEGIES_H */
