/*
 * value_pareto.c
 *		Pareto/NBD (R-VAL-3 of value_models.h).
 *
 * A customer with x purchases, the last at t, seen until T, either is still
 * there at T or left at some moment u in between:
 *
 *		r_(x) [ h(T) (be/(be + T))^s + int_t^T h(u) s be^s (be + u)^-(s+1) du ]
 *		h(u) = al^r (al + u)^-(r + x)
 *
 * Both parts are positive.  With their weights as probabilities the gradient
 * of the logarithm is the mean of the gradients of the parts' logarithms, and
 * the Hessian is the mean of their Hessians plus the covariance of their
 * gradients.
 */
#include <math.h>
#include <string.h>

#include "value_models.h"

#define AT(i, j) ((i) * ((i) + 1) / 2 + (j))
#define NODES 16
#define MOST_PANELS 80
#define MOST_PARTS (NODES * MOST_PANELS + 1)

/* Positive nodes and weights of Gauss-Legendre with 16 points (DLMF 3.5). */
static const double node[NODES / 2] = {
	0.0950125098376374402, 0.2816035507792589132, 0.4580167776572273863, 0.6178762444026437484,
	0.7554044083550030339, 0.8656312023878317439, 0.9445750230732325761, 0.9894009349916499326
};
static const double weight[NODES / 2] = {
	0.1894506104550684963, 0.1826034150449235889, 0.1691565193950025382, 0.1495959888165767321,
	0.1246289712555338720, 0.0951585116824927848, 0.0622535239386478929, 0.0271524594117540949
};

typedef struct part
{
	double		u;				/* moment of leaving, T for the one still there */
	double		log_weight;
	int			gone;			/* 0: still there */
} part;

static double
log_rate(const double *th, double x, double u)
{
	return -th[0] * log1p(u / th[1]) - x * log(th[1] + u) - th[2] * log1p(u / th[3]);
}

/* How fast the integrand falls per unit of v = ln(lower + u), at most; grows with u. */
static double
fall_rate(const double *th, double x, double lower, double u)
{
	return (th[0] + x) * (lower + u) / (th[1] + u) + (th[2] + 1.0) * (lower + u) / (th[3] + u);
}

/* The 16 parts of a panel of v from ln(lower + begin) on. */
static void
add_panel(const double *th, double x, double lower, double begin, double width, part *parts)
{
	int			k;

	for (k = 0; k < NODES; k++)
	{
		double		z = k < NODES / 2 ? -node[k] : node[k - NODES / 2];
		double		u = begin + (lower + begin) * expm1(0.5 * width * (1.0 + z));

		/* du = (lower + u) dv; density of leaving s/(be + u) */
		parts[k].u = u;
		parts[k].gone = 1;
		parts[k].log_weight = log_rate(th, x, u) +
			log(th[2] * (lower + u) / (th[3] + u) * 0.5 * width * weight[k % (NODES / 2)]);
	}
}

/*
 * Parts of the integral on panels on which the integrand falls by about e^4;
 * once it lies e^60 below its start one panel takes the rest.
 */
static int
make_parts(const double *th, const jrn_value_row *row, part *parts)
{
	double		lower = th[1] < th[3] ? th[1] : th[3];
	double		left = log1p((row->age - row->t) / (lower + row->t));
	double		top = log_rate(th, row->x, row->t);
	double		u = row->t;
	int			count = 0;
	int			panel;

	for (panel = 1; left > 0.0; panel++)
	{
		double		width = fmin(1.0, 4.0 / fall_rate(th, row->x, lower, u));

		width = fmin(width, 4.0 / fall_rate(th, row->x, lower, u + (lower + u) * expm1(width)));
		if (width > left || panel == MOST_PANELS || log_rate(th, row->x, u) < top - 60.0)
			width = left;
		add_panel(th, row->x, lower, u, width, parts + count);
		count += NODES;
		u += (lower + u) * expm1(width);
		left -= width;
	}
	parts[count].u = row->age;
	parts[count].gone = 0;
	parts[count++].log_weight = log_rate(th, row->x, row->age);
	return count;
}

void
jrn_pareto_score(const jrn_value_row *row, const double *th, jrn_value_score *score, double *alive)
{
	part		parts[MOST_PARTS];
	int			count = make_parts(th, row, parts);
	double		largest = -INFINITY;
	double		sum = 0.0;
	double		mean[4] = {0.0};
	double		square[10] = {0.0};
	double		second[10] = {0.0};
	int			i,
				j,
				k;

	for (k = 0; k < count; k++)
		largest = fmax(largest, parts[k].log_weight);
	for (k = 0; k < count; k++)
	{
		double		w = exp(parts[k].log_weight - largest);
		double		u = parts[k].u;
		double		al = th[1] + u;
		double		be = th[3] + u;
		double		g[4];

		sum += w;
		g[0] = -log1p(u / th[1]);
		g[1] = th[0] * u / (th[1] * al) - row->x / al;
		g[2] = -log1p(u / th[3]) + (parts[k].gone ? 1.0 / th[2] : 0.0);
		g[3] = th[2] * u / (th[3] * be) - (parts[k].gone ? 1.0 / be : 0.0);
		for (i = 0; i < 4; i++)
		{
			mean[i] += w * g[i];
			for (j = 0; j <= i; j++)
				square[AT(i, j)] += w * g[i] * g[j];
		}
		second[AT(1, 0)] += w * u / (th[1] * al);
		second[AT(1, 1)] += w * (row->x / (al * al) - th[0] * u * (th[1] + al) / (th[1] * al * th[1] * al));
		second[AT(3, 2)] += w * u / (th[3] * be);
		second[AT(3, 3)] += w * ((parts[k].gone ? 1.0 / (be * be) : 0.0) - th[2] * u * (th[3] + be) / (th[3] * be * th[3] * be));
		if (parts[k].gone)
			second[AT(2, 2)] -= w / (th[2] * th[2]);
	}
	memset(score, 0, sizeof(*score));
	score->value = largest + log(sum);
	for (i = 0; i < 4; i++)
	{
		score->gradient[i] = mean[i] / sum;
		for (j = 0; j <= i; j++)
			score->hessian[AT(i, j)] = (square[AT(i, j)] + second[AT(i, j)]) / sum -
				mean[i] / sum * (mean[j] / sum);
	}
	*alive = exp(parts[count - 1].log_weight - largest) / sum;
}
