/*
 * test_value_models.c
 *		Likelihoods, gradients and forecasts of customer value models against
 *		40-digit arithmetic (test/oracles/clv.py); curvature against
 *		differences of gradients.
 */
#include "tap.h"

#include "../../src/kpis/rising.h"
#include "../../src/kpis/value_forecast.h"
#include "../../src/kpis/value_models.h"
#include "golden_value.h"

#define AT(i, j) ((i) * ((i) + 1) / 2 + (j))
#define GOLDEN (sizeof(golden_value) / sizeof(golden_value[0]))

static jrn_value_row
golden_row(size_t i)
{
	jrn_value_row row;

	row.x = golden_value[i].x;
	row.t = golden_value[i].t;
	row.age = golden_value[i].age;
	row.weight = 1.0;
	return row;
}

static double
distance(double got, double want, double scale)
{
	return fabs(got - want) / fmax(fmax(fabs(want), scale), 1e-300);
}

static void
against_golden(void)
{
	jrn_env		env = host_env();
	double		worst_value = 0.0,
				worst_gradient = 0.0,
				worst_alive = 0.0,
				worst_within = 0.0,
				worst_units = 0.0;
	size_t		i;

	for (i = 0; i < GOLDEN; i++)
	{
		jrn_value_model model = (jrn_value_model) golden_value[i].model;
		const double *th = golden_value[i].th;
		jrn_value_row row = golden_row(i);
		jrn_value_score score;
		double		d;
		double		alive;
		int			j;

		ok(jrn_value_score_all(&env, model, &row, 1, th, &score) == JRN_OK, "score of golden row %zu", i);
		d = distance(score.value, golden_value[i].value, 1.0);
		if (d > 1e-12)
			printf("# row %zu: value %.17g, want %.17g\n", i, score.value, golden_value[i].value);
		worst_value = fmax(worst_value, d);
		for (j = 0; j < jrn_value_parameters(model); j++)
		{
			/* against the size of the terms that make it up */
			d = distance(score.gradient[j], golden_value[i].gradient[j], 1e-3 * (1.0 + row.x) / th[j]);
			if (d > 1e-10)
				printf("# row %zu: gradient %d %.17g, want %.17g\n", i, j, score.gradient[j], golden_value[i].gradient[j]);
			worst_gradient = fmax(worst_gradient, d);
		}
		if (model == JRN_GAMMA_GAMMA)
			continue;
		alive = jrn_value_alive(model, th, &row);
		d = distance(alive, golden_value[i].alive, 0.0);
		if (d > 1e-10)
			printf("# row %zu: alive %.17g, want %.17g\n", i, alive, golden_value[i].alive);
		worst_alive = fmax(worst_alive, d);
		for (j = 0; j < 2; j++)
		{
			double		got = NAN;

			ok(jrn_value_purchases(&env, model, th, &row, alive, j == 0 ? 39.0 : 400.0, &got) == JRN_OK, "purchases of golden row %zu", i);
			d = distance(got, golden_value[i].within[j], 0.0);
			if (!(d <= 1e-9))
				printf("# row %zu: within %d %.17g, want %.17g\n", i, j, got, golden_value[i].within[j]);
			worst_within = fmax(worst_within, isnan(d) ? INFINITY : d);
			ok(jrn_value_discounted(&env, model, th, &row, alive, j == 0 ? 39.0 : 400.0, 1e-14, &got) == JRN_OK, "by units");
			d = distance(got, golden_value[i].within[j], 0.0);
			if (!(d <= 1e-9))
				printf("# row %zu: by units %d %.17g, want %.17g\n", i, j, got, golden_value[i].within[j]);
			worst_units = fmax(worst_units, isnan(d) ? INFINITY : d);
		}
	}
	ok(worst_value < 1e-12, "log-likelihoods agree with 40 digits: %g", worst_value);
	ok(worst_gradient < 1e-9, "gradients agree: %g", worst_gradient);
	ok(worst_alive < 1e-10, "P(alive) agrees: %g", worst_alive);
	ok(worst_within < 1e-9, "expected purchases agree: %g", worst_within);
	ok(worst_units < 1e-9, "so do their sums over units at hardly any discount: %g", worst_units);
}

/* Central differences of the gradient. */
static void
curvature(void)
{
	jrn_env		env = host_env();
	double		worst = 0.0;
	size_t		i;

	for (i = 0; i < GOLDEN; i++)
	{
		jrn_value_model model = (jrn_value_model) golden_value[i].model;
		int			k = jrn_value_parameters(model);
		jrn_value_row row = golden_row(i);
		jrn_value_score at,
					up,
					down;
		int			a,
					b;

		jrn_value_score_all(&env, model, &row, 1, golden_value[i].th, &at);
		for (a = 0; a < k; a++)
		{
			double		h = 1e-5 * golden_value[i].th[a];
			double		th[4];

			memcpy(th, golden_value[i].th, sizeof(th));
			th[a] = golden_value[i].th[a] + h;
			jrn_value_score_all(&env, model, &row, 1, th, &up);
			th[a] = golden_value[i].th[a] - h;
			jrn_value_score_all(&env, model, &row, 1, th, &down);
			for (b = 0; b < k; b++)
			{
				double		want = (up.gradient[b] - down.gradient[b]) / (2.0 * h);
				double		got = at.hessian[a >= b ? AT(a, b) : AT(b, a)];
				double		d = distance(got, want, 1e-2 * (1.0 + row.x) / (golden_value[i].th[a] * golden_value[i].th[b]));

				if (d > 1e-5)
					printf("# row %zu: hessian %d %d %.17g, want %.17g\n", i, a, b, got, want);
				worst = fmax(worst, d);
			}
		}
	}
	ok(worst < 1e-5, "Hessians agree with differences of gradients: %g", worst);
}

/* R-RIS-1 */
static void
rising(void)
{
	double		out[3];

	jrn_rising(1e15, 100.0, out);
	ok_close(out[0], 100.0 * log(1e15) + 4950.0 / 1e15, 1e-15, "ln of a rising factorial at 1e15");
	ok_close(out[1], 100.0 / (1e15 + 49.5), 1e-14, "its derivative there");
	jrn_rising(2.0, 200.0, out);
	ok_close(out[0], lgamma(202.0), 1e-14, "ln 201!");
	ok_close(jrn_trigamma(1.0), 1.6449340668482264365, 1e-14, "trigamma(1) is pi^2/6");
}

/* R-FOR-4, R-FOR-5 */
static void
money(void)
{
	jrn_env		env = host_env();
	static const double purchase[] = {0.2425945, 4.4136024, 0.7929221, 2.4259069};
	static const double spend[] = {6.25, 3.74, 15.45};
	static const double no_mean[] = {6.25, 0.9, 15.45};
	jrn_value_row row = {2.0, 30.43, 38.86, 1.0};
	double		alive = jrn_value_alive(JRN_BG_NBD, purchase, &row);
	double		total,
				by_hand = 0.0,
				before = 0.0,
				until;
	int			u;

	ok_close(alive, 0.7266092, 1e-6, "P(alive) of (2, 30.43, 38.86)");
	jrn_value_purchases(&env, JRN_BG_NBD, purchase, &row, alive, 39.0, &until);
	ok_close(until, 1.2259068, 1e-6, "E[Y(39)] of it");
	for (u = 1; u <= 11; u++)
	{
		double		end = u < 11 ? u : 10.5;

		jrn_value_purchases(&env, JRN_BG_NBD, purchase, &row, alive, end, &until);
		by_hand += (until - before) / pow(1.01, u < 11 ? u : 10.5);
		before = until;
	}
	jrn_value_discounted(&env, JRN_BG_NBD, purchase, &row, alive, 10.5, 0.01, &total);
	ok_close(total, by_hand, 1e-12, "discount at the end of each unit, the last one a part");
	jrn_value_discounted(&env, JRN_BG_NBD, purchase, &row, alive, 10.5, 0.0, &total);
	ok_close(total, before, 1e-12, "no discount: the purchases");
	ok_close(jrn_value_spend(spend, 0.0, NAN), 6.25 * 15.45 / 2.74, 1e-14, "nobody's spend is the mean");
	ok_close(jrn_value_spend(spend, 1e9, 20.0), 20.0, 1e-7, "many purchases: their own mean");
	ok(isnan(jrn_value_spend(no_mean, 3.0, 20.0)), "no finite mean: no figure");
}

void
test_value_models(void)
{
	against_golden();
	curvature();
	rising();
	money();
}
