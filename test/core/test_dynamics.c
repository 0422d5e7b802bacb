/*
 * test_dynamics.c
 *		Eigenvalue moduli against numpy and against determinants and powers;
 *		healing and redirects of store vector A against the changed chain;
 *		memory of processes with a known order; drift against every permutation
 *		and under the null.
 *
 * Provenance: vectors of the chaos reference (3.4, 3.6, 4.2, 4.8), and
 * test/oracles/chaos_symbols.py.
 */
#include "tap.h"

#include "../../src/chaos/damage.h"
#include "../../src/chaos/drift.h"
#include "../../src/chaos/memory_order.h"
#include "../../src/chaos/spectrum.h"
#include "../../src/core/lu.h"
#include "../../src/core/random.h"

/* ---- spectrum ---- */

static void
test_golden_moduli(void)
{
	static const double store[16] = {.10, .50, .20, .00, .10, .20, .30, .10, .00, .20, .20, .30, .00, .10, .20, .10};
	static const double chain[16] = {.5, .3, .1, .1, .2, .4, .3, .1, .1, .2, .5, .2, .25, .25, .25, .25};
	static const double of_store[4] = {.6252290753851784, .20241491325957087, .14703278624359958, .0806112024011497};
	static const double of_six[6] = {2.019969601323259, 2.019969601323259, 1.874634784100129, 1.4923992614478718, 1.4923992614478718, .5364719235821864};
	static const double of_eleven[10] = {2.4743166234674647, 2.2715442568622306, 2.203289729040413, 2.203289729040413, 1.7425833089344442,
	1.7425833089344442, 1.6564026325152836, 1.6564026325152836, 1.0499405408346614, 1.0499405408346614};
	jrn_env		env = host_env();
	double		a[121];
	double		got[11];
	int			n,
				i,
				j;

	ok(jrn_spectrum_moduli(&env, store, 4, got) == JRN_OK, "store map");
	for (i = 0; i < 4; i++)
		ok_close(got[i], of_store[i], 1e-13, "store map: modulus %d", i);
	ok(jrn_spectrum_moduli(&env, chain, 4, got) == JRN_OK, "chain of four states");
	ok_close(got[0], 1.0, 1e-14, "a stochastic matrix has 1");
	ok_close(got[1], .3780776406, 1e-9, "reference: |lambda_2| = .3780776406");
	for (n = 6; n <= 11; n += 5)
	{
		for (i = 0; i < n; i++)
			for (j = 0; j < n; j++)
				a[i * n + j] = ((i * 7 + j * 3 + i * j * j) % 13 - 6) / 5.0;
		ok(jrn_spectrum_moduli(&env, a, (size_t) n, got) == JRN_OK, "%d x %d", n, n);
		for (i = 0; i < (n == 6 ? 6 : 10); i++)
			ok_close(got[i], n == 6 ? of_six[i] : of_eleven[i], 1e-12, "%d x %d: modulus %d", n, n, i);
	}
	ok(got[10] < 1e-13, "a rank below 11");
}

static void
test_shapes_of_matrices(void)
{
	static const double funnel[16] = {0, .5, .2, .1, 0, 0, .7, .1, 0, 0, 0, .9, 0, 0, 0, 0};
	static const double turn[9] = {0, 1, 0, 0, 0, 1, 1, 0, 0};
	static const double blocks[16] = {.5, 0, .1, 0, 0, .2, 0, .3, 0, 0, .25, 0, 0, .4, 0, .1};
	jrn_env		env = host_env();
	double		broken[4] = {1, NAN, 0, 1};
	double		got[4];

	ok(jrn_spectrum_moduli(&env, funnel, 4, got) == JRN_OK, "a map without ways back");
	ok(got[0] == 0 && got[3] == 0, "exact zeros");
	ok(jrn_spectrum_moduli(&env, turn, 3, got) == JRN_OK, "a cycle");
	ok_close(got[2], 1.0, 1e-14, "all of modulus 1");
	ok(jrn_spectrum_moduli(&env, blocks, 4, got) == JRN_OK, "two parts and what is alone");
	ok_close(got[0], .5, 1e-15, "alone");
	ok_close(got[1], .15 + sqrt(.05 * .05 + .12), 1e-14, "a pair");
	ok_close(got[2], .25, 1e-15, "alone too");
	ok(jrn_spectrum_moduli(&env, broken, 2, got) == JRN_NONFINITE, "R-SPE-2");
	ok(jrn_spectrum_moduli(&env, broken, 0, got) == JRN_OK, "nothing");
}

/* |det| is the product of the moduli, and powers grow as the first. */
static void
test_random_matrices(void)
{
	jrn_env		env = host_env();
	int			round;

	for (round = 0; round < 12; round++)
	{
		const size_t n = 5 + 6 * (size_t) round;
		double	   *a;
		double	   *moduli;
		double		sum = 0;
		jrn_lu		lu;
		size_t		i;

		jrn_alloc_array(&env, n * n, sizeof(double), &a);
		jrn_alloc_array(&env, n, sizeof(double), &moduli);
		for (i = 0; i < n * n; i++)
			a[i] = jrn_random_normal(77 + (uint64_t) round, i) * (round % 3 == 2 && i % 7 != 0 ? 1e-9 : 1.0);
		ok(jrn_spectrum_moduli(&env, a, n, moduli) == JRN_OK, "random %d", (int) n);
		ok(jrn_lu_factor(&env, a, n, &lu) == JRN_OK, "its determinant");
		for (i = 0; i < n; i++)
			sum += log(moduli[i]);
		ok(fabs(sum - lu.log_abs_det) < 1e-6 * (1 + fabs(lu.log_abs_det)), "product of moduli = |det|: %.9g, %.9g", sum, lu.log_abs_det);
		for (i = 1; i < n && moduli[i] <= moduli[i - 1]; i++)
			;
		ok(i == n, "R-SPE-1 they fall");
	}
}

/* ---- healing and redirects ---- */

static const double store_q[16] = {.10, .50, .20, .00, .10, .20, .30, .10, .00, .20, .20, .30, .00, .10, .20, .10};
static const double store_loyal[4] = {.15, .25, .15, .20};
static const double store_churn[4] = {.05, .05, .15, .40};
static const double store_start[4] = {.6, .2, .15, .05};

static void
store_chain(const jrn_env *env, jrn_chain *chain)
{
	int			i;

	jrn_chain_init(env, 4, chain);
	memcpy(chain->q, store_q, sizeof(store_q));
	memcpy(chain->start, store_start, sizeof(store_start));
	for (i = 0; i < 4; i++)
	{
		chain->exit[i] = store_loyal[i] + store_churn[i];
		chain->reward[i] = store_loyal[i] / chain->exit[i];
		chain->spread[i] = chain->reward[i] * (1 - chain->reward[i]);
	}
}

static void
test_damage_of_store(void)
{
	jrn_env		env = host_env();
	jrn_chain	chain;
	jrn_damage	d;
	double		largest = 0;
	int			i,
				j,
				s;

	store_chain(&env, &chain);
	ok(jrn_damage_chain(&env, &chain, &d) == JRN_OK, "healing of the store map");
	ok_close(d.steps, 3.1322537113, 1e-10, "R-DAM-3 expected touches");
	ok_close(d.rate, .6252290754, 1e-10, "R-DAM-2 quasi-stationary rate");
	ok_close(d.second, .20241491325957087, 1e-12, "R-DAM-2 second modulus over the touchpoints");
	ok_close(d.half_life, log(2) / -log(.20241491325957087), 1e-12, "R-DAM-2 half-life");
	ok_close(d.active, .20241491325957087 / .6252290753851784, 1e-12, "among those who go on");
	for (i = 0; i < 4; i++)
		for (j = 0; j < 4; j++)
		{
			double		sum = fabs(chain.exit[i] - chain.exit[j]);

			for (s = 0; s < 4; s++)
				sum += fabs(store_q[i * 4 + s] - store_q[j * 4 + s]);
			largest = fmax(largest, sum / 2);
		}
	ok_close(d.dobrushin, largest, 1e-15, "R-DAM-1 largest distance of two rows");
	ok(strcmp(d.status, "ok") == 0, "ok");
}

static double
mean_of(const jrn_env *env, const jrn_chain *chain)
{
	jrn_solution s;

	jrn_solution_init(env, 4, &s);
	ok(jrn_chain_solve(env, chain, &s) == JRN_OK, "changed chain");
	return s.mean;
}

/* Every redirect against the chain that it makes. */
static void
test_every_redirect(void)
{
	jrn_env		env = host_env();
	jrn_chain	chain;
	jrn_chain	changed;
	jrn_redirect r;
	double		before;
	int			i,
				from,
				to;

	store_chain(&env, &chain);
	before = mean_of(&env, &chain);
	ok(jrn_redirect_chain(&env, &chain, 2, 3, 1, .1, &r) == JRN_OK, "redirect at call from refund to store");
	ok_close(r.derivative, .1971352132, 1e-9, "reference derivative");
	ok_close(r.change, .020350681663758, 1e-12, "reference change for .1");
	for (i = 0; i < 4; i++)
		for (from = -1; from < 4; from++)
			for (to = -1; to < 4; to++)
			{
				double		amount = (from < 0 ? chain.exit[i] : store_q[i * 4 + from]) * .7;

				ok(jrn_redirect_chain(&env, &chain, i, from, to, amount, &r) == JRN_OK, "redirect");
				store_chain(&env, &changed);
				if (from < 0)
					changed.exit[i] -= amount;
				else
					changed.q[i * 4 + from] -= amount;
				if (to < 0)
					changed.exit[i] += amount;
				else
					changed.q[i * 4 + to] += amount;
				ok(fabs(r.change - (mean_of(&env, &changed) - before)) < 1e-13, "R-DAM-4 exact: %d from %d to %d", i, from, to);
				ok(jrn_redirect_chain(&env, &chain, i, from, to, amount * 1e-6, &r) == JRN_OK, "a small one");
				ok(fabs(r.change - r.derivative * amount * 1e-6) < 1e-11, "R-DAM-4 the derivative is its slope");
			}
	ok(jrn_redirect_chain(&env, &chain, 2, 3, 1, .31, &r) == JRN_LIMIT && r.share == .3, "R-DAM-5 more than there is");
	ok(jrn_redirect_chain(&env, &chain, 2, 3, 1, -.1, &r) == JRN_DOMAIN, "less than nothing");
	ok(jrn_redirect_chain(&env, &chain, 2, 3, 1, NAN, &r) == JRN_DOMAIN, "no number");
}

static void
add(jrn_map *map, uint64_t hash, double y, const char *journey)
{
	uint32_t	codes[64];
	size_t		n;

	for (n = 0; journey[n] != '\0'; n++)
		codes[n] = (uint32_t) (journey[n] - 'A');
	ok(jrn_map_add_customer(map, hash, codes, n, y) == JRN_OK, "added");
}

static void
test_maps_without_answers(void)
{
	jrn_env		env = host_env();
	jrn_map		map;
	jrn_damage	d;
	jrn_redirect r;

	jrn_map_init(&env, 0, &map);
	jrn_map_finish(&map);
	ok(jrn_damage_map(&env, &map, &d) == JRN_OK && isnan(d.steps) && strcmp(d.status, "too_few") == 0, "R-DAM-6 no journey");
	jrn_map_init(&env, 1, &map);
	add(&map, 1, 0, "AAA");
	jrn_map_finish(&map);
	ok(jrn_damage_map(&env, &map, &d) == JRN_OK && d.dobrushin == 0 && isnan(d.second), "one touchpoint");
	ok_close(d.steps, 3, 1e-13, "three steps");
	ok_close(d.rate, 2.0 / 3, 1e-15, "goes on twice of three times");
	jrn_map_init(&env, 3, &map);
	add(&map, 1, 1, "AB");
	add(&map, 2, 0, "AA");
	add(&map, 3, NAN, "AC");
	jrn_map_finish(&map);
	ok(jrn_redirect_map(&env, &map, 0, 0, 1, .1, &r) == JRN_OK && strcmp(r.status, "low_n") == 0, "three customers");
	ok(jrn_redirect_map(&env, &map, 0, 0, 2, .1, &r) == JRN_OK && isnan(r.change) && strcmp(r.status, "no_end") == 0, "nobody knows what C leads to");
	jrn_map_init(&env, 2, &map);
	add(&map, 1, 1, "AB");
	add(&map, 2, 1, "AA");
	jrn_map_finish(&map);
	ok(jrn_redirect_map(&env, &map, 0, 0, 1, .1, &r) == JRN_OK && strcmp(r.status, "one_class") == 0, "one outcome");
	jrn_map_init(&env, 2, &map);
	add(&map, 1, NAN, "AB");
	jrn_map_finish(&map);
	ok(jrn_redirect_map(&env, &map, 0, 0, 1, .1, &r) == JRN_OK && strcmp(r.status, "no_outcome") == 0, "no outcome");
}

/* ---- memory ---- */

/* Symbols that follow an order exactly as far as `order` events back, with noise. */
static jrn_map
remembering(const jrn_env *env, int order, int customers, int length, uint64_t seed)
{
	jrn_map		map;
	uint32_t	codes[64];
	int			c,
				s,
				b;

	jrn_map_init(env, 3, &map);
	for (c = 0; c < customers; c++)
	{
		for (s = 0; s < length; s++)
		{
			uint64_t	at = (uint64_t) c * 1000 + (uint64_t) s * 2;
			uint32_t	sum = 1;

			for (b = 1; b <= order && b <= s; b++)
				sum += codes[s - b] * (uint32_t) b;
			codes[s] = order > 0 && jrn_random_uniform(seed, at) < .6 ? sum % 3 :
				(uint32_t) jrn_random_below(seed, at + 1, 3);
		}
		jrn_map_add_customer(&map, (uint64_t) c, codes, (size_t) length, 0.0);
	}
	jrn_map_finish(&map);
	return map;
}

static void
test_known_orders(void)
{
	jrn_env		env = host_env();
	int			order;

	for (order = 0; order <= 2; order++)
	{
		jrn_map		map = remembering(&env, order, 400, 9, 21 + (uint64_t) order);
		jrn_memory_row rows[4];
		int			r,
					least = 0;

		ok(jrn_memory_order(&env, &map, 3, 10, 0, rows) == JRN_OK, "memory");
		for (r = 0; r < 4; r++)
		{
			ok(rows[r].chosen == (r == order), "R-MEM-4 order %d of a process of order %d", r, order);
			ok(rows[r].parameters == 2 * pow(3, r), "parameters");
			if (rows[r].bic < rows[least].bic)
				least = r;
		}
		ok_int(least, order, "BIC agrees");
	}
}

/* Weak memories: the rule itself, and that it makes a difference. */
static void
test_rule(void)
{
	bool		right = true;
	int			simpler = 0;
	int			seed;

	for (seed = 0; seed < 300; seed++)
	{
		jrn_env		env = host_env();
		jrn_map		map = remembering(&env, seed % 2, 25, 6, 900 + (uint64_t) seed);
		jrn_memory_row rows[3];
		int			best = 0;
		int			want = 0;
		int			r;

		if (jrn_memory_order(&env, &map, 2, 10, 0, rows) != JRN_OK)
			break;
		for (r = 1; r < 3; r++)
			if (rows[r].log_loss < rows[best].log_loss)
				best = r;
		while (rows[want].log_loss > rows[best].log_loss + rows[best].std_error)
			want++;
		for (r = 0; r < 3; r++)
			right = right && rows[r].chosen == (r == want);
		simpler += want < best;
		host_reset();
	}
	ok_int(seed, 300, "300 small sources");
	ok(right, "R-MEM-4 the lowest within one error of the best");
	ok(simpler > 0, "which is not the best in %d of 300", simpler);
}

static void
test_refusals(void)
{
	jrn_env		env = host_env();
	jrn_map		map = remembering(&env, 1, 60, 2, 5);
	jrn_memory_row rows[5];

	ok(jrn_memory_order(&env, &map, 4, 10, 0, rows) == JRN_OK, "journeys of two events");
	ok(strcmp(rows[1].status, "ok") == 0 && isfinite(rows[1].log_loss), "order 1 is judged on 60 transitions");
	ok(strcmp(rows[2].status, "refused") == 0 && isnan(rows[2].log_loss) && !rows[2].chosen, "R-MEM-1 18 > 60/5");
	map = remembering(&env, 1, 600, 2, 5);
	ok(jrn_memory_order(&env, &map, 4, 10, 0, rows) == JRN_OK, "many journeys of two events");
	ok(strcmp(rows[2].status, "too_few") == 0 && isnan(rows[2].aic), "R-MEM-2 no event has two others before it");
	ok(strcmp(rows[4].status, "refused") == 0, "R-MEM-1 162 > 600/5");
	map = remembering(&env, 1, 1, 60, 5);
	ok(jrn_memory_order(&env, &map, 1, 10, 0, rows) == JRN_OK && strcmp(rows[0].status, "too_few") == 0, "one customer");
	map = remembering(&env, 1, 5, 1, 5);
	ok(jrn_memory_order(&env, &map, 1, 10, 0, rows) == JRN_OK && strcmp(rows[0].status, "too_few") == 0, "single events");
	ok(jrn_memory_order(&env, &map, 11, 10, 0, rows) == JRN_DOMAIN, "too high an order");
}

/* ---- drift ---- */

static const int32_t same[3] = {0, 1, 2};

static double
g_of(const int a[3], const int b[3])
{
	double		n = a[0] + a[1] + a[2];
	double		m = b[0] + b[1] + b[2];
	double		g = 0;
	int			i;

	for (i = 0; i < 3; i++)
	{
		double		both = a[i] + b[i];

		if (a[i] > 0)
			g += 2 * a[i] * log(a[i] * (n + m) / (n * both));
		if (b[i] > 0)
			g += 2 * b[i] * log(b[i] * (n + m) / (m * both));
	}
	return g;
}

/* All ways to deal ten customers to two windows of five. */
static void
test_every_permutation(void)
{
	static const char *const journeys[10] = {"ABAB", "ABAC", "AAB", "ABABA", "AB", "ACAC", "AC", "AAC", "ACACA", "ACABA"};
	jrn_env		env = host_env();
	jrn_map		maps[2];
	jrn_drift_window windows[2] = {{&maps[0], same}, {&maps[1], same}};
	jrn_drift_row rows[3];
	double		observed = 0;
	int			hits = 0;
	int			all = 0;
	int			mask,
				c,
				e;

	for (mask = -1; mask < 1024; mask++)
	{
		int			chosen = mask < 0 ? 31 : mask;
		int			table[2][3] = {{0}};
		double		g;

		if (__builtin_popcount((unsigned) chosen) != 5)
			continue;
		for (c = 0; c < 10; c++)
			for (e = 0; journeys[c][e + 1] != '\0'; e++)
				if (journeys[c][e] == 'A')
					table[chosen >> c & 1 ? 0 : 1][journeys[c][e + 1] - 'A']++;
		g = g_of(table[0], table[1]);
		if (mask < 0)
			observed = g;
		else
		{
			all++;
			hits += g >= observed - 1e-9;
		}
	}
	for (c = 0; c < 2; c++)
	{
		jrn_map_init(&env, 3, &maps[c]);
		for (e = 0; e < 5; e++)
			add(&maps[c], (uint64_t) (100 * c + e), 0, journeys[5 * c + e]);
		jrn_map_finish(&maps[c]);
	}
	ok(jrn_map_drift(&env, windows, 3, 20000, 3, rows) == JRN_OK, "drift of ten customers");
	ok_close(rows[0].statistic, observed, 1e-12, "R-DRI-1 G of the row");
	ok(fabs(rows[0].p - (double) hits / all) < .01, "R-DRI-2 p %.4f, of all permutations %.4f", rows[0].p, (double) hits / all);
	ok(strcmp(rows[0].status, "low_n") == 0 && strcmp(rows[1].status, "one_next") == 0 && isnan(rows[1].p), "R-DRI-4 B goes on to A only");
	ok_int(rows[0].reference, 9, "transitions counted");
}

/* Customers with habits of their own: windows that differ by chance only. */
static jrn_map
habits(const jrn_env *env, int from, int to, int shift, double drift, uint64_t seed)
{
	jrn_map		map;
	uint32_t	codes[20];
	int			c,
				s;

	jrn_map_init(env, 3, &map);
	for (c = from; c < to; c++)
	{
		double		habit = jrn_random_uniform(seed, (uint64_t) c * 100) * .8 + drift;

		codes[0] = 0;
		for (s = 1; s < 9; s++)
		{
			double		u = jrn_random_uniform(seed, (uint64_t) c * 100 + (uint64_t) (s + shift));

			codes[s] = codes[s - 1] == 0 ? (u < habit ? 1 : 2) : 0;
		}
		jrn_map_add_customer(&map, (uint64_t) c, codes, 9, 0.0);
	}
	jrn_map_finish(&map);
	return map;
}

static double
drift_p(const jrn_env *env, int overlap, double drift, uint64_t seed)
{
	jrn_map		maps[2];
	jrn_drift_window windows[2] = {{&maps[0], same}, {&maps[1], same}};
	jrn_drift_row rows[3];

	maps[0] = habits(env, 0, 60, 0, 0, seed);
	maps[1] = habits(env, 60 - overlap, 120 - overlap, 40, drift, seed);
	if (jrn_map_drift(env, windows, 3, 99, seed, rows) != JRN_OK)
		return NAN;
	return rows[0].p;
}

static void
test_drift_size(void)
{
	int			overlap;

	for (overlap = 0; overlap <= 60; overlap += 30)
	{
		int			rejected = 0;
		int			found = 0;
		int			r;

		for (r = 0; r < 200; r++)
		{
			jrn_env		env = host_env();

			rejected += drift_p(&env, overlap, 0, 1000 + (uint64_t) r) <= .05;
			if (r < 20)
				found += drift_p(&env, overlap, .25, 5000 + (uint64_t) r) <= .05;
			host_reset();
		}
		ok(rejected >= 3 && rejected <= 18, "R-DRI-2 %d customers in both windows: %d of 200 rejected at .05", overlap, rejected);
		ok(found >= 17, "a drift is found in %d of 20", found);
	}
}

static void
test_drift_edges(void)
{
	static const int32_t second[2] = {1, 2};
	jrn_env		env = host_env();
	jrn_map		maps[2];
	jrn_drift_window windows[2] = {{&maps[0], same}, {&maps[1], second}};
	jrn_drift_row rows[3];

	jrn_map_init(&env, 2, &maps[0]);
	add(&maps[0], 1, 0, "AB");
	add(&maps[0], 2, 0, "AAB");
	jrn_map_finish(&maps[0]);
	jrn_map_init(&env, 2, &maps[1]);
	add(&maps[1], 3, 0, "AB");
	jrn_map_finish(&maps[1]);
	ok(jrn_map_drift(&env, windows, 3, 9, 0, rows) == JRN_OK, "other touchpoints");
	ok(strcmp(rows[0].status, "one_window") == 0 && strcmp(rows[1].status, "one_window") == 0 &&
	   strcmp(rows[2].status, "too_few") == 0, "R-DRI-4 statuses");
	ok_int(rows[1].current, 1, "labels of the second source");
	jrn_map_init(&env, 0, &maps[0]);
	jrn_map_finish(&maps[0]);
	ok(jrn_map_drift(&env, windows, 3, 9, 0, rows) == JRN_OK && isnan(rows[1].p), "an empty window");
	ok(jrn_map_drift(&env, windows, 3, 0, 0, rows) == JRN_DOMAIN, "no permutations");
}

static jrn_status
all_of_it(const jrn_env *env, void *arg)
{
	jrn_map		maps[2];
	jrn_drift_window windows[2] = {{&maps[0], same}, {&maps[1], same}};
	jrn_drift_row drift[3];
	jrn_memory_row memory[3];
	jrn_damage	damage;
	jrn_redirect redirect;
	uint32_t	codes[12];
	int			w,
				c,
				s;

	(void) arg;
	for (w = 0; w < 2; w++)
	{
		JRN_TRY(jrn_map_init(env, 3, &maps[w]));
		for (c = 0; c < 30; c++)
		{
			for (s = 0; s < 12; s++)
				codes[s] = (uint32_t) ((c * s * (w + 1) + s * s) % 3);
			JRN_TRY(jrn_map_add_customer(&maps[w], (uint64_t) c, codes, 12, c % 2));
		}
		JRN_TRY(jrn_map_finish(&maps[w]));
	}
	JRN_TRY(jrn_map_drift(env, windows, 3, 19, 0, drift));
	JRN_TRY(jrn_memory_order(env, &maps[0], 2, 3, 0, memory));
	JRN_TRY(jrn_damage_map(env, &maps[0], &damage));
	return jrn_redirect_map(env, &maps[0], 1, 1, 2, 0, &redirect);
}

void
test_dynamics(void)
{
	test_golden_moduli();
	test_shapes_of_matrices();
	test_random_matrices();
	test_damage_of_store();
	test_every_redirect();
	test_maps_without_answers();
	test_known_orders();
	test_rule();
	test_refusals();
	test_every_permutation();
	test_drift_edges();
	ok_survives(all_of_it, NULL, "drift, memory, healing and redirects");
	test_drift_size();
}
