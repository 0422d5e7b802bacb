/*
 * cells.c
 *		Moments by cell in a flat array (see cells.h).
 */
#include <math.h>
#include <string.h>

#include "../core/hash.h"
#include "cells.h"
#include "design.h"

/* Doubles before a cell's moments. */
#define ID_DOUBLES 2

#define HIGH_UNIT 4294967296.0

#define TICK_CELLS 256

/* Cells a form may reserve; far above what memory allows. */
#define MOST_CELLS 1073741824.0

size_t
jrn_cells_size(size_t q, size_t reserved, size_t most)
{
	size_t		each = 2 + ID_DOUBLES + jrn_running_size(q);

	if (most < JRN_CELLS_HEADER || reserved > (most - JRN_CELLS_HEADER) / each)
		return 0;
	return JRN_CELLS_HEADER + reserved * each;
}

static void
lay_out(double *flat, jrn_cells *cells)
{
	cells->flat = flat;
	cells->slots = flat + JRN_CELLS_HEADER;
	cells->cell = cells->slots + 2 * cells->reserved;
	cells->each = ID_DOUBLES + jrn_running_size(cells->q);
}

void
jrn_cells_begin(double *flat, size_t q, size_t reserved, jrn_cells *cells)
{
	cells->q = q;
	cells->used = 0;
	cells->reserved = reserved;
	flat[0] = (double) q;
	flat[2] = (double) reserved;
	lay_out(flat, cells);
}

static bool
is_whole(double value, double least, double most)
{
	return value >= least && value <= most && value == floor(value);
}

jrn_status
jrn_cells_open(double *flat, size_t count, jrn_cells *cells)
{
	if (count < JRN_CELLS_HEADER || !is_whole(flat[0], 1.0, JRN_MAX_COLUMNS + 1) ||
		!is_whole(flat[2], 1.0, MOST_CELLS) || !is_whole(flat[1], 0.0, flat[2]))
		return JRN_CORRUPT;
	cells->q = (size_t) flat[0];
	cells->used = (size_t) flat[1];
	cells->reserved = (size_t) flat[2];
	if ((cells->reserved & (cells->reserved - 1)) != 0 ||
		jrn_cells_size(cells->q, cells->reserved, count) != count)
		return JRN_CORRUPT;
	lay_out(flat, cells);
	return JRN_OK;
}

static bool
is_id(const double *cell)
{
	return is_whole(cell[0], -HIGH_UNIT / 2, HIGH_UNIT / 2 - 1) && is_whole(cell[1], 0.0, HIGH_UNIT - 1);
}

int64_t
jrn_cells_id(const jrn_cells *cells, size_t place)
{
	const double *cell = cells->cell + place * cells->each;

	if (!is_id(cell))
		return 0;				/* damaged, as jrn_cells_check will tell */
	return (int64_t) ((uint64_t) (int64_t) cell[0] << 32 | (uint64_t) cell[1]);
}

double *
jrn_cells_at(const jrn_cells *cells, size_t place)
{
	return cells->cell + place * cells->each + ID_DOUBLES;
}

static void
split_id(int64_t id, double *high, double *low)
{
	*high = floor((double) (id >> 32));
	*low = (double) (uint32_t) ((uint64_t) id & UINT32_MAX);
}

jrn_status
jrn_cells_find(jrn_cells *cells, int64_t id, double **flat)
{
	size_t		mask = 2 * cells->reserved - 1;
	size_t		slot = (size_t) jrn_hash_u64((uint64_t) id, 0) & mask;
	size_t		tried;
	double		high;
	double		low;
	double	   *cell;

	split_id(id, &high, &low);
	*flat = NULL;
	for (tried = 0; tried <= mask; tried++, slot = (slot + 1) & mask)
	{
		double		place = cells->slots[slot];

		if (place == 0.0)
			break;
		if (!is_whole(place, 1.0, (double) cells->used))
			return JRN_CORRUPT;
		cell = cells->cell + ((size_t) place - 1) * cells->each;
		if (cell[0] == high && cell[1] == low)
		{
			*flat = cell + ID_DOUBLES;
			return JRN_OK;
		}
	}
	if (tried > mask)
		return JRN_CORRUPT;		/* at most half of the slots are taken */
	if (cells->used == cells->reserved)
		return JRN_OK;
	cell = cells->cell + cells->used * cells->each;
	memset(cell, 0, cells->each * sizeof(double));
	cell[0] = high;
	cell[1] = low;
	cells->used++;
	cells->slots[slot] = (double) cells->used;
	cells->flat[1] = (double) cells->used;
	*flat = cell + ID_DOUBLES;
	return JRN_OK;
}

jrn_status
jrn_cells_move(const jrn_env *env, const jrn_cells *from, jrn_cells *into)
{
	size_t		place;

	for (place = 0; place < from->used; place++)
	{
		double	   *flat;

		if (place % TICK_CELLS == 0)
			JRN_TICK(env);
		JRN_TRY(jrn_cells_find(into, jrn_cells_id(from, place), &flat));
		if (flat == NULL)
			return JRN_CORRUPT;
		memcpy(flat, jrn_cells_at(from, place), (from->each - ID_DOUBLES) * sizeof(double));
	}
	return JRN_OK;
}

jrn_status
jrn_cells_check(const jrn_env *env, jrn_cells *cells)
{
	size_t		taken = 0;
	size_t		place;

	for (place = 0; place < 2 * cells->reserved; place++)
		taken += cells->slots[place] != 0.0 ? 1 : 0;
	if (taken != cells->used)
		return JRN_CORRUPT;
	for (place = 0; place < cells->used; place++)
	{
		double	   *cell = cells->cell + place * cells->each;
		jrn_running running;
		double	   *found;

		if (place % TICK_CELLS == 0)
			JRN_TICK(env);
		if (!is_id(cell))
			return JRN_CORRUPT;
		jrn_running_open(cell + ID_DOUBLES, cells->q, &running);
		JRN_TRY(jrn_running_check(&running));
		/* an id that is there twice, or lost to its table, leads elsewhere */
		JRN_TRY(jrn_cells_find(cells, jrn_cells_id(cells, place), &found));
		if (found != cell + ID_DOUBLES)
			return JRN_CORRUPT;
	}
	return JRN_OK;
}
