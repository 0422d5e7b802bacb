/*
 * pg_events.h
 *		Event sources: the columns customer_id, ts, touchpoint and what else a
 *		caller asks for, read once into journeys.
 *
 * Usage:
 *		journey_events *events = journey_events_read(source, &request, context);
 *		journey_events_visit(events, visitor, arg, "features of journeys");
 *		journey_events_close(events);
 *
 * Between read and close SPI is not connected; everything lives in context.
 * A visitor gets jrn_journey (events.h): labels are ranks, and
 * journey_events_label() gives their bytes.
 */
#ifndef JOURNEY_PG_EVENTS_H
#define JOURNEY_PG_EVENTS_H

#include "../pg/compat.h"

#include <math.h>

#include "datatype/timestamp.h"
#include "utils/array.h"

#include "../pg/host.h"
#include "../pg/keys.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "events.h"

/* A touchpoint longer than this is an error, not a truncation. */
#define JOURNEY_MAX_LABEL_BYTES (1024 * 1024)

/*
 * A column wanted beside the three: a number, or with is_label a text whose
 * values visitors see as ranks in byte order (journey_events_column_label
 * gives the bytes).  NULL is carried as NaN.
 */
typedef struct journey_event_column
{
	const char *name;
	bool		required;
	bool		is_label;
	bool		by_type;		/* text and enums are labels, all else numbers: sets is_label */
	bool		found;			/* out */
	bool		is_boolean;		/* out */
	journey_column column;		/* out */
} journey_event_column;

typedef struct journey_event_request
{
	bool		has_as_of;
	TimestampTz as_of;			/* events at or after it do not exist */
	int			column_count;	/* at most JRN_EVENT_COLUMNS */
	journey_event_column columns[JRN_EVENT_COLUMNS];
} journey_event_request;

typedef struct journey_events
{
	jrn_events	core;
	jrn_env		env;
	journey_tempfile temp;
	MemoryContext context;		/* own child of the caller's */
	journey_key_kind key_kind;
	int64		rows;			/* delivered by the source */
	int64		events;			/* kept (before as_of) */
} journey_events;

/* The columns of every event source; event_id where there is one. */
typedef struct journey_event_shape
{
	journey_column customer;
	journey_column ts;
	journey_column touchpoint;
	journey_column event_id;	/* attribute 0: none */
	bool		has_id;
	bool		id_is_integer;
} journey_event_shape;

/* Find them; a missing or wrongly typed one is an error that names it. */
extern void journey_event_shape_find(journey_source *source, journey_event_shape *shape);

/*
 * Bytes of a non-null event_id whose order is the order of the ids, and the
 * id's text again.
 */
extern void journey_event_id_read(const journey_event_shape *shape, Datum value, journey_key *key);
extern char *journey_event_id_text(const journey_event_shape *shape, const char *bytes, Size size);

extern journey_events *journey_events_read(const char *source, journey_event_request *request,
										   MemoryContext context);

/*
 * Visit all journeys once; raises what goes wrong and reports progress, naming
 * what.  The first form is for events that were not read here.
 */
extern void journey_visit(jrn_events *events, jrn_journey_visitor visitor, void *arg,
						  const char *what);
extern void journey_events_visit(journey_events *events, jrn_journey_visitor visitor, void *arg,
								 const char *what);
extern void journey_events_close(journey_events *events);

/* Number of labels and bytes of the label with a rank; valid while visiting. */
static inline size_t
journey_events_label_count(const journey_events *events)
{
	return events->core.labels.count;
}

static inline const jrn_label *
journey_events_label(const journey_events *events, uint32_t rank)
{
	const jrn_labels *labels = &events->core.labels;

	return &labels->list[labels->code_of_rank[rank]];
}

/* text[] of labels by their ranks, in the current memory context. */
extern ArrayType *journey_events_label_array(const journey_events *events, const uint32_t *ranks,
											 int count);

/* The same for the labels of column c; NULL for a rank that is NaN. */
static inline const jrn_label *
journey_events_column_label(const journey_events *events, int c, double rank)
{
	const jrn_labels *labels = events->core.column_labels[c];

	return isnan(rank) ? NULL : &labels->list[labels->code_of_rank[(uint32) rank]];
}

/* A label, or the customer of a journey, as a column of a result row. */
static inline void
journey_rows_label(journey_rows *rows, int column, const jrn_label *label)
{
	if (label != NULL)
		journey_rows_bytes(rows, column, label->bytes, label->size);
}

static inline void
journey_rows_customer(journey_rows *rows, int column, const journey_events *events,
					  const jrn_journey *journey)
{
	journey_rows_key(rows, column, events->key_kind, journey->key, journey->key_size);
}

/* The customer's name, for messages. */
static inline char *
journey_customer_text(const journey_events *events, const jrn_journey *journey)
{
	return journey_key_text(events->key_kind, journey->key, journey->key_size);
}

#endif							/* JOURNEY_PG_EVENTS_H */
