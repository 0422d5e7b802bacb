/*
 * axis_time.c
 *		Dates and axes of time (see axis.h).
 *
 * The calendar is the proleptic Gregorian one; days are counted by Howard
 * Hinnant's algorithms ("chrono-compatible low-level date algorithms").
 */
#include "axis.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)

/* Days from 0000-03-01 to 2000-01-01. */
#define EPOCH 730425

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

int64_t
jrn_time_of(int64_t year, int month, int day)
{
	int64_t		y = month <= 2 ? year - 1 : year;
	int64_t		era = floor_div(y, 400);
	int64_t		of_era = y - era * 400;
	int64_t		of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return (era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH) * DAY;
}

jrn_date
jrn_date_of(int64_t time)
{
	int64_t		days = floor_div(time, DAY);
	int64_t		seconds = (time - days * DAY) / SECOND;
	int64_t		z = days + EPOCH;
	int64_t		era = floor_div(z, 146097);
	int64_t		of_era = z - era * 146097;
	int64_t		years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t		of_year = of_era - (365 * years + years / 4 - years / 100);
	int64_t		month = (5 * of_year + 2) / 153;
	jrn_date	date;

	date.day = (int) (of_year - (153 * month + 2) / 5 + 1);
	date.month = (int) (month < 10 ? month + 3 : month - 9);
	date.year = years + era * 400 + (date.month <= 2 ? 1 : 0);
	date.hour = (int) (seconds / 3600);
	date.minute = (int) (seconds / 60 % 60);
	date.second = (int) (seconds % 60);
	return date;
}

const char *
jrn_date_text(char out[JRN_NUMBER_SIZE], int64_t time, bool clock)
{
	jrn_date	date = jrn_date_of(time);

	if (clock)
		snprintf(out, JRN_NUMBER_SIZE, "%04lld-%02d-%02d %02d:%02d", (long long) date.year, date.month, date.day,
				 date.hour, date.minute);
	else
		snprintf(out, JRN_NUMBER_SIZE, "%04lld-%02d-%02d", (long long) date.year, date.month, date.day);
	return out;
}

/* ---- ticks ---- */

typedef enum time_unit
{
	UNIT_HOURS,
	UNIT_DAYS,
	UNIT_MONTHS,
	UNIT_YEARS
} time_unit;

typedef struct time_step
{
	time_unit	unit;
	int64_t		size;
	int64_t		about;			/* hours */
} time_step;

static const time_step steps[] = {
	{UNIT_HOURS, 1, 1}, {UNIT_HOURS, 3, 3}, {UNIT_HOURS, 6, 6}, {UNIT_HOURS, 12, 12},
	{UNIT_DAYS, 1, 24}, {UNIT_DAYS, 2, 48}, {UNIT_DAYS, 7, 168}, {UNIT_DAYS, 14, 336},
	{UNIT_MONTHS, 1, 730}, {UNIT_MONTHS, 2, 1461}, {UNIT_MONTHS, 3, 2191}, {UNIT_MONTHS, 6, 4383},
	{UNIT_YEARS, 1, 8766}, {UNIT_YEARS, 2, 17532}, {UNIT_YEARS, 5, 43830}, {UNIT_YEARS, 10, 87660},
	{UNIT_YEARS, 20, 175320}, {UNIT_YEARS, 50, 438300}, {UNIT_YEARS, 100, 876600},
	{UNIT_YEARS, 500, 4383000}, {UNIT_YEARS, 5000, 43830000}, {UNIT_YEARS, 50000, 438300000}
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

/* The number of the step that holds a time: they are counted, so the next one is one more. */
static int64_t
number_of(time_step step, int64_t time)
{
	jrn_date	date = jrn_date_of(time);

	switch (step.unit)
	{
		case UNIT_HOURS:
			return floor_div(time, step.size * HOUR);
		case UNIT_DAYS:
			/* 2000-01-03 was a Monday */
			return floor_div(time - 2 * DAY, step.size * DAY);
		case UNIT_MONTHS:
			return floor_div(date.year * 12 + date.month - 1, step.size);
		default:
			return floor_div(date.year, step.size);
	}
}

static int64_t
start_of(time_step step, int64_t number)
{
	int64_t		months = number * step.size;

	switch (step.unit)
	{
		case UNIT_HOURS:
			return number * step.size * HOUR;
		case UNIT_DAYS:
			return number * step.size * DAY + 2 * DAY;
		case UNIT_MONTHS:
			return jrn_time_of(floor_div(months, 12), (int) (months - floor_div(months, 12) * 12) + 1, 1);
		default:
			return jrn_time_of(number * step.size, 1, 1);
	}
}

/* The larger part of a tick, which stands below where it changes. */
static const char *
write_labels(time_step step, int64_t time, char upper[JRN_NUMBER_SIZE], char lower[JRN_NUMBER_SIZE])
{
	static const char *const months[12] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	jrn_date	date = jrn_date_of(time);

	snprintf(lower, JRN_NUMBER_SIZE, "%lld", (long long) date.year);
	switch (step.unit)
	{
		case UNIT_HOURS:
			snprintf(upper, JRN_NUMBER_SIZE, "%02d:%02d", date.hour, date.minute);
			snprintf(lower, JRN_NUMBER_SIZE, "%d %s %lld", date.day, months[date.month - 1], (long long) date.year);
			break;
		case UNIT_DAYS:
			snprintf(upper, JRN_NUMBER_SIZE, "%d %s", date.day, months[date.month - 1]);
			break;
		case UNIT_MONTHS:
			snprintf(upper, JRN_NUMBER_SIZE, "%s", months[date.month - 1]);
			break;
		default:
			snprintf(upper, JRN_NUMBER_SIZE, "%lld", (long long) date.year);
			lower[0] = '\0';
			break;
	}
	return upper;
}

double
jrn_time_at(const jrn_time_axis *axis, int64_t time)
{
	if (axis->high <= axis->low)
		return (axis->from + axis->to) / 2;
	return axis->from + ((double) time - (double) axis->low) / ((double) axis->high - (double) axis->low) *
		(axis->to - axis->from);
}

/* R-AXI-2, R-AXI-3 */
double
jrn_time_axis_draw(jrn_svg *s, const jrn_time_axis *axis, double top, double bottom)
{
	const double line = jrn_svg_line_height(JRN_FONT_TICK);
	const double baseline = bottom + 4 + jrn_svg_font_size(JRN_FONT_TICK) * 1.1;
	const double wanted = (axis->to - axis->from) / 64;
	double		hours = ((double) axis->high - (double) axis->low) / (double) HOUR;
	char		upper[JRN_NUMBER_SIZE];
	char		lower[JRN_NUMBER_SIZE];
	char		before[JRN_NUMBER_SIZE] = "";
	size_t		chosen = 0;
	int64_t		number;
	bool		any = false;

	while (chosen + 1 < STEPS && hours / (double) steps[chosen].about > wanted)
		chosen++;
	for (number = number_of(steps[chosen], axis->low);; number++)
	{
		int64_t		time = start_of(steps[chosen], number);
		double		x = jrn_time_at(axis, time);

		if (time > axis->high || s->body.status != JRN_OK)
			break;
		if (time < axis->low)
			continue;
		any = true;
		jrn_svg_line(s, x, top, x, bottom, "jr-grid");
		write_labels(steps[chosen], time, upper, lower);
		if (!jrn_svg_words_if_free(s, x, baseline, JRN_MIDDLE, JRN_FONT_TICK, upper, 0) ||
			strcmp(lower, before) == 0 ||
			!jrn_svg_words_if_free(s, x, baseline + line, JRN_MIDDLE, JRN_FONT_TICK, lower, 0))
			continue;
		memcpy(before, lower, sizeof(before));
	}
	if (!any)
	{
		double		x = jrn_time_at(axis, axis->low);

		jrn_date_text(upper, axis->low, true);
		jrn_svg_words_if_free(s, x, baseline, x > s->width / 2 ? JRN_END : JRN_START, JRN_FONT_TICK, upper, 0);
	}
	return bottom + 4 + 2 * line;
}
