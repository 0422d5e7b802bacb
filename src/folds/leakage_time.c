/*
 * leakage_time.c
 *		Leaks through outcome windows (see leakage.h).
 */
#include <string.h>

#include "../core/sort.h"
#include "leakage.h"

typedef struct window
{
	uint32_t	key;
	uint32_t	class;
	int64_t		decided;
	int64_t		matured;
} window;

#define BY_KEY(ctx, a, b) \
	((a).key != (b).key ? (a).key < (b).key : (a).decided != (b).decided ? (a).decided < (b).decided : \
	 (a).class != (b).class ? (a).class < (b).class : (a).matured < (b).matured)
JRN_SORT_DEFINE(sort_windows, window, const void *, BY_KEY)

/*
 * Rows of one key in order of time: the latest end so far, and the latest of
 * another class than that one's, tell whether a window of another class is open.
 */
static size_t
overlapped_of_key(const window *rows, size_t n)
{
	size_t		count = 0;
	int64_t		latest = INT64_MIN;
	int64_t		latest_other = INT64_MIN;
	uint32_t	class = 0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		int64_t		open = rows[i].class == class ? latest_other : latest;

		count += open != INT64_MIN && open >= rows[i].decided;
		if (rows[i].class == class || latest == INT64_MIN)
		{
			class = rows[i].class;
			latest = rows[i].matured > latest ? rows[i].matured : latest;
		}
		else if (rows[i].matured > latest)
		{
			latest_other = latest;
			latest = rows[i].matured;
			class = rows[i].class;
		}
		else if (rows[i].matured > latest_other)
			latest_other = rows[i].matured;
	}
	return count;
}

jrn_status
jrn_leak_overlapped(const jrn_env *env, const uint32_t *keys, const uint32_t *classes,
					const int64_t *decided, const int64_t *matured, size_t n, size_t *overlapped)
{
	window	   *rows;
	size_t		used = 0;
	size_t		begin,
				end,
				i;

	*overlapped = 0;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(window), &rows));
	for (i = 0; i < n; i++)
		if (matured[i] != INT64_MAX)
		{
			rows[used].key = keys[i];
			rows[used].class = classes[i];
			rows[used].decided = decided[i];
			rows[used++].matured = matured[i];
		}
	JRN_TICK(env);
	JRN_TRY(sort_windows(env, rows, used, NULL));
	for (begin = 0; begin < used; begin = end)
	{
		for (end = begin; end < used && rows[end].key == rows[begin].key; end++)
			;
		*overlapped += overlapped_of_key(rows + begin, end - begin);
	}
	jrn_release(env, rows);
	return JRN_OK;
}

/* ---- folds that are blocks of time ---- */

typedef struct extent
{
	int64_t		first;			/* decision */
	int64_t		last;			/* decision */
	int64_t		end;			/* of the last window */
	uint32_t	fold;
} extent;

#define BY_FIRST(ctx, a, b) ((a).first != (b).first ? (a).first < (b).first : (a).fold < (b).fold)
JRN_SORT_DEFINE(sort_extents, extent, const void *, BY_FIRST)

static jrn_status
fold_extents(const jrn_env *env, const uint32_t *folds, size_t fold_count, const int64_t *decided,
			 const int64_t *matured, size_t n, extent **extents)
{
	extent	   *of;
	size_t		f,
				i;

	JRN_TRY(jrn_alloc_array(env, fold_count, sizeof(extent), &of));
	for (f = 0; f < fold_count; f++)
	{
		of[f].first = INT64_MAX;
		of[f].last = of[f].end = INT64_MIN;
		of[f].fold = (uint32_t) f;
	}
	for (i = 0; i < n; i++)
	{
		extent	   *e = &of[folds[i]];

		e->first = decided[i] < e->first ? decided[i] : e->first;
		e->last = decided[i] > e->last ? decided[i] : e->last;
		if (matured != NULL && matured[i] != INT64_MAX && matured[i] > e->end)
			e->end = matured[i];
	}
	*extents = of;
	return JRN_OK;
}

jrn_status
jrn_leak_time_blocks(const jrn_env *env, const uint32_t *folds, size_t fold_count,
					 const int64_t *decided, const int64_t *matured, size_t n,
					 bool *blocks, size_t *open)
{
	extent	   *by_time;
	size_t	   *place;			/* of a fold among the blocks */
	size_t		f,
				i;

	*blocks = fold_count > 1;
	*open = 0;
	JRN_TRY(fold_extents(env, folds, fold_count, decided, matured, n, &by_time));
	JRN_TRY(jrn_alloc_array(env, fold_count, sizeof(size_t), &place));
	JRN_TRY(sort_extents(env, by_time, fold_count, NULL));
	for (f = 0; f < fold_count; f++)
		place[by_time[f].fold] = f;
	for (f = 1; f < fold_count && *blocks; f++)
		*blocks = by_time[f].first >= by_time[f - 1].last;
	for (i = 0; i < n && *blocks && matured != NULL; i++)
	{
		size_t		own = place[folds[i]];
		bool		met = false;

		if (i % 16384 == 0)
			JRN_TICK(env);
		if (matured[i] == INT64_MAX)
			continue;
		for (f = own + 1; f < fold_count && by_time[f].first <= matured[i]; f++)
			met = true;
		for (f = 0; f < own && !met; f++)
			met = by_time[f].end >= decided[i];
		*open += met;
	}
	jrn_release(env, place);
	jrn_release(env, by_time);
	return JRN_OK;
}
