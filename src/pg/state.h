/*
 * state.h
 *		Aggregate states that travel: float8[] with a header.
 *
 * Citus sends a state between nodes as text of its type, which is why these
 * states are arrays (reference/models.md, sections 5 and 11), and therefore
 * public: anyone may define an aggregate over our support functions with a
 * forged initial value.
 *
 *		[1] magic  [2] layout version  [3] guard  [4...] the aggregate's own
 *
 * R-STATE-1	Per row the shape and the header are checked, O(1); combine and
 *				final check every number.
 * R-STATE-2	The guard is the double next to 0.3.  Text with fewer than 17
 *				digits does not bring it back, so a state that was rounded on its
 *				way is refused instead of used.
 * R-STATE-3	An empty array is the state of no rows.
 */
#ifndef JOURNEY_STATE_H
#define JOURNEY_STATE_H

#include "compat.h"

#include "utils/array.h"

/* Numbers before the aggregate's own. */
#define JOURNEY_STATE_HEADER 3

/* Row counts in a state are whole doubles below 2^53. */
#define JOURNEY_STATE_MAX_ROWS 9007199254740992.0

typedef struct journey_state_kind
{
	const char *owner;			/* "a metric": whose state it is, for errors */
	double		magic;
	double		version;
	int			least;			/* fewest numbers, header included */
	int			most;
} journey_state_kind;

/*
 * The numbers of a state (aligned, in place) and how many there are; NULL for
 * the empty one.  Checks type, shape, number count and header: O(1).
 */
extern double *journey_state_numbers(ArrayType *array, const journey_state_kind *kind, int *count);

/*
 * A zeroed state of count numbers with its header, in the current context:
 * the executor moves it to its own.
 */
extern ArrayType *journey_state_new(const journey_state_kind *kind, int count);

/* Raise 22023: the state is not valid, and why. */
extern void journey_state_refuse(const journey_state_kind *kind, const char *why);

/* A row count as a state holds it: whole, from 1, below 2^53. */
extern void journey_state_check_rows(const journey_state_kind *kind, double rows);

#endif							/* JOURNEY_STATE_H */
