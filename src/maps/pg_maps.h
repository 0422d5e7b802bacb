/*
 * pg_maps.h
 *		What the map functions share: reading an event source, and the names
 *		of the places that are no touchpoints.
 */
#ifndef JOURNEY_PG_MAPS_H
#define JOURNEY_PG_MAPS_H

#include "../events/pg_events.h"
#include "transitions.h"

#define JOURNEY_MAP_START "(start)"
#define JOURNEY_MAP_END "(end)"
#define JOURNEY_MAP_OTHER "(other)"

/* One call: all of it lives in context, which ends with it. */
typedef struct journey_map_call
{
	MemoryContext context;
	jrn_env		env;
	journey_events *events;
	journey_tempfile temp;		/* of what is counted, beside that of the events */
} journey_map_call;

/*
 * Read argument 0 as an event source.  The first count of the names (end),
 * (start) and (other) are refused as touchpoints: the caller uses them for
 * places of its own.
 */
extern void journey_map_open(journey_map_call *call, FunctionCallInfo fcinfo,
							 journey_event_request *request, int reserved_names);
/* Refuse a journey whose length in microseconds is no int64. */
extern void journey_map_check_span(const journey_events *events, const jrn_journey *journey);

extern void journey_map_close(journey_map_call *call);

/* Count the transitions of the opened source. */
extern void journey_map_transitions(journey_map_call *call, jrn_transitions *map);

/* Bytes of a touchpoint, or the name of a pseudo label of the transitions. */
extern void journey_map_name(const journey_map_call *call, uint32 label,
							 const char **bytes, Size *size);

#endif							/* JOURNEY_PG_MAPS_H */
