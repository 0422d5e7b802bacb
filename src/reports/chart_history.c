/*
 * chart_history.c
 *		Control chart over runs (see chart_history.h).
 */
#include "chart_history.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../core/sort.h"
#include "axis.h"
#include "lanes.h"

#define TITLE "Difference over time"
#define DESCRIPTION "Estimates of every run with their intervals, a panel per strategy, and the decision of each run."
#define MOST_ROWS 200000
#define MOST_STRATEGIES 500
#define NEAR 0.33				/* pixels */

/* Intervals wider than this many times the median one may be cut. */
#define WIDE_INTERVAL 2.5

#define DAY INT64_C(86400000000)

typedef struct row
{
	const char *strategy;
	int64_t		at;
	size_t		number;			/* in the input */
} row;

typedef struct drawing
{
	const jrn_history_rows *rows;
	jrn_svg		svg;
	row		   *order;			/* by strategy, then time, then number */
	size_t		panels;
	jrn_axis	axis;			/* from and to set per panel */
	jrn_time_axis time;
	double		left;
	double		right;
	double		panel_height;
	bool		cut;
	jrn_lanes	lanes;
} drawing;

static bool
row_less(const row *x, const row *y)
{
	int			by_name = strcmp(x->strategy, y->strategy);

	if (by_name != 0)
		return by_name < 0;
	return x->at != y->at ? x->at < y->at : x->number < y->number;
}

#define ROW_LESS(ctx, x, y) row_less(&(x), &(y))
JRN_SORT_DEFINE(sort_rows, row, int, ROW_LESS)

#define NUMBER_LESS(ctx, x, y) ((x) < (y))
JRN_SORT_DEFINE(sort_numbers, double, int, NUMBER_LESS)

static bool
has_interval(const jrn_history_rows *rows, size_t i)
{
	return isfinite(rows->low[i]) && isfinite(rows->high[i]);
}

/* ---- measures ---- */

static jrn_status
order_rows(const jrn_env *env, drawing *d)
{
	const jrn_history_rows *rows = d->rows;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, rows->count, sizeof(row), &d->order));
	d->time.low = d->time.high = rows->at[0];
	for (i = 0; i < rows->count; i++)
	{
		if (i % 1024 == 0)
			JRN_TICK(env);
		d->order[i].strategy = rows->strategy[i] != NULL ? rows->strategy[i] : "";
		d->order[i].at = rows->at[i];
		d->order[i].number = i;
		d->time.low = rows->at[i] < d->time.low ? rows->at[i] : d->time.low;
		d->time.high = rows->at[i] > d->time.high ? rows->at[i] : d->time.high;
		jrn_lanes_note(&d->lanes, rows->state[i]);
	}
	if (d->time.low == d->time.high)
	{
		d->time.low -= 3 * DAY;
		d->time.high += 3 * DAY;
	}
	JRN_TRY(sort_rows(env, d->order, rows->count, 0));
	for (i = 0; i < rows->count; i++)
		if (i == 0 || strcmp(d->order[i].strategy, d->order[i - 1].strategy) != 0)
			d->panels++;
	return d->panels > MOST_STRATEGIES ? JRN_LIMIT : JRN_OK;
}

static void
widen(double value, double *low, double *high)
{
	if (!isfinite(value))
		return;
	*low = fmin(*low, value);
	*high = fmax(*high, value);
}

/* R-HIS-1, R-HIS-3 */
static jrn_status
measure_values(const jrn_env *env, drawing *d)
{
	const jrn_history_rows *rows = d->rows;
	double	   *reach;
	double		limit = INFINITY;
	double		low = 0;
	double		high = 0;
	size_t		n = 0;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, rows->count, sizeof(double), &reach));
	widen(rows->threshold_low, &low, &high);
	widen(rows->threshold_high, &low, &high);
	for (i = 0; i < rows->count; i++)
	{
		widen(rows->value[i], &low, &high);
		if (has_interval(rows, i))
			reach[n++] = fmax(fabs(rows->low[i]), fabs(rows->high[i]));
	}
	JRN_TICK(env);
	JRN_TRY(sort_numbers(env, reach, n, 0));
	if (n > 0)
		limit = fmax(WIDE_INTERVAL * reach[n / 2], fmax(-low, high) * 1.2);
	for (i = 0; i < rows->count; i++)
	{
		if (!has_interval(rows, i))
			continue;
		widen(fmax(rows->low[i], -limit), &low, &high);
		widen(fmin(rows->high[i], limit), &low, &high);
		d->cut = d->cut || rows->low[i] < -limit || rows->high[i] > limit;
	}
	jrn_release(env, reach);
	jrn_axis_init(&d->axis, low, high, 5, true, JRN_PLAIN);
	return JRN_OK;
}

static void
lay_out(drawing *d)
{
	double		names = fmax(jrn_axis_label_width(&d->axis), jrn_lanes_label_width(&d->lanes));

	d->left = JRN_SVG_MARGIN + names + 8;
	d->right = d->svg.width - JRN_SVG_MARGIN - 8;
	d->panel_height = d->svg.width < 500 ? 130 : 150;
	d->time.from = d->left + 6;
	d->time.to = d->right - 6;
}

/* ---- words ---- */

/* What the runs came to, in one sentence. */
static double
draw_head(drawing *d)
{
	const jrn_history_rows *rows = d->rows;
	char		below[320];
	char		date[JRN_NUMBER_SIZE];
	const char *last_state = NULL;
	int64_t		last = 0;
	size_t		i;

	/* in the order of rows, which does not depend on theirs in the input */
	for (i = 0; i < rows->count; i++)
	{
		size_t		at = d->order[i].number;
		const char *alarm = jrn_lane_alarm(rows->state[at]);

		if (alarm != NULL && (last_state == NULL || rows->at[at] >= last))
		{
			last_state = alarm;
			last = rows->at[at];
		}
	}
	if (last_state != NULL)
		snprintf(below, sizeof(below), "Last call for action: %s, %s.%s", last_state, jrn_date_text(date, last, false),
				 d->cut ? " The widest intervals are cut at the edge." : "");
	else
		snprintf(below, sizeof(below), "No run called for action.%s", d->cut ? " The widest intervals are cut at the edge." : "");
	return jrn_svg_heading(&d->svg, rows->title != NULL ? rows->title : TITLE, below);
}

static double
draw_key(drawing *d, double y)
{
	static const char *const names[3] = {"estimate", "interval", "limits"};
	static const char *const classes[3] = {"jr-s0", "jr-b0", "jr-swarn jr-thin jr-dash"};
	bool		limits = fabs(d->rows->threshold_low) > 0 || fabs(d->rows->threshold_high) > 0;

	return jrn_svg_legend(&d->svg, y, names, classes, limits ? 3 : 2) + 4;
}

/* ---- panels ---- */

static double
clamp_y(const drawing *d, double value)
{
	return jrn_axis_at(&d->axis, fmin(fmax(value, d->axis.low), d->axis.high));
}

/* Up to `end`, the rows that have figures without a gap (R-HIS-4). */
static size_t
stretch_end(const drawing *d, size_t begin, size_t end, bool interval)
{
	size_t		i;

	for (i = begin; i < end; i++)
	{
		size_t		at = d->order[i].number;

		if (interval ? !has_interval(d->rows, at) : !isfinite(d->rows->value[at]))
			break;
	}
	return i;
}

/* One edge of the band, there or back; points that lie on the last one are left out. */
static void
draw_edge(drawing *d, size_t begin, size_t end, const double *values, bool back, bool first)
{
	double		last_x = -1e9;
	double		last_y = -1e9;
	size_t		i;

	for (i = begin; i < end && d->svg.body.status == JRN_OK; i++)
	{
		size_t		at = back ? end - 1 - (i - begin) : i;
		double		x = jrn_time_at(&d->time, d->order[at].at);
		double		y = clamp_y(d, values[d->order[at].number]);

		if (fabs(x - last_x) < NEAR && fabs(y - last_y) < NEAR && i + 1 < end)
			continue;
		if (first && i == begin)
			jrn_svg_move(&d->svg, x, y);
		else
			jrn_svg_to(&d->svg, x, y);
		last_x = x;
		last_y = y;
	}
}

static void
draw_band(drawing *d, size_t begin, size_t end)
{
	size_t		i = begin;

	while (i < end && d->svg.body.status == JRN_OK)
	{
		size_t		stop = stretch_end(d, i, end, true);

		if (stop == i + 1)
		{
			double		x = jrn_time_at(&d->time, d->order[i].at);
			size_t		at = d->order[i].number;

			jrn_svg_rect(&d->svg, x - 2.5, clamp_y(d, d->rows->high[at]), 5, clamp_y(d, d->rows->low[at]) - clamp_y(d, d->rows->high[at]), "jr-b0");
		}
		else if (stop > i)
		{
			jrn_svg_path_begin(&d->svg, "jr-b0");
			draw_edge(d, i, stop, d->rows->high, false, true);
			draw_edge(d, i, stop, d->rows->low, true, false);
			jrn_svg_close(&d->svg);
			jrn_svg_path_end(&d->svg);
		}
		i = stop + 1;
	}
}

static void
draw_line(drawing *d, size_t begin, size_t end)
{
	const double room = (d->time.to - d->time.from) / (double) (end - begin);
	size_t		i = begin;

	while (i < end && d->svg.body.status == JRN_OK)
	{
		size_t		stop = stretch_end(d, i, end, false);

		if (stop > i + 1)
		{
			jrn_svg_path_begin(&d->svg, "jr-s0 jr-thin jr-round");
			draw_edge(d, i, stop, d->rows->value, false, true);
			jrn_svg_path_end(&d->svg);
		}
		for (; i < stop; i++)
			if (room > 5 || end - begin == 1 || stop - i == 1)
				jrn_svg_circle(&d->svg, jrn_time_at(&d->time, d->order[i].at), clamp_y(d, d->rows->value[d->order[i].number]),
							   fmin(3.5, fmax(1.5, room / 4)), "jr-f0");
		i = stop + 1;
	}
}

static void
draw_limit(drawing *d, double value)
{
	double		y;

	if (!isfinite(value) || value == 0)
		return;
	y = jrn_axis_at(&d->axis, value);
	jrn_svg_line(&d->svg, d->left, y, d->right, y, "jr-swarn jr-thin jr-dash");
}

static double
draw_panel(drawing *d, size_t begin, size_t end, double y)
{
	const char *name = d->order[begin].strategy;

	jrn_svg_text(&d->svg, JRN_SVG_MARGIN, jrn_svg_baseline_below(JRN_FONT_STRONG, y), JRN_START, JRN_FONT_STRONG, name, strlen(name),
				 d->svg.width - 2 * JRN_SVG_MARGIN);
	y += jrn_svg_line_height(JRN_FONT_STRONG) + 8;
	d->axis.to = y;
	d->axis.from = y + d->panel_height;
	jrn_axis_draw_left(&d->svg, &d->axis, d->left, d->right);
	draw_band(d, begin, end);
	jrn_svg_line(&d->svg, d->left, jrn_axis_at(&d->axis, 0), d->right, jrn_axis_at(&d->axis, 0), "jr-zero");
	draw_limit(d, d->rows->threshold_low);
	draw_limit(d, d->rows->threshold_high);
	draw_line(d, begin, end);
	return y + d->panel_height + 10;
}

/* Height of everything that stands above the axis of time. */
static double
height_of_panels(const drawing *d)
{
	return (double) d->panels * (jrn_svg_line_height(JRN_FONT_STRONG) + 8 + d->panel_height + 10) + 4 +
		jrn_lanes_height(&d->lanes);
}

jrn_status
jrn_chart_history(const jrn_env *env, const jrn_history_rows *rows, double width, bool ascii,
				  const char **bytes, size_t *size)
{
	drawing		d;
	const char *title = rows->title != NULL ? rows->title : TITLE;
	double		y;
	double		below;
	size_t		i;
	size_t		begin;

	if (rows->count == 0)
		return jrn_svg_nothing(env, width, ascii, title, "No finished run yet.", bytes, size);
	if (rows->count > MOST_ROWS)
		return JRN_LIMIT;
	memset(&d, 0, sizeof(d));
	d.rows = rows;
	jrn_svg_begin(&d.svg, env, width, ascii, title, DESCRIPTION);
	JRN_TRY(order_rows(env, &d));
	JRN_TRY(measure_values(env, &d));
	lay_out(&d);
	y = draw_key(&d, draw_head(&d));
	below = jrn_time_axis_draw(&d.svg, &d.time, y, y + height_of_panels(&d));
	for (begin = 0; begin < rows->count; begin = i)
	{
		for (i = begin + 1; i < rows->count && strcmp(d.order[i].strategy, d.order[begin].strategy) == 0;)
			i++;
		JRN_TICK(env);
		y = draw_panel(&d, begin, i, y);
	}
	JRN_TRY(jrn_lanes_draw(env, &d.svg, &d.lanes, &d.time, rows->at, rows->state, rows->count, d.left, d.right, y + 4));
	jrn_release(env, d.order);
	return jrn_svg_end(&d.svg, below + 6, bytes, size);
}
