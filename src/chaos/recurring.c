/*
 * recurring.c
 *		Patterns against shuffled journeys (see recurring.h).
 */
#include <math.h>
#include <string.h>

#include "../core/dist.h"
#include "../core/multiple.h"
#include "../core/random.h"
#include "../core/sort.h"
#include "recurring.h"

#define WORK_PER_TICK 32768
#define MOST_CHILDREN ((size_t) 64 * 1000 * 1000)
#define GROUPS JRN_RECURRING_GROUPS
#define NONE UINT32_MAX

/* Counts of one pass over the journeys, and what they are counted with. */
typedef struct counter
{
	jrn_recurring *r;
	uint32_t	frequent;		/* labels that some pattern has */
	uint32_t   *code;			/* by label: number among those; NONE */
	uint32_t   *child;			/* node * frequent + code: node; 0: none */
	uint32_t   *pattern_of;		/* by node; NONE: of length 1 */
	uint32_t   *pair;			/* code * frequent + code: pattern; NONE */
	bool		has_pairs;
	uint32_t   *seen;			/* by node: stamp of the journey that last had it */
	uint32_t	stamp;
	uint32_t   *sequence;		/* codes of the journey at hand */
	uint32_t   *first;			/* by code: where it stands first and last */
	uint32_t   *last;
	uint32_t   *distinct;		/* codes of the journey */
	int			group;			/* of the customer at hand */
	bool		held;
	int64_t    *pass;			/* by pattern, found and held: customers in this pass */
	int64_t    *total;			/* by pattern and group: over passes */
	int64_t    *held_total;
	size_t		work;
} counter;

jrn_status
jrn_recurring_begin(jrn_recurring *r, const jrn_env *env, uint32_t labels, int max_length,
					size_t memory_limit)
{
	if (max_length < 2 || max_length > JRN_PATTERN_LENGTH)
		return JRN_DOMAIN;
	memset(r, 0, sizeof(*r));
	r->env = env;
	r->max_length = max_length;
	return jrn_patterns_begin(&r->journeys, env, labels, memory_limit);
}

jrn_status
jrn_recurring_add(jrn_recurring *r, uint64_t hash, const jrn_event *events, size_t n, bool held)
{
	JRN_TRY(jrn_grow_array(r->env, r->journeys.customer_count, &r->hash_capacity, sizeof(uint64_t), &r->hashes));
	r->hashes[r->journeys.customer_count] = hash;
	return jrn_patterns_add(&r->journeys, events, n, false, held);
}

/* ---- finding ---- */

/* R-REC-1: runs, then pairs; those of length 1 are only steps on the way. */
static jrn_status
find_patterns(jrn_recurring *r, int64_t min_support, jrn_patterns *pairs)
{
	JRN_TRY(jrn_patterns_divide(&r->journeys));
	if (min_support == 0)
	{
		min_support = (r->journeys.found_count + 99) / 100;
		if (min_support < JRN_RECURRING_LEAST_SUPPORT)
			min_support = JRN_RECURRING_LEAST_SUPPORT;
	}
	*pairs = r->journeys;
	JRN_TRY(jrn_patterns_find(&r->journeys, r->max_length, 1, min_support));
	return jrn_patterns_find(pairs, 2, 0, min_support);
}

static bool
is_pair(const jrn_pattern *pattern)
{
	return pattern->length == 2 && pattern->labels[0] != pattern->labels[1];
}

static void
take(jrn_recurring *r, const jrn_pattern *from, bool adjacent)
{
	jrn_recurring_pattern *to = &r->list[r->count++];

	memset(to, 0, sizeof(*to));
	memcpy(to->labels, from->labels, sizeof(to->labels));
	to->length = from->length;
	to->adjacent = adjacent;
}

static jrn_status
list_patterns(jrn_recurring *r, const jrn_patterns *pairs)
{
	size_t		i;

	JRN_TRY(jrn_alloc_array(r->env, r->journeys.count + pairs->count, sizeof(jrn_recurring_pattern), &r->list));
	for (i = 0; i < r->journeys.count; i++)
		if (r->journeys.list[i].length > 1)
			take(r, &r->journeys.list[i], true);
	for (i = 0; i < pairs->count; i++)
		if (is_pair(&pairs->list[i]))
			take(r, &pairs->list[i], false);
	return r->count > JRN_PATTERNS_MOST ? JRN_LIMIT : JRN_OK;
}

/* ---- counting ---- */

static void
number_labels(counter *c)
{
	const jrn_recurring *r = c->r;
	uint32_t	label;
	size_t		i;
	int			j;

	for (label = 0; label < r->journeys.labels; label++)
		c->code[label] = NONE;
	for (i = 0; i < r->count; i++)
		for (j = 0; j < r->list[i].length; j++)
			if (c->code[r->list[i].labels[j]] == NONE)
				c->code[r->list[i].labels[j]] = c->frequent++;
}

/* The tree of runs: every beginning of a frequent run is frequent itself. */
static void
plant(counter *c, uint32_t pattern, uint32_t *nodes)
{
	const jrn_recurring_pattern *p = &c->r->list[pattern];
	uint32_t	node = 0;
	int			j;

	for (j = 0; j < p->length; j++)
	{
		uint32_t   *child = &c->child[(size_t) node * c->frequent + c->code[p->labels[j]]];

		if (*child == 0)
			*child = (*nodes)++;
		node = *child;
	}
	c->pattern_of[node] = pattern;
}

static jrn_status
begin_counting(counter *c, jrn_recurring *r)
{
	const jrn_env *env = r->env;
	size_t		most_nodes;
	size_t		cells;
	uint32_t	nodes = 1;
	size_t		longest = 0;
	size_t		i;

	memset(c, 0, sizeof(*c));
	c->r = r;
	JRN_TRY(jrn_alloc_array(env, r->journeys.labels, sizeof(uint32_t), &c->code));
	number_labels(c);
	most_nodes = 1 + r->count + c->frequent;
	cells = most_nodes * c->frequent;	/* neither above 10^6 */
	if (cells > MOST_CHILDREN)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_zeroed(env, cells, sizeof(uint32_t), &c->child));
	JRN_TRY(jrn_alloc_array(env, most_nodes, sizeof(uint32_t), &c->pattern_of));
	JRN_TRY(jrn_alloc_zeroed(env, most_nodes, sizeof(uint32_t), &c->seen));
	JRN_TRY(jrn_alloc_array(env, (size_t) c->frequent * c->frequent, sizeof(uint32_t), &c->pair));
	memset(c->pattern_of, 0xff, most_nodes * sizeof(uint32_t));
	memset(c->pair, 0xff, (size_t) c->frequent * c->frequent * sizeof(uint32_t));
	for (i = 0; i < r->count; i++)
		if (r->list[i].adjacent)
			plant(c, (uint32_t) i, &nodes);
		else
		{
			c->pair[(size_t) c->code[r->list[i].labels[0]] * c->frequent + c->code[r->list[i].labels[1]]] = (uint32_t) i;
			c->has_pairs = true;
		}
	for (i = 0; i < r->journeys.customer_count; i++)
	{
		size_t		n = r->journeys.customers[i].n;

		longest = n > longest ? n : longest;
	}
	JRN_TRY(jrn_alloc_array(env, longest, sizeof(uint32_t), &c->sequence));
	JRN_TRY(jrn_alloc_array(env, c->frequent, sizeof(uint32_t), &c->first));
	JRN_TRY(jrn_alloc_array(env, c->frequent, sizeof(uint32_t), &c->last));
	JRN_TRY(jrn_alloc_array(env, c->frequent, sizeof(uint32_t), &c->distinct));
	memset(c->first, 0xff, c->frequent * sizeof(uint32_t));
	JRN_TRY(jrn_alloc_zeroed(env, r->count, 2 * sizeof(int64_t), &c->pass));
	JRN_TRY(jrn_alloc_zeroed(env, r->count, sizeof(int64_t), &c->held_total));
	return jrn_alloc_zeroed(env, r->count, GROUPS * sizeof(int64_t), &c->total);
}

static inline void
hit(counter *c, uint32_t pattern)
{
	c->pass[2 * (size_t) pattern + c->held]++;
	if (c->held)
		c->held_total[pattern]++;
	else
		c->total[(size_t) pattern * GROUPS + (size_t) c->group]++;
}

static uint32_t
next_stamp(counter *c)
{
	if (++c->stamp == 0)
	{
		memset(c->seen, 0, (1 + c->r->count + c->frequent) * sizeof(uint32_t));
		c->stamp = 1;
	}
	return c->stamp;
}

static jrn_status
worked(counter *c, size_t steps)
{
	c->work += steps;
	if (c->work < WORK_PER_TICK)
		return JRN_OK;
	c->work = 0;
	JRN_TICK(c->r->env);
	return JRN_OK;
}

static jrn_status
count_runs(counter *c, size_t n)
{
	const uint32_t stamp = next_stamp(c);
	size_t		i,
				j;

	for (i = 0; i + 1 < n; i++)
	{
		uint32_t	node = 0;

		for (j = i; j < n && c->sequence[j] != NONE; j++)
		{
			node = c->child[(size_t) node * c->frequent + c->sequence[j]];
			if (node == 0)
				break;
			if (c->pattern_of[node] != NONE && c->seen[node] != stamp)
			{
				c->seen[node] = stamp;
				hit(c, c->pattern_of[node]);
			}
		}
		if (i % 1024 == 1023)
			JRN_TRY(worked(c, 4 * 1024));
	}
	return worked(c, 4 * (n % 1024));
}

/* a comes before b somewhere when the first a stands before the last b. */
static jrn_status
count_pairs(counter *c, size_t n)
{
	size_t		count = 0;
	size_t		i,
				j;

	for (i = 0; i < n; i++)
	{
		uint32_t	code = c->sequence[i];

		if (code == NONE)
			continue;
		if (c->first[code] == NONE)
		{
			c->first[code] = (uint32_t) i;
			c->distinct[count++] = code;
		}
		c->last[code] = (uint32_t) i;
		if (i % 4096 == 4095)
			JRN_TRY(worked(c, 4096));
	}
	for (i = 0; i < count; i++)
	{
		const uint32_t *pair = c->pair + (size_t) c->distinct[i] * c->frequent;

		for (j = 0; j < count; j++)
			if (pair[c->distinct[j]] != NONE && c->first[c->distinct[i]] < c->last[c->distinct[j]])
				hit(c, pair[c->distinct[j]]);
		JRN_TRY(worked(c, count));
	}
	for (i = 0; i < count; i++)
		c->first[c->distinct[i]] = NONE;
	return JRN_OK;
}

/* Every order of the events is as likely (Fisher and Yates). */
static jrn_status
shuffle(counter *c, size_t n, uint64_t stream)
{
	size_t		i;

	for (i = n; i > 1; i--)
	{
		size_t		j = (size_t) (((unsigned __int128) jrn_random_u64(stream, i) * i) >> 64);
		uint32_t	moved = c->sequence[j];

		c->sequence[j] = c->sequence[i - 1];
		c->sequence[i - 1] = moved;
		if (i % 4096 == 0)
			JRN_TRY(worked(c, 4 * 4096));
	}
	return JRN_OK;
}

/* All journeys once, as they are or shuffled under a stream. */
static jrn_status
count_journeys(counter *c, bool shuffled, uint64_t stream, uint64_t grouping)
{
	const jrn_patterns *journeys = &c->r->journeys;
	size_t		i,
				e;

	memset(c->pass, 0, c->r->count * 2 * sizeof(int64_t));
	for (i = 0; i < journeys->customer_count; i++)
	{
		const jrn_pattern_customer *customer = &journeys->customers[i];
		size_t		n = customer->n;

		if (n < 2)
			continue;
		c->held = customer->held;
		c->group = jrn_hash_fold(jrn_hash_u64(c->r->hashes[i], grouping), GROUPS) - 1;
		for (e = 0; e < n; e++)
			c->sequence[e] = c->code[jrn_patterns_code(journeys, customer, e)];
		if (shuffled)
			JRN_TRY(shuffle(c, n, jrn_hash_u64(c->r->hashes[i], stream)));
		JRN_TRY(count_runs(c, n));
		if (c->has_pairs)
			JRN_TRY(count_pairs(c, n));
	}
	return JRN_OK;
}

/* ---- figures ---- */

static double
log_odds(double x, double n)
{
	return log((x + 0.5) / (n - x + 0.5));
}

/* R-REC-3 */
static void
make_interval(jrn_recurring_pattern *p, const int64_t *observed, const int64_t *shuffled, const double *sizes,
			  double shuffles)
{
	double		left[GROUPS];
	double		n = 0.0,
				x = 0.0,
				e = 0.0,
				mean = 0.0,
				squares = 0.0,
				groups = 0.0,
				width;
	int			g;

	for (g = 0; g < GROUPS; g++)
	{
		n += sizes[g];
		x += (double) observed[g];
		e += (double) shuffled[g] / shuffles;
		groups += sizes[g] > 0.0;
	}
	p->lift = x / e;			/* x at least 1; e 0: never by chance, infinite */
	p->odds_ratio = exp(log_odds(x, n) - log_odds(e, n));
	if (groups < 2.0)
		return;
	for (g = 0; g < GROUPS; g++)
	{
		double		rest = n - sizes[g];

		left[g] = log_odds(x - (double) observed[g], rest) - log_odds(e - (double) shuffled[g] / shuffles, rest);
		mean += sizes[g] > 0.0 ? left[g] / groups : 0.0;
	}
	for (g = 0; g < GROUPS; g++)
		squares += sizes[g] > 0.0 ? (left[g] - mean) * (left[g] - mean) : 0.0;
	width = jrn_t_critical(0.95, groups - 1.0) * sqrt(squares * (groups - 1.0) / groups);
	p->low = p->odds_ratio * exp(-width);
	p->high = p->odds_ratio * exp(width);
}

static jrn_status
adjust(jrn_recurring *r)
{
	double	   *p;
	double	   *q;
	size_t		i;

	JRN_TRY(jrn_alloc_array(r->env, r->count, sizeof(double), &p));
	JRN_TRY(jrn_alloc_array(r->env, r->count, sizeof(double), &q));
	for (i = 0; i < r->count; i++)
		p[i] = r->list[i].p;
	JRN_TRY(jrn_false_discovery(r->env, p, r->count, q));
	for (i = 0; i < r->count; i++)
		r->list[i].q = q[i];
	JRN_TRY(jrn_false_discovery_dependent(r->env, p, r->count, q));
	for (i = 0; i < r->count; i++)
		r->list[i].q_dependent = q[i];
	jrn_release(r->env, p);
	jrn_release(r->env, q);
	return JRN_OK;
}

static bool
stands_before(void *unused, jrn_recurring_pattern a, jrn_recurring_pattern b)
{
	int			i;

	(void) unused;
	if (a.p != b.p)
		return a.p < b.p;
	if (a.lift != b.lift)
		return a.lift > b.lift;
	for (i = 0; i < a.length && i < b.length; i++)
		if (a.labels[i] != b.labels[i])
			return a.labels[i] < b.labels[i];
	if (a.length != b.length)
		return a.length < b.length;
	return a.adjacent && !b.adjacent;
}

JRN_SORT_DEFINE(sort_patterns, jrn_recurring_pattern, void *, stands_before)

/* The observed pass is done: shuffles, counted against it, and all figures. */
static jrn_status
test(counter *c, int32_t permutations, uint64_t seed, uint64_t grouping, const double *sizes)
{
	jrn_recurring *r = c->r;
	int64_t    *observed;
	int64_t    *held;
	int64_t    *as_many;
	size_t		i;
	int32_t		b;

	JRN_TRY(jrn_alloc_array(r->env, r->count, GROUPS * sizeof(int64_t), &observed));
	JRN_TRY(jrn_alloc_array(r->env, r->count, sizeof(int64_t), &held));
	JRN_TRY(jrn_alloc_zeroed(r->env, r->count, 2 * sizeof(int64_t), &as_many));
	memcpy(observed, c->total, r->count * GROUPS * sizeof(int64_t));
	memcpy(held, c->held_total, r->count * sizeof(int64_t));
	memset(c->total, 0, r->count * GROUPS * sizeof(int64_t));
	memset(c->held_total, 0, r->count * sizeof(int64_t));
	for (i = 0; i < r->count; i++)
		r->list[i].customers = c->pass[2 * i];
	for (b = 0; b < permutations; b++)
	{
		JRN_TRY(count_journeys(c, true, jrn_seed_derive(seed, "shuffle", (uint64_t) b), grouping));
		for (i = 0; i < r->count; i++)
		{
			as_many[2 * i] += c->pass[2 * i] >= r->list[i].customers;
			as_many[2 * i + 1] += c->pass[2 * i + 1] >= held[i];
		}
		JRN_TRY(worked(c, r->count));
	}
	for (i = 0; i < r->count; i++)
	{
		jrn_recurring_pattern *p = &r->list[i];
		double		n = (double) r->journeys.held_count;

		p->low = p->high = p->held_odds_ratio = p->held_p = NAN;
		make_interval(p, observed + i * GROUPS, c->total + i * GROUPS, sizes, permutations);
		p->p = (1.0 + (double) as_many[2 * i]) / (1.0 + permutations);
		if (n == 0.0)
			continue;
		p->held_odds_ratio = exp(log_odds((double) held[i], n) - log_odds((double) c->held_total[i] / permutations, n));
		p->held_p = (1.0 + (double) as_many[2 * i + 1]) / (1.0 + permutations);
	}
	return JRN_OK;
}

jrn_status
jrn_recurring_find(jrn_recurring *r, int64_t min_support, int32_t permutations, uint64_t seed)
{
	const uint64_t grouping = jrn_seed_derive(seed, "groups", 0);
	double		sizes[GROUPS] = {0.0};
	jrn_patterns pairs;
	counter		c;
	size_t		i;

	if (permutations < 1 || min_support < 0)
		return JRN_DOMAIN;
	JRN_TRY(find_patterns(r, min_support, &pairs));
	JRN_TRY(list_patterns(r, &pairs));
	if (r->count == 0)
		return JRN_OK;
	for (i = 0; i < r->journeys.customer_count; i++)
		if (!r->journeys.customers[i].held)
			sizes[jrn_hash_fold(jrn_hash_u64(r->hashes[i], grouping), GROUPS) - 1] += 1.0;
	JRN_TRY(begin_counting(&c, r));
	JRN_TRY(count_journeys(&c, false, 0, grouping));
	JRN_TRY(test(&c, permutations, seed, grouping, sizes));
	JRN_TRY(adjust(r));
	return sort_patterns(r->env, r->list, r->count, NULL);
}
