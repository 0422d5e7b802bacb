/*
 * test_events.c
 *		Rows in any order, in memory or spilled, give the same journeys as a
 *		brute-force sort of all rows.
 */
#include "tap.h"

#include <stdlib.h>

#include "../../src/core/hash.h"
#include "../../src/events/events.h"

#define MAX_ROWS 4000

typedef struct row
{
	char		key[32];
	int64_t		ts;
	char		label[8];
	double		value;
	uint64_t	id;				/* big-endian bytes are made of it */
	uint64_t	hash;
} row;

typedef struct run
{
	row		   *rows;
	int			count;
	size_t		limit;
	bool		has_id;
	uint64_t	digest;			/* of all journeys in order */
	int			events_seen;
	bool		spilled;
	jrn_events *events;
} run;

static jrn_status
digest_journey(void *arg, const jrn_journey *journey)
{
	run		   *r = arg;
	size_t		i;

	r->digest = jrn_hash_bytes(journey->key, journey->key_size, r->digest);
	for (i = 0; i < journey->n; i++)
	{
		const jrn_labels *labels = &r->events->labels;
		const jrn_label *label = &labels->list[labels->code_of_rank[journey->events[i].label]];
		double		value = jrn_journey_column(journey, i, 0);

		r->digest = jrn_hash_u64((uint64_t) journey->events[i].ts, r->digest);
		r->digest = jrn_hash_bytes(label->bytes, label->size, r->digest);
		r->digest = jrn_hash_bytes(&value, 8, r->digest);
		r->events_seen++;
	}
	return JRN_OK;
}

static void
id_bytes(uint64_t id, unsigned char out[8])
{
	int			i;

	for (i = 0; i < 8; i++)
		out[i] = (unsigned char) (id >> (56 - 8 * i));
}

static jrn_status
run_events(const jrn_env *env, void *arg)
{
	run		   *r = arg;
	jrn_events	events;
	jrn_file	file = host_file();
	jrn_status	status;
	int			i;

	r->digest = 0;
	r->events_seen = 0;
	r->events = &events;
	status = jrn_events_begin(&events, env, &file, 1, r->has_id, r->limit);
	for (i = 0; i < r->count && status == JRN_OK; i++)
	{
		const row  *w = &r->rows[i];
		unsigned char id[8];
		uint32_t	code;

		id_bytes(w->id, id);
		status = jrn_labels_intern(&events.labels, w->label, strlen(w->label), &code);
		if (status == JRN_OK)
			status = jrn_events_append(&events, w->key, strlen(w->key), w->ts, code,
									   &w->value, (const char *) id, 8);
	}
	if (status == JRN_OK)
		status = jrn_events_visit(&events, digest_journey, r);
	r->spilled = status == JRN_OK && events.store.file_size > 0;
	fclose(file.host);
	return status;
}

static bool compare_ids;

static int
compare_rows(const void *a, const void *b)
{
	const row  *x = a;
	const row  *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (strcmp(x->key, y->key) != 0)
		return strcmp(x->key, y->key);
	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	if (compare_ids && x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (strcmp(x->label, y->label) != 0)
		return strcmp(x->label, y->label);
	return memcmp(&x->value, &y->value, 8);
}

/* The same digest from a full sort of all rows. */
static uint64_t
brute_force(const row *rows, int count, bool has_id)
{
	static row	sorted[MAX_ROWS];
	uint64_t	digest = 0;
	int			i;

	memcpy(sorted, rows, (size_t) count * sizeof(row));
	compare_ids = has_id;
	qsort(sorted, (size_t) count, sizeof(row), compare_rows);
	for (i = 0; i < count; i++)
	{
		const row  *w = &sorted[i];

		if (i == 0 || strcmp(w->key, sorted[i - 1].key) != 0)
			digest = jrn_hash_bytes(w->key, strlen(w->key), digest);
		digest = jrn_hash_u64((uint64_t) w->ts, digest);
		digest = jrn_hash_bytes(w->label, strlen(w->label), digest);
		digest = jrn_hash_bytes(&w->value, 8, digest);
	}
	return digest;
}

/* Few instants and labels, so that ties abound; one customer has half the rows. */
static void
make_rows(row *rows, int count, uint64_t seed)
{
	int			i;

	for (i = 0; i < count; i++)
	{
		uint64_t	h = jrn_hash_u64((uint64_t) i, seed);
		row		   *w = &rows[i];

		memset(w, 0, sizeof(*w));
		snprintf(w->key, sizeof(w->key), "%s%d", h % 3 == 0 ? "a-rather-long-customer-" : "c",
				 h % 2 == 0 ? 1 : (int) (h >> 8) % 300);
		w->ts = (int64_t) (h >> 20) % 50 - 25;
		snprintf(w->label, sizeof(w->label), "l%d", (int) (h >> 32) % 12);
		w->value = (double) ((h >> 40) % 5);
		w->id = (h >> 16) % 7;
		w->hash = jrn_hash_bytes(w->key, strlen(w->key), 0);
	}
}

static void
shuffle(row *rows, int count, uint64_t seed)
{
	int			i;

	for (i = count - 1; i > 0; i--)
	{
		int			j = (int) (jrn_hash_u64((uint64_t) i, seed) % (uint64_t) (i + 1));
		row			t = rows[i];

		rows[i] = rows[j];
		rows[j] = t;
	}
}

void		test_events(void);

void
test_events(void)
{
	static row	rows[MAX_ROWS];
	jrn_env		env = host_env();
	static const int counts[] = {1, 2, 50, MAX_ROWS};
	static const size_t limits[] = {(size_t) 1 << 30, 200000, 1};
	size_t		c,
				l;
	int			has_id;
	run			r;

	for (c = 0; c < 4; c++)
		for (has_id = 0; has_id < 2; has_id++)
		{
			uint64_t	want;

			make_rows(rows, counts[c], 11 + c);
			want = brute_force(rows, counts[c], has_id != 0);
			for (l = 0; l < 3; l++)
			{
				memset(&r, 0, sizeof(r));
				r.rows = rows;
				r.count = counts[c];
				r.limit = limits[l];
				r.has_id = has_id != 0;
				shuffle(rows, counts[c], l + 5);
				ok(run_events(&env, &r) == JRN_OK && r.digest == want && r.events_seen == counts[c],
				   "R-EVT-1 R-EVT-2 %d rows, limit %zu, id %d: as the full sort",
				   counts[c], limits[l], has_id);
				ok(r.spilled == (c == 3 && l == 2) || c < 3 || l == 1,
				   "limit %zu spills as it should", limits[l]);
				host_reset();
			}
		}
	make_rows(rows, 60, 3);
	memset(&r, 0, sizeof(r));
	r.rows = rows;
	r.count = 60;
	r.limit = 1;
	r.has_id = true;
	ok_survives(run_events, &r, "events");
}
