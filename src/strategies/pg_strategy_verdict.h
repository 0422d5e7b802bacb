/*
 * pg_strategy_verdict.h
 *		One or two sentences about a strategy against the baseline that a
 *		manager understands (reference/validation.md 4).
 *
 * R-SVE-1	A decision is told only with status ok, q below 0.05 and an interval
 *			without 0; by how much in units of the outcome (points of a hundred
 *			where all outcomes are 0 or 1).
 * R-SVE-2	Otherwise, with status ok: the difference, and the smallest effect
 *			that would have been seen (80 % power).
 * R-SVE-3	With any other status: no decision or no answer, why, and what to do.
 * R-SVE-4	Never p = 0.000, and never certain.
 */
#ifndef JOURNEY_PG_STRATEGY_VERDICT_H
#define JOURNEY_PG_STRATEGY_VERDICT_H

#include "../pg/compat.h"

#include "effects.h"

typedef struct journey_strategy_verdict
{
	const char *status;
	const char *strategy;
	const char *baseline;
	bool		is_baseline;
	const char *outcome;		/* column */
	bool		is_rate;		/* outcomes are 0 or 1 */
	bool		net_of_cost;
	const char *key;			/* column; NULL: rows are independent */
	int64		n_keys;			/* of the two, or of the strategy at fault */
	int64		n;				/* rows of the same */
	int			folds;
	int			repeats;		/* 0: none */
	int			comparisons;
	jrn_propensity propensity;
	jrn_estimand estimand;
	const jrn_effect *effect;
	const char *at_fault;		/* whose overlap, keys or fit it is */
	bool		flat;			/* all its outcomes are the same */
	const jrn_overlap_report *report;	/* of the same; NULL: none */
	double		least;			/* smallest propensity of the two; NaN: constant */
	double		ratio_p;		/* NaN: no planned shares */
	double		missing;		/* shares without an outcome */
	double		baseline_missing;
	double		missing_p;
	double		worst_low;		/* NaN: no bounds */
	double		worst_high;
	int64		late;			/* rows of all strategies */
	int64		immature;
	int64		assigned;
} journey_strategy_verdict;

extern char *journey_strategy_verdict_text(const journey_strategy_verdict *verdict);

#endif							/* JOURNEY_PG_STRATEGY_VERDICT_H */
