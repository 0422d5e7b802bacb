/*
 * test_svg.c
 *		The canvas: hostile text is escaped and cut between clusters, numbers
 *		and ticks are plain, dates agree with a calendar, boxes of texts are
 *		kept, and every failure of the host comes out.
 *
 * Provenance: XML 1.0 production 2; UAX #29; advance widths of DejaVu Sans
 * and Helvetica; dates of the proleptic Gregorian calendar.
 */
#include "svg_reader.h"

#include "../../src/core/random.h"
#include "../../src/reports/axis.h"

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
	kept = jrn_letters_fit("a\xe2\x80\x8d cdefgh", 11, 10, false, 6.2 + 3.3 + 10.5, &cut);
	ok(kept == 5 && cut, "R-LET-2 a blank that a joiner binds stays: %d", (int) kept);
	kept = jrn_letters_fit("a cdefgh", 8, 10, false, 6.2 + 3.3 + 10.5, &cut);
	ok(kept == 1 && cut, "a blank before the ellipsis goes: %d", (int) kept);
	ok(jrn_letters_fit("", 0, 10, false, 5, &cut) == 0 && !cut, "nothing");
	ok_int((long long) jrn_letters_break("hello brave world", 17, 10, false, 70), 12, "a line ends after a blank");
	ok_int((long long) jrn_letters_break("hellobraveworld", 15, 10, false, 20), 4, "or where it must");
	ok_int((long long) jrn_letters_break("W", 1, 10, false, 1), 1, "one character at least");
}

/* ---- canvas ---- */

static jrn_status
draw_all(const jrn_env *env, void *arg)
{
	static const char *const names[3] = {"a", "b is longer", "c"};
	static const char *const classes[3] = {"jr-f0", "jr-s1", "jr-zero"};
	jrn_svg		s;
	const char **bytes = arg;
	size_t		size;
	double		y;

	jrn_svg_begin(&s, env, 720, false, "A <title>", "A & description");
	y = jrn_svg_heading(&s, "A title that is long enough to be broken into lines, because it goes on and on, and still goes on",
						"below");
	y = jrn_svg_legend(&s, y, names, classes, 3);
	jrn_svg_tip(&s, "tip & more", 10);
	jrn_svg_rect(&s, 100, y, -20, -10, "jr-f0");
	jrn_svg_line(&s, 0, y, 10.333, y, "jr-grid");
	jrn_svg_circle(&s, 5, y, 3, "jr-f1");
	jrn_svg_path_begin(&s, "jr-b2");
	jrn_svg_move(&s, 1, y);
	jrn_svg_to(&s, 2, y);
	jrn_svg_curve(&s, 1, y, 2, y, 3, y);
	jrn_svg_close(&s);
	jrn_svg_path_end(&s);
	JRN_TRY(jrn_svg_end(&s, y + 20, bytes, &size));
	bytes[1] = *bytes + size;
	return JRN_OK;
}

static void
test_canvas(void)
{
	jrn_env		env = host_env();
	const char *bytes[2];
	size_t		size;
	jrn_svg		s;

	ok(draw_all(&env, bytes) == JRN_OK, "a picture");
	size = (size_t) (bytes[1] - bytes[0]);
	ok_picture(JRN_OK, bytes[0], size, 720, "all parts");
	ok(reader_has(bytes[0], size, "<rect class=\"jr-f0\" x=\"80\""), "a negative width counts from the other side");
	ok(reader_has(bytes[0], size, "<title>tip &amp; more</title></rect>"), "a tooltip");
	ok(reader_has(bytes[0], size, "A &lt;title&gt;</title><desc") && reader_has(bytes[0], size, "role=\"img\" aria-labelledby=\"jr"), "R-SVG-5");
	ok(reader_has(bytes[0], size, "prefers-color-scheme:dark"), "R-STY-3 dark");
	jrn_svg_begin(&s, &env, NAN, false, "", "");
	ok(jrn_svg_end(&s, 10, bytes, &size) == JRN_DOMAIN, "a width that is none");
	jrn_svg_begin(&s, &env, 720, false, "", "");
	jrn_svg_line(&s, 0, 0, INFINITY, 0, "jr-grid");
	jrn_svg_words(&s, 0, 10, JRN_START, JRN_FONT_LABEL, "later", 0);
	ok(jrn_svg_end(&s, 10, bytes, &size) == JRN_NONFINITE, "R-MKP-6 the first failure comes out");
	host_reset();
	ok_survives(draw_all, bytes, "canvas");
	host_reset();
}

/* R-SVG-2: random labels at random places, as many as find room. */
static void
test_places(void)
{
	static const char *const labels[5] = {"short", "a somewhat longer label", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d 12", "\xf0\x9f\x98\x80\xf0\x9f\x98\x80", "W"};
	jrn_env		env = host_env();
	const char *bytes;
	size_t		size;
	size_t		placed = 0;
	uint64_t	i;
	jrn_svg		s;

	jrn_svg_begin(&s, &env, 720, false, "places", "places");
	for (i = 0; i < 3000; i++)
	{
		const char *label = labels[jrn_random_u64(5, i) % 5];

		placed += jrn_svg_words_if_free(&s, 720 * jrn_random_uniform(6, i), 20 + 400 * jrn_random_uniform(7, i),
										(jrn_anchor) (jrn_random_u64(8, i) % 3), (jrn_font) (jrn_random_u64(9, i) % 5), label,
										i % 4 == 0 ? 40 : 0);
	}
	ok(placed > 50 && placed < 1000, "some of 3000 labels find a place: %d", (int) placed);
	ok_int((long long) jrn_svg_overlaps(&s, 440), 0, "R-SVG-2 by the boxes of the canvas");
	ok(jrn_svg_end(&s, 440, &bytes, &size) == JRN_OK, "drawn");
	ok_picture(JRN_OK, bytes, size, 720, "labels where there is room");
	jrn_svg_begin(&s, &env, 720, false, "overlap", "overlap");
	jrn_svg_words(&s, 10, 20, JRN_START, JRN_FONT_LABEL, "one", 0);
	jrn_svg_words(&s, 12, 22, JRN_START, JRN_FONT_LABEL, "two", 0);
	jrn_svg_words(&s, 719, 100, JRN_START, JRN_FONT_LABEL, "leaves", 0);
	ok_int((long long) jrn_svg_overlaps(&s, 440), 2, "what overlaps and what leaves is seen");
	host_reset();
}

static void
test_cut_labels(void)
{
	jrn_env		env = host_env();
	const char *bytes;
	size_t		size;
	jrn_svg		s;

	jrn_svg_begin(&s, &env, 720, false, "cut", "cut");
	jrn_svg_words(&s, 0, 20, JRN_START, JRN_FONT_LABEL, "abcdefghijklmnopqrstuvwxyz", 60);
	jrn_svg_words(&s, 0, 50, JRN_START, JRN_FONT_LABEL, "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", 0);
	ok(jrn_svg_end(&s, 60, &bytes, &size) == JRN_OK, "drawn");
	ok(reader_has(bytes, size, "<title>abcdefghijklmnopqrstuvwxyz</title>abcd"), "R-SVG-3 the whole in a tooltip");
	ok(reader_has(bytes, size, "\xe2\x80\xa6</text>"), "R-SVG-3 an ellipsis");
	ok(reader_has(bytes, size, ">e\xcc\x81\xcc\x81</text>"), "R-SVG-4 two marks");
	host_reset();
}

/* ---- axes ---- */

static void
test_ticks(void)
{
	static const struct
	{
		double		low;
		double		high;
		int			wanted;
		jrn_format	format;
		const char *first;
		const char *last;
		int			count;
	}			cases[] = {
		{0, 1, 5, JRN_PLAIN, "0", "1.0", 6},
		{0, 1, 5, JRN_PERCENT, "0\xc2\xa0%", "100\xc2\xa0%", 6},
		{-0.3, 0.3, 6, JRN_PLAIN, "\xe2\x88\x92" "0.3", "0.3", 7},
		{0, 12345, 5, JRN_PLAIN, "0", "15,000", 4},
		{0.001, 0.009, 4, JRN_PERCENT, "0\xc2\xa0%", "1.0\xc2\xa0%", 3},
		{5, 5, 4, JRN_PLAIN, "4.5", "5.5", 3},
		{0, 0, 2, JRN_PLAIN, "\xe2\x88\x92" "1", "1", 3},
		{NAN, 3, 2, JRN_PLAIN, "0", "1.0", 3},
		{-1e300, 1e300, 2, JRN_PLAIN, "\xe2\x88\x92" "1e250", "1e250", 3},
		{0, 1e-30, 2, JRN_PLAIN, "0", "10e-31", 3}
	};
	char		label[JRN_NUMBER_SIZE];
	uint64_t	round;
	size_t		i;
	jrn_axis	axis;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		jrn_axis_init(&axis, cases[i].low, cases[i].high, cases[i].wanted, true, cases[i].format);
		ok_int(axis.count, cases[i].count, "ticks from %g to %g", cases[i].low, cases[i].high);
		jrn_axis_label(&axis, 0, label);
		ok(strcmp(label, cases[i].first) == 0, "first %s: %s", cases[i].first, label);
		jrn_axis_label(&axis, axis.count - 1, label);
		ok(strcmp(label, cases[i].last) == 0, "last %s: %s", cases[i].last, label);
	}
	for (round = 0; round < 2000; round++)
	{
		double		a = jrn_random_normal(1, round) * pow(10, (double) (round % 60) - 30);
		double		b = round % 3 == 0 ? a * (1 + 1e-12) : jrn_random_normal(2, round) * pow(10, (double) (round % 59) - 30);
		bool		good;
		int			k;

		jrn_axis_init(&axis, a, b, 2 + (int) (round % 9), round % 2 == 0, JRN_PLAIN);
		good = axis.low <= fmin(a, b) && axis.high >= fmax(a, b) && axis.high > axis.low && axis.count <= 3 + (int) (round % 9);
		for (k = 0; k < axis.count; k++)
			good = good && strlen(jrn_axis_label(&axis, k, label)) < 24 && strcmp(label, "\xe2\x88\x92" "0") != 0;
		if (!good)
			ok(false, "R-AXI-4 axis from %g to %g", a, b);
	}
	ok(true, "R-AXI-4 two thousand axes");
	ok(strcmp(jrn_number_text(label, -0.0004, 2, JRN_PLAIN), "0.00") == 0, "R-AXI-1 no -0");
	ok(strcmp(jrn_number_text(label, 1234567.5, 0, JRN_PLAIN), "1,234,568") == 0, "thousands");
	ok(strcmp(jrn_number_text(label, 0.1234, 1, JRN_PERCENT), "12.3\xc2\xa0%") == 0, "percent");
	ok(strcmp(jrn_number_text(label, 1e300, 3, JRN_PLAIN), "1e+300") == 0, "beyond");
}

static void
test_dates(void)
{
	const int64_t day = INT64_C(86400000000);
	char		text[JRN_NUMBER_SIZE];
	int64_t		days;
	bool		good = true;

	ok_int(jrn_time_of(2000, 1, 1), 0, "the epoch");
	ok_int(jrn_time_of(2024, 2, 29) / day, 8825, "a leap day");
	ok(strcmp(jrn_date_text(text, 0, true), "2000-01-01 00:00") == 0, "epoch as text");
	ok(strcmp(jrn_date_text(text, -1, true), "1999-12-31 23:59") == 0, "a microsecond before");
	for (days = -1000000; days <= 106000000 && good; days += days < 200000 ? 1 : 9973)
	{
		jrn_date	date = jrn_date_of(days * day + 1);

		good = jrn_time_of(date.year, date.month, date.day) == days * day && date.month >= 1 && date.month <= 12 &&
			date.day >= 1 && date.day <= 31;
	}
	ok(good, "days there and back: %lld", (long long) days);
}

/* R-AXI-2, R-AXI-3: spans from a minute to the whole range of the server. */
static void
test_time_axes(void)
{
	jrn_env		env = host_env();
	uint64_t	i;

	for (i = 0; i < 24; i++)
	{
		const char *bytes;
		size_t		size;
		jrn_svg		s;
		jrn_time_axis axis;
		double		width = i % 2 == 0 ? 320 : 1600;

		axis.low = (int64_t) (jrn_random_u64(4, i) >> 12);
		axis.high = axis.low + ((int64_t) 60000000 << (i * 3 / 2));
		axis.from = 50;
		axis.to = width - 20;
		jrn_svg_begin(&s, &env, width, false, "time", "time");
		jrn_time_axis_draw(&s, &axis, 10, 100);
		ok(jrn_svg_end(&s, 160, &bytes, &size) == JRN_OK, "span %d", (int) i);
		ok_picture(JRN_OK, bytes, size, width, "axis of time");
		host_reset();
	}
}

void
test_svg(void)
{
	test_markup();
	test_numbers();
	test_clusters();
	test_fit();
	test_canvas();
	test_places();
	test_cut_labels();
	test_ticks();
	test_dates();
	test_time_axes();
}
