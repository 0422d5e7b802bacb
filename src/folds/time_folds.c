/*
 * time_folds.c
 *		Roles of rows in splits along time (see time_folds.h).
 */
#include <stdbool.h>

#include "../core/sort.h"
#include "folds.h"
#include "time_folds.h"

#define ROWS_A_TICK 65536

jrn_status
jrn_rolling_roles(const jrn_env *env, const jrn_decisions *decisions, const int64_t *learned,
				  int64_t start, int64_t cut, int64_t end, uint8_t *roles)
{
	size_t		i;

	for (i = 0; i < decisions->n; i++)
	{
		int64_t		decided = decisions->decided[i];
		int64_t		matured = decisions->matured[i];
		jrn_role	role = JRN_ROLE_NONE;

		if (i % ROWS_A_TICK == 0)
			JRN_TICK(env);
		if (decided >= cut)
			role = decided >= end ? JRN_ROLE_NONE :
				matured == JRN_NOT_MATURED ? JRN_ROLE_IMMATURE : JRN_ROLE_TEST;
		else if (decided >= start)
			role = matured > cut ? JRN_ROLE_IMMATURE :
				learned[i] > cut ? JRN_ROLE_GAP : JRN_ROLE_TRAIN;
		roles[i] = (uint8_t) role;
	}
	return JRN_OK;
}

/* ---- blocks ---- */

#define DECIDED_BEFORE(decided, a, b) \
	((decided)[a] != (decided)[b] ? (decided)[a] < (decided)[b] : (a) < (b))

JRN_SORT_DEFINE(sort_by_decided, size_t, const int64_t *, DECIDED_BEFORE)

/* Rows in order of time get their block; ranked holds matured rows only. */
static jrn_status
cut_blocks(const jrn_env *env, const jrn_decisions *decisions, const size_t *ranked, size_t n,
		   int32_t k, int32_t *blocks)
{
	size_t		begin = 0;
	int32_t		last = 0;

	while (begin < n)
	{
		size_t		end = begin + 1;
		int32_t		block;
		size_t		i;

		while (end < n && decisions->decided[ranked[end]] == decisions->decided[ranked[begin]])
			end++;
		block = jrn_fold_ntile((int64_t) begin, (int64_t) (end - begin), (int64_t) n, k);
		if (block > last + 1)
			return JRN_TOO_FEW;
		last = block;
		for (i = begin; i < end; i++)
		{
			if (i % ROWS_A_TICK == 0)
				JRN_TICK(env);
			blocks[ranked[i]] = block;
		}
		begin = end;
	}
	return last == k ? JRN_OK : JRN_TOO_FEW;
}

jrn_status
jrn_time_blocks(const jrn_env *env, const jrn_decisions *decisions, int32_t k, int32_t *blocks)
{
	size_t	   *ranked;
	size_t		n = 0;
	size_t		i;

	if (k < 1)
		return JRN_DOMAIN;
	JRN_TRY(jrn_alloc_array(env, decisions->n, sizeof(size_t), &ranked));
	for (i = 0; i < decisions->n; i++)
	{
		if (i % ROWS_A_TICK == 0)
			JRN_TICK(env);
		blocks[i] = 0;
		if (decisions->matured[i] != JRN_NOT_MATURED)	/* R-TIME-4 */
			ranked[n++] = i;
	}
	JRN_TRY(sort_by_decided(env, ranked, n, decisions->decided));
	JRN_TRY(cut_blocks(env, decisions, ranked, n, k, blocks));
	jrn_release(env, ranked);
	return JRN_OK;
}

void
jrn_time_block_extent(const jrn_decisions *decisions, const int32_t *blocks, int32_t block,
					  int64_t *first, int64_t *last)
{
	size_t		i;

	*first = INT64_MAX;
	*last = INT64_MIN;
	for (i = 0; i < decisions->n; i++)
		if (blocks[i] == block)
		{
			if (decisions->decided[i] < *first)
				*first = decisions->decided[i];
			if (decisions->matured[i] > *last)
				*last = decisions->matured[i];
		}
}

/* ---- purge and embargo ---- */

jrn_status
jrn_purged_roles(const jrn_env *env, const jrn_decisions *decisions, const int32_t *blocks,
				 int32_t block, int64_t first, int64_t last, int64_t embargo_end, uint8_t *roles)
{
	uint8_t    *tested;
	size_t		i;

	JRN_TRY(jrn_alloc_zeroed(env, decisions->key_count, 1, &tested));
	for (i = 0; i < decisions->n; i++)
	{
		if (i % ROWS_A_TICK == 0)
			JRN_TICK(env);
		if (blocks[i] == block)
			tested[decisions->keys[i]] = 1;
	}
	for (i = 0; i < decisions->n; i++)
	{
		int64_t		decided = decisions->decided[i];
		jrn_role	role = JRN_ROLE_TRAIN;

		if (i % ROWS_A_TICK == 0)
			JRN_TICK(env);
		if (blocks[i] == block)
			role = JRN_ROLE_TEST;
		else if (blocks[i] == 0)
			role = JRN_ROLE_IMMATURE;
		else if (decided <= last && decisions->matured[i] >= first)
			role = JRN_ROLE_OVERLAP;
		else if (tested[decisions->keys[i]])
			role = JRN_ROLE_SAME_KEY;
		else if (decided > last && decided <= embargo_end)
			role = JRN_ROLE_EMBARGO;
		roles[i] = (uint8_t) role;
	}
	jrn_release(env, tested);
	return JRN_OK;
}
