/*
 * paths.c
 *		Grouping journeys by path (see paths.h).
 */
#include <math.h>
#include <string.h>

#include "../core/hash.h"
#include "../core/quantiles.h"
#include "../core/sort.h"
#include "paths.h"

#define MICROSECONDS 1000000
#define EVENTS_A_TICK 65536

/* Groups are 32-bit numbers in the samples. */
#define MOST_PATHS UINT32_MAX

jrn_status
jrn_paths_begin(jrn_paths *paths, const jrn_env *env, const jrn_file *file,
				uint32_t labels, jrn_path_transform transform, size_t memory_limit)
{
	memset(paths, 0, sizeof(*paths));
	paths->env = env;
	paths->transform = transform;
	paths->slot_count = 1024;
	JRN_TRY(jrn_alloc_zeroed(env, paths->slot_count, sizeof(uint32_t), &paths->slots));
	if (transform == JRN_PATH_UNIQUE)
		JRN_TRY(jrn_alloc_zeroed(env, labels, sizeof(uint64_t), &paths->seen));
	return jrn_samples_begin(&paths->durations, env, file, MOST_PATHS, memory_limit);
}

/* The transformed path in scratch (R-PATH-3). */
static jrn_status
transform(jrn_paths *paths, const jrn_event *events, size_t n, size_t *length)
{
	size_t		kept = 0;
	size_t		i;

	if (n > paths->scratch_capacity)
	{
		jrn_release(paths->env, paths->scratch);
		paths->scratch = NULL;
		JRN_TRY(jrn_alloc_array(paths->env, n, sizeof(uint32_t), &paths->scratch));
		paths->scratch_capacity = n;
	}
	for (i = 0; i < n; i++)
	{
		uint32_t	label = events[i].label;

		if (i % EVENTS_A_TICK == 0)
			JRN_TICK(paths->env);
		if (paths->transform == JRN_PATH_EXPOSURE && i > 0 && events[i - 1].label == label)
			continue;
		if (paths->transform == JRN_PATH_UNIQUE)
		{
			if (paths->seen[label] == paths->customers)
				continue;
			paths->seen[label] = paths->customers;
		}
		paths->scratch[kept++] = label;
	}
	*length = kept;
	return JRN_OK;
}

static size_t
find_slot(const jrn_paths *paths, uint64_t hash, const uint32_t *labels, size_t length)
{
	size_t		mask = paths->slot_count - 1;
	size_t		slot = (size_t) hash & mask;

	for (; paths->slots[slot] != 0; slot = (slot + 1) & mask)
	{
		const jrn_path *path = &paths->list[paths->slots[slot] - 1];

		/* R-PATH-1 */
		if (path->hash == hash && path->length == length &&
			memcmp(path->labels, labels, length * sizeof(uint32_t)) == 0)
			break;
	}
	return slot;
}

static jrn_status
grow_slots(jrn_paths *paths)
{
	size_t		i;

	jrn_release(paths->env, paths->slots);
	paths->slot_count *= 2;
	JRN_TRY(jrn_alloc_zeroed(paths->env, paths->slot_count, sizeof(uint32_t), &paths->slots));
	for (i = 0; i < paths->count; i++)
	{
		const jrn_path *path = &paths->list[i];

		paths->slots[find_slot(paths, path->hash, path->labels, path->length)] = (uint32_t) i + 1;
	}
	return JRN_OK;
}

/* Number of the path in scratch, new or known. */
static jrn_status
number_of(jrn_paths *paths, size_t length, uint32_t *number)
{
	uint64_t	hash = jrn_hash_bytes((const char *) paths->scratch, length * sizeof(uint32_t), 0);
	size_t		slot = find_slot(paths, hash, paths->scratch, length);
	uint32_t   *labels;
	jrn_path   *path;

	if (paths->slots[slot] != 0)
	{
		*number = paths->slots[slot] - 1;
		return JRN_OK;
	}
	if (paths->count >= MOST_PATHS - 1)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(paths->env, paths->count, &paths->capacity, sizeof(jrn_path), &paths->list));
	JRN_TRY(jrn_alloc_array(paths->env, length, sizeof(uint32_t), &labels));
	memcpy(labels, paths->scratch, length * sizeof(uint32_t));
	*number = (uint32_t) paths->count;
	path = &paths->list[paths->count++];
	memset(path, 0, sizeof(*path));
	path->hash = hash;
	path->labels = labels;
	path->length = length;
	paths->slots[slot] = *number + 1;
	return paths->count * 2 > paths->slot_count ? grow_slots(paths) : JRN_OK;
}

jrn_status
jrn_paths_add(jrn_paths *paths, const jrn_event *events, size_t n, double outcome)
{
	uint32_t	number;
	size_t		length;

	if (n == 0)
		return JRN_DOMAIN;
	paths->customers++;
	JRN_TRY(transform(paths, events, n, &length));
	JRN_TRY(number_of(paths, length, &number));
	paths->list[number].customers++;
	if (!isnan(outcome))
	{
		paths->list[number].known++;
		paths->list[number].outcome_sum += outcome;
	}
	return jrn_samples_add(&paths->durations, number, events[n - 1].ts - events[0].ts);
}

static jrn_status
measure(void *arg, uint32_t number, int64_t *durations, size_t n)
{
	static const double half = 0.5;
	jrn_paths  *paths = arg;

	return jrn_quantiles(paths->env, durations, n, MICROSECONDS, &half, 1,
						 &paths->list[number].median_seconds);
}

static bool
path_before(const jrn_paths *paths, uint32_t x, uint32_t y)
{
	const jrn_path *a = &paths->list[x];
	const jrn_path *b = &paths->list[y];
	size_t		i;

	if (a->customers != b->customers)
		return a->customers > b->customers;
	for (i = 0; i < a->length && i < b->length; i++)
		if (a->labels[i] != b->labels[i])
			return a->labels[i] < b->labels[i];
	return a->length < b->length;
}

JRN_SORT_DEFINE(sort_paths, uint32_t, const jrn_paths *, path_before)

jrn_status
jrn_paths_finish(jrn_paths *paths, uint32_t **order)
{
	size_t		i;

	JRN_TRY(jrn_samples_visit(&paths->durations, measure, paths));
	JRN_TRY(jrn_alloc_array(paths->env, paths->count, sizeof(uint32_t), order));
	for (i = 0; i < paths->count; i++)
		(*order)[i] = (uint32_t) i;
	return sort_paths(paths->env, *order, paths->count, paths);
}
