/*
 * pg_first_touch.c
 *		journey.first_touch_effect: event source to the effect of the first
 *		event (first_touch.h).
 */
#include "../maps/pg_outcome_journeys.h"

#include "utils/memutils.h"

#include "../pg/args.h"
#include "../pg/progress.h"
#include "first_touch.h"

#define MAX_PERMUTATIONS 1000000

PG_FUNCTION_INFO_V1(journey_first_touch_effect);
Datum
journey_first_touch_effect(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	char	   *outcome = journey_arg_cstring_required(fcinfo, 1, "outcome");
	int32		permutations = journey_arg_int(fcinfo, 2, "permutations", 1, MAX_PERMUTATIONS);
	MemoryContext context;
	journey_outcome_map journeys;
	jrn_first_touch effect;
	journey_rows rows;
	jrn_env		env;

	journey_arg_not_null(fcinfo, 3, "seed");
	journey_rows_begin(&rows, fcinfo, 7, "first_touch_effect");
	context = AllocSetContextCreate(CurrentMemoryContext, "journey first touch", ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(context);
	memset(&journeys, 0, sizeof(journeys));
	journey_outcome_map_read(&journeys, source, outcome, context, &env);
	journey_progress_watch(context, "the effect of the first touch");
	journey_check(jrn_first_touch_effect(&env, &journeys.map, permutations,
										 (uint64) PG_GETARG_INT64(3), &effect), "the effect of the first touch");
	journey_rows_bigint(&rows, 0, effect.n);
	journey_rows_integer(&rows, 1, effect.categories);
	journey_rows_number(&rows, 2, effect.omega_squared);
	journey_rows_number(&rows, 3, effect.markov_share);
	journey_rows_number(&rows, 4, effect.memory_gap);
	journey_rows_number(&rows, 5, effect.p);
	journey_rows_cstring(&rows, 6, effect.status);
	journey_rows_put(&rows);
	journey_events_close(journeys.events);
	MemoryContextDelete(context);
	return (Datum) 0;
}
