/*
 * test_support.c
 *		Service figures: cases written out by hand, and random cases against
 *		a reading of the definitions second by second.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/features/support.h"

#define SECOND INT64_C(1000000)
#define MAX_EVENTS 16

static const uint8_t roles[] = {
	JRN_ROLE_NONE, JRN_ROLE_CREATED, JRN_ROLE_AUTOMATIC_REPLY, JRN_ROLE_INTERNAL_NOTE,
	JRN_ROLE_AGENT_REPLY, JRN_ROLE_CUSTOMER_REPLY, JRN_ROLE_PENDING, JRN_ROLE_ON_HOLD,
	JRN_ROLE_OPEN, JRN_ROLE_SOLVED
};

static jrn_event events[MAX_EVENTS];
static double actors[MAX_EVENTS];
static jrn_journey journey;
static jrn_support_options options;
static jrn_support_work work;
static jrn_open_hours hours;
static uint64_t counter;

static int64_t
draw(int64_t below)
{
	return (int64_t) (jrn_hash_u64(++counter, 31) % (uint64_t) below);
}

static void
begin(void)
{
	memset(&journey, 0, sizeof(journey));
	journey.events = events;
	journey.columns = actors;
	journey.column_count = 1;
	memset(&options, 0, sizeof(options));
	options.roles = roles;
	options.n_actors = 4;
	options.actor_column = 0;
}

/* Labels are roles here. */
static void
add(int64_t second, jrn_role role, double actor)
{
	events[journey.n].ts = second * SECOND;
	events[journey.n].label = (uint32_t) role;
	events[journey.n].ref = (uint32_t) journey.n;
	actors[journey.n++] = actor;
}

static jrn_support
compute(void)
{
	jrn_env		env = host_env();
	jrn_support out;

	if (work.seen == NULL)
		ok_int(jrn_support_work_init(&env, 4, &work), JRN_OK, "workspace");
	if (jrn_support_compute(&env, &work, &journey, &options, &out) != JRN_OK)
		ok(false, "figures");
	return out;
}

/* NaN is the same as NaN. */
static bool
same(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static void
test_by_hand(void)
{
	jrn_support s;

	begin();
	add(0, JRN_ROLE_CREATED, NAN);
	add(5, JRN_ROLE_AUTOMATIC_REPLY, 3);
	add(20, JRN_ROLE_INTERNAL_NOTE, 2);
	add(60, JRN_ROLE_AGENT_REPLY, 0);
	add(60, JRN_ROLE_PENDING, NAN);
	add(100, JRN_ROLE_CUSTOMER_REPLY, NAN);
	add(100, JRN_ROLE_OPEN, NAN);
	add(130, JRN_ROLE_ON_HOLD, NAN);
	add(180, JRN_ROLE_OPEN, NAN);
	add(200, JRN_ROLE_AGENT_REPLY, 1);
	add(210, JRN_ROLE_SOLVED, NAN);
	add(300, JRN_ROLE_OPEN, NAN);
	add(310, JRN_ROLE_AGENT_REPLY, 0);
	add(320, JRN_ROLE_SOLVED, NAN);
	add(400, JRN_ROLE_SOLVED, NAN);
	s = compute();
	ok_close(s.calendar.first_reply, 60, 0, "R-SUP-3 no automatic reply, no note");
	ok_close(s.calendar.first_resolution, 210, 0, "first resolution");
	ok_close(s.calendar.full_resolution, 320, 0, "full resolution: a status set again is no change");
	ok_close(s.calendar.requester_wait, 60 + 30 + 50 + 30 + 20, 0, "R-SUP-4 new + open + on hold");
	ok_close(s.calendar.agent_wait, 40, 0, "pending");
	ok_close(s.calendar.on_hold, 50, 0, "on hold");
	ok_int(s.reopens, 1, "R-SUP-5 reopens");
	ok_int(s.handoffs, 2, "two agents in three replies");
	ok_int(s.touches, 3, "touches");
	ok_int(s.resolutions, 2, "changes to solved");
	ok(s.status == JRN_CASE_SOLVED && s.status_since == 320 * SECOND, "solved since then");
	ok(isnan(s.business.first_reply) && isnan(s.business.on_hold), "R-SUP-6 no open hours, no figures");

	begin();
	add(0, JRN_ROLE_CREATED, NAN);
	add(10, JRN_ROLE_PENDING, NAN);
	s = compute();
	ok_close(s.calendar.agent_wait, 0, 0, "R-SUP-4 the last status without as_of ends with the events");
	options.has_as_of = true;
	options.as_of = 35 * SECOND;
	s = compute();
	ok_close(s.calendar.agent_wait, 25, 0, "with as_of it runs until then");
	ok_int(s.handoffs, 0, "no reply, no agent");
	ok(isnan(s.calendar.first_reply) && isnan(s.calendar.full_resolution), "what did not happen is NULL");

	begin();
	add(0, JRN_ROLE_AGENT_REPLY, NAN);
	add(5, JRN_ROLE_NONE, NAN);
	s = compute();
	ok_int(s.handoffs, -1, "replies of nobody known");
	ok(isnan(s.calendar.first_reply) && isnan(s.calendar.requester_wait), "R-SUP-2 no created, no status");
	ok_int(s.touches, 1, "but a touch");
	options.actor_column = -1;
	ok_int(compute().handoffs, -1, "no column actor");

	begin();
	add(0, JRN_ROLE_SOLVED, NAN);
	add(1, JRN_ROLE_AGENT_REPLY, 0);
	add(7, JRN_ROLE_AGENT_REPLY, 1);
	add(7, JRN_ROLE_CREATED, NAN);
	add(9, JRN_ROLE_SOLVED, NAN);
	s = compute();
	ok_close(s.calendar.first_reply, 0, 0, "R-SUP-2 at the moment of creation, whatever the order");
	ok_close(s.calendar.first_resolution, 2, 0, "what was before does not count");
	ok_int(s.resolutions, 1, "nor as a resolution");
	ok_int(s.touches, 2, "touches count all");

	begin();
	add(0, JRN_ROLE_OPEN, NAN);
	add(8, JRN_ROLE_SOLVED, NAN);
	s = compute();
	ok_close(s.calendar.requester_wait, 8, 0, "a case without created waits from its first status on");
	ok(isnan(s.calendar.first_resolution), "but was solved nobody knows how late");
}

/* The status after all events up to a moment, by R-SUP-1 and R-SUP-2. */
static jrn_case_status
status_at(int64_t moment, bool has_created, int64_t created)
{
	jrn_case_status status = JRN_CASE_UNKNOWN;
	size_t		i;

	for (i = 0; i < journey.n && events[i].ts <= moment; i++)
	{
		jrn_case_status set = JRN_CASE_UNKNOWN;

		if (has_created && events[i].ts < created)
			continue;
		if (events[i].label == JRN_ROLE_CREATED && status == JRN_CASE_UNKNOWN)
			set = JRN_CASE_NEW;
		if (events[i].label == JRN_ROLE_OPEN)
			set = JRN_CASE_OPEN;
		if (events[i].label == JRN_ROLE_PENDING)
			set = JRN_CASE_PENDING;
		if (events[i].label == JRN_ROLE_ON_HOLD)
			set = JRN_CASE_ON_HOLD;
		if (events[i].label == JRN_ROLE_SOLVED)
			set = JRN_CASE_SOLVED;
		if (set != JRN_CASE_UNKNOWN)
			status = set;
	}
	return status;
}

/* Open hours of the random cases: odd stretches of ten seconds. */
static bool
open_at(int64_t second)
{
	return (second / 10) % 2 == 1;
}

/* Every second of the case under its status, in both measures. */
static bool
seconds_agree(const jrn_support *s, bool has_created, int64_t created)
{
	int64_t		end = options.has_as_of ? options.as_of : events[journey.n - 1].ts;
	double		spent[2][JRN_CASE_STATUS_COUNT] = {{0}};
	int64_t		t;
	int			b;

	for (t = 0; t < end; t += SECOND)
	{
		jrn_case_status status = status_at(t, has_created, created);

		spent[0][status]++;
		spent[1][status] += open_at(t / SECOND);
	}
	for (b = 0; b < 2; b++)
	{
		const jrn_support_durations *of = b ? &s->business : &s->calendar;
		bool		known = status_at(end, has_created, created) != JRN_CASE_UNKNOWN;

		if (!same(of->requester_wait, known ? spent[b][JRN_CASE_NEW] + spent[b][JRN_CASE_OPEN] +
				  spent[b][JRN_CASE_ON_HOLD] : NAN) ||
			!same(of->agent_wait, known ? spent[b][JRN_CASE_PENDING] : NAN) ||
			!same(of->on_hold, known ? spent[b][JRN_CASE_ON_HOLD] : NAN))
			return false;
	}
	return true;
}

/* Seconds from created to a moment, both measures; -1: no such moment. */
static bool
duration_agrees(double calendar, double business, bool has_created, int64_t created, int64_t moment)
{
	double		count[2] = {0, 0};
	int64_t		t;

	if (moment < 0 || !has_created)
		return isnan(calendar) && isnan(business);
	for (t = created; t < moment; t += SECOND)
	{
		count[0]++;
		count[1] += open_at(t / SECOND);
	}
	return calendar == count[0] && business == count[1];
}

static bool
case_agrees(const jrn_support *s)
{
	bool		has_created = false,
				agents[4] = {false};
	int64_t		created = 0,
				reply = -1,
				first = -1,
				last = -1,
				reopens = 0,
				touches = 0,
				handoffs = 0;
	jrn_case_status before = JRN_CASE_UNKNOWN;
	size_t		i,
				n = journey.n;

	for (i = 0; i < n && !has_created; i++)
		if (events[i].label == JRN_ROLE_CREATED)
		{
			has_created = true;
			created = events[i].ts;
		}
	for (i = 0; i < n; i++)
	{
		jrn_case_status status;

		if (events[i].label == JRN_ROLE_AGENT_REPLY)
		{
			touches++;
			if (!isnan(actors[i]) && !agents[(int) actors[i]])
				agents[(int) actors[i]] = handoffs++ >= 0;
			if (reply < 0 && has_created && events[i].ts >= created)
				reply = events[i].ts;
		}
		journey.n = i + 1;		/* the status after this event */
		status = status_at(events[i].ts, has_created, created);
		if (status == JRN_CASE_SOLVED && before != status)
		{
			first = first < 0 ? events[i].ts : first;
			last = events[i].ts;
		}
		reopens += status == JRN_CASE_OPEN && before == JRN_CASE_SOLVED;
		before = status;
	}
	journey.n = n;
	return s->touches == touches && s->reopens == reopens && s->status == before &&
		s->handoffs == (touches > 0 && handoffs == 0 ? -1 : handoffs) &&
		duration_agrees(s->calendar.first_reply, s->business.first_reply, has_created, created, reply) &&
		duration_agrees(s->calendar.first_resolution, s->business.first_resolution, has_created, created, first) &&
		duration_agrees(s->calendar.full_resolution, s->business.full_resolution, has_created, created, last) &&
		seconds_agree(s, has_created, created);
}

static void
test_random(void)
{
	static int64_t starts[40],
				ends[40],
				before[40];
	int			wrong = 0,
				c;
	size_t		i;

	for (i = 0; i < 40; i++)
	{
		starts[i] = ((int64_t) i * 20 + 10) * SECOND;
		ends[i] = starts[i] + 10 * SECOND;
		before[i] = (int64_t) i * 10 * SECOND;
	}
	hours.starts = starts;
	hours.ends = ends;
	hours.before = before;
	hours.n = 40;
	for (c = 0; c < 20000; c++)
	{
		int64_t		at = 0;
		int			n = 1 + (int) draw(MAX_EVENTS);
		jrn_support s;

		begin();
		options.hours = &hours;
		while (n-- > 0)
		{
			at += draw(3) == 0 ? 0 : draw(40);
			add(at, (jrn_role) draw(JRN_ROLE_COUNT), draw(3) == 0 ? NAN : (double) draw(4));
		}
		options.has_as_of = draw(2) == 0;
		options.as_of = (at + 1 + draw(50)) * SECOND;
		s = compute();
		wrong += !case_agrees(&s);
	}
	ok_int(wrong, 0, "20000 random cases, second by second");
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	static jrn_event many[20000];
	jrn_support_work own;
	jrn_support out;
	jrn_journey long_case;
	size_t		i;

	(void) arg;
	for (i = 0; i < 20000; i++)
	{
		many[i].ts = (int64_t) i;
		many[i].label = 0;
	}
	memset(&long_case, 0, sizeof(long_case));
	long_case.events = many;
	long_case.n = 20000;
	options.actor_column = -1;
	JRN_TRY(jrn_support_work_init(env, 4, &own));
	return jrn_support_compute(env, &own, &long_case, &options, &out);
}

void
test_support(void)
{
	memset(&work, 0, sizeof(work));
	test_by_hand();
	test_random();
	begin();
	ok_survives(survive, NULL, "support figures");
	work.seen = NULL;
	host_reset();
}
