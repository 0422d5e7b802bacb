/*
 * sums.c
 *		Sums in eight fixed lanes (requirements in sums.h).
 */
#include "sums.h"

/* R-SUM-1: the one order in which lanes come together. */
static double
reduce_lanes(const double *lane)
{
	return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
		((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

double
jrn_sum(const double *x, size_t n)
{
	double		lane[JRN_SUM_LANES] = {0.0};
	size_t		i,
				j;

	for (i = 0; i + JRN_SUM_LANES <= n; i += JRN_SUM_LANES)
		for (j = 0; j < JRN_SUM_LANES; j++)
			lane[j] += x[i + j];
	for (j = 0; i < n; i++, j++)
		lane[j] += x[i];
	return reduce_lanes(lane);
}

double
jrn_dot(const double *x, const double *y, size_t n)
{
	double		lane[JRN_SUM_LANES] = {0.0};
	size_t		i,
				j;

	for (i = 0; i + JRN_SUM_LANES <= n; i += JRN_SUM_LANES)
		for (j = 0; j < JRN_SUM_LANES; j++)
			lane[j] += x[i + j] * y[i + j];
	for (j = 0; i < n; i++, j++)
		lane[j] += x[i] * y[i];
	return reduce_lanes(lane);
}
