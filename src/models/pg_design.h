/*
 * pg_design.h
 *		From a source query to a design matrix: finds the columns, reads the
 *		rows once, and refuses what cannot be fitted by name and row.
 */
#ifndef JOURNEY_PG_DESIGN_H
#define JOURNEY_PG_DESIGN_H

#include "../pg/compat.h"

#include "../pg/host.h"
#include "../pg/keys.h"
#include "../pg/source.h"
#include "design.h"
#include "pg_model.h"

/*
 * A caller's say on every row beside what this reader knows: columns are found
 * in open(); keep() tells whether the row counts and fills in the numbers it
 * carries.  Rows left out here are the caller's to count.  arm is the code of
 * the row's arm and label its text; 0 and NULL without one.
 */
typedef struct journey_row_judge
{
	void		(*open) (void *arg, journey_source *source);
	bool		(*keep) (void *arg, TupleTableSlot *slot, int64 row, uint32 arm,
						 const jrn_label *label, double *carried);
	void	   *arg;
	int			carried_count;
} journey_row_judge;

typedef struct journey_design_request
{
	const char *source;
	const char *target;
	const char *key;			/* NULL: rows are independent */
	const char *weight;			/* NULL: none */
	const char *offset;			/* NULL: none */
	const char *fold;			/* NULL: none */
	const char *event;			/* boolean, carried as the offset; NULL: none */
	const char *arm;			/* label or whole number that rows carry; NULL: none */
	const journey_row_judge *judge; /* NULL: none */
	const char *const *taken;	/* further columns that are no features by default */
	int			taken_count;
	char	  **features;		/* NULL: every other column */
	int			feature_count;
	const char *formula;		/* instead of features; NULL: none */
	bool		binary_target;	/* boolean, or a number that is 0 or 1 */
	bool		count_target;	/* a number that is not negative */
	bool		ordinal_target; /* a number, or an enum: its place in the type, from 1 */
	bool		drop_missing;	/* leave out rows with a NULL; else an error */
	bool		fill_missing;	/* a NULL number becomes the mean of its column */
	bool		finish;			/* store the blocks; else the caller's fit does */
	bool		row_numbers;	/* carry the position in the source */
	int64		keep_keys;		/* remember the bytes of that many keys */
	Size		memory_limit;	/* 0: all that a call may hold */
} journey_design_request;

typedef struct journey_design
{
	jrn_design	core;			/* planned, or finished: blocks can be walked */
	jrn_env		env;
	journey_tempfile row_file;
	journey_tempfile tile_file;
	MemoryContext context;		/* own child of the caller's */
	journey_encoding encoding;	/* lies in the caller's context */
	journey_key_kind key_kind;
	Oid			target_enum;	/* type of an ordinal target; else InvalidOid */
} journey_design;

/* Read and sort.  Results that outlive close() lie in context. */
extern journey_design *journey_design_read(const journey_design_request *request,
										   MemoryContext context);
extern void journey_design_close(journey_design *design);

#endif							/* JOURNEY_PG_DESIGN_H */
