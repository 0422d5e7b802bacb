/*
 * source.h
 *		A source query, read once: `source text` is a relation name or one
 *		SELECT, WITH, VALUES or TABLE query.
 *
 * R-SRC-1	One statement, read-only, planned and run by the server with the
 *			caller's rights and search path; anything else is refused by name.
 * R-SRC-2	Columns are found by name; a missing, ambiguous or wrongly typed
 *			one is an error that lists what there is.
 * R-SRC-3	Tuples go straight from the executor to a callback (our own
 *			DestReceiver): no tuple table, no cursor.
 */
#ifndef JOURNEY_SOURCE_H
#define JOURNEY_SOURCE_H

#include "compat.h"
#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "utils/timestamp.h"

#include "keys.h"

typedef struct journey_source
{
	const char *text;			/* as given, for messages */
	Oid			relation;		/* when the text names one, else InvalidOid */
	SPIPlanPtr	plan;
	TupleDesc	desc;			/* columns of the result */
	int			needed;			/* highest attribute the callback reads */
	int64		rows;			/* rows delivered so far */
} journey_source;

/* How a column is read. */
typedef enum journey_column_kind
{
	JOURNEY_COLUMN_NUMBER,		/* any number, as float8; boolean as 0 and 1 */
	JOURNEY_COLUMN_BOOLEAN,
	JOURNEY_COLUMN_TIME,		/* timestamptz; timestamp and date are cast */
	JOURNEY_COLUMN_LABEL,		/* text, varchar, enum */
	JOURNEY_COLUMN_KEY,			/* see keys.h */
	JOURNEY_COLUMN_JSONB
} journey_column_kind;

typedef struct journey_column
{
	const char *name;
	int			attribute;		/* 1-based; 0: not in the source */
	Oid			type;			/* base type */
	journey_column_kind kind;
	journey_key_kind key_kind;	/* of KEY columns */
} journey_column;

/*
 * Connect to SPI, parse and plan the source.  Nothing is run yet.  The source
 * lives until journey_source_close(), which disconnects; results that must
 * outlive it belong in another memory context.
 */
extern journey_source *journey_source_open(const char *text);
extern void journey_source_close(journey_source *source);

/*
 * The attribute number of a column of any type, which the callback reads; 0
 * when it is not there and not required.
 */
extern int	journey_source_attribute(journey_source *source, const char *name, bool required);

/* Names of columns for a message, the first forty. */
extern char *journey_column_list(TupleDesc desc);

/*
 * Find a column and check that it can be read as kind.  A column that is not
 * required and not there gets attribute 0.
 */
extern journey_column journey_source_column(journey_source *source, const char *name,
											journey_column_kind kind, bool required);

/* True when a type can be read as kind. */
extern bool journey_type_is(Oid type, journey_column_kind kind);

/*
 * Run the query once; row() is called for every tuple with its attributes up
 * to source->needed deformed.  It must allocate outside CurrentMemoryContext
 * what it keeps.
 */
typedef void (*journey_source_row) (void *arg, TupleTableSlot *slot);
extern void journey_source_run(journey_source *source, journey_source_row row, void *arg);

/*
 * Values of one tuple.  Each raises an error naming column and row for a
 * value that is not finite; the first three want a non-null attribute.
 */
extern double journey_column_number(const journey_column *column, Datum value, int64 row);
/* The same of an attribute that must not be null: 22004 naming column and row. */
extern void journey_column_refuse_null(const journey_column *column, const TupleTableSlot *slot,
									   int64 row);
extern double journey_column_number_required(const journey_column *column,
											 const TupleTableSlot *slot, int64 row);
extern TimestampTz journey_column_time_checked(const journey_column *column, Datum value, int64 row);

static inline TimestampTz
journey_column_time(const journey_column *column, Datum value, int64 row)
{
	if (likely(column->type == TIMESTAMPTZOID && !TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(value))))
		return DatumGetTimestampTz(value);
	return journey_column_time_checked(column, value, row);
}

/*
 * The same without an error: false when infinite, or beyond timestamptz,
 * which is given as the infinity on its side.
 */
extern bool journey_column_time_finite(const journey_column *column, Datum value,
									   TimestampTz *time);

/* Bytes of a label in the server's encoding; may point into the tuple. */
extern void journey_column_label_fetch(const journey_column *column, Datum value,
									   const char **bytes, Size *size);

static inline void
journey_column_label(const journey_column *column, Datum value, const char **bytes, Size *size)
{
	const char *packed = DatumGetPointer(value);

	if ((column->type == TEXTOID || column->type == VARCHAROID) &&
		VARATT_IS_SHORT(packed) && !VARATT_IS_EXTERNAL(packed))
	{
		*bytes = VARDATA_SHORT(packed);
		*size = VARSIZE_SHORT(packed) - VARHDRSZ_SHORT;
	}
	else
		journey_column_label_fetch(column, value, bytes, size);
}

static inline bool
journey_column_is_null(const journey_column *column, const TupleTableSlot *slot)
{
	return slot->tts_isnull[column->attribute - 1];
}

static inline Datum
journey_column_datum(const journey_column *column, const TupleTableSlot *slot)
{
	return slot->tts_values[column->attribute - 1];
}

#endif							/* JOURNEY_SOURCE_H */
