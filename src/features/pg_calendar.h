/*
 * pg_calendar.h
 *		The session's TimeZone as a table of UTC offsets for the core.
 *
 * A call into the time zone library for every event would cost more than all
 * features together; offsets change twice a year.
 *
 * R-CAL-1	For every moment of the range covered, the offset is the one by
 *			which the server casts that timestamptz to a date.
 */
#ifndef JOURNEY_CALENDAR_H
#define JOURNEY_CALENDAR_H

#include "../pg/compat.h"

#include "pgtime.h"

#include "features.h"

typedef struct journey_calendar
{
	jrn_calendar view;			/* what the core sees */
	int64	   *starts;
	int64	   *offsets;
	size_t		capacity;
	pg_tz	   *zone;			/* of which the table is; NULL: no table yet */
	int64		low;			/* range covered, both ends included */
	int64		high;
	MemoryContext context;
} journey_calendar;

extern void journey_calendar_init(journey_calendar *calendar, MemoryContext context);

/*
 * The calendar of the current session TimeZone, valid for all finite
 * timestamps in [low, high].  Free when the last one still covers them; else
 * rebuilt for a range at least twice as wide, so that growing ranges cost
 * little.
 */
extern const jrn_calendar *journey_calendar_cover(journey_calendar *calendar,
												  int64 low, int64 high);

/* The same of another time zone. */
extern const jrn_calendar *journey_calendar_cover_zone(journey_calendar *calendar, pg_tz *zone,
													   int64 low, int64 high);

#endif							/* JOURNEY_CALENDAR_H */
