/*
 * test_recurrence.c
 *		Recurrence quantification: the matrix of the reference, numbers of
 *		another program, empty and full matrices, shuffles, failures.
 *
 * Provenance: the chaos reference 7; test/oracles/series_tests.py.
 */
#include "tap.h"

#include "../../src/chaos/recurrence.h"
#include "../../src/chaos/symbol_lines.h"
#include "../../src/core/random.h"

static const jrn_recurrence_options plain = {1, 1, NAN, 1, 2, 0, 0};

static double series[300];

static void
tent(size_t n)
{
	const int64_t p = 1000003;
	int64_t		x = 123457;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		x = 2 * x < p ? 2 * x : 2 * (p - x);
		series[i] = (double) x / (double) p;
	}
}

/* 10 x 11 cells, black ones by column. */
static void
test_reference(void)
{
	static const int black[11][7] = {{1}, {2, 3, 6, 7, 8}, {6, 7, 10}, {2, 4}, {1, 2, 3, 5, 9, 10},
	{2, 3, 6, 7, 10}, {3, 8}, {4}, {1, 5, 7, 9}, {9, 10}, {3, 7}};
	jrn_env		env = host_env();
	uint8_t		cells[110];
	jrn_recurrence_result r;
	int			j,
				i;

	memset(cells, 0, sizeof(cells));
	for (j = 0; j < 11; j++)
		for (i = 0; i < 7 && black[j][i] > 0; i++)
			cells[j * 10 + black[j][i] - 1] = 1;
	ok(jrn_recurrence_matrix(&env, cells, 10, 11, 0, 1, &r) == JRN_OK, "the matrix of the reference");
	ok_close(r.rate, 33.0 / 110, 1e-14, "R-RQ-1 RR");
	ok_close(r.determinism, 1, 1e-14, "R-RQ-3 DET");
	ok_close(r.mean_line, 33.0 / 20, 1e-14, "R-RQ-3 L");
	ok_int(r.longest_line, 5, "R-RQ-3 Lmax");
	ok(fabs(r.line_entropy - .996) < 1e-3, "R-RQ-3 ENTR %g", r.line_entropy);
	ok_close(r.laminarity, 1, 1e-14, "R-RQ-3 LAM");
	ok_close(r.trapping_time, 33.0 / 23, 1e-14, "R-RQ-3 TT");
	ok_close(r.mean_time, 33.0 / 12, 1e-14, "R-RQ-4 MRT");
	ok(fabs(r.time_entropy - 1.286) < 1e-3, "R-RQ-4 RTE %g", r.time_entropy);
	ok_int(r.most_frequent, 4, "R-RQ-4 NMPRT");
	ok_close(r.divergence, .2, 1e-14, "R-RQ-3 DIV");
	host_reset();
}

static void
same(const jrn_recurrence_result *r, const double *want, const char *what)
{
	ok_close(r->rate, want[0], 1e-11, "%s: rate", what);
	ok_close(r->determinism, want[1], 1e-11, "%s: determinism", what);
	ok_close(r->mean_line, want[2], 1e-11, "%s: mean line", what);
	ok_int(r->longest_line, (long long) want[3], "%s: longest line", what);
	ok_close(r->line_entropy, want[4], 1e-11, "%s: entropy of lines", what);
	ok_close(r->divergence, want[5], 1e-11, "%s: divergence", what);
	ok_close(r->laminarity, want[6], 1e-11, "%s: laminarity", what);
	ok_close(r->trapping_time, want[7], 1e-11, "%s: trapping time", what);
	ok_close(r->mean_time, want[8], 1e-11, "%s: mean recurrence time", what);
	ok_close(r->time_entropy, want[9], 1e-11, "%s: entropy of times", what);
	ok_int(r->most_frequent, (long long) want[10], "%s: most frequent time", what);
}

static const uint32_t symbols[] = {2, 2, 1, 3, 1, 0, 1, 3, 2, 2, 0, 2, 2, 0, 3, 0, 2, 1, 0, 2, 3, 0, 1, 3, 1, 0, 2, 3, 0, 3,
1, 1, 2, 3, 3, 2, 0, 2, 3, 0, 0, 3, 1, 0, 3, 1, 3, 1, 1, 0, 0, 3, 1, 1, 2, 1, 1, 0, 0, 1};

static void
test_oracle(void)
{
	static const double whole[] = {0.11235, 0.755472752678, 3.07779886148, 9, 1.42190286669, 0.111111111111, 0.179552864462, 2.41692789969, 9.22899505766, 3.08019093909, 354};
	static const double embedded[] = {0.0988164473013, 0.706336088154, 3.205, 9, 1.49381413401, 0.111111111111, 0.100826446281, 2.23170731707, 9.97925696594, 3.17041972488, 407};
	static const double letters[] = {0.252777777778, 0.388235294118, 2.42647058824, 5, 0.857809556737, 0.2, 0.345882352941, 2, 4.09175738725, 2.16822626127, 151};
	jrn_env		env = host_env();
	jrn_recurrence_options options = plain;
	jrn_recurrence_result r;
	double		share[4] = {0, 0, 0, 0};
	size_t		i;

	tent(200);
	ok(jrn_recurrence_series(&env, series, 200, &options, &r) == JRN_OK && r.status == JRN_SERIES_OK, "tent map");
	same(&r, whole, "tent map");
	options.dimension = 2;
	options.delay = 2;
	options.radius = .15;
	options.theiler = 3;
	ok(jrn_recurrence_series(&env, series, 200, &options, &r) == JRN_OK && r.n == 198, "tent map, embedded");
	same(&r, embedded, "tent map, embedded");
	for (i = 0; i < 200; i++)
		series[i] = series[i] * 0x1p1020;
	options.radius = .15 * 0x1p1020;
	jrn_recurrence_series(&env, series, 200, &options, &r);
	same(&r, embedded, "the largest numbers");
	ok_close(r.radius, .15 * 0x1p1020, 1e-15, "and the radius in their unit");
	ok(jrn_recurrence_symbols(&env, symbols, 60, &plain, &r) == JRN_OK && isnan(r.radius), "symbols");
	same(&r, letters, "symbols");
	for (i = 0; i < 60; i++)
		share[symbols[i]] += 1.0 / 60;
	ok_close(r.rate, share[0] * share[0] + share[1] * share[1] + share[2] * share[2] + share[3] * share[3], 1e-13,
			 "R-RQ-1 the rate of symbols is the sum of squared shares");
	host_reset();
}

static void
test_shuffles(void)
{
	jrn_env		env = host_env();
	jrn_recurrence_options options = plain;
	jrn_recurrence_result r;
	uint32_t	ordered[60];
	size_t		i;

	options.shuffles = 99;
	jrn_recurrence_symbols(&env, symbols, 60, &options, &r);
	ok(r.p_determinism > .02 && r.p_laminarity > .02, "R-RQ-5 noise repeats like its shuffles: %g %g", r.p_determinism, r.p_laminarity);
	for (i = 0; i < 60; i++)
		ordered[i] = i % 7 < 4 ? (uint32_t) (i % 7) : (uint32_t) (symbols[i]);
	jrn_recurrence_symbols(&env, ordered, 60, &options, &r);
	ok(r.p_determinism == .01, "R-RQ-5 a refrain does not: %g", r.p_determinism);
	for (i = 0; i < 60; i++)
		ordered[i] = 4;
	jrn_recurrence_symbols(&env, ordered, 60, &options, &r);
	ok(r.p_determinism == 1, "R-RQ-5 ties count");
	host_reset();
}

/* R-SYL-1: counting words finds the same cells as the matrix, for every window and line. */
static void
test_counting(void)
{
	jrn_env		env = host_env();
	jrn_recurrence_result r;
	jrn_symbol_lines *counting;
	uint32_t	drawn[40],
				order[40];
	uint8_t		cells[1600];
	double		determinism,
				laminarity;
	size_t		n,
				i,
				j;
	int			wrong = 0;
	int			compared = 0;
	int			world;

	for (world = 0; world < 400; world++)
	{
		const uint64_t stream = jrn_seed_derive(7, "counting", (uint64_t) world);
		const uint32_t kinds = 1 + (uint32_t) (world % 7);
		const int64_t line = 1 + (int64_t) jrn_random_below(stream, 100, world % 5 == 0 ? 45 : 4);
		const int64_t theiler = (int64_t) jrn_random_below(stream, 101, world % 3 == 0 ? 50 : 5);

		n = 1 + (size_t) jrn_random_below(stream, 102, 40);
		for (i = 0; i < n; i++)
			/* runs and refrains, not noise alone; symbols of any size */
			drawn[i] = i > 0 && jrn_random_below(stream, 200 + i, 3) == 0 ? drawn[i - 1] :
				i > 9 && jrn_random_below(stream, 300 + i, 2) == 0 ? drawn[i - 9] :
				4000000000u - 17 * (uint32_t) jrn_random_below(stream, i, kinds);
		for (i = 0; i < n; i++)
			order[i] = (uint32_t) ((i + (size_t) world) % n);
		for (j = 0; j < n; j++)
			for (i = 0; i < n; i++)
				cells[j * n + i] = drawn[order[i]] == drawn[order[j]];
		jrn_recurrence_matrix(&env, cells, n, n, theiler, line, &r);
		jrn_symbol_lines_begin(&env, drawn, n, &counting);
		jrn_symbol_lines_count(&env, counting, order, theiler, line, &determinism, &laminarity);
		compared += !isnan(determinism) && determinism > 0 && determinism < 1;
		if (memcmp(&determinism, &r.determinism, sizeof(double)) != 0 && !(isnan(determinism) && isnan(r.determinism)))
			wrong++;
		if (memcmp(&laminarity, &r.laminarity, sizeof(double)) != 0 && !(isnan(laminarity) && isnan(r.laminarity)))
			wrong++;
		host_reset();
	}
	ok_int(wrong, 0, "R-SYL-1 counting finds the cells of the matrix");
	ok(compared > 100, "in %d sequences that have lines and more", compared);
}

static void
test_edges(void)
{
	jrn_env		env = host_env();
	jrn_recurrence_options options = plain;
	jrn_recurrence_result r;
	uint8_t		cells[36];
	size_t		i;

	memset(cells, 0, sizeof(cells));
	ok(jrn_recurrence_matrix(&env, cells, 6, 6, 0, 2, &r) == JRN_OK && r.rate == 0 && isnan(r.determinism) &&
	   isnan(r.mean_line) && isnan(r.mean_time) && r.longest_line == -1 && r.most_frequent == -1, "R-RQ-6 an empty matrix");
	memset(cells, 1, sizeof(cells));
	ok(jrn_recurrence_matrix(&env, cells, 6, 6, 0, 2, &r) == JRN_OK && r.rate == 1 && r.laminarity == 1 &&
	   r.longest_line == 6 && r.trapping_time == 6 && isnan(r.mean_time), "a full matrix");
	ok_close(r.determinism, 34.0 / 36, 1e-14, "all but two corners");
	ok(jrn_recurrence_matrix(&env, cells, 6, 6, 100, 2, &r) == JRN_OK && r.rate == 1 && isnan(r.determinism), "R-RQ-2 a window beyond the matrix");
	ok(jrn_recurrence_matrix(&env, cells, 6, 6, 0, 1000, &r) == JRN_OK && r.determinism == 0 && isnan(r.mean_line), "lines beyond the matrix");
	ok(jrn_recurrence_matrix(&env, cells, 0, 0, 0, 2, &r) == JRN_OK && isnan(r.rate), "no cells");
	tent(100);
	ok(jrn_recurrence_series(&env, series, 29, &plain, &r) == JRN_OK && r.status == JRN_SERIES_TOO_SHORT && isnan(r.rate), "R-RQ-6 too short");
	options.dimension = 10;
	options.delay = 8;
	ok(jrn_recurrence_series(&env, series, 101, &options, &r) == JRN_OK && r.status == JRN_SERIES_TOO_SHORT && r.n == 29, "R-RQ-6 too few vectors");
	options.delay = 1000000;
	ok(jrn_recurrence_series(&env, series, 100, &options, &r) == JRN_OK && r.status == JRN_SERIES_TOO_SHORT && r.n == 0, "no vector");
	ok(jrn_recurrence_symbols(&env, symbols, 29, &plain, &r) == JRN_OK && r.status == JRN_SERIES_TOO_SHORT, "R-RQ-6 few symbols");
	ok(jrn_recurrence_symbols(&env, symbols, 5001, &plain, &r) == JRN_LIMIT, "R-RQ-6 many symbols");
	options = plain;
	options.radius = -1;
	ok(jrn_recurrence_series(&env, series, 100, &options, &r) == JRN_DOMAIN, "a negative radius");
	options.radius = INFINITY;
	ok(jrn_recurrence_series(&env, series, 100, &options, &r) == JRN_DOMAIN, "an infinite radius");
	options = plain;
	options.line = 0;
	ok(jrn_recurrence_symbols(&env, symbols, 60, &options, &r) == JRN_DOMAIN, "lines of nothing");
	options = plain;
	options.theiler = -1;
	ok(jrn_recurrence_symbols(&env, symbols, 60, &options, &r) == JRN_DOMAIN, "a negative window");
	for (i = 0; i < 100; i++)
		series[i] = 2;
	ok(jrn_recurrence_series(&env, series, 100, &plain, &r) == JRN_OK && r.status == JRN_SERIES_CONSTANT && isnan(r.rate), "R-RQ-6 constant");
	series[3] = NAN;
	ok(jrn_recurrence_series(&env, series, 100, &plain, &r) == JRN_NONFINITE, "NaN");
	host_reset();
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	jrn_recurrence_options options = plain;
	jrn_recurrence_result r;

	(void) arg;
	options.shuffles = 2;
	JRN_TRY(jrn_recurrence_symbols(env, symbols, 60, &options, &r));
	return jrn_recurrence_series(env, series, 100, &options, &r);
}

void		test_recurrence(void);
void
test_recurrence(void)
{
	test_reference();
	test_oracle();
	test_shuffles();
	test_counting();
	test_edges();
	tent(100);
	ok_survives(survive, NULL, "recurrence");
}
