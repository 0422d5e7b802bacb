/*
 * test_share.c
 *		Journeys to map, map to chaos shares: reference vector B from journeys,
 *		counts against a naive recount, simulated customers of the store
 *		chain, coverage of the bootstrap, statuses.
 *
 * Provenance: vectors and bounds of the chaos reference (4.3, 4.8, 9).
 */
#include "tap.h"

#include "share_worlds.h"

#include "../../src/core/multiple.h"
#include "../../src/chaos/share.h"

#define ADD(map, hash, y, ...) \
	do { \
		const uint32_t codes_[] = {__VA_ARGS__}; \
		ok(jrn_map_add_customer(map, hash, codes_, sizeof(codes_) / sizeof(codes_[0]), y) == JRN_OK, "added"); \
	} while (0)

static const jrn_share_options plain = {.credit = JRN_CREDIT_FORK, .permutations = 199};

static void
test_vector_b(void)
{
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_share_result r;
	int			i;

	ok(jrn_map_init(&env, 3, &map) == JRN_OK, "map");
	ADD(&map, 1, 1, 0, 1, 2);
	ADD(&map, 2, 0, 0);
	ADD(&map, 3, 0, 1, 2);
	ok(jrn_map_finish(&map) == JRN_OK, "finished");
	ok(jrn_share(&env, &map, &plain, &r) == JRN_OK, "B from three journeys");
	ok_close(r.rows[0].share, 1.0 / 16, 1e-13, "B: first touch");
	ok_close(r.rows[1].share, 3.0 / 16, 1e-13, "B: C1");
	ok(fabs(r.rows[2].share) < 1e-14, "B: C2");
	ok_close(r.rows[3].share, 3.0 / 4, 1e-13, "B: C3");
	ok_close(r.mean, 1.0 / 3, 1e-14, "B: p");
	for (i = 0; i < 4; i++)
	{
		ok(r.rows[i].status == JRN_SHARE_LOW_N, "R-SHARE-6 three customers are few");
		ok(r.rows[i].best == -1 && isnan(r.rows[i].gain), "R-SHARE-3 no advice from three customers");
		ok(isnan(r.rows[i].low), "no replicates, no interval");
	}
	ok_int(r.rows[0].customers, 3, "customers");
	ok_int(r.rows[1].customers, 2, "customers of C1");
}

/* A random journey set with loops, censored customers and many values. */
#define N_RANDOM 60
#define K_RANDOM 5

static uint32_t
random_journey(uint64_t stream, uint32_t *codes, int c, double *y)
{
	uint32_t	n = 1 + (uint32_t) jrn_random_below(stream, (uint64_t) c * 100, 6);
	uint32_t	i;

	for (i = 0; i < n; i++)
		codes[i] = (uint32_t) jrn_random_below(stream, (uint64_t) c * 100 + 1 + i, K_RANDOM);
	*y = jrn_random_below(stream, (uint64_t) c * 100 + 50, 4) == 0 ? NAN :
		(double) jrn_random_below(stream, (uint64_t) c * 100 + 51, 5) + 1;
	return n;
}

/* Counts of replicates against adding every customer as often as drawn. */
static void
test_replicates(void)
{
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_map_counts counts;
	int			c,
				lane,
				i;
	bool		same = true;
	const uint64_t seed = 7;
	const uint64_t first = 9;

	jrn_map_init(&env, K_RANDOM, &map);
	for (c = 0; c < N_RANDOM; c++)
	{
		uint32_t	codes[8];
		double		y;
		uint32_t	n = random_journey(5, codes, c, &y);

		jrn_map_add_customer(&map, jrn_hash_u64((uint64_t) c, 0), codes, n, y);
	}
	jrn_map_finish(&map);
	jrn_map_counts_init(&env, K_RANDOM, &counts);
	ok(jrn_map_replicates(&map, seed, first, &counts) == JRN_OK, "replicates");
	for (lane = 0; lane < JRN_MAP_LANES; lane++)
	{
		jrn_map		drawn;

		jrn_map_init(&env, K_RANDOM, &drawn);
		for (c = 0; c < N_RANDOM; c++)
		{
			uint64_t	hash = jrn_hash_u64((uint64_t) c, 0);
			int			weight = jrn_hash_poisson(jrn_hash_u64(hash, jrn_seed_derive(seed, "boot", first + (uint64_t) lane)));
			uint32_t	codes[8];
			double		y;
			uint32_t	n = random_journey(5, codes, c, &y);

			while (weight-- > 0)
				jrn_map_add_customer(&drawn, hash, codes, n, y);
		}
		jrn_map_finish(&drawn);
		for (i = 0; i < K_RANDOM * K_RANDOM; i++)
			same = same && drawn.next[i] == counts.next[i * JRN_MAP_LANES + lane];
		for (i = 0; i < K_RANDOM; i++)
			same = same && drawn.start[i] == counts.start[i * JRN_MAP_LANES + lane] &&
				drawn.exits[3 * i] == counts.exits[3 * i * JRN_MAP_LANES + lane];
		for (i = 0; i < K_RANDOM; i++)
			ok(fabs(drawn.exits[3 * i + 1] - counts.exits[(3 * i + 1) * JRN_MAP_LANES + lane]) < 1e-12,
			   "R-MAP-4 weighted outcomes of lane %d", lane);
	}
	ok(same, "R-MAP-4 weighted counts are counts of repeated customers");
}

/* R-MAP-1, R-MAP-2: probabilities recounted by hand on a censored map. */
static void
test_censored(void)
{
	const double s = .5 / 3;
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_chain	chain;
	jrn_share_result r;

	jrn_map_init(&env, 3, &map);
	ADD(&map, 1, 1, 0, 1);
	ADD(&map, 2, 0, 0, 1);
	ADD(&map, 3, NAN, 0, 0);
	ADD(&map, 4, NAN, 1, 2);
	ADD(&map, 5, 1, 0);
	ADD(&map, 6, NAN, 2, 2);
	ok(jrn_map_finish(&map) == JRN_OK, "finished");
	ok_int((long long) map.n_known, 3, "customers with an outcome");
	ok(map.live[0] && map.live[1] && !map.live[2], "R-MAP-3 nobody is known to end after 2");
	jrn_chain_init(&env, 3, &chain);
	ok(jrn_map_chain(&map, &chain) == JRN_OK, "chain");
	/* 0: to 0 once, to 1 twice, one end with outcome 1 */
	ok_close(chain.q[0], (1 + s) / (4 + 3 * s), 1e-15, "R-MAP-1 a censored journey gives its transition");
	ok_close(chain.q[1], (2 + s) / (4 + 3 * s), 1e-15, "R-MAP-2 smoothing on the support");
	ok(chain.q[2] == 0, "R-MAP-2 nothing outside the support");
	ok_close(chain.exit[0], (1 + s) / (4 + 3 * s), 1e-15, "R-MAP-2 one observed outcome is one cell");
	ok_close(chain.reward[0], 1, 1e-15, "outcome after 0");
	/* 1: ends with 1 and 0; its way to 2 is censored */
	ok_close(chain.exit[1], 1, 1e-15, "R-MAP-3 a way into the unknown is censored");
	ok_close(chain.reward[1], .5, 1e-15, "outcome after 1");
	ok_close(chain.start[0], 4.0 / 5, 1e-15, "first touches, without those into the unknown");
	ok(jrn_share(&env, &map, &plain, &r) == JRN_OK, "shares");
	ok(r.rows[3].status == JRN_SHARE_NO_END && isnan(r.rows[3].share), "R-MAP-3 no figures for 2");
	ok_int(r.rows[3].visits, 3, "but its visits");
	ok_close(r.rows[0].share + r.rows[1].share + r.rows[2].share, 1, 1e-12, "R-SHARE-1 the rest adds up to 1");
}

/* Outcomes as 0/1, as 3/7, as -1e300/1e300: the same shares. */
static void
test_units(void)
{
	static const double pairs[][2] = {{0, 1}, {3, 7}, {1e9, 1e9 + 1}, {-1e300, 1e300}, {-1.7e308, 1.7e308}};
	jrn_env		env = host_env();
	double		base[K_RANDOM + 1];
	size_t		u;
	int			c,
				i;

	for (u = 0; u < sizeof(pairs) / sizeof(pairs[0]); u++)
	{
		jrn_map		map;
		jrn_share_result r;

		jrn_map_init(&env, K_RANDOM, &map);
		for (c = 0; c < N_RANDOM; c++)
		{
			uint32_t	codes[8];
			double		y;
			uint32_t	n = random_journey(6, codes, c, &y);

			jrn_map_add_customer(&map, (uint64_t) c, codes, n, isnan(y) ? y : pairs[u][y > 3]);
		}
		jrn_map_finish(&map);
		ok(jrn_share(&env, &map, &plain, &r) == JRN_OK, "shares in unit %zu", u);
		for (i = 0; i <= K_RANDOM; i++)
		{
			if (u == 0)
				base[i] = r.rows[i].share;
			/* the last pair is too wide for two cells: smoothed as a number */
			ok_close(r.rows[i].share, base[i], u == 4 ? .05 : 1e-9, "share %d in unit %zu", i, u);
		}
	}
}

/* Numeric outcomes without smoothing effects: variance of the data itself. */
static void
test_numeric(void)
{
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_share_result r;
	double		sum = 0;
	int			i;

	jrn_map_init(&env, 2, &map);
	ADD(&map, 1, 10, 0);
	ADD(&map, 2, 14, 0);
	ADD(&map, 3, 1, 1);
	ADD(&map, 4, 3, 1);
	jrn_map_finish(&map);
	ok(jrn_share(&env, &map, &plain, &r) == JRN_OK, "numeric outcome");
	/* means 12 and 2, variances 4 and 1: 25 between, 2 + .5 within */
	ok_close(r.mean, 7, 1e-14, "mean");
	ok_close(r.variance, 27.5, 1e-13, "variance");
	ok_close(r.rows[0].share, 25 / 27.5, 1e-13, "first touch");
	ok_close(r.rows[1].share, 2 / 27.5, 1e-13, "within 0");
	ok_close(r.rows[2].share, .5 / 27.5, 1e-13, "within 1");
	ok_close(r.rows[1].mean_effect, 5, 1e-13, "mean effect in units of the outcome");
	for (i = 0; i < 3; i++)
		sum += r.rows[i].share;
	ok_close(sum, 1, 1e-12, "R-SHARE-1");
	/* SSB 100, SSW 10, MSW 5: (100 - 5) / (110 + 5) */
	ok_close(r.omega_squared, 95.0 / 115, 1e-13, "omega squared by hand");
}

/* ---- simulated customers of vector A ---- */

static void
test_store(void)
{
	jrn_env		env = host_env();
	jrn_share_options options = plain;
	jrn_map		map;
	jrn_share_result r;
	jrn_share_result again;
	int			i;

	options.replicates = 100;
	simulate_store(&env, 1, 1000, &map);
	ok(jrn_share(&env, &map, &options, &r) == JRN_OK, "1,000 customers of the store");
	for (i = 0; i < 5; i++)
	{
		ok(fabs(r.rows[i].share - store_shares[i]) < .06, "A: share %d of 1,000 customers within .06", i);
		ok(r.rows[i].low < r.rows[i].share && r.rows[i].share < r.rows[i].high, "interval %d", i);
		ok(r.rows[i].status == JRN_SHARE_OK, "status %d", i);
	}
	ok_int(r.usable, 100, "all replicates are usable");
	ok(r.rows[3].best == 1 && r.rows[3].worst == 3, "R-SHARE-3 from call rather to store than to refund");
	ok(r.rows[3].gain > .001 && r.rows[3].gain < .003, "R-SHARE-4 gain per point near .00197");
	ok(r.rows[3].q <= .05 && r.rows[3].q >= r.rows[3].p, "what follows a call matters");
	ok(fabs(r.memory_gap) < .05, "no memory in a first-order chain");
	ok(jrn_share(&env, &map, &options, &again) == JRN_OK, "again");
	ok(memcmp(r.rows, again.rows, 5 * sizeof(jrn_share_row)) == 0, "same bits");
	options.seed = 1;
	ok(jrn_share(&env, &map, &options, &again) == JRN_OK && again.rows[1].low != r.rows[1].low &&
	   again.rows[1].share == r.rows[1].share, "another seed moves intervals only");
	options.replicates = 19;
	ok(jrn_share(&env, &map, &options, &again) == JRN_OK && isnan(again.rows[1].low),
	   "R-SHARE-2 19 replicates carry no interval");
}

/* R-SHARE-2: the interval is the 2nd and the 40th of 41 replicates' shares. */
static void
test_interval(void)
{
	jrn_env		env = host_env();
	jrn_share_options options = plain;
	jrn_map		map;
	jrn_map_counts counts;
	jrn_chain	chain;
	jrn_solution s;
	jrn_share_result r;
	double		sorted[41];
	double		shares[5];
	int			b,
				i;

	options.replicates = 41;
	options.seed = 12;
	simulate_store(&env, 2, 200, &map);
	ok(jrn_share(&env, &map, &options, &r) == JRN_OK, "shares with 41 replicates");
	jrn_map_counts_init(&env, 4, &counts);
	jrn_chain_init(&env, 4, &chain);
	jrn_solution_init(&env, 4, &s);
	for (b = 0; b < 41; b++)
	{
		double		draw;

		jrn_map_replicates(&map, 12, (uint64_t) b + 1, &counts);
		jrn_map_lane_chain(&map, &counts, 0, &chain);
		jrn_chain_solve(&env, &chain, &s);
		jrn_chain_shares(&chain, &s, JRN_CREDIT_FORK, shares);
		draw = shares[2];
		for (i = b; i > 0 && sorted[i - 1] > draw; i--)
			sorted[i] = sorted[i - 1];
		sorted[i] = draw;
	}
	ok_close(r.rows[2].low, sorted[1], 1e-15, "R-SHARE-2 lower end");
	ok_close(r.rows[2].high, sorted[39], 1e-15, "R-SHARE-2 upper end");
	ok_close(jrn_sorted_quantile(sorted, 41, 0.5), sorted[20], 1e-15, "median of 41");
	ok_close(jrn_sorted_quantile(sorted, 2, 0.25), .75 * sorted[0] + .25 * sorted[1], 1e-15, "between two");
	ok(jrn_sorted_quantile(sorted, 1, 0.975) == sorted[0], "one alone");
}

/* 60 x 5 intervals at nominal 95 %; reference range .88 - .98. */
static void
test_coverage(void)
{
	jrn_env		env = host_env();
	jrn_share_options options = plain;
	int			hits = 0;
	int			r,
				i;

	options.replicates = 100;
	options.permutations = 1;
	for (r = 0; r < 60; r++)
	{
		jrn_map		map;
		jrn_share_result result;

		simulate_store(&env, 1000 + (uint64_t) r, 300, &map);
		jrn_share(&env, &map, &options, &result);
		for (i = 0; i < 5; i++)
			hits += result.rows[i].low <= store_shares[i] && store_shares[i] <= result.rows[i].high;
		if (r % 10 == 9)
			host_reset();
	}
	printf("# coverage %.3f\n", hits / 300.0);
	ok(hits >= 258 && hits <= 297, "R-SHARE-2 coverage of the bootstrap: %d of 300", hits);
}

/* A lasting mood: the first event tells more than a first-order map knows. */
static void
test_memory_gap(void)
{
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_share_result r;

	simulate_mood(&env, 3, 3000, &map);
	ok(jrn_share(&env, &map, &plain, &r) == JRN_OK, "latent mood");
	printf("# memory gap %.3f, first touch %.4f\n", r.memory_gap, r.rows[0].share);
	ok(r.memory_gap > .08, "R-SHARE-7 a latent mood shows as memory gap");
	ok(r.rows[1].status == JRN_SHARE_MEMORY_GAP, "R-SHARE-7 and in the status");
}

static void
test_statuses(void)
{
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_share_result r;
	const uint32_t wrong[] = {0, 1};
	int			i;

	jrn_map_init(&env, 0, &map);
	jrn_map_finish(&map);
	ok(jrn_share(&env, &map, &plain, &r) == JRN_OK && r.rows[0].status == JRN_SHARE_TOO_FEW, "nobody");

	jrn_map_init(&env, 1, &map);
	ADD(&map, 1, 1, 0, 0);
	jrn_map_finish(&map);
	ok(jrn_share(&env, &map, &plain, &r) == JRN_OK && r.rows[1].status == JRN_SHARE_TOO_FEW &&
	   isnan(r.rows[1].share), "one customer");

	jrn_map_init(&env, 1, &map);
	ADD(&map, 1, 1, 0);
	ADD(&map, 2, 1, 0);
	jrn_map_finish(&map);
	ok(jrn_share(&env, &map, &plain, &r) == JRN_OK && r.rows[0].status == JRN_SHARE_ONE_CLASS, "one class");

	jrn_map_init(&env, 1, &map);
	ADD(&map, 1, NAN, 0);
	jrn_map_finish(&map);
	ok(jrn_share(&env, &map, &plain, &r) == JRN_OK && r.rows[0].status == JRN_SHARE_NO_OUTCOME, "no outcome");

	jrn_map_init(&env, 1, &map);
	ok(jrn_map_add_customer(&map, 1, wrong, 2, 0) == JRN_DOMAIN, "a label out of range");
	ok(jrn_map_add_customer(&map, 1, wrong, 1, INFINITY) == JRN_NONFINITE, "an infinite outcome");
	ok(jrn_map_init(&env, 501, &map) == JRN_LIMIT, "501 touchpoints");

	/* 100 customers, every third censored */
	jrn_map_init(&env, 2, &map);
	for (i = 0; i < 100; i++)
		jrn_map_add_customer(&map, (uint64_t) i, wrong + i % 2, 1, i % 3 == 0 ? NAN : i % 5 < 2);
	jrn_map_finish(&map);
	ok(jrn_share(&env, &map, &plain, &r) == JRN_OK && r.rows[1].status == JRN_SHARE_CENSORED,
	   "R-SHARE-6 a third is censored");
}

static jrn_status
share_of_random(const jrn_env *env, void *arg)
{
	jrn_share_options options = plain;
	jrn_map		map;
	jrn_share_result r;
	int			c;

	options.replicates = 16;
	options.permutations = 19;
	JRN_TRY(jrn_map_init(env, K_RANDOM, &map));
	JRN_TRY(jrn_map_reserve(&map, 20));
	for (c = 0; c < N_RANDOM; c++)
	{
		uint32_t	codes[8];
		double		y;
		uint32_t	n = random_journey(5, codes, c, &y);

		if (*(bool *) arg && !isnan(y))
			y = y > 3;
		JRN_TRY(jrn_map_add_customer(&map, (uint64_t) c, codes, n, y));
	}
	JRN_TRY(jrn_map_finish(&map));
	return jrn_share(env, &map, &options, &r);
}

void
test_share(void)
{
	bool		binary = true;

	test_vector_b();
	test_replicates();
	test_censored();
	test_units();
	test_numeric();
	test_store();
	test_interval();
	test_coverage();
	test_memory_gap();
	test_statuses();
	ok_survives(share_of_random, &binary, "shares of a yes/no outcome");
	binary = false;
	ok_survives(share_of_random, &binary, "shares of a numeric outcome");
}
