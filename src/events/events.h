/*
 * events.h
 *		Events in, journeys out: raw rows become one ordered journey per
 *		customer, in one pass over the rows and within a memory limit.
 *
 * Rows go into a partitioned store (core/store.h) under the hash of their
 * customer's canonical key bytes.  A partition holds some hundred or thousand
 * customers: it is read back, its few keys are numbered in a small table, its
 * events are dealt to their customers and put in order where they are not.
 * Journeys come out by (hash, key bytes), whatever the order of the rows.
 *
 * R-EVT-1	Order inside a journey: ts, event id bytes, label bytes, then the
 *			optional columns; so equal input gives equal journeys whatever
 *			the physical order.
 * R-EVT-2	Journeys come in the order of (XXH64 of the key, key bytes).
 * R-EVT-3	Memory is the limit plus one partition; a partition above the
 *			limit is taken in slices of its hash range, down to one customer.
 *
 * What a record in the store looks like: records.h.
 */
#ifndef JRN_EVENTS_H
#define JRN_EVENTS_H

#include <stdbool.h>

#include "../core/env.h"
#include "../core/store.h"
#include "journey.h"
#include "labels.h"

/* The most optional columns an event may carry. */
#define JRN_EVENT_COLUMNS 8

/* An event id: bytes that sort as the ids do. */
typedef struct jrn_event_id
{
	const char *bytes;
	size_t		size;
} jrn_event_id;

/* What a reader of journeys sees; valid during the call only. */
typedef struct jrn_journey
{
	uint64_t	hash;
	const char *key;			/* canonical bytes */
	size_t		key_size;
	const jrn_event *events;
	size_t		n;				/* at least 1 */
	const double *columns;		/* row events[i].ref, column_count wide */
	int			column_count;
	const jrn_event_id *ids;	/* row events[i].ref; NULL without ids */
} jrn_journey;

/* Optional column number c of event i; NaN stands for SQL NULL. */
static inline double
jrn_journey_column(const jrn_journey *journey, size_t i, int c)
{
	return journey->columns[(size_t) journey->events[i].ref * (size_t) journey->column_count + (size_t) c];
}

typedef jrn_status (*jrn_journey_visitor) (void *arg, const jrn_journey *journey);

typedef struct jrn_events
{
	const jrn_env *env;
	jrn_store	store;
	jrn_labels	labels;
	jrn_labels *column_labels[JRN_EVENT_COLUMNS];	/* NULL: a number */
	int			column_count;
	bool		has_id;
	bool		integer_keys;
	uint64_t	ts_base;		/* of narrow records; set by the first append */
	size_t		memory_limit;
	uint64_t	count;			/* events appended */
	int64_t		last_ts;		/* of all events; valid when there is one */
} jrn_events;

/* file may be NULL (never spill); at most JRN_EVENT_COLUMNS numbers as columns. */
extern jrn_status jrn_events_begin(jrn_events *events, const jrn_env *env, const jrn_file *file,
								   int column_count, bool has_id, size_t memory_limit);

/*
 * Make column c hold labels instead of numbers; call before the first append.
 * Its values are then codes of jrn_labels_intern on events->column_labels[c],
 * and visitors see ranks in byte order.
 */
extern jrn_status jrn_events_label_column(jrn_events *events, int c);

/* All keys are integers; call before the first append. */
extern void jrn_events_integer_keys(jrn_events *events);

/*
 * Append one event.  label is a code of jrn_labels_intern on events->labels;
 * columns holds column_count doubles; id bytes must sort as the ids do.
 */
extern jrn_status jrn_events_append(jrn_events *events, const char *key, size_t key_size,
									int64_t ts, uint32_t label, const double *columns,
									const char *id, size_t id_size);

/* The same after jrn_events_integer_keys; visitors see the key's canonical 8 bytes. */
extern jrn_status jrn_events_append_integer(jrn_events *events, int64_t key, int64_t ts,
											uint32_t label, const double *columns,
											const char *id, size_t id_size);

/*
 * Visit every journey (R-EVT-2) and give the events' memory back on the way,
 * so this can be called once.  A visitor's status other than JRN_OK ends the
 * walk and is returned.
 */
extern jrn_status jrn_events_visit(jrn_events *events, jrn_journey_visitor visitor, void *arg);

#endif							/* JRN_EVENTS_H */
