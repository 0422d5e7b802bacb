/*
 * keys.h
 *		Canonical bytes of keys: the same customer has the same bytes whatever
 *		integer type, machine or server encoding carries it.
 *
 * Definition (reference/validation.md 1.3): smallint, integer, bigint: 8
 * bytes, little-endian two's complement; uuid: its 16 bytes; text, varchar,
 * enum: UTF-8; bytea as it is.  Other types are refused with a hint, because
 * their binary form is not unique (negative zero, display scale, precision).
 */
#ifndef JOURNEY_KEYS_H
#define JOURNEY_KEYS_H

#include "compat.h"

typedef enum journey_key_kind
{
	JOURNEY_KEY_INT2,
	JOURNEY_KEY_INT4,
	JOURNEY_KEY_INT8,
	JOURNEY_KEY_UUID,
	JOURNEY_KEY_TEXT,
	JOURNEY_KEY_ENUM,
	JOURNEY_KEY_BYTEA
} journey_key_kind;

/* The longest key we take; longer ones are an error, not a truncation. */
#define JOURNEY_MAX_KEY_BYTES (1024 * 1024)

typedef struct journey_key
{
	const char *bytes;
	Size		size;
	int64		integer;		/* backing store of integer keys */
} journey_key;

/* Kind of a type; domains are looked through.  False: not a key type. */
extern bool journey_key_kind_of(Oid type, journey_key_kind *kind);

/* Same, but a type that cannot be a key is an error naming the column. */
extern journey_key_kind journey_key_kind_required(Oid type, const char *column);

/*
 * Canonical bytes of a non-null datum.  The result may point into the datum
 * or into the current memory context.
 */
extern void journey_key_read(journey_key_kind kind, Datum value, journey_key *key);

/* The value of a non-null datum of an integer kind. */
static inline bool
journey_key_is_integer(journey_key_kind kind)
{
	return kind == JOURNEY_KEY_INT2 || kind == JOURNEY_KEY_INT4 || kind == JOURNEY_KEY_INT8;
}

static inline int64
journey_key_integer(journey_key_kind kind, Datum value)
{
	return kind == JOURNEY_KEY_INT8 ? DatumGetInt64(value) :
		kind == JOURNEY_KEY_INT4 ? DatumGetInt32(value) : DatumGetInt16(value);
}

/* The text form of canonical bytes, palloc'd. */
extern char *journey_key_text(journey_key_kind kind, const char *bytes, Size size);

/*
 * A datum of type target made of canonical bytes of the given kind; integers
 * must fit the target.  Raises an error naming the argument customer_type
 * when the types do not go together.
 */
extern void journey_key_check_target(journey_key_kind kind, Oid target);
extern Datum journey_key_datum(journey_key_kind kind, const char *bytes, Size size, Oid target);

#endif							/* JOURNEY_KEYS_H */
