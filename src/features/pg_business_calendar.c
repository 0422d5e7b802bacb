/*
 * pg_business_calendar.c
 *		Reader of the argument calendar of support_metrics.
 *
 *	{"timezone": "Europe/Rome",
 *	 "hours": {"mon": ["09:00-13:00", "14:00-18:00"], "sat": "09:00-12:00"},
 *	 "holidays": ["2024-12-25"]}
 *
 * R-BCAL-1	timezone is a name the server takes for TimeZone; without it the
 *			session's TimeZone counts.
 * R-BCAL-2	hours maps mon, tue, wed, thu, fri, sat, sun, or the full English
 *			names, to an interval or an array of intervals HH:MM-HH:MM with
 *			00:00 <= start < end <= 24:00 that do not overlap; a weekday that
 *			is left out is closed.  At least one must be open.
 * R-BCAL-3	holidays are dates YYYY-MM-DD, closed from 00:00 to 24:00.
 * R-BCAL-4	Anything else is an error naming key and value.
 */
#include "pg_support_options.h"

#include "utils/builtins.h"
#include "utils/datetime.h"

#define CALENDAR_HINT \
	errhint("A calendar looks like {\"timezone\": \"Europe/Rome\", \"hours\": {\"mon\": [\"09:00-13:00\", \"14:00-18:00\"]}, \"holidays\": [\"2024-12-25\"]}.")

static const char *const weekdays[7] = {
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
};

static bool
is_container(const JsonbValue *value, bool object)
{
	if (value->type != jbvBinary)
		return false;
	return object ? JsonContainerIsObject(value->val.binary.data) :
		JsonContainerIsArray(value->val.binary.data) &&
		!JsonContainerIsScalar(value->val.binary.data);
}

static void
wrong_value(const char *key, const JsonbValue *value, const char *wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("key \"%s\" of argument \"calendar\" has the value %s, it must be %s", key,
					journey_jsonb_value_text(value), wanted),
			 CALENDAR_HINT));
}

/* R-BCAL-1 */
static pg_tz *
read_zone(const JsonbValue *value)
{
	pg_tz	   *zone = NULL;

	if (value->type != jbvString)
		wrong_value("timezone", value, "the name of a time zone");
	if (value->val.string.len <= TZ_STRLEN_MAX)
		zone = pg_tzset(pnstrdup(value->val.string.val, value->val.string.len));
	if (zone == NULL || !pg_tz_acceptable(zone))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("key \"timezone\" of argument \"calendar\" has the value %s, which is no time zone",
						journey_jsonb_value_text(value)),
				 errhint("Time zones are listed in pg_timezone_names.")));
	return zone;
}

static int
weekday_of_key(const JsonbValue *key, const JsonbValue *value)
{
	int			day;

	for (day = 0; day < 7; day++)
		if ((key->val.string.len == 3 || key->val.string.len == (int) strlen(weekdays[day])) &&
			pg_strncasecmp(key->val.string.val, weekdays[day], key->val.string.len) == 0)
			return day;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("key \"hours\" of argument \"calendar\" has the unrecognized weekday %s with value %s",
					journey_jsonb_value_text(key), journey_jsonb_value_text(value)),
			 errhint("Weekdays are mon, tue, wed, thu, fri, sat and sun, or their full names.")));
	return 0;
}

/* Digits at *at; -1 unless there are one to two. */
static int
read_digits(const char **at, const char *end)
{
	int			number = 0,
				digits = 0;

	for (; *at < end && **at >= '0' && **at <= '9' && digits < 3; (*at)++, digits++)
		number = number * 10 + (**at - '0');
	return digits >= 1 && digits <= 2 ? number : -1;
}

/* HH:MM at *at as seconds of the day, -1 for anything else. */
static int32
read_time(const char **at, const char *end)
{
	int			hour = read_digits(at, end);
	const char *minutes;
	int			minute;

	if (hour < 0 || *at >= end || **at != ':')
		return -1;
	minutes = ++(*at);
	minute = read_digits(at, end);
	if (minute < 0 || *at - minutes != 2 || minute > 59 || hour > 24 || (hour == 24 && minute > 0))
		return -1;
	return hour * SECS_PER_HOUR + minute * SECS_PER_MINUTE;
}

static void
skip_blanks(const char **at, const char *end)
{
	while (*at < end && **at == ' ')
		(*at)++;
}

/* Put one interval into its weekday, in order; equal ends are no overlap. */
static void
insert_interval(jrn_week *week, int day, int32 from, int32 until, const char *key,
				const JsonbValue *value)
{
	int			at = week->count[day];

	if (at == JRN_WEEKDAY_INTERVALS)
		wrong_value(key, value, "one of at most 24 intervals of a weekday");
	for (; at > 0 && week->from[day][at - 1] > from; at--)
	{
		week->from[day][at] = week->from[day][at - 1];
		week->until[day][at] = week->until[day][at - 1];
	}
	week->from[day][at] = from;
	week->until[day][at] = until;
	week->count[day]++;
	if ((at > 0 && week->until[day][at - 1] > from) ||
		(at + 1 < week->count[day] && week->from[day][at + 1] < until))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("key \"%s\" of argument \"calendar\" has the interval %s, which overlaps another of that weekday",
						key, journey_jsonb_value_text(value)),
				 CALENDAR_HINT));
}

static void
read_interval(jrn_week *week, int day, const char *key, const JsonbValue *value)
{
	const char *at,
			   *end;
	int32		from,
				until;

	if (value->type != jbvString)
		wrong_value(key, value, "an interval HH:MM-HH:MM or an array of intervals");
	at = value->val.string.val;
	end = at + value->val.string.len;
	skip_blanks(&at, end);
	from = read_time(&at, end);
	skip_blanks(&at, end);
	if (from < 0 || at >= end || *at != '-')
		wrong_value(key, value, "an interval HH:MM-HH:MM between 00:00 and 24:00");
	at++;
	skip_blanks(&at, end);
	until = read_time(&at, end);
	skip_blanks(&at, end);
	if (until < 0 || at != end)
		wrong_value(key, value, "an interval HH:MM-HH:MM between 00:00 and 24:00");
	if (until <= from)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("key \"%s\" of argument \"calendar\" has the interval %s, which ends at or before its start",
						key, journey_jsonb_value_text(value)),
				 errhint("Split hours over midnight: \"22:00-24:00\" on the first day, \"00:00-06:00\" on the next.")));
	insert_interval(week, day, from, until, key, value);
}

/* R-BCAL-2 */
static void
read_hours(const JsonbValue *value, jrn_week *week)
{
	bool		seen[7] = {false};
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	key,
				item;

	if (!is_container(value, true))
		wrong_value("hours", value, "an object of weekdays with their intervals");
	it = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		int			day;
		char	   *name;

		if (token == WJB_KEY)
			key = item;
		if (token != WJB_VALUE)
			continue;
		day = weekday_of_key(&key, &item);
		name = psprintf("hours.%s", pnstrdup(key.val.string.val, key.val.string.len));
		if (seen[day])
			wrong_value(name, &item, "given once for a weekday");
		seen[day] = true;
		if (is_container(&item, false))
		{
			JsonbIterator *elements = JsonbIteratorInit(item.val.binary.data);
			JsonbIteratorToken inner;
			JsonbValue	interval;

			while ((inner = JsonbIteratorNext(&elements, &interval, true)) != WJB_DONE)
				if (inner == WJB_ELEM)
					read_interval(week, day, name, &interval);
		}
		else
			read_interval(week, day, name, &item);
	}
}

/* Day number since 2000-01-01 of YYYY-MM-DD; false: not a date. */
static bool
read_date(const JsonbValue *value, int32 *day)
{
	const char *text = value->val.string.val;
	int			part[3] = {0, 0, 0};
	int			year,
				month,
				mday,
				julian,
				i,
				field = 0;

	if (value->type != jbvString || value->val.string.len != 10 || text[4] != '-' || text[7] != '-')
		return false;
	for (i = 0; i < 10; i++)
	{
		if (i == 4 || i == 7)
			field++;
		else if (text[i] < '0' || text[i] > '9')
			return false;
		else
			part[field] = part[field] * 10 + (text[i] - '0');
	}
	if (part[0] < 1 || part[1] < 1 || part[1] > 12 || part[2] < 1)
		return false;
	julian = date2j(part[0], part[1], part[2]);
	j2date(julian, &year, &month, &mday);
	*day = julian - POSTGRES_EPOCH_JDATE;
	return year == part[0] && month == part[1] && mday == part[2];
}

static int
compare_days(const void *a, const void *b)
{
	int32		x = *(const int32 *) a;
	int32		y = *(const int32 *) b;

	return (x > y) - (x < y);
}

/* R-BCAL-3; the same date twice is one holiday. */
static void
read_holidays(const JsonbValue *value, jrn_week *week)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	item;
	int32	   *days;
	size_t		n = 0;

	if (!is_container(value, false))
		wrong_value("holidays", value, "an array of dates YYYY-MM-DD");
	days = palloc(sizeof(int32) * Max(JsonContainerSize(value->val.binary.data), 1));
	it = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token != WJB_ELEM)
			continue;
		if (!read_date(&item, &days[n]))
			wrong_value("holidays", &item, "a date YYYY-MM-DD");
		n++;
	}
	qsort(days, n, sizeof(int32), compare_days);
	week->holidays = days;
	week->n_holidays = n;
}

static bool
key_is(const JsonbValue *key, const char *name)
{
	return key->val.string.len == (int) strlen(name) &&
		memcmp(key->val.string.val, name, key->val.string.len) == 0;
}

static void
read_key(const JsonbValue *key, const JsonbValue *value, journey_business_calendar *calendar)
{
	if (key_is(key, "timezone"))
		calendar->zone = read_zone(value);
	else if (key_is(key, "hours"))
		read_hours(value, &calendar->week);
	else if (key_is(key, "holidays"))
		read_holidays(value, &calendar->week);
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"calendar\" has the unrecognized key %s with value %s",
						journey_jsonb_value_text(key), journey_jsonb_value_text(value)),
				 errhint("Keys are timezone, hours and holidays.")));
}

void
journey_business_calendar_read(Jsonb *json, journey_business_calendar *calendar)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	key,
				item;
	int			day,
				intervals = 0;

	memset(calendar, 0, sizeof(*calendar));
	calendar->zone = session_timezone;
	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"calendar\" is not a JSON object"),
				 CALENDAR_HINT));
	it = JsonbIteratorInit(&json->root);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			key = item;
		else if (token == WJB_VALUE)
			read_key(&key, &item, calendar);
	}
	for (day = 0; day < 7; day++)
		intervals += calendar->week.count[day];
	if (intervals == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"calendar\" has no open hours"),
				 CALENDAR_HINT));
}
