/*
 * fuzz_letters.c
 *		Any bytes as a label: parted into characters, cut, broken into lines,
 *		and written into markup, where no byte of it may end what it stands in.
 *
 * Input: a byte for the width, then the label.
 */
#include "../../src/reports/letters.h"
#include "../../src/reports/svg.h"
#include "fuzz.h"

static void
check_letters(const char *label, size_t size, double width)
{
	size_t		at = 0;
	size_t		end;
	size_t		fitting;
	size_t		clusters = 0;
	bool		cut;

	while (at < size)
	{
		size_t		before = at;
		uint32_t	code = jrn_letter_next(label, size, &at);

		MUST(at > before && at <= size && at - before <= 4);
		MUST(code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF));
	}
	fitting = jrn_letters_fit(label, size, 13.0, false, width, &cut);
	MUST(fitting <= size && cut == (fitting < size));
	for (at = 0; at < size; at = end)
	{
		end = jrn_letters_cluster(label, size, at);
		MUST(end > at && end <= size);
		MUST(fitting <= at || fitting >= end);	/* R-LET-2 */
		clusters++;
	}
	MUST(clusters <= size);
	MUST(isfinite(jrn_letters_width(label, size, 13.0, false)));
	MUST(cut || jrn_letters_width(label, size, 13.0, false) <= width);
	for (at = 0; at < size; at += end)
	{
		end = jrn_letters_break(label + at, size - at, 13.0, true, width);
		MUST(end >= 1 && end <= size - at);
	}
}

/* R-MKP-1, 2 and 4. */
static void
check_markup(const jrn_env *env, const char *label, size_t size, bool ascii)
{
	jrn_markup	m;
	size_t		at;

	jrn_markup_begin(&m, env, ascii);
	jrn_markup_text(&m, label, size);
	MUST(m.status == JRN_OK || fuzz_by_host(m.status));
	for (at = 0; m.status == JRN_OK && at < m.used;)
	{
		unsigned char first = (unsigned char) m.bytes[at];
		size_t		before = at;
		uint32_t	code = jrn_letter_next(m.bytes, m.used, &at);

		MUST(code >= 0x20 && (code < 0x7F || code > 0x9F) && code != 0xFFFE && code != 0xFFFF);
		MUST(code != '<' && code != '>' && code != '"' && code != '\'');
		MUST(!ascii || code < 0x7F);
		MUST(code != 0xFFFD || (first == 0xEF && at - before == 3));	/* written as UTF-8 */
		if (code == '&')
		{
			const char *semicolon = memchr(m.bytes + before, ';', m.used - before);

			MUST(semicolon != NULL && semicolon - (m.bytes + before) <= 9);
		}
	}
}

static void
check_picture(const jrn_env *env, const char *label, size_t size, double room)
{
	jrn_svg		picture;
	const char *bytes;
	size_t		length;
	double		y;

	jrn_svg_begin(&picture, env, 400.0, false, "title", "description");
	jrn_svg_tip(&picture, label, size);
	jrn_svg_rect(&picture, 10.0, 10.0, -5.0, 20.0, "jr-f0");
	y = jrn_svg_paragraph(&picture, 8.0, 40.0, room, JRN_FONT_LABEL, label, size, 3);
	MUST(isfinite(y) && y >= 40.0);
	(void) jrn_svg_text_if_free(&picture, 200.0, 20.0, JRN_MIDDLE, JRN_FONT_NOTE, label, size, room);
	if (jrn_svg_end(&picture, y + 10.0, &bytes, &length) == JRN_OK)
		MUST(length > 6 && memcmp(bytes, "<svg", 4) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	jrn_env		env = fuzz_begin();
	const char *label = (const char *) bytes + 1;
	double		width;

	if (size == 0 || size > 8192)
		return 0;
	width = 4.0 * bytes[0];
	check_letters(label, size - 1, width);
	check_markup(&env, label, size - 1, false);
	check_markup(&env, label, size - 1, true);
	check_picture(&env, label, size - 1, width + 1.0);
	return fuzz_end();
}
