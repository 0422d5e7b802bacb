/*
 * expanded.c
 *		Designs with more columns (see expanded.h).
 */
#include <string.h>

#include "expanded.h"

typedef struct expansion
{
	jrn_design *base;
	jrn_design *out;
	int			p;				/* columns of base */
	jrn_expand_row make;
	void	   *arg;
	double	   *values;			/* of one row, old and new */
} expansion;

static void
take_row(const jrn_tile *tile, int p, size_t r, double *x)
{
	int			j;

	for (j = 0; j < p; j++)
		x[j] = tile->x[(size_t) j * tile->stride + r];
}

static jrn_status
append_block(const expansion *e, const jrn_tile *tile)
{
	jrn_row		row;
	size_t		r;

	memset(&row, 0, sizeof(row));
	row.weight = 1.0;
	row.features = e->values;
	for (r = 0; r < tile->rows; r++)
	{
		take_row(tile, e->p, r, e->values);
		if (e->make != NULL)
			e->make(e->arg, e->values, e->values + e->p);
		row.y = tile->y[r];
		if (e->base->has_key)
		{
			row.key = e->base->cluster_key[tile->cluster[r]];
			row.key_size = e->base->cluster_key_size[tile->cluster[r]];
		}
		JRN_TRY(jrn_design_append(e->out, &row));
	}
	return JRN_OK;
}

static jrn_status
begin_design(const jrn_env *env, const jrn_design *base, int columns, const jrn_file *row_file,
			 const jrn_file *tile_file, size_t limit, jrn_design *out)
{
	bool	   *is_label;

	memset(out, 0, sizeof(*out));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) columns, sizeof(bool), &is_label));
	out->feature_count = columns;
	out->is_label = is_label;
	out->has_key = base->has_key;
	out->keep_keys = base->n;
	return jrn_design_begin(out, env, row_file, tile_file, limit);
}

jrn_status
jrn_design_expand(const jrn_env *env, jrn_design *base, int extra, jrn_expand_row make, void *arg,
				  const jrn_file *row_file, const jrn_file *tile_file, size_t limit, jrn_design *out)
{
	expansion	e = {base, out, base->p, make, arg, NULL};
	jrn_tile_cursor cursor;
	jrn_tile	tile;

	if (base->p > JRN_MAX_COLUMNS - extra)
		return JRN_LIMIT;
	JRN_TRY(begin_design(env, base, base->p + extra, row_file, tile_file, limit, out));
	JRN_TRY(jrn_alloc_array(env, (size_t) (base->p + extra), sizeof(double), &e.values));
	jrn_tiles_open(base, &base->tiles, &cursor);
	for (;;)
	{
		JRN_TICK(env);
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		JRN_TRY(append_block(&e, &tile));
	}
	jrn_tiles_close(&cursor);
	return jrn_design_plan(out);
}

jrn_status
jrn_design_rows(const jrn_env *env, jrn_design *design, jrn_design_row visit, void *arg)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	double	   *x;
	size_t		r;

	JRN_TRY(jrn_alloc_array(env, (size_t) design->p, sizeof(double), &x));
	jrn_tiles_open(design, &design->tiles, &cursor);
	for (;;)
	{
		JRN_TICK(env);
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		for (r = 0; r < tile.rows; r++)
		{
			take_row(&tile, design->p, r, x);
			visit(arg, x, tile.y[r]);
		}
	}
	jrn_tiles_close(&cursor);
	jrn_release(env, x);
	return JRN_OK;
}
