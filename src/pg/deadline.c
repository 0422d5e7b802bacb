/*
 * deadline.c
 *		See deadline.h.
 */
#include "deadline.h"

#include "utils/timestamp.h"

/* Where the short cut is taken: years in which clocks are known or regular. */
#define FIRST_MOMENT (-(int64) 18262 * USECS_PER_DAY)	/* 1950 */
#define LAST_MOMENT ((int64) 54787 * USECS_PER_DAY)	/* 2150 */

/*
 * Local time is looked up around the end too, so a change must be further
 * away than any offset.
 */
#define MARGIN (2 * USECS_PER_DAY)

#define MOST_CHANGES 64			/* within LOOK_BACK */
#define LOOK_BACK ((int64) 400 * SECS_PER_DAY)

#define EPOCH_SECONDS ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

static pg_time_t
seconds_of(TimestampTz ts)
{
	return (pg_time_t) (ts / USECS_PER_SEC + EPOCH_SECONDS);
}

static TimestampTz
moment_of(pg_time_t seconds)
{
	return ((int64) seconds - EPOCH_SECONDS) * USECS_PER_SEC;
}

void
journey_deadlines_set(journey_deadlines *deadlines, const Interval *interval, const char *name)
{
	int64		days;

	if (deadlines->zone == session_timezone &&
		memcmp(&deadlines->span.interval, interval, sizeof(Interval)) == 0)
		return;
	memset(deadlines, 0, sizeof(*deadlines));
	deadlines->span = journey_span_of(interval, name);
	deadlines->zone = session_timezone;
	days = (int64) interval->day * USECS_PER_DAY;
	if (interval->month != 0 || days > LAST_MOMENT || interval->time > LAST_MOMENT)
		return;
	deadlines->length = days + interval->time;
}

/* The stretch around a moment; empty when the zone cannot be asked. */
static journey_stretch
find_stretch(const pg_tz *zone, TimestampTz start)
{
	pg_time_t	at = seconds_of(start) - LOOK_BACK;
	pg_time_t	change;
	long		offset_before,
				offset_after;
	int			dst_before,
				dst_after,
				i;
	journey_stretch stretch;

	stretch.from = moment_of(at);
	stretch.until = stretch.from;
	for (i = 0; i < MOST_CHANGES; i++)
	{
		int			found = pg_next_dst_boundary(&at, &offset_before, &dst_before, &change,
												 &offset_after, &dst_after, zone);

		if (found < 0)
			break;
		if (found == 0 || moment_of(change) > start)
		{
			stretch.until = found == 0 ? PG_INT64_MAX : moment_of(change);
			break;
		}
		at = change;
		stretch.from = moment_of(change);
	}
	return stretch;
}

static const journey_stretch *
stretch_of(journey_deadlines *deadlines, TimestampTz start)
{
	const journey_stretch *used = &deadlines->stretches[deadlines->used];
	int			i;

	if (start >= used->from && start < used->until)
		return used;
	for (i = 0; i < deadlines->count; i++)
		if (start >= deadlines->stretches[i].from && start < deadlines->stretches[i].until)
		{
			deadlines->used = i;
			return &deadlines->stretches[i];
		}
	deadlines->used = deadlines->count < JOURNEY_STRETCHES ? deadlines->count++ :
		(deadlines->used + 1) % JOURNEY_STRETCHES;
	deadlines->stretches[deadlines->used] = find_stretch(deadlines->zone, start);
	return &deadlines->stretches[deadlines->used];
}

int64
journey_deadlines_end(void *arg, int64 start)
{
	journey_deadlines *deadlines = arg;

	if (deadlines->length > 0 && start > FIRST_MOMENT && start < LAST_MOMENT)
	{
		const journey_stretch *stretch = stretch_of(deadlines, start);

		if (start >= stretch->from + MARGIN && stretch->until > start &&
			deadlines->length < stretch->until - start - MARGIN)
			return start + deadlines->length;
	}
	return journey_span_end(&deadlines->span, start);
}
