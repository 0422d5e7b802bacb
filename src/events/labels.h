/*
 * labels.h
 *		Dictionary of touchpoints: bytes to small codes and back.
 *
 * R-LAB-1	Labels are told apart by their bytes, not by a collation.
 * R-LAB-2	Codes are given in order of first appearance; ranks, given once
 *			all labels are known, follow byte order and do not depend on the
 *			order of rows.
 */
#ifndef JRN_LABELS_H
#define JRN_LABELS_H

#include "../core/env.h"

typedef struct jrn_label
{
	const char *bytes;
	size_t		size;
	uint64_t	hash;
} jrn_label;

typedef struct jrn_labels
{
	const jrn_env *env;
	jrn_label  *list;			/* by code */
	size_t		count;
	size_t		capacity;
	uint32_t   *slots;			/* open addressing, code + 1; 0: free */
	size_t		slot_count;		/* a power of two */
	uint32_t   *rank_of_code;	/* after jrn_labels_rank */
	uint32_t   *code_of_rank;
} jrn_labels;

extern jrn_status jrn_labels_begin(jrn_labels *labels, const jrn_env *env);

/* Code of a label, new or known; the bytes are copied when new. */
extern jrn_status jrn_labels_intern(jrn_labels *labels, const char *bytes, size_t size,
									uint32_t *code);

/* Fill rank_of_code and code_of_rank.  O(L log L). */
extern jrn_status jrn_labels_rank(jrn_labels *labels);

/* Byte order of two strings: memcmp, then the shorter first. */
extern int jrn_bytes_compare(const char *a, size_t a_size, const char *b, size_t b_size);

#endif							/* JRN_LABELS_H */
