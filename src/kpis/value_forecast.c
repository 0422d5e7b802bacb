/*
 * value_forecast.c
 *		Forecasts of the customer value models (see value_forecast.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "value_forecast.h"

#define MOST_TERMS 100000
#define TERMS_A_TICK 4096
#define UNITS_A_TICK 64.0
#define MOST_NODES 640
#define NODE_STEP 0.0625
#define NEGLIGIBLE 45.0			/* e^-45 of the largest weight */

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

/* Values of p with weights that add up to 1. */
typedef struct mixture
{
	int			n;
	double		p[MOST_NODES];
	double		weight[MOST_NODES];
} mixture;

/* (1 - (1 + p grow)^-k) / p; k grow at p = 0. */
static double
purchases_given(double p, double k, double grow)
{
	double		e = -k * log1p(p * grow);

	return p < 1e-290 ? k * grow : -expm1(e) / p;
}

/* ln of the density of y = ln(p/(1 - p)) for p ~ Beta(a, b), without its constant. */
static double
log_density(double a, double b, double y)
{
	return -a * jrn_log1pexp(-y) - b * jrn_log1pexp(y);
}

/*
 * Nodes for a mean over p ~ Beta(a, b): the trapezoid rule in u, where y = mode
 * + width sinh(u).  The density of y is log-concave with exponential tails and
 * analytic in a strip, so the rule converges geometrically (Takahasi and Mori
 * 1974), and one set of nodes serves every horizon.
 */
static void
make_mixture(double a, double b, mixture *of)
{
	double		mode = log(a) - log(b);
	double		width = sqrt((a + b) / a / b);
	double		top = log_density(a, b, mode);
	double		sum = 0.0;
	int			side,
				i;

	of->n = 0;
	for (side = -1; side <= 1; side += 2)
		for (i = side < 0 ? 1 : 0; of->n < MOST_NODES; i++)
		{
			double		u = side * i * NODE_STEP;
			double		y = mode + width * sinh(u);
			double		height = log_density(a, b, y) - top + log(cosh(u));

			if (i > 0 && height < -NEGLIGIBLE)
				break;
			of->p[of->n] = jrn_logistic(y);
			of->weight[of->n] = exp(height);
			sum += of->weight[of->n++];
		}
	for (i = 0; i < of->n; i++)
		of->weight[i] /= sum;
}

static double
mixture_mean(const mixture *of, double k, double grow)
{
	double		sum = 0.0;
	int			i;

	for (i = 0; i < of->n; i++)
		sum += of->weight[i] * purchases_given(of->p[i], k, grow);
	return sum;
}

static double
integrate(double a, double b, double k, double grow)
{
	mixture		of;

	make_mixture(a, b, &of);
	return mixture_mean(&of, k, grow);
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
	{
		*mean = integrate(a, b, k, h / scale);
		return JRN_OK;
	}
	for (n = 0; n < MOST_TERMS && term > sum * 1e-17; n++)
	{
		if (n % TERMS_A_TICK == TERMS_A_TICK - 1)
			JRN_TICK(env);
		term *= (k + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
		sum += term;
		if (!(sum < 1e290))
			break;
	}
	/* 1 - sum must keep ten digits */
	if (n == MOST_TERMS || !(sum < 1e290) || fabs(1.0 - sum) < 1e-5)
		*mean = integrate(a, b, k, h / scale);
	else
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
	mixture		of;
	double		before = 0.0;
	double		unit;

	if (discount == 0.0)
		return jrn_value_purchases(env, model, th, row, alive, horizon, purchases);
	if (model != JRN_PARETO_NBD)
		make_mixture(th[2], th[3] + row->x + (model == JRN_MBG_NBD ? 1.0 : 0.0), &of);
	*purchases = 0.0;
	for (unit = 1.0; unit < horizon + 1.0; unit += 1.0)
	{
		double		end = fmin(unit, horizon);
		double		until;

		if (fmod(unit, UNITS_A_TICK) == 0.0)
			JRN_TICK(env);
		until = alive * (model == JRN_PARETO_NBD ? pareto_purchases(th, row, end) :
						 mixture_mean(&of, th[0] + row->x, end / (th[1] + row->age)));
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
