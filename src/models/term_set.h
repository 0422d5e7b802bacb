/*
 * term_set.h
 *		Sets of terms while a formula is read: each term a sorted list of
 *		numbered factors, each term once, in order of appearance.
 *
 * R-TST-1	O(1) a look-up, by a table of hashes; sums and differences are
 *			linear, crossing takes the product of both counts.
 * R-TST-2	JRN_LIMIT above JRN_SET_TERMS terms, JRN_TERM_FACTORS factors in a
 *			term, or JRN_SET_PAIRS pairs in one crossing.
 */
#ifndef JRN_TERM_SET_H
#define JRN_TERM_SET_H

#include <stdbool.h>

#include "../core/env.h"
#include "terms.h"

#define JRN_SET_TERMS 5000
#define JRN_SET_PAIRS ((size_t) 1000000)

typedef struct jrn_piece
{
	uint16_t	count;
	uint16_t	factor[JRN_TERM_FACTORS];	/* increasing; zero beyond count */
} jrn_piece;

typedef struct jrn_term_set
{
	jrn_piece  *list;
	size_t		count;
	size_t		capacity;
	uint32_t   *slots;			/* place + 1; 0: free */
	size_t		slot_count;		/* a power of two */
} jrn_term_set;

extern jrn_status jrn_set_begin(const jrn_env *env, jrn_term_set *set);
extern bool jrn_set_has(const jrn_term_set *set, const jrn_piece *piece);
extern jrn_status jrn_set_add(const jrn_env *env, jrn_term_set *set, const jrn_piece *piece);
extern jrn_status jrn_set_unite(const jrn_env *env, jrn_term_set *set, const jrn_term_set *other);

/* All products of a term of a and a term of b. */
extern jrn_status jrn_set_cross(const jrn_env *env, const jrn_term_set *a, const jrn_term_set *b,
								jrn_term_set *out);

/* set less the terms of other. */
extern jrn_status jrn_set_subtract(const jrn_env *env, jrn_term_set *set, const jrn_term_set *other);

#endif							/* JRN_TERM_SET_H */
