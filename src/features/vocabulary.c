/*
 * vocabulary.c
 *		Dictionary of one group (see vocabulary.h).
 *
 * A customer has a handful of touchpoints and there may be a million groups
 * at once, so a few labels are simply compared in turn; a hash index appears
 * with the FEW-th.
 */
#include <string.h>

#include "../core/hash.h"
#include "../core/sort.h"
#include "vocabulary.h"

#define FEW 8

static bool
same_word(const jrn_vocabulary *vocabulary, uint32_t code, uint32_t hash,
		  const char *bytes, size_t size)
{
	const jrn_word *label = &vocabulary->words[code];

	return label->hash == hash && label->size == size &&
		memcmp(vocabulary->bytes + label->offset, bytes, size) == 0;
}

/* Place in the index of a label or of the hole where it belongs. */
static size_t
index_place(const jrn_vocabulary *vocabulary, uint32_t hash, const char *bytes, size_t size)
{
	size_t		mask = vocabulary->index_size - 1;
	size_t		place = hash & mask;

	while (vocabulary->index[place] != 0 &&
		   !same_word(vocabulary, vocabulary->index[place] - 1, hash, bytes, size))
		place = (place + 1) & mask;
	return place;
}

/* An index at most half full, rebuilt from the labels. */
static jrn_status
grow_index(const jrn_env *env, jrn_vocabulary *vocabulary)
{
	size_t		size = vocabulary->index_size == 0 ? 4 * FEW : 2 * vocabulary->index_size;
	uint32_t   *fresh;
	uint32_t	code;

	JRN_TRY(jrn_alloc_zeroed(env, size, sizeof(uint32_t), &fresh));
	jrn_release(env, vocabulary->index);
	vocabulary->index = fresh;
	vocabulary->index_size = size;
	for (code = 0; code < vocabulary->count; code++)
	{
		size_t		place = vocabulary->words[code].hash & (size - 1);

		while (fresh[place] != 0)
			place = (place + 1) & (size - 1);
		fresh[place] = code + 1;
	}
	return JRN_OK;
}

/* Room for size more bytes; R-VOC-3 keeps offsets in 32 bits. */
static jrn_status
reserve_bytes(const jrn_env *env, jrn_vocabulary *vocabulary, size_t size)
{
	size_t		need = vocabulary->used + size;
	size_t		wanted = vocabulary->bytes_capacity < 64 ? 64 : vocabulary->bytes_capacity;
	char	   *fresh;

	if (need > JRN_MAX_VOCABULARY_BYTES)
		return JRN_LIMIT;
	if (need <= vocabulary->bytes_capacity)
		return JRN_OK;
	while (wanted < need)
		wanted *= 2;
	JRN_TRY(jrn_alloc_array(env, wanted, 1, &fresh));
	if (vocabulary->used > 0)
		memcpy(fresh, vocabulary->bytes, vocabulary->used);
	jrn_release(env, vocabulary->bytes);
	vocabulary->bytes = fresh;
	vocabulary->bytes_capacity = wanted;
	return JRN_OK;
}

static jrn_status
add_word(const jrn_env *env, jrn_vocabulary *vocabulary, uint32_t hash,
		  const char *bytes, size_t size)
{
	jrn_word  *label;

	if (size == 0 || size > JRN_MAX_WORD_BYTES)
		return size == 0 ? JRN_DOMAIN : JRN_LIMIT;
	JRN_TRY(reserve_bytes(env, vocabulary, size));
	JRN_TRY(jrn_grow_array(env, vocabulary->count, &vocabulary->capacity, sizeof(jrn_word),
						   &vocabulary->words));
	label = &vocabulary->words[vocabulary->count];
	label->offset = (uint32_t) vocabulary->used;
	label->size = (uint32_t) size;
	label->hash = hash;
	memcpy(vocabulary->bytes + vocabulary->used, bytes, size);
	vocabulary->used += size;
	vocabulary->count++;
	return JRN_OK;
}

jrn_status
jrn_vocabulary_intern(const jrn_env *env, jrn_vocabulary *vocabulary, const char *bytes,
				  size_t size, uint32_t *code)
{
	uint32_t	hash = (uint32_t) jrn_hash_bytes(bytes, size, 0);
	size_t		place;

	if (vocabulary->index == NULL)
	{
		for (*code = 0; *code < vocabulary->count; ++*code)
			if (same_word(vocabulary, *code, hash, bytes, size))
				return JRN_OK;
		if (vocabulary->count < FEW)
			return add_word(env, vocabulary, hash, bytes, size);
		JRN_TRY(grow_index(env, vocabulary));
	}
	place = index_place(vocabulary, hash, bytes, size);
	if (vocabulary->index[place] != 0)
	{
		*code = vocabulary->index[place] - 1;
		return JRN_OK;
	}
	if (2 * (vocabulary->count + 1) > vocabulary->index_size)
	{
		JRN_TRY(grow_index(env, vocabulary));
		place = index_place(vocabulary, hash, bytes, size);
	}
	*code = (uint32_t) vocabulary->count;
	JRN_TRY(add_word(env, vocabulary, hash, bytes, size));
	vocabulary->index[place] = *code + 1;
	return JRN_OK;
}

/* R-VOC-2 */
static bool
word_before(const jrn_vocabulary *vocabulary, uint32_t a, uint32_t b)
{
	const jrn_word *x = &vocabulary->words[a];
	const jrn_word *y = &vocabulary->words[b];
	size_t		common = x->size < y->size ? x->size : y->size;
	int			order = memcmp(vocabulary->bytes + x->offset,
							   vocabulary->bytes + y->offset, common);

	return order != 0 ? order < 0 : x->size < y->size;
}

JRN_SORT_DEFINE(sort_codes, uint32_t, const jrn_vocabulary *, word_before)

jrn_status
jrn_vocabulary_rank(const jrn_env *env, const jrn_vocabulary *vocabulary, uint32_t *codes, uint32_t *ranks)
{
	uint32_t	i;

	for (i = 0; i < vocabulary->count; i++)
		codes[i] = i;
	JRN_TRY(sort_codes(env, codes, vocabulary->count, vocabulary));
	for (i = 0; i < vocabulary->count; i++)
		ranks[codes[i]] = i;
	return JRN_OK;
}
