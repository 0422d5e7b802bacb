/*
 * fuzz_next_node.c
 *		Any bytes as the travelling state of sequence_next_node: a valid list,
 *		which is written as the same bytes, or JRN_CORRUPT.
 */
#include "../../src/funnels/next_node.h"
#include "fuzz.h"

static jrn_status
accepted(const jrn_env *env, const unsigned char *wire, size_t size, jrn_node_list *list)
{
	unsigned char *again;
	jrn_node_work work = {NULL, 0};
	jrn_node_list merged;
	uint32_t	value,
				value_merged;

	MUST(list->count >= 1 && list->n_conditions >= 1 && list->n_conditions <= JRN_MAX_CONDITIONS);
	MUST(jrn_node_wire_size(list) == size);
	JRN_TRY(jrn_alloc_array(env, size, 1, &again));
	JRN_TRY(jrn_node_encode(env, list, again));
	MUST(memcmp(again, wire, size) == 0);
	JRN_TRY(jrn_node_list_next(env, list, &work, &value));
	MUST(value == JRN_NODE_NULL || value == JRN_NODE_EMPTY || value < list->values.count);
	/* a merge into an empty list changes nothing but the codes */
	memset(&merged, 0, sizeof(merged));
	merged.n_conditions = list->n_conditions;
	merged.base = list->base;
	merged.backward = list->backward;
	JRN_TRY(jrn_node_list_merge(env, &merged, list));
	MUST(merged.count == list->count);
	JRN_TRY(jrn_node_list_next(env, &merged, &work, &value_merged));
	MUST((value == JRN_NODE_NULL) == (value_merged == JRN_NODE_NULL));
	MUST((value == JRN_NODE_EMPTY) == (value_merged == JRN_NODE_EMPTY));
	if (value < JRN_NODE_EMPTY)
	{
		size_t		a_size,
					b_size;
		const char *a = jrn_vocabulary_bytes(&list->values, value, &a_size);
		const char *b = jrn_vocabulary_bytes(&merged.values, value_merged, &b_size);

		MUST(a_size == b_size && memcmp(a, b, a_size) == 0);
	}
	return JRN_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	jrn_env		env = fuzz_begin();
	jrn_node_list list;
	jrn_status	status = jrn_node_decode(&env, bytes, size, &list);

	if (status == JRN_OK)
	{
		status = accepted(&env, bytes, size, &list);
		MUST(status == JRN_OK || fuzz_by_host(status));
	}
	else
		MUST(status == JRN_CORRUPT || fuzz_by_host(status));	/* R-NODE-4 */
	return fuzz_end();
}
