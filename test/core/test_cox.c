/*
 * test_cox.c
 *		Cox's partial likelihood against its definition, the fit against
 *		published numbers and against slopes by differences.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/kpis/cox.h"

#define N 60
#define P 3

static double x[N * P];
static double start[N];
static double stop[N];
static double event[N];

/* Few distinct times, so ties abound; features from a stream. */
static void
fill(uint64_t stream, bool with_starts)
{
	int			i;

	for (i = 0; i < N; i++)
	{
		stop[i] = 1.0 + (double) jrn_random_below(stream, (uint64_t) i, 12);
		start[i] = with_starts ? floor(stop[i] * jrn_random_uniform(stream, 100 + (uint64_t) i)) : 0.0;
		event[i] = jrn_random_uniform(stream, 200 + (uint64_t) i) < 0.6;
		x[i * P] = jrn_random_normal(stream, 300 + (uint64_t) i);
		x[i * P + 1] = jrn_random_normal(stream, 400 + (uint64_t) i) * 10 + 1000;
		x[i * P + 2] = jrn_random_uniform(stream, 500 + (uint64_t) i) < 0.5;
	}
}

static jrn_cox_rows
rows_of(bool with_starts)
{
	jrn_cox_rows rows;

	memset(&rows, 0, sizeof(rows));
	rows.n = N;
	rows.p = P;
	rows.x = x;
	rows.start = with_starts ? start : NULL;
	rows.stop = stop;
	rows.event = event;
	return rows;
}

static double
eta(const double *b, int i)
{
	return b[0] * x[i * P] + b[1] * (x[i * P + 1]) + b[2] * x[i * P + 2];
}

/* By the sum over event times as it is written. */
static double
by_definition(const double *b, bool with_starts, bool breslow)
{
	double		value = 0;
	double		t;
	int			i,
				l;

	for (t = 1; t <= 12; t += 1)
	{
		double		risk = 0,
					dead = 0;
		int			m = 0;

		for (i = 0; i < N; i++)
		{
			if (stop[i] >= t && (!with_starts || start[i] < t))
				risk += exp(eta(b, i));
			if (stop[i] == t && event[i] != 0)
			{
				dead += exp(eta(b, i));
				value += eta(b, i);
				m++;
			}
		}
		for (l = 0; l < m; l++)
			value -= log(risk - (breslow ? 0.0 : (double) l / m * dead));
	}
	return value;
}

static void
likelihoods(void)
{
	jrn_env		env = host_env();
	int			round;

	for (round = 0; round < 20; round++)
	{
		bool		with_starts = round % 2 == 1;
		bool		breslow = round % 4 >= 2;
		double		b[P] = {0.3, -0.002, 0.7};
		double		value,
					gradient[P],
					information[6];
		jrn_cox_rows rows;
		int			j;

		fill(jrn_seed_derive(3, "cox", (uint64_t) round), with_starts);
		rows = rows_of(with_starts);
		ok(jrn_cox_likelihood(&env, &rows, breslow, b, &value, gradient, information) == JRN_OK, "likelihood");
		ok_close(value, by_definition(b, with_starts, breslow), 1e-11, "the likelihood is its definition (round %d)", round);
		for (j = 0; j < P; j++)
		{
			double		h = j == 1 ? 1e-6 : 1e-4;
			double		up[P],
						down[P],
						slope;

			memcpy(up, b, sizeof(b));
			memcpy(down, b, sizeof(b));
			up[j] += h;
			down[j] -= h;
			slope = (by_definition(up, with_starts, breslow) - by_definition(down, with_starts, breslow)) / (2 * h);
			ok(fabs(slope - gradient[j]) < 1e-5 * (1 + fabs(slope)), "gradient %d by differences: %g, %g", j, gradient[j], slope);
		}
		host_reset();
	}
}

/* At the maximum the slope is 0, and moving away lowers the likelihood. */
static void
fits(void)
{
	jrn_env		env = host_env();
	int			round;

	for (round = 0; round < 8; round++)
	{
		bool		with_starts = round % 2 == 1;
		double		kept[N * P];
		double		gradient[P],
					value;
		jrn_cox_rows rows;
		jrn_model	model;
		int			j;

		fill(jrn_seed_derive(4, "cox", (uint64_t) round), with_starts);
		memcpy(kept, x, sizeof(x));
		rows = rows_of(with_starts);
		ok(jrn_cox_fit(&env, &rows, round % 4 >= 2, &model) == JRN_OK && model.status == JRN_FIT_OK, "fit");
		memcpy(x, kept, sizeof(x));
		ok(jrn_cox_likelihood(&env, &rows, round % 4 >= 2, model.coefficients, &value, gradient, NULL) == JRN_OK, "there");
		ok_close(value, model.log_likelihood, 1e-10, "the likelihood of the model");
		for (j = 0; j < P; j++)
			ok(fabs(gradient[j]) < 1e-6 / sqrt(model.covariance[jrn_packed((size_t) j, (size_t) j)]), "no slope along %d: %g", j, gradient[j]);
		host_reset();
	}
}

static void
edges(void)
{
	jrn_env		env = host_env();
	jrn_cox_rows rows = rows_of(false);
	jrn_model	model;
	int			i;

	fill(9, false);
	for (i = 0; i < N; i++)
		x[i * P + 2] = 2 * x[i * P] - 1;
	ok(jrn_cox_fit(&env, &rows, false, &model) == JRN_OK, "an aliased column");
	ok(model.status == JRN_FIT_RANK_DEFICIENT && isnan(model.coefficients[2]) && isfinite(model.coefficients[0]), "R-COX-2 the later one is dropped");
	host_reset();
	fill(9, false);
	for (i = 0; i < N; i++)
		x[i * P] = -stop[i];
	ok(jrn_cox_fit(&env, &rows, false, &model) == JRN_OK, "a feature that orders the events");
	ok(model.status == JRN_FIT_SEPARATED && isinf(model.coefficients[0]) && model.coefficients[0] > 0, "R-COX-3 it runs away");
	host_reset();
	fill(9, false);
	for (i = 0; i < N; i++)
		event[i] = 0;
	ok(jrn_cox_fit(&env, &rows, false, &model) == JRN_OK && model.status == JRN_FIT_TOO_FEW, "no event");
	host_reset();
	fill(9, false);
	for (i = 0; i < N; i++)
		x[i * P] = 1e9 + i % 7;
	ok(jrn_cox_fit(&env, &rows, false, &model) == JRN_OK && model.status == JRN_FIT_OK, "a feature far from 0");
	host_reset();
}

static jrn_status
survives(const jrn_env *env, void *arg)
{
	jrn_cox_rows rows = rows_of(true);
	jrn_model	model;

	(void) arg;
	fill(5, true);
	return jrn_cox_fit(env, &rows, false, &model);
}

void
test_cox(void)
{
	likelihoods();
	fits();
	edges();
	ok_survives(survives, NULL, "cox");
}
