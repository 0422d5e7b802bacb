/*
 * test_patterns.c
 *		Patterns against enumeration of all subsequences, the stratified test
 *		against R, against all ways to deal outcomes, and on journeys whose
 *		length drives everything.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/core/random.h"
#include "../../src/maps/odds_ratio.h"
#include "../../src/maps/patterns.h"

#define LABELS 4
#define LONGEST 9
#define CUSTOMERS 40

static jrn_event events[CUSTOMERS][LONGEST];
static size_t lengths[CUSTOMERS];
static bool outcomes[CUSTOMERS];
static bool held[CUSTOMERS];
static uint32_t base;			/* of the labels that are handed over: how wide codes are */
static size_t limit = 1 << 20;

static void
fill(uint64_t stream)
{
	uint64_t	draw = 0;
	int			c;
	size_t		i;

	for (c = 0; c < CUSTOMERS; c++)
	{
		lengths[c] = 1 + (size_t) jrn_random_below(stream, draw++, LONGEST);
		for (i = 0; i < lengths[c]; i++)
		{
			events[c][i].ts = (int64_t) i;
			events[c][i].label = (uint32_t) jrn_random_below(stream, draw++, LABELS);
		}
		outcomes[c] = jrn_random_uniform(stream, draw++) < 0.5;
		held[c] = jrn_random_uniform(stream, draw++) < 0.3;
	}
}

/* Does the journey contain labels[0 .. n - 1] from place on, the gap counted from last? */
static bool
contains(int c, const uint32_t *labels, int n, size_t from, uint32_t gap)
{
	size_t		i;

	if (n == 0)
		return true;
	for (i = from; i < lengths[c]; i++)
	{
		if (gap > 0 && from > 0 && i - (from - 1) > gap)
			break;
		if (events[c][i].label == labels[0] && contains(c, labels + 1, n - 1, i + 1, gap))
			return true;
	}
	return false;
}

/* The first element may stand anywhere. */
static bool
has(int c, const uint32_t *labels, int n, uint32_t gap)
{
	size_t		i;

	for (i = 0; i < lengths[c]; i++)
		if (events[c][i].label == labels[0] && contains(c, labels + 1, n - 1, i + 1, gap))
			return true;
	return false;
}

static jrn_status
load(jrn_patterns *p, const jrn_env *env)
{
	jrn_event	moved[LONGEST];
	size_t		i;
	int			c;

	JRN_TRY(jrn_patterns_begin(p, env, base + LABELS, limit));
	for (c = 0; c < CUSTOMERS; c++)
	{
		for (i = 0; i < lengths[c]; i++)
		{
			moved[i] = events[c][i];
			moved[i].label += base;
		}
		JRN_TRY(jrn_patterns_add(p, moved, lengths[c], outcomes[c], held[c]));
	}
	return jrn_patterns_divide(p);
}

static const jrn_pattern *
find(const jrn_patterns *p, const uint32_t *labels, int n)
{
	size_t		i;
	int			j;

	for (i = 0; i < p->count; i++)
	{
		for (j = 0; j < n && p->list[i].labels[j] == base + labels[j]; j++)
			;
		if (p->list[i].length == n && j == n)
			return &p->list[i];
	}
	return NULL;
}

static void
against_enumeration(uint64_t stream, uint32_t gap, int64_t min_support)
{
	jrn_env		env = host_env();
	jrn_patterns p;
	int			mistakes = 0;
	size_t		expected = 0;
	int			length,
				code;

	fill(stream);
	ok(load(&p, &env) == JRN_OK && jrn_patterns_find(&p, 3, gap, min_support) == JRN_OK, "found");
	for (length = 1; length <= 3; length++)
	{
		int			all = length == 1 ? LABELS : length == 2 ? LABELS * LABELS : LABELS * LABELS * LABELS;

		for (code = 0; code < all; code++)
		{
			uint32_t	labels[3] = {(uint32_t) (code % LABELS), (uint32_t) (code / LABELS % LABELS), (uint32_t) (code / LABELS / LABELS)};
			int64_t		found = 0,
						found_both = 0,
						kept = 0,
						kept_both = 0;
			int64_t		sums[4] = {0};
			const jrn_pattern *pattern = find(&p, labels, length);
			int			c,
						s;

			for (c = 0; c < CUSTOMERS; c++)
				if (has(c, labels, length, gap))
				{
					*(held[c] ? &kept : &found) += 1;
					*(held[c] ? &kept_both : &found_both) += outcomes[c];
				}
			expected += found >= min_support;
			if ((pattern != NULL) != (found >= min_support))
				mistakes++;
			if (pattern == NULL)
				continue;
			for (s = 0; s < JRN_PATTERN_STRATA; s++)
			{
				sums[0] += pattern->found[s].property;
				sums[1] += pattern->found[s].both;
				sums[2] += pattern->held[s].property;
				sums[3] += pattern->held[s].both;
			}
			mistakes += sums[0] != found || sums[1] != found_both || sums[2] != kept || sums[3] != kept_both;
		}
	}
	ok_int(mistakes, 0, "R-PAT-1 tables equal enumeration (gap %u, support %d)", gap, (int) min_support);
	ok_int((long long) p.count, (long long) expected, "as many patterns");
	host_reset();
}

/* ---- the test ---- */

static void
golden(void)
{
	jrn_env		env = host_env();
	/* R 4.2.2: mantelhaen.test(exact = TRUE), its estimate, fisher.test */
	jrn_stratum three[3] = {{44, 17, 19, 12}, {35, 12, 11, 3}, {11, 1, 5, 1}};
	jrn_stratum one = {24, 13, 12, 3};
	jrn_stratum large = {440, 200, 210, 120};
	jrn_stratum silent = {10, 10, 4, 4};
	double		p,
				low,
				high;

	ok(jrn_stratified_test(&env, three, 3, &p) == JRN_OK, "test");
	ok_close(p, 0.0601629868687942, 1e-10, "R-STRAT-1 three strata, as R");
	ok_close(jrn_mantel_haenszel(three, 3), 2.55406328249488, 1e-12, "Mantel-Haenszel odds ratio, as R");
	ok(jrn_stratified_test(&env, &one, 1, &p) == JRN_OK, "test");
	ok_close(p, 0.0122781377997423, 1e-10, "one stratum is Fisher's test, as R");
	ok(jrn_stratified_test(&env, &large, 1, &p) == JRN_OK, "test");
	ok_close(p, 2.63663551660384e-06, 1e-10, "a larger table, as R");
	ok(jrn_stratified_test(&env, &silent, 1, &p) == JRN_OK && isnan(p), "R-STRAT-3 nothing varies");
	ok_close(jrn_odds_ratio(&one, 1, &low, &high), 3.5 * 2.5 / (9.5 * 10.5), 1e-14, "odds ratio with 1/2 added");
	ok_close(log(high / low) / 2, 1.959963984540054 * sqrt(1 / 3.5 + 1 / 9.5 + 1 / 10.5 + 1 / 2.5), 1e-12, "and its interval");
	host_reset();
}

/* All ways to deal the outcomes of two small strata. */
static double
by_dealing(const jrn_stratum *s)
{
	int			weights[2][64] = {{0}};
	double		all = 0,
				extreme = 0,
				probability[128] = {0};
	int			part,
				i,
				j;
	unsigned	set;

	for (part = 0; part < 2; part++)
		for (set = 0; set < 1u << s[part].n; set++)
			if (__builtin_popcount(set) == s[part].outcome)
				weights[part][__builtin_popcount(set & ((1u << s[part].property) - 1))]++;
	for (i = 0; i < 64; i++)
		for (j = 0; j < 64; j++)
		{
			probability[i + j] += (double) weights[0][i] * weights[1][j];
			all += (double) weights[0][i] * weights[1][j];
		}
	for (i = 0; i < 128; i++)
		if (probability[i] <= probability[s[0].both + s[1].both] * (1 + 1e-7))
			extreme += probability[i];
	return extreme / all;
}

static void
dealing(void)
{
	jrn_env		env = host_env();
	uint64_t	stream = jrn_seed_derive(11, "deal", 0);
	uint64_t	draw = 0;
	double		worst = 0;
	int			round;

	for (round = 0; round < 60; round++)
	{
		jrn_stratum s[2];
		double		p;
		int			i;

		for (i = 0; i < 2; i++)
		{
			int64_t		low;

			s[i].n = 4 + (int64_t) jrn_random_below(stream, draw++, 8);
			s[i].outcome = 1 + (int64_t) jrn_random_below(stream, draw++, (uint64_t) s[i].n - 1);
			s[i].property = 1 + (int64_t) jrn_random_below(stream, draw++, (uint64_t) s[i].n - 1);
			low = s[i].outcome + s[i].property - s[i].n;
			low = low > 0 ? low : 0;
			s[i].both = low + (int64_t) jrn_random_below(stream, draw++, (uint64_t) ((s[i].outcome < s[i].property ? s[i].outcome : s[i].property) - low + 1));
		}
		if (jrn_stratified_test(&env, s, 2, &p) != JRN_OK)
			ok(false, "test");
		worst = fmax(worst, fabs(p - by_dealing(s)));
	}
	ok(worst < 1e-12, "the test equals all ways to deal the outcomes (%g)", worst);
	host_reset();
}

/*
 * Length drives both the outcome and what a journey contains: without strata
 * nearly every pattern looks significant, within strata as few as should.
 */
static void
calibration(void)
{
	int			rejected = 0,
				naive = 0,
				tested = 0;
	int			round;

	for (round = 0; round < 60; round++)
	{
		jrn_env		env = host_env();
		uint64_t	stream = jrn_seed_derive(21, "null", (uint64_t) round);
		uint64_t	draw = 0;
		jrn_patterns p;
		size_t		i;
		int			c;

		ok(jrn_patterns_begin(&p, &env, LABELS, limit) == JRN_OK, "begin");
		for (c = 0; c < 400; c++)
		{
			jrn_event	journey[LONGEST];
			size_t		n = 1 + (size_t) jrn_random_below(stream, draw++, LONGEST);

			for (i = 0; i < n; i++)
				journey[i].label = (uint32_t) jrn_random_below(stream, draw++, LABELS);
			if (jrn_patterns_add(&p, journey, n, jrn_random_uniform(stream, draw++) < (double) n / (LONGEST + 1), false) != JRN_OK)
				ok(false, "add");
		}
		ok(jrn_patterns_divide(&p) == JRN_OK && jrn_patterns_find(&p, 2, 0, 30) == JRN_OK, "found");
		for (i = 0; i < p.count; i++)
		{
			jrn_stratum pooled = {0, 0, 0, 0};
			double		alone;
			int			s;

			for (s = 0; s < JRN_PATTERN_STRATA; s++)
			{
				pooled.n += p.list[i].found[s].n;
				pooled.outcome += p.list[i].found[s].outcome;
				pooled.property += p.list[i].found[s].property;
				pooled.both += p.list[i].found[s].both;
			}
			if (jrn_stratified_test(&env, &pooled, 1, &alone) != JRN_OK)
				ok(false, "test");
			tested++;
			rejected += p.list[i].p < 0.05;
			naive += alone < 0.05;
		}
		host_reset();
	}
	ok(rejected < 0.065 * tested, "R-PAT-2 within strata %d of %d patterns have p below 0.05", rejected, tested);
	ok(naive > 0.5 * tested, "without strata %d of them do", naive);
}

/*
 * Far from the mean and of rare outcomes, where a normal tail is too small by
 * many powers of ten: test/oracles/stratified_test.py.
 */
static void
far_out(void)
{
	static const struct
	{
		const char *name;
		double		p;
		double		tolerance;	/* relative; a p too small is not tolerated */
		int			count;		/* -10: ten times the first */
		jrn_stratum strata[3];
	}			cases[] = {
		{"rare", 8.13744360235913e-07, 1e-9, 1, {{10000, 10, 20, 3}}},
		{"rare in three strata", 4.88810148750639e-09, 1e-9, 3, {{5000, 4, 12, 2}, {3000, 3, 9, 1}, {2000, 2, 5, 1}}},
		{"strong", 1.8224395488734e-76, 1e-8, 2, {{400, 200, 190, 160}, {400, 180, 210, 155}}},
		{"perfect", 1.84221432588955e-264, 1.5, 1, {{1000, 300, 300, 300}}},
		{"lower tail", 1.4348493449206e-15, 1e-8, 1, {{2000, 60, 1000, 2}}},
		{"wide", 4.71880438221932e-20, 0.15, -10, {{20000, 9000, 8000, 3700}}},
		{"wide and strong", 1e-300, 1e-9, -10, {{20000, 9000, 8000, 4200}}},
		{"wide and skewed", 2.90829046916282e-20, 0.15, -10, {{200000, 2000, 20000, 240}}},
		{"wide and lower", 1.54179085630903e-22, 0.15, -10, {{200000, 2000, 20000, 160}}},
	};
	size_t		c;

	for (c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		jrn_env		env = host_env();
		jrn_stratum strata[10];
		int			count = cases[c].count < 0 ? 10 : cases[c].count;
		int			s;
		double		p;

		for (s = 0; s < count; s++)
			strata[s] = cases[c].strata[cases[c].count < 0 ? 0 : s];
		ok(jrn_stratified_test(&env, strata, count, &p) == JRN_OK, "test");
		ok(p / cases[c].p > 1 - 1e-9 && p / cases[c].p < 1 + cases[c].tolerance, "R-STRAT-2 %s: %.15g, brute force %.15g", cases[c].name, p, cases[c].p);
		host_reset();
	}
}

/* R-ODDS-1 */
static void
no_ratio(void)
{
	static const jrn_stratum cases[4] = {{20, 20, 5, 5}, {20, 0, 5, 0}, {20, 7, 20, 7}, {20, 7, 0, 0}};
	double		low,
				high;
	int			i;

	for (i = 0; i < 4; i++)
		ok(isnan(jrn_odds_ratio(&cases[i], 1, &low, &high)) && isnan(low) && isnan(high), "R-ODDS-1 a table that cannot tell (%d)", i);
}

static jrn_status
survives(const jrn_env *env, void *arg)
{
	jrn_patterns p;

	(void) arg;
	JRN_TRY(load(&p, env));
	return jrn_patterns_find(&p, 3, 2, 3);
}

static void
edges(void)
{
	jrn_env		env = host_env();
	jrn_patterns p;
	size_t		i;
	int			c;

	fill(5);
	for (c = 0; c < CUSTOMERS; c++)
		outcomes[c] = true;
	ok(load(&p, &env) == JRN_OK && jrn_patterns_find(&p, 2, 0, 2) == JRN_OK && p.count > 0, "a constant outcome");
	for (i = 0; i < p.count; i++)
		if (!isnan(p.list[i].p) || !isnan(p.list[i].odds_ratio))
			break;
	ok_int((long long) i, (long long) p.count, "has no figures");
	host_reset();
	ok(load(&p, &env) == JRN_OK && jrn_patterns_find(&p, 2, 0, 1000) == JRN_OK && p.count == 0, "nothing is that frequent");
	ok(jrn_patterns_find(&p, 11, 0, 1) == JRN_DOMAIN && jrn_patterns_find(&p, 1, 0, 0) == JRN_DOMAIN, "limits");
	host_reset();
}

/* R-PAT-6: limits at which batches are of one label, of some, and of all. */
static void
batches(void)
{
	jrn_env		env = host_env();
	jrn_patterns whole;
	jrn_patterns part;
	size_t		bytes;
	int			bad = 0;

	fill(7);
	ok(load(&whole, &env) == JRN_OK && jrn_patterns_find(&whole, 4, 2, 1) == JRN_OK && whole.count > 100, "in one batch");
	for (limit = 1; limit <= 16384; limit *= 2)
	{
		ok(load(&part, &env) == JRN_OK && jrn_patterns_find(&part, 4, 2, 1) == JRN_OK, "in %zu bytes", limit);
		bytes = whole.count * sizeof(jrn_pattern);
		bad += part.count != whole.count || memcmp(part.list, whole.list, bytes) != 0;
	}
	ok_int(bad, 0, "R-PAT-6 the same whatever the limit");
	limit = 1 << 20;
	host_reset();
}

void
test_patterns(void)
{
	/* codes of 1, 1, 2 and 4 bytes */
	static const uint32_t bases[] = {0, 256 - LABELS, 257 - LABELS, 65537 - LABELS};
	uint64_t	round;

	for (round = 1; round <= 12; round++)
	{
		base = bases[round % 4];
		limit = round % 3 == 0 ? 1 << 20 : 0;	/* R-PAT-6: 0 takes one label at a time */
		against_enumeration(jrn_seed_derive(1, "patterns", round), (uint32_t) (round % 4), 1 + (int64_t) round % 3 * 4);
	}
	base = 0;
	limit = 1 << 20;
	batches();
	golden();
	dealing();
	far_out();
	no_ratio();
	calibration();
	edges();
	fill(6);
	ok_survives(survives, NULL, "patterns");
}
