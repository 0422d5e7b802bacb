/*
 * sessions.h
 *		Cutting a journey into sessions.
 *
 * Definition: reference/journeys.md section 4.
 *
 * R-SES-1	A gap longer than the timeout starts a new session; one as long as
 *			the timeout does not.  The timeout is added to the earlier event,
 *			so one of months or days follows the calendar.
 */
#ifndef JRN_SESSIONS_H
#define JRN_SESSIONS_H

#include "../events/journey.h"
#include "../core/env.h"

/* The last moment that belongs to the session of an event at ts. */
typedef int64_t (*jrn_session_deadline) (void *arg, int64_t ts);

/* Number of events, from events[0] on, of one session; 1 <= result <= n. */
extern jrn_status jrn_session_length(const jrn_env *env, const jrn_event *events, size_t n,
									 jrn_session_deadline deadline, void *arg, size_t *length);

#endif							/* JRN_SESSIONS_H */
