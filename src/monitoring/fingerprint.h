/*
 * fingerprint.h
 *		A fingerprint of many rows that does not depend on their order.
 *
 * Definition: the sum modulo 2^128 of one 128-bit hash a row, with the number
 * of rows (reference/validation.md 5.2).  The hash of a row is XXH64 of its
 * canonical bytes under two fixed seeds, the first one the high half.  The
 * caller makes the bytes: an injective writing of the row.
 *
 * R-FPR-1	Addition commutes, so neither the order of rows nor the way they
 *			are dealt to workers matters.
 * R-FPR-2	A sum, not an exclusive or: two equal rows do not cancel.
 * R-FPR-3	Seeds and text never change; another sum would get another name.
 * R-FPR-4	Text: 32 lower-case hexadecimal digits, a colon, the row count.
 *
 * It finds what happens by accident or by new data.  XXH64 is no
 * cryptographic hash: who wants to make two data sets with one fingerprint can.
 */
#ifndef JRN_FINGERPRINT_H
#define JRN_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

typedef struct jrn_fingerprint
{
	uint64_t	high;
	uint64_t	low;
	uint64_t	rows;
} jrn_fingerprint;

/* Room for the text: 32 digits, ':', 20 digits and the end. */
#define JRN_FINGERPRINT_TEXT 54

/* One more row of these bytes.  O(size). */
extern void jrn_fingerprint_add(jrn_fingerprint *sum, const void *bytes, size_t size);

/* All rows of other as well.  O(1). */
extern void jrn_fingerprint_merge(jrn_fingerprint *sum, const jrn_fingerprint *other);

extern void jrn_fingerprint_text(const jrn_fingerprint *sum, char text[JRN_FINGERPRINT_TEXT]);

#endif							/* JRN_FINGERPRINT_H */
