/*
 * test_entropy.c
 *		Entropy estimators against the reference vectors and their definition,
 *		predictability bound, block entropies, entropy rate and excess entropy
 *		of processes with known values, predictability against brute force.
 *
 * Provenance: vectors of the chaos reference (3.1, 3.3, 3.6, 7), and
 * test/oracles/chaos_symbols.py.
 */
#include "tap.h"

#include "../../src/chaos/symbols.h"
#include "../../src/core/gamma.h"
#include "../../src/core/random.h"

static void
test_vectors(void)
{
	static const int64_t y[11] = {4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1};
	static const int64_t four[4] = {4, 2, 1, 1};
	static const int64_t skew[3] = {1000, 37, 1};
	static const int64_t ones[3] = {1, 1, 1};
	static const double want[4][4] = {
		{1.9683824087, 2.1525929350, 2.2011371013, 2.1446263860},
		{1.75, 2.0205053202, 2.2771113427, 2.1878052690},
		{.161467979188, .162431370325, .166168998141, .163663742733},
		{1.098612288668, 1.431945622001, 2.460486508261, 2.368975134130}
	};
	int			e;

	for (e = 0; e < 4; e++)
	{
		ok_close(jrn_entropy_counts(y, 11, e), want[0][e], 1e-10, "y in nats: %s", jrn_entropy_estimator_name(e));
		ok_close(jrn_entropy_counts(four, 4, e) / JRN_LN_2, want[1][e], 1e-10, "[4,2,1,1] in bits: %s", jrn_entropy_estimator_name(e));
		ok_close(jrn_entropy_counts(skew, 3, e), want[2][e], 1e-10, "a rare symbol: %s", jrn_entropy_estimator_name(e));
		ok_close(jrn_entropy_counts(ones, 3, e), want[3][e], 1e-10, "singletons only: %s", jrn_entropy_estimator_name(e));
		ok(isnan(jrn_entropy_counts(y + 3, 1, e)) && isnan(jrn_entropy_counts(NULL, 0, e)), "R-ENT-5 no observation");
	}
}

/* Reference 3.1: three fair tosses, all eight outcomes. */
static void
test_three_tosses(void)
{
	double		grassberger = 0;
	double		plug_in = 0;
	int			i;

	for (i = 0; i < 8; i++)
	{
		int64_t		heads = (i & 1) + (i >> 1 & 1) + (i >> 2 & 1);
		int64_t		counts[2] = {heads, 3 - heads};

		grassberger += jrn_entropy_counts(counts, 2, JRN_ENTROPY_GRASSBERGER) / 8 / JRN_LN_2;
		plug_in += jrn_entropy_counts(counts, 2, JRN_ENTROPY_PLUG_IN) / 8 / JRN_LN_2;
	}
	ok_close(grassberger, 1.2536661, 1e-7, "R-ENT-4 the form with ln N: 1.2536661 bit");
	ok_close(grassberger - log2(3) + jrn_digamma(3) / JRN_LN_2, 1.0, 1e-12, "with psi(N) it would be 1 bit");
	ok_close(plug_in, .6887, 1e-4, "plug-in: .69 bit");
}

static void
test_bound(void)
{
	ok_close(jrn_predictability_bound(.8, 50), .9255856791, 1e-10, "bound of .8 bit over 50 symbols");
	ok_close(jrn_predictability_bound(1, 2), .5, 1e-12, "one bit over two symbols");
	ok_close(jrn_predictability_bound(.5, 2), .8899721356, 1e-10, "half a bit over two symbols");
	ok_close(jrn_predictability_bound(2.3, 9), .562856583070, 1e-10, "2.3 bits over nine symbols");
	ok(jrn_predictability_bound(0, 7) == 1 && jrn_predictability_bound(-.1, 7) == 1, "R-ENT-6 no entropy: 1");
	ok_close(jrn_predictability_bound(3, 8), .125, 1e-12, "R-ENT-6 full entropy: 1/N");
	ok_close(jrn_predictability_bound(9, 8), .125, 1e-12, "R-ENT-6 above it: 1/N");
	ok(jrn_predictability_bound(.3, 1) == 1, "one symbol");
	ok(isnan(jrn_predictability_bound(NAN, 4)), "no entropy, no bound");
}

static jrn_map
map_of(const jrn_env *env, int32_t k, const char *const *journeys, int count)
{
	jrn_map		map;
	uint32_t	codes[64];
	size_t		n;
	int			c;

	jrn_map_init(env, k, &map);
	for (c = 0; c < count; c++)
	{
		for (n = 0; journeys[c][n] != '\0'; n++)
			codes[n] = (uint32_t) (journeys[c][n] - 'A');
		jrn_map_add_customer(&map, (uint64_t) c + 1, codes, n, 0.0);
	}
	jrn_map_finish(&map);
	return map;
}

static void
test_blocks(void)
{
	static const char *const journey[1] = {"ABACABADABACABAEABACABAD"};
	static const double want[3] = {1.8647869793, 2.6744608685, 3.0151390045};
	jrn_env		env = host_env();
	jrn_map		map = map_of(&env, 5, journey, 1);
	double		bits;
	int			length;

	for (length = 1; length <= 3; length++)
	{
		ok(jrn_block_entropy(&env, &map, length, JRN_ENTROPY_PLUG_IN, &bits) == JRN_OK, "blocks");
		ok_close(bits, want[length - 1], 1e-10, "entropy of blocks of %d", length);
	}
}

/* Customers of a Markov chain over k symbols. */
static jrn_map
simulate(const jrn_env *env, int32_t k, const double *p, int customers, int length, uint64_t seed)
{
	jrn_map		map;
	uint32_t	codes[64];
	int			c,
				s,
				next;

	jrn_map_init(env, k, &map);
	for (c = 0; c < customers; c++)
	{
		codes[0] = (uint32_t) jrn_random_below(seed, (uint64_t) c * 100, (uint64_t) k);
		for (s = 1; s < length; s++)
		{
			double		u = jrn_random_uniform(seed, (uint64_t) c * 100 + (uint64_t) s);

			for (next = 0; next < k - 1 && u >= p[codes[s - 1] * (uint32_t) k + (uint32_t) next]; next++)
				u -= p[codes[s - 1] * (uint32_t) k + (uint32_t) next];
			codes[s] = (uint32_t) next;
		}
		jrn_map_add_customer(&map, (uint64_t) c, codes, (size_t) length, 0.0);
	}
	jrn_map_finish(&map);
	return map;
}

static void
test_processes(void)
{
	static const double chain[16] = {.5, .3, .1, .1, .2, .4, .3, .1, .1, .2, .5, .2, .25, .25, .25, .25};
	static const double golden_mean[4] = {0, 1, .5, .5};
	static const double period[4] = {0, 1, 1, 0};
	static const char *const constant[2] = {"AAAAAAAAAA", "AAAAAAA"};
	jrn_env		env = host_env();
	jrn_map		map = simulate(&env, 4, chain, 1000, 15, 3);
	jrn_entropy_rate r;

	ok(jrn_symbols_entropy(&env, &map, JRN_ENTROPY_GRASSBERGER, &r) == JRN_OK, "four states");
	ok_int(r.n, 14000, "transitions");
	ok(fabs(r.rate - 1.8033389980515948) < .03, "chain of four states: %.4f for 1.8033 bits", r.rate);
	ok(r.plug_in < r.rate, "plug-in is below");
	ok(strcmp(r.status, "ok") == 0, "ok");
	/* first event uniform, so H(1) is that of the pooled events */
	ok(fabs(r.excess - (1.96 - 1.8033)) < .06, "its excess entropy: %.3f", r.excess);
	map = simulate(&env, 2, golden_mean, 2000, 40, 4);
	ok(jrn_symbols_entropy(&env, &map, JRN_ENTROPY_GRASSBERGER, &r) == JRN_OK, "golden mean");
	ok(fabs(r.rate - 2.0 / 3) < .01, "golden mean process: %.4f for 2/3 bit", r.rate);
	ok(fabs(r.excess - .2516291674) < .03, "its excess entropy: %.4f for .2516", r.excess);
	map = simulate(&env, 2, period, 60, 40, 5);
	ok(jrn_symbols_entropy(&env, &map, JRN_ENTROPY_PLUG_IN, &r) == JRN_OK, "period 2");
	ok(r.rate == 0, "period 2: no entropy");
	ok(fabs(r.excess - 1) < 1e-3, "period 2: one bit of excess entropy");
	map = map_of(&env, 1, constant, 2);
	ok(jrn_symbols_entropy(&env, &map, JRN_ENTROPY_PLUG_IN, &r) == JRN_OK, "constant");
	ok(r.rate == 0 && r.excess == 0, "constant: no entropy, no excess");
}

static void
test_few(void)
{
	static const char *const short_one[1] = {"AABBA"};
	static const char *const singles[2] = {"A", "B"};
	static const char *const one[1] = {"ABABAB"};
	jrn_env		env = host_env();
	jrn_map		map = map_of(&env, 2, short_one, 1);
	jrn_entropy_rate r;
	jrn_predictability p;

	ok(jrn_symbols_entropy(&env, &map, JRN_ENTROPY_PLUG_IN, &r) == JRN_OK, "AABBA");
	ok(isnan(r.excess) && strcmp(r.status, "low_n") == 0, "R-SYM-2 blocks of 2 are too long for 5 events");
	ok_close(r.rate, 1.0, 1e-14, "AABBA: one bit");
	map = map_of(&env, 2, singles, 2);
	ok(jrn_symbols_entropy(&env, &map, JRN_ENTROPY_PLUG_IN, &r) == JRN_OK, "single events");
	ok(isnan(r.rate) && r.n == 0 && strcmp(r.status, "too_few") == 0, "R-SYM-5 no transition");
	ok(jrn_symbols_predict(&env, &map, 2, 0, &p) == JRN_OK && isnan(p.bound) && strcmp(p.status, "too_few") == 0,
	   "R-SYM-5 nothing to foretell");
	map = map_of(&env, 2, one, 1);
	ok(jrn_symbols_predict(&env, &map, 5, 0, &p) == JRN_OK, "one customer");
	ok(p.bound < 1 && isnan(p.achieved) && strcmp(p.status, "too_few") == 0, "R-SYM-5 no other customer to learn from");
}

/* Every customer by the others, counted anew. */
static void
test_predict(void)
{
	static const double chain[9] = {.1, .6, .3, .5, .1, .4, .3, .3, .4};
	jrn_env		env = host_env();
	jrn_map		map = simulate(&env, 3, chain, 40, 7, 9);
	jrn_predictability got;
	double		hits = 0;
	double		common = 0;
	int			c,
				d,
				e;

	for (c = 0; c < 40; c++)
	{
		int			next[3][3] = {{0}};
		int			target[3] = {0};
		int			best[3];
		int			most = 0;

		for (d = 0; d < 40; d++)
			for (e = 0; d != c && e < 6; e++)
			{
				next[map.codes[d * 7 + e]][map.codes[d * 7 + e + 1]]++;
				target[map.codes[d * 7 + e + 1]]++;
			}
		for (e = 0; e < 3; e++)
		{
			best[e] = 0;
			for (d = 1; d < 3; d++)
				if (next[e][d] > next[e][best[e]])
					best[e] = d;
			if (target[e] > target[most])
				most = e;
		}
		for (e = 0; e < 6; e++)
		{
			hits += map.codes[c * 7 + e + 1] == best[map.codes[c * 7 + e]];
			common += map.codes[c * 7 + e + 1] == most;
		}
	}
	ok(jrn_symbols_predict(&env, &map, 1000, 7, &got) == JRN_OK, "leave one customer out");
	ok_close(got.achieved, hits / 240, 1e-14, "R-SYM-3 achieved as counted by hand");
	ok_close(got.majority, common / 240, 1e-14, "R-SYM-3 baseline as counted by hand");
	ok(strcmp(got.status, "low_n") == 0, "40 customers are few");
	map = simulate(&env, 3, chain, 3000, 12, 10);
	ok(jrn_symbols_predict(&env, &map, 10, 7, &got) == JRN_OK, "many customers");
	ok(got.achieved < got.bound && got.achieved > got.majority, "%.3f between baseline %.3f and ceiling %.3f",
	   got.achieved, got.majority, got.bound);
}

static void
test_folds(void)
{
	static const double chain[4] = {.5, .5, .5, .5};
	jrn_env		env = host_env();
	jrn_map		map = simulate(&env, 2, chain, 103, 3, 1);
	int32_t		fold[103];
	int32_t		other[103];
	int			size[10] = {0};
	int32_t		k = 10;
	int			moved = 0;
	int			c;

	ok(jrn_symbols_folds(&env, &map, 1, &k, fold) == JRN_OK && k == 10, "folds");
	ok(jrn_symbols_folds(&env, &map, 2, &k, other) == JRN_OK, "folds of another seed");
	for (c = 0; c < 103; c++)
	{
		size[fold[c]]++;
		moved += fold[c] != other[c];
	}
	for (c = 0; c < 10; c++)
		ok(size[c] == 10 || size[c] == 11, "R-SYM-4 equal folds");
	ok(moved > 60, "another seed, other folds");
	k = 500;
	ok(jrn_symbols_folds(&env, &map, 1, &k, fold) == JRN_OK && k == 103, "R-SYM-4 not more folds than customers");
}

static jrn_status
all_of_it(const jrn_env *env, void *arg)
{
	jrn_map		map;
	jrn_entropy_rate r;
	jrn_predictability p;
	uint32_t	codes[20];
	int			c,
				s;

	(void) arg;
	JRN_TRY(jrn_map_init(env, 3, &map));
	for (c = 0; c < 20; c++)
	{
		for (s = 0; s < 20; s++)
			codes[s] = (uint32_t) ((c * s + s * s) % 3);
		JRN_TRY(jrn_map_add_customer(&map, (uint64_t) c, codes, 20, 0.0));
	}
	JRN_TRY(jrn_map_finish(&map));
	JRN_TRY(jrn_symbols_entropy(env, &map, JRN_ENTROPY_CHAO_SHEN, &r));
	return jrn_symbols_predict(env, &map, 5, 1, &p);
}

void
test_entropy(void)
{
	test_vectors();
	test_three_tosses();
	test_bound();
	test_blocks();
	test_processes();
	test_few();
	test_predict();
	test_folds();
	ok_survives(all_of_it, NULL, "entropy and predictability");
}
