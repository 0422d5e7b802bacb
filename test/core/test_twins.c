/*
 * test_twins.c
 *		Twin divergence against pairs counted one by one, p-values against all
 *		ways of dealing labels, replicates against customers drawn by hand,
 *		standard errors against the spread of many samples.
 *
 * Provenance: vectors of the chaos reference (5.3).
 */
#include "tap.h"

#include "../../src/chaos/twins.h"
#include "../../src/core/multiple.h"
#include "../../src/core/random.h"

#define MOST 400
#define LONGEST 12
#define H 4

/* Journeys of a test. */
typedef struct world
{
	int			n;
	uint64_t	hash[MOST];
	double		covariate[MOST];
	uint32_t	labels[MOST][LONGEST];
	double		values[MOST][LONGEST];
	size_t		length[MOST];
	double		outcome[MOST];
} world;

static world w;

static jrn_twins_options
options_of(int prefix, bool numeric, bool has_outcome)
{
	jrn_twins_options options = {prefix, H, 5, numeric, has_outcome, 0, 0, 11};

	return options;
}

static jrn_status
fill(jrn_twins *twins, const jrn_env *env, const jrn_twins_options *options)
{
	int			c;

	JRN_TRY(jrn_twins_begin(twins, env, options));
	for (c = 0; c < w.n; c++)
		JRN_TRY(jrn_twins_add(twins, w.hash[c], w.covariate[c], w.labels[c], w.values[c], w.length[c], w.outcome[c]));
	return jrn_twins_finish(twins);
}

static void
make_world(int n, uint64_t stream)
{
	int			c;
	size_t		i;

	w.n = n;
	for (c = 0; c < n; c++)
	{
		uint64_t	own = jrn_random_u64(stream, (uint64_t) c);

		w.hash[c] = own;
		w.covariate[c] = jrn_random_below(own, 90, 3) == 0 ? NAN : (double) jrn_random_below(own, 91, 2);
		w.length[c] = 1 + jrn_random_below(own, 92, LONGEST - 4);
		w.outcome[c] = jrn_random_below(own, 93, 3) == 0 ? NAN : (double) jrn_random_below(own, 94, 2) - 0.5;
		for (i = 0; i < w.length[c]; i++)
		{
			w.labels[c][i] = (uint32_t) jrn_random_below(own, i, 4);
			w.values[c][i] = jrn_random_below(own, 100 + i, 7) == 0 ? NAN :
				(double) w.labels[c][0] + jrn_random_normal(own, 200 + i) + 1e6;
		}
	}
}

/* ---- by hand ---- */

/* State of customer c at step k; -1: not known. */
static double
hand_state(const jrn_twins_options *o, int c, int k)
{
	size_t		at = (size_t) (o->prefix + k);	/* event prefix + 1 + k, from 0 */
	double	   *v = w.values[c];

	if (at < w.length[c])
		return o->numeric ? v[at] : w.labels[c][at];
	if (o->has_outcome && isnan(w.outcome[c]))
		return NAN;
	if (o->numeric)
		return v[w.length[c] - 1];
	if (o->has_outcome)
		return 1000 + w.outcome[c];
	return w.length[c] == (size_t) o->prefix + 1 ? 999 : w.labels[c][w.length[c] - 1];
}

static bool
same_stratum(const jrn_twins_options *o, int c, int d)
{
	int			i;
	bool		same = w.covariate[c] == w.covariate[d] || (isnan(w.covariate[c]) && isnan(w.covariate[d]));

	for (i = 0; i < o->prefix; i++)
		same = same && w.labels[c][i] == w.labels[d][i];
	return same && w.length[c] > (size_t) o->prefix && w.length[d] > (size_t) o->prefix;
}

/* Group of customer c among its stratum: 0, 1, or -1. */
static int
hand_group(const jrn_twins_options *o, int c)
{
	int			count[5] = {0};
	int			first = -1;
	int			second = -1;
	int			d,
				i;

	for (d = 0; d < w.n; d++)
		if (same_stratum(o, c, d))
			count[w.labels[d][o->prefix]]++;
	for (i = 0; i < 5; i++)
		if (count[i] > 0 && (first < 0 || count[i] > count[first]))
			first = i;
	for (i = 0; i < 5; i++)
		if (i != first && count[i] > 0 && (second < 0 || count[i] > count[second]))
			second = i;
	if (second < 0 || count[second] < 2)
		return -1;
	i = (int) w.labels[c][o->prefix];
	return i == first ? 0 : i == second ? 1 : -1;
}

static double
kernel(const jrn_twins_options *o, double x, double y)
{
	return o->numeric ? (x - y) * (x - y) / 2 : x != y;
}

/*
 * E_k as 2 P(X != Y) - P(X != X') - P(Y != Y') over weighted pairs of
 * different customers; numbers: half squared distances instead of unequal.
 */
static double
hand_divergence(const jrn_twins_options *o, int k, const int *weight, int64_t *n_a, int64_t *n_b)
{
	static int	group[MOST];
	static bool done[MOST];
	double		weighted = 0.0;
	double		total = 0.0;
	int			c,
				d,
				e;

	*n_a = *n_b = 0;
	for (c = 0; c < w.n; c++)
	{
		group[c] = w.length[c] > (size_t) o->prefix ? hand_group(o, c) : -1;
		done[c] = group[c] < 0;
	}
	for (c = 0; c < w.n; c++)
	{
		double		pairs[3] = {0},
					unequal[3] = {0};
		double		n[2] = {0};
		double		own;

		if (done[c])
			continue;
		for (d = 0; d < w.n; d++)
		{
			double		x = group[d] < 0 || !same_stratum(o, c, d) ? NAN : hand_state(o, d, k);

			if (group[d] >= 0 && same_stratum(o, c, d))
				done[d] = true;
			if (isnan(x) || weight[d] == 0)
				continue;
			n[group[d]] += weight[d];
			for (e = 0; e < w.n; e++)
			{
				double		y = e == d || group[e] < 0 || !same_stratum(o, c, e) ? NAN : hand_state(o, e, k);
				int			kind = group[d] == group[e] ? group[d] : 2;

				if (isnan(y))
					continue;
				pairs[kind] += (double) weight[d] * weight[e];
				unequal[kind] += (double) weight[d] * weight[e] * kernel(o, x, y);
			}
		}
		if (!(pairs[0] > 0 && pairs[1] > 0))
			continue;
		own = n[0] * n[1] / (n[0] + n[1]);
		weighted += own * (2 * unequal[2] / pairs[2] - unequal[0] / pairs[0] - unequal[1] / pairs[1]);
		total += own;
		*n_a += (int64_t) n[0];
		*n_b += (int64_t) n[1];
	}
	return total > 0 ? weighted / total : NAN;
}

static void
test_by_hand(void)
{
	int			one[MOST];
	int			trial,
				i;

	for (i = 0; i < MOST; i++)
		one[i] = 1;
	for (trial = 0; trial < 8; trial++)
	{
		jrn_env		env = host_env();
		jrn_twins	twins;
		jrn_twin_step steps[H];
		jrn_twins_options o = options_of(trial & 1, (trial & 2) != 0, (trial & 4) != 0);
		int			k;

		make_world(150, 31 + (uint64_t) trial);
		ok(fill(&twins, &env, &o) == JRN_OK && jrn_twins_divergence(&twins, steps) == JRN_OK, "world %d", trial);
		for (k = 1; k <= H; k++)
		{
			int64_t		n_a,
						n_b;
			double		want = hand_divergence(&o, k, one, &n_a, &n_b);

			ok(fabs(steps[k - 1].divergence - want) < 1e-9, "R-TWIN-3 world %d step %d: %.12g is %.12g by pairs", trial, k,
			   steps[k - 1].divergence, want);
			ok(steps[k - 1].n_a == n_a && steps[k - 1].n_b == n_b, "R-TWIN-2 world %d step %d: customers", trial, k);
		}
	}
}

/* Every replicate's slope, sorted, by hand. */
static void
test_bootstrap(void)
{
	enum
	{
		B = 40
	};
	int			trial;

	for (trial = 0; trial < 2; trial++)
	{
		jrn_env		env = host_env();
		jrn_twins	twins;
		jrn_twins_options o = options_of(0, trial == 1, trial == 1);
		double		slopes[B];
		double		low,
					high;
		size_t		usable = 0;
		int			got;
		int			r,
					c,
					k;

		o.replicates = B;
		make_world(120, 77 + (uint64_t) trial);
		ok(fill(&twins, &env, &o) == JRN_OK, "filled");
		ok(jrn_twins_bootstrap(&twins, 1, H, &low, &high, &got) == JRN_OK, "bootstrap");
		for (r = 0; r < B; r++)
		{
			int			weight[MOST];
			double		e[H];
			int64_t		n_a,
						n_b;

			for (c = 0; c < w.n; c++)
				weight[c] = jrn_hash_poisson(jrn_hash_u64(w.hash[c], jrn_seed_derive(11, "boot", 1 + (uint64_t) r)));
			for (k = 1; k <= H; k++)
				e[k - 1] = hand_divergence(&o, k, weight, &n_a, &n_b);
			slopes[usable] = jrn_twin_slope(e, 1, H);
			usable += !isnan(slopes[usable]);
		}
		ok_int(got, (long long) usable, "R-TWIN-7 usable replicates");
		if (usable >= 20)
		{
			jrn_sort_doubles(&env, slopes, usable);
			ok_close(low, jrn_sorted_quantile(slopes, usable, 0.025), 1e-6, "R-TWIN-7 lower end");
			ok_close(high, jrn_sorted_quantile(slopes, usable, 0.975), 1e-6, "R-TWIN-7 upper end");
		}
		else
			ok(isnan(low) && isnan(high), "R-TWIN-7 no interval of %d replicates", got);
	}
}

/* ---- vectors ---- */

/* Customers whose journeys are two events: the one that differs, and a state. */
static void
two_step(const int *a, const int *b, int states)
{
	int			s,
				i;

	memset(&w, 0, sizeof(w));
	for (s = 0; s < 2 * states; s++)
		for (i = 0; i < (s < states ? a[s] : b[s - states]); i++)
		{
			w.hash[w.n] = jrn_hash_u64((uint64_t) w.n, 5);
			w.labels[w.n][0] = s >= states;
			w.labels[w.n][1] = w.labels[w.n][2] = (uint32_t) (s % states);
			w.values[w.n][1] = s % states;
			w.outcome[w.n] = NAN;
			w.length[w.n++] = 2;
		}
}

static void
test_vectors(void)
{
	const int	a[2] = {3, 1};
	const int	b[2] = {1, 3};
	const double exact[4] = {.34, .0541, .00814925, .00119365};
	jrn_env		env = host_env();
	jrn_twins	twins;
	jrn_twin_step steps[H];
	jrn_twins_options o = options_of(0, false, false);

	two_step(a, b, 2);
	ok(fill(&twins, &env, &o) == JRN_OK && jrn_twins_divergence(&twins, steps) == JRN_OK, "counts");
	ok_close(steps[0].divergence, .25, 1e-14, "[3, 1] against [1, 3]");
	ok_close(steps[1].divergence, .25, 1e-14, "R-TWIN-1 ended journeys stay");
	ok_int(steps[0].n_a + steps[0].n_b + steps[0].strata, 9, "4 and 4 in one stratum");
	o.has_outcome = true;
	ok(fill(&twins, &env, &o) == JRN_OK && jrn_twins_divergence(&twins, steps) == JRN_OK, "censored");
	ok(isnan(steps[1].divergence) && steps[1].n_a == 0, "R-TWIN-2 nobody is followed beyond the censoring");
	ok(jrn_twins_state(&twins, &steps[1]) == JRN_TWINS_TOO_FEW, "too few");
	ok_close(jrn_twin_slope(exact, 1, 4), (3 * log(.00119365 / .34) + log(.00814925 / .0541)) / 20, 1e-12, "R-TWIN-7 slope of the exact chain");
	ok_close(jrn_twin_slope(exact, 2, 4), log(.00119365 / .0541) / 4, 1e-12, "R-TWIN-7 of three steps: the ends decide");
	ok(isnan(jrn_twin_slope(exact, 3, 4)), "R-TWIN-7 two steps are no slope");
}

/* p-values against all 70 ways of choosing 4 of 8. */
static void
test_exact_p(void)
{
	const int	a[3] = {3, 1, 0};
	const int	b[3] = {0, 2, 2};
	int			trial;

	for (trial = 0; trial < 2; trial++)
	{
		jrn_env		env = host_env();
		jrn_twins	twins;
		jrn_twin_step steps[H];
		jrn_twins_options o = options_of(0, trial == 1, false);
		double		p;
		int			as_large = 0;
		int			ways = 0;
		int			mask;

		o.permutations = 20000;
		two_step(a, b, 3);
		ok(fill(&twins, &env, &o) == JRN_OK && jrn_twins_divergence(&twins, steps) == JRN_OK, "eight customers");
		ok(jrn_twins_permute(&twins, steps, &p) == JRN_OK, "permuted");
		for (mask = 0; mask < 256; mask++)
		{
			double		in[2] = {0},
						across = 0.0;
			int			i,
						j;

			if (__builtin_popcount((unsigned) mask) != 4)
				continue;
			for (i = 0; i < 8; i++)
				for (j = 0; j < 8; j++)
				{
					double		distance = kernel(&o, w.labels[i][1], w.labels[j][1]);

					if ((mask >> i & 1) != (mask >> j & 1))
						across += distance / 32;
					else if (i != j)
						in[mask >> i & 1] += distance / 12;
				}
			ways++;
			as_large += 2 * across - in[0] - in[1] >= steps[0].divergence - 1e-9;
		}
		ok_int(ways, 70, "all ways");
		ok(fabs(p - (double) as_large / ways) < 0.012, "R-TWIN-6 p %.4f, %.4f of all ways", p, (double) as_large / ways);
		ok(steps[0].p == p && steps[3].p == p, "R-TWIN-6 the largest of equal steps");
	}
}

/* Errors against the spread of 400 samples, with and without an effect. */
static void
test_errors(void)
{
	int			trial;

	for (trial = 0; trial < 4; trial++)
	{
		enum
		{
			SAMPLES = 400
		};
		double		sum = 0.0,
					squares = 0.0,
					variance = 0.0;
		int			s;

		for (s = 0; s < SAMPLES; s++)
		{
			jrn_env		env = host_env();
			jrn_twins	twins;
			jrn_twin_step steps[H];
			jrn_twins_options o = options_of(0, trial >= 2, false);
			int			c;

			w.n = 120;
			for (c = 0; c < w.n; c++)
			{
				uint64_t	own = jrn_random_u64((uint64_t) (1000 * trial + s), (uint64_t) c);

				w.hash[c] = own;
				w.covariate[c] = 0.0;
				w.labels[c][0] = c % 3 == 0;
				w.labels[c][1] = (uint32_t) jrn_random_below(own, 1, 4);
				if (trial == 1 && c % 3 == 0 && jrn_random_below(own, 2, 3) == 0)
					w.labels[c][1] = 0;
				w.values[c][1] = jrn_random_normal(own, 3) + (trial == 3 && c % 3 == 0 ? 0.7 : 0.0);
				w.length[c] = 2;
			}
			if (fill(&twins, &env, &o) != JRN_OK || jrn_twins_divergence(&twins, steps) != JRN_OK)
				ok(false, "sample");
			sum += steps[0].divergence;
			squares += steps[0].divergence * steps[0].divergence;
			variance += steps[0].std_error * steps[0].std_error / SAMPLES;
			host_reset();
		}
		variance /= (squares - sum * sum / SAMPLES) / (SAMPLES - 1);
		/* near no difference of two means the bound from below makes it wide */
		ok(variance > 0.75 && variance < (trial == 2 ? 2.2 : 1.5), "R-TWIN-5 error of case %d: variance %.3f of the spread", trial, variance);
		if (trial % 2 == 0)
			ok(fabs(sum / SAMPLES) < 3 * sqrt(squares) / SAMPLES, "R-TWIN-3 no effect, no divergence on average: %g", sum / SAMPLES);
	}
}

/* ---- statuses and refusals ---- */

static void
test_statuses(void)
{
	const int	two[2] = {2, 0};
	const int	one[2] = {1, 0};
	const int	none[2] = {0, 0};
	const int	far_a[2] = {40, 0};
	const int	far_b[2] = {0, 40};
	jrn_env		env = host_env();
	jrn_twins	twins;
	jrn_twin_step steps[H];
	jrn_twins_rate rate;
	jrn_twins_options o = options_of(0, false, false);
	double		p;

	o.permutations = 99;
	o.replicates = 50;
	w.n = 0;
	ok(fill(&twins, &env, &o) == JRN_OK && jrn_twins_divergence(&twins, steps) == JRN_OK, "nobody");
	ok(jrn_twins_permute(&twins, steps, &p) == JRN_OK && isnan(p), "no p of nobody");
	ok(jrn_twins_fit(&twins, steps, p, &rate) == JRN_OK && rate.status == JRN_TWINS_TOO_FEW && isnan(rate.rate), "too few");
	two_step(two, none, 2);
	ok(fill(&twins, &env, &o) == JRN_OK && jrn_twins_divergence(&twins, steps) == JRN_OK, "one way");
	ok(jrn_twins_state(&twins, &steps[0]) == JRN_TWINS_NO_FORK && isnan(steps[0].divergence), "no fork");
	two_step(two, one, 2);
	ok(fill(&twins, &env, &o) == JRN_OK && jrn_twins_divergence(&twins, steps) == JRN_OK, "two against one");
	ok(jrn_twins_state(&twins, &steps[0]) == JRN_TWINS_TOO_FEW, "R-TWIN-4 one is not enough");
	two_step(two, two, 2);
	ok(fill(&twins, &env, &o) == JRN_OK && jrn_twins_divergence(&twins, steps) == JRN_OK, "the same");
	ok(steps[0].divergence == 0.0 && steps[0].std_error == 0.0, "all in one state: nothing");
	ok(jrn_twins_permute(&twins, steps, &p) == JRN_OK && p == 1.0, "and p is 1");
	ok(jrn_twins_fit(&twins, steps, p, &rate) == JRN_OK && rate.status == JRN_TWINS_NO_DIVERGENCE, "no divergence");
	two_step(far_a, far_b, 2);
	ok(fill(&twins, &env, &o) == JRN_OK && jrn_twins_divergence(&twins, steps) == JRN_OK, "opposites");
	ok(jrn_twins_permute(&twins, steps, &p) == JRN_OK && p == 0.01, "never by chance");
	ok(jrn_twins_fit(&twins, steps, p, &rate) == JRN_OK && rate.status == JRN_TWINS_OK && fabs(rate.rate) < 1e-15 && rate.low <= 0.0,
	   "what stays does neither grow nor heal");
	o.horizon = 2;
	ok(fill(&twins, &env, &o) == JRN_OK && jrn_twins_divergence(&twins, steps) == JRN_OK, "two steps");
	ok(jrn_twins_fit(&twins, steps, 0.01, &rate) == JRN_OK && rate.status == JRN_TWINS_TOO_SHORT && isnan(rate.rate), "too short");
	o.horizon = 0;
	ok(jrn_twins_begin(&twins, &env, &o) == JRN_DOMAIN, "no steps");
	o.horizon = 1;
	o.prefix = -1;
	ok(jrn_twins_begin(&twins, &env, &o) == JRN_DOMAIN, "negative prefix");
	o = options_of(0, false, false);
	o.labels = 1;
	ok(fill(&twins, &env, &o) == JRN_DOMAIN, "a label that is none");
	o = options_of(0, true, false);
	w.values[0][1] = INFINITY;
	ok(fill(&twins, &env, &o) == JRN_NONFINITE, "an infinite value");
}

/* Huge and tiny numbers keep their figures. */
static void
test_scale(void)
{
	const double units[3] = {1.0, 1e-140, 1e150};
	double		rate = NAN;
	int			u;

	for (u = 0; u < 3; u++)
	{
		jrn_env		env = host_env();
		jrn_twins	twins;
		jrn_twin_step steps[H];
		jrn_twins_options o = options_of(0, true, false);
		double		p;
		int			c;
		size_t		i;

		o.permutations = 199;
		make_world(200, 3);
		for (c = 0; c < w.n; c++)
			for (i = 0; i < w.length[c]; i++)
				w.values[c][i] = (w.values[c][i] - 1e6) * units[u];
		ok(fill(&twins, &env, &o) == JRN_OK && jrn_twins_divergence(&twins, steps) == JRN_OK &&
		   jrn_twins_permute(&twins, steps, &p) == JRN_OK, "unit %g", units[u]);
		if (u == 0)
			rate = p;
		ok(p == rate && isfinite(steps[0].divergence), "unit %g: the same p", units[u]);
	}
}

typedef struct trial
{
	int			prefix;
	bool		numeric;
	bool		has_outcome;
} trial;

static jrn_status
whole(const jrn_env *env, void *arg)
{
	const trial *t = arg;
	jrn_twins_options o = options_of(t->prefix, t->numeric, t->has_outcome);
	jrn_twins	twins;
	jrn_twin_step steps[H];
	double		low,
				high,
				p;
	int			usable;

	o.permutations = 5;
	o.replicates = 21;
	JRN_TRY(fill(&twins, env, &o));
	JRN_TRY(jrn_twins_divergence(&twins, steps));
	JRN_TRY(jrn_twins_permute(&twins, steps, &p));
	return jrn_twins_bootstrap(&twins, 1, H, &low, &high, &usable);
}

void
test_twins(void)
{
	trial		touchpoints = {1, false, true};
	trial		numbers = {0, true, false};

	test_vectors();
	test_by_hand();
	test_bootstrap();
	test_exact_p();
	test_errors();
	test_statuses();
	test_scale();
	make_world(60, 5);
	ok_survives(whole, &touchpoints, "twins of touchpoints");
	make_world(60, 5);
	ok_survives(whole, &numbers, "twins of numbers");
}
