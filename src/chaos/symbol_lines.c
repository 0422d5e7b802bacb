/*
 * symbol_lines.c
 *		Lines of the recurrence matrix of symbols by counting words (see
 *		symbol_lines.h).
 */
#include <math.h>
#include <string.h>

#include "symbol_lines.h"

#include "../core/multiple.h"

struct jrn_symbol_lines
{
	size_t		n;
	size_t		kinds;			/* different symbols */
	uint32_t   *symbol;			/* 0 .. kinds - 1, as given */
	uint32_t   *at;				/* in the order of the call */
	uint32_t   *word;			/* which word begins at a place; the same number, the same word */
	uint32_t   *next_word;
	uint32_t   *places;			/* by the symbol behind the word */
	uint32_t   *sorted;			/* by word, then that symbol */
	uint32_t   *start;			/* of the buckets, n + 1 */
	int64_t    *of_kind;		/* how often each symbol occurs */
};

/* Symbols as ranks among those that occur. */
static jrn_status
rank_symbols(const jrn_env *env, const uint32_t *symbols, jrn_symbol_lines *l)
{
	double	   *distinct;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, l->n, sizeof(double), &distinct));
	for (i = 0; i < l->n; i++)
		distinct[i] = symbols[i];
	JRN_TRY(jrn_sort_doubles(env, distinct, l->n));
	for (i = 0; i < l->n; i++)
		if (i == 0 || distinct[i] != distinct[l->kinds - 1])
			distinct[l->kinds++] = distinct[i];
	for (i = 0; i < l->n; i++)
	{
		size_t		low = 0;
		size_t		high = l->kinds - 1;

		while (low < high)
		{
			const size_t middle = (low + high) / 2;

			if (distinct[middle] < symbols[i])
				low = middle + 1;
			else
				high = middle;
		}
		l->symbol[i] = (uint32_t) low;
	}
	jrn_release(env, distinct);
	return JRN_OK;
}

jrn_status
jrn_symbol_lines_begin(const jrn_env *env, const uint32_t *symbols, size_t n, jrn_symbol_lines **made)
{
	jrn_symbol_lines *l;
	size_t		i;

	JRN_TRY(jrn_alloc_zeroed(env, 1, sizeof(*l), &l));
	l->n = n;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &l->symbol));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &l->at));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &l->word));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &l->next_word));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &l->places));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &l->sorted));
	JRN_TRY(jrn_alloc_array(env, n + 1, sizeof(uint32_t), &l->start));
	JRN_TRY(rank_symbols(env, symbols, l));
	JRN_TRY(jrn_alloc_zeroed(env, l->kinds, sizeof(int64_t), &l->of_kind));
	for (i = 0; i < n; i++)
		l->of_kind[l->symbol[i]]++;
	*made = l;
	return JRN_OK;
}

/* ---- words ---- */

/* Places in the order of their keys, ties as they came. */
static void
sort_places(const uint32_t *places, size_t count, const uint32_t *key, size_t keys, uint32_t *start, uint32_t *sorted)
{
	size_t		i;

	memset(start, 0, (keys + 1) * sizeof(uint32_t));
	for (i = 0; i < count; i++)
		start[key[places[i]] + 1]++;
	for (i = 0; i < keys; i++)
		start[i + 1] += start[i];
	for (i = 0; i < count; i++)
		sorted[start[key[places[i]]]++] = places[i];
}

/* From words of k symbols, of which there are `words`, to words of k + 1; the sum of squared counts. */
static int64_t
lengthen_words(jrn_symbol_lines *l, size_t k, size_t *words)
{
	const size_t count = l->n - k;
	uint32_t   *held = l->word;
	int64_t		pairs = 0;
	int64_t		same = 0;
	size_t		kinds = 0;
	size_t		i;

	for (i = 0; i < count; i++)
		l->sorted[i] = (uint32_t) i;
	sort_places(l->sorted, count, l->at + k, l->kinds, l->start, l->places);
	sort_places(l->places, count, l->word, *words, l->start, l->sorted);
	for (i = 0; i < count; i++)
	{
		const uint32_t place = l->sorted[i];
		const uint32_t before = i > 0 ? l->sorted[i - 1] : place;

		if (i == 0 || l->word[place] != l->word[before] || l->at[place + k] != l->at[before + k])
		{
			kinds++;
			same = 0;
		}
		/* the m-th of its kind adds m^2 - (m - 1)^2 */
		pairs += 2 * same++ + 1;
		l->next_word[place] = (uint32_t) (kinds - 1);
	}
	l->word = l->next_word;
	l->next_word = held;
	*words = kinds;
	return pairs;
}

/* Cells on diagonal lines of at least `line` cells, all diagonals. */
static jrn_status
diagonal_cells(const jrn_env *env, jrn_symbol_lines *l, size_t line, int64_t *cells)
{
	const int64_t n = (int64_t) l->n;
	const int64_t least = (int64_t) line;
	size_t		words = l->kinds;
	int64_t		pairs = 0;
	int64_t		longer = 0;		/* pairs of words one longer */
	size_t		i,
				k;

	*cells = 0;
	if (line > l->n)
		return JRN_OK;
	memcpy(l->word, l->at, l->n * sizeof(uint32_t));
	for (i = 0; i < l->kinds; i++)
		longer += l->of_kind[i] * l->of_kind[i];
	for (k = 1; k <= line; k++)
	{
		if (k % 16 == 0)
			JRN_TICK(env);
		pairs = longer;
		if (pairs == n - (int64_t) k + 1)
		{
			/* every word once: only the line of identity is so long */
			*cells = n;
			return JRN_OK;
		}
		longer = k < l->n ? lengthen_words(l, k, &words) : 0;
	}
	*cells = least * pairs - (least - 1) * longer;
	return JRN_OK;
}

/* ---- the window ---- */

/* Black cells of one diagonal, and those on lines of at least `line` cells. */
static void
read_diagonal(const jrn_symbol_lines *l, size_t apart, size_t line, int64_t *black, int64_t *on_lines)
{
	size_t		run = 0;
	size_t		i;

	*black = *on_lines = 0;
	for (i = 0; i + apart <= l->n; i++)
		if (i + apart < l->n && l->at[i] == l->at[i + apart])
			run++;
		else
		{
			*black += (int64_t) run;
			*on_lines += run >= line ? (int64_t) run : 0;
			run = 0;
		}
}

/* Takes the diagonals within the window off both counts. */
static jrn_status
take_window_off(const jrn_env *env, const jrn_symbol_lines *l, size_t theiler, size_t line, int64_t *black, int64_t *on_lines)
{
	size_t		apart;
	int64_t		b,
				o;

	for (apart = 0; apart < theiler && apart < l->n; apart++)
	{
		if (apart % 64 == 0)
			JRN_TICK(env);
		read_diagonal(l, apart, line, &b, &o);
		*black -= apart == 0 ? b : 2 * b;
		*on_lines -= apart == 0 ? o : 2 * o;
	}
	return JRN_OK;
}

/* ---- vertical lines ---- */

/* Cells of a run of the same symbol, places from .. to - 1, in column j on lines of at least `line`. */
static int64_t
run_in_column(size_t from, size_t to, size_t j, size_t theiler, size_t line)
{
	const size_t above = theiler == 0 || j + 1 < theiler ? 0 : j + 1 - theiler;	/* first place of the window */
	const size_t upper = above > to ? to - from : (above > from ? above - from : 0);
	const size_t lower = j + theiler >= to ? 0 : (j + theiler > from ? to - j - theiler : to - from);

	if (theiler == 0)
		return to - from >= line ? (int64_t) (to - from) : 0;
	return (upper >= line ? (int64_t) upper : 0) + (lower >= line ? (int64_t) lower : 0);
}

/* Each run in all columns of its symbol: whole, but for columns near it. */
static jrn_status
vertical_cells(const jrn_env *env, const jrn_symbol_lines *l, size_t theiler, size_t line, int64_t *cells)
{
	const size_t reach = theiler > l->n ? l->n : theiler;
	size_t		from,
				to,
				j;

	*cells = 0;
	for (from = 0; from < l->n; from = to)
	{
		const size_t near_from = from > reach ? from - reach : 0;
		size_t		near_to;

		for (to = from + 1; to < l->n && l->at[to] == l->at[from]; to++)
			;
		if (to - from < line)
			continue;
		JRN_TICK(env);
		*cells += (int64_t) (to - from) * l->of_kind[l->at[from]];
		near_to = l->n - to > reach ? to + reach : l->n;
		for (j = near_from; j < near_to; j++)
			if (l->at[j] == l->at[from])
				*cells += run_in_column(from, to, j, reach, line) - (int64_t) (to - from);
	}
	return JRN_OK;
}

jrn_status
jrn_symbol_lines_count(const jrn_env *env, jrn_symbol_lines *l, const uint32_t *order,
					   int64_t theiler, int64_t line, double *determinism, double *laminarity)
{
	const size_t least = (size_t) line;
	const size_t window = (size_t) theiler;
	int64_t		black = 0;
	int64_t		diagonal;
	int64_t		vertical;
	size_t		i;

	for (i = 0; i < l->n; i++)
		l->at[i] = l->symbol[order[i]];
	for (i = 0; i < l->kinds; i++)
		black += l->of_kind[i] * l->of_kind[i];
	JRN_TRY(diagonal_cells(env, l, least, &diagonal));
	JRN_TRY(take_window_off(env, l, window, least, &black, &diagonal));
	JRN_TRY(vertical_cells(env, l, window, least, &vertical));
	*determinism = black > 0 ? (double) diagonal / (double) black : NAN;
	*laminarity = black > 0 ? (double) vertical / (double) black : NAN;
	return JRN_OK;
}
