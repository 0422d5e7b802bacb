/*
 * span.h
 *		Windows, timeouts and periods: a positive interval as an argument.
 *
 * R-SPAN-1	Adding a span to a moment is the server's timestamptz + interval:
 *			months and days follow the calendar of the session TimeZone, so a
 *			later start may have an earlier end (2023-01-30 23:00 and
 *			2023-01-31 01:00, both plus one month).  Compare ends, not starts.
 * R-SPAN-2	A span must be positive: all of its fields at least 0 and one above.
 *			A mixed sign has no single direction and is refused.
 * R-SPAN-3	An end beyond the last timestamptz is the last one, so a window of
 *			a million years is simply open.
 */
#ifndef JOURNEY_SPAN_H
#define JOURNEY_SPAN_H

#include "compat.h"

#include "common/int.h"
#include "datatype/timestamp.h"

typedef struct journey_span
{
	Interval	interval;
	bool		fixed;			/* hours and less: the same length always */
	int64		microseconds;	/* of a fixed one */
} journey_span;

/* Argument number; NULL, zero and negative intervals are refused by name and value. */
extern journey_span journey_arg_span(FunctionCallInfo fcinfo, int number, const char *name);

/* The same for an interval that was read otherwise. */
extern journey_span journey_span_of(const Interval *interval, const char *name);

/* start plus times spans (R-SPAN-1); times may be negative or 0. */
extern TimestampTz journey_span_slow(const journey_span *span, TimestampTz start, int64 times);

/* start plus one span, saturating (R-SPAN-3). */
static inline TimestampTz
journey_span_end(const journey_span *span, TimestampTz start)
{
	int64		end;

	if (!span->fixed)
		return journey_span_slow(span, start, 1);
	if (pg_add_s64_overflow(start, span->microseconds, &end) || end >= END_TIMESTAMP)
		return END_TIMESTAMP - 1;
	return end;
}

/* As jrn_deadline of the core: arg is a journey_span. */
extern int64 journey_span_deadline(void *arg, int64 start);

/* The interval as a user would write it, palloc'd. */
extern char *journey_span_text(const journey_span *span);

#endif							/* JOURNEY_SPAN_H */
