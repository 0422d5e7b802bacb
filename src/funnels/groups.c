/*
 * groups.c
 *		The plain funnels: tie group by tie group (see funnel.h).
 *
 * Rows reusable: steps of the group's union, ascending, so that a chain may
 * climb several steps at one instant.  Ties denied: descending, so that every
 * extension starts from a state before the instant.  Each row once: a group of
 * one row descends; where no row of the group has two steps distinct steps
 * have distinct rows anyway, so it ascends; else steps are matched to rows.
 */
#include "funnel.h"

/* Rows between two looks at the wish to stop. */
#define ROWS_A_TICK 8192

static void
keep(jrn_funnel_work *work, int step, const jrn_funnel_slot *from, int64_t deadline, size_t row)
{
	jrn_funnel_slot *to = &work->slots[step];

	if (deadline <= to->deadline)
		return;					/* R-FUN-1 */
	jrn_funnel_extend(work, to, from, deadline, step, row);
	if (step > work->top)
		work->top = step;
	jrn_funnel_reached(work, step, to->rows);
}

/* The chain with the latest deadline from which step may follow at ts; NULL: none. */
static const jrn_funnel_slot *
predecessor(const jrn_funnel_work *work, int step, int64_t ts)
{
	const jrn_funnel_slot *best = NULL;
	int			k;

	for (k = step - 1; k >= 1; k--)
	{
		const jrn_funnel_slot *slot = &work->slots[k];

		if (slot->deadline >= ts && (best == NULL || slot->deadline > best->deadline))
			best = slot;
		if ((work->required >> (k - 1) & 1) != 0)
			break;				/* R-FUN-10 */
	}
	return best;
}

/* Take one step of a row, or of a group whose first row of the step it is. */
static inline void
take_step(jrn_funnel_work *work, int step, int64_t ts, size_t row)
{
	const jrn_funnel_slot *from;

	if (step == 1)
	{
		if (jrn_funnel_may_start(work, row))
			keep(work, 1, NULL, work->spec.deadline(work->spec.deadline_arg, ts), row);
		return;
	}
	if (work->spec.optional == 0)
	{
		from = &work->slots[step - 1];
		if (from->deadline < ts)
			return;
	}
	else if ((from = predecessor(work, step, ts)) == NULL)
		return;
	keep(work, step, from, from->deadline, row);
}

static inline int
lowest_step(uint64_t mask)
{
	return __builtin_ctzll(mask) + 1;
}

static inline int
highest_step(uint64_t mask)
{
	return 64 - __builtin_clzll(mask);
}

static void
descend(jrn_funnel_work *work, int64_t ts, uint64_t mask, const size_t *row_of)
{
	while (mask != 0)
	{
		int			step = highest_step(mask);

		mask &= ~(UINT64_C(1) << (step - 1));
		take_step(work, step, ts, row_of[step - 1]);
	}
}

static void
ascend(jrn_funnel_work *work, int64_t ts, uint64_t mask, const size_t *row_of)
{
	for (; mask != 0; mask &= mask - 1)
		take_step(work, lowest_step(mask), ts, row_of[lowest_step(mask) - 1]);
}

/* R-FUN-12 */
static void
end_of_group(jrn_funnel_work *work)
{
	int			k;

	if (work->slots[work->spec.steps].deadline == JRN_FUNNEL_EMPTY)
		return;
	work->completions++;
	for (k = 1; k <= work->top; k++)
		work->slots[k].deadline = JRN_FUNNEL_EMPTY;
	work->top = 0;
}

/* ---- each row once, in a group where rows have several steps ---- */

/*
 * Rows worth looking at: of each step as many as there are steps, because a
 * matching of all steps never needs more (R-FUN-13).
 */
static jrn_status
gather_ties(jrn_funnel_work *work, const jrn_funnel_row *rows, size_t begin, size_t end, size_t *count)
{
	int			seen[JRN_FUNNEL_MAX_STEPS] = {0};
	size_t		i;

	*count = 0;
	for (i = begin; i < end; i++)
	{
		uint64_t	mask;
		bool		wanted = false;

		if (i % ROWS_A_TICK == 0)
			JRN_TICK(work->env);
		for (mask = rows[i].mask; mask != 0; mask &= mask - 1)
			if (seen[__builtin_ctzll(mask)]++ < work->spec.steps)
				wanted = true;
		if (!wanted)
			continue;
		JRN_TRY(jrn_grow_array(work->env, *count, &work->tie_capacity, sizeof(jrn_funnel_tie),
							   &work->ties));
		work->ties[*count].mask = rows[i].mask;
		work->ties[*count].row = (uint32_t) i;
		(*count)++;
	}
	return JRN_OK;
}

typedef struct matching
{
	int8_t		step_of[JRN_FUNNEL_MAX_STEPS * JRN_FUNNEL_MAX_STEPS];
	int32_t		row_of[JRN_FUNNEL_MAX_STEPS];
} matching;

static void
clear_matching(matching *m, size_t rows)
{
	size_t		i;

	for (i = 0; i < rows; i++)
		m->step_of[i] = -1;
	for (i = 0; i < JRN_FUNNEL_MAX_STEPS; i++)
		m->row_of[i] = -1;
}

/* Offer the chain from, grown by the matched rows, as the new chain at step. */
static void
offer(jrn_funnel_work *work, int step, const jrn_funnel_slot *from, int64_t deadline,
	  const matching *m)
{
	jrn_funnel_slot *to = &work->fresh[step];
	int			k;

	if (deadline <= to->deadline)
		return;
	jrn_funnel_extend(work, to, from, deadline, step, work->ties[m->row_of[step - 1]].row);
	if (!work->spec.trace)
		return;
	for (k = 0; k < step; k++)
		if (m->row_of[k] >= 0)
			to->rows[k] = work->ties[m->row_of[k]].row;
}

/*
 * Grow from standing at step base: for each later step as long as required
 * ones can be given to distinct rows; optional ones on the way are added
 * where a row is left.
 */
static void
grow_from(jrn_funnel_work *work, int base, const jrn_funnel_slot *from, int64_t deadline,
		  uint64_t available, size_t ties)
{
	static const size_t cap = JRN_FUNNEL_MAX_STEPS * JRN_FUNNEL_MAX_STEPS;
	matching	needed;
	int			step;

	if (ties > cap)
		ties = cap;
	clear_matching(&needed, ties);
	for (step = base + 1; step <= work->spec.steps; step++)
	{
		bool		required = (work->required >> (step - 1) & 1) != 0;
		bool		offered = (available >> (step - 1) & 1) != 0;
		matching	full;
		int			k;

		if (required && (!offered || !jrn_funnel_augment(work->ties, ties, step, needed.step_of, needed.row_of)))
			return;
		if (!offered)
			continue;
		full = needed;
		if (!required && !jrn_funnel_augment(work->ties, ties, step, full.step_of, full.row_of))
			continue;
		if (work->spec.optional != 0)
			for (k = base + 1; k < step; k++)
				if (full.row_of[k - 1] < 0 && (available >> (k - 1) & 1) != 0)
					(void) jrn_funnel_augment(work->ties, ties, k, full.step_of, full.row_of);
		offer(work, step, from, deadline, &full);
	}
}

/* A chain that begins in this group does so with one row of step 1 that may start. */
static void
grow_from_start(jrn_funnel_work *work, int64_t ts, uint64_t available, size_t ties)
{
	size_t		i;
	size_t		kept = ties;

	if ((available & 1) == 0)
		return;
	if (work->may_start != NULL)
		for (i = 0; i < ties; i++)
			if (!work->may_start[work->ties[i].row])
				work->ties[i].mask &= ~UINT64_C(1);
	available = 0;
	for (i = 0; i < kept; i++)
		available |= work->ties[i].mask;
	grow_from(work, 0, NULL, work->spec.deadline(work->spec.deadline_arg, ts), available, kept);
}

static jrn_status
match_group(jrn_funnel_work *work, const jrn_funnel_row *rows, size_t begin, size_t end,
			uint64_t available)
{
	int64_t		ts = rows[begin].ts;
	size_t		ties;
	int			k;

	JRN_TRY(gather_ties(work, rows, begin, end, &ties));
	for (k = 1; k <= work->spec.steps; k++)
		work->fresh[k].deadline = JRN_FUNNEL_EMPTY;
	for (k = 1; k < work->spec.steps; k++)
		if (work->slots[k].deadline >= ts && (work->next[k] & available) != 0)
		{
			JRN_TICK(work->env);
			grow_from(work, k, &work->slots[k], work->slots[k].deadline, available, ties);
		}
	grow_from_start(work, ts, available, ties);
	for (k = 1; k <= work->spec.steps; k++)
	{
		jrn_funnel_slot fresh = work->fresh[k];

		if (fresh.deadline <= work->slots[k].deadline)
			continue;
		work->fresh[k] = work->slots[k];
		work->slots[k] = fresh;
		if (k > work->top)
			work->top = k;
		jrn_funnel_reached(work, k, fresh.rows);
	}
	return JRN_OK;
}

/* A tie group of several rows. */
static jrn_status
take_group(jrn_funnel_work *work, const jrn_funnel_row *rows, size_t begin, size_t end)
{
	size_t		row_of[JRN_FUNNEL_MAX_STEPS] = {0};
	uint64_t	available = 0;
	bool		several = false;
	size_t		i;

	for (i = begin; i < end; i++)
	{
		uint64_t	mask = rows[i].mask;
		uint64_t	new = mask & ~available;

		if (i % ROWS_A_TICK == 0)
			JRN_TICK(work->env);
		several |= (mask & (mask - 1)) != 0;
		if ((mask & 1) != 0 && (available & 1) != 0 && work->may_start != NULL &&
			!work->may_start[row_of[0]])
			row_of[0] = i;		/* the first that may start */
		for (; new != 0; new &= new - 1)
			row_of[__builtin_ctzll(new)] = i;
		available |= mask;
	}
	if ((work->spec.modes & JRN_FUNNEL_INCREASE) != 0)
		descend(work, rows[begin].ts, available, row_of);
	else if (several && (work->spec.modes & JRN_FUNNEL_ONCE) != 0)
		JRN_TRY(match_group(work, rows, begin, end, available));
	else
		ascend(work, rows[begin].ts, available, row_of);
	return JRN_OK;
}

/* One row at its instant. */
static void
take_row(jrn_funnel_work *work, int64_t ts, uint64_t mask, size_t row)
{
	if ((work->spec.modes & (JRN_FUNNEL_ONCE | JRN_FUNNEL_INCREASE)) != 0)
		while (mask != 0)
		{
			int			step = highest_step(mask);

			mask &= ~(UINT64_C(1) << (step - 1));
			take_step(work, step, ts, row);
		}
	else
		for (; mask != 0; mask &= mask - 1)
			take_step(work, lowest_step(mask), ts, row);
}

jrn_status
jrn_funnel_groups(jrn_funnel_work *work, const jrn_funnel_row *rows, size_t n)
{
	size_t		begin = 0;
	size_t		ticked = 0;

	while (begin < n)
	{
		size_t		end = begin + 1;

		if (begin - ticked >= ROWS_A_TICK)
		{
			ticked = begin;
			JRN_TICK(work->env);
		}
		while (end < n && rows[end].ts == rows[begin].ts)
			end++;
		if (end - begin == 1)
			take_row(work, rows[begin].ts, rows[begin].mask, begin);
		else
			JRN_TRY(take_group(work, rows, begin, end));
		end_of_group(work);
		begin = end;
	}
	return JRN_OK;
}
