/*
 * pg_symbol_map.h
 *		An event source without an outcome, read into a journey map (map.h).
 */
#ifndef JOURNEY_PG_SYMBOL_MAP_H
#define JOURNEY_PG_SYMBOL_MAP_H

#include "../events/pg_events.h"
#include "../maps/map.h"

typedef struct journey_symbol_map
{
	MemoryContext context;		/* of everything here */
	jrn_env		env;
	journey_events *events;		/* labels are needed until close */
	jrn_map		map;			/* finished; every journey has the outcome 0 */
	uint32_t   *codes;
	size_t		code_capacity;
} journey_symbol_map;

/* what names the call, for progress. */
extern void journey_symbol_map_read(journey_symbol_map *symbols, const char *source, const char *what);
extern void journey_symbol_map_close(journey_symbol_map *symbols);

#endif							/* JOURNEY_PG_SYMBOL_MAP_H */
