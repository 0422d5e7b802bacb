/*
 * test_feature_drift.c
 *		Alarms over features, and frozen bins: by their rules, numbers of
 *		test/oracles/drift.py, and chance.
 */
#include "tap.h"

#include "../../src/core/multiple.h"
#include "../../src/core/random.h"
#include "../../src/monitoring/feature_drift.h"
#include "../../src/monitoring/frozen_bins.h"
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

static double
draw_normals(const jrn_env *env, uint64_t stream, double *x, size_t n, double shift)
{
	size_t		i;

	for (i = 0; i < n; i++)
		x[i] = jrn_random_normal(stream, i) + shift;
	(void) jrn_sort_doubles(env, x, n);
	return x[0];
}

/* Families of features without drift that raise any alarm, of 400. */
static int
false_alarms(size_t n, size_t m, double shift)
{
	enum
	{
		FAMILIES = 400, FEATURES = 5
	};
	static double x[1000];
	static double y[1000];
	jrn_env		env = host_env();
	int			alarms = 0;
	int			family;
	int			f;

	for (family = 0; family < FAMILIES; family++)
	{
		jrn_feature_drift features[FEATURES];
		bool		alarm = false;

		memset(features, 0, sizeof(features));
		for (f = 0; f < FEATURES; f++)
		{
			uint64_t	index = (uint64_t) (family * FEATURES + f);
			jrn_two_sample test;

			draw_normals(&env, jrn_seed_derive(n, "reference", index), x, n, 0.0);
			draw_normals(&env, jrn_seed_derive(m, "current", index), y, m, f == 0 ? shift : 0.0);
			(void) jrn_two_sample_test(&env, x, n, y, m, &test);
			features[f].rows[0] = (int64_t) n;
			features[f].rows[1] = (int64_t) m;
			features[f].p = test.p_value;
			features[f].matters = test.ks >= JRN_DRIFT_KS || fabs(test.difference) >= JRN_DRIFT_DIFFERENCE;
		}
		(void) jrn_feature_verdicts(&env, features, FEATURES);
		for (f = 0; f < FEATURES; f++)
			alarm = alarm || strcmp(features[f].status, "drift") == 0;
		alarms += alarm;
		host_reset();
	}
	return alarms;
}

static void
chance(void)
{
	int			found;

	/* 5 % of 400 are 20, and three standard errors above it 33 */
	found = false_alarms(100, 100, 0.0);
	ok(found <= 33, "R-FDR-1 no drift, 100 rows: %d of 400 families alarm", found);
	found = false_alarms(300, 100, 0.0);
	ok(found <= 33, "R-FDR-1 no drift, 300 and 100 rows: %d of 400 families alarm", found);
	found = false_alarms(1000, 1000, 0.3);
	ok(found >= 395, "R-FDR-1 0.3 standard deviations, 1000 rows: %d of 400 families alarm", found);
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
	cuts_of_numbers();
	levels();
	ok_survives(failing, NULL, "R-ENV verdicts");
}
