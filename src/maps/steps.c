/*
 * steps.c
 *		Step matrix and Sankey links (see steps.h).
 */
#include <string.h>

#include "../core/sort.h"
#include "steps.h"

jrn_status
jrn_steps_begin(jrn_steps *steps, const jrn_env *env, uint32_t labels, int max_steps)
{
	memset(steps, 0, sizeof(*steps));
	if (max_steps < 1 || max_steps > JRN_STEPS_MAX)
		return JRN_DOMAIN;
	steps->env = env;
	steps->labels = labels;
	steps->steps = max_steps;
	JRN_TRY(jrn_pairs_begin(&steps->places, env, 0));
	return jrn_pairs_begin(&steps->links, env, 0);
}

/* Number of a pair, and one more in its count. */
static jrn_status
count_one(const jrn_env *env, jrn_pairs *pairs, uint32_t a, uint32_t b,
		  int64_t **counts, size_t *used, size_t *capacity, uint32_t *number)
{
	JRN_TRY(jrn_pairs_add(pairs, a, b, number));
	if (*number == *used)
	{
		JRN_TRY(jrn_grow_array(env, *used, capacity, sizeof(int64_t), counts));
		(*counts)[(*used)++] = 0;
	}
	(*counts)[*number]++;
	return JRN_OK;
}

jrn_status
jrn_steps_add(jrn_steps *steps, const jrn_event *events, size_t n, bool with_links)
{
	uint32_t	place;
	uint32_t	link;
	int			s;

	steps->customers++;
	for (s = 0; s < steps->steps && (size_t) s < n; s++)
	{
		bool		over = (size_t) s + 1 == n;

		JRN_TRY(count_one(steps->env, &steps->places, (uint32_t) s, events[s].label, &steps->place_count,
						  &steps->place_used, &steps->place_capacity, &place));
		/* from the last step only to (end): what goes on lies beyond the picture */
		if (with_links && (over || s + 1 < steps->steps))
			JRN_TRY(count_one(steps->env, &steps->links, place, over ? steps->labels : events[s + 1].label,
							  &steps->link_count, &steps->link_used, &steps->link_capacity, &link));
	}
	return JRN_OK;
}

static bool
row_before(int unused, jrn_step_row a, jrn_step_row b)
{
	(void) unused;
	if (a.step != b.step)
		return a.step < b.step;
	if (a.source != b.source)
		return a.source < b.source;
	return a.target < b.target;
}

JRN_SORT_DEFINE(sort_rows, jrn_step_row, int, row_before)

static bool
busier(int unused, jrn_step_row a, jrn_step_row b)
{
	(void) unused;
	if (a.step != b.step)
		return a.step < b.step;
	if (a.customers != b.customers)
		return a.customers > b.customers;
	return a.source < b.source;
}

JRN_SORT_DEFINE(sort_busiest, jrn_step_row, int, busier)

/* The places that were seen, in no order; room for one more row a step. */
static jrn_status
seen_places(const jrn_steps *steps, jrn_step_row **rows)
{
	size_t		i;

	JRN_TRY(jrn_alloc_array(steps->env, steps->place_used + (size_t) steps->steps, sizeof(jrn_step_row), rows));
	for (i = 0; i < steps->place_used; i++)
	{
		(*rows)[i].step = (int) steps->places.list[i].source + 1;
		(*rows)[i].source = steps->places.list[i].target;
		(*rows)[i].target = 0;
		(*rows)[i].customers = steps->place_count[i];
	}
	return JRN_OK;
}

jrn_status
jrn_steps_places(jrn_steps *steps, jrn_step_row **rows, size_t *count)
{
	int64_t		there[JRN_STEPS_MAX] = {0};
	size_t		n = steps->place_used;
	size_t		i;
	int			s;

	JRN_TRY(seen_places(steps, rows));
	for (i = 0; i < n; i++)
		there[(*rows)[i].step - 1] += (*rows)[i].customers;
	/* R-STEP-1 */
	for (s = 0; s < steps->steps; s++)
		if (there[s] < (int64_t) steps->customers)
		{
			(*rows)[n].step = s + 1;
			(*rows)[n].source = steps->labels;
			(*rows)[n].target = 0;
			(*rows)[n++].customers = (int64_t) steps->customers - there[s];
		}
	*count = n;
	return sort_rows(steps->env, *rows, n, 0);
}

/* Whether a place is among the top of its step, by number of the place. */
static jrn_status
find_top(const jrn_steps *steps, int top, bool **kept)
{
	jrn_step_row *rows;
	int			taken = 0;
	size_t		i;

	JRN_TRY(jrn_alloc_zeroed(steps->env, steps->place_used, sizeof(bool), kept));
	JRN_TRY(seen_places(steps, &rows));
	for (i = 0; i < steps->place_used; i++)
		rows[i].target = (uint32_t) i;	/* its number, which the sort carries along */
	JRN_TRY(sort_busiest(steps->env, rows, steps->place_used, 0));
	for (i = 0; i < steps->place_used; i++)
	{
		if (i == 0 || rows[i].step != rows[i - 1].step)
			taken = 0;
		(*kept)[rows[i].target] = taken++ < top;
	}
	jrn_release(steps->env, rows);
	return JRN_OK;
}

jrn_status
jrn_steps_links(jrn_steps *steps, int top, jrn_step_row **rows, size_t *count)
{
	uint32_t	other = steps->labels + 1;
	bool	   *kept;
	size_t		n = 0;
	size_t		i;

	JRN_TRY(find_top(steps, top, &kept));
	JRN_TRY(jrn_alloc_array(steps->env, steps->link_used, sizeof(jrn_step_row), rows));
	for (i = 0; i < steps->link_used; i++)
	{
		uint32_t	from = steps->links.list[i].source;
		uint32_t	to = steps->links.list[i].target;
		jrn_step_row *row = &(*rows)[i];
		uint32_t	place;

		row->step = (int) steps->places.list[from].source + 1;
		row->source = kept[from] ? steps->places.list[from].target : other;
		row->target = to;
		row->customers = steps->link_count[i];
		if (to == steps->labels)
			continue;
		JRN_TRY(jrn_pairs_add(&steps->places, (uint32_t) row->step, to, &place));
		if (!kept[place])
			row->target = other;
	}
	JRN_TRY(sort_rows(steps->env, *rows, steps->link_used, 0));
	for (i = 0; i < steps->link_used; i++)
	{
		jrn_step_row *last = n == 0 ? NULL : &(*rows)[n - 1];

		if (last != NULL && !row_before(0, *last, (*rows)[i]))
			last->customers += (*rows)[i].customers;
		else
			(*rows)[n++] = (*rows)[i];
	}
	*count = n;
	jrn_release(steps->env, kept);
	return JRN_OK;
}
