/*
 * test_shape.c
 *		Shape figures against golden values and brute force.
 *
 * Provenance: the table of five sequences is that of reference/journeys.md
 * 5.4 (TraMineR 2.2-12); the Lempel-Ziv vectors are those of
 * reference/chaos.md 3.6.  Everything else is compared with definitions
 * written out naively here.
 */
#include "tap.h"

#include <stdlib.h>

#include "../../src/core/hash.h"
#include "../../src/features/edit_distance.h"
#include "../../src/features/lempel_ziv.h"
#include "../../src/features/shape.h"
#include "../../src/features/suffixes.h"

#define LONGEST 6000

static jrn_event events[LONGEST];
static jrn_shape_work work;
static uint64_t counter;

static uint64_t
draw(uint64_t below)
{
	return jrn_hash_u64(counter++, 7) % below;
}

static void
set_path(const char *path)
{
	size_t		i;

	memset(events, 0, sizeof(events));
	for (i = 0; path[i] != 0; i++)
		events[i].label = (uint32_t) (path[i] - '0');
}

static jrn_tally
tally(const jrn_env *env, size_t n)
{
	jrn_tally	out;

	memset(&out, 0, sizeof(out));
	ok(jrn_tally_path(env, &work, events, n, 128, &out) == JRN_OK, "tally of %zu events", n);
	return out;
}

static void
test_golden(const jrn_env *env)
{
	static const struct
	{
		const char *path;
		double		share,
					entropy,
					complexity,
					turbulence,
					phi,
					volatility;
	}			cases[] = {
		{"AABBCC", 0.4, 0.792481250, 0.563020870, 4.58496250, 8, 0.533333333},
		{"ABABAB", 1, 0.5, 0.707106781, 5.04439412, 33, 0.666666667},
		{"AAAAAA", 0, 0, 0, 1, 2, 0},
		{"ABCDAB", 1, 0.959147917, 0.979360974, 5.90689060, 60, 1},
		{"A", 0, 0, 0, 1, 2, 0},
	};
	size_t		c;

	for (c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		size_t		n = strlen(cases[c].path);
		jrn_tally	t;
		double		h,
					cx,
					v,
					phi;

		set_path(cases[c].path);
		t = tally(env, n);
		ok(jrn_entropy(&work, &t, 4, &h) == JRN_OK && jrn_complexity(&work, &t, 4, &cx) == JRN_OK &&
		   jrn_volatility(&t, 4, &v) == JRN_OK &&
		   jrn_log2_subsequences(env, &work, &t, &phi) == JRN_OK, "%s has figures", cases[c].path);
		ok(fabs(h - cases[c].entropy) < 1e-9, "R-SHAPE-1 entropy of %s", cases[c].path);
		ok(fabs(cx - cases[c].complexity) < 1e-9, "R-SHAPE-2 complexity of %s", cases[c].path);
		ok(fabs(v - cases[c].volatility) < 1e-9, "R-SHAPE-3 volatility of %s", cases[c].path);
		ok(fabs(exp2(phi) - cases[c].phi) < 1e-9, "R-SHAPE-5 phi of %s", cases[c].path);
		ok(fabs(jrn_turbulence(&t, phi) - cases[c].turbulence) < 1e-8,
		   "R-SHAPE-6 turbulence of %s", cases[c].path);
		ok(n == 1 || fabs((double) (t.spells - 1) / (double) (n - 1) - cases[c].share) < 1e-12,
		   "share of changes of %s", cases[c].path);
		ok(t.distinct == 1 || jrn_entropy(&work, &t, (int64_t) t.distinct - 1, &h) == JRN_DOMAIN,
		   "an alphabet below that of %s is refused", cases[c].path);
		ok(t.distinct > 1 || (jrn_entropy(&work, &t, 1, &h) == JRN_OK && h == 0.0),
		   "R-SHAPE-1 an alphabet of one for %s", cases[c].path);
	}
}

/* phi by listing every subsequence of the spells; d <= 12. */
static size_t
count_subsequences(const char *spells, int d)
{
	static char seen[4096][13];
	size_t		count = 0;
	unsigned	mask;

	for (mask = 0; mask < 1u << d; mask++)
	{
		char		word[13] = {0};
		int			length = 0,
					i;
		size_t		j;

		for (i = 0; i < d; i++)
			if (mask >> i & 1)
				word[length++] = spells[i];
		for (j = 0; j < count && strcmp(seen[j], word) != 0; j++)
			;
		if (j == count)
			memcpy(seen[count++], word, 13);
	}
	return count;
}

/* R-LZ-1 word by word. */
static int64_t
naive_phrases(size_t n)
{
	int64_t		phrases = 0;
	size_t		start = 0;

	while (start < n)
	{
		size_t		length = 1;

		for (; start + length <= n; length++)
		{
			bool		found = false;
			size_t		j,
						k;

			for (j = 0; j < start && !found; j++)
			{
				for (k = 0; k < length && events[j + k].label == events[start + k].label; k++)
					;
				found = k == length;
			}
			if (!found)
				break;
		}
		phrases++;
		start += length;
	}
	return phrases;
}

static double
naive_turbulence(size_t n, size_t d, const size_t *lengths, double phi)
{
	double		mean = (double) n / (double) d,
				s2 = 0,
				s2max = ((double) d - 1) * (1 - mean) * (1 - mean);
	size_t		i;

	for (i = 0; i < d; i++)
		s2 += ((double) lengths[i] - mean) * ((double) lengths[i] - mean) / (double) d;
	return log2(phi * (s2max + 1) / (s2 + 1));
}

static void
test_random(const jrn_env *env)
{
	int			bad_counts = 0,
				bad_entropy = 0,
				bad_phi = 0,
				bad_turbulence = 0,
				bad_lz = 0,
				round;

	for (round = 0; round < 3000; round++)
	{
		size_t		n = 1 + draw(round % 10 == 0 ? 90 : 14);
		uint64_t	letters = 1 + draw(5);
		size_t		lengths[100],
					counts[128] = {0},
					d = 0,
					k = 0,
					pings = 0,
					i,
					seen = 0;
		char		spells[100];
		jrn_tally	t;
		double		h,
					naive_h = 0,
					phi;
		int64_t		lz;

		for (i = 0; i < n; i++)
			events[i].label = (uint32_t) draw(letters) * 3;
		for (i = 0; i < n; i++)
		{
			k += counts[events[i].label]++ == 0;
			if (i == 0 || events[i].label != events[i - 1].label)
			{
				spells[d] = (char) ('A' + events[i].label);
				lengths[d++] = 0;
			}
			lengths[d - 1]++;
			pings += i >= 2 && events[i].label == events[i - 2].label &&
				events[i].label != events[i - 1].label;
		}
		if (jrn_tally_path(env, &work, events, n, 13, &t) != JRN_OK)
			bad_counts++;
		bad_counts += t.n != n || t.spells != d || t.distinct != k || t.ping_pongs != pings;
		for (i = 0; i < 128; i++)
			if (counts[i] > 0)
			{
				bad_counts += t.labels[seen] != i || t.counts[seen] != counts[i];
				naive_h -= (double) counts[i] / (double) n * log((double) counts[i] / (double) n);
				seen++;
			}
		bad_entropy += jrn_entropy(&work, &t, 0, &h) != JRN_OK || fabs(h - naive_h) > 1e-14 * 8;
		bad_phi += jrn_log2_subsequences(env, &work, &t, &phi) != JRN_OK;
		if (d <= 10)
		{
			double		count = (double) count_subsequences(spells, (int) d);

			bad_phi += fabs(phi - log2(count)) > 1e-12;
			bad_turbulence += fabs(jrn_turbulence(&t, phi) -
								   naive_turbulence(n, d, lengths, count)) > 1e-12 * 10;
		}
		bad_lz += jrn_lempel_ziv(env, &work, &t, &lz) != JRN_OK || lz != naive_phrases(n);
	}
	ok_int(bad_counts, 0, "counts of 3000 random paths");
	ok_int(bad_entropy, 0, "R-SHAPE-1 entropy of 3000 random paths");
	ok_int(bad_phi, 0, "R-SHAPE-5 subsequences by enumeration");
	ok_int(bad_turbulence, 0, "R-SHAPE-6 turbulence by definition");
	ok_int(bad_lz, 0, "R-LZ-1 phrases of 3000 random paths");
}

static void
test_lempel_ziv(const jrn_env *env)
{
	static const struct
	{
		const char *path;
		int			phrases;
	}			cases[] = {
		{"010101010101", 3}, {"11111", 2}, {"01011010001101110010", 7},
		{"1001111011000010", 6}, {"0", 1}, {"01", 2}, {"00", 2},
	};
	size_t		sizes[] = {65, 128, 129, 700, 1023, 1024, 1025, 1500, 3000};
	int64_t		lz;
	size_t		c,
				i;
	int			bad = 0,
				kind;

	for (c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		jrn_tally	t;

		set_path(cases[c].path);
		t = tally(env, strlen(cases[c].path));
		ok(jrn_lempel_ziv(env, &work, &t, &lz) == JRN_OK && lz == cases[c].phrases,
		   "R-LZ-2 phrases of %s", cases[c].path);
	}
	for (c = 0; c < sizeof(sizes) / sizeof(sizes[0]); c++)
		for (kind = 0; kind < 6; kind++)
		{
			jrn_tally	t;

			for (i = 0; i < sizes[c]; i++)
				events[i].label = kind == 0 ? 0 : kind == 1 ? (uint32_t) (i % 7) :
					kind == 2 ? (uint32_t) (i / 100 % 100) : kind == 3 ? (uint32_t) draw(2) :
					kind == 4 ? (uint32_t) draw(100) : (uint32_t) (draw(20) == 0);
			bad += jrn_tally_path(env, &work, events, sizes[c], 100, &t) != JRN_OK ||
				jrn_lempel_ziv(env, &work, &t, &lz) != JRN_OK || lz != naive_phrases(sizes[c]);
		}
	ok_int(bad, 0, "R-LZ-3 bit sets and suffixes agree with the definition");
}

static int32_t text[LONGEST];
static int32_t text_length;

static int
compare_suffixes(const void *x, const void *y)
{
	int32_t		a = *(const int32_t *) x,
				b = *(const int32_t *) y;

	for (; a < text_length && b < text_length; a++, b++)
		if (text[a] != text[b])
			return text[a] < text[b] ? -1 : 1;
	return a > b ? -1 : 1;
}

static void
test_suffixes(const jrn_env *env)
{
	static int32_t got[LONGEST],
				want[LONGEST];
	int			bad = 0,
				round;

	for (round = 0; round < 4000; round++)
	{
		uint64_t	symbols = 1 + draw(round % 3 == 0 ? 2 : 6);
		int32_t		i;

		text_length = (int32_t) draw(round % 100 == 0 ? 800 : 24);
		for (i = 0; i < text_length; i++)
		{
			text[i] = (int32_t) draw(symbols);
			want[i] = i;
		}
		if (round % 5 == 0)
			for (i = 3; i < text_length; i++)
				text[i] = text[i % 3];
		qsort(want, (size_t) text_length, sizeof(int32_t), compare_suffixes);
		bad += jrn_suffix_array(env, text, text_length, (int32_t) symbols, got) != JRN_OK ||
			memcmp(got, want, (size_t) text_length * sizeof(int32_t)) != 0;
	}
	ok_int(bad, 0, "suffix arrays of 4000 random texts");
}

/* Long paths: closed forms for phi, and no overflow. */
static void
test_long(const jrn_env *env)
{
	double		golden = (1 + sqrt(5)) / 2,
				phi,
				h;
	jrn_tally	t;
	size_t		i;
	static const size_t lengths[] = {900, 1001, 3000, 6000};

	for (i = 0; i < LONGEST; i++)
		events[i].label = (uint32_t) (i % 2);
	for (i = 0; i < 4; i++)
	{
		double		d = (double) lengths[i];

		t = tally(env, lengths[i]);
		ok(jrn_log2_subsequences(env, &work, &t, &phi) == JRN_OK, "phi of a long path");
		/* two letters in turn: phi(d) = F(d+3) - 1 */
		ok_close(phi, (d + 3) * log2(golden) - log2(5) / 2, 1e-13,
				 "R-SHAPE-5 phi of %g letters in turn", d);
	}
	for (i = 0; i < LONGEST; i++)
		events[i].label = (uint32_t) i;
	ok(jrn_tally_path(env, &work, events, LONGEST, LONGEST, &t) == JRN_OK, "all different");
	ok(jrn_log2_subsequences(env, &work, &t, &phi) == JRN_OK && phi == LONGEST,
	   "R-SHAPE-5 all different: phi = 2^n");
	ok(jrn_entropy(&work, &t, 0, &h) == JRN_OK, "entropy");
	ok_close(h, log(LONGEST), 1e-13, "all different: entropy = ln n");
	ok(t.labels[LONGEST - 1] == LONGEST - 1 && t.labels[300] == 300, "labels come sorted");
	for (i = 0; i < LONGEST; i++)
		events[i].label = i == 17;
	t = tally(env, LONGEST);
	ok(jrn_entropy(&work, &t, 0, &h) == JRN_OK, "entropy");
	ok_close(h, log(6000.0) / 6000 - 5999.0 / 6000 * log1p(-1.0 / 6000), 1e-14,
			 "a rare touchpoint does not cancel");
}

/* Levenshtein by the textbook recursion, whole table. */
static int64_t
naive_distance(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
	static int64_t table[40][40];
	size_t		i,
				j;

	for (i = 0; i <= n; i++)
		for (j = 0; j <= m; j++)
		{
			int64_t		best = (int64_t) (i + j);

			if (i > 0 && j > 0)
			{
				best = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
				best = table[i - 1][j] + 1 < best ? table[i - 1][j] + 1 : best;
				best = table[i][j - 1] + 1 < best ? table[i][j - 1] + 1 : best;
			}
			table[i][j] = best;
		}
	return table[n][m];
}

static void
test_edit_distance(const jrn_env *env)
{
	uint32_t	a[40],
				b[40];
	static uint32_t longer[200000];
	int			bad = 0,
				round;
	int64_t		d;

	for (round = 0; round < 3000; round++)
	{
		size_t		n = draw(36),
					m = draw(36),
					i;

		for (i = 0; i < 40; i++)
		{
			a[i] = (uint32_t) draw(3);
			b[i] = (uint32_t) draw(3);
		}
		bad += jrn_edit_distance(env, a, n, b, m, &d) != JRN_OK ||
			d != naive_distance(a, n, b, m);
	}
	ok_int(bad, 0, "edit distances of 3000 random pairs");
	for (round = 0; round < 200000; round++)
		longer[round] = (uint32_t) round;
	ok(jrn_edit_distance(env, longer, 200000, longer + 1, 199999, &d) == JRN_OK && d == 1,
	   "common beginning and end cost nothing");
	longer[100] = 7;
	ok(jrn_edit_distance(env, longer, 200000, longer + 50, 199000, &d) == JRN_LIMIT,
	   "R-EDIT-1 the cap is a status");
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	jrn_shape_work own;
	jrn_tally	t;
	double		out;
	int64_t		phrases;
	static uint32_t a[1000],
				b[1000];
	static int64_t d;
	size_t		i;

	(void) arg;
	jrn_shape_work_init(&own);
	JRN_TRY(jrn_tally_path(env, &own, events, 2500, 128, &t));
	JRN_TRY(jrn_log2_subsequences(env, &own, &t, &out));
	JRN_TRY(jrn_lempel_ziv(env, &own, &t, &phrases));
	JRN_TRY(jrn_tally_path(env, &own, events, 900, 128, &t));
	JRN_TRY(jrn_lempel_ziv(env, &own, &t, &phrases));
	for (i = 0; i < 1000; i++)
	{
		a[i] = (uint32_t) i % 7;
		b[i] = (uint32_t) i % 5 + 1;
	}
	return jrn_edit_distance(env, a, 1000, b, 1000, &d);
}

void		test_shape(void);

void
test_shape(void)
{
	jrn_env		env = host_env();
	jrn_tally	t;
	size_t		i;

	jrn_shape_work_init(&work);
	test_golden(&env);
	test_random(&env);
	test_lempel_ziv(&env);
	test_suffixes(&env);
	test_long(&env);
	test_edit_distance(&env);
	ok(jrn_tally_path(&env, &work, events, 0, 1, &t) == JRN_DOMAIN, "no events are refused");
	ok(jrn_tally_path(&env, &work, events, JRN_MAX_JOURNEY_EVENTS + 1, 1, &t) == JRN_LIMIT,
	   "the cap on events");
	for (i = 0; i < LONGEST; i++)
		events[i].label = (uint32_t) draw(4);
	ok_survives(survive, NULL, "shape of long paths");
}
