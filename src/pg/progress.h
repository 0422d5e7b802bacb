/*
 * progress.h
 *		How far a long call is: NOTICEs for those who set journey.progress.
 *
 * R-PROG-1	Nothing is said, and no clock is read, while the setting is off.
 * R-PROG-2	The first notice comes a second after the call began, further ones
 *			at least a second apart, however many phases a call has.
 * R-PROG-3	A notice never throws: it may be sent from inside the pure core.
 *
 * A phase that can count tells what is done:
 *		journey_progress progress;
 *		journey_progress_begin(&progress, "reading the source", "rows");
 *		journey_progress_step(&progress, done, total);
 * A phase of the core that cannot is watched through its ticks instead, and
 * tells the seconds that it has taken:
 *		journey_progress_watch(context, "fitting a model");
 */
#ifndef JOURNEY_PROGRESS_H
#define JOURNEY_PROGRESS_H

#include "compat.h"

/* The setting journey.progress. */
extern bool journey_progress_on;

typedef struct journey_progress
{
	bool		on;				/* the setting as the phase began */
	const char *what;
	const char *unit;			/* of done and total, plural */
} journey_progress;

/* Both texts must live as long as the phase. */
extern void journey_progress_begin(journey_progress *progress, const char *what,
								   const char *unit);

/* Reads the clock; total 0: unknown. */
extern void journey_progress_report(const journey_progress *progress, int64 done, int64 total);

/* O(1); callers of very short steps ask only every so many of them. */
static inline void
journey_progress_step(const journey_progress *progress, int64 done, int64 total)
{
	if (progress->on)			/* R-PROG-1 */
		journey_progress_report(progress, done, total);
}

/*
 * From now on ticks of core environments over context report what, until the
 * context goes, another one is watched or journey_progress_unwatch().
 */
extern void journey_progress_watch(MemoryContext context, const char *what);
extern void journey_progress_unwatch(void);

/* For the tick of journey_host_env(). */
extern MemoryContext journey_progress_watched;
extern void journey_progress_watch_report(void);

static inline void
journey_progress_tick(void *context)
{
	if (unlikely(journey_progress_watched != NULL) && context == journey_progress_watched)
		journey_progress_watch_report();
}

#endif							/* JOURNEY_PROGRESS_H */
