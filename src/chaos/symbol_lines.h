/*
 * symbol_lines.h
 *		Determinism and laminarity of a sequence of symbols by counting, without
 *		its recurrence matrix: the same whole numbers of cells as recurrence.h
 *		finds there (R-RQ-2, R-RQ-3), for many orders of the same symbols.
 *
 * Derivation: let pairs(k) be the number of pairs of places (i, j) from which
 * the next k symbols are the same.  A diagonal line of r cells is counted
 * max(0, r - k + 1) times in it, so pairs(k) - pairs(k + 1) lines have k cells
 * or more and the cells of such lines are k pairs(k) - (k - 1) pairs(k + 1).
 * pairs(k) is the sum of squares of how often each word of k symbols occurs.
 *
 * R-SYL-1	Equal to the count in the matrix, cell for cell, for every window
 *			and length of line.
 * R-SYL-2	O(line n + theiler n), O(n) memory; ends as soon as no word occurs
 *			twice.
 */
#ifndef JRN_SYMBOL_LINES_H
#define JRN_SYMBOL_LINES_H

#include "../core/env.h"

typedef struct jrn_symbol_lines jrn_symbol_lines;

/* The symbols are copied, so that any numbers will do. */
extern jrn_status jrn_symbol_lines_begin(const jrn_env *env, const uint32_t *symbols, size_t n,
										 jrn_symbol_lines **made);

/*
 * Shares of the black cells outside the window (|i - j| < theiler) that lie on
 * diagonal and on vertical lines of at least `line` cells, of the symbols in
 * this order (a permutation of 0 .. n - 1).  NaN without such cells.
 */
extern jrn_status jrn_symbol_lines_count(const jrn_env *env, jrn_symbol_lines *l, const uint32_t *order,
										 int64_t theiler, int64_t line, double *determinism, double *laminarity);

#endif							/* JRN_SYMBOL_LINES_H */
