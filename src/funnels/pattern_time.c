/*
 * pattern_time.c
 *		Times inside a pattern (see pattern.h, R-PAT-4): "90", "0.5",
 *		"2 minutes", "1 hour 30 minutes", "01:30:00".
 */
#include <string.h>

#include "pattern.h"

typedef struct unit
{
	const char *name;			/* singular; a plural s may follow */
	int64_t		microseconds;	/* 0: has no length of its own */
} unit;

#define SECOND INT64_C(1000000)

static const unit units[] = {
	{"microsecond", 1}, {"us", 1}, {"usec", 1},
	{"millisecond", 1000}, {"ms", 1000}, {"msec", 1000},
	{"second", SECOND}, {"sec", SECOND}, {"s", SECOND},
	{"minute", 60 * SECOND}, {"min", 60 * SECOND}, {"m", 60 * SECOND},
	{"hour", 3600 * SECOND}, {"hr", 3600 * SECOND}, {"h", 3600 * SECOND},
	{"day", 86400 * SECOND}, {"d", 86400 * SECOND},
	{"week", 7 * 86400 * SECOND}, {"w", 7 * 86400 * SECOND},
	{"month", 0}, {"mon", 0}, {"quarter", 0}, {"year", 0}, {"yr", 0}, {"y", 0},
	{"decade", 0}, {"century", 0}, {"centurie", 0}
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static jrn_status
refuse(jrn_pattern_error *error, const char *message, size_t at)
{
	error->message = message;
	error->at = at;
	return JRN_DOMAIN;
}

static void
skip_space(const char *text, size_t size, size_t *at)
{
	while (*at < size && is_space(text[*at]))
		(*at)++;
}

/* Digits, a point, up to six digits: whole and millionths. */
static jrn_status
read_amount(const char *text, size_t size, size_t *at, int64_t *whole, int64_t *millionths,
			jrn_pattern_error *error)
{
	size_t		begin = *at;
	int64_t		place = SECOND;

	*whole = *millionths = 0;
	if (*at < size && (text[*at] == '-' || text[*at] == '+'))
		return refuse(error, "a time must be a number without sign", *at);
	for (; *at < size && is_digit(text[*at]); (*at)++)
		if (__builtin_mul_overflow(*whole, 10, whole) ||
			__builtin_add_overflow(*whole, text[*at] - '0', whole))
			return refuse(error, "the time is out of range", begin);
	if (*at < size && text[*at] == '.')
	{
		for ((*at)++; *at < size && is_digit(text[*at]); (*at)++)
		{
			place /= 10;
			if (place == 0 && text[*at] != '0')
				return refuse(error, "a time has at most six digits after the point", *at);
			*millionths += place * (text[*at] - '0');
		}
	}
	if (*at == begin || (*at == begin + 1 && text[begin] == '.'))
		return refuse(error, "a time is expected, such as 90 or 2 minutes", begin);
	return JRN_OK;
}

/* Add whole.millionths units. */
static jrn_status
add_time(int64_t *sum, int64_t whole, int64_t millionths, int64_t length, size_t at,
		 jrn_pattern_error *error)
{
	int64_t		product;

	if (__builtin_mul_overflow(whole, length, &product) ||
		__builtin_add_overflow(*sum, product, sum) ||
		__builtin_add_overflow(*sum, millionths * length / SECOND, sum) ||
		*sum == INT64_MAX)
		return refuse(error, "the time is out of range", at);
	return JRN_OK;
}

/* Names ignore case; those of more than two letters may end in s. */
static bool
same_name(const char *word, size_t length, const char *name)
{
	size_t		wanted = strlen(name),
				i;

	if (length == wanted + 1 && wanted > 1 && (word[wanted] | 0x20) == 's')
		length = wanted;
	if (length != wanted)
		return false;
	for (i = 0; i < length; i++)
		if ((word[i] | 0x20) != name[i])
			return false;
	return true;
}

static jrn_status
read_unit(const char *text, size_t size, size_t *at, int64_t *length, jrn_pattern_error *error)
{
	size_t		begin = *at,
				i;

	while (*at < size && is_letter(text[*at]))
		(*at)++;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (same_name(text + begin, *at - begin, units[i].name))
		{
			*length = units[i].microseconds;
			if (*length == 0)
				return refuse(error, "months and years have no fixed length: write days", begin);
			return JRN_OK;
		}
	return refuse(error, "unknown unit of time: write seconds, minutes, hours, days or weeks", begin);
}

/* minutes [: seconds] behind hours. */
static jrn_status
read_clock(const char *text, size_t size, size_t *at, int64_t hours, int64_t *sum,
		   jrn_pattern_error *error)
{
	int64_t		length = 3600 * SECOND,
				whole,
				millionths;
	size_t		begin = *at;

	JRN_TRY(add_time(sum, hours, 0, length, begin, error));
	while (*at < size && text[*at] == ':' && length > SECOND)
	{
		(*at)++;
		length /= 60;
		begin = *at;
		JRN_TRY(read_amount(text, size, at, &whole, &millionths, error));
		if (whole > 59 || (millionths > 0 && length > SECOND))
			return refuse(error, "minutes and seconds of a time go from 0 to 59", begin);
		JRN_TRY(add_time(sum, whole, millionths, length, begin, error));
	}
	return JRN_OK;
}

jrn_status
jrn_pattern_time(const char *text, size_t size, size_t *at, int64_t *microseconds,
				 jrn_pattern_error *error)
{
	int			parts = 0;

	*microseconds = 0;
	for (;;)
	{
		int64_t		whole,
					millionths,
					length = SECOND;
		size_t		begin = *at;
		bool		named;

		JRN_TRY(read_amount(text, size, at, &whole, &millionths, error));
		if (millionths == 0 && *at < size && text[*at] == ':')
			return read_clock(text, size, at, whole, microseconds, error);
		skip_space(text, size, at);
		named = *at < size && is_letter(text[*at]);
		if (named)
			JRN_TRY(read_unit(text, size, at, &length, error));
		JRN_TRY(add_time(microseconds, whole, millionths, length, begin, error));
		skip_space(text, size, at);
		parts++;
		if (*at >= size || !(is_digit(text[*at]) || text[*at] == '.'))
		{
			if (!named && parts > 1)
				return refuse(error, "a unit of time is expected after this number", begin);
			return JRN_OK;
		}
		if (!named)
			return refuse(error, "a unit of time is expected after this number", begin);
	}
}
