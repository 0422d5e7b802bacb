/*
 * test_hash.c
 *		Vectors of the frozen hash and what is derived from it.
 *
 * Provenance: reference vectors of the design (XXH64 of the listed bytes),
 * confirmed with the python package xxhash 3.x; see test/oracles/README.md.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/folds/folds.h"

static void
test_vectors(void)
{
	static const struct
	{
		const char *text;
		uint64_t	hash;
		int			fold;
	}			cases[] = {
		{"", UINT64_C(0xEF46DB3751D8E999), 10},
		{"a", UINT64_C(0xD24EC4F1A98C6E5B), 9},
		{"abc", UINT64_C(0x44BC2CF5AD770999), 3},
		{"caf\xc3\xa9", UINT64_C(0x9A40A9B974D85A6A), 7},
		{"customer-000000000000000000000000000000001", UINT64_C(0x00B07F64A00B1122), 1},
	};
	static const unsigned char uuid[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	static const unsigned char pair[17] = {8, 0, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 'a'};
	size_t		i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		uint64_t	h = jrn_hash_bytes(cases[i].text, strlen(cases[i].text), 0);

		ok(h == cases[i].hash, "R-HASH-1 hash of text vector %zu", i);
		ok_int(jrn_hash_fold(h, 10), cases[i].fold, "R-HASH-3 fold of text vector %zu", i);
	}
	ok(jrn_hash_bytes(uuid, 16, 0) == UINT64_C(0x44B6EF2FB84169F7), "R-HASH-1 uuid");
	ok(jrn_hash_bytes(pair, 17, 0) == UINT64_C(0x6A73F42E2F2532DD), "R-HASH-1 composite key");
}

static void
test_integers(void)
{
	static const int64_t keys[] = {0, 1, 42, -1};
	static const uint64_t seed0[] = {UINT64_C(0x34C96ACDCADB1BBB), UINT64_C(0x9F29CB17A2A49995),
	UINT64_C(0xB556806FB6D14353), UINT64_C(0x85D136ADB773C6C9)};
	static const uint64_t seed42[] = {UINT64_C(0xB71B47EBDA15746C), UINT64_C(0x9ED50FD59358D232),
	UINT64_C(0xA092F330C19FF2DE), UINT64_C(0x358AE035BFB46FD2)};
	static const int folds[] = {3, 7, 8, 6};
	static const int repeat2[] = {1, 1, 10, 4};
	static const int repeat3[] = {7, 5, 2, 4};
	int			i;

	ok(jrn_seed_derive(0, "", 2) == UINT64_C(0x6BCD7F5F8033FF94), "R-HASH-2 derive(0, '', 2)");
	for (i = 0; i < 4; i++)
	{
		uint64_t	key = (uint64_t) keys[i];

		ok(jrn_hash_u64(key, 0) == seed0[i], "R-HASH-1 integer %d seed 0", i);
		ok(jrn_hash_u64(key, 42) == seed42[i], "R-HASH-1 integer %d seed 42", i);
		ok_int(jrn_hash_fold(jrn_hash_u64(key, 0), 10), folds[i], "fold of integer %d", i);
		ok_int(jrn_hash_fold(jrn_hash_u64(key, jrn_seed_of_repeat(0, 2)), 10), repeat2[i],
			   "repeat 2 of integer %d", i);
		ok_int(jrn_hash_fold(jrn_hash_u64(key, jrn_seed_of_repeat(0, 3)), 10), repeat3[i],
			   "repeat 3 of integer %d", i);
	}
}

static void
test_derived(void)
{
	static const double thirds[] = {0.6, 0.2, 0.2};
	static const int parts[] = {3, 1, 2, 1, 3, 1, 1, 1, 1, 1};
	static const int64_t boot_keys[] = {0, 1, 42, -1, 2, 3, 4, 5};
	static const int weights[] = {1, 0, 2, 0, 1, 2, 1, 1};
	uint64_t	split = jrn_seed_derive(0, "split", 0);
	uint64_t	boot = jrn_seed_derive(0, "boot", 2);
	double		sum = 0;
	int			i;

	for (i = 0; i < 10; i++)
		ok_int(jrn_hash_part(jrn_hash_u64((uint64_t) i, split), thirds, 3), parts[i],
			   "R-HASH-5 part of key %d", i);
	for (i = 0; i < 8; i++)
		ok_int(jrn_hash_poisson(jrn_hash_u64((uint64_t) boot_keys[i], boot)), weights[i],
			   "R-HASH-4 weight of key %d", (int) boot_keys[i]);
	for (i = 0; i < 100000; i++)
		sum += jrn_hash_poisson(jrn_hash_u64((uint64_t) i, boot));
	ok_close(sum / 100000, 1.0, 0.02, "weights average 1");
}

/* ntile vector: keys 0..9 with one row each, k = 5. */
static void
test_ntile(void)
{
	static const int want[] = {2, 4, 5, 2, 1, 3, 3, 1, 5, 4};
	int			i,
				j;

	for (i = 0; i < 10; i++)
	{
		int			before = 0;

		for (j = 0; j < 10; j++)
			before += jrn_hash_u64((uint64_t) j, 0) < jrn_hash_u64((uint64_t) i, 0);
		ok_int(jrn_fold_ntile(before, 1, 10, 5), want[i], "R-FOLD-2 ntile of key %d", i);
	}
}

void		test_hash(void);

void
test_hash(void)
{
	test_vectors();
	test_integers();
	test_derived();
	test_ntile();
}
