/*
 * pairs.c
 *		Dictionary of pairs (see pairs.h).
 */
#include <string.h>

#include "../core/hash.h"
#include "pairs.h"

#define FIRST_SLOTS 1024

jrn_status
jrn_pairs_begin(jrn_pairs *pairs, const jrn_env *env, uint32_t labels)
{
	memset(pairs, 0, sizeof(*pairs));
	pairs->env = env;
	pairs->most = JRN_PAIRS_MAX;
	pairs->labels = labels <= JRN_PAIRS_DENSE ? labels : 0;
	pairs->slot_count = pairs->labels != 0 ? (size_t) labels * labels : FIRST_SLOTS;
	return jrn_alloc_zeroed(env, pairs->slot_count, sizeof(uint32_t), &pairs->slots);
}

/* Slot of a pair, or the free one where it belongs. */
static size_t
find_slot(const jrn_pairs *pairs, uint32_t source, uint32_t target)
{
	size_t		mask = pairs->slot_count - 1;
	size_t		slot = (size_t) jrn_hash_u64((uint64_t) source << 32 | target, 0) & mask;

	for (; pairs->slots[slot] != 0; slot = (slot + 1) & mask)
	{
		const jrn_pair *pair = &pairs->list[pairs->slots[slot] - 1];

		if (pair->source == source && pair->target == target)
			break;
	}
	return slot;
}

static jrn_status
grow_slots(jrn_pairs *pairs)
{
	size_t		i;

	jrn_release(pairs->env, pairs->slots);
	pairs->slot_count *= 2;
	JRN_TRY(jrn_alloc_zeroed(pairs->env, pairs->slot_count, sizeof(uint32_t), &pairs->slots));
	for (i = 0; i < pairs->count; i++)
		pairs->slots[find_slot(pairs, pairs->list[i].source, pairs->list[i].target)] = (uint32_t) i + 1;
	return JRN_OK;
}

jrn_status
jrn_pairs_add(jrn_pairs *pairs, uint32_t source, uint32_t target, uint32_t *number)
{
	size_t		slot;

	if (pairs->labels != 0 && (source >= pairs->labels || target >= pairs->labels))
		return JRN_DOMAIN;
	slot = pairs->labels != 0 ? (size_t) source * pairs->labels + target :
		find_slot(pairs, source, target);
	if (pairs->slots[slot] != 0)
	{
		*number = pairs->slots[slot] - 1;
		return JRN_OK;
	}
	if (pairs->count >= pairs->most)
		return JRN_LIMIT;		/* R-PAIR-2 */
	JRN_TRY(jrn_grow_array(pairs->env, pairs->count, &pairs->capacity, sizeof(jrn_pair), &pairs->list));
	*number = (uint32_t) pairs->count;
	pairs->list[pairs->count].source = source;
	pairs->list[pairs->count].target = target;
	pairs->count++;
	pairs->slots[slot] = *number + 1;
	return pairs->labels == 0 && pairs->count * 2 > pairs->slot_count ? grow_slots(pairs) : JRN_OK;
}
