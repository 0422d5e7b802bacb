/*
 * store.h
 *		Records of any size, kept apart by hash, in memory or in one temporary
 *		file.
 *
 * A row that is read goes at once into one of 2^bits partitions, chosen by
 * the top bits of its key's hash.  Walking the partitions in order and each
 * partition in key order then gives the canonical order (hash, key) of the
 * whole input, at the cost of sorts that fit into the cache.  The same
 * structure spills: above the memory limit every partition's blocks are
 * written to the file, and only the place where they lie is remembered, so
 * the order, hence the answer, does not depend on the limit.
 *
 * R-STORE-1	Records are multiples of 8 bytes, aligned to 8, never split
 *				over blocks.
 * R-STORE-2	Within a partition records keep their order of arrival.
 * R-STORE-3	Memory stays within the limit plus one block per partition.
 */
#ifndef JRN_STORE_H
#define JRN_STORE_H

#include <stdbool.h>

#include "env.h"

/* Header of a block; the records follow. */
typedef struct jrn_store_block
{
	struct jrn_store_block *next;
	size_t		used;			/* bytes of records */
	size_t		capacity;
} jrn_store_block;

typedef struct jrn_store_extent
{
	uint64_t	offset;			/* in the file */
	size_t		size;
} jrn_store_extent;

/* What an append needs of a partition; small, so that all of them stay in the cache. */
typedef struct jrn_store_room
{
	char	   *free_bytes;		/* where the next record goes */
	size_t		free_size;		/* what is left in the current block */
} jrn_store_room;

typedef struct jrn_store_part
{
	jrn_store_block *first;		/* in order of arrival */
	jrn_store_block *current;
	jrn_store_extent *extents;	/* spilled blocks, older than those in memory */
	size_t		extent_count;
	size_t		extent_capacity;
	size_t		bytes;			/* of records, spilled or not */
} jrn_store_part;

typedef struct jrn_store
{
	const jrn_env *env;
	const jrn_file *file;		/* NULL: never spill */
	int			bits;
	size_t		memory_limit;
	size_t		memory_used;	/* bytes of all blocks */
	size_t		block_limit;	/* largest ordinary block */
	uint64_t	file_size;
	jrn_store_part *parts;		/* 2^bits of them */
	jrn_store_room *rooms;		/* beside parts */
} jrn_store;

/* Reads one partition block by block. */
typedef struct jrn_store_cursor
{
	jrn_store  *store;
	jrn_store_part *part;
	size_t		extent;
	jrn_store_block *block;
	char	   *buffer;			/* for spilled blocks */
	size_t		buffer_size;
	bool		consume;		/* give memory back on the way */
} jrn_store_cursor;

/*
 * Prepare an empty store of 2^bits partitions (bits 0 to 12).  file may be
 * NULL; memory_limit is in bytes.
 */
extern jrn_status jrn_store_begin(jrn_store *store, const jrn_env *env,
								  const jrn_file *file, int bits, size_t memory_limit);

/* Slow path of jrn_store_reserve: another block, perhaps a spill. */
extern jrn_status jrn_store_reserve_block(jrn_store *store, size_t part,
										  size_t size, void **out);

/*
 * Room for one record of size bytes (a multiple of 8) in the hash's partition.
 * The line behind it is fetched already: a partition's turn comes again soon.
 */
static inline jrn_status
jrn_store_reserve(jrn_store *store, uint64_t hash, size_t size, void **out)
{
	size_t		part = store->bits == 0 ? 0 : (size_t) (hash >> (64 - store->bits));
	jrn_store_room *room = &store->rooms[part];

	if (size > room->free_size)
		return jrn_store_reserve_block(store, part, size, out);
	*out = room->free_bytes;
	room->free_bytes += size;
	room->free_size -= size;
	__builtin_prefetch(room->free_bytes + 64, 1);
	return JRN_OK;
}

/* Give all memory back; the store is empty and unusable afterwards. */
extern void jrn_store_end(jrn_store *store);

/* Bytes of records in a partition. */
extern size_t jrn_store_part_bytes(const jrn_store *store, size_t part);

/* Those of them in the file, and all of those at once, in order of arrival. */
extern size_t jrn_store_spilled_bytes(const jrn_store *store, size_t part);
extern jrn_status jrn_store_read_spilled(jrn_store *store, size_t part, char *buffer);

/* Forget a partition's records and give their memory back. */
extern void jrn_store_drop_part(jrn_store *store, size_t part);

/*
 * Walk a partition: open, then next until *size is 0.  The bytes hold whole
 * records and stay valid until the following call.  With consume the blocks
 * are released behind the cursor, and the partition is empty afterwards.
 */
extern void jrn_store_open(jrn_store *store, size_t part, bool consume, jrn_store_cursor *cursor);
extern jrn_status jrn_store_next(jrn_store_cursor *cursor, const char **bytes, size_t *size);
extern void jrn_store_close(jrn_store_cursor *cursor);

/*
 * Walk only what is in memory: after open, before the first next.  Without
 * consume these bytes stay where they are until the partition is dropped.
 */
extern void jrn_store_skip_spilled(jrn_store_cursor *cursor);

#endif							/* JRN_STORE_H */
