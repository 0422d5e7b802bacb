/*
 * pg_steps.c
 *		journey.step_matrix and journey.sankey (steps.h).
 *
 * R-PGS-1	A node of the Sankey carries its step in its name ("2. chat"), so
 *			tools that know names only see no cycle either.  (end) is one node.
 */
#include "pg_maps.h"

#include "lib/stringinfo.h"

#include "../pg/args.h"
#include "steps.h"

typedef struct step_call
{
	journey_map_call map;
	jrn_steps	steps;
	bool		with_links;
} step_call;

static jrn_status
add_steps(void *arg, const jrn_journey *journey)
{
	step_call  *call = arg;

	return jrn_steps_add(&call->steps, journey->events, journey->n, call->with_links);
}

static void
count_steps(step_call *call, FunctionCallInfo fcinfo, bool with_links)
{
	journey_event_request request;
	int			max_steps = journey_arg_int(fcinfo, 1, "max_steps", 1, JRN_STEPS_MAX);

	memset(&request, 0, sizeof(request));
	call->with_links = with_links;
	journey_map_open(&call->map, fcinfo, &request, with_links ? 3 : 1);
	journey_check(jrn_steps_begin(&call->steps, &call->map.env,
								  (uint32) journey_events_label_count(call->map.events), max_steps),
				  "counting steps");
	journey_events_visit(call->map.events, add_steps, call, "counting steps");
}

/* Bytes of a place: a touchpoint, (end) or (other). */
static void
place_name(const step_call *call, uint32 label, const char **bytes, Size *size)
{
	if (label == call->steps.labels || label == call->steps.labels + 1)
	{
		*bytes = label == call->steps.labels ? JOURNEY_MAP_END : JOURNEY_MAP_OTHER;
		*size = strlen(*bytes);
	}
	else
		journey_map_name(&call->map, label, bytes, size);
}

PG_FUNCTION_INFO_V1(journey_step_matrix);
Datum
journey_step_matrix(PG_FUNCTION_ARGS)
{
	journey_rows rows;
	step_call	call;
	jrn_step_row *list;
	size_t		count;
	size_t		i;

	journey_rows_begin(&rows, fcinfo, 4, "step_matrix");
	count_steps(&call, fcinfo, false);
	journey_check(jrn_steps_places(&call.steps, &list, &count), "counting steps");
	for (i = 0; i < count && call.steps.customers > 0; i++)
	{
		const char *bytes;
		Size		size;

		place_name(&call, list[i].source, &bytes, &size);
		journey_rows_integer(&rows, 0, list[i].step);
		journey_rows_bytes(&rows, 1, bytes, size);
		journey_rows_bigint(&rows, 2, list[i].customers);
		journey_rows_number(&rows, 3, (double) list[i].customers / (double) call.steps.customers);
		journey_rows_put(&rows);
	}
	journey_map_close(&call.map);
	return (Datum) 0;
}

/* R-PGS-1 */
static void
put_node(journey_rows *rows, int column, const step_call *call, int step, uint32 label)
{
	const char *bytes;
	Size		size;
	MemoryContext old;
	StringInfoData name;

	place_name(call, label, &bytes, &size);
	if (label == call->steps.labels)
	{
		journey_rows_bytes(rows, column, bytes, size);
		return;
	}
	old = MemoryContextSwitchTo(rows->context);
	initStringInfo(&name);
	appendStringInfo(&name, "%d. ", step);
	appendBinaryStringInfo(&name, bytes, (int) size);
	journey_rows_bytes(rows, column, name.data, (Size) name.len);
	MemoryContextSwitchTo(old);
}

PG_FUNCTION_INFO_V1(journey_sankey);
Datum
journey_sankey(PG_FUNCTION_ARGS)
{
	int			top = journey_arg_int(fcinfo, 2, "top", 1, PG_INT32_MAX);
	journey_rows rows;
	step_call	call;
	jrn_step_row *list;
	size_t		count;
	size_t		i;

	journey_rows_begin(&rows, fcinfo, 4, "sankey");
	count_steps(&call, fcinfo, true);
	journey_check(jrn_steps_links(&call.steps, top, &list, &count), "counting links");
	for (i = 0; i < count; i++)
	{
		put_node(&rows, 0, &call, list[i].step, list[i].source);
		put_node(&rows, 1, &call, list[i].step + 1, list[i].target);
		journey_rows_bigint(&rows, 2, list[i].customers);
		journey_rows_integer(&rows, 3, list[i].step);
		journey_rows_put(&rows);
	}
	journey_map_close(&call.map);
	return (Datum) 0;
}
