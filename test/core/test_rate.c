/*
 * test_rate.c
 *		AUTOC, Qini and the Qini area against their definitions by brute force,
 *		half samples against the known error of a mean.
 */
#include "tap.h"

#include <stdlib.h>

#include "../../src/core/random.h"
#include "../../src/strategies/half_sample.h"
#include "../../src/strategies/qini_area.h"
#include "../../src/strategies/rate.h"
#include "../../src/strategies/rate_folds.h"

#define MOST 400

typedef struct data
{
	size_t		n;
	double		priority[MOST];
	double		score[MOST];
	double		side[MOST];
	jrn_cluster_print prints[MOST];
	jrn_metric_rows view;
	jrn_ranks	ranks;
	jrn_figure	figure;
	jrn_rate_status status;
	jrn_rate_point curve[8];
} data;

static data d;

/* levels of priority, or none: continuous */
static void
fill(size_t n, uint64_t levels, double mean, uint64_t seed)
{
	size_t		i;

	memset(&d, 0, sizeof(d));
	d.n = n;
	for (i = 0; i < n; i++)
	{
		double		u = jrn_random_uniform(seed, 3 * i);

		d.priority[i] = levels == 0 ? u : floor(u * (double) levels);
		d.score[i] = mean + u + 2.0 * jrn_random_uniform(seed, 3 * i + 1) - 1.0;
		d.side[i] = jrn_random_uniform(seed, 3 * i + 2) < 0.4 ? JRN_QINI_TREATED : JRN_QINI_CONTROL;
		d.prints[i].a = d.prints[i].b = i / 3;
	}
	d.view.n = n;
	d.view.predicted = d.priority;
	d.view.observed = d.score;
}

static void
sort(void)
{
	jrn_env		env = host_env();

	ok_int(jrn_ranks_sort(&env, &d.view, &d.ranks), JRN_OK, "sorted");
}

/* Mean score of the k rows of highest priority, the expectation over all orders of ties. */
static double
top_mean(size_t k)
{
	double		sum = 0.0;
	size_t		i,
				j;

	for (i = 0; i < d.n; i++)
	{
		double		above = 0.0;
		double		equal = 0.0;
		double		share;

		for (j = 0; j < d.n; j++)
		{
			above += d.priority[j] > d.priority[i];
			equal += d.priority[j] == d.priority[i];
		}
		share = ((double) k - above) / equal;
		sum += d.score[i] * fmin(fmax(share, 0.0), 1.0);
	}
	return sum / (double) k;
}

static double
brute(jrn_rate_kind kind)
{
	double		n = (double) d.n;
	double		all = top_mean(d.n);
	double		area = 0.0;
	size_t		k;

	for (k = 1; k <= d.n; k++)
		area += (top_mean(k) - all) / n * (kind == JRN_RATE_QINI ? (double) k / n : 1.0);
	return area;
}

static jrn_status
run(const jrn_env *env, void *arg)
{
	data	   *of = arg;

	JRN_TRY(jrn_ranks_sort(env, &of->view, &of->ranks));
	JRN_TRY(jrn_rate(env, &of->ranks, JRN_RATE_AUTOC, 1.0, 20, 0, &of->figure, &of->status));
	JRN_TRY(jrn_qini_area(env, &of->ranks, 20, 0, &of->figure, &of->status));
	return jrn_rate_curve(env, &of->ranks, 8, 1.0, 5, 0, of->curve);
}

static void
definitions(void)
{
	static const uint64_t levels[] = {0, 2, 7};
	jrn_env		env = host_env();
	size_t		c;
	int			kind;

	for (c = 0; c < 3; c++)
		for (kind = JRN_RATE_AUTOC; kind <= JRN_RATE_QINI; kind++)
		{
			fill(120, levels[c], 0.3, 5 + c);
			sort();
			(void) jrn_rate(&env, &d.ranks, (jrn_rate_kind) kind, 1.0, 2, 0, &d.figure, &d.status);
			ok(d.status == JRN_RATE_OK, "R-RATE-3 a figure");
			ok_close(d.figure.estimate, brute((jrn_rate_kind) kind), 1e-12, "R-RATE-3 kind %d, %d levels", kind, (int) levels[c]);
		}
	fill(100, 4, 0.3, 9);
	sort();
	(void) jrn_rate_curve(&env, &d.ranks, 8, 1.0, 10, 0, d.curve);
	for (c = 0; c < 8; c++)
	{
		size_t		k = (100 * (c + 1) + 7) / 8;

		ok_int((long long) d.curve[c].n, (long long) k, "R-RATE-6 rows of point %d", (int) c);
		ok(fabs(d.curve[c].toc.estimate - (top_mean(k) - top_mean(100))) < 1e-13, "R-RATE-6 toc of point %d", (int) c);
		ok_close(d.curve[c].gain.estimate, top_mean(k) * (double) k / 100.0, 1e-12, "R-RATE-6 gain of point %d", (int) c);
	}
	ok(fabs(d.curve[7].toc.std_error) < 1e-15 && d.curve[7].gain.std_error > 0.0, "R-RATE-6 all rows: no toc, no error of it");
}

static void
shapes(void)
{
	jrn_env		env = host_env();
	jrn_figure	first;
	size_t		i;

	fill(150, 5, 0.0, 3);
	d.view.prints = d.prints;
	sort();
	(void) jrn_rate(&env, &d.ranks, JRN_RATE_AUTOC, 1.0, 200, 0, &d.figure, &d.status);
	first = d.figure;
	/* rows the other way round */
	for (i = 0; i < d.n / 2; i++)
	{
		size_t		j = d.n - 1 - i;
		double		p = d.priority[i];
		double		s = d.score[i];
		jrn_cluster_print c = d.prints[i];

		d.priority[i] = d.priority[j];
		d.score[i] = d.score[j];
		d.prints[i] = d.prints[j];
		d.priority[j] = p;
		d.score[j] = s;
		d.prints[j] = c;
	}
	sort();
	(void) jrn_rate(&env, &d.ranks, JRN_RATE_AUTOC, 1.0, 200, 0, &d.figure, &d.status);
	ok(d.figure.estimate == first.estimate && d.figure.std_error == first.std_error, "the order of rows changes no bit");
	for (i = 0; i < d.n; i++)
		d.score[i] = ldexp(d.score[i], 1000) + 0.0;
	sort();
	(void) jrn_rate(&env, &d.ranks, JRN_RATE_AUTOC, 1.0, 200, 0, &d.figure, &d.status);
	ok(d.figure.estimate == ldexp(first.estimate, 1000) && d.figure.std_error == ldexp(first.std_error, 1000),
	   "R-RATE-7 large scores keep their digits");
	fill(150, 5, 1e9, 3);
	d.view.prints = d.prints;
	sort();
	(void) jrn_rate(&env, &d.ranks, JRN_RATE_AUTOC, 1.0, 200, 0, &d.figure, &d.status);
	ok_close(d.figure.std_error, first.std_error, 1e-6, "R-RATE-7 a large mean costs few digits");
	fill(0, 0, 0.0, 1);
	sort();
	(void) jrn_rate(&env, &d.ranks, JRN_RATE_QINI, 1.0, 5, 0, &d.figure, &d.status);
	ok(d.status == JRN_RATE_TOO_FEW && isnan(d.figure.estimate), "R-RATE-5 no rows");
	fill(5, 1, 0.0, 1);
	sort();
	(void) jrn_rate(&env, &d.ranks, JRN_RATE_QINI, 1.0, 5, 0, &d.figure, &d.status);
	ok(d.status == JRN_RATE_ONE_PRIORITY && isnan(d.figure.estimate) && isnan(d.figure.std_error), "R-RATE-5 one priority");
	fill(3, 0, 0.0, 1);
	d.view.prints = d.prints;
	sort();
	(void) jrn_rate(&env, &d.ranks, JRN_RATE_QINI, 1.0, 5, 0, &d.figure, &d.status);
	ok(d.status == JRN_RATE_OK && !isnan(d.figure.estimate) && isnan(d.figure.std_error), "R-HALF-3 one cluster: no error");
}

/* R-QINI-1 by counting for every level of priority. */
static double
brute_area(void)
{
	double		n = (double) d.n;
	double		last = 0.0;
	double		reached = 0.0;
	double		area = 0.0;
	double		level = INFINITY;

	for (;;)
	{
		double		next = -INFINITY;
		double		count[2] = {0.0, 0.0};
		double		sum[2] = {0.0, 0.0};
		double		q;
		size_t		i;

		for (i = 0; i < d.n; i++)
			if (d.priority[i] < level && d.priority[i] > next)
				next = d.priority[i];
		if (next == -INFINITY)
			return area - last / 2.0;
		level = next;
		for (i = 0; i < d.n; i++)
			if (d.priority[i] >= level)
			{
				count[d.side[i] == JRN_QINI_TREATED] += 1.0;
				sum[d.side[i] == JRN_QINI_TREATED] += d.score[i];
			}
		q = (sum[1] - (count[0] > 0.0 ? sum[0] * count[1] / count[0] : 0.0)) / n;
		area += ((count[0] + count[1]) / n - reached) * (q + last) / 2.0;
		reached = (count[0] + count[1]) / n;
		last = q;
	}
}

static void
classical(void)
{
	static const uint64_t levels[] = {0, 3};
	jrn_env		env = host_env();
	size_t		c,
				i;

	for (c = 0; c < 2; c++)
	{
		fill(90, levels[c], 0.5, 21 + c);
		d.view.weight = d.side;
		sort();
		(void) jrn_qini_area(&env, &d.ranks, 50, 0, &d.figure, &d.status);
		ok_close(d.figure.estimate, brute_area(), 1e-12, "R-QINI-2 %d levels", (int) levels[c]);
		ok(d.figure.std_error > 0.0 && d.figure.low < d.figure.estimate, "R-QINI-3 an error");
	}
	for (i = 0; i < d.n; i++)
		d.side[i] = JRN_QINI_TREATED;
	sort();
	(void) jrn_qini_area(&env, &d.ranks, 5, 0, &d.figure, &d.status);
	ok(d.status == JRN_RATE_ONE_CLASS && isnan(d.figure.estimate), "R-QINI-4 all treated");
	/* one treated row: most half samples count, one half of them lacks it */
	d.side[0] = JRN_QINI_CONTROL;
	sort();
	(void) jrn_qini_area(&env, &d.ranks, 200, 0, &d.figure, &d.status);
	ok(isfinite(d.figure.std_error), "R-QINI-3 draws without a side do not count");
}

/* Mean of the chosen of 0, 1, ..., and how many there are. */
static jrn_status
mean_of(const jrn_env *env, void *arg, const unsigned char *chosen, double *values)
{
	uint32_t	n = *(uint32_t *) arg;
	double		sum = 0.0;
	double		count = 0.0;
	uint32_t	i;

	JRN_TICK(env);
	for (i = 0; i < n; i++)
		if (chosen[i])
		{
			sum += (double) i;
			count += 1.0;
		}
	values[0] = sum / count;
	values[1] = count;
	return JRN_OK;
}

static void
half_samples(void)
{
	static const uint32_t sizes[] = {40, 41, 5};
	jrn_env		env = host_env();
	size_t		c;

	for (c = 0; c < 3; c++)
	{
		uint32_t	n = sizes[c];
		double		errors[2];
		/* variance of 0..n-1 is n (n + 1)/12 */
		double		want = sqrt(((double) n + 1.0) / 12.0);

		(void) jrn_half_sample(&env, n, 20000, 7, mean_of, &n, 2, errors);
		ok_close(errors[0], want, 0.02, "R-HALF-2 error of a mean of %d", (int) n);
		ok(errors[1] == 0.0, "R-HALF-1 always half of them");
	}
}

static jrn_status
run_folds(const jrn_env *env, void *arg)
{
	double		priority[] = {5, 1, 3, 3, 20, 10, 30};
	static const double fold[] = {1, 1, 1, 1, 2, 2, 2};
	double		wider;

	return jrn_rate_by_fold(env, 7, priority, fold, arg, &wider);
}

static void
folds(void)
{
	static const double fold[] = {2, -1, 2, -1, 2, 2, -1};
	static const double errors[] = {1, 2, 1, 2, 1, 1, 2};
	double		priority[] = {5, 20, 1, 10, 3, 3, 30};
	static const double want[] = {7.0 / 8.0, 0.5, 1.0 / 8.0, 1.0 / 6.0, 0.5, 0.5, 5.0 / 6.0};
	jrn_env		env = host_env();
	double		wider;
	size_t		i;

	(void) jrn_rate_by_fold(&env, 7, priority, fold, errors, &wider);
	for (i = 0; i < 7; i++)
		ok_close(priority[i], want[i], 1e-15, "R-RFO-1 row %d", (int) i);
	/* deviations: 4 + 4 about 3, 100 + 100 about 20 */
	ok_close(wider, sqrt(1.0 + 16.0 / 208.0), 1e-14, "R-RFO-2 by the errors of priorities");
	(void) jrn_rate_by_fold(&env, 7, priority, fold, NULL, &wider);
	ok(wider == sqrt(2.0) && priority[0] == 7.0 / 8.0, "R-RFO-2 unknown: the most; ranks of ranks are the ranks");
	ok_survives(run_folds, (void *) errors, "rate by fold");
}

void
test_rate(void)
{
	folds();
	definitions();
	shapes();
	classical();
	half_samples();
	fill(200, 5, 0.0, 3);
	d.view.prints = d.prints;
	d.view.weight = d.side;
	ok_survives(run, &d, "rate");
}
