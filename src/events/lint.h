/*
 * lint.h
 *		What is wrong with a table of events, counted over its journeys (pure
 *		core of lint_events).
 *
 * Checks after reference/journeys.md 12.1 and 16: ties, identical events,
 * customers far above the others, customers of one event, touchpoints of one
 * customer.
 *
 * R-LINT-1	A row that other functions would refuse (a NULL, an infinite time,
 *			an empty or overlong touchpoint) is counted as a fault and takes no
 *			part in anything else.
 * R-LINT-2	The customer named by a finding is the smallest of those concerned:
 *			integers by value, other keys by their bytes; never the first row.
 * R-LINT-3	An event is tied when another of the same customer has its instant.
 * R-LINT-4	Identical: same customer, instant and touchpoint, and same event id
 *			where there are ids; counted are the events beyond the first of
 *			each such group.  Reissued: those that differ in the id only.
 * R-LINT-5	Heavy: at or above the 99.9 % quantile of events per customer, above
 *			100 and above 10 times the median; both quantiles are the smallest
 *			number that at least that share of customers does not exceed.
 * R-LINT-6	Rare: a touchpoint that only one customer has seen.
 */
#ifndef JRN_LINT_H
#define JRN_LINT_H

#include <stdbool.h>

#include "../core/env.h"
#include "events.h"

/* Customers with fewer events than this are counted in a table. */
#define JRN_LINT_TABLE 4096

/* Heavy customers have more events than both of these. */
#define JRN_LINT_HEAVY_EVENTS 100
#define JRN_LINT_HEAVY_MEDIANS 10

/* A count and who it is about (R-LINT-2). */
typedef struct jrn_lint_finding
{
	uint64_t	count;
	char	   *key;			/* NULL: nobody yet */
	size_t		key_size;
	size_t		key_capacity;
	bool		has_ts;
	int64_t		ts;				/* the earliest noted */
} jrn_lint_finding;

typedef struct jrn_lint
{
	const jrn_env *env;
	const jrn_labels *labels;	/* of the events that are visited */
	bool		integer_keys;
	uint64_t	events;
	uint64_t	customers;
	uint64_t	one_event;
	int64_t		first_ts;		/* valid when events > 0 */
	int64_t		last_ts;
	jrn_lint_finding tied;
	uint64_t	tied_unbroken;	/* tied events whose id is tied as well, or all without ids */
	jrn_lint_finding identical;
	jrn_lint_finding reissued;
	jrn_lint_finding largest;	/* count: events of the largest customer */
	uint64_t	by_events[JRN_LINT_TABLE];	/* customers with so many events */
	uint64_t   *many;			/* events of each customer beyond the table */
	size_t		many_count;
	size_t		many_capacity;
	uint64_t   *last_customer;	/* by label rank: last to see it, 0 nobody */
	bool	   *shared;			/* by label rank: seen by two */
	uint32_t   *tie_labels;		/* scratch */
	size_t		tie_capacity;
} jrn_lint;

/* Prepare; integer_keys says that keys are canonical 8-byte integers. */
extern void jrn_lint_begin(jrn_lint *lint, const jrn_env *env, const jrn_labels *labels,
						   bool integer_keys);

/*
 * Add count to a finding about a customer (R-LINT-2); key or ts may be NULL.
 * O(key_size).
 */
extern jrn_status jrn_lint_note(const jrn_env *env, bool integer_keys, jrn_lint_finding *finding,
								uint64_t count, const char *key, size_t key_size,
								const int64_t *ts);

/*
 * A jrn_journey_visitor; arg is the jrn_lint.  O(n) per journey, and
 * O(t log t) for t events at one instant.
 */
extern jrn_status jrn_lint_journey(void *arg, const jrn_journey *journey);

/*
 * After the visit: the median of events per customer, the least number of
 * events of a heavy customer (R-LINT-5), and how many customers are heavy.
 */
extern jrn_status jrn_lint_heavy(jrn_lint *lint, uint64_t *median, uint64_t *least,
								 uint64_t *heavy);

/* After the visit: has only one customer seen the label (R-LINT-6)? */
static inline bool
jrn_lint_is_rare(const jrn_lint *lint, uint32_t rank)
{
	return lint->last_customer != NULL && lint->last_customer[rank] != 0 && !lint->shared[rank];
}

#endif							/* JRN_LINT_H */
