/*
 * design.c
 *		Rows in, canonical blocks of columns out (see design.h).
 *
 * Raw row in the store:
 *
 *	+--------+----------+----------+--------+-----------+--------------------+
 *	| hash 8 | number 8 | key size | unused | key bytes | features, y,       |
 *	|        |          | 4        | 4      | padded    | weight, offset,    |
 *	|        |          |          |        |           | fold: 8 bytes each |
 *	+--------+----------+----------+--------+-----------+--------------------+
 *
 * Block in the tile store: cell 4, rows 4, then tile_columns columns of
 * tile_rows doubles: x, y, weight, offset, fold, number, cluster.
 */
#include <string.h>

#include "../core/hash.h"
#include "../core/sizes.h"
#include "../core/sort.h"
#include "design.h"

#define TILE_TARGET_BYTES ((size_t) 131072)

typedef struct raw_head
{
	uint64_t	hash;
	int64_t		number;
	uint32_t	key_size;
	uint32_t	unused;
} raw_head;

typedef struct tile_head
{
	int32_t		cell;
	uint32_t	rows;
} tile_head;

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
		(design->has_offset ? 1 : 0) + (design->has_fold ? 1 : 0);
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) design->feature_count, sizeof(jrn_labels), &design->labels));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) design->raw_count, 2 * sizeof(double), &design->values));
	for (j = 0; j < design->feature_count; j++)
		if (design->is_label[j])
			JRN_TRY(jrn_labels_begin(&design->labels[j], env));
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
	return jrn_hash_bytes(bits, (size_t) design->raw_count * sizeof(double), 0);
}

jrn_status
jrn_design_append(jrn_design *design, const jrn_row *row)
{
	size_t		key_size = design->has_key ? row->key_size : 0;
	size_t		values_size = (size_t) design->raw_count * sizeof(double);
	size_t		size = sizeof(raw_head) + padded(key_size) + values_size;
	double	   *values = design->values;
	raw_head	head;
	void	   *room;
	int			at = design->feature_count;
	int			j;

	if (key_size > UINT32_MAX)
		return JRN_LIMIT;
	for (j = 0; j < design->feature_count; j++)
		values[j] = row->features[j] + 0.0; /* R-DES-4 */
	values[at++] = row->y + 0.0;
	if (design->has_weight)
		values[at++] = row->weight;
	if (design->has_offset)
		values[at++] = row->offset + 0.0;
	if (design->has_fold)
		values[at++] = row->fold;
	head.hash = design->has_key ? jrn_hash_bytes(row->key, key_size, 0) :
		content_hash(design, values, (uint64_t *) (values + design->raw_count));
	head.number = row->number;
	head.key_size = (uint32_t) key_size;
	head.unused = 0;
	JRN_TRY(jrn_store_reserve(&design->raw, head.hash, size, &room));
	memcpy(room, &head, sizeof(head));
	if (key_size > 0)
		memcpy((char *) room + sizeof(head), row->key, key_size);
	memcpy((char *) room + sizeof(head) + padded(key_size), values, values_size);
	design->n++;
	return JRN_OK;
}

/* ---- writing blocks ---- */

typedef struct tile_writer
{
	jrn_design *design;
	jrn_store  *out;
	char	  **open;			/* [cells], NULL until used */
	int			cells;
} tile_writer;

static jrn_status
writer_begin(tile_writer *writer, jrn_design *design, jrn_store *out, int cells)
{
	writer->design = design;
	writer->out = out;
	writer->cells = cells;
	return jrn_alloc_zeroed(design->env, (size_t) cells, sizeof(char *), &writer->open);
}

/* Zero the rows up to whole lanes (R-KER-2) and store the block. */
static jrn_status
writer_flush(tile_writer *writer, int cell)
{
	jrn_design *design = writer->design;
	char	   *tile = writer->open[cell];
	tile_head	head;
	void	   *room;
	size_t		c;

	if (tile == NULL)
		return JRN_OK;
	memcpy(&head, tile, sizeof(head));
	if (head.rows == 0)
		return JRN_OK;
	for (c = 0; c < design->tile_columns; c++)
		memset(tile + sizeof(head) + (c * design->tile_rows + head.rows) * sizeof(double), 0,
			   (jrn_lanes(head.rows) - head.rows) * sizeof(double));
	JRN_TRY(jrn_store_reserve(writer->out, 0, design->tile_bytes, &room));
	memcpy(room, tile, design->tile_bytes);
	head.rows = 0;
	memcpy(tile, &head, sizeof(head));
	return JRN_OK;
}

/* Where the next row of a cell goes: its first column's entry. */
static jrn_status
writer_row(tile_writer *writer, int cell, double **out)
{
	jrn_design *design = writer->design;
	tile_head	head;

	if (writer->open[cell] == NULL)
	{
		JRN_TRY(jrn_alloc_zeroed(design->env, 1, design->tile_bytes, &writer->open[cell]));
		head.cell = cell;
		head.rows = 0;
		memcpy(writer->open[cell], &head, sizeof(head));
	}
	memcpy(&head, writer->open[cell], sizeof(head));
	if (head.rows == design->tile_rows)
	{
		JRN_TRY(writer_flush(writer, cell));
		head.rows = 0;
	}
	*out = (double *) (writer->open[cell] + sizeof(head)) + head.rows;
	head.rows++;
	memcpy(writer->open[cell], &head, sizeof(head));
	return JRN_OK;
}

static jrn_status
writer_finish(tile_writer *writer)
{
	int			cell;

	for (cell = 0; cell < writer->cells; cell++)
	{
		JRN_TRY(writer_flush(writer, cell));
		jrn_release(writer->design->env, writer->open[cell]);
	}
	jrn_release(writer->design->env, writer->open);
	return JRN_OK;
}

/* ---- one partition of raw rows ---- */

typedef struct raw_row
{
	uint64_t	hash;
	const char *record;
} raw_row;

typedef struct raw_order
{
	size_t		values_size;
} raw_order;

static const char *
raw_values(const char *record)
{
	raw_head	head;

	memcpy(&head, record, sizeof(head));
	return record + sizeof(head) + padded(head.key_size);
}

/* R-DES-1 */
static int
compare_keys(const char *a, const char *b)
{
	raw_head	x,
				y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return jrn_bytes_compare(a + sizeof(x), x.key_size, b + sizeof(y), y.key_size);
}

static bool
raw_before(const raw_order *order, raw_row a, raw_row b)
{
	int			key_order;
	int			value_order;
	raw_head	x,
				y;

	if (a.hash != b.hash)
		return a.hash < b.hash;
	key_order = compare_keys(a.record, b.record);
	if (key_order != 0)
		return key_order < 0;
	value_order = memcmp(raw_values(a.record), raw_values(b.record), order->values_size);
	if (value_order != 0)
		return value_order < 0;
	/* equal rows are interchangeable; the number only makes the order total */
	memcpy(&x, a.record, sizeof(x));
	memcpy(&y, b.record, sizeof(y));
	return x.number < y.number;
}

JRN_SORT_DEFINE(sort_raw, raw_row, const raw_order *, raw_before)

/* Read a partition into one buffer, label codes replaced by ranks. */
static jrn_status
load_partition(jrn_design *design, size_t part, char **buffer, raw_row **rows, size_t *count)
{
	size_t		bytes = jrn_store_part_bytes(&design->raw, part);
	size_t		capacity = 0;
	size_t		filled = 0;
	size_t		at = 0;
	jrn_store_cursor cursor;
	const char *chunk;
	size_t		size;

	JRN_TRY(jrn_alloc_array(design->env, 1, bytes, buffer));
	jrn_store_open(&design->raw, part, true, &cursor);
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
		raw_head	head;
		char	   *values;
		int			j;

		memcpy(&head, record, sizeof(head));
		values = record + sizeof(head) + padded(head.key_size);
		for (j = 0; j < design->feature_count; j++)
			if (design->is_label[j])
			{
				double		code;

				memcpy(&code, values + (size_t) j * 8, 8);
				code = design->labels[j].rank_of_code[(size_t) code];
				memcpy(values + (size_t) j * 8, &code, 8);
			}
		JRN_TRY(jrn_grow_array(design->env, *count, &capacity, sizeof(raw_row), rows));
		(*rows)[*count].hash = head.hash;
		(*rows)[*count].record = record;
		(*count)++;
		if (*count % 4096 == 0)
			JRN_TICK(design->env);
		at = (size_t) (values - *buffer) + (size_t) design->raw_count * sizeof(double);
	}
	return JRN_OK;
}

static jrn_status
remember_key(jrn_design *design, const char *record, uint64_t hash)
{
	raw_head	head;
	char	   *copy;
	size_t		c = (size_t) design->clusters;

	memcpy(&head, record, sizeof(head));
	JRN_TRY(jrn_grow_array(design->env, c, &design->cluster_capacity, sizeof(uint64_t),
						   &design->cluster_hash));
	JRN_TRY(jrn_grow_array(design->env, c, &design->cluster_key_capacity, sizeof(char *),
						   &design->cluster_key));
	JRN_TRY(jrn_grow_array(design->env, c, &design->cluster_size_capacity, sizeof(size_t),
						   &design->cluster_key_size));
	JRN_TRY(jrn_alloc_array(design->env, head.key_size, 1, &copy));
	memcpy(copy, record + sizeof(head), head.key_size);
	design->cluster_hash[c] = hash;
	design->cluster_key[c] = copy;
	design->cluster_key_size[c] = head.key_size;
	return JRN_OK;
}

/* Write one raw row's columns into a block; R-DES-2. */
static void
write_columns(const jrn_design *design, const char *record, int64_t cluster, double *out)
{
	size_t		stride = design->tile_rows;
	const char *values = raw_values(record);
	raw_head	head;
	double		value;
	int			c = 0;
	int			j;

	memcpy(&head, record, sizeof(head));
	for (j = 0; j < design->feature_count; j++)
	{
		memcpy(&value, values + (size_t) j * 8, 8);
		if (!design->is_label[j])
			out[(size_t) c++ * stride] = value;
		else
		{
			int			level;

			for (level = 1; level < (int) design->labels[j].count; level++)
				out[(size_t) c++ * stride] = (int) value == level ? 1.0 : 0.0;
		}
	}
	for (j = design->feature_count; j < design->raw_count; j++)
	{
		memcpy(&value, values + (size_t) j * 8, 8);
		out[(size_t) c++ * stride] = value;
	}
	memcpy(&out[(size_t) c++ * stride], &head.number, 8);
	memcpy(&out[(size_t) c * stride], &cluster, 8);
}

static jrn_status
write_partition(jrn_design *design, tile_writer *writer, const raw_row *rows, size_t count)
{
	size_t		values_size = (size_t) design->raw_count * sizeof(double);
	uint64_t	copy_number = 0;
	size_t		i;

	for (i = 0; i < count; i++)
	{
		bool		same = i > 0 && rows[i].hash == rows[i - 1].hash &&
			compare_keys(rows[i].record, rows[i - 1].record) == 0;
		uint64_t	hash = rows[i].hash;
		double	   *out;

		if (!design->has_key)
		{
			same = same && memcmp(raw_values(rows[i].record), raw_values(rows[i - 1].record),
								  values_size) == 0;
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
		JRN_TRY(writer_row(writer, (int) (hash >> (64 - JRN_CELL_BITS)), &out));
		write_columns(design, rows[i].record, design->clusters - 1, out);
		if (i % 4096 == 4095)
			JRN_TICK(design->env);
	}
	return JRN_OK;
}

static jrn_status
plan_columns(jrn_design *design)
{
	size_t		columns = 0;
	int			j;

	JRN_TRY(jrn_alloc_array(design->env, (size_t) design->feature_count + 1, sizeof(int),
							&design->first_column));
	for (j = 0; j < design->feature_count; j++)
	{
		design->first_column[j] = (int) columns;
		if (design->is_label[j])
		{
			JRN_TRY(jrn_labels_rank(&design->labels[j]));
			columns += design->labels[j].count > 0 ? design->labels[j].count - 1 : 0;
		}
		else
			columns++;
		design->p = (int) columns;
		if (columns > JRN_MAX_COLUMNS)
			return JRN_LIMIT;
	}
	design->first_column[design->feature_count] = (int) columns;
	design->tile_columns = columns + (size_t) (design->raw_count - design->feature_count) + 2;
	design->tile_rows = TILE_TARGET_BYTES / (design->tile_columns * sizeof(double)) & ~(size_t) 7;
	if (design->tile_rows > JRN_BLOCK_ROWS)
		design->tile_rows = JRN_BLOCK_ROWS;
	if (design->tile_rows < 8)
		design->tile_rows = 8;
	design->tile_bytes = sizeof(tile_head) + design->tile_columns * design->tile_rows * sizeof(double);
	return JRN_OK;
}

jrn_status
jrn_design_finish(jrn_design *design)
{
	tile_writer writer;
	raw_order	order;
	size_t		part;

	JRN_TRY(plan_columns(design));
	JRN_TRY(jrn_store_begin(&design->tiles, design->env, design->tile_file, 0, design->memory_limit));
	JRN_TRY(writer_begin(&writer, design, &design->tiles, JRN_CELLS));
	order.values_size = (size_t) design->raw_count * sizeof(double);
	for (part = 0; part < JRN_CELLS; part++)
	{
		char	   *buffer;
		raw_row    *rows;
		size_t		count;

		if (jrn_store_part_bytes(&design->raw, part) == 0)
			continue;
		/* what the raw rows still hold is not free for the blocks */
		design->tiles.memory_limit = design->memory_limit / 8;
		if (design->memory_limit - design->memory_limit / 8 > design->raw.memory_used)
			design->tiles.memory_limit = design->memory_limit - design->raw.memory_used;
		JRN_TRY(load_partition(design, part, &buffer, &rows, &count));
		JRN_TRY(sort_raw(design->env, rows, count, &order));
		JRN_TRY(write_partition(design, &writer, rows, count));
		if (design->has_key)	/* a cell is a partition: R-DES-3 */
		{
			JRN_TRY(writer_flush(&writer, (int) part));
			jrn_release(design->env, writer.open[part]);
			writer.open[part] = NULL;
		}
		jrn_release(design->env, rows);
		jrn_release(design->env, buffer);
	}
	return writer_finish(&writer);
}

jrn_status
jrn_design_route(jrn_design *design, const int32_t *cell_of_cluster, int cells,
				 const jrn_file *file, uint64_t file_offset, jrn_store *out)
{
	tile_writer writer;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		r,
				c;

	JRN_TRY(jrn_store_begin(out, design->env, file, 0, design->memory_limit / 2));
	out->file_size = file_offset;
	JRN_TRY(writer_begin(&writer, design, out, cells));
	jrn_tiles_open(design, &design->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		for (r = 0; r < tile.rows; r++)
		{
			int			cell = cell_of_cluster != NULL ? cell_of_cluster[tile.cluster[r]] :
				(int) tile.fold[r] - 1;
			double	   *row;

			JRN_TRY(writer_row(&writer, cell, &row));
			for (c = 0; c < design->tile_columns; c++)
				memcpy(&row[c * design->tile_rows], &tile.x[c * design->tile_rows + r], 8);
		}
	}
	jrn_tiles_close(&cursor);
	return writer_finish(&writer);
}

void
jrn_tiles_open(const jrn_design *design, jrn_store *store, jrn_tile_cursor *cursor)
{
	cursor->design = design;
	cursor->bytes = NULL;
	cursor->size = 0;
	jrn_store_open(store, 0, false, &cursor->store);
}

jrn_status
jrn_tiles_next(jrn_tile_cursor *cursor, jrn_tile *tile)
{
	const jrn_design *design = cursor->design;
	const double *column;
	tile_head	head;

	JRN_TICK(design->env);
	tile->rows = 0;
	if (cursor->size == 0)
		JRN_TRY(jrn_store_next(&cursor->store, &cursor->bytes, &cursor->size));
	if (cursor->size == 0)
		return JRN_OK;
	memcpy(&head, cursor->bytes, sizeof(head));
	column = (const double *) (cursor->bytes + sizeof(head));
	tile->cell = head.cell;
	tile->rows = head.rows;
	tile->stride = design->tile_rows;
	tile->x = column;
	column += (size_t) design->p * design->tile_rows;
	tile->y = column;
	column += design->tile_rows;
	tile->weight = design->has_weight ? column : NULL;
	column += design->has_weight ? design->tile_rows : 0;
	tile->offset = design->has_offset ? column : NULL;
	column += design->has_offset ? design->tile_rows : 0;
	tile->fold = design->has_fold ? column : NULL;
	column += design->has_fold ? design->tile_rows : 0;
	tile->number = (const int64_t *) column;
	tile->cluster = (const int64_t *) (column + design->tile_rows);
	cursor->bytes += design->tile_bytes;
	cursor->size -= design->tile_bytes;
	return JRN_OK;
}

void
jrn_tiles_close(jrn_tile_cursor *cursor)
{
	jrn_store_close(&cursor->store);
}
