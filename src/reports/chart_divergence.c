/*
 * chart_divergence.c
 *		How fast neighbours in a series part (see chart_divergence.h).
 */
#include "chart_divergence.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "axis.h"

#define TITLE "Divergence of neighbours"
#define DESCRIPTION "Mean logarithm of the distance between neighbours of a series after so many steps, with the fitted line."

/* Height of the plot: wide pictures are not taller. */
#define PLOT_HEIGHT 260.0

typedef struct drawing
{
	jrn_svg		svg;
	jrn_axis	x;
	jrn_axis	y;
} drawing;

static bool
has_line(const jrn_divergence_fit *fit)
{
	return !isnan(fit->slope) && fit->to > fit->from;
}

/* R-DVC-3: the line's value at step 0; NaN without points. */
static double
intercept(const jrn_divergence_point *points, size_t count, const jrn_divergence_fit *fit)
{
	double		sum = 0;
	double		n = 0;
	size_t		i;

	for (i = 0; i < count; i++)
		if (!isnan(points[i].distance) && points[i].step >= fit->from && points[i].step <= fit->to)
		{
			sum += points[i].distance - fit->slope * (double) points[i].step;
			n++;
		}
	return n > 0 ? sum / n : NAN;
}

static double
choose_axes(drawing *d, const jrn_divergence_point *points, size_t count, const jrn_divergence_fit *fit, double top)
{
	double		low = INFINITY;
	double		high = -INFINITY;
	double		bottom = top + PLOT_HEIGHT;
	double		at = has_line(fit) ? intercept(points, count, fit) : NAN;
	size_t		i;

	for (i = 0; i < count; i++)
		if (!isnan(points[i].distance))
		{
			low = fmin(low, points[i].distance);
			high = fmax(high, points[i].distance);
		}
	if (!isnan(at))
	{
		low = fmin(low, at + fit->slope * (double) (fit->slope > 0 ? fit->from : fit->to));
		high = fmax(high, at + fit->slope * (double) (fit->slope > 0 ? fit->to : fit->from));
	}
	jrn_axis_init(&d->y, low, high, 6, true, JRN_PLAIN);
	jrn_axis_init(&d->x, (double) points[0].step, (double) points[count - 1].step, d->svg.width < 500 ? 5 : 10, false, JRN_PLAIN);
	d->y.from = bottom;
	d->y.to = top;
	d->x.from = JRN_SVG_MARGIN + jrn_axis_label_width(&d->y) + 14;
	d->x.to = d->svg.width - JRN_SVG_MARGIN - 16;
	return bottom;
}

/* R-DVC-1 */
static void
draw_line(drawing *d, const jrn_divergence_point *points, size_t count, const jrn_divergence_fit *fit)
{
	double		at = intercept(points, count, fit);

	if (isnan(at))
		return;
	jrn_svg_line(&d->svg, jrn_axis_at(&d->x, (double) fit->from), jrn_axis_at(&d->y, at + fit->slope * (double) fit->from),
				 jrn_axis_at(&d->x, (double) fit->to), jrn_axis_at(&d->y, at + fit->slope * (double) fit->to),
				 "jr-s1 jr-thick jr-round");
}

/* R-DVC-2 */
static void
draw_curve(drawing *d, const jrn_divergence_point *points, size_t count)
{
	bool		open = false;
	char		tip[4 * JRN_NUMBER_SIZE];
	char		number[JRN_NUMBER_SIZE];
	size_t		i;

	jrn_svg_path_begin(&d->svg, "jr-s0 jr-round");
	for (i = 0; i < count; i++)
	{
		if (!isnan(points[i].distance))
			(open ? jrn_svg_to : jrn_svg_move) (&d->svg, jrn_axis_at(&d->x, (double) points[i].step),
												 jrn_axis_at(&d->y, points[i].distance));
		open = !isnan(points[i].distance);
	}
	jrn_svg_path_end(&d->svg);
	for (i = 0; i < count; i++)
	{
		if (isnan(points[i].distance))
			continue;
		jrn_number_text(number, points[i].distance, 3, JRN_PLAIN);
		if (points[i].pairs >= 0)
			snprintf(tip, sizeof(tip), "step %lld: %s, %lld pairs", (long long) points[i].step, number, (long long) points[i].pairs);
		else
			snprintf(tip, sizeof(tip), "step %lld: %s", (long long) points[i].step, number);
		jrn_svg_tip(&d->svg, tip, strlen(tip));
		jrn_svg_circle(&d->svg, jrn_axis_at(&d->x, (double) points[i].step), jrn_axis_at(&d->y, points[i].distance), 3, "jr-f0");
	}
}

/* Marks at the ends of the fit range, and the legend that says it. */
static double
draw_range(drawing *d, const jrn_divergence_fit *fit, double top, double bottom, double y)
{
	const char *names[2] = {"mean log distance", NULL};
	const char *classes[2] = {"jr-s0", "jr-s1 jr-thick"};
	char		words[160];
	char		slope[JRN_NUMBER_SIZE];

	if (!has_line(fit))
		return jrn_svg_legend(&d->svg, y, names, classes, 1);
	jrn_svg_line(&d->svg, jrn_axis_at(&d->x, (double) fit->from), top, jrn_axis_at(&d->x, (double) fit->from), bottom, "jr-squiet jr-thin jr-dash");
	jrn_svg_line(&d->svg, jrn_axis_at(&d->x, (double) fit->to), top, jrn_axis_at(&d->x, (double) fit->to), bottom, "jr-squiet jr-thin jr-dash");
	jrn_number_text(slope, fit->slope, 3, JRN_PLAIN);
	snprintf(words, sizeof(words), "fit, steps %lld to %lld: %s a step", (long long) fit->from, (long long) fit->to, slope);
	names[1] = words;
	return jrn_svg_legend(&d->svg, y, names, classes, 2);
}

static jrn_status
check_points(const jrn_divergence_point *points, size_t count, size_t *known)
{
	size_t		i;

	*known = 0;
	if (count > JRN_DIVERGENCE_POINTS)
		return JRN_LIMIT;
	for (i = 0; i < count; i++)
	{
		if (isinf(points[i].distance) || points[i].step < -1000000000 || points[i].step > 1000000000 ||
			(i > 0 && points[i].step <= points[i - 1].step))
			return JRN_DOMAIN;
		*known += !isnan(points[i].distance);
	}
	return JRN_OK;
}

jrn_status
jrn_chart_divergence(const jrn_env *env, const jrn_divergence_point *points, size_t count,
					 const jrn_divergence_fit *fit, double width, bool ascii, const char **bytes, size_t *size)
{
	drawing		d;
	char		words[120];
	double		top;
	double		bottom;
	double		y;
	size_t		known;

	JRN_TRY(check_points(points, count, &known));
	if (known == 0)
	{
		snprintf(words, sizeof(words), "There is no curve to draw: %.60s.", fit->status == NULL ? "no neighbours" : fit->status);
		return jrn_svg_nothing(env, width, ascii, TITLE, words, bytes, size);
	}
	memset(&d, 0, sizeof(d));
	jrn_svg_begin(&d.svg, env, width, ascii, TITLE, DESCRIPTION);
	top = jrn_svg_heading(&d.svg, TITLE, "A slope means something only where the curve is straight.") + 8;
	bottom = choose_axes(&d, points, count, fit, top);
	jrn_axis_draw_left(&d.svg, &d.y, d.x.from, d.x.to);
	y = jrn_axis_draw_below(&d.svg, &d.x, top, bottom);
	jrn_svg_words(&d.svg, (d.x.from + d.x.to) / 2, y + 12, JRN_MIDDLE, JRN_FONT_TICK, "steps ahead", 0);
	if (has_line(fit))
		draw_line(&d, points, count, fit);
	draw_curve(&d, points, count);
	y = draw_range(&d, fit, top, bottom, y + 22);
	if (fit->status != NULL && strcmp(fit->status, "ok") != 0)
	{
		snprintf(words, sizeof(words), "Status: %.60s.", fit->status);
		jrn_svg_words(&d.svg, JRN_SVG_MARGIN, y + 12, JRN_START, JRN_FONT_NOTE, words,
					  d.svg.width - 2 * JRN_SVG_MARGIN);
		y += 20;
	}
	return jrn_svg_end(&d.svg, y + 6, bytes, size);
}
