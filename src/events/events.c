/*
 * events.c
 *		From rows in any order to journeys in canonical order (see events.h).
 */
#include <string.h>

#include "../core/hash.h"
#include "../core/sizes.h"
#include "events.h"
#include "records.h"
#include "slice.h"

#define PARTITION_BITS 8

jrn_status
jrn_events_begin(jrn_events *events, const jrn_env *env, const jrn_file *file,
				 int column_count, bool has_id, size_t memory_limit)
{
	memset(events, 0, sizeof(*events));
	if (column_count < 0 || column_count > JRN_EVENT_COLUMNS)
		return JRN_DOMAIN;
	events->env = env;
	events->column_count = column_count;
	events->has_id = has_id;
	events->memory_limit = memory_limit;
	JRN_TRY(jrn_labels_begin(&events->labels, env));
	return jrn_store_begin(&events->store, env, file, PARTITION_BITS, memory_limit);
}

jrn_status
jrn_events_label_column(jrn_events *events, int c)
{
	if (c < 0 || c >= events->column_count)
		return JRN_DOMAIN;
	JRN_TRY(jrn_alloc_zeroed(events->env, 1, sizeof(jrn_labels), &events->column_labels[c]));
	return jrn_labels_begin(events->column_labels[c], events->env);
}

void
jrn_events_integer_keys(jrn_events *events)
{
	events->integer_keys = true;
}

static size_t
tail_size(const jrn_events *events, size_t id_size)
{
	return (size_t) events->column_count * sizeof(double) +
		(events->has_id ? 8 + jrn_padded(id_size) : 0);
}

static void
put_tail(const jrn_events *events, char *out, const double *columns, const char *id, size_t id_size)
{
	size_t		columns_size = (size_t) events->column_count * sizeof(double);

	if (columns_size > 0)
		memcpy(out, columns, columns_size);
	if (events->has_id)
	{
		uint64_t	size64 = id_size;

		memcpy(out + columns_size, &size64, 8);
		memcpy(out + columns_size + 8, id, id_size);
	}
}

static void
count_event(jrn_events *events, int64_t ts)
{
	if (events->count == 0 || ts > events->last_ts)
		events->last_ts = ts;
	events->count++;
}

jrn_status
jrn_events_append(jrn_events *events, const char *key, size_t key_size,
				  int64_t ts, uint32_t label, const double *columns,
				  const char *id, size_t id_size)
{
	uint32_t	sizes[2] = {label, (uint32_t) key_size};
	void	   *room;
	char	   *out;

	if (key_size > UINT32_MAX)
		return JRN_LIMIT;
	if (events->integer_keys)
		return JRN_DOMAIN;
	JRN_TRY(jrn_store_reserve(&events->store, jrn_hash_bytes(key, key_size, 0),
							  16 + jrn_padded(key_size) + tail_size(events, id_size), &room));
	out = room;
	memcpy(out, &ts, 8);
	memcpy(out + 8, sizes, 8);
	memcpy(out + 16, key, key_size);
	put_tail(events, out + 16 + jrn_padded(key_size), columns, id, id_size);
	count_event(events, ts);
	return JRN_OK;
}

/* R-REC-1; most events have no columns and no id, and take 16 bytes. */
jrn_status
jrn_events_append_integer(jrn_events *events, int64_t key, int64_t ts, uint32_t label,
						  const double *columns, const char *id, size_t id_size)
{
	uint64_t	words[4] = {jrn_little_endian((uint64_t) key), 0, (uint64_t) ts, label};
	uint64_t	since;
	size_t		size = 16;
	void	   *room;

	if (!events->integer_keys)
		return JRN_DOMAIN;
	if (events->count == 0)
		events->ts_base = (uint64_t) ts - ((uint64_t) 1 << (JRN_MOMENT_TS_BITS - 1));
	since = (uint64_t) ts - events->ts_base;
	if (since >> JRN_MOMENT_TS_BITS == 0 && label < JRN_MOMENT_WIDE)
		words[1] = since << JRN_MOMENT_LABEL_BITS | label;
	else
	{
		words[1] = JRN_MOMENT_WIDE;
		size = 32;
	}
	JRN_TRY(jrn_store_reserve(&events->store, jrn_hash_u64((uint64_t) key, 0),
							  size + tail_size(events, id_size), &room));
	memcpy(room, words, 16);
	if (size == 32)
		memcpy((char *) room + 16, words + 2, 16);
	put_tail(events, (char *) room + size, columns, id, id_size);
	count_event(events, ts);
	return JRN_OK;
}

/*
 * R-EVT-3: a partition too large for the limit is visited in ranges of cells.
 * They are as many as its size asks for, however unequal the customers are:
 * two neighbours together are more than the limit, or one customer's cell.
 */
static jrn_status
visit_in_ranges(jrn_slice *slice, jrn_slice_range *range, size_t limit,
				jrn_journey_visitor visitor, void *arg)
{
	jrn_events *events = slice->events;
	size_t		bytes = 0;
	size_t	   *cells;
	size_t		cell;

	JRN_TRY(jrn_alloc_zeroed(events->env, JRN_CELLS_OF_PARTITION, sizeof(size_t), &cells));
	JRN_TRY(jrn_slice_weigh(events, range->part, PARTITION_BITS, cells));
	range->first_cell = 0;
	for (cell = 0; cell < JRN_CELLS_OF_PARTITION; cell++)
	{
		bytes += cells[cell];
		if (cell + 1 < JRN_CELLS_OF_PARTITION &&
			(bytes == 0 || cells[cell + 1] == 0 || bytes + cells[cell + 1] <= limit))
			continue;
		range->last_cell = cell;
		JRN_TRY(jrn_slice_visit(slice, range, visitor, arg));
		range->first_cell = cell + 1;
		bytes = 0;
	}
	jrn_release(events->env, cells);
	return JRN_OK;
}

static jrn_status
visit_partition(jrn_slice *slice, size_t part, jrn_journey_visitor visitor, void *arg)
{
	jrn_events *events = slice->events;
	size_t		bytes = jrn_store_part_bytes(&events->store, part);
	size_t		limit = events->memory_limit / 4 + 65536;
	jrn_slice_range range = {part, PARTITION_BITS, 0, JRN_CELLS_OF_PARTITION - 1};

	if (bytes == 0)
		return JRN_OK;
	if (events->store.file_size > 0 && bytes > limit)
		return visit_in_ranges(slice, &range, limit, visitor, arg);
	return jrn_slice_visit(slice, &range, visitor, arg);
}

jrn_status
jrn_events_visit(jrn_events *events, jrn_journey_visitor visitor, void *arg)
{
	jrn_slice	slice;
	size_t		part;
	int			c;

	JRN_TRY(jrn_slice_begin(&slice, events));
	JRN_TRY(jrn_labels_rank(&events->labels));
	for (c = 0; c < events->column_count; c++)
		if (events->column_labels[c] != NULL)
			JRN_TRY(jrn_labels_rank(events->column_labels[c]));
	for (part = 0; part < (size_t) 1 << PARTITION_BITS; part++)
		JRN_TRY(visit_partition(&slice, part, visitor, arg));
	return JRN_OK;
}
