/*
 * html.h
 *		Pieces of an HTML page made of text from outside.
 *
 * R-HTML-1	All text goes through jrn_markup_text (markup.h) and stands in a
 *			<bdi>, so that its direction of writing stays its own.
 * R-HTML-2	A table has a head with scope="col" and, where a column names the
 *			row, scope="row".  With more than three columns it is of class
 *			"cards": on a phone each row is a card, whose cells carry the name
 *			of their column; the roles of a table are spelled out for readers
 *			that would lose them there.
 * R-HTML-3	A missing cell is a dash, never an empty place; a card leaves it out.
 * R-HTML-4	Of the marks on one letter the first four are written: the others
 *			would stand in the lines above and below.
 */
#ifndef JRN_HTML_H
#define JRN_HTML_H

#include "markup.h"

/* Text in UTF-8, NULL: missing. */
extern void jrn_html_write_text(jrn_markup *m, const char *text);

/* The same with line ends kept, for <pre>. */
extern void jrn_html_write_lines(jrn_markup *m, const char *text);

/* Markup of our own, with other characters than ASCII as references. */
extern void jrn_html_write_markup(jrn_markup *m, const char *markup);

typedef struct jrn_html_table
{
	const char *caption;		/* NULL: none */
	const char *const *head;	/* names of the columns */
	size_t		columns;
	const char *kinds;			/* a letter a column: h, t, f, n, s, c */
	const char *const *cells; /* row by row; NULL: missing */
	size_t		count;			/* a multiple of columns */
} jrn_html_table;

/* JRN_DOMAIN in m->status when kinds or count do not fit the columns. */
extern void jrn_html_write_table(jrn_markup *m, const jrn_html_table *table);

#endif							/* JRN_HTML_H */
