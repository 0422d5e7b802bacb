/*
 * map.c
 *		Counting journeys into a map (see map.h).
 */
#include <math.h>
#include <string.h>

#include "map.h"

#include "../core/hash.h"

/* Events between two ticks: well under a millisecond of counting. */
#define EVENTS_PER_TICK 65536

jrn_status
jrn_map_init(const jrn_env *env, int32_t k, jrn_map *map)
{
	const size_t n = (size_t) k;

	if (k < 0)
		return JRN_DOMAIN;
	if (k > JRN_CHAIN_MAX_STATES)
		return JRN_LIMIT;
	memset(map, 0, sizeof(*map));
	map->env = env;
	map->k = k;
	map->scale = 1.0;
	map->smoothing = 0.5;
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(int64_t), &map->customers));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(int64_t), &map->known));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(int64_t), &map->visits));
	JRN_TRY(jrn_alloc_zeroed(env, n * n, sizeof(uint32_t), &map->next));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(uint32_t), &map->start));
	JRN_TRY(jrn_alloc_zeroed(env, 3 * n, sizeof(double), &map->exits));
	return jrn_alloc_zeroed(env, n, sizeof(bool), &map->live);
}

jrn_status
jrn_map_reserve(jrn_map *map, uint64_t n_events)
{
	if (n_events > JRN_MAP_MAX_EVENTS)
		return JRN_LIMIT;
	if (map->n_events > 0 || n_events == 0)
		return JRN_OK;
	if (map->codes != NULL)
		jrn_release(map->env, map->codes);
	map->event_capacity = (size_t) n_events;
	return jrn_alloc_array(map->env, map->event_capacity, sizeof(uint16_t), &map->codes);
}

static jrn_status
append_codes(jrn_map *map, const uint32_t *labels, size_t n)
{
	size_t		i;

	for (i = 0; i < n; i++)
	{
		if (labels[i] >= (uint32_t) map->k)
			return JRN_DOMAIN;
		JRN_TRY(jrn_grow_array(map->env, map->n_events, &map->event_capacity,
							   sizeof(uint16_t), &map->codes));
		map->codes[map->n_events++] = (uint16_t) labels[i];
		if (map->n_events % EVENTS_PER_TICK == 0)
			JRN_TICK(map->env);
	}
	return JRN_OK;
}

jrn_status
jrn_map_add_customer(jrn_map *map, uint64_t hash, const uint32_t *labels,
					 size_t n, double outcome)
{
	const size_t c = map->n_customers;

	if (n == 0)
		return JRN_OK;
	if (isinf(outcome))
		return JRN_NONFINITE;
	if (n > JRN_MAP_MAX_EVENTS - map->n_events)
		return JRN_LIMIT;
	JRN_TRY(append_codes(map, labels, n));
	JRN_TRY(jrn_grow_array(map->env, c, &map->customer_capacity, sizeof(uint64_t), &map->hashes));
	JRN_TRY(jrn_grow_array(map->env, c, &map->outcome_capacity, sizeof(double), &map->outcomes));
	JRN_TRY(jrn_grow_array(map->env, c, &map->end_capacity, sizeof(uint64_t), &map->ends));
	map->hashes[c] = hash;
	map->outcomes[c] = outcome;
	map->ends[c] = map->n_events;
	map->n_customers++;
	return JRN_OK;
}

/* Range of the known outcomes, and the units in which they are carried. */
static void
scale_outcomes(jrn_map *map)
{
	size_t		c;

	map->low = INFINITY;
	map->high = -INFINITY;
	for (c = 0; c < map->n_customers; c++)
		if (!isnan(map->outcomes[c]))
		{
			map->n_known++;
			map->low = fmin(map->low, map->outcomes[c]);
			map->high = fmax(map->high, map->outcomes[c]);
		}
	map->binary = map->n_known > 1 && map->low < map->high && isfinite(map->high - map->low);
	for (c = 0; c < map->n_customers && map->binary; c++)
		map->binary = isnan(map->outcomes[c]) || map->outcomes[c] == map->low ||
			map->outcomes[c] == map->high;
	if (map->n_known == 0 || map->low == map->high)
		return;
	if (map->binary)
	{
		map->centre = map->low;
		map->scale = map->high - map->low;
	}
	else
	{
		/* halves first: the sum of two large numbers need not be finite */
		map->centre = map->low / 2 + map->high / 2;
		map->scale = map->high / 2 - map->low / 2;
	}
}

static void
count_customer(jrn_map *map, size_t c, uint32_t *seen_by)
{
	const size_t first = jrn_map_first(map, c);
	const size_t last = (size_t) map->ends[c] - 1;
	const bool	known = !isnan(map->outcomes[c]);
	size_t		e;

	map->start[map->codes[first]]++;
	for (e = first; e <= last; e++)
	{
		const uint16_t label = map->codes[e];

		map->visits[label]++;
		if (e < last)
			map->next[(size_t) label * (size_t) map->k + map->codes[e + 1]]++;
		if (seen_by[label] != (uint32_t) (c + 1))
		{
			seen_by[label] = (uint32_t) (c + 1);
			map->customers[label]++;
			map->known[label] += known;
		}
	}
	if (known)					/* R-MAP-1 */
	{
		double		y = jrn_map_scaled(map, map->outcomes[c]);
		double	   *exits = map->exits + 3 * (size_t) map->codes[last];

		exits[0] += 1.0;
		exits[1] += y;
		exits[2] += y * y;
	}
}

/* R-MAP-3 */
static jrn_status
find_live(jrn_map *map)
{
	const size_t k = (size_t) map->k;
	jrn_chain	graph;
	int32_t    *stack;
	size_t		i;

	JRN_TRY(jrn_chain_init(map->env, map->k, &graph));
	JRN_TRY(jrn_alloc_array(map->env, k, sizeof(int32_t), &stack));
	for (i = 0; i < k * k; i++)
		graph.q[i] = map->next[i];
	for (i = 0; i < k; i++)
		graph.exit[i] = map->exits[3 * i];
	jrn_chain_reaches(&graph, map->live, stack);
	jrn_release(map->env, stack);
	jrn_chain_release(map->env, &graph);
	return JRN_OK;
}

jrn_status
jrn_map_finish(jrn_map *map)
{
	uint32_t   *seen_by;
	size_t		work = 0;
	size_t		c;

	scale_outcomes(map);
	JRN_TRY(jrn_alloc_zeroed(map->env, (size_t) map->k, sizeof(uint32_t), &seen_by));
	for (c = 0; c < map->n_customers; c++)
	{
		count_customer(map, c, seen_by);
		work += (size_t) map->ends[c] - jrn_map_first(map, c);
		if (work >= EVENTS_PER_TICK)
		{
			work = 0;
			JRN_TICK(map->env);
		}
	}
	jrn_release(map->env, seen_by);
	return find_live(map);
}

jrn_status
jrn_map_counts_init(const jrn_env *env, int32_t k, jrn_map_counts *counts)
{
	const size_t n = (size_t) k;

	JRN_TRY(jrn_alloc_array(env, n * n * JRN_MAP_LANES, sizeof(uint32_t), &counts->next));
	JRN_TRY(jrn_alloc_array(env, n * JRN_MAP_LANES, sizeof(uint32_t), &counts->start));
	return jrn_alloc_array(env, 3 * n * JRN_MAP_LANES, sizeof(double), &counts->exits);
}

/* R-MAP-4; false when no replicate of the pass drew this customer. */
static bool
draw_weights(uint64_t hash, const uint64_t *streams, uint32_t *weights)
{
	uint32_t	any = 0;
	int			lane;

	for (lane = 0; lane < JRN_MAP_LANES; lane++)
	{
		weights[lane] = (uint32_t) jrn_hash_poisson(jrn_hash_u64(hash, streams[lane]));
		any |= weights[lane];
	}
	return any != 0;
}

static inline void
add_weights(uint32_t *restrict cell, const uint32_t *restrict weights)
{
	int			lane;

	for (lane = 0; lane < JRN_MAP_LANES; lane++)
		cell[lane] += weights[lane];
}

/* The weighted counterpart of count_customer. */
static void
count_weighted(const jrn_map *map, size_t c, const uint32_t *weights, jrn_map_counts *counts)
{
	const size_t k = (size_t) map->k;
	const uint16_t *code = map->codes + jrn_map_first(map, c);
	const uint16_t *last = map->codes + map->ends[c] - 1;

	add_weights(counts->start + (size_t) *code * JRN_MAP_LANES, weights);
	for (; code < last; code++)
		add_weights(counts->next + ((size_t) code[0] * k + code[1]) * JRN_MAP_LANES, weights);
	if (!isnan(map->outcomes[c]))
	{
		double		y = jrn_map_scaled(map, map->outcomes[c]);
		double	   *exits = counts->exits + 3 * (size_t) *last * JRN_MAP_LANES;
		int			lane;

		for (lane = 0; lane < JRN_MAP_LANES; lane++)
		{
			double		w = weights[lane];

			exits[lane] += w;
			exits[JRN_MAP_LANES + lane] += w * y;
			exits[2 * JRN_MAP_LANES + lane] += w * (y * y);
		}
	}
}

jrn_status
jrn_map_replicates(const jrn_map *map, uint64_t seed, uint64_t first, jrn_map_counts *counts)
{
	const size_t k = (size_t) map->k;
	uint64_t	streams[JRN_MAP_LANES];
	size_t		work = 0;
	size_t		c;
	int			lane;

	for (lane = 0; lane < JRN_MAP_LANES; lane++)
		streams[lane] = jrn_seed_derive(seed, "boot", first + (uint64_t) lane);
	memset(counts->next, 0, k * k * JRN_MAP_LANES * sizeof(uint32_t));
	memset(counts->start, 0, k * JRN_MAP_LANES * sizeof(uint32_t));
	memset(counts->exits, 0, 3 * k * JRN_MAP_LANES * sizeof(double));
	for (c = 0; c < map->n_customers; c++)
	{
		uint32_t	weights[JRN_MAP_LANES];

		if (draw_weights(map->hashes[c], streams, weights))
			count_weighted(map, c, weights, counts);
		work += 16 + (size_t) map->ends[c] - jrn_map_first(map, c);
		if (work >= EVENTS_PER_TICK)
		{
			work = 0;
			JRN_TICK(map->env);
		}
	}
	return JRN_OK;
}

/*
 * R-MAP-2: how journeys end at touchpoint i, from the number, sum and sum of
 * squares of the (weighted) outcomes seen there.  Gives the smoothed number.
 */
static double
end_cell(const jrn_map *map, size_t i, double number, double sum, double squares,
		 jrn_chain *chain)
{
	const double smooth = map->smoothing / map->k;
	const double *seen = map->exits + 3 * i;
	double		mean;

	if (seen[0] > 0.0 && map->binary)
	{
		double		cell_1 = seen[1] > 0.0 ? smooth : 0.0;
		double		cell_0 = seen[1] < seen[0] ? smooth : 0.0;

		number += cell_0 + cell_1;
		sum += cell_1;
		squares += cell_1;
	}
	else if (seen[0] > 0.0)
	{
		number += smooth;
		sum += smooth * seen[1] / seen[0];
		squares += smooth * seen[2] / seen[0];
	}
	mean = number > 0.0 ? sum / number : 0.0;
	chain->reward[i] = mean;
	chain->spread[i] = number > 0.0 ? fmax(squares / number - mean * mean, 0.0) : 0.0;
	return number;
}

/*
 * Row i of the chain.  Counts of a lane lie `stride` apart; a row that cannot
 * be left (R-MAP-3) ends at once, and nothing leads to it.
 */
static void
chain_row(const jrn_map *map, size_t i, const uint32_t *next, int stride,
		  double ending, jrn_chain *chain)
{
	const size_t k = (size_t) map->k;
	const double smooth = map->smoothing / map->k;
	double	   *row = chain->q + i * k;
	double		total = ending;
	size_t		j;

	for (j = 0; j < k; j++)
	{
		row[j] = map->live[i] && map->live[j] && map->next[i * k + j] > 0 ?
			next[(i * k + j) * (size_t) stride] + smooth : 0.0;
		total += row[j];
	}
	if (!map->live[i])
	{
		chain->exit[i] = 1.0;
		return;
	}
	for (j = 0; j < k; j++)
		row[j] /= total;
	chain->exit[i] = ending / total;
}

static jrn_status
build_chain(const jrn_map *map, const uint32_t *next, const uint32_t *start,
			const double *exits, int stride, jrn_chain *chain)
{
	const size_t k = (size_t) map->k;
	const size_t step = (size_t) stride;
	double		starts = 0.0;
	size_t		i;

	for (i = 0; i < k; i++)
	{
		const double *end = exits + 3 * i * step;
		double		ending = end_cell(map, i, end[0], end[step], end[2 * step], chain);

		chain_row(map, i, next, stride, ending, chain);
		chain->start[i] = map->live[i] ? start[i * step] : 0.0;
		starts += chain->start[i];
	}
	if (!(starts > 0.0))
		return JRN_TOO_FEW;
	for (i = 0; i < k; i++)
		chain->start[i] /= starts;
	return JRN_OK;
}

jrn_status
jrn_map_chain(const jrn_map *map, jrn_chain *chain)
{
	return build_chain(map, map->next, map->start, map->exits, 1, chain);
}

jrn_status
jrn_map_lane_chain(const jrn_map *map, const jrn_map_counts *counts, int lane, jrn_chain *chain)
{
	return build_chain(map, counts->next + lane, counts->start + lane, counts->exits + lane,
					   JRN_MAP_LANES, chain);
}
