/*
 * chart_funnel.c
 *		A funnel as bars (see chart_funnel.h).
 */
#include "chart_funnel.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "axis.h"

/* From here on figures stand in columns beside the bars. */
#define WIDE 560.0

#define TITLE "Funnel"
#define DESCRIPTION "Customers who reached each step, with their share of the first step and of the step before."

typedef struct drawing
{
	jrn_svg		svg;
	double		width;
	int64_t		first;			/* customers of the segment's first step */
	double		name_end;		/* columns of a wide picture */
	double		bar_end;
	double		count_end;
	double		first_end;
} drawing;

static void
share_words(int64_t part, int64_t whole, char out[JRN_NUMBER_SIZE])
{
	if (whole > 0)
		jrn_number_text(out, (double) part / (double) whole, 1, JRN_PERCENT);
	else
		snprintf(out, JRN_NUMBER_SIZE, "\xe2\x80\x93");
}

/* R-FUN-1 */
static void
draw_bar(drawing *d, const jrn_funnel_bar *bar, int64_t before, double x, double y, double room, double height)
{
	double		whole = d->first > 0 ? (double) d->first : 1.0;
	double		had = before > 0 ? room * (double) before / whole : 0;
	double		has = room * (double) bar->reached / whole;

	had = had > room ? room : had;
	has = has > room ? room : has;
	if (had > has)
		jrn_svg_rect(&d->svg, x, y, had, height, "jr-b0");
	jrn_svg_tip(&d->svg, bar->name, strlen(bar->name));
	jrn_svg_rect(&d->svg, x, y, has > 1 ? has : 1, height, "jr-f0");
}

static double
draw_wide_row(drawing *d, const jrn_funnel_bar *bar, int64_t before, bool is_first, double y)
{
	const double height = 30;
	double		base = jrn_svg_baseline(JRN_FONT_LABEL, y + height / 2);
	char		words[JRN_NUMBER_SIZE];

	jrn_svg_text(&d->svg, JRN_SVG_MARGIN, base, JRN_START, JRN_FONT_LABEL, bar->name, strlen(bar->name),
				 d->name_end - JRN_SVG_MARGIN);
	draw_bar(d, bar, before, d->name_end + 12, y + 4, d->bar_end - d->name_end - 12, height - 8);
	jrn_number_text(words, (double) bar->reached, 0, JRN_PLAIN);
	jrn_svg_words(&d->svg, d->count_end, base, JRN_END, JRN_FONT_STRONG, words, d->count_end - d->bar_end - 4);
	share_words(bar->reached, d->first, words);
	jrn_svg_words(&d->svg, d->first_end, base, JRN_END, JRN_FONT_LABEL, words, d->first_end - d->count_end - 4);
	if (!is_first)
	{
		share_words(bar->reached, before, words);
		jrn_svg_words(&d->svg, d->width - JRN_SVG_MARGIN, base, JRN_END, JRN_FONT_LABEL, words,
					  d->width - JRN_SVG_MARGIN - d->first_end - 4);
	}
	return y + height;
}

static double
draw_narrow_row(drawing *d, const jrn_funnel_bar *bar, int64_t before, bool is_first, double y)
{
	const double line = jrn_svg_line_height(JRN_FONT_LABEL);
	const double right = d->width - JRN_SVG_MARGIN;
	char		count[JRN_NUMBER_SIZE];
	char		of_first[JRN_NUMBER_SIZE];
	char		of_before[JRN_NUMBER_SIZE];
	char		words[3 * JRN_NUMBER_SIZE + 64];
	double		taken;

	jrn_number_text(count, (double) bar->reached, 0, JRN_PLAIN);
	share_words(bar->reached, d->first, of_first);
	share_words(bar->reached, before, of_before);
	taken = fmin(jrn_svg_text_width(JRN_FONT_STRONG, count, strlen(count)), (right - JRN_SVG_MARGIN) / 2);
	jrn_svg_text(&d->svg, JRN_SVG_MARGIN, jrn_svg_baseline(JRN_FONT_LABEL, y + line / 2), JRN_START,
				 JRN_FONT_LABEL, bar->name, strlen(bar->name), right - JRN_SVG_MARGIN - taken - 10);
	jrn_svg_words(&d->svg, right, jrn_svg_baseline(JRN_FONT_LABEL, y + line / 2), JRN_END, JRN_FONT_STRONG, count, taken);
	y += line;
	draw_bar(d, bar, before, JRN_SVG_MARGIN, y, right - JRN_SVG_MARGIN, 14);
	y += 16;
	if (!is_first)
	{
		snprintf(words, sizeof(words), "%s of first, %s of step before", of_first, of_before);
		jrn_svg_words(&d->svg, JRN_SVG_MARGIN, y + 14, JRN_START, JRN_FONT_NOTE, words, right - JRN_SVG_MARGIN);
		y += jrn_svg_line_height(JRN_FONT_NOTE) + 2;
	}
	return y + 10;
}

/* Names of the columns of a wide picture. */
static double
draw_column_names(drawing *d, double y)
{
	double		base = y + 13;

	jrn_svg_words(&d->svg, d->count_end, base, JRN_END, JRN_FONT_NOTE, "customers", 0);
	jrn_svg_words(&d->svg, d->first_end, base, JRN_END, JRN_FONT_NOTE, "of first", 0);
	jrn_svg_words(&d->svg, d->width - JRN_SVG_MARGIN, base, JRN_END, JRN_FONT_NOTE, "of step before", 0);
	return y + jrn_svg_line_height(JRN_FONT_NOTE) + 2;
}

static double
draw_segment(drawing *d, const jrn_funnel_bar *bars, size_t count, bool named, double y)
{
	size_t		i;

	d->first = bars[0].reached;
	if (named)
	{
		const char *segment = bars[0].segment == NULL ? "all customers" : bars[0].segment;

		jrn_svg_text(&d->svg, JRN_SVG_MARGIN, y + 20, JRN_START, JRN_FONT_STRONG, segment, strlen(segment),
					 d->width - 2 * JRN_SVG_MARGIN);
		y += 30;
	}
	for (i = 0; i < count; i++)
	{
		int64_t		before = bars[i].entered >= 0 ? bars[i].entered : i > 0 ? bars[i - 1].reached : bars[i].reached;

		y = d->width >= WIDE ? draw_wide_row(d, &bars[i], before, i == 0, y) : draw_narrow_row(d, &bars[i], before, i == 0, y);
	}
	return y + 6;
}

static void
place_columns(drawing *d)
{
	double		right = d->width - JRN_SVG_MARGIN;

	d->first_end = right - jrn_svg_text_width(JRN_FONT_NOTE, "of step before", 14) - 16;
	d->count_end = d->first_end - jrn_svg_text_width(JRN_FONT_LABEL, "100.0 %", 7) - 16;
	d->bar_end = d->count_end - jrn_svg_text_width(JRN_FONT_STRONG, "9,999,999,999", 13) + 12;
	d->name_end = JRN_SVG_MARGIN + 0.26 * d->width;
}

static bool
same_segment(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static size_t
segment_end(const jrn_funnel_bar *bars, size_t from, size_t count)
{
	size_t		to = from + 1;

	while (to < count && same_segment(bars[to].segment, bars[from].segment))
		to++;
	return to;
}

/* R-FUN-3 */
static double
draw_segments(drawing *d, const jrn_funnel_bar *bars, size_t count, double y)
{
	bool		named = segment_end(bars, 0, count) < count || bars[0].segment != NULL;
	size_t		from = 0;
	size_t		drawn = 0;
	size_t		left_off = 0;

	while (from < count)
	{
		size_t		to = segment_end(bars, from, count);

		if (drawn < JRN_FUNNEL_SEGMENTS)
		{
			y = draw_segment(d, bars + from, to - from, named, y);
			drawn++;
		}
		else
			left_off++;
		from = to;
	}
	if (left_off > 0)
	{
		char		words[80];

		snprintf(words, sizeof(words), "%zu more segments are not drawn.", left_off);
		jrn_svg_words(&d->svg, JRN_SVG_MARGIN, y + 14, JRN_START, JRN_FONT_NOTE, words, d->width - 2 * JRN_SVG_MARGIN);
		y += 22;
	}
	return y;
}

jrn_status
jrn_chart_funnel(const jrn_env *env, const jrn_funnel_bar *bars, size_t count, double width, bool ascii,
				 const char **bytes, size_t *size)
{
	drawing		d;
	double		y;
	size_t		i;

	if (count > JRN_FUNNEL_ROWS)
		return JRN_LIMIT;
	for (i = 0; i < count; i++)
		if (bars[i].reached < 0)
			return JRN_DOMAIN;
	if (count == 0)
		return jrn_svg_nothing(env, width, ascii, TITLE, "There are no steps to draw.", bytes, size);
	memset(&d, 0, sizeof(d));
	d.width = width;
	jrn_svg_begin(&d.svg, env, width, ascii, TITLE, DESCRIPTION);
	y = jrn_svg_heading(&d.svg, TITLE, "Pale: customers of the step before who did not go on.");
	place_columns(&d);
	if (width >= WIDE)
		y = draw_column_names(&d, y);
	y = draw_segments(&d, bars, count, y);
	return jrn_svg_end(&d.svg, y + 4, bytes, size);
}
