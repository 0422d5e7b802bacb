/*
 * axis.c
 *		Round ticks, numbers in words of a reader, and axes of numbers (see
 *		axis.h).
 */
#include "axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Whole numbers that a double holds exactly. */
#define EXACT 9e15

/* ---- numbers ---- */

/* |digits| / 10^decimals with commas, a sign, and a percent sign. */
static const char *
write_number(char out[JRN_NUMBER_SIZE], bool negative, uint64_t digits, int decimals, jrn_format format)
{
	char		reversed[JRN_NUMBER_SIZE];
	size_t		n = 0;
	size_t		at = 0;
	int			i;

	for (i = 0; i < decimals; i++, digits /= 10)
		reversed[n++] = (char) ('0' + digits % 10);
	if (decimals > 0)
		reversed[n++] = '.';
	for (i = 0; i == 0 || digits > 0; i++, digits /= 10)
	{
		if (i > 0 && i % 3 == 0)
			reversed[n++] = ',';
		reversed[n++] = (char) ('0' + digits % 10);
	}
	if (negative)
	{
		memcpy(out, "\xe2\x88\x92", 3);
		at = 3;
	}
	while (n > 0)
		out[at++] = reversed[--n];
	if (format == JRN_PERCENT)
	{
		memcpy(out + at, "\xc2\xa0%", 3);
		at += 3;
	}
	out[at] = '\0';
	return out;
}

const char *
jrn_number_text(char out[JRN_NUMBER_SIZE], double value, int decimals, jrn_format format)
{
	double		shown = format == JRN_PERCENT ? value * 100.0 : value;
	double		scaled;
	int			i;

	decimals = decimals < 0 ? 0 : (decimals > 9 ? 9 : decimals);
	scaled = fabs(shown);
	for (i = 0; i < decimals; i++)
		scaled *= 10.0;
	scaled = floor(scaled + 0.5);
	if (!(scaled <= EXACT))
	{
		snprintf(out, JRN_NUMBER_SIZE, "%.3g%s", shown, format == JRN_PERCENT ? "\xc2\xa0%" : "");
		return out;
	}
	return write_number(out, value < 0 && scaled > 0, (uint64_t) scaled, decimals, format);
}

int
jrn_number_decimals(double a, double b, jrn_format format)
{
	double		larger = fmax(fabs(a), fabs(b)) * (format == JRN_PERCENT ? 100.0 : 1.0);
	int			decimals = 0;

	if (!(larger > 0) || !(larger < INFINITY))
		return 0;
	for (; larger < 100.0 && decimals < 6; decimals++)
		larger *= 10.0;
	return decimals;
}

/* ---- ticks ---- */

static double
power_of_ten(int exponent)
{
	double		power = 1.0;
	int			i;

	for (i = exponent < 0 ? -exponent : exponent; i > 0; i--)
		power *= 10.0;
	return exponent < 0 ? 1.0 / power : power;
}

/* mantissa * 10^exponent, rounded once where the power is exact. */
static double
multiple(double count, int exponent)
{
	return exponent < 0 ? count / power_of_ten(-exponent) : count * power_of_ten(exponent);
}

/* R-AXI-4: two different ends, far enough apart to be told apart. */
static void
open_range(double *low, double *high)
{
	double		middle;
	double		least;

	if (!isfinite(*low) || !isfinite(*high))
	{
		*low = 0;
		*high = 1;
	}
	if (*low > *high)
	{
		middle = *low;
		*low = *high;
		*high = middle;
	}
	/* ends so far out would overflow their difference */
	*low = fmin(fmax(*low, -1e250), 1e250);
	*high = fmin(fmax(*high, -1e250), 1e250);
	least = fmax(fabs(*low), fabs(*high)) * 1e-9;
	if (*high - *low > least && *high - *low > 1e-250)
		return;
	middle = *low;
	least = middle == 0 ? 1.0 : fmax(fabs(middle) * 0.1, 1e-240);
	*low = middle - least;
	*high = middle + least;
}

void
jrn_axis_init(jrn_axis *axis, double low, double high, int wanted, bool widen, jrn_format format)
{
	static const int mantissas[3] = {1, 2, 5};
	int			exponent;
	int			i;

	memset(axis, 0, sizeof(*axis));
	open_range(&low, &high);
	wanted = wanted < 2 ? 2 : wanted;
	exponent = (int) floor(log10((high - low) / wanted)) - 1;
	for (i = 0;; i++)
	{
		axis->mantissa = mantissas[i % 3];
		axis->exponent = exponent + i / 3;
		axis->step = multiple(axis->mantissa, axis->exponent);
		/* a hair's breadth belongs to the tick beside it */
		if (widen ? ceil(high / axis->step - 1e-9) - floor(low / axis->step + 1e-9) <= wanted :
			floor(high / axis->step + 1e-9) - ceil(low / axis->step - 1e-9) <= wanted)
			break;
	}
	if (widen)
	{
		axis->first = (int64_t) floor(low / axis->step + 1e-9);
		axis->count = (int) ((int64_t) ceil(high / axis->step - 1e-9) - axis->first) + 1;
		low = fmin(low, multiple((double) axis->first * axis->mantissa, axis->exponent));
		high = fmax(high, multiple((double) (axis->first + axis->count - 1) * axis->mantissa, axis->exponent));
	}
	else
	{
		axis->first = (int64_t) ceil(low / axis->step - 1e-9);
		axis->count = (int) ((int64_t) floor(high / axis->step + 1e-9) - axis->first) + 1;
	}
	axis->low = low;
	axis->high = high;
	axis->format = format;
}

double
jrn_axis_at(const jrn_axis *axis, double value)
{
	return axis->from + (value - axis->low) / (axis->high - axis->low) * (axis->to - axis->from);
}

double
jrn_axis_tick(const jrn_axis *axis, int i)
{
	return multiple((double) (axis->first + i) * axis->mantissa, axis->exponent);
}

/* R-AXI-1 */
const char *
jrn_axis_label(const jrn_axis *axis, int i, char out[JRN_NUMBER_SIZE])
{
	int64_t		whole = (axis->first + i) * axis->mantissa;
	int			exponent = axis->exponent + (axis->format == JRN_PERCENT ? 2 : 0);
	uint64_t	digits = (uint64_t) (whole < 0 ? -whole : whole);

	if (digits == 0)
		return write_number(out, false, 0, 0, axis->format);
	if (exponent < -9 || exponent > 12 || (exponent > 0 && (double) digits * power_of_ten(exponent) > 1e12))
	{
		snprintf(out, JRN_NUMBER_SIZE, "%s%llue%d%s", whole < 0 ? "\xe2\x88\x92" : "", (unsigned long long) digits,
				 exponent, axis->format == JRN_PERCENT ? "\xc2\xa0%" : "");
		return out;
	}
	for (; exponent > 0; exponent--)
		digits *= 10;
	return write_number(out, whole < 0, digits, -exponent, axis->format);
}

double
jrn_axis_label_width(const jrn_axis *axis)
{
	char		label[JRN_NUMBER_SIZE];
	double		widest = 0;
	int			i;

	for (i = 0; i < axis->count; i++)
	{
		jrn_axis_label(axis, i, label);
		widest = fmax(widest, jrn_svg_text_width(JRN_FONT_TICK, label, strlen(label)));
	}
	return widest;
}

/* ---- drawing ---- */

double
jrn_axis_draw_below(jrn_svg *s, const jrn_axis *axis, double top, double bottom)
{
	double		baseline = bottom + 4 + jrn_svg_font_size(JRN_FONT_TICK) * 1.1;
	char		label[JRN_NUMBER_SIZE];
	int			i;

	for (i = 0; i < axis->count; i++)
	{
		double		x = jrn_axis_at(axis, jrn_axis_tick(axis, i));

		jrn_svg_line(s, x, top, x, bottom, "jr-grid");
		jrn_svg_words_if_free(s, x, baseline, JRN_MIDDLE, JRN_FONT_TICK, jrn_axis_label(axis, i, label), 0);
	}
	return bottom + 4 + jrn_svg_line_height(JRN_FONT_TICK);
}

void
jrn_axis_draw_left(jrn_svg *s, const jrn_axis *axis, double left, double right)
{
	char		label[JRN_NUMBER_SIZE];
	int			i;

	for (i = 0; i < axis->count; i++)
	{
		double		y = jrn_axis_at(axis, jrn_axis_tick(axis, i));

		jrn_svg_line(s, left, y, right, y, "jr-grid");
		jrn_svg_words_if_free(s, left - 6, jrn_svg_baseline(JRN_FONT_TICK, y), JRN_END, JRN_FONT_TICK,
							  jrn_axis_label(axis, i, label), 0);
	}
}
