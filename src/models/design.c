/*
 * design.c
 *		Rows in, canonical blocks of columns out (see design.h).
 *
 * Raw row in the store:
 *
 *	+--------+------------+-----------+---------------------+----------+
 *	| hash 8 | key size 8 | key bytes | features, y, weight,| number 8 |
 *	|        |            | padded    | offset, fold, arm,  |          |
 *	|        |            |           | carried: 8 each     |          |
 *	+--------+------------+-----------+---------------------+----------+
 *	the key only with has_key, the number only with has_number
 */
#include <string.h>

#include "../core/hash.h"
#include "../core/sizes.h"
#include "../core/sort.h"
#include "tiles.h"

static size_t
padded(size_t size)
{
	return (size + 7) & ~(size_t) 7;
}

jrn_status
jrn_design_begin(jrn_design *design, const jrn_env *env, const jrn_file *row_file,
				 const jrn_file *tile_file, size_t memory_limit)
{
	int			j;

	design->env = env;
	design->tile_file = tile_file;
	design->memory_limit = memory_limit;
	design->raw_count = design->feature_count + 1 + (design->has_weight ? 1 : 0) +
		(design->has_offset ? 1 : 0) + (design->has_fold ? 1 : 0) + (design->has_arm ? 1 : 0) +
		design->carried_count;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) design->feature_count, sizeof(jrn_labels), &design->labels));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) design->raw_count, 2 * sizeof(double), &design->values));
	for (j = 0; j < design->feature_count; j++)
		if (design->is_label[j])
			JRN_TRY(jrn_labels_begin(&design->labels[j], env));
	if (design->has_arm)
		JRN_TRY(jrn_labels_begin(&design->arms, env));
	if (design->fill_missing)
	{
		JRN_TRY(jrn_alloc_zeroed(env, (size_t) design->feature_count, sizeof(jrn_dd), &design->sums));
		JRN_TRY(jrn_alloc_zeroed(env, (size_t) design->feature_count, sizeof(jrn_dd), &design->weights));
		JRN_TRY(jrn_alloc_zeroed(env, (size_t) design->feature_count, sizeof(int64_t), &design->filled));
	}
	JRN_TRY(jrn_store_begin(&design->keys, env, NULL, 0, memory_limit));
	return jrn_store_begin(&design->raw, env, row_file, JRN_CELL_BITS, memory_limit);
}

/* Hash of a row's content: labels by their bytes, numbers by their bits. */
static uint64_t
content_hash(const jrn_design *design, const double *values, uint64_t *bits)
{
	int			j;

	memcpy(bits, values, (size_t) design->raw_count * sizeof(double));
	for (j = 0; j < design->feature_count; j++)
		if (design->is_label[j])
			bits[j] = design->labels[j].list[(size_t) values[j]].hash;
	if (design->has_arm)
		bits[jrn_design_arm_place(design)] =
			design->arms.list[(size_t) values[jrn_design_arm_place(design)]].hash;
	return jrn_hash_bytes(bits, (size_t) design->raw_count * sizeof(double), 0);
}

jrn_status
jrn_design_append(jrn_design *design, const jrn_row *row)
{
	size_t		values_size = (size_t) design->raw_count * sizeof(double);
	size_t		size = sizeof(uint64_t) + values_size;
	double	   *values = design->values;
	uint64_t	hash;
	uint64_t	key_size = row->key_size;
	void	   *room;
	char	   *out;
	int			at = design->feature_count;
	int			j;

	for (j = 0; j < design->feature_count; j++)
		values[j] = row->features[j] + 0.0; /* R-DES-4 */
	if (design->has_products || design->fill_missing)
		JRN_TRY(jrn_columns_check(design, design->has_weight ? row->weight : 1.0));
	values[at++] = row->y + 0.0;
	if (design->has_weight)
		values[at++] = row->weight;
	if (design->has_offset)
		values[at++] = row->offset + 0.0;
	if (design->has_fold)
		values[at++] = row->fold;
	if (design->has_arm)
		values[at++] = row->arm;
	for (j = 0; j < design->carried_count; j++)
		values[at++] = row->carried[j] + 0.0;
	hash = design->has_key ? jrn_hash_bytes(row->key, key_size, 0) :
		content_hash(design, values, (uint64_t *) (values + design->raw_count));
	if (design->has_key)
		size += sizeof(uint64_t) + padded(key_size);
	if (design->has_number)
		size += sizeof(int64_t);
	JRN_TRY(jrn_store_reserve(&design->raw, hash, size, &room));
	out = room;
	memcpy(out, &hash, 8);
	out += 8;
	if (design->has_key)
	{
		memcpy(out, &key_size, 8);
		memcpy(out + 8, row->key, key_size);
		out += 8 + padded(key_size);
	}
	memcpy(out, values, values_size);
	if (design->has_number)
		memcpy(out + values_size, &row->number, 8);
	design->n++;
	return JRN_OK;
}

/* ---- one partition of raw rows ---- */

typedef struct raw_row
{
	uint64_t	hash;
	const char *record;
} raw_row;

/*
 * One buffer for all partitions in turn: buffers of their own would leave
 * holes between what lives longer, and the allocator cannot give those back.
 */
typedef struct partition
{
	char	   *bytes;			/* the raw rows */
	size_t		byte_capacity;
	raw_row    *rows;
	size_t		row_capacity;
	raw_row    *sorted;			/* as many */
	size_t		sorted_capacity;
	size_t		count;
} partition;

/* Room for so many elements, and some more for the next partition; what was there is lost. */
static jrn_status
make_room(const jrn_env *env, size_t count, size_t *capacity, size_t size, void *array)
{
	void	   *old;

	if (count <= *capacity)
		return JRN_OK;
	memcpy(&old, array, sizeof(old));
	jrn_release(env, old);
	old = NULL;
	memcpy(array, &old, sizeof(old));
	*capacity = 0;
	JRN_TRY(jrn_alloc_array(env, count + count / 8, size, array));
	*capacity = count + count / 8;
	return JRN_OK;
}

/* Key bytes of a record; empty without a key. */
static const char *
raw_key(const jrn_design *design, const char *record, size_t *size)
{
	uint64_t	key_size = 0;

	if (design->has_key)
		memcpy(&key_size, record + 8, 8);
	*size = key_size;
	return record + 16;
}

static const char *
raw_values(const jrn_design *design, const char *record)
{
	size_t		key_size;
	const char *key = raw_key(design, record, &key_size);

	return design->has_key ? key + padded(key_size) : record + 8;
}

static int
compare_keys(const jrn_design *design, const char *a, const char *b)
{
	size_t		a_size,
				b_size;
	const char *a_key = raw_key(design, a, &a_size);
	const char *b_key = raw_key(design, b, &b_size);

	return design->has_key ? jrn_bytes_compare(a_key, a_size, b_key, b_size) : 0;
}

/* R-DES-1; equal rows are interchangeable but for their number. */
static bool
raw_before(const jrn_design *design, raw_row a, raw_row b)
{
	size_t		size = (size_t) (design->raw_count + (design->has_number ? 1 : 0)) * sizeof(double);
	int			order;

	if (a.hash != b.hash)
		return a.hash < b.hash;
	order = compare_keys(design, a.record, b.record);
	if (order != 0)
		return order < 0;
	return memcmp(raw_values(design, a.record), raw_values(design, b.record), size) < 0;
}

JRN_SORT_DEFINE(sort_raw, raw_row, const jrn_design *, raw_before)

/*
 * Sort a partition: its hashes are evenly spread below the partition's own
 * bits, so one counting pass by their next bits leaves runs of a few rows.
 */
static jrn_status
sort_partition(const jrn_design *design, partition *part)
{
	const raw_row *rows = part->rows;
	raw_row    *sorted;
	size_t		count = part->count;
	uint32_t   *ends;
	int			bits = 1;
	int			shift;
	size_t		begin = 0;
	size_t		i;

	while (bits < 16 && count >> bits > 4)
		bits++;
	shift = 64 - JRN_CELL_BITS - bits;
	JRN_TRY(jrn_alloc_zeroed(design->env, ((size_t) 1 << bits) + 1, sizeof(uint32_t), &ends));
	JRN_TRY(make_room(design->env, count, &part->sorted_capacity, sizeof(raw_row), &part->sorted));
	sorted = part->sorted;
	for (i = 0; i < count; i++)
		ends[((rows[i].hash >> shift) & (((uint64_t) 1 << bits) - 1)) + 1]++;
	for (i = 0; i < (size_t) 1 << bits; i++)
		ends[i + 1] += ends[i];
	for (i = 0; i < count; i++)
		sorted[ends[(rows[i].hash >> shift) & (((uint64_t) 1 << bits) - 1)]++] = rows[i];
	for (i = 0; i < (size_t) 1 << bits; i++)
	{
		if (ends[i] - begin > 1)
			JRN_TRY(sort_raw(design->env, sorted + begin, ends[i] - begin, design));
		begin = ends[i];
	}
	jrn_release(design->env, ends);
	return JRN_OK;
}

/* Read a partition into one buffer, its values settled. */
static jrn_status
load_partition(jrn_design *design, size_t number, bool consume, partition *part)
{
	size_t		tail = (size_t) design->raw_count * sizeof(double) + (design->has_number ? sizeof(int64_t) : 0);
	size_t		filled = 0;
	size_t		at = 0;
	jrn_store_cursor cursor;
	const char *chunk;
	size_t		size;

	JRN_TRY(make_room(design->env, jrn_store_part_bytes(&design->raw, number), &part->byte_capacity, 1,
					  &part->bytes));
	jrn_store_open(&design->raw, number, consume, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_store_next(&cursor, &chunk, &size));
		if (size == 0)
			break;
		memcpy(part->bytes + filled, chunk, size);
		filled += size;
	}
	jrn_store_close(&cursor);
	for (part->count = 0; at < filled; part->count++)
	{
		char	   *record = part->bytes + at;
		char	   *values = record + (raw_values(design, record) - record);

		jrn_columns_settle(design, values);
		JRN_TRY(jrn_grow_array(design->env, part->count, &part->row_capacity, sizeof(raw_row), &part->rows));
		memcpy(&part->rows[part->count].hash, record, 8);
		part->rows[part->count].record = record;
		if (part->count % 4096 == 4095)
			JRN_TICK(design->env);
		at = (size_t) (values - part->bytes) + tail;
	}
	return JRN_OK;
}

/* What a plan of folds needs of a cluster: its key; of an independent row, its hash. */
static jrn_status
remember_key(jrn_design *design, const char *record, uint64_t hash)
{
	size_t		key_size;
	const char *key = raw_key(design, record, &key_size);
	void	   *copy;
	size_t		c = (size_t) design->clusters;

	if (!design->has_key)
	{
		JRN_TRY(jrn_grow_array(design->env, c, &design->cluster_capacity, sizeof(uint64_t),
							   &design->cluster_hash));
		design->cluster_hash[c] = hash;
		return JRN_OK;
	}
	JRN_TRY(jrn_grow_array(design->env, c, &design->cluster_key_capacity, sizeof(char *),
						   &design->cluster_key));
	JRN_TRY(jrn_grow_array(design->env, c, &design->cluster_size_capacity, sizeof(size_t),
						   &design->cluster_key_size));
	JRN_TRY(jrn_store_reserve(&design->keys, 0, padded(key_size), &copy));
	memcpy(copy, key, key_size);
	design->cluster_key[c] = copy;
	design->cluster_key_size[c] = key_size;
	return JRN_OK;
}

static jrn_status
write_partition(jrn_design *design, jrn_tile_writer *writer, const raw_row *rows, size_t count)
{
	size_t		values_size = (size_t) design->raw_count * sizeof(double);
	uint64_t	copy_number = 0;
	size_t		i;

	for (i = 0; i < count; i++)
	{
		bool		same = i > 0 && rows[i].hash == rows[i - 1].hash &&
			compare_keys(design, rows[i].record, rows[i - 1].record) == 0;
		uint64_t	hash = rows[i].hash;
		double	   *out;

		if (!design->has_key)
		{
			same = same && memcmp(raw_values(design, rows[i].record),
								  raw_values(design, rows[i - 1].record), values_size) == 0;
			copy_number = same ? copy_number + 1 : 0;
			if (copy_number > 0)
				hash = jrn_hash_u64(copy_number, hash);
			same = false;
		}
		if (!same)
		{
			if (design->clusters < design->keep_keys)
				JRN_TRY(remember_key(design, rows[i].record, hash));
			design->clusters++;
		}
		JRN_TRY(jrn_writer_row(writer, (int) (hash >> (64 - JRN_CELL_BITS)), &out));
		JRN_TRY(jrn_columns_write(design, raw_values(design, rows[i].record), design->clusters - 1, out));
		if (i % 4096 == 4095)
			JRN_TICK(design->env);
	}
	return JRN_OK;
}

/* What a plan of folds will hold of a cluster whose key is remembered: rows, fold, hash. */
#define PLANNED_BYTES 20

/* What raw rows still hold, and keys for good, is not free for the blocks. */
static size_t
room_for_blocks(const jrn_design *design)
{
	size_t		least = design->memory_limit / 8;
	size_t		clusters = (size_t) (design->clusters < design->keep_keys ? design->clusters : design->keep_keys);
	size_t		held = design->raw.memory_used + design->keys.memory_used +
		design->cluster_capacity * sizeof(uint64_t) + design->cluster_key_capacity * sizeof(char *) +
		design->cluster_size_capacity * sizeof(size_t) + clusters * PLANNED_BYTES;

	return design->memory_limit > held && design->memory_limit - held > least ? design->memory_limit - held : least;
}

/*
 * Write all partitions in order.  With consume their raw rows are given back
 * on the way; without, they can be walked again.
 */
static jrn_status
write_all(jrn_design *design, jrn_tile_writer *writer, bool consume)
{
	partition	part;
	size_t		p;

	memset(&part, 0, sizeof(part));
	design->clusters = 0;
	for (p = 0; p < JRN_CELLS; p++)
	{
		if (jrn_store_part_bytes(&design->raw, p) == 0)
			continue;
		if (writer->out != NULL)
			writer->out->memory_limit = room_for_blocks(design);
		JRN_TRY(load_partition(design, p, consume, &part));
		JRN_TRY(sort_partition(design, &part));
		JRN_TRY(write_partition(design, writer, part.sorted, part.count));
		if (design->has_key)	/* a cell is a partition: R-DES-3 */
		{
			JRN_TRY(jrn_writer_flush(writer, (int) p));
			jrn_writer_forget(writer, (int) p);
		}
	}
	jrn_release(design->env, part.sorted);
	jrn_release(design->env, part.rows);
	jrn_release(design->env, part.bytes);
	return jrn_writer_finish(writer);
}

jrn_status
jrn_design_finish(jrn_design *design)
{
	jrn_tile_writer writer;

	if (design->first_column == NULL)
		JRN_TRY(jrn_design_plan(design));
	JRN_TRY(jrn_store_begin(&design->tiles, design->env, design->tile_file, 0, design->memory_limit));
	JRN_TRY(jrn_writer_begin(&writer, design, JRN_CELLS));
	writer.out = &design->tiles;
	return write_all(design, &writer, true);
}

jrn_status
jrn_design_stream(jrn_design *design, jrn_tile_visitor visitor, void *arg)
{
	jrn_tile_writer writer;

	if (design->first_column == NULL)
		JRN_TRY(jrn_design_plan(design));
	JRN_TRY(jrn_writer_begin(&writer, design, JRN_CELLS));
	writer.visitor = visitor;
	writer.visitor_arg = arg;
	return write_all(design, &writer, false);
}

void
jrn_design_end(jrn_design *design)
{
	jrn_store  *stores[3] = {&design->raw, &design->keys, &design->tiles};
	int			i;

	for (i = 0; i < 3; i++)
		if (stores[i]->parts != NULL)
			jrn_store_end(stores[i]);
	jrn_release(design->env, design->cluster_hash);
	jrn_release(design->env, design->cluster_key);
	jrn_release(design->env, design->cluster_key_size);
	design->cluster_hash = NULL;
	design->cluster_key = NULL;
	design->cluster_key_size = NULL;
}
