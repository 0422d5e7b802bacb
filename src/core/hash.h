/*
 * hash.h
 *		The frozen 64-bit hash that decides folds, splits, weights and every
 *		canonical order, and the seeds derived from it.
 *
 * Definition: XXH64 (Yann Collet's published specification of xxHash, 64-bit
 * variant) over canonical key bytes, own implementation, little-endian reads
 * on every platform.  Requirements, after reference/validation.md 1.3:
 *
 * R-HASH-1	hash(bytes, seed) never changes.  Another algorithm would get
 *			another name.
 * R-HASH-2	derive(seed, tag, index) = XXH64(le64(seed) le64(index) tag) with
 *			seed 0.
 * R-HASH-3	fold = 1 + floor(H * k / 2^64), so k = 10 refines k = 5.
 * R-HASH-4	a Poisson(1) weight is the number of frozen thresholds <= H.
 * R-HASH-5	the part of a split is the first whose running sum c of fractions
 *			satisfies H < floor(c * 2^64); the last part takes the rest.
 */
#ifndef JRN_HASH_H
#define JRN_HASH_H

#include <stddef.h>
#include <stdint.h>

#define JRN_XXH_PRIME1 UINT64_C(0x9E3779B185EBCA87)
#define JRN_XXH_PRIME2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define JRN_XXH_PRIME3 UINT64_C(0x165667B19E3779F9)
#define JRN_XXH_PRIME4 UINT64_C(0x85EBCA77C2B2AE63)
#define JRN_XXH_PRIME5 UINT64_C(0x27D4EB2F165667C5)

static inline uint64_t
jrn_rotate_left(uint64_t x, int bits)
{
	return (x << bits) | (x >> (64 - bits));
}

static inline uint64_t
jrn_hash_avalanche(uint64_t h)
{
	h ^= h >> 33;
	h *= JRN_XXH_PRIME2;
	h ^= h >> 29;
	h *= JRN_XXH_PRIME3;
	return h ^ (h >> 32);
}

/* XXH64 of the 8 little-endian bytes of a value: the hot path of integers. */
static inline uint64_t
jrn_hash_u64(uint64_t value, uint64_t seed)
{
	uint64_t	h = seed + JRN_XXH_PRIME5 + 8;

	h ^= jrn_rotate_left(value * JRN_XXH_PRIME2, 31) * JRN_XXH_PRIME1;
	h = jrn_rotate_left(h, 27) * JRN_XXH_PRIME1 + JRN_XXH_PRIME4;
	return jrn_hash_avalanche(h);
}

/* Fold 1..k of a hash; k is at least 1. */
static inline int32_t
jrn_hash_fold(uint64_t hash, int32_t k)
{
	return (int32_t) (1 + (uint64_t) (((unsigned __int128) hash * (uint64_t) k) >> 64));
}

extern uint64_t jrn_hash_bytes(const void *bytes, size_t size, uint64_t seed);
extern uint64_t jrn_seed_derive(uint64_t seed, const char *tag, uint64_t index);
extern uint64_t jrn_seed_of_repeat(uint64_t seed, int32_t repeat);
extern int32_t jrn_hash_poisson(uint64_t hash);
extern int32_t jrn_hash_part(uint64_t hash, const double *fractions, int32_t count);

#endif							/* JRN_HASH_H */
