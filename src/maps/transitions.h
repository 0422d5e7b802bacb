/*
 * transitions.h
 *		How often, by how many customers and after how long one touchpoint
 *		follows another.
 *
 * Definition: reference/journeys.md 6.  A transition is a pair of neighbouring
 * events of one customer, the same touchpoint twice included; beside these
 * every journey goes once from (start) to its first touchpoint and once from
 * its last one to (end).
 *
 * R-TRA-1	probability = transitions / all transitions that leave the source,
 *			those to (end) included.
 * R-TRA-2	customers counts every customer once per pair.
 * R-TRA-3	Quantiles are exact; links from (start) and to (end) take no time.
 */
#ifndef JRN_TRANSITIONS_H
#define JRN_TRANSITIONS_H

#include "../events/journey.h"
#include "pairs.h"
#include "samples.h"

/* What one pair amounts to. */
typedef struct jrn_transition
{
	int64_t		count;
	int64_t		customers;
	uint64_t	last_customer;	/* who was counted last; 0: nobody */
	double		median_seconds; /* NaN for (start) and (end) */
	double		p90_seconds;
	double		p95_seconds;
	double		total_seconds;
} jrn_transition;

typedef struct jrn_transitions
{
	const jrn_env *env;
	uint32_t	labels;
	uint32_t	start;			/* pseudo label: labels */
	uint32_t	end;			/* pseudo label: labels + 1 */
	jrn_pairs	pairs;
	jrn_transition *list;		/* by number of the pair */
	size_t		used;			/* as many as there are pairs */
	size_t		capacity;
	jrn_samples gaps;			/* microseconds, by number of the pair */
	uint64_t	customers;
	int64_t    *leaving;		/* transitions by source, after finish */
	uint32_t   *order;			/* pairs by source, then target, after finish */
} jrn_transitions;

extern jrn_status jrn_transitions_begin(jrn_transitions *map, const jrn_env *env, const jrn_file *file,
										uint32_t labels, size_t memory_limit);

/* One journey in canonical order, n at least 1; its span fits int64.  O(n). */
extern jrn_status jrn_transitions_add(jrn_transitions *map, const jrn_event *events, size_t n);

/*
 * Quantiles, totals and order; call once.  (start) comes first, then sources
 * in byte order; targets in byte order, (end) last.
 */
extern jrn_status jrn_transitions_finish(jrn_transitions *map);

/* Pairs by total_seconds, the largest first, ties in order; without (start) and (end). */
extern jrn_status jrn_transitions_by_wait(const jrn_transitions *map, uint32_t **order, size_t *count);

/* Pairs by count, the largest first, ties in order. */
extern jrn_status jrn_transitions_by_count(const jrn_transitions *map, uint32_t **order, size_t *count);

#endif							/* JRN_TRANSITIONS_H */
