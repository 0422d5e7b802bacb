/*
 * tiles.h
 *		Writing blocks of columns: values are expanded (columns.c), rows are
 *		dealt to the open block of their cell, and full blocks go to a sink
 *		(private to the design).
 *
 * Block: cell 4, rows 4, then tile_columns columns of tile_rows doubles: x, y,
 * weight, offset, fold, number (each where there is one), cluster.
 */
#ifndef JRN_TILES_H
#define JRN_TILES_H

#include "design.h"

/* The size that a block is made to fit. */
#define JRN_TILE_BYTES ((size_t) 131072)

typedef struct jrn_tile_head
{
	int32_t		cell;
	uint32_t	rows;
} jrn_tile_head;

typedef struct jrn_tile_writer
{
	jrn_design *design;
	jrn_store  *out;			/* full blocks go here, or */
	jrn_tile_visitor visitor;	/* to this function */
	void	   *visitor_arg;
	char	  **open;			/* [cells], NULL until used */
	int			cells;
} jrn_tile_writer;

extern jrn_status jrn_writer_begin(jrn_tile_writer *writer, jrn_design *design, int cells);

/* Where the next row of a cell goes: its entry in the first column. */
extern jrn_status jrn_writer_row(jrn_tile_writer *writer, int cell, double **out);

/* Hand out the open block of a cell. */
extern jrn_status jrn_writer_flush(jrn_tile_writer *writer, int cell);

/* Forget the open block of a flushed cell. */
extern void jrn_writer_forget(jrn_tile_writer *writer, int cell);
extern jrn_status jrn_writer_finish(jrn_tile_writer *writer);

/* The columns of a block in memory. */
extern void jrn_tile_of_bytes(const jrn_design *design, const char *bytes, jrn_tile *tile);

/* Where the arm lies among the values of a row. */
static inline size_t
jrn_design_arm_place(const jrn_design *design)
{
	return (size_t) design->raw_count - (size_t) design->carried_count - 1;
}

/* Values of a row on its way in, in design->values; see jrn_design_append. */
extern jrn_status jrn_columns_check(jrn_design *design, double weight);

/* Stored values: label codes become ranks, missing numbers their mean. */
extern void jrn_columns_settle(const jrn_design *design, char *values);

/* Stored and settled values become columns of a block. */
extern jrn_status jrn_columns_write(const jrn_design *design, const char *values, int64_t cluster,
									double *out);

#endif							/* JRN_TILES_H */
