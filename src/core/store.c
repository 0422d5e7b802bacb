/*
 * store.c
 *		Partitioned records with spill (see store.h).
 */
#include <string.h>

#include "sizes.h"
#include "store.h"

#define BLOCK_SMALLEST ((size_t) 1024)
#define BLOCK_LARGEST ((size_t) 65536)

/* Spilled neighbours are read together up to about this size. */
#define EXTENT_LARGEST ((size_t) 262144)

static size_t
part_count(const jrn_store *store)
{
	return (size_t) 1 << store->bits;
}

static char *
block_bytes(jrn_store_block *block)
{
	return (char *) (block + 1);
}

jrn_status
jrn_store_begin(jrn_store *store, const jrn_env *env, const jrn_file *file,
				int bits, size_t memory_limit)
{
	size_t		block_limit;

	memset(store, 0, sizeof(*store));
	store->env = env;
	store->file = file;
	store->bits = bits;
	store->memory_limit = memory_limit;
	block_limit = memory_limit / (2 * part_count(store));
	if (block_limit < BLOCK_SMALLEST)
		block_limit = BLOCK_SMALLEST;
	if (block_limit > BLOCK_LARGEST)
		block_limit = BLOCK_LARGEST;
	store->block_limit = block_limit & ~(size_t) 7;
	JRN_TRY(jrn_alloc_zeroed(env, part_count(store), sizeof(jrn_store_room), &store->rooms));
	return jrn_alloc_zeroed(env, part_count(store), sizeof(jrn_store_part), &store->parts);
}

/* Close the current block's books before it is read, written or left. */
static void
settle_current(const jrn_store *store, size_t p)
{
	jrn_store_part *part = &store->parts[p];
	jrn_store_block *block = part->current;

	if (block != NULL)
	{
		size_t		used = block->capacity - store->rooms[p].free_size;

		part->bytes += used - block->used;
		block->used = used;
	}
}

/* The next record opens a block. */
static void
close_room(jrn_store *store, size_t p)
{
	store->parts[p].first = store->parts[p].current = NULL;
	store->rooms[p].free_bytes = NULL;
	store->rooms[p].free_size = 0;
}

/* Remember where bytes lie in the file; neighbours are one extent. */
static jrn_status
note_extent(jrn_store *store, jrn_store_part *part, size_t size)
{
	jrn_store_extent *last = part->extent_count > 0 ? &part->extents[part->extent_count - 1] : NULL;

	if (last != NULL && last->offset + last->size == store->file_size &&
		last->size < EXTENT_LARGEST)
		last->size += size;
	else
	{
		JRN_TRY(jrn_grow_array(store->env, part->extent_count, &part->extent_capacity,
							   sizeof(jrn_store_extent), &part->extents));
		part->extents[part->extent_count].offset = store->file_size;
		part->extents[part->extent_count++].size = size;
	}
	store->file_size += size;
	return JRN_OK;
}

static void
release_block(jrn_store *store, jrn_store_block *block)
{
	store->memory_used -= sizeof(jrn_store_block) + block->capacity;
	jrn_release(store->env, block);
}

/* Write one partition's blocks to the file; its last block stays for reuse. */
static jrn_status
spill_part(jrn_store *store, size_t p)
{
	jrn_store_part *part = &store->parts[p];
	jrn_store_block *block = part->first;

	settle_current(store, p);
	while (block != NULL)
	{
		jrn_store_block *next = block->next;

		if (block->used > 0)
		{
			if (store->file->append(store->file->host, block_bytes(block), block->used) != 0)
				return JRN_IO;
			JRN_TRY(note_extent(store, part, block->used));
		}
		if (next == NULL && block->capacity <= store->block_limit)
		{
			block->used = 0;
			part->first = part->current = block;
			store->rooms[p].free_bytes = block_bytes(block);
			store->rooms[p].free_size = block->capacity;
			return JRN_OK;
		}
		release_block(store, block);
		block = next;
	}
	close_room(store, p);
	return JRN_OK;
}

static jrn_status
spill_all(jrn_store *store)
{
	size_t		i;

	for (i = 0; i < part_count(store); i++)
	{
		JRN_TICK(store->env);
		JRN_TRY(spill_part(store, i));
	}
	return JRN_OK;
}

jrn_status
jrn_store_reserve_block(jrn_store *store, size_t p, size_t size, void **out)
{
	jrn_store_part *part = &store->parts[p];
	jrn_store_room *room = &store->rooms[p];
	jrn_store_block *block;
	size_t		capacity = part->current == NULL ? BLOCK_SMALLEST : part->current->capacity * 2;
	size_t		bytes;

	JRN_TICK(store->env);
	if (capacity > store->block_limit)
		capacity = store->block_limit;
	if (capacity < size)
		capacity = size;
	if (!jrn_size_add(capacity, sizeof(jrn_store_block), &bytes))
		return JRN_LIMIT;
	/* R-STORE-3 */
	if (store->file != NULL && store->memory_used + bytes > store->memory_limit)
	{
		JRN_TRY(spill_all(store));
		if (size <= room->free_size)
		{
			*out = room->free_bytes;
			room->free_bytes += size;
			room->free_size -= size;
			return JRN_OK;
		}
	}
	settle_current(store, p);
	JRN_TRY(jrn_alloc_array(store->env, 1, bytes, &block));
	store->memory_used += bytes;
	block->next = NULL;
	block->used = 0;
	block->capacity = capacity;
	if (part->current == NULL)
		part->first = block;
	else
		part->current->next = block;
	part->current = block;
	*out = block_bytes(block);
	room->free_bytes = block_bytes(block) + size;
	room->free_size = capacity - size;
	return JRN_OK;
}

static void
release_blocks(jrn_store *store, jrn_store_part *part)
{
	jrn_store_block *block = part->first;

	while (block != NULL)
	{
		jrn_store_block *next = block->next;

		release_block(store, block);
		block = next;
	}
}

void
jrn_store_drop_part(jrn_store *store, size_t p)
{
	jrn_store_part *part = &store->parts[p];

	release_blocks(store, part);
	close_room(store, p);
	part->extent_count = 0;
	part->bytes = 0;
}

void
jrn_store_end(jrn_store *store)
{
	size_t		i;

	for (i = 0; i < part_count(store); i++)
	{
		release_blocks(store, &store->parts[i]);
		jrn_release(store->env, store->parts[i].extents);
	}
	jrn_release(store->env, store->parts);
	jrn_release(store->env, store->rooms);
	store->parts = NULL;
	store->rooms = NULL;
}

size_t
jrn_store_part_bytes(const jrn_store *store, size_t part)
{
	settle_current(store, part);
	return store->parts[part].bytes;
}

size_t
jrn_store_spilled_bytes(const jrn_store *store, size_t part)
{
	size_t		bytes = 0;
	size_t		i;

	for (i = 0; i < store->parts[part].extent_count; i++)
		bytes += store->parts[part].extents[i].size;
	return bytes;
}

jrn_status
jrn_store_read_spilled(jrn_store *store, size_t part, char *buffer)
{
	size_t		i;

	for (i = 0; i < store->parts[part].extent_count; i++)
	{
		const jrn_store_extent *extent = &store->parts[part].extents[i];

		JRN_TICK(store->env);
		if (store->file->read(store->file->host, extent->offset, buffer, extent->size) != 0)
			return JRN_IO;
		buffer += extent->size;
	}
	return JRN_OK;
}

void
jrn_store_open(jrn_store *store, size_t part, bool consume, jrn_store_cursor *cursor)
{
	memset(cursor, 0, sizeof(*cursor));
	cursor->store = store;
	cursor->part = &store->parts[part];
	cursor->consume = consume;
	settle_current(store, part);
}

void
jrn_store_skip_spilled(jrn_store_cursor *cursor)
{
	cursor->extent = cursor->part->extent_count;
}

/* The next block in memory; in consuming mode the first one is the next. */
static void
next_block(jrn_store_cursor *cursor, const char **bytes, size_t *size)
{
	jrn_store_part *part = cursor->part;
	jrn_store_block *block = cursor->block == NULL ? part->first : cursor->block->next;

	if (cursor->consume && cursor->block != NULL)
	{
		part->first = block;
		release_block(cursor->store, cursor->block);
	}
	cursor->block = block;
	*size = block == NULL ? 0 : block->used;
	*bytes = block == NULL ? NULL : block_bytes(block);
	if (block == NULL && cursor->consume)
	{
		close_room(cursor->store, (size_t) (part - cursor->store->parts));
		part->extent_count = 0;
		part->bytes = 0;
	}
}

jrn_status
jrn_store_next(jrn_store_cursor *cursor, const char **bytes, size_t *size)
{
	jrn_store  *store = cursor->store;

	JRN_TICK(store->env);
	if (cursor->extent < cursor->part->extent_count)
	{
		const jrn_store_extent *extent = &cursor->part->extents[cursor->extent++];

		if (extent->size > cursor->buffer_size)
		{
			jrn_release(store->env, cursor->buffer);
			cursor->buffer = NULL;
			JRN_TRY(jrn_alloc_array(store->env, 1, extent->size, &cursor->buffer));
			cursor->buffer_size = extent->size;
		}
		if (store->file->read(store->file->host, extent->offset, cursor->buffer, extent->size) != 0)
			return JRN_IO;
		*bytes = cursor->buffer;
		*size = extent->size;
		return JRN_OK;
	}
	do
		next_block(cursor, bytes, size);
	while (cursor->block != NULL && *size == 0);
	return JRN_OK;
}

void
jrn_store_close(jrn_store_cursor *cursor)
{
	jrn_release(cursor->store->env, cursor->buffer);
	cursor->buffer = NULL;
}
