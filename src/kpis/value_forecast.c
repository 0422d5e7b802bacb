/*
 * value_forecast.c
 *		Forecasts of the customer value models (see value_forecast.h).
 */
#include <math.h>

#include "../core/beta.h"
#include "../core/dist.h"
#include "value_forecast.h"

#define MOST_TERMS 100000
#define TERMS_A_TICK 4096
#define UNITS_A_TICK 64.0
#define PI 3.14159265358979323846

double
jrn_value_alive(jrn_value_model model, const double *th, const jrn_value_row *row)
{
	double		below = th[3] + row->x - (model == JRN_BG_NBD ? 1.0 : 0.0);

	if (model == JRN_PARETO_NBD)
	{
		jrn_value_score score;
		double		alive;

		jrn_pareto_score(row, th, &score, &alive);
		return alive;
	}
	if (model == JRN_BG_NBD && row->x == 0.0)
		return 1.0;
	return jrn_logistic(-(log(th[2]) - log(below) +
						  (th[0] + row->x) * log1p((row->age - row->t) / (th[1] + row->t))));
}

/* (1 - (1 + p grow)^-k) / p; k grow at p = 0. */
static double
purchases_given(double p, double k, double grow)
{
	double		e = -k * log1p(p * grow);

	return p < 1e-290 ? k * grow : -expm1(e) / p;
}

/*
 * Mean of purchases_given over p ~ Beta(a, b) by the double exponential rule
 * (Takahasi and Mori 1974) with p = 1/(1 + e^(-pi sinh u)).  The value at p = 0
 * is taken out, so that a tiny a costs nothing.  The step is halved until two
 * rules agree.
 */
static jrn_status
integrate(const jrn_env *env, double a, double b, double k, double grow, double *mean)
{
	double		log_beta = jrn_log_beta(a, b);
	double		at_zero = k * grow;
	double		step = 0.25;
	double		before = NAN;
	int			round;

	for (round = 0; round < 12; round++, step *= 0.5)
	{
		double		sum = 0.0;
		int			nodes = (int) (4.5 / step);
		int			i;

		JRN_TICK(env);
		for (i = -nodes; i <= nodes; i++)
		{
			double		s = PI * sinh(i * step);
			double		log_p = -jrn_log1pexp(-s);
			double		log_q = -jrn_log1pexp(s);
			double		w = exp(a * log_p + b * log_q - log_beta) * PI * cosh(i * step);

			sum += w * (purchases_given(exp(log_p), k, grow) - at_zero);
		}
		*mean = at_zero + step * sum;
		if (fabs(*mean - before) <= 1e-12 * fabs(*mean) && round >= 3)
			return JRN_OK;
		before = *mean;
	}
	return JRN_OK;
}

/* Purchases within h of a customer of (M)BG/NBD who is alive. */
static jrn_status
purchases_of_alive(const jrn_env *env, double k, double scale, double a, double b, double h, double *mean)
{
	double		c = a + b - 1.0;
	double		z = h / (scale + h);
	double		log_first = k * log1p(-z);
	double		term = exp(log_first);
	double		sum = term;
	int			n;

	*mean = 0.0;
	if (h == 0.0)
		return JRN_OK;
	if (c < 0.05 || fabs(a - 1.0) < 0.05 || log_first < -600.0 || z > 0.98)
		return integrate(env, a, b, k, h / scale, mean);
	for (n = 0; n < MOST_TERMS && term > sum * 1e-17; n++)
	{
		if (n % TERMS_A_TICK == TERMS_A_TICK - 1)
			JRN_TICK(env);
		term *= (k + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
		sum += term;
		if (!(sum < 1e290))
			return integrate(env, a, b, k, h / scale, mean);
	}
	/* 1 - sum must keep ten digits */
	if (n == MOST_TERMS || fabs(1.0 - sum) < 1e-5)
		return integrate(env, a, b, k, h / scale, mean);
	*mean = c / (a - 1.0) * (1.0 - sum);
	return JRN_OK;
}

/* Pareto/NBD: purchases within h of a customer who is alive (R-FOR-3). */
static double
pareto_purchases(const double *th, const jrn_value_row *row, double h)
{
	double		spread = log1p(h / (th[3] + row->age));
	double		s = th[2] - 1.0;
	double		years = fabs(s * spread) < 1e-300 ? spread : -expm1(-s * spread) / s;

	return (th[0] + row->x) * (th[3] + row->age) / (th[1] + row->age) * years;
}

jrn_status
jrn_value_purchases(const jrn_env *env, jrn_value_model model, const double *th,
					const jrn_value_row *row, double alive, double horizon, double *purchases)
{
	if (model == JRN_PARETO_NBD)
		*purchases = pareto_purchases(th, row, horizon);
	else
		JRN_TRY(purchases_of_alive(env, th[0] + row->x, th[1] + row->age, th[2],
								   th[3] + row->x + (model == JRN_MBG_NBD ? 1.0 : 0.0), horizon, purchases));
	*purchases *= alive;
	return JRN_OK;
}

jrn_status
jrn_value_discounted(const jrn_env *env, jrn_value_model model, const double *th,
					 const jrn_value_row *row, double alive, double horizon,
					 double discount, double *purchases)
{
	double		before = 0.0;
	double		unit;

	if (discount == 0.0)
		return jrn_value_purchases(env, model, th, row, alive, horizon, purchases);
	*purchases = 0.0;
	for (unit = 1.0; unit < horizon + 1.0; unit += 1.0)
	{
		double		end = fmin(unit, horizon);
		double		until;

		if (fmod(unit, UNITS_A_TICK) == 0.0)
			JRN_TICK(env);
		JRN_TRY(jrn_value_purchases(env, model, th, row, alive, end, &until));
		*purchases += (until - before) * exp(-end * log1p(discount));
		before = until;
	}
	return JRN_OK;
}

double
jrn_value_spend(const double *th, double x, double z)
{
	double		p = th[0];
	double		q = th[1];

	if (!(q > 1.0))
		return NAN;
	return x > 0.0 ? (p * x * z + p * th[2]) / (p * x + q - 1.0) : p * th[2] / (q - 1.0);
}
