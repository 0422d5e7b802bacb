/*
 * events.c
 *		From rows in any order to journeys in canonical order (see events.h).
 */
#include <math.h>
#include <string.h>

#include "../core/hash.h"
#include "../core/sizes.h"
#include "../core/sort.h"
#include "events.h"

#define PARTITION_BITS 8

/* Start of a record in the store; the rest follows (events.h). */
typedef struct event_record
{
	int64_t		ts;
	uint32_t	label;
	uint32_t	key_size;
} event_record;

static size_t
padded(size_t size)
{
	return (size + 7) & ~(size_t) 7;
}

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

jrn_status
jrn_events_append(jrn_events *events, const char *key, size_t key_size,
				  int64_t ts, uint32_t label, const double *columns,
				  const char *id, size_t id_size)
{
	size_t		columns_size = (size_t) events->column_count * sizeof(double);
	size_t		size = sizeof(event_record) + padded(key_size) + columns_size;
	event_record head;
	void	   *room;
	char	   *out;

	if (key_size > UINT32_MAX)
		return JRN_LIMIT;
	if (events->has_id)
		size += 8 + padded(id_size);
	JRN_TRY(jrn_store_reserve(&events->store, jrn_hash_bytes(key, key_size, 0), size, &room));
	out = room;
	head.ts = ts;
	head.label = label;
	head.key_size = (uint32_t) key_size;
	memcpy(out, &head, sizeof(head));
	out += sizeof(head);
	memcpy(out, key, key_size);
	out += padded(key_size);
	if (columns_size > 0)
		memcpy(out, columns, columns_size);
	out += columns_size;
	if (events->has_id)
	{
		uint64_t	size64 = id_size;

		memcpy(out, &size64, 8);
		memcpy(out + 8, id, id_size);
	}
	if (events->count == 0 || ts > events->last_ts)
		events->last_ts = ts;
	events->count++;
	return JRN_OK;
}

/* ---- one partition, or one slice of it ---- */

typedef struct slice_key
{
	uint64_t	hash;
	const char *bytes;			/* in the slice's arena */
	size_t		size;
	uint32_t	number;			/* in order of first appearance */
} slice_key;

/* A chain of chunks for key and id bytes; nothing moves once written. */
typedef struct arena
{
	char	   *chunk;
	size_t		left;
	char	  **chunks;
	size_t		count;
	size_t		capacity;
} arena;

typedef struct slice
{
	jrn_events *events;
	slice_key  *keys;
	size_t		key_count;
	size_t		key_capacity;
	uint32_t   *slots;			/* key number + 1 */
	size_t		slot_count;
	jrn_event  *arrived;		/* events in order of arrival */
	uint32_t   *owner;			/* their key numbers */
	double	   *columns;		/* by arrival */
	jrn_event_id *ids;			/* by arrival */
	size_t		count;
	size_t		capacity;		/* of arrived, owner, columns, ids */
	jrn_event  *sorted;			/* grouped by customer */
	size_t		sorted_capacity;
	size_t	   *starts;			/* per key number */
	size_t		starts_capacity;
	arena		bytes;
} slice;

static jrn_status
arena_copy(const jrn_env *env, arena *a, const char *bytes, size_t size, const char **copy)
{
	if (size > a->left)
	{
		size_t		chunk_size = size > 32768 ? size : 32768;

		JRN_TRY(jrn_grow_array(env, a->count, &a->capacity, sizeof(char *), &a->chunks));
		JRN_TRY(jrn_alloc_array(env, chunk_size, 1, &a->chunk));
		a->chunks[a->count++] = a->chunk;
		a->left = chunk_size;
	}
	memcpy(a->chunk, bytes, size);
	*copy = a->chunk;
	a->chunk += padded(size) < a->left ? padded(size) : a->left;
	a->left -= padded(size) < a->left ? padded(size) : a->left;
	return JRN_OK;
}

static void
arena_clear(const jrn_env *env, arena *a)
{
	while (a->count > 0)
		jrn_release(env, a->chunks[--a->count]);
	a->left = 0;
}

static void
slice_insert(slice *s, uint32_t number)
{
	size_t		mask = s->slot_count - 1;
	size_t		slot = (size_t) s->keys[number].hash & mask;

	while (s->slots[slot] != 0)
		slot = (slot + 1) & mask;
	s->slots[slot] = number + 1;
}

/* Number of a key within the slice; new keys are copied. */
static jrn_status
slice_number(slice *s, uint64_t hash, const char *bytes, size_t size, uint32_t *number)
{
	const jrn_env *env = s->events->env;
	size_t		mask = s->slot_count - 1;
	size_t		slot = (size_t) hash & mask;
	slice_key  *key;

	for (; s->slots[slot] != 0; slot = (slot + 1) & mask)
	{
		key = &s->keys[s->slots[slot] - 1];
		if (key->hash == hash && key->size == size && memcmp(key->bytes, bytes, size) == 0)
		{
			*number = s->slots[slot] - 1;
			return JRN_OK;
		}
	}
	JRN_TRY(jrn_grow_array(env, s->key_count, &s->key_capacity, sizeof(slice_key), &s->keys));
	key = &s->keys[s->key_count];
	JRN_TRY(arena_copy(env, &s->bytes, bytes, size, &key->bytes));
	key->hash = hash;
	key->size = size;
	key->number = (uint32_t) s->key_count;
	*number = key->number;
	s->slots[slot] = *number + 1;
	s->key_count++;
	if (s->key_count * 2 > s->slot_count)
	{
		size_t		i;

		jrn_release(env, s->slots);
		JRN_TRY(jrn_alloc_zeroed(env, s->slot_count * 2, sizeof(uint32_t), &s->slots));
		s->slot_count *= 2;
		for (i = 0; i < s->key_count; i++)
			slice_insert(s, (uint32_t) i);
	}
	return JRN_OK;
}

/* Room for one more arrived event: four arrays that grow together. */
static jrn_status
slice_grow(slice *s)
{
	const jrn_env *env = s->events->env;
	size_t		capacity = s->capacity;
	size_t		width = (size_t) s->events->column_count * sizeof(double);

	if (s->count < s->capacity)
		return JRN_OK;
	if (s->count >= UINT32_MAX - 1)
		return JRN_LIMIT;
	capacity = s->capacity;
	JRN_TRY(jrn_grow_array(env, s->count, &capacity, sizeof(jrn_event), &s->arrived));
	capacity = s->capacity;
	JRN_TRY(jrn_grow_array(env, s->count, &capacity, sizeof(uint32_t), &s->owner));
	if (width > 0)
	{
		capacity = s->capacity;
		JRN_TRY(jrn_grow_array(env, s->count, &capacity, width, &s->columns));
	}
	if (s->events->has_id)
	{
		capacity = s->capacity;
		JRN_TRY(jrn_grow_array(env, s->count, &capacity, sizeof(jrn_event_id), &s->ids));
	}
	s->capacity = capacity;
	return JRN_OK;
}

/* Codes of the label columns of one event become ranks. */
static void
rank_columns(const jrn_events *events, double *columns)
{
	int			c;

	for (c = 0; c < events->column_count; c++)
		if (events->column_labels[c] != NULL && !isnan(columns[c]))
			columns[c] = events->column_labels[c]->rank_of_code[(uint32_t) columns[c]];
}

/* Take one record; *size is its length in the store. */
static jrn_status
slice_take(slice *s, const char *record, uint64_t slice_mask, uint64_t slice_value,
		   int slice_shift, size_t *size)
{
	jrn_events *events = s->events;
	size_t		width = (size_t) events->column_count * sizeof(double);
	event_record head;
	const char *key = record + sizeof(head);
	const char *columns;
	uint64_t	id_size = 0;
	uint64_t	hash;
	uint32_t	number;

	memcpy(&head, record, sizeof(head));
	columns = key + padded(head.key_size);
	if (events->has_id)
		memcpy(&id_size, columns + width, 8);
	*size = (size_t) (columns - record) + width + (events->has_id ? 8 + padded(id_size) : 0);
	hash = jrn_hash_bytes(key, head.key_size, 0);
	if (slice_mask != 0 && ((hash >> slice_shift) & slice_mask) != slice_value)
		return JRN_OK;
	JRN_TRY(slice_number(s, hash, key, head.key_size, &number));
	JRN_TRY(slice_grow(s));
	s->arrived[s->count].ts = head.ts;
	s->arrived[s->count].label = events->labels.rank_of_code[head.label];
	s->arrived[s->count].ref = (uint32_t) s->count;
	s->owner[s->count] = number;
	if (width > 0)
	{
		double	   *to = s->columns + s->count * (size_t) events->column_count;

		memcpy(to, columns, width);
		rank_columns(events, to);
	}
	if (events->has_id)
	{
		s->ids[s->count].size = id_size;
		JRN_TRY(arena_copy(events->env, &s->bytes, columns + width + 8, id_size,
						   &s->ids[s->count].bytes));
	}
	s->count++;
	return JRN_OK;
}

/* R-EVT-1; the last resort compares the optional columns bit by bit. */
static bool
event_before(const slice *s, jrn_event a, jrn_event b)
{
	size_t		width = (size_t) s->events->column_count;

	if (a.ts != b.ts)
		return a.ts < b.ts;
	if (s->events->has_id)
	{
		const jrn_event_id *x = &s->ids[a.ref];
		const jrn_event_id *y = &s->ids[b.ref];
		int			order = jrn_bytes_compare(x->bytes, x->size, y->bytes, y->size);

		if (order != 0)
			return order < 0;
	}
	if (a.label != b.label)
		return a.label < b.label;
	return width > 0 && memcmp(&s->columns[a.ref * width], &s->columns[b.ref * width],
							   width * sizeof(double)) < 0;
}

JRN_SORT_DEFINE(sort_events, jrn_event, const slice *, event_before)

static bool
key_before(int unused, slice_key a, slice_key b)
{
	(void) unused;
	if (a.hash != b.hash)
		return a.hash < b.hash;
	return jrn_bytes_compare(a.bytes, a.size, b.bytes, b.size) < 0;
}

JRN_SORT_DEFINE(sort_keys, slice_key, int, key_before)

/* Deal the arrived events to their customers: a counting sort by owner. */
static jrn_status
slice_deal(slice *s)
{
	const jrn_env *env = s->events->env;
	size_t		i;
	size_t		at = 0;

	if (s->count > s->sorted_capacity)
	{
		jrn_release(env, s->sorted);
		s->sorted = NULL;
		JRN_TRY(jrn_alloc_array(env, s->capacity, sizeof(jrn_event), &s->sorted));
		s->sorted_capacity = s->capacity;
	}
	if (s->key_count + 1 > s->starts_capacity)
	{
		jrn_release(env, s->starts);
		s->starts = NULL;
		JRN_TRY(jrn_alloc_array(env, s->key_capacity + 1, sizeof(size_t), &s->starts));
		s->starts_capacity = s->key_capacity + 1;
	}
	memset(s->starts, 0, (s->key_count + 1) * sizeof(size_t));
	for (i = 0; i < s->count; i++)
		s->starts[s->owner[i]]++;
	for (i = 0; i < s->key_count; i++)
	{
		size_t		events_of_key = s->starts[i];

		s->starts[i] = at;
		at += events_of_key;
	}
	for (i = 0; i < s->count; i++)
		s->sorted[s->starts[s->owner[i]]++] = s->arrived[i];
	/* starts[number] is now the end of the customer's events */
	return JRN_OK;
}

static jrn_status
slice_visit(slice *s, jrn_journey_visitor visitor, void *arg)
{
	const jrn_env *env = s->events->env;
	size_t		k;

	JRN_TRY(slice_deal(s));
	JRN_TRY(sort_keys(env, s->keys, s->key_count, 0));
	for (k = 0; k < s->key_count; k++)
	{
		const slice_key *key = &s->keys[k];
		size_t		end = s->starts[key->number];
		size_t		begin = key->number == 0 ? 0 : s->starts[key->number - 1];
		jrn_event  *first = s->sorted + begin;
		jrn_journey journey;
		size_t		i;

		if (k % 64 == 0)
			JRN_TICK(env);
		for (i = 1; i < end - begin; i++)
			if (first[i - 1].ts >= first[i].ts && event_before(s, first[i], first[i - 1]))
				break;
		if (i < end - begin)
			JRN_TRY(sort_events(env, first, end - begin, s));
		journey.hash = key->hash;
		journey.key = key->bytes;
		journey.key_size = key->size;
		journey.events = first;
		journey.n = end - begin;
		journey.columns = s->columns;
		journey.column_count = s->events->column_count;
		journey.ids = s->events->has_id ? s->ids : NULL;
		JRN_TRY(visitor(arg, &journey));
	}
	return JRN_OK;
}

/* Load the records of a partition that belong to the slice. */
static jrn_status
slice_load(slice *s, size_t part, bool consume, int slice_bits, uint64_t value)
{
	jrn_store_cursor cursor;
	uint64_t	mask = ((uint64_t) 1 << slice_bits) - 1;
	int			shift = 64 - PARTITION_BITS - slice_bits;
	const char *bytes;
	size_t		size;

	s->count = s->key_count = 0;
	memset(s->slots, 0, s->slot_count * sizeof(uint32_t));
	arena_clear(s->events->env, &s->bytes);
	jrn_store_open(&s->events->store, part, consume, &cursor);
	for (;;)
	{
		size_t		at = 0;

		JRN_TRY(jrn_store_next(&cursor, &bytes, &size));
		if (size == 0)
			break;
		while (at < size)
		{
			size_t		record_size;

			JRN_TRY(slice_take(s, bytes + at, mask, value, shift, &record_size));
			at += record_size;
		}
	}
	jrn_store_close(&cursor);
	return JRN_OK;
}

/* Slices (a power of two) that bring a partition under the memory limit. */
static int
slice_bits_for(const jrn_events *events, size_t part)
{
	size_t		bytes = jrn_store_part_bytes(&events->store, part);
	int			bits = 0;

	while (bits < 16 && events->store.file_size > 0 &&
		   bytes >> bits > events->memory_limit / 4 + 65536)
		bits++;
	return bits;
}

jrn_status
jrn_events_visit(jrn_events *events, jrn_journey_visitor visitor, void *arg)
{
	slice		s;
	size_t		part;
	int			c;

	memset(&s, 0, sizeof(s));
	s.events = events;
	s.slot_count = 256;
	JRN_TRY(jrn_alloc_zeroed(events->env, s.slot_count, sizeof(uint32_t), &s.slots));
	JRN_TRY(jrn_labels_rank(&events->labels));
	for (c = 0; c < events->column_count; c++)
		if (events->column_labels[c] != NULL)
			JRN_TRY(jrn_labels_rank(events->column_labels[c]));
	for (part = 0; part < (size_t) 1 << PARTITION_BITS; part++)
	{
		int			bits = slice_bits_for(events, part);
		uint64_t	value;

		if (jrn_store_part_bytes(&events->store, part) == 0)
			continue;
		for (value = 0; value >> bits == 0; value++)
		{
			JRN_TRY(slice_load(&s, part, (value + 1) >> bits != 0, bits, value));
			JRN_TRY(slice_visit(&s, visitor, arg));
		}
	}
	return JRN_OK;
}
