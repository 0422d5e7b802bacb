/*
 * columns.h
 *		The same rows with fewer columns: a design for each of several models
 *		that were read together (pure core).
 *
 * R-COL-1	Rows, blocks, cells, clusters and row numbers are those of the full
 *			design, so all models see the same rows in the same folds.
 * R-COL-2	Columns come in the order asked for: of a dependent set the later
 *			one is dropped, as in a design that was read with these features.
 */
#ifndef JRN_COLUMNS_H
#define JRN_COLUMNS_H

#include "../models/design.h"

/*
 * A design with the columns of the chosen features (numbers of features of
 * full, count of them).  Its blocks are a copy in the memory of env, and in
 * the file when they exceed half the memory limit; everything else is shared
 * with full, which must outlive it.
 */
extern jrn_status jrn_design_choose(const jrn_design *full, const jrn_env *env,
									const int *features, int count, const jrn_file *file,
									jrn_design *chosen);

#endif							/* JRN_COLUMNS_H */
