/*
 * columns.c
 *		Copies of a design's blocks with fewer columns (see columns.h).
 */
#include <string.h>

#include "../models/tiles.h"
#include "columns.h"

/* Columns of the chosen features in full; their number is in chosen->p. */
static jrn_status
list_columns(const jrn_design *full, const int *features, int count, jrn_design *chosen,
			 int **columns)
{
	int			p = 0;
	int			i,
				c;

	for (i = 0; i < count; i++)
		p += full->first_column[features[i] + 1] - full->first_column[features[i]];
	JRN_TRY(jrn_alloc_array(chosen->env, (size_t) p, sizeof(int), columns));
	chosen->p = p;
	p = 0;
	for (i = 0; i < count; i++)
		for (c = full->first_column[features[i]]; c < full->first_column[features[i] + 1]; c++)
			(*columns)[p++] = c;
	return JRN_OK;
}

/* A block is its head, the columns of x, and then all that is not a feature. */
static jrn_status
copy_block(const jrn_design *full, const jrn_tile *tile, const int *columns, jrn_design *chosen)
{
	size_t		column_bytes = full->tile_rows * sizeof(double);
	size_t		rest = full->tile_columns - (size_t) full->p;
	jrn_tile_head head;
	void	   *room;
	char	   *out;
	int			c;

	JRN_TRY(jrn_store_reserve(&chosen->tiles, 0, chosen->tile_bytes, &room));
	head.cell = tile->cell;
	head.rows = (uint32_t) tile->rows;
	memcpy(room, &head, sizeof(head));
	out = (char *) room + sizeof(head);
	for (c = 0; c < chosen->p; c++)
	{
		memcpy(out, tile->x + (size_t) columns[c] * full->tile_rows, column_bytes);
		out += column_bytes;
	}
	memcpy(out, tile->x + (size_t) full->p * full->tile_rows, rest * column_bytes);
	return JRN_OK;
}

jrn_status
jrn_design_choose(const jrn_design *full, const jrn_env *env, const int *features, int count,
				  const jrn_file *file, jrn_design *chosen)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	int		   *columns;

	*chosen = *full;
	chosen->env = env;
	JRN_TRY(list_columns(full, features, count, chosen, &columns));
	chosen->tile_columns = full->tile_columns - (size_t) full->p + (size_t) chosen->p;
	chosen->tile_bytes = sizeof(jrn_tile_head) +
		chosen->tile_columns * chosen->tile_rows * sizeof(double);
	JRN_TRY(jrn_store_begin(&chosen->tiles, env, file, 0, full->memory_limit / 2));
	jrn_tiles_open(full, (jrn_store *) &full->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		JRN_TRY(copy_block(full, &tile, columns, chosen));
	}
	jrn_tiles_close(&cursor);
	jrn_release(env, columns);
	return JRN_OK;
}
