/*
 * steering.c
 *		Best and worst next touchpoints (see steering.h).
 */
#include <math.h>

#include "steering.h"

#define NEXT_MIN 20				/* also the weight of the mean when shrinking */

double
jrn_steering(const jrn_map *map, const jrn_solution *solution, const uint32_t *followers,
			 double visits, int32_t *best, int32_t *worst)
{
	double		highest = -INFINITY;
	double		lowest = INFINITY;
	int32_t		candidates = 0;
	int32_t		j;

	*best = *worst = -1;
	for (j = 0; j < map->k; j++)
	{
		double		m = (double) map->customers[j];
		double		shrunken = (m * solution->value[j] + NEXT_MIN * solution->mean) / (m + NEXT_MIN);

		if (followers[j] < NEXT_MIN || !map->live[j])
			continue;
		candidates++;
		if (shrunken > highest)
		{
			highest = shrunken;
			*best = j;
		}
		if (shrunken < lowest)
		{
			lowest = shrunken;
			*worst = j;
		}
	}
	if (candidates >= 2)
		return visits * (solution->value[*best] - solution->value[*worst]) * map->scale / 100.0;
	*best = *worst = -1;
	return NAN;
}
