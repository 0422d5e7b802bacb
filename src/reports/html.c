/*
 * html.c
 *		Text and tables of a report page (see html.h).
 */
#include "html.h"

#include <string.h>

#include "letters.h"

/* More columns than this do not fit a phone side by side. */
#define COLUMNS_OF_A_PHONE 3

/* Marks that stand on one letter; more would reach into other lines. */
#define MARKS_MOST 4

/* R-HTML-4 */
static void
write_words(jrn_markup *m, const char *text)
{
	size_t		size = strlen(text);
	size_t		from = 0;
	size_t		at = 0;
	int			marks = 0;

	while (at < size)
	{
		size_t		next = at;

		marks = jrn_letter_is_mark(jrn_letter_next(text, size, &next)) ? marks + 1 : 0;
		if (marks > MARKS_MOST)
		{
			jrn_markup_text(m, text + from, at - from);
			from = next;
		}
		at = next;
	}
	jrn_markup_text(m, text + from, size - from);
}

/* R-HTML-1 */
void
jrn_html_write_text(jrn_markup *m, const char *text)
{
	if (text == NULL)
	{
		jrn_markup_raw(m, "&ndash;");
		return;
	}
	jrn_markup_raw(m, "<bdi>");
	write_words(m, text);
	jrn_markup_raw(m, "</bdi>");
}

void
jrn_html_write_lines(jrn_markup *m, const char *text)
{
	while (text != NULL && m->status == JRN_OK)
	{
		size_t		size = strcspn(text, "\n");

		jrn_markup_text(m, text, size);
		if (text[size] == '\0')
			break;
		jrn_markup_raw(m, "\n");
		text += size + 1;
	}
}

void
jrn_html_write_markup(jrn_markup *m, const char *markup)
{
	size_t		size = strlen(markup);
	size_t		from = 0;
	size_t		at = 0;

	while (at < size && m->status == JRN_OK)
	{
		size_t		to;

		for (at = from; at < size && (unsigned char) markup[at] < 0x80;)
			at++;
		jrn_markup_bytes(m, markup + from, at - from);
		for (to = at; to < size && (unsigned char) markup[to] >= 0x80;)
			to++;
		jrn_markup_text(m, markup + at, to - at);
		at = from = to;
	}
}

/* Class of a status, by which it gets its colour; other words have none. */
static const char *
class_of_status(const char *text)
{
	static const char *const known[] = {"ok", "failed", "warning", "drift"};
	size_t		i;

	for (i = 0; text != NULL && i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(text, known[i]) == 0)
			return known[i];
	return "other";
}

/* A number with the minus sign of a printer. */
static void
write_number(jrn_markup *m, const char *text)
{
	size_t		i;
	size_t		from = 0;

	if (text == NULL)
	{
		jrn_markup_raw(m, "&ndash;");
		return;
	}
	for (i = 0; text[i] != '\0'; i++)
		if (text[i] == '-' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '(') && text[i + 1] != '\0')
		{
			jrn_markup_text(m, text + from, i - from);
			jrn_markup_raw(m, "&minus;");
			from = i + 1;
		}
	jrn_markup_text(m, text + from, i - from);
}

static void
write_head(jrn_markup *m, const jrn_html_table *table)
{
	size_t		i;

	jrn_markup_raw(m, "<thead role=\"rowgroup\"><tr role=\"row\">");
	for (i = 0; i < table->columns; i++)
	{
		jrn_markup_raw(m, "<th role=\"columnheader\" scope=\"col\"");
		jrn_markup_raw(m, table->kinds[i] == 'n' ? " class=\"n\">" : ">");
		jrn_markup_text(m, table->head[i], strlen(table->head[i]));
		jrn_markup_raw(m, "</th>");
	}
	jrn_markup_raw(m, "</tr></thead>");
}

static void
write_cell(jrn_markup *m, const jrn_html_table *table, size_t number)
{
	const char *text = table->cells[number];
	const char *head = table->head[number % table->columns];
	char		kind = table->kinds[number % table->columns];

	jrn_markup_raw(m, kind == 'h' ? "<th role=\"rowheader\" scope=\"row\"" : "<td role=\"cell\"");
	if (text == NULL && kind != 'h')
		jrn_markup_raw(m, kind == 'n' ? " class=\"n none\"" : " class=\"none\"");
	else if (kind == 'n' || kind == 't')
		jrn_markup_raw(m, kind == 'n' ? " class=\"n\"" : " class=\"t\"");
	else if (kind == 's')
	{
		jrn_markup_raw(m, " class=\"s ");
		jrn_markup_raw(m, class_of_status(text));
		jrn_markup_raw(m, "\"");
	}
	if (kind != 'h')
	{
		jrn_markup_raw(m, " data-label=\"");
		jrn_markup_text(m, head, strlen(head));
		jrn_markup_raw(m, "\"");
	}
	jrn_markup_raw(m, kind == 'c' ? "><code>" : ">");
	if (kind == 'f' && text != NULL)
		jrn_markup_raw(m, "<bdi>");
	if (kind == 'n' || kind == 'f')
		write_number(m, text);
	else
		jrn_html_write_text(m, text);
	if (kind == 'f' && text != NULL)
		jrn_markup_raw(m, "</bdi>");
	jrn_markup_raw(m, kind == 'h' ? "</th>" : kind == 'c' ? "</code></td>" : "</td>");
}

/* R-HTML-2 */
void
jrn_html_write_table(jrn_markup *m, const jrn_html_table *table)
{
	size_t		i;

	if (m->status == JRN_OK && (table->columns == 0 || table->count % table->columns != 0 ||
								strlen(table->kinds) != table->columns || strspn(table->kinds, "htfnsc") != table->columns))
		m->status = JRN_DOMAIN;
	if (m->status != JRN_OK)
		return;
	jrn_markup_raw(m, table->columns > COLUMNS_OF_A_PHONE ?
				   (strchr(table->kinds, 's') != NULL ? "<table class=\"cards flow\" role=\"table\">" : "<table class=\"cards\" role=\"table\">") :
				   table->columns == 3 ? "<table class=\"three\" role=\"table\">" : "<table class=\"two\" role=\"table\">");
	if (table->caption != NULL)
	{
		jrn_markup_raw(m, "<caption>");
		jrn_markup_text(m, table->caption, strlen(table->caption));
		jrn_markup_raw(m, "</caption>");
	}
	write_head(m, table);
	jrn_markup_raw(m, "<tbody role=\"rowgroup\">");
	for (i = 0; i < table->count && m->status == JRN_OK; i++)
	{
		if (i % table->columns == 0)
			jrn_markup_raw(m, "<tr role=\"row\">");
		write_cell(m, table, i);
		if ((i + 1) % table->columns == 0)
			jrn_markup_raw(m, "</tr>\n");
	}
	jrn_markup_raw(m, "</tbody></table>");
}
