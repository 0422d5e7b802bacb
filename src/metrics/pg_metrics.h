/*
 * pg_metrics.h
 *		Readers of the two arguments that every metric shares.
 */
#ifndef JOURNEY_PG_METRICS_H
#define JOURNEY_PG_METRICS_H

#include "../pg/compat.h"

/* How argument 2 is declared. */
typedef enum journey_observed
{
	JOURNEY_OBSERVED_BOOL,
	JOURNEY_OBSERVED_CLASS,		/* float8 that must be 0 or 1 */
	JOURNEY_OBSERVED_NUMBER		/* any finite float8 */
} journey_observed;

/*
 * Arguments 1 (predicted) and 2 (observed), neither of them NULL, checked:
 * finite, and of a class 0 or 1.
 */
extern double journey_metric_predicted(FunctionCallInfo fcinfo);
extern double journey_metric_observed(FunctionCallInfo fcinfo, journey_observed kind);

#endif							/* JOURNEY_PG_METRICS_H */
