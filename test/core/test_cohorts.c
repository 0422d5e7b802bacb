/*
 * test_cohorts.c
 *		Calendar periods against a walk over all days; cohort retention,
 *		lifecycle and sessions against their definitions, cell by cell.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/funnels/cohorts.h"
#include "../../src/funnels/lifecycle.h"
#include "../../src/funnels/sessions.h"

#define DAY INT64_C(86400000000)
#define CUSTOMERS 12
#define EVENTS 14

static uint64_t counter;

static int64_t
draw(int64_t below)
{
	return (int64_t) (jrn_hash_u64(++counter, 5) % (uint64_t) below);
}

/* ---- periods ---- */

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Every day from 1200 to 2800, counted on by hand. */
static void
test_months(void)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	jrn_period	month = {JRN_PERIOD_MONTHS, 1, 0};
	jrn_period	quarter = {JRN_PERIOD_MONTHS, 3, 0};
	jrn_period	year = {JRN_PERIOD_MONTHS, 12, 0};
	int64_t		day = -INT64_C(292194);	/* 1200-01-01: two cycles of 146,097 days */
	int			wrong = 0,
				y,
				m,
				d;

	for (y = 1200; y < 2800; y++)
		for (m = 0; m < 12; m++)
		{
			int64_t		number = (y - 2000) * 12 + m;

			wrong += jrn_period_start(&month, number) != day * DAY;
			if (m % 3 == 0)
				wrong += jrn_period_start(&quarter, (y - 2000) * 4 + m / 3) != day * DAY;
			for (d = 0; d < lengths[m] + (m == 1 && is_leap(y)); d++, day++)
			{
				wrong += jrn_period_number(&month, NULL, day * DAY) != number;
				wrong += jrn_period_number(&month, NULL, day * DAY + DAY - 1) != number;
				wrong += jrn_period_number(&quarter, NULL, day * DAY + 5) != (y - 2000) * 4 + m / 3;
				wrong += jrn_period_number(&year, NULL, day * DAY + 7) != y - 2000;
			}
		}
	ok_int(wrong, 0, "R-PER-1 months, quarters and years of 1,600 years");
}

static void
test_days(void)
{
	static const int64_t starts[] = {-100 * DAY, 50 * DAY + DAY / 2};
	static const int64_t offsets[] = {DAY / 24, -DAY / 24};
	jrn_calendar calendar = {starts, offsets, 2};
	jrn_period	week = {JRN_PERIOD_DAYS, 7, 0};
	jrn_period	fortnight = {JRN_PERIOD_DAYS, 14, 0};
	jrn_period	ten = {JRN_PERIOD_DAYS, 10, 0};
	jrn_period	day = {JRN_PERIOD_DAYS, 1, 0};
	jrn_period	fixed = {JRN_PERIOD_FIXED, 7000, -3000};
	int			wrong = 0;
	int64_t		t;

	ok_int(jrn_period_start(&week, 0), 2 * DAY, "R-PER-2 weeks begin on Mondays");
	ok_int(jrn_period_start(&ten, 1), 10 * DAY, "ten days from 2000-01-01");
	for (t = -50000; t < 50000; t++)
	{
		int64_t		number = jrn_period_number(&fixed, NULL, t);

		wrong += jrn_period_start(&fixed, number) > t || jrn_period_start(&fixed, number + 1) <= t;
		number = jrn_period_number(&fortnight, NULL, t * DAY / 3);
		wrong += jrn_period_start(&fortnight, number) > t * DAY / 3 ||
			jrn_period_start(&fortnight, number + 1) <= t * DAY / 3;
		number = jrn_period_number(&ten, NULL, t * DAY / 3);
		wrong += jrn_period_start(&ten, number) > t * DAY / 3 ||
			jrn_period_start(&ten, number + 1) <= t * DAY / 3;
	}
	ok_int(wrong, 0, "R-PER-3 every moment lies in its period");
	ok_int(jrn_period_number(&fixed, NULL, INT64_C(9223371331199999999)), INT64_C(1317624475885714), "the end of time");
	ok_int(jrn_period_number(&day, &calendar, 10 * DAY - 1), 10, "R-PER-4 east of Greenwich the day begins earlier");
	ok_int(jrn_period_number(&day, &calendar, 60 * DAY), 59, "west of it later");
}

/* ---- cohorts ---- */

static jrn_event events[CUSTOMERS][EVENTS];
static size_t lengths[CUSTOMERS];
static jrn_cohort_options options;
static int32_t brackets[3];

/* Spans that are not all of one length, as months are. */
static int64_t
uneven(void *arg, int64_t start, int64_t times)
{
	int64_t		length = *(int64_t *) arg;

	return start + times * length + (times % 3 == 1 ? DAY / 4 : 0);
}

static void
draw_customers(void)
{
	int			c;
	size_t		i;

	for (c = 0; c < CUSTOMERS; c++)
	{
		int64_t		at = draw(30 * 24) * (DAY / 24);

		lengths[c] = 1 + (size_t) draw(EVENTS);
		for (i = 0; i < lengths[c]; i++)
		{
			at += draw(3) == 0 ? 0 : draw(6 * 24) * (DAY / 24);
			events[c][i].ts = at;
			events[c][i].label = (uint32_t) draw(3);
			events[c][i].ref = 0;
		}
	}
}

static void
draw_options(int64_t *length)
{
	int64_t		last = 0;
	int			c;

	memset(&options, 0, sizeof(options));
	options.period.unit = draw(2) ? JRN_PERIOD_DAYS : JRN_PERIOD_FIXED;
	options.period.length = options.period.unit == JRN_PERIOD_DAYS ? 1 + draw(9) : DAY / 2 + draw(9) * DAY;
	*length = options.period.unit == JRN_PERIOD_DAYS ? options.period.length * DAY : options.period.length;
	options.rolling = draw(2) == 0;
	options.add_spans = uneven;
	options.add_spans_arg = length;
	options.span_length = (double) *length;
	options.kind = (jrn_cohort_kind) draw(3);
	options.recurring = draw(2) == 0;
	options.min_events = 1 + draw(2);
	options.periods = 3 + (int32_t) draw(4);
	brackets[0] = 1 + (int32_t) draw(2);
	brackets[1] = 3;
	options.brackets = brackets;
	options.n_brackets = 1 + (int32_t) draw(2);
	options.start_label = draw(3);
	options.return_label = draw(3);
	for (c = 0; c < CUSTOMERS; c++)
		if (events[c][lengths[c] - 1].ts > last)
			last = events[c][lengths[c] - 1].ts;
	options.now = last + draw(20) * DAY;
}

/* First and last period of a cell. */
static void
cell_periods(int32_t cell, int64_t *first, int64_t *last)
{
	*first = *last = cell;
	if (options.kind == JRN_COHORT_BRACKET && cell > 0)
	{
		*first = brackets[cell - 1];
		*last = cell < options.n_brackets ? brackets[cell] - 1 : options.periods;
	}
}

/* The definition for one customer: joined, returned, matured in a cell. */
static void
oracle_cell(int c, int64_t cohort, int32_t cell, bool *joined, bool *returned, bool *matured)
{
	int64_t		start = 0,
				first,
				last,
				count = 0,
				end;
	size_t		i;

	*joined = *returned = false;
	*matured = true;
	for (i = 0; i < lengths[c] && !*joined; i++)
		if ((int64_t) events[c][i].label == options.start_label)
		{
			start = events[c][i].ts;
			*joined = jrn_period_number(&options.period, NULL, start) == cohort;
			if (!options.recurring)
				break;
		}
	if (!*joined)
		return;
	cell_periods(cell, &first, &last);
	for (i = 0; i < lengths[c]; i++)
	{
		int64_t		ts = events[c][i].ts;
		int64_t		from = options.rolling ? uneven(options.add_spans_arg, start, first) :
			jrn_period_start(&options.period, cohort + first);
		int64_t		until = options.rolling ? uneven(options.add_spans_arg, start, last + 1) :
			jrn_period_start(&options.period, cohort + last + 1);

		count += (int64_t) events[c][i].label == options.return_label && ts >= from &&
			(options.kind == JRN_COHORT_ON_OR_AFTER || ts < until);
	}
	end = options.rolling ? uneven(options.add_spans_arg, start, last + 1) :
		jrn_period_start(&options.period, cohort + last + 1);
	*returned = cell == 0 || count >= options.min_events;
	*matured = end <= options.now;
}

static jrn_status
run(const jrn_env *env, jrn_cohorts *cohorts)
{
	int			c;

	JRN_TRY(jrn_cohorts_begin(cohorts, env, &options));
	for (c = 0; c < CUSTOMERS; c++)
	{
		jrn_journey journey;

		memset(&journey, 0, sizeof(journey));
		journey.events = events[c];
		journey.n = lengths[c];
		JRN_TRY(jrn_cohorts_add(cohorts, NULL, &journey));
	}
	return jrn_cohorts_finish(cohorts, jrn_period_number(&options.period, NULL, options.now));
}

static bool
cell_agrees(const jrn_cohorts *cohorts, size_t at, int32_t i)
{
	jrn_cohort_cell cell = jrn_cohorts_cell(cohorts, at, i);
	int64_t		size = 0,
				retained = 0,
				first,
				last;
	bool		mature = true;
	int			c;

	for (c = 0; c < CUSTOMERS; c++)
	{
		bool		joined,
					returned,
					matured;

		oracle_cell(c, cohorts->numbers[at], i, &joined, &returned, &matured);
		size += joined;
		retained += joined && returned;
		mature = mature && matured;
	}
	cell_periods(i, &first, &last);
	return cell.size == size && cell.retained == retained && cell.mature == mature &&
		cell.period == first;
}

static void
test_oracle(void)
{
	jrn_env		env = host_env();
	int			wrong = 0,
				cells = 0,
				t;

	for (t = 0; t < 4000; t++)
	{
		jrn_cohorts cohorts;
		int64_t		length,
					number;
		size_t		at;
		int32_t		i;
		int			c,
					seen = 0;

		draw_customers();
		draw_options(&length);
		if (run(&env, &cohorts) != JRN_OK)
			wrong++;
		for (at = 0; at < cohorts.ledger.rows; at++)
			for (i = 0; i < cohorts.cells; i++, cells++)
				wrong += !cell_agrees(&cohorts, at, i);
		/* no cohort is missing */
		for (number = -3; number < 300; number++)
		{
			bool		any = false,
						returned,
						matured;

			for (c = 0; c < CUSTOMERS && !any; c++)
				oracle_cell(c, number, 0, &any, &returned, &matured);
			seen += any;
		}
		wrong += seen != (int) cohorts.ledger.rows;
		host_reset();
	}
	ok(cells > 50000, "%d cells compared", cells);
	ok_int(wrong, 0, "R-COH-1 to R-COH-4 against the definition");
}

static int64_t
saturating(void *arg, int64_t start, int64_t times)
{
	(void) arg;
	if ((uint64_t) times > (UINT64_C(9223371331199999999) - (uint64_t) start) / 10)
		return INT64_C(9223371331199999999);
	return (int64_t) ((uint64_t) start + (uint64_t) times * 10);
}

static void
test_limits(void)
{
	jrn_env		env = host_env();
	jrn_cohorts cohorts;
	int64_t		length;

	draw_options(&length);
	options.add_spans = saturating;
	options.span_length = 10;
	ok_int(jrn_spans_between(&options, 0, 1005), 100, "whole spans");
	ok_int(jrn_spans_between(&options, 0, 9), 0, "none");
	ok(jrn_spans_between(&options, -INT64_C(211813488000000000), INT64_C(9223371331199999999)) > INT64_C(900000000000000000),
	   "the end of time ends");
	options.span_length = 25;
	ok_int(jrn_spans_between(&options, 3, 1000003), 100000, "a guess that is too low");
	options.span_length = 1;
	ok_int(jrn_spans_between(&options, 3, 1000002), 99999, "a guess that is too high");
	options.periods = 0;
	ok_int(jrn_cohorts_begin(&cohorts, &env, &options), JRN_DOMAIN, "no periods");
	host_reset();
}

/* ---- lifecycle and sessions ---- */

static bool
present(int c, const jrn_period *period, int64_t number)
{
	size_t		i;

	for (i = 0; i < lengths[c]; i++)
		if (jrn_period_number(period, NULL, events[c][i].ts) == number)
			return true;
	return false;
}

static jrn_status
run_lifecycle(const jrn_env *env, jrn_lifecycle *life, const jrn_period *period)
{
	int			c;

	JRN_TRY(jrn_lifecycle_begin(life, env));
	for (c = 0; c < CUSTOMERS; c++)
	{
		jrn_journey journey;

		memset(&journey, 0, sizeof(journey));
		journey.events = events[c];
		journey.n = lengths[c];
		JRN_TRY(jrn_lifecycle_add(life, period, NULL, &journey));
	}
	return JRN_OK;
}

static void
test_lifecycle(void)
{
	jrn_env		env = host_env();
	int			wrong = 0,
				t;

	for (t = 0; t < 500; t++)
	{
		jrn_period	period = {JRN_PERIOD_DAYS, 1 + draw(9), 0};
		jrn_lifecycle life;
		int64_t		number;

		draw_customers();
		wrong += run_lifecycle(&env, &life, &period) != JRN_OK;
		for (number = life.first - 1; number <= life.last; number++)
		{
			int64_t		want[JRN_LIFE_COUNT] = {0};
			int			c,
						s;

			for (c = 0; c < CUSTOMERS; c++)
			{
				bool		here = present(c, &period, number),
							back = present(c, &period, number - 1),
							ever = false;
				int64_t		before;

				for (before = -3; before < number; before++)
					ever = ever || present(c, &period, before);
				want[JRN_LIFE_NEW] += here && !ever;
				want[JRN_LIFE_RETURNING] += here && back;
				want[JRN_LIFE_RESURRECTING] += here && ever && !back;
				want[JRN_LIFE_DORMANT] += !here && back;
			}
			for (s = 0; s < JRN_LIFE_COUNT; s++)
				wrong += jrn_lifecycle_customers(&life, number, (jrn_life) s) != want[s];
		}
		host_reset();
	}
	ok_int(wrong, 0, "R-LIF-1 lifecycle against its definition");
}

static int64_t
after_ten(void *arg, int64_t ts)
{
	(void) arg;
	return ts + 10;
}

static void
test_sessions(void)
{
	static const int64_t moments[] = {0, 0, 10, 20, 31, 41, 52};
	static const size_t want[] = {4, 2, 1};
	jrn_env		env = host_env();
	jrn_event	list[7];
	size_t		at = 0,
				length;
	int			i;

	memset(list, 0, sizeof(list));
	for (i = 0; i < 7; i++)
		list[i].ts = moments[i];
	for (i = 0; i < 3; i++, at += length)
	{
		ok_int(jrn_session_length(&env, list + at, 7 - at, after_ten, NULL, &length), JRN_OK, "session %d", i);
		ok_int((long long) length, (long long) want[i], "R-SES-1 a gap as long as the timeout stays inside");
	}
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	jrn_cohorts cohorts;
	jrn_lifecycle life;
	jrn_period	period = {JRN_PERIOD_DAYS, 1, 0};

	(void) arg;
	JRN_TRY(run(env, &cohorts));
	return run_lifecycle(env, &life, &period);
}

void
test_cohorts(void)
{
	int64_t		length;

	test_months();
	test_days();
	test_oracle();
	test_limits();
	test_lifecycle();
	test_sessions();
	draw_customers();
	draw_options(&length);
	options.rolling = true;
	ok_survives(survive, NULL, "cohorts and lifecycle");
	host_reset();
}
