/*
 * labels.h
 *		Touchpoints of one group, interned by bytes.
 *
 * R-LAB-1	Two labels are the same when their bytes are: collations play no
 *			part, so the answer does not depend on the database's locale.
 * R-LAB-2	Codes are given in order of arrival; ranks order the labels by
 *			bytes, a label before its own extensions.
 * R-LAB-3	A label has 1 .. JRN_MAX_LABEL_BYTES bytes; all labels of a group
 *			together stay below JRN_MAX_LABELS_BYTES (JRN_LIMIT).
 */
#ifndef JRN_LABELS_H
#define JRN_LABELS_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_MAX_LABEL_BYTES ((size_t) 1024 * 1024)
#define JRN_MAX_LABELS_BYTES ((size_t) 1024 * 1024 * 1024)

typedef struct jrn_label
{
	uint32_t	offset;			/* into bytes */
	uint32_t	size;
	uint32_t	hash;
} jrn_label;

/* All zero is the empty dictionary. */
typedef struct jrn_labels
{
	char	   *bytes;
	size_t		used;
	size_t		bytes_capacity;
	jrn_label  *labels;
	size_t		count;
	size_t		capacity;
	uint32_t   *index;			/* open addressing, code + 1; NULL while few */
	size_t		index_size;		/* a power of two */
} jrn_labels;

/* The code of a label, new or old.  Expected O(size). */
extern jrn_status jrn_labels_intern(const jrn_env *env, jrn_labels *labels,
									const char *bytes, size_t size, uint32_t *code);

/*
 * codes[r] = code of the label of rank r, and ranks[code] = r; both arrays
 * have labels->count elements.  O(count log count) comparisons.
 */
extern jrn_status jrn_labels_rank(const jrn_env *env, const jrn_labels *labels,
								  uint32_t *codes, uint32_t *ranks);

static inline const char *
jrn_labels_bytes(const jrn_labels *labels, uint32_t code, size_t *size)
{
	*size = labels->labels[code].size;
	return labels->bytes + labels->labels[code].offset;
}

#endif							/* JRN_LABELS_H */
