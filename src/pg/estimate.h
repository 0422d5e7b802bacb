/*
 * estimate.h
 *		Results of type journey.estimate.
 */
#ifndef JOURNEY_ESTIMATE_H
#define JOURNEY_ESTIMATE_H

#include "compat.h"

/* A NaN becomes NULL: it is what the data cannot carry. */
typedef struct journey_estimate
{
	double		estimate;
	double		std_error;
	double		conf_low;
	double		conf_high;
	int64		n;
	const char *method;			/* NULL for SQL NULL */
} journey_estimate;

/* The composite value; the calling function must return journey.estimate. */
extern Datum journey_estimate_datum(FunctionCallInfo fcinfo, const journey_estimate *value);

#endif							/* JOURNEY_ESTIMATE_H */
