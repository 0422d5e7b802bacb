/*
 * walk.c
 *		Modes that walk row by row: ORDER, REENTRY, DEDUPLICATION, ADJACENT,
 *		NO_SKIP, and each of them with INCREASE.
 *
 * For every row the levels fall into those that advance, those that stay and
 * those that end; sets of levels are bits, so a row costs what it moves.  With
 * INCREASE there are two slots a level: reached before this instant, which may
 * advance, and reached at it, which may not; they are merged behind it.
 */
#include "parts.h"

#define ALL (~(uint64_t) 0)

typedef struct walk
{
	jrn_funnel_state *state;
	unsigned	mode;
	int			target;			/* set that takes advanced chains */
	uint64_t	filled[JRN_FUNNEL_SETS];	/* bit k - 1: slot of level k */
} walk;

/* What a row does to chains, by level; bit k - 1 stands for level k. */
typedef struct effect
{
	uint64_t	advance;
	uint64_t	stay;			/* of those that do not advance */
	uint64_t	both;			/* advance, and also stay: an optional step as well */
} effect;

static effect
effect_of(unsigned mode, uint64_t mask, uint64_t pass)
{
	effect		of;
	uint64_t	later = mask & ~(uint64_t) 1;	/* steps from the second on */

	of.advance = mask >> 1;
	of.stay = ALL;
	if ((mode & (JRN_FUNNEL_ADJACENT | JRN_FUNNEL_NO_SKIP)) != 0)
		of.stay = 0;
	else if ((mode & JRN_FUNNEL_ORDER) != 0)
	{
		if (mask == 0)
			of.stay = 0;
		else if ((mode & JRN_FUNNEL_REENTRY) == 0)
			of.stay = ~((mask & (~mask + 1)) - 1) | of.advance;
	}
	if ((mode & JRN_FUNNEL_DEDUPLICATION) != 0 && later != 0)
	{
		uint64_t	before = (later & (~later + 1)) - 1;	/* levels below it */

		of.advance &= before;
		of.stay &= before;
	}
	of.stay |= pass;
	of.both = pass;
	return of;
}

/* Levels of set whose chain advances now; descending, so none moves twice. */
static uint64_t
advance(walk *w, uint64_t candidates, effect of, int64_t ts, size_t row, bool *completed)
{
	jrn_funnel_state *state = w->state;
	uint64_t	moved = 0;
	uint64_t	left = candidates;

	while (left != 0)
	{
		int			k = 64 - __builtin_clzll(left);
		uint64_t	bit = (uint64_t) 1 << (k - 1);
		uint64_t	up = bit << 1;
		int64_t		deadline = state->deadline[STATE][k];
		bool		taken;

		left &= ~bit;
		if (deadline < ts)
			continue;
		moved |= bit;
		/* the slot above is taken by a chain that stays there, or advanced to it */
		taken = (w->filled[w->target] & up & of.stay) != 0 &&
			(w->target == FRESH || (moved & up & ~of.both) == 0);
		if (taken && state->deadline[w->target][k + 1] >= deadline)
			continue;
		jrn_funnel_extend(state, w->target, k + 1, STATE, deadline, row);
		if (jrn_funnel_reached(state, w->target, k + 1))
			*completed = true;
	}
	return moved;
}

static void
open_chain(walk *w, int64_t ts, size_t row, bool *completed)
{
	jrn_funnel_state *state = w->state;
	int64_t		deadline = jrn_funnel_start(state, ts);

	if (deadline < ts)
		return;
	if ((w->filled[w->target] & 1) == 0 || state->deadline[w->target][1] < deadline)
		jrn_funnel_extend(state, w->target, 1, STATE, deadline, row);
	w->filled[w->target] |= 1;
	if (jrn_funnel_reached(state, w->target, 1))
		*completed = true;
}

static void
take_row(walk *w, size_t row, uint64_t pass)
{
	uint64_t	mask = w->state->rows[row].mask;
	int64_t		ts = w->state->rows[row].ts;
	effect		of = effect_of(w->mode, mask, pass);
	bool		completed = false;
	uint64_t	moved;

	moved = advance(w, w->filled[STATE] & of.advance, of, ts, row, &completed);
	w->filled[STATE] &= of.stay & ~(moved & ~of.both);
	w->filled[FRESH] &= of.stay;
	w->filled[w->target] |= moved << 1;
	if ((mask & 1) != 0 && !completed)
		open_chain(w, ts, row, &completed);
	if (completed)
	{
		jrn_funnel_completed(w->state, row);
		w->filled[STATE] = w->filled[FRESH] = 0;
	}
}

/* Behind an instant all its chains are of before. */
static void
merge(walk *w)
{
	jrn_funnel_state *state = w->state;
	uint64_t	left = w->filled[FRESH];

	while (left != 0)
	{
		int			k = __builtin_ctzll(left) + 1;
		uint64_t	bit = left & (~left + 1);

		left &= left - 1;
		if ((w->filled[STATE] & bit) != 0 && state->deadline[STATE][k] >= state->deadline[FRESH][k])
			continue;
		state->deadline[STATE][k] = state->deadline[FRESH][k];
		if (state->paths != NULL)
			memcpy(jrn_funnel_path(state, STATE, k), jrn_funnel_path(state, FRESH, k),
				   (size_t) k * sizeof(size_t));
	}
	w->filled[STATE] |= w->filled[FRESH];
	w->filled[FRESH] = 0;
}

jrn_status
jrn_funnel_walk(jrn_funnel_state *state)
{
	const jrn_funnel_row *rows = state->rows;
	bool		increase = (state->funnel->mode & JRN_FUNNEL_INCREASE) != 0;
	unsigned	strict = state->funnel->mode & (JRN_FUNNEL_ADJACENT | JRN_FUNNEL_ORDER);
	bool		unmatched_do_nothing = strict == 0; /* NO_SKIP, DEDUPLICATION */
	const uint64_t *pass = state->wish == NULL ? NULL : state->wish->pass;
	walk		w;
	size_t		i;

	w.state = state;
	w.mode = state->funnel->mode;
	w.target = increase ? FRESH : STATE;
	w.filled[STATE] = w.filled[FRESH] = 0;
	for (i = 0; i < state->n && !state->done; i++)
	{
		uint64_t	optional = pass == NULL ? 0 : pass[i];

		if (i % JRN_FUNNEL_TICK_ROWS == JRN_FUNNEL_TICK_ROWS - 1)
			JRN_TICK(state->work->env);
		if (increase && w.filled[FRESH] != 0 && rows[i].ts != rows[i - 1].ts)
			merge(&w);
		if (rows[i].mask == 0 &&
			((unmatched_do_nothing && optional == 0) || (w.filled[STATE] | w.filled[FRESH]) == 0))
			continue;
		take_row(&w, i, optional);
	}
	return JRN_OK;
}
