/*
 * test_psi.c
 *		Population stability index and shares of levels: numbers of
 *		test/oracles/drift.py, what must hold of any counts, and chance.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/monitoring/level_shift.h"
#include "../../src/monitoring/psi.h"

typedef struct window_pair
{
	int64_t		reference[12];
	int64_t		current[12];
	size_t		count;
} window_pair;

static jrn_psi
psi_of(const window_pair *pair)
{
	jrn_env		env = host_env();
	jrn_psi		psi;

	ok(jrn_psi_of(&env, pair->reference, pair->current, pair->count, &psi) == JRN_OK, "psi of %zu cells", pair->count);
	return psi;
}

static jrn_level_shift
shift_of(const window_pair *pair)
{
	jrn_env		env = host_env();
	jrn_level_shift shift;

	ok(jrn_level_shift_test(&env, pair->reference, pair->current, pair->count, &shift) == JRN_OK,
	   "shift of %zu levels", pair->count);
	return shift;
}

static void
golden_psi(void)
{
	static const window_pair ten = {{100, 100, 100, 100, 100, 100, 100, 100, 100, 100},
	{90, 110, 95, 105, 100, 120, 80, 100, 97, 103}, 10};
	static const window_pair empty = {{40, 0, 30, 0, 30}, {20, 10, 0, 0, 30}, 5};
	static const window_pair large = {{1000000000, 2000000000}, {2000000000, 1000000000}, 2};
	jrn_psi		psi = psi_of(&ten);

	ok_close(psi.psi, 0.0107964804387, 1e-10, "R-PSI-1 ten cells");
	ok_close(psi.null_mean, 0.018, 1e-12, "R-PSI-2 mean by chance");
	ok_close(psi.p_value, 0.798303463874, 1e-10, "R-PSI-2 p");
	psi = psi_of(&empty);
	ok_close(psi.psi, 1.7153529779, 1e-10, "R-PSI-1 half a row where one side is empty");
	ok_close(psi.null_mean, 0.08, 1e-12, "R-PSI-1 a cell empty in both does not count");
	ok_close(psi.p_value, 6.99160479761e-14, 1e-9, "R-PSI-2 p with empty cells");
	psi = psi_of(&large);
	ok_close(psi.psi, 0.462098120373, 1e-10, "R-PSI-1 many rows");
	ok(psi.p_value == 0.0, "R-PSI-2 beyond all doubt");
}

static void
limits_psi(void)
{
	static const window_pair none = {{0, 0}, {3, 4}, 2};
	static const window_pair one = {{0, 7, 0}, {0, 9, 0}, 3};
	static const window_pair same = {{10, 20, 30}, {100, 200, 300}, 3};
	static const int64_t good[] = {1, 2};
	static const int64_t bad[] = {1, -1};
	jrn_env		env = host_env();
	jrn_psi		psi = psi_of(&none);

	ok(isnan(psi.psi) && isnan(psi.null_mean) && isnan(psi.p_value), "R-PSI-3 a side without rows");
	psi = psi_of(&one);
	ok(psi.psi == 0.0 && psi.null_mean == 0.0 && isnan(psi.p_value), "R-PSI-3 one cell");
	psi = psi_of(&same);
	ok(fabs(psi.psi) < 1e-15 && psi.p_value == 1.0, "equal shares");
	ok(jrn_psi_of(&env, good, bad, 2, &psi) == JRN_DOMAIN, "a negative count");
}

/* reference/validation.md 5.5: n = m = 1000, ten cells: mean .0180, 95 % point .0340. */
static void
chance_psi(void)
{
	enum
	{
		DRAWS = 4000, ROWS = 1000, CELLS = 10
	};
	jrn_env		env = host_env();
	double		sum = 0.0;
	int			above = 0;
	int			draw;
	int			i;

	for (draw = 0; draw < DRAWS; draw++)
	{
		uint64_t	stream = jrn_seed_derive(1, "psi", (uint64_t) draw);
		int64_t		counts[2][CELLS] = {{0}};
		jrn_psi		psi;

		for (i = 0; i < 2 * ROWS; i++)
			counts[i % 2][jrn_random_below(stream, (uint64_t) i, CELLS)]++;
		(void) jrn_psi_of(&env, counts[0], counts[1], CELLS, &psi);
		sum += psi.psi / DRAWS;
		above += psi.psi > 0.0340;
	}
	ok(fabs(sum - 0.0180) < 0.0005, "R-PSI-2 simulated mean %g is near 0.0180", sum);
	ok(above > 140 && above < 260, "R-PSI-2 %d of %d above 0.0340, a twentieth is meant", above, DRAWS);
}

static void
golden_levels(void)
{
	static const struct
	{
		window_pair pair;
		double		want[5];
		const char *name;
	}			cases[] = {
		{{{60, 30, 10}, {45, 40, 15}, 3}, {4.57142857143, 2, 0.101701392304, 0.15, 0.101701392304}, "frequent levels"},
		{{{500, 300, 3, 2, 1, 0, 4, 100}, {420, 360, 1, 2, 0, 5, 3, 110}, 8},
		{12.8904684059, 3, 0.00487956170355, 0.0833018258101, 0.00487956170355}, "rare levels"},
		{{{500, 300, 1, 12, 0}, {480, 320, 0, 8, 1}, 5}, {1.77074368689, 2, 0.412560736749, 0.0265463717678, 0.412560736749}, "a pool that grows"},
		{{{5000, 4000, 900, 100}, {60, 30, 6, 4}, 4}, {4.45767416314, 2, 0.107653549667, 0.1, 0.107653549667}, "unequal windows"},
	};
	size_t		i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		jrn_level_shift shift = shift_of(&cases[i].pair);

		ok_close(shift.statistic, cases[i].want[0], 1e-10, "R-LSH-2 chi-square: %s", cases[i].name);
		ok(shift.df == cases[i].want[1], "R-LSH-1 cells: %s", cases[i].name);
		ok_close(shift.p_value, cases[i].want[2], 1e-9, "R-LSH-2 p: %s", cases[i].name);
		ok_close(shift.total_variation, cases[i].want[3], 1e-10, "R-LSH-3 %s", cases[i].name);
		ok_close(shift.guarded_p, cases[i].want[4], 1e-9, "R-LSH-4 %s", cases[i].name);
	}
}

static void
limits_levels(void)
{
	static const window_pair rare = {{1, 1, 1, 0}, {1, 0, 0, 1}, 4};
	static const window_pair one = {{100, 0}, {100, 0}, 2};
	static const window_pair none = {{100, 3}, {0, 0}, 2};
	static const window_pair moved = {{100, 0}, {0, 100}, 2};
	static const int64_t bad[] = {INT64_MAX, 1};
	jrn_env		env = host_env();
	jrn_level_shift shift = shift_of(&rare);

	ok(isnan(shift.p_value) && shift.df == 0.0, "R-LSH-5 all too rare");
	shift = shift_of(&one);
	ok(isnan(shift.total_variation), "R-LSH-5 one level");
	shift = shift_of(&none);
	ok(isnan(shift.statistic) && isnan(shift.guarded_p), "R-LSH-5 an empty window");
	shift = shift_of(&moved);
	ok(shift.total_variation == 1.0 && shift.p_value < 1e-40, "all rows moved");
	ok(jrn_level_shift_test(&env, bad, bad, 2, &shift) == JRN_DOMAIN, "counts out of range");
}

/* Order of levels does not matter, to the last bit. */
static void
order_of_levels(void)
{
	static const window_pair forth = {{500, 300, 3, 2, 1, 0, 4, 100}, {420, 360, 1, 2, 0, 5, 3, 110}, 8};
	static const window_pair back = {{100, 4, 0, 1, 2, 3, 300, 500}, {110, 3, 5, 0, 2, 1, 360, 420}, 8};
	jrn_level_shift a = shift_of(&forth);
	jrn_level_shift b = shift_of(&back);

	ok(a.statistic == b.statistic && a.p_value == b.p_value && a.guarded_p == b.guarded_p &&
	   a.total_variation == b.total_variation, "the order of levels does not matter");
}

static jrn_status
failing(const jrn_env *env, void *arg)
{
	const window_pair *pair = arg;
	jrn_level_shift shift;

	return jrn_level_shift_test(env, pair->reference, pair->current, pair->count, &shift);
}

void
test_psi(void)
{
	static window_pair pair = {{500, 300, 3, 2, 1, 0, 4, 100}, {420, 360, 1, 2, 0, 5, 3, 110}, 8};

	golden_psi();
	limits_psi();
	chance_psi();
	golden_levels();
	limits_levels();
	order_of_levels();
	ok_survives(failing, &pair, "R-ENV shares of levels");
}
