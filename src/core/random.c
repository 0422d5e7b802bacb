/*
 * random.c
 *		Counter-based random numbers (requirements in random.h).
 */
#include <math.h>

#include "dist.h"
#include "gamma.h"
#include "random.h"

/* Multiply-shift with rejection (Lemire 2019), R-RAND-4. */
uint64_t
jrn_random_below(uint64_t stream, uint64_t counter, uint64_t n)
{
	uint64_t	draw = jrn_random_u64(stream, counter);
	unsigned __int128 product = (unsigned __int128) draw * n;

	if ((uint64_t) product < n)
	{
		uint64_t	threshold = (0 - n) % n;	/* 2^64 mod n */

		while ((uint64_t) product < threshold)
		{
			draw = jrn_hash_u64(draw, stream);
			product = (unsigned __int128) draw * n;
		}
	}
	return (uint64_t) (product >> 64);
}

double
jrn_random_normal(uint64_t stream, uint64_t counter)
{
	return jrn_normal_quantile(jrn_random_uniform(stream, counter));
}

double
jrn_random_exponential(uint64_t stream, uint64_t counter)
{
	return -log(jrn_random_uniform(stream, counter));
}

/*
 * Marsaglia and Tsang, "A simple method for generating gamma variables"
 * (ACM TOMS 26, 2000): d (1 + x/sqrt(9 d))^3 of a normal x, accepted against a
 * uniform.  A shape below 1 is raised by 1 and paid back with a power of a
 * uniform.  Draw 0 of the inner stream is that uniform; attempt i takes draws
 * 2 i + 1 and 2 i + 2 (R-RAND-5).  More than 95 % of attempts succeed.
 */
double
jrn_random_gamma(uint64_t stream, uint64_t counter, double shape)
{
	uint64_t	inner = jrn_seed_derive(stream, "gamma", counter);
	double		boost = 1.0;
	double		d,
				c;
	uint64_t	i;

	if (!(shape > 0.0) || !isfinite(shape))
		return NAN;
	if (shape < 1.0)
	{
		boost = exp(log(jrn_random_uniform(inner, 0)) / shape);
		shape += 1.0;
	}
	d = shape - 1.0 / 3.0;
	c = 1.0 / sqrt(9.0 * d);
	for (i = 0;; i++)
	{
		double		x = jrn_random_normal(inner, 2 * i + 1);
		double		u = jrn_random_uniform(inner, 2 * i + 2);
		double		v = 1.0 + c * x;

		if (v <= 0.0)
			continue;
		v = v * v * v;
		if (log(u) < 0.5 * x * x + d * (1.0 - v + log(v)))
			return boost * d * v;
	}
}

/*
 * The uniform is used up by the probabilities of mode, mode + 1, mode - 1,
 * mode + 2, ... in this order.  What rounding leaves at the end, when both
 * next probabilities are 0, belongs to the mode.
 */
int64_t
jrn_random_poisson(uint64_t stream, uint64_t counter, double mean)
{
	double		left = jrn_random_uniform(stream, counter);
	double		mode = floor(mean);
	double		above,
				below;
	double		high,
				low;

	if (!(mean >= 0.0 && mean <= 1e9))
		return -1;
	high = low = mode;
	/* P(X = mode) = mean^mode e^-mean / mode! = kernel(mode + 1, mean)/mean */
	above = below = mean == 0.0 ? 1.0 : jrn_gamma_kernel(mode + 1.0, mean) / mean;
	left -= above;
	while (left >= 0.0 && (above > 0.0 || below > 0.0))
	{
		high += 1.0;
		above *= mean / high;
		left -= above;
		if (left < 0.0)
			return (int64_t) high;
		below *= low > 0.0 ? low / mean : 0.0;
		low -= 1.0;
		left -= below;
		if (left < 0.0)
			return (int64_t) low;
	}
	return (int64_t) mode;
}
