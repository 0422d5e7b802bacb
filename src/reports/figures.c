/*
 * figures.c
 *		Numbers as people read them (see figures.h).
 */
#include "figures.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LONGEST_PLAIN 1e15

/* Insert commas into the digits before the point. */
static void
set_thousands_apart(char out[JRN_FIGURE_SIZE])
{
	size_t		first = strspn(out, "+-");
	size_t		digits = strspn(out + first, "0123456789");
	size_t		at;

	for (at = digits; at > 3; at -= 3)
	{
		size_t		place = first + at - 3;
		size_t		rest = strlen(out + place) + 1;

		if (place + rest + 1 > JRN_FIGURE_SIZE)
			return;
		memmove(out + place + 1, out + place, rest);
		out[place] = ',';
	}
}

static void
drop_trailing_zeros(char *out)
{
	size_t		end = strlen(out);

	if (strchr(out, '.') == NULL)
		return;
	while (out[end - 1] == '0')
		end--;
	if (out[end - 1] == '.')
		end--;
	out[end] = '\0';
}

/* -0 is 0. */
static void
drop_sign_of_zero(char *out)
{
	if (out[0] == '-' && strspn(out + 1, "0.,") == strlen(out + 1))
		memmove(out, out + 1, strlen(out));
}

/* R-FIG-1 */
static void
write_number(double value, bool with_sign, char out[JRN_FIGURE_SIZE])
{
	double		size = fabs(value);
	int			decimals;

	if (size > 0 && (size < 1e-4 || size >= LONGEST_PLAIN))
	{
		snprintf(out, JRN_FIGURE_SIZE, with_sign ? "%+.2e" : "%.2e", value);
		return;
	}
	decimals = size > 0 ? 3 - (int) floor(log10(size)) : 0;
	if (decimals < 0)
		decimals = 0;
	if (decimals > 7)
		decimals = 7;
	snprintf(out, JRN_FIGURE_SIZE, with_sign && value != 0 ? "%+.*f" : "%.*f", decimals, value);
	drop_trailing_zeros(out);
	drop_sign_of_zero(out);
	set_thousands_apart(out);
}

/* R-FIG-3 */
static void
write_p(double value, char out[JRN_FIGURE_SIZE])
{
	if (value < 0.001)
		snprintf(out, JRN_FIGURE_SIZE, "< 0.001");
	else if (value > 0.999)
		snprintf(out, JRN_FIGURE_SIZE, "> 0.999");
	else
		snprintf(out, JRN_FIGURE_SIZE, "%.3f", value);
}

void
jrn_figure(double value, jrn_figure_kind kind, char out[JRN_FIGURE_SIZE])
{
	if (isnan(value))
		snprintf(out, JRN_FIGURE_SIZE, "nan");
	else if (isinf(value))
		snprintf(out, JRN_FIGURE_SIZE, "%s", value < 0 ? "-inf" : "inf");
	else if (kind == JRN_FIGURE_P)
		write_p(value, out);
	else if (fabs(value) >= LONGEST_PLAIN || kind == JRN_FIGURE_NUMBER || kind == JRN_FIGURE_SIGNED)
		write_number(value, kind == JRN_FIGURE_SIGNED, out);
	else
	{
		snprintf(out, JRN_FIGURE_SIZE, kind == JRN_FIGURE_COUNT ? "%.0f" : "%.1f", kind == JRN_FIGURE_COUNT ? value : 100.0 * value);
		drop_sign_of_zero(out);
		set_thousands_apart(out);
		if (kind == JRN_FIGURE_PERCENT)
			snprintf(out + strlen(out), JRN_FIGURE_SIZE - strlen(out), " %%");
	}
}

/* R-FIG-5 */
void
jrn_figure_within(double value, double width, jrn_figure_kind kind, char out[JRN_FIGURE_SIZE])
{
	double		wanted = width > 0 ? 1 - floor(log10(width)) : NAN;

	if (!(wanted <= 7) || !(fabs(value) < LONGEST_PLAIN) || (kind != JRN_FIGURE_NUMBER && kind != JRN_FIGURE_SIGNED))
	{
		jrn_figure(value, kind, out);
		return;
	}
	snprintf(out, JRN_FIGURE_SIZE, kind == JRN_FIGURE_SIGNED && value != 0 ? "%+.*f" : "%.*f", wanted < 0 ? 0 : (int) wanted, value);
	drop_sign_of_zero(out);
	set_thousands_apart(out);
}
