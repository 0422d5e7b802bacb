/*
 * chart_divergence.h
 *		How fast neighbours in a series part: the curve of mean log distances
 *		with the straight line that the divergence rate is the slope of.
 *
 * R-DVC-1	The line is drawn over its fit range only; the range is marked, so
 *			that a reader sees whether the curve is straight there.
 * R-DVC-2	Steps without a distance leave a gap.
 * R-DVC-3	The line goes through the mean of the curve's points in its range,
 *			with the slope given.
 */
#ifndef JRN_CHART_DIVERGENCE_H
#define JRN_CHART_DIVERGENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/env.h"

/* More points than this are refused (JRN_LIMIT). */
#define JRN_DIVERGENCE_POINTS 100000

typedef struct jrn_divergence_point
{
	int64_t		step;
	double		distance;		/* mean log, NaN: none */
	int64_t		pairs;			/* below 0: not known */
} jrn_divergence_point;

typedef struct jrn_divergence_fit
{
	double		slope;			/* NaN: no line */
	int64_t		from;
	int64_t		to;
	const char *status;			/* NULL: ok */
} jrn_divergence_fit;

/* Points in order of their steps; JRN_DOMAIN when they are not, or for a width outside svg.h's. */
extern jrn_status jrn_chart_divergence(const jrn_env *env, const jrn_divergence_point *points, size_t count,
									   const jrn_divergence_fit *fit, double width, bool ascii,
									   const char **bytes, size_t *size);

#endif							/* JRN_CHART_DIVERGENCE_H */
