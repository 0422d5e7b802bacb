/*
 * transitions.c
 *		Counting transitions (see transitions.h).
 */
#include <math.h>
#include <string.h>

#include "../core/quantiles.h"
#include "../core/sort.h"
#include "transitions.h"

#define MICROSECONDS 1000000
#define EVENTS_A_TICK 65536

jrn_status
jrn_transitions_begin(jrn_transitions *map, const jrn_env *env, const jrn_file *file,
					  uint32_t labels, size_t memory_limit)
{
	uint64_t	width = (uint64_t) labels + 2;

	memset(map, 0, sizeof(*map));
	if (width > UINT32_MAX)
		return JRN_LIMIT;
	map->env = env;
	map->labels = labels;
	map->start = labels;
	map->end = labels + 1;
	JRN_TRY(jrn_pairs_begin(&map->pairs, env, (uint32_t) width));
	return jrn_samples_begin(&map->gaps, env, file, width * width, memory_limit);
}

/* Count a pair for the customer at hand; *number is the pair's. */
static inline jrn_status
count_pair(jrn_transitions *map, uint32_t source, uint32_t target, uint32_t *number)
{
	jrn_transition *pair;

	JRN_TRY(jrn_pairs_number(&map->pairs, source, target, number));
	if (*number == map->used)
	{
		JRN_TRY(jrn_grow_array(map->env, map->used, &map->capacity, sizeof(jrn_transition), &map->list));
		memset(&map->list[map->used++], 0, sizeof(jrn_transition));
	}
	pair = &map->list[*number];
	pair->count++;
	if (pair->last_customer != map->customers)
	{
		pair->last_customer = map->customers;
		pair->customers++;
	}
	return JRN_OK;
}

jrn_status
jrn_transitions_add(jrn_transitions *map, const jrn_event *events, size_t n)
{
	uint32_t	number;
	size_t		i;

	if (n == 0)
		return JRN_DOMAIN;
	map->customers++;
	JRN_TRY(count_pair(map, map->start, events[0].label, &number));
	for (i = 1; i < n; i++)
	{
		if (i % EVENTS_A_TICK == 0)
			JRN_TICK(map->env);
		JRN_TRY(count_pair(map, events[i - 1].label, events[i].label, &number));
		JRN_TRY(jrn_samples_add(&map->gaps, number, events[i].ts - events[i - 1].ts));
	}
	return count_pair(map, events[n - 1].label, map->end, &number);
}

/* Quantiles and total of one pair's gaps. */
static jrn_status
measure(void *arg, uint32_t number, int64_t *gaps, size_t n)
{
	static const double p[] = {0.5, 0.9, 0.95};
	jrn_transitions *map = arg;
	jrn_transition *pair = &map->list[number];
	double		quantiles[3];
	int64_t		seconds = 0;
	int64_t		microseconds = 0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		/* apart, so that no sum of gaps that can be overflows */
		if (__builtin_add_overflow(seconds, gaps[i] / MICROSECONDS, &seconds))
			return JRN_LIMIT;
		microseconds += gaps[i] % MICROSECONDS;
	}
	seconds += microseconds / MICROSECONDS;
	pair->total_seconds = (double) seconds + (double) (microseconds % MICROSECONDS) / MICROSECONDS;
	JRN_TRY(jrn_quantiles(map->env, gaps, n, MICROSECONDS, p, 3, quantiles));
	pair->median_seconds = quantiles[0];
	pair->p90_seconds = quantiles[1];
	pair->p95_seconds = quantiles[2];
	return JRN_OK;
}

/* Sources in byte order with (start) first: one more than their rank. */
static uint64_t
source_rank(const jrn_transitions *map, uint32_t source)
{
	return source == map->start ? 0 : (uint64_t) source + 1;
}

static bool
place_before(const jrn_transitions *map, uint32_t x, uint32_t y)
{
	jrn_pair	a = map->pairs.list[x];
	jrn_pair	b = map->pairs.list[y];

	if (a.source != b.source)
		return source_rank(map, a.source) < source_rank(map, b.source);
	return a.target < b.target; /* the number of (end) is above all labels */
}

static bool
wait_before(const jrn_transitions *map, uint32_t x, uint32_t y)
{
	const jrn_transition *a = &map->list[x];
	const jrn_transition *b = &map->list[y];

	if (a->total_seconds != b->total_seconds)
		return a->total_seconds > b->total_seconds;
	return place_before(map, x, y);
}

static bool
count_before(const jrn_transitions *map, uint32_t x, uint32_t y)
{
	const jrn_transition *a = &map->list[x];
	const jrn_transition *b = &map->list[y];

	if (a->count != b->count)
		return a->count > b->count;
	return place_before(map, x, y);
}

JRN_SORT_DEFINE(sort_by_place, uint32_t, const jrn_transitions *, place_before)
JRN_SORT_DEFINE(sort_by_wait, uint32_t, const jrn_transitions *, wait_before)
JRN_SORT_DEFINE(sort_by_count, uint32_t, const jrn_transitions *, count_before)

static jrn_status
all_pairs(const jrn_transitions *map, uint32_t **order)
{
	size_t		i;

	JRN_TRY(jrn_alloc_array(map->env, map->used, sizeof(uint32_t), order));
	for (i = 0; i < map->used; i++)
		(*order)[i] = (uint32_t) i;
	return JRN_OK;
}

jrn_status
jrn_transitions_finish(jrn_transitions *map)
{
	size_t		i;

	JRN_TRY(jrn_alloc_zeroed(map->env, (size_t) map->labels + 2, sizeof(int64_t), &map->leaving));
	for (i = 0; i < map->used; i++)
	{
		jrn_transition *pair = &map->list[i];

		map->leaving[map->pairs.list[i].source] += pair->count;
		/* R-TRA-3 */
		pair->median_seconds = pair->p90_seconds = pair->p95_seconds = pair->total_seconds = NAN;
	}
	JRN_TRY(jrn_samples_visit(&map->gaps, measure, map));
	JRN_TRY(all_pairs(map, &map->order));
	return sort_by_place(map->env, map->order, map->used, map);
}

jrn_status
jrn_transitions_by_wait(const jrn_transitions *map, uint32_t **order, size_t *count)
{
	size_t		kept = 0;
	size_t		i;

	JRN_TRY(all_pairs(map, order));
	for (i = 0; i < map->used; i++)
		if (!isnan(map->list[i].total_seconds))
			(*order)[kept++] = (uint32_t) i;
	*count = kept;
	return sort_by_wait(map->env, *order, kept, map);
}

jrn_status
jrn_transitions_by_count(const jrn_transitions *map, uint32_t **order, size_t *count)
{
	JRN_TRY(all_pairs(map, order));
	*count = map->used;
	return sort_by_count(map->env, *order, map->used, map);
}
