/*
 * labels.h
 *		Dictionary of touchpoints: bytes to small codes and back.
 *
 * R-LAB-1	Labels are told apart by their bytes, not by a collation.
 * R-LAB-2	Codes are given in order of first appearance; ranks, given once
 *			all labels are known, follow byte order and do not depend on the
 *			order of rows.
 * R-LAB-3	A small memo of the labels met last answers before the dictionary;
 *			it compares every byte, so it never answers otherwise.
 */
#ifndef JRN_LABELS_H
#define JRN_LABELS_H

#include <stdbool.h>
#include <string.h>

#include "../core/env.h"

typedef struct jrn_label
{
	const char *bytes;
	size_t		size;
	uint64_t	hash;
} jrn_label;

/* Sets of two entries; a label's size, first and last eight bytes find its set. */
#define JRN_LABEL_MEMO_BITS 6

typedef struct jrn_label_memo
{
	uint64_t	first;
	uint64_t	last;
	size_t		size_and_1;		/* 0: free */
	const char *bytes;
	uint32_t	code;
} jrn_label_memo;

typedef struct jrn_labels
{
	const jrn_env *env;
	jrn_label_memo *memo;		/* 2 << JRN_LABEL_MEMO_BITS */
	jrn_label  *list;			/* by code */
	size_t		count;
	size_t		capacity;
	uint32_t   *slots;			/* open addressing, code + 1; 0: free */
	size_t		slot_count;		/* a power of two */
	uint32_t   *rank_of_code;	/* after jrn_labels_rank */
	uint32_t   *code_of_rank;
} jrn_labels;

extern jrn_status jrn_labels_begin(jrn_labels *labels, const jrn_env *env);

/* The same without the memo. */
extern jrn_status jrn_labels_find(jrn_labels *labels, const char *bytes, size_t size,
								  uint32_t *code);

/* Put a label first into its set of the memo. */
extern void jrn_labels_memorise(const jrn_labels *labels, jrn_label_memo *set,
								uint64_t first, uint64_t last, uint32_t code);

/*
 * First and last eight bytes, which overlap in labels of 8 to 16 bytes; shorter
 * ones are put together from two overlapping halves, or byte by byte, so that
 * labels of equal size up to 16 are equal when both numbers are.
 */
static inline void
jrn_label_ends(const char *bytes, size_t size, uint64_t *first, uint64_t *last)
{
	if (size >= 8)
	{
		memcpy(first, bytes, 8);
		memcpy(last, bytes + size - 8, 8);
	}
	else if (size >= 4)
	{
		uint32_t	low;
		uint32_t	high;

		memcpy(&low, bytes, 4);
		memcpy(&high, bytes + size - 4, 4);
		*first = low;
		*last = high;
	}
	else
	{
		size_t		i;

		*first = *last = 0;
		for (i = 0; i < size; i++)
			*first = *first << 8 | (unsigned char) bytes[i];
	}
}

static inline bool
jrn_label_memo_is(const jrn_label_memo *memo, uint64_t first, uint64_t last,
				  const char *bytes, size_t size)
{
	return memo->first == first && memo->last == last && memo->size_and_1 == size + 1 &&
		(size <= 16 || memcmp(memo->bytes + 8, bytes + 8, size - 16) == 0);
}

/* Code of a label, new or known; the bytes are copied when new. */
static inline jrn_status
jrn_labels_intern(jrn_labels *labels, const char *bytes, size_t size, uint32_t *code)
{
	jrn_label_memo *set;
	uint64_t	first;
	uint64_t	last;

	jrn_label_ends(bytes, size, &first, &last);
	set = labels->memo + 2 * (((first + last * UINT64_C(0x9E3779B185EBCA87) + size) *
							   UINT64_C(0xC2B2AE3D27D4EB4F)) >> (64 - JRN_LABEL_MEMO_BITS));
	if (jrn_label_memo_is(&set[0], first, last, bytes, size))
		*code = set[0].code;
	else if (jrn_label_memo_is(&set[1], first, last, bytes, size))
		*code = set[1].code;
	else
	{
		JRN_TRY(jrn_labels_find(labels, bytes, size, code));
		jrn_labels_memorise(labels, set, first, last, *code);
	}
	return JRN_OK;
}

/* Fill rank_of_code and code_of_rank.  O(L log L). */
extern jrn_status jrn_labels_rank(jrn_labels *labels);

/* Byte order of two strings: memcmp, then the shorter first. */
extern int jrn_bytes_compare(const char *a, size_t a_size, const char *b, size_t b_size);

#endif							/* JRN_LABELS_H */
