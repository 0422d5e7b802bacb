/*
 * test_store.c
 *		The partitioned store against a plain list: same records in the same
 *		partitions in order of arrival, in memory and spilled; and the sort.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/core/sort.h"
#include "../../src/core/store.h"

typedef struct fill_case
{
	size_t		limit;
	int			bits;
	int			records;
	bool		spilled;
	uint64_t	digest;
} fill_case;

/* Fill with records of varying size and read back; digest of what came. */
static jrn_status
fill_and_read(const jrn_env *env, void *arg)
{
	fill_case  *c = arg;
	jrn_store	store;
	jrn_file	file = host_file();
	jrn_store_cursor cursor;
	const char *bytes;
	size_t		size;
	size_t		part;
	uint64_t	last;
	int			seen = 0;
	jrn_status	status = JRN_OK;
	int			i;

	c->digest = 0;
	status = jrn_store_begin(&store, env, &file, c->bits, c->limit);
	for (i = 0; i < c->records && status == JRN_OK; i++)
	{
		uint64_t	hash = jrn_hash_u64((uint64_t) i, 7);
		size_t		words = 2 + (size_t) (i % 5) + (i % 1000 == 999 ? 3000 : 0);
		void	   *out;

		status = jrn_store_reserve(&store, hash, words * 8, &out);
		if (status == JRN_OK)
		{
			uint64_t	head[2] = {words, (uint64_t) i};

			memset(out, 0, words * 8);
			memcpy(out, head, 16);
		}
	}
	c->spilled = status == JRN_OK && store.file_size > 0;
	for (part = 0; part < (size_t) 1 << c->bits && status == JRN_OK; part++)
	{
		last = 0;
		jrn_store_open(&store, part, part % 2 == 0, &cursor);
		while ((status = jrn_store_next(&cursor, &bytes, &size)) == JRN_OK && size > 0)
		{
			size_t		at = 0;

			while (at < size)
			{
				uint64_t	head[2];

				memcpy(head, bytes + at, 16);
				if (head[1] + 1 <= last)
					c->digest ^= UINT64_C(0xdead);	/* order of arrival broken */
				last = head[1] + 1;
				if (c->bits > 0 && jrn_hash_u64(head[1], 7) >> (64 - c->bits) != part)
					c->digest ^= UINT64_C(0xbeef);
				c->digest += jrn_hash_u64(head[1], head[0]);
				seen++;
				at += head[0] * 8;
			}
		}
		jrn_store_close(&cursor);
	}
	if (status == JRN_OK && seen != c->records)
		c->digest ^= 1;
	fclose(file.host);
	return status;
}

static uint64_t
expected_digest(int records)
{
	uint64_t	digest = 0;
	int			i;

	for (i = 0; i < records; i++)
		digest += jrn_hash_u64((uint64_t) i, 2 + (uint64_t) (i % 5) + (i % 1000 == 999 ? 3000 : 0));
	return digest;
}

#define INT_LESS(ctx, x, y) ((x) < (y))
JRN_SORT_DEFINE(sort_ints, int64_t, int, INT_LESS)

static void
test_sort(void)
{
	static int64_t a[20000];
	jrn_env		env = host_env();
	int			shape;

	for (shape = 0; shape < 6; shape++)
	{
		size_t		n = shape == 5 ? 17 : 20000;
		int64_t		sum = 0;
		bool		sorted = true;
		size_t		i;

		for (i = 0; i < n; i++)
		{
			int64_t		random = (int64_t) (jrn_hash_u64(i, 1) >> 20);

			a[i] = shape == 0 ? random : shape == 1 ? (int64_t) i : shape == 2 ? (int64_t) (n - i)
				: shape == 3 ? 5 : shape == 4 ? random % 3 : (int64_t) ((i * 7919) % 10);
			sum += a[i];
		}
		ok(sort_ints(&env, a, n, 0) == JRN_OK, "sort shape %d", shape);
		for (i = 0; i < n; i++)
			sum -= a[i];
		for (i = 1; i < n; i++)
			sorted = sorted && a[i - 1] <= a[i];
		ok(sorted && sum == 0, "shape %d is sorted and complete", shape);
	}
}

void		test_store(void);

void
test_store(void)
{
	jrn_env		env = host_env();
	fill_case	cases[] = {{(size_t) 1 << 30, 8, 20000, false, 0}, {100000, 8, 20000, true, 0},
	{1, 3, 5000, true, 0}, {(size_t) 1 << 30, 0, 1000, false, 0}, {1000, 0, 0, false, 0}};
	size_t		i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		bool		want_spill = cases[i].spilled;

		ok(fill_and_read(&env, &cases[i]) == JRN_OK, "R-STORE-2 case %zu runs", i);
		ok(cases[i].digest == expected_digest(cases[i].records),
		   "R-STORE-1 case %zu: every record once, in order of arrival", i);
		ok(cases[i].spilled == want_spill, "case %zu: spilled %d", i, want_spill);
		host_reset();
	}
	cases[2].records = 300;
	ok_survives(fill_and_read, &cases[2], "store");
	test_sort();
}
