/*
 * recurring.h
 *		Which sequences of touchpoints recur in journeys more often than the
 *		mere mixture of their touchpoints makes them.
 *
 * Null: the order of a customer's events carries nothing, so any order of them
 * is as likely; which events a customer has stays as it is.
 *
 * Source: reference/chaos.md 7 (null A); permutation of the events within each
 * sequence (Pinxteren and Calders 2021).  Requirements:
 *
 * R-REC-1	Tested are all runs of 2 to max_length neighbouring touchpoints and
 *			all pairs at any distance (of two different touchpoints) that at
 *			least min_support customers of the discovery part have (0: 20 or one
 *			percent, whichever is more); a customer has one or not.
 * R-REC-2	p = (1 + shuffles with as many customers) / (1 + shuffles); lift:
 *			customers over their mean in the shuffles; odds ratio of having it,
 *			with 1/2 added to each cell.  q-values run over all patterns.
 * R-REC-3	Interval of the odds ratio: 95 %, on the log scale, by leaving out
 *			one of 20 groups of customers at a time (t with groups - 1 degrees
 *			of freedom).
 * R-REC-4	Held-out customers take no part in finding; the same figures are
 *			computed for them from the same shuffles.
 * R-REC-5	A shuffle depends on seed, its number and the customer's hash only.
 */
#ifndef JRN_RECURRING_H
#define JRN_RECURRING_H

#include "../maps/patterns.h"

#define JRN_RECURRING_GROUPS 20
#define JRN_RECURRING_LEAST_SUPPORT 20

typedef struct jrn_recurring_pattern
{
	uint32_t	labels[JRN_PATTERN_LENGTH];
	int			length;
	bool		adjacent;		/* neighbours; otherwise any distance */
	int64_t		customers;		/* of the discovery part, as below */
	double		lift;			/* NaN: no figure, as below */
	double		odds_ratio;
	double		low;
	double		high;
	double		p;
	double		q;
	double		q_dependent;
	double		held_odds_ratio;
	double		held_p;
} jrn_recurring_pattern;

typedef struct jrn_recurring
{
	const jrn_env *env;
	jrn_patterns journeys;		/* their codes and parts */
	uint64_t   *hashes;			/* of customers */
	size_t		hash_capacity;
	int			max_length;
	jrn_recurring_pattern *list;
	size_t		count;
} jrn_recurring;

extern jrn_status jrn_recurring_begin(jrn_recurring *r, const jrn_env *env, uint32_t labels, int max_length,
									  size_t memory_limit);

/* One customer, in canonical order. */
extern jrn_status jrn_recurring_add(jrn_recurring *r, uint64_t hash, const jrn_event *events, size_t n, bool held);

/*
 * Find, test and sort by p, then lift (most first), then byte order, runs
 * before pairs.  JRN_LIMIT above JRN_PATTERNS_MOST patterns, or when patterns
 * times their touchpoints exceed 64 million.  O(permutations * events *
 * max_length).
 */
extern jrn_status jrn_recurring_find(jrn_recurring *r, int64_t min_support, int32_t permutations, uint64_t seed);

#endif							/* JRN_RECURRING_H */
