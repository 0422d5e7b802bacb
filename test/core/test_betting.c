/*
 * test_betting.c
 *		Betting sequence: numbers of another program, ends against capital at
 *		single means, e-values, orders, failures, and 52 weekly looks.
 *
 * Provenance: test/oracles/sequences.py.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/monitoring/betting.h"

#define MOST_ROWS 5000

static double uniform[MOST_ROWS];
static double y[MOST_ROWS];

/* LCG of the references */
static void
fill(void)
{
	uint64_t	x = 42;
	int			i;

	for (i = 0; i < MOST_ROWS; i++)
	{
		x = (1103515245 * x + 12345) % ((uint64_t) 1 << 31);
		uniform[i] = (double) x / 2147483648.0;
	}
}

typedef enum outcome
{
	CUBES, RARE, ONES, STEP
} outcome;

static void
make(outcome kind)
{
	int			i;

	for (i = 0; i < MOST_ROWS; i++)
		y[i] = kind == CUBES ? uniform[i] * uniform[i] * uniform[i] : kind == RARE ? uniform[i] < 0.03 :
			kind == ONES ? 1.0 : i >= 2000;
}

static jrn_betting_result
sequence(size_t n, double alpha)
{
	jrn_env		env = host_env();
	jrn_betting_result r;

	memset(&r, 0, sizeof(r));
	ok(jrn_betting_sequence(&env, y, n, alpha, &r) == JRN_OK, "betting on %zu outcomes at %g", n, alpha);
	return r;
}

static void
test_golden_ends(void)
{
	static const struct
	{
		outcome		kind;
		size_t		n;
		double		alpha;
		double		low;
		double		high;
	}			want[] = {
		{CUBES, 1, 0.05, 0.000823278793172, 0.996653725045},
		{CUBES, 10, 0.05, 0.0679848754844, 0.588415084321},
		{CUBES, 10, 0.01, 0.0548068245104, 0.652375567784},
		{CUBES, 100, 0.05, 0.142477787199, 0.335012438599},
		{CUBES, 1000, 0.05, 0.229467741868, 0.293334032751},
		{CUBES, 5000, 0.05, 0.237802557755, 0.26569794131},
		{CUBES, 5000, 0.01, 0.236035056575, 0.267797998812},
		{RARE, 10, 0.05, 0, 0.459550678782},
		{RARE, 100, 0.01, 0.00494306771198, 0.201992793596},
		{RARE, 1000, 0.05, 0.0137416942433, 0.0499648108826},
		{RARE, 5000, 0.05, 0.0245124200136, 0.0417730636672},
		{ONES, 1, 0.05, 0.00416955374834, 1},
		{ONES, 10, 0.05, 0.540449321218, 1},
		{ONES, 200, 0.01, 0.96122595717, 1},
		{STEP, 1000, 0.05, 0, 0.0061987761513},
		{STEP, 4000, 0.05, 0.472787216067, 0.527212783933},
		{STEP, 4000, 0.01, 0.469176880645, 0.530823119355},
	};
	size_t		i;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++)
	{
		jrn_betting_result r;

		make(want[i].kind);
		r = sequence(want[i].n, want[i].alpha);
		ok(fabs(r.low - want[i].low) < 2e-12, "low end of case %zu: %.12g, want %.12g", i, r.low, want[i].low);
		ok(fabs(r.high - want[i].high) < 2e-12, "high end of case %zu: %.12g, want %.12g", i, r.high, want[i].high);
	}
	ok(isnan(sequence(1, 0.05).std_error), "one outcome has no standard error");
	make(CUBES);
	ok_close(sequence(1000, 0.05).mean, 0.260283211492, 1e-11, "mean");
	ok_close(sequence(1000, 0.05).std_error, 0.00925956736225, 1e-10, "standard error");
}

static double
log_e(size_t n, double m, jrn_bet_on on)
{
	jrn_bets	bets;
	size_t		i;

	jrn_bets_open(&bets, m);
	for (i = 0; i < n; i++)
		jrn_bets_add(&bets, y[i]);
	return jrn_bets_log_e(&bets, on);
}

/* R-BET-7, and sizes around the block of the passes. */
static void
test_e_values(void)
{
	static const size_t sizes[] = {7, 8, 9, 127, 128, 129, 1031, 5000};
	size_t		i;

	make(CUBES);
	ok_close(log_e(1000, 0.2, JRN_BET_GREATER), 20.6914857561, 1e-10, "against at most 0.2");
	ok_close(log_e(1000, 0.3, JRN_BET_LESS), 5.85244206217, 1e-10, "against at least 0.3");
	ok_close(log_e(1000, 0.21, JRN_BET_TWO_SIDED), 13.1413414046, 1e-10, "against 0.21");
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
	{
		jrn_betting_result r = sequence(sizes[i], 0.01);
		double		bar = -log(0.01);

		ok(log_e(sizes[i], r.high + 1e-9, JRN_BET_TWO_SIDED) > bar &&
		   log_e(sizes[i], r.high - 1e-9, JRN_BET_TWO_SIDED) < bar &&
		   (r.low == 0.0 || log_e(sizes[i], r.low - 1e-9, JRN_BET_TWO_SIDED) > bar) &&
		   log_e(sizes[i], r.low + 1e-9, JRN_BET_TWO_SIDED) < bar,
		   "R-BET-7 %zu outcomes: e reaches 1/alpha at the ends", sizes[i]);
	}
	ok(isfinite(log_e(5000, 0.0, JRN_BET_GREATER)) && log_e(5000, 0.0, JRN_BET_GREATER) > 1e6 &&
	   isfinite(log_e(5000, 1.0, JRN_BET_LESS)) && log_e(5000, 1.0, JRN_BET_LESS) > 1e6 && isfinite(log_e(5000, 1e-310, JRN_BET_GREATER)),
	   "R-BET-6 fortunes beyond the range of a double");
	ok(log_e(5000, 0.0, JRN_BET_LESS) <= 0 && log_e(5000, 1.0, JRN_BET_GREATER) <= 0, "nothing is won against the far limit");
}

/* R-BET-3: capital against rising means. */
static void
test_monotone(void)
{
	bool		fine = true;
	outcome		kind;
	int			m;

	for (kind = CUBES; kind <= STEP; kind++)
	{
		make(kind);
		for (m = 1; m <= 64; m++)
			fine = fine &&
				log_e(3000, m / 64.0, JRN_BET_GREATER) <= log_e(3000, (m - 1) / 64.0, JRN_BET_GREATER) &&
				log_e(3000, m / 64.0, JRN_BET_LESS) >= log_e(3000, (m - 1) / 64.0, JRN_BET_LESS);
	}
	ok(fine, "R-BET-3 K+ never rises with m, K- never falls");
}

/* R-BET-4, whatever the outcomes. */
static void
test_mean_is_in(void)
{
	bool		in = true;
	outcome		kind;
	size_t		n;

	for (kind = CUBES; kind <= STEP; kind++)
	{
		make(kind);
		for (n = 1; n < MOST_ROWS; n += 1 + n / 3)
		{
			jrn_betting_result r = sequence(n, 0.999);

			in = in && r.low <= r.mean && r.mean <= r.high && log_e(n, r.mean, JRN_BET_TWO_SIDED) <= 1e-9 - log(2.0);
		}
	}
	ok(in, "R-BET-4 the sample mean is in, and nothing was won against it");
}

/* R-BET-1 */
static void
test_order(void)
{
	jrn_betting_result r,
				q;
	size_t		i;

	make(CUBES);
	r = sequence(MOST_ROWS, 0.05);
	for (i = 0; i < MOST_ROWS / 2; i++)
	{
		double		other = y[MOST_ROWS - 1 - i];

		y[MOST_ROWS - 1 - i] = y[i];
		y[i] = other;
	}
	q = sequence(MOST_ROWS, 0.05);
	ok(r.low == q.low && r.high == q.high && r.mean == q.mean && r.std_error == q.std_error, "R-BET-1 the same bits backwards");
	for (i = 0; i < MOST_ROWS; i++)
		y[i] = 1.0 - y[i];
	q = sequence(MOST_ROWS, 0.05);
	ok(fabs(q.low - (1.0 - r.high)) < 2e-13 && fabs(q.high - (1.0 - r.low)) < 2e-13, "upside down");
	for (i = 0; i < 100; i++)
		y[i] = i == 0 ? 1e-18 : 0.0;
	r = sequence(100, 0.05);
	ok(r.low == 0.0 && r.high > 0.05 && r.high < 0.07, "next to the limit");
}

/* Ratings, taken together, against the same with a trace of something else. */
static void
test_ratings(void)
{
	jrn_betting_result r,
				q;
	size_t		i;

	for (i = 0; i < MOST_ROWS; i++)
		y[i] = floor(5.0 * uniform[i] * uniform[i]) / 4.0;
	r = sequence(MOST_ROWS, 0.05);
	for (i = 0; i < MOST_ROWS; i++)
		y[i] = fabs(y[i] - 1e-15 * (double) i);
	q = sequence(MOST_ROWS, 0.05);
	ok(r.low > 0.2 && r.high < 0.4 && fabs(q.low - r.low) < 1e-11 && fabs(q.high - r.high) < 1e-11 && fabs(q.mean - r.mean) < 1e-11,
	   "taken together or not: %.13g and %.13g", r.low, q.low);
}

static void
test_refused(void)
{
	jrn_env		env = host_env();
	jrn_betting_result r;
	double		bad[3] = {0.5, 1.0000001, 0.2};

	ok(jrn_betting_sequence(&env, bad, 3, 0.05, &r) == JRN_DOMAIN, "an outcome outside");
	bad[1] = NAN;
	ok(jrn_betting_sequence(&env, bad, 3, 0.05, &r) == JRN_DOMAIN, "NaN");
	ok(jrn_betting_sequence(&env, bad, 0, 0.05, &r) == JRN_DOMAIN && jrn_betting_sequence(&env, bad, 1, 0.0, &r) == JRN_DOMAIN &&
	   jrn_betting_sequence(&env, bad, 1, 1.0, &r) == JRN_DOMAIN && jrn_betting_sequence(&env, bad, 1, NAN, &r) == JRN_DOMAIN, "no outcome, no level");
}

static jrn_status
all_of_it(const jrn_env *env, void *arg)
{
	jrn_betting_result r;

	return jrn_betting_sequence(env, (const double *) arg, 700, 0.05, &r);
}

/* Shares of runs in which m was ever left out, or left out within 52 weeks. */
static void
test_weekly_looks(void)
{
	static const double truths[] = {0.02, 0.5, 0.55};
	static const double against[] = {0.02, 0.5, 0.5};	/* the last: 0.1 standard deviations */
	double		found[3] = {0, 0, 0};
	const int	runs = 500;
	int			c,
				run;

	for (c = 0; c < 3; c++)
		for (run = 0; run < runs; run++)
		{
			uint64_t	stream = jrn_seed_derive(9, "betting", (uint64_t) (c * runs + run));
			jrn_bets	bets;
			bool		out = false;
			int			i;

			jrn_bets_open(&bets, against[c]);
			for (i = 0; i < 5200 && !out; i++)
			{
				jrn_bets_add(&bets, jrn_random_uniform(stream, (uint64_t) i) < truths[c]);
				out = i % 100 == 99 && jrn_bets_log_e(&bets, JRN_BET_TWO_SIDED) >= log(20.0);
			}
			found[c] += out / (double) runs;
		}
	ok(found[0] <= 0.05 + 2.0 * sqrt(0.05 * 0.95 / runs), "rare outcomes, 52 looks: false alarms in %.3f", found[0]);
	ok(found[1] <= 0.05 + 2.0 * sqrt(0.05 * 0.95 / runs), "one half, 52 looks: false alarms in %.3f", found[1]);
	ok(found[2] >= 0.8, "0.1 standard deviations: found in %.3f", found[2]);
}

void
test_betting(void)
{
	fill();
	test_golden_ends();
	test_e_values();
	test_monotone();
	test_mean_is_in();
	test_order();
	test_ratings();
	test_refused();
	make(CUBES);
	ok_survives(all_of_it, y, "a betting sequence");
	test_weekly_looks();
}
