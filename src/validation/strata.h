/*
 * strata.h
 *		Rows of every key in every stratum of a design, for balanced folds (pure
 *		core).
 *
 * R-STRAT-1	A stratum is a value of a label column, of a whole-number column, or
 *			of the target.
 * R-STRAT-2	As R-STRATA-3 of folds/pg_strata.h: a column of one value says
 *			nothing and is left out; of others each value counts, the rarest
 *			first, of equally rare ones in byte order of their text.
 */
#ifndef JRN_STRATA_H
#define JRN_STRATA_H

#include "../models/design.h"

/* More strata than that are a JRN_LIMIT. */
#define JRN_MOST_STRATA 1000

/* The target as a column of strata. */
#define JRN_STRATUM_TARGET (-1)

/*
 * columns: numbers of features of a finished design, or JRN_STRATUM_TARGET.
 * *rows gets clusters x *strata counts.  JRN_DOMAIN where a number is not
 * whole: *fault is its place in columns.
 */
extern jrn_status jrn_design_strata(const jrn_env *env, const jrn_design *design,
									const int *columns, int count,
									size_t *strata, int64_t **rows, int *fault);

#endif							/* JRN_STRATA_H */
