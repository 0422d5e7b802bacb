/*
 * test_assign.c
 *		Folds of groups: vectors, a brute-force oracle, balance, stability.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/folds/assign.h"

#define GROUPS 6000

typedef struct data
{
	jrn_fold_groups groups;
	jrn_deal_method method;
	int32_t		k;
	uint64_t	hashes[GROUPS];
	const char *keys[GROUPS];
	size_t		key_sizes[GROUPS];
	int64_t		rows[GROUPS];
	char		bytes[GROUPS][8];
	size_t		order[GROUPS];
	int32_t		folds[GROUPS];
} data;

static data d;
static data other;

static void
canonical(int64_t value, char out[8])
{
	int			i;

	for (i = 0; i < 8; i++)
		out[i] = (char) (uint8_t) ((uint64_t) value >> (8 * i));
}

/* n integer keys 0 .. n - 1, one row each */
static void
fill(data *to, size_t n, int32_t k, uint64_t seed, int32_t repeat)
{
	jrn_env		env = host_env();
	size_t		i;

	for (i = 0; i < n; i++)
	{
		canonical((int64_t) i, to->bytes[i]);
		to->keys[i] = to->bytes[i];
		to->key_sizes[i] = 8;
		to->rows[i] = 1;
	}
	to->groups.n = n;
	to->groups.hashes = to->hashes;
	to->groups.keys = to->keys;
	to->groups.key_sizes = to->key_sizes;
	to->groups.rows = to->rows;
	to->k = k;
	to->method = JRN_DEAL_NTILE;
	if (jrn_folds_hash(&env, n, to->keys, to->key_sizes, seed, repeat, to->hashes) != JRN_OK)
		ok(false, "hashes of %zu keys", n);
}

static jrn_status
assign(const jrn_env *env, void *arg)
{
	data	   *of = arg;

	return jrn_folds_assign(env, of->method, of->k, &of->groups, of->order, of->folds);
}

static bool
assign_alone(data *of)
{
	jrn_env		env = host_env();
	jrn_status	status = assign(&env, of);

	host_reset();
	return status == JRN_OK;
}

static bool
folds_are(const int32_t *want, size_t n)
{
	size_t		i;

	for (i = 0; i < n; i++)
		if (d.folds[i] != want[i])
			return false;
	return true;
}

/* Does group a come before group b? written apart from the code under test */
static bool
comes_before(const data *of, size_t a, size_t b)
{
	size_t		i;

	if (of->hashes[a] != of->hashes[b])
		return of->hashes[a] < of->hashes[b];
	for (i = 0; i < of->key_sizes[a] && i < of->key_sizes[b]; i++)
		if (of->keys[a][i] != of->keys[b][i])
			return (unsigned char) of->keys[a][i] < (unsigned char) of->keys[b][i];
	return of->key_sizes[a] < of->key_sizes[b];
}

/*
 * The oracle: rows before by a sum over all other groups, the fold by counting
 * the cuts j N / k that the group's middle has reached.
 */
static bool
oracle_agrees(const data *of)
{
	size_t		i,
				j;
	int64_t		all = 0;

	for (i = 0; i < of->groups.n; i++)
		all += of->rows[i];
	for (i = 0; i < of->groups.n; i++)
	{
		int64_t		before = 0;
		size_t		place = 0;
		int32_t		fold = 1;

		for (j = 0; j < of->groups.n; j++)
			if (j != i && comes_before(of, j, i))
			{
				before += of->rows[j];
				place++;
			}
		while (fold < of->k && of->k * (2 * before + of->rows[i]) >= 2 * all * fold)
			fold++;
		if (of->folds[i] != fold || of->order[place] != i)
			return false;
	}
	return true;
}

static void
test_vectors(void)
{
	static const int32_t ntile[] = {2, 4, 5, 2, 1, 3, 3, 1, 5, 4};
	static const int32_t hash[] = {2, 4, 5, 3, 1, 3, 4, 1, 5, 4};
	static const int32_t hash2[] = {1, 1, 10, 4};
	static const int32_t hash3[] = {7, 5, 2, 4};
	static const int64_t keys[] = {0, 1, 42, -1};
	jrn_env		env = host_env();
	int			i;

	fill(&d, 10, 5, 0, 1);
	ok(assign_alone(&d) && folds_are(ntile, 10), "R-FOLD-2 keys 0..9, k = 5, ntile");
	d.method = JRN_DEAL_HASH;
	ok(assign_alone(&d) && folds_are(hash, 10), "R-FOLD-1 keys 0..9, k = 5, hash");
	ok(jrn_folds_assign(&env, JRN_DEAL_HASH, 5, &d.groups, NULL, d.folds) == JRN_OK &&
	   folds_are(hash, 10) && host_allocs() == 0, "hash without order takes no memory");
	for (i = 2; i <= 3; i++)
	{
		int			j;

		fill(&d, 4, 4, 0, 1);
		for (j = 0; j < 4; j++)
			canonical(keys[j], d.bytes[j]);
		ok_int(jrn_folds_hash(&env, 4, d.keys, d.key_sizes, 0, i, d.hashes), JRN_OK, "repeat %d", i);
		for (j = 0; j < 4; j++)
			d.folds[j] = jrn_hash_fold(d.hashes[j], 10);
		ok(folds_are(i == 2 ? hash2 : hash3, 4), "R-ASSIGN-2 repeat %d is another map", i);
	}
	host_reset();
}

static void
test_oracle(void)
{
	size_t		n;
	int			same;

	for (n = 1; n <= 400; n += 57)
	{
		size_t		i;

		fill(&d, n, n > 7 ? 7 : (int32_t) n, 11, 1);
		ok(assign_alone(&d) && oracle_agrees(&d), "R-FOLD-2 oracle: %zu groups of one row", n);
		for (i = 0; i < n; i++)
			d.rows[i] = (int64_t) (jrn_hash_u64(i, 5) % 40);
		d.rows[n / 2] = 1000;
		ok(assign_alone(&d) && oracle_agrees(&d), "R-FOLD-2 oracle: %zu groups of many sizes", n);
		d.rows[n / 2] = INT64_C(1) << 44;
		ok(assign_alone(&d) && oracle_agrees(&d), "R-FOLD-2 oracle: %zu groups, one of 2^44 rows", n);
	}

	/* equal hashes: the bytes decide, a prefix first */
	for (same = 0; same < 2; same++)
	{
		static const char *const names[] = {"b", "ab", "a", "", "abc", "\xff", "aa"};
		size_t		i;

		fill(&d, 7, 7, 0, 1);
		for (i = 0; i < 7; i++)
		{
			d.keys[i] = names[i];
			d.key_sizes[i] = strlen(names[i]);
			d.hashes[i] = same ? 9 : i % 2;
		}
		ok(assign_alone(&d) && oracle_agrees(&d), "R-ASSIGN-1 ties of the hash, case %d", same);
	}
}

/* Sizes fall like 1 / rank: the largest group has 400 rows. */
static void
test_balance(void)
{
	int64_t		of_fold[11] = {0};
	int64_t		all = 0;
	int64_t		worst = 0;
	size_t		i;
	int			f;

	fill(&d, 5000, 10, 0, 1);
	for (i = 0; i < 5000; i++)
	{
		d.rows[i] = 400 / (int64_t) (i + 1) + 1;
		all += d.rows[i];
	}
	ok(assign_alone(&d), "Zipf sizes");
	for (i = 0; i < 5000; i++)
		of_fold[d.folds[i]] += d.rows[i];
	for (f = 1; f <= 10; f++)
	{
		int64_t		off = of_fold[f] * 10 > all ? of_fold[f] * 10 - all : all - of_fold[f] * 10;

		worst = off > worst ? off : worst;
	}
	ok(worst <= 10 * 401, "R-ASSIGN-3 folds are within the largest group of N / k (%lld tenths off)",
	   (long long) worst);
	fill(&d, 4999, 10, 3, 1);
	memset(of_fold, 0, sizeof(of_fold));
	ok(assign_alone(&d), "one row each");
	for (i = 0; i < 4999; i++)
		of_fold[d.folds[i]]++;
	for (f = 1; f <= 10 && of_fold[f] >= 499 && of_fold[f] <= 501; f++)
		;
	ok_int(f, 11, "R-ASSIGN-3 folds of single rows are within one row");
}

/* Old keys that move when the last grown - n keys are added, in 1/10000. */
static int
moved(jrn_deal_method method, size_t n, size_t grown)
{
	size_t		i;
	int			count = 0;

	fill(&other, n, 10, 0, 1);
	fill(&d, grown, 10, 0, 1);
	other.method = d.method = method;
	if (!assign_alone(&other) || !assign_alone(&d))
		return -1;
	for (i = 0; i < n; i++)
		count += d.folds[i] != other.folds[i];
	return (int) ((size_t) count * 10000 / n);
}

static void
test_stability(void)
{
	ok_int(moved(JRN_DEAL_HASH, 5000, 5500), 0, "R-FOLD-1 hash: nobody moves at +10 %%");
	ok(moved(JRN_DEAL_NTILE, 5000, 5001) <= 20, "ntile: at most 0.2 %% move at one more key");
	ok(moved(JRN_DEAL_NTILE, 5000, 5050) <= 250, "ntile: at most 2.5 %% move at +1 %%");
	ok(moved(JRN_DEAL_NTILE, 5000, 5500) <= 250, "ntile: at most 2.5 %% move at +10 %% (%d of 10,000)",
	   moved(JRN_DEAL_NTILE, 5000, 5500));
	ok(moved(JRN_DEAL_NTILE, 1000, 1100) <= 250, "ntile: the same of 1,000 keys (%d of 10,000)",
	   moved(JRN_DEAL_NTILE, 1000, 1100));
}

static void
test_arrival(void)
{
	size_t		i;
	bool		same = true;

	fill(&d, 3001, 10, 0, 1);
	for (i = 0; i < 3001; i++)
		d.rows[i] = (int64_t) (jrn_hash_u64(i, 5) % 9);
	fill(&other, 3001, 10, 0, 1);
	for (i = 0; i < 3001; i++)
	{
		size_t		from = i * 1234 % 3001;

		canonical((int64_t) from, other.bytes[i]);
		other.hashes[i] = d.hashes[from];
		other.rows[i] = d.rows[from];
	}
	ok(assign_alone(&d) && assign_alone(&other), "two orders of arrival");
	for (i = 0; i < 3001; i++)
		same = same && other.folds[i] == d.folds[i * 1234 % 3001] &&
			other.order[i] * 1234 % 3001 == d.order[i];
	ok(same, "R-ASSIGN-1 the order of arrival does not matter");
}

static void
test_refusals(void)
{
	jrn_env		env = host_env();

	fill(&d, 10, 11, 0, 1);
	ok_int(assign(&env, &d), JRN_DOMAIN, "k above the number of groups");
	d.k = 0;
	ok_int(assign(&env, &d), JRN_DOMAIN, "k = 0");
	d.k = 10;
	d.rows[3] = -1;
	ok_int(assign(&env, &d), JRN_DOMAIN, "rows below 0");
	memset(d.rows, 0, sizeof(d.rows));
	ok_int(assign(&env, &d), JRN_DOMAIN, "no rows at all");
	d.rows[1] = d.rows[2] = INT64_C(1) << 52;
	ok_int(assign(&env, &d), JRN_LIMIT, "2^53 rows");
	d.rows[2]--;
	ok_int(assign(&env, &d), JRN_OK, "2^53 - 1 rows");
	ok(oracle_agrees(&d), "groups without rows fall into folds 1..k");
	d.groups.n = 0;
	ok_int(assign(&env, &d), JRN_OK, "no groups");
	host_reset();
}

void
test_assign(void)
{
	test_vectors();
	test_oracle();
	test_balance();
	test_stability();
	test_arrival();
	test_refusals();
	fill(&d, 300, 5, 0, 2);
	ok_survives(assign, &d, "assign");
	host_reset();
}
