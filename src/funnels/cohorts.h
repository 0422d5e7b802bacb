/*
 * cohorts.h
 *		Cohort retention: of the customers who started in a period, how many
 *		returned in each later one.
 *
 * Definition: reference/journeys.md section 4 and traps 6 and 8.
 *
 * R-COH-1	A cohort is a calendar period (periods.h); a customer belongs to the
 *			one of the first start event, with recurring to each that holds one,
 *			and starts there at the first.
 * R-COH-2	Basis calendar: period i is the i-th after the cohort.  Rolling:
 *			[start + i spans, start + (i + 1) spans) of each member.  Period 0
 *			is the start itself, so everybody is retained in it, and an event
 *			before or at the start is no return.
 * R-COH-3	Kind on: min_events returns in period i.  on_or_after: in i or any
 *			later, also beyond the last period shown.  bracket: in the periods
 *			from one bound up to the next, the last one up to the last period.
 * R-COH-4	A cell is mature when its period (of a bracket: the last) has ended
 *			for every member at the moment now.
 */
#ifndef JRN_COHORTS_H
#define JRN_COHORTS_H

#include "../events/events.h"
#include "periods.h"
#include "ledger.h"

#define JRN_COHORT_MAX_PERIODS 10000

typedef enum jrn_cohort_kind
{
	JRN_COHORT_ON,
	JRN_COHORT_ON_OR_AFTER,
	JRN_COHORT_BRACKET
} jrn_cohort_kind;

/* start plus a number of spans, ascending in that number. */
typedef int64_t (*jrn_span_sum) (void *arg, int64_t start, int64_t times);

typedef struct jrn_cohort_options
{
	jrn_period	period;
	bool		rolling;
	jrn_span_sum add_spans;		/* of rolling ones */
	void	   *add_spans_arg;
	double		span_length;	/* about, in microseconds, above 0 */
	jrn_cohort_kind kind;
	bool		recurring;
	int64_t		min_events;		/* at least 1 */
	int32_t		periods;		/* 1 .. JRN_COHORT_MAX_PERIODS */
	const int32_t *brackets;	/* first periods, ascending, 1 .. periods */
	int32_t		n_brackets;		/* at least 1 for bracket */
	int64_t		start_label;	/* -1: occurs nowhere */
	int64_t		return_label;
	int64_t		now;			/* no event is later */
} jrn_cohort_options;

/* A run of returns in one period of the calendar. */
typedef struct jrn_return_run
{
	int64_t		number;
	int64_t		count;
} jrn_return_run;

typedef struct jrn_cohorts
{
	const jrn_env *env;
	const jrn_cohort_options *options;
	int32_t		cells;			/* of a cohort, cell 0 for the start */
	jrn_ledger	ledger;			/* by cohort: size, matured periods + 1, cells */
	jrn_return_run *runs;		/* of one customer */
	size_t		n_runs;
	size_t		run_capacity;
	int64_t    *returns;		/* moments of one customer's returns */
	size_t		n_returns;
	size_t		return_capacity;
	int64_t    *joined;			/* cohorts of one customer */
	size_t		n_joined;
	size_t		joined_capacity;
	int64_t	   *numbers;		/* cohorts, ascending, after finish */
} jrn_cohorts;

typedef struct jrn_cohort_cell
{
	int32_t		period;			/* of a bracket: its first */
	int64_t		size;
	int64_t		retained;
	bool		mature;
} jrn_cohort_cell;

extern jrn_status jrn_cohorts_begin(jrn_cohorts *cohorts, const jrn_env *env,
									const jrn_cohort_options *options);
extern jrn_status jrn_cohorts_add(jrn_cohorts *cohorts, const jrn_calendar *calendar,
								  const jrn_journey *journey);

/* Close the books; number_now is the calendar period of now. */
extern jrn_status jrn_cohorts_finish(jrn_cohorts *cohorts, int64_t number_now);
extern jrn_cohort_cell jrn_cohorts_cell(const jrn_cohorts *cohorts, size_t cohort, int32_t cell);

/* Number of whole spans from start to moment: moment >= start. */
extern int64_t jrn_spans_between(const jrn_cohort_options *options, int64_t start, int64_t moment);

#endif							/* JRN_COHORTS_H */
