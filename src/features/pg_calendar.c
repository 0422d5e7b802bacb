/*
 * pg_calendar.c
 *		Offsets of the session's TimeZone (see pg_calendar.h).
 */
#include "pg_calendar.h"

#include "datatype/timestamp.h"

#define YEAR_MICROSECONDS (INT64CONST(366) * USECS_PER_DAY)

/* Seconds from the Unix epoch to 2000-01-01. */
#define EPOCH_SECONDS ((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (int64) SECS_PER_DAY)

void
journey_calendar_init(journey_calendar *calendar, MemoryContext context)
{
	memset(calendar, 0, sizeof(*calendar));
	calendar->context = context;
}

/* Whole seconds at or before ts, as the time zone library counts them. */
static pg_time_t
unix_seconds(int64 ts)
{
	int64		seconds = ts / USECS_PER_SEC;

	if (ts % USECS_PER_SEC < 0)
		seconds--;
	return (pg_time_t) (seconds + EPOCH_SECONDS);
}

static void
add_segment(journey_calendar *calendar, pg_tz *zone, int64 start, pg_time_t moment)
{
	struct pg_tm *local = pg_localtime(&moment, zone);
	int64		offset = local == NULL ? 0 : (int64) local->tm_gmtoff * USECS_PER_SEC;
	size_t		n = calendar->view.n;

	if (n > 0 && calendar->offsets[n - 1] == offset)
		return;
	if (n == calendar->capacity)
	{
		size_t		wanted = n == 0 ? 64 : 2 * n;
		int64	   *starts = MemoryContextAlloc(calendar->context, wanted * sizeof(int64));
		int64	   *offsets = MemoryContextAlloc(calendar->context, wanted * sizeof(int64));

		if (n > 0)
		{
			memcpy(starts, calendar->starts, n * sizeof(int64));
			memcpy(offsets, calendar->offsets, n * sizeof(int64));
			pfree(calendar->starts);
			pfree(calendar->offsets);
		}
		calendar->starts = starts;
		calendar->offsets = offsets;
		calendar->capacity = wanted;
	}
	calendar->starts[n] = start;
	calendar->offsets[n] = offset;
	calendar->view.n = n + 1;
}

/*
 * One segment per change of offset.  The next search starts a second behind
 * a boundary, because the library, asked exactly at the last boundary of its
 * table, answers that there are no more.
 */
static void
build(journey_calendar *calendar, pg_tz *zone)
{
	pg_time_t	moment = unix_seconds(calendar->low);
	pg_time_t	last = unix_seconds(calendar->high);

	calendar->view.n = 0;
	add_segment(calendar, zone, calendar->low, moment);
	for (;;)
	{
		long int	before,
					after;
		int			before_dst,
					after_dst;
		pg_time_t	boundary;

		CHECK_FOR_INTERRUPTS();
		if (pg_next_dst_boundary(&moment, &before, &before_dst, &boundary,
								 &after, &after_dst, zone) != 1 ||
			boundary > last)
			break;
		add_segment(calendar, zone, ((int64) boundary - EPOCH_SECONDS) * USECS_PER_SEC, boundary);
		moment = boundary + 1;
	}
	calendar->view.starts = calendar->starts;
	calendar->view.offsets = calendar->offsets;
}

const jrn_calendar *
journey_calendar_cover_zone(journey_calendar *calendar, pg_tz *zone, int64 low, int64 high)
{
	int64		margin = YEAR_MICROSECONDS;

	if (calendar->zone == zone && low >= calendar->low && high <= calendar->high)
		return &calendar->view;
	if (calendar->zone == zone)
	{
		low = Min(low, calendar->low);
		high = Max(high, calendar->high);
		margin = Max(margin, (calendar->high / 2 - calendar->low / 2));
	}
	calendar->low = low < MIN_TIMESTAMP + margin ? MIN_TIMESTAMP : low - margin;
	calendar->high = high > END_TIMESTAMP - 1 - margin ? END_TIMESTAMP - 1 : high + margin;
	calendar->zone = NULL;		/* no table if building is interrupted */
	build(calendar, zone);
	calendar->zone = zone;
	return &calendar->view;
}

const jrn_calendar *
journey_calendar_cover(journey_calendar *calendar, int64 low, int64 high)
{
	return journey_calendar_cover_zone(calendar, session_timezone, low, high);
}
