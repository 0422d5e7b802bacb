/*
 * suffixes.c
 *		Suffix array by induced sorting (see suffixes.h).
 *
 * A suffix is S-type when it is smaller than its successor, else L-type; it
 * is "leftmost S" (lms) when the suffix before it is L-type.  Once the lms
 * suffixes are in order, one scan from the left places every L suffix behind
 * its successor's place and one from the right every S suffix.  The lms
 * suffixes are ordered by sorting lms substrings in the same manner, naming
 * them, and recursing on the string of names, at most half as long.
 */
#include <stdbool.h>
#include <string.h>

#include "suffixes.h"

/* Cancel point of a loop: memory is hit at random, so every few thousand. */
#define TICK_AT(in, i) \
	do { \
		if (((i) & 0x1fff) == 0) \
			JRN_TICK((in)->env); \
	} while (0)

typedef struct induction
{
	const jrn_env *env;
	const int32_t *text;
	int32_t		n;
	int32_t		symbols;
	uint8_t    *s_type;			/* bit per position */
	int32_t    *edges;			/* per symbol: next free place in its bucket */
	int32_t    *sa;
} induction;

static inline bool
is_s(const induction *in, int32_t i)
{
	return (in->s_type[i >> 3] >> (i & 7)) & 1;
}

static inline bool
is_lms(const induction *in, int32_t i)
{
	return i > 0 && is_s(in, i) && !is_s(in, i - 1);
}

/* edges[c] = first (or one past the last) place of the bucket of c. */
static jrn_status
set_edges(const induction *in, bool ends)
{
	int32_t		sum = 0,
				i;

	memset(in->edges, 0, (size_t) in->symbols * sizeof(int32_t));
	for (i = 0; i < in->n; i++)
	{
		TICK_AT(in, i);
		in->edges[in->text[i]]++;
	}
	for (i = 0; i < in->symbols; i++)
	{
		int32_t		count = in->edges[i];

		in->edges[i] = ends ? sum + count : sum;
		sum += count;
	}
	return JRN_OK;
}

static jrn_status
find_types(const induction *in)
{
	int32_t		i;
	bool		s = false;		/* the last suffix is larger than the empty one */

	memset(in->s_type, 0, (size_t) in->n / 8 + 1);
	for (i = in->n - 2; i >= 0; i--)
	{
		TICK_AT(in, i);
		s = in->text[i] < in->text[i + 1] || (in->text[i] == in->text[i + 1] && s);
		if (s)
			in->s_type[i >> 3] |= (uint8_t) (1 << (i & 7));
	}
	return JRN_OK;
}

/* L suffixes from the left, then S suffixes from the right; -1 is empty. */
static jrn_status
induce(const induction *in)
{
	int32_t    *sa = in->sa;
	int32_t		i,
				j;

	JRN_TRY(set_edges(in, false));
	sa[in->edges[in->text[in->n - 1]]++] = in->n - 1;
	for (i = 0; i < in->n; i++)
	{
		TICK_AT(in, i);
		j = sa[i] - 1;
		if (j >= 0 && !is_s(in, j))
			sa[in->edges[in->text[j]]++] = j;
	}
	JRN_TRY(set_edges(in, true));
	for (i = in->n - 1; i >= 0; i--)
	{
		TICK_AT(in, i);
		j = sa[i] - 1;
		if (j >= 0 && is_s(in, j))
			sa[--in->edges[in->text[j]]] = j;
	}
	return JRN_OK;
}

/*
 * Before inducing, only lms suffixes stand somewhere, at the ends of their
 * buckets in any order.  They feed the L suffixes; the scan from the right
 * then overwrites them, because every S suffix has a successor to come from.
 */
static jrn_status
place_lms_unsorted(const induction *in)
{
	int32_t		i;

	for (i = 0; i < in->n; i++)
		in->sa[i] = -1;
	JRN_TRY(set_edges(in, true));
	for (i = in->n - 1; i > 0; i--)
	{
		TICK_AT(in, i);
		if (is_lms(in, i))
			in->sa[--in->edges[in->text[i]]] = i;
	}
	return JRN_OK;
}

/* Do the lms substrings at a and b read the same? */
static bool
same_substring(const induction *in, int32_t a, int32_t b)
{
	int32_t		k;

	for (k = 0;; k++)
	{
		bool		end_a,
					end_b;

		if (a + k >= in->n || b + k >= in->n)
			return false;
		if (in->text[a + k] != in->text[b + k] || is_s(in, a + k) != is_s(in, b + k))
			return false;
		end_a = k > 0 && is_lms(in, a + k);
		end_b = k > 0 && is_lms(in, b + k);
		if (end_a || end_b)
			return end_a && end_b;
	}
}

/*
 * Collect the lms positions in sa[0 .. m-1] in the order just induced, name
 * them, and leave the string of names in sa[n-m .. n-1].  Two neighbouring
 * lms positions are at least 2 apart, so position / 2 addresses m.. uniquely.
 */
static jrn_status
name_substrings(const induction *in, int32_t *m_out, int32_t *names_out)
{
	int32_t    *sa = in->sa;
	int32_t		m = 0,
				names = 0,
				i,
				j;

	for (i = 0; i < in->n; i++)
	{
		TICK_AT(in, i);
		if (is_lms(in, sa[i]))
			sa[m++] = sa[i];
	}
	for (i = m; i < in->n; i++)
		sa[i] = -1;
	for (i = 0; i < m; i++)
	{
		TICK_AT(in, i);
		if (i == 0 || !same_substring(in, sa[i - 1], sa[i]))
			names++;
		sa[m + sa[i] / 2] = names - 1;
	}
	for (i = j = in->n - 1; i >= m; i--)
		if (sa[i] >= 0)
			sa[j--] = sa[i];
	*m_out = m;
	*names_out = names;
	return JRN_OK;
}

/* sa[0 .. m-1] holds the order of the names: put the lms suffixes in place. */
static jrn_status
place_lms_sorted(const induction *in, int32_t m)
{
	int32_t    *sa = in->sa;
	int32_t    *positions = sa + in->n - m;
	int32_t		i,
				j;

	for (i = 1, j = 0; i < in->n; i++)
	{
		TICK_AT(in, i);
		if (is_lms(in, i))
			positions[j++] = i;
	}
	for (i = 0; i < m; i++)
	{
		TICK_AT(in, i);
		sa[i] = positions[sa[i]];
	}
	for (i = m; i < in->n; i++)
		sa[i] = -1;
	JRN_TRY(set_edges(in, true));
	for (i = m - 1; i >= 0; i--)
	{
		TICK_AT(in, i);
		j = sa[i];
		sa[i] = -1;
		sa[--in->edges[in->text[j]]] = j;
	}
	return JRN_OK;
}

/* One level; the depth is at most log2 n because m <= n / 2. */
static jrn_status
sort_level(const jrn_env *env, const int32_t *text, int32_t n, int32_t symbols, int32_t *sa)
{
	induction	in = {env, text, n, symbols, NULL, NULL, sa};
	int32_t		m,
				names,
				i;

	if (n <= 1)
	{
		if (n == 1)
			sa[0] = 0;
		return JRN_OK;
	}
	JRN_TRY(jrn_alloc_array(env, (size_t) n / 8 + 1, 1, &in.s_type));
	JRN_TRY(jrn_alloc_array(env, (size_t) symbols, sizeof(int32_t), &in.edges));
	JRN_TRY(find_types(&in));
	JRN_TRY(place_lms_unsorted(&in));
	JRN_TRY(induce(&in));
	JRN_TRY(name_substrings(&in, &m, &names));
	if (names < m)
		JRN_TRY(sort_level(env, sa + n - m, m, names, sa));
	else
		for (i = 0; i < m; i++)
			sa[sa[n - m + i]] = i;
	JRN_TRY(place_lms_sorted(&in, m));
	JRN_TRY(induce(&in));
	jrn_release(env, in.edges);
	jrn_release(env, in.s_type);
	return JRN_OK;
}

jrn_status
jrn_suffix_array(const jrn_env *env, const int32_t *text, int32_t n,
				 int32_t symbols, int32_t *suffixes)
{
	if (n < 0 || symbols < 0)
		return JRN_DOMAIN;
	return sort_level(env, text, n, symbols, suffixes);
}
