/*
 * matcher.c
 *		Walking rows through the graph of a pattern (see matcher.h).
 */
#include <string.h>

#include "matcher.h"

#define TICK_WORK 16384			/* edges looked at between two ticks */

jrn_status
jrn_matcher_init(const jrn_env *env, const jrn_pattern *pattern, jrn_matcher *matcher)
{
	memset(matcher, 0, sizeof(*matcher));
	matcher->pattern = pattern;
	JRN_TRY(jrn_alloc_zeroed(env, pattern->n_positions, sizeof(jrn_position_state), &matcher->states));
	JRN_TRY(jrn_alloc_zeroed(env, pattern->n_edges, sizeof(jrn_chain_queue), &matcher->waiting));
	JRN_TRY(jrn_alloc_zeroed(env, pattern->n_edges, sizeof(jrn_chain_queue), &matcher->ready));
	JRN_TRY(jrn_alloc_zeroed(env, pattern->n_positions, sizeof(uint32_t), &matcher->matched));
	JRN_TRY(jrn_alloc_zeroed(env, pattern->n_edges, sizeof(uint32_t), &matcher->nearest));
	return jrn_alloc_zeroed(env, pattern->n_edges, sizeof(uint32_t), &matcher->pointer);
}

static void
forget_all(jrn_matcher *matcher)
{
	const jrn_pattern *pattern = matcher->pattern;
	uint32_t	i;

	for (i = 0; i < pattern->n_positions; i++)
	{
		matcher->states[i].last_row = JRN_NO_ROW;
		matcher->states[i].best_begin = JRN_NO_ROW;
	}
	for (i = 0; i < pattern->n_edges; i++)
	{
		matcher->waiting[i].head = matcher->waiting[i].tail = 0;
		matcher->ready[i].head = matcher->ready[i].tail = 0;
	}
}

static jrn_status
queue_push(const jrn_env *env, jrn_chain_queue *queue, jrn_chain chain)
{
	if (queue->head == queue->tail)
		queue->head = queue->tail = 0;
	if (queue->tail == queue->capacity && queue->head > queue->capacity / 2)
	{
		memmove(queue->chains, queue->chains + queue->head,
				(queue->tail - queue->head) * sizeof(jrn_chain));
		queue->tail -= queue->head;
		queue->head = 0;
	}
	JRN_TRY(jrn_grow_array(env, queue->tail, &queue->capacity, sizeof(jrn_chain), &queue->chains));
	queue->chains[queue->tail++] = chain;
	return JRN_OK;
}

/* A chain whose lower limit is met; beginnings fall from head to tail. */
static jrn_status
queue_admit(const jrn_env *env, jrn_chain_queue *ready, jrn_chain chain, int64_t high)
{
	while (ready->tail > ready->head && ready->chains[ready->tail - 1].begin <= chain.begin)
		ready->tail--;
	/* without an upper limit nothing leaves the head, so the rest is idle */
	if (high == INT64_MAX && ready->tail > ready->head)
		return JRN_OK;
	return queue_push(env, ready, chain);
}

/* Has at least span passed from before to now?  Both finite, span >= 0. */
static inline bool
passed(int64_t before, int64_t now, int64_t span)
{
	return (uint64_t) now - (uint64_t) before >= (uint64_t) span;
}

/* The latest beginning that a time join offers now. */
static jrn_status
time_join(const jrn_env *env, jrn_matcher *matcher, uint32_t e, int64_t now, uint32_t *begin)
{
	const jrn_pattern_edge *edge = &matcher->pattern->edges[e];
	jrn_chain_queue *waiting = &matcher->waiting[e];
	jrn_chain_queue *ready = &matcher->ready[e];

	while (waiting->head < waiting->tail &&
		   passed(waiting->chains[waiting->head].last, now, edge->low))
		JRN_TRY(queue_admit(env, ready, waiting->chains[waiting->head++], edge->high));
	if (edge->high < INT64_MAX)
		while (ready->head < ready->tail &&
			   passed(ready->chains[ready->head].last, now, edge->high + 1))
			ready->head++;
	*begin = ready->head < ready->tail ? ready->chains[ready->head].begin : JRN_NO_ROW;
	return JRN_OK;
}

/* a is a later beginning than b; JRN_NO_ROW is none. */
static inline bool
later(uint32_t a, uint32_t b)
{
	return a != JRN_NO_ROW && (b == JRN_NO_ROW || a > b);
}

/* R-MATCH-1: the latest beginning of a chain whose next row is this one. */
static jrn_status
best_begin(const jrn_env *env, jrn_matcher *matcher, uint32_t position, const jrn_moment *rows,
		   uint32_t row, uint32_t *best)
{
	const jrn_pattern *pattern = matcher->pattern;
	const jrn_pattern_position *of = &pattern->positions[position];
	uint32_t	e;

	*best = JRN_NO_ROW;
	if (of->first)
	{
		*best = row;
		return JRN_OK;
	}
	for (e = of->in_begin; e < of->in_end; e++)
	{
		const jrn_pattern_edge *edge = &pattern->edges[e];
		const jrn_position_state *from = &matcher->states[edge->from];
		uint32_t	begin;

		if (edge->kind == JRN_JOIN_ANY)
			begin = from->best_begin;
		else if (edge->kind == JRN_JOIN_NEXT)
			begin = from->last_row != JRN_NO_ROW && from->last_row + 1 == row ?
				from->last_begin : JRN_NO_ROW;
		else
			JRN_TRY(time_join(env, matcher, e, rows[row].ts, &begin));
		if (later(begin, *best))
			*best = begin;
	}
	if (*best != JRN_NO_ROW && pattern->chain_limit < INT64_MAX &&
		passed(rows[*best].ts, rows[row].ts, pattern->chain_limit + 1))
		*best = JRN_NO_ROW;
	return JRN_OK;
}

/* What this row adds, seen by later rows only (R-MATCH-2). */
static jrn_status
publish(const jrn_env *env, jrn_matcher *matcher, uint32_t position, const jrn_moment *rows,
		uint32_t row)
{
	const jrn_pattern *pattern = matcher->pattern;
	const jrn_pattern_position *of = &pattern->positions[position];
	jrn_position_state *state = &matcher->states[position];
	jrn_chain	chain;
	uint32_t	i;

	chain.last = rows[row].ts;
	chain.begin = state->new_begin;
	state->last_row = row;
	state->last_begin = chain.begin;
	if (later(chain.begin, state->best_begin))
		state->best_begin = chain.begin;
	for (i = of->out_begin; i < of->out_end; i++)
	{
		uint32_t	e = pattern->out[i];

		if (pattern->edges[e].kind != JRN_JOIN_TIME)
			continue;
		if (pattern->edges[e].low > 0)
			JRN_TRY(queue_push(env, &matcher->waiting[e], chain));
		else
			JRN_TRY(queue_admit(env, &matcher->ready[e], chain, pattern->edges[e].high));
	}
	return JRN_OK;
}

static inline bool
holds(const jrn_pattern_position *position, uint64_t mask)
{
	return position->condition == JRN_PATTERN_ANY || (mask >> position->condition & 1) != 0;
}

/* One row; *begin is set when a match ends here.  *work counts edges. */
static jrn_status
take_row(const jrn_env *env, jrn_matcher *matcher, const jrn_moment *rows, uint32_t row,
		 uint32_t *begin, uint64_t *work)
{
	const jrn_pattern *pattern = matcher->pattern;
	uint32_t	n = 0,
				p,
				i;

	*begin = JRN_NO_ROW;
	for (p = 0; p < pattern->n_positions; p++)
	{
		const jrn_pattern_position *of = &pattern->positions[p];
		uint32_t	best;

		if (!holds(of, rows[row].mask))
			continue;
		JRN_TRY(best_begin(env, matcher, p, rows, row, &best));
		*work += of->in_end - of->in_begin;
		if (best == JRN_NO_ROW)
			continue;
		matcher->states[p].new_begin = best;
		matcher->matched[n++] = p;
		if (of->last && later(best, *begin))
			*begin = best;
	}
	*work += pattern->n_positions;
	if (*begin != JRN_NO_ROW)
		return JRN_OK;
	for (i = 0; i < n; i++)
	{
		JRN_TRY(publish(env, matcher, matcher->matched[i], rows, row));
		*work += pattern->positions[matcher->matched[i]].out_end -
			pattern->positions[matcher->matched[i]].out_begin;
	}
	return JRN_OK;
}

jrn_status
jrn_matcher_find(const jrn_env *env, jrn_matcher *matcher, const jrn_moment *rows, uint32_t from,
				 uint32_t n, uint32_t *begin, uint32_t *end)
{
	uint64_t	work = 0;
	uint32_t	row;

	forget_all(matcher);
	for (row = from; row < n; row++)
	{
		JRN_TRY(take_row(env, matcher, rows, row, begin, &work));
		if (*begin != JRN_NO_ROW)
		{
			*end = row;
			return JRN_OK;
		}
		if (work >= TICK_WORK)
		{
			JRN_TICK(env);
			work = 0;
		}
	}
	*begin = *end = JRN_NO_ROW;
	return JRN_OK;
}

jrn_status
jrn_matcher_count(const jrn_env *env, jrn_matcher *matcher, const jrn_moment *rows, uint32_t n,
				  int64_t *count)
{
	uint32_t	from = 0;
	uint64_t	since_tick = 0;

	for (*count = 0; from < n; (*count)++)
	{
		uint32_t	begin,
					end;

		JRN_TRY(jrn_matcher_find(env, matcher, rows, from, n, &begin, &end));
		if (end == JRN_NO_ROW)
			break;
		from = end + 1;
		since_tick += matcher->pattern->n_edges + matcher->pattern->n_positions;
		if (since_tick >= TICK_WORK)
		{
			JRN_TICK(env);
			since_tick = 0;
		}
	}
	return JRN_OK;
}
