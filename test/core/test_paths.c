/*
 * test_paths.c
 *		Distinct paths against comparing every journey with every other.
 */
#include <stdlib.h>

#include "tap.h"

#include "../../src/maps/paths.h"

#define CUSTOMERS 600
#define MOST_EVENTS 7
#define LABELS 3

static size_t lengths[CUSTOMERS];
static jrn_event events[CUSTOMERS][MOST_EVENTS];
static double outcomes[CUSTOMERS];
static uint64_t state;

typedef struct flat
{
	size_t		length;
	uint32_t	labels[MOST_EVENTS];
} flat;

static flat flats[CUSTOMERS];

static uint64_t
draw(uint64_t below)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (state >> 33) % below;
}

static void
make_journeys(void)
{
	size_t		c;
	size_t		i;

	state = 3;
	for (c = 0; c < CUSTOMERS; c++)
	{
		int64_t		ts = 0;

		lengths[c] = 1 + draw(MOST_EVENTS);
		outcomes[c] = draw(3) == 0 ? NAN : (double) draw(2);
		for (i = 0; i < lengths[c]; i++)
		{
			ts += (int64_t) draw(5000000);
			events[c][i].ts = ts;
			events[c][i].label = (uint32_t) draw(LABELS);
		}
	}
}

static void
flatten(size_t c, jrn_path_transform transform)
{
	flat	   *f = &flats[c];
	size_t		i;
	size_t		k;

	f->length = 0;
	for (i = 0; i < lengths[c]; i++)
	{
		uint32_t	label = events[c][i].label;
		bool		seen = false;

		for (k = 0; k < f->length; k++)
			seen |= f->labels[k] == label;
		if ((transform == JRN_PATH_UNIQUE && seen) ||
			(transform == JRN_PATH_EXPOSURE && f->length > 0 && f->labels[f->length - 1] == label))
			continue;
		f->labels[f->length++] = label;
	}
}

static bool
same(const uint32_t *labels, size_t length, const flat *f)
{
	return length == f->length && memcmp(labels, f->labels, length * sizeof(uint32_t)) == 0;
}

static int
compare(const void *x, const void *y)
{
	double		a = *(const double *) x;
	double		b = *(const double *) y;

	return (a > b) - (a < b);
}

static bool
path_agrees(const jrn_path *path)
{
	double		durations[CUSTOMERS];
	double		sum = 0.0;
	int64_t		known = 0;
	size_t		n = 0;
	size_t		c;

	for (c = 0; c < CUSTOMERS; c++)
	{
		if (!same(path->labels, path->length, &flats[c]))
			continue;
		durations[n++] = (double) (events[c][lengths[c] - 1].ts - events[c][0].ts) / 1e6;
		if (!isnan(outcomes[c]))
		{
			known++;
			sum += outcomes[c];
		}
	}
	qsort(durations, n, sizeof(double), compare);
	return n > 0 && path->customers == (int64_t) n && path->known == known && path->outcome_sum == sum &&
		path->median_seconds == (n % 2 == 1 ? durations[n / 2] :
								 durations[n / 2 - 1] + 0.5 * (durations[n / 2] - durations[n / 2 - 1]));
}

static jrn_status
group(const jrn_env *env, jrn_paths *paths, uint32_t **order, const jrn_file *file,
	  jrn_path_transform transform, size_t limit)
{
	size_t		c;

	JRN_TRY(jrn_paths_begin(paths, env, file, LABELS, transform, limit));
	for (c = 0; c < CUSTOMERS; c++)
		JRN_TRY(jrn_paths_add(paths, events[c], lengths[c], outcomes[c]));
	return jrn_paths_finish(paths, order);
}

static bool
ranked(const jrn_path *a, const jrn_path *b)
{
	size_t		i;

	if (a->customers != b->customers)
		return a->customers > b->customers;
	for (i = 0; i < a->length && i < b->length; i++)
		if (a->labels[i] != b->labels[i])
			return a->labels[i] < b->labels[i];
	return a->length < b->length;
}

static void
check(jrn_path_transform transform, const char *name)
{
	jrn_env		env = host_env();
	jrn_file	file = host_file();
	jrn_paths	paths;
	jrn_paths	small;
	uint32_t   *order;
	uint32_t   *again;
	int64_t		all = 0;
	size_t		i;
	int			bad = 0;

	for (i = 0; i < CUSTOMERS; i++)
		flatten(i, transform);
	ok_int(group(&env, &paths, &order, NULL, transform, 1 << 26), JRN_OK, "%s: grouped", name);
	for (i = 0; i < paths.count; i++)
	{
		bad += !path_agrees(&paths.list[i]);
		all += paths.list[i].customers;
	}
	ok_int(bad, 0, "R-PATH-1, R-PATH-3 %s: all %zu paths as by hand", name, paths.count);
	ok_int(all, CUSTOMERS, "%s: everybody has one path", name);
	for (i = 1, bad = 0; i < paths.count; i++)
		bad += !ranked(&paths.list[order[i - 1]], &paths.list[order[i]]);
	ok_int(bad, 0, "R-PATH-2 %s: ranks", name);
	ok_int(group(&env, &small, &again, &file, transform, 64), JRN_OK, "%s: with little memory", name);
	ok(small.durations.store.file_size > 0, "%s: which spilled", name);
	for (i = 0, bad = small.count != paths.count; i < paths.count; i++)
		bad += again[i] != order[i] || small.list[i].median_seconds != paths.list[i].median_seconds;
	ok_int(bad, 0, "%s: the same", name);
	host_reset();
}

static jrn_status
everything(const jrn_env *env, void *arg)
{
	jrn_paths	paths;
	uint32_t   *order;

	(void) arg;
	return group(env, &paths, &order, NULL, JRN_PATH_UNIQUE, 1 << 20);
}

void
test_paths(void)
{
	jrn_env		env = host_env();
	jrn_paths	paths;
	uint32_t   *order;

	make_journeys();
	check(JRN_PATH_ALL, "all");
	check(JRN_PATH_EXPOSURE, "exposure");
	check(JRN_PATH_UNIQUE, "unique");
	ok_int(jrn_paths_begin(&paths, &env, NULL, 0, JRN_PATH_ALL, 1 << 20), JRN_OK, "no labels");
	ok_int(jrn_paths_add(&paths, events[0], 0, NAN), JRN_DOMAIN, "a journey has events");
	ok(jrn_paths_finish(&paths, &order) == JRN_OK && paths.count == 0, "nobody has no path");
	host_reset();
	ok_survives(everything, NULL, "paths");
}
