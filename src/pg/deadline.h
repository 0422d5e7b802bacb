/*
 * deadline.h
 *		Ends of windows for many starts: start plus one span, fast.
 *
 * Adding days goes through the calendar of the session TimeZone, which costs
 * more than all else a funnel does with a row.  Between two changes of the
 * clock a day is 24 hours, so the stretches of time without a change are
 * remembered, and only a window that touches a change asks the server.
 *
 * R-DEADLINE-1	The answer is always journey_span_end()'s.
 * R-DEADLINE-2	Stretches are forgotten when the TimeZone or the span changes.
 */
#ifndef JOURNEY_DEADLINE_H
#define JOURNEY_DEADLINE_H

#include "span.h"

#include "pgtime.h"

#define JOURNEY_STRETCHES 8

typedef struct journey_stretch
{
	TimestampTz from;			/* no change of the clock in [from, until) */
	TimestampTz until;
} journey_stretch;

/* All zero is ready for journey_deadlines_set(). */
typedef struct journey_deadlines
{
	journey_span span;
	const pg_tz *zone;			/* NULL: nothing set */
	int64		length;			/* of days and time; 0 when there are months */
	int			used;			/* stretch that answered last */
	int			count;
	journey_stretch stretches[JOURNEY_STRETCHES];
} journey_deadlines;

/* The span to add from now on; cheap when it is the one already set. */
extern void journey_deadlines_set(journey_deadlines *deadlines, const Interval *interval,
								  const char *name);

/* As jrn_deadline of the core: arg is a journey_deadlines. */
extern int64 journey_deadlines_end(void *arg, int64 start);

#endif							/* JOURNEY_DEADLINE_H */
