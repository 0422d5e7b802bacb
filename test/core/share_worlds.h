/*
 * share_worlds.h
 *		Simulated customers whose chaos shares are known: the store chain of
 *		vector A, and a mood that lasts (chaos reference 4.8 and 9).
 */
#ifndef SHARE_WORLDS_H
#define SHARE_WORLDS_H

#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/maps/map.h"

static const double store_cells[4][6] = {
	{.10, .50, .20, .00, .15, .05}, {.10, .20, .30, .10, .25, .05},
	{.00, .20, .20, .30, .15, .15}, {.00, .10, .20, .10, .20, .40}
};
static const double store_start[4] = {.6, .2, .15, .05};
static const double store_shares[5] = {.016984382168146, .14228741, .27240176, .29515435, .27317209};

static inline uint32_t
pick(const double *p, int count, double u)
{
	int			i = 0;

	while (i < count - 1 && u >= p[i])
		u -= p[i++];
	return (uint32_t) i;
}

static inline void
simulate_store(const jrn_env *env, uint64_t seed, int customers, jrn_map *map)
{
	int			c;

	jrn_map_init(env, 4, map);
	for (c = 0; c < customers; c++)
	{
		uint64_t	stream = jrn_seed_derive(seed, "customer", (uint64_t) c);
		uint32_t	codes[1000];
		uint32_t	n = 0;
		uint32_t	state = pick(store_start, 4, jrn_random_uniform(stream, 0));

		while (state < 4 && n < 1000)
		{
			codes[n++] = state;
			state = pick(store_cells[state], 6, jrn_random_uniform(stream, n));
		}
		jrn_map_add_customer(map, stream, codes, n, state == 4 ? 1 : 0);
	}
	jrn_map_finish(map);
}

/* A lasting mood: the first event tells more than a first-order map knows. */
static inline void
simulate_mood(const jrn_env *env, uint64_t seed, int customers, jrn_map *map)
{
	int			c;

	jrn_map_init(env, 4, map);
	for (c = 0; c < customers; c++)
	{
		uint64_t	stream = jrn_seed_derive(seed, "mood", (uint64_t) c);
		uint32_t	codes[16];
		uint32_t	n = 4 + (uint32_t) jrn_random_below(stream, 0, 6);
		double		mood;
		uint32_t	i;

		codes[0] = (uint32_t) jrn_random_below(stream, 1, 4);
		mood = 1.2 * (codes[0] - 1.5) / 1.5 + .5 * jrn_random_normal(stream, 2);
		for (i = 1; i < n; i++)
		{
			double		event;

			mood = .95 * mood + .3 * jrn_random_normal(stream, 2 * i + 2);
			event = round(1.5 + .8 * mood + 1.2 * jrn_random_normal(stream, 2 * i + 3));
			codes[i] = (uint32_t) fmin(fmax(event, 0), 3);
		}
		jrn_map_add_customer(map, stream, codes, n,
							 jrn_random_uniform(stream, 99) < 1 / (1 + exp(-1.5 * mood)));
	}
	jrn_map_finish(map);
}

#endif							/* SHARE_WORLDS_H */
