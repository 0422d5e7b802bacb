/*
 * test_value_fit.c
 *		Fits of customer value models: planted parameters come back, random
 *		starts all reach the one maximum or say that they did not (the false
 *		maximum), data without an answer get none, units and order do not
 *		matter, and every failing allocation and cancel is survived.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/kpis/value_fit.h"
#include "../../src/kpis/value_rows.h"


static const double bg_truth[] = {0.243, 30.9, 0.793, 2.426};
static const double spend_truth[] = {6.25, 3.74, 15.45};

static uint64_t draws;

static double
uniform(void)
{
	return jrn_random_uniform(11, draws++);
}

static double
gamma_draw(double shape)
{
	return jrn_random_gamma(12, draws++, shape);
}

/* One customer of BG/NBD on whole days: x, t, age. */
static void
bg_customer(double out[3])
{
	double		rate = gamma_draw(bg_truth[0]) / bg_truth[1];
	double		g = gamma_draw(bg_truth[2]);
	double		leave = g / (g + gamma_draw(bg_truth[3]));
	double		now = 0.0;

	out[0] = out[1] = 0.0;
	out[2] = 190.0 + floor(83.0 * uniform());
	for (;;)
	{
		now += -log(uniform()) / rate;
		if (now > out[2])
			break;
		if (ceil(now) > out[1])
			out[0] += 1.0;
		out[1] = ceil(now);
		if (uniform() < leave)
			break;
	}
}

static jrn_status
fill_customers(const jrn_env *env, int n, jrn_value_rows *rows)
{
	int			i;

	draws = 0;
	JRN_TRY(jrn_value_rows_begin(rows, env));
	for (i = 0; i < n; i++)
	{
		double		c[3];

		bg_customer(c);
		JRN_TRY(jrn_value_rows_add(rows, c[0], c[1], c[2]));
	}
	return jrn_value_rows_finish(rows);
}

static void
collapse(void)
{
	jrn_env		env = host_env();
	jrn_value_rows rows;
	double		weight = 0.0;
	size_t		i;
	bool		ascending = true;

	ok(fill_customers(&env, 20000, &rows) == JRN_OK, "20,000 customers");
	for (i = 0; i < rows.count; i++)
	{
		weight += rows.list[i].weight;
		if (i > 0 && rows.list[i].x < rows.list[i - 1].x)
			ascending = false;
	}
	ok_int((long long) weight, 20000, "weights count the customers");
	ok(rows.count < 10000 && ascending, "%zu distinct rows, by x", rows.count);
	host_reset();
}

static void
planted(void)
{
	jrn_env		env = host_env();
	jrn_value_rows rows;
	jrn_value_fit fit;
	jrn_value_model model;
	int			i;

	fill_customers(&env, 20000, &rows);
	for (model = JRN_BG_NBD; model <= JRN_PARETO_NBD; model++)
	{
		jrn_status	status = jrn_value_fit_rows(&env, model, rows.list, rows.count, NULL, &fit);

		ok(status == JRN_OK && fit.converged,
		   "model %d converges in %d steps", (int) model, fit.iterations);
		ok(fit.log_likelihood < 0.0, "with a log-likelihood below 0");
		for (i = 0; model == JRN_BG_NBD && i < 4; i++)
			ok(fabs(fit.parameters[i] - bg_truth[i]) < 4.0 * fit.std_errors[i] && fit.std_errors[i] < 0.5 * bg_truth[i],
			   "parameter %d: %g (%g), planted %g", i, fit.parameters[i], fit.std_errors[i], bg_truth[i]);
	}
	host_reset();
}

/* reference/journeys.md 10.3 */
static void
false_maximum(jrn_value_model model, int customers, int starts)
{
	jrn_env		env = host_env();
	jrn_value_rows rows;
	jrn_value_fit best;
	int			reached = 0,
				honest = 0,
				wrong = 0;
	int			s;

	fill_customers(&env, customers, &rows);
	ok(jrn_value_fit_rows(&env, model, rows.list, rows.count, NULL, &best) == JRN_OK && best.converged,
	   "the maximum of model %d", (int) model);
	for (s = 0; s < starts; s++)
	{
		double		start[4];
		jrn_value_fit fit;
		bool		same = true;
		int			i;

		for (i = 0; i < 4; i++)
			start[i] = -12.0 + 24.0 * jrn_random_uniform(99, (uint64_t) (4 * s + i));
		if (jrn_value_fit_rows(&env, model, rows.list, rows.count, start, &fit) != JRN_OK)
			wrong++;
		else if (!fit.converged)
			honest++;
		else
		{
			for (i = 0; i < 4; i++)
				same = same && fabs(fit.parameters[i] / best.parameters[i] - 1.0) < 1e-4;
			if (same && fabs(fit.log_likelihood - best.log_likelihood) < 1e-6)
				reached++;
			else
			{
				wrong++;
				printf("# start %d: %g %g %g %g, log-likelihood %.6f against %.6f\n", s, fit.parameters[0],
					   fit.parameters[1], fit.parameters[2], fit.parameters[3], fit.log_likelihood, best.log_likelihood);
			}
		}
	}
	ok_int(wrong, 0, "of %d random starts of model %d none ends elsewhere", starts, (int) model);
	ok(reached > starts / 2, "%d reach the maximum, %d say not converged", reached, honest);
	host_reset();
}

static void
spend(void)
{
	jrn_env		env = host_env();
	jrn_value_rows rows;
	jrn_value_fit fit,
				cents;
	int			i;
	int			pass;

	for (pass = 0; pass < 2; pass++)
	{
		draws = 0;
		jrn_value_rows_begin(&rows, &env);
		for (i = 0; i < 5000; i++)
		{
			double		x = 1.0 + floor(6.0 * uniform());
			double		nu = gamma_draw(spend_truth[1]) / spend_truth[2];

			jrn_value_rows_add(&rows, x, (pass ? 100.0 : 1.0) * gamma_draw(spend_truth[0] * x) / nu / x, 0.0);
		}
		jrn_value_rows_finish(&rows);
		ok(jrn_value_fit_rows(&env, JRN_GAMMA_GAMMA, rows.list, rows.count, NULL, pass ? &cents : &fit) == JRN_OK, "gamma-gamma");
	}
	for (i = 0; i < 3; i++)
		ok(fit.converged && fabs(fit.parameters[i] - spend_truth[i]) < 4.0 * fit.std_errors[i],
		   "parameter %d: %g (%g), planted %g", i, fit.parameters[i], fit.std_errors[i], spend_truth[i]);
	ok_close(cents.parameters[2], 100.0 * fit.parameters[2], 1e-5, "v is in the unit of the money");
	ok_close(cents.log_likelihood, fit.log_likelihood - 5000.0 * log(100.0), 1e-9, "a density per unit of money");
	host_reset();
}

/* Weeks against days; reversed input. */
static void
units_and_order(void)
{
	jrn_env		env = host_env();
	static double customers[3000][3];
	jrn_value_rows rows;
	jrn_value_fit fit[3];
	int			pass,
				i;

	draws = 0;
	for (i = 0; i < 3000; i++)
		bg_customer(customers[i]);
	for (pass = 0; pass < 3; pass++)
	{
		double		unit = pass == 2 ? 7.0 : 1.0;

		jrn_value_rows_begin(&rows, &env);
		for (i = 0; i < 3000; i++)
		{
			const double *c = customers[pass == 1 ? 2999 - i : i];

			jrn_value_rows_add(&rows, c[0], c[1] / unit, c[2] / unit);
		}
		jrn_value_rows_finish(&rows);
		ok(jrn_value_fit_rows(&env, JRN_BG_NBD, rows.list, rows.count, NULL, &fit[pass]) == JRN_OK && fit[pass].converged, "fit %d", pass);
	}
	ok(memcmp(&fit[0].parameters, &fit[1].parameters, sizeof(fit[0].parameters)) == 0 &&
	   fit[0].log_likelihood == fit[1].log_likelihood, "the order of customers does not change a bit");
	ok_close(fit[2].parameters[1], fit[0].parameters[1] / 7.0, 1e-6, "alpha is in the unit of age");
	ok_close(fit[2].parameters[3], fit[0].parameters[3], 1e-6, "b is not");
	host_reset();
}

static void
fit_same(const char *name, int n, double x, double t, double age, jrn_value_model model)
{
	jrn_env		env = host_env();
	jrn_value_rows rows;
	jrn_value_fit fit;
	jrn_status	status;
	int			i;

	memset(&fit, 0, sizeof(fit));
	jrn_value_rows_begin(&rows, &env);
	for (i = 0; i < n; i++)
		jrn_value_rows_add(&rows, x, t, age);
	jrn_value_rows_finish(&rows);
	status = jrn_value_fit_rows(&env, model, rows.list, rows.count, NULL, &fit);
	ok(status == JRN_TOO_FEW || (status == JRN_OK && !fit.converged), "no answer: %s (model %d)", name, (int) model);
	host_reset();
}

/* x up to 501: a heavy tail that makes other programs fail. */
static void
heavy_buyers(void)
{
	jrn_env		env = host_env();
	jrn_value_rows rows;
	jrn_value_fit fit;
	int			i;

	fill_customers(&env, 5000, &rows);
	jrn_value_rows_begin(&rows, &env);
	draws = 0;
	for (i = 0; i < 5000; i++)
	{
		double		c[3];

		bg_customer(c);
		jrn_value_rows_add(&rows, c[0], c[1], c[2]);
	}
	for (i = 0; i < 20; i++)
		jrn_value_rows_add(&rows, 501.0 - 20.0 * i, 188.0, 190.0);
	jrn_value_rows_finish(&rows);
	for (i = JRN_BG_NBD; i <= JRN_PARETO_NBD; i++)
		ok(jrn_value_fit_rows(&env, (jrn_value_model) i, rows.list, rows.count, NULL, &fit) == JRN_OK && fit.converged,
		   "x up to 501 converges (model %d)", i);
	host_reset();
}

/* R-VFIT-4: the sample decides where to start, not where it ends. */
static void
many_rows(void)
{
	jrn_env		env = host_env();
	jrn_value_rows rows;
	jrn_value_fit fit,
				direct;
	static const double start[4] = {0.0, 0.0, 0.0, 0.0};
	int			i;

	fill_customers(&env, 60000, &rows);
	ok(rows.count > 2 * 4096, "%zu distinct rows", rows.count);
	ok(jrn_value_fit_rows(&env, JRN_BG_NBD, rows.list, rows.count, NULL, &fit) == JRN_OK && fit.converged, "many rows, by a sample");
	ok(jrn_value_fit_rows(&env, JRN_BG_NBD, rows.list, rows.count, start, &direct) == JRN_OK && direct.converged, "many rows, without");
	for (i = 0; i < 4; i++)
		ok_close(fit.parameters[i], direct.parameters[i], 1e-6, "parameter %d of all rows", i);
	ok(fit.iterations < direct.iterations, "in %d steps for %d", fit.iterations, direct.iterations);
	host_reset();
}

static jrn_status
fit_small(const jrn_env *env, void *arg)
{
	jrn_value_rows rows;
	jrn_value_fit fit;

	JRN_TRY(fill_customers(env, 300, &rows));
	return jrn_value_fit_rows(env, *(jrn_value_model *) arg, rows.list, rows.count, NULL, &fit);
}

static void
no_answers(void)
{
	jrn_value_model model;

	for (model = JRN_BG_NBD; model <= JRN_PARETO_NBD; model++)
	{
		fit_same("no customers", 0, 0, 0, 0, model);
		fit_same("one customer", 1, 3, 5, 10, model);
		fit_same("five customers", 5, 3, 5, 10, model);
		fit_same("nobody came back", 1000, 0, 0, 100, model);
		fit_same("all alike", 1000, 3, 50, 100, model);
		fit_same("no time", 1000, 0, 0, 0, model);
	}
	fit_same("no spend", 0, 0, 0, 0, JRN_GAMMA_GAMMA);
	fit_same("one spend", 1, 2, 30, 0, JRN_GAMMA_GAMMA);
	fit_same("all spend the same", 1000, 2, 30, 0, JRN_GAMMA_GAMMA);
}

void
test_value_fit(void)
{
	jrn_value_model model;

	collapse();
	planted();
	false_maximum(JRN_BG_NBD, 1000, 1000);
	false_maximum(JRN_MBG_NBD, 1000, 1000);
	false_maximum(JRN_PARETO_NBD, 400, 60);
	spend();
	units_and_order();
	heavy_buyers();
	many_rows();
	no_answers();
	for (model = JRN_BG_NBD; model <= JRN_PARETO_NBD; model++)
		ok_survives(fit_small, &model, "a fit");
}
