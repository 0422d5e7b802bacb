/*
 * suffixes.h
 *		Suffix array of an integer string in linear time.
 *
 * Method: induced sorting of the leftmost S-type substrings (Nong, Zhang,
 * Chan 2009, "Linear suffix array construction by almost pure
 * induced-sorting"), own implementation.  A suffix that is a prefix of
 * another sorts before it, as if the text ended in a symbol below all.
 */
#ifndef JRN_SUFFIXES_H
#define JRN_SUFFIXES_H

#include "../core/env.h"

/*
 * suffixes[0 .. n-1]: start positions of the suffixes of text in ascending
 * order.  Symbols are 0 .. symbols-1; 0 <= n <= INT32_MAX.  O(n + symbols)
 * time, about 5 n bytes of scratch beside the result in the worst case.
 */
extern jrn_status jrn_suffix_array(const jrn_env *env, const int32_t *text, int32_t n,
								   int32_t symbols, int32_t *suffixes);

#endif							/* JRN_SUFFIXES_H */
