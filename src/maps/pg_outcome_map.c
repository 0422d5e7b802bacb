/*
 * pg_outcome_map.c
 *		journey.outcome_map (outcome_map.h): rows by touchpoint in byte order.
 */
#include "pg_outcome_journeys.h"

#include "utils/memutils.h"

#include "../pg/args.h"
#include "../pg/progress.h"
#include "outcome_map.h"

#define MAX_REPLICATES 10000

static void
put_label(journey_rows *rows, int column, const journey_outcome_map *journeys, int32_t label)
{
	if (label >= 0)
		journey_rows_label(rows, column, journey_events_label(journeys->events, (uint32) label));
}

PG_FUNCTION_INFO_V1(journey_outcome_map_rows);
Datum
journey_outcome_map_rows(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	char	   *outcome = journey_arg_cstring_required(fcinfo, 1, "outcome");
	int32		replicates = journey_arg_int(fcinfo, 2, "replicates", 0, MAX_REPLICATES);
	MemoryContext context;
	journey_outcome_map journeys;
	jrn_outcome_row *list;
	journey_rows rows;
	jrn_env		env;
	int32_t		i;

	journey_arg_not_null(fcinfo, 3, "seed");
	journey_rows_begin(&rows, fcinfo, 10, "outcome_map");
	context = AllocSetContextCreate(CurrentMemoryContext, "journey outcome map", ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(context);
	memset(&journeys, 0, sizeof(journeys));
	journey_outcome_map_read(&journeys, source, outcome, context, &env);
	journey_progress_watch(context, "the outcome map");
	journey_check(jrn_outcome_map(&env, &journeys.map, replicates, (uint64) PG_GETARG_INT64(3), &list),
				  "the outcome map");
	for (i = 0; i < journeys.map.k; i++)
	{
		put_label(&rows, 0, &journeys, i);
		journey_rows_bigint(&rows, 1, journeys.map.visits[i]);
		journey_rows_bigint(&rows, 2, journeys.map.customers[i]);
		journey_rows_number(&rows, 3, list[i].expected);
		journey_rows_number(&rows, 4, list[i].low);
		journey_rows_number(&rows, 5, list[i].high);
		put_label(&rows, 6, &journeys, list[i].best);
		put_label(&rows, 7, &journeys, list[i].worst);
		journey_rows_number(&rows, 8, list[i].gain);
		journey_rows_cstring(&rows, 9, list[i].status);
		journey_rows_put(&rows);
	}
	journey_events_close(journeys.events);
	MemoryContextDelete(context);
	return (Datum) 0;
}
