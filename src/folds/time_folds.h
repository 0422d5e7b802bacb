/*
 * time_folds.h
 *		Roles of rows in splits along time: forward chaining, and k-fold over
 *		time blocks with purge and embargo (pure core of rolling_origin and
 *		purged_folds).
 *
 * Definition: reference/validation.md 1.2.  A row is a decision at time t0
 * whose outcome is known at t1; [t0, t1] is its outcome window.  Times are
 * microseconds; intervals are added by the caller, who knows the calendar.
 *
 * R-TIME-1	rolling: a split has a cut, an end of its test window and, if asked
 *			for, a start of its training window.  Test: cut <= t0 < end.  Train:
 *			t1 + gap <= cut and t0 >= start.
 * R-TIME-2	blocks: rows in order of t0 are cut into k blocks where they reach
 *			j/k of all; rows of one instant stay together, so a block is as
 *			R-FOLD-2 would deal instants by their rows.
 * R-TIME-3	purged: of the rows outside the test block, one whose window meets
 *			[first t0, last t1] of the block, or whose key occurs in the block,
 *			is purged; one with last t1 < t0 <= last t1 + embargo is embargoed;
 *			the others train.
 * R-TIME-4	A row whose outcome is not known (JRN_NOT_MATURED) neither trains
 *			nor tests, and belongs to no block.
 * R-TIME-5	Roles do not depend on the order of rows.
 */
#ifndef JRN_TIME_FOLDS_H
#define JRN_TIME_FOLDS_H

#include "../core/env.h"

/* t1 of a row whose outcome is not known; above every time. */
#define JRN_NOT_MATURED INT64_MAX

typedef enum jrn_role
{
	JRN_ROLE_NONE,				/* no part of the split */
	JRN_ROLE_TRAIN,
	JRN_ROLE_TEST,
	JRN_ROLE_IMMATURE,			/* R-TIME-4, or not known at the cut */
	JRN_ROLE_OVERLAP,			/* its window meets the test block */
	JRN_ROLE_SAME_KEY,			/* its key is tested */
	JRN_ROLE_GAP,				/* known at the cut, but within the gap */
	JRN_ROLE_EMBARGO
} jrn_role;

typedef struct jrn_decisions
{
	size_t		n;
	const int64_t *decided;
	const int64_t *matured;		/* at least decided */
	const uint32_t *keys;		/* below key_count */
	size_t		key_count;
} jrn_decisions;

/*
 * R-TIME-1.  learned is t1 + gap of every row, JRN_NOT_MATURED where t1 is;
 * start is INT64_MIN for no training window.
 */
extern jrn_status jrn_rolling_roles(const jrn_env *env, const jrn_decisions *decisions,
									const int64_t *learned, int64_t start, int64_t cut,
									int64_t end, uint8_t *roles);

/*
 * R-TIME-2: the block 1..k of every row, 0 of a row that has not matured.
 * Every block has rows, else JRN_TOO_FEW.  O(n log n).
 */
extern jrn_status jrn_time_blocks(const jrn_env *env, const jrn_decisions *decisions, int32_t k,
								  int32_t *blocks);

/* First t0 and last t1 of a block. */
extern void jrn_time_block_extent(const jrn_decisions *decisions, const int32_t *blocks,
								  int32_t block, int64_t *first, int64_t *last);

/* R-TIME-3; embargo_end is last t1 + embargo. */
extern jrn_status jrn_purged_roles(const jrn_env *env, const jrn_decisions *decisions,
								   const int32_t *blocks, int32_t block, int64_t first,
								   int64_t last, int64_t embargo_end, uint8_t *roles);

#endif							/* JRN_TIME_FOLDS_H */
