/*
 * map.h
 *		The journey map of a set of customers: how often each touchpoint
 *		follows each other one, where journeys begin, and with what outcome
 *		they end.
 *
 * Customers are added once, in canonical order (hash, key bytes).  Their
 * journeys are kept as 2-byte codes, so that every bootstrap replicate is one
 * more pass over the codes: 2 bytes an event, 24 bytes a customer.
 *
 * Source: reference/chaos.md 4.1.  Requirements:
 *
 * R-MAP-1	A censored journey gives its first touch and its transitions; its
 *			last event says nothing about how journeys end.
 * R-MAP-2	Smoothing adds .5 / k to every cell of a row that was observed (the
 *			support), nowhere else.  Cells are the next touchpoints and the
 *			ends: the two outcomes of a yes/no question are two cells, a
 *			numeric outcome is one cell with the distribution seen there.
 *			First touches are not smoothed.  smoothing 0 instead of .5 keeps
 *			the shares as they were counted.
 * R-MAP-3	A touchpoint from which no observed way leads to an outcome (all
 *			its journeys are censored) is left out: transitions into it count
 *			as censored, its own figures do not exist.
 * R-MAP-4	Weights of a bootstrap replicate are Poisson(1) by hash(customer
 *			hash, derive(seed, 'boot', replicate)); row order cannot matter.
 *			The support stays that of the whole data.
 * R-MAP-5	Outcomes are carried as (y - centre) / scale: 0 and 1 when there are
 *			two distinct values, otherwise within [-1, 1].
 */
#ifndef JRN_MAP_H
#define JRN_MAP_H

#include "chain.h"

/* Replicates counted in one pass over the journeys. */
#define JRN_MAP_LANES 8

/* Events a map may have: a weighted count must fit 32 bits (weight at most 20). */
#define JRN_MAP_MAX_EVENTS (UINT32_MAX / 20)

typedef struct jrn_map
{
	const jrn_env *env;
	int32_t		k;
	double		smoothing;		/* R-MAP-2: .5, unless changed before the chain is made */

	/* journeys, in canonical order of customers */
	size_t		n_customers;
	size_t		customer_capacity;
	uint64_t   *hashes;
	double	   *outcomes;		/* NaN: censored */
	uint64_t   *ends;			/* index behind the customer's last event */
	size_t		end_capacity;
	size_t		outcome_capacity;
	size_t		n_events;
	size_t		event_capacity;
	uint16_t   *codes;

	/* filled by jrn_map_finish */
	size_t		n_known;		/* customers with an outcome */
	double		low;			/* smallest and largest known outcome */
	double		high;
	bool		binary;			/* two distinct outcomes */
	double		centre;
	double		scale;
	int64_t    *customers;		/* k: distinct customers that came by */
	int64_t    *known;			/* k: of these, with an outcome */
	int64_t    *visits;			/* k: events */
	uint32_t   *next;			/* k * k counts of all customers: the support */
	uint32_t   *start;			/* k */
	double	   *exits;			/* 3 * k: number, sum, sum of squares */
	bool	   *live;			/* k: see R-MAP-3 */
} jrn_map;

/* Counts of JRN_MAP_LANES weightings of the customers, lanes innermost. */
typedef struct jrn_map_counts
{
	uint32_t   *next;			/* k * k * lanes */
	uint32_t   *start;			/* k * lanes */
	double	   *exits;			/* 3 * k * lanes */
} jrn_map_counts;

/* JRN_LIMIT when k exceeds JRN_CHAIN_MAX_STATES. */
extern jrn_status jrn_map_init(const jrn_env *env, int32_t k, jrn_map *map);

/* Room for this many events in all, when known beforehand: no doubling. */
extern jrn_status jrn_map_reserve(jrn_map *map, uint64_t n_events);

/*
 * One customer: n labels below k in order, outcome or NaN (censored).  A
 * customer without events is ignored.  JRN_DOMAIN for a label out of range,
 * JRN_NONFINITE for an infinite outcome, JRN_LIMIT above JRN_MAP_MAX_EVENTS.
 */
extern jrn_status jrn_map_add_customer(jrn_map *map, uint64_t hash, const uint32_t *labels,
									   size_t n, double outcome);

/* Count; call once, after the last customer.  O(events + k^2). */
extern jrn_status jrn_map_finish(jrn_map *map);

extern jrn_status jrn_map_counts_init(const jrn_env *env, int32_t k, jrn_map_counts *counts);

/*
 * Counts under the weights of replicates first .. first + JRN_MAP_LANES - 1
 * (from 1 on), one pass.  O(events + k^2).
 */
extern jrn_status jrn_map_replicates(const jrn_map *map, uint64_t seed, uint64_t first,
									 jrn_map_counts *counts);

/*
 * Probabilities of the map itself, or of one lane of counts.  JRN_TOO_FEW when
 * no journey with weight starts at a live touchpoint.
 */
extern jrn_status jrn_map_chain(const jrn_map *map, jrn_chain *chain);
extern jrn_status jrn_map_lane_chain(const jrn_map *map, const jrn_map_counts *counts,
									 int lane, jrn_chain *chain);

/* First event of customer c; the journey is codes[first .. ends[c] - 1]. */
static inline size_t
jrn_map_first(const jrn_map *map, size_t c)
{
	return c == 0 ? 0 : (size_t) map->ends[c - 1];
}

/* A known outcome in the units of the chain (R-MAP-5). */
static inline double
jrn_map_scaled(const jrn_map *map, double outcome)
{
	return (outcome - map->centre) / map->scale;
}

#endif							/* JRN_MAP_H */
