/*
 * pg_outcome_journeys.h
 *		An event source with an outcome, read into a journey map (map.h).
 */
#ifndef JOURNEY_PG_OUTCOME_JOURNEYS_H
#define JOURNEY_PG_OUTCOME_JOURNEYS_H

#include "../events/pg_outcome.h"
#include "map.h"

typedef struct journey_outcome_map
{
	journey_events *events;		/* closed by the caller; labels are needed until then */
	journey_event_column outcome;
	jrn_map		map;			/* finished */
	uint32_t   *codes;
	size_t		code_capacity;
} journey_outcome_map;

/*
 * Read source with the outcome column of that name.  More touchpoints or
 * events than a map takes are an error that names the limit.
 */
extern void journey_outcome_map_read(journey_outcome_map *journeys, const char *source,
									 const char *outcome, MemoryContext context, const jrn_env *env);

#endif							/* JOURNEY_PG_OUTCOME_JOURNEYS_H */
