/*
 * metric_sort.c
 *		Radix sort of scores (see metric_sort.h).
 */
#include <stdbool.h>

#include "metric_sort.h"

#define DIGITS 8
#define RADIX 256
#define ROWS_PER_TICK 65536

/* counts[d][v]: rows whose digit d is v. */
static jrn_status
count_digits(const jrn_env *env, const jrn_score *rows, size_t n, size_t (*counts)[RADIX])
{
	size_t		i;
	int			d;

	for (i = 0; i < n; i++)
	{
		uint64_t	key = rows[i].key;

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		for (d = 0; d < DIGITS; d++)
			counts[d][(key >> (8 * d)) & (RADIX - 1)]++;
	}
	return JRN_OK;
}

/* A digit that all rows share needs no pass. */
static bool
is_constant(const size_t *count, size_t n)
{
	int			v;

	for (v = 0; v < RADIX; v++)
		if (count[v] != 0)
			return count[v] == n;
	return true;
}

/* Move rows to their places by one digit; count becomes the next place. */
static jrn_status
move_rows(const jrn_env *env, const jrn_score *from, jrn_score *to, size_t n,
		  int digit, size_t *count)
{
	size_t		place = 0;
	size_t		i;
	int			v;

	for (v = 0; v < RADIX; v++)
	{
		size_t		next = place + count[v];

		count[v] = place;
		place = next;
	}
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		to[count[(from[i].key >> (8 * digit)) & (RADIX - 1)]++] = from[i];
	}
	return JRN_OK;
}

jrn_status
jrn_score_sort(const jrn_env *env, jrn_score *rows, size_t n)
{
	size_t		(*counts)[RADIX];
	jrn_score  *scratch;
	jrn_score  *from = rows;
	jrn_score  *to;
	int			d;

	JRN_TRY(jrn_alloc_zeroed(env, DIGITS, sizeof(*counts), &counts));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(jrn_score), &scratch));
	JRN_TRY(count_digits(env, rows, n, counts));
	to = scratch;
	for (d = 0; d < DIGITS; d++)
	{
		jrn_score  *swap = from;

		if (is_constant(counts[d], n))
			continue;
		JRN_TRY(move_rows(env, from, to, n, d, counts[d]));
		from = to;
		to = swap;
	}
	if (from != rows)
		memcpy(rows, from, n * sizeof(jrn_score));
	jrn_release(env, scratch);
	jrn_release(env, counts);
	return JRN_OK;
}
