/*
 * svg_text.c
 *		Text on the canvas: fonts, boxes, cutting, lines, headings and legends
 *		(see svg.h).
 */
#include "svg.h"

#include <string.h>

#include "letters.h"

/*
 * Marks drawn on one character (R-SVG-4).  Those that any letter can bear
 * stack without end and would reach into the line above; scripts that write
 * vowels as marks need more of theirs, but keep them within the line.
 */
#define MARKS_DRAWN 4
#define STACKED_DRAWN 2

/* Between two texts, and between a text and the edge. */
#define GAP 2.0

/* Above and below the baseline, of the fonts that reach furthest. */
#define ASCENT 1.07
#define DESCENT 0.30
#define LINE_HEIGHT 1.4

typedef struct font_facts
{
	double		size;
	bool		bold;
	const char *classes;
} font_facts;

static const font_facts fonts[] = {
	{16, true, "jr-text"},
	{13, false, "jr-text"},
	{13, true, "jr-text"},
	{12, false, "jr-muted"},
	{11, false, "jr-muted"}
};

double
jrn_svg_font_size(jrn_font font)
{
	return fonts[font].size;
}

double
jrn_svg_line_height(jrn_font font)
{
	return fonts[font].size * LINE_HEIGHT;
}

double
jrn_svg_baseline(jrn_font font, double y)
{
	return y + 0.35 * fonts[font].size;
}

double
jrn_svg_baseline_below(jrn_font font, double y)
{
	return y + ASCENT * fonts[font].size;
}

double
jrn_svg_text_width(jrn_font font, const char *text, size_t size)
{
	return jrn_letters_width(text, size, fonts[font].size, fonts[font].bold);
}

void
jrn_svg_ink(jrn_svg *s, const char *classes)
{
	s->ink = classes;
}

/* ---- boxes ---- */

static double
cut_width(jrn_font font, const char *text, size_t size, double room)
{
	bool		cut = false;
	double		ellipsis = jrn_svg_text_width(font, "\xe2\x80\xa6", 3);
	size_t		kept = size;

	if (room > 0)
		kept = jrn_letters_fit(text, size, fonts[font].size, fonts[font].bold, room, &cut);
	if (cut && ellipsis > room)
		return 0;
	return jrn_svg_text_width(font, text, kept) + (cut ? ellipsis : 0);
}

jrn_box
jrn_svg_text_box(double x, double y, jrn_anchor anchor, jrn_font font, const char *text, size_t size,
				 double room)
{
	double		width = cut_width(font, text, size, room);
	jrn_box		box;

	box.x0 = anchor == JRN_START ? x : (anchor == JRN_END ? x - width : x - width / 2);
	box.x1 = box.x0 + width;
	box.y0 = y - ASCENT * fonts[font].size;
	box.y1 = y + DESCENT * fonts[font].size;
	return box;
}

static bool
boxes_overlap(const jrn_box *a, const jrn_box *b, double gap)
{
	return a->x0 < b->x1 + gap && b->x0 < a->x1 + gap && a->y0 < b->y1 && b->y0 < a->y1;
}

bool
jrn_svg_is_free(jrn_svg *s, jrn_box box)
{
	size_t		i;

	if (box.x0 < 0 || box.x1 > s->width || box.y0 < 0)
		return false;
	for (i = 0; i < s->boxes_used; i++)
		if (boxes_overlap(&box, &s->boxes[i], GAP))
			return false;
	return true;
}

size_t
jrn_svg_overlaps(const jrn_svg *s, double height)
{
	size_t		found = 0;
	size_t		i,
				j;

	for (i = 0; i < s->boxes_used; i++)
	{
		const jrn_box *box = &s->boxes[i];

		if (box->x0 < -0.01 || box->x1 > s->width + 0.01 || box->y0 < -0.01 || box->y1 > height + 0.01)
			found++;
		for (j = 0; j < i; j++)
			if (boxes_overlap(box, &s->boxes[j], -0.01))
				found++;
	}
	return found;
}

static void
keep_box(jrn_svg *s, jrn_box box)
{
	if (s->body.status != JRN_OK || box.x1 <= box.x0)
		return;
	s->body.status = jrn_grow_array(s->body.env, s->boxes_used, &s->boxes_capacity, sizeof(jrn_box),
									&s->boxes);
	if (s->body.status == JRN_OK)
		s->boxes[s->boxes_used++] = box;
}

/* ---- lines of text ---- */

/* Combining marks that are of no script. */
static bool
stacks(uint32_t code)
{
	return (code >= 0x300 && code <= 0x36f) || (code >= 0x483 && code <= 0x489) || (code >= 0x1ab0 && code <= 0x1aff) ||
		(code >= 0x1dc0 && code <= 0x1dff) || (code >= 0x20d0 && code <= 0x20ff) || (code >= 0xfe20 && code <= 0xfe2f);
}

/* What is drawn: without the marks that are too many on one character. */
static void
write_drawn(jrn_markup *m, const char *text, size_t size)
{
	size_t		from = 0;
	size_t		at = 0;
	int			marks = 0;
	int			stacked = 0;

	while (at < size)
	{
		size_t		next = at;
		uint32_t	code = jrn_letter_next(text, size, &next);

		marks = jrn_letter_is_mark(code) ? marks + 1 : 0;
		stacked = marks == 0 ? 0 : stacked + (stacks(code) ? 1 : 0);
		if (marks > MARKS_DRAWN || (stacks(code) && stacked > STACKED_DRAWN))
		{
			jrn_markup_text(m, text + from, at - from);
			from = next;
		}
		at = next;
	}
	jrn_markup_text(m, text + from, size - from);
}

static void
open_text(jrn_svg *s, double x, double y, jrn_anchor anchor, jrn_font font)
{
	jrn_markup *m = &s->body;

	jrn_markup_raw(m, "<text class=\"");
	jrn_markup_raw(m, s->ink != NULL ? s->ink : fonts[font].classes);
	jrn_markup_raw(m, fonts[font].bold ? " jr-bold\"" : "\"");
	jrn_markup_attribute(m, "x", x);
	jrn_markup_attribute(m, "y", y);
	jrn_markup_attribute(m, "font-size", fonts[font].size);
	if (anchor != JRN_START)
		jrn_markup_raw(m, anchor == JRN_END ? " text-anchor=\"end\"" : " text-anchor=\"middle\"");
	jrn_markup_raw(m, ">");
	s->ink = NULL;
}

/* R-SVG-2, R-SVG-3; whole is the text of which this is a line. */
static void
draw_line(jrn_svg *s, double x, double y, jrn_anchor anchor, jrn_font font, const char *text,
		  size_t size, double room, const char *whole, size_t whole_size)
{
	jrn_box		box = jrn_svg_text_box(x, y, anchor, font, text, size, room);
	bool		cut = false;
	size_t		kept = size;

	if (box.x1 <= box.x0)
	{
		s->ink = NULL;
		return;
	}
	if (room > 0)
		kept = jrn_letters_fit(text, size, fonts[font].size, fonts[font].bold, room, &cut);
	keep_box(s, box);
	open_text(s, x, y, anchor, font);
	if (cut)
	{
		jrn_markup_raw(&s->body, "<title>");
		jrn_markup_text(&s->body, whole, whole_size);
		jrn_markup_raw(&s->body, "</title>");
	}
	write_drawn(&s->body, text, kept);
	if (cut)
		jrn_markup_text(&s->body, "\xe2\x80\xa6", 3);
	jrn_markup_raw(&s->body, "</text>");
}

void
jrn_svg_text(jrn_svg *s, double x, double y, jrn_anchor anchor, jrn_font font, const char *text,
			 size_t size, double room)
{
	draw_line(s, x, y, anchor, font, text, size, room, text, size);
}

void
jrn_svg_words(jrn_svg *s, double x, double y, jrn_anchor anchor, jrn_font font, const char *words,
			  double room)
{
	jrn_svg_text(s, x, y, anchor, font, words, strlen(words), room);
}

bool
jrn_svg_text_if_free(jrn_svg *s, double x, double y, jrn_anchor anchor, jrn_font font, const char *text,
					 size_t size, double room)
{
	if (!jrn_svg_is_free(s, jrn_svg_text_box(x, y, anchor, font, text, size, room)))
	{
		s->ink = NULL;
		return false;
	}
	jrn_svg_text(s, x, y, anchor, font, text, size, room);
	return true;
}

bool
jrn_svg_words_if_free(jrn_svg *s, double x, double y, jrn_anchor anchor, jrn_font font, const char *words,
					  double room)
{
	return jrn_svg_text_if_free(s, x, y, anchor, font, words, strlen(words), room);
}

double
jrn_svg_paragraph(jrn_svg *s, double x, double y, double room, jrn_font font, const char *text,
				  size_t size, int most_lines)
{
	const char *ink = s->ink;
	const char *whole = text;
	const size_t whole_size = size;
	int			line;

	for (line = 0; line < most_lines && size > 0 && s->body.status == JRN_OK; line++)
	{
		size_t		taken = jrn_letters_break(text, size, fonts[font].size, fonts[font].bold, room);
		size_t		drawn;

		if (line == most_lines - 1)
			taken = size;
		for (drawn = taken; drawn > 0 && text[drawn - 1] == ' ';)
			drawn--;
		s->ink = ink;
		draw_line(s, x, jrn_svg_baseline_below(font, y), JRN_START, font, text, drawn, room, whole, whole_size);
		y += jrn_svg_line_height(font);
		text += taken;
		size -= taken;
	}
	s->ink = NULL;
	return y;
}

/* ---- parts that all charts share ---- */

double
jrn_svg_heading(jrn_svg *s, const char *title, const char *below)
{
	double		room = s->width - 2 * JRN_SVG_MARGIN;
	double		y = jrn_svg_paragraph(s, JRN_SVG_MARGIN, 6, room, JRN_FONT_TITLE, title, strlen(title), 3);

	if (below != NULL)
		y = jrn_svg_paragraph(s, JRN_SVG_MARGIN, y, room, JRN_FONT_NOTE, below, strlen(below), 4);
	return y + 6;
}

double
jrn_svg_legend(jrn_svg *s, double y, const char *const *names, const char *const *classes, size_t count)
{
	const double swatch = 18;
	const double height = jrn_svg_line_height(JRN_FONT_NOTE);
	const double right = s->width - JRN_SVG_MARGIN;
	double		x = JRN_SVG_MARGIN;
	size_t		i;

	for (i = 0; i < count; i++)
	{
		double		width = jrn_svg_text_width(JRN_FONT_NOTE, names[i], strlen(names[i]));

		if (x > JRN_SVG_MARGIN && x + swatch + width > right)
		{
			x = JRN_SVG_MARGIN;
			y += height + 2;
		}
		if (strncmp(classes[i], "jr-s", 4) == 0 || strncmp(classes[i], "jr-zero", 7) == 0)
			jrn_svg_line(s, x, y + height / 2, x + 13, y + height / 2, classes[i]);
		else
			jrn_svg_rect(s, x, y + height / 2 - 6, 12, 12, classes[i]);
		jrn_svg_words(s, x + swatch, jrn_svg_baseline(JRN_FONT_NOTE, y + height / 2), JRN_START,
					  JRN_FONT_NOTE, names[i], right - x - swatch);
		x += swatch + width + 16;
	}
	return count > 0 ? y + height + 4 : y;
}

jrn_status
jrn_svg_nothing(const jrn_env *env, double width, bool ascii, const char *title, const char *why,
				const char **bytes, size_t *size)
{
	jrn_svg		s;
	double		y;

	jrn_svg_begin(&s, env, width, ascii, title, why);
	y = jrn_svg_heading(&s, title, NULL);
	y = jrn_svg_paragraph(&s, JRN_SVG_MARGIN, y, width - 2 * JRN_SVG_MARGIN, JRN_FONT_LABEL, why,
						  strlen(why), 8);
	return jrn_svg_end(&s, y + 10, bytes, size);
}
