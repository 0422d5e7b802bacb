/*
 * pg_maps.c
 *		Reading an event source for a map (see pg_maps.h).
 */
#include "pg_maps.h"

#include "common/int.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../pg/args.h"

static void
refuse_names_of_places(const jrn_labels *labels, int reserved_names)
{
	static const char *const places[] = {JOURNEY_MAP_END, JOURNEY_MAP_START, JOURNEY_MAP_OTHER};
	size_t		i;
	int			p;

	for (i = 0; i < labels->count; i++)
		for (p = 0; p < reserved_names; p++)
			if (labels->list[i].size == strlen(places[p]) &&
				memcmp(labels->list[i].bytes, places[p], labels->list[i].size) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("column \"touchpoint\" has the value \"%s\", which maps use for a place of their own", places[p]),
						 errhint("Rename the touchpoint in the source query.")));
}

void
journey_map_open(journey_map_call *call, FunctionCallInfo fcinfo,
				 journey_event_request *request, int reserved_names)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");

	call->context = AllocSetContextCreate(CurrentMemoryContext, "journey map", ALLOCSET_DEFAULT_SIZES);
	call->env = journey_host_env(call->context);
	journey_tempfile_init(&call->temp);
	call->events = journey_events_read(source, request, call->context);
	refuse_names_of_places(&call->events->core.labels, reserved_names);
}

void
journey_map_close(journey_map_call *call)
{
	journey_tempfile_close(&call->temp);
	journey_events_close(call->events);
	MemoryContextDelete(call->context);
}

void
journey_map_check_span(const journey_events *events, const jrn_journey *journey)
{
	int64		first = journey->events[0].ts;
	int64		last = journey->events[journey->n - 1].ts;
	int64		span;

	if (pg_sub_s64_overflow(last, first, &span))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("journey of customer \"%s\" is too long: column \"ts\" runs from %s to %s",
						journey_customer_text(events, journey),
						pstrdup(timestamptz_to_str(first)), pstrdup(timestamptz_to_str(last))),
				 errhint("Correct the time that cannot be, or leave it out in the source query.")));
}

typedef struct transition_count
{
	journey_map_call *call;
	jrn_transitions *map;
} transition_count;

static jrn_status
add_transitions(void *arg, const jrn_journey *journey)
{
	transition_count *count = arg;
	jrn_status	status;

	journey_map_check_span(count->call->events, journey);
	status = jrn_transitions_add(count->map, journey->events, journey->n);
	if (status == JRN_LIMIT && count->map->pairs.count >= count->map->pairs.most)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("source has more than %d different transitions", JRN_PAIRS_MAX),
				 errhint("Group rare touchpoints in the source query.")));
	return status;
}

void
journey_map_transitions(journey_map_call *call, jrn_transitions *map)
{
	size_t		labels = journey_events_label_count(call->events);
	transition_count count = {call, map};

	if (labels > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("source has %zu touchpoints, the limit is %d", labels, PG_INT32_MAX)));
	journey_check(jrn_transitions_begin(map, &call->env, &call->temp.file, (uint32) labels,
										journey_memory_budget()), "counting transitions");
	journey_events_visit(call->events, add_transitions, &count, "counting transitions");
	journey_check(jrn_transitions_finish(map), "counting transitions");
}

void
journey_map_name(const journey_map_call *call, uint32 label, const char **bytes, Size *size)
{
	size_t		labels = journey_events_label_count(call->events);
	const jrn_label *known;

	if (label >= labels)
	{
		*bytes = label == labels ? JOURNEY_MAP_START : JOURNEY_MAP_END;
		*size = strlen(*bytes);
		return;
	}
	known = journey_events_label(call->events, label);
	*bytes = known->bytes;
	*size = known->size;
}
