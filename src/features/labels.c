/*
 * labels.c
 *		Label dictionary of one group (see labels.h).
 *
 * A customer has a handful of touchpoints and there may be a million groups
 * at once, so a few labels are simply compared in turn; a hash index appears
 * with the FEW-th.
 */
#include <string.h>

#include "../core/hash.h"
#include "labels.h"

#define FEW 8

static bool
same_label(const jrn_labels *labels, uint32_t code, uint32_t hash,
		   const char *bytes, size_t size)
{
	const jrn_label *label = &labels->labels[code];

	return label->hash == hash && label->size == size &&
		memcmp(labels->bytes + label->offset, bytes, size) == 0;
}

/* Place in the index of a label or of the hole where it belongs. */
static size_t
index_place(const jrn_labels *labels, uint32_t hash, const char *bytes, size_t size)
{
	size_t		mask = labels->index_size - 1;
	size_t		place = hash & mask;

	while (labels->index[place] != 0 &&
		   !same_label(labels, labels->index[place] - 1, hash, bytes, size))
		place = (place + 1) & mask;
	return place;
}

/* An index at most half full, rebuilt from the labels. */
static jrn_status
grow_index(const jrn_env *env, jrn_labels *labels)
{
	size_t		size = labels->index_size == 0 ? 4 * FEW : 2 * labels->index_size;
	uint32_t   *fresh;
	uint32_t	code;

	JRN_TRY(jrn_alloc_zeroed(env, size, sizeof(uint32_t), &fresh));
	jrn_release(env, labels->index);
	labels->index = fresh;
	labels->index_size = size;
	for (code = 0; code < labels->count; code++)
	{
		size_t		place = labels->labels[code].hash & (size - 1);

		while (fresh[place] != 0)
			place = (place + 1) & (size - 1);
		fresh[place] = code + 1;
	}
	return JRN_OK;
}

/* Room for size more bytes; R-LAB-3 keeps offsets in 32 bits. */
static jrn_status
reserve_bytes(const jrn_env *env, jrn_labels *labels, size_t size)
{
	size_t		need = labels->used + size;
	size_t		wanted = labels->bytes_capacity < 64 ? 64 : labels->bytes_capacity;
	char	   *fresh;

	if (need > JRN_MAX_LABELS_BYTES)
		return JRN_LIMIT;
	if (need <= labels->bytes_capacity)
		return JRN_OK;
	while (wanted < need)
		wanted *= 2;
	JRN_TRY(jrn_alloc_array(env, wanted, 1, &fresh));
	if (labels->used > 0)
		memcpy(fresh, labels->bytes, labels->used);
	jrn_release(env, labels->bytes);
	labels->bytes = fresh;
	labels->bytes_capacity = wanted;
	return JRN_OK;
}

static jrn_status
add_label(const jrn_env *env, jrn_labels *labels, uint32_t hash,
		  const char *bytes, size_t size)
{
	jrn_label  *label;

	if (size == 0 || size > JRN_MAX_LABEL_BYTES)
		return size == 0 ? JRN_DOMAIN : JRN_LIMIT;
	JRN_TRY(reserve_bytes(env, labels, size));
	JRN_TRY(jrn_grow_array(env, labels->count, &labels->capacity, sizeof(jrn_label),
						   &labels->labels));
	label = &labels->labels[labels->count];
	label->offset = (uint32_t) labels->used;
	label->size = (uint32_t) size;
	label->hash = hash;
	memcpy(labels->bytes + labels->used, bytes, size);
	labels->used += size;
	labels->count++;
	return JRN_OK;
}

jrn_status
jrn_labels_intern(const jrn_env *env, jrn_labels *labels, const char *bytes,
				  size_t size, uint32_t *code)
{
	uint32_t	hash = (uint32_t) jrn_hash_bytes(bytes, size, 0);
	size_t		place;

	if (labels->index == NULL)
	{
		for (*code = 0; *code < labels->count; ++*code)
			if (same_label(labels, *code, hash, bytes, size))
				return JRN_OK;
		if (labels->count < FEW)
			return add_label(env, labels, hash, bytes, size);
		JRN_TRY(grow_index(env, labels));
	}
	place = index_place(labels, hash, bytes, size);
	if (labels->index[place] != 0)
	{
		*code = labels->index[place] - 1;
		return JRN_OK;
	}
	if (2 * (labels->count + 1) > labels->index_size)
	{
		JRN_TRY(grow_index(env, labels));
		place = index_place(labels, hash, bytes, size);
	}
	*code = (uint32_t) labels->count;
	JRN_TRY(add_label(env, labels, hash, bytes, size));
	labels->index[place] = *code + 1;
	return JRN_OK;
}

static bool
label_before(const jrn_labels *labels, uint32_t a, uint32_t b)
{
	const jrn_label *x = &labels->labels[a];
	const jrn_label *y = &labels->labels[b];
	size_t		common = x->size < y->size ? x->size : y->size;
	int			order = memcmp(labels->bytes + x->offset, labels->bytes + y->offset, common);

	return order != 0 ? order < 0 : x->size < y->size;
}

static void
sort_run(const jrn_labels *labels, uint32_t *codes, size_t n)
{
	size_t		i,
				j;

	for (i = 1; i < n; i++)
	{
		uint32_t	code = codes[i];

		for (j = i; j > 0 && label_before(labels, code, codes[j - 1]); j--)
			codes[j] = codes[j - 1];
		codes[j] = code;
	}
}

/* Merge the sorted runs from[low, middle) and from[middle, high) into to. */
static jrn_status
merge_runs(const jrn_env *env, const jrn_labels *labels, const uint32_t *from,
		   uint32_t *to, size_t low, size_t middle, size_t high)
{
	size_t		a = low,
				b = middle,
				i;

	for (i = low; i < high; i++)
	{
		bool		take_b = a >= middle ||
			(b < high && label_before(labels, from[b], from[a]));

		to[i] = take_b ? from[b++] : from[a++];
		if ((i & 0x3f) == 0x3f)
			JRN_TICK(env);
	}
	return JRN_OK;
}

/* Bottom-up merge sort of codes; scratch has the same size. */
static jrn_status
sort_codes(const jrn_env *env, const jrn_labels *labels, uint32_t *codes, uint32_t *scratch)
{
	uint32_t   *from = codes,
			   *to = scratch;
	size_t		n = labels->count,
				width,
				low;

	for (low = 0; low < n; low += FEW)
		sort_run(labels, codes + low, n - low < FEW ? n - low : FEW);
	for (width = FEW; width < n; width *= 2)
	{
		uint32_t   *swap = from;

		for (low = 0; low < n; low += 2 * width)
		{
			size_t		middle = n - low < width ? n : low + width;
			size_t		high = n - low < 2 * width ? n : low + 2 * width;

			JRN_TRY(merge_runs(env, labels, from, to, low, middle, high));
		}
		from = to;
		to = swap;
	}
	if (from != codes)
		memcpy(codes, from, n * sizeof(uint32_t));
	return JRN_OK;
}

jrn_status
jrn_labels_rank(const jrn_env *env, const jrn_labels *labels, uint32_t *codes, uint32_t *ranks)
{
	uint32_t	i;

	for (i = 0; i < labels->count; i++)
		codes[i] = i;
	JRN_TRY(sort_codes(env, labels, codes, ranks));
	for (i = 0; i < labels->count; i++)
		ranks[codes[i]] = i;
	return JRN_OK;
}
