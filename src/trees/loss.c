/*
 * loss.c
 *		Derivatives, losses and sums of the boosting families (see loss.h).
 */
#include "loss.h"

#include <math.h>
#include <string.h>

/* ---- exp and log ---- */

/* 1/k! for k = 13 .. 0 */
static const double exp_terms[14] = {
	1.6059043836821613e-10, 2.08767569878681e-09, 2.505210838544172e-08,
	2.755731922398589e-07, 2.7557319223985893e-06, 2.48015873015873e-05,
	1.984126984126984e-04, 1.388888888888889e-03, 8.333333333333333e-03,
	4.1666666666666664e-02, 1.6666666666666666e-01, 0.5, 1.0, 1.0
};

#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW 1.90821492927058770002e-10

/* x = n ln 2 + r, |r| <= ln(2)/2 */
double
jrn_trees_exp(double x)
{
	double		n;
	double		r;
	double		e;
	double		power;
	uint64_t	bits;
	int			k;

	if (x > 709.0)
		x = 709.0;				/* the largest link a model can have is far below */
	if (x < -708.0)
		x = -708.0;
	n = floor(x * 1.44269504088896340736 + 0.5);
	r = (x - n * LN2_HIGH) - n * LN2_LOW;
	e = exp_terms[0];
	for (k = 1; k < 14; k++)
		e = e * r + exp_terms[k];
	bits = (uint64_t) ((int) n + 1023) << 52;
	memcpy(&power, &bits, sizeof(power));
	return e * power;
}

/* x = m 2^n, m in [sqrt(1/2), sqrt(2)); log m = 2 atanh((m - 1) / (m + 1)). */
double
jrn_trees_log(double x)
{
	int			n;
	double		m = frexp(x, &n);
	double		s;
	double		z;
	double		sum = 0.0;
	int			k;

	if (m < 0.70710678118654752440)
	{
		m *= 2.0;
		n--;
	}
	s = (m - 1.0) / (m + 1.0);
	z = s * s;
	for (k = 21; k >= 3; k -= 2)
		sum = sum * z + 1.0 / k;
	return n * LN2_HIGH + (2.0 * s + (2.0 * s * z * sum + n * LN2_LOW));
}

/* ---- families ---- */

double
jrn_trees_response(jrn_trees_family family, double link)
{
	double		e;

	switch (family)
	{
		case JRN_TREES_GAUSSIAN:
			break;
		case JRN_TREES_BINOMIAL:
			e = jrn_trees_exp(-fabs(link));
			return link < 0.0 ? e / (1.0 + e) : 1.0 / (1.0 + e);
		case JRN_TREES_POISSON:
			return jrn_trees_exp(link);
	}
	return link;
}

void
jrn_trees_derivatives(jrn_trees_family family, double y, double link, double *g, double *h)
{
	double		mu = jrn_trees_response(family, link);

	*g = mu - y;
	*h = family == JRN_TREES_GAUSSIAN ? 1.0 :
		family == JRN_TREES_BINOMIAL ? mu * (1.0 - mu) : mu;
}

double
jrn_trees_loss_row(jrn_trees_family family, double y, double link)
{
	double		loss;

	switch (family)
	{
		case JRN_TREES_GAUSSIAN:
			break;
		case JRN_TREES_BINOMIAL:
			loss = jrn_trees_log(1.0 + jrn_trees_exp(-fabs(link)));
			return loss + (link > 0.0 ? (1.0 - y) * link : -y * link);
		case JRN_TREES_POISSON:
			loss = (y > 0.0 ? y * (jrn_trees_log(y) - link) : 0.0) - (y - jrn_trees_exp(link));
			return loss > 0.0 ? 2.0 * loss : 0.0;
	}
	return (y - link) * (y - link);
}

bool
jrn_trees_link_of_mean(jrn_trees_family family, double mean, double *link)
{
	*link = mean;
	if (family == JRN_TREES_GAUSSIAN)
		return true;
	if (!(mean > 0.0) || (family == JRN_TREES_BINOMIAL && !(mean < 1.0)))
		return false;
	*link = jrn_trees_log(mean);
	if (family == JRN_TREES_BINOMIAL)
		*link -= jrn_trees_log(1.0 - mean);
	return true;
}

/* ---- sums: R-LOSS-1 ---- */

/* The power of two that brings numbers up to most to 52 bits. */
static double
scale_of(double most)
{
	int			exponent;

	(void) frexp(most, &exponent);
	exponent = 52 - exponent;
	return ldexp(1.0, exponent > 1000 ? 1000 : exponent);
}

static double
mean_of(__int128 sum, double scale, size_t count)
{
	return (double) sum / (double) count / scale;
}

jrn_status
jrn_trees_mean(const jrn_env *env, const double *y, const uint32_t *rows, size_t count,
			   double *mean, double *least, double *most)
{
	double		scale;
	__int128	sum = 0;
	size_t		i;

	*mean = *least = *most = y[rows[0]];
	for (i = 1; i < count; i++)
	{
		double		value = y[rows[i]];

		*least = value < *least ? value : *least;
		*most = value > *most ? value : *most;
	}
	JRN_TICK(env);
	if (*least == *most)		/* exactly, not by way of a sum */
		return JRN_OK;
	scale = scale_of(fabs(*least) > fabs(*most) ? fabs(*least) : fabs(*most));
	for (i = 0; i < count; i++)
	{
		sum += llrint(y[rows[i]] * scale);
		if (i % 65536 == 65535)
			JRN_TICK(env);
	}
	*mean = mean_of(sum, scale, count);
	return JRN_OK;
}

jrn_status
jrn_trees_mean_loss(const jrn_env *env, jrn_trees_family family, const double *y,
					const double *link, const uint32_t *rows, size_t count, double *loss)
{
	double		most = 0.0;
	double		scale = 1.0;
	__int128	sum = 0;
	int			pass;
	size_t		i;

	for (pass = 0; pass < 2; pass++)
	{
		for (i = 0; i < count; i++)
		{
			double		value = jrn_trees_loss_row(family, y[rows[i]], link[rows[i]]);

			if (pass == 0)
				most = value > most ? value : most;
			else
				sum += llrint(value * scale);
			if (i % 16384 == 16383)
				JRN_TICK(env);
		}
		if (most > 0.0)
			scale = scale_of(most);
	}
	*loss = mean_of(sum, scale, count);
	return JRN_OK;
}
