/*
 * test_effect_groups.c
 *		Calibration and groups against sums over rows and clusters by
 *		definition.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/strategies/effect_groups.h"

#define N 240
#define FOLDS 3
#define GROUPS 4

typedef struct data
{
	jrn_score_table table;
	jrn_effect_model model;
	int64_t		cluster[N];
	int32_t		fold[N];
	int32_t		arm[N];
	double		effect[N];
	double		score[N];
	int			groups;
	jrn_effect_calibration line;
	jrn_effect_group group[JRN_EFFECT_GROUPS];
	int			count;
} data;

static data d;

/* levels of the predicted effect; 0: continuous */
static void
fill(double levels)
{
	size_t		i;

	memset(&d, 0, sizeof(d));
	d.table.n = N;
	d.table.arms = 3;
	d.table.folds = FOLDS;
	d.table.cluster = d.cluster;
	d.table.fold = d.fold;
	d.table.arm = d.arm;
	d.model.known = true;
	d.model.effect = d.effect;
	d.model.score = d.score;
	d.model.noise = 0.25;
	d.groups = GROUPS;
	for (i = 0; i < N; i++)
	{
		d.cluster[i] = (int64_t) i / 4;
		d.fold[i] = (int32_t) (i / 4 % FOLDS);
		d.arm[i] = (int32_t) (jrn_random_u64(1, i) % 3);
		d.effect[i] = jrn_random_uniform(2, i);
		if (levels > 0.0)
			d.effect[i] = floor(d.effect[i] * levels);
		d.score[i] = 100.0 + d.effect[i] + jrn_random_normal(3, i);
	}
}

static jrn_status
run(const jrn_env *env, void *arg)
{
	data	   *of = arg;

	JRN_TRY(jrn_effect_calibrate(env, &of->table, &of->model, 2, 0, &of->line));
	return jrn_effect_groups_make(env, &of->table, &of->model, 2, 0, of->groups, 5, of->group, &of->count);
}

static double
fold_mean(size_t of)
{
	double		sum = 0.0;
	double		n = 0.0;
	size_t		i;

	for (i = 0; i < N; i++)
		if (d.fold[i] == d.fold[of])
		{
			sum += d.effect[i];
			n += 1.0;
		}
	return sum / n;
}

static void
calibration(void)
{
	jrn_env		env = host_env();
	double		mean = 0.0;
	double		product = 0.0;
	double		spread = 0.0;
	double		of_mean = 0.0;
	double		of_slope = 0.0;
	double		slope;
	size_t		c,
				i;

	fill(0.0);
	ok_int(run(&env, &d), JRN_OK, "runs");
	for (i = 0; i < N; i++)
		mean += d.score[i] / N;
	for (i = 0; i < N; i++)
	{
		double		v = d.effect[i] - fold_mean(i);

		product += v * d.score[i];
		spread += v * v;
	}
	slope = product / spread;
	for (c = 0; c < N / 4; c++)
	{
		double		a = 0.0;
		double		b = 0.0;

		for (i = 4 * c; i < 4 * c + 4; i++)
		{
			double		v = d.effect[i] - fold_mean(i);

			a += d.score[i] - mean;
			b += v * (d.score[i] - mean - slope * v);
		}
		of_mean += a * a;
		of_slope += b * b;
	}
	ok_close(d.line.mean_effect.estimate, mean, 1e-13, "R-EGR-1 mean");
	ok_close(d.line.mean_effect.std_error, sqrt(60.0 / 59.0 * of_mean) / N, 1e-10, "R-EGR-3 its error");
	ok_close(d.line.heterogeneity.estimate, slope, 1e-9, "R-EGR-1 slope");
	ok_close(d.line.heterogeneity.std_error, sqrt(1.25 * 60.0 / 59.0 * of_slope) / spread, 1e-9, "R-EGR-3 its error, with noise");
	ok((d.line.heterogeneity.p_value < 0.5) == (slope > 0.0), "R-EGR-2 one side");
	fill(1.0);
	(void) run(&env, &d);
	ok(d.line.heterogeneity.status == JRN_EFFECT_CONSTANT && isnan(d.line.heterogeneity.estimate) &&
	   d.line.mean_effect.status == JRN_EFFECT_OK, "predictions do not differ");
	fill(0.0);
	d.model.noise = NAN;
	(void) run(&env, &d);
	ok(d.line.heterogeneity.status == JRN_EFFECT_NO_ERROR && isfinite(d.line.heterogeneity.estimate) &&
	   isnan(d.line.heterogeneity.std_error), "noise not known: no error");
	d.model.known = false;
	(void) run(&env, &d);
	ok(isnan(d.line.mean_effect.estimate) && d.count == 0, "nothing known");
}

/* R-EGR-5 by counting */
static int
group_by_hand(size_t of)
{
	int64_t		below = 0;
	int64_t		equal = 0;
	int64_t		n = 0;
	size_t		i;

	for (i = 0; i < N; i++)
		if (d.fold[i] == d.fold[of])
		{
			n++;
			below += d.effect[i] < d.effect[of];
			equal += d.effect[i] == d.effect[of];
		}
	return 1 + (int) (d.groups * (2 * below + equal) / (2 * n));
}

static void
check_groups(const char *name)
{
	int			g;
	int			seen = 0;

	for (g = 1; g <= d.groups; g++)
	{
		double		n = 0.0;
		double		keys = 0.0;
		double		predicted = 0.0;
		double		effect = 0.0;
		double		squares = 0.0;
		const jrn_effect_group *out = &d.group[seen];
		size_t		c,
					i;

		for (i = 0; i < N; i++)
			if (group_by_hand(i) == g)
			{
				n += 1.0;
				predicted += d.effect[i];
				effect += d.score[i];
			}
		if (n == 0.0)
			continue;
		effect /= n;
		for (c = 0; c < N / 4; c++)
		{
			double		sum = 0.0;
			bool		any = false;

			for (i = 4 * c; i < 4 * c + 4; i++)
				if (group_by_hand(i) == g)
				{
					sum += d.score[i] - effect;
					any = true;
				}
			keys += any;
			squares += sum * sum;
		}
		ok(out->group == g && (double) out->n == n && (double) out->keys == keys, "R-EGR-5 %s: group %d", name, g);
		ok_close(out->predicted, predicted / n, 1e-12, "%s: predicted", name);
		ok_close(out->effect.estimate, effect, 1e-12, "R-EGR-6 %s: effect", name);
		ok_close(out->effect.std_error, sqrt(1.25 * keys / (keys - 1.0) * squares) / n, 1e-9, "R-EGR-3 %s: error", name);
		ok(out->simultaneous_low < out->effect.low && out->effect.high < out->simultaneous_high,
		   "R-EGR-6 %s: all at once is wider", name);
		seen++;
	}
	ok_int(d.count, seen, "%s: no other groups", name);
}

static void
groups(void)
{
	jrn_env		env = host_env();
	size_t		i;

	fill(0.0);
	(void) run(&env, &d);
	check_groups("continuous");
	fill(3.0);
	d.groups = 7;
	(void) run(&env, &d);
	check_groups("three levels");
	/* the upper half was never treated */
	fill(0.0);
	d.groups = 2;
	for (i = 0; i < N; i++)
		if (group_by_hand(i) == 2)
			d.arm[i] = 1;
	(void) run(&env, &d);
	ok(d.group[1].effect.status == JRN_EFFECT_TOO_FEW && isnan(d.group[1].effect.estimate) &&
	   isnan(d.group[1].simultaneous_low) && isfinite(d.group[1].predicted) &&
	   d.group[0].effect.status == JRN_EFFECT_OK, "R-EGR-7 a group without treated rows");
	ok(jrn_effect_df(5, 300) == 4.0 && isinf(jrn_effect_df(100, 100)) && isnan(jrn_effect_df(1, 300)), "R-EGR-4 degrees of freedom");
}

void
test_effect_groups(void)
{
	calibration();
	groups();
	fill(0.0);
	ok_survives(run, &d, "effect groups");
}
