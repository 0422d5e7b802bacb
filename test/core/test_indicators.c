/* Indicators, medians and survival curves against their definitions. */
#include "tap.h"

#include "../../src/core/dist.h"
#include "../../src/kpis/median.h"
#include "../../src/kpis/survival.h"

#define N 60

static double
value_at(int i)
{
	return 1e9 + (double) ((i * 7919) % 101) / 8.0;
}

static jrn_cluster_sum
row_at(int i)
{
	jrn_cluster_sum row = {(uint64_t) (i * 31) % 7, 5, 1, {0.0, 0.0}};

	row.sum = jrn_dd_from(value_at(i));
	return row;
}

/* Any split gives the figure of one pass. */
static void
test_merge(void)
{
	jrn_indicator whole = {0};
	int			cut;
	int			i;

	for (i = 0; i < N; i++)
		jrn_indicator_add(&whole, JRN_INDICATOR_MEAN, value_at(i));
	for (cut = 0; cut <= N; cut += 15)
	{
		jrn_indicator a = {0};
		jrn_indicator b = {0};
		jrn_figure	one;
		jrn_figure	two;

		for (i = 0; i < N; i++)
			jrn_indicator_add(i < cut ? &a : &b, JRN_INDICATOR_MEAN, value_at(i));
		jrn_indicator_merge(&b, &a);
		one = jrn_indicator_figure(&whole, JRN_INDICATOR_MEAN);
		two = jrn_indicator_figure(&b, JRN_INDICATOR_MEAN);
		ok_close(two.estimate, one.estimate, 1e-15, "R-KPI-1 mean, split at %d", cut);
		ok_close(two.std_error, one.std_error, 1e-14, "R-KPI-1 error, split at %d", cut);
	}
}

/* Clustered error by its definition, on deviations that lose no digits. */
static void
test_clusters(void)
{
	jrn_env		env = host_env();
	jrn_clusters clusters = {0};
	double		sums[7] = {0};
	double		mean = 0.0;
	double		squares = 0.0;
	jrn_figure	figure;
	int64_t		n;
	int			i;

	clusters.env = &env;
	for (i = 0; i < N; i++)
		mean += (value_at(i) - 1e9) / N;
	for (i = 0; i < N; i++)
	{
		jrn_cluster_sum row = row_at(i);

		(void) jrn_clusters_add(&clusters, &row);
		sums[(i * 31) % 7] += value_at(i) - 1e9 - mean;
	}
	for (i = 0; i < 7; i++)
		squares += sums[i] * sums[i];
	ok_int(jrn_clusters_figure(&env, &clusters, JRN_INDICATOR_MEAN, &figure, &n), JRN_OK, "clusters");
	ok_int(n, N, "rows of all clusters");
	ok_close(figure.std_error, sqrt(7.0 / 6.0 * squares) / N, 1e-12, "clustered error");
	ok_close(figure.high - figure.estimate, jrn_t_critical(0.95, 6.0) * figure.std_error, 1e-6, "t with G - 1");
	clusters.list[0].sum = jrn_dd_from(1.7e308);
	ok_int(jrn_clusters_add(&clusters, &clusters.list[0]), JRN_NONFINITE, "a sum that overflows");
	clusters.list[1].n = JRN_CLUSTER_ROWS;
	ok_int(jrn_clusters_add(&clusters, &clusters.list[1]), JRN_LIMIT, "more rows than are whole as doubles");
	host_reset();
}

/* The rank by adding up the binomial distribution. */
static void
test_ranks(void)
{
	size_t		n;
	size_t		wrong = 0;

	for (n = 1; n <= 900; n++)
	{
		double		chance = ldexp(1.0, -(int) n);
		double		below = 0.0;
		size_t		k = 0;

		while (below + chance <= 0.025)
		{
			below += chance;
			chance *= (double) (n - k) / (double) (k + 1);
			k++;
		}
		if (jrn_median_rank(n) != k)
			wrong++;
	}
	ok_int((long long) wrong, 0, "R-MED-1 ranks of n up to 900");
}

typedef struct curve
{
	jrn_spell	spells[40];
	int			rows;
	int			wrong;
} curve;

/* Counting by definition. */
static jrn_status
check_row(void *arg, const jrn_km_row *row)
{
	curve	   *c = arg;
	int64_t		at_risk = 0;
	int64_t		events = 0;
	int			i;

	for (i = 0; i < 40; i++)
		if (c->spells[i].stratum == row->stratum)
		{
			at_risk += c->spells[i].time >= row->time;
			events += c->spells[i].time == row->time && c->spells[i].event;
		}
	c->rows++;
	if (at_risk != row->at_risk || events != row->events)
		c->wrong++;
	return JRN_OK;
}

static void
fill(jrn_spell *spells)
{
	int			i;

	for (i = 0; i < 40; i++)
	{
		spells[i].time = (double) ((i * 17) % 11);
		spells[i].stratum = (uint32_t) (i % 3);
		spells[i].event = i % 4 != 0;
	}
}

static jrn_status
run_all(const jrn_env *env, void *arg)
{
	curve	   *c = arg;
	jrn_spell	spells[40];
	double		values[40];
	jrn_logrank_result result;
	jrn_figure	figure;
	jrn_clusters clusters = {0};
	int64_t		n;
	int			i;

	fill(spells);
	JRN_TRY(jrn_kaplan_meier(env, spells, 40, JRN_KM_LOG, check_row, c));
	JRN_TRY(jrn_logrank(env, spells, 40, 3, &result));
	clusters.env = env;
	for (i = 0; i < 40; i++)
	{
		jrn_cluster_sum row = row_at(i);

		row.a = (uint64_t) i;
		values[i] = value_at(i);
		JRN_TRY(jrn_clusters_add(&clusters, &row));
	}
	JRN_TRY(jrn_median(env, values, 40, &figure));
	return jrn_clusters_figure(env, &clusters, JRN_INDICATOR_MEAN, &figure, &n);
}

/* Two groups: (O - E)^2 / V, summed over event times by definition. */
static void
test_logrank(void)
{
	jrn_env		env = host_env();
	jrn_spell	spells[40];
	jrn_logrank_result result;
	double		excess = 0.0;
	double		variance = 0.0;
	int			t;
	int			i;

	fill(spells);
	for (i = 0; i < 40; i++)
		spells[i].stratum = (uint32_t) (i % 2);
	for (t = 0; t < 11; t++)
	{
		double		n = 0.0,
					m = 0.0,
					d = 0.0,
					e = 0.0;

		for (i = 0; i < 40; i++)
		{
			n += spells[i].time >= t;
			m += spells[i].time >= t && spells[i].stratum == 0;
			d += spells[i].time == t && spells[i].event;
			e += spells[i].time == t && spells[i].event && spells[i].stratum == 0;
		}
		excess += e - d * m / n;
		if (n > 1.0)
			variance += d * (m / n) * (1.0 - m / n) * (n - d) / (n - 1.0);
	}
	ok_int(jrn_logrank(&env, spells, 40, 2, &result), JRN_OK, "log-rank");
	ok_int(result.df, 1, "df");
	ok_close(result.statistic, excess * excess / variance, 1e-12, "statistic by definition");
	host_reset();
}

void
test_indicators(void)
{
	jrn_env		env = host_env();
	curve		c = {0};

	test_merge();
	test_clusters();
	test_ranks();
	test_logrank();
	fill(c.spells);
	ok_int(run_all(&env, &c), JRN_OK, "curves");
	ok(c.rows == 33 && c.wrong == 0, "R-SUR-1 R-SUR-3 at risk and events by counting: %d rows", c.rows);
	host_reset();
	ok_survives(run_all, &c, "indicators and curves");
}
