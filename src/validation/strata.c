/*
 * strata.c
 *		Counting strata (see strata.h).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "strata.h"

/* One column of strata. */
typedef struct stratum_column
{
	int			feature;
	bool		label;
	int			first;			/* column of the design: of level 1, or the number's own */
	int			count;			/* different values */
	double		values[JRN_MOST_STRATA];	/* of numbers; of labels the level */
	int64_t		rows[JRN_MOST_STRATA];
	int			stratum[JRN_MOST_STRATA];	/* -1: not counted */
} stratum_column;

/* Value of a row: the level of a label, else the number. */
static double
row_value(const jrn_design *design, const stratum_column *column, const jrn_tile *tile, size_t r)
{
	int			levels;
	int			l;

	if (column->feature == JRN_STRATUM_TARGET)
		return tile->y[r];
	if (!column->label)
		return tile->x[(size_t) column->first * tile->stride + r];
	levels = design->first_column[column->feature + 1] - column->first;
	for (l = 0; l < levels; l++)
		if (tile->x[(size_t) (column->first + l) * tile->stride + r] != 0.0)
			return l + 1.0;
	return 0.0;
}

/* Place of a value, -1 when it is new. */
static int
find_value(const stratum_column *column, double value)
{
	int			i;

	for (i = 0; i < column->count; i++)
		if (column->values[i] == value)
			return i;
	return -1;
}

/* Labels are numbered in byte order; numbers compare by their text. */
static bool
is_before(const stratum_column *column, int a, int b)
{
	char		text_a[32];
	char		text_b[32];

	if (column->label)
		return column->values[a] < column->values[b];
	snprintf(text_a, sizeof(text_a), "%.0f", column->values[a]);
	snprintf(text_b, sizeof(text_b), "%.0f", column->values[b]);
	return strcmp(text_a, text_b) < 0;
}

/* R-STRAT-2 */
static void
number_strata(stratum_column *column, size_t *strata)
{
	int			i,
				j;

	for (i = 0; i < column->count; i++)
	{
		int			rarer = 0;

		for (j = 0; j < column->count; j++)
			rarer += column->rows[j] < column->rows[i] ||
				(column->rows[j] == column->rows[i] && j != i && is_before(column, j, i));
		column->stratum[i] = column->count < 2 ? -1 : (int) *strata + rarer;
	}
	if (column->count >= 2)
		*strata += (size_t) column->count;
}

/* All values of all columns, with their rows. */
static jrn_status
collect_values(const jrn_design *design, stratum_column *columns, int count, int *fault)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		r;
	int			c;

	jrn_tiles_open(design, (jrn_store *) &design->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		for (c = 0; c < count; c++)
			for (r = 0; r < tile.rows; r++)
			{
				double		value = row_value(design, &columns[c], &tile, r);
				int			at = find_value(&columns[c], value);

				*fault = c;
				if (value != floor(value) || fabs(value) > 1e15)
					return JRN_DOMAIN;
				if (at < 0)
				{
					if (columns[c].count == JRN_MOST_STRATA)
						return JRN_LIMIT;
					at = columns[c].count++;
					columns[c].values[at] = value;
				}
				columns[c].rows[at]++;
			}
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

static jrn_status
count_strata(const jrn_design *design, const stratum_column *columns, int count, size_t strata,
			 int64_t *rows)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		r;
	int			c;

	jrn_tiles_open(design, (jrn_store *) &design->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		for (c = 0; c < count; c++)
			for (r = 0; r < tile.rows; r++)
			{
				int			stratum = columns[c].stratum[find_value(&columns[c],
															   row_value(design, &columns[c], &tile, r))];

				if (stratum >= 0)
					rows[(size_t) tile.cluster[r] * strata + (size_t) stratum]++;
			}
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

jrn_status
jrn_design_strata(const jrn_env *env, const jrn_design *design, const int *columns, int count,
				  size_t *strata, int64_t **rows, int *fault)
{
	stratum_column *found;
	int			c;

	*strata = 0;
	*rows = NULL;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) count, sizeof(stratum_column), &found));
	for (c = 0; c < count; c++)
	{
		found[c].feature = columns[c];
		found[c].label = columns[c] != JRN_STRATUM_TARGET && design->is_label[columns[c]];
		found[c].first = columns[c] != JRN_STRATUM_TARGET ? design->first_column[columns[c]] : -1;
	}
	JRN_TRY(collect_values(design, found, count, fault));
	for (c = 0; c < count; c++)
		number_strata(&found[c], strata);
	if (*strata > JRN_MOST_STRATA)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) design->clusters, (*strata + 1) * sizeof(int64_t), rows));
	JRN_TRY(count_strata(design, found, count, *strata, *rows));
	jrn_release(env, found);
	return JRN_OK;
}
