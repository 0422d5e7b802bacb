/*
 * effect_order.c
 *		The rows of a table of scores by fold and cluster (declared in
 *		effect_model.h).
 *
 * A table has its rows as blocks came; blocks of several folds come in turn,
 * so a cluster may lie apart in it.
 */
#include <string.h>

#include "effect_model.h"

#define ROWS_PER_TICK 16384

/* Stable counting sort of places by a number below count. */
static jrn_status
sort_places(const jrn_env *env, const jrn_score_table *table, bool by_fold, size_t count, size_t *places)
{
	size_t	   *next;
	size_t	   *sorted;
	size_t		i;

	JRN_TRY(jrn_alloc_zeroed(env, count + 1, sizeof(size_t), &next));
	JRN_TRY(jrn_alloc_array(env, table->n, sizeof(size_t), &sorted));
	for (i = 0; i < table->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		next[1 + (by_fold ? (size_t) table->fold[i] : (size_t) table->cluster[i])]++;
	}
	for (i = 1; i <= count; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		next[i] += next[i - 1];
	}
	for (i = 0; i < table->n; i++)
	{
		size_t		place = places[i];

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		sorted[next[by_fold ? (size_t) table->fold[place] : (size_t) table->cluster[place]]++] = place;
	}
	for (i = 0; i < table->n; i++)
		places[i] = sorted[i];
	jrn_release(env, sorted);
	jrn_release(env, next);
	return JRN_OK;
}

/* *array, of n rows of size bytes, in the order of places. */
static jrn_status
permute(const jrn_env *env, const size_t *places, size_t n, size_t size, void *array)
{
	char	  **rows = array;
	char	   *sorted;
	size_t		i;

	if (*rows == NULL || size == 0)
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(env, n, size, &sorted));
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		memcpy(sorted + i * size, *rows + places[i] * size, size);
	}
	jrn_release(env, *rows);
	*rows = sorted;
	return JRN_OK;
}

jrn_status
jrn_effect_order(const jrn_env *env, jrn_score_table *table)
{
	size_t		n = table->n;
	size_t		arms = (size_t) table->arms * sizeof(double);
	size_t		clusters = 0;
	size_t	   *places;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, n, sizeof(size_t), &places));
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		places[i] = i;
		if ((size_t) table->cluster[i] >= clusters)
			clusters = (size_t) table->cluster[i] + 1;
	}
	JRN_TRY(sort_places(env, table, false, clusters, places));
	JRN_TRY(sort_places(env, table, true, (size_t) table->folds, places));
	JRN_TRY(permute(env, places, n, sizeof(int64_t), &table->number));
	JRN_TRY(permute(env, places, n, sizeof(int64_t), &table->cluster));
	JRN_TRY(permute(env, places, n, sizeof(int32_t), &table->fold));
	JRN_TRY(permute(env, places, n, sizeof(int32_t), &table->arm));
	JRN_TRY(permute(env, places, n, sizeof(double), &table->y));
	JRN_TRY(permute(env, places, n, arms, &table->mu));
	JRN_TRY(permute(env, places, n, arms, &table->propensity));
	JRN_TRY(permute(env, places, n, arms, &table->score));
	JRN_TRY(permute(env, places, n, table->p * sizeof(double), &table->x));
	jrn_release(env, places);
	return JRN_OK;
}
