/*
 * svg.c
 *		Shapes and the frame of a picture (see svg.h); text is in svg_text.c.
 */
#include "svg.h"

#include <string.h>

#include "../core/hash.h"

void
jrn_svg_begin(jrn_svg *s, const jrn_env *env, double width, bool ascii, const char *title,
			  const char *description)
{
	memset(s, 0, sizeof(*s));
	jrn_markup_begin(&s->body, env, ascii);
	s->width = width;
	s->title = title;
	s->description = description;
	if (!(width >= JRN_SVG_NARROWEST && width <= JRN_SVG_WIDEST))
		s->body.status = JRN_DOMAIN;
}

/* <title id="jr0123456789abcdef-t">text</title> */
static void
write_named(jrn_markup *m, const char *element, const char *id, const char *suffix, const char *text)
{
	jrn_markup_raw(m, "<");
	jrn_markup_raw(m, element);
	jrn_markup_raw(m, " id=\"");
	jrn_markup_raw(m, id);
	jrn_markup_raw(m, suffix);
	jrn_markup_raw(m, "\">");
	jrn_markup_text(m, text, strlen(text));
	jrn_markup_raw(m, "</");
	jrn_markup_raw(m, element);
	jrn_markup_raw(m, ">");
}

/* R-SVG-5: "jr" and sixteen hexadecimal digits. */
static void
name_picture(const jrn_svg *s, double height, char id[19])
{
	uint64_t	hash = jrn_hash_bytes(s->body.used > 0 ? s->body.bytes : "", s->body.used, (uint64_t) s->width);
	int			i;

	hash = jrn_hash_bytes(s->title, strlen(s->title), hash ^ (uint64_t) height);
	hash = jrn_hash_bytes(s->description, strlen(s->description), hash);
	memcpy(id, "jr", 2);
	for (i = 0; i < 16; i++)
		id[2 + i] = "0123456789abcdef"[(hash >> (60 - 4 * i)) & 15];
	id[18] = '\0';
}

static void
write_frame(jrn_markup *m, const jrn_svg *s, double height, const char *id)
{
	jrn_markup_raw(m, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"jr\" role=\"img\" aria-labelledby=\"");
	jrn_markup_raw(m, id);
	jrn_markup_raw(m, "-t ");
	jrn_markup_raw(m, id);
	jrn_markup_raw(m, "-d\" viewBox=\"0 0 ");
	jrn_markup_number(m, s->width);
	jrn_markup_raw(m, " ");
	jrn_markup_number(m, height);
	jrn_markup_raw(m, "\"");
	jrn_markup_attribute(m, "width", s->width);
	jrn_markup_attribute(m, "height", height);
	jrn_markup_raw(m, ">");
	write_named(m, "title", id, "-t", s->title);
	write_named(m, "desc", id, "-d", s->description);
	jrn_markup_raw(m, "<style>");
	jrn_markup_raw(m, jrn_svg_style());
	jrn_markup_raw(m, "</style><rect class=\"jr-fpaper\"");
	jrn_markup_attribute(m, "width", s->width);
	jrn_markup_attribute(m, "height", height);
	jrn_markup_raw(m, "/>");
}

jrn_status
jrn_svg_end(jrn_svg *s, double height, const char **bytes, size_t *size)
{
	jrn_markup	whole;
	char		id[19];

	JRN_TRY(s->body.status);
	if (!(height >= 1 && height <= 1e7))
		return JRN_DOMAIN;
	name_picture(s, height, id);
	jrn_markup_begin(&whole, s->body.env, s->body.ascii);
	write_frame(&whole, s, height, id);
	jrn_markup_bytes(&whole, s->body.bytes, s->body.used);
	jrn_markup_raw(&whole, "</svg>");
	jrn_release(s->body.env, s->body.bytes);
	s->body.bytes = NULL;
	s->body.used = s->body.capacity = 0;
	*bytes = whole.bytes;
	*size = whole.used;
	return whole.status;
}

/* ---- shapes ---- */

void
jrn_svg_tip(jrn_svg *s, const char *text, size_t size)
{
	s->tip = text;
	s->tip_size = size;
}

static void
open_shape(jrn_svg *s, const char *element, const char *classes)
{
	jrn_markup_raw(&s->body, "<");
	jrn_markup_raw(&s->body, element);
	jrn_markup_raw(&s->body, " class=\"");
	jrn_markup_raw(&s->body, classes);
	jrn_markup_raw(&s->body, "\"");
}

static void
close_shape(jrn_svg *s, const char *element)
{
	if (s->tip == NULL)
	{
		jrn_markup_raw(&s->body, "/>");
		return;
	}
	jrn_markup_raw(&s->body, "><title>");
	jrn_markup_text(&s->body, s->tip, s->tip_size);
	jrn_markup_raw(&s->body, "</title></");
	jrn_markup_raw(&s->body, element);
	jrn_markup_raw(&s->body, ">");
	s->tip = NULL;
}

void
jrn_svg_line(jrn_svg *s, double x1, double y1, double x2, double y2, const char *classes)
{
	open_shape(s, "line", classes);
	jrn_markup_attribute(&s->body, "x1", x1);
	jrn_markup_attribute(&s->body, "y1", y1);
	jrn_markup_attribute(&s->body, "x2", x2);
	jrn_markup_attribute(&s->body, "y2", y2);
	close_shape(s, "line");
}

void
jrn_svg_rect(jrn_svg *s, double x, double y, double width, double height, const char *classes)
{
	open_shape(s, "rect", classes);
	jrn_markup_attribute(&s->body, "x", width < 0 ? x + width : x);
	jrn_markup_attribute(&s->body, "y", height < 0 ? y + height : y);
	jrn_markup_attribute(&s->body, "width", width < 0 ? -width : width);
	jrn_markup_attribute(&s->body, "height", height < 0 ? -height : height);
	close_shape(s, "rect");
}

void
jrn_svg_circle(jrn_svg *s, double x, double y, double radius, const char *classes)
{
	open_shape(s, "circle", classes);
	jrn_markup_attribute(&s->body, "cx", x);
	jrn_markup_attribute(&s->body, "cy", y);
	jrn_markup_attribute(&s->body, "r", radius);
	close_shape(s, "circle");
}

void
jrn_svg_path_begin(jrn_svg *s, const char *classes)
{
	open_shape(s, "path", classes);
	jrn_markup_raw(&s->body, " d=\"");
}

static void
write_point(jrn_svg *s, const char *command, double x, double y)
{
	jrn_markup_raw(&s->body, command);
	jrn_markup_number(&s->body, x);
	jrn_markup_raw(&s->body, " ");
	jrn_markup_number(&s->body, y);
}

void
jrn_svg_move(jrn_svg *s, double x, double y)
{
	write_point(s, "M", x, y);
}

void
jrn_svg_to(jrn_svg *s, double x, double y)
{
	write_point(s, "L", x, y);
}

void
jrn_svg_curve(jrn_svg *s, double x1, double y1, double x2, double y2, double x, double y)
{
	write_point(s, "C", x1, y1);
	write_point(s, " ", x2, y2);
	write_point(s, " ", x, y);
}

void
jrn_svg_close(jrn_svg *s)
{
	jrn_markup_raw(&s->body, "Z");
}

void
jrn_svg_path_end(jrn_svg *s)
{
	jrn_markup_raw(&s->body, "\"");
	close_shape(s, "path");
}

const char *
jrn_svg_series(const char *prefix, size_t number)
{
	static const char *const fills[8] = {"jr-f0", "jr-f1", "jr-f2", "jr-f3", "jr-f4", "jr-f5", "jr-f6", "jr-f7"};
	static const char *const strokes[8] = {"jr-s0", "jr-s1", "jr-s2", "jr-s3", "jr-s4", "jr-s5", "jr-s6", "jr-s7"};
	static const char *const bands[8] = {"jr-b0", "jr-b1", "jr-b2", "jr-b3", "jr-b4", "jr-b5", "jr-b6", "jr-b7"};

	if (strcmp(prefix, "jr-s") == 0)
		return strokes[number % 8];
	return strcmp(prefix, "jr-b") == 0 ? bands[number % 8] : fills[number % 8];
}
