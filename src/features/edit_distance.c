/*
 * edit_distance.c
 *		Levenshtein distance over labels (see edit_distance.h).
 */
#include "edit_distance.h"

/* Cells of work between two cancel points. */
#define TICK_CELLS 65536

/* Row by row over the longer path; the row is as long as the shorter one. */
static jrn_status
fill_rows(const jrn_env *env, const uint32_t *longer, size_t n,
		  const uint32_t *shorter, size_t m, uint32_t *row)
{
	size_t		since_tick = 0,
				i,
				j;

	for (j = 0; j <= m; j++)
		row[j] = (uint32_t) j;
	for (i = 0; i < n; i++)
	{
		uint32_t	diagonal = row[0];
		uint32_t	left = (uint32_t) i + 1;
		uint32_t	symbol = longer[i];

		row[0] = left;
		for (j = 0; j < m; j++)
		{
			uint32_t	above = row[j + 1];
			uint32_t	best = diagonal + (shorter[j] != symbol);
			uint32_t	step = (above < left ? above : left) + 1;

			best = step < best ? step : best;
			diagonal = above;
			row[j + 1] = left = best;
			if (++since_tick == TICK_CELLS)
			{
				since_tick = 0;
				JRN_TICK(env);
			}
		}
	}
	return JRN_OK;
}

jrn_status
jrn_edit_distance(const jrn_env *env, const uint32_t *a, size_t n,
				  const uint32_t *b, size_t m, int64_t *out)
{
	uint32_t   *row;

	if (n > INT32_MAX || m > INT32_MAX)
		return JRN_LIMIT;
	while (n > 0 && m > 0 && *a == *b)
		a++, b++, n--, m--;
	while (n > 0 && m > 0 && a[n - 1] == b[m - 1])
		n--, m--;
	if (n < m)
	{
		const uint32_t *swap = a;
		size_t		length = n;

		a = b;
		b = swap;
		n = m;
		m = length;
	}
	*out = (int64_t) n;
	if (m == 0)
		return JRN_OK;
	if ((uint64_t) n > JRN_EDIT_CELLS / (uint64_t) m)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_array(env, m + 1, sizeof(uint32_t), &row));
	JRN_TRY(fill_rows(env, a, n, b, m, row));
	*out = row[m];
	jrn_release(env, row);
	return JRN_OK;
}
