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
#define MOST_PACKED 96

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

/* Paths as they were shown, packed; then in the order of their bytes. */
typedef struct packed_path
{
	size_t		size;
	unsigned char bytes[MOST_PACKED];
} packed_path;

typedef struct shown
{
	jrn_paths	paths;
	size_t		count;
	packed_path list[CUSTOMERS];
} shown;

static shown plain;
static shown small;

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
		outcomes[c] = draw(3) == 0 ? NAN : (double) draw(1000) / 7.0;	/* sums depend on the order */
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
same(const shown *all, const jrn_path *path, uint32_t base, const flat *f)
{
	size_t		i;

	if (jrn_path_length(&all->paths, path) != f->length)
		return false;
	for (i = 0; i < f->length; i++)
		if (jrn_path_label(&all->paths, path, i) != base + f->labels[i])
			return false;
	return true;
}

static int
compare(const void *x, const void *y)
{
	double		a = *(const double *) x;
	double		b = *(const double *) y;

	return (a > b) - (a < b);
}

static bool
path_agrees(const shown *all, const jrn_path *path, uint32_t base)
{
	double		durations[CUSTOMERS];
	double		sum = 0.0;
	int64_t		known = 0;
	size_t		n = 0;
	size_t		c;

	for (c = 0; c < CUSTOMERS; c++)
	{
		if (!same(all, path, base, &flats[c]))
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
keep(void *arg, const jrn_path *path)
{
	shown	   *all = arg;
	packed_path *out = &all->list[all->count];

	if (all->count == CUSTOMERS)
		return JRN_CORRUPT;
	out->size = jrn_path_packed_size(&all->paths, path);
	if (out->size > MOST_PACKED)
		return JRN_CORRUPT;
	jrn_path_pack(&all->paths, path, out->bytes);
	all->count++;
	return JRN_OK;
}

static int
compare_packed(const void *x, const void *y)
{
	const packed_path *a = x;
	const packed_path *b = y;
	int			order = memcmp(a->bytes, b->bytes, a->size < b->size ? a->size : b->size);

	return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

/* Codes from base on, out of labels of them. */
static jrn_status
group(const jrn_env *env, shown *all, const jrn_file *durations, const jrn_file *records, uint32_t base,
	  jrn_path_transform transform, size_t limit)
{
	jrn_event	moved[MOST_EVENTS];
	size_t		c;
	size_t		i;

	all->count = 0;
	JRN_TRY(jrn_paths_begin(&all->paths, env, durations, records, base + LABELS, transform, limit));
	for (c = 0; c < CUSTOMERS; c++)
	{
		for (i = 0; i < lengths[c]; i++)
		{
			moved[i] = events[c][i];
			moved[i].label += base;
		}
		JRN_TRY(jrn_paths_add(&all->paths, moved, lengths[c], outcomes[c]));
	}
	JRN_TRY(jrn_paths_visit(&all->paths, keep, all));
	qsort(all->list, all->count, sizeof(packed_path), compare_packed);
	return JRN_OK;
}

static bool
ranked(const shown *all, const jrn_path *a, const jrn_path *b)
{
	size_t		a_length = jrn_path_length(&all->paths, a);
	size_t		b_length = jrn_path_length(&all->paths, b);
	size_t		i;

	if (a->customers != b->customers)
		return a->customers > b->customers;
	for (i = 0; i < a_length && i < b_length; i++)
		if (jrn_path_label(&all->paths, a, i) != jrn_path_label(&all->paths, b, i))
			return jrn_path_label(&all->paths, a, i) < jrn_path_label(&all->paths, b, i);
	return a_length < b_length;
}

static void
check_plain(const char *name, uint32_t base)
{
	int64_t		customers = 0;
	jrn_path	path;
	jrn_path	last;
	size_t		i;
	int			bad = 0;
	int			unranked = 0;

	for (i = 0; i < plain.count; i++)
	{
		jrn_path_unpack(&plain.paths, plain.list[i].bytes, plain.list[i].size, &path);
		bad += !path_agrees(&plain, &path, base);
		customers += path.customers;
		unranked += i > 0 && !ranked(&plain, &last, &path);
		last = path;
	}
	ok_int(bad, 0, "R-PATH-1, R-PATH-3 %s: all %zu paths as by hand", name, plain.count);
	ok_int(customers, CUSTOMERS, "%s: everybody has one path", name);
	ok_int(unranked, 0, "R-PATH-2 %s: ranks", name);
}

/* R-PATH-4: the same bits with so little memory that paths go to the file. */
static void
check_small(const char *name, uint32_t base, jrn_path_transform transform, size_t limit, bool some_stay)
{
	jrn_env		env = host_env();
	jrn_file	durations = host_file();
	jrn_file	records = host_file();
	size_t		i;
	int			bad;

	ok_int(group(&env, &small, &durations, &records, base, transform, limit), JRN_OK, "%s: in %zu bytes",
		   name, limit);
	ok(small.paths.records.file_size > 0 && (small.paths.count > 0) == some_stay,
	   "%s: %zu of %zu paths stayed in the table", name, small.paths.count, small.count);
	for (i = 0, bad = small.count != plain.count; i < plain.count && bad == 0; i++)
		bad = small.list[i].size != plain.list[i].size ||
			memcmp(small.list[i].bytes, plain.list[i].bytes, plain.list[i].size) != 0;
	ok_int(bad, 0, "R-PATH-4 %s: the same", name);
}

/* rare: there are more paths than the larger of the two tables holds */
static void
check(jrn_path_transform transform, const char *name, uint32_t base, size_t width, bool rare)
{
	jrn_env		env = host_env();
	size_t		i;

	for (i = 0; i < CUSTOMERS; i++)
		flatten(i, transform);
	ok_int(group(&env, &plain, NULL, NULL, base, transform, 64), JRN_OK, "%s: grouped", name);
	ok_int((long long) plain.paths.width, (long long) width, "%s: bytes of a code", name);
	check_plain(name, base);
	check_small(name, base, transform, 64, false);
	if (rare)
		check_small(name, base, transform, 48 * 1024, true);
	host_reset();
}

typedef struct attempt
{
	jrn_file	durations;
	jrn_file	records;
	size_t		limit;
} attempt;

static jrn_status
everything(const jrn_env *env, void *arg)
{
	attempt    *call = arg;

	call->durations = host_file();
	call->records = host_file();
	return group(env, &small, &call->durations, &call->records, 0, JRN_PATH_ALL, call->limit);
}

static jrn_status
refuse(void *arg, const jrn_path *path)
{
	(void) arg;
	(void) path;
	return JRN_LIMIT;
}

static void
check_edges(void)
{
	jrn_env		env = host_env();
	jrn_paths	paths;

	ok_int(jrn_paths_begin(&paths, &env, NULL, NULL, 0, JRN_PATH_ALL, 1 << 20), JRN_OK, "no labels");
	ok_int(jrn_paths_add(&paths, events[0], 0, NAN), JRN_DOMAIN, "a journey has events");
	ok_int(jrn_paths_visit(&paths, refuse, NULL), JRN_OK, "nobody has no path");
	ok_int(jrn_paths_begin(&paths, &env, NULL, NULL, LABELS, JRN_PATH_ALL, 1 << 20), JRN_OK, "labels");
	ok_int(jrn_paths_add(&paths, events[0], lengths[0], NAN), JRN_OK, "somebody");
	ok_int(jrn_paths_visit(&paths, refuse, NULL), JRN_LIMIT, "a visitor's refusal is passed on");
	host_reset();
}

void
test_paths(void)
{
	attempt		call;

	make_journeys();
	check(JRN_PATH_ALL, "all", 0, 1, true);
	check(JRN_PATH_ALL, "all of 255 labels", UINT8_MAX - LABELS, 1, true);
	check(JRN_PATH_ALL, "all of 256 labels", UINT8_MAX - LABELS + 1, 2, true);
	check(JRN_PATH_ALL, "all of 65,536 labels", UINT16_MAX - LABELS + 1, 4, true);
	check(JRN_PATH_EXPOSURE, "exposure", 0, 1, true);
	check(JRN_PATH_UNIQUE, "unique", 254, 2, false);
	check_edges();
	call.limit = 1 << 20;
	ok_survives(everything, &call, "paths");
	call.limit = 48 * 1024;
	ok_survives(everything, &call, "paths with records in a file");
}
