/*
 * next_node.c
 *		The neighbour of a chain (see next_node.h).
 */
#include <string.h>

#include "../core/sort.h"
#include "next_node.h"

#define TICK_ROWS 8192

/* NULL after every text, the empty text before. */
static int
compare_values(const jrn_vocabulary *values, uint32_t a, uint32_t b)
{
	const char *x,
			   *y;
	size_t		size_x,
				size_y;
	int			order;

	if (a == b)
		return 0;
	if (a == JRN_NODE_EMPTY || b == JRN_NODE_NULL)
		return -1;
	if (b == JRN_NODE_EMPTY || a == JRN_NODE_NULL)
		return 1;
	x = jrn_vocabulary_bytes(values, a, &size_x);
	y = jrn_vocabulary_bytes(values, b, &size_y);
	order = memcmp(x, y, size_x < size_y ? size_x : size_y);
	return order != 0 ? order : size_x < size_y ? -1 : 1;
}

/* R-NODE-1 */
static bool
row_before(const jrn_vocabulary *values, const jrn_node_row *a, const jrn_node_row *b)
{
	jrn_moment	at_a,
				at_b;
	int			order;

	if (a->ts != b->ts)
		return a->ts < b->ts;
	at_a.ts = at_b.ts = 0;
	at_a.mask = a->mask;
	at_b.mask = b->mask;
	if (a->mask != b->mask)
		return jrn_moment_before(&at_a, &at_b);
	order = compare_values(values, a->value, b->value);
	return order != 0 ? order < 0 : a->is_base < b->is_base;
}

#define ROW_BEFORE(values, a, b) row_before(values, &(a), &(b))
JRN_SORT_DEFINE(sort_rows, jrn_node_row, const jrn_vocabulary *, ROW_BEFORE)

static jrn_status
add_row(const jrn_env *env, jrn_node_list *list, const jrn_node_row *row)
{
	if (list->count >= JRN_MAX_MOMENTS)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(env, list->count, &list->capacity, sizeof(jrn_node_row), &list->rows));
	if (list->count == 0)
		list->sorted = true;
	else if (list->sorted && row_before(&list->values, row, &list->rows[list->count - 1]))
		list->sorted = false;
	list->rows[list->count++] = *row;
	return JRN_OK;
}

jrn_status
jrn_node_list_add(const jrn_env *env, jrn_node_list *list, int64_t ts, uint64_t mask,
				  bool is_base, const char *bytes, size_t size)
{
	jrn_node_row row;

	row.ts = ts;
	row.mask = mask;
	row.is_base = is_base ? 1 : 0;
	row.value = bytes == NULL ? JRN_NODE_NULL : JRN_NODE_EMPTY;
	if (bytes != NULL && size > 0)
		JRN_TRY(jrn_vocabulary_intern(env, &list->values, bytes, size, &row.value));
	return add_row(env, list, &row);
}

jrn_status
jrn_node_list_merge(const jrn_env *env, jrn_node_list *list, const jrn_node_list *other)
{
	uint32_t   *codes;
	uint32_t	code;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, other->values.count, sizeof(uint32_t), &codes));
	for (code = 0; code < other->values.count; code++)
	{
		size_t		size;
		const char *bytes = jrn_vocabulary_bytes(&other->values, code, &size);

		JRN_TRY(jrn_vocabulary_intern(env, &list->values, bytes, size, &codes[code]));
	}
	for (i = 0; i < other->count; i++)
	{
		jrn_node_row row = other->rows[i];

		if (row.value < JRN_NODE_EMPTY)
			row.value = codes[row.value];
		JRN_TRY(add_row(env, list, &row));
		if ((i & (TICK_ROWS - 1)) == TICK_ROWS - 1)
			JRN_TICK(env);
	}
	jrn_release(env, codes);
	return JRN_OK;
}

static jrn_status
ordered_rows(const jrn_env *env, const jrn_node_list *list, jrn_node_work *work,
			 const jrn_node_row **rows)
{
	*rows = list->rows;
	if (list->sorted)
		return JRN_OK;
	if (list->count > work->capacity)
	{
		jrn_node_row *fresh;
		size_t		wanted = list->count < 64 ? 64 : list->count;

		JRN_TRY(jrn_alloc_array(env, wanted, sizeof(jrn_node_row), &fresh));
		if (work->capacity > 0)
			jrn_release(env, work->rows);
		work->rows = fresh;
		work->capacity = wanted;
	}
	memcpy(work->rows, list->rows, list->count * sizeof(jrn_node_row));
	*rows = work->rows;
	return sort_rows(env, work->rows, list->count, &list->values);
}

/* R-NODE-2; false when there is no base. */
static bool
find_base(const jrn_node_list *list, const jrn_node_row *rows, size_t *base)
{
	size_t		i;

	switch ((jrn_node_base) list->base)
	{
		case JRN_BASE_HEAD:
			*base = 0;
			return rows[0].is_base != 0;
		case JRN_BASE_TAIL:
			*base = list->count - 1;
			return rows[*base].is_base != 0;
		case JRN_BASE_FIRST_MATCH:
			for (i = 0; i < list->count; i++)
				if (rows[i].is_base != 0 && (rows[i].mask & 1) != 0)
				{
					*base = i;
					return true;
				}
			return false;
		case JRN_BASE_LAST_MATCH:
			break;
	}
	for (i = list->count; i-- > 0;)
		if (rows[i].is_base != 0 && (rows[i].mask & 1) != 0)
		{
			*base = i;
			return true;
		}
	return false;
}

jrn_status
jrn_node_list_next(const jrn_env *env, const jrn_node_list *list, jrn_node_work *work,
				   uint32_t *value)
{
	const jrn_node_row *rows;
	size_t		base,
				i;

	*value = JRN_NODE_NULL;
	if (list->count == 0)
		return JRN_OK;
	JRN_TRY(ordered_rows(env, list, work, &rows));
	if (!find_base(list, rows, &base))
		return JRN_OK;
	/* R-NODE-3 */
	if (list->backward ? base < list->n_conditions : list->count - base <= list->n_conditions)
		return JRN_OK;
	for (i = 0; i < list->n_conditions; i++)
		if ((rows[list->backward ? base - i : base + i].mask >> i & 1) == 0)
			return JRN_OK;
	*value = rows[list->backward ? base - i : base + i].value;
	return JRN_OK;
}
