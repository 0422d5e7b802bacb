/*
 * chart_calibration.c
 *		Reliability diagram (see chart_calibration.h).
 */
#include "chart_calibration.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "axis.h"

#define TITLE "Calibration"
#define DESCRIPTION "What was predicted against what happened, by bins of predictions."
#define MOST_ROWS 100000
#define BARS 44.0				/* height of the bars of rows */
#define WIDEST_PLOT 520.0

typedef struct drawing
{
	const jrn_calibration_rows *rows;
	jrn_svg		svg;
	jrn_axis	across;
	jrn_axis	up;
	double		most;			/* rows of the fullest bin */
	double		total;
	double		error;			/* expected calibration error */
} drawing;

static bool
is_point(const jrn_calibration_rows *rows, size_t i)
{
	return isfinite(rows->predicted[i]) && isfinite(rows->observed[i]);
}

static double
largest(double a, double b)
{
	return isfinite(b) && b > a ? b : a;
}

/* The common end of both scales, and the rows. */
static jrn_status
measure_rows(const jrn_env *env, drawing *d, double *top)
{
	const jrn_calibration_rows *rows = d->rows;
	double		sum = 0;
	size_t		i;

	*top = 0;
	for (i = 0; i < rows->count; i++)
	{
		if (i % 1024 == 0)
			JRN_TICK(env);
		if (!is_point(rows, i))
			continue;
		*top = largest(largest(largest(*top, rows->predicted[i]), rows->observed[i]), rows->high[i]);
		if (rows->n[i] < 0)
			continue;
		d->most = largest(d->most, (double) rows->n[i]);
		d->total += (double) rows->n[i];
		sum += (double) rows->n[i] * fabs(rows->observed[i] - rows->predicted[i]);
	}
	d->error = d->total > 0 ? sum / d->total : NAN;
	return JRN_OK;
}

static double
draw_head(drawing *d)
{
	char		below[240];
	char		rows[JRN_NUMBER_SIZE];
	char		error[JRN_NUMBER_SIZE];

	if (isfinite(d->error))
		snprintf(below, sizeof(below), "n = %s rows; mean distance from the diagonal %s. Above the diagonal more happened than was predicted. Lines: 95 %% intervals.",
				 jrn_number_text(rows, d->total, 0, JRN_PLAIN), jrn_number_text(error, d->error, 1, JRN_PERCENT));
	else
		snprintf(below, sizeof(below), "Above the diagonal more happened than was predicted. Lines: 95 %% intervals.");
	return jrn_svg_heading(&d->svg, TITLE, below);
}

/* Square plot with its axes; gives the y of its bottom. */
static double
draw_frame(drawing *d, double y, double top)
{
	const double caption = y + jrn_svg_font_size(JRN_FONT_NOTE) * 1.07;
	double		left;
	double		side;

	jrn_axis_init(&d->up, 0, top, d->svg.width < 480 ? 5 : 8, true, JRN_PERCENT);
	d->across = d->up;
	left = JRN_SVG_MARGIN + jrn_axis_label_width(&d->up) + 8;
	side = fmin(d->svg.width - JRN_SVG_MARGIN - 16 - left, WIDEST_PLOT);
	jrn_svg_words(&d->svg, JRN_SVG_MARGIN, caption, JRN_START, JRN_FONT_NOTE, "observed", 0);
	y += jrn_svg_line_height(JRN_FONT_NOTE) + 4;
	d->across.from = left;
	d->across.to = left + side;
	d->up.from = y + side;
	d->up.to = y;
	jrn_axis_draw_left(&d->svg, &d->up, left, left + side);
	return y + side;
}

static void
draw_points(drawing *d)
{
	const jrn_calibration_rows *rows = d->rows;
	bool		joined = false;
	size_t		i;

	jrn_svg_path_begin(&d->svg, "jr-s0 jr-thin jr-round");
	for (i = 0; i < rows->count; i++)
	{
		if (!is_point(rows, i))
			continue;
		if (joined)
			jrn_svg_to(&d->svg, jrn_axis_at(&d->across, rows->predicted[i]), jrn_axis_at(&d->up, rows->observed[i]));
		else
			jrn_svg_move(&d->svg, jrn_axis_at(&d->across, rows->predicted[i]), jrn_axis_at(&d->up, rows->observed[i]));
		joined = true;
	}
	jrn_svg_path_end(&d->svg);
	for (i = 0; i < rows->count; i++)
	{
		double		share = d->most > 0 && rows->n[i] >= 0 ? sqrt((double) rows->n[i] / d->most) : 0.5;
		double		x;

		if (!is_point(rows, i))
			continue;
		x = jrn_axis_at(&d->across, rows->predicted[i]);
		if (isfinite(rows->low[i]) && isfinite(rows->high[i]))
			jrn_svg_line(&d->svg, x, jrn_axis_at(&d->up, rows->low[i]), x, jrn_axis_at(&d->up, rows->high[i]), "jr-s0 jr-thin");
		jrn_svg_circle(&d->svg, x, jrn_axis_at(&d->up, rows->observed[i]), 2.5 + 4.5 * share, "jr-f0");
	}
}

/* R-CAL-2 */
static double
draw_bars(drawing *d, double y)
{
	const jrn_calibration_rows *rows = d->rows;
	const double room = fmax(2, fmin(18, (d->across.to - d->across.from) / (double) (rows->count + 1) - 2));
	char		label[JRN_NUMBER_SIZE + 16];
	char		number[JRN_NUMBER_SIZE];
	size_t		i;

	if (!(d->most > 0))
		return y;
	snprintf(label, sizeof(label), "rows (up to %s)", jrn_number_text(number, d->most, 0, JRN_PLAIN));
	jrn_svg_words(&d->svg, d->across.from, y + jrn_svg_font_size(JRN_FONT_NOTE) * 1.07, JRN_START, JRN_FONT_NOTE, label, 0);
	y += jrn_svg_line_height(JRN_FONT_NOTE) + 2;
	for (i = 0; i < rows->count; i++)
		if (is_point(rows, i) && rows->n[i] > 0)
		{
			double		height = BARS * (double) rows->n[i] / d->most;

			jrn_number_text(number, (double) rows->n[i], 0, JRN_PLAIN);
			jrn_svg_tip(&d->svg, number, strlen(number));
			jrn_svg_rect(&d->svg, jrn_axis_at(&d->across, rows->predicted[i]) - room / 2, y + BARS - height, room, height, "jr-fquiet");
		}
	jrn_svg_line(&d->svg, d->across.from, y + BARS, d->across.to, y + BARS, "jr-axis");
	return y + BARS;
}

jrn_status
jrn_chart_calibration(const jrn_env *env, const jrn_calibration_rows *rows, double width, bool ascii,
					  const char **bytes, size_t *size)
{
	drawing		d;
	double		top;
	double		y;
	double		bottom;

	if (rows->count > MOST_ROWS)
		return JRN_LIMIT;
	memset(&d, 0, sizeof(d));
	d.rows = rows;
	JRN_TRY(measure_rows(env, &d, &top));
	if (!(top > 0))
		return jrn_svg_nothing(env, width, ascii, TITLE, "No predictions to compare with what happened.", bytes, size);
	jrn_svg_begin(&d.svg, env, width, ascii, TITLE, DESCRIPTION);
	y = draw_head(&d);
	bottom = draw_frame(&d, y, top);
	y = jrn_axis_draw_below(&d.svg, &d.across, d.up.to, bottom);
	jrn_svg_line(&d.svg, d.across.from, bottom, d.across.to, d.up.to, "jr-axis jr-dash");
	draw_points(&d);
	jrn_svg_words(&d.svg, d.across.to, y + jrn_svg_font_size(JRN_FONT_NOTE) * 1.07, JRN_END, JRN_FONT_NOTE, "predicted", 0);
	y = draw_bars(&d, y);
	return jrn_svg_end(&d.svg, y + (d.most > 0 ? 8 : jrn_svg_line_height(JRN_FONT_NOTE) + 8), bytes, size);
}
