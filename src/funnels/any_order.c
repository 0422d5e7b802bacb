/*
 * any_order.c
 *		Steps in any order: the most steps that different rows match inside one
 *		window, which opens at a row matching a step.
 *
 * Masks come from names: two rows match the same steps or none in common, else
 * JRN_DOMAIN.  So a name that stands for m steps gives as many steps as it has
 * rows in the window, at most m: the last m rows of each name are enough.  The
 * window that ends at a row opens at the first row whose deadline has not
 * passed; rows expire for good, so a pointer that only moves on finds it.
 */
#include "parts.h"

/* The last rows of one name, a ring. */
typedef struct ring
{
	uint64_t	mask;			/* 0: not seen yet */
	int			size;			/* steps of the name */
	int			used;
	int			next;
	size_t		row[JRN_FUNNEL_MAX_STEPS];
} ring;

typedef struct any_order
{
	jrn_funnel_state *state;
	ring	   *rings;
	int			count;
	size_t		open;			/* first row whose window is open, or later */
} any_order;

static jrn_status
ring_of(any_order *any, uint64_t mask, ring **found)
{
	int			r;

	for (r = 0; r < any->count; r++)
	{
		*found = &any->rings[r];
		if ((*found)->mask == mask)
			return JRN_OK;
		if (((*found)->mask & mask) != 0)
			return JRN_DOMAIN;
	}
	*found = &any->rings[any->count++];
	memset(*found, 0, sizeof(ring));
	(*found)->mask = mask;
	(*found)->size = __builtin_popcountll(mask);
	return JRN_OK;
}

/* Rows of the window, into out where it is not NULL. */
static int
rows_in_window(const any_order *any, size_t *out)
{
	int			found = 0;
	int			r,
				i;

	for (r = 0; r < any->count; r++)
		for (i = 0; i < any->rings[r].used; i++)
			if (any->rings[r].row[i] >= any->open)
			{
				if (out != NULL)
					out[found] = any->rings[r].row[i];
				found++;
			}
	return found;
}

static void
sort_rows(size_t *rows, int count)
{
	int			i,
				j;

	for (i = 1; i < count; i++)
	{
		size_t		row = rows[i];

		for (j = i; j > 0 && rows[j - 1] > row; j--)
			rows[j] = rows[j - 1];
		rows[j] = row;
	}
}

/* Move the pointer over rows that cannot open a window which contains row. */
static jrn_status
move_open(any_order *any, size_t row)
{
	const jrn_funnel_state *state = any->state;

	while (any->open < row &&
		   (state->rows[any->open].mask == 0 ||
			jrn_funnel_start(state, state->rows[any->open].ts) < state->rows[row].ts))
	{
		any->open++;
		if (any->open % JRN_FUNNEL_TICK_ROWS == 0)
			JRN_TICK(state->work->env);
	}
	return JRN_OK;
}

static jrn_status
take_row(any_order *any, size_t row)
{
	jrn_funnel_state *state = any->state;
	ring	   *of;
	int			level;

	JRN_TRY(ring_of(any, state->rows[row].mask, &of));
	of->row[of->next] = row;
	of->next = (of->next + 1) % of->size;
	if (of->used < of->size)
		of->used++;
	JRN_TRY(move_open(any, row));
	if (any->open == row && jrn_funnel_start(state, state->rows[row].ts) == JRN_FUNNEL_NONE)
		return JRN_OK;			/* no row may open a window yet */
	level = rows_in_window(any, NULL);
	if (level > state->best)
	{
		state->best = level;
		if (state->chain != NULL)
		{
			(void) rows_in_window(any, state->chain->row);
			sort_rows(state->chain->row, level);
		}
	}
	if (level == state->funnel->steps)
	{
		jrn_funnel_completed(state, row);
		any->count = 0;
		any->open = row + 1;
	}
	return JRN_OK;
}

jrn_status
jrn_funnel_any_order(jrn_funnel_state *state)
{
	any_order	any;
	size_t		i;

	any.state = state;
	any.count = 0;
	any.open = 0;
	JRN_TRY(jrn_alloc_array(state->work->env, (size_t) state->funnel->steps, sizeof(ring), &any.rings));
	for (i = 0; i < state->n && !state->done; i++)
	{
		if (i % JRN_FUNNEL_TICK_ROWS == JRN_FUNNEL_TICK_ROWS - 1)
			JRN_TICK(state->work->env);
		if (state->rows[i].mask != 0)
			JRN_TRY(take_row(&any, i));
	}
	jrn_release(state->work->env, any.rings);
	return JRN_OK;
}
