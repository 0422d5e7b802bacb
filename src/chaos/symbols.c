/*
 * symbols.c
 *		Entropy and predictability of journeys (see symbols.h).
 */
#include <math.h>
#include <string.h>

#include "symbols.h"

#include "../core/hash.h"
#include "../core/sort.h"

#define EVENTS_PER_TICK 65536

/* Count down work; a cancel point whenever it is used up. */
static jrn_status
tick_after(const jrn_env *env, size_t done, size_t *work)
{
	*work += done;
	if (*work < EVENTS_PER_TICK)
		return JRN_OK;
	*work = 0;
	JRN_TICK(env);
	return JRN_OK;
}

static size_t
length_of(const jrn_map *map, size_t c)
{
	return (size_t) map->ends[c] - jrn_map_first(map, c);
}

/* k^length, or SIZE_MAX where it is no size. */
static size_t
cells_of(int32_t k, int length)
{
	size_t		cells = 1;
	int			i;

	for (i = 0; i < length; i++)
		if (__builtin_mul_overflow(cells, (size_t) k, &cells))
			return SIZE_MAX;
	return cells;
}

static jrn_status
count_blocks(const jrn_env *env, const jrn_map *map, int length, int64_t *cells)
{
	const size_t modulus = cells_of(map->k, length - 1);
	size_t		work = 0;
	size_t		c;

	for (c = 0; c < map->n_customers; c++)
	{
		const uint16_t *code = map->codes + jrn_map_first(map, c);
		const size_t n = length_of(map, c);
		size_t		block = 0;
		size_t		i;

		for (i = 0; i < n; i++)
		{
			block = block % modulus * (size_t) map->k + code[i];
			if (i + 1 >= (size_t) length)
				cells[block]++;
		}
		JRN_TRY(tick_after(env, n, &work));
	}
	return JRN_OK;
}

jrn_status
jrn_block_entropy(const jrn_env *env, const jrn_map *map, int length,
				  jrn_entropy_estimator estimator, double *bits)
{
	const size_t count = cells_of(map->k, length);
	int64_t    *cells;

	JRN_TRY(jrn_alloc_zeroed(env, count, sizeof(int64_t), &cells));
	JRN_TRY(count_blocks(env, map, length, cells));
	*bits = jrn_entropy_counts(cells, count, estimator) / JRN_LN_2;
	jrn_release(env, cells);
	return JRN_OK;
}

/* R-SYM-2: the longest block that the journeys can fill. */
static int
longest_block(const jrn_map *map)
{
	int			length;

	for (length = JRN_SYMBOLS_BLOCK; length >= 2; length--)
	{
		size_t		blocks = 0;
		size_t		c;

		for (c = 0; c < map->n_customers; c++)
			if (length_of(map, c) >= (size_t) length)
				blocks += length_of(map, c) - (size_t) length + 1;
		if (cells_of(map->k, length) <= blocks / 5)
			return length;
	}
	return 1;
}

static jrn_status
excess_entropy(const jrn_env *env, const jrn_map *map, jrn_entropy_estimator estimator, double *excess)
{
	const int	length = longest_block(map);
	double		whole,
				part;

	*excess = NAN;
	if (length < 2)
		return JRN_OK;
	JRN_TRY(jrn_block_entropy(env, map, length, estimator, &whole));
	JRN_TRY(jrn_block_entropy(env, map, length - 1, estimator, &part));
	*excess = whole - (double) length * (whole - part);
	return JRN_OK;
}

static int64_t
transitions_of(const jrn_map *map)
{
	return (int64_t) (map->n_events - map->n_customers);
}

/* R-SYM-1, for the transitions of all journeys; row has room for k. */
static jrn_status
row_entropies(const jrn_env *env, const jrn_map *map, jrn_entropy_estimator estimator,
			  int64_t *row, double *bits)
{
	const size_t k = (size_t) map->k;
	const double total = (double) transitions_of(map);
	double		sum = 0.0;
	size_t		i,
				j;

	for (i = 0; i < k; i++)
	{
		int64_t		leaving = 0;

		JRN_TICK(env);
		for (j = 0; j < k; j++)
		{
			row[j] = map->next[i * k + j];
			leaving += row[j];
		}
		if (leaving > 0)
			sum += (double) leaving / total * jrn_entropy_counts(row, k, estimator);
	}
	*bits = sum / JRN_LN_2;
	return JRN_OK;
}

jrn_status
jrn_symbols_entropy(const jrn_env *env, const jrn_map *map, jrn_entropy_estimator estimator,
					jrn_entropy_rate *result)
{
	int64_t    *row;

	result->n = transitions_of(map);
	result->rate = result->plug_in = result->excess = NAN;
	result->status = "too_few";
	if (result->n == 0)
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(env, (size_t) map->k, sizeof(int64_t), &row));
	JRN_TRY(row_entropies(env, map, estimator, row, &result->rate));
	JRN_TRY(row_entropies(env, map, JRN_ENTROPY_PLUG_IN, row, &result->plug_in));
	JRN_TRY(excess_entropy(env, map, estimator, &result->excess));
	if (map->n_customers < JRN_SYMBOLS_LOW_N)
		result->status = "low_n";	/* R-SYM-5 */
	else
		result->status = isnan(result->excess) ? "sparse" : "ok";
	return JRN_OK;
}

/* ---- folds ---- */

typedef struct fold_place
{
	uint64_t	hash;
	size_t		customer;
} fold_place;

static bool
place_before(const void *unused, fold_place a, fold_place b)
{
	(void) unused;
	return a.hash != b.hash ? a.hash < b.hash : a.customer < b.customer;
}

JRN_SORT_DEFINE(sort_places, fold_place, const void *, place_before)

jrn_status
jrn_symbols_folds(const jrn_env *env, const jrn_map *map, uint64_t seed, int32_t *k, int32_t *fold)
{
	const uint64_t stream = jrn_seed_derive(seed, "folds", 0);
	const size_t n = map->n_customers;
	fold_place *places;
	size_t		c;

	if ((size_t) *k > n)
		*k = (int32_t) n;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(fold_place), &places));
	for (c = 0; c < n; c++)
	{
		places[c].hash = jrn_hash_u64(map->hashes[c], stream);
		places[c].customer = c;
	}
	JRN_TRY(sort_places(env, places, n, NULL));
	for (c = 0; c < n; c++)
		fold[places[c].customer] = (int32_t) (c % (size_t) *k);
	jrn_release(env, places);
	return JRN_OK;
}

/* ---- predictability ---- */

/* What one fold needs: its transitions, and what the others make of them. */
typedef struct guess
{
	uint32_t   *next;			/* k * k, of the fold */
	uint32_t   *best;			/* k: most frequent follower in the other folds */
	uint32_t	common;			/* most frequent target there */
} guess;

static jrn_status
count_fold(const jrn_env *env, const jrn_map *map, const int32_t *fold, int32_t f, uint32_t *next)
{
	const size_t k = (size_t) map->k;
	size_t		work = 0;
	size_t		c;

	memset(next, 0, k * k * sizeof(uint32_t));
	for (c = 0; c < map->n_customers; c++)
	{
		const uint16_t *code = map->codes + jrn_map_first(map, c);
		const uint16_t *last = map->codes + map->ends[c] - 1;

		if (fold[c] != f)
			continue;
		JRN_TRY(tick_after(env, (size_t) (last - code) + 1, &work));
		for (; code < last; code++)
			next[code[0] * k + code[1]]++;
	}
	return JRN_OK;
}

static jrn_status
learn(const jrn_env *env, const jrn_map *map, guess *g)
{
	const size_t k = (size_t) map->k;
	uint64_t   *targets;
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(uint64_t), &targets));
	for (i = 0; i < k; i++)
	{
		uint32_t	most = 0;

		g->best[i] = UINT32_MAX;
		for (j = 0; j < k; j++)
		{
			uint32_t	seen = map->next[i * k + j] - g->next[i * k + j];

			targets[j] += seen;
			if (seen > most)
			{
				most = seen;
				g->best[i] = (uint32_t) j;
			}
		}
	}
	g->common = 0;
	for (j = 1; j < k; j++)
		if (targets[j] > targets[g->common])
			g->common = (uint32_t) j;
	for (i = 0; i < k; i++)
		if (g->best[i] == UINT32_MAX)
			g->best[i] = g->common;
	jrn_release(env, targets);
	return JRN_OK;
}

/* R-SYM-3, both shares as counts of hits. */
static jrn_status
guess_folds(const jrn_env *env, const jrn_map *map, int32_t k, const int32_t *fold,
			uint64_t *hits, uint64_t *common)
{
	const size_t states = (size_t) map->k;
	guess		g;
	int32_t		f;

	*hits = *common = 0;
	JRN_TRY(jrn_alloc_array(env, states * states, sizeof(uint32_t), &g.next));
	JRN_TRY(jrn_alloc_array(env, states, sizeof(uint32_t), &g.best));
	for (f = 0; f < k; f++)
	{
		size_t		i;

		JRN_TRY(count_fold(env, map, fold, f, g.next));
		JRN_TRY(learn(env, map, &g));
		for (i = 0; i < states; i++)
		{
			*hits += g.next[i * states + g.best[i]];
			*common += g.next[i * states + g.common];
		}
	}
	return JRN_OK;
}

/* Touchpoints that ever follow another event. */
static double
reachable(const jrn_map *map)
{
	const size_t k = (size_t) map->k;
	size_t		count = 0;
	size_t		i,
				j;

	for (j = 0; j < k; j++)
	{
		for (i = 0; i < k && map->next[i * k + j] == 0; i++)
			;
		count += i < k;
	}
	return (double) count;
}

jrn_status
jrn_symbols_predict(const jrn_env *env, const jrn_map *map, int32_t k, uint64_t seed,
					jrn_predictability *result)
{
	jrn_entropy_rate entropy;
	int32_t    *fold;
	uint64_t	hits,
				common;

	JRN_TRY(jrn_symbols_entropy(env, map, JRN_ENTROPY_GRASSBERGER, &entropy));
	result->rate = entropy.rate;
	result->bound = result->achieved = result->majority = NAN;
	result->status = "too_few";
	if (entropy.n == 0)
		return JRN_OK;
	result->bound = jrn_predictability_bound(entropy.rate, reachable(map));
	if (map->n_customers < 2)
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(env, map->n_customers, sizeof(int32_t), &fold));
	JRN_TRY(jrn_symbols_folds(env, map, seed, &k, fold));
	JRN_TRY(guess_folds(env, map, k, fold, &hits, &common));
	result->achieved = (double) hits / (double) entropy.n;
	result->majority = (double) common / (double) entropy.n;
	result->status = map->n_customers < JRN_SYMBOLS_LOW_N ? "low_n" : "ok";
	return JRN_OK;
}
