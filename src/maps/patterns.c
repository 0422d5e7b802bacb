/*
 * patterns.c
 *		Finding and testing patterns (see patterns.h).
 */
#include <math.h>
#include <string.h>

#include "../core/multiple.h"
#include "../core/sort.h"
#include "odds_ratio.h"
#include "patterns.h"

#define EVENTS_A_TICK 32768

jrn_status
jrn_patterns_begin(jrn_patterns *patterns, const jrn_env *env, uint32_t labels, size_t memory_limit)
{
	memset(patterns, 0, sizeof(*patterns));
	patterns->env = env;
	patterns->labels = labels;
	patterns->width = labels <= UINT8_MAX + 1 ? 1 : labels <= UINT16_MAX + 1 ? 2 : 4;
	patterns->memory_limit = memory_limit;
	return jrn_store_begin(&patterns->codes, env, NULL, 0, memory_limit);
}

/* The journey's codes (R-PAT-6). */
static jrn_status
keep_codes(jrn_patterns *patterns, const jrn_event *events, size_t n, const void **codes)
{
	size_t		size = (n * (size_t) patterns->width + 7) & ~(size_t) 7;	/* n below 2^32 */
	void	   *room;
	size_t		i;

	JRN_TRY(jrn_store_reserve(&patterns->codes, 0, size, &room));
	for (i = 0; i < n; i++)
	{
		if (i % EVENTS_A_TICK == EVENTS_A_TICK - 1)
			JRN_TICK(patterns->env);
		if (patterns->width == 1)
			((uint8_t *) room)[i] = (uint8_t) events[i].label;
		else if (patterns->width == 2)
			((uint16_t *) room)[i] = (uint16_t) events[i].label;
		else
			((uint32_t *) room)[i] = events[i].label;
	}
	*codes = room;
	return JRN_OK;
}

jrn_status
jrn_patterns_add(jrn_patterns *patterns, const jrn_event *events, size_t n, bool outcome, bool held)
{
	jrn_pattern_customer *customer;

	if (n >= UINT32_MAX)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(patterns->env, patterns->customer_count, &patterns->customer_capacity,
						   sizeof(jrn_pattern_customer), &patterns->customers));
	customer = &patterns->customers[patterns->customer_count++];
	customer->n = (uint32_t) n;
	customer->outcome = outcome;
	customer->held = held;
	customer->stratum = 0;
	return keep_codes(patterns, events, n, &customer->codes);
}

static bool
shorter(const jrn_patterns *patterns, uint32_t a, uint32_t b)
{
	const jrn_pattern_customer *x = &patterns->customers[a];
	const jrn_pattern_customer *y = &patterns->customers[b];

	return x->n != y->n ? x->n < y->n : a < b;
}

JRN_SORT_DEFINE(sort_by_length, uint32_t, const jrn_patterns *, shorter)

jrn_status
jrn_patterns_divide(jrn_patterns *patterns)
{
	size_t		n = patterns->customer_count;
	uint32_t   *order;
	size_t		before = 0;		/* customers that are shorter */
	size_t		i;

	if (n >= UINT32_MAX)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_array(patterns->env, n, sizeof(uint32_t), &order));
	for (i = 0; i < n; i++)
		order[i] = (uint32_t) i;
	JRN_TRY(sort_by_length(patterns->env, order, n, patterns));
	for (i = 0; i < n; i++)
	{
		jrn_pattern_customer *customer = &patterns->customers[order[i]];
		const jrn_pattern_customer *last = i == 0 ? NULL : &patterns->customers[order[i - 1]];
		jrn_stratum *part;

		if (last != NULL && last->n != customer->n)
			before = i;
		customer->stratum = (uint8_t) (before * JRN_PATTERN_STRATA / n);
		part = customer->held ? &patterns->held[customer->stratum] : &patterns->found[customer->stratum];
		part->n++;
		part->outcome += customer->outcome;
		*(customer->held ? &patterns->held_count : &patterns->found_count) += 1;
	}
	jrn_release(patterns->env, order);
	return JRN_OK;
}

/* ---- prefix growth ---- */

/* An end of the pattern at hand in a journey; ascending by customer, then place. */
typedef struct place
{
	uint32_t	customer;
	uint32_t	at;				/* index behind the last matched event */
} place;

typedef struct miner
{
	jrn_patterns *patterns;
	int			max_length;
	uint32_t	max_gap;		/* 0: any */
	int64_t		min_support;
	uint32_t   *seen;			/* by label: stamp of the customer that last had it */
	uint32_t	stamp;
	uint32_t	prefix[JRN_PATTERN_LENGTH];
	uint64_t	work;			/* events looked at since the last tick */
	size_t		most_places;	/* of a batch of labels (R-PAT-6) */
} miner;

/* What grows out of a prefix: ends by label, of a batch of labels at a time. */
typedef struct growth
{
	int64_t    *support;		/* discovery customers by label */
	size_t	   *ends;			/* by label */
	uint32_t	from;			/* the batch: labels below to */
	uint32_t	to;
	size_t	   *fill;			/* where a label's next end goes; at last behind them */
	place	   *places;
} growth;

typedef jrn_status (*end_visitor) (void *arg, uint32_t label, uint32_t customer, uint32_t at, bool first_of_customer);

static jrn_status
look(miner *m, size_t events)
{
	m->work += events + 1;
	if (m->work < EVENTS_A_TICK)
		return JRN_OK;
	m->work = 0;
	JRN_TICK(m->patterns->env);
	return JRN_OK;
}

static uint32_t
next_stamp(miner *m)
{
	if (++m->stamp == 0)
	{
		memset(m->seen, 0, m->patterns->labels * sizeof(uint32_t));
		m->stamp = 1;
	}
	return m->stamp;
}

/*
 * Ends of all one-step extensions in the journey of the customer of
 * places[0 .. count - 1] (R-PAT-5).  With any distance, the earliest end of
 * each label; with a gap, every event within reach of an end.
 */
static jrn_status
extend_journey(miner *m, uint32_t max_gap, const place *places, size_t count,
			   end_visitor visitor, void *arg)
{
	const jrn_pattern_customer *customer = &m->patterns->customers[places[0].customer];
	uint32_t	n = customer->n;
	uint32_t	stamp = next_stamp(m);
	uint32_t	at = places[0].at;
	size_t		reached = 0;	/* ends before the event at hand, less one */

	for (; at < n; at++)
	{
		uint32_t	label = jrn_patterns_code(m->patterns, customer, at);
		bool		first = m->seen[label] != stamp;

		JRN_TRY(look(m, 1));
		if (max_gap > 0)
		{
			while (reached + 1 < count && places[reached + 1].at <= at)
				reached++;
			/* the end's own event stands before places[].at, so the distance is at - end + 1 */
			if (at - places[reached].at + 1 > max_gap)
			{
				if (reached + 1 == count)
					break;
				at = places[reached + 1].at - 1;
				continue;
			}
		}
		else if (!first)
			continue;
		m->seen[label] = stamp;
		JRN_TRY(visitor(arg, label, places[0].customer, at + 1, first));
	}
	return JRN_OK;
}

/* All customers of a prefix in turn. */
static jrn_status
extend(miner *m, uint32_t max_gap, const place *places, size_t count, end_visitor visitor, void *arg)
{
	size_t		begin = 0;

	while (begin < count)
	{
		size_t		end = begin + 1;

		while (end < count && places[end].customer == places[begin].customer)
			end++;
		JRN_TRY(extend_journey(m, max_gap, places + begin, end - begin, visitor, arg));
		begin = end;
	}
	return JRN_OK;
}

typedef struct counting
{
	miner	   *m;
	growth	   *g;
} counting;

static jrn_status
count_end(void *arg, uint32_t label, uint32_t customer, uint32_t at, bool first_of_customer)
{
	counting   *c = arg;

	(void) at;
	c->g->ends[label]++;
	if (first_of_customer && !c->m->patterns->customers[customer].held)
		c->g->support[label]++;
	return JRN_OK;
}

static jrn_status
fill_end(void *arg, uint32_t label, uint32_t customer, uint32_t at, bool first_of_customer)
{
	counting   *c = arg;
	place	   *to;

	(void) first_of_customer;
	if (label < c->g->from || label >= c->g->to || c->g->support[label] < c->m->min_support)
		return JRN_OK;
	to = &c->g->places[c->g->fill[label]++];
	to->customer = customer;
	to->at = at;
	return JRN_OK;
}

static jrn_status
count_ends(miner *m, uint32_t max_gap, const place *places, size_t count, growth *g)
{
	const jrn_env *env = m->patterns->env;
	uint32_t	labels = m->patterns->labels;
	counting	c = {m, g};

	memset(g, 0, sizeof(*g));
	JRN_TRY(jrn_alloc_zeroed(env, labels, sizeof(int64_t), &g->support));
	JRN_TRY(jrn_alloc_zeroed(env, labels, sizeof(size_t), &g->ends));
	JRN_TRY(jrn_alloc_zeroed(env, labels, sizeof(size_t), &g->fill));
	return extend(m, max_gap, places, count, count_end, &c);
}

/* The ends of the next frequent labels: one, and as many more as there is room for. */
static jrn_status
fill_batch(miner *m, uint32_t max_gap, const place *places, size_t count, growth *g)
{
	counting	c = {m, g};
	size_t		sum = 0;

	for (g->from = g->to; g->to < m->patterns->labels; g->to++)
	{
		if (g->support[g->to] < m->min_support)
			continue;
		if (sum > 0 && (g->ends[g->to] > m->most_places || sum > m->most_places - g->ends[g->to]))
			break;
		g->fill[g->to] = sum;
		sum += g->ends[g->to];
	}
	JRN_TRY(jrn_alloc_array(m->patterns->env, sum, sizeof(place), &g->places));
	return sum == 0 ? JRN_OK : extend(m, max_gap, places, count, fill_end, &c);
}

/* The tables of a frequent pattern from the ends it has. */
static jrn_status
record(miner *m, int length, const place *places, size_t count)
{
	jrn_patterns *patterns = m->patterns;
	jrn_pattern *pattern;
	size_t		i;

	if (patterns->count >= JRN_PATTERNS_MOST)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(patterns->env, patterns->count, &patterns->capacity, sizeof(jrn_pattern), &patterns->list));
	pattern = &patterns->list[patterns->count++];
	memset(pattern, 0, sizeof(*pattern));
	memcpy(pattern->labels, m->prefix, (size_t) length * sizeof(uint32_t));
	pattern->length = length;
	memcpy(pattern->found, patterns->found, sizeof(pattern->found));
	memcpy(pattern->held, patterns->held, sizeof(pattern->held));
	for (i = 0; i < count; i++)
	{
		const jrn_pattern_customer *customer = &patterns->customers[places[i].customer];
		jrn_stratum *table = customer->held ? &pattern->held[customer->stratum] : &pattern->found[customer->stratum];

		if (i > 0 && places[i - 1].customer == places[i].customer)
			continue;
		table->property++;
		table->both += customer->outcome;
	}
	return look(m, count);
}

static jrn_status mine(miner *m, int length, const place *places, size_t count);

/* The frequent patterns of a batch, each with all that grow out of it. */
static jrn_status
mine_batch(miner *m, int length, const growth *g)
{
	uint32_t	label;

	for (label = g->from; label < g->to; label++)
	{
		const place *places;

		if (g->support[label] < m->min_support)
			continue;
		places = g->places + (g->fill[label] - g->ends[label]);
		m->prefix[length] = label;
		JRN_TRY(record(m, length + 1, places, g->ends[label]));
		JRN_TRY(mine(m, length + 1, places, g->ends[label]));
	}
	return JRN_OK;
}

/* Depth first; at most JRN_PATTERN_LENGTH deep. */
static jrn_status
mine(miner *m, int length, const place *places, size_t count)
{
	/* the first touchpoint may stand anywhere; with a gap all its places matter */
	uint32_t	max_gap = length == 0 && m->max_gap > 0 ? UINT32_MAX : m->max_gap;
	growth		g;

	if (length == m->max_length)
		return JRN_OK;
	JRN_TRY(count_ends(m, max_gap, places, count, &g));
	while (g.to < m->patterns->labels)
	{
		JRN_TRY(fill_batch(m, max_gap, places, count, &g));
		JRN_TRY(mine_batch(m, length, &g));
		jrn_release(m->patterns->env, g.places);
	}
	jrn_release(m->patterns->env, g.fill);
	jrn_release(m->patterns->env, g.ends);
	jrn_release(m->patterns->env, g.support);
	return JRN_OK;
}

/* ---- figures ---- */

static jrn_status
measure(jrn_patterns *patterns, jrn_pattern *pattern)
{
	double		n = (double) patterns->found_count;
	double		outcome = 0.0;
	double		both = 0.0;
	double		unused;
	int			s;

	for (s = 0; s < JRN_PATTERN_STRATA; s++)
	{
		pattern->customers += pattern->found[s].property;
		outcome += (double) pattern->found[s].outcome;
		both += (double) pattern->found[s].both;
	}
	pattern->lift = pattern->odds_ratio = pattern->low = pattern->high = NAN;
	pattern->stratified_odds_ratio = pattern->p = pattern->held_odds_ratio = pattern->held_p = NAN;
	if (outcome > 0.0 && outcome < n)
	{
		pattern->lift = both / (double) pattern->customers / (outcome / n);
		pattern->odds_ratio = jrn_odds_ratio(pattern->found, JRN_PATTERN_STRATA, &pattern->low, &pattern->high);
		pattern->stratified_odds_ratio = jrn_mantel_haenszel(pattern->found, JRN_PATTERN_STRATA);
		JRN_TRY(jrn_stratified_test(patterns->env, pattern->found, JRN_PATTERN_STRATA, &pattern->p));
	}
	if (patterns->held_count > 0)
	{
		pattern->held_odds_ratio = jrn_odds_ratio(pattern->held, JRN_PATTERN_STRATA, &unused, &unused);
		JRN_TRY(jrn_stratified_test(patterns->env, pattern->held, JRN_PATTERN_STRATA, &pattern->held_p));
	}
	return JRN_OK;
}

/* R-PAT-3 */
static jrn_status
adjust(jrn_patterns *patterns)
{
	double	   *p;
	double	   *q;
	size_t		i;

	JRN_TRY(jrn_alloc_array(patterns->env, patterns->count, sizeof(double), &p));
	JRN_TRY(jrn_alloc_array(patterns->env, patterns->count, sizeof(double), &q));
	for (i = 0; i < patterns->count; i++)
		p[i] = patterns->list[i].p;
	JRN_TRY(jrn_false_discovery(patterns->env, p, patterns->count, q));
	for (i = 0; i < patterns->count; i++)
		patterns->list[i].q = q[i];
	JRN_TRY(jrn_false_discovery_dependent(patterns->env, p, patterns->count, q));
	for (i = 0; i < patterns->count; i++)
		patterns->list[i].q_dependent = q[i];
	jrn_release(patterns->env, p);
	jrn_release(patterns->env, q);
	return JRN_OK;
}

static bool
stands_before(const jrn_patterns *patterns, uint32_t x, uint32_t y)
{
	const jrn_pattern *a = &patterns->list[x];
	const jrn_pattern *b = &patterns->list[y];
	int			i;

	if (isnan(a->p) != isnan(b->p))
		return isnan(b->p);
	if (!isnan(a->p) && a->p != b->p)
		return a->p < b->p;
	if (a->customers != b->customers)
		return a->customers > b->customers;
	for (i = 0; i < a->length && i < b->length; i++)
		if (a->labels[i] != b->labels[i])
			return a->labels[i] < b->labels[i];
	return a->length < b->length;
}

JRN_SORT_DEFINE(sort_patterns, uint32_t, const jrn_patterns *, stands_before)

/* Into their order, by numbers because a pattern is large. */
static jrn_status
put_in_order(jrn_patterns *patterns)
{
	uint32_t   *order;
	jrn_pattern *sorted;
	size_t		i;

	JRN_TRY(jrn_alloc_array(patterns->env, patterns->count, sizeof(uint32_t), &order));
	JRN_TRY(jrn_alloc_array(patterns->env, patterns->count, sizeof(jrn_pattern), &sorted));
	for (i = 0; i < patterns->count; i++)
		order[i] = (uint32_t) i;
	JRN_TRY(sort_patterns(patterns->env, order, patterns->count, patterns));
	for (i = 0; i < patterns->count; i++)
		sorted[i] = patterns->list[order[i]];
	jrn_release(patterns->env, patterns->list);
	jrn_release(patterns->env, order);
	patterns->list = sorted;
	return JRN_OK;
}

jrn_status
jrn_patterns_find(jrn_patterns *patterns, int max_length, uint32_t max_gap, int64_t min_support)
{
	place	   *roots;
	miner		m;
	size_t		i;

	if (max_length < 1 || max_length > JRN_PATTERN_LENGTH || min_support < 1)
		return JRN_DOMAIN;
	memset(&m, 0, sizeof(m));
	m.patterns = patterns;
	m.max_length = max_length;
	m.max_gap = max_gap;
	m.min_support = min_support;
	m.most_places = patterns->memory_limit / 2 / (size_t) max_length / sizeof(place);
	JRN_TRY(jrn_alloc_zeroed(patterns->env, patterns->labels, sizeof(uint32_t), &m.seen));
	JRN_TRY(jrn_alloc_array(patterns->env, patterns->customer_count, sizeof(place), &roots));
	for (i = 0; i < patterns->customer_count; i++)
	{
		roots[i].customer = (uint32_t) i;
		roots[i].at = 0;
	}
	JRN_TRY(mine(&m, 0, roots, patterns->customer_count));
	for (i = 0; i < patterns->count; i++)
		JRN_TRY(measure(patterns, &patterns->list[i]));
	JRN_TRY(adjust(patterns));
	return put_in_order(patterns);
}
