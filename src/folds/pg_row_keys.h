/*
 * pg_row_keys.h
 *		The key column of a source, read row by row into small codes.
 *
 * R-KEYS-1	A NULL key is an error that names column and row: rows without a
 *			key cannot be kept together.
 * R-KEYS-2	Without a key column every row is a key of its own, in order of rows.
 */
#ifndef JOURNEY_PG_ROW_KEYS_H
#define JOURNEY_PG_ROW_KEYS_H

#include "../events/labels.h"
#include "../pg/source.h"

typedef struct journey_row_keys
{
	const journey_source *source;
	const char *name;			/* NULL: rows are independent */
	journey_column column;
	jrn_labels	dictionary;		/* canonical bytes by code */
	size_t		count;			/* distinct keys so far */
} journey_row_keys;

/* Find the column; a name of NULL needs none. */
extern void journey_row_keys_open(journey_row_keys *keys, journey_source *source,
								  const char *name, const jrn_env *env);

/* Code of the row's key; codes are given in order of first appearance. */
extern uint32_t journey_row_keys_read(journey_row_keys *keys, const TupleTableSlot *slot);

/* The key as text, palloc'd; NULL where rows are independent. */
extern char *journey_row_keys_text(const journey_row_keys *keys, uint32_t code);

/* The same for a message, cut short, quoted; never NULL. */
extern char *journey_row_keys_shown(const journey_row_keys *keys, uint32_t code);

#endif							/* JOURNEY_PG_ROW_KEYS_H */
