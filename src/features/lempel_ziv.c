/*
 * lempel_ziv.c
 *		LZ76 phrases of a path (see lempel_ziv.h).
 *
 * Short paths: keep the set M of positions at which an earlier copy of the
 * open phrase ends, as bits.  A new symbol c moves every copy one on and
 * keeps those that lie on an earlier c: M = (M << 1) & positions(c), where
 * positions holds only what came before the new symbol, which is exactly the
 * overlap that R-LZ-1 allows.  The phrase ends when M is empty.
 *
 * Long paths: the longest earlier match of the suffix at i is with one of its
 * two neighbours, in suffix order, among the suffixes that start before i.
 * Those neighbours come from a linked list in suffix order out of which
 * positions are removed from the last to the first (Crochemore and Ilie
 * 2008); matches are counted only where a phrase starts, so all comparisons
 * together are at most twice the length of the path.
 */
#include <string.h>

#include "lempel_ziv.h"
#include "reserve.h"
#include "suffixes.h"

#define TICK_MASK 0x1fff

static int64_t
phrases_one_word(const jrn_tally *tally, uint64_t *positions)
{
	uint64_t	ends = 0;
	uint64_t	bit = 1;
	int64_t		phrases = 0;
	int			open = 0;
	size_t		i;

	memset(positions, 0, tally->distinct * sizeof(uint64_t));
	for (i = 0; i < tally->n; i++, bit <<= 1)
	{
		uint64_t   *seen = &positions[tally->codes[i]];

		ends = (open ? ends << 1 : UINT64_MAX) & *seen;
		*seen |= bit;
		open = ends != 0;
		phrases += !open;
	}
	return phrases + open;
}

/* The same over words; ends is the last of the distinct + 1 bit sets. */
static jrn_status
phrases_words(const jrn_env *env, const jrn_tally *tally, uint64_t *sets,
			  size_t words, int64_t *out)
{
	uint64_t   *ends = sets + tally->distinct * words;
	int64_t		phrases = 0;
	bool		open = false;
	size_t		i,
				w;

	memset(sets, 0, (tally->distinct + 1) * words * sizeof(uint64_t));
	for (i = 0; i < tally->n; i++)
	{
		uint64_t   *seen = sets + tally->codes[i] * words;
		uint64_t	carry = 0,
					any = 0;

		if ((i & 0xff) == 0xff)
			JRN_TICK(env);
		for (w = 0; w <= i / 64; w++)
		{
			uint64_t	moved = ends[w] << 1 | carry;

			carry = ends[w] >> 63;
			ends[w] = (open ? moved : UINT64_MAX) & seen[w];
			any |= ends[w];
		}
		seen[i / 64] |= UINT64_C(1) << (i % 64);
		open = any != 0;
		phrases += !open;
	}
	*out = phrases + open;
	return JRN_OK;
}

/*
 * before[i] and after[i]: the neighbours of suffix i in suffix order among
 * suffixes that start earlier, -1 where there is none.
 */
static jrn_status
link_earlier(const jrn_env *env, const int32_t *suffixes, int32_t n,
			 int32_t *before, int32_t *after)
{
	int32_t		i,
				p,
				q;

	for (i = 0; i < n; i++)
	{
		if ((i & TICK_MASK) == 0)
			JRN_TICK(env);
		before[suffixes[i]] = i > 0 ? suffixes[i - 1] : -1;
		after[suffixes[i]] = i + 1 < n ? suffixes[i + 1] : -1;
	}
	for (i = n - 1; i >= 0; i--)
	{
		if ((i & TICK_MASK) == 0)
			JRN_TICK(env);
		p = before[i];
		q = after[i];
		if (p >= 0)
			after[p] = q;
		if (q >= 0)
			before[q] = p;
	}
	return JRN_OK;
}

/* Symbols that the suffixes at i and at an earlier j have in common. */
static jrn_status
common_length(const jrn_env *env, const int32_t *text, int32_t n, int32_t i,
			  int32_t j, int32_t *length)
{
	int32_t		k = 0;

	while (j >= 0 && i + k < n && text[i + k] == text[j + k])
	{
		k++;
		if ((k & TICK_MASK) == 0)
			JRN_TICK(env);
	}
	*length = k;
	return JRN_OK;
}

static jrn_status
phrases_suffixes(const jrn_env *env, const jrn_tally *tally, int64_t *out)
{
	const int32_t *text = (const int32_t *) tally->codes;
	int32_t		n = (int32_t) tally->n;
	int32_t    *suffixes,
			   *before,
			   *after;
	int32_t		i = 0;
	int64_t		phrases = 0;

	JRN_TRY(jrn_alloc_array(env, tally->n, sizeof(int32_t), &suffixes));
	JRN_TRY(jrn_suffix_array(env, text, n, (int32_t) tally->distinct, suffixes));
	JRN_TRY(jrn_alloc_array(env, tally->n, sizeof(int32_t), &before));
	JRN_TRY(jrn_alloc_array(env, tally->n, sizeof(int32_t), &after));
	JRN_TRY(link_earlier(env, suffixes, n, before, after));
	jrn_release(env, suffixes);
	while (i < n)
	{
		int32_t		left,
					right,
					match;

		JRN_TRY(common_length(env, text, n, i, before[i], &left));
		JRN_TRY(common_length(env, text, n, i, after[i], &right));
		match = left > right ? left : right;
		phrases++;
		if ((phrases & 0xff) == 0)
			JRN_TICK(env);
		if (match >= n - i)
			break;				/* cut short by the end (R-LZ-2) */
		i += match + 1;
	}
	jrn_release(env, before);
	jrn_release(env, after);
	*out = phrases;
	return JRN_OK;
}

jrn_status
jrn_lempel_ziv(const jrn_env *env, jrn_shape_work *work, const jrn_tally *tally,
			   int64_t *out)
{
	size_t		words = (tally->n + 63) / 64;
	size_t		sets = words == 1 ? tally->distinct : (tally->distinct + 1) * words;

	if (tally->n > JRN_LZ_BITSET_EVENTS)
		return phrases_suffixes(env, tally, out);
	JRN_TRY(jrn_reserve(env, sets, &work->masks_capacity, sizeof(uint64_t), &work->masks));
	if (words == 1)
		*out = phrases_one_word(tally, work->masks);
	else
		JRN_TRY(phrases_words(env, tally, work->masks, words, out));
	return JRN_OK;
}
