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
sort_partition(const jrn_design *design, raw_row **rows, size_t count)
{
	raw_row    *sorted;
	uint32_t   *ends;
	int			bits = 1;
	int			shift;
	size_t		begin = 0;
	size_t		i;

	while (bits < 16 && count >> bits > 4)
		bits++;
	shift = 64 - JRN_CELL_BITS - bits;
	JRN_TRY(jrn_alloc_zeroed(design->env, ((size_t) 1 << bits) + 1, sizeof(uint32_t), &ends));
	JRN_TRY(jrn_alloc_array(design->env, count, sizeof(raw_row), &sorted));
	for (i = 0; i < count; i++)
		ends[(((*rows)[i].hash >> shift) & (((uint64_t) 1 << bits) - 1)) + 1]++;
	for (i = 0; i < (size_t) 1 << bits; i++)
		ends[i + 1] += ends[i];
	for (i = 0; i < count; i++)
		sorted[ends[((*rows)[i].hash >> shift) & (((uint64_t) 1 << bits) - 1)]++] = (*rows)[i];
	for (i = 0; i < (size_t) 1 << bits; i++)
	{
		if (ends[i] - begin > 1)
			JRN_TRY(sort_raw(design->env, sorted + begin, ends[i] - begin, design));
		begin = ends[i];
	}
	jrn_release(design->env, ends);
	jrn_release(design->env, *rows);
	*rows = sorted;
	return JRN_OK;
}

/* Read a partition into one buffer, its values settled. */
static jrn_status
load_partition(jrn_design *design, size_t part, bool consume, char **buffer, raw_row **rows, size_t *count)
{
	size_t		bytes = jrn_store_part_bytes(&design->raw, part);
	size_t		capacity = 0;
	size_t		filled = 0;
	size_t		at = 0;
	jrn_store_cursor cursor;
	const char *chunk;
	size_t		size;

	JRN_TRY(jrn_alloc_array(design->env, 1, bytes, buffer));
	jrn_store_open(&design->raw, part, consume, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_store_next(&cursor, &chunk, &size));
		if (size == 0)
			break;
		memcpy(*buffer + filled, chunk, size);
		filled += size;
	}
	jrn_store_close(&cursor);
	*rows = NULL;
	*count = 0;
	while (at < filled)
	{
		char	   *record = *buffer + at;
		char	   *values = record + (raw_values(design, record) - record);

		jrn_columns_settle(design, values);
		JRN_TRY(jrn_grow_array(design->env, *count, &capacity, sizeof(raw_row), rows));
		memcpy(&(*rows)[*count].hash, record, 8);
		(*rows)[*count].record = record;
		(*count)++;
		if (*count % 4096 == 0)
			JRN_TICK(design->env);
		at = (size_t) (values - *buffer) + (size_t) design->raw_count * sizeof(double) +
			(design->has_number ? sizeof(int64_t) : 0);
	}
	return JRN_OK;
}

static jrn_status
remember_key(jrn_design *design, const char *record, uint64_t hash)
{
	size_t		key_size;
	const char *key = raw_key(design, record, &key_size);
	char	   *copy;
	size_t		c = (size_t) design->clusters;

	JRN_TRY(jrn_grow_array(design->env, c, &design->cluster_capacity, sizeof(uint64_t),
						   &design->cluster_hash));
	JRN_TRY(jrn_grow_array(design->env, c, &design->cluster_key_capacity, sizeof(char *),
						   &design->cluster_key));
	JRN_TRY(jrn_grow_array(design->env, c, &design->cluster_size_capacity, sizeof(size_t),
						   &design->cluster_key_size));
	JRN_TRY(jrn_alloc_array(design->env, key_size, 1, &copy));
	memcpy(copy, key, key_size);
	design->cluster_hash[c] = hash;
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

/*
 * Write all partitions in order.  With consume their raw rows are given back
 * on the way; without, they can be walked again.
 */
static jrn_status
write_all(jrn_design *design, jrn_tile_writer *writer, bool consume)
{
	size_t		part;

	design->clusters = 0;
	for (part = 0; part < JRN_CELLS; part++)
	{
		char	   *buffer;
		raw_row    *rows;
		size_t		count;

		if (jrn_store_part_bytes(&design->raw, part) == 0)
			continue;
		if (writer->out != NULL)
		{
			/* what the raw rows still hold is not free for the blocks */
			writer->out->memory_limit = design->memory_limit / 8;
			if (design->memory_limit - design->memory_limit / 8 > design->raw.memory_used)
				writer->out->memory_limit = design->memory_limit - design->raw.memory_used;
		}
		JRN_TRY(load_partition(design, part, consume, &buffer, &rows, &count));
		JRN_TRY(sort_partition(design, &rows, count));
		JRN_TRY(write_partition(design, writer, rows, count));
		if (design->has_key)	/* a cell is a partition: R-DES-3 */
		{
			JRN_TRY(jrn_writer_flush(writer, (int) part));
			jrn_writer_forget(writer, (int) part);
		}
		jrn_release(design->env, rows);
		jrn_release(design->env, buffer);
	}
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
