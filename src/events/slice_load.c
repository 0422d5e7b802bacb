/*
 * slice_load.c
 *		Which records a slice works on: a whole partition, whose part in the
 *		file is read in one piece, or a range of its cells (see slice.h).
 */
#include <string.h>

#include "records.h"
#include "slice.h"

static size_t
cell_of(const jrn_events *events, const jrn_record *record, int part_bits)
{
	return (size_t) (jrn_record_hash(events->integer_keys, record) >>
					 (64 - part_bits - JRN_CELL_BITS_OF_PARTITION)) & (JRN_CELLS_OF_PARTITION - 1);
}

jrn_status
jrn_slice_weigh(jrn_events *events, size_t part, int part_bits, size_t *cells)
{
	jrn_store_cursor cursor;
	const char *bytes;
	size_t		size;

	jrn_store_open(&events->store, part, false, &cursor);
	for (;;)
	{
		size_t		at = 0;

		JRN_TRY(jrn_store_next(&cursor, &bytes, &size));
		if (size == 0)
			break;
		while (at < size)
		{
			jrn_record	record;

			jrn_record_read(events, events->integer_keys, bytes + at, &record);
			cells[cell_of(events, &record, part_bits)] += record.size;
			at += record.size;
		}
	}
	jrn_store_close(&cursor);
	return JRN_OK;
}

jrn_status
jrn_slice_keep(jrn_slice *s, const jrn_slice_range *range)
{
	jrn_events *events = s->events;
	jrn_store_cursor cursor;
	const char *bytes;
	size_t		size;

	JRN_TRY(jrn_store_begin(&s->kept, events->env, NULL, 0, SIZE_MAX));
	jrn_store_open(&events->store, range->part, false, &cursor);
	for (;;)
	{
		size_t		at = 0;

		JRN_TRY(jrn_store_next(&cursor, &bytes, &size));
		if (size == 0)
			break;
		while (at < size)
		{
			jrn_record	record;
			size_t		cell;
			void	   *room;

			jrn_record_read(events, events->integer_keys, bytes + at, &record);
			cell = cell_of(events, &record, range->part_bits);
			if (cell >= range->first_cell && cell <= range->last_cell)
			{
				JRN_TRY(jrn_store_reserve(&s->kept, 0, record.size, &room));
				memcpy(room, bytes + at, record.size);
			}
			at += record.size;
		}
	}
	jrn_store_close(&cursor);
	s->source = &s->kept;
	s->part = 0;
	return JRN_OK;
}

jrn_status
jrn_slice_load(jrn_slice *s)
{
	size_t		size = jrn_store_spilled_bytes(s->source, s->part);

	if (size > s->spilled_capacity)
	{
		jrn_release(s->events->env, s->spilled);
		s->spilled = NULL;
		JRN_TRY(jrn_alloc_array(s->events->env, size + size / 8, 1, &s->spilled));
		s->spilled_capacity = size + size / 8;
	}
	JRN_TRY(jrn_store_read_spilled(s->source, s->part, s->spilled));
	s->spilled_size = size;
	return JRN_OK;
}
