/*
 * test_fingerprint.c
 *		Order-free sums of row hashes.
 *
 * Provenance: hashes of single rows with the Python package xxhash
 * (test/oracles/drift.py); the sum of many rows by the obvious loop.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/monitoring/fingerprint.h"

static void
ok_text(const jrn_fingerprint *sum, const char *want, const char *name)
{
	char		text[JRN_FINGERPRINT_TEXT];

	jrn_fingerprint_text(sum, text);
	ok(strcmp(text, want) == 0, "%s: %s", name, text);
}

static bool
equal(const jrn_fingerprint *a, const jrn_fingerprint *b)
{
	return a->high == b->high && a->low == b->low && a->rows == b->rows;
}

static void
test_text(void)
{
	jrn_fingerprint sum = {0, 0, 0};
	jrn_fingerprint top = {UINT64_MAX, UINT64_MAX, UINT64_MAX};
	jrn_fingerprint one = {0, 1, 1};

	ok_text(&sum, "00000000000000000000000000000000:0", "R-FPR-4 no rows");
	jrn_fingerprint_add(&sum, "abc", 3);
	/* python: xxhash.xxh64(b'abc', 0), xxhash.xxh64(b'abc', 0x6A09E667F3BCC908) */
	ok_text(&sum, "44bc2cf5ad770999473a27c285c3d8d2:1", "R-FPR-3 one row");
	ok_text(&top, "ffffffffffffffffffffffffffffffff:18446744073709551615", "the longest text");
	jrn_fingerprint_merge(&top, &one);
	ok_text(&top, "00000000000000000000000000000000:0", "carries, and wraps at 2^128");
}

static void
test_sums(void)
{
	enum
	{
		ROWS = 1000
	};
	jrn_fingerprint forth = {0, 0, 0};
	jrn_fingerprint back = {0, 0, 0};
	jrn_fingerprint parts[3] = {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
	jrn_fingerprint twice = {0, 0, 0};
	unsigned __int128 brute = 0;
	uint64_t	i;

	for (i = 0; i < ROWS; i++)
	{
		uint64_t	other = ROWS - 1 - i;

		jrn_fingerprint_add(&forth, &i, sizeof(i));
		jrn_fingerprint_add(&back, &other, sizeof(other));
		jrn_fingerprint_add(&parts[i % 3], &i, sizeof(i));
		brute += (unsigned __int128) jrn_hash_bytes(&i, sizeof(i), 0) << 64 |
			jrn_hash_bytes(&i, sizeof(i), UINT64_C(0x6A09E667F3BCC908));
	}
	jrn_fingerprint_merge(&parts[2], &parts[0]);
	jrn_fingerprint_merge(&parts[2], &parts[1]);
	ok(equal(&forth, &back), "R-FPR-1 rows the other way round");
	ok(equal(&forth, &parts[2]), "R-FPR-1 rows dealt to three");
	ok(forth.high == (uint64_t) (brute >> 64) && forth.low == (uint64_t) brute, "the sum modulo 2^128");
	jrn_fingerprint_add(&twice, "a", 1);
	jrn_fingerprint_add(&twice, "a", 1);
	ok(twice.high != 0 && twice.low != 0 && twice.rows == 2, "R-FPR-2 two equal rows do not cancel");
}

void
test_fingerprint(void)
{
	test_text();
	test_sums();
}
