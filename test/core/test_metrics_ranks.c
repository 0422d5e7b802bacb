/*
 * test_metrics_ranks.c
 *		Metrics of cuts and ranks, their errors, and their tables, against
 *		brute force: pair by pair, order by order, row by row.
 */
#include <math.h>

#include "../../src/core/multiple.h"
#include "../../src/core/random.h"
#include "../../src/metrics/metric_concordance.h"
#include "../../src/metrics/metric_influence.h"
#include "../../src/metrics/metric_line.h"
#include "../../src/metrics/metric_ranks.h"
#include "../../src/metrics/metric_tables.h"
#include "tap.h"

#define MAX_N 300
#define ROUNDS 60

static double p[MAX_N];
static double y[MAX_N];
static double t[MAX_N];
static double w[MAX_N];
static uint32_t ids[MAX_N];
static jrn_cluster_print prints[MAX_N];
static uint32_t clusters;

/* A sample with ties; both classes are there. */
static size_t
fill(int round)
{
	size_t		n = 8 + (size_t) jrn_random_below(51, (uint64_t) round, 90);
	uint64_t	levels = 2 + jrn_random_below(52, (uint64_t) round, 30);
	size_t		i;

	clusters = 3 + (uint32_t) jrn_random_below(53, (uint64_t) round, 20);
	for (i = 0; i < n; i++)
	{
		uint64_t	at = (uint64_t) round * 1000 + i;

		p[i] = (double) (1 + jrn_random_below(54, at, levels)) / 32.0;
		y[i] = i < 4 ? (double) (i % 2) : (double) jrn_random_below(55, at, 2);
		t[i] = (double) jrn_random_below(56, at, 15);
		w[i] = (double) (1 + jrn_random_below(57, at, 3));
		ids[i] = i < 4 ? (uint32_t) i / 2 : (uint32_t) jrn_random_below(58, at, clusters);
		prints[i].a = prints[i].b = jrn_hash_u64(ids[i], 7);
	}
	return n;
}

static jrn_metric_rows
rows_of(size_t n, bool weighted, bool clustered)
{
	jrn_metric_rows rows;

	rows.n = n;
	rows.predicted = p;
	rows.observed = y;
	rows.time = t;
	rows.weight = weighted ? w : NULL;
	rows.prints = clustered ? prints : NULL;
	return rows;
}

static jrn_ranks
ranks_of(const jrn_env *env, size_t n, bool weighted, bool clustered)
{
	jrn_metric_rows rows = rows_of(n, weighted, clustered);
	jrn_ranks	ranks;

	if (jrn_ranks_sort(env, &rows, &ranks) != JRN_OK)
		memset(&ranks, 0, sizeof(ranks));
	return ranks;
}

static double
average_precision(const jrn_env *env, const jrn_ranks *ranks)
{
	double		value;

	return jrn_average_precision(env, ranks, NULL, &value) == JRN_OK ? value : (double) INFINITY;
}

static double
lift(const jrn_env *env, const jrn_ranks *ranks, double fraction)
{
	double		value;

	return jrn_lift(env, ranks, fraction, NULL, &value) == JRN_OK ? value : (double) INFINITY;
}

/* The sum over distinct thresholds, each by a scan of all rows. */
static double
precision_by_thresholds(size_t n, bool weighted)
{
	double		total = 0.0,
				sum = 0.0;
	size_t		i,
				j;

	for (i = 0; i < n; i++)
		total += y[i] * (weighted ? w[i] : 1.0);
	for (i = 0; i < n; i++)
	{
		double		all = 0.0,
					positive = 0.0,
					gained = 0.0;
		bool		first = true;

		for (j = 0; j < n; j++)
		{
			double		weight = weighted ? w[j] : 1.0;

			if (j < i && p[j] == p[i])
				first = false;
			if (p[j] >= p[i])
				all += weight, positive += weight * y[j];
			if (p[j] == p[i])
				gained += weight * y[j];
		}
		if (first)
			sum += gained / total * positive / all;
	}
	return sum;
}

static void
test_average_precision(void)
{
	static const double ten_y[] = {1, 0, 1, 1, 0, 0, 1, 0, 1, 0};
	static const double ten_p[] = {.9, .9, .8, .5, .5, .5, .5, .3, .2, .1};
	jrn_env		env = host_env();
	jrn_ranks	ranks;
	double		worst = 0.0;
	int			round;

	for (round = 0; round < ROUNDS; round++)
	{
		size_t		n = fill(round);
		bool		weighted = round % 2 == 1;

		ranks = ranks_of(&env, n, weighted, false);
		worst = fmax(worst, fabs(average_precision(&env, &ranks) - precision_by_thresholds(n, weighted)));
	}
	ok(worst < 1e-14, "R-RANK-1 average precision threshold by threshold (%.2g)", worst);
	memcpy(p, ten_p, sizeof(ten_p));
	memcpy(y, ten_y, sizeof(ten_y));
	ranks = ranks_of(&env, 10, false, false);
	ok_close(average_precision(&env, &ranks), 0.573015873015873, 1e-15, "R-RANK-1 the ten rows");
	memset(y, 0, sizeof(ten_y));
	ranks = ranks_of(&env, 10, false, false);
	ok(isnan(average_precision(&env, &ranks)) && isnan(lift(&env, &ranks, 0.5)), "no positive");
	host_reset();
}

/* Sum of lifts over all orders of n rows that respect the scores. */
static void
every_order(size_t n, size_t *order, size_t depth, size_t cut, double *sum, double *orders)
{
	size_t		i;

	if (depth == n)
	{
		double		positive = 0.0,
					all = 0.0;

		for (i = 1; i < n; i++)
			if (p[order[i - 1]] < p[order[i]])
				return;
		for (i = 0; i < n; i++)
			all += y[i], positive += i < cut ? y[order[i]] : 0.0;
		*sum += positive / (double) cut / (all / (double) n);
		*orders += 1.0;
		return;
	}
	for (i = depth; i < n; i++)
	{
		size_t		moved = order[i];

		order[i] = order[depth];
		order[depth] = moved;
		every_order(n, order, depth + 1, cut, sum, orders);
		order[depth] = order[i];
		order[i] = moved;
	}
}

static void
test_lift(void)
{
	jrn_env		env = host_env();
	double		worst = 0.0;
	int			round;

	for (round = 0; round < 30; round++)
	{
		size_t		n = 6;
		size_t		cut;

		(void) fill(round);
		for (cut = 1; cut <= n; cut++)
		{
			size_t		order[6] = {0, 1, 2, 3, 4, 5};
			jrn_ranks	ranks = ranks_of(&env, n, false, false);
			double		sum = 0.0,
						orders = 0.0;

			every_order(n, order, 0, cut, &sum, &orders);
			worst = fmax(worst, fabs(lift(&env, &ranks, (double) cut / 6.0) - sum / orders));
			worst = fmax(worst, fabs(lift(&env, &ranks, ((double) cut - 0.5) / 6.0) - sum / orders));
		}
	}
	ok(worst < 1e-14, "R-RANK-2 lift is the mean over all orders of the ties (%.2g)", worst);
	host_reset();
}

/* A weight of k is k rows of one cluster. */
static void
test_weighted_auc(void)
{
	jrn_env		env = host_env();
	double		worst = 0.0,
				worst_variance = 0.0;
	int			round;

	for (round = 0; round < ROUNDS; round++)
	{
		size_t		n = fill(round);
		jrn_ranks	ranks = ranks_of(&env, n, true, true);
		jrn_auc_result want;
		double		many_p[3 * MAX_N];
		double		many_y[3 * MAX_N];
		uint32_t	many_ids[3 * MAX_N];
		double		auc,
					variance;
		size_t		many = 0;
		size_t		i;
		int			k;

		for (i = 0; i < n; i++)
			for (k = 0; k < (int) w[i]; k++)
			{
				many_p[many] = p[i];
				many_y[many] = y[i];
				many_ids[many++] = ids[i];
			}
		if (jrn_weighted_auc(&env, &ranks, &auc, &variance) != JRN_OK ||
			jrn_auc_delong(&env, many_p, many_y, many_ids, clusters, many, &want) != JRN_OK)
			worst = INFINITY;
		worst = fmax(worst, fabs(auc - want.auc));
		worst_variance = fmax(worst_variance, fabs(variance / want.variance - 1.0));
		ranks = ranks_of(&env, n, false, false);
		(void) jrn_weighted_auc(&env, &ranks, &auc, &variance);
		(void) jrn_auc_delong(&env, p, y, NULL, 0, n, &want);
		worst = fmax(worst, fabs(auc - want.auc));
		worst_variance = fmax(worst_variance, fabs(variance / want.variance - 1.0));
	}
	ok(worst < 1e-14, "R-RANK-3 weighted AUC is that of repeated rows (%.2g)", worst);
	ok(worst_variance < 1e-10, "R-RANK-3 and so is its variance (%.2g)", worst_variance);
	host_reset();
}

/* The covariance of two AUCs by their placements, O(n^2). */
static void
test_difference(void)
{
	jrn_env		env = host_env();
	double		worst = 0.0,
				worst_variance = 0.0;
	int			round;

	for (round = 0; round < ROUNDS; round++)
	{
		size_t		n = fill(round);
		jrn_auc_comparison got;
		double		d[MAX_N];
		double		count[2] = {0, 0},
					mean = 0.0,
					s[2] = {0, 0};
		size_t		i,
					j;

		for (i = 0; i < n; i++)
		{
			double		others = 0.0;

			d[i] = 0.0;
			count[y[i] == 1.0] += 1.0;
			for (j = 0; j < n; j++)
				if (y[j] != y[i])
				{
					double		sign = y[i] == 1.0 ? 1.0 : -1.0;
					double		a = sign * (p[i] - p[j]),
								b = sign * (t[i] - t[j]);

					others += 1.0;
					d[i] += (a > 0) + 0.5 * (a == 0) - (b > 0) - 0.5 * (b == 0);
				}
			d[i] /= others;
			mean += y[i] == 1.0 ? d[i] : 0.0;
		}
		mean /= count[1];
		for (i = 0; i < n; i++)
			s[y[i] == 1.0] += (d[i] - mean) * (d[i] - mean);
		if (jrn_auc_difference(&env, p, t, y, NULL, 0, n, &got) != JRN_OK)
			worst = INFINITY;
		worst = fmax(worst, fabs(got.difference - mean));
		worst = fmax(worst, fabs(got.a - got.b - mean));
		worst_variance = fmax(worst_variance, fabs(got.variance - s[1] / (count[1] * (count[1] - 1)) -
												   s[0] / (count[0] * (count[0] - 1))) / got.variance);
		if (jrn_auc_difference(&env, p, p, y, ids, clusters, n, &got) != JRN_OK ||
			got.difference != 0.0 || got.variance != 0.0)
			worst = INFINITY;
	}
	ok(worst < 1e-14, "AUC difference pair by pair (%.2g)", worst);
	ok(worst_variance < 1e-10, "its DeLong variance by the definition (%.2g)", worst_variance);
	host_reset();
}

/* Score and number of the pair (i, j) of concordance: i is the earlier one. */
static bool
comparable(size_t i, size_t j)
{
	return y[i] == 1.0 && (t[i] < t[j] || (t[i] == t[j] && y[j] == 0.0));
}

static void
test_concordance(void)
{
	jrn_env		env = host_env();
	double		worst = 0.0,
				worst_error = 0.0;
	int			round;

	for (round = 0; round < ROUNDS; round++)
	{
		bool		weighted = round % 2 == 1;
		bool		clustered = round % 3 == 1;
		size_t		n = fill(round);
		jrn_metric_rows rows = rows_of(n, weighted, clustered);
		jrn_figure	got;
		double		s[MAX_N] = {0};
		double		m[MAX_N] = {0};
		double		by[MAX_N] = {0};
		double		score = 0.0,
					pairs = 0.0,
					square = 0.0;
		size_t		i,
					j;

		for (i = 0; i < n; i++)
			for (j = 0; j < n; j++)
				if (i != j && comparable(i, j))
				{
					double		won = (p[i] > p[j]) + 0.5 * (p[i] == p[j]);
					double		wi = weighted ? w[i] : 1.0,
								wj = weighted ? w[j] : 1.0;

					s[i] += wj * won, m[i] += wj;
					s[j] += wi * won, m[j] += wi;
					score += wi * wj * won;
					pairs += wi * wj;
				}
		for (i = 0; i < n; i++)
			by[clustered ? ids[i] : i] += (weighted ? w[i] : 1.0) * (s[i] - score / pairs * m[i]) / pairs;
		for (i = 0; i < MAX_N; i++)
			square += by[i] * by[i];
		if (jrn_concordance(&env, &rows, &got) != JRN_OK)
			worst = INFINITY;
		worst = fmax(worst, fabs(got.estimate - score / pairs));
		worst_error = fmax(worst_error, fabs(got.std_error / sqrt(square) - 1.0));
	}
	ok(worst < 1e-14, "R-CON-1 concordance pair by pair (%.2g)", worst);
	ok(worst_error < 1e-10, "R-CON-2 its jackknife error (%.2g)", worst_error);
	memset(y, 0, sizeof(y));
	{
		jrn_metric_rows rows = rows_of(20, false, false);
		jrn_figure	got;

		ok(jrn_concordance(&env, &rows, &got) == JRN_OK && isnan(got.estimate) && isnan(got.std_error),
		   "R-CON-3 no event, no pair");
	}
	host_reset();
}

static void
test_cuts(void)
{
	const double cells[4] = {20, 9, 11, 60};	/* tn, fn, fp, tp */
	const double large[4] = {3e9, 1e9, 2e9, 4e9};
	const double no_call[4] = {5, 5, 0, 0};
	const double negatives[4] = {5, 0, 0, 0};
	const jrn_cut_metric all[] = {JRN_CUT_ACCURACY, JRN_CUT_PRECISION, JRN_CUT_RECALL, JRN_CUT_F1, JRN_CUT_BALANCED, JRN_CUT_MCC};
	double		worst = 0.0;
	int			k,
				c;

	ok_close(jrn_cut_value(JRN_CUT_MCC, cells), (60.0 * 20 - 11 * 9) / sqrt(71.0 * 69 * 31 * 29), 1e-14, "MCC");
	ok_close(jrn_cut_value(JRN_CUT_MCC, large), 10.0 / sqrt(6.0 * 5 * 5 * 4), 1e-14, "R-CUT-3 MCC of 10^10 rows does not overflow");
	ok(jrn_cut_value(JRN_CUT_MCC, no_call) == 0.0, "R-CUT-3 an empty margin is 0");
	ok(isnan(jrn_cut_value(JRN_CUT_PRECISION, no_call)) && jrn_cut_value(JRN_CUT_F1, no_call) == 0.0 &&
	   jrn_cut_value(JRN_CUT_RECALL, no_call) == 0.0, "R-CUT-2 no positive call: no precision, F1 0");
	ok(isnan(jrn_cut_value(JRN_CUT_F1, negatives)) && isnan(jrn_cut_value(JRN_CUT_RECALL, negatives)) &&
	   isnan(jrn_cut_value(JRN_CUT_BALANCED, negatives)), "R-CUT-2 0/0 is NaN");
	for (k = 0; k < 6; k++)
	{
		double		gradient[4];

		if (!jrn_cut_gradient(all[k], cells, gradient))
			worst = INFINITY;
		for (c = 0; c < 4; c++)
		{
			double		up[4],
						down[4];

			memcpy(up, cells, sizeof(up));
			memcpy(down, cells, sizeof(down));
			up[c] += 1e-3;
			down[c] -= 1e-3;
			/* of shares: accuracy is divided by the sum, which is held at 1 */
			if (all[k] == JRN_CUT_ACCURACY)
				continue;
			worst = fmax(worst, fabs(gradient[c] - (jrn_cut_value(all[k], up) - jrn_cut_value(all[k], down)) / 2e-3));
		}
	}
	ok(worst < 1e-9, "gradients of the cut metrics by differences (%.2g)", worst);
}

static void
test_tables(void)
{
	jrn_env		env = host_env();
	double		worst_area = 0.0,
				worst_gain = 0.0,
				worst_bins = 0.0;
	int			round;

	for (round = 0; round < ROUNDS; round++)
	{
		size_t		n = fill(round);
		jrn_ranks	ranks = ranks_of(&env, n, false, round % 2 == 1);
		jrn_auc_result auc;
		jrn_roc_point *points;
		jrn_gain	gains[20];
		jrn_calibration_bin bins[7];
		size_t		count,
					i,
					b;
		double		area = 0.0,
					rows = 0.0;

		(void) jrn_auc_delong(&env, p, y, NULL, 0, n, &auc);
		if (jrn_roc(&env, &ranks, &points, &count) != JRN_OK || jrn_gains(&env, &ranks, 20, gains) != JRN_OK)
			worst_area = INFINITY;
		for (i = 1; i < count; i++)
			area += (points[i].fpr - points[i - 1].fpr) * 0.5 * (points[i].tpr + points[i - 1].tpr);
		worst_area = fmax(worst_area, fabs(area - auc.auc));
		if (points[0].threshold != INFINITY || points[0].tpr != 0.0 || points[count - 1].tpr != 1.0 || points[count - 1].fpr != 1.0)
			worst_area = INFINITY;
		for (i = 0; i < 20; i++)
		{
			worst_gain = fmax(worst_gain, fabs(gains[i].lift - lift(&env, &ranks, (double) (i + 1) / 20.0)));
			worst_gain = fmax(worst_gain, fabs(gains[i].captured - gains[i].lift * (double) gains[i].n / (double) n));
		}
		for (b = 0; b < 2; b++)
		{
			if (jrn_calibration(&env, &ranks, 7, (int) b, bins, &count) != JRN_OK)
				worst_bins = INFINITY;
			rows = 0.0;
			for (i = 0; i < count; i++)
			{
				double		positive = 0.0,
							sum = 0.0,
							in = 0.0;
				size_t		j,
							k;

				for (j = 0; j < n; j++)
				{
					double		lower = 0.0,
								tied = 0.0;
					uint32_t	bin;

					for (k = 0; k < n; k++)
						lower += p[k] < p[j], tied += p[k] == p[j];
					bin = b == 1 ? (uint32_t) floor(7.0 * (2 * lower + tied) / (2.0 * (double) n)) :
						(uint32_t) fmin(6.0, floor(p[j] * 7.0));
					if (bin + 1 == bins[i].bin)
						in += 1.0, positive += y[j], sum += p[j];
				}
				rows += (double) bins[i].n;
				worst_bins = fmax(worst_bins, fabs(in - (double) bins[i].n));
				worst_bins = fmax(worst_bins, fabs(positive / in - bins[i].observed));
				worst_bins = fmax(worst_bins, fabs(sum / in - bins[i].predicted));
				if (i > 0 && bins[i].bin <= bins[i - 1].bin)
					worst_bins = INFINITY;
			}
			worst_bins = fmax(worst_bins, fabs(rows - (double) n));
		}
	}
	ok(worst_area < 1e-14, "R-TAB-1 the area under the points is the AUC (%.2g)", worst_area);
	ok(worst_gain < 1e-13, "R-TAB-2 gains agree with lift (%.2g)", worst_gain);
	ok(worst_bins < 1e-13, "R-TAB-3 bins by their definition (%.2g)", worst_bins);
	host_reset();
}

/* The order of rows does not touch a bit of any figure. */
static void
test_order(void)
{
	jrn_env		env = host_env();
	bool		same = true;
	int			round;

	for (round = 0; round < 20; round++)
	{
		size_t		n = fill(round);
		jrn_figure	got[2][6];
		int			pass;
		size_t		i;

		for (pass = 0; pass < 2; pass++)
		{
			jrn_metric_rows rows = rows_of(n, true, true);
			jrn_ranks	ranks = ranks_of(&env, n, true, true);

			(void) jrn_average_precision_figure(&env, &ranks, &got[pass][0]);
			(void) jrn_lift_figure(&env, &ranks, 0.3, &got[pass][1]);
			(void) jrn_loss_figure(&env, &ranks, JRN_LOSS_VARIANCE, &got[pass][2]);
			(void) jrn_cut_figure(&env, &ranks, JRN_CUT_MCC, 0.4, &got[pass][3]);
			(void) jrn_concordance(&env, &rows, &got[pass][4]);
			got[pass][5].low = got[pass][5].high = 0.0;
			(void) jrn_weighted_auc(&env, &ranks, &got[pass][5].estimate, &got[pass][5].std_error);
			for (i = 0; i < n && pass == 0; i++)
			{
				size_t		j = i + (size_t) jrn_random_below(61, i, n - i);
				double		swap[4] = {p[i], y[i], t[i], w[i]};
				jrn_cluster_print print = prints[i];

				p[i] = p[j], y[i] = y[j], t[i] = t[j], w[i] = w[j], prints[i] = prints[j];
				p[j] = swap[0], y[j] = swap[1], t[j] = swap[2], w[j] = swap[3], prints[j] = print;
			}
		}
		same = same && memcmp(got[0], got[1], sizeof(got[0])) == 0;
	}
	ok(same, "R-ROWS-1 R-ROWS-2 R-CON-4 shuffled rows give the same bits");
	host_reset();
}

/* Family-wise methods by R's p.adjust (test/oracles/metrics.R). */
static void
test_family_wise(void)
{
	static const double tests[] = {.216, .001, NAN, .008, .039, .041, .042, .06, .074, .205, .212};
	static const double holm[] = {.615, .01, NAN, .072, .312, .312, .312, .312, .312, .615, .615};
	static const double hochberg[] = {.216, .01, NAN, .072, .216, .216, .216, .216, .216, .216, .216};
	static const double bonferroni[] = {1, .01, NAN, .08, .39, .41, .42, .6, .74, 1, 1};
	const double *want[] = {bonferroni, holm, hochberg};
	jrn_env		env = host_env();
	double		worst = 0.0;
	double		q[11];
	int			k,
				i;

	for (k = 0; k < 3; k++)
	{
		if (jrn_family_wise_error(&env, tests, 11, (jrn_family_wise) k, q) != JRN_OK)
			worst = INFINITY;
		for (i = 0; i < 11; i++)
			worst = fmax(worst, i == 2 ? (isnan(q[i]) ? 0.0 : 1.0) : fabs(q[i] - want[k][i]));
	}
	ok(worst < 1e-15, "R-MUL-3 R-MUL-2 Bonferroni, Holm, Hochberg (%.2g)", worst);
	host_reset();
}

static jrn_status
every_call(const jrn_env *env, void *arg)
{
	jrn_metric_rows rows = rows_of(60, true, true);
	jrn_ranks	ranks;
	jrn_figure	figure;
	jrn_roc_point *points;
	jrn_gain	gains[10];
	jrn_calibration_bin bins[10];
	jrn_auc_comparison difference;
	jrn_line	line;
	double		auc,
				variance;
	size_t		count;

	(void) arg;
	JRN_TRY(jrn_ranks_sort(env, &rows, &ranks));
	JRN_TRY(jrn_loss_figure(env, &ranks, JRN_LOSS_SQUARE, &figure));
	JRN_TRY(jrn_cut_figure(env, &ranks, JRN_CUT_F1, 0.4, &figure));
	JRN_TRY(jrn_weighted_auc(env, &ranks, &auc, &variance));
	JRN_TRY(jrn_concordance(env, &rows, &figure));
	JRN_TRY(jrn_auc_difference(env, p, t, y, ids, clusters, 60, &difference));
	JRN_TRY(jrn_roc(env, &ranks, &points, &count));
	JRN_TRY(jrn_gains(env, &ranks, 10, gains));
	JRN_TRY(jrn_calibration_line(env, &ranks, &line));
	return jrn_calibration(env, &ranks, 10, 1, bins, &count);
}

static jrn_status
one_bootstrap(const jrn_env *env, void *arg)
{
	jrn_metric_rows rows = rows_of(12, false, true);
	jrn_ranks	ranks;
	jrn_figure	figure;

	(void) arg;
	JRN_TRY(jrn_ranks_sort(env, &rows, &ranks));
	return jrn_lift_figure(env, &ranks, 0.3, &figure);
}

/* Not at every one of its thousands of ticks. */
static void
test_cancelled_bootstrap(void)
{
	jrn_env		env = host_env();

	ok_int(one_bootstrap(&env, NULL), JRN_OK, "a bootstrap");
	host_cancel_at(500);
	ok_int(one_bootstrap(&env, NULL), JRN_CANCELLED, "one that is cancelled between its draws");
	host_cancel_at(0);
	host_reset();
}

void		test_metrics_ranks(void);

void
test_metrics_ranks(void)
{
	test_average_precision();
	test_lift();
	test_weighted_auc();
	test_difference();
	test_concordance();
	test_cuts();
	test_tables();
	test_order();
	test_family_wise();
	(void) fill(1);
	ok_survives(every_call, NULL, "metrics of ranks");
	(void) fill(1);
	test_cancelled_bootstrap();
}
