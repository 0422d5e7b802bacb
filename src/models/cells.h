/*
 * cells.h
 *		Moments of (x, y) by cell in one flat array of doubles, so that all of
 *		them can travel between processes and machines (pure core).
 *
 * A cell is whatever may be left out together: a fold, a day, a hash bucket.
 * Its moments are kept by running.h, whose promises hold for each.
 *
 * R-CEL-1	Ids are any 64-bit integers, stored as two whole doubles.
 * R-CEL-2	Cells are found through a table of 2 * reserved slots inside the
 *			array (open addressing under a frozen hash), so a row costs O(1)
 *			beside its arithmetic however many cells there are.
 * R-CEL-3	Nothing in the array is trusted: opening checks its length against
 *			its own header in O(1), every slot is checked when it is used, and
 *			jrn_cells_check checks all the rest, that ids are unique included.
 *
 * Flat form:
 *
 *		q | cells used | cells reserved, a power of 2 | slots [2 reserved], 0 for
 *		empty, else 1 + place of a cell | cells [reserved], each: id / 2^32
 *		rounded down | the rest of the id | the flat form of running.h
 */
#ifndef JRN_CELLS_H
#define JRN_CELLS_H

#include "running.h"

/* Numbers before the slots. */
#define JRN_CELLS_HEADER 3

typedef struct jrn_cells
{
	size_t		q;
	size_t		used;
	size_t		reserved;
	double	   *flat;
	double	   *slots;
	double	   *cell;			/* the first */
	size_t		each;			/* doubles of a cell */
} jrn_cells;

/* Doubles of the flat form; 0 when that is more than most. */
extern size_t jrn_cells_size(size_t q, size_t reserved, size_t most);

/* A zeroed array of jrn_cells_size becomes the form of no cells. */
extern void jrn_cells_begin(double *flat, size_t q, size_t reserved, jrn_cells *cells);

/* Take an array of count doubles; JRN_CORRUPT when its header cannot be. */
extern jrn_status jrn_cells_open(double *flat, size_t count, jrn_cells *cells);

/*
 * The moments of a cell in flat form; where the cell is new it is added, or,
 * without room, *flat is NULL.  JRN_CORRUPT for a damaged slot.
 */
extern jrn_status jrn_cells_find(jrn_cells *cells, int64_t id, double **flat);

/* Copy all cells into a form with more room, begun and empty. */
extern jrn_status jrn_cells_move(const jrn_env *env, const jrn_cells *from, jrn_cells *into);

/* Id and moments of a cell by its place, below used. */
extern int64_t jrn_cells_id(const jrn_cells *cells, size_t place);
extern double *jrn_cells_at(const jrn_cells *cells, size_t place);

/* Every number (R-CEL-3): JRN_NONFINITE or JRN_CORRUPT. */
extern jrn_status jrn_cells_check(const jrn_env *env, jrn_cells *cells);

#endif							/* JRN_CELLS_H */
