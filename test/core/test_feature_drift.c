/*
 * test_feature_drift.c
 *		Alarms over features, and frozen bins: by their rules, numbers of
 *		test/oracles/drift.py, and chance.
 */
#include "tap.h"

#include "../../src/core/dist.h"
#include "../../src/core/multiple.h"
#include "../../src/core/random.h"
#include "../../src/monitoring/feature_drift.h"
#include "../../src/monitoring/frozen_bins.h"
#include "../../src/monitoring/level_shift.h"
#include "../../src/monitoring/psi.h"
#include "../../src/monitoring/two_sample.h"

/* ---- statuses ---- */

static void
statuses(void)
{
	static const struct
	{
		jrn_feature_drift given;
		const char *want;
	}			cases[] = {
		{{{100, 100}, {0, 0}, false, true, false, 1e-6, 0, false, NULL}, "drift"},
		{{{100, 100}, {0, 0}, false, false, false, 1e-9, 0, false, NULL}, "ok"},
		{{{100, 100}, {0, 0}, false, true, false, 0.2, 0, false, NULL}, "ok"},
		{{{100, 100}, {0, 0}, false, true, true, 0.2, 0, false, NULL}, "new_levels"},
		{{{100, 100}, {0, 0}, false, true, true, 1e-6, 0, false, NULL}, "drift"},
		{{{100, 100}, {0, 0}, true, true, false, 1e-6, 0, false, NULL}, "constant"},
		{{{100, 9}, {0, 0}, false, true, false, 1e-6, 0, false, NULL}, "too_few"},
		{{{100, 19}, {0, 10}, true, true, false, 1e-6, 0, false, NULL}, "nulls"},
		{{{0, 100}, {0, 0}, false, true, false, 1e-6, 0, false, NULL}, "too_few"},
		{{{100, 100}, {0, 0}, false, true, false, NAN, 0, false, NULL}, "too_few"},
		{{{1000, 1000}, {20, 80}, false, true, false, 1e-6, 0, false, NULL}, "nulls"},
		{{{1000, 1000}, {20, 69}, false, false, false, 0.9, 0, false, NULL}, "ok"},
		{{{1000, 1000}, {200, 251}, false, false, false, 0.9, 0, false, NULL}, "ok"},
	};
	jrn_feature_drift made[sizeof(cases) / sizeof(cases[0])];
	jrn_env		env = host_env();
	size_t		i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		made[i] = cases[i].given;
	ok(jrn_feature_verdicts(&env, made, sizeof(cases) / sizeof(cases[0])) == JRN_OK, "verdicts");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(strcmp(made[i].status, cases[i].want) == 0, "R-FDR-6 case %zu: %s, want %s", i, made[i].status, cases[i].want);
	ok(isnan(made[5].p) && isnan(made[6].p) && isnan(made[6].q), "R-FDR-5 no p without values or spread");
	ok(made[4].q <= made[2].q && made[2].q < 0.5, "R-FDR-1 q are those of the tests there are");
}

static void
pieces(void)
{
	ok_close(jrn_proportions_p(20, 1000, 80, 1000), 1.4193266516e-09, 1e-9, "R-FDR-3 2 %% and 8 %%");
	ok_close(jrn_proportions_p(1, 50, 9, 60), 0.0425066192652, 1e-9, "R-FDR-3 unequal windows");
	ok(jrn_proportions_p(0, 30, 1, 30) == 1.0 && jrn_proportions_p(0, 30, 0, 30) == 1.0 &&
	   jrn_proportions_p(3, 3, 4, 4) == 1.0 && jrn_proportions_p(0, 0, 1, 30) == 1.0, "R-FDR-3 nothing to see");
	/* half the rows are current: 2^-10 is above 0.0005, 2^-11 below */
	ok(!jrn_level_is_new(10, 500, 500) && jrn_level_is_new(11, 500, 500), "R-FDR-4 sure enough");
	ok(!jrn_level_is_new(19, 2000, 2000) && jrn_level_is_new(20, 2000, 2000), "R-FDR-4 frequent enough");
	ok(!jrn_level_is_new(0, 10, 0), "R-FDR-4 no rows");
}

/* ---- chance ---- */

#define FEATURES 5
#define MOST 1000

/* Rows of four levels with shares .6, .2, .15, .05. */
static void
draw_levels(uint64_t stream, size_t n, int64_t *counts)
{
	size_t		i;

	memset(counts, 0, 4 * sizeof(int64_t));
	for (i = 0; i < n; i++)
	{
		double		u = jrn_random_uniform(stream, i);

		counts[u < 0.6 ? 0 : u < 0.8 ? 1 : u < 0.95 ? 2 : 3]++;
	}
}

static void
draw_normals(const jrn_env *env, uint64_t stream, double *x, size_t n, double shift)
{
	size_t		i;

	for (i = 0; i < n; i++)
		x[i] = jrn_random_normal(stream, i) + shift;
	(void) jrn_sort_doubles(env, x, n);
}

/* A feature of two windows, as drift() judges it: the last two of five are levels. */
static void
compare(const jrn_env *env, uint64_t index, int f, size_t n, size_t m, double shift, jrn_feature_drift *feature)
{
	static double x[MOST];
	static double y[MOST];
	uint64_t	reference = jrn_seed_derive(n, "reference", index);
	uint64_t	current = jrn_seed_derive(m, "current", index);
	int64_t		counts[2][4];
	jrn_level_shift levels;
	jrn_two_sample test;

	if (f < 3)
	{
		draw_normals(env, reference, x, n, 0.0);
		draw_normals(env, current, y, m, f == 0 ? shift : 0.0);
		(void) jrn_two_sample_test(env, x, n, y, m, &test);
		feature->p = test.p_value;
		feature->matters = test.ks >= JRN_DRIFT_KS || fabs(test.difference) >= JRN_DRIFT_DIFFERENCE;
		return;
	}
	draw_levels(reference, n, counts[0]);
	draw_levels(current, m, counts[1]);
	(void) jrn_level_shift_test(env, counts[0], counts[1], 4, &levels);
	feature->p = levels.p_value;
	feature->matters = levels.total_variation >= JRN_DRIFT_VARIATION;
}

/* A feature against ten frozen bins, as drift_against() judges it. */
static void
compare_frozen(const jrn_env *env, uint64_t index, int f, size_t n, size_t m, double shift, jrn_feature_drift *feature)
{
	static double x[MOST];
	static double y[MOST];
	int64_t		counts[2][12] = {{0}};
	double		cuts[11];
	jrn_level_shift levels;
	jrn_psi		psi;
	int			cut_count;
	size_t		i;

	draw_normals(env, jrn_seed_derive(n, "reference", index), x, n, 0.0);
	draw_normals(env, jrn_seed_derive(m, "current", index), y, m, f == 0 ? shift : 0.0);
	cut_count = jrn_frozen_cuts(x, n, 10, cuts);
	for (i = 0; i < n; i++)
		counts[0][jrn_frozen_bin(cuts, cut_count, x[i])]++;
	for (i = 0; i < m; i++)
		counts[1][jrn_frozen_bin(cuts, cut_count, y[i])]++;
	(void) jrn_level_shift_test(env, counts[0], counts[1], (size_t) cut_count + 1, &levels);
	(void) jrn_psi_of(env, counts[0], counts[1], (size_t) cut_count + 1, &psi);
	feature->p = levels.guarded_p;
	feature->matters = psi.psi - psi.null_mean >= JRN_DRIFT_PSI;
}

typedef void (*compare_function) (const jrn_env *env, uint64_t index, int f, size_t n, size_t m, double shift,
								  jrn_feature_drift *feature);

/* How many of the families have a feature with drift. */
static int
alarms(compare_function how, int families, size_t n, size_t m, double shift)
{
	jrn_env		env = host_env();
	int			found = 0;
	int			family;
	int			f;

	for (family = 0; family < families; family++)
	{
		jrn_feature_drift features[FEATURES];
		bool		alarm = false;

		memset(features, 0, sizeof(features));
		for (f = 0; f < FEATURES; f++)
		{
			features[f].rows[0] = (int64_t) n;
			features[f].rows[1] = (int64_t) m;
			how(&env, (uint64_t) (family * FEATURES + f), f, n, m, shift, &features[f]);
		}
		(void) jrn_feature_verdicts(&env, features, FEATURES);
		for (f = 0; f < FEATURES; f++)
			alarm = alarm || strcmp(features[f].status, "drift") == 0;
		found += alarm;
		host_reset();
	}
	return found;
}

static void
chance(void)
{
	static const size_t sizes[][2] = {{100, 100}, {300, 100}, {100, 300}, {MOST, 100}};
	size_t		i;
	int			found;

	/* 5 % of 400 are 20, and three standard errors above it 33 */
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
	{
		found = alarms(compare, 400, sizes[i][0], sizes[i][1], 0.0);
		ok(found <= 33, "R-FDR-1 no drift, %zu and %zu rows: %d of 400 families alarm", sizes[i][0], sizes[i][1], found);
		found = alarms(compare_frozen, 400, sizes[i][0], sizes[i][1], 0.0);
		ok(found <= 33, "R-LSH-4 no drift, %zu and %zu rows in bins: %d of 400 families alarm", sizes[i][0], sizes[i][1], found);
	}
	found = alarms(compare, 40, MOST, MOST, 0.3);
	ok(found >= 39, "R-FDR-1 0.3 standard deviations, 1000 rows: %d of 40 families alarm", found);
	found = alarms(compare_frozen, 40, MOST, MOST, 0.3);
	ok(found >= 39, "R-FDR-2 the same in bins: %d of 40 families alarm", found);
}

/* A million rows at the quantiles of a normal feature, moved by 0.01. */
static void
small_shift(void)
{
	const size_t n = 1000000;
	jrn_env		env = host_env();
	jrn_feature_drift feature;
	jrn_two_sample test;
	double	   *x;
	double	   *y;
	size_t		i;

	memset(&feature, 0, sizeof(feature));
	(void) jrn_alloc_array(&env, n, sizeof(double), &x);
	(void) jrn_alloc_array(&env, n, sizeof(double), &y);
	for (i = 0; i < n; i++)
	{
		x[i] = jrn_normal_quantile(((double) i + 0.5) / (double) n);
		y[i] = x[i] + 0.01;
	}
	(void) jrn_two_sample_test(&env, x, n, y, n, &test);
	ok_close(test.difference, 0.01, 1e-4, "R-TWO-4 a hundredth of a standard deviation");
	feature.rows[0] = feature.rows[1] = (int64_t) n;
	feature.p = test.p_value;
	feature.matters = test.ks >= JRN_DRIFT_KS || fabs(test.difference) >= JRN_DRIFT_DIFFERENCE;
	(void) jrn_feature_verdicts(&env, &feature, 1);
	ok(feature.q < 1e-4 && strcmp(feature.status, "ok") == 0, "R-FDR-1 p %g, and no alarm", feature.p);
}

/* ---- frozen bins ---- */

static void
ok_cuts(const double *sorted, size_t n, int bins, const double *want, int count, const char *name)
{
	double		cuts[JRN_FROZEN_MAX_BINS + 1];
	int			found = jrn_frozen_cuts(sorted, n, bins, cuts);
	int			i;

	ok_int(found, count, "%s: number of cuts", name);
	for (i = 0; i < found && i < count; i++)
		ok(cuts[i] == want[i], "%s: cut %d is %.17g", name, i, cuts[i]);
}

static void
cuts_of_numbers(void)
{
	static const double twenty[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
	static const double evens[] = {2, 4, 6, 8, 10, 12, 14, 16, 18};
	static const double thirds[] = {1, 2, 2, 3, 3};
	static const double zeros[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 2};
	static const double zero_cut[] = {0, 1};
	static const double piled[] = {1, 2, 9, 9, 9, 9, 9, 9, 9, 9};
	static const double piled_cut[] = {1, 2};
	static const double same[] = {5, 5, 5};
	const double same_cut[] = {nextafter(5, 0), 5};
	static const double lowest[] = {-1.7976931348623157e308, -1.7976931348623157e308};
	double		cuts[12];
	int			i;

	ok_cuts(twenty, 20, 10, evens, 9, "R-FBN-1 deciles of 20");
	ok_cuts(thirds, 5, 3, (const double[]) {2}, 1, "R-FBN-1 ties are merged, and R-FBN-2");
	ok_cuts(zeros, 10, 10, zero_cut, 2, "R-FBN-1 mostly zero");
	ok_cuts(piled, 10, 10, piled_cut, 2, "R-FBN-2 piled up at the end");
	ok_cuts(same, 3, 10, same_cut, 2, "R-FBN-3 one value");
	ok_cuts(lowest, 2, 10, lowest, 1, "R-FBN-3 nothing is below the lowest double");
	ok_cuts(twenty, 0, 10, NULL, 0, "no values");
	ok_cuts(twenty, 2, 10, twenty, 1, "two values");
	(void) jrn_frozen_cuts(twenty, 20, 10, cuts);
	for (i = 0; i < 20; i++)
		if (jrn_frozen_bin(cuts, 9, twenty[i]) != i / 2)
			break;
	ok_int(i, 20, "R-FBN-1 two of 20 in every bin");
	ok_int(jrn_frozen_bin(cuts, 9, -1e9), 0, "below all cuts");
	ok_int(jrn_frozen_bin(cuts, 9, 18.0000001), 9, "above all cuts");
	ok_int(jrn_frozen_bin(NULL, 0, 1.0), 0, "no cuts");
}

static void
levels(void)
{
	static const int64_t counts[] = {5, 0, 9, 5, 1, 9};
	static const uint32_t rank[] = {3, 0, 5, 2, 1, 4};
	jrn_env		env = host_env();
	uint32_t	codes[6];
	int			chosen;

	ok(jrn_frozen_levels(&env, counts, rank, 6, 4, codes, &chosen) == JRN_OK && chosen == 4, "R-FBN-4 four levels");
	ok(codes[0] == 5 && codes[1] == 2 && codes[2] == 3 && codes[3] == 0, "R-FBN-4 most frequent first, then bytes");
	ok(jrn_frozen_levels(&env, counts, rank, 6, 20, codes, &chosen) == JRN_OK && chosen == 5, "R-FBN-4 what occurs");
}

static jrn_status
failing(const jrn_env *env, void *unused)
{
	static const int64_t counts[] = {5, 0, 9};
	static const uint32_t rank[] = {1, 0, 2};
	jrn_feature_drift features[2];
	uint32_t	codes[3];
	int			chosen;

	(void) unused;
	memset(features, 0, sizeof(features));
	JRN_TRY(jrn_frozen_levels(env, counts, rank, 3, 3, codes, &chosen));
	return jrn_feature_verdicts(env, features, 2);
}

void
test_feature_drift(void)
{
	statuses();
	pieces();
	chance();
	small_shift();
	cuts_of_numbers();
	levels();
	ok_survives(failing, NULL, "R-ENV verdicts");
}
