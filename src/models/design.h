/*
 * design.h
 *		The design matrix: source rows become blocks of columns in canonical
 *		order.
 *
 * Rows arrive in any order.  Each goes into a partitioned store under the
 * hash of its key (or, where rows are independent, of its own content);
 * finish() sorts every partition and writes blocks of up to 256 rows, column
 * by column, label columns expanded.  A block belongs to one cell: one of 128
 * hash buckets.  Sums over blocks are therefore the same whatever the order
 * of the rows, the plan or the memory limit.
 *
 * R-DES-1	Canonical order: (XXH64 of the key, key bytes, row content).  For
 *			independent rows the key is the row's content, and its copies are
 *			told apart by a running number that enters the hash from the
 *			second on, so that equal rows spread over cells like any others.
 * R-DES-2	A label column with levels l1 < l2 < ... in byte order gives the
 *			columns "is l2", "is l3", ...
 * R-DES-3	Rows of one key are adjacent within their cell, and carry the
 *			number of their key (cluster) in canonical order.
 * R-DES-4	Zero is stored as +0, so -0 and 0 are the same value.
 * R-DES-5	With terms the columns are theirs (terms.h), made when blocks are
 *			written; a product that overflows is refused with its row.
 * R-DES-6	With fill_missing a number may be NaN: it becomes the mean of the
 *			column's other rows, weights counted, before rows are sorted and
 *			multiplied.  Sums are kept in double-double and rounded once, so
 *			the mean does not depend on the order of rows.
 * R-DES-7	With has_arm a row carries a label beside its features, the strategy
 *			it took, as its rank in byte order; and carried_count numbers that
 *			nothing here looks at.  Neither becomes a column of x.
 */
#ifndef JRN_DESIGN_H
#define JRN_DESIGN_H

#include <stdbool.h>

#include "../core/dd.h"
#include "../core/env.h"
#include "../core/kernels.h"
#include "../core/store.h"
#include "../events/labels.h"
#include "terms.h"

/* Hash buckets of the key: cells of every design. */
#define JRN_CELL_BITS 7
#define JRN_CELLS 128

/* The most columns a design may have after expansion. */
#define JRN_MAX_COLUMNS 5000

typedef struct jrn_design
{
	const jrn_env *env;
	const jrn_file *tile_file;
	size_t		memory_limit;

	/* what a row brings */
	int			feature_count;
	const bool *is_label;		/* [feature_count] */
	jrn_term   *terms;			/* NULL: every feature is a term */
	int			term_count;
	bool		has_products;	/* some term is no plain feature */
	bool		fill_missing;	/* NaN is a missing number (R-DES-6) */
	bool		has_weight;
	bool		has_offset;
	bool		has_fold;
	bool		has_key;
	bool		has_arm;		/* R-DES-7 */
	int			carried_count;
	bool		has_number;		/* carry the row's position in the source */
	int64_t		keep_keys;		/* remember the bytes of that many keys */
	int			raw_count;		/* doubles of a raw row */
	jrn_labels *labels;			/* [feature_count], used for label columns */
	jrn_labels	arms;			/* with has_arm */
	double	   *values;			/* scratch of one row */
	jrn_store	raw;
	jrn_dd	   *sums;			/* [feature_count] with fill_missing */
	jrn_dd	   *weights;		/* of the rows in sums */
	int64_t    *filled;			/* missing numbers */
	int			term_at_fault;	/* after JRN_NONFINITE of append */

	/* after plan */
	int			p;				/* columns after expansion */
	int		   *first_column;	/* [features or terms, + 1] */
	double	   *means;			/* [feature_count] with fill_missing */
	size_t		tile_rows;
	size_t		tile_columns;
	size_t		tile_bytes;
	jrn_store	tiles;
	int64_t		n;				/* rows */
	int64_t		clusters;		/* distinct keys; n where rows are independent */
	uint64_t   *cluster_hash;	/* with keep_keys, of independent rows */
	jrn_store	keys;			/* with keep_keys and has_key: their bytes */
	const char **cluster_key;
	size_t	   *cluster_key_size;
	size_t		cluster_capacity;
	size_t		cluster_key_capacity;
	size_t		cluster_size_capacity;
} jrn_design;

/* One row on its way in. */
typedef struct jrn_row
{
	const char *key;			/* canonical bytes; ignored without has_key */
	size_t		key_size;
	int64_t		number;			/* position in the source, from 1; see has_number */
	const double *features;		/* label columns hold their code */
	double		y;
	double		weight;			/* positive */
	double		offset;
	double		fold;
	uint32_t	arm;			/* code in arms */
	const double *carried;		/* [carried_count] */
} jrn_row;

/* One block on its way out; columns have tile_rows doubles each. */
typedef struct jrn_tile
{
	int			cell;
	size_t		rows;
	size_t		stride;
	const double *x;			/* p columns */
	const double *y;
	const double *weight;		/* NULL: all 1 */
	const double *offset;		/* NULL: all 0 */
	const double *fold;			/* NULL: none */
	const double *arm;			/* rank of the row's arm; NULL: none */
	const double *carried;		/* carried_count columns; NULL: none */
	const int64_t *number;		/* NULL without has_number */
	const int64_t *cluster;
} jrn_tile;

typedef struct jrn_tile_cursor
{
	const jrn_design *design;
	jrn_store_cursor store;
	const char *bytes;
	size_t		size;
} jrn_tile_cursor;

/*
 * Fill design->feature_count, is_label, terms, fill_missing, has_* and
 * keep_keys before the call.  The files may be NULL.
 */
extern jrn_status jrn_design_begin(jrn_design *design, const jrn_env *env,
								   const jrn_file *row_file, const jrn_file *tile_file,
								   size_t memory_limit);

/* JRN_NONFINITE: the product of term_at_fault overflows in this row. */
extern jrn_status jrn_design_append(jrn_design *design, const jrn_row *row);

/*
 * After the last row: settle the columns.  JRN_LIMIT when they exceed
 * JRN_MAX_COLUMNS (design->p tells).
 */
extern jrn_status jrn_design_plan(jrn_design *design);

/*
 * Sort the rows and store the blocks; the raw rows are gone afterwards.  Plans
 * where that was not done.
 */
extern jrn_status jrn_design_finish(jrn_design *design);

/*
 * Sort the rows and show every block once, in the order and with the content
 * that finish() would store, without storing any.  Can be called before
 * finish(); the design counts its clusters on the way.
 */
typedef jrn_status (*jrn_tile_visitor) (void *arg, const jrn_tile *tile);
extern jrn_status jrn_design_stream(jrn_design *design, jrn_tile_visitor visitor, void *arg);

/* Give back rows, blocks and keys; the design is unusable afterwards. */
extern void jrn_design_end(jrn_design *design);

/*
 * Deal all rows anew into cells given by their cluster number: out gets one
 * set of blocks per cell, each in canonical order.  cell_of_cluster NULL
 * takes the fold column, less one.  The file is appended to from file_offset
 * (out->file_size tells where it ends).
 */
extern jrn_status jrn_design_route(jrn_design *design, const int32_t *cell_of_cluster,
								   int cells, const jrn_file *file, uint64_t file_offset,
								   jrn_store *out);

/* Walk blocks of the design (store = &design->tiles) or of a routed store. */
extern void jrn_tiles_open(const jrn_design *design, jrn_store *store, jrn_tile_cursor *cursor);

/* The next block; tile->rows is 0 at the end. */
extern jrn_status jrn_tiles_next(jrn_tile_cursor *cursor, jrn_tile *tile);
extern void jrn_tiles_close(jrn_tile_cursor *cursor);

#endif							/* JRN_DESIGN_H */
