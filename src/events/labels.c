/*
 * labels.c
 *		Dictionary of touchpoints (see labels.h).
 */
#include <stdbool.h>
#include <string.h>

#include "../core/hash.h"
#include "../core/sort.h"
#include "labels.h"

int
jrn_bytes_compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
	size_t		common = a_size < b_size ? a_size : b_size;
	int			order = common > 0 ? memcmp(a, b, common) : 0;

	if (order != 0)
		return order;
	return a_size < b_size ? -1 : a_size > b_size;
}

jrn_status
jrn_labels_begin(jrn_labels *labels, const jrn_env *env)
{
	memset(labels, 0, sizeof(*labels));
	labels->env = env;
	labels->slot_count = 64;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) 2 << JRN_LABEL_MEMO_BITS, sizeof(jrn_label_memo),
							 &labels->memo));
	return jrn_alloc_zeroed(env, labels->slot_count, sizeof(uint32_t), &labels->slots);
}

/* Slot that holds the label, or the free one where it belongs. */
static size_t
find_slot(const jrn_labels *labels, uint64_t hash, const char *bytes, size_t size)
{
	size_t		mask = labels->slot_count - 1;
	size_t		slot = (size_t) hash & mask;

	while (labels->slots[slot] != 0)
	{
		const jrn_label *label = &labels->list[labels->slots[slot] - 1];

		if (label->hash == hash && label->size == size &&
			memcmp(label->bytes, bytes, size) == 0)
			break;
		slot = (slot + 1) & mask;
	}
	return slot;
}

static jrn_status
grow_slots(jrn_labels *labels)
{
	uint32_t   *old = labels->slots;
	size_t		i;

	JRN_TICK(labels->env);
	JRN_TRY(jrn_alloc_zeroed(labels->env, labels->slot_count * 2, sizeof(uint32_t), &labels->slots));
	labels->slot_count *= 2;
	for (i = 0; i < labels->count; i++)
	{
		const jrn_label *label = &labels->list[i];

		labels->slots[find_slot(labels, label->hash, label->bytes, label->size)] = (uint32_t) i + 1;
	}
	jrn_release(labels->env, old);
	return JRN_OK;
}

void
jrn_labels_memorise(const jrn_labels *labels, jrn_label_memo *set,
					uint64_t first, uint64_t last, uint32_t code)
{
	const jrn_label *label = &labels->list[code];

	set[1] = set[0];
	set[0].first = first;
	set[0].last = last;
	set[0].size_and_1 = label->size + 1;
	set[0].bytes = label->bytes;
	set[0].code = code;
}

jrn_status
jrn_labels_find(jrn_labels *labels, const char *bytes, size_t size, uint32_t *code)
{
	uint64_t	hash = jrn_hash_bytes(bytes, size, 0);
	size_t		slot = find_slot(labels, hash, bytes, size);
	jrn_label  *label;
	char	   *copy;

	if (labels->slots[slot] != 0)
	{
		*code = labels->slots[slot] - 1;
		return JRN_OK;
	}
	if (labels->count >= UINT32_MAX - 1)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(labels->env, labels->count, &labels->capacity,
						   sizeof(jrn_label), &labels->list));
	JRN_TRY(jrn_alloc_array(labels->env, size + 1, 1, &copy));
	memcpy(copy, bytes, size);
	copy[size] = '\0';
	label = &labels->list[labels->count];
	label->bytes = copy;
	label->size = size;
	label->hash = hash;
	*code = (uint32_t) labels->count++;
	labels->slots[slot] = *code + 1;
	if (labels->count * 2 > labels->slot_count)
		return grow_slots(labels);
	return JRN_OK;
}

static bool
code_before(const jrn_labels *labels, uint32_t a, uint32_t b)
{
	const jrn_label *x = &labels->list[a];
	const jrn_label *y = &labels->list[b];

	return jrn_bytes_compare(x->bytes, x->size, y->bytes, y->size) < 0;
}

JRN_SORT_DEFINE(sort_codes, uint32_t, const jrn_labels *, code_before)

jrn_status
jrn_labels_rank(jrn_labels *labels)
{
	size_t		i;

	JRN_TRY(jrn_alloc_array(labels->env, labels->count, sizeof(uint32_t), &labels->rank_of_code));
	JRN_TRY(jrn_alloc_array(labels->env, labels->count, sizeof(uint32_t), &labels->code_of_rank));
	for (i = 0; i < labels->count; i++)
		labels->code_of_rank[i] = (uint32_t) i;
	JRN_TRY(sort_codes(labels->env, labels->code_of_rank, labels->count, labels));
	for (i = 0; i < labels->count; i++)
		labels->rank_of_code[labels->code_of_rank[i]] = (uint32_t) i;
	return JRN_OK;
}
