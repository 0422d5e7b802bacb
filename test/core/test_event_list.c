/*
 * test_event_list.c
 *		Events of a group: dictionary, canonical order, merging, wire form.
 */
#include "tap.h"

#include <stdlib.h>

#include "../../src/core/hash.h"
#include "../../src/features/event_list.h"

#define MOST 3000

typedef struct row
{
	char		label[16];
	int64_t		ts;
	double		value;
} row;

static row	rows[MOST];
static uint64_t counter;

static uint64_t
draw(uint64_t below)
{
	return jrn_hash_u64(counter++, 31) % below;
}

static int
compare_rows(const void *x, const void *y)
{
	const row  *a = x,
			   *b = y;
	int			order;

	if (a->ts != b->ts)
		return a->ts < b->ts ? -1 : 1;
	order = strcmp(a->label, b->label);
	if (order != 0)
		return order;
	if (isnan(a->value) || isnan(b->value))
		return isnan(a->value) - isnan(b->value);
	return (a->value > b->value) - (a->value < b->value);
}

static jrn_status
add_rows(const jrn_env *env, jrn_event_list *list, size_t from, size_t to)
{
	size_t		i;

	for (i = from; i < to; i++)
		JRN_TRY(jrn_event_list_add(env, list, rows[i].label, strlen(rows[i].label),
								   rows[i].ts, rows[i].value));
	return JRN_OK;
}

/* Does the list order into the rows as sorted by compare_rows? */
static bool
same_as(const jrn_env *env, const jrn_event_list *list, const row *sorted, size_t n)
{
	jrn_order_work work;
	jrn_ordered out;
	size_t		i;

	memset(&work, 0, sizeof(work));
	if (jrn_event_list_order(env, list, &work, &out) != JRN_OK || out.n != n)
		return false;
	for (i = 0; i < n; i++)
	{
		size_t		size;
		const char *bytes = jrn_vocabulary_bytes(&list->labels, out.codes[out.events[i].label], &size);

		if (out.events[i].ts != sorted[i].ts || size != strlen(sorted[i].label) ||
			memcmp(bytes, sorted[i].label, size) != 0)
			return false;
		if (list->has_values && (isnan(sorted[i].value) ? !isnan(out.values[i]) :
								 out.values[i] != sorted[i].value || signbit(out.values[i])))
			return false;
	}
	return true;
}

static void
make_rows(size_t n, uint64_t labels, uint64_t span)
{
	size_t		i;

	for (i = 0; i < n; i++)
	{
		snprintf(rows[i].label, sizeof(rows[i].label), "%.*s%d", (int) draw(3), "\xc3\xa9",
				 (int) draw(labels));
		rows[i].ts = (int64_t) draw(span) - (int64_t) span / 2;
		rows[i].value = draw(4) == 0 ? NAN : draw(4) == 0 ? -0.0 : (double) draw(3);
	}
}

static void
test_orders(const jrn_env *env)
{
	static row	sorted[MOST];
	int			bad = 0,
				round;

	for (round = 0; round < 400; round++)
	{
		size_t		n = 1 + draw(round % 10 == 0 ? MOST : 40),
					cut = draw(n + 1),
					size,
					i;
		jrn_event_list whole,
					left,
					right,
					decoded;
		unsigned char *wire;

		make_rows(n, round % 3 == 0 ? 300 : 5, round % 2 == 0 ? 8 : 1 << 20);
		memcpy(sorted, rows, n * sizeof(row));
		qsort(sorted, n, sizeof(row), compare_rows);
		for (i = 0; i < n; i++)
			if (!isnan(sorted[i].value))
				sorted[i].value += 0.0;
		if (round % 7 == 0)
			memcpy(rows, sorted, n * sizeof(row));
		memset(&whole, 0, sizeof(whole));
		whole.has_values = round % 4 != 0;
		left = right = whole;
		bad += add_rows(env, &whole, 0, n) != JRN_OK || !same_as(env, &whole, sorted, n);
		bad += add_rows(env, &right, 0, cut) != JRN_OK || add_rows(env, &left, cut, n) != JRN_OK;
		bad += jrn_event_list_merge(env, &left, &right) != JRN_OK || !same_as(env, &left, sorted, n);
		size = jrn_event_list_wire_size(&left);
		wire = malloc(size);
		bad += jrn_event_list_encode(env, &left, wire) != JRN_OK;
		bad += jrn_event_list_decode(env, wire, size, &decoded) != JRN_OK ||
			!same_as(env, &decoded, sorted, n) || decoded.has_values != left.has_values;
		free(wire);
	}
	ok_int(bad, 0, "R-LIST-1 order of 400 random groups, merged and sent");
}

/* R-LIST-4: no mutation of the bytes may be accepted with a wrong list. */
static void
test_hostile(const jrn_env *env)
{
	jrn_event_list list,
				decoded;
	unsigned char *wire,
			   *whole;
	size_t		size,
				i;
	int			accepted = 0,
				round;

	memset(&list, 0, sizeof(list));
	list.has_values = true;
	make_rows(20, 5, 100);
	ok(add_rows(env, &list, 0, 20) == JRN_OK, "a list to damage");
	size = jrn_event_list_wire_size(&list);
	whole = malloc(size);
	ok(jrn_event_list_encode(env, &list, whole) == JRN_OK, "encoded");
	for (i = 0; i < size; i++)
	{
		wire = malloc(i > 0 ? i : 1);	/* exact size: reading on is seen */
		memcpy(wire, whole, i);
		accepted += jrn_event_list_decode(env, wire, i, &decoded) == JRN_OK;
		free(wire);
	}
	ok_int(accepted, 0, "R-LIST-4 every truncation is refused");
	wire = malloc(size);
	for (round = 0; round < 20000; round++)
	{
		jrn_status	status;
		size_t		k;

		memcpy(wire, whole, size);
		for (k = 0; k <= (size_t) round % 3; k++)
			wire[round % 2 ? draw(size) : draw(60)] = (unsigned char) draw(256);
		status = jrn_event_list_decode(env, wire, size, &decoded);
		if (status == JRN_OK)
			for (k = 0; k < decoded.count; k++)
				if (decoded.events[k].label >= decoded.labels.count || isinf(decoded.values[k]))
					accepted++;
		if (status != JRN_OK && status != JRN_CORRUPT)
			accepted++;
		if (round % 256 == 0)
			host_reset();
	}
	free(wire);
	free(whole);
	ok_int(accepted, 0, "R-LIST-4 20,000 damaged messages: a valid list or a status");
}

/* Header fields and items at their limits. */
static void
test_crafted(const jrn_env *env)
{
	static const struct
	{
		size_t		offset;
		int			bytes;
		uint64_t	value;
		const char *what;
	}			cases[] = {
		{0, 2, 0x4A4D, "another magic"},
		{2, 1, 2, "another version"},
		{3, 1, 2, "an unknown flag"},
		{3, 1, 0, "values that are not announced"},
		{4, 4, 0, "no labels"},
		{4, 4, 3, "more labels than events"},
		{4, 4, UINT32_MAX, "labels beyond all bounds"},
		{8, 8, 0, "no events"},
		{8, 8, 1, "fewer events than bytes"},
		{8, 8, UINT64_MAX, "events beyond all bounds"},
		{16, 4, 0, "an empty label"},
		{16, 4, UINT32_MAX, "a label beyond the end"},
		{25, 1, 'a', "a label twice"},
		{26 + 8, 4, 2, "a label code one too high"},
		{26 + 8, 4, UINT32_MAX, "a label code far too high"},
		{26, 8, UINT64_C(1) << 63, "an event at -infinity"},
		{26 + 20, 8, UINT64_MAX >> 1, "an event at infinity"},
		{26 + 32, 8, UINT64_C(0x7ff0) << 48, "an infinite value"},
	};
	jrn_event_list list,
				decoded;
	unsigned char wire[66];
	size_t		c;

	memset(&list, 0, sizeof(list));
	list.has_values = true;
	ok(jrn_event_list_add(env, &list, "a", 1, 5, 1.5) == JRN_OK &&
	   jrn_event_list_add(env, &list, "b", 1, 6, NAN) == JRN_OK &&
	   jrn_event_list_wire_size(&list) == sizeof(wire), "two events take 66 bytes");
	ok(jrn_event_list_encode(env, &list, wire) == JRN_OK, "encoded");
	ok(jrn_event_list_decode(env, wire, sizeof(wire), &decoded) == JRN_OK &&
	   decoded.count == 2 && decoded.values[0] == 1.5 && isnan(decoded.values[1]) &&
	   decoded.events[1].ts == 6 && decoded.events[1].label == 1, "R-LIST-4 and come back");
	for (c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		int			i;

		if (jrn_event_list_encode(env, &list, wire) != JRN_OK)
			break;
		for (i = 0; i < cases[c].bytes; i++)
			wire[cases[c].offset + (size_t) i] =
				(unsigned char) (cases[c].value >> 8 * (cases[c].bytes - 1 - i));
		ok(jrn_event_list_decode(env, wire, sizeof(wire), &decoded) == JRN_CORRUPT,
		   "R-LIST-4 refuses %s", cases[c].what);
	}
}

static void
test_labels(const jrn_env *env)
{
	static const char *tricky[] = {"b", "a", "ab", "a\xff", "\xff", "aa", "A", " ", "abc", "a b", "\x01"};
	static const char *wanted[] = {"\x01", " ", "A", "a", "a b", "aa", "ab", "abc", "a\xff", "b", "\xff"};
	jrn_vocabulary labels;
	uint32_t	codes[11],
				ranks[11],
				code;
	char	   *big = malloc(JRN_MAX_WORD_BYTES + 1);
	int			bad = 0,
				i;

	memset(&labels, 0, sizeof(labels));
	for (i = 0; i < 22; i++)
		bad += jrn_vocabulary_intern(env, &labels, tricky[i % 11], strlen(tricky[i % 11]), &code) != JRN_OK ||
			code != (uint32_t) (i % 11);
	ok_int(bad, 0, "R-VOC-1 labels are interned by bytes");
	ok(jrn_vocabulary_rank(env, &labels, codes, ranks) == JRN_OK, "ranks");
	for (i = 0; i < 11; i++)
	{
		size_t		size;
		const char *bytes = jrn_vocabulary_bytes(&labels, codes[i], &size);

		bad += size != strlen(wanted[i]) || memcmp(bytes, wanted[i], size) != 0 ||
			ranks[codes[i]] != (uint32_t) i;
	}
	ok_int(bad, 0, "R-VOC-2 ranks are the byte order");
	memset(big, 'x', JRN_MAX_WORD_BYTES + 1);
	ok(jrn_vocabulary_intern(env, &labels, big, JRN_MAX_WORD_BYTES, &code) == JRN_OK && code == 11,
	   "R-VOC-3 the longest label");
	ok(jrn_vocabulary_intern(env, &labels, big, JRN_MAX_WORD_BYTES + 1, &code) == JRN_LIMIT,
	   "R-VOC-3 one byte more");
	ok(jrn_vocabulary_intern(env, &labels, big, 0, &code) == JRN_DOMAIN, "R-VOC-3 an empty label");
	free(big);
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	jrn_event_list list,
				other;
	jrn_order_work work;
	jrn_ordered out;
	unsigned char *wire;
	size_t		size;

	(void) arg;
	memset(&list, 0, sizeof(list));
	memset(&other, 0, sizeof(other));
	memset(&work, 0, sizeof(work));
	list.has_values = other.has_values = true;
	JRN_TRY(add_rows(env, &list, 0, 20));
	JRN_TRY(add_rows(env, &other, 20, MOST));
	JRN_TRY(jrn_event_list_merge(env, &list, &other));
	JRN_TRY(jrn_event_list_merge(env, &list, &other));
	JRN_TRY(jrn_event_list_merge(env, &list, &other));
	size = jrn_event_list_wire_size(&list);
	JRN_TRY(jrn_alloc_array(env, size, 1, &wire));
	JRN_TRY(jrn_event_list_encode(env, &list, wire));
	JRN_TRY(jrn_event_list_decode(env, wire, size, &other));
	return jrn_event_list_order(env, &other, &work, &out);
}

void		test_event_list(void);

void
test_event_list(void)
{
	jrn_env		env = host_env();
	jrn_event_list plain,
				valued;

	test_labels(&env);
	test_orders(&env);
	test_hostile(&env);
	test_crafted(&env);
	memset(&plain, 0, sizeof(plain));
	memset(&valued, 0, sizeof(valued));
	valued.has_values = true;
	ok(jrn_event_list_add(&env, &plain, "a", 1, 1, NAN) == JRN_OK &&
	   jrn_event_list_add(&env, &valued, "a", 1, 1, 2) == JRN_OK &&
	   jrn_event_list_merge(&env, &plain, &valued) == JRN_CORRUPT,
	   "R-LIST-2 lists with and without values do not mix");
	make_rows(MOST, 400, 1 << 20);
	ok_survives(survive, NULL, "an event list");
}
