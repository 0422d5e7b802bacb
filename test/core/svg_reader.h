/*
 * svg_reader.h
 *		Reads finished pictures again, without the canvas that drew them: are
 *		they well-formed XML, and do their texts keep apart?
 *
 * What a picture must be is taken from its bytes alone: elements nest, every
 * attribute is quoted, every reference is one of the five or a number, every
 * character is allowed by XML 1.0; the box of a text comes from its x, y,
 * font-size, text-anchor and content.
 */
#ifndef SVG_READER_H
#define SVG_READER_H

#include "tap.h"

#include <stdlib.h>

#include "../../src/reports/letters.h"
#include "../../src/reports/svg.h"

#define READER_DEPTH 32
#define READER_TEXTS 20000

typedef struct svg_reading
{
	const char *bytes;
	size_t		size;
	size_t		at;
	const char *why;			/* NULL: well-formed so far */
	double		width;
	double		height;
	size_t		texts;
	size_t		titles;
	jrn_box    *boxes;
} svg_reading;

/* Characters of XML 1.0, production 2. */
static bool
reader_allows(uint32_t code)
{
	return code == 9 || code == 10 || code == 13 || (code >= 0x20 && code <= 0xd7ff) ||
		(code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
}

/* The character at r->at, references resolved; into text when that is not NULL. */
static void
reader_character(svg_reading *r, char *text, size_t *used)
{
	size_t		from = r->at;
	uint32_t	code;

	if (r->bytes[r->at] == '&')
	{
		static const char *const names[][2] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
		size_t		i;

		for (i = 0; i < 5; i++)
			if (r->size - r->at >= strlen(names[i][0]) && memcmp(r->bytes + r->at, names[i][0], strlen(names[i][0])) == 0)
			{
				if (text != NULL)
					text[(*used)++] = names[i][1][0];
				r->at += strlen(names[i][0]);
				return;
			}
		if (r->size - r->at > 3 && r->bytes[r->at + 1] == '#')
		{
			char	   *end;

			code = (uint32_t) strtoul(r->bytes + r->at + 2, &end, 10);
			r->at = (size_t) (end - r->bytes) + 1;
			if (*end == ';' && reader_allows(code))
				return;
		}
		r->why = "a reference that is none";
		return;
	}
	code = jrn_letter_next(r->bytes, r->size, &r->at);
	if (!reader_allows(code) || (code == 0xfffd && r->at - from != 3))
		r->why = "a character that XML does not allow";
	else if (text != NULL && *used < 4000)
	{
		memcpy(text + *used, r->bytes + from, r->at - from);
		*used += r->at - from;
	}
}

static double
reader_number(const char *tag, size_t size, const char *name)
{
	size_t		length = strlen(name);
	size_t		i;

	for (i = 0; i + length + 3 < size; i++)
		if (tag[i] == ' ' && memcmp(tag + i + 1, name, length) == 0 && tag[i + 1 + length] == '=')
			return strtod(tag + i + 3 + length, NULL);
	return 0;
}

static bool
reader_has(const char *tag, size_t size, const char *part)
{
	size_t		i;

	for (i = 0; i + strlen(part) <= size; i++)
		if (memcmp(tag + i, part, strlen(part)) == 0)
			return true;
	return false;
}

/* From < to behind >; quotes are respected. */
static size_t
reader_tag(svg_reading *r)
{
	bool		quoted = false;
	size_t		from = r->at;

	for (; r->at < r->size; r->at++)
	{
		if (r->bytes[r->at] == '"')
			quoted = !quoted;
		else if (r->bytes[r->at] == '<' && r->at > from)
			break;
		else if (r->bytes[r->at] == '>' && !quoted)
		{
			r->at++;
			return r->at - from;
		}
	}
	r->why = "a tag without end";
	return r->at - from;
}

static void
reader_keep(svg_reading *r, const char *tag, size_t tag_size, const char *text, size_t size)
{
	double		font = reader_number(tag, tag_size, "font-size");
	double		x = reader_number(tag, tag_size, "x");
	double		y = reader_number(tag, tag_size, "y");
	double		width = jrn_letters_width(text, size, font, reader_has(tag, tag_size, "jr-bold"));
	jrn_box	   *box = &r->boxes[r->texts++];

	box->x0 = reader_has(tag, tag_size, "\"end\"") ? x - width : (reader_has(tag, tag_size, "\"middle\"") ? x - width / 2 : x);
	box->x1 = box->x0 + width;
	box->y0 = y - font;
	box->y1 = y + 0.25 * font;
}

/* Read all; r->why stays NULL when it is well-formed. */
static void
reader_run(svg_reading *r, const char *bytes, size_t size)
{
	static char text[8192];
	const char *names[READER_DEPTH];
	size_t		lengths[READER_DEPTH];
	size_t		depth = 0;
	size_t		used = 0;
	const char *text_tag = NULL;
	size_t		text_tag_size = 0;

	memset(r, 0, sizeof(*r));
	r->bytes = bytes;
	r->size = size;
	r->boxes = malloc(READER_TEXTS * sizeof(jrn_box));
	while (r->at < size && r->why == NULL)
	{
		const char *tag = bytes + r->at;
		size_t		tag_size;
		size_t		length = 0;

		if (*tag != '<')
		{
			bool		drawn = depth > 0 && lengths[depth - 1] == 4 && memcmp(names[depth - 1], "text", 4) == 0;

			if (depth == 0)
				r->why = "text outside";
			else
				reader_character(r, drawn ? text : NULL, &used);
			continue;
		}
		tag_size = reader_tag(r);
		if (r->why != NULL)
			break;
		if (tag[1] == '/')
		{
			length = tag_size - 3;
			if (depth == 0 || lengths[depth - 1] != length || memcmp(names[depth - 1], tag + 2, length) != 0)
				r->why = "elements that do not nest";
			depth--;
			if (length == 4 && memcmp(tag + 2, "text", 4) == 0 && r->texts < READER_TEXTS)
				reader_keep(r, text_tag, text_tag_size, text, used);
			continue;
		}
		while (tag[1 + length] != ' ' && tag[1 + length] != '>' && tag[1 + length] != '/')
			length++;
		if (length == 3 && memcmp(tag + 1, "svg", 3) == 0)
		{
			r->width = reader_number(tag, tag_size, "width");
			r->height = reader_number(tag, tag_size, "height");
		}
		if (length == 5 && memcmp(tag + 1, "title", 5) == 0)
			r->titles++;
		if (length == 4 && memcmp(tag + 1, "text", 4) == 0)
		{
			text_tag = tag;
			text_tag_size = tag_size;
			used = 0;
		}
		if (tag[tag_size - 2] == '/')
			continue;
		if (depth == READER_DEPTH)
			r->why = "too deep";
		else
		{
			names[depth] = tag + 1;
			lengths[depth++] = length;
		}
	}
	if (r->why == NULL && depth != 0)
		r->why = "elements that do not end";
}

/* Pairs of texts that overlap, and texts that leave the picture. */
static size_t
reader_collisions(const svg_reading *r)
{
	size_t		found = 0;
	size_t		i,
				j;

	for (i = 0; i < r->texts; i++)
	{
		const jrn_box *a = &r->boxes[i];

		if (a->x0 < -0.02 || a->x1 > r->width + 0.02 || a->y0 < -0.02 || a->y1 > r->height + 0.02)
			found++;
		for (j = 0; j < i; j++)
		{
			const jrn_box *b = &r->boxes[j];

			if (a->x0 < b->x1 - 0.02 && b->x0 < a->x1 - 0.02 && a->y0 < b->y1 - 0.02 && b->y0 < a->y1 - 0.02)
				found++;
		}
	}
	return found;
}

/* Both questions in one test point. */
static void
ok_picture(jrn_status status, const char *bytes, size_t size, double width, const char *name)
{
	svg_reading r;
	size_t		collisions;

	if (status != JRN_OK)
	{
		ok(false, "%s, %g wide: status %d", name, width, (int) status);
		return;
	}
	reader_run(&r, bytes, size);
	collisions = reader_collisions(&r);
	ok(r.why == NULL && collisions == 0 && r.width == width && r.texts > 0,
	   "%s, %g wide: well-formed, texts keep apart", name, width);
	if (r.why != NULL || collisions > 0)
		printf("# %s near byte %d, %d collisions among %d texts\n", r.why != NULL ? r.why : "well-formed", (int) r.at,
			   (int) collisions, (int) r.texts);
	free(r.boxes);
}

#endif							/* SVG_READER_H */
