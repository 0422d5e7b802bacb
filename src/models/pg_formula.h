/*
 * pg_formula.h
 *		Formulas in the server: refusals with their place, and the terms of a
 *		source.
 */
#ifndef JOURNEY_PG_FORMULA_H
#define JOURNEY_PG_FORMULA_H

#include "../pg/compat.h"

#include "formula.h"

/*
 * Parse a formula in env; others are the columns that "." stands for.  Raises
 * 42601, 0A000 or 54000 with the position in characters.
 */
extern void journey_formula_read(const jrn_env *env, const char *text, char *const *others,
								 int other_count, jrn_formula *formula);

/*
 * Settle levels (R-FML-7) once types are known: labels and booleans have them.
 * Raises 42804 for a power of such a column.
 */
extern void journey_formula_code(const jrn_env *env, const char *text, jrn_formula *formula,
								 const Oid *types, const bool *is_label);

#endif							/* JOURNEY_PG_FORMULA_H */
