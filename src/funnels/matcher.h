/*
 * matcher.h
 *		Finding a sequence pattern in the rows of one group.
 *
 * Definition: reference/journeys.md, 3.1 and 3.2.
 *
 * R-MATCH-1	Of all chains that end at a row in a position, only the one that
 *				began last can matter later; what is kept of older rows is what
 *				the next join asks for: the row directly before, the latest
 *				beginning, or, for a range of time, a queue of rows that wait
 *				for the lower limit and one of rows within both limits, in which
 *				beginnings fall.  So n rows and a pattern of m edges cost
 *				O(n m), without backtracking and without a cap.
 * R-MATCH-2	One row serves one position of a chain.
 * R-MATCH-3	Matches that are counted share no row and do not interleave: the
 *				one that ends first is taken, and the search goes on behind its
 *				last row.
 * R-MATCH-4	The match that is shown ends first; of those the one that began
 *				last; of those, seen from its beginning, every row is the
 *				earliest that still leads to the end.
 */
#ifndef JRN_MATCHER_H
#define JRN_MATCHER_H

#include "pattern.h"

#define JRN_NO_ROW UINT32_MAX

/* A chain's last time and the row in which it began. */
typedef struct jrn_chain
{
	int64_t		last;
	uint32_t	begin;
} jrn_chain;

typedef struct jrn_chain_queue
{
	jrn_chain  *chains;
	size_t		head;
	size_t		tail;
	size_t		capacity;
} jrn_chain_queue;

/* What is known of the chains whose last row is in a position. */
typedef struct jrn_position_state
{
	uint32_t	last_row;		/* the latest such row */
	uint32_t	last_begin;		/* and the latest beginning there */
	uint32_t	best_begin;		/* over all such rows */
	uint32_t	new_begin;		/* of the row at hand */
} jrn_position_state;

/* Lives as long as its pattern; reusable from group to group. */
typedef struct jrn_matcher
{
	const jrn_pattern *pattern;
	jrn_position_state *states;
	jrn_chain_queue *waiting;	/* by edge; time joins only */
	jrn_chain_queue *ready;
	uint32_t   *matched;		/* positions of the row at hand */
	uint64_t   *leads;			/* of show: can row and position reach the end? */
	size_t		leads_capacity;
	uint32_t   *nearest;		/* by edge, of show */
	uint32_t   *pointer;
} jrn_matcher;

extern jrn_status jrn_matcher_init(const jrn_env *env, const jrn_pattern *pattern,
								   jrn_matcher *matcher);

/*
 * The first match in rows[from .. n): *end is its last row, *begin the latest
 * row in which a match that ends there begins; JRN_NO_ROW when there is none.
 */
extern jrn_status jrn_matcher_find(const jrn_env *env, jrn_matcher *matcher, const jrn_moment *rows,
								   uint32_t from, uint32_t n, uint32_t *begin, uint32_t *end);

/* R-MATCH-3 */
extern jrn_status jrn_matcher_count(const jrn_env *env, jrn_matcher *matcher,
									const jrn_moment *rows, uint32_t n, int64_t *count);

/*
 * R-MATCH-4: times of the rows that match a (?N) in the match from begin to
 * end.  times has room for end - begin + 1.
 */
extern jrn_status jrn_matcher_show(const jrn_env *env, jrn_matcher *matcher,
								   const jrn_moment *rows, uint32_t begin, uint32_t end,
								   int64_t *times, uint32_t *n_times);

#endif							/* JRN_MATCHER_H */
