/*
 * periods.c
 *		Numbers of calendar periods (see periods.h).
 */
#include "periods.h"

#define DAY INT64_C(86400000000)
#define MONDAY 2				/* 2000-01-03, counted from 2000-01-01 */

/* Days from 0000-03-01 to 2000-01-01 in the Gregorian calendar. */
#define MARCH_TO_EPOCH INT64_C(730425)
#define DAYS_OF_400_YEARS INT64_C(146097)

/* Beyond any day of timestamptz before 2000, and about the last after it. */
#define MOST_DAYS INT64_C(106751990)

/* Rounds towards minus infinity; b > 0. */
static int64_t
floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* UTC offset of the calendar at a moment. */
static int64_t
offset_at(const jrn_calendar *calendar, int64_t moment)
{
	size_t		low = 0,
				high;

	if (calendar == NULL || calendar->n == 0)
		return 0;
	high = calendar->n;
	while (high - low > 1)
	{
		size_t		middle = low + (high - low) / 2;

		if (calendar->starts[middle] <= moment)
			low = middle;
		else
			high = middle;
	}
	return calendar->offsets[low];
}

/*
 * Months from January 2000 to the month of a day.  Years are counted from
 * March, so that the day that comes every four years is the last of a year;
 * a month m of those begins on day (153 m + 2) / 5.
 */
static int64_t
month_of_day(int64_t day)
{
	int64_t		march = day + MARCH_TO_EPOCH;
	int64_t		cycle = floor_divide(march, DAYS_OF_400_YEARS);
	int64_t		in_cycle = march - cycle * DAYS_OF_400_YEARS;
	int64_t		year = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
	int64_t		in_year = in_cycle - (365 * year + year / 4 - year / 100);
	int64_t		month = (5 * in_year + 2) / 153;

	return (cycle * 400 + year) * 12 + month + 2 - 2000 * 12;
}

/* The first day of a month counted from January 2000. */
static int64_t
day_of_month(int64_t months)
{
	int64_t		from_march = months + 2000 * 12 - 2;
	int64_t		year = floor_divide(from_march, 12);
	int64_t		month = from_march - year * 12;
	int64_t		cycle = floor_divide(year, 400);
	int64_t		in_cycle = year - cycle * 400;

	return cycle * DAYS_OF_400_YEARS + 365 * in_cycle + in_cycle / 4 - in_cycle / 100 +
		(153 * month + 2) / 5 - MARCH_TO_EPOCH;
}

/* R-PER-2 */
static int64_t
first_day(const jrn_period *period)
{
	return period->length % 7 == 0 ? MONDAY : 0;
}

int64_t
jrn_period_number(const jrn_period *period, const jrn_calendar *calendar, int64_t moment)
{
	int64_t		day;

	if (period->unit == JRN_PERIOD_FIXED)
	{
		/* in two steps, for the difference to the origin may not fit */
		int64_t		whole = floor_divide(moment, period->length) - floor_divide(period->origin, period->length);
		int64_t		rest = moment - floor_divide(moment, period->length) * period->length;
		int64_t		origin_rest = period->origin -
			floor_divide(period->origin, period->length) * period->length;

		return rest < origin_rest ? whole - 1 : whole;
	}
	day = floor_divide(moment + offset_at(calendar, moment), DAY);
	if (period->unit == JRN_PERIOD_DAYS)
		return floor_divide(day - first_day(period), period->length);
	return floor_divide(month_of_day(day), period->length);
}

/* Midnight of a day, held inside 64 bits and outside timestamptz where it is. */
static int64_t
midnight(int64_t day)
{
	if (day < -MOST_DAYS)
		day = -MOST_DAYS;
	if (day > MOST_DAYS)
		day = MOST_DAYS;
	return day * DAY;
}

int64_t
jrn_period_start(const jrn_period *period, int64_t number)
{
	if (period->unit == JRN_PERIOD_FIXED)
		return number < 0 && period->length > INT64_MAX / 2 ? -MOST_DAYS * DAY :
			period->origin + number * period->length;
	if (period->unit == JRN_PERIOD_DAYS)
		return midnight(number * period->length + first_day(period));
	return midnight(day_of_month(number * period->length));
}
