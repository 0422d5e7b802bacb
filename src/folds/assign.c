/*
 * assign.c
 *		Folds of whole groups (see assign.h).
 */
#include <stdbool.h>
#include <string.h>

#include "../core/hash.h"
#include "../core/sort.h"
#include "assign.h"
#include "folds.h"

#define ROWS_LIMIT ((int64_t) 1 << 53)

/* What is sorted: ties of the hash are rare, so the key is looked up for them. */
typedef struct ranked_group
{
	uint64_t	hash;
	size_t		number;
} ranked_group;

bool
jrn_group_bytes_before(const jrn_fold_groups *groups, size_t a, size_t b)
{
	size_t		a_size = groups->key_sizes[a];
	size_t		b_size = groups->key_sizes[b];
	int			order;

	order = a_size == 0 || b_size == 0 ? 0 :
		memcmp(groups->keys[a], groups->keys[b], a_size < b_size ? a_size : b_size);
	return order != 0 ? order < 0 : a_size < b_size;
}

static bool
ranked_before(const jrn_fold_groups *groups, ranked_group a, ranked_group b)
{
	if (a.hash != b.hash)
		return a.hash < b.hash;
	return a.number != b.number && jrn_group_bytes_before(groups, a.number, b.number);
}

JRN_SORT_DEFINE(sort_ranked, ranked_group, const jrn_fold_groups *, ranked_before)

/* R-ASSIGN-1 */
static jrn_status
rank_groups(const jrn_env *env, const jrn_fold_groups *groups, ranked_group *ranked)
{
	size_t		i;

	for (i = 0; i < groups->n; i++)
	{
		if (i % 65536 == 0)
			JRN_TICK(env);
		ranked[i].hash = groups->hashes[i];
		ranked[i].number = i;
	}
	return sort_ranked(env, ranked, groups->n, groups);
}

static jrn_status
all_rows(const jrn_fold_groups *groups, int64_t *all)
{
	size_t		i;

	*all = 0;
	for (i = 0; i < groups->n; i++)
	{
		if (groups->rows[i] < 0)
			return JRN_DOMAIN;
		if (groups->rows[i] >= ROWS_LIMIT - *all)
			return JRN_LIMIT;
		*all += groups->rows[i];
	}
	return *all > 0 ? JRN_OK : JRN_DOMAIN;
}

/* R-FOLD-2; a group without rows behind the last row stays in fold k. */
static jrn_status
deal_ntile(const jrn_env *env, int32_t k, const jrn_fold_groups *groups,
		   const ranked_group *ranked, int32_t *folds)
{
	int64_t		all;
	int64_t		before = 0;
	size_t		i;

	JRN_TRY(all_rows(groups, &all));
	for (i = 0; i < groups->n; i++)
	{
		size_t		number = ranked[i].number;
		int64_t		rows = groups->rows[number];
		int32_t		fold = jrn_fold_ntile(before, rows, all, k);

		if (i % 65536 == 0)
			JRN_TICK(env);
		folds[number] = fold < k ? fold : k;
		before += rows;
	}
	return JRN_OK;
}

jrn_status
jrn_folds_assign(const jrn_env *env, jrn_deal_method method, int32_t k,
				 const jrn_fold_groups *groups, size_t *order, int32_t *folds)
{
	ranked_group *ranked = NULL;
	size_t		i;

	if (groups->n == 0)
		return JRN_OK;
	if (k < 1 || (uint64_t) k > groups->n)
		return JRN_DOMAIN;
	if (method == JRN_DEAL_NTILE || order != NULL)
	{
		JRN_TRY(jrn_alloc_array(env, groups->n, sizeof(ranked_group), &ranked));
		JRN_TRY(rank_groups(env, groups, ranked));
	}
	if (method == JRN_DEAL_NTILE)
		JRN_TRY(deal_ntile(env, k, groups, ranked, folds));
	for (i = 0; method == JRN_DEAL_HASH && i < groups->n; i++)
		folds[i] = jrn_hash_fold(groups->hashes[i], k); /* R-FOLD-1 */
	for (i = 0; order != NULL && i < groups->n; i++)
		order[i] = ranked[i].number;
	jrn_release(env, ranked);
	return JRN_OK;
}

jrn_status
jrn_folds_hash(const jrn_env *env, size_t n, const char *const *keys, const size_t *key_sizes,
			   uint64_t seed, int32_t repeat, uint64_t *hashes)
{
	uint64_t	seed_of_repeat = jrn_seed_of_repeat(seed, repeat);
	size_t		i;

	for (i = 0; i < n; i++)
	{
		if (i % 16384 == 0)
			JRN_TICK(env);
		hashes[i] = jrn_hash_bytes(keys[i], key_sizes[i], seed_of_repeat);
	}
	return JRN_OK;
}
