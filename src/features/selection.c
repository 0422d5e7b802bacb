/*
 * selection.c
 *		Median by counting bytes (see selection.h).
 *
 * Numbers at or above +0 order like their bit patterns.  The candidates are
 * split by their highest byte in which they differ; only the part that holds
 * the wanted rank is kept, until few are left to sort.
 */
#include <stdbool.h>
#include <string.h>

#include "selection.h"

/* Sorting beats counting up to here. */
#define FEW 24

static void
sort_few(double *values, size_t m)
{
	size_t		i,
				j;

	for (i = 1; i < m; i++)
	{
		double		value = values[i];

		for (j = i; j > 0 && values[j - 1] > value; j--)
			values[j] = values[j - 1];
		values[j] = value;
	}
}

static inline uint64_t
bits_of(double value)
{
	uint64_t	bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* Shift that brings the highest differing byte down; -1: all are equal. */
static int
split_shift(const double *values, size_t m)
{
	uint64_t	first = bits_of(values[0]),
				differ = 0;
	size_t		i;
	int			top;

	for (i = 1; i < m; i++)
		differ |= bits_of(values[i]) ^ first;
	if (differ == 0)
		return -1;
	top = 63 - __builtin_clzll(differ);
	return top < 7 ? 0 : top - 7;
}

/*
 * Keep the part of values in which the element of rank (0-based) lies, moved
 * to the front; *m and *rank become those of the part.  *above is the least
 * element known to lie above the part.
 */
static void
keep_part(double *values, size_t *m, size_t *rank, double *above, int shift)
{
	size_t		counts[256];
	size_t		kept = 0,
				i;
	unsigned	byte;

	memset(counts, 0, sizeof(counts));
	for (i = 0; i < *m; i++)
		counts[(bits_of(values[i]) >> shift) & 0xff]++;
	for (byte = 0; *rank >= counts[byte]; byte++)
		*rank -= counts[byte];
	for (i = 0; i < *m; i++)
	{
		unsigned	own = (bits_of(values[i]) >> shift) & 0xff;

		if (own == byte)
			values[kept++] = values[i];
		else if (own > byte && values[i] < *above)
			*above = values[i];
	}
	*m = kept;
}

jrn_status
jrn_median_of(const jrn_env *env, double *values, size_t m, double *out)
{
	size_t		rank = (m - 1) / 2;
	bool		even = m % 2 == 0;
	double		above = __builtin_inf();
	double		next;

	if (m == 0)
		return JRN_DOMAIN;
	while (m > FEW)
	{
		int			shift = split_shift(values, m);

		if (shift < 0)
			break;
		if (m > 4096)
			JRN_TICK(env);
		keep_part(values, &m, &rank, &above, shift);
	}
	if (m <= FEW)
		sort_few(values, m);
	*out = values[rank];
	if (!even)
		return JRN_OK;
	next = rank + 1 < m ? values[rank + 1] : above;
	*out = values[rank] / 2 + next / 2;
	return JRN_OK;
}
