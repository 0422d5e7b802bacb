/*
 * business_hours.h
 *		Open hours of a support desk, and open seconds between two moments.
 *
 * A desk is open at a moment when the wall clock of its time zone shows, on a
 * day that is no holiday, a time inside one of the intervals of that weekday.
 * The definition looks at what the clock shows, so days on which clocks change
 * need no rule of their own: an hour that is skipped cannot be worked, an hour
 * that comes twice is worked twice if it is open.  Business time is real
 * elapsed time: a day open from 00:00 to 24:00 has 23, 24 or 25 hours.
 *
 * Source: reference/journeys.md 5.2 (business hours beside calendar time).
 *
 * R-BUS-1	The table holds every open moment of its range once: intervals
 *			ascend, are disjoint and not empty; neighbours are merged.
 * R-BUS-2	Open time up to a moment costs one binary search; the difference of
 *			two is exact in microseconds.
 * R-BUS-3	A table has at most JRN_OPEN_HOURS_MAX intervals (JRN_LIMIT).
 */
#ifndef JRN_BUSINESS_HOURS_H
#define JRN_BUSINESS_HOURS_H

#include "features.h"

/* Intervals of one weekday; about 96 MB of intervals in all. */
#define JRN_WEEKDAY_INTERVALS 24
#define JRN_OPEN_HOURS_MAX (4 * 1024 * 1024)

/* A week by the wall clock; weekday 0 is Monday. */
typedef struct jrn_week
{
	int			count[7];
	int32_t		from[7][JRN_WEEKDAY_INTERVALS]; /* second of the day, ascending */
	int32_t		until[7][JRN_WEEKDAY_INTERVALS];	/* above from, at most the next from */
	const int32_t *holidays;	/* days since 2000-01-01, ascending */
	size_t		n_holidays;
} jrn_week;

/* Open intervals [starts, ends) in microseconds since 2000-01-01 UTC. */
typedef struct jrn_open_hours
{
	int64_t    *starts;
	int64_t    *ends;
	int64_t    *before;			/* open time in front of each */
	size_t		n;
	size_t		capacity;
} jrn_open_hours;

/*
 * Fill hours with what is open in [low, high); what it held is given back.
 * zone covers the range (features.h).
 */
extern jrn_status jrn_open_hours_build(const jrn_env *env, const jrn_week *week,
									   const jrn_calendar *zone, int64_t low, int64_t high,
									   jrn_open_hours *hours);

/* Open microseconds in [low, moment); moment within the table's range. */
extern int64_t jrn_open_hours_until(const jrn_open_hours *hours, int64_t moment);

#endif							/* JRN_BUSINESS_HOURS_H */
