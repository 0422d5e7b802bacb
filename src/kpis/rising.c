/*
 * rising.c
 *		Rising factorials (see rising.h).
 */
#include <math.h>

#include "../core/gamma.h"
#include "rising.h"

/* Terms that are summed one by one; above, Stirling's formula is exact from z = 16. */
#define TERMS 64
#define LARGE 16.0

/* psi(z) - ln z for z >= 16: the tail of the asymptotic series (DLMF 5.11.2). */
static double
digamma_tail(double z)
{
	double		y = 1.0 / (z * z);

	return -0.5 / z - y * (1.0 / 12 - y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y / 132))));
}

/* psi'(z) - 1/z for z >= 16 (DLMF 5.15.8). */
static double
trigamma_tail(double z)
{
	double		y = 1.0 / (z * z);

	return 0.5 * y + y / z * (1.0 / 6 - y * (1.0 / 30 - y * (1.0 / 42 - y * (1.0 / 30 - y * 5.0 / 66))));
}

double
jrn_trigamma(double z)
{
	double		sum = 0.0;

	for (; z < LARGE; z += 1.0)
		sum += 1.0 / (z * z);
	return sum + 1.0 / z + trigamma_tail(z);
}

static void
add_terms(double z, double x, double out[3])
{
	double		i;

	for (i = 0.0; i < x; i += 1.0)
	{
		double		inverse = 1.0 / (z + i);

		out[0] += log(z + i);
		out[1] += inverse;
		out[2] += inverse * inverse;
	}
}

void
jrn_rising(double z, double x, double out[3])
{
	out[0] = out[1] = out[2] = 0.0;
	if (x <= TERMS)
	{
		add_terms(z, x, out);
		return;
	}
	while (z < LARGE)
	{
		add_terms(z, 1.0, out);
		z += 1.0;
		x -= 1.0;
	}
	out[0] += (z - 0.5) * log1p(x / z) + x * log(z + x) - x +
		jrn_stirling_error(z + x) - jrn_stirling_error(z);
	out[1] += log1p(x / z) + digamma_tail(z + x) - digamma_tail(z);
	out[2] += x / (z * (z + x)) + trigamma_tail(z) - trigamma_tail(z + x);
}
