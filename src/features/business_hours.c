/*
 * business_hours.c
 *		Open hours of a support desk (see business_hours.h).
 */
#include <string.h>

#include "business_hours.h"

#define SECOND INT64_C(1000000)
#define DAY (INT64_C(86400) * SECOND)
#define TICK_DAYS 4096

/* The day of a local time, counted from 2000-01-01. */
static int64_t
day_of(int64_t local)
{
	return local >= 0 ? local / DAY : -((-(local + 1)) / DAY) - 1;
}

/* 2000-01-01 was a Saturday, the weekday 5. */
static int
weekday_of(int64_t day)
{
	return (int) (((day % 7) + 7 + 5) % 7);
}

static bool
is_holiday(const jrn_week *week, int64_t day)
{
	size_t		low = 0,
				high = week->n_holidays;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (week->holidays[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < week->n_holidays && week->holidays[low] == day;
}

/* Room for one more interval: three arrays that grow together. */
static jrn_status
grow(const jrn_env *env, jrn_open_hours *hours)
{
	size_t		capacity = hours->capacity;

	if (hours->n < hours->capacity)
		return JRN_OK;
	if (hours->n >= JRN_OPEN_HOURS_MAX)
		return JRN_LIMIT;		/* R-BUS-3 */
	JRN_TRY(jrn_grow_array(env, hours->n, &capacity, sizeof(int64_t), &hours->starts));
	capacity = hours->capacity;
	JRN_TRY(jrn_grow_array(env, hours->n, &capacity, sizeof(int64_t), &hours->ends));
	capacity = hours->capacity;
	JRN_TRY(jrn_grow_array(env, hours->n, &capacity, sizeof(int64_t), &hours->before));
	hours->capacity = capacity;
	return JRN_OK;
}

/* Intervals come in ascending order; one that begins where the last ends lengthens it. */
static jrn_status
add_interval(const jrn_env *env, jrn_open_hours *hours, int64_t start, int64_t end)
{
	if (start >= end)
		return JRN_OK;
	if (hours->n > 0 && hours->ends[hours->n - 1] == start)
	{
		hours->ends[hours->n - 1] = end;
		return JRN_OK;
	}
	JRN_TRY(grow(env, hours));
	hours->starts[hours->n] = start;
	hours->ends[hours->n] = end;
	hours->n++;
	return JRN_OK;
}

/* What is open in [low, high), through which the zone has one offset. */
static jrn_status
add_stretch(const jrn_env *env, const jrn_week *week, int64_t offset, int64_t low, int64_t high,
			jrn_open_hours *hours)
{
	int64_t		day = day_of(low + offset);
	int64_t		last = day_of(high - 1 + offset);

	for (; day <= last; day++)
	{
		int			weekday = weekday_of(day);
		int			i;

		if (day % TICK_DAYS == 0)
			JRN_TICK(env);
		if (week->count[weekday] == 0 || is_holiday(week, day))
			continue;
		for (i = 0; i < week->count[weekday]; i++)
		{
			int64_t		start = day * DAY + week->from[weekday][i] * SECOND - offset;
			int64_t		end = day * DAY + week->until[weekday][i] * SECOND - offset;

			JRN_TRY(add_interval(env, hours, start > low ? start : low, end < high ? end : high));
		}
	}
	return JRN_OK;
}

jrn_status
jrn_open_hours_build(const jrn_env *env, const jrn_week *week, const jrn_calendar *zone,
					 int64_t low, int64_t high, jrn_open_hours *hours)
{
	int64_t		sum = 0;
	size_t		i;

	jrn_release(env, hours->starts);
	jrn_release(env, hours->ends);
	jrn_release(env, hours->before);
	memset(hours, 0, sizeof(*hours));
	if (zone == NULL || zone->n == 0)
		JRN_TRY(low < high ? add_stretch(env, week, 0, low, high, hours) : JRN_OK);
	else
		for (i = 0; i < zone->n; i++)
		{
			int64_t		from = i == 0 || zone->starts[i] < low ? low : zone->starts[i];
			int64_t		until = i + 1 == zone->n || zone->starts[i + 1] > high ? high : zone->starts[i + 1];

			if (from < until)
				JRN_TRY(add_stretch(env, week, zone->offsets[i], from, until, hours));
		}
	for (i = 0; i < hours->n; i++)
	{
		hours->before[i] = sum;
		sum += hours->ends[i] - hours->starts[i];
	}
	return JRN_OK;
}

int64_t
jrn_open_hours_until(const jrn_open_hours *hours, int64_t moment)
{
	size_t		low = 0,
				high = hours->n;
	size_t		last;

	while (low < high)			/* the first interval that begins at or after moment */
	{
		size_t		middle = low + (high - low) / 2;

		if (hours->starts[middle] < moment)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return 0;
	last = low - 1;
	return hours->before[last] +
		((moment < hours->ends[last] ? moment : hours->ends[last]) - hours->starts[last]);
}
