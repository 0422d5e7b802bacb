/*
 * match.c
 *		A tie group under "each row once": which steps can be given to
 *		different rows of one instant.
 *
 * A chain at level j climbs to k when steps j + 1 .. k can be matched to
 * different rows: bipartite matching, one augmenting path for each new step.
 * The furthest k does not fall when j rises, so one matching slides along: step
 * j + 1 is taken out, further ones are put in.  Any step needs at most as many
 * candidate rows as there are steps, because only that many can be taken; so a
 * group of a million rows is looked at once and kept as 64 short lists.
 */
#include "parts.h"

#define LISTED (JRN_FUNNEL_MAX_STEPS * JRN_FUNNEL_MAX_STEPS)
#define FREE (-1)

typedef struct jrn_funnel_match
{
	int			steps;
	int			rows;			/* listed */
	size_t		row[LISTED];	/* index of a listed row */
	int			owner[LISTED];	/* step that has it, from 0, or FREE */
	int			count[JRN_FUNNEL_MAX_STEPS];	/* candidates of a step */
	uint16_t	list[JRN_FUNNEL_MAX_STEPS][JRN_FUNNEL_MAX_STEPS];
	int			given[JRN_FUNNEL_MAX_STEPS];	/* listed row of a step */
	uint64_t	visited;		/* steps of this search */
} jrn_funnel_match;

/* Put a row into the short lists of its steps, where they have room. */
static void
list_row(jrn_funnel_match *match, size_t row, uint64_t mask)
{
	bool		listed = false;

	while (mask != 0)
	{
		int			s = __builtin_ctzll(mask);

		mask &= mask - 1;
		if (match->count[s] == match->steps)
			continue;
		if (!listed)
		{
			listed = true;
			match->row[match->rows] = row;
			match->owner[match->rows] = FREE;
			match->rows++;
		}
		match->list[s][match->count[s]++] = (uint16_t) (match->rows - 1);
	}
}

static jrn_status
list_rows(const jrn_funnel_state *state, jrn_funnel_match *match, size_t first, size_t last)
{
	size_t		i;

	match->steps = state->funnel->steps;
	match->rows = 0;
	memset(match->count, 0, sizeof(match->count));
	for (i = first; i < last; i++)
	{
		list_row(match, i, state->rows[i].mask);
		if (i % JRN_FUNNEL_TICK_ROWS == 0)
			JRN_TICK(state->work->env);
	}
	return JRN_OK;
}

static bool
give(jrn_funnel_match *match, int step, int row)
{
	match->owner[row] = step;
	match->given[step] = row;
	return true;
}

/* Give the step a row, moving other steps to other rows where that helps. */
static bool
augment(jrn_funnel_match *match, int step)
{
	int			c;

	match->visited |= (uint64_t) 1 << step;
	for (c = 0; c < match->count[step]; c++)
		if (match->owner[match->list[step][c]] == FREE)
			return give(match, step, match->list[step][c]);
	for (c = 0; c < match->count[step]; c++)
	{
		int			row = match->list[step][c];
		int			other = match->owner[row];

		if ((match->visited & ((uint64_t) 1 << other)) == 0 && augment(match, other))
			return give(match, step, row);
	}
	return false;
}

/* The chain of slot j with the rows matched to steps j + 1 .. k. */
static void
propose(jrn_funnel_state *state, const jrn_funnel_match *match, int64_t deadline, int j, int k)
{
	int			s;

	if (deadline <= state->deadline[FRESH][k])
		return;
	state->deadline[FRESH][k] = deadline;
	if (state->paths != NULL)
	{
		size_t	   *to = jrn_funnel_path(state, FRESH, k);

		if (j > 0)
			memcpy(to, jrn_funnel_path(state, STATE, j), (size_t) j * sizeof(size_t));
		for (s = j; s < k; s++)
			to[s] = match->row[match->given[s]];
	}
}

/* New slots take their place once the whole group was looked at. */
static void
commit(jrn_funnel_state *state, size_t last)
{
	int			k;

	for (k = 1; k <= state->funnel->steps; k++)
	{
		int64_t		deadline = state->deadline[FRESH][k];

		state->deadline[FRESH][k] = JRN_FUNNEL_NONE;
		if (deadline <= state->deadline[STATE][k])
			continue;
		state->deadline[STATE][k] = deadline;
		if (state->paths != NULL)
			memcpy(jrn_funnel_path(state, STATE, k), jrn_funnel_path(state, FRESH, k),
				   (size_t) k * sizeof(size_t));
		if (jrn_funnel_reached(state, STATE, k))
			jrn_funnel_completed(state, last - 1);
	}
}

jrn_status
jrn_funnel_match_group(jrn_funnel_state *state, size_t first, size_t last)
{
	int64_t		ts = state->rows[first].ts;
	jrn_funnel_match *match;
	int			reach = 0;		/* steps j + 1 .. reach are matched */
	int			j,
				k;

	if (state->work->match == NULL)
		JRN_TRY(jrn_alloc_array(state->work->env, 1, sizeof(jrn_funnel_match), &state->work->match));
	match = state->work->match;
	JRN_TRY(list_rows(state, match, first, last));
	for (j = 0; j < match->steps; j++)
	{
		int64_t		deadline = j == 0 ? jrn_funnel_start(state, ts) : state->deadline[STATE][j];

		if (reach < j)
			reach = j;
		while (reach < match->steps && reach - j < match->rows &&
			   (match->visited = 0, augment(match, reach)))
			reach++;
		for (k = j + 1; k <= reach && deadline >= ts; k++)
			propose(state, match, deadline, j, k);
		if (reach > j)
			match->owner[match->given[j]] = FREE;
	}
	commit(state, last);
	return JRN_OK;
}
