/*
 * chart_chaos.c
 *		Chaos shares as bars with intervals (see chart_chaos.h).
 */
#include "chart_chaos.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../core/sort.h"
#include "axis.h"

#define WIDE 560.0
#define BAR_HEIGHT 16.0

#define TITLE "Chaos shares"
#define DESCRIPTION "Share of the differences in outcome that is decided at each touchpoint, with intervals."

#define FIRST_TOUCH "(first touch)"
#define UNRESOLVED "(unresolved)"

/* R-CHA-1 */
typedef enum place
{
	PLACE_FIRST_TOUCH,
	PLACE_TOUCHPOINT,
	PLACE_UNRESOLVED
} place;

typedef struct drawing
{
	jrn_svg		svg;
	jrn_axis	axis;
	bool		wide;
	double		name_end;		/* of a wide picture */
	double		figures;		/* room of the figures in words */
} drawing;

static place
place_of(const jrn_chaos_bar *bar)
{
	if (strcmp(bar->touchpoint, FIRST_TOUCH) == 0)
		return PLACE_FIRST_TOUCH;
	return strcmp(bar->touchpoint, UNRESOLVED) == 0 ? PLACE_UNRESOLVED : PLACE_TOUCHPOINT;
}

#define BAR_LESS(ctx, x, y) bar_less(&(x), &(y))

/* Bars without a share come last of their kind. */
static bool
bar_less(const jrn_chaos_bar *x, const jrn_chaos_bar *y)
{
	if (place_of(x) != place_of(y))
		return place_of(x) < place_of(y);
	if (isnan(x->share) != isnan(y->share))
		return isnan(y->share);
	if (!isnan(x->share) && x->share != y->share)
		return x->share > y->share;
	return strcmp(x->touchpoint, y->touchpoint) < 0;
}

JRN_SORT_DEFINE(sort_bars, jrn_chaos_bar, void *, BAR_LESS)

/* "23.4 % (20.1 to 27.0 %)", the interval only where it has room, or why there is none. */
static void
figure_words(const drawing *d, const jrn_chaos_bar *bar, char *out, size_t size)
{
	char		share[JRN_NUMBER_SIZE];
	char		low[JRN_NUMBER_SIZE];
	char		high[JRN_NUMBER_SIZE];

	if (isnan(bar->share))
	{
		snprintf(out, size, "no share: %.40s", bar->status == NULL ? "not given" : bar->status);
		return;
	}
	jrn_number_text(share, bar->share, 1, JRN_PERCENT);
	jrn_number_text(low, 100.0 * bar->low, 1, JRN_PLAIN);
	jrn_number_text(high, bar->high, 1, JRN_PERCENT);
	snprintf(out, size, "%s (%s to %s)", share, low, high);
	if (isnan(bar->low) || isnan(bar->high) || jrn_svg_text_width(JRN_FONT_NOTE, out, strlen(out)) > d->figures)
		snprintf(out, size, "%s", share);
}

static void
draw_bar(drawing *d, const jrn_chaos_bar *bar, double y)
{
	double		zero = jrn_axis_at(&d->axis, 0);
	double		middle = y + BAR_HEIGHT / 2;

	if (!d->wide)				/* where it does not cross names */
		jrn_svg_line(&d->svg, zero, y - 2, zero, y + BAR_HEIGHT + 2, "jr-axis");
	if (isnan(bar->share))
		return;
	jrn_svg_tip(&d->svg, bar->touchpoint, strlen(bar->touchpoint));
	jrn_svg_rect(&d->svg, zero, y, jrn_axis_at(&d->axis, bar->share) - zero, BAR_HEIGHT,
				 place_of(bar) == PLACE_TOUCHPOINT ? "jr-f0" : "jr-fquiet");
	if (isnan(bar->low) || isnan(bar->high))
		return;
	jrn_svg_line(&d->svg, jrn_axis_at(&d->axis, bar->low), middle, jrn_axis_at(&d->axis, bar->high), middle, "jr-zero");
	jrn_svg_line(&d->svg, jrn_axis_at(&d->axis, bar->low), middle - 4, jrn_axis_at(&d->axis, bar->low), middle + 4, "jr-zero");
	jrn_svg_line(&d->svg, jrn_axis_at(&d->axis, bar->high), middle - 4, jrn_axis_at(&d->axis, bar->high), middle + 4, "jr-zero");
}

/* Height of one row, with the room below it. */
static double
row_height(const drawing *d)
{
	return d->wide ? 28 : jrn_svg_line_height(JRN_FONT_LABEL) + BAR_HEIGHT + 12;
}

static void
draw_row(drawing *d, const jrn_chaos_bar *bar, double y)
{
	const double right = d->svg.width - JRN_SVG_MARGIN;
	char		words[4 * JRN_NUMBER_SIZE];
	double		line = y + (d->wide ? BAR_HEIGHT : jrn_svg_line_height(JRN_FONT_LABEL)) / 2;
	double		taken;

	figure_words(d, bar, words, sizeof(words));
	taken = fmin(d->figures, jrn_svg_text_width(JRN_FONT_NOTE, words, strlen(words)));
	jrn_svg_text(&d->svg, JRN_SVG_MARGIN, jrn_svg_baseline(JRN_FONT_LABEL, line), JRN_START, JRN_FONT_LABEL,
				 bar->touchpoint, strlen(bar->touchpoint),
				 d->wide ? d->name_end - JRN_SVG_MARGIN : right - JRN_SVG_MARGIN - taken - 10);
	jrn_svg_words(&d->svg, right, jrn_svg_baseline(JRN_FONT_NOTE, line), JRN_END, JRN_FONT_NOTE, words, d->figures);
	draw_bar(d, bar, d->wide ? y : y + jrn_svg_line_height(JRN_FONT_LABEL));
}

/* The axis takes all shares and intervals, and zero. */
static void
choose_axis(drawing *d, const jrn_chaos_bar *bars, size_t count)
{
	double		low = 0;
	double		high = 0;
	double		figures = jrn_svg_text_width(JRN_FONT_NOTE, "100.0 % (\xe2\x88\x92" "99.9 to 100.0 %)", 27);
	size_t		i;

	for (i = 0; i < count; i++)
	{
		if (isnan(bars[i].share))
			continue;
		low = fmin(low, fmin(bars[i].share, isnan(bars[i].low) ? 0 : bars[i].low));
		high = fmax(high, fmax(bars[i].share, isnan(bars[i].high) ? 0 : bars[i].high));
	}
	jrn_axis_init(&d->axis, low, high > low ? high : low + 0.01, d->wide ? 6 : 4, true, JRN_PERCENT);
	d->name_end = JRN_SVG_MARGIN + 0.25 * d->svg.width;
	d->figures = d->wide ? figures : 0.6 * d->svg.width;
	d->axis.from = d->wide ? d->name_end + 16 : JRN_SVG_MARGIN + 12;
	d->axis.to = d->wide ? d->svg.width - JRN_SVG_MARGIN - figures - 16 : d->svg.width - JRN_SVG_MARGIN - 16;
}

/* R-CHA-2 */
static double
draw_rest(drawing *d, const jrn_chaos_bar *rest, size_t count, double y)
{
	char		words[160];
	char		share[JRN_NUMBER_SIZE];
	double		sum = 0;
	size_t		i;

	if (count == 0)
		return y;
	for (i = 0; i < count; i++)
		sum += isnan(rest[i].share) ? 0 : rest[i].share;
	jrn_number_text(share, sum, 1, JRN_PERCENT);
	snprintf(words, sizeof(words), "%zu more touchpoints with smaller shares are not drawn, together %s.", count, share);
	return jrn_svg_paragraph(&d->svg, JRN_SVG_MARGIN, y + 4, d->svg.width - 2 * JRN_SVG_MARGIN, JRN_FONT_NOTE,
							 words, strlen(words), 3);
}

/* Status of a whole table, told once. */
static double
draw_status(drawing *d, const jrn_chaos_bar *bars, size_t count, double y)
{
	char		words[120];
	size_t		i;

	for (i = 0; i < count; i++)
		if (bars[i].status != NULL && strcmp(bars[i].status, "ok") != 0 && !isnan(bars[i].share))
		{
			snprintf(words, sizeof(words), "Read with care, status %.60s.", bars[i].status);
			return jrn_svg_paragraph(&d->svg, JRN_SVG_MARGIN, y, d->svg.width - 2 * JRN_SVG_MARGIN, JRN_FONT_NOTE,
									 words, strlen(words), 2) + 2;
		}
	return y;
}

static double
draw_legend(drawing *d, const jrn_chaos_bar *bars, size_t count, double y)
{
	const char *names[2] = {"a moment of the journey", "no moment: what the start or nothing told"};
	const char *classes[2] = {"jr-f0", "jr-fquiet"};
	size_t		i;

	for (i = 0; i < count; i++)
		if (place_of(&bars[i]) != PLACE_TOUCHPOINT)
			return jrn_svg_legend(&d->svg, y, names, classes, 2) + 4;
	return y;
}

/* Rows of the bars that are drawn: the touchpoints from `hidden` to `after` are not. */
static double
draw_rows(drawing *d, const jrn_chaos_bar *bars, size_t count, size_t hidden, size_t after, double y)
{
	double		top = y;
	double		bottom = y + (double) (count - (after - hidden)) * row_height(d);
	double		below = jrn_axis_draw_below(&d->svg, &d->axis, top, bottom);
	size_t		i;

	for (i = 0; i < count; i++)
	{
		if (i >= hidden && i < after)
			continue;
		draw_row(d, &bars[i], y + 4);
		y += row_height(d);
	}
	if (d->wide)
		jrn_svg_line(&d->svg, jrn_axis_at(&d->axis, 0), top, jrn_axis_at(&d->axis, 0), bottom, "jr-axis");
	return draw_rest(d, bars + hidden, after - hidden, below);
}

jrn_status
jrn_chart_chaos(const jrn_env *env, const jrn_chaos_bar *bars, size_t count, double width, bool ascii,
				const char **bytes, size_t *size)
{
	drawing		d;
	jrn_chaos_bar *sorted;
	size_t		hidden;
	size_t		after;
	size_t		i;
	double		y;

	if (count > JRN_CHAOS_ROWS)
		return JRN_LIMIT;
	for (i = 0; i < count; i++)
		if (bars[i].touchpoint == NULL)
			return JRN_DOMAIN;
	if (count == 0)
		return jrn_svg_nothing(env, width, ascii, TITLE, "There are no shares to draw.", bytes, size);
	JRN_TRY(jrn_alloc_array(env, count, sizeof(*sorted), &sorted));
	memcpy(sorted, bars, count * sizeof(*sorted));
	JRN_TRY(sort_bars(env, sorted, count, NULL));
	for (hidden = 0; hidden < count && place_of(&sorted[hidden]) == PLACE_FIRST_TOUCH;)
		hidden++;
	for (after = hidden; after < count && place_of(&sorted[after]) == PLACE_TOUCHPOINT;)
		after++;
	hidden = after - hidden > JRN_CHAOS_BARS ? hidden + JRN_CHAOS_BARS : after;
	memset(&d, 0, sizeof(d));
	d.wide = width >= WIDE;
	jrn_svg_begin(&d.svg, env, width, ascii, TITLE, DESCRIPTION);
	choose_axis(&d, sorted, count);
	y = jrn_svg_heading(&d.svg, TITLE, "Where the differences in outcome are decided.");
	y = draw_status(&d, sorted, count, y);
	y = draw_legend(&d, sorted, count, y);
	y = draw_rows(&d, sorted, count, hidden, after, y);
	return jrn_svg_end(&d.svg, y + 6, bytes, size);
}
