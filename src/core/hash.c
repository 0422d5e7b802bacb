/*
 * hash.c
 *		XXH64 and what is derived from it (requirements in hash.h).
 */
#include <string.h>

#include "hash.h"

static uint64_t
read_le64(const unsigned char *p)
{
	uint64_t	value;

	memcpy(&value, p, sizeof(value));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	value = __builtin_bswap64(value);
#endif
	return value;
}

static uint32_t
read_le32(const unsigned char *p)
{
	uint32_t	value;

	memcpy(&value, p, sizeof(value));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	value = __builtin_bswap32(value);
#endif
	return value;
}

static uint64_t
round_lane(uint64_t lane, uint64_t input)
{
	return jrn_rotate_left(lane + input * JRN_XXH_PRIME2, 31) * JRN_XXH_PRIME1;
}

static uint64_t
merge_lane(uint64_t h, uint64_t lane)
{
	return (h ^ round_lane(0, lane)) * JRN_XXH_PRIME1 + JRN_XXH_PRIME4;
}

/* The part for inputs of 32 bytes and more; *p moves past whole stripes. */
static uint64_t
hash_stripes(const unsigned char **p, const unsigned char *end, uint64_t seed)
{
	uint64_t	v1 = seed + JRN_XXH_PRIME1 + JRN_XXH_PRIME2;
	uint64_t	v2 = seed + JRN_XXH_PRIME2;
	uint64_t	v3 = seed;
	uint64_t	v4 = seed - JRN_XXH_PRIME1;
	uint64_t	h;

	for (; end - *p >= 32; *p += 32)
	{
		v1 = round_lane(v1, read_le64(*p));
		v2 = round_lane(v2, read_le64(*p + 8));
		v3 = round_lane(v3, read_le64(*p + 16));
		v4 = round_lane(v4, read_le64(*p + 24));
	}
	h = jrn_rotate_left(v1, 1) + jrn_rotate_left(v2, 7) +
		jrn_rotate_left(v3, 12) + jrn_rotate_left(v4, 18);
	h = merge_lane(h, v1);
	h = merge_lane(h, v2);
	h = merge_lane(h, v3);
	return merge_lane(h, v4);
}

/*
 * XXH64 of size bytes.  O(size); bytes may be NULL when size is 0.
 */
uint64_t
jrn_hash_bytes(const void *bytes, size_t size, uint64_t seed)
{
	const unsigned char *p = bytes;
	const unsigned char *end = size > 0 ? p + size : p;
	uint64_t	h;

	if (size == 8)
		return jrn_hash_u64(read_le64(p), seed);
	h = size >= 32 ? hash_stripes(&p, end, seed) : seed + JRN_XXH_PRIME5;
	h += (uint64_t) size;
	for (; end - p >= 8; p += 8)
	{
		h ^= round_lane(0, read_le64(p));
		h = jrn_rotate_left(h, 27) * JRN_XXH_PRIME1 + JRN_XXH_PRIME4;
	}
	if (end - p >= 4)
	{
		h ^= (uint64_t) read_le32(p) * JRN_XXH_PRIME1;
		h = jrn_rotate_left(h, 23) * JRN_XXH_PRIME2 + JRN_XXH_PRIME3;
		p += 4;
	}
	for (; p < end; p++)
	{
		h ^= *p * JRN_XXH_PRIME5;
		h = jrn_rotate_left(h, 11) * JRN_XXH_PRIME1;
	}
	return jrn_hash_avalanche(h);
}

/* R-HASH-2; tag is a C string of at most 48 bytes. */
uint64_t
jrn_seed_derive(uint64_t seed, const char *tag, uint64_t index)
{
	unsigned char bytes[64];
	size_t		tag_size = strlen(tag);
	int			i;

	for (i = 0; i < 8; i++)
	{
		bytes[i] = (unsigned char) (seed >> (8 * i));
		bytes[8 + i] = (unsigned char) (index >> (8 * i));
	}
	if (tag_size > sizeof(bytes) - 16)
		tag_size = sizeof(bytes) - 16;
	memcpy(bytes + 16, tag, tag_size);
	return jrn_hash_bytes(bytes, 16 + tag_size, 0);
}

/* The seed of fold map number repeat: repeat 1 uses the seed itself. */
uint64_t
jrn_seed_of_repeat(uint64_t seed, int32_t repeat)
{
	return repeat <= 1 ? seed : jrn_seed_derive(seed, "", (uint64_t) repeat);
}

/* floor(2^64 * P(X <= m)) of a Poisson variable with mean 1, m = 0, 1, ... */
static const uint64_t poisson_thresholds[] = {
	UINT64_C(0x5E2D58D8B3BCDF1A), UINT64_C(0xBC5AB1B16779BE35),
	UINT64_C(0xEB715E1DC1582DC2), UINT64_C(0xFB23979734A252F1),
	UINT64_C(0xFF1025F59174DC3D), UINT64_C(0xFFD90F3BA4055E19),
	UINT64_C(0xFFFA8B71FC72C913), UINT64_C(0xFFFF540C0914B3C9),
	UINT64_C(0xFFFFED1F4AA8F120), UINT64_C(0xFFFFFE216E641462),
	UINT64_C(0xFFFFFFD4D85D3183), UINT64_C(0xFFFFFFFC6DA262B4),
	UINT64_C(0xFFFFFFFFBA12D178), UINT64_C(0xFFFFFFFFFB07C64C),
	UINT64_C(0xFFFFFFFFFFAB8EA5), UINT64_C(0xFFFFFFFFFFFABE22),
	UINT64_C(0xFFFFFFFFFFFFB11A), UINT64_C(0xFFFFFFFFFFFFFBA1),
	UINT64_C(0xFFFFFFFFFFFFFFC5), UINT64_C(0xFFFFFFFFFFFFFFFD)
};

/* R-HASH-4; the hash is one under derive(seed, "boot", replicate). */
int32_t
jrn_hash_poisson(uint64_t hash)
{
	const int32_t count = (int32_t) (sizeof(poisson_thresholds) / sizeof(poisson_thresholds[0]));
	/* without branches: the small weights are as good as random to a processor */
	int32_t		weight = (poisson_thresholds[0] <= hash) + (poisson_thresholds[1] <= hash) +
		(poisson_thresholds[2] <= hash) + (poisson_thresholds[3] <= hash);

	if (weight < 4)
		return weight;
	while (weight < count && poisson_thresholds[weight] <= hash)
		weight++;
	return weight;
}

/*
 * R-HASH-5; the hash is one under derive(seed, "split", 0).  The fractions
 * are positive and add up to about 1 (checked by the caller).  ldexp is
 * exact, so the only rounding is that of the running sum.
 */
int32_t
jrn_hash_part(uint64_t hash, const double *fractions, int32_t count)
{
	double		running = 0.0;
	int32_t		part;

	for (part = 1; part < count; part++)
	{
		double		bound;

		running += fractions[part - 1];
		bound = running * 18446744073709551616.0;	/* 2^64, exact */
		if (bound >= 18446744073709551616.0 || hash < (uint64_t) bound)
			return part;
	}
	return count;
}
