/*
 * test_journey_charts.c
 *		Funnel, Sankey, chaos shares and divergence: what a picture says, that
 *		no two texts overlap at any width, that the order of rows makes no
 *		difference.  Boxes of texts are read back from the picture itself.
 */
#include "tap.h"

#include <stdlib.h>

#include "../../src/reports/chart_chaos.h"
#include "../../src/reports/chart_divergence.h"
#include "../../src/reports/chart_funnel.h"
#include "../../src/reports/chart_sankey.h"
#include "../../src/reports/letters.h"
#include "../../src/reports/sankey_layout.h"

#define TEXTS 2000
#define LINKS 4000

static const double widths[] = {320, 328, 480, 559, 560, 720, 1200, 4096};

/* Labels that are short, long, wide, broken, and try to be markup. */
static const char *const names[] = {
	"order", "a very long name of a touchpoint that goes on and on and on until nobody reads it any more", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
	"<script>alert(1)</script>", "]]>\"'&", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xff\xfe broken", "", " ", "2. not a step", "\xf0\x9f\x94\xa5 hot", "(other)"
};

#define NAMES (sizeof(names) / sizeof(names[0]))

typedef struct text_box
{
	double		x0,
				x1,
				y0,
				y1;
} text_box;

/* The number in name="..." of an element; 0 when there is none. */
static double
attribute(const char *element, const char *end, const char *name)
{
	const char *at = strstr(element, name);

	return at != NULL && at < end ? strtod(at + strlen(name), NULL) : 0;
}

/* Text of an element without its tooltip, references read back. */
static size_t
plain_text(const char *from, const char *to, char *out)
{
	size_t		used = 0;

	if (strncmp(from, "<title>", 7) == 0)
		from = strstr(from, "</title>") + 8;
	while (from < to)
	{
		static const char *const marks[][2] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
		size_t		i;

		for (i = 0; i < 5 && strncmp(from, marks[i][0], strlen(marks[i][0])) != 0; i++)
			;
		out[used++] = i < 5 ? marks[i][1][0] : *from;
		from += i < 5 ? strlen(marks[i][0]) : 1;
	}
	return used;
}

/* Texts that overlap another one or leave the picture. */
static int
misplaced(const char *bytes, size_t size, double width)
{
	static text_box boxes[TEXTS];
	char	   *svg = malloc(size + 1);
	const char *at = svg;
	double		height;
	int			count = 0;
	int			wrong = 0;
	int			i,
				j;

	memcpy(svg, bytes, size);
	svg[size] = '\0';
	height = attribute(svg, svg + size, "\" height=\"");
	while ((at = strstr(at, "<text ")) != NULL && count < TEXTS)
	{
		const char *end = strchr(at, '>');
		const char *close = strstr(at, "</text>");
		double		font = attribute(at, end, "font-size=\"");
		char		text[4096];
		size_t		length = plain_text(end + 1, close, text);
		double		wide = jrn_letters_width(text, length, font, strstr(at, "jr-bold") != NULL && strstr(at, "jr-bold") < end);
		double		x = attribute(at, end, " x=\"");
		double		y = attribute(at, end, " y=\"");

		if (strstr(at, "text-anchor=\"end\"") != NULL && strstr(at, "text-anchor=\"end\"") < end)
			x -= wide;
		else if (strstr(at, "text-anchor=\"middle\"") != NULL && strstr(at, "text-anchor=\"middle\"") < end)
			x -= wide / 2;
		boxes[count].x0 = x;
		boxes[count].x1 = x + wide;
		boxes[count].y0 = y - 1.07 * font;
		boxes[count++].y1 = y + 0.30 * font;
		at = close;
	}
	for (i = 0; i < count; i++)
	{
		if (boxes[i].x0 < -0.1 || boxes[i].x1 > width + 0.1 || boxes[i].y0 < -0.1 || boxes[i].y1 > height + 0.1)
			wrong++;
		for (j = 0; j < i; j++)
			if (boxes[i].x0 < boxes[j].x1 - 0.1 && boxes[j].x0 < boxes[i].x1 - 0.1 &&
				boxes[i].y0 < boxes[j].y1 - 0.1 && boxes[j].y0 < boxes[i].y1 - 0.1)
				wrong++;
	}
	free(svg);
	return wrong;
}

static bool
says(const char *bytes, size_t size, const char *words)
{
	return memmem(bytes, size, words, strlen(words)) != NULL;
}

/* ---- funnel ---- */

static jrn_funnel_bar bars[80];

static size_t
fill_bars(size_t segments, size_t steps)
{
	static const char *const segment_names[] = {"south", "north", NULL, "south", "x", "y", "z", "u", "v", "w", "r", "s", "t", "q", "p", "o"};
	size_t		i;

	for (i = 0; i < segments * steps; i++)
	{
		bars[i].segment = segments == 1 ? NULL : segment_names[i / steps];
		bars[i].name = names[i % steps % NAMES];
		bars[i].reached = (int64_t) (1000000 / (i % steps + 1));
		bars[i].entered = -1;
	}
	return segments * steps;
}

static jrn_status
draw_funnel_once(const jrn_env *env, void *arg)
{
	const char *bytes;
	size_t		size;

	return jrn_chart_funnel(env, bars, *(size_t *) arg, 720, false, &bytes, &size);
}

static void
test_funnel_chart(void)
{
	jrn_env		env = host_env();
	const char *bytes;
	size_t		size;
	size_t		count = fill_bars(1, 5);
	size_t		i;
	int			wrong = 0;

	ok(jrn_chart_funnel(&env, bars, count, 720, false, &bytes, &size) == JRN_OK &&
	   says(bytes, size, ">1,000,000<") && says(bytes, size, ">333,333<") && says(bytes, size, ">33.3") && says(bytes, size, ">66.7"),
	   "R-FUN-1 customers, share of the first and of the step before");
	ok(says(bytes, size, "&lt;script&gt;") && !says(bytes, size, "<script"), "names are escaped");
	bars[2].entered = 1000000;
	ok(jrn_chart_funnel(&env, bars, 3, 720, false, &bytes, &size) == JRN_OK && !says(bytes, size, ">66.7"), "entered goes before the row above");
	count = fill_bars(3, 12);
	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		wrong += jrn_chart_funnel(&env, bars, count, widths[i], false, &bytes, &size) != JRN_OK || misplaced(bytes, size, widths[i]) > 0;
	ok_int(wrong, 0, "R-FUN-2 no text overlaps another or leaves the picture, 320 to 4096 wide");
	ok(says(bytes, size, ">all customers<") && says(bytes, size, ">north<"), "R-FUN-3 segments have names");
	count = fill_bars(15, 2);
	ok(jrn_chart_funnel(&env, bars, count, 720, false, &bytes, &size) == JRN_OK && says(bytes, size, "3 more segments are not drawn."), "R-FUN-3 segments left out are counted");
	ok(jrn_chart_funnel(&env, bars, 0, 720, false, &bytes, &size) == JRN_OK && says(bytes, size, "no steps"), "no steps");
	fill_bars(1, 3);
	bars[1].reached = INT64_MAX;
	bars[2].entered = 1;
	for (i = 0, wrong = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		wrong += jrn_chart_funnel(&env, bars, 3, widths[i], false, &bytes, &size) != JRN_OK || misplaced(bytes, size, widths[i]) > 0;
	ok_int(wrong, 0, "R-FUN-2 nor do numbers that are too long");
	bars[0].reached = bars[1].reached = bars[2].reached = 0;
	ok(jrn_chart_funnel(&env, bars, 3, 320, true, &bytes, &size) == JRN_OK && says(bytes, size, ">0<"), "nobody at all");
	bars[1].reached = -1;
	ok(jrn_chart_funnel(&env, bars, 3, 720, false, &bytes, &size) == JRN_DOMAIN, "a negative count");
	bars[1].reached = 1;
	ok(jrn_chart_funnel(&env, bars, 3, 319, false, &bytes, &size) == JRN_DOMAIN && jrn_chart_funnel(&env, bars, 3, NAN, false, &bytes, &size) == JRN_DOMAIN, "a width that is none");
	ok_survives(draw_funnel_once, &count, "a funnel");
	host_reset();
}

/* ---- Sankey ---- */

static jrn_sankey_link links[LINKS];

/* Three steps over so many touchpoints, every pair. */
static size_t
fill_links(size_t touchpoints)
{
	static char labels[4][64][32];
	size_t		n = 0;
	size_t		i,
				j;
	int			step;

	for (step = 1; step <= 4; step++)
		for (i = 0; i < touchpoints; i++)
			snprintf(labels[step - 1][i], sizeof(labels[0][0]), "%d. t%02d", step, (int) i);
	for (step = 1; step <= 3; step++)
		for (i = 0; i < touchpoints; i++)
			for (j = 0; j < touchpoints && n < LINKS; j += 1 + i % 3)
			{
				links[n].source = labels[step - 1][i];
				links[n].target = j == 0 ? "(end)" : labels[step][j];
				links[n].value = (double) (1 + (i * 7 + j * 13 + (size_t) step) % 40);
				links[n++].step = step;
			}
	return n;
}

/* Every band leaves and reaches its nodes within them, and no node meets another. */
static int
layout_faults(const jrn_sankey_layout *layout)
{
	int			faults = 0;
	size_t		i;

	for (i = 0; i < layout->band_count; i++)
	{
		const jrn_sankey_band *b = &layout->bands[i];
		const jrn_sankey_node *from = &layout->nodes[b->from];
		const jrn_sankey_node *to = &layout->nodes[b->to];

		faults += to->column != from->column + 1;
		faults += b->from_y < from->top - 1e-6 || b->from_y + b->thickness > from->top + from->height + 1e-6;
		faults += b->to_y < to->top - 1e-6 || b->to_y + b->thickness > to->top + to->height + 1e-6;
	}
	for (i = 1; i < layout->node_count; i++)
		if (layout->nodes[i].column == layout->nodes[i - 1].column)
			faults += layout->nodes[i].centre - layout->nodes[i - 1].centre < 18;
	for (i = 0; i < layout->node_count; i++)
		faults += layout->nodes[i].centre + layout->nodes[i].slot / 2 > layout->height + 1e-6;
	return faults;
}

/* Sum of the bands that leave a column. */
static double
flow(const jrn_sankey_layout *layout, int column)
{
	double		sum = 0;
	size_t		i;

	for (i = 0; i < layout->band_count; i++)
		sum += layout->nodes[layout->bands[i].from].column == column ? layout->bands[i].value : 0;
	return sum;
}

static jrn_status
draw_sankey_once(const jrn_env *env, void *arg)
{
	const char *bytes;
	size_t		size;

	return jrn_chart_sankey(env, links, *(size_t *) arg, 720, false, &bytes, &size);
}

static void
test_sankey_layout(void)
{
	jrn_env		env = host_env();
	jrn_sankey_layout layout;
	size_t		count = fill_links(12);
	double		sum = 0;
	size_t		i;

	for (i = 0; i < count; i++)
		sum += links[i].step == 2 ? links[i].value : 0;
	ok(jrn_sankey_arrange(&env, links, count, 99, &layout) == JRN_OK && layout.columns == 4 && !layout.merged, "R-SAN-1 four columns of three steps");
	ok_int(layout_faults(&layout), 0, "R-SAN-2 bands end in their nodes, nodes keep their distance");
	ok_close(flow(&layout, 1), sum, 1e-12, "what the links say flows");
	ok(layout.node_count == 12 + 13 + 13 + 12, "(end) stands in every column but the first");
	ok(strcmp(layout.nodes[0].label, "t00") != 0 ? layout.nodes[0].label[0] == 't' : true, "R-SAN-1 the step is not repeated");
	count = fill_links(40);
	for (i = 0, sum = 0; i < count; i++)
		sum += links[i].step == 1 ? links[i].value : 0;
	ok(jrn_sankey_arrange(&env, links, count, 3, &layout) == JRN_OK && layout.columns == 3 && layout.merged, "R-SAN-2, R-SAN-3 too many of both");
	ok_int(layout_faults(&layout), 0, "R-SAN-2 merged: bands end in their nodes, nodes keep their distance");
	ok_close(flow(&layout, 0), sum, 1e-12, "R-SAN-2 nothing is lost in (other)");
	host_reset();
}

static void
test_sankey_chart(void)
{
	jrn_env		env = host_env();
	const char *bytes,
			   *again;
	size_t		size,
				size_again;
	size_t		count = fill_links(20);
	size_t		i;
	int			wrong = 0;

	ok(jrn_chart_sankey(&env, links, count, 720, false, &bytes, &size) == JRN_OK, "a picture");
	for (i = 0; i < count / 2; i++)
	{
		jrn_sankey_link swapped = links[i];

		links[i] = links[count - 1 - i];
		links[count - 1 - i] = swapped;
	}
	ok(jrn_chart_sankey(&env, links, count, 720, false, &again, &size_again) == JRN_OK && size == size_again && memcmp(bytes, again, size) == 0,
	   "R-SAN-4 the order of the links makes no difference");
	for (i = 0; i < count; i++)
	{
		links[i].source = names[(i * 5) % NAMES];
		links[i].target = names[(i * 7 + 3) % NAMES];
	}
	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		wrong += jrn_chart_sankey(&env, links, count, widths[i], false, &bytes, &size) != JRN_OK || misplaced(bytes, size, widths[i]) > 0;
	ok_int(wrong, 0, "R-SAN-2 no text overlaps another or leaves the picture, 320 to 4096 wide");
	ok(jrn_chart_sankey(&env, links, count, 320, false, &bytes, &size) == JRN_OK && says(bytes, size, "steps 1 to 3 of 4"), "R-SAN-3 a narrow picture says what is left out");
	ok(!says(bytes, size, "<script"), "names are escaped");
	count = fill_links(40);
	ok(jrn_chart_sankey(&env, links, count, 720, false, &bytes, &size) == JRN_OK && says(bytes, size, "are in (other)."), "R-SAN-2 and what is merged");
	ok(jrn_chart_sankey(&env, links, 0, 720, false, &bytes, &size) == JRN_OK && says(bytes, size, "no journeys"), "no links");
	ok_survives(draw_sankey_once, &count, "a Sankey diagram");
	links[0].value = -1;
	ok(jrn_chart_sankey(&env, links, count, 720, false, &bytes, &size) == JRN_DOMAIN, "a negative value");
	links[0].value = NAN;
	ok(jrn_chart_sankey(&env, links, count, 720, false, &bytes, &size) == JRN_DOMAIN, "a value that is none");
	links[0].value = 0;
	links[0].step = 0;
	ok(jrn_chart_sankey(&env, links, count, 720, false, &bytes, &size) == JRN_DOMAIN, "a step that is none");
	links[0].step = 1;
	ok(jrn_chart_sankey(&env, links, count, INFINITY, false, &bytes, &size) == JRN_DOMAIN, "a width that is none");
	host_reset();
}

/* ---- chaos shares ---- */

static jrn_chaos_bar shares[40];

static size_t
fill_shares(size_t touchpoints)
{
	static char labels[40][32];
	size_t		i;

	for (i = 0; i < touchpoints; i++)
	{
		snprintf(labels[i], sizeof(labels[0]), "touch %02d", (int) i);
		shares[i].touchpoint = i < NAMES ? names[i] : labels[i];
		shares[i].share = 0.3 / (double) (i + 1) - 0.02;
		shares[i].low = shares[i].share - 0.05;
		shares[i].high = shares[i].share + 0.05;
		shares[i].status = "ok";
	}
	shares[1].touchpoint = "(unresolved)";
	shares[2].touchpoint = "(first touch)";
	return touchpoints;
}

static jrn_status
draw_shares_once(const jrn_env *env, void *arg)
{
	const char *bytes;
	size_t		size;

	return jrn_chart_chaos(env, shares, *(size_t *) arg, 720, false, &bytes, &size);
}

static void
test_chaos_chart(void)
{
	jrn_env		env = host_env();
	const char *bytes;
	size_t		size;
	size_t		count = fill_shares(12);
	size_t		i;
	int			wrong = 0;
	const char *first,
			   *order,
			   *unresolved;

	ok(jrn_chart_chaos(&env, shares, count, 720, false, &bytes, &size) == JRN_OK, "a picture");
	first = memmem(bytes, size, ">(first touch)<", 15);
	order = memmem(bytes, size, ">order<", 7);
	unresolved = memmem(bytes, size, ">(unresolved)<", 14);
	ok(first != NULL && first < order && order < unresolved, "R-CHA-1 first touch, touchpoints, unresolved");
	ok(says(bytes, size, ">28.0") && says(bytes, size, "(23.0 to 33.0") && says(bytes, size, "jr-fquiet"), "figures in words, grey bars");
	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		wrong += jrn_chart_chaos(&env, shares, count, widths[i], false, &bytes, &size) != JRN_OK || misplaced(bytes, size, widths[i]) > 0;
	ok_int(wrong, 0, "no text overlaps another or leaves the picture, 320 to 4096 wide");
	shares[4].share = 1e12;
	shares[5].low = -1e12;
	for (i = 0, wrong = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		wrong += jrn_chart_chaos(&env, shares, count, widths[i], false, &bytes, &size) != JRN_OK || misplaced(bytes, size, widths[i]) > 0;
	ok_int(wrong, 0, "nor do numbers that are too long");
	count = fill_shares(20);
	shares[0].share = NAN;
	shares[0].status = "too_few";
	shares[5].status = "low_n";
	ok(jrn_chart_chaos(&env, shares, count, 320, false, &bytes, &size) == JRN_OK && says(bytes, size, "3 more touchpoints") && misplaced(bytes, size, 320) == 0,
	   "R-CHA-2 what is not drawn is counted");
	ok(says(bytes, size, "status low_n"), "a status is told");
	ok(jrn_chart_chaos(&env, shares, 1, 720, false, &bytes, &size) == JRN_OK && says(bytes, size, "no share: too_few"), "R-CHA-3 why there is no share");
	ok(jrn_chart_chaos(&env, shares, 0, 720, false, &bytes, &size) == JRN_OK && says(bytes, size, "no shares"), "no rows");
	ok_survives(draw_shares_once, &count, "chaos shares");
	shares[3].touchpoint = NULL;
	ok(jrn_chart_chaos(&env, shares, count, 720, false, &bytes, &size) == JRN_DOMAIN, "a missing touchpoint");
	host_reset();
}

/* ---- divergence ---- */

static jrn_divergence_point points[21];
static jrn_divergence_fit fit = {0.25, 1, 7, "ok"};

static jrn_status
draw_divergence_once(const jrn_env *env, void *arg)
{
	const char *bytes;
	size_t		size;

	return jrn_chart_divergence(env, points, *(size_t *) arg, &fit, 720, false, &bytes, &size);
}

static void
test_divergence_chart(void)
{
	jrn_env		env = host_env();
	const char *bytes;
	size_t		size;
	size_t		count = 21;
	size_t		i;
	int			wrong = 0;

	for (i = 0; i < count; i++)
	{
		points[i].step = (int64_t) i;
		points[i].distance = i == 4 ? NAN : -5 + 0.25 * (double) (i < 10 ? i : 10);
		points[i].pairs = 100;
	}
	ok(jrn_chart_divergence(&env, points, count, &fit, 720, false, &bytes, &size) == JRN_OK && says(bytes, size, "fit, steps 1 to 7: 0.250 a step"), "R-DVC-1 the fit and its range");
	ok(says(bytes, size, "step 3: \xe2\x88\x92" "4.250, 100 pairs") && !says(bytes, size, "step 4:"), "R-DVC-2 a step without a distance is a gap");
	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		wrong += jrn_chart_divergence(&env, points, count, &fit, widths[i], false, &bytes, &size) != JRN_OK || misplaced(bytes, size, widths[i]) > 0;
	ok_int(wrong, 0, "no text overlaps another or leaves the picture, 320 to 4096 wide");
	fit.slope = NAN;
	fit.status = "no_scaling_region";
	ok(jrn_chart_divergence(&env, points, count, &fit, 400, false, &bytes, &size) == JRN_OK && !says(bytes, size, "fit, steps") && says(bytes, size, "Status: no_scaling_region."), "no line, and why");
	ok(jrn_chart_divergence(&env, points, 0, &fit, 400, false, &bytes, &size) == JRN_OK && says(bytes, size, "no curve to draw: no_scaling_region"), "no curve, and why");
	ok(jrn_chart_divergence(&env, points, 1, &fit, 400, false, &bytes, &size) == JRN_OK, "one point");
	fit.slope = 0.25;
	ok_survives(draw_divergence_once, &count, "a divergence curve");
	points[3].step = 2;
	ok(jrn_chart_divergence(&env, points, count, &fit, 400, false, &bytes, &size) == JRN_DOMAIN, "steps out of order");
	host_reset();
}

void
test_journey_charts(void)
{
	test_funnel_chart();
	test_sankey_layout();
	test_sankey_chart();
	test_chaos_chart();
	test_divergence_chart();
}
