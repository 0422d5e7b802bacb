/*
 * expanded.h
 *		The rows of a design with more columns, made from those they have: for
 *		tests of a form against a richer one on the same rows.
 *
 * R-EXP-1	The old columns come first and keep their values, so that of a
 *			dependent set the new one is dropped; keys are kept.
 * R-EXP-2	The new design is in canonical order by its own rows: no result
 *			depends on the order of the source.
 *
 * Weights, offsets and folds are not carried.
 */
#ifndef JRN_EXPANDED_H
#define JRN_EXPANDED_H

#include "../models/design.h"

/* Fill `extra` from the columns of one row. */
typedef void (*jrn_expand_row) (void *arg, const double *x, double *extra);

/*
 * base is finished; with a key it remembers all of them (keep_keys).  make may
 * be NULL when extra is 0: a copy.  The files may be NULL; limit is in bytes.
 * out is planned, not finished: a fit takes it as it is.  O(rows columns).
 */
extern jrn_status jrn_design_expand(const jrn_env *env, jrn_design *base, int extra,
									jrn_expand_row make, void *arg, const jrn_file *row_file,
									const jrn_file *tile_file, size_t limit, jrn_design *out);

/* Visit the rows of a finished design: x[p] and y. */
typedef void (*jrn_design_row) (void *arg, const double *x, double y);
extern jrn_status jrn_design_rows(const jrn_env *env, jrn_design *design, jrn_design_row visit, void *arg);

#endif							/* JRN_EXPANDED_H */
