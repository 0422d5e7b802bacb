/*
 * next_node.h
 *		What comes next to a chain of neighbouring rows: the state and the
 *		answer of sequence_next_node.
 *
 * Definition: reference/journeys.md, 4 (next node).
 *
 * R-NODE-1	Every row counts, whether a condition holds or not.  Order: ts,
 *			then the lowest condition that holds (rows where none holds
 *			first), then the mask, then the bytes of the value (NULL last), then
 *			the base condition.  Rows equal in all are the same.
 * R-NODE-2	The base is one row: the first row (head) or the last (tail), if the
 *			base condition holds there; or the first or last row where both the
 *			base condition and condition 1 hold.
 * R-NODE-3	Condition i must hold in the i-th row counted from the base, the
 *			base being the first, forwards or backwards.  The answer is the
 *			value of the row after those; none when a condition fails or
 *			there is no such row.
 * R-NODE-4	The wire form is checked in full (JRN_CORRUPT).
 */
#ifndef JRN_NEXT_NODE_H
#define JRN_NEXT_NODE_H

#include "../features/vocabulary.h"
#include "condition_list.h"

#define JRN_NODE_NULL UINT32_MAX	/* value code of SQL NULL */
#define JRN_NODE_EMPTY (UINT32_MAX - 1)	/* of the empty text */

typedef enum jrn_node_base
{
	JRN_BASE_HEAD,
	JRN_BASE_TAIL,
	JRN_BASE_FIRST_MATCH,
	JRN_BASE_LAST_MATCH
} jrn_node_base;

typedef struct jrn_node_row
{
	int64_t		ts;
	uint64_t	mask;
	uint32_t	value;			/* code of the list's dictionary */
	uint32_t	is_base;
} jrn_node_row;

typedef struct jrn_node_list
{
	uint8_t		n_conditions;
	uint8_t		base;			/* jrn_node_base */
	bool		backward;
	bool		sorted;			/* the rows lie in order */
	jrn_vocabulary values;
	jrn_node_row *rows;
	size_t		count;
	size_t		capacity;
} jrn_node_list;

typedef struct jrn_node_work
{
	jrn_node_row *rows;
	size_t		capacity;
} jrn_node_work;

/* bytes NULL: the value is NULL. */
extern jrn_status jrn_node_list_add(const jrn_env *env, jrn_node_list *list, int64_t ts,
									uint64_t mask, bool is_base, const char *bytes, size_t size);
extern jrn_status jrn_node_list_merge(const jrn_env *env, jrn_node_list *list,
									  const jrn_node_list *other);

/* *value is the code of the answer: JRN_NODE_NULL too when there is none. */
extern jrn_status jrn_node_list_next(const jrn_env *env, const jrn_node_list *list,
									 jrn_node_work *work, uint32_t *value);

extern size_t jrn_node_wire_size(const jrn_node_list *list);
extern jrn_status jrn_node_encode(const jrn_env *env, const jrn_node_list *list,
								  unsigned char *wire);
extern jrn_status jrn_node_decode(const jrn_env *env, const unsigned char *wire, size_t size,
								  jrn_node_list *out);

#endif							/* JRN_NEXT_NODE_H */
