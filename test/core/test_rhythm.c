/*
 * test_rhythm.c
 *		Rhythm of gaps and the median.
 *
 * Provenance: checks of reference/journeys.md 5.6; the rest by definition.
 */
#include "tap.h"

#include <float.h>
#include <stdlib.h>

#include "../../src/core/hash.h"
#include "../../src/features/rhythm.h"
#include "../../src/features/selection.h"

static uint64_t counter;

static uint64_t
draw(uint64_t below)
{
	return jrn_hash_u64(counter++, 11) % below;
}

static void
test_golden(const jrn_env *env)
{
	static const struct
	{
		double		gaps[6];
		size_t		m;
		double		a,
					memory,
					lv;
	}			cases[] = {
		{{10, 20, 30, 40}, 4, -0.398368197, 1, 0.171519274},
		{{1, 1, 1, 97}, 4, 0.934780407, NAN, 0.959600167},
		{{60, 5, 5, 30, 900, 10}, 6, 0.834624462, -0.246627062, 1.834702485},
		{{5, 5, 5, 5}, 4, -1, NAN, 0},
		{{0.1, 0.1, 0.1}, 3, -1, NAN, 0},
		{{0, 0, 0, 0}, 4, NAN, NAN, NAN},
		{{7}, 1, NAN, NAN, NAN},
		{{7, 9}, 2, 1, NAN, NAN},
		{{0, 0, 5, 9}, 4, 1, 0.832239719564, NAN},
		{{0, 9, 0, 9}, 4, 1, -1, 3},
	};
	size_t		c;

	for (c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		double		m = (double) cases[c].m,
					mean = 0,
					var = 0,
					r;
		jrn_rhythm	out;
		size_t		i;

		ok(jrn_rhythm_of(env, cases[c].gaps, cases[c].m, &out) == JRN_OK, "case %zu", c);
		for (i = 0; i < cases[c].m; i++)
			mean += cases[c].gaps[i] / m;
		for (i = 0; i < cases[c].m; i++)
			var += (cases[c].gaps[i] - mean) * (cases[c].gaps[i] - mean) / m;
		r = sqrt(var) / mean;
		if (isnan(cases[c].a))
			ok(isnan(out.burstiness), "R-RHYTHM-1 no burstiness in case %zu", c);
		else
		{
			/* from the fifth case on only the definition decides */
			ok(c > 3 || fabs(out.burstiness - cases[c].a) < 1e-9,
			   "R-RHYTHM-1 burstiness of case %zu", c);
			ok(fabs(out.burstiness - (sqrt(m + 1) * r - sqrt(m - 1)) /
					((sqrt(m + 1) - 2) * r + sqrt(m - 1))) < 1e-12,
			   "R-RHYTHM-1 by definition in case %zu", c);
		}
		ok(isnan(cases[c].memory) ? isnan(out.memory_coefficient) :
		   fabs(out.memory_coefficient - cases[c].memory) < 1e-9,
		   "R-RHYTHM-2 memory of case %zu", c);
		ok(isnan(cases[c].lv) ? isnan(out.local_variation) :
		   fabs(out.local_variation - cases[c].lv) < 1e-9,
		   "R-RHYTHM-3 local variation of case %zu", c);
	}
}

/* The three anchors of the finite-size form. */
static void
test_anchors(const jrn_env *env)
{
	double		gaps[101] = {0};
	jrn_rhythm	out;
	int			i;

	gaps[40] = 3;
	ok(jrn_rhythm_of(env, gaps, 101, &out) == JRN_OK, "one gap holds everything");
	ok_close(out.burstiness, 1.0, 1e-12, "R-RHYTHM-1 +1 when one gap holds everything");
	for (i = 0; i < 101; i++)
		gaps[i] = 0.3;
	ok(jrn_rhythm_of(env, gaps, 101, &out) == JRN_OK && out.burstiness == -1.0 &&
	   isnan(out.memory_coefficient) && out.local_variation == 0.0, "equal gaps of 0.3");
	gaps[0] = 0.4;
	ok(jrn_rhythm_of(env, gaps, 101, &out) == JRN_OK && isnan(out.memory_coefficient),
	   "R-RHYTHM-2 constant but for the first gap");
	ok(!isnan(out.local_variation) && out.burstiness > -1, "the others stand");
}

/* R-RHYTHM-4: powers of two as units change no bit, extreme ones overflow nothing. */
static void
test_units(const jrn_env *env)
{
	static const double base[] = {60, 5, 5, 30, 900, 10};
	static const double units[] = {0x1p-1000, 0x1p-1020, 0x1p-400, 1, 0x1p400, 0x1p1000, 0x1p1014};
	static const double wrong[] = {1, -1}, nan_gap[] = {1, 2, NAN}, infinite[] = {INFINITY, 1};
	jrn_rhythm	want,
				got;
	size_t		u,
				i;

	ok(jrn_rhythm_of(env, base, 6, &want) == JRN_OK, "base");
	for (u = 0; u < sizeof(units) / sizeof(units[0]); u++)
	{
		double		gaps[6];

		for (i = 0; i < 6; i++)
			gaps[i] = base[i] * units[u];
		ok(jrn_rhythm_of(env, gaps, 6, &got) == JRN_OK &&
		   got.burstiness == want.burstiness &&
		   got.memory_coefficient == want.memory_coefficient &&
		   got.local_variation == want.local_variation, "R-RHYTHM-4 unit %g", units[u]);
	}
	{
		double		gaps[4] = {DBL_MAX, 1e-300, 1e-300, DBL_MAX};

		ok(jrn_rhythm_of(env, gaps, 4, &got) == JRN_OK && isfinite(got.burstiness) &&
		   isfinite(got.local_variation), "R-RHYTHM-4 the whole range at once");
	}
	ok(jrn_rhythm_of(env, wrong, 2, &got) == JRN_DOMAIN, "a negative gap is refused");
	ok(jrn_rhythm_of(env, nan_gap, 3, &got) == JRN_NONFINITE, "NaN is refused");
	ok(jrn_rhythm_of(env, infinite, 2, &got) == JRN_NONFINITE, "infinity is refused");
	ok(jrn_rhythm_of(env, base, 0, &got) == JRN_OK && isnan(got.max_gap), "no gaps");
}

static int
compare_doubles(const void *x, const void *y)
{
	double		a = *(const double *) x,
				b = *(const double *) y;

	return (a > b) - (a < b);
}

static void
test_median(const jrn_env *env)
{
	static double values[3000],
				sorted[3000];
	int			bad = 0,
				round;

	for (round = 0; round < 3000; round++)
	{
		size_t		m = 1 + draw(round % 10 == 0 ? 3000 : 60),
					i;
		double		want,
					got;

		for (i = 0; i < m; i++)
		{
			int			kind = round % 5;

			values[i] = kind == 0 ? (double) draw(3) : kind == 1 ? (double) draw(1000000) / 1e6 :
				kind == 2 ? ldexp(1.0, (int) draw(2000) - 1000) : kind == 3 ? 1 + (double) draw(5) * DBL_EPSILON :
				(double) i;
			sorted[i] = values[i];
		}
		qsort(sorted, m, sizeof(double), compare_doubles);
		want = m % 2 ? sorted[m / 2] : sorted[m / 2 - 1] / 2 + sorted[m / 2] / 2;
		bad += jrn_median_of(env, values, m, &got) != JRN_OK || got != want;
	}
	ok_int(bad, 0, "medians of 3000 random samples");
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	static double gaps[50000],
				copy[50000];
	jrn_rhythm	out;
	double		median;
	size_t		i;

	(void) arg;
	for (i = 0; i < 50000; i++)
		copy[i] = gaps[i] = (double) (jrn_hash_u64(i, 3) % 100000);
	JRN_TRY(jrn_median_of(env, copy, 50000, &median));
	return jrn_rhythm_of(env, gaps, 50000, &out);
}

void		test_rhythm(void);

void
test_rhythm(void)
{
	jrn_env		env = host_env();

	test_golden(&env);
	test_anchors(&env);
	test_units(&env);
	test_median(&env);
	ok_survives(survive, NULL, "rhythm of 50,000 gaps");
}
