/*
 * selection.h
 *		Median of numbers that are finite and at least 0.
 */
#ifndef JRN_SELECTION_H
#define JRN_SELECTION_H

#include "../core/env.h"

/*
 * The middle value, or the mean of the two middle ones (as percentile_cont).
 * m >= 1; values is scratch and changes.  O(m) always: no input makes it
 * quadratic.
 */
extern jrn_status jrn_median_of(const jrn_env *env, double *values, size_t m, double *out);

#endif							/* JRN_SELECTION_H */
