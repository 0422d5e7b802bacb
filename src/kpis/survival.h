/*
 * survival.h
 *		Time to an event with customers still waiting: Kaplan-Meier curves and
 *		the log-rank test.
 *
 * Definitions (reference/journeys.md 11).  Kaplan and Meier 1958: S(t) is the
 * product of 1 - d/n over the event times up to t, d events among n at risk.
 * Greenwood 1926: var S = S^2 sum d/(n (n - d)).  Log-rank: Mantel 1966, Peto
 * and Peto 1972, with the hypergeometric covariance for ties.
 *
 * R-SUR-1	A row censored at t is still at risk at t.
 * R-SUR-2	Times are equal when their doubles are.
 * R-SUR-3	A curve has one row per distinct time of its stratum, with or
 *			without events, so that the number at risk at any t is that of the
 *			first row with time >= t, and S(t) that of the last with time <= t.
 * R-SUR-4	Intervals at 95 %, V = sum d/(n (n - d)), z the normal quantile:
 *			plain S -+ z S sqrt V; log S exp(-+ z sqrt V); log_log
 *			S^exp(-+ z sqrt V / ln S).  Plain and log are cut at 0 and 1, which
 *			a share cannot pass.
 * R-SUR-5	Before the first event the error is 0 and there is no interval: no
 *			event says nothing about the spread.  Once S is 0 there is neither.
 * R-SUR-6	Counts are integers and figures follow the order of times, so the
 *			bits do not depend on the order of rows.
 */
#ifndef JRN_SURVIVAL_H
#define JRN_SURVIVAL_H

#include <stdbool.h>

#include "../core/env.h"

typedef enum jrn_km_interval
{
	JRN_KM_PLAIN,
	JRN_KM_LOG,
	JRN_KM_LOG_LOG
} jrn_km_interval;

/* One row of the source. */
typedef struct jrn_spell
{
	double		time;			/* finite, not negative */
	uint32_t	stratum;
	uint32_t	event;			/* 1: happened, 0: censored */
} jrn_spell;

typedef struct jrn_km_row
{
	uint32_t	stratum;
	double		time;
	int64_t		at_risk;
	int64_t		events;
	double		survival;
	double		std_error;
	double		low;
	double		high;
} jrn_km_row;

typedef jrn_status (*jrn_km_visitor) (void *arg, const jrn_km_row *row);

/*
 * Show the curves stratum by stratum, in the order of stratum numbers and then
 * time; sorts the spells.  O(n log n).
 */
extern jrn_status jrn_kaplan_meier(const jrn_env *env, jrn_spell *spells, size_t n,
								   jrn_km_interval interval, jrn_km_visitor visitor, void *arg);

typedef struct jrn_logrank_result
{
	double		statistic;		/* NaN: no two groups can be compared */
	int			df;
	double		p_value;
} jrn_logrank_result;

/* The most groups of a log-rank test: it keeps a matrix of their square. */
#define JRN_LOGRANK_GROUPS 1000

/*
 * R-LOG-1	Groups without a row at risk at any event time do not count;
 *			df is the rank of the covariance, the number of the others less one
 *			unless some never meet.
 *
 * Sorts the spells; strata are numbered below groups.  O(n log n + times
 * groups^2).
 */
extern jrn_status jrn_logrank(const jrn_env *env, jrn_spell *spells, size_t n, uint32_t groups,
							  jrn_logrank_result *result);

#endif							/* JRN_SURVIVAL_H */
