/*
 * sessions.c
 *		Cutting a journey into sessions (see sessions.h).
 */
#include "sessions.h"

#define TICK_EVENTS 4096

jrn_status
jrn_session_length(const jrn_env *env, const jrn_event *events, size_t n,
				   jrn_session_deadline deadline, void *arg, size_t *length)
{
	size_t		i;

	for (i = 1; i < n; i++)
	{
		if (i % TICK_EVENTS == 0)
			JRN_TICK(env);
		if (events[i].ts != events[i - 1].ts && events[i].ts > deadline(arg, events[i - 1].ts))
			break;				/* R-SES-1 */
	}
	*length = i;
	return JRN_OK;
}
