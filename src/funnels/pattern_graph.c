/*
 * pattern_graph.c
 *		From the tree of a pattern to its position automaton (see pattern.h).
 *
 * First the tree is written out as states with silent moves, some of which
 * carry a join; then every path of silent moves from one row state to the
 * next becomes one edge, whose join is all joins of the path together.
 */
#include <string.h>

#include "pattern.h"

#define NOT_A_ROW (-2)
#define MAX_STATES 65536
#define MAX_VISITS (1 << 20)
#define TICK_VISITS 4096

typedef struct join
{
	jrn_join_kind kind;
	int64_t		low;
	int64_t		high;
	size_t		at;				/* of its last time condition */
} join;

typedef struct move
{
	uint32_t	to;
	uint32_t	next;			/* of the same state */
	bool		has_join;
	join		join;
} move;

typedef struct state
{
	int			condition;		/* NOT_A_ROW for a silent state */
	uint32_t	position;		/* of a row state */
	uint32_t	first_move;
	uint32_t	last_move;
	uint32_t	visits;			/* of the walk at hand: index + 1 into visits[] */
	size_t		at;
} state;

typedef struct visit
{
	uint32_t	state;
	uint32_t	older;			/* visit of the same state, index + 1 */
	join		join;
} visit;

typedef struct builder
{
	const jrn_env *env;
	const jrn_node *nodes;
	jrn_pattern *out;
	jrn_pattern_error *error;
	state	   *states;
	size_t		n_states;
	size_t		states_capacity;
	move	   *moves;
	size_t		n_moves;
	size_t		moves_capacity;
	visit	   *visits;			/* a stack that is never popped: also the memory */
	size_t		n_visits;
	size_t		visits_capacity;
	size_t		total_visits;
	size_t		positions_capacity;
	size_t		edges_capacity;
	uint32_t	accept;
} builder;

static jrn_status
too_large(builder *b, size_t at)
{
	b->error->message = "the pattern is too large when its repetitions are written out";
	b->error->at = at;
	return JRN_LIMIT;
}

static jrn_status
new_state(builder *b, int condition, size_t at, uint32_t *number)
{
	state	   *fresh;

	if (b->n_states >= MAX_STATES)
		return too_large(b, at);
	JRN_TRY(jrn_grow_array(b->env, b->n_states, &b->states_capacity, sizeof(state), &b->states));
	*number = (uint32_t) b->n_states;
	fresh = &b->states[b->n_states++];
	memset(fresh, 0, sizeof(*fresh));
	fresh->condition = condition;
	fresh->first_move = fresh->last_move = JRN_NO_NODE;
	fresh->at = at;
	if (condition == NOT_A_ROW)
		return JRN_OK;
	if (b->out->n_positions >= JRN_PATTERN_MAX_POSITIONS)
		return too_large(b, at);
	JRN_TRY(jrn_grow_array(b->env, b->out->n_positions, &b->positions_capacity,
						   sizeof(jrn_pattern_position), &b->out->positions));
	fresh->position = b->out->n_positions++;
	memset(&b->out->positions[fresh->position], 0, sizeof(jrn_pattern_position));
	b->out->positions[fresh->position].condition = condition;
	return JRN_OK;
}

/* A silent move, with the join of a node or none. */
static jrn_status
new_move(builder *b, uint32_t from, uint32_t to, const jrn_node *node)
{
	move	   *fresh;
	state	   *of = &b->states[from];

	JRN_TRY(jrn_grow_array(b->env, b->n_moves, &b->moves_capacity, sizeof(move), &b->moves));
	fresh = &b->moves[b->n_moves];
	memset(fresh, 0, sizeof(*fresh));
	fresh->to = to;
	fresh->next = JRN_NO_NODE;
	if (node != NULL)
	{
		fresh->has_join = true;
		fresh->join.kind = node->join;
		fresh->join.low = node->low;
		fresh->join.high = node->high;
		fresh->join.at = node->at;
	}
	if (of->last_move == JRN_NO_NODE)
		of->first_move = (uint32_t) b->n_moves;
	else
		b->moves[of->last_move].next = (uint32_t) b->n_moves;
	of->last_move = (uint32_t) b->n_moves++;
	return JRN_OK;
}

static jrn_status emit(builder *b, uint32_t number, uint32_t from, uint32_t *to);

static jrn_status
emit_repeat(builder *b, const jrn_node *node, uint32_t from, uint32_t *to)
{
	uint32_t	here = from,
				end;
	int			i;

	for (i = 0; i < node->least; i++)
		JRN_TRY(emit(b, node->first_child, here, &here));
	JRN_TRY(new_state(b, NOT_A_ROW, node->at, to));
	JRN_TRY(new_move(b, here, *to, NULL));
	if (node->most < 0)
	{
		JRN_TRY(emit(b, node->first_child, *to, &end));
		return new_move(b, end, *to, NULL);
	}
	for (; i < node->most; i++)
	{
		JRN_TRY(emit(b, node->first_child, here, &here));
		JRN_TRY(new_move(b, here, *to, NULL));
	}
	return JRN_OK;
}

/* Write out a node that begins in state from; *to is the state behind it. */
static jrn_status
emit(builder *b, uint32_t number, uint32_t from, uint32_t *to)
{
	const jrn_node *node = &b->nodes[number];
	uint32_t	child,
				end;

	switch (node->kind)
	{
		case JRN_NODE_ROW:
			JRN_TRY(new_state(b, node->condition, node->at, to));
			return new_move(b, from, *to, NULL);
		case JRN_NODE_JOIN:
			JRN_TRY(new_state(b, NOT_A_ROW, node->at, to));
			return new_move(b, from, *to, node);
		case JRN_NODE_SEQUENCE:
			*to = from;
			for (child = node->first_child; child != JRN_NO_NODE; child = b->nodes[child].sibling)
				JRN_TRY(emit(b, child, *to, to));
			return JRN_OK;
		case JRN_NODE_CHOICE:
			if (node->first_child == node->last_child)
				return emit(b, node->first_child, from, to);
			JRN_TRY(new_state(b, NOT_A_ROW, node->at, to));
			for (child = node->first_child; child != JRN_NO_NODE; child = b->nodes[child].sibling)
			{
				JRN_TRY(emit(b, child, from, &end));
				JRN_TRY(new_move(b, end, *to, NULL));
			}
			return JRN_OK;
		case JRN_NODE_REPEAT:
			break;
	}
	return emit_repeat(b, node, from, to);
}

/* Joins next to each other hold together (R-PAT-1). */
static join
both(join a, join b)
{
	if (b.kind == JRN_JOIN_NEXT)
		return a;
	if (a.kind == JRN_JOIN_NEXT)
		return b;
	if (b.kind == JRN_JOIN_ANY)
		return a;
	if (a.kind == JRN_JOIN_ANY)
		return b;
	a.low = a.low > b.low ? a.low : b.low;
	a.high = a.high < b.high ? a.high : b.high;
	a.at = b.at;
	return a;
}

static bool
same_join(const join *a, const join *b)
{
	return a->kind == b->kind && a->low == b->low && a->high == b->high;
}

/* Note a state reached with a join, once. */
static jrn_status
reach(builder *b, uint32_t number, join by)
{
	uint32_t	v;
	visit	   *fresh;

	for (v = b->states[number].visits; v != 0; v = b->visits[v - 1].older)
		if (same_join(&b->visits[v - 1].join, &by))
			return JRN_OK;
	if (++b->total_visits > MAX_VISITS)
		return too_large(b, b->states[number].at);
	if (b->total_visits % TICK_VISITS == 0)
		JRN_TICK(b->env);
	JRN_TRY(jrn_grow_array(b->env, b->n_visits, &b->visits_capacity, sizeof(visit), &b->visits));
	fresh = &b->visits[b->n_visits++];
	fresh->state = number;
	fresh->older = b->states[number].visits;
	fresh->join = by;
	b->states[number].visits = (uint32_t) b->n_visits;
	return JRN_OK;
}

static jrn_status
new_edge(builder *b, uint32_t from, uint32_t to, const join *by, size_t at)
{
	jrn_pattern_edge *edge;

	if (by->kind == JRN_JOIN_TIME && by->low > by->high)
		return JRN_OK;			/* never holds */
	if (b->out->n_edges >= JRN_PATTERN_MAX_EDGES)
		return too_large(b, at);
	JRN_TRY(jrn_grow_array(b->env, b->out->n_edges, &b->edges_capacity, sizeof(jrn_pattern_edge),
						   &b->out->edges));
	edge = &b->out->edges[b->out->n_edges++];
	edge->from = from;
	edge->to = to;
	edge->kind = by->kind;
	edge->low = by->low;
	edge->high = by->high;
	return JRN_OK;
}

/* What a walk that began in a row state, or at the start, has reached. */
static jrn_status
arrive(builder *b, uint32_t begin, const visit *at)
{
	const state *of = &b->states[at->state];
	bool		from_start = b->states[begin].condition == NOT_A_ROW;

	if (of->condition == NOT_A_ROW && at->state != b->accept)
		return JRN_OK;
	if (from_start && at->state == b->accept)
	{
		b->error->message = "the pattern matches a chain of no rows";	/* R-PAT-3 */
		b->error->at = 0;
		return JRN_DOMAIN;
	}
	if ((from_start || at->state == b->accept) && at->join.kind == JRN_JOIN_TIME)
	{
		b->error->message = from_start ? "a time condition needs a row before it" :
			"a time condition needs a row after it: write . for any row";	/* R-PAT-2 */
		b->error->at = at->join.at;
		return JRN_DOMAIN;
	}
	if (from_start)
		b->out->positions[of->position].first = true;
	else if (at->state == b->accept)
		b->out->positions[b->states[begin].position].last = true;
	else
		return new_edge(b, b->states[begin].position, of->position, &at->join, of->at);
	return JRN_OK;
}

/* All row states that follow one, along silent moves. */
static jrn_status
walk(builder *b, uint32_t begin)
{
	size_t		next;
	uint32_t	m;
	join		none;

	memset(&none, 0, sizeof(none));
	none.kind = JRN_JOIN_NEXT;
	b->n_visits = 0;
	for (m = b->states[begin].first_move; m != JRN_NO_NODE; m = b->moves[m].next)
		JRN_TRY(reach(b, b->moves[m].to, b->moves[m].has_join ? b->moves[m].join : none));
	for (next = 0; next < b->n_visits; next++)
	{
		visit		here = b->visits[next];

		JRN_TRY(arrive(b, begin, &here));
		if (b->states[here.state].condition != NOT_A_ROW)
			continue;
		for (m = b->states[here.state].first_move; m != JRN_NO_NODE; m = b->moves[m].next)
			JRN_TRY(reach(b, b->moves[m].to,
						  b->moves[m].has_join ? both(here.join, b->moves[m].join) : here.join));
	}
	for (next = 0; next < b->n_visits; next++)
		b->states[b->visits[next].state].visits = 0;
	return JRN_OK;
}

/* Sort edges by what they lead to, and number them by where they begin. */
static jrn_status
index_edges(builder *b)
{
	jrn_pattern *out = b->out;
	jrn_pattern_edge *sorted;
	uint32_t   *next,
				i;

	JRN_TRY(jrn_alloc_array(b->env, out->n_edges, sizeof(jrn_pattern_edge), &sorted));
	JRN_TRY(jrn_alloc_array(b->env, out->n_edges, sizeof(uint32_t), &out->out));
	JRN_TRY(jrn_alloc_zeroed(b->env, (size_t) out->n_positions + 1, sizeof(uint32_t), &next));
	for (i = 0; i < out->n_edges; i++)
		next[out->edges[i].to + 1]++;
	for (i = 0; i < out->n_positions; i++)
	{
		next[i + 1] += next[i];
		out->positions[i].in_begin = next[i];
		out->positions[i].in_end = next[i + 1];
	}
	for (i = 0; i < out->n_edges; i++)
		sorted[next[out->edges[i].to]++] = out->edges[i];
	if (b->edges_capacity > 0)
		jrn_release(b->env, out->edges);
	out->edges = sorted;

	memset(next, 0, ((size_t) out->n_positions + 1) * sizeof(uint32_t));
	for (i = 0; i < out->n_edges; i++)
		next[sorted[i].from + 1]++;
	for (i = 0; i < out->n_positions; i++)
	{
		next[i + 1] += next[i];
		out->positions[i].out_begin = next[i];
		out->positions[i].out_end = next[i + 1];
	}
	for (i = 0; i < out->n_edges; i++)
		out->out[next[sorted[i].from]++] = i;
	jrn_release(b->env, next);
	return JRN_OK;
}

static jrn_status
build(builder *b, uint32_t root)
{
	uint32_t	start,
				number;

	JRN_TRY(new_state(b, NOT_A_ROW, 0, &start));
	JRN_TRY(emit(b, root, start, &number));
	JRN_TRY(new_state(b, NOT_A_ROW, 0, &b->accept));
	JRN_TRY(new_move(b, number, b->accept, NULL));
	JRN_TRY(walk(b, start));
	for (number = 0; number < b->n_states; number++)
		if (b->states[number].condition != NOT_A_ROW)
			JRN_TRY(walk(b, number));
	return index_edges(b);
}

jrn_status
jrn_pattern_graph(const jrn_env *env, const jrn_node *nodes, uint32_t root, jrn_pattern *out,
				  jrn_pattern_error *error)
{
	builder		b;
	jrn_status	status;

	memset(&b, 0, sizeof(b));
	b.env = env;
	b.nodes = nodes;
	b.out = out;
	b.error = error;
	status = build(&b, root);
	if (b.states_capacity > 0)
		jrn_release(env, b.states);
	if (b.moves_capacity > 0)
		jrn_release(env, b.moves);
	if (b.visits_capacity > 0)
		jrn_release(env, b.visits);
	return status;
}
