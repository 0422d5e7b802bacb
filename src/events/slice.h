/*
 * slice.h
 *		One partition of the store, or one slice of its hash range, turned into
 *		journeys: the working memory of jrn_events_visit.
 */
#ifndef JRN_SLICE_H
#define JRN_SLICE_H

#include "events.h"

typedef struct jrn_slice_key
{
	uint64_t	hash;
	const char *bytes;			/* in a record */
	uint32_t	size;
	uint32_t	number;			/* in order of first appearance */
	uint32_t	begin;			/* its events in sorted */
	uint32_t	count;
} jrn_slice_key;

typedef struct jrn_slice_slot
{
	uint64_t	hash;
	uint32_t	number_and_1;	/* 0: free */
	uint32_t	count;			/* events so far */
} jrn_slice_slot;

typedef struct jrn_slice
{
	jrn_events *events;
	jrn_store	kept;			/* records of a slice that is not a whole partition */
	jrn_store  *source;			/* where the records in memory are: kept, or that of events */
	size_t		part;			/* of source */
	char	   *spilled;		/* records from the file, before those of source */
	size_t		spilled_size;
	size_t		spilled_capacity;
	jrn_slice_key *keys;
	size_t		key_count;
	size_t		key_capacity;
	jrn_slice_slot *slots;		/* open addressing by hash */
	size_t		slot_count;		/* a power of two */
	uint32_t   *place;			/* per key number: where its next event goes */
	size_t		place_capacity;
	uint32_t   *owner;			/* by arrival: key numbers */
	double	   *columns;		/* by arrival */
	jrn_event_id *ids;			/* by arrival */
	jrn_event  *sorted;			/* grouped by customer, in the order of the visits */
	size_t		count;
	size_t		capacity;		/* of owner, columns, ids, sorted */
} jrn_slice;

extern jrn_status jrn_slice_begin(jrn_slice *slice, jrn_events *events);

/*
 * Which journeys of a partition: those whose CELL_BITS bits of the hash behind
 * the partition's are in first_cell .. last_cell.
 */
#define JRN_CELL_BITS_OF_PARTITION 12
#define JRN_CELLS_OF_PARTITION ((size_t) 1 << JRN_CELL_BITS_OF_PARTITION)

typedef struct jrn_slice_range
{
	size_t		part;
	int			part_bits;
	size_t		first_cell;
	size_t		last_cell;		/* the whole partition: 0 .. JRN_CELLS_OF_PARTITION - 1 */
} jrn_slice_range;

/* Bytes of records per cell of a partition, added to cells. */
extern jrn_status jrn_slice_weigh(jrn_events *events, size_t part, int part_bits, size_t *cells);

/* Take the whole partition slice->part, what it has in the file in one piece. */
extern jrn_status jrn_slice_load(jrn_slice *slice);

/* Take copies of the records of a range. */
extern jrn_status jrn_slice_keep(jrn_slice *slice, const jrn_slice_range *range);

/* Visit the journeys of a range; the last range of a partition gives its memory back. */
extern jrn_status jrn_slice_visit(jrn_slice *slice, const jrn_slice_range *range,
								  jrn_journey_visitor visitor, void *arg);

#endif							/* JRN_SLICE_H */
