/*
 * test_report_html.c
 *		Figures as people read them, and text and tables of a report page.
 */
#include "tap.h"

#include "../../src/reports/figures.h"
#include "../../src/reports/html.h"

static bool
reads(double value, jrn_figure_kind kind, const char *want)
{
	char		got[JRN_FIGURE_SIZE];

	jrn_figure(value, kind, got);
	if (strcmp(got, want) != 0)
		printf("# got %s, want %s\n", got, want);
	return strcmp(got, want) == 0;
}

static bool
reads_within(double value, double width, const char *want)
{
	char		got[JRN_FIGURE_SIZE];

	jrn_figure_within(value, width, JRN_FIGURE_SIGNED, got);
	if (strcmp(got, want) != 0)
		printf("# got %s, want %s\n", got, want);
	return strcmp(got, want) == 0;
}

static void
test_figures(void)
{
	ok(reads(0, JRN_FIGURE_NUMBER, "0") && reads(-0.0, JRN_FIGURE_NUMBER, "0") && reads(1, JRN_FIGURE_NUMBER, "1") &&
	   reads(0.123456, JRN_FIGURE_NUMBER, "0.1235") && reads(-12.5, JRN_FIGURE_NUMBER, "-12.5") && reads(1234.56, JRN_FIGURE_NUMBER, "1,235") &&
	   reads(12345678, JRN_FIGURE_NUMBER, "12,345,678") && reads(0.00012345, JRN_FIGURE_NUMBER, "0.0001234") &&
	   reads(0.00001, JRN_FIGURE_NUMBER, "1.00e-05") && reads(-2e20, JRN_FIGURE_NUMBER, "-2.00e+20"), "R-FIG-1 numbers");
	ok(reads(999, JRN_FIGURE_COUNT, "999") && reads(1000, JRN_FIGURE_COUNT, "1,000") && reads(-1234567, JRN_FIGURE_COUNT, "-1,234,567") &&
	   reads(0.4567, JRN_FIGURE_PERCENT, "45.7 %") && reads(-0.00001, JRN_FIGURE_PERCENT, "0.0 %") && reads(0.5, JRN_FIGURE_SIGNED, "+0.5") &&
	   reads(0, JRN_FIGURE_SIGNED, "0") && reads(-0.5, JRN_FIGURE_SIGNED, "-0.5"), "R-FIG-2 counts, shares, signs");
	ok(reads(0, JRN_FIGURE_P, "< 0.001") && reads(0.00099999, JRN_FIGURE_P, "< 0.001") && reads(0.001, JRN_FIGURE_P, "0.001") &&
	   reads(0.0494, JRN_FIGURE_P, "0.049") && reads(1, JRN_FIGURE_P, "> 0.999"), "R-FIG-3 p is never 0 and never 1");
	ok(reads(NAN, JRN_FIGURE_NUMBER, "nan") && reads(INFINITY, JRN_FIGURE_COUNT, "inf") && reads(-INFINITY, JRN_FIGURE_P, "-inf") &&
	   reads(1.7e308, JRN_FIGURE_COUNT, "1.70e+308") && reads(5e-324, JRN_FIGURE_SIGNED, "+4.94e-324"), "what is hardly a number");
	ok(reads_within(0.0437, 0.08, "+0.044") && reads_within(0.00368, 0.08, "+0.004") && reads_within(-12.3456, 3, "-12.3") &&
	   reads_within(12345.6, 400, "+12,346") && reads_within(0.5, 0, "+0.5") && reads_within(0.5, NAN, "+0.5") && reads_within(0.5, 1e-12, "+0.5") &&
	   reads_within(-0.0001, 0.08, "0.000"), "R-FIG-5 decimals of an interval");
}

static const char *const head[] = {"Name", "What <is>", "Status", "Figure"};
static const char *const cells[] = {"<b>one</b>", "it's \"so\" & so", "failed", "-1.5 (-2 to -1)", "two", NULL, "strange\"word", "7"};

static void
fill_table(jrn_html_table *table)
{
	table->caption = "All of <it>";
	table->head = head;
	table->columns = 4;
	table->kinds = "htsn";
	table->cells = cells;
	table->count = 8;
}

static jrn_status
write_once(const jrn_env *env, void *arg)
{
	jrn_markup	m;

	jrn_markup_begin(&m, env, true);
	jrn_html_write_table(&m, arg);
	return m.status;
}

static bool
has(const jrn_markup *m, const char *words)
{
	return memmem(m->bytes, m->used, words, strlen(words)) != NULL;
}

void
test_report_html(void)
{
	jrn_env		env = host_env();
	jrn_html_table table;
	jrn_markup	m;

	test_figures();
	fill_table(&table);
	jrn_markup_begin(&m, &env, true);
	jrn_html_write_table(&m, &table);
	ok(m.status == JRN_OK && has(&m, "<bdi>&lt;b&gt;one&lt;/b&gt;</bdi>") && has(&m, "data-label=\"What &lt;is&gt;\"") && !has(&m, "<b>"), "R-HTML-1 cells and labels are escaped");
	ok(has(&m, "scope=\"col\"") && has(&m, "<th role=\"rowheader\" scope=\"row\">") && has(&m, "class=\"cards flow\"") && has(&m, "<caption>All of &lt;it&gt;</caption>"), "R-HTML-2 a table for all readers");
	ok(has(&m, "class=\"s failed\"") && has(&m, "class=\"s other\"") && has(&m, "&minus;1.5 (&minus;2 to &minus;1)"), "states and figures");
	ok(has(&m, "class=\"none\"") && has(&m, "&ndash;"), "R-HTML-3 a missing cell");
	ok_survives(write_once, &table, "a table");
	table.kinds = "htx";
	ok(write_once(&env, &table) == JRN_DOMAIN, "kinds of another length");
	table.kinds = "htxn";
	ok(write_once(&env, &table) == JRN_DOMAIN, "a kind that is none");
	table.kinds = "htsn";
	table.count = 7;
	ok(write_once(&env, &table) == JRN_DOMAIN, "a row that ends early");
	jrn_markup_begin(&m, &env, true);
	jrn_html_write_lines(&m, "a\n<b>\n\n\r\x01" "end");
	ok(m.used == strlen("a\n&lt;b&gt;\n\n &#65533;end") && memcmp(m.bytes, "a\n&lt;b&gt;\n\n &#65533;end", m.used) == 0, "lines stay lines");
	jrn_markup_begin(&m, &env, true);
	jrn_html_write_text(&m, "a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81" "b\xcc\x81");
	ok(m.used == strlen("<bdi>a&#769;&#769;&#769;&#769;b&#769;</bdi>"), "R-HTML-4 four marks on a letter");
	jrn_markup_begin(&m, &env, true);
	jrn_html_write_markup(&m, "<b>\xc3\xa9\xe2\x80\xa6</b>\xff<i>");
	ok(has(&m, "<b>&#233;&#8230;</b>&#65533;<i>"), "markup stays, other characters become references");
	jrn_markup_begin(&m, &env, true);
	jrn_html_write_text(&m, NULL);
	ok(has(&m, "&ndash;"), "R-HTML-3 missing text");
	host_reset();
}
