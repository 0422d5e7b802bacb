/*
 * plan.h
 *		Which rows are held back together: fold maps over the cells of a
 *		design, one per repeat (pure core).
 *
 * R-PLAN-1	A key is never split over folds.
 * R-PLAN-2	buckets: the 128 cells of the design are dealt to the folds, largest
 *			size class first, within a class in the order of a hash under the
 *			repeat's seed, always to the fold with the fewest rows.  All
 *			repeats share the design's blocks.
 * R-PLAN-3	ntile and hash: keys are dealt by R-FOLD-2 and R-FOLD-1 under the
 *			repeat's seed, and the rows are written anew with one cell a fold.
 * R-PLAN-4	column: the source names the fold of every row.
 * R-PLAN-5	balanced: keys are dealt by rows and strata (folds/balanced.h).
 */
#ifndef JRN_PLAN_H
#define JRN_PLAN_H

#include "../models/design.h"

/* Keys from which `auto` deals whole buckets: ten a bucket. */
#define JRN_BUCKET_KEYS 1280

typedef enum jrn_fold_method
{
	JRN_FOLDS_AUTO,
	JRN_FOLDS_BUCKETS,
	JRN_FOLDS_NTILE,
	JRN_FOLDS_HASH,
	JRN_FOLDS_BALANCED,
	JRN_FOLDS_COLUMN
} jrn_fold_method;

typedef struct jrn_plan
{
	const jrn_env *env;
	jrn_design *design;
	jrn_fold_method method;		/* never AUTO */
	int			k;
	uint64_t	seed;
	int64_t	   *rows_of_cluster;	/* all but BUCKETS */
	int32_t    *fold_of_cluster;	/* 0-based */
	int64_t		rows_of_cell[JRN_CELLS];

	/* BALANCED, set by the caller before the first repeat; may stay empty */
	size_t		strata;
	const int64_t *stratum_rows;	/* of cluster i and stratum c at i * strata + c */

	/* of the current repeat */
	jrn_store  *tiles;
	jrn_store	routed;
	uint64_t	file_used;
	int			cells;
	int32_t    *fold_of_cell;	/* [cells], 0-based */
	int64_t    *rows_of_fold;	/* [k] */
} jrn_plan;

/* What a plan found wrong with a fold column (R-PLAN-1). */
typedef struct jrn_plan_fault
{
	int64_t		cluster;		/* -1: none */
	int			fold_a;
	int			fold_b;
} jrn_plan_fault;

/*
 * Settle the method and, for COLUMN, the number of folds.  JRN_DOMAIN with a
 * fault when a key has rows in two folds.  NTILE, HASH and BALANCED need the
 * design's keys (keep_keys).
 */
extern jrn_status jrn_plan_begin(jrn_plan *plan, const jrn_env *env, jrn_design *design,
								 jrn_fold_method method, int k, uint64_t seed,
								 jrn_plan_fault *fault);

/* Make the map of a repeat (from 1); file takes rewritten blocks. */
extern jrn_status jrn_plan_repeat(jrn_plan *plan, int repeat, const jrn_file *file);

/*
 * R-PLAN-2 for any cells: fold_of_cell[count] and rows_of_fold[k], folds from
 * 0.  ids (NULL: the places) go into the hash.  With rows in every cell and at
 * least k cells no fold is empty.
 */
extern jrn_status jrn_deal_cells(const jrn_env *env, size_t count, const int64_t *ids,
								 const int64_t *rows, int k, uint64_t seed,
								 int32_t *fold_of_cell, int64_t *rows_of_fold);

#endif							/* JRN_PLAN_H */
