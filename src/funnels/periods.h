/*
 * periods.h
 *		Calendar periods: every moment lies in exactly one, and they have
 *		numbers, so that the period after number p is p + 1.
 *
 * Definition: reference/journeys.md section 4 (basis calendar: period of the
 * time zone).
 *
 * R-PER-1	Months: n months by the calendar, counted from January 2000, so a
 *			quarter begins in January, April, July or October.
 * R-PER-2	Days: n days by the calendar.  Whole weeks begin on the Monday
 *			2000-01-03 and every n weeks from there (ISO weeks for n = 1);
 *			other counts of days at 2000-01-01.
 * R-PER-3	Fixed: a length in microseconds, from an origin given as a moment;
 *			the calendar plays no part.
 * R-PER-4	The period of a moment follows the date that the calendar shows then.
 */
#ifndef JRN_PERIODS_H
#define JRN_PERIODS_H

#include "../features/features.h"

typedef enum jrn_period_unit
{
	JRN_PERIOD_MONTHS,
	JRN_PERIOD_DAYS,
	JRN_PERIOD_FIXED
} jrn_period_unit;

typedef struct jrn_period
{
	jrn_period_unit unit;
	int64_t		length;			/* months, days or microseconds; above 0 */
	int64_t		origin;			/* of fixed ones: start of number 0 */
} jrn_period;

/* Number of the period of a moment; the calendar covers it, NULL is UTC. */
extern int64_t jrn_period_number(const jrn_period *period, const jrn_calendar *calendar,
								 int64_t moment);

/*
 * Start of a period: for fixed ones a moment, else the local time of midnight,
 * as microseconds.  Numbers come from jrn_period_number, or lie a little apart.
 * A start before the first timestamp is given as one far before it.
 */
extern int64_t jrn_period_start(const jrn_period *period, int64_t number);

#endif							/* JRN_PERIODS_H */
