/*
 * vocabulary.h
 *		Touchpoints of one small group, interned by bytes.
 *
 * The dictionary of a whole event source is events/labels.h; this one is for
 * the aggregates, where there is one per group: it keeps its words in one
 * buffer and has no index while they are few.
 *
 * R-VOC-1	Two labels are the same when their bytes are: collations play no
 *			part, so the answer does not depend on the database's locale.
 * R-VOC-2	Codes are given in order of arrival; ranks order the labels by
 *			bytes, a label before its own extensions.
 * R-VOC-3	A label has 1 .. JRN_MAX_WORD_BYTES bytes; all labels of a group
 *			together stay below JRN_MAX_VOCABULARY_BYTES (JRN_LIMIT).
 */
#ifndef JRN_VOCABULARY_H
#define JRN_VOCABULARY_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_MAX_WORD_BYTES ((size_t) 1024 * 1024)
#define JRN_MAX_VOCABULARY_BYTES ((size_t) 1024 * 1024 * 1024)

typedef struct jrn_word
{
	uint32_t	offset;			/* into bytes */
	uint32_t	size;
	uint32_t	hash;
} jrn_word;

/* All zero is the empty dictionary. */
typedef struct jrn_vocabulary
{
	char	   *bytes;
	size_t		used;
	size_t		bytes_capacity;
	jrn_word   *words;
	size_t		count;
	size_t		capacity;
	uint32_t   *index;			/* open addressing, code + 1; NULL while few */
	size_t		index_size;		/* a power of two */
} jrn_vocabulary;

/* The code of a label, new or old.  Expected O(size). */
extern jrn_status jrn_vocabulary_intern(const jrn_env *env, jrn_vocabulary *vocabulary,
									const char *bytes, size_t size, uint32_t *code);

/*
 * codes[r] = code of the label of rank r, and ranks[code] = r; both arrays
 * have vocabulary->count elements.  O(count log count) comparisons.
 */
extern jrn_status jrn_vocabulary_rank(const jrn_env *env, const jrn_vocabulary *vocabulary,
								  uint32_t *codes, uint32_t *ranks);

static inline const char *
jrn_vocabulary_bytes(const jrn_vocabulary *vocabulary, uint32_t code, size_t *size)
{
	*size = vocabulary->words[code].size;
	return vocabulary->bytes + vocabulary->words[code].offset;
}

#endif							/* JRN_VOCABULARY_H */
