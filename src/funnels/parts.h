/*
 * parts.h
 *		What the files of the funnel share: one run over one customer's rows.
 *
 * A slot is the best chain of a level: its deadline, and its rows where they
 * are wanted.  An empty slot has the deadline NONE, which no time is before.
 * There are two sets of slots: those of the state, and those reached at this
 * very instant, or inside a tie group, which must not serve yet.
 */
#ifndef JRN_FUNNEL_PARTS_H
#define JRN_FUNNEL_PARTS_H

#include <string.h>

#include "funnel.h"

#define JRN_FUNNEL_NONE INT64_MIN
#define JRN_FUNNEL_SETS 2
#define STATE 0
#define FRESH 1

/* Ticks: rows between two looks at the host. */
#define JRN_FUNNEL_TICK_ROWS 1024

typedef struct jrn_funnel_state
{
	const jrn_funnel *funnel;
	jrn_funnel_work *work;
	const jrn_funnel_row *rows;
	size_t		n;
	const jrn_funnel_wish *wish;
	jrn_funnel_chain *chain;	/* result; rows and completions where with_rows */
	size_t	   *paths;			/* NULL: levels only */
	int			best;
	bool		done;			/* nothing can change the result any more */
	int64_t		deadline[JRN_FUNNEL_SETS][JRN_FUNNEL_MAX_STEPS + 1];	/* by level */
} jrn_funnel_state;

static inline size_t *
jrn_funnel_path(const jrn_funnel_state *state, int set, int level)
{
	return state->paths + ((size_t) set * JRN_FUNNEL_MAX_STEPS + (size_t) level - 1) * JRN_FUNNEL_MAX_STEPS;
}

static inline void
jrn_funnel_clear(jrn_funnel_state *state)
{
	int			set,
				k;

	for (set = 0; set < JRN_FUNNEL_SETS; set++)
		for (k = 0; k <= state->funnel->steps; k++)
			state->deadline[set][k] = JRN_FUNNEL_NONE;
}

/* The deadline of a chain that starts at ts; NONE where it must not. */
static inline int64_t
jrn_funnel_start(const jrn_funnel_state *state, int64_t ts)
{
	int64_t		deadline = state->funnel->deadline(state->funnel->deadline_arg, ts);

	if (state->wish != NULL && state->wish->limited && deadline > state->wish->last_deadline)
		return JRN_FUNNEL_NONE;
	return deadline;
}

/* Slot (to_set, level) becomes the slot (from_set, level - 1) plus a row. */
static inline void
jrn_funnel_extend(jrn_funnel_state *state, int to_set, int level, int from_set, int64_t deadline,
				  size_t row)
{
	state->deadline[to_set][level] = deadline;
	if (state->paths != NULL)
	{
		size_t	   *to = jrn_funnel_path(state, to_set, level);

		if (level > 1)
			memcpy(to, jrn_funnel_path(state, from_set, level - 1),
				   (size_t) (level - 1) * sizeof(size_t));
		to[level - 1] = row;
	}
}

/* A chain reached a level; R-FUN-4.  True when it was the last step. */
static inline bool
jrn_funnel_reached(jrn_funnel_state *state, int set, int level)
{
	if (level > state->best)
	{
		state->best = level;
		if (state->paths != NULL)
			memcpy(state->chain->row, jrn_funnel_path(state, set, level),
				   (size_t) level * sizeof(size_t));
	}
	return level == state->funnel->steps;
}

/* After a completion that ends at row: count it and begin anew, or be done. */
static inline void
jrn_funnel_completed(jrn_funnel_state *state, size_t row)
{
	if (state->chain != NULL)
	{
		state->chain->completions++;
		state->chain->end = row;
	}
	if (state->wish != NULL && state->wish->completions)
		jrn_funnel_clear(state);
	else
		state->done = true;
}

/* The kinds of modes; each fills best, and chain where it is wanted. */
extern jrn_status jrn_funnel_groups(jrn_funnel_state *state);	/* groups.c */
extern jrn_status jrn_funnel_walk(jrn_funnel_state *state);	/* walk.c */
extern jrn_status jrn_funnel_any_order(jrn_funnel_state *state);	/* any_order.c */

/* A tie group [first, last) under ONCE, with rows of several steps (match.c). */
extern jrn_status jrn_funnel_match_group(jrn_funnel_state *state, size_t first, size_t last);

#endif							/* JRN_FUNNEL_PARTS_H */
