/*
 * test_svg.c
 *		The canvas: hostile text is escaped and cut between clusters, numbers
 *		and ticks are plain, dates agree with a calendar, boxes of texts are
 *		kept, and every failure of the host comes out.
 *
 * Provenance: XML 1.0 production 2; UAX #29; advance widths of DejaVu Sans
 * and Helvetica; dates of the proleptic Gregorian calendar.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/reports/axis.h"
#include "../../src/reports/letters.h"
#include "../../src/reports/svg.h"

/* ---- markup ---- */

static const char *
escaped(const char *text, size_t size, bool ascii)
{
	static char out[512];
	jrn_env		env = host_env();
	jrn_markup	m;

	jrn_markup_begin(&m, &env, ascii);
	jrn_markup_text(&m, text, size);
	out[0] = '\0';
	if (m.status == JRN_OK && m.used < sizeof(out))
	{
		memcpy(out, m.bytes, m.used);
		out[m.used] = '\0';
	}
	return out;
}

static void
test_markup(void)
{
	static const struct
	{
		const char *text;
		const char *want;
		const char *name;
	}			cases[] = {
		{"</text><script>", "&lt;/text&gt;&lt;script&gt;", "R-MKP-1 an element"},
		{"a\"b'c&amp;", "a&quot;b&#39;c&amp;amp;", "R-MKP-1 quotes and references"},
		{"]]>", "]]&gt;", "R-MKP-1 the end of a section"},
		{"a\001b\033", "a\xef\xbf\xbd" "b\xef\xbf\xbd", "R-MKP-2 controls"},
		{"\x7f\xc2\x80\xc2\x9f", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "R-MKP-2 controls above ASCII"},
		{"\xef\xbf\xbe\xef\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd", "R-MKP-2 no characters"},
		{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "R-MKP-2 a lone surrogate"},
		{"\xc0\xaf\xf5\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "R-MKP-2 no UTF-8"},
		{"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd", "R-LET-1 a sequence that stops"},
		{"a\nb\tc\r\xe2\x80\xa8" "d", "a b c  d", "R-MKP-3 line ends"},
		{"\xe2\x80\xae" "abc\xe2\x81\xa6", "abc", "R-MKP-3 overrides and isolates"},
		{"\xf0\x9f\x98\x80 \xc3\xa9", "\xf0\x9f\x98\x80 \xc3\xa9", "what is fine stays"}
	};
	size_t		i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		const char *got = escaped(cases[i].text, strlen(cases[i].text), false);

		ok(strcmp(got, cases[i].want) == 0, "%s: %s", cases[i].name, got);
	}
	ok(strcmp(escaped("\xf0\x9f\x98\x80\xc3\xa9<\001", 8, true), "&#128512;&#233;&lt;&#65533;") == 0,
	   "R-MKP-4 references in other encodings: %s", escaped("\xf0\x9f\x98\x80\xc3\xa9<\001", 8, true));
}

static void
test_numbers(void)
{
	static const struct
	{
		double		value;
		const char *want;
	}			cases[] = {
		{0, "0"}, {-0.0, "0"}, {-0.004, "0"}, {0.005, "0.01"}, {1.10, "1.1"}, {-12.345, "-12.35"},
		{100, "100"}, {0.1 + 0.2, "0.3"}, {1234567.891, "1234567.89"}, {99.999, "100"}
	};
	jrn_env		env = host_env();
	jrn_markup	m;
	size_t		i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		jrn_markup_begin(&m, &env, false);
		jrn_markup_number(&m, cases[i].value);
		ok(m.used == strlen(cases[i].want) && memcmp(m.bytes, cases[i].want, m.used) == 0,
		   "R-MKP-5 %g is %s", cases[i].value, cases[i].want);
	}
	jrn_markup_begin(&m, &env, false);
	jrn_markup_number(&m, NAN);
	jrn_markup_raw(&m, "later");
	ok(m.status == JRN_NONFINITE && m.used == 0, "R-MKP-6 a number that is none stops all");
	jrn_markup_begin(&m, &env, false);
	jrn_markup_number(&m, -INFINITY);
	ok(m.status == JRN_NONFINITE, "infinity too");
}

/* ---- letters ---- */

static void
test_clusters(void)
{
	static const struct
	{
		const char *text;
		size_t		end;
		const char *name;
	}			cases[] = {
		{"ab", 1, "a letter"},
		{"e\xcc\x81x", 3, "a letter with an accent"},
		{"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7!", 18, "a family"},
		{"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd!", 8, "a thumb with its tone"},
		{"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87\xab\xf0\x9f\x87\xb7", 8, "two flags"},
		{"\xe2\x9d\xa4\xef\xb8\x8fx", 6, "a heart with its selector"},
		{"\xe0\xa4\x95\xe0\xa5\x8d\xe0\xa4\xb7x", 9, "a conjunct"},
		{"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 9, "a syllable of jamo"},
		{"\xff\xfe", 1, "a wrong byte"}
	};
	size_t		i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok_int((long long) jrn_letters_cluster(cases[i].text, strlen(cases[i].text), 0), (long long) cases[i].end,
			   "R-LET-2 %s", cases[i].name);
}

static void
test_fit(void)
{
	const char *text = "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81";
	bool		cut;
	double		width = jrn_letters_width(text, 12, 10, false);
	size_t		kept;

	ok_close(width, 4 * 6.15, 1e-12, "marks have no width");
	ok(jrn_letters_fit(text, 12, 10, false, width, &cut) == 12 && !cut, "what fits is not cut");
	kept = jrn_letters_fit(text, 12, 10, false, width - 0.01, &cut);
	ok(kept == 6 && cut, "R-LET-2 room for the ellipsis: %d", (int) kept);
	ok(jrn_letters_fit("ab cd", 5, 10, false, 6.2 * 2 + 3.3 + 10, &cut) == 5 || cut, "no blank before the ellipsis");
	ok(jrn_letters_fit("", 0, 10, false, 5, &cut) == 0 && !cut, "nothing");
	ok_int((long long) jrn_letters_break("hello brave world", 17, 10, false, 70), 12, "a line ends after a blank");
	ok_int((long long) jrn_letters_break("hellobraveworld", 15, 10, false, 20), 4, "or where it must");
	ok_int((long long) jrn_letters_break("W", 1, 10, false, 1), 1, "one character at least");
}

void
test_svg(void)
{
	test_markup();
	test_numbers();
	test_clusters();
	test_fit();
}
