/*
 * test_running.c
 *		Moments row by row and merged, against sums in long double about the
 *		exact means; the fit they give against one written out by hand.
 */
#include "../../src/core/random.h"
#include "../../src/models/fit.h"
#include "../../src/models/running.h"
#include "tap.h"

#define Q 3
#define N 5000
#define SIZE (JRN_RUNNING_TOTALS + 2 * Q + Q * (Q + 1) / 2)

static double z[N][Q];
static double weights[N];

/* Rows of a feature, a constant, and a target with a large offset. */
static void
make_rows(double offset)
{
	int			i;

	for (i = 0; i < N; i++)
	{
		z[i][0] = jrn_random_normal(1, (uint64_t) i);
		z[i][1] = 0.1;
		z[i][2] = offset + z[i][0] + jrn_random_normal(2, (uint64_t) i);
		weights[i] = 0.5 + i % 3;
	}
}

static void
add_rows(double *flat, int from, int to, bool weighted)
{
	jrn_running running;
	int			i;

	memset(flat, 0, SIZE * sizeof(double));
	for (i = from; i < to; i++)
	{
		double		row[Q];

		memcpy(row, z[i], sizeof(row));
		jrn_running_open(flat, Q, &running);
		jrn_running_add(&running, row, weighted ? weights[i] : 1.0);
		jrn_running_close(&running, flat);
	}
}

/* n, w and so on by definition. */
static void
by_definition(double *flat, bool weighted)
{
	long double w = 0.0L;
	long double mean[Q] = {0.0L};
	double		log_w = 0.0;
	int			i,
				a,
				b;
	size_t		at = JRN_RUNNING_TOTALS;

	for (i = 0; i < N; i++)
	{
		w += weighted ? weights[i] : 1.0;
		log_w += weighted ? log(weights[i]) : 0.0;
		for (a = 0; a < Q; a++)
			mean[a] += (weighted ? weights[i] : 1.0) * (long double) z[i][a];
	}
	flat[0] = N;
	flat[1] = (double) w;
	flat[2] = log_w;
	for (a = 0; a < Q; a++)
	{
		mean[a] /= w;
		flat[at] = (double) mean[a];
		flat[Q + at++] = 0.0;
	}
	at += Q;
	for (a = 0; a < Q; a++)
		for (b = 0; b <= a; b++)
		{
			long double sum = 0.0L;

			for (i = 0; i < N; i++)
				sum += (weighted ? weights[i] : 1.0) * (z[i][a] - mean[a]) * (z[i][b] - mean[b]);
			flat[at++] = (double) sum;
		}
}

/* Largest distance of co-moments of the two moving columns, relative. */
static double
apart(const double *got, const double *want)
{
	const double *m = got + JRN_RUNNING_TOTALS + 2 * Q;
	const double *n = want + JRN_RUNNING_TOTALS + 2 * Q;

	return fmax(fabs(m[0] - n[0]) / n[0], fmax(fabs(m[5] - n[5]) / n[5], fabs(m[3] - n[3]) / n[3]));
}

static void
test_rows(double offset, bool weighted)
{
	double		got[SIZE],
				want[SIZE],
				part[SIZE];
	jrn_running whole,
				other;
	const double *m = got + JRN_RUNNING_TOTALS + 2 * Q;
	const char *name = weighted ? "weights" : "no weights";

	make_rows(offset);
	by_definition(want, weighted);
	add_rows(got, 0, N, weighted);
	ok(got[0] == N && got[1] == want[1], "offset %g, %s: rows and weight", offset, name);
	ok_close(got[2] + 1.0, want[2] + 1.0, 1e-12, "offset %g, %s: sum of log weights", offset, name);
	ok_close(got[JRN_RUNNING_TOTALS + 2], want[JRN_RUNNING_TOTALS + 2], 1e-15,
			 "offset %g, %s: mean", offset, name);
	ok(apart(got, want) < 1e-13, "R-RUN-1 R-RUN-2 offset %g, %s: co-moments apart by %g",
	   offset, name, apart(got, want));
	ok(m[1] == 0.0 && m[2] == 0.0 && m[4] == 0.0, "R-RUN-1 a constant has co-moments of exactly 0");
	add_rows(got, 0, 17, weighted);
	add_rows(part, 17, N, weighted);
	jrn_running_open(got, Q, &whole);
	jrn_running_open(part, Q, &other);
	jrn_running_merge(&whole, &other);
	jrn_running_close(&whole, got);
	ok(got[0] == N && apart(got, want) < 1e-13, "R-RUN-3 offset %g, %s: merged parts apart by %g",
	   offset, name, apart(got, want));
	ok(m[2] == 0.0, "R-RUN-3 a constant stays one");
}

static void
test_empty(void)
{
	double		got[SIZE],
				want[SIZE],
				none[SIZE] = {0};
	jrn_running a,
				b;

	add_rows(want, 0, 40, true);
	add_rows(got, 0, 40, true);
	jrn_running_open(got, Q, &a);
	jrn_running_open(none, Q, &b);
	jrn_running_merge(&a, &b);
	jrn_running_close(&a, got);
	ok(memcmp(got, want, sizeof(got)) == 0, "merging nothing changes nothing");
	jrn_running_merge(&b, &a);
	jrn_running_close(&b, none);
	ok(memcmp(none, want, sizeof(none)) == 0, "merging into nothing is a copy");
}

static void
test_check(void)
{
	double		flat[SIZE];
	jrn_running running;
	int			i;

	for (i = 0; i < SIZE; i++)
	{
		add_rows(flat, 0, 40, true);
		flat[i] = NAN;
		jrn_running_open(flat, Q, &running);
		ok(jrn_running_check(&running) != JRN_OK, "NaN at %d is found", i);
	}
	add_rows(flat, 0, 40, true);
	jrn_running_open(flat, Q, &running);
	ok_int(jrn_running_check(&running), JRN_OK, "a sound state passes");
	running.n = 2.5;
	ok_int(jrn_running_check(&running), JRN_CORRUPT, "a broken count");
	running.n = 40.0;
	running.w = -1.0;
	ok_int(jrn_running_check(&running), JRN_CORRUPT, "a negative weight");
	running.w = 1.0;
	running.m[0] = -1.0;
	ok_int(jrn_running_check(&running), JRN_CORRUPT, "a negative variance");
}

static jrn_status
fit_line(const jrn_env *env, void *arg)
{
	double	   *flat = arg;
	jrn_running running;
	jrn_moments moments;
	jrn_model	model;

	jrn_running_open(flat, Q, &running);
	JRN_TRY(jrn_running_moments(env, &running, &moments));
	JRN_TRY(jrn_fit_moments(env, &moments, running.log_w, &model));
	if (model.terms == Q && isnan(model.coefficients[2]) &&
		model.status == JRN_FIT_RANK_DEFICIENT)
	{
		const double *m = running.m;
		double		rss = m[5] - m[3] * m[3] / m[0];

		ok_close(model.coefficients[1], m[3] / m[0], 1e-14, "slope");
		ok_close(model.deviance, rss, 1e-12, "residual sum of squares");
		ok_close(model.covariance[2], rss / (N - 2) / m[0], 1e-12, "variance of the slope");
		ok_close(model.log_likelihood,
				 0.5 * (running.log_w - N * (log(2 * acos(-1.0) * rss / N) + 1)), 1e-12,
				 "log-likelihood with weights");
	}
	return JRN_OK;
}

void
test_running(void)
{
	double		flat[SIZE];
	jrn_env		env = host_env();

	test_rows(0.0, false);
	test_rows(1e9, false);
	test_rows(1e9, true);
	test_empty();
	test_check();
	make_rows(100.0);
	add_rows(flat, 0, N, true);
	ok_int(fit_line(&env, flat), JRN_OK, "fit of a line and an aliased constant");
	ok_survives(fit_line, flat, "fit from running moments");
}
