/*
 * chart_sankey.c
 *		Journeys as a Sankey diagram (see chart_sankey.h); places are found in
 *		sankey_layout.c.
 */
#include "chart_sankey.h"

#include <stdio.h>
#include <string.h>

#include "axis.h"
#include "sankey_layout.h"

/* R-SAN-3 */
#define COLUMN_LEAST 100.0

#define NODE_WIDTH 10.0

/* A node with so much room also tells its number. */
#define SLOT_OF_TWO_LINES 34.0

#define TITLE "Journeys step by step"
#define DESCRIPTION "Customers going from touchpoint to touchpoint, a column for each step; bands are as thick as the customers that go along them."

typedef struct drawing
{
	jrn_svg		svg;
	const jrn_sankey_layout *layout;
	double		pitch;
	double		top;
} drawing;

/* "chat: 12", or "chat -> call: 12", for a pointer over the next shape. */
static void
tip(drawing *d, const char *label, const char *to, double value)
{
	static const char arrow[] = " \xe2\x86\x92 ";
	char		count[JRN_NUMBER_SIZE];
	size_t		size = strlen(label) + (to == NULL ? 0 : strlen(to)) + sizeof(count) + sizeof(arrow) + 2;
	char	   *words;

	if (d->svg.body.status == JRN_OK)
		d->svg.body.status = jrn_alloc_array(d->svg.body.env, size, 1, &words);
	if (d->svg.body.status != JRN_OK)
		return;
	jrn_number_text(count, value, 0, JRN_PLAIN);
	snprintf(words, size, "%s%s%s: %s", label, to == NULL ? "" : arrow, to == NULL ? "" : to, count);
	jrn_svg_tip(&d->svg, words, strlen(words));
}

static double
column_x(const drawing *d, int column)
{
	return JRN_SVG_MARGIN + d->pitch * column;
}

static void
draw_band(drawing *d, const jrn_sankey_band *band)
{
	const jrn_sankey_node *from = &d->layout->nodes[band->from];
	const jrn_sankey_node *to = &d->layout->nodes[band->to];
	double		x0 = column_x(d, from->column) + NODE_WIDTH;
	double		x1 = column_x(d, to->column);
	double		middle = (x0 + x1) / 2;
	double		y0 = d->top + band->from_y;
	double		y1 = d->top + band->to_y;

	tip(d, from->label, to->label, band->value);
	jrn_svg_path_begin(&d->svg, jrn_svg_series("jr-b", from->colour));
	jrn_svg_move(&d->svg, x0, y0);
	jrn_svg_curve(&d->svg, middle, y0, middle, y1, x1, y1);
	jrn_svg_to(&d->svg, x1, y1 + band->thickness);
	jrn_svg_curve(&d->svg, middle, y1 + band->thickness, middle, y0 + band->thickness, x0, y0 + band->thickness);
	jrn_svg_close(&d->svg);
	jrn_svg_path_end(&d->svg);
}

static void
draw_node(drawing *d, const jrn_sankey_node *node)
{
	double		x = column_x(d, node->column);
	double		room = d->pitch - NODE_WIDTH - 10;
	double		centre = d->top + node->centre;
	char		count[JRN_NUMBER_SIZE];

	jrn_number_text(count, node->value, 0, JRN_PLAIN);
	tip(d, node->label, NULL, node->value);
	jrn_svg_rect(&d->svg, x, d->top + node->top, NODE_WIDTH, node->height, jrn_svg_series("jr-f", node->colour));
	if (node->slot >= SLOT_OF_TWO_LINES)
	{
		jrn_svg_ink(&d->svg, "jr-text");
		jrn_svg_words(&d->svg, x + NODE_WIDTH + 4, jrn_svg_baseline(JRN_FONT_TICK, centre + 8), JRN_START,
					  JRN_FONT_TICK, count, room);
		centre -= 8;
	}
	jrn_svg_ink(&d->svg, "jr-text");
	jrn_svg_words(&d->svg, x + NODE_WIDTH + 4, jrn_svg_baseline(JRN_FONT_NOTE, centre), JRN_START,
				  JRN_FONT_NOTE, node->label, room);
}

/* R-SAN-2, R-SAN-3: what is not drawn is said. */
static double
draw_head(drawing *d, double y)
{
	const jrn_sankey_layout *layout = d->layout;
	const double room = d->svg.width - 2 * JRN_SVG_MARGIN;
	char		words[120];
	int			column;

	if (layout->columns < layout->steps)
	{
		snprintf(words, sizeof(words), "This picture has room for steps 1 to %d of %d.",
				 layout->columns, layout->steps);
		y = jrn_svg_paragraph(&d->svg, JRN_SVG_MARGIN, y, room, JRN_FONT_NOTE, words, strlen(words), 3) + 2;
	}
	if (layout->merged)
	{
		snprintf(words, sizeof(words), "Touchpoints too small for a place of their own are in (other).");
		y = jrn_svg_paragraph(&d->svg, JRN_SVG_MARGIN, y, room, JRN_FONT_NOTE, words, strlen(words), 3) + 2;
	}
	for (column = 0; column < layout->columns; column++)
	{
		snprintf(words, sizeof(words), "step %d", column + 1);
		jrn_svg_words(&d->svg, column_x(d, column), y + 13, JRN_START, JRN_FONT_TICK, words, d->pitch - 6);
	}
	return y + 22;
}

jrn_status
jrn_chart_sankey(const jrn_env *env, const jrn_sankey_link *links, size_t count, double width, bool ascii,
				 const char **bytes, size_t *size)
{
	jrn_sankey_layout layout;
	drawing		d;
	double		room = width - 2 * JRN_SVG_MARGIN;
	int			columns = (int) (room / COLUMN_LEAST);
	size_t		i;

	if (!(width >= JRN_SVG_NARROWEST && width <= JRN_SVG_WIDEST))
		return JRN_DOMAIN;
	JRN_TRY(jrn_sankey_arrange(env, links, count, columns < 2 ? 2 : columns, &layout));
	if (layout.node_count == 0)
		return jrn_svg_nothing(env, width, ascii, TITLE, "There are no journeys to draw.", bytes, size);
	memset(&d, 0, sizeof(d));
	d.layout = &layout;
	d.pitch = room / layout.columns;
	jrn_svg_begin(&d.svg, env, width, ascii, TITLE, DESCRIPTION);
	d.top = draw_head(&d, jrn_svg_heading(&d.svg, TITLE, NULL));
	for (i = 0; i < layout.band_count; i++)
		draw_band(&d, &layout.bands[i]);
	for (i = 0; i < layout.node_count; i++)
		draw_node(&d, &layout.nodes[i]);
	return jrn_svg_end(&d.svg, d.top + layout.height + 10, bytes, size);
}
