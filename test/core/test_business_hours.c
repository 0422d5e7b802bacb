/*
 * test_business_hours.c
 *		Open hours against minute by minute reading of the clock.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/features/business_hours.h"

#define MINUTE INT64_C(60000000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define MAX_OFFSETS 8

static int64_t zone_starts[MAX_OFFSETS];
static int64_t zone_offsets[MAX_OFFSETS];
static jrn_calendar zone = {zone_starts, zone_offsets, 0};
static jrn_week week;
static int32_t holidays[16];
static uint64_t counter;

static int64_t
draw(int64_t below)
{
	return (int64_t) (jrn_hash_u64(++counter, 77) % (uint64_t) below);
}

/* A random week with minutes that touch, and days that are closed. */
static void
draw_week(void)
{
	int			day,
				i;

	memset(&week, 0, sizeof(week));
	for (day = 0; day < 7; day++)
	{
		int32_t		at = (int32_t) draw(700) - 200;

		for (i = 0; i < 4 && draw(4) > 0; i++)
		{
			int32_t		from = at < 0 ? 0 : at;
			int32_t		until = from + 1 + (int32_t) draw(600);

			if (until > 1440)
				until = 1440;
			if (from >= until)
				break;
			week.from[day][i] = from * 60;
			week.until[day][i] = until * 60;
			week.count[day]++;
			at = until + (int32_t) draw(3) * 60;
		}
	}
	week.n_holidays = (size_t) draw(4);
	for (i = 0; i < (int) week.n_holidays; i++)
		holidays[i] = (i == 0 ? 0 : holidays[i - 1]) + (int32_t) draw(12);
	week.holidays = holidays;
}

/* Clocks that jump by up to two hours, also over midnight. */
static void
draw_zone(int64_t low)
{
	size_t		i;

	zone.n = (size_t) draw(MAX_OFFSETS);
	for (i = 0; i < zone.n; i++)
	{
		zone_starts[i] = i == 0 ? low : zone_starts[i - 1] + (1 + draw(9 * 24 * 60)) * MINUTE;
		zone_offsets[i] = (draw(113) - 56) * 15 * MINUTE;
		if (i > 0)
			zone_offsets[i] = zone_offsets[i - 1] + (draw(17) - 8) * 15 * MINUTE;
	}
}

/* What a person at the desk sees: is it open in the minute that begins at moment? */
static bool
clock_is_open(int64_t moment)
{
	int64_t		offset = 0;
	int64_t		local;
	int64_t		day;
	int32_t		second;
	int			weekday;
	size_t		i;

	for (i = 0; i < zone.n; i++)
		if (zone_starts[i] <= moment)
			offset = zone_offsets[i];
	local = moment + offset + 400 * 7 * DAY;
	day = local / DAY - 400 * 7;
	second = (int32_t) ((local % DAY) / 1000000);
	weekday = (int) ((day + 400 * 7 + 5) % 7);
	for (i = 0; i < week.n_holidays; i++)
		if (holidays[i] == day)
			return false;
	for (i = 0; i < (size_t) week.count[weekday]; i++)
		if (second >= week.from[weekday][i] && second < week.until[weekday][i])
			return true;
	return false;
}

static void
test_oracle(void)
{
	jrn_env		env = host_env();
	int			cases = 0,
				wrong = 0,
				shape = 0,
				c;

	for (c = 0; c < 300; c++)
	{
		jrn_open_hours hours;
		int64_t		low = (draw(20000) - 10000) * MINUTE;
		int64_t		high = low + (1 + draw(30 * 24 * 60)) * MINUTE;
		int64_t		moment;
		int64_t		open = 0;
		size_t		i;

		draw_week();
		draw_zone(low);
		memset(&hours, 0, sizeof(hours));
		if (jrn_open_hours_build(&env, &week, &zone, low, high, &hours) != JRN_OK)
		{
			ok(false, "case %d", c);
			continue;
		}
		for (i = 0; i < hours.n; i++)
			if (hours.starts[i] >= hours.ends[i] || hours.starts[i] < low || hours.ends[i] > high ||
				(i > 0 && hours.starts[i] <= hours.ends[i - 1]))
				shape++;
		for (moment = low; moment < high; moment += MINUTE)
		{
			int64_t		part = draw(MINUTE);
			bool		is_open = clock_is_open(moment);

			cases++;
			if (jrn_open_hours_until(&hours, moment) != open ||
				jrn_open_hours_until(&hours, moment + part) != open + (is_open ? part : 0))
				wrong++;
			open += is_open ? MINUTE : 0;
		}
		if (jrn_open_hours_until(&hours, high) != open)
			wrong++;
		host_reset();
	}
	ok(cases > 1000000, "%d minutes looked at", cases);
	ok_int(wrong, 0, "R-BUS-2 open time up to each minute, and inside it");
	ok_int(shape, 0, "R-BUS-1 intervals ascend, are disjoint, not empty, not adjacent");
}

/* Rome in March 2024: 02:00 to 03:00 on Sunday 31 does not exist. */
static void
test_days_of_change(void)
{
	jrn_env		env = host_env();
	jrn_open_hours hours;
	int64_t		day = 8856;		/* 2024-03-31 */
	int			weekday;

	memset(&week, 0, sizeof(week));
	memset(&hours, 0, sizeof(hours));
	for (weekday = 0; weekday < 7; weekday++)
	{
		week.count[weekday] = 1;
		week.until[weekday][0] = 86400;
	}
	zone.n = 2;
	zone_starts[0] = (day - 10) * DAY;
	zone_offsets[0] = HOUR;
	zone_starts[1] = day * DAY + HOUR;
	zone_offsets[1] = 2 * HOUR;
	ok_int(jrn_open_hours_build(&env, &week, &zone, day * DAY - HOUR, (day + 1) * DAY - 2 * HOUR, &hours),
		   JRN_OK, "a day of 24 hours on the clock");
	ok_int(jrn_open_hours_until(&hours, (day + 1) * DAY - 2 * HOUR), 23 * HOUR, "has 23 when an hour is skipped");
	ok_int((long long) hours.n, 1, "and is one interval");
	zone_offsets[1] = 0;
	ok_int(jrn_open_hours_build(&env, &week, &zone, day * DAY - HOUR, (day + 1) * DAY, &hours),
		   JRN_OK, "the other way");
	ok_int(jrn_open_hours_until(&hours, (day + 1) * DAY), 25 * HOUR, "25 hours when one comes twice");
	for (weekday = 0; weekday < 7; weekday++)
	{
		week.from[weekday][0] = 3600 + 1800;
		week.until[weekday][0] = 3 * 3600;
	}
	ok_int(jrn_open_hours_build(&env, &week, &zone, day * DAY - HOUR, (day + 1) * DAY, &hours),
		   JRN_OK, "01:30 to 03:00");
	ok_int(jrn_open_hours_until(&hours, (day + 1) * DAY), 2 * HOUR,
		   "half an hour before the clock goes back from 02:00 to 01:00, 90 minutes after");
	zone_offsets[1] = 2 * HOUR;
	ok_int(jrn_open_hours_build(&env, &week, &zone, day * DAY - HOUR, (day + 1) * DAY, &hours),
		   JRN_OK, "01:30 to 03:00 with 02:00 to 03:00 skipped");
	ok_int(jrn_open_hours_until(&hours, (day + 1) * DAY - 2 * HOUR), HOUR / 2, "leaves half an hour");
	ok_int(jrn_open_hours_build(&env, &week, NULL, 5, 5, &hours), JRN_OK, "an empty range");
	ok_int((long long) hours.n, 0, "has no interval");
	ok_int(jrn_open_hours_until(&hours, 5), 0, "and no time");
	ok_int(jrn_open_hours_build(&env, &week, NULL, 0, 5000000 * DAY, &hours), JRN_LIMIT,
		   "R-BUS-3 more intervals than fit");
	host_reset();
}

static jrn_status
build_long(const jrn_env *env, void *arg)
{
	jrn_open_hours hours;

	(void) arg;
	memset(&hours, 0, sizeof(hours));
	return jrn_open_hours_build(env, &week, &zone, 0, 10000 * DAY, &hours);
}

void
test_business_hours(void)
{
	test_oracle();
	test_days_of_change();
	ok_survives(build_long, NULL, "open hours");
	host_reset();
}
