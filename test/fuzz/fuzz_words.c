/*
 * fuzz_words.c
 *		Any text as a list of funnel modes, and any bytes under the frozen hash.
 */
#include <stdlib.h>

#include "../../src/core/hash.h"
#include "../../src/funnels/funnel.h"
#include "fuzz.h"

static void
check_mode(const char *text, unsigned allowed)
{
	unsigned	mode,
				again;
	const char *word;
	size_t		size;
	char		words[256];
	jrn_funnel_mode_fault fault = jrn_funnel_mode_parse(text, allowed, &mode, &word, &size);

	MUST(word >= text && size <= strlen(text) - (size_t) (word - text));
	MUST((mode & ~allowed) == 0);
	if (fault != JRN_FUNNEL_MODE_OK)
		return;
	MUST(mode != 0);
	jrn_funnel_mode_words(mode, words, sizeof(words));
	MUST(jrn_funnel_mode_parse(words, allowed, &again, &word, &size) == JRN_FUNNEL_MODE_OK);
	MUST(again == mode);
}

/* The same bytes from another place have the same hash; folds are nested. */
static void
check_hash(const uint8_t *bytes, size_t size)
{
	uint64_t	hash = jrn_hash_bytes(bytes, size, 0);
	uint8_t    *moved = malloc(size + 1);
	double		half[2] = {0.5, 0.5};
	int32_t		k;

	if (moved == NULL)
		return;
	if (size > 0)
		memcpy(moved + 1, bytes, size);
	MUST(jrn_hash_bytes(moved + 1, size, 0) == hash);
	free(moved);
	for (k = 1; k <= 64; k++)
	{
		int32_t		fold = jrn_hash_fold(hash, k);

		MUST(fold >= 1 && fold <= k);
		MUST((jrn_hash_fold(hash, 2 * k) + 1) / 2 == fold);	/* R-HASH-3 */
	}
	MUST(jrn_hash_poisson(hash) >= 0);
	k = jrn_hash_part(hash, half, 2);
	MUST(k == jrn_hash_fold(hash, 2) || k == jrn_hash_fold(hash, 2) - 1);
	if (size == 8)
	{
		uint64_t	value = 0;
		int			i;

		for (i = 7; i >= 0; i--)
			value = value << 8 | bytes[i];
		MUST(jrn_hash_u64(value, 0) == hash);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char	   *text = malloc(size + 1);

	(void) fuzz_begin();
	if (text == NULL)
		return 0;
	if (size > 0)
		memcpy(text, bytes, size);
	text[size] = '\0';
	check_mode(text, JRN_FUNNEL_TABLE_MODES);
	check_mode(text, JRN_FUNNEL_AGGREGATE_MODES);
	free(text);
	check_hash(bytes, size);
	return fuzz_end();
}
