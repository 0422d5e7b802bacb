/*
 * fingerprint.c
 *		Sums of row hashes (requirements in fingerprint.h).
 */
#include "fingerprint.h"

#include "../core/hash.h"

/* R-FPR-3: the seeds of the two halves. */
#define SEED_HIGH UINT64_C(0)
#define SEED_LOW UINT64_C(0x6A09E667F3BCC908)

/* sum += high * 2^64 + low, modulo 2^128 */
static void
add_pair(jrn_fingerprint *sum, uint64_t high, uint64_t low)
{
	sum->low += low;
	sum->high += high + (sum->low < low);
}

void
jrn_fingerprint_add(jrn_fingerprint *sum, const void *bytes, size_t size)
{
	add_pair(sum, jrn_hash_bytes(bytes, size, SEED_HIGH), jrn_hash_bytes(bytes, size, SEED_LOW));
	sum->rows++;
}

void
jrn_fingerprint_merge(jrn_fingerprint *sum, const jrn_fingerprint *other)
{
	add_pair(sum, other->high, other->low);
	sum->rows += other->rows;
}

static char *
put_hex(char *at, uint64_t value)
{
	int			shift;

	for (shift = 60; shift >= 0; shift -= 4)
		*at++ = "0123456789abcdef"[(value >> shift) & 15];
	return at;
}

void
jrn_fingerprint_text(const jrn_fingerprint *sum, char text[JRN_FINGERPRINT_TEXT])
{
	char		digits[20];
	int			count = 0;
	uint64_t	rest = sum->rows;
	char	   *at = put_hex(put_hex(text, sum->high), sum->low);

	*at++ = ':';
	do
	{
		digits[count++] = (char) ('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	while (count > 0)
		*at++ = digits[--count];
	*at = '\0';
}
