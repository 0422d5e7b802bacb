/*
 * test_effects.c
 *		Values and differences of strategies against plain two-pass formulas on
 *		stored scores (src/strategies/effects.h), and what is inferred.
 */
#include "tap.h"

#include <stdlib.h>

#include "../../src/core/dist.h"
#include "../../src/core/random.h"
#include "../../src/strategies/effects.h"

#define ROWS 900
#define REPEATS 3
#define MOST 3

/* Rows in canonical order, with everything a repeat fits. */
static struct
{
	int			arms;
	double		x[2][ROWS];
	double		y[ROWS];
	double		arm[ROWS];
	int64_t		cluster[ROWS];
	double		mu[REPEATS][MOST][ROWS];
	double		e[REPEATS][MOST][ROWS];
	double		score[REPEATS][MOST][ROWS];
	bool		models;
} d;

static double
uniform(const char *tag, uint64_t i)
{
	return jrn_random_uniform(jrn_seed_derive(7, tag, 0), i);
}

/* shift moves outcomes far from 0; rows_per_key 1: independent. */
static void
fill(int arms, bool models, double shift, int rows_per_key)
{
	int			i,
				a,
				r;

	memset(&d, 0, sizeof(d));
	d.arms = arms;
	d.models = models;
	for (i = 0; i < ROWS; i++)
	{
		double		sum = 0.0;
		double		u = uniform("arm", (uint64_t) i);

		d.cluster[i] = i / rows_per_key;
		d.x[0][i] = uniform("x", (uint64_t) i);
		d.x[1][i] = uniform("key", (uint64_t) d.cluster[i]);
		d.arm[i] = u < 0.3 + 0.3 * d.x[0][i] ? 0 : arms == 3 && u > 0.8 ? 2 : 1;
		d.y[i] = shift + d.x[0][i] + 2.0 * d.x[1][i] + 0.3 * d.arm[i] + uniform("e", (uint64_t) i);
		for (r = 0; r < REPEATS; r++)
		{
			for (a = 0, sum = 0.0; a < arms; a++)
				sum += d.e[r][a][i] = 0.02 + (a == 0 ? 0.4 : 0.2) * d.x[0][i] + 0.02 * r * uniform("fit", (uint64_t) (i + 31 * a));
			for (a = 0; a < arms; a++)
			{
				double		w;

				d.e[r][a][i] /= sum;
				w = d.arm[i] == a ? 1.0 / d.e[r][a][i] : 0.0;
				d.mu[r][a][i] = models ? shift + 0.9 * d.x[0][i] + 0.2 * a + 0.05 * uniform("mu", (uint64_t) (i * 9 + r * 3 + a)) + 1.0 : 0.0;
				d.score[r][a][i] = d.mu[r][a][i] + w * (d.y[i] - d.mu[r][a][i]);
			}
		}
	}
}

/* Blocks of uneven size, repeats in turn, and the halves of the rows as two cells in turn. */
static jrn_status
visit(jrn_effects *effects, int repeats)
{
	size_t		half = ROWS / 2;
	size_t		at[2];
	size_t		end[2] = {0, ROWS};
	static double mu[MOST * ROWS],
				e[MOST * ROWS],
				score[MOST * ROWS],
				x[2 * ROWS];
	size_t		k = 0;

	while (half < ROWS && d.cluster[half] == d.cluster[half - 1])
		half++;
	at[0] = 0;
	at[1] = end[0] = half;
	while (at[0] < end[0] || at[1] < end[1])
	{
		int			cell = at[k % 2] < end[k % 2] ? (int) (k % 2) : 1 - (int) (k % 2);
		size_t		first = at[cell];
		size_t		rows = (size_t[]) {200, 7, 256, 1, 64}[k++ % 5];
		int			a,
					r;

		if (rows > end[cell] - first)
			rows = end[cell] - first;
		for (r = 0; r < repeats; r++)
		{
			jrn_tile	tile;
			jrn_score_block block;

			memset(&tile, 0, sizeof(tile));
			memset(x, 0, sizeof(x));
			for (a = 0; a < d.arms; a++)
			{
				memcpy(mu + a * 264, d.mu[r][a] + first, rows * sizeof(double));
				memcpy(e + a * 264, d.e[r][a] + first, rows * sizeof(double));
				memcpy(score + a * 264, d.score[r][a] + first, rows * sizeof(double));
			}
			memcpy(x, d.x[0] + first, rows * sizeof(double));
			memcpy(x + 264, d.x[1] + first, rows * sizeof(double));
			tile.rows = rows;
			tile.cell = cell * 9;
			tile.stride = 264;
			tile.x = x;
			tile.y = d.y + first;
			tile.arm = d.arm + first;
			tile.cluster = d.cluster + first;
			memset(&block, 0, sizeof(block));
			block.tile = &tile;
			block.repeat = r;
			block.arms = d.arms;
			block.stride = 264;
			block.mu = mu;
			block.propensity = e;
			block.score = score;
			JRN_TRY(jrn_effects_visit(effects, &block));
		}
		at[cell] += rows;
	}
	return JRN_OK;
}

typedef struct job
{
	jrn_effects_request request;
	jrn_effect_table table;
	jrn_overlap_report report[MOST];
	jrn_effect	effect[MOST];
	bool		usable[MOST];
	int64_t		keys[MOST];
} job;

static jrn_status
work(const jrn_env *env, void *arg)
{
	job		   *j = arg;
	jrn_effects effects;

	JRN_TRY(jrn_effects_begin(&effects, env, &j->request));
	JRN_TRY(visit(&effects, j->request.repeats));
	JRN_TRY(jrn_effects_end(&effects, j->keys, &j->table, j->report));
	return jrn_effects_infer(env, &j->table, j->usable, 5, j->effect);
}

static int64_t
keys_of(int arm)
{
	int64_t		last = -1,
				keys = 0;
	int			i;

	for (i = 0; i < ROWS; i++)
		if (d.arm[i] == arm)
		{
			keys += d.cluster[i] != last;
			last = d.cluster[i];
		}
	return keys;
}

static void
run(job *j, int repeats, jrn_estimand estimand, bool self_normalised, double clip)
{
	jrn_env		env = host_env();
	int			a;

	memset(j, 0, sizeof(*j));
	j->request.arms = d.arms;
	j->request.baseline = 1;
	j->request.repeats = repeats;
	j->request.p = 2;
	j->request.propensity = JRN_PROPENSITY_ESTIMATED;
	j->request.outcome_models = d.models;
	j->request.self_normalised = self_normalised;
	j->request.independent = d.cluster[1] == 1;
	j->request.estimand = estimand;
	j->request.clip = clip;
	for (a = 0; a < MOST; a++)
	{
		j->usable[a] = true;
		j->keys[a] = keys_of(a);
	}
	ok_int(work(&env, j), JRN_OK, "runs");
}

/* ---- brute force ---- */

/* sqrt(factor sum over keys of (sum of influences)^2) */
static double
clustered(const double *influence, bool plain)
{
	double		sum = 0.0,
				square = 0.0,
				keys = 0.0;
	int			i;

	for (i = 0; i < ROWS; i++)
	{
		sum += influence[i];
		if (i + 1 == ROWS || d.cluster[i + 1] != d.cluster[i])
		{
			square += sum * sum;
			keys += 1.0;
			sum = 0.0;
		}
	}
	return sqrt(square * (plain ? 1.0 : keys / (keys - 1.0)));
}

static double
mean_of(const double *x)
{
	double		sum = 0.0;
	int			i;

	for (i = 0; i < ROWS; i++)
		sum += x[i];
	return sum / ROWS;
}

static void
brute_mean(const double *x, double *theta, double *error)
{
	double		f[ROWS];
	int			i;

	*theta = mean_of(x);
	for (i = 0; i < ROWS; i++)
		f[i] = (x[i] - *theta) / ROWS;
	*error = clustered(f, false);
}

/* sum of a over sum of b, less sum of c over sum of g where c is given */
static void
brute_ratio(const double *a, const double *b, const double *c, const double *g, bool plain, double *theta, double *error)
{
	double		f[ROWS];
	double		t = mean_of(a) / mean_of(b);
	double		s = c == NULL ? 0.0 : mean_of(c) / mean_of(g);
	int			i;

	*theta = t - s;
	for (i = 0; i < ROWS; i++)
	{
		f[i] = (a[i] - t * b[i]) / (mean_of(b) * ROWS);
		if (c != NULL)
			f[i] -= (c[i] - s * g[i]) / (mean_of(g) * ROWS);
	}
	*error = clustered(f, plain);
}

static void
brute_median(const double *theta, const double *error, double *t, double *se)
{
	double		v[REPEATS];
	int			r;

#define MIDDLE(x) (fmax(fmin((x)[0], (x)[1]), fmin(fmax((x)[0], (x)[1]), (x)[2])))
	*t = MIDDLE(theta);
	for (r = 0; r < REPEATS; r++)
		v[r] = error[r] * error[r] + (theta[r] - *t) * (theta[r] - *t);
	*se = sqrt(MIDDLE(v));
}

/* Columns of a pair with the baseline 1 (R-EFF-4). */
static void
pair_columns(int r, int a, double *zr, double *zz, double *score, double *kept, double *t1, double *n1, double *t0, double *w0)
{
	double		middle = d.models ? 0.0 : mean_of(d.y);
	int			i;

	for (i = 0; i < ROWS; i++)
	{
		double		s = d.e[r][a][i] / (d.e[r][a][i] + d.e[r][1][i]);
		double		ma = d.models ? d.mu[r][a][i] : middle;
		double		mb = d.models ? d.mu[r][1][i] : middle;
		double		is_a = d.arm[i] == a;
		double		is_b = d.arm[i] == 1;
		double		here = is_a + is_b;
		double		z = is_a - s;

		zr[i] = here * z * (d.y[i] - s * ma - (1.0 - s) * mb);
		zz[i] = here * z * z;
		kept[i] = here * (s >= 0.05 && s <= 0.95);
		score[i] = kept[i] * (ma - mb + is_a / s * (d.y[i] - ma) - is_b / (1.0 - s) * (d.y[i] - mb));
		n1[i] = is_a;
		t1[i] = is_a * (d.y[i] - mb);
		w0[i] = is_b * s / (1.0 - s);
		t0[i] = w0[i] * (d.y[i] - mb);
	}
}

static void
check_average(double shift, int rows_per_key, bool models)
{
	job			j;
	int			a,
				r,
				i;
	double		theta[REPEATS],
				error[REPEATS],
				t,
				se,
				x[ROWS];

	fill(3, models, shift, rows_per_key);
	run(&j, REPEATS, JRN_ESTIMAND_AVERAGE, false, INFINITY);
	for (a = 0; a < 3; a++)
	{
		for (r = 0; r < REPEATS; r++)
			brute_mean(d.score[r][a], &theta[r], &error[r]);
		brute_median(theta, error, &t, &se);
		ok_close(j.effect[a].value.estimate, t, 1e-12, "R-EFF-1 value %d", a);
		ok_close(j.effect[a].value.std_error, se, shift < 1e3 ? 1e-9 : 1e-8, "R-EFF-3 its error");
		if (a == 1)
			continue;
		for (r = 0; r < REPEATS; r++)
		{
			for (i = 0; i < ROWS; i++)
				x[i] = d.score[r][a][i] - d.score[r][1][i];
			brute_mean(x, &theta[r], &error[r]);
		}
		brute_median(theta, error, &t, &se);
		ok_close(j.effect[a].difference.estimate, t, 1e-9, "R-EFF-1 difference %d", a);
		ok_close(j.effect[a].difference.std_error, se, 1e-9, "R-EFF-6 its error");
		ok_close(j.effect[a].p_value, erfc(fabs(t / se) / sqrt(2.0)), 1e-6, "its p");
		ok_close(j.effect[a].minimum_detectable, 2.801585218 * se, 1e-7, "2.80 errors can be seen");
	}
	ok(isnan(j.effect[1].difference.estimate) && j.effect[1].wins == -1 && isnan(j.effect[1].q_value),
	   "the baseline has no difference");
	ok_close(j.effect[2].conf_high - j.effect[2].conf_low, 2.0 * 1.959963984540054 * j.effect[2].difference.std_error, 1e-9, "95 %% interval");
	ok(j.effect[2].simultaneous_low < j.effect[2].conf_low && j.effect[2].simultaneous_high > j.effect[2].conf_high,
	   "R-EFF-8 simultaneous intervals are wider");
}

static void
check_pairs(bool models)
{
	static double c[8][ROWS];
	job			j;
	int			a,
				r,
				which;
	double		theta[4][REPEATS],
				error[4][REPEATS],
				t,
				se;

	fill(3, models, 0.0, 3);
	for (a = 0; a < 3; a += 2)
	{
		for (r = 0; r < REPEATS; r++)
		{
			pair_columns(r, a, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]);
			brute_ratio(c[0], c[1], NULL, NULL, false, &theta[0][r], &error[0][r]);
			brute_ratio(c[2], c[3], NULL, NULL, false, &theta[1][r], &error[1][r]);
			brute_ratio(c[4], c[5], c[6], c[7], false, &theta[2][r], &error[2][r]);
		}
		if (models)
		{
			run(&j, REPEATS, JRN_ESTIMAND_AVERAGE, false, INFINITY);
			for (which = 0; which < 2; which++)
			{
				jrn_effect_point *got = which == 0 ? &j.effect[a].overlap : &j.effect[a].trimmed;

				brute_median(theta[which], error[which], &t, &se);
				ok_close(got->estimate, t, 1e-10, "R-EFF-4 %s difference %d", which == 0 ? "overlap" : "trimmed", a);
				ok_close(got->std_error, se, 1e-9, "its error");
			}
			pair_columns(0, a, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]);
			ok_close(j.effect[a].n_trimmed, mean_of(c[3]) * ROWS, 1e-12, "rows kept");
			run(&j, REPEATS, JRN_ESTIMAND_OVERLAP, false, INFINITY);
			brute_median(theta[0], error[0], &t, &se);
			ok_close(j.effect[a].difference.estimate, t, 1e-10, "R-EFF-4 overlap as estimand");
			ok_close(j.effect[a].difference.std_error, se, 1e-9, "its error");
			ok(isnan(j.effect[a].value.estimate) && j.effect[a].in_best_set == -1, "values have no common customers");
		}
		run(&j, REPEATS, JRN_ESTIMAND_TREATED, false, INFINITY);
		brute_median(theta[2], error[2], &t, &se);
		ok_close(j.effect[a].difference.estimate, t, 1e-9, "R-EFF-4 treated, %d models", models);
		ok_close(j.effect[a].difference.std_error, se, 1e-9, "its error");
		ok(j.effect[a].simultaneous_low < j.effect[a].conf_low, "simultaneous intervals too");
	}
}

/* Self-normalised and clipped. */
static void
check_weights(int rows_per_key)
{
	job			j;
	int			i,
				a;
	double		wy[3][ROWS],
				w[3][ROWS],
				score[ROWS],
				t,
				se,
				bias,
				rows,
				own,
				cut;

	fill(3, false, 4.0, rows_per_key);
	for (a = 0; a < 3; a++)
		for (i = 0; i < ROWS; i++)
		{
			w[a][i] = d.arm[i] == a ? fmin(8.0, 1.0 / d.e[0][a][i]) : 0.0;
			wy[a][i] = w[a][i] * d.y[i];
		}
	run(&j, 1, JRN_ESTIMAND_AVERAGE, true, 8.0);
	for (a = 0; a < 3; a++)
	{
		brute_ratio(wy[a], w[a], NULL, NULL, rows_per_key == 1, &t, &se);
		ok_close(j.effect[a].value.estimate, t, 1e-12, "R-EFF-2 value");
		ok_close(j.effect[a].value.std_error, se, 1e-9, "its error");
		brute_ratio(wy[a], w[a], wy[1], w[1], rows_per_key == 1, &t, &se);
		if (a == 1)
			continue;
		ok_close(j.effect[a].difference.estimate, t, 1e-9, "R-EFF-2 difference");
		ok_close(j.effect[a].difference.std_error, se, 1e-9, "its error");
	}
	run(&j, 1, JRN_ESTIMAND_AVERAGE, false, 8.0);
	for (a = 0; a < 3; a++)
	{
		for (i = 0, rows = cut = own = 0.0; i < ROWS; i++)
		{
			score[i] = wy[a][i];
			rows += d.arm[i] == a;
			own += d.arm[i] == a ? d.y[i] : 0.0;
			cut += d.arm[i] == a && 1.0 / d.e[0][a][i] > 8.0;
		}
		for (i = 0, bias = 0.0; i < ROWS; i++)
			bias += d.arm[i] == a ? (1.0 / d.e[0][a][i] - w[a][i]) * (d.y[i] - own / rows) / ROWS : 0.0;
		brute_mean(score, &t, &se);
		ok_close(j.effect[a].value.estimate, t, 1e-12, "R-EFF-5 clipped value");
		ok_close(j.effect[a].value.std_error, se, 1e-9, "its error");
		ok_close(j.effect[a].clipped, cut, 1e-12, "rows cut");
		ok(fabs(j.effect[a].clip_bias - fabs(bias)) < 1e-12, "bias bound");
	}
	fill(2, true, 0.0, 2);
	run(&j, 1, JRN_ESTIMAND_AVERAGE, false, 3.0);
	for (i = 0, bias = 0.0; i < ROWS; i++)
	{
		double		e = d.e[0][0][i];

		score[i] = d.mu[0][0][i] + (d.arm[i] == 0 ? fmin(3.0, 1.0 / e) : 0.0) * (d.y[i] - d.mu[0][0][i]);
		bias += d.arm[i] == 0 ? (1.0 / e - fmin(3.0, 1.0 / e)) * (d.y[i] - d.mu[0][0][i]) / ROWS : 0.0;
	}
	ok_close(j.effect[0].value.estimate, mean_of(score), 1e-12, "R-EFF-5 clipped scores with models");
	ok_close(j.effect[0].clip_bias, fabs(bias), 1e-9, "bias bound");
}

static void
limits(void)
{
	static const double costs[3] = {0.25, 0.5, 0.0};
	job			j,
				again;
	jrn_effect	nine;
	int			i,
				r;
	double		at[3];

	fill(3, true, 0.0, 3);
	run(&j, REPEATS, JRN_ESTIMAND_AVERAGE, false, INFINITY);
	for (i = 0; i < 3; i++)
		at[i] = j.effect[i].difference.estimate;
	again = j;
	again.request.costs = costs;
	{
		jrn_env		env = host_env();

		(void) work(&env, &again);
	}
	ok(fabs(again.effect[0].difference.estimate - at[0] - 0.25) < 1e-12 &&
	   fabs(again.effect[2].difference.estimate - at[2] - 0.5) < 1e-12, "costs are taken off");
	again.request.costs = NULL;
	again.usable[2] = false;
	again.keys[0] = 9;
	{
		jrn_env		env = host_env();

		(void) work(&env, &again);
	}
	ok(isnan(again.effect[2].value.estimate) && isnan(again.effect[2].difference.estimate) && again.effect[2].in_best_set == -1,
	   "a strategy that cannot be used has no figures");
	ok_close(again.effect[0].conf_high - again.effect[0].difference.estimate, 2.306004135 * again.effect[0].difference.std_error, 1e-8,
			 "R-EFF-7 nine keys: t with 8");
	nine = again.effect[0];
	for (i = 0; i < ROWS; i++)
		d.cluster[i] = i < ROWS - 150 ? 0 : i;
	again.keys[0] = 500;
	{
		jrn_env		env = host_env();

		(void) work(&env, &again);
	}
	ok((again.effect[0].conf_high - again.effect[0].conf_low) / again.effect[0].difference.std_error > 20.0,
	   "R-EFF-7 one key with most of the rows: hardly any degrees of freedom");
	ok(isnan(again.effect[0].simultaneous_low) && again.effect[0].in_best_set == -1,
	   "R-EFF-8 below one degree of freedom it takes no part in simultaneous intervals");
	ok(nine.simultaneous_low == nine.conf_low, "R-MAX-3 one difference: its own interval");
	again.usable[1] = false;
	{
		jrn_env		env = host_env();

		(void) work(&env, &again);
	}
	ok(isnan(again.effect[0].difference.estimate) && !isnan(again.effect[0].value.estimate), "no baseline: values alone");
	for (r = 0; r < REPEATS; r++)
		for (i = 0; i < ROWS; i++)
			d.score[r][2][i] = d.mu[r][2][i] = NAN;
	run(&j, REPEATS, JRN_ESTIMAND_AVERAGE, false, INFINITY);
	ok(isnan(j.effect[2].value.estimate) && isnan(j.effect[2].p_value) && isnan(j.effect[2].overlap.estimate) &&
	   fabs(j.effect[0].difference.estimate - at[0]) < 1e-12, "R-SCO-4 a strategy without scores leaves the others alone");
	fill(3, true, 0.0, 3);
	for (r = 0; r < REPEATS; r++)
		for (i = 0; i < ROWS; i++)
			d.y[i] = d.score[r][0][i] = d.score[r][1][i] = d.score[r][2][i] = d.mu[r][0][i] = d.mu[r][1][i] = d.mu[r][2][i] = 0.3;
	run(&j, REPEATS, JRN_ESTIMAND_AVERAGE, false, INFINITY);
	ok(isnan(j.effect[0].p_value) && isnan(j.effect[0].difference.std_error) && fabs(j.effect[0].difference.estimate) < 1e-12 &&
	   isnan(j.effect[1].value.std_error) && fabs(j.effect[1].value.estimate - 0.3) < 1e-12 && j.effect[1].in_best_set == -1,
	   "R-EFF-9 the same outcome everywhere: estimates without errors");
	fill(3, true, 0.0, 3);
	for (r = 0; r < REPEATS; r++)
		for (i = 0; i < ROWS; i++)
			d.score[r][0][i] = d.score[r][1][i] + 0.1;
	run(&j, REPEATS, JRN_ESTIMAND_AVERAGE, false, INFINITY);
	ok(isnan(j.effect[0].p_value) && fabs(j.effect[0].difference.estimate - 0.1) < 1e-9 && !isnan(j.effect[0].value.std_error),
	   "R-EFF-9 the same difference everywhere: no p");
	fill(3, true, 0.0, 3);
	for (i = 0; i < ROWS; i++)
		d.y[i] = d.arm[i] == 1.0 ? 4.0 : d.y[i];
	run(&j, REPEATS, JRN_ESTIMAND_AVERAGE, false, INFINITY);
	ok(isnan(j.effect[0].p_value) && isnan(j.effect[2].p_value) && isnan(j.effect[0].overlap.std_error) &&
	   isnan(j.effect[1].value_low) && !isnan(j.effect[0].value_low),
	   "R-EFF-9 a baseline whose outcomes are all the same judges nothing");
}

void
test_effects(void)
{
	job			j;

	check_average(0.0, 3, true);
	check_average(1e6, 3, true);
	check_average(0.0, 1, false);
	check_average(50.0, 4, false);
	check_pairs(true);
	check_pairs(false);
	check_weights(1);
	check_weights(5);
	limits();
	fill(3, true, 0.0, 3);
	run(&j, 2, JRN_ESTIMAND_AVERAGE, false, 9.0);
	ok_survives(work, &j, "effects");
}
