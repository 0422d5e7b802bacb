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
		{"sample_ratio", "shares are not as planned: do not decide"},
		{"unequal_missing", "outcomes are missing unequally: do not decide"},
		{"late_eligibility", "some were eligible too late: do not decide"},
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

/* n = 1,234 · words */
static void
note_words(const drawing *d, size_t i, char out[WORDS])
{
	char		number[JRN_NUMBER_SIZE];
	char		words[WORDS];
	const char *said = row_words(d, i, words, sizeof(words));

	if (d->rows->n[i] >= 0)
		snprintf(out, WORDS, "n\xc2\xa0=\xc2\xa0%s \xc2\xb7 %.80s",
				 jrn_number_text(number, (double) d->rows->n[i], 0, JRN_PLAIN), said);
	else
		snprintf(out, WORDS, "%.80s", said);
}

/* +0.067 [0.024, 0.111] */
static void
figure_words(const drawing *d, size_t i, char out[WORDS])
{
	char		value[JRN_NUMBER_SIZE];
	char		low[JRN_NUMBER_SIZE];
	char		high[JRN_NUMBER_SIZE];

	out[0] = '\0';
	if (!isfinite(d->rows->difference[i]))
		return;
	jrn_number_text(value, d->rows->difference[i], d->decimals, JRN_PLAIN);
	if (has_interval(d, i))
		snprintf(out, WORDS, "%s%s [%s, %s]", d->rows->difference[i] > 0 ? "+" : "", value,
				 jrn_number_text(low, d->rows->low[i], d->decimals, JRN_PLAIN),
				 jrn_number_text(high, d->rows->high[i], d->decimals, JRN_PLAIN));
	else
		snprintf(out, WORDS, "%s%s", d->rows->difference[i] > 0 ? "+" : "", value);
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
		note_words(d, i, words);
		*names = fmax(*names, jrn_svg_text_width(JRN_FONT_NOTE, words, strlen(words)));
		figure_words(d, i, words);
		*figures = fmax(*figures, jrn_svg_text_width(JRN_FONT_LABEL, words, strlen(words)));
	}
	jrn_axis_init(&d->axis, low, high, 6, true, JRN_PLAIN);
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
		d->row_height = 74;
	}
	d->axis.from = d->left;
	d->axis.to = d->right;
	if (d->axis.count > 2 && (d->right - d->left) / (d->axis.count - 1) < jrn_axis_label_width(&d->axis) + 8)
	{
		double		from = d->axis.from;
		double		to = d->axis.to;

		jrn_axis_init(&d->axis, d->axis.low, d->axis.high, 3, true, JRN_PLAIN);
		d->axis.from = from;
		d->axis.to = to;
	}
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

static void
draw_row(drawing *d, size_t i, double top)
{
	const double end = d->svg.width - JRN_SVG_MARGIN;
	const char *name = d->rows->strategy[i] != NULL ? d->rows->strategy[i] : "";
	double		room = d->wide ? d->left - JRN_SVG_MARGIN - 16 : end - JRN_SVG_MARGIN;
	char		words[WORDS];

	jrn_svg_text(&d->svg, JRN_SVG_MARGIN, top + 18, JRN_START, JRN_FONT_STRONG, name, strlen(name), room);
	note_words(d, i, words);
	if (d->wide)
		jrn_svg_words(&d->svg, JRN_SVG_MARGIN, top + 36, JRN_START, JRN_FONT_NOTE, words, room);
	else
	{
		/* figures at the right of the second line, the rest before them */
		char		figures[WORDS];

		figure_words(d, i, figures);
		jrn_svg_words(&d->svg, end, top + 36, JRN_END, JRN_FONT_LABEL, figures, room);
		room -= jrn_svg_text_width(JRN_FONT_LABEL, figures, strlen(figures)) + 12;
		if (room > 40)
			jrn_svg_words(&d->svg, JRN_SVG_MARGIN, top + 36, JRN_START, JRN_FONT_NOTE, words, room);
	}
	draw_interval(d, i, d->wide ? top + 24 : top + 57);
	if (!d->wide)
		return;
	figure_words(d, i, words);
	jrn_svg_words(&d->svg, end, jrn_svg_baseline(JRN_FONT_LABEL, top + 24), JRN_END, JRN_FONT_LABEL, words,
				  end - d->right - 8);
}

/* Which side is which, below the axis. */
static double
draw_sides(drawing *d, double y)
{
	const double end = d->svg.width - JRN_SVG_MARGIN;
	const double baseline = y + jrn_svg_font_size(JRN_FONT_NOTE);
	const double zero = jrn_axis_at(&d->axis, 0);

	jrn_svg_words_if_free(&d->svg, fmin(zero + 10, end), baseline, JRN_START, JRN_FONT_NOTE,
						  "higher outcome \xe2\x86\x92", 0);
	jrn_svg_words_if_free(&d->svg, zero - 10, baseline, JRN_END, JRN_FONT_NOTE, "\xe2\x86\x90 lower outcome", 0);
	return y + jrn_svg_line_height(JRN_FONT_NOTE) + 4;
}

static double
draw_head(drawing *d)
{
	const double indent = JRN_SVG_MARGIN + jrn_svg_text_width(JRN_FONT_NOTE, "Baseline:", 9) + 5;
	double		y = jrn_svg_heading(&d->svg, TITLE, d->any_all ?
									"Difference of the outcome to the baseline, with the 95 % interval of each (thick) and the one that holds for all at once (thin)." :
									"Difference of the outcome to the baseline, with its 95 % interval.");
	double		baseline = y - 6 + jrn_svg_font_size(JRN_FONT_NOTE) * 1.07;

	if (d->baseline == NULL)
		return y;
	jrn_svg_words(&d->svg, JRN_SVG_MARGIN, baseline, JRN_START, JRN_FONT_NOTE, "Baseline:", 0);
	jrn_svg_words(&d->svg, indent, baseline, JRN_START, JRN_FONT_NOTE, d->baseline,
				  d->svg.width - JRN_SVG_MARGIN - indent);
	return y + jrn_svg_line_height(JRN_FONT_NOTE);
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
	y = top = draw_head(&d);
	lay_out(&d, names, figures);
	if (d.any)
	{
		y = jrn_axis_draw_below(&d.svg, &d.axis, top, top + d.row_height * (double) forest->count);
		jrn_svg_line(&d.svg, jrn_axis_at(&d.axis, 0), top, jrn_axis_at(&d.axis, 0),
					 top + d.row_height * (double) forest->count, "jr-zero");
		y = draw_sides(&d, y);
	}
	else
		y += d.row_height * (double) forest->count;
	for (i = 0; i < forest->count; i++)
	{
		JRN_TICK(env);
		draw_row(&d, i, top + d.row_height * (double) i);
	}
	return jrn_svg_end(&d.svg, y + 4, bytes, size);
}
