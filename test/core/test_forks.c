/*
 * test_forks.c
 *		Next event against outcome: G and F against scipy, permutation
 *		p-values against full enumeration, size under the null, false
 *		discovery rate.
 *
 * Provenance: test/oracles/chaos.py (scipy 1.17.1, numpy 2.4.6); the vector
 * of q-values is the one of the chaos reference, section 6.
 */
#include "tap.h"

#include "../../src/core/multiple.h"
#include "../../src/chaos/forks.h"
#include "../../src/core/random.h"

/* Customers that start at 0 and go on to 1 + group, with an outcome. */
static void
add_group(jrn_map *map, uint32_t group, double y, int count)
{
	uint32_t	codes[2];

	codes[0] = 0;
	codes[1] = 1 + group;
	while (count-- > 0)
		jrn_map_add_customer(map, jrn_hash_u64(map->n_customers, 0), codes, 2, y);
}

static double
p_of(const jrn_env *env, jrn_map *map, int32_t touchpoint, int32_t permutations)
{
	jrn_forks	forks;
	double		p = -1;

	ok(jrn_map_finish(map) == JRN_OK && jrn_forks_count(env, map, &forks) == JRN_OK, "counted");
	ok(jrn_forks_test(env, &forks, touchpoint, permutations, 0, &p) == JRN_OK, "tested");
	return p;
}

static void
test_g(void)
{
	static const int yes[4] = {12, 30, 18, 9};
	static const int no[4] = {25, 14, 20, 11};
	jrn_env		env = host_env();
	jrn_map		map;
	uint32_t	g;

	jrn_map_init(&env, 5, &map);
	for (g = 0; g < 4; g++)
	{
		add_group(&map, g, 1, yes[g]);
		add_group(&map, g, 0, no[g]);
	}
	ok_close(p_of(&env, &map, 0, 99), 0.012173823529896249, 1e-11, "R-FORK-1 G test against scipy");
}

static void
test_permutation(void)
{
	static const int yes[3] = {4, 1, 0};
	static const int n[3] = {5, 6, 3};
	jrn_env		env = host_env();
	jrn_map		map;
	uint32_t	g;
	double		p;

	jrn_map_init(&env, 4, &map);
	for (g = 0; g < 3; g++)
	{
		add_group(&map, g, 1, yes[g]);
		add_group(&map, g, 0, n[g] - yes[g]);
	}
	p = p_of(&env, &map, 0, 9999);
	ok(fabs(p - 0.053446553446553) < .009, "R-FORK-1 permutation %.4f against enumeration .0534", p);
}

static void
test_numeric(void)
{
	static const double values[3][4] = {{1, 4, 2, 5}, {7, 3, 6, 0}, {2, 1, 0, 0}};
	static const int sizes[3] = {4, 3, 2};
	jrn_env		env = host_env();
	jrn_map		map;
	uint32_t	g;
	int			i;
	double		p;

	jrn_map_init(&env, 4, &map);
	for (g = 0; g < 3; g++)
		for (i = 0; i < sizes[g]; i++)
			add_group(&map, g, values[g][i], 1);
	p = p_of(&env, &map, 0, 9999);
	ok(fabs(p - 0.138888888888889) < .014, "R-FORK-2 permutation %.4f against enumeration .1389", p);

	jrn_map_init(&env, 4, &map);
	for (i = 0; i < 40; i++)
	{
		if (i < 30)
			add_group(&map, 0, i * 7 % 13, 1);
		if (i < 35)
			add_group(&map, 1, i * 5 % 11 + 1.5, 1);
		add_group(&map, 2, i * 3 % 17 * .9, 1);
	}
	ok_close(p_of(&env, &map, 0, 9), 0.33274039987595194, 1e-11, "R-FORK-2 F test against scipy");
}

/* Groups above 16 are drawn at once, not one by one: the same distribution. */
static void
test_large_groups(void)
{
	static const int yes[3] = {8, 21, 4};
	static const int n[3] = {40, 60, 17};
	jrn_env		env = host_env();
	jrn_map		map;
	uint32_t	g;
	double		p;

	jrn_map_init(&env, 4, &map);
	for (g = 0; g < 3; g++)
	{
		add_group(&map, g, 1, yes[g]);
		add_group(&map, g, 0, n[g] - yes[g]);
	}
	p = p_of(&env, &map, 0, 9999);
	ok(fabs(p - 0.2789348071645031) < .018, "R-FORK-1 large groups: permutation %.4f against enumeration", p);
}

/* Only the first visit counts, and the end is a next event. */
static void
test_first_visit(void)
{
	static const uint32_t loops[6] = {0, 0, 0, 0, 1, 0};
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_forks	forks;

	jrn_map_init(&env, 2, &map);
	jrn_map_add_customer(&map, 1, loops, 6, 1);
	jrn_map_add_customer(&map, 2, loops + 3, 2, 0);
	jrn_map_add_customer(&map, 3, loops, 1, 1);
	jrn_map_add_customer(&map, 4, loops, 5, NAN);
	jrn_map_finish(&map);
	ok(jrn_forks_count(&env, &map, &forks) == JRN_OK, "counted");
	ok(forks.cells[0].n == 1 && forks.cells[0].sum == 1, "first visit to 0 goes on to 0 once");
	ok(forks.cells[1].n == 1 && forks.cells[1].sum == 0, "to 1 once");
	ok(forks.cells[2].n == 1 && forks.cells[2].sum == 1, "to the end once");
	ok(forks.cells[3].n == 1 && forks.cells[5].n == 1, "from 1 to 0 and to the end");
	ok(forks.first[0].n == 3 && forks.first[0].sum == 2, "first touches of known outcomes");
}

static void
test_no_test(void)
{
	jrn_env		env = host_env();
	jrn_map		map;

	jrn_map_init(&env, 3, &map);
	add_group(&map, 0, 1, 5);
	add_group(&map, 0, 0, 5);
	ok(isnan(p_of(&env, &map, 0, 99)), "R-FORK-3 one next event");
	jrn_map_init(&env, 3, &map);
	add_group(&map, 0, 1, 5);
	add_group(&map, 1, 1, 5);
	ok(isnan(p_of(&env, &map, 0, 99)), "R-FORK-3 one outcome");
}

/* Draws on a grid of uniforms have the exact probabilities. */
static void
test_hypergeometric(void)
{
	double		got[5] = {0, 0, 0, 0, 0};
	int			i;
	bool		inside = true;

	/* 9 of which 5 are successes, 4 draws: C(5,x) C(4,4-x) / 126 */
	static const double exact[5] = {1.0 / 126, 20.0 / 126, 60.0 / 126, 40.0 / 126, 5.0 / 126};

	for (i = 0; i < 100000; i++)
		got[jrn_hypergeometric(9, 5, 4, (i + .5) / 100000)] += 1e-5;
	for (i = 0; i < 5; i++)
		ok(fabs(got[i] - exact[i]) < 2e-5, "hypergeometric probability of %d", i);
	for (i = 0; i < 1000; i++)
	{
		int64_t		x = jrn_hypergeometric(500000, 120000, 40000, (i + .5) / 1000);

		inside = inside && x > 9000 && x < 10200;
	}
	ok(inside, "large hypergeometric draws are near their mean 9600");
	ok_int(jrn_hypergeometric(10, 10, 4, .3), 4, "all are successes");
	ok_int(jrn_hypergeometric(10, 0, 4, .3), 0, "none is");
	ok_int(jrn_hypergeometric(10, 4, 10, .999), 4, "all are drawn");
	ok_int(jrn_hypergeometric(3, 1, 1, 1 - 0x1p-53), 1, "the last crumb of the uniform");
}

/* Outcome and next event independent: p below .05 in about 5 % of maps. */
static void
test_size(void)
{
	jrn_env		env = host_env();
	int			rejected = 0;
	int			r,
				c;

	for (r = 0; r < 400; r++)
	{
		uint64_t	stream = jrn_seed_derive(11, "null", (uint64_t) r);
		jrn_map		map;
		jrn_forks	forks;
		double		p;

		jrn_map_init(&env, 7, &map);
		for (c = 0; c < 40; c++)
			add_group(&map, (uint32_t) jrn_random_below(stream, (uint64_t) c, 6),
					  jrn_random_uniform(stream, 1000 + (uint64_t) c) < .3, 1);
		jrn_map_finish(&map);
		jrn_forks_count(&env, &map, &forks);
		jrn_forks_test(&env, &forks, 0, 199, (uint64_t) r, &p);
		rejected += p <= .05;
	}
	host_reset();
	ok(rejected >= 8 && rejected <= 34, "R-FORK-1 size of the permutation test: %d of 400", rejected);
}

static void
test_false_discovery(void)
{
	static const double p[25] = {.001, .008, .039, .041, .042, .06, .074, .205, .212, .216, .222, .251,
	.269, .275, .34, .341, .384, .569, .594, .696, .762, .94, .942, .975, .986};
	static const double want[8] = {.025, .1, .21, .21, .21, .25, .264286, .491071};
	jrn_env		env = host_env();
	double		shuffled[26];
	double		q[26];
	int			i;

	for (i = 0; i < 25; i++)
		shuffled[i * 7 % 25] = p[i];
	shuffled[25] = NAN;
	ok(jrn_false_discovery(&env, shuffled, 26, q) == JRN_OK, "q-values");
	for (i = 0; i < 8; i++)
		ok_close(q[i * 7 % 25], want[i], 2e-6, "R-FORK-5 q-value %d", i + 1);
	ok(isnan(q[25]), "R-FORK-5 no test, no q-value");
}

void
test_forks(void)
{
	test_g();
	test_permutation();
	test_large_groups();
	test_numeric();
	test_first_visit();
	test_no_test();
	test_hypergeometric();
	test_size();
	test_false_discovery();
}
