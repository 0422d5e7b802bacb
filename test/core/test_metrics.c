/*
 * test_metrics.c
 *		AUC against pair by pair counting, mean metrics against scikit-learn.
 */
#include <math.h>

#include "../../src/core/random.h"
#include "../../src/metrics/metric_auc.h"
#include "../../src/metrics/metric_loss.h"
#include "../../src/metrics/metric_sort.h"
#include "tap.h"

#define MAX_N 400

static const double ten_y[] = {1, 0, 1, 1, 0, 0, 1, 0, 1, 0};
static const double ten_p[] = {.9, .9, .8, .5, .5, .5, .5, .3, .2, .1};

static double p[MAX_N];
static double y[MAX_N];
static uint32_t ids[MAX_N];

static jrn_status
value_of(const jrn_env *env, jrn_loss_kind kind, double (*of) (const jrn_loss *),
		 const double *predicted, const double *observed, size_t n, double *value)
{
	jrn_loss	loss;

	JRN_TRY(jrn_loss_rows(env, kind, predicted, observed, n, &loss));
	*value = of(&loss);
	return JRN_OK;
}

#define log_loss(env, p, y, n, value) value_of(env, JRN_LOSS_LOG, jrn_loss_mean, p, y, n, value)
#define brier(env, p, y, n, value) value_of(env, JRN_LOSS_BRIER, jrn_loss_mean, p, y, n, value)
#define rmse(env, p, y, n, value) value_of(env, JRN_LOSS_SQUARE, jrn_loss_root, p, y, n, value)
#define r_squared(env, p, y, n, value) value_of(env, JRN_LOSS_VARIANCE, jrn_loss_r_squared, p, y, n, value)

/* Placement of row i, pair by pair. */
static double
placement(size_t n, size_t i)
{
	double		wins = 0.0;
	double		others = 0.0;
	size_t		j;

	for (j = 0; j < n; j++)
	{
		double		mine = y[i] == 1.0 ? p[i] : p[j];
		double		other = y[i] == 1.0 ? p[j] : p[i];

		if (y[j] == y[i])
			continue;
		others += 1.0;
		wins += mine > other ? 1.0 : (mine == other ? 0.5 : 0.0);
	}
	return wins / others;
}

/*
 * AUC and variance by the definitions, O(n^2); Obuchowski's when clusters > 0.
 */
static void
by_pairs(size_t n, uint32_t clusters, double *auc, double *variance)
{
	double		v[MAX_N];
	double		count[2] = {0, 0},
				sum = 0.0,
				s[3] = {0, 0, 0};
	double		used[3] = {0, 0, 0};
	uint32_t	c;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		v[i] = placement(n, i);
		count[y[i] == 1.0] += 1.0;
		sum += y[i] == 1.0 ? v[i] : 0.0;
	}
	*auc = sum / count[1];
	for (c = 0; c < (clusters > 0 ? clusters : n); c++)
	{
		double		d[2] = {0, 0};
		bool		has[2] = {false, false};

		for (i = 0; i < n; i++)
			if (clusters > 0 ? ids[i] == c : i == c)
			{
				d[y[i] == 1.0] += v[i] - *auc;
				has[y[i] == 1.0] = true;
			}
		used[0] += has[0];
		used[1] += has[1];
		used[2] += has[0] || has[1];
		s[0] += d[0] * d[0];
		s[1] += d[1] * d[1];
		s[2] += d[0] * d[1];
	}
	*variance = used[1] / (used[1] - 1) * s[1] / (count[1] * count[1]) +
		used[0] / (used[0] - 1) * s[0] / (count[0] * count[0]) +
		2.0 * used[2] / (used[2] - 1) * s[2] / (count[0] * count[1]);
}

static void
test_against_pairs(void)
{
	jrn_env		env = host_env();
	double		worst = 0.0,
				worst_variance = 0.0,
				worst_clustered = 0.0;
	int			round;

	for (round = 0; round < 60; round++)
	{
		size_t		n = 8 + (size_t) jrn_random_below(21, (uint64_t) round, 190);
		uint64_t	levels = 2 + jrn_random_below(22, (uint64_t) round, 40);
		uint32_t	clusters = 3 + (uint32_t) jrn_random_below(23, (uint64_t) round, 20);
		jrn_auc_result result;
		double		auc,
					variance;
		size_t		i;

		for (i = 0; i < n; i++)
		{
			uint64_t	at = (uint64_t) round * 1000 + i;

			p[i] = (double) jrn_random_below(24, at, levels) / 8.0 - 1.0;
			y[i] = i < 4 ? (double) (i % 2) : (double) jrn_random_below(25, at, 2);
			ids[i] = i < 4 ? (uint32_t) i / 2 : (uint32_t) jrn_random_below(26, at, clusters);
			if (p[i] == 0.0 && i % 2 == 0)
				p[i] = -0.0;
		}
		by_pairs(n, 0, &auc, &variance);
		if (jrn_auc_delong(&env, p, y, NULL, 0, n, &result) != JRN_OK)
			worst = INFINITY;
		worst = fmax(worst, fabs(result.auc - auc));
		worst_variance = fmax(worst_variance, fabs(result.variance / variance - 1.0));
		by_pairs(n, clusters, &auc, &variance);
		if (jrn_auc_delong(&env, p, y, ids, clusters, n, &result) != JRN_OK)
			worst = INFINITY;
		worst_clustered = fmax(worst_clustered, fabs(result.variance / variance - 1.0));
	}
	ok(worst < 1e-14, "R-AUC-1 AUC equals counting of pairs (%.2g)", worst);
	ok(worst_variance < 1e-11, "DeLong variance by its definition (%.2g)", worst_variance);
	ok(worst_clustered < 1e-11, "Obuchowski variance by its definition (%.2g)", worst_clustered);
	host_reset();
}

/* The formula of test/oracles/metrics.py, 400 rows. */
static void
fill_formula(void)
{
	uint64_t	i;

	for (i = 1; i <= 400; i++)
	{
		p[i - 1] = (double) ((i * 7919) % 101) / 128.0 + 1.0 / 256.0;
		y[i - 1] = (double) ((i * 104729) % 97) / 97.0 + p[i - 1] > 0.9;
		ids[i - 1] = (uint32_t) ((i * 31) % 57);
	}
}

static void
test_golden(void)
{
	jrn_env		env = host_env();
	jrn_auc_result result;
	double		value,
				low,
				high;

	ok_int(jrn_auc_delong(&env, ten_p, ten_y, NULL, 0, 10, &result), JRN_OK, "ten rows");
	ok_close(result.auc, 0.62, 0.0, "AUC of the ten rows");
	ok_close(result.variance, 0.0368, 1e-15, "their DeLong variance");
	ok_int(log_loss(&env, ten_p, ten_y, 10, &value), JRN_OK, "log loss");
	ok_close(value, 0.747515125423652, 1e-14, "log loss of the ten rows");
	ok_int(brier(&env, ten_p, ten_y, 10, &value), JRN_OK, "Brier");
	ok_close(value, 0.26, 1e-15, "Brier of the ten rows");
	fill_formula();
	ok_int(jrn_auc_delong(&env, p, y, NULL, 0, 400, &result), JRN_OK, "400 rows");
	ok_close(result.auc, 0.76309928936042437, 1e-15, "AUC by scikit-learn");
	ok_close(result.variance, 0.0005600707675651271, 1e-13, "DeLong variance");
	jrn_auc_interval(result.auc, result.variance, 0.95, &low, &high);
	ok_close(low, 0.71364788094710796, 1e-13, "its interval on the logit scale, low");
	ok_close(high, 0.80632831942602434, 1e-13, "high");
	ok_int(jrn_auc_delong(&env, p, y, ids, 57, 400, &result), JRN_OK, "57 clusters");
	ok_close(result.variance, 0.00055944021282851905, 1e-13, "Obuchowski variance");
	ok_int(log_loss(&env, p, y, 400, &value), JRN_OK, "log loss");
	ok_close(value, 0.60880940898263403, 1e-13, "log loss by scikit-learn");
	ok_int(brier(&env, p, y, 400, &value), JRN_OK, "Brier");
	ok_close(value, 0.20595886230468749, 1e-13, "Brier by scikit-learn");
	ok_int(rmse(&env, p, y, 400, &value), JRN_OK, "RMSE");
	ok_close(value, 0.45382690786762248, 1e-13, "RMSE by scikit-learn");
	ok_int(r_squared(&env, p, y, 400, &value), JRN_OK, "R squared");
	ok_close(value, 0.17542243096912202, 1e-12, "R squared by scikit-learn");
	host_reset();
}

/* Identities of the clustered variance, and independence of the order. */
static void
test_clusters(void)
{
	jrn_env		env = host_env();
	jrn_auc_result plain,
				own,
				other;
	jrn_cluster_print prints[MAX_N];
	uint32_t	numbers[MAX_N];
	uint32_t	clusters;
	bool		same = true;
	size_t		i;

	fill_formula();
	for (i = 0; i < 200; i++)
		ids[i] = ids[i + 200] = (uint32_t) i;
	(void) jrn_auc_delong(&env, p, y, NULL, 0, 200, &plain);
	(void) jrn_auc_delong(&env, p, y, ids, 200, 200, &own);
	ok_close(own.variance, plain.variance, 1e-14, "clusters of one row give DeLong");
	memcpy(p + 200, p, 200 * sizeof(double));
	memcpy(y + 200, y, 200 * sizeof(double));
	(void) jrn_auc_delong(&env, p, y, ids, 200, 400, &own);
	ok_close(own.variance, plain.variance, 1e-14, "every row twice in its cluster changes nothing");
	fill_formula();
	(void) jrn_auc_delong(&env, p, y, ids, 57, 400, &own);
	for (i = 0; i < 400; i++)
	{
		size_t		j = i + (size_t) jrn_random_below(31, i, 400 - i);
		double		swap_p = p[i],
					swap_y = y[i];
		uint32_t	swap_id = ids[i];

		p[i] = p[j], y[i] = y[j], ids[i] = ids[j];
		p[j] = swap_p, y[j] = swap_y, ids[j] = swap_id;
	}
	for (i = 0; i < 400; i++)
	{
		prints[i].a = ids[i] % 5;	/* many collide in one hash */
		prints[i].b = ids[i];
	}
	ok_int(jrn_cluster_ids(&env, prints, 400, numbers, &clusters), JRN_OK, "number clusters");
	ok_int(clusters, 57, "there are 57");
	for (i = 1; i < 400; i++)
		same = same && (numbers[i] == numbers[i - 1]) == (ids[i] == ids[i - 1]) && numbers[i] < 57;
	ok(same, "equal prints have equal numbers");
	(void) jrn_auc_delong(&env, p, y, numbers, clusters, 400, &other);
	ok(other.auc == own.auc && other.variance == own.variance,
	   "R-AUC-3 other order, other numbers, same bits");
	host_reset();
}

static void
test_edges(void)
{
	static const double one[] = {1, 1, 1};
	static const double nan_p[] = {0.1, NAN, 0.3};
	static const double perfect_y[] = {0, 0, 1, 1};
	static const double perfect_p[] = {-3, -2.5, 2, 1e300};
	static const double two[] = {0, 2, 1};
	static const uint32_t same_id[] = {0, 0, 0, 0};
	jrn_env		env = host_env();
	jrn_auc_result result;
	double		low,
				high,
				value;

	ok(jrn_auc_delong(&env, ten_p, one, NULL, 0, 3, &result) == JRN_OK && isnan(result.auc) &&
	   isnan(result.variance) && result.positives == 3, "R-AUC-4 one class");
	ok(jrn_auc(&env, ten_p, ten_y, 0, &value) == JRN_OK && isnan(value), "R-AUC-4 no rows");
	ok(jrn_auc_delong(&env, ten_p, ten_y, NULL, 0, 3, &result) == JRN_OK &&
	   result.auc == 0.25 && isnan(result.variance), "R-AUC-4 one negative");
	ok_int(jrn_auc(&env, nan_p, ten_y, 3, &value), JRN_NONFINITE, "R-AUC-5 NaN");
	ok_int(jrn_auc(&env, ten_p, two, 3, &value), JRN_DOMAIN, "R-AUC-5 observed 2");
	ok_int(jrn_auc(&env, NULL, NULL, ((size_t) 1 << 32) + 1, &value), JRN_LIMIT, "R-AUC-5 too many rows");
	ok(jrn_auc_delong(&env, perfect_p, perfect_y, NULL, 0, 4, &result) == JRN_OK &&
	   result.auc == 1.0 && result.variance == 0.0, "perfect separation");
	jrn_auc_interval(result.auc, result.variance, 0.95, &low, &high);
	ok(isnan(low) && isnan(high), "it has no interval");
	ok(jrn_auc_delong(&env, perfect_p, perfect_y, same_id, 1, 4, &result) == JRN_OK &&
	   result.auc == 1.0 && isnan(result.variance), "R-AUC-4 one cluster");
	ok_int(jrn_auc_delong(&env, perfect_p, perfect_y, ids, 1, 4, &result), JRN_DOMAIN,
		   "a cluster number out of range");
	ok(log_loss(&env, perfect_y, perfect_y, 4, &value) == JRN_OK && value == 0.0,
	   "R-LOSS-2 certain and right");
	ok(log_loss(&env, one, perfect_y, 3, &value) == JRN_OK && value == INFINITY,
	   "R-LOSS-2 certain and wrong");
	ok_int(log_loss(&env, perfect_p, perfect_y, 4, &value), JRN_DOMAIN, "R-LOSS-3 outside [0, 1]");
	ok_int(brier(&env, ten_p, two, 3, &value), JRN_DOMAIN, "R-LOSS-3 outcome 2");
	ok_int(rmse(&env, nan_p, two, 3, &value), JRN_NONFINITE, "R-LOSS-3 NaN");
	ok_int(rmse(&env, perfect_p, perfect_y, 4, &value), JRN_NONFINITE, "a square that overflows");
	ok(rmse(&env, ten_p, ten_y, 0, &value) == JRN_OK && isnan(value), "R-LOSS-5 no rows");
	ok(r_squared(&env, ten_p, one, 3, &value) == JRN_OK && isnan(value), "R-LOSS-4 constant outcome");
	ok(r_squared(&env, ten_p, ten_y, 1, &value) == JRN_OK && isnan(value), "R-LOSS-4 one row");
	host_reset();
}

/* R-LOSS-1 with an offset that ruins plain sums. */
static void
test_merge(void)
{
	jrn_loss	whole,
				parts[9],
				merged;
	double		r2;
	uint64_t	i;
	int			k;

	memset(&whole, 0, sizeof(whole));
	memset(parts, 0, sizeof(parts));
	memset(&merged, 0, sizeof(merged));
	for (i = 0; i < 200000; i++)
	{
		double		outcome = 1e9 + jrn_random_normal(41, i);
		double		guess = outcome + 0.5 * jrn_random_normal(42, i);

		(void) jrn_loss_add(&whole, JRN_LOSS_VARIANCE, guess, outcome, 1.0);
		(void) jrn_loss_add(&parts[i % 9], JRN_LOSS_VARIANCE, guess, outcome, 1.0);
	}
	for (k = 8; k >= 0; k--)
		jrn_loss_merge(&merged, &parts[k]);
	r2 = jrn_loss_r_squared(&whole);
	ok_close(r2, 0.75, 0.01, "R squared under an offset of 1e9");
	ok_close(jrn_loss_r_squared(&merged), r2, 1e-14, "R-LOSS-1 merged from 9 parts");
	ok_close(jrn_loss_root(&merged), jrn_loss_root(&whole), 1e-15, "R-LOSS-1 RMSE");
}

static void
test_sort(void)
{
	static const double scores[] = {3, -1, 0.0, -0.0, 1e-320, -1e300, 1e300, 2.5, -1};
	static const double want[] = {-1e300, -1, -1, 0, 0, 1e-320, 2.5, 3, 1e300};
	jrn_env		env = host_env();
	jrn_score	rows[9];
	bool		right = true;
	int			i;

	for (i = 0; i < 9; i++)
	{
		rows[i].key = jrn_score_key(scores[i]);
		rows[i].payload = (uint64_t) i;
	}
	ok_int(jrn_score_sort(&env, rows, 9), JRN_OK, "sort");
	for (i = 0; i < 9; i++)
		right = right && scores[rows[i].payload] == want[i];
	ok(right && rows[1].payload == 1 && rows[3].payload == 2, "R-SORT-1 order of numbers, stable");
	host_reset();
}

static jrn_status
clustered_call(const jrn_env *env, void *arg)
{
	jrn_auc_result result;
	jrn_cluster_print prints[MAX_N];
	uint32_t	numbers[MAX_N];
	uint32_t	clusters;
	int			i;

	(void) arg;
	for (i = 0; i < MAX_N; i++)
		prints[i].a = prints[i].b = ids[i];
	JRN_TRY(jrn_cluster_ids(env, prints, MAX_N, numbers, &clusters));
	JRN_TRY(jrn_auc_delong(env, p, y, numbers, clusters, MAX_N, &result));
	return log_loss(env, p, y, MAX_N, &result.auc);
}

void		test_metrics(void);

void
test_metrics(void)
{
	test_against_pairs();
	test_golden();
	test_clusters();
	test_edges();
	test_merge();
	test_sort();
	fill_formula();
	ok_survives(clustered_call, NULL, "metrics");
}
