/*
 * patterns.h
 *		Which sequences of touchpoints go with a yes/no outcome.
 *
 * Definition: reference/journeys.md 9.  A pattern is a list of touchpoints that
 * a journey contains in this order; neighbours in the pattern are at most
 * max_gap events apart (1: directly after; 0: any distance).  A customer has it
 * or not: occurrences are not counted.
 *
 * R-PAT-1	All patterns up to max_length that at least min_support customers of
 *			the discovery part have are found and tested; none is dropped.
 * R-PAT-2	Long journeys contain everything.  The test is therefore made within
 *			strata of path length: deciles of the lengths of all customers,
 *			equal lengths together (stratified.h).
 * R-PAT-3	q-values run over all patterns of the call (core/multiple.h).
 * R-PAT-4	The held-out customers take no part in finding or testing; the same
 *			figures are computed for them afresh.
 * R-PAT-5	Prefix growth (Pei et al. 2001): with any distance only the earliest
 *			end of a pattern in a journey matters, with a gap all ends do.  A
 *			pattern costs at most one look at the journeys that contain its
 *			prefix.
 * R-PAT-6	In memory are the journeys, 1, 2 or 4 bytes an event and 24 a
 *			customer, and the ends of the patterns at hand: those that grow out
 *			of one prefix by as many labels at a time as fit into a share of the
 *			limit, which all lengths together may take half of.  What is found
 *			does not depend on it.
 */
#ifndef JRN_PATTERNS_H
#define JRN_PATTERNS_H

#include <stdbool.h>

#include "../core/store.h"
#include "../events/journey.h"
#include "stratified.h"

#define JRN_PATTERN_LENGTH 10
#define JRN_PATTERN_STRATA 10
#define JRN_PATTERNS_MOST 100000

typedef struct jrn_pattern
{
	uint32_t	labels[JRN_PATTERN_LENGTH];
	int			length;
	jrn_stratum found[JRN_PATTERN_STRATA];	/* discovery part */
	jrn_stratum held[JRN_PATTERN_STRATA];
	/* after finish */
	int64_t		customers;		/* of the discovery part */
	double		lift;			/* NaN: no figure, as below */
	double		odds_ratio;
	double		low;
	double		high;
	double		stratified_odds_ratio;
	double		p;
	double		q;
	double		q_dependent;	/* Benjamini and Yekutieli */
	double		held_odds_ratio;
	double		held_p;
} jrn_pattern;

typedef struct jrn_pattern_customer
{
	const void *codes;
	uint32_t	n;
	bool		outcome;
	bool		held;
	uint8_t		stratum;
} jrn_pattern_customer;

typedef struct jrn_patterns
{
	const jrn_env *env;
	uint32_t	labels;
	int			width;			/* bytes of a code */
	size_t		memory_limit;
	jrn_store	codes;			/* of all customers; they stay where they are */
	jrn_pattern_customer *customers;
	size_t		customer_count;
	size_t		customer_capacity;
	jrn_stratum found[JRN_PATTERN_STRATA];	/* n and outcome of the parts */
	jrn_stratum held[JRN_PATTERN_STRATA];
	int64_t		found_count;	/* customers of the discovery part */
	int64_t		held_count;
	jrn_pattern *list;
	size_t		count;
	size_t		capacity;
} jrn_patterns;

extern jrn_status jrn_patterns_begin(jrn_patterns *patterns, const jrn_env *env, uint32_t labels,
									 size_t memory_limit);

/* One customer whose outcome is known. */
extern jrn_status jrn_patterns_add(jrn_patterns *patterns, const jrn_event *events, size_t n,
								   bool outcome, bool held);

/* Label of event i of a customer. */
static inline uint32_t
jrn_patterns_code(const jrn_patterns *patterns, const jrn_pattern_customer *customer, size_t i)
{
	if (patterns->width == 1)
		return ((const uint8_t *) customer->codes)[i];
	if (patterns->width == 2)
		return ((const uint16_t *) customer->codes)[i];
	return ((const uint32_t *) customer->codes)[i];
}

/* After the last customer: strata and sizes of the parts (R-PAT-2). */
extern jrn_status jrn_patterns_divide(jrn_patterns *patterns);

/*
 * Find, test and sort by p, then customers (most first), then byte order.
 * JRN_LIMIT above JRN_PATTERNS_MOST patterns.
 */
extern jrn_status jrn_patterns_find(jrn_patterns *patterns, int max_length, uint32_t max_gap,
									int64_t min_support);

#endif							/* JRN_PATTERNS_H */
