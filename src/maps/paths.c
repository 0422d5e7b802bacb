/*
 * paths.c
 *		Grouping journeys by path (see paths.h).
 */
#include <math.h>
#include <string.h>

#include "../core/hash.h"
#include "../core/quantiles.h"
#include "../core/sort.h"
#include "paths.h"

#define MICROSECONDS 1000000
#define EVENTS_A_TICK 65536
#define RECORDS_A_TICK 4096

/* Groups are 32-bit numbers in the samples. */
#define MOST_PATHS UINT32_MAX

/* Partitions of the records: as many as have room for 4 kB each. */
#define MOST_BITS 12

/* A packed path: customers, codes, a code that is none, then these. */
#define PACKED_FRONT sizeof(uint64_t)
#define PACKED_BACK (sizeof(int64_t) + 2 * sizeof(double))

/* A journey beyond the table; its codes follow, padded to 8 bytes. */
typedef struct path_record
{
	uint64_t	hash;
	size_t		size;
	int64_t		duration;
	double		outcome;
} path_record;

static size_t
padded(size_t size)
{
	return (size + 7) & ~(size_t) 7;
}

/* Bytes of a code: 0 is none, so labels count from 1. */
static size_t
width_for(uint32_t labels)
{
	return labels <= UINT8_MAX ? 1 : labels <= UINT16_MAX ? 2 : 4;
}

static int
bits_for(size_t memory)
{
	int			bits = 0;

	while (bits < MOST_BITS && ((size_t) 8192 << bits) <= memory)
		bits++;
	return bits;
}

jrn_status
jrn_paths_begin(jrn_paths *paths, const jrn_env *env, const jrn_file *durations,
				const jrn_file *records, uint32_t labels, jrn_path_transform transform,
				size_t memory_limit)
{
	size_t		eighth = memory_limit / 8;

	memset(paths, 0, sizeof(*paths));
	paths->env = env;
	paths->transform = transform;
	paths->width = width_for(labels);
	paths->table_limit = records == NULL ? SIZE_MAX : eighth;
	paths->slot_count = 1024;
	JRN_TRY(jrn_alloc_zeroed(env, paths->slot_count, sizeof(uint32_t), &paths->slots));
	if (transform == JRN_PATH_UNIQUE)
		JRN_TRY(jrn_alloc_zeroed(env, labels, sizeof(uint64_t), &paths->seen));
	JRN_TRY(jrn_store_begin(&paths->arena, env, NULL, 0, eighth));
	JRN_TRY(jrn_store_begin(&paths->records, env, records, bits_for(eighth), eighth));
	return jrn_samples_begin(&paths->durations, env, durations, MOST_PATHS, eighth / 2);
}

/* ---- a path as codes ---- */

static jrn_status
make_room(jrn_paths *paths, size_t n)
{
	if (n <= paths->scratch_capacity)
		return JRN_OK;
	jrn_release(paths->env, paths->scratch);
	paths->scratch = NULL;
	paths->scratch_capacity = 0;
	JRN_TRY(jrn_alloc_array(paths->env, n, paths->width, &paths->scratch));
	paths->scratch_capacity = n;
	return JRN_OK;
}

/* True: the transform leaves event i out (R-PATH-3). */
static bool
left_out(jrn_paths *paths, const jrn_event *events, size_t i)
{
	uint32_t	label = events[i].label;
	bool		again;

	if (paths->transform == JRN_PATH_EXPOSURE)
		return i > 0 && events[i - 1].label == label;
	if (paths->transform == JRN_PATH_ALL)
		return false;
	again = paths->seen[label] == paths->customers;
	paths->seen[label] = paths->customers;
	return again;
}

/* The transformed path in scratch. */
static jrn_status
transform(jrn_paths *paths, const jrn_event *events, size_t n, size_t *size)
{
	unsigned char *out;
	size_t		i,
				b;

	JRN_TRY(make_room(paths, n));
	out = paths->scratch;
	for (i = 0; i < n; i++)
	{
		if (i % EVENTS_A_TICK == 0)
			JRN_TICK(paths->env);
		if (left_out(paths, events, i))
			continue;
		for (b = paths->width; b-- > 0;)
			*out++ = (unsigned char) ((events[i].label + 1) >> (8 * b));
	}
	*size = (size_t) (out - paths->scratch);
	return JRN_OK;
}

/* ---- the table ---- */

static const unsigned char *
entry_codes(const jrn_path_entry *entry)
{
	return (const unsigned char *) (entry + 1);
}

static size_t
find_slot(const jrn_paths *paths, uint64_t hash, const unsigned char *codes, size_t size)
{
	size_t		mask = paths->slot_count - 1;
	size_t		slot = (size_t) hash & mask;

	for (; paths->slots[slot] != 0; slot = (slot + 1) & mask)
	{
		const jrn_path_entry *entry = paths->list[paths->slots[slot] - 1];

		/* R-PATH-1 */
		if (entry->hash == hash && entry->size == size && memcmp(entry_codes(entry), codes, size) == 0)
			break;
	}
	return slot;
}

static jrn_status
grow_slots(jrn_paths *paths)
{
	size_t		i;

	jrn_release(paths->env, paths->slots);
	paths->slot_count *= 2;
	JRN_TRY(jrn_alloc_zeroed(paths->env, paths->slot_count, sizeof(uint32_t), &paths->slots));
	for (i = 0; i < paths->count; i++)
	{
		const jrn_path_entry *entry = paths->list[i];
		size_t		mask = paths->slot_count - 1;
		size_t		slot = (size_t) entry->hash & mask;

		if (i % EVENTS_A_TICK == 0)
			JRN_TICK(paths->env);
		while (paths->slots[slot] != 0)	/* all of them differ */
			slot = (slot + 1) & mask;
		paths->slots[slot] = (uint32_t) i + 1;
	}
	return JRN_OK;
}

/* R-PATH-4; the table never shrinks, so a path that found no room once will find none later. */
static bool
table_is_full(const jrn_paths *paths, size_t size)
{
	size_t		held = paths->arena.memory_used + paths->capacity * sizeof(jrn_path_entry *) +
		paths->slot_count * sizeof(uint32_t);

	return held > paths->table_limit || size > paths->table_limit - held;
}

/* The path in scratch joins the table. */
static jrn_status
enter(jrn_paths *paths, uint64_t hash, size_t size, size_t slot, uint32_t *number)
{
	jrn_path_entry *entry;
	void	   *room;

	if (paths->count >= MOST_PATHS - 1)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(paths->env, paths->count, &paths->capacity, sizeof(jrn_path_entry *), &paths->list));
	JRN_TRY(jrn_store_reserve(&paths->arena, 0, sizeof(jrn_path_entry) + padded(size), &room));
	entry = room;
	memset(entry, 0, sizeof(*entry));
	entry->hash = hash;
	entry->size = size;
	memcpy(entry + 1, paths->scratch, size);
	*number = (uint32_t) paths->count;
	paths->list[paths->count++] = entry;
	paths->slots[slot] = *number + 1;
	return paths->count * 2 > paths->slot_count ? grow_slots(paths) : JRN_OK;
}

/* ---- one journey ---- */

static jrn_status
add_record(jrn_paths *paths, uint64_t hash, size_t size, double outcome, int64_t duration)
{
	path_record *record;
	void	   *room;

	JRN_TRY(jrn_store_reserve(&paths->records, hash, sizeof(path_record) + padded(size), &room));
	record = room;
	record->hash = hash;
	record->size = size;
	record->duration = duration;
	record->outcome = outcome;
	memset((char *) (record + 1) + size, 0, padded(size) - size);
	memcpy(record + 1, paths->scratch, size);
	return JRN_OK;
}

jrn_status
jrn_paths_add(jrn_paths *paths, const jrn_event *events, size_t n, double outcome)
{
	jrn_path_entry *entry;
	uint64_t	hash;
	uint32_t	number;
	size_t		size;
	size_t		slot;
	int64_t		duration;

	if (n == 0)
		return JRN_DOMAIN;
	duration = events[n - 1].ts - events[0].ts;
	paths->customers++;
	JRN_TRY(transform(paths, events, n, &size));
	hash = jrn_hash_bytes(paths->scratch, size, 0);
	slot = find_slot(paths, hash, paths->scratch, size);
	if (paths->slots[slot] != 0)
		number = paths->slots[slot] - 1;
	else if (table_is_full(paths, sizeof(jrn_path_entry) + padded(size)))
		return add_record(paths, hash, size, outcome, duration);
	else
		JRN_TRY(enter(paths, hash, size, slot, &number));
	entry = paths->list[number];
	entry->customers++;
	if (!isnan(outcome))
	{
		entry->known++;
		entry->outcome_sum += outcome;
	}
	return jrn_samples_add(&paths->durations, number, duration);
}

/* ---- every path ---- */

static jrn_status
show(jrn_paths *paths, jrn_path *path, int64_t *durations, size_t n)
{
	static const double half = 0.5;

	JRN_TICK(paths->env);
	JRN_TRY(jrn_quantiles(paths->env, durations, n, MICROSECONDS, &half, 1, &path->median_seconds));
	return paths->visitor(paths->visitor_arg, path);
}

static jrn_status
show_entry(void *arg, uint32_t number, int64_t *durations, size_t n)
{
	jrn_paths  *paths = arg;
	const jrn_path_entry *entry = paths->list[number];
	jrn_path	path;

	path.codes = entry_codes(entry);
	path.size = entry->size;
	path.customers = entry->customers;
	path.known = entry->known;
	path.outcome_sum = entry->outcome_sum;
	return show(paths, &path, durations, n);
}

/* Equal paths together, their customers in the order in which they came. */
static int
compare_records(const path_record *x, const path_record *y)
{
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return memcmp(x + 1, y + 1, x->size);	/* R-PATH-1 */
}

static bool
record_before(int unused, const path_record *x, const path_record *y)
{
	int			order = compare_records(x, y);

	(void) unused;
	return order != 0 ? order < 0 : x < y;
}

JRN_SORT_DEFINE(sort_records, const path_record *, int, record_before)

/* One run of equal paths; durations has room for it. */
static jrn_status
show_run(jrn_paths *paths, const path_record *const *records, size_t n, int64_t *durations)
{
	jrn_path	path;
	size_t		i;

	memset(&path, 0, sizeof(path));
	path.codes = (const unsigned char *) (records[0] + 1);
	path.size = records[0]->size;
	path.customers = (int64_t) n;
	for (i = 0; i < n; i++)
	{
		if (!isnan(records[i]->outcome))
		{
			path.known++;
			path.outcome_sum += records[i]->outcome;
		}
		durations[i] = records[i]->duration;
		if (i % RECORDS_A_TICK == RECORDS_A_TICK - 1)
			JRN_TICK(paths->env);
	}
	return show(paths, &path, durations, n);
}

static jrn_status
show_runs(jrn_paths *paths, const path_record **records, size_t n)
{
	int64_t    *durations;
	size_t		begin = 0;
	size_t		end;

	JRN_TRY(jrn_alloc_array(paths->env, n, sizeof(int64_t), &durations));
	JRN_TRY(sort_records(paths->env, records, n, 0));
	while (begin < n)
	{
		for (end = begin + 1; end < n && compare_records(records[begin], records[end]) == 0; end++)
			if (end % RECORDS_A_TICK == 0)
				JRN_TICK(paths->env);
		JRN_TRY(show_run(paths, records + begin, end - begin, durations));
		begin = end;
	}
	jrn_release(paths->env, durations);
	return JRN_OK;
}

/* A partition in one piece, in order of arrival. */
static jrn_status
load(jrn_paths *paths, size_t part, char *held)
{
	jrn_store_cursor cursor;
	const char *piece;
	size_t		size;

	jrn_store_open(&paths->records, part, true, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_store_next(&cursor, &piece, &size));
		if (size == 0)
			break;
		memcpy(held, piece, size);
		held += size;
	}
	jrn_store_close(&cursor);
	return JRN_OK;
}

static jrn_status
show_part(jrn_paths *paths, size_t part)
{
	size_t		bytes = jrn_store_part_bytes(&paths->records, part);
	const path_record **records;
	size_t		n = 0;
	size_t		at;
	char	   *held;

	if (bytes == 0)
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(paths->env, bytes, 1, &held));
	JRN_TRY(load(paths, part, held));
	for (at = 0; at < bytes; at += sizeof(path_record) + padded(((path_record *) (held + at))->size))
		n++;
	JRN_TRY(jrn_alloc_array(paths->env, n, sizeof(path_record *), &records));
	for (at = 0, n = 0; at < bytes; at += sizeof(path_record) + padded(records[n++]->size))
	{
		records[n] = (const path_record *) (held + at);
		if (n % RECORDS_A_TICK == 0)
			JRN_TICK(paths->env);
	}
	JRN_TRY(show_runs(paths, records, n));
	jrn_release(paths->env, records);
	jrn_release(paths->env, held);
	return JRN_OK;
}

jrn_status
jrn_paths_visit(jrn_paths *paths, jrn_path_visitor visitor, void *arg)
{
	size_t		part;

	paths->visitor = visitor;
	paths->visitor_arg = arg;
	JRN_TRY(jrn_samples_visit(&paths->durations, show_entry, paths));
	jrn_store_end(&paths->arena);
	jrn_release(paths->env, paths->list);
	jrn_release(paths->env, paths->slots);
	paths->list = NULL;
	paths->slots = NULL;
	for (part = 0; part < (size_t) 1 << paths->records.bits; part++)
		JRN_TRY(show_part(paths, part));
	jrn_store_end(&paths->records);
	return JRN_OK;
}

/* ---- a path as one string of bytes ---- */

size_t
jrn_path_packed_size(const jrn_paths *paths, const jrn_path *path)
{
	return PACKED_FRONT + path->size + paths->width + PACKED_BACK;
}

/* R-PATH-2; paths differ, so what follows the codes never decides. */
void
jrn_path_pack(const jrn_paths *paths, const jrn_path *path, unsigned char *packed)
{
	uint64_t	rank = UINT64_MAX - (uint64_t) path->customers;
	unsigned char *at = packed;
	int			b;

	for (b = 7; b >= 0; b--)
		*at++ = (unsigned char) (rank >> (8 * b));
	memcpy(at, path->codes, path->size);
	at += path->size;
	memset(at, 0, paths->width);
	at += paths->width;
	memcpy(at, &path->known, sizeof(int64_t));
	memcpy(at + sizeof(int64_t), &path->outcome_sum, sizeof(double));
	memcpy(at + sizeof(int64_t) + sizeof(double), &path->median_seconds, sizeof(double));
}

void
jrn_path_unpack(const jrn_paths *paths, const unsigned char *packed, size_t size, jrn_path *path)
{
	const unsigned char *back = packed + size - PACKED_BACK;
	uint64_t	rank = 0;
	int			b;

	for (b = 0; b < 8; b++)
		rank = rank << 8 | packed[b];
	path->customers = (int64_t) (UINT64_MAX - rank);
	path->codes = packed + PACKED_FRONT;
	path->size = size - PACKED_FRONT - paths->width - PACKED_BACK;
	memcpy(&path->known, back, sizeof(int64_t));
	memcpy(&path->outcome_sum, back + sizeof(int64_t), sizeof(double));
	memcpy(&path->median_seconds, back + sizeof(int64_t) + sizeof(double), sizeof(double));
}
