/*
 * support.h
 *		Service figures of one case: replies, resolutions, waiting, reopens,
 *		handoffs and touches, by the names of the field.
 *
 * Definitions: reference/journeys.md 5.3; columns: design of the SQL surface,
 * section 1.  A role says what a touchpoint means; touchpoints without a role
 * mean nothing here.
 *
 * R-SUP-1	Status.  Five roles set it: created (new), open, pending, on_hold,
 *			solved.  Replies and notes do not.  created sets new only where no
 *			status is known yet; a status set again is no change.
 *
 *				unknown --created--> new --open, pending, on_hold, solved--> ...
 *				any status --open, pending, on_hold, solved--> that status
 *
 * R-SUP-2	A case begins at its first created event.  Events at an earlier
 *			moment change no status and start no duration; those at the same
 *			moment count, whatever their order.  Without a created event the
 *			durations from the beginning are NULL, and the status is unknown
 *			until the first event that sets one.
 * R-SUP-3	first_reply: first agent reply - created.  Automatic replies and
 *			internal notes are none.  first, full resolution: first, last
 *			change to solved - created.
 * R-SUP-4	requester wait: time in new, open and on hold; agent wait: in
 *			pending; NULL while the status was never known, else 0 or more.
 *			The last status runs until as_of, or without one to the last event.
 * R-SUP-5	reopens: changes from solved to open.  handoffs: distinct known
 *			actors of agent replies, so 1 is one agent; NULL where there are
 *			replies and no actor of any is known.  touches: agent replies.
 * R-SUP-6	Each duration again in open hours, where these are given.
 * R-SUP-7	Times are added as whole microseconds and divided once.
 */
#ifndef JRN_SUPPORT_H
#define JRN_SUPPORT_H

#include "../events/events.h"
#include "business_hours.h"

typedef enum jrn_role
{
	JRN_ROLE_NONE,
	JRN_ROLE_CREATED,
	JRN_ROLE_AUTOMATIC_REPLY,
	JRN_ROLE_INTERNAL_NOTE,
	JRN_ROLE_AGENT_REPLY,
	JRN_ROLE_CUSTOMER_REPLY,
	JRN_ROLE_PENDING,
	JRN_ROLE_ON_HOLD,
	JRN_ROLE_OPEN,
	JRN_ROLE_SOLVED,
	JRN_ROLE_COUNT
} jrn_role;

typedef enum jrn_case_status
{
	JRN_CASE_UNKNOWN,
	JRN_CASE_NEW,
	JRN_CASE_OPEN,
	JRN_CASE_PENDING,
	JRN_CASE_ON_HOLD,
	JRN_CASE_SOLVED,
	JRN_CASE_STATUS_COUNT
} jrn_case_status;

/* Durations in seconds; NaN stands for SQL NULL. */
typedef struct jrn_support_durations
{
	double		first_reply;
	double		first_resolution;
	double		full_resolution;
	double		requester_wait;
	double		agent_wait;
	double		on_hold;
} jrn_support_durations;

typedef struct jrn_support
{
	jrn_support_durations calendar;
	jrn_support_durations business; /* NaN without open hours */
	int64_t		reopens;
	int64_t		handoffs;		/* -1: NULL */
	int64_t		touches;
	int64_t		resolutions;	/* changes to solved */
	jrn_case_status status;		/* at the end */
	int64_t		status_since;	/* of a known one */
} jrn_support;

typedef struct jrn_support_options
{
	const uint8_t *roles;		/* jrn_role by label */
	bool		has_as_of;
	int64_t		as_of;			/* after the last event */
	int			actor_column;	/* -1: the source has none */
	size_t		n_actors;		/* ranks in that column are below this */
	const jrn_open_hours *hours;	/* NULL: no business hours */
} jrn_support_options;

typedef struct jrn_support_work
{
	uint64_t   *seen;			/* by actor: the last case that met it */
	uint64_t	cases;
} jrn_support_work;

extern jrn_status jrn_support_work_init(const jrn_env *env, size_t n_actors,
										jrn_support_work *work);

/* Figures of one case; O(n), times the logarithm of the open intervals. */
extern jrn_status jrn_support_compute(const jrn_env *env, jrn_support_work *work,
									  const jrn_journey *journey,
									  const jrn_support_options *options, jrn_support *out);

#endif							/* JRN_SUPPORT_H */
