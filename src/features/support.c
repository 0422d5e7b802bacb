/*
 * support.c
 *		Service figures of one case (see support.h).
 */
#include <math.h>
#include <string.h>

#include "support.h"

#define TICK_EVENTS 4096
#define SECOND 1e6

/* A stretch of time in microseconds, in both measures. */
typedef struct stretch
{
	uint64_t	calendar;		/* unsigned: all of timestamptz fits */
	uint64_t	business;
} stretch;

typedef struct case_walk
{
	const jrn_support_options *options;
	bool		has_created;
	int64_t		created_at;
	jrn_case_status status;
	int64_t		since;			/* when the status was set */
	stretch		spent[JRN_CASE_STATUS_COUNT];
	bool		has_reply;
	int64_t		reply_at;
	int64_t		first_solved_at;
	int64_t		last_solved_at;
	int64_t		known_agents;
	jrn_support *out;
} case_walk;

jrn_status
jrn_support_work_init(const jrn_env *env, size_t n_actors, jrn_support_work *work)
{
	work->cases = 0;
	return jrn_alloc_zeroed(env, n_actors, sizeof(uint64_t), &work->seen);
}

static void
add_stretch(const case_walk *walk, stretch *to, int64_t from, int64_t until)
{
	const jrn_open_hours *hours = walk->options->hours;

	if (until <= from)
		return;
	to->calendar += (uint64_t) until - (uint64_t) from;
	if (hours != NULL)
		to->business += (uint64_t) (jrn_open_hours_until(hours, until) -
									jrn_open_hours_until(hours, from));
}

/* R-SUP-1, R-SUP-3, R-SUP-5 */
static void
set_status(case_walk *walk, jrn_case_status status, int64_t ts)
{
	if (status == walk->status)
		return;
	add_stretch(walk, &walk->spent[walk->status], walk->since, ts);
	if (status == JRN_CASE_SOLVED)
	{
		if (walk->out->resolutions++ == 0)
			walk->first_solved_at = ts;
		walk->last_solved_at = ts;
	}
	if (status == JRN_CASE_OPEN && walk->status == JRN_CASE_SOLVED)
		walk->out->reopens++;
	walk->status = status;
	walk->since = ts;
}

static void
count_reply(case_walk *walk, jrn_support_work *work, const jrn_journey *journey, size_t i)
{
	const jrn_support_options *options = walk->options;
	int64_t		ts = journey->events[i].ts;
	double		actor = options->actor_column < 0 ? NAN :
		jrn_journey_column(journey, i, options->actor_column);

	walk->out->touches++;
	if (walk->has_created && !walk->has_reply && ts >= walk->created_at)
	{
		walk->has_reply = true;
		walk->reply_at = ts;
	}
	if (!isnan(actor) && (size_t) actor < options->n_actors &&
		work->seen[(size_t) actor] != work->cases)
	{
		work->seen[(size_t) actor] = work->cases;
		walk->known_agents++;
	}
}

static jrn_case_status
status_of_role(jrn_role role)
{
	switch (role)
	{
		case JRN_ROLE_CREATED:
			return JRN_CASE_NEW;
		case JRN_ROLE_OPEN:
			return JRN_CASE_OPEN;
		case JRN_ROLE_PENDING:
			return JRN_CASE_PENDING;
		case JRN_ROLE_ON_HOLD:
			return JRN_CASE_ON_HOLD;
		case JRN_ROLE_SOLVED:
			return JRN_CASE_SOLVED;
		default:
			return JRN_CASE_UNKNOWN;
	}
}

static void
take_event(case_walk *walk, jrn_support_work *work, const jrn_journey *journey, size_t i)
{
	int64_t		ts = journey->events[i].ts;
	jrn_role	role = (jrn_role) walk->options->roles[journey->events[i].label];
	jrn_case_status status = status_of_role(role);

	if (role == JRN_ROLE_AGENT_REPLY)
		count_reply(walk, work, journey, i);
	if (status == JRN_CASE_UNKNOWN || (walk->has_created && ts < walk->created_at))
		return;					/* R-SUP-2 */
	if (role != JRN_ROLE_CREATED || walk->status == JRN_CASE_UNKNOWN)
		set_status(walk, status, ts);
}

/* The first created event; journeys without one are read to the end. */
static jrn_status
find_created(const jrn_env *env, case_walk *walk, const jrn_journey *journey)
{
	size_t		i;

	for (i = 0; i < journey->n; i++)
	{
		if (i % TICK_EVENTS == TICK_EVENTS - 1)
			JRN_TICK(env);
		if (walk->options->roles[journey->events[i].label] == JRN_ROLE_CREATED)
		{
			walk->has_created = true;
			walk->created_at = journey->events[i].ts;
			return JRN_OK;
		}
	}
	return JRN_OK;
}

static double
seconds(uint64_t microseconds)
{
	return (double) microseconds / SECOND;	/* R-SUP-7 */
}

/* The time from the beginning of the case to a moment, into both measures. */
static void
set_from_created(const case_walk *walk, bool known, int64_t moment, double *calendar, double *business)
{
	stretch		time = {0, 0};

	if (!known || !walk->has_created)
		return;
	add_stretch(walk, &time, walk->created_at, moment);
	*calendar = seconds(time.calendar);
	if (walk->options->hours != NULL)
		*business = seconds(time.business);
}

static void
set_waits(const stretch *spent, bool business, jrn_support_durations *to)
{
#define SPENT(status) (business ? spent[status].business : spent[status].calendar)
	to->requester_wait = seconds(SPENT(JRN_CASE_NEW) + SPENT(JRN_CASE_OPEN) + SPENT(JRN_CASE_ON_HOLD));
	to->agent_wait = seconds(SPENT(JRN_CASE_PENDING));
	to->on_hold = seconds(SPENT(JRN_CASE_ON_HOLD));
#undef SPENT
}

static void
clear_durations(jrn_support_durations *of)
{
	of->first_reply = of->first_resolution = of->full_resolution = NAN;
	of->requester_wait = of->agent_wait = of->on_hold = NAN;
}

static void
finish(case_walk *walk, const jrn_journey *journey)
{
	jrn_support *out = walk->out;
	bool		solved = out->resolutions > 0;

	set_from_created(walk, walk->has_reply, walk->reply_at,
					 &out->calendar.first_reply, &out->business.first_reply);
	set_from_created(walk, solved, walk->first_solved_at,
					 &out->calendar.first_resolution, &out->business.first_resolution);
	set_from_created(walk, solved, walk->last_solved_at,
					 &out->calendar.full_resolution, &out->business.full_resolution);
	out->status = walk->status;
	out->status_since = walk->since;
	out->handoffs = out->touches > 0 && walk->known_agents == 0 ? -1 : walk->known_agents;
	if (walk->options->actor_column < 0)
		out->handoffs = -1;
	if (walk->status == JRN_CASE_UNKNOWN)
		return;
	/* R-SUP-4: the last status runs on */
	add_stretch(walk, &walk->spent[walk->status], walk->since,
				walk->options->has_as_of ? walk->options->as_of : journey->events[journey->n - 1].ts);
	set_waits(walk->spent, false, &out->calendar);
	if (walk->options->hours != NULL)
		set_waits(walk->spent, true, &out->business);
}

jrn_status
jrn_support_compute(const jrn_env *env, jrn_support_work *work, const jrn_journey *journey,
					const jrn_support_options *options, jrn_support *out)
{
	case_walk	walk;
	size_t		i;

	memset(&walk, 0, sizeof(walk));
	memset(out, 0, sizeof(*out));
	clear_durations(&out->calendar);
	clear_durations(&out->business);
	walk.options = options;
	walk.out = out;
	work->cases++;
	JRN_TRY(find_created(env, &walk, journey));
	for (i = 0; i < journey->n; i++)
	{
		if (i % TICK_EVENTS == TICK_EVENTS - 1)
			JRN_TICK(env);
		take_event(&walk, work, journey, i);
	}
	finish(&walk, journey);
	return JRN_OK;
}
