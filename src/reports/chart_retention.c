/*
 * chart_retention.c
 *		Heat map of cohorts by periods (see chart_retention.h).
 */
#include "chart_retention.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../core/sort.h"
#include "axis.h"

#define TITLE "Retention"
#define DESCRIPTION "Share of each cohort that came back in each period after its start."
#define MOST_ROWS 1000000
#define SHADES 9

/* Cells higher than this are not drawn lower before there are so many. */
#define MANY_COHORTS 40

typedef struct drawing
{
	const jrn_retention_rows *rows;
	jrn_svg		svg;
	int64_t    *periods;		/* those that occur, ascending */
	size_t		columns;
	size_t		cohorts;
	double		top;			/* rate of the darkest shade */
	double		left;			/* of the cells */
	double		size_end;		/* right end of the sizes */
	double		cell_width;
	double		cell_height;
	bool		numbers;
} drawing;

#define PERIOD_LESS(ctx, x, y) ((x) < (y))
JRN_SORT_DEFINE(sort_periods, int64_t, int, PERIOD_LESS)

static bool
is_same_cohort(const jrn_retention_rows *rows, size_t a, size_t b)
{
	const char *x = rows->cohort[a] != NULL ? rows->cohort[a] : "";
	const char *y = rows->cohort[b] != NULL ? rows->cohort[b] : "";

	return strcmp(x, y) == 0;
}

static bool
begins_cohort(const jrn_retention_rows *rows, size_t i)
{
	return i == 0 || !is_same_cohort(rows, i - 1, i);
}

static jrn_status
measure_rows(const jrn_env *env, drawing *d)
{
	const jrn_retention_rows *rows = d->rows;
	double		largest = 0;
	size_t		kept = 0;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, rows->count, sizeof(int64_t), &d->periods));
	for (i = 0; i < rows->count; i++)
	{
		if (i % 1024 == 0)
			JRN_TICK(env);
		d->cohorts += begins_cohort(rows, i) ? 1 : 0;
		if (rows->period[i] == 0)
			continue;
		d->periods[kept++] = rows->period[i];
		if (rows->rate[i] > largest)
			largest = rows->rate[i];
	}
	JRN_TRY(sort_periods(env, d->periods, kept, 0));
	for (i = 0; i < kept; i++)
		if (d->columns == 0 || d->periods[d->columns - 1] != d->periods[i])
			d->periods[d->columns++] = d->periods[i];
	d->top = largest;
	return JRN_OK;
}

/* Where a period stands. */
static size_t
column_of(const drawing *d, int64_t period)
{
	size_t		low = 0;
	size_t		high = d->columns;

	while (low < high)
	{
		size_t		middle = (low + high) / 2;

		if (d->periods[middle] < period)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The darkest shade is a round rate. */
static void
round_top(drawing *d)
{
	jrn_axis	axis;

	jrn_axis_init(&axis, 0, d->top > 0 ? d->top : 1, 10, true, JRN_PERCENT);
	d->top = axis.high > 1 && d->top <= 1 ? 1 : axis.high;
}

static void
lay_out(drawing *d)
{
	const jrn_retention_rows *rows = d->rows;
	double		names = jrn_svg_text_width(JRN_FONT_TICK, "cohort", 6);
	double		sizes = jrn_svg_text_width(JRN_FONT_TICK, "size", 4);
	char		number[JRN_NUMBER_SIZE];
	size_t		i;

	for (i = 0; i < rows->count; i++)
	{
		const char *name = rows->cohort[i] != NULL ? rows->cohort[i] : "";

		if (!begins_cohort(rows, i))
			continue;
		names = fmax(names, jrn_svg_text_width(JRN_FONT_TICK, name, strlen(name)));
		jrn_number_text(number, (double) rows->cohort_size[i], 0, JRN_PLAIN);
		sizes = fmax(sizes, jrn_svg_text_width(JRN_FONT_TICK, number, strlen(number)));
	}
	names = fmin(names, d->svg.width * 0.3);
	d->size_end = JRN_SVG_MARGIN + names + 10 + sizes;
	d->left = d->size_end + 8;
	d->cell_width = (d->svg.width - JRN_SVG_MARGIN - d->left) / (double) (d->columns > 0 ? d->columns : 1);
	d->cell_width = fmin(d->cell_width, 64);
	d->cell_height = d->cohorts > MANY_COHORTS ? 16 : 24;
	d->numbers = d->cell_width >= jrn_svg_text_width(JRN_FONT_TICK, "100", 3) + 4;
}

/* ---- cells ---- */

static void
write_tip(const drawing *d, size_t i, char *out, size_t size)
{
	const jrn_retention_rows *rows = d->rows;
	char		retained[JRN_NUMBER_SIZE];
	char		whole[JRN_NUMBER_SIZE];
	char		rate[JRN_NUMBER_SIZE];
	char		low[JRN_NUMBER_SIZE];
	char		high[JRN_NUMBER_SIZE];
	int			used;

	used = snprintf(out, size, "period %lld: %s of %s", (long long) rows->period[i],
					jrn_number_text(retained, (double) rows->retained[i], 0, JRN_PLAIN),
					jrn_number_text(whole, (double) rows->cohort_size[i], 0, JRN_PLAIN));
	if (!isfinite(rows->rate[i]))
		snprintf(out + used, size - (size_t) used, " so far; the period is not over");
	else if (isfinite(rows->low[i]) && isfinite(rows->high[i]))
		snprintf(out + used, size - (size_t) used, ", %s (95 %% interval %s to %s)",
				 jrn_number_text(rate, rows->rate[i], 1, JRN_PERCENT),
				 jrn_number_text(low, rows->low[i], 1, JRN_PERCENT),
				 jrn_number_text(high, rows->high[i], 1, JRN_PERCENT));
}

/* R-RET-1, R-RET-2 */
static void
draw_cell(drawing *d, size_t i, double y)
{
	static const char *const fills[SHADES] = {"jr-h0", "jr-h1", "jr-h2", "jr-h3", "jr-h4", "jr-h5", "jr-h6", "jr-h7", "jr-h8"};
	static const char *const inks[SHADES] = {"jr-t0", "jr-t1", "jr-t2", "jr-t3", "jr-t4", "jr-t5", "jr-t6", "jr-t7", "jr-t8"};
	double		x = d->left + d->cell_width * (double) column_of(d, d->rows->period[i]);
	double		rate = d->rows->rate[i];
	double		gap = d->cell_width > 6 ? 1 : 0;
	char		tip[320];
	char		number[JRN_NUMBER_SIZE];
	int			shade;

	write_tip(d, i, tip, sizeof(tip));
	jrn_svg_tip(&d->svg, tip, strlen(tip));
	if (!isfinite(rate))
	{
		jrn_svg_rect(&d->svg, x + gap + 0.5, y + 1.5, fmax(d->cell_width - 2 * gap - 1, 0.5), d->cell_height - 3, "jr-grid");
		return;
	}
	shade = (int) floor(fmin(fmax(rate / d->top, 0), 1) * SHADES);
	shade = shade >= SHADES ? SHADES - 1 : shade;
	jrn_svg_rect(&d->svg, x + gap, y + 1, d->cell_width - 2 * gap, d->cell_height - 2, fills[shade]);
	if (!d->numbers)
		return;
	jrn_svg_ink(&d->svg, inks[shade]);
	jrn_svg_words(&d->svg, x + d->cell_width / 2, jrn_svg_baseline(JRN_FONT_TICK, y + d->cell_height / 2), JRN_MIDDLE,
				  JRN_FONT_TICK, jrn_number_text(number, 100 * rate, 0, JRN_PLAIN), d->cell_width);
}

static double
draw_column_names(drawing *d, double y)
{
	double		baseline = y + jrn_svg_font_size(JRN_FONT_TICK) * 1.07;
	char		number[JRN_NUMBER_SIZE];
	size_t		i;

	jrn_svg_words(&d->svg, JRN_SVG_MARGIN, baseline, JRN_START, JRN_FONT_TICK, "cohort", 0);
	jrn_svg_words(&d->svg, d->size_end, baseline, JRN_END, JRN_FONT_TICK, "size", 0);
	for (i = 0; i < d->columns; i++)
	{
		double		x = d->left + d->cell_width * ((double) i + 0.5);

		jrn_svg_words_if_free(&d->svg, x, baseline, JRN_MIDDLE, JRN_FONT_TICK,
							  jrn_number_text(number, (double) d->periods[i], 0, JRN_PLAIN), 0);
	}
	return y + jrn_svg_line_height(JRN_FONT_TICK) + 2;
}

static void
draw_cohort_names(drawing *d, size_t i, double y)
{
	const char *name = d->rows->cohort[i] != NULL ? d->rows->cohort[i] : "";
	double		baseline = jrn_svg_baseline(JRN_FONT_TICK, y + d->cell_height / 2);
	char		number[JRN_NUMBER_SIZE];

	jrn_svg_text(&d->svg, JRN_SVG_MARGIN, baseline, JRN_START, JRN_FONT_TICK, name, strlen(name), d->svg.width * 0.3);
	jrn_svg_words(&d->svg, d->size_end, baseline, JRN_END, JRN_FONT_TICK,
				  jrn_number_text(number, (double) d->rows->cohort_size[i], 0, JRN_PLAIN), 0);
}

/* 0 % [shades] 20 % */
static double
draw_scale(drawing *d, double y)
{
	static const char *const fills[SHADES] = {"jr-h0", "jr-h1", "jr-h2", "jr-h3", "jr-h4", "jr-h5", "jr-h6", "jr-h7", "jr-h8"};
	double		x = JRN_SVG_MARGIN;
	double		middle = y + 8;
	double		baseline = jrn_svg_baseline(JRN_FONT_TICK, middle);
	char		number[JRN_NUMBER_SIZE];
	int			i;

	jrn_svg_words(&d->svg, x, baseline, JRN_START, JRN_FONT_TICK, jrn_number_text(number, 0, 0, JRN_PERCENT), 0);
	x += jrn_svg_text_width(JRN_FONT_TICK, number, strlen(number)) + 6;
	for (i = 0; i < SHADES; i++, x += 14)
		jrn_svg_rect(&d->svg, x, y + 2, 14, 12, fills[i]);
	jrn_number_text(number, d->top, d->top < 0.01 ? 2 : (d->top < 0.1 ? 1 : 0), JRN_PERCENT);
	jrn_svg_words(&d->svg, x + 6, baseline, JRN_START, JRN_FONT_TICK, number, 0);
	return y + 24;
}

jrn_status
jrn_chart_retention(const jrn_env *env, const jrn_retention_rows *rows, double width, bool ascii,
					const char **bytes, size_t *size)
{
	drawing		d;
	double		y;
	size_t		i;

	if (rows->count == 0)
		return jrn_svg_nothing(env, width, ascii, TITLE, "No cohorts: nobody started.", bytes, size);
	if (rows->count > MOST_ROWS)
		return JRN_LIMIT;
	memset(&d, 0, sizeof(d));
	d.rows = rows;
	JRN_TRY(measure_rows(env, &d));
	jrn_svg_begin(&d.svg, env, width, ascii, TITLE, DESCRIPTION);
	y = jrn_svg_heading(&d.svg, TITLE, "Percent of each cohort that came back, by periods after the start. Outlined: the period is not over.");
	round_top(&d);
	lay_out(&d);
	y = draw_scale(&d, y);
	y = draw_column_names(&d, y);
	for (i = 0; i < rows->count; i++)
	{
		if (i % 64 == 0)
			JRN_TICK(env);
		if (i > 0 && begins_cohort(rows, i))
			y += d.cell_height;
		if (begins_cohort(rows, i))
			draw_cohort_names(&d, i, y);
		if (rows->period[i] != 0)
			draw_cell(&d, i, y);
	}
	return jrn_svg_end(&d.svg, y + d.cell_height + 8, bytes, size);
}
