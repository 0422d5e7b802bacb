/*
 * markup.h
 *		A growing piece of XML or HTML, and the one way by which labels get
 *		into it.
 *
 * Definition: characters of XML 1.0 (fifth edition, production 2) that HTML
 * reads alike.
 *
 * R-MKP-1	Text from outside goes through jrn_markup_text: the five special
 *			characters become references, so no label can end an element, an
 *			attribute or a style.
 * R-MKP-2	What XML 1.0 does not allow (controls, lone surrogates, U+FFFE,
 *			U+FFFF), the controls U+007F to U+009F, which HTML would take for
 *			others when referenced, and bytes that are no UTF-8 become U+FFFD.
 * R-MKP-3	Line ends and tabs are a space.  Embeddings, overrides and
 *			isolates of the direction of writing are left out: one label must
 *			not turn what stands beside it.
 * R-MKP-4	With ascii set every other character is a reference, so the result
 *			can be kept in a database of any encoding.
 * R-MKP-5	Numbers are rounded to two decimals, without trailing zeros and
 *			without -0: equal input, equal bytes.
 * R-MKP-6	The first failure stays in status, and later calls do nothing: a
 *			drawing is written without a test after every line.
 */
#ifndef JRN_MARKUP_H
#define JRN_MARKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/env.h"

typedef struct jrn_markup
{
	const jrn_env *env;
	char	   *bytes;
	size_t		used;
	size_t		capacity;
	unsigned	steps;			/* calls, for cancel points */
	bool		ascii;
	jrn_status	status;
} jrn_markup;

extern void jrn_markup_begin(jrn_markup *m, const jrn_env *env, bool ascii);

/* Bytes as they are: markup of our own. */
extern void jrn_markup_bytes(jrn_markup *m, const char *bytes, size_t size);
extern void jrn_markup_raw(jrn_markup *m, const char *markup);

/* Text from outside; UTF-8, of which nothing is taken on trust. */
extern void jrn_markup_text(jrn_markup *m, const char *bytes, size_t size);

/* A number of a drawing; one that is not finite is a failure. */
extern void jrn_markup_number(jrn_markup *m, double value);

/* name="value" with a blank before it. */
extern void jrn_markup_attribute(jrn_markup *m, const char *name, double value);

#endif							/* JRN_MARKUP_H */
