/*
 * svg.h
 *		A canvas: one self-contained <svg> that reads well on screen and paper,
 *		in light and dark, wide and narrow.
 *
 * Definition: SVG 1.1 with styles by class.  The picture carries its own
 * <style>, which is the same in every picture, so that many may stand in one
 * page; every class begins with jr-, colours are in svg_style.c.
 *
 * R-SVG-1	Every text goes through jrn_markup_text, and no id, class or
 *			attribute comes from outside.
 * R-SVG-2	Every text that is drawn leaves its box with the canvas, so that a
 *			chart can ask whether a place is free; in a finished chart no two
 *			boxes overlap and none leaves the canvas.
 * R-SVG-3	A text that is longer than the room it is given is cut between
 *			clusters of characters, ends in an ellipsis, and keeps its whole
 *			self as a tooltip (<title>).
 * R-SVG-4	Text from outside keeps its own direction of writing: it is an
 *			element of its own (unicode-bidi plaintext), or ends one, so that
 *			no figure behind it can jump.  At most four marks are drawn on
 *			one character, of those without a script two.
 * R-SVG-5	Title and description are read out by screen readers; their ids
 *			come from a hash of the picture, so pictures can share a page.
 * R-SVG-6	Equal calls give equal bytes.
 *
 * Usage:
 *		jrn_svg		s;
 *
 *		jrn_svg_begin(&s, env, width, ascii, "Title", "What is shown.");
 *		y = jrn_svg_heading(&s, "Title", "a line below");
 *		jrn_svg_rect(&s, x, y, w, h, "jr-f0");
 *		jrn_svg_text(&s, x, y, JRN_START, JRN_FONT_LABEL, label, size, room);
 *		return jrn_svg_end(&s, height, &bytes, &size);
 *
 * Calls after a failure do nothing; jrn_svg_end returns the first one.
 * Coordinates are in pixels of the viewBox: x to the right, y down.
 *
 * Classes
 *	fills	jr-f0 .. jr-f7 (series), jr-fgood jr-fwarn jr-fbad jr-fquiet
 *			(states), jr-b0 .. jr-b7 (pale: bands and flows), jr-fpaper,
 *			jr-fgrid, jr-h0 .. jr-h8 (a scale from little to much; text upon it
 *			has jr-t0 .. jr-t8)
 *	strokes	jr-s0 .. jr-s7, jr-sgood jr-swarn jr-sbad jr-squiet, jr-grid
 *			(1 px), jr-axis (1 px), jr-zero (1.5 px); add jr-thin, jr-thick,
 *			jr-dash or jr-round
 *	text	jr-text (set by itself), jr-muted
 */
#ifndef JRN_SVG_H
#define JRN_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "markup.h"

#define JRN_SVG_NARROWEST 320
#define JRN_SVG_WIDEST 4096

/* Room that charts keep free at both sides. */
#define JRN_SVG_MARGIN 8.0

typedef enum jrn_anchor
{
	JRN_START,					/* x is the left end of the text */
	JRN_MIDDLE,
	JRN_END						/* x is its right end */
} jrn_anchor;

typedef enum jrn_font
{
	JRN_FONT_TITLE,				/* 16 px, bold */
	JRN_FONT_LABEL,				/* 13 px */
	JRN_FONT_STRONG,			/* 13 px, bold */
	JRN_FONT_NOTE,				/* 12 px, muted */
	JRN_FONT_TICK				/* 11 px, muted */
} jrn_font;

typedef struct jrn_box
{
	double		x0;
	double		y0;
	double		x1;
	double		y1;
} jrn_box;

typedef struct jrn_svg
{
	jrn_markup	body;
	double		width;
	const char *title;
	const char *description;
	jrn_box    *boxes;			/* of all texts */
	size_t		boxes_used;
	size_t		boxes_capacity;
	const char *tip;			/* of the next shape */
	size_t		tip_size;
	const char *ink;			/* class of the next text */
} jrn_svg;

/*
 * Begin a picture of a width; title and description must live until the end.
 * ascii: see R-MKP-4.
 */
extern void jrn_svg_begin(jrn_svg *s, const jrn_env *env, double width, bool ascii,
						  const char *title, const char *description);

/* The whole picture; *bytes lies in the arena of env. */
extern jrn_status jrn_svg_end(jrn_svg *s, double height, const char **bytes, size_t *size);

/* ---- shapes ---- */

/* What a pointer over the next shape shows; must live until it is drawn. */
extern void jrn_svg_tip(jrn_svg *s, const char *text, size_t size);

extern void jrn_svg_line(jrn_svg *s, double x1, double y1, double x2, double y2, const char *classes);

/* A negative width or height counts from the other side. */
extern void jrn_svg_rect(jrn_svg *s, double x, double y, double width, double height,
						 const char *classes);
extern void jrn_svg_circle(jrn_svg *s, double x, double y, double radius, const char *classes);

/* A path: begin, move, then lines and curves, end. */
extern void jrn_svg_path_begin(jrn_svg *s, const char *classes);
extern void jrn_svg_move(jrn_svg *s, double x, double y);
extern void jrn_svg_to(jrn_svg *s, double x, double y);
extern void jrn_svg_curve(jrn_svg *s, double x1, double y1, double x2, double y2, double x, double y);
extern void jrn_svg_close(jrn_svg *s);
extern void jrn_svg_path_end(jrn_svg *s);

/* Class of a series: "jr-f" (fill), "jr-s" (stroke) or "jr-b" (band), then its number modulo 8. */
extern const char *jrn_svg_series(const char *prefix, size_t number);

/* ---- text ---- */

extern double jrn_svg_font_size(jrn_font font);

/* From one line to the next; two lines so far apart never overlap. */
extern double jrn_svg_line_height(jrn_font font);

/* The baseline that centres a line at y, and the one of a line whose box begins at y. */
extern double jrn_svg_baseline(jrn_font font, double y);
extern double jrn_svg_baseline_below(jrn_font font, double y);

extern double jrn_svg_text_width(jrn_font font, const char *text, size_t size);

/* The next text has this class (jr-t0 .. jr-t8) instead of that of its font. */
extern void jrn_svg_ink(jrn_svg *s, const char *classes);

/*
 * A line of text with its baseline at y, cut to the room when that is above
 * 0.  It is drawn wherever it is: the caller knows that the place is free.
 */
extern void jrn_svg_text(jrn_svg *s, double x, double y, jrn_anchor anchor, jrn_font font,
						 const char *text, size_t size, double room);

/* The same for words of our own. */
extern void jrn_svg_words(jrn_svg *s, double x, double y, jrn_anchor anchor, jrn_font font,
						  const char *words, double room);

/*
 * The same, but only where neither another text nor the edge of the canvas is
 * in the way (2 px apart); false: not drawn.
 */
extern bool jrn_svg_text_if_free(jrn_svg *s, double x, double y, jrn_anchor anchor, jrn_font font,
								 const char *text, size_t size, double room);
extern bool jrn_svg_words_if_free(jrn_svg *s, double x, double y, jrn_anchor anchor, jrn_font font,
								  const char *words, double room);

/* The box a text would take, and whether a box is free of texts. */
extern jrn_box jrn_svg_text_box(double x, double y, jrn_anchor anchor, jrn_font font,
								const char *text, size_t size, double room);
extern bool jrn_svg_is_free(jrn_svg *s, jrn_box box);

/*
 * Lines of text from y (their top) down, broken to the room; what is more
 * than most_lines is cut.  Gives the y below.
 */
extern double jrn_svg_paragraph(jrn_svg *s, double x, double y, double room, jrn_font font,
								const char *text, size_t size, int most_lines);

/* Title and a line below (NULL: none) at the top; gives the y below. */
extern double jrn_svg_heading(jrn_svg *s, const char *title, const char *below);

/* A coloured square, or a line for classes of strokes, before each name, flowing from y down. */
extern double jrn_svg_legend(jrn_svg *s, double y, const char *const *names, const char *const *classes,
							 size_t count);

/*
 * A whole picture that says in words why there is nothing to draw.
 */
extern jrn_status jrn_svg_nothing(const jrn_env *env, double width, bool ascii, const char *title,
								  const char *why, const char **bytes, size_t *size);

/* Pairs of texts that overlap, and texts that leave the canvas: for tests. */
extern size_t jrn_svg_overlaps(const jrn_svg *s, double height);

/* The style every picture carries (svg_style.c). */
extern const char *jrn_svg_style(void);

#endif							/* JRN_SVG_H */
