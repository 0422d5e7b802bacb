/*
 * test_transitions.c
 *		Transitions against counting by hand: few labels (pairs in a square,
 *		gaps in 8 bytes), more (gaps in 16) and many (pairs by hash).
 */
#include <stdlib.h>

#include "tap.h"

#include "../../src/maps/transitions.h"

#define CUSTOMERS 400
#define MOST_EVENTS 30
#define MOST_GAPS 3000

typedef struct world
{
	uint32_t	labels;			/* labels of the dictionary */
	uint32_t	used;			/* labels that occur: spread over all */
	size_t		limit;			/* bytes of memory */
	bool		spill;
	size_t		lengths[CUSTOMERS];
	jrn_event	events[CUSTOMERS][MOST_EVENTS];
} world;

static world w;
static int64_t gaps[MOST_GAPS];
static uint64_t state;

static uint64_t
draw(uint64_t below)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (state >> 33) % below;
}

static void
make_world(uint32_t labels, uint32_t used)
{
	size_t		c;
	size_t		i;

	w.labels = labels;
	w.used = used;
	w.limit = 1 << 26;
	w.spill = false;
	for (c = 0; c < CUSTOMERS; c++)
	{
		int64_t		ts = (int64_t) draw(1000000) - 500000;

		w.lengths[c] = c % 7 == 0 ? 1 : 1 + draw(MOST_EVENTS);
		for (i = 0; i < w.lengths[c]; i++)
		{
			ts += draw(4) == 0 ? 0 : (int64_t) draw(UINT64_C(90000000000));
			w.events[c][i].ts = ts;
			w.events[c][i].label = (uint32_t) draw(used) * (labels / used);
			w.events[c][i].ref = 0;
		}
	}
}

static jrn_status
count_world(const jrn_env *env, jrn_transitions *map, const jrn_file *file)
{
	size_t		c;

	JRN_TRY(jrn_transitions_begin(map, env, w.spill ? file : NULL, w.labels, w.limit));
	for (c = 0; c < CUSTOMERS; c++)
		JRN_TRY(jrn_transitions_add(map, w.events[c], w.lengths[c]));
	return jrn_transitions_finish(map);
}

static int
compare(const void *x, const void *y)
{
	int64_t		a = *(const int64_t *) x;
	int64_t		b = *(const int64_t *) y;

	return (a > b) - (a < b);
}

static double
quantile(size_t n, double p)
{
	double		place = p * (double) (n - 1);
	size_t		below = (size_t) floor(place);
	double		low = (double) gaps[below] / 1e6;

	return place == (double) below ? low : low + (place - (double) below) * ((double) gaps[below + 1] / 1e6 - low);
}

/* Whether a pair's figures are those of walking through all journeys. */
static bool
pair_agrees(const jrn_transitions *map, uint32_t number)
{
	jrn_pair	pair = map->pairs.list[number];
	const jrn_transition *got = &map->list[number];
	int64_t		count = 0;
	int64_t		customers = 0;
	int64_t		leaving = 0;
	int64_t		total = 0;
	size_t		n = 0;
	size_t		c;
	size_t		i;

	for (c = 0; c < CUSTOMERS; c++)
	{
		bool		here = false;

		for (i = 0; i <= w.lengths[c]; i++)
		{
			uint32_t	from = i == 0 ? map->start : w.events[c][i - 1].label;
			uint32_t	to = i == w.lengths[c] ? map->end : w.events[c][i].label;

			leaving += from == pair.source;
			if (from != pair.source || to != pair.target)
				continue;
			count++;
			here = true;
			if (from != map->start && to != map->end)
			{
				gaps[n] = w.events[c][i].ts - w.events[c][i - 1].ts;
				total += gaps[n++];
			}
		}
		customers += here;
	}
	if (got->count != count || got->customers != customers || map->leaving[pair.source] != leaving)
		return false;
	if (n == 0)
		return isnan(got->median_seconds) && isnan(got->p90_seconds) && isnan(got->p95_seconds) && isnan(got->total_seconds);
	qsort(gaps, n, sizeof(int64_t), compare);
	return got->median_seconds == quantile(n, 0.5) && got->p90_seconds == quantile(n, 0.9) &&
		got->p95_seconds == quantile(n, 0.95) && fabs(got->total_seconds - (double) total / 1e6) <= 1e-6;
}

/* Order by place: (start) first, sources up, targets up with (end) last. */
static bool
in_order(const jrn_transitions *map)
{
	size_t		i;

	for (i = 1; i < map->used; i++)
	{
		jrn_pair	a = map->pairs.list[map->order[i - 1]];
		jrn_pair	b = map->pairs.list[map->order[i]];
		bool		source_up = a.source != b.source && b.source != map->start &&
			(a.source == map->start || a.source < b.source);

		if (!source_up && !(a.source == b.source && a.target < b.target))
			return false;
	}
	return true;
}

static void
check_world(const char *name)
{
	jrn_env		env = host_env();
	jrn_file	file = host_file();
	jrn_transitions map;
	jrn_transitions small;
	uint32_t   *order;
	size_t		count;
	size_t		i;
	int64_t		sum = 0;
	int64_t		events = 0;
	int			bad = 0;

	ok_int(count_world(&env, &map, &file), JRN_OK, "%s: counted", name);
	for (i = 0; i < map.used; i++)
	{
		bad += !pair_agrees(&map, (uint32_t) i);
		sum += map.list[i].count;
	}
	ok_int(bad, 0, "R-TRA-1, R-TRA-2, R-TRA-3 %s: all %zu pairs as by hand", name, map.used);
	for (i = 0; i < CUSTOMERS; i++)
		events += (int64_t) w.lengths[i];
	ok_int(sum, events + CUSTOMERS, "%s: one transition more than events for every customer", name);
	ok(in_order(&map), "%s: order", name);
	ok_int(jrn_transitions_by_wait(&map, &order, &count), JRN_OK, "%s: by wait", name);
	for (i = 0, bad = 0; i < count; i++)
		bad += isnan(map.list[order[i]].total_seconds) ||
			(i > 0 && map.list[order[i]].total_seconds > map.list[order[i - 1]].total_seconds);
	ok_int(bad, 0, "%s: waits fall, (start) and (end) are not among them", name);
	ok_int(jrn_transitions_by_count(&map, &order, &count), JRN_OK, "%s: by count", name);
	for (i = 1, bad = count != map.used; i < count; i++)
		bad += map.list[order[i]].count > map.list[order[i - 1]].count;
	ok_int(bad, 0, "%s: counts fall", name);
	w.spill = true;
	w.limit = 4096;
	ok_int(count_world(&env, &small, &file), JRN_OK, "%s: counted with little memory", name);
	ok(small.gaps.store.file_size > 0, "%s: which spilled", name);
	for (i = 0, bad = small.used != map.used; i < map.used; i++)
		bad += memcmp(&small.list[i], &map.list[i], sizeof(jrn_transition)) != 0;
	ok_int(bad, 0, "R-SAM-1 %s: the same bits", name);
	host_reset();
}

static jrn_status
everything(const jrn_env *env, void *arg)
{
	jrn_transitions map;
	uint32_t   *order;
	size_t		count;

	(void) arg;
	JRN_TRY(count_world(env, &map, NULL));
	JRN_TRY(jrn_transitions_by_wait(&map, &order, &count));
	return jrn_transitions_by_count(&map, &order, &count);
}

static void
check_cap(uint32_t labels)
{
	jrn_env		env = host_env();
	jrn_transitions map;
	jrn_event	five[5] = {{0, 0, 0}, {1, 1, 0}, {2, 2, 0}, {3, 0, 0}, {4, 1, 0}};

	(void) jrn_transitions_begin(&map, &env, NULL, labels, 1 << 20);
	map.pairs.most = 5;			/* (start) 0, 0 1, 1 2, 2 0, 1 (end) */
	ok(jrn_transitions_add(&map, five, 5) == JRN_OK && map.pairs.count == 5, "R-PAIR-2 %u labels: as many pairs as may be", labels);
	ok_int(jrn_transitions_add(&map, five, 5), JRN_OK, "known pairs are no more");
	ok_int(jrn_transitions_add(&map, five, 3), JRN_LIMIT, "one more is too many");
	host_reset();
}

static void
check_edges(void)
{
	jrn_env		env = host_env();
	jrn_transitions map;
	jrn_event	wide[3] = {{-1, 0, 0}, {INT64_MAX - 1, 0, 0}, {INT64_MAX - 1, 0, 0}};
	int			i;

	ok_int(jrn_transitions_begin(&map, &env, NULL, 0, 1 << 20), JRN_OK, "no labels");
	ok_int(jrn_transitions_add(&map, wide, 0), JRN_DOMAIN, "a journey has events");
	ok_int(jrn_transitions_finish(&map), JRN_OK, "nobody");
	ok_int((long long) map.used, 0, "no customers, no pairs");
	ok_int(jrn_transitions_begin(&map, &env, NULL, UINT32_MAX, 1 << 20), JRN_LIMIT, "too many labels");
	(void) jrn_transitions_begin(&map, &env, NULL, 1, 1 << 20);
	for (i = 0; i < 3; i++)
		(void) jrn_transitions_add(&map, wide, 2);
	ok_int(jrn_transitions_finish(&map), JRN_OK, "the longest gaps there are");
	/* 3 * INT64_MAX microseconds, beyond int64 */
	ok_close(map.list[1].total_seconds, 27670116110564.327421, 1e-15, "their total is exact");
	host_reset();
}

void
test_transitions(void)
{
	state = 5;
	make_world(6, 6);
	check_world("6 labels");
	w.spill = false;
	w.limit = 1 << 20;
	ok_survives(everything, NULL, "transitions of 6 labels");
	make_world(100, 25);
	check_world("100 labels");
	make_world(5000, 25);
	check_world("5000 labels");
	w.spill = false;
	w.limit = 1 << 20;
	ok_survives(everything, NULL, "transitions of 5000 labels");
	check_cap(3);
	check_cap(2000);
	check_edges();
}
