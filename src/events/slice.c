/*
 * slice.c
 *		Records of one partition to journeys in canonical order (see slice.h).
 *
 * Two passes over the records, which stay where they are until their journeys
 * were visited.  The first numbers the keys and counts their events; the keys
 * are sorted; the second deals the events, a counting sort by owner, so that
 * visits walk through memory from one end to the other.
 */
#include <math.h>
#include <string.h>

#include "../core/sort.h"
#include "records.h"
#include "slice.h"

/* Records between two looks at the wish to stop (R-ENV-3). */
#define RECORDS_A_TICK 8192

jrn_status
jrn_slice_begin(jrn_slice *s, jrn_events *events)
{
	memset(s, 0, sizeof(*s));
	s->events = events;
	s->slot_count = 256;
	return jrn_alloc_zeroed(events->env, s->slot_count, sizeof(jrn_slice_slot), &s->slots);
}

/* ---- the records ---- */

/* Walks the records of a slice piece by piece. */
typedef struct slice_walk
{
	bool		in_memory;
	jrn_store_cursor cursor;
} slice_walk;

static jrn_status
next_piece(const jrn_slice *s, slice_walk *walk, const char **bytes, size_t *size)
{
	if (!walk->in_memory)
	{
		walk->in_memory = true;
		jrn_store_open(s->source, s->part, false, &walk->cursor);
		jrn_store_skip_spilled(&walk->cursor);
		*bytes = s->spilled;
		*size = s->spilled_size;
		if (*size > 0)
			return JRN_OK;
	}
	return jrn_store_next(&walk->cursor, bytes, size);
}

/* Room for as many events as the records can be. */
static jrn_status
reserve_events(jrn_slice *s)
{
	const jrn_env *env = s->events->env;
	size_t		need = jrn_store_part_bytes(s->source, s->part) / jrn_record_least(s->events);

	if (need <= s->capacity)
		return JRN_OK;
	need += need / 8;
	if (need > UINT32_MAX - 1)
		need = UINT32_MAX - 1;
	jrn_release(env, s->owner);
	jrn_release(env, s->sorted);
	jrn_release(env, s->columns);
	jrn_release(env, s->ids);
	s->owner = NULL;
	s->sorted = NULL;
	s->columns = NULL;
	s->ids = NULL;
	s->capacity = 0;
	JRN_TRY(jrn_alloc_array(env, need, sizeof(uint32_t), &s->owner));
	JRN_TRY(jrn_alloc_array(env, need, sizeof(jrn_event), &s->sorted));
	if (s->events->column_count > 0)
		JRN_TRY(jrn_alloc_array(env, need, (size_t) s->events->column_count * sizeof(double),
								&s->columns));
	if (s->events->has_id)
		JRN_TRY(jrn_alloc_array(env, need, sizeof(jrn_event_id), &s->ids));
	s->capacity = need;
	return JRN_OK;
}

/* ---- the first pass ---- */

static jrn_status
grow_slots(jrn_slice *s)
{
	jrn_slice_slot *old = s->slots;
	size_t		old_count = s->slot_count;
	size_t		i;

	JRN_TRY(jrn_alloc_zeroed(s->events->env, old_count * 2, sizeof(jrn_slice_slot), &s->slots));
	s->slot_count = old_count * 2;
	for (i = 0; i < old_count; i++)
		if (old[i].number_and_1 != 0)
		{
			size_t		at = (size_t) old[i].hash & (s->slot_count - 1);

			while (s->slots[at].number_and_1 != 0)
				at = (at + 1) & (s->slot_count - 1);
			s->slots[at] = old[i];
		}
	jrn_release(s->events->env, old);
	return JRN_OK;
}

static jrn_status
add_key(jrn_slice *s, jrn_slice_slot *slot, uint64_t hash, const jrn_record *record)
{
	jrn_slice_key *key;

	JRN_TRY(jrn_grow_array(s->events->env, s->key_count, &s->key_capacity, sizeof(jrn_slice_key),
						   &s->keys));
	key = &s->keys[s->key_count];
	key->hash = hash;
	key->bytes = record->key;
	key->size = (uint32_t) record->key_size;
	key->number = (uint32_t) s->key_count++;
	slot->hash = hash;
	slot->number_and_1 = key->number + 1;
	slot->count = 1;
	return s->key_count * 2 > s->slot_count ? grow_slots(s) : JRN_OK;
}

/*
 * Number of a record's key within the slice.  XXH64 maps 8 bytes one to one,
 * so the hash of an integer is as good as the key.
 */
static inline __attribute__((always_inline)) jrn_status
number_key(jrn_slice *s, bool integer_keys, const jrn_record *record, uint32_t *number)
{
	uint64_t	hash = jrn_record_hash(integer_keys, record);
	size_t		mask = s->slot_count - 1;
	size_t		at = (size_t) hash & mask;
	jrn_slice_slot *slot;

	for (slot = &s->slots[at]; slot->number_and_1 != 0; slot = &s->slots[at])
	{
		*number = slot->number_and_1 - 1;
		if (slot->hash == hash &&
			(integer_keys ||
			 (s->keys[*number].size == record->key_size &&
			  memcmp(s->keys[*number].bytes, record->key, record->key_size) == 0)))
		{
			slot->count++;
			return JRN_OK;
		}
		at = (at + 1) & mask;
	}
	*number = (uint32_t) s->key_count;
	return add_key(s, slot, hash, record);
}

/* Columns and id of event i; codes of label columns become ranks. */
static void
take_tail(jrn_slice *s, const jrn_record *record, size_t i)
{
	const jrn_events *events = s->events;
	int			c;

	if (events->column_count > 0)
	{
		double	   *columns = s->columns + i * (size_t) events->column_count;

		memcpy(columns, record->tail, (size_t) events->column_count * sizeof(double));
		for (c = 0; c < events->column_count; c++)
			if (events->column_labels[c] != NULL && !isnan(columns[c]))
				columns[c] = events->column_labels[c]->rank_of_code[(uint32_t) columns[c]];
	}
	if (events->has_id)
	{
		s->ids[i].bytes = record->id;
		s->ids[i].size = record->id_size;
	}
}

static inline __attribute__((always_inline)) jrn_status
number_piece(jrn_slice *s, bool integer_keys, const char *bytes, size_t size)
{
	bool		has_tail = s->events->column_count > 0 || s->events->has_id;
	size_t		at = 0;
	size_t		i = s->count;

	while (at < size)
	{
		jrn_record	record;

		if (i % RECORDS_A_TICK == 0)
			JRN_TICK(s->events->env);
		if (i >= s->capacity)
			return JRN_LIMIT;
		jrn_record_read(s->events, integer_keys, bytes + at, &record);
		JRN_TRY(number_key(s, integer_keys, &record, &s->owner[i]));
		if (has_tail)
			take_tail(s, &record, i);
		at += record.size;
		i++;
	}
	s->count = i;
	return JRN_OK;
}

static jrn_status
number_records(jrn_slice *s)
{
	slice_walk	walk = {false};
	const char *bytes;
	size_t		size;

	s->count = s->key_count = 0;
	memset(s->slots, 0, s->slot_count * sizeof(jrn_slice_slot));
	for (;;)
	{
		JRN_TRY(next_piece(s, &walk, &bytes, &size));
		if (size == 0)
			return JRN_OK;
		if (s->events->integer_keys)
			JRN_TRY(number_piece(s, true, bytes, size));
		else
			JRN_TRY(number_piece(s, false, bytes, size));
	}
}

/* ---- the order of customers and of events ---- */

static bool
key_before(int unused, jrn_slice_key a, jrn_slice_key b)
{
	(void) unused;
	if (a.hash != b.hash)
		return a.hash < b.hash;
	return jrn_bytes_compare(a.bytes, a.size, b.bytes, b.size) < 0;
}

JRN_SORT_DEFINE(sort_keys, jrn_slice_key, int, key_before)

/* R-EVT-2; then the place of each customer's first event. */
static jrn_status
order_keys(jrn_slice *s)
{
	const jrn_env *env = s->events->env;
	uint32_t	at = 0;
	size_t		i;

	for (i = 0; i < s->slot_count; i++)
		if (s->slots[i].number_and_1 != 0)
			s->keys[s->slots[i].number_and_1 - 1].count = s->slots[i].count;
	JRN_TRY(sort_keys(env, s->keys, s->key_count, 0));
	if (s->key_count > s->place_capacity)
	{
		jrn_release(env, s->place);
		s->place = NULL;
		JRN_TRY(jrn_alloc_array(env, s->key_capacity, sizeof(uint32_t), &s->place));
		s->place_capacity = s->key_capacity;
	}
	for (i = 0; i < s->key_count; i++)
	{
		s->keys[i].begin = s->place[s->keys[i].number] = at;
		at += s->keys[i].count;
	}
	return JRN_OK;
}

/* R-EVT-1; the last resort compares the optional columns bit by bit. */
static bool
event_before(const jrn_slice *s, jrn_event a, jrn_event b)
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

JRN_SORT_DEFINE(sort_events, jrn_event, const jrn_slice *, event_before)

/* Length of the run in order that begins at a. */
static size_t
run_length(const jrn_slice *s, const jrn_event *a, size_t n)
{
	size_t		i;

	for (i = 1; i < n; i++)
		if (a[i - 1].ts >= a[i].ts && event_before(s, a[i], a[i - 1]))
			break;
	return i;
}

static void
reverse(jrn_event *a, size_t n)
{
	size_t		i;

	for (i = 0; i < n / 2; i++)
	{
		jrn_event	t = a[i];

		a[i] = a[n - 1 - i];
		a[n - 1 - i] = t;
	}
}

/*
 * Events mostly come in order.  A scan of a large table may begin anywhere in
 * it and wrap around: then the later run comes first, and they change places.
 */
static jrn_status
order_events(const jrn_slice *s, jrn_event *a, size_t n)
{
	size_t		run = run_length(s, a, n);

	if (run == n)
		return JRN_OK;
	if (!event_before(s, a[0], a[n - 1]) && run_length(s, a + run, n - run) == n - run)
	{
		reverse(a, run);
		reverse(a + run, n - run);
		reverse(a, n);
		return JRN_OK;
	}
	return sort_events(s->events->env, a, n, s);
}

/* ---- the second pass ---- */

static inline __attribute__((always_inline)) jrn_status
deal_piece(jrn_slice *s, bool integer_keys, const char *bytes, size_t size, size_t *dealt)
{
	const uint32_t *rank_of_code = s->events->labels.rank_of_code;
	size_t		at = 0;
	size_t		i = *dealt;

	while (at < size)
	{
		jrn_record	record;
		jrn_event  *event;

		if (i % RECORDS_A_TICK == 0)
			JRN_TICK(s->events->env);
		jrn_record_read(s->events, integer_keys, bytes + at, &record);
		event = &s->sorted[s->place[s->owner[i]]++];
		event->ts = record.ts;
		event->label = rank_of_code[record.label];
		event->ref = (uint32_t) i;
		at += record.size;
		i++;
	}
	*dealt = i;
	return JRN_OK;
}

static jrn_status
deal_events(jrn_slice *s)
{
	slice_walk	walk = {false};
	size_t		dealt = 0;
	const char *bytes;
	size_t		size;

	for (;;)
	{
		JRN_TRY(next_piece(s, &walk, &bytes, &size));
		if (size == 0)
			return JRN_OK;
		if (s->events->integer_keys)
			JRN_TRY(deal_piece(s, true, bytes, size, &dealt));
		else
			JRN_TRY(deal_piece(s, false, bytes, size, &dealt));
	}
}

static jrn_status
visit_journeys(jrn_slice *s, jrn_journey_visitor visitor, void *arg)
{
	const jrn_env *env = s->events->env;
	size_t		k;

	for (k = 0; k < s->key_count; k++)
	{
		const jrn_slice_key *key = &s->keys[k];
		jrn_event  *first = s->sorted + key->begin;
		jrn_journey journey;

		if (k % 64 == 0)
			JRN_TICK(env);
		JRN_TRY(order_events(s, first, key->count));
		journey.hash = key->hash;
		journey.key = key->bytes;
		journey.key_size = key->size;
		journey.events = first;
		journey.n = key->count;
		journey.columns = s->columns;
		journey.column_count = s->events->column_count;
		journey.ids = s->events->has_id ? s->ids : NULL;
		JRN_TRY(visitor(arg, &journey));
	}
	return JRN_OK;
}

jrn_status
jrn_slice_visit(jrn_slice *s, const jrn_slice_range *range, jrn_journey_visitor visitor, void *arg)
{
	jrn_store  *store = &s->events->store;
	bool		to_end = range->last_cell == JRN_CELLS_OF_PARTITION - 1;
	bool		whole = range->first_cell == 0 && to_end;

	s->source = store;
	s->part = range->part;
	s->spilled_size = 0;
	if (whole)
		JRN_TRY(jrn_slice_load(s));
	else
		JRN_TRY(jrn_slice_keep(s, range));
	JRN_TRY(reserve_events(s));
	JRN_TRY(number_records(s));
	JRN_TRY(order_keys(s));
	JRN_TRY(deal_events(s));
	JRN_TRY(visit_journeys(s, visitor, arg));
	if (!whole)
		jrn_store_end(&s->kept);
	if (to_end)
		jrn_store_drop_part(store, range->part);
	return JRN_OK;
}
