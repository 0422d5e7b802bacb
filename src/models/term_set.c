/*
 * term_set.c
 *		Sets of terms (see term_set.h).
 */
#include <string.h>

#include "../core/hash.h"
#include "term_set.h"

#define FIRST_SLOTS 16

jrn_status
jrn_set_begin(const jrn_env *env, jrn_term_set *set)
{
	memset(set, 0, sizeof(*set));
	set->slot_count = FIRST_SLOTS;
	return jrn_alloc_zeroed(env, set->slot_count, sizeof(uint32_t), &set->slots);
}

/* The slot of a piece, or the free one where it belongs. */
static size_t
slot_of(const jrn_term_set *set, const jrn_piece *piece)
{
	size_t		slot = (size_t) jrn_hash_bytes(piece, sizeof(*piece), 0) & (set->slot_count - 1);

	while (set->slots[slot] != 0 &&
		   memcmp(&set->list[set->slots[slot] - 1], piece, sizeof(*piece)) != 0)
		slot = (slot + 1) & (set->slot_count - 1);
	return slot;
}

bool
jrn_set_has(const jrn_term_set *set, const jrn_piece *piece)
{
	return set->slots[slot_of(set, piece)] != 0;
}

/* Twice the slots; the list stays. */
static jrn_status
widen(const jrn_env *env, jrn_term_set *set)
{
	size_t		i;

	jrn_release(env, set->slots);
	set->slot_count *= 2;
	JRN_TRY(jrn_alloc_zeroed(env, set->slot_count, sizeof(uint32_t), &set->slots));
	for (i = 0; i < set->count; i++)
		set->slots[slot_of(set, &set->list[i])] = (uint32_t) i + 1;
	return JRN_OK;
}

jrn_status
jrn_set_add(const jrn_env *env, jrn_term_set *set, const jrn_piece *piece)
{
	size_t		slot = slot_of(set, piece);

	if (set->slots[slot] != 0)
		return JRN_OK;
	if (set->count >= JRN_SET_TERMS)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(env, set->count, &set->capacity, sizeof(jrn_piece), &set->list));
	set->list[set->count++] = *piece;
	set->slots[slot] = (uint32_t) set->count;
	return set->count * 2 > set->slot_count ? widen(env, set) : JRN_OK;
}

jrn_status
jrn_set_unite(const jrn_env *env, jrn_term_set *set, const jrn_term_set *other)
{
	size_t		i;

	for (i = 0; i < other->count; i++)
		JRN_TRY(jrn_set_add(env, set, &other->list[i]));
	return JRN_OK;
}

/* Both lists of factors as one, each factor once. */
static jrn_status
merge(const jrn_piece *a, const jrn_piece *b, jrn_piece *out)
{
	size_t		i = 0;
	size_t		j = 0;

	memset(out, 0, sizeof(*out));
	while (i < a->count || j < b->count)
	{
		bool		from_a = j >= b->count || (i < a->count && a->factor[i] <= b->factor[j]);
		uint16_t	factor = from_a ? a->factor[i] : b->factor[j];

		if (out->count >= JRN_TERM_FACTORS)
			return JRN_LIMIT;
		out->factor[out->count++] = factor;
		i += i < a->count && a->factor[i] == factor;
		j += j < b->count && b->factor[j] == factor;
	}
	return JRN_OK;
}

jrn_status
jrn_set_cross(const jrn_env *env, const jrn_term_set *a, const jrn_term_set *b, jrn_term_set *out)
{
	jrn_piece	product;
	size_t		i,
				j;

	if (b->count > 0 && a->count > JRN_SET_PAIRS / b->count)
		return JRN_LIMIT;
	JRN_TRY(jrn_set_begin(env, out));
	for (i = 0; i < a->count; i++)
	{
		for (j = 0; j < b->count; j++)
		{
			JRN_TRY(merge(&a->list[i], &b->list[j], &product));
			JRN_TRY(jrn_set_add(env, out, &product));
		}
		JRN_TICK(env);
	}
	return JRN_OK;
}

jrn_status
jrn_set_subtract(const jrn_env *env, jrn_term_set *set, const jrn_term_set *other)
{
	jrn_term_set rest;
	size_t		i;

	JRN_TRY(jrn_set_begin(env, &rest));
	for (i = 0; i < set->count; i++)
		if (!jrn_set_has(other, &set->list[i]))
			JRN_TRY(jrn_set_add(env, &rest, &set->list[i]));
	*set = rest;
	return JRN_OK;
}
