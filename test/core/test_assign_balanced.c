/*
 * test_assign_balanced.c
 *		Balanced folds: brute force over the whole objective, the Zipf case of
 *		the reference, no empty fold, order of arrival, limits.
 */
#include <stdlib.h>

#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/folds/balanced.h"

#define GROUPS 5000
#define STRATA 6

typedef struct data
{
	jrn_balanced_groups of;
	int32_t		k;
	int32_t		repeat;
	uint64_t	hashes[GROUPS];
	uint64_t	turns[GROUPS];
	const char *keys[GROUPS];
	size_t		key_sizes[GROUPS];
	int64_t		rows[GROUPS];
	int64_t		counts[GROUPS * STRATA];
	char		bytes[GROUPS][8];
	int32_t		folds[GROUPS];
} data;

static data d;
static data other;

static void
hash_keys(data *to, uint64_t seed, int32_t repeat)
{
	jrn_env		env = host_env();

	to->repeat = repeat;
	if (jrn_folds_hash(&env, to->of.groups.n, to->keys, to->key_sizes, seed, repeat, to->hashes) != JRN_OK ||
		jrn_folds_hash(&env, to->of.groups.n, to->keys, to->key_sizes,
					   jrn_seed_of_rotation(seed, repeat), 1, to->turns) != JRN_OK)
		ok(false, "hashes of %zu keys", to->of.groups.n);
}

/* n integer keys 0 .. n - 1, one row each, no stratum has rows */
static void
fill(data *to, size_t n, size_t strata, int32_t k, uint64_t seed, int32_t repeat)
{
	size_t		i,
				b;

	for (i = 0; i < n; i++)
	{
		for (b = 0; b < 8; b++)
			to->bytes[i][b] = (char) (uint8_t) (i >> (8 * b));
		to->keys[i] = to->bytes[i];
		to->key_sizes[i] = 8;
		to->rows[i] = 1;
	}
	memset(to->counts, 0, sizeof(to->counts));
	to->of.groups.n = n;
	to->of.groups.hashes = to->hashes;
	to->of.groups.keys = to->keys;
	to->of.groups.key_sizes = to->key_sizes;
	to->of.groups.rows = to->rows;
	to->of.turns = to->turns;
	to->of.strata = strata;
	to->of.counts = to->counts;
	to->k = k;
	hash_keys(to, seed, repeat);
}

static jrn_status
assign(const jrn_env *env, void *arg)
{
	data	   *of = arg;

	return jrn_assign_balanced(env, of->k, of->repeat, &of->of, of->folds);
}

static bool
assign_alone(data *of)
{
	jrn_env		env = host_env();
	jrn_status	status = assign(&env, of);

	host_reset();
	return status == JRN_OK;
}

/* ---- the oracle: small cases, everything recomputed for every candidate ---- */

static int
class_of(int64_t rows)
{
	int			class = 0;

	while (((int64_t) 2 << class) <= rows)
		class++;
	return class;
}

static bool
comes_before(const data *of, size_t a, size_t b)
{
	size_t		c;
	int			i;

	if (of->repeat > 1 && class_of(of->rows[a]) != class_of(of->rows[b]))
		return class_of(of->rows[a]) > class_of(of->rows[b]);
	if (of->repeat == 1 && of->rows[a] != of->rows[b])
		return of->rows[a] > of->rows[b];
	for (c = 0; (of->repeat == 1 || (of->rows[a] == 1 && of->rows[b] == 1)) && c < of->of.strata; c++)
		if (of->counts[a * of->of.strata + c] != of->counts[b * of->of.strata + c])
			return of->counts[a * of->of.strata + c] > of->counts[b * of->of.strata + c];
	if (of->hashes[a] != of->hashes[b])
		return of->hashes[a] < of->hashes[b];
	for (i = 0; i < 8; i++)
		if (of->bytes[a][i] != of->bytes[b][i])
			return (unsigned char) of->bytes[a][i] < (unsigned char) of->bytes[b][i];
	return false;
}

/*
 * The objective over the groups placed so far, times its denominator; for one
 * stratum N^2 N_c^2, for more N^2 2^20 with rounded weights.
 */
static __int128
objective(const data *of, const int32_t *folds)
{
	size_t		strata = of->of.strata;
	int64_t		n = 0;
	int64_t		all[STRATA] = {0};
	__int128	sum = 0;
	size_t		i,
				c;
	int32_t		f;

	for (i = 0; i < of->of.groups.n; i++)
	{
		n += of->rows[i];
		for (c = 0; c < strata; c++)
			all[c] += of->counts[i * strata + c];
	}
	for (f = 1; f <= of->k; f++)
	{
		int64_t		in_fold = 0;

		for (i = 0; i < of->of.groups.n; i++)
			in_fold += folds[i] == f ? of->rows[i] : 0;
		sum += (__int128) in_fold * in_fold *
			(strata == 1 && all[0] > 0 ? (__int128) all[0] * all[0] : 1 << 20);
		for (c = 0; c < strata; c++)
		{
			__int128	weight = strata == 1 ? (__int128) n * n : 0;

			if (strata > 1 && all[c] > 0)
				weight = ((__int128) n * n << 20) / ((__int128) all[c] * all[c]);
			for (in_fold = 0, i = 0; i < of->of.groups.n; i++)
				in_fold += folds[i] == f ? of->counts[i * strata + c] : 0;
			sum += (__int128) in_fold * in_fold * weight;
		}
	}
	return sum;
}

static bool
oracle_agrees(const data *of)
{
	static int32_t folds[GROUPS];
	static bool placed[GROUPS];
	size_t		n = of->of.groups.n;
	size_t		round,
				i;

	memset(folds, 0, sizeof(folds));
	memset(placed, 0, sizeof(placed));
	for (round = 0; round < n; round++)
	{
		size_t		next = n;
		int32_t		best = 0;
		int32_t		step;
		__int128	least = 0;

		for (i = 0; i < n; i++)
			if (!placed[i] && (next == n || comes_before(of, i, next)))
				next = i;
		for (step = 0; step < of->k; step++)
		{
			__int128	value;

			folds[next] = 1 + (jrn_hash_fold(of->turns[next], of->k) - 1 + step) % of->k;
			value = objective(of, folds);
			if (best == 0 || value < least)
			{
				least = value;
				best = folds[next];
			}
		}
		folds[next] = best;
		placed[next] = true;
	}
	return memcmp(folds, of->folds, n * sizeof(int32_t)) == 0;
}

static uint64_t
draw(uint64_t *state)
{
	return jrn_hash_u64((*state)++, 77);
}

static void
random_sizes(data *to, uint64_t *state, int64_t largest)
{
	size_t		i,
				c;

	for (i = 0; i < to->of.groups.n; i++)
	{
		to->rows[i] = 1 + (int64_t) (draw(state) % (uint64_t) (draw(state) % 4 == 0 ? largest : 3));
		for (c = 0; c < to->of.strata; c++)
			to->counts[i * to->of.strata + c] = (int64_t) (draw(state) % (uint64_t) (to->rows[i] + 1));
	}
}

static void
test_oracle(void)
{
	uint64_t	state = 1;
	int			wrong = 0;
	int			i;

	for (i = 0; i < 300; i++)
	{
		size_t		n = 1 + draw(&state) % 14;

		fill(&d, n, draw(&state) % 4, 1 + (int32_t) (draw(&state) % n), draw(&state), 1 + i % 3);
		random_sizes(&d, &state, i % 2 ? 30 : 1000000);
		if (i % 10 == 0)		/* ties of the hash: bytes decide */
			memset(d.hashes, 0, n * sizeof(uint64_t));
		wrong += !assign_alone(&d) || !oracle_agrees(&d);
	}
	ok_int(wrong, 0, "R-BAL-1, R-BAL-2, R-BAL-4: 300 cases against the whole objective");
}

static void
test_no_empty_fold(void)
{
	uint64_t	state = 100000;
	int			empty = 0;
	int			i;

	for (i = 0; i < 5000; i++)
	{
		int32_t		k = 1 + (int32_t) (draw(&state) % 20);
		bool		used[32] = {false};
		size_t		j;
		int32_t		f;

		fill(&d, (size_t) k + draw(&state) % 4, draw(&state) % 4, k, draw(&state), 1 + i % 2);
		random_sizes(&d, &state, INT64_C(1) << (draw(&state) % 40));
		if (!assign_alone(&d))
			empty++;
		for (j = 0; j < d.of.groups.n; j++)
			used[d.folds[j]] = true;
		for (f = 1; f <= k; f++)
			empty += !used[f];
	}
	ok_int(empty, 0, "R-BAL-3 no empty fold in 5,000 cases with 0 to 3 groups above k");
}

/* ---- the Zipf case of validation.md 1.4: 5,000 groups, the largest of 400 rows ---- */

static void
fill_zipf(data *to, int32_t repeat, int64_t *all, int64_t *positive)
{
	size_t		i;
	int64_t		row;

	fill(to, GROUPS, 1, 10, 0, repeat);
	*all = *positive = 0;
	for (i = 0; i < GROUPS; i++)
	{
		double		rate = 0.29 * (double) jrn_hash_u64(i, 3) / 18446744073709551616.0;

		to->rows[i] = (int64_t) (400.0 / pow((double) (i + 1), 0.56)) + 1;
		for (row = 0; row < to->rows[i]; row++)
			to->counts[i] += (double) jrn_hash_u64((uint64_t) row, i) / 18446744073709551616.0 < rate;
		*all += to->rows[i];
		*positive += to->counts[i];
	}
}

static void
test_zipf(void)
{
	static int32_t first[GROUPS];
	int32_t		repeat;
	size_t		i;
	int			together = 0;
	int			still = 0;

	for (repeat = 1; repeat <= 5; repeat++)
	{
		int64_t		all;
		int64_t		positive;
		int64_t		rows[11] = {0};
		int64_t		counts[11] = {0};
		double		worst_rows = 0;
		double		worst_rate = 0;
		int			f;

		fill_zipf(&d, repeat, &all, &positive);
		ok(assign_alone(&d), "Zipf case, repeat %d", repeat);
		for (i = 0; i < GROUPS; i++)
		{
			rows[d.folds[i]] += d.rows[i];
			counts[d.folds[i]] += d.counts[i];
		}
		for (f = 1; f <= 10; f++)
		{
			worst_rows = fmax(worst_rows, fabs(10.0 * (double) rows[f] / (double) all - 1.0));
			worst_rate = fmax(worst_rate, fabs((double) counts[f] / (double) rows[f] -
											   (double) positive / (double) all));
		}
		ok(worst_rows < 0.002, "rows of %lld: a fold is %.4f %% off", (long long) all, 100 * worst_rows);
		ok(worst_rate < 0.001, "positives, %.2f %% in all: a fold is %.4f points off",
		   100.0 * (double) positive / (double) all, 100 * worst_rate);
		if (repeat == 1)
			memcpy(first, d.folds, sizeof(first));
	}
	for (i = 0; i + 1 < GROUPS; i++)
		if (first[i] == first[i + 1])
		{
			together++;
			still += d.folds[i] == d.folds[i + 1];
		}
	ok(still * 100 > together * 5 && still * 100 < together * 15,
	   "R-BAL-1 repeats are independent: %d of %d neighbours stay together", still, together);
}

/* R-BAL-6: single rows of 2 to 6 classes, any remainders. */
static void
test_single_rows(void)
{
	uint64_t	state = 900000;
	int			wrong = 0;
	int			i;

	for (i = 0; i < 300; i++)
	{
		size_t		classes = 2 + draw(&state) % 5;
		size_t		n = 20 + draw(&state) % 300;
		int32_t		k = 2 + (int32_t) (draw(&state) % 12);
		int64_t		all[STRATA + 1] = {0};
		int64_t		of[STRATA + 1][16] = {{0}};
		size_t		j,
					c;
		int32_t		f;

		fill(&d, n, classes, k, draw(&state), 1 + i % 2);
		for (j = 0; j < n; j++)
		{
			c = draw(&state) % (1 + draw(&state) % classes);
			c = classes - 1 - c;
			d.counts[j * classes + c] = 1;
			all[c]++;
			all[STRATA]++;
		}
		wrong += !assign_alone(&d);
		for (j = 0; j < n; j++)
		{
			of[STRATA][d.folds[j]]++;
			for (c = 0; c < classes; c++)
				of[c][d.folds[j]] += d.counts[j * classes + c];
		}
		for (c = 0; c <= STRATA; c++)
			for (f = 1; f <= k; f++)
				wrong += llabs(of[c][f] * k - all[c]) > k;
	}
	ok_int(wrong, 0, "R-BAL-6 single rows: rows and classes are within one of their share");
}

static void
test_arrival(void)
{
	size_t		n = 3001;
	uint64_t	state = 5;
	size_t		i;
	int32_t		repeat;

	for (repeat = 1; repeat <= 2; repeat++)
	{
		bool		same = true;

		fill(&d, n, 2, 10, 0, repeat);
		random_sizes(&d, &state, 50);
		fill(&other, n, 2, 10, 0, repeat);
		for (i = 0; i < n; i++)
		{
			size_t		from = i * 1234 % n;

			memcpy(other.bytes[i], d.bytes[from], 8);
			other.rows[i] = d.rows[from];
			memcpy(other.counts + 2 * i, d.counts + 2 * from, 2 * sizeof(int64_t));
		}
		hash_keys(&other, 0, repeat);
		same = assign_alone(&d) && assign_alone(&other);
		for (i = 0; i < n; i++)
			same = same && other.folds[i] == d.folds[i * 1234 % n];
		ok(same, "R-BAL-5 the order of arrival does not matter, repeat %d", repeat);
	}
}

static void
test_limits(void)
{
	jrn_env		env = host_env();
	size_t		c;

	fill(&d, 10, 1, 11, 0, 1);
	ok_int(assign(&env, &d), JRN_DOMAIN, "k above the number of groups");
	d.k = 0;
	ok_int(assign(&env, &d), JRN_DOMAIN, "k = 0");
	d.k = 3;
	d.counts[2] = 2;
	ok_int(assign(&env, &d), JRN_DOMAIN, "more rows in a stratum than in all");
	d.counts[2] = -1;
	ok_int(assign(&env, &d), JRN_DOMAIN, "a count below 0");
	d.counts[2] = 0;
	ok_int(assign(&env, &d), JRN_OK, "a stratum without rows has no weight");
	d.rows[4] = 0;
	ok_int(assign(&env, &d), JRN_DOMAIN, "a group without rows");
	d.rows[4] = INT64_C(1) << 48;
	ok_int(assign(&env, &d), JRN_LIMIT, "2^48 rows");
	d.rows[4] -= 10;
	ok_int(assign(&env, &d), JRN_OK, "fewer");
	d.of.strata = JRN_MAX_STRATA + 1;
	ok_int(assign(&env, &d), JRN_LIMIT, "too many strata");
	d.of.strata = 0;
	d.of.groups.n = 0;
	ok_int(assign(&env, &d), JRN_OK, "no groups");

	/* at the largest sums nothing wraps: each of four giants gets a fold of its own */
	fill(&d, 8, STRATA, 4, 0, 1);
	for (c = 0; c < 4; c++)
	{
		size_t		s;

		d.rows[c] = (INT64_C(1) << 46) - 2;
		for (s = 0; s < STRATA; s++)
			d.counts[c * STRATA + s] = d.rows[c];
	}
	ok_int(assign(&env, &d), JRN_OK, "nearly 2^48 rows in six strata");
	ok((1 << d.folds[0] | 1 << d.folds[1] | 1 << d.folds[2] | 1 << d.folds[3]) == 30, "giants apart");
	fill(&d, 8, 1, 4, 0, 1);
	for (c = 0; c < 4; c++)
		d.rows[c] = d.counts[c] = (INT64_C(1) << 29) - 2;
	ok_int(assign(&env, &d), JRN_OK, "nearly 2^31 rows in one stratum");
	ok((1 << d.folds[0] | 1 << d.folds[1] | 1 << d.folds[2] | 1 << d.folds[3]) == 30, "giants apart, exactly");
	host_reset();
}

void
test_assign_balanced(void)
{
	uint64_t	state = 9;

	test_oracle();
	test_no_empty_fold();
	test_zipf();
	test_single_rows();
	test_arrival();
	test_limits();
	fill(&d, 300, 2, 50, 0, 2);
	random_sizes(&d, &state, 9);
	ok_survives(assign, &d, "assign balanced");
	host_reset();
}
