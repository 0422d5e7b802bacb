/*
 * test_feature_twins.c
 *		Twins in numbers against looking at every pair; the tent map parts at
 *		ln 2, noise jumps; size of the surrogate test; refusals.
 *
 * Provenance: chaos reference 5.2; the integer tent map of its 2.12.
 */
#include "tap.h"

#include "../../src/chaos/feature_twins.h"
#include "../../src/core/random.h"

#define MOST 3000
#define LONGEST 10
#define M 2
#define H 4

static double values[MOST][LONGEST];
static int	n_customers;

typedef enum process
{
	TENT,
	NOISE,
	AUTOREGRESSION
} process;

static void
make_panel(int n, process what, uint64_t stream)
{
	int			c,
				t;

	n_customers = n;
	for (c = 0; c < n; c++)
	{
		uint64_t	x = jrn_random_below(stream, (uint64_t) c, 1000003);
		double		before = 0.0;

		for (t = 0; t < LONGEST; t++)
		{
			double		z = jrn_random_normal(stream, (uint64_t) (c * LONGEST + t));

			if (what == TENT)
				values[c][t] = (double) x / 1000003.0;
			else
				values[c][t] = what == NOISE ? z : t == 0 ? z / sqrt(1 - .81) : 0.9 * before + z;
			before = values[c][t];
			x = 2 * x < 1000003 ? 2 * x : 2 * (1000003 - x);
		}
	}
}

static jrn_status
run(const jrn_env *env, int m, int horizon, int32_t surrogates, double *curve, int64_t *pairs, jrn_ft_result *result)
{
	jrn_feature_twins twins;
	int			c;

	JRN_TRY(jrn_feature_twins_begin(&twins, env, m, horizon));
	for (c = 0; c < n_customers; c++)
		JRN_TRY(jrn_feature_twins_add(&twins, jrn_hash_u64((uint64_t) c, 0), values[c], LONGEST));
	return jrn_feature_twins_run(&twins, surrogates, 7, curve, pairs, result);
}

static void
test_by_hand(void)
{
	int			trial;

	for (trial = 0; trial < 3; trial++)
	{
		jrn_env		env = host_env();
		double		curve[H + 1];
		int64_t		pairs[H + 1];
		jrn_ft_result result;
		double		sum[H + 1] = {0.0};
		double		squares = 0.0;
		int			c,
					d,
					k;

		make_panel(200, (process) trial, 5);
		ok(run(&env, M, H, 0, curve, pairs, &result) == JRN_OK && result.status == JRN_FT_LOW_N, "200 are few");
		for (c = 0; c < n_customers; c++)
		{
			int			twin = -1;
			double		best = INFINITY;

			for (d = 0; d < n_customers; d++)
			{
				double		distance = hypot(values[c][0] - values[d][0], values[c][1] - values[d][1]);

				if (distance > 0.0 && distance < best)
				{
					best = distance;
					twin = d;
				}
			}
			for (k = 0; k <= H; k++)
				sum[k] += log(fabs(values[c][M - 1 + k] - values[twin][M - 1 + k]));
			squares += pow(values[c][M] - values[twin][M], 2);
		}
		for (k = 0; k <= H; k++)
			ok(pairs[k] == 200 && fabs(curve[k] - sum[k] / 200) < 1e-9, "R-FT-2 S(%d) of process %d", k, trial);
		ok_close(result.slope, (sum[3] - sum[1]) / 400, 1e-9, "R-FT-3 slope");
		ok_close(result.jump, (sum[1] - sum[0]) / 200, 1e-9, "R-FT-3 jump");
		ok_close(result.error, sqrt(squares / 200), 1e-9, "R-FT-4 prediction error");
		ok(isnan(result.p) && jrn_ft_verdict(&result) == NULL, "no surrogates, no verdict");
	}
}

static void
test_verdicts(void)
{
	jrn_env		env = host_env();
	double		curve[H + 1];
	int64_t		pairs[H + 1];
	jrn_ft_result result;
	int			small = 0;
	int			s;

	make_panel(3000, TENT, 5);
	ok(run(&env, M, H, 39, curve, pairs, &result) == JRN_OK && result.status == JRN_FT_OK, "tent map");
	ok(fabs(result.slope - log(2.0)) < 0.03 && result.jump - result.slope < 0.1, "parts at ln 2: %.3f after %.3f", result.slope, result.jump);
	ok(result.p == 1.0 / 40 && result.error < result.null_median, "R-FT-4 no surrogate is predicted as well");
	ok(strcmp(jrn_ft_verdict(&result), "deterministic divergence") == 0, "verdict");
	host_reset();
	make_panel(3000, AUTOREGRESSION, 6);
	ok(run(&env, M, H, 39, curve, pairs, &result) == JRN_OK, "autoregression");
	ok(result.jump > 3.0 && result.slope < 0.3, "jumps: %.3f, then %.3f", result.jump, result.slope);
	ok(strcmp(jrn_ft_verdict(&result), "consistent with linear noise") == 0, "verdict: p %.3f", result.p);
	for (s = 0; s < 60; s++)
	{
		host_reset();
		make_panel(150, s % 2 ? NOISE : AUTOREGRESSION, 100 + (uint64_t) s);
		if (run(&env, M + s % 2, H, 19, curve, pairs, &result) != JRN_OK)
			ok(false, "sample");
		small += result.p <= 0.05;
	}
	ok(small <= 8, "R-FT-4 %d of 60 linear panels rejected at 5 %%", small);
	result.p = 0.01;
	result.jump = result.slope + 0.6;
	ok(strcmp(jrn_ft_verdict(&result), "nonlinear stochastic") == 0, "a jump is noise");
	result.jump = result.slope;
	result.near = 1.0;
	result.far = 0.5;
	ok(strcmp(jrn_ft_verdict(&result), "inconclusive") == 0, "slopes that disagree");
}

static void
test_edges(void)
{
	jrn_env		env = host_env();
	jrn_feature_twins twins;
	double		curve[H + 2];
	int64_t		pairs[H + 2];
	jrn_ft_result result;
	double		slope;
	int			c,
				t;

	n_customers = 0;
	ok(run(&env, M, H, 9, curve, pairs, &result) == JRN_OK && result.status == JRN_FT_TOO_FEW && isnan(curve[0]), "nobody");
	make_panel(20, NOISE, 1);
	ok(jrn_feature_twins_begin(&twins, &env, M, H) == JRN_OK, "begun");
	for (c = 0; c < 20; c++)
		ok(jrn_feature_twins_add(&twins, 1, values[c], M + H - 1) == JRN_OK, "short");
	ok(jrn_feature_twins_run(&twins, 9, 0, curve, pairs, &result) == JRN_OK && result.status == JRN_FT_TOO_SHORT, "R-FT-1 too short");
	for (c = 0; c < 20; c++)
		for (t = 0; t < LONGEST; t++)
			values[c][t] = 3.0;
	ok(run(&env, M, H, 9, curve, pairs, &result) == JRN_OK && result.status == JRN_FT_CONSTANT, "constant");
	for (c = 0; c < 20; c++)
		for (t = 0; t < LONGEST; t++)
			values[c][t] = (double) ((c + t) % 3);
	ok(run(&env, M, H, 9, curve, pairs, &result) == JRN_OK && result.status == JRN_FT_DISCRETE && isnan(result.slope), "discrete");
	make_panel(100, TENT, 2);
	ok(run(&env, M, H, 19, curve, pairs, &result) == JRN_OK, "tent");
	slope = result.slope;
	for (c = 0; c < 100; c++)
		for (t = 0; t < LONGEST; t++)
			values[c][t] = values[c][t] * 1e300 - 5e299;
	ok(run(&env, M, H, 19, curve, pairs, &result) == JRN_OK && fabs(result.slope - slope) < 1e-9 && result.p == 0.05, "huge values");
	for (c = 0; c < 100; c++)
		for (t = 0; t < LONGEST; t++)
			values[c][t] = (double) c * c;
	ok(run(&env, M, H, 19, curve, pairs, &result) == JRN_OK && fabs(result.slope) < 1e-9, "everybody stays: collinear past");
	ok(jrn_feature_twins_begin(&twins, &env, 1, H) == JRN_DOMAIN && jrn_feature_twins_begin(&twins, &env, 2, 2) == JRN_DOMAIN, "sizes");
	values[0][0] = NAN;
	ok(run(&env, M, H, 19, curve, pairs, &result) == JRN_NONFINITE, "not a number");
}

static jrn_status
whole(const jrn_env *env, void *arg)
{
	double		curve[H + 1];
	int64_t		pairs[H + 1];
	jrn_ft_result result;

	(void) arg;
	return run(env, M, H, 3, curve, pairs, &result);
}

void
test_feature_twins(void)
{
	test_by_hand();
	test_verdicts();
	test_edges();
	make_panel(60, NOISE, 9);
	ok_survives(whole, NULL, "feature twins");
}
