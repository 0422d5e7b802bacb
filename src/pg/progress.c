/*
 * progress.c
 *		Notices of long calls (see progress.h).
 *
 * The time of the last notice and the watched phase are the session's, not a
 * call's: a call may run others in its source query, and all of them share
 * the one notice a second.
 */
#include "progress.h"

#include "access/xact.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#define INTERVAL_MS 1000

bool		journey_progress_on = false;
MemoryContext journey_progress_watched = NULL;

static const char *watched_what;
static TimestampTz watched_since;
static TimestampTz quiet_since; /* last notice, or begin of the call */

/*
 * R-PROG-2: phases that follow each other within a second are one call, as
 * long as the statement is the same.
 */
static void
begin_quiet(void)
{
	TimestampTz now = GetCurrentTimestamp();

	if (quiet_since < GetCurrentStatementStartTimestamp() ||
		TimestampDifferenceExceeds(quiet_since, now, INTERVAL_MS))
		quiet_since = now;
}

/* Is it time for a notice?  If so the next second begins. */
static bool
notice_is_due(TimestampTz *now)
{
	*now = GetCurrentTimestamp();
	if (!TimestampDifferenceExceeds(quiet_since, *now, INTERVAL_MS))
		return false;
	quiet_since = *now;
	return true;
}

void
journey_progress_begin(journey_progress *progress, const char *what, const char *unit)
{
	progress->on = journey_progress_on;
	progress->what = what;
	progress->unit = unit;
	if (progress->on)
		begin_quiet();
}

void
journey_progress_report(const journey_progress *progress, int64 done, int64 total)
{
	TimestampTz now;

	if (!notice_is_due(&now))
		return;
	HOLD_INTERRUPTS();			/* R-PROG-3: a notice is a cancel point otherwise */
	if (total > 0)
		ereport(NOTICE,
				(errmsg("%s: " INT64_FORMAT " of " INT64_FORMAT " %s",
						progress->what, done, total, progress->unit)));
	else
		ereport(NOTICE,
				(errmsg("%s: " INT64_FORMAT " %s", progress->what, done, progress->unit)));
	RESUME_INTERRUPTS();
}

static void
forget_context(void *context)
{
	if (journey_progress_watched == context)
		journey_progress_watched = NULL;
}

void
journey_progress_watch(MemoryContext context, const char *what)
{
	MemoryContextCallback *callback;

	if (!journey_progress_on)
		return;
	begin_quiet();
	callback = MemoryContextAlloc(context, sizeof(MemoryContextCallback));
	callback->func = forget_context;
	callback->arg = context;
	MemoryContextRegisterResetCallback(context, callback);
	watched_what = what;
	watched_since = GetCurrentTimestamp();
	journey_progress_watched = context;
}

void
journey_progress_unwatch(void)
{
	journey_progress_watched = NULL;
}

void
journey_progress_watch_report(void)
{
	TimestampTz now;

	if (!notice_is_due(&now))
		return;
	HOLD_INTERRUPTS();			/* R-PROG-3 */
	ereport(NOTICE,
			(errmsg("%s: %.1f s", watched_what,
					(double) (now - watched_since) / USECS_PER_SEC)));
	RESUME_INTERRUPTS();
}
