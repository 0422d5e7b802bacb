/*
 * lempel_ziv.h
 *		Lempel-Ziv complexity of a path: its number of LZ76 phrases.
 *
 * Definition: reference/chaos.md 3.2 (Lempel and Ziv 1976, exhaustive
 * history).
 *
 * R-LZ-1	A phrase is the shortest run of symbols from its start that does
 *			not occur in what lies before its own last symbol; the earlier
 *			copy may overlap the phrase up to the symbol before that.
 * R-LZ-2	A phrase that the end of the path cuts short counts.
 * R-LZ-3	All three methods below give the same number.
 */
#ifndef JRN_LEMPEL_ZIV_H
#define JRN_LEMPEL_ZIV_H

#include "shape.h"

/* Paths up to here go through bit sets, longer ones through suffixes. */
#define JRN_LZ_BITSET_EVENTS 1024

/*
 * Number of phrases of a tallied path.  Up to 64 events: O(n); up to
 * JRN_LZ_BITSET_EVENTS: O(n^2 / 64); above: O(n) with 16 n bytes of memory
 * that is released again.
 */
extern jrn_status jrn_lempel_ziv(const jrn_env *env, jrn_shape_work *work,
								 const jrn_tally *tally, int64_t *out);

#endif							/* JRN_LEMPEL_ZIV_H */
