/*
 * row_by_row.c
 *		Funnels in which a row can end a chain: ORDER, DEDUPLICATION, ADJACENT,
 *		NO_SKIP and their combinations (see funnel.h).
 *
 * All chains at one step react alike to a row, but for the deadline and, with
 * INCREASE, for the instant at which they got there.  So there is one slot per
 * step for chains that stood there before this instant (slots) and one for
 * those that got there at it (other); only the first kind may be extended, and
 * they are merged when the instant passes.
 */
#include "funnel.h"

#define ROWS_A_TICK 4096

typedef enum reaction
{
	STAYS,
	MOVES,
	ENDS
} reaction;

/* Steps 1..k as bits. */
static inline uint64_t
steps_up_to(int k)
{
	return k >= 64 ? UINT64_MAX : (UINT64_C(1) << k) - 1;
}

/*
 * What a row does to a chain at step k; may_move: neither deadline nor
 * INCREASE keeps it back.
 */
static reaction
react(const jrn_funnel_work *work, int k, uint64_t mask, bool may_move)
{
	unsigned	modes = work->spec.modes;
	bool		next = (mask & work->next[k]) != 0;

	if ((modes & JRN_FUNNEL_DEDUPLICATION) != 0 && (mask & steps_up_to(k) & ~UINT64_C(1)) != 0)
		return ENDS;			/* R-FUN-6 */
	if ((modes & (JRN_FUNNEL_ADJACENT | JRN_FUNNEL_NO_SKIP)) != 0)
	{
		/* R-FUN-7 */
		if (mask == 0 && (modes & (JRN_FUNNEL_ADJACENT | JRN_FUNNEL_ORDER)) == 0)
			return STAYS;
		return next && may_move ? MOVES : ENDS;
	}
	if (next)
		return may_move ? MOVES : STAYS;	/* R-FUN-9 */
	if ((modes & JRN_FUNNEL_ORDER) == 0)
		return STAYS;
	/* R-FUN-5 */
	if ((mask & steps_up_to(k)) != 0)
		return STAYS;
	return mask != 0 && (modes & JRN_FUNNEL_REENTRY) != 0 ? STAYS : ENDS;
}

/* The slot exchanges its contents, rows included, with an empty one. */
static void
move_slot(jrn_funnel_slot *to, jrn_funnel_slot *from)
{
	jrn_funnel_slot held = *to;

	*to = *from;
	*from = held;
	from->deadline = JRN_FUNNEL_EMPTY;
}

/* Let the better of the two stand in to. */
static void
merge_slot(jrn_funnel_slot *to, jrn_funnel_slot *from)
{
	if (from->deadline > to->deadline)
		move_slot(to, from);
	from->deadline = JRN_FUNNEL_EMPTY;
}

/* A chain that moves arrives among those of this instant when ties are denied. */
static void
arrive(jrn_funnel_work *work, int step, jrn_funnel_slot *chain, size_t row)
{
	bool		increase = (work->spec.modes & JRN_FUNNEL_INCREASE) != 0;
	jrn_funnel_slot *to = increase ? &work->other[step] : &work->slots[step];

	if (work->spec.trace)
		chain->rows[step - 1] = (uint32_t) row;
	jrn_funnel_reached(work, step, chain->rows);
	merge_slot(to, chain);
	if (step > work->top)
		work->top = step;
}

/* Highest of the steps that the row offers next to a chain at step k. */
static int
next_step(const jrn_funnel_work *work, int k, uint64_t mask)
{
	return 64 - __builtin_clzll(mask & work->next[k]);
}

static void
take_row(jrn_funnel_work *work, const jrn_funnel_row *row, size_t number)
{
	bool		increase = (work->spec.modes & JRN_FUNNEL_INCREASE) != 0;
	int			k;

	/* from above, so that a chain moves once */
	for (k = work->top; k >= 1; k--)
	{
		jrn_funnel_slot *old = &work->slots[k];
		jrn_funnel_slot *now = &work->other[k];

		if (increase && now->deadline != JRN_FUNNEL_EMPTY && react(work, k, row->mask, false) == ENDS)
			now->deadline = JRN_FUNNEL_EMPTY;
		if (old->deadline == JRN_FUNNEL_EMPTY)
			continue;
		switch (react(work, k, row->mask, row->ts <= old->deadline))
		{
			case STAYS:
				break;
			case ENDS:
				old->deadline = JRN_FUNNEL_EMPTY;
				break;
			case MOVES:
				arrive(work, next_step(work, k, row->mask), old, number);
				break;
		}
	}
	if ((row->mask & 1) != 0 && jrn_funnel_may_start(work, number))
	{
		jrn_funnel_slot *start = &work->fresh[0];

		jrn_funnel_extend(work, start, NULL, work->spec.deadline(work->spec.deadline_arg, row->ts), 1, number);
		arrive(work, 1, start, number);
	}
}

static void
next_instant(jrn_funnel_work *work)
{
	int			k;

	for (k = 1; k <= work->top; k++)
		merge_slot(&work->slots[k], &work->other[k]);
}

/* R-FUN-12 */
static void
end_of_row(jrn_funnel_work *work)
{
	int			steps = work->spec.steps;
	int			k;

	if (work->slots[steps].deadline == JRN_FUNNEL_EMPTY && work->other[steps].deadline == JRN_FUNNEL_EMPTY)
		return;
	work->completions++;
	for (k = 1; k <= work->top; k++)
		work->slots[k].deadline = work->other[k].deadline = JRN_FUNNEL_EMPTY;
	work->top = 0;
}

jrn_status
jrn_funnel_row_by_row(jrn_funnel_work *work, const jrn_funnel_row *rows, size_t n)
{
	bool		increase = (work->spec.modes & JRN_FUNNEL_INCREASE) != 0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		if (i % ROWS_A_TICK == 0)
			JRN_TICK(work->env);
		if (increase && i > 0 && rows[i].ts != rows[i - 1].ts)
			next_instant(work);
		take_row(work, &rows[i], i);
		end_of_row(work);
	}
	return JRN_OK;
}
