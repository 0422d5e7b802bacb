/*
 * pg_models_arg.h
 *		The models argument of compare_models(): a JSON object of names, each
 *		with the arguments of one model.
 */
#ifndef JOURNEY_PG_MODELS_ARG_H
#define JOURNEY_PG_MODELS_ARG_H

#include "../pg/compat.h"

#include "../models/model.h"

/* The most models of one comparison: 4950 pairs. */
#define JOURNEY_MAX_MODELS 100

typedef struct journey_compared_model
{
	const char *name;
	char	  **features;		/* NULL: every other column */
	int			feature_count;
	jrn_penalty penalty;
	bool		boosted;		/* penalty "boosting": trees */
	double		lambda;
	double		alpha;			/* share of the absolute part */
} journey_compared_model;

/*
 * Read and check, sorted by name in byte order.  22023 for anything that is
 * not an object of at least two objects with known arguments.
 */
extern journey_compared_model *journey_models_arg(FunctionCallInfo fcinfo, int number, int *count);

#endif							/* JOURNEY_PG_MODELS_ARG_H */
