/*
 * chart_forest.c
 *		Forest plot of strategies (see chart_forest.h).
 */
#include "chart_forest.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "axis.h"

#define TITLE "Strategies"
#define DESCRIPTION "Difference of each strategy to the baseline in the outcome, with 95 % intervals."
#define WORDS 160
#define MOST_ROWS 10000

/* From here on names, plot and figures stand side by side. */
#define WIDE 600.0

typedef struct drawing
{
	const jrn_forest *rows;
	jrn_svg		svg;
	jrn_axis	axis;
	const char *baseline;
	double		left;			/* of the plot */
	double		right;
	double		row_height;
	int			decimals;
	bool		wide;
	bool		any_all;		/* intervals for all at once are known */
	bool		any;			/* one difference is known */
} drawing;

/* ---- words ---- */

const char *
jrn_status_words(const char *status, char *out, size_t size)
{
	static const char *const words[][2] = {
		{"weak_overlap", "weak overlap: no decision"},
		{"no_overlap", "no overlap: no figures"},
		{"too_few", "too few rows or keys"},
		{"sample_ratio", "shares not as planned"},
		{"unequal_missing", "outcomes missing unequally"},
		{"late_eligibility", "some eligible too late"},
		{"not_converged", "a model did not converge"},
		{"rank_deficient", "a feature follows from others"},
		{"no_spread", "the outcome does not vary"}
	};
	size_t		i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(status, words[i][0]) == 0)
			return words[i][1];
	snprintf(out, size, "%s", status);
	for (i = 0; out[i] != '\0'; i++)
		if (out[i] == '_')
			out[i] = ' ';
	return out;
}

static bool
is_baseline(const drawing *d, size_t i)
{
	const char *strategy = d->rows->strategy[i];

	return strategy != NULL && d->baseline != NULL && strcmp(strategy, d->baseline) == 0;
}

static bool
has_interval(const drawing *d, size_t i)
{
	return isfinite(d->rows->low[i]) && isfinite(d->rows->high[i]);
}

/* What a row says, without its number (R-FOR-3). */
static const char *
row_words(const drawing *d, size_t i, char *out, size_t size)
{
	const char *status = d->rows->status[i];

	if (is_baseline(d, i))
		return "baseline";
	if (status != NULL && strcmp(status, "ok") != 0)
		return jrn_status_words(status, out, size);
	if (!isfinite(d->rows->difference[i]))
		return "no figures";
	if (!has_interval(d, i))
		return "no interval";
	if (d->rows->low[i] > 0)
		return "above the baseline";
	return d->rows->high[i] < 0 ? "below the baseline" : "cannot be told from zero";
}

/* n = 1,234 */
static const char *
count_words(const drawing *d, size_t i, char out[WORDS])
{
	char		number[JRN_NUMBER_SIZE];

	out[0] = '\0';
	if (d->rows->n[i] >= 0)
		snprintf(out, WORDS, "n\xc2\xa0=\xc2\xa0%s", jrn_number_text(number, (double) d->rows->n[i], 0, JRN_PLAIN));
	return out;
}

/* +0.067 [0.024, 0.111] */
static const char *
figure_words(const drawing *d, size_t i, char out[WORDS])
{
	char		value[JRN_NUMBER_SIZE];
	char		low[JRN_NUMBER_SIZE];
	char		high[JRN_NUMBER_SIZE];

	out[0] = '\0';
	if (!isfinite(d->rows->difference[i]))
		return out;
	jrn_number_text(value, d->rows->difference[i], d->decimals, JRN_PLAIN);
	if (has_interval(d, i))
		snprintf(out, WORDS, "%s%s [%s, %s]", d->rows->difference[i] > 0 ? "+" : "", value,
				 jrn_number_text(low, d->rows->low[i], d->decimals, JRN_PLAIN),
				 jrn_number_text(high, d->rows->high[i], d->decimals, JRN_PLAIN));
	else
		snprintf(out, WORDS, "%s%s", d->rows->difference[i] > 0 ? "+" : "", value);
	return out;
}

/* ---- layout ---- */

static void
widen(double value, double *low, double *high)
{
	if (!isfinite(value))
		return;
	*low = fmin(*low, value);
	*high = fmax(*high, value);
}

static double
words_width(jrn_font font, const char *words)
{
	return jrn_svg_text_width(font, words, strlen(words));
}

/* R-FOR-2: zero, and every end of an interval. */
static jrn_status
measure_rows(const jrn_env *env, drawing *d, double *names, double *figures)
{
	double		low = 0;
	double		high = 0;
	char		words[WORDS];
	size_t		i;

	for (i = 0; i < d->rows->count; i++)
	{
		if (i % 64 == 0)
			JRN_TICK(env);
		if (d->baseline == NULL)
			d->baseline = d->rows->baseline[i];
		widen(d->rows->difference[i], &low, &high);
		widen(d->rows->low[i], &low, &high);
		widen(d->rows->high[i], &low, &high);
		widen(d->rows->all_low[i], &low, &high);
		widen(d->rows->all_high[i], &low, &high);
		d->any = d->any || isfinite(d->rows->difference[i]);
		d->any_all = d->any_all || isfinite(d->rows->all_low[i]);
	}
	d->decimals = jrn_number_decimals(low, high, JRN_PLAIN);
	*names = *figures = 0;
	for (i = 0; i < d->rows->count; i++)
	{
		const char *name = d->rows->strategy[i] != NULL ? d->rows->strategy[i] : "";

		if (i % 64 == 0)
			JRN_TICK(env);
		*names = fmax(*names, jrn_svg_text_width(JRN_FONT_STRONG, name, strlen(name)));
		*names = fmax(*names, words_width(JRN_FONT_NOTE, row_words(d, i, words, sizeof(words))));
		*figures = fmax(*figures, words_width(JRN_FONT_LABEL, figure_words(d, i, words)));
		*figures = fmax(*figures, words_width(JRN_FONT_NOTE, count_words(d, i, words)));
	}
	/* no interval ends at the edge of the plot */
	jrn_axis_init(&d->axis, low - 0.04 * (high - low), high + 0.04 * (high - low), 5, false, JRN_PLAIN);
	return JRN_OK;
}

/* Columns of a wide picture, or rows of three lines. */
static void
lay_out(drawing *d, double names, double figures)
{
	const double width = d->svg.width;
	const double end = width - JRN_SVG_MARGIN;

	d->wide = width >= WIDE && figures <= width * 0.3;
	if (d->wide)
	{
		d->left = JRN_SVG_MARGIN + fmin(names, width * 0.34) + 16;
		d->right = end - (figures > 0 ? figures + 16 : 4);
		d->row_height = 46;
	}
	else
	{
		/* half a label reaches over both ends of the axis */
		d->left = JRN_SVG_MARGIN + 14;
		d->right = end - 14;
		d->row_height = 92;
	}
	d->axis.from = d->left;
	d->axis.to = d->right;
}

/* ---- rows ---- */

static const char *
row_ink(const drawing *d, size_t i, const char *good, const char *bad, const char *quiet)
{
	if (is_baseline(d, i) || !has_interval(d, i) ||
		(d->rows->status[i] != NULL && strcmp(d->rows->status[i], "ok") != 0))
		return quiet;
	if (d->rows->low[i] > 0)
		return good;
	return d->rows->high[i] < 0 ? bad : quiet;
}

static void
draw_interval(drawing *d, size_t i, double y)
{
	const jrn_forest *rows = d->rows;
	double		x = jrn_axis_at(&d->axis, is_baseline(d, i) ? 0 : rows->difference[i]);
	const char *tip = rows->verdict[i];

	if (is_baseline(d, i))
	{
		jrn_svg_path_begin(&d->svg, "jr-fquiet");
		jrn_svg_move(&d->svg, x, y - 7);
		jrn_svg_to(&d->svg, x + 7, y);
		jrn_svg_to(&d->svg, x, y + 7);
		jrn_svg_to(&d->svg, x - 7, y);
		jrn_svg_close(&d->svg);
		jrn_svg_path_end(&d->svg);
		return;
	}
	if (!isfinite(rows->difference[i]))
		return;
	if (isfinite(rows->all_low[i]) && isfinite(rows->all_high[i]))
		jrn_svg_line(&d->svg, jrn_axis_at(&d->axis, rows->all_low[i]), y, jrn_axis_at(&d->axis, rows->all_high[i]), y,
					 row_ink(d, i, "jr-sgood jr-thin", "jr-sbad jr-thin", "jr-squiet jr-thin"));
	if (has_interval(d, i))
	{
		if (tip != NULL)
			jrn_svg_tip(&d->svg, tip, strlen(tip));
		jrn_svg_line(&d->svg, jrn_axis_at(&d->axis, rows->low[i]), y, jrn_axis_at(&d->axis, rows->high[i]), y,
					 row_ink(d, i, "jr-sgood jr-thick", "jr-sbad jr-thick", "jr-squiet jr-thick"));
	}
	if (tip != NULL)
		jrn_svg_tip(&d->svg, tip, strlen(tip));
	jrn_svg_circle(&d->svg, x, y, 6, row_ink(d, i, "jr-fgood", "jr-fbad", "jr-fquiet"));
}

/* Name and words at the left, figures and n at the right, the plot between. */
static void
draw_wide_row(drawing *d, size_t i, double top)
{
	const double end = d->svg.width - JRN_SVG_MARGIN;
	const double room = d->left - 16 - JRN_SVG_MARGIN;
	const char *name = d->rows->strategy[i] != NULL ? d->rows->strategy[i] : "";
	char		words[WORDS];

	jrn_svg_text(&d->svg, JRN_SVG_MARGIN, top + 18, JRN_START, JRN_FONT_STRONG, name, strlen(name), room);
	jrn_svg_words(&d->svg, JRN_SVG_MARGIN, top + 36, JRN_START, JRN_FONT_NOTE, row_words(d, i, words, sizeof(words)), room);
	jrn_svg_words(&d->svg, end, top + 18, JRN_END, JRN_FONT_LABEL, figure_words(d, i, words), 0);
	jrn_svg_words(&d->svg, end, top + 36, JRN_END, JRN_FONT_NOTE, count_words(d, i, words), 0);
	draw_interval(d, i, top + 24);
}

/* One below the other, the plot last, so that no line of it crosses a text. */
static void
draw_narrow_row(drawing *d, size_t i, double top)
{
	const double end = d->svg.width - JRN_SVG_MARGIN;
	const double room = end - JRN_SVG_MARGIN;
	const char *name = d->rows->strategy[i] != NULL ? d->rows->strategy[i] : "";
	char		words[WORDS];
	double		aside = words_width(JRN_FONT_NOTE, count_words(d, i, words));
	int			tick;

	jrn_svg_words(&d->svg, end, top + 36, JRN_END, JRN_FONT_NOTE, words, 0);
	jrn_svg_text(&d->svg, JRN_SVG_MARGIN, top + 18, JRN_START, JRN_FONT_STRONG, name, strlen(name), room);
	jrn_svg_words(&d->svg, JRN_SVG_MARGIN, top + 36, JRN_START, JRN_FONT_NOTE, row_words(d, i, words, sizeof(words)), room - aside - 12);
	jrn_svg_words(&d->svg, JRN_SVG_MARGIN, top + 54, JRN_START, JRN_FONT_LABEL, figure_words(d, i, words), room);
	if (d->any)
	{
		for (tick = 0; tick < d->axis.count; tick++)
			jrn_svg_line(&d->svg, jrn_axis_at(&d->axis, jrn_axis_tick(&d->axis, tick)), top + 62,
						 jrn_axis_at(&d->axis, jrn_axis_tick(&d->axis, tick)), top + 86, "jr-grid");
		jrn_svg_line(&d->svg, jrn_axis_at(&d->axis, 0), top + 62, jrn_axis_at(&d->axis, 0), top + 86, "jr-zero");
	}
	draw_interval(d, i, top + 74);
}

/* Which side is which, below the axis. */
static double
draw_sides(drawing *d, double y)
{
	const double end = d->svg.width - JRN_SVG_MARGIN;
	const double baseline = jrn_svg_baseline_below(JRN_FONT_NOTE, y);
	const double zero = jrn_axis_at(&d->axis, 0);

	jrn_svg_words_if_free(&d->svg, fmin(zero + 10, end), baseline, JRN_START, JRN_FONT_NOTE,
						  "higher outcome \xe2\x86\x92", 0);
	jrn_svg_words_if_free(&d->svg, zero - 10, baseline, JRN_END, JRN_FONT_NOTE, "\xe2\x86\x90 lower outcome", 0);
	return y + jrn_svg_line_height(JRN_FONT_NOTE) + 4;
}

static jrn_status
draw_head(const jrn_env *env, drawing *d, double *y)
{
	const char *what = d->any_all ?
		"Difference of the outcome to the baseline, with the 95 % interval of each (thick) and the one that holds for all at once (thin)." :
		"Difference of the outcome to the baseline, with its 95 % interval.";
	char	   *line;
	size_t		size;

	*y = jrn_svg_heading(&d->svg, TITLE, what);
	if (d->baseline == NULL)
		return JRN_OK;
	size = strlen(d->baseline) + 16;
	JRN_TRY(jrn_alloc_array(env, size, 1, &line));
	snprintf(line, size, "Baseline: %s", d->baseline);
	jrn_svg_words(&d->svg, JRN_SVG_MARGIN, jrn_svg_baseline_below(JRN_FONT_NOTE, *y - 6), JRN_START, JRN_FONT_NOTE, line,
				  d->svg.width - 2 * JRN_SVG_MARGIN);
	*y += jrn_svg_line_height(JRN_FONT_NOTE);
	return JRN_OK;
}

jrn_status
jrn_chart_forest(const jrn_env *env, const jrn_forest *forest, double width, bool ascii,
				 const char **bytes, size_t *size)
{
	drawing		d;
	double		names;
	double		figures;
	double		y;
	double		top;
	size_t		i;

	if (forest->count == 0)
		return jrn_svg_nothing(env, width, ascii, TITLE, "No strategies to compare.", bytes, size);
	if (forest->count > MOST_ROWS)
		return JRN_LIMIT;
	memset(&d, 0, sizeof(d));
	d.rows = forest;
	jrn_svg_begin(&d.svg, env, width, ascii, TITLE, DESCRIPTION);
	JRN_TRY(measure_rows(env, &d, &names, &figures));
	JRN_TRY(draw_head(env, &d, &top));
	y = top;
	lay_out(&d, names, figures);
	if (d.any)
	{
		double		bottom = top + d.row_height * (double) forest->count;

		y = jrn_axis_draw_below(&d.svg, &d.axis, d.wide ? top : bottom, bottom);
		if (d.wide)
			jrn_svg_line(&d.svg, jrn_axis_at(&d.axis, 0), top, jrn_axis_at(&d.axis, 0), bottom, "jr-zero");
		y = draw_sides(&d, y);
	}
	else
		y += d.row_height * (double) forest->count;
	for (i = 0; i < forest->count; i++)
	{
		JRN_TICK(env);
		if (d.wide)
			draw_wide_row(&d, i, top + d.row_height * (double) i);
		else
			draw_narrow_row(&d, i, top + d.row_height * (double) i);
	}
	return jrn_svg_end(&d.svg, y + 4, bytes, size);
}
