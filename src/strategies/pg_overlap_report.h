/*
 * pg_overlap_report.h
 *		Overlap of the strategies of a call, without any outcome model.
 */
#ifndef JOURNEY_PG_OVERLAP_REPORT_H
#define JOURNEY_PG_OVERLAP_REPORT_H

#include "pg_strategies.h"

#include "overlap_details.h"

typedef struct journey_overlap_answer
{
	jrn_overlap_report *report; /* [arms] */
	jrn_overlap_details *details;	/* [arms] */
	double		design_effect;	/* of counts of rows; 1 unless whole keys were dealt */
	bool		not_converged;	/* of a propensity model */
} journey_overlap_answer;

/* After journey_strategy_read; the same propensities as compare_strategies() takes. */
extern void journey_overlap_look(journey_strategy_call *call, bool quantiles, journey_overlap_answer *answer);

/* Why a strategy has its level, as a part of a sentence; NULL: it is ok. */
extern const char *journey_overlap_reason(const jrn_overlap_report *report);

/* Name of a column of the design. */
extern char *journey_overlap_column(const journey_strategy_call *call, int column);

#endif							/* JOURNEY_PG_OVERLAP_REPORT_H */
