/*
 * plan.c
 *		Fold maps of a cross-validation (see plan.h).
 */
#include <string.h>

#include "../core/hash.h"
#include "../core/sort.h"
#include "../folds/balanced.h"
#include "plan.h"

/* ---- keys under a seed ---- */

/* Hash of a cluster's key; independent rows hash what tells them apart. */
static uint64_t
cluster_hash(const jrn_plan *plan, int64_t cluster, uint64_t seed)
{
	const jrn_design *design = plan->design;

	if (!design->has_key)
		return jrn_hash_u64(design->cluster_hash[cluster], seed);
	return jrn_hash_bytes(design->cluster_key[cluster], design->cluster_key_size[cluster], seed);
}

static jrn_status
hash_keys(const jrn_plan *plan, uint64_t seed, uint64_t **hashes)
{
	int64_t		i;

	JRN_TRY(jrn_alloc_array(plan->env, (size_t) plan->design->clusters, sizeof(uint64_t), hashes));
	for (i = 0; i < plan->design->clusters; i++)
		(*hashes)[i] = cluster_hash(plan, i, seed);
	return JRN_OK;
}

/* R-PLAN-3, R-PLAN-5: the folds of src/folds, counted from 0. */
static jrn_status
deal_keys(jrn_plan *plan, int repeat, uint64_t seed)
{
	const jrn_design *design = plan->design;
	jrn_balanced_groups balanced;
	jrn_fold_groups *groups = &balanced.groups;
	uint64_t   *hashes;
	uint64_t   *turns;
	int64_t		i;

	JRN_TRY(hash_keys(plan, seed, &hashes));
	groups->n = (size_t) design->clusters;
	groups->hashes = hashes;
	groups->keys = design->cluster_key;
	groups->key_sizes = design->cluster_key_size;
	groups->rows = plan->rows_of_cluster;
	if (plan->method == JRN_FOLDS_BALANCED)
	{
		JRN_TRY(hash_keys(plan, jrn_seed_of_repeat(jrn_seed_of_rotation(plan->seed, repeat), 1), &turns));
		balanced.turns = turns;
		balanced.strata = plan->strata;
		balanced.counts = plan->stratum_rows;
		JRN_TRY(jrn_assign_balanced(plan->env, plan->k, repeat, &balanced, plan->fold_of_cluster));
		jrn_release(plan->env, turns);
	}
	else
		JRN_TRY(jrn_folds_assign(plan->env, plan->method == JRN_FOLDS_NTILE ? JRN_DEAL_NTILE : JRN_DEAL_HASH,
								 plan->k, groups, NULL, plan->fold_of_cluster));
	for (i = 0; i < design->clusters; i++)
		plan->fold_of_cluster[i]--;
	jrn_release(plan->env, hashes);
	return JRN_OK;
}

/* ---- whole buckets ---- */

static int
size_class(int64_t rows)
{
	int			class = 0;

	while (rows > 1)
	{
		rows >>= 1;
		class++;
	}
	return class;
}

typedef struct dealt_cell
{
	size_t		cell;
	uint64_t	place;
	int			class;
} dealt_cell;

/* Largest size class first, within a class by the hash; ids make it total. */
#define DEALT_BEFORE(ctx, x, y) \
	((x).class != (y).class ? (x).class > (y).class : \
	 (x).place != (y).place ? (x).place < (y).place : (x).cell < (y).cell)
JRN_SORT_DEFINE(sort_dealt, dealt_cell, const void *, DEALT_BEFORE)

/* R-PLAN-2 */
jrn_status
jrn_deal_cells(const jrn_env *env, size_t count, const int64_t *ids, const int64_t *rows, int k,
			   uint64_t seed, int32_t *fold_of_cell, int64_t *rows_of_fold)
{
	uint64_t	own_seed = jrn_seed_derive(seed, "deal", 0);
	dealt_cell *order;
	size_t		i;
	int			f;

	JRN_TRY(jrn_alloc_array(env, count, sizeof(dealt_cell), &order));
	for (i = 0; i < count; i++)
	{
		order[i].cell = i;
		order[i].class = size_class(rows[i]);
		order[i].place = jrn_hash_u64(ids != NULL ? (uint64_t) ids[i] : (uint64_t) i, own_seed);
	}
	JRN_TRY(sort_dealt(env, order, count, NULL));
	memset(rows_of_fold, 0, (size_t) k * sizeof(int64_t));
	for (i = 0; i < count; i++)
	{
		int			start = jrn_hash_fold(order[i].place, k) - 1;
		int			best = start;

		if (i % 256 == 0)
			JRN_TICK(env);
		for (f = 1; f < k; f++)
		{
			int			candidate = (start + f) % k;

			if (rows_of_fold[candidate] < rows_of_fold[best])
				best = candidate;
		}
		fold_of_cell[order[i].cell] = best;
		rows_of_fold[best] += rows[order[i].cell];
	}
	jrn_release(env, order);
	return JRN_OK;
}

/* ---- the plan ---- */

/* Rows per cell and per cluster; folds per cluster from a fold column. */
static jrn_status
count_rows(jrn_plan *plan, jrn_plan_fault *fault)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		r;

	jrn_tiles_open(plan->design, &plan->design->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		plan->rows_of_cell[tile.cell] += (int64_t) tile.rows;
		if (plan->method == JRN_FOLDS_BUCKETS)
			continue;
		for (r = 0; r < tile.rows; r++)
		{
			int64_t		cluster = tile.cluster[r];

			plan->rows_of_cluster[cluster]++;
			if (plan->method != JRN_FOLDS_COLUMN)
				continue;
			if (plan->rows_of_cluster[cluster] > 1 &&
				plan->fold_of_cluster[cluster] != (int32_t) tile.fold[r] - 1)
			{
				fault->cluster = cluster;
				fault->fold_a = plan->fold_of_cluster[cluster] + 1;
				fault->fold_b = (int) tile.fold[r];
				return JRN_DOMAIN;
			}
			plan->fold_of_cluster[cluster] = (int32_t) tile.fold[r] - 1;
			if ((int) tile.fold[r] > plan->k)
				plan->k = (int) tile.fold[r];
		}
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

jrn_status
jrn_plan_begin(jrn_plan *plan, const jrn_env *env, jrn_design *design,
			   jrn_fold_method method, int k, uint64_t seed, jrn_plan_fault *fault)
{
	int			cells;

	memset(plan, 0, sizeof(*plan));
	fault->cluster = -1;
	plan->env = env;
	plan->design = design;
	plan->method = method;
	plan->k = method == JRN_FOLDS_COLUMN ? 1 : k;
	plan->seed = seed;
	if (method == JRN_FOLDS_AUTO)
		plan->method = design->clusters >= JRN_BUCKET_KEYS && k <= JRN_CELLS / 4 ?
			JRN_FOLDS_BUCKETS : JRN_FOLDS_NTILE;
	if (plan->method != JRN_FOLDS_BUCKETS)
	{
		JRN_TRY(jrn_alloc_zeroed(env, (size_t) design->clusters, sizeof(int64_t), &plan->rows_of_cluster));
		JRN_TRY(jrn_alloc_zeroed(env, (size_t) design->clusters, sizeof(int32_t), &plan->fold_of_cluster));
	}
	JRN_TRY(count_rows(plan, fault));
	cells = plan->method == JRN_FOLDS_BUCKETS ? JRN_CELLS : plan->k;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) cells, sizeof(int32_t), &plan->fold_of_cell));
	return jrn_alloc_zeroed(env, (size_t) plan->k, sizeof(int64_t), &plan->rows_of_fold);
}

jrn_status
jrn_plan_repeat(jrn_plan *plan, int repeat, const jrn_file *file)
{
	uint64_t	seed = jrn_seed_of_repeat(plan->seed, repeat);
	int64_t		i;

	if (plan->method == JRN_FOLDS_BUCKETS)
	{
		plan->tiles = &plan->design->tiles;
		plan->cells = JRN_CELLS;
		return jrn_deal_cells(plan->env, JRN_CELLS, NULL, plan->rows_of_cell, plan->k, seed,
							  plan->fold_of_cell, plan->rows_of_fold);
	}
	if (plan->method != JRN_FOLDS_COLUMN)
		JRN_TRY(deal_keys(plan, repeat, seed));
	memset(plan->rows_of_fold, 0, (size_t) plan->k * sizeof(int64_t));
	for (i = 0; i < plan->design->clusters; i++)
		plan->rows_of_fold[plan->fold_of_cluster[i]] += plan->rows_of_cluster[i];
	for (i = 0; i < plan->k; i++)
		plan->fold_of_cell[i] = (int32_t) i;
	plan->cells = plan->k;
	if (plan->tiles != NULL)
		jrn_store_end(&plan->routed);
	plan->tiles = &plan->routed;
	JRN_TRY(jrn_design_route(plan->design, plan->fold_of_cluster, plan->k, file,
							 plan->file_used, &plan->routed));
	plan->file_used = plan->routed.file_size;
	return JRN_OK;
}
