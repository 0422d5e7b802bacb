/*
 * pg_options.h
 *		The options argument of the simulation functions, read and checked.
 */
#ifndef JOURNEY_SIM_PG_OPTIONS_H
#define JOURNEY_SIM_PG_OPTIONS_H

#include "../pg/compat.h"

#include "simulate.h"

typedef struct journey_sim_args
{
	jrn_sim_options options;
	char	   *strategies[JRN_SIM_MAX_STRATEGIES];	/* names in byte order */
} journey_sim_args;

/*
 * Options of argument number (jsonb) over the defaults.  Whatever cannot be
 * used is an error 22023 that names option and value.
 */
extern void journey_sim_read_options(FunctionCallInfo fcinfo, int number,
									 journey_sim_args *args);

#endif							/* JOURNEY_SIM_PG_OPTIONS_H */
