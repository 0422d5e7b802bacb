/*
 * test_divergence.c
 *		Measures of series by their neighbours: the vectors of the chaos
 *		reference (2.12) on its two whole-number series, the cheap half of its
 *		table of biases (2.5), definitions by brute force, statuses.
 *
 * Provenance: figures with 1e-8 and finer from reference/chaos.md, confirmed by
 * test/oracles/series_neighbours.py (brute force in numpy, nolds 0.6.3).
 */
#include "tap.h"

#include "../../src/chaos/delay_information.h"
#include "../../src/chaos/divergence.h"
#include "../../src/chaos/false_neighbours.h"
#include "../../src/chaos/prediction_error.h"
#include "../../src/chaos/sample_entropy.h"
#include "../../src/core/random.h"

#define N_MAX 5000

static double series[N_MAX];

/* ---- series ---- */

static void
tent(int n)
{
	int64_t		x = 123457;
	int			i;

	for (i = 0; i < n; i++)
	{
		x = 2 * x < 1000003 ? 2 * x : 2 * (1000003 - x);
		series[i] = (double) x / 1000003;
	}
}

static void
congruential(int n)
{
	uint32_t	x = 42;
	int			i;

	for (i = 0; i < n; i++)
	{
		x = (uint32_t) ((UINT64_C(1103515245) * x + 12345) & 0x7fffffff);
		series[i] = (double) x / 2147483648.0;
	}
}

static void
logistic(int n, uint64_t seed)
{
	double		x = jrn_random_uniform(seed, 0);
	int			i;

	for (i = -100; i < n; i++)
	{
		x = 4 * x * (1 - x);
		if (i >= 0)
			series[i] = x;
	}
}

static void
skew_tent(int n, uint64_t seed)
{
	double		x = jrn_random_uniform(seed, 0);
	int			i;

	for (i = -100; i < n; i++)
	{
		x = x < .4 ? x / .4 : (1 - x) / .6;
		if (i >= 0)
			series[i] = x;
	}
}

static void
henon(int n, uint64_t seed)
{
	double		x = .1 * jrn_random_uniform(seed, 0);
	double		y = .1;
	int			i;

	for (i = -100; i < n; i++)
	{
		double		next = 1 - 1.4 * x * x + y;

		y = .3 * x;
		x = next;
		if (i >= 0)
			series[i] = x;
	}
}

/* First-order autoregression of normal noise; 0 is white. */
static void
autoregression(int n, double phi, uint64_t seed)
{
	double		x = 0;
	int			i;

	for (i = -100; i < n; i++)
	{
		x = phi * x + jrn_random_normal(seed, (uint64_t) (i + 100));
		if (i >= 0)
			series[i] = x;
	}
}

/* ---- divergence ---- */

static jrn_divergence_options
options_of(jrn_divergence_distance distance, int dimension, int window, int horizon, int from, int to)
{
	jrn_divergence_options options = jrn_divergence_defaults();

	options.distance = distance;
	options.embedding.dimension = dimension;
	options.embedding.window = window;
	options.horizon = horizon;
	options.fit_from = from;
	options.fit_to = to;
	options.replicates = 0;
	return options;
}

static jrn_divergence_result
diverge(int n, const jrn_divergence_options *options)
{
	jrn_env		env = host_env();
	jrn_divergence_result result;

	ok(jrn_divergence(&env, series, (size_t) n, options, false, &result) == JRN_OK, "computed");
	return result;
}

static double
slope(int n, jrn_divergence_distance distance, int dimension, int window, int horizon, int from, int to)
{
	jrn_divergence_options options = options_of(distance, dimension, window, horizon, from, to);

	return diverge(n, &options).exponent;
}

static void
test_vectors(void)
{
	static const double tent_curve[] = {-7.345231819, -6.652084639, -5.958937458, -5.269141963, -4.587009810};
	jrn_divergence_options options = options_of(JRN_DISTANCE_VECTOR, 2, 10, 8, 0, 4);
	jrn_divergence_result r;
	int			k;

	tent(2000);
	ok(series[0] * 1000003 == 246914 && series[1999] * 1000003 == 385378, "TENT");
	r = diverge(1000, &options);
	for (k = 0; k <= 4; k++)
		ok(fabs(r.curve[k] - tent_curve[k]) < 1e-8, "R-DIV-1 TENT, vector: S(%d) is %.9f", k, r.curve[k]);
	ok(fabs(r.exponent - .689938669) < 1e-8, "R-DIV-2 TENT, vector: slope 0..4");
	ok(fabs(slope(1000, JRN_DISTANCE_VECTOR, 2, 10, 8, 0, 8) - .672341018) < 1e-8, "slope 0..8");
	ok_close(slope(1000, JRN_DISTANCE_VECTOR, 2, 10, 4, 0, 4), .6899515679985638, 1e-12, "as nolds, m = 2");
	ok_close(slope(1000, JRN_DISTANCE_VECTOR, 3, 10, 4, 0, 4), .6868467198996452, 1e-12, "as nolds, m = 3");
	options = options_of(JRN_DISTANCE_LAST, 2, 10, 6, 1, 4);
	r = diverge(1000, &options);
	ok(fabs(r.curve[0] + 7.459419794) < 1e-8 && fabs(r.curve[1] + 6.766272613) < 1e-8, "R-DIV-1 TENT, last: S(0), S(1)");
	ok(fabs(r.exponent - .686505957) < 1e-8, "TENT, last: slope 1..4");
	ok(fabs(r.jump - .693147181) < 1e-8, "R-DIV-4 TENT: jump");
	ok(fabs(r.noise_excess - (.693147181 - .686505957)) < 2e-8, "R-DIV-4 no excess where a rule acts");

	congruential(2000);
	ok(series[0] * 2147483648.0 == 1250496027 && series[1999] * 2147483648.0 == 1458981146, "LCG");
	options = options_of(JRN_DISTANCE_VECTOR, 2, 10, 8, 0, 4);
	r = diverge(1000, &options);
	ok(fabs(r.curve[0] + 4.289921997) < 1e-8 && fabs(r.curve[1] + 1.405040681) < 1e-8, "LCG, vector: S(0), S(1)");
	ok(fabs(r.exponent - .754952803) < 1e-8, "LCG, vector, from 0: noise scores above ln 2");
	options = options_of(JRN_DISTANCE_LAST, 3, 10, 8, 1, 4);
	r = diverge(1000, &options);
	ok(fabs(r.exponent) < .08 && r.noise_excess > 1.5, "R-DIV-4 LCG, last, from 1: no slope, a large excess");
	host_reset();
}

/* Curves by looking at all pairs, k neighbours and a radius. */
static void
test_brute_curve(void)
{
	const int	n = 300,
				m = 3,
				tau = 2,
				w = 6,
				t = 5;
	const int	nv = n - (m - 1) * tau - t;
	int			variant;

	congruential(n);
	for (variant = 0; variant < 3; variant++)
	{
		jrn_divergence_options options = options_of(variant == 1 ? JRN_DISTANCE_VECTOR : JRN_DISTANCE_LAST, m, w, t, 1, 5);
		jrn_divergence_result r;
		int			k;

		options.embedding.delay = tau;
		options.neighbours = variant == 0 ? 1 : 4;
		options.radius = variant == 2 ? .3 : 0;
		r = diverge(n, &options);
		for (k = 0; k <= t; k++)
		{
			double		sum = 0;
			int64_t		used = 0;
			int			i,
						j,
						c;

			for (i = 0; i < nv; i++)
			{
				double		best[4] = {INFINITY, INFINITY, INFINITY, INFINITY};
				double		apart[4];
				double		mean = 0;
				int			close = 0;

				for (j = 0; j < nv; j++)
				{
					double		d = 0,
								v = 0,
								after;
					int			at;

					for (c = 0; c < m; c++)
					{
						d += pow(series[i + c * tau] - series[j + c * tau], 2);
						v += pow(series[i + c * tau + k] - series[j + c * tau + k], 2);
					}
					after = variant == 1 ? sqrt(v) : fabs(series[i + (m - 1) * tau + k] - series[j + (m - 1) * tau + k]);
					if ((i > j ? i - j : j - i) <= w || d == 0)
						continue;
					if (sqrt(d) <= .3)
					{
						mean += after;
						close++;
					}
					for (at = 4; at > 0 && best[at - 1] > d; at--)
						if (at < 4)
						{
							best[at] = best[at - 1];
							apart[at] = apart[at - 1];
						}
					if (at < 4)
					{
						best[at] = d;
						apart[at] = after;
					}
				}
				if (variant == 2 && close > 0)
				{
					sum += log(mean / close);
					used++;
				}
				for (j = 0; variant < 2 && j < options.neighbours; j++)
				{
					sum += log(apart[j]);
					used++;
				}
			}
			ok_close(r.curve[k], sum / (double) used, 1e-12, "R-DIV-1 variant %d: S(%d)", variant, k);
			ok_int(r.used[k], used, "R-DIV-1 variant %d: N(%d)", variant, k);
		}
	}
	host_reset();
}

/* The cheap half of table 2.5: means over a few seeds. */
static void
test_biases(void)
{
	double		sum[8] = {0};
	int			s;

	for (s = 0; s < 4; s++)
	{
		logistic(1000, 40 + (uint64_t) s);
		sum[0] += slope(1000, JRN_DISTANCE_VECTOR, 2, 10, 4, 0, 4) / 4;
		sum[1] += slope(1000, JRN_DISTANCE_LAST, 3, 5, 8, 1, 3) / 4;
		skew_tent(1000, 50 + (uint64_t) s);
		sum[2] += slope(1000, JRN_DISTANCE_VECTOR, 2, 10, 4, 0, 4) / 4;
		henon(2000, 60 + (uint64_t) s);
		sum[3] += slope(2000, JRN_DISTANCE_VECTOR, 2, 10, 8, 0, 8) / 4;
		autoregression(1000, 0, 70 + (uint64_t) s);
		sum[4] += slope(1000, JRN_DISTANCE_VECTOR, 3, 10, 4, 0, 4) / 4;
		autoregression(2000, 0, 80 + (uint64_t) s);
		sum[5] += slope(2000, JRN_DISTANCE_LAST, 3, 5, 8, 1, 3) / 4;
		autoregression(2000, .9, 90 + (uint64_t) s);
		sum[6] += slope(2000, JRN_DISTANCE_LAST, 3, 5, 8, 1, 3) / 4;
		autoregression(1000, .9, 95 + (uint64_t) s);
		sum[7] += slope(1000, JRN_DISTANCE_VECTOR, 3, 10, 10, 0, 10) / 4;
		host_reset();
	}
	ok(fabs(sum[0] - .693) < .008, "2.5 logistic, vector 0-4: %.4f", sum[0]);
	ok(fabs(sum[1] - .694) < .01, "2.5 logistic, last 1-3: %.4f", sum[1]);
	ok(fabs(sum[2] - .671) < .014, "2.5 skew tent: %.4f", sum[2]);
	ok(fabs(sum[3] - .410) < .02, "2.5 Henon: %.4f", sum[3]);
	ok(fabs(sum[4] - .536) < .03, "2.5 white noise, vector 0-4, m = 3: %.4f", sum[4]);
	ok(fabs(sum[5] - .002) < .04, "2.5 white noise, last 1-3: %.4f", sum[5]);
	ok(fabs(sum[6] - .221) < .05, "2.5 AR .9, last 1-3: %.4f", sum[6]);
	ok(fabs(sum[7] - .190) < .03, "2.5 AR .9, vector 0-10: %.4f", sum[7]);
}

/* R-DIV-3, R-DIV-5 */
static void
test_defaults(void)
{
	jrn_divergence_options options = jrn_divergence_defaults();
	jrn_divergence_result r;
	jrn_divergence_result other;
	int			k;

	logistic(2000, 3);
	r = diverge(2000, &options);
	ok(r.status == JRN_SERIES_OK && r.fit_from == 1 && r.horizon == 20, "defaults");
	ok(r.window >= 2 && r.window <= 200, "R-EMB-1 window %d", (int) r.window);
	ok(fabs(r.exponent - .693) < .02, "logistic with all defaults: %.4f", r.exponent);
	ok(r.low < r.exponent && r.exponent < r.high && r.high - r.low < .1, "R-DIV-5 %.4f in [%.4f, %.4f]", r.exponent, r.low, r.high);
	for (k = (int) r.fit_to + 1; k <= 20; k++)
		ok(r.curve[k] > r.curve[1] + .8 * (r.saturation - r.curve[1]), "R-DIV-3 step %d is above", k);
	ok(r.curve[r.fit_to] <= r.curve[1] + .8 * (r.saturation - r.curve[1]), "R-DIV-3 the last step of the fit is not");
	ok(fabs(r.saturation + 1.386) < .05, "R-DIV-3 logistic saturates at -ln 4: %.3f", r.saturation);
	other = diverge(2000, &options);
	ok(other.low == r.low && other.high == r.high && other.exponent == r.exponent, "same bits");
	options.seed = 9;
	other = diverge(2000, &options);
	ok(other.low != r.low && other.curve[7] == r.curve[7], "another seed moves the interval only");
	options.replicates = 19;
	other = diverge(2000, &options);
	ok(isnan(other.low) && !isnan(other.exponent), "R-DIV-5 19 replicates carry no interval");
	host_reset();
}

/* R-DIV-5 against drawing the blocks' curves themselves; no zeros here. */
static void
test_interval(void)
{
	enum
	{
	NV = 486,
	BLOCKS = 20,
	SIZE = 25,
	DRAWS = 41};
	jrn_divergence_options options = options_of(JRN_DISTANCE_LAST, 3, 4, 12, 1, 5);
	jrn_env		env = host_env();
	jrn_kdtree	tree;
	const jrn_kd_points points = {series, NV, 3, 1, 1};
	const jrn_kd_rule rule = {4, true};
	static int32_t near[NV];
	jrn_divergence_result r;
	double		slopes[DRAWS];
	int			b,
				i,
				k;

	henon(500, 8);
	options.replicates = DRAWS;
	options.seed = 77;
	r = diverge(500, &options);
	jrn_kdtree_build(&env, &points, &tree);
	jrn_kdtree_nearest(&env, &tree, &rule, 1, near, NULL);
	for (b = 0; b < DRAWS; b++)
	{
		const uint64_t stream = jrn_seed_derive(77, "blocks", (uint64_t) b);
		double		s[6] = {0};
		double		got;
		int			block;

		for (block = 0; block < BLOCKS; block++)
		{
			/* 19 whole blocks and a rest of 11 */
			const int	from = (int) jrn_random_below(stream, (uint64_t) block, NV - SIZE + 1);

			for (i = from; i < from + (block < 19 ? SIZE : 11); i++)
				for (k = 1; k <= 5; k++)
					s[k] += log(fabs(series[i + 2 + k] - series[near[i] + 2 + k])) / NV;
		}
		got = (2 * (s[5] - s[1]) + s[4] - s[2]) / 10;
		for (i = b; i > 0 && slopes[i - 1] > got; i--)
			slopes[i] = slopes[i - 1];
		slopes[i] = got;
	}
	ok_close(r.low, slopes[1], 1e-12, "R-DIV-5 lower end: %.6f", r.low);
	ok_close(r.high, slopes[39], 1e-12, "R-DIV-5 upper end: %.6f", r.high);
	host_reset();
}

static jrn_series_status
status_of(int n, const jrn_divergence_options *options)
{
	jrn_divergence_result r = diverge(n, options);

	if (r.status != JRN_SERIES_OK)
		ok(isnan(r.exponent) && isnan(r.low), "%s: no exponent", jrn_series_status_word(r.status));
	host_reset();
	return r.status;
}

static void
test_statuses(void)
{
	jrn_divergence_options options = jrn_divergence_defaults();
	jrn_env		env = host_env();
	jrn_divergence_result r;
	int			i;

	logistic(2000, 5);
	ok(status_of(0, &options) == JRN_SERIES_TOO_SHORT, "no value");
	ok(status_of(1, &options) == JRN_SERIES_TOO_SHORT, "one value");
	ok(status_of(11, &options) == JRN_SERIES_TOO_SHORT, "a horizon of nothing");
	options.embedding.window = 50;
	options.horizon = 5;
	ok(status_of(108, &options) == JRN_SERIES_TOO_SHORT, "R-DIV-6 nv = 101 for a window of 50");
	ok(status_of(109, &options) != JRN_SERIES_TOO_SHORT, "R-DIV-6 nv = 102");
	options = jrn_divergence_defaults();
	options.embedding.delay = 900;
	ok(status_of(1000, &options) == JRN_SERIES_TOO_SHORT, "dimension times delay beyond the length");
	options = jrn_divergence_defaults();
	options.fit_to = 12;
	ok(status_of(100, &options) == JRN_SERIES_TOO_SHORT, "the default horizon ends before the fit");
	options = jrn_divergence_defaults();
	options.radius = 1e-12;
	ok(status_of(300, &options) == JRN_SERIES_NO_NEIGHBOURS, "nobody within a tiny radius");
	options = jrn_divergence_defaults();
	congruential(1000);
	r = diverge(1000, &options);
	ok(r.status == JRN_SERIES_NO_SCALING || (fabs(r.exponent) < .05 && r.noise_excess > 1.5), "noise is at its level at once");
	options.fit_from = 0;
	ok(status_of(1000, &options) == JRN_SERIES_NO_SCALING, "R-DIV-3 only the jump is below the level");
	options.fit_from = 1;
	for (i = 0; i < 500; i++)
		series[i] = 3;
	ok(status_of(500, &options) == JRN_SERIES_CONSTANT, "constant");
	for (i = 0; i < 365; i++)
		series[i] = (double) jrn_random_poisson(6, (uint64_t) i, 5);
	ok(status_of(365, &options) == JRN_SERIES_DISCRETE, "R-DIV-6 counts with mean 5");
	for (i = 0; i < 365; i++)
		series[i] = (double) jrn_random_poisson(6, (uint64_t) i, 100);
	ok(status_of(365, &options) != JRN_SERIES_DISCRETE, "R-DIV-6 counts with mean 100");
	series[7] = NAN;
	ok(jrn_divergence(&env, series, 365, &options, false, &r) == JRN_NONFINITE, "not a number");
	options.horizon = 5;
	options.fit_from = 5;
	ok(jrn_divergence(&env, series, 365, &options, false, &r) == JRN_DOMAIN, "the fit begins where the curve ends");
	options = jrn_divergence_defaults();
	options.embedding.dimension = 21;
	ok(jrn_divergence(&env, series, 7, &options, false, &r) == JRN_DOMAIN, "21 dimensions");
}

/* R-EMB-3, R-EMB-4 */
static void
test_embedding(void)
{
	jrn_env		env = host_env();
	jrn_divergence_options options = jrn_divergence_defaults();
	jrn_divergence_result small;
	jrn_divergence_result plain;
	jrn_series	s;
	size_t		lag;
	int			i;

	for (i = 0; i < N_MAX; i++)
		series[i] = cos(6.283185307179586 * i / 600) + 5;
	jrn_series_init(&env, series, N_MAX, &s);
	ok(jrn_first_zero(&env, &s, N_MAX / 10, &lag) == JRN_OK, "first zero");
	{
		double		mean = jrn_series_mean(series, N_MAX);
		size_t		want;

		for (want = 1;; want++)
		{
			double		sum = 0;

			for (i = 0; i + (int) want < N_MAX; i++)
				sum += (series[i] - mean) * (series[i + (int) want] - mean);
			if (sum <= 0)
				break;
		}
		ok_int((long long) lag, (long long) want, "R-EMB-3 a late zero");
		ok(want > 64, "which direct sums alone would not have found");
	}
	jrn_first_zero(&env, &s, 100, &lag);
	ok_int((long long) lag, 100, "R-EMB-1 no zero: the cap");
	host_reset();

	henon(600, 4);
	plain = diverge(600, &options);
	for (i = 0; i < 600; i++)
		series[i] = ldexp(series[i], -900);
	small = diverge(600, &options);
	ok_close(small.exponent, plain.exponent, 1e-10, "R-EMB-4 the unit does not matter");
	ok_close(small.curve[3], plain.curve[3] - 900 * log(2), 1e-13, "R-EMB-4 but for the level");
	for (i = 0; i < 600; i++)
		series[i] = ldexp(series[i], 1900);
	small = diverge(600, &options);
	ok_close(small.exponent, plain.exponent, 1e-10, "R-EMB-4 nor does a huge one");
	host_reset();
}

/* ---- the other measures ---- */

static void
test_false_neighbours_of(void)
{
	jrn_env		env = host_env();
	jrn_false_neighbours_row rows[8];
	int			m;

	tent(2000);
	ok(jrn_false_neighbours(&env, series, 2000, 5, 1, 1, rows) == JRN_OK, "TENT");
	for (m = 0; m < 5; m++)
		ok(rows[m].fraction < 1e-3 && rows[m].used == 2000 - m - 1, "R-FNN-1 TENT: none in dimension %d", m + 1);
	henon(3000, 1);
	ok(jrn_false_neighbours(&env, series, 3000, 3, 1, JRN_SERIES_DEFAULT, rows) == JRN_OK, "Henon");
	ok(fabs(rows[0].fraction - .724) < .02 && rows[1].fraction < .002 && rows[2].fraction < .002,
	   "R-FNN-1 Henon .724 0 0: %.4f %.4f %.4f", rows[0].fraction, rows[1].fraction, rows[2].fraction);
	ok(rows[0].status == JRN_SERIES_OK, "two dimensions are enough");
	autoregression(500, 0, 4);
	ok(jrn_false_neighbours(&env, series, 500, 7, 1, JRN_SERIES_DEFAULT, rows) == JRN_OK, "white noise");
	ok(rows[0].status == JRN_SERIES_NO_EMBEDDING && rows[6].status == JRN_SERIES_NO_EMBEDDING,
	   "R-FNN-2 noise never comes below a tenth: %.3f at best", rows[2].fraction);
	ok(jrn_false_neighbours(&env, series, 500, 3, 1, JRN_SERIES_DEFAULT, rows) == JRN_OK &&
	   rows[0].status == JRN_SERIES_OK, "R-FNN-2 three dimensions do not tell");
	ok(jrn_false_neighbours(&env, series, 99, 3, 1, 1, rows) == JRN_OK && rows[0].status == JRN_SERIES_TOO_SHORT &&
	   isnan(rows[0].fraction), "R-FNN-3 99 values");
	ok(jrn_false_neighbours(&env, series, 500, 21, 1, 1, rows) == JRN_DOMAIN, "21 dimensions");
	host_reset();
}

static void
test_prediction(void)
{
	jrn_env		env = host_env();
	jrn_embedding e = {3, 1, 5};
	double		error;

	tent(2000);
	ok(jrn_prediction_error(&env, series, 500, &e, 1, 1, &error) == JRN_OK && fabs(error - .037150567) < 1e-8,
	   "R-NPE-2 TENT(500), k = 1: %.9f", error);
	congruential(2000);
	ok(jrn_prediction_error(&env, series, 2000, &e, 4, 1, &error) == JRN_OK && fabs(error - 1.1) < .1,
	   "noise is not predicted: %.3f", error);
	ok(jrn_prediction_error(&env, series, 99, &e, 4, 1, &error) == JRN_OK && isnan(error), "R-NPE-3 99 values");
	e.window = 60;
	ok(jrn_prediction_error(&env, series, 127, &e, 4, 1, &error) == JRN_OK && isnan(error), "R-NPE-3 124 vectors of 125");
	ok(jrn_prediction_error(&env, series, 128, &e, 4, 1, &error) == JRN_OK && !isnan(error), "R-NPE-3 125 vectors");
	ok(jrn_prediction_error(&env, series, 128, &e, 0, 1, &error) == JRN_DOMAIN, "no neighbours");
	host_reset();
}

/* By the definition: all pairs of templates. */
static double
brute_sample_entropy(int n, int m, double r)
{
	int64_t		a = 0,
				b = 0;
	int			i,
				j,
				c;

	for (i = 0; i < n - m; i++)
		for (j = 0; j < n - m; j++)
		{
			for (c = 0; c <= m && fabs(series[i + c] - series[j + c]) < r; c++)
				;
			a += i != j && c > m;
			b += i != j && c >= m;
		}
	return log((double) b / (double) a);
}

static void
test_sample_entropy_of(void)
{
	static const double nine[] = {0, 1, 5, 4, 1, 0, 1, 5, 3};
	jrn_env		env = host_env();
	jrn_series_status status;
	double		got;
	int			i;

	tent(1000);
	ok(jrn_sample_entropy(&env, series, 1000, 2, NAN, &got, &status) == JRN_OK, "TENT");
	ok_close(got, .6172061390497213, 1e-10, "R-SEN-1 R-SEN-2 TENT(1000)");
	ok(jrn_sample_entropy(&env, nine, 9, 2, .5, &got, &status) == JRN_OK, "nine");
	ok_close(got, log(2), 1e-15, "R-SEN-1 nine numbers");
	autoregression(2000, 0, 31);
	jrn_sample_entropy(&env, series, 2000, 2, NAN, &got, &status);
	ok(fabs(got - 2.2) < .1, "normal noise has 2.2: %.3f", got);
	for (i = 0; i < 400; i++)
		series[i] = (double) jrn_random_poisson(4, (uint64_t) i, 2);
	jrn_sample_entropy(&env, series, 400, 3, 1, &got, &status);
	ok_close(got, brute_sample_entropy(400, 3, 1), 1e-15, "R-SEN-1 strictly below: counts, tolerance 1");
	jrn_sample_entropy(&env, series, 400, 3, 1.5, &got, &status);
	ok_close(got, brute_sample_entropy(400, 3, 1.5), 1e-15, "R-SEN-1 counts, tolerance 1.5");
	jrn_sample_entropy(&env, series, 400, 2, 0, &got, &status);
	ok(isnan(got) && status == JRN_SERIES_NO_MATCH, "R-SEN-3 nothing is below 0");
	jrn_sample_entropy(&env, series, 3, 2, 1, &got, &status);
	ok(isnan(got) && status == JRN_SERIES_TOO_SHORT, "R-SEN-3 three values");
	for (i = 0; i < 400; i++)
		series[i] = 0;
	jrn_sample_entropy(&env, series, 400, 2, NAN, &got, &status);
	ok(isnan(got) && status == JRN_SERIES_CONSTANT, "R-SEN-3 constant");
	ok(jrn_sample_entropy(&env, series, 400, 0, NAN, &got, &status) == JRN_DOMAIN, "no dimension");
	ok(jrn_sample_entropy(&env, series, 400, 2, -1, &got, &status) == JRN_DOMAIN, "a negative tolerance");
	host_reset();
}

static void
test_information(void)
{
	static const double want[] = {1.985661750, 1.324908433, .720336430};
	jrn_env		env = host_env();
	jrn_delay_information_row rows[60];
	int			lag;

	tent(1000);
	ok(jrn_delay_information(&env, series, 1000, 3, 16, rows) == JRN_OK, "TENT");
	for (lag = 1; lag <= 3; lag++)
	{
		ok(fabs(rows[lag - 1].information - want[lag - 1]) < 1e-8, "R-AMI-1 TENT: lag %d", lag);
		ok_close(rows[lag - 1].corrected, rows[lag - 1].information - 225.0 / (2 * (1000 - lag)), 1e-13, "R-AMI-2 lag %d", lag);
	}
	congruential(100);
	ok(jrn_delay_information(&env, series, 100, 60, 4, rows) == JRN_OK && rows[49].status == JRN_SERIES_OK &&
	   rows[50].status == JRN_SERIES_TOO_SHORT && isnan(rows[50].information), "R-AMI-3 50 pairs, 49 pairs");
	ok(jrn_delay_information(&env, series, 100, 3, 1, rows) == JRN_DOMAIN, "one bin");
	for (lag = 0; lag < 100; lag++)
		series[lag] = 8;
	ok(jrn_delay_information(&env, series, 100, 3, 16, rows) == JRN_OK && rows[0].status == JRN_SERIES_CONSTANT, "constant");
	host_reset();
}

static jrn_status
everything(const jrn_env *env, void *arg)
{
	jrn_divergence_options options = jrn_divergence_defaults();
	jrn_divergence_result r;
	jrn_false_neighbours_row rows[3];
	jrn_delay_information_row lags[2];
	jrn_embedding e = {2, 1, JRN_SERIES_DEFAULT};
	jrn_series_status status;
	double		x;

	options.radius = *(bool *) arg ? .1 : 0;
	JRN_TRY(jrn_divergence(env, series, 2000, &options, false, &r));
	JRN_TRY(jrn_false_neighbours(env, series, 400, 3, 1, JRN_SERIES_DEFAULT, rows));
	JRN_TRY(jrn_prediction_error(env, series, 400, &e, 4, 1, &x));
	JRN_TRY(jrn_sample_entropy(env, series, 2000, 2, NAN, &x, &status));
	return jrn_delay_information(env, series, 400, 2, 16, lags);
}

void
test_divergence(void)
{
	bool		within = false;
	int			i;

	test_vectors();
	test_brute_curve();
	test_biases();
	test_defaults();
	test_interval();
	test_statuses();
	test_embedding();
	test_false_neighbours_of();
	test_prediction();
	test_sample_entropy_of();
	test_information();
	henon(2000, 2);
	ok_survives(everything, &within, "measures by nearest neighbours");
	for (i = 0; i < 2000; i++)
		series[i] = ldexp(series[i] + 2 * cos(i * .01), 500);	/* a late zero, a large unit */
	ok_survives(everything, &within, "measures of a slow series in a large unit");
	henon(2000, 2);
	within = true;
	ok_survives(everything, &within, "measures within a radius");
}
