/*
 * tiles.c
 *		Blocks of columns: writing, dealing anew and walking (see tiles.h and
 *		design.h).
 */
#include <string.h>

#include "tiles.h"

jrn_status
jrn_writer_begin(jrn_tile_writer *writer, jrn_design *design, int cells)
{
	memset(writer, 0, sizeof(*writer));
	writer->design = design;
	writer->cells = cells;
	return jrn_alloc_zeroed(design->env, (size_t) cells, sizeof(char *), &writer->open);
}

/* Zero the rows up to whole lanes (R-KER-2) and hand the block out. */
jrn_status
jrn_writer_flush(jrn_tile_writer *writer, int cell)
{
	jrn_design *design = writer->design;
	char	   *tile = writer->open[cell];
	jrn_tile_head head;
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
	if (writer->out != NULL)
	{
		JRN_TRY(jrn_store_reserve(writer->out, 0, design->tile_bytes, &room));
		memcpy(room, tile, design->tile_bytes);
	}
	else
	{
		jrn_tile	view;

		JRN_TICK(design->env);
		jrn_tile_of_bytes(design, tile, &view);
		JRN_TRY(writer->visitor(writer->visitor_arg, &view));
	}
	head.rows = 0;
	memcpy(tile, &head, sizeof(head));
	return JRN_OK;
}

jrn_status
jrn_writer_row(jrn_tile_writer *writer, int cell, double **out)
{
	jrn_design *design = writer->design;
	jrn_tile_head head;

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
		JRN_TRY(jrn_writer_flush(writer, cell));
		head.rows = 0;
	}
	*out = (double *) (writer->open[cell] + sizeof(head)) + head.rows;
	head.rows++;
	memcpy(writer->open[cell], &head, sizeof(head));
	return JRN_OK;
}

void
jrn_writer_forget(jrn_tile_writer *writer, int cell)
{
	jrn_release(writer->design->env, writer->open[cell]);
	writer->open[cell] = NULL;
}

jrn_status
jrn_writer_finish(jrn_tile_writer *writer)
{
	int			cell;

	for (cell = 0; cell < writer->cells; cell++)
	{
		JRN_TRY(jrn_writer_flush(writer, cell));
		jrn_release(writer->design->env, writer->open[cell]);
	}
	jrn_release(writer->design->env, writer->open);
	return JRN_OK;
}

jrn_status
jrn_design_route(jrn_design *design, const int32_t *cell_of_cluster, int cells,
				 const jrn_file *file, uint64_t file_offset, jrn_store *out)
{
	jrn_tile_writer writer;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		r,
				c;

	JRN_TRY(jrn_store_begin(out, design->env, file, 0, design->memory_limit / 2));
	out->file_size = file_offset;
	JRN_TRY(jrn_writer_begin(&writer, design, cells));
	writer.out = out;
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

			JRN_TRY(jrn_writer_row(&writer, cell, &row));
			for (c = 0; c < design->tile_columns; c++)
				memcpy(&row[c * design->tile_rows], &tile.x[c * design->tile_rows + r], 8);
		}
	}
	jrn_tiles_close(&cursor);
	return jrn_writer_finish(&writer);
}

void
jrn_tile_of_bytes(const jrn_design *design, const char *bytes, jrn_tile *tile)
{
	const double *column;
	jrn_tile_head head;

	memcpy(&head, bytes, sizeof(head));
	column = (const double *) (bytes + sizeof(head));
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
	tile->arm = design->has_arm ? column : NULL;
	column += design->has_arm ? design->tile_rows : 0;
	tile->carried = design->carried_count > 0 ? column : NULL;
	column += (size_t) design->carried_count * design->tile_rows;
	tile->number = design->has_number ? (const int64_t *) column : NULL;
	column += design->has_number ? design->tile_rows : 0;
	tile->cluster = (const int64_t *) column;
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

	JRN_TICK(design->env);
	tile->rows = 0;
	if (cursor->size == 0)
		JRN_TRY(jrn_store_next(&cursor->store, &cursor->bytes, &cursor->size));
	if (cursor->size == 0)
		return JRN_OK;
	jrn_tile_of_bytes(design, cursor->bytes, tile);
	cursor->bytes += design->tile_bytes;
	cursor->size -= design->tile_bytes;
	return JRN_OK;
}

void
jrn_tiles_close(jrn_tile_cursor *cursor)
{
	jrn_store_close(&cursor->store);
}
