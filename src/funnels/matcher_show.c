/*
 * matcher_show.c
 *		The rows of a match whose beginning and end are known (see matcher.h,
 *		R-MATCH-4).
 *
 * Backwards from the end: which positions of which rows lead to it?  One bit
 * each.  Then forwards from the beginning, always to the earliest row that
 * leads to the end.  Both walks look at every row once.
 */
#include <string.h>

#include "matcher.h"

#define TICK_WORK 16384

typedef struct span
{
	const jrn_moment *rows;
	uint32_t	begin;
	uint32_t	end;
	size_t		words;			/* of 64 positions, a row */
	uint64_t   *leads;
} span;

static inline bool
does_lead(const span *of, uint32_t row, uint32_t position)
{
	return (of->leads[(row - of->begin) * of->words + position / 64] >> position % 64 & 1) != 0;
}

static inline bool
holds(const jrn_pattern_position *position, uint64_t mask)
{
	return position->condition == JRN_PATTERN_ANY || (mask >> position->condition & 1) != 0;
}

/* Does the edge allow these two rows as neighbours of a chain? */
static bool
allows(const jrn_pattern_edge *edge, const jrn_moment *rows, uint32_t row, uint32_t next)
{
	uint64_t	gap = (uint64_t) rows[next].ts - (uint64_t) rows[row].ts;

	if (edge->kind == JRN_JOIN_NEXT)
		return next == row + 1;
	return edge->kind == JRN_JOIN_ANY ||
		(gap >= (uint64_t) edge->low && gap <= (uint64_t) edge->high);
}

/*
 * Can the edge be taken from a row to a later one that leads to the end?
 * nearest[e] is the earliest row known to lead that the join's lower limit
 * allows; the pointer behind which it was looked for only moves down.
 */
static bool
leads_by(const span *of, jrn_matcher *matcher, uint32_t e, uint32_t row, uint64_t *work)
{
	const jrn_pattern_edge *edge = &matcher->pattern->edges[e];
	uint64_t	low = edge->kind == JRN_JOIN_TIME ? (uint64_t) edge->low : 0;

	if (edge->kind == JRN_JOIN_NEXT)
		return row < of->end && does_lead(of, row + 1, edge->to);
	while (matcher->pointer[e] > row + 1 &&
		   (uint64_t) of->rows[matcher->pointer[e] - 1].ts - (uint64_t) of->rows[row].ts >= low)
	{
		matcher->pointer[e]--;
		(*work)++;
		if (does_lead(of, matcher->pointer[e], edge->to))
			matcher->nearest[e] = matcher->pointer[e];
	}
	return matcher->nearest[e] != JRN_NO_ROW &&
		allows(edge, of->rows, row, matcher->nearest[e]);
}

static jrn_status
mark_leading(const jrn_env *env, jrn_matcher *matcher, const span *of)
{
	const jrn_pattern *pattern = matcher->pattern;
	uint64_t	work = 0;
	uint32_t	row = of->end + 1,
				p,
				e;

	for (e = 0; e < pattern->n_edges; e++)
	{
		matcher->nearest[e] = JRN_NO_ROW;
		matcher->pointer[e] = of->end + 1;
	}
	while (row-- > of->begin)
	{
		uint64_t   *leads = of->leads + (row - of->begin) * of->words;

		memset(leads, 0, of->words * sizeof(uint64_t));
		for (p = 0; p < pattern->n_positions; p++)
		{
			const jrn_pattern_position *position = &pattern->positions[p];
			bool		found = row == of->end && position->last;
			uint32_t	i;

			work++;
			if (!holds(position, of->rows[row].mask))
				continue;
			for (i = position->out_begin; i < position->out_end && !found; i++, work++)
				found = leads_by(of, matcher, pattern->out[i], row, &work);
			if (found)
				leads[p / 64] |= (uint64_t) 1 << p % 64;
		}
		if (work >= TICK_WORK)
		{
			JRN_TICK(env);
			work = 0;
		}
	}
	return JRN_OK;
}

/* The earliest next row, and there the first position, that leads to the end. */
static jrn_status
step(const jrn_env *env, const jrn_matcher *matcher, const span *of, uint32_t *row,
	 uint32_t *position, uint64_t *work)
{
	const jrn_pattern *pattern = matcher->pattern;
	const jrn_pattern_position *at = &pattern->positions[*position];
	uint32_t	next,
				i;

	for (next = *row + 1; next <= of->end; next++)
	{
		for (i = at->out_begin; i < at->out_end; i++)
		{
			const jrn_pattern_edge *edge = &pattern->edges[pattern->out[i]];

			(*work)++;
			if (does_lead(of, next, edge->to) && allows(edge, of->rows, *row, next))
			{
				*row = next;
				*position = edge->to;
				return JRN_OK;
			}
		}
		if (*work >= TICK_WORK)
		{
			JRN_TICK(env);
			*work = 0;
		}
	}
	return JRN_CORRUPT;			/* begin and end are not those of a match */
}

jrn_status
jrn_matcher_show(const jrn_env *env, jrn_matcher *matcher, const jrn_moment *rows, uint32_t begin,
				 uint32_t end, int64_t *times, uint32_t *n_times)
{
	const jrn_pattern *pattern = matcher->pattern;
	span		of;
	uint32_t	row = begin,
				p = 0;
	uint64_t	work = 0;
	size_t		need;

	of.rows = rows;
	of.begin = begin;
	of.end = end;
	of.words = (pattern->n_positions + 63) / 64;
	need = ((size_t) end - begin + 1) * of.words;
	if (need > matcher->leads_capacity)
	{
		uint64_t   *fresh;

		need = need < 64 ? 64 : need;
		JRN_TRY(jrn_alloc_array(env, need, sizeof(uint64_t), &fresh));
		if (matcher->leads_capacity > 0)
			jrn_release(env, matcher->leads);
		matcher->leads = fresh;
		matcher->leads_capacity = need;
	}
	of.leads = matcher->leads;
	JRN_TRY(mark_leading(env, matcher, &of));
	while (p < pattern->n_positions && !(pattern->positions[p].first && does_lead(&of, row, p)))
		p++;
	if (p == pattern->n_positions)
		return JRN_CORRUPT;
	*n_times = 0;
	for (;;)
	{
		if (pattern->positions[p].condition != JRN_PATTERN_ANY)
			times[(*n_times)++] = rows[row].ts;
		if (row == end)
			return JRN_OK;
		JRN_TRY(step(env, matcher, &of, &row, &p, &work));
	}
}
