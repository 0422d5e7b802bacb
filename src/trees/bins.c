/*
 * bins.c
 *		Columns of numbers to bytes (R-TREE-8).
 *
 * The values are sorted by their bits, eleven at a time; the cut points are
 * those of all rows, so they depend on no sample and no order.
 */
#include "trees.h"

#include <math.h>
#include <string.h>

#include "../core/sizes.h"

#define RADIX_BITS 11
#define RADIX_SIZE (1 << RADIX_BITS)
#define RADIX_PASSES 6

jrn_status
jrn_tree_matrix_begin(jrn_tree_matrix *matrix, const jrn_env *env, size_t rows, int features,
					  bool with_unit)
{
	size_t		cells;

	memset(matrix, 0, sizeof(*matrix));
	if (rows > JRN_TREES_MAX_ROWS || features > JRN_TREES_MAX_FEATURES)
		return JRN_LIMIT;
	matrix->rows = rows;
	matrix->features = features;
	matrix->words = ((size_t) features + 7) / 8;
	if (!jrn_size_mul(rows, matrix->words, &cells))
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) features, sizeof(jrn_tree_column), &matrix->columns));
	JRN_TRY(jrn_alloc_zeroed(env, cells, sizeof(uint64_t), &matrix->bins));
	JRN_TRY(jrn_alloc_array(env, rows, sizeof(double), &matrix->y));
	if (with_unit)
		JRN_TRY(jrn_alloc_array(env, rows, sizeof(uint64_t), &matrix->unit));
	return JRN_OK;
}

/* Bits whose unsigned order is that of the numbers. */
static uint64_t
ordered_bits(double value)
{
	uint64_t	bits;

	value += 0.0;				/* -0 is 0 */
	memcpy(&bits, &value, sizeof(bits));
	return bits >> 63 ? ~bits : bits | (uint64_t) 1 << 63;
}

static double
number_of_bits(uint64_t bits)
{
	double		value;

	bits = bits >> 63 ? bits & ~((uint64_t) 1 << 63) : ~bits;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* One pass; false when all keys have the same digit and nothing was moved. */
static jrn_status
radix_pass(const jrn_env *env, const uint64_t *from, uint64_t *to, size_t count, int shift,
		   bool *moved)
{
	size_t		ends[RADIX_SIZE];
	size_t		sum = 0;
	size_t		i;

	memset(ends, 0, sizeof(ends));
	for (i = 0; i < count; i++)
		ends[(from[i] >> shift) & (RADIX_SIZE - 1)]++;
	JRN_TICK(env);
	*moved = count > 0 && ends[(from[0] >> shift) & (RADIX_SIZE - 1)] < count;
	if (!*moved)
		return JRN_OK;
	for (i = 0; i < RADIX_SIZE; i++)
	{
		size_t		own = ends[i];

		ends[i] = sum;
		sum += own;
	}
	for (i = 0; i < count; i++)
	{
		to[ends[(from[i] >> shift) & (RADIX_SIZE - 1)]++] = from[i];
		if (i % 65536 == 65535)
			JRN_TICK(env);
	}
	return JRN_OK;
}

/* The sorted keys end up in *keys; both arrays may be swapped. */
static jrn_status
radix_sort(const jrn_env *env, uint64_t **keys, uint64_t **spare, size_t count)
{
	int			pass;

	for (pass = 0; pass < RADIX_PASSES; pass++)
	{
		bool		moved;

		JRN_TRY(radix_pass(env, *keys, *spare, count, pass * RADIX_BITS, &moved));
		if (moved)
		{
			uint64_t   *swap = *keys;

			*keys = *spare;
			*spare = swap;
		}
	}
	return JRN_OK;
}

/* A number t with a <= t < b, in the middle where there is one. */
static double
middle(double a, double b)
{
	double		t = a / 2 + b / 2;

	return t >= a && t < b ? t : a;
}

static size_t
count_distinct(const uint64_t *keys, size_t count)
{
	size_t		distinct = 0;
	size_t		i;

	for (i = 0; i < count; i++)
		if (i == 0 || keys[i] != keys[i - 1])
			distinct++;
	return distinct;
}

/*
 * Close a bin once it holds its part of the rows not yet dealt; with few
 * distinct values every value is a bin.
 */
static void
cut(jrn_tree_column *column, const uint64_t *keys, size_t count)
{
	bool		each = count_distinct(keys, count) <= JRN_TREES_BINS;
	size_t		begin = 0;
	size_t		i;

	column->bins = 0;
	for (i = 1; i <= count; i++)
	{
		if (i < count && keys[i] == keys[i - 1])
			continue;
		if (i == count)
			column->thresholds[column->bins++] = INFINITY;
		else if (each || (column->bins < JRN_TREES_BINS - 1 &&
						  (i - begin) * (size_t) (JRN_TREES_BINS - column->bins) >= count - begin))
		{
			column->thresholds[column->bins++] = middle(number_of_bits(keys[i - 1]),
														number_of_bits(keys[i]));
			begin = i;
		}
	}
	if (column->bins == 0)		/* nothing but missing values */
		column->thresholds[column->bins++] = INFINITY;
}

/* First bin whose threshold is not below value: eight halvings. */
static int
bin_of(const double *thresholds, double value)
{
	int			low = 0;
	int			step;

	for (step = 128; step > 0; step >>= 1)
		low += value > thresholds[low + step - 1] ? step : 0;
	return low;
}

jrn_status
jrn_tree_bin_column(jrn_tree_matrix *matrix, const jrn_env *env, int feature, double *values)
{
	jrn_tree_column *column = &matrix->columns[feature];
	int			shift = 8 * (feature % 8);
	uint64_t   *word = matrix->bins + feature / 8;
	double		padded[256];
	uint64_t   *keys;
	uint64_t   *spare;
	size_t		known = 0;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, JRN_TREES_BINS, sizeof(double), &column->thresholds));
	JRN_TRY(jrn_alloc_array(env, matrix->rows, 1, &column->bin));
	JRN_TRY(jrn_alloc_array(env, matrix->rows, sizeof(uint64_t), &keys));
	JRN_TRY(jrn_alloc_array(env, matrix->rows, sizeof(uint64_t), &spare));
	for (i = 0; i < matrix->rows; i++)
		if (!isnan(values[i]))
			keys[known++] = ordered_bits(values[i]);
	column->has_missing = known < matrix->rows;
	JRN_TRY(radix_sort(env, &keys, &spare, known));
	cut(column, keys, known);
	jrn_release(env, spare);
	jrn_release(env, keys);
	for (i = 0; i < 256; i++)
		padded[i] = i < (size_t) column->bins ? column->thresholds[i] : INFINITY;
	for (i = 0; i < matrix->rows; i++)
	{
		int			bin = isnan(values[i]) ? column->bins : bin_of(padded, values[i]);

		column->bin[i] = (uint8_t) bin;
		word[i * matrix->words] |= (uint64_t) bin << shift;
		if (i % 65536 == 65535)
			JRN_TICK(env);
	}
	return JRN_OK;
}
