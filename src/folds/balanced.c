/*
 * balanced.c
 *		The integer greedy rule for even folds (see balanced.h).
 */
#include <stdbool.h>
#include <string.h>

#include "../core/hash.h"
#include "../core/sort.h"
#include "balanced.h"

/* Below this, one stratum is compared exactly: 6 N^4 < 2^127. */
#define EXACT_ROWS ((int64_t) 1 << 31)
#define ROWS_LIMIT ((int64_t) 1 << 48)

/* Allocators promise 8 bytes of alignment, not 16. */
typedef unsigned __int128 uint128 __attribute__((aligned(8)));

/* The row term's weight where the weights of strata are rounded to integers. */
#define UNIT ((uint128) 1 << 20)

typedef struct dealt_group
{
	int64_t		size;			/* rows, or their class in later repeats */
	uint64_t	hash;
	size_t		number;
} dealt_group;

typedef struct balance
{
	const jrn_env *env;
	const jrn_balanced_groups *of;
	int32_t		k;
	uint128		row_weight;
	uint128    *weights;		/* of the strata */
	int64_t    *rows_of_fold;
	int64_t    *counts_of_fold; /* of fold f and stratum c at f * strata + c */
} balance;

uint64_t
jrn_seed_of_rotation(uint64_t seed, int32_t repeat)
{
	return jrn_seed_derive(seed, "rot", (uint64_t) repeat);
}

/* ---- the order of dealing ---- */

/* R-BAL-1; in later repeats size is a class, and class 0 are groups of one row. */
static bool
dealt_before(const jrn_balanced_groups *of, dealt_group a, dealt_group b, bool first_repeat)
{
	size_t		c;

	if (a.size != b.size)
		return a.size > b.size;
	for (c = 0; (first_repeat || a.size == 0) && c < of->strata; c++)
	{
		int64_t		of_a = of->counts[a.number * of->strata + c];
		int64_t		of_b = of->counts[b.number * of->strata + c];

		if (of_a != of_b)
			return of_a > of_b;
	}
	if (a.hash != b.hash)
		return a.hash < b.hash;
	return a.number != b.number && jrn_group_bytes_before(&of->groups, a.number, b.number);
}

#define BY_ROWS(of, a, b) dealt_before(of, a, b, true)
#define BY_CLASS(of, a, b) dealt_before(of, a, b, false)

JRN_SORT_DEFINE(sort_by_rows, dealt_group, const jrn_balanced_groups *, BY_ROWS)
JRN_SORT_DEFINE(sort_by_class, dealt_group, const jrn_balanced_groups *, BY_CLASS)

static int64_t
size_class(int64_t rows)
{
	int64_t		class = 0;

	for (; rows > 1; rows >>= 1)
		class++;
	return class;
}

static jrn_status
order_groups(const jrn_env *env, const jrn_balanced_groups *of, int32_t repeat,
			 dealt_group **ordered)
{
	dealt_group *list;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, of->groups.n, sizeof(dealt_group), &list));
	for (i = 0; i < of->groups.n; i++)
	{
		if (i % 65536 == 0)
			JRN_TICK(env);
		list[i].size = repeat > 1 ? size_class(of->groups.rows[i]) : of->groups.rows[i];
		list[i].hash = of->groups.hashes[i];
		list[i].number = i;
	}
	*ordered = list;
	return repeat > 1 ? sort_by_class(env, list, of->groups.n, of) :
		sort_by_rows(env, list, of->groups.n, of);
}

/* ---- weights ---- */

/* Rows in all, and of every stratum. */
static jrn_status
totals(const jrn_env *env, const jrn_balanced_groups *of, int64_t *all, int64_t *of_stratum)
{
	size_t		i,
				c;

	*all = 0;
	for (i = 0; i < of->groups.n; i++)
	{
		int64_t		rows = of->groups.rows[i];
		const int64_t *counts = of->counts + i * of->strata;

		if (i % 16384 == 0)
			JRN_TICK(env);
		if (rows < 1)
			return JRN_DOMAIN;
		if (rows >= ROWS_LIMIT - *all)
			return JRN_LIMIT;
		*all += rows;
		for (c = 0; c < of->strata; c++)
		{
			if (counts[c] < 0 || counts[c] > rows)
				return JRN_DOMAIN;
			of_stratum[c] += counts[c];
		}
	}
	return JRN_OK;
}

/* R-BAL-2; a stratum without rows gets no weight. */
static void
weigh(balance *dealing, int64_t all, const int64_t *of_stratum)
{
	size_t		strata = dealing->of->strata;
	uint128		square = (uint128) all * (uint128) all;
	size_t		c;

	dealing->row_weight = UNIT;
	if (strata == 1 && all < EXACT_ROWS && of_stratum[0] > 0)
	{
		dealing->row_weight = (uint128) of_stratum[0] * (uint128) of_stratum[0];
		dealing->weights[0] = square;
		return;
	}
	for (c = 0; c < strata; c++)
		dealing->weights[c] = of_stratum[c] == 0 ? 0 :
			UNIT * square / ((uint128) of_stratum[c] * (uint128) of_stratum[c]);
}

/* ---- dealing ---- */

/* By how much the objective grows when x rows join those a fold has. */
static inline uint128
growth(int64_t x, int64_t has)
{
	return (uint128) x * ((uint128) x + 2 * (uint128) has);
}

/* R-BAL-3, R-BAL-4 */
static int32_t
best_fold(const balance *dealing, size_t number)
{
	const jrn_balanced_groups *of = dealing->of;
	const int64_t *counts = of->counts + number * of->strata;
	int32_t		start = jrn_hash_fold(of->turns[number], dealing->k) - 1;
	int32_t		best = start;
	uint128		least = ~(uint128) 0;
	int32_t		step;
	size_t		c;

	for (step = 0; step < dealing->k; step++)
	{
		int32_t		fold = start + step < dealing->k ? start + step : start + step - dealing->k;
		const int64_t *has = dealing->counts_of_fold + (size_t) fold * of->strata;
		uint128		cost;

		cost = dealing->row_weight * growth(of->groups.rows[number], dealing->rows_of_fold[fold]);
		for (c = 0; c < of->strata; c++)
			if (counts[c] > 0)
				cost += dealing->weights[c] * growth(counts[c], has[c]);
		if (cost < least)
		{
			least = cost;
			best = fold;
		}
	}
	return best;
}

static jrn_status
deal(balance *dealing, const dealt_group *ordered, int32_t *folds)
{
	const jrn_balanced_groups *of = dealing->of;
	size_t		a_group = (size_t) dealing->k * (1 + of->strata);
	size_t		work = 0;
	size_t		i,
				c;

	for (i = 0; i < of->groups.n; i++)
	{
		size_t		number = ordered[i].number;
		int32_t		fold = best_fold(dealing, number);

		work += a_group;
		if (work > 65536)
		{
			work = 0;
			JRN_TICK(dealing->env);
		}
		folds[number] = fold + 1;
		dealing->rows_of_fold[fold] += of->groups.rows[number];
		for (c = 0; c < of->strata; c++)
			dealing->counts_of_fold[(size_t) fold * of->strata + c] +=
				of->counts[number * of->strata + c];
	}
	return JRN_OK;
}

jrn_status
jrn_assign_balanced(const jrn_env *env, int32_t k, int32_t repeat,
					const jrn_balanced_groups *of, int32_t *folds)
{
	balance		dealing;
	dealt_group *ordered;
	int64_t    *of_stratum;
	int64_t		all;

	if (of->groups.n == 0)
		return JRN_OK;
	if (k < 1 || (uint64_t) k > of->groups.n)
		return JRN_DOMAIN;
	if (of->strata > JRN_MAX_STRATA)
		return JRN_LIMIT;
	dealing.env = env;
	dealing.of = of;
	dealing.k = k;
	JRN_TRY(jrn_alloc_zeroed(env, of->strata, sizeof(int64_t), &of_stratum));
	JRN_TRY(jrn_alloc_zeroed(env, of->strata, sizeof(uint128), &dealing.weights));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) k, sizeof(int64_t), &dealing.rows_of_fold));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) k, (1 + of->strata) * sizeof(int64_t),
							 &dealing.counts_of_fold));
	JRN_TRY(totals(env, of, &all, of_stratum));
	weigh(&dealing, all, of_stratum);
	JRN_TRY(order_groups(env, of, repeat, &ordered));
	JRN_TRY(deal(&dealing, ordered, folds));
	jrn_release(env, ordered);
	jrn_release(env, dealing.counts_of_fold);
	jrn_release(env, dealing.rows_of_fold);
	return JRN_OK;
}
