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
	size_t		key_size;
	int64_t		number;			/* of which key is made, with integer keys */
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
	bool		integer_keys;
	bool		label_column;	/* the column holds the label "v" and the value */
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

		if (r->label_column)
		{
			const jrn_labels *values = r->events->column_labels[0];

			label = &values->list[values->code_of_rank[(uint32_t) value]];
			value = label->bytes[1] - '0';
			label = &labels->list[labels->code_of_rank[journey->events[i].label]];
		}
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
	if (status == JRN_OK && r->integer_keys)
		jrn_events_integer_keys(&events);
	if (status == JRN_OK && r->label_column)
		status = jrn_events_label_column(&events, 0);
	for (i = 0; i < r->count && status == JRN_OK; i++)
	{
		const row  *w = &r->rows[i];
		unsigned char id[8];
		uint32_t	code;
		uint32_t	value_code = 0;
		double		value = w->value;

		id_bytes(w->id, id);
		status = jrn_labels_intern(&events.labels, w->label, strlen(w->label), &code);
		if (status == JRN_OK && r->label_column)
		{
			char		text[2] = {'v', (char) ('0' + (int) w->value)};

			status = jrn_labels_intern(events.column_labels[0], text, 2, &value_code);
			value = value_code;
		}
		if (status == JRN_OK && r->integer_keys)
			status = jrn_events_append_integer(&events, w->number, w->ts, code, &value,
											   (const char *) id, 8);
		else if (status == JRN_OK)
			status = jrn_events_append(&events, w->key, w->key_size, w->ts, code,
									   &value, (const char *) id, 8);
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
	if (jrn_bytes_compare(x->key, x->key_size, y->key, y->key_size) != 0)
		return jrn_bytes_compare(x->key, x->key_size, y->key, y->key_size);
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

		if (i == 0 || jrn_bytes_compare(w->key, w->key_size, sorted[i - 1].key,
										sorted[i - 1].key_size) != 0)
			digest = jrn_hash_bytes(w->key, w->key_size, digest);
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
		w->key_size = strlen(w->key);
		w->hash = jrn_hash_bytes(w->key, w->key_size, 0);
	}
}

/* The same customers by number, some negative; every fiftieth moment is far off. */
static void
make_integer_keys(row *rows, int count)
{
	int			i,
				b;

	for (i = 0; i < count; i++)
	{
		row		   *w = &rows[i];

		w->number = (int64_t) w->hash % 1000;
		for (b = 0; b < 8; b++)
			w->key[b] = (char) ((uint64_t) w->number >> (8 * b));
		w->key_size = 8;
		w->hash = jrn_hash_u64((uint64_t) w->number, 0);
		if (i % 50 == 7)
			w->ts = i % 100 == 7 ? INT64_MAX - w->ts * w->ts : INT64_MIN + w->ts * w->ts;
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

/* One set of rows in every order and limit against the full sort. */
static void
test_kind(const char *kind, bool integer_keys, bool label_column)
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
			if (integer_keys)
				make_integer_keys(rows, counts[c]);
			want = brute_force(rows, counts[c], has_id != 0);
			for (l = 0; l < 3; l++)
			{
				memset(&r, 0, sizeof(r));
				r.rows = rows;
				r.count = counts[c];
				r.limit = limits[l];
				r.has_id = has_id != 0;
				r.integer_keys = integer_keys;
				r.label_column = label_column;
				shuffle(rows, counts[c], l + 5);
				ok(run_events(&env, &r) == JRN_OK && r.digest == want && r.events_seen == counts[c],
				   "R-EVT-1 R-EVT-2 %s, %d rows, limit %zu, id %d: as the full sort",
				   kind, counts[c], limits[l], has_id);
				ok(r.spilled == (c == 3 && l == 2) || c < 3 || l == 1,
				   "limit %zu spills as it should", limits[l]);
				host_reset();
			}
		}
	make_rows(rows, 60, 3);
	if (integer_keys)
		make_integer_keys(rows, 60);
	memset(&r, 0, sizeof(r));
	r.rows = rows;
	r.count = 60;
	r.limit = 1;
	r.has_id = true;
	r.integer_keys = integer_keys;
	r.label_column = label_column;
	ok_survives(run_events, &r, kind);
}

/* ---- many labels, and one customer with a million events ---- */

typedef struct walk
{
	uint64_t	journeys;
	uint64_t	events;
	uint64_t	wrong;			/* neighbours out of order */
	uint64_t	sum;			/* over events, whatever their order */
} walk;

static jrn_status
check_journey(void *arg, const jrn_journey *journey)
{
	walk	   *w = arg;
	size_t		i;

	w->journeys++;
	for (i = 0; i < journey->n; i++)
	{
		const jrn_event *e = &journey->events[i];

		w->sum += jrn_hash_u64((uint64_t) e->ts, e->label);
		if (i > 0 && (e[-1].ts > e->ts || (e[-1].ts == e->ts && e[-1].label > e->label)))
			w->wrong++;
	}
	w->events += journey->n;
	return JRN_OK;
}

/* Labels "0", "1", ... beyond what a moment can hold (R-REC-1), all at one instant. */
static void
test_many_labels(void)
{
	jrn_env		env = host_env();
	jrn_events	events;
	walk		w = {0};
	const int	count = 20000;
	uint64_t	want = 0;
	bool		fine;
	int			i;

	fine = jrn_events_begin(&events, &env, NULL, 0, false, (size_t) 1 << 30) == JRN_OK;
	jrn_events_integer_keys(&events);
	for (i = 0; i < count && fine; i++)
	{
		char		label[16];
		uint32_t	code;

		snprintf(label, sizeof(label), "%05d", (int) ((i * UINT64_C(7919)) % (uint64_t) count));
		fine = jrn_labels_intern(&events.labels, label, 5, &code) == JRN_OK && code == (uint32_t) i &&
			jrn_events_append_integer(&events, -1, 5, code, NULL, NULL, 0) == JRN_OK;
		want += jrn_hash_u64(5, (uint64_t) i);
	}
	fine = fine && jrn_events_visit(&events, check_journey, &w) == JRN_OK;
	ok(fine && w.journeys == 1 && w.events == (uint64_t) count && w.wrong == 0 && w.sum == want,
	   "R-REC-1 R-LAB-3 twenty thousand labels of one instant come in byte order");
	ok(jrn_events_append(&events, "k", 1, 0, 0, NULL, NULL, 0) == JRN_DOMAIN,
	   "other keys among integers are refused");
	host_reset();
}

/* A file that counts what is read from it. */
static jrn_file counted_file;
static size_t bytes_read;

static int
counting_read(void *host, uint64_t offset, void *bytes, size_t size)
{
	bytes_read += size;
	return counted_file.read(host, offset, bytes, size);
}

/* Labels of every size to 40 that differ in one byte, wherever it is, in turn and again. */
static void
test_label_memo(void)
{
	jrn_env		env = host_env();
	jrn_labels	labels;
	uint32_t	wrong = 0;
	uint32_t	next;
	int			pass,
				size,
				at;

	ok(jrn_labels_begin(&labels, &env) == JRN_OK, "labels begin");
	for (pass = 0; pass < 3; pass++)
	{
		next = 0;
		for (size = 0; size <= 40; size++)
			for (at = 0; at <= size; at++)
			{
				char		bytes[40];
				uint32_t	code = UINT32_MAX;
				int			again;

				memset(bytes, 'a', sizeof(bytes));
				if (at < size)
					bytes[at] = '\0';
				for (again = 0; again < 2; again++)
					if (jrn_labels_intern(&labels, bytes, (size_t) size, &code) != JRN_OK || code != next)
						wrong++;
				next++;
			}
	}
	ok(wrong == 0 && labels.count == next, "R-LAB-1 R-LAB-3 labels that differ in one byte have their own codes");
	host_reset();
}

/* In memory: ascending, wrapped, falling, ties, random; and random with slices from a file. */
static void
test_one_customer(void)
{
	jrn_env		env = host_env();
	const int64_t n = 1000000;
	int			shape;

	for (shape = 0; shape < 6; shape++)
	{
		jrn_file	file;
		jrn_events	events;
		walk		w = {0};
		uint64_t	want = 0;
		uint32_t	codes[3];
		long		ticks = host_ticks();
		bool		fine;
		int64_t		i;

		counted_file = file = host_file();
		file.read = counting_read;
		bytes_read = 0;
		fine = jrn_events_begin(&events, &env, &file, 0, false,
								shape == 5 ? (size_t) 1 << 20 : (size_t) 1 << 30) == JRN_OK;
		jrn_events_integer_keys(&events);
		for (i = 0; i < 3; i++)
			fine = fine && jrn_labels_intern(&events.labels, i == 0 ? "a" : i == 1 ? "b" : "c", 1,
											 &codes[i]) == JRN_OK;
		for (i = 0; i < n && fine; i++)
		{
			uint64_t	h = jrn_hash_u64((uint64_t) i, 9);
			int64_t		ts = shape == 0 ? i : shape == 1 ? (i + n / 3) % n : shape == 2 ? n - i :
				shape == 3 ? i / 1000 : (int64_t) (h % 5000);

			fine = jrn_events_append_integer(&events, 77, ts, codes[h % 3], NULL, NULL, 0) == JRN_OK;
			want += jrn_hash_u64((uint64_t) ts, h % 3);
		}
		fine = fine && jrn_events_visit(&events, check_journey, &w) == JRN_OK;
		ok(fine && w.journeys == 1 && w.events == (uint64_t) n && w.wrong == 0 && w.sum == want,
		   "one customer with a million events, order %d", shape);
		ok(host_ticks() - ticks > 2 * n / 8192, "R-ENV-3 order %d can be stopped on the way", shape);
		ok(bytes_read <= 2 * events.store.file_size && (bytes_read > 0) == (shape == 5),
		   "R-EVT-3 order %d reads its file at most twice", shape);
		fclose(file.host);
		host_reset();
	}
}

void		test_events(void);

void
test_events(void)
{
	test_kind("text keys", false, false);
	test_kind("integer keys", true, false);
	test_kind("text keys, a label column", false, true);
	test_kind("integer keys, a label column", true, true);
	test_label_memo();
	test_many_labels();
	test_one_customer();
}
