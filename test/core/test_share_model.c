/*
 * test_share_model.c
 *		Chaos shares by model against sums over the forecasts themselves, the
 *		store chain and the lasting mood, the effect of the first touch.
 *
 * Provenance: chaos reference 4.4, 4.5, 9; golden numbers of
 * test/oracles/chaos_model.py.
 */
#include "share_worlds.h"

#include "../../src/chaos/contingency.h"
#include "../../src/chaos/first_touch.h"
#include "../../src/chaos/share.h"
#include "../../src/core/hash.h"
#include "../../src/core/multiple.h"

#define LARGE ((size_t) 1 << 28)

static const jrn_share_options by_model = {
	.method = JRN_SHARE_MODEL, .credit = JRN_CREDIT_FORK, .permutations = 199,
	.forecast = {.folds = 10, .memory_limit = LARGE}
};

/* Every fourth customer of the mood has no outcome yet; y is 1 or 2, or a number. */
static void
small_world(const jrn_env *env, int customers, bool binary, jrn_map *map)
{
	jrn_map		mood;
	int			c;

	simulate_mood(env, 11, customers, &mood);
	jrn_map_init(env, 4, map);
	for (c = 0; c < customers; c++)
	{
		const size_t first = jrn_map_first(&mood, (size_t) c);
		const size_t n = (size_t) mood.ends[c] - first;
		uint32_t	codes[16];
		size_t		i;

		for (i = 0; i < n; i++)
			codes[i] = mood.codes[first + i];
		jrn_map_add_customer(map, mood.hashes[c], codes, n, c % 4 == 3 ? NAN :
							 binary ? 1.0 + mood.outcomes[c] : 5.0 + mood.outcomes[c] + (c * 7 % 5));
	}
	jrn_map_finish(map);
}

/* Sums over the forecasts, customer by customer and gain by gain. */
static void
naive_shares(const jrn_map *map, const jrn_forecasts *f, jrn_credit credit, uint64_t seed, uint64_t replicate,
			 double *shares, double *mean_error)
{
	double		total = 0.0;
	double		customers = 0.0;
	int			i;
	size_t		c;

	memset(shares, 0, 6 * sizeof(double));
	for (c = 0; c < map->n_customers; c++)
	{
		const size_t first = jrn_map_first(map, c);
		const size_t n = (size_t) map->ends[c] - first;
		const double y = isnan(map->outcomes[c]) ? 0.0 : jrn_map_scaled(map, map->outcomes[c]);
		double		w = replicate == 0 ? 1.0 : jrn_hash_poisson(jrn_hash_u64(map->hashes[c], jrn_seed_derive(seed, "boot", replicate)));
		size_t		t;

		if (isnan(map->outcomes[c]))
			continue;
		customers += w;
		total += w * pow(y - f->base[c], 2);
		for (t = 0; t <= n; t++)
		{
			double		before = t == 0 ? f->base[c] : f->after[first + t - 1];
			double		after = t == n ? y : f->after[first + t];
			int			row = t == 0 ? 0 : t == n ? 5 : 1 + map->codes[first + t - (credit == JRN_CREDIT_FORK)];

			shares[row] += w * (pow(y - before, 2) - pow(y - after, 2));
		}
	}
	for (i = 0; i < 6; i++)
		shares[i] /= total;
	*mean_error = total / customers * map->scale * map->scale;
}

static void
test_sums(bool binary, jrn_credit credit)
{
	jrn_env		env = host_env();
	jrn_share_options options = by_model;
	jrn_map		map;
	jrn_forecasts f;
	jrn_share_result r;
	double		want[6];
	double		draws[6][41];
	double		variance;
	double		sum = 0.0;
	double		others = 0.0;
	double		other_customers = 0.0;
	bool		censored = true;
	bool		fitted = false;
	int			i,
				b;
	size_t		c;

	options.credit = credit;
	options.replicates = 41;
	options.seed = 5;
	options.forecast.folds = 7;
	options.forecast.seed = 5;
	small_world(&env, 300, binary, &map);
	ok(map.binary == binary, "a world with %s outcomes", binary ? "yes/no" : "numeric");
	ok(jrn_forecast(&env, &map, &options.forecast, &f) == JRN_OK, "forecasts");
	for (c = 0; c < map.n_customers; c++)
		censored = censored && isnan(f.base[c]) == (c % 4 == 3) && isnan(f.after[jrn_map_first(&map, c)]) == (c % 4 == 3);
	for (c = 0; c < map.n_customers; c++)
	{
		if (isnan(f.base[c]))
			continue;
		if (f.base[c] != f.base[0])
		{
			others += jrn_map_scaled(&map, map.outcomes[c]);
			other_customers += 1.0;
		}
		else
			fitted = fitted || f.after[jrn_map_first(&map, c)] != f.base[c];
	}
	ok(fabs(f.base[0] - others / other_customers) < 1e-12, "R-FORE-5 the base is the mean of the other folds");
	ok(fitted, "and the forecasts are not");
	ok(censored, "R-FORE-1 forecasts for those with an outcome and for nobody else");
	ok(jrn_share(&env, &map, &options, &r) == JRN_OK && r.row_count == 6, "shares by model");
	naive_shares(&map, &f, credit, 0, 0, want, &variance);
	for (i = 0; i < 6; i++)
	{
		ok(fabs(r.rows[i].share - want[i]) < 1e-12, "R-SHARE-8 row %d: %g", i, r.rows[i].share);
		sum += r.rows[i].share;
	}
	ok(fabs(sum - 1.0) < 1e-12, "R-SHARE-1 together 1");
	ok_close(r.variance, variance, 1e-12, "R-SHARE-8 of the mean squared error of the other folds' means");
	for (b = 0; b < 41; b++)
	{
		double		shares[6];

		naive_shares(&map, &f, credit, 5, (uint64_t) b + 1, shares, &variance);
		for (i = 0; i < 6; i++)
			draws[i][b] = shares[i];
	}
	for (i = 0; i < 6; i++)
	{
		jrn_sort_doubles(&env, draws[i], 41);
		ok(fabs(r.rows[i].low - draws[i][1]) < 1e-12 && fabs(r.rows[i].high - draws[i][39]) < 1e-12,
		   "R-SHARE-2 interval of row %d", i);
	}
	ok(r.rows[0].status == JRN_SHARE_CENSORED && r.rows[5].status == JRN_SHARE_CENSORED, "R-SHARE-6 a quarter is censored");
	ok_int(r.rows[5].customers, 225, "the unresolved part is that of customers with an outcome");
	host_reset();
}

/* The shares of the map's exact forecasts, the end being its own row. */
static void
test_store_by_model(void)
{
	static const double truth[6] = {0.016984, 0.010901, 0.043060, 0.022051, 0.012944, 0.894060};
	jrn_env		env = host_env();
	jrn_share_options options = by_model;
	jrn_map		map;
	jrn_share_result r;
	jrn_share_result again;
	int			i;

	options.replicates = 100;
	simulate_store(&env, 1, 1000, &map);
	ok(jrn_share(&env, &map, &options, &r) == JRN_OK, "1,000 customers of the store by model");
	for (i = 0; i < 6; i++)
	{
		ok(fabs(r.rows[i].share - truth[i]) < .06, "A by model: share %d is %.4f, truth %.4f", i, r.rows[i].share, truth[i]);
		ok(r.rows[i].low < r.rows[i].share && r.rows[i].share < r.rows[i].high, "interval %d", i);
	}
	ok(r.rows[3].best == 1 && r.rows[3].worst == 3 && r.rows[3].gain > .001 && r.rows[3].gain < .003,
	   "R-SHARE-9 from call rather to store than to refund, gain %g near .00197", r.rows[3].gain);
	ok(r.rows[4].mean_effect < -.05, "R-SHARE-9 a refund lowers the forecast");
	ok(isnan(r.rows[5].p) && isnan(r.rows[5].leverage) && !isnan(r.rows[4].p), "no test of the unresolved part");
	options.forecast.memory_limit = 65536;
	{
		jrn_file	files[3] = {host_file(), host_file(), host_file()};

		options.forecast.row_file = &files[0];
		options.forecast.tile_file = &files[1];
		options.forecast.fold_file = &files[2];
		ok(jrn_share(&env, &map, &options, &again) == JRN_OK && memcmp(r.rows, again.rows, 6 * sizeof(jrn_share_row)) == 0,
		   "the same bits from files");
	}
	host_reset();
}

static void
test_mood_by_model(void)
{
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_share_result r;
	jrn_first_touch effect;

	simulate_mood(&env, 3, 3000, &map);
	ok(jrn_share(&env, &map, &by_model, &r) == JRN_OK, "latent mood by model");
	printf("# first touch %.4f, unresolved %.4f\n", r.rows[0].share, r.rows[5].share);
	ok(r.rows[0].share > .1 && r.rows[0].share < .2, "the first touch of a mood is seen");
	ok(r.rows[5].share > .7 && r.rows[5].share < .85, "and most is left to the outcome");
	ok(fabs(r.memory_gap) < .05 && r.rows[1].status == JRN_SHARE_OK, "no memory gap by model");
	ok(jrn_first_touch_effect(&env, &map, 999, 0, &effect) == JRN_OK, "effect of the first touch");
	printf("# omega squared %.4f, map %.4f\n", effect.omega_squared, effect.markov_share);
	ok(effect.memory_gap > .08 && strcmp(effect.status, "memory_gap") == 0, "R-FT-3 a latent mood shows as memory gap");
	ok_close(effect.p, .001, 1e-15, "R-FT-2 smallest p-value of 999 permutations");
	ok_int(effect.n, 3000, "R-FT-1 customers");
	ok_int(effect.categories, 4, "R-FT-1 categories");
	ok(fabs(effect.omega_squared - r.rows[0].share) < .03, "R-FT-1 close to what the model finds");
	host_reset();
}

/* Nothing matters: shares by model are 0 on average, all is unresolved. */
static void
test_noise(void)
{
	jrn_env		env = host_env();
	double		mean[6] = {0};
	double		omega = 0.0;
	int			small = 0;
	int			r,
				i;

	for (r = 0; r < 200; r++)
	{
		jrn_map		map;
		jrn_first_touch effect;
		int			c;

		jrn_map_init(&env, 12, &map);
		for (c = 0; c < 200; c++)
		{
			uint64_t	stream = jrn_seed_derive(r, "noise", (uint64_t) c);
			uint32_t	code = (uint32_t) jrn_random_below(stream, 0, 12);

			jrn_map_add_customer(&map, stream, &code, 1, jrn_random_normal(stream, 1));
		}
		jrn_map_finish(&map);
		jrn_first_touch_effect(&env, &map, 99, 0, &effect);
		omega += effect.omega_squared / 200;
		small += effect.p <= .05;
		host_reset();
	}
	printf("# omega squared %.4f, p at most .05 in %d of 200\n", omega, small);
	ok(fabs(omega) < .006, "R-FT-1 omega squared is 0 on average where there is no effect");
	ok(small >= 2 && small <= 20, "R-FT-2 its test keeps its size");
	for (r = 0; r < 10; r++)
	{
		jrn_map		map;
		jrn_share_result result;
		int			c;

		jrn_map_init(&env, 4, &map);
		for (c = 0; c < 300; c++)
		{
			uint64_t	stream = jrn_seed_derive(r, "dull", (uint64_t) c);
			uint32_t	codes[5];

			for (i = 0; i < 5; i++)
				codes[i] = (uint32_t) jrn_random_below(stream, (uint64_t) i, 4);
			jrn_map_add_customer(&map, stream, codes, 5, jrn_random_below(stream, 9, 2));
		}
		jrn_map_finish(&map);
		jrn_share(&env, &map, &by_model, &result);
		for (i = 0; i < 6; i++)
			mean[i] += result.rows[i].share / 10;
		host_reset();
	}
	for (i = 0; i < 5; i++)
		ok(mean[i] < .005 && mean[i] > -.04, "R-SHARE-8 no upward bias: row %d is %.4f", i, mean[i]);
	ok(mean[5] > 1.0, "R-SHARE-8 over-fitting shows in what is unresolved: %.4f", mean[5]);
}

/* ---- the first touch ---- */

static const char *
first_touch_status(int customers, const int *codes, const double *y)
{
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_first_touch effect;
	int			c;

	jrn_map_init(&env, 3, &map);
	for (c = 0; c < customers; c++)
	{
		uint32_t	code = (uint32_t) codes[c];

		jrn_map_add_customer(&map, (uint64_t) c, &code, 1, y[c]);
	}
	jrn_map_finish(&map);
	if (jrn_first_touch_effect(&env, &map, 9, 0, &effect) != JRN_OK)
		return "failed";
	if (isnan(effect.omega_squared) != isnan(effect.p))
		return "half an answer";
	return effect.status;
}

static void
test_first_touch(void)
{
	static const int codes[4] = {0, 0, 1, 1};
	static const double none[4] = {NAN, NAN, NAN, NAN};
	static const double numbers[4] = {10, 14, 1, 3};
	static const double same[4] = {1, 1, 1, 1};
	static const jrn_fork_cell tables[2][3] = {{{5, 4, 4}, {6, 1, 1}, {3, 0, 0}}, {{40, 8, 8}, {60, 21, 21}, {17, 4, 4}}};
	static const double exact[2] = {.053446553446553, .256698142938396};
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_first_touch effect;
	int			c,
				i;

	ok(strcmp(first_touch_status(4, codes, none), "no_outcome") == 0, "R-FT-4 no outcome");
	ok(strcmp(first_touch_status(0, codes, none), "too_few") == 0, "R-FT-4 nobody");
	ok(strcmp(first_touch_status(1, codes, numbers), "too_few") == 0, "R-FT-4 one customer");
	ok(strcmp(first_touch_status(4, codes, same), "one_class") == 0, "R-FT-4 one class");
	ok(strcmp(first_touch_status(2, codes, numbers), "one_category") == 0, "R-FT-4 one category");
	ok(strcmp(first_touch_status(2, codes + 1, numbers), "too_few") == 0, "R-FT-4 as many categories as customers");
	ok(strcmp(first_touch_status(4, codes, numbers), "low_n") == 0, "R-FT-4 low_n");

	jrn_map_init(&env, 2, &map);
	for (c = 0; c < 4; c++)
	{
		uint32_t	code = (uint32_t) codes[c];

		jrn_map_add_customer(&map, (uint64_t) c, &code, 1, numbers[c]);
	}
	jrn_map_finish(&map);
	ok(jrn_first_touch_effect(&env, &map, 5999, 1, &effect) == JRN_OK, "four customers");
	/* SSB 100, SSW 10, MSW 5; 2 of 6 ways to deal the outcomes are as good */
	ok_close(effect.omega_squared, 95.0 / 115, 1e-13, "R-FT-1 omega squared by hand");
	ok_close(effect.markov_share, 25 / 27.5, 1e-13, "R-FT-3 first touch of the map by hand");
	ok_close(effect.memory_gap, 95.0 / 115 - 25 / 27.5, 1e-12, "R-FT-3 gap");
	ok(fabs(effect.p - 1.0 / 3) < .02, "R-FT-2 p-value of a numeric outcome: %g", effect.p);
	ok(jrn_first_touch_effect(&env, &map, 0, 1, &effect) == JRN_DOMAIN, "no permutations");
	for (i = 0; i < 2; i++)
	{
		double		p;

		ok(jrn_contingency_squares(&env, tables[i], 3, 20000, 3, &p) == JRN_OK && fabs(p - exact[i]) < .012,
		   "R-FORK-6 permutations of a table: %.4f, exact %.4f", p, exact[i]);
	}
}

static void
test_statuses(void)
{
	jrn_env		env = host_env();
	jrn_share_options options = by_model;
	jrn_map		map;
	jrn_share_result r;
	int			i;

	/* touchpoint 3 is seen by the censored alone */
	jrn_map_init(&env, 4, &map);
	for (i = 0; i < 60; i++)
	{
		uint32_t	codes[2] = {(uint32_t) i % 2, i % 10 == 9 ? 3 : 2};

		jrn_map_add_customer(&map, jrn_hash_u64((uint64_t) i, 0), codes, 2, i % 10 == 9 ? NAN : i % 3 == 0);
	}
	jrn_map_finish(&map);
	ok(jrn_share(&env, &map, &options, &r) == JRN_OK && r.rows[4].status == JRN_SHARE_NO_END && isnan(r.rows[4].share) &&
	   r.rows[4].visits == 6, "R-SHARE-9 no figures where nobody has an outcome");
	options.forecast.folds = 55;
	ok(jrn_share(&env, &map, &options, &r) == JRN_OK && r.rows[5].status == JRN_SHARE_TOO_FEW && isnan(r.rows[5].share),
	   "more folds than customers with an outcome");
	options.forecast.folds = 1;
	ok(jrn_share(&env, &map, &options, &r) == JRN_DOMAIN, "one fold");

	/* the one good outcome: its fold learns from one class */
	jrn_map_init(&env, 2, &map);
	for (i = 0; i < 20; i++)
	{
		uint32_t	code = (uint32_t) i % 2;

		jrn_map_add_customer(&map, jrn_hash_u64((uint64_t) i, 0), &code, 1, i == 4);
	}
	jrn_map_finish(&map);
	options.forecast.folds = 20;
	ok(jrn_share(&env, &map, &options, &r) == JRN_OK && fabs(r.rows[0].share + r.rows[1].share + r.rows[2].share + r.rows[3].share - 1.0) < 1e-12,
	   "R-FORE-5 a fold without a model forecasts the mean");
	host_reset();
}

/* 40 touchpoints: the rarest ten share columns (R-FORE-3). */
static void
test_many_words(void)
{
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_share_result r;
	double		sum = 0.0;
	int			i;

	jrn_map_init(&env, 40, &map);
	for (i = 0; i < 400; i++)
	{
		uint32_t	codes[3] = {(uint32_t) (i % 40), (uint32_t) (i * i % 37), (uint32_t) (i % 30)};

		jrn_map_add_customer(&map, jrn_hash_u64((uint64_t) i, 0), codes, 3, i % 40 >= 35 ? i % 8 != 0 : i % 3 == 0);
	}
	jrn_map_finish(&map);
	ok(jrn_share(&env, &map, &by_model, &r) == JRN_OK, "forty touchpoints");
	for (i = 0; i < 42; i++)
		sum += r.rows[i].share;
	ok(fabs(sum - 1.0) < 1e-12, "R-SHARE-1 of forty touchpoints");
	ok(!isnan(r.rows[40].share) && !isnan(r.rows[40].mean_effect), "R-FORE-3 a touchpoint without columns of its own has figures");
	host_reset();
}

static jrn_status
shares_of_few(const jrn_env *env, void *arg)
{
	jrn_share_options options = by_model;
	jrn_map		map;
	jrn_share_result r;
	uint32_t	c;

	options.replicates = 16;
	options.permutations = 9;
	options.forecast.folds = 3;
	JRN_TRY(jrn_map_init(env, 3, &map));
	for (c = 0; c < 12; c++)
	{
		uint32_t	codes[3] = {c % 3, c * c % 3, c / 4};

		JRN_TRY(jrn_map_add_customer(&map, jrn_hash_u64(c, 0), codes, 1 + c % 3, c == 5 ? NAN :
									 *(bool *) arg ? c % 2 : c * 5 % 7));
	}
	JRN_TRY(jrn_map_finish(&map));
	return jrn_share(env, &map, &options, &r);
}

static jrn_status
effect_of_few(const jrn_env *env, void *arg)
{
	jrn_map		map;
	jrn_first_touch effect;
	uint32_t	code;

	JRN_TRY(jrn_map_init(env, 3, &map));
	for (code = 0; code < 9; code++)
	{
		uint32_t	label = code % 3;

		JRN_TRY(jrn_map_add_customer(&map, code, &label, 1, *(bool *) arg ? code % 2 : code));
	}
	JRN_TRY(jrn_map_finish(&map));
	return jrn_first_touch_effect(env, &map, 20, 0, &effect);
}

void
test_share_model(void)
{
	bool		binary = true;

	test_sums(true, JRN_CREDIT_FORK);
	test_sums(true, JRN_CREDIT_ARRIVAL);
	test_sums(false, JRN_CREDIT_FORK);
	test_store_by_model();
	test_mood_by_model();
	test_noise();
	test_first_touch();
	test_statuses();
	test_many_words();
	ok_survives(shares_of_few, &binary, "shares by model of a yes/no outcome");
	ok_survives(effect_of_few, &binary, "effect of the first touch on a yes/no outcome");
	binary = false;
	ok_survives(shares_of_few, &binary, "shares by model of a numeric outcome");
	ok_survives(effect_of_few, &binary, "effect of the first touch on a numeric outcome");
}
