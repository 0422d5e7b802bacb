/*
 * test_overlap.c
 *		Weights, balance and the gate by plain formulas (src/strategies/overlap.h).
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/strategies/overlap.h"

#define ROWS 1200
#define STRIDE 256
#define MOST 3
#define P 20

static struct
{
	int			arms;
	int			baseline;
	jrn_estimand estimand;
	jrn_propensity propensity;
	bool		bare;
	size_t		p;
	double		x[P][ROWS];
	double		y[ROWS];
	double		arm[ROWS];
	double		e[MOST][ROWS];
	int64_t		cluster[ROWS];
	jrn_overlap_report report[MOST];
	double		effect;
	double		y_high;
	bool		y_binary;
} d;

static double
uniform(const char *tag, uint64_t i)
{
	return jrn_random_uniform(jrn_seed_derive(11, tag, 0), i);
}

static void
fill(int arms)
{
	int			i,
				j,
				a;

	memset(&d, 0, sizeof(d));
	d.arms = arms;
	d.baseline = arms - 1;
	d.propensity = JRN_PROPENSITY_ESTIMATED;
	d.p = P;
	for (i = 0; i < ROWS; i++)
	{
		double		sum = 0.0;
		double		u = uniform("arm", (uint64_t) i);

		d.cluster[i] = i / 3;
		for (j = 0; j < P; j++)
			d.x[j][i] = 1000.0 * j + uniform("x", (uint64_t) (i * P + j));
		for (a = 0; a < arms; a++)
			sum += d.e[a][i] = 0.2 + (a + 1) * (d.x[3][i] - 3000.0);
		for (a = 0; a < arms; a++)
			d.e[a][i] /= sum;
		d.arm[i] = u < d.e[0][i] ? 0 : arms == 2 || u < d.e[0][i] + d.e[1][i] ? 1 : 2;
	}
}

static jrn_status
work(const jrn_env *env, void *arg)
{
	static double x[P * STRIDE],
				e[MOST * STRIDE],
				full[MOST * JRN_BLOCK_ROWS];
	jrn_overlap overlap;
	size_t		first = 0;
	jrn_cluster_cells cells = {0};
	int			a,
				j;

	(void) arg;
	JRN_TRY(jrn_overlap_begin(&overlap, env, d.arms, d.baseline, d.p, d.estimand, d.propensity, d.bare));
	while (first < ROWS)
	{
		size_t		rows = ROWS - first < 250 ? ROWS - first : 250;
		jrn_tile	tile;
		jrn_score_block block;
		jrn_cluster_map map;

		memset(&tile, 0, sizeof(tile));
		memset(&block, 0, sizeof(block));
		for (j = 0; j < P; j++)
			memcpy(x + j * STRIDE, d.x[j] + first, rows * sizeof(double));
		for (a = 0; a < d.arms; a++)
			memcpy(e + a * STRIDE, d.e[a] + first, rows * sizeof(double));
		tile.rows = rows;
		tile.stride = STRIDE;
		tile.x = x;
		tile.y = d.y + first;
		tile.arm = d.arm + first;
		tile.cluster = d.cluster + first;
		block.tile = &tile;
		block.arms = d.arms;
		block.stride = STRIDE;
		block.propensity = e;
		JRN_TICK(env);
		JRN_TRY(jrn_cluster_map_make(env, &cells, 0, tile.cluster, rows, &map));
		(void) jrn_propensities(&block, full);
		JRN_TRY(jrn_overlap_add(&overlap, &block, full, &map));
		first += rows;
	}
	jrn_overlap_end(&overlap, cells.begun, d.report);
	d.effect = jrn_overlap_design_effect(&overlap);
	d.y_high = fmax(fmax(overlap.y_high[0], overlap.y_high[1]), overlap.y_high[d.arms - 1]);
	d.y_binary = overlap.y_binary;
	return JRN_OK;
}

static void
run(void)
{
	jrn_env		env = host_env();

	ok_int(work(&env, NULL), JRN_OK, "runs");
}

/* ---- brute force ---- */

/* Weight of row i on its side of strategy a (R-OVL definitions); b the other side. */
static double
weight(int i, int a)
{
	int			b = d.baseline;
	double		share = d.e[a][i] / (d.e[a][i] + d.e[b][i]);

	if (d.estimand == JRN_ESTIMAND_AVERAGE)
		return 1.0 / d.e[(int) d.arm[i]][i];
	if ((int) d.arm[i] == b)
		return d.estimand == JRN_ESTIMAND_TREATED ? share / (1.0 - share) : share;
	return d.estimand == JRN_ESTIMAND_TREATED ? 1.0 : 1.0 - share;
}

static double
ess(int a, int side, double *largest)
{
	double		sum = 0.0,
				squares = 0.0;
	int			i;

	*largest = 0.0;
	for (i = 0; i < ROWS; i++)
		if ((int) d.arm[i] == side)
		{
			sum += weight(i, a);
			squares += weight(i, a) * weight(i, a);
			*largest = fmax(*largest, weight(i, a));
		}
	return sum * sum / squares;
}

/* Mean of a column, by side; weighted or not; side -1: all rows. */
static double
mean(int j, int a, int side, bool weighted)
{
	double		sum = 0.0,
				n = 0.0;
	int			i;

	for (i = 0; i < ROWS; i++)
		if (side < 0 || (int) d.arm[i] == side)
		{
			double		w = weighted ? weight(i, a) : 1.0;

			sum += w * d.x[j][i];
			n += w;
		}
	return sum / n;
}

static double
spread(int j, int side)
{
	double		m = mean(j, 0, side, false),
				sum = 0.0,
				n = 0.0;
	int			i;

	for (i = 0; i < ROWS; i++)
		if (side < 0 || (int) d.arm[i] == side)
		{
			sum += (d.x[j][i] - m) * (d.x[j][i] - m);
			n += 1.0;
		}
	return sum / (n - 1.0);
}

static void
check(jrn_estimand estimand, int arms)
{
	int			a,
				j,
				i;

	fill(arms);
	d.estimand = estimand;
	run();
	for (a = 0; a < arms; a++)
	{
		int			b = d.baseline;
		bool		base = a == b;
		bool		average = estimand == JRN_ESTIMAND_AVERAGE;
		double		largest,
					other;
		double		want = ess(a, a, &largest);
		double		before = 0.0,
					after = 0.0,
					extreme = 0.0,
					mean_w = 0.0,
					square = 0.0,
					key = 0.0,
					least = 1.0;

		if (base && !average)
			continue;
		if (!average)
		{
			want = fmin(want, ess(a, b, &other));
			largest = fmax(largest, other);
		}
		ok_close(d.report[a].ess, want, 1e-12, "R-OVL-1 effective rows, estimand %d, strategy %d", estimand, a);
		ok_close(d.report[a].max_weight, largest, 1e-12, "largest weight");
		for (j = 0; j < P; j++)
		{
			double		s = sqrt(base ? spread(j, -1) : 0.5 * (spread(j, a) + spread(j, b)));

			before = fmax(before, fabs(mean(j, a, a, false) - mean(j, a, base ? -1 : b, false)) / s);
			after = fmax(after, fabs(mean(j, a, a, true) - mean(j, a, base ? -1 : b, !base)) / s);
		}
		ok_close(d.report[a].smd_before, before, 1e-8, "R-OVL-3 balance before");
		ok_close(d.report[a].smd_after, after, 1e-8, "R-OVL-3 balance after");
		for (i = 0; i < ROWS; i++)
		{
			extreme += d.e[a][i] < 0.01;
			least = fmin(least, d.e[a][i]);
			mean_w += (int) d.arm[i] == a ? 1.0 / d.e[a][i] / ROWS : 0.0;
		}
		for (i = 0; i < ROWS; i++)
		{
			key += (((int) d.arm[i] == a ? 1.0 / d.e[a][i] : 0.0) - mean_w) / ROWS;
			if (i % 3 == 2)
			{
				square += key * key;
				key = 0.0;
			}
		}
		ok_close(d.report[a].weight_mean, mean_w, 1e-12, "R-OVL-2 mean of weights");
		ok_close(d.report[a].weight_mean_se, sqrt(400.0 / 399.0 * square), 1e-9, "R-OVL-2 its error");
		ok(d.report[a].share_extreme == extreme / ROWS && d.report[a].least == least, "extreme propensities");
	}
}

static void
expect(int a, jrn_overlap_level level, jrn_overlap_reason reason, const char *name)
{
	run();
	ok(d.report[a].level == level && d.report[a].reason == reason, "R-OVL-4 %s (level %d, reason %d)",
	   name, d.report[a].level, d.report[a].reason);
}

static void
set(double e0, double e1)
{
	int			i;

	fill(2);
	d.p = 0;
	for (i = 0; i < ROWS; i++)
	{
		d.arm[i] = i % 2;
		d.e[0][i] = e0;
		d.e[1][i] = e1;
		d.cluster[i] = i;
	}
}

static void
gate(void)
{
	int			i;

	set(0.5, 0.5);
	expect(0, JRN_OVERLAP_OK, JRN_OVERLAP_FINE, "half and half");
	for (i = 0; i < ROWS; i++)
		d.arm[i] = i < 49 ? 0 : 1;
	expect(0, JRN_OVERLAP_NONE, JRN_OVERLAP_FEW_EFFECTIVE, "49 rows");
	d.propensity = JRN_PROPENSITY_CONSTANT;
	expect(0, JRN_OVERLAP_OK, JRN_OVERLAP_FINE, "R-OVL-5 49 rows of a randomised comparison");
	ok(d.report[0].ess == 49.0, "R-OVL-5 all of them count");
	set(0.5, 0.5);
	d.e[0][0] = 1e-320;
	d.e[1][0] = 1.0;
	expect(0, JRN_OVERLAP_NONE, JRN_OVERLAP_FEW_EFFECTIVE, "an infinite weight");
	set(0.5, 0.5);
	d.e[0][2] = 0.015;
	expect(0, JRN_OVERLAP_WEAK, JRN_OVERLAP_ONE_WEIGHT, "one weight of a twentieth");
	set(0.5, 0.5);
	for (i = 1; i < 27; i += 2)
		d.e[0][i] = 0.009;
	expect(0, JRN_OVERLAP_WEAK, JRN_OVERLAP_EXTREME, "one percent extreme");
	set(0.5, 0.5);
	for (i = 1; i < 25; i += 2)
		d.e[0][i] = 0.009;
	expect(0, JRN_OVERLAP_OK, JRN_OVERLAP_FINE, "not quite");
	set(0.62, 0.38);
	expect(0, JRN_OVERLAP_WEAK, JRN_OVERLAP_UNREACHABLE, "weights that mean 0.81");
	set(0.9, 0.9);
	for (i = 0; i < ROWS; i++)
		d.arm[i] = i % 3 == 0;
	expect(1, JRN_OVERLAP_NONE, JRN_OVERLAP_UNREACHABLE, "weights that mean 0.37");
	set(0.5, 0.5);
	for (i = 0; i < ROWS; i += 2)
		d.e[0][i] = i < 100 ? 0.005 : 1.0;
	expect(0, JRN_OVERLAP_WEAK, JRN_OVERLAP_FEW_EFFECTIVE, "a tenth of the rows count");
	/* balance: a column that tells the strategies apart by 0.7, 1.5 spreads, and wholly */
	set(0.5, 0.5);
	d.p = 1;
	for (i = 0; i < ROWS; i++)
		d.x[0][i] = uniform("x", (uint64_t) i) + 0.2 * d.arm[i];
	expect(0, JRN_OVERLAP_WEAK, JRN_OVERLAP_UNBALANCED, "0.7 spreads apart");
	for (i = 0; i < ROWS; i++)
		d.x[0][i] = uniform("x", (uint64_t) i) + 0.45 * d.arm[i];
	expect(0, JRN_OVERLAP_NONE, JRN_OVERLAP_UNBALANCED, "1.5 spreads apart");
	for (i = 0; i < ROWS; i++)
		d.x[0][i] = d.arm[i];
	expect(0, JRN_OVERLAP_NONE, JRN_OVERLAP_UNBALANCED, "a feature that determines the strategy");
	ok(isinf(d.report[0].smd_after), "R-OVL-3 without spread: infinite");
	for (i = 0; i < ROWS; i++)
		d.x[0][i] = uniform("x", (uint64_t) i) + 0.1 * d.arm[i];
	expect(0, JRN_OVERLAP_WEAK, JRN_OVERLAP_UNBALANCED, "0.3 spreads apart with estimated propensities");
	d.propensity = JRN_PROPENSITY_LOGGED;
	expect(0, JRN_OVERLAP_OK, JRN_OVERLAP_FINE, "0.3 spreads apart by chance with logged ones");
	d.propensity = JRN_PROPENSITY_CONSTANT;
	for (i = 0; i < ROWS; i++)
		d.x[0][i] = uniform("x", (uint64_t) i) + 0.2 * d.arm[i];
	expect(0, JRN_OVERLAP_WEAK, JRN_OVERLAP_UNBALANCED, "R-OVL-5 0.7 spreads apart: not dealt at random");
	for (i = 0; i < ROWS; i++)
	{
		d.cluster[i] = i / 40;
		d.x[0][i] = uniform("x", (uint64_t) i) + 0.13 * d.arm[i];
	}
	expect(0, JRN_OVERLAP_OK, JRN_OVERLAP_FINE, "R-OVL-4 0.4 spreads apart with 30 keys");
	/* R-OVL-7: equal means, but b in the middle; two columns of one sign */
	set(0.5, 0.5);
	d.p = 2;
	for (i = 0; i < ROWS; i++)
	{
		d.x[0][i] = 2.0 * uniform("x", (uint64_t) i) - 1.0;
		d.x[1][i] = 2.0 * uniform("z", (uint64_t) i) - 1.0;
		d.arm[i] = fabs(d.x[0][i]) < 0.5;
	}
	expect(0, JRN_OVERLAP_NONE, JRN_OVERLAP_SHAPE, "a strategy in the middle");
	for (i = 0; i < ROWS; i++)
		d.arm[i] = d.x[0][i] * d.x[1][i] > 0.0;
	expect(0, JRN_OVERLAP_NONE, JRN_OVERLAP_SHAPE, "a strategy where signs agree");
	for (i = 0; i < ROWS; i++)
		d.arm[i] = (fabs(d.x[0][i]) < 0.5) == (uniform("r", (uint64_t) i) < 0.75);
	expect(0, JRN_OVERLAP_WEAK, JRN_OVERLAP_SHAPE, "a strategy mostly in the middle");
	/* logged propensities that are wrong by a tenth; one key with a third of the weights */
	set(0.42, 0.5);
	expect(0, JRN_OVERLAP_OK, JRN_OVERLAP_FINE, "estimated: mean weight 1.2");
	d.propensity = JRN_PROPENSITY_LOGGED;
	for (i = 0; i < ROWS; i++)
		d.e[1][i] = 0.58;
	expect(0, JRN_OVERLAP_WEAK, JRN_OVERLAP_WRONG_WEIGHTS, "logged: mean weight 1.2");
	set(0.5, 0.5);
	for (i = 0; i < ROWS; i++)
		d.cluster[i] = i < ROWS / 3 ? 0 : i;
	expect(0, JRN_OVERLAP_WEAK, JRN_OVERLAP_ONE_KEY, "one key with a third of the weights");
	ok(fabs(d.report[0].key_share - 1.0 / 3.0) < 1e-12, "share of that key");
	ok_close(d.report[0].keys, 600.0 * 600.0 / (200.0 * 200.0 + 400.0), 1e-12, "effective keys");
	set(0.5, 0.5);
	d.p = 1;
	for (i = 0; i < ROWS; i++)
		d.x[0][i] = 5.0;
	expect(0, JRN_OVERLAP_OK, JRN_OVERLAP_FINE, "a constant column");
	ok(d.report[0].smd_before == 0.0, "R-OVL-3 a constant column is balanced");
}

static void
logged(void)
{
	double		want[2];
	int			i;

	fill(2);
	d.propensity = JRN_PROPENSITY_LOGGED;
	run();
	want[0] = d.report[0].share_extreme;
	want[1] = d.report[1].least;
	for (i = 0; i < ROWS; i++)
		d.e[d.arm[i] == 0.0 ? 1 : 0][i] = NAN;
	run();
	ok(d.report[0].share_extreme == want[0] && fabs(d.report[1].least - want[1]) < 1e-15,
	   "R-OVL-6 with two strategies one propensity tells the other");
	fill(3);
	d.propensity = JRN_PROPENSITY_LOGGED;
	for (i = 0; i < ROWS; i++)
	{
		int			a;

		for (a = 0; a < 3; a++)
			d.e[a][i] = a != (int) d.arm[i] ? NAN : a == 0 && i % 4 == 0 ? 0.005 : 0.4;
	}
	run();
	ok(d.report[0].share_extreme > 0.2 && d.report[0].least == 0.005 && d.report[1].share_extreme == 0.0,
	   "R-OVL-6 with three the rows of the strategy count");
}

void
test_overlap(void)
{
	check(JRN_ESTIMAND_AVERAGE, 3);
	check(JRN_ESTIMAND_AVERAGE, 2);
	check(JRN_ESTIMAND_TREATED, 3);
	check(JRN_ESTIMAND_OVERLAP, 2);
	gate();
	logged();
	fill(3);
	d.cluster[1] = d.cluster[2] = 10000;
	d.y[5] = 1.0;
	run();
	ok_close(d.effect, (399.0 * 9.0 + 4.0 + 1.0) / ROWS, 1e-12, "squared sizes of keys over rows");
	ok(d.y_binary && d.y_high == 1.0, "outcomes that are 0 or 1");
	d.y[7] = 2.0;
	run();
	ok(!d.y_binary && d.y_high == 2.0, "another outcome");
	fill(3);
	ok_survives(work, NULL, "overlap");
}
