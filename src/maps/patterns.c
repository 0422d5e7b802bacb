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
jrn_patterns_begin(jrn_patterns *patterns, const jrn_env *env, uint32_t labels)
{
	memset(patterns, 0, sizeof(*patterns));
	patterns->env = env;
	patterns->labels = labels;
	return JRN_OK;
}

jrn_status
jrn_patterns_add(jrn_patterns *patterns, const jrn_event *events, size_t n, bool outcome, bool held)
{
	jrn_pattern_customer *customer;
	size_t		i;

	if (n >= UINT32_MAX)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(patterns->env, patterns->customer_count, &patterns->customer_capacity,
						   sizeof(jrn_pattern_customer), &patterns->customers));
	customer = &patterns->customers[patterns->customer_count++];
	customer->begin = patterns->code_count;
	for (i = 0; i < n; i++)
	{
		if (i % EVENTS_A_TICK == EVENTS_A_TICK - 1)
			JRN_TICK(patterns->env);
		JRN_TRY(jrn_grow_array(patterns->env, patterns->code_count, &patterns->code_capacity,
							   sizeof(uint32_t), &patterns->codes));
		patterns->codes[patterns->code_count++] = events[i].label;
	}
	customer->end = patterns->code_count;
	customer->outcome = outcome;
	customer->held = held;
	customer->stratum = 0;
	return JRN_OK;
}

static bool
shorter(const jrn_patterns *patterns, uint32_t a, uint32_t b)
{
	const jrn_pattern_customer *x = &patterns->customers[a];
	const jrn_pattern_customer *y = &patterns->customers[b];

	if (x->end - x->begin != y->end - y->begin)
		return x->end - x->begin < y->end - y->begin;
	return a < b;
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

		if (last != NULL && last->end - last->begin != customer->end - customer->begin)
			before = i;
		customer->stratum = (int) (before * JRN_PATTERN_STRATA / n);
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
} miner;

/* What grows out of a prefix: ends by label. */
typedef struct growth
{
	int64_t    *support;		/* discovery customers by label */
	size_t	   *first;			/* where a label's ends begin; labels + 1 */
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
	const uint32_t *codes = m->patterns->codes + customer->begin;
	uint32_t	n = (uint32_t) (customer->end - customer->begin);
	uint32_t	stamp = next_stamp(m);
	uint32_t	at = places[0].at;
	size_t		reached = 0;	/* ends before the event at hand, less one */

	for (; at < n; at++)
	{
		bool		first = m->seen[codes[at]] != stamp;

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
		m->seen[codes[at]] = stamp;
		JRN_TRY(visitor(arg, codes[at], places[0].customer, at + 1, first));
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
	bool		fill;			/* second pass: write the ends */
} counting;

static jrn_status
count_end(void *arg, uint32_t label, uint32_t customer, uint32_t at, bool first_of_customer)
{
	counting   *c = arg;

	if (!c->fill)
	{
		c->g->first[label + 1]++;
		if (first_of_customer && !c->m->patterns->customers[customer].held)
			c->g->support[label]++;
	}
	else if (c->g->support[label] >= c->m->min_support)
	{
		place	   *to = &c->g->places[c->g->first[label]++];

		to->customer = customer;
		to->at = at;
	}
	return JRN_OK;
}

/* Count, make room for the frequent labels, fill. */
static jrn_status
grow_prefix(miner *m, uint32_t max_gap, const place *places, size_t count, growth *g)
{
	const jrn_env *env = m->patterns->env;
	uint32_t	labels = m->patterns->labels;
	counting	c = {m, g, false};
	size_t		sum = 0;
	uint32_t	label;

	JRN_TRY(jrn_alloc_zeroed(env, labels, sizeof(int64_t), &g->support));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) labels + 1, sizeof(size_t), &g->first));
	JRN_TRY(extend(m, max_gap, places, count, count_end, &c));
	for (label = 0; label < labels; label++)
	{
		size_t		ends = g->first[label + 1];

		g->first[label] = sum;
		if (g->support[label] >= m->min_support)
			sum += ends;
	}
	g->first[labels] = sum;
	JRN_TRY(jrn_alloc_array(env, sum, sizeof(place), &g->places));
	c.fill = true;
	JRN_TRY(extend(m, max_gap, places, count, count_end, &c));
	/* filling moved every beginning to its end, which is the next one's beginning */
	memmove(g->first + 1, g->first, labels * sizeof(size_t));
	g->first[0] = 0;
	return JRN_OK;
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

/* Depth first; at most JRN_PATTERN_LENGTH deep. */
static jrn_status
mine(miner *m, int length, const place *places, size_t count)
{
	growth		g;
	uint32_t	label;

	if (length == m->max_length)
		return JRN_OK;
	/* the first touchpoint may stand anywhere; with a gap all its places matter */
	JRN_TRY(grow_prefix(m, length == 0 && m->max_gap > 0 ? UINT32_MAX : m->max_gap, places, count, &g));
	for (label = 0; label < m->patterns->labels; label++)
	{
		if (g.support[label] < m->min_support)
			continue;
		m->prefix[length] = label;
		JRN_TRY(record(m, length + 1, g.places + g.first[label], g.first[label + 1] - g.first[label]));
		JRN_TRY(mine(m, length + 1, g.places + g.first[label], g.first[label + 1] - g.first[label]));
	}
	jrn_release(m->patterns->env, g.places);
	jrn_release(m->patterns->env, g.first);
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
