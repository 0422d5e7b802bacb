/*
 * pg_outcome_journeys.c
 *		Reading journeys with outcomes (see pg_outcome_journeys.h).
 */
#include "pg_outcome_journeys.h"

#define OUTCOME 0				/* number of the only optional column */

static jrn_status
add_journey(void *arg, const jrn_journey *journey)
{
	journey_outcome_map *journeys = arg;
	size_t		i;

	if (journey->n > journeys->code_capacity)
	{
		if (journeys->codes != NULL)
			jrn_release(journeys->map.env, journeys->codes);
		journeys->code_capacity = 2 * journey->n;
		JRN_TRY(jrn_alloc_array(journeys->map.env, journeys->code_capacity, sizeof(uint32_t), &journeys->codes));
	}
	for (i = 0; i < journey->n; i++)
		journeys->codes[i] = journey->events[i].label;
	return jrn_map_add_customer(&journeys->map, journey->hash, journeys->codes, journey->n,
								journey_outcome_read(journeys->events, &journeys->outcome, OUTCOME, journey));
}

void
journey_outcome_map_read(journey_outcome_map *journeys, const char *source, const char *outcome,
						 MemoryContext context, const jrn_env *env)
{
	journey_event_request request;
	size_t		labels;

	memset(&request, 0, sizeof(request));
	request.column_count = 1;
	request.columns[OUTCOME].name = outcome;
	request.columns[OUTCOME].required = true;
	journeys->events = journey_events_read(source, &request, context);
	journeys->outcome = request.columns[OUTCOME];
	labels = journey_events_label_count(journeys->events);
	if (labels > JRN_CHAIN_MAX_STATES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("source has %zu touchpoints, the limit of a journey map is %d", labels,
						JRN_CHAIN_MAX_STATES),
				 errhint("Group rare touchpoints in the source query.")));
	if (journeys->events->events > (int64) JRN_MAP_MAX_EVENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("source has " INT64_FORMAT " events, the limit of a journey map is %u",
						journeys->events->events, JRN_MAP_MAX_EVENTS),
				 errhint("Take a sample of customers in the source query.")));
	journey_check(jrn_map_init(env, (int32_t) labels, &journeys->map), "the journey map");
	journey_check(jrn_map_reserve(&journeys->map, (uint64) journeys->events->events), "the journey map");
	journey_events_visit(journeys->events, add_journey, journeys, "reading journeys");
	journey_check(jrn_map_finish(&journeys->map), "the journey map");
}
