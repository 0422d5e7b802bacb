/*
 * groups.c
 *		Modes that take the rows of one instant together: rows reusable (the
 *		default), each row once, and strictly increasing times.
 *
 * Reusable: from the union of the group's masks steps are applied upwards, so
 * a chain may climb several steps at one instant.  Increasing: downwards, so
 * every extension starts from a chain of before this instant.  Once: a row
 * alone goes downwards; a group whose rows have one step each goes upwards,
 * because different steps then have different rows; any other group needs a
 * matching (match.c).
 */
#include "parts.h"

/* The rows of the current instant. */
typedef struct group
{
	size_t		first;
	size_t		last;			/* behind the last row */
	uint64_t	mask;			/* union */
	bool		single;			/* no row has two steps */
} group;

static jrn_status
next_group(const jrn_funnel_state *state, group *next)
{
	const jrn_funnel_row *rows = state->rows;
	int64_t		ts = rows[next->first].ts;
	size_t		i = next->first;

	next->mask = 0;
	next->single = true;
	do
	{
		uint64_t	mask = rows[i].mask;

		next->mask |= mask;
		if ((mask & (mask - 1)) != 0)
			next->single = false;
		i++;
		if (i % JRN_FUNNEL_TICK_ROWS == 0)
			JRN_TICK(state->work->env);
	} while (i < state->n && rows[i].ts == ts);
	next->last = i;
	return JRN_OK;
}

/* The first row of the group with a step; only asked where rows are wanted. */
static size_t
row_with(const jrn_funnel_state *state, const group *of, int k)
{
	size_t		i = of->first;

	if (state->paths == NULL)
		return 0;
	while (i + 1 < of->last && (state->rows[i].mask & ((uint64_t) 1 << (k - 1))) == 0)
		i++;
	return i;
}

/*
 * Extend to level k with the rows of a group, where that is possible and
 * better.  True when it was the last step: the group is used up then.
 */
static inline bool
apply(jrn_funnel_state *state, const group *of, int64_t ts, int k)
{
	int64_t    *deadline = state->deadline[STATE];
	int64_t		d = k == 1 ? jrn_funnel_start(state, ts) : deadline[k - 1];

	/* R-FUN-1: the later deadline stays */
	if (d < ts || d <= deadline[k])
		return false;
	jrn_funnel_extend(state, STATE, k, STATE, d,
					  of->last - of->first == 1 ? of->first : row_with(state, of, k));
	if (!jrn_funnel_reached(state, STATE, k))
		return false;
	jrn_funnel_completed(state, of->last - 1);
	return true;
}

static void
upwards(jrn_funnel_state *state, const group *of, int64_t ts)
{
	uint64_t	left = of->mask;

	while (left != 0)
	{
		int			k = __builtin_ctzll(left) + 1;

		left &= left - 1;
		(void) apply(state, of, ts, k);
	}
}

static void
downwards(jrn_funnel_state *state, const group *of, int64_t ts)
{
	uint64_t	left = of->mask;

	while (left != 0)
	{
		int			k = 64 - __builtin_clzll(left);

		left &= ~((uint64_t) 1 << (k - 1));
		if (apply(state, of, ts, k))
			return;
	}
}

jrn_status
jrn_funnel_groups(jrn_funnel_state *state)
{
	bool		increase = (state->funnel->mode & JRN_FUNNEL_INCREASE) != 0;
	bool		once = (state->funnel->mode & JRN_FUNNEL_ONCE) != 0;
	group		now;

	now.last = 0;
	while (now.last < state->n && !state->done)
	{
		int64_t		ts;

		now.first = now.last;
		JRN_TRY(next_group(state, &now));
		ts = state->rows[now.first].ts;
		if (now.mask == 0)
			continue;
		if (increase || (once && now.last - now.first == 1))
			downwards(state, &now, ts);
		else if (!once || now.single)
			upwards(state, &now, ts);
		else
			JRN_TRY(jrn_funnel_match_group(state, now.first, now.last));
	}
	return JRN_OK;
}
