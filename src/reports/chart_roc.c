/*
 * chart_roc.c
 *		ROC curve (see chart_roc.h).
 */
#include "chart_roc.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "axis.h"

#define TITLE "ROC curve"
#define DESCRIPTION "Share of the positives found against the share of the negatives taken along, at every threshold."
#define WIDEST_PLOT 520.0
#define NEAR 0.33				/* pixels */

typedef struct drawing
{
	const jrn_roc_rows *rows;
	jrn_svg		svg;
	jrn_axis	across;
	jrn_axis	up;
	double		area;
	size_t		points;
} drawing;

static bool
is_point(const jrn_roc_rows *rows, size_t i)
{
	return isfinite(rows->tpr[i]) && isfinite(rows->fpr[i]);
}

/* R-ROC-2 */
static jrn_status
measure_area(const jrn_env *env, drawing *d)
{
	const jrn_roc_rows *rows = d->rows;
	double		x = 0;
	double		y = 0;
	size_t		i;

	for (i = 0; i < rows->count; i++)
	{
		if (i % 4096 == 0)
			JRN_TICK(env);
		if (!is_point(rows, i))
			continue;
		d->area += (rows->fpr[i] - x) * (rows->tpr[i] + y) / 2;
		x = rows->fpr[i];
		y = rows->tpr[i];
		d->points++;
	}
	return JRN_OK;
}

static double
draw_frame(drawing *d, double y)
{
	double		left;
	double		side;

	jrn_axis_init(&d->up, 0, 1, 5, true, JRN_PERCENT);
	d->across = d->up;
	left = JRN_SVG_MARGIN + jrn_axis_label_width(&d->up) + 8;
	side = fmin(d->svg.width - JRN_SVG_MARGIN - 16 - left, WIDEST_PLOT);
	jrn_svg_words(&d->svg, JRN_SVG_MARGIN, y + jrn_svg_font_size(JRN_FONT_NOTE) * 1.07, JRN_START, JRN_FONT_NOTE,
				  "of the positives", 0);
	y += jrn_svg_line_height(JRN_FONT_NOTE) + 4;
	d->across.from = left;
	d->across.to = left + side;
	d->up.from = y + side;
	d->up.to = y;
	jrn_axis_draw_left(&d->svg, &d->up, left, left + side);
	return y + side;
}

/* R-ROC-1: the curve, or with closed the area under it. */
static void
draw_curve(drawing *d, const char *classes, bool closed)
{
	const jrn_roc_rows *rows = d->rows;
	double		last_x = jrn_axis_at(&d->across, 0);
	double		last_y = jrn_axis_at(&d->up, 0);
	double		x = last_x;
	double		y = last_y;
	size_t		i;

	jrn_svg_path_begin(&d->svg, classes);
	jrn_svg_move(&d->svg, x, y);
	for (i = 0; i < rows->count && d->svg.body.status == JRN_OK; i++)
	{
		if (!is_point(rows, i))
			continue;
		x = jrn_axis_at(&d->across, rows->fpr[i]);
		y = jrn_axis_at(&d->up, rows->tpr[i]);
		if (fabs(x - last_x) < NEAR && fabs(y - last_y) < NEAR)
			continue;
		jrn_svg_to(&d->svg, x, y);
		last_x = x;
		last_y = y;
	}
	if (x != last_x || y != last_y)
		jrn_svg_to(&d->svg, x, y);
	if (closed)
	{
		jrn_svg_to(&d->svg, x, jrn_axis_at(&d->up, 0));
		jrn_svg_close(&d->svg);
	}
	jrn_svg_path_end(&d->svg);
}

jrn_status
jrn_chart_roc(const jrn_env *env, const jrn_roc_rows *rows, double width, bool ascii, const char **bytes,
			  size_t *size)
{
	drawing		d;
	char		number[JRN_NUMBER_SIZE];
	char		below[200];
	double		y;
	double		bottom;

	memset(&d, 0, sizeof(d));
	d.rows = rows;
	JRN_TRY(measure_area(env, &d));
	if (d.points < 2)
		return jrn_svg_nothing(env, width, ascii, TITLE,
							   rows->count == 0 ? "No predictions to draw a curve of." :
							   "Only one class was observed, so there is no curve.", bytes, size);
	jrn_svg_begin(&d.svg, env, width, ascii, TITLE, DESCRIPTION);
	snprintf(below, sizeof(below), "Area under the curve (AUC) %s; the dashed diagonal is chance, 0.500.",
			 jrn_number_text(number, d.area, 3, JRN_PLAIN));
	y = jrn_svg_heading(&d.svg, TITLE, below);
	bottom = draw_frame(&d, y);
	y = jrn_axis_draw_below(&d.svg, &d.across, d.up.to, bottom);
	draw_curve(&d, "jr-b0", true);
	jrn_svg_line(&d.svg, d.across.from, bottom, d.across.to, d.up.to, "jr-axis jr-dash");
	draw_curve(&d, "jr-s0 jr-round", false);
	jrn_svg_words(&d.svg, d.across.to, y + jrn_svg_font_size(JRN_FONT_NOTE) * 1.07, JRN_END, JRN_FONT_NOTE,
				  "of the negatives", 0);
	return jrn_svg_end(&d.svg, y + jrn_svg_line_height(JRN_FONT_NOTE) + 6, bytes, size);
}
