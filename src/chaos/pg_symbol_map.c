/*
 * pg_symbol_map.c
 *		Reading journeys without an outcome (see pg_symbol_map.h).
 */
#include "pg_symbol_map.h"

#include "utils/memutils.h"

#include "../pg/progress.h"

static jrn_status
add_journey(void *arg, const jrn_journey *journey)
{
	journey_symbol_map *symbols = arg;
	size_t		i;

	if (journey->n > symbols->code_capacity)
	{
		if (symbols->codes != NULL)
			jrn_release(&symbols->env, symbols->codes);
		symbols->code_capacity = 2 * journey->n;
		JRN_TRY(jrn_alloc_array(&symbols->env, symbols->code_capacity, sizeof(uint32_t), &symbols->codes));
	}
	for (i = 0; i < journey->n; i++)
		symbols->codes[i] = journey->events[i].label;
	return jrn_map_add_customer(&symbols->map, journey->hash, symbols->codes, journey->n, 0.0);
}

/* Limits of the map, in words. */
static void
check_limits(const journey_events *events)
{
	size_t		labels = journey_events_label_count(events);

	if (labels > JRN_CHAIN_MAX_STATES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("source has %zu touchpoints, the limit of a journey map is %d", labels,
						JRN_CHAIN_MAX_STATES),
				 errhint("Group rare touchpoints in the source query.")));
	if (events->events > (int64) JRN_MAP_MAX_EVENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("source has " INT64_FORMAT " events, the limit of a journey map is %u",
						events->events, JRN_MAP_MAX_EVENTS),
				 errhint("Take a sample of customers in the source query.")));
}

void
journey_symbol_map_read(journey_symbol_map *symbols, const char *source, const char *what)
{
	journey_event_request request;

	memset(symbols, 0, sizeof(*symbols));
	memset(&request, 0, sizeof(request));
	symbols->context = AllocSetContextCreate(CurrentMemoryContext, "journey symbols", ALLOCSET_DEFAULT_SIZES);
	symbols->env = journey_host_env(symbols->context);
	symbols->events = journey_events_read(source, &request, symbols->context);
	check_limits(symbols->events);
	journey_check(jrn_map_init(&symbols->env, (int32_t) journey_events_label_count(symbols->events),
							   &symbols->map), "the journey map");
	journey_check(jrn_map_reserve(&symbols->map, (uint64) symbols->events->events), "the journey map");
	journey_events_visit(symbols->events, add_journey, symbols, "reading journeys");
	journey_check(jrn_map_finish(&symbols->map), "the journey map");
	journey_progress_watch(symbols->context, what);
}

void
journey_symbol_map_close(journey_symbol_map *symbols)
{
	journey_events_close(symbols->events);
	MemoryContextDelete(symbols->context);
}
